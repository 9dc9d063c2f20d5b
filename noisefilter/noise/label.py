"""Documents + model → labelled documents. Nothing is removed here; `clean` does that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.articles import announced, number_articles
from noisefilter.noise.decide import decide
from noisefilter.noise.explain import batch_reasons
from noisefilter.noise.model import NoiseModel, load_model
from noisefilter.noise.segment import Batch
from noisefilter.records import LABELS, Document, Label, LabelledDocument, LabelledParagraph, Paragraph

# Characters. Larger batches gain nothing and leave the caches (docs/benchmarks.md).
BATCH = 192 * 1024


def label(
    documents: Iterable[Document],
    model: NoiseModel | None = None,
    *,
    thresholds: Mapping[str, float] | None = None,
) -> Iterator[LabelledDocument]:
    """Label every paragraph of every document, lazily and in order.

    `thresholds` maps a noise label to the probability it needs; below it the likeliest kept label stands.

    >>> page = Document("d", "The council voted on Monday to close the bridge for a year.\\nShare on Facebook Tweet Email")
    >>> [str(p.label) for p in next(label([page])).paragraphs]
    ['content', 'navigation']
    """
    model = model or load_model()
    floor = _floors(thresholds or {})
    for group in batches(documents):
        batch = Batch.from_texts([document.body for document in group])
        verdicts = model.judge(batch)
        codes = decide(verdicts, floor)
        reasons = batch_reasons(model, verdicts, codes)
        starts, ends = (offsets.tolist() for offsets in batch.character_offsets)
        probabilities = np.round(verdicts.probabilities[np.arange(len(codes)), codes].astype(np.float64), 4).tolist()
        first = batch.first_paragraphs.tolist()
        for number, document in enumerate(group):
            low, high = first[number], first[number + 1]
            labels = [LABELS[code] for code in codes[low:high].tolist()]
            partners = [partner - low if partner >= 0 else -1 for partner in verdicts.context.partner[low:high].tolist()]
            articles = number_articles(labels)
            teaser_of = announced(labels, partners, articles)
            yield LabelledDocument(
                document,
                tuple(
                    LabelledParagraph(
                        Paragraph(
                            document.id, i, starts[low + i], ends[low + i], document.body[starts[low + i] : ends[low + i]], articles[i]
                        ),
                        labels[i],
                        probabilities[low + i],
                        reasons[low + i],
                        teaser_of[i],
                    )
                    for i in range(high - low)
                ),
            )


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


def _floors(thresholds: Mapping[str, float]) -> NDArray[np.float32]:
    floors = np.zeros(len(LABELS), np.float32)
    for name, value in thresholds.items():
        if name not in set(map(str, LABELS)):
            raise ValueError(f"unknown label {name!r} in thresholds; known: {', '.join(LABELS)}")
        if not 0 <= value <= 1:
            raise ValueError(f"threshold {name}={value}: a probability from 0 to 1 is expected")
        floors[LABELS.index(Label(name))] = value
    return floors


def labels_of(verdicts: Sequence[LabelledParagraph]) -> dict[str, int]:
    """How many paragraphs have each label, in the order of `Label`; labels without any are left out."""
    counts = {str(name): 0 for name in LABELS}
    for verdict in verdicts:
        counts[str(verdict.label)] += 1
    return {name: count for name, count in counts.items() if count}
