"""Text → sentences and quotations, as offsets.

A sentence ends at a line end, or at . ! ? followed by a space, unless the dot belongs to an initial or an abbreviation. A quotation runs
from an opening to the next closing mark, or to the end of its line: long quotations are opened again on each line and closed once.
Limit: single quotes are read as quotations only in their curly form, for a straight one may be an apostrophe.
"""

from __future__ import annotations

import re

from noisefilter.reliability.scanning import has_any
from noisefilter.reliability.vocabulary import words

Span = tuple[int, int]

# The first character of each pattern here is a set, so that the engine skips from one to the next.
_END = re.compile(
    r"""
    [.!?…\n] (?:
        (?<!\n) [.!?…]* ["”’'»)\]]* (?=\s)   # He left. “He left.”
      | (?<=\n) \n*                          # every line end, for a heading carries no full stop
    )
    """,
    re.VERBOSE,
)
# What may stand before a dot that ends no sentence, beside an initial: R. K. Belliappa, U.S.
_ABBREVIATIONS = words(
    """
    a.m p.m e.g i.e
    Mr Mrs Ms Dr Prof Rev Hon Sr Jr St Mt
    Gen Lt Col Maj Capt Cmdr Sgt Cpl Adm Brig Gov Sen Rep Supt Insp
    No no Nos nos Fig fig Art art vs ca approx incl excl est resp
    Rs Co Corp Inc Ltd Bros Dept Univ Assn Ave Blvd
    Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
    """
)
_INITIAL = re.compile(r"[A-Z](?:\.[A-Z])?")
# Characters. No abbreviation with what stands before it is longer.
_LOOK_BACK = 8
# Letters. Of the abbreviations only "approx" has as many.
_LONG = 5
# Characters. Two initials with their dots, "U.S.", have fewer before the last.
_INITIALS = 4
# Characters. A sentence longer than this is cut at the next space, so that one paragraph of 10 MB stays linear; the longest sentence
# of the event clusters has 412.
LONGEST = 2000

_QUOTED = re.compile(
    r"""
    [“«„"‘] (?:
        (?<=“) [^”\n]* (?: ” | $ )                # “Nineteen of the hurt are my officers,”
      | (?<=«) [^»\n]* (?: » | $ )                # «…»
      | (?<=„) [^“”\n]* (?: [“”] | $ )            # „…“
      | (?<=") (?<![\w"]") [^"\n]+ (?: " | $ )   # "…"
      | (?<=‘) (?<!\w‘) [^‘\n]*? ’ (?!\w)        # ‘…’
    )
    """,
    re.VERBOSE | re.MULTILINE,
)


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of ``text[start:end]``, without the space around them.

    >>> text = "Dr. Ansel counted 41. Why? She said: “No more.” It rained."
    >>> [text[a:b] for a, b in sentence_spans(text)]
    ['Dr. Ansel counted 41.', 'Why?', 'She said: “No more.”', 'It rained.']
    """
    end = len(text) if end is None else end
    spans: list[Span] = []
    begin = start
    for match in _END.finditer(text, start, end):
        if text[match.start()] == "." and _belongs_to_word(text, match):
            continue
        _append(spans, text, begin, match.end())
        begin = match.end()
    _append(spans, text, begin, end)
    return spans


def _belongs_to_word(text: str, match: re.Match[str]) -> bool:
    at = match.start()
    ending = text[max(0, at - _LONG) : at]
    if len(ending) == _LONG and ending.isalpha() and ending != "pprox":
        return False
    before = text[max(0, at - _LOOK_BACK) : at].removesuffix("\n")
    if not before or before[-1].isspace():
        return False
    word = before.split()[-1]
    word = word[max(word.rfind("("), word.rfind('"'), word.rfind("“")) + 1 :]
    return word in _ABBREVIATIONS or (len(word) < _INITIALS and _INITIAL.fullmatch(word) is not None)


def _append(spans: list[Span], text: str, begin: int, end: int) -> None:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    while end - begin > LONGEST:
        cut = text.rfind(" ", begin + 1, begin + LONGEST)
        cut = cut if cut > begin else begin + LONGEST
        spans.append((begin, cut))
        begin = cut
    if begin < end:
        spans.append((begin, end))


def quoted_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The quotations of ``text[start:end]``, marks included.

    >>> text = "“I counted 14,” she said. It's the crew's."
    >>> [text[a:b] for a, b in quoted_spans(text)]
    ['“I counted 14,”']
    """
    passage = text[start:end]
    if not has_any(passage, '“«„"‘'):
        return []
    return [(match.start() + start, match.end() + start) for match in _QUOTED.finditer(passage)]
