"""What is found event by event and needed once all events are through: how claims stand, facts and who states them.

Findings of an event are added; `find_truth` then weighs voices and facts over all of them. Sums are exact (`ExactSum`), so the order of
events changes nothing, not even the last digit.
"""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from noisefilter.records import Claim, Contradiction, Witness
from noisefilter.reliability.entailment import Judge
from noisefilter.reliability.matching import Fact, match
from noisefilter.reliability.measures import measure
from noisefilter.reliability.neighbours import Article, article_of, comparable_articles
from noisefilter.reliability.score import covered, find_all_contradictions
from noisefilter.reliability.similarity import Rarity
from noisefilter.reliability.spill import Stored
from noisefilter.reliability.trace import Witnesses
from noisefilter.reliability.verdicts import FAINTEST, RIGHT, ROUNDS, WRONG, Standing, Voices, posteriors, speakers_of, standings


@dataclass(frozen=True)
class Event:
    """Documents that are matched together, the numbers of their claims in the corpus, and the pairs of articles that are compared."""

    documents: list[Stored]
    rows: list[int]
    pairs: set[tuple[Article, Article]]

    @property
    def claims(self) -> list[Claim]:
        """The claims of all documents, in the order of `rows`."""
        return [claim for document in self.documents for claim in document.claims]

    def articles(self) -> dict[Article, str]:
        """The texts of the articles."""
        found: dict[Article, str] = {}
        for document in self.documents:
            for number, passage in document.articles:
                key = document.page.source, document.page.id, number
                found[key] = f"{found.get(key, '')}\n{passage}"
        return found


class ExactSum:
    """A sum of floats without rounding until it is asked for, so that the order does not matter (Shewchuk 1997).

    >>> total = ExactSum()
    >>> for number in (1e16, 1.0, -1e16):
    ...     total.add(number)
    >>> total.value, total.count
    (1.0, 3)
    """

    __slots__ = ("_parts", "count")

    def __init__(self) -> None:
        self._parts: list[float] = []
        self.count = 0

    def add(self, number: float) -> None:
        """Add a number."""
        kept = 0
        for part in self._parts:
            if abs(number) < abs(part):
                number, part = part, number
            high = number + part
            low = part - (high - number)
            if low:
                self._parts[kept] = low
                kept += 1
            number = high
        self._parts[kept:] = [number]
        self.count += 1

    @property
    def value(self) -> float:
        """The sum, rounded once."""
        return math.fsum(self._parts)


@dataclass(frozen=True)
class _Shared:
    """The facts of an event that several voices or a rival touch, their numbers in the corpus, and who states them."""

    numbers: list[int]
    facts: list[Fact]
    speakers: list[set[str]]


class Findings:
    """A few numbers a claim and a fact; whole `Standing`s only of claims that others back or rival. `n_claims`: those of the corpus."""

    def __init__(self, n_claims: int) -> None:
        self.contradictions: dict[str, list[Contradiction]] = defaultdict(list)
        self._fact = np.zeros(n_claims, np.int64)
        self._is_comparable, self._is_plain = np.zeros(n_claims, np.bool_), np.zeros(n_claims, np.bool_)
        self._standings: dict[int, Standing] = {}
        self._witnesses: dict[int, tuple[Witness, ...]] = {}
        self._n_backed = 0
        # Of each fact: its likeliest rival, its only speaker ("" where it is shared), how probably it is true.
        self._rival, self._truth = array("d"), array("d")
        self._speaker: list[str] = []
        self._shared: list[_Shared] = []

    def add(self, event: Event, voices: Voices, rarity: Rarity, judge: Judge | None = None) -> None:
        """Match the claims of an event and keep what is needed later."""
        claims = event.claims
        facts = match(claims, event.pairs, voices.group_of, judge, rarity)
        with_others = comparable_articles(event.pairs, lambda one, other: voices.count({one, other}) > 1)
        self._is_comparable[event.rows] = [article_of(claim) in with_others for claim in claims]
        measures = [measure(claim) for claim in claims]
        self._add_standings(event.rows, standings(claims, measures, facts, voices), Witnesses(claims, measures, facts))
        self._add_facts(facts, [speakers_of([claims[number] for number in fact.claims], voices) for fact in facts])
        read = [(document.page, document.kept, document.claims) for document in event.documents]
        for source, those in find_all_contradictions(read, event.articles(), event.pairs).items():
            self.contradictions[source] += those

    def _add_standings(self, rows: Sequence[int], found: Sequence[Standing], witnesses: Witnesses) -> None:
        first = len(self._rival)
        for number, (row, claim, own) in enumerate(zip(rows, witnesses.claims, found, strict=True)):
            self._fact[row], self._is_plain[row] = first + own.fact, own.is_plain
            if own.backers or own.rivals:
                self._standings[row] = replace(own, fact=first + own.fact)
                self._witnesses[row] = witnesses.of(number, own.fact, own.backers, own.rivals)
            self._n_backed += bool(self._is_comparable[row] and own.backers and not claim.disputed)

    def _add_facts(self, facts: Sequence[Fact], speakers: Sequence[set[str]]) -> None:
        first = len(self._rival)
        shared = [number for number, fact in enumerate(facts) if fact.rivals or len(speakers[number]) > 1]
        place = {number: at for at, number in enumerate(shared)}
        self._rival.extend(max(fact.rivals.values(), default=0.0) for fact in facts)
        self._truth.extend([math.nan] * len(facts))
        self._speaker += ["" if number in place else min(speakers[number]) for number in range(len(facts))]
        if shared:
            beside = [{place[other]: likely for other, likely in facts[number].rivals.items()} for number in shared]
            kept = [Fact([], rivals) for rivals in beside]
            self._shared.append(_Shared([first + number for number in shared], kept, [speakers[number] for number in shared]))

    def find_truth(self) -> None:
        """How probably true each fact is, given its voices, their accuracy and its rivals; the same as `verdicts.truth`."""
        accuracy: dict[str, float] = defaultdict(lambda: RIGHT / (RIGHT + WRONG))
        for _ in range(ROUNDS):
            accuracy.update(self._accuracies(accuracy))
        for event in self._shared:
            for at, likely in self._likely(event, accuracy).items():
                self._truth[event.numbers[at]] = likely
        lone: dict[str, float] = {}
        for number, name in enumerate(self._speaker):
            if name not in lone:
                lone[name] = posteriors([Fact([])], [{name}], accuracy, [0])[0]
            if math.isnan(self._truth[number]):
                self._truth[number] = lone[name]

    def _likely(self, event: _Shared, accuracy: Mapping[str, float]) -> dict[int, float]:
        return posteriors(event.facts, event.speakers, accuracy, range(len(event.facts)))

    def _accuracies(self, accuracy: Mapping[str, float]) -> dict[str, float]:
        right: dict[str, ExactSum] = defaultdict(ExactSum)
        for event in self._shared:
            for at, likely in self._likely(event, accuracy).items():
                for name in event.speakers[at]:
                    right[name].add(likely)
        return {name: (RIGHT + total.value) / (RIGHT + WRONG + total.count) for name, total in right.items()}

    @property
    def coverage(self) -> float:
        """How often another voice states what one does, of comparable claims."""
        return covered(self._n_backed, int(self._is_comparable.sum()))

    def standing(self, row: int) -> Standing:
        """How a claim stands among the facts."""
        lone = Standing(int(self._fact[row]), (), FAINTEST, FAINTEST, (), 0, bool(self._is_plain[row]))
        return self._standings.get(row, lone)

    def witnesses(self, row: int) -> tuple[Witness, ...]:
        """The places of the sources that back a claim or rival it."""
        return self._witnesses.get(row, ())

    def judged(self, row: int) -> tuple[float, float, bool]:
        """Of a claim: how probably true its fact is, its likeliest rival, and whether it is comparable."""
        fact = self._fact[row]
        return self._truth[fact], self._rival[fact], bool(self._is_comparable[row])


__all__ = ["Event", "ExactSum", "Findings"]
