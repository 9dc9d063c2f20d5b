"""Claims → facts: which claims of different sources speak of the same thing, and whether they agree.

Method
------
1. *Neighbours.* Two articles are compared when they share rare words in the sentences that hold their claims; no other pair is looked at.
2. *Agreement.* Two claims of one kind whose figures allow one another are joined when their wording makes it likely that they speak of
   the same thing (`similarity.py`). An unusual figure needs less of that than a small round one: 28,740 is seldom met by chance, 3 is.
   Joined claims are one fact.
3. *Conflict.* Two facts whose figures exclude each other are rivals when their wording is alike, each is the other's nearest, and they do
   not come from the same source or from different times.

The weights of 2 and 3 are logistic regressions over named features, fitted by scripts/train_matching.py (see match_weights.py).
Limit: conflict between sources is found far less surely than agreement, for two different things are often counted in like words.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeVar

from noisefilter.records import Claim
from noisefilter.reliability import match_weights
from noisefilter.reliability.entailment import Judge, settle
from noisefilter.reliability.grouping import Groups
from noisefilter.reliability.measures import COUNT, agree, distance, exclude
from noisefilter.reliability.similarity import FEATURES, Profile, Rarity, WordCounts, features, profiles
from noisefilter.reliability.wording import stem, stems

# Articles. A word in more of them ties nothing together.
COMMON_WORD = 30
# Rare words that two articles must share to be compared.
FEWEST_SHARED = 3
# Articles with which each is compared, those it shares most with.
NEIGHBOURS = 20
# Pages in one event, that is, tied together by the pairs that are compared; weaker pairs that would make a larger one are not compared.
# It bounds the memory of matching: up to 1 MB a page where each has its 20 neighbours. The events of the clusters have 7 pages at most.
MOST_IN_EVENT = 300
# Probability from which two claims are one fact.
SAME_FACT = 0.5
# Probability under which two facts are not taken for rivals at all.
FAINTEST_RIVAL = 0.005
# Pairs of claims that two articles may put up for comparison; beyond it only those with a word in common near the number.
MOST_PAIRS = 20_000

_NEAR, _WIDE = FEATURES.index("near"), FEATURES.index("wide")
_CHOICES, _ROLE = FEATURES.index("choices"), FEATURES.index("role")
_NEAR_BEST, _WIDE_BEST = FEATURES.index("near_best"), FEATURES.index("wide_best")


@dataclass
class Fact:
    """Claims that say the same of one thing, and the facts that cannot be true beside it, by their numbers."""

    claims: list[int]
    rivals: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Pair:
    """Two claims of different sources and of one kind: their numbers, features, and how their figures stand to each other."""

    a: int
    b: int
    X: list[float]
    agrees: bool
    is_apart: bool


def match(
    claims: Sequence[Claim],
    articles: Iterable[tuple[Article, Article]],
    judge: Judge | None = None,
    rarity: Rarity | None = None,
) -> list[Fact]:
    """Group the claims of several sources into facts, comparing those of the paired articles; every claim is in exactly one.

    A `judge` is asked about conflicts that are borderline, see entailment.py; `rarity` is by default that of the words of these claims.
    """
    pairs_of_articles = set(articles)
    compared = {article for pair in pairs_of_articles for article in pair}
    chosen = [number for number, claim in enumerate(claims) if article_of(claim) in compared]
    table = profiles([claims[number] for number in chosen], rarity)
    pairs = candidate_pairs(table, pairs_of_articles)
    facts = join(table, pairs)
    found = rivals(table, pairs, facts)
    if judge is not None:
        found = settle(found, {number: table[fact.claims[0]].claim.sentence for number, fact in enumerate(facts)}, judge)
    for (one, other), likely in found.items():
        facts[one].rivals[other] = facts[other].rivals[one] = likely
    alone = [Fact([number]) for number, claim in enumerate(claims) if article_of(claim) not in compared]
    return [Fact([chosen[number] for number in fact.claims], fact.rivals) for fact in facts] + alone


def match_by_event(claims: Sequence[Claim], articles: Iterable[tuple[Article, Article]], judge: Judge | None = None) -> list[Fact]:
    """`match` for each event by itself, an event being the pages that the pairs of articles tie together."""
    pairs = list(articles)
    compared = {article for pair in pairs for article in pair}
    rarity = WordCounts.of(claim for claim in claims if article_of(claim) in compared).rarity()
    events = Groups[tuple[str, str]]()
    for one, other in pairs:
        events.join(one[:2], other[:2])
    tied: dict[tuple[str, str], list[tuple[Article, Article]]] = defaultdict(list)
    for pair in pairs:
        tied[events.root(pair[0][:2])].append(pair)
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, claim in enumerate(claims):
        members[events.root(article_of(claim)[:2])].append(number)
    facts: list[Fact] = []
    for event, numbers in members.items():
        first = len(facts)
        for fact in match([claims[number] for number in numbers], tied[event], judge, rarity):
            beside = {first + other: likely for other, likely in fact.rivals.items()}
            facts.append(Fact([numbers[number] for number in fact.claims], beside))
    return facts


Article = tuple[str, str, int]


def article_of(claim: Claim) -> Article:
    """The article that a claim stands in."""
    return claim.source, claim.document_id, claim.article or 0


def neighbours(claims: Sequence[Claim], texts: Mapping[Article, str] | None = None) -> set[tuple[Article, Article]]:
    """Pairs of articles of different sources that share rare words around their figures, or rare names in their `texts`."""
    words: dict[Article, set[str]] = defaultdict(set)
    for claim in claims:
        words[article_of(claim)].update(stems(claim.sentence))
    for article, text in (texts or {}).items():
        if article in words:
            words[article].update(names_in(text))
    holders: dict[str, list[Article]] = defaultdict(list)
    for article, found in words.items():
        for word in found:
            holders[word].append(article)
    shared: Counter[tuple[Article, Article]] = Counter()
    for articles in holders.values():
        if 1 < len(articles) <= COMMON_WORD:
            shared.update(combinations(sorted(articles), 2))
    rare = {pair: n for pair, n in shared.items() if n >= FEWEST_SHARED and pair[0][0] != pair[1][0]}
    return set(strongest(sorted(rare, key=lambda pair: (-rare[pair], pair)), lambda article: article[:2]))


def names_in(text: str) -> set[str]:
    """The stems of the capitalised words inside the sentences of a text."""
    return {stem(name) for name in set(_NAME.findall(text))}


_NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][a-z]{3,}")


def comparable_articles(
    articles: Iterable[tuple[Article, Article]], are_two_voices: Callable[[tuple[str, str], tuple[str, str]], bool]
) -> set[Article]:
    """The articles that have a neighbour of another voice: somebody else reports on their event."""
    found: set[Article] = set()
    for one, other in articles:
        if are_two_voices(one[:2], other[:2]):
            found.update((one, other))
    return found


K = TypeVar("K", bound=Hashable)
P = TypeVar("P", bound=Hashable)


def strongest(pairs: Iterable[tuple[K, K]], page_of: Callable[[K], P], most: int = MOST_IN_EVENT) -> Iterator[tuple[K, K]]:
    """Of pairs of articles, strongest first, those that are compared: so many of each article, and so many pages in one event.

    >>> list(strongest([(1, 2), (3, 4), (2, 3), (5, 6)], lambda article: article, most=3))
    [(1, 2), (3, 4), (5, 6)]
    """
    kept: Counter[K] = Counter()
    events = Groups[P]()
    for one, other in pairs:
        if min(kept[one], kept[other]) < NEIGHBOURS and events.join(page_of(one), page_of(other), most):
            kept.update((one, other))
            yield one, other


def candidate_pairs(table: Sequence[Profile], articles: Iterable[tuple[Article, Article]]) -> list[Pair]:
    """The pairs of claims that neighbouring articles put up for comparison, with their features."""
    by_article: dict[Article, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, profile in enumerate(table):
        by_article[article_of(profile.claim)][profile.measure.kind].append(number)
    pairs: list[Pair] = []
    for one, other in sorted(articles):
        found: list[Pair] = []
        for kind in sorted(by_article[one].keys() & by_article[other].keys()):
            found += _compare(table, by_article[one][kind], by_article[other][kind])
        found += _compare_bare(table, by_article[one], by_article[other])
        pairs += _with_ranks(found)
    return pairs


def _compare(table: Sequence[Profile], ones: Sequence[int], others: Sequence[int]) -> Iterable[Pair]:
    crowded = len(ones) * len(others) > MOST_PAIRS
    for a in ones:
        for b in others:
            agrees = agree(table[a].measure, table[b].measure)
            if crowded and not agrees and not (table[a].near.keys() & table[b].near.keys()):
                continue
            is_apart = not agrees and exclude(table[a].measure, table[b].measure)
            yield Pair(a, b, features(table[a], table[b]), agrees, is_apart)


def _compare_bare(table: Sequence[Profile], one: Mapping[str, list[int]], other: Mapping[str, list[int]]) -> Iterable[Pair]:
    """A number without a unit beside the same number with one, as in "the union's 18" and "18 per cent"."""
    bare = [[number for number in side.get(COUNT, ()) if table[number].measure.is_bare] for side in (one, other)]
    rest = [[number for kind in sorted(side) if kind != COUNT for number in side[kind]] for side in (one, other)]
    for ones, others in ((bare[0], rest[1]), (rest[0], bare[1])):
        for a in ones:
            for b in others:
                if agree(table[a].measure, table[b].measure):
                    yield Pair(a, b, features(table[a], table[b]), True, False)


def _with_ranks(pairs: list[Pair]) -> list[Pair]:
    """Fill in whether each is the other's nearest among the claims of the two articles: 0, half or 1."""
    for source, column in ((_NEAR, _NEAR_BEST), (_WIDE, _WIDE_BEST)):
        best: dict[int, float] = defaultdict(float)
        for pair in pairs:
            value = pair.X[source]
            best[pair.a] = max(best[pair.a], value)
            best[pair.b] = max(best[pair.b], value)
        for pair in pairs:
            value = pair.X[source]
            pair.X[column] = 0.5 * (value >= best[pair.a]) + 0.5 * (value >= best[pair.b]) if value > 0 else 0.0
    choices: Counter[int] = Counter()
    for pair in pairs:
        if pair.agrees:
            choices.update((pair.a, pair.b))
    for pair in pairs:
        pair.X[_CHOICES] = float(min(choices[pair.a] + choices[pair.b] - 2, 4)) if pair.agrees else 0.0
    return pairs


def agreement_features(table: Sequence[Profile], pair: Pair) -> list[float]:
    """The features by which two figures that allow one another are judged: those of the wording, and how unusual the figure is."""
    digits = min(table[pair.a].measure.digits, table[pair.b].measure.digits)
    a, b = table[pair.a].measure, table[pair.b].measure
    gap = distance(a, b) if a.is_bound or b.is_bound or a.is_range or b.is_range else 0.0
    is_plain, is_only = float(digits == 1), float(pair.X[_CHOICES] == 0)
    best = max(pair.X[_NEAR], pair.X[_WIDE])
    return [
        *pair.X,
        float(min(digits, 5)),
        is_plain,
        float(a.is_bare or b.is_bare),
        min(gap, 1.0),
        is_only,
        is_only * (1 - is_plain),
        best,
        best * is_plain,
        pair.X[_ROLE] * is_plain,
    ]


def probability(X: Sequence[float], weights: Sequence[float]) -> float:
    """The logistic regression's answer."""
    return 1.0 / (1.0 + math.exp(-sum(x * w for x, w in zip(X, weights, strict=True))))


def join(table: Sequence[Profile], pairs: Sequence[Pair]) -> list[Fact]:
    """Facts: claims joined by agreement, and a source's own repetitions of the same words joined to them."""
    parent = list(range(len(table)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for pair in pairs:
        if pair.agrees and probability(agreement_features(table, pair), match_weights.AGREEMENT) >= SAME_FACT:
            parent[root(pair.a)] = root(pair.b)
    grouped: dict[int, list[int]] = defaultdict(list)
    for number in range(len(table)):
        grouped[root(number)].append(number)
    return [Fact(members) for members in grouped.values()]


def rivals(table: Sequence[Profile], pairs: Sequence[Pair], facts: Sequence[Fact]) -> dict[tuple[int, int], float]:
    """Pairs of facts that exclude each other, with the probability that they speak of the same thing."""
    return {
        key: likely
        for key, X in rival_features(table, pairs, facts).items()
        if (likely := probability(X, match_weights.CONFLICT)) >= FAINTEST_RIVAL
    }


def rival_features(table: Sequence[Profile], pairs: Sequence[Pair], facts: Sequence[Fact]) -> dict[tuple[int, int], list[float]]:
    """The features of each pair of facts that some of their claims make comparable."""
    fact_of = {number: name for name, fact in enumerate(facts) for number in fact.claims}
    between: dict[tuple[int, int], list[list[float]]] = defaultdict(list)
    for pair in pairs:
        one, other = fact_of[pair.a], fact_of[pair.b]
        if pair.is_apart and one != other:
            between[min(one, other), max(one, other)].append(pair.X)
    return {key: _between(table, facts[key[0]], facts[key[1]], rows) for key, rows in between.items()}


def _between(table: Sequence[Profile], one: Fact, other: Fact, rows: list[list[float]]) -> list[float]:
    sources = [{table[number].claim.source for number in fact.claims} for fact in (one, other)]
    values = [max(abs(table[fact.claims[0]].measure.value), 1e-9) for fact in (one, other)]
    ratio = abs(math.log(values[0] / values[1])) if all(math.isfinite(value) for value in values) else math.inf
    columns = list(zip(*rows, strict=True))
    sizes = sorted(min(4, len(found)) for found in sources)
    return [
        *map(max, columns),
        *(sum(column) / len(rows) for column in columns),
        float(bool(sources[0] & sources[1])),
        float(sizes[0]),
        float(sizes[1]),
        min(ratio, 3.0),
        float(ratio > 2.5),
    ]
