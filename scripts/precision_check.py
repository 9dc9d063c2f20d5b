"""Precision asked and got, and calibration, on documents that neither the model nor its promises saw. Rows of Markdown for the card.

Authors held out in training are looked at a fold at a time: the promises come from the other folds, the figures from this one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from noisefilter.errors import ModelError
from noisefilter.evaluation import calibration_error
from noisefilter.noise.decide import NOISE_SHARE
from noisefilter.noise.held_out import HeldOut, promises
from noisefilter.noise.precision import Promise
from noisefilter.records import LABELS

ASKED = (0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998)
_KEPT = np.array([label.is_kept for label in LABELS])


def report_promises(held_out: Sequence[HeldOut], asked: Iterable[float] = ASKED) -> list[str]:
    """Table of what was asked and got: over all folds left out, and the worst of them."""
    folds = [(own, promises(rest)) for own, rest in _folds(held_out)]
    lines = [
        "| asked | threshold | good text kept | in the worst fold | noise in what is taken out | noise found |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for precision in asked:
        try:
            promised: list[Promise] = [table.promise(precision) for _, table in folds]
        except ModelError:
            lines.append(f"| {precision:g} | not in every fold | | | | |")
            continue
        counts = np.array([_count(own, row.threshold) for (own, _), row in zip(folds, promised, strict=True)])
        lost, good, taken, noise = counts.sum(axis=0)
        worst = (counts[:, 0] / counts[:, 1]).max()
        thresholds = [row.threshold for row in promised]
        lines.append(
            f"| {precision:g} | {min(thresholds):.3f}–{max(thresholds):.3f} | {1 - lost / good:.4f} | {1 - worst:.4f} | "
            f"{1 - lost / taken:.4f} | {(taken - lost) / noise:.3f} |"
        )
    return lines


def report_calibration(held_out: Sequence[HeldOut]) -> float:
    """Expected calibration error on the documents held out, of the labels that `decide` gives by default."""
    return calibration_error([row for part in held_out for row in _verdicts(part)])


def _folds(held_out: Sequence[HeldOut]) -> list[tuple[list[HeldOut], list[HeldOut]]]:
    """Each fold with the documents of all others."""
    numbers = sorted({part.fold for part in held_out})
    return [([part for part in held_out if part.fold == n], [part for part in held_out if part.fold != n]) for n in numbers]


def _count(parts: Sequence[HeldOut], threshold: float) -> tuple[int, int, int, int]:
    """Characters: good ones taken out, good ones, all taken out, noise."""
    taken = np.concatenate([part.strengths for part in parts]) >= threshold
    is_good = np.concatenate([part.is_good for part in parts])
    sizes = np.concatenate([part.sizes for part in parts])
    return sizes[taken & is_good].sum(), sizes[is_good].sum(), sizes[taken].sum(), sizes[~is_good].sum()


def _verdicts(part: HeldOut) -> list[tuple[float, bool]]:
    """Probability of the label that `decide` gives by default, and whether it is right."""
    of_side: NDArray[np.bool_] = (part.strengths >= NOISE_SHARE)[:, None] ^ _KEPT
    codes = np.where(of_side, part.probabilities, -1).argmax(axis=1)
    given = part.probabilities[np.arange(len(codes)), codes]
    return [(p, LABELS[code] == gold) for p, code, gold in zip(given.tolist(), codes.tolist(), part.example.labels, strict=True)]
