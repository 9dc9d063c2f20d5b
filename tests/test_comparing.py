"""diff and drift on real runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import noisefilter as nf
from noisefilter.cli import main
from noisefilter.comparing import chance, diff, drift
from noisefilter.noise.model import NoiseModel
from noisefilter.report.run_folder import Run, read_run

CORPUS = Path(__file__).resolve().parent.parent / "models" / "corpus"


def make_run(folder: Path, model: NoiseModel, texts: list[Path], name: str, precision: float | None = None) -> Run:
    nf.filter(texts, folder / name, model, precision=precision)
    return read_run(folder / name)


@pytest.fixture(scope="module")
def runs(model: NoiseModel, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run, Path]:
    folder = tmp_path_factory.mktemp("runs")
    texts = sorted(CORPUS.glob("10*.txt"))
    return make_run(folder, model, texts, "loose", 0.9), make_run(folder, model, texts, "strict", 0.99), folder


def test_a_stricter_run_only_keeps_more(runs: tuple[Run, Run, Path]) -> None:
    loose, strict, _ = runs
    found = diff(loose, strict)
    assert found.removed.counts.total() == 0
    assert found.restored.counts.total() == strict.record["kept"] - loose.record["kept"] > 0
    assert any("precision" in note for note in found.notes)


def test_diff_turned_round_is_the_mirror(runs: tuple[Run, Run, Path]) -> None:
    loose, strict, _ = runs
    there, back = diff(loose, strict), diff(strict, loose)
    assert back.removed.counts == {(b, a): n for (a, b), n in there.restored.counts.items()}
    assert back.renamed.counts == {(b, a): n for (a, b), n in there.renamed.counts.items()}


def test_a_run_is_like_itself(runs: tuple[Run, Run, Path]) -> None:
    found = diff(runs[0], runs[0])
    assert (found.notes, found.removed.counts, found.restored.counts, found.renamed.counts) == ([], {}, {}, {})
    assert [(one.index, one.verdict) for one in drift(runs[0], runs[0])] == [(0.0, "no sign of drift")] * 3


def test_drift_is_seen_with_many_documents_and_not_claimed_with_few(runs: tuple[Run, Run, Path]) -> None:
    loose = runs[0]
    spam = dict(loose.record, kept=1, rejected={"spam": loose.record["paragraphs"]})
    few = Run(loose.folder, spam, [], [], [])
    assert drift(few, loose)[0].verdict in ("moved far", "too few documents to say")
    many = Run(loose.folder, {**spam, "documents": 5000}, [], [], [])
    before = Run(loose.folder, {**loose.record, "documents": 5000}, [], [], [])
    assert drift(many, before)[0].verdict == "moved far"
    assert chance(11, 5000, 5000) < 0.02 < chance(11, 10, 10)


def test_command_line(runs: tuple[Run, Run, Path]) -> None:
    loose, strict, _ = map(str, (runs[0].folder, runs[1].folder, ""))
    shown = CliRunner().invoke(main, ["diff", loose, strict])
    assert shown.exit_code == 0 and "kept again by the second" in shown.output
    assert json.loads(CliRunner().invoke(main, ["diff", loose, strict, "--format", "json"]).output)["removed"]["paragraphs"] == 0
    assert CliRunner().invoke(main, ["drift", loose, "--against", strict, "--check"]).exit_code in (0, 1)
    assert CliRunner().invoke(main, ["drift", loose, "--against", loose, "--check"]).exit_code == 0
    assert CliRunner().invoke(main, ["diff", loose, "/nowhere"]).exit_code == 66
