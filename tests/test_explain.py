"""Explanations are those of the verdict that `label` gives, and true to the model: without the named evidence it is less sure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import noisefilter as nf
from noisefilter.noise.explain import explain
from noisefilter.noise.reasons import PHRASES
from noisefilter.noise.segment import Batch
from noisefilter.records import LABELS

EXAMPLES = Path(__file__).parent.parent / "examples"
FEED = nf.Document("feed", (EXAMPLES / "town_feed.txt").read_text(encoding="utf-8"))
MODEL = nf.load_model()
LABELLED = next(nf.label([FEED], MODEL))
PLACES = range(len(LABELLED.paragraphs))
REJECTED = [place for place in PLACES if not LABELLED.paragraphs[place].label.is_kept]


@pytest.mark.parametrize("index", PLACES)
def test_the_label_is_that_of_label(index: int) -> None:
    found = explain(FEED, index, MODEL)
    assert found.label == LABELLED.paragraphs[index].label
    assert found.probability == pytest.approx(LABELLED.paragraphs[index].probability, abs=1e-4)
    assert (found.noise >= found.needed) == (not found.label.is_kept)


@pytest.mark.parametrize("index", REJECTED)
def test_without_the_named_evidence_the_probability_falls_as_told(index: int) -> None:
    found = explain(FEED, index, MODEL)
    verdicts = MODEL.judge(Batch.from_texts([FEED.body]))
    names = {phrase: name for name, phrase in PHRASES.items()}
    assert found.evidence
    for phrase, fall in found.evidence:
        columns = verdicts.standard[index].copy()
        columns[verdicts.context.groups[names[phrase]]] = 0
        left = MODEL.network.probabilities(MODEL.network.activate(columns[None]))[0, LABELS.index(found.label)]
        assert fall > 0
        assert left == pytest.approx(found.probability - fall, abs=1e-4)


@pytest.mark.parametrize("index", [place for place in REJECTED if explain(FEED, place, MODEL).words])
def test_without_the_named_words_the_words_say_less(index: int) -> None:
    found = explain(FEED, index, MODEL)
    left = " ".join(word for word in found.text.split() if word not in found.words)
    code = LABELS.index(found.label)

    def lead(text: str) -> float:
        scores = MODEL.context(Batch.from_texts([text])).columns[0, : len(LABELS)]
        return float(scores[code] - np.mean(scores))

    assert lead(left) < lead(found.text)


def test_a_phrase_decides_and_is_named() -> None:
    found = explain(FEED, 0, MODEL, phrases={"promo": [" ".join(LABELLED.paragraphs[0].text.split()[:2])]})
    assert found.label == "promo"
    assert "decided without the model: holds a phrase given for promo" in str(found)


def test_an_unknown_language_decides_and_is_named() -> None:
    page = nf.Document("pl", "Rada miasta zdecydowała w poniedziałek o zamknięciu starego mostu na cały rok.\nUdostępnij na Facebooku")
    assert "decided without the model: the model does not know the language (pl): kept whole" in str(explain(page, 1, MODEL))


def test_a_threshold_is_heeded() -> None:
    place = next(place for place in REJECTED if LABELLED.paragraphs[place].probability < 0.999)
    label = str(LABELLED.paragraphs[place].label)
    assert explain(FEED, place, MODEL, thresholds={label: 1.0}).label.is_kept


def test_a_paragraph_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="paragraph 999 of feed: the document has"):
        explain(FEED, 999, MODEL)
