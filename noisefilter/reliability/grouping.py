"""Things that belong together: groups that grow by joining pairs, with a cap on their size, and runs of equal keys in arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
K = TypeVar("K", bound=Hashable)


class Groups(Generic[K]):
    """Groups of keys; each key begins alone.

    >>> groups = Groups[str]()
    >>> groups.join("a", "b"), groups.join("c", "d"), groups.join("b", "c", most=3)
    (True, True, False)
    >>> groups.of(["a", "b", "c"])
    [['a', 'b'], ['c']]
    """

    def __init__(self) -> None:
        self._parent: dict[K, K] = {}
        self._size: dict[K, int] = {}

    def root(self, key: K) -> K:
        """The key that stands for the group."""
        while (above := self._parent.get(key, key)) != key:
            self._parent[key] = self._parent.get(above, above)
            key = above
        return key

    def join(self, one: K, other: K, most: int | None = None) -> bool:
        """Make one group of two unless it would have more than `most` keys; whether the two are one group now."""
        one, other = self.root(one), self.root(other)
        if one == other:
            return True
        size = self._size.get(one, 1) + self._size.get(other, 1)
        if most is not None and size > most:
            return False
        self._parent[one] = other
        self._size[other] = size
        return True

    def of(self, keys: Iterable[K]) -> list[list[K]]:
        """The keys in their groups, both in the order of the keys given."""
        found: dict[K, list[K]] = defaultdict(list)
        for key in keys:
            found[self.root(key)].append(key)
        return list(found.values())


def connected(left: Ints, right: Ints, n: int) -> Ints:
    """The smallest number each number is connected with.

    >>> connected(np.array([0, 3]), np.array([1, 1]), 5).tolist()
    [0, 0, 2, 0, 4]
    """
    roots = np.arange(n)
    while True:
        before = roots.copy()
        lower = np.minimum(roots[left], roots[right])
        np.minimum.at(roots, before[left], lower)
        np.minimum.at(roots, before[right], lower)
        roots = roots[roots]
        if np.array_equal(before, roots):
            return roots


def runs(keys: NDArray[Any]) -> tuple[NDArray[Any], Ints, Ints]:
    """The distinct keys of a sorted array, where each begins, and how often it comes.

    >>> [found.tolist() for found in runs(np.array([3, 3, 7]))]
    [[3, 7], [0, 2], [2, 1]]
    """
    firsts = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
    return keys[firsts], firsts, np.diff(firsts, append=len(keys))


def spread(firsts: Ints, counts: Ints) -> Ints:
    """The numbers ``first .. first + count - 1`` of each run, one run after the other.

    >>> spread(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    return np.repeat(firsts - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))


__all__ = ["Groups", "connected", "runs", "spread"]
