"""Truth discovery: tables small enough to check by eye, what must not change the answer, and the shared data."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noisefilter.reliability.truth import Resolution, resolve_claims, resolve_facts


def table(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["object", "source", "value", "weight"][: len(rows[0])])


def answer(resolution: Resolution, name: str = "o") -> object:
    return resolution.values.set_index("object")["value"][name]


def probability(resolution: Resolution, name: str = "o") -> float:
    return float(resolution.values.set_index("object")["probability"][name])


def test_the_majority_of_equals_is_right() -> None:
    resolution = resolve_claims(table(("o", "a", "red"), ("o", "b", "red"), ("o", "c", "blue")))
    assert answer(resolution) == "red" and probability(resolution) > 0.9


def test_one_witness_is_worth_its_accuracy() -> None:
    assert probability(resolve_claims(table(("o", "a", "red")))) == pytest.approx(0.8 * 0.95)


def test_the_accurate_source_wins_alone() -> None:
    rows = [(f"o{n}", source, "right") for n in range(20) for source in ("a", "b", "c")]
    rows += [(f"o{n}", "liar", f"wrong {n}") for n in range(20)]
    resolution = resolve_claims(table(*rows, ("o", "a", "yes"), ("o", "liar", "no")))
    assert answer(resolution) == "yes"
    assert resolution.sources.set_index("source")["accuracy"]["liar"] < 0.3


def test_a_name_that_is_never_confirmed_was_misread() -> None:
    """ "Born to Elizabeth": an accurate source gives a name as a place again and again, and nobody else does."""
    rows = [(f"o{n}", source, f"town {n}") for n in range(40) for source in ("a", "b", "c")]
    rows += [(f"o{n}", "c", f"village {n}") for n in range(40, 50)] + [(f"o{n}", "a", f"town {n}") for n in range(40, 50)]
    rows += [(f"o{n}", "b", f"town {n}") for n in range(40, 50)]
    met = [(f"p{n}", source, "Elizabeth" if source == "a" else f"hamlet {n}") for n in range(30) for source in ("a", "c")]
    assert answer(resolve_claims(table(*rows, ("p0", "a", "Elizabeth"), ("p0", "c", "Akron"))), "p0") == "Elizabeth"
    assert answer(resolve_claims(table(*rows, *met)), "p0") == "hamlet 0"


def test_vandalism_does_not_move_a_number() -> None:
    resolution = resolve_claims(table(("o", "a", 1200), ("o", "b", 1201), ("o", "c", 6.6e18), ("o", "d", 0)))
    assert answer(resolution) in (1200, 1201) and probability(resolution) > 0.9


def test_a_round_number_supports_the_exact_one() -> None:
    assert answer(resolve_claims(table(("o", "a", 9000), ("o", "b", 9000), ("o", "c", 8860)))) == 8860
    assert answer(resolve_claims(table(("o", "a", 9000), ("o", "b", 9000), ("o", "c", 8300)))) == 9000


def test_tolerance_is_a_setting() -> None:
    rows = table(("o", "a", 1037), ("o", "b", 1074), ("o", "c", 1513), ("o", "d", 1518))
    assert answer(resolve_claims(rows)) in (1513, 1518)
    assert probability(resolve_claims(rows, tolerance=0.0)) < probability(resolve_claims(rows, tolerance=0.01))


def test_a_wide_place_supports_the_narrow_one() -> None:
    city, state, other = ("Minneapolis", "Minnesota", "USA"), ("Minnesota", "USA"), ("Boise", "Idaho", "USA")
    resolution = resolve_claims(table(("o", "a", city), ("o", "b", state), ("o", "c", other)))
    assert answer(resolution) == city
    assert probability(resolve_claims(table(("o", "a", city)))) < probability(resolve_claims(table(("o", "a", city), ("o", "b", state))))


def test_lists_are_paths_too() -> None:
    assert answer(resolve_claims(table(("o", "a", ["Bath", "England"]), ("o", "b", ["England"])))) == ("Bath", "England")


def test_a_light_claim_counts_less() -> None:
    rows = [("o", "a", "red", 0.1), ("o", "b", "red", 0.1), ("o", "c", "blue", 1.0)]
    assert answer(resolve_claims(table(*rows))) == "blue"


def test_ties_are_random_but_seeded() -> None:
    rows = table(*((f"o{n}", source, f"{source} {n}") for n in range(200) for source in ("a", "b")))
    first = [resolve_claims(rows, seed=seed).values["value"].str[0].tolist() for seed in (1, 1, 2)]
    assert first[0] == first[1] != first[2]
    assert 60 < first[0].count("a") < 140


def test_nothing_in_nothing_out() -> None:
    resolution = resolve_claims(table(("o", "a", 1.0))[:0])
    assert len(resolution.values) == len(resolution.sources) == 0
    assert len(resolve_claims(table(("o", "a", float("nan")), ("p", "a", float("inf"))), seed=1).values) == 0


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match=r"no column source \(columns: object, value\)"):
        resolve_claims(pd.DataFrame({"object": [1], "value": [2]}))


claims = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5), st.sampled_from([10, 11, 500, 512, 9e9])), min_size=1, max_size=30)


@settings(max_examples=50, deadline=None)
@given(claims, st.randoms(use_true_random=False))
def test_order_does_not_matter(rows: list[tuple[int, int, float]], chance: object) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (resolve_claims(pd.DataFrame(r, columns=["object", "source", "value"])) for r in (rows, shuffled))
    pd.testing.assert_frame_equal(one.values, other.values)
    pd.testing.assert_frame_equal(one.sources, other.sources)


@settings(max_examples=50, deadline=None)
@given(claims)
def test_chances_are_chances(rows: list[tuple[int, int, float]]) -> None:
    resolution = resolve_claims(pd.DataFrame(rows, columns=["object", "source", "value"]))
    assert resolution.values["probability"].between(0, 1).all()
    assert resolution.sources["accuracy"].between(0, 1).all()


def test_sources_are_ranked_as_they_are() -> None:
    chance = np.random.default_rng(0)
    true_accuracy = np.linspace(0.3, 0.95, 12)
    rows = [
        (number, source, number if chance.random() < true_accuracy[source] else chance.integers(10**6, 10**7))
        for number in range(100, 400)
        for source in chance.choice(12, 5, replace=False).tolist()
    ]
    resolution = resolve_claims(pd.DataFrame(rows, columns=["object", "source", "value"]), tolerance=0.0)
    ranks = resolution.sources.sort_values("source")["accuracy"].rank()
    assert np.corrcoef(ranks, np.arange(12))[0, 1] > 0.95


def facts(*rows: tuple[int, int, int, float]) -> tuple[np.ndarray, np.ndarray]:
    fact, group, source, agrees = (np.array(column) for column in zip(*rows, strict=True))
    return resolve_facts(fact, group, source, agrees)


def test_copies_are_one_witness() -> None:
    alone = facts((0, 0, 0, 1))[0][0]
    copied = facts((0, 0, 0, 1), (0, 0, 1, 1), (0, 0, 2, 1))[0][0]
    witnessed = facts((0, 0, 0, 1), (0, 1, 1, 1))[0][0]
    assert alone == pytest.approx(0.76) and copied == pytest.approx(alone) and witnessed > 0.95


def test_many_copies_do_not_outvote_two_witnesses() -> None:
    copies = [(0, 0, source, 1) for source in range(10)]
    assert facts(*copies, (0, 1, 10, 0), (0, 2, 11, 0))[0][0] < 0.1


def test_witnesses_against_each_other_leave_it_open() -> None:
    chance, accuracy = facts((0, 0, 0, 1), (0, 1, 1, 0))
    assert chance[0] == pytest.approx(0.43, abs=0.05) and accuracy[0] == accuracy[1]


def test_half_agreement_lies_between() -> None:
    no, half, yes = (facts((0, 0, 0, 1), (0, 1, 1, agrees))[0][0] for agrees in (0.0, 0.5, 1.0))
    assert no < half < yes


def test_facts_of_nothing() -> None:
    empty = np.empty(0, np.int64)
    chance, accuracy = resolve_facts(empty, empty, empty, empty)
    assert len(chance) == len(accuracy) == 0


def load(path: Path) -> pd.DataFrame:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return pd.DataFrame([json.loads(line) for line in lines])


def test_populations(shared: Path) -> None:
    rows = load(shared / "data" / "reliability" / "td_population.jsonl.gz")
    truth = rows.dropna(subset=["truth"]).groupby("object")["truth"].first()
    errors = []
    for seed in range(3):
        found = resolve_claims(rows[["object", "source", "value"]], seed=seed).values.set_index("object")["value"][truth.index]
        errors.append(((found - truth).abs() > 0.01 * truth).mean())
    assert np.mean(errors) <= 0.14


def test_birthplaces(shared: Path) -> None:
    rows = load(shared / "data" / "reliability" / "td_birthplaces.jsonl.gz")
    truth = rows.groupby("object")["truth"].first()
    found = resolve_claims(rows[["object", "source", "value"]]).values.set_index("object")["value"]
    assert np.mean([found[name] == path[0] for name, path in truth.items()]) >= 0.77
