"""Which claims of different sources are one fact, and which exclude each other."""

from __future__ import annotations

import pytest

from noisefilter.records import Claim, Document
from noisefilter.reliability.belief import truth
from noisefilter.reliability.claims import read_claims
from noisefilter.reliability.matching import match
from noisefilter.reliability.measures import agree, apart, measure, supports
from noisefilter.reliability.neighbours import neighbours
from noisefilter.reliability.verdicts import Voices, speakers_of, statistics


def claim(text: str, source: str = "A") -> Claim:
    return read_claims(Document("d", text, source=source))[0]


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("at least 12 people died", "14 people died", "agree"),
        ("12 people died", "12 civilians died", "agree"),
        ("211 people came", "212 people came", "apart"),
        ("about 90 people came", "93 people came", "agree"),
        ("over 70 people came", "about 90 people came", "agree"),
        ("27 people came", "35 people came", "apart"),
        ("at 71 mph", "at 114 km/h", "agree"),
        ("at 71 mph", "at 97 km/h", "apart"),
        ("it cost €2.8 billion", "it cost €2.84 billion", "agree"),
        ("it cost €2.8 billion", "it cost €2.1 billion", "apart"),
        ("it cost €5", "it cost $9", "neither"),
        ("between 400 and 500 people came", "400 people came", "agree"),
        ("fewer than 900 boxes", "870 boxes", "agree"),
    ],
)
def test_how_two_figures_stand_to_each_other(one: str, other: str, relation: str) -> None:
    a, b = measure(claim(one)), measure(claim(other))
    assert (agree(a, b), apart(a, b)) == (relation == "agree", relation == "apart")
    assert (agree(b, a), apart(b, a)) == (agree(a, b), apart(a, b))


def test_an_exact_figure_supports_a_bound_and_not_the_other_way() -> None:
    bound, exact = measure(claim("at least 12 people died")), measure(claim("14 people died"))
    assert supports(exact, bound)
    assert not supports(bound, exact)


EMBER = "The dam at Ember burst on Monday near the mill of Kolvada. "
REPORTS = {
    "A": EMBER + "It flooded 412 houses in Kolvada, the Ember council said.",
    "B": EMBER + "The Ember council counts 412 flooded houses in Kolvada.",
    "C": EMBER + "The Ember council counts 733 flooded houses in Kolvada.",
    "D": "A recipe needs 412 grams of butter and rest.",
}


def reports() -> list[Claim]:
    return [found for name, text in REPORTS.items() for found in read_claims(Document(name, text, source=name))]


def test_only_articles_that_share_rare_words_are_compared() -> None:
    pairs = {(one[0], other[0]) for one, other in neighbours(reports())}
    assert pairs == {("A", "B"), ("A", "C"), ("B", "C")}


def test_claims_that_agree_are_one_fact_and_the_other_is_its_rival() -> None:
    claims = reports()
    facts = match(claims, neighbours(claims))
    assert sorted(number for fact in facts for number in fact.claims) == list(range(len(claims)))
    together = next(fact for fact in facts if len(fact.claims) > 1)
    assert {claims[number].source for number in together.claims} == {"A", "B"}
    assert {claims[number].source for other in together.rivals for number in facts[other].claims} == {"C"}
    speakers = [speakers_of([claims[number] for number in fact.claims], Voices({})) for fact in facts]
    likely = truth(speakers, [fact.rivals for fact in facts])
    assert likely[facts.index(together)] > max(likely[other] for other in together.rivals)


def test_copies_are_one_voice() -> None:
    claims = [found for found in reports() if found.source in "AB"]
    facts = match(claims, neighbours(claims))
    apart_voices = statistics(claims, [measure(found) for found in claims], facts, Voices({}))
    one_voice = statistics(claims, [measure(found) for found in claims], facts, Voices({("A", "A"): 0, ("B", "B"): 0}))
    assert {found.status for found in apart_voices} == {"corroborated"}
    assert {found.status for found in one_voice} == {"uncorroborated"}
