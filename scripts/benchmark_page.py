"""A page of docs/benchmarks: head, table, plot, notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import describe

BLUE = "#1f5fa8"


def machine_line() -> str:
    """Where it was measured."""
    return f"Machine: {describe()}"


@dataclass(frozen=True)
class Bars:
    """Horizontal bars with the span of what was measured: (name, least, middle, greatest)."""

    rows: Sequence[tuple[str, float, float, float]]
    axis: str
    log: bool = False

    def draw(self, axes: Any) -> None:
        """Draw them, the first on top."""
        names, least, middle, greatest = zip(*reversed(self.rows), strict=True)
        below = [m - low for m, low in zip(middle, least, strict=True)]
        above = [high - m for m, high in zip(middle, greatest, strict=True)]
        axes.barh(names, middle, xerr=(below, above), color=BLUE, ecolor="black", capsize=2, height=0.6)
        axes.set_xlabel(self.axis)
        if self.log:
            axes.set_xscale("log")


@dataclass(frozen=True)
class Curves:
    """Lines through (x, y) points on logarithmic axes."""

    lines: dict[str, Sequence[tuple[float, float]]]
    across: str
    up: str

    def draw(self, axes: Any) -> None:
        """Draw them with a legend."""
        for (name, points), style in zip(self.lines.items(), ("o-", "s--", "^:", "x-."), strict=False):
            axes.plot(*zip(*points, strict=True), style, label=name)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel(self.across)
        axes.set_ylabel(self.up)
        axes.legend(frameon=False)


def write_page(output: Path, head: str, table: Sequence[str], plot: Bars | Curves, notes: str) -> None:
    """Write ``output`` and beside it the plot, by the same name."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 3.6), layout="constrained")
    plot.draw(axes)
    axes.spines[["top", "right"]].set_visible(False)
    output.parent.mkdir(parents=True, exist_ok=True)
    picture = output.with_suffix(".png")
    figure.savefig(picture, dpi=110, metadata={"Software": None})
    text = "\n".join([head, *table, "", f"![{plot.axis if isinstance(plot, Bars) else plot.up}]({picture.name})", notes.rstrip(), ""])
    output.write_text(text, encoding="utf-8")
