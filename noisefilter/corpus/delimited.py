"""CSV and TSV ↔ a document a row; the first row names the columns, cells may hold line ends in quotes.

What comes out has the columns that came in, cell for cell; only the text is another. Rows that do not fit are set aside.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import IO

from noisefilter.corpus.intake import Intake
from noisefilter.records import Document

DELIMITERS = {"csv": ",", "tsv": "\t"}


def read_delimited(stream: IO[bytes], intake: Intake, kind: str) -> Iterator[Document]:
    """The documents of rows with a column ``text`` or ``html``; other columns pass through."""
    csv.field_size_limit(intake.limits.record_size)
    # Bytes that are no UTF-8 become lone surrogates, so that one bad row is not the end of the file.
    with io.TextIOWrapper(stream, "utf-8-sig", "surrogateescape", newline="") as text:
        rows = csv.reader(_lines(text, intake.limits.record_size), delimiter=DELIMITERS[kind], strict=True)
        header: list[str] | None = None
        try:
            for row in rows:
                if header is None:
                    header = intake.columns = row
                elif row:
                    document = _read_row(header, row, rows.line_num, intake)
                    if document is not None:
                        yield document
        except csv.Error as error:
            intake.break_off(rows.line_num, f"not {kind.upper()} from here on ({error}).")


def _lines(text: IO[str], most: int) -> Iterator[str]:
    """The lines of a table; none is held that is longer than the limit."""
    while line := text.readline(most + 1):
        if len(line) > most:
            raise csv.Error(f"a line of more than {most} characters; --max-record-size allows more")
        yield line


def _read_row(header: list[str], row: list[str], line: int, intake: Intake) -> Document | None:
    if not intake.admit(line):
        return None
    if len(row) != len(header):
        intake.set_aside(line, f"{len(row)} cells where the first row has {len(header)}.")
    elif any(not cell.isascii() and _has_bad_bytes(cell) for cell in row):
        intake.set_aside(line, "not UTF-8 text. Convert it, for example with iconv.")
    else:
        return intake.document(dict(zip(header, row, strict=True)), line)
    return None


def _has_bad_bytes(cell: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in cell)


class DelimitedWriter:
    """Writes documents as rows with the columns of the file that they were read from."""

    def __init__(self, stream: IO[bytes], kind: str, intake: Intake) -> None:
        self._text = io.TextIOWrapper(stream, "utf-8", newline="", write_through=False)
        self._writer = csv.writer(self._text, delimiter=DELIMITERS[kind], lineterminator="\n")
        self._intake, self._opened = intake, False

    def write(self, document: Document) -> None:
        """Add a row."""
        self._open()
        known = {"id": document.id, "source": document.source, "url": document.url, "published": document.published}
        cells = {**known, "text": document.body, "html": document.body, **document.extra}
        if "text" in self._columns:
            cells["html"] = ""
        self._writer.writerow(["" if cells.get(name) is None else cells[name] for name in self._columns])

    def close(self) -> None:
        """Write what is left; the stream stays open."""
        self._open()
        self._text.flush()
        self._text.detach()

    @property
    def _columns(self) -> list[str]:
        return self._intake.columns or []

    def _open(self) -> None:
        if not self._opened and self._columns:
            self._writer.writerow(["text" if name == "html" and "text" not in self._columns else name for name in self._columns])
        self._opened = True
