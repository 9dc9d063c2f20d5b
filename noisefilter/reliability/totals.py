"""Counts of one document against each other, over clauses and sentences: does the whole come out of its parts?

* the whole before its parts: "Of the 390, 214 are women and 167 men", "2,400 blankets. Of these, 900 went north and 1,600 south";
* the whole and two parts with "and" between them, the first three figures of their kind in a sentence: "106 signatures, 81 from our own
  ranks and 35 from others";
* the whole behind them: "$310,000 and $295,000. Together that is $625,000";
* what is left: "87 were below. 64 walked out, 21 remain";
* what lies between two figures: "won by 58 seconds, in 2:17:42; the old record was 2:18:30".

Each needs a word that says that the parts are all there are (of the, together, remaining), and figures of one kind that nearly come
out: who misses a total by more is not adding up. A list of which any run of neighbours comes out is right.

Limit: a third part that is told in words ("and a few children") is not seen.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from noisefilter.records import Claim, Contradiction
from noisefilter.reliability.measures import Measure
from noisefilter.reliability.wording import WORD

Measured = tuple[Claim, Measure]

# Share of the whole by which its parts may miss it and still be meant as its parts, as in arithmetic.py.
NEAR_TOTAL = 0.15
# And by which parts that are said to be "of these" may make more than the whole, which parts cannot.
MOST_OVER = 0.35
# Figures before a total, or before what is left, among which its parts are looked for.
MOST_PARTS = 5
# Characters between the first part and the total. Farther away figures are of something else.
REACH = 300
# The whole of which something is left.
SMALLEST_WHOLE = 5

_OF_THE = re.compile(r"\bof\s+(?:the|its|his|her|their|our|those|these|all)\s+(?:the\s+)?$", re.IGNORECASE)
_OF_THESE = re.compile(r"of\s{1,4}(?:these|those|them|which|whom),?\s{1,4}(?:(?:some|about)\s{1,4})?", re.IGNORECASE)
_EACH_OF_THESE = re.compile(r"\s{1,4}of\s{1,4}(?:these|those|them|which|whom)\b", re.IGNORECASE)
_AND_THEN = re.compile(
    r"[^.;:()\d]{0,70}(?:,|\band\b|\bwhile\b)\s{1,4}(?:(?:the|only|just|a\s{1,4}further|another)\s{1,4}){0,2}", re.IGNORECASE
)
_OPENS = re.compile(r"[^.;:()\d]{0,40},\s{0,4}(?:[a-z]+\s{1,4}){0,2}$", re.IGNORECASE)
_AND = re.compile(r"[^.;:()\d]{0,60}(?:,|\band\b|\bwhile\b)\s{1,4}(?:(?:the|other|only|just)\s{1,4}){0,2}$", re.IGNORECASE)
# "and so on": the parts are not all.
_MORE = re.compile(r"\b(?:others?|rest|some|several|most|remaining|including|unknown|each|per|more|least)\b", re.IGNORECASE)
_STOP = re.compile(r"[.!?]\s|\n")
_TOGETHER = re.compile(
    r"""\b (?: together | altogether | combined | in \s{1,4} (?:all|total|sum) | (?:makes?|making|adds?\s+up\s+to|comes?\s+to|for)
      \s+ (?:a|an) \s+ (?:\w+\s+)? (?:total|sum) \s+ of | total(?:l?ing|s) | adds? \s+ up \s+ to | sum \s+ of \s+ the \s+ two ) \b
      [^.;:\d]{0,30} $""",
    re.VERBOSE | re.IGNORECASE,
)
_LEFT = re.compile(
    r"\b(?:remaining|other|rest|leaving|leaves|left)\s+(?:with\s+|only\s+|just\s+|the\s+)?$|\b(?:leaving|leaves)\s+(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)
_LEFT_BEHIND = re.compile(r"[^.;:,\d]{0,25}\b(?:remain(?:s|ed)?|(?:are|were)\s+(?:still\s+)?left|are\s+still)\b", re.IGNORECASE)


def check_totals(text: str, measured: Sequence[Measured]) -> Iterator[Contradiction]:
    """Every whole that its parts nearly make, and do not.

    >>> from noisefilter.records import Document
    >>> from noisefilter.reliability.claims import read_claims
    >>> from noisefilter.reliability.measures import measure
    >>> text = "Of the 390 workers, 214 are women and 167 are men."
    >>> claims = read_claims(Document("d", text))
    >>> [found.explanation for found in check_totals(text, [(claim, measure(claim)) for claim in claims])]
    ['“214” and “167” make 381, not “390 workers”.']
    """
    yield from _votes(text, measured)
    yield from _in_two(text, measured)
    for at, (claim, own) in enumerate(measured):
        before = text[claim.sentence_start : claim.start]
        if own.digits > 1 and (_is_amount(own) or own.kind == "time") and (_BY.search(before) or _MORE_THAN.match(text, claim.end)):
            yield from _between(measured, at)
        elif not _is_amount(own):
            continue
        elif _OF_THE.search(before):
            yield from _before_parts(text, measured, at)
        elif _OF_THESE.fullmatch(before) or _EACH_OF_THESE.match(text, claim.end):
            yield from _parts_of_these(text, measured, at)
        elif _TOGETHER.search(before):
            yield from _behind_parts(measured, at)
        elif _LEFT.search(before) or _LEFT_BEHIND.match(text, claim.end):
            yield from _left_over(text, measured, at)


def _is_amount(own: Measure) -> bool:
    is_sum = own.kind == "count" or own.kind.startswith("money")
    return is_sum and not own.is_bound and not own.is_range and math.isfinite(own.value) and own.value > 0


def _slack(*measures: Measure) -> float:
    """What rounding may make of a sum: nothing for counts to the last digit."""
    is_whole = all(own.kind == "count" and own.value < 1000 for own in measures)
    return 0.5 if is_whole else sum(own.reach for own in measures)


def _found(whole: Claim, part: Claim, parts: Sequence[Claim], added: float) -> Contradiction:
    listed = " and ".join(f"“{claim.quantity.text}”" for claim in parts)
    words = f"{listed} make {added:,.6g}, not “{whole.quantity.text}”."
    return Contradiction(whole.document_id, (whole.start, whole.end), (part.start, part.end), "sum_mismatch", words)


# Characters between a whole and the first of two parts. Share of the whole that each part has at least, and by which they may miss it.
TO_PARTS, LEAST_PART, NEAR_BOTH = 90, 0.03, 0.2
_TO_FIRST = re.compile(r"[^.;()\d]{0,90}[,:–—][^.;()\d]{0,90}")
_AND_SECOND = re.compile(r"[^.;:()\d]{0,70}\band\s{1,4}(?:[^\W\d]{1,12}\s{1,4}){0,2}\W?", re.IGNORECASE)
# Another time, or a figure that is compared with and not added.
_NO_PARTS = re.compile(
    r"\b(?:against|than|between|after|before|since|until|last|next|then|later|earlier|year|month|week|day|now|over|aged?)\b|\b(?:from|to|at|up|down|by)\W*$",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(r"\s{1,4}of\s{1,4}(?:the\s{1,4}|its\s{1,4}|all\s{1,4})?\d")


def _in_two(text: str, measured: Sequence[Measured]) -> Iterator[Contradiction]:
    """A whole and two parts that nearly make it, without a word that says so."""
    for at in range(len(measured) - 2):
        (whole, own), (a, one), (b, other) = measured[at : at + 3]
        if whole.sentence_start != b.sentence_start or a.start - whole.end > TO_PARTS or not _is_amount(own) or own.value < SMALLEST_WHOLE:
            continue
        parts = ((a, one), (b, other))
        if not all(_is_part(part, own) and part.value >= LEAST_PART * own.value for _, part in parts):
            continue
        if any(near.kind == own.kind and claim.sentence_start == whole.sentence_start for claim, near in measured[max(0, at - 2) : at]):
            continue
        if _OF_THE.search(text, whole.sentence_start, whole.start):
            continue
        if not _TO_FIRST.fullmatch(text, whole.end, a.start) or not _AND_SECOND.fullmatch(text, a.end, b.start):
            continue
        gaps = text[whole.end : a.start], text[a.end : b.start]
        if _MORE.search(text, whole.end, b.end + TO_PARTS // 2) or any(map(_NO_PARTS.search, gaps)) or _OF_OTHERS.match(text, b.end):
            continue
        added = one.value + other.value
        # "640 of them at Osmer and 390 at Vale End" may leave others out.
        if added < own.value and _EACH_OF_THESE.match(gaps[1]):
            continue
        slack = own.reach if own.digits < len(str(int(own.stated))) else 0.5
        if slack < abs(added - own.value) <= NEAR_BOTH * own.value:
            yield _found(whole, b, [a, b], added)


def _before_parts(text: str, measured: Sequence[Measured], at: int) -> Iterator[Contradiction]:
    whole, own = measured[at]
    parts: list[Measured] = []
    end = whole.end
    for claim, part in measured[at + 1 : at + 1 + MOST_PARTS]:
        joint = _AND if parts else _OPENS
        if claim.sentence_start != whole.sentence_start or not joint.fullmatch(text, end, claim.start) or not _is_part(part, own):
            break
        parts.append((claim, part))
        end = claim.end
    stop = _STOP.search(text, end)
    if len(parts) < 2 or _MORE.search(text, whole.end, stop.start() if stop else len(text)):
        return
    added = _sum(parts)
    if _slack(own, *(part for _, part in parts)) < abs(added - own.value) <= NEAR_TOTAL * own.value:
        claims = [claim for claim, _ in parts]
        yield _found(whole, claims[-1], claims, added)


def _parts_of_these(text: str, measured: Sequence[Measured], at: int) -> Iterator[Contradiction]:
    """Parts that are said to be of what was told before, up to the end of their sentence."""
    first = measured[at][0]
    parts = [measured[at]]
    for claim, part in measured[at + 1 : at + MOST_PARTS]:
        if claim.sentence_start != first.sentence_start or not _AND_THEN.fullmatch(text, parts[-1][0].end, claim.start):
            break
        parts.append((claim, part))
    stop = _STOP.search(text, parts[-1][0].end)
    end = stop.start() if stop else len(text)
    if len(parts) < 2 or any(claim.end <= end for claim, _ in measured[at + len(parts) :][:1]) or _MORE.search(text, first.start, end):
        return
    added = _sum(parts)
    earlier = [one for one in measured[max(0, at - MOST_PARTS) : at] if first.start - one[0].start < REACH]
    wholes = [
        (claim, own)
        for claim, own in earlier
        if "\n" not in text[claim.start : first.start] and all(_is_part(part, own) for _, part in parts)
    ]
    near = [claim for claim, own in wholes if _is_amount(own) and -NEAR_TOTAL <= added / own.value - 1 <= MOST_OVER]
    if near and not any(abs(added - own.value) <= _slack(own, *(part for _, part in parts)) for _, own in wholes):
        claims = [claim for claim, _ in parts]
        yield _found(near[-1], claims[-1], claims, added)


def _is_part(part: Measure, whole: Measure) -> bool:
    return part.kind == whole.kind and part.per == whole.per and _is_amount(part) and part.value < whole.value


def _behind_parts(measured: Sequence[Measured], at: int) -> Iterator[Contradiction]:
    whole, own = measured[at]
    earlier = [
        (claim, part)
        for claim, part in measured[max(0, at - MOST_PARTS) : at]
        if part.kind == own.kind and whole.start - claim.start < REACH
    ]
    runs = [earlier[first:last] for first in range(len(earlier)) for last in range(first + 2, len(earlier) + 1)]
    if not runs or any(abs(_sum(run) - own.value) <= _slack(own, *(part for _, part in run)) for run in runs):
        return
    near = [
        run
        for run in runs
        if run[-1] is earlier[-1] and all(_is_part(part, own) for _, part in run) and abs(_sum(run) - own.value) <= NEAR_TOTAL * own.value
    ]
    if len(near) == 1:
        claims = [claim for claim, _ in near[0]]
        yield _found(whole, claims[0], claims, _sum(near[0]))


def _sum(run: Sequence[Measured]) -> float:
    return math.fsum(part.value for _, part in run)


def _left_over(text: str, measured: Sequence[Measured], at: int) -> Iterator[Contradiction]:
    rest, left = measured[at]
    earlier = [
        (claim, own)
        for claim, own in measured[max(0, at - MOST_PARTS) : at]
        if own.kind == left.kind == "count"
        and _is_amount(own)
        and rest.start - claim.start < REACH
        and "\n" not in text[claim.start : rest.start]
    ]
    for first, (whole, own) in enumerate(earlier):
        parts = earlier[first + 1 :]
        if own.value < SMALLEST_WHOLE or not parts or any(part.value >= own.value for _, part in parts) or left.value >= own.value:
            continue
        sums = [_sum(parts[:last]) + left.value for last in range(1, len(parts) + 1)] + [part.value + left.value for _, part in parts]
        if any(abs(added - own.value) <= _slack(own, left) for added in sums):
            return
        added = _sum(parts) + left.value
        if abs(added - own.value) <= NEAR_TOTAL * own.value:
            claims = [claim for claim, _ in parts] + [rest]
            yield _found(whole, rest, claims, added)
            return


_VOTED = re.compile(
    r"(?P<ayes>\d(?<!\w\d)\d{0,2})\s+(?:votes\s+)?(?:to|against)\s+(?P<noes>\d{1,3})\b(?:[^.;\d]{0,25}\b(?P<out>\d{1,2}|one|two|three|four|five|six)\s+abst\w+)?"
)
_VOTE = re.compile(r"\b(?:vot(?:e[sd]?|ing)|motion|council\w*|parliament|assembly|board|committee|abst\w+|ballot)\b", re.IGNORECASE)
_BODY = frozenset(("member", "seat", "councillor", "deputy", "senator", "mp", "delegate", "lawmaker"))
_WORDED = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def _votes(text: str, measured: Sequence[Measured]) -> Iterator[Contradiction]:
    """More votes than the body has members: "by 23 votes to 16, with two abstentions … all 39 members"."""
    match = _VOTED.search(text) if measured else None
    if not match or not _VOTE.search(text, max(0, match.start() - 80), match.end() + 60):
        return
    out = match["out"] or ""
    cast = int(match["ayes"]) + int(match["noes"]) + (_WORDED.get(out) or int(out or 0))
    bodies = [
        (claim, own.value) for claim, own in measured if own.kind == "count" and WORD.findall(claim.counted)[-1:] and not own.is_bound
    ]
    sizes = [(claim, size) for claim, size in bodies if WORD.findall(claim.counted)[-1].lower().removesuffix("s") in _BODY]
    near = [(claim, size) for claim, size in sizes if size * (1 + NEAR_TOTAL) >= cast and size >= int(match["ayes"])]
    if near and all(size < cast for _, size in near):
        words = f"“{match[0]}” make {cast} votes, more than “{near[0][0].quantity.text}”."
        yield Contradiction(near[0][0].document_id, match.span(), (near[0][0].start, near[0][0].end), "sum_mismatch", words)


_BY = re.compile(r"\b(?:by|margin\s+of|lead\s+of|gap\s+of|majority\s+of|difference\s+of)\s+(?:only\s+|just\s+|exactly\s+)?$", re.IGNORECASE)
_MORE_THAN = re.compile(r"\s{1,4}(?:more|fewer|less|ahead|behind|faster|slower|clear)\b", re.IGNORECASE)
# Share of a difference by which two figures may miss it and still be meant as its ends.
NEAR_DIFFERENCE = 0.3
# Hours. "2:18:30" is told to the second, though it ends in nought.
A_SECOND = 0.5 / 3600
# Figures on either side of a difference among which its ends are looked for.
ENDS_BEFORE, ENDS_BEHIND = 4, 3


def _between(measured: Sequence[Measured], at: int) -> Iterator[Contradiction]:
    margin, own = measured[at]
    if own.is_bound or own.is_range or own.per:
        return
    near = [*measured[max(0, at - ENDS_BEFORE) : at], *measured[at + 1 : at + 1 + ENDS_BEHIND]]
    ends = [
        (claim, end)
        for claim, end in near
        if end.kind == own.kind
        and end.value > own.value
        and not end.is_bound
        and not end.is_range
        and abs(claim.start - margin.start) < REACH
    ]
    gaps = [(abs(abs(one.value - other.value) - own.value), a, b) for (a, one), (b, other) in combinations(ends, 2)]
    slack = own.reach + 2 * max((A_SECOND if ":" in claim.quantity.text else end.reach for claim, end in ends), default=0.0)
    close = [gap for gap in gaps if gap[0] <= NEAR_DIFFERENCE * own.value]
    if len(close) != 1 or close[0][0] <= slack or (len(ends) > 2 and own.kind != "time"):
        return
    _, one, other = close[0]
    far = max((one, other), key=lambda claim: abs(claim.start - margin.start))
    words = f"Between “{one.quantity.text}” and “{other.quantity.text}” there is not “{margin.quantity.text}”."
    yield Contradiction(margin.document_id, (margin.start, margin.end), (far.start, far.end), "sum_mismatch", words)
