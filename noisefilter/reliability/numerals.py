"""Text → numerals: where a number is written, in digits or in words, and what it is worth.

Two scans over the whole text, one for digits and one for number words, each a single bounded pattern that begins with a
set of letters, so that text without numbers costs almost nothing. What the number counts is not decided here, only that
"1.2 million", "twenty-five hundred", "4 lakh", "2 1/2" and "half a dozen" are one number each, and which.

Everything works on the lower-cased text, which has the same offsets (`lower`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from noisefilter.reliability.scanning import matches_at
from noisefilter.reliability.vocabulary import words


class Numeral(NamedTuple):
    """A number in a text: ``text[start:end]``; `kind` says how it is written (`KINDS`)."""

    start: int
    end: int
    value: Decimal
    kind: str


# "digits", "words"; "share": a third; "vague": dozens; "one": a week; "change": doubled; "zero": nobody, no injuries.
KINDS: tuple[str, ...] = ("digits", "words", "share", "vague", "one", "change", "twice", "zero")
# Characters. Nothing that is counted or measured is written with more digits; such runs are keys and identifiers.
LONGEST = 40

ONES = {word: Decimal(n) for n, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), 1)}
_TEEN_WORDS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
TEENS = {word: Decimal(n) for n, word in enumerate(_TEEN_WORDS.split(), 10)}
_TEN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS = {word: Decimal(10 * n) for n, word in enumerate(_TEN_WORDS.split(), 2)}
SMALL: dict[str, Decimal] = {**ONES, **TEENS, **TENS, "zero": Decimal(0), "nought": Decimal(0), "fourty": Decimal(40)}
# Power of ten of a magnitude word or its abbreviation. "m" and the like need more evidence and are read in quantities.py.
POWERS: dict[str, int] = {
    "hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "quadrillion": 15, "lakh": 5, "crore": 7,
    "hundreds": 2, "thousands": 3, "millions": 6, "billions": 9, "trillions": 12, "lakhs": 5, "crores": 7,
    "mn": 6, "mln": 6, "mio": 6, "bn": 9, "bln": 9, "tn": 12, "trn": 12, "trln": 12,
}  # fmt: skip
DOZEN = Decimal(12)
HALF = Decimal("0.5")
# Per cent, to one decimal as a newspaper rounds them.
SHARES: dict[str, Decimal] = {
    "half": Decimal(50), "third": Decimal("33.3"), "quarter": Decimal(25), "fourth": Decimal(25), "fifth": Decimal(20),
    "sixth": Decimal("16.7"), "seventh": Decimal("14.3"), "eighth": Decimal("12.5"), "ninth": Decimal("11.1"), "tenth": Decimal(10),
    "hundredth": Decimal(1), "thousandth": Decimal("0.1"),
}  # fmt: skip
PARTS: dict[str, int] = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
                         "tenth": 10, "hundredth": 100, "thousandth": 1000}  # fmt: skip
VULGAR: dict[str, Decimal] = {
    "½": HALF, "¼": Decimal("0.25"), "¾": Decimal("0.75"), "⅓": Decimal("0.333"), "⅔": Decimal("0.667"),
    "⅛": Decimal("0.125"), "⅜": Decimal("0.375"), "⅝": Decimal("0.625"), "⅞": Decimal("0.875"),
}  # fmt: skip
# Denominators that inches, prices and odds are written with; others ("9/11", "24/7") are dates and names.
_DENOMINATORS = "2|3|4|8|16|32|64"

DIGITS = re.compile(
    rf"""
    [0-9½¼¾⅓⅔⅛⅜⅝⅞](?:(?<=[½¼¾⅓⅔⅛⅜⅝⅞])|     # ½ alone
    (?:
        [0-9]*(?=[ ][^0-9]|[a-z%)\n])                        # 12, quickly
      | [0-9]{{0,2}}(?:,[0-9]{{3}})+(?![0-9])(?:\.[0-9]+)?   # 1,234,567.8
      | [0-9]?(?:,[0-9]{{2}})+,[0-9]{{3}}(?![0-9])(?:\.[0-9]+)?  # 12,34,567.89, the Indian way
      | [0-9]{{0,2}}(?:[\u00a0\u202f\u2009][0-9]{{3}})+(?![0-9])(?:[.,][0-9]+)?  # 1 234 567 with hard or thin spaces
      | [0-9]{{0,2}}(?:[ ][0-9]{{3}})+(?![0-9a-z%])(?![,.][0-9]|[ ]?[0-9])       # 48 900 with plain ones
      | [0-9]{{0,2}}(?:,[ ]000)+(?![0-9])                    # 80, 000 in text that was cut into tokens
      | [0-9]{{0,2}}(?:['’][0-9]{{3}})+(?![0-9])             # 1'000'000
      | [0-9]{{0,2}}(?:\.[0-9]{{3}}){{2,}}(?![0-9.])         # 1.234.567
      | [0-9]*,[0-9]{{1,2}}(?![0-9,])                        # 12,5 with a decimal comma
      | [0-9]*(?:\.[0-9]+)?                                  # 12, 12.5
    )
    (?:
        [½¼¾⅓⅔⅛⅜⅝⅞]                                          # 2½
      | [ -](?:[1-9]|1[0-5])/(?:{_DENOMINATORS})(?![0-9/])     # 2 1/2, 7-3/4
      | (?<=[0-9])/(?:{_DENOMINATORS})(?![0-9/])             # 1/4
    )?)
    """,
    re.VERBOSE,
)

_ONES = "|".join(ONES)
_TENS = "|".join((*TENS, "fourty"))
_PART = "half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
_THING = (
    "second|minute|hour|day|night|week|fortnight|month|year|decade|century|"
    "mile|metre|meter|kilometre|kilometer|tonne|ton|litre|acre|hectare|inch|foot"
)

# The character before the word is part of the pattern: the engine skips from one to the next, which is three times as
# fast as trying every letter. A newline is put before the text so that its first word has one too.
WORDS = re.compile(
    rf"""[^a-z0-9](?:
      zero\b
    | one\b
    | t(?:(?:wo|hree|en)(?:fold)?|welve|wenty|hir(?:teen|ty)|housands?|rillions?|wice|ripled?|ripling|rebled)\b
    | f(?:(?:our|ive)(?:fold)?|if(?:teen|ty)|ou?rty|ourteen)\b
    | s(?:ix|even)(?:teen|ty|fold)?\b
    | e(?:ight(?:een|y|fold)?|leven)\b
    | n(?:ine(?:teen|ty|fold)?|ought|obody|one|o[ -](?:one|deaths|injuries|casualties|fatalities|arrests|victims)|ot[ ]a[ ]single)\b
    | h(?:undreds?|alf|alv(?:ed?|es|ing))\b
    | millions?\b
    | billions?\b
    | lakhs?\b
    | crores?\b
    | d(?:ozens?|oubl(?:ed?|es|ing))\b
    | qua(?:rters?|drupled?)\b
    | a(?:[ ](?:hundred|thousand|million|billion|trillion|lakh|crore|dozen|half|pair[ ]of
                |third|quarter|fifth|sixth|seventh|ninth|tenth|{_THING})\b
         |n[ ](?:hour|eighth|acre|inch)\b)
    )""",
    re.VERBOSE,
)

# The words that a match of the pattern begins with; the articles and "no" only before one of the words that may follow them.
NUMBER_WORDS = words(
    """
    zero one two three ten twofold threefold tenfold twelve twenty thirteen thirty thousand thousands trillion trillions twice
    triple tripled tripling trebled four five fourfold fivefold fifteen fifty forty fourty fourteen
    six seven sixteen seventeen sixty seventy sixfold sevenfold eight eighteen eighty eightfold eleven
    nine nineteen ninety ninefold nought nobody none not hundred hundreds half halve halved halves halving million millions
    billion billions lakh lakhs crore crores dozen dozens double doubled doubles doubling quarter quarters quadruple quadrupled
    """
)
ARTICLES = words("a an no")
AFTER_ARTICLE = words(
    f"""
    hundred thousand million billion trillion lakh crore dozen half pair third quarter fifth sixth seventh eighth ninth tenth
    one deaths injuries casualties fatalities arrests victims {_THING.replace("|", " ")}
    """
)

# One more word of a number: "twenty-five", "two hundred and twelve", "one million, three hundred".
_NEXT = re.compile(
    rf"(?P<gap>[ -]|,?[ ]and[ ]|,[ ])(?P<word>{_TENS}|{'|'.join(TEENS)}|{_ONES}|hundred|thousand|million|billion|trillion|lakh|crore)\b"
)
_POINT = re.compile(rf"[ ]point((?:[ -](?:{_ONES}|zero|nought|oh))+)\b")
_AND_A_HALF = re.compile(r"[ -]and[ -](?:a[ -](?P<one>half|quarter)|(?P<three>three)[ -]quarters)\b")
_MAGNITUDE = re.compile(
    r"[ \u00a0\u202f-]?(hundred|thousand|million|billion|trillion|quadrillion|lakh|crore|mln|mio|mn|bln|bn|trln|trn|tn)s?\b"
)
_DOZEN = re.compile(r"[ -]dozen\b")
_PART_AFTER = re.compile(rf"(?P<gap>[ -])(?P<part>{_PART}|hundredth|thousandth)(?P<plural>s?)\b(?P<of>[ ]of\b|[ ]more\b|[ ]less\b)?")
# "half a million", "quarter of a million", "half-dozen"
_PART_OF = re.compile(r"[ -](?:of[ ])?(?:an?[ ])?(dozen|million|billion|trillion|hundred|thousand|lakh|crore)\b")
# "half an hour", "quarter mile", "half of a percentage point", "a quarter of a point": a part of one unit
_PART_UNIT = re.compile(
    rf"(?:[ -]of)?(?:[ -]an?)?(?=[ -](?:{_THING}"
    r"|kilo|kilogram|gallon|barrel|dollar|euro|degree|percent|per[ ]?cent|percentage|point|cent|turn|cup|pint|teaspoon|tablespoon"
    r"|pound|inch|square)\b)"
)
_OF_WHAT = re.compile(r"[ ](?:of|the|its|his|her|their|our|all|those|these|as)\b")
_COMPARED = re.compile(
    r"[ ](?:of|more|less|higher|lower|fewer|smaller|larger|bigger|cheaper|faster|longer|shorter|lighter|heavier|thinner|thicker|slower"
    r"|quicker|taller|wider|were|are|have)\b"
)
# What ends a share that stands alone: "fell by a third.", "up a quarter since May"; a noun would make it "a third man".
_CLOSED = re.compile(
    r"[.,;:)!?\n”\"]|$"
    r"|[ ](?:in|on|at|from|since|to|and|or|but|as|over|after|this|last|when|while|compared|than|between|by|for|were|are|during)\b"
)
# Words before a bare "half" or "third" that make it a share and no period, person or part of a match.
_LEANING = words("by of about around nearly almost over than roughly approximately least some only just to up down under most exactly")
_VAGUE = re.compile(r"[ ]of[ ](thousands|millions|billions)\b")
_LOOSE = words("several few many couple some the")
_CHANGES: dict[str, tuple[int, str]] = {"doubl": (100, "% increase"), "tripl": (200, "% increase"), "trebl": (200, "% increase"),
                                        "quadr": (300, "% increase"), "halve": (50, "% decrease"), "halvi": (50, "% decrease")}  # fmt: skip


def lower(text: str) -> str:
    """The text in lower case, letter for letter at the same offset.

    >>> len(lower("İzmir")) == len("İzmir")
    True
    """
    return (text.replace("İ", "I") if "İ" in text else text).lower()


def find_numerals(lowered: str, places: Iterable[int] | None = None) -> list[Numeral]:
    """Every numeral of a lower-cased text, in order, none inside another.

    `places` are those of the number words, where they are known, and maybe more.

    >>> [(lowered, str(n.value)) for lowered in ["twenty-five hundred"] for n in find_numerals(lowered)]
    [('twenty-five hundred', '2500')]
    >>> [str(n.value) for n in find_numerals("1.2 million, half a dozen, 2 1/2 and a third of 12,000")]
    ['1.2E+6', '6', '2.5', '33.3', '12000']
    """
    hits = [(*match.span(), True) for match in DIGITS.finditer(lowered)]
    padded = "\n" + lowered
    found = WORDS.finditer(padded) if places is None else matches_at(WORDS, padded, places)
    hits += [(match.start(), match.end() - 1, False) for match in found]
    hits.sort()
    numerals: list[Numeral] = []
    reached = 0
    for start, end, is_digits in hits:
        if start < reached:
            continue
        numeral = read_digits(lowered, start, end) if is_digits else read_words(lowered, start, end)
        if numeral is not None:
            numerals.append(numeral)
            reached = numeral.end
    return numerals


def read_digits(lowered: str, start: int, end: int) -> Numeral | None:
    """The numeral written in digits at ``[start:end]``, widened by its magnitude, or None for a key of digits."""
    if end - start > LONGEST:
        return None
    written = lowered[start:end]
    value = Decimal(written) if written.isdigit() else _written(written)
    value, end = _scaled(lowered, end, value)
    return Numeral(start, end, value, "digits")


def _written(written: str) -> Decimal:
    """The worth of digits with separators, a fraction, or both."""
    whole, parts = written, Decimal(0)
    if whole[-1] in VULGAR:
        whole, parts = whole[:-1], VULGAR[whole[-1]]
    elif "/" in whole:
        whole, _, below = whole.rpartition("/")
        split = max(whole.rfind(" "), whole.rfind("-"))
        parts = _written(whole[split + 1 :]) / _written(below)
        whole = whole[:split] if split >= 0 else ""
    if not whole:
        return parts
    groups = re.split(r"[, \u00a0\u202f\u2009'’]+", whole)
    if len(groups) == 2 and len(groups[1]) < 3:
        return Decimal(f"{groups[0]}.{groups[1]}") + parts
    if whole.count(".") > 1:
        groups = whole.split(".")
    return Decimal("".join(groups)) + parts


# What may stand between a numeral and its magnitude, and the first two letters of a magnitude, of "and a half" and of "dozen".
_SCALE_GAPS = frozenset(" \u00a0\u202f-")
_SCALES = words("hu th mi bi tr qu la cr ml mn bl bn tn an do")


def _scaled(lowered: str, end: int, value: Decimal) -> tuple[Decimal, int]:
    """The value with the magnitude words that follow: "1.2 million", "2 and a half thousand", "4 lakh crore", "3 dozen"."""
    at = end + 1 if lowered[end : end + 1] in _SCALE_GAPS else end
    if lowered[at : at + 2] not in _SCALES:
        return value, end
    half = _AND_A_HALF.match(lowered, end)
    if half:
        value += Decimal("0.75") if half["three"] else HALF if half["one"] == "half" else Decimal("0.25")
        end = half.end()
    for _ in range(2):
        power = _MAGNITUDE.match(lowered, end)
        if not power:
            break
        value, end = value.scaleb(POWERS[power[1]]), power.end()
    dozen = _DOZEN.match(lowered, end)
    return (value * DOZEN, dozen.end()) if dozen else (value, end)


def read_words(lowered: str, start: int, end: int) -> Numeral | None:
    """The numeral that begins with the words at ``[start:end]``, or None where they are no number here."""
    word = lowered[start:end]
    if word in SMALL:
        return _chain(lowered, start, end, SMALL[word])
    if word == "double" and not _is_doubled(lowered, start, end):
        return None
    if word[:5] in _CHANGES:
        return Numeral(start, end, Decimal(_CHANGES[word[:5]][0]), "change")
    if word[0] == "a" and word[1] in " n":
        return _with_article(lowered, start, end, word.split()[1])
    if word in ("half", "quarter", "quarters"):
        return _part(lowered, start, end, word)
    if word in POWERS or word.startswith("dozen"):
        return _loose(lowered, start, end, word)
    if word.endswith("fold"):
        return Numeral(start, end, SMALL[word[:-4]], "twice")
    return Numeral(start, end, Decimal(2), "twice") if word == "twice" else Numeral(start, end, Decimal(0), "zero")


def _is_doubled(lowered: str, start: int, end: int) -> bool:
    """Whether "double" is a change and no "double-blind" or "double bed"."""
    return _word_before(lowered, start) in _WILL or _TO_WHAT.match(lowered, end) is not None


_WILL = words("will would could may might to than nearly almost about roughly")
_TO_WHAT = re.compile(r"[ ](?:the|its|their|his|her|last|that|what)\b")


def _chain(lowered: str, start: int, end: int, value: Decimal) -> Numeral:
    """Number words joined to one number, as far as they are one: "two hundred and twelve", but not "two and three"."""
    total, part, last, ceiling = Decimal(0), value, value, Decimal("Infinity")
    while following := _NEXT.match(lowered, end):
        word, gap = following["word"], following["gap"]
        if word == "hundred" and 0 < part < 100 and len(gap) == 1:
            part = last = part * 100
        elif word in POWERS and word != "hundred" and part and len(gap) == 1 and (unit := Decimal(10) ** POWERS[word]) < ceiling:
            total, part, last, ceiling = total + part * unit, Decimal(0), unit, unit
        elif word in SMALL and SMALL[word] < last and (last >= 100 or (20 <= last <= 90 and word in ONES and len(gap) == 1)):
            part, last = part + SMALL[word], SMALL[word]
        else:
            break
        end = following.end()
    return _finish(lowered, start, end, total + part)


def _finish(lowered: str, start: int, end: int, value: Decimal) -> Numeral:
    """What may follow a number in words: "point five million", "and a half", "-thirds", "dozen"."""
    if lowered[end : end + 1] not in (" ", "-"):
        return Numeral(start, end, value, "words")
    part = _PART_AFTER.match(lowered, end)
    if part and 0 < value < PARTS[part["part"]] and (part["plural"] if value > 1 else part["gap"] == "-" or part["of"]):
        return _share(lowered, start, part.end("plural"), value, part["part"])
    point = _POINT.match(lowered, end)
    if point:
        digits = "".join(str(SMALL.get(word, 0)) for word in _LETTERS.findall(point[1]))
        value, end = value + Decimal(f"0.{digits}"), point.end()
    value, end = _scaled(lowered, end, value)
    return Numeral(start, end, value, "words")


_LETTERS = re.compile("[a-z]+")


def _share(lowered: str, start: int, end: int, count: Decimal, part: str) -> Numeral:
    """ "two thirds": a share in per cent, or so much of a million, or of one unit."""
    power = _PART_OF.match(lowered, end)
    fraction = count / PARTS[part]
    if power:
        return Numeral(start, power.end(), _whole(fraction, power[1]), "words")
    unit = _PART_UNIT.match(lowered, end)
    if unit:
        return Numeral(start, unit.end(), round(fraction, 3).normalize(), "words")
    return Numeral(start, end, SHARES[part] if count == 1 else round(fraction * 100, 1).normalize(), "share")


def _whole(fraction: Decimal, word: str) -> Decimal:
    """So much of a dozen or of a million."""
    size = DOZEN if word == "dozen" else Decimal(10) ** POWERS[word]
    return round(fraction * size, 3).normalize() + 0


def _with_article(lowered: str, start: int, end: int, word: str) -> Numeral | None:
    """ "a hundred and fifty", "a dozen", "a third of", "a pair of", "an hour"."""
    if word == "dozen":
        return Numeral(start, end, DOZEN, "words")
    if word == "pair":
        return Numeral(start, end - 3, Decimal(2), "words")
    if word == "hundred":
        return _chain(lowered, start, end, Decimal(100))
    if word in POWERS:
        return _chain(lowered, start, start + 1, Decimal(1))
    if word in SHARES:
        numeral = _share(lowered, start, end, Decimal(1), word)
        if (
            numeral.kind == "words"
            or _COMPARED.match(lowered, end)
            or (_CLOSED.match(lowered, end) and _word_before(lowered, start) in _LEANING)
        ):
            return numeral
        return None
    half = _AND_A_HALF.match(lowered, end)
    return Numeral(start, start + lowered[start:end].index(" "), Decimal("1.5") if half else Decimal(1), "one")


def _part(lowered: str, start: int, end: int, word: str) -> Numeral | None:
    """ "half" and "quarter" without an article: of a million, of an hour, of the voters; not "the first half"."""
    numeral = _share(lowered, start, end, Decimal(1), word.removesuffix("s"))
    if numeral.kind == "words" and word != "quarters":
        return numeral
    before = _word_before(lowered, start)
    if lowered.startswith(" past ", end):
        return None
    if word == "half" and before == "in":
        return Numeral(start, end, Decimal(50), "change")
    if word == "half" and (before in _LEANING or (_OF_WHAT.match(lowered, end) and before not in _HALVES)):
        return numeral
    return None


_HALVES = words("first second latter other opening closing final next last better the")


def _loose(lowered: str, start: int, end: int, word: str) -> Numeral | None:
    """ "dozens of", "hundreds of thousands", "several million": at least so many, kind "vague"."""
    before = _word_before(lowered, start)
    if word[-1] != "s":
        if (before not in _LOOSE or before == "the") and not lowered.startswith(" of ", end):
            return None
        value = DOZEN if word == "dozen" else Decimal(10) ** POWERS[word]
        return Numeral(start, end, value, "vague")
    value = DOZEN if word == "dozens" else Decimal(10) ** POWERS[word]
    more = _VAGUE.match(lowered, end)
    if more:
        value, end = value * Decimal(10) ** POWERS[more[1]], more.end()
    elif lowered[start - 8 : start] == "tens of ":
        value *= 10
    return Numeral(start, end, value, "vague")


def _word_before(lowered: str, start: int) -> str:
    """The word that ends right before `start`, without what is in between."""
    words = lowered[max(0, start - 20) : start].split()
    return words[-1] if words else ""
