"""Ordinals that claim a rank: "the third derailment at the bend since 2004".

An ordinal is read where it is said to be something ("it is the third …"), or is counted from a time, inside a set or in a
row; "the third quarter" and "the first lady" claim nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from noisefilter.records import Quantity
from noisefilter.reliability.counted import WORD
from noisefilter.reliability.numerals import SMALL, TENS, lower
from noisefilter.reliability.scanning import matches_at
from noisefilter.reliability.vocabulary import MONTHS, STOP, words

# The unit of an ordinal.
ORDINAL = "ordinal"
_UNITS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TEENS = ("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth")
_ORDINALS: dict[str, int] = {word: number for number, word in enumerate((*_UNITS, *_TEENS, "twentieth"), 1)}
_ORDINAL = re.compile(
    rf"""
    [^a-z0-9_/-](?=[0-9efnst])(?:
        (?P<word>(?:(?:{"|".join(TENS)})-)?(?:{"|".join(_UNITS)})|{"|".join((*_TEENS, "twentieth"))})(?:-[a-z]+est)?\b
      | (?P<digits>[0-9]{{1,3}})(?:st|nd|rd|th)\b
      | n(?:umber|o\.?)[ ](?P<number>[0-9]{{1,3}}|{"|".join(SMALL)})\b(?=[ ](?:in|on|since|of|at|here|for|this)\b|[,;](?![0-9]))
    )
    """,
    re.VERBOSE,
)
# One of these words is in whatever the pattern finds, at its beginning or behind the digits.
RANK_SIGNS = frozenset((*_ORDINALS, *TENS, "number", "no", "st", "nd", "rd", "th"))
_MOST_DIGITS = 3
# What says that something is the how-manieth, right before the ordinal.
_CLAIMS = re.compile(
    r"""
    \b(?:is|was|be|been|becom(?:es?|ing)|became|mark(?:s|ed|ing)?|makes?|made)[ ]
    (?:(?:only|also|now|just|already|at[ ]least)[ ])?
    (?:the|its|his|her|their|our|a|this|that|my)[ ]
    (?:[a-z]+['’]s[ ])?$                            # it was the city's first
    """,
    re.VERBOSE,
)
# After these a second or later one is a claim, too: "for the third year", "her seventh marathon"; "its first" hardly.
_OWNED = re.compile(r"(?:\b(?:(?:for|as)[ ](?:the|a)|its|his|her|their|our|my)|[a-z]['’]s)[ ]$")
# What makes a rank of an ordinal, in the eight words after it: since when, among what, in a row.
_RANKED = re.compile(
    r"""
    (?:[ -][a-z0-9'’-]+){0,7}?[ ](?:
        since | ever | so[ ]far | to[ ]date | on[ ]record | between | within | in[ ]a[ ]row | running | straight | of[ ]its[ ]kind
      | in[ ](?:the[ ])?(?:history|living|[0-9]|two|three|four|five|six|seven|eight|nine|ten|a[ ]decade|years|months
            |country|world|region|city|state)
      | this[ ](?:year|month|season|week|century)
    )\b
    """,
    re.VERBOSE,
)
# Periods, ranks and set phrases: "the first quarter", "second world war", "third party", "first lady".
_NO_RANK = words(
    "quarter half century place party parties lady minister hand class person floor grade aid world name things thing part step stage "
    "order of and or to street avenue amendment degree"
)
_PERIODS = words("day days week weeks month months year years minute minutes hour hours round")
# Characters before an ordinal that are searched for a claim: the longest phrase above.
_BACK = 40


def read_ordinals(text: str) -> list[Quantity]:
    """Find the ordinals that claim a rank: the how-manieth of its kind something is; unit "ordinal".

    >>> [(q.text, int(q.value)) for q in read_ordinals("It is the third derailment at the bend since 2004.")]
    [('third derailment', 3)]
    >>> read_ordinals("Sales fell in the third quarter, the first lady said on the 5th of May.")
    []
    """
    return ordinals_at(text, lower(text))


def ordinals_at(text: str, lowered: str, places: Iterable[int] | None = None) -> list[Quantity]:
    """The same, of a text that is given in small letters, too; `places` are those of the words of `RANK_SIGNS`, where they are known."""
    padded = "\n" + lowered
    found = _ORDINAL.finditer(padded) if places is None else matches_at(_ORDINAL, padded, _beginnings(lowered, places))
    return [rank for match in found if (rank := _rank(match, text, padded))]


def _beginnings(lowered: str, places: Iterable[int]) -> Iterator[int]:
    """Where an ordinal may begin: at its word, or at the first of the digits before "th"."""
    for place in places:
        start = place
        while start > place - _MOST_DIGITS and start and lowered[start - 1] in "0123456789":
            start -= 1
        yield start


def _rank(match: re.Match[str], text: str, lowered: str) -> Quantity | None:
    """The rank that an ordinal claims; offsets in `lowered` are one ahead."""
    start, end = match.start() + 1, match.end()
    noun = None
    if not match["number"]:
        noun = WORD.match(lowered, end)
        if not noun or noun[1] in _NO_RANK or noun[1] in MONTHS:
            return None
        if not _is_claimed(lowered, start, end, noun[1], _number(match)):
            return None
    stop = noun.end() if noun else end
    value = Decimal(_number(match))
    return Quantity(value, value, value, "exact", ORDINAL, text[start - 1 : stop - 1], start - 1, stop - 1)


def _is_claimed(lowered: str, start: int, end: int, noun: str, number: int) -> bool:
    """Whether the words around an ordinal make a rank of it."""
    before = lowered[max(0, start - _BACK) : start]
    if number > 1 and noun not in STOP and _OWNED.search(before):
        return True
    if noun in _PERIODS:
        return False
    return _RANKED.match(lowered, end) is not None or (noun not in STOP and _CLAIMS.search(before) is not None)


def _number(match: re.Match[str]) -> int:
    """The number of an ordinal."""
    if match["word"]:
        tens, _, ones = match["word"].rpartition("-")
        return int(TENS.get(tens, 0)) + _ORDINALS[ones]
    if match["digits"]:
        return int(match["digits"])
    return int(SMALL.get(match["number"], Decimal(0))) or int(match["number"])
