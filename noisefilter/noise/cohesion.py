"""How much of a paragraph's vocabulary the rest of its document uses too.

A foreign paragraph brings its own words. Each word weighs its rarity (inverse document frequency, Spärck Jones 1972), so that "the" says
nothing and a place name much. This is the strongest evidence there is of text that does not belong: ranking spam among content of
unseen authors, area under the curve 0.86 within documents, against 0.75 for topic vectors.

Every document has a table of its own with at least `ROOM` slots a word, so what else is in the batch cannot matter; now and
then two words fall into one slot and count as shared.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.hashing import Hashes, Words, rows_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

ROOM = 8
# Logarithm of one text in so many that have the word: e^1.5, one in four and a half. Such words stand in every paragraph.
COMMON = 1.5
# Paragraphs. A guest post of several paragraphs shares its words within itself; only what stands farther away shows it to be foreign.
FAR = 6
COLUMNS = ("shared_rarity", "far_shared_rarity", "repeated_rarity")
FAR_SHARED = COLUMNS.index("far_shared_rarity")
_LOGARITHMS = np.log(np.maximum(np.arange(1 << 12), 1)).astype(np.float32)


def cohesion_columns(words: Words, documents: Ints, rarity: Floats) -> Floats:
    """Columns of every paragraph, shape ``(n_paragraphs, 3)``.

    `shared_rarity` is the share of the paragraph's word rarity, 0-1, in words that another paragraph of the document has,
    `far_shared_rarity` that of words which one `FAR` or more paragraphs away has; `repeated_rarity` is the mean log count of its words in
    the document, weighted by rarity. `rarity` has a weight a word row. Words less rare than `COMMON` are left out.
    """
    n = len(words.counts)
    columns = np.zeros((n, len(COLUMNS)), np.float32, order="F")
    weight = rarity.take(rows_of(words.hashes, rarity.size.bit_length() - 1))
    telling = np.flatnonzero(weight >= COMMON)
    weight = weight.take(telling)
    # The number of telling words before each paragraph says which are its own.
    stops = np.searchsorted(telling, np.append(words.firsts, len(words.hashes)))
    counts = np.diff(stops)
    some = np.flatnonzero(counts)
    if not len(some):
        return columns
    owners = np.repeat(np.arange(n, dtype=np.int32), counts)
    slots, n_slots = _slots(words.hashes.take(telling), np.bincount(documents, counts).astype(np.int64))
    first, last = np.empty(n_slots, np.int32), np.empty(n_slots, np.int32)
    first[slots[::-1]] = owners[::-1]
    last[slots] = owners
    first, last = first.take(slots), last.take(slots)
    evidence = (
        first != last,
        (owners - first >= FAR) | (last - owners >= FAR),
        _LOGARITHMS.take(np.bincount(slots, minlength=n_slots).take(slots), mode="clip"),
    )
    starts = stops[:-1][some]
    total = np.add.reduceat(weight, starts)
    for column, values in enumerate(evidence):
        columns[some, column] = np.add.reduceat(weight * values, starts) / total
    return columns


def _slots(hashes: Hashes, n_words: Ints) -> tuple[Ints, int]:
    """A slot for each word in its own document's table, and the number of slots in all; `n_words` are those of each document."""
    bits = np.ceil(np.log2(np.maximum(n_words, 2) * ROOM)).astype(np.int64)
    begins = np.cumsum(1 << bits) - (1 << bits)
    slots = (hashes >> np.repeat((64 - bits).astype(np.uint64), n_words)).view(np.int64)
    slots += np.repeat(begins, n_words)
    return slots, int((1 << bits).sum())
