"""What a run looks like: counts by source, how sure the model was, and a sample of documents in full.

A survey is a bag of counts with the documents of lowest hash: surveys of two parts of a corpus add up to that of the whole, and neither
the order of files nor of parts matters. `filter` writes the counts into `run.json` and the documents into `sample.jsonl`; the report,
`review` and `drift` read them, so that none of them needs the input again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from noisefilter.records import LabelledDocument

# Documents shown and drawn from; 300 windows of feeds are 2 to 5 MB, and hold 60 examples of a label with a share of 0.5 %.
SAMPLED = 300
# Paragraphs of one document; of a longer one a window is taken, where its hash says.
WINDOW = 60
# Bins of the probability of noise, each 0.02 wide: half the step of the thresholds in the precision table below 0.9.
BINS = 50
# Sources counted apart; those that come later are summed as one, so that a crawl of millions of sites keeps a small run.json.
MOST_SOURCES = 20_000

Rows = list[dict[str, Any]]


@dataclass
class Survey:
    """Counts of paragraphs by probability of noise and by source (paragraphs, taken out), and the sampled documents by their hash."""

    noise: Counter[int] = field(default_factory=Counter)
    sources: dict[str, tuple[int, int]] = field(default_factory=dict)
    other_sources: tuple[int, int] = (0, 0)
    documents: dict[str, Rows] = field(default_factory=dict)

    def add(self, file: str, labelled: LabelledDocument, keep: Collection[str]) -> None:
        """Count one document, and keep its rows if it belongs to the sample."""
        columns = labelled.columns
        self.noise.update(min(BINS - 1, int(noise * BINS)) for noise in columns.noise if noise is not None)
        rejected = sum(label not in keep for label in columns.labels)
        self._count(labelled.document.source, len(columns), rejected)
        key = hashlib.blake2b(f"{file}\x1f{labelled.document.id}".encode(errors="surrogatepass"), digest_size=8).hexdigest()
        if len(columns) and (len(self.documents) < SAMPLED or key < max(self.documents)):
            self.documents[key] = _window(file, labelled, int(key, 16))
            self._trim()

    def __add__(self, other: Survey) -> Survey:
        """The survey of both parts."""
        total = Survey(self.noise + other.noise, dict(self.sources), _pair_sum(self.other_sources, other.other_sources))
        for source, (paragraphs, rejected) in other.sources.items():
            total._count(source, paragraphs, rejected)
        total.documents = {**self.documents, **other.documents}
        total._trim()
        return total

    def counts(self) -> dict[str, Any]:
        """What `run.json` holds of it: `noise` is a count a bin of equal width from 0 to 1, `sources` paragraphs and how many went."""
        return {
            "noise": [self.noise[place] for place in range(BINS)],
            "sources": {source: list(self.sources[source]) for source in sorted(self.sources)},
            "other_sources": list(self.other_sources),
            "sampled_documents": len(self.documents),
        }

    def to_json(self) -> dict[str, Any]:
        """All of it, for a part of a run to leave behind."""
        return {
            "noise": list(self.noise.items()),
            "sources": self.sources,
            "other_sources": self.other_sources,
            "documents": self.documents,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Survey:
        """The survey that `to_json` wrote."""
        sources = {source: _pair(counts) for source, counts in data["sources"].items()}
        return cls(Counter(dict(data["noise"])), sources, _pair(data["other_sources"]), data["documents"])

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows of `sample.jsonl`, document by document."""
        for key in sorted(self.documents):
            yield from self.documents[key]

    def _count(self, source: str, paragraphs: int, rejected: int) -> None:
        if source in self.sources or len(self.sources) < MOST_SOURCES:
            self.sources[source] = _pair_sum(self.sources.get(source, (0, 0)), (paragraphs, rejected))
        else:
            self.other_sources = _pair_sum(self.other_sources, (paragraphs, rejected))

    def _trim(self) -> None:
        if len(self.documents) > SAMPLED:
            for key in sorted(self.documents)[SAMPLED:]:
                del self.documents[key]


def _pair(counts: list[int]) -> tuple[int, int]:
    return counts[0], counts[1]


def _pair_sum(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def _window(file: str, labelled: LabelledDocument, number: int) -> Rows:
    """The rows of a document, or of `WINDOW` paragraphs of it that stand together, and of the paragraphs that its teasers announce."""
    columns = labelled.columns
    first = number % max(1, len(columns) - WINDOW + 1)
    chosen = set(range(first, min(first + WINDOW, len(columns))))
    chosen |= {announced for index in chosen if (announced := columns.teaser_of[index]) is not None}
    return [{"file": file, **row} for row in columns.rows(sorted(chosen))]
