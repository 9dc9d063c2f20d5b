"""One self-contained page: what was taken out and why, which source is weak and by which sentences.

The page needs no network and no other file. Its Content-Security-Policy allows one style sheet and one script, both named by their hash,
and nothing else, so a script in the data could not run even if it got through the escaping of the template. Everything can be read
without the script, which only sorts the table and opens what a link leads to.
"""

from __future__ import annotations

import base64
import hashlib
import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noisefilter.corpus.writing import open_output
from noisefilter.plot import copy_map, threshold_curve
from noisefilter.records import KEPT, Label, SourceScore
from noisefilter.report.examples import label_examples, nearly_removed
from noisefilter.report.figures import svg
from noisefilter.report.run_folder import Row, Run, check_scores, is_run, read_run, read_scores, read_scores_from_stream, scores_of
from noisefilter.report.sources import STATUSES, shown_sources

if TYPE_CHECKING:
    from jinja2 import Template

    from noisefilter.noise.precision import Promise

# Bytes. Larger pages are slow on a phone and do not go through mail; details are halved until the page is smaller.
LARGEST = 2_000_000


@dataclass(frozen=True)
class Limits:
    """How much is shown: examples a label and kind, sources with their sentences, figures of each, and rows of the table."""

    examples: int = 3
    detailed: int = 40
    statistics: int = 25
    rows: int = 1000

    def halved(self) -> Limits:
        """Half as much of everything that can grow."""
        return Limits(max(1, self.examples // 2), self.detailed // 2, max(3, self.statistics // 2), max(20, self.rows // 2))


def write_report(scores: Iterable[SourceScore | Row], path: str | Path, run: str | Path | None = None) -> int:
    """Write the page of scores, and of the run in the folder `run`; returns its size in bytes, at most two million.

    `scores` are those of `score_sources`, or rows of its JSON.

    >>> import tempfile
    >>> from noisefilter import Document, score_sources
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     size = write_report(score_sources([Document("a", "Nine people came.")]), f"{folder}/report.html")
    ...     "not enough evidence" in Path(folder, "report.html").read_text()
    True
    """
    rows = check_scores((one.to_row() if isinstance(one, SourceScore) else one for one in scores), "scores")
    page = render(rows, read_run(run) if run is not None else None).encode("utf-8", "replace")
    with open_output(Path(path)) as stream:
        stream.write(page)
    return len(page)


def write_report_of(paths: Sequence[str | Path], output: str | Path) -> int:
    """Write the page of a run's folder, of files of scores, or of both; scores that lie in the folder are taken too."""
    run, rows = None, []
    for path in map(Path, paths):
        if str(path) == "-":
            rows += read_scores_from_stream(sys.stdin.buffer, "stdin")
        elif path.is_dir() or is_run(path):
            if run is not None:
                raise ValueError(f"{path}: a second run; a report shows one. See `noisefilter diff` for two.")
            run = path
            found = scores_of(path)
            rows += read_scores(found) if found else []
        else:
            rows += read_scores(path)
    return write_report(rows, output, run)


def render(scores: Sequence[Row], run: Run | None, limits: Limits | None = None) -> str:
    """The page as text, with fewer details where it would be too large."""
    limits = limits or Limits()
    page = _render(scores, run, limits)
    while len(page.encode("utf-8", "replace")) > LARGEST and limits != limits.halved():
        limits = limits.halved()
        page = _render(scores, run, limits)
    return page


def _render(scores: Sequence[Row], run: Run | None, limits: Limits) -> str:
    from markupsafe import Markup

    import noisefilter

    style, script = (files(__package__).joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    sources = shown_sources(scores, run, limits.detailed, limits.statistics)
    return _template().render(
        version=noisefilter.__version__,
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        run=run and _run_view(run, limits),
        scores=[source for source in sources if source.row is not None],
        weakest=next((source for source in sources if source.is_scored), None),
        sources=sources[: limits.rows],
        n_sources=len(sources),
        detailed=[source for source in sources if source.statistics or source.contradictions][: limits.detailed],
        statuses=STATUSES,
        copies=_copies(scores),
    )


def _run_view(run: Run, limits: Limits) -> dict[str, Any]:
    """What the template shows of a run."""
    record = run.record
    return {
        "folder": run.folder.name,
        "record": record,
        "labels": label_examples(run, limits.examples),
        "nearly": nearly_removed(run),
        "n_rejected": sum(record["rejected"].values()),
        "n_shown": len(run.documents),
        "quarantined": run.quarantined,
        "expected": _expected(record),
        "threshold_figure": _threshold_figure(record),
        "command": command_of(record),
    }


def _expected(record: Row) -> Promise | None:
    """What a threshold such as the one in use cost on authors that the model had not seen: the row of its table that is nearest above."""
    table = record.get("precision_table")
    if not table or "needed" not in record:
        return None
    from noisefilter.noise.precision import PrecisionTable

    return next((row for row in PrecisionTable.from_json(table).rows if row.threshold >= record["needed"] - 1e-9), None)


def _threshold_figure(record: Row) -> Any:
    from markupsafe import Markup

    from noisefilter.noise.precision import PrecisionTable

    noise = record.get("survey", {}).get("noise")
    if not noise or not sum(noise):
        return None
    table = PrecisionTable.from_json(record["precision_table"]) if record.get("precision_table") else None
    title = "Share of paragraphs taken out, and of good text lost, by threshold"
    return Markup(svg(lambda axes: threshold_curve(noise, table, record.get("needed"), axes), title))


def _copies(scores: Sequence[Row]) -> dict[str, Any] | None:
    """The copy map and its pairs in words, None where no source copies another."""
    pairs = sorted({(*sorted((row["source"], copy["source"])), copy["similarity"]) for row in scores for copy in row.get("copies", [])})
    if not pairs:
        return None
    from markupsafe import Markup

    return {"pairs": pairs, "figure": Markup(svg(lambda axes: copy_map(pairs, axes), "Which sources copy each other", height=3.0))}


def command_of(record: Row) -> str:
    """The command that gives this run again, with the input left open.

    >>> command_of({"precision": 0.99, "thresholds": {"spam": 0.9}, "keep": ["content", "heading", "uncertain", "caption"]})
    'noisefilter filter INPUT -o OUT --precision 0.99 --threshold spam=0.9 --keep caption'
    """
    words = ["noisefilter filter INPUT -o OUT"]
    if record.get("precision"):
        words.append(f"--precision {record['precision']:g}")
    if record.get("abstain"):
        words.append(f"--abstain {record['abstain']:g}")
    words += [f"--threshold {label}={value:g}" for label, value in sorted(record.get("thresholds", {}).items())]
    phrases = sorted(record.get("phrases", {}).items())
    words += [f"--phrase {shlex.quote(f'{label}={one}')}" for label, those in phrases for one in those]
    kept = set(record.get("keep", KEPT))
    if kept >= KEPT:
        words += [f"--keep {label}" for label in Label if label in kept - KEPT]
    else:
        words += [f"--drop {label}" for label in Label if label not in kept]
    return " ".join(words)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader(__package__, "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    environment.filters["percent"] = _percent
    return environment.get_template("page.html.jinja")


def _percent(share: float | None) -> str:
    """A share in percent with as many digits as a reader can use.

    >>> [_percent(share) for share in (0.2593, 0.0131, None)]
    ['26 %', '1.3 %', '–']
    """
    if share is None:
        return "–"
    return f"{100 * share:.0f} %" if share >= 0.1 or share == 0 else f"{100 * share:.1f} %"


__all__ = ["Limits", "command_of", "render", "write_report", "write_report_of"]
