"""The command line: each verb is a thin shell over the function of the same name."""

from __future__ import annotations

import io
import os
import shlex
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from noisefilter.adapters.ray import RayCrew
    from noisefilter.corpus.intake import Quarantined
    from noisefilter.noise.label import LabelledBatch, Settings
    from noisefilter.noise.model import NoiseModel
    from noisefilter.records import Document, LabelledDocument, SourceScore
    from noisefilter.reliability.entailment import Judge
    from noisefilter.reviewing import Pick
    from noisefilter.run.options import Options
    from noisefilter.run.progress import Progress

# Exit codes, see docs/cli.md.
GATE_FAILED, QUARANTINED, NOTHING_READ = 1, 3, 4
_INTERRUPTED = 130


class _Stopped(BaseException):
    """Ctrl-C or its like during a run. Not a KeyboardInterrupt: CPython 3.11 ends by SIGINT, whatever exit code was asked for, after
    one has passed through an `exec`, as in the making of a dataclass."""


class _Verbs(click.Group):
    """Turns errors that users cause into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        from noisefilter.errors import OF_THE_MACHINE, NoisefilterError

        _open_closed_streams()
        try:
            with _stoppable():
                return super().invoke(ctx)
        except NoisefilterError as error:
            click.echo(f"noisefilter: {error}", err=True)
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, _Stopped) as interruption:
            click.echo(f"noisefilter: interrupted. {_how_to_resume(ctx)}", err=True)
            ctx.exit(128 + interruption.args[0] if interruption.args else _INTERRUPTED)
        except MemoryError:
            click.echo("noisefilter: out of memory. Fewer --workers or a smaller --max-record-size need less.", err=True)
            ctx.exit(71)
        except BrokenPipeError:
            # The reader has gone (| head): say nothing, and do not fail again when the stream is closed.
            sys.stdout = io.StringIO()
            ctx.exit(0)
        except OSError as error:
            click.echo(f"noisefilter: {error.filename or 'input/output'}: {error.strerror}. {_how_to_resume(ctx)}", err=True)
            ctx.exit(71 if error.errno in OF_THE_MACHINE else 74)


def _open_closed_streams() -> None:
    """Who closes a standard stream (``>&-``) has nothing to say on it or wants nothing of it: the same as /dev/null."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - open as long as the process


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGINT and SIGTERM raise `_Stopped` while a verb runs, unless whoever started it has them ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heeded = [number for number in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, _stop) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, frame: object) -> None:
    raise _Stopped(number)


def _how_to_resume(ctx: click.Context) -> str:
    """What to type to go on, where there is something to go on with."""
    words = sys.argv[1:]
    if ctx.invoked_subcommand != "filter" or words[-1:] == ["-"] or not any(word.startswith(("-o", "--output")) for word in words):
        return ""
    again = [word for word in words if word not in ("--resume", "--overwrite")]
    return f"Go on with: {shlex.join(['noisefilter', *again, '--resume'])}"


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="noisefilter")
def main() -> None:
    """\b
    Tell the noise from the article in scraped text.
    Try first:  noisefilter filter examples/ -o out/
                noisefilter report out/ --open
    """


_model = click.option("--model", type=click.Path(path_type=Path), help="Model folder (default: the shipped model).")
_input = click.option(
    "--input",
    "kind",
    type=click.Choice(["text", "jsonl", "html", "csv", "tsv", "parquet", "warc"]),
    help="What standard input is (default: seen from its first byte).",
)
_threshold = click.option(
    "--threshold", "thresholds", multiple=True, metavar="LABEL=P", help="Probability a noise label needs, e.g. spam=0.9."
)


_precision = click.option(
    "--precision",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    metavar="P",
    help="Share of the good text (content and headings, by characters) that must stay, with 95 % confidence: 0.99 loses at most 1 %.",
)
_abstain = click.option(
    "--abstain",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.0,
    metavar="A",
    help="Label uncertain, and keep, what lies so little under the probability of noise that is needed, e.g. 0.2.",
)
_phrase = click.option(
    "--phrase", "phrases", multiple=True, metavar="LABEL=WORDS", help='Words that tell a label, e.g. spam="book your slot now".'
)


def _settings(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what makes a verdict, gathered as the keywords of `label` and `filter`."""

    @_threshold
    @_precision
    @_abstain
    @_phrase
    @wraps(command)
    def gathered(
        *words: Any, thresholds: tuple[str, ...], precision: float | None, abstain: float, phrases: tuple[str, ...], **named: Any
    ) -> None:
        settings: Settings = {
            "thresholds": _parse_thresholds(thresholds),
            "precision": precision,
            "abstain": abstain,
            "phrases": _parse_phrases(phrases),
        }
        command(*words, settings=settings, **named)

    return gathered


def _keep(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say which labels stay, gathered as `keep`."""

    @click.option("--drop", multiple=True, metavar="LABEL", help="Reject only these labels.")
    @click.option("--keep", multiple=True, metavar="LABEL", help="Keep these labels too.")
    @wraps(command)
    def gathered(*words: Any, drop: tuple[str, ...], keep: tuple[str, ...], **named: Any) -> None:
        command(*words, keep=_kept(drop, keep), **named)

    return gathered


@main.command()
@click.argument("path", default="-")
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "csv", "parquet", "text"]), default="jsonl", show_default=True, help="Of the output."
)
@_input
@_model
@_settings
def label(path: str, form: str, kind: str | None, model: Path | None, settings: Settings) -> None:
    """Write a row a paragraph: label, probability, reasons, offsets.

    Example:  noisefilter label page.txt --format text
    """
    from noisefilter.noise import label as labelling
    from noisefilter.noise.model import load_model

    bad: list[Quarantined] = []
    labelled = labelling.label_batches(_documents(path, kind, bad), load_model(model), **settings)
    languages: Counter[str] = Counter()
    n_paragraphs = _write_rows(_counting_languages(labelled, languages), form)
    _warn_of_languages(languages)
    if not n_paragraphs and not bad:
        click.echo("noisefilter: no paragraphs in the input.", err=True)
    _close(bad)


class _Size(click.ParamType[int]):
    """Bytes, as a number with K, M, G or T behind it."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of bytes."""
        text = str(value).upper().removesuffix("B")
        factor = 1024 ** ("KMGT".find(text[-1:]) + 1) if text[-1:] in tuple("KMGT") else 1
        try:
            size = int(float(text.rstrip("KMGT")) * factor)
        except ValueError:
            size = 0
        if size < 1:
            self.fail(f"{value!r}: expected bytes, e.g. 500M or 2G.", param, ctx)
        return size


def _run_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say how a run is carried out, gathered as the `options` of `filter`."""

    @click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes; the output is the same.")
    @click.option(
        "--engine",
        type=click.Choice(["local", "ray"]),
        default="local",
        show_default=True,
        help="Workers here, or a Ray cluster (extra ray).",
    )
    @click.option("--resume", is_flag=True, help="Go on with a run that was cut off.")
    @click.option("--overwrite", is_flag=True, help="Remove the run that OUT holds and start again.")
    @click.option("--max-errors", type=click.IntRange(0), metavar="N", help="End the run when more records are quarantined.")
    @click.option("--max-file-size", type=_Size(), metavar="BYTES", help="Quarantine larger files, e.g. 2G.")
    @click.option("--max-record-size", type=_Size(), metavar="BYTES", help="Quarantine larger lines, pages and texts (default: 16M).")
    @click.option("--max-expansion", type=click.IntRange(1), metavar="TIMES", help="Quarantine what unpacks to more (default: 200).")
    @click.option("--page-seconds", type=click.FloatRange(0, min_open=True), metavar="S", help="Time for a page of HTML (default: 30).")
    @click.option("--shard-size", "shard_bytes", type=_Size(), metavar="BYTES", help="What is done again after a cut (default: 32M).")
    @click.option("--log-json", type=click.File("a", lazy=False), metavar="FILE", help="Add events to a file, a JSON object a line.")
    @click.option(
        "--progress", "how", type=click.Choice(["auto", "json", "none"]), default="auto", show_default=True, help="On standard error."
    )
    @wraps(command)
    def gathered(*words: Any, how: str, resume: bool, overwrite: bool, **named: Any) -> None:
        if resume and overwrite:
            raise click.UsageError("--resume goes on and --overwrite starts again; give one of them.")
        given = {name: named.pop(name) for name in ("workers", "engine", "max_errors", "page_seconds", "shard_bytes", "log_json")}
        limits = {name: named.pop(f"max_{name}") for name in ("file_size", "record_size", "expansion")}
        given |= {"existing": "resume" if resume else "overwrite" if overwrite else "refuse", "progress": how, "limits": limits}
        command(*words, run_options=given, **named)

    return gathered


@main.command("filter", short_help="Take the noise out of files and folders, or of standard input.")
@click.argument("paths", nargs=-1, required=True)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Folder for kept/, rejects.jsonl and run.json; not for standard input."
)
@_keep
@_input
@_model
@_settings
@click.option("--templates/--no-templates", default=True, help="Take out what repeats over a source (default: yes; not from a pipe).")
@_run_options
def filter_(
    paths: tuple[str, ...],
    output: Path | None,
    keep: frozenset[str],
    kind: str | None,
    model: Path | None,
    settings: Settings,
    templates: bool,
    run_options: dict[str, Any],
) -> None:
    """Take the noise out of files and folders, or of standard input (-).

    Example:  cat page.txt | noisefilter filter - > clean.txt
    """
    from noisefilter.noise.model import load_model
    from noisefilter.run import filtering

    weights = load_model(model)
    if paths == ("-",):
        _filter_standard_input(kind, weights, keep, settings)
        return
    if output is None:
        raise click.UsageError("name the folder to write to with -o OUT (only standard input, -, can do without).")
    summary = filtering.filter(paths, output, weights, keep=keep, templates=templates, options=_options(run_options), **settings)
    click.echo(str(summary), err=True)
    _warn_of_languages(summary.unknown_languages)
    if summary.quarantined:
        click.echo(f"noisefilter: what could not be read is listed in {output / 'quarantine.jsonl'}.", err=True)
        sys.exit(QUARANTINED)
    if not summary.files:
        click.echo("noisefilter: no files of a known format in the input (docs/formats.md lists them).", err=True)
        sys.exit(NOTHING_READ)


def _options(given: dict[str, Any]) -> Options:
    from noisefilter.corpus.intake import Limits
    from noisefilter.run.options import Options
    from noisefilter.run.progress import LoggedProgress

    chosen = {name: value for name, value in given.items() if value is not None}
    limits = Limits(**{name: value for name, value in given["limits"].items() if value is not None})
    if chosen.pop("engine") == "ray":
        chosen["crew"] = _ray_crew()
    progress = _progress(chosen["progress"])
    if log := chosen.pop("log_json", None):
        progress = LoggedProgress(progress, log)
    return Options(**{**chosen, "limits": limits, "progress": progress})


def _ray_crew() -> type[RayCrew]:
    try:
        from noisefilter.adapters.ray import RayCrew
    except ImportError as error:
        raise click.UsageError(f"--engine ray needs Ray ({error}). pip install 'noisefilter[ray]'") from error
    return RayCrew


def _progress(how: str) -> Progress:
    from noisefilter.run.progress import BarProgress, JsonProgress, LineProgress, Progress

    def say(line: str) -> None:
        click.echo(line, err=True)

    if how == "none":
        return Progress()
    if how == "json":
        return JsonProgress(say)
    return BarProgress() if sys.stderr.isatty() else LineProgress(say)


_run = click.argument("run", type=click.Path(path_type=Path))


@main.command(short_help="Check that a finished run is whole.")
@_run
def verify(run: Path) -> None:
    """Check that a finished run is whole: kept and rejected are what was read.

    Example:  noisefilter verify out/
    """
    from noisefilter.run.verify import verify as verify_run

    click.echo(str(verify_run(run)))


@main.command()
@_run
@click.option("--label", "labels", multiple=True, metavar="LABEL", help="Put these back (default: all).")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="New folder for the files (default: RUN/restored).")
def restore(run: Path, labels: tuple[str, ...], output: Path | None) -> None:
    """Put rejected paragraphs back where they stood.

    Example:  noisefilter restore out/ --label caption --label byline
    """
    from noisefilter.records import Label
    from noisefilter.run.restore import restore as restore_labels

    chosen = {_known_label(name, Label) for name in labels} or set(map(str, Label))
    output = output or run / "restored"
    n_files, n_restored = restore_labels(run, output, chosen)
    click.echo(f"{n_restored} paragraphs put back; {n_files} files in {output}", err=True)


@main.command()
@_run
def status(run: Path) -> None:
    """Say how far a run is: finished, running or cut off.

    Example:  noisefilter status out/
    """
    from noisefilter.run.status import status as status_of

    click.echo(str(status_of(run)))


@main.command()
@click.argument("place", metavar="FILE:LINE")
@_model
@_settings
def explain(place: str, model: Path | None, settings: Settings) -> None:
    """Say why the paragraph on a line of a file got its label.

    The verdict is that of `label` with the same options. What repeats over a source is known to `filter` only.

    Example:  noisefilter explain page.txt:12
    """
    from noisefilter.noise.explain import explain as explain_paragraph
    from noisefilter.noise.model import load_model
    from noisefilter.noise.segment import segment

    name, _, line = place.rpartition(":")
    if not name or not line.isdecimal() or int(line) < 1:
        raise click.UsageError(f"{place}: expected FILE:LINE with lines counted from 1, e.g. page.txt:12.")
    document = next(_documents(name, None, []), None)
    paragraphs = segment(document) if document else []
    before = [p for p in paragraphs if document and document.body.count("\n", 0, p.start) < int(line)]
    if document is None or not before:
        raise click.UsageError(f"{name} has no paragraph on line {line}.")
    click.echo(str(explain_paragraph(document, before[-1].index, load_model(model), **settings)))


class _Reading(NamedTuple):
    """How documents are read for their claims."""

    unfiltered: bool
    kind: str | None
    model: Path | None


def _reading(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say how documents are read for their claims, gathered as `reading`."""

    @click.option("--unfiltered", is_flag=True, help="Read every paragraph, whatever the noise model says of it.")
    @_input
    @_model
    @wraps(command)
    def gathered(*words: Any, unfiltered: bool, kind: str | None, model: Path | None, **named: Any) -> None:
        command(*words, reading=_Reading(unfiltered, kind, model), **named)

    return gathered


@main.command(short_help="Write a row a quantity: value, bounds, what is counted, by whom.")
@click.argument("paths", nargs=-1)
@click.option("--format", "form", type=click.Choice(["jsonl", "csv", "parquet"]), default="jsonl", show_default=True, help="Of the output.")
@_reading
def claims(paths: tuple[str, ...], form: str, reading: _Reading) -> None:
    """Write a row a quantity: value, bounds, unit, what is counted, where, when, who says so.

    Example:  noisefilter claims page.txt
    """
    from noisefilter.corpus.writing import json_line
    from noisefilter.reliability.claims import read_claims

    bad: list[Quarantined] = []
    rows = (claim.to_row() for document in _read_for_claims(paths, reading, bad) for claim in read_claims(document))
    if form == "jsonl":
        sys.stdout.buffer.writelines(map(json_line, rows))
        sys.stdout.buffer.flush()
    else:
        _write_table(list(rows), form, sys.stdout.buffer)
    _close(bad)


@main.command()
@click.argument("paths", nargs=-1)
@click.option("--by", type=click.Choice(["source", "file", "domain"]), default="source", show_default=True, help="What a source is.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv", "parquet"]), default="text", show_default=True, help="Of the output."
)
@_reading
@click.option(
    "--nli",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Folder of an ONNX inference model that is asked about borderline conflicts (default: none).",
)
@click.option(
    "--spill",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Keep documents and claims in this folder and not in memory; without PATHS, score what is there.",
)
def score(paths: tuple[str, ...], by: str, form: str, nli: Path | None, spill: Path | None, reading: _Reading) -> None:
    """Score how far each source can be relied on, worst first.

    Example:  noisefilter score reports/
    """
    from noisefilter.corpus.writing import json_line
    from noisefilter.reliability.entailment import CrossEncoder
    from noisefilter.reliability.score import score_sources
    from noisefilter.scoring import as_table, as_text, with_source
    from noisefilter.terminal import console, score_table

    bad: list[Quarantined] = []
    judge = CrossEncoder(nli) if nli else None
    documents = with_source(_read_for_claims(paths, reading, bad), by)
    scores = _score_on_disk(documents if paths else None, spill, judge) if spill else score_sources(documents, judge)
    if form == "text":
        terminal = console()
        terminal.print(score_table(list(scores))) if terminal else click.echo(as_text(list(scores)), nl=False)
    elif form == "json":
        sys.stdout.buffer.writelines(json_line(one.to_row()) for one in scores)
        sys.stdout.buffer.flush()
    else:
        _write_table(as_table(list(scores)), form, sys.stdout.buffer)
    _close(bad)


def _score_on_disk(documents: Iterable[Document | LabelledDocument] | None, folder: Path, judge: Judge | None) -> Iterable[SourceScore]:
    """Scores by way of a spill: of these documents, or of what the folder holds already."""
    from noisefilter.errors import OutputError
    from noisefilter.reliability.shards import score_shards
    from noisefilter.reliability.spill import write_shard

    if documents is not None:
        if folder.exists() and any(folder.iterdir()):
            raise OutputError(f"{folder} is not empty. Name a new folder, or give no PATHS to score the shards in it.")
        write_shard(documents, folder, "0")
    return score_shards(folder, judge)


@main.command(short_help="Write a page on what was taken out, and on sources.")
@click.argument("paths", nargs=-1, required=True, metavar="RUN|SCORES...")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("report.html"), show_default=True, help="The page to write.")
@click.option("--open", "opened", is_flag=True, help="Open the page in a browser.")
def report(paths: tuple[str, ...], output: Path, opened: bool) -> None:
    """Write a page on a run (folder of filter), on scores (JSON of score; - for standard input), or both.

    Example:  noisefilter report out/ --open
    """
    import webbrowser

    from noisefilter.report.page import write_report_of

    size = write_report_of(paths, output)
    found = opened and webbrowser.open(output.resolve().as_uri())
    click.echo(f"{output}: {size / 1000:,.0f} kB" + ("" if found else ", open it in any browser"), err=True)


@main.command(short_help="Pick the paragraphs whose label would teach most.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--n", "n", type=click.IntRange(1), default=50, show_default=True, help="How many paragraphs.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The list (.csv) or, with --corrections or --tui, the rows (.jsonl).")
@click.option("--corrections", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A list that was filled in.")
@click.option("--tui", is_flag=True, help="Ask for the labels here, in the terminal.")
def review(run: Path, n: int, output: Path | None, corrections: Path | None, tui: bool) -> None:
    """Pick the paragraphs of a run whose label would teach most, and turn the answers into training data.

    Example:  noisefilter review out/ -o todo.csv; fill in "correct"; noisefilter review out/ --corrections todo.csv -o mine.jsonl
    """
    from noisefilter import reviewing
    from noisefilter.corpus.writing import json_line, open_output
    from noisefilter.report.run_folder import read_run

    found = read_run(run)
    target = output or Path("mine.jsonl" if tui or corrections else "todo.csv")
    if not corrections:
        _refuse_to_lose_answers(target)
    if not tui and not corrections:
        with open_output(target) as stream:
            text = io.StringIO(newline="")
            picks = reviewing.pick(found, n)
            reviewing.write_todo(picks, text, _neutral_cell)
            stream.write(text.getvalue().encode("utf-8", "replace"))
        click.echo(f"{len(picks)} paragraphs in {target}: fill in the column correct with a label, or ok.", err=True)
        return
    answers = reviewing.read_todo(corrections, found) if corrections else _ask(reviewing.pick(found, n))
    with open_output(target) as stream:
        stream.writelines(map(json_line, reviewing.training_rows(found, answers)))
    click.echo(f"{len(answers)} labels in {target}. Next: python scripts/train.py --base default --data {target} -o models/mine", err=True)


def _refuse_to_lose_answers(target: Path) -> None:
    """OutputError where the file holds labels that somebody gave."""
    from noisefilter.errors import OutputError
    from noisefilter.reviewing import holds_answers

    if holds_answers(target):
        raise OutputError(f"{target} holds labels that somebody gave. Name another file with -o, or remove it.")


def _ask(picks: list[Pick]) -> dict[int, str]:
    """Labels given at the terminal: Enter for right, a label, s to skip, q to end, and so do Ctrl-C and the end of the input."""
    from noisefilter.errors import CorpusError
    from noisefilter.reviewing import check_label
    from noisefilter.terminal import shown_pick

    answers: dict[int, str] = {}
    for place, one in enumerate(picks, 1):
        click.echo(shown_pick(one))
        while True:
            answer = _answer(f"{place}/{len(picks)}  Enter = right, label, s = skip, q = end")
            if answer == "q":
                return answers
            if answer == "s":
                break
            try:
                answers[one.number] = check_label(answer.lower(), one.row, "answer")
                break
            except CorpusError as error:
                click.echo(str(error), err=True)
    return answers


def _answer(question: str) -> str:
    """What was typed; q where the terminal was closed or left by Ctrl-C, so that the answers before it are kept."""
    try:
        return str(click.prompt(question, default="ok", show_default=False)).strip()
    except click.Abort:
        click.echo(err=True)
        return "q"


_text_or_json = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Of the output."
)


@main.command()
@click.argument("run_a", type=click.Path(path_type=Path))
@click.argument("run_b", type=click.Path(path_type=Path))
@_text_or_json
def diff(run_a: Path, run_b: Path, form: str) -> None:
    """Show what a second run over the same input does otherwise.

    Example:  noisefilter diff out/ out-stricter/
    """
    from noisefilter import comparing
    from noisefilter.corpus.writing import json_line
    from noisefilter.report.run_folder import read_run

    found = comparing.diff(read_run(run_a), read_run(run_b))
    click.echo(str(found) if form == "text" else json_line(found.to_row()).decode(), nl=form == "text")


@main.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--against", required=True, type=click.Path(path_type=Path), help="An earlier run whose verdicts were found good.")
@click.option("--check", is_flag=True, help="Exit with 1 when something has moved.")
@_text_or_json
def drift(run: Path, against: Path, check: bool, form: str) -> None:
    """Say whether a corpus has moved away from that of an earlier run.

    Example:  noisefilter drift out-may/ --against out-april/
    """
    from noisefilter import comparing
    from noisefilter.corpus.writing import json_line
    from noisefilter.report.run_folder import read_run

    found = comparing.drift(read_run(run), read_run(against))
    for one in found:
        click.echo(str(one) if form == "text" else json_line(one.to_row()).decode(), nl=form == "text")
    if check and any(one.verdict.startswith("moved") for one in found):
        sys.exit(GATE_FAILED)


def _read_for_claims(paths: tuple[str, ...], reading: _Reading, bad: list[Quarantined]) -> Iterator[Document | LabelledDocument]:
    """The documents of every path, labelled unless every paragraph is wanted."""
    from itertools import chain

    documents = chain.from_iterable(_documents(path, reading.kind, bad) for path in paths or ("-",))
    if reading.unfiltered:
        return documents
    from noisefilter.noise.label import label as label_documents
    from noisefilter.noise.model import load_model

    return label_documents(documents, load_model(reading.model))


def _documents(path: str, kind: str | None, bad: list[Quarantined]) -> Iterator[Document]:
    from noisefilter.corpus.intake import Intake
    from noisefilter.corpus.reading import read_corpus, read_stream

    if path != "-":
        yield from read_corpus(path, bad.append)
        return
    stream = _standard_input()
    yield from read_stream(stream, kind or _sniff(stream), Intake("stdin", bad.append))


def _standard_input() -> io.BufferedReader:
    return open(sys.stdin.fileno(), "rb", closefd=False)


def _sniff(stream: io.BufferedReader) -> str:
    """JSON Lines when the first visible byte is {, else one plain text."""
    return "jsonl" if stream.peek(4096).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else "text"


def _write_rows(labelled: Iterator[LabelledBatch], form: str) -> int:
    from noisefilter.corpus.writing import json_line

    output: IO[bytes] = sys.stdout.buffer
    n_rows = 0
    if form == "text":
        return _write_text(labelled)
    if form in ("csv", "parquet"):
        return _write_table([row for batch in labelled for rows in batch.rows() for row in rows], form, output)
    for batch in labelled:
        for rows in batch.rows():
            n_rows += len(rows)
            output.write(b"".join(map(json_line, rows)))
    output.flush()
    return n_rows


def _write_text(labelled: Iterator[LabelledBatch]) -> int:
    """A line a paragraph, or on a terminal the coloured view."""
    from noisefilter.terminal import console, labelled_table

    terminal = console()
    n_rows = 0
    for batch in labelled:
        for rows in batch.rows():
            n_rows += len(rows)
            if terminal:
                terminal.print(labelled_table(rows))
                continue
            lines = "".join(f"{row['label']:>10} {row['probability']:.2f}  {row['text']}\n" for row in rows)
            sys.stdout.buffer.write(lines.encode(errors="replace"))
    sys.stdout.buffer.flush()
    return n_rows


def _write_table(rows: list[dict[str, Any]], form: str, output: IO[bytes]) -> int:
    import pandas

    frame = pandas.DataFrame(rows)
    if form == "csv":
        frame.map(_neutral_cell).to_csv(output, index=False)
    else:
        buffer = io.BytesIO()
        frame.to_parquet(buffer)
        output.write(buffer.getvalue())
    output.flush()
    return len(rows)


def _neutral_cell(cell: object) -> object:
    """Spreadsheets run cells that begin with = + - @; a quote before them stops that."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _counting_languages(labelled: Iterator[LabelledBatch], languages: Counter[str]) -> Iterator[LabelledBatch]:
    for batch in labelled:
        languages.update(batch.unknown_languages.values())
        yield batch


def _warn_of_languages(languages: Counter[str]) -> None:
    if languages:
        by_language = ", ".join(f"{code} {count}" for code, count in languages.most_common())
        click.echo(f"noisefilter: {languages.total()} documents in languages the model does not know ({by_language}) kept whole.", err=True)


def _filter_standard_input(kind: str | None, model: NoiseModel, keep: frozenset[str], settings: Settings) -> None:
    from noisefilter.corpus.intake import Intake
    from noisefilter.corpus.reading import read_stream
    from noisefilter.corpus.writing import document_bytes
    from noisefilter.run.filtering import filter_stream, promise_of

    promise = promise_of(model, keep, settings)
    bad: list[Quarantined] = []
    stream = _standard_input()
    kind = kind or _sniff(stream)
    form = "text" if kind in ("text", "html") else "jsonl"
    n_read = n_kept = 0
    languages: Counter[str] = Counter()
    for document, labelled in filter_stream(read_stream(stream, kind, Intake("stdin", bad.append)), model, keep, **settings):
        sys.stdout.buffer.write(document_bytes(document, form))
        n_read += len(labelled.paragraphs)
        languages.update([labelled.unknown_language] if labelled.unknown_language else [])
        n_kept += sum(label in keep for label in labelled.columns.labels)
    sys.stdout.buffer.flush()
    promised = f"; {promise}; at most {promise.most_lost(n_kept, n_read - n_kept)} good paragraphs" if promise else ""
    click.echo(f"{n_read} paragraphs: {n_kept} kept, {n_read - n_kept} rejected{promised}", err=True)
    _warn_of_languages(languages)
    _close(bad)


def _kept(drop: tuple[str, ...], keep: tuple[str, ...]) -> frozenset[str]:
    from noisefilter.records import KEPT, Label

    dropped, added = ({_known_label(name, Label) for name in names} for names in (drop, keep))
    return frozenset((set(map(str, Label)) - dropped if drop else set(map(str, KEPT))) | added)


def _known_label(name: str, known: Iterable[str]) -> str:
    if name not in set(known):
        raise click.UsageError(f"unknown label {name!r}; known: {', '.join(known)}.")
    return name


def _parse_thresholds(pairs: tuple[str, ...]) -> dict[str, float]:
    from noisefilter.records import LABELS

    thresholds = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        try:
            probability = float(value)
        except ValueError:
            probability = -1.0
        if not 0 <= probability <= 1:
            raise click.UsageError(f"--threshold {pair}: expected LABEL=P with P from 0 to 1, e.g. spam=0.9.")
        thresholds[_known_label(name, LABELS)] = probability
    return thresholds


def _parse_phrases(pairs: tuple[str, ...]) -> dict[str, list[str]]:
    from noisefilter.records import LABELS

    phrases: dict[str, list[str]] = {}
    for pair in pairs:
        name, _, words = pair.partition("=")
        if not any(map(str.isalnum, words)):
            raise click.UsageError(f'--phrase {pair}: expected LABEL=WORDS, e.g. spam="book your slot now".')
        phrases.setdefault(_known_label(name, LABELS), []).append(words)
    return phrases


# Records named one by one on standard error; all of them are counted.
_NAMED = 3


def _close(bad: list[Quarantined]) -> None:
    for record in bad[:_NAMED]:
        click.echo(f"noisefilter: quarantined {record}", err=True)
    if len(bad) > _NAMED:
        click.echo(f"noisefilter: and {len(bad) - _NAMED} more records quarantined.", err=True)
    if bad:
        sys.exit(QUARANTINED)


if __name__ == "__main__":
    main()
