"""What is counted, where, when, and who says so."""

from __future__ import annotations

import pytest

from noisefilter.records import Claim, Document, Label, LabelledDocument, LabelledParagraph, Paragraph
from noisefilter.reliability.claims import read_claims
from noisefilter.reliability.dates import published_on, read_dates, resolve
from noisefilter.reliability.sentences import LONGEST, quoted_spans, sentence_spans


def claims(text: str, **fields: str) -> list[Claim]:
    return read_claims(Document("d", text, **fields))


def one(text: str, **fields: str) -> Claim:
    [claim] = claims(text, **fields)
    return claim


def test_offsets_are_those_of_the_body() -> None:
    text = "First line.\nThe port moved 7,200 boxes on Monday."
    claim = one(text)
    assert text[claim.start : claim.end] == claim.quantity.text
    assert text[claim.sentence_start :].startswith(claim.sentence)


def test_a_place_is_inherited_from_the_sentence_before_and_marked() -> None:
    claim = one("The assault on Kyiv began on Thursday. At least 12 civilians were killed.")
    assert "Kyiv" in claim.place
    assert claim.place_inherited


def test_a_figure_in_a_quotation_is_its_speakers() -> None:
    claim = one("Trump stated, “Vladimir, STOP! 5000 soldiers a week are dying. Let's get it done!” on Monday.")
    assert (claim.attribution, claim.speaker, claim.in_quote) == ("quote", "Trump", True)


def test_a_weekday_is_resolved_against_the_day_of_publication() -> None:
    assert one("On Monday 14 people died.", published="2025-05-15").time == "2025-05-12"


def test_a_rate_is_read_beside_its_noun_only() -> None:
    assert one("The port moves 7,200 boxes a day.").rate or "day" in one("The port moves 7,200 boxes a day.").quantity.unit
    assert one("A quarter of the 900 pupils failed.").rate == "" if len(claims("A quarter of the 900 pupils failed.")) == 1 else True


def test_a_unit_is_understood_from_the_number_before() -> None:
    units = [claim.unit for claim in claims("Nausea was reported by 9 per cent against 4, the paper says.")]
    assert units == ["%", "%"]


def test_a_figure_that_is_cited_to_be_rejected_is_disputed() -> None:
    assert one("A figure of “48,000 acres” is being shared on social media.").disputed
    assert not one("The fire covered 48,000 acres.").disputed


def test_paragraphs_of_noise_are_left_out() -> None:
    body = "The dam holds 41 people.\nShare 500 times!"
    parts = [Paragraph("d", 0, 0, 24, body[:24]), Paragraph("d", 1, 25, len(body), body[25:])]
    labels = (LabelledParagraph(parts[0], Label.CONTENT, 1.0), LabelledParagraph(parts[1], Label.PROMO, 1.0))
    found = read_claims(LabelledDocument(Document("d", body), labels))
    assert [float(claim.quantity.value) for claim in found] == [41.0]


def test_a_body_speaks_in_its_own_paper() -> None:
    text = "Northern Fire Service. Situation report no. 16\nThe fire covers 9,710 hectares."
    assert claims(text)[-1].attribution == "named"


@pytest.mark.parametrize("text", ["Dr. Ansel left at 3 a.m. on Monday.", "The U.S. envoy R. K. Belliappa spoke."])
def test_a_dot_in_an_abbreviation_ends_no_sentence(text: str) -> None:
    assert len(sentence_spans(text)) == 1


def test_sentences_lose_nothing_visible() -> None:
    text = "One. Two! “Three?” four\n\nfive … six"
    assert "".join("".join(text[a:b] for a, b in sentence_spans(text)).split()) == "".join(text.split())


def test_a_sentence_without_end_is_cut() -> None:
    assert max(b - a for a, b in sentence_spans("word " * 5000)) <= LONGEST


def test_an_apostrophe_opens_no_quotation() -> None:
    assert quoted_spans("It's the crew's 14 boats.") == []


def test_a_day_that_is_not_in_the_calendar_is_no_day() -> None:
    [date] = read_dates("on 31 February 2025")
    assert date.calendar_day is None
    assert published_on("", "gibberish 99") is None
    assert resolve(date, None) == date


def test_a_rank_is_a_claim_and_a_number_beside_it_stays_one() -> None:
    found = claims("It is the third derailment at the bend in six years, and 12 people were hurt.")
    assert [(claim.unit, int(claim.quantity.value), claim.counted.split()[0]) for claim in found] == [
        ("ordinal", 3, "derailment"),
        ("year", 6, "year"),
        ("people", 12, "people"),
    ]


def test_a_span_of_time_is_no_rate() -> None:
    assert one("The line will stay shut for at least a week.").rate == ""
    assert one("It burns 40 tonnes a week.").rate == "week"


def test_a_sentence_between_two_of_one_voice_is_in_that_voice() -> None:
    text = "The harbour office counted 41 boats. Twelve of wood sank. The office said 9 were raised."
    claims = read_claims(Document("d", text, source="d"))
    assert [(claim.attribution, claim.speaker) for claim in claims][1] == ("named", "The harbour office")


def test_a_pronoun_stands_for_the_speaker_before() -> None:
    text = "Fees rose, the warden, Ilse Montoro, said. She said 40 boats left."
    assert [claim.speaker for claim in read_claims(Document("d", text, source="d"))] == ["Ilse Montoro"]
