"""Phrases of one's own field that tell a label: evidence of the first stage, before the context is read.

A paragraph that holds a phrase scores higher for the phrase's label, as if its words alone had said so; what stands beside it and the
columns of its document see that. The second stage still decides: a phrase is strong evidence, not a command.

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

# First-stage scores, which have a standard deviation of 7 to 12. On 14 held-out dumps: of 67 paragraphs of which the model misses the
# label 64 get it from a phrase of that label (30: 63, 60: 65), and of 286 that have another label 87 are turned (30: 46, 60: 143).
LEAD = 40.0


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
