"""From a run to a list, from the list to rows that training takes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

import noisefilter as nf
from noisefilter.cli import main
from noisefilter.errors import CorpusError
from noisefilter.noise.labelled_data import read_rows
from noisefilter.noise.model import NoiseModel
from noisefilter.report.run_folder import Run, read_run
from noisefilter.reviewing import pick, read_todo

CORPUS = Path(__file__).resolve().parent.parent / "models" / "corpus"


@pytest.fixture(scope="module")
def run(model: NoiseModel, tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("review") / "out"
    nf.filter(sorted(CORPUS.glob("10*.txt")), out, model)
    return read_run(out)


def test_picks_are_doubtful_and_spread(run: Run) -> None:
    picks = pick(run, 10)
    doubts = [min(one.row["noise"], 1 - one.row["noise"]) for one in picks]
    everything = [min(row["noise"], 1 - row["noise"]) for row in run.rows]
    assert len(picks) == 10 == len({one.number for one in picks})
    assert sum(doubts) / 10 > 3 * sum(everything) / len(everything)
    assert len({one.row["document_id"] for one in picks}) >= 5


def test_asking_for_more_than_there_is_gives_what_there_is(run: Run) -> None:
    assert len(pick(run, 100_000)) <= sum(1 for _ in run.rows)


def fill_in(path: Path, answers: dict[int, str]) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    for place, answer in answers.items():
        lines[place]["correct"] = answer
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)


def test_corrections_come_back_as_training_rows(run: Run, tmp_path: Path) -> None:
    todo, mine = tmp_path / "todo.csv", tmp_path / "mine.jsonl"
    assert CliRunner().invoke(main, ["review", str(run.folder), "--n", "5", "-o", str(todo)]).exit_code == 0
    fill_in(todo, {0: "spam", 1: "ok", 3: " Promo "})
    done = CliRunner().invoke(main, ["review", str(run.folder), "--corrections", str(todo), "-o", str(mine)])
    assert done.exit_code == 0 and "3 labels" in done.output
    picks = pick(run, 5)
    expected = {picks[0].row["text"]: "spam", picks[1].row["text"]: picks[1].row["label"], picks[3].row["text"]: "promo"}
    examples = read_rows(mine)
    labelled = {text: label for one in examples for text, label in zip(one.texts, one.labels, strict=True) if label}
    assert labelled == expected
    assert sum(len(one.texts) for one in examples) > 3


@pytest.mark.parametrize(("answer", "message"), [("advert", "unknown label 'advert'"), ("uncertain", "unknown label")])
def test_wrong_answers_are_named(run: Run, tmp_path: Path, answer: str, message: str) -> None:
    todo = tmp_path / "todo.csv"
    CliRunner().invoke(main, ["review", str(run.folder), "--n", "2", "-o", str(todo)])
    fill_in(todo, {1: answer})
    with pytest.raises(CorpusError, match=message):
        read_todo(todo, run)


def test_a_list_of_another_run_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "todo.csv").write_text("row,correct\n99999,spam\n")
    with pytest.raises(CorpusError, match="not in the sample"):
        read_todo(tmp_path / "todo.csv", run)


def test_cells_are_harmless_in_a_spreadsheet(model: NoiseModel, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("=HYPERLINK(1)\n\n@SUM(1)\n\nThe council met on Monday.\n")
    nf.filter([tmp_path / "a.txt"], tmp_path / "out", model)
    CliRunner().invoke(main, ["review", str(tmp_path / "out"), "-o", str(tmp_path / "todo.csv")])
    with (tmp_path / "todo.csv").open(newline="") as stream:
        cells = [cell for line in csv.reader(stream) for cell in line]
    assert cells and not any(cell[:1] in ("=", "@", "+", "-") for cell in cells)


def test_labels_can_be_given_at_the_terminal(run: Run, tmp_path: Path) -> None:
    mine = tmp_path / "mine.jsonl"
    done = CliRunner().invoke(main, ["review", str(run.folder), "--n", "4", "--tui", "-o", str(mine)], input="\nadvert\nspam\ns\nq\n")
    assert done.exit_code == 0 and "unknown label 'advert'" in done.output and "2 labels" in done.output
    assert sum(label != "" for one in read_rows(mine) for label in one.labels) == 2


def test_the_end_of_the_input_keeps_the_answers_before_it(run: Run, tmp_path: Path) -> None:
    mine = tmp_path / "mine.jsonl"
    done = CliRunner().invoke(main, ["review", str(run.folder), "--n", "4", "--tui", "-o", str(mine)], input="\nspam\n")
    assert done.exit_code == 0 and "2 labels in" in done.output
    assert sum(label != "" for one in read_rows(mine) for label in one.labels) == 2


def test_answers_are_not_overwritten(run: Run, tmp_path: Path) -> None:
    todo, mine = tmp_path / "todo.csv", tmp_path / "mine.jsonl"
    ask = ["review", str(run.folder), "--n", "4", "-o"]
    assert CliRunner().invoke(main, [*ask, str(todo)]).exit_code == 0
    assert CliRunner().invoke(main, [*ask, str(todo)]).exit_code == 0  # nobody has filled it in
    todo.write_text(todo.read_text(encoding="utf-8").replace(",,", ",ok,", 1), encoding="utf-8")
    mine.write_text("{}\n")
    for words in ([*ask, str(todo)], [*ask, str(mine), "--tui"]):
        before = Path(words[5]).read_bytes()
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 73 and "holds labels that somebody gave. Name another file with -o" in done.output
        assert Path(words[5]).read_bytes() == before
