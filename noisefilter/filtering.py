"""A corpus, start to finish: read → label → kept and rejected → written, and nothing lost.

`OUT/kept/` holds the inputs' names and formats, `OUT/rejects.jsonl` every paragraph taken out, `OUT/quarantine.jsonl` what could not be
read, `OUT/run.json` versions, counts and the conservation check: for every document the kept text and the rejected paragraphs are put
together again and compared with what was read.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from noisefilter.corpus.reading import PACKED_SUFFIXES, Quarantined, corpus_files, kind_of, read_file
from noisefilter.corpus.writing import document_bytes, json_line, open_output
from noisefilter.errors import CorpusError, NoisefilterError, OutputError
from noisefilter.noise.clean import clean
from noisefilter.noise.label import label
from noisefilter.noise.model import NoiseModel
from noisefilter.records import KEPT, Document, LabelledDocument


class ConservationError(NoisefilterError):
    """Kept and rejected text together are not what was read: a fault of this program."""

    exit_code = 70


@dataclass
class RunSummary:
    """What a run read, kept and rejected."""

    files: int = 0
    documents: int = 0
    paragraphs: int = 0
    kept: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    quarantined: int = 0
    unknown_languages: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def __str__(self) -> str:
        by_label = ", ".join(f"{count} {name}" for name, count in self.rejected.most_common()) or "none"
        return (
            f"{self.files} files, {self.paragraphs} paragraphs: {self.kept} kept, {self.rejected.total()} rejected ({by_label})"
            + (f", {self.quarantined} records quarantined" if self.quarantined else "")
            + f", {self.seconds:.1f} s"
        )


def filter(  # noqa: A001 - the same word as the command
    paths: Sequence[str | Path],
    output: str | Path,
    model: NoiseModel,
    *,
    keep: Collection[str] = KEPT,
    thresholds: Mapping[str, float] | None = None,
) -> RunSummary:
    """Filter files and folders into a folder; see the module's head for what it holds.

    Raises
    ------
    OutputError
        The output is an input, inside one, or already holds a run.
    """
    began = time.monotonic()
    output = Path(output)
    files = _inputs([Path(path) for path in paths], output)
    summary = RunSummary(files=len(files))
    with ExitStack() as stack:
        rejects = stack.enter_context(open_output(output / "rejects.jsonl"))
        quarantine = stack.enter_context(open_output(output / "quarantine.jsonl"))
        for file, name in files:
            _filter_file(
                file, name, output / "kept" / _kept_name(name), _Sinks(rejects, quarantine), (model, keep, thresholds or {}), summary
            )
    summary.seconds = time.monotonic() - began
    with open_output(output / "run.json") as stream:
        stream.write(json.dumps(_run_record(summary, model, keep, thresholds or {}), indent=1).encode() + b"\n")
    return summary


@dataclass(frozen=True)
class _Sinks:
    rejects: IO[bytes]
    quarantine: IO[bytes]


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


def _filter_file(
    file: Path, name: Path, kept: Path, sinks: _Sinks, judge: tuple[NoiseModel, Collection[str], Mapping[str, float]], summary: RunSummary
) -> None:
    model, keep, thresholds = judge

    def set_aside(bad: Quarantined) -> None:
        summary.quarantined += 1
        sinks.quarantine.write(json_line(asdict(bad)))

    with open_output(kept) as stream:
        for labelled in label(read_file(file, str(name), set_aside), model, thresholds=thresholds):
            document = clean(labelled, keep)
            _count(labelled, keep, summary)
            check_conservation(labelled, document, keep)
            for row in rejected_rows(labelled, keep):
                sinks.rejects.write(json_line({"file": str(name), **row}))
            stream.write(document_bytes(document, kept))


def rejected_rows(labelled: LabelledDocument, keep: Collection[str]) -> Iterator[dict[str, Any]]:
    """The rows of the paragraphs that are taken out."""
    return (row for row in labelled.rows() if row["label"] not in keep)


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
        if verdict.label in keep:
            summary.kept += 1
        else:
            summary.rejected[str(verdict.label)] += 1


def _run_record(summary: RunSummary, model: NoiseModel, keep: Iterable[str], thresholds: Mapping[str, float]) -> dict[str, Any]:
    import noisefilter

    return {
        "noisefilter": noisefilter.__version__,
        "model": model.digest,
        "keep": sorted(map(str, keep)),
        "thresholds": dict(thresholds),
        **{name: dict(value) if isinstance(value, Counter) else value for name, value in vars(summary).items()},
        "conservation": "kept + rejected = read, checked for every document",
    }


def filter_stream(
    documents: Iterable[Document], model: NoiseModel, keep: Collection[str] = KEPT, thresholds: Mapping[str, float] | None = None
) -> Iterator[tuple[Document, LabelledDocument]]:
    """Documents cleaned one after another, for pipes; each with the labelled document it came from."""
    for labelled in label(documents, model, thresholds=thresholds):
        document = clean(labelled, keep)
        check_conservation(labelled, document, keep)
        yield document, labelled


__all__ = ["ConservationError", "CorpusError", "RunSummary", "filter", "filter_stream"]
