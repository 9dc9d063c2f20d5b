"""Text → quantities: numbers that count or measure something, with unit, bounds and place.

The method is a cheap scan for numerals (numerals.py) and then a look at the neighbourhood of each: a currency before it, a
unit or the counted words after it, "to" or "-" and a second numeral, "a week" or "per share", and the words that bound it
(modifiers.py). Numbers that measure nothing, such as dates, names and scores, are left out (lookalikes.py). There is no
parsing and no model; what a number counts is the run of words up to the first plural. Linear in the length of the text.

A share in words ("a third of", "nine in ten") is read as per cent; a change in a word ("doubled") as the change in per cent.
Ordinals are read apart, by `read_ordinals`.
"""

from __future__ import annotations

from noisefilter.reliability.vocabulary import words as _words

import re
from dataclasses import replace
from decimal import Decimal

from noisefilter.records import Quantity
from noisefilter.reliability import lookalikes, modifiers
from noisefilter.reliability.numerals import POWERS, SMALL, Numeral, find_numerals, lower
from noisefilter.reliability.units import (
    BASES, CURRENCIES, CURRENCY_SYMBOLS, GLUED_ONLY, RATE_ADVERBS, RATE_NOUNS, RATE_WORDS, UNITS, WRITTEN,
)  # fmt: skip


def read_quantities(text: str) -> list[Quantity]:
    """Find the measured numbers in a text, in order of appearance.

    >>> [q.text for q in read_quantities("Sales rose 12.5 % to €3.4 bn in 2021.")]
    ['12.5 %', '€3.4 bn']
    >>> [(str(q.low), q.high, q.unit) for q in read_quantities("At least 12 civilians were killed.")]
    [('12', None, 'civilian')]
    >>> read_quantities("See page 12 of section 3.")
    []
    """
    lowered = lower(text)
    numerals = find_numerals(lowered)
    found: list[Quantity] = []
    reading = _Reading(text, lowered, numerals)
    count = len(numerals)
    while reading.index < count:
        quantity = reading.read()
        if quantity is not None:
            found.append(quantity)
    return found


# Characters before a number that are looked at: enough for the longest modifier and two words more.
_BACK = 48
_SYMBOLS = frozenset(symbol for symbol in CURRENCY_SYMBOLS if len(symbol) == 1)
_SYMBOL = "[" + "".join(sorted(_SYMBOLS)) + "]"
_DOLLAR = re.compile(r"(?<![a-z])(us|u\.s\.|u\.s|usd|c|ca|cad|can|au|aud|nz|nzd|hk|hkd|sg|nt|mex|mx|mxn|(?:a|s|r)(?=\$))[ ]?\$$")
# Codes and words that may stand before an amount even in lower case; other codes only in capitals.
_PREFIXES = _words("usd eur gbp rmb inr chf rs rs. rm jpy cny cad aud dollar sen kr")
_WON = Decimal(100000)  # Below this, "won" is the verb: no sum of news value is smaller (100,000 won are 70 dollars).
_CODE_MILLION = re.compile(r"[ ](million|billion|trillion|crore|lakh)\b")
_MILLION_CODE = re.compile(r"m(usd|eur|gbp|aud|cad|chf|sek|nok|dkk)\b")

# The word after a number: what stands between, then a unit, a symbol or a plain word.
_TOKEN = re.compile(
    rf"""
    (?P<gap>[ \u00a0\u202f]?(?:[-‐‑][ ]?)?[(\[{{<]?)
    (?P<word>
        [°º][ ]?(?:[cf]\b|celsius|fahrenheit)?                     # 30 °C
      | [%‰﹪％×″µμ][a-z]*
      | ["”](?=[ ](?:long|wide|tall|high|deep|thick)\b)             # 10" long
      | {_SYMBOL}(?![ ]?[0-9])                                     # 10 $, but not "10 $5 bills"
      | [a-z\u00df-\u024f]+(?:['’][a-z]+)?[23²³]?(?:\.(?=[ ]?m\b))?  # km2
    )
    """,
    re.VERBOSE,
)
_MORE = re.compile(r"[ -]([a-z]+)")
_WORD = re.compile(r"[ ]([a-z\u00df-\u024f][a-z\u00df-\u024f'’-]*)")
_KEY = re.compile(r"[\w]*(?:[./:@_–-]\w+)*")
_FIRSTS: dict[str, int] = {}
for _form in WRITTEN:
    _first, _, _rest = _form.partition(" ")
    _FIRSTS[_first] = max(_FIRSTS.get(_first, 0), _form.count(" "))
_DEGREES = {"c": "celsius", "f": "fahrenheit"}
_TIMES = frozenset(("second", "minute", "hour", "day", "night", "week", "fortnight", "month", "year", "decade", "century"))
_AGE = re.compile(r"[ -](?:olds?\b|of[ ]age\b)")
_YEARS_OLD = frozenset(("yo", "y.o", "y/o", "yr-old"))
# "m", "k", "b" and "t" against a number: a magnitude when money or a plural follows.
_LETTER_POWERS = {"m": 6, "k": 3, "b": 9, "t": 12}

_RATE = re.compile(
    r"""
    (?:[ ]of[ ](?:[a-z]+[ ]){0,2}?[a-z]+)?                       # tons of copper cathode a year
    (?:
        [ -]an?[ -](?P<a>[a-z]+)(?![ ](?:earlier|ago|later|before|after|old|from|apart|on)\b)
      | [ ](?:each|every|per|in[ ]a|in[ ]an)[ ](?P<every>[a-z]+)
      | [ -]per[ -](?P<per>[a-z]+)
      | /[ ]?(?P<slash>[a-z]+)
      | [ ](?P<adverb>hourly|daily|nightly|weekly|monthly|quarterly|yearly|annually|apiece)\b(?![ ][a-z]+s\b)
    )
    """,
    re.VERBOSE,
)
_MAY_RATE = frozenset(" -/")

# Words that end the run of what is counted.
_STOP = _words(
    "of in on at to for from by with as into onto over under after before since until till during per via about against between among through "
    "across around along above below within without toward towards beyond despite behind near off out up down upon than and or but nor while when "
    "because if that which who whose whom where is are was were be been being am has have had having do does did will would can could may might must "
    "shall should a an the this these those his her its their our my your it he she they we i you him them us himself both each every no not also "
    "just so then now later earlier ago away too still already again yet ahead apart only even almost nearly least said says told say rose fell "
    "came went got made took gave saw won lost left led held ended began voted died fled remain remained became become include including included "
    "versus vs plus minus compared according following there here how what why whether either neither such like unlike against last next early late "
    "today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday january february march april june july august september "
    "october november december long tall wide deep high thick heavy due amid per once twice"
)
_MASS = _words(
    "people men women children police staff crew aircraft cattle sheep fish deer species troops personnel headquarters geese teeth feet mice spacecraft "
    "shrimp salmon trout offspring youth infantry cavalry livestock poultry swine buffalo bison pence media data criteria head dead injured wounded "
    "killed missing hurt arrested hospitalised hospitalized detained folk folks clergy gentry salespeople townspeople policemen policewomen "
    "firemen fishermen gunmen businessmen congressmen servicemen spokesmen seamen horsemen craftsmen postmen workmen countrymen sportsmen "
    "frenchmen englishmen irishmen schoolchildren grandchildren"
)
# Adjectives that stand alone for people: "seven dead", "41 injured".
_PEOPLE = _words("dead killed injured wounded hurt missing arrested detained hospitalised hospitalized displaced unaccounted")
_NOT_PLURAL = _words(
    "was his as this is has its across plus versus always perhaps besides less unless does us thus yes previous various famous"
)
# "one" before these is a pronoun or part of a phrase.
_ONE_AFTER = _STOP | _words("another more less thing other by-one off who'd can't hundredth")
_ONE_BEFORE = _words(
    "no this each every any some which number day square the only other another phase chapter just-the former latter round at"
)
_ADJECTIVE = re.compile(r"(?:al|ic|ive|ous|ish|ed|ian|ese|ary|ful|able|ible|ern|less|est|ent|ant|ing|ior|ist)$|^(?:new|old|big|small|large|young|more|"
                        r"other|major|single|good|bad|top|key|local|senior|former|white|black|free|full|long|short|high|low)$")  # fmt: skip
_OF_THEM = re.compile(
    r"[ ]of[ ](?:(?:the|its|his|her|their|our|these|those|all|every|them|which|whom)[ ]?)*(?:[0-9][0-9,]*[ ]|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen)[ ])?"
)
_JOIN = re.compile(
    rf"[ \u00a0]?(?:[-–—−‐‑]|\bto\b|\band\b|\bor\b|÷)[ \u00a0]?(?:(?:about|around|nearly|almost|maybe|even|perhaps|as[ ]many[ ]as)[ ])?(?:us)?{_SYMBOL}?[ ]?[-−]?"
)
_SHARE = re.compile(r"[ ](?:([a-z]+)[ ])?(in|out[ ]of)[ ](?:every[ ])?")
_CHANGE = re.compile(
    r"\b(?:from|rose|rise|rises|risen|fell|fall|falls|fallen|up|down|grew|grown|increased?|decreased?|dropped|drop|cut|climbed|jumped|gained|lost|raised?|"
    r"lowered|slipped|slid|surged|sank|soared|declined?|went|improved|narrowed|widened|advanced?|changed)\b"
)
_CASUALTY_AFTER = re.compile(
    r"(?:[ ][a-z]+){0,5}?[ ](?:hurt|injured|killed|dies|died|dead|harmed|wounded|arrested|hospitali[sz]ed|missing|survived|affected|charged|detained)\b"
)
_CASUALTY_BEFORE = _words("killed killing injured injuring hurt wounded wounding left harmed harming arrested arresting")
_SUBUNITS = frozenset(("cent", "penny", "sen", "satoshi", "euro cent", "paisa"))
_HMS = re.compile(r":([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]+)?))?(?![0-9:])")


_LAPSE_UNIT = re.compile(r"[ ](?:hours?|minutes?|mins?|hrs?)\b")
_RACED = _words("in took clocked timed ran clocking timing finished")
_LINES = frozenset(map(Decimal, (240, 360, 480, 720, 1080, 1440, 2160)))  # of a screen: "1080p"
_SMALLER = {"hour": ("minute", 60), "minute": ("second", 60)}
_AND = (" ", ", ", " and ", ", and ")


class _Reading:
    """One pass over the numerals of a text; `index` is the numeral that is read next, `reached` how far the text is used up."""

    __slots__ = ("index", "lapse", "lowered", "numerals", "reached", "text")

    def __init__(self, text: str, lowered: str, numerals: list[Numeral]) -> None:
        self.text, self.lowered, self.numerals = text, lowered, numerals
        self.index = self.reached = 0
        self.lapse: tuple[int, int, Decimal] | None = None

    def read(self) -> Quantity | None:
        """The quantity of the next numeral, or None; moves on in any case."""
        numeral = self.numerals[self.index]
        self.index += 1
        start, end, value, kind = numeral
        if start < self.reached:
            return None
        if kind != "digits":
            return self._worded(numeral)
        beside = self.lowered[start - 1] if start else " "
        after = self.lowered[end : end + 1]
        if beside not in " \n\t(" or after not in " .,\n)%":
            fitted = self._glued(start, end, value, beside, after)
            if fitted is None:
                return self._lapsed() if self.lapse else None
            start, end, value = fitted
        elif after == "." and self.lowered[end + 1 : end + 2].isdigit():
            return self._skip(end)
        return self._measured(start, end, value, kind)

    def _skip(self, end: int) -> None:
        """Pass over the rest of a key, such as a version or a telephone number."""
        match = _KEY.match(self.lowered, end)
        self.reached = match.end() if match else end

    def _worded(self, numeral: Numeral) -> Quantity | None:
        """Read a number word that is more than a word for a number."""
        start, end, value, kind = numeral
        if start and (self.lowered[start - 1] in "-‑_/'’" or self.lowered[end : end + 1] == "_"):
            return None
        if kind == "change":
            return self._changed(start, end, value)
        if kind == "zero":
            return self._nobody(start, end)
        if kind == "twice":
            return self._build(start, end, value, value, value, "exact", "times")
        if kind == "share":
            words = self._words_before(start)
            following, end_after = modifiers.modifier_after(self.lowered, end)
            modifier = modifiers.modifier_before(words, "%")
            return self._bounded(start, end_after, value, following if modifier == "exact" else modifier, "%")
        return self._measured(start, end, value, kind)

    def _changed(self, start: int, end: int, value: Decimal) -> Quantity | None:
        """ "doubled", "halved", "in half": a change in per cent."""
        word = self.lowered[start:end]
        before = self._words_before(start)
        if word == "doubles" and before[-1:] and before[-1] in ("the", "women's", "men's", "mixed", "in"):
            return None
        modifier = modifiers.modifier_before(before, "%")
        return self._bounded(start, end, value, modifier, "% decrease" if word[:2] == "ha" else "% increase")

    def _nobody(self, start: int, end: int) -> Quantity | None:
        """ "nobody", "no one", "none", "no injuries": nought, where harm to people is spoken of."""
        word = self.lowered[start:end]
        before = self._words_before(start)
        if word == "not a single" or word.startswith("no ") and word != "no one":
            counted = (
                word[3:]
                if word[3:] in ("deaths", "injuries", "casualties", "fatalities", "arrests", "victims")
                else self._counted(end, Decimal(1))[0]
            )
            return self._build(start, end, Decimal(0), Decimal(0), Decimal(0), "exact", counted)
        if (before and (before[-1] in _CASUALTY_BEFORE or (word == "none" and before[-1][-1] == ":"))) or _CASUALTY_AFTER.match(
            self.lowered, end
        ):
            return self._build(start, end, Decimal(0), Decimal(0), Decimal(0), "exact", "people")
        return None

    def _glued(self, start: int, end: int, value: Decimal, beside: str, after: str) -> tuple[int, int, Decimal] | None:
        """Judge the characters that touch a number; None when they make it part of a key."""
        lowered = self.lowered
        if beside.isalnum() or beside in "_/#@=&\\:,":
            if not self._code_before(start):
                self._skip(end)
                return None
        elif beside == ".":
            if start > 1 and (lowered[start - 2].isalnum() or lowered[start - 2] == "."):
                self._skip(end)
                return None
            start, value = start - 1, value.scaleb(start - end) if lowered[start:end].isdigit() else value
        elif beside in "-–−‑":
            before = lowered[start - 2] if start > 1 else " "
            if before.isalnum() or before in "-–.":
                self._skip(end)
                return None
            start, value = start - 1, -value
        elif beside in "'’" and end - start == 2 and not after.isspace():
            return None
        elif beside == "[" and after == "]":
            return None
        if after in ("/", "@", "_", "\\") and lowered[end + 1 : end + 2].isalnum() and not (after == "/" and lowered[end + 1].isalpha()):
            self._skip(end)
            return None
        return (start, end, value) if after != ":" else self._time(start, end, value)

    def _time(self, start: int, end: int, value: Decimal) -> tuple[int, int, Decimal] | None:
        """Pass over clock times and ratios; a colon before a space is only punctuation."""
        if not self.lowered[end + 1 : end + 2].isdigit():
            return start, end, value
        clock = _HMS.match(self.lowered, end)
        if clock and end - start <= 3 and value % 1 == 0 and not lookalikes.is_clock(self.lowered, clock.end()):
            words = self._words_before(start)
            before = words[-1] if words else "\n"
            if clock[2] and before not in ("at", "\n", "from", "until", "by", "since"):
                self.lapse = (start, clock.end(), (value * 60 + Decimal(clock[1])) * 60 + Decimal(clock[2]))
            elif not clock[2] and (value >= 24 or before in _RACED) and before not in ("at", "\n"):
                self.lapse = (start, clock.end(), value * 60 + Decimal(clock[1]))
        self._skip(end)
        return None

    def _lapsed(self) -> Quantity:
        """ "in 2:17:42", "68:21 minutes": a time taken, in seconds."""
        start, end, value = self.lapse or (0, 0, Decimal(0))
        self.lapse = None
        unit = _LAPSE_UNIT.match(self.lowered, end)
        modifier = modifiers.modifier_before(self._words_before(start), "second")
        return self._bounded(start, unit.end() if unit else end, value, modifier, "second")

    def _code_before(self, start: int) -> bool:
        """Whether the letters against a number are a currency code: "USD115", "Rs500"."""
        for length in (2, 3):
            code = self.lowered[max(0, start - length) : start]
            if code in _PREFIXES and not self.lowered[max(0, start - length - 1) : start - length].isalnum():
                return True
        return False

    def _words_before(self, start: int) -> list[str]:
        """The words of the same line before `start`, as far as they matter and are not part of the quantity before."""
        before = self.lowered[max(0, start - _BACK) : start]
        line = before.rfind("\n")
        return before[line + 1 :].split()

    def _currency(self, start: int, words: list[str]) -> tuple[str, int]:
        """The currency before a number and where it begins, or ""."""
        lowered = self.lowered
        at = start - 1
        if at > 0 and lowered[at] in " \u00a0":
            at -= 1
        if at < self.reached:
            return "", start
        if at >= 0 and lowered[at] in _SYMBOLS:
            if lowered[at] == "$" and at and lowered[at - 1] in " .abcdghiklmnoprstuxz":
                dollar = _DOLLAR.search(lowered, max(0, at - 6), at + 1)
                if dollar and dollar.start() >= self.reached:
                    return CURRENCY_SYMBOLS.get(dollar[1].replace(".", "") + "$", "dollar"), dollar.start()
            return CURRENCY_SYMBOLS[lowered[at]], at
        if not words:
            return "", start
        code = words[-1].lstrip('(“"')
        if code[-1:].isdigit() or code not in CURRENCY_SYMBOLS:
            return ("", start) if start == 0 or not lowered[start - 1].isalpha() else self._touching(start)
        at = lowered.rfind(code, 0, start)
        if code in _PREFIXES or self.text[at : at + len(code)].isupper():
            return CURRENCY_SYMBOLS[code] if code != "dollar" else "dollar", at
        return "", start

    def _touching(self, start: int) -> tuple[str, int]:
        """The currency code written against a number."""
        length = 3 if self.lowered[max(0, start - 3) : start] in _PREFIXES else 2
        return CURRENCY_SYMBOLS.get(self.lowered[start - length : start], ""), start - length

    def _unit(self, end: int, is_money: bool, value: Decimal) -> tuple[str, int, int, str]:
        """The unit after a number: its name or "", where it ends, a further power of ten, and the next word as it stands."""
        lowered = self.lowered
        token = _TOKEN.match(lowered, end)
        if token is None:
            return "", end, 0, ""
        gap, word = token["gap"], token["word"]
        stop = token.end()
        if word in _LETTER_POWERS and (not gap or is_money):
            power = self._letter_power(stop, word, is_money)
            if power:
                name, stop, _, after = self._unit(stop, is_money, value)
                return name, stop, power, after or "-"
        name, stop = ("won", stop) if word == "won" and value >= _WON else self._known(word, stop, gap)
        if name in CURRENCIES and word in CURRENCY_SYMBOLS:
            if gap and lowered[stop : stop + 1].isdigit():
                return "", end, 0, ""
            million = _CODE_MILLION.match(lowered, stop)
            if million:
                return name, million.end(), POWERS[million[1]], word
        if not name and gap in ("", " ") and word[0] == "m":
            code = _MILLION_CODE.match(word)
            if code:
                return CURRENCY_SYMBOLS[code[1]], stop, 6, word
        if not name and word in _YEARS_OLD:
            return "year of age", stop, 0, word
        if not gap and word in ("s", "g", "d", "p") and (word == "s" or self.text[stop - 1].isupper() or value in _LINES):
            return "", -1, 0, word
        if not gap and ((not name and word[0].isalpha()) or lowered[stop : stop + 1].isdigit()):
            return "", -1, 0, word
        if lowered[stop : stop + 1].isdigit():
            return "", end, 0, "-"
        if name in _TIMES:
            age = _AGE.match(lowered, stop)
            if age:
                return f"{name} of age", age.end(), 0, word
        return name, stop if name else end, 0, word

    def _letter_power(self, stop: int, letter: str, is_money: bool) -> int:
        """The power of ten of "m", "k", "b", "t" after a number, or 0 where the letter is a unit."""
        if is_money:
            return _LETTER_POWERS[letter]
        following = _MORE.match(self.lowered, stop)
        word = following[1] if following else ""
        if letter == "k" and word in ("run", "race", "walk", "runner", "runners", "event"):
            return 0
        is_counted = word in WRITTEN or word in _MASS or (len(word) > 3 and word[-1] == "s" and word not in _STOP)
        if letter == "m":
            return 6 if is_counted or self.text[stop - 1] == "M" else 0
        return _LETTER_POWERS[letter] if letter == "k" or is_counted else 0

    def _known(self, word: str, stop: int, gap: str) -> tuple[str, int]:
        """The unit that begins with `word`, the longest first."""
        words = _FIRSTS.get(word)
        if words is None:
            if word in '"”':
                return "inch", stop
            if word[0] in "°º":
                return _DEGREES.get(word[-1:], "degree") if len(word) < 4 else _DEGREES.get(word[1:].strip()[:1], "degree"), stop
            return CURRENCY_SYMBOLS.get(word, "") if word in _SYMBOLS else "", stop
        if words:
            form, ends = word, []
            at = stop
            for _ in range(words):
                more = _MORE.match(self.lowered, at)
                if not more:
                    break
                at = more.end()
                form = f"{form} {more[1]}"
                ends.append((form, at))
            for longer, longer_stop in reversed(ends):
                if longer in WRITTEN:
                    return WRITTEN[longer], longer_stop
        if (
            word in GLUED_ONLY
            and gap
            and not gap.endswith(("(", "["))
            or (gap and len(word) == 1 and word.isalpha() and self.lowered[stop : stop + 1] in ("'", "’", "."))
        ):
            return "", stop
        return WRITTEN.get(word, ""), stop

    def _measured(self, start: int, end: int, value: Decimal, kind: str) -> Quantity | None:
        """Read the neighbourhood of a number: currency, unit, second number, what is counted, rate, modifier."""
        lowered = self.lowered
        words = self._words_before(start)
        currency, first = self._currency(start, words) if kind == "digits" else ("", start)
        suffix, number_end = modifiers.modifier_after(lowered, end) if kind != "one" else ("exact", end)
        unit, stop, power, word = self._unit(number_end, bool(currency), value)
        if stop < 0:
            self._skip(end)
            return None
        if power:
            value = value.scaleb(power)
            number_end = number_end if unit else max(number_end, stop)
        if currency:
            stop = number_end = stop if power or unit == currency else number_end
            unit = currency
            words = self._words_before(first)
        before = words[-1] if words else ""
        if not unit or unit == "quarter":
            if self._is_lookalike(start, end, value, before, word, kind):
                return None
        elif kind == "digits" and lookalikes.is_clock(lowered, end) and unit != "metre":
            return self._skip(end)
        if kind == "words" and value == 1 and not unit and not self._is_one(end, before):
            return self._one_in(first, end)
        if unit in ("celsius", "fahrenheit", "degree") and lowered[first - 2 : first] == "- " and lowered[first - 3 : first - 2].isspace():
            first, value = first - 2, -value
        joined = self._range(first, end, number_end, stop, value, unit, currency, words)
        if joined is not False:
            return joined
        return self._single(first, number_end, stop, value, unit, suffix, words, kind)

    def _one_in(self, first: int, end: int) -> Quantity | None:
        """ "one in four", where "one" is a number although no noun follows."""
        if self.index < len(self.numerals) and self.lowered[end : end + 4] in (" in ", " out"):
            second = self.numerals[self.index]
            return self._share(first, end, end, Decimal(1), "", second) if second.start - end < 12 else None
        return None

    def _is_one(self, end: int, before: str) -> bool:
        """Whether "one" is a number and not a pronoun."""
        if before in _ONE_BEFORE or self.lowered[end : end + 1] not in (" ", "-"):
            return False
        if self.lowered.startswith(" of ", end):
            return True
        word = _WORD.match(self.lowered, end)
        return bool(word) and word[1] not in _ONE_AFTER and self.lowered[end] == " "  # type: ignore[index]

    def _is_lookalike(self, start: int, end: int, value: Decimal, before: str, word: str, kind: str) -> bool:
        """Whether a number without a unit measures nothing; passes over what belongs to it."""
        lowered, text = self.lowered, self.text
        if lookalikes.is_clock(lowered, end):
            self._skip(end)
            return True
        if kind != "digits":
            return (
                bool(before)
                and lookalikes.is_label(before, is_counted=True)
                and before in ("phase", "type", "chapter", "article", "formula", "channel")
            )
        is_counted = bool(word) and (word in _MASS or (word[-1] == "s" and len(word) > 3 and word not in _STOP))
        digits = lowered[start:end]
        if before and lookalikes.is_day_of_month(value, before, word, text[end + 1 : end + 2]):
            self._skip_days(end)
            return True
        if not before and lookalikes.is_day_of_month(value, "", word, text[end + 1 : end + 2]):
            return True
        if lookalikes.is_list_number(lowered, start, end) or lookalikes.is_address(text, start, end):
            return True
        if lookalikes.is_year(digits, before, is_counted):
            self._skip_days(end)
            return True
        if not before or is_counted or not (lookalikes.is_label(before, False) or lookalikes.is_name(text, start, before, False)):
            return bool(before) and is_counted and lookalikes.is_label(before, True)
        is_counted = bool(self._counted(end, value)[0])
        return lookalikes.is_label(before, is_counted) or lookalikes.is_name(text, start, before, is_counted)

    def _skip_days(self, end: int) -> None:
        """Pass over the second of two days or years: "March 3-5", "2020-21", "May 3 and 4"."""
        if self.index < len(self.numerals):
            second = self.numerals[self.index]
            gap = self.lowered[end : second.start]
            if gap in ("-", "–", "/", " - ", " – ") or (gap in (" and ", " to ", " or ") and second.value < 32 and second.kind == "digits"):
                unit = self._unit(second.end, False, second.value)[0]
                if not unit:
                    self.reached = max(self.reached, second.end)

    def _range(
        self, first: int, end: int, number_end: int, stop: int, value: Decimal, unit: str, currency: str, words: list[str]
    ) -> Quantity | None | bool:
        """The quantity of two numbers that are joined, None where they are a score, False where nothing is joined."""
        if self.index >= len(self.numerals):
            return False
        second = self.numerals[self.index]
        since = max(number_end, stop)
        if second.start - since > 16 or second.kind not in ("digits", "words"):
            return False
        gap = self.lowered[since : second.start]
        share = self._share(first, end, since, value, unit, second)
        if share is not None:
            return share
        match = _JOIN.fullmatch(gap)
        if not match:
            return False
        joint = gap.strip(" \u00a0")[:3].strip()
        return self._joined(first, end, since, value, unit, currency, words, second, joint)

    def _share(self, first: int, end: int, since: int, value: Decimal, unit: str, second: Numeral) -> Quantity | None:
        """ "nine in ten", "one household in three", "3 out of 5": a share in per cent."""
        if unit or not 0 < value < second.value or second.value > 100000 or (second.value > 12 and second.value % 10) or second.value < 2:
            return None
        match = _SHARE.fullmatch(self.lowered, end, second.start)
        if not match or (
            match[1]
            and (
                (match[2] != "in" and second.value not in (10, 100)) or match[1] in _STOP or self._unit(second.end, False, second.value)[0]
            )
        ):
            return None
        if self._unit(second.end, False, second.value)[0] in (*_TIMES, "%") or (second.value > 10 and match[2] == "in" and value > 1):
            return None
        percent = round(value / second.value * 100, 1 if value / second.value > Decimal("0.001") else 6).normalize() + 0
        self.index += 1
        return self._bounded(first, second.end, percent, modifiers.modifier_before(self._words_before(first), "%"), "%")

    def _joined(
        self, first: int, end: int, since: int, value: Decimal, unit: str, currency: str, words: list[str], second: Numeral, joint: str
    ) -> Quantity | None | bool:
        """Two numbers with "-", "to", "and" or "or" between them: a range, a score, or two quantities."""
        money, at = self._currency(second.start, []) if self.lowered[second.start - 1] in _SYMBOLS else ("", second.start)
        other, stop, power, word = self._unit(second.end, bool(currency or money), second.value)
        if stop < 0:
            return False
        top = second.value.scaleb(power) if power else second.value
        if money:
            other, stop = money, stop if power or other in CURRENCIES else second.end
        elif currency:
            other, stop = (currency, stop if power else second.end) if not other or other in CURRENCIES else ("?", stop)
        is_dash = joint[0] not in "toa"
        counted = "" if other else self._counted(second.end, top)[0]
        if joint == "and" and "between" not in words[-3:]:
            return False
        if is_dash and not other and not unit and (value >= top or not counted) and lookalikes.is_score(" ".join(words), word, value, top):
            self.index += 1
            self._skip(second.end)
            return None
        if unit and other != unit:
            return False
        if not unit and not other and not counted and joint != "and" and not (joint == "to" and (10 <= value < top or value < 0)):
            if joint == "to" and 0 < value and value >= top:
                self.index += 1
                return None
            return False
        if joint == "to" and _CHANGE.search(" ".join(words[-5:])) and ("from" in words[-4:] or unit):
            return self._single(first, end, since, value, other or counted, "exact", words, "digits") if not unit else False
        if self.lowered[second.start - 1] in "-−" and (not is_dash or len(self.lowered[since : second.start].replace(" ", "")) > 1):
            top = -top
        low = _same_magnitude(value, top) if since == end else value
        if is_dash and low >= top:
            return False
        self.index += 1
        if not other:
            other, stop = self._counted(second.end, top)
        return self._spanning(first, stop, low, top, other, words, joint)

    def _spanning(self, first: int, stop: int, low: Decimal, top: Decimal, unit: str, words: list[str], joint: str) -> Quantity:
        """A range of two ends; "five or six" and "5-7" alike."""
        rate, stop = self._rate(stop, unit)
        low, top = min(low, top), max(low, top)
        if words and words[-1] in ("aged", "age", "ages") and not unit:
            rate = "year of age"
        return self._build(first, stop, (low + top) / 2, low, top, "range", rate)

    def _single(
        self, first: int, number_end: int, stop: int, value: Decimal, unit: str, suffix: str, words: list[str], kind: str
    ) -> Quantity | None:
        """One number with its unit, rate and modifier."""
        if unit and self._is_money_word(unit, number_end):
            value, stop = self._with_cents(value, stop)
            unit = "pound sterling" if unit == "pound" and value >= 100000 else unit
        elif not unit and words and words[-1] in ("aged", "age"):
            unit = "year of age"
        elif not unit:
            unit, stop = self._counted(number_end, value)
            if self._is_age(first, number_end, value):
                unit = "year of age"
        elif unit in _SMALLER and kind != "one":
            value, unit, stop = self._with_smaller(value, unit, stop)
        unit, stop = self._rate(max(stop, number_end), unit)
        modifier = modifiers.modifier_before(words, "" if kind == "one" else unit)
        if modifier == "exact":
            modifier = suffix
        if modifier == "exact" and kind != "vague":
            modifier, stop = modifiers.modifier_after(self.lowered, stop)
        if kind == "vague":
            modifier = "at_least"
        elif kind == "one" and modifier == "exact" and value == 1:
            return None
        if value == 1 and kind == "words" and words and words[-1] == "not":
            return self._build(first, stop, Decimal(0), Decimal(0), Decimal(0), "exact", unit)
        return self._bounded(first, stop, value, modifier, unit)

    def _is_money_word(self, unit: str, number_end: int) -> bool:
        """Whether the unit is a currency written as a word, which cents may follow."""
        return unit == "pound" or (unit in CURRENCIES and unit not in _SUBUNITS)

    def _with_cents(self, value: Decimal, stop: int) -> tuple[Decimal, int]:
        """ "three dollars fifty cents", "15 dollars and 50": the cents added."""
        if self.index >= len(self.numerals):
            return value, stop
        cents = self.numerals[self.index]
        if not 0 < cents.value < 100 or self.lowered[stop : cents.start] not in (" ", " and ", ", ") or self.lowered[stop - 1].isdigit():
            return value, stop
        unit, cents_stop, _, word = self._unit(cents.end, False, cents.value)
        if unit in _SUBUNITS or (not word and cents.value >= 10):
            self.index += 1
            return value + cents.value / 100, max(cents_stop, cents.end)
        return value, stop

    def _with_smaller(self, value: Decimal, unit: str, stop: int) -> tuple[Decimal, str, int]:
        """ "two hours, 17 minutes and 42 seconds" as one time, in the smallest unit that is named."""
        while unit in _SMALLER and self.index < len(self.numerals):
            second, (smaller, size) = self.numerals[self.index], _SMALLER[unit]
            if second.start - stop > 6 or self.lowered[stop : second.start] not in _AND or not 0 <= second.value < size:
                break
            name, second_stop, _, _ = self._unit(second.end, False, second.value)
            if name != smaller:
                break
            value, unit, stop = value * size + second.value, smaller, second_stop
            self.index += 1
        return value, unit, stop

    def _is_age(self, first: int, end: int, value: Decimal) -> bool:
        """Whether commas set the number off behind a name: "Ruth Ansel, 45, said"."""
        if (
            self.lowered[end : end + 1] not in (",", ")")
            or self.lowered[first - 2 : first] not in (", ", " (")
            or not 0 < value < 110
            or value % 1
        ):
            return False
        name = self.text[max(0, first - 24) : first].rstrip(" (,").rpartition(" ")[2]
        return name[:1].isupper() and name.isalpha() and not name.isupper()

    def _counted(self, end: int, value: Decimal) -> tuple[str, int]:
        """What a number counts, in the words of the text, and where they end; "" where the words say nothing."""
        lowered = self.lowered
        after = lowered[end : end + 1]
        if after == "-" or lowered[end : end + 3] == " - ":
            word = _MORE.match(lowered, end if after == "-" else end + 1)
            word = word or _MORE.match(lowered, end + 2)
            if not word or word[1] in _STOP:
                return "", end
            return "people" if word[1] == "strong" else word[1], word.end()
        if after != " ":
            return "", end
        if lowered.startswith(" of ", end):
            of = _OF_THEM.match(lowered, end)
            start = of.end() - 1 if of else end
            return self._phrase(start if lowered[start : start + 1] == " " else end, Decimal(2))[0], end
        return self._phrase(end, value)

    def _phrase(self, start: int, value: Decimal) -> tuple[str, int]:
        """The run of words up to and with the first plural; for one and for fractions, up to the first noun."""
        lowered, end, begin = self.lowered, start, start + 1
        first = ""
        for count in range(4):
            match = _WORD.match(lowered, end) if lowered[end : end + 1] != "," or not count else _WORD.match(lowered, end + 1)
            if not match:
                break
            word = match[1]
            if word in _STOP or word in SMALL or (count and word in _PEOPLE):
                break
            if word in _MASS or _is_plural(word):
                return self._to_last_plural(begin, match.end())
            end = match.end()
            first = first or word
            if value <= 1 and (count or not _ADJECTIVE.search(word)):
                return lowered[begin:end], end
        if not first:
            return "", start
        if value == 1:
            return lowered[begin:end].partition(",")[0], end
        if first.upper() == self.text[begin : begin + len(first)] and len(first) > 1:
            return self.text[begin : begin + len(first)], begin + len(first)
        return "", start

    def _to_last_plural(self, begin: int, end: int) -> tuple[str, int]:
        """Widen "police" to "police officers" and "sports" to "sports cars"."""
        lowered = self.lowered
        last = lowered[begin:end].rsplit(" ", 1)[-1]
        following = _WORD.match(lowered, end)
        if following and following[1] not in _STOP and following[1] not in _PEOPLE and _is_plural(following[1]):
            end, last = following.end(), following[1]
        elif last in _PEOPLE:
            return "people", end
        head = end - len(last)
        return lowered[begin:head] + _singular(last), end

    def _rate(self, stop: int, unit: str) -> tuple[str, int]:
        """The unit with its denominator: "dollar per share", "barrel per day"."""
        if self.lowered[stop : stop + 1] not in _MAY_RATE:
            return unit, stop
        match = _RATE.match(self.lowered, stop)
        if not match or unit in _TIMES and match["every"] and not match["per"]:
            return unit, stop
        adverb = match["adverb"]
        noun = RATE_ADVERBS[adverb] if adverb else match["a"] or match["every"] or match["per"] or match["slash"]
        is_per = bool(match["per"] or match["slash"]) or " per " in match[0]
        if not adverb and not is_per and noun not in RATE_NOUNS:
            return unit, stop
        if match["slash"] and not unit:
            return unit, stop
        end = match.end()
        more = _MORE.match(self.lowered, end) if is_per else None
        if more and f"{noun} {more[1]}" in WRITTEN:
            noun, end = f"{noun} {more[1]}", more.end()
        noun = RATE_WORDS.get(noun, noun)
        return f"{unit} per {WRITTEN.get(noun, noun)}".strip(), end

    def _bounded(self, start: int, end: int, value: Decimal, modifier: str, unit: str) -> Quantity:
        """The quantity with the interval that its modifier makes."""
        slack = tolerance(value) if modifier in ("about", "nearly") else Decimal(0)
        low, high = modifiers.bounds(value, modifier, slack)
        return self._build(start, end, value, low, high, modifier, unit)

    def _build(self, start: int, end: int, value: Decimal, low: Decimal | None, high: Decimal | None, modifier: str, unit: str) -> Quantity:
        """The record; what it covers is used up."""
        self.reached = end
        return Quantity(value, low, high, modifier, unit, self.text[start:end], start, end)


def _is_plural(word: str) -> bool:
    """Whether a word looks like a plural noun."""
    if word in _MASS:
        return True
    if word[-1] == "s":
        return len(word) > 3 and word[-2] not in "su'’i" and word not in _NOT_PLURAL
    return word[-2:] in ("s'", "s’") or word.endswith(("men", "people", "children", "craft")) and len(word) > 4


def _same_magnitude(value: Decimal, top: Decimal) -> Decimal:
    """The lower end of a range with the magnitude of the upper: the 5 of "5-7 million"."""
    power = int(top.as_tuple().exponent)
    if power < 2:
        power = len(str(top.normalize()).partition("E+")[2]) and int(str(top.normalize()).partition("E+")[2])
    scaled = value.scaleb(power)
    return scaled if value < 1000 and power >= 2 and scaled <= top and top >= 1000 else value


_NTH = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_ORDINALS: dict[str, int] = {word: number for number, word in enumerate(_NTH, 1)} | {
    word: number
    for number, word in enumerate("thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(), 13)
}
_TENTHS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_ORDINAL = re.compile(
    rf"""
    (?P<word>(?:(?:{"|".join(_TENTHS)})-)?(?:{"|".join(_NTH[:9])})|{"|".join([*_ORDINALS][9:])})(?P<best>-[a-z]+est)?\b
  | (?P<digits>[0-9]{{1,3}})(?:st|nd|rd|th)\b
  | n(?:umber|o\.?)[ ](?P<number>[0-9]{{1,3}}|{"|".join(SMALL)})\b(?=[ ](?:in|on|since|of|at|here|for|this)\b|[,;])
    """,
    re.VERBOSE,
)
# "It is the third …", "becoming the first …", "for the second time", or the noun before: "strike no. 3 here since 2019".
_CLAIMS = re.compile(r"(?:\b(?:is|was|be|been|being|becom(?:es?|ing)|became|mark(?:s|ed|ing)?|as|or|make[s]?|made|it|for|suffered|had|seen|won|his|her|their|its|our)[ ]"
                     r"(?:(?:only|also|now|just|already|at[ ]least)[ ])?(?:(?:the|its|his|her|their|our|a|this|that|my)[ ])?(?:[a-z]+['’]s[ ])?|(?:^|[.:;(\n][ ]?)(?:the[ ])?)$")  # fmt: skip
# What makes a rank of an ordinal: since when, among what, in a row.
_RANKED = re.compile(
    r"(?:[ -][a-z0-9'’-]+){0,7}?[ ](?:since|in[ ]a[ ]row|running|straight|of[ ]its[ ]kind|in[ ](?:the[ ])?(?:history|living|[0-9]|two|three|four|five|six|seven|eight|"
    r"nine|ten|a[ ]decade|years|months|country|world|region|city|state)|ever|on[ ]record|this[ ](?:year|month|season|week|century)|so[ ]far|between|within|to[ ]date)\b"
)
# Periods, ranks and set phrases: "the first quarter", "second world war", "third party", "first lady".
_NO_RANK = _words(
    "quarter half day days week weeks month months year years century minute minutes hour hours place party parties lady minister hand class person floor "
    "grade aid world name things thing part step stage round person's order of and or to and, street avenue century's amendment degree"
)


def read_ordinals(text: str) -> list[Quantity]:
    """Find the ordinals that claim a rank: the how-manieth of its kind something is; unit "ordinal".

    >>> [(q.text, int(q.value)) for q in read_ordinals("It is the third derailment at the bend since 2004.")]
    [('third derailment', 3)]
    >>> read_ordinals("Sales fell in the third quarter, the first lady said on the 5th of May.")
    []
    """
    lowered = lower(text)
    found: list[Quantity] = []
    for match in _ORDINAL.finditer(lowered):
        start, end = match.span()
        if start and (lowered[start - 1].isalnum() or lowered[start - 1] in "-_/"):
            continue
        noun = _WORD.match(lowered, end)
        if not match["number"] and (not noun or noun[1] in _NO_RANK or noun[1] in lookalikes.MONTHS):
            continue
        before = lowered[max(0, start - 40) : start]
        if not match["number"] and not (_CLAIMS.search(before) or _RANKED.match(lowered, end)):
            continue
        stop = noun.end() if noun and not match["number"] else end
        value = Decimal(_rank(match))
        found.append(Quantity(value, value, value, "exact", "ordinal", text[start:stop], start, stop))
    return found


def _rank(match: re.Match[str]) -> int:
    """The number of an ordinal."""
    if match["word"]:
        tens, _, ones = match["word"].rpartition("-")
        return _TENTHS.get(tens, 0) + _ORDINALS[ones]
    if match["digits"]:
        return int(match["digits"])
    return int(SMALL[match["number"]]) if match["number"] in SMALL else int(match["number"])


_IRREGULAR = {
    "men": "man", "women": "woman", "children": "child", "lives": "life", "wives": "wife", "knives": "knife", "halves": "half",
    "loaves": "loaf", "leaves": "leaf", "thieves": "thief", "shelves": "shelf", "wolves": "wolf", "calves": "calf", "feet": "foot",
    "teeth": "tooth", "geese": "goose", "mice": "mouse", "movies": "movie", "species": "species", "headquarters": "headquarters",
    "shoes": "shoe", "axes": "axe", "cookies": "cookie", "series": "series", "zombies": "zombie", "criteria": "criterion",
}  # fmt: skip


def _singular(word: str) -> str:
    """The singular of a plural noun."""
    word = word.rstrip("'’")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("men") and len(word) > 4:
        return word[:-2] + "an"
    if word.endswith("children"):
        return word[:-3]
    if word[-1] != "s":
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes", "zzes", "oes")):
        return word[:-2]
    return word[:-1]


def tolerance(value: Decimal) -> Decimal:
    """Half a unit of the last significant digit: how far a number may be off by rounding alone.

    >>> [str(tolerance(Decimal(v))) for v in ("90", "5000", "12", "4.50", "1.20E+6")]
    ['5', '5E+2', '0.5', '0.005', '5E+3']
    """
    if not value:
        return Decimal("0.5")
    exponent = int(value.as_tuple().exponent)
    if exponent == 0:
        exponent = int(value.normalize().as_tuple().exponent)
    return Decimal(5).scaleb(exponent - 1)


def convert(quantity: Quantity) -> Quantity:
    """The same quantity in the base unit of its dimension (`units.BASES`); other units, and money, stay as they are.

    >>> mph = read_quantities("a train at 71 mph")[0]
    >>> convert(mph).unit, round(convert(mph).value)
    ('kilometre per hour', 114)
    """
    factor, offset, unit = _conversion(quantity.unit)
    if unit == quantity.unit:
        return quantity
    ends = [None if end is None else end * factor + offset for end in (quantity.low, quantity.high)]
    return replace(quantity, value=quantity.value * factor + offset, low=ends[0], high=ends[1], unit=unit)


def _conversion(unit: str) -> tuple[Decimal, Decimal, str]:
    """Factor, offset and name of the base unit."""
    plain, _, per = unit.partition(" per ")
    known, below = UNITS.get(unit), UNITS.get(per)
    if known and known.dimension in BASES:
        if known.name == "fahrenheit":
            return Decimal(5) / 9, Decimal(-160) / 9, "celsius"
        offset = Decimal("-273.15") if known.name == "kelvin" else Decimal(0)
        return known.factor, offset, BASES[known.dimension]
    above = UNITS.get(plain)
    if not above or not per or above.dimension not in BASES:
        return Decimal(1), Decimal(0), unit
    if below and below.dimension == "time" and above.dimension == "length":
        return above.factor / below.factor / 1000, Decimal(0), "kilometre per hour"
    if below and below.dimension == "time" and above.dimension == "volume" and below.name in ("second", "minute"):
        return above.factor / below.factor / 3600, Decimal(0), "cubic metre per second"
    if above.dimension in ("calendar", "time", "nights"):
        return Decimal(1), Decimal(0), unit
    return above.factor, Decimal(0), f"{BASES[above.dimension]} per {per}"
