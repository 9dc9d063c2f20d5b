"""Facts → what the other voices say of each claim: corroborated, uncorroborated in this set, or contradicted, and how probably true.

A claim is corroborated when another voice makes it true: the same figure, or an exact one that its bound holds for. It is contradicted
when a
rival fact has at least as many voices and probably speaks of the same thing; how the source's other claims fare counts in that too. How
true a fact is and how accurate a source is are found together: a fact's
voices are weighed by their accuracy, and a source is as accurate as its facts are true (the EM of Dong, Berti-Equille and Srivastava 2009).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from noisefilter.records import Claim, Statistic
from noisefilter.reliability import match_weights
from noisefilter.reliability.attribution import NONE, VAGUE
from noisefilter.reliability.dependence import Copy
from noisefilter.reliability.matching import Fact
from noisefilter.reliability.measures import Measure, supports

CORROBORATED, UNCORROBORATED, CONTRADICTED = "corroborated", "uncorroborated", "contradicted"

# Probability from which a claim is called contradicted; macro-F1 of the status on clusters left out of the fit is flat from 0.2 to 0.4.
SURE_ENOUGH = 0.3
# Probability of a rival where there is none.
FAINTEST = 0.001

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
        if self.group_of.keys().isdisjoint(pages):
            return len({source for source, _ in pages})
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
    pages = [{page_of(claims[number]) for number in fact.claims} for fact in facts]
    ordered = [sorted(those) for those in pages]
    n_voices = [voices.count(those) for those in pages]

    def count_without(fact: int, own: Page) -> int:
        return voices.count(pages[fact] - {own}) if own in pages[fact] else n_voices[fact]

    for name, fact in enumerate(facts):
        for number in fact.claims:
            own = page_of(claims[number])
            backing = {page_of(claims[i]) for i in fact.claims if i != number and supports(measures[i], measures[number])}
            voice = voices.names(backing | {own})
            backers = {page for page in backing if voice[page] != voice[own]}
            strength = voices.count(backers | {own})
            against = sorted(
                ((likely, other) for other, likely in fact.rivals.items() if count_without(other, own) >= strength),
                key=lambda rival: (-rival[0], ordered[rival[1]]),
            )
            likelihoods = [likely for likely, _ in against[:2]] + [FAINTEST, FAINTEST]
            others = pages[against[0][1]] if against else set()
            found[number] = Standing(
                fact=name,
                backers=tuple(sorted({page[0] for page in backers})),
                likely=likelihoods[0],
                second=likelihoods[1],
                rivals=tuple(sorted({page[0] for page in others} - {own[0]})),
                n_rivals=voices.count(others),
                is_plain=measures[number].digits == 1,
            )
    return [found[number] for number in range(len(claims))]


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
    judged = own.rivals and not is_one
    likely = probability(contradiction_features(claim, own, record), match_weights.CONTRADICTION) if judged else 0.0
    status = CONTRADICTED if likely >= SURE_ENOUGH else CORROBORATED if own.backers else UNCORROBORATED
    return Statistic(claim, status, own.backers, own.rivals if status == CONTRADICTED else ())


def truth(claims: Sequence[Claim], facts: Sequence[Fact], voices: Voices) -> list[float]:
    """How probably true each fact is, given its voices, their accuracy and its rivals."""
    speakers = [speakers_of([claims[number] for number in fact.claims], voices) for fact in facts]
    accuracy: dict[str, float] = defaultdict(lambda: RIGHT / (RIGHT + WRONG))
    shared = [number for number, fact in enumerate(facts) if fact.rivals or len(speakers[number]) > 1]
    for _ in range(ROUNDS if shared else 0):
        likely = posteriors(facts, speakers, accuracy, shared)
        accuracy.update(_accuracies(speakers, likely))
    everything = posteriors(facts, speakers, accuracy, range(len(facts)))
    return [everything[number] for number in range(len(facts))]


def speakers_of(claims: Sequence[Claim], voices: Voices) -> set[str]:
    """Who says a fact: whoever is quoted for it, else the voice of the page."""
    names = voices.names({page_of(claim) for claim in claims})
    return {f"“{claim.speaker}”" if claim.in_quote and claim.speaker else names[page_of(claim)] for claim in claims}


def posteriors(
    facts: Sequence[Fact], speakers: Sequence[set[str]], accuracy: Mapping[str, float], numbers: Iterable[int]
) -> dict[int, float]:
    """How probably true these facts are, by their numbers, when each voice has this accuracy."""
    weights: dict[int, float] = {}

    def weight(number: int) -> float:
        if number not in weights:
            weights[number] = math.fsum(_log_weight(accuracy[name]) for name in speakers[number])
        return weights[number]

    return {
        number: _posterior(weight(number), [(likely, weight(other)) for other, likely in sorted(facts[number].rivals.items())])
        for number in numbers
    }


def _log_weight(accuracy: float) -> float:
    share = min(SUREST, max(1 - SUREST, accuracy))
    return math.log(FALSE_VALUES * share / (1 - share))


def _posterior(own: float, rivals: Sequence[tuple[float, float]]) -> float:
    """The fact's share of the weight of everything that may be true in its stead."""
    terms = [own, *(math.log(likely) + weight for likely, weight in rivals), math.log(FALSE_VALUES)]
    top = max(terms)
    return math.exp(own - top) / math.fsum(math.exp(term - top) for term in terms)


def _accuracies(speakers: Sequence[set[str]], likely: Mapping[int, float]) -> dict[str, float]:
    """Each voice's accuracy on facts of which more than one voice, or a rival, speaks."""
    right: dict[str, list[float]] = defaultdict(list)
    for number, share in likely.items():
        for name in speakers[number]:
            right[name].append(share)
    return {name: (RIGHT + math.fsum(shares)) / (RIGHT + WRONG + len(shares)) for name, shares in right.items()}
