"""Why a paragraph got its label.

`batch_reasons` gives each noise paragraph the groups of evidence that weighed most, by gradient × input of the second stage: to first
order, what the label's score would lose without the group. `explain` tells one paragraph's story with words: it takes each group of
evidence away in turn, judges again, and reports how far the probability falls.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.decide import decide
from noisefilter.noise.model import NoiseModel, Verdicts
from noisefilter.noise.segment import Batch
from noisefilter.records import LABELS, Document, Label

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


@dataclass(frozen=True)
class Explanation:
    """One verdict and its evidence: `(phrase, how far the probability falls without it)`, strongest first."""

    text: str
    label: Label
    probability: float
    evidence: tuple[tuple[str, float], ...]
    words: tuple[str, ...]
    partner: int | None

    def __str__(self) -> str:
        lines = [f"{self.label} ({self.probability:.2f}): {self.text[:100]}"]
        lines += [f"  {phrase}: without it {self.probability - fall:.2f}" for phrase, fall in self.evidence]
        if self.words:
            lines.append(f"  words that weigh most: {', '.join(self.words)}")
        if self.partner is not None:
            lines.append(f"  shares most words with paragraph {self.partner}")
        return "\n".join(lines)


def explain(document: Document, index: int, model: NoiseModel) -> Explanation:
    """Explain the label of one paragraph of a document."""
    batch = Batch.from_texts([document.body])
    if not 0 <= index < len(batch):
        raise ValueError(f"paragraph {index} of {document.id}: the document has {len(batch)}, counted from 0")
    verdicts = model.judge(batch, [document.markup])
    code = int(decide(verdicts)[index])
    probability = float(verdicts.probabilities[index, code])
    standard = verdicts.standard[index]
    falls = []
    for name, where in verdicts.context.groups.items():
        without = standard.copy()
        without[where] = 0
        left = model.network.probabilities(model.network.activate(without[None]))[0, code]
        falls.append((PHRASES[name], probability - float(left)))
    falls.sort(key=lambda pair: -pair[1])
    start, end = (int(offsets[index]) for offsets in batch.character_offsets)
    text = document.body[start:end]
    partner = int(verdicts.context.partner[index])
    return Explanation(
        text,
        LABELS[code],
        probability,
        tuple((phrase, fall) for phrase, fall in falls[:4] if fall > 0.005),
        _heavy_words(model, text, code),
        partner if partner >= 0 else None,
    )


def _heavy_words(model: NoiseModel, text: str, code: int) -> tuple[str, ...]:
    """Words whose removal lowers the label's first-stage score most, against the mean of all labels."""
    words = text.split()[:200]
    if len(words) < 2:
        return ()
    variants = [" ".join(words), *(" ".join(words[:i] + words[i + 1 :]) for i in range(len(words)))]
    from noisefilter.noise.hashing import read_words

    scores = model.words.scores(read_words(Batch.from_texts(variants).compact))
    lead = scores[:, code] - scores.mean(axis=1)
    falls = lead[0] - lead[1:]
    best = [int(i) for i in np.argsort(-falls)[:5] if falls[i] > 0]
    return tuple(dict.fromkeys(words[i] for i in best))
