"""Can this source be believed? Quantities, claims, facts, copies, scores."""
