"""Quantities: cases as data, and what must hold for any text."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noisefilter.records import MODIFIERS, Quantity
from noisefilter.reliability.conversion import convert, tolerance
from noisefilter.reliability.numerals import find_numerals, lower
from noisefilter.reliability.ordinals import read_ordinals
from noisefilter.reliability.quantities import read_quantities
from noisefilter.reliability.units import BASES, UNITS, WRITTEN

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "quantities.jsonl").read_text(encoding="utf-8").splitlines()]


def _as_case(quantity: Quantity) -> dict[str, Any]:
    row: dict[str, Any] = {"value": quantity.value, "unit": quantity.unit, "modifier": quantity.modifier}
    if quantity.modifier == "range":
        row |= {"low": quantity.low, "high": quantity.high}
    return row


def _expected(row: dict[str, str]) -> dict[str, Any]:
    return {key: Decimal(value) if key in ("value", "low", "high") else value for key, value in row.items()}


@pytest.mark.parametrize("case", CASES, ids=[case["input"][:60] for case in CASES])
def test_case(case: dict[str, Any], request: pytest.FixtureRequest) -> None:
    if case["expect"] == "fail":
        request.applymarker(pytest.mark.xfail(reason=case["comment"], strict=True))
    assert [_as_case(q) for q in read_quantities(case["input"])] == [_expected(row) for row in case["expected"]]


@given(st.text(alphabet=st.sampled_from("0123456789 .,-–$€%½'abcmksİ\n/():<+") | st.characters(), max_size=80))
def test_offsets_are_exact_and_in_order(text: str) -> None:
    reached = 0
    for quantity in read_quantities(text):
        assert text[quantity.start : quantity.end] == quantity.text
        assert reached <= quantity.start < quantity.end
        assert quantity.modifier in MODIFIERS
        assert quantity.low is None or quantity.high is None or quantity.low <= quantity.high
        reached = quantity.end


LINE = (
    "at least about between and to from half a third of two dozen hundred million $5 12.5 7-2 % people per cent year-old May 8 No. 10 , ."
)
WORDS = [*LINE.split(), "km/h", "a week", "million", "and", "-"]


@given(st.lists(st.sampled_from(WORDS), max_size=14))
def test_any_order_of_words_is_read(words: list[str]) -> None:
    text = " ".join(words)
    assert all(text[q.start : q.end] == q.text for q in read_quantities(text))
    assert [q.to_row()["value"] is not None for q in read_quantities(text)] == [True] * len(read_quantities(text))


@given(st.integers(min_value=1, max_value=999_999))
def test_a_number_survives_printing_and_reading(number: int) -> None:
    (quantity,) = read_quantities(f"The town counted {number:,} inhabitants.")
    assert quantity.value == (0 if number == 0 else number)


@given(st.integers(min_value=2, max_value=9999), st.sampled_from(["dead", "houses", "per cent", "km"]))
def test_a_line_before_changes_nothing(number: int, noun: str) -> None:
    alone = read_quantities(f"It saw {number:,} {noun}.")
    after = read_quantities(f"At least.\nIt saw {number:,} {noun}.")
    assert [(q.value, q.unit, q.modifier) for q in alone] == [(q.value, q.unit, q.modifier) for q in after]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("exactly 12 people", "12", "12"),
        ("at least 12 people", "12", None),
        ("up to 12 people", None, "12"),
        ("about 100 people", "50", "150"),  # 100 is good to half a hundred
        ("about 112 people", "100.8", "123.2"),
        ("nearly 200 people", "150", "200"),
        ("12-14 people", "12", "14"),
    ],
)
def test_bounds(text: str, low: str | None, high: str | None) -> None:
    (quantity,) = read_quantities(text)
    assert (quantity.low, quantity.high) == (low and Decimal(low), high and Decimal(high))


@pytest.mark.parametrize(
    ("stated", "value", "unit"),
    [
        ("a train at 71 mph", "114.26", "kilometre per hour"),
        ("a train at 71 miles an hour", "114.26", "kilometre per hour"),
        ("48,000 acres burned", "19424.91", "hectare"),
        ("the dam is 814 feet high", "248.11", "metre"),
        ("it was 98.6 degrees Fahrenheit", "37.00", "celsius"),
        ("2.5 tonnes of steel", "2500.00", "kilogram"),
        ("3.9 GWh of power", "3900000.00", "kilowatt-hour"),
        ("fell by 50 basis points", "0.50", "percentage point"),
        ("36 months of work", "3.00", "year"),
        ("a fine of $5", "5.00", "dollar"),
        ("12 people died", "12.00", "people"),
        ("4 tonnes per shipment", "4000.00", "kilogram per shipment"),
    ],
)
def test_convert(stated: str, value: str, unit: str) -> None:
    converted = convert(read_quantities(stated)[0])
    assert (str(round(converted.value, 2)), converted.unit) == (value, unit)


def test_every_unit_has_a_written_form_and_a_finite_factor() -> None:
    assert all(unit.factor > 0 for unit in UNITS.values())
    assert set(UNITS) <= set(WRITTEN.values()) | {"pound"}
    assert all(base in UNITS or " per " in base for base in BASES.values())


@pytest.mark.parametrize(("value", "half"), [("90", "5"), ("12", "0.5"), ("4.50", "0.005"), ("1.20E+6", "5000"), ("0", "0.5")])
def test_tolerance(value: str, half: str) -> None:
    assert tolerance(Decimal(value)) == Decimal(half)


@pytest.mark.parametrize(
    ("text", "ranks"),
    [
        ("It is the third derailment at the bend since 2004.", [3]),
        ("This was the 20th count since 2005.", [20]),
        ("For the second time in three seasons it failed.", [2]),
        ("It was strike no. 3 here since 2019.", [3]),
        ("The fourth rise in a row.", [4]),
        ("Profit fell in the third quarter.", []),
        ("On the 5th of May the second half began.", []),
        ("The first lady met the first minister.", []),
        ("A second-hand car.", []),
    ],
)
def test_ordinals(text: str, ranks: list[int]) -> None:
    assert [int(q.value) for q in read_ordinals(text)] == ranks


def test_lowering_keeps_offsets() -> None:
    text = "İstanbul: 5 ÖLÜ, ẞ"
    assert len(lower(text)) == len(text)
    assert read_quantities("İİİ 12 people")[0].start == 4


# Each is a megabyte or close to it; a quadratic step would take minutes.
@pytest.mark.parametrize(
    "text",
    [
        "9" * 1_000_000,
        "1," * 300_000,
        "1 2/" * 100_000,
        "one " * 100_000,
        "1a" * 200_000,
        "7-2-" * 100_000,
        "5 to " * 100_000,
        "two hundred and " * 30_000,
        "half of a " * 50_000,
        "at least " * 50_000 + "5",
        "$" * 500_000,
        "5 people of the " * 30_000,
        ("people " * 300 + "12 ") * 300,
        "3.1." * 100_000,
    ],
    ids=lambda text: text[:12],
)
def test_time_is_linear(text: str) -> None:
    started = time.process_time()
    read_quantities(text)
    read_ordinals(text)
    assert time.process_time() - started < 15


def test_a_long_number_is_a_key() -> None:
    assert read_quantities("9" * 400 + " people") == []
    assert [str(n.value) for n in find_numerals("9" * 39)] == ["9" * 39]
