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
from noisefilter.reliability import (
    absolutes,
    ages,
    attribution,
    claims,
    contradictions,
    dates,
    deeds,
    events,
    firsts,
    lookalikes,
    modifiers,
    numerals,
    own_paper,
    ranks,
    retold,
    roles,
    scanning,
    sentences,
    written_units,
)
from noisefilter.reliability.attribution import NOBODY, sentence_voice
from noisefilter.reliability.claims import claims_of, read_claims
from noisefilter.reliability.contradictions import find_contradictions
from noisefilter.reliability.dates import may_have_dates, read_dates
from noisefilter.reliability.dependence import find_copies
from noisefilter.reliability.numerals import find_numerals, lower
from noisefilter.reliability.ordinals import ordinals_at, read_ordinals
from noisefilter.reliability.scanning import fold, has_any, matches_at
from noisefilter.reliability.sentences import sentence_spans

WORDS = """
    Monday Tuesday, 16th 16 May 2025 2025-05-16 May. of in since 1914 today yesterday last night this morning the former ex- US acting
    deputy president Prime minister, CEO Ada Kerr’s O'Neill, McDonald , . ; ( ) - — “ ” " ' \u017faid \u0130zmir not never no longer isn’t
    is was widely said believed to be rumours RUMOURED false hoax wrongly exaggerated claim daily a week per year monthly 12 founded built
    died in by our correspondent (Reuters) – chief executive vice-president of them
    a an no one hundred twenty-five half third quarters an hour dozen twofold nobody injuries 12th 3rd twenty-first number 2 two point five
    in the Kyiv near we hear people say everyone knows it seems the talk word earlier wrongly exaggerating shared claims hourly second
    1234th \u0663 \u212aelvin
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
        (claims._VERB_RIGHT, claims._VERB_HINTS),
        (retold._NEGATION, retold._NEGATION_HINTS),
    ):
        assert has_any(folded, hints) or not pattern.search(folded)
        assert spans(pattern, folded) == spans(re.compile(pattern.pattern, pattern.flags | re.IGNORECASE), text)
    for pattern in (claims._RUMOUR, claims._RATE, own_paper._PRESS, own_paper._BODY_NAME, own_paper._OWN_PAPER, own_paper._PAPER_OF):
        assert spans(pattern, folded) == spans(re.compile(pattern.pattern, pattern.flags | re.IGNORECASE), text)
    is_likely = has_any(folded, attribution._PHRASE_HINTS) or (has_any(folded, attribution._BEING) and has_any(folded, attribution._TOLD))
    assert is_likely or not attribution._VAGUE_PHRASE.search(folded)
    assert own_paper._may_be_press(folded) or not own_paper._PRESS.search(folded)
    assert bool(events._VERB.search(folded)) == bool(events._EVENT.search(text))


@given(TEXTS)
def test_a_sign_is_in_whatever_its_pattern_finds(text: str) -> None:
    lowered, folded = lower(text), fold(text)
    signs = claims._SCAN(text, folded)
    kinds = signs.kinds_in(0, len(text))
    assert find_numerals(lowered, signs.of(claims._NUMERAL)) == find_numerals(lowered)
    assert ordinals_at(text, lowered, signs.of(claims._RANK)) == read_ordinals(text)
    assert may_have_dates(text, bool(kinds & claims._DATED)) or not read_dates(text)
    assert kinds & claims._VOICED or "(" in text or sentence_voice(text) is NOBODY
    for kind, pattern, where in (
        (claims._DISPUTED, claims._RUMOUR, folded),
        (claims._RATED, claims._RATE, folded),
        (claims._PLACED, claims._PLACE, text),
        (claims._HEARSAY, attribution._VAGUE_PHRASE, folded),
    ):
        assert kinds & kind or not pattern.search(where)
    assert {word for word in re.findall(r"\w+", folded) if word in claims._VERBS} <= {
        word[0] for at in signs.of(claims._VERB) if (word := re.match(r"\w+", folded[at:]))
    }


TOLD = """
    he she Mr Cole’s Ada Kerr has had was did refused to neither nor conceded admit denied pleaded not guilty never nobody no-one no one
    none of them worker was hurt killed for the third time on his her 3rd title win only once three times before there first-ever strike
    ever in its history an inrush former US deputy finance director general , the our chief executive in charge is . ; “ ” 4 43 -year-old
    aged who is now (aged 43 , 43, 43. from of (19) \u017farah \u212aing Prime minister
"""
SENTENCES = st.lists(st.sampled_from(TOLD.split()), max_size=16).flatmap(
    lambda words: st.lists(st.sampled_from((" ", " ", " ", "\n", "", " of ")), min_size=len(words), max_size=len(words)).map(
        lambda gaps: "".join(word + gap for word, gap in zip(words, gaps, strict=True))
    )
)


@given(SENTENCES)
def test_a_check_finds_the_same_when_it_looks_only_where_its_words_stand(text: str) -> None:
    assert spans(ages._AGED, text) == [match.span() for match in matches_at(ages._AGED, text, ages._beginnings(text))]
    signs, spans_of = contradictions._SCAN(text, fold(text)), sentence_spans(text)
    assert roles.read_roles(text, signs.of(contradictions._ROLE)) == roles.read_roles(text)
    for read, kind in (
        (ranks.read_occurrences, contradictions._RANK),
        (absolutes.read_absolutes, contradictions._NONE),
        (deeds.read_deeds, contradictions._DEED),
    ):
        assert read(text, spans_of, signs.of(kind)) == read(text, spans_of)
    assert list(firsts.check_firsts(text, spans_of, "d", signs.of(contradictions._FIRST))) == list(firsts.check_firsts(text, spans_of, "d"))
    for start, end in spans_of:
        if any(pattern.search(text, start, end) for pattern in (firsts._FIRST, firsts._NEVER)):
            assert signs.kinds_in(start, end) & contradictions._FIRST


PARTS = """
    12 and-a half -dozen million bn 5 p.m am o'clock o’clock gmt hrs in the morning this or more at least maximum give take + -plus odd ,
    maybe more each a day a-day an hour per week / km annually apiece to 14 august – until 3rd . ) ] tons of copper two
"""
NUMBERS = st.lists(st.sampled_from(PARTS.split()), max_size=9).flatmap(
    lambda parts: st.sampled_from(("", " ")).map(lambda gap: gap.join(parts))
)


@given(NUMBERS)
def test_the_first_letters_of_a_pattern_rule_no_match_out(text: str) -> None:
    for end in range(len(text) + 1):
        after = text[end + 1 : end + 3] if text[end : end + 1] in numerals._SCALE_GAPS else text[end : end + 2]
        scales = (numerals._AND_A_HALF, numerals._MAGNITUDE, numerals._DOZEN)
        assert after in numerals._SCALES or not any(pattern.match(text, end) for pattern in scales)
        assert lookalikes.is_clock(text, end) == bool(lookalikes._CLOCK.match(text, end))
        assert lookalikes.is_days(text, end) == bool(lookalikes._DAYS.match(text, end))
        assert (modifiers.modifier_after(text, end)[1] > end) == bool(modifiers._AFTER.match(text, end))
        first = text[end : end + 4]
        is_likely = first in written_units._FIRST_OF_RATE or first[:3] in written_units._ARTICLES or first[:1] == "/"
        assert is_likely or not written_units._RATE.match(text, end)


FIGURES = st.lists(st.sampled_from("1 23 456 000 7890 , . ' / ½ - % a m ) | \u00a0 1/2".replace("|", "\n").split(" ")), max_size=9)


@given(FIGURES, st.sampled_from(("", " ")))
def test_plain_digits_are_the_same_without_their_quick_look(parts: list[str], gap: str) -> None:
    quick = "        [0-9]*(?=[ ][^0-9]|[a-z%)\\n])                        # 12, quickly\n      | "
    assert quick in numerals.DIGITS.pattern
    slow = re.compile(numerals.DIGITS.pattern.replace(quick, ""), re.VERBOSE)
    assert spans(numerals.DIGITS, gap.join(parts)) == spans(slow, gap.join(parts))


@pytest.mark.parametrize("word", sorted(sentences._ABBREVIATIONS))
def test_an_abbreviation_ends_no_sentence(word: str) -> None:
    assert len(sentence_spans(f"It was {word}. Kerr. It ended.")) == 2


def test_a_long_text_is_scanned_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "A third of the town, and two hundred people in the old Kyiv. " * 9
    whole = claims._SCAN(text, text.lower())
    monkeypatch.setattr(scanning, "_BLOCK", 70)
    assert claims._SCAN(text, text.lower()) == whole
    spaceless = "twelve." * 40
    assert len(claims._SCAN(spaceless, spaceless).of(claims._NUMERAL)) >= 36


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
