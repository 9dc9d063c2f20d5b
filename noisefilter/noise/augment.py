"""More kinds of files out of labelled ones: what scraping does to a page, done to the training documents.

Labelled dumps are half noise; real files are often nearly clean. So each document is also shown *stripped* of most of its
furniture, and with paragraphs of *other* documents put in, whole and cut like teasers: the same paragraph is content in one file
and foreign in the next, and only the comparison with its file can tell. Clean articles get foreign paragraphs too.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from noisefilter.records import Label

# Marks with which sites cut a teaser; half of the cuts get none, so that the cut itself must be seen.
CUT_MARKS = (" […]", "...", "…", " [...]", " Read more", "", "", "", "")
# Words of a cut teaser: WordPress cuts at 55, most themes between 20 and 50.
CUT_WORDS = (20, 55)
# Words. Shorter paragraphs show no subject, so calling them foreign would teach nothing.
LONG_ENOUGH = 25
FOREIGN_PER_DOCUMENT = (0, 0, 1, 2, 3)
# A guest post brings several paragraphs at once. Shares of what is put in, and paragraphs.
POST_SHARE, CUT_SHARE = 0.3, 0.4
POST_LENGTH = (2, 6)
STRIPPED_VARIANTS = 2
# Short files are common (a JSON Lines record of one paragraph), so runs of 1-12 paragraphs are shown as files of their own.
EXCERPTS = 3
EXCERPT_LENGTH = (1, 12)
# Blocks of a short page; pages of the corpora have a hundred and more, and those of users may have five.
SHORT_PAGE = (3, 20)


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
    pool = [(passage, example.group) for example in examples for passage in _passages(example)]
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


def shorten(pages: Sequence[Example], seed: int) -> list[Example]:
    """A short page out of each page of HTML: a run of its blocks, where some are to be learnt from. As mere text a run is no page."""
    chance = random.Random(seed)
    short = []
    for page in pages:
        if page.markup is None:
            continue
        length = chance.randint(*SHORT_PAGE)
        at = chance.randrange(max(1, len(page.texts) - length + 1))
        part = slice(at, at + length)
        taken = page.taken[part] if page.taken else None
        if taken is None or any(taken):
            short.append(Example(page.texts[part], page.labels[part], page.group, taken, page.markup[part]))
    return short


def _passages(example: Example) -> Iterator[tuple[str, ...]]:
    """Each long paragraph of content, with what follows of its article."""
    is_kept = [Label(label).is_kept for label in example.labels]
    for at, (text, label) in enumerate(zip(example.texts, example.labels, strict=True)):
        if label == Label.CONTENT and len(text.split()) >= LONG_ENOUGH:
            following = takewhile(lambda place: is_kept[place], range(at, len(is_kept)))
            yield tuple(example.texts[place] for place in islice(following, POST_LENGTH[1]))


def _put_foreign(example: Example, pool: Sequence[tuple[tuple[str, ...], str]], chance: random.Random) -> Example:
    """Put in paragraphs of other groups: as they are, cut, some of them twice, or several together as a guest post."""
    texts, labels = list(example.texts), list(example.labels)
    for _ in range(chance.choice(FOREIGN_PER_DOCUMENT) if pool else 0):
        passage, group = chance.choice(pool)
        if group == example.group:
            continue
        at = chance.randint(0, len(texts))
        foreign = _foreign(passage, len(example.texts), chance)
        texts[at:at] = foreign
        labels[at:at] = [str(Label.SPAM)] * len(foreign)
    return Example(tuple(texts), tuple(labels), example.group)


def _foreign(passage: tuple[str, ...], n_own: int, chance: random.Random) -> list[str]:
    """What is put in of a passage. A post stays short beside the document, or it would be the document's own subject."""
    if chance.random() < POST_SHARE:
        return list(passage[: min(chance.randint(*POST_LENGTH), n_own // 4)])
    foreign = _cut(passage[0], chance) if chance.random() < CUT_SHARE / (1 - POST_SHARE) else passage[0]
    return [foreign] * (2 if chance.random() < 0.2 else 1)


def _cut(text: str, chance: random.Random) -> str:
    words = text.split()
    length = chance.randint(*CUT_WORDS)
    return text if len(words) <= length else " ".join(words[:length]) + chance.choice(CUT_MARKS)
