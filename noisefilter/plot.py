"""Plots of verdicts and scores. Each function draws one thing on a matplotlib axes, a new one unless `ax` is given, and returns it.

Colours mean the same everywhere: blue is kept or corroborated, red taken out or contradicted, grey neither. Names from the data are drawn
as they are, never as formulas.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from noisefilter.records import KEPT, LabelledDocument, SourceScore

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from noisefilter.noise.precision import PrecisionTable

INK, QUIET, GOOD, BAD, DOUBT = "#20262d", "#8a939c", "#1f5fa8", "#b3432b", "#6b747d"
STATUS_COLOURS = {"corroborated": GOOD, "contradicted": BAD, "uncorroborated": DOUBT}
# Characters of a name in a plot.
LONGEST_NAME = 28
# Sources in one plot; more cannot be read.
MOST_SOURCES = 40


def label_mix(labels: Mapping[str, int] | Iterable[LabelledDocument], ax: Axes | None = None) -> Axes:
    """Draw how many paragraphs have each label, from counts or from labelled documents.

    >>> axes = label_mix({"content": 40, "teaser": 2})
    >>> [label.get_text() for label in axes.get_yticklabels()]
    ['teaser', 'content']
    """
    counts = labels if isinstance(labels, Mapping) else Counter(str(one.label) for document in labels for one in document.paragraphs)
    ordered = sorted(counts.items(), key=lambda pair: pair[1])
    names = [name for name, _ in ordered]
    axes = _axes(ax)
    bars = axes.barh(names, [count for _, count in ordered], color=[GOOD if name in KEPT else BAD for name in names], height=0.7)
    axes.bar_label(bars, padding=3, color=INK, labels=[f"{count:,}" for _, count in ordered])
    axes.set_xlabel("paragraphs")
    axes.margins(x=0.12)
    return _tidy(axes)


def threshold_curve(
    noise: Sequence[int] | Iterable[LabelledDocument],
    table: PrecisionTable | None = None,
    needed: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what share of the paragraphs each threshold takes out, and what share of good text it costs.

    `noise` are counts in bins of equal width of the probability of noise from 0 to 1 (``survey.noise`` of run.json), or labelled
    documents. `table` is that of a model (``load_model().precision``), measured on authors that the model had not seen; `needed` is the
    threshold in use. Short lines need less than the threshold, so the share taken out is a little larger than drawn.

    >>> threshold_curve([90, 0, 0, 0, 10], needed=0.88).get_xlabel()
    'probability of noise that is needed'
    """
    counts = _noise_counts(noise)
    edges = np.linspace(0, 1, len(counts) + 1)[:-1]
    above = np.cumsum(counts[::-1])[::-1] / max(1, counts.sum())
    axes = _axes(ax)
    shown = edges >= 0.4
    axes.step(edges[shown], 100 * above[shown], where="mid", color=BAD, label="paragraphs taken out")
    if table:
        thresholds = [row.threshold for row in table.rows]
        axes.plot(
            thresholds,
            [100 * row.bound for row in table.rows],
            color=GOOD,
            linestyle="--",
            label="good text lost, at most (95 % confidence)",
        )
        axes.plot(thresholds, [100 * row.lost for row in table.rows], color=GOOD, label="good text lost, expected")
    if needed is not None:
        axes.axvline(needed, color=QUIET, linewidth=1)
        axes.annotate(f"in use: {needed:.2f}", (needed, 1), xycoords=("data", "axes fraction"), xytext=(-4, -2), textcoords="offset points",
                      ha="right", va="top", color=INK)  # fmt: skip
    axes.set(xlabel="probability of noise that is needed", ylabel="%", xlim=(0.4, 1), ylim=(0, None))
    axes.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=1)
    return _tidy(axes)


def _noise_counts(noise: Sequence[int] | Iterable[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    values = list(noise)
    if values and isinstance(values[0], LabelledDocument):
        shares = [one.noise for document in values for one in document.paragraphs if one.noise is not None]
        return np.histogram(shares, bins=50, range=(0, 1))[0].astype(np.int64)
    return np.array(values, dtype=np.int64)


def calibration(probabilities: Sequence[float], is_right: Sequence[bool], ax: Axes | None = None, bins: int = 10) -> Axes:
    """Draw how often verdicts of each probability are right; on the diagonal a probability means what it says.

    The title has the expected calibration error: the mean distance from the diagonal, weighed by verdicts.

    >>> calibration([0.9, 0.9, 0.9, 0.9], [True, True, True, False]).get_title()
    'expected calibration error 0.150'
    """
    if len(probabilities) != len(is_right):
        raise ValueError(f"{len(probabilities)} probabilities and {len(is_right)} verdicts: as many of one as of the other are expected")
    stated, right = np.asarray(probabilities, float), np.asarray(is_right, float)
    places = np.minimum((stated * bins).astype(int), bins - 1)
    counts = np.bincount(places, minlength=bins)
    used = counts > 0
    means, shares = (np.bincount(places, values, minlength=bins)[used] / counts[used] for values in (stated, right))
    error = float(np.sum(counts[used] * np.abs(means - shares)) / max(1, len(stated)))
    axes = _axes(ax)
    axes.plot([0, 1], [0, 1], color=QUIET, linewidth=1)
    axes.scatter(means, shares, s=20 + 180 * counts[used] / max(1, counts.max()), color=GOOD, alpha=0.8)
    axes.set(xlabel="probability stated", ylabel="share that is right", xlim=(0, 1.02), ylim=(0, 1.02))
    axes.set_title(f"expected calibration error {error:.3f}")
    return _tidy(axes)


def source_intervals(scores: Sequence[SourceScore], ax: Axes | None = None) -> Axes:
    """Draw each source's reliability with its 5-95 % interval, worst on top, as many as can be read.

    >>> from noisefilter.records import SourceTally
    >>> from noisefilter.reliability.score import score_of
    >>> axes = source_intervals([score_of(SourceTally("A", 9, 9, supported=4.0)), score_of(SourceTally("B"))])
    >>> [label.get_text() for label in axes.get_yticklabels()]
    ['A', 'B: not enough evidence']
    """
    shown = list(scores)[:MOST_SOURCES]
    axes = _axes(ax)
    for place, score in enumerate(shown):
        if score.reliability is not None and score.low is not None and score.high is not None:
            axes.plot([score.low, score.high], [place, place], color=QUIET, linewidth=2, solid_capstyle="round")
            axes.plot(score.reliability, place, "o", color=GOOD)
    names = [_plain(score.source) + ("" if score.reliability is not None else ": not enough evidence") for score in shown]
    axes.set_yticks(range(len(shown)), labels=names)
    axes.set(xlim=(0, 1), ylim=(len(shown) - 0.5, -0.5), xlabel="reliability, 5–95 %")
    return _tidy(axes)


def copy_map(scores: Sequence[SourceScore | tuple[str, str, float]], ax: Axes | None = None) -> Axes:
    """Draw which sources are one voice: a line between two that copy each other, thicker the more alike they are.

    Sources without copies are left out. Pairs of sources with their similarity do as well as scores.

    >>> copy_map([]).texts[0].get_text()
    'no copies found'
    """
    pairs = sorted({pair for score in scores for pair in (_copy_pairs(score) if isinstance(score, SourceScore) else [score])})
    names = sorted({name for one, other, _ in pairs for name in (one, other)})[:MOST_SOURCES]
    axes = _axes(ax)
    axes.set_axis_off()
    if not names:
        axes.text(0.5, 0.5, "no copies found", ha="center", color=INK, transform=axes.transAxes)
        return axes
    turns = {name: 2 * math.pi * number / len(names) for number, name in enumerate(names)}
    at = {name: (math.cos(turn), math.sin(turn)) for name, turn in turns.items()}
    for one, other, alike in pairs:
        if one in at and other in at:
            axes.plot(*zip(at[one], at[other], strict=True), color=BAD, linewidth=1 + 3 * alike, zorder=1)
            _beside(axes, at[one], at[other], f"{alike:.0%}")
    for name, (x, y) in at.items():
        axes.plot(x, y, "o", color=GOOD, zorder=2)
        side = "left" if x >= 0 else "right"
        axes.annotate(_plain(name), (x, y), xytext=(8 if x >= 0 else -8, 0), textcoords="offset points", ha=side, va="center", color=INK)
    axes.set(xlim=(-2.4, 2.4), ylim=(-1.3, 1.3))
    return axes


def _beside(axes: Axes, one: tuple[float, float], other: tuple[float, float], text: str) -> None:
    """Write beside the middle of a line, on its right, so that the line does not cross the text."""
    (x, y), (to_x, to_y) = sorted((one, other), key=lambda point: point[1])
    length = math.hypot(to_x - x, to_y - y)
    offset = (10 * (to_y - y) / length, -10 * (to_x - x) / length)
    axes.annotate(text, ((x + to_x) / 2, (y + to_y) / 2), xytext=offset, textcoords="offset points", color=INK,
                  ha="left" if offset[0] > 1 else "center", va="center")  # fmt: skip


def _copy_pairs(score: SourceScore) -> list[tuple[str, str, float]]:
    return [(min(score.source, other), max(score.source, other), alike) for other, alike in score.copies]


def timeline(scores: Sequence[SourceScore], counted: str, published: Mapping[str, str] | None = None, ax: Axes | None = None) -> Axes:
    """Draw what the sources say of one statistic over time: every figure whose sentence counts `counted`, with its bounds.

    `published` gives a date (ISO) to document ids; without it the time that the sentence states is used. Figures without a date are
    left out, and the title says how many.
    """
    from matplotlib.dates import date2num

    found = [one for score in scores for one in score.statistics if counted.lower() in f"{one.claim.counted} {one.claim.unit}".lower()]
    dated = [(when, one) for one in found if (when := _date((published or {}).get(one.claim.document_id) or one.claim.time))]
    axes = _axes(ax)
    axes.xaxis_date()
    names: dict[tuple[float, float], dict[str, None]] = {}
    for when, one in dated:
        quantity, day = one.claim.quantity, float(date2num(when))
        value = float(quantity.value)
        low, high = (value if end is None else float(end) for end in (quantity.low, quantity.high))
        axes.vlines(day, low, high, color=QUIET, linewidth=2)
        axes.plot(day, value, "o", color=STATUS_COLOURS[one.status])
        names.setdefault((day, value), {})[_plain(one.claim.source)] = None
    for place, sources in names.items():
        axes.annotate("\n".join(sources), place, xytext=(3, 5), textcoords="offset points", color=INK, fontsize=8, rotation=30)
    left_out = f", {len(found) - len(dated)} without a date left out" if len(dated) < len(found) else ""
    axes.set_title(f"{_plain(counted)}: {len(dated)} figures{left_out}")
    axes.margins(x=0.15)
    axes.tick_params(axis="x", rotation=30)
    return _tidy(axes)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    import matplotlib.pyplot

    return matplotlib.pyplot.subplots(figsize=(7, 4), layout="constrained")[1]


def _tidy(axes: Axes) -> Axes:
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(QUIET)
    axes.tick_params(colors=INK)
    for text in (axes.xaxis.label, axes.yaxis.label, axes.title):
        text.set_color(INK)
    return axes


def _plain(name: str) -> str:
    """A name for a plot: cut, without control characters, and with dollar signs that begin no formula.

    >>> _plain("$x$\\0 the Gazette")
    '\\\\$x\\\\$· the Gazette'
    """
    cut = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    return "".join(character if character.isprintable() else "·" for character in cut).replace("$", r"\$")


__all__ = ["calibration", "copy_map", "label_mix", "source_intervals", "threshold_curve", "timeline"]
