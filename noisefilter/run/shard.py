"""One shard: read → label → clean → check → write. What it returns is its row in the journal.

Files are written whole or not at all; a piece of a file and the lists of rows go to ``OUT/.parts``, from where `outputs.finish` puts
them together. `count_shard` and `find_culprit` read the same pieces for other ends.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from noisefilter.corpus.formats import kept_name
from noisefilter.corpus.html_child import PageChild
from noisefilter.corpus.intake import Intake, Quarantined
from noisefilter.corpus.reading import read_file
from noisefilter.corpus.writing import Write, json_line, open_documents, open_output
from noisefilter.noise.clean import clean
from noisefilter.noise.templates import Counted, count_paragraphs
from noisefilter.records import Document, Label, LabelledDocument
from noisefilter.run.conservation import ConservationError, TextDigest, check_conservation
from noisefilter.run.plan import Piece, Shard
from noisefilter.run.recipe import Recipe
from noisefilter.run.summary import Counts
from noisefilter.survey import Survey

# Told how many bytes were read, and 0 at each record as a sign of life.
OnBytes = Callable[[int], None]
# Records of a shard that killed a worker: its piece and line (0 for a file without lines).
Unwanted = Collection[tuple[int, int]]
PARTS = ".parts"
# Kept files of a shard. From here on one flush of all disks, before the journal says that they are there, is quicker than one each: 20,000
# files of two lines took 83 s and take 14 s.
MANY_FILES = 30
# The part that says what the shard looked like; parts are added up, not put together.
SURVEY = "survey"


def part_path(output: Path, shard: int, name: str) -> Path:
    """Where a shard keeps what will be a part of a larger file."""
    return output / PARTS / f"{shard:07d}.{name}"


def filter_shard(shard: Shard, recipe: Recipe, on_bytes: OnBytes, unwanted: Unwanted = ()) -> dict[str, Any]:
    """Filter the pieces of a shard; its row in the journal."""
    with ExitStack() as stack:
        sinks = {name: stack.enter_context(open_output(part_path(recipe.output, shard.number, f"{name}.jsonl"))) for name in recipe.sinks}
        read = stack.enter_context(_reading(shard, recipe, on_bytes, unwanted, sinks["quarantine"]))
        kept = _KeptFiles(shard, recipe.output, read.intakes)
        stack.push(kept.close)
        survey = Survey()
        for number, labelled in enumerate(recipe.label(read.documents())):
            place = read.owners.popleft()
            document = clean(labelled, recipe.keep)
            rejected = check_conservation(labelled, document, recipe.keep)
            common = {"file": shard.pieces[place].file.name, "shard": shard.number, "record": number}
            sinks["rejects"].writelines(json_line({**common, **row}) for row in rejected)
            if "uncertain" in sinks:
                sinks["uncertain"].writelines(json_line({**common, **row}) for row in labelled.rows() if row["label"] == Label.UNCERTAIN)
            read.counts.take(labelled, recipe.keep)
            survey.add(shard.pieces[place].file.name, labelled, recipe.keep)
            kept.write(place, labelled, document)
        stack.enter_context(open_output(part_path(recipe.output, shard.number, f"{SURVEY}.jsonl"))).write(json_line(survey.to_json()))
    if not kept.flushed:
        os.sync()
    return _row(shard, recipe, read, kept)


def count_shard(shard: Shard, recipe: Recipe, on_bytes: OnBytes, unwanted: Unwanted = ()) -> list[Counted]:
    """The paragraphs of a shard for the counting of templates; what cannot be read is set aside by `filter_shard`."""
    with _reading(shard, recipe, on_bytes, unwanted, None) as read:
        return list(count_paragraphs(read.documents(described=False)))


def find_culprit(shard: Shard, recipe: Recipe, on_bytes: OnBytes, unwanted: Unwanted = ()) -> None:
    """Read and label record by record, each after its place was written down: whoever dies here leaves word of what killed it."""
    with part_path(recipe.output, shard.number, "place").open("w") as stream, _reading(shard, recipe, on_bytes, unwanted, None) as read:

        def note(place: int, line: int) -> None:
            stream.seek(0)
            stream.write(f"{place} {line} \n")
            stream.flush()
            on_bytes(0)

        for place, intake in enumerate(read.intakes):
            intake.on_record = lambda line, place=place: note(place, line)
        for document in read.documents():
            for _ in recipe.label([document]):
                pass


@dataclass
class _Reading:
    """The documents of a shard while they are read; `owners` has for each that was read and not yet dealt with its piece."""

    shard: Shard
    intakes: list[Intake]
    counts: Counts = field(default_factory=Counts)
    owners: deque[int] = field(default_factory=deque)

    def documents(self, described: bool = True) -> Iterator[Document]:
        for place, (piece, intake) in enumerate(zip(self.shard.pieces, self.intakes, strict=True)):
            intake.described = described
            for document in read_file(piece.file, intake, piece.part):
                self.owners.append(place)
                yield document


@contextmanager
def _reading(shard: Shard, recipe: Recipe, on_bytes: OnBytes, unwanted: Unwanted, quarantine: IO[bytes] | None) -> Iterator[_Reading]:
    pages = PageChild(recipe.page_seconds)

    def set_aside(bad: Quarantined) -> None:
        read.counts.quarantined += 1
        if quarantine is not None:
            quarantine.write(json_line({"file": bad.path, "line": bad.line, "reason": bad.reason}))

    def take_in(place: int, piece: Piece) -> Intake:
        lines = {line for at, line in unwanted if at == place}
        intake = Intake(piece.file.name, set_aside, limits=recipe.limits, read_page=pages, unwanted=lines, first_line=piece.first_line)
        intake.on_bytes = on_bytes
        intake.on_record = lambda line: on_bytes(0)
        return intake

    read = _Reading(shard, [take_in(place, piece) for place, piece in enumerate(shard.pieces)])
    try:
        yield read
    finally:
        pages.close()


class _KeptFiles:
    """The kept files of a shard, one open at a time, and what the journal says of each."""

    def __init__(self, shard: Shard, output: Path, intakes: list[Intake]) -> None:
        self._shard, self._output, self._intakes = shard, output, intakes
        self._stack, self._at = ExitStack(), -1
        self.flushed = len(shard.pieces) < MANY_FILES or not hasattr(os, "sync")
        self._write: Write = lambda document: None
        self._digest, self._n_documents = TextDigest(), 0
        self.files: list[dict[str, Any]] = []

    def write(self, place: int, labelled: LabelledDocument, document: Document) -> None:
        """Add a document of the piece at `place`; pieces come in order."""
        if place != self._at:
            self._finish()
            self._open(place)
        self._write(document)
        self._digest.add(labelled.document.body)
        self._n_documents += 1

    def close(self, *error: Any) -> None:
        """The last file, and an empty one for each piece that had nothing in it; nothing after an error."""
        if error[0] is not None:
            self._stack.__exit__(*error)
            return
        self._finish()
        for place, intake in enumerate(self._intakes):
            if not intake.n_records:
                self._open(place)
                self._finish()

    def _open(self, place: int) -> None:
        self._at = place
        self._write = self._stack.enter_context(open_documents(self._path(place), self._intakes[place], flushed=self.flushed))

    def _finish(self) -> None:
        if self._at < 0:
            return
        self._stack.close()
        path = self._path(self._at)
        piece = self._shard.pieces[self._at]
        self.files.append(
            {
                "file": piece.file.name,
                "kept": str(kept_name(piece.file.name)),
                "part": path.parent.name == PARTS,
                "bytes": path.stat().st_size,
                "documents": self._n_documents,
                "texts": self._digest.hex(),
            }
        )
        self._at, self._digest, self._n_documents = -1, TextDigest(), 0

    def _path(self, place: int) -> Path:
        piece = self._shard.pieces[place]
        if piece.part:
            return part_path(self._output, self._shard.number, "kept.jsonl")
        return self._output / "kept" / kept_name(piece.file.name)


def _row(shard: Shard, recipe: Recipe, read: _Reading, kept: _KeptFiles) -> dict[str, Any]:
    counts = read.counts
    # A file that was cut is counted with its first part.
    counts.files = sum(not piece.part or piece.part[0] == 0 for piece in shard.pieces)
    counts.records = sum(intake.n_records for intake in read.intakes)
    counts.passed_over = sum((Counter(intake.passed_over) for intake in read.intakes), Counter())
    if counts.records != counts.documents + counts.quarantined:
        names = ", ".join(piece.file.name for piece in shard.pieces[:3])
        raise ConservationError(
            f"{names}: {counts.records} records met, {counts.documents} read and {counts.quarantined} quarantined. Please report this."
        )
    parts = {name: part_path(recipe.output, shard.number, f"{name}.jsonl").stat().st_size for name in (*recipe.sinks, SURVEY)}
    return {"shard": shard.number, "input": shard.marks(), "counts": vars(counts), "files": kept.files, "parts": parts}
