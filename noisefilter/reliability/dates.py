"""Text → dates: what day, month or year a passage speaks of.

A date keeps only what is written (an unwritten year stays None); `resolve` fills in the year and turns weekdays into days with the help
of the day on which the document was published. Limit: English month and weekday names and ISO dates; 05/06/2025 is left alone, for
it is read in two ways.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from noisefilter.reliability.scanning import has_any, matches_at

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_MONTH = (
    "(?P<month{n}>Jan(?:uary|\\.)?|Feb(?:ruary|\\.)?|Mar(?:ch|\\.)?|Apr(?:il|\\.)?|May|June?|July?|Aug(?:ust|\\.)?"
    "|Sept?(?:ember|\\.)?|Oct(?:ober|\\.)?|Nov(?:ember|\\.)?|Dec(?:ember|\\.)?)"
)
_WEEKDAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DATE = re.compile(
    rf"""
    (?: \b (?P<weekday1>{_WEEKDAY}) ,? \s+ (?:the\s+)? )?
    (?:
        # Friday 16 May 2025
        (?<![\d.,:]) (?P<day1>\d{{1,2}}) (?:st|nd|rd|th)? (?:\s+of)? \s+ {_MONTH.format(n=1)} \b
        (?: \s* ,? \s+ (?P<year1>(?:1[5-9]|20)\d\d) \b )?
      # May 16, 2025
      | \b {_MONTH.format(n=2)} \s+ (?P<day2>\d{{1,2}}) (?:st|nd|rd|th)? \b
        (?! \s* (?:,\s*)? \d{{1,2}} \s) (?: \s* ,? \s+ (?P<year2>(?:1[5-9]|20)\d\d) \b )?
      | (?<!\d) (?P<year3>(?:1[5-9]|20)\d\d) - (?P<month3>\d\d) - (?P<day3>\d\d) \b                                       # 2025-05-16
      | \b {_MONTH.format(n=4)} \s+ (?:of \s+)? (?P<year4>(?:1[5-9]|20)\d\d) \b     # May 2025
    )
  | \b (?P<weekday2>{_WEEKDAY}) (?: ,? \s+ the \s+ (?P<day5>\d{{1,2}}) (?:st|nd|rd|th) )? \b                              # Sunday the 18th
  | \b (?: in | since | of | from | until | by | during | autumn | spring | summer | winter | after
    | before ) \s+ (?P<year6>(?:1[5-9]|20)\d\d) \b (?! \s* (?:people|[-–]\s*\d) )
  | \b (?P<near> today | yesterday | tonight | last\ night | this\ morning | overnight | tomorrow ) \b
    """,
    re.VERBOSE,
)


class Date(NamedTuple):
    """A date as far as it is written; `start` and `end` are its offsets in the text."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    shift: int | None = None

    @property
    def calendar_day(self) -> datetime.date | None:
        """The day, when year, month and day are known and there is such a day."""
        try:
            return datetime.date(self.year, self.month, self.day) if self.year and self.month and self.day else None
        except ValueError:
            return None

    @property
    def key(self) -> str:
        """The date as text for comparison, unknown parts as ``?``.

        >>> read_dates("on 16 May")[0].key
        '?-05-16'
        """
        if not (self.month or self.day):
            return str(self.year) if self.year else WEEKDAYS[self.weekday] if self.weekday is not None else ""
        month = f"{self.month:02d}" if self.month else "?"
        return f"{self.year or '?'}-{month}" + (f"-{self.day:02d}" if self.day else "")


def may_have_dates(text: str, has_sign: bool) -> bool:
    """A quick look: no date is in a text without a sign and without the digits of a year."""
    return has_sign or _YEAR.search(text) is not None


def read_dates(text: str) -> list[Date]:
    """The dates of a text, in order.

    >>> [date.key for date in read_dates("Issued Friday 16 May 2025; the count of Sunday the 18th; in 2014.")]
    ['2025-05-16', '?-?-18', '2014']
    """
    return list(_dates(text, _beginnings(text)))


def _dates(text: str, starts: list[int]) -> Iterator[Date]:
    return filter(None, map(_date, matches_at(_DATE, text, starts)))


# What is in every date that is not a bare year: the first letters of a month or weekday, a day that is named by its distance.
_NAME = re.compile("[JFMASONDTW](?:an|eb|ar|pr|ay|un|ul|ug|ep|ct|ov|ec|on|ue|ed|hu|ri|at)")
_NEAR_HINTS = ("today", "yesterday", "night", "morning", "tomorrow")
_NEAR = re.compile("today|yesterday|tonight|last night|this morning|overnight|tomorrow")
# One of these words is in every date but a bare year and one in digits alone.
_NEAR_DAYS = ("today", "yesterday", "tonight", "night", "morning", "overnight", "tomorrow")
DATE_SIGNS = frozenset((*MONTHS, *(month[:3] for month in MONTHS), "sept", *WEEKDAYS, *_NEAR_DAYS))
_YEAR = re.compile(r"[12]\d\d\d")
_BEFORE_YEAR = re.compile(r"\b(?=[abdfiosuw])(?:in|since|of|from|until|by|during|autumn|spring|summer|winter|after|before)\s+(?=[12])")
# A day with its month, or a year with its month after a hyphen. The first character is a set, so that the engine skips to it.
# Digits beyond ASCII begin at U+0660.
_DIGITS = re.compile(r"[0-9\u0660-\U0010ffff](?<=\d)(?<!\d\d)\d{0,3}+(?=(?:st|nd|rd|th)?(?:\s+of)?\s+[JFMASOND]|-\d)")


def _beginnings(text: str) -> list[int]:
    """Where a date may begin, in order."""
    starts = _day_beginnings(text)
    if _YEAR.search(text):
        starts += [match.start() for match in _BEFORE_YEAR.finditer(text)]
    if has_any(text, _NEAR_HINTS):
        starts += [match.start() for match in _NEAR.finditer(text)]
    starts.sort()
    return starts


def _day_beginnings(text: str) -> list[int]:
    """Where a date that names a month or weekday may begin."""
    starts = [match.start() for match in _NAME.finditer(text)]
    if starts or "-" in text:
        starts += [match.start() for match in _DIGITS.finditer(text)]
    return starts


def _date(match: re.Match[str]) -> Date | None:
    found = match.groups()
    weekday, near = found[_WEEKDAY_AT] or found[_WEEKDAY_ALONE_AT], found[_NEAR_AT]
    year, month, day = _first(found, _YEARS_AT), _first(found, _MONTHS_AT), _first(found, _DAYS_AT)
    number = None if month is None else int(month) if month.isdecimal() else _MONTH_NUMBERS.get(month[:3].lower())
    if (number is not None and not 1 <= number <= 12) or (day is not None and not 1 <= int(day) <= 31):
        return None
    shift = None if near is None else {"yesterday": -1, "last night": -1, "overnight": 0, "tomorrow": 1}.get(near, 0)
    return Date(
        match.start(),
        match.end(),
        int(year) if year else None,
        number,
        int(day) if day else None,
        WEEKDAYS.index(weekday.lower()) if weekday else None,
        shift,
    )


def _first(found: Sequence[str | None], places: tuple[int, ...]) -> str | None:
    """The first of several groups that caught something."""
    for at in places:
        if found[at]:
            return found[at]
    return None


_MONTH_NUMBERS = {name[:3]: number for number, name in enumerate(MONTHS, 1)}
_GROUPS = {name: at - 1 for name, at in _DATE.groupindex.items()}
_WEEKDAY_AT, _WEEKDAY_ALONE_AT, _NEAR_AT = _GROUPS["weekday1"], _GROUPS["weekday2"], _GROUPS["near"]
_YEARS_AT, _MONTHS_AT, _DAYS_AT = (tuple(at for name, at in _GROUPS.items() if name.startswith(part)) for part in ("year", "month", "day"))


def resolve(date: Date, published: datetime.date | None) -> Date:
    """The date with what the day of publication adds: the year, the day of a weekday (the last one before), of "yesterday".

    >>> resolve(read_dates("on Monday")[0], datetime.date(2025, 5, 15)).key
    '2025-05-12'
    """
    if published is None:
        return date
    if date.shift is not None or (date.weekday is not None and date.month is None and date.day is None):
        back = -date.shift if date.shift is not None else (published.weekday() - (date.weekday or 0)) % 7
        day = published - datetime.timedelta(days=back)
        return date._replace(year=day.year, month=day.month, day=day.day)
    if date.month and date.day and not date.year:
        return date._replace(year=published.year)
    if date.day and not date.month:
        return date._replace(year=published.year, month=published.month)
    return date


# Characters. The date line of a report stands at its head.
_DATELINE = 400


def published_on(text: str, published: str | None) -> datetime.date | None:
    """The day a document speaks from: its own field, else the first full date of its head, else None."""
    for passage in (published or "", text[:_DATELINE]):
        starts = sorted(_day_beginnings(passage)) if _YEAR.search(passage) else []
        day = next((day for date in _dates(passage, starts) if (day := date.calendar_day)), None)
        if day:
            return day
    return None
