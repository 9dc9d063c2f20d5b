"""Documents + model → labelled documents. Nothing is removed here; `clean` does that.

Work goes in batches. `label_batches` keeps everything in arrays and lists; records (`label`) or rows (`LabelledBatch.rows`) are made from
it at the edge, for whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.articles import announced, number_articles
from noisefilter.noise.decide import Rule, Strictness, decide, find_uncertain, noise_share, rule_for
from noisefilter.noise.explain import batch_reasons
from noisefilter.noise.language import find_unknown
from noisefilter.noise.model import NoiseModel, Verdicts, load_model
from noisefilter.noise.segment import Batch
from noisefilter.records import LABELS, Document, Label, LabelledDocument, LabelledParagraph, Paragraph

# Characters. Larger batches gain nothing and leave the caches.
BATCH = 192 * 1024
# What codes stand for: the model's labels, then `uncertain`.
_LABELS = [*LABELS, Label.UNCERTAIN]
_NAMES = [str(label) for label in _LABELS]


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


def label(documents: Iterable[Document], model: NoiseModel | None = None, **strictness: Unpack[Strictness]) -> Iterator[LabelledDocument]:
    """Label every paragraph of every document, lazily and in order; see `Strictness` for `thresholds`, `precision` and `abstain`.

    >>> page = Document("d", "The council voted on Monday to close the bridge for a year.\\nShare on Facebook Tweet Email")
    >>> [str(p.label) for p in next(label([page])).paragraphs]
    ['content', 'navigation']
    """
    for batch in label_batches(documents, model, **strictness):
        yield from batch.labelled()


def label_batches(
    documents: Iterable[Document], model: NoiseModel | None = None, **strictness: Unpack[Strictness]
) -> Iterator[LabelledBatch]:
    """Label documents a batch at a time, without making a record a paragraph."""
    model = model or load_model()
    rule = rule_for(model, **strictness)
    for group in batches(documents):
        yield _label_batch(group, model, rule)


def _label_batch(group: list[Document], model: NoiseModel, rule: Rule) -> LabelledBatch:
    batch = Batch.from_texts([document.body for document in group])
    verdicts = model.judge(batch, [document.markup for document in group])
    unknown = find_unknown(group, verdicts.known_share)
    keep_whole = np.isin(batch.documents, list(unknown))
    codes = decide(verdicts, rule, keep_whole)
    starts, ends = batch.character_offsets
    chosen = verdicts.probabilities[np.arange(len(codes)), codes].astype(np.float64)
    articles = number_articles(codes, batch.documents)
    reasons = batch_reasons(model, verdicts, codes)
    for number, language in unknown.items():
        part = slice(*batch.first_paragraphs[number : number + 2])
        reasons[part] = [(f"the model does not know the language ({language}): kept whole",)] * len(reasons[part])
    teaser_of = announced(codes, verdicts.context.partner, articles, batch)
    if rule.abstain:
        uncertain = find_uncertain(verdicts, codes, rule, keep_whole)
        _mark_uncertain(uncertain, verdicts, codes, chosen, reasons)
    return LabelledBatch(
        group,
        batch.first_paragraphs.tolist(),
        starts.tolist(),
        ends.tolist(),
        codes.tolist(),
        np.round(chosen, 4).tolist(),
        reasons,
        [number or None for number in articles.tolist()],
        teaser_of,
        unknown,
    )


def _mark_uncertain(
    places: NDArray[np.int64], verdicts: Verdicts, codes: NDArray[np.int64], chosen: NDArray[np.float64], reasons: list[tuple[str, ...]]
) -> None:
    """Give these paragraphs the label `uncertain`, the probability that they are noise, and the two likeliest labels as reason."""
    probabilities = verdicts.probabilities[places]
    chosen[places] = noise_share(probabilities)
    codes[places] = _LABELS.index(Label.UNCERTAIN)
    for place, row in zip(places.tolist(), probabilities, strict=True):
        first, second = np.argsort(-row)[:2].tolist()
        reasons[place] = (f"{_NAMES[first]} {row[first]:.2f}, {_NAMES[second]} {row[second]:.2f}",)


def batches(documents: Iterable[Document], size: int = BATCH) -> Iterator[list[Document]]:
    """Documents in groups of about `size` characters, at least one a group."""
    group: list[Document] = []
    total = 0
    for document in documents:
        group.append(document)
        total += len(document.body)
        if total >= size:
            yield group
            group, total = [], 0
    if group:
        yield group
