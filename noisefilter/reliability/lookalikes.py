"""Numbers that measure nothing: dates, clock times, scores, names, addresses, keys.

Each test looks at the characters beside a number and at the word before it. A number with a currency or a measured unit
is asked only the first test: "Article 5" is a name, "article 5 per cent shorter" is not.
"""

from __future__ import annotations

import re
from decimal import Decimal

from noisefilter.reliability.vocabulary import BEFORE_YEAR, LABELS, MONTHS, OPENERS, SCORES, SHORTENED, SOFT_LABELS, words

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
# The first two characters of what the pattern can match, without the blank before them.
_CLOCK_FIRST = words("am a. pm p. o' o’ oc gm ut ce bs es ed ps pd is hr in th to ye") | {"a ", "p ", "o "}
_STREET = re.compile(
    r"[ ](?:(?:North|South|East|West|[NSEW]\.?)[ ])?(?:[A-Z][\w.'’-]*[ ]){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Boulevard|Blvd|Lane|Ln|Drive|Dr|Square|Court|Ct|Way|Terrace|Place|Parkway|Highway|Close|Crescent|Grove|Gardens|Row|Mews|Quay|Walk|Parade)\b"
)
_LISTED = re.compile(r"[ ]?[.)\]](?=\s|$)")
_LIST_MARKS = frozenset(".)]")
_BEFORE_SCORE = re.compile(
    r"""
    \b(?:won|wins?|beat(?:s|en)?|lost|loses?|leads?|led|leading|drew|drawn?|defeat(?:s|ed)?|trail(?:ing|ed)|scored?|victory|ahead|voted?|ruled|over
      |hammered|thrashed|edged|finished|ended|tied|record|series|final|it|for|was|of|at|went|by)\b[^.;\n]{0,40}$
    """,
    re.VERBOSE,
)


def is_list_number(lowered: str, start: int, end: int) -> bool:
    """Whether the number at ``[start:end]`` opens a line or an item: "2. Vessels", "(3) Asked", "1 ) explains"."""
    at = end + 1 if lowered[end : end + 1] == " " else end
    if end - start > 3 or lowered[at : at + 1] not in _LIST_MARKS or not _LISTED.match(lowered, end):
        return False
    if lowered[end : end + 2].lstrip()[:1] == ")" and lowered[start - 1 : start] != "(":
        return "(" not in lowered[max(0, start - 20) : start]
    line = max(0, start - 8)
    opening = lowered[line:start]
    begins = opening.rfind("\n")
    return (begins >= 0 or not line) and not opening[begins + 1 :].strip(" (\t#*•-")


def is_clock(lowered: str, end: int) -> bool:
    """Whether what follows makes the number a time of day."""
    at = end + 1 if lowered[end : end + 1] == " " else end
    return (lowered[at : at + 2] in _CLOCK_FIRST or lowered[end : end + 1] == ":") and _CLOCK.match(lowered, end) is not None


def is_address(text: str, start: int, end: int) -> bool:
    """Whether the number is of a house in a street, or a postal code after two capitals: "10 Downing Street", "PA 23456"."""
    if end - start == 5 and text[max(0, start - 3) : start - 1].isupper() and text[start - 3 : start - 1].isalpha():
        return not text[start - 4 : start - 3].isalnum()
    return text[end + 1 : end + 2].isupper() and _STREET.match(text, end) is not None


_DAYS = re.compile(rf"[ ]?(?:-|–|to|and|or|until)[ ]?[0-9]{{1,2}}(?:st|nd|rd|th)?[ ](?:{'|'.join(sorted(MONTHS))})\b")
# The first two characters of what the pattern can match; after a dash anything may come.
_MAY_JOIN = frozenset((" -", " –", " t", " a", " o", " u"))
_CLOSED = re.compile(r"[.,;:!?)\n”\"]|$|[ ](?:on|in|this|and|until|to|the|last|yesterday|today|tomorrow)\b")


# "put the number of dead at eleven" is no hour. Characters: the words that may stand between.
_LEVEL = re.compile(
    r"\b(?:put|stood|stands?|standing|remain(?:s|ed)|estimated|toll|number|rate|index|valued|priced|total|closed|opened|traded)\b"
)
_LEVEL_BACK = 40


def is_days(lowered: str, end: int) -> bool:
    """Whether the number is the first of two days: "13 to 14 August", "6 and 7 October"."""
    return (lowered[end : end + 2] in _MAY_JOIN or lowered[end : end + 1] in "-–") and _DAYS.match(lowered, end) is not None


# "growing at 8 to 10 percent" is no hour, "at 8 to 10 pm" is.
_TO_AMOUNT = re.compile(r"[ ]to[ ][0-9.]+[ ]?(?:%|(?![ap]\.?m|o['’]|gmt)[a-z])")
# "half past eight", and not "in the past eight matches". Characters: the longest of these words.
_PAST = re.compile(r"\b(?:half|quarter|minutes?|five|ten|twenty|[0-9])[ ]past[ ]$")
_PAST_BACK = 20
_MINUTES = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d")


def is_hour(lowered: str, start: int, end: int, value: Decimal, before: str) -> bool:
    """Whether the number is an hour: "at six", "half past eight", "0800 hours", "at 21.56", "it was 20.41 when"."""
    if before == "was":
        return lowered.startswith("it was ", max(0, start - 7)) and _MINUTES.fullmatch(lowered, start, end) is not None
    if before != "at" and before != "past" and lowered[start] != "0":
        return False
    written = lowered[start:end]
    if written[0] == "0" and len(written) == 4 and lowered.startswith(" hour", end):
        return True
    if before == "past":
        return 1 <= value <= 12 and _PAST.search(lowered, max(0, start - _PAST_BACK), start) is not None
    if (
        before != "at"
        or _TO_AMOUNT.match(lowered, end)
        or not _CLOSED.match(lowered, end)
        or _LEVEL.search(lowered, max(0, start - _LEVEL_BACK), start)
    ):
        return False
    minutes = written.partition(".")[2]
    return 1 <= value < 24 and minutes < "60" and len(minutes) == 2 if minutes else 1 <= value <= 12 and not value % 1


def is_day_of_month(value: Decimal, before: str, after: str, text_after: str) -> bool:
    """Whether a month stands beside the number: "8 May", "Oct. 7", "may 8"."""
    is_after = before in MONTHS or (before[-1:] == "." and before.rstrip(".") in MONTHS)
    if not (is_after or after in MONTHS) or not 1 <= value <= 31 or value % 1:
        return False
    # "may" and "march" are verbs, too, unless they are capitalised or a date is expected.
    return (
        is_after or after not in ("may", "march", "mar", "sep") or text_after.isupper() or before in ("on", "until", "by", "since", "from")
    )


def is_date(lowered: str, text: str, start: int, end: int, value: Decimal, before: str, after: str, is_counted: bool) -> bool:
    """Whether the number is a day, the first of two days, or a year."""
    if is_day_of_month(value, before, after, text[end + 1 : end + 2]) or is_days(lowered, end):
        return True
    return end - start == _YEAR_DIGITS and is_year(lowered[start:end], before, is_counted)


_YEAR_DIGITS = 4


def is_year(digits: str, before: str, is_counted: bool) -> bool:
    """Whether four digits without a separator are a year."""
    if len(digits) != _YEAR_DIGITS or not digits.isdigit() or not "1500" <= digits <= "2199":
        return False
    if before.rstrip(",.") in BEFORE_YEAR or before.rstrip(",.") in MONTHS:
        return digits <= "2099" or not is_counted
    return "1800" <= digits <= "2099" and (not is_counted or ("1900" <= digits <= "2039" and digits[2:] != "00"))


_ERA = re.compile(r"(?:(?:[ ](?:and|to)[ ]|[-–])[0-9,]{1,7})?[ ](?:BCE?|AD|CE)\b")
_DIALLED = re.compile(r"0[0-9]{2,}(?:[ -][0-9]{2,4}){0,4}\b(?![.,][0-9])")
_COUNTED_NAME = re.compile(
    r"(?:^|[ ])(?:[0-9]{1,3}(?:,[0-9]{3})*|two|three|four|five|six|seven|eight|nine|ten|dozen)[ ]"
    r"(?:[A-Z][\w-]{0,15}[ ])(?:[A-Z0-9][\w-]{0,15}[ ]){0,3}$"
)
# Characters: enough for a number and four words of a name.
_NAME_BACK = 60


def key_end(text: str, start: int, end: int) -> int:
    """Where years of an era or a telephone number end that begin with the number: "3000 and 1000 BC", "0800 555 0142"; 0 for none."""
    found = _ERA.match(text, end) or (_DIALLED.match(text, start) if text[start] == "0" else None)
    return found.end() if found else 0


def is_model(text: str, start: int) -> bool:
    """Whether the number before `start` belongs to the name of what another one counts: "14 Challenger 2 tanks"."""
    return text[start - 2 : start - 1].isalnum() and _COUNTED_NAME.search(text, max(0, start - _NAME_BACK), start) is not None


def is_label(before: str, is_counted: bool) -> bool:
    """Whether the word before makes the number a name: "Room 12", "no. 1", "flight 370"."""
    word = before.lstrip("([")
    word = word[:-1] if word[-1:] == "." and word[:-1] in SHORTENED else word
    if word not in LABELS:
        return False
    return not is_counted or word not in SOFT_LABELS


def is_name(text: str, start: int, before: str, is_counted: bool) -> bool:
    """Whether a capitalised word inside a sentence stands right before a bare number: "the S&P 500", "Gate 5"."""
    at = start - 1 - len(before)
    name = text[at : at + len(before)]
    if is_counted or name.islower() or not name[:1].isalpha() or text[start - 1 : start] != " " or before in OPENERS:
        return False
    if before[-1] in ".,;:!?)—–%'’" or before[-2:] in ("'s", "’s"):
        return False
    line = text[max(0, at - 2) : at].rstrip(" ")
    return bool(line) and line[-1] not in '.!?:\n“"' and not text[max(0, at - 9) : start].isupper()


def is_score(before: str, after: str, first: Decimal, second: Decimal) -> bool:
    """Whether "A-B" is a result: "won 3-1", "a 5-4 ruling", "a 7-2 vote"."""
    return first >= second or after in SCORES or after.removesuffix("s") in SCORES or not after or _BEFORE_SCORE.search(before) is not None


# Words after which a number in words is a name, too: "phase two", "type one".
NUMBERED = words(
    "category phase type chapter article formula channel day week round game page room gate line act part stage level item step fact"
)
