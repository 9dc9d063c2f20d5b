"""One document → where it says "none" or "all" of something, and elsewhere counts some of it, or counts only a part.

An absolute has a word for none ("not one worker", "nobody", "no part of the edge") or for all ("all six turbines"), a group, and
what is said of it. A count clashes with a none when it is of the same kind of people or things, and the same is said of it:
"Nobody had to stop taking the pill. The 38 people who did stop …". With an all it clashes when it is a part of the same number:
"all six turbines are running … two of the six turbines were turning".

Limit: nothing is said where one of the two speaks of another time, place or group, is a plan or a condition, or is somebody else's word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from noisefilter.records import Claim, Contradiction
from noisefilter.reliability.attribution import sentence_voice
from noisefilter.reliability.scanning import fold, has_any, spans_at
from noisefilter.reliability.sentences import Span
from noisefilter.reliability.vocabulary import words
from noisefilter.reliability.wording import WORD, concepts, stem, stems

_NONE = re.compile(
    r"""
    \b (?: not \s+ (?: one | a \s+ single ) (?: of \s+ )?
      | nobody | no[ -]one | none (?: \s+ of )?
      | no \s+ (?: part \s+ of \s+ | member \s+ of \s+ )? (?! longer | more | less | fewer | doubt | matter | comment | idea | sign
        | reason | wonder )
    ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Where what is said of nobody ends.
_CLAUSE_END = re.compile(r"[,;:.!?()–—]|\b(?:but|because|although|though|while|if|unless|when|until|since|so|before|after|and)\b")
# Another time, another group, no fact, or somebody else's word.
_ELSEWHERE = re.compile(
    r"""
    \b (?: earlier | previous\w* | last \s+ (?:year|month|week|season|time) | in \s+ (?:19|20)\d\d | ago | until | before
      | at \s+ first | initially | first | later | then | since | next | another | other | others | elsewhere | will | if | unless | whether
      | fear\w* | expect\w* | plan(?:s|ned|ning)?\b | claim\w* | alleg\w* | deni\w+ | den(?:y|ies) | rumou?r\w*
      | false | wrong\w* | except | apart | besides | other \s+ than | instead | compared ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|no|none|nobody|never|neither|nor|without|cannot)\b|n[’']t\b", re.IGNORECASE)
_GIVE_LIFE = re.compile(
    r"\b(?:gave|give|given|lost|lose|paid\s+with|laid\s+down)\s+(?:his|her|their|its|a)\s+li(?:fe|ves)\b", re.IGNORECASE
)

# What happens to people, by which different words are told to mean the same.
FATES = frozenset(("death", "injury", "hospital", "arrest", "charge", "missing", "evacuation", "rescue", "contain"))
# Those by which an event is told to have harmed none: "there were no fatalities".
CASUALTIES = frozenset(("death", "injury", "arrest"))
_SAME_FATE = {"hospital": "injury"}
# Concepts of people with a task: nobody is none of them either.
_PEOPLE = frozenset(("person", "child", "soldier", "police", "fire_crew", "worker", "member", "passenger", "patient", "pupil", "visitor"))
# Words for people of any group.
_ANYBODY = frozenset(("people", "person", "man", "woman", "them", "us", "nobody", "anybody", "those", "soul", "human"))
# "No details of casualties": nothing is known, which is not that there were none.
_NO_WORD_OF = re.compile(r"\s*\w+\s+(?:of|about|on|as\s+to|that)\b", re.IGNORECASE)
# Fates that stay: a count of them at any place of the text is of the same people, if no group is named.
_LASTING = frozenset(("death",))
_LIKE_A_RIM = frozenset(stem(word) for word in ("perimeter", "edge", "rim", "line", "front", "border", "boundary"))
_SEEN = re.compile(r"\b(?:counted|count|counts|saw|seen|found|spotted|recorded|met|noted)\s*(?:\w+\s+)?$", re.IGNORECASE)
_WHO = re.compile(r"\s*(?:who|that|which)\b", re.IGNORECASE)
_EXISTS = re.compile(
    r"\b(?:is|are|was|were|has|have|had)\s+(?:been\s+)?(?:left|seen|found|counted|there|remain\w*)\b|\bremains?\b", re.IGNORECASE
)
# Characters. In a longer text, or a collection, "nobody" may be said of a hundred things.
LONGEST = 50_000
# Words that are said of none; with fewer there is too little to compare.
FEWEST_WORDS = 2
# Sentences. Farther away a count without the same group is of something else.
NEAR = 2


@dataclass(frozen=True, slots=True)
class Absolute:
    """That none of a group did something: the group's noun ("" for anybody), what is said, and where."""

    group: str
    said: frozenset[str]
    fates: frozenset[str]
    sentence: int
    start: int
    end: int
    exists: bool = False
    reach: int = 0
    is_nobody: bool = False


# One of these is in whatever says none.
NONE_SIGNS = words("not nobody no none")


def read_absolutes(text: str, sentences: Sequence[Span], places: Iterable[int] | None = None) -> list[Absolute]:
    """Where a text says that none of a group did something; `places` are those of `NONE_SIGNS`, where they are known.

    >>> text = "Not one worker was hurt."
    >>> [(found.group, sorted(found.fates)) for found in read_absolutes(text, [(0, len(text))])]
    [('worker', ['injury'])]
    """
    found = []
    for number, start, end in spans_at(sentences, places):
        sentence = text[start:end]
        for match in _NONE.finditer(sentence):
            absolute = _absolute(sentence, match, number, start)
            if absolute is not None:
                found.append(absolute)
    return found


def _absolute(sentence: str, match: re.Match[str], number: int, start: int) -> Absolute | None:
    stop = _CLAUSE_END.search(sentence, match.end())
    clause = sentence[match.end() : stop.start() if stop else len(sentence)]
    words = stems(clause)
    if not words or _ELSEWHERE.search(clause) or _NO_WORD_OF.match(clause):
        return None
    generic = match[0].lower().split()[0] in ("nobody", "no-one") or match[0].lower().startswith("no one")
    group = "" if generic or words[0] in _ANYBODY or re.match(r"\s*(?:of\s+)?(?:them|us|these|those)\b", clause) else words[0]
    is_event = any(name in CASUALTIES for name in concepts(group))
    if is_event:
        group = ""
    said = frozenset(words[1:] if group else words)
    fates = _fates(clause, said)
    if not said and not fates:
        return None
    reach = 1 if is_event else NEAR
    place = start + match.start(), start + match.end() + len(clause)
    return Absolute(group, said, fates, number, *place, bool(_EXISTS.search(clause)), reach, generic)


def _fates(clause: str, said: frozenset[str]) -> frozenset[str]:
    found = {_SAME_FATE.get(name, name) for word in said for name in concepts(word) if name in FATES}
    if _GIVE_LIFE.search(clause):
        found.add("death")
    return frozenset(found)


def check_absolutes(
    text: str, sentences: Sequence[Span], document_id: str, claims: Sequence[Claim], places: Iterable[int] | None = None
) -> Iterator[Contradiction]:
    """Every none that a count of the same text denies."""
    if len(text) > LONGEST:
        return
    yield from check_all(document_id, claims)
    absolutes = read_absolutes(text, sentences, places)
    if not absolutes:
        return
    yield from _check_told(text, sentences, document_id, absolutes)
    starts = {start: number for number, (start, _) in enumerate(sentences)}
    counts = [Count(claim) for claim in claims if claim.quantity.value > 0 and not claim.disputed and not _NOT.search(claim.sentence)]
    for absolute in absolutes:
        start, end = sentences[absolute.sentence]
        if _ELSEWHERE.search(text[start : absolute.start]):
            continue
        speaker = sentence_voice(text[start:end]).speaker
        for count in counts:
            claim = count.claim
            away = starts.get(claim.sentence_start, -99) - absolute.sentence
            # What somebody else says, or the writer, is not said against what one denies.
            if away and (not speaker or speaker == claim.speaker) and _denies(absolute, count, away):
                words = f"“{text[absolute.start : absolute.end].strip()}”, but “{claim.quantity.text}”."
                yield Contradiction(
                    document_id, (absolute.start, absolute.end), (claim.start, claim.end), "denial_confirmation", words, 0.7
                )
                break


# Words, names aside, that a sentence without a count must share with what it is said to deny.
FEWEST_TOLD = 3


def _check_told(text: str, sentences: Sequence[Span], document_id: str, absolutes: Sequence[Absolute]) -> Iterator[Contradiction]:
    """Every none that another sentence tells, in the same words, without a count."""
    words_of: list[frozenset[str]] = []
    for absolute in absolutes:
        clause = text[absolute.start : absolute.end]
        names = {stem(word) for word in WORD.findall(clause)[1:] if word[0].isupper()}
        said = frozenset(stems(_NONE.sub(" ", clause))) - names
        if len(said) < FEWEST_TOLD:
            continue
        words_of = words_of or [frozenset(stems(text[start:end])) for start, end in sentences]
        for number, (start, end) in enumerate(sentences):
            told = text[start:end]
            if number == absolute.sentence or not said <= words_of[number] or _NOT.search(told) or _UNSURE.search(told):
                continue
            places = (absolute.start, absolute.end), (start, end)
            yield Contradiction(document_id, *places, "denial_confirmation", f"“{clause.strip()}”, but elsewhere it is told.", 0.7)
            break


_UNSURE = re.compile(
    r"\b(?:if|whether|would|could|might|may|should|claim\w*|alleg\w*|rumou?r\w*|deni\w+|den(?:y|ies)|will)\b", re.IGNORECASE
)

_ALL_BEFORE = re.compile(r"\ball\s+(?:of\s+)?(?:(?:the|its|our|their)\s+)?$", re.IGNORECASE)
_ALL_BEHIND = re.compile(r"\s*,\s+all\s+(?:of\s+(?:them|which|whom)\s+)?[a-z]+", re.IGNORECASE)
# What is not so of the rest: "the other ten were not yet connected", "the remaining ones will be commissioned".
_REST = re.compile(
    r"\b(?:others?|remaining|rest)\b[^.;]{0,40}\b(?:not|yet|will|still|waiting|idle|await\w*|later|unfinished|to\s+be)\b", re.IGNORECASE
)
# One of these is in whatever the pattern finds.
_REST_HINTS = ("other", "remaining", "rest")
_PLANNED = re.compile(
    r"\b(?:will|would|once|when|by|if|until|could|should|shall|planned|eventually|designed|not|never|no)\b|n[’']t\b", re.IGNORECASE
)
_UNITS = frozenset(("unit", "one", "piece", "set"))


def check_all(document_id: str, claims: Sequence[Claim]) -> Iterator[Contradiction]:
    """All of a number, and elsewhere a part of it, of whose rest the same is not so."""
    likely = [claim for claim in claims if has_any(fold(claim.sentence), _REST_HINTS)]
    parts = [claim for claim in likely if _REST.search(claim.sentence[claim.end - claim.sentence_start :])]
    for whole in claims if parts else ():
        at, until = whole.start - whole.sentence_start, whole.end - whole.sentence_start
        is_all = _ALL_BEFORE.search(whole.sentence[:at]) or _ALL_BEHIND.match(whole.sentence, until)
        if not is_all or _PLANNED.search(whole.sentence):
            continue
        group = _heads(whole)
        for part in parts:
            of_it = group & (_heads(part) | frozenset(stems(part.sentence))) or _UNITS & frozenset(stems(part.sentence))
            if part.sentence_start != whole.sentence_start and 0 < part.quantity.value < whole.quantity.value and of_it:
                words = f"All of “{whole.quantity.text}”, but “{part.quantity.text}” and not the rest."
                yield Contradiction(document_id, (whole.start, whole.end), (part.start, part.end), "figure_changed", words)
                break


def _heads(claim: Claim) -> frozenset[str]:
    return frozenset(stems(claim.counted)[-1:])


@dataclass(frozen=True)
class Count:
    """A count and what its sentence says of it, read once however many absolutes it is held against."""

    claim: Claim

    @cached_property
    def before(self) -> str:
        """The sentence up to the number."""
        return self.claim.sentence[: self.claim.start - self.claim.sentence_start]

    @cached_property
    def behind(self) -> str:
        """The words of its own clause, after it."""
        return _ENDED.split(self.rest, maxsplit=1)[0]

    @cached_property
    def rest(self) -> str:
        """The sentence behind the number."""
        return self.claim.sentence[self.claim.end - self.claim.sentence_start :]

    @cached_property
    def heads(self) -> list[str]:
        """The stems of what is counted."""
        return stems(self.claim.counted)

    @cached_property
    def near(self) -> frozenset[str]:
        """The stems of what is counted and what is said of it."""
        return frozenset(self.heads + stems(self.claim.quantity.text) + stems(self.behind))

    @cached_property
    def fates(self) -> frozenset[str]:
        """What happened to those who are counted."""
        return _fates(self.behind, self.near)

    @cached_property
    def is_elsewhere(self) -> bool:
        """Whether its clause speaks of another time or group, or is no fact."""
        return bool(_ELSEWHERE.search(_PARTED.split(self.rest, maxsplit=1)[0]) or _ELSEWHERE.search(self.before))

    @cached_property
    def harm(self) -> str:
        """The fate that people came to, here and now, as the sentence tells; "" for none."""
        match = _WERE.search(self.claim.sentence, self.claim.end - self.claim.sentence_start)
        if not match or not _is_anybody(self.heads) or _ELSEWHERE.search(self.claim.sentence):
            return ""
        return "death" if (match["verb"] or match["died"]).lower() in ("killed", "died", "dead") else "injury"


_ENDED, _PARTED = re.compile(r"[,;:.!?()–—]|\d"), re.compile(r"[,;:()]")


def _denies(absolute: Absolute, count: Count, away: int) -> bool:
    """Whether a count `away` sentences from an absolute speaks of the same group and says the same of it."""
    if absolute.is_nobody and absolute.fates & HARM and _is_harmed(absolute, count):
        return True
    return _says_the_same(absolute, count, away) and not count.is_elsewhere


def _says_the_same(absolute: Absolute, count: Count, away: int) -> bool:
    heads, near = count.heads, count.near
    is_same = absolute.group in near or (not absolute.group and abs(away) <= absolute.reach and _is_anybody(heads))
    if absolute.fates & count.fates:
        return is_same or _is_casualty(absolute, heads) or _is_part(absolute, near)
    if away == 1 and not count.claim.quantity.unit and _SEEN.search(count.before):
        return absolute.exists and bool(absolute.group)
    if is_same and not absolute.group and away == 1 and _WHO.match(count.behind):
        return bool(absolute.said & near)
    shared = len(absolute.said & near)
    return is_same and shared >= FEWEST_WORDS and shared == len(absolute.said)


# Fates that a text which says that nobody met them does not tell of anybody, however far away.
HARM = frozenset(("death", "injury"))
# Words before a verb of harm by which it is told of somebody: "were killed", "who was badly burned", "died".
_WERE = re.compile(
    r"\b(?:was|were|been|being|and|had|got)\s+(?:\w+ly\s+)?(?P<verb>killed|injured|hurt|wounded|burn(?:ed|t))\b"
    r"|\b(?P<died>died|dead|taken\s+to\s+(?:\w+\s+){0,2}hospital|in\s+(?:\w+\s+){0,3}hospital)\b",
    re.IGNORECASE,
)


def _is_harmed(absolute: Absolute, count: Count) -> bool:
    """Whether a count is of people who came to the harm that is denied."""
    return bool(count.harm) and (count.harm in absolute.fates or absolute.fates >= {"injury"})


def _is_anybody(heads: Sequence[str]) -> bool:
    return bool(heads) and (heads[-1] in _ANYBODY or any(name in _PEOPLE for name in concepts(heads[-1])))


def _is_casualty(absolute: Absolute, heads: Sequence[str]) -> bool:
    """What is counted is the fate itself ("23 martyrs", "eight dead"), and of no other group."""
    return len(heads) == 1 and any(name in absolute.fates and name in _LASTING for name in concepts(heads[0]))


def _is_part(absolute: Absolute, near: frozenset[str]) -> bool:
    """A part of one thing under two names: "no part of the perimeter", "41 per cent of the edge"."""
    return absolute.group in _LIKE_A_RIM and any(word in _LIKE_A_RIM for word in near)
