"""Pages of HTML put together again from labelled blocks, so that trafilatura's opinion can be learnt from.

The page corpora keep a block's tag, class names, semantic ancestors and link density, not the page. The rebuilt page has these, so
trafilatura does a little worse on it than on the real one, and the model learns to trust it a little less than it deserves.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from noisefilter.corpus.html import Block, describe_block, is_main_text, main_text_of

# Tags that stand for themselves; table cells and others become paragraphs.
OWN_TAGS = frozenset(
    "address article blockquote button caption dd div dt figcaption h1 h2 h3 h4 h5 h6 label legend li p pre section summary".split()  # noqa: SIM905
)
# Semantic ancestors that are rebuilt round a block.
WRAPPERS = frozenset({"header", "nav", "main", "article", "aside", "footer"})


@dataclass(frozen=True)
class DomainFold:
    """Domains whose hash leaves `rest` when divided by `n`: the same on every machine and in every set.

    >>> [str(number) for number in range(5) if "example.org" in DomainFold(number, 5)]
    ['2']
    """

    rest: int
    n: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """``0/5`` → the first fifth."""
        rest, _, n = text.partition("/")
        fold = cls(int(rest), int(n or 0))
        if not 0 <= fold.rest < fold.n:
            raise ValueError(f"{text}: expected I/N with I from 0 to N - 1, such as 0/5")
        return fold

    def __str__(self) -> str:
        return f"{self.rest}/{self.n}"

    def __contains__(self, domain: str) -> bool:
        return int.from_bytes(hashlib.sha256(domain.encode()).digest()[:8], "big") % self.n == self.rest


def domain_of(record: dict[str, Any]) -> str:
    """The site of a page without its subdomains, or the page's name where it has no address; pages of one site stay in one fold.

    >>> domain_of({"url": "https://de.wikipedia.org/wiki"}), domain_of({"url": "https://www.bbc.co.uk/news"}), domain_of({"doc_id": "d1"})
    ('wikipedia.org', 'bbc.co.uk', 'd1')
    """
    host = urlsplit(record.get("url") or "").hostname
    if not host:
        return str(record.get("doc_id"))
    labels = host.removeprefix("www.").split(".")
    # As in co.uk and com.au; a short name such as dw.de is the same either way.
    has_short_second = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3 if has_short_second else -2 :])


def describe_page(record: dict[str, Any]) -> tuple[str, ...]:
    """Descriptions of a page's blocks as the HTML reader gives them."""
    main_text = main_text_of(extract(rebuild_page(record)))
    return tuple(describe_block(block_of(row), is_main_text(row["text"], main_text)) for row in record["blocks"])


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
