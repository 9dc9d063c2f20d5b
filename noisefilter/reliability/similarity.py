"""Claims → a table of what they are compared by, in columns.

Each claim is read once: its words near the number, in the sentence and around it, weighted by how rare they are among the
claims at hand and by how near they stand; the concepts (wording.py) of what is counted and done; date, places, rate. Words become
numbers, and bags of words rows of sparse matrices (bags.py), by which pairs.py compares all pairs of claims at once.
Nothing here looks at how close two values are.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from noisefilter.records import Claim
from noisefilter.reliability.bags import Bags, sets, weighed
from noisefilter.reliability.figures import Figures, codes
from noisefilter.reliability.grouping import spread
from noisefilter.reliability.measures import Measure, measure
from noisefilter.reliability.neighbours import Article, article_of
from noisefilter.reliability.vocabulary import words
from noisefilter.reliability.wording import STOPWORDS, WORD, concepts, stem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
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

_TOKEN = re.compile(r"\d[\d.,]*|[^\W\d_]+(?:[’'\-][^\W\d_]+)*")


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
        for (*_, sentence), group in groupby(claims, key=_sentence_key):
            found = {stem(word) for word in WORD.findall(sentence) if word.lower() not in STOPWORDS}
            n_same = sum(1 for _ in group)
            for token in found | {f"={name}" for word in found for name in concepts(word)}:
                self.seen[token] += n_same
            self.n_claims += n_same

    def rarity(self) -> Rarity:
        """How much each word says: ln(1 + claims / claims with the word)."""
        return {word: math.log(1 + self.n_claims / count) for word, count in self.seen.items()}


def _sentence_key(claim: Claim) -> tuple[str, str, int, str]:
    return claim.source, claim.document_id, claim.sentence_start, claim.sentence


@dataclass(frozen=True)
class ClaimTable:
    """What claims are compared by: columns of shape ``(n_claims,)``, and bags and sets with a row each.

    `article` numbers the articles in the order of their keys; `time` numbers dates, 0 where there is none; `direction` is 1 of what
    rises, -1 of what falls. `counted`, `extra`, `act`, `role`, `names`, `numbers` and `places` are sets.
    """

    claims: Sequence[Claim]
    measures: list[Measure]
    figures: Figures
    articles: list[Article]
    article: Ints
    near: Bags
    sentence: Bags
    wide: Bags
    counted: Bags
    extra: Bags
    act: Bags
    role: Bags
    names: Bags
    numbers: Bags
    places: Bags
    time: Ints
    direction: Ints

    def __len__(self) -> int:
        return len(self.claims)


def read_table(claims: Sequence[Claim], rarity: Rarity | None = None) -> ClaimTable:
    """The table of claims that are to be compared with one another; `rarity` is by default that of the words of these claims."""
    measures = [measure(claim) for claim in claims]
    reader = _Reader(claims)
    reader.read()
    terms = _Terms.of(reader.lexicon, WordCounts.of(claims).rarity() if rarity is None else rarity)
    found = [article_of(claim) for claim in claims]
    articles = sorted(set(found))
    number = {article: at for at, article in enumerate(articles)}
    columns: dict[str, Any] = _sentence_bags(reader, terms) | _counted_sets(reader, terms) | _near_bags(reader, terms)
    return ClaimTable(
        claims=claims,
        measures=measures,
        figures=Figures.of(measures),
        articles=articles,
        article=np.array([number[article] for article in found], np.int64),
        numbers=_numbers(np.array([one.value for one in measures], np.float64), reader.sentence),
        places=_places(claims),
        time=np.array(codes(["", *(claim.time for claim in claims)])[1:], np.int64),
        **columns,
    )


class _Lexicon(dict[str, int]):
    """The number of each word; `stems` holds what it is compared by, "" where it says nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.stems: list[str] = []

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self.stems)
        self.stems.append("" if word[0].isdigit() or word.lower() in STOPWORDS else stem(word))
        return number


class _Passages:
    """Runs of words, one after the other: numbers of words, and how many are in each run."""

    def __init__(self, lexicon: _Lexicon) -> None:
        self._number = lexicon.__getitem__
        self._words: list[int] = []
        self._counts: list[int] = []

    def add(self, words: Sequence[str]) -> None:
        self._words += map(self._number, words)
        self._counts.append(len(words))

    @cached_property
    def words(self) -> Ints:
        return np.array(self._words, np.int64)

    @cached_property
    def counts(self) -> Ints:
        return np.array(self._counts, np.int64)

    @cached_property
    def owners(self) -> Ints:
        """The run that each word stands in."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    def preceding(self, flags: Ints) -> Ints:
        """For each word, the sum of the flags of the words before it in its run."""
        sums = np.concatenate(([0], np.cumsum(flags)))
        return sums[:-1] - np.repeat(sums[np.cumsum(self.counts) - self.counts], self.counts)


class _Reader:
    """The words of claims: of their sentences, of what stands before these, of what is counted, and on either side of the number."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self.claims = claims
        self.lexicon = _Lexicon()
        self.sentences, self.settings = _Passages(self.lexicon), _Passages(self.lexicon)
        self.counted = _Passages(self.lexicon)
        # Three runs a claim: the number's own words, those to the left of it, nearest first, and those to the right.
        self.sides = _Passages(self.lexicon)
        self.sentence: Ints = np.empty(0, np.int64)

    def read(self) -> None:
        """Read all claims; those of one sentence stand together, and it is read once."""
        n_same = []
        for (*_, sentence), group in groupby(self.claims, key=_sentence_key):
            same = list(group)
            n_same.append(len(same))
            self.sentences.add(WORD.findall(sentence))
            self.settings.add(WORD.findall(same[0].setting))
            for claim in same:
                self.counted.add(WORD.findall(claim.counted))
                at = claim.quantity.start - claim.sentence_start
                until = at + len(claim.quantity.text)
                self.sides.add(_TOKEN.findall(claim.quantity.text))
                self.sides.add(_TOKEN.findall(sentence, max(0, at - REACH), at)[::-1])
                self.sides.add(_TOKEN.findall(sentence, until, until + REACH))
        self.sentence = np.repeat(np.arange(len(n_same)), n_same)


@dataclass(frozen=True)
class _Terms:
    """Stems and concepts by number, in the order of the alphabet, so that sums do not depend on what else was read.

    `of_word` is the term of each word of the lexicon, -1 where it says nothing; `n_concepts` and `first_concept` lead into `concept`.
    """

    names: list[str]
    of_word: Ints
    is_number: Bools
    is_capital: Bools
    rarity: Floats
    n_concepts: Ints
    first_concept: Ints
    concept: Ints

    @classmethod
    def of(cls, lexicon: _Lexicon, rarity: Rarity) -> _Terms:
        """The terms of a lexicon."""
        meant = {name: [f"={concept}" for concept in concepts(name)] for name in set(lexicon.stems)}
        names = sorted({*meant, *(concept for found in meant.values() for concept in found)} - {""})
        number = {name: at for at, name in enumerate(names)} | {"": -1}
        n_concepts = np.array([len(meant.get(name, ())) for name in names], np.int64)
        return cls(
            names,
            of_word=np.array([number[name] for name in lexicon.stems], np.int64),
            is_number=np.array([word[0].isdigit() for word in lexicon], np.bool_),
            is_capital=np.array([word[0].isupper() for word in lexicon], np.bool_),
            rarity=np.array([rarity.get(name, 1.0) for name in names], np.float64),
            n_concepts=n_concepts,
            first_concept=np.cumsum(n_concepts) - n_concepts,
            concept=np.array([number[concept] for name in names for concept in meant.get(name, ())], np.int64),
        )

    def __len__(self) -> int:
        return len(self.names)

    def concepts(self, rows: Ints, terms: Ints) -> tuple[Ints, Ints, Ints]:
        """The concepts of terms: in which row each stands, its number, and which of the terms it is of."""
        counts = self.n_concepts[terms]
        at = np.repeat(np.arange(len(terms)), counts)
        return rows[at], self.concept[spread(self.first_concept[terms], counts)], at

    def bags(self, rows: Ints, terms: Ints, weights: Floats, n_rows: int) -> Any:
        """Bags of terms and their concepts, of unit length."""
        of_row, concept, at = self.concepts(rows, terms)
        rows, terms = np.concatenate((rows, of_row)), np.concatenate((terms, concept))
        weights = np.concatenate((weights, CONCEPT_WEIGHT * weights[at])) * self.rarity[terms]
        return weighed(rows, terms, weights, (n_rows, len(self)))

    def numbered(self, names: Iterable[str]) -> Bools:
        """Which terms are concepts with these names."""
        wanted = {f"={name}" for name in names}
        return np.array([name in wanted for name in self.names], np.bool_)


def _content(passages: _Passages, terms: _Terms) -> tuple[Ints, Ints, Ints]:
    """The words that say something: the run each stands in, its term, and its place among all words."""
    found = terms.of_word[passages.words]
    at = np.flatnonzero(found >= 0)
    return passages.owners[at], found[at], at


def _sentence_bags(reader: _Reader, terms: _Terms) -> dict[str, Any]:
    """The bags of the sentences, those with what stands before them, and the names in the sentences."""
    n = len(reader.sentences.counts)
    row, term, at = _content(reader.sentences, terms)
    before, earlier, _ = _content(reader.settings, terms)
    weights = np.concatenate((np.ones(len(row)), np.full(len(before), SETTING_WEIGHT)))
    is_name = terms.is_capital[reader.sentences.words[at]]
    return {
        "sentence": Bags(terms.bags(row, term, np.ones(len(row)), n), reader.sentence),
        "wide": Bags(terms.bags(np.concatenate((row, before)), np.concatenate((term, earlier)), weights, n), reader.sentence),
        "names": Bags.of_sets(sets(row[is_name], term[is_name], (n, len(terms))), reader.sentence),
    }


def _counted_sets(reader: _Reader, terms: _Terms) -> dict[str, Any]:
    """The last word of what is counted, with its concepts, and the words before it."""
    n = len(reader.claims)
    row, term, _ = _content(reader.counted, terms)
    is_head = np.diff(row, append=-1) != 0
    of_row, concept, _ = terms.concepts(row[is_head], term[is_head])
    head = np.concatenate((row[is_head], of_row)), np.concatenate((term[is_head], concept))
    shape = (n, len(terms))
    return {
        "counted": Bags.of_sets(sets(*head, shape), np.arange(n)),
        "extra": Bags.of_sets(sets(row[~is_head], term[~is_head], shape), np.arange(n)),
    }


def _near_bags(reader: _Reader, terms: _Terms) -> dict[str, Any]:
    """The words on either side of the number by their distance, what is done (`ACTS`), all concepts right beside it, and the direction."""
    n, sides = len(reader.claims), reader.sides
    run, term, at = _content(sides, terms)
    steps = 1 + sides.preceding(np.ones(len(sides.words), np.int64))[at]
    beyond = sides.preceding(terms.is_number[sides.words].astype(np.int64))[at]
    weights = np.where(run % 3 == 0, 1.0, BEYOND_NUMBER**beyond / (1 + steps / HALF_DISTANCE))
    row = run // 3
    of_row, concept, of_word = terms.concepts(row, term)
    weight, shape = weights[of_word], (n, len(terms))
    is_act, is_role = (weight > _CLOSE) & terms.numbered(ACTS)[concept], weight > _CLOSEST
    moves = [np.bincount(of_row[(weight > _CLOSE) & terms.numbered([name])[concept]], minlength=n) > 0 for name in ("rise", "fall")]
    return {
        "near": Bags(terms.bags(row, term, weights, n), np.arange(n)),
        "act": Bags.of_sets(sets(of_row[is_act], concept[is_act], shape), np.arange(n)),
        "role": Bags.of_sets(sets(of_row[is_role], concept[is_role], shape), np.arange(n)),
        "direction": moves[0].astype(np.int64) - moves[1],
    }


def _numbers(values: Floats, sentence: Ints) -> Bags:
    """The other figures of each claim's sentence."""
    counts = np.bincount(sentence)
    firsts, counts = (np.cumsum(counts) - counts)[sentence], np.minimum(counts, _MOST_NUMBERS)[sentence]
    row, at = np.repeat(np.arange(len(values)), counts), spread(firsts, counts)
    other = values[at] != values[row]
    distinct, number = np.unique(values, return_inverse=True)
    return Bags.of_sets(sets(row[other], number[at[other]], (len(values), len(distinct))), np.arange(len(values)))


def _places(claims: Sequence[Claim]) -> Bags:
    row = np.repeat(np.arange(len(claims)), [len(claim.place) for claim in claims])
    place = np.array(codes(name for claim in claims for name in claim.place), np.int64)
    return Bags.of_sets(sets(row, place, (len(claims), int(place.max(initial=0)) + 1)), np.arange(len(claims)))


__all__ = ["ClaimTable", "Rarity", "WordCounts", "read_table"]
