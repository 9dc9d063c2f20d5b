"""All that decides what is kept, and how input is read: shipped once to every worker."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import noisefilter
from noisefilter.corpus.intake import Limits
from noisefilter.errors import NoisefilterError
from noisefilter.noise.label import Settings, judge_for, label
from noisefilter.noise.model import NoiseModel
from noisefilter.noise.precision import Promise
from noisefilter.noise.templates import Templates
from noisefilter.records import KEPT, Document, LabelledDocument


@dataclass(frozen=True)
class Recipe:
    """The model and the settings of a run, where it writes, and what the counting pass found."""

    output: Path
    model: NoiseModel
    keep: Collection[str] = KEPT
    settings: Settings = field(default_factory=lambda: Settings())
    limits: Limits = field(default_factory=Limits)
    page_seconds: float = 30.0
    templates: Templates | None = None

    def label(self, documents: Iterable[Document]) -> Iterator[LabelledDocument]:
        """The documents with their verdicts, lazily and in order."""
        return label(documents, self.model, templates=self.templates, **self.settings)

    @property
    def sinks(self) -> list[str]:
        """The names of the lists of rows that a run writes."""
        return ["rejects", "quarantine", *(["uncertain"] if self.settings.get("abstain") else [])]

    def describe(self) -> dict[str, Any]:
        """What two runs must have in common to give the same output."""
        limits = self.limits
        return {
            "noisefilter": noisefilter.__version__,
            "model": self.model.digest,
            "keep": sorted(map(str, self.keep)),
            "thresholds": dict(self.settings.get("thresholds") or {}),
            "phrases": {name: list(phrases) for name, phrases in (self.settings.get("phrases") or {}).items()},
            "precision": self.settings.get("precision"),
            "abstain": self.settings.get("abstain", 0.0),
            "limits": {"file_size": limits.file_size, "record_size": limits.record_size, "expansion": limits.expansion},
        }


def promise_of(model: NoiseModel, keep: Collection[str], settings: Settings) -> Promise | None:
    """What the user's `precision` promises, None where none was asked for."""
    promise = judge_for(model, **settings).rule.promise
    if promise and not set(keep) >= KEPT:
        missing = ", ".join(sorted(KEPT - set(keep)))
        raise NoisefilterError(f"precision promises that good text stays, but {missing} is to be dropped. Ask for one of the two.")
    return promise
