"""Quantities in another unit: the base unit of their dimension, and how far rounding may have moved them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from noisefilter.records import Quantity
from noisefilter.reliability.units import BASES, UNITS


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

    >>> mph = Quantity(Decimal(71), Decimal(71), Decimal(71), "exact", "mile per hour", "71 mph", 0, 6)
    >>> convert(mph).unit, round(convert(mph).value)
    ('kilometre per hour', 114)
    """
    factor, offset, unit = _conversion(quantity.unit)
    if unit == quantity.unit:
        return quantity
    low, high = (None if end is None else end * factor + offset for end in (quantity.low, quantity.high))
    return replace(quantity, value=quantity.value * factor + offset, low=low, high=high, unit=unit)


def _conversion(unit: str) -> tuple[Decimal, Decimal, str]:
    """Factor, offset and name of the base unit."""
    known = UNITS.get(unit)
    if unit == "fahrenheit":
        return Decimal(5) / 9, Decimal(-160) / 9, "celsius"
    if known and known.dimension in BASES:
        return known.factor, Decimal("-273.15") if unit == "kelvin" else Decimal(0), BASES[known.dimension]
    plain, _, per = unit.partition(" per ")
    above, below = UNITS.get(plain), UNITS.get(per)
    if not per or not above or above.dimension not in BASES or above.dimension in ("calendar", "time"):
        return Decimal(1), Decimal(0), unit
    if below and below.dimension == "time" and above.dimension == "length":
        return above.factor / below.factor / 1000, Decimal(0), "kilometre per hour"
    if below and above.dimension == "volume" and below.name in ("second", "minute"):
        return above.factor / below.factor / 3600, Decimal(0), "cubic metre per second"
    return above.factor, Decimal(0), f"{BASES[above.dimension]} per {per}"
