"""Word lists: which words count as people, end a phrase, name a thing by number. Data only."""

from __future__ import annotations


def words(listed: str) -> frozenset[str]:
    """The words of a line.

    >>> sorted(words("a b"))
    ['a', 'b']
    """
    return frozenset(listed.split())
