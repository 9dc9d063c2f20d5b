"""What a number counts, in the words of the text: "crew members" after "eight of the nine".

Without a parser: the run of words after the number up to and with the first plural, or the words of one noun after "one".
The head is given in the singular, so that "12 homes" and "one home" count the same.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from noisefilter.reliability.numerals import SMALL
from noisefilter.reliability.vocabulary import MASS, NO_ONE, NOT_A_ONE, NOT_PLURAL, PEOPLE, STOP

WORD = re.compile(r"[ ]([a-z\u00df-\u024f][a-z\u00df-\u024f'’-]*(?:(?<=-)[0-9]+)?)")
_HYPHENED = re.compile(r"[ ]?-[ ]?([a-z]+)")
_ADJECTIVE = re.compile(
    r"(?:al|ic|ive|ous|ish|ed|ian|ese|ary|ful|able|ible|ern|less|est|ent|ant|ing|ior|ist)$"
    r"|^(?:new|old|big|small|large|young|more|other|major|single|good|bad|top|key|local|senior|former|white|black|free|full|long|short|high|low)$"
)
# "of the", "of its nine": what stands between a part and the whole that is counted.
_OF_THEM = re.compile(
    r"[ ]of[ ](?:(?:the|its|his|her|their|our|these|those|all|every|them|which|whom|last|past|previous|first|next|final|opening)\b[ ]?)*"
    r"(?:[0-9][0-9,]*[ ]|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen)[ ])?"
)
# "one of the largest shareholders" counts nothing; "one of its ships" and "one of the four" do.
_OF_MANY = re.compile(
    r"[ ]of[ ](?:the|its|his|her|their|our|those)[ ](?:[a-z]+['’]s[ ])?(?:[a-z]+[ ])?"
    r"(?:[a-z]{2,}est|most|best|worst|first|few|main|leading|earliest|key)\b"
)
# Words. A noun phrase in the news is seldom longer, and the bound keeps the work for each number small.
LONGEST_PHRASE = 4
_TWO = Decimal(2)

_IRREGULAR = {
    "men": "man", "women": "woman", "children": "child", "lives": "life", "wives": "wife", "knives": "knife", "halves": "half",
    "loaves": "loaf", "leaves": "leaf", "thieves": "thief", "shelves": "shelf", "wolves": "wolf", "calves": "calf", "feet": "foot",
    "teeth": "tooth", "geese": "goose", "mice": "mouse", "movies": "movie", "species": "species", "headquarters": "headquarters",
    "shoes": "shoe", "axes": "axe", "cookies": "cookie", "series": "series", "zombies": "zombie", "criteria": "criterion",
}  # fmt: skip


def counted(text: str, lowered: str, end: int, value: Decimal) -> tuple[str, int]:
    """What the number that ends at `end` counts, and where its words end; "" and `end` where they say nothing.

    >>> text = "eight of the nine crew members survived"
    >>> counted(text, text, 5, Decimal(8)), counted(text, text, 17, Decimal(9))
    (('crew member', 5), ('crew member', 30))
    """
    after = lowered[end : end + 1]
    if after == "-" or lowered[end : end + 3] == " - ":
        word = _HYPHENED.match(lowered, end)
        if not word or word[1] in STOP:
            return "", end
        return "people" if word[1] == "strong" else word[1], word.end()
    if after != " ":
        return "", end
    if lowered.startswith(" of ", end):
        of = _OF_THEM.match(lowered, end)
        start = of.end() - 1 if of and lowered[of.end() - 1] == " " else end
        return _phrase(text, lowered, start, _TWO)[0], end
    return _phrase(text, lowered, end, value)


def _phrase(text: str, lowered: str, start: int, value: Decimal) -> tuple[str, int]:
    """The run of words up to and with the first plural; for one and for fractions, up to the first noun."""
    end, begin, first = start, start + 1, ""
    for position in range(LONGEST_PHRASE):
        match = WORD.match(lowered, end + 1 if position and lowered[end : end + 1] == "," else end)
        if not match:
            break
        word = match[1]
        if word in STOP or word in SMALL or (position and word in PEOPLE):
            break
        if word in PEOPLE or is_plural(word):
            return _to_last_plural(lowered, begin, match.start(1), match.end())
        end = match.end()
        first = first or word
        if value <= 1 and (position or not _ADJECTIVE.search(word)):
            return lowered[begin:end], end
    if first and value == 1:
        return lowered[begin:end].partition(",")[0], end
    end = begin + len(first)
    # Abbreviations count without a plural: "870 TEU".
    return (text[begin:end], end) if len(first) > 1 and text[begin:end].isupper() else ("", start)


def _to_last_plural(lowered: str, begin: int, head: int, end: int) -> tuple[str, int]:
    """Widen "police" to "police officer" and "sports" to "sports car"; "seven dead" are people."""
    following = WORD.match(lowered, end)
    if following and following[1] not in STOP and following[1] not in PEOPLE and is_plural(following[1]):
        head, end = following.start(1), following.end()
    elif lowered[head:end] in PEOPLE:
        return "people", end
    return lowered[begin:head] + singular(lowered[head:end]), end


def is_number_one(lowered: str, end: int, before: str) -> bool:
    """Whether "one", which ends at `end`, is a number and not a pronoun."""
    if before in NO_ONE or lowered[end : end + 1] != " ":
        return False
    if lowered.startswith(" of ", end):
        return _OF_MANY.match(lowered, end) is None
    word = WORD.match(lowered, end)
    return word is not None and word[1] not in NOT_A_ONE and word[1] not in STOP


# The same few thousand nouns are counted again and again.
@lru_cache(maxsize=1 << 14)
def is_plural(word: str) -> bool:
    """Whether a word looks like a plural noun.

    >>> [is_plural(word) for word in ("homes", "people", "policemen", "crisis", "was", "class")]
    [True, True, True, False, False, False]
    """
    if word in MASS:
        return True
    if word[-1] == "s":
        return len(word) > 3 and word[-2] not in "su'’i" and word not in NOT_PLURAL
    return word[-2:] in ("s'", "s’") or (len(word) > 4 and word.endswith(("men", "people", "children", "craft")))


@lru_cache(maxsize=1 << 14)
def singular(word: str) -> str:
    """The singular of a plural noun.

    >>> [singular(word) for word in ("homes", "cities", "policemen", "churches", "people")]
    ['home', 'city', 'policeman', 'church', 'people']
    """
    word = word.rstrip("'’")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("men") and len(word) > 4:
        return word[:-2] + "an"
    if word.endswith("children"):
        return word[:-3]
    if word[-1:] != "s":
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "ches", "shes", "xes", "zzes", "oes")) else word[:-1]
