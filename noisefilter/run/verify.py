"""The verb `verify`: is a finished run whole, and do kept and rejected text still make what was read?

The journal has a digest of the texts of every file as they were read, so the input itself is not needed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from noisefilter.errors import CorpusError
from noisefilter.run.conservation import ConservationError, TextDigest, put_together
from noisefilter.run.finished import KeptFile, Rejects, kept_files, open_finished, read_back
from noisefilter.run.summary import RunSummary


@dataclass
class Verified:
    """What was looked at."""

    files: int = 0
    documents: int = 0
    rejected: int = 0
    quarantined: int = 0

    def __str__(self) -> str:
        return (
            f"{self.files} files, {self.documents} documents, {self.rejected} rejected paragraphs: kept and rejected are what was read; "
            f"{self.quarantined} records quarantined"
        )


def verify(folder: str | Path) -> Verified:
    """Check every file of a finished run.

    Raises
    ------
    ConservationError
        A file is missing or changed, or kept and rejected text are not what was read.
    """
    folder = Path(folder)
    journal = open_finished(folder)
    found = Verified()
    with Rejects(folder) as rejects:
        for file in kept_files(journal):
            found.files += 1
            _verify_file(folder, file, rejects, found)
        rejects.check_all_used()
    _verify_counts(folder, journal.rows.values(), found)
    return found


def _verify_file(folder: Path, file: KeptFile, rejects: Rejects, found: Verified) -> None:
    path = folder / "kept" / file.kept
    if not path.is_file():
        raise ConservationError(f"{path}: missing. Run the filter again with --overwrite.")
    digests = {part.shard: TextDigest() for part in file.parts}
    try:
        for part, document, rows in read_back(folder, file, rejects):
            digests[part.shard].add(put_together(document.body, rows))
            found.documents += 1
            found.rejected += len(rows)
    except CorpusError as error:
        raise ConservationError(f"{path}: changed since the run ({error})") from error
    if any(digests[part.shard].hex() != part.texts for part in file.parts):
        raise ConservationError(
            f"{path}: with rejects.jsonl it does not make the text that was read. One of them was changed since the run."
        )


def _verify_counts(folder: Path, rows: object, found: Verified) -> None:
    summary = RunSummary()
    for row in rows:  # type: ignore[attr-defined]
        summary.add(row["counts"])
    record = json.loads((folder / "run.json").read_bytes())
    with (folder / "quarantine.jsonl").open("rb") as stream:
        found.quarantined = sum(1 for _ in stream)
    counts = {
        "documents": (found.documents, summary.documents, record["documents"]),
        "rejected": (found.rejected, summary.rejected.total(), sum(record["rejected"].values())),
        "quarantined": (found.quarantined, summary.quarantined, record["quarantined"]),
        "records": (found.documents + found.quarantined, summary.records, record["records"]),
    }
    for name, (there, journal, told) in counts.items():
        if not there == journal == told:
            raise ConservationError(f"{folder}: {there} {name} are there, {journal} in the journal, {told} in run.json.")
