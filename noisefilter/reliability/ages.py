"""One document → the ages it gives to people and things, against each other and against their years.

* one person with two ages: "Ramon Ortega, 43, … the 34-year-old Ortega" (`figure_changed`);
* an age at death that birth and death do not make: "has died at the age of 81 … was born in 1940 … died in 2019" (`duration_mismatch`);
* an anniversary that the founding does not make: "founded in 1950 … celebrated its 60th anniversary in 2015" (`duration_mismatch`).

Limit: nothing is said of ages a year apart, for birthdays lie between; a life is that of the one person of whom the text gives birth
and death.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from noisefilter.records import Contradiction
from noisefilter.reliability.scanning import fold, has_any, matches_at

_NAME = r"\b(?P<name{n}>[A-Z][\w’'\-]{{1,30}}(?:[ ][A-Z]\.)?(?:[ ][A-Z][\w’'\-]{{1,30}}){{0,2}})"
_AGED = re.compile(
    rf"""
    {_NAME.format(n=1)} , \s{{1,4}} (?:aged[ ]|who[ ]is[ ]|now[ ])? (?P<age1> [1-9]\d ) (?= \s{{0,4}}[,.;] | \s{{1,4}}(?:who|from|of)\b )
  | {_NAME.format(n=2)} \s{{1,4}} \( (?:aged\s{{1,4}})? (?P<age2> [1-9]\d ) \)
  | (?P<age3> [1-9]\d ) -year-old \s{{1,4}} (?: (?!the\b)[a-z\-]+ \s{{1,4}} ){{0,3}} {_NAME.format(n=3)}
    """,
    re.VERBOSE,
)
# An age at another time of the same life.
_THEN = re.compile(
    r"\b(?:when|was\s+then|then|at\s+the\s+time|turned|will\s+be|since|before|later|ago|in\s+(?:19|20)\d\d)\b", re.IGNORECASE
)
_BORN = re.compile(r"\bborn\b[^.;\n]{0,60}?\b(?P<year>1[5-9]\d\d|20[0-2]\d)\b")
_DIED = re.compile(r"\b(?:died|dies|death)\b[^.;\n]{0,60}?\b(?P<year>1[5-9]\d\d|20[0-2]\d)\b")
_AGE_AT_DEATH = re.compile(
    r"\b(?:died|dies|dead)\b[^.;\n]{0,60}?\b(?:at\s+the\s+age\s+of|at\s+age|aged?)\s+(?P<age>[1-9]\d|1[01]\d)\b", re.IGNORECASE
)
_FOUNDED = re.compile(r"\b(?:founded|established|set\s+up|opened|created|formed)\s+in\s+(?P<year>1[5-9]\d\d|20[0-2]\d)\b", re.IGNORECASE)
_ANNIVERSARY = re.compile(
    r"\b(?P<age>\d{2,3})(?:st|nd|rd|th)\s+(?:anniversary|birthday)\s+(?:in|of)\s+(?P<year>1[5-9]\d\d|20[0-2]\d)\b", re.IGNORECASE
)
# Characters. In a longer text, or a collection, there are many lives.
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Age:
    """A person's age as one place of the text gives it."""

    name: str
    given: str
    years: int
    start: int
    end: int


def read_ages(text: str) -> list[Age]:
    """The ages that a text gives to people by name.

    >>> [(age.name, age.years) for age in read_ages("Ramon Ortega, 43, spoke to the 19-year-old Ana Ruiz.")]
    [('Ortega', 43), ('Ruiz', 19)]
    """
    found = []
    for match in matches_at(_AGED, text, _beginnings(text)):
        number = next(n for n in "123" if match[f"age{n}"])
        *given, name = match[f"name{number}"].split()
        if not _THEN.search(text, max(0, match.start() - 25), match.end() + 25):
            found.append(Age(name, given[0] if given else "", int(match[f"age{number}"]), match.start(), match.end()))
    return found


# A quick look: there is no age without it.
_YEARS = re.compile(r"[1-9]\d(?:(?=-year-old)|(?=\s{0,4}[,.;)])|(?=\s{1,4}(?:who|from|of)\b))")
# The last characters but space before an age that stands behind a name: ", 43", "(43)", ", aged 43", ", who is 43", ", now 43".
_BEFORE_AGE = frozenset(",(dsw")
_CAPITAL = re.compile(r"[A-Z](?<!\w[A-Z])")
# Characters. No name with what stands between it and the age is longer.
_NAME_REACH = 120


def _beginnings(text: str) -> list[int]:
    """Where a name with an age or an age with a name may begin."""
    found: set[int] = set()
    for match in _YEARS.finditer(text):
        at = match.start()
        if text.startswith("-year-old", match.end()):
            found.add(at)
        elif text[max(0, at - 5) : at].rstrip()[-1:] in _BEFORE_AGE:
            found.update(capital.start() for capital in _CAPITAL.finditer(text, max(0, at - _NAME_REACH), at))
    return sorted(found)


def check_ages(text: str, document_id: str) -> Iterator[Contradiction]:
    """Every age that another age or the years of a life do not allow.

    >>> text = "Lee Marsh has died at the age of 81. He was born in 1940. He died at home in May 2019."
    >>> [found.explanation for found in check_ages(text, "d")]
    ['From 1940 to 2019 are 79 years, not 81.']
    """
    if len(text) > LONGEST:
        return
    by_name: dict[str, list[Age]] = defaultdict(list)
    for age in read_ages(text):
        by_name[age.name].append(age)
    for ages in by_name.values():
        for one, other in combinations(ages, 2):
            is_one = not (one.given and other.given) or one.given == other.given
            if is_one and abs(one.years - other.years) > 1 and len({age.given for age in ages if age.given}) < 2:
                words = f"{one.name} is {one.years}, but elsewhere {other.years}."
                yield Contradiction(document_id, (one.start, one.end), (other.start, other.end), "figure_changed", words, 0.7)
    if "born" in text:
        yield from _lives(text, document_id, _BORN, _DIED, _AGE_AT_DEATH)
    if has_any(fold(text), ("anniversary", "birthday")):
        yield from _lives(text, document_id, _FOUNDED, _ANNIVERSARY, _ANNIVERSARY)


def _lives(text: str, document_id: str, begins: re.Pattern[str], ends: re.Pattern[str], ages: re.Pattern[str]) -> Iterator[Contradiction]:
    """The one begin, end and age of a text, if they do not fit."""
    begin, age = list(begins.finditer(text)), list(ages.finditer(text))
    if len({match["year"] for match in begin}) != 1 or len({match["age"] for match in age}) != 1:
        return
    years = {match["year"] for match in ends.finditer(text) if int(match["year"]) > int(begin[0]["year"])}
    lengths = {int(year) - int(begin[0]["year"]) for year in years}
    stated = int(age[0]["age"])
    if not lengths or any(stated in (length, length - 1) for length in lengths):
        return
    last = max(years, key=int)
    words = f"From {begin[0]['year']} to {last} are {int(last) - int(begin[0]['year'])} years, not {stated}."
    yield Contradiction(document_id, age[0].span(), begin[0].span(), "duration_mismatch", words)
