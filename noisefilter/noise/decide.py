"""Probabilities → one label a paragraph."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.model import Verdicts
from noisefilter.records import KEPT, LABELS

# Probability. A paragraph is rejected only when the noise labels together reach this: losing good text costs more than
# keeping some noise. Held-out dumps: 0.5 loses 4.2 % of the content characters at noise F1 0.953, 0.8 loses 0.7 % at 0.937.
NOISE_SHARE = 0.8
# Bytes. Shorter lines are mostly menus and hold little text to lose: noise needs only to be likelier.
SHORT = 40
# Times the odds that a paragraph of a page of HTML needs, where an extractor takes it for main text and where it does not (4 to 1 for a
# share of 0.8 become 19 to 1 and 1.5 to 1). The networks see the extractor's opinion too, but learn it from rebuilt pages, where it is
# worse than on real ones. Chosen on one fold of domains left out; on another, noise F1 / content F1 without and with them: wcxb_dev
# 0.749 / 0.890 → 0.781 / 0.906, mozilla_readability 0.904 / 0.963 → 0.958 / 0.983. With REST_ODDS at 1 less is lost
# (3.8 % of wcxb_dev instead of 5.0 %) and less noise found (0.824 instead of 0.829).
MAIN_ODDS, REST_ODDS = 4.75, 0.375
_KEPT_CODES = [code for code, label in enumerate(LABELS) if label in KEPT]


def decide(verdicts: Verdicts, floors: NDArray[np.float32] | None = None, keep_whole: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """The label of each paragraph.

    Content and heading stand together against noise: a paragraph is noise when the noise labels together reach
    `NOISE_SHARE` (a half in short lines, see also `lean`) and the likeliest of them its floor. Then the likeliest label of that side
    is taken. Paragraphs marked in `keep_whole` are never noise.
    """
    probabilities = verdicts.probabilities
    floors = np.zeros(len(LABELS), np.float32) if floors is None else floors
    kept = probabilities[:, _KEPT_CODES]
    noise = probabilities.copy()
    noise[:, _KEPT_CODES] = -1
    needed = lean(np.where(verdicts.context.lengths < SHORT, 0.5, NOISE_SHARE), verdicts.in_main)
    best_noise = noise.argmax(axis=1)
    best_kept = np.asarray(_KEPT_CODES)[kept.argmax(axis=1)]
    is_noise = (kept.sum(axis=1) <= 1 - needed) & (probabilities.max(axis=1, where=noise >= 0, initial=0) >= floors[best_noise])
    if keep_whole is not None:
        is_noise &= ~keep_whole
    chosen: NDArray[np.int64] = np.where(is_noise, best_noise, best_kept)
    return chosen


def lean(needed: NDArray[np.float64], in_main: NDArray[np.int8] | None) -> NDArray[np.float64]:
    """The probability of noise that is needed, more where an extractor takes a paragraph for main text and less where it does not.

    >>> lean(np.full(3, 0.8), np.array([1, 0, -1], np.int8)).round(2).tolist()
    [0.95, 0.8, 0.6]
    """
    if in_main is None:
        return needed
    odds = needed / (1 - needed) * np.choose(in_main + 1, (REST_ODDS, 1.0, MAIN_ODDS))
    leaning: NDArray[np.float64] = odds / (1 + odds)
    return leaning
