"""HTML → a document of one block a line; lxml and trafilatura are imported here and nowhere else.

Blocks are found by walking the tree: text between two block-level tags is one paragraph. Script, style and templates are no text.
trafilatura gives the metadata (address, date, site) where the record has none.
"""

from __future__ import annotations

from dataclasses import replace

import lxml.etree
import lxml.html

from noisefilter.records import Document

BLOCKS = frozenset(
    """
    address article aside blockquote body br button caption center dd details dialog div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr html iframe legend li main menu nav noscript ol option p pre section select summary table tbody td
    tfoot th thead title tr ul
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
SKIPPED = frozenset({"script", "style", "template", "head", "svg", "math", "object", "embed", "textarea"})


def read_html(page: str, document: Document) -> Document:
    """The document with the page's text as its body and its metadata filled in.

    >>> read_html("<h1>Title</h1><p>One <b>bold</b> word.<script>x()</script>", Document("d", "")).body
    'Title\\nOne bold word.\\n'
    """
    blocks = html_blocks(page)
    body = "".join(block + "\n" for block in blocks)
    url, published, site = _metadata(page) if blocks else (None, None, None)
    return replace(
        document,
        body=body,
        media_type="text/html",
        url=document.url or url,
        published=document.published or published,
        extra={**document.extra, **({"site": site} if site else {})},
    )


def html_blocks(page: str) -> list[str]:
    """The visible text of a page, a string a block, blanks folded."""
    tree = _parse(page)
    if tree is None:
        return []
    blocks: list[str] = []
    current: list[str] = []
    skipped = 0
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        is_text = bool(tag) and tag not in SKIPPED
        if tag in BLOCKS:
            _close(current, blocks)
        if event == "start":
            skipped += not is_text
            if not skipped and element.text:
                current.append(element.text)
        else:
            skipped -= not is_text
            if not skipped and element.tail:
                current.append(element.tail)
    _close(current, blocks)
    return blocks


def _close(current: list[str], blocks: list[str]) -> None:
    text = " ".join("".join(current).split())
    if text:
        blocks.append(text)
    current.clear()


def _parse(page: str) -> lxml.html.HtmlElement | None:
    # Control characters are no text in XML and end the parse early.
    cleaned = "".join(c for c in page if c in "\t\n\r" or c >= " ")
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        return lxml.html.document_fromstring(cleaned.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        return None


def _metadata(page: str) -> tuple[str | None, str | None, str | None]:
    import trafilatura

    try:
        found = trafilatura.extract_metadata(page)
    except (ValueError, TypeError, AttributeError, lxml.etree.LxmlError):
        return None, None, None
    return (found.url, found.date, found.sitename) if found else (None, None, None)
