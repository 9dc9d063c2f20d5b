"""The byte kernel against a slow reference that reads like its description; they must agree to the bit."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from noisefilter.noise.hashing import GAP_BITS, N_SHAPES, STEM, pack_lanes, read_words, rows_of, sum_words
from noisefilter.noise.model import VIEW_SIZES, WORD_BITS, LaneTables
from noisefilter.noise.segment import Batch

M = 2**64 - 1
K1, K2, K4 = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93
K5, K6, END = 0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3


def mix(h: int) -> int:
    return ((h ^ (h >> 29)) * K4) & M


def slow_words(line: bytes) -> list[tuple[int, int, bytes]]:
    """Start, end and folded bytes of each word of a line."""
    folded = bytearray((b + 32 if 65 <= b <= 90 else b) if b >= 0x80 or chr(b).isalnum() else 32 for b in line)
    for i in range(len(line) - 2):
        if line[i] == 0xE2 and line[i + 1] in (0x80, 0x81):
            folded[i : i + 3] = b"   "
    found, i = [], 0
    while i < len(folded):
        if folded[i] != 32:
            j = i
            while j < len(folded) and folded[j] != 32:
                j += 1
            found.append((i, j, bytes(folded[i:j])))
            i = j
        else:
            i += 1
    return found


def slow_hash(word: bytes) -> int:
    return mix((int.from_bytes(word[:8], "little") * K1 + int.from_bytes(word[-8:], "little") * K2) & M)


def slow_gap(gap: bytes) -> int:
    return mix((int.from_bytes(gap[:8], "little") * (K1 + K2)) & M) >> (64 - GAP_BITS)


def slow_views(text: bytes) -> list[list[tuple[int, ...]]]:
    rows = []
    for line in text.split(b"\n")[:-1]:
        words = slow_words(line)
        hashes = [slow_hash(word) for _, _, word in words]
        views = []
        for k, (start, end, _) in enumerate(words):
            last = k + 1 == len(words)
            following = END if last else hashes[k + 1]
            gap = line[end:] + b"\n" if last else line[end : words[k + 1][0]]
            first = line[start]
            kind = 1 if 65 <= first <= 90 else 2 if 48 <= first <= 57 else 3 if first >= 0x80 else 0
            stem = (int.from_bytes(words[k][2][:STEM], "little") * (K1 + K2)) & M
            shape = 16 * kind + min(end - start, 15)
            views.append((hashes[k], stem, (following * K6 + hashes[k] * K5) & M, slow_gap(gap), shape))
        rows.append(views)
    return rows


def slow_sum(parts: list[np.ndarray], views: tuple[int, ...]) -> np.ndarray:
    word, stem, pair, gap, _ = views
    return parts[0][word >> (64 - WORD_BITS)] + parts[1][stem >> (64 - WORD_BITS)] + parts[2][pair >> (64 - WORD_BITS)] + parts[3][gap]


TEXTS = st.lists(st.text(st.sampled_from(list("abcXYZ019 .,'\"…—“”éß漢🦅[]-@#\u00a0\u200b")), max_size=60), min_size=1, max_size=8)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_views_equal_the_slow_reference(texts: list[str]) -> None:
    compact = Batch.from_texts(texts).compact
    words = read_words(compact)
    expected = slow_views(compact)
    assert words.counts.tolist() == [len(row) for row in expected]
    flat = [view for row in expected for view in row]
    got = (words.hashes, words.stems, words.pairs, words.gaps, words.shapes)
    assert list(zip(*(view.tolist() for view in got), strict=True)) == flat


@given(TEXTS, st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_sums_equal_the_slow_reference(texts: list[str], seed: int) -> None:
    weights = np.random.default_rng(seed).integers(-31, 32, (sum(VIEW_SIZES.values()), 3)).astype(float)
    parts = np.split(weights, np.cumsum(list(VIEW_SIZES.values()))[:-1])
    tables = {view: pack_lanes(part, np.ones(3))[None] for view, part in zip(VIEW_SIZES, parts, strict=True)}
    lanes = LaneTables({view: tables[view] for view in ("word", "stem", "pair", "gap")}, np.ones(3, np.float32), np.zeros(3, np.float32))
    compact = Batch.from_texts(texts).compact
    expected = [sum((slow_sum(parts, views) for views in paragraph), np.zeros(3)) for paragraph in slow_views(compact)]
    assert np.array_equal(lanes.sums(read_words(compact)), np.array(expected).reshape(-1, 3))


def test_long_paragraphs_are_summed_without_overflow() -> None:
    words = read_words(b"word " * 5000 + b"\n")
    rows = pack_lanes(np.full((1, 2), 31.0), np.ones(2)).repeat(5000)
    assert sum_words(rows[:, None], words, 1)[0, :2].tolist() == [31 * 5000] * 2


def test_rows_stay_in_their_tables() -> None:
    words = read_words("Ünïcode “quotes”, 12.5 % — and 🦅 more…\n".encode())
    assert words.shapes.max() < N_SHAPES
    assert words.gaps.max() < 1 << GAP_BITS
    assert rows_of(words.hashes, WORD_BITS).max() < 1 << WORD_BITS
