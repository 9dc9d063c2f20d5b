"""Documents → files, each written beside its place first and then renamed, so that no half file is ever left."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from noisefilter.corpus.reading import kind_of
from noisefilter.errors import OutputError
from noisefilter.records import Document


def write_corpus(documents: Iterable[Document], path: str | Path) -> int:
    """Write documents as JSON Lines (.gz and .zst by name); returns how many."""
    count = 0
    with open_output(Path(path)) as stream:
        for document in documents:
            stream.write(json_line(to_record(document)))
            count += 1
    return count


def to_record(document: Document) -> dict[str, Any]:
    """A document as the record it was read from: extra fields pass through, an HTML page comes back as text."""
    record: dict[str, Any] = {"id": document.id, "text": document.body}
    for name in ("source", "url", "published"):
        if getattr(document, name):
            record[name] = getattr(document, name)
    return {**record, **document.extra}


def json_line(row: Any) -> bytes:
    """One row of JSON Lines; characters stay as they are, lone surrogates are escaped."""
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        # orjson refuses lone surrogates and integers over 64 bits.
        return json.dumps(row).encode() + b"\n"


def document_bytes(document: Document, path: Path) -> bytes:
    """A document in the format that the name of its file asks for."""
    return json_line(to_record(document)) if kind_of(path) == "jsonl" else document.body.encode("utf-8", "surrogatepass")


@contextmanager
def open_output(path: Path) -> Iterator[IO[bytes]]:
    """Write a file whole or not at all: a temporary file in the same folder, flushed to disk, then renamed."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = temporary.open("wb")
    except OSError as error:
        raise OutputError(f"{path}: cannot be created ({error.strerror}). Choose another output folder.") from error
    try:
        with raw, _packed(raw, path) as stream:
            yield stream
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _packed(raw: IO[bytes], path: Path) -> Any:
    if path.suffix.lower() == ".gz":
        # No time and no name in the header: the same text gives the same bytes.
        return gzip.GzipFile("", "wb", 6, raw, mtime=0)
    if path.suffix.lower() == ".zst":
        import zstandard

        return zstandard.ZstdCompressor(level=3).stream_writer(raw, closefd=False)
    return open(os.dup(raw.fileno()), "wb")
