"""The verb `status`: how far a run is, from its journal; it may be running, cut off or finished."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from noisefilter.errors import OutputError
from noisefilter.run.finished import open_run
from noisefilter.run.lock import locked
from noisefilter.run.summary import RunSummary


@dataclass(frozen=True)
class Status:
    """`state` is finished, running or cut off."""

    state: str
    shards_done: int
    shards: int
    counts: RunSummary

    def __str__(self) -> str:
        counts = self.counts
        return (
            f"{self.state}: {self.shards_done} of {self.shards} shards, {counts.documents} documents, "
            f"{counts.kept} paragraphs kept, {counts.rejected.total()} rejected, {counts.quarantined} records quarantined"
        )


def status(folder: str | Path) -> Status:
    """How far the run in a folder is."""
    folder = Path(folder)
    journal = open_run(folder)
    counts = RunSummary()
    for row in journal.rows.values():
        counts.add(row["counts"])
    state = "finished" if (folder / "run.json").exists() else "running" if _is_locked(folder) else "cut off"
    return Status(state, len(journal.rows), int(journal.header["shards"]), counts)


def _is_locked(folder: Path) -> bool:
    try:
        with locked(folder):
            return False
    except OutputError:
        return True
