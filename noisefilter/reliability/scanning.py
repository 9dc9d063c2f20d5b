"""Quick looks that spare slow patterns: a pattern that cannot match is not tried, and one that can is tried only where it may begin.

A case-insensitive pattern costs several times the same pattern in small letters, and an alternation without a common first letter is
tried at every character. `fold` gives the text in small letters at the same offsets; a few substring tests then rule most sentences
out; `matches_at` tries a pattern only at the places given. None of this changes what is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence


def fold(text: str) -> str:
    """The text as a case-insensitive pattern sees it, in small letters, each at its own offset.

    >>> fold("İzmir and Aſhby"), len(fold("İzmir"))
    ('izmir and ashby', 5)
    """
    if text.isascii():
        return text.lower()
    return fold_lowered(text.replace("İ", "I").lower())


def fold_lowered(lowered: str) -> str:
    """The same of a text that is in small letters at its own offsets already."""
    return lowered if lowered.isascii() else lowered.replace("ſ", "s").replace("ı", "i")


def has_any(text: str, hints: Sequence[str]) -> bool:
    """Whether one of the hints is in the text; a plain loop, which is faster than `any` over a generator.

    >>> has_any("they rose daily", ("ly", "annual"))
    True
    """
    for hint in hints:  # noqa: SIM110
        if hint in text:
            return True
    return False


def matches_at(pattern: re.Pattern[str], text: str, starts: Iterable[int]) -> Iterator[re.Match[str]]:
    """What ``pattern.finditer(text)`` yields, given every place (and maybe more, in order) where a match may begin.

    >>> [match[0] for match in matches_at(re.compile("[0-9]+ days?"), "12 days, 3 weeks, 4 days", (0, 1, 9, 18))]
    ['12 days', '4 days']
    """
    reached = 0
    for start in starts:
        if start >= reached and (match := pattern.match(text, start)):
            yield match
            reached = match.end()
