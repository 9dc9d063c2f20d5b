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
from noisefilter.reliability.attribution import NONE, VAGUE
from noisefilter.reliability.entailment import Judge, settle
from noisefilter.reliability.grouping import Groups
from noisefilter.reliability.measures import COUNT, agree, distance, exclude
from noisefilter.reliability.similarity import FEATURES, N_WORDING, Profile, Rarity, WordCounts, features, profiles
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
# Odds that a claim has no counterpart in another article: one in twenty of those of a pair whose wording leaves it open.
NO_PARTNER = 0.05
# Log-odds. Wording is never surer than this.
_FARTHEST = 8.0
# Pairs of claims that two articles may put up for comparison; beyond it only those with a word in common near the number.
MOST_PAIRS = 20_000

_NEAR, _WIDE = FEATURES.index("near"), FEATURES.index("wide")
_CHOICES, _ROLE = FEATURES.index("choices"), FEATURES.index("role")
_TOPIC = FEATURES.index("topic")
_SHARES, _MARGINS = slice(_TOPIC + 1, _TOPIC + 3), slice(_TOPIC + 3, _TOPIC + 5)
_NEAR_BEST, _WIDE_BEST = FEATURES.index("near_best"), FEATURES.index("wide_best")


@dataclass
class Fact:
    """Claims that say the same of one thing, and the facts that cannot be true beside it, by their numbers."""

    claims: list[int]
    rivals: dict[int, float] = field(default_factory=dict)


@dataclass(slots=True)
class Pair:
    """Two claims of different sources and of one kind: their numbers, features, and how their figures stand to each other.

    `odds` are those that the wording alone gives of one thing.
    """

    a: int
    b: int
    X: list[float]
    agrees: bool
    is_apart: bool
    odds: float = 0.0


def match(
    claims: Sequence[Claim],
    articles: Iterable[tuple[Article, Article]],
    copies: Mapping[Page, int] | None = None,
    judge: Judge | None = None,
    rarity: Rarity | None = None,
) -> list[Fact]:
    """Group the claims of several sources into facts, comparing those of the paired articles; every claim is in exactly one.

    `copies` gives pages that copy one another one number: they bear each other out no more than a page does itself. A `judge` is asked
    about conflicts that are borderline, see entailment.py; `rarity` is by default that of the words of these claims.
    """
    pairs_of_articles = set(articles)
    compared = {article for pair in pairs_of_articles for article in pair}
    chosen = [number for number, claim in enumerate(claims) if article_of(claim) in compared]
    table = profiles([claims[number] for number in chosen], rarity)
    pairs = candidate_pairs(table, pairs_of_articles)
    facts = join(table, pairs)
    found = rivals(table, pairs, facts, copies or {})
    if judge is not None:
        found = settle(found, {number: table[fact.claims[0]].claim.sentence for number, fact in enumerate(facts)}, judge)
    for (one, other), likely in found.items():
        facts[one].rivals[other] = facts[other].rivals[one] = likely
    alone = [Fact([number]) for number, claim in enumerate(claims) if article_of(claim) not in compared]
    return [Fact([chosen[number] for number in fact.claims], fact.rivals) for fact in facts] + alone


Page = tuple[str, str]


def match_by_event(
    claims: Sequence[Claim],
    articles: Iterable[tuple[Article, Article]],
    copies: Mapping[Page, int] | None = None,
    judge: Judge | None = None,
) -> list[Fact]:
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
        for fact in match([claims[number] for number in numbers], tied[event], copies, judge, rarity):
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
    fill_topics(table, pairs)
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


def fill_topics(table: Sequence[Profile], pairs: Sequence[Pair]) -> None:
    """Fill in how likely the wording makes one thing of each pair, and how far it stands out among those of the two articles."""
    for pair in pairs:
        pair.X[_TOPIC] = topic = max(-_FARTHEST, min(_FARTHEST, _log_odds(wording(pair), match_weights.TOPIC)))
        pair.odds = math.exp(topic)
    groups = _by_side(table, pairs)
    sums = {key: math.fsum(pair.odds for pair in group) for key, group in groups.items()}
    best = {key: [*sorted((pair.X[_TOPIC] for pair in group), reverse=True)[:2], -_FARTHEST] for key, group in groups.items()}
    for pair in pairs:
        sides = _sides(table, pair)
        topic = pair.X[_TOPIC]
        pair.X[_SHARES] = sorted(pair.odds / (NO_PARTNER + sums[side]) for side in sides)
        pair.X[_MARGINS] = sorted(topic - best[side][topic == best[side][0]] for side in sides)


def wording(pair: Pair) -> list[float]:
    """The features of a pair that the figures themselves have no part in."""
    return [*pair.X[:_CHOICES], *pair.X[_CHOICES + 1 : N_WORDING]]


_Side = tuple[int, Article]


def _sides(table: Sequence[Profile], pair: Pair) -> tuple[_Side, _Side]:
    """Each claim of a pair with the article of the other: what competes for the same partner."""
    return (pair.a, article_of(table[pair.b].claim)), (pair.b, article_of(table[pair.a].claim))


def _by_side(table: Sequence[Profile], pairs: Sequence[Pair]) -> dict[_Side, list[Pair]]:
    groups: dict[_Side, list[Pair]] = defaultdict(list)
    for pair in pairs:
        for side in _sides(table, pair):
            groups[side].append(pair)
    return groups


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


def _log_odds(X: Sequence[float], weights: Sequence[float]) -> float:
    return sum([x * w for x, w in zip(X, weights, strict=True)])


def probability(X: Sequence[float], weights: Sequence[float]) -> float:
    """The logistic regression's answer."""
    return 1.0 / (1.0 + math.exp(-_log_odds(X, weights)))


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


def rivals(
    table: Sequence[Profile], pairs: Sequence[Pair], facts: Sequence[Fact], copies: Mapping[Page, int]
) -> dict[tuple[int, int], float]:
    """Pairs of facts that exclude each other, with the probability that they speak of the same thing."""
    return {
        key: likely
        for key, X in rival_features(table, pairs, facts, copies).items()
        if (likely := probability(X, match_weights.CONFLICT)) >= FAINTEST_RIVAL
    }


def rival_features(
    table: Sequence[Profile], pairs: Sequence[Pair], facts: Sequence[Fact], copies: Mapping[Page, int]
) -> dict[tuple[int, int], list[float]]:
    """The features of each pair of facts that some of their claims make comparable."""
    fact_of = {number: name for name, fact in enumerate(facts) for number in fact.claims}
    groups = _by_side(table, pairs)
    taken = {key: _taken(table, group) for key, group in groups.items()}
    between: dict[tuple[int, int], list[list[float]]] = defaultdict(list)
    for pair in pairs:
        one, other = fact_of[pair.a], fact_of[pair.b]
        if pair.is_apart and one != other:
            between[min(one, other), max(one, other)].append(pair.X + _rivalry(pair, [taken[side] for side in _sides(table, pair)]))
    voices = [_voices(table, fact, copies) for fact in facts]
    trust = _trust(table, facts, voices)
    return {
        (one, other): _between(table, (facts[one], facts[other]), (voices[one], voices[other]), rows) + _trusted(trust[one], trust[other])
        for (one, other), rows in between.items()
    }


_Voice = str | int


def _voices(table: Sequence[Profile], fact: Fact, copies: Mapping[Page, int]) -> set[_Voice]:
    """Who states a fact: its sources, those that copy one another as one."""
    claims = [table[number].claim for number in fact.claims]
    return {copies.get((claim.source, claim.document_id), claim.source) for claim in claims}


def _trust(table: Sequence[Profile], facts: Sequence[Fact], voices: Sequence[set[_Voice]]) -> list[tuple[float, float, float]]:
    """Of each fact: how far others bear out the rest of what its best voice says, and how much of it is vague or nobody's."""
    stated: Counter[_Voice] = Counter()
    backed: Counter[_Voice] = Counter()
    for names in voices:
        stated.update(names)
        backed.update(names if len(names) > 1 else ())
    found = []
    for fact, names in zip(facts, voices, strict=True):
        attributions = Counter(table[number].claim.attribution for number in fact.claims)
        best = max((1 + backed[name] - (len(names) > 1)) / (2 + stated[name]) for name in names)
        found.append((best, attributions[VAGUE] / len(fact.claims), attributions[NONE] / len(fact.claims)))
    return found


def _trusted(one: tuple[float, float, float], other: tuple[float, float, float]) -> list[float]:
    """What one knows of the two facts' sources, the lesser first."""
    backed, vague, nobody = (sorted(both) for both in zip(one, other, strict=True))
    return [*backed, backed[1] - backed[0], vague[1], *nobody]


def _taken(table: Sequence[Profile], group: Sequence[Pair]) -> tuple[float, float]:
    """How strongly all pairs of one side compete, and how probably the claim has a partner that says the same."""
    agreed = [probability(agreement_features(table, pair), match_weights.AGREEMENT) if pair.agrees else 0.0 for pair in group]
    odds = (likely / (1 - likely) if pair.agrees else pair.odds for pair, likely in zip(group, agreed, strict=True))
    return math.fsum(odds), max(agreed, default=0.0)


def _rivalry(pair: Pair, sides: Sequence[tuple[float, float]]) -> list[float]:
    """Whether two figures that exclude each other are left for each other when those that agree have found their partners."""
    shares = sorted(pair.odds / (NO_PARTNER + strength) for strength, _ in sides)
    return [*shares, shares[0] * shares[1], *sorted(agreed for _, agreed in sides)]


def _between(
    table: Sequence[Profile], facts: tuple[Fact, Fact], voices: tuple[set[_Voice], set[_Voice]], rows: list[list[float]]
) -> list[float]:
    sources = [{table[number].claim.source for number in fact.claims} for fact in facts]
    values = [max(abs(table[fact.claims[0]].measure.value), 1e-9) for fact in facts]
    ratio = abs(math.log(values[0] / values[1])) if all(math.isfinite(value) for value in values) else math.inf
    columns = list(zip(*rows, strict=True))
    sizes = sorted(min(4, len(names)) for names in voices)
    return [
        *map(max, columns),
        *(sum(column) / len(rows) for column in columns),
        float(bool(sources[0] & sources[1])),
        float(sizes[0]),
        float(sizes[1]),
        min(ratio, 3.0),
        float(ratio > 2.5),
        float(ratio < 0.1),
        float(_is_slip(*values)),
    ]


def _is_slip(one: float, other: float) -> bool:
    """Whether the digits of one value are those of the other, out of place: 63 and 36, 1.87 and 187."""
    if not (math.isfinite(one) and math.isfinite(other)):
        return False
    digits = [f"{value:.6g}".partition("e")[0].replace(".", "").strip("0") for value in (one, other)]
    return len(digits[0]) > 1 and (digits[0] == digits[1] or sorted(digits[0]) == sorted(digits[1]))
