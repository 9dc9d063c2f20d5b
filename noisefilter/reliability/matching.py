"""Claims → facts: which claims of different sources speak of the same thing, and whether they agree.

Method
------
1. *Neighbours.* Two articles are compared when they share rare words in the sentences that hold their claims (neighbours.py).
2. *Agreement.* Two claims of one kind whose figures allow one another are joined when their wording makes it likely that they speak of
   the same thing (pairs.py). An unusual figure needs less of that than a small round one: 28,740 is seldom met by chance, 3 is.
   Joined claims are one fact.
3. *Conflict.* Two facts whose figures exclude each other are rivals when their wording is alike, each is the other's nearest, and they do
   not come from the same source or from different times (rivals.py).

The weights of 2 and 3 are logistic regressions over named features, fitted by scripts/train_matching.py (see match_weights.py). Claims
become columns and pairs of claims arrays; some events are matched at a time, so that memory is bounded.
Limit: conflict between sources is found far less surely than agreement, for two different things are often counted in like words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from noisefilter.records import Claim
from noisefilter.reliability import match_weights
from noisefilter.reliability.entailment import Judge, settle
from noisefilter.reliability.figures import codes
from noisefilter.reliability.grouping import Groups, connected
from noisefilter.reliability.neighbours import Article, Page, article_of
from noisefilter.reliability.pairs import Pairs, agreement_features, candidate_pairs, probabilities
from noisefilter.reliability.rivals import rivals
from noisefilter.reliability.similarity import ClaimTable, Rarity, WordCounts, read_table

Ints = NDArray[np.int64]

# Probability from which two claims are one fact.
SAME_FACT = 0.5
# Claims from which on no further event is matched with the others at hand; speed is flat from 500 to 4000.
BATCH = 1000


@dataclass
class Fact:
    """Claims that say the same of one thing, and the facts that cannot be true beside it, by their numbers."""

    claims: list[int]
    rivals: dict[int, float] = field(default_factory=dict)


def match(
    claims: Sequence[Claim],
    articles: Iterable[tuple[Article, Article]],
    copies: Mapping[Page, int] | None = None,
    judge: Judge | None = None,
    rarity: Rarity | None = None,
) -> list[Fact]:
    """Group the claims of several sources into facts, comparing those of the paired articles; every claim is in exactly one.

    `copies` gives pages that copy one another one number: they bear each other out no more than a page does itself. A `judge` is asked
    about conflicts that are borderline, see entailment.py; `rarity` is by default that of the words of the claims that are compared.
    """
    pairs = list(articles)
    compared = {article for pair in pairs for article in pair}
    chosen = [number for number, claim in enumerate(claims) if article_of(claim) in compared]
    if rarity is None:
        rarity = WordCounts.of(claims[number] for number in chosen).rarity()
    events = _events(pairs)
    facts: list[Fact] = []
    for numbers, tied in _batches(claims, chosen, pairs, events):
        own = [claims[number] for number in numbers]
        first = len(facts)
        for fact in _match(own, tied, voices_of(own, copies or {}, events.root), judge, rarity):
            beside = {first + other: likely for other, likely in fact.rivals.items()}
            facts.append(Fact([numbers[number] for number in fact.claims], beside))
    return facts + [Fact([number]) for number in sorted(set(range(len(claims))).difference(chosen))]


_Tied = list[tuple[Article, Article]]


def _events(pairs: _Tied) -> Groups[Page]:
    """The pages that pairs of articles tie together."""
    events = Groups[Page]()
    for one, other in pairs:
        events.join(one[:2], other[:2])
    return events


def _batches(claims: Sequence[Claim], chosen: Sequence[int], pairs: _Tied, events: Groups[Page]) -> Iterator[tuple[list[int], _Tied]]:
    """The claims of some events at a time, with their pairs of articles."""
    tied: dict[Page, _Tied] = defaultdict(list)
    for pair in pairs:
        tied[events.root(pair[0][:2])].append(pair)
    members: dict[Page, list[int]] = defaultdict(list)
    for number in chosen:
        members[events.root((claims[number].source, claims[number].document_id))].append(number)
    numbers: list[int] = []
    together: _Tied = []
    for event, own in members.items():
        numbers += own
        together += tied[event]
        if len(numbers) >= BATCH:
            yield sorted(numbers), together
            numbers, together = [], []
    if numbers:
        yield sorted(numbers), together


def voices_of(claims: Sequence[Claim], copies: Mapping[Page, int], event_of: Callable[[Page], Hashable]) -> Ints:
    """The number of each claim's voice: its source in its event, those that copy one another as one."""
    pages = [(claim.source, claim.document_id) for claim in claims]
    return np.array(codes((event_of(page), copies.get(page, page[0])) for page in pages), np.int64)


def _match(claims: Sequence[Claim], articles: _Tied, voice: Ints, judge: Judge | None, rarity: Rarity) -> list[Fact]:
    """The facts of some events."""
    table = read_table(claims, rarity)
    pairs = candidate_pairs(table, articles)
    fact = join(table, pairs)
    facts = facts_of(fact)
    found = rivals(table, pairs, fact, voice)
    if judge is not None:
        found = settle(found, {number: claims[own.claims[0]].sentence for number, own in enumerate(facts)}, judge)
    for (one, other), likely in found.items():
        facts[one].rivals[other] = facts[other].rivals[one] = likely
    return facts


def join(table: ClaimTable, pairs: Pairs) -> Ints:
    """The number of each claim's fact: claims are joined by agreement. Facts are numbered in the order of their first claims."""
    at = np.flatnonzero(pairs.agrees)
    same = at[probabilities(agreement_features(table, pairs, at), match_weights.AGREEMENT) >= SAME_FACT]
    return np.unique(connected(pairs.a[same], pairs.b[same], len(table)), return_inverse=True)[1]


def facts_of(fact: Ints) -> list[Fact]:
    """The claims of each fact, given the fact of each claim."""
    facts = [Fact([]) for _ in range(int(fact.max(initial=-1)) + 1)]
    for number, name in enumerate(fact.tolist()):
        facts[name].claims.append(number)
    return facts


__all__ = ["Fact", "facts_of", "join", "match", "voices_of"]
