"""A table of claims → the pairs of claims that are compared, and what speaks for one thing: named features, all pairs at once.

Two claims are a pair when neighbouring articles make them of one kind, or when one of them has no unit and states the same number.
Features of the wording come first; those that follow say how a pair stands beside the other pairs of its two articles. `X` has shape
``(n_pairs, n_features)`` and holds its columns together in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from noisefilter.reliability import match_weights
from noisefilter.reliability.bags import Bags
from noisefilter.reliability.figures import is_close
from noisefilter.reliability.grouping import runs, spread
from noisefilter.reliability.measures import COUNT
from noisefilter.reliability.neighbours import Article
from noisefilter.reliability.similarity import ClaimTable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
# Features, a column each; those that are true or false count as 1 and 0.
Columns = Sequence[NDArray[Any]]

# Odds that a claim has no counterpart in another article: one in twenty of those of a pair whose wording leaves it open.
NO_PARTNER = 0.05
# Log-odds. Wording is never surer than this.
FARTHEST = 8.0
# Values this near are the same one: the order in which products are added up decides nothing.
_TIE = 1e-9
# Pairs of claims that two articles may put up for comparison; beyond it only those with a word in common near the number.
MOST_PAIRS = 20_000
# Pairs of crowded articles that are looked at at once.
_BLOCK = 1 << 19

WORDING = (
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
FEATURES = (*WORDING, "topic", "share_low", "share_high", "margin_low", "margin_high")
COLUMN = {name: number for number, name in enumerate(FEATURES)}
# The columns that the figures themselves have no part in.
TOPIC_COLUMNS = [COLUMN[name] for name in WORDING if name != "choices"]


class Side:
    """The pairs by what competes for the same partner: a claim and the article of the other."""

    def __init__(self, keys: Ints) -> None:
        # Groups in the order of the pairs, sorted faster than a stable sort does it.
        order = np.argsort(keys * len(keys) + np.arange(len(keys)))
        self._order = None if np.array_equal(order, np.arange(len(order))) else order
        _, self._firsts, self._counts = runs(keys[order])

    def reduce(self, ufunc: Any, values: NDArray[Any]) -> NDArray[Any]:
        """What `ufunc` makes of the values of each group, given back for each pair."""
        if not len(values):
            return values
        ordered = values if self._order is None else values[self._order]
        found = np.repeat(ufunc.reduceat(ordered, self._firsts), self._counts)
        if self._order is None:
            return found
        back = np.empty_like(found)
        back[self._order] = found
        return back


@dataclass
class Pairs:
    """Two claims each, of different sources: their numbers, features, and how their figures stand to each other.

    `odds` are those that the wording alone gives of one thing; `sides` are those of the first and of the second claim.
    """

    a: Ints
    b: Ints
    agrees: Bools
    is_apart: Bools
    X: Floats
    odds: Floats
    sides: tuple[Side, Side]

    def __len__(self) -> int:
        return len(self.a)

    def column(self, name: str) -> Floats:
        """One feature of all pairs."""
        return self.X[:, COLUMN[name]]


def candidate_pairs(table: ClaimTable, articles: Iterable[tuple[Article, Article]]) -> Pairs:
    """The pairs of claims that neighbouring articles put up for comparison, with their features."""
    a, b = _candidates(table, _numbered(table, articles))
    order = np.argsort((a * len(table.articles) + table.article[b]) * len(table) + b)
    a, b = a[order], b[order]
    figures = table.figures
    agrees = figures.agree(a, b)
    sides = Side(a * len(table.articles) + table.article[b]), Side(b * len(table.articles) + table.article[a])
    X = np.zeros((len(a), len(FEATURES)), order="F")
    pairs = Pairs(a, b, agrees, ~agrees & figures.exclude(a, b), X, np.zeros(len(a)), sides)
    _fill_wording(table, pairs)
    _fill_ranks(pairs)
    fill_topics(pairs)
    return pairs


def _numbered(table: ClaimTable, articles: Iterable[tuple[Article, Article]]) -> tuple[Ints, Ints]:
    """The pairs of articles by number, the smaller first; articles without claims are left out."""
    number = {article: at for at, article in enumerate(table.articles)}
    found = {(number[one], number[other]) for one, other in articles if one in number and other in number}
    pairs = np.array(sorted((min(pair), max(pair)) for pair in found), np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


class _Index:
    """The claims of each article by kind: `counts` and `firsts` have shape ``(n_articles, n_kinds)`` and lead into `claims`."""

    def __init__(self, table: ClaimTable, claims: Ints, kind: Ints) -> None:
        n_kinds = int(kind.max(initial=0)) + 1
        keys = table.article[claims] * n_kinds + kind
        self.claims = claims[np.argsort(keys, kind="stable")]
        self.counts = np.bincount(keys, minlength=len(table.articles) * n_kinds).reshape(-1, n_kinds)
        self.firsts = (np.cumsum(self.counts) - self.counts.ravel()).reshape(self.counts.shape)


def _candidates(table: ClaimTable, articles: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """The numbers of the claims that are compared; the first of each pair is of the first article."""
    everything = np.arange(len(table))
    kind, is_count = table.figures.kind, _is_count(table)
    of_kind = _Index(table, everything, kind)
    found = [_crossed(table, of_kind, of_kind, articles)]
    bare, rest = everything[is_count & table.figures.is_bare], everything[~is_count]
    indexes = [_Index(table, claims, np.zeros(len(claims), np.int64)) for claims in (bare, rest)]
    for one, other in (indexes, indexes[::-1]):
        a, b = _crossed(table, one, other, articles)
        # "The union's 18" and "18 per cent".
        same = is_close(table.figures.stated[a], table.figures.stated[b], 1e-6, 1e-9)
        found.append((a[same], b[same]))
    a, b = (np.concatenate(column) for column in zip(*found, strict=True))
    return a, b


def _is_count(table: ClaimTable) -> Bools:
    return np.array([one.kind == COUNT for one in table.measures], np.bool_)


def _crossed(table: ClaimTable, one: _Index, other: _Index, articles: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Each claim of the first article of each pair with each of its kind of the second."""
    n, m = one.counts[articles[0]], other.counts[articles[1]]
    pair, kind = np.nonzero(n * m)
    n, m = n[pair, kind], m[pair, kind]
    ours, theirs = one.firsts[articles[0][pair], kind], other.firsts[articles[1][pair], kind]
    crowded = n * m > MOST_PAIRS
    calm = ~crowded
    found = [_product(one.claims[spread(ours[calm], n[calm])], other.claims, np.repeat(theirs[calm], n[calm]), np.repeat(m[calm], n[calm]))]
    for at in np.flatnonzero(crowded).tolist():
        height = max(1, _BLOCK // int(m[at]))
        for first in range(0, int(n[at]), height):
            a = one.claims[ours[at] + first : ours[at] + min(first + height, int(n[at]))]
            found.append(_in_words(table, *_product(a, other.claims, np.full(len(a), theirs[at]), np.full(len(a), m[at]))))
    a, b = (np.concatenate(column) for column in zip(*found, strict=True))
    return a, b


def _product(a: Ints, claims: Ints, firsts: Ints, counts: Ints) -> tuple[Ints, Ints]:
    return np.repeat(a, counts), claims[spread(firsts, counts)]


def _in_words(table: ClaimTable, a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Of two crowded articles: the pairs that agree or share a word near the number."""
    kept = table.figures.agree(a, b)
    kept |= table.near.dot(a, b) > 0
    return a[kept], b[kept]


def _fill_wording(table: ClaimTable, pairs: Pairs) -> None:
    """Fill in what two claims say by themselves, a column at a time: all of them beside each other would fill the cache."""
    for name, values in _wording_columns(table, pairs.a, pairs.b):
        pairs.X[:, COLUMN[name]] = values


def _wording_columns(table: ClaimTable, a: Ints, b: Ints) -> Iterator[tuple[str, Any]]:
    yield "one", 1.0
    yield "near", table.near.dot(a, b)
    yield "sentence", table.sentence.dot(a, b)
    yield "wide", table.wide.dot(a, b)
    has_time, same_time = (table.time[a] > 0) & (table.time[b] > 0), table.time[a] == table.time[b]
    yield "time_same", has_time & same_time
    yield "time_apart", has_time & ~same_time
    shared_places = table.places.dot(a, b) > 0
    yield "place_same", shared_places
    yield "place_apart", _both(table.places, a, b) & ~shared_places
    yield "names", table.names.overlap(a, b)
    yield "rate_apart", table.figures.per[a] != table.figures.per[b]
    yield "is_count", _is_count(table)[a]
    yield "neighbours", np.minimum(2.0, table.numbers.dot(a, b))
    yield "modifiers", table.extra.overlap(a, b)
    yield "direction_apart", table.direction[a] * table.direction[b] < 0
    for name, sets in (("counted", table.counted), ("act", table.act), ("role", table.role)):
        shared = sets.overlap(a, b)
        yield name, shared
        yield f"{name}_apart", _both(sets, a, b) & (shared == 0)


def _both(sets: Bags, a: Ints, b: Ints) -> Bools:
    is_full = sets.is_full
    return is_full[a] & is_full[b]


def _fill_ranks(pairs: Pairs) -> None:
    """Fill in whether each is the other's nearest among the claims of the two articles: 0, half or 1; and how many others agree."""
    for name in ("near", "wide"):
        values = pairs.column(name)
        best = [values >= side.reduce(np.maximum, values) - _TIE for side in pairs.sides]
        pairs.X[:, COLUMN[f"{name}_best"]] = (0.5 * best[0] + 0.5 * best[1]) * (values > 0)
    choices = sum(side.reduce(np.add, pairs.agrees.astype(np.int64)) for side in pairs.sides)
    pairs.X[:, COLUMN["choices"]] = np.where(pairs.agrees, np.minimum(choices - 2, 4), 0)


def fill_topics(pairs: Pairs) -> None:
    """Fill in how likely the wording makes one thing of each pair, and how far it stands out among those of the two articles."""
    topic = np.clip(log_odds(wording(pairs), match_weights.TOPIC), -FARTHEST, FARTHEST)
    pairs.odds = np.exp(topic)
    shares = [pairs.odds / (NO_PARTNER + side.reduce(np.add, pairs.odds)) for side in pairs.sides]
    margins = [topic - _best_other(side, topic) for side in pairs.sides]
    found = (topic, np.minimum(*shares), np.maximum(*shares), np.minimum(*margins), np.maximum(*margins))
    for number, values in enumerate(found, len(WORDING)):
        pairs.X[:, number] = values


def _best_other(side: Side, values: Floats) -> Floats:
    """The greatest value of the other pairs of each group."""
    best = side.reduce(np.maximum, values)
    is_best = values >= best - _TIE
    second = side.reduce(np.maximum, np.where(is_best, -FARTHEST, values))
    is_only = side.reduce(np.add, is_best.astype(np.int64)) == 1
    return np.where(is_best & is_only, second, best)


def wording(pairs: Pairs) -> Columns:
    """The features of pairs that the figures themselves have no part in, a column each."""
    return [pairs.X[:, number] for number in TOPIC_COLUMNS]


def agreement_features(table: ClaimTable, pairs: Pairs, at: Ints) -> Columns:
    """The features by which two figures that allow one another are judged, of the pairs with these numbers, a column each.

    They are those of the wording, and how unusual the figure is.
    """
    figures, a, b = table.figures, pairs.a[at], pairs.b[at]
    columns = [pairs.X[at, number] for number in range(len(FEATURES))]
    near, wide, choices, role = (columns[COLUMN[name]] for name in ("near", "wide", "choices", "role"))
    digits = np.minimum(figures.digits[a], figures.digits[b])
    is_plain, is_only, best = digits == 1, choices == 0, np.maximum(near, wide)
    is_bare, gap = figures.is_bare[a] | figures.is_bare[b], np.minimum(figures.gap(a, b), 1.0)
    return [*columns, np.minimum(digits, 5), is_plain, is_bare, gap, is_only, is_only & ~is_plain, best, best * is_plain, role * is_plain]


def log_odds(columns: Columns, weights: Sequence[float]) -> Floats:
    """The sum of columns times weights; added up column by column, so that a row's sum does not depend on the other rows."""
    total: Any = 0.0
    for column, weight in zip(columns, weights, strict=True):
        total = total + weight * column
    return np.asarray(total, np.float64)


def probabilities(columns: Columns, weights: Sequence[float]) -> Floats:
    """The logistic regression's answer for each row."""
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-log_odds(columns, weights)))


__all__ = ["FEATURES", "Pairs", "agreement_features", "candidate_pairs", "fill_topics", "log_odds", "probabilities", "wording"]
