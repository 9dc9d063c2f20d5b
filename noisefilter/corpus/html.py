"""HTML → a document of one block a line, and where each block stood; lxml and trafilatura are imported here and nowhere else.

Blocks are found by walking the tree: text between two block-level tags is one paragraph. Script, style and templates are no text.
Each block is described in words (tag, ancestors, class names, link density, whether trafilatura takes it for main text), which the
noise model reads as it reads text. trafilatura also gives the metadata (address, date, site) where the record has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import lxml.etree
import lxml.html

from noisefilter.errors import PageError
from noisefilter.records import Document

BLOCKS = frozenset(
    """
    address article aside blockquote body br button caption center dd details dialog div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr html iframe label legend li main menu nav noscript ol option p pre section select summary table tbody td
    tfoot th thead title tr ul
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
SKIPPED = frozenset({"script", "style", "template", "head", "svg", "math", "object", "embed", "textarea"})
SEMANTIC = frozenset({"header", "nav", "main", "article", "aside", "footer", "form", "figure", "blockquote"})
# Ancestors whose tags are told, and characters of class names: more say nothing about the block itself.
NEAREST = 3
ATTRIBUTE_LENGTH, ATTRIBUTES_LENGTH = 60, 110
# Link texts of headings' permanent addresses, as documentation tools write them; they are no part of the heading.
PERMALINKS = frozenset("¶#§🔗")
# Words. Shorter blocks stand in trafilatura's text by chance and must be a line of their own there.
LONG_ENOUGH = 6


@dataclass
class Block:
    """A stretch of text between two block-level tags, and where it stood. `path` ends with the nearest block-level tag."""

    path: Sequence[str]
    attributes: Sequence[str]
    semantic: Sequence[str]
    is_hidden: bool
    pieces: list[str] = field(default_factory=list)
    linked: int = 0

    @property
    def text(self) -> str:
        """The text, blanks folded."""
        return " ".join("".join(self.pieces).split())

    @property
    def link_density(self) -> float:
        """Share of the characters that are links, 0-1."""
        return self.linked / max(1, sum(len("".join(piece.split())) for piece in self.pieces))


def read_html(page: str, document: Document, *, described: bool = True) -> Document:
    """The document with the page's text as its body and, when `described`, its blocks described and its metadata filled in.

    >>> read_html("<h1>Title</h1><p>One <b>bold</b> word.<script>x()</script>", Document("d", "")).body
    'Title\\nOne bold word.\\n'
    >>> read_html("<h2>Options<a href='#options'>¶</a></h2><p>See <a href='/c'>C#</a>.", Document("d", "")).body
    'Options\\nSee C#.\\n'
    """
    blocks = read_blocks(page)
    if not blocks:
        return replace(document, body="", media_type="text/html")
    body = "".join(block.text + "\n" for block in blocks)
    if not described:
        return replace(document, body=body, media_type="text/html")
    main_text = _main_text(page)
    url, published, site = _metadata(page)
    return replace(
        document,
        body=body,
        media_type="text/html",
        url=document.url or url,
        published=document.published or published,
        extra={**document.extra, **({"site": site} if site else {})},
        markup=tuple(describe_block(block, is_main_text(block.text, main_text)) for block in blocks),
    )


def describe_block(block: Block, is_main: bool) -> str:
    """Words about where a block stood; letters before them keep apart what is a tag, an ancestor or a class name.

    >>> describe_block(Block(["ul", "li"], ["menu-item-12 current"], ["nav"], False, ["Home"], 4), False)
    'tagli inul semnav link10 notmain menu item current'
    """
    tags = [f"tag{tag}" for tag in block.path[-1:]] + [f"in{tag}" for tag in block.path[-NEAREST:-1]]
    facts = [f"sem{tag}" for tag in block.semantic] + [f"link{round(10 * min(1.0, block.link_density))}"]
    facts += ["ishidden"] * block.is_hidden + ["ismain" if is_main else "notmain"]
    names = [" ".join(re.findall(r"[a-z]+", name.lower())) for name in _shortened(block.attributes)]
    return " ".join((*tags, *facts, *filter(None, names)))


def _shortened(attributes: Sequence[str]) -> Iterator[str]:
    left = ATTRIBUTES_LENGTH
    for name in attributes:
        if left > 0:
            yield name[: min(ATTRIBUTE_LENGTH, left)]
        left -= min(len(name), ATTRIBUTE_LENGTH) + 3


def is_main_text(text: str, main_text: tuple[str, frozenset[str]]) -> bool:
    """Whether trafilatura's main text, whole and as a set of lines, has this block."""
    whole, lines = main_text
    return text in whole if text.count(" ") + 1 >= LONG_ENOUGH else text in lines


def read_blocks(page: str) -> list[Block]:
    """The visible blocks of a page in order."""
    tree = _parse(page)
    return [] if tree is None else [block for block in _walk(tree) if block.text]


def _walk(tree: lxml.html.HtmlElement) -> Iterator[Block]:
    path: list[lxml.html.HtmlElement] = []
    block: Block | None = None
    skipped = links = 0
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        is_skipped = not tag or tag in SKIPPED or _is_permalink(element)
        if tag in BLOCKS and block is not None:
            yield block
            block = None
        step = 1 if event == "start" else -1
        skipped += step * is_skipped
        links += step * (tag == "a")
        if event == "start":
            path.append(element)
        else:
            path.pop()
        text = element.text if event == "start" else element.tail
        if text and not skipped and (block is not None or text.strip()):
            block = block or _open_block(path)
            block.pieces.append(text)
            block.linked += len("".join(text.split())) if links else 0
    if block is not None:
        yield block


def _open_block(path: Sequence[lxml.html.HtmlElement]) -> Block:
    tags = [element.tag for element in path]
    named = (" ".join(filter(None, (element.get("class"), element.get("id"), element.get("role")))) for element in reversed(path))
    return Block(
        [tag for tag in tags if tag in BLOCKS and tag not in ("html", "br")][-NEAREST:],
        [name for name in named if name][: NEAREST + 2],
        [tag for tag in tags if tag in SEMANTIC],
        any(_is_hidden(element) for element in path),
    )


def _is_permalink(element: lxml.html.HtmlElement) -> bool:
    return element.tag == "a" and (element.text or "").strip() in PERMALINKS and not len(element)


def _is_hidden(element: lxml.html.HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.get("hidden") is not None or "display:none" in style or "visibility:hidden" in style


def _parse(page: str) -> lxml.html.HtmlElement | None:
    # Control characters are no text in XML and end the parse early.
    cleaned = "".join(c for c in page if c in "\t\n\r" or c >= " ")
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        tree = lxml.html.document_fromstring(cleaned.encode("utf-8", "replace"), parser=parser)
    except lxml.etree.ParserError:
        # Nothing that could be seen.
        tree = None
    except lxml.etree.XMLSyntaxError as error:
        raise PageError(f"the HTML parser failed ({error}).") from error
    # The parser ends early and without a word where elements are nested more than 2,048 deep; what stands behind would be lost.
    for fault in parser.error_log.filter_from_fatals():
        raise PageError(f"the HTML parser gave up on line {fault.line} ({fault.message}).")
    return tree


def _main_text(page: str) -> tuple[str, frozenset[str]]:
    """trafilatura's main text of a page, as one string and as its lines, blanks and list marks folded."""
    import trafilatura

    try:
        found = trafilatura.extract(page, include_comments=False) or ""
    except (ValueError, TypeError, AttributeError, IndexError, lxml.etree.LxmlError):
        found = ""
    return main_text_of(found)


def main_text_of(extracted: str) -> tuple[str, frozenset[str]]:
    """What `is_main_text` compares with, from an extractor's text: whole, and as its lines and cells of tables.

    >>> sorted(main_text_of("The Ebb Mill\\n| Height | 11.3 m |")[1])
    ['', '11.3 m', 'Height', 'The Ebb Mill']
    """
    pieces = (piece for line in extracted.split("\n") for piece in line.split("|"))
    return " ".join(extracted.split()), frozenset(" ".join(piece.lstrip("-# ").split()) for piece in pieces)


def _metadata(page: str) -> tuple[str | None, str | None, str | None]:
    import trafilatura

    try:
        found = trafilatura.extract_metadata(page)
    except (ValueError, TypeError, AttributeError, IndexError, lxml.etree.LxmlError):
        return None, None, None
    return (found.url, found.date, found.sitename) if found else (None, None, None)
