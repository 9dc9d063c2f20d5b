"""WARC and WET → a document a page; fastwarc is imported here and nowhere else.

Responses of text/html and text/plain and WET conversions are documents; other records are passed over by design and counted. fastwarc ends
a truncated record without a word, so the length of each is compared with its Content-Length.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import Any

import fastwarc.warc

from noisefilter.corpus.compression import DamagedError
from noisefilter.corpus.intake import Intake, domain_of
from noisefilter.records import Document

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
# Bytes at the head of a page in which HTML wants its charset declared.
DECLARED_WITHIN = 1024
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)


def read_warc(stream: io.BufferedReader, intake: Intake) -> Iterator[Document]:
    """The pages of an archive: ``id`` is the record's, ``url`` its target, ``crawled`` (extra) when it was fetched."""
    number = 0
    try:
        for record in fastwarc.warc.ArchiveIterator(_Seekless(stream), parse_http=True):
            number += 1
            document = _read_record(record, number, intake)
            if document is not None:
                yield document
    except DamagedError:
        raise
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        intake.break_off(number + 1, f"not WARC from here on ({error}).")
    except BaseException as error:
        # Rust's panics come through as their own type, which has no public name.
        if type(error).__name__ != "PanicException":
            raise
        intake.break_off(number + 1, f"the reader of WARC gave up here ({str(error)[:80]}).")


class _Seekless:
    """A stream as fastwarc wants it: it asks for `seek` and `tell`, and moves forward only."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream, self._at = stream, 0

    def read(self, size: int = -1) -> bytes:
        # `read1`, since `read` loses what came before a fault.
        data = self._stream.read1(size)
        self._at += len(data)
        return data

    def tell(self) -> int:
        return self._at

    def seek(self, to: int, whence: int = 0) -> int:
        if (whence, to) not in ((0, self._at), (1, 0)):
            raise ValueError("a WARC is read forwards only")
        return self._at

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        self._stream.close()


def _read_record(record: Any, number: int, intake: Intake) -> Document | None:
    kind, most = _kind_of(record), intake.limits.record_size
    if kind and not intake.admit(number):
        return None
    # Records that are no pages are read all the same: a cut in a picture is the end of the file too.
    data, length = _read_all(record, most)
    if length < record.content_length or record.headers.get("Content-Length") is None:
        intake.break_off(number, f"cut off: {length} bytes where its Content-Length is {record.headers.get('Content-Length')}.")
        return None
    if kind is None:
        what = str(record.http_content_type or record.record_type)
        intake.passed_over[what] = intake.passed_over.get(what, 0) + 1
        return None
    if length > most:
        intake.set_aside(number, f"more than {most} bytes. --max-record-size allows more.")
        return None
    return _document(record, data, kind, number, intake)


def _kind_of(record: Any) -> str | None:
    """``html`` or ``text``; None where the record is no page."""
    name = str(record.record_type).rpartition(".")[2].lower()
    if name == "conversion":
        return "text"
    media_type = (record.http_content_type or "").lower()
    if name != "response" or not media_type:
        return None
    return "html" if media_type in HTML_TYPES else "text" if media_type == "text/plain" else None


def _read_all(record: Any, most: int) -> tuple[bytes, int]:
    """The content up to a size, and how long it is in all."""
    data = bytes(record.reader.read(most + 1))
    length = len(data)
    while length > most and (more := record.reader.read(1 << 20)):
        length += len(more)
    return data, length


def _document(record: Any, data: bytes, kind: str, number: int, intake: Intake) -> Document | None:
    charset = record.http_charset or _declared(data) or "utf-8"
    try:
        text = data.decode(charset)
    except (UnicodeDecodeError, LookupError):
        intake.set_aside(number, f"not {charset} text, though it says so. Nothing else is guessed at.")
        return None
    url = record.headers.get("WARC-Target-URI")
    made = Document(
        id=(record.record_id or f"{intake.name}:{number}").removeprefix("<urn:uuid:").removesuffix(">"),
        body=text,
        source=domain_of(url) or intake.name,
        media_type="text/html" if kind == "html" else "text/plain",
        url=url,
        extra={"crawled": record.headers.get("WARC-Date")},
    )
    document = intake.well_named(made, number)
    return intake.page(document, number) if document and kind == "html" else document


def _declared(data: bytes) -> str | None:
    """The charset that a page declares at its head, where Python knows it."""
    found = _CHARSET.search(data[:DECLARED_WITHIN])
    try:
        return codecs.lookup(found[1].decode()).name if found else None
    except LookupError:
        return None
