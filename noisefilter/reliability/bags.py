"""Bags and sets of terms, a row each → how alike two of them are, for many pairs at once.

A bag is a sparse row of weights, of length 1; a set is a row of ones. Both are compared by products of sparse matrices, some rows with
all others at a time, so that memory stays bounded however many rows there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from noisefilter.reliability.grouping import runs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Cells of the table that products are put into before they are read by pair: 8 MB.
CELLS = 1 << 20


@dataclass(frozen=True)
class Bags:
    """The bags of claims: `matrix` (sparse) has shape ``(n_rows, n_terms)``, `row` tells which row is a claim's, shape ``(n_claims,)``."""

    matrix: Any
    row: Ints

    @classmethod
    def of_sets(cls, matrix: Any, row: Ints) -> Bags:
        """Sets, of which equal ones are kept once: there are few of them, and all are compared with all."""
        marks = np.random.default_rng(0).integers(1 << 62, size=matrix.shape[1])
        sums = np.concatenate(([0], np.cumsum(marks[matrix.indices])))
        # A set is told by the sum of 62-bit numbers given to its terms; the chance that two of a million sets fall together is 1e-7.
        keys = np.diff(sums[matrix.indptr])
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        return cls(matrix[first], inverse[row])

    @property
    def is_full(self) -> Bools:
        """Which claims have a bag that is not empty."""
        return (np.diff(self.matrix.indptr) > 0)[self.row]

    def dot(self, a: Ints, b: Ints) -> Floats:
        """The products of the bags of each pair of claims: the cosine, or how many terms two sets share."""
        return products(self.matrix, self.row[a], self.row[b])

    def overlap(self, a: Ints, b: Ints) -> Floats:
        """How much of the smaller set of each pair is in the larger; 0 where one is empty."""
        return products(self.matrix, self.row[a], self.row[b], np.diff(self.matrix.indptr))


def weighed(rows: Ints, terms: Ints, weights: Floats, shape: tuple[int, int]) -> Any:
    """Bags of unit length; of a term that comes twice in a row the greater weight counts.

    >>> weighed(np.array([0, 0, 0]), np.array([1, 0, 1]), np.array([3.0, 4.0, 1.0]), (1, 2)).toarray().tolist()
    [[0.8, 0.6]]
    """
    keys = rows * shape[1] + terms
    order = np.argsort(keys)
    keys, firsts, _ = runs(keys[order])
    greatest = np.maximum.reduceat(weights[order], firsts) if len(keys) else weights
    rows, terms = np.divmod(keys, shape[1])
    lengths = np.sqrt(np.bincount(rows, greatest * greatest, minlength=shape[0]))
    return _matrix(rows, terms, greatest / lengths[rows], shape)


def sets(rows: Ints, terms: Ints, shape: tuple[int, int]) -> Any:
    """Sets, of whose terms some may come twice.

    >>> sets(np.array([0, 1, 1]), np.array([1, 1, 1]), (2, 2)).toarray().tolist()
    [[0.0, 1.0], [0.0, 1.0]]
    """
    rows, terms = np.divmod(np.unique(rows * shape[1] + terms), shape[1])
    return _matrix(rows, terms, np.ones(len(rows)), shape)


def _matrix(rows: Ints, terms: Ints, values: Floats, shape: tuple[int, int]) -> Any:
    from scipy.sparse import csr_array

    return csr_array((values, terms, np.searchsorted(rows, np.arange(shape[0] + 1))), shape=shape)


def products(matrix: Any, left: Ints, right: Ints, sizes: Ints | None = None) -> Floats:
    """The products of rows `left` and `right` of a sparse matrix, pair by pair, over the smaller of their `sizes` if these are given."""
    n = matrix.shape[0]
    found = np.zeros(len(left))
    if not matrix.nnz or not len(left):
        return found
    height = max(1, min(n, CELLS // n))
    order = np.argsort(left, kind="stable") if height < n else np.arange(len(left))
    ends = np.searchsorted(left[order], np.arange(0, n, height)) if height < n else np.zeros(1, np.int64)
    ends = np.append(ends, len(left))
    table, others = np.zeros(height * n), matrix.T.tocsr()
    for number in np.flatnonzero(np.diff(ends)).tolist():
        first = number * height
        block = (matrix if height == n else matrix[first : first + height]) @ others
        rows = np.repeat(np.arange(block.shape[0]), np.diff(block.indptr))
        cells = rows * n + block.indices
        table[cells] = block.data if sizes is None else block.data / np.minimum(sizes[rows + first], sizes[block.indices])
        at: Any = slice(None) if height == n else order[ends[number] : ends[number + 1]]
        found[at] = table[(left[at] - first) * n + right[at]]
        table[cells] = 0.0
    return found


__all__ = ["Bags", "products", "sets", "weighed"]
