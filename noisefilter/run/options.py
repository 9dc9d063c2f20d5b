"""How a run is carried out; nothing here changes a verdict."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal

from noisefilter.corpus.html_child import DEADLINE
from noisefilter.corpus.intake import Limits
from noisefilter.run.plan import SHARD_BYTES
from noisefilter.run.progress import Progress
from noisefilter.run.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Options:
    """Ways to carry out a run.

    `existing` says what to do where the output already holds a run; `max_errors` ends the run when more records are quarantined (None:
    never); `page_seconds` is what the parser may take for a page of HTML; `shard_bytes` is what is done again after a cut;
    `crew` does the shards in place of `workers` on this machine (`adapters.ray.RayCrew`).
    """

    workers: int = 1
    existing: Literal["refuse", "resume", "overwrite"] = "refuse"
    max_errors: int | None = None
    limits: Limits = field(default_factory=Limits)
    page_seconds: float = DEADLINE
    shard_bytes: int = SHARD_BYTES
    crew: Callable[[Recipe], AbstractContextManager[Any]] | None = None
    progress: Progress = field(default_factory=Progress)
