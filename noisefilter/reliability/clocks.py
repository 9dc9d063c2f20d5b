"""Text → times of day: "half past six in the morning", "9.30", "5 p.m.", "noon".

A time without "a.m." or "in the morning" may be meant of either half of the day. Limit: digits without either are read as a time only after
a word such as "at" or "until".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HOURS = {
    name: hour
    for hour, name in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1)
}
_HALF = r"(?P<half{n}>in[ ]the[ ](?:morning|afternoon|evening)|at[ ]night|[ap]\.?m\b\.?)"
_CLOCK = re.compile(
    rf"""
    \b (?P<part>half|(?:a[ ])?quarter) [ ] (?P<side>past|to) [ ] (?P<named>{"|".join(_HOURS)}) \b (?: [ ] {_HALF.format(n=1)} )?
    | \b (?P<word>{"|".join(_HOURS)}) (?: [ ] o[’']clock (?: [ ] {_HALF.format(n=2)} )? | [ ] {_HALF.format(n=3)} )
    | (?<![\d:.,£$€]) (?P<hour>[01]?\d|2[0-4]) [:.] (?P<minute>[0-5]\d)
      (?! [\d%:.]\d | \d | \s*(?:per|%|million|billion|km|metres|euros|crowns|seconds) ) (?: \s? {_HALF.format(n=4)} )?
    | (?<![\d:.,£$€]) (?P<full>1[0-2]|[1-9]) \s? {_HALF.format(n=5)}
    | \b (?P<noon>noon|midday|midnight) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_IS_CLOCK = re.compile(
    r"\b(?:at|by|from|until|till|to|before|after|about|around|between|and|past)\s+(?:about\s+|around\s+|exactly\s+|just\s+)*$|(?:^|[(,;–—-])\s*$",
    re.IGNORECASE,
)
# Minutes.
DAY, HALF_DAY = 24 * 60, 12 * 60


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day: the minutes after midnight that it may be."""

    start: int
    end: int
    minutes: tuple[int, ...]


def read_clocks(text: str, start: int = 0, end: int | None = None) -> list[Clock]:
    """The times of day of a passage.

    >>> [clock.minutes for clock in read_clocks("from half past six in the morning until 5 p.m., at 21.03")]
    [(390,), (1020,), (1263,)]
    """
    found = (_clock(text, match) for match in _CLOCK.finditer(text, start, len(text) if end is None else end))
    return [clock for clock in found if clock]


def _clock(text: str, match: re.Match[str]) -> Clock | None:
    half = next((match[f"half{n}"] for n in range(1, 6) if match[f"half{n}"]), "").lower()
    if match["hour"] and not half and not _IS_CLOCK.search(text, max(0, match.start() - 25), match.start()):
        return None
    if match["noon"]:
        return Clock(match.start(), match.end(), (0 if match["noon"].lower() == "midnight" else HALF_DAY,))
    shift = {"half": 30, "quarter": 15}.get((match["part"] or "").lower().removeprefix("a "), 0)
    hour = _HOURS[(match["named"] or match["word"]).lower()] if match["named"] or match["word"] else int(match["hour"] or match["full"])
    at = 60 * hour + int(match["minute"] or 0) + (shift if match["side"] != "to" else -shift)
    is_open = not half and hour <= max(_HOURS.values()) and not (match["hour"] or "").startswith("0")
    if half.startswith("p") or half.endswith(("afternoon", "evening")) or (half.endswith("night") and hour > max(_HOURS.values()) // 2):
        at += HALF_DAY if at < HALF_DAY else 0
    elif half and at >= HALF_DAY:
        at -= HALF_DAY
    return Clock(match.start(), match.end(), (at % DAY, (at + HALF_DAY) % DAY) if is_open else (at % DAY,))
