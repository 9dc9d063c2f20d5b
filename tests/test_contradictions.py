"""What a document says against itself: one text a case, with the kinds that are to be found in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from noisefilter.records import Document
from noisefilter.reliability.claims import read_claims
from noisefilter.reliability.contradictions import find_contradictions

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "contradictions.jsonl").read_text(encoding="utf-8").splitlines()]


def kinds(text: str) -> list[str]:
    page = Document("d", text)
    return [found.kind for found in find_contradictions(page, text, read_claims(page))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["input"][:40])
def test_cases(case: dict[str, Any]) -> None:
    assert (kinds(case["input"]) == case["expected"]) == (case["expect"] == "pass")


def test_both_places_and_a_reason_are_told() -> None:
    text = "There were 211 people on board: 204 passengers and eight staff."
    page = Document("d", text)
    [found] = find_contradictions(page, text, read_claims(page))
    assert text[slice(*found.a)] == "211 people"
    assert "eight staff" in text[slice(*found.b)]
    assert "212" in found.explanation


def test_a_text_told_twice_word_for_word_contradicts_nothing() -> None:
    line = "The council of Ember counted 412 houses and 37 shops in 1987.\n"
    assert kinds(line * 40) == []


def test_paragraphs_that_are_not_kept_are_not_read() -> None:
    page = Document("d", "The mill was built in 1895 by Ada Kerr.\nThe mill was built in 1885 for a lawyer.")
    assert find_contradictions(page, "The mill was built in 1895 by Ada Kerr.", []) == []
