"""The unit beside a number: a currency before it, a unit after it, a denominator after that.

Reads the table of units.py off the lower-cased text. What is looked at is bounded: one symbol or code before the number,
at most three words after it, and at most six for "tons of copper cathode a year".
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from noisefilter.reliability.counted import is_plural
from noisefilter.reliability.numerals import POWERS
from noisefilter.reliability.units import CURRENCIES, CURRENCY_SYMBOLS, GLUED_ONLY, RATE_ADVERBS, RATE_NOUNS, RATE_WORDS, WRITTEN
from noisefilter.reliability.vocabulary import STOP, words


class UnitAfter(NamedTuple):
    """What follows a number: unit name or "", where it ends, a further power of ten, the next word; `is_key` for "24703L202"."""

    name: str
    end: int
    power: int = 0
    word: str = ""
    is_key: bool = False


SYMBOLS = frozenset(symbol for symbol in CURRENCY_SYMBOLS if len(symbol) == 1)
SYMBOL = "[" + "".join(sorted(SYMBOLS)) + "]"
PERIODS = frozenset(("second", "minute", "hour", "day", "night", "week", "fortnight", "month", "year", "decade", "century"))
# Which dollar: letters before the sign. A single a, r or s must touch it, or "a $5 fee" would be Australian.
_DOLLAR = re.compile(r"(?<![a-z])(us|u\.s\.|u\.s|usd|c|ca|cad|can|au|aud|nz|nzd|hk|hkd|sg|nt|mex|mx|mxn|(?:a|s|r)(?=\$))[ ]?\$$")
_BEFORE_DOLLAR = frozenset(" .abcdghiklmnoprstuxz")
# Codes and words that may stand before an amount even in lower case; other codes only in capitals.
_PREFIXES = words("usd eur gbp rmb inr chf rs rs. rm jpy cny cad aud dollar sen kr")
# Every code or word that may stand before an amount.
CODES = frozenset(CURRENCY_SYMBOLS) | {"dollar"}
# Below this, "won" is the verb: no sum of news value is smaller (100,000 won are 70 dollars).
_WON = Decimal(100000)
_CODE_MILLION = re.compile(r"[ ](million|billion|trillion|crore|lakh)\b")  # 75 USD million
_MILLION_CODE = re.compile(r"m(usd|eur|gbp|aud|cad|chf|sek|nok|dkk)\b")  # 30 MUSD

# The word after a number: what stands between, then a unit, a symbol or a plain word.
_TOKEN = re.compile(
    rf"""
    (?P<gap>[ \u00a0\u202f]?(?:[-‐‑][ ]?)?[(\[{{<]?)
    (?P<word>
        [°º][ ]?(?:[cf]\b|celsius|fahrenheit)?                       # 30 °C
      | [%‰﹪％×″µμ][a-z]*
      | ["”](?=[ ](?:long|wide|tall|high|deep|thick)\b)              # 10" long
      | {SYMBOL}(?![ ]?[0-9])                                        # 10 $, but not "10 $5 bills"
      | [a-z\u00df-\u024f]+(?:['’][a-z]+)?[23²³]?(?:\.(?=[ ]?m\b))?  # km2
    )
    """,
    re.VERBOSE,
)
_MORE = re.compile(r"[ -]([a-z]+)")
# First word of a written unit → how many words may follow it.
_FIRSTS: dict[str, int] = {}
for _form in WRITTEN:
    _first = _form.partition(" ")[0]
    _FIRSTS[_first] = max(_FIRSTS.get(_first, 0), _form.count(" "))
_DEGREES = {"c": "celsius", "f": "fahrenheit"}
_AGE = re.compile(r"[ -](?:olds?\b|of[ ]age\b)")
_YEARS_OLD = frozenset(("yo", "y.o"))
# "m", "k", "b" and "t" against a number: a magnitude when money or a plural follows.
_LETTER_POWERS = {"m": 6, "k": 3, "b": 9, "t": 12}
# "1.2m sq ft" are millions.
_POWERS_OF_LENGTH = frozenset(("sq", "square", "cu", "cubic"))
_RUNS = frozenset(("run", "race", "walk", "runner", "runners", "event"))
# Lines of a screen: "1080p" is no price.
_SHARP = frozenset(map(Decimal, (2, 4, 8)))
_SCREENS = frozenset(map(Decimal, (240, 360, 480, 720, 1080, 1440, 2160)))

_RATE = re.compile(
    r"""
    (?:[ ]of[ ](?:[a-z]+[ ]){0,2}?[a-z]+)?                           # tons of copper cathode a year
    (?:
        [ -]an?[ -](?P<a>[a-z]+)(?![ ](?:earlier|ago|later|before|after|old|from|apart|on)\b)
      | [ ](?:each|every|in[ ]a|in[ ]an)[ ](?P<every>[a-z]+)
      | [ -]per[ -](?P<per>[a-z]+)
      | /[ ]?(?P<slash>[a-z]+)
      | [ ](?P<adverb>hourly|daily|nightly|weekly|monthly|quarterly|yearly|annually|apiece)\b(?![ ][a-z]+s\b)
    )
    """,
    re.VERBOSE,
)
# The first four characters of what the pattern can match; after "a" and a slash anything may come.
_FIRST_OF_RATE = frozenset((" of ", " an ", " an-", "-an ", "-an-", " eac", " eve", " in ", " per", "-per"))
_FIRST_OF_RATE |= frozenset((" hou", " dai", " nig", " wee", " mon", " qua", " yea", " ann", " api"))
_ARTICLES = frozenset((" a ", " a-", "-a ", "-a-"))


def currency_before(text: str, lowered: str, start: int, reached: int) -> tuple[str, int]:
    """The currency written before the number at `start`, not before `reached`, and where it begins; "" where there is none.

    >>> currency_before("a C$ 300 fee", "a c$ 300 fee", 5, 0)
    ('canadian dollar', 2)
    """
    at = start - 1
    if at > 0 and lowered[at] in " \u00a0":
        at -= 1
    if at < reached:
        return "", start
    symbol = lowered[at]
    if symbol in SYMBOLS:
        if symbol == "$" and at and lowered[at - 1] in _BEFORE_DOLLAR:
            dollar = _DOLLAR.search(lowered, max(0, at - 6), at + 1)
            if dollar and dollar.start() >= reached:
                return CURRENCY_SYMBOLS.get(dollar[1].replace(".", "") + "$", "dollar"), dollar.start()
        return CURRENCY_SYMBOLS[symbol], at
    if not symbol.isalpha() and symbol != ".":
        return "", start
    return _code_before(text, lowered, at + 1, reached) or ("", start)


# Characters. The longest code before an amount, "dollar".
_LONGEST_CODE = 6


def _code_before(text: str, lowered: str, end: int, reached: int) -> tuple[str, int] | None:
    """The currency code that ends at `end`: "USD", "Rs", "rmb"; rarer ones only in capitals."""
    code = lowered[max(reached, end - _LONGEST_CODE - 1) : end].replace("\n", " ").rpartition(" ")[2].lstrip('(“"')
    if code == "dollar":
        return "dollar", end - len(code)
    if code not in CURRENCY_SYMBOLS or code[-1].isdigit():
        return None
    at = end - len(code)
    return (CURRENCY_SYMBOLS[code], at) if code in _PREFIXES or text[at:end].isupper() else None


def is_code_before(lowered: str, start: int) -> bool:
    """Whether the letters against a number are a currency code: "USD115", "Rs500"."""
    for length in (2, 3):
        code = lowered[max(0, start - length) : start]
        if code in _PREFIXES and not lowered[max(0, start - length - 1) : start - length].isalnum():
            return True
    return False


def unit_after(text: str, lowered: str, end: int, value: Decimal, is_money: bool) -> UnitAfter:
    """The unit that follows the number that ends at `end`.

    >>> unit_after("5 km away", "5 km away", 1, Decimal(5), False)
    UnitAfter(name='kilometre', end=4, power=0, word='km', is_key=False)
    """
    token = _TOKEN.match(lowered, end)
    if token is None:
        return UnitAfter("", end)
    (gap, word), stop = token.groups(), token.end()
    if word in _LETTER_POWERS and (not gap or is_money) and (is_money or value not in _SHARP or text[end:stop] != "K"):
        power = _LETTER_POWERS[word] if is_money else _letter_power(text, lowered, stop, word)
        if power:
            after = unit_after(text, lowered, stop, value, is_money)
            return after._replace(power=power, word=after.word or "-")
    special = _special_unit(text, word, stop, value)
    if special:
        return UnitAfter(special, stop, 0, word)
    name, stop = _known(lowered, word, stop, gap)
    if name in CURRENCIES:
        return _money_after(lowered, name, word, stop, end, gap)
    if name in PERIODS and (age := _AGE.match(lowered, stop)):
        return UnitAfter(f"{name} of age", age.end(), 0, word)
    if not gap:
        return _touching(text, lowered, name, word, stop, value)
    if not name:
        return _odd_unit(word, stop, end)
    return UnitAfter("", end, 0, "-") if lowered[stop : stop + 1].isdigit() else UnitAfter(name, stop, 0, word)


def _special_unit(text: str, word: str, stop: int, value: Decimal) -> str:
    """Units that the amount or a capital tells from another word: "100,000 won", "320 Nm"; else ""."""
    if word == "won" and value >= _WON:
        return "won"
    return "newton metre" if word == "nm" and text[stop - 2] == "N" else ""


def _touching(text: str, lowered: str, name: str, word: str, stop: int, value: Decimal) -> UnitAfter:
    """A word written against the number: a unit, or what makes it a key ("24703L202", "1990s", "5G", "1080p")."""
    if not name:
        odd = _odd_unit(word, stop, stop)
        return odd if odd.name or not word[0].isalpha() else UnitAfter("", stop, 0, word, True)
    is_key = (
        word == "s"
        or (value in _SHARP and text[stop - 1] == "K")
        or (word == "st" and value % 10 == 1 and value % 100 != 11)
        or lowered[stop : stop + 1].isdigit()
        or (word in ("g", "d", "p") and (text[stop - 1].isupper() or value in _SCREENS))
    )
    return UnitAfter(name, stop, 0, word, is_key)


def _odd_unit(word: str, stop: int, end: int) -> UnitAfter:
    """ "87 yo", "30 MUSD", or no unit."""
    if word in _YEARS_OLD:
        return UnitAfter("year of age", stop, 0, word)
    code = _MILLION_CODE.match(word) if word[0] == "m" else None
    return UnitAfter(CURRENCY_SYMBOLS[code[1]], stop, 6, word) if code else UnitAfter("", end, 0, word)


def _money_after(lowered: str, name: str, word: str, stop: int, end: int, gap: str) -> UnitAfter:
    """A currency after the number, unless it belongs to the next one: "3 USD50 cards"; "75 USD million"."""
    if lowered[stop : stop + 1].isdigit():
        return UnitAfter("", end, 0, "-", not gap)
    million = _CODE_MILLION.match(lowered, stop) if word in CURRENCY_SYMBOLS else None
    return UnitAfter(name, million.end(), POWERS[million[1]], word) if million else UnitAfter(name, stop, 0, word)


def _letter_power(text: str, lowered: str, stop: int, letter: str) -> int:
    """The power of ten of "m", "k", "b", "t" after a number without a currency, or 0 where the letter is a unit."""
    following = _MORE.match(lowered, stop)
    word = following[1] if following else "-"
    if letter == "k" and word in _RUNS:
        return 0
    is_counted = word in WRITTEN or word in _POWERS_OF_LENGTH or (is_plural(word) and word not in STOP)
    if letter == "m":
        return 6 if is_counted or text[stop - 1] == "M" else 0
    return _LETTER_POWERS[letter] if letter == "k" or is_counted else 0


def _known(lowered: str, word: str, stop: int, gap: str) -> tuple[str, int]:
    """The unit that begins with `word`, the longest first, or ""."""
    more = _FIRSTS.get(word)
    if more is None:
        if word in '"”':
            return "inch", stop
        if word[0] in "°º":
            return _DEGREES.get(word[1:].strip()[:1], "degree"), stop
        return CURRENCY_SYMBOLS.get(word, "") if word in SYMBOLS else "", stop
    if more and (longer := _longer(lowered, word, stop, more)):
        return longer
    is_initial = len(word) == 1 and word.isalpha() and lowered[stop : stop + 1] in (("'", "’") if word in "mglh" else ("'", "’", "."))
    if gap and (is_initial or (word in GLUED_ONLY and gap[-1] not in "([")):
        return "", stop
    return WRITTEN.get(word, ""), stop


def _longer(lowered: str, word: str, stop: int, more: int) -> tuple[str, int] | None:
    """The longest unit of several words: "square metres", "degrees Celsius"."""
    form, longest = word, None
    for _ in range(more):
        following = _MORE.match(lowered, stop)
        if not following:
            break
        stop = following.end()
        form = f"{form} {following[1]}"
        if form in WRITTEN:
            longest = WRITTEN[form], stop
    return longest


def with_rate(lowered: str, stop: int, unit: str) -> tuple[str, int]:
    """The unit with its denominator, and where that ends: "dollar per share", "barrel per day".

    >>> with_rate("$5 a share", 2, "dollar"), with_rate("$5 a year earlier", 2, "dollar")
    (('dollar per share', 10), ('dollar', 2))
    """
    first = lowered[stop : stop + 4]
    if first not in _FIRST_OF_RATE and first[:3] not in _ARTICLES and first[:1] != "/":
        return unit, stop
    match = _RATE.match(lowered, stop)
    if not match:
        return unit, stop
    noun, end = match[match.lastgroup or 0], match.end()
    if match.lastgroup in ("per", "slash"):
        more = _MORE.match(lowered, end)
        if more and f"{noun} {more[1]}" in WRITTEN:
            noun, end = f"{noun} {more[1]}", more.end()
        noun = RATE_WORDS.get(noun, noun)
    elif match.lastgroup == "adverb":
        noun = RATE_ADVERBS[noun]
    elif noun not in RATE_NOUNS or (match.lastgroup == "every" and unit in PERIODS):
        return unit, stop
    if match.lastgroup == "slash" and not unit:
        return unit, stop
    return f"{unit} per {WRITTEN.get(noun, noun)}".strip(), end
