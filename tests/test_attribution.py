"""Who says so: one sentence a case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from noisefilter.reliability.attribution import sentence_voice
from noisefilter.reliability.own_paper import speaks_for_body

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "attribution.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["input"][:40])
def test_cases(case: dict[str, Any]) -> None:
    right = sentence_voice(case["input"]).attribution == case["expected"]
    assert right == (case["expect"] == "pass")


def test_a_paper_that_names_its_body_speaks_for_it() -> None:
    assert speaks_for_body("ROAD DIRECTORATE. Statement on the Orle Bridge, 5 June 2026\nThe Directorate regrets the loss.")
    assert speaks_for_body("The Field Gun. Bulletin of the Hunters' Association, November 2024\nWe congratulate it.")


def test_the_press_speaks_for_nobody() -> None:
    assert not speaks_for_body("LORVANE, 12 March (Continental Press) - Missiles struck the capital.")
    assert not speaks_for_body("The Tessel Observer, Tuesday 9 June. What the files say about our bridge\nA week after the collapse.")
