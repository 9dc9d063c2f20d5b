"""Verdicts and scores on a terminal: coloured, wrapped to its width, and with control characters of the data made visible.

Colours are left out where NO_COLOR is set, and all of this where the output is no terminal: then the plain lines are written that other
programs read. FORCE_COLOR=1 asks for the terminal's view in a pipe, as for ``less -R``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from noisefilter.records import KEPT, SourceScore

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

    from noisefilter.reviewing import Pick

# Everything that a terminal would obey rather than show: C0, DEL, C1, and the marks that turn the direction of writing.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Reasons under a source.
REASONS = 3


def console() -> Console | None:
    """The terminal that standard output goes to; None where it is a file or a pipe."""
    from rich.console import Console

    found = Console(file=sys.stdout, highlight=False, emoji=False)
    return found if found.is_terminal else None


def visible(text: str) -> str:
    """The text with what a terminal would obey made visible, and line ends as blanks.

    >>> visible("red \\x1b[31m alert\\n")
    'red \\ufffd[31m alert '
    """
    return _CONTROL.sub("\ufffd", text.replace("\n", " ").replace("\t", " "))


def labelled_table(rows: Iterable[dict[str, Any]]) -> Table:
    """A document's rows: a margin with label and probability, and the text beside it, noise coloured."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", width=10, no_wrap=True)
    table.add_column(width=4, no_wrap=True)
    table.add_column(overflow="fold")
    for row in rows:
        kept = row["label"] in KEPT
        style = "yellow" if row["label"] == "uncertain" else "" if kept else "red"
        margin = Text(row["label"], style="bold" if row["label"] == "heading" else style)
        text = Text(visible(row["text"]), style="" if kept else "dim")
        table.add_row(margin, Text(f"{row['probability']:.2f}", style="dim"), text)
    return table


def score_table(scores: Sequence[SourceScore]) -> RenderableType:
    """Sources worst first, each with the strongest reasons below it, to the width of the terminal."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    parts: list[RenderableType] = []
    for score in scores:
        head = Table.grid(padding=(0, 1), expand=True)
        head.add_column(ratio=1, overflow="ellipsis", no_wrap=True)
        head.add_column(justify="right", no_wrap=True)
        head.add_row(Text(visible(score.source), style="bold"), _value(score))
        parts.append(head)
        below = [Text(_counts(score), style="dim")]
        if score.copies:
            below.append(Text(visible(f"one voice with {', '.join(name for name, _ in score.copies)}")))
        below += [_reason(reason.weight, str(reason)) for reason in score.reasons[:REASONS]]
        parts += [Padding(line, (0, 0, 0, 2)) for line in below]
    return Group(*parts) if parts else Text("no documents")


def shown_pick(one: Pick) -> str:
    """A paragraph to be reviewed, between its neighbours."""
    row = one.row
    lines = [f"\n  … {visible(one.before)}", f"> {visible(row['text'])}", f"  {visible(one.after)} …"]
    return "\n".join([*lines, f"  {row['label']} {row['probability']:.2f}, noise {row['noise']:.2f} ({visible(row['document_id'])})"])


def _value(score: SourceScore) -> Any:
    from rich.text import Text

    if score.reliability is None or score.low is None or score.high is None:
        return Text("not enough evidence", style="dim")
    return Text.assemble((f"{score.reliability:.2f}", "bold"), f"  ({score.low:.2f}–{score.high:.2f})")


def _counts(score: SourceScore) -> str:
    if score.note:
        return score.note
    count = {name: sum(one.status == name for one in score.statistics) for name in ("contradicted", "corroborated", "uncorroborated")}
    counts = ", ".join(f"{n} {name}" for name, n in count.items())
    return f"{score.tally.claims} claims: {counts} in this set"


def _reason(weight: float, text: str) -> Any:
    from rich.text import Text

    return Text.assemble((f"{weight:+.1f}", "red" if weight < 0 else "green"), f"  {visible(text)}")
