"""Broken input for `faults.py`: texts, JSON Lines and pages that were cut, joined, repeated and sprinkled with what parsers dislike."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

# What a mutation puts in; each is the start of trouble somewhere.
NASTY = [
    *(bytes([n]) for n in (0, 1, 8, 9, 10, 11, 12, 13, 26, 27, 34, 92, 127, 128, 191, 192, 224, 240, 245, 255)),
    *("\u00a0 \u0085 \u2028 \u2029 \u200b \u202e \ufeff \ufffd \U0001f985 e\u0301 \u6f22".encode().split(b" ")),
    *(b"\xed\xa0\x80 \xf4\x90\x80\x80 \xc0\xaf".split(b" ")),
    *(b'\r\n \n\n\n\n " "} {" [ ] \\ \\u \\ud800 \\u0000 NaN -0 1e999 null true \x3c!-- --> <![CDATA[ &#x0; &#1114112; &amp'.split(b" ")),
    *(b"<script> </script> <p <table><tr><td <svg> <plaintext> <a href= </html> <!DOCTYPE <style> <textarea> <br/> <frameset>".split(b" ")),
]


def mutate(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to eight changes."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(out) + 1), chance.randint(1, 40)
        kind = chance.randrange(6)
        if kind == 0:
            out[at:at] = chance.choice(NASTY) * chance.choice((1, 1, 1, 2, 50))
        elif kind == 1:
            del out[at : at + length]
        elif kind == 2:
            out[at:at] = out[at : at + length] * chance.choice((1, 3, 30))
        elif kind == 3 and at < len(out):
            out[at] ^= 1 << chance.randrange(8)
        elif kind == 4:
            del out[at:]
        else:
            other = chance.randrange(len(out) + 1)
            out[at:at] = out[other : other + length]
    return bytes(out)


def mutated_texts(paths: Sequence[Path], chance: random.Random, count: int) -> Iterator[bytes]:
    """Pieces of texts, mutated."""
    texts = [path.read_bytes() for path in paths]
    for _ in range(count):
        text = chance.choice(texts)
        at = chance.randrange(len(text))
        yield mutate(text[at : at + chance.choice((0, 10, 100, 600, 2_000))], chance)


def mutated_json(paths: Sequence[Path], chance: random.Random, count: int) -> Iterator[bytes]:
    """A few lines of JSON, mutated."""
    texts = [path.read_text(encoding="utf-8") for path in paths]
    for number in range(count):
        lines = []
        for _ in range(chance.randint(1, 3)):
            text = chance.choice(texts)
            at = chance.randrange(len(text))
            record = {"id": number, "text": text[at : at + 300], "url": "https://a.example/x", "source": None}
            lines.append(json.dumps(record, ensure_ascii=bool(number % 2)).encode() + b"\n")
        yield mutate(b"".join(lines), chance)


def mutated_pages(root: Path, chance: random.Random, count: int) -> Iterator[str]:
    """Pages of HTML, mutated; what is no UTF-8 becomes U+FFFD, as the reader of files would have refused it."""
    pages = [path.read_bytes() for path in sorted((root / "tests" / "pages").glob("*.html"))]
    for _ in range(count):
        page = chance.choice(pages)
        at = chance.randrange(len(page))
        yield mutate(page[at : at + chance.choice((200, 2_000, 20_000))], chance).decode("utf-8", "replace")
