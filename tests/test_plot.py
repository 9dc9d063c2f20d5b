"""Plots show what they were given, and nothing in a name is taken for a formula."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import pytest

import noisefilter as nf
from noisefilter.noise.model import NoiseModel
from noisefilter.records import SourceScore

matplotlib.use("agg")
from noisefilter import plot
from noisefilter.report.figures import svg

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def scores() -> list[SourceScore]:
    return nf.score_sources(list(nf.read_corpus(ROOT / "examples" / "outlets.jsonl")))


def test_label_mix_counts_documents(model: NoiseModel) -> None:
    labelled = list(nf.label(nf.read_corpus(ROOT / "examples"), model))
    axes = plot.label_mix(labelled)
    total = sum(len(document.paragraphs) for document in labelled)
    assert sum(bar.get_width() for bar in axes.patches) == total  # type: ignore[attr-defined]


def test_the_threshold_curve_falls_and_ends_with_what_is_certain(model: NoiseModel) -> None:
    labelled = list(nf.label(nf.read_corpus(ROOT / "examples"), model))
    heights = plot.threshold_curve(labelled, model.precision, 0.88).lines[0].get_ydata()
    shares = [one.noise or 0.0 for document in labelled for one in document.paragraphs]
    assert list(heights) == sorted(heights, reverse=True)  # type: ignore[arg-type]
    assert heights[-1] == pytest.approx(100 * sum(share >= 0.98 for share in shares) / len(shares))  # type: ignore[index]


def test_calibration_refuses_lists_of_two_lengths() -> None:
    with pytest.raises(ValueError, match="2 probabilities and 1 verdicts"):
        plot.calibration([0.1, 0.2], [True])


def test_intervals_and_copies_name_the_sources(scores: list[SourceScore]) -> None:
    assert [label.get_text() for label in plot.source_intervals(scores).get_yticklabels()] == [score.source for score in scores]
    drawn = {text.get_text() for text in plot.copy_map(scores).texts}
    assert {"harbour-mail", "coast-today", "northern-wire"} <= drawn and "the-siren" not in drawn


def test_a_timeline_dates_figures_by_their_documents(scores: list[SourceScore]) -> None:
    published = {document.id: document.published or "" for document in nf.read_corpus(ROOT / "examples" / "outlets.jsonl")}
    dated = plot.timeline(scores, "people", published)
    assert dated.get_title().startswith("people: ") and "left out" not in dated.get_title()
    assert "left out" in plot.timeline(scores, "people").get_title()


@pytest.mark.parametrize("name", ["$x^{$", r"\$a$b$", "<b>&", "\x00\x1b", "\ud800", "א‮b", "x" * 500])
def test_any_name_can_be_drawn(name: str) -> None:
    drawn = svg(lambda axes: plot.copy_map([(name, "other", 0.9)], axes), "copies")
    assert "<b>" not in drawn and "style=" not in drawn and "other" in drawn
    drawn.encode()
