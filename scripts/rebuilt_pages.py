"""Pages of HTML put together again from labelled blocks, so that trafilatura's opinion can be learnt from.

The page corpora keep a block's tag, class names, semantic ancestors and link density, not the page. The rebuilt page has these, so
trafilatura does a little worse on it than on the real one, and the model learns to trust it a little less than it deserves.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from noisefilter.corpus.html import Block

# Tags that stand for themselves; table cells and others become paragraphs.
OWN_TAGS = frozenset(
    "address article blockquote button caption dd div dt figcaption h1 h2 h3 h4 h5 h6 label legend li p pre section summary".split()  # noqa: SIM905
)
# Semantic ancestors that are rebuilt round a block.
WRAPPERS = frozenset({"header", "nav", "main", "article", "aside", "footer"})


def block_of(row: dict[str, Any]) -> Block:
    """A block as the HTML reader would have found it."""
    size = len("".join(row["text"].split()))
    linked = round(size * float(row.get("ld") or 0))
    path = (row.get("path") or row.get("tag") or "div").split(">")
    return Block(path, _attributes(row), _semantic(row), bool(row.get("hidden")), [row["text"]], linked)


def rebuild_page(record: dict[str, Any]) -> str:
    """A page of HTML with the record's blocks."""
    parts = [f"<html><head><title>{html.escape(record.get('title') or '')}</title></head><body>"]
    around: list[tuple[str, str]] = []
    for row in record["blocks"]:
        wanted = [(tag, "") for tag in _semantic(row) if tag in WRAPPERS] + [("div", name) for name in reversed(_attributes(row)[1:])]
        shared = next((i for i, (one, two) in enumerate(zip(around, wanted, strict=False)) if one != two), min(len(around), len(wanted)))
        parts += [f"</{tag}>" for tag, _ in reversed(around[shared:])]
        parts += [f'<{tag} class="{html.escape(name)}">' for tag, name in wanted[shared:]]
        around = wanted
        parts.append(_element(row))
    parts += [f"</{tag}>" for tag, _ in reversed(around)]
    return "".join(parts) + "</body></html>"


def extract(page: str) -> str:
    """trafilatura's main text of a page."""
    import trafilatura

    return trafilatura.extract(page, include_comments=False) or ""


def _element(row: dict[str, Any]) -> str:
    tag = row.get("tag") if row.get("tag") in OWN_TAGS else "p"
    text = row["text"]
    linked = round(len(text) * float(row.get("ld") or 0))
    inner = (f'<a href="/x">{html.escape(text[:linked])}</a>' if linked else "") + html.escape(text[linked:])
    names = _attributes(row)[:1]
    opening = f'<{tag} class="{html.escape(names[0])}"' if names else f"<{tag}"
    element = f"{opening}{' hidden' if row.get('hidden') else ''}>{inner}</{tag}>"
    return f"<ul>{element}</ul>" if tag == "li" else element


def _attributes(row: dict[str, Any]) -> Sequence[str]:
    return (row.get("attrs") or "").split(" | ")


def _semantic(row: dict[str, Any]) -> Sequence[str]:
    return row["sem"].split(">") if row.get("sem") else []
