"""Probabilities → one label a paragraph, as strictly as the user asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.model import NoiseModel, Verdicts
from noisefilter.noise.precision import Promise, needed
from noisefilter.records import KEPT, LABELS, Label

# Probability, for a paragraph of middle length (`precision.needed`): losing good text costs more than keeping some noise. Noise F1 and
# content lost on six authors held out: 0.8 gives 0.936 and 2.6 %, 0.86 0.930 and 1.9 %, 0.92 0.921 and 1.1 %, 0.95 0.909 and 0.9 %; on the
# development dumps, where it was looked up, 0.947 and 2.2 %, 0.948 and 0.9 %, 0.942 and 0.4 %, 0.938 and 0.4 %. With 0.92 no paragraph of
# the seeds is lost, with 0.91 a sober one of a short article is.
NOISE_SHARE = 0.92
# Times the odds that a paragraph of a page of HTML needs, where an extractor takes it for main text and where it does not (9 to 1 for a
# share of 0.9 become 19 to 1 and 1.5 to 1). The networks see the extractor's opinion too, but learn it from rebuilt pages, where it is
# worse than on real ones. Chosen on one fold of domains left out; on another, noise F1 / content F1 without and with them: wcxb_dev
# 0.749 / 0.890 → 0.781 / 0.906, mozilla_readability 0.904 / 0.963 → 0.958 / 0.983. With REST_ODDS at 1 less is lost
# (3.8 % of wcxb_dev instead of 5.0 %) and less noise found (0.824 instead of 0.829).
MAIN_ODDS, REST_ODDS = 2.1, 0.16
# The same where a document is a whole web page, given as text: its menus and promos are much of it, and its text stands apart from them. A
# share of 0.9 becomes 0.69. On domains left out, noise F1 / content F1 with that and with 0.88: wcxb_dev 0.758 / 0.880 and 0.72 / 0.884,
# mozilla_readability 0.819 / 0.917 and 0.78 / 0.917; 0.6 and 0.75 are much like 0.69.
PAGE_ODDS = 0.25
_KEPT_CODES = [code for code, label in enumerate(LABELS) if label in KEPT]


class Strictness(TypedDict, total=False):
    """The settings of `label` and `filter` that say how sure a verdict of noise must be.

    `thresholds` maps a noise label to the probability it needs; below it the likeliest kept label stands. `precision` is the share of
    the good text, by characters, that must stay (see `noisefilter.noise.precision`). Paragraphs whose probability of noise lies within
    `abstain` under what they need are labelled `uncertain`.
    """

    thresholds: Mapping[str, float] | None
    precision: float | None
    abstain: float


@dataclass(frozen=True)
class Rule:
    """How sure a verdict of noise must be, and what was promised for it."""

    noise_share: float = NOISE_SHARE
    floors: NDArray[np.float32] = field(default_factory=lambda: np.zeros(len(LABELS), np.float32))
    abstain: float = 0.0
    promise: Promise | None = None


def rule_for(
    model: NoiseModel, *, thresholds: Mapping[str, float] | None = None, precision: float | None = None, abstain: float = 0.0
) -> Rule:
    """The rule that a model and the user's `Strictness` make."""
    floors = _floors(thresholds or {})
    if not 0 <= abstain < 1:
        raise ValueError(f"abstain={abstain}: a probability from 0 to under 1 is expected")
    if precision is None:
        return Rule(NOISE_SHARE, floors, abstain)
    if not 0 < precision < 1:
        raise ValueError(f"precision={precision}: a share between 0 and 1 is expected")
    promise = model.promise(precision)
    return Rule(promise.threshold, floors, abstain, promise)


def _floors(thresholds: Mapping[str, float]) -> NDArray[np.float32]:
    floors = np.zeros(len(LABELS), np.float32)
    for name, value in thresholds.items():
        if name not in set(map(str, LABELS)):
            raise ValueError(f"unknown label {name!r} in thresholds; known: {', '.join(LABELS)}")
        if not 0 <= value <= 1:
            raise ValueError(f"threshold {name}={value}: a probability from 0 to 1 is expected")
        floors[LABELS.index(Label(name))] = value
    return floors


def decide(verdicts: Verdicts, rule: Rule | None = None, keep_whole: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """The label of each paragraph.

    Content and heading stand together against noise: a paragraph is noise when the noise labels together reach the rule's
    `noise_share` (more in long paragraphs, less in short ones, see also `lean`) and the likeliest of them its floor. Then the
    likeliest label of that side is taken. Paragraphs marked in `keep_whole` are never noise. See `find_uncertain` for those that are
    nearly noise.
    """
    rule = rule or Rule()
    probabilities = verdicts.probabilities
    kept = probabilities[:, _KEPT_CODES]
    best_noise = likeliest_noise(probabilities)
    best_kept = np.asarray(_KEPT_CODES)[kept.argmax(axis=1)]
    is_noise = kept.sum(axis=1) <= 1 - needed_share(verdicts, rule)
    is_noise &= probabilities[np.arange(len(kept)), best_noise] >= rule.floors[best_noise]
    if keep_whole is not None:
        is_noise &= ~keep_whole
    chosen: NDArray[np.int64] = np.where(is_noise, best_noise, best_kept)
    return chosen


def find_uncertain(verdicts: Verdicts, codes: NDArray[np.int64], rule: Rule, keep_whole: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Places of the kept paragraphs whose probability of noise lies within the rule's `abstain` under what it needs, or above."""
    is_kept = np.isin(codes, _KEPT_CODES) & ~keep_whole
    return np.flatnonzero(is_kept & (noise_share(verdicts.probabilities) >= needed_share(verdicts, rule) - rule.abstain))


def needed_share(verdicts: Verdicts, rule: Rule) -> NDArray[np.float64]:
    """The probability of noise that each paragraph needs for a verdict of noise."""
    share = needed(verdicts.context.lengths, rule.noise_share)
    return lean(share, verdicts.page_share, verdicts.in_main)


def likeliest_noise(probabilities: NDArray[np.float32]) -> NDArray[np.int64]:
    """The likeliest noise label of each row."""
    noise = probabilities.copy()
    noise[:, _KEPT_CODES] = -1
    return noise.argmax(axis=1)


def noise_share(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    """The probability that a paragraph is noise of any kind."""
    share: NDArray[np.float64] = 1 - probabilities[:, _KEPT_CODES].sum(axis=1, dtype=np.float64)
    return share


def lean(needed: NDArray[np.float64], page_share: NDArray[np.float32], in_main: NDArray[np.int8] | None) -> NDArray[np.float64]:
    """The probability of noise that is needed, less in whole pages; more again where an extractor takes a paragraph for main text.

    `page_share` says how far each paragraph's document is a page, see `Verdicts`.

    >>> lean(np.full(2, 0.9), np.array([0, 1], np.float32), None).round(2).tolist()
    [0.9, 0.69]
    >>> lean(np.full(3, 0.9), np.ones(3, np.float32), np.array([1, 0, -1], np.int8)).round(2).tolist()
    [0.95, 0.69, 0.59]
    """
    odds = needed / (1 - needed)
    if in_main is not None:
        odds = odds * np.choose(in_main + 1, (REST_ODDS, 1.0, MAIN_ODDS))
        page_share = np.where(in_main, np.float32(0), page_share)
    odds = odds * PAGE_ODDS**page_share
    leaning: NDArray[np.float64] = odds / (1 + odds)
    return leaning
