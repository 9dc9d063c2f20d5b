"""Quick looks change nothing but the speed, and the work grows with the text."""

from __future__ import annotations

import re
import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noisefilter.records import Document
from noisefilter.reliability import attribution, claims, dates, events, own_paper, retold
from noisefilter.reliability.claims import claims_of, read_claims
from noisefilter.reliability.contradictions import find_contradictions
from noisefilter.reliability.dependence import find_copies
from noisefilter.reliability.scanning import fold, has_any, matches_at
from noisefilter.reliability.sentences import sentence_spans

WORDS = """
    Monday Tuesday, 16th 16 May 2025 2025-05-16 May. of in since 1914 today yesterday last night this morning the former ex- US acting
    deputy president Prime minister, CEO Ada Kerr’s O'Neill, McDonald , . ; ( ) - — “ ” " ' \u017faid \u0130zmir not never no longer isn’t
    is was widely said believed to be rumours RUMOURED false hoax wrongly exaggerated claim daily a week per year monthly 12 founded built
    died in by our correspondent (Reuters) – chief executive vice-president of them
"""
PIECES = st.sampled_from(WORDS.split())
TEXTS = st.lists(PIECES, max_size=14).flatmap(
    lambda words: st.lists(st.sampled_from((" ", " ", " ", "\n", "", ",  ")), min_size=len(words), max_size=len(words)).map(
        lambda gaps: "".join(word + gap for word, gap in zip(words, gaps, strict=True))
    )
)


@given(TEXTS)
def test_dates_are_found_wherever_their_pattern_matches(text: str) -> None:
    assert [match.span() for match in matches_at(dates._DATE, text, dates._beginnings(text))] == spans(dates._DATE, text)


def spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


@given(TEXTS)
def test_a_hint_is_in_whatever_its_pattern_finds(text: str) -> None:
    folded = fold(text)
    for pattern, hints in (
        (claims._RUMOUR, claims._RUMOUR_HINTS),
        (claims._RATE, claims._RATE_HINTS),
        (retold._NEGATION, retold._NEGATION_HINTS),
    ):
        assert has_any(folded, hints) or not pattern.search(folded)
        assert spans(pattern, folded) == spans(re.compile(pattern.pattern, pattern.flags | re.IGNORECASE), text)
    is_likely = has_any(folded, attribution._PHRASE_HINTS) or (has_any(folded, attribution._BEING) and has_any(folded, attribution._TOLD))
    assert is_likely or not attribution._VAGUE_PHRASE.search(folded)
    assert own_paper._may_be_press(text) or not own_paper._PRESS.search(text)
    assert bool(events._VERB.search(folded)) == bool(events._EVENT.search(text))


@given(st.text(max_size=40))
def test_folding_keeps_offsets(text: str) -> None:
    assert len(fold(text)) == len(text)


NEWS = "On Monday 14 May 2024 some 120 people fled Kyiv, mayor Ada Kerr said. “We lost 9 homes,” he added, not 12. Prices rose 4 % a week. "
PLAIN = "The river runs through the old town, and people like to sit beside it in the evening when it is warm. "
BODIES: dict[str, Callable[[int], str]] = {
    "news in lines": lambda n: (NEWS + "\n") * n,
    "news in one line": lambda n: NEWS * n,
    "one line without figures": lambda n: PLAIN * n,
    "bare numbers": lambda n: " ".join(map(str, range(20 * n))),
    "blank lines": lambda n: " " * 100 * n + "\n12 men\n" + "\n \t" * 100 * n,
    "names and offices": lambda n: "Former president Ada Kerr, the mayor of Kyiv in 1990, " * n,
}


def calls(read: Callable[[], object]) -> int:
    """How many functions are called, those of C included."""
    count = 0

    def tally(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tally)
    try:
        read()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("kind", BODIES)
def test_work_grows_with_the_text(kind: str) -> None:
    def work(n: int) -> int:
        page = Document("d", BODIES[kind](n))
        return calls(lambda: find_contradictions(page, page.body, read_claims(page))) + calls(
            lambda: find_copies({"a": page.body, "b": "x"})
        )

    work(1)
    once, twice = work(150), work(300)
    assert twice < 2.3 * once + 500


def test_a_sentence_is_cut_before_it_costs_too_much() -> None:
    assert max(end - start for start, end in sentence_spans("a" * 10_000)) <= 2000


def test_memory_does_not_grow_with_the_number_of_documents() -> None:
    def peak(n: int) -> int:
        tracemalloc.start()
        for _ in claims_of(Document(str(i), NEWS * 20) for i in range(n)):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(20)
    assert peak(80) < 1.5 * peak(20) + 50_000
