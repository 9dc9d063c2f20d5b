"""One document → sentences that run alike up to a name and then give two.

"The gold medal was won by Ada Kerr … The gold medal was won by Paul Orr", "Kerr died on 7 September 1987 in Graz … in Vienna". The words up
to the name must be the same, must leave room for one name only, and neither name may stand in the other sentence.

Limit: a thing that many do ("The team was joined by …") is told apart from one that happens once only by its words: the verbs of `_ONCE`
and superlatives.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from noisefilter.records import Contradiction
from noisefilter.reliability.sentences import Span

# Words, the sentence's first ones, that two sentences must have in common.
FEWEST_WORDS = 4
# Sentences that begin alike; more of them are a list.
MOST_ALIKE = 3

# Characters of a sentence that hold its first words.
_OPENS = 80
_OPENING = re.compile(rf"[^\w’'\-]{{0,{_OPENS}}}" + rf"[^\w’'\-]{{1,{_OPENS}}}".join([rf"([\w’'\-]{{1,{_OPENS}}})"] * FEWEST_WORDS))
# What happens once, or is true of one: then two names exclude each other.
_ONCE = re.compile(
    r"""
    \b (?: born | died | buried | founded \s+ by | built \s+ by | written \s+ by | directed \s+ by | designed \s+ by | named \s+ after
      | won \s+ by | headquartered | stationed | based \s+ in | located \s+ in | commanded \s+ by | capital
      | first | final | finals | top | leading | largest | best | highest | oldest | winner | champion | gold | silver | youngest | main
      | lead \s+ role | title \s+ role ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BEFORE_NAME = re.compile(r"\b(?:by|in|at|of|was|is|saw|after|for|defeated|beat|near|to)\s+(?:the\s+)?$", re.IGNORECASE)
_NAME = re.compile(r"[A-Z][\w’'\-]+(?:\s+[A-Z][\w’'\-]+)*")
_LISTED = re.compile(r"\s*(?:,|and\b|&|or\b)\s*(?:and\s+)?[A-Z]")
# Another time or another one of the kind.
_OTHER = re.compile(
    r"\b(?:also|then|later|again|another|next|second|third|previous\w*|before|after\s+that|originally|eventually|moved)\b", re.IGNORECASE
)


def check_slots(text: str, sentences: Sequence[Span], document_id: str) -> Iterator[Contradiction]:
    """Every pair of sentences that give two names in one place."""
    alike: dict[tuple[str, ...], list[Span]] = defaultdict(list)
    for start, end in sentences:
        opening = _OPENING.match(text, start, min(end, start + _OPENS))
        if opening:
            alike[tuple(map(str.lower, opening.groups()))].append((start, end))
    for group in alike.values():
        for one, other in combinations(group, 2) if len(group) <= MOST_ALIKE else ():
            names = _two_names(text[slice(*one)], text[slice(*other)])
            if names:
                yield Contradiction(document_id, one, other, "name", f"“{names[0]}” here, but “{names[1]}” there.", 0.7)


def _two_names(a: str, b: str) -> tuple[str, str] | None:
    """The names at the first place where two sentences differ, if they cannot both stand there."""
    at = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    while at and a[at - 1] not in " \t":
        at -= 1
    shared = a[:at]
    one, other = _NAME.match(a, at), _NAME.match(b, at)
    if not one or not other or not _BEFORE_NAME.search(shared) or not _ONCE.search(shared) or _OTHER.search(a) or _OTHER.search(b):
        return None
    if _LISTED.match(a, one.end()) and " and " in a[at:] and " and " in b[at:] and not _is_place(shared):
        return None
    if any(word in b for word in one[0].split()) or any(word in a for word in other[0].split()):
        return None
    return one[0], other[0]


def _is_place(shared: str) -> bool:
    """ "in Graz, Austria" is one place, "by Kerr, Orr and Lunn" are three people."""
    return bool(re.search(r"\b(?:in|at|near)\s+(?:the\s+)?$", shared))
