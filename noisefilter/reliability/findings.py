"""What is found event by event and needed once all events are through: how claims stand, facts and who states them.

Findings of an event are added; `find_truth` then weighs voices and facts over all of them (belief.py).
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from noisefilter.records import Claim, Contradiction, Witness
from noisefilter.reliability.belief import truth
from noisefilter.reliability.entailment import Judge
from noisefilter.reliability.matching import Fact, match
from noisefilter.reliability.measures import measure
from noisefilter.reliability.neighbours import Article, article_of, comparable_articles
from noisefilter.reliability.score import covered, find_all_contradictions
from noisefilter.reliability.similarity import Rarity
from noisefilter.reliability.spill import Stored
from noisefilter.reliability.trace import Witnesses
from noisefilter.reliability.verdicts import FAINTEST, Backing, Standing, Voices, speakers_of, standings


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
        # Facts that several voices or a rival touch: their numbers, who states them, and their rivals by place in these lists.
        self._shared = array("q")
        self._speakers: list[set[str]] = []
        self._rivals: list[dict[int, float]] = []

    def add(self, event: Event, voices: Voices, rarity: Rarity, judge: Judge | None = None) -> None:
        """Match the claims of an event and keep what is needed later."""
        claims = event.claims
        facts = match(claims, event.pairs, voices.group_of, judge, rarity)
        with_others = comparable_articles(event.pairs, lambda one, other: voices.count({one, other}) > 1)
        self._is_comparable[event.rows] = [article_of(claim) in with_others for claim in claims]
        measures = [measure(claim) for claim in claims]
        self._add_standings(event.rows, standings(claims, measures, facts, voices), Witnesses(claims, facts, Backing(measures, facts)))
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
        first, at = len(self._rival), len(self._shared)
        shared = [number for number, fact in enumerate(facts) if fact.rivals or len(speakers[number]) > 1]
        place = {number: at + further for further, number in enumerate(shared)}
        self._rival.extend(max(fact.rivals.values(), default=0.0) for fact in facts)
        self._speaker += ["" if number in place else min(speakers[number]) for number in range(len(facts))]
        self._shared.extend(first + number for number in shared)
        self._speakers += [speakers[number] for number in shared]
        self._rivals += [{place[other]: likely for other, likely in facts[number].rivals.items()} for number in shared]

    def find_truth(self) -> None:
        """How probably true each fact is, over all events."""
        lone = sorted(set(self._speaker))
        likely = truth([*self._speakers, *({name} for name in lone)], [*self._rivals, *({} for _ in lone)])
        alone = dict(zip(lone, likely[len(self._shared) :], strict=True))
        self._truth = array("d", (alone[name] for name in self._speaker))
        for number, share in zip(self._shared, likely, strict=False):
            self._truth[number] = share

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


__all__ = ["Event", "Findings"]
