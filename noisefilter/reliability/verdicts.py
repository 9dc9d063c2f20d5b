"""Facts → what the other voices say of each claim: corroborated, uncorroborated in this set, or contradicted.

A claim is corroborated when another voice makes it true: the same figure, or an exact one that its bound holds for. It is contradicted
when a rival fact has at least as many voices and probably speaks of the same thing; how the source's other claims fare counts in that too.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import islice

from noisefilter.records import Claim, Statistic
from noisefilter.reliability import match_weights
from noisefilter.reliability.attribution import NONE, VAGUE
from noisefilter.reliability.dependence import Copy
from noisefilter.reliability.matching import Fact
from noisefilter.reliability.measures import Measure, supports

CORROBORATED, UNCORROBORATED, CONTRADICTED = "corroborated", "uncorroborated", "contradicted"

# Probability from which a claim is called contradicted; macro-F1 of the status on clusters left out of the fit is flat from 0.2 to 0.4.
SURE_ENOUGH = 0.3
# Probability from which a rival counts at all. Under it a claim was called contradicted because its source's other claims fare badly,
# beside a figure of something else; with authors left out of the fit macro-F1 of the status is 0.727 with it, 0.725 without, 0.724 at 0.1.
LIKELY_ENOUGH = 0.05
# Probability of a rival where there is none.
FAINTEST = 0.001

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

    def count(self, pages: Set[Page]) -> int:
        """How many voices the pages are: those of one source are one, and so are copies.

        >>> Voices({("B", "2"): 0, ("C", "3"): 0}).count({("A", "1"), ("B", "2"), ("C", "3")})
        2
        """
        if self.group_of.keys().isdisjoint(pages):
            return len({source for source, _ in pages})
        return len(set(self.names(pages).values()))

    def names(self, pages: Set[Page]) -> dict[Page, str]:
        """The voice of each page, named after the first of its sources."""
        if self.group_of.keys().isdisjoint(pages):
            return {page: page[0] for page in pages}
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
    standing = standings(claims, measures, facts, voices)
    of_source = records(claims, standing)
    return [statistic_of(claim, own, of_source[claim.source]) for claim, own in zip(claims, standing, strict=True)]


@dataclass(frozen=True)
class Standing:
    """How a claim stands: the sources that back it, its nearest rival fact and the sources of that."""

    fact: int
    backers: tuple[str, ...]
    likely: float
    second: float
    rivals: tuple[str, ...]
    n_rivals: int
    is_plain: bool


@dataclass
class Record:
    """A source's claims in sums, so that one of them can be taken out again."""

    claims: int = 0
    backed: int = 0
    vague: int = 0
    unattributed: int = 0


def standings(claims: Sequence[Claim], measures: Sequence[Measure], facts: Sequence[Fact], voices: Voices) -> list[Standing]:
    """How each claim stands among the facts."""
    found: dict[int, Standing] = {}
    pages = [frozenset(page_of(claims[number]) for number in fact.claims) for fact in facts]
    # Many claims of one fact ask for the same pages.
    names, count = cache(voices.names), cache(voices.count)
    backing = Backing(measures, facts)
    for name, fact in enumerate(facts):
        nearest = sorted(fact.rivals.items(), key=lambda rival: (-rival[1], sorted(pages[rival[0]]))) if fact.rivals else []
        for number in fact.claims:
            own = page_of(claims[number])
            agreeing = frozenset(page_of(claims[i]) for i in backing.of(number, name)) | {own} if len(fact.claims) > 1 else _NONE
            voice = names(agreeing)
            backers = frozenset(page for page in agreeing if voice[page] != voice[own])
            strength = count(backers | {own})
            as_strong = (rival for rival in nearest if count(_without(pages[rival[0]], own)) >= strength)
            against = list(islice(as_strong, 2))
            likelihoods = [likely for _, likely in against] + [FAINTEST, FAINTEST]
            others = pages[against[0][0]] if against else _NONE
            found[number] = Standing(
                fact=name,
                backers=tuple(sorted({page[0] for page in backers})),
                likely=likelihoods[0],
                second=likelihoods[1],
                rivals=tuple(sorted({page[0] for page in others} - {own[0]})),
                n_rivals=count(others),
                is_plain=measures[number].digits == 1,
            )
    return [found[number] for number in range(len(claims))]


_NONE: frozenset[Page] = frozenset()


def _without(pages: frozenset[Page], own: Page) -> frozenset[Page]:
    return pages - {own} if own in pages else pages


class Backing:
    """The claims of a fact that make a figure true, looked up once a figure."""

    def __init__(self, measures: Sequence[Measure], facts: Sequence[Fact]) -> None:
        self._measures, self._facts = measures, facts
        self._found: dict[tuple[int, Measure], list[int]] = {}

    def of(self, number: int, fact: int) -> list[int]:
        """The claims of a fact that support the claim `number`, in their order, itself among them."""
        own = self._measures[number]
        if (fact, own) not in self._found:
            supporting: dict[Measure, bool] = {}
            for i in self._facts[fact].claims:
                other = self._measures[i]
                if other not in supporting:
                    supporting[other] = supports(other, own)
            self._found[fact, own] = [i for i in sorted(self._facts[fact].claims) if supporting[self._measures[i]]]
        return self._found[fact, own]


def records(claims: Sequence[Claim], standing: Sequence[Standing]) -> dict[str, Record]:
    """The sums of each source."""
    found: dict[str, Record] = defaultdict(Record)
    for claim, own in zip(claims, standing, strict=True):
        record = found[claim.source]
        record.claims += 1
        record.backed += bool(own.backers)
        record.vague += claim.attribution == VAGUE
        record.unattributed += claim.attribution == NONE
    return found


def probability(X: Sequence[float], weights: Sequence[float]) -> float:
    """The logistic regression's answer."""
    return 1.0 / (1.0 + math.exp(-sum(x * weight for x, weight in zip(X, weights, strict=True))))


def contradiction_features(claim: Claim, own: Standing, record: Record) -> list[float]:
    """By what a claim is judged to be contradicted: its nearest rivals, and how its source's other claims fare."""
    others = 3 + record.claims - 1
    backed = (1 + record.backed - bool(own.backers)) / others
    nearest = math.log(own.likely / (1 - own.likely))
    return [
        1.0,
        nearest,
        math.log(own.second / (1 - own.second)),
        float(bool(own.backers)),
        backed,
        (record.vague - (claim.attribution == VAGUE)) / others,
        (record.unattributed - (claim.attribution == NONE)) / others,
        float(claim.attribution == VAGUE),
        float(claim.attribution == NONE),
        float(min(own.n_rivals, 4)),
        float(own.is_plain),
        nearest * backed,
    ]


def statistic_of(claim: Claim, own: Standing, record: Record) -> Statistic:
    """What the other voices say of a claim; `record` is that of its source."""
    if claim.disputed:
        return Statistic(claim, CONTRADICTED, (), own.rivals)
    is_one = claim.quantity.value == 1 and claim.quantity.modifier == "exact" and not own.backers
    judged = own.rivals and own.likely >= LIKELY_ENOUGH and not is_one
    likely = probability(contradiction_features(claim, own, record), match_weights.CONTRADICTION) if judged else 0.0
    status = CONTRADICTED if likely >= SURE_ENOUGH else CORROBORATED if own.backers else UNCORROBORATED
    return Statistic(claim, status, own.backers, own.rivals if status == CONTRADICTED else ())


def speakers_of(claims: Sequence[Claim], voices: Voices) -> set[str]:
    """Who says a fact: whoever is quoted for it, else the voice of the page."""
    names = voices.names({page_of(claim) for claim in claims})
    return {f"“{claim.speaker}”" if claim.in_quote and claim.speaker else names[page_of(claim)] for claim in claims}
