"""Hashed words of articles → which articles share rare ones, and how many: the neighbours of matching.py for a corpus on disk.

Words are sorted into parts by their hash, and pairs by their first article, so that each part fits in memory; a part is handled with
arrays only. The answer is that of `matching.neighbours`, whatever the number of parts.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from noisefilter.reliability.grouping import spread
from noisefilter.reliability.neighbours import COMMON_WORD, FEWEST_SHARED

Ints = NDArray[np.int64]
# Rows of dtype `WORD`, or pairs of articles as one number.
Rows = NDArray[Any]

# Parts that words and pairs are sorted into: 1 GB of news gives some 70 million words, 12 bytes each, so a part takes about 50 MB.
PARTS = 16
WORD = np.dtype([("hash", np.uint64), ("article", np.uint32)])


def meetings(words: Iterable[Rows]) -> tuple[Ints, Ints, Ints]:
    """Pairs of articles, ``left < right``, that share rare words, and how many; `words` come in batches of dtype `WORD`.

    >>> words = np.array([(w, a) for a in (4, 7) for w in (1, 2, 3)] + [(1, 9)], WORD)
    >>> [found.tolist() for found in meetings([words])]
    [[4], [7], [3]]
    """
    with _Parts(WORD) as by_word, _Parts(np.dtype(np.uint64)) as by_pair:
        for batch in words:
            by_word.write(batch, (batch["hash"] >> np.uint64(60)).astype(np.int64))
        for part in by_word.read():
            for pairs in _pairs(part):
                by_pair.write(pairs, (pairs >> np.uint64(32)).astype(np.int64) % PARTS)
        found = [_counted(part) for part in by_pair.read()]
    pairs, shared = (np.concatenate(column) for column in zip(*found, strict=True))
    left, right = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    order = np.lexsort((right, left, -shared))
    return left[order], right[order], shared[order]


class _Parts:
    """Arrays sorted into parts, each in a temporary file of its own."""

    def __init__(self, kind: np.dtype[Any]) -> None:
        self._kind = kind
        self._open = ExitStack()
        self._files: list[IO[bytes]] = []

    def __enter__(self) -> _Parts:
        self._files = [self._open.enter_context(tempfile.TemporaryFile()) for _ in range(PARTS)]  # noqa: SIM115
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def write(self, rows: Rows, part: Ints) -> None:
        for number in np.unique(part).tolist():
            self._files[number].write(rows[part == number].tobytes())

    def read(self) -> Iterator[Rows]:
        for file in self._files:
            file.seek(0)
            yield np.frombuffer(file.read(), self._kind)


def _pairs(words: Rows) -> Iterator[NDArray[np.uint64]]:
    """Each two articles that a rare word stands in, as one number."""
    words = np.unique(words)
    hashes, articles = words["hash"], words["article"].astype(np.uint64)
    firsts = np.flatnonzero(np.diff(hashes, prepend=~hashes[:1]))
    counts = np.diff(firsts, append=len(hashes))
    rare = counts <= COMMON_WORD
    firsts, counts = firsts[rare], counts[rare]
    for distance in range(1, COMMON_WORD):
        wide = counts > distance
        at = spread(firsts[wide], counts[wide] - distance)
        yield articles[at] << np.uint64(32) | articles[at + distance]


def _counted(pairs: Rows) -> tuple[NDArray[np.uint64], Ints]:
    """The pairs that are met often enough, and how often."""
    found, shared = np.unique(pairs, return_counts=True)
    often = shared >= FEWEST_SHARED
    return found[often].astype(np.uint64), shared[often].astype(np.int64)


__all__ = ["PARTS", "WORD", "Rows", "meetings"]
