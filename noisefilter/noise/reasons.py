"""The groups of evidence that weighed most in each verdict of noise, for a whole batch at once.

They are found by gradient × input of the second stage: to first order, what the label's score would lose without the group.
`explain` tells one paragraph's story at length.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.model import NoiseModel, Verdicts
from noisefilter.records import LABELS

_IS_KEPT = np.array([label.is_kept for label in LABELS])
# What each group of columns is called in a sentence.
PHRASES = {
    "words": "its words",
    "shape": "its length, punctuation and how it ends",
    "overlap": "words it shares with other paragraphs here",
    "position": "where it stands",
    "repetition": "others open or close the same way",
    "neighbours": "what stands next to it",
    "document": "the kind of file",
    "markup": "where it stood in the page",
    "topic": "its subject against the rest of the file",
}


def batch_reasons(model: NoiseModel, verdicts: Verdicts, codes: NDArray[np.int64]) -> list[tuple[str, ...]]:
    """The strongest groups of evidence of every paragraph that is not kept; kept ones have none."""
    reasons: list[tuple[str, ...]] = [()] * len(codes)
    rejected = np.flatnonzero(~_IS_KEPT.take(codes))
    if not len(rejected):
        return reasons
    standard = verdicts.standard[rejected]
    weight = _gradients(model, verdicts.active[rejected], codes[rejected])
    weight *= standard
    groups = verdicts.context.groups
    strength = np.add.reduceat(weight, [where.start for where in groups.values()], axis=1)
    best, second = _two_best(strength)
    table = _reason_table(tuple(groups))
    for place, one, two in zip(rejected.tolist(), best.tolist(), second.tolist(), strict=True):
        reasons[place] = table[one][two]
    return reasons


def _two_best(strength: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Columns of the largest and the next value of each row; -1 where it is not positive."""
    rows = np.arange(len(strength))
    best = strength.argmax(axis=1)
    highest = strength[rows, best]
    strength[rows, best] = -np.inf
    second = strength.argmax(axis=1)
    return np.where(highest > 0, best, -1), np.where(strength[rows, second] > 0, second, -1)


@cache
def _reason_table(groups: tuple[str, ...]) -> list[list[tuple[str, ...]]]:
    """Reasons by the strongest and the next group; the last row and column, -1, stand for none."""
    phrases = [PHRASES[name] for name in groups]
    return [*([*((one, two) for two in phrases), (one,)] for one in phrases), [()] * (len(phrases) + 1)]


def _gradients(model: NoiseModel, active: NDArray[np.bool_], codes: NDArray[np.int64]) -> NDArray[np.float32]:
    """Derivative of the mean score of each paragraph's label by the standardised columns."""
    network = model.network
    n_nets, n_hidden, n_labels = network.output.shape
    back = network.output.transpose(2, 0, 1).reshape(n_labels, n_nets * n_hidden).take(codes, axis=0)
    back *= active
    gradients: NDArray[np.float32] = back @ network.hidden.T
    return gradients
