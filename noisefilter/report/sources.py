"""Which source is weak, and by which sentences: the rows of `score` (and of a run) as the page shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from noisefilter.report.run_folder import Row, Run

# Most telling first, as a reader of a doubtful source looks for them.
STATUSES = ("contradicted", "corroborated", "uncorroborated")
# How the page says whom a figure is from.
GIVERS = {"quote": "quoted", "named": "attributed", "vague": "vaguely attributed", "none": "nobody named"}
# Reasons of a source that are quoted with their sentence.
REASONS = 6
# Sentences of others shown beside a figure, of those who agree and of those who differ.
WITNESSES = 4


@dataclass(frozen=True)
class Quoted:
    """A sentence in three parts, the middle one the span that matters."""

    before: str
    span: str
    after: str

    @property
    def text(self) -> str:
        """The whole sentence."""
        return self.before + self.span + self.after


@dataclass(frozen=True)
class Pair:
    """The two places of a contradiction; where both lie in one sentence it is quoted once, in `parts`, every other of them marked."""

    a: Quoted
    b: Quoted

    @property
    def parts(self) -> tuple[str, ...]:
        """The sentence cut at its two spans, () where these are in two sentences or overlap.

        >>> Pair(Quoted("It took ", "two", " of nine."), Quoted("It took two of ", "nine", ".")).parts
        ('It took ', 'two', ' of ', 'nine', '.')
        """
        one, other = sorted((self.a, self.b), key=lambda quoted: len(quoted.before))
        end = len(one.before) + len(one.span)
        if one.text != other.text or len(other.before) < end:
            return ()
        return one.before, one.span, one.text[end : len(other.before)], other.span, other.after


@dataclass(frozen=True)
class Witness:
    """The sentence of another source, and where that source stands on the page (None: it has no section)."""

    source: str
    number: int | None
    quoted: Quoted


@dataclass(frozen=True)
class ShownStatistic:
    """A figure of the source with its status, its sentence, and the sentences of those who agree and differ."""

    row: Row
    quoted: Quoted
    agreeing: tuple[Witness, ...]
    differing: tuple[Witness, ...]
    n_more: int

    @property
    def giver(self) -> str:
        """Who is said to give the figure, in words; a name only where there is one, the sentence stands beside it."""
        attribution, speaker = self.row["attribution"], self.row.get("speaker") or ""
        return GIVERS[attribution] + (f": {speaker}" if attribution in ("quote", "named") and speaker[:1].isupper() else "")


@dataclass(frozen=True)
class ShownReason:
    """A place that moved the score, its sentence where it is known, and both places for a contradiction."""

    row: Row
    quoted: Quoted | None
    pair: Pair | None


@dataclass(frozen=True)
class ShownSource:
    """A source as the page shows it; `paragraphs` and `rejected` are None where no run was given, `row` where there is no score."""

    name: str
    number: int
    row: Row | None
    paragraphs: int | None
    rejected: int | None
    counts: Counter[str]
    reasons: tuple[ShownReason, ...] = ()
    statistics: tuple[ShownStatistic, ...] = ()
    contradictions: tuple[tuple[Row, Pair | None], ...] = ()

    @property
    def noise_share(self) -> float | None:
        """Share of its paragraphs that were taken out."""
        return self.rejected / self.paragraphs if self.paragraphs and self.rejected is not None else None

    @property
    def is_scored(self) -> bool:
        """Whether there was enough evidence for a score."""
        return self.row is not None and self.row["reliability"] is not None


def shown_sources(scores: Sequence[Row], run: Run | None, n_detailed: int, n_statistics: int) -> list[ShownSource]:
    """Scored sources worst first, then those without enough evidence, then those that only the run knows, noisiest first.

    The first `n_detailed` have their sentences, up to `n_statistics` each.
    """
    kept = dict(run.record.get("survey", {}).get("sources", {})) if run else {}
    ordered = sorted(scores, key=lambda row: (row["reliability"] is None, row["reliability"] or 0.0, row["source"]))
    numbers = {row["source"]: number for number, row in enumerate(ordered, 1) if number <= n_detailed}
    shown = [
        _shown(row, number, kept.get(row["source"]), numbers, n_statistics if number <= n_detailed else 0)
        for number, row in enumerate(ordered, 1)
    ]
    known = {row["source"] for row in ordered}
    others = sorted((-rejected / max(1, paragraphs), name) for name, (paragraphs, rejected) in kept.items() if name not in known)
    return shown + [
        ShownSource(name, number, None, kept[name][0], kept[name][1], Counter()) for number, (_, name) in enumerate(others, len(shown) + 1)
    ]


def quote(place: Row) -> Quoted | None:
    """The sentence of a place with the span marked; None where the row has no sentence.

    >>> quote({"start": 14, "end": 16, "sentence": "At least 41 came.", "sentence_start": 5})
    Quoted(before='At least ', span='41', after=' came.')
    """
    sentence: str | None = place.get("sentence")
    if sentence is None:
        return None
    offset = place.get("sentence_start")
    if offset is None:
        # Rows of an earlier version: the first occurrence of the words.
        start = max(0, sentence.find(place.get("text", "")))
        end = start + len(place.get("text", ""))
    else:
        start, end = (min(max(0, place[name] - offset), len(sentence)) for name in ("start", "end"))
    return Quoted(sentence[:start], sentence[start:end], sentence[end:])


def _shown(row: Row, number: int, kept: Sequence[int] | None, numbers: dict[str, int], n_statistics: int) -> ShownSource:
    statistics = sorted(row["statistics"], key=lambda one: STATUSES.index(one["status"])) if n_statistics else []
    paragraphs, rejected = kept or (None, None)
    return ShownSource(
        name=row["source"],
        number=number,
        row=row,
        paragraphs=paragraphs,
        rejected=rejected,
        counts=Counter(one["status"] for one in row["statistics"]),
        reasons=_reasons(row) if n_statistics else (),
        statistics=tuple(_statistic(one, numbers) for one in statistics[:n_statistics]),
        contradictions=tuple((one, _pair(one)) for one in row.get("contradictions", [])[:n_statistics]),
    )


def _reasons(row: Row) -> tuple[ShownReason, ...]:
    """The reasons that weigh most; a place's sentence is that of the statistic or contradiction that begins there."""
    figures = {(one["document_id"], one["start"]): quote(one) for one in row["statistics"]}
    against = {(one["document_id"], one["a"]["start"], one["explanation"]): one for one in row.get("contradictions", [])}
    return tuple(_reason(one, figures, against) for one in row.get("reasons", [])[:REASONS])


def _reason(row: Row, figures: dict[tuple[str, int], Quoted | None], against: dict[tuple[str, int, str], Row]) -> ShownReason:
    found = against.get((row["document_id"], row["start"], row["text"]))
    if found:
        return ShownReason(row, None, _pair(found))
    return ShownReason(row, figures.get((row["document_id"], row["start"])), None)


def _pair(contradiction: Row) -> Pair | None:
    a, b = quote(contradiction["a"]), quote(contradiction["b"])
    return Pair(a, b) if a and b else None


def _statistic(row: Row, numbers: dict[str, int]) -> ShownStatistic:
    places = row.get("witnesses", [])
    agreeing, differing = (
        tuple(_witness(one, numbers) for one in places if bool(one["agrees"]) is agrees)[:WITNESSES] for agrees in (True, False)
    )
    own = quote(row) or Quoted("", row.get("text", ""), "")
    return ShownStatistic(row, own, agreeing, differing, len(places) - len(agreeing) - len(differing))


def _witness(row: Row, numbers: dict[str, int]) -> Witness:
    return Witness(row["source"], numbers.get(row["source"]), quote(row) or Quoted("", "", ""))
