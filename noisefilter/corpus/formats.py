"""Which file is what: the one place that knows suffixes.

>>> kind_of("crawl/a.jsonl.gz"), kind_of("CC-MAIN-1.warc.wet.gz"), kind_of("notes.pdf")
('jsonl', 'warc', None)
"""

from __future__ import annotations

from pathlib import PurePosixPath

SUFFIXES = {
    "text": frozenset({".txt", ".text", ".md"}),
    "jsonl": frozenset({".jsonl", ".ndjson"}),
    "html": frozenset({".html", ".htm", ".xhtml"}),
    "csv": frozenset({".csv"}),
    "tsv": frozenset({".tsv"}),
    "parquet": frozenset({".parquet", ".pq"}),
    "warc": frozenset({".warc", ".wet"}),
}
KINDS = tuple(SUFFIXES)
_KIND_OF = {suffix: kind for kind, suffixes in SUFFIXES.items() for suffix in suffixes}
PACKED = frozenset({".gz", ".zst"})
# Packed from within, and read from their end: there is no .parquet.gz.
UNPACKED_KINDS = frozenset({"parquet"})


def kind_of(name: str | PurePosixPath) -> str | None:
    """One of `KINDS` by the file's name, without .gz or .zst; None for a name that says nothing known."""
    path = PurePosixPath(name)
    kind = _KIND_OF.get(PurePosixPath(path.stem if packing_of(path) else path.name).suffix.lower())
    return None if kind in UNPACKED_KINDS and packing_of(path) else kind


def packing_of(name: str | PurePosixPath) -> str:
    """``.gz`` or ``.zst`` where the name ends so, else nothing."""
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if suffix in PACKED else ""


def kept_name(name: str | PurePosixPath) -> PurePosixPath:
    """The name of a filtered file: its own, but what only came in as HTML or WARC goes out as text or JSON Lines.

    >>> [str(kept_name(name)) for name in ("a/b.jsonl.gz", "page.html.gz", "CC-1.warc.gz")]
    ['a/b.jsonl.gz', 'page.html.txt', 'CC-1.warc.jsonl.gz']
    """
    path = PurePosixPath(name)
    plain = path.with_suffix("") if packing_of(path) else path
    if kind_of(path) == "html":
        return plain.with_name(plain.name + ".txt")
    if kind_of(path) == "warc":
        return plain.with_name(f"{plain.name}.jsonl{packing_of(path)}")
    return path
