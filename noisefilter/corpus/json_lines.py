"""JSON Lines → a document a line. Lines end with a newline byte and nothing else; no line is held that is longer than the limit."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import IO, Any

import orjson

from noisefilter.corpus.compression import BLOCK
from noisefilter.corpus.files import CorpusFile
from noisefilter.corpus.intake import Intake
from noisefilter.records import Document


def read_json_lines(stream: IO[bytes], intake: Intake) -> Iterator[Document]:
    """The documents of lines ``{"id", "text" or "html", "source", "url", "published", …}``; other fields pass through."""
    for number, line in _lines(stream, intake):
        if not intake.admit(number):
            continue
        try:
            record = parse_json(line)
        except (ValueError, RecursionError) as error:
            intake.set_aside(number, f"not JSON ({type(error).__name__}: {str(error)[:80]}).")
            continue
        if not isinstance(record, dict):
            intake.set_aside(number, f"a JSON {type(record).__name__} where an object was expected.")
            continue
        document = intake.document(record, number)
        if document is not None:
            yield document


def _lines(stream: IO[bytes], intake: Intake) -> Iterator[tuple[int, bytes]]:
    """Lines that are not blank with their numbers; a line beyond the limit is set aside without being held."""
    most = intake.limits.record_size
    number = intake.first_line - 1
    while line := stream.readline(most + 1):
        number += 1
        if len(line) > most and not line.endswith(b"\n"):
            while (piece := stream.readline(BLOCK)) and not piece.endswith(b"\n"):
                pass
            intake.n_records += 1
            intake.set_aside(number, f"a line of more than {most} bytes. --max-record-size allows more.")
        elif not line.isspace():
            yield number, line


def parse_json(line: bytes) -> Any:
    """One JSON value. orjson is three times as fast; what it refuses (lone surrogates, NaN) the standard library may still read."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return json.loads(line)


class Section(io.RawIOBase):
    """The bytes of a file from `start` to `end`, as a file of their own."""

    def __init__(self, raw: IO[bytes], start: int, end: int) -> None:
        self._raw, self._left = raw, end - start
        raw.seek(start)

    def readable(self) -> bool:
        """See `io.RawIOBase`."""
        return True

    def readinto(self, target: Any) -> int:
        """See `io.RawIOBase`."""
        data = self._raw.read(min(len(target), self._left))
        self._left -= len(data)
        target[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file too."""
        self._raw.close()
        super().close()


def read_cuts(file: CorpusFile, size: int) -> Iterator[tuple[tuple[int, int], int]]:
    """Where to cut a file into parts of at least `size` bytes that end with a line, and the number of each part's first line."""
    start, line, at, n_lines = 0, 1, 0, 0
    with open(file.path, "rb", buffering=0) as stream:
        while block := stream.read(min(size, 1 << 20)):
            if at + len(block) - start >= size and (end := block.rfind(b"\n") + 1):
                n_lines += block.count(b"\n")
                yield (start, at + end), line
                start, line = at + end, line + n_lines
                n_lines = 0
            else:
                n_lines += block.count(b"\n")
            at += len(block)
    if at > start:
        yield (start, at), line
