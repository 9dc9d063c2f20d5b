"""One document → what it says never was, and elsewhere takes for granted.

"This government has never had a heat plan … the heat plan which parliament adopted in 2022": who says "the" or "its" of a thing takes it to
exist. A denial is a clause with "not a single", "not one", "no", "never" and a thing; it clashes with a sentence that speaks of the same
thing with a definite word and a clause or a year behind it, shares another word with the denial, and denies nothing itself.

Limit: the thing has to be called by the same word, or by one of its family ("apologised", "apology").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from noisefilter.records import Contradiction
from noisefilter.reliability.sentences import Span
from noisefilter.reliability.vocabulary import words
from noisefilter.reliability.wording import STOPWORDS, WORD, stem

_DENIAL = re.compile(
    r"""
    \b (?: (?: not \s+ (?: a \s+ single | one ) | no ) \s+ (?: [a-z-]+ \s+ ){1,4}?
           (?: has | have | had | was | were ) \s+ (?: (?: yet | ever | so\s+far ) \s+ )?
         | (?: has | have | had | did ) \s+ (?: never \s+ (?: [a-z]+ \s+ ){1,4}? (?: an? | any | so\s+much\s+as\s+(?:a|one) )
           | not \s+ (?: [a-z]+ \s+ ){1,4}? (?: any | a \s+ single | so\s+much\s+as\s+(?:a|one) ) ) \s+ )
    [^.;:!?()“”"\n]*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UNSURE = re.compile(
    r"""\b(?: no | not | never | none | nobody | nor | neither | without | if | whether | would | could | might | may | should | will
      | until | before
      | claim\w* | alleg\w* | deni\w+ | den(?:y|ies) | rumou?r\w* | plan(?:s|ned)\s+to | wants? | demand\w* | call\w*\s+for ) \b
      | n[’']t\b | \?""",
    re.VERBOSE | re.IGNORECASE,
)
# What makes a thing a known one: "the heat plan which …", "Lunde's apology to …", "the inspectors, who …", "the fire of 2009".
_DEFINITE = re.compile(
    r"""(?: \b(?:[Tt]he|[Tt]hose|[Tt]hese|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Oo]ur) | \b[A-Z]\w+[’']s ) \s+
        (?P<thing> (?: [a-z-]+ \s+ ){0,2}? [a-z-]+ )
        (?= ,? \s+ (?: that | which | who | whom | (?:of|in) \s+ (?:19|20)\d\d | to \s+ the ) \b | , \s+ the \s+ one \b )""",
    re.VERBOSE,
)
# Words that are no thing, and those of time and place, which tie nothing together.
_NOTHING = STOPWORDS | words(
    """
    single time day days week weeks month months year years people man men woman women way word case part place thing reason
    doubt longer set has have had was were
    """
)
# Letters by which words of one family are alike: "apologised", "apology".
FAMILY = 6
# Words that a denial and what it denies must share, the thing among them.
FEWEST_SHARED = 2
# Characters. In a longer text one word stands for many things.
LONGEST = 50_000


def check_presupposed(text: str, sentences: Sequence[Span], document_id: str) -> Iterator[Contradiction]:
    """Every denial of a thing that another sentence takes for granted.

    >>> text = "The city has never had a heat plan. It is time to use the heat plan which was adopted in 2022."
    >>> [found.kind for found in check_presupposed(text, [(0, 35), (36, len(text))], "d")]
    ['denial_confirmation']
    """
    if len(text) > LONGEST or not _DENIAL.search(text):
        return
    known = [(span, found) for span in sentences if (found := _known(text[slice(*span)]))]
    for start, end in sentences:
        denial = _DENIAL.search(text, start, end)
        denied = _families(denial[0]) if denial else frozenset()
        if denial is None or len(denied) < FEWEST_SHARED or text[start:end].endswith("?"):
            continue
        for (begin, stop), things in known:
            if begin == start or not things & denied:
                continue
            if len(denied & _families(text[begin:stop])) >= FEWEST_SHARED:
                said = f"“{denial[0].strip()}”, but elsewhere it is taken for granted."
                yield Contradiction(document_id, denial.span(), (begin, stop), "denial_confirmation", said, 0.7)
                break


def _known(sentence: str) -> frozenset[str]:
    """The things that a sentence takes for granted."""
    if _UNSURE.search(sentence):
        return frozenset()
    return frozenset(_family(match["thing"].split()[-1]) for match in _DEFINITE.finditer(sentence)) - {""}


def _families(passage: str) -> frozenset[str]:
    return frozenset(map(_family, WORD.findall(passage))) - {""}


def _family(word: str) -> str:
    """What words of one family share, "" for a word that names no thing."""
    return "" if word.lower() in _NOTHING or len(word) < 4 else stem(word.lower())[:FAMILY]
