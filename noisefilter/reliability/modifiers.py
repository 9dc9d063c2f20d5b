"""Words around a number that bound it: "at least", "nearly", "or more", "up to".

A modifier says how the number is meant; `bounds` turns it into an interval. The words before are looked up from the last
one backwards, so a number without a modifier costs one look into a table.
"""

from __future__ import annotations

import re
from decimal import Decimal

from noisefilter.reliability.vocabulary import words

# The last word of a modifier → (the words before it or "", the modifier); the first line that fits wins.
_ENDINGS: dict[str, tuple[tuple[str, str], ...]] = {}
_WRITTEN = """
at_least | at least; at the least; at the very least; no fewer than; no less than; not less than; not fewer than; a minimum of
at_least | minimum; at minimum; as few as; as little as; >=; ≥; ⩾; starting at; starts at; start at; starting from; not below
at_most | at most; at the most; up to; no more than; not more than; not over; no greater than; a maximum of; maximum of
at_most | maximum; as much as; as many as; as far as; within; as high as; as long as; <=; ≤; ⩽; no higher than; no later than; capped at
at_most | limited to; not exceeding; a ceiling of; upto
over | more than; over; above; exceeding; exceeds; exceeded; exceed; in excess of; upwards of; upward of; greater than
over | higher than; larger than; topping; longer than; bigger than; older than; better than; heavier than; taller than
over | worse than; topped; surpassing; surpassed; north of; beyond; >; well over
under | less than; fewer than; under; below; lower than; smaller than; shorter than; younger than; cheaper than; short of
under | inside; <; south of; beneath
nearly | nearly; almost; just under; close to; closer to; approaching; not quite; just short of; just below; nearing; virtually
nearly | just shy of; shy of; little less than
about | about; around; approximately; approx; approx.; roughly; circa; ca; ca.; some; estimated; estimated at; an estimate of
about | estimates of; in the region of; on the order of; of the order of; in the order of; in the neighborhood of
about | in the vicinity of; somewhere around; ~; ∼; ≈; ≃; perhaps; maybe; probably; averaging about; or so; more or less
about | reportedly some; estimates
"""
for _line in _WRITTEN.strip().splitlines():
    _modifier, _, _listed = _line.partition("|")
    for _phrase in _listed.split(";"):
        _start, _, _last = _phrase.strip().rpartition(" ")
        _ENDINGS[_last] = tuple(sorted((*_ENDINGS.get(_last, ()), (_start, _modifier.strip())), key=lambda pair: -len(pair[0])))

# Words that may stand between a modifier and its number.
_BETWEEN = words("a an another just further additional only")
# "over three years" is as often a period as a bound; after these words it is a bound.
_LASTING = words(
    "for after last lasted lasts took take takes taking spent spend just well of is was were been had has have than a lived waited "
    "waiting served"
)
# "spread over 27 villages", "a lead over two rivals": no bound.
_SPREAD = words("spread scattered distributed split divided victory lead advantage preference win triumph dispute disputes concerns fears")
# "shot up to 1.6 million" says where it ended, "up to 1.6 million" says how far it may go.
_RISING = words(
    "shot went gone go goes rose risen jumped moved moves pushed raised brought bumped added came crept inched climbed built backed "
    "edged ticked nudged surged soared leapt leaped ratcheted climbing edging inching creeping going rising"
)
_SPANS = frozenset(("second", "minute", "hour", "day", "night", "week", "fortnight", "month", "quarter", "year", "decade", "century"))

# What follows a number or its unit: "or more", "at the least", "+", "-plus", "or so".
_AFTER = re.compile(
    r"""[ ](?:
        (?P<at_least>(?:or|and)[ ](?:more|higher|above|over|older|up|better|upwards?)\b(?![ ]than)
            |at[ ](?:the[ ](?:very[ ])?)?least\b|minimum\b)
      | (?P<at_most>(?:or|and)[ ](?:less|fewer|under|lower|below|younger)\b(?![ ]than)|at[ ](?:the[ ](?:very[ ])?)?most\b|maximum\b|tops\b)
      | (?P<about>or[ ]so\b|or[ ]thereabouts\b|more[ ]or[ ]less\b|give[ ]or[ ]take\b|odd\b)
    )
    | (?P<plus>[ ]?\+(?![ ]?[0-9])|-plus\b|[ ]plus\b(?=[ ](?:people|years|percent|per)))
    | (?P<odd>-odd\b|,?[ ](?:maybe|perhaps|possibly)[ ]more\b)
    """,
    re.VERBOSE,
)
# The first four characters of what the pattern can match, unless it is a plus.
_FIRST_AFTER = frozenset((" or ", " and", " at ", " min", " max", " top", " mor", " giv", " odd", " plu", " may", " per", " pos"))
_FIRST_AFTER |= frozenset(("-plu", "-odd", ", ma", ", pe", ", po"))

# How far from the stated number "about" and "nearly" reach, as a share of it: ten per cent (the design's figure).
REACH = Decimal("0.1")


def modifier_before(words: list[str], unit: str) -> str:
    """The modifier that ends with the last of the `words` before a number, or "exact".

    >>> modifier_before("killed at least another".split(), "people"), modifier_before("spread over".split(), "year")
    ('at_least', 'exact')
    """
    if not words:
        return "exact"
    last = words[-1].lstrip("(“\"'‘[")
    if last in _BETWEEN and len(words) > 1:
        words = words[:-1]
        last = words[-1]
    endings = _ENDINGS.get(last)
    if not endings:
        return "exact"
    before = " ".join(words[-5:-1]).lstrip("(“\"'‘")
    for start, modifier in endings:
        if before.endswith(start) and (not start or len(before) == len(start) or before[-len(start) - 1] in " (“\"'"):
            if not start and last in ("over", "under", "within", "beyond", "inside") and not _is_bound(before, unit, last):
                return "exact"
            return "exact" if start == "up" and len(words) > 2 and words[-3] in _RISING else modifier
    return "exact"


def _is_bound(before: str, unit: str, last: str) -> bool:
    """Whether "over" bounds the number that follows and does not say over what time."""
    if last in ("within", "inside"):
        return not unit or unit in _SPANS or last == "within"
    if last == "under" and unit in _SPANS:
        return True
    beside = before.rsplit(" ", 1)[-1]
    return beside not in _SPREAD and (unit not in _SPANS or not before or beside in _LASTING)


def modifier_after(lowered: str, end: int) -> tuple[str, int]:
    """The modifier that begins at `end` and where it ends; "exact" where there is none.

    >>> modifier_after("seven or more people", 5)
    ('at_least', 13)
    """
    first = lowered[end : end + 4]
    if first not in _FIRST_AFTER and first[:2] != " +" and first[:1] != "+":
        return "exact", end
    match = _AFTER.match(lowered, end)
    if not match:
        return "exact", end
    kind = match.lastgroup or "about"
    return {"plus": "at_least", "odd": "about"}.get(kind, kind), match.end()


def bounds(value: Decimal, modifier: str, slack: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """The interval that a modifier makes of a value; `slack` is the least that "about" allows."""
    if modifier == "exact":
        return value, value
    if modifier in ("at_least", "over"):
        return value, None
    if modifier in ("at_most", "under"):
        return None, value
    reach = max(slack, abs(value) * REACH)
    return value - reach, value + (reach if modifier == "about" else 0)
