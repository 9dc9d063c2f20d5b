"""Is this paragraph noise? The path of a document is told in docs/algorithm.md."""
