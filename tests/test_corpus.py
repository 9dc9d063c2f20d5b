"""Reading and writing: every container gives the same documents, and bad records are named, not lost."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import zstandard

from noisefilter import CorpusError, Document, read_corpus, write_corpus
from noisefilter.corpus import Quarantined
from noisefilter.corpus.html import describe_block, read_blocks, read_html

LINE = b'{"id": "a", "text": "One.", "url": "https://www.example.org/x", "lang": "en"}\n'


@pytest.mark.parametrize(("suffix", "pack"), [("", bytes), (".gz", gzip.compress), (".zst", zstandard.ZstdCompressor().compress)])
def test_containers_give_the_same_documents(suffix: str, pack, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / f"x.jsonl{suffix}"
    path.write_bytes(pack(LINE))
    assert list(read_corpus(path)) == [Document("a", "One.", "example.org", url="https://www.example.org/x", extra={"lang": "en"})]


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_written_and_read_is_the_same(suffix: str, tmp_path: Path) -> None:
    documents = [Document("a", "One.\nTwo …\ud800", "s", extra={"n": 1}), Document("b", "", "t")]
    write_corpus(documents, tmp_path / f"x.jsonl{suffix}")
    assert list(read_corpus(tmp_path / f"x.jsonl{suffix}")) == documents


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.jsonl", b"[1]\n", "a JSON list"),
        ("a.jsonl", b'{"id": 1, "body": "x"}\n', "fields: id, body"),
        ("a.jsonl", b'{"text": null}\n', "NoneType"),
        ("a.jsonl", b"{bad\n", "not JSON"),
        ("a.jsonl", b"[" * 200_000 + b"\n", "not JSON"),
        ("a.txt", b"\xff\xfe\xfd", "not UTF-16"),
        ("a.txt", b"caf\xe9", "not UTF-8"),
        ("a.txt", b"a\0b", "binary"),
        ("a.txt.gz", b"no gzip at all", "cannot be read"),
        ("a.txt.gz", gzip.compress(b"some text " * 100)[:-9], "cannot be read"),
        ("a.txt.zst", b"no zstd at all", "damaged"),
    ],
)
def test_bad_records_are_named(name: str, data: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    bad: list[Quarantined] = []
    assert list(read_corpus(tmp_path / name, bad.append)) == []
    assert reason in str(bad[0]) and name in str(bad[0])
    with pytest.raises(CorpusError):
        list(read_corpus(tmp_path / name))


def test_blocks_of_html() -> None:
    page = "<head><title>No</title></head><div>One<br>two <b>three</b><p>four</div>tail<script>x</script><!-- c --><ul><li>a<li>b</ul>"
    assert [block.text for block in read_blocks(page)] == ["One", "two three", "four", "tail", "a", "b"]


@pytest.mark.parametrize("page", ["", " ", "<", "<!-- -->", "\0", "<p>" * 30_000 + "deep"])
def test_odd_html_is_no_crash(page: str) -> None:
    assert all(block.text.strip() for block in read_blocks(page))


def test_each_line_of_a_page_is_described() -> None:
    page = (
        '<body><nav class="top-menu"><ul><li><a href="/">Home</a></li></ul></nav>'
        '<main><p>Half <a href="/x">link</a></p></main><div style="display: none">gone</div>'
    )
    menu, paragraph, hidden = read_blocks(page)
    assert describe_block(menu, False) == "tagli innav inul semnav link10 notmain top menu"
    assert paragraph.link_density == 0.5 and describe_block(paragraph, True).split()[:5] == ["tagp", "inbody", "inmain", "semmain", "link5"]
    assert "ishidden" in describe_block(hidden, False).split()
    document = read_html(page, Document("d", ""))
    assert document.markup is not None and len(document.markup) == len(document.body.splitlines())
