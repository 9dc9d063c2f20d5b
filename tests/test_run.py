"""A run of `filter`: shards, journal, resume, workers, limits; nothing lost, nothing hung, nothing outside OUT."""

from __future__ import annotations

import filecmp
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import noisefilter as nf
from noisefilter.corpus.html_child import PageChild
from noisefilter.corpus.intake import Limits
from noisefilter.errors import PageError, ResourceError
from noisefilter.noise.model import NoiseModel
from noisefilter.run.conservation import ConservationError
from noisefilter.run.lock import locked
from noisefilter.run.options import Options
from noisefilter.run.plan import make_plan
from noisefilter.run.recipe import Recipe
from noisefilter.run.restore import restore
from noisefilter.run.shard import filter_shard
from noisefilter.run.status import status
from noisefilter.run.verify import verify
from noisefilter.run.workers import Crew

CORPUS = Path(__file__).resolve().parent.parent / "models" / "corpus"
TEXTS = sorted(CORPUS.glob("*.txt"))[:8]
# So small that the corpus below makes a dozen shards.
SMALL = 4_000


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A cut file of JSON Lines with a broken line, texts, a page, a table, an empty file and one that is no text."""
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    bodies = [path.read_text(encoding="utf-8") for path in TEXTS]
    lines = [json.dumps({"id": str(n), "text": body[:3000], "n": n}) for n, body in enumerate(bodies)]
    (folder / "a.jsonl").write_text("\n".join([*lines[:4], "{broken", "", *lines[4:]]), encoding="utf-8")
    for n, body in enumerate(bodies[:3]):
        (folder / "deep" / f"{n}.txt").write_text(body[:2000], encoding="utf-8", newline="")
    (folder / "page.html").write_text("<nav>Home</nav><p>The council voted on Monday to close the bridge for a year.</p>")
    (folder / "table.csv").write_text("text,n\nShare on Facebook Tweet Email,1\n")
    (folder / "empty.txt").write_text("")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8")
    return folder


def run(corpus: Path, output: Path, model: NoiseModel, **options: Any) -> nf.run.filtering.RunSummary:  # type: ignore[name-defined]
    return nf.filter([corpus], output, model, options=Options(**{"shard_bytes": SMALL, **options}))


def same(one: Path, other: Path) -> bool:
    names = [{path.relative_to(folder) for path in folder.rglob("*") if path.is_file()} for folder in (one, other)]
    return names[0] == names[1] and all(filecmp.cmp(one / name, other / name, shallow=False) for name in names[0])


def test_a_run_is_whole_and_can_be_undone(corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    summary = run(corpus, tmp_path / "out", model)
    assert (summary.quarantined, summary.records, summary.files, dict(summary.passed_over)) == (1, 15, 7, {".jpg": 1})
    assert summary.records == summary.documents + summary.quarantined
    assert (tmp_path / "out" / "kept" / "empty.txt").read_bytes() == b""
    assert not list((tmp_path / "out").rglob(".*"))
    assert verify(tmp_path / "out").rejected == summary.rejected.total()
    restore(tmp_path / "out", tmp_path / "back", set(map(str, nf.Label)))
    for name in ("deep/0.txt", "deep/1.txt", "deep/2.txt", "table.csv"):
        assert (tmp_path / "back" / name).read_bytes() == (corpus / name).read_bytes()
    read = [json.loads(line) for line in (corpus / "a.jsonl").read_text().splitlines() if line.startswith('{"')]
    assert [document.body for document in nf.read_corpus(tmp_path / "back" / "a.jsonl")] == [record["text"] for record in read]


def test_restoring_a_label_is_as_if_it_had_been_kept(corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    run(corpus, tmp_path / "out", model)
    restore(tmp_path / "out", tmp_path / "back", {"teaser", "caption"})
    nf.filter([corpus], tmp_path / "other", model, keep={*nf.run.filtering.KEPT, "teaser", "caption"})
    assert same(tmp_path / "back", tmp_path / "other" / "kept")


def test_filtering_a_filtered_corpus_keeps_the_records(corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    run(corpus, tmp_path / "out", model)
    again = run(tmp_path / "out" / "kept", tmp_path / "again", model)
    assert again.quarantined == 0 and again.documents == 14


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_cut_off_anywhere_goes_on_to_the_same_bytes(workers: int, corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    run(corpus, tmp_path / "whole", model)
    for n, done in ((0, 1), (1, 3), (2, 6)):
        with pytest.raises(KeyboardInterrupt):
            run(corpus, tmp_path / "out", model, existing="resume", progress=CutOff(n))
        found = status(tmp_path / "out")
        assert (found.state, found.shards_done) == ("cut off", done) and found.shards > done
    # What a process that dies leaves behind: half a line of the journal, half a file.
    with (tmp_path / "out" / "journal.jsonl").open("ab") as journal:
        journal.write(b'{"shard": 7, "inp')
    (tmp_path / "out" / "kept" / "deep").mkdir(parents=True)
    (tmp_path / "out" / "kept" / "deep" / ".0123456789abcdef.part").write_bytes(b"half")
    run(corpus, tmp_path / "out", model, existing="resume", workers=workers)
    assert same(tmp_path / "whole", tmp_path / "out")
    assert status(tmp_path / "out").state == "finished"


class CutOff(nf.run.progress.Progress):  # type: ignore[name-defined,misc]
    """Interrupts a run after a number of shards."""

    def __init__(self, n_shards: int) -> None:
        self.left = n_shards

    def tell(self, event: str, **facts: Any) -> None:
        self.left -= event == "shard"
        if self.left < 0:
            raise KeyboardInterrupt


def cut_off(corpus: Path, output: Path, model: NoiseModel) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(corpus, output, model, progress=CutOff(5))


def test_a_deleted_or_shortened_output_is_noticed(corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    run(corpus, tmp_path / "whole", model)
    cut_off(corpus, tmp_path / "out", model)
    done = [path for path in (tmp_path / "out").rglob("*") if path.is_file() and path.suffix in (".jsonl", ".txt") and path.stat().st_size]
    done.remove(tmp_path / "out" / "journal.jsonl")
    done[0].unlink()
    os.truncate(done[-1], 1)
    run(corpus, tmp_path / "out", model, existing="resume")
    assert same(tmp_path / "whole", tmp_path / "out")


def test_a_changed_input_is_noticed(corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    cut_off(corpus, tmp_path / "out", model)
    os.utime(corpus / "a.jsonl", ns=(1, 1))
    with pytest.raises(nf.CorpusError, match=r"a.jsonl: changed since the run in .* --overwrite"):
        run(corpus, tmp_path / "out", model, existing="resume")
    run(corpus, tmp_path / "out", model, existing="overwrite")
    assert verify(tmp_path / "out").documents == 14


def test_a_run_goes_on_as_it_was_begun_only(corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    cut_off(corpus, tmp_path / "out", model)
    with pytest.raises(nf.NoisefilterError, match=r"not finished\. Go on with --resume"):
        run(corpus, tmp_path / "out", model)
    with pytest.raises(nf.NoisefilterError, match="other keep, templates"):
        nf.filter(
            [corpus], tmp_path / "out", model, keep={"content"}, templates=False, options=Options(existing="resume", shard_bytes=SMALL)
        )


def test_overwrite_removes_a_run_and_nothing_else(corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    run(corpus, tmp_path / "out", model)
    (tmp_path / "out" / "mine.txt").write_text("notes")
    (corpus / "table.csv").unlink()
    run(corpus, tmp_path / "out", model, existing="overwrite")
    assert (tmp_path / "out" / "mine.txt").exists() and not (tmp_path / "out" / "kept" / "table.csv").exists()
    (tmp_path / "other" / "kept").mkdir(parents=True)
    with pytest.raises(nf.NoisefilterError, match="has a kept that no run"):
        run(corpus, tmp_path / "other", model, existing="overwrite")


def test_two_runs_do_not_share_an_output(corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    with locked(tmp_path / "out"), pytest.raises(nf.NoisefilterError, match=rf"another run \(process {os.getpid()}\)"):
        run(corpus, tmp_path / "out", model)


def test_names_that_would_be_one_file_are_refused(tmp_path: Path, model: NoiseModel) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.html", "a.html.txt"):
        (tmp_path / "in" / name).write_text("x")
    with pytest.raises(nf.NoisefilterError, match="would both be"):
        run(tmp_path / "in", tmp_path / "out", model)


def test_too_many_bad_records_end_the_run(corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    with pytest.raises(nf.CorpusError, match="more than --max-errors 0"):
        run(corpus, tmp_path / "out", model, max_errors=0)
    assert run(corpus, tmp_path / "out", model, max_errors=1, existing="resume").quarantined == 1


def test_limits_set_aside_and_are_counted(corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    summary = run(corpus, tmp_path / "out", model, limits=Limits(file_size=1000))
    rows = [json.loads(line) for line in (tmp_path / "out" / "quarantine.jsonl").read_text().splitlines()]
    assert {row["file"] for row in rows} >= {"a.jsonl", "deep/0.txt"} and summary.quarantined == len(rows)
    verify(tmp_path / "out")


def test_workers_give_the_same_bytes(corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    for workers in (1, 2):
        run(corpus, tmp_path / str(workers), model, workers=workers)
    assert same(tmp_path / "1", tmp_path / "2")


class Deadly(Recipe):
    """Ends its process at a document that says so, always or the first time."""

    def label(self, documents: Iterable[nf.Document]) -> Iterator[nf.LabelledDocument]:
        return super().label(self.watched(documents))

    def watched(self, documents: Iterable[nf.Document]) -> Iterator[nf.Document]:
        for document in documents:
            died = self.output / f"died {document.id}"
            if "KILL" in document.body and not ("ONCE" in document.body and died.exists()):
                died.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield document


def deadly_corpus(folder: Path, words: str) -> Path:
    folder.mkdir()
    for name in "abc":
        lines = [{"id": f"{name}{n}", "text": words if (name, n) == ("b", 3) else f"The mill at {n} is open."} for n in range(6)]
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


@pytest.mark.parametrize(("words", "quarantined"), [("KILL ONCE", 0), ("KILL", 1)])
def test_a_record_that_kills_workers_is_found_and_set_aside(words: str, quarantined: int, tmp_path: Path, model: NoiseModel) -> None:
    corpus, output = deadly_corpus(tmp_path / "in", words), tmp_path / "out"
    (output / ".parts").mkdir(parents=True)
    plan = make_plan([corpus], output, 300)
    with Crew(Deadly(output, model), 2) as crew:
        rows = {shard.number: row for shard, row in crew.do(filter_shard, plan.shards, lambda n: None)}
    assert sorted(rows) == [0, 1, 2]
    counts = rows[1]["counts"]
    assert (counts["records"], counts["documents"], counts["quarantined"]) == (6, 6 - quarantined, quarantined)
    assert sum(row["counts"]["documents"] for row in rows.values()) == 18 - quarantined
    bad = (output / ".parts" / "0000001.quarantine.jsonl").read_text()
    assert ("again and again" in bad and '"line":4' in bad) if quarantined else bad == ""


class Doomed(Deadly):
    """Ends its process whatever it reads, unless it reads record by record."""

    def label(self, documents: Iterable[nf.Document]) -> Iterator[nf.LabelledDocument]:
        if not isinstance(documents, list):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().label(documents)


def test_a_machine_that_kills_every_worker_ends_the_run(tmp_path: Path, model: NoiseModel) -> None:
    (tmp_path / "out" / ".parts").mkdir(parents=True)
    plan = make_plan([deadly_corpus(tmp_path / "in", "x")], tmp_path / "out")
    with Crew(Doomed(tmp_path / "out", model), 2) as crew, pytest.raises(ResourceError, match="keep dying"):
        list(crew.do(filter_shard, plan.shards, lambda n: None))


def test_verify_notices_what_was_changed(corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    run(corpus, tmp_path / "out", model)
    rejects = tmp_path / "out" / "rejects.jsonl"
    files = [tmp_path / "out" / "kept" / "a.jsonl", tmp_path / "out" / "kept" / "deep" / "1.txt", rejects]
    for file in files:
        data = file.read_bytes()
        lines = data.splitlines(keepends=True)
        text = data.index(b'"text":"') + 8 if file.suffix == ".jsonl" else 0
        changes = [data[:text] + b"#" + data[text:], data[: len(data) // 2], data + data[-50:], b"".join(lines[1:]), data + lines[-1]]
        if file == rejects:
            changes += [
                data + b"[]\n",
                data + b"{}\n",
                data.replace(b'"start":', b'"stert":', 1),
                data.replace(b'"shard":0', b'"shard":9', 1),
            ]
        for change in changes:
            file.write_bytes(change)
            with pytest.raises(ConservationError):
                verify(tmp_path / "out")
        file.write_bytes(data)
    (tmp_path / "out" / "kept" / "page.html.txt").unlink()
    with pytest.raises(ConservationError, match="missing"):
        verify(tmp_path / "out")


def test_pages_that_crash_or_dawdle_are_set_aside_and_the_next_is_read() -> None:
    child = PageChild(deadline=20)
    document = nf.Document("d", "", extra={"n": 1})
    assert child("<p>One.", document, True).body == "One.\n"
    assert child._child is not None
    child._child.send_signal(signal.SIGSTOP)
    child._deadline = 0.5
    with pytest.raises(PageError, match=r"more than 0.5 s"):
        child("<p>Two.", document, True)
    child._deadline = 20
    read = child("<p>Three.\ud800", document, True)
    assert read.body.startswith("Three.") and read.extra == {"n": 1}
    child._child.kill()
    with pytest.raises(PageError, match="crashed"):
        child("<p>Four.", document, True)
    assert child("<p>Five.", document, False).markup is None
    child.close()


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "deep",
        f'<p title="{"a" * 1_000_000}">long',
        '<table><tr><td colspan="9007199254740992">wide</table>',
        "".join(f"<p>Short {n}.</p>" for n in range(40_000)),
        '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><p>&b;</p>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;</p>',
    ],
    ids=["nested", "attribute", "colspan", "short paragraphs", "entities", "external entity"],
)
def test_hostile_pages_are_read_or_set_aside(page: str) -> None:
    child = PageChild()
    try:
        assert "root:" not in child(page, nf.Document("d", ""), True).body
    except PageError:
        pass
    finally:
        child.close()


def test_names_and_ids_from_the_data_never_become_paths(tmp_path: Path, model: NoiseModel) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    hostile = [b"line\nbreak.txt", b"-dash.txt", b"q'u\"ote.txt", b"caf\xe9.txt", b"..txt.txt", b"=1+1.txt", b"x" * 251 + b".txt"]
    for name in hostile:
        with open(os.fsencode(folder) + b"/" + name, "wb") as stream:
            stream.write(b"The mill is open again after the flood.")
    ids = ["../../etc/x", "/etc/x", "..", "", "\0", "a\nb"]
    (folder / "a.jsonl").write_text("".join(json.dumps({"id": one, "source": one, "text": "Share on Facebook"}) + "\n" for one in ids))
    before = {path for path in tmp_path.rglob("*") if path.is_relative_to(folder)}
    run(folder, tmp_path / "out", model)
    assert {path for path in tmp_path.rglob("*") if not path.is_relative_to(tmp_path / "out")} == before
    kept = {os.fsencode(path.name) for path in (tmp_path / "out" / "kept").iterdir()}
    assert kept == {*hostile, b"a.jsonl"}
    assert verify(tmp_path / "out").documents == len(hostile) + len(ids)


def command(*words: str, **named: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "noisefilter.cli", *words], capture_output=True, text=True, check=False, **named)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_says_how_to_go_on(number: int, code: int, corpus: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    words = [sys.executable, "-m", "noisefilter.cli", "filter", str(corpus), "-o", str(output), "--shard-size", "500", "--workers", "2"]
    # A shell that puts the tests in the background lets them ignore interrupts, and a child inherits that.
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, preexec_fn=heed)
    while not (output / "journal.jsonl").exists() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(number)
    message = process.communicate()[1]
    assert process.returncode == code
    assert f"-o {output} --shard-size 500 --workers 2 --resume" in message and "Traceback" not in message
    assert command("filter", str(corpus), "-o", str(output), "--shard-size", "500", "--resume").returncode == 3
    verify(output)


def test_verbs_on_runs(corpus: Path, tmp_path: Path) -> None:
    output = str(tmp_path / "out")
    log = tmp_path / "log.jsonl"
    done = command("filter", str(corpus), "-o", output, "--progress", "json", "--log-json", str(log), "--shard-size", "4K")
    assert done.returncode == 3 and json.loads(done.stderr.splitlines()[0])["phase"] == "counting"
    events = [json.loads(line)["event"] for line in log.read_text().splitlines()]
    assert events[0] == "begin" and events[-1] == "finished" and events.count("shard") > 5
    assert "kept and rejected are what was read" in command("verify", output).stdout
    assert command("status", output).stdout.startswith("finished")
    assert command("restore", output, "--label", "spam").returncode == 0
    assert (tmp_path / "out" / "restored" / "a.jsonl").exists()
    assert [command("restore", output).returncode, command("restore", output, "--label", "x").returncode] == [73, 2]
    assert [command(verb, str(tmp_path)).returncode for verb in ("verify", "status", "restore")] == [66] * 3
    (tmp_path / "out" / "kept" / "a.jsonl").write_text("")
    assert command("verify", output).returncode == 70


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_an_output_that_cannot_be_written_is_73(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "sealed").mkdir(mode=0o500)
    assert command("filter", str(corpus), "-o", str(tmp_path / "sealed" / "out")).returncode == 73


def test_too_few_open_files_is_71_and_quarantines_nothing(corpus: Path, tmp_path: Path) -> None:
    shell = (
        "from resource import *; import sys; from noisefilter.cli import main; import noisefilter.run.filtering, noisefilter.noise.label\n"
    )
    shell += "from noisefilter.noise.language import find_unknown; setrlimit(RLIMIT_NOFILE, (7, 7)); main(sys.argv[1:])"
    words = ["filter", str(corpus), "-o", str(tmp_path / "out"), "--progress", "none"]
    done = subprocess.run([sys.executable, "-c", shell, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 71 and "Too many open files" in done.stderr and "Traceback" not in done.stderr
