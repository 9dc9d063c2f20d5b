"""One document → where it says that something never happened before, and elsewhere tells of an earlier time.

"There has never been an inrush here before … after the inrush of 2022"; "the first strike in the port's history … the second strike since
2019". What is said to be the first has a noun; it is denied where the same noun is numbered from two on, is called an earlier or a previous
one, or is put into a year before the latest that the text names. And what never happened before is told of an earlier year when a
sentence with that year shares two of its words: "never before has the country paid for a drought … in the drought of 2018 it paid out".

Limit: nothing is said where the first is one of a place, a year or a person ("the first strike this year"), or where the earlier one is of
another ("the first strike here, the second in the country").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from noisefilter.records import Contradiction
from noisefilter.reliability.scanning import spans_at
from noisefilter.reliability.sentences import Span
from noisefilter.reliability.vocabulary import words
from noisefilter.reliability.wording import STOPWORDS, WORD, stem

_NEVER = re.compile(
    r"""\b (?: never | not \s+ once ) \s+ (?:\w+\s+){0,3}? (?:an?|any) \s+ (?P<what> (?:[a-z-]+\s+){0,3}? [a-z-]+ )
        (?= \s+ (?:\w+\s+){0,6}? (?:before|in\s+(?:the|its|our|their)\s+history) \b | \s* [.;] )""",
    re.VERBOSE | re.IGNORECASE,
)
_FIRST = re.compile(
    r"""\b first (?:-ever)? \s+ (?P<what> (?:[a-z-]+\s+){0,2}? [a-z-]+ )
        (?= \s+ (?:(?:of|in|at|by|for) \s+ (?:\w+\s+){1,4}?)?
          (?: ever\b | in\s+(?:the|its|our|their|his|her)\s+history\b | on\s+record\b ) )""",
    re.VERBOSE | re.IGNORECASE,
)
_EARLIER = re.compile(
    r"""\b (?: second | third | fourth | fifth | sixth | seventh | eighth | ninth | tenth | another | earlier | previous | last
        | two \s+ earlier | three \s+ earlier ) \s+ (?P<what> (?:[a-z-]+\s+){0,2}? ) $""",
    re.VERBOSE | re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_OF_YEAR = re.compile(r"\s{1,4}(?:of|in)\s{1,4}((?:19|20)\d\d)\b", re.IGNORECASE)
_UNSURE = re.compile(r"\b(?:if|would|could|might|may|never|not|no|next|will|claim\w*|deni\w+|rumou?r\w*)\b|n[’']t\b", re.IGNORECASE)
# Words that are no thing of which there is a first.
_NO_EVENT = STOPWORDS | frozenset(
    ("time", "year", "day", "week", "month", "half", "quarter", "place", "part", "thing", "lot", "chance", "word")
)
# Characters. In a longer text one noun stands for many things.
LONGEST = 50_000


# One of these is in whatever says that something is a first.
FIRST_SIGNS = words("first never once")


def check_firsts(text: str, sentences: Sequence[Span], document_id: str, places: Iterable[int] | None = None) -> Iterator[Contradiction]:
    """Every first that the text itself knows an earlier one of; `places` are those of `FIRST_SIGNS`, where they are known.

    >>> text = "There has never been an inrush before. After the inrush of 2022 the plan of 2025 was drawn up."
    >>> [found.kind for found in check_firsts(text, [(0, 38), (39, len(text))], "d")]
    ['denial_confirmation']
    """
    if len(text) > LONGEST:
        return
    years = set(map(int, _YEAR.findall(text)))
    latest = max(years, default=0)
    yield from _unheard_of(text, sentences, document_id, latest + (len(years) == 1))
    for _, start, end in spans_at(sentences, places):
        for pattern, kind in ((_NEVER, "denial_confirmation"), (_FIRST, "ordinal")):
            match = pattern.search(text, start, end)
            noun = _noun(match["what"]) if match else ""
            other = _earlier_one(text, sentences, start, noun, latest) if noun else None
            if match and other:
                said = f"“{match[0]}”, but “{' '.join(text[slice(*other)].split())}”."
                yield Contradiction(document_id, match.span(), other, kind, said, 0.7)


# "Never before has the country paid …", "had never seen … before", "the first fire in a tunnel since the line was opened".
_UNHEARD_OF = re.compile(
    r"""
    \b never \s+ before \s+ (?:had|has|have|did|was|were|in) \b [^.;:!?\n]*
    | \b never \b [^.;:,!?\n]{3,80} \b before \b (?= [.,;] )
    | \b first (?:-ever)? \s+ [^.;:,!?\n]{3,80}? \b (?: ever \b [^.;:,!?\n]* | in \s+ (?:the|its|our|their) \s+ history | on \s+ record
      | since [^.;:,\n]{3,40} (?:opened|founded|built|established|began) \b )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Then it is its size or manner that is new.
_OF_A_KIND = re.compile(r"\b(?:such|so|as|(?:this|that)\s+(?:many|much|\w+ly)|more|less|fewer|than|only|times?)\b", re.IGNORECASE)
_FOUNDED = re.compile(r"\b(?:since|founded|opened|built|established|began|born|planned|due)\b", re.IGNORECASE)
# Words that a sentence of an earlier year must share with what never happened before.
FEWEST_SHARED = 2


def _unheard_of(text: str, sentences: Sequence[Span], document_id: str, latest: int) -> Iterator[Contradiction]:
    """What never happened before, and a sentence with an earlier year that tells of it."""
    for start, end in sentences:
        match = _UNHEARD_OF.search(text, start, end)
        if not match or _OF_A_KIND.search(match[0]) or _YEAR.search(text, start, end):
            continue
        told = _contents(match[0])
        for begin, stop in sentences if len(told) >= FEWEST_SHARED else ():
            sentence = text[begin:stop]
            year = _YEAR_AGO.search(sentence)
            if begin == start or not year or int(year[1]) >= latest or _UNSURE.search(sentence) or _FOUNDED.search(sentence):
                continue
            if len(told & _contents(sentence)) >= FEWEST_SHARED:
                words = f"“{match[0].strip()}”, but “{' '.join(sentence.split())}”."
                yield Contradiction(document_id, match.span(), (begin, stop), "denial_confirmation", words, 0.7)
                break


_YEAR_AGO = re.compile(r"\b(?:in|of|from|during)\s+((?:19|20)\d\d)\b", re.IGNORECASE)


def _contents(passage: str) -> frozenset[str]:
    return frozenset(stem(word.lower()) for word in WORD.findall(passage) if word.lower() not in _NO_EVENT and len(word) > 2)


def _noun(what: str) -> str:
    """The stem of the last word, "" where it stands for no event."""
    word = WORD.findall(what)[-1].lower()
    return "" if word in _NO_EVENT else stem(word)


def _earlier_one(text: str, sentences: Sequence[Span], own: int, noun: str, latest: int) -> Span | None:
    for start, end in sentences:
        sentence = text[start:end]
        if start == own or _UNSURE.search(sentence):
            continue
        for word in WORD.finditer(sentence):
            if stem(word[0].lower()) != noun:
                continue
            before = _EARLIER.search(sentence[: word.start()])
            year = _OF_YEAR.match(sentence, word.end())
            if before or (year and int(year[1]) < latest):
                stop = year.end() if year else word.end()
                return start + (before.start() if before else word.start()), start + stop
    return None
