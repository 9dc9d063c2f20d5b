"""Text for timing, put together from models/corpus: no outside data, any size, the same for the same seed.

A document is a dump's own pages for small amounts (nothing repeats), or runs of paragraphs drawn from all dumps for large ones.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from noisefilter import Document

CORPUS = Path(__file__).resolve().parent.parent / "models" / "corpus"
# Characters of a document: a short web page. From 2,000 to 20,000 the rates move by less than a tenth.
PAGE = 4000
# Lines drawn in one piece, so that neighbours stay neighbours.
RUN = 8
# Documents of one source.
OF_SOURCE = 30


def lines_of(path: Path) -> list[str]:
    """The lines of a dump that are not blank."""
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def corpus_pages() -> list[Document]:
    """The dumps cut into pages, in an order that mixes authors and languages; no line is there twice by our doing."""
    pages = []
    for path in sorted(CORPUS.glob("*.txt")):
        page: list[str] = []
        for line in lines_of(path):
            page.append(line)
            if sum(map(len, page)) >= PAGE:
                pages.append(Document(f"{path.stem}-{len(pages)}", "\n".join(page), source=path.stem))
                page = []
        if page:
            pages.append(Document(f"{path.stem}-{len(pages)}", "\n".join(page), source=path.stem))
    random.Random(0).shuffle(pages)
    return pages


def first_bytes(pages: Iterable[Document], n_bytes: int) -> list[Document]:
    """The first pages that make up so many bytes."""
    chosen: list[Document] = []
    for page in pages:
        if n_bytes <= 0:
            break
        chosen.append(page)
        n_bytes -= size_of(page)
    return chosen


def size_of(page: Document) -> int:
    """Bytes of a document's text."""
    return len(page.body.encode())


def drawn_pages(seed: int = 0) -> Iterator[Document]:
    """Documents without end, each of runs of lines drawn from all dumps."""
    rng = random.Random(seed)
    lines = [line for path in sorted(CORPUS.glob("*.txt")) for line in lines_of(path)]
    number = 0
    while True:
        page: list[str] = []
        while sum(map(len, page)) < PAGE:
            at = rng.randrange(len(lines))
            page += lines[at : at + RUN]
        yield Document(f"page-{number}", "\n".join(page), source=f"site-{number // OF_SOURCE}")
        number += 1


def write_generated(path: Path, n_bytes: int) -> int:
    """Write JSON Lines of at least so many bytes; how many there are."""
    written = 0
    with path.open("wb") as stream:
        for page in drawn_pages():
            written += stream.write(orjson.dumps({"id": page.id, "source": page.source, "text": page.body}) + b"\n")
            if written >= n_bytes:
                return written
    return written
