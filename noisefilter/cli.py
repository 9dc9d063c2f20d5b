"""The command line: each verb is a thin shell over the function of the same name."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from noisefilter.corpus.reading import Quarantined
    from noisefilter.noise.label import LabelledBatch, Settings
    from noisefilter.noise.model import NoiseModel
    from noisefilter.records import Document, LabelledDocument, SourceScore
    from noisefilter.reliability.entailment import Judge

# Exit codes, see docs/cli.md.
QUARANTINED, NOTHING_READ = 3, 4


class _Verbs(click.Group):
    """Turns errors that users cause into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        from noisefilter.errors import NoisefilterError

        try:
            return super().invoke(ctx)
        except NoisefilterError as error:
            click.echo(f"noisefilter: {error}", err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            # The reader has gone (| head): say nothing, and do not fail again when the stream is closed.
            sys.stdout = io.StringIO()
            ctx.exit(0)
        except OSError as error:
            click.echo(f"noisefilter: {error.filename or 'input/output'}: {error.strerror}", err=True)
            ctx.exit(74)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="noisefilter")
def main() -> None:
    """Tell the noise from the article in scraped text.

    Try first:  noisefilter filter examples/ -o out/
    """


_model = click.option("--model", type=click.Path(path_type=Path), help="Model folder (default: the shipped model).")
_input = click.option(
    "--input", "kind", type=click.Choice(["text", "jsonl", "html"]), help="What standard input is (default: seen from its first byte)."
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


@main.command("filter")
@click.argument("paths", nargs=-1, required=True)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Folder for kept/, rejects.jsonl and run.json; not for standard input."
)
@_keep
@_input
@_model
@_settings
@click.option("--templates/--no-templates", default=True, help="Take out what repeats over a source (default: yes; not from a pipe).")
def filter_(
    paths: tuple[str, ...],
    output: Path | None,
    keep: frozenset[str],
    kind: str | None,
    model: Path | None,
    settings: Settings,
    templates: bool,
) -> None:
    """Take the noise out of files and folders, or of standard input (-).

    Example:  cat page.txt | noisefilter filter - > clean.txt
    """
    from noisefilter import filtering
    from noisefilter.noise.model import load_model

    weights = load_model(model)
    if paths == ("-",):
        _filter_standard_input(kind, weights, keep, settings)
        return
    if output is None:
        raise click.UsageError("name the folder to write to with -o OUT (only standard input, -, can do without).")
    summary = filtering.filter(paths, output, weights, keep=keep, templates=templates, **settings)
    click.echo(str(summary), err=True)
    _warn_of_languages(summary.unknown_languages)
    if summary.quarantined:
        click.echo(f"noisefilter: what could not be read is listed in {output / 'quarantine.jsonl'}.", err=True)
        sys.exit(QUARANTINED)
    if not summary.files:
        click.echo("noisefilter: no .txt, .jsonl or .html files in the input.", err=True)
        sys.exit(NOTHING_READ)


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


@main.command()
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

    bad: list[Quarantined] = []
    judge = CrossEncoder(nli) if nli else None
    documents = with_source(_read_for_claims(paths, reading, bad), by)
    scores = _score_on_disk(documents if paths else None, spill, judge) if spill else score_sources(documents, judge)
    if form == "text":
        click.echo(as_text(list(scores)), nl=False)
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
    from noisefilter.corpus.reading import read_corpus, read_stream

    if path != "-":
        yield from read_corpus(path, bad.append)
        return
    stream = _standard_input()
    yield from read_stream(stream, "stdin", kind or _sniff(stream), bad.append)


def _standard_input() -> io.BufferedReader:
    return open(sys.stdin.fileno(), "rb", closefd=False)


def _sniff(stream: io.BufferedReader) -> str:
    """JSON Lines when the first visible byte is {, else one plain text."""
    return "jsonl" if stream.peek(4096).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else "text"


def _write_rows(labelled: Iterator[LabelledBatch], form: str) -> int:
    from noisefilter.corpus.writing import json_line

    output: IO[bytes] = sys.stdout.buffer
    n_rows = 0
    if form in ("csv", "parquet"):
        return _write_table([row for batch in labelled for rows in batch.rows() for row in rows], form, output)
    for batch in labelled:
        for rows in batch.rows():
            n_rows += len(rows)
            if form == "jsonl":
                output.write(b"".join(map(json_line, rows)))
            else:
                output.write(
                    "".join(f"{row['label']:>10} {row['probability']:.2f}  {row['text']}\n" for row in rows).encode(errors="replace")
                )
    output.flush()
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
    from noisefilter.corpus.writing import document_bytes
    from noisefilter.filtering import filter_stream, promise_of

    promise = promise_of(model, keep, settings)
    bad: list[Quarantined] = []
    stream = _standard_input()
    kind = kind or _sniff(stream)
    from noisefilter.corpus.reading import read_stream

    shape = Path("out.jsonl" if kind == "jsonl" else "out.txt")
    n_read = n_kept = 0
    languages: Counter[str] = Counter()
    for document, labelled in filter_stream(read_stream(stream, "stdin", kind, bad.append), model, keep, **settings):
        sys.stdout.buffer.write(document_bytes(document, shape))
        n_read += len(labelled.paragraphs)
        languages.update([labelled.unknown_language] if labelled.unknown_language else [])
        n_kept += sum(verdict.label in keep for verdict in labelled.paragraphs)
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
