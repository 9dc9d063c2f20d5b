"""Many measures at once → which of them can be the same figure, and which exclude each other.

The rules are those of `agree` and `exclude` in measures.py, for the pairs of two index arrays. Few figures come near each other: the
intervals they stand for are compared first, and the rules are asked only where they touch.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from noisefilter.reliability.measures import FARTHEST_BOUND, FURTHEST_ALIKE, NEAR_BOUND, SMALL, TOUCH, Measure

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def codes(keys: Iterable[Hashable]) -> list[int]:
    """The number of each key, in the order in which they first come.

    >>> codes(["m", "kg", "m"])
    [0, 1, 0]
    """
    seen: dict[Hashable, int] = {}
    return [seen.setdefault(key, len(seen)) for key in keys]


@dataclass(frozen=True)
class Figures:
    """The measures of claims in columns of shape ``(n_claims,)``; `kind` and `per` are numbers of names."""

    value: Floats
    low: Floats
    high: Floats
    digits: Ints
    stated: Floats
    reach: Floats
    kind: Ints
    per: Ints
    is_bare: Bools
    is_bound: Bools
    is_range: Bools

    @classmethod
    def of(cls, measures: Sequence[Measure]) -> Figures:
        """The columns of some measures."""

        numbers, names, flags = ("value", "low", "high", "stated", "reach"), ("kind", "per"), ("is_bare", "is_bound", "is_range")
        columns: dict[str, Any] = {name: np.array([getattr(one, name) for one in measures], np.float64) for name in numbers}
        columns |= {name: np.array(codes(getattr(one, name) for one in measures), np.int64) for name in names}
        columns |= {name: np.array([getattr(one, name) for one in measures], np.bool_) for name in flags}
        return cls(digits=np.array([one.digits for one in measures], np.int64), **columns)

    def take(self, at: Ints) -> Figures:
        """The figures of these claims."""
        return Figures(**{column.name: getattr(self, column.name)[at] for column in fields(self)})

    def agree(self, a: Ints, b: Ints) -> Bools:
        """Whether the two figures of each pair can be the same one: `measures.agree`."""
        agrees = self._may_agree(a, b)
        near = np.flatnonzero(agrees)
        one, other = self.take(a[near]), self.take(b[near])
        agrees[near] = supporting(one, other) | supporting(other, one)
        return agrees

    def _may_agree(self, a: Ints, b: Ints) -> Bools:
        """Whether the intervals touch, or the numbers as stated are the same; both a little wider than the rules have it."""
        room = self.reach + 1e-6 * abs(self.value)
        with np.errstate(invalid="ignore"):
            low, high = np.fmin(self.low, self.value) - room, np.fmax(self.high, self.value) + room
        low, high = np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)
        touches = (low[a] <= high[b]) & (low[b] <= high[a])
        return touches | is_close(self.stated[a], self.stated[b], 1e-6, 1e-9)

    def exclude(self, a: Ints, b: Ints) -> Bools:
        """Whether the two figures of each pair, which do not agree, cannot both be true of one thing: `measures.exclude`."""
        apart = (self.kind[a] == self.kind[b]) & (self.per[a] == self.per[b])
        apart &= ~is_close(self.value[a], self.value[b], FURTHEST_ALIKE)
        is_open = self.is_bound | self.is_range
        loose = np.flatnonzero(is_open[a] | is_open[b])
        if len(loose):
            one, other = self.take(a[loose]), self.take(b[loose])
            apart[loose] = (one.kind == other.kind) & (one.per == other.per) & ~_meet(one, other)
        return apart

    def gap(self, a: Ints, b: Ints) -> Floats:
        """How far apart the values of each pair are, as the natural log of their ratio, where one is a bound or a range; else 0."""
        is_open = self.is_bound | self.is_range
        return np.where(is_open[a] | is_open[b], log_ratio(self.value[a], self.value[b]), 0.0)


def is_close(a: Floats, b: Floats, share: float, least: float = 0.0) -> Bools:
    """`math.isclose`, number by number."""
    with np.errstate(invalid="ignore"):
        return (a == b) | (np.isfinite(a) & np.isfinite(b) & (abs(a - b) <= np.maximum(share * np.maximum(abs(a), abs(b)), least)))


def log_ratio(a: Floats, b: Floats) -> Floats:
    """How far apart two values are, as the natural log of their ratio: `measures.distance`."""
    finite = np.isfinite(a) & np.isfinite(b)
    one, other = (np.maximum(np.where(finite, abs(side), 1.0), 1e-9) for side in (a, b))
    return np.where(finite, abs(np.log(one / other)), np.where(a == b, 0.0, np.inf))


def supporting(a: Figures, b: Figures) -> Bools:
    """Whether each figure of `a`, being true, makes its partner in `b` true: `measures.supports`."""
    with np.errstate(invalid="ignore"):
        is_same = (a.is_bare | b.is_bare | (a.per != b.per)) & is_close(a.stated, b.stated, 1e-6, 1e-9)
        of_bound = b.is_bound & (np.isinf(a.high) == np.isinf(b.high)) & is_close(a.value, b.value, NEAR_BOUND)
        within = (b.low <= a.value) & (a.value <= b.high) & (log_ratio(a.value, b.value) < FARTHEST_BOUND)
        reach, distance = np.maximum(a.reach, b.reach), abs(a.value - b.value)
        off_by_one = (np.minimum(abs(a.value), abs(b.value)) < SMALL) & (reach == 0.5) & (distance > 0.25)
        rounded = (distance <= reach * (1 + TOUCH)) & ~off_by_one
    plain = np.where(a.is_range | b.is_range, _meet(a, b), rounded)
    by_kind = np.where(a.is_bound, of_bound, np.where(b.is_bound, within, plain))
    return np.where(is_same, ~a.is_bound | b.is_bound, (a.kind == b.kind) & by_kind)


def _meet(a: Figures, b: Figures) -> Bools:
    with np.errstate(invalid="ignore"):
        return np.maximum(a.low, b.low) <= np.minimum(a.high, b.high) + TOUCH * np.maximum(abs(a.value), abs(b.value))


__all__ = ["Figures", "codes", "is_close", "log_ratio", "supporting"]
