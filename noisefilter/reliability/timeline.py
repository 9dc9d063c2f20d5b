"""One document → moments told in an order that their dates or clock times do not have.

Two dates, or two clock times, of one sentence, with words between them that say which came first: "on 11 September; then within a month
after that, by 8 August".

Limit: without a year two dates are taken to lie in one year, and nothing is said of dates half a year apart.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from noisefilter.records import Contradiction
from noisefilter.reliability.dates import read_dates
from noisefilter.reliability.sentences import Span

# Days. Farther apart two dates without a year may lie in two years.
HALF_A_YEAR = 180
# Year that dates without one are put into; a leap year, so that every day is in it.
_ANY_YEAR = 2024
# Minutes of a day. A clock time half a day before another may be of the next day.
HALF_A_DAY = 12 * 60

_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"(?<![\d:.,])([01]?\d|2[0-3])[:.]([0-5]\d)(?![\d%])(?:\s*([ap])\.?m\b)?")
_IS_CLOCK = re.compile(r"\b(?:at|by|from|until|before|after|about|around)\s+(?:about\s+|around\s+)?$", re.IGNORECASE)
# What says that the second moment is the later one: it is called so, or the first is before it.
_LATER = re.compile(
    r"""
    \b (?: after \s+ (?:that|this|it|which) | afterwards? | thereafter | (?:days?|weeks?|months?|hours?|minutes?) \s+ (?:later|after)
      | before | ahead \s+ of | prior \s+ to | well \s+ before )
    \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_ORDER = re.compile(
    r"\b(?:earlier|not|never|no|instead|rather|had|unlike|than|or|and|but|if|from|until)\b|[.!?]\s|n[’']t\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or a time of day: `at` counts days of a year or minutes of a day."""

    start: int
    end: int
    at: int
    half: int


def check_timeline(text: str, sentences: Sequence[Span], document_id: str) -> Iterator[Contradiction]:
    """Every moment out of its order."""
    for start, end in sentences:
        sentence = text[start:end]
        if not _DIGIT.search(sentence):
            continue
        days, clocks = _days(sentence), _clocks(sentence)
        for moments in (days, clocks):
            for first, second in pairwise(moments):
                between = sentence[first.end : second.start]
                if 0 < first.at - second.at < first.half and _LATER.search(between) and not _NO_ORDER.search(between):
                    said = f"“{sentence[second.start : second.end]}” is before “{sentence[first.start : first.end]}”."
                    places = (start + first.start, start + first.end), (start + second.start, start + second.end)
                    yield Contradiction(document_id, *places, "date_order", said)


def _days(sentence: str) -> list[Moment]:
    found = []
    for date in read_dates(sentence):
        if date.month and date.day:
            try:
                day = datetime.date(date.year or _ANY_YEAR, date.month, date.day)
            except ValueError:
                continue
            found.append(Moment(date.start, date.end, day.toordinal(), HALF_A_YEAR))
    found += list(_first_days(sentence, found))
    found.sort(key=lambda moment: moment.start)
    years = {datetime.date.fromordinal(moment.at).year for moment in found}
    return found if len(years) == 1 else []


_FIRST_DAY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\s*(?:to|until|–|-|and)\s*$")


def _first_days(sentence: str, days: Sequence[Moment]) -> Iterator[Moment]:
    """The first day of "from 3 to 12 May"."""
    for moment in days:
        match = _FIRST_DAY.search(sentence[: moment.start])
        last = datetime.date.fromordinal(moment.at)
        if match and 0 < int(match[1]) < last.day:
            yield Moment(match.start(1), match.end(1), last.replace(day=int(match[1])).toordinal(), HALF_A_YEAR)


def _clocks(sentence: str) -> list[Moment]:
    found = []
    for match in _CLOCK.finditer(sentence):
        if not match[3] and not _IS_CLOCK.search(sentence[max(0, match.start() - 20) : match.start()]):
            continue
        hour = int(match[1]) % 12 + 12 * (match[3] in ("p", "P")) if match[3] else int(match[1])
        found.append(Moment(match.start(), match.end(), 60 * hour + int(match[2]), HALF_A_DAY))
    return found
