"""Which paragraphs of a run are worth a person's minute, and their corrections as labelled data.

A paragraph teaches most when the model is unsure of it, when much text hangs on it, and when nothing like it was picked already. So each
is worth *doubt × weight*, and the list is filled one by one: a paragraph loses what it shares in words with the picked one that is most
like it, and half for each picked one of its document (maximal marginal relevance, Carbonell and Goldstein 1998).
Only the sampled documents of the run are looked at (`survey.py`).
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from noisefilter.errors import CorpusError
from noisefilter.records import LABELS
from noisefilter.report.run_folder import Row, Run

# Candidates that are compared in words, the most valuable ones. 50 picks out of 2,000 take under a second.
CANDIDATES = 2_000
# Characters of a neighbour in the list.
CONTEXT = 120
# What stands in the column `correct` for a label that is right.
RIGHT = "ok"
COLUMNS = ("row", "correct", "label", "probability", "noise", "document_id", "before", "text", "after")
_NAMES = frozenset(map(str, LABELS))


@dataclass(frozen=True)
class Pick:
    """A paragraph to look at: its row in sample.jsonl, counted from 1, and the texts round it."""

    number: int
    row: Row
    before: str
    after: str


def pick(run: Run, n: int) -> list[Pick]:
    """The `n` paragraphs of a run whose label would teach most, in the order of the text."""
    rows = list(run.rows)
    if rows and any(row.get("noise") is None for row in rows):
        raise CorpusError(f"{run.folder}: its sample has no probabilities. Run `noisefilter filter` again.")
    copies = Counter(row["text"] for row in rows)
    worth = [_doubt(row) * _weight(row, copies[row["text"]]) for row in rows]
    best = sorted(range(len(rows)), key=lambda number: (-worth[number], number))[:CANDIDATES]
    return [_pick_of(number, rows) for number in sorted(_spread(best, rows, worth, n))]


def _doubt(row: Row) -> float:
    """How unsure the model is, 0-1: of noise or not, and, half as much, of which label."""
    return max(1 - abs(2 * row["noise"] - 1), (1 - row["probability"]) / 2)


def _weight(row: Row, copies: int) -> float:
    """What hangs on a paragraph: its characters, and how often it stands in the sample."""
    return math.log2(2 + len(row["text"])) * math.sqrt(copies)


def _spread(best: list[int], rows: list[Row], worth: list[float], n: int) -> list[int]:
    words = {number: set(rows[number]["text"].lower().split()) for number in best}
    likeness = dict.fromkeys(best, 0.0)
    taken: Counter[str] = Counter()
    picked: list[int] = []
    while best and len(picked) < n:

        def value(number: int) -> float:
            return worth[number] * (1 - likeness[number]) / 2 ** taken[rows[number]["document_id"]]

        chosen = max(best, key=lambda number: (value(number), -number))
        if value(chosen) <= 0:
            break
        picked.append(chosen)
        best = [number for number in best if number != chosen]
        taken[rows[chosen]["document_id"]] += 1
        for number in best:
            likeness[number] = max(likeness[number], _overlap(words[number], words[chosen]))
    return picked


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _pick_of(number: int, rows: list[Row]) -> Pick:
    def neighbour(step: int) -> str:
        """The text right before or after it in its document; none where the sample has it not."""
        near = rows[number + step] if 0 <= number + step < len(rows) else {}
        here = {**rows[number], "index": rows[number]["index"] + step}
        return str(near["text"]) if all(near.get(name) == here[name] for name in ("file", "document_id", "index")) else ""

    return Pick(number + 1, rows[number], neighbour(-1)[-CONTEXT:], neighbour(1)[:CONTEXT])


def write_todo(picks: Iterable[Pick], stream: IO[str], neutral: Any) -> None:
    """Write the list for a spreadsheet; `neutral` makes a cell harmless. A person fills in `correct`: a label, or ok."""
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for one in picks:
        row = one.row
        cells = (one.number, "", row["label"], row["probability"], row["noise"], row["document_id"], one.before, row["text"], one.after)
        writer.writerow(map(neutral, cells))


def holds_answers(path: Path) -> bool:
    """Whether writing to a file would lose labels that a person gave: a list with a filled cell, or rows of labels."""
    if not path.is_file():
        return False
    if path.suffix != ".csv":
        return path.stat().st_size > 0
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        return any((line.get("correct") or "").strip() for line in csv.DictReader(stream))


def read_todo(path: Path, run: Run) -> dict[int, str]:
    """The corrections of a list, by row of the sample; rows that nobody filled in are left out."""
    rows = list(run.rows)
    found: dict[int, str] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        lines = csv.DictReader(stream)
        if not {"row", "correct"} <= set(lines.fieldnames or ()):
            raise CorpusError(f"{path}: no columns row and correct. Expected a list that `noisefilter review` wrote.")
        for line in lines:
            correct = (line["correct"] or "").strip().lower()
            if correct:
                number = _number(line["row"], len(rows), f"{path}:{lines.line_num}")
                found[number] = check_label(correct, rows[number - 1], f"{path}:{lines.line_num}")
    return found


def _number(cell: str | None, n_rows: int, place: str) -> int:
    if not cell or not cell.isdecimal() or not 1 <= int(cell) <= n_rows:
        raise CorpusError(
            f"{place}: row {cell!r} is not in the sample of this run (1 to {n_rows}). Name the run that the list was made from."
        )
    return int(cell)


def check_label(correct: str, row: Row, place: str) -> str:
    """The label that a person gave; `ok` is the model's own."""
    label = row["label"] if correct == RIGHT else correct
    if label not in _NAMES:
        raise CorpusError(f"{place}: unknown label {label!r}. Use one of {', '.join(LABELS)}, or ok where the label is right.")
    return str(label)


def training_rows(run: Run, corrections: Mapping[int, str]) -> Iterator[Row]:
    """The documents that were looked into, as `scripts/train.py --base` takes them: labels only where a person gave one.

    The same document id in two files is told apart by the file.
    """
    number = 0
    for document in run.documents:
        numbers = range(number + 1, number + 1 + len(document))
        number += len(document)
        if any(one in corrections for one in numbers):
            for one, row in zip(numbers, document, strict=True):
                yield {**row, "document_id": f"{row['file']}:{row['document_id']}", "label": corrections.get(one)}
