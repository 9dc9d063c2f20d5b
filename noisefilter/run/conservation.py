"""Nothing is lost: kept text and rejected paragraphs, put together again, are what was read.

Every rejected row has `start`, `text` and `gap` (the blanks that went with the paragraph), so that a document is put together by inserting
what was taken out where it stood.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from hashlib import blake2b
from typing import Any

from noisefilter.errors import NoisefilterError
from noisefilter.records import KEPT, Document, LabelledDocument


class ConservationError(NoisefilterError):
    """Kept and rejected text together are not what was read: a fault of this program, or a run that was changed afterwards."""

    exit_code = 70


def rejected_rows(labelled: LabelledDocument, keep: Collection[str]) -> Iterator[dict[str, Any]]:
    """The rows of the paragraphs that are taken out, each with the `gap` that goes with it."""
    body, columns = labelled.document.body, labelled.columns
    stops = [*columns.starts[1:], len(body)]
    rejected = [number for number, label in enumerate(columns.labels) if label not in keep]
    for number, row in zip(rejected, columns.rows(rejected), strict=True):
        row["gap"] = body[row["end"] : stops[number]]
        yield row


def put_together(kept: str, rejected: Iterable[dict[str, Any]]) -> str:
    """The text as it was read, from what was kept of it and the rejected rows in order.

    >>> put_together("One.\\nThree.", [{"start": 5, "text": "Two.", "gap": "\\n"}])
    'One.\\nTwo.\\nThree.'
    """
    parts, length, at = [], 0, 0
    for row in rejected:
        # `start` counts in the text as it was read, of which `length` characters are there.
        piece = kept[at : at + row["start"] - length]
        at += len(piece)
        taken = row["text"] + row["gap"]
        parts += [piece, taken]
        length += len(piece) + len(taken)
    return "".join([*parts, kept[at:]])


def check_conservation(labelled: LabelledDocument, document: Document, keep: Collection[str] = KEPT) -> list[dict[str, Any]]:
    """The rejected rows of a document, when they and the kept text are all that was read; `ConservationError` otherwise."""
    rejected = list(rejected_rows(labelled, keep))
    if put_together(document.body, rejected) != labelled.document.body:
        raise ConservationError(f"{labelled.document.id}: kept and rejected text are not what was read. Please report this file.")
    return rejected


class TextDigest:
    """A digest of the texts of a file's documents, in order."""

    def __init__(self) -> None:
        self._hash = blake2b(digest_size=16)

    def add(self, body: str) -> None:
        """Take the next text."""
        data = body.encode("utf-8", "surrogatepass")
        self._hash.update(len(data).to_bytes(8, "little"))
        self._hash.update(data)

    def hex(self) -> str:
        """The digest so far."""
        return self._hash.hexdigest()
