"""The slow reference of matching: two claims at a time, as Python objects, by the same rules and in the same order of features."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from noisefilter.records import Claim
from noisefilter.reliability import match_weights
from noisefilter.reliability import similarity as settings
from noisefilter.reliability.attribution import NONE, VAGUE
from noisefilter.reliability.measures import COUNT, Measure, agree, distance, exclude, measure
from noisefilter.reliability.neighbours import Article, Page, article_of
from noisefilter.reliability.pairs import FARTHEST, FEATURES, MOST_PAIRS, NO_PARTNER, WORDING
from noisefilter.reliability.wording import STOPWORDS, WORD, concepts, stem

Bag = dict[str, float]
TIE = 1e-9
_TOKEN = re.compile(r"\d[\d.,]*|[^\W\d_]+(?:[’'\-][^\W\d_]+)*")


@dataclass
class Profile:
    """What a claim is compared by."""

    claim: Claim
    measure: Measure
    near: Bag
    sentence: Bag
    wide: Bag
    counted: set[str]
    extra: set[str]
    act: set[str]
    role: set[str]
    names: set[str]
    numbers: set[float]
    direction: int


@dataclass
class Pair:
    """Two claims, their features by name, and how their figures stand."""

    a: int
    b: int
    X: dict[str, float]
    agrees: bool
    is_apart: bool


def content(text: str) -> list[str]:
    return [word for word in WORD.findall(text) if word.lower() not in STOPWORDS]


def walk(words: Iterable[str]) -> list[tuple[str, float]]:
    found, weight = [], 1.0
    for step, word in enumerate(words, 1):
        if word[0].isdigit():
            weight *= settings.BEYOND_NUMBER
        elif word.lower() not in STOPWORDS:
            found.append((stem(word), weight / (1 + step / settings.HALF_DISTANCE)))
    return found


def bag(tokens: Iterable[tuple[str, float]], rarity: Mapping[str, float]) -> Bag:
    found: Bag = {}
    for token, near in tokens:
        for name in (token, *(f"={concept}" for concept in concepts(token))):
            found[name] = max(found.get(name, 0.0), near * rarity.get(name, 1.0))
    length = math.sqrt(math.fsum(weight * weight for weight in found.values()))
    return {token: weight / length for token, weight in found.items()}


def profile(claim: Claim, others: Sequence[Claim], rarity: Mapping[str, float]) -> Profile:
    own, at = measure(claim), claim.quantity.start - claim.sentence_start
    until = at + len(claim.quantity.text)
    left = _TOKEN.findall(claim.sentence, max(0, at - settings.REACH), at)
    right = _TOKEN.findall(claim.sentence, until, until + settings.REACH)
    near = [(token, 1.0) for token, _ in walk(_TOKEN.findall(claim.quantity.text))] + walk(left[::-1]) + walk(right)
    heads = [stem(word) for word in content(claim.counted)]
    close = {name for token, weight in near if weight > settings._CLOSE for name in concepts(token)}
    sentence = [(stem(word), 1.0) for word in content(claim.sentence)]
    setting = [(stem(word), settings.SETTING_WEIGHT) for word in content(claim.setting)]
    return Profile(
        claim=claim,
        measure=own,
        near=bag(near, rarity),
        sentence=bag(sentence, rarity),
        wide=bag(sentence + setting, rarity),
        counted={name for head in heads[-1:] for name in (head, *(f"={concept}" for concept in concepts(head)))},
        extra=set(heads[:-1]),
        act=close & settings.ACTS,
        role={name for token, weight in near if weight > settings._CLOSEST for name in concepts(token)},
        names={stem(word) for word in content(claim.sentence) if word[0].isupper()},
        numbers={measure(other).value for other in others[: settings._MOST_NUMBERS]} - {own.value},
        direction=("rise" in close) - ("fall" in close),
    )


def profiles(claims: Sequence[Claim], rarity: Mapping[str, float]) -> list[Profile]:
    together: dict[tuple[str, str, int], list[Claim]] = defaultdict(list)
    for claim in claims:
        together[claim.source, claim.document_id, claim.sentence_start].append(claim)
    return [profile(claim, together[claim.source, claim.document_id, claim.sentence_start], rarity) for claim in claims]


def cosine(a: Bag, b: Bag) -> float:
    return math.fsum(weight * b[token] for token, weight in a.items() if token in b)


def overlap(a: set[str], b: set[str]) -> float:
    return len(a & b) / max(1, min(len(a), len(b)))


def apart(a: set[str], b: set[str]) -> float:
    return float(bool(a and b and not a & b))


def features(a: Profile, b: Profile) -> dict[str, float]:
    times, places = (a.claim.time, b.claim.time), (set(a.claim.place), set(b.claim.place))
    return dict.fromkeys(FEATURES, 0.0) | {
        "one": 1.0,
        "near": cosine(a.near, b.near),
        "sentence": cosine(a.sentence, b.sentence),
        "wide": cosine(a.wide, b.wide),
        "counted": overlap(a.counted, b.counted),
        "counted_apart": apart(a.counted, b.counted),
        "act": overlap(a.act, b.act),
        "act_apart": apart(a.act, b.act),
        "time_same": float(all(times) and times[0] == times[1]),
        "time_apart": float(all(times) and times[0] != times[1]),
        "place_same": float(bool(places[0] & places[1])),
        "place_apart": apart(*places),
        "names": overlap(a.names, b.names),
        "rate_apart": float(a.measure.per != b.measure.per),
        "is_count": float(a.measure.kind == COUNT),
        "neighbours": float(min(2, len(a.numbers & b.numbers))),
        "modifiers": overlap(a.extra, b.extra),
        "direction_apart": float(a.direction * b.direction < 0),
        "role": overlap(a.role, b.role),
        "role_apart": apart(a.role, b.role),
    }


def compared(a: Profile, b: Profile) -> bool:
    """Whether two claims of neighbouring articles are a pair, were the articles not crowded."""
    if a.measure.kind == b.measure.kind:
        return True
    bare = any(one.measure.is_bare and one.measure.kind == COUNT for one in (a, b))
    return bare and agree(a.measure, b.measure)


def candidate_pairs(table: Sequence[Profile], articles: Iterable[tuple[Article, Article]]) -> list[Pair]:
    by_article: dict[Article, list[int]] = defaultdict(list)
    for number, own in enumerate(table):
        by_article[article_of(own.claim)].append(number)
    pairs: list[Pair] = []
    for one, other in sorted(articles):
        found = []
        kinds = [Counter(table[number].measure.kind for number in by_article[article]) for article in (one, other)]
        for a in by_article[one]:
            for b in by_article[other]:
                x, y = table[a], table[b]
                if compared(x, y):
                    agrees = agree(x.measure, y.measure)
                    crowded = x.measure.kind == y.measure.kind and kinds[0][x.measure.kind] * kinds[1][x.measure.kind] > MOST_PAIRS
                    if not crowded or agrees or x.near.keys() & y.near.keys():
                        found.append(Pair(a, b, features(x, y), agrees, not agrees and exclude(x.measure, y.measure)))
        fill_ranks(found)
        pairs += found
    fill_topics(table, pairs)
    return pairs


def fill_ranks(pairs: Sequence[Pair]) -> None:
    """The features that compare a pair with the others of its two articles."""
    sides: tuple[Callable[[Pair], int], Callable[[Pair], int]] = (lambda pair: pair.a, lambda pair: pair.b)
    for pair in pairs:
        groups = [[other for other in pairs if side(other) == side(pair)] for side in sides]
        for name in ("near", "wide"):
            best = sum(0.5 for group in groups if pair.X[name] >= max(other.X[name] for other in group) - TIE)
            pair.X[f"{name}_best"] = best if pair.X[name] > 0 else 0.0
        if pair.agrees:
            pair.X["choices"] = float(min(4, sum(other.agrees for group in groups for other in group) - 2))


def groups_of(table: Sequence[Profile], pairs: Sequence[Pair]) -> dict[tuple[int, Article], list[Pair]]:
    groups: dict[tuple[int, Article], list[Pair]] = defaultdict(list)
    for pair in pairs:
        for side in sides_of(table, pair):
            groups[side].append(pair)
    return groups


def sides_of(table: Sequence[Profile], pair: Pair) -> list[tuple[int, Article]]:
    return [(pair.a, article_of(table[pair.b].claim)), (pair.b, article_of(table[pair.a].claim))]


def fill_topics(table: Sequence[Profile], pairs: Sequence[Pair]) -> None:
    for pair in pairs:
        wording = [pair.X[name] for name in WORDING if name != "choices"]
        pair.X["topic"] = max(-FARTHEST, min(FARTHEST, log_odds(wording, match_weights.TOPIC)))
    groups = groups_of(table, pairs)
    for pair in pairs:
        shares, margins = [], []
        for side in sides_of(table, pair):
            others = [other.X["topic"] for other in groups[side] if other is not pair]
            shares.append(math.exp(pair.X["topic"]) / (NO_PARTNER + math.fsum(map(math.exp, [pair.X["topic"], *others]))))
            margins.append(pair.X["topic"] - max(others, default=-FARTHEST))
        pair.X |= dict(zip(("share_low", "share_high", "margin_low", "margin_high"), sorted(shares) + sorted(margins), strict=True))


def log_odds(X: Sequence[float], weights: Sequence[float]) -> float:
    return math.fsum(x * weight for x, weight in zip(X, weights, strict=True))


def probability(X: Sequence[float], weights: Sequence[float]) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds(X, weights)))


def agreement(table: Sequence[Profile], pair: Pair) -> float:
    """The probability that two figures that allow one another are one fact."""
    a, b = table[pair.a].measure, table[pair.b].measure
    digits = min(a.digits, b.digits)
    gap = distance(a, b) if any((a.is_bound, b.is_bound, a.is_range, b.is_range)) else 0.0
    plain, only, best = float(digits == 1), float(pair.X["choices"] == 0), max(pair.X["near"], pair.X["wide"])
    figures = [min(digits, 5), plain, float(a.is_bare or b.is_bare), min(gap, 1.0), only, only * (1 - plain)]
    X = [*pair.X.values(), *figures, best, best * plain, pair.X["role"] * plain]
    return probability(X, match_weights.AGREEMENT)


def conflicts(
    table: Sequence[Profile], pairs: Sequence[Pair], fact: Sequence[int], copies: Mapping[Page, int]
) -> dict[tuple[int, int], float]:
    """The probability of each two facts that exclude each other that they speak of one thing; all claims are of one event."""
    groups = groups_of(table, pairs)
    agreed = {id(pair): agreement(table, pair) if pair.agrees else 0.0 for pair in pairs}
    rows: dict[tuple[int, int], list[list[float]]] = defaultdict(list)
    for pair in pairs:
        one, other = sorted((fact[pair.a], fact[pair.b]))
        if pair.is_apart and one != other:
            sides = [groups[side] for side in sides_of(table, pair)]
            shares = sorted(math.exp(pair.X["topic"]) / (NO_PARTNER + math.fsum(odds(own, agreed) for own in side)) for side in sides)
            taken = sorted(max(agreed[id(own)] for own in side) for side in sides)
            rows[one, other].append([*pair.X.values(), *shares, shares[0] * shares[1], *taken])
    members = {name: [own for own, its in zip(table, fact, strict=True) if its == name] for name in set(fact)}
    voices = {
        name: {copies.get((own.claim.source, own.claim.document_id), own.claim.source) for own in those} for name, those in members.items()
    }
    found = {}
    for (one, other), those in rows.items():
        columns = list(zip(*those, strict=True))
        X = [*map(max, columns), *(math.fsum(column) / len(those) for column in columns)]
        X += stated(members[one], members[other], sorted(min(4, len(voices[name])) for name in (one, other)))
        X += trusted(*((backing(voices, name), *attributed(members[name])) for name in (one, other)))
        found[one, other] = probability(X, match_weights.CONFLICT)
    return found


def odds(pair: Pair, agreed: Mapping[int, float]) -> float:
    return agreed[id(pair)] / (1 - agreed[id(pair)]) if pair.agrees else math.exp(pair.X["topic"])


def stated(one: Sequence[Profile], other: Sequence[Profile], sizes: Sequence[int]) -> list[float]:
    sources = [{own.claim.source for own in those} for those in (one, other)]
    values = [max(abs(those[0].measure.value), 1e-9) for those in (one, other)]
    ratio = abs(math.log(values[0] / values[1])) if all(map(math.isfinite, values)) else math.inf
    digits = [f"{value:.6g}".partition("e")[0].replace(".", "").strip("0") for value in values]
    slip = all(map(math.isfinite, values)) and len(digits[0]) > 1 and sorted(digits[0]) == sorted(digits[1])
    return [float(bool(sources[0] & sources[1])), *map(float, sizes), min(ratio, 3.0), float(ratio > 2.5), float(ratio < 0.1), float(slip)]


def attributed(members: Sequence[Profile]) -> tuple[float, float]:
    said = Counter(own.claim.attribution for own in members)
    return said[VAGUE] / len(members), said[NONE] / len(members)


def backing(voices: Mapping[int, set[str | int]], fact: int) -> float:
    """How far others bear out the rest of what the best voice of a fact says."""
    shares = []
    for name in voices[fact]:
        rest = [names for other, names in voices.items() if name in names and other != fact]
        shares.append((1 + sum(len(names) > 1 for names in rest)) / (3 + len(rest)))
    return max(shares)


def trusted(one: tuple[float, float, float], other: tuple[float, float, float]) -> list[float]:
    backed, vague, nobody = (sorted(both) for both in zip(one, other, strict=True))
    return [*backed, backed[1] - backed[0], vague[1], *nobody]
