"""Documents → files, each written beside its place first and then renamed, so that no half file is ever left."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

import orjson

from noisefilter.corpus.compression import packed
from noisefilter.corpus.delimited import DelimitedWriter
from noisefilter.corpus.formats import kind_of, packing_of
from noisefilter.corpus.intake import Intake
from noisefilter.corpus.remote import is_remote, open_remote
from noisefilter.errors import DISK_FULL, OF_THE_MACHINE, OutputError
from noisefilter.records import Document

# What a file is called until it is whole.
PART = ".part"
Write = Callable[[Document], Any]


def write_corpus(documents: Iterable[Document], path: str | Path) -> int:
    """Write documents as JSON Lines (.gz and .zst by name), here or to a remote address; returns how many."""
    count = 0
    with _open_remote_output(str(path)) if is_remote(path) else open_output(Path(path)) as stream:
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
    """One row of JSON Lines; characters stay as they are, lone surrogates are escaped, dates and bytes are written as text."""
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        # orjson refuses lone surrogates, integers over 64 bits, and what only Parquet holds.
        return json.dumps(row, default=str).encode() + b"\n"


def document_bytes(document: Document, kind: str) -> bytes:
    """A document as a line of JSON Lines or as its text."""
    return json_line(to_record(document)) if kind == "jsonl" else document.body.encode("utf-8", "surrogatepass")


@contextmanager
def open_documents(path: Path, intake: Intake, *, flushed: bool = True) -> Iterator[Write]:
    """A function that writes documents into a file in the format of its name, with the columns of the `intake` they come from."""
    kind = kind_of(path.name)
    with open_output(path, flushed=flushed) as stream:
        if kind == "parquet":
            from noisefilter.corpus.parquet import ParquetWriter

            with closing(ParquetWriter(stream, intake)) as table:
                yield table.write
        elif kind in ("csv", "tsv"):
            with closing(DelimitedWriter(stream, kind, intake)) as rows:
                yield rows.write
        else:
            yield lambda document: stream.write(document_bytes(document, kind or "text"))


@contextmanager
def open_output(path: Path, *, flushed: bool = True) -> Iterator[IO[bytes]]:
    """Write a file whole or not at all: a temporary file in the same folder, flushed to disk, then renamed.

    Without `flushed` the caller sees to it that it gets to the disk.
    """
    temporary = _temporary(path)
    with creating(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = temporary.open("wb")
    try:
        with raw:
            with packed(raw, packing_of(path.name)) as stream:
                yield stream
            raw.flush()
            if flushed:
                os.fsync(raw.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def open_folder(path: Path) -> Iterator[Path]:
    """Fill a new folder whole or not at all: a temporary one beside its place, renamed at the end; what an earlier try left is removed."""
    temporary = _temporary(path)
    with creating(path):
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
    try:
        yield temporary
        temporary.rename(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _temporary(path: Path) -> Path:
    # Not by its name, which may already be as long as names can be.
    return path.with_name(f".{blake2b(os.fsencode(path.name), digest_size=8).hexdigest()}{PART}")


@contextmanager
def creating(path: Path) -> Iterator[None]:
    """Errors that tell of the place become an `OutputError`; those of the machine or of a full disk stay what they are."""
    try:
        yield
    except OSError as error:
        if error.errno in OF_THE_MACHINE | DISK_FULL:
            raise
        raise OutputError(f"{path}: cannot be created ({error.strerror}). Choose another output folder.") from error


@contextmanager
def _open_remote_output(address: str) -> Iterator[IO[bytes]]:
    """Remote stores show a file when it is closed; one that was not written to its end is thrown away."""
    raw = open_remote(address, "wb")
    try:
        with packed(raw, packing_of(address)) if packing_of(address) else raw as stream:
            yield stream
        raw.close()
    except BaseException:
        getattr(raw, "discard", lambda: None)()
        raise
