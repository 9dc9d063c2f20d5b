"""A corpus, start to finish: read → label → kept and rejected → written, and nothing lost.

`OUT/kept/` holds the inputs' names and formats, `OUT/rejects.jsonl` every paragraph taken out, `OUT/uncertain.jsonl` (with `abstain`)
those that were nearly taken out and are kept, `OUT/quarantine.jsonl` what could not be read, `OUT/sample.jsonl` some documents with
every verdict (see `survey.py`), `OUT/run.json` versions, counts and the conservation check: for every document the kept text and the
rejected paragraphs are put together again and compared with what was read.
"""

from __future__ import annotations

import html
import json
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Unpack

from noisefilter.corpus.reading import PACKED_SUFFIXES, Quarantined, corpus_files, kind_of, read_file
from noisefilter.corpus.writing import document_bytes, json_line, open_output
from noisefilter.errors import CorpusError, NoisefilterError, OutputError
from noisefilter.noise.clean import clean
from noisefilter.noise.decide import NOISE_SHARE
from noisefilter.noise.label import REPEATED, Settings, judge_for, label
from noisefilter.noise.model import NoiseModel
from noisefilter.noise.precision import CONFIDENCE, Promise
from noisefilter.noise.templates import LEAST_DOCUMENTS, Templates, find_templates
from noisefilter.records import KEPT, Document, Label, LabelledDocument
from noisefilter.survey import Survey


class ConservationError(NoisefilterError):
    """Kept and rejected text together are not what was read: a fault of this program."""

    exit_code = 70


@dataclass
class RunSummary:
    """What a run read, kept and rejected.

    `templates` are the different paragraphs that repeat over a source, found in `templates_counted_in` documents; `repeated` counts the
    rejected paragraphs that the model alone would have kept.
    """

    files: int = 0
    documents: int = 0
    paragraphs: int = 0
    kept: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    uncertain: int = 0
    repeated: int = 0
    templates: int = 0
    templates_counted_in: int = 0
    quarantined: int = 0
    unknown_languages: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    promise: Promise | None = None
    survey: Survey = field(default_factory=Survey)

    @property
    def good_lost(self) -> int | None:
        """How many good paragraphs the promised precision may still have cost, None where none was asked for.

        The promise is the model's: what repeats counts as kept here.
        """
        return self.promise.most_lost(self.kept + self.repeated, self.rejected.total() - self.repeated) if self.promise else None

    def __str__(self) -> str:
        by_label = ", ".join(f"{count} {name}" for name, count in self.rejected.most_common()) or "none"
        return (
            f"{self.files} files, {self.paragraphs} paragraphs: {self.kept} kept, {self.rejected.total()} rejected ({by_label})"
            + (f", {self.repeated} of them repeat over their source" if self.repeated else "")
            + (f", {self.uncertain} uncertain" if self.uncertain else "")
            + (f", {self.quarantined} records quarantined" if self.quarantined else "")
            + f", {self.seconds:.1f} s"
            + (f"; {self.promise}; at most {self.good_lost} good paragraphs" if self.promise else "")
            + (", and what repeats besides" if self.promise and self.repeated else "")
        )

    def _repr_html_(self) -> str:
        """Read, kept and taken out by label, as a table for notebooks."""
        rows = [("kept", self.kept, "#1f5fa8"), *((label, n, "#b3432b") for label, n in self.rejected.most_common())]
        width = 100 / max(1, self.paragraphs)
        cells = "".join(
            f'<tr><th style="text-align:left">{name}</th><td style="text-align:right">{n:,}</td><td style="width:20em;text-align:left">'
            f'<span style="display:inline-block;height:.6em;width:{n * width:.1f}%;background:{colour}"></span></td></tr>'
            for name, n, colour in rows
        )
        return f"<p>{html.escape(str(self))}</p><table>{cells}</table>"


def filter(  # noqa: A001 - the same word as the command
    paths: Sequence[str | Path],
    output: str | Path,
    model: NoiseModel,
    *,
    keep: Collection[str] = KEPT,
    templates: bool = True,
    **settings: Unpack[Settings],
) -> RunSummary:
    """Filter files and folders into a folder; see the module's head for what it holds.

    With `templates` the input is read twice, and paragraphs that repeat over a source are taken out, see `noise/templates.py`.
    The settings are those of `label`.

    Raises
    ------
    OutputError
        The output is an input, inside one, or already holds a run.
    NoisefilterError
        The model cannot promise the `precision`, or `keep` breaks the promise.
    """
    began = time.monotonic()
    output = Path(output)
    # Before anything is written: a precision that cannot be had leaves no half of a run behind.
    promise = promise_of(model, keep, settings)
    files = _inputs([Path(path) for path in paths], output)
    summary = RunSummary(files=len(files), promise=promise)
    judge = _Judge(model, keep, _find_templates(files, summary) if templates else None, settings)
    with ExitStack() as stack:
        names = ["rejects", "quarantine", *(["uncertain"] if settings.get("abstain") else [])]
        sinks = {name: stack.enter_context(open_output(output / f"{name}.jsonl")) for name in names}
        for file, name in files:
            _filter_file(file, name, output / "kept" / _kept_name(name), sinks, judge, summary)
    with open_output(output / "sample.jsonl") as stream:
        stream.writelines(map(json_line, summary.survey.rows()))
    summary.seconds = time.monotonic() - began
    with open_output(output / "run.json") as stream:
        stream.write(json.dumps(_run_record(summary, judge), indent=1).encode() + b"\n")
    return summary


def promise_of(model: NoiseModel, keep: Collection[str], settings: Settings) -> Promise | None:
    """What the user's `precision` promises, None where none was asked for."""
    promise = judge_for(model, **settings).rule.promise
    if promise and not set(keep) >= KEPT:
        missing = ", ".join(sorted(KEPT - set(keep)))
        raise NoisefilterError(f"precision promises that good text stays, but {missing} is to be dropped. Ask for one of the two.")
    return promise


@dataclass(frozen=True)
class _Judge:
    """All that decides what is kept."""

    model: NoiseModel
    keep: Collection[str]
    templates: Templates | None
    settings: Settings

    def label(self, documents: Iterable[Document]) -> Iterator[LabelledDocument]:
        return label(documents, self.model, templates=self.templates, **self.settings)


def _find_templates(files: list[tuple[Path, Path]], summary: RunSummary) -> Templates | None:
    """The counting pass, where there can be enough documents; what cannot be read is set aside by the next pass."""
    if len(files) < LEAST_DOCUMENTS and all(kind_of(file) != "jsonl" for file, _ in files):
        return None
    found = find_templates(document for file, name in files for document in read_file(file, str(name), lambda bad: None, described=False))
    summary.templates, summary.templates_counted_in = len(found.keys), found.documents
    return found


def _inputs(paths: list[Path], output: Path) -> list[tuple[Path, Path]]:
    """Every file with the name it gets below ``kept/``."""
    if (output / "run.json").exists():
        raise OutputError(f"{output}: already holds a run (run.json). Choose another folder or remove it.")
    files = []
    for path in paths:
        found = corpus_files(path)
        home, out = path.resolve(), output.resolve()
        if out == home or (path.is_dir() and out.is_relative_to(home)) or home.is_relative_to(out):
            raise OutputError(f"{output}: the output is the input {path} or inside it. Choose a folder beside it.")
        files += [(file, file.relative_to(path) if path.is_dir() else Path(file.name)) for file in found]
    names = Counter(name for _, name in files)
    twice = [str(name) for name, count in names.items() if count > 1]
    if twice:
        raise OutputError(f"two inputs are both named {twice[0]}, and would be one file in {output}/kept. Filter them apart.")
    return files


def _kept_name(name: Path) -> Path:
    """HTML comes out as text: page.html → page.html.txt; every other name stays."""
    if kind_of(name) != "html":
        return name
    plain = name.with_suffix("") if name.suffix.lower() in PACKED_SUFFIXES else name
    return plain.with_name(plain.name + ".txt")


def _filter_file(file: Path, name: Path, kept: Path, sinks: dict[str, IO[bytes]], judge: _Judge, summary: RunSummary) -> None:
    def set_aside(bad: Quarantined) -> None:
        summary.quarantined += 1
        sinks["quarantine"].write(json_line(asdict(bad)))

    with open_output(kept) as stream:
        for labelled in judge.label(read_file(file, str(name), set_aside)):
            document = clean(labelled, judge.keep)
            _count(labelled, judge.keep, summary)
            summary.survey.add(str(name), labelled, judge.keep)
            check_conservation(labelled, document, judge.keep)
            for row in rejected_rows(labelled, judge.keep):
                sinks["rejects"].write(json_line({"file": str(name), **row}))
            for row in uncertain_rows(labelled) if "uncertain" in sinks else ():
                sinks["uncertain"].write(json_line({"file": str(name), **row}))
            stream.write(document_bytes(document, kept))


def rejected_rows(labelled: LabelledDocument, keep: Collection[str]) -> Iterator[dict[str, Any]]:
    """The rows of the paragraphs that are taken out."""
    return (row for row in labelled.rows() if row["label"] not in keep)


def uncertain_rows(labelled: LabelledDocument) -> Iterator[dict[str, Any]]:
    """The rows of the paragraphs that are `uncertain`, taken out or not."""
    return (row for row in labelled.rows() if row["label"] == Label.UNCERTAIN)


def check_conservation(labelled: LabelledDocument, document: Document, keep: Collection[str] = KEPT) -> None:
    """Kept text and rejected paragraphs are, together, all visible text that was read."""
    kept = "".join(document.body.split())
    rejected = [verdict.text for verdict in labelled.paragraphs if verdict.label not in keep]
    together = len(kept) + sum(len("".join(text.split())) for text in rejected)
    read = len("".join(labelled.document.body.split()))
    if together != read:
        raise ConservationError(
            f"{labelled.document.id}: {read} visible characters read, {together} accounted for. Please report this file."
        )


def _count(labelled: LabelledDocument, keep: Collection[str], summary: RunSummary) -> None:
    summary.documents += 1
    if labelled.unknown_language:
        summary.unknown_languages[labelled.unknown_language] += 1
    summary.paragraphs += len(labelled.paragraphs)
    for verdict in labelled.paragraphs:
        summary.uncertain += verdict.label is Label.UNCERTAIN
        if verdict.label in keep:
            summary.kept += 1
        else:
            summary.rejected[str(verdict.label)] += 1
            summary.repeated += any(reason.startswith(REPEATED) for reason in verdict.reasons)


def _run_record(summary: RunSummary, judge: _Judge) -> dict[str, Any]:
    import noisefilter

    told_apart = ("promise", "survey")
    counts = {name: dict(value) if isinstance(value, Counter) else value for name, value in vars(summary).items() if name not in told_apart}
    table = judge.model.precision
    return {
        "noisefilter": noisefilter.__version__,
        "model": judge.model.digest,
        "keep": sorted(map(str, judge.keep)),
        "thresholds": dict(judge.settings.get("thresholds") or {}),
        "phrases": {name: list(phrases) for name, phrases in (judge.settings.get("phrases") or {}).items()},
        "precision": judge.settings.get("precision"),
        "abstain": judge.settings.get("abstain", 0.0),
        "needed": summary.promise.threshold if summary.promise else NOISE_SHARE,
        **counts,
        "promise": summary.promise and {**asdict(summary.promise), "confidence": CONFIDENCE, "good_paragraphs_lost": summary.good_lost},
        "precision_table": table and table.to_json(),
        "survey": summary.survey.counts(),
        "conservation": "kept + rejected = read, checked for every document",
    }


def filter_stream(
    documents: Iterable[Document], model: NoiseModel, keep: Collection[str] = KEPT, **settings: Unpack[Settings]
) -> Iterator[tuple[Document, LabelledDocument]]:
    """Documents cleaned one after another, for pipes; each with the labelled document it came from.

    A pipe is read once, so nothing is known of what repeats over a source.
    """
    for labelled in label(documents, model, **settings):
        document = clean(labelled, keep)
        check_conservation(labelled, document, keep)
        yield document, labelled


__all__ = ["ConservationError", "CorpusError", "RunSummary", "filter", "filter_stream"]
