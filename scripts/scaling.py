"""How time and memory of `filter` grow with the input and the workers, and how near it comes to reading and writing alone.

Each point of `scaling` is a process of its own, started as users start it; `floor` runs in this one, by turns.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmark_page import Bars, Curves, machine_line, write_page
from generated_text import write_generated

import noisefilter as nf

MB = 1_000_000
# MB that any one process may take, whatever the size of the input.
MEMORY = 150


@dataclass(frozen=True)
class Point:
    """A run: bytes of input, workers; seconds by the clock and of CPU, and bytes of the largest of its processes."""

    size: int
    workers: int
    seconds: float
    cpu: float
    memory: int


def measure(sizes: Sequence[int], workers: Sequence[int]) -> list[Point]:
    """Filter generated files of these sizes (MB) with these numbers of workers."""
    points = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / f"{size}.jsonl"
            n_bytes = write_generated(path, size * MB)
            for n in workers:
                points.append(_run(path, n_bytes, n, Path(folder) / f"out-{size}-{n}"))
                print(points[-1], flush=True)
            path.unlink()
    return points


def _run(path: Path, size: int, workers: int, output: Path) -> Point:
    words = ["-m", "noisefilter.cli", "filter", str(path), "-o", str(output), "--workers", str(workers), "--progress", "none"]
    # Shards small enough that workers share also the smaller files.
    words += ["--shard-size", str(max(MB // 4, min(size // 16, 32 * MB)))]
    began = time.monotonic()
    process = os.posix_spawn(sys.executable, [sys.executable, *words], os.environ)
    _, status, used = os.wait4(process, 0)
    if status:
        raise SystemExit(f"filter ended with {os.waitstatus_to_exitcode(status)}")
    # Linux tells kilobytes, macOS bytes.
    memory = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Point(size, workers, time.monotonic() - began, used.ru_utime + used.ru_stime, memory)


def write_scaling(points: Sequence[Point], output: Path) -> None:
    """The page and its plot."""
    lines = ["| input, MB | workers | seconds | CPU seconds | MB/s | memory of the largest process, MB |", "| ---: |" + " ---: |" * 5]
    lines += [
        f"| {p.size / MB:.0f} | {p.workers} | {p.seconds:.1f} | {p.cpu:.1f} | {p.size / MB / p.seconds:.2f} | {p.memory / MB:.0f} |"
        for p in points
    ]
    lines += ["", *_growth(points)]
    curves = {}
    for n in sorted({point.workers for point in points}):
        curves[f"{n} worker{'s' * (n > 1)}"] = [(p.size / MB, p.seconds) for p in points if p.workers == n]
    write_page(output, SCALING.format(machine=machine_line()), lines, Curves(curves, "input, MB", "seconds"), SCALING_NOTES)


def _growth(points: Sequence[Point]) -> list[str]:
    """In words: how time and memory grew, and what more workers brought."""
    alone = [p for p in points if p.workers == 1]
    told = [
        f"* {a.size / MB:.0f} → {b.size / MB:.0f} MB, one worker: {b.cpu / a.cpu:.1f} times the CPU time, "
        f"{b.memory / a.memory:.2f} times the memory."
        for a, b in pairwise(alone)
    ]
    most = max(p.memory for p in points) / MB
    told.append(f"* Memory: {most:.0f} MB at most; {MEMORY} were asked for: {'met' if most <= MEMORY else 'not met'}.")
    largest = [p for p in points if p.size == points[-1].size]
    return told + [
        f"* {p.workers} workers, {p.size / MB:.0f} MB: {largest[0].seconds / p.seconds:.2f} times as fast by the clock, "
        f"for {p.cpu / largest[0].cpu:.2f} times the CPU time."
        for p in largest[1:]
    ]


def measure_floor(size: int, n_rounds: int) -> dict[str, list[float]]:
    """MB of text a CPU second of reading, parsing and writing .jsonl.zst, alone and with `filter`, by turns."""
    model = nf.load_model()
    rates: dict[str, list[float]] = {FLOOR: [], WITHOUT: [], WITH: []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        n_bytes = write_generated(folder / "plain.jsonl", size * MB)
        packed = folder / "in.jsonl.zst"
        nf.write_corpus(nf.read_corpus(folder / "plain.jsonl"), packed)
        work = {
            FLOOR: lambda out: nf.write_corpus(nf.read_corpus(packed), out / "floor.jsonl.zst"),
            WITHOUT: lambda out: nf.filter([packed], out, model, templates=False),
            WITH: lambda out: nf.filter([packed], out, model),
        }
        for number in range(n_rounds + 1):
            for place, (what, do) in enumerate(work.items()):
                out = folder / f"{number}-{place}"
                began = time.process_time()
                do(out)
                if number:
                    rates[what].append(n_bytes / MB / (time.process_time() - began))
            print(f"round {number}", {what: values[-1:] for what, values in rates.items()}, flush=True)
    return rates


FLOOR, WITHOUT, WITH = "read, parse, write", "filter --no-templates", "filter"


def write_floor(rates: dict[str, list[float]], output: Path) -> None:
    """The page and its plot."""
    lines = ["| | MB/s: min | median | max | share of the floor: min | median | max |", "| --- |" + " ---: |" * 6]
    for what, values in rates.items():
        shares = [value / floor for value, floor in zip(values, rates[FLOOR], strict=True)]
        lines.append(f"| {what} | " + " | ".join(f"{value:.3g}" for value in (*_span(values), *_span(shares))) + " |")
    bars = Bars([(what, *_span(values)) for what, values in rates.items()], "MB of JSON Lines a CPU second, one core", log=True)
    write_page(output, FLOOR_HEAD.format(machine=machine_line()), lines, bars, FLOOR_NOTES)


def _span(values: Sequence[float]) -> tuple[float, float, float]:
    return min(values), median(values), max(values)


SCALING = """# Time and memory of `filter`

Written by `scripts/benchmark.py scaling`. {machine}.

JSON Lines generated from `models/corpus` (`scripts/generated_text.py`), filtered by the command as users start it, with its defaults (so
the input is read twice) but for smaller shards for small files. Seconds hold the start of Python and the loading of the model.
"""
SCALING_NOTES = """
* On a machine that is shared, seconds by the clock say less than CPU seconds, and two workers cannot be twice as fast.
* Asked besides: ten times the input in 9 to 11 times the time; two workers on two free cores 1.8 times as fast.
* Files under 512 MB are cut into up to 16 shards here, so a shard of a small file is small and costs more a byte.
"""
FLOOR_HEAD = """# How much of the time is the judging

Written by `scripts/benchmark.py floor`. {machine}.

The floor reads .jsonl.zst into documents and writes them again as .jsonl.zst; nothing is judged. `filter` does the same and labels, checks
that nothing is lost, writes rejects and journal; with templates (the default) it reads everything twice. CPU time, one process, by turns.
"""
FLOOR_NOTES = """
Asked: `filter` at 0.45 of the floor or more; not met. In a profile of `filter --no-templates` about six tenths of the time are
labelling (see [speed](speed.md)), a tenth is the survey, and about a twentieth each are the check that nothing is lost, the rows of what
is taken out and the last step that puts outputs together. A profile makes small Python calls look dearer than they are.
"""
