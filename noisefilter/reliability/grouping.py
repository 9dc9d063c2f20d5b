"""Things that belong together because pairs of them do: groups that grow by joining, with a cap on their size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

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


__all__ = ["Groups"]
