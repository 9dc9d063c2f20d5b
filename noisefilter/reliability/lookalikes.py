"""Numbers that measure nothing: dates, clock times, scores, names, addresses, keys.

Each test looks at the characters beside a number and at the word before it. A number with a currency or a measured unit
is asked only the first test: "Article 5" is a name, "article 5 per cent shorter" is not.
"""

from __future__ import annotations

from noisefilter.reliability.vocabulary import words as _words

import re
from decimal import Decimal

MONTHS = _words(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec"
)
# After these a number is a label, whatever follows.
_LABELS = _words(
    "no nos number numbers # flight highway route interstate motorway autoroute page pages pp p article articles section sections chapter paragraph "
    "clause annex appendix figure fig table volume vol issue boeing airbus covid type phase category cat formula windows apollo iphone galaxy "
    "playstation xbox version channel gate platform room suite apartment apt flat floor level tier grade class lot exit pier dock berth terminal "
    "track lane bus tram train engine runway reactor block unit plot ward district precinct zone area sector zip code pin id isbn doi tel phone "
    "fax ext po box item items point rule schedule amendment resolution proposition prop title count episode season series round heat stage leg "
    "week day game test match set act scene verse psalm question step mission expedition operation model mark mk mile marker junction "
    "kilometer-post sars g7 g20 top bulletin circular report file case docket order licence license bill decree directive regulation "
    "s&p ftse nasdaq nikkei dax cac russell dow stoxx kospi hang fortune vehicle car lake rank ranked seed seeded court hole frame lap bay silo well block building house warehouse world"
)
# Labels that are verbs or common nouns too: a plural noun after the number makes it a quantity ("train 12 pilots").
_SOFT = _words(
    "train test match set act count box order file report house game season day week point points world top level floor car class unit bus lot area "
    "rank ranked number numbers area model question building vehicle court well series round case step leg stage code exit dock block bay mile "
    "issue bill figure title mark platform track lane"
)
_SHORTENED = _words("no nos fig vol p pp art sec ch para tel ext apt cat ser mt")
_YEAR_BEFORE = (
    _words(
        "in since from until till by of during before after circa early late mid fiscal year summer winter spring autumn fall class season through to and "
        "the election elections back around about"
    )
    | MONTHS
)
_CLOCK = re.compile(
    r"""
    (?::[0-5][0-9])*[ ]?(?:
        [ap]\.?[ ]?m\b                      # 2:00 pm, 6 a.m.
      | o[ ]?['’]?[ ]?clock\b               # seven o'clock
      | (?:gmt|utc|cet|bst|est|edt|pst|pdt|ist)\b
      | hrs?\b(?=[ ](?:gmt|local|on|today))
    )
    | [ ](?:in[ ]the|this|tomorrow|yesterday)[ ](?:morning|afternoon|evening)\b
    """,
    re.VERBOSE,
)
_CLOCK_FIRST = frozenset(" :ap")
_STREET = re.compile(
    r"[ ](?:(?:North|South|East|West|[NSEW]\.?)[ ])?(?:[A-Z][\w.'’-]*[ ]){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Boulevard|Blvd|Lane|Ln|Drive|Dr|Square|Court|Ct|Way|Terrace|Place|Parkway|Highway)\b"
)
_LISTED = re.compile(r"[ ]?[.)\]](?=\s|$)")
_AFTER_SCORE = _words(
    "win wins won victory lead leads loss defeat draw tie decision ruling vote verdict margin record score majority run runs set thrashing rout triumph "
    "split minority home away in at over against to down up on last favourite favorite odds"
)
_BEFORE_SCORE = re.compile(
    r"\b(?:won|win|wins|beat|beats|beaten|lost|lose|loses|lead|leads|led|leading|drew|draw|drawn|defeated|defeat|defeats|trailing|trailed|score|scored|"
    r"victory|ahead|voted|vote|ruled|over|hammered|thrashed|edged|finished|ended|tied|record|series|final|it|for|was|of|at|went|by)\b[^.;\n]{0,40}$"
)


def is_list_number(lowered: str, start: int, end: int) -> bool:
    """Whether the number at ``[start:end]`` opens a line or an item: "2. Vessels", "(3) Asked", "1 ) explains"."""
    if end - start > 3 or not _LISTED.match(lowered, end):
        return False
    if lowered[end : end + 2].lstrip()[:1] == ")" and lowered[start - 1 : start] != "(":
        return "(" not in lowered[max(0, start - 20) : start]
    line = max(0, start - 8)
    opening = lowered[line:start]
    begins = opening.rfind("\n")
    return (begins >= 0 or not line) and not opening[begins + 1 :].strip(" (\t#*•-")


def is_clock(lowered: str, end: int) -> bool:
    """Whether what follows makes the number a time of day."""
    return lowered[end : end + 1] in _CLOCK_FIRST and _CLOCK.match(lowered, end) is not None


def is_address(text: str, start: int, end: int) -> bool:
    """Whether the number is of a house in a street, or a postal code after two capitals: "10 Downing Street", "PA 23456"."""
    if end - start == 5 and text[max(0, start - 3) : start - 1].isupper() and text[start - 3 : start - 1].isalpha():
        return not text[start - 4 : start - 3].isalnum()
    return text[end + 1 : end + 2].isupper() and _STREET.match(text, end) is not None


def is_day_of_month(value: Decimal, before: str, after: str, text_after: str) -> bool:
    """Whether a month stands beside the number: "8 May", "Oct. 7", "may 8"."""
    if not 1 <= value <= 31 or value % 1:
        return False
    if before.rstrip(".") in MONTHS:
        return True
    return after in MONTHS and (
        after not in ("may", "march", "mar", "sep") or text_after.isupper() or before in ("on", "until", "by", "since", "from")
    )


def is_year(digits: str, before: str, is_counted: bool) -> bool:
    """Whether four digits without a separator are a year."""
    if len(digits) != 4 or not digits.isdigit() or not "1500" <= digits <= "2099":
        return False
    if before.rstrip(",.") in _YEAR_BEFORE:
        return True
    return digits >= "1800" and (not is_counted or ("1900" <= digits <= "2039" and digits[2:] != "00"))


def is_label(before: str, is_counted: bool) -> bool:
    """Whether the word before makes the number a name: "Room 12", "no. 1", "flight 370"."""
    word = before[:-1] if before[-1] == "." and before[:-1] in _SHORTENED else before
    if word not in _LABELS:
        return False
    return not is_counted or word not in _SOFT


def is_name(text: str, start: int, before: str, is_counted: bool) -> bool:
    """Whether a capitalised word inside a sentence stands right before a bare number: "the S&P 500", "Gate 5"."""
    word_start = start - 1 - len(before)
    first = text[word_start : word_start + 1]
    if (
        is_counted
        or not first.isupper()
        or text[start - 1 : start] != " "
        or before[-1] in ".,;:!?)—–%'’"
        or before[-2:] in ("'s", "’s")
        or before in _OPENERS
    ):
        return False
    line = text[max(0, word_start - 2) : word_start].rstrip(" ")
    return bool(line) and line[-1] not in '.!?:\n“"' and not text[max(0, word_start - 9) : start].isupper()


# Capitalised in headlines and at the start of sentences, and no names.
_OPENERS = _words(
    "about around some over under nearly almost at least up to more than only just all these those the another and or but for of in on by from with "
    "kills kill killed injures injured leaves left wounds wounded arrests arrested hits tops adds cuts gets wins loses lost charges charged displaces "
    "rescues rescued claims claimed sees takes raises raised falls rises drops gains sheds seizes finds found saves costs dead hurt after "
    "monday tuesday wednesday thursday friday saturday sunday today yesterday"
)


def is_score(before: str, after: str, first: Decimal, second: Decimal) -> bool:
    """Whether "A-B" is a result: "won 3-1", "a 5-4 ruling", "a 7-2 vote"."""
    return (
        first >= second
        or after in _AFTER_SCORE
        or after.removesuffix("s") in _AFTER_SCORE
        or not after
        or _BEFORE_SCORE.search(before) is not None
    )
