"""One document → a percentage of change, and an old and a new figure that make another: "from 42,000 hectares to 33,600, 31 per cent less".

The percentage has a word for change beside it. Its figures are two of one kind that follow each other, with a word between them that sets
one against the other, in its own sentence, in the sentences before one that opens with "That is …", or in one behind that opens with
"From …". It clashes if no two figures near make it, as a change, as a share, or as one with a third.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from noisefilter.records import Claim, Contradiction
from noisefilter.reliability.measures import Measure

Measured = tuple[Claim, Measure]

# Percentage points, and share of the percentage, by which it may be off; one in words ("a third") by more.
POINTS, OF_PERCENT, OF_WORDED = 1.0, 0.04, 0.09
# Percentage points by which one may be off that is told to a tenth, and the rounding of one that is not.
TENTHS, WHOLE = 0.3, 0.4
# Share of a multiple by which "doubled" may be off.
ABOUT_DOUBLE = 0.2
# A percentage that is meant to follow from two figures is at most this many times off.
MOST_OFF = 5.0
# Share of a figure that its rounding may be.
COARSEST = 0.07
# Characters before a percentage, and half as many behind it, in which figures may explain it.
REACH = 350
# Figures on either side that are looked at.
BEFORE, BEHIND = 8, 5

_ROSE = r"""ris(?:e|es|en|ing) | rose | up | increas\w* | grow\w* | grew | gain\w* | jump\w* | surg\w+ | climb\w* | soar\w*
  | raise[sd]? | raising | leap\w* | leapt | dearer | more | higher | rocket\w* | explo\w+ | hike\w* | advance[sd]? | above | over
  | better | faster   | added | too\smany"""
_FELL = r"""falls? | fell | fallen | falling | drop\w* | cut\w* | down | reduc\w* | declin\w* | decreas\w* | shr[aiu]nk\w* | lower\w*
  | plung\w* | slump\w* | less | loss\w* | los[te]\w* | fewer | cheaper | below | off | slash\w* | crash\w* | collaps\w* | slid\w*
  | shed | sank   | tumbl\w* | dip\w* | discount | saving | too\sfew | short"""
_SIGN = re.compile(rf"(?<![\w-])(?: {_ROSE} | {_FELL} | chang\w* )(?![\w-])", re.VERBOSE | re.IGNORECASE)
# Characters on either side of a percentage in which the word for its change stands.
NEAR_SIGN, SIGN_BEHIND = 45, 12
_OPPOSED = re.compile(
    r"""(?: [^;()\d] | (?:19|20)\d\d ){0,180}? (?: \b (?:to|against|after|than|from|compared\s{1,3}with|compared\s{1,3}to|instead\s{1,3}of
      | rather\s{1,3}than|now|before|versus|vs | where | had\s{1,3}been | were | was | got | gets | became | is | are ) \b | → | -> )
      (?: [^.;()\d] | \b(?:19|20)\d\d ){0,60}""",
    re.VERBOSE | re.IGNORECASE,
)
_CONCLUDES = re.compile(
    r"(?:that|this|which|it)(?:\s{1,3}(?:is|was|makes|made|means|meant|comes|amounts|represents|corresponds|marks|adds)\b|[’']s\b)|(?:in\s{1,3}other\s{1,3}words|so|thus|hence|put\s{1,3}differently|an?)\b",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?:(?:they|it|that|this)\s{1,3}[^\W\d]{1,12}\s{1,3}(?:up\s{1,3}|down\s{1,3})?)?(?:from|up\s{1,3}from|down\s{1,3}from)\b",
    re.IGNORECASE,
)
# Another clause with a subject of its own: "and takings were up by 21 per cent".
_ANOTHER = re.compile(
    r"\b(?:and|while|but|as|whereas|though)\s{1,4}(?!that\b|this\b|which\b|so\b|thus\b|therefore\b)[^\W\d]+\s{1,4}[^\W\d]+\s{1,4}[^\W\d]+",
    re.IGNORECASE,
)
# "of the …": a share of something else.
_OF_OTHER = re.compile(r"\s{1,4}of\s{1,4}(?!(?:its|their|his|her)\s{1,4}(?:value|worth|price)\b)", re.IGNORECASE)
_NO_FIGURES = frozenset(("%", "share", "ordinal", "time", "percentage point", "ratio"))


def check_changes(text: str, measured: Sequence[Measured]) -> Iterator[Contradiction]:
    """Every percentage of change that its two figures do not make.

    >>> from noisefilter.records import Document
    >>> from noisefilter.reliability.claims import read_claims
    >>> from noisefilter.reliability.measures import measure
    >>> text = "The office cut its burning by 31 per cent, from 42,000 hectares to 33,600."
    >>> claims = read_claims(Document("d", text))
    >>> [found.explanation for found in check_changes(text, [(claim, measure(claim)) for claim in claims])]
    ['From “42,000 hectares” to “33,600” is 20 %, not “31 per cent”.']
    """
    for at, (claim, own) in enumerate(measured):
        is_told = _is_multiple(claim) or (own.kind in ("%", "share") and bool(claim.quantity.unit) and _is_change(text, claim))
        if not is_told or own.is_bound or own.value <= POINTS:
            continue
        near = _figures_near(text, measured, at)
        if any(_explains(claim, own, a, b) for a, b in combinations(near, 2) if _is_alike(a, b)):
            continue
        pairs = [(a, b) for a, b in pairwise(near) if _is_alike(a, b) and _is_tied(text, claim, a[0], b[0], measured)]
        if len(pairs) != 1 or not 1 / MOST_OFF < own.value / max(_change(*pairs[0]), POINTS) < MOST_OFF:
            continue
        (a, _), (b, _) = pairs[0]
        nearest = min((a, b), key=lambda figure: abs(figure.start - claim.start))
        words = f"From “{a.quantity.text}” to “{b.quantity.text}” is {_change(*pairs[0]):.3g} %, not “{claim.quantity.text}”."
        yield Contradiction(claim.document_id, (nearest.start, nearest.end), (claim.start, claim.end), "percent_mismatch", words)


def _is_multiple(claim: Claim) -> bool:
    """Whether a change is told in one word: "doubled", "halved"."""
    return claim.quantity.unit in _MULTIPLES and _DIGIT.search(claim.quantity.text) is None


_MULTIPLES = ("% increase", "% decrease")
_DIGIT = re.compile(r"\d")


def _is_change(text: str, claim: Claim) -> bool:
    before = max(claim.sentence_start, claim.start - NEAR_SIGN)
    return bool(_SIGN.search(text, before, claim.start) or _SIGN.search(text, claim.end, claim.end + SIGN_BEHIND))


def _figures_near(text: str, measured: Sequence[Measured], at: int) -> list[Measured]:
    """The amounts on the line of a percentage that may explain it."""
    claim = measured[at][0]
    start, stop = text.rfind("\n", 0, claim.start), text.find("\n", claim.end)
    start = max(start, claim.start - REACH)
    stop = min(stop if stop >= 0 else len(text), claim.end + REACH // 2)
    window = measured[max(0, at - BEFORE) : at + 1 + BEHIND]
    return [(one, own) for one, own in window if start < one.start and one.end <= stop and _is_figure(one, own) and not _is_multiple(one)]


def _is_figure(claim: Claim, own: Measure) -> bool:
    """Whether a percentage can be taken from an amount: a small whole number is too coarse."""
    return own.kind not in _NO_FIGURES and not own.is_bound and own.value > 0 and _rounding(claim, own) <= COARSEST


def _rounding(claim: Claim, own: Measure) -> float:
    """The share of itself by which a figure may be rounded: "3.00" is told to the hundredth, though it ends in noughts."""
    decimals = _DECIMALS.search(claim.quantity.text)
    reach = 0.5 * 10.0 ** -len(decimals[1]) if decimals and own.stated < ONE_BY_ONE else own.reach * own.stated / own.value
    return reach / own.stated


_DECIMALS = re.compile(r"\d\.(\d{1,3})(?!\d)")
# From here on what stands behind the point is of a thousand or a million ("1.4 million").
ONE_BY_ONE = 1000


def _is_alike(a: Measured, b: Measured) -> bool:
    one, other = a[1], b[1]
    is_unit_understood = (one.is_bare or other.is_bare) and a[0].sentence_start == b[0].sentence_start
    return (
        (one.kind == other.kind or is_unit_understood)
        and (one.per == other.per or not (one.per and other.per))
        and one.stated != other.stated
    )


def _is_tied(text: str, claim: Claim, a: Claim, b: Claim, measured: Sequence[Measured]) -> bool:
    """Whether a percentage is that of the change between two figures."""
    if not _OPPOSED.fullmatch(text, a.end, b.start) or _OF_OTHER.match(text, claim.end):
        return False
    if b.sentence_start > claim.sentence_start:
        return a.sentence_start == b.sentence_start and _follows(text, claim, a) and bool(_FROM.match(text, a.sentence_start))
    first, last = sorted((claim, b if b.start < claim.start else a), key=lambda one: one.start)
    if any(first.end <= one.start < last.start and own.kind in ("%", "share") for one, own in measured if one not in (a, b, claim)):
        return False
    if a.sentence_start == b.sentence_start == claim.sentence_start:
        return not _ANOTHER.search(text, first.end, last.start)
    return _follows(text, b, claim) and bool(_CONCLUDES.match(text, claim.sentence_start))


def _follows(text: str, first: Claim, second: Claim) -> bool:
    """Whether the sentence of the second is the next one on the line."""
    gap = text[first.sentence_start + len(first.sentence) : second.sentence_start]
    return first.sentence_start < second.sentence_start and len(gap) < 3 and "\n" not in gap


def _values(a: Measured, b: Measured) -> tuple[float, float]:
    is_measured = a[1].kind == b[1].kind and a[1].per == b[1].per
    return (a[1].value, b[1].value) if is_measured else (a[1].stated, b[1].stated)


def _change(a: Measured, b: Measured) -> float:
    one, other = _values(a, b)
    return abs(100 * (other - one) / one)


def _explains(claim: Claim, own: Measure, a: Measured, b: Measured) -> bool:
    """Whether two figures make the percentage: as a change, as a share of one or of both, or one of them as the change of the other."""
    one, other = _values(a, b)
    gap = abs(one - other)
    ways = [gap / one, gap / other, min(one, other) / max(one, other), min(one, other) / (one + other), min(one, other) / gap]
    if _is_multiple(claim):
        made = 100 * (gap / min(one, other) if claim.quantity.unit == "% increase" else gap / max(one, other))
        return abs(made - own.value) <= ABOUT_DOUBLE * (100 + own.value)
    rounded = 100 * (_rounding(*a) + _rounding(*b))
    is_worded = not _DIGIT.search(claim.quantity.text)
    if own.reach < WHOLE and not is_worded:
        room = max(TENTHS, own.reach) + rounded
    else:
        room = max(POINTS, own.reach, (OF_WORDED if is_worded else OF_PERCENT) * own.value) + rounded
    return any(own.low - room <= 100 * way <= own.high + room for way in ways)
