"""Input that means harm: nothing crashes, nothing is lost, and nothing runs."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import noisefilter as nf
from noisefilter.corpus.intake import Intake
from noisefilter.corpus.reading import read_stream
from noisefilter.run.conservation import check_conservation, put_together
from noisefilter.run.restore import put_back

LABELS = sorted(map(str, nf.Label))


def command(*words: str, feed: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "noisefilter.cli", *words], input=feed, capture_output=True, check=False)


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t="])
def test_cells_that_a_spreadsheet_would_run_are_quoted(mark: str) -> None:
    feed = json.dumps({"id": f"{mark}1+1", "text": f"{mark}cmd|' /C calc'!A0 is what nine of 12 people wrote in 2019."}).encode()
    for verb in (["label"], ["claims", "--unfiltered"]):
        rows = list(csv.DictReader(io.StringIO(command(*verb, "-", "--format", "csv", feed=feed).stdout.decode())))
        assert rows and not any(str(cell).startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row.values())


@pytest.mark.parametrize(
    "line", [b"[" * 100_000, b'{"a":' * 100_000, b'{"text": "' + b"\\u0000" * 50_000 + b'"}', b'{"text": NaN}', b"1e99999"]
)
def test_deep_and_odd_json_is_named_and_the_next_line_is_read(line: bytes) -> None:
    bad: list[object] = []
    intake = Intake("a.jsonl", bad.append)
    documents = list(read_stream(io.BytesIO(line + b'\n{"text": "Next."}\n'), "jsonl", intake))
    assert documents[-1].body == "Next." and len(documents) + len(bad) == intake.n_records == 2


def test_lone_surrogates_in_any_language_are_no_crash() -> None:
    polish = "Rada miasta zdecydowała w poniedziałek o zamknięciu mostu na rok.\ud800"
    (labelled,) = nf.label([nf.Document("d", polish)])
    assert labelled.unknown_language == "pl"
    assert nf.clean(labelled).body == polish


def test_a_long_line_and_many_short_ones(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("never ending words " * 100_000)
    (tmp_path / "short.txt").write_text("word\n" * 50_000)
    for labelled in nf.label(nf.read_corpus(tmp_path)):
        check_conservation(labelled, nf.clean(labelled))


PIECES = st.sampled_from(
    [
        "The mill is open.",
        "Share on Facebook",
        "By A. Writer",
        "\n",
        "\r\n",
        "\r",
        " ",
        "\u2028",
        "\ufeff",
        "\u202e",
        "\0",
        "\ud800",
        "é",
        "漢",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join), st.sets(st.sampled_from(LABELS)), st.sets(st.sampled_from(LABELS)))
@settings(max_examples=150, deadline=None)
def test_segment_label_filter_restore(body: str, keep: set[str], back: set[str]) -> None:
    (labelled,) = nf.label([nf.Document("d", body)])
    kept = nf.clean(labelled, keep)
    rejected = check_conservation(labelled, kept, keep)
    assert put_together(kept.body, rejected) == body
    assert put_back(kept.body, rejected, back) == nf.clean(labelled, keep | back).body
    assert put_back(kept.body, rejected, LABELS) == body
