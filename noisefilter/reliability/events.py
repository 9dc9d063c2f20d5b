"""One document → dates of events that happen once, and where it gives one event two of them.

A person is born and dies once, a house is built, a band formed, a war begun once. Such a verb and the date that follows it in its clause
make
an event; what stands before the verb is its subject. Two events clash when verb and subject are the same and the dates exclude each other.
A pronoun is taken for the same subject only in neighbouring sentences.

Limit: two people of one surname, or two things that "it" stands for in neighbouring sentences, are taken for one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from noisefilter.records import Contradiction
from noisefilter.reliability.dates import Date, read_dates
from noisefilter.reliability.scanning import fold
from noisefilter.reliability.sentences import Span, sentence_spans
from noisefilter.reliability.vocabulary import words
from noisefilter.reliability.wording import STOPWORDS, WORD, stem

# Verbs of events that happen once to their subject, alone.
_ALONE = r"born|died|founded|established|formed|built|constructed|premiered|incorporated|constituted|baptised|buried|abolished|disbanded"
# Verbs that need the same object: one joins, opens and releases many things.
_WITH_OBJECT = (
    r"joined|opened|released|published|launched|graduated|married|began|ended|started|finished|moved|received"
    r"|created|aired|debuted|annexed|signed|retired"
)
_EVENT = re.compile(rf"\b(?:(?P<alone>{_ALONE})|(?P<object>{_WITH_OBJECT}))\b", re.IGNORECASE)
# The same in a text in small letters.
_VERB = re.compile(rf"\b(?:{_ALONE}|{_WITH_OBJECT})\b")
_YEAR = re.compile(r"[12](?<!\w[12])(?:(?<=1)[0-9]\d\d|(?<=2)0\d\d)\b")
# A quick look: there is no year without it.
_DIGITS = re.compile(r"[12]\d\d\d")
_PRONOUN = re.compile(r"\b(?:he|she|it|they|who|which)\b", re.IGNORECASE)
# Share of the shorter subject's words that the longer must have: "Anne Sullivan" is "Johanna Mansfield Sullivan Macy".
SAME_SUBJECT = 0.5
# Characters. The date of an event stands this near behind its verb.
_REACH = 70
# Sentences. A pronoun stands for the same subject this far.
_NEAR = 2


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens once: its verb, what it happens to, its object, and its date."""

    verb: str
    subject: frozenset[str]
    has_pronoun: bool
    object: frozenset[str]
    date: Date
    sentence: int
    start: int
    end: int


def read_events(text: str, sentences: Sequence[Span] | None = None) -> list[Event]:
    """The dated events of a text that happen once.

    >>> [(event.verb, sorted(event.subject), event.date.key) for event in read_events("The mill was built in 1895 by Ada Kerr.")]
    [('built', ['mill'], '1895')]
    """
    if not _YEAR.search(text) or not _VERB.search(fold(text)):
        return []
    events = []
    digits = [match.start() for match in _DIGITS.finditer(text)]
    for number, (start, end) in enumerate(sentence_spans(text) if sentences is None else sentences):
        near = bisect_left(digits, start)
        if near == len(digits) or digits[near] >= end or not _YEAR.search(text, start, end):
            continue
        sentence = text[start:end]
        events += _life(sentence, number, start)
        verbs = list(_EVENT.finditer(sentence))
        dates = [date for date in read_dates(sentence) + _bare_years(sentence) if date.year]
        for at, match in enumerate(verbs):
            stop = min(verbs[at + 1].start() if at + 1 < len(verbs) else len(sentence), match.end() + _REACH)
            follow = [date for date in dates if match.end() <= date.start < stop and _is_its_date(sentence[match.end() : date.start])]
            if follow and not _is_range(sentence, follow[0]):
                events.append(_event(sentence, number, start, match, min(follow, key=lambda date: (date.start, -date.end))))
    return events


_BRACKET = re.compile(r"(?:\(|-LRB-)([^()]{10,120}?)(?:\)|-RRB-)")


def _life(sentence: str, number: int, start: int) -> list[Event]:
    """Two full dates in brackets behind a name: born on the one, died on the other."""
    match = _BRACKET.search(sentence)
    if match is None:
        return []
    dates = [date for date in read_dates(match[1]) if date.calendar_day]
    if len(dates) != 2 or not re.fullmatch(r"\s*[-–—−]{1,2}\s*", match[1][dates[0].end : dates[1].start]):
        return []
    subject = _words(sentence[: match.start()])
    at = start + match.start(1)
    return [
        Event(verb, subject, not subject, frozenset(), date, number, at + date.start, at + date.end)
        for verb, date in zip(("born", "died"), dates, strict=True)
    ]


def _is_its_date(between: str) -> bool:
    return not re.search(r"[;:]|\b(?:and|but|who|which|while|after|before|since|until|where)\b", between)


def _is_range(sentence: str, date: Date) -> bool:
    return bool(re.match(r"\s*(?:-|–|—|to|and|or|until)\s*(?:\d|the\b)", sentence[date.end :]))


def _bare_years(sentence: str) -> list[Date]:
    return [Date(match.start(), match.end(), int(match[0])) for match in re.finditer(r"(?<=in )(?:1[0-9]\d\d|20\d\d)\b", sentence)]


_ASIDE = re.compile(r"(?:an?|the|who|his|her|its)\s", re.IGNORECASE)


def _event(sentence: str, number: int, start: int, match: re.Match[str], date: Date) -> Event:
    before = re.split(r"[;:]|\b(?:and|but|where|while)\b|,\s", sentence[: match.start()])
    # "His wife Doreen, a cellist, died": what stands between two commas is not the subject.
    is_aside = len(before) > 2 and not before[-1].strip() and _ASIDE.match(before[-2])
    clause = before[-3] if is_aside else before[-1]
    after = sentence[match.end() : date.start]
    return Event(
        verb=match[0].lower(),
        subject=_words(clause),
        has_pronoun=bool(_PRONOUN.search(clause)) or not _words(clause),
        object=_words(after) if match["object"] else frozenset(),
        date=date,
        sentence=number,
        start=start + match.start(),
        end=start + date.end,
    )


def _words(clause: str) -> frozenset[str]:
    return frozenset(stem(word) for word in WORD.findall(clause) if word.lower() not in STOPWORDS)


def check_events(text: str, sentences: Sequence[Span], document_id: str) -> Iterator[Contradiction]:
    """Every event that a document dates twice."""
    events = read_events(text, sentences)
    by_verb: dict[str, list[Event]] = {}
    for event in events:
        for earlier in by_verb.setdefault(event.verb, []):
            if earlier.sentence != event.sentence and _is_same(earlier, event) and _exclude(earlier.date, event.date):
                said = [text[one.start : one.end] for one in (earlier, event)]
                yield Contradiction(
                    document_id, (earlier.start, earlier.end), (event.start, event.end), "date", f"“{said[0]}”, but “{said[1]}”.", 0.7
                )
                break
        else:
            by_verb[event.verb] = [*by_verb[event.verb][-_KEPT:], event]


# "His wife died in 2015. He died in 2019": not the same person.
_KIN = frozenset(
    map(
        stem,
        words("""
    wife husband widow father mother son daughter brother sister uncle aunt grandfather grandmother parents
    """),
    )
)
# Events of one verb that are kept for comparison.
_KEPT = 50


def _is_same(one: Event, other: Event) -> bool:
    if one.object or other.object:
        shared = len(one.object & other.object)
        if shared < 0.5 * max(1, min(len(one.object), len(other.object))):
            return False
    if (one.subject ^ other.subject) & _KIN:
        return False
    if one.has_pronoun or other.has_pronoun:
        return abs(one.sentence - other.sentence) <= _NEAR
    return len(one.subject & other.subject) >= SAME_SUBJECT * min(len(one.subject), len(other.subject))


def _exclude(one: Date, other: Date) -> bool:
    if one.year != other.year:
        return True
    if not (one.month and other.month):
        return False
    return one.month != other.month or bool(one.day and other.day and one.day != other.day)
