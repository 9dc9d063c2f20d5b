"""The nouns of the package: plain frozen records, each the same in Python, in JSON Lines and in a table.

Path of data: `Document` → `Paragraph`… → `LabelledDocument` → clean `Document`.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self


class Label(StrEnum):
    """What a paragraph is; the rules are in docs/labels.md.

    `uncertain` is no kind of paragraph but the answer of a filter that was told to abstain (`abstain`): it is kept, never trained on,
    and no model gives it a probability. So it is a member here, since it stands where a label stands, and not in `LABELS`.

    >>> [label.value for label in Label if label.is_kept]
    ['content', 'heading', 'uncertain']
    """

    CONTENT = "content"
    HEADING = "heading"
    TEASER = "teaser"
    SPAM = "spam"
    PROMO = "promo"
    NAVIGATION = "navigation"
    EMBED = "embed"
    CAPTION = "caption"
    BYLINE = "byline"
    LEGAL = "legal"
    COMMENT = "comment"
    UNCERTAIN = "uncertain"

    @property
    def is_kept(self) -> bool:
        """Whether `filter` keeps paragraphs of this label when nobody says otherwise."""
        return self in (Label.CONTENT, Label.HEADING, Label.UNCERTAIN)


# The kinds that a model knows, in the order of its columns.
LABELS: tuple[Label, ...] = tuple(label for label in Label if label is not Label.UNCERTAIN)
# A look-up is quicker than what an enum does for `value`.
_NAMES = {label: str(label) for label in Label}
KEPT: frozenset[Label] = frozenset(label for label in Label if label.is_kept)


@dataclass(frozen=True, slots=True)
class Document:
    """One scraped text as it was read.

    `body` is the text itself (for HTML, the text read from the page: one block a line). `source` is who published it:
    the field of that name, else the domain of `url`, else the file. `extra` holds input fields that pass through. `markup` describes,
    for a page of HTML, where each line of the body stood (`corpus.html.describe_block`).

    >>> Document(id="a", body="One line.").source
    ''
    """

    id: str
    body: str
    source: str = ""
    media_type: str = "text/plain"
    url: str | None = None
    published: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    markup: tuple[str, ...] | None = None

    def with_body(self, body: str) -> Document:
        """The same document with another text, and without markup, which fits its own lines only."""
        return replace(self, body=body, markup=None)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of a document: ``document.body[start:end]``, offsets in characters, end exclusive.

    `article` numbers the articles of a document from 1; it is None where the paragraph belongs to none.
    """

    document_id: str
    index: int
    start: int
    end: int
    text: str
    article: int | None = None


@dataclass(frozen=True, slots=True)
class LabelledParagraph:
    """A paragraph with its verdict.

    `probability` is the model's for `label`, 0-1, and for `uncertain` that of noise of any kind. `noise` is the probability of noise of
    any kind, which thresholds are compared with; None where nobody asked a model. `teaser_of` is the index of the
    paragraph in the same document where the article begins that this paragraph announces, or None. `reasons` are short phrases,
    strongest first.
    """

    paragraph: Paragraph
    label: Label
    probability: float
    reasons: tuple[str, ...] = ()
    teaser_of: int | None = None
    noise: float | None = None

    @property
    def text(self) -> str:
        """The paragraph's own text."""
        return self.paragraph.text

    def to_row(self, source: str) -> dict[str, Any]:
        """The row that `noisefilter label` writes."""
        part = self.paragraph
        return {
            "document_id": part.document_id,
            "source": source,
            "index": part.index,
            "start": part.start,
            "end": part.end,
            "text": part.text,
            "label": str(self.label),
            "probability": self.probability,
            "noise": self.noise,
            "reasons": list(self.reasons),
            "article": part.article,
            "teaser_of": self.teaser_of,
        }


@dataclass(slots=True, eq=False)
class ParagraphColumns(Sequence[LabelledParagraph]):
    """The verdicts on a document's paragraphs as lists, one a field; records are made when somebody asks for one.

    A run looks at lists only: to make records of all paragraphs takes as long as half of the judging.
    """

    document: Document
    starts: Sequence[int]
    ends: Sequence[int]
    labels: Sequence[Label]
    probabilities: Sequence[float]
    noise: Sequence[float | None]
    reasons: Sequence[tuple[str, ...]]
    articles: Sequence[int | None]
    teaser_of: Sequence[int | None]
    _records: tuple[LabelledParagraph, ...] | None = None

    @classmethod
    def of(cls, document: Document, records: Sequence[LabelledParagraph]) -> Self:
        """The columns of records, or the columns that they are already."""
        if isinstance(records, cls):
            return records
        made = [one.paragraph for one in records]
        return cls(
            document,
            [one.start for one in made],
            [one.end for one in made],
            [one.label for one in records],
            [one.probability for one in records],
            [one.noise for one in records],
            [one.reasons for one in records],
            [one.article for one in made],
            [one.teaser_of for one in records],
        )

    def rows(self, chosen: Iterable[int] | None = None) -> list[dict[str, Any]]:
        """The rows of `LabelledParagraph.to_row`, of all paragraphs or of those with the `chosen` numbers."""
        name, source, body = self.document.id, self.document.source, self.document.body
        return [
            {
                "document_id": name,
                "source": source,
                "index": index,
                "start": self.starts[index],
                "end": self.ends[index],
                "text": body[self.starts[index] : self.ends[index]],
                "label": _NAMES[self.labels[index]],
                "probability": self.probabilities[index],
                "noise": self.noise[index],
                "reasons": list(self.reasons[index]),
                "article": self.articles[index],
                "teaser_of": self.teaser_of[index],
            }
            for index in (range(len(self)) if chosen is None else chosen)
        ]

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[LabelledParagraph]:
        return iter(self._made())

    def __getitem__(self, index: Any) -> Any:
        return self._made()[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (tuple, ParagraphColumns)) and self._made() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._made())

    def __repr__(self) -> str:
        return repr(self._made())

    def _made(self) -> tuple[LabelledParagraph, ...]:
        if self._records is None:
            self._records = tuple(
                LabelledParagraph(
                    Paragraph(self.document.id, index, start, end, self.document.body[start:end], article),
                    label,
                    probability,
                    reasons,
                    teaser_of,
                    noise,
                )
                for index, (start, end, label, probability, noise, reasons, article, teaser_of) in enumerate(self._fields())
            )
        return self._records

    def _fields(self) -> Iterator[tuple[int, int, Label, float, float | None, tuple[str, ...], int | None, int | None]]:
        columns = (self.starts, self.ends, self.labels, self.probabilities, self.noise, self.reasons, self.articles, self.teaser_of)
        return zip(*columns, strict=True)


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A document with a verdict on each of its paragraphs; the text itself is untouched.

    `paragraphs` may be a tuple or what acts like one. `unknown_language` is the code of the document's language when the model does not
    know it: then everything is kept.
    """

    document: Document
    paragraphs: Sequence[LabelledParagraph]
    unknown_language: str | None = None

    @property
    def columns(self) -> ParagraphColumns:
        """The verdicts as lists."""
        return ParagraphColumns.of(self.document, self.paragraphs)

    def rows(self) -> list[dict[str, Any]]:
        """A dictionary a paragraph, as `noisefilter label` writes them."""
        return self.columns.rows()

    def to_frame(self) -> Any:
        """The rows as a pandas DataFrame."""
        import pandas

        return pandas.DataFrame(self.rows())

    def _repr_html_(self) -> str:
        """The text with its paragraphs coloured by label, for notebooks; everything from the data is escaped."""
        lines = []
        for verdict in self.paragraphs:
            colour = "inherit" if verdict.label.is_kept else "#b3432b"
            note = html.escape(f"{verdict.label} {verdict.probability:.2f} {'; '.join(verdict.reasons)}")
            style = f"margin:.2em 0;padding-left:.6em;border-left:.3em solid {colour};color:{colour}"
            lines.append(f'<p style="{style}" title="{note}"><small>{verdict.label}</small> {html.escape(verdict.text)}</p>')
        return f"<article><h4>{html.escape(self.document.id)}</h4>{''.join(lines)}</article>"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured number in a text: `text` is ``body[start:end]``, offsets in characters, end exclusive.

    `value` is the number as stated, multiplied out; of a range it is the middle. `low` and `high` bound what the words
    claim ("over 70": low 70, high None); an end is None where it is open. `modifier` is one of `MODIFIERS`; `unit` is the
    unit in its plain name ("dollar", "%", "km/h") or, of a count, the words that are counted.

    >>> Quantity(Decimal("70"), Decimal("70"), None, "over", "people", "over 70 people", 0, 14).to_row()["value"]
    70.0
    """

    value: Decimal
    low: Decimal | None
    high: Decimal | None
    modifier: str
    unit: str
    text: str
    start: int
    end: int

    def to_row(self) -> dict[str, Any]:
        """The fields for JSON, numbers as numbers; a number too large for a float is given as its digits."""
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "value": _number(self.value),
            "low": _number(self.low),
            "high": _number(self.high),
            "unit": self.unit,
            "modifier": self.modifier,
        }


MODIFIERS: tuple[str, ...] = ("exact", "about", "at_least", "over", "at_most", "under", "nearly", "range")


def _number(value: Decimal | None) -> float | str | None:
    """A float, or the digits of a number that no float can hold."""
    if value is None:
        return None
    number = float(value)
    return str(value) if number in (float("inf"), float("-inf")) else number


@dataclass(frozen=True, slots=True)
class Claim:
    """A quantity with what it is said of: what is counted, where, when, and who says so.

    The offsets of `quantity` and of the sentence are those of the document's body. `counted` and `predicate` are the words as
    written. `place` and `time` are "" where none is stated; `place_inherited` tells that the place stands in a sentence
    before. `attribution` is quote, named, vague or none; `speaker` who says it, "" for the writer. `setting` is the text that
    comes before the sentence in its paragraph, by which a pronoun or an ellipsis is understood. `unit` is that of the quantity, or
    the one understood from the number before ("9 per cent against 4"). A figure is `disputed` where the text itself rejects it.
    """

    source: str
    document_id: str
    paragraph_index: int
    quantity: Quantity
    counted: str
    predicate: str
    place: tuple[str, ...]
    place_inherited: bool
    time: str
    rate: str
    attribution: str
    speaker: str
    in_quote: bool
    sentence: str
    sentence_start: int
    setting: str = ""
    article: int | None = None
    unit: str = ""
    disputed: bool = False

    @property
    def start(self) -> int:
        """Where the quantity begins in the document's body."""
        return self.quantity.start

    @property
    def end(self) -> int:
        """Where the quantity ends in the document's body."""
        return self.quantity.end

    def to_row(self) -> dict[str, Any]:
        """The row that `noisefilter claims` writes."""
        return {
            "document_id": self.document_id,
            "source": self.source,
            "paragraph": self.paragraph_index,
            **self.quantity.to_row(),
            "counted": self.counted,
            "predicate": self.predicate,
            "place": list(self.place),
            "place_inherited": self.place_inherited,
            "time": self.time,
            "rate": self.rate,
            "attribution": self.attribution,
            "speaker": self.speaker,
            "in_quote": self.in_quote,
            "disputed": self.disputed,
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a document that begins at `offset`, and the span in it that matters; all offsets are those of the document's body."""

    sentence: str
    offset: int
    start: int
    end: int

    def to_row(self) -> dict[str, Any]:
        """The fields for JSON."""
        return {"start": self.start, "end": self.end, "sentence": self.sentence, "sentence_start": self.offset}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two places of one document that cannot both be true: their offsets, the kind, and a sentence that says why.

    `severity` is how much it weighs, 0-1: a role that wavers weighs less than a total that does not add up. `passages` are the
    sentences round the two places.
    """

    document_id: str
    a: tuple[int, int]
    b: tuple[int, int]
    kind: str
    explanation: str
    severity: float = 1.0
    passages: tuple[Passage, ...] = ()

    def to_row(self) -> dict[str, Any]:
        """The entry in a source's list of contradictions."""
        spans: dict[str, dict[str, Any]] = {"a": {"start": self.a[0], "end": self.a[1]}, "b": {"start": self.b[0], "end": self.b[1]}}
        for name, passage in zip(spans, self.passages, strict=False):
            spans[name] = passage.to_row()
        return {"document_id": self.document_id, **spans, "kind": self.kind, "explanation": self.explanation}


@dataclass(frozen=True, slots=True)
class Witness:
    """What another source says of the same thing: the place, and whether it agrees or differs."""

    source: str
    document_id: str
    agrees: bool
    passage: Passage

    def to_row(self) -> dict[str, Any]:
        """The entry in a statistic's list of witnesses."""
        return {"source": self.source, "document_id": self.document_id, "agrees": self.agrees, **self.passage.to_row()}


@dataclass(frozen=True, slots=True)
class Statistic:
    """A claim as the other sources leave it: `status` is corroborated, uncorroborated (in this set) or contradicted.

    `witnesses` are places of the sources named, one each where it is known.
    """

    claim: Claim
    status: str
    corroborated_by: tuple[str, ...] = ()
    contradicted_by: tuple[str, ...] = ()
    witnesses: tuple[Witness, ...] = ()

    def to_row(self) -> dict[str, Any]:
        """The entry in a source's list of statistics."""
        row = self.claim.to_row()
        del row["source"]
        return {
            **row,
            "sentence_start": self.claim.sentence_start,
            "status": self.status,
            "corroborated_by": list(self.corroborated_by),
            "contradicted_by": list(self.contradicted_by),
            "witnesses": [witness.to_row() for witness in self.witnesses],
        }


@dataclass(frozen=True, slots=True)
class SourceTally:
    """What is known of a source as sums, so that the tallies of parts of a corpus can be added in any order.

    `comparable` counts the claims on events that another voice reports too. `supported` and `opposed` are weights of evidence
    from other voices, `consistent` and `inconsistent` from the source's own text, `attributed` and `unattributed` how well it
    says whom its figures come from.
    """

    source: str
    claims: int = 0
    comparable: int = 0
    supported: float = 0.0
    opposed: float = 0.0
    consistent: float = 0.0
    inconsistent: float = 0.0
    attributed: float = 0.0
    unattributed: float = 0.0

    def __add__(self, other: SourceTally) -> SourceTally:
        """The tally of both parts together."""
        if self.source != other.source:
            raise ValueError(f"tallies of two sources cannot be added: {self.source!r} and {other.source!r}.")
        return SourceTally(
            self.source,
            self.claims + other.claims,
            self.comparable + other.comparable,
            self.supported + other.supported,
            self.opposed + other.opposed,
            self.consistent + other.consistent,
            self.inconsistent + other.inconsistent,
            self.attributed + other.attributed,
            self.unattributed + other.unattributed,
        )


@dataclass(frozen=True, slots=True)
class Reason:
    """A place in a document that moved a score: by how much (negative lowers), and what it is in words."""

    weight: float
    text: str
    document_id: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.text} ({self.document_id}:{self.start}-{self.end})"


@dataclass(frozen=True, slots=True)
class SourceScore:
    """How far a source can be relied on: 0-1, larger is better, with its 5-95 % interval; None when there is too little to say.

    `corroboration`, `consistency` and `attribution` are the three parts. `note` says why there is no score. `copies` names the
    sources that are one voice with this one, with how similar they are.
    """

    source: str
    reliability: float | None
    low: float | None
    high: float | None
    corroboration: float
    consistency: float
    attribution: float
    tally: SourceTally
    note: str = ""
    reasons: tuple[Reason, ...] = ()
    statistics: tuple[Statistic, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    copies: tuple[tuple[str, float], ...] = ()

    def to_row(self) -> dict[str, Any]:
        """The object that `noisefilter score` writes."""
        tally = self.tally
        return {
            "source": self.source,
            "reliability": self.reliability,
            "low": self.low,
            "high": self.high,
            "corroboration": self.corroboration,
            "consistency": self.consistency,
            "attribution": self.attribution,
            "note": self.note,
            "claims": tally.claims,
            "comparable": tally.comparable,
            "tally": {name: getattr(tally, name) for name in _TALLIED},
            "reasons": [
                {"weight": r.weight, "text": r.text, "document_id": r.document_id, "start": r.start, "end": r.end} for r in self.reasons
            ],
            "statistics": [statistic.to_row() for statistic in self.statistics],
            "contradictions": [contradiction.to_row() for contradiction in self.contradictions],
            "copies": [{"source": name, "similarity": similarity} for name, similarity in self.copies],
        }

    def _repr_html_(self) -> str:
        """The score with its interval and what moved it most, for notebooks; everything from the data is escaped."""
        if self.reliability is None or self.low is None or self.high is None:
            value = html.escape(self.note)
        else:
            track = "display:inline-block;position:relative;width:8em;height:.5em;margin:0 .6em;background:#8883;border-radius:.25em"
            span = f"position:absolute;height:100%;left:{100 * self.low:.1f}%;width:{100 * (self.high - self.low):.1f}%;background:#1f5fa8"
            bar = f'<span style="{track}"><span style="{span};border-radius:.25em"></span></span>'
            value = f"<b>{self.reliability:.2f}</b>{bar}{self.low:.2f}–{self.high:.2f}"
        reasons = "".join(f"<li>{reason.weight:+.2f} {html.escape(str(reason))}</li>" for reason in self.reasons[:_SHOWN])
        return f"<section><h4>{html.escape(self.source)}</h4><p>{value}</p><ul>{reasons}</ul></section>"


# Reasons that a notebook shows.
_SHOWN = 5
_TALLIED = ("supported", "opposed", "consistent", "inconsistent", "attributed", "unattributed")
