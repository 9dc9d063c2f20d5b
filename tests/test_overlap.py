"""Repeats found by sorting, against slow references that compare everything with everything."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from noisefilter.noise.overlap import group_equal, repeated

# Few different keys, so that they repeat; high bits, as hashes have.
KEYS = st.lists(st.integers(0, 9).map(lambda n: (n * 0x9E3779B97F4A7C15) % 2**64), max_size=40)


@given(KEYS)
def test_places_of_keys_that_repeat(keys: list[int]) -> None:
    found = repeated(np.array(keys, np.uint64)).tolist()
    assert sorted(found) == [place for place, key in enumerate(keys) if keys.count(key) > 1]
    groups = [[place for place in found if keys[place] == key] for key in dict.fromkeys(keys[place] for place in found)]
    assert found == [place for group in groups for place in group]
    assert all(group == sorted(group) for group in groups)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=30).map(sorted))
def test_groups_are_of_one_document_and_one_key(pairs: list[tuple[int, int]]) -> None:
    documents, keys = np.array(pairs, np.int64).reshape(-1, 2).T
    order, opens = group_equal(keys.astype(np.uint64), documents)
    groups = [sorted(group.tolist()) for group in np.split(order, opens[1:])] if pairs else []
    assert sorted(groups) == sorted([place for place, one in enumerate(pairs) if one == pair] for pair in set(pairs))
