"""Paragraphs have exact offsets, nothing visible is lost, and layout changes no paragraph."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noisefilter import Document, segment
from noisefilter.noise.segment import Batch

PROSE = (
    "The harbour master said on Tuesday that the dredger would stay until the end of the month, because the channel had silted up "
    "again after the storm and two of the larger ferries could no longer turn at low water.",
    "Fishermen who had hoped for a quieter season were told to keep to the eastern mole, where the depth is still enough for them.",
    "Nobody at the meeting asked who would pay, although everybody seemed to know that it would not be the harbour.",
)
ANY_TEXT = st.text(st.sampled_from(list("aB. ,\n\r\t-•é漢\u00a0\u2028\x0b🦅")), max_size=200)


@given(ANY_TEXT)
@settings(max_examples=500, deadline=None)
def test_offsets_are_exact_and_only_blanks_lie_between(body: str) -> None:
    at = 0
    for paragraph in segment(Document("d", body)):
        assert body[paragraph.start : paragraph.end] == paragraph.text
        assert not body[at : paragraph.start].replace("\u200b", "").replace("\ufeff", "").strip()
        assert paragraph.text.split()
        at = paragraph.end
    assert not body[at:].strip()


@given(st.lists(ANY_TEXT, min_size=1, max_size=5))
@settings(max_examples=200, deadline=None)
def test_a_batch_cuts_each_document_as_if_alone(bodies: list[str]) -> None:
    batch = Batch.from_texts(bodies)
    starts, ends = batch.character_offsets
    together = [
        [(int(s), int(e)) for s, e, d in zip(starts, ends, batch.documents, strict=True) if d == number] for number in range(len(bodies))
    ]
    assert together == [[(p.start, p.end) for p in segment(Document("d", body))] for body in bodies]


@pytest.mark.parametrize("width", [60, 72, 80, 100])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_hard_wrapped_lines_are_joined(width: int, line_end: str) -> None:
    body = "\n\n".join(textwrap.fill(text, width) for text in PROSE).replace("\n", line_end)
    assert [" ".join(p.text.split()) for p in segment(Document("d", body))] == list(PROSE)


def test_one_paragraph_a_line_is_left_alone() -> None:
    lines = [*PROSE, "A short headline", "Another one", "and a third, in lower case"]
    assert [p.text for p in segment(Document("d", "\n".join(lines)))] == lines


def test_a_bullet_in_a_wrapped_file_is_its_own_paragraph() -> None:
    points = "- one point that is long enough to fill the line of the file\n- another point of about the same length as the first one"
    body = "\n\n".join(textwrap.fill(text, 64) for text in PROSE) + "\n\n" + points
    assert len(segment(Document("d", body))) == len(PROSE) + 2


def test_compact_text_does_not_depend_on_layout() -> None:
    plain = "\n".join(PROSE) + "\n"
    wrapped = "\r\n\r\n".join(textwrap.fill(text, 70).replace("\n", "\r\n") + "  " for text in PROSE)
    assert Batch.from_texts([plain]).compact == Batch.from_texts([wrapped]).compact == plain.encode()


def test_corpus_dumps_are_cut_as_their_authors_did() -> None:
    """At least 99 % of the labelled paragraphs of the training dumps are one paragraph of ours."""
    import json

    whole = total = 0
    for path in sorted((Path(__file__).parent.parent / "models" / "corpus").glob("*.txt")):
        text = path.read_bytes().decode()
        starts = [0]
        for line in text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        found = {(p.start, p.end) for p in segment(Document("d", text))}
        for row in path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines():
            gold = json.loads(row)
            piece = text[starts[gold["line_start"] - 1] : starts[gold["line_end"]] - 1]
            start = starts[gold["line_start"] - 1] + len(piece) - len(piece.lstrip())
            whole += (start, start + len(piece.strip())) in found
            total += 1
    assert whole / total > 0.99
