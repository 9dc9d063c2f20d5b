"""Parquet, CSV, TSV, WARC, packed and remote input: the same documents, extra columns untouched, and every damage is noticed."""

from __future__ import annotations

import datetime
import gzip
import io
import zlib
from decimal import Decimal
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
import zstandard

import noisefilter as nf
from noisefilter.corpus.files import corpus_files
from noisefilter.corpus.intake import Intake, Limits, Quarantined
from noisefilter.corpus.reading import read_file
from noisefilter.noise.model import NoiseModel

CLEAN = "The council voted on Monday to close the bridge for a year."
NOISE = "Share on Facebook Tweet Email"
COLUMNS = {
    "id": ["a", "b", "c"],
    "text": [f"{CLEAN}\n{NOISE}", CLEAN, ""],
    "when": [datetime.datetime(2020, 1, 1, 12, 30, 0, 123456), None, datetime.datetime(1, 1, 1)],
    "price": [Decimal("12.50"), None, Decimal("-0.01")],
    "raw": [b"\xff\x00", b"", None],
    "tags": [["x", None], [], None],
    "nested": [{"n": 1, "s": "y"}, None, {"n": None, "s": ""}],
    "score": [1.5, float("nan"), None],
}


def read(path: Path, **limits: int) -> tuple[list[nf.Document], list[Quarantined], Intake]:
    bad: list[Quarantined] = []
    (file,) = corpus_files(path)
    intake = Intake(file.name, bad.append, limits=Limits(**limits))
    documents = list(read_file(file, intake))
    # Whatever the file: each record is a document or in quarantine.
    assert intake.n_records == len(documents) + len(bad)
    return documents, bad, intake


def test_parquet_keeps_every_column_and_type(model: NoiseModel, tmp_path: Path) -> None:
    table = pyarrow.table(COLUMNS)
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet", row_group_size=2)
    nf.filter([tmp_path / "a.parquet"], tmp_path / "out", model)
    kept = pyarrow.parquet.read_table(tmp_path / "out" / "kept" / "a.parquet")
    assert kept.schema == table.schema
    assert kept.column("text").to_pylist() == [f"{CLEAN}\n", CLEAN, ""]
    others = [name for name in COLUMNS if name not in ("text", "score")]
    assert kept.select(others).equals(table.select(others))
    assert str(kept["score"].to_pylist()) == str(COLUMNS["score"])


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (pyarrow.table({"body": ["x"]}), "columns: body"),
        (pyarrow.table({"text": [b"x"]}), "'text' is binary"),
        (pyarrow.table({"text": ["x", None]}), "'text' is NoneType"),
    ],
)
def test_parquet_without_text_is_named(table: pyarrow.Table, reason: str, tmp_path: Path) -> None:
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    _, bad, _ = read(tmp_path / "a.parquet")
    assert reason in str(bad[0])


def test_parquet_of_no_rows_comes_out_as_parquet(model: NoiseModel, tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pyarrow.table({"text": pyarrow.array([], pyarrow.large_string()), "n": []}), tmp_path / "a.parquet")
    nf.filter([tmp_path / "a.parquet"], tmp_path / "out", model)
    assert pyarrow.parquet.read_table(tmp_path / "out" / "kept" / "a.parquet").schema.names == ["text", "n"]


@pytest.mark.parametrize("damage", [lambda d: d[:-9], lambda d: d[:20], lambda d: b"", lambda d: d[:60] + b"\xff" * 40 + d[100:]])
def test_damaged_parquet_is_quarantined(damage, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    stream = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"text": ["x" * n for n in range(100)]}), stream)
    (tmp_path / "a.parquet").write_bytes(damage(stream.getvalue()))
    _, bad, _ = read(tmp_path / "a.parquet")
    assert "Parquet" in str(bad[0])


@pytest.mark.parametrize(("suffix", "mark"), [(".csv", ","), (".tsv", "\t"), (".csv.gz", ","), (".csv.zst", ",")])
def test_tables_come_out_cell_for_cell(suffix: str, mark: str, model: NoiseModel, tmp_path: Path) -> None:
    text = f'"{CLEAN}\n{NOISE}"'
    head, rows = mark.join(["n", "text", "id", "note"]), [mark.join(["1", text, "x", '" =1+1 ""q"" "']), mark.join(["", CLEAN, "y", ""])]
    pack = {".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}.get(suffix[4:], bytes)
    (tmp_path / f"a{suffix}").write_bytes(pack("\r\n".join([head, *rows, ""]).encode("utf-8-sig")))
    nf.filter([tmp_path / f"a{suffix}"], tmp_path / "out", model)
    unpack = {".gz": gzip.decompress, ".zst": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)}
    kept = unpack.get(suffix[4:], bytes)((tmp_path / "out" / "kept" / f"a{suffix}").read_bytes()).decode()
    assert kept == "\n".join([head, rows[0].replace(NOISE, ""), rows[1], ""])


def test_bad_rows_of_a_table_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b'id,text\n1,good\n2,too,many\n3,b\xffd\n4,"never closed\n5,x\n')
    documents, bad, _ = read(tmp_path / "a.csv")
    assert [document.body for document in documents] == ["good"]
    assert [(one.line, one.reason[:9]) for one in bad] == [(3, "3 cells w"), (4, "not UTF-8"), (6, "not CSV f")]


def warc(*bodies: bytes, kind: str = "text/html; charset=utf-8") -> bytes:
    records = []
    for number, body in enumerate(bodies):
        http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + body
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Target-URI: https://www.a.example/{number}\r\n"
            f"WARC-Date: 2020-01-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        )
        records.append(head.encode() + http + b"\r\n\r\n")
    return b"".join(records)


PAGES = [f"<p>{CLEAN}</p><p>Page {n}</p>".encode() for n in range(3)]


def each_packed(data: bytes) -> bytes:
    """A gzip member a record, as crawlers write them."""
    return b"".join(gzip.compress(b"WARC/1.0" + record) for record in data.split(b"WARC/1.0")[1:])


@pytest.mark.parametrize(("suffix", "pack"), [("", bytes), (".gz", each_packed), (".zst", zstandard.ZstdCompressor().compress)])
def test_pages_of_a_warc(suffix: str, pack, model: NoiseModel, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / f"a.warc{suffix}").write_bytes(pack(warc(*PAGES)))
    documents, _, _ = read(tmp_path / f"a.warc{suffix}")
    assert [(d.id, d.source, d.url, d.extra["crawled"]) for d in documents][1] == (
        "1",
        "a.example",
        "https://www.a.example/1",
        "2020-01-01T00:00:00Z",
    )
    nf.filter([tmp_path / f"a.warc{suffix}"], tmp_path / "out", model)
    assert [d.url for d in nf.read_corpus(tmp_path / "out" / "kept" / f"a.warc.jsonl{suffix}")] == [d.url for d in documents]


@pytest.mark.parametrize("length", range(40, len(warc(*PAGES)) - 4, 37))
def test_a_cut_warc_is_noticed_wherever_it_is_cut(length: int, tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(warc(*PAGES)[:length])
    documents, bad, _ = read(tmp_path / "a.warc")
    assert len(documents) < 3
    whole = length % (len(warc(*PAGES)) // 3) < 4
    assert bad or whole


def test_a_cut_member_is_noticed(tmp_path: Path) -> None:
    data = each_packed(warc(*PAGES))
    (tmp_path / "a.warc.gz").write_bytes(data[: len(data) * 5 // 6])
    documents, bad, _ = read(tmp_path / "a.warc.gz")
    assert len(documents) == 2 and "cut off" in str(bad[0])


def test_what_is_no_page_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(warc(b"\x89PNG", kind="image/png") + warc("é".encode("latin-1"), kind="text/plain; charset=utf-8"))
    documents, bad, intake = read(tmp_path / "a.warc")
    assert documents == [] and intake.passed_over == {"image/png": 1}
    assert "not utf-8 text" in str(bad[0])


def test_wet_is_text(tmp_path: Path) -> None:
    text = CLEAN.encode()
    head = f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:uuid:7>\r\nContent-Length: {len(text)}\r\n\r\n"
    (tmp_path / "a.warc.wet").write_bytes(head.encode() + text + b"\r\n\r\n")
    (document,) = read(tmp_path / "a.warc.wet")[0]
    assert document.body == CLEAN and document.media_type == "text/plain"


@pytest.mark.parametrize("garbage", [b"", b"\0" * 500, b"WARC/1.0\r\n", b"WARC/1.0\r\nContent-Length: -5\r\n\r\n", b"\xff" * 4000])
def test_garbage_named_warc_is_no_crash(garbage: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(garbage + warc(PAGES[0])[:50])
    documents, bad, _ = read(tmp_path / "a.warc")
    assert documents == [] and bad


LINES = b'{"text": "One."}\n' * 2000


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".gz", gzip.compress(LINES)[:-9]),
        (".gz", gzip.compress(LINES)[:60]),
        (".gz", gzip.compress(LINES[:17]) + gzip.compress(LINES)[:40]),
        (".gz", gzip.compress(LINES)[:-8] + b"\0\0\0\0" + gzip.compress(LINES)[-4:]),
        (".zst", zstandard.ZstdCompressor().compress(LINES)[:-3]),
        (".zst", zstandard.ZstdCompressor().compress(LINES[:17]) + zstandard.ZstdCompressor().compress(LINES)[:20]),
    ],
)
def test_a_cut_or_damaged_packing_gives_what_is_readable_and_a_word(suffix: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / f"a.jsonl{suffix}").write_bytes(data)
    documents, bad, _ = read(tmp_path / f"a.jsonl{suffix}")
    assert any("damaged or cut off" in one.reason for one in bad)
    assert all(document.body == "One." for document in documents)


@pytest.mark.parametrize(
    ("suffix", "pack"), [(".gz", gzip.compress), (".zst", zstandard.ZstdCompressor(write_content_size=False).compress)]
)
def test_members_one_after_another_are_all_read(suffix: str, pack, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / f"a.jsonl{suffix}").write_bytes(pack(LINES) + pack(LINES))
    assert len(read(tmp_path / f"a.jsonl{suffix}")[0]) == 4000


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_bomb_is_cut_off(suffix: str, tmp_path: Path) -> None:
    line = b'{"text": "' + b"a" * (1 << 20) + b'"}\n'
    if suffix == ".gz":
        pack = zlib.compressobj(9, zlib.DEFLATED, 31)
        data = b"".join(pack.compress(line) for _ in range(80)) + pack.flush()
    else:
        data = zstandard.ZstdCompressor().compress(line * 80)
    (tmp_path / f"a.jsonl{suffix}").write_bytes(data)
    documents, bad, _ = read(tmp_path / f"a.jsonl{suffix}")
    assert "--max-expansion" in str(bad[-1]) and len(documents) < 80
    assert len(read(tmp_path / f"a.jsonl{suffix}", expansion=1 << 30)[0]) == 80


def test_limits_of_size(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "' + b"a" * 5000 + b'"}\n{"text": "b"}\n' + b'{"text": "' + b"a" * 5000)
    documents, bad, _ = read(tmp_path / "a.jsonl", record_size=1000)
    assert [d.body for d in documents] == ["b"] and [one.line for one in bad] == [1, 3]
    assert "--max-file-size" in str(read(tmp_path / "a.jsonl", file_size=100)[1][0])
    (tmp_path / "a.txt").write_bytes(b"a" * 1001)
    assert "--max-record-size" in str(read(tmp_path / "a.txt", record_size=1000)[1][0])


def test_line_ends_of_unicode_end_no_json_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "a\u2028b\u2029c\u0085d"}\r\n\n{"text": "e"}', encoding="utf-8")
    assert [d.body for d in read(tmp_path / "a.jsonl")[0]] == ["a\u2028b\u2029c\u0085d", "e"]


def test_folders_name_what_they_cannot_read(tmp_path: Path) -> None:
    import os

    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b.pdf").write_text("x")
    (tmp_path / "c.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    found = {file.name: (file.kind, file.trouble[:20]) for file in corpus_files(tmp_path)}
    assert found == {
        "a.txt": ("text", ""),
        "b.pdf": ("", ""),
        "c.txt": ("text", "cannot be read (No s"),
        "loop": ("folder", "a link to a folder, "),
        "pipe.txt": ("text", "not a regular file ("),
    }


def test_remote_addresses(model: NoiseModel, tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    documents = [nf.Document("1", CLEAN, "s"), nf.Document("2", f"{CLEAN}\n{NOISE}", "s")]
    for name in ("crawl/a.jsonl", "crawl/b.jsonl.gz", "crawl/deep/c.jsonl.zst"):
        nf.write_corpus(documents, f"memory://{name}")
    assert list(nf.read_corpus("memory://crawl")) == documents * 3
    assert list(nf.read_corpus("memory://crawl/b.jsonl.gz")) == documents
    summary = nf.filter(["memory://crawl"], tmp_path / "out", model)
    assert summary.files == 3 and summary.rejected["navigation"] == 3
    assert {path.name for path in (tmp_path / "out" / "kept").rglob("*.*")} == {"a.jsonl", "b.jsonl.gz", "c.jsonl.zst"}
    with pytest.raises(nf.CorpusError, match="no such file"):
        list(nf.read_corpus("memory://elsewhere"))
    with pytest.raises(nf.NoisefilterError, match="local folder"):
        nf.filter(["memory://crawl"], "memory://out", model)
