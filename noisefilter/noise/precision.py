"""How much good text a threshold may cost: the table behind `precision`.

**The promise.** Precision P: of the good text (paragraphs whose gold label is content or heading), counted in characters, at most 1 − P
is taken out, with 95 % confidence, on text of the kind the table was made from.

The other reading, the share of good text among what is *taken out*, hangs more on how noisy the input is: at one threshold (0.667) it
was 1.8 % in the documents that are mostly noise (128) and 13.1 % in those with 25-40 % of it (only 6), while the share of good text lost
was 2.9 % and 5.9 %. So the latter can better be promised before the input is seen; the former stands beside it in the table.

**The bound.** Every paragraph is judged by a model that saw nothing of its author. Whole authors are then drawn with replacement, as often
as there are authors (the cluster bootstrap, Field and Welsh 2007), and the 95th percentile of the share lost is the bound.
It speaks of the mean over many sources; one odd source can lose more.

NumPy only; `fit_table` runs in training, `PrecisionTable.promise` at every start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from math import ceil
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from noisefilter.errors import ModelError

Doubles = NDArray[np.float64]

# Bytes. The odds that a verdict of noise needs grow with the root of a paragraph's length and are as asked for at this length, since a
# long paragraph is more text to lose. At equal shares of good text lost (0.9 %), noise F1 on documents of three authors left out is
# 0.857 so, 0.835 with one threshold for all but lines under 40 bytes, and 0.83 where odds grow with the length itself.
MIDDLE_LENGTH = 200
# Odds of noise, from even to 4096 : 1 in steps of 19 %; 4 : 1 is the default of `decide`. Half steps find up to 0.5 points more noise.
ODDS = 4.0 ** (np.arange(49) / 8)
CONFIDENCE = 0.95
# Ten times as many move no bound by more than 0.02 points.
N_DRAWS = 10_000
# Authors. Where fewer lost anything, drawing authors again says little about those not seen: no promise beyond.
# With 3 the highest promise is 0.9991, with 5 0.9988, with 8 0.9984.
LEAST_LOSERS = 5
# Decimals of the table.
DIGITS = 5


@dataclass(frozen=True)
class Promise:
    """What a threshold cost on authors that the model had not seen; shares, 0-1.

    `lost` of the good characters were taken out, at most `bound` with `CONFIDENCE`, and of the good paragraphs at most
    `paragraphs_bound`. `taken_good` is the share of good text in what was taken out, `recall` the share of the noise that was.
    """

    threshold: float
    lost: float
    bound: float
    paragraphs_bound: float
    taken_good: float
    recall: float

    def __str__(self) -> str:
        return f"threshold {self.threshold:.3f}, at most {100 * self.bound:.2f} % of the good text lost ({CONFIDENCE:.0%} confidence)"

    def most_lost(self, n_kept: int, n_rejected: int) -> int:
        """How many good paragraphs a run may have lost, by the bound: those kept are at least 1 − bound of all good ones.

        >>> Promise(0.9, 0.005, 0.008, 0.02, 0.01, 0.9).most_lost(970, 400)
        20
        """
        return min(n_rejected, ceil(n_kept * self.paragraphs_bound / max(1 - self.paragraphs_bound, 1e-9)))


@dataclass(frozen=True)
class PrecisionTable:
    """Promises by rising threshold, and what they rest on: how many authors and paragraphs, of which weights."""

    rows: tuple[Promise, ...]
    n_groups: int
    n_paragraphs: int
    weights: str = ""

    def promise(self, precision: float) -> Promise:
        """The lowest threshold that keeps so large a share of the good text.

        >>> PrecisionTable((Promise(0.8, 0.01, 0.02, 0.02, 0.02, 0.9),), 28, 1000).promise(0.97).threshold
        0.8
        >>> PrecisionTable((Promise(0.8, 0.01, 0.02, 0.02, 0.02, 0.9),), 28, 1000).promise(0.99)
        Traceback (most recent call last):
        noisefilter.errors.ModelError: precision 0.99 cannot be promised: 0.98 is the most that 28 authors vouch for. Ask for that or less.
        """
        for row in self.rows:
            if row.bound <= 1 - precision + 1e-9:
                return row
        # Cut, not rounded: what the message names can be had.
        most = int((1 - self.rows[-1].bound) * 10_000 + 1e-6) / 10_000
        vouched = f"{most:g} is the most that {self.n_groups} authors vouch for"
        raise ModelError(f"precision {precision:g} cannot be promised: {vouched}. Ask for that or less.")

    def to_json(self) -> dict[str, Any]:
        """The table for model.json, one list a column."""
        columns = {field.name: [getattr(row, field.name) for row in self.rows] for field in fields(Promise)}
        return {**columns, "n_groups": self.n_groups, "n_paragraphs": self.n_paragraphs, "weights": self.weights}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The table as it was saved; ValueError where it promises nonsense."""
        try:
            columns = [[float(value) for value in data[field.name]] for field in fields(Promise)]
            rows = tuple(Promise(*values) for values in zip(*columns, strict=True))
            table = cls(rows, int(data["n_groups"]), int(data["n_paragraphs"]), str(data["weights"]))
        except (KeyError, TypeError, OverflowError) as error:
            raise ValueError(f"a precision table without {error}") from None
        _check(rows)
        return table


def _check(rows: Sequence[Promise]) -> None:
    values = np.array([astuple(row) for row in rows]).reshape(-1, len(fields(Promise)))
    rising, falling = values[:, 0], values[:, 2]
    if not len(rows) or not ((values >= 0) & (values <= 1)).all():
        raise ValueError("a precision table that is empty or holds shares outside 0-1")
    if (np.diff(rising) <= 0).any() or (np.diff(falling) > 0).any() or (values[:, 1] > falling).any():
        raise ValueError("a precision table whose thresholds do not rise, or whose bounds do not fall or lie under the loss")


def needed(lengths: NDArray[np.int64], threshold: float) -> Doubles:
    """The probability of noise that paragraphs of so many bytes need, for a threshold of 0.5 or more; never under 0.5.

    >>> needed(np.array([8, 200, 800]), 0.8).round(3).tolist()
    [0.5, 0.8, 0.889]
    """
    odds = np.maximum(threshold / (1 - threshold) * _scale(lengths), 1)
    return odds / (1 + odds)


def strength(noise: Doubles, lengths: NDArray[np.int64]) -> Doubles:
    """The highest threshold at which a paragraph is still taken out; `needed` turned round.

    >>> strength(np.array([0.5, 0.8, 0.889, 0.4]), np.array([50, 200, 800, 50])).round(3).tolist()
    [0.667, 0.8, 0.8, 0.0]
    """
    odds = noise / np.maximum(1 - noise, 1e-12) / _scale(lengths)
    return np.where(noise >= 0.5, odds / (1 + odds), 0)


def _scale(lengths: NDArray[np.int64]) -> Doubles:
    """What a length does to the odds."""
    return np.sqrt(np.maximum(lengths, 1) / MIDDLE_LENGTH)


def fit_table(strengths: Doubles, is_good: NDArray[np.bool_], sizes: NDArray[np.int64], groups: Sequence[str]) -> PrecisionTable:
    """Promises from paragraphs judged unseen: `strength` of each, whether it is good, its characters, and its author."""
    names, owner = np.unique(np.asarray(groups), return_inverse=True)
    thresholds = ODDS / (1 + ODDS)
    # (n_authors, n_thresholds) of what was taken out, by characters and by paragraphs.
    taken, lost, n_lost = (_sums(strengths, thresholds, weight, owner) for weight in (sizes, sizes * is_good, is_good.astype(np.int64)))
    good, n_good = np.bincount(owner, sizes * is_good), np.bincount(owner, is_good)
    draws = np.random.default_rng(0).multinomial(len(names), np.full(len(names), 1 / len(names)), N_DRAWS)
    bounds, n_bounds = (_bound(draws, part, whole) for part, whole in ((lost, good), (n_lost, n_good)))
    noise = max(1, int(sizes[~is_good].sum()))
    n_rows = max(1, int(((lost > 0).sum(axis=0) >= LEAST_LOSERS).sum()))
    columns = (
        thresholds,
        lost.sum(axis=0) / max(1.0, good.sum()),
        bounds,
        n_bounds,
        lost.sum(axis=0) / np.maximum(taken.sum(axis=0), 1),
        (taken - lost).sum(axis=0) / noise,
    )
    rows = np.round(np.stack(columns, axis=1)[:n_rows], DIGITS).tolist()
    return PrecisionTable(tuple(Promise(*row) for row in rows), len(names), len(sizes))


def _sums(strengths: Doubles, thresholds: Doubles, weight: NDArray[np.int64], owner: NDArray[np.int64]) -> Doubles:
    """Weight of what each threshold takes from each author."""
    return np.stack([np.bincount(owner, weight * (strengths >= threshold)) for threshold in thresholds], axis=1)


def _bound(draws: NDArray[np.int64], part: Doubles, whole: NDArray[Any]) -> Doubles:
    """Upper bound of the share over draws of authors, never under the share itself."""
    shares = (draws @ part) / np.maximum(draws @ whole, 1)[:, None]
    return np.maximum(np.quantile(shares, CONFIDENCE, axis=0), part.sum(axis=0) / max(1.0, whole.sum()))
