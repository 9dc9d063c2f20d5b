"""Which sources are one voice: copies, near copies and rewrites.

Method
------
1. *Terms.* Each text becomes its distinct words, figures and neighbouring pairs (`terms.py`); quotations are masked.
2. *Neighbours.* An inverted index over a sample of the terms finds texts that share rare ones. Each text keeps the twelve it shares
   most with: its copies, and the other reports of the same event. Only pairs that share very many are suspected and measured.
3. *Evidence.* Independent reports of one event share names and figures too, so a shared term counts by how few of the neighbours
   have it: one divided by their number. Five features of a pair say how much of a text is found in the other alone, in words and
   figures, how many of its pairs of words the other has, and whether the shared terms come in the same order.
4. *Similarity.* A logistic regression over the features gives the chance that one text comes from the other.
5. *Links.* Each text is tied to the one it is closest to, so that n texts of one origin make n - 1 links (a maximum spanning forest).
   Which texts are one voice, and how closely, can be read from these links alone.

Texts are handled in the order of their words, so neither their order nor their names change the answer. Work is linear in the
text, and memory is bounded by the block of text in hand and the sampled index.

Limits: two texts that report the same figures in the same order because both follow one press release are taken for copies,
which for the counting of voices is right. A rewrite of a few sentences without figures is not seen.

Broder (1997), On the resemblance and containment of documents; Dong et al. (2010), Global detection of complex copying relationships.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from noisefilter.reliability.grouping import connected, spread
from noisefilter.reliability.terms import (
    FIGURE,
    HASH_BITS,
    KINDS,
    LAST_PLACE,
    PAIR,
    PLACE_BITS,
    WORD,
    Hashes,
    Ints,
    Terms,
    listed_sources,
    read_terms,
)

Floats = NDArray[np.float64]

# Characters and texts compared at once, their neighbours from other blocks not counted; this sets the memory.
BLOCK, MOST_IN_BLOCK = 1 << 22, 3000
# Terms kept for the index of a corpus; a larger corpus is sampled: 2^24 terms are about 110 MB of text. 60 MB in 40,000 texts took
# 1.1 GB of memory above the text at 7 MB/s; this and MOST_MEETINGS keep a larger corpus from taking more than about twice that.
LARGEST_INDEX = 1 << 24
# Measured on news (430 articles).
TERMS_A_CHARACTER = 0.15
# Pairs of texts met in the index; a term in fewer texts is "common" when there would be more. 8 bytes each.
MOST_MEETINGS = 1 << 24
# Terms of each text that are always in the index, so that a short text in a huge corpus is still found.
FEWEST_SAMPLED = 24
# Texts. A term in more texts than this says little; it only ties texts that are nearly the same.
COMMON = 20
# Neighbours kept of each text.
NEIGHBOURS = 12
# Sampled rare terms, and their share of the shorter text's terms, under which two texts are no neighbours.
FEWEST_SHARED, LEAST_SHARED = 3, 0.02
# The same share, from which a pair is measured: copies are at 0.19 and more with 105 texts in one call, half of the pairs of one
# event at 0.09 and less, of different events at 0.02. The other neighbours only tell what is common knowledge.
SUSPECTED = 0.08
# Share of a text's pairs of words found in the other from which the kind is "verbatim": a word changed here and there.
VERBATIM = 0.85
# Titles in the lists of sources of two texts that make them one voice when the lists are the same.
FEWEST_LISTED = 2
# Share of a text's pairs of words found in the other; above it two texts count as one neighbour.
NEARLY_THE_SAME = 0.5

FEATURES = ("words", "figures", "figures_both", "pairs", "order")
# Weights of the logistic regression over FEATURES, and its constant, fitted by scripts/copies.py on 54 invented event clusters (328
# texts, 60 pairs of one origin). Leaving out one cluster at a time, none of the 60 is lost and one of the 710 other suspected pairs is
# taken for one; of the same pairs given alone, without a third report to tell what is common knowledge, 6 are. Shuffled sentences
# lose 11 of 180, half of the sentences dropped 48 of 179.
# Not fitted on: five articles with one rewrite among them, which is found alone; news on one war (430 articles), where 127 of 128
# pairs that share over 0.3 of their 5-grams are tied together, and of 96 links some ten tie an outlet's reports of one form on
# different events (both with the weights of 18 clusters).
WEIGHTS = np.array([1.6, 4.4, 7.7, 21.5, 14.8])
CONSTANT = -13.3
# Chance of one origin from which a pair is reported. On the clusters left out see tests/test_dependence.py.
COPY = 0.5


@dataclass(frozen=True, order=True)
class Copy:
    """Two texts of one origin; `similarity` is the chance of it, 0.5-1, `kind` one of verbatim, near, rewrite, sources."""

    a: str
    b: str
    similarity: float
    kind: str


@dataclass(frozen=True)
class Evidence:
    """Features of suspected pairs: `left` and `right` are texts, `X` has shape ``(n_pairs, n_features)``."""

    left: Ints
    right: Ints
    X: Floats


def find_copies(texts: Mapping[str, str]) -> list[Copy]:
    """Find texts of one origin, each tied to the one it is closest to.

    >>> report = "The Highland Mail left the rails at Marrow Bend on Monday. Coroner Ruth Ansel counts seven dead of 212 aboard."
    >>> rewrite = "On Monday the Highland Mail came off the rails at Marrow Bend; of 212 aboard, coroner Ruth Ansel counts seven dead."
    >>> other = "Train 418 entered the bend at 114 km/h, where 72 km/h is allowed. The brake was pulled 4 seconds before."
    >>> [(copy.a, copy.b, copy.kind) for copy in find_copies({"A": report, "B": rewrite, "C": other})]
    [('A', 'B', 'rewrite')]

    A group of n texts has n - 1 links; `groups` gathers them and `count_voices` says how many voices remain.
    Each link has ``a < b``; the list is sorted.
    """
    names = sorted(texts, key=lambda name: (texts[name], name))
    return copies_among(names, [texts[name] for name in names])


def copies_among(names: Sequence[str], ordered: Sequence[str]) -> list[Copy]:
    """The same of texts in their own order, which may be a sequence that reads them from disk."""
    evidence = measure_pairs(ordered)
    similarity = similarities(evidence.X)
    near = evidence.X[:, FEATURES.index("pairs")]
    found = [
        (float(similarity[i]), int(evidence.left[i]), int(evidence.right[i]), _kind(float(near[i])))
        for i in np.flatnonzero(similarity >= COPY)
    ]
    linked = {(a, b) for _, a, b, _ in found}
    found += [(1.0, a, b, "sources") for a, b in _same_sources(ordered) - linked]
    return sorted(Copy(min(names[a], names[b]), max(names[a], names[b]), round(s, 4), kind) for s, a, b, kind in _forest(found, len(names)))


def similarities(X: Floats) -> Floats:
    """The chance that the texts of a pair have one origin, from their features ``(n_pairs, n_features)``."""
    return 1 / (1 + np.exp(-(X @ WEIGHTS + CONSTANT)))


def groups(names: Iterable[str], copies: Iterable[Copy]) -> list[list[str]]:
    """Gather names into voices: who is linked, directly or through others, is one.

    >>> groups(["A", "B", "C"], [Copy("A", "C", 0.9, "near")])
    [['A', 'C'], ['B']]
    """
    order = sorted(names)
    place = {name: index for index, name in enumerate(order)}
    links = [(place[c.a], place[c.b]) for c in copies if c.a in place and c.b in place]
    roots = connected(np.array([a for a, _ in links], np.int64), np.array([b for _, b in links], np.int64), len(order))
    gathered: dict[int, list[str]] = {}
    for name, root in zip(order, roots.tolist(), strict=True):
        gathered.setdefault(root, []).append(name)
    return list(gathered.values())


def count_voices(names: Iterable[str], copies: Iterable[Copy]) -> float:
    """How many independent voices, a copy counting for what is not copied: the sum of 1 / (1 + similarity to each other name).

    >>> round(count_voices(["A", "B", "C"], [Copy("A", "B", 1.0, "verbatim")]), 2)
    2.0

    Two names linked through others are as similar as the weakest link between them.
    """
    members = {name: [name] for name in names}
    dependence = dict.fromkeys(members, 0.0)
    for copy in sorted(copies, key=lambda copy: -copy.similarity):
        ours, theirs = members.get(copy.a), members.get(copy.b)
        if ours is None or theirs is None or ours is theirs:
            continue
        for mine, others in ((ours, theirs), (theirs, ours)):
            for name in mine:
                dependence[name] += copy.similarity * len(others)
        ours += theirs
        members.update(dict.fromkeys(theirs, ours))
    return sum(1 / (1 + share) for share in dependence.values())


def _kind(near: float) -> str:
    return "verbatim" if near >= VERBATIM else "near" if near >= NEARLY_THE_SAME else "rewrite"


def _same_sources(texts: Sequence[str]) -> set[tuple[int, int]]:
    """Texts that list the same two sources or more below them, each tied to the first such text."""
    first: dict[frozenset[str], int] = {}
    pairs = set()
    for index, text in enumerate(texts):
        listed = listed_sources(text)
        if len(listed) >= FEWEST_LISTED:
            original = first.setdefault(listed, index)
            if original != index:
                pairs.add((original, index))
    return pairs


def _forest(links: list[tuple[float, int, int, str]], n: int) -> list[tuple[float, int, int, str]]:
    """The strongest links that tie together the same texts: Kruskal's maximum spanning forest."""
    roots = list(range(n))

    def root(text: int) -> int:
        while roots[text] != text:
            roots[text] = roots[roots[text]]
            text = roots[text]
        return text

    kept = []
    for link in sorted(links, key=lambda link: (-link[0], link[3] == "sources", link[1:])):
        a, b = root(link[1]), root(link[2])
        if a != b:
            roots[max(a, b)] = min(a, b)
            kept.append(link)
    return kept


def measure_pairs(texts: Sequence[str]) -> Evidence:
    """The features of all suspected pairs; texts that are alike should stand next to each other."""
    sizes = [len(text) for text in texts]
    runs = list(_runs(sizes, BLOCK))
    terms = read_terms(texts) if len(runs) == 1 else None
    left, right, share = _neighbours(_index(texts, runs, terms), len(texts))
    suspected = share >= SUSPECTED
    suspects = np.zeros(len(texts), np.bool_)
    suspects[left[suspected]] = suspects[right[suspected]] = True
    wanted = suspects[left] | suspects[right]
    left, right, suspected = left[wanted], right[wanted], suspected[wanted]
    if terms is not None:
        sides, order = _measure(terms, left, right)
    else:
        sides, order = np.zeros((2, len(left), KINDS)), np.zeros(len(left))
        for inside in _blocks(sizes, np.flatnonzero(suspects), left, right):
            _measure_block(texts, inside, (left, right, suspected), sides, order)
    return Evidence(left[suspected], right[suspected], _features(sides, order)[suspected])


def _runs(sizes: Sequence[int], largest: int) -> Iterator[range]:
    """Runs of texts of about `largest` characters.

    >>> list(_runs([5, 5, 50, 1], 10))
    [range(0, 2), range(2, 3), range(3, 4)]
    """
    begin = total = 0
    for index, size in enumerate(sizes):
        if index > begin and (total + size > largest or index - begin >= MOST_IN_BLOCK):
            yield range(begin, index)
            begin, total = index, 0
        total += size
    if begin < len(sizes):
        yield range(begin, len(sizes))


def _index(texts: Sequence[str], runs: Iterable[range], terms: Terms | None) -> tuple[Hashes, Ints]:
    """Sampled terms and their texts, sorted by term and text."""
    largest = np.uint64(min(1.0, LARGEST_INDEX / (TERMS_A_CHARACTER * sum(map(len, texts)) + 1)) * (1 << (HASH_BITS - 2)))
    found = [np.empty(0, np.uint64)]
    for run in runs:
        those = terms or read_terms(texts[run.start : run.stop])
        sampled = (those.keys & np.uint64((1 << (HASH_BITS - 2)) - 1)) < largest
        sampled |= np.arange(len(those.keys)) - those.firsts[those.texts] < FEWEST_SAMPLED
        keys = those.keys[sampled]
        found.append(keys << np.uint64(32) | (keys >> np.uint64(HASH_BITS)) + np.uint64(run.start))
    entries = np.concatenate(found)
    del found
    entries.sort()
    return entries >> np.uint64(32), (entries & np.uint64(0xFFFFFFFF)).view(np.int64)


def _neighbours(index: tuple[Hashes, Ints], n_texts: int) -> tuple[Ints, Ints, Floats]:
    """Pairs of texts that share rare terms, each text's strongest, and which share of the shorter one's; ``left < right``."""
    hashes, owners = index
    firsts = np.flatnonzero(np.diff(hashes, prepend=~hashes[:1]))
    counts = np.diff(firsts, append=len(hashes))
    common = _rarest_kept(counts)
    keys = [np.empty(0, np.uint64)]
    for distance in range(1, common):
        # The texts of a rare term all meet each other; those of a common one only meet the next: copies stand side by side.
        wide = (counts > distance) & ((counts <= common) | (distance == 1))
        at = spread(firsts[wide], counts[wide] - distance)
        keys.append(owners[at].view(np.uint64) << np.uint64(32) | owners[at + distance].view(np.uint64))
    pairs, shared = np.unique(np.concatenate(keys), return_counts=True)
    left, right = (pairs >> np.uint64(32)).view(np.int64), (pairs & np.uint64(0xFFFFFFFF)).view(np.int64)
    sizes = np.bincount(owners, minlength=n_texts)
    share = shared / np.minimum(sizes[left], sizes[right])
    many = (shared >= FEWEST_SHARED) & (share >= LEAST_SHARED)
    left, right, shared, share = left[many], right[many], shared[many], share[many]
    kept = _strongest(left, right, shared) | _strongest(right, left, shared)
    return left[kept], right[kept], share[kept]


def _rarest_kept(counts: Ints) -> int:
    """`COMMON`, or less when the pairs would not fit in memory."""
    sizes = np.arange(COMMON + 1)
    met = np.cumsum(np.bincount(counts[counts <= COMMON], minlength=COMMON + 1) * sizes * (sizes - 1) // 2)
    return max(2, int(np.searchsorted(met, MOST_MEETINGS, side="right")) - 1)


def _strongest(side: Ints, other: Ints, shared: Ints) -> NDArray[np.bool_]:
    order = np.lexsort((other, -shared, side))
    ranks = np.arange(len(order)) - np.searchsorted(side[order], side[order])
    kept = np.zeros(len(order), np.bool_)
    kept[order[ranks < NEIGHBOURS]] = True
    return kept


def _blocks(sizes: Sequence[int], texts: Ints, left: Ints, right: Ints) -> Iterator[Ints]:
    """The texts in blocks of about `BLOCK` characters; those that are connected stand together."""
    texts = texts[np.argsort(connected(left, right, len(sizes))[texts], kind="stable")]
    for run in _runs([sizes[text] for text in texts], BLOCK):
        yield texts[run.start : run.stop]


def _measure_block(texts: Sequence[str], inside: Ints, pairs: tuple[Ints, Ints, NDArray[np.bool_]], sides: Floats, order: Floats) -> None:
    """Measure the pairs of a block and their neighbours, and keep what is said of the texts inside, whose neighbours are all there."""
    left, right, suspected = pairs
    is_inside = np.zeros(len(texts), np.bool_)
    is_inside[inside] = True
    there = np.unique(np.concatenate((inside, right[is_inside[left]], left[is_inside[right]])))
    number = np.full(len(texts), -1)
    number[there] = np.arange(len(there))
    chosen = np.flatnonzero((number[left] >= 0) & (number[right] >= 0) & (is_inside[left] | is_inside[right] | suspected))
    found, in_order = _measure(read_terms([texts[i] for i in there]), number[left[chosen]], number[right[chosen]])
    for side, text in enumerate((left, right)):
        exact = is_inside[text[chosen]]
        sides[side, chosen[exact]] = found[side, exact]
        order[chosen[exact]] = in_order[exact]


def _features(sides: Floats, order: Floats) -> Floats:
    """From what both sides of a pair say to its features, shape ``(n_pairs, n_features)``."""
    inner, outer = sides.max(axis=0), sides.min(axis=0)
    return np.column_stack((inner[:, WORD], inner[:, FIGURE], outer[:, FIGURE], inner[:, PAIR], order))


def _measure(terms: Terms, left: Ints, right: Ints) -> tuple[Floats, Floats]:
    """How much of either text is found in the other, ``(2, n_pairs, KINDS)``, and whether in the same order, ``(n_pairs,)``.

    Counted twice: texts that are nearly the same are found first, and then count as one neighbour, or else two copies of one report
    would make its own words look like common ones.
    """
    shared = _shared_terms(terms, left, right)
    pair, here, there = shared
    single = terms.kinds[here] != PAIR
    order = _same_order(pair[single], terms.places[here[single]], terms.places[there[single]], len(left))
    alone = np.ones(len(left))
    sides = _containments(terms, shared, (left, right), (alone, alone))
    same = sides[:, :, PAIR].max(axis=0) >= NEARLY_THE_SAME
    if same.any():
        voices = connected(left[same], right[same], len(terms.firsts) - 1)
        size = np.bincount(voices)[voices].astype(np.float64)
        other = (voices[left] != voices[right]).astype(np.float64)
        again = _containments(terms, shared, (left, right), (other / size[left], other / size[right]))
        sides = np.where(same[:, None], sides, again)
    return sides, order


def _containments(terms: Terms, shared: tuple[Ints, Ints, Ints], texts: tuple[Ints, Ints], counted: tuple[Floats, Floats]) -> Floats:
    """How much of either text is found in the other alone; `counted` says how much of a neighbour each of the two is."""
    pair, here, there = shared
    n_having = np.bincount(here, counted[1][pair], minlength=len(terms.keys))
    n_having += np.bincount(there, counted[0][pair], minlength=len(terms.keys))
    # Two words next to each other are seldom common knowledge; and agency background in twenty reports is copied all the same.
    n_having[terms.kinds == PAIR] = 0
    rare, own = 1 / np.maximum(n_having, 1), 1 / (1 + n_having)
    of_text = np.bincount(terms.texts * KINDS + terms.kinds, own, minlength=(len(terms.firsts) - 1) * KINDS).reshape(-1, KINDS)
    slot = pair * KINDS + terms.kinds[here]
    return np.stack([_containment(slot, rare[at], own[at], of_text[text]) for at, text in ((here, texts[0]), (there, texts[1]))])


def _shared_terms(terms: Terms, left: Ints, right: Ints) -> tuple[Ints, Ints, Ints]:
    """Every term two texts share: which pair, and where the term is in `terms` for either text."""
    sizes = np.diff(terms.firsts)
    swap = sizes[left] > sizes[right]
    less, more = np.where(swap, right, left), np.where(swap, left, right)
    at = spread(terms.firsts[less], sizes[less])
    pair = np.repeat(np.arange(len(left)), sizes[less])
    sought = (terms.keys & np.uint64((1 << HASH_BITS) - 1))[at]
    sought |= (more.view(np.uint64) << np.uint64(HASH_BITS))[pair]
    hit, found = _find(sought, terms.keys)
    pair, at = pair[hit], at[hit]
    return pair, np.where(swap[pair], found, at), np.where(swap[pair], at, found)


def _find(sought: Hashes, keys: Hashes) -> tuple[Ints, Ints]:
    """Which of the sought are among the keys, and where.

    >>> _find(np.array([7, 2, 9], np.uint64), np.array([2, 5, 9], np.uint64))
    (array([1, 2]), array([0, 2]))

    A table of one bit a slot first sorts out most of those that are not there, for looking up takes long.
    """
    bits = len(keys).bit_length() + 3
    present = np.zeros(1 << bits, np.bool_)
    present[_slots(keys, bits)] = True
    maybe = np.flatnonzero(present[_slots(sought, bits)])
    at = np.minimum(np.searchsorted(keys, sought[maybe]), max(0, len(keys) - 1))
    hit = keys[at] == sought[maybe] if len(keys) else at > 0
    return maybe[hit], at[hit]


def _slots(keys: Hashes, bits: int) -> Ints:
    return ((keys * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - bits)).view(np.int64)


# Of each kind: weight of what is expected of independent reports, in terms, and the share expected. Steadies short texts.
_PRIOR_WEIGHT = np.array([10.0, 2.0, 10.0])
_PRIOR_SHARE = np.array([0.2, 0.2, 0.05])
# Shared terms added in no order, so that two or three in a row by chance say little.
_STEADY = 10


def _containment(slot: Ints, rare: Floats, own: Floats, of_text: NDArray[Any]) -> Floats:
    """How much of each text is found in the other alone, shape ``(n_pairs, KINDS)``."""
    n = of_text.size
    shared = np.bincount(slot, rare, minlength=n).reshape(-1, KINDS)
    rest = of_text - np.bincount(slot, own, minlength=n).reshape(-1, KINDS)
    return (shared + _PRIOR_WEIGHT * _PRIOR_SHARE) / (shared + rest + _PRIOR_WEIGHT)


def _same_order(pair: Ints, here: Ints, there: Ints, n_pairs: int) -> Floats:
    """Whether the shared words and figures come in the same order: 1 always, 0 by chance, -1 the other way round."""
    keys = (pair << (2 * PLACE_BITS) | here << PLACE_BITS | there).view(np.uint64)
    keys.sort()
    pairs = (keys >> np.uint64(2 * PLACE_BITS)).view(np.int64)
    there = (keys & np.uint64(LAST_PLACE)).view(np.int64)
    steps = np.sign(np.diff(there)) * (pairs[1:] == pairs[:-1])
    return np.bincount(pairs[1:], steps, minlength=n_pairs) / (np.bincount(pairs, minlength=n_pairs) + _STEADY)
