"""One document → an office that somebody has lost, and elsewhere holds.

Offices are read open-ended: what stands behind "former", "used to be", "resigned as", "thrown out as" is the office, whatever it is called.
Another sentence that gives the same person the same office, before the name or behind it, without a word of the past, clashes with that.
(roles.py knows a list of offices, and which of them exclude one another.)

Limit: after a verb of leaving only what comes later in the text is taken for the present.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from noisefilter.records import Contradiction
from noisefilter.reliability.sentences import Span
from noisefilter.reliability.wording import STOPWORDS, WORD

_NAME = r"(?:[A-Z][\w’'\-]+[ ]){0,3}[A-Z][\w’'\-]+"
# "head of the Hesk station", "district health officer", "chief executive".
_OFFICE = r"(?P<office>(?:[a-z-]+[ ]){0,3}?[a-z-]{4,}(?:[ ](?:of|for)(?:[ ](?:the|its|our))?(?:[ ][\w-]+){1,3}?)?)"
_WENT = r"(?:resign(?:ed|s)|step(?:ped|s)[ ]down|quit|(?:thrown|forced|driven|voted)[ ]out|sacked|dismissed|removed|ousted|fired|deposed)"
_LOST = (
    re.compile(rf"\b(?P<name>{_NAME}),[ ](?:the[ ]|a[ ]|its[ ])?(?:former|ex-?)[ ]?{_OFFICE}(?=[,.;:]|[ ](?:who|and|in|at)\b)"),
    re.compile(rf"\b(?:[Ff]ormer|[Ee]x-?)[ ]?{_OFFICE},?[ ](?P<name>{_NAME})\b"),
    re.compile(
        rf"\b(?P<name>{_NAME}),[ ]who[ ](?:used[ ]to[ ]be|was[ ]once|had[ ]been)[ ](?:the[ ]|a[ ])?{_OFFICE}"
        r"(?=[,.;:]|[ ](?:until|before|when|and|in|at)\b)"
    ),
    re.compile(
        rf"\b(?P<name>{_NAME})[^.;:\n]{{0,60}}?\b{_WENT}[ ]as[ ](?:the[ ]|its[ ]|a[ ])?{_OFFICE}"
        r"(?=[,.;:]|[ ](?:on|in|at|last|this|after|for|and)\b)"
    ),
)
# A quick look: what is in whatever the patterns find.
_HINTS = tuple(map(re.compile, (r"\bformer\b|\bex\b", r"\b[Ff]ormer\b|\b[Ee]x\b", r"\bwho[ ](?:used|was|had)\b", rf"\b{_WENT}[ ]as\b")))
_LEFT = 3
_PAST = re.compile(
    r"\b(?:former\w*|ex|once|previous\w*|used\s+to|then|was|were|had|been|until|since|resign\w*|succe\w+|replac\w+|appoint\w*|became"
    r"|return\w*|again|elected|acting|deputy|would|will|if|not|never|no\s+longer|step\w*|quit|sack\w*|dismiss\w*|oust\w*|years?)\b",
    re.IGNORECASE,
)
# Characters between a name and the office that it is given.
NEAR = 60
# Characters on either side of them in which a word of the past is looked for.
BEFORE, BEHIND = 25, 12
# Characters. In a longer text one surname stands for many people.
LONGEST = 50_000


@dataclass(frozen=True, slots=True)
class Lost:
    """A person's surname, the words of the office that is no longer theirs, and where; `left` tells of a leaving in the text itself."""

    name: str
    office: tuple[str, ...]
    of: frozenset[str]
    start: int
    end: int
    left: bool


def check_offices_lost(text: str, sentences: Sequence[Span], document_id: str) -> Iterator[Contradiction]:
    """Every office that is lost in one sentence and held in another.

    >>> text = "Ana Roe, who used to be harbour master of Kell, is angry. Roe, the harbour master of Kell, signs every permit."
    >>> [found.kind for found in check_offices_lost(text, [(0, 57), (58, len(text))], "d")]
    ['former_vs_current']
    """
    for lost in _read(text) if len(text) <= LONGEST else ():
        for start, end in sentences:
            if start <= lost.start < end or (lost.left and start < lost.start) or lost.name not in text[start:end]:
                continue
            held = _held(text, start, end, lost)
            if held:
                said = f"“{' '.join(text[lost.start : lost.end].split())}”, but “{' '.join(text[slice(*held)].split())}”."
                yield Contradiction(document_id, (lost.start, lost.end), held, "former_vs_current", said, 0.7)
                break


def _read(text: str) -> Iterator[Lost]:
    for number, (hint, pattern) in enumerate(zip(_HINTS, _LOST, strict=True)):
        for match in pattern.finditer(text) if hint.search(text) else ():
            what, *of = re.split(r" (?:of|for) ", match["office"])
            name = match["name"].split()[-1].removesuffix("’s").removesuffix("'s")
            belongs = frozenset(word.lower() for word in WORD.findall(" ".join(of)) if word.lower() not in STOPWORDS)
            office = tuple(word for word in what.split() if word not in STOPWORDS)
            if office and (belongs or len(office) > 1):
                yield Lost(name, office, belongs, match.start(), match.end(), number == _LEFT)


def _held(text: str, start: int, end: int, lost: Lost) -> Span | None:
    """Where a sentence gives the person the office, as of now."""
    name, office = re.escape(lost.name), r"\s+".join(map(re.escape, lost.office))
    before = rf"\b{office}\s+(?:[A-Z][\w’'\-]+\s+){{0,2}}{name}\b"
    title = r"(?:(?:the|our|its|in\s+(?:his|her|their)\s+capacity\s+as)\s+){0,2}(?:[\w’'-]+\s+){0,2}?"
    behind = rf"\b{name}\b[^.;:\n]{{0,{NEAR}}}?(?:\bas|,)\s+{title}{office}\b[^.,;]{{0,40}}"
    for pattern in (before, behind):
        match = re.compile(pattern, re.IGNORECASE).search(text, start, end)
        if match and not _PAST.search(match[0]) and not any(_PAST.search(text, *near) for near in _beside(match, start, end)):
            said = frozenset(word.lower() for word in WORD.findall(text[start:end]))
            if not lost.of or lost.of & said:
                return match.span()
    return None


def _beside(match: re.Match[str], start: int, end: int) -> tuple[Span, Span]:
    """The words before and behind that may say that an office was held in the past."""
    return (max(start, match.start() - BEFORE), match.start()), (match.end(), min(end, match.end() + BEHIND))
