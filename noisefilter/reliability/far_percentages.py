"""One document → a percentage far from the figures it is taken from: does it follow from them?

* A change: "brewing took 105 million euros, against 84 million a year before … Growth of 35 per cent in brewing revenue". The two figures
  stand in one sentence with a word that sets the new against the old; the percentage is tied to them by a word they share.
* A share: "1,150 jobs, or one in nine", and the 16,400 employees, the only larger number of them, stand elsewhere.

A percentage that other figures near explain, and a pair whose true percentage is told too, are left alone. Percentages beside their
figures are checked in arithmetic.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from noisefilter.records import Claim, Contradiction
from noisefilter.reliability.measures import Measure
from noisefilter.reliability.vocabulary import words
from noisefilter.reliability.wording import concepts, stem, stems

Measured = tuple[Claim, Measure]

# Percentage points, and share of the percentage, by which a percentage may be rounded.
POINTS, OF_PERCENT = 1.0, 0.06
# A percentage that is meant to follow from two figures is at most this many times off.
MOST_OFF = 3.0
# Figures of a document. In a longer list of them too much explains too much.
MOST_FIGURES = 150
# Sentences of a document. A word in more of them ties nothing together.
COMMON_WORD = 4
# A count smaller than this is seldom what a percentage is taken from.
SMALLEST = 5

_AGAINST = re.compile(
    r"[^.;\d]{0,40}?(?:,?\s{1,4}(?P<old_last>against|compared\s{1,4}(?:with|to)|up\s{1,4}from|down\s{1,4}from|from)|\s{1,4}(?P<new_last>to))\b[^.;,\d]{0,25}$",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"[^.;\d]{0,25}\b(?:(?:a|one|the|last|two|three|\w+)\s+(?:year|month|season|quarter|week|decade)s?\s+(?:before|earlier|ago)"
    r"|the\s+(?:year|month|season|quarter|decade)\s+before|in\s+the\s+previous|last\s+(?:year|season|month)|in\s+(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_FROM = re.compile(r"\bfrom\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_GREW = re.compile(
    r"\b(?:growth|grew|grow|rise|rose|risen|rises|increase[sd]?|jump(?:ed)?|gain(?:ed)?|surged?|climb(?:ed)?|up|soared)\b", re.IGNORECASE
)
_FELL = re.compile(
    r"\b(?:fall|fell|fallen|falls|drop(?:ped)?|decline[sd]?|decrease[sd]?|slump(?:ed)?|plunged?|cut|down|loss|lost|shrank|shrunk|reduction)\b",
    re.IGNORECASE,
)
# Characters on either side of a percentage in which the word for its change stands.
BEFORE, BEHIND = 35, 20


def check_far_percentages(text: str, measured: Sequence[Measured]) -> Iterator[Contradiction]:
    """Every percentage that does not follow from the figures it is taken from, wherever they stand.

    >>> from noisefilter.records import Document
    >>> from noisefilter.reliability.claims import read_claims
    >>> from noisefilter.reliability.measures import measure
    >>> text = "Brewing took 105 million euros, against 84 million a year before. All is well. "
    >>> text += "Growth of 35 per cent in brewing cannot last."
    >>> claims = read_claims(Document("d", text))
    >>> [found.explanation for found in check_far_percentages(text, [(claim, measure(claim)) for claim in claims])]
    ['From “84 million” to “105 million euros” is +25.0 %, not “35 per cent”.']
    """
    percents = [(claim, own) for claim, own in measured if own.kind in ("%", "share") and not own.is_bound and not own.is_range]
    if len(measured) > MOST_FIGURES or not percents:
        return
    yield from _changes(text, measured, percents)


def _changes(text: str, measured: Sequence[Measured], percents: Sequence[Measured]) -> Iterator[Contradiction]:
    pairs = list(_pairs(text, measured))
    told = [own for _, own in percents]
    open_pairs = [pair for pair in pairs if not any(_is_near(abs(_change(*pair)), own.value) for own in told)]
    if not open_pairs:
        return
    common = _common(measured)
    for claim, own in percents:
        sign = _sign(claim)
        tied = [pair for pair in open_pairs if _tied(claim, pair, common) and claim.sentence_start != pair[0][0].sentence_start]
        explained = any(_is_near(abs(_change(*pair)), own.value) for pair in pairs)
        if not sign or explained or len(tied) != 1:
            continue
        (old, _), (new, _) = tied[0]
        change = _change(*tied[0])
        if change * sign > 0 and 1 / MOST_OFF < own.value / abs(change) < MOST_OFF:
            words = f"From “{old.quantity.text}” to “{new.quantity.text}” is {change:+.1f} %, not “{claim.quantity.text}”."
            yield Contradiction(claim.document_id, (new.start, new.end), (claim.start, claim.end), "percent_mismatch", words)


def _pairs(text: str, measured: Sequence[Measured]) -> Iterator[tuple[Measured, Measured]]:
    """Two figures of one kind in one sentence, the old and the new."""
    for (a, one), (b, other) in pairwise(measured):
        if (
            a.sentence_start != b.sentence_start
            or not (one.kind == other.kind or one.is_bare or other.is_bare)
            or one.kind in ("%", "share", "ordinal", "time")
        ):
            continue
        if min(one.value, other.value) < SMALLEST or one.is_bound or other.is_bound or one.is_range or other.is_range:
            continue
        match = _AGAINST.fullmatch(text, a.end, b.start)
        if match and match["new_last"] and _FROM.search(text, max(0, a.start - 25), a.start):
            yield (a, one), (b, other)
        elif match and match["old_last"] and (match["old_last"].lower() != "against" or _EARLIER.match(text, b.end)):
            yield (b, other), (a, one)


def _change(old: Measured, new: Measured) -> float:
    return 100 * (new[1].value - old[1].value) / old[1].value


def _is_near(true: float, said: float) -> bool:
    return abs(true - said) <= max(POINTS, OF_PERCENT * true)


def _sign(claim: Claim) -> int:
    """1 for a percentage of growth, -1 of a fall, 0 for none."""
    at, until = claim.start - claim.sentence_start, claim.end - claim.sentence_start
    near = f"{claim.sentence[max(0, at - BEFORE) : at]} {claim.sentence[until : until + BEHIND]}"
    return bool(_GREW.search(near)) - bool(_FELL.search(near))


def _tied(claim: Claim, pair: tuple[Measured, Measured], common: frozenset[str]) -> bool:
    return bool((_words(claim.sentence) & _words(pair[0][0].sentence)) - common)


_NO_TIE = frozenset(
    map(
        stem,
        words("""
    year years month months quarter million billion thousand per cent percent last time week decade number
    """),
    )
)


def _words(sentence: str) -> frozenset[str]:
    return frozenset(stems(sentence)) - _NO_TIE


def _common(measured: Sequence[Measured]) -> frozenset[str]:
    """Words in so many sentences that they tie nothing together, and the words for change themselves."""
    sentences = {claim.sentence_start: claim.sentence for claim, _ in measured}
    counts = Counter(word for sentence in sentences.values() for word in _words(sentence))
    units = frozenset(word for claim, _ in measured for word in _words(claim.quantity.text))
    change = {word for word in counts if _GREW.fullmatch(word) or _FELL.fullmatch(word) or {"rise", "fall"} & set(concepts(word))}
    return frozenset(word for word, count in counts.items() if count > COMMON_WORD) | change | units
