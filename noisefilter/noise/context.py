"""What stands around a paragraph, as named columns: neighbours, position, repetition, overlap, topical fit.

Input are the first stage's scores (each paragraph judged alone); output is all the second stage sees. Everything is relative to
the paragraph's own document: the topic columns say how far a paragraph is from what its file is about, not what it is about.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise import overlap, shape
from noisefilter.noise.cohesion import FAR_SHARED, cohesion_columns
from noisefilter.noise.hashing import Hashes, Words
from noisefilter.noise.segment import Batch
from noisefilter.records import LABELS

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

# Shape columns that are also given of the neighbours and averaged over the document.
NEIGHBOUR_SHAPE = (
    "log_words",
    "ends_sentence",
    "ends_cut_mark",
    "ends_word",
    "ends_colon",
    "capitalised_share",
    "is_shouted",
    "inner_sentences",
)
# Words. Shorter paragraphs have no topic of their own and are left out of their document's spread.
TOPICAL = 10
# Paragraphs on each side among which the nearest in topic are looked for.
REACH = 8
POSITION = ("relative_position", "from_start", "from_end", "document_length")
# Kinds of blocks of web pages, scored beside the labels in the lanes that these leave free.
KINDS = ("content", "navigation", "promo_or_legal", "comment", "other")
# Columns that say how a paragraph fits the topic of its surroundings; each stands there three times, the last as the document's mean.
TOPIC_FITS = 9
REPETITION = ("same_opening", "same_closing", "same_cut_length")


@dataclass(frozen=True)
class Context:
    """Columns of the second stage, in named groups that stay together in explanations.

    `columns` has shape ``(n_paragraphs, n_columns)``; `groups` gives each group's slice; `partner` is the overlap's;
    `lengths` are bytes with blanks folded.
    """

    columns: Floats
    groups: dict[str, slice]
    partner: Ints
    lengths: Ints

    @property
    def of_document(self) -> list[int]:
        """Columns that are the same in all paragraphs of a document: its length, its means, whether it had markup."""
        length, means, markup = self.groups["position"].stop - 1, self.groups["document"], self.groups["markup"].stop - 1
        topic = self.groups["topic"].stop
        return [length, *range(means.start, means.stop), *range(topic - TOPIC_FITS, topic), markup]


def describe_context(batch: Batch, words: Words, scores: Floats, places: Floats | None, topics: Floats, rarity: Floats) -> Context:
    """Columns of every paragraph of a batch.

    `scores` (n_paragraphs, n_labels + n_kinds) are the first stage's, `places` (n_paragraphs, n_kinds) those
    by the place in a page of HTML or None, `topics` (n_paragraphs, n_topics) the sums of the words'
    topic vectors, `rarity` a weight a word row.
    """
    documents = batch.documents
    first = batch.first_paragraphs
    looks = shape.shape_columns(batch.compact, words)
    shared = overlap.find_overlap(words, documents)
    chosen = looks.T.take([shape.COLUMNS.index(name) for name in NEIGHBOUR_SHAPE], axis=0).T
    alone = _softmax(scores[:, : len(LABELS)])
    kinds = _softmax(scores[:, len(LABELS) :])
    shares = np.concatenate((alone, kinds[:, :1]), axis=1)
    near = [_shifted(shares, documents, step) for step in (-1, 1)]
    parts = {
        "words": np.concatenate((scores, alone, kinds), axis=1),
        "shape": looks,
        "overlap": shared.columns,
        "position": _position(first, documents),
        "repetition": _repetition(looks, words, documents),
        "neighbours": np.concatenate(
            (
                *near,
                _window(shares, documents, 4),
                _window(shares, documents, 9),
                *(_shifted(chosen, documents, step) for step in (-1, 1, -2, 2)),
            ),
            axis=1,
        ),
        "document": np.concatenate((_weighted_mean(shares, words, first, documents), _mean(chosen, first, documents)), axis=1),
        "topic": _topic(topics, cohesion_columns(words, documents, rarity), words, first, documents),
    }
    parts["markup"] = _markup(places, documents)
    ends = np.cumsum([part.shape[1] for part in parts.values()])
    groups = {name: slice(int(end) - part.shape[1], int(end)) for (name, part), end in zip(parts.items(), ends, strict=True)}
    columns = np.concatenate(list(parts.values()), axis=1, dtype=np.float32)
    return Context(columns, groups, shared.partner, np.diff(words.newlines, prepend=-1) - 1)


def _markup(places: Floats | None, documents: Ints) -> Floats:
    """Scores by markup, the share of content, its neighbours' and whether there was markup; all 0 where there was none."""
    if places is None:
        return np.zeros((len(KINDS) + 5, len(documents)), np.float32).T
    known = ~np.isnan(places[:, :1])
    scores = np.where(known, places, 0).astype(np.float32)
    share = _softmax(scores)[:, :1] * known
    around = (_shifted(share, documents, -1), _shifted(share, documents, 1), _window(share, documents, 4))
    return np.concatenate((scores, share, *around, known), axis=1).astype(np.float32)


def _softmax(scores: Floats) -> Floats:
    shares: Floats = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def _shifted(columns: Floats, documents: Ints, step: int) -> Floats:
    """Columns of the paragraph `step` further on; zeros where the document ends before."""
    moved = np.zeros_like(columns)
    if abs(step) < len(columns):
        here, there = (slice(None, -step), slice(step, None)) if step > 0 else (slice(-step, None), slice(None, step))
        same = (documents[here] == documents[there]).astype(np.float32)
        np.multiply(columns[there], same[:, None], out=moved[here])
    return moved


def _window(columns: Floats, documents: Ints, reach: int) -> Floats:
    """Mean over the paragraphs up to `reach` away on both sides, without the paragraph itself."""
    n = len(columns)
    at = np.arange(n)
    edges = np.searchsorted(documents, np.arange(documents.max(initial=0) + 2))
    low = np.maximum(at - reach, edges.take(documents))
    high = np.minimum(at + reach + 1, edges.take(documents + 1))
    sums = np.zeros((columns.shape[1], n + 1))
    np.cumsum(columns.T, axis=1, out=sums[:, 1:])
    means = sums.take(high, axis=1) - sums.take(low, axis=1)
    means -= columns.T
    means /= np.maximum(high - low - 1, 1)
    return means.astype(np.float32).T


def _mean(columns: Floats, first: Ints, documents: Ints) -> Floats:
    """Mean over the document, given to each of its paragraphs."""
    sizes = np.diff(first)
    some = np.flatnonzero(sizes)
    if not len(some):
        return np.zeros_like(columns)
    means = np.add.reduceat(columns.T, first[some], axis=1)
    means /= sizes[some]
    return np.repeat(means, sizes[some], axis=1).T


def _weighted_mean(columns: Floats, words: Words, first: Ints, documents: Ints) -> Floats:
    """Mean over the document with the square root of the number of words as weight."""
    weight = np.sqrt(np.maximum(words.counts, 1)).astype(np.float32)[:, None]
    return _mean(columns * weight, first, documents) / _mean(weight, first, documents)


def _position(first: Ints, documents: Ints) -> Floats:
    total = np.diff(first)[documents]
    index = np.arange(len(documents)) - first[documents]
    columns = (index / np.maximum(total - 1, 1), np.log1p(index), np.log1p(total - 1 - index), np.log(total))
    return np.stack(columns).astype(np.float32).T


def _repetition(looks: Floats, words: Words, documents: Ints) -> Floats:
    """How many paragraphs of the document open alike, close alike, or are cut at the same number of words (as logs)."""
    has_words = words.counts > 0
    last = np.where(has_words, words.firsts + words.counts - 1, 0)
    closing = np.where(has_words, words.hashes.take(last, mode="clip"), 0) if len(words.hashes) else words.openings
    unfinished = (looks[:, shape.COLUMNS.index("ends_cut_mark")] > 0) | (looks[:, shape.COLUMNS.index("ends_word")] > 0)
    is_cut = unfinished & (words.counts >= 12)
    columns = (
        np.log(_count_equal(words.openings, documents)),
        np.log(_count_equal(closing, documents)),
        np.log(_count_equal(np.where(is_cut, words.counts, -1).view(np.uint64), documents)) * is_cut,
    )
    return np.stack(columns).astype(np.float32).T


def _count_equal(keys: Hashes, documents: Ints) -> Ints:
    """For each paragraph, how many of its document have its key."""
    order, opens = overlap.group_equal(keys, documents)
    sizes = np.diff(opens, append=len(order))
    counts = np.empty_like(order)
    counts[order] = np.repeat(sizes, sizes)
    return counts


def _topic(topics: Floats, cohesion: Floats, words: Words, first: Ints, documents: Ints) -> Floats:
    """Shared vocabulary, and cosine of the topic to those around: as it is, against the document's spread, and the document's mean."""
    length = np.linalg.norm(topics, axis=1, keepdims=True)
    unit = topics / np.maximum(length, 1e-9)
    # In 64 bits, for where a paragraph is all its document says, nothing of the difference is left.
    total = np.diff(first)[documents][:, None] * _mean(topics, first, documents)
    before = sum(_shifted(topics, documents, -step) for step in (1, 2, 3))
    after = sum(_shifted(topics, documents, step) for step in (1, 2, 3))
    nearness = _nearness(unit, words.counts >= 8, documents)
    long = (words.counts >= TOPICAL).astype(np.float32)[:, None]
    fits: Floats = np.stack(
        (
            _cosine(topics, total - topics),
            _cosine(topics, np.asarray(before)),
            _cosine(topics, np.asarray(after)),
            nearness[2],
            nearness.mean(axis=0),
            *cohesion.T,
            _of_neighbours(cohesion[:, [FAR_SHARED]], long, documents),
        ),
        dtype=np.float32,
    ).T
    share = np.maximum(_mean(long, first, documents), np.float32(1e-9))
    mean = _mean(fits * long, first, documents) / share
    away = np.subtract(fits, mean, dtype=np.float32)
    # Not as mean of squares - square of mean, which in 32 bits is mostly rounding where a document's paragraphs are alike.
    spread = np.sqrt(_mean(away * away * long, first, documents) / share)
    return np.concatenate((fits, away / (spread + 0.03), mean), axis=1)


def _of_neighbours(column: Floats, weight: Floats, documents: Ints) -> Floats:
    """Mean of the two paragraphs before and the two after, those of weight 1."""
    weights = np.maximum(_window(weight, documents, 2), np.float32(1e-9))
    share: Floats = np.divide(_window(column * weight, documents, 2), weights, dtype=np.float32)
    return share[:, 0]


def _nearness(unit: Floats, is_long: NDArray[np.bool_], documents: Ints) -> Floats:
    """The three highest cosines to long paragraphs within reach, lowest first, shape ``(3, n_paragraphs)``."""
    best = np.zeros((3, len(unit)), np.float32)
    for step in range(1, min(REACH, len(unit) - 1) + 1):
        cosine = (unit[:-step] * unit[step:]).sum(axis=1)
        cosine *= documents[:-step] == documents[step:]
        _raise_best(best[:, :-step], cosine * is_long[step:])
        _raise_best(best[:, step:], cosine * is_long[:-step])
    return best


def _raise_best(best: Floats, value: Floats) -> None:
    """Put a new value in its place among the best three, row by row."""
    for row in (2, 1, 0):
        higher = np.maximum(best[row], value)
        np.minimum(best[row], value, out=value)
        best[row] = higher


def _cosine(one: Floats, two: Floats) -> Floats:
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(two, axis=1)
    cosine: Floats = (one * two).sum(axis=1) / np.maximum(lengths, 1e-9)
    return cosine
