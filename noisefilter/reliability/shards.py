"""A corpus on disk → source scores, in memory that hardly grows with it: the answer of `score_sources`, however it is cut into shards.

Method
------
1. *Map.* `write_shard` (spill.py) reads the claims of some documents and writes both to disk. Shards can be made anywhere, in any order.
2. *Group.* Articles that share rare words meet (meetings.py), and copies are found. The pages so tied together are an event, capped.
3. *Match*, event by event: facts, how each claim stands, contradictions inside a document. Of these only `_Findings` are kept.
4. *Merge.* How true facts are and how accurate voices are is found together, in sums that do not depend on the order.
5. *Score*, source by source: a source's claims are read again, weighed and summed.

In memory are the names of documents, one event, one source, some hundred bytes a claim, and the index of copies, which is sampled.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from noisefilter.records import Claim, SourceScore
from noisefilter.reliability.dependence import copies_among
from noisefilter.reliability.entailment import Judge
from noisefilter.reliability.findings import Event, Findings
from noisefilter.reliability.grouping import Groups
from noisefilter.reliability.meetings import WORD, Rows, meetings
from noisefilter.reliability.neighbours import Article, strongest
from noisefilter.reliability.score import Evidence, Stated, copies_of, ranked, score_source
from noisefilter.reliability.similarity import Rarity, WordCounts
from noisefilter.reliability.spill import Spill
from noisefilter.reliability.trace import with_named
from noisefilter.reliability.verdicts import Page, Voices, records, statistic_of

Ints = NDArray[np.int64]

# Pages without neighbours that are handled together.
ALONE = 200
# Characters by which texts are sorted before they are read whole.
_HEAD = 80


def score_shards(folder: str | Path, judge: Judge | None = None) -> Iterator[SourceScore]:
    """Score the sources of the shards in a folder, worst first; the same as `score_sources` of all their documents.

    Raises `CorpusError` where the folder holds no shards, or a broken one.
    """
    corpus = _Corpus(Spill(Path(folder)))
    pairs = _Pairs(corpus)
    names = [f"{source}\x1f{name}" for source, name in corpus.pages]
    links = copies_among(*corpus.texts(names))
    page_of = dict(zip(names, corpus.pages, strict=True))
    voices, copies = Voices.of_copies(links, page_of), copies_of(page_of, links)
    rarity = _rarity(corpus, pairs)
    findings = Findings(int(corpus.spill.first_claims[-1]))
    for pages in pairs.events():
        findings.add(_event(corpus, pages, pairs), voices, rarity, judge)
    findings.find_truth()
    sources = _Sources(corpus, findings, copies)
    order = sorted(ranked(score_source(sources.evidence(name))) for name in sources.names)
    return (score_source(sources.evidence(name)) for _, _, name in order)


class _Corpus:
    """The documents of a spill in the order that `score_sources` takes them in, and the pages they are of (source and id)."""

    def __init__(self, spill: Spill) -> None:
        self.spill = spill
        names = list(zip(spill.sources, spill.ids, strict=True))
        by_name = sorted(range(len(spill)), key=names.__getitem__)
        self.pages: list[Page] = []
        self.documents: list[list[int]] = []
        for page, group in groupby(by_name, key=names.__getitem__):
            same = list(group)
            self.pages.append(page)
            self.documents.append(sorted(same, key=lambda number: (spill.body(number), spill.kept(number))) if len(same) > 1 else same)
        self.page_of = np.empty(len(spill), np.int64)
        for number, documents in enumerate(self.documents):
            self.page_of[documents] = number

    def text(self, page: int) -> str:
        """What is kept of a page."""
        return "\n".join(map(self.spill.kept, self.documents[page]))

    def texts(self, names: Sequence[str]) -> tuple[list[str], _Texts]:
        """The names and texts of all pages, sorted by text."""
        heads = [self.text(page)[:_HEAD] for page in range(len(names))]
        order: list[int] = []
        for _, group in groupby(sorted(range(len(names)), key=heads.__getitem__), key=heads.__getitem__):
            same = list(group)
            order += sorted(same, key=lambda page: (self.text(page), names[page])) if len(same) > 1 else same
        return [names[page] for page in order], _Texts(self, order)


class _Texts(Sequence[str]):
    """The texts of pages in an order of their own, read when they are asked for."""

    def __init__(self, corpus: _Corpus, order: Sequence[int]) -> None:
        self._corpus, self._order = corpus, order

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self._corpus.text(page) for page in self._order[index]]
        return self._corpus.text(self._order[index])


class _Pairs:
    """The pairs of articles that are compared, and the events they make; articles by number, in the order of their keys."""

    def __init__(self, corpus: _Corpus) -> None:
        self.corpus = corpus
        self._articles = self._with_claims()
        left, right, _ = meetings(map(self._numbered, corpus.spill.words()))
        sources = [source for source, _ in corpus.pages]
        pages = (self._articles >> 32).tolist()
        apart = ((a, b) for a, b in zip(left.tolist(), right.tolist(), strict=True) if sources[pages[a]] != sources[pages[b]])
        self.left, self.right = array("q"), array("q")
        for one, other in strongest(apart, pages.__getitem__):
            self.left.append(one)
            self.right.append(other)
        self._groups = Groups[int]()
        for one, other in zip(self.left, self.right, strict=True):
            self._groups.join(pages[one], pages[other])
        self._of_event: dict[int, list[int]] = defaultdict(list)
        for number, one in enumerate(self.left):
            self._of_event[self._groups.root(pages[one])].append(number)

    def _with_claims(self) -> Ints:
        """The keys of the articles that hold claims."""
        found = np.empty(0, np.int64)
        for document, article, is_claim, _ in self.corpus.spill.words():
            found = np.union1d(found, self._keys(document, article)[is_claim])
        return found

    def _keys(self, document: Ints, article: Ints) -> Ints:
        return self.corpus.page_of[document] << 32 | article

    def _numbered(self, words: tuple[Any, Any, Any, Any]) -> Rows:
        """Words with the numbers of their articles; articles without a claim are left out."""
        document, article, _, hashes = words
        keys = self._keys(document, article)
        rows = np.empty(len(keys), WORD)
        rows["hash"], rows["article"] = hashes, np.searchsorted(self._articles, keys)
        return rows[np.isin(keys, self._articles)]

    def article(self, number: int) -> Article:
        """The key of an article."""
        key = int(self._articles[number])
        return *self.corpus.pages[key >> 32], key & 0xFFFFFFFF

    def compared(self) -> dict[int, set[int]]:
        """The articles that are in a pair, by page."""
        found: dict[int, set[int]] = defaultdict(set)
        for number in (*self.left, *self.right):
            key = int(self._articles[number])
            found[key >> 32].add(key & 0xFFFFFFFF)
        return found

    def events(self) -> Iterator[list[int]]:
        """The pages of each event, and those that are in none in groups, for they do not touch one another."""
        alone: list[int] = []
        for pages in self._groups.of(range(len(self.corpus.pages))):
            if len(pages) > 1:
                yield pages
            else:
                alone += pages
        yield from (alone[at : at + ALONE] for at in range(0, len(alone), ALONE))

    def inside(self, pages: Iterable[int]) -> set[tuple[Article, Article]]:
        """The pairs of articles of an event."""
        numbers = {number for root in {self._groups.root(page) for page in pages} for number in self._of_event.get(root, ())}
        return {(self.article(self.left[number]), self.article(self.right[number])) for number in numbers}


def _rarity(corpus: _Corpus, pairs: _Pairs) -> Rarity:
    """How much each word says, by the claims of the articles that are compared."""
    counts = WordCounts()
    for page, articles in pairs.compared().items():
        for document in corpus.documents[page]:
            counts.update(claim for claim in corpus.spill.read(document).claims if (claim.article or 0) in articles)
    return counts.rarity()


def _event(corpus: _Corpus, pages: Sequence[int], pairs: _Pairs) -> Event:
    documents = [document for page in pages for document in corpus.documents[page]]
    rows = [row for document in documents for row in range(*corpus.spill.first_claims[document : document + 2].tolist())]
    return Event([corpus.spill.read(document) for document in documents], rows, pairs.inside(pages))


class _Sources:
    """The evidence on each source, put together when it is asked for."""

    def __init__(self, corpus: _Corpus, findings: Findings, copies: dict[str, dict[str, float]]) -> None:
        self._corpus, self._findings, self._copies = corpus, findings, copies
        self._documents: dict[str, list[int]] = defaultdict(list)
        for (source, _), documents in zip(corpus.pages, corpus.documents, strict=True):
            self._documents[source] += documents
        self.names = list(self._documents)

    def evidence(self, source: str) -> Evidence:
        """All that a source is scored by."""
        spill, findings = self._corpus.spill, self._findings
        rows: list[int] = []
        claims: list[Claim] = []
        for document in self._documents[source]:
            rows += range(*spill.first_claims[document : document + 2].tolist())
            claims += spill.read(document).claims
        standing = [findings.standing(row) for row in rows]
        record = records(claims, standing)[source]
        stated = [
            Stated(with_named(statistic_of(claim, own, record), findings.witnesses(row)), own.fact, *findings.judged(row))
            for row, claim, own in zip(rows, claims, standing, strict=True)
        ]
        return Evidence(source, stated, findings.coverage, findings.contradictions.get(source, ()), self._copies.get(source, {}))


__all__ = ["score_shards"]
