"""One document → what it says that somebody did, and elsewhere that they did not.

"Cole conceded at midnight … Cole has not conceded", "Ortega denied all the charges … he had pleaded guilty": a name, a verb, and whether
the deed was done. A deed clashes with its own negation and with one of its opposite ("denied" and "admitted", "refused" and "agreed") when
both are told of one name, in the past, in the writer's voice. A pronoun stands for the name before it in the same paragraph.

Limit: a person may deny one thing and admit another; where one of the two sentences speaks of another time or thing ("at first", "later",
"until", "in part"), nothing is said.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from noisefilter.records import Contradiction
from noisefilter.reliability.scanning import spans_at
from noisefilter.reliability.sentences import Span
from noisefilter.reliability.vocabulary import words

# Characters. In a longer text one surname stands for many people.
LONGEST = 50_000
# Deeds that undo each other: those on the left are none of those on the right.
_OPPOSITES = (
    ("deny", "plead-guilty admit confess"),
    ("plead-not-guilty", "plead-guilty admit confess"),
    ("reject refuse", "accept agree"),
    ("survive", "die"),
    ("acquit", "convict"),
)
# Deeds that are told once of one person; of others ("said", "went", "won") there are many in one text.
_TOLD_ONCE = words("""
    accept admit agree apologise apologize attend comment concede confess deny endorse resign retire sign survive
    testify withdraw
    """)

_VERBS = {
    "denied": "deny", "denies": "deny", "admitted": "admit", "admits": "admit", "confessed": "confess", "refused": "refuse",
    "rejected": "reject", "turned down": "reject", "accepted": "accept", "agreed": "agree", "survived": "survive", "died": "die",
    "acquitted": "acquit", "convicted": "convict", "found guilty": "convict", "found not guilty": "acquit",
    "pleaded guilty": "plead-guilty", "pled guilty": "plead-guilty", "pleaded not guilty": "plead-not-guilty",
    "pled not guilty": "plead-not-guilty", "conceded": "concede", "resigned": "resign", "apologised": "apologise",
    "apologized": "apologize", "attended": "attend", "commented": "comment", "endorsed": "endorse", "signed": "sign",
    "retired": "retire", "testified": "testify", "withdrew": "withdraw", "withdrawn": "withdraw", "voted": "vote",
}  # fmt: skip
_BASES = {
    "admit",
    "agree",
    "accept",
    "apologise",
    "apologize",
    "attend",
    "concede",
    "confess",
    "deny",
    "resign",
    "sign",
    "testify",
    "withdraw",
}
_FORMS = "|".join(form.replace(" ", r"\s+") for form in sorted(_VERBS, key=len, reverse=True))
# One of these is in whatever tells of a deed.
DEED_SIGNS = frozenset({form.split()[0] for form in _VERBS} | _BASES | {"refused", "declined", "failed", "neither"})
# A quick look: there is no deed without one of these.
_HINT = re.compile("|".join(sorted({form[:6] for form in [*_VERBS, *_BASES]} | {"declin", "failed"})))
_DEED = re.compile(
    rf"""
    (?: \b (?P<name>[A-Z][\w’'\-]{{1,30}}(?:[ ][A-Z][\w’'\-]{{1,30}})?) | \b(?P<pronoun>[Hh]e|[Ss]he|[Tt]hey|[Ww]ho) ) ,? \s{{1,4}}
    (?: (?:has|have|had|was|were) \s{{1,4}} )? (?: (?:already|also|again|now|since|twice|immediately|quickly|finally|flatly
      |firmly|publicly) \s{{1,4}} )?
    (?: (?P<verb> {_FORMS} ) \b
      | (?: (?:has|have|had|was|were) \s{{1,4}} )? (?:not|never) \s{{1,4}} (?P<not> {_FORMS} ) \b
      | did \s{{1,4}} (?:not|n[’']t) \s{{1,4}} (?P<base> {"|".join(sorted(_BASES))} ) \b
      | (?:refused|declined|failed) \s{{1,4}} to \s{{1,4}} (?P<refused> {"|".join(sorted(_BASES))} ) \b )
    """,
    re.VERBOSE,
)
_NEITHER = re.compile(
    r"\b[Nn]either\s+(?P<one>[A-Z][\w’'\-]+)\s+nor\s+(?P<other>[A-Z][\w’'\-]+)\s+(?:has|have|having|had|was|were)\s+(?P<verb>[a-z]+)\b"
)
_SO_FAR = re.compile(r"\bso\s+far\b")
# What has been accepted has been agreed to.
_SAME = {"agree": "accept", "confess": "admit", "apologize": "apologise"}
_OTHER_TIME = re.compile(
    r"\b(?:at\s+first|initially|later|then|until|earlier|previously|before|after|now|yet|still|next|if|would|in\s+part|partly|some"
    r"|other|another|instead|although|though|(?:19|20)\d\d|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|last|eventually)\b",
    re.IGNORECASE,
)
# Twice in a sentence: guilty of some charges and not of others.
_GUILTY = re.compile(r"\bguilty\b", re.IGNORECASE)
# Characters on either side of a deed that say of what time it is.
AROUND = 60
_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]?")


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did or did not do, and where."""

    name: str
    verb: str
    is_done: bool
    sentence: int
    start: int
    end: int


def read_deeds(text: str, sentences: Sequence[Span], places: Iterable[int] | None = None) -> list[Deed]:
    """What a text says that people did and did not do; `places` are those of `DEED_SIGNS`, where they are known.

    >>> text = "Mr Cole conceded at midnight."
    >>> [(deed.name, deed.verb, deed.is_done) for deed in read_deeds(text, [(0, len(text))])]
    [('Cole', 'concede', True)]
    """
    found = []
    named = _LastNamed(text, sentences)
    for number, start, end in spans_at(sentences, places):
        if not _HINT.search(text, start, end):
            continue
        sentence = _unquoted(text[start:end])
        for match in _DEED.finditer(sentence):
            verb = match["verb"] or match["not"]
            deed = _VERBS[" ".join(verb.split())] if verb else match["base"] or match["refused"]
            is_of_some = deed in ("convict", "acquit") and len(_GUILTY.findall(sentence)) > 1
            if not is_of_some and not _OTHER_TIME.search(sentence, max(0, match.start() - AROUND), match.end() + AROUND):
                who = _own_name(match["name"].split()[-1]) if match["name"] else named.before(number)
                found.append(Deed(who, deed, bool(match["verb"]), number, start + match.start(), start + match.end()))
        for match in _NEITHER.finditer(sentence):
            deed = _VERBS.get(match["verb"], "")
            if deed and not _OTHER_TIME.search(_SO_FAR.sub("", sentence)):
                place = start + match.start(), start + match.end()
                found += [Deed(match[who].split()[-1], deed, False, number, *place) for who in ("one", "other")]
    return found


def _unquoted(sentence: str) -> str:
    """The sentence with its quotations made blank."""
    return _QUOTED.sub(lambda match: " " * len(match[0]), sentence)


def _own_name(word: str) -> str:
    return word.removesuffix("’s").removesuffix("'s")


class _LastNamed:
    """Whom a "he" or "she" stands for: the last that a sentence before it in the paragraph names; read as far as it is asked for."""

    def __init__(self, text: str, sentences: Sequence[Span]) -> None:
        self._text, self._sentences = text, sentences
        self._paragraph, self._name, self._reached = -1, "", 0

    def before(self, number: int) -> str:
        """The name before a sentence, "" for none; asked for in the order of the text."""
        paragraph = self._text.rfind("\n", 0, self._sentences[number][0])
        if paragraph != self._paragraph:
            self._paragraph, self._name = paragraph, ""
            self._reached = bisect_left(self._sentences, (paragraph + 1, 0))
        for start, end in self._sentences[self._reached : number]:
            sentence = self._text[start:end]
            self._name = _last_name(_unquoted(sentence) if _HINT.search(sentence) else sentence) or self._name
        self._reached = number
        return self._name


def _last_name(sentence: str) -> str:
    """The first name of a sentence that is no mere first word."""
    match = _NAMED.search(sentence)
    return _own_name(match["name"]) if match else ""


_NAMED = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr)\.?\s+|^[A-Z][\w’'\-]+\s+|(?<=[a-z,]\s))(?P<name>[A-Z][\w’'\-]+)")


# Names in the table of deeds of a text that tells of one person, the unnamed "he" among them.
ONE_AND_A_PRONOUN = 2


def check_deeds(text: str, sentences: Sequence[Span], document_id: str, places: Iterable[int] | None = None) -> Iterator[Contradiction]:
    """Every deed that a document tells as done and as not done.

    >>> text = "Mr Cole conceded at midnight. In Bell Street they wait, for Cole has not conceded."
    >>> [found.explanation for found in check_deeds(text, [(0, 29), (30, len(text))], "d")]
    ['“Mr Cole conceded”, but “Cole has not conceded”.']
    """
    by_name: dict[str, list[Deed]] = defaultdict(list)
    for deed in read_deeds(text, sentences, places) if len(text) <= LONGEST else ():
        by_name[deed.name].append(deed)
    for name, deeds in by_name.items():
        # A pronoun without a name before it may stand for the only one who did the opposite.
        unnamed = by_name.get("", []) if name and len(by_name) <= ONE_AND_A_PRONOUN else []
        for one, other in combinations(sorted([*deeds, *unnamed], key=lambda deed: deed.start) if name else (), 2):
            if one.sentence != other.sentence and _exclude(one, other):
                words = f"“{text[one.start : one.end]}”, but “{text[other.start : other.end]}”."
                yield Contradiction(document_id, (one.start, one.end), (other.start, other.end), "denial_confirmation", words, 0.7)


def _exclude(one: Deed, other: Deed) -> bool:
    if _SAME.get(one.verb, one.verb) == _SAME.get(other.verb, other.verb):
        return one.is_done != other.is_done and one.verb in _TOLD_ONCE
    if not (one.is_done and other.is_done):
        return False
    pairs = ((one.verb, other.verb), (other.verb, one.verb))
    return any(a in left.split() and b in right.split() for a, b in pairs for left, right in _OPPOSITES)
