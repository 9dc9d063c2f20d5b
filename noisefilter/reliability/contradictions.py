"""One document → the places in it that cannot both be true.

Each check looks at one thing: sums and percentages (arithmetic.py), offices of people (roles.py), weekdays of dates
(weekdays.py), the order of moments (timeline.py), two moments and the span of time between them (spans.py), dates of events
(events.py), none against some (absolutes.py), things denied and taken for granted (presupposed.py), ages and lives (ages.py), offices lost
and held (offices_lost.py), deeds done and not done (deeds.py), silence and speech (silence.py), one number with two units (slips.py),
figures taken up again (recalled.py), a first that is none (firsts.py), numbered occasions and lists (ranks.py), and sentences that tell
one thing twice with another figure, another date, or a denial (retold.py). Precision comes first: a check that is not sure says nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from noisefilter.records import Claim, Contradiction, Document
from noisefilter.reliability.absolutes import NONE_SIGNS, check_absolutes
from noisefilter.reliability.ages import check_ages
from noisefilter.reliability.arithmetic import check_figures
from noisefilter.reliability.deeds import DEED_SIGNS, check_deeds
from noisefilter.reliability.events import check_events
from noisefilter.reliability.firsts import FIRST_SIGNS, check_firsts
from noisefilter.reliability.offices_lost import check_offices_lost
from noisefilter.reliability.ordinals import ORDINAL
from noisefilter.reliability.presupposed import check_presupposed
from noisefilter.reliability.ranks import AFTER_RANK, BEFORE_RANK, check_ranks
from noisefilter.reliability.recalled import check_recalled
from noisefilter.reliability.restated import check_restated
from noisefilter.reliability.retold import check_retold
from noisefilter.reliability.roles import ROLE_SIGNS, check_roles
from noisefilter.reliability.scanning import WordScan, fold
from noisefilter.reliability.sentences import sentence_spans
from noisefilter.reliability.silence import check_silence
from noisefilter.reliability.slips import check_slips
from noisefilter.reliability.slots import check_slots
from noisefilter.reliability.spans import check_spans
from noisefilter.reliability.timeline import check_timeline
from noisefilter.reliability.weekdays import Calendar, check_weekdays

# What the words of a text are signs of: a check looks only where its own stand.
_ROLE, _RANK, _FIRST, _NONE, _DEED = (1 << n for n in range(5))
_SCAN = WordScan(
    {_ROLE: ROLE_SIGNS, _FIRST: FIRST_SIGNS, _NONE: NONE_SIGNS, _DEED: DEED_SIGNS},
    before={_RANK: BEFORE_RANK},
    after={_RANK: AFTER_RANK},
)


def find_contradictions(page: Document, kept: str, claims: Sequence[Claim], calendar: Calendar | None = None) -> list[Contradiction]:
    """Find what a document says against itself; `calendar` is that of other texts on the same event (weekdays.py).

    >>> page = Document("d", "The count of Wednesday 20 May 2025 stands. It ended on Monday 19 May 2025.")
    >>> [(found.kind, found.explanation) for found in find_contradictions(page, page.body, [])]
    [('date_weekday', '20 May 2025 was a Tuesday, not a Wednesday.')]
    """
    text = page.body if len(kept) == len(page.body) else _blanked(page.body, kept)
    sentences = sentence_spans(text)
    signs = _SCAN(text, fold(text))
    # Ordinals have checks of their own (ranks.py), which read the text.
    claims = [claim for claim in claims if claim.unit != ORDINAL]
    found = [
        *check_figures(text, claims),
        *check_roles(text, page.id, signs.of(_ROLE)),
        *check_offices_lost(text, sentences, page.id),
        *check_weekdays(text, page, calendar),
        *check_ages(text, page.id),
        *check_events(text, sentences, page.id),
        *check_timeline(text, sentences, page.id),
        *check_spans(text, sentences, claims),
        *check_ranks(text, sentences, page.id, claims, signs.of(_RANK)),
        *check_firsts(text, sentences, page.id, signs.of(_FIRST)),
        *check_absolutes(text, sentences, page.id, claims, signs.of(_NONE)),
        *check_presupposed(text, sentences, page.id),
        *check_silence(text, sentences, page.id),
        *check_deeds(text, sentences, page.id, signs.of(_DEED)),
        *check_slots(text, sentences, page.id),
        *check_slips(claims),
        *check_recalled(claims),
        *check_restated(claims),
        *check_retold(text, sentences, page.id, claims),
    ]
    return _without_rows(_distinct(sorted(found, key=lambda one: (one.a, one.b, one.kind))))


def _blanked(body: str, kept: str) -> str:
    """The body with lines that are not kept made blank, so that offsets stay."""
    lines = set(kept.split("\n"))
    return "".join(
        line if line.strip("\r\n") in lines or line.strip() in lines else re.sub(r"[^\n]", " ", line)
        for line in body.splitlines(keepends=True)
    )


# Places that clash with one another. More of them are rows of a list ("Premium: €8 a month", "Business: €25 a month").
MOST_RIVALS = 3


def _without_rows(found: Sequence[Contradiction]) -> list[Contradiction]:
    """What is found, without figures that each clash with many others: those are rows, not slips."""
    rivals: dict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
    for one in found:
        if one.kind == "figure_changed":
            rivals[one.a].add(one.b)
            rivals[one.b].add(one.a)
    rows = {place for place, others in rivals.items() if len(others) >= MOST_RIVALS - 1 and any(len(rivals[at]) > 1 for at in others)}
    return [one for one in found if one.kind != "figure_changed" or rows.isdisjoint((one.a, one.b))]


def _distinct(found: Sequence[Contradiction]) -> list[Contradiction]:
    """One contradiction for each pair of places."""
    seen: set[tuple[tuple[int, int], tuple[int, int]]] = set()
    kept = []
    for one in found:
        if (one.a, one.b) not in seen and (one.b, one.a) not in seen:
            seen.add((one.a, one.b))
            kept.append(one)
    return kept
