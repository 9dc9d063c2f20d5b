"""Phrases of one's own field that tell a label: evidence of the first stage, before the context is read.

A paragraph that holds a phrase scores higher for the phrase's label, as if its words alone had said so; what stands beside it and the
columns of its document see that. Afterwards the odds of the label are multiplied too: otherwise a subject that fits the file outweighs
any word. That is next to a command; only where the model is as good as certain of another label does that label stand.

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

# First-stage scores, which have a standard deviation of 7 to 12; and the factor of the odds. Chosen and measured on the 14
# development dumps, one phrase at a time: of 67 paragraphs of which the model misses the label all get it from a phrase of that label, 19
# others are mended and 5 spoilt; of 286 that have another label 276 are turned, 13 others mended and 13 spoilt. With a lead of 40: 67
# and 283, 37 and 22 of the latter.
# With odds times 1: 56 and 16; times 1,000: 67 and 188.
LEAD = 20.0
ODDS = 1e5


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


def weigh_odds(probabilities: Floats, leads: Floats) -> Floats:
    """Probabilities with the odds of the phrases' labels multiplied.

    >>> leads = np.array([[0, LEAD]], np.float32)
    >>> weigh_odds(np.array([[0.9999, 0.0001]]), leads).round(2).tolist()
    [[0.09, 0.91]]
    """
    weighed = probabilities * np.where(leads > 0, np.float32(ODDS), np.float32(1))
    return weighed / weighed.sum(axis=1, keepdims=True)
