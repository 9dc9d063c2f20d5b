"""Documents + model → labelled documents. Nothing is removed here; `clean` does that.

Work goes in batches. `label_batches` keeps everything in arrays and lists; records (`label`) or rows (`LabelledBatch.rows`) are made from
it at the edge, for whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.articles import announced, number_articles
from noisefilter.noise.decide import decide, likeliest_noise
from noisefilter.noise.explain import batch_reasons
from noisefilter.noise.language import find_unknown
from noisefilter.noise.model import NoiseModel, load_model
from noisefilter.noise.phrases import Patterns, compile_phrases, phrase_leads, weigh_odds
from noisefilter.noise.segment import Batch, batches
from noisefilter.noise.templates import Templates
from noisefilter.records import LABELS, Document, Label, LabelledDocument, LabelledParagraph, Paragraph

# How the reason of a paragraph begins that repeats over its source.
REPEATED = "stands in"
_NAMES = [str(label) for label in LABELS]
_LABELS = list(LABELS)
_CONTENT = LABELS.index(Label.CONTENT)


class Settings(TypedDict, total=False):
    """What the user may set of the labels.

    `thresholds` maps a noise label to the probability it needs; below it the likeliest kept label stands. `phrases` maps a label to
    phrases that tell it, see `phrases.py`.
    """

    thresholds: Mapping[str, float] | None
    phrases: Mapping[str, Sequence[str]] | None


@dataclass(frozen=True)
class LabelledBatch:
    """Verdicts on the paragraphs of several documents, one list a field; `first` cuts the lists into documents.

    `unknown_languages` maps a document's number to its language when the model does not know it; such documents are kept whole.
    """

    documents: list[Document]
    first: list[int]
    starts: list[int]
    ends: list[int]
    codes: list[int]
    probabilities: list[float]
    reasons: list[tuple[str, ...]]
    articles: list[int | None]
    teaser_of: list[int | None]
    unknown_languages: dict[int, str]

    def rows(self) -> Iterator[list[dict[str, Any]]]:
        """For each document its rows, as `noisefilter label` writes them; the same as `LabelledDocument.rows`."""
        for number, document in enumerate(self.documents):
            name, source, body = document.id, document.source, document.body
            yield [
                {
                    "document_id": name,
                    "source": source,
                    "index": index,
                    "start": start,
                    "end": end,
                    "text": body[start:end],
                    "label": _NAMES[code],
                    "probability": probability,
                    "reasons": reasons,
                    "article": article,
                    "teaser_of": teaser_of,
                }
                for index, (start, end, code, probability, reasons, article, teaser_of) in enumerate(self._paragraphs(number))
            ]

    def labelled(self) -> Iterator[LabelledDocument]:
        """The documents with their verdicts as records."""
        for number, document in enumerate(self.documents):
            verdicts = (
                LabelledParagraph(
                    Paragraph(document.id, index, start, end, document.body[start:end], article),
                    _LABELS[code],
                    probability,
                    reasons,
                    teaser_of,
                )
                for index, (start, end, code, probability, reasons, article, teaser_of) in enumerate(self._paragraphs(number))
            )
            yield LabelledDocument(document, tuple(verdicts), self.unknown_languages.get(number))

    def _paragraphs(self, number: int) -> Iterator[tuple[int, int, int, float, tuple[str, ...], int | None, int | None]]:
        part = slice(self.first[number], self.first[number + 1])
        fields = (self.starts, self.ends, self.codes, self.probabilities, self.reasons, self.articles, self.teaser_of)
        return zip(*(field[part] for field in fields), strict=True)


def label(
    documents: Iterable[Document], model: NoiseModel | None = None, *, templates: Templates | None = None, **settings: Unpack[Settings]
) -> Iterator[LabelledDocument]:
    """Label every paragraph of every document, lazily and in order; the settings are those of `Settings`.

    `templates` (`find_templates` over the same corpus) are content that repeats over a source: their copies get the likeliest noise label.

    >>> page = Document("d", "The council voted on Monday to close the bridge for a year.\\nShare on Facebook Tweet Email")
    >>> [str(p.label) for p in next(label([page])).paragraphs]
    ['content', 'navigation']
    """
    for batch in label_batches(documents, model, templates=templates, **settings):
        yield from batch.labelled()


def label_batches(
    documents: Iterable[Document], model: NoiseModel | None = None, *, templates: Templates | None = None, **settings: Unpack[Settings]
) -> Iterator[LabelledBatch]:
    """Label documents a batch at a time, without making a record a paragraph."""
    model = model or load_model()
    judge = _Judge(model, _floors(settings.get("thresholds") or {}), compile_phrases(settings.get("phrases") or {}), templates)
    for group in batches(documents):
        yield _label_batch(group, judge)


@dataclass(frozen=True)
class _Judge:
    """All that a verdict rests on besides the text."""

    model: NoiseModel
    floors: NDArray[np.float32]
    patterns: Patterns
    templates: Templates | None


def _label_batch(group: list[Document], judge: _Judge) -> LabelledBatch:
    batch = Batch.from_texts([document.body for document in group])
    leads = phrase_leads(batch, judge.patterns)
    verdicts = judge.model.judge(batch, [document.markup for document in group], leads)
    if leads is not None:
        verdicts = replace(verdicts, probabilities=weigh_odds(verdicts.probabilities, leads))
    unknown = find_unknown(group, verdicts.known_share)
    is_unknown = np.isin(batch.documents, list(unknown))
    codes = decide(verdicts, judge.floors, is_unknown)
    reasons = batch_reasons(judge.model, verdicts, codes)
    if leads is not None:
        _name_phrases(reasons, codes, leads)
    if judge.templates is not None:
        repeats = judge.templates.find(group, batch, (codes == _CONTENT) & ~is_unknown)
        codes = np.where(repeats > 0, likeliest_noise(verdicts.probabilities), codes)
        _name_repeats(reasons, repeats)
    starts, ends = batch.character_offsets
    chosen = verdicts.probabilities[np.arange(len(codes)), codes].astype(np.float64)
    articles = number_articles(codes, batch.documents)
    for number, language in unknown.items():
        part = slice(*batch.first_paragraphs[number : number + 2])
        reasons[part] = [(f"the model does not know the language ({language}): kept whole",)] * len(reasons[part])
    return LabelledBatch(
        group,
        batch.first_paragraphs.tolist(),
        starts.tolist(),
        ends.tolist(),
        codes.tolist(),
        np.round(chosen, 4).tolist(),
        reasons,
        [number or None for number in articles.tolist()],
        announced(codes, verdicts.context.partner, articles, batch),
        unknown,
    )


def _name_phrases(reasons: list[tuple[str, ...]], codes: NDArray[np.int64], leads: NDArray[np.float32]) -> None:
    """The phrase comes first among the reasons of a paragraph that got the phrase's label."""
    for number in np.flatnonzero(leads[np.arange(len(codes)), codes]).tolist():
        reasons[number] = (f"holds a phrase given for {_NAMES[codes[number]]}", *reasons[number])


def _name_repeats(reasons: list[tuple[str, ...]], repeats: NDArray[np.int64]) -> None:
    for number in np.flatnonzero(repeats).tolist():
        reasons[number] = (f"{REPEATED} {repeats[number]} documents of this source",)


def _floors(thresholds: Mapping[str, float]) -> NDArray[np.float32]:
    floors = np.zeros(len(LABELS), np.float32)
    for name, value in thresholds.items():
        if name not in _NAMES:
            raise ValueError(f"unknown label {name!r} in thresholds; known: {', '.join(LABELS)}")
        if not 0 <= value <= 1:
            raise ValueError(f"threshold {name}={value}: a probability from 0 to 1 is expected")
        floors[LABELS.index(Label(name))] = value
    return floors
