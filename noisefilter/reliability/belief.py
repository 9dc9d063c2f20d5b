"""Facts, who states them and their rivals → how probably true each fact is.

How true a fact is and how accurate a voice is are found together: a fact's voices are weighed by their accuracy, and a voice is as
accurate as its facts are true (the EM of Dong, Berti-Equille and Srivastava 2009). Only facts that a second voice or a rival touches
tell anything of a voice. What is summed over all facts are whole numbers, so their order changes nothing, not even the last digit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# False values that a fact might have instead, and what a new source's accuracy is: 4 right of 5.
FALSE_VALUES = 10.0
RIGHT, WRONG = 4.0, 1.0
ROUNDS = 10
# A voice that is nearly always right or wrong is still not certain.
SUREST = 0.98
# Probabilities are added up in this unit: sums are exact up to two million facts a voice.
_UNIT = 2.0**-32


def truth(speakers: Sequence[Collection[str]], rivals: Sequence[Mapping[int, float]]) -> list[float]:
    """How probably true each fact is, given who states it, and its rivals by number with the probability that they speak of one thing.

    >>> [round(likely, 2) for likely in truth([{"A", "B"}, {"C"}, {"D"}], [{1: 0.9}, {0: 0.9}, {}])]
    [0.99, 0.01, 0.8]
    """
    names = sorted({name for those in speakers for name in those})
    number = {name: at for at, name in enumerate(names)}
    fact = np.repeat(np.arange(len(speakers)), [len(those) for those in speakers])
    voice = np.array([number[name] for those in speakers for name in sorted(those)], np.int64)
    beside = [(one, other, likely) for one, its in enumerate(rivals) for other, likely in sorted(its.items())]
    one, other = (np.array([row[side] for row in beside], np.int64) for side in (0, 1))
    log_likely = np.log(np.array([row[2] for row in beside], np.float64))
    is_shared = np.bincount(fact, minlength=len(speakers)) > 1
    is_shared[one] = True
    tells = np.flatnonzero(is_shared[fact])
    n_told = np.bincount(voice[tells], minlength=len(names))
    edges = one, other, log_likely

    def likely_by(accuracy: Floats) -> Floats:
        return _posterior(np.bincount(fact, _log_weight(accuracy)[voice], minlength=len(speakers)).astype(np.float64), edges)

    accuracy = np.full(len(names), RIGHT / (RIGHT + WRONG))
    for _ in range(ROUNDS):
        told = np.bincount(voice[tells], np.rint(likely_by(accuracy) / _UNIT)[fact[tells]], minlength=len(names)) * _UNIT
        accuracy = (RIGHT + told) / (RIGHT + WRONG + n_told)
    return likely_by(accuracy).tolist()


def _log_weight(accuracy: Floats) -> Floats:
    share = np.clip(accuracy, 1 - SUREST, SUREST)
    return np.log(FALSE_VALUES * share / (1 - share))


def _posterior(weight: Floats, edges: tuple[Ints, Ints, Floats]) -> Floats:
    """Each fact's share of the weight of everything that may be true in its stead."""
    one, other, log_likely = edges
    against = log_likely + weight[other]
    top = np.maximum(weight, np.log(FALSE_VALUES))
    np.maximum.at(top, one, against)
    others = np.bincount(one, np.exp(against - top[one]), minlength=len(weight))
    own = np.exp(weight - top)
    return own / (own + others + np.exp(np.log(FALSE_VALUES) - top))


__all__ = ["truth"]
