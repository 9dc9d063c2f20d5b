"""Two runs beside each other: `diff` says what changes on the same input, `drift` whether the input has changed.

*diff* compares the verdicts paragraph by paragraph (file, document, offsets). *drift* compares two distributions, the labels and the
probability of noise, by the population stability index, the sum over bins of (p − q) · ln(p / q). Paragraphs of one document are alike, so
documents and not paragraphs are counted when it asks what chance alone would give.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from noisefilter.errors import CorpusError
from noisefilter.report.run_folder import Row, Run, read_lines

# Examples of each change.
EXAMPLES = 5
# Population stability index from which a distribution is said to have moved, and to have moved far: the convention of credit scoring
# (Siddiqi 2006), where the index comes from.
MOVED, MOVED_FAR = 0.1, 0.25
# Share given to an empty bin, so that the index is finite.
FAINTEST = 1e-4
# Bins of the probability of noise: fifths of a survey's fifty.
COARSE = 10
# Standard normal quantile of 95 %.
NINETY_FIVE = 1.645


@dataclass
class Change:
    """Paragraphs that fare otherwise in the second run: how many, from which label to which, and some of them."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: list[Row] = field(default_factory=list)

    def add(self, before: str, after: str, row: Row) -> None:
        """Count one paragraph."""
        self.counts[before, after] += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append({**row, "before": before, "after": after})


@dataclass
class Diff:
    """What the second run takes out besides, what it keeps again, and what it calls by another name."""

    removed: Change = field(default_factory=Change)
    restored: Change = field(default_factory=Change)
    renamed: Change = field(default_factory=Change)
    notes: list[str] = field(default_factory=list)

    def to_row(self) -> dict[str, Any]:
        """The object that `noisefilter diff --format json` writes."""
        named = {"removed": self.removed, "restored": self.restored, "renamed": self.renamed}
        changes = {
            name: {
                "paragraphs": change.counts.total(),
                "labels": [{"before": a, "after": b, "paragraphs": n} for (a, b), n in change.counts.most_common()],
                "examples": change.examples,
            }
            for name, change in named.items()
        }
        return {"notes": self.notes, **changes}

    def __str__(self) -> str:
        lines = [f"note: {note}" for note in self.notes]
        for title, change in (
            ("taken out only by the second", self.removed),
            ("kept again by the second", self.restored),
            ("taken out by both, under another label", self.renamed),
        ):
            lines.append(f"{change.counts.total():>7,}  {title}")
            lines += [f"{'':9}{n:,}  {before} → {after}" for (before, after), n in change.counts.most_common()]
            lines += [f"{'':11}{row['before']} → {row['after']}  {_short(row['text'])}" for row in change.examples]
        return "\n".join(lines)


def diff(one: Run, other: Run) -> Diff:
    """What the second of two runs over the same input does otherwise; holds a number a rejected paragraph of the first."""
    found = Diff(notes=list(_differences(one.record, other.record)))
    first = {_key(row): row["label"] for row in _rejects(one)}
    for row in _rejects(other):
        before = first.pop(_key(row), None)
        if before is None:
            found.removed.add("kept", row["label"], row)
        elif before != row["label"]:
            found.renamed.add(before, row["label"], row)
            first[_key(row)] = ""
        else:
            first[_key(row)] = ""
    for row in _rejects(one):
        if first.get(_key(row)):
            found.restored.add(row["label"], "kept", row)
    return found


def _rejects(run: Run) -> Iterator[Row]:
    path = Path(run.folder) / "rejects.jsonl"
    if not path.is_file():
        raise CorpusError(f"{path}: missing. Expected the folder as `noisefilter filter` left it.")
    return read_lines(path)


def _key(row: Row) -> bytes:
    place = f"{row['file']}\x1f{row['document_id']}\x1f{row['start']}\x1f{row['end']}"
    return blake2b(place.encode(errors="surrogatepass"), digest_size=8).digest()


def _differences(one: Row, other: Row) -> Iterator[str]:
    """What was not the same in the two runs: first what makes the comparison doubtful."""
    for name in ("documents", "paragraphs"):
        if one.get(name) != other.get(name):
            yield f"{name} read: {one.get(name)} and {other.get(name)}; was it the same input?"
    for name in ("noisefilter", "model", "needed", "precision", "abstain", "thresholds", "phrases", "keep"):
        if one.get(name) != other.get(name):
            yield f"{name}: {_brief(one.get(name))} → {_brief(other.get(name))}"


def _brief(value: object) -> str:
    if value is None or value == {}:
        return "not set"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 40 else text[:12] + "…"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 90 else line[:89] + "…"


@dataclass(frozen=True)
class Drift:
    """How far one distribution has moved: its index, what chance alone may give (95 %), and the bins that moved most."""

    name: str
    index: float
    chance: float
    moved: tuple[tuple[str, float, float], ...]

    @property
    def verdict(self) -> str:
        """In words."""
        if self.index > max(MOVED_FAR, self.chance):
            return "moved far"
        if self.index > max(MOVED, self.chance):
            return "moved"
        return "too few documents to say" if self.chance > MOVED_FAR and self.index > MOVED else "no sign of drift"

    def to_row(self) -> dict[str, Any]:
        """The object that `noisefilter drift --format json` writes."""
        shares = [{"bin": name, "before": before, "now": now} for name, before, now in self.moved]
        return {"distribution": self.name, "verdict": self.verdict, "index": self.index, "chance": self.chance, "moved_most": shares}

    def __str__(self) -> str:
        shares = "; ".join(f"{name} {100 * before:.1f} % → {100 * now:.1f} %" for name, before, now in self.moved)
        said = f"{self.name}: {self.verdict} (index {self.index:.3f}, chance gives up to {self.chance:.3f})"
        return f"{said}. {shares}" if shares else said


def drift(run: Run, against: Run) -> list[Drift]:
    """How far a run's input has moved from that of an earlier run: in its labels, in how sure the model is, and in its languages."""
    records = (against.record, run.record)
    documents = [max(1, record.get("documents", 0)) for record in records]
    labels, sureness, languages = ([measure(record) for record in records] for measure in (_labels, _sureness, _languages))
    return [
        _drift("labels", labels[0], labels[1], documents),
        _drift("probability of noise", sureness[0], sureness[1], documents),
        _drift("languages", languages[0], languages[1], documents),
    ]


def _labels(record: Row) -> dict[str, int]:
    return {"kept": record["kept"], **record["rejected"]}


def _sureness(record: Row) -> dict[str, int]:
    noise: Sequence[int] = record.get("survey", {}).get("noise", ())
    if not noise:
        raise CorpusError("a run without the survey in run.json: it was made by an earlier version. Run `noisefilter filter` again.")
    step = len(noise) // COARSE
    return {f"{n / COARSE:.1f}–{(n + 1) / COARSE:.1f}": sum(noise[n * step : (n + 1) * step]) for n in range(COARSE)}


def _languages(record: Row) -> dict[str, int]:
    unknown: Mapping[str, int] = record.get("unknown_languages", {})
    return {"known": max(0, record.get("documents", 0) - sum(unknown.values())), **unknown}


def _drift(name: str, before: Mapping[str, int], now: Mapping[str, int], documents: Sequence[int]) -> Drift:
    bins = [*before, *(key for key in now if key not in before)]
    shares = [[max(FAINTEST, counts.get(key, 0) / max(1, sum(counts.values()))) for key in bins] for counts in (before, now)]
    index = math.fsum((q - p) * math.log(q / p) for p, q in zip(*shares, strict=True))
    far = sorted(zip(bins, *shares, strict=True), key=lambda one: -abs(one[2] - one[1]))
    return Drift(name, index, chance(len(bins), *documents), tuple(one for one in far[:3] if abs(one[2] - one[1]) >= 0.005))


def chance(n_bins: int, n: int, m: int) -> float:
    """The index that two samples of one distribution stay under in 95 % of all cases, for `n` and `m` independent documents.

    It is (1/n + 1/m) times a chi-square quantile, that by Wilson and Hilferty's cube (1931).

    >>> round(chance(11, 300, 300), 3), chance(1, 300, 300)
    (0.122, 0.0)
    """
    free = n_bins - 1
    if not free:
        return 0.0
    spread = 2 / (9 * free)
    return (1 / n + 1 / m) * free * (1 - spread + NINETY_FIVE * math.sqrt(spread)) ** 3
