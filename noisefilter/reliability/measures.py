"""Claims → values that can be compared: one base unit a dimension, rates per day, and how far a rounded figure reaches.

"71 mph" and "114 km/h", "140 crore a day" and "1.4 billion rupees a day", "a quarter" and "25 %" are each one measure. A figure stands for
an interval: half a unit of its last digit to either side, a tenth of its value when it is hedged ("about 90"), open on one side when it is
a bound ("at least 12"). Currencies are not converted into one another.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from noisefilter.records import Claim, Quantity
from noisefilter.reliability.units import CURRENCIES, UNITS, WRITTEN

# Share of the value. "About 90" is taken to reach from 81 to 99; the event clusters' hedged figures lie within 9 % of the exact ones.
HEDGE = 0.1
# Share of the value. No rounding reaches further: "4 lakh" is not 4.5 lakh.
LARGEST_ROUNDING = 0.05
# From here on a round figure without a magnitude word is read as rounded: 6,000 but not 600.
ROUNDED_FROM = 1000

# Percentage points. "A third" and "one in four" are said of 33.4 and 24.6 per cent; small shares are rounded by less.
WORDED_SHARE = 1.0
_DIGIT = re.compile(r"\d")

_DAYS = {
    "second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "night": 1.0, "week": 7.0, "month": 30.4, "quarter": 91.3,
    "year": 365.25, "season": 365.25,
}  # fmt: skip
COUNT = "count"
# Kinds that are not rates: "a jump of 16 per cent in a decade" is compared with other percentages.
_UNTIMED = frozenset(("share", "%", "percentage point", "ordinal", "ratio"))
# Whole numbers below are compared exactly.
SMALL = 10


@dataclass(frozen=True, slots=True)
class Measure:
    """A value in its base unit: `low` and `high` are what the words allow, minus and plus infinity where they are open.

    `kind` is what it can be compared with; `is_bare` tells that the text gives no unit ("18, not 9"), `stated` is the
    value in the stated unit, `reach` how far its rounding reaches, `per` the time that a rate is counted in.
    """

    kind: str
    value: float
    low: float
    high: float
    digits: int
    stated: float
    reach: float
    is_bare: bool = False
    per: str = ""
    is_bound: bool = field(init=False, repr=False, compare=False)
    is_range: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Tell whether one side is open, and else whether both ends are stated: asked of every pair of figures."""
        is_bound = math.isinf(self.low) or math.isinf(self.high)
        object.__setattr__(self, "is_bound", is_bound)
        object.__setattr__(self, "is_range", not is_bound and self.high - self.low > 2.2 * self.reach)


def measure(claim: Claim) -> Measure:
    """The measure of a claim."""
    return _measure(claim.quantity, claim.unit, claim.rate)


# Every check of a document asks for the measures of its claims.
@lru_cache(maxsize=4096)
def _measure(quantity: Quantity, unit: str, rate: str) -> Measure:
    name, per = _rate_of(unit, rate)
    kind, factor = _base(name)
    if kind in _UNTIMED:
        per = ""
    if per in _DAYS:
        per, factor = "day", factor / _DAYS[per]
    value = _float(quantity.value)
    reach = rounding(quantity)
    if kind == "%" and not _DIGIT.search(quantity.text):
        reach = max(reach, min(WORDED_SHARE, LARGEST_ROUNDING * abs(value)))
    low, high = _float(quantity.low, -math.inf), _float(quantity.high, math.inf)
    if quantity.modifier == "about":
        low, high, reach = value, value, max(reach, HEDGE * abs(value))
    elif quantity.modifier == "nearly":
        low, high, reach = value * (1 - HEDGE), value, 0.0
    elif quantity.modifier in ("at_least", "over"):
        low, high, reach = value, math.inf, 0.0
    elif quantity.modifier in ("at_most", "under"):
        low, high, reach = -math.inf, value, 0.0
    if name == "fahrenheit":
        # Exact, for a difference of a fraction of a degree is one: 110.5 °F are 43.6 °C.
        value, low, high, reach = (value - 32) * 5 / 9, (low - 32) * 5 / 9, (high - 32) * 5 / 9, reach * 5 / 9
    return Measure(
        kind=kind,
        value=value * factor,
        low=(low - reach) * factor,
        high=(high + reach) * factor,
        digits=significant_digits(quantity),
        stated=_float(quantity.value),
        reach=reach * factor,
        is_bare=not name,
        per=per,
    )


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


def significant_digits(quantity: Quantity) -> int:
    """How many digits of a value say something: 2 of 48 %, 5 of 11,402, 2 of 1.4 billion."""
    return _precision(quantity.value)[0]


def rounding(quantity: Quantity) -> float:
    """Half a unit of the last digit as it is written, in the stated unit.

    >>> from noisefilter.reliability.quantities import read_quantities
    >>> [rounding(read_quantities(text)[0]) for text in ("€2.8 billion", "46 people", "1,384,210 people")]
    [50000000.0, 0.5, 5.0]
    """
    return _precision(quantity.value)[1]


@lru_cache(maxsize=4096)
def _precision(number: Decimal) -> tuple[int, float]:
    """How many digits of a value say something, and half a unit of the last."""
    _, digits, exponent = number.normalize().as_tuple() if number.is_finite() else (0, (), "")
    n_digits = max(1, min(len(digits), 15))
    value = abs(_float(number))
    if not value or math.isinf(value):
        return n_digits, 0.0
    last = 10.0**exponent if isinstance(exponent, int) and exponent < 300 else 1.0
    if last >= 1 and value < ROUNDED_FROM:
        last = 1.0
    return n_digits, min(last / 2, LARGEST_ROUNDING * value) if last > 1 or last < 1 else 0.5


def agree(a: Measure, b: Measure) -> bool:
    """Whether the two figures can be the same one, rounded or hedged differently, a missing unit or rate understood."""
    return supports(a, b) or supports(b, a)


def supports(a: Measure, b: Measure) -> bool:
    """Whether `a`, being true, makes `b` true: the same figure, or an exact one that a bound holds for."""
    if (a.is_bare or b.is_bare or a.per != b.per) and math.isclose(a.stated, b.stated, rel_tol=1e-6, abs_tol=1e-9):
        return not a.is_bound or b.is_bound
    if a.kind != b.kind:
        return False
    if a.is_bound:
        return b.is_bound and _same_side(a, b) and math.isclose(a.value, b.value, rel_tol=NEAR_BOUND)
    if b.is_bound:
        return b.low <= a.value <= b.high and distance(a, b) < FARTHEST_BOUND
    if a.is_range or b.is_range:
        return _meet(a, b)
    return abs(a.value - b.value) <= max(a.reach, b.reach) * (1 + TOUCH) and not _off_by_one(a, b)


# Shares of the value: two bounds this near are one ("at least 12", "over 12"), two figures this near are not held against each other, and
# ends of intervals this near touch, whatever binary fractions make of them.
NEAR_BOUND, FURTHEST_ALIKE, TOUCH = 0.02, 0.003, 1e-9
# Natural log of a ratio. A bound says little of a figure far from it: "at least 7" of 14, not of 40.
FARTHEST_BOUND = math.log(2.5)


def distance(a: Measure, b: Measure) -> float:
    """How far apart two values are, as the natural log of their ratio."""
    if not (math.isfinite(a.value) and math.isfinite(b.value)):
        return 0.0 if a.value == b.value else math.inf
    return abs(math.log(max(abs(a.value), 1e-9) / max(abs(b.value), 1e-9)))


def _meet(a: Measure, b: Measure) -> bool:
    return max(a.low, b.low) <= min(a.high, b.high) + TOUCH * max(abs(a.value), abs(b.value))


def _same_side(a: Measure, b: Measure) -> bool:
    return math.isinf(a.high) == math.isinf(b.high)


def _off_by_one(a: Measure, b: Measure) -> bool:
    """Two whole numbers as small as this are rounded by nobody: 8 and 8.5 are two figures."""
    return min(abs(a.value), abs(b.value)) < SMALL and max(a.reach, b.reach) == 0.5 and abs(a.value - b.value) > 0.25


def apart(a: Measure, b: Measure) -> bool:
    """Whether the two figures cannot both be true of one thing."""
    return a.kind == b.kind and a.per == b.per and not agree(a, b) and exclude(a, b)


def exclude(a: Measure, b: Measure) -> bool:
    """Whether two figures that do not agree cannot both be true of one thing."""
    if a.kind != b.kind or a.per != b.per:
        return False
    if a.is_bound or b.is_bound or a.is_range or b.is_range:
        return not _meet(a, b)
    return not math.isclose(a.value, b.value, rel_tol=FURTHEST_ALIKE)
