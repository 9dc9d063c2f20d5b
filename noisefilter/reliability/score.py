"""Documents → how far each source can be relied on, with every place that moved the score.

Method
------
claims → facts → statistics (one a claim) → tallies (sums, one a source) → scores. A source's reliability is C^0.4 · I^0.35 · A^0.25:

* C, corroboration: Beta(2 + supported, 1 + opposed). A claim that another voice states is supported as far as the fact is probably true;
  a claim with rivals is opposed as far as they speak of the same thing and it is probably the wrong one. A claim that nobody else
  states is held against a source only in so far as others do cover such claims and it does not say whom it has it from.
* I, consistency: Beta(4 + consistent, 0.5 + inconsistent), from the source's own text.
* A, attribution: Beta(1 + attributed, 1 + unattributed).

The three parts are independent posteriors; mean and spread of ln R are sums of digammas, so the interval needs no drawing of samples.
Copies count as one voice. Nothing depends on the order of the documents.

Limit: with one event the intervals are wide, and that is the honest answer. A source alone in its event is not scored.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from noisefilter.records import Claim, Contradiction, Document, LabelledDocument, Reason, SourceScore, SourceTally, Statistic
from noisefilter.reliability.attribution import NAMED, NONE, QUOTE, VAGUE
from noisefilter.reliability.claims import read_claims, source_of
from noisefilter.reliability.contradictions import find_contradictions
from noisefilter.reliability.dependence import Copy, find_copies
from noisefilter.reliability.entailment import Judge
from noisefilter.reliability.matching import Article, Fact, comparable_articles, match_by_event, neighbours
from noisefilter.reliability.measures import measure, significant_digits
from noisefilter.reliability.verdicts import CONTRADICTED, CORROBORATED, Page, Voices, statistics, truth
from noisefilter.reliability.weekdays import calendars

NOT_ENOUGH = "not enough evidence"

# Comparable claims under which there is no score.
FEWEST_COMPARABLE = 3
# Exponents of the three parts, and their priors as (successes, failures).
SHARES = (("corroboration", 0.4), ("consistency", 0.35), ("attribution", 0.25))
PRIORS = {"corroboration": (2.0, 1.0), "consistency": (4.0, 0.5), "attribution": (1.0, 1.0)}
# How much an attribution says, 0-1. A direct quotation and a named giver of a figure can be asked; "experts" cannot.
QUALITY = {QUOTE: 0.9, NAMED: 0.9, NONE: 0.4, VAGUE: 0.1}
# Weight of a claim whose figure is round (one digit that says something): several may hit on it by chance.
ROUND_WEIGHT = 0.7
# Prior of how often another voice covers the same claim: 3 of 10.
COVERED, COVERED_OF = 3.0, 10.0
# Claims that count as one passed check of consistency: a text with many figures had many chances to contradict itself.
CLAIMS_A_CHECK = 8
# Reasons kept of a source, strongest first.
MOST_REASONS = 20
# Standard deviations to the 5 % and 95 % points.
TAIL = 1.645


def score_sources(documents: Iterable[Document | LabelledDocument], judge: Judge | None = None) -> list[SourceScore]:
    """Score the sources of documents that are read together, worst first; those without a score come last.

    `judge` is asked about borderline conflicts, a `CrossEncoder` for example; by default nobody is.

    >>> page = Document("a", "Nine people died at Ember, the coroner said.\\nThe dam is 41 metres high.", source="A")
    >>> [(score.reliability, score.note) for score in score_sources([page])]
    [(None, 'not enough evidence: 0 of 2 claims can be compared with another source')]
    """
    evidence = _gather(list(documents), judge)
    scores = [_score(source, evidence) for source in evidence.by_source]
    return sorted(scores, key=lambda score: (score.reliability is None, score.reliability or 0.0, score.source))


@dataclass
class _Evidence:
    """Everything that was read, and what belongs together; claims, statistics and facts by their numbers."""

    by_source: dict[str, list[int]]
    statistics: list[Statistic]
    facts: list[Fact]
    fact_of: dict[int, int]
    truth: list[float]
    comparable: set[int]
    coverage: float
    copies: dict[str, dict[str, float]]
    contradictions: dict[str, list[Contradiction]]


def _gather(pages: Sequence[Document | LabelledDocument], judge: Judge | None = None) -> _Evidence:
    claims: list[Claim] = []
    by_source: dict[str, list[int]] = {}
    read: list[tuple[Document, str, list[Claim]]] = []
    texts: dict[str, str] = {}
    names: dict[str, Page] = {}
    articles: dict[Article, str] = {}
    for document in sorted(pages, key=_order):
        page = document.document if isinstance(document, LabelledDocument) else document
        source = source_of(page)
        own = [claim for claim in read_claims(document) if claim.quantity.text.lower() != "one"]
        by_source.setdefault(source, []).extend(range(len(claims), len(claims) + len(own)))
        claims += own
        text = _kept_text(document)
        read.append((page, text, own))
        name = f"{source}\x1f{page.id}"
        names[name] = (source, page.id)
        texts[name] = f"{texts[name]}\n{text}" if name in texts else text
        for article, passage in _articles(document):
            articles[source, page.id, article] = f"{articles.get((source, page.id, article), '')}\n{passage}"
    links = find_copies(texts)
    pairs = neighbours(claims, articles)
    contradictions = _contradictions(read, articles, pairs)
    return _weigh(
        claims,
        match_by_event(claims, pairs, judge),
        pairs,
        by_source,
        Voices.of_copies(links, names),
        _copies(names, links),
        contradictions,
    )


def _contradictions(
    read: Sequence[tuple[Document, str, list[Claim]]], articles: dict[Article, str], pairs: set[tuple[Article, Article]]
) -> dict[str, list[Contradiction]]:
    """What each source says against itself; the other articles on its events tell the calendar."""
    known = calendars(articles, pairs)
    by_page = {article[:2]: calendar for article, calendar in known.items()}
    found: dict[str, list[Contradiction]] = defaultdict(list)
    for page, text, own in read:
        source = source_of(page)
        found[source] += find_contradictions(page, text, own, by_page.get((source, page.id)))
    return found


def _weigh(
    claims: list[Claim],
    facts: list[Fact],
    pairs: set[tuple[Article, Article]],
    by_source: dict[str, list[int]],
    voices: Voices,
    copies: dict[str, dict[str, float]],
    contradictions: dict[str, list[Contradiction]],
) -> _Evidence:
    found = statistics(claims, [measure(claim) for claim in claims], facts, voices)
    with_others = comparable_articles(pairs, lambda one, other: voices.count({one, other}) > 1)
    comparable = {number for number, claim in enumerate(claims) if (claim.source, claim.document_id, claim.article or 0) in with_others}
    return _Evidence(
        by_source=by_source,
        statistics=found,
        facts=facts,
        fact_of={number: name for name, fact in enumerate(facts) for number in fact.claims},
        truth=truth(claims, facts, voices),
        comparable=comparable,
        coverage=(COVERED + sum(bool(found[i].corroborated_by) for i in comparable)) / (COVERED_OF + len(comparable)),
        copies=copies,
        contradictions=contradictions,
    )


def _order(document: Document | LabelledDocument) -> tuple[str, str, str]:
    page = document.document if isinstance(document, LabelledDocument) else document
    return source_of(page), page.id, page.body


def _kept_text(document: Document | LabelledDocument) -> str:
    if isinstance(document, Document):
        return document.body
    return "\n".join(verdict.text for verdict in document.paragraphs if verdict.label.is_kept)


def _articles(document: Document | LabelledDocument) -> Iterator[tuple[int, str]]:
    """The texts of a document's articles, by number; 0 where there is none."""
    if isinstance(document, Document):
        yield 0, document.body
        return
    for verdict in document.paragraphs:
        if verdict.label.is_kept:
            yield verdict.paragraph.article or 0, verdict.text


def _copies(names: dict[str, Page], links: Sequence[Copy]) -> dict[str, dict[str, float]]:
    """For each source, those of one voice with it and how similar they are."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for link in links:
        one, other = names[link.a][0], names[link.b][0]
        if one != other:
            found[one][other] = max(link.similarity, found[one].get(other, 0.0))
            found[other][one] = max(link.similarity, found[other].get(one, 0.0))
    return found


@dataclass(frozen=True)
class _Weighed:
    """One fact as one source states it."""

    supported: float
    opposed: float
    quality: float
    reason: Reason


def tally(source: str, evidence: _Evidence) -> tuple[SourceTally, list[Reason]]:
    """The sums of a source and the places they come from; a fact that it repeats counts once."""
    numbers = evidence.by_source[source]
    firsts: dict[int, int] = {}
    for number in numbers:
        firsts.setdefault(evidence.fact_of[number], number)
    weighed = [_weigh_claim(number, evidence) for number in firsts.values()]
    contradictions = evidence.contradictions[source]
    reasons = [one.reason for one in weighed if abs(one.reason.weight) > 0.0]
    reasons += [_reason_of(found) for found in contradictions]
    reasons.sort(key=lambda reason: (reason.weight, reason.document_id, reason.start))
    return SourceTally(
        source=source,
        claims=len(numbers),
        comparable=len(evidence.comparable.intersection(numbers)),
        supported=math.fsum(one.supported for one in weighed),
        opposed=math.fsum(one.opposed for one in weighed),
        consistent=len(firsts) / CLAIMS_A_CHECK,
        inconsistent=math.fsum(found.severity for found in contradictions),
        attributed=math.fsum(one.quality for one in weighed),
        unattributed=math.fsum(1 - one.quality for one in weighed),
    ), reasons


def _weigh_claim(number: int, evidence: _Evidence) -> _Weighed:
    statistic = evidence.statistics[number]
    claim = statistic.claim
    fact = evidence.facts[evidence.fact_of[number]]
    likely = evidence.truth[evidence.fact_of[number]]
    weight = ROUND_WEIGHT if significant_digits(claim.quantity) == 1 else 1.0
    quality = QUALITY[claim.attribution]
    supported = weight * likely if statistic.corroborated_by else 0.0
    opposed = weight * (1 - likely) * max(fact.rivals.values(), default=0.0)
    if claim.in_quote:
        supported = opposed = 0.0
    elif number in evidence.comparable and not statistic.corroborated_by and not fact.rivals:
        opposed = weight * evidence.coverage * (1 - quality)
    return _Weighed(supported, opposed, quality, Reason(supported - opposed, _words(statistic), claim.document_id, claim.start, claim.end))


def _words(statistic: Statistic) -> str:
    figure = f"“{statistic.claim.quantity.text}”"
    if statistic.status == CONTRADICTED:
        return f"{figure} is contradicted by {_listed(statistic.contradicted_by)}"
    if statistic.status == CORROBORATED:
        return f"{figure} is corroborated by {_listed(statistic.corroborated_by)}"
    said = {VAGUE: ", from sources that are not named", NONE: ", and nobody is named for it"}.get(statistic.claim.attribution, "")
    return f"{figure} is uncorroborated in this set{said}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _reason_of(found: Contradiction) -> Reason:
    return Reason(-found.severity, found.explanation, found.document_id, *found.a)


def _score(source: str, evidence: _Evidence) -> SourceScore:
    sums, reasons = tally(source, evidence)
    numbers = evidence.by_source[source]
    return score_of(
        sums,
        reasons=tuple(sorted(reasons, key=lambda reason: -abs(reason.weight))[:MOST_REASONS]),
        statistics=tuple(evidence.statistics[number] for number in numbers),
        contradictions=tuple(evidence.contradictions[source]),
        copies=tuple(sorted(evidence.copies.get(source, {}).items())),
    )


def score_of(
    sums: SourceTally,
    reasons: tuple[Reason, ...] = (),
    statistics: tuple[Statistic, ...] = (),
    contradictions: tuple[Contradiction, ...] = (),
    copies: tuple[tuple[str, float], ...] = (),
) -> SourceScore:
    """The score that a tally gives, the one place where something is divided."""
    parts = {
        "corroboration": (sums.supported, sums.opposed),
        "consistency": (sums.consistent, sums.inconsistent),
        "attribution": (sums.attributed, sums.unattributed),
    }
    betas = {name: (PRIORS[name][0] + good, PRIORS[name][1] + bad) for name, (good, bad) in parts.items()}
    middle = sum(share * (_digamma(a) - _digamma(a + b)) for (a, b), share in ((betas[name], share) for name, share in SHARES))
    spread = math.sqrt(
        sum(share**2 * (_trigamma(a) - _trigamma(a + b)) for (a, b), share in ((betas[name], share) for name, share in SHARES))
    )
    note = ""
    if sums.comparable < FEWEST_COMPARABLE:
        note = f"{NOT_ENOUGH}: {sums.comparable} of {sums.claims} claims can be compared with another source"
    return SourceScore(
        source=sums.source,
        reliability=None if note else math.exp(middle),
        low=None if note else math.exp(middle - TAIL * spread),
        high=None if note else min(1.0, math.exp(middle + TAIL * spread)),
        corroboration=betas["corroboration"][0] / sum(betas["corroboration"]),
        consistency=betas["consistency"][0] / sum(betas["consistency"]),
        attribution=betas["attribution"][0] / sum(betas["attribution"]),
        tally=sums,
        note=note,
        reasons=reasons,
        statistics=statistics,
        contradictions=contradictions,
        copies=copies,
    )


# From here on the asymptotic series is exact to 1e-9; smaller arguments are stepped up to it.
_SERIES_FROM = 10.0


def _digamma(x: float) -> float:
    """The derivative of ln Γ: the mean of ln p under Beta(a, b) is ψ(a) - ψ(a + b).

    >>> round(_digamma(1.0), 6)
    -0.577216
    """
    below = 0.0
    while x < _SERIES_FROM:
        below -= 1 / x
        x += 1
    square = 1 / (x * x)
    return below + math.log(x) - 0.5 / x - square * (1 / 12 - square * (1 / 120 - square / 252))


def _trigamma(x: float) -> float:
    """The second derivative of ln Γ: the variance of ln p under Beta(a, b) is ψ'(a) - ψ'(a + b).

    >>> round(_trigamma(1.0), 6)
    1.644934
    """
    below = 0.0
    while x < _SERIES_FROM:
        below += 1 / (x * x)
        x += 1
    square = 1 / (x * x)
    return below + 1 / x + square / 2 + square / x * (1 / 6 - square * (1 / 30 - square / 42))
