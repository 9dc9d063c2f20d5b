"""The survey of a run: parts add up, order does not matter, and the sample stays small."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from noisefilter.records import KEPT, Document, Label, LabelledDocument, LabelledParagraph, Paragraph
from noisefilter.survey import SAMPLED, WINDOW, Survey


def document(number: int, n_paragraphs: int = 3) -> LabelledDocument:
    verdicts = [
        LabelledParagraph(
            Paragraph(f"d{number}", index, index, index + 1, "x"),
            Label.CONTENT if index % 2 else Label.TEASER,
            0.9,
            noise=index / n_paragraphs,
        )
        for index in range(n_paragraphs)
    ]
    return LabelledDocument(Document(f"d{number}", "x" * n_paragraphs, source=f"s{number % 3}"), tuple(verdicts))


def survey(documents: list[LabelledDocument]) -> Survey:
    found = Survey()
    for one in documents:
        found.add("f", one, KEPT)
    return found


def shown(found: Survey) -> tuple[object, object]:
    return found.counts(), list(found.rows())


@given(st.integers(0, 40), st.integers(0, 40), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_parts_add_up_in_any_order(n: int, cut: int, draw: random.Random) -> None:
    documents = [document(number) for number in range(n)]
    whole = shown(survey(documents))
    draw.shuffle(documents)
    assert shown(survey(documents[:cut]) + survey(documents[cut:])) == whole


def test_a_large_corpus_leaves_a_small_sample() -> None:
    documents = [document(number) for number in range(SAMPLED + 50)]
    found = survey(documents)
    assert len(found.documents) == SAMPLED
    assert shown(survey(documents[::2]) + survey(documents[1::2])) == shown(found)
    assert sum(found.counts()["noise"]) == 3 * (SAMPLED + 50)


def test_a_long_document_is_sampled_by_a_window_of_neighbours() -> None:
    rows = list(survey([document(1, 5 * WINDOW)]).rows())
    assert [row["index"] for row in rows] == list(range(rows[0]["index"], rows[0]["index"] + WINDOW))
