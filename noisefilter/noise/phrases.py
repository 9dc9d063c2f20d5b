"""Phrases of one's own field that tell a label: evidence of the first stage, before the context is read.

A paragraph that holds a phrase scores higher for the phrase's label, as if its words alone had said so; what stands beside it and the
columns of its document see that. The paragraph itself gets the label: who names a phrase knows better than the model.

A phrase is whole words in their order, whatever their case and whatever punctuation or blanks stand between them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.segment import Batch
from noisefilter.records import LABELS, Label

Floats = NDArray[np.float32]
Patterns = Mapping[int, re.Pattern[str]]

# First-stage scores, which have a standard deviation of 7 to 12. On the 14 development dumps, one phrase at a time, neighbours are mended
# more often than spoilt up to 20 (19 to 5); with 40 it is 37 to 22.
LEAD = 20.0


def compile_phrases(phrases: Mapping[str, Sequence[str]]) -> Patterns:
    """One pattern a label, by the label's code.

    >>> pattern = compile_phrases({"spam": ["book your slot"]})[LABELS.index("spam")]
    >>> bool(pattern.search("Hurry: Book your slot!")), bool(pattern.search("They book your slots."))
    (True, False)

    Raises
    ------
    ValueError
        A label is unknown, or a phrase has no word.
    """
    patterns = {}
    for name, found in phrases.items():
        if name not in LABELS:
            raise ValueError(f"unknown label {name!r} in phrases; known: {', '.join(LABELS)}")
        if isinstance(found, str):
            raise ValueError(f"phrases of {name}: a list of phrases is expected, not the text {found!r}")
        words = [re.findall(r"\w+", phrase) for phrase in found]
        if not all(words):
            raise ValueError(f"phrases of {name}: {found[words.index([])]!r} has no word")
        if words:
            patterns[LABELS.index(Label(name))] = re.compile(rf"\b(?:{'|'.join(map(_GAP.join, words))})\b", re.IGNORECASE)
    return patterns


# What may stand between two words.
_GAP = r"[^\w\n]+"


def phrase_leads(batch: Batch, patterns: Patterns) -> Floats | None:
    """What the first stage adds for the phrases of each paragraph, shape ``(n_paragraphs, n_labels)``; None without phrases."""
    if not patterns:
        return None
    leads = np.zeros((len(batch), len(LABELS)), np.float32)
    lines = batch.compact.decode("utf-8").split("\n")[:-1]
    for code, pattern in patterns.items():
        leads[[bool(pattern.search(line)) for line in lines], code] = LEAD
    return leads


def obey_phrases(probabilities: Floats, leads: Floats) -> Floats:
    """Probabilities where a paragraph with phrases has no label but theirs.

    >>> leads = np.array([[0, LEAD], [0, 0]], np.float32)
    >>> obey_phrases(np.array([[0.75, 0.25], [0.75, 0.25]], np.float32), leads).tolist()
    [[0.0, 1.0], [0.75, 0.25]]
    """
    told = leads > 0
    # Of several phrases' labels the likelier one leads; none of them may vanish.
    obeyed = np.where(told, np.maximum(probabilities, np.float32(1e-6)), np.float32(0))
    obeyed /= np.maximum(obeyed.sum(axis=1, keepdims=True), np.float32(1e-6))
    return np.where(told.any(axis=1, keepdims=True), obeyed, probabilities).astype(np.float32)
