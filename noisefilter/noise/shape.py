"""What a paragraph looks like, as named columns: lengths, kinds of words, punctuation, how it begins and ends.

Counts come from two sparse scans (the marks of the buffer, and the shapes that the kernel found for every word), so the
cost is per mark and per word, not per byte and column.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.hashing import OFFSET, Words, pack_lanes, sum_words
from noisefilter.noise.segment import NEWLINE

Floats = NDArray[np.float32]

# Marks counted one by one: name → the characters. Each is a column "share of the paragraph's words".
MARKS = {
    "periods": ".",
    "commas": ",",
    "questions": "?¿",
    "exclamations": "!¡",
    "colons": ":;",
    "bars": "|/\\_=~^",
    "arrows": "<>«»›‹→←↑↓▶►▸",
    "bullets": "•·▪◦‣*●■",
    "brackets": "[]{}",
    "parentheses": "()",
    "at_signs": "@",
    "hashes": "#",
    "quotes": '"“”„‟',
    "apostrophes": "'’‘‚",
    "dashes": "-–—",
    "ellipses": "…",
    "signs": "©®™§°†",
    "money": "$€£¥%",
    "stars": "★☆✓✔✗❤",
    "pluses": "+&",
}
# Kinds of words, each a column "share of the paragraph's words"; the lanes of one row per shape of the kernel.
KINDS = ("capitalised", "numeric", "foreign", "short", "long")
# Ends and beginnings: name → the characters that make the column 1.
ENDS = {
    "ends_sentence": ".!?。",
    "ends_quote": "\"”’»'“",
    "ends_ellipsis": "…",
    "ends_bracket": "]",
    "ends_parenthesis": ")",
    "ends_colon": ":",
    "ends_comma": ",;",
    "ends_mark": "|>›»→-–—/*·•",
}
BEGINS = {
    "begins_quote": "\"“„‘«'",
    "begins_bullet": "•·▪◦‣*-–—●■+",
    "begins_mark": "#@>|[(<©→«►▶",
}
COLUMNS = (
    "log_words",
    "log_characters",
    "word_length",
    *(f"{kind}_share" for kind in KINDS),
    *(f"{mark}_share" for mark in MARKS),
    *ENDS,
    "ends_dots",
    "ends_cut_mark",
    "ends_word",
    *BEGINS,
    "begins_lower",
    "begins_upper",
    "begins_digit",
    "inner_sentences",
    "is_shouted",
)

_SHORTEST_LONG_WORD = 9
_LONGEST_SHORT_WORD = 3


def _kind_rows() -> NDArray[np.uint64]:
    rows = np.zeros((64, len(KINDS)))
    kind, length = np.divmod(np.arange(64), 16)
    rows[:, 0] = kind == 1
    rows[:, 1] = kind == 2
    rows[:, 2] = kind == 3
    rows[:, 3] = length <= _LONGEST_SHORT_WORD
    rows[:, 4] = length >= _SHORTEST_LONG_WORD
    return pack_lanes(rows, np.ones(len(KINDS)))


def _codes(groups: dict[str, str]) -> dict[int, int]:
    """Character → 1-based number of its group."""
    return {ord(c): i for i, group in enumerate(groups.values(), 1) for c in group}


_KIND_ROWS = _kind_rows()
_MARK_CODE = _codes(MARKS)
_ASCII_MARK = bytes(_MARK_CODE.get(b, 0) if b < 0x80 else 255 if b >= 0xC2 else 0 for b in range(256))
_IS_STOP = np.isin(np.arange(256), [ord(c) for c in ".?!"])
_IS_ALNUM = np.array([chr(b).isalnum() and b < 0x80 for b in range(256)])


def _lookup(groups: dict[str, str]) -> NDArray[np.uint8]:
    """Group numbers of all characters below U+3100, for the marks that matter."""
    table = np.zeros(0x3100, np.uint8)
    for code, number in _codes(groups).items():
        table[code] = number
    return table


_MARK_LOOKUP, _BEGIN_LOOKUP = _lookup(MARKS), _lookup(BEGINS)
# A bit for each of ENDS.
_END_BITS = sum((_lookup({name: characters}) << bit for bit, (name, characters) in enumerate(ENDS.items())), np.zeros(1, np.uint8))


def shape_columns(text: bytes, words: Words) -> Floats:
    """Columns of every paragraph of a compact buffer, shape ``(n_paragraphs, len(COLUMNS))``."""
    newlines = words.newlines
    n = len(newlines)
    columns = np.zeros((n, len(COLUMNS)), np.float32, order="F")
    if not n:
        return columns
    begins = np.concatenate(([0], newlines[:-1] + 1))
    raw = np.frombuffer(text + b"   ", np.uint8)
    n_words = np.maximum(words.counts, 1).astype(np.float32)
    n_bytes = (newlines - begins).astype(np.float32)
    marks = _count_marks(text, raw, newlines)
    kinds = sum_words(_KIND_ROWS.take(words.shapes)[:, None], words, 1)[:, : len(KINDS)]
    put = dict(zip(COLUMNS, columns.T, strict=True))
    put["log_words"][:] = np.log1p(words.counts)
    put["log_characters"][:] = np.log1p(n_bytes)
    put["word_length"][:] = np.minimum(n_bytes / n_words, 30) / 10
    columns.T[_columns_of(KINDS)] = kinds.T / n_words
    np.minimum(marks / n_words, 2, out=columns.T[_columns_of(MARKS)])
    _describe_ends(put, raw, begins, newlines)
    _describe_beginnings(put, raw, begins)
    put["inner_sentences"][:] = _inner_sentences(words, raw)
    put["is_shouted"][:] = _shouted(words, raw) / n_words
    return columns


def _columns_of(names: Collection[str]) -> slice:
    """Where the shares of some kinds or marks stand, one after another."""
    first = COLUMNS.index(f"{next(iter(names))}_share")
    return slice(first, first + len(names))


def _count_marks(text: bytes, raw: NDArray[np.uint8], newlines: NDArray[np.int64]) -> NDArray[np.float32]:
    """How often each of `MARKS` stands in each paragraph, shape ``(len(MARKS), n_paragraphs)``."""
    codes = np.frombuffer(text.translate(_ASCII_MARK), np.uint8)
    at = np.flatnonzero(codes != 0)
    found = codes[at]
    wide = np.flatnonzero(found == 255)
    found[wide] = _MARK_LOOKUP.take(_characters(raw, at[wide]), mode="clip")
    n = len(newlines)
    cells = found.astype(np.int64) * n
    cells += np.repeat(np.arange(n), np.diff(np.searchsorted(at, newlines), prepend=0))
    return np.bincount(cells, minlength=n * (len(MARKS) + 1)).reshape(-1, n)[1:].astype(np.float32)


def _characters(raw: NDArray[np.uint8], at: NDArray[np.int64]) -> NDArray[np.int64]:
    """Code point that begins at each place; 0 for those of four bytes."""
    lead, second, third = raw[at].astype(np.int64), raw[at + 1] & 0x3F, raw[at + 2] & 0x3F
    two = (lead & 0x1F) << 6 | second
    three = (lead & 0x0F) << 12 | second.astype(np.int64) << 6 | third
    return np.select([lead < 0x80, lead < 0xE0, lead < 0xF0], [lead, two, three], 0)


def _last_characters(raw: NDArray[np.uint8], newlines: NDArray[np.int64]) -> NDArray[np.int64]:
    at = np.maximum(newlines - 1, 0)
    for _ in range(3):
        at = np.where((raw[at] & 0xC0) == 0x80, np.maximum(at - 1, 0), at)
    return _characters(raw, at)


def _describe_ends(put: dict[str, Floats], raw: NDArray[np.uint8], begins: NDArray[np.int64], newlines: NDArray[np.int64]) -> None:
    last = _last_characters(raw, newlines)
    bits = _END_BITS.take(last, mode="clip")
    for bit, name in enumerate(ENDS):
        put[name][:] = bits >> bit & 1
    before = [raw[np.maximum(newlines - k, begins)] for k in (1, 2, 3, 4)]
    dots = (before[0] == ord(".")) & (before[1] == ord(".")) & (newlines - begins > 2)
    closing = before[0] == ord("]")
    # The third byte of "…" is A6: "[…]" and "[...]", also "(…)".
    closing |= before[0] == ord(")")
    inner = (before[1] == 0xA6) | ((before[1] == ord(".")) & (before[2] == ord(".")))
    put["ends_dots"][:] = dots
    put["ends_cut_mark"][:] = dots | (closing & inner) | (last == 0x2026)
    put["ends_word"][:] = _IS_ALNUM.take(before[0]) | (last > 0xBF) & (last < 0x2000)


def _describe_beginnings(put: dict[str, Floats], raw: NDArray[np.uint8], begins: NDArray[np.int64]) -> None:
    first = _characters(raw, begins)
    group = _BEGIN_LOOKUP.take(first, mode="clip")
    for number, name in enumerate(BEGINS, 1):
        put[name][:] = group == number
    put["begins_lower"][:] = (first >= 97) & (first <= 122)
    put["begins_upper"][:] = (first >= 65) & (first <= 90)
    put["begins_digit"][:] = (first >= 48) & (first <= 57)


def _inner_sentences(words: Words, raw: NDArray[np.uint8]) -> Floats:
    """Sentence ends inside each paragraph: a full stop, question or exclamation mark, a blank, a capital; as log(1 + n)."""
    stops = np.flatnonzero(_IS_STOP.take(raw.take(words.ends)))
    stops = stops[(stops < len(words.ends) - 1) & (raw.take(words.ends.take(stops) + 1) == ord(" "))]
    return np.log1p(_per_paragraph(stops[words.shapes.take(stops + 1) >> 4 == 1], words))


def _shouted(words: Words, raw: NDArray[np.uint8]) -> Floats:
    """Words of three and more letters in capitals, by their first two."""
    long_capitalised = np.flatnonzero((words.shapes > 16 + 2) & (words.shapes < 32))
    second = raw.take(words.starts.take(long_capitalised) + 1)
    return _per_paragraph(long_capitalised[(second >= 65) & (second <= 90)], words)


def _per_paragraph(places: NDArray[np.int64], words: Words) -> Floats:
    """How many of some words are each paragraph's."""
    return np.bincount(words.owners.take(places), minlength=len(words.counts)).astype(np.float32)


__all__ = ["COLUMNS", "NEWLINE", "OFFSET", "shape_columns"]
