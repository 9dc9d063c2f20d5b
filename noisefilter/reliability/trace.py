"""Everything leads back: for each statistic the places of others that bear it out or differ, for each contradiction its two sentences."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from noisefilter.records import Claim, Contradiction, Passage, Statistic, Witness
from noisefilter.reliability.matching import Fact
from noisefilter.reliability.measures import Measure
from noisefilter.reliability.sentences import sentence_spans
from noisefilter.reliability.verdicts import Backing


def with_witnesses(found: Sequence[Statistic], measures: Sequence[Measure], facts: Sequence[Fact]) -> list[Statistic]:
    """The statistics with one place of each source that they name, in the order of the claims."""
    fact_of = {number: name for name, fact in enumerate(facts) for number in fact.claims}
    witnesses = Witnesses([one.claim for one in found], facts, Backing(measures, facts))
    return [
        replace(one, witnesses=witnesses.of(number, fact_of[number], one.corroborated_by, one.contradicted_by))
        for number, one in enumerate(found)
    ]


def with_named(statistic: Statistic, witnesses: Sequence[Witness]) -> Statistic:
    """The statistic with those of the witnesses that it names."""
    named = {True: statistic.corroborated_by, False: statistic.contradicted_by}
    return replace(statistic, witnesses=tuple(one for one in witnesses if one.source in named[one.agrees]))


@dataclass(frozen=True)
class Witnesses:
    """The places that stand for sources: claims and the facts they make."""

    claims: Sequence[Claim]
    facts: Sequence[Fact]
    backing: Backing
    made: dict[tuple[int, bool], Witness] = field(default_factory=dict, init=False, repr=False)
    nearest: dict[int, list[int]] = field(default_factory=dict, init=False, repr=False)

    def of(self, number: int, name: int, backers: Sequence[str], rivals: Sequence[str]) -> tuple[Witness, ...]:
        """A place of each of these sources for one claim of the fact `name`.

        Of a source that backs it, it is the first claim of the same fact that supports this one; of a rival, the first claim of the
        likeliest rival fact.
        """
        if not backers and not rivals:
            return ()
        backing = self.backing.of(number, name) if backers else []
        against = (i for other in self._nearest(name) for i in sorted(self.facts[other].claims)) if rivals else ()
        return (*self._of_each(backers, backing, agrees=True), *self._of_each(rivals, against, agrees=False))

    def _nearest(self, name: int) -> list[int]:
        """The rivals of a fact, the likeliest first, sorted once."""
        if name not in self.nearest:
            likely = self.facts[name].rivals
            self.nearest[name] = sorted(likely, key=lambda other: (-likely[other], other))
        return self.nearest[name]

    def _of_each(self, sources: Sequence[str], numbers: Iterable[int], *, agrees: bool) -> list[Witness]:
        """The first claim among these of each source that has one."""
        wanted, first = set(sources), dict[str, int]()
        for number in numbers if wanted else ():
            source = self.claims[number].source
            if source in wanted:
                first[source] = number
                wanted.remove(source)
                if not wanted:
                    break
        return [self._witness(first[source], agrees) for source in sources if source in first]

    def _witness(self, number: int, agrees: bool) -> Witness:
        """A claim as a witness, made once."""
        if (number, agrees) not in self.made:
            claim = self.claims[number]
            place = Passage(claim.sentence, claim.sentence_start, claim.start, claim.end)
            self.made[number, agrees] = Witness(claim.source, claim.document_id, agrees, place)
        return self.made[number, agrees]


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
