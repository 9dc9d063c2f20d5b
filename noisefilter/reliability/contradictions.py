"""One document → the places in it that cannot both be true.

Each check is a function by the name of its kind and looks at one thing only. Precision comes first: a check that is not sure says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from noisefilter.records import Claim, Contradiction, Document


def find_contradictions(page: Document, text: str, claims: Sequence[Claim]) -> list[Contradiction]:
    """Find what a document says against itself."""
    return []
