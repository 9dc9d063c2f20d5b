"""Which paragraphs to show of a run: for each label the strongest, the borderline and some drawn at random, in their surroundings."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from noisefilter.report.run_folder import Row, Run

# Characters of a paragraph, and of its neighbours.
LONGEST, CONTEXT = 500, 160
# Paragraphs that were nearly taken out.
NEARLY = 8


@dataclass(frozen=True)
class Example:
    """A paragraph with the ends of its neighbours, and the heading or text that it announces. `left_out` characters were cut."""

    row: Row
    text: str
    left_out: int
    before: str
    after: str
    announces: str

    @property
    def place(self) -> str:
        """Where it was read."""
        file, document = self.row.get("file", ""), self.row["document_id"]
        name = file if file == document else f"{file} › {document}"
        return f"{name}:{self.row['start']}–{self.row['end']}"


@dataclass(frozen=True)
class LabelExamples:
    """What was taken out under one label: how many paragraphs, and the examples by kind."""

    label: str
    count: int
    groups: tuple[tuple[str, tuple[Example, ...]], ...]


def label_examples(run: Run, each: int) -> list[LabelExamples]:
    """For every label that was taken out, commonest first, up to `each` examples of each kind, none twice."""
    found = _by_label(run)
    counts = sorted(run.record["rejected"].items(), key=lambda pair: (-pair[1], pair[0]))
    return [LabelExamples(label, count, _groups(found.get(label, []), each)) for label, count in counts]


def nearly_removed(run: Run) -> list[Example]:
    """The kept paragraphs of the sample with the highest probability of noise, one half and above."""
    kept = [
        (row.get("noise") or 0.0, example(document, place))
        for document in run.documents
        for place, row in enumerate(document)
        if row["label"] in run.keep
    ]
    kept = [pair for pair in kept if pair[0] >= 0.5]
    kept.sort(key=lambda pair: (-pair[0], pair[1].place))
    return [one for _, one in kept[:NEARLY]]


def example(document: Sequence[Row], place: int) -> Example:
    """The paragraph at a place of a document's rows; neighbours are those that stand right beside it in the text."""
    row = document[place]
    before = document[place - 1] if place and document[place - 1]["index"] == row["index"] - 1 else None
    after = document[place + 1] if place + 1 < len(document) and document[place + 1]["index"] == row["index"] + 1 else None
    announced = (
        next((other["text"] for other in document if other["index"] == row["teaser_of"]), "") if row["teaser_of"] is not None else ""
    )
    return Example(
        row=row,
        text=row["text"][:LONGEST],
        left_out=max(0, len(row["text"]) - LONGEST),
        before=_tail(before["text"]) if before else "",
        after=_head(after["text"]) if after else "",
        announces=_head(announced),
    )


def _by_label(run: Run) -> dict[str, list[Example]]:
    found: dict[str, list[Example]] = {}
    for document in run.documents:
        for place, row in enumerate(document):
            if row["label"] not in run.keep:
                found.setdefault(row["label"], []).append(example(document, place))
    for row in run.rare:
        found.setdefault(row["label"], []).append(example([row], 0))
    return found


def _groups(found: list[Example], each: int) -> tuple[tuple[str, tuple[Example, ...]], ...]:
    by_noise = sorted(_distinct(found), key=lambda one: (-(one.row.get("noise") or 0.0), one.place))
    strongest, rest = by_noise[:each], by_noise[each:]
    borderline, rest = (rest[: -each - 1 : -1], rest[:-each]) if rest else ([], [])
    drawn = random.Random(0).sample(rest, min(each, len(rest)))
    named = (("strongest", strongest), ("borderline", borderline), ("drawn at random", drawn))
    return tuple((name, tuple(those)) for name, those in named if those)


def _distinct(found: list[Example]) -> list[Example]:
    """One example a text."""
    return list({one.text: one for one in found}.values())


def _head(text: str) -> str:
    return text if len(text) <= CONTEXT else text[:CONTEXT].rsplit(" ", 1)[0] + " …"


def _tail(text: str) -> str:
    return text if len(text) <= CONTEXT else "… " + text[-CONTEXT:].split(" ", 1)[-1]
