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


SPEAKERS = [
    ("The fire service found 14 faults.", "The fire service"),
    ("Its director, Ilse Montoro, said it is 40.", "Ilse Montoro"),
    ("It has 41 beds, says its director, Tove Krall.", "Tove Krall"),
    ("There are 2,860 employees, the petition says.", "the petition"),
    ("Ninety-two were ill, according to the list of the clinic.", "the list of the clinic"),
    ("On Friday the union said 12.", "the union"),
    ("In June there were 92, the annual report shows.", "the annual report"),
    ("The strike costs 140 crore, R. K. Belliappa said.", "R. K. Belliappa"),
    ("Experts say it is 40.", "Experts"),
    ("About 40 are in the shire's log.", "shire's log"),
    ("It is said that 40 drowned.", "is said"),
]


@pytest.mark.parametrize(("sentence", "speaker"), SPEAKERS)
def test_the_speaker_is_a_name_or_a_noun_phrase(sentence: str, speaker: str) -> None:
    assert sentence_voice(sentence).speaker == speaker


def test_a_paper_that_names_its_body_speaks_for_it() -> None:
    assert speaks_for_body("ROAD DIRECTORATE. Statement on the Orle Bridge, 5 June 2026\nThe Directorate regrets the loss.")
    assert speaks_for_body(
        "Register of studies. Entry 417. Results\nTitle: SOL, a randomised, double-blind study of a small white tablet, taken once daily."
    )
    assert speaks_for_body("Lorn Trams. To our passengers and to the press, 3 May 2026\nThe line is open again.")
    assert speaks_for_body("Norhavn Lines. Press information, Tuesday, 21:00. We sail again\nNorhavn. The boats run.")
    assert speaks_for_body("Hill Dairy Cooperative, letter to members, Tuesday 7 July 2026\nDear farmers, we were lucky.")
    assert speaks_for_body("LORN COUNTY COUNCIL. Office of Roads\nCircular No. 12, Friday, 8 May 2026. To all depots: grit.")
    assert speaks_for_body("GREY POWER. The gale of 3 May: summary for the Energy Board\n1. Extent. We lost 40 poles.")
    assert speaks_for_body("FRIENDS OF LORN. Circle letter to our supporters, Easter 2026\nGood news from the hill.")
    assert speaks_for_body("Lorn Water Utility. Drought summary, week 31\nLevels fell.")
    assert speaks_for_body("TESSEL GLACIER OBSERVATORY. Daily report no. 12, 4 May 2026\nThe tongue moved.")
    assert speaks_for_body("Bread Across Borders. Field report 9: the second winter\nWe were four.")
    assert speaks_for_body("STATISTICAL OFFICE OF LORN. Release 2026/31\nRents rose.")
    assert speaks_for_body("The Field Gun. Bulletin of the Hunters' Association, November 2024\nWe congratulate it.")


def test_the_press_speaks_for_nobody() -> None:
    assert not speaks_for_body("LORVANE, 12 March (Continental Press) - Missiles struck the capital.")
    assert not speaks_for_body("Harbour fees rise\nBy our correspondent, Monday. The council met for its annual report.")
    assert not speaks_for_body("The Lorn Daily, Monday. Floods: what we know\nThe river rose.")
    assert not speaks_for_body("The Tessel Observer, Tuesday 9 June. What the files say about our bridge\nA week after the collapse.")
