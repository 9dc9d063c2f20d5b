"""The journal of a run: what it was asked for, and a row for each shard whose outputs are whole and on disk.

JSON Lines, appended and flushed to disk. A shard without a row is done again; a last line that was cut off is no row.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from noisefilter.corpus.writing import json_line, open_output
from noisefilter.errors import CorpusError

NAME = "journal.jsonl"


class Journal:
    """An open journal; `header` is what the run was asked for, `rows` the finished shards by number."""

    def __init__(self, path: Path, header: Mapping[str, Any], rows: dict[int, dict[str, Any]]) -> None:
        self.path, self.header, self.rows = path, header, rows
        self._handle: int | None = None

    @classmethod
    def create(cls, folder: Path, header: Mapping[str, Any]) -> Journal:
        """A new journal in the folder of a run."""
        path = folder / NAME
        with open_output(path) as stream:
            stream.write(json_line(header))
        return cls(path, header, {})

    @classmethod
    def read(cls, folder: Path) -> Journal:
        """The journal of a folder, as far as its lines are whole."""
        path = folder / NAME
        header: dict[str, Any] | None = None
        rows: dict[int, dict[str, Any]] = {}
        with path.open("rb") as stream:
            for line in stream:
                try:
                    row = json.loads(line) if line.endswith(b"\n") else None
                except ValueError:
                    row = None
                if not isinstance(row, dict):
                    break
                if header is None:
                    header = row
                else:
                    rows[row["shard"]] = row
        if header is None:
            raise CorpusError(f"{path}: not the journal of a run. Start again with --overwrite.")
        return cls(path, header, rows)

    def add(self, row: dict[str, Any]) -> None:
        """A shard is done: written to disk before this returns."""
        if self._handle is None:
            self._cut_torn_line()
            self._handle = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        line = json_line(row)
        if os.write(self._handle, line) != len(line):
            raise OSError(28, os.strerror(28), str(self.path))
        os.fsync(self._handle)
        self.rows[row["shard"]] = row

    def forget(self, numbers: set[int]) -> None:
        """Take rows back, of shards that are to be done again."""
        if numbers:
            self.rows = {number: row for number, row in self.rows.items() if number not in numbers}
            self.write_in_order()

    def write_in_order(self) -> None:
        """The rows in the order of shards, so that runs of the same input have the same journal."""
        self.close()
        with open_output(self.path) as stream:
            stream.writelines(map(json_line, [self.header, *(self.rows[number] for number in sorted(self.rows))]))

    def close(self) -> None:
        """Close the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _cut_torn_line(self) -> None:
        with self.path.open("rb+") as stream:
            data = stream.read()
            if data and not data.endswith(b"\n"):
                stream.truncate(data.rfind(b"\n") + 1)
