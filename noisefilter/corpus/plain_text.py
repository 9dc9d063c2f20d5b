"""Plain text and HTML files → one document a file. Such a file is held whole; `Limits.record_size` is its largest size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from noisefilter.corpus.compression import BLOCK
from noisefilter.corpus.intake import Intake
from noisefilter.records import Document


def read_text(stream: IO[bytes], intake: Intake) -> Iterator[Document]:
    """The file as a document; its name is the id and the source."""
    body = _read_whole(stream, intake)
    if body is not None:
        yield Document(id=intake.name, body=body, source=intake.name)


def read_html_file(stream: IO[bytes], intake: Intake) -> Iterator[Document]:
    """The page as a document; its name is the id and the source."""
    body = _read_whole(stream, intake)
    if body is not None:
        document = intake.page(Document(id=intake.name, body=body, source=intake.name, media_type="text/html"), None)
        if document is not None:
            yield document


def _read_whole(stream: IO[bytes], intake: Intake) -> str | None:
    if not intake.admit(None):
        return None
    most = intake.limits.record_size
    # Piece by piece: `read(n)` takes memory for n bytes at once, however few there are.
    pieces, size = [], 0
    while size <= most and (piece := stream.read(BLOCK)):
        pieces.append(piece)
        size += len(piece)
    data = b"".join(pieces)
    if len(data) > most:
        intake.set_aside(None, f"larger than {most} bytes, and a text is held whole. --max-record-size allows more.")
        return None
    try:
        return decode(data)
    except UnicodeError as error:
        intake.set_aside(None, str(error))
        return None


def decode(data: bytes) -> str:
    """UTF-8, or UTF-16 by its byte-order mark; anything else is not guessed at.

    >>> decode("é".encode("utf-16"))
    'é'
    """
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnicodeError(f"not {encoding.upper()} text (byte {error.start}). Convert it, for example with iconv.") from error
    if "\0" in text:
        raise UnicodeError("binary data (a zero byte), not text.")
    return text
