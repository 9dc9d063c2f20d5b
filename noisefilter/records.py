"""The nouns of the package: plain frozen records, each the same in Python, in JSON Lines and in a table.

Path of data: `Document` → `Paragraph`… → `LabelledDocument` → clean `Document`.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Label(StrEnum):
    """What a paragraph is; the rules are in docs/labels.md.

    >>> [label.value for label in Label if label.is_kept]
    ['content', 'heading']
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

    @property
    def is_kept(self) -> bool:
        """Whether `filter` keeps paragraphs of this label when nobody says otherwise."""
        return self in (Label.CONTENT, Label.HEADING)


LABELS: tuple[Label, ...] = tuple(Label)
KEPT: frozenset[Label] = frozenset(label for label in Label if label.is_kept)


@dataclass(frozen=True, slots=True)
class Document:
    """One scraped text as it was read.

    `body` is the text itself (for HTML, the text read from the page: one block a line). `source` is who published it:
    the field of that name, else the domain of `url`, else the file. `extra` holds input fields that pass through.

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

    def with_body(self, body: str) -> Document:
        """The same document with another text."""
        return replace(self, body=body)


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

    `probability` is the model's for `label`, 0-1. `teaser_of` is the index of the paragraph in the same document where
    the article begins that this paragraph announces, or None. `reasons` are short phrases, strongest first.
    """

    paragraph: Paragraph
    label: Label
    probability: float
    reasons: tuple[str, ...] = ()
    teaser_of: int | None = None

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
            "reasons": list(self.reasons),
            "article": part.article,
            "teaser_of": self.teaser_of,
        }


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A document with a verdict on each of its paragraphs; the text itself is untouched."""

    document: Document
    paragraphs: tuple[LabelledParagraph, ...]

    def rows(self) -> list[dict[str, Any]]:
        """A dictionary a paragraph, as `noisefilter label` writes them."""
        return [paragraph.to_row(self.document.source) for paragraph in self.paragraphs]

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
