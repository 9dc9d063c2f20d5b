"""From documents to scores: what moves them, and what must not."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noisefilter.records import Document, SourceScore, SourceTally
from noisefilter.reliability.score import score_of, score_sources

EMBER = "The dam at Ember burst on Monday near the mill of Kolvada, and the river Tane rose."
SOUND = f"{EMBER}\nIt flooded 412 houses, the Ember council said. The gauge at Kolvada stood at 5.37 metres, the river office said. "
REPORT = (
    f"At Kolvada the Tane gauge read 5.37 metres, says the Ember river office. {EMBER}\nThe council counts 412 houses under water. "
    "Spokesman Ansel put the soldiers at 127."
)
GOOD = [
    Document("a", SOUND + "The army sent 127 soldiers, its spokesman Ruben Ansel said.", source="A"),
    Document("b", REPORT, source="B"),
]
BAD = Document(
    "c",
    f"{EMBER}\nExperts say 950 houses were flooded. We hear of 83 looters. It is believed that 64 cows drowned. "
    "There were 211 people in the mill: 204 guests and eight cooks.",
    source="C",
)
CORPUS = [*GOOD, BAD]


def by_source(documents: list[Document]) -> dict[str, SourceScore]:
    return {score.source: score for score in score_sources(documents)}


def test_a_source_that_others_bear_out_stands_above_one_that_hears_things() -> None:
    scores = score_sources(CORPUS)
    assert scores[0].source == "C"
    assert scores[0].reliability is not None and scores[-1].reliability is not None
    assert scores[0].reliability < scores[-1].reliability - 0.1


def test_every_score_leads_to_its_spans() -> None:
    bodies = {page.id: page.body for page in CORPUS}
    for score in score_sources(CORPUS):
        assert score.reasons
        for statistic in score.statistics:
            body = bodies[statistic.claim.document_id]
            assert body[statistic.claim.start : statistic.claim.end] == statistic.claim.quantity.text
        for reason in score.reasons:
            assert 0 <= reason.start < reason.end <= len(bodies[reason.document_id])


def test_the_order_of_documents_does_not_matter() -> None:
    rows = [score.to_row() for score in score_sources(CORPUS)]
    for seed in range(4):
        shuffled = random.Random(seed).sample(CORPUS, len(CORPUS))
        assert [score.to_row() for score in score_sources(shuffled)] == rows


def test_the_names_of_sources_do_not_matter() -> None:
    names = {"A": "zebra", "B": "apple", "C": "mango"}
    renamed = by_source([replace(page, source=names[page.source]) for page in CORPUS])
    for name, score in by_source(CORPUS).items():
        assert renamed[names[name]].reliability == pytest.approx(score.reliability)


def test_copying_a_text_corroborates_nothing() -> None:
    copy = replace(BAD, id="d", source="D")
    before, after = by_source(CORPUS)["C"], by_source([*CORPUS, copy])["C"]
    assert [name for name, _ in after.copies] == ["D"]
    assert all("D" not in statistic.corroborated_by for statistic in after.statistics)
    assert before.reliability is not None and after.reliability is not None
    assert after.reliability <= before.reliability + 1e-9


def test_a_source_alone_is_not_scored_and_the_note_says_why() -> None:
    [score] = score_sources([BAD])
    assert (score.reliability, score.low, score.high) == (None, None, None)
    assert score.note == "not enough evidence: 0 of 5 claims can be compared with another source" or score.note.startswith(
        "not enough evidence: 0 of "
    )
    assert score.contradictions


def test_no_text_is_no_trouble() -> None:
    assert score_sources([]) == []
    [score] = score_sources([Document("a", "")])
    assert score.note.startswith("not enough evidence")


def test_a_number_of_400_digits_is_read() -> None:
    page = Document("a", f"The debt is {'9' * 400} dollars. 12 people came, and 14 cars.", source="A")
    score = score_sources([page, replace(page, id="b", source="B")])[0]
    assert len(score.statistics) >= 2


counts = st.floats(0, 1e6, allow_nan=False)
tallies = st.builds(SourceTally, st.just("s"), st.integers(0, 10**6), st.integers(0, 10**6), counts, counts, counts, counts, counts, counts)


@given(tallies)
def test_scores_lie_between_0_and_1(sums: SourceTally) -> None:
    score = score_of(sums)
    parts = [score.reliability, score.low, score.high, score.corroboration, score.consistency, score.attribution]
    assert all(part is None or 0 <= part <= 1 for part in parts)
    if score.reliability is not None and score.low is not None and score.high is not None:
        assert score.low <= score.reliability <= score.high


@given(tallies, tallies, tallies)
def test_tallies_add_in_any_order(a: SourceTally, b: SourceTally, c: SourceTally) -> None:
    left, right = (a + b) + c, c + (b + a)
    assert (left.claims, left.comparable) == (right.claims, right.comparable)
    assert left.supported == pytest.approx(right.supported)


def test_tallies_of_two_sources_are_not_added() -> None:
    with pytest.raises(ValueError, match="two sources"):
        SourceTally("a") + SourceTally("b")
