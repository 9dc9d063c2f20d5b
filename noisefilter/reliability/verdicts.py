"""Facts → what the other voices say of each claim: corroborated, uncorroborated in this set, or contradicted, and how probably true.

A claim is corroborated when another voice makes it true: the same figure, or an exact one that its bound holds for. It is contradicted when
the voices of a rival fact are at least as many as its own. How true a fact is and how accurate a source is are found together: a fact's
voices are weighed by their accuracy, and a source is as accurate as its facts are true (the EM of Dong, Berti-Equille and Srivastava 2009).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from noisefilter.records import Claim, Statistic
from noisefilter.reliability.dependence import Copy
from noisefilter.reliability.matching import Fact, contradicts
from noisefilter.reliability.measures import Measure, supports

CORROBORATED, UNCORROBORATED, CONTRADICTED = "corroborated", "uncorroborated", "contradicted"

# False values that a fact might have instead, and what a new source's accuracy is: 4 right of 5.
FALSE_VALUES = 10.0
RIGHT, WRONG = 4.0, 1.0
ROUNDS = 10
# A voice that is nearly always right or wrong is still not certain.
SUREST = 0.98

Page = tuple[str, str]


@dataclass(frozen=True)
class Voices:
    """Who speaks with one voice: pages that copy one another, and pages of one source."""

    group_of: Mapping[Page, int]

    @classmethod
    def of_copies(cls, links: Sequence[Copy], pages: Mapping[str, Page]) -> Voices:
        """From the links between copies; `pages` gives the page of each name that they use."""
        parent: dict[Page, Page] = {}

        def root(page: Page) -> Page:
            while parent.setdefault(page, page) != page:
                page = parent[page]
            return page

        for link in links:
            parent[root(pages[link.a])] = root(pages[link.b])
        roots = {page: root(page) for page in parent}
        numbers = {page: number for number, page in enumerate(sorted(set(roots.values())))}
        return cls({page: numbers[top] for page, top in roots.items()})

    def count(self, pages: set[Page]) -> int:
        """How many voices the pages are: those of one source are one, and so are copies.

        >>> Voices({("B", "2"): 0, ("C", "3"): 0}).count({("A", "1"), ("B", "2"), ("C", "3")})
        2
        """
        return len(set(self.names(pages).values()))

    def names(self, pages: set[Page]) -> dict[Page, str]:
        """The voice of each page, named after the first of its sources."""
        sources: dict[int, str] = {}
        first: dict[str, str] = {}
        for page in sorted(pages):
            group = self.group_of.get(page)
            voice = first.get(page[0]) or (sources.get(group) if group is not None else None) or page[0]
            first.setdefault(page[0], voice)
            if group is not None:
                sources.setdefault(group, voice)
        return {page: first[page[0]] for page in pages}


def page_of(claim: Claim) -> Page:
    """The page a claim stands on."""
    return claim.source, claim.document_id


def statistics(claims: Sequence[Claim], measures: Sequence[Measure], facts: Sequence[Fact], voices: Voices) -> list[Statistic]:
    """What the other voices say of each claim, in the order of the claims."""
    found: list[Statistic | None] = [None] * len(claims)
    for fact in facts:
        pages = {page_of(claims[number]) for number in fact.claims}
        opposed = [facts[other] for other, likely in fact.rivals.items() if contradicts(likely)]
        for number in fact.claims:
            found[number] = _statistic(number, claims, measures, fact, opposed, voices, pages)
    return [statistic for statistic in found if statistic is not None]


def _statistic(
    number: int, claims: Sequence[Claim], measures: Sequence[Measure], fact: Fact, opposed: Sequence[Fact], voices: Voices, pages: set[Page]
) -> Statistic:
    own = page_of(claims[number])
    backing = {page_of(claims[i]) for i in fact.claims if i != number and supports(measures[i], measures[number])} | {own}
    names = voices.names(backing | pages)
    by = sorted({page[0] for page in backing if names[page] != names[own]})
    against: set[str] = set()
    most = 0
    for rival in opposed:
        there = {page_of(claims[i]) for i in rival.claims}
        names_there = voices.names(there | backing)
        others = {page for page in there if names_there[page] != names_there[own] and page not in pages}
        against |= {page[0] for page in others}
        most = max(most, voices.count(others))
    support = voices.count(backing)
    status = CONTRADICTED if most and most >= support else CORROBORATED if by else UNCORROBORATED
    return Statistic(claims[number], status, tuple(by), tuple(sorted(against)))


def truth(claims: Sequence[Claim], facts: Sequence[Fact], voices: Voices) -> list[float]:
    """How probably true each fact is, given its voices, their accuracy and its rivals."""
    speakers = [set(voices.names({page_of(claims[i]) for i in fact.claims}).values()) for fact in facts]
    accuracy: dict[str, float] = defaultdict(lambda: RIGHT / (RIGHT + WRONG))
    probability = [0.0] * len(facts)
    for _ in range(ROUNDS):
        weights = [sum(_log_weight(accuracy[name]) for name in names) for names in speakers]
        probability = [_posterior(weights, fact, own) for fact, own in zip(facts, weights, strict=True)]
        accuracy.update(_accuracies(facts, speakers, probability))
    return probability


def _log_weight(accuracy: float) -> float:
    share = min(SUREST, max(1 - SUREST, accuracy))
    return math.log(FALSE_VALUES * share / (1 - share))


def _posterior(weights: Sequence[float], fact: Fact, own: float) -> float:
    """The fact's share of the weight of everything that may be true in its stead."""
    rivals = [math.log(likely) + weights[other] for other, likely in sorted(fact.rivals.items())]
    terms = [own, *rivals, math.log(FALSE_VALUES)]
    top = max(terms)
    return math.exp(own - top) / sum(math.exp(term - top) for term in terms)


def _accuracies(facts: Sequence[Fact], speakers: Sequence[set[str]], probability: Sequence[float]) -> dict[str, float]:
    """Each voice's accuracy on facts of which more than one voice, or a rival, speaks."""
    right: dict[str, float] = defaultdict(lambda: RIGHT)
    total: dict[str, float] = defaultdict(lambda: RIGHT + WRONG)
    for fact, names, likely in zip(facts, speakers, probability, strict=True):
        if len(names) > 1 or fact.rivals:
            for name in names:
                right[name] += likely
                total[name] += 1
    return {name: right[name] / total[name] for name in total}
