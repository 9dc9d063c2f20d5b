"""Documents and their claims on disk: written shard by shard, read again by number.

A spill is a folder of Arrow files (as Parquet, but uncompressed, so that they can be mapped into memory), three a shard:
``NAME.documents.arrow`` (texts, and the paragraphs that are kept), ``NAME.claims.arrow`` (a row a claim; its texts as offsets into the
body) and ``NAME.words.arrow`` (hashes of the words by which articles are compared). Any row is reached without the others, and memory
stays flat. Each file is written beside its place and then renamed: a shard is there as a whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from noisefilter.errors import CorpusError
from noisefilter.records import Claim, Document, LabelledDocument, Quantity
from noisefilter.reliability.claims import articles_of, document_of, is_weighed, read_claims, source_of
from noisefilter.reliability.neighbours import names_in, words_in

# Characters of text in one batch on disk; this bounds the memory of writing.
BATCH = 1 << 20

_DOCUMENTS = pa.schema(
    [
        ("source", pa.binary()),
        ("id", pa.binary()),
        ("published", pa.binary()),
        ("body", pa.binary()),
        ("kept", pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32()), ("article", pa.int32())]))),
        ("n_claims", pa.int32()),
    ]
)
_CLAIMS = pa.schema(
    [
        *((name, pa.int32()) for name in ("paragraph_index", "start", "end", "sentence_start", "sentence_end", "setting_start", "article")),
        *((name, pa.string()) for name in ("value", "low", "high", "modifier", "unit_read", "unit", "counted", "predicate")),
        *((name, pa.string()) for name in ("time", "rate", "attribution")),
        ("speaker", pa.binary()),
        ("place", pa.list_(pa.string())),
        *((name, pa.bool_()) for name in ("place_inherited", "in_quote", "disputed")),
    ]
)
_WORDS = pa.schema([("document", pa.int32()), ("article", pa.int32()), ("is_claim", pa.bool_()), ("hash", pa.uint64())])
_SCHEMAS = {"documents": _DOCUMENTS, "claims": _CLAIMS, "words": _WORDS}


def write_shard(documents: Iterable[Document | LabelledDocument], folder: Path, name: str) -> None:
    """Read the claims of documents and write both to the shard `name` of a spill."""
    folder.mkdir(parents=True, exist_ok=True)
    with _writers(folder, name) as writers:
        for batch, first in _batches(documents):
            rows: dict[str, list[dict[str, Any]]] = {"documents": [], "claims": []}
            words: dict[str, list[int]] = {name: [] for name in _WORDS.names}
            for number, document in enumerate(batch, first):
                claims = [claim for claim in read_claims(document) if is_weighed(claim)]
                rows["documents"].append(_document_row(document, len(claims)))
                rows["claims"] += map(_claim_row, claims)
                for column, values in _words(number, document, claims).items():
                    words[column] += values
            for kind, those in rows.items():
                writers[kind].write_batch(pa.RecordBatch.from_pylist(those, schema=_SCHEMAS[kind]))
            writers["words"].write_batch(pa.RecordBatch.from_pydict(words, schema=_WORDS))


@contextmanager
def _writers(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """A writer for each file of a shard; the files get their names when all is written, and are removed when it is not."""
    paths = {kind: folder / f"{name}.{kind}.arrow" for kind in _SCHEMAS}
    parts = {kind: path.with_suffix(".part") for kind, path in paths.items()}
    writers = {kind: pa.ipc.new_file(str(part), _SCHEMAS[kind]) for kind, part in parts.items()}
    try:
        try:
            yield writers
        finally:
            for writer in writers.values():
                writer.close()
        for kind, path in paths.items():
            os.replace(parts[kind], path)
    except BaseException:
        for part in parts.values():
            part.unlink(missing_ok=True)
        raise


def _batches(documents: Iterable[Document | LabelledDocument]) -> Iterator[tuple[list[Document | LabelledDocument], int]]:
    """Documents of about `BATCH` characters, with the number of the first."""
    batch: list[Document | LabelledDocument] = []
    first = size = 0
    for document in documents:
        batch.append(document)
        size += len(document_of(document).body)
        if size >= BATCH:
            yield batch, first
            first, batch, size = first + len(batch), [], 0
    yield batch, first


def _document_row(document: Document | LabelledDocument, n_claims: int) -> dict[str, Any]:
    page = document_of(document)
    kept = None
    if isinstance(document, LabelledDocument):
        parts = (verdict.paragraph for verdict in document.paragraphs if verdict.label.is_kept)
        kept = [{"start": part.start, "end": part.end, "article": part.article} for part in parts]
    texts = {"source": source_of(page), "id": page.id, "published": page.published, "body": page.body}
    return {name: _encoded(text) for name, text in texts.items()} | {"kept": kept, "n_claims": n_claims}


def _encoded(text: str | None) -> bytes | None:
    """Text as bytes, lone surrogates included, which Arrow's strings refuse."""
    return None if text is None else text.encode("utf-8", "surrogatepass")


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "surrogatepass")


def _claim_row(claim: Claim) -> dict[str, Any]:
    quantity = claim.quantity
    row = {name: getattr(claim, name) for name in _CLAIMS.names if hasattr(claim, name)}
    return row | {
        "sentence_end": claim.sentence_start + len(claim.sentence),
        "setting_start": claim.sentence_start - len(claim.setting),
        "value": str(quantity.value),
        "low": None if quantity.low is None else str(quantity.low),
        "high": None if quantity.high is None else str(quantity.high),
        "modifier": quantity.modifier,
        "unit_read": quantity.unit,
        "speaker": _encoded(claim.speaker),
    }


def _words(number: int, document: Document | LabelledDocument, claims: Sequence[Claim]) -> dict[str, list[int]]:
    """The words by which the articles of a document are compared, in columns: those around its claims, and its names."""
    found: dict[tuple[int, bool], set[str]] = defaultdict(set)
    for (article, sentence), _ in groupby(claims, key=lambda claim: (claim.article or 0, claim.sentence)):
        found[article, True].update(words_in(sentence))
    for article, text in articles_of(document):
        found[article, False].update(names_in(text))
    columns: dict[str, list[int]] = {name: [] for name in _WORDS.names}
    for (article, is_claim), words in found.items():
        columns["document"] += [number] * len(words)
        columns["article"] += [article] * len(words)
        columns["is_claim"] += [is_claim] * len(words)
        columns["hash"] += map(_hash, words)
    return columns


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


@dataclass(frozen=True)
class Stored:
    """A document as it was stored: what is kept of it, its articles in pieces, and its claims in order."""

    page: Document
    kept: str
    articles: list[tuple[int, str]]
    claims: list[Claim]


class Spill:
    """All shards of a folder as one corpus; documents and claims are reached by their numbers."""

    def __init__(self, folder: Path) -> None:
        names = sorted(path.name.removesuffix(".documents.arrow") for path in folder.glob("*.documents.arrow"))
        if not names:
            raise CorpusError(f"{folder}: no shards (files named *.documents.arrow). Write them with write_shard first.")
        tables = {kind: [_mapped(folder / f"{name}.{kind}.arrow") for name in names] for kind in _SCHEMAS}
        self._documents, self._claims = (pa.concat_tables(tables[kind]) for kind in ("documents", "claims"))
        self._words = tables["words"]
        self._first_documents = np.cumsum([0, *(table.num_rows for table in tables["documents"])])
        self.first_claims = np.concatenate(([0], np.cumsum(self._documents["n_claims"].to_numpy(), dtype=np.int64)))
        self.sources = [sys.intern(_decoded(name)) for name in self._documents["source"].to_pylist()]
        self.ids = [_decoded(name) for name in self._documents["id"].to_pylist()]

    def __len__(self) -> int:
        return len(self.ids)

    def words(self) -> Iterator[tuple[Any, Any, Any, Any]]:
        """The words of the articles in batches: numbers of documents and articles, whether they stand beside a claim, hashes."""
        for first, table in zip(self._first_documents.tolist(), self._words, strict=False):
            for batch in table.to_batches():
                document, article, is_claim, hashes = (column.to_numpy(zero_copy_only=False) for column in batch.columns)
                yield document.astype(np.int64) + first, article.astype(np.int64), is_claim, hashes

    def body(self, number: int) -> str:
        """The text of a document."""
        return _decoded(self._documents["body"][number].as_py())

    def kept(self, number: int) -> str:
        """The text of a document without what the noise model left out."""
        return _kept(self.body(number), self._documents["kept"][number].as_py())

    def read(self, number: int) -> Stored:
        """A document with its claims."""
        body, spans = self.body(number), self._documents["kept"][number].as_py()
        published = self._documents["published"][number].as_py()
        page = Document(self.ids[number], body, self.sources[number], published=None if published is None else _decoded(published))
        articles = [(0, body)] if spans is None else [(part["article"] or 0, body[part["start"] : part["end"]]) for part in spans]
        first, last = self.first_claims[number : number + 2].tolist()
        rows = self._claims.slice(first, last - first).to_pylist()
        return Stored(page, _kept(body, spans), articles, [_claim(row, page) for row in rows])


def _mapped(path: Path) -> Any:
    try:
        return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    except (pa.ArrowInvalid, OSError) as error:
        raise CorpusError(f"{path}: not a whole shard ({str(error).splitlines()[0]}). Write the shard again.") from error


def _kept(body: str, spans: list[dict[str, int]] | None) -> str:
    return body if spans is None else "\n".join(body[part["start"] : part["end"]] for part in spans)


def _claim(row: dict[str, Any], page: Document) -> Claim:
    body, start, end = page.body, row.pop("start"), row.pop("end")
    low, high = (None if (stated := row.pop(name)) is None else Decimal(stated) for name in ("low", "high"))
    sentence_end, setting_start = row.pop("sentence_end"), row.pop("setting_start")
    value, modifier, unit = Decimal(row.pop("value")), row.pop("modifier"), row.pop("unit_read")
    return Claim(
        source=page.source,
        document_id=page.id,
        quantity=Quantity(value, low, high, modifier, unit, body[start:end], start, end),
        sentence=body[row["sentence_start"] : sentence_end],
        setting=body[setting_start : row["sentence_start"]],
        place=tuple(row.pop("place")),
        speaker=_decoded(row.pop("speaker")),
        **row,
    )


__all__ = ["Spill", "Stored", "write_shard"]
