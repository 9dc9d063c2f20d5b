"""One document → two moments and a span of time said to lie between them: do they fit?

"The record was out from 02:40 on 12 October until 14:40 on 18 October, a total of 132 hours". A span of minutes or hours needs two times of
day, one of days or weeks two days, one of months or years two years. The moments are those of its sentence, or one of them and the last one
of the sentence before; words have to tie the span to them ("from … until", "later", "for", "took"). Where any two moments near make the
span, it is right.

Limit: without dates two times are at most a day apart, and without years two days lie in one year.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise, product

from noisefilter.records import Claim, Contradiction
from noisefilter.reliability.clocks import read_clocks
from noisefilter.reliability.dates import read_dates
from noisefilter.reliability.measures import Measure, measure
from noisefilter.reliability.sentences import Span

# Year that dates without one are put into; a leap year, so that every day is in it.
_ANY_YEAR = 2024
DAY, YEAR = 24.0, 365.25 * 24
# Hours by which a time of day is rounded, and share of a span by which it is.
QUARTER, ROUNDED = 0.25, 0.1
# Share by which two spans may differ and be the same, for a year has a quarter of a day too many.
TOUCH = 0.05
# A span may be this many times off and still be meant as that between two moments.
MOST_OFF = 4.0
# Characters between a span and the moment that comes so much later.
TO_LATER = 90
_HOURS, _DAYS, _YEARS = "hours", "days", "years"
_SCALES = {
    "second": _HOURS, "minute": _HOURS, "hour": _HOURS, "day": _DAYS, "night": _DAYS, "week": _DAYS, "fortnight": _DAYS,
    "month": _YEARS, "year": _YEARS, "decade": _YEARS,
}  # fmt: skip

_FROM = re.compile(r"\b(?:from|between|since)\s[^.;]{0,40}$", re.IGNORECASE)
_TO = re.compile(r"[^.;]{0,60}?\b(?:to|until|till|and|through)\b[^.;]{0,60}|\s{0,2}[–-]\s{0,2}", re.IGNORECASE)
_JOINED = re.compile(r"[^.;()\d]{0,25}(?:\b(?:to|until|till|and)\b|–|-)[^.;()\d]{0,25}", re.IGNORECASE)
_LATER = re.compile(r"\s{1,3}(?:later|after\b|afterwards|on\b)", re.IGNORECASE)
_TIES = re.compile(
    r"\b(?:for|after|later|took|take|taken|takes|lasted|lasting|last|lasts|until|within|between|from|stayed|waited|whole|total|spent|needed"
    r"|duration|passed|in)\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"[,;]?\s{1,3}(?:until|till)\b", re.IGNORECASE)
# A span that is not the one between two moments.
_OTHER = re.compile(
    r"\b(?:every|each|notice|old|per|next|last|past|another|further|more|first|previous|up\s+to|within|least|aged|sentenced|ago|earlier"
    r"|before)\b",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"[\s-]{1,3}(?:old|ago|earlier|before|a\s|per\b|each|notice|in\s+prison|in\s+jail|sentence|ahead|more|longer|to\s+go|limit|deadline"
    r"|early|prior|left|from\s+now)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as far as it is told: minutes of a day that it may be, the day and the year, each None where it is not."""

    start: int
    end: int
    minutes: tuple[int, ...] | None = None
    day: int | None = None
    year: float | None = None
    weekday: int | None = None
    has_year: bool = False


def check_spans(text: str, sentences: Sequence[Span], claims: Sequence[Claim]) -> Iterator[Contradiction]:
    """Every span of time that is not that between its two moments.

    >>> from noisefilter.records import Document
    >>> from noisefilter.reliability.claims import read_claims
    >>> text = "I came at half past six in the morning and stayed for fourteen hours, until five in the afternoon."
    >>> [found.explanation for found in check_spans(text, [(0, len(text))], read_claims(Document("d", text)))]
    ['From “half past six in the morning” to “five in the afternoon” is not “fourteen hours”.']
    """
    told = [claim for claim in claims if _is_span(text, claim)]
    numbers = {start: number for number, (start, _) in enumerate(sentences)} if told else {}
    for claim in told:
        number = numbers.get(claim.sentence_start)
        if number is None:
            continue
        own, scale = measure(claim), _SCALES[claim.unit]
        near = read_moments(text, *_around(text, claim, sentences, number))
        moments = [moment for moment in near if _gaps(moment, moment, scale) is not None]
        if any(_fits(own, gap, claim, scale) for a, b in combinations(moments, 2) for gap in _gaps(a, b, scale) or ()):
            continue
        pair = _meant(text, claim, sentences[number], moments)
        if pair is None:
            continue
        gaps = _gaps(*pair, scale) or ()
        if not any(1 / MOST_OFF < own.value / max(gap, 0.01) < MOST_OFF for gap in gaps):
            continue
        a, b = pair
        words = f"From “{text[a.start : a.end]}” to “{text[b.start : b.end]}” is not “{claim.quantity.text}”."
        yield Contradiction(claim.document_id, (claim.start, claim.end), (a.start, b.end), "duration_mismatch", words)


def _is_span(text: str, claim: Claim) -> bool:
    """Whether a span of time may be that between two moments: no age, no rate, no bound, nothing that is counted from today."""
    if claim.unit not in _SCALES or claim.rate or claim.disputed:
        return False
    own = measure(claim)
    before = max(claim.sentence_start, claim.start - 25)
    return not own.is_bound and own.value > 0 and not _OTHER.search(text, before, claim.start) and not _AGO.match(text, claim.end)


def _around(text: str, claim: Claim, sentences: Sequence[Span], number: int) -> Span:
    """The two sentences before that of a span, its own and the one behind, as far as they are on its line."""
    line = text.find("\n", claim.end)
    begin = max(sentences[max(0, number - 2)][0], text.rfind("\n", 0, claim.start) + 1)
    return begin, min(sentences[min(len(sentences) - 1, number + 1)][1], line if line >= 0 else len(text))


def _meant(text: str, claim: Claim, sentence: Span, moments: Sequence[Moment]) -> tuple[Moment, Moment] | None:
    """The two moments that a span lies between."""
    own = [moment for moment in moments if sentence[0] <= moment.start < sentence[1]]
    before = [moment for moment in moments if moment.start < sentence[0]]
    around = text[max(claim.sentence_start, claim.start - 30) : claim.end + 14]
    for a, b in pairwise(own):
        if _FROM.search(text, sentence[0], a.start) and _TO.fullmatch(text, a.end, b.start):
            return a, b
    # "They got in on 11 January and struck on 3 February. In these thirteen days …".
    if len(moments) == 2 and moments[0].day is not None and _JOINED.fullmatch(text, moments[0].end, moments[1].start):
        return moments[0], moments[1]
    if not _TIES.search(around) or (_UNTIL.match(text, claim.end) and not any(moment.start > claim.end for moment in own)):
        return None
    if _LATER.match(text, claim.end):
        later = [moment for moment in own if abs(moment.start - claim.end) < TO_LATER]
        if len(later) == 1 and before:
            return before[-1], later[0]
    if len(own) == 2:
        return own[0], own[1]
    if len(own) == 1 and len(before) == 1:
        return before[0], own[0]
    return None


def _gaps(a: Moment, b: Moment, scale: str) -> tuple[float, ...] | None:
    """The hours that may lie between two moments, or None where they are not told as finely as the span."""
    if scale == _HOURS:
        if a.minutes is None or b.minutes is None:
            return None
        if a.day is not None and b.day is not None:
            gaps = [DAY * (b.day - a.day) + (y - x) / 60 for x, y in product(a.minutes, b.minutes)]
            return tuple(gap + DAY if gap < 0 and a.day == b.day else abs(gap) for gap in gaps)
        return tuple(((y - x) / 60) % DAY for x, y in product(a.minutes, b.minutes)) if a.day is None and b.day is None else None
    if scale == _DAYS:
        is_told = a.day is not None and b.day is not None and a.has_year == b.has_year
        return (DAY * abs((b.day or 0) - (a.day or 0)),) if is_told else None
    return (YEAR * abs(b.year - a.year),) if a.year is not None and b.year is not None else None


def _fits(own: Measure, gap: float, claim: Claim, scale: str) -> bool:
    """Whether a span is the one between two moments, as far as it is rounded; the first and the last day may count or not."""
    if scale == _HOURS:
        room = max(QUARTER if own.value > 2 * QUARTER else QUARTER / 3, own.reach)
    elif scale == _DAYS:
        room = DAY
    else:
        room = YEAR / 12 if claim.unit == "month" else YEAR
    room = max(room * (1 + TOUCH), ROUNDED * own.value)
    return own.low - room <= gap <= own.high + room


_JOINT = re.compile(r"[\s,]{0,3}(?:(?:on|of|at|the|in|a\.m\.|p\.m\.)[\s,]{1,3}){0,3}", re.IGNORECASE)


_OTHER_DAY = re.compile(r"\b(?:today|yesterday|tomorrow|tonight|next|following|later|day|days|morning|night|week)\b", re.IGNORECASE)
_FIRST_DAY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\s*(?:to|until|till|–|-|and)\s*(?:\w+day\s{1,3}(?:the\s{1,3})?)?$")


def read_moments(text: str, start: int, end: int) -> list[Moment]:
    """The moments of a passage: days, years and times of day, and those that stand together as one."""
    passage = text[start:end]
    found = [Moment(start + clock.start, start + clock.end, clock.minutes) for clock in read_clocks(passage)]
    found += _days(passage, start)
    found.sort(key=lambda moment: moment.start)
    merged: list[Moment] = []
    for moment in found:
        last = merged[-1] if merged else None
        is_joint = last and (last.minutes is None) != (moment.minutes is None) and last.end <= moment.start
        if last and is_joint and _JOINT.fullmatch(text, last.end, moment.start):
            clock, day = (last, moment) if last.minutes is not None else (moment, last)
            merged[-1] = replace(day, start=last.start, end=moment.end, minutes=clock.minutes)
        elif not last or moment.start >= last.end:
            merged.append(moment)
    return _with_days(text, merged)


def _days(passage: str, start: int) -> Iterator[Moment]:
    for date in read_dates(passage):
        try:
            day = datetime.date(date.year or _ANY_YEAR, date.month, date.day) if date.month and date.day else None
        except ValueError:
            continue
        year = date.year + ((date.month or 6.5) - 0.5) / 12 if date.year else None
        if day or year or date.weekday is not None:
            number = day.toordinal() if day else None
            yield Moment(start + date.start, start + date.end, None, number, year, date.weekday, bool(date.year))
        first = _FIRST_DAY.search(passage, max(0, date.start - 20), date.start) if day else None
        if day and first and 0 < int(first[1]) < day.day:
            yield Moment(
                start + first.start(1), start + first.end(1), None, day.replace(day=int(first[1])).toordinal(), None, None, bool(date.year)
            )


def _with_days(text: str, moments: Sequence[Moment]) -> list[Moment]:
    """The moments, with the day of a weekday and of a bare time of day understood from the time of day before."""
    known: list[Moment] = []
    last: Moment | None = None
    for moment in moments:
        if moment.minutes and moment.day is None and last and last.day is not None:
            if moment.weekday is not None and last.weekday is not None:
                moment = replace(moment, day=last.day + (moment.weekday - last.weekday) % 7)
            elif moment.weekday is None and not _OTHER_DAY.search(text, last.end, moment.end + 15):
                moment = replace(moment, day=last.day)
        known.append(moment)
        last = moment if moment.minutes else last
    return known
