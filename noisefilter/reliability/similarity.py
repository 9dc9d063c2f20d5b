"""Two claims → how alike they are: named features of the pair, for the learned weights of matching.

Each claim becomes a profile once: its words near the number, in the sentence and around it, weighted by how rare they are among the
claims at hand and by how near they stand; the concepts (wording.py) of what is counted and done; date, places, rate. A pair is then
compared feature by feature. Nothing here looks at how close the two values are.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from noisefilter.records import Claim
from noisefilter.reliability.measures import COUNT, Measure, measure
from noisefilter.reliability.vocabulary import words
from noisefilter.reliability.wording import STOPWORDS, WORD, concepts, stem

Bag = dict[str, float]
# How much each word says.
Rarity = Mapping[str, float]

# Characters on either side of a number in which its words are looked for.
REACH = 160
# Words. A word this far from the number counts half as much as its neighbour.
HALF_DISTANCE = 4.0
# A word beyond the next number says as much less about this one.
BEYOND_NUMBER = 0.4
# A concept counts as much beside the word that carries it.
CONCEPT_WEIGHT = 1.0
# The sentences before count this much beside the sentence itself.
SETTING_WEIGHT = 0.35

_TOKEN = re.compile(r"\d[\d.,]*|[^\W\d_]+(?:[’'\-][^\W\d_]+)*")

_WORDING = (
    "one",
    "near",
    "sentence",
    "wide",
    "counted",
    "counted_apart",
    "act",
    "act_apart",
    "time_same",
    "time_apart",
    "place_same",
    "place_apart",
    "names",
    "rate_apart",
    "is_count",
    "neighbours",
    "modifiers",
    "near_best",
    "wide_best",
    "direction_apart",
    "choices",
    "role",
    "role_apart",
)
# Features of the wording alone; those that follow say how a pair stands beside the other pairs of its two articles (matching.py).
N_WORDING = len(_WORDING)
FEATURES = (*_WORDING, "topic", "share_low", "share_high", "margin_low", "margin_high")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a claim is compared by."""

    claim: Claim
    measure: Measure
    near: Bag
    sentence: Bag
    wide: Bag
    counted: frozenset[str]
    extra: frozenset[str]
    act: frozenset[str]
    role: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[float]
    direction: int


def profiles(claims: Sequence[Claim], rarity: Rarity | None = None) -> list[Profile]:
    """The profiles of claims that are to be compared with one another; `rarity` is by default that of the words of these claims."""
    sentences: dict[tuple[str, str, int], _Words] = {}
    values: dict[tuple[str, str, int], list[float]] = {}
    measures = [measure(claim) for claim in claims]
    for claim, own in zip(claims, measures, strict=True):
        key = _sentence_key(claim)
        if key not in sentences:
            sentences[key] = _Words(_whole(claim.sentence), _whole(claim.setting), _names(claim.sentence))
        values.setdefault(key, []).append(own.value)
    rarity = WordCounts.of(claims).rarity() if rarity is None else rarity
    weighed = {key: found.weighed(rarity) for key, found in sentences.items()}
    return [
        _profile(claim, own, weighed[_sentence_key(claim)], rarity, values[_sentence_key(claim)])
        for claim, own in zip(claims, measures, strict=True)
    ]


_Tokens = list[tuple[str, float]]


def _sentence_key(claim: Claim) -> tuple[str, str, int]:
    return claim.source, claim.document_id, claim.sentence_start


@dataclass(slots=True)
class _Words:
    """What the claims of one sentence share: its words, those before it, its names, and both as bags."""

    sentence: _Tokens
    setting: _Tokens
    names: frozenset[str]
    bag: Bag = field(default_factory=dict)
    wide: Bag = field(default_factory=dict)

    def weighed(self, rarity: Rarity) -> _Words:
        """The same with its bags filled in."""
        bag = _bag(self.sentence, rarity)
        wide = _bag(self.setting, rarity, SETTING_WEIGHT)
        for token, weight in bag.items():
            wide[token] = max(weight, wide.get(token, 0.0))
        return _Words(self.sentence, self.setting, self.names, _unit_length(bag), _unit_length(wide))


def _names(sentence: str) -> frozenset[str]:
    return frozenset(stem(word) for word in WORD.findall(sentence) if word[0].isupper() and word.lower() not in STOPWORDS)


def _whole(text: str) -> _Tokens:
    return [(stem(word), 1.0) for word in WORD.findall(text) if word.lower() not in STOPWORDS]


def _near(claim: Claim) -> _Tokens:
    """The stems of a number's own words and of those on either side, each with its weight by distance."""
    at = claim.quantity.start - claim.sentence_start
    until = at + len(claim.quantity.text)
    left = _walk(reversed(list(_TOKEN.finditer(claim.sentence, max(0, at - REACH), at))))
    right = _walk(_TOKEN.finditer(claim.sentence, until, until + REACH))
    return [(token, 1.0) for token, _ in _walk(_TOKEN.finditer(claim.quantity.text))] + left + right


def _walk(matches: Iterable[re.Match[str]]) -> _Tokens:
    found: _Tokens = []
    weight, steps = 1.0, 0
    for match in matches:
        word = match[0]
        steps += 1
        if word[0].isdigit():
            weight *= BEYOND_NUMBER
            continue
        if word.lower() in STOPWORDS:
            continue
        found.append((stem(word), weight / (1 + steps / HALF_DISTANCE)))
    return found


@dataclass
class WordCounts:
    """In how many claims' sentences each word and concept stands; counts of parts of a corpus are added with `update`."""

    n_claims: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, claims: Iterable[Claim]) -> WordCounts:
        """The counts of these claims."""
        counts = cls()
        counts.update(claims)
        return counts

    def update(self, claims: Iterable[Claim]) -> None:
        """Add more claims."""
        for _, group in groupby(claims, key=lambda claim: (_sentence_key(claim), claim.sentence)):
            same = list(group)
            found = {token for token, _ in _whole(same[0].sentence)}
            for token in found | {f"={name}" for word in found for name in concepts(word)}:
                self.seen[token] += len(same)
            self.n_claims += len(same)

    def rarity(self) -> Rarity:
        """How much each word says: ln(1 + claims / claims with the word)."""
        return {word: math.log(1 + self.n_claims / count) for word, count in self.seen.items()}


def _bag(tokens: _Tokens, rarity: Rarity, weight: float = 1.0) -> Bag:
    bag: Bag = {}
    for token, near in tokens:
        bag[token] = max(bag.get(token, 0.0), weight * near * rarity.get(token, 1.0))
        for concept in concepts(token):
            name = f"={concept}"
            bag[name] = max(bag.get(name, 0.0), CONCEPT_WEIGHT * weight * near * rarity.get(name, 1.0))
    return bag


def _unit_length(bag: Bag) -> Bag:
    length = math.sqrt(sum(weight * weight for weight in bag.values()))
    return {token: weight / length for token, weight in bag.items()} if length else {}


def _profile(claim: Claim, own: Measure, words: _Words, rarity: Rarity, numbers: list[float]) -> Profile:
    near = _near(claim)
    head, extra = _head(claim.counted)
    close = [token for token, weight in near if weight > _CLOSE]
    return Profile(
        claim=claim,
        measure=own,
        near=_unit_length(_bag(near, rarity)),
        sentence=words.bag,
        wide=words.wide,
        counted=head,
        extra=extra,
        act=frozenset(name for token in close for name in concepts(token) if name in ACTS),
        role=frozenset(name for token, weight in near if weight > _CLOSEST for name in concepts(token)),
        names=words.names,
        numbers=frozenset(number for number in numbers[:_MOST_NUMBERS] if number != own.value),
        direction=_direction(close),
    )


# Figures of one sentence that are compared with those of another.
_MOST_NUMBERS = 20
# Weight by distance above which a word belongs to the number: within five words on its side.
_CLOSE = 0.45
# And above which it is one of the three words nearest on its side.
_CLOSEST = 0.56
# Concepts that tell one statistic of the same people from another.
ACTS = words(
    """
    death injury missing arrest charge hospital critical evacuation rescue rise fall total average record_high minimum limit
    capacity absent vacant pass failure offer demand revenue profit loss debt asset fine price wage speed height length
    depth width area rain wind temperature power duration delay closure donation response vote
    """
)


def _head(counted: str) -> tuple[frozenset[str], frozenset[str]]:
    """The last word of what is counted, with its concepts, and the words before it."""
    found = [stem(word) for word in WORD.findall(counted) if word.lower() not in STOPWORDS]
    if not found:
        return frozenset(), frozenset()
    return frozenset((found[-1], *(f"={name}" for name in concepts(found[-1])))), frozenset(found[:-1])


def _direction(close: list[str]) -> int:
    names = {name for token in close for name in concepts(token)}
    return ("rise" in names) - ("fall" in names)


def cosine(a: Bag, b: Bag) -> float:
    """The cosine of two bags of unit length."""
    if len(a) > len(b):
        a, b = b, a
    return sum([weight * b[token] for token, weight in a.items() if token in b])


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return 0.0 if a.isdisjoint(b) else len(a & b) / min(len(a), len(b))


def features(a: Profile, b: Profile) -> list[float]:
    """The features of a pair in the order of `FEATURES`; what depends on the other pairs is filled in by matching.py."""
    time_a, time_b = a.claim.time, b.claim.time
    places_a, places_b = frozenset(a.claim.place), frozenset(b.claim.place)
    counted = _overlap(a.counted, b.counted)
    return [
        1.0,
        cosine(a.near, b.near),
        cosine(a.sentence, b.sentence),
        cosine(a.wide, b.wide),
        counted,
        float(bool(a.counted and b.counted and not counted)),
        _overlap(a.act, b.act),
        float(bool(a.act and b.act and not a.act & b.act)),
        float(bool(time_a and time_a == time_b)),
        float(bool(time_a and time_b and time_a != time_b)),
        float(bool(places_a & places_b)),
        float(bool(places_a and places_b and not places_a & places_b)),
        _overlap(a.names, b.names),
        float(a.measure.per != b.measure.per),
        float(a.measure.kind == COUNT),
        float(_shared_numbers(a, b)),
        _overlap(a.extra, b.extra),
        0.0,
        0.0,
        float(a.direction * b.direction < 0),
        0.0,
        _overlap(a.role, b.role),
        float(bool(a.role and b.role and not a.role & b.role)),
        *(0.0 for _ in FEATURES[N_WORDING:]),
    ]


def _shared_numbers(a: Profile, b: Profile) -> int:
    return 0 if a.numbers.isdisjoint(b.numbers) else min(2, len(a.numbers & b.numbers))


__all__ = ["FEATURES", "N_WORDING", "Profile", "Rarity", "WordCounts", "cosine", "features", "profiles"]
