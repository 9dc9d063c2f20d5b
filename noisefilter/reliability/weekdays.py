"""Weekdays beside their dates: which of them cannot be.

A date with its year settles it. Without a year, the year is the page's own, or that of dates in the text whose weekday is right.
Failing that, other texts on the same event tell: "Sunday 19 April" in two of them makes "Saturday 19 April" a slip, whatever the year is.
A calendar is kept as the weekday on which a year like it begins, apart for the days before and after the end of February, so that leap
years need not be known.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from noisefilter.records import Contradiction, Document
from noisefilter.reliability.dates import WEEKDAYS, Date, published_on, read_dates

# Characters. A date farther away does not show which of the two is right.
_NEAR_DATE = 400
# Other texts that must agree on a calendar, and their share of those that name a weekday.
FEWEST_TEXTS, AGREED = 2, 0.75
_NAMED_DAY = re.compile(r"day,?\s+(?:the\s+)?(?:\d|[JFMASOND][a-z]{2,8}\.?\s+\d)")

# The two halves of a year, and the weekday that the first of January would have in a common year.
Calendar = dict[bool, int]
Key = TypeVar("Key")


def check_weekdays(text: str, page: Document, calendar: Calendar | None = None) -> Iterator[Contradiction]:
    """A weekday that its date does not fall on."""
    dates = read_dates(text) if _NAMED_DAY.search(text) else []
    named = [date for date in dates if date.weekday is not None and date.month and date.day]
    year = _year(named, page)
    if year is None and not calendar:
        yield from _disagreeing(text, named, page.id)
    for date in named:
        right = _weekday(date, year, calendar or {})
        if right is None or right == date.weekday:
            continue
        near = _witness(date, dates, lambda other: _weekday(other, year, calendar or {}))
        said = re.sub(rf"(?i)^{WEEKDAYS[date.weekday or 0]},?\s+", "", text[date.start : date.end])
        words = f"{said} was a {WEEKDAYS[right].capitalize()}, not a {WEEKDAYS[date.weekday or 0].capitalize()}."
        yield Contradiction(page.id, (date.start, date.end), (near.start, near.end), "date_weekday", words, 0.5)


def _witness(date: Date, dates: Sequence[Date], weekday_of: Callable[[Date], int | None]) -> Date:
    """What shows best that a date without a year is wrong: a right one with its year, or a weekday near it; else the date itself."""
    others = [other for other in dates if other is not date and other.weekday is not None]
    right = [other for other in others if other.year and not date.year and weekday_of(other) == other.weekday]
    right = right or [other for other in dates if other.calendar_day and not date.year]
    beside = [other for other in others if abs(other.start - date.start) < _NEAR_DATE]
    return min(right or beside, key=lambda other: abs(other.start - date.start), default=date)


# Days. Named days farther apart may lie in two years.
_ONE_SEASON = 120


def _disagreeing(text: str, named: Sequence[Date], document_id: str) -> Iterator[Contradiction]:
    """Two named days, and no others, that no year has both: "Sunday 8 March … Wednesday 12 March"."""
    days = list({(date.month, date.day, date.weekday): date for date in named if not date.year}.values())
    if len(days) != 2:
        return
    one, other = days
    apart = _days_since_january(other) - _days_since_january(one)
    if _is_early(one) != _is_early(other) or abs(apart) > _ONE_SEASON or ((other.weekday or 0) - (one.weekday or 0) - apart) % 7 == 0:
        return
    said = [text[date.start : date.end] for date in days]
    words = f"If it was {said[0]}, it was not {said[1]}."
    yield Contradiction(document_id, (one.start, one.end), (other.start, other.end), "date_weekday", words, 0.5)


def _weekday(date: Date, year: int | None, calendar: Calendar) -> int | None:
    """The weekday that a date falls on, or None where nothing tells."""
    day = date._replace(year=date.year or year).calendar_day
    if day is not None:
        return day.weekday()
    first = calendar.get(_is_early(date))
    return None if first is None else (first + _days_since_january(date)) % 7


def _year(named: Sequence[Date], page: Document) -> int | None:
    """The year that dates without one fall in: the page's own, or that of dates whose weekday is right."""
    published = published_on("", page.published)
    if published:
        return published.year
    years = {date.year for date in named if date.year and (day := date.calendar_day) and day.weekday() == date.weekday}
    if len(years) == 1:
        return years.pop()
    dateline = published_on(page.body, None)
    return dateline.year if dateline and not years and all(_is_of_season(date, dateline) for date in named) else None


def _is_of_season(date: Date, day: datetime.date) -> bool:
    """Whether a date, its year left aside, lies near a day of the same year."""
    try:
        return abs((day.replace(month=date.month or 1, day=date.day or 1) - day).days) <= _ONE_SEASON
    except ValueError:
        return False


def calendars(texts: Mapping[Key, str], pairs: Iterable[tuple[Key, Key]]) -> dict[Key, Calendar]:
    """For each text, the calendar that the texts it is paired with agree on.

    >>> texts = {"a": "On Saturday 19 April he won.", "b": "It is Sunday 19 April.", "c": "The race of Sunday 19 April is over."}
    >>> calendars(texts, [("a", "b"), ("a", "c"), ("b", "c")])
    {'a': {False: 3}}
    """
    said = {key: _calendars_of(text) for key, text in texts.items() if _NAMED_DAY.search(text)}
    votes: dict[Key, Counter[tuple[bool, int]]] = defaultdict(Counter)
    for one, other in pairs:
        votes[one].update(said.get(other, ()))
        votes[other].update(said.get(one, ()))
    return {key: found for key in texts if key in said and (found := _agreed(votes[key]))}


def _calendars_of(text: str) -> set[tuple[bool, int]]:
    """Every calendar that a text's named days speak for."""
    dates = (date for date in read_dates(text) if date.weekday is not None and date.month and date.day)
    return {
        (_is_early(date), ((date.weekday or 0) - _days_since_january(date)) % 7)
        for date in dates
        if not (day := date.calendar_day) or day.weekday() == date.weekday
    }


def _agreed(votes: Counter[tuple[bool, int]]) -> Calendar:
    calendar: Calendar = {}
    for (is_early, first), count in votes.items():
        whole = sum(other for (half, _), other in votes.items() if half == is_early)
        if count >= FEWEST_TEXTS and count >= AGREED * whole:
            calendar[is_early] = first
    return calendar


def _is_early(date: Date) -> bool:
    return (date.month or 0) <= 2


def _days_since_january(date: Date) -> int:
    """Days since the first of January of a common year; the 29th of February counts as the 28th."""
    day = min(date.day or 1, 28) if date.month == 2 else date.day or 1
    try:
        return (datetime.date(2001, date.month or 1, day) - datetime.date(2001, 1, 1)).days
    except ValueError:
        return 0
