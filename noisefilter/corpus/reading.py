"""Files → documents: plain text, JSON Lines and HTML, each also .gz and .zst, and folders of them.

A record that cannot be read is not skipped: it comes out as `Quarantined` to whoever passes `quarantine`, and raises otherwise.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import orjson

from noisefilter.errors import CorpusError, MissingInputError
from noisefilter.records import Document

TEXT_SUFFIXES = frozenset({".txt", ".text", ".md"})
JSON_SUFFIXES = frozenset({".jsonl", ".ndjson"})
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
PACKED_SUFFIXES = frozenset({".gz", ".zst"})
KNOWN_SUFFIXES = TEXT_SUFFIXES | JSON_SUFFIXES | HTML_SUFFIXES
_USED_FIELDS = frozenset({"id", "text", "html", "source", "url", "published"})


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that could not be read: where, and why."""

    path: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.reason}"


Quarantine = Callable[[Quarantined], None]


def read_corpus(path: str | Path, quarantine: Quarantine | None = None) -> Iterator[Document]:
    """Read a file, or every known file of a folder in the order of names, as documents.

    `quarantine` is called with each record that cannot be read; without it the first one raises `CorpusError`.
    """
    path = Path(path)
    for file in corpus_files(path):
        name = str(file.relative_to(path)) if path.is_dir() else file.name
        yield from read_file(file, name, quarantine)


def corpus_files(path: Path) -> list[Path]:
    """The file itself, or the known files of a folder and its subfolders, sorted; links that lead nowhere are named."""
    if not path.exists():
        raise MissingInputError(f"{path}: no such file or folder.")
    if path.is_file():
        return [path]
    return [file for file in sorted(path.rglob("*")) if kind_of(file) is not None and (file.is_file() or file.is_symlink())]


def kind_of(path: Path) -> str | None:
    """``text``, ``jsonl`` or ``html`` by the file's name, without .gz or .zst; None for a name that says nothing known."""
    suffix = Path(path.stem).suffix.lower() if path.suffix.lower() in PACKED_SUFFIXES else path.suffix.lower()
    for kind, suffixes in (("text", TEXT_SUFFIXES), ("jsonl", JSON_SUFFIXES), ("html", HTML_SUFFIXES)):
        if suffix in suffixes:
            return kind
    return None


def read_file(file: Path, name: str, quarantine: Quarantine | None = None, *, described: bool = True) -> Iterator[Document]:
    """Documents of one file; `name` is the id of a text or HTML document and the source where nothing else is given.

    Pages that are not `described` have their text only, which is many times faster, see `read_html`.
    """
    kind = kind_of(file) or "text"
    report = quarantine or _raise
    try:
        with open_input(file) as stream:
            yield from read_stream(stream, name, kind, report, described=described)
    except (OSError, EOFError, zlib.error) as error:
        report(Quarantined(str(file), None, f"cannot be read ({error})"))
    except Exception as error:
        # zstandard has its own error type, which is not imported unless a .zst file was.
        if type(error).__name__ != "ZstdError":
            raise
        report(Quarantined(str(file), None, f"damaged .zst ({error})"))


def open_input(file: Path) -> IO[bytes]:
    """Open a file for reading bytes, unpacking .gz and .zst."""
    if file.suffix.lower() == ".gz":
        return gzip.open(file, "rb")  # type: ignore[return-value]
    if file.suffix.lower() == ".zst":
        import zstandard

        return io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(file.open("rb"), read_across_frames=True, closefd=True))
    return file.open("rb")


def read_stream(
    stream: IO[bytes], name: str, kind: str, quarantine: Quarantine | None = None, *, described: bool = True
) -> Iterator[Document]:
    """Documents of an open stream of `kind` ``text``, ``jsonl`` or ``html``."""
    report = quarantine or _raise
    if kind == "jsonl":
        yield from _read_jsonl(stream, name, report, described)
        return
    body = _decode(stream.read(), name, report)
    if body is None:
        return
    if kind == "html":
        yield _page(Document(id=name, body=body, source=name, media_type="text/html"), described)
    else:
        yield Document(id=name, body=body, source=name)


def _raise(bad: Quarantined) -> None:
    raise CorpusError(str(bad))


def _decode(data: bytes, name: str, report: Quarantine) -> str | None:
    """UTF-8, or UTF-16 by its byte-order mark; anything else is not guessed at."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        report(Quarantined(name, None, f"not {encoding.upper()} text (byte {error.start}). Convert it, for example with iconv."))
        return None
    if "\0" in text:
        report(Quarantined(name, None, "binary data (a zero byte), not text."))
        return None
    return text


def _read_jsonl(stream: Iterable[bytes], name: str, report: Quarantine, described: bool) -> Iterator[Document]:
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            record = _parse_json(line)
        except (ValueError, RecursionError) as error:
            report(Quarantined(name, number, f"not JSON ({type(error).__name__}: {str(error)[:80]})."))
            continue
        document = _from_record(record, name, number, report)
        if document is not None:
            yield _page(document, described) if document.media_type == "text/html" else document


def _parse_json(line: bytes) -> Any:
    """One JSON value. orjson is three times as fast; what it refuses (lone surrogates, NaN) the standard library may still read."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return json.loads(line)


def _from_record(record: Any, name: str, number: int, report: Quarantine) -> Document | None:
    if not isinstance(record, dict):
        report(Quarantined(name, number, f"a JSON {type(record).__name__} where an object was expected."))
        return None
    field = "text" if "text" in record else "html"
    body = record.get(field)
    if not isinstance(body, str):
        found = f"{field!r} is {type(body).__name__}" if field in record else f"fields: {', '.join(map(str, record)) or 'none'}"
        report(Quarantined(name, number, f'no "text" or "html" string ({found}). Rename the field that holds the text.'))
        return None
    url = record.get("url") if isinstance(record.get("url"), str) else None
    document = Document(
        id=str(record.get("id", f"{name}:{number}")),
        body=body,
        source=str(record.get("source") or domain_of(url) or name),
        media_type="text/plain" if field == "text" else "text/html",
        url=url,
        published=str(record["published"]) if record.get("published") is not None else None,
        extra={key: value for key, value in record.items() if key not in _USED_FIELDS},
    )
    return document


def _page(document: Document, described: bool) -> Document:
    """A document whose body is HTML so far."""
    from noisefilter.corpus.html import read_html

    return read_html(document.body, replace(document, body=""), described=described)


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
