"""One document → two figures that the words right behind them say are of the same thing.

Sentences seldom repeat each other whole (retold.py), but what is said of a figure in its own clause may be said again: "31 per cent said
that they would cut hours … a quarter of our members will cut hours". Two figures of one kind that exclude each other clash when nearly
all the words of the shorter clause are in the other, or when both are amounts of one rare stuff ("300 grams of hexogen … half a kilo of
hexogen"), or when one length of time is told in minutes and in hours.

Limit: nothing is said where a clause or its sentence speaks of another time, place, part, rate or speaker.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations

from noisefilter.records import Claim, Contradiction
from noisefilter.reliability.measures import Measure, agree, apart, measure
from noisefilter.reliability.wording import STOPWORDS, WORD, concepts, stem

# Words that two clauses must share, and their share of the shorter.
FEWEST_WORDS, SHARED = 2, 0.66
# The ratio of two figures of one thing is at most this.
MOST_APART = 2.5
# Figures of a document. In a longer list of them like clauses are rows of a table.
MOST_FIGURES = 150

_DIFFERS = re.compile(
    r"""
    \b (?: another | other | more | further | additional | remaining | of \s+ (?:whom|them|which|these|those|the) | last | next
      | previous\w* | earlier | later | then | now | before | after | since | until | ago | from | to | first | second | third
      | women | men | girls
      | boys
      | compared | against | than | instead | target | expected | planned | could | should | may | average | mean | each | every
      | in \s+ (?:19|20)\d\d | (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day | 19\d\d | 20\d\d | so \s+ far
      | not ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CLAUSE = re.compile(r"[^.;:!?\d()“”]*")
_STUFF = re.compile(r"\s*of\s+([a-z]+)(?:\s+([a-z]{5,}))?\b")
# Characters before a figure that may say of what time or part it is.
_BEFORE = 40
_COMPOUND = re.compile(r"hours?\s+(?:and\s+)?[\w-]+\s+minutes?", re.IGNORECASE)
# Minutes. Shorter spans are seldom told in hours and minutes.
AN_HOUR = 60
# Ratio of two lengths of time that may be one, wrongly converted.
CONVERTED = 1.35
_STUFFS = frozenset(("mass", "volume", "length", "area"))


@dataclass(frozen=True)
class Stated:
    """A figure and the words of its own clause, which are read when they are asked for."""

    claim: Claim
    measure: Measure

    @cached_property
    def head(self) -> str:
        """The last word of what is counted."""
        return "".join(stem(word) for word in WORD.findall(self.claim.counted)[-1:])

    @cached_property
    def words(self) -> frozenset[str]:
        """The words behind the figure, with that of a count."""
        words = {stem(word) for word in WORD.findall(self._clause) if word.lower() not in STOPWORDS}
        return frozenset(words | {self.head} if self.measure.kind == "count" else words)

    @cached_property
    def differs(self) -> frozenset[str]:
        """What may tell of another time or part."""
        claim = self.claim
        before, until = claim.start - claim.sentence_start, claim.end - claim.sentence_start + len(self._clause)
        return frozenset(word.lower() for word in _DIFFERS.findall(claim.sentence, max(0, before - _BEFORE), until))

    @cached_property
    def stuff(self) -> str:
        """What a measured amount is of."""
        at = self.claim.end - self.claim.sentence_start
        return _stuff(self.claim.sentence, at) if self.measure.kind in _STUFFS else ""

    @cached_property
    def _clause(self) -> str:
        match = _CLAUSE.match(self.claim.sentence, self.claim.end - self.claim.sentence_start)
        return match[0] if match else ""


def check_restated(claims: Sequence[Claim]) -> Iterator[Contradiction]:
    """Every pair of figures that are said of one thing."""
    if len(claims) > MOST_FIGURES:
        return
    stated = [Stated(claim, measure(claim)) for claim in claims if not claim.disputed]
    by_sentence: dict[int, list[Measure]] = defaultdict(list)
    alike: dict[tuple[str, str, str], list[Stated]] = defaultdict(list)
    for one in stated:
        by_sentence[one.claim.sentence_start].append(one.measure)
        alike[one.measure.kind, one.measure.per, one.claim.time].append(one)
    stuffs = Counter(one.stuff for one in stated if one.stuff)
    for one, other in chain.from_iterable(combinations(group, 2) for group in alike.values()):
        if one.claim.sentence_start == other.claim.sentence_start or not _may_clash(one, other):
            continue
        if _is_repeated(one, by_sentence[other.claim.sentence_start]) or _is_repeated(other, by_sentence[one.claim.sentence_start]):
            continue
        if _same_words(one, other) or (one.stuff and one.stuff == other.stuff and stuffs[one.stuff] == 2):
            yield _found(one.claim, other.claim, "figure_changed")
    yield from _lengths(stated)
    yield from _tolls(stated)


def _found(a: Claim, b: Claim, kind: str) -> Contradiction:
    words = f"“{a.quantity.text}”, but “{b.quantity.text}” of the same."
    return Contradiction(a.document_id, (a.start, a.end), (b.start, b.end), kind, words, 0.7)


def _stuff(sentence: str, at: int) -> str:
    """The stem of what an amount is of: "military hexogen", "hexogen under a seat"."""
    match = _STUFF.match(sentence, at)
    words = [word for word in match.groups() if word and word not in STOPWORDS] if match else []
    return stem(words[-1]) if words and len(words[-1]) >= SHORTEST_STUFF else ""


# Letters. Shorter words ("oil", "water" aside) are often no name of a stuff.
SHORTEST_STUFF = 5


def _is_repeated(one: Stated, others: Sequence[Measure]) -> bool:
    """Whether another sentence has the same figure too: then that is where it is told again."""
    return any(agree(one.measure, other) for other in others)


def _may_clash(one: Stated, other: Stated) -> bool:
    a, b = one.measure, other.measure
    least = min(a.value, b.value)
    if a.is_bound or b.is_bound or least <= 0 or max(a.value, b.value) / least > MOST_APART or not apart(a, b):
        return False
    a_claim, b_claim = one.claim, other.claim
    if a_claim.speaker and b_claim.speaker and a_claim.speaker != b_claim.speaker:
        return False
    return a_claim.time == b_claim.time and (a_claim.place == b_claim.place or not (a_claim.place and b_claim.place))


def _same_words(one: Stated, other: Stated) -> bool:
    shared = len(one.words & other.words)
    if one.measure.kind == "count" and one.head != other.head:
        return False
    is_told_again = shared >= FEWEST_WORDS and shared >= SHARED * min(len(one.words), len(other.words))
    return is_told_again and not one.differs ^ other.differs


_DEFINITE = re.compile(r"\b(?:the|these|those|all)\s+$", re.IGNORECASE)
# The ratio of two tolls that may be meant as one.
TOLLS_APART = 1.6


def _tolls(stated: Sequence[Stated]) -> Iterator[Contradiction]:
    """ "The 17 dead" after "killed 14 people", when no other toll is told and nothing speaks of another time or part."""
    tolls = [one for one in stated if one.measure.kind == "count" and not one.measure.is_bound and _is_toll(one.claim) and not one.differs]
    values = {one.measure.value for one in tolls}
    if len(values) != 2 or max(values) > TOLLS_APART * min(values) or min(values) < SMALLEST_TOLL:
        return
    for one, other in combinations(tolls, 2):
        is_taken_up = any(_DEFINITE.search(own.sentence[: own.start - own.sentence_start]) for own in (one.claim, other.claim))
        if one.claim.sentence_start != other.claim.sentence_start and is_taken_up and _may_clash(one, other):
            yield _found(one.claim, other.claim, "figure_changed")
            return


# Smaller tolls are often those of one house or one car.
SMALLEST_TOLL = 4


def _is_toll(claim: Claim) -> bool:
    words = WORD.findall(claim.counted) + WORD.findall(claim.predicate) + WORD.findall(claim.quantity.text)
    return any("death" in concepts(stem(word)) for word in words)


def _lengths(stated: Sequence[Stated]) -> Iterator[Contradiction]:
    """ "142 minutes" and, elsewhere, "two hours and forty-two minutes", when there are no others of either."""
    minutes = [one for one in stated if one.claim.unit == "minute" and one.measure.stated > AN_HOUR and not one.measure.is_bound]
    whole = [one for one in minutes if _COMPOUND.search(one.claim.quantity.text)]
    plain = [one for one in minutes if one not in whole]
    if len(whole) != 1 or len(plain) != 1:
        return
    a, b = plain[0], whole[0]
    ratio = a.measure.value / b.measure.value
    if apart(a.measure, b.measure) and 1 / CONVERTED < ratio < CONVERTED:
        yield _found(a.claim, b.claim, "duration_mismatch")
