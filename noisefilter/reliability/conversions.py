"""One document → one measure given in two units that do not come out: "84 metres, or roughly 340 feet", "3.2 square kilometres … 79 acres".

Two figures that follow each other are one measure where the words between say so. They say so plainly ("(", "or", "that is"); or the units
are of two systems, metric and imperial, and a hedge or a word of retelling stands between and none that compares: who writes metres and
feet in one breath translates. Two units of one system ("1.9 terabytes") must differ by a power of ten, or the words must be plain.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from noisefilter.records import Claim, Contradiction
from noisefilter.reliability.measures import Measure
from noisefilter.reliability.vocabulary import words

Measured = tuple[Claim, Measure]

# Share of the value by which the two may lie apart, beyond what their last digits and hedges allow.
CONVERSION = 0.03
# What is more times off is another measure, unless its digits are those of the first.
MOST_OFF = 12.0
# Share of a value by which two may differ and have the same digits up to a power of ten.
SAME_DIGITS = 0.03

_IMPERIAL = frozenset(
    words("inch foot yard mile furlong acre gallon pint quart barrel bushel ounce pound stone fahrenheit ton acre-foot")
) | frozenset(
    ("nautical mile", "square foot", "square yard", "square mile", "fluid ounce", "cubic foot", "cubic yard", "mile per hour", "knot")
)
# Kinds that are no measures, or that have no two units.
_NO_MEASURES = frozenset(("count", "share", "%", "ordinal", "ratio", "percentage point", "angle"))

# What stands between the two forms of one measure: "(", ", or roughly"; and the words that may come before the comma.
_AGAIN = re.compile(
    r"""
    (?: [^.;:()\d]{0,60} , \s{0,3} or | \s{0,3} or | \s{0,3} [(\[/] | \s{0,3} [—–] | ,? \s{0,3} (?:which|that) \s{1,3} is
      | ,? \s{0,3} equal \s{1,3} to | \s{0,3} = | , \s{0,3} an? (?:\s{1,3}[a-z-]{1,20}){0,2}
      | \. \s (?:That|This|Which) (?: [’']s | \s{1,3} is | \s{1,3} makes ) ) \s{0,3}
    (?: (?: about | some | roughly | around | nearly | almost | or | just | over | under | more\ than | approximately | approx\.? | c\.
      | ca\. | ~ | ≈ ) \s{0,3} ){0,3}
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Between two spans of time, which stand beside each other for many reasons.
_OR = re.compile(
    r"(?:,\sor|,?\s(?:which|that)\sis|\s?\(or|,?\si\.e\.,?)\s(?:(?:about|some|roughly|nearly|almost|just|over|exactly)\s){0,2}",
    re.IGNORECASE,
)
# A hedge, or a word that says that the measure is told again for others.
_RETOLD = re.compile(
    r"""\b (?: or | that\ is | that[’']s | which\ is | is | are | was | i\.?e\.? | equals? | equal\ to | makes? | making | say | call\ it
      | mean(?:s|ing)? | in\ other\ words
      | converts? | converted | translat\w+ | works\ out | comes\ to | amounts\ to | terms | measure | readers | to\ you ) \b
      | (?: about | some | roughly | around | nearly | almost | approximately | just\ (?:over|under) | well\ over ) \s{1,3} $
      | [(\[=≈~] | [—–] \s* $""",
    re.VERBOSE | re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:against|above|below|beyond|over|limit|than|from|until|by|per|with|further|farther|away|off|and(?!\s+(?:that|this|which)\b)|but|while|then|after|before|later"
    r"|another|deep|wide|long|high|tall|thick|more|fewer|less|each|every|only|allowed|maximum|minimum|record|instead|not)\b",
    re.IGNORECASE,
)
# Characters between the two forms of one measure, with at most one end of a sentence.
REACH = 120
# Within so many characters the two systems alone tell that a measure is translated.
CLOSE = 45
_NEW_SENTENCE = re.compile(r"[.!?]\s")


def check_conversions(text: str, measured: Sequence[Measured]) -> Iterator[Contradiction]:
    """Every measure whose second form is not the first.

    >>> from noisefilter.records import Document
    >>> from noisefilter.reliability.claims import read_claims
    >>> from noisefilter.reliability.measures import measure
    >>> text = "The span is 84 m long on the drawings, or roughly 340 feet for my American readers."
    >>> claims = read_claims(Document("d", text))
    >>> [found.explanation for found in check_conversions(text, [(claim, measure(claim)) for claim in claims])]
    ['“84 m” is not “340 feet”.']
    """
    for (a, one), (b, other) in pairwise(measured):
        if b.start - a.end > REACH or one.kind != other.kind or one.kind in _NO_MEASURES or one.per != other.per or a.unit == b.unit:
            continue
        if one.is_bound or other.is_bound or not (one.value > 0 < other.value):
            continue
        gap = max(one.low, other.low) - min(one.high, other.high)
        if gap <= CONVERSION * min(one.value, other.value) or not _is_retold(text[a.end : b.start], a, one, b, other):
            continue
        kind = "duration_mismatch" if one.kind == "time" else "unit_mismatch"
        words = f"“{a.quantity.text}” is not “{b.quantity.text}”."
        yield Contradiction(a.document_id, (a.start, a.end), (b.start, b.end), kind, words)


def _is_retold(between: str, a: Claim, one: Measure, b: Claim, other: Measure) -> bool:
    """Whether the second figure is meant as the first in another unit."""
    if "\n" in between or len(_NEW_SENTENCE.findall(between)) > 1:
        return False
    is_shifted = has_same_digits(one, other)
    is_translated = (a.unit in _IMPERIAL) != (b.unit in _IMPERIAL)
    if not is_shifted and not 1 / MOST_OFF < one.value / other.value < MOST_OFF:
        return False
    if one.kind == "time":
        return bool(_OR.fullmatch(between))
    if _AGAIN.fullmatch(between):
        return is_translated or is_shifted
    is_close = is_translated and len(between) < CLOSE
    return (is_translated or is_shifted) and (is_close or bool(_RETOLD.search(between))) and not _COMPARED.search(between)


def has_same_digits(one: Measure, other: Measure) -> bool:
    """Whether one figure is the other times ten, a hundred, …, as far as rounding goes."""
    power = math.log10(other.value / one.value) if one.value > 0 < other.value else 0.0
    return 0.5 < abs(power) < 6.5 and abs(power - round(power)) < math.log10(1 + SAME_DIGITS)
