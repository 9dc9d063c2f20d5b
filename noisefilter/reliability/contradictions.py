"""One document → the places in it that cannot both be true.

Each check looks at one thing: sums and percentages (arithmetic.py), offices of people (roles.py), weekdays of dates, dates of events
(events.py), and sentences that tell
one thing twice with another figure, another date, or a denial (retold.py). Precision comes first: a check that is not sure says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from noisefilter.records import Claim, Contradiction, Document
from noisefilter.reliability.arithmetic import check_figures
from noisefilter.reliability.dates import WEEKDAYS, Date, published_on, read_dates
from noisefilter.reliability.events import check_events
from noisefilter.reliability.retold import check_retold
from noisefilter.reliability.roles import check_roles
from noisefilter.reliability.sentences import sentence_spans


def find_contradictions(page: Document, kept: str, claims: Sequence[Claim]) -> list[Contradiction]:
    """Find what a document says against itself.

    >>> page = Document("d", "The count of Wednesday 20 May 2025 stands. It ended on Monday 19 May 2025.")
    >>> [(found.kind, found.explanation) for found in find_contradictions(page, page.body, [])]
    [('date_weekday', '20 May 2025 was a Tuesday, not a Wednesday.')]
    """
    text = page.body if len(kept) == len(page.body) else _blanked(page.body, kept)
    sentences = sentence_spans(text)
    found = [
        *check_figures(text, claims),
        *check_roles(text, page.id),
        *_check_weekdays(text, page),
        *check_events(text, sentences, page.id),
        *check_retold(text, sentences, page.id, claims),
    ]
    return _distinct(sorted(found, key=lambda one: (one.a, one.b, one.kind)))


def _blanked(body: str, kept: str) -> str:
    """The body with lines that are not kept made blank, so that offsets stay."""
    lines = set(kept.split("\n"))
    return "".join(
        line if line.strip("\r\n") in lines or line.strip() in lines else re.sub(r"[^\n]", " ", line)
        for line in body.splitlines(keepends=True)
    )


def _distinct(found: Sequence[Contradiction]) -> list[Contradiction]:
    """One contradiction for each pair of places."""
    seen: set[tuple[tuple[int, int], tuple[int, int]]] = set()
    kept = []
    for one in found:
        if (one.a, one.b) not in seen and (one.b, one.a) not in seen:
            seen.add((one.a, one.b))
            kept.append(one)
    return kept


# Characters. A date farther away does not show which of the two is right.
_NEAR_DATE = 400
_NAMED_DAY = re.compile(r"day,?\s+(?:the\s+)?(?:\d|[JFMASOND][a-z]{2,8}\.?\s+\d)")


def _check_weekdays(text: str, page: Document) -> Iterator[Contradiction]:
    """A weekday that its date does not fall on; the year is the date's own, or see `_year`."""
    if not _NAMED_DAY.search(text):
        return
    dates = read_dates(text)
    named = [date for date in dates if date.weekday is not None and date.month and date.day]
    year = _year(named, page)
    for date in named:
        day = replace(date, year=date.year or year).calendar_day
        if day is None or day.weekday() == date.weekday:
            continue
        others = [
            other for other in dates if other is not date and other.weekday is not None and abs(other.start - date.start) < _NEAR_DATE
        ]
        near = min(others, key=lambda other: abs(other.start - date.start), default=date)
        said = text[date.start : date.end]
        said = re.sub(rf"(?i)^{WEEKDAYS[date.weekday or 0]},?\s+", "", said)
        words = f"{said} was a {WEEKDAYS[day.weekday()].capitalize()}, not a {WEEKDAYS[date.weekday or 0].capitalize()}."
        yield Contradiction(page.id, (date.start, date.end), (near.start, near.end), "date_weekday", words, 0.5)


def _year(named: Sequence[Date], page: Document) -> int | None:
    """The year that dates without one fall in: the page's own, or that of dates whose weekday is right."""
    published = published_on("", page.published)
    if published:
        return published.year
    years = {date.year for date in named if date.year and (day := date.calendar_day) and day.weekday() == date.weekday}
    return years.pop() if len(years) == 1 else None
