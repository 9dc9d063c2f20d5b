"""Quick looks that spare slow patterns: a pattern that cannot match is not tried, and one that can is tried only where it may begin.

A case-insensitive pattern costs several times the same pattern in small letters, and an alternation without a common first letter is
tried at every character. `fold` gives the text in small letters at the same offsets; a few substring tests then rule most sentences
out; `matches_at` tries a pattern only at the places given. `WordScan` finds in one array scan where the words stand without which
patterns cannot match. None of this changes what is found.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray


def fold(text: str) -> str:
    """The text as a case-insensitive pattern sees it, in small letters, each at its own offset.

    >>> fold("İzmir and Aſhby"), len(fold("İzmir"))
    ('izmir and ashby', 5)
    """
    if text.isascii():
        return text.lower()
    return fold_lowered(text.replace("İ", "I").lower())


def fold_lowered(lowered: str) -> str:
    """The same of a text that is in small letters at its own offsets already."""
    return lowered if lowered.isascii() else lowered.replace("ſ", "s").replace("ı", "i")


def has_any(text: str, hints: Sequence[str]) -> bool:
    """Whether one of the hints is in the text; a plain loop, which is faster than `any` over a generator.

    >>> has_any("they rose daily", ("ly", "annual"))
    True
    """
    for hint in hints:  # noqa: SIM110
        if hint in text:
            return True
    return False


def matches_at(pattern: re.Pattern[str], text: str, starts: Iterable[int]) -> Iterator[re.Match[str]]:
    """What ``pattern.finditer(text)`` yields, given every place (and maybe more, in order) where a match may begin.

    >>> [match[0] for match in matches_at(re.compile("[0-9]+ days?"), "12 days, 3 weeks, 4 days", (0, 1, 9, 18))]
    ['12 days', '4 days']
    """
    reached = 0
    for start in starts:
        if start >= reached and (match := pattern.match(text, start)):
            yield match
            reached = match.end()


def spans_at(spans: Sequence[tuple[int, int]], places: Iterable[int] | None) -> Iterator[tuple[int, int, int]]:
    """The number, start and end of each span that holds one of the places; of every span where none are given.

    >>> list(spans_at([(0, 9), (10, 20), (21, 30)], [12, 14, 29]))
    [(1, 10, 20), (2, 21, 30)]
    """
    if places is None:
        numbers: Iterable[int] = range(len(spans))
    else:
        starts = [start for start, _ in spans]
        numbers = sorted({bisect_right(starts, place) - 1 for place in places} - {-1})
    for number in numbers:
        yield number, *spans[number]


@dataclass(frozen=True, slots=True)
class Places:
    """Where words of known kinds stand in a text, in order; `kinds` are sums of the kinds of each."""

    starts: list[int]
    kinds: list[int]

    def of(self, kind: int) -> list[int]:
        """The places of one kind."""
        return [start for start, kinds in zip(self.starts, self.kinds, strict=True) if kinds & kind]

    def kinds_in(self, start: int, end: int) -> int:
        """The kinds of all words that begin in a span."""
        found = 0
        for kinds in self.kinds[bisect_left(self.starts, start) : bisect_left(self.starts, end)]:
            found |= kinds
        return found


# Letters of a word that count; a longer word is known by these.
_LETTERS = 6
# Bits of a slot of the table: 500 words share 65,536, so one word in a hundred is found in vain.
_SLOT_BITS = 16
_SLOT_SHIFT = np.uint64(64 - _SLOT_BITS)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MASKS = np.array([(1 << (8 * n)) - 1 for n in range(_LETTERS + 1)], np.uint64)
_PAD = b" " * 8
# Bits of an entry of the table: the kinds of a word, those it has before another word, and those it gives the word before.
_KINDS, _BEFORE, _AFTER = np.uint32(0x3FF), 10, 20
_Listed = Mapping[int, Iterable[str]]
# Characters that are scanned at once: their arrays stay in the processor's cache, and memory stays flat.
_BLOCK = 1 << 18


class WordScan:
    """Finds words of several kinds, maybe more of them, never fewer: a word is known by a hash of its first six letters.

    A kind is one of the powers of two up to 512; `words` gives those of each. Where a word is of a kind only if another follows,
    `before` has the first and `after` the second; a word with a capital follows for the kind `capital`.

    >>> scan = WordScan({1: ["twelve"]}, before={1: ["a"], 2: ["in", "the"]}, after={1: ["dozen"]}, capital=2)
    >>> scan("In all, a dozen died in Kyiv.", "in all, a dozen died in kyiv.")
    Places(starts=[8, 21], kinds=[1, 2])
    """

    def __init__(
        self, words: _Listed, before: _Listed = MappingProxyType({}), after: _Listed = MappingProxyType({}), capital: int = 0
    ) -> None:
        self._capital = np.uint32(capital << _AFTER)
        self._table = np.zeros(1 << _SLOT_BITS, np.uint32)
        for listed, shift in ((words, 0), (before, _BEFORE), (after, _AFTER)):
            for kind, those in listed.items():
                keys = [int.from_bytes(word.encode()[:_LETTERS], "little") for word in those]
                self._table[(np.array(keys, np.uint64) * _MULTIPLIER) >> _SLOT_SHIFT] |= np.uint32(kind << shift)

    def __call__(self, text: str, lowered: str) -> Places:
        """The words of a text, which is given in small letters, too."""
        places = Places([], [])
        begin = 0
        while begin < len(lowered):
            end = begin + _BLOCK
            if end < len(lowered):
                end = self._cut(lowered, begin, end)
            starts, kinds = self._scan(text[begin:end], lowered[begin:end])
            places.starts.extend((starts + begin).tolist())
            places.kinds.extend(kinds.tolist())
            begin = end
        return places

    @staticmethod
    def _cut(lowered: str, begin: int, end: int) -> int:
        """Where a block ends: after a mark, for no pair goes across one, or else after a space."""
        for mark in ("\n", ". ", ", ", " "):
            cut = lowered.rfind(mark, begin, end)
            if cut >= 0:
                return cut + len(mark)
        return end

    def _scan(self, text: str, lowered: str) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        """The places and kinds in a block; a byte a character, and whatever is no Latin letter ends a word."""
        padded = b" " + lowered.encode("latin-1", "replace") + _PAD
        raw = np.frombuffer(padded, np.uint8)
        is_letter = (raw - ord("a")) < 26
        edges = (is_letter[1:] != is_letter[:-1]).nonzero()[0]
        starts = edges[::2]
        eight: NDArray[np.uint64] = np.ndarray(len(lowered), "<u8", padded, offset=1, strides=(1,))
        keys = eight[starts] & _MASKS[np.minimum(edges[1::2] - starts, _LETTERS)]
        kinds = self._table[((keys * _MULTIPLIER) >> _SLOT_SHIFT).view(np.int64)]
        if self._capital:
            first = np.frombuffer(text.encode("latin-1", "replace"), np.uint8)[starts]
            kinds |= ((first - ord("A")) < 26) * self._capital
        kinds[:-1] |= (kinds[:-1] >> _BEFORE) & (kinds[1:] >> _AFTER)
        kinds &= _KINDS
        hits = kinds.nonzero()[0]
        return starts[hits], kinds[hits]
