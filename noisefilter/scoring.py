"""Scores for people and tables: what a source is, and how its score is shown. Joins the two wings on behalf of the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from noisefilter.corpus.intake import domain_of
from noisefilter.records import Document, LabelledDocument, SourceScore

# Reasons shown under each source.
SHOWN_REASONS = 3


def with_source(documents: Iterable[Document | LabelledDocument], by: str) -> Iterator[Document | LabelledDocument]:
    """The documents with the source that `by` asks for: their own (source), their id (file), or the domain of their URL."""
    for document in documents:
        page = document.document if isinstance(document, LabelledDocument) else document
        source = {"source": page.source, "file": page.id, "domain": domain_of(page.url) or page.source}[by]
        page = replace(page, source=source)
        yield replace(document, document=page) if isinstance(document, LabelledDocument) else page


def as_table(scores: Sequence[SourceScore]) -> list[dict[str, Any]]:
    """A flat row a source, the tally beside the score."""
    rows = []
    for score in scores:
        row = score.to_row()
        tally = row.pop("tally")
        for name in ("reasons", "statistics", "contradictions", "copies"):
            row[f"n_{name}"] = len(row.pop(name))
        rows.append({**row, **tally})
    return rows


def as_text(scores: Sequence[SourceScore]) -> str:
    """A table worst first, and under each source the strongest reasons for its score."""
    if not scores:
        return "no documents\n"
    width = max(6, *(len(score.source) for score in scores))
    lines = [f"{'source':{width}}  reliability  5–95 %     claims  corroborated  contradicted  uncorroborated in this set"]
    for score in scores:
        lines += _lines(score, width)
    return "\n".join(lines) + "\n"


def _lines(score: SourceScore, width: int) -> list[str]:
    counts = [sum(s.status == status for s in score.statistics) for status in ("corroborated", "contradicted", "uncorroborated")]
    value = "—" if score.reliability is None else f"{score.reliability:.2f}"
    span = "" if score.low is None or score.high is None else f"{score.low:.2f}–{score.high:.2f}"
    lines = [f"{score.source:{width}}  {value:>11}  {span:9}  {score.tally.claims:6}  {counts[0]:12}  {counts[1]:12}  {counts[2]:26}"]
    if score.note:
        lines.append(f"{'':{width}}    {score.note}")
    if score.copies:
        lines.append(f"{'':{width}}    one voice with {', '.join(name for name, _ in score.copies)}")
    return lines + [f"{'':{width}}    {reason.weight:+.1f}  {reason}" for reason in score.reasons[:SHOWN_REASONS]]
