"""What a run read, kept and rejected, as counts that add up over shards."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from noisefilter.noise.label import REPEATED
from noisefilter.noise.precision import CONFIDENCE, Promise
from noisefilter.records import Label, LabelledDocument


@dataclass
class Counts:
    """What was read, kept and rejected in a part of a run.

    `records` are what the readers met: documents, and what was `quarantined`. `passed_over` is what is no text by its kind, by suffix or
    media type. `repeated` counts the rejected paragraphs that the model alone would have kept.
    """

    files: int = 0
    records: int = 0
    documents: int = 0
    quarantined: int = 0
    paragraphs: int = 0
    kept: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    uncertain: int = 0
    repeated: int = 0
    unknown_languages: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)

    def take(self, labelled: LabelledDocument, keep: Collection[str]) -> None:
        """Count a document."""
        self.documents += 1
        if labelled.unknown_language:
            self.unknown_languages[labelled.unknown_language] += 1
        columns = labelled.columns
        self.paragraphs += len(columns)
        for (label, reasons), times in Counter(zip(columns.labels, columns.reasons, strict=True)).items():
            self.uncertain += times * (label is Label.UNCERTAIN)
            if label in keep:
                self.kept += times
            else:
                self.rejected[str(label)] += times
                self.repeated += times * any(reason.startswith(REPEATED) for reason in reasons)

    def add(self, other: Mapping[str, Any]) -> None:
        """Add the counts of a shard as its journal has them."""
        for name in _COUNTED:
            value = other[name]
            if isinstance(value, int):
                setattr(self, name, getattr(self, name) + value)
            else:
                getattr(self, name).update(value)


_COUNTED = tuple(one.name for one in fields(Counts))


@dataclass
class RunSummary(Counts):
    """The counts of a run.

    `templates` are the different paragraphs that repeat over a source, found in `templates_counted_in` documents.
    """

    templates: int = 0
    templates_counted_in: int = 0
    seconds: float = 0.0
    promise: Promise | None = None

    @property
    def good_lost(self) -> int | None:
        """How many good paragraphs the promised precision may still have cost, None where none was asked for.

        The promise is the model's: what repeats counts as kept here.
        """
        return self.promise.most_lost(self.kept + self.repeated, self.rejected.total() - self.repeated) if self.promise else None

    def __str__(self) -> str:
        by_label = ", ".join(f"{count} {name}" for name, count in self.rejected.most_common()) or "none"
        others = ", ".join(f"{name or 'no suffix'} {count}" for name, count in self.passed_over.most_common(5))
        return (
            f"{self.files} files, {self.paragraphs} paragraphs: {self.kept} kept, {self.rejected.total()} rejected ({by_label})"
            + (f", {self.repeated} of them repeat over their source" if self.repeated else "")
            + (f", {self.uncertain} uncertain" if self.uncertain else "")
            + (f", {self.quarantined} records quarantined" if self.quarantined else "")
            + (f", {self.passed_over.total()} left out as no text ({others})" if self.passed_over else "")
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

    def to_record(self) -> dict[str, Any]:
        """The counts for run.json; no times, so that the same run gives the same bytes."""
        counts = {name: dict(sorted(value.items())) if isinstance(value, Counter) else value for name, value in vars(self).items()}
        del counts["seconds"]
        promise = self.promise and {**asdict(self.promise), "confidence": CONFIDENCE, "good_paragraphs_lost": self.good_lost}
        return {**counts, "promise": promise}
