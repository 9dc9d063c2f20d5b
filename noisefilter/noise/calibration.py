"""How sure a model may be, learnt from documents whose authors it did not see: a temperature, and the promises of `precision.py`.

*Temperature* (Guo et al. 2017): one number that divides all scores before they become probabilities, chosen so that what was seen is
likeliest. It changes no ranking of labels within a network, only how sure they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.augment import Example
from noisefilter.noise.decide import noise_share
from noisefilter.noise.model import Network, NoiseModel
from noisefilter.noise.precision import PrecisionTable, fit_table, strength
from noisefilter.records import LABELS, Label

# Tried; the loss is flat within 0.02 of its least.
TEMPERATURES = np.arange(0.7, 2.01, 0.02)


@dataclass(frozen=True)
class HeldOut:
    """A labelled document, a second stage that learnt nothing from its author, and how its hidden units fire on the document."""

    example: Example
    network: Network
    hidden: NDArray[np.float32]
    fold: int

    @property
    def codes(self) -> NDArray[np.int64]:
        """The true labels, as places in `LABELS`."""
        return np.array([LABELS.index(Label(label)) for label in self.example.labels])

    def probabilities(self, temperature: float = 1.0) -> NDArray[np.float32]:
        """Probabilities ``(n_paragraphs, n_labels)``."""
        return self.network.tempered(temperature).probabilities(self.hidden)

    @property
    def is_good(self) -> NDArray[np.bool_]:
        """Which paragraphs are worth keeping."""
        return np.array([Label(label).is_kept for label in self.example.labels])

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Characters of each paragraph."""
        return np.array([len(text) for text in self.example.texts])

    def strengths(self, temperature: float) -> NDArray[np.float64]:
        """The highest threshold at which each paragraph is still taken out."""
        lengths = np.array([len(" ".join(text.split()).encode()) for text in self.example.texts])
        return strength(noise_share(self.probabilities(temperature)), lengths)


def calibrate(model: NoiseModel, held_out: Sequence[HeldOut]) -> NoiseModel:
    """The model with the temperature and the promises that documents held out give it."""
    temperature = fit_temperature(held_out)
    about = {**model.about, "temperature": temperature}
    return replace(model, network=model.network.tempered(temperature), precision=promises(held_out, temperature), about=about)


def fit_temperature(held_out: Sequence[HeldOut]) -> float:
    """The temperature under which the true labels are likeliest."""
    losses = [sum(_log_loss(part.probabilities(temperature), part.codes) for part in held_out) for temperature in TEMPERATURES]
    return round(float(TEMPERATURES[int(np.argmin(losses))]), 2)


def promises(held_out: Sequence[HeldOut], temperature: float) -> PrecisionTable:
    """What thresholds cost on the documents held out."""
    strengths = np.concatenate([part.strengths(temperature) for part in held_out])
    is_good = np.concatenate([part.is_good for part in held_out])
    sizes = np.concatenate([part.sizes for part in held_out])
    return fit_table(strengths, is_good, sizes, [part.example.group for part in held_out for _ in part.example.texts])


def _log_loss(probabilities: NDArray[np.float32], codes: NDArray[np.int64]) -> float:
    return float(-np.log(np.maximum(probabilities[np.arange(len(codes)), codes], 1e-9)).sum())
