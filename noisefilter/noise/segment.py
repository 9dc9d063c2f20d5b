"""Cut documents into paragraphs, with exact offsets.

A paragraph is one non-blank line, unless the document is hard-wrapped: then lines that were broken only because
the next word no longer fitted are joined again. Which of the two a document is, it shows by its own lines
(`_wrap_width`), so one batch may hold both. Blank lines, line ends (LF, CRLF, CR) and blanks at the edge of a line
are separators: they belong to no paragraph, and paragraphs and separators together give the text back.

The work is done on the bytes of many documents at once (`Batch`); `segment` is the same for one document, with records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from noisefilter.records import Document, Paragraph

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]

# Characters. Old web pages and e-mail wrap at 65-80, some editors at 120. A longer "wrap" is a file of paragraphs.
LONGEST_WRAP = 130
# Share of neighbouring lines where the second line's first word would not have fitted on the first line. In models/corpus: at least
# 0.73 in the 63 wrapped documents, at most 0.21 in the 236 others.
WRAPPED_SHARE = 0.5
# Share of neighbouring lines where the second begins in lower case, looked at first because it is cheap. In models/corpus: at least
# 0.45 in the wrapped documents (German has the least), under 0.22 in all others but one (a forum in lower case). Between, all is flat:
# 5 of 299 documents are cut otherwise than by their authors.
LOWER_SHARE = 0.25
# A wrapped line that opens with one of these begins a paragraph of its own.
BULLETS = ("•", "·", "▪", "◦", "‣", "- ", "* ", "– ", "— ", "+ ", "#", ">")

# Characters. Larger batches gain nothing and leave the caches.
BATCH = 192 * 1024

NEWLINE = 0x0A
_RETURN = 0x0D
_BLANK = bytes(byte in b" \t\n\v\f\r\x1c\x1d\x1e\x1f" for byte in range(256))
# In no UTF-8 text, so it can stand for what is to go.
_GONE = 0xFF
_LOWER = np.array([97 <= byte <= 122 for byte in range(256)])
_BULLETS = tuple(bullet.encode() for bullet in BULLETS)
# Characters of more than one byte that are blanks too: Unicode's spaces and line separators, zero-width marks, byte-order mark.
_WIDE_BLANKS = (0x85, 0xA0, 0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF)
# The first bytes of these: C2, E1 to E3 and EF.
_WIDE_LEADS = sorted({chr(code).encode()[0] for code in _WIDE_BLANKS})
_IS_WIDE_BLANK = np.zeros(1 << 16, bool)
_IS_WIDE_BLANK[list(_WIDE_BLANKS)] = True


def _blanks(buffer: bytes) -> NDArray[np.bool_]:
    flags = np.frombuffer(bytearray(buffer.translate(_BLANK)), bool)
    if not buffer.isascii():
        raw = np.frombuffer(buffer + b"  ", np.uint8)
        is_lead = raw == _WIDE_LEADS[0]
        for byte in _WIDE_LEADS[1:]:
            is_lead |= raw == byte
        lead = np.flatnonzero(is_lead)
        first, second, third = (raw[lead + k].astype(np.int32) for k in range(3))
        # Two bytes from C2 on, three from E0 on.
        long = first >= 0xE0
        code = np.where(long, (first & 0x0F) << 12 | (second & 0x3F) << 6 | third & 0x3F, (first & 0x1F) << 6 | second & 0x3F)
        blank = _IS_WIDE_BLANK[code]
        for byte in range(3):
            flags[lead[blank & (long | (byte < 2))] + byte] = True
    return flags


@dataclass(frozen=True)
class Batch:
    """Documents as one buffer of bytes, cut into paragraphs.

    Attributes
    ----------
    buffer
        UTF-8 of all documents, each followed by one newline.
    document_starts
        Byte where each document begins, and the length of the buffer, shape ``(n_documents + 1,)``.
    starts, ends
        Bytes of each paragraph, end exclusive, shape ``(n_paragraphs,)``.
    documents
        The document each paragraph is from, never falling, shape ``(n_paragraphs,)``.
    blank
        Which bytes of the buffer are blanks, shape ``(len(buffer),)``.
    """

    buffer: bytes
    document_starts: Ints
    starts: Ints
    ends: Ints
    documents: Ints
    blank: NDArray[np.bool_]

    @classmethod
    def from_texts(cls, texts: Sequence[str]) -> Batch:
        """Put texts one after another and cut them.

        >>> batch = Batch.from_texts(["One.\\n\\nTwo.", "Three."])
        >>> batch.documents.tolist()
        [0, 0, 1]
        """
        # A lone surrogate cannot be written as UTF-8; "?" takes its place, so that characters keep their count.
        bodies = [text.encode("utf-8", "replace") for text in texts]
        buffer = b"\n".join([*bodies, b""])
        lengths = np.fromiter((len(body) + 1 for body in bodies), np.int64, len(bodies))
        return cls.from_buffer(buffer, np.concatenate(([0], np.cumsum(lengths))))

    @classmethod
    def from_buffer(cls, buffer: bytes, document_starts: Ints) -> Batch:
        """Cut a buffer of UTF-8 documents, each followed by one newline."""
        blank = _blanks(buffer)
        starts, ends, numbers = _lines(buffer, blank)
        documents = np.searchsorted(document_starts, starts, side="right") - 1
        # Whether only one line end stands between a line and the next, and both are of one document.
        touching = (np.diff(numbers) == 1) & (starts[1:] - ends[:-1] <= LONGEST_WRAP) & (documents[1:] == documents[:-1])
        starts, ends, documents = _join_wrapped(buffer, blank, (starts, ends, documents), touching)
        return cls(buffer, document_starts, starts, ends, documents, blank)

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def first_paragraphs(self) -> Ints:
        """First paragraph of each document, and the number of paragraphs, shape ``(n_documents + 1,)``."""
        return np.searchsorted(self.documents, np.arange(len(self.document_starts)))

    @cached_property
    def compact(self) -> bytes:
        """The paragraphs alone, one a line, every run of blanks and line ends written as one blank.

        Wrapped or not, CRLF or LF, indented or not: equal paragraphs have equal bytes here, and no later step sees
        anything else. So none of this can change a verdict.
        """
        if not len(self):
            return b""
        # A visible byte stays; of each run of blanks the first, as one blank, or as the newline that ends a paragraph.
        # Masks instead of np.where, which takes ten times as long on bytes; 0 - 1 is 0xFF.
        blank = self.blank.view(np.uint8)
        text = np.frombuffer(self.buffer, np.uint8) & (blank - 1)
        text |= blank * np.uint8(0x20)
        text[self.ends] = NEWLINE
        text[1:] |= -(blank[1:] & blank[:-1])
        text[:1] |= -blank[:1]
        return text.tobytes().replace(bytes([_GONE]), b"")

    @cached_property
    def character_offsets(self) -> tuple[Ints, Ints]:
        """Start and end of each paragraph in characters of its document."""
        starts, ends, origin = self.starts, self.ends, self.document_starts[self.documents]
        if not self.buffer.isascii():
            continued = _continued(self.buffer, 0, len(self.buffer))
            starts, ends, origin = (at - np.searchsorted(continued, at) for at in (starts, ends, origin))
        return starts - origin, ends - origin


def batches(documents: Iterable[Document], size: int = BATCH) -> Iterator[list[Document]]:
    """Documents in groups of about `size` characters, at least one a group."""
    group: list[Document] = []
    total = 0
    for document in documents:
        group.append(document)
        total += len(document.body)
        if total >= size:
            yield group
            group, total = [], 0
    if group:
        yield group


def segment(document: Document) -> list[Paragraph]:
    """Cut one document into paragraphs.

    >>> [p.text for p in segment(Document("d", "Title\\n\\n  One paragraph.\\r\\n- a point\\n"))]
    ['Title', 'One paragraph.', '- a point']
    >>> segment(Document("d", " \\n"))
    []
    """
    starts, ends = Batch.from_texts([document.body]).character_offsets
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    return [Paragraph(document.id, i, start, end, document.body[start:end]) for i, (start, end) in enumerate(spans)]


def _lines(buffer: bytes, blank: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Start and end of every line that is not blank, without the blanks at its edges, and its number."""
    raw = np.frombuffer(buffer, np.uint8)
    is_end = raw == NEWLINE
    if b"\r" in buffer:
        # Of CRLF the second byte ends the line.
        is_end[:-1] |= (raw[:-1] == _RETURN) & ~is_end[1:]
    line_ends = np.flatnonzero(is_end)
    line_starts = np.concatenate(([0], line_ends + 1))[: len(line_ends)]
    # Behind the last line stands something visible, so that all find it.
    starts = _skip(np.append(blank, False), line_starts, +1)
    numbers = np.flatnonzero(starts < line_ends)
    return starts[numbers], _skip(blank, line_ends[numbers] - 1, -1) + 1, numbers


def _skip(blank: NDArray[np.bool_], at: Ints, step: int) -> Ints:
    """Move each place over blanks until it stands on visible text."""
    at = at.copy()
    moving = np.flatnonzero(blank[at])
    for _ in range(16):
        if not len(moving):
            return at
        at[moving] += step
        moving = moving[blank[at[moving]]]
    # Long runs of blanks: look up the next visible byte instead of walking.
    if len(moving):
        visible = np.flatnonzero(~blank)
        place = np.searchsorted(visible, at[moving])
        at[moving] = visible[place if step > 0 else place - 1]
    return at


def _join_wrapped(
    buffer: bytes, blank: NDArray[np.bool_], lines: tuple[Ints, Ints, Ints], touching: NDArray[np.bool_]
) -> tuple[Ints, Ints, Ints]:
    """Join the lines of hard-wrapped documents into paragraphs; leave the others as they are.

    `lines` are start, end and document of each line, `touching` says for each but the last whether the next goes on right below it.
    """
    starts, ends, documents = lines
    if len(starts) < 2:
        return lines
    lower = touching & _LOWER[np.frombuffer(buffer, np.uint8)[starts[1:]]]
    n_documents = int(documents[-1]) + 1
    n_touching = np.bincount(documents[1:], touching, n_documents)
    n_lower = np.bincount(documents[1:], lower, n_documents)
    looked_at = np.flatnonzero(n_lower > LOWER_SHARE * np.maximum(n_touching, 4))
    if not len(looked_at):
        return lines
    joined = np.zeros(len(starts), bool)
    edges = np.searchsorted(documents, np.arange(n_documents + 1))
    blanks = np.flatnonzero(blank)
    for first, last in zip(edges[looked_at].tolist(), edges[looked_at + 1].tolist(), strict=True):
        begins, stops = starts[first:last], ends[first:last]
        word_stops = np.minimum(blanks[np.searchsorted(blanks, begins)], stops)
        continued = _continued(buffer, int(begins[0]), int(stops[-1]))
        origin, *places = (at - np.searchsorted(continued, at) for at in (begins, stops, word_stops))
        lengths, first_words = (place - origin for place in places)
        joined[first + 1 : last] = _wrapped_joints(lengths, first_words, touching[first : last - 1])
        # In prose a short line closes its paragraph; a bullet opens one.
        for line in (np.flatnonzero(joined[first:last]) + first).tolist():
            joined[line] = not buffer.startswith(_BULLETS, int(starts[line]))
    opens = np.flatnonzero(~joined)
    closes = np.append(opens[1:], len(starts)) - 1
    return starts[opens], ends[closes], documents[opens]


def _continued(buffer: bytes, start: int, end: int) -> Ints:
    """Places of the bytes 10xxxxxx, which go on a character that an earlier byte begins."""
    return np.flatnonzero(np.frombuffer(buffer, np.int8)[start:end] < -64) + start


def _wrapped_joints(lengths: Ints, first_words: Ints, touching: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """For each line but the first: whether the line before it was full, in a document that is wrapped; lengths are in characters."""
    lengths = lengths[:-1]
    candidates = np.sort(lengths[touching & (lengths <= LONGEST_WRAP)])
    none = np.zeros(len(lengths), bool)
    if not len(candidates):
        return none
    # The ninth decile; np.quantile takes a tenth of a millisecond.
    width = np.interp(0.9 * (len(candidates) - 1), np.arange(len(candidates)), candidates)
    full: NDArray[np.bool_] = touching & (lengths + 1 + first_words[1:] > width) & (lengths <= LONGEST_WRAP)
    return full if full.sum() >= WRAPPED_SHARE * touching.sum() else none
