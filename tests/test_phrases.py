"""Phrases of one's own: they tell a label, neighbours see it, and nothing else is touched."""

from __future__ import annotations

import pytest

import noisefilter as nf
from noisefilter.noise.model import NoiseModel
from noisefilter.noise.phrases import LEAD, compile_phrases, phrase_leads
from noisefilter.noise.segment import Batch
from noisefilter.records import LABELS

LINES = (
    "The council voted on Monday to close the bridge for a year.",
    "A tidy kitchen sells a house: book your slot now with an agent.",
    "Ferries will run instead from the old pier, the mayor said.",
)
PHRASES = {"spam": ["book your slot now"]}


def verdicts(model: NoiseModel, phrases: dict[str, list[str]] | None, lines: tuple[str, ...] = LINES) -> list[nf.LabelledParagraph]:
    (labelled,) = nf.label([nf.Document("d", "\n".join(lines))], model, phrases=phrases)
    return list(labelled.paragraphs)


def test_a_phrase_tells_the_label_and_is_the_reason(model: NoiseModel) -> None:
    assert verdicts(model, None)[1].label.is_kept
    found = verdicts(model, PHRASES)[1]
    assert found.label == nf.Label.SPAM and found.reasons[0] == "holds a phrase given for spam"


def test_a_phrase_can_keep(model: NoiseModel) -> None:
    lines = (*LINES, "Share on Facebook Tweet Email")
    assert not verdicts(model, None, lines)[3].label.is_kept
    assert verdicts(model, {"content": ["tweet email"]}, lines)[3].label == nf.Label.CONTENT


def test_neighbours_see_a_phrase(model: NoiseModel) -> None:
    without, with_phrase = verdicts(model, None), verdicts(model, PHRASES)
    assert all(without[n].probability != with_phrase[n].probability for n in (0, 2))


def test_phrases_that_do_not_occur_change_nothing(model: NoiseModel) -> None:
    assert verdicts(model, {"spam": ["buy gold"], "promo": []}) == verdicts(model, None)


@pytest.mark.parametrize(
    ("phrase", "text", "is_found"),
    [
        ("book your slot", "BOOK YOUR SLOT", True),
        ("book your slot", "So: “book your — slot”", True),
        ("book your slot", "Book  your\n   slot", False),
        ("book your slot", "They book your slots", False),
        ("book your slot", "bookyour slot", False),
        ("don't wait", "Don’t wait!", True),
        ("église fermée", "L'ÉGLISE FERMÉE", True),
        ("c++ jobs (now)", "C++ jobs now", True),
        (".*", "anything", None),
    ],
)
def test_whole_words_in_any_case(phrase: str, text: str, is_found: bool | None) -> None:
    if is_found is None:
        with pytest.raises(ValueError, match="has no word"):
            compile_phrases({"spam": [phrase]})
        return
    leads = phrase_leads(Batch.from_texts([text]), compile_phrases({"spam": [phrase]}))
    assert leads is not None and (leads[:, LABELS.index(nf.Label.SPAM)].max() == LEAD) == is_found


def test_wrong_calls() -> None:
    with pytest.raises(ValueError, match="unknown label 'advert' in phrases"):
        list(nf.label([nf.Document("d", "Text.")], phrases={"advert": ["buy"]}))
    with pytest.raises(ValueError, match="a list of phrases"):
        list(nf.label([nf.Document("d", "Text.")], phrases={"spam": "buy"}))
