"""Copies: cases by hand, what must not change the answer, and the shared clusters."""

from __future__ import annotations

import gzip
import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noisefilter.reliability import dependence
from noisefilter.reliability.dependence import Copy, count_voices, find_copies, groups, measure_pairs
from noisefilter.reliability.terms import FIGURE, LARGEST_BLOCK, listed_sources, mask, read_terms

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "copies.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_cases(case: dict[str, object], request: pytest.FixtureRequest) -> None:
    if case["expect"] == "fail":
        request.applymarker(pytest.mark.xfail(strict=True, reason=str(case["comment"])))
    found = [(copy.a, copy.b, copy.kind) for copy in find_copies(case["input"])]  # type: ignore[arg-type]
    assert found == ([("other", "report", case["expected"])] if case["expected"] else [])


REPORT = str(CASES[0]["input"]["report"])
BULLETIN = str(CASES[0]["input"]["bulletin"])
TEXTS = {case["label"]: case["input"]["other"] for case in CASES} | {"report": REPORT, "bulletin": BULLETIN}


@settings(max_examples=20, deadline=None)
@given(st.permutations(sorted(TEXTS)))
def test_order_does_not_matter(names: list[str]) -> None:
    assert find_copies({name: TEXTS[name] for name in names}) == find_copies(TEXTS)


def test_names_do_not_matter() -> None:
    other = {name: f"{99 - number:02}" for number, name in enumerate(sorted(TEXTS))}
    back = {new: old for old, new in other.items()}
    found = find_copies({other[name]: text for name, text in TEXTS.items()})
    assert {(frozenset((back[c.a], back[c.b])), c.similarity) for c in found} == {
        (frozenset((c.a, c.b)), c.similarity) for c in find_copies(TEXTS)
    }


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text(max_size=5), st.text(max_size=400), max_size=6))
def test_any_text_is_read(texts: dict[str, str]) -> None:
    for copy in find_copies(texts):
        assert copy.a < copy.b and dependence.COPY <= copy.similarity <= 1


@pytest.mark.parametrize(
    "text", ["", " ", "“" * 50_000, "1" * 100_000, "Sources:\n" * 20_000, '"' + "a " * 100_000, "twelve hundred " * 30_000]
)
def test_odd_texts_do_not_hurt(text: str) -> None:
    assert find_copies({"a": text, "b": BULLETIN}) == []


def test_a_copy_in_many_hands_is_one_voice() -> None:
    texts = {f"{number:04}": REPORT + f"\nPosted by user {number}." for number in range(300)} | {"bulletin": BULLETIN}
    found = find_copies(texts)
    assert len(found) == 299
    assert [len(group) for group in groups(texts, found)] == [300, 1]
    assert count_voices(texts, found) == pytest.approx(2, abs=0.05)


def test_the_same_list_of_sources_ties() -> None:
    listed = "\n\nSources:\n\nEnvoy and president talk, aide says\n\nGeneral killed near the capital, investigators say\n"
    one, two = "Rain fell on the hills all week." + listed, "A general died by a bomb on Friday." + listed
    assert [copy.kind for copy in find_copies({"one": one, "two": two})] == ["sources"]
    assert find_copies({"one": one, "two": two.replace("talk", "quarrel").replace("near", "in")}) == []


def test_quotations_and_lists_are_masked() -> None:
    assert mask("Moult sat down and said: “We had them singing.” Then he went home.") == "Moult sat down and said:   Then he went home."
    assert mask("“All of it is quoted, every single word.”").startswith("“All")
    assert listed_sources("The report names its sources: none.\nMore text.") == frozenset()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("two hundred and twelve aboard", "212 aboard"),
        ("1,212 adults", "1212 adults"),
        ("4 million crowns", "4,000,000 crowns"),
        ("$3.4bn lost", "3.4 billion lost"),
        ("twenty-one birds", "21 birds"),
        ("a dozen birds", "12 birds"),
        ("four lakh voters", "400,000 voters"),
    ],
)
def test_figures_are_read_the_same(one: str, other: str) -> None:
    terms = read_terms([one, other])
    figures = [set((terms.keys[(terms.texts == text) & (terms.kinds == FIGURE)] & np.uint64(2**32 - 1)).tolist()) for text in (0, 1)]
    assert len(figures[0]) == 1 and figures[0] == figures[1]


@pytest.mark.parametrize(
    ("text", "n_figures"), [("nine, ten, eleven", 3), ("section 1.2.3", 1), ("millions of birds", 0), ("one of many", 1)]
)
def test_figures_are_counted(text: str, n_figures: int) -> None:
    assert int((read_terms([text]).kinds == FIGURE).sum()) == n_figures


def test_blocks_are_not_too_large() -> None:
    with pytest.raises(ValueError, match="at most 65536 texts, got 65537"):
        read_terms([""] * (LARGEST_BLOCK + 1))


def test_blocks_do_not_change_what_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = sorted(str(text) for text in TEXTS.values())
    whole = measure_pairs(texts)
    monkeypatch.setattr(dependence, "BLOCK", 3000)
    cut = measure_pairs(texts)
    assert whole.left.tolist() == cut.left.tolist() and whole.right.tolist() == cut.right.tolist()
    assert (dependence.similarities(whole.X) >= dependence.COPY).tolist() == (dependence.similarities(cut.X) >= dependence.COPY).tolist()


def test_a_sampled_index_still_finds_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependence, "LARGEST_INDEX", 1)
    assert [copy.kind for copy in find_copies({"a": REPORT, "b": "By wire.\n" + REPORT, "c": BULLETIN})] == ["verbatim"]


def test_few_meetings_still_find_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependence, "MOST_MEETINGS", 1)
    assert [copy.kind for copy in find_copies({"a": REPORT, "b": "By wire.\n" + REPORT, "c": BULLETIN})] == ["verbatim"]


def test_voices_count_what_is_not_copied() -> None:
    chain = [Copy("a", "b", 1.0, "verbatim"), Copy("b", "c", 0.5, "rewrite")]
    assert groups("dcba", chain) == [["a", "b", "c"], ["d"]]
    assert count_voices("abcd", chain) == pytest.approx(1 / 2.5 + 1 / 2.5 + 1 / 2 + 1)
    assert count_voices("cd", chain) == 2


@pytest.mark.parametrize("prefix", ["c0", "c2"])
def test_shared_clusters(shared: Path, prefix: str) -> None:
    gold, said = set(), set()
    for cluster in sorted((shared / "data" / "reliability" / "clusters").glob(prefix + "*")):
        answer = json.loads((cluster / "gold.json").read_text(encoding="utf-8"))
        texts = {name: (cluster / name).read_text(encoding="utf-8") for name in answer["sources"]}
        gold |= {(cluster.name, *sorted(pair)) for pair in answer["copies"]}
        said |= {(cluster.name, copy.a, copy.b) for copy in find_copies(texts)}
    assert 2 * len(gold & said) / (len(gold) + len(said)) >= 0.95


def test_shared_seeds(shared: Path) -> None:
    texts = {path.name[:3]: path.read_text(encoding="utf-8") for path in (shared / "seeds").glob("00*.txt")}
    assert [(copy.a, copy.b, copy.kind) for copy in find_copies(texts)] == [("000", "001", "rewrite")]


def test_news_that_shares_its_wording(shared: Path) -> None:
    path = shared / "data" / "reliability" / "fakes_syria_events.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = {row["id"]: row["text"] for row in map(json.loads, lines)}
    grams = {name: set(zip(*(text.lower().split()[at:] for at in range(5)), strict=False)) for name, text in texts.items()}
    voice = {name: number for number, group in enumerate(groups(texts, find_copies(texts))) for name in group}
    alike = [(a, b) for a, b in combinations(texts, 2) if len(grams[a] & grams[b]) > 0.3 * max(1, min(len(grams[a]), len(grams[b])))]
    assert len(alike) > 90
    assert sum(voice[a] == voice[b] for a, b in alike) >= 0.95 * len(alike)
