"""Labelled document → document without its noise; the one place where text is removed."""

from __future__ import annotations

from collections.abc import Collection

from noisefilter.records import KEPT, Document, LabelledDocument


def clean(labelled: LabelledDocument, keep: Collection[str] = KEPT) -> Document:
    """The document with the kept paragraphs only; what stands between two of them stays as it was.

    A rejected paragraph goes with the separator behind it, so a document without noise comes back byte for byte.

    >>> from noisefilter.noise.label import label
    >>> page = Document("d", "The council voted on Monday to close the bridge for a year.\\nShare on Facebook Tweet Email\\n")
    >>> clean(next(label([page]))).body
    'The council voted on Monday to close the bridge for a year.\\n'
    """
    body = labelled.document.body
    parts, at = [], 0
    columns = labelled.columns
    stops = [*columns.starts[1:], len(body)]
    for label, start, stop in zip(columns.labels, columns.starts, stops, strict=False):
        if label not in keep:
            parts.append(body[at:start])
            at = stop
    parts.append(body[at:])
    return labelled.document.with_body("".join(parts))
