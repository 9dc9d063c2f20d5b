"""Single articles: what they say against themselves is found as far as it was, and clean ones are left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from noisefilter.records import Contradiction, Document
from noisefilter.reliability.claims import read_claims
from noisefilter.reliability.contradictions import find_contradictions
from noisefilter.reliability.sentences import sentence_spans

ARTICLES = Path(__file__).parent / "articles"
# Contradictions of each folder's gold that are found.
FOUND = {"c60_develop": 6, "c61_measure": 7}
Span = tuple[int, int]


def read(folder: str) -> dict[str, tuple[str, list[dict[str, str]], list[Contradiction]]]:
    """Each article's text, what it says against itself, and what is found."""
    gold = json.loads((ARTICLES / folder / "gold.json").read_text(encoding="utf-8"))["sources"]
    articles = {}
    for name, marked in gold.items():
        text = (ARTICLES / folder / name).read_text(encoding="utf-8")
        page = Document(name, text, source=name)
        articles[name] = text, marked["internal_contradictions"], find_contradictions(page, text, read_claims(page))
    return articles


def meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def is_found(text: str, marked: dict[str, str], found: Contradiction) -> bool:
    """Whether the two places are in the two sentences that the gold names."""
    places = [next(span for span in sentence_spans(text) if span[0] <= text.find(marked[key]) < span[1]) for key in ("span_a", "span_b")]
    return any(meet(places[0], a) and meet(places[1], b) for a, b in ((found.a, found.b), (found.b, found.a)))


@pytest.mark.parametrize("folder", sorted(FOUND))
def test_no_fewer_are_found_and_nothing_else(folder: str) -> None:
    articles = read(folder)
    hits = sum(any(is_found(text, marked, one) for one in found) for text, gold, found in articles.values() for marked in gold)
    others = [one for text, gold, found in articles.values() for one in found if not any(is_found(text, marked, one) for marked in gold)]
    assert hits >= FOUND[folder]
    assert others == []


@pytest.mark.parametrize("folder", sorted(FOUND))
def test_every_span_is_in_its_article(folder: str) -> None:
    for text, gold, _ in read(folder).values():
        assert all(marked[key] in text for marked in gold for key in ("span_a", "span_b"))
