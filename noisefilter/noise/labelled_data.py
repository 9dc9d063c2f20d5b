"""Read labelled data for training and measuring: dump folders and block files.

*Dumps*: ``NAME.txt`` beside ``NAME.jsonl`` with a row a paragraph (``line_start``, ``line_end``, ``label``), see docs/labels.md.
*Blocks*: ``*.jsonl.gz``, a document a row with ``blocks`` of ``text`` and ``label`` (content or noise).
*Rows*: a paragraph a row as ``noisefilter label`` writes them, corrected by hand, see docs/retrain.md.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from noisefilter.errors import CorpusError, MissingInputError
from noisefilter.noise.augment import Example
from noisefilter.noise.segment import segment
from noisefilter.records import LABELS, Document, Label

# Numbers of the dumps that one person wrote; folds keep them together, since each has a voice.
# fmt: off
AUTHORS = (
    "1-14", "20-31", "40-53", "60-73", "80-91", "100-113", "120-131", "140-152", "153-165", "166-178", "179-191", "192-204", "205-217",
    "218-230", "231-236", "237-250", "251-257", "258-267", "268-277", "278-286", "300-309", "310-319", "320-329", "330-341", "350-359",
    "360-369", "370-379", "380-389", "390-401", "402-413", "414-425", "426-437", "438-449", "450-461", "462-473", "474-485", "486-530",
    "531-542", "543-556", "560-573", "580-594", "600-611", "620-631", "640-651",
)
# fmt: on
_NAMES = frozenset(str(label) for label in LABELS)


def read_dumps(folder: str | Path) -> list[tuple[str, Example]]:
    """Name and labelled paragraphs of every dump of a folder; the group is the author, see `author_of`."""
    folder = Path(folder)
    if not folder.exists():
        raise MissingInputError(f"{folder}: no such folder. Expected NAME.txt files with NAME.jsonl beside them.")
    dumps = []
    for path in sorted(folder.glob("*.txt")):
        gold = path.with_suffix(".jsonl")
        if gold.exists():
            dumps.append((path.stem, read_dump(path, gold)))
    return dumps


def read_dump(path: Path, gold: Path) -> Example:
    """One dump, cut by our own segmenter; each paragraph has the label of the gold rows it lies in."""
    text = path.read_bytes().decode("utf-8")
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    spans = [(starts[row["line_start"] - 1], starts[row["line_end"]] - 1, str(Label(row["label"]))) for row in rows]
    texts, labels = [], []
    for paragraph in segment(Document(path.stem, text)):
        found = [label for start, end, label in spans if start < paragraph.end and end > paragraph.start]
        if found:
            texts.append(paragraph.text)
            labels.append(found[0])
    return Example(tuple(texts), tuple(labels), author_of(path.stem))


def read_rows(path: str | Path) -> list[Example]:
    """Documents of a file of rows ``{document_id, index, text, label}``, in order of first appearance, paragraphs by their index.

    A label of null, none, or `uncertain` means: not looked at, context for the others.
    """
    path = Path(path)
    if not path.exists():
        raise MissingInputError(f"{path}: no such file. Expected rows as `noisefilter label` writes them.")
    documents: dict[str, dict[int, tuple[str, str | None]]] = {}
    with _open(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            document, index, text, label = _read_row(line, f"{path}:{number}")
            if documents.setdefault(document, {}).setdefault(index, (text, label)) != (text, label):
                raise CorpusError(
                    f"{path}:{number}: paragraph {index} of {document} stands here twice, with two labels or texts. Keep one."
                )
    return [_example_of(name, [rows[index] for index in sorted(rows)]) for name, rows in documents.items()]


def _read_row(line: str, place: str) -> tuple[str, int, str, str | None]:
    try:
        row = json.loads(line)
        document, index, text, label = str(row["document_id"]), int(row["index"]), str(row["text"]), row.get("label")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorpusError(f"{place}: no row of a paragraph ({error!r}). Expected document_id, index, text and label.") from error
    label = None if label == Label.UNCERTAIN else label
    if label is not None and label not in _NAMES:
        raise CorpusError(f"{place}: unknown label {label!r}. Use one of {', '.join(LABELS)}, or null for what you did not look at.")
    return document, index, text, label


def _example_of(name: str, rows: list[tuple[str, str | None]]) -> Example:
    texts, labels = zip(*rows, strict=True)
    return Example(texts, tuple(label or "" for label in labels), name, tuple(label is not None for label in labels))


def author_of(name: str) -> str:
    """Who wrote a dump of ours, by its number; a dump of another name is a group of its own.

    >>> author_of("20_vesland_wire"), author_of("my_site")
    ('20-31', 'my_site')
    """
    number = re.match(r"(\d{1,3})_", name)
    for author in AUTHORS if number else ():
        first, last = author.split("-")
        if number and int(first) <= int(number[1]) <= int(last):
            return author
    return name


def _open(path: Path) -> IO[str]:
    return gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")


def read_blocks(path: str | Path) -> Iterator[dict[str, Any]]:
    """Documents of a block file, blocks without text left out and blanks folded."""
    path = Path(path)
    if not path.exists():
        raise MissingInputError(f"{path}: no such file. Expected JSON Lines with blocks, plain or .gz.")
    with _open(path) as lines:
        for number, line in enumerate(lines, 1):
            record = json.loads(line)
            if "blocks" not in record:
                raise CorpusError(f'{path}:{number}: no "blocks" field (fields: {", ".join(record)}). See docs/formats.md.')
            for block in record["blocks"]:
                block["text"] = " ".join(block["text"].split())
            record["blocks"] = [block for block in record["blocks"] if block["text"]]
            yield record
