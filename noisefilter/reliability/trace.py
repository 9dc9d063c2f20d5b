"""Everything leads back: for each statistic the places of others that bear it out or differ, for each contradiction its two sentences."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from noisefilter.records import Claim, Contradiction, Passage, Statistic, Witness
from noisefilter.reliability.matching import Fact
from noisefilter.reliability.measures import Measure, supports
from noisefilter.reliability.sentences import sentence_spans


def with_witnesses(found: Sequence[Statistic], measures: Sequence[Measure], facts: Sequence[Fact]) -> list[Statistic]:
    """The statistics with one place of each source that they name, in the order of the claims.

    Of a source that corroborates, it is the first claim of the same fact that supports this one; of a source that contradicts, the first
    claim of the likeliest rival fact.
    """
    fact_of = {number: fact for fact in facts for number in fact.claims}
    return [replace(one, witnesses=_witnesses(number, found, measures, facts, fact_of[number])) for number, one in enumerate(found)]


def _witnesses(
    number: int, found: Sequence[Statistic], measures: Sequence[Measure], facts: Sequence[Fact], fact: Fact
) -> tuple[Witness, ...]:
    one = found[number]
    if not one.corroborated_by and not one.contradicted_by:
        return ()
    backing = [i for i in sorted(fact.claims) if i != number and supports(measures[i], measures[number])]
    rivals = sorted(fact.rivals, key=lambda other: (-fact.rivals[other], other))
    against = [i for other in rivals for i in sorted(facts[other].claims)]
    return (
        *_first_of_each(one.corroborated_by, [found[i].claim for i in backing], agrees=True),
        *_first_of_each(one.contradicted_by, [found[i].claim for i in against], agrees=False),
    )


def _first_of_each(sources: Sequence[str], claims: Sequence[Claim], *, agrees: bool) -> list[Witness]:
    first: dict[str, Claim] = {}
    for claim in claims:
        first.setdefault(claim.source, claim)
    return [Witness(name, first[name].document_id, agrees, _sentence_of(first[name])) for name in sources if name in first]


def _sentence_of(claim: Claim) -> Passage:
    return Passage(claim.sentence, claim.sentence_start, claim.start, claim.end)


def with_passages(body: str, found: Sequence[Contradiction]) -> list[Contradiction]:
    """The contradictions of a document with the sentence round each of their places."""
    if not found:
        return []
    spans = sentence_spans(body)
    starts = [start for start, _ in spans]
    return [replace(one, passages=tuple(_passage(body, spans, starts, *place) for place in (one.a, one.b))) for one in found]


def _passage(body: str, spans: Sequence[tuple[int, int]], starts: Sequence[int], start: int, end: int) -> Passage:
    first, last = max(0, bisect_right(starts, start) - 1), max(0, bisect_right(starts, max(start, end - 1)) - 1)
    begin, stop = min(start, spans[first][0]), max(end, spans[last][1])
    return Passage(body[begin:stop], begin, start, end)
