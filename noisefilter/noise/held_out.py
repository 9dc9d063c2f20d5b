"""Labelled documents judged by a second stage that learnt nothing from their authors, and what that lets a model promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.augment import Example
from noisefilter.noise.decide import noise_share
from noisefilter.noise.precision import PrecisionTable, fit_table, strength
from noisefilter.records import Label


@dataclass(frozen=True)
class HeldOut:
    """A labelled document and its probabilities ``(n_paragraphs, n_labels)``; authors of one `fold` were held out together."""

    example: Example
    probabilities: NDArray[np.float32]
    fold: int

    @property
    def is_good(self) -> NDArray[np.bool_]:
        """Which paragraphs are worth keeping."""
        return np.array([Label(label).is_kept for label in self.example.labels])

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Characters of each paragraph."""
        return np.array([len(text) for text in self.example.texts])

    @cached_property
    def strengths(self) -> NDArray[np.float64]:
        """The highest threshold at which each paragraph is still taken out."""
        lengths = np.array([len(" ".join(text.split()).encode()) for text in self.example.texts])
        return strength(noise_share(self.probabilities), lengths)


def promises(held_out: Sequence[HeldOut]) -> PrecisionTable:
    """What thresholds cost on the documents held out."""
    strengths = np.concatenate([part.strengths for part in held_out])
    is_good = np.concatenate([part.is_good for part in held_out])
    sizes = np.concatenate([part.sizes for part in held_out])
    return fit_table(strengths, is_good, sizes, [part.example.group for part in held_out for _ in part.example.texts])
