"""Figures of one document against each other: do totals, percentages, conversions and durations come out?

Each check reads one plain form of words and does its sum; where the form is not there it says nothing. A difference that rounding may
explain is none. The spans are those of the two figures that clash.

* `unit_mismatch`: one measure given twice, "71 mph (about 97 km/h)".
* `sum_mismatch`: a total and its parts, "211 people: 204 passengers and eight staff".
* `percent_mismatch`: a percentage beside the two figures it is taken from, "from 300 to 720, a rise of 240 per cent".
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, combinations, pairwise, permutations

from noisefilter.records import Claim, Contradiction
from noisefilter.reliability.changes import check_changes
from noisefilter.reliability.conversions import check_conversions
from noisefilter.reliability.far_percentages import check_far_percentages
from noisefilter.reliability.measures import Measure, measure
from noisefilter.reliability.shares import check_shares, find_part
from noisefilter.reliability.totals import check_totals

Measured = tuple[Claim, Measure]

# Share of the total by which parts may miss it and still be meant as its parts; one that misses by more is about something else.
NEAR_TOTAL = 0.15
# Percentage points, and share of the percentage, by which a percentage may be rounded.
POINTS, OF_PERCENT = 0.75, 0.04
# Parts that make a list.
FEWEST_SHARES = 3


def check_figures(text: str, claims: Sequence[Claim]) -> Iterator[Contradiction]:
    """Every sum of a document that does not come out."""
    measured = [(claim, measure(claim)) for claim in claims if not claim.disputed]
    yield from check_conversions(text, measured)
    for sentence in _by_sentence(measured):
        yield from _parts(text, sentence)
        yield from _shares(text, sentence)
    yield from _steps(text, measured)
    yield from _products(measured)
    as_stated = _rates_as_stated(measured)
    yield from _one_a_percentage(
        check_shares(text, as_stated), check_changes(text, as_stated), _conclusions(text, as_stated), check_far_percentages(text, measured)
    )
    yield from check_totals(text, measured)


def _one_a_percentage(*found: Iterable[Contradiction]) -> Iterator[Contradiction]:
    """What is found first of each percentage: the surest way of reading it comes first."""
    seen: set[tuple[int, int]] = set()
    for one in chain(*found):
        if one.b not in seen:
            seen.add(one.b)
            yield one


def _rates_as_stated(measured: Sequence[Measured]) -> Sequence[Measured]:
    """Amounts a day, week or month as they are written, where others leave the rate unsaid: "914 euros a month, against 822"."""
    if len({own.per for _, own in measured if own.kind == "count" or own.kind.startswith("money")}) < 2:
        return measured
    return [(claim, replace(own, value=own.stated, per="") if own.per else own) for claim, own in measured]


def _by_sentence(measured: Sequence[Measured]) -> Iterator[list[Measured]]:
    group: list[Measured] = []
    for one in measured:
        if group and one[0].sentence_start != group[0][0].sentence_start:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _found(kind: str, a: Claim, b: Claim, explanation: str, severity: float = 1.0) -> Contradiction:
    return Contradiction(a.document_id, (a.start, a.end), (b.start, b.end), kind, explanation, severity)


_PARTS = re.compile(
    r"""
    : \s* $                                                              # 211 people, officials say: 204 …
    | \( \s* $                                                           # 46 (27 civilians and 19 police)
    | [,;:–—]? \s* \b (?: of \s+ (?:them|these|whom|which) | comprising | made \s+ up \s+ of | consisting \s+ of | namely | that \s+ is
      | i\.e\. | divided \s+ into ) ,? \s* $
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN_PARTS = re.compile(r"[^.;:()0-9]{0,60}(?:,|\band\b|;|\bplus\b)[^.;:()0-9]{0,30}$", re.IGNORECASE)


def _parts(text: str, sentence: Sequence[Measured]) -> Iterator[Contradiction]:
    """A total, a colon or "of them", then at least two parts that go on to the end of the sentence or bracket."""
    for at in range(1, len(sentence) - 1):
        first = sentence[at][0]
        before = sentence[:at]
        if not _PARTS.search(text, before[-1][0].end, first.start) or first.start - before[-1][0].end > _FAR:
            continue
        totals = [(claim, own) for claim, own in before if (own.kind == "count" or own.kind.startswith("money")) and not own.is_bound]
        for total, whole in totals:
            parts = _run(text, whole, sentence[at:])
            if len(parts) < 2 or any(part.is_bound for _, part in parts):
                continue
            added = math.fsum(part.value for _, part in parts)
            if any(abs(added - own.value) <= _slack(own, parts) for _, own in totals):
                return
            if abs(added - whole.value) <= NEAR_TOTAL * abs(whole.value):
                listed = " and ".join(f"“{part.quantity.text}”" for part, _ in parts)
                yield _found("sum_mismatch", total, parts[-1][0], f"{listed} make {added:,.6g}, not “{total.quantity.text}”.")


def _slack(whole: Measure, parts: Sequence[Measured]) -> float:
    """What rounding may make of a sum."""
    if whole.digits < len(str(int(min(abs(whole.stated), 1e15)) or 1)):
        return whole.reach + sum(part.reach for _, part in parts)
    return 0.5


# Characters between a total and the first of its parts.
_FAR = 80


def _run(text: str, whole: Measure, rest: Sequence[Measured]) -> list[Measured]:
    parts = [rest[0]]
    for (a, _), (b, other) in pairwise(rest):
        if other.kind != whole.kind or not _BETWEEN_PARTS.fullmatch(text, a.end, b.start):
            break
        parts.append((b, other))
    return parts if all(part.kind == whole.kind for _, part in parts) else []


_HOLDERS = re.compile(
    r"\b(?:hold|holds|held|own|owns|owned|holders?|stakes?|shareholders?|voted|votes?|belongs?|goes|go|went|split|divided|shares?)\b",
    re.IGNORECASE,
)


def _shares(text: str, sentence: Sequence[Measured]) -> Iterator[Contradiction]:
    """Three or more shares of one whole that make more than all of it."""
    shares = [(claim, own) for claim, own in sentence if own.kind in ("share", "%") and not own.is_bound]
    if len(shares) < FEWEST_SHARES or len(shares) != len(sentence) or not _HOLDERS.search(sentence[0][0].sentence):
        return
    added = math.fsum(own.value for _, own in shares)
    if 101.5 < added < 130:
        yield _found("sum_mismatch", shares[0][0], shares[-1][0], f"The shares make {added:g} per cent.")


_IN_STEPS = re.compile(
    r"\b(?:steps|stages|instal?lments|tranches|phases|parts|come\s+as|comes\s+as|paid\s+as|split|divided"
    r"|broken\s+down|made\s+up)\b[^.;]{0,30}$",
    re.IGNORECASE,
)
# Figures before a list of steps among which its total is looked for.
_STEPS_BACK = 5


def _steps(text: str, measured: Sequence[Measured]) -> Iterator[Contradiction]:
    """At least three steps in a row, and a total a little before that they nearly make."""
    for at in range(1, len(measured) - FEWEST_SHARES + 1):
        first = measured[at]
        if any(own.kind != first[1].kind for _, own in measured[at + 1 : at + FEWEST_SHARES]):
            continue
        if not _IN_STEPS.search(text[max(first[0].sentence_start, first[0].start - _FAR) : first[0].start]):
            continue
        parts = _run(text, first[1], measured[at:])
        earlier = [(claim, own) for claim, own in measured[max(0, at - _STEPS_BACK) : at] if own.kind == first[1].kind and not own.is_bound]
        added = math.fsum(part.value for _, part in parts)
        if len(parts) < FEWEST_SHARES or any(math.isclose(own.value, added, rel_tol=0.005) for _, own in earlier):
            continue
        near = [
            claim
            for claim, own in earlier
            if abs(added - own.value) <= NEAR_TOTAL * own.value and own.value > max(part.value for _, part in parts)
        ]
        if len(near) == 1:
            yield _found("sum_mismatch", near[0], parts[-1][0], f"The steps make {added:g}, not “{near[0].quantity.text}”.")


_APIECE = re.compile(r"\b(?:each|apiece|on\s+average|per\s+head|an\s+average)\b", re.IGNORECASE)
# Share of the product by which a total may miss it; an average is rounded, and so is the total.
PRODUCT = 0.12
# Figures on either side among which a total is looked for.
_TOTAL_NEAR = 60


def _products(measured: Sequence[Measured]) -> Iterator[Contradiction]:
    """So many, each with so much, and a total that is ten or a hundred times what they make."""
    for at, ((a, one), (b, other)) in enumerate(pairwise(measured)):
        if a.sentence_start != b.sentence_start or not _APIECE.search(a.sentence) or one.kind != "count" or one.value < SMALLEST_PREMISE:
            continue
        if not other.kind.startswith("money") or one.is_bound or other.is_bound or other.per:
            continue
        made = one.value * other.value
        near = measured[max(0, at - _TOTAL_NEAR) : at + _TOTAL_NEAR]
        totals = [(claim, own) for claim, own in near if own.kind == other.kind and own.value > other.value and not own.is_bound]
        if any(abs(own.value - made) <= PRODUCT * made for _, own in totals):
            continue
        slips = [claim for claim, own in totals if _is_power_of_ten(own.value / made) and claim.sentence_start != b.sentence_start]
        if slips:
            words = f"“{a.quantity.text}” at “{b.quantity.text}” make {made:,.6g}, not “{slips[0].quantity.text}”."
            yield _found("sum_mismatch", slips[0], b, words)


def _is_power_of_ten(ratio: float) -> bool:
    """Ten, a hundred, a thousand, or their inverses, as far as rounding goes."""
    power = math.log10(ratio) if 0 < ratio < math.inf else 0.0
    return 0.5 < abs(power) < 3.5 and abs(power - round(power)) < math.log10(1 + PRODUCT / 2)


def _is_explained(percent: Measure, values: Sequence[float], is_change: bool) -> bool:
    """Whether two of the figures, or one of them and the sum of two others, give the percentage."""
    if any(_explains(percent, one, other, is_change) for one, other in combinations(values, 2)):
        return True
    low, high = _room(percent)
    return any(low <= 100 * values[k] / (values[i] + values[j]) <= high for i, j, k in permutations(range(len(values)), 3) if i < j)


# Words that draw a percentage from the figures just told: "that is a rise of …", "and you have one in seven".
_CONCLUDES = re.compile(
    r"""(?: ^ (?:that|this|which) \s+ (?:is|was|makes|made|means|comes\s+to|amounts\s+to)
          | \b (?: that \s+ is | which \s+ is | that \s+ makes | which \s+ makes | and \s+ you \s+ (?:have|get) | you \s+ get
            | works \s+ out \s+ at | in \s+ other \s+ words | equivalent \s+ to | or \s+ put \s+ another \s+ way ) )
        \s+ (?: (?:a|an|the|about|some|nearly|almost|just|only|over|roughly|rise|fall|increase|decrease|drop|gain|growth|cut|share|rate
          |jump|decline|ratio|loss|reduction|saving|of|in) \s+ )* $""",
    re.VERBOSE | re.IGNORECASE,
)
# Figures before a conclusion that it may be drawn from; sentences of the same paragraph they stand in.
_PREMISES, _PREMISE_REACH = 6, 250


def _conclusions(text: str, measured: Sequence[Measured]) -> Iterator[Contradiction]:
    """A percentage that is said to follow from the figures before it, and follows from no two of them."""
    for at, (claim, percent) in enumerate(measured):
        if percent.kind not in ("share", "%") or percent.is_bound or not _CONCLUDES.search(text[claim.sentence_start : claim.start]):
            continue
        line = max(text.rfind("\n", 0, claim.start), claim.start - _PREMISE_REACH)
        before = [one for one in measured[max(0, at - _PREMISES) : at] if one[0].start > line and _is_premise(one[1])]
        if len(before) < 2 or before[-1] != measured[at - 1]:
            continue
        last = before[-1][1]
        # A share that stands beside its part is judged by it (shares.py).
        if before[-2][1].kind != last.kind or _OF_THOSE.match(text, claim.end) or find_part(text, measured, at)[0]:
            continue
        near = [own for _, own in measured[max(0, at - _PREMISES) : at] if own.kind == last.kind or (_is_premise(own) and last.is_bare)]
        values = [own.value for own in near if own.value]
        if _ONE_OF_THEM.match(claim.quantity.text) or _is_explained(percent, values, _is_change(text, claim)):
            continue
        base = before[-1][0] if _FROM.search(text[before[-1][0].start - 20 : before[-1][0].start]) else before[-2][0]
        words = f"“{claim.quantity.text}” does not follow from the figures before it, such as “{base.quantity.text}”."
        yield _found("percent_mismatch", base, claim, words)


_FROM = re.compile(r"\b(?:from|between)\b[^.;\d]{0,25}$", re.IGNORECASE)
# "One in eight of those in the village": a whole that is not told.
_OF_THOSE = re.compile(r"\s{1,4}of\s{1,4}(?:all\s{1,4})?(?:those|these)\b", re.IGNORECASE)
# "One employee in eleven": its whole is named by its own noun.
_ONE_OF_THEM = re.compile(r"[\w-]+\s+(?!in\b|out\b)\w+\s+(?:in|out\s+of)\b")


def _is_premise(own: Measure) -> bool:
    is_amount = own.kind == "count" or own.kind.startswith("money")
    return is_amount and not own.is_bound and math.isfinite(own.value) and abs(own.value) >= SMALLEST_PREMISE


# Counts below are seldom what a percentage is taken from.
SMALLEST_PREMISE = 10


_BY = re.compile(
    r"""\b(?: by | (?:rise|increase|jump|growth|gain|surge|cut|fall|drop|reduction|decline|decrease) \s+ of | up | down | grew | rose
      | fell | dropped ) \s+
      (?: (?:about|around|some|nearly|almost|over|only|just|a|an|whopping|staggering) \s+ )* $""",
    re.VERBOSE | re.IGNORECASE,
)


def _is_change(text: str, claim: Claim) -> bool:
    """Whether the words say that a percentage is a change: "rose by 240 per cent" is not two and a half times."""
    return bool(_BY.search(text[max(0, claim.start - 40) : claim.start]))


def _explains(percent: Measure, one: float, other: float, is_change: bool) -> bool:
    """Whether a percentage is a share or a change of the two figures."""
    low, high = _room(percent)
    ways = [abs(one - other) / one, abs(one - other) / other]
    if not is_change:
        ways += [one / other, other / one, one / (one + other), other / (one + other)]
    return any(low <= 100 * way <= high for way in ways)


def _room(percent: Measure) -> tuple[float, float]:
    """From where to where a percentage may be rounded."""
    if percent.is_bound or percent.is_range:
        return percent.low - POINTS, percent.high + POINTS
    room = max(POINTS, OF_PERCENT * percent.value, percent.reach)
    return percent.value - room, percent.value + room
