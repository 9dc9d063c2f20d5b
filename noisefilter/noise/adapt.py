"""Adapt a trained model to one's own labelled paragraphs, close to the weights it came with.

Only the output layers of the second stage's networks are moved: the change that makes the labelled paragraphs likely and is small
(cross-entropy of the averaged probabilities plus an L2 penalty on the change, minimised by L-BFGS). How small is tried out on the labelled
paragraphs themselves: each fold is judged by weights adapted without it. Unless fewer paragraphs are then on the wrong side of kept and
noise, with no more good text lost, the shipped weights are returned and `Adaptation` says so.

Limits: what the words of a site mean (the first stage) stays as it was; a label that the columns cannot tell apart stays so. A gain
among kinds of noise alone is not taken. Rows carry no HTML, so pages are adapted by their text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from noisefilter.noise.augment import Example
from noisefilter.noise.decide import decide
from noisefilter.noise.linear import lay_out
from noisefilter.noise.model import Hidden, Network, NoiseModel, Verdicts
from noisefilter.records import LABELS

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

# Nats a unit of squared change of the weights, against the sum over paragraphs. Without anchors, 10 to 100 lowered the errors on the other
# half of a document, 3 and less raised them.
PENALTIES = (10.0, 30.0, 100.0)
# Folds of the inner check: whole documents where there are so many, else stretches of neighbouring paragraphs.
N_FOLDS = 5
# Labelled paragraphs. With fewer the inner check cannot tell luck from gain, and the shipped weights are kept.
LEAST = 20
# Weight of an anchor's paragraph beside one's own. Of 12 trials with 50 labels of an author left out, judged on his other sites, with 0.1
# on 40 documents 7 were better and 2 worse, by at most 3 paragraphs of 684; with 0.03 6, 2 and 8; without anchors 4, 2 and 6.
ANCHOR_WEIGHT = 0.1
_IS_KEPT = np.array([label.is_kept for label in LABELS])


@dataclass(frozen=True)
class Adaptation:
    """A model after `adapt`, and what the inner check found on paragraphs that the weights had not seen.

    `losses` are mean nats a paragraph and `wrong` paragraphs on the wrong side of kept and noise, each (shipped, adapted);
    `penalty` is None where the shipped weights were kept.
    """

    model: NoiseModel
    n_paragraphs: int
    penalty: float | None
    losses: tuple[float, float]
    wrong: tuple[int, int]

    def __str__(self) -> str:
        if self.n_paragraphs < LEAST:
            return f"{self.n_paragraphs} labelled paragraphs are too few to tell a gain from luck: weights kept. Label {LEAST} or more."
        found = (
            f"{self.n_paragraphs} labelled paragraphs, each judged by weights that had not seen it: {self.wrong[0]} → {self.wrong[1]} "
            f"on the wrong side, log loss {self.losses[0]:.3f} → {self.losses[1]:.3f}"
        )
        return f"{found}. " + ("Adapted." if self.penalty else "No better than before: weights kept.")


def adapt(model: NoiseModel, examples: Sequence[Example], anchors: Sequence[Example] = ()) -> Adaptation:
    """Move a model's weights towards labelled paragraphs where that helps on those held out, else return the model as it is.

    Paragraphs not marked as `taken` are context: neighbours and subject of the others, whatever their label. `anchors` are documents of
    other kinds, on which the verdicts should stay as they are; their labels are not looked at.

    >>> from noisefilter import load_model
    >>> print(adapt(load_model(), [Example(("One line.",), ("content",), "a")]))
    1 labelled paragraphs are too few to tell a gain from luck: weights kept. Label 20 or more.
    """
    labelled = _read(model, examples)
    n = int(labelled.taken.sum())
    if n < LEAST:
        return Adaptation(model, n, None, (0.0, 0.0), (0, 0))
    anchor = _anchor(model, anchors)
    before = _assess(labelled, labelled.verdicts)
    tried = [(_assess(labelled, _judge_unseen(model.network, labelled, anchor, penalty)), penalty) for penalty in PENALTIES]
    after, penalty = min(tried)
    losses, wrong = (before[0], after[0]), (before[1], after[1])
    # Equal counts are luck: with "not more" for "fewer", 25 labels made 4 of 72 documents worse, with "fewer" none (docs/retrain.md).
    if after[0] >= before[0] or after[1] >= before[1] or after[2] > before[2]:
        return Adaptation(model, n, None, losses, wrong)
    network = _fit(model.network, labelled, labelled.taken, anchor, penalty)
    # What was promised of the precision was promised of other weights.
    return Adaptation(replace(model, network=network, precision=None), n, penalty, losses, wrong)


@dataclass(frozen=True)
class _Labelled:
    """One's own documents as the model sees them: verdicts, labels as codes, which count, and the fold of each."""

    verdicts: Verdicts
    hidden: Hidden
    y: Codes
    taken: Mask
    fold: Codes


def _read(model: NoiseModel, examples: Sequence[Example]) -> _Labelled:
    batch = lay_out([example.texts for example in examples])
    verdicts = model.judge(batch, [example.markup for example in examples])
    taken = np.array([bool(is_taken) for example in examples for is_taken in example.taken or (True,) * len(example.texts)], bool)
    number = {str(label): code for code, label in enumerate(LABELS)}
    y = np.array([number.get(label, 0) for example in examples for label in example.labels], np.int64)
    return _Labelled(verdicts, model.network.activate(verdicts.standard), y, taken, _folds(batch.documents, taken))


def _anchor(model: NoiseModel, anchors: Sequence[Example]) -> tuple[Hidden, Doubles]:
    """Hidden units and weighted probabilities of the documents whose verdicts should stay."""
    verdicts = model.judge(lay_out([example.texts for example in anchors] or [()]))
    return model.network.activate(verdicts.standard), verdicts.probabilities.astype(np.float64) * ANCHOR_WEIGHT


def _fit(network: Network, labelled: _Labelled, seen: Mask, anchor: tuple[Hidden, Doubles], penalty: float) -> Network:
    hidden, targets = anchor
    wanted = np.eye(len(LABELS))[labelled.y[seen]]
    mine, theirs = (one.dense(*network.output.shape[:2]) for one in (labelled.hidden, hidden))
    units, shares = (np.concatenate((own[seen], anchored)) for own, anchored in zip(mine, theirs, strict=True))
    return fit_outputs(network, (units, shares), np.concatenate((wanted, targets)), penalty)


def fit_outputs(network: Network, hidden: tuple[Floats, Floats], targets: Doubles, penalty: float) -> Network:
    """Output layers near the given ones that make `targets` likely.

    `hidden` are units and shares of `Hidden.dense`, `targets` are the weight of each label, shape ``(n_paragraphs, n_labels)``.
    """
    units = hidden[0].transpose(1, 0, 2).astype(np.float64)
    units = np.concatenate((units, np.ones((*units.shape[:2], 1))), axis=2)
    shipped = np.concatenate((network.output, network.output_bias[:, None]), axis=1).astype(np.float64)

    def loss(change: Doubles) -> tuple[float, Doubles]:
        total, slope = _cross_entropy(units, hidden[1], shipped + change.reshape(shipped.shape), targets)
        return total + penalty / 2 * float(change @ change), slope.ravel() + penalty * change

    # One thread: the matrices are so small that several BLAS threads took ten times as long on two busy cores.
    with threadpool_limits(1):
        found = minimize(loss, np.zeros(shipped.size), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    outputs = (shipped + found.reshape(shipped.shape)).astype(np.float32)
    return replace(network, output=np.ascontiguousarray(outputs[:, :-1]), output_bias=np.ascontiguousarray(outputs[:, -1]))


def _cross_entropy(units: Doubles, net_shares: Floats, outputs: Doubles, targets: Doubles) -> tuple[float, Doubles]:
    """Sum of -targets x log of the nets' mixed probabilities, and its slope by `outputs`."""
    scores = units @ outputs
    scores -= scores.max(axis=2, keepdims=True)
    shares = np.exp(scores)
    shares /= shares.sum(axis=2, keepdims=True)
    counts = net_shares.T[:, :, None].astype(np.float64)
    mean = (shares * counts).sum(axis=0) + 1e-12
    pull = shares * counts * (targets / mean)
    slope = shares * pull.sum(axis=2, keepdims=True) - pull
    return -float((targets * np.log(mean)).sum()), units.transpose(0, 2, 1) @ slope


def _folds(documents: Codes, taken: Mask) -> Codes:
    """The fold of each paragraph, -1 where it is context only: whole documents where there are enough, else stretches."""
    fold = np.full(len(taken), -1)
    names, place = np.unique(documents[taken], return_inverse=True)
    many = len(names) >= N_FOLDS
    fold[taken] = place % N_FOLDS if many else np.arange(len(place)) * N_FOLDS // len(place)
    return fold


def _judge_unseen(network: Network, labelled: _Labelled, anchor: tuple[Hidden, Doubles], penalty: float) -> Verdicts:
    """Verdicts where each labelled paragraph is judged by weights adapted without its fold."""
    probabilities = labelled.verdicts.probabilities.copy()
    for fold in range(N_FOLDS):
        unseen = labelled.fold == fold
        adapted = _fit(network, labelled, labelled.taken & ~unseen, anchor, penalty)
        probabilities[unseen] = adapted.probabilities(labelled.hidden)[unseen]
    return replace(labelled.verdicts, probabilities=probabilities)


def _assess(labelled: _Labelled, verdicts: Verdicts) -> tuple[float, int, int]:
    """Mean log loss, how many paragraphs are on the wrong side of kept and noise, and how many bytes of good text are lost."""
    y, taken = labelled.y, labelled.taken
    right = verdicts.probabilities[np.arange(len(y)), y][taken]
    keep, kept = _IS_KEPT[y[taken]], _IS_KEPT[decide(verdicts)[taken]]
    lost = verdicts.context.lengths[taken][keep & ~kept].sum()
    return float(-np.log(right + 1e-9).mean()), int((keep != kept).sum()), int(lost)
