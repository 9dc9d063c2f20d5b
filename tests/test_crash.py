"""What breaks around a run: the process dies at the worst moment, a rename fails, memory ends, a stream is closed, a worker loops."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

import noisefilter as nf
from noisefilter.noise.model import NoiseModel
from noisefilter.run.options import Options
from noisefilter.run.plan import make_plan
from noisefilter.run.progress import Progress
from noisefilter.run.recipe import Recipe
from noisefilter.run.restore import restore
from noisefilter.run.shard import filter_shard
from noisefilter.run.verify import verify
from noisefilter.run.workers import Crew

TEXT = "The council voted on Monday to close the bridge for a year.\nShare on Facebook Tweet Email\n"
ALL = set(map(str, nf.Label))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Eight shards of 600 bytes: a file that is cut, and texts."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text("".join(json.dumps({"id": n, "text": f"{n}. {TEXT}"}) + "\n" for n in range(20)))
    for n in range(4):
        (folder / f"{n}.txt").write_text(f"{n}. {TEXT}" * 4)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def run(corpus: Path, output: Path, model: NoiseModel, **options: Any) -> None:
    nf.filter([corpus], output, model, options=Options(shard_bytes=600, **options))


def words_of(corpus: Path, output: Path, *more: str) -> list[str]:
    return ["filter", str(corpus), "-o", str(output), "--shard-size", "600", "--progress", "none", *more]


def command(*words: str, before: str = "", **named: Any) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, with something done before it begins."""
    program = f"import os, signal, sys\n{before}\nfrom noisefilter.cli import main\nmain(sys.argv[1:])"
    return subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=False, **named)


# Before the nth call of a function something happens. Calls: every rename of a file that is whole, every row of the journal.
AT = """
def happens(number, owner, name, deed):
    real, left = getattr(owner, name), [number]
    def called(*words, **named):
        left[0] -= 1
        if not left[0]:
            deed()
        return real(*words, **named)
    setattr(owner, name, called)
import pathlib
from noisefilter.run.journal import Journal
from noisefilter.run import filtering
def die():
    os.kill(os.getpid(), signal.SIGKILL)
def fail():
    raise OSError(5, "Input/output error", "a file")
"""


@pytest.mark.parametrize(
    "deed",
    [
        *(f"happens({number}, pathlib.Path, 'replace', die)" for number in (1, 9, 31)),
        "happens(4, Journal, 'add', die)",
        "happens(1, filtering, 'put_parts_together', die)",
        "happens(1, Journal, 'write_in_order', die)",
        "happens(1, filtering, 'remove_parts', die)",
    ],
)
def test_a_run_killed_at_the_worst_moment_goes_on_to_the_same_bytes(deed: str, corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    run(corpus, tmp_path / "whole", model)
    assert command(*words_of(corpus, tmp_path / "out"), before=AT + deed).returncode == -signal.SIGKILL
    whole = files(tmp_path / "whole")
    done = {name: data for name, data in files(tmp_path / "out").items() if name.startswith("kept") and not name.endswith(".part")}
    assert done.items() <= whole.items()
    run(corpus, tmp_path / "out", model, existing="resume")
    assert files(tmp_path / "out") == whole


@pytest.mark.parametrize("number", [1, 10])
def test_a_rename_that_fails_ends_the_run_and_leaves_nothing_half(number: int, corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    run(corpus, tmp_path / "whole", model)
    done = command(*words_of(corpus, tmp_path / "out"), before=f"{AT}happens({number}, pathlib.Path, 'replace', fail)")
    assert done.returncode == 74 and "Input/output error" in done.stderr and "Traceback" not in done.stderr
    assert not list((tmp_path / "out").rglob("*.part"))
    if (tmp_path / "out" / "journal.jsonl").exists():
        assert "--resume" in done.stderr
    run(corpus, tmp_path / "out", model, existing="resume")
    assert files(tmp_path / "out") == files(tmp_path / "whole")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_no_more_memory_is_71_and_the_run_goes_on_with_more(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT * 40_000)
    # All that is loaded is loaded before, so that the limit meets the text and not a library.
    limit = """
import resource, noisefilter as nf, noisefilter.run.filtering
list(nf.label([nf.Document("d", "One line.")]))
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (30 << 20), resource.RLIM_INFINITY))"""
    words = ["filter", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--progress", "none"]
    done = command(*words, before=limit)
    assert done.returncode == 71 and "out of memory" in done.stderr and "Traceback" not in done.stderr
    assert not list((tmp_path / "out").rglob("kept/*"))
    assert command(*words, "--resume").returncode == 0
    verify(tmp_path / "out")


def shell(line: str, *words: str, **named: Any) -> subprocess.CompletedProcess[str]:
    """A line of shell in which "$0" and what follows is the command."""
    return subprocess.run(
        ["bash", "-c", line, sys.executable, "-m", "noisefilter.cli", *words], capture_output=True, text=True, check=False, **named
    )


@pytest.mark.parametrize("verb", ["label", "filter", "claims"])
def test_a_reader_that_has_enough_is_no_error(verb: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"id": n, "text": f"{n} people came. {TEXT}"}) + "\n" for n in range(3_000)))
    done = shell('"$0" "$@" - < a.jsonl | head -1; exit ${PIPESTATUS[0]}', verb, cwd=tmp_path)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1) and "Error" not in done.stderr


def test_a_full_or_closed_stream_has_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    full = shell('"$0" "$@" > /dev/full', "label", str(tmp_path / "a.txt"))
    assert full.returncode == 74 and full.stderr == "noisefilter: input/output: No space left on device. \n"
    assert shell('"$0" "$@" >&-', "label", str(tmp_path / "a.txt")).returncode == 0
    assert "no paragraphs" in shell('"$0" "$@" <&-', "label", "-").stderr
    assert shell('"$0" "$@" 2>&-', *words_of(tmp_path / "a.txt", tmp_path / "out")).returncode == 0


def test_a_run_without_a_single_file_of_text_is_4(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "photo.jpg").write_bytes(b"\xff\xd8")
    done = command(*words_of(tmp_path / "in", tmp_path / "out"))
    assert done.returncode == 4 and "no files of a known format" in done.stderr


def test_an_output_that_cannot_be_is_73(corpus: Path) -> None:
    for output in (Path("/proc/out"), corpus / "0.txt" / "out", corpus.parent / ("x" * 300)):
        done = command(*words_of(corpus / "1.txt", output))
        assert done.returncode == 73 and "another output folder" in done.stderr and "Traceback" not in done.stderr


# What each verb that writes calls when it is at it.
INNER = {
    "filter": "noisefilter.run.shard.clean",
    "restore": "noisefilter.run.restore.put_back",
    "report": "noisefilter.report.page.render",
    "review": "noisefilter.reviewing.pick",
    "score": "noisefilter.reliability.spill.read_claims",
    "label": "noisefilter.noise.label.decide",
}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("verb", INNER)
def test_a_verb_that_is_interrupted_says_so_and_leaves_nothing_half(
    verb: str, number: int, code: int, corpus: Path, tmp_path: Path, model: NoiseModel
) -> None:
    finished, out = tmp_path / "run", tmp_path / "out"
    if verb in ("restore", "report", "review"):
        run(corpus, finished, model)
    words = {
        "filter": words_of(corpus, out),
        "score": ["score", str(corpus), "--unfiltered", "--spill", str(out)],
        "label": ["label", str(corpus)],
    }
    module, _, name = INNER[verb].rpartition(".")
    # A shell that puts the tests in the background lets them ignore interrupts, and a child inherits that.
    before = f"""
import importlib
signal.signal(signal.SIGINT, signal.default_int_handler)
module = importlib.import_module({module!r})
real = module.{name}
def interrupted(*words, **named):
    os.kill(os.getpid(), {int(number)})
    return real(*words, **named)
module.{name} = interrupted"""
    done = command(*words.get(verb, [verb, str(finished), "-o", str(out)]), before=before)
    assert done.returncode == code and "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("noisefilter: interrupted. ")
    assert ("--resume" in done.stderr) == (verb == "filter")
    assert not list(tmp_path.rglob("*.part"))
    if verb != "filter":
        assert not out.exists() or not list(out.iterdir())


def test_how_to_go_on_is_told_however_the_output_was_named(corpus: Path, tmp_path: Path) -> None:
    for name in (f"--output={tmp_path / 'a'}", f"-o{tmp_path / 'b'}"):
        stop = f"{AT}happens(3, Journal, 'add', lambda: os.kill(os.getpid(), signal.SIGTERM))"
        done = command("filter", str(corpus), name, "--shard-size", "600", before=stop)
        assert done.returncode == 143 and f"{name} --shard-size 600 --resume" in done.stderr


def test_a_restore_on_a_full_disk_leaves_nothing_and_can_be_done_again(corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    nf.filter([corpus], tmp_path / "run", model)
    small = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (900, 900))"
    done = command("restore", str(tmp_path / "run"), "-o", str(tmp_path / "back"), before=small)
    assert done.returncode == 74 and not (tmp_path / "back").exists() and not list(tmp_path.glob(".*"))
    restore(tmp_path / "run", tmp_path / "back", ALL)
    assert (tmp_path / "back" / "0.txt").read_bytes() == (corpus / "0.txt").read_bytes()


class Vanishing(Progress):
    """Removes a file when the run begins to read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, phase: str, total: int) -> None:
        self.path.unlink(missing_ok=True)


def test_a_file_that_vanishes_or_cannot_be_read_is_named(corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    # A regular file that can be opened and not be read, even by root.
    (corpus / "unreadable.txt").symlink_to("/proc/self/mem")
    summary = nf.filter([corpus], tmp_path / "out", model, options=Options(progress=Vanishing(corpus / "2.txt")))
    rows = [json.loads(line) for line in (tmp_path / "out" / "quarantine.jsonl").read_text().splitlines()]
    assert {row["file"]: "cannot be read" in row["reason"] for row in rows} == {"2.txt": True, "unreadable.txt": True}
    assert summary.quarantined == 2 and verify(tmp_path / "out").quarantined == 2


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_run_inside_a_child_gives_the_same_bytes(method: str, corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    """A program that forks, or starts anew, and filters there with one worker and with two."""
    (tmp_path / "program.py").write_text(f"""
import multiprocessing, sys
import noisefilter as nf
from noisefilter.run.options import Options
def filter_it(workers):
    nf.filter([{str(corpus)!r}], f"{tmp_path}/{{workers}}", nf.load_model(), options=Options(shard_bytes=600, workers=workers))
if __name__ == "__main__":
    for workers in (1, 2):
        child = multiprocessing.get_context({method!r}).Process(target=filter_it, args=(workers,))
        child.start()
        child.join(100)
        assert child.exitcode == 0
""")
    subprocess.run([sys.executable, str(tmp_path / "program.py")], check=True, timeout=200)
    nf.filter([corpus], tmp_path / "here", model, options=Options(shard_bytes=600))
    assert files(tmp_path / "1") == files(tmp_path / "2") == files(tmp_path / "here")


def test_verdicts_depend_on_no_hash_seed_no_order_and_no_shards(corpus: Path, tmp_path: Path) -> None:
    found = []
    for seed, paths, size in (("0", ("a.jsonl", "1.txt"), "600"), ("1", ("1.txt", "a.jsonl"), "600"), ("2", ("a.jsonl", "1.txt"), "32M")):
        words = ["filter", *(str(corpus / name) for name in paths), "-o", str(tmp_path / seed), "--shard-size", size]
        assert command(*words, env=os.environ | {"PYTHONHASHSEED": seed}).returncode == 0
        rows = [json.loads(line) for line in (tmp_path / seed / "rejects.jsonl").read_text().splitlines()]
        found.append((sorted(str({**row, "shard": 0, "record": 0}) for row in rows), files(tmp_path / seed / "kept")))
    assert found[0] == found[1] == found[2]


class Looping(Recipe):
    """Never comes back from a document that says so, in a loop of C that lets nobody else in."""

    def label(self, documents: Iterable[nf.Document]) -> Iterator[nf.LabelledDocument]:
        return super().label(self.watched(documents))

    def watched(self, documents: Iterable[nf.Document]) -> Iterator[nf.Document]:
        for document in documents:
            if "LOOP" in document.body:
                re.match(r"(a+)+b", "a" * 64)
            yield document


def test_a_record_that_never_ends_is_found_and_set_aside(tmp_path: Path, model: NoiseModel) -> None:
    (tmp_path / "in").mkdir()
    for name in "abc":
        lines = [{"id": f"{name}{n}", "text": "LOOP" if (name, n) == ("b", 3) else TEXT} for n in range(6)]
        (tmp_path / "in" / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "out" / ".parts").mkdir(parents=True)
    plan = make_plan([tmp_path / "in"], tmp_path / "out", 800)
    with Crew(Looping(tmp_path / "out", model, page_seconds=0.0), 2, patience=3.0) as crew:
        rows = {shard.number: row for shard, row in crew.do(filter_shard, plan.shards, lambda n: None)}
    assert [rows[number]["counts"]["quarantined"] for number in sorted(rows)] == [0, 1, 0]
    bad = json.loads((tmp_path / "out" / ".parts" / "0000001.quarantine.jsonl").read_text())
    assert (bad["file"], bad["line"]) == ("b.jsonl", 4)


def test_no_module_is_taken_from_the_crawl(tmp_path: Path) -> None:
    """Who stands in the folder of the crawl and filters it runs none of the programs in it."""
    crawl = tmp_path / "crawl"
    crawl.mkdir()
    for name in ("json", "html", "signal", "multiprocessing", "pickle", "lxml", "noisefilter", "random", "sitecustomize"):
        (crawl / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r})")
    (crawl / "page.html").write_text(f"<p>{TEXT}")
    (crawl / "a.txt").write_text(TEXT)
    # What the installed script does: its own folder, not the current one, is where modules are looked for.
    start = "import sys; sys.path.pop(0); from noisefilter.cli import main; main(sys.argv[1:])"
    words = ["filter", ".", "-o", "../out", "--workers", "2", "--shard-size", "10"]
    done = subprocess.run([sys.executable, "-c", start, *words], cwd=crawl, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "ran").exists(), (tmp_path / "ran").read_text()


def test_progress_is_a_bar_on_a_terminal(corpus: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    words = ["filter", str(corpus), "-o", str(tmp_path / "out"), "--shard-size", "600"]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    process = subprocess.Popen([sys.executable, "-m", "noisefilter.cli", *words], stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    assert process.wait() == 0
    assert b"filtering" in shown and b"kB" in shown and b"paragraphs" in shown


def test_progress_is_a_line_now_and_then_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from noisefilter.run.progress import LineProgress

    now, lines = [0.0], list[str]()
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    progress = LineProgress(lines.append)
    progress.begin("filtering", 10_000_000)
    for _ in range(8):
        now[0] += 2
        progress.advance(1_000_000)
    assert lines == ["filtering: 30 % of 10 MB, 0.5 MB/s, 14 s left", "filtering: 60 % of 10 MB, 0.5 MB/s, 8 s left"]
