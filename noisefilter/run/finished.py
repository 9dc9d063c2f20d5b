"""Read a finished run back: every document with what was kept of it and what was rejected.

Rows of ``rejects.jsonl`` carry the shard and the number of their document in it; kept files are read in the order of the journal. Both are
streams, so a run larger than memory is no trouble.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from noisefilter.corpus.files import CorpusFile
from noisefilter.corpus.formats import kind_of
from noisefilter.corpus.intake import Intake, Limits
from noisefilter.corpus.reading import read_file
from noisefilter.errors import CorpusError, MissingInputError
from noisefilter.records import Document
from noisefilter.run.conservation import ConservationError
from noisefilter.run.journal import NAME as JOURNAL
from noisefilter.run.journal import Journal

# What was written by us may be as large as it is.
UNLIMITED = Limits(record_size=1 << 40, expansion=1 << 40)
Rows = list[dict[str, Any]]


@dataclass
class Part:
    """What the journal says of a file, or of a part of one: its shard, its documents and the digest of their texts."""

    shard: int
    first: int
    documents: int
    texts: str


@dataclass
class KeptFile:
    """A kept file and the parts that it was written in."""

    name: str
    kept: str
    size: int
    parts: list[Part]


def open_run(folder: Path) -> Journal:
    """The journal of a run, finished or not."""
    if not (folder / JOURNAL).exists():
        raise MissingInputError(f"{folder}: not a run (no {JOURNAL}). Give the folder that filter -o wrote.")
    return Journal.read(folder)


def open_finished(folder: Path) -> Journal:
    """The journal of a finished run."""
    journal = open_run(folder)
    if not (folder / "run.json").exists():
        raise CorpusError(f"{folder}: not finished. Go on with noisefilter filter … --resume.")
    return journal


def kept_files(journal: Journal) -> Iterator[KeptFile]:
    """The kept files in the order of the shards; the parts of a file that was cut follow one another."""
    current: KeptFile | None = None
    for number in sorted(journal.rows):
        first = 0
        for file in journal.rows[number]["files"]:
            part = Part(number, first, file["documents"], file["texts"])
            first += part.documents
            if current is not None and file["part"] and current.kept == file["kept"]:
                current.parts.append(part)
                current.size += file["bytes"]
                continue
            if current is not None:
                yield current
            current = KeptFile(file["file"], file["kept"], file["bytes"], [part])
    if current is not None:
        yield current


# What must be in a rejected row to put it back.
_USED = {"shard": int, "record": int, "start": int, "text": str, "gap": str, "label": str}


class Rejects:
    """The rows of a run's rejects, handed out document by document in order."""

    def __init__(self, folder: Path) -> None:
        self._stream = (folder / "rejects.jsonl").open("rb")
        self._next = self._read()

    def of(self, shard: int, record: int) -> Rows:
        """The rows of a document."""
        found: Rows = []
        while self._next is not None and (self._next["shard"], self._next["record"]) == (shard, record):
            found.append(self._next)
            self._next = self._read()
        return found

    def _read(self) -> dict[str, Any] | None:
        line = self._stream.readline()
        if not line:
            return None
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or any(type(row.get(name)) is not kind for name, kind in _USED.items()):
            raise ConservationError(f"{self._stream.name}: damaged or changed since the run ({line[:40]!r}…).")
        return row

    def __enter__(self) -> Rejects:
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()

    def check_all_used(self) -> None:
        """ConservationError when rows are left that belong to no document."""
        if self._next is not None:
            raise ConservationError(f"rejects.jsonl has rows of no kept document (shard {self._next['shard']}).")


def read_back(folder: Path, file: KeptFile, rejects: Rejects, intake: Intake | None = None) -> Iterator[tuple[Part, Document, Rows]]:
    """The documents of a kept file, each with its part and its rejected rows."""
    found = CorpusFile(str(folder / "kept"), file.kept, kind_of(file.kept) or "text", file.size)
    documents = read_file(found, intake or Intake(file.kept, limits=UNLIMITED))
    for part in file.parts:
        for record in range(part.first, part.first + part.documents):
            document = next(documents, None)
            if document is None:
                raise ConservationError(f"kept/{file.kept}: ends before its last document.")
            yield part, document, rejects.of(part.shard, record)
    if next(documents, None) is not None:
        raise ConservationError(f"kept/{file.kept}: has more documents than the run wrote.")
