"""One document → how-manieth something is said to be, and how many are listed, where two places give two numbers.

* `ordinal`: "for the fourth time this year", "on his third visit since January", "had won only once before": each gives the number of the
  occasion. Two sentences about the same people that give two numbers clash.
* `sum_mismatch`: a number of people or things, a colon, and a list of names that is longer or shorter.

Limit: nothing is said of numbered parts ("the first phase … the second phase"), or where a sentence names another time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from noisefilter.records import Claim, Contradiction
from noisefilter.reliability.numerals import SMALL
from noisefilter.reliability.scanning import spans_at
from noisefilter.reliability.sentences import Span
from noisefilter.reliability.vocabulary import words
from noisefilter.reliability.wording import STOPWORDS, WORD, stem

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")
_TIMES = {"once": 1, "twice": 2, "three times": 3, "four times": 4, "five times": 5, "six times": 6}
# Occasions that come one after another to the same people.
_OCCASION = (
    r"(?:time|visit|trip|win|victory|title|term|meeting|attempt|round|defeat|loss|appearance|start|race|match|strike|census|edition)"
)
_OCCURRENCE = re.compile(
    rf"""
    \b (?: for \s+ (?:the|a) | (?:on|is|was|in|at|marks|marked) \s+ (?:his|her|its|their|our|the) | this | our | his | her | its | their )
      \s+ (?P<ordinal> {"|".join(_ORDINALS)} | \d{{1,2}}(?:st|nd|rd|th) ) \s+ (?:[a-z\-]+ \s+){{0,3}}? (?P<what> {_OCCASION} ) \b
    | \b (?:only\s+|just\s+)? (?P<times> {"|".join(_TIMES)} ) \s+ before \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ANOTHER_TIME = re.compile(
    r"\b(?:last|previous|earlier|next|then|in\s+(?:19|20)\d\d|years?\s+(?:ago|later)|would|could|might|not|never)\b|n[’']t\b", re.IGNORECASE
)
# Numbered occasions of a document; a chronicle of more is not compared to its end.
MOST_OCCASIONS = 50
_PERSON = re.compile(r"\b(?:he|she)\b|\bwho\s+ha[ds]\b", re.IGNORECASE)
# Names that two sentences must share to be about the same occasions.
FEWEST_NAMES = 2


@dataclass(frozen=True, slots=True)
class Occurrence:
    """That this is the how-manieth occasion, in which sentence, and of whom."""

    number: int
    what: str
    sentence: int
    names: frozenset[str]
    start: int
    end: int
    has_person: bool = False


# What a numbered occasion has in a row: "his third", "once before", "three times".
BEFORE_RANK = words("the a his her its their our this once twice times three four five six")
AFTER_RANK = words(f"{' '.join(_ORDINALS)} st nd rd th before times")


def read_occurrences(text: str, sentences: Sequence[Span], places: Iterable[int] | None = None) -> list[Occurrence]:
    """The occasions that a text numbers; `places` are those of the words before a rank, where they are known.

    >>> text = "She had won only once before. For the third time she stands there."
    >>> [found.number for found in read_occurrences(text, [(0, 29), (30, len(text))])]
    [2, 3]
    """
    found = []
    for number, start, end in spans_at(sentences, places):
        for match in _OCCURRENCE.finditer(text, start, end):
            if not _ANOTHER_TIME.search(text[start : match.start()][-60:]):
                names = _names(text[start:end])
                what = (match["what"] or "time").lower()
                found.append(
                    Occurrence(_number(match), what, number, names, match.start(), match.end(), bool(_PERSON.search(text, start, end)))
                )
    return found


def _number(match: re.Match[str]) -> int:
    if match["times"]:
        return _TIMES[" ".join(match["times"].lower().split())] + 1
    ordinal = match["ordinal"].lower()
    return _ORDINALS.index(ordinal) + 1 if ordinal in _ORDINALS else int(re.sub(r"\D", "", ordinal))


def _names(sentence: str) -> frozenset[str]:
    return frozenset(stem(word) for word in WORD.findall(sentence) if word[0].isupper() and word.lower() not in STOPWORDS)


def check_ranks(
    text: str, sentences: Sequence[Span], document_id: str, claims: Sequence[Claim], places: Iterable[int] | None = None
) -> Iterator[Contradiction]:
    """Every occasion that is numbered in two ways, and every list that is not as long as it is said to be."""
    occasions = read_occurrences(text, sentences, places)
    for one, other in combinations(occasions[:MOST_OCCASIONS], 2):
        if one.number != other.number and one.sentence != other.sentence and _is_same(one, other):
            said = [text[place.start : place.end] for place in (one, other)]
            yield Contradiction(
                document_id, (one.start, one.end), (other.start, other.end), "ordinal", f"“{said[0]}”, but “{said[1]}”.", 0.7
            )
    yield from _tallies(text, sentences, document_id, occasions)
    yield from _lists(text, claims)


_NUMBERS = {word: int(number) for word, number in SMALL.items() if 2 <= number <= 12}
_HELD = re.compile(
    rf"""
    \b (?: (?P<held> with | has | have | had | holds | owns | won | all | her | his | its | their | now | boasts ) \s+ )?
      (?P<number> {"|".join(_NUMBERS)} ) \s+ (?P<earlier> (?: earlier | previous | prior | former ) \s+ )?
      (?:[a-z\-]+ \s+){{0,3}}? (?P<what> {_OCCASION}(?:e?s) ) \b
      (?P<since> \s+ (?: before | earlier | so \s+ far | already | to \s+ (?:his|her|its|their) \s+ name
        | in \s+ the \s+ (?:cabinet|bag) ) )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Of what an occasion is one: a season's third and a career's fourth do not meet.
_SCOPE = re.compile(
    r"\b(?:season|career|overall|straight|row|running|consecutive|series|tournament|month|week|in\s+(?:\w+\s+){0,2}(?:years?|days?|months?)"
    r"|this\s+year|since|of\s+the|home|away|at\s+(?:the|this))\b",
    re.IGNORECASE,
)


def _tallies(text: str, sentences: Sequence[Span], document_id: str, numbered: Sequence[Occurrence]) -> Iterator[Contradiction]:
    """ "Her third title" and "with four titles to her name": the one occasion and the one count of them that a text has."""
    occasions = [one for one in numbered if one.what != "time"]
    if len({one.number for one in occasions}) != 1:
        return
    for number, (start, end) in enumerate(sentences):
        match = _HELD.search(text, start, end)
        if not match or not (match["held"] or match["since"]) or stem(match["what"].lower()) != stem(occasions[0].what):
            continue
        near = text[occasions[0].start : occasions[0].end + SCOPE_REACH] + " | " + text[match.start() : match.end() + SCOPE_REACH]
        is_before = bool(match["earlier"]) or (match["since"] or "").strip().lower() in ("before", "earlier")
        counted = _NUMBERS[match["number"].lower()] + is_before
        if (
            occasions[0].sentence == number
            or counted == occasions[0].number
            or _SCOPE.search(near)
            or _ANOTHER_TIME.search(text[start : match.start()])
        ):
            continue
        said = [text[slice(*place)] for place in ((occasions[0].start, occasions[0].end), match.span())]
        places = (occasions[0].start, occasions[0].end), match.span()
        yield Contradiction(document_id, *places, "ordinal", f"“{said[0]}”, but “{said[1]}”.", 0.7)
        return


# Characters behind an occasion that say of what it is one.
SCOPE_REACH = 25


def _is_same(one: Occurrence, other: Occurrence) -> bool:
    """The same people by name, or "he" or "she" of a text that numbers what this one person did."""
    return len(one.names & other.names) >= FEWEST_NAMES or (one.has_person and other.has_person and one.what == other.what == "time")


_FULL_NAME = r"(?:(?:Mr|Mrs|Ms|Dr)\.?\s+)?[A-Z][\w’'\-]+\s+[A-Z][\w’'\-]+"
# "Three witnesses, Ada Kerr and Paul Orr, …"
_APPOSED = re.compile(rf"(?:\s+[a-z]+){{0,2}},\s+(?P<names>{_FULL_NAME}(?:,\s+{_FULL_NAME})*,?\s+and\s+{_FULL_NAME})\s*,")


def _apposed(claim: Claim) -> Iterator[Contradiction]:
    match = _APPOSED.match(claim.sentence, claim.end - claim.sentence_start)
    if not match or claim.quantity.modifier != "exact":
        return
    named = len(re.findall(_FULL_NAME, match["names"]))
    if named != claim.quantity.value and claim.quantity.value <= LONGEST_LIST:
        place = (claim.sentence_start + match.start("names"), claim.sentence_start + match.end("names"))
        words = f"“{claim.quantity.text}”, but {named} are named."
        yield Contradiction(claim.document_id, (claim.start, claim.end), place, "sum_mismatch", words)


_LISTED = re.compile(r"(?:\s{1,40}[a-z]+){0,2}\s{0,40}:\s*(?=[A-Z]|the\s|two\s|three\s)")
_ITEM = re.compile(
    r"""\s* (?:and\s+)? (?:the\s+|our\s+)?
        (?:(?P<number>two|three|four|five|six|seven|eight|nine|ten)\s+[a-z]+ | [A-Z][\w’'\-]+) [^,;:]*""",
    re.VERBOSE,
)
_PARTED = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+and\s+(?=(?:the\s+)?(?:[A-Z]|two\b|three\b|four\b))")
# A list that is not meant to be whole.
_SOME = re.compile(r"\b(?:including|among|such|like|others?|more|etc|etcetera|for\s+example|e\.g)\b|…|\.\.\.", re.IGNORECASE)
# A number of people or things with a list behind it is seldom larger.
LONGEST_LIST = 12


def _lists(text: str, claims: Sequence[Claim]) -> Iterator[Contradiction]:
    for claim in claims:
        yield from _apposed(claim)
        if ":" not in claim.sentence:
            continue
        rest = claim.sentence[claim.end - claim.sentence_start :].rstrip('.!?”" ')
        listed = _LISTED.match(rest)
        if not listed or claim.quantity.modifier != "exact" or not 2 <= claim.quantity.value <= LONGEST_LIST or _SOME.search(rest):
            continue
        items = [_ITEM.fullmatch(part) for part in _PARTED.split(rest[listed.end() :])]
        if len(items) < 2 or any(item is None for item in items):
            continue
        counted = sum(int(SMALL[item["number"]]) if item and item["number"] else 1 for item in items)
        if counted != claim.quantity.value:
            end = claim.sentence_start + len(claim.sentence)
            words = f"“{claim.quantity.text}”, but {counted} are listed."
            yield Contradiction(claim.document_id, (claim.start, claim.end), (claim.end, end), "sum_mismatch", words)
