"""One document → sentences that tell one thing twice, with another figure, another date, or once as a denial.

Two sentences are compared when they share rare words. They tell the same thing when nearly all the words of the shorter are found in the
longer, figures and dates aside; then what is left to differ is what is told of it. Where the words speak of two moments, two groups or
two sides ("on Monday … on Wednesday", "women … men", "the union says … the company says"), the words differ too, and nothing is said.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from noisefilter.records import Claim, Contradiction
from noisefilter.reliability.dates import MONTHS, WEEKDAYS
from noisefilter.reliability.measures import Measure, apart, measure
from noisefilter.reliability.scanning import fold, has_any
from noisefilter.reliability.sentences import Span
from noisefilter.reliability.wording import STOPWORDS, WORD, concepts, stem

# Share of the shorter sentence's words that the longer must have for the two to tell one thing.
RETOLD = 0.7
# And for one of them to deny the other.
DENIED = 0.8
# Words the shorter must have, figures and dates aside.
FEWEST_WORDS = 3
# Sentences. A word in more of them ties nothing together.
COMMON_WORD = 12

# Characters. In a longer text only sentences with figures or years are compared.
LONGEST_FOR_DENIALS = 50_000

_CALENDAR = frozenset((*MONTHS, *WEEKDAYS, *(month[:3] for month in MONTHS), "year", "years", "early", "late", "mid"))
_YEAR = re.compile(r"\b(1[0-9]\d\d|20\d\d)\b(?!\s*(?:people|[A-Za-z]*\s*(?:metres|miles|km))\b)")
_DAY = re.compile(
    r"\b(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?(January|February|March|April|May|June|July|August|September|October"
    r"|November|December)(?:\s+(\d{1,2})\b(?!\s*\d))?"
)
# In a text in small letters.
_NEGATION = re.compile(r"\b(?:not(?!\s+guilty)|never|no\s+longer|nor|cannot|without|neither|(?:refus|declin|fail)\w+\s+to)\b|n[’']t\b")
_HEDGED = re.compile(
    r"\b(?:if|whether|only|yet|until|unless|would|could|might|may|should|both|other|than|solely|just|also|any|all|but)\b", re.IGNORECASE
)
_CHANGES = re.compile(
    r"\b(?:then|later|earlier|previous\w*|next|second|again|another|first|last|new|now|after|before|since|by"
    r"|update[sd]?|revised|corrected|instead)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence and what it is compared by."""

    start: int
    end: int
    text: str
    words: frozenset[str]
    claims: tuple[tuple[Claim, Measure], ...]
    years: frozenset[str]
    is_denial: bool


def check_retold(text: str, sentences: Sequence[Span], document_id: str, claims: Sequence[Claim]) -> Iterator[Contradiction]:
    """Every pair of sentences that tell one thing in two ways."""
    told = _tell(text, sentences, claims)
    for one, other in _neighbours(told):
        shared = len(one.words & other.words)
        size = min(len(one.words), len(other.words))
        found = None
        if size >= FEWEST_WORDS and shared >= RETOLD * size:
            found = (
                _figures(one, other)
                or _dates(one, other, document_id)
                or (_denial(one, other, document_id) if shared >= DENIED * size else None)
            )
        found = found or _dated_clauses(one, other, document_id)
        if found:
            yield found


def _tell(text: str, sentences: Sequence[Span], claims: Sequence[Claim]) -> list[Told]:
    by_sentence: dict[int, list[tuple[Claim, Measure]]] = defaultdict(list)
    for claim in claims:
        by_sentence[claim.sentence_start].append((claim, measure(claim)))
    told = []
    folded = fold(text)
    digits = [match.start() for match in _DIGITS.finditer(text)] if _YEAR.search(text) else []
    all_of_them = len(text) <= LONGEST_FOR_DENIALS and _is_negated(folded)
    for start, end in sentences:
        own = by_sentence.get(start, ())
        near = bisect_left(digits, start)
        has_digits = near < len(digits) and digits[near] < end
        if not own and not all_of_them and not (has_digits and _YEAR.search(text, start, end)):
            continue
        sentence = text[start:end]
        stems = frozenset(map(stem, _words(sentence) - _names_of(own) if own else _words(sentence)))
        years = frozenset(_YEAR.findall(sentence)) if has_digits else _NONE
        told.append(Told(start, end, sentence, stems, tuple(own), years, _is_negated(folded[start:end])))
    return told


_NONE: frozenset[str] = frozenset()
# A quick look: there is no year without it.
_DIGITS = re.compile(r"[12]\d\d\d")
_UNSAYING = STOPWORDS | _CALENDAR


def _words(sentence: str) -> set[str]:
    """The words of a sentence that say something, in small letters."""
    if sentence.isascii():
        return set(WORD.findall(sentence.lower())) - _UNSAYING
    return {word.lower() for word in WORD.findall(sentence)} - _UNSAYING


def _names_of(own: Sequence[tuple[Claim, Measure]]) -> set[str]:
    """The words of the figures themselves, without what they count."""
    return {word.lower() for claim, _ in own for word in WORD.findall(claim.quantity.text)} - claim_nouns(own)


def _is_negated(folded: str) -> bool:
    return has_any(folded, _NEGATION_HINTS) and _NEGATION.search(folded) is not None


# One of these is in whatever the pattern finds.
_NEGATION_HINTS = ("not", "never", "longer", "nor", "without", "neither", "refus", "declin", "fail", "n't", "n’t")


def claim_nouns(own: Sequence[tuple[Claim, Measure]]) -> set[str]:
    """The words of what is counted, which belong to the telling though they stand in the figure."""
    return {word.lower() for claim, _ in own for word in WORD.findall(claim.counted)}


def _neighbours(told: Sequence[Told]) -> Iterator[tuple[Told, Told]]:
    holders: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(told):
        for word in one.words:
            holders[word].append(number)
    # Of two sentences without figure, year and denial nothing can be found.
    matters = [bool(one.claims or one.years or one.is_denial) for one in told]
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        if 1 < len(numbers) <= COMMON_WORD and any(matters[number] for number in numbers):
            shared.update(pair for pair in combinations(numbers, 2) if matters[pair[0]] or matters[pair[1]])
    for (a, b), count in sorted(shared.items()):
        if count >= FEWEST_WORDS - 1:
            yield told[a], told[b]


def _figures(one: Told, other: Told) -> Contradiction | None:
    """One figure each of the same kind and of the same thing, and they exclude each other."""
    if not one.claims or not other.claims or one.years != other.years or _CHANGES.search(one.text) or _CHANGES.search(other.text):
        return None
    for a, left in one.claims:
        same = [(b, right) for b, right in other.claims if right.kind == left.kind and _is_of_one(a, b, right)]
        if len(same) != 1 or sum(1 for c, own in one.claims if own.kind == left.kind and _is_of_one(a, c, own)) != 1:
            continue
        b, right = same[0]
        if _is_part(a) or _is_part(b) or a.place != b.place or not 1 / MOST_APART < _ratio(left, right) < MOST_APART:
            continue
        if apart(left, right) and not a.disputed and not b.disputed:
            return Contradiction(
                a.document_id,
                (a.start, a.end),
                (b.start, b.end),
                "figure_changed",
                f"“{a.quantity.text}”, but “{b.quantity.text}” of the same.",
            )
    return None


def _is_of_one(a: Claim, b: Claim, right: Measure) -> bool:
    """Whether two figures of one kind may count the same: the same noun, or one of them names none ("a capacity of 20,000")."""
    if right.kind != "count" or _head(a) == _head(b) or not a.unit or not b.unit:
        return True
    one, other = concepts(_head(a)), concepts(_head(b))
    return bool(one) and bool(other) and not _PEOPLE.isdisjoint(one) and not _PEOPLE.isdisjoint(other)


# Concepts of people as a crowd: "20,000 spectators", "25,000 people".
_PEOPLE = frozenset(("person", "visitor"))


# The ratio of two figures of one thing is at most this.
MOST_APART = 20.0
_PART = re.compile(r"\b(?:including|also|meanwhile|more|another|other|among\s+them)\b", re.IGNORECASE)
# Characters before a figure that may say that it is a part or comes on top.
_BEFORE = 40


def _is_part(claim: Claim) -> bool:
    """Whether the words say that a figure is a part of another or comes on top of it."""
    at = claim.start - claim.sentence_start
    return bool(_PART.search(claim.sentence, max(0, at - _BEFORE), claim.end - claim.sentence_start))


def _ratio(one: Measure, other: Measure) -> float:
    return abs(one.value) / max(abs(other.value), 1e-9)


def _head(claim: Claim) -> str:
    words = WORD.findall(claim.counted)
    return stem(words[-1]) if words else ""


def _dates(one: Told, other: Told, document_id: str) -> Contradiction | None:
    """As many years each, and each has one that the other has not; or the same year and another month or day."""
    mine, theirs = one.years - other.years, other.years - one.years
    if not one.years or len(one.years) != len(other.years) or len(one.years) > 2 or _AGAIN.search(one.text) or _differ(one, other):
        return None
    if len(mine) == len(theirs) == 1:
        words = f"{next(iter(mine))} here and {next(iter(theirs))} there."
    elif not mine and not theirs and one.years and _days(one.text) and _days(other.text) and _exclude(_days(one.text), _days(other.text)):
        words = "another day here than there."
    else:
        return None
    return Contradiction(document_id, (one.start, one.end), (other.start, other.end), "date", f"The same is told with {words}", 0.7)


_CLAUSES = re.compile(r"[,;:()–—]|\b(?:and|but|where|when|which|who|after|before|while|until|because|although)\b")


def _dated_clauses(one: Told, other: Told, document_id: str) -> Contradiction | None:
    """A clause of each that tells one thing, with another year: "was freed in 1948 and farmed", "was freed in 1955"."""
    if not one.years - other.years or not other.years - one.years or _differ(one, other):
        return None
    for words, year in _clauses(one):
        for told, there in _clauses(other):
            size = min(len(words), len(told))
            is_same = size >= FEWEST_IN_CLAUSE and len(words & told) >= RETOLD * size
            if is_same and year != there and year not in other.years and there not in one.years:
                words_of_both = f"The same is told with {year} here and {there} there."
                return Contradiction(document_id, (one.start, one.end), (other.start, other.end), "date", words_of_both, 0.7)
    return None


# Words of the shorter clause, the year aside: "released from prison", "joined the Luftwaffe".
FEWEST_IN_CLAUSE = 2


def _clauses(told: Told) -> list[tuple[frozenset[str], str]]:
    """The stems and the year of each clause of a sentence that has one year and nothing that tells of a change."""
    found = []
    for clause in _CLAUSES.split(told.text):
        years = _YEAR.findall(clause)
        if len(years) == 1 and not _CHANGES.search(clause) and not _AGAIN.search(clause):
            found.append((frozenset(map(stem, _words(clause))), years[0]))
    return found[:MOST_CLAUSES]


# Dated clauses of a sentence; a chronicle in one sentence is not compared to its end.
MOST_CLAUSES = 6


# What may happen to one subject in many years.
_AGAIN = re.compile(
    r"\b(?:promoted|elected|re-elected|won|appointed|awarded|scored|(?<!he\swas\s)released|captured|transferred|nominated|exports?|imports?|sales)\b",
    re.IGNORECASE,
)


def _differ(one: Told, other: Told) -> bool:
    """Whether the figures differ too: then it is one thing at two times."""
    return any(apart(left, right) for _, left in one.claims for _, right in other.claims if left.kind == right.kind)


def _days(text: str) -> list[tuple[str, str]]:
    return [(match[2], match[1] or match[3] or "") for match in _DAY.finditer(text)]


def _exclude(one: Sequence[tuple[str, str]], other: Sequence[tuple[str, str]]) -> bool:
    if len(one) != 1 or len(other) != 1:
        return False
    (month, day), (month_there, day_there) = one[0], other[0]
    return month != month_there or bool(day and day_there and day != day_there)


def _denial(one: Told, other: Told, document_id: str) -> Contradiction | None:
    """One sentence denies what the other says in the same words."""
    if one.is_denial == other.is_denial:
        return None
    denial, claim = (one, other) if one.is_denial else (other, one)
    if _HEDGED.search(denial.text) or len(denial.words) < FEWEST_WORDS or not denial.words <= claim.words | _NEGATIVE:
        return None
    return Contradiction(
        document_id, (one.start, one.end), (other.start, other.end), "denial_confirmation", "Said in one place and denied in another.", 0.7
    )


_NEGATIVE = frozenset(("not", "never"))
