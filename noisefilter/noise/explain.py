"""Why one paragraph got its label: each group of evidence is taken away in turn, and the paragraph judged again.

What decides without the model (a phrase of the user's, a language that the model does not know) is said first, and how much noise was
needed for a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Unpack

import numpy as np

from noisefilter.noise.decide import needed_share, noise_share
from noisefilter.noise.hashing import read_words
from noisefilter.noise.label import Judge, Settings, judge_for, label
from noisefilter.noise.model import NoiseModel, Verdicts, load_model
from noisefilter.noise.phrases import phrase_leads
from noisefilter.noise.reasons import PHRASES
from noisefilter.noise.segment import Batch
from noisefilter.records import LABELS, Document, Label, LabelledDocument

# Groups of evidence told, and the least fall of the probability that is worth a line.
MOST_EVIDENCE, LEAST_FALL = 4, 0.005
# Words of a paragraph that are taken away one by one, and how many of them are told.
MOST_WORDS, TOLD_WORDS = 200, 5


@dataclass(frozen=True)
class Explanation:
    """One verdict and its evidence: `(phrase, how far the probability falls without it)`, strongest first.

    `noise` is the probability that the paragraph is noise of any kind, `needed` what a verdict of noise needs here; `decided_by` says
    what decided instead of the model, "" where nothing did. `partner` is the index of the paragraph that it shares most words with.
    """

    text: str
    label: Label
    probability: float
    noise: float
    needed: float
    evidence: tuple[tuple[str, float], ...]
    words: tuple[str, ...]
    partner: int | None
    decided_by: str = ""

    def __str__(self) -> str:
        lines = [f"{self.label} ({self.probability:.2f}): {self.text[:100]}"]
        if self.decided_by:
            return "\n".join([*lines, f"  decided without the model: {self.decided_by}"])
        lines.append(f"  noise of any kind {self.noise:.2f}, needed {self.needed:.2f}")
        lines += [f"  {phrase}: without it {self.probability - fall:.2f}" for phrase, fall in self.evidence]
        if self.words:
            lines.append(f"  words that weigh most: {', '.join(self.words)}")
        if self.partner is not None:
            lines.append(f"  shares most words with paragraph {self.partner}")
        return "\n".join(lines)


def explain(document: Document, index: int, model: NoiseModel | None = None, **settings: Unpack[Settings]) -> Explanation:
    """Explain the label of one paragraph of a document, judged with the settings of `label`.

    >>> page = Document("d", "The council voted on Monday to close the bridge for a year.\\nShare on Facebook Tweet Email")
    >>> explain(page, 1).label
    <Label.NAVIGATION: 'navigation'>

    Raises
    ------
    ValueError
        The document has no paragraph of that index.
    """
    judge = judge_for(model or load_model(), **settings)
    labelled = next(label([document], judge.model, **settings))
    if not 0 <= index < len(labelled.paragraphs):
        raise ValueError(f"paragraph {index} of {document.id}: the document has {len(labelled.paragraphs)}, counted from 0")
    batch = Batch.from_texts([document.body])
    verdicts = judge.model.judge(batch, [document.markup], phrase_leads(batch, judge.patterns))
    found = labelled.paragraphs[index]
    code = int(verdicts.probabilities[index].argmax()) if found.label is Label.UNCERTAIN else LABELS.index(found.label)
    partner = int(verdicts.context.partner[index])
    return Explanation(
        found.text,
        found.label,
        float(verdicts.probabilities[index, code]),
        float(noise_share(verdicts.probabilities[index : index + 1])[0]),
        float(needed_share(verdicts, judge.rule)[index]),
        _evidence(judge.model, verdicts, index, code),
        _heavy_words(judge.model, found.text, code),
        partner if partner >= 0 else None,
        _decided_by(labelled, index, judge),
    )


def _decided_by(labelled: LabelledDocument, index: int, judge: Judge) -> str:
    """What decided instead of the model."""
    found = labelled.paragraphs[index]
    if labelled.unknown_language or any(pattern.search(found.text) for pattern in judge.patterns.values()):
        return found.reasons[0] if found.reasons else ""
    return ""


def _evidence(model: NoiseModel, verdicts: Verdicts, index: int, code: int) -> tuple[tuple[str, float], ...]:
    """How far the label's probability falls without each group of columns."""
    standard = verdicts.standard[index]
    falls = []
    for name, where in verdicts.context.groups.items():
        without = standard.copy()
        without[where] = 0
        left = model.network.probabilities(model.network.activate(without[None]))[0, code]
        falls.append((PHRASES[name], float(verdicts.probabilities[index, code] - left)))
    falls.sort(key=lambda pair: -pair[1])
    return tuple((phrase, fall) for phrase, fall in falls[:MOST_EVIDENCE] if fall > LEAST_FALL)


def _heavy_words(model: NoiseModel, text: str, code: int) -> tuple[str, ...]:
    """Words whose removal lowers the label's first-stage score most, against the mean of all labels."""
    words = text.split()[:MOST_WORDS]
    if len(words) < 2:
        return ()
    variants = [" ".join(words), *(" ".join(words[:i] + words[i + 1 :]) for i in range(len(words)))]
    scores = model.words.scores(read_words(Batch.from_texts(variants).compact))[:, : len(LABELS)]
    lead = scores[:, code] - scores.mean(axis=1)
    falls = lead[0] - lead[1:]
    best = [int(i) for i in np.argsort(-falls)[:TOLD_WORDS] if falls[i] > 0]
    return tuple(dict.fromkeys(words[i] for i in best))
