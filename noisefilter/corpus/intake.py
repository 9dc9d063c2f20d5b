"""How one file is taken in: where bad records go, within which limits, and how many records there were.

Every reader gets an `Intake`. It gives a document for each record, or calls `set_aside`; both are counted, so that the run can prove
that documents and quarantined records are all there was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from noisefilter.errors import CorpusError, PageError
from noisefilter.records import Document

# Bytes of one record (a line of JSON, a cell of text, a page, a whole .txt file). Labelling takes 30 to 125 times a record in memory, most
# where paragraphs are short (`scripts/faults.py --only monsters`), so this is up to 2 GB; a long novel has 4 MB.
LARGEST_RECORD = 16 << 20
# Characters of an id or a source. They stand in every row that is written of a document, so a long one of a document with many paragraphs
# would fill a disk; addresses, the longest in use, have some 2,000.
LONGEST_NAME = 4_096
# How many times its size a compressed file may unpack to. Text packs 3 to 10 times, templates and logs up to 100; gzip ends at 1,032.
MOST_EXPANSION = 200
# Fields that have a meaning; all others pass through.
USED_FIELDS = frozenset({"id", "text", "html", "source", "url", "published"})


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that could not be read: where, and why; `line` counts lines or rows from 1."""

    path: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.reason}"


Quarantine = Callable[[Quarantined], None]


def refuse(bad: Quarantined) -> None:
    """The quarantine of those who have none: the first bad record raises."""
    raise CorpusError(str(bad))


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes beyond which input is set aside: bytes of a file (None: any), of a record, and times a file may unpack to."""

    file_size: int | None = None
    record_size: int = LARGEST_RECORD
    expansion: int = MOST_EXPANSION


# A page and what is known of it → the document; see `html.read_html`.
PageReader = Callable[[str, Document, bool], Document]


def read_page_here(page: str, document: Document, described: bool) -> Document:
    """Read a page in this process; a run has it done by a child that can be killed, see `html_child.py`."""
    from noisefilter.corpus.html import read_html

    return read_html(page, document, described=described)


@dataclass(slots=True)
class Intake:
    """How one file is read.

    Pages that are not `described` have their text only, which is many times faster, see `read_html`. `unwanted` are the numbers of lines
    to be left out because they killed a worker (0 for a file without lines). `on_record` is told the line of each record before it is
    read, and `on_bytes` how many bytes of the file were read. A reader counts in `n_records` what it met and in `passed_over` what is no
    text by its kind (a picture in a WARC); it leaves in `columns` what a writer of tables needs. `n_given` and `n_set_aside` are what
    became of the records: documents, or quarantine.
    """

    name: str
    quarantine: Quarantine = refuse
    described: bool = True
    limits: Limits = Limits()
    read_page: PageReader = read_page_here
    unwanted: Collection[int] = ()
    first_line: int = 1
    on_record: Callable[[int], None] | None = None
    on_bytes: Callable[[int], None] | None = None
    n_records: int = 0
    n_given: int = 0
    n_set_aside: int = 0
    passed_over: dict[str, int] = field(default_factory=dict)
    columns: Any = None

    def admit(self, line: int | None) -> bool:
        """Count a record before anything is done with it; False when it is unwanted and was set aside."""
        self.n_records += 1
        if self.on_record is not None:
            self.on_record(line or 0)
        if (line or 0) in self.unwanted:
            self.set_aside(line, "ended the process that worked on it, again and again.")
            return False
        return True

    def set_aside(self, line: int | None, reason: str) -> None:
        """Quarantine a record, or with no line the (rest of the) file."""
        self.n_set_aside += 1
        self.quarantine(Quarantined(self.name, line, reason))

    def break_off(self, line: int | None, reason: str) -> None:
        """Quarantine what is left of a file that cannot be read any further: the record under way, or else a record of its own."""
        self.n_records += self.n_records == self.n_given + self.n_set_aside
        self.set_aside(line, reason)

    def document(self, record: Mapping[str, Any], line: int, extra: Mapping[str, Any] | None = None) -> Document | None:
        """The document of a record with fields, read from HTML where that is what it has; None when it was set aside.

        `extra` stands for the fields that pass through, where the caller knows a cheaper way to hold them.
        """
        made = self._from_fields(record, line, extra)
        if made is not None and made.media_type == "text/html":
            return self.page(made, line)
        return made

    def page(self, document: Document, line: int | None) -> Document | None:
        """A document whose body is HTML so far, as text; None when the parser gave up and it was set aside."""
        try:
            return self.read_page(document.body, document.with_body(""), self.described)
        except PageError as error:
            self.set_aside(line, str(error))
            return None

    def _from_fields(self, record: Mapping[str, Any], line: int, extra: Mapping[str, Any] | None) -> Document | None:
        name = "text" if "text" in record else "html"
        body = record.get(name)
        if not isinstance(body, str):
            found = f"{name!r} is {type(body).__name__}" if name in record else f"fields: {', '.join(map(str, record)) or 'none'}"
            self.set_aside(line, f'no "text" or "html" string ({found}). Rename the field that holds the text.')
            return None
        url = record.get("url") if isinstance(record.get("url"), str) else None
        published = record.get("published")
        given = record.get("id")
        document = Document(
            id=str(given) if given is not None and given != "" else f"{self.name}:{line}",
            body=body,
            source=str(record.get("source") or domain_of(url) or self.name),
            media_type="text/plain" if name == "text" else "text/html",
            url=url,
            published=str(published) if published is not None and published != "" else None,
            extra={key: value for key, value in record.items() if key not in USED_FIELDS} if extra is None else extra,
        )
        return self.well_named(document, line)

    def well_named(self, document: Document, line: int) -> Document | None:
        """The document; None when its id or source is too long to be repeated in every row, and it was set aside."""
        length = max(len(document.id), len(document.source))
        if length > LONGEST_NAME:
            self.set_aside(line, f"an id or source of {length} characters, more than {LONGEST_NAME}. Shorten it or leave it out.")
            return None
        return document


def domain_of(url: str | None) -> str | None:
    """The host of a URL without ``www.``; None where there is none.

    >>> domain_of("https://www.example.org/a?b")
    'example.org'
    """
    try:
        host = urlsplit(url).hostname if url else None
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None
