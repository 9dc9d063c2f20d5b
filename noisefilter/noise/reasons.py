"""The groups of evidence that weighed most in each verdict of noise, for a whole batch at once.

They are found by gradient × input of the second stage: to first order, what the label's score would lose without the group.
`explain` tells one paragraph's story at length.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.model import Network, NoiseModel, Verdicts
from noisefilter.records import LABELS

# Paragraphs whose reasons are found at once; a file of 16 MB has 280,000, and with all at once took 1.2 GB more.
AT_ONCE = 1 << 14
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
    is_rejected = ~_IS_KEPT.take(codes)
    rejected = np.flatnonzero(is_rejected)
    if not len(rejected):
        return reasons
    best, second = _two_best(_strengths(model.network, verdicts, codes, is_rejected).take(rejected, axis=1))
    table = _reason_table(tuple(verdicts.context.groups))
    for place, one, two in zip(rejected.tolist(), best.tolist(), second.tolist(), strict=True):
        reasons[place] = table[one][two]
    return reasons


def _strengths(network: Network, verdicts: Verdicts, codes: NDArray[np.int64], is_rejected: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Gradient x input of each paragraph's label, added up over groups of columns, ``(n_groups, n_paragraphs)``; 0 where it is kept.

    The gradient is that of the mean score of all nets that are asked.
    """
    starts = [where.start for where in verdicts.context.groups.values()]
    strengths = np.zeros((len(starts), len(codes)), np.float32)
    for part in verdicts.hidden.parts:
        rejected = np.flatnonzero(is_rejected.take(part.rows))
        for first in range(0, len(rejected), AT_ONCE):
            at = rejected[first : first + AT_ONCE]
            rows = part.rows.take(at)
            # The output weights of each paragraph's label, by a product with its label as one of eleven lines: quicker than a look-up.
            is_label = (codes.take(rows) == np.arange(len(_IS_KEPT))[:, None]).astype(np.float32)
            back = network.output[part.nets].reshape(len(part.units), -1) @ is_label
            back *= part.units.take(at, axis=1) > 0
            weight = network.hidden[:, network.columns_of(part.nets)] @ back
            weight *= verdicts.standard.T.take(rows, axis=1)
            strengths[:, rows] += np.add.reduceat(weight, starts, axis=0)
    return strengths


def _two_best(strengths: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of the largest and the next group of each column; -1 where it is not positive."""
    columns = np.arange(strengths.shape[1])
    best = strengths.argmax(axis=0)
    highest = strengths[best, columns]
    strengths[best, columns] = -np.inf
    second = strengths.argmax(axis=0)
    return np.where(highest > 0, best, -1), np.where(strengths[second, columns] > 0, second, -1)


@cache
def _reason_table(groups: tuple[str, ...]) -> list[list[tuple[str, ...]]]:
    """Reasons by the strongest and the next group; the last row and column, -1, stand for none."""
    phrases = [PHRASES[name] for name in groups]
    return [*([*((one, two) for two in phrases), (one,)] for one in phrases), [()] * (len(phrases) + 1)]
