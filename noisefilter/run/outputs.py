"""The files of a run: what is still whole when it goes on, how parts become files, and what is removed."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from noisefilter.corpus.json_lines import parse_json
from noisefilter.corpus.writing import PART, open_output
from noisefilter.errors import OutputError
from noisefilter.run.journal import NAME as JOURNAL
from noisefilter.run.shard import PARTS, SURVEY, part_path
from noisefilter.survey import Survey

SINKS = ("rejects", "quarantine", "uncertain")
SAMPLE = "sample.jsonl"
Row = Mapping[str, Any]


def is_whole(output: Path, row: Row) -> bool:
    """Whether everything that a shard wrote is there with the size that it had."""
    places = [(part_path(output, row["shard"], f"{name}.jsonl"), size) for name, size in row["parts"].items()]
    for file in row["files"]:
        path = part_path(output, row["shard"], "kept.jsonl") if file["part"] else output / "kept" / file["kept"]
        places.append((path, file["bytes"]))
    return all(_size(path) == size for path, size in places)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def put_parts_together(output: Path, rows: Iterable[Row], sinks: Iterable[str]) -> None:
    """Write the files that have parts: the lists of rows, and inputs that were cut."""
    rows = list(rows)
    for sink in sinks:
        _concatenate(output / f"{sink}.jsonl", (part_path(output, row["shard"], f"{sink}.jsonl") for row in rows))
    cut: dict[str, list[Path]] = {}
    for row in rows:
        for file in row["files"]:
            if file["part"]:
                cut.setdefault(file["kept"], []).append(part_path(output, row["shard"], "kept.jsonl"))
    for kept, parts in cut.items():
        _concatenate(output / "kept" / kept, parts)


def add_surveys(output: Path, shards: Iterable[int]) -> Survey:
    """What the whole run looks like."""
    total = Survey()
    for shard in shards:
        total += Survey.from_json(parse_json(part_path(output, shard, f"{SURVEY}.jsonl").read_bytes()))
    return total


def _concatenate(path: Path, parts: Iterable[Path]) -> None:
    with open_output(path) as stream:
        for part in parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, stream, 1 << 20)


def remove_parts(output: Path) -> None:
    """Remove what a finished run no longer needs."""
    shutil.rmtree(output / PARTS, ignore_errors=True)


def remove_leftovers(output: Path) -> None:
    """Remove files that were being written when a run was cut off."""
    for folder in (output, output / PARTS, output / "kept"):
        for path in folder.rglob(f".*{PART}") if folder.name == "kept" else folder.glob(f".*{PART}"):
            path.unlink(missing_ok=True)


def remove_run(output: Path) -> None:
    """Remove the files of a run and nothing else; its journal goes last, so that a half removed run is still known as one."""
    for name in ("run.json", SAMPLE, *(f"{sink}.jsonl" for sink in SINKS)):
        (output / name).unlink(missing_ok=True)
    for folder in (output / "kept", output / PARTS):
        if folder.exists():
            shutil.rmtree(folder)
    (output / JOURNAL).unlink(missing_ok=True)


def check_free(output: Path) -> None:
    """OutputError where a new run would write over something."""
    for name in _in_the_way(output):
        raise OutputError(f"{output}: has a {name} that no run of this program wrote. Choose another folder or remove it.")


def _in_the_way(output: Path) -> Iterator[str]:
    with suppress(OSError):
        yield from (name for name in ("run.json", "kept", PARTS, SAMPLE, *(f"{sink}.jsonl" for sink in SINKS)) if (output / name).exists())
