"""One document → one number that comes back with another unit or another magnitude.

A tower of "34 metres (112 ft)" that is later "the 112-metre tower", "1,400 tonnes" that become "1,400 barrels", "€1.85 million" and
"€1.85 billion": who copies a figure keeps its digits and slips in what stands beside them. Two figures of one document with the same digits
clash when their units measure one kind of thing, or when one is a thousand or a million times the other, and the words round them meet.

Limit: a round number says nothing; two lengths may both be of 20 whatever the unit.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from noisefilter.records import Claim, Contradiction
from noisefilter.reliability.conversions import has_same_digits
from noisefilter.reliability.measures import Measure, agree, measure
from noisefilter.reliability.wording import STOPWORDS, WORD, concepts, stem

# Significant digits that must be the same: two where the words meet in one more than the noun itself, three alone.
FEWEST_DIGITS = 2
# Characters on either side of a figure that say what it is of.
AROUND = 60
# How often one may be the other: what a wrong word for the magnitude makes of a figure.
MAGNITUDES = (3, 6)
# Figures of the same digits. A text that has more of them is a list.
MOST_ALIKE = 20
# Kinds of measure that one word may be mistaken for another of: a tonne of oil is not a barrel.
_ALIKE = {"mass": "stuff", "volume": "stuff"}
_MEASURED = frozenset(("length", "area", "stuff", "speed", "power", "energy", "temperature"))


def check_slips(claims: Sequence[Claim]) -> Iterator[Contradiction]:
    """Every number that comes back as something else.

    >>> from noisefilter.records import Document
    >>> from noisefilter.reliability.claims import read_claims
    >>> text = "The tower is 34 metres (112 ft) high. The view from the 112-metre tower is wide."
    >>> [found.explanation for found in check_slips(read_claims(Document("d", text)))]
    ['“112 ft”, but “112-metre”.']
    """
    measured = [(claim, measure(claim)) for claim in claims if not claim.disputed and claim.quantity.unit]
    by_digits: dict[str, list[tuple[Claim, Measure]]] = defaultdict(list)
    for claim, own in measured:
        is_exact = own.digits >= FEWEST_DIGITS and not own.is_range and not own.is_bound and 0 < own.stated < math.inf
        if is_exact and any(character.isdigit() for character in claim.quantity.text):
            by_digits[_digits(own.stated)].append((claim, own))
    for alike in by_digits.values():
        if len(alike) > MOST_ALIKE:
            continue
        for (a, one), (b, other) in combinations(alike, 2):
            if a.sentence_start == b.sentence_start or not (
                _is_other_unit(a, one, b, other) or _is_other_magnitude(a, one, b, other) or _is_shifted(a, one, b, other)
            ):
                continue
            if _is_confirmed(a, one, measured) and _is_confirmed(b, other, measured):
                continue
            if _is_swapped(a, b, measured) or len(_words(a) & _words(b)) >= (
                1 if one.digits > FEWEST_DIGITS or _is_shifted(a, one, b, other) else 2
            ):
                words = f"“{a.quantity.text}”, but “{b.quantity.text}”."
                yield Contradiction(a.document_id, (a.start, a.end), (b.start, b.end), "unit_slip", words)


def _digits(value: float) -> str:
    return f"{value:.9e}".split("e")[0].rstrip("0")


def _is_other_unit(a: Claim, one: Measure, b: Claim, other: Measure) -> bool:
    kind = _ALIKE.get(one.kind, one.kind)
    is_measure = kind in _MEASURED and kind == _ALIKE.get(other.kind, other.kind)
    return is_measure and one.stated == other.stated and a.unit != b.unit and one.per == other.per


def _is_other_magnitude(a: Claim, one: Measure, b: Claim, other: Measure) -> bool:
    if one.kind != other.kind or a.unit != b.unit or one.kind == "%" or one.per != other.per or one.stated == other.stated:
        return False
    if one.kind == "count" and _head(a) != _head(b):
        return False
    power = abs(math.log10(one.stated / other.stated))
    return any(math.isclose(power, magnitude, abs_tol=1e-9) for magnitude in MAGNITUDES)


def _is_shifted(a: Claim, one: Measure, b: Claim, other: Measure) -> bool:
    """Whether a measure comes back in another unit of its system, ten or a hundred times as large: "3.4 kilometres", "34,000 metres"."""
    kind = _ALIKE.get(one.kind, one.kind)
    return one.kind == other.kind and kind in _MEASURED and a.unit != b.unit and one.per == other.per and has_same_digits(one, other)


# Characters between the two forms of a measure: "34 metres (112 ft)".
_BESIDE = 20


def _is_swapped(a: Claim, b: Claim, measured: Sequence[tuple[Claim, Measure]]) -> bool:
    """Whether one of the two has beside it the same measure in the other's unit: then the figures were mixed up there."""
    return any(
        near.unit == there.unit and 0 < abs(near.start - here.start) < _BESIDE + len(here.quantity.text) and agree(own, measure(here))
        for here, there in ((a, b), (b, a))
        for near, own in measured
    )


def _is_confirmed(claim: Claim, own: Measure, measured: Sequence[tuple[Claim, Measure]]) -> bool:
    """Whether the same is told elsewhere in another unit: then the figure is no slip."""
    return any(other is not claim and other.unit != claim.unit and agree(own, there) for other, there in measured)


def _head(claim: Claim) -> str:
    return "".join(stem(word) for word in WORD.findall(claim.counted)[-1:])


def _words(claim: Claim) -> frozenset[str]:
    """The stems and concepts near a figure, its own words aside."""
    at, until = claim.start - claim.sentence_start, claim.end - claim.sentence_start
    before, behind = claim.sentence[max(0, at - AROUND) : at], claim.sentence[until : until + AROUND]
    stems = [stem(word) for word in WORD.findall(f"{before} {behind}") if word.lower() not in STOPWORDS]
    return frozenset(stems) | {name for word in stems for name in concepts(word)}
