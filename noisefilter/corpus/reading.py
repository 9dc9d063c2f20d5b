"""Files → documents, whatever their format and packing; the formats are in files of their own.

A record that cannot be read is not skipped: it comes out as `Quarantined` to whoever passes `quarantine`, and raises otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from noisefilter.corpus.compression import DamagedError, unpacked
from noisefilter.corpus.delimited import read_delimited
from noisefilter.corpus.files import CorpusFile, corpus_files
from noisefilter.corpus.formats import packing_of
from noisefilter.corpus.intake import Intake, Quarantine, Quarantined, refuse
from noisefilter.corpus.json_lines import Section, read_json_lines
from noisefilter.corpus.plain_text import read_html_file, read_text
from noisefilter.errors import OF_THE_MACHINE
from noisefilter.records import Document

Reader = Callable[[Any, Intake], Iterator[Document]]


def read_corpus(path: str | Path, quarantine: Quarantine | None = None) -> Iterator[Document]:
    """Read a file, every known file of a folder in the order of names, or a remote address (``s3://…``, extra ``remote``), as documents.

    `quarantine` is called with each record that cannot be read; without it the first one raises `CorpusError`.
    """
    for file in corpus_files(path):
        if file.kind:
            yield from read_file(file, Intake(file.name, quarantine or refuse))


def read_file(file: CorpusFile, intake: Intake, part: tuple[int, int] | None = None) -> Iterator[Document]:
    """Documents of one file, or of the bytes from start to end of an unpacked file of JSON Lines."""
    most = intake.limits.file_size
    if file.trouble or (most is not None and file.size > most):
        intake.break_off(None, file.trouble or f"{file.size} bytes, more than --max-file-size {most}.")
        return
    try:
        raw = file.open(intake.on_bytes)
        with unpacked(Section(raw, *part) if part else raw, packing_of(file.name), intake.limits.expansion) as stream:  # type: ignore[arg-type]
            yield from read_stream(stream, file.kind, intake)
    except (DamagedError, OSError) as error:
        if getattr(error, "errno", None) in OF_THE_MACHINE:
            raise
        intake.break_off(None, f"cannot be read any further: {error}.")


def read_stream(stream: IO[bytes], kind: str, intake: Intake) -> Iterator[Document]:
    """Documents of an open stream of one of the `formats.KINDS`."""
    for document in _reader(kind)(stream, intake):
        intake.n_given += 1
        yield document


def _reader(kind: str) -> Reader:
    """The reader of a format; those with large libraries are imported when asked for."""
    if kind == "parquet":
        from noisefilter.corpus.parquet import read_parquet

        return read_parquet
    if kind == "warc":
        from noisefilter.corpus.warc import read_warc

        return read_warc
    if kind in ("csv", "tsv"):
        return lambda stream, intake: read_delimited(stream, intake, kind)
    return {"text": read_text, "html": read_html_file, "jsonl": read_json_lines}[kind]


__all__ = ["Quarantined", "read_corpus", "read_file", "read_stream"]
