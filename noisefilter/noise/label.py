"""Documents + model → labelled documents. Nothing is removed here; `clean` does that.

Work goes in batches. `label_batches` keeps everything in arrays and lists; records (`label`) or rows (`LabelledBatch.rows`) are made from
it at the edge, for whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.articles import announced, heading_nothing, number_articles
from noisefilter.noise.decide import Rule, Strictness, decide, find_uncertain, likeliest_noise, noise_share, rule_for
from noisefilter.noise.language import find_unknown
from noisefilter.noise.model import NoiseModel, Verdicts, load_model
from noisefilter.noise.phrases import Patterns, compile_phrases, obey_phrases, phrase_leads
from noisefilter.noise.reasons import batch_reasons
from noisefilter.noise.segment import Batch, batches
from noisefilter.noise.templates import Templates
from noisefilter.records import LABELS, Document, Label, LabelledDocument, ParagraphColumns

# How the reason of a paragraph begins that repeats over its source.
REPEATED = "stands in"
# What codes stand for: the model's labels, then `uncertain`.
_LABELS = [*LABELS, Label.UNCERTAIN]
_NAMES = [str(label) for label in _LABELS]
_CONTENT = LABELS.index(Label.CONTENT)


class Settings(Strictness, total=False):
    """What the user may set of the labels: how sure a verdict of noise must be, and `phrases`.

    `phrases` maps a label to phrases that tell it, see `phrases.py`.
    """

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
    noise: list[float]
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
                    "noise": noise,
                    "reasons": reasons,
                    "article": article,
                    "teaser_of": teaser_of,
                }
                for index, (start, end, code, probability, noise, reasons, article, teaser_of) in enumerate(self._paragraphs(number))
            ]

    def labelled(self) -> Iterator[LabelledDocument]:
        """The documents with their verdicts."""
        for number, document in enumerate(self.documents):
            part = slice(self.first[number], self.first[number + 1])
            labels = [_LABELS[code] for code in self.codes[part]]
            columns = ParagraphColumns(
                document,
                self.starts[part],
                self.ends[part],
                labels,
                self.probabilities[part],
                self.noise[part],
                self.reasons[part],
                self.articles[part],
                self.teaser_of[part],
            )
            yield LabelledDocument(document, columns, self.unknown_languages.get(number))

    def _paragraphs(self, number: int) -> Iterator[tuple[int, int, int, float, float, tuple[str, ...], int | None, int | None]]:
        part = slice(self.first[number], self.first[number + 1])
        fields = (self.starts, self.ends, self.codes, self.probabilities, self.noise, self.reasons, self.articles, self.teaser_of)
        return zip(*(field[part] for field in fields), strict=True)


def label(
    documents: Iterable[Document], model: NoiseModel | None = None, *, templates: Templates | None = None, **settings: Unpack[Settings]
) -> Iterator[LabelledDocument]:
    """Label every paragraph of every document, lazily and in order; the settings are those of `Settings`.

    `templates` (`find_templates` over the same corpus) are content that repeats over a source: their copies get the likeliest noise label.

    >>> page = Document("d", "The council closed the bridge, because two of its piers are cracked.\\nShare on Facebook Tweet Email")
    >>> [str(p.label) for p in next(label([page])).paragraphs]
    ['content', 'navigation']
    """
    for batch in label_batches(documents, model, templates=templates, **settings):
        yield from batch.labelled()


def label_batches(
    documents: Iterable[Document], model: NoiseModel | None = None, *, templates: Templates | None = None, **settings: Unpack[Settings]
) -> Iterator[LabelledBatch]:
    """Label documents a batch at a time, without making a record a paragraph."""
    judge = judge_for(model or load_model(), templates=templates, **settings)
    _keep_freed_memory()
    for group in batches(documents):
        yield _label_batch(group, judge)


def _keep_freed_memory() -> None:
    """Have the C library keep what one batch frees for the next: fresh pages from the system take a fifth of the time.

    glibc gives back less once a block of up to 32 MB was freed. This one is never touched, so it takes no memory; elsewhere nothing
    happens.
    """
    np.empty(31 << 20, np.uint8)


@dataclass(frozen=True)
class Judge:
    """All that a verdict rests on besides the text."""

    model: NoiseModel
    rule: Rule
    patterns: Patterns
    templates: Templates | None


def judge_for(
    model: NoiseModel,
    *,
    templates: Templates | None = None,
    phrases: Mapping[str, Sequence[str]] | None = None,
    **strictness: Unpack[Strictness],
) -> Judge:
    """The judge that a model and the user's `Settings` make; wrong settings are refused here."""
    return Judge(model, rule_for(model, **strictness), compile_phrases(phrases or {}), templates)


def _label_batch(group: list[Document], judge: Judge) -> LabelledBatch:
    batch = Batch.from_texts([document.body for document in group])
    leads = phrase_leads(batch, judge.patterns)
    verdicts = judge.model.judge(batch, [document.markup for document in group], leads)
    if leads is not None:
        verdicts = replace(verdicts, probabilities=obey_phrases(verdicts.probabilities, leads))
    unknown = find_unknown(group, verdicts.known_share)
    keep_whole = np.isin(batch.documents, list(unknown))
    codes = decide(verdicts, judge.rule, keep_whole)
    alone = heading_nothing(codes, batch.documents)
    codes[alone if leads is None else alone[leads[alone].max(axis=1) == 0]] = _CONTENT
    reasons = batch_reasons(judge.model, verdicts, codes)
    if leads is not None:
        _name_phrases(reasons, codes, leads)
    if judge.templates is not None:
        repeats = judge.templates.find(group, batch, (codes == _CONTENT) & ~keep_whole)
        _mark_repeats(repeats, verdicts, codes, reasons)
    _name_languages(reasons, batch, unknown)
    starts, ends = batch.character_offsets
    chosen = verdicts.probabilities[np.arange(len(codes)), codes].astype(np.float64)
    articles = number_articles(codes, batch.documents)
    teaser_of = announced(codes, verdicts.context.partner, articles, batch)
    if judge.rule.abstain:
        uncertain = find_uncertain(verdicts, codes, judge.rule, keep_whole)
        _mark_uncertain(uncertain, verdicts, codes, chosen, reasons)
    return LabelledBatch(
        group,
        batch.first_paragraphs.tolist(),
        starts.tolist(),
        ends.tolist(),
        codes.tolist(),
        np.round(chosen, 4).tolist(),
        np.round(noise_share(verdicts.probabilities), 4).tolist(),
        reasons,
        [number or None for number in articles.tolist()],
        teaser_of,
        unknown,
    )


def _name_phrases(reasons: list[tuple[str, ...]], codes: NDArray[np.int64], leads: NDArray[np.float32]) -> None:
    """The phrase comes first among the reasons of a paragraph that got the phrase's label."""
    for number in np.flatnonzero(leads[np.arange(len(codes)), codes]).tolist():
        reasons[number] = (f"holds a phrase given for {_NAMES[codes[number]]}", *reasons[number])


def _mark_repeats(repeats: NDArray[np.int64], verdicts: Verdicts, codes: NDArray[np.int64], reasons: list[tuple[str, ...]]) -> None:
    """Give the paragraphs that repeat their likeliest noise label, and as reason in how many documents they stand."""
    places = np.flatnonzero(repeats)
    codes[places] = likeliest_noise(verdicts.probabilities[places])
    for place in places.tolist():
        reasons[place] = (f"{REPEATED} {repeats[place]} documents of this source",)


def _name_languages(reasons: list[tuple[str, ...]], batch: Batch, unknown: Mapping[int, str]) -> None:
    for number, language in unknown.items():
        part = slice(*batch.first_paragraphs[number : number + 2])
        reasons[part] = [(f"the model does not know the language ({language}): kept whole",)] * len(reasons[part])


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
