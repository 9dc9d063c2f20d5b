"""One document → a figure that is taken up again with another value.

A figure is taken up by "the", "its" or "all" ("the 3,600 tons in the silo", "all six of its instruments", "our 703 members"), or stands
as an attribute before what it measures ("the twelve-minute ovation"). It clashes with an earlier figure of the same noun or unit when the
two exclude each other, are of one size, and the words near them meet; for two that differ by digits that changed places ("730", "703")
the noun is enough.

Limit: nothing is said where the words near one of the two, and not those near the other, speak of another time, part, group or speaker, or
where the text has a third value for the same noun: then they are parts, stages or rows.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from noisefilter.records import Claim, Contradiction
from noisefilter.reliability.measures import Measure, agree, apart, measure
from noisefilter.reliability.wording import WORD, concepts, stem, stems

# The ratio of two figures of one thing is at most this; with a word that says so little as "the" it is the lesser.
MOST_APART, OF_ONE_SIZE = 2.5, 1.7
# Characters on either side of a figure that say what it is of.
AROUND = 60
# Figures of a document. In a longer list of them the same noun stands for many things.
MOST_FIGURES = 150
# Sentences of a document. A word in more of them ties nothing together.
COMMON_WORD = 5

_TAKEN_UP = re.compile(
    r"\b(?:our|its|their|his|her|the|these|those|whole|all|all\s+(?:of\s+)?(?:the|its|our|their))\s+(?:\w+\s+)?$", re.IGNORECASE
)
_ALL = re.compile(r"\ball\s+(?:of\s+)?(?:(?:the|its|our|their|his|her)\s+)?$", re.IGNORECASE)
_OF_ITS = re.compile(r"\s{1,4}of\s{1,4}(?:the|its|our|their|his|her)\s{1,4}(?:\w+\s{1,4})??(\w+)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"[-‐‑ ](?:[a-z]+[-‐‑])?\w+\s{1,4}(?:\w+ing\s{1,4}|\w+ed\s{1,4})?(?P<noun>[a-z]+)", re.IGNORECASE)
_NEXT_WORD = re.compile(r"\s[A-Za-z]+")
_SEPARATOR = re.compile(r"[,;:()–—“”]")
_DIFFERS = re.compile(
    r"""
    \b (?: another | other | others | more | further | additional | extra | remaining | rest | last | next | previous\w* | earlier | later
      | then | now | before | after | since | until | ago | still | already | first | second | third | fourth | new | old | former
      | compared | against | than | instead | target | expected | plan\w* | hope\w*
      | average | mean | each | every | including | among | some | part | per | least | most | left | lost
      | women | men | girls | boys | adults | children | east | west | north | south | eastern | western | northern | southern
      | public | private | local | national | male | female | young\w* | senior | junior | of \s+ (?: whom | them | which | these | those )
      | in \s{1,4} (?:19|20)\d\d | (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day | (?:19|20)\d\d | morning | afternoon | evening | night
      | not | no | never | neither ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Recalled:
    """A figure and what stands near it, which is read when it is asked for: few pairs of figures get as far as their words."""

    claim: Claim
    measure: Measure

    @cached_property
    def noun(self) -> str:
        """What is counted or measured, "" for nothing: the word behind the unit in "twelve-minute ovation"."""
        counted = WORD.findall(self.claim.counted)
        if counted:
            return stem(counted[-1])
        if self._attribute:
            return stem(self._attribute["noun"])
        of_its = _OF_ITS.match(self._behind)
        return stem(of_its[1]) if of_its else ""

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems and concepts near the figure."""
        near = stems(f"{self._before} {self._behind}")
        return frozenset(near) | {name for word in near for name in concepts(word)}

    @cached_property
    def differs(self) -> frozenset[str]:
        """What may tell of another time, part, group or speaker."""
        beside = f"{_SEPARATOR.split(self._before)[-1]} | {_SEPARATOR.split(self._behind)[0]}"
        return frozenset(word.lower() for word in _DIFFERS.findall(beside))

    @cached_property
    def taken_up(self) -> bool:
        """Whether the words say that the figure was told before."""
        return bool(_TAKEN_UP.search(self._before))

    @cached_property
    def named(self) -> str:
        """The first name behind the figure, "" for none: "the 1,400 workers at Whirlpool"."""
        match = _NAMED.search(self.claim.sentence, self.claim.end - self.claim.sentence_start)
        return match[1] if match else ""

    @property
    def is_attribute(self) -> bool:
        """Whether the figure stands before what it measures."""
        return self._attribute is not None

    @cached_property
    def _attribute(self) -> re.Match[str] | None:
        text = self.claim.quantity.text
        next_word = _NEXT_WORD.match(self._behind)
        return _ATTRIBUTE.fullmatch(text[text.find("-") :] + (next_word[0] if next_word else ""))

    @property
    def _before(self) -> str:
        at = self.claim.start - self.claim.sentence_start
        return self.claim.sentence[max(0, at - AROUND) : at]

    @property
    def _behind(self) -> str:
        until = self.claim.end - self.claim.sentence_start
        return self.claim.sentence[until : until + AROUND]


def check_recalled(claims: Sequence[Claim]) -> Iterator[Contradiction]:
    """Every figure that is taken up with another value.

    >>> from noisefilter.records import Document
    >>> from noisefilter.reliability.claims import read_claims
    >>> text = "The probe carries seven instruments. All six of its instruments were built here."
    >>> [found.explanation for found in check_recalled(read_claims(Document("d", text)))]
    ['“seven instruments”, but later “six”.']
    """
    if len(claims) > MOST_FIGURES:
        return
    groups: dict[tuple[str, str, str], list[Recalled]] = defaultdict(list)
    for claim in claims:
        if _is_age(claim):
            continue
        if claim.quantity.unit or _ALL.search(claim.sentence[: claim.start - claim.sentence_start]):
            one = Recalled(claim, measure(claim))
            if not claim.disputed and not one.measure.is_bound and not one.measure.is_range and one.measure.value > 0:
                groups[one.measure.kind, one.measure.per, one.noun if one.measure.kind == "count" else ""].append(one)
    pairs = [pair for group in groups.values() for pair in combinations(group, 2) if _may_clash(*pair, group)]
    common = _common([one for group in groups.values() for one in group]) if pairs else frozenset()
    for one, other in pairs:
        if _is_swapped(one, other) or _is_recalled(one, other, common):
            a, b = one.claim, other.claim
            words = f"“{a.quantity.text}”, but later “{b.quantity.text}”."
            yield Contradiction(a.document_id, (a.start, a.end), (b.start, b.end), "figure_changed", words, 0.7)


def _is_age(claim: Claim) -> bool:
    """Whether a figure is the age of a person, of whom there are many; ages.py compares those of one."""
    old = ("-old", "-year-old")
    return claim.quantity.text.endswith(old) or claim.sentence.startswith(old, claim.end - claim.sentence_start)


def _common(stated: Sequence[Recalled]) -> frozenset[str]:
    """Words near so many figures that they tie nothing together."""
    counts = Counter(word for one in {one.claim.sentence_start: one for one in stated}.values() for word in one.words)
    return frozenset(word for word, count in counts.items() if count > COMMON_WORD)


def _may_clash(one: Recalled, other: Recalled, group: Sequence[Recalled]) -> bool:
    """Whether two figures may be of one thing and exclude each other, the words near them aside."""
    if one.claim.sentence_start == other.claim.sentence_start:
        return False
    is_swapped = _is_swapped(one, other)
    if (not is_swapped and _ratio(one, other) > MOST_APART) or not apart(one.measure, other.measure) or not _may_be_one(one, other):
        return False
    return is_swapped or not (one.differs ^ other.differs or _has_third(one, other, group))


def _ratio(one: Recalled, other: Recalled) -> float:
    a, b = one.measure.value, other.measure.value
    return max(a, b) / min(a, b)


def _is_swapped(one: Recalled, other: Recalled) -> bool:
    """Whether two counts of the same differ by digits that changed places."""
    is_count = one.measure.kind == "count" and bool(one.noun) and one.claim.counted == other.claim.counted
    return is_count and _is_slip(one.measure.value, other.measure.value)


def _is_recalled(one: Recalled, other: Recalled, common: frozenset[str]) -> bool:
    """Whether the words near two figures say that they are of one thing."""
    a, b, ratio = one.measure, other.measure, _ratio(one, other)
    shared = (one.words & other.words) - common
    if one.is_attribute or other.is_attribute:
        noun = one.noun if one.is_attribute else other.noun
        return bool(noun) and (noun in other.words or noun == other.noun if one.is_attribute else noun in one.words or noun == one.noun)
    if a.kind == "count":
        return bool(one.noun) and ratio < OF_ONE_SIZE and (other.taken_up or (len(shared) >= FEWEST_SHARED and min(a.value, b.value) > 2))
    return ratio < OF_ONE_SIZE and other.taken_up and bool(shared) and a.kind not in ("time", "share", "%")


# Words near two figures of one noun that must meet where neither takes the other up.
FEWEST_SHARED = 2


def _may_be_one(one: Recalled, other: Recalled) -> bool:
    """Whether nothing that was read of two figures says another time, place, or speaker."""
    a, b = one.claim, other.claim
    if (a.time and b.time and a.time != b.time) or (one.named and other.named and one.named != other.named):
        return False
    if _is_name(a.speaker) and _is_name(b.speaker) and a.speaker != b.speaker:
        return False
    return a.place == b.place or not (a.place and b.place) or a.place_inherited or b.place_inherited


# Whose the things are that a figure counts.
_NAMED = re.compile(r"\b(?:at|in|of|for|with|by|from)\s+(?:the\s+)?([A-Z]\w+)")


def _is_name(speaker: str) -> bool:
    return any(word[0].isupper() for word in speaker.split()[-1:])


def _has_third(one: Recalled, other: Recalled, group: Sequence[Recalled]) -> bool:
    """Whether the text has other values of one size for the same, or repeats one of the two beside the other."""
    values = (one.measure, other.measure)
    nouns = {own.noun for own in (one, other) if own.is_attribute}
    for near in group:
        if near is one or near is other:
            continue
        if (one.is_attribute or other.is_attribute) and not nouns & ({near.noun} | near.words):
            continue
        is_third = all(apart(near.measure, value) for value in values) and _is_of_one_size(near.measure, values)
        sentences = (one.claim.sentence_start, other.claim.sentence_start)
        if is_third or (near.claim.sentence_start in sentences and any(agree(near.measure, value) for value in values)):
            return True
    return False


def _is_of_one_size(own: Measure, values: Sequence[Measure]) -> bool:
    return any(1 / MOST_APART < own.value / value.value < MOST_APART for value in values)


def _is_slip(a: float, b: float) -> bool:
    """Two numbers of three and more digits that differ by two digits that changed places: 730 and 703."""
    if a < 100 or b < 100:
        return False
    one, other = f"{a:.0f}", f"{b:.0f}"
    if len(one) != len(other) or sorted(one) != sorted(other):
        return False
    wrong = [at for at, (x, y) in enumerate(zip(one, other, strict=True)) if x != y]
    return len(wrong) == 2 and wrong[1] == wrong[0] + 1
