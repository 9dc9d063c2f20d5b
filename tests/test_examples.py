"""What the examples are there to show; docs/examples.md says it in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import noisefilter as nf
from noisefilter.records import LABELS, LabelledDocument, LabelledParagraph, SourceScore

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def labelled(name: str) -> list[LabelledDocument]:
    return list(nf.label(nf.read_corpus(EXAMPLES / name)))


def kitchen(document: LabelledDocument) -> LabelledParagraph:
    return next(one for one in document.paragraphs if one.text.startswith("When you sell your home"))


def scores() -> dict[str, SourceScore]:
    return {score.source: score for score in nf.score_sources(nf.read_corpus(EXAMPLES / "outlets.jsonl"))}


def test_one_paragraph_is_foreign_on_one_page_and_at_home_on_another() -> None:
    town, agent = (kitchen(labelled(name)[0]) for name in ("town_feed.txt", "estate_agent.txt"))
    assert town.text == agent.text
    assert town.label == "spam"
    assert agent.label == "content"


def test_teasers_lead_to_their_articles() -> None:
    page = labelled("town_feed.txt")[0]
    teasers = [one for one in page.paragraphs if one.label == "teaser"]
    assert len(teasers) == 2
    for teaser in teasers:
        assert teaser.teaser_of is not None
        assert teaser.text.startswith(page.paragraphs[teaser.teaser_of].text)


def test_what_repeats_over_the_potter_s_pages_goes_but_for_its_first_copy(tmp_path: Path) -> None:
    nf.filter([EXAMPLES / "records.jsonl"], tmp_path / "out", nf.load_model())
    kept = [document.body for document in nf.read_corpus(tmp_path / "out" / "kept")]
    assert sum("The workshop stands open" in body for body in kept) <= 1
    assert sum("Wedging without tears\nCut the clay" in body for body in kept) == 1


def test_the_rewrite_is_one_voice_and_the_wrong_total_is_found() -> None:
    found = scores()
    assert "coast-today" in dict(found["harbour-mail"].copies)
    assert any("make 26" in one.explanation for one in found["the-siren"].contradictions)
    assert min(found, key=lambda name: found[name].reliability or 1) == "the-siren"


def test_clean_sources_do_not_contradict_themselves() -> None:
    assert {name for name, score in scores().items() if score.contradictions} == {"the-siren"}


def test_a_growing_toll_is_no_contradiction() -> None:
    landslide = [document for document in nf.read_corpus(EXAMPLES / "outlets.jsonl") if document.id.startswith("slide")]
    statuses = {
        (one.claim.source, one.claim.quantity.value, one.status)
        for score in nf.score_sources(landslide)
        for one in score.statistics
        if one.claim.quantity.text in ("Nine people", "14 deaths")
    }
    assert {status for _, _, status in statuses} == {"corroborated"}
    assert len(statuses) == 3


def test_the_diary_has_a_label_for_every_paragraph() -> None:
    documents = list(nf.read_corpus(EXAMPLES / "weather_diary.jsonl"))
    assert len(documents) == 10
    for document in documents:
        assert len(nf.segment(document)) == len(document.extra["labels"])
        assert set(document.extra["labels"]) <= set(map(str, LABELS))


def shown_in(notebook: str) -> Iterator[str]:
    """The texts that a notebook was committed with as outputs."""
    for cell in json.loads((EXAMPLES.parent / "notebooks" / notebook).read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            yield "".join(output.get("text", []))
            yield "".join(output.get("data", {}).get("text/html", []))


def test_the_outputs_of_the_notebooks_are_of_these_examples_and_of_this_model() -> None:
    """Where this fails: make notebooks-again, and read whether what is said between the outputs still holds."""
    page = unescape("".join(shown_in("1_what_is_noise.ipynb")))
    assert [line for line in (EXAMPLES / "town_feed.txt").read_text(encoding="utf-8").splitlines() if line not in page] == []
    story = "".join(shown_in("2_how_a_source_is_scored.ipynb"))
    slide = next(one for one in nf.read_corpus(EXAMPLES / "outlets.jsonl") if one.id == "slide-3")
    assert slide.body in story
    card = "".join(shown_in("3_train_your_own.ipynb"))
    assert nf.load_model().digest in card
