"""One document → who is said to have said nothing at all, and elsewhere speaks.

"Stroud hurried to a car without a word to anyone … she told reporters on the court steps". Only a silence that leaves nothing open counts
("not a word", "not a syllable", "a single word"): who declines to comment on one thing may speak of another. The speaker is the same name,
or a pronoun in the next sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from noisefilter.records import Contradiction
from noisefilter.reliability.sentences import Span
from noisefilter.reliability.wording import STOPWORDS

_SILENT = re.compile(
    r"""
    \b (?: without \s+ (?:saying\s+)? (?:a|one) \s+ (?:single\s+)? word \b
      | (?: has | have | had | did ) \s+ (?: not | never ) \s+ (?: [a-z]+ \s+ )? (?: said | say | utter(?:ed)? | spoken? | breathed ) \s+
        (?: a | one ) \s+ (?: single \s+ )? (?: word | syllable )
      | refus(?:ed|es|ing) \s+ to \s+ (?: say | utter ) \s+ (?: a | one ) \s+ (?: single \s+ )? (?: word | syllable )
      | not \s+ (?: a | one ) \s+ (?: single \s+ )? (?: word | syllable ) \s+ (?: from | out \s+ of ) ) \b [^.;:!?\n]*
    """,
    re.VERBOSE | re.IGNORECASE,
)
# The last word of a name; what begins a sentence may be one too.
_NAME = re.compile(r"\b([A-Z][\w\-]{2,})(?![\w\-]*[ ][A-Z])")
_SPEAKS = r"(?:told|tells|said|says|admitted|admits|announced|announces|explained|explains|added|declared|declares|insisted|insists)"
_PRONOUN = re.compile(rf"\b(?:she|he|they)\s+{_SPEAKS}\b|\b{_SPEAKS}\s+(?:she|he)\b", re.IGNORECASE)
_UNSURE = re.compile(
    r"\b(?:if|would|will|before|until|earlier|previously|nothing|not|never|once|ago|last\s+year)\b|n[’']t\b", re.IGNORECASE
)
# Characters. In a longer text one surname stands for many people.
LONGEST = 50_000


def check_silence(text: str, sentences: Sequence[Span], document_id: str) -> Iterator[Contradiction]:
    """Every silence that is broken elsewhere.

    >>> text = "Ann Roe has not said a word since Monday. But as Roe told reporters on Tuesday, she is well."
    >>> [found.kind for found in check_silence(text, [(0, 41), (42, len(text))], "d")]
    ['denial_confirmation']
    """
    for number, (start, end) in enumerate(sentences) if len(text) <= LONGEST else ():
        silent = _SILENT.search(text, start, end)
        if not silent or "“" in text[start:end]:
            continue
        names = [match[1] for match in _NAME.finditer(text[start : silent.start()]) if match[1].lower() not in STOPWORDS]
        patterns = [re.compile(rf"\b{re.escape(name)}\s+{_SPEAKS}\b|\b{_SPEAKS}\s+(?:\w+\s+){{0,3}}?{re.escape(name)}\b") for name in names]
        for place, (begin, stop) in enumerate(sentences) if names else ():
            with_pronoun = [*patterns, _PRONOUN] if place == number + 1 else patterns
            spoken = _speaks(text, begin, stop, with_pronoun) if place != number else None
            if spoken:
                words = f"“{silent[0].strip()}”, but “{' '.join(text[slice(*spoken)].split())}”."
                yield Contradiction(document_id, (start, end), spoken, "denial_confirmation", words, 0.7)
                break


def _speaks(text: str, start: int, end: int, patterns: Sequence[re.Pattern[str]]) -> Span | None:
    """Where a sentence lets the one speak who is told by the patterns."""
    if _UNSURE.search(re.sub(r"“[^”]*”?", " ", text[start:end])):
        return None
    return next((match.span() for pattern in patterns if (match := pattern.search(text, start, end))), None)
