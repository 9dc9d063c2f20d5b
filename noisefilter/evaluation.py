"""The measures used by scripts and by the quality gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from noisefilter.records import LABELS, Label

# Words. Shorter paragraphs are mostly menus, which every tool finds.
LONG = 10
# Text, gold label, and the labels that two models give.
Change = tuple[str, str, str, str]


@dataclass(frozen=True)
class Quality:
    """Figures of one data set, all 0-1; content F1 and content lost are by characters; `by_label` holds F1, precision and recall."""

    n_paragraphs: int
    noise_f1: float
    noise_f1_long: float
    content_f1: float
    content_lost: float
    macro_f1: float
    by_label: Mapping[str, tuple[float, float, float]]

    def __str__(self) -> str:
        lines = [
            f"  {self.n_paragraphs} paragraphs: noise F1 {self.noise_f1:.3f}, of {LONG}+ words {self.noise_f1_long:.3f}, "
            f"content F1 {self.content_f1:.3f}, content characters lost {self.content_lost:.4f}, macro-F1 {self.macro_f1:.3f}"
        ]
        lines += [f"    {name:10} F1 {f:.3f} (P {p:.3f} R {r:.3f})" for name, (f, p, r) in self.by_label.items()]
        return "\n".join(lines)

    def under(self, floors: Mapping[str, float]) -> list[str]:
        """Which figures are worse than their floor; `content_lost` must not be above it."""
        worse = []
        for name, floor in floors.items():
            value = getattr(self, name)
            if value > floor if name == "content_lost" else value < floor:
                worse.append(f"{name} {value:.4f}, floor {floor}")
        return worse


def measure(rows: Iterable[tuple[str, str, str]]) -> Quality:
    """Quality from `(text, gold label, given label)` a paragraph.

    >>> measure([("One line of text.", "content", "content"), ("Share", "navigation", "navigation")]).noise_f1
    1.0
    """
    rows = list(rows)
    confusion = Counter((gold, got) for _, gold, got in rows)
    present = [str(label) for label in LABELS if any(gold == label for gold, _ in confusion)]
    by_label = {name: f1(_hits(confusion, name)) for name in present}
    sides = [(len(text.split()), len(text), Label(gold).is_kept, Label(got).is_kept) for text, gold, got in rows]
    characters: Counter[tuple[bool, bool]] = Counter()
    for _, size, keep, kept in sides:
        characters[keep, kept] += size
    hits, lost, left = characters[True, True], characters[True, False], characters[False, True]
    return Quality(
        len(rows),
        _noise_f1([(keep, kept) for _, _, keep, kept in sides]),
        _noise_f1([(keep, kept) for words, _, keep, kept in sides if words >= LONG]),
        f1((hits, hits + left, hits + lost))[0],
        lost / max(1, hits + lost),
        sum(f for f, _, _ in by_label.values()) / max(1, len(by_label)),
        by_label,
    )


@dataclass(frozen=True)
class Comparison:
    """What changes from one model to another: the rows where only the second is right, and where only the first is.

    `still_wrong` counts the paragraphs where neither is right.
    """

    n_paragraphs: int
    fixed: tuple[Change, ...]
    broken: tuple[Change, ...]
    still_wrong: int

    # Examples shown of the fixed and of the broken.
    SHOWN = 10

    @property
    def crossed(self) -> tuple[int, int]:
        """Of the fixed and the broken, how many changed sides between kept and noise."""
        return sum(map(_crosses, self.fixed)), sum(map(_crosses, self.broken))

    def __str__(self) -> str:
        sides = self.crossed
        lines = [
            f"  {self.n_paragraphs} paragraphs: {len(self.fixed)} fixed, {len(self.broken)} broken, {self.still_wrong} wrong otherwise"
        ]
        for name, changes, n_crossed in (("fixed", self.fixed, sides[0]), ("broken", self.broken, sides[1])):
            lines.append(f"    {name} {len(changes)}, of them {n_crossed} between kept and noise")
            lines += [
                f"      {gold}: {first} → {second}  {' '.join(text.split())[:90]}" for text, gold, first, second in changes[: self.SHOWN]
            ]
        return "\n".join(lines)


def compare(rows: Iterable[Change]) -> Comparison:
    """What changes between two models, from `(text, gold label, first's label, second's label)` a paragraph.

    Changes between kept and noise come first, then in the order of the rows.

    >>> rows = [("Share", "navigation", "content", "navigation"), ("It rained.", "content", "content", "spam")]
    >>> compare(rows).crossed
    (1, 1)
    """
    rows = list(rows)
    fixed = sorted((row for row in rows if row[2] != row[1] == row[3]), key=_crosses, reverse=True)
    broken = sorted((row for row in rows if row[2] == row[1] != row[3]), key=_crosses, reverse=True)
    still_wrong = sum(gold not in (first, second) for _, gold, first, second in rows)
    return Comparison(len(rows), tuple(fixed), tuple(broken), still_wrong)


def _crosses(change: Change) -> bool:
    return Label(change[2]).is_kept != Label(change[3]).is_kept


def calibration_error(rows: Iterable[tuple[float, bool]], n_bins: int = 10) -> float:
    """Expected calibration error, 0-1: how far stated probability and share of right verdicts lie apart (Naeini et al. 2015).

    >>> calibration_error([(0.9, True)] * 9 + [(0.9, False)])
    0.0
    """
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(n_bins)]
    for probability, is_right in rows:
        bins[min(n_bins - 1, int(probability * n_bins))].append((probability, is_right))
    n = sum(map(len, bins))
    gaps = (abs(sum(p for p, _ in part) - sum(right for _, right in part)) for part in bins)
    return round(sum(gaps) / max(1, n), 6)


def f1(counts: tuple[int, int, int]) -> tuple[float, float, float]:
    """F1, precision and recall from hits, given and gold counts."""
    hits, given, gold = counts
    precision, recall = hits / max(1, given), hits / max(1, gold)
    return 2 * precision * recall / max(1e-9, precision + recall), precision, recall


def _hits(confusion: Counter[tuple[str, str]], name: str) -> tuple[int, int, int]:
    given = sum(n for (_, got), n in confusion.items() if got == name)
    return confusion[name, name], given, sum(n for (gold, _), n in confusion.items() if gold == name)


def _noise_f1(pairs: list[tuple[bool, bool]]) -> float:
    counts = Counter(pairs)
    noise = counts[False, False]
    return round(f1((noise, noise + counts[True, False], noise + counts[False, True]))[0], 6)
