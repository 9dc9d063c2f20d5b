"""Break things on purpose and print what happened: the table of docs/guarantees.md.

    python scripts/faults.py                  # the full counts, hours
    python scripts/faults.py --scale 0.02     # what CI runs, minutes
    python scripts/faults.py --only kills --count 50 --megabytes 200

Each row is a class of faults: how many were tried, and in how many the promise held. The exit code is 1 when one did not.
Everything is drawn from `--seed`, except at which instruction a process dies.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mutations import mutated_json, mutated_pages, mutated_texts

import noisefilter as nf
from noisefilter.corpus.html_child import PageChild
from noisefilter.corpus.intake import Intake
from noisefilter.corpus.reading import read_stream
from noisefilter.errors import PageError
from noisefilter.run.conservation import check_conservation

ROOT = Path(__file__).resolve().parent.parent
TEXTS = sorted((ROOT / "models" / "corpus").glob("*.txt"))
# Shards so small that a run of a few megabytes has dozens of them.
SHARDS = 12


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    fault: str
    tried: int
    held: int
    note: str = ""


@dataclass(frozen=True)
class Bench:
    """A corpus, the options of its runs, and the undisturbed run that all others must equal."""

    folder: Path
    corpus: Path
    megabytes: float
    random: random.Random

    def command(self, output: Path, *words: str, workers: int = 1) -> list[str]:
        """The command line of a run."""
        size = str(int(self.megabytes * 1e6 / SHARDS))
        common = ("--shard-size", size, "--progress", "none", "--workers", str(workers))
        return [sys.executable, "-m", "noisefilter.cli", "filter", str(self.corpus), "-o", str(output), *common, *words]

    def reference(self) -> tuple[Path, float]:
        """The undisturbed run, and how long it takes in seconds."""
        path = self.folder / "reference"
        began = time.monotonic()
        if not path.exists():
            # 3: the corpus has a broken line.
            assert subprocess.run(self.command(path), stderr=subprocess.DEVNULL, check=False).returncode == 3
            (self.folder / "seconds").write_text(str(time.monotonic() - began))
        return path, float((self.folder / "seconds").read_text())

    def fresh(self, name: str) -> Path:
        """An output folder that does not exist."""
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        return path


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full counts")
    parser.add_argument("--only", action="append", choices=[name for name, _ in FAULTS], help="only these rows")
    parser.add_argument("--count", type=int, help="how many faults of each class, whatever the scale")
    parser.add_argument("--megabytes", type=float, help="of the corpus that is filtered (default: 200 times the scale, at least 1)")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    megabytes = chosen.megabytes or max(1.0, 200 * chosen.scale)
    print("| fault | tried | promise held | |\n|---|---|---|---|", flush=True)
    all_held = True
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), Path(folder) / "corpus", megabytes, random.Random(chosen.seed))
        make_corpus(bench.corpus, megabytes, bench.random)
        for name, fault in FAULTS:
            if chosen.only and name not in chosen.only:
                continue
            row = fault(bench, chosen.count or max(1, round(COUNTS[name] * chosen.scale)))
            all_held &= row.held == row.tried
            print(f"| {row.fault} | {row.tried:,} | {row.held:,} | {row.note} |", flush=True)
    sys.exit(not all_held)


def make_corpus(folder: Path, megabytes: float, chance: random.Random) -> None:
    """A large file of JSON Lines, a packed one, some texts, a table, a page, and a broken line."""
    import gzip

    folder.mkdir(parents=True)
    texts = [path.read_text(encoding="utf-8") for path in TEXTS]
    records = _records(texts, chance)
    with (folder / "big.jsonl").open("wb") as stream:
        stream.write(b"{broken\n")
        while stream.tell() < megabytes * 1e6 * 0.7:
            stream.write(next(records))
    (folder / "packed.jsonl.gz").write_bytes(gzip.compress(b"".join(next(records) for _ in range(int(4 * megabytes)))))
    for n in range(30):
        (folder / f"text{n}.txt").write_text(texts[n % len(texts)], encoding="utf-8")
    (folder / "page.html").write_bytes((ROOT / "examples" / "page.html").read_bytes())
    with (folder / "table.csv").open("w", encoding="utf-8") as table:
        table.write("id,text\n" + "".join(f'{n},"{line.replace(chr(34), "")}"\n' for n, line in enumerate(texts[0].splitlines())))


def _records(texts: Sequence[str], chance: random.Random) -> Iterator[bytes]:
    number = 0
    while True:
        number += 1
        lines = chance.choice(texts).splitlines(keepends=True)
        start = chance.randrange(len(lines))
        record = {"id": str(number), "text": "".join(lines[start : start + 40]), "source": f"paper {number % 7}", "n": number}
        yield json.dumps(record, ensure_ascii=False).encode() + b"\n"


def kills(bench: Bench, count: int) -> Row:
    """kill -9 at random moments, of the parent or of all its processes, until it comes through; then compare."""
    reference, seconds = bench.reference()
    held = n_kills = 0
    for attempt in range(count):
        workers, killed = 1 + attempt % 2, 0
        while not killed:
            output = bench.fresh("killed")
            for _ in range(bench.random.randint(1, 3)):
                began = time.monotonic()
                moment = bench.random.uniform(0.05, 0.9) * seconds
                if kill_after(bench.command(output, "--resume", workers=workers), moment, whole_group=attempt % 4 < 2):
                    killed += 1
                elif not killed:
                    # The whole run is quicker than the undisturbed one was, so earlier moments are drawn.
                    seconds = time.monotonic() - began
        n_kills += killed
        subprocess.run(bench.command(output, "--resume", workers=workers), stderr=subprocess.DEVNULL, check=False)
        held += is_same(reference, output)
        print(f"{held} of {attempt + 1} held, {n_kills} kills", file=sys.stderr, flush=True)
    return Row("`kill -9` at random moments, then `--resume`: byte-identical", count, held, f"{n_kills} kills, 1 and 2 workers")


def kill_after(command: list[str], seconds: float, whole_group: bool) -> bool:
    """Whether a run was still alive after so many seconds, and killed."""
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        process.wait(seconds)
        return False
    except subprocess.TimeoutExpired:
        if whole_group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
        return True


def full_disk(bench: Bench, count: int) -> Row:
    """A file system of a random size (tmpfs): when it is full the run ends with 74, leaves no half of a file, and goes on with room."""
    fault = "disk full at random points: exit 74, no partial file, `--resume` completes"
    if subprocess.run([*ALONE, "mount -t tmpfs none /mnt"], stderr=subprocess.DEVNULL, check=False).returncode:
        return Row(fault, 0, 0, "not tried: this system lets nobody mount a tmpfs (Linux, `unshare`)")
    reference, _ = bench.reference()
    held, most = 0, 2 * sum(path.stat().st_size for path in reference.rglob("*") if path.is_file())
    for _ in range(count):
        code = 3
        # 3: there was room for the whole run, so less of it is drawn.
        while code == 3:
            most = int(most * bench.random.uniform(0.02, 1))
            full, code = _run_on_a_small_disk(bench, most)
            most = max(most, 1 << 16)
        partial = [path for path in (full / "kept").rglob("*") if path.is_file() and not is_whole(reference, full, path)]
        held += code == 74 and not partial and is_same(reference, bench.folder / "resumed")
    return Row(fault, count, held, "a tmpfs of random size")


# A shell with file systems of its own.
ALONE = ["unshare", "--map-root-user", "--mount", "sh", "-c"]


def _run_on_a_small_disk(bench: Bench, size: int) -> tuple[Path, int]:
    """A copy of what is there when the disk is full, and the exit code; what is there after a resume with more room is in ``resumed``."""
    full, resumed, output = bench.fresh("full"), bench.fresh("resumed"), bench.fresh("small")
    output.mkdir()
    shell = f"""
        mount -t tmpfs -o size={size} none {output}
        {shlex.join(bench.command(output))}; code=$?
        cp -a {output} {full}
        mount -o remount,size=100g {output}
        {shlex.join(bench.command(output, "--resume"))}
        cp -a {output} {resumed}; exit $code
    """
    done = subprocess.run([*ALONE, shell], stderr=subprocess.DEVNULL, check=False)
    return full, done.returncode


def full_files(bench: Bench, count: int) -> Row:
    """No file may grow beyond a random size (RLIMIT_FSIZE): the run ends with 74, leaves no half of a file, and can go on."""
    reference, _ = bench.reference()
    largest = max(path.stat().st_size for path in reference.rglob("*") if path.is_file())
    held = 0
    for _ in range(count):
        output, most = bench.fresh("full"), int(largest * bench.random.random() ** 2)
        shell = (
            f"import resource, os, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most})); os.execv(sys.argv[1], sys.argv[1:])"
        )
        done = subprocess.run([sys.executable, "-c", shell, *bench.command(output)], stderr=subprocess.DEVNULL, check=False)
        partial = [path for path in (output / "kept").rglob("*") if path.is_file() and not is_whole(reference, output, path)]
        subprocess.run(bench.command(output, "--resume"), stderr=subprocess.DEVNULL, check=False)
        held += done.returncode == 74 and not partial and is_same(reference, output)
    return Row("a file cannot grow, at random points: exit 74, no partial file, `--resume` completes", count, held, "RLIMIT_FSIZE")


def is_whole(reference: Path, output: Path, path: Path) -> bool:
    """Whether a kept file is what it should be."""
    return path.name.startswith(".") or filecmp.cmp(reference / path.relative_to(output), path, shallow=False)


def workers_killed(bench: Bench, count: int) -> Row:
    """kill -9 of a worker at a random moment, often while it starts: the run finishes with the same output, and soon."""
    reference, seconds = bench.reference()
    held = 0
    for _ in range(count):
        is_hit = False
        while not is_hit:
            output, began = bench.fresh("workers"), time.monotonic()
            process = subprocess.Popen(bench.command(output, workers=2), stderr=subprocess.DEVNULL)
            is_hit = kill_worker(process, began + bench.random.random() * seconds, bench.random)
            try:
                code = process.wait(10 * seconds + 60)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
            if not is_hit:
                # Quicker than thought: earlier moments are drawn.
                seconds = time.monotonic() - began
        held += code == 3 and is_same(reference, output)
    return Row("a worker killed at a random moment: the run finishes, byte-identical", count, held)


def kill_worker(process: subprocess.Popen[bytes], moment: float, chance: random.Random) -> bool:
    """Whether a worker of the run could be killed at that moment, or as soon as there was one."""
    while process.poll() is None:
        if time.monotonic() >= moment and (workers := workers_of(process.pid)):
            try:
                os.kill(chance.choice(workers), signal.SIGKILL)
                return True
            except ProcessLookupError:
                pass
        time.sleep(0.005)
    return False


def workers_of(parent: int) -> list[int]:
    """The worker processes of a run."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            is_child = int((path / "stat").read_text().rpartition(")")[2].split()[1]) == parent
            words = (path / "cmdline").read_bytes()
        except OSError:
            continue
        if is_child and b"spawn_main" in words:
            found.append(int(path.name))
    return found


def is_same(one: Path, other: Path) -> bool:
    """Whether two folders have the same files with the same bytes."""
    names = [{str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} for folder in (one, other)]
    return names[0] == names[1] and all(filecmp.cmp(one / name, other / name, shallow=False) for name in names[0])


def model_bits(bench: Bench, count: int) -> Row:
    """A bit of a model file is flipped: the model is refused."""
    home, copy = ROOT / "models" / "default", bench.folder / "model"
    shutil.copytree(home, copy)
    files = [copy / "weights.npz", copy / "model.json"]
    refused = 0
    for number in range(count):
        path = files[number % 4 == 3]
        data = bytearray(path.read_bytes())
        place, bit = bench.random.randrange(len(data)), bench.random.randrange(8)
        data[place] ^= 1 << bit
        path.write_bytes(data)
        try:
            nf.load_model(copy)
        except nf.ModelError:
            refused += 1
        path.write_bytes((home / path.name).read_bytes())
    return Row("a bit of the model flipped: refused", count, refused)


def pages(bench: Bench, count: int) -> Row:
    """Mutated HTML through the killable parser and the model."""
    child, failed = PageChild(deadline=30.0), [0]

    def documents() -> Iterator[nf.Document]:
        for number, page in enumerate(mutated_pages(ROOT, bench.random, count)):
            try:
                yield child(page, nf.Document(str(number), ""), number % 10 == 0)
            except PageError:
                failed[0] += 1

    held = count_conserved(documents())
    child.close()
    return Row(
        "mutated HTML: no crash, no hang, no byte lost", count, held, f"{failed[0]} of them refused by the parser" if failed[0] else ""
    )


def texts(bench: Bench, count: int) -> Row:
    """Mutated text files through reader and model."""
    return _mutated("mutated text: no crash, no byte lost", mutated_texts(TEXTS, bench.random, count), "text", count)


def json_lines(bench: Bench, count: int) -> Row:
    """Mutated JSON Lines through reader and model."""
    return _mutated("mutated JSON Lines: no crash, no byte lost", mutated_json(TEXTS, bench.random, count), "jsonl", count)


def _mutated(fault: str, inputs: Iterator[bytes], kind: str, count: int) -> Row:
    import io

    quarantined, n_records = [0], [0]

    def documents() -> Iterator[nf.Document]:
        for number, data in enumerate(inputs):
            intake = Intake(str(number), lambda bad: quarantined.__setitem__(0, quarantined[0] + 1))
            yield from read_stream(io.BytesIO(data), kind, intake)
            n_records[0] += intake.n_records

    read = count_conserved(documents())
    held = count if read + quarantined[0] == n_records[0] else 0
    return Row(fault, count, held, f"{n_records[0]:,} records: {read:,} read, {quarantined[0]:,} quarantined")


def count_conserved(documents: Iterator[nf.Document]) -> int:
    """How many documents keep every byte when they are filtered; a lost one raises."""
    n_documents = 0
    for labelled in nf.label(documents, nf.load_model()):
        check_conservation(labelled, nf.clean(labelled))
        n_documents += 1
    return n_documents


def monsters(bench: Bench, count: int) -> Row:
    """Huge and deep input at half and at full size: time grows in line, and what it takes at most."""
    notes, held = [], 0
    for name, (make, most_memory) in MONSTERS.items():
        seconds, memory = zip(*(_measure(bench, make, count * half, count) for half in (1, 2)), strict=True)
        # A constant is added to both times, so that a few hundredths of a second more or less say nothing.
        ratio = (seconds[1] + 0.2) / (seconds[0] + 0.2)
        held += ratio < 3 and memory[1] < most_memory
        notes.append(f"{name}: ×{ratio:.1f} for twice the size, {memory[1]:.0f} MB")
    return Row("huge and deep input: time in line, memory bounded", len(MONSTERS), held, "; ".join(notes))


def _long_line(path: Path, size: int) -> None:
    with path.open("wb") as stream:
        stream.write(b'{"text": "')
        for _ in range(size):
            stream.write(b"never ending words " * 526_000)
        stream.write(b'"}\n{"text": "A short line."}\n')


def _long_document(path: Path, size: int) -> None:
    path.with_suffix(".txt").write_text("The mill is open again after the flood, the council said.\n" * 2_800 * size)


def _short_lines(path: Path, size: int) -> None:
    path.with_suffix(".txt").write_text("word\n" * 10_000 * size)


def _deep_json(path: Path, size: int) -> None:
    path.write_bytes(b"[" * 1_000 * size + b"\n" + b'{"a":' * 1_000 * size + b"\n")


# At a hundred hundredths, and the megabytes it may take.
MONSTERS: dict[str, tuple[Callable[[Path, int], None], int]] = {
    "a line of 1 GB (quarantined)": (_long_line, 400),
    "a document of 16 MB": (_long_document, 2_500),
    "1 M short lines": (_short_lines, 500),
    "JSON of depth 100,000": (_deep_json, 200),
}


def _measure(bench: Bench, make: Callable[[Path, int], None], size: int, count: int) -> tuple[float, float]:
    """Seconds above an empty run, and megabytes at the peak."""
    folder = bench.fresh("monster")
    folder.mkdir()
    make(folder / "a.jsonl", size)
    output = bench.fresh("monster_out")
    # The default at full counts, and as much less as the input is smaller.
    limit = f"{round(17 * count / COUNTS['monsters'] * 1024)}K"
    words = ["filter", str(folder), "-o", str(output), "--progress", "none", "--no-templates", "--max-record-size", limit]
    shell = (
        "import sys, time, resource; from noisefilter.cli import main; began = time.process_time()\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: print(time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", shell, *words], capture_output=True, text=True, check=False)
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


FAULTS: list[tuple[str, Callable[[Bench, int], Row]]] = [
    ("kills", kills),
    ("disk", full_disk),
    ("sizes", full_files),
    ("workers", workers_killed),
    ("model", model_bits),
    ("pages", pages),
    ("texts", texts),
    ("json", json_lines),
    ("monsters", monsters),
]
# `monsters` counts in hundredths of the full size.
COUNTS = {
    "kills": 50,
    "disk": 20,
    "sizes": 20,
    "workers": 20,
    "model": 200,
    "pages": 10_000,
    "texts": 50_000,
    "json": 50_000,
    "monsters": 50,
}


if __name__ == "__main__":
    main()
