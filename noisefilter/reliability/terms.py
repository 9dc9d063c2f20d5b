"""Texts → the terms they can be compared by: content words, figures and neighbouring pairs of them.

Method
------
What others wrote is masked first: quotations belong to their speaker, and a list of sources says where a text comes from,
not what it says. Then a block of texts becomes one byte buffer, and words are found and hashed with array operations:

======  ==========================================================================================
word    its first letters, so that "derailed" and "derailment" are one; function words are left out
figure  the number meant, so that "two hundred and twelve", "212" and "0.212 thousand" are one
pair    two neighbouring words or figures, function words skipped
======  ==========================================================================================

A term is one 64-bit integer: the number of its text in the block, the hash, and the first place it stands at. Sorting these
integers sorts by text and hash, and the first of equal ones is the first mention.

Limits: words are what stands between spaces and punctuation, so a Chinese sentence is one word. The function words are
English; in other languages they only weigh little because every text has them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]

WORD, FIGURE, PAIR = range(3)
KINDS = 3

# Bits of a term: text in the block, hash (its highest two bits tell the kind), place.
PLACE_BITS, HASH_BITS = 16, 32
# Texts in one block; what the bits above the hash can hold.
LARGEST_BLOCK = 1 << 16
# Bytes read at once: their arrays stay in the processor's cache.
BATCH = 1 << 18
# Words. Later words all stand at the last place: only the order of figures is lost there.
LAST_PLACE = (1 << PLACE_BITS) - 1
# Bytes of a word that count: six ASCII letters, or twelve bytes (six letters) of Greek or Cyrillic.
STEM, LONG_STEM = 6, 12

# English function words and verbs of saying; what any two texts share.
_FUNCTION_WORDS = """
a an the and or but nor so yet if then than that this these those there here it its he she they we i you him her them us me my your
his their our who whom whose which what when where why how is are was were be been being am do does did done have has had having
will would shall should can could may might must not no of in on at by for from to into onto with without over under between among
through during before after above below up down out off about against as per via said says say told also just only more most very
much many few some any all each every other another such own same too now still even while because until since both either neither
s t re ve ll d m
"""
_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_VALUES = {word.encode(): float(n) for n, word in enumerate(_ONES.split())} | {
    word.encode(): 10.0 * n for n, word in enumerate(_TENS.split(), start=2)
}
_TIMES = {
    b"dozen": 12.0,
    b"hundred": 1e2,
    b"thousand": 1e3,
    b"lakh": 1e5,
    b"million": 1e6,
    b"crore": 1e7,
    b"billion": 1e9,
    b"trillion": 1e12,
    b"mn": 1e6,
    b"bn": 1e9,
}
# What may stick to digits: "5k", "3.4bn".
_SUFFIXES = {b"k": 1e3, b"m": 1e6, b"b": 1e9, **_TIMES}
_AND, _DOZEN = b"and", b"dozen"

_QUOTATION = re.compile(
    r"""
      “[^”]{0,1500}”       # “VLADIMIR, STOP!”
    | „[^“”]{0,1500}[“”]   # „Halt!“
    | «[^»]{0,1500}»       # «Arrêtez !»
    | "[^"\n]{0,1500}"     # "Stop", never across lines: one lost mark would swap text and quotation
    """,
    re.VERBOSE,
)
_SOURCE_LIST = re.compile(
    r"""
    ^\W{0,8}(?:sources?|references)\s?:?\W{0,4}$   # "Sources:", "References"
    (?P<items>(?:\s{0,8}\n[^\n]{1,200}             # and the titles below it,
    (?<![.!?]))*)$                                 # which do not end like a sentence
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
_DIGITS = re.compile(rb"(\d[\d.,]{0,30})([a-z]{0,3})")

_K1, _K2, _K3 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0xD6E8FEB86659FD93)
_PAD = b" " * 16
_MASKS = np.array([(1 << (8 * n)) - 1 for n in range(9)], np.uint64)
_IS_WORD = np.array([chr(b).isalnum() if b < 0x80 else True for b in range(256)])
_IS_DIGIT = np.array([0x30 <= b <= 0x39 for b in range(256)])
_JOINS_DIGITS = np.array([chr(b) in ".," for b in range(256)])


@dataclass(frozen=True)
class Terms:
    """The distinct terms of a block of texts, sorted by text and hash; all arrays have shape ``(n_terms,)``.

    `keys` is ``text << 32 | hash``; `firsts` has one row a text and one more, so text `i` has terms ``firsts[i]:firsts[i + 1]``.
    """

    keys: Hashes
    places: Ints
    kinds: Ints
    texts: Ints
    firsts: Ints


def mask(text: str) -> str:
    """Take out what others wrote: quotations and the list of sources.

    >>> mask("Curtis Dell said it sounded “like a freight” on Monday.")
    'Curtis Dell said it sounded   on Monday.'

    A text that is mostly quotation keeps it, for then the choice of what to quote is all it has.
    """
    if _may_list_sources(text):
        text = _SOURCE_LIST.sub(" ", text)
    masked = _QUOTATION.sub(" ", text)
    return masked if 2 * len(masked) >= len(text) else text


def listed_sources(text: str) -> frozenset[str]:
    """The titles under "Sources:", in small letters and without punctuation.

    >>> sorted(listed_sources("Text.\\n\\nSources:\\n\\nKremlin aide says\\n\\nGeneral killed, investigators say\\n"))
    ['general killed investigators say', 'kremlin aide says']
    """
    if not _may_list_sources(text):
        return frozenset()
    items = (line for found in _SOURCE_LIST.finditer(text) for line in found["items"].splitlines())
    return frozenset(" ".join(re.findall(r"\w+", item.lower())) for item in items) - {""}


def _may_list_sources(text: str) -> bool:
    """A quick look, ten times as fast as the pattern."""
    return any(part in text for part in ("ource", "OURCE", "eference", "EFERENCE"))


def read_terms(texts: Sequence[str]) -> Terms:
    """Find the distinct terms of each text, at most 65,536 texts at a time.

    >>> terms = read_terms(["Two hundred and twelve aboard", "212 were aboard"])
    >>> terms.firsts.tolist(), len(set((terms.keys & np.uint64(0xFFFFFFFF)).tolist()))
    ([0, 3, 6], 3)
    """
    if len(texts) > LARGEST_BLOCK:
        raise ValueError(f"a block has at most {LARGEST_BLOCK} texts, got {len(texts)}")
    batches = [np.empty(0, np.uint64)]
    encoded: list[bytes] = []
    size = 0
    for number, text in enumerate(texts):
        encoded.append(mask(text).lower().encode("utf-8", "replace"))
        size += len(encoded[-1])
        if size >= BATCH or number + 1 == len(texts):
            batches.append(_read_batch(encoded, number + 1 - len(encoded)))
            encoded, size = [], 0
    return _distinct(np.concatenate(batches), len(texts))


def _read_batch(encoded: Sequence[bytes], number: int) -> Hashes:
    """The terms of a few texts, sorted; the first text has this number."""
    buffer = b"".join((_PAD, _PAD.join(encoded), _PAD))
    begins = np.cumsum([0] + [len(text) + len(_PAD) for text in encoded])
    starts, ends, raw = _words(buffer)
    hashes, kinds = _hash_words(buffer, raw, starts, ends)
    counts = np.diff(np.searchsorted(starts, begins))
    owners = np.repeat(np.arange(number, number + len(encoded)), counts)
    places = np.minimum(np.arange(len(starts)) - np.repeat(np.cumsum(counts) - counts, counts), LAST_PLACE)
    return _sorted_terms(hashes, kinds, owners, places)


def _words(buffer: bytes) -> tuple[Ints, Ints, NDArray[np.uint8]]:
    """Where the words begin and end; figures keep the points and commas inside them."""
    raw = np.frombuffer(buffer, np.uint8)
    is_word = _IS_WORD[raw]
    digit = _IS_DIGIT[raw]
    is_word[1:-1] |= _JOINS_DIGITS[raw[1:-1]] & digit[:-2] & digit[2:]
    for lead, second in ((0xE2, 0x80), (0xC2, 0xA0)):
        # Curly quotes, dashes, the ellipsis (three bytes from E2 80); the no-break space (C2 A0).
        at = np.flatnonzero(raw[:-2] == lead)
        at = at[raw[at + 1] == second]
        for byte in range(3 if lead == 0xE2 else 2):
            is_word[at + byte] = False
    edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
    return edges[0::2], edges[1::2], raw


def _loads(raw: NDArray[np.uint8], at: Ints) -> Hashes:
    view = np.lib.stride_tricks.as_strided(raw[:8].view("<u8"), shape=(len(raw) - 7,), strides=(1,))
    return view[at]


def _pack(word: bytes) -> int:
    return int.from_bytes(word[:STEM], "little")


def _lookup(words: dict[int, int]) -> tuple[np.uint64, Hashes, NDArray[np.uint8]]:
    """A table that finds each packed word at one glance: the multiplier that sends no two to one slot, the words, what they are."""
    keys = np.array(list(words), np.uint64)
    multiplier = _K1
    while len(np.unique((keys * multiplier) >> _SLOT_SHIFT)) < len(keys):
        multiplier = np.uint64(int(multiplier) * int(_K2) % 2**64)
    table, kinds = np.zeros(1 << _SLOT_BITS, np.uint64), np.zeros(1 << _SLOT_BITS, np.uint8)
    slots = (keys * multiplier) >> _SLOT_SHIFT
    table[slots], kinds[slots] = keys, list(words.values())
    return multiplier, table, kinds


_SLOT_BITS = 14
_SLOT_SHIFT = np.uint64(64 - _SLOT_BITS)
# What a word is beside its kind of term: a function word, a number word; neither is a term by itself.
_FUNCTION, _NUMBER = 4, 5
_MULTIPLIER, _TABLE, _TABLE_KINDS = _lookup(
    {_pack(word.encode()): _FUNCTION for word in _FUNCTION_WORDS.split()} | {_pack(word): _NUMBER for word in [*_VALUES, *_TIMES]}
)


def _hash_words(buffer: bytes, raw: NDArray[np.uint8], starts: Ints, ends: Ints) -> tuple[Hashes, NDArray[np.uint8]]:
    """The hash and the kind of each word: WORD, FIGURE, or else it is not a term."""
    lengths = ends - starts
    first = raw[starts]
    foreign = first >= 0x80
    stems = _loads(raw, starts) & _MASKS.take(np.minimum(lengths, STEM + 2 * foreign))
    hashes = stems * _K1
    long = np.flatnonzero(foreign & (lengths > 8))
    hashes[long] ^= (_loads(raw, starts[long] + 8) & _MASKS.take(np.minimum(lengths[long] - 8, LONG_STEM - 8))) * _K2
    slots = (stems * _MULTIPLIER >> _SLOT_SHIFT).view(np.int64)
    kinds = _TABLE_KINDS[slots] * (_TABLE[slots] == stems)
    number = np.flatnonzero((kinds == _NUMBER) | _IS_DIGIT[first])
    kinds[kinds == _NUMBER] = WORD
    at, values, used = _figures(buffer, starts, ends, number)
    kinds[used] = _FUNCTION
    kinds[at] = FIGURE
    hashes[at] = (values.view(np.uint64) ^ _K2) * _K3
    return hashes, kinds


def _figures(buffer: bytes, starts: Ints, ends: Ints, number: Ints) -> tuple[Ints, NDArray[np.float64], list[int]]:
    """Read runs of number words: the index each figure begins at, its value, and every word that belongs to one."""
    at: list[int] = []
    values: list[float] = []
    used: list[int] = []
    whole = part = 0.0
    for index in number.tolist():
        word = buffer[starts[index] : ends[index]]
        value, times = _read_number(word)
        joined = bool(used) and _is_joined(index - used[-1], buffer[starts[index - 1] : ends[index - 1]], whole + part)
        if value is None and not joined and word != _DOZEN:
            continue
        if value is not None and joined and not word[:1].isdigit() and _fits(part, value):
            part += value
        else:
            if value is not None or not joined:
                at.append(index)
                values.append(0.0)
                whole, part = 0.0, 1.0 if value is None else value
            if times is not None:
                whole, part = _multiply(whole, part, times)
        values[-1] = whole + part
        used.append(index)
    return np.array(at, np.int64), np.array(values, np.float64), used


def _read_number(word: bytes) -> tuple[float | None, float | None]:
    """What a number word is worth and what it multiplies by.

    >>> _read_number(b"4.5bn"), _read_number(b"twelve"), _read_number(b"million")
    ((4.5, 1000000000.0), (12.0, None), (None, 1000000.0))
    """
    digits = _DIGITS.fullmatch(word)
    if digits is None:
        return _VALUES.get(word), _TIMES.get(word)
    plain = digits[1].replace(b",", b"")
    return float(plain if plain.count(b".") < 2 else plain.replace(b".", b"")), _SUFFIXES.get(digits[2])


def _is_joined(distance: int, before: bytes, value: float) -> bool:
    """Whether a number word goes on the figure read last: next to it, or after the "and" of "two hundred and twelve"."""
    return distance == 1 or (distance == 2 and before == _AND and value >= 100)


def _fits(part: float, value: float) -> bool:
    """Whether a word goes on the number begun: "twenty" + "one", "two hundred" + "twelve", not "nine" + "ten".

    >>> _fits(20.0, 1.0), _fits(200.0, 12.0), _fits(9.0, 10.0)
    (True, True, False)
    """
    return part == 0 or (part % 100 == 0 and value < 100) or (part >= 20 and part % 10 == 0 and 0 < value < 10)


def _multiply(whole: float, part: float, times: float) -> tuple[float, float]:
    return (whole, part * times) if times < 1000 else (whole + (part or 1.0) * times, 0.0)


def _sorted_terms(hashes: Hashes, kinds: NDArray[np.uint8], owners: Ints, places: Ints) -> Hashes:
    kept = np.flatnonzero(kinds <= FIGURE)
    single, owner, place = hashes[kept], owners[kept].view(np.uint64), places[kept].view(np.uint64)
    paired = np.flatnonzero(owner[1:] == owner[:-1])
    pairs = (single[:-1] * _K3) ^ (single[1:] * _K2 + _K1)
    alone = _term(single, kinds[kept].astype(np.uint64), owner, place)
    together = _term(pairs[paired], np.uint64(PAIR), owner[paired], place[paired])
    terms = np.concatenate((alone, together))
    terms.sort()
    return terms


def _term(hashes: Hashes, kind: Hashes | np.uint64, owner: Hashes, place: Hashes) -> Hashes:
    mixed = hashes ^ (hashes >> np.uint64(29))
    mixed *= _K3
    mixed >>= np.uint64(64 - HASH_BITS + 2)
    mixed |= kind << np.uint64(HASH_BITS - 2)
    mixed |= owner << np.uint64(HASH_BITS)
    mixed <<= np.uint64(PLACE_BITS)
    mixed |= place
    return mixed


def _distinct(terms: Hashes, n_texts: int) -> Terms:
    keys = terms >> np.uint64(PLACE_BITS)
    distinct = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
    keys = keys[distinct]
    texts = (keys >> np.uint64(HASH_BITS)).view(np.int64)
    return Terms(
        keys,
        (terms[distinct] & np.uint64(LAST_PLACE)).view(np.int64),
        ((keys >> np.uint64(HASH_BITS - 2)) & np.uint64(3)).view(np.int64),
        texts,
        np.searchsorted(texts, np.arange(n_texts + 1)),
    )
