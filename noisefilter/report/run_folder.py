"""Read what `filter` and `score` left behind: the folder of a run, and lines of scores."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from noisefilter.corpus.compression import unpacked
from noisefilter.corpus.formats import packing_of
from noisefilter.errors import CorpusError, MissingInputError

Row = dict[str, Any]

# Names under which a run's scores are looked for in its folder.
SCORE_FILES = ("scores.jsonl", "scores.json")
# Records of quarantine that are held; all are counted in run.json.
QUARANTINED = 20
# Of a label that has no example in the sample, so many rejected paragraphs are held, the first ones.
REJECTED = 9


@dataclass(frozen=True)
class Run:
    """A finished run: its record (run.json), the rows of its sample by document, some quarantined records, and rare rejects."""

    folder: Path
    record: Row
    documents: list[list[Row]]
    quarantined: list[Row]
    rare: list[Row]

    @property
    def keep(self) -> frozenset[str]:
        """The labels that were kept."""
        return frozenset(self.record.get("keep", ()))

    @property
    def rows(self) -> Iterator[Row]:
        """The sampled paragraphs of all documents."""
        return (row for document in self.documents for row in document)


def is_run(path: Path) -> bool:
    """Whether a folder holds a finished run."""
    return (path / "run.json").is_file()


def read_run(folder: str | Path) -> Run:
    """Read the output folder of `filter`.

    Raises
    ------
    MissingInputError
        The folder holds no run.json: it is no run, or an unfinished one.
    CorpusError
        A file of it is damaged.
    """
    folder = Path(folder)
    if not is_run(folder):
        raise MissingInputError(f"{folder}: no run here (run.json is missing). Expected the output folder of `noisefilter filter`.")
    record = _read_record(folder / "run.json")
    documents = _by_document(_lines_if_there(folder / "sample.jsonl"))
    shown = {row["label"] for document in documents for row in document}
    rare = _first_of(folder / "rejects.jsonl", set(record.get("rejected", {})) - shown)
    quarantined = [row for row, _ in zip(_lines_if_there(folder / "quarantine.jsonl"), range(QUARANTINED), strict=False)]
    return Run(folder, record, documents, quarantined, rare)


def scores_of(folder: Path) -> Path | None:
    """The scores that lie in the folder of a run, None where there are none."""
    return next((folder / name for name in SCORE_FILES if (folder / name).is_file()), None)


def read_scores(path: Path) -> list[Row]:
    """Read the lines that `noisefilter score --format json` writes."""
    if not path.is_file():
        raise MissingInputError(f"{path}: no such file. Expected lines as `noisefilter score --format json` writes them.")
    return check_scores(read_lines(path), str(path))


def read_scores_from_stream(stream: IO[bytes], name: str) -> list[Row]:
    """Read such lines from an open stream."""
    return check_scores(_rows(stream, name), name)


def check_scores(rows: Iterable[Any], name: str) -> list[Row]:
    """The rows, if each is a score; CorpusError names the first that is not."""
    found = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not {"source", "reliability", "statistics", "tally"} <= row.keys():
            raise CorpusError(f"{name}:{number}: not a score. Expected lines as `noisefilter score --format json` writes them.")
        found.append(row)
    return found


def read_lines(path: Path) -> Iterator[Row]:
    """The rows of a JSON Lines file of ours, plain or packed."""
    with path.open("rb") as raw, unpacked(raw, packing_of(path.name)) as stream:
        yield from _rows(stream, str(path))


def _rows(lines: Iterable[bytes], name: str) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        try:
            yield json.loads(line)
        except ValueError as error:
            raise CorpusError(f"{name}:{number}: not JSON ({str(error)[:60]}). Expected a file that noisefilter wrote.") from error


def _lines_if_there(path: Path) -> Iterator[Row]:
    """Its rows; none where an earlier version wrote no such file."""
    return read_lines(path) if path.is_file() else iter(())


def _read_record(path: Path) -> Row:
    try:
        record = json.loads(path.read_bytes())
    except ValueError as error:
        raise CorpusError(f"{path}: not JSON ({str(error)[:60]}). Expected the file that `noisefilter filter` wrote.") from error
    if not isinstance(record, dict) or not {"paragraphs", "kept", "rejected"} <= record.keys():
        raise CorpusError(f"{path}: not the record of a run. Expected the file that `noisefilter filter` wrote.")
    return record


def _by_document(rows: Iterable[Row]) -> list[list[Row]]:
    documents: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        documents.setdefault((row["file"], row["document_id"]), []).append(row)
    return list(documents.values())


def _first_of(path: Path, labels: set[str]) -> list[Row]:
    """The first rows of each of these labels; the file is read only as far as needed."""
    found: list[Row] = []
    wanted = dict.fromkeys(labels, REJECTED)
    for row in _lines_if_there(path) if wanted else ():
        if row["label"] in wanted:
            found.append(row)
            wanted[row["label"]] -= 1
            if not wanted[row["label"]]:
                del wanted[row["label"]]
        if not wanted:
            break
    return found
