"""Matching in arrays gives what two claims at a time give: tests/slow_matching.py."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import slow_matching as slow
from hypothesis import given, settings
from hypothesis import strategies as st

from noisefilter.records import Claim, Document, Quantity
from noisefilter.reliability import pairs as fast
from noisefilter.reliability.claims import read_claims
from noisefilter.reliability.figures import Figures, codes
from noisefilter.reliability.matching import join, match
from noisefilter.reliability.measures import Measure, agree, distance, exclude
from noisefilter.reliability.neighbours import Article, article_of, neighbours
from noisefilter.reliability.rivals import FAINTEST_RIVAL, rival_features, rivals
from noisefilter.reliability.similarity import WordCounts, read_table

CLUSTERS = sorted((Path(__file__).parent / "clusters").glob("c*"))
# Numbers that touch, that are each other rounded, bounds, and some that no float can hold well.
NUMBERS = st.sampled_from((0.0, 1.0, 1.25, 8.0, 8.5, 9.0, 10.0, 100.0, 100.3, 100.4, 250.0, 251.0, 1e12, 1.01e12, -3.0, math.inf))
ENDS = st.sampled_from((0.0, 0.5, 2.0, math.inf))


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    value, below, above = draw(NUMBERS), draw(ENDS), draw(ENDS)
    low, high = (-math.inf, math.inf) if math.isinf(value) else (value - below, value + above)
    reach, digits = draw(st.sampled_from((0.0, 0.5, 5.0))), draw(st.integers(1, 5))
    kind, per = draw(st.sampled_from(("count", "%", "metre"))), draw(st.sampled_from(("", "day")))
    return Measure(kind, value, low, high, digits, draw(st.sampled_from((value, 18.0))), reach, draw(st.booleans()), per)


@settings(deadline=None)
@given(st.lists(measures(), min_size=1, max_size=12))
def test_figures_stand_to_each_other_as_two_at_a_time_do(found: list[Measure]) -> None:
    figures = Figures.of(found)
    a, b = (side.ravel() for side in np.indices((len(found), len(found))))
    both = [(found[one], found[other]) for one, other in zip(a.tolist(), b.tolist(), strict=True)]
    assert figures.agree(a, b).tolist() == [agree(*pair) for pair in both]
    assert figures.exclude(a, b).tolist() == [exclude(*pair) for pair in both]
    gaps = [distance(x, y) if x.is_bound or y.is_bound or x.is_range or y.is_range else 0.0 for x, y in both]
    assert figures.gap(a, b).tolist() == pytest.approx(gaps)


def check(claims: Sequence[Claim], articles: set[tuple[Article, Article]]) -> int:
    """Compare every pair, fact and rival with the reference; how many rivals there are."""
    compared = {article for pair in articles for article in pair}
    claims = [claim for claim in claims if article_of(claim) in compared]
    table, old = read_table(claims), slow.profiles(claims, WordCounts.of(claims).rarity())
    pairs = fast.candidate_pairs(table, articles)
    expected = {(pair.a, pair.b): pair for pair in slow.candidate_pairs(old, articles)}
    assert sorted(expected) == list(zip(pairs.a.tolist(), pairs.b.tolist(), strict=True))
    for number, (_, pair) in enumerate(sorted(expected.items())):
        assert dict(zip(fast.FEATURES, pairs.X[number].tolist(), strict=True)) == pytest.approx(pair.X, abs=1e-7)
        assert (pairs.agrees[number], pairs.is_apart[number]) == (pair.agrees, pair.is_apart)
    fact = join(table, pairs)
    same = {key for key, pair in expected.items() if pair.agrees and slow.agreement(old, pair) >= 0.5}
    assert fact.tolist() == codes(joined(len(claims), same))
    voice = np.array(codes(claim.source for claim in claims), np.int64)
    conflicts = slow.conflicts(old, list(expected.values()), fact.tolist(), {})
    couples = rival_features(table, pairs, fact, voice)
    assert sorted(conflicts) == list(zip(couples.one.tolist(), couples.other.tolist(), strict=True))
    found = rivals(table, pairs, fact, voice)
    assert found == pytest.approx({key: likely for key, likely in conflicts.items() if likely >= FAINTEST_RIVAL})
    return len(found)


def joined(n: int, same: set[tuple[int, int]]) -> list[int]:
    group = list(range(n))
    for a, b in same:
        group = [group[b] if its == group[a] else its for its in group]
    return group


@pytest.mark.parametrize("folder", CLUSTERS, ids=lambda folder: folder.name)
def test_clusters_are_matched_as_by_the_reference(folder: Path) -> None:
    pages = [Document(path.stem, path.read_text(encoding="utf-8"), source=path.stem) for path in sorted(folder.glob("*.txt"))]
    claims = [claim for page in pages for claim in read_claims(page)]
    assert check(claims, neighbours(claims)) > 0


WORDS = st.lists(
    st.sampled_from(
        ["Kolvada", "killed", "hurt", "rose", "fell", "the", "houses", "12", "flooded", "mayor", "Ansel", "people", "to", "year-end", "two"]
    ),
    max_size=7,
).map(" ".join)
PLACES = st.lists(st.sampled_from(("Kolvada", "Marrow")), max_size=2).map(tuple)
UNITS = st.sampled_from(("", "people", "%", "metre", "kilometre", "dollar per day"))


@st.composite
def stated(draw: st.DrawFn) -> Claim:
    """A claim of one of three sources, each of which may have two articles."""
    before, after, text = draw(WORDS), draw(WORDS), draw(st.sampled_from(("8", "9", "8.5", "12", "28,740", "28,000", "half")))
    value = Decimal({"half": "50"}.get(text, text.replace(",", "")))
    modifier = draw(st.sampled_from(("exact", "about", "at_least", "under")))
    low, high = (value, None) if modifier == "at_least" else (None, value) if modifier == "under" else (value, value)
    setting, article = draw(WORDS), draw(st.sampled_from((1, 2)))
    # One place, one sentence.
    sentence_start = zlib.crc32(f"{before}|{text}|{after}|{setting}|{article}".encode())
    start = sentence_start + len(before) + 1
    unit = draw(UNITS)
    return Claim(
        source=draw(st.sampled_from("ABC")),
        document_id="d",
        paragraph_index=0,
        quantity=Quantity(value, low, high, modifier, unit, text, start, start + len(text)),
        counted=draw(WORDS),
        predicate="",
        place=draw(PLACES),
        place_inherited=False,
        time=draw(st.sampled_from(("", "2020", "2021"))),
        rate=draw(st.sampled_from(("", "day"))),
        attribution=draw(st.sampled_from(("named", "vague", "none"))),
        speaker="",
        in_quote=False,
        sentence=f"{before} {text} {after}",
        sentence_start=sentence_start,
        setting=setting,
        article=article,
        unit=unit,
    )


@settings(deadline=None, max_examples=60)
@given(st.lists(stated(), max_size=14))
def test_any_claims_are_matched_as_by_the_reference(found: list[Claim]) -> None:
    claims = sorted(found, key=lambda claim: (claim.source, claim.article, claim.sentence_start))
    articles = sorted({article_of(claim) for claim in claims})
    check(claims, {(one, other) for one in articles for other in articles if one[0] < other[0]})


def test_crowded_articles_keep_the_pairs_that_agree_or_share_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["Nine cows of Kolvada drowned. 412 houses fell.", "412 bells rang. Some 37 cows swam. 8 men sang."]
    claims = [claim for number, text in enumerate(texts) for claim in read_claims(Document(str(number), text, source=str(number)))]
    articles = {(article_of(claims[0]), article_of(claims[-1]))}
    every = len(fast.candidate_pairs(read_table(claims), articles))
    for module in (fast, slow):
        monkeypatch.setattr(module, "MOST_PAIRS", 1)
    monkeypatch.setattr(fast, "_BLOCK", 2)
    assert 0 < len(fast.candidate_pairs(read_table(claims), articles)) < every
    check(claims, articles)


def test_events_matched_together_are_matched_as_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bit by bit: shards match other events together than memory does."""
    claims = []
    for number, folder in enumerate(CLUSTERS):
        for path in sorted(folder.glob("*.txt")):
            claims += read_claims(Document(f"{number}-{path.stem}", path.read_text(encoding="utf-8"), source=path.stem))
    articles = {pair for pair in neighbours(claims) if pair[0][1].split("-")[0] == pair[1][1].split("-")[0]}
    found = []
    for batch in (1, 10**6):
        monkeypatch.setattr("noisefilter.reliability.matching.BATCH", batch)
        facts = match(claims, articles)
        found.append({tuple(fact.claims): {tuple(facts[other].claims): likely for other, likely in fact.rivals.items()} for fact in facts})
    assert found[0] == found[1]
    assert any(found[0].values())
