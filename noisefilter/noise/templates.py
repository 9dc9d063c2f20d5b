"""Which paragraphs of a source stand in many of its documents: templates, promos, credits.

Two passes. `find_templates` reads a corpus and keeps a 64-bit hash of every paragraph of `LONG` bytes or more: which documents of
a source have it. `Templates.find` then tells, for the paragraphs of a batch, in how many documents each stands.

Left alone are short paragraphs, headings, paragraphs of few documents (`LEAST_DOCUMENTS`, `LEAST_ROOTS`), and the first full copy: the
one in the document whose id comes first. Documents that are equal throughout count as one and get the same verdicts; a document
whose kept text is mostly repeated is another version of an article and is left alone too, since finding duplicates is another task.
Nothing depends on the order in which documents are read.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.segment import Batch, batches
from noisefilter.records import Document

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]

# The rule was chosen on the pages of WCXB grouped by domain (218 pages of 76 domains, 29 of these with 3 to 9 pages), with a model that saw
# none of these domains (scripts/repeats.py). Of the paragraphs that it keeps and the rule takes out 90 % are noise, 93 % by characters,
# 105 in number, of 142 that repeat, first copies among them. What it takes wrongly is 0.07 % of the content characters: terms of
# delivery and system requirements on product pages. Chosen and measured on the same pages; larger sources were not measured. Below:
# that precision by number, and noise found.

# Bytes, blanks folded. 25: 0.85, 130. 60: 0.90, 66. 100: 1.00, 38.
LONG = 40
# Documents of one source. With 2, one fact told twice would be enough (and 1.25 roots: 0.87, 110).
LEAST_DOCUMENTS = 3
# Times the root of the number of the source's documents: 3 of 4, 5 of 9, 15 of 100, 48 of 1,000. 1: 0.83, 106. 2: 0.97, 64.
LEAST_ROOTS = 1.5
# Share of a document's bytes of content in paragraphs of `LONG` bytes or more. 0.3: 0.91, 93. 0.7: no change. Without: 0.87, 110.
VERSION_SHARE = 0.5
# Files among which documents are dealt out by origin, to be joined one after another: memory is that of one of them.
N_PARTS = 64
# Bytes of a part that stay in memory before it goes to disk.
SPOOLED = 1 << 17
# Paragraphs of a part that are joined at once: half a million take 30 MB and stand for 120 MB of text. Beyond it half of the part's
# documents, chosen by the hash of their text, are left out of the count, and half of the rest again as often as needed.
MOST_PARAGRAPHS = 1 << 19


@dataclass(frozen=True)
class Templates:
    """Paragraphs that stand in many documents of a source.

    `keys` are hashes of source and text, rising; `counts` the documents that have them, `first` the key of the one that keeps its copy.
    `documents` were counted out of `documents_read`.
    """

    keys: Hashes
    counts: Ints
    first: Hashes
    documents: int
    documents_read: int

    def find(self, documents: Sequence[Document], batch: Batch, is_content: NDArray[np.bool_]) -> Ints:
        """For each paragraph of a batch the number of documents it repeats over; 0 where it is to be left alone.

        `is_content` tells which paragraphs are content so far; the others get 0.
        """
        keys, document_keys = hash_paragraphs(documents, batch)
        found = np.zeros(len(keys), np.int64)
        if not len(self.keys):
            return found
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        is_template = (self.keys[place] == keys) & is_content
        at = np.flatnonzero(is_template)
        is_first = self.first[place[at]] == document_keys[batch.documents[at]]
        # In the first document the first copy stays and later ones go.
        _, opening = np.unique(np.stack((batch.documents[at].astype(np.uint64), keys[at])), axis=1, return_index=True)
        is_opening = np.zeros(len(at), bool)
        is_opening[opening] = True
        repeated = at[~(is_first & is_opening)]
        found[repeated] = self.counts[place[repeated]]
        found[self._is_version(batch, is_template, is_content & (keys > 0))[batch.documents]] = 0
        return found

    def save(self, stream: IO[bytes], mark: str) -> None:
        """Write the arrays; `mark` says what they were counted over."""
        sizes = np.array([self.documents, self.documents_read])
        np.savez(stream, keys=self.keys, counts=self.counts, first=self.first, sizes=sizes, mark=np.array(mark))

    @classmethod
    def load(cls, path: Path, mark: str | None = None) -> Templates | None:
        """Read what `save` wrote; None where there is nothing, or it was counted over something else."""
        if not path.exists():
            return None
        with np.load(path, allow_pickle=False) as found:
            if mark is not None and str(found["mark"]) != mark:
                return None
            return cls(found["keys"], found["counts"], found["first"], *map(int, found["sizes"]))

    @staticmethod
    def _is_version(batch: Batch, is_template: NDArray[np.bool_], is_text: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Documents whose text is mostly repeated."""
        size, n = (batch.ends - batch.starts).astype(np.float64), len(batch.document_starts) - 1
        repeated, whole = (np.bincount(batch.documents, size * chosen, n) for chosen in (is_template, is_text))
        return repeated > VERSION_SHARE * whole


def find_templates(documents: Iterable[Document]) -> Templates:
    """Count over a corpus which paragraphs repeat.

    >>> promo = "Sign up for our morning letter and never miss what moves the harbour."
    >>> pages = [Document(f"{n}", f"{promo}\\nThis is story number {n} of the harbour paper.", "harbour.example") for n in range(4)]
    >>> find_templates(pages).counts.tolist()
    [4]
    >>> find_templates(pages[:2]).counts.tolist()
    []
    """
    return join_counts(count_paragraphs(documents))


def count_paragraphs(documents: Iterable[Document]) -> Iterator[Counted]:
    """What the count needs of each document; parts of a corpus can be counted apart."""
    for group in batches(documents):
        batch = Batch.from_texts([document.body for document in group])
        keys, document_keys = hash_paragraphs(group, batch)
        for number, document in enumerate(group):
            part = keys[slice(*batch.first_paragraphs[number : number + 2])]
            yield Counted(document.id, int(document_keys[number]), origin_of(document), np.unique(part[part > 0]))


def join_counts(counted: Iterable[Counted], folder: Path | None = None) -> Templates:
    """The templates of a corpus from the counts of its documents, in any order.

    The counts lie in nameless files, in `folder` or where the system keeps such files, and are joined part by part.
    """
    with ExitStack() as stack:
        parts = [stack.enter_context(SpooledTemporaryFile(SPOOLED, dir=str(folder) if folder else None)) for _ in range(N_PARTS)]
        for document in counted:
            document.write(parts[crc32(document.origin.encode("utf-8", "replace")) % N_PARTS])
        return _joined([_count_part(part) for part in parts])


def _count_part(part: IO[bytes]) -> Templates:
    """The templates of the sources whose documents lie in one file."""
    seen = _Seen()
    part.seek(0)
    while head := part.readline():
        seen.add(Counted.read(head, part))
    return seen.templates()


def _joined(parts: Sequence[Templates]) -> Templates:
    """The templates of all parts; a source is in one part alone, and its keys are no other's."""
    keys, counts, first = (np.concatenate([getattr(part, name) for part in parts]) for name in ("keys", "counts", "first"))
    order = np.argsort(keys)
    return Templates(keys[order], counts[order], first[order], sum(p.documents for p in parts), sum(p.documents_read for p in parts))


@dataclass(frozen=True, slots=True)
class Counted:
    """A document in the count: its id, the hash of its source and text, its origin and its paragraphs' hashes."""

    id: str
    key: int
    origin: str
    keys: Hashes

    def write(self, stream: IO[bytes]) -> None:
        """Append it: a line of JSON, which knows lone surrogates in names, and the hashes."""
        stream.write(json.dumps([self.id, self.key, self.origin, len(self.keys)]).encode() + b"\n" + self.keys.astype("<u8").tobytes())

    @classmethod
    def read(cls, head: bytes, stream: IO[bytes]) -> Counted:
        """What `write` wrote, its first line already taken."""
        name, key, origin, n_keys = json.loads(head)
        return cls(name, key, origin, np.frombuffer(stream.read(8 * n_keys), "<u8").astype(np.uint64))


@dataclass
class _Seen:
    """Documents of a part counted so far; `below` is the key under which a document is counted, see `MOST_PARAGRAPHS`."""

    documents: list[Counted] = field(default_factory=list)
    below: int = 1 << 64
    n_paragraphs: int = 0
    n_read: int = 0

    def add(self, document: Counted) -> None:
        self.n_read += 1
        if document.key >= self.below:
            return
        self.documents.append(document)
        self.n_paragraphs += len(document.keys)
        while self.n_paragraphs > MOST_PARAGRAPHS:
            self.below //= 2
            self.documents = [one for one in self.documents if one.key < self.below]
            self.n_paragraphs = sum(len(one.keys) for one in self.documents)

    def templates(self) -> Templates:
        # By id, so that the first copy is the same whatever was read first; of equal documents the first counts.
        distinct: dict[int, Counted] = {}
        for one in sorted(self.documents, key=lambda one: (one.id, one.key)):
            distinct.setdefault(one.key, one)
        counted = list(distinct.values())
        sizes = Counter(one.origin for one in counted)
        least = np.array([max(LEAST_DOCUMENTS, LEAST_ROOTS * sizes[one.origin] ** 0.5) for one in counted])
        if not counted:
            return Templates(*_NONE, 0, self.n_read)
        owners = np.repeat(np.arange(len(counted)), [len(one.keys) for one in counted])
        keys, first, counts = np.unique(np.concatenate([one.keys for one in counted]), return_index=True, return_counts=True)
        owner = owners[first]
        often = counts >= least[owner]
        document_keys = np.array([one.key for one in counted], np.uint64)
        return Templates(keys[often], counts[often], document_keys[owner[often]], len(counted), self.n_read)


_NONE = (np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.uint64))


def origin_of(document: Document) -> str:
    """Whose document this is: its source, or the folder of a file that names no source.

    >>> origin_of(Document("pages/a.txt", "", "pages/a.txt")), origin_of(Document("1", "", "harbour.example"))
    ('pages/', 'harbour.example')
    """
    return document.source if document.source != document.id else f"{PurePosixPath(document.id).parent}/"


def hash_paragraphs(documents: Sequence[Document], batch: Batch) -> tuple[Hashes, Hashes]:
    """Hash of every paragraph with its origin, 0 where it is short; and of every document with its origin.

    Blanks and line ends do not count.
    """
    lines = batch.compact.split(b"\n")[:-1]
    keys, document_keys = np.zeros(len(batch), np.uint64), np.zeros(len(documents), np.uint64)
    for number, document in enumerate(documents):
        origin = blake2b(origin_of(document).encode("utf-8", "replace") + b"\n", digest_size=8)
        first, last = batch.first_paragraphs[number : number + 2].tolist()
        digests = [_digest(origin, line) if len(line) >= LONG else bytes(8) for line in lines[first:last]]
        keys[first:last] = np.frombuffer(b"".join(digests), "<u8")
        document_keys[number] = int.from_bytes(_digest(origin, b"\n".join(lines[first:last])), "little")
    return keys, document_keys


def _digest(origin: blake2b, text: bytes) -> bytes:
    """The hash of a text after what was hashed before."""
    copy = origin.copy()
    copy.update(text)
    return copy.digest()
