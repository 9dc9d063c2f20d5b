"""How far a run is, for people and programs; what is shown here is told by the run and changes nothing in it.

A `Progress` is told how many bytes there are and how many were read. This one says nothing; `cli` chooses one that does: a bar on a
terminal, a line every few seconds where there is none, or JSON a line.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import IO, Any

# Seconds between two lines.
EVERY = 5.0


class Progress:
    """Says nothing."""

    def begin(self, phase: str, total: int) -> None:
        """A phase (``counting``, ``filtering``) of so many bytes begins."""

    def advance(self, n_bytes: int) -> None:
        """So many more bytes were read."""

    def end(self) -> None:
        """The phase is over."""

    def tell(self, event: str, **facts: Any) -> None:
        """Something happened: a shard is done, the run is finished."""


class LoggedProgress(Progress):
    """Another progress, with every event as a line of JSON in a stream besides."""

    def __init__(self, inner: Progress, stream: IO[str]) -> None:
        self._inner, self._stream = inner, stream

    def begin(self, phase: str, total: int) -> None:
        """See `Progress`."""
        self._inner.begin(phase, total)
        self.tell("begin", phase=phase, bytes=total)

    def advance(self, n_bytes: int) -> None:
        """See `Progress`."""
        self._inner.advance(n_bytes)

    def end(self) -> None:
        """See `Progress`."""
        self._inner.end()
        self.tell("end")

    def tell(self, event: str, **facts: Any) -> None:
        """See `Progress`."""
        self._stream.write(json.dumps({"time": round(time.time(), 3), "event": event, **facts}) + "\n")
        self._stream.flush()


class LineProgress(Progress):
    """A line every few seconds, written by `say`."""

    def __init__(self, say: Callable[[str], None], every: float = EVERY) -> None:
        self._say, self._every = say, every
        self._phase, self._total, self._done = "", 0, 0
        self._began = self._told = 0.0

    def begin(self, phase: str, total: int) -> None:
        """See `Progress`."""
        self._phase, self._total, self._done = phase, total, 0
        self._began = self._told = time.monotonic()

    def advance(self, n_bytes: int) -> None:
        """See `Progress`."""
        self._done += n_bytes
        now = time.monotonic()
        if now - self._told >= self._every:
            self._told = now
            self._say(self._line(now - self._began))

    def _line(self, seconds: float) -> str:
        rate = self._done / max(seconds, 1e-9)
        left = max(0, self._total - self._done) / max(rate, 1)
        share = min(100, 100 * self._done // max(1, self._total))
        return f"{self._phase}: {share} % of {self._total / 1e6:,.0f} MB, {rate / 1e6:.1f} MB/s, {left:,.0f} s left"


class JsonProgress(LineProgress):
    """An object a line: phase, bytes, total, seconds."""

    def _line(self, seconds: float) -> str:
        row: dict[str, Any] = {"phase": self._phase, "bytes": self._done, "total": self._total, "seconds": round(seconds, 1)}
        return json.dumps(row)

    def end(self) -> None:
        """See `Progress`."""
        self._say(self._line(time.monotonic() - self._began))


class BarProgress(Progress):
    """A bar on a terminal with rate and time left, drawn on standard error."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
        self._task: Any = None

    def begin(self, phase: str, total: int) -> None:
        """See `Progress`."""
        self._bar.start()
        self._task = self._bar.add_task(phase, total=total)

    def advance(self, n_bytes: int) -> None:
        """See `Progress`."""
        self._bar.advance(self._task, n_bytes)

    def end(self) -> None:
        """See `Progress`."""
        self._bar.stop()
