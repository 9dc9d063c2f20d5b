"""Text → quantities: numbers that count or measure something, with unit, bounds and place.

The method is a cheap scan for numerals (numerals.py) and then a look at the neighbourhood of each: a currency before it, a
unit (written_units.py) or the counted words (counted.py) after it, "to" or "-" and a second numeral, and the words that
bound it (modifiers.py). Numbers that measure nothing, such as dates, names and scores, are left out (lookalikes.py). There
is no parsing and no model. Linear in the length of the text.

A share in words ("a third of", "nine in ten") is read as per cent; a change in a word ("doubled") as the change in per cent;
a time of several parts ("2:17:42", "two hours and 40 minutes") in the smallest. Ordinals are read apart, by ordinals.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal

from noisefilter.records import Quantity
from noisefilter.reliability import lookalikes
from noisefilter.reliability.conversion import tolerance
from noisefilter.reliability.counted import counted, is_number_one, is_plural
from noisefilter.reliability.modifiers import bounds, modifier_after, modifier_before
from noisefilter.reliability.numerals import Numeral, find_numerals, lower
from noisefilter.reliability.units import CURRENCIES
from noisefilter.reliability.vocabulary import CASUALTY, PEOPLE, STOP, words
from noisefilter.reliability.written_units import (
    CODES,
    PERIODS,
    SYMBOL,
    SYMBOLS,
    UnitAfter,
    currency_before,
    is_code_before,
    unit_after,
    with_rate,
)


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
    return quantities_of(text, lowered, find_numerals(lowered))


def quantities_of(text: str, lowered: str, numerals: list[Numeral]) -> list[Quantity]:
    """What the numerals of a text measure, in order of appearance."""
    reading = _Reading(text, lowered, numerals)
    found: list[Quantity] = []
    while reading.index < len(reading.numerals):
        quantity = reading.read()
        if quantity is not None:
            found.append(quantity)
    return found


# Characters before a number that are looked at: enough for the longest modifier and two words more.
_BACK = 48
_KEY = re.compile(r"\w*(?:[./:@_–-]\w+)*")
# "to", "-", "or" and "and" between two numbers, with what may stand beside them: "$5 to $7", "5 or even 6", "−2.2 to −1.4".
_JOIN = re.compile(
    r"(?:-(?=[ ]|to-))?[ \u00a0]?([-–—−‐‑÷]|to\b|and\b|or\b)(?:[ \u00a0]|(?<=-to)-)?"
    rf"(?:(?:about|around|nearly|almost|maybe|even|perhaps|as[ ]many[ ]as)[ ])?(?:us|rs\.?)?[ ]?{SYMBOL}?[ ]?[-−]?"
)
# Characters. Longer gaps hold more than a joint.
_LONGEST_JOINT = 16
_SHARE = re.compile(r"[ ](?:([a-z]+)[ ])?(in|out[ ]of)[ ](?:every[ ])?")  # nine in ten, one household in three
# Changes go from one number to another: two quantities and no range.
_CHANGE = re.compile(
    r"""
    \b(?:from|up|down|r[oi]se|rises|risen|f[ea]ll|falls|fallen|grew|grown|increased?|decreased?|dropp?e?d?|cut|climbed|jumped|gained|lost|raised?|lowered
      |slipped|slid|surged|sank|soared|declined?|went|improved|narrowed|widened|advanced?|changed|shed|added|slumped|tumbled|plunged|edged
      |rallied|firmed|eased|retreated|dipped|ticked|inched|crept|put[ ]on|gave[ ]up|trimmed|by)\b
    """,
    re.VERBOSE,
)
# "rose by 2 to 3 per cent" says how much, "rose by 3p to 167p" how much and where to: then the level is at least so many times the change.
_CHANGE_TO = 5
_RANGING = re.compile(r"\b(?:rang(?:e[sd]?|ing)|runs?|ran|var(?:y|ies|ied|ying)|anywhere)[ ](?:[a-z]+[ ])?$")
_HARMED = re.compile(
    r"(?:[ ][a-z]+){0,5}?[ ]"
    r"(?:hurt|injured|killed|dies|died|dead|harmed|wounded|arrested|hospitali[sz]ed|missing|survived|affected|charged|detained)\b"
)
_CLOCK = re.compile(r":([0-5][0-9](?:\.[0-9]+)?)(?::([0-5][0-9](?:\.[0-9]+)?))?(?![0-9:])")
_CLOCK_UNIT = re.compile(r"[ ](?:hours?|minutes?|mins?|hrs?)\b")
_RACED = words("in took clocked timed ran clocking timing finished")
_DECIMALS = re.compile(r"\.([0-9]+)")
# "than a year ago" only says when.
_AGO = re.compile(r"[ ](?:ago|before|earlier|later|on)\b")
# "1,412 to 873" are no goals.
_HIGHEST_SCORE = 200
# Significant digits of a share told in words: 33.3 for one in three, 1.25 for one in 80.
_ROUNDED = Context(prec=3)
_SUBUNITS = frozenset(("cent", "penny", "sen", "satoshi", "euro cent", "paisa"))
_SMALLER = {"hour": ("minute", 60), "minute": ("second", 60)}
_AND = (" ", ", ", " and ", ", and ")
_DEGREES = frozenset(("celsius", "fahrenheit", "degree"))
_NOUGHT = Decimal(0)
# "pounds" are money from here on: no single thing in the news weighs as much.
_STERLING = Decimal(100000)


@dataclass(slots=True)
class _Number:
    """A number under reading: `start` with its currency, `end` of the numeral, `stop` of its unit, the `words` before it."""

    start: int
    end: int
    stop: int
    value: Decimal
    kind: str
    unit: str
    currency: str
    words: list[str]
    suffix: str


class _Reading:
    """One pass over the numerals of a text; `index` is the numeral that is read next, `reached` how far the text is used up."""

    __slots__ = ("index", "lowered", "numerals", "reached", "text")

    def __init__(self, text: str, lowered: str, numerals: list[Numeral]) -> None:
        self.text, self.lowered, self.numerals = text, lowered, numerals
        self.index = self.reached = 0

    def read(self) -> Quantity | None:
        """The quantity of the next numeral, or None; moves on in any case."""
        numeral = self.numerals[self.index]
        self.index += 1
        start, end, value, kind = numeral
        if start < self.reached:
            return None
        if kind != "digits":
            return self._worded(start, end, value, kind)
        lowered = self.lowered
        beside = lowered[start - 1] if start else " "
        after = lowered[end : end + 1]
        if after == "." and lowered[end + 1 : end + 2].isdigit():
            self._skip(end)
            return None
        if after == ":" and lowered[end + 1 : end + 2].isdigit():
            return self._clock(start, end, value)
        if beside not in " \n\t(" or after not in " .,\n)%:":
            fitted = self._glued(start, end, value, beside, after)
            if fitted is None:
                return None
            start, value = fitted
        return self._measured(start, end, value, kind)

    def _skip(self, end: int) -> None:
        """Pass over the rest of a key, such as a version or a telephone number."""
        match = _KEY.match(self.lowered, end)
        self.reached = match.end() if match else end

    def _next(self) -> Numeral | None:
        """The numeral after the one that is read."""
        return self.numerals[self.index] if self.index < len(self.numerals) else None

    def _words_before(self, start: int) -> list[str]:
        """The words of the same line before `start`, as far as they matter."""
        before = self.lowered[start - _BACK if start > _BACK else 0 : start]
        return before.rpartition("\n")[2].split() if "\n" in before else before.split()

    # Words that are numbers

    def _worded(self, start: int, end: int, value: Decimal, kind: str) -> Quantity | None:
        """Read a number word that is more than a word for a number."""
        if (start and self.lowered[start - 1] in "-‑_/'’") or self.lowered[end : end + 1] == "_":
            return None
        if kind == "change":
            return self._changed(start, end, value)
        if kind == "zero":
            return self._nobody(start, end)
        if kind == "twice":
            return self._build(start, end, value, (value, value), "exact", "times")
        if kind == "share":
            modifier = modifier_before(self._words_before(start), "%")
            following, stop = modifier_after(self.lowered, end)
            return self._bounded(start, stop, value, following if modifier == "exact" else modifier, "%")
        return self._measured(start, end, value, kind)

    def _changed(self, start: int, end: int, value: Decimal) -> Quantity | None:
        """ "doubled", "halved", "in half": a change in per cent."""
        word, before = self.lowered[start:end], self._words_before(start)
        if word == "doubles" and before and before[-1] in ("the", "women's", "men's", "mixed", "in"):
            return None
        return self._bounded(start, end, value, modifier_before(before, "%"), "% decrease" if word[:2] == "ha" else "% increase")

    def _nobody(self, start: int, end: int) -> Quantity | None:
        """ "nobody", "no one", "none", "no injuries": nought, where harm to people is spoken of."""
        word, before = self.lowered[start:end], self._words_before(start)
        unit = "people"
        if word == "not a single":
            unit = counted(self.text, self.lowered, end, Decimal(1))[0]
        elif word[:3] == "no " and word != "no one":
            unit = word[3:]
        elif not (before and (before[-1] in CASUALTY or (word == "none" and before[-1][-1] == ":"))) and not _HARMED.match(
            self.lowered, end
        ):
            return None
        return self._build(start, end, _NOUGHT, (_NOUGHT, _NOUGHT), "exact", unit)

    # Digits and what touches them

    def _glued(self, start: int, end: int, value: Decimal, beside: str, after: str) -> tuple[int, Decimal] | None:
        """Judge the characters that touch a number: where it begins and its value with sign, or None for part of a key."""
        lowered = self.lowered
        if after in "/@_\\" and lowered[end + 1 : end + 2].isalnum() and not (after == "/" and lowered[end + 1].isalpha()):
            self._skip(end)
            return None
        if beside.isalnum() or beside in "_/#@=&\\:,":
            if is_code_before(lowered, start):
                return start, value
            self._skip(end)
            return None
        if beside in ".-–−‑":
            before = lowered[start - 2] if start > 1 else " "
            if before.isalnum() or before in "-–.":
                self._skip(end)
                return None
            if beside != ".":
                return start - 1, -value
            return start - 1, value.scaleb(start - end) if lowered[start:end].isdigit() else value
        is_mark = (beside in "'’" and end - start == 2 and not after.isspace()) or (beside == "[" and after == "]")
        return None if is_mark else (start, value)

    def _clock(self, start: int, end: int, value: Decimal) -> Quantity | None:
        """Pass over clock times and ratios; "in 2:17:42" and "68:21 minutes" are times taken, in seconds."""
        self._skip(end)
        clock = _CLOCK.match(self.lowered, end)
        if not clock or end - start > 3 or value % 1 or lookalikes.is_clock(self.lowered, clock.end()):
            return None
        before = self._words_before(start)
        word = before[-1] if before else "at"
        if word == "at" or (word in ("from", "until", "by", "since") if clock[2] else value < 24 and word not in _RACED):
            return None
        seconds = (value * 60 + Decimal(clock[1])) * 60 + Decimal(clock[2]) if clock[2] else value * 60 + Decimal(clock[1])
        unit = _CLOCK_UNIT.match(self.lowered, clock.end())
        return self._bounded(start, unit.end() if unit else clock.end(), seconds, modifier_before(before, "second"), "second")

    # A number and its neighbourhood

    def _measured(self, start: int, end: int, value: Decimal, kind: str) -> Quantity | None:
        """Read the neighbourhood of a number: currency, unit, second number, what is counted, rate, modifier."""
        lowered = self.lowered
        before = self._words_before(start)
        currency, first = "", start
        if before and kind == "digits" and (before[-1][-1] in SYMBOLS or before[-1] in CODES):
            currency, first = currency_before(self.text, lowered, start, self.reached)
        suffix, number_end = modifier_after(lowered, end) if kind != "one" else ("exact", end)
        after = unit_after(self.text, lowered, number_end, value, bool(currency))
        if after.is_key:
            self._skip(end)
            return None
        if after.power:
            value = value.scaleb(after.power)
            number_end = number_end if after.name else after.end
        unit, stop = (after.name, after.end) if after.name else ("", number_end)
        if currency:
            stop = number_end = after.end if after.power or unit == currency else number_end
            unit = currency
            before = self._words_before(first)
        if self._is_lookalike(start, end, value, kind, before[-1] if before else "", unit, after.word):
            return None
        if kind == "words" and value == 1 and not unit and not is_number_one(lowered, end, before[-1] if before else ""):
            return self._one_in(first, end)
        number = self._signed(_Number(first, number_end, stop, value, kind, unit, currency, before, suffix))
        second = self._next()
        if second is not None and second.start - stop <= _LONGEST_JOINT:
            is_joined, quantity = self._with_second(number, second, end)
            if is_joined:
                return quantity
        return self._single(number)

    def _signed(self, number: _Number) -> _Number:
        """The number with the minus before it, where degrees or per cent make it one: "- 5 °C", "minus 5 degrees"."""
        lowered, start, before = self.lowered, number.start, number.words
        if number.unit in _DEGREES and lowered[start - 2 : start] == "- " and lowered[start - 3 : start - 2].isspace():
            number.start, number.value = start - 2, -number.value
        elif before[-1:] == ["minus"] and before[-2:-1] != ["plus"] and (number.unit in _DEGREES or number.unit == "%"):
            number.start, number.value, number.words = lowered.rindex("minus", 0, start), -number.value, before[:-1]
        return number

    def _is_lookalike(self, start: int, end: int, value: Decimal, kind: str, before: str, unit: str, word: str) -> bool:
        """Whether a number measures nothing; passes over what belongs to it."""
        lowered, text = self.lowered, self.text
        is_hour = unit in ("", "hour") and lookalikes.is_hour(lowered, start, end, value, before)
        if is_hour or (unit != "metre" and lookalikes.is_clock(lowered, end)):
            self._skip(end)
            return True
        if unit and unit != "quarter":
            return False
        if kind != "digits":
            return before in lookalikes.NUMBERED
        is_counted = bool(word) and word not in STOP and (is_plural(word) or word in PEOPLE)
        key = lookalikes.key_end(text, start, end)
        if key:
            self.reached = key
            return True
        if lookalikes.is_date(lowered, text, start, end, value, before, word, is_counted):
            self._skip_second(end)
            return True
        if lookalikes.is_list_number(lowered, start, end) or lookalikes.is_address(text, start, end):
            return True
        return bool(before) and self._is_named(start, end, value, before, is_counted)

    def _is_named(self, start: int, end: int, value: Decimal, before: str, is_counted: bool) -> bool:
        """Whether the word before makes the number a name, unless it counts something: "Gate 5", but "train 12 pilots"."""
        if is_counted:
            return lookalikes.is_label(before, True) or lookalikes.is_model(self.text, start)
        if not lookalikes.is_label(before, False) and not lookalikes.is_name(self.text, start, before, False):
            return False
        is_counted = bool(counted(self.text, self.lowered, end, value)[0])
        return lookalikes.is_label(before, is_counted) or lookalikes.is_name(self.text, start, before, is_counted)

    def _skip_second(self, end: int) -> None:
        """Pass over the second of two days or years: "March 3-5", "2020-21", "May 3 and 4"."""
        second = self._next()
        if second is None:
            return
        gap = self.lowered[end : second.start]
        is_listed = gap in (" and ", " to ", " or ") and second.value < 32 and second.kind == "digits"
        if (is_listed or gap in ("-", "–", "/", " - ", " – ")) and not self._unit_after(second).name:
            self.reached = max(self.reached, second.end)

    def _unit_after(self, numeral: Numeral, is_money: bool = False) -> UnitAfter:
        return unit_after(self.text, self.lowered, numeral.end, numeral.value, is_money)

    # Two numbers

    def _one_in(self, first: int, end: int) -> Quantity | None:
        """ "one in four", where "one" is a number although no noun follows."""
        second = self._next()
        if second is None or second.start - end > _LONGEST_JOINT:
            return None
        return self._share(_Number(first, end, end, Decimal(1), "words", "", "", [], "exact"), second, end)

    def _with_second(self, number: _Number, second: Numeral, end: int) -> tuple[bool, Quantity | None]:
        """Whether the next numeral belongs to the number, and the quantity of both: None for a score."""
        if second.kind not in ("digits", "words"):
            return False, None
        share = self._share(number, second, end)
        if share is not None:
            return True, share
        joint = _JOIN.fullmatch(self.lowered, number.stop, second.start)
        return self._joined(number, second, joint[1]) if joint else (False, None)

    def _share(self, number: _Number, second: Numeral, end: int) -> Quantity | None:
        """ "nine in ten", "one household in three", "3 out of 5": a share in per cent."""
        value, whole = number.value, second.value
        if number.unit or not 0 < value < whole or not 2 <= whole <= 100000 or (whole > 12 and whole % 10):
            return None
        match = _SHARE.fullmatch(self.lowered, end, second.start)
        if not match:
            return None
        unit = self._unit_after(second).name
        is_every = whole == 100 and " every " in self.lowered[end : second.start]
        is_other = match[1] and (match[1] in STOP or unit or (match[2] != "in" and whole not in (10, 100)))
        if is_other or unit == "%" or unit in PERIODS or (whole > 10 and match[2] == "in" and value > 1 and not is_every):
            return None
        percent = _ROUNDED.plus(value / whole * 100).normalize() + 0
        self.index += 1
        return self._bounded(number.start, second.end, percent, modifier_before(self._words_before(number.start), "%"), "%")

    def _joined(self, number: _Number, second: Numeral, joint: str) -> tuple[bool, Quantity | None]:
        """Two numbers with "-", "to", "and" or "or" between them: a range, a score, or two quantities."""
        if joint == "and" and "between" not in number.words[-3:]:
            return False, None
        top, unit, stop, word = self._second(number, second)
        if not stop or (number.unit and unit != number.unit):
            return False, None
        noun = "" if unit else counted(self.text, self.lowered, second.end, top)[0]
        is_dash = joint not in ("to", "or", "and")
        if not unit and self._is_score(number, top, joint, noun, word):
            self.index += 1
            self._skip(second.end)
            return True, None
        if not unit and not noun and joint != "and" and not (joint == "to" and (10 <= number.value < top or number.value < 0)):
            return False, None
        before = " ".join(number.words[-5:]) if joint == "to" else ""
        is_amount = number.words[-1:] == ["by"] and top < _CHANGE_TO * number.value
        is_change = bool(before) and _CHANGE.search(before) is not None and not is_amount and not _RANGING.search(before + " ")
        if is_change and ("from" in number.words[-2:] or (number.unit and "from" not in number.words[-5:])):
            number.unit, number.suffix = unit or noun, "exact"
            return (False, None) if stop == number.stop else (True, self._single(number))
        signs = self.lowered[number.stop : second.start].replace(" ", "")
        if signs[-1] in "-−" and signs != "-to-" and (not is_dash or len(signs) > 1):
            top = -top
        low = number.value
        if not number.unit or number.currency:
            low = _same_magnitude(low, top.normalize() if second.kind == "words" else top, self.lowered[second.start : second.end])
        if (is_dash and low >= top) or (joint == "to" and number.unit and low > top > 0):
            return False, None
        self.index += 1
        if not unit:
            unit, stop = counted(self.text, self.lowered, second.end, top)
        return True, self._spanning(number, stop, low, top, unit)

    def _second(self, number: _Number, second: Numeral) -> tuple[Decimal, str, int, str]:
        """Value, unit, end and next word of the second of two numbers; the end is 0 where it is part of a key."""
        money = ""
        if self.lowered[second.start - 1] in SYMBOLS:
            money = currency_before(self.text, self.lowered, second.start, number.stop)[0]
        after = self._unit_after(second, bool(number.currency or money))
        if after.is_key:
            return second.value, "", 0, ""
        top = second.value.scaleb(after.power) if after.power else second.value
        unit, stop = after.name, after.end
        if number.currency and not money and not unit and after.word not in STOP and is_plural(after.word or "-"):
            return top, "", 0, ""
        if money or (number.currency and (not unit or unit in CURRENCIES)):
            unit, stop = money or number.currency, after.end if after.power or unit in CURRENCIES else second.end
        return top, unit, stop, after.word

    def _is_score(self, number: _Number, top: Decimal, joint: str, noun: str, word: str) -> bool:
        """Whether two bare numbers are a result or a ratio: "won 7-2", "a 5-4 ruling", "two to one"."""
        if number.unit or joint in ("or", "and"):
            return False
        if joint == "to":
            return not noun and number.value > 0 and top <= number.value < _HIGHEST_SCORE
        return (number.value >= top or not noun) and lookalikes.is_score(" ".join(number.words), word, number.value, top)

    def _spanning(self, number: _Number, stop: int, low: Decimal, top: Decimal, unit: str) -> Quantity:
        """A range of two ends; "five or six" and "5-7" alike."""
        if number.words and number.words[-1] in ("aged", "age", "ages") and not unit:
            unit = "year of age"
        unit, stop = with_rate(self.lowered, stop, unit)
        ends = (min(low, top), max(low, top))
        return self._build(number.start, stop, (low + top) / 2, ends, "range", unit)

    # One number

    def _single(self, number: _Number) -> Quantity | None:
        """One number with its unit, rate and modifier."""
        self._complete(number)
        unit, stop = with_rate(self.lowered, max(number.stop, number.end), number.unit)
        value, kind = number.value, number.kind
        modifier = modifier_before(number.words, "" if kind == "one" else unit)
        if modifier == "exact":
            modifier = number.suffix
        if kind == "vague":
            return self._bounded(number.start, stop, value, "at_least", unit)
        if modifier == "exact":
            modifier, stop = modifier_after(self.lowered, stop)
        if kind == "one" and ((value == 1 and modifier == "exact") or _AGO.match(self.lowered, stop)):
            return None
        if value == 1 and kind == "words" and number.words and number.words[-1] == "not":
            return self._build(number.start, stop, _NOUGHT, (_NOUGHT, _NOUGHT), "exact", unit)
        return self._bounded(number.start, stop, value, modifier, unit)

    def _complete(self, number: _Number) -> None:
        """Add what the unit leaves open: cents, minutes, an age, or the words that are counted."""
        unit = number.unit
        if not unit:
            if number.words and number.words[-1] in ("aged", "age"):
                number.unit = "year of age"
                return
            number.unit, number.stop = counted(self.text, self.lowered, number.end, number.value)
            if self._is_age(number.start, number.end, number.value):
                number.unit = "year of age"
        elif unit == "pound" or (unit in CURRENCIES and unit not in _SUBUNITS):
            self._add_cents(number)
            number.unit = "pound sterling" if unit == "pound" and number.value >= _STERLING else unit
        elif unit in _SMALLER and number.kind != "one":
            self._add_smaller(number)

    def _add_cents(self, number: _Number) -> None:
        """ "three dollars fifty cents", "15 dollars and 50": add the cents."""
        cents = self._next()
        if cents is None or not 0 < cents.value < 100 or self.lowered[number.stop : cents.start] not in _AND:
            return
        if self.lowered[number.stop - 1].isdigit():
            return
        after = self._unit_after(cents)
        if after.name in _SUBUNITS or (not after.word and cents.value >= 10):
            self.index += 1
            number.value += cents.value / 100
            number.stop = max(after.end, cents.end)

    def _add_smaller(self, number: _Number) -> None:
        """ "two hours, 17 minutes and 42 seconds" as one time, in the smallest unit that is named."""
        while number.unit in _SMALLER and (second := self._next()):
            smaller, size = _SMALLER[number.unit]
            if second.start - number.stop > 6 or self.lowered[number.stop : second.start] not in _AND or not 0 <= second.value < size:
                return
            after = self._unit_after(second)
            if after.name != smaller:
                return
            number.value, number.unit, number.stop = number.value * size + second.value, smaller, after.end
            self.index += 1

    def _is_age(self, start: int, end: int, value: Decimal) -> bool:
        """Whether commas set the number off behind a name: "Ruth Ansel, 45, said"."""
        if self.lowered[end : end + 1] not in (",", ")") or self.lowered[start - 2 : start] not in (", ", " ("):
            return False
        name = self.text[max(0, start - 24) : start].rstrip(" (,").rpartition(" ")[2]
        return 0 < value < 110 and not value % 1 and name.istitle() and name.isalpha()

    def _bounded(self, start: int, end: int, value: Decimal, modifier: str, unit: str) -> Quantity:
        """The quantity with the interval that its modifier makes."""
        if modifier == "exact":
            return self._build(start, end, value, (value, value), modifier, unit)
        slack = tolerance(value) if modifier in ("about", "nearly") else _NOUGHT
        return self._build(start, end, value, bounds(value, modifier, slack), modifier, unit)

    def _build(
        self, start: int, end: int, value: Decimal, ends: tuple[Decimal | None, Decimal | None], modifier: str, unit: str
    ) -> Quantity:
        """The record; what it covers is used up."""
        self.reached = end
        return Quantity(value, ends[0], ends[1], modifier, unit, self.text[start:end], start, end)


def _same_magnitude(value: Decimal, top: Decimal, written: str) -> Decimal:
    """The lower end of a range with the magnitude of the upper, which is `written` so: the 5.2 of "5.2-5.4 million"."""
    point = _DECIMALS.search(written)
    exponent = int(top.as_tuple().exponent) + (len(point[1]) if point else 0)
    scaled = value.scaleb(exponent) if exponent > 2 and value < 1000 else value
    return scaled if scaled <= top else value
