"""Ordinals that claim a rank: "the third derailment at the bend since 2004".

An ordinal is read where it is said to be something ("it is the third …"), or is counted from a time, inside a set or in a
row; "the third quarter" and "the first lady" claim nothing.
"""

from __future__ import annotations

import re
from decimal import Decimal

from noisefilter.records import Quantity
from noisefilter.reliability.counted import WORD
from noisefilter.reliability.numerals import SMALL, TENS, lower
from noisefilter.reliability.vocabulary import MONTHS, words

_UNITS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TEENS = ("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth")
_ORDINALS: dict[str, int] = {word: number for number, word in enumerate((*_UNITS, *_TEENS, "twentieth"), 1)}
_ORDINAL = re.compile(
    rf"""
    [^a-z0-9_/-](?:
        (?P<word>(?:(?:{"|".join(TENS)})-)?(?:{"|".join(_UNITS)})|{"|".join((*_TEENS, "twentieth"))})(?:-[a-z]+est)?\b
      | (?P<digits>[0-9]{{1,3}})(?:st|nd|rd|th)\b
      | n(?:umber|o\.?)[ ](?P<number>[0-9]{{1,3}}|{"|".join(SMALL)})\b(?=[ ](?:in|on|since|of|at|here|for|this)\b|[,;])
    )
    """,
    re.VERBOSE,
)
# What says that something is the how-manieth, right before the ordinal.
_CLAIMS = re.compile(
    r"""
    (?:
        \b(?:is|was|be|been|being|becom(?:es?|ing)|became|mark(?:s|ed|ing)?|as|or|makes?|made|it|for|suffered|had|seen|won
            |his|her|their|its|our)[ ]
        (?:(?:only|also|now|just|already|at[ ]least)[ ])?
        (?:(?:the|its|his|her|their|our|a|this|that|my)[ ])?
        (?:[a-z]+['’]s[ ])?                         # it was the city's first
      | (?:^|[.:;(\n][ ]?)(?:the[ ])?               # Third large case in Quayle
    )$
    """,
    re.VERBOSE,
)
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
    "quarter half day days week weeks month months year years century minute minutes hour hours place party parties lady minister hand "
    "class person floor grade aid world name things thing part step stage round order of and or to street avenue amendment degree"
)
# Characters before an ordinal that are searched for a claim: the longest phrase above.
_BACK = 40


def read_ordinals(text: str) -> list[Quantity]:
    """Find the ordinals that claim a rank: the how-manieth of its kind something is; unit "ordinal".

    >>> [(q.text, int(q.value)) for q in read_ordinals("It is the third derailment at the bend since 2004.")]
    [('third derailment', 3)]
    >>> read_ordinals("Sales fell in the third quarter, the first lady said on the 5th of May.")
    []
    """
    lowered = "\n" + lower(text)
    return [found for match in _ORDINAL.finditer(lowered) if (found := _rank(match, text, lowered))]


def _rank(match: re.Match[str], text: str, lowered: str) -> Quantity | None:
    """The rank that an ordinal claims; offsets in `lowered` are one ahead."""
    start, end = match.start() + 1, match.end()
    noun = None
    if not match["number"]:
        noun = WORD.match(lowered, end)
        if not noun or noun[1] in _NO_RANK or noun[1] in MONTHS:
            return None
        if not _CLAIMS.search(lowered[max(0, start - _BACK) : start]) and not _RANKED.match(lowered, end):
            return None
    stop = noun.end() if noun else end
    value = Decimal(_number(match))
    return Quantity(value, value, value, "exact", "ordinal", text[start - 1 : stop - 1], start - 1, stop - 1)


def _number(match: re.Match[str]) -> int:
    """The number of an ordinal."""
    if match["word"]:
        tens, _, ones = match["word"].rpartition("-")
        return int(TENS.get(tens, 0)) + _ORDINALS[ones]
    if match["digits"]:
        return int(match["digits"])
    return int(SMALL.get(match["number"], Decimal(0))) or int(match["number"])
