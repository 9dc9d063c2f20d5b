"""The command line from outside: streams, files, exit codes, messages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TEXT = "The council voted on Monday to close the bridge for a year. Work begins in May.\nShare on Facebook Tweet Email\n"


def run(*words: str, feed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "noisefilter.cli", *words], input=feed, capture_output=True, text=True, encoding="utf-8")


def test_label_reads_text_and_json_lines_from_standard_input() -> None:
    from_text = [json.loads(line) for line in run("label", "-", feed=TEXT).stdout.splitlines()]
    from_json = [json.loads(line) for line in run("label", "-", feed=json.dumps({"id": "a", "text": TEXT})).stdout.splitlines()]
    assert [row["label"] for row in from_text] == [row["label"] for row in from_json] == ["content", "navigation"]
    assert [TEXT[row["start"] : row["end"]] for row in from_json] == TEXT.splitlines()


def test_filter_works_as_a_pipe() -> None:
    done = run("filter", "-", feed=TEXT)
    assert done.stdout == TEXT.splitlines(keepends=True)[0]
    assert "1 kept, 1 rejected" in done.stderr


def test_phrases_reach_label_and_filter() -> None:
    phrase = ("--phrase", "promo=close the bridge", "--phrase", "promo=no such words")
    assert json.loads(run("label", "-", *phrase, feed=TEXT).stdout.splitlines()[0])["label"] == "promo"
    assert "bridge" not in run("filter", "-", *phrase, feed=TEXT).stdout


def test_templates_can_be_switched_off(tmp_path: Path) -> None:
    credit = "The harbour pilots founded the paper in 1911 and still own a third of it."
    for n, subject in enumerate(("bridge in the north", "school by the river", "library of the town", "old lifeboat shed")):
        story = f"The council voted on Monday to close the {subject} for a year.\nThe mayor said the {subject} needs a new roof by May."
        (tmp_path / f"{n}.txt").write_text(f"{story}\n{credit}\n")
    run("filter", str(tmp_path), "-o", f"{tmp_path}_with")
    run("filter", str(tmp_path), "-o", f"{tmp_path}_without", "--no-templates")
    kept = [[credit in page.read_text() for page in sorted(Path(f"{tmp_path}_{name}", "kept").iterdir())] for name in ("with", "without")]
    assert kept == [[True, False, False, False], [True] * 4]


@pytest.mark.parametrize("form", ["csv", "text"])
def test_other_formats(form: str) -> None:
    assert "navigation" in run("label", "-", "--format", form, feed=TEXT).stdout


def test_parquet_has_the_same_rows() -> None:
    import io

    import pandas

    done = subprocess.run(
        [sys.executable, "-m", "noisefilter.cli", "label", "-", "--format", "parquet"], input=TEXT.encode(), capture_output=True
    )
    frame = pandas.read_parquet(io.BytesIO(done.stdout))
    rows = [json.loads(line) for line in run("label", "-", feed=TEXT).stdout.splitlines()]
    assert list(frame.columns) == list(rows[0])
    assert frame.label.tolist() == [row["label"] for row in rows]


def test_explain_names_the_label(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    assert run("explain", f"{tmp_path}/a.txt:2").stdout.startswith("navigation")
    assert run("explain", f"{tmp_path}/a.txt:2", "--phrase", "promo=share").stdout.startswith("promo")


@pytest.mark.parametrize(
    ("words", "feed", "code", "message"),
    [
        (("label", "no/such.txt"), "", 66, "no such file"),
        (("label", "-"), "", 0, "no paragraphs"),
        (("label", "-", "--threshold", "spam"), TEXT, 2, "LABEL=P"),
        (("label", "-", "--threshold", "advert=0.5"), TEXT, 2, "unknown label 'advert'"),
        (("label", "-", "--threshold", "spam=2"), TEXT, 2, "from 0 to 1"),
        (("label", "-", "--phrase", "advert=buy gold"), TEXT, 2, "unknown label 'advert'"),
        (("filter", "-", "--phrase", "spam"), TEXT, 2, "LABEL=WORDS"),
        (("filter", "-", "--phrase", "spam=..."), TEXT, 2, "LABEL=WORDS"),
        (("filter", "-", "--drop", "adverts"), TEXT, 2, "unknown label"),
        (("filter", "somewhere"), "", 2, "-o OUT"),
        (("label", "-", "--model", "/tmp"), TEXT, 65, "not a model folder"),
        (("label", "-"), '{"id": 1}\n', 3, "quarantined"),
    ],
)
def test_mistakes_get_a_code_and_one_line(words: tuple[str, ...], feed: str, code: int, message: str) -> None:
    done = run(*words, feed=feed)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_help_fits_one_screen() -> None:
    shown = run("--help").stdout
    assert "Try first" in shown and len(shown.splitlines()) < 24


def test_claims_and_score_lead_to_the_text() -> None:
    body = "The dam at Ember burst on Monday near Kolvada. The council said 412 houses were flooded."
    feed = "".join(json.dumps({"id": name, "source": name, "text": body}) + "\n" for name in "ab")
    claims = [json.loads(line) for line in run("claims", "--unfiltered", "-", feed=feed).stdout.splitlines()]
    assert [body[row["start"] : row["end"]] for row in claims] == ["412 houses"] * 2
    scores = [json.loads(line) for line in run("score", "--unfiltered", "--format", "json", "-", feed=feed).stdout.splitlines()]
    assert [score["copies"][0]["source"] for score in scores] == ["b", "a"]
    assert "one voice with" in run("score", "-", feed=feed).stdout
    assert run("score", "--unfiltered", "--format", "csv", "-", feed=feed).stdout.startswith("source,reliability,low,high")


def test_score_asks_what_a_source_is() -> None:
    feed = json.dumps({"id": "one", "source": "S", "url": "https://www.example.org/a", "text": "Nine people came."}) + "\n"
    named = {
        by: json.loads(run("score", "--by", by, "--format", "json", "-", feed=feed).stdout)["source"] for by in ("source", "file", "domain")
    }
    assert named == {"source": "S", "file": "one", "domain": "example.org"}
