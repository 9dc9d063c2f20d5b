"""More kinds of files out of labelled ones: what scraping does to a page, done to the training documents.

Labelled dumps are half noise; real files are often nearly clean. So each document is also shown *stripped* of most of its
furniture, and with paragraphs of *other* documents put in, whole and cut like teasers: the same paragraph is content in one file
and foreign in the next, and only the comparison with its file can tell. Clean articles get foreign paragraphs too.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from noisefilter.records import Label

# Marks with which sites cut a teaser; half of the cuts get none, so that the cut itself must be seen.
CUT_MARKS = (" […]", "...", "…", " [...]", " Read more", "", "", "", "")
# Words of a cut teaser: WordPress cuts at 55, most themes between 20 and 50.
CUT_WORDS = (20, 55)
# Words. Shorter paragraphs show no subject, so calling them foreign would teach nothing.
LONG_ENOUGH = 25
FOREIGN_PER_DOCUMENT = (0, 0, 1, 2, 3)
STRIPPED_VARIANTS = 2
# Short files are common (a JSON Lines record of one paragraph), so runs of 1-12 paragraphs are shown as files of their own.
EXCERPTS = 3
EXCERPT_LENGTH = (1, 12)


SOME_NOISE = "noise"


@dataclass(frozen=True)
class Example:
    """A labelled document for training: paragraphs in order, their labels, and the group that folds keep together.

    `taken` marks the paragraphs to learn from, the others are context; None means all. A label may be `SOME_NOISE` where nobody said
    which kind of noise it is. `markup` describes each paragraph's place in its page of HTML, where there was one.
    """

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    group: str
    taken: tuple[bool, ...] | None = None
    markup: tuple[str, ...] | None = None


def augment(examples: Sequence[Example], clean: Sequence[Example], seed: int) -> list[Example]:
    """Stripped variants of labelled documents, and clean documents with foreign paragraphs put in."""
    chance = random.Random(seed)
    pool = [
        (text, example.group)
        for example in examples
        for text, label in zip(example.texts, example.labels, strict=True)
        if label == Label.CONTENT and len(text.split()) >= LONG_ENOUGH
    ]
    variants = [_strip(example, chance) for example in examples for _ in range(STRIPPED_VARIANTS)]
    mixed = [_put_foreign(example, pool, chance) for example in (*variants, *clean) if len(example.texts) > 4]
    return mixed + [_excerpt(example, chance) for example in (*examples, *clean) if example.texts for _ in range(EXCERPTS)]


def _strip(example: Example, chance: random.Random) -> Example:
    """Take away most of the furniture; teasers and spam mostly stay, as they do in text dumps."""
    furniture_share = chance.choice((0.0, 0.05, 0.1, 0.2, 0.4))
    foreign_share = chance.choice((0.3, 1.0, 1.0))
    rows = []
    for text, label in zip(example.texts, example.labels, strict=True):
        share = 1.0 if Label(label).is_kept else foreign_share if label in (Label.TEASER, Label.SPAM) else furniture_share
        if chance.random() < share:
            rows.append((text, label))
    return Example(tuple(text for text, _ in rows), tuple(label for _, label in rows), example.group)


def _excerpt(example: Example, chance: random.Random) -> Example:
    """A run of neighbouring paragraphs. Foreign ones are left out: in so short a file nothing shows them to be foreign."""
    length = chance.randint(*EXCERPT_LENGTH)
    at = chance.randrange(max(1, len(example.texts) - length + 1))
    rows = [
        (text, label)
        for text, label in zip(example.texts[at : at + length], example.labels[at : at + length], strict=True)
        if length > 6 or label != Label.SPAM
    ]
    return Example(tuple(text for text, _ in rows), tuple(label for _, label in rows), example.group)


def _put_foreign(example: Example, pool: Sequence[tuple[str, str]], chance: random.Random) -> Example:
    texts, labels = list(example.texts), list(example.labels)
    for _ in range(chance.choice(FOREIGN_PER_DOCUMENT) if pool else 0):
        text, group = chance.choice(pool)
        if group == example.group:
            continue
        at = chance.randint(0, len(texts))
        foreign = _cut(text, chance) if chance.random() < 0.6 else text
        copies = 2 if chance.random() < 0.2 else 1
        texts[at:at] = [foreign] * copies
        labels[at:at] = [str(Label.SPAM)] * copies
    return Example(tuple(texts), tuple(labels), example.group)


def _cut(text: str, chance: random.Random) -> str:
    words = text.split()
    length = chance.randint(*CUT_WORDS)
    return text if len(words) <= length else " ".join(words[:length]) + chance.choice(CUT_MARKS)
