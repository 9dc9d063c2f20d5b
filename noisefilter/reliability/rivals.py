"""Pairs of claims whose figures exclude each other → pairs of facts that are rivals, and how probably each speaks of one thing.

The features of two facts are those of the pairs between them, at their greatest and on average, how far these pairs are left for each
other when those that agree have found their partners, who states the facts, and how far apart the values are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from noisefilter.reliability import match_weights
from noisefilter.reliability.attribution import NONE, VAGUE
from noisefilter.reliability.bags import products, sets
from noisefilter.reliability.figures import codes, log_ratio
from noisefilter.reliability.grouping import runs
from noisefilter.reliability.pairs import NO_PARTNER, Columns, Pairs, agreement_features, probabilities
from noisefilter.reliability.similarity import ClaimTable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Probability under which two facts are not taken for rivals at all.
FAINTEST_RIVAL = 0.005
# Voices of a fact; more say no more.
_MOST_VOICES = 4


@dataclass(frozen=True)
class Couples:
    """Pairs of facts, ``one < other`` by number, and their features, a column each."""

    one: Ints
    other: Ints
    columns: Columns


def rivals(table: ClaimTable, pairs: Pairs, fact: Ints, voice: Ints) -> dict[tuple[int, int], float]:
    """Pairs of facts that exclude each other, with the probability that they speak of one thing, by fact and voice of each claim.

    Sources that copy one another are one voice, and so are all pages of a source in one event, but not in two.
    """
    couples = rival_features(table, pairs, fact, voice)
    likely = probabilities(couples.columns, match_weights.CONFLICT)
    at = np.flatnonzero(likely >= FAINTEST_RIVAL)
    return dict(zip(zip(couples.one[at].tolist(), couples.other[at].tolist(), strict=True), likely[at].tolist(), strict=True))


def rival_features(table: ClaimTable, pairs: Pairs, fact: Ints, voice: Ints) -> Couples:
    """The features of each pair of facts that some of their claims make comparable."""
    n_facts = int(fact.max(initial=-1)) + 1
    apart = np.flatnonzero(pairs.is_apart & (fact[pairs.a] != fact[pairs.b]))
    one, other = fact[pairs.a[apart]], fact[pairs.b[apart]]
    keys = np.minimum(one, other) * n_facts + np.maximum(one, other)
    order = np.argsort(keys * len(keys) + np.arange(len(keys)))
    keys, firsts, counts = runs(keys[order])
    one, other = np.divmod(keys, n_facts)
    features = [*pairs.X.T, *_left_over(table, pairs)]
    ordered = apart[order]
    summed = [_summed_up(column[ordered], firsts, counts) for column in features]
    most, mean = ([pair[side] for pair in summed] for side in (0, 1))
    return Couples(one, other, [*most, *mean, *_stated(table, fact, voice, one, other)])


def _summed_up(column: Floats, firsts: Ints, counts: Ints) -> tuple[Floats, Floats]:
    """The greatest value and the mean of each run."""
    if not len(firsts):
        return column, column
    return np.maximum.reduceat(column, firsts), np.add.reduceat(column, firsts) / counts


def _left_over(table: ClaimTable, pairs: Pairs) -> list[Floats]:
    """Whether two figures that exclude each other are left for each other when those that agree have found their partners."""
    agreed, odds = np.zeros(len(pairs)), pairs.odds.copy()
    at = np.flatnonzero(pairs.agrees)
    agreed[at] = likely = probabilities(agreement_features(table, pairs, at), match_weights.AGREEMENT)
    odds[at] = likely / (1 - likely)
    shares = [pairs.odds / (NO_PARTNER + side.reduce(np.add, odds)) for side in pairs.sides]
    taken = [side.reduce(np.maximum, agreed) for side in pairs.sides]
    low, high = np.minimum(*shares), np.maximum(*shares)
    return [low, high, low * high, np.minimum(*taken), np.maximum(*taken)]


def _stated(table: ClaimTable, fact: Ints, voice: Ints, one: Ints, other: Ints) -> list[Any]:
    """Who states the two facts, how far apart their values are, and what one knows of their sources, the lesser first."""
    n_facts = int(fact.max(initial=-1)) + 1
    claims = table.claims
    source = np.array(codes(claim.source for claim in claims), np.int64)
    sources = sets(fact, source, (n_facts, int(source.max(initial=0)) + 1))
    voices = sets(fact, voice, (n_facts, int(voice.max(initial=0)) + 1))
    n_voices = np.diff(voices.indptr)
    first = np.unique(fact, return_index=True)[1]
    value, is_finite = abs(table.figures.value[first]), np.isfinite(table.figures.value[first])
    ratio = np.where(is_finite[one] & is_finite[other], log_ratio(value[one], value[other]), np.inf)
    sizes = np.minimum(n_voices, _MOST_VOICES)
    shares = [_share(fact, [claim.attribution == kind for claim in claims]) for kind in (VAGUE, NONE)]
    backed, vague, nobody = (_sorted(column, one, other) for column in (_backing(voices), *shares))
    return [
        products(sources, one, other) > 0,
        *_sorted(sizes, one, other),
        np.minimum(ratio, 3.0),
        ratio > 2.5,
        ratio < 0.1,
        _are_slips(value, is_finite, one, other),
        *backed,
        backed[1] - backed[0],
        vague[1],
        *nobody,
    ]


def _sorted(column: NDArray[Any], one: Ints, other: Ints) -> tuple[NDArray[Any], NDArray[Any]]:
    return np.minimum(column[one], column[other]), np.maximum(column[one], column[other])


def _share(fact: Ints, flags: Sequence[bool]) -> Floats:
    """The share of each fact's claims that have a flag."""
    return np.bincount(fact, np.array(flags, np.float64)) / np.bincount(fact)


def _backing(voices: Any) -> Floats:
    """How far others bear out the rest of what the best voice of each fact says."""
    of_fact = np.repeat(np.arange(voices.shape[0]), np.diff(voices.indptr))
    is_shared = (np.diff(voices.indptr) > 1)[of_fact].astype(np.int64)
    stated = np.bincount(voices.indices)[voices.indices]
    backed = np.bincount(voices.indices, is_shared)[voices.indices]
    return np.maximum.reduceat((1 + backed - is_shared) / (2 + stated), voices.indptr[:-1])


def _are_slips(value: Floats, is_finite: Bools, one: Ints, other: Ints) -> Bools:
    """Whether the digits of one value are those of the other, out of place: 63 and 36, 1.87 and 187."""
    digits = [f"{max(number, 1e-9):.6g}".partition("e")[0].replace(".", "").strip("0") for number in value.tolist()]
    shuffled = np.array(codes("".join(sorted(written)) for written in digits), np.int64)
    counts = is_finite & (np.array([len(written) for written in digits]) > 1)
    return counts[one] & counts[other] & (shuffled[one] == shuffled[other])


__all__ = ["Couples", "rival_features", "rivals"]
