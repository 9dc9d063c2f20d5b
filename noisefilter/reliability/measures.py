"""Claims → values that can be compared: one base unit a dimension, rates per day, and how far a rounded figure reaches.

"71 mph" and "114 km/h", "140 crore a day" and "1.4 billion rupees a day", "a quarter" and "25 %" are each one measure. A figure stands for
an interval: half a unit of its last digit to either side, a tenth of its value when it is hedged ("about 90"), open on one side when it is
a bound ("at least 12"). Currencies are not converted into one another.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from noisefilter.records import Claim, Quantity
from noisefilter.reliability.units import CURRENCIES, UNITS, WRITTEN

# Share of the value. "About 90" is taken to reach from 81 to 99; the event clusters' hedged figures lie within 9 % of the exact ones.
HEDGE = 0.1
# Share of the value. No rounding reaches further: "4 lakh" is not 4.5 lakh.
LARGEST_ROUNDING = 0.05
# From here on a round figure without a magnitude word is read as rounded: 6,000 but not 600.
ROUNDED_FROM = 1000

_DAYS = {"second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "night": 1.0, "week": 7.0, "month": 30.4, "quarter": 91.3, "year": 365.25,
         "season": 365.25}  # fmt: skip
COUNT = "count"


@dataclass(frozen=True, slots=True)
class Measure:
    """A value in its base unit: `low` and `high` are what the words allow, minus and plus infinity where they are open."""

    kind: str
    value: float
    low: float
    high: float
    digits: int
    per: str = ""

    @property
    def is_bound(self) -> bool:
        """Whether one side is open."""
        return math.isinf(self.low) or math.isinf(self.high)


def measure(claim: Claim) -> Measure:
    """The measure of a claim."""
    quantity = claim.quantity
    name, per = _rate_of(quantity.unit, claim.rate)
    kind, factor = _base(name)
    if per in _DAYS:
        per, factor = "day", factor / _DAYS[per]
    value = _float(quantity.value)
    reach = rounding(quantity)
    low, high = _float(quantity.low, -math.inf), _float(quantity.high, math.inf)
    if quantity.modifier == "about":
        low, high, reach = value, value, max(reach, HEDGE * abs(value))
    elif quantity.modifier == "nearly":
        low, high, reach = value * (1 - HEDGE / 2), value, 0.0
    elif quantity.modifier in ("at_least", "over"):
        low, high, reach = value, math.inf, 0.0
    elif quantity.modifier in ("at_most", "under"):
        low, high, reach = -math.inf, value, 0.0
    return Measure(kind, value * factor, (low - reach) * factor, (high + reach) * factor, significant_digits(quantity), per)


_PER = re.compile(r"\s*/\s*|\s+(?:per|a|an|each)\s+")


def _rate_of(unit: str, stated: str) -> tuple[str, str]:
    """A unit's name and what it is counted per, "" for nothing; a unit of its own such as kilometre per hour stays whole."""
    if unit in UNITS:
        return unit, stated if UNITS[unit].dimension not in ("speed", "flow") else ""
    name, *rest = _PER.split(unit, maxsplit=1)
    return name, rest[0] if rest else stated


@lru_cache(maxsize=4096)
def _base(unit: str) -> tuple[str, float]:
    """The kind of a unit, by which two values can be compared at all, and its factor to the base unit."""
    name = unit if unit in UNITS else WRITTEN.get(unit.lower(), unit)
    if name in UNITS:
        known = UNITS[name]
        dimension, factor = (
            ("time", float(known.factor) * _HOURS_A_YEAR) if known.dimension == "calendar" else (known.dimension, float(known.factor))
        )
        return dimension, factor
    if name in CURRENCIES:
        return f"money {name}", 1.0
    if unit in ("%", "percentage point", "ordinal", "times"):
        return unit, 1.0
    return COUNT, 1.0


_HOURS_A_YEAR = 365.25 * 24


def _float(value: object, unknown: float = 0.0) -> float:
    try:
        return unknown if value is None else float(value)  # type: ignore[arg-type]
    except (OverflowError, ValueError):
        return math.inf


_DIGITS = re.compile(r"\d[\d.,’'\s]*\d|\d")


def significant_digits(quantity: Quantity) -> int:
    """How many digits of a value say something: 2 of 48 %, 5 of 11,402, 2 of 1.4 billion."""
    digits = "".join(map(str, quantity.value.normalize().as_tuple().digits)) if quantity.value.is_finite() else ""
    return max(1, min(len(digits), 15))


def rounding(quantity: Quantity) -> float:
    """Half a unit of the last digit as it is written, in the stated unit.

    >>> from noisefilter.reliability.quantities import read_quantities
    >>> [rounding(read_quantities(text)[0]) for text in ("€2.8 billion", "46 people", "1,384,210 people")]
    [50000000.0, 0.5, 0.5]
    """
    value = abs(_float(quantity.value))
    if not value or math.isinf(value):
        return 0.0
    exponent = quantity.value.normalize().as_tuple().exponent
    last = 10.0**exponent if isinstance(exponent, int) and exponent < 300 else 1.0
    if last >= 1 and value < ROUNDED_FROM:
        last = 1.0
    written = _DIGITS.search(quantity.text)
    if written and last >= 1 and "." not in written[0] and len(re.sub(r"\D", "", written[0])) >= len(str(int(value))) and last <= 100:
        # Written out to the last digit: 28,700 may be exact, and is rounded at most to its hundreds.
        last = min(last, 100.0)
    return min(last / 2, LARGEST_ROUNDING * value) if last > 1 or last < 1 else 0.5


def agree(a: Measure, b: Measure) -> bool:
    """Whether the two figures can be the same one, rounded or hedged differently."""
    if a.is_bound and b.is_bound:
        return math.isclose(a.value, b.value, rel_tol=0.02)
    return supports(a, b) or supports(b, a)


def supports(a: Measure, b: Measure) -> bool:
    """Whether `a`, being true, makes `b` true: the same figure, or an exact one that a bound holds for."""
    if a.is_bound:
        return b.is_bound and _same_side(a, b) and math.isclose(a.value, b.value, rel_tol=0.02)
    if b.is_bound:
        return b.low <= a.value <= b.high and abs(math.log(max(abs(a.value), 1e-12) / max(abs(b.value), 1e-12))) < NEAR_BOUND
    return max(a.low, b.low) <= min(a.high, b.high) + 1e-9 * max(abs(a.value), abs(b.value)) and _close(a.value, b.value)


# Natural log of a ratio. A bound says something of a figure near it: "at least 7" of 9, not of 40.
NEAR_BOUND = math.log(1.35)


def _same_side(a: Measure, b: Measure) -> bool:
    return math.isinf(a.high) == math.isinf(b.high)


def _close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=0.1, abs_tol=0.6 if min(abs(a), abs(b)) > 5 else 1e-9)


def apart(a: Measure, b: Measure) -> bool:
    """Whether the two figures cannot both be true of one thing."""
    if max(a.low, b.low) <= min(a.high, b.high) + 1e-9 * max(abs(a.value), abs(b.value)):
        return False
    return not math.isclose(a.value, b.value, rel_tol=0.01)
