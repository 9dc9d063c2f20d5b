"""Which paragraphs of a document say the same words: repeats, and teasers with the article they were cut from.

Runs of four words are hashed at every place; a run that stands in two paragraphs of one document links them. A paragraph is
linked to the one it shares most runs with, its `partner`. A teaser shows itself: its last words are the first words of its
partner, and the partner goes on.

Runs are sorted by their hash with their place in its low bits: one sort of plain integers, which NumPy does many times faster than
an argsort. Only runs that meet an equal one are looked at further.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.hashing import Hashes, Words

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

# Words. Shorter runs repeat by chance ("one of the most"); longer ones miss short standfirsts.
RUN = 4
# Words at the end of a teaser that are not the article's: "Read more", "[…] Continue reading".
TAIL = 4
_MIX = [np.uint64(k) for k in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)]
_DOCUMENT = np.uint64(0xFF51AFD7ED558CCD)

COLUMNS = (
    "shared",  # share of the paragraph's runs that stand elsewhere in the document too
    "shared_before",  # the same, elsewhere = earlier
    "shared_after",
    "partner_distance",  # signed log of the number of paragraphs to the partner
    "partner_share",  # share of the paragraph's runs that the partner has
    "of_partner",  # share of the partner's runs that the paragraph has
    "begins_at_partner_start",
    "begins_match_at_start",  # the match begins with the paragraph's own first words
    "ends_with_match",  # the match reaches the paragraph's end, but for a tail
    "partner_goes_on",  # log of the words that the partner has behind the match
    "is_cut_from_partner",  # the last three together: what a teaser looks like beside its article
    "n_partners",
    "is_copy",  # the whole paragraph stands earlier in the document
    "n_copies",
)


@dataclass(frozen=True)
class Overlap:
    """Overlap of each paragraph with the rest of its document.

    `columns` has shape ``(n_paragraphs, len(COLUMNS))``; `partner` is the paragraph it shares most with, or -1.
    """

    columns: Floats
    partner: Ints


def find_overlap(words: Words, documents: Ints) -> Overlap:
    """Compare every paragraph with the others of its document."""
    n = len(words.counts)
    columns = np.zeros((n, len(COLUMNS)), np.float32, order="F")
    put = dict(zip(COLUMNS, columns.T, strict=True))
    partner = np.full(n, -1)
    put["is_copy"][:], put["n_copies"][:] = _copies(words, documents)
    links = _links(words, documents)
    if links is None:
        return Overlap(columns, partner)
    paragraph, at, other, other_at = links
    n_runs = np.maximum(words.counts - RUN + 1, 1)
    for name, chosen in (
        ("shared", slice(None)),
        ("shared_before", other < paragraph),
        ("shared_after", other > paragraph),
    ):
        is_shared = np.zeros(len(words.hashes), bool)
        is_shared[at[chosen]] = True
        put[name][:] = np.bincount(words.owners[is_shared], minlength=n) / n_runs
    _describe_partners(put, partner, words, (paragraph, at, other, other_at))
    return Overlap(columns, partner)


def _copies(words: Words, documents: Ints) -> tuple[Floats, Floats]:
    """Whether a paragraph stands earlier in its document word for word, and how often it stands there in all (log)."""
    has_words = words.counts > 0
    order, opens = group_equal(_paragraph_keys(words), documents)
    sizes = np.diff(opens, append=len(order))
    first, counts = np.empty_like(order), np.empty_like(order)
    first[order] = np.repeat(np.minimum.reduceat(order, opens), sizes)
    counts[order] = np.repeat(sizes, sizes)
    is_copy = (first < np.arange(len(order))) & has_words
    return is_copy.astype(np.float32), np.log(np.where(has_words, counts, 1)).astype(np.float32)


def group_equal(keys: Hashes, documents: Ints) -> tuple[Ints, Ints]:
    """An order that puts paragraphs of one document with equal keys side by side, and where each such group begins in it.

    Keys are mixed with the document's number, so that one sort will do; that two unlike ones then meet has odds of 1 to 2^64 a pair.
    """
    mixed = keys * _MIX[0]
    mixed += documents.astype(np.uint64) * _DOCUMENT
    order = np.argsort(mixed)
    ordered = mixed.take(order)
    fresh = np.ones(len(order), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return order, np.flatnonzero(fresh)


def _paragraph_keys(words: Words) -> Hashes:
    """A hash of all words of each paragraph, in order."""
    summed = np.zeros(len(words.pairs) + 1, np.uint64)
    np.cumsum(words.pairs, out=summed[1:])
    return summed[words.firsts + words.counts] - summed[words.firsts]


def _links(words: Words, documents: Ints) -> tuple[Ints, Ints, Ints, Ints] | None:
    """Runs that stand in two paragraphs of a document: paragraph, word, other paragraph, other word (both ways)."""
    last = len(words.hashes) - RUN + 1
    if last < 1:
        return None
    # A run of four is two pairs. Multiplied keys mix well in their high bits, and those are sorted by first.
    keys = words.pairs[:last] * _MIX[0]
    keys += words.pairs[RUN - 2 : last + RUN - 2] * _MIX[1]
    keys += np.repeat(documents.astype(np.uint64) * _DOCUMENT, words.counts)[:last]
    owners = words.owners
    order = repeated(keys)
    order = order[owners.take(order) == owners.take(order + RUN - 1)]
    equal_next = keys[order[1:]] == keys[order[:-1]]
    if not equal_next.any():
        return None
    # Inside a group of equal runs each is linked with the next and the one before; a group is a ring.
    edges = np.flatnonzero(np.concatenate(([True], ~equal_next, [True])))
    successor = np.arange(1, len(order) + 1)
    successor[edges[1:] - 1] = edges[:-1]
    one, two = order, order[successor]
    pairs = np.concatenate((np.stack((one, two)), np.stack((two, one))), axis=1)
    pairs = pairs[:, owners[pairs[0]] != owners[pairs[1]]]
    if not pairs.shape[1]:
        return None
    return owners[pairs[0]], pairs[0], owners[pairs[1]], pairs[1]


def repeated(keys: Hashes) -> Ints:
    """Places of the keys that occur more than once, equal ones side by side and in rising order."""
    place = np.uint64(len(keys).bit_length())
    ordered = keys >> place
    ordered <<= place
    ordered |= np.arange(len(keys), dtype=np.uint64)
    ordered.sort()
    meets = np.zeros(len(keys) + 1, bool)
    np.less((ordered[1:] ^ ordered[:-1]) >> place, 1, out=meets[1:-1])
    found: Ints = (ordered[meets[1:] | meets[:-1]] & ((np.uint64(1) << place) - np.uint64(1))).astype(np.int64)
    return found


def _describe_partners(put: dict[str, Floats], partner: Ints, words: Words, links: tuple[Ints, ...]) -> None:
    paragraph, at, other, other_at = links
    n = len(partner)
    # 64 bits: a document of 50,000 paragraphs has more pairs than 32 can number.
    key = paragraph.astype(np.int64) * n + other
    order = np.lexsort((at, key))
    key, at, other_at = key[order], at[order], other_at[order]
    opens = np.flatnonzero(np.diff(key, prepend=-1))
    closes = np.append(opens[1:], len(key)) - 1
    # A run linked both ways inside a ring of two is counted once.
    fresh = np.concatenate(([True], (at[1:] != at[:-1]) | (key[1:] != key[:-1])))
    matched = np.add.reduceat(fresh.astype(np.int64), opens)
    one, two = np.divmod(key[opens], n)
    # The partner: most runs shared; of equals the longer, then the nearer, then the earlier paragraph.
    rank = np.lexsort((two, np.abs(two - one), -words.counts[two], -matched, one))
    chosen = rank[np.concatenate(([True], one[rank][1:] != one[rank][:-1]))]
    a, b = one[chosen], two[chosen]
    partner[a] = b
    put["n_partners"][:] = np.log1p(np.bincount(one, minlength=n))
    n_runs = np.maximum(words.counts - RUN + 1, 1)
    distance = (b - a).astype(np.float32)
    put["partner_distance"][a] = np.sign(distance) * np.log1p(np.abs(distance))
    put["partner_share"][a] = matched[chosen] / n_runs[a]
    put["of_partner"][a] = np.minimum(matched[chosen] / n_runs[b], 1)
    first_a, last_a = at[opens[chosen]], at[closes[chosen]] + RUN
    first_b, last_b = other_at[opens[chosen]], other_at[closes[chosen]] + RUN
    stop_a, stop_b = (words.firsts + words.counts)[a], (words.firsts + words.counts)[b]
    at_start = first_b == words.firsts[b]
    reaches_end = stop_a - last_a <= TAIL
    goes_on = np.maximum(stop_b - last_b, 0)
    put["begins_at_partner_start"][a] = at_start
    put["begins_match_at_start"][a] = first_a == words.firsts[a]
    put["ends_with_match"][a] = reaches_end
    put["partner_goes_on"][a] = np.log1p(goes_on)
    put["is_cut_from_partner"][a] = at_start & reaches_end & (goes_on > 0)
