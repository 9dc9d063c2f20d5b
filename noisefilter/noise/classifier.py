"""Training: labelled paragraphs → `NoiseModel`. scikit-learn is imported here and in `linear.py`, nowhere else.

`NoiseClassifier` is an ordinary estimator over paragraphs. Two stages are learnt:

1. **Alone.** Linear models score each paragraph by its words (`linear.py`).
2. **In context.** Small neural networks over the columns of `context.py`, among them the first stage's scores. For training these
   scores come from models that did not see the paragraph's group (stacking, Wolpert 1992). Nets for whole pages learn from everything,
   nets for running text from the rest, and a gate learns which is which (`Network`).

With `n_folds` the second stage is also trained without some authors at a time, for the promises of `precision.py`.

What page corpora teach besides (topic vectors, rarity of words, clean documents, whole pages) comes in as `Background`.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

from noisefilter.noise import linear
from noisefilter.noise.augment import SOME_NOISE, Example, augment, shorten
from noisefilter.noise.context import Context
from noisefilter.noise.hashing import read_words
from noisefilter.noise.held_out import HeldOut, promises
from noisefilter.noise.model import LaneTables, Network, NoiseModel
from noisefilter.records import LABELS, Paragraph

Floats = NDArray[np.float32]
Strings = NDArray[np.str_]

# Times a document as it is counts beside its variants: 3 with half the clean pages gives 0.919 noise F1 on groups held out, 1 gives 0.912.
REPEATS = 2
# Standard deviation. Columns that hardly vary in training (the share of a label that no document has) must not shout later.
LEAST_SPREAD = 1e-3
# Steps of the optimiser. A few documents make few steps an epoch; with fewer in all the networks stay near where they began.
LEAST_UPDATES = 3000


@dataclass(frozen=True)
class Background:
    """What is learnt from page corpora: topic vectors, rarity of words, clean documents and whole pages to train on."""

    topics: LaneTables
    rarity: Floats
    clean: tuple[Example, ...] = ()
    pages: tuple[Example, ...] = ()


@dataclass(frozen=True)
class _Taught:
    """What one example teaches the second stage: `columns` and `codes` of the paragraphs taken from it.

    `of_document` are the columns that describe the whole document.
    """

    group: str
    columns: Floats
    codes: NDArray[np.int64]
    of_document: list[int]
    is_page: bool


class NoiseClassifier(ClassifierMixin, BaseEstimator):
    """Tell what each paragraph of a document is.

    Parameters
    ----------
    alpha
        Regularisation of the first stage, for 10,000 paragraphs; it is raised where there are fewer.
    hidden, n_nets, epochs
        Size, number (for running text, and as many for pages) and training length of the second stage's networks; on small data there
        are more epochs (`LEAST_UPDATES`).
    decay
        L2 penalty of the networks.
    background
        What page corpora teach besides (`learn_background`); None trains on the given paragraphs alone.
    augmented
        Whether to train on stripped and mixed variants too (`augment`).
    n_folds
        Into how many parts groups are cut for the promises of `precision`; 0 makes none. Each part trains the second stage once more.
    random_state
        Seed; the same seed and data give the same bytes.

    Examples
    --------
    >>> texts = ["The bridge opened on Monday after two years of work.", "Share this article", "Sign up for our newsletter"] * 8
    >>> labels = ["content", "navigation", "promo"] * 8
    >>> model = NoiseClassifier(augmented=False, random_state=0).fit(texts, labels)
    >>> str(model.predict(["Share this article"])[0])
    'navigation'
    """

    def __init__(
        self,
        *,
        alpha: float = 1e-5,
        hidden: int = 128,
        n_nets: int = 4,
        epochs: int = 20,
        decay: float = 0.15,
        background: Background | None = None,
        augmented: bool = True,
        n_folds: int = 0,
        random_state: int = 0,
    ) -> None:
        self.alpha = alpha
        self.hidden = hidden
        self.n_nets = n_nets
        self.epochs = epochs
        self.decay = decay
        self.background = background
        self.augmented = augmented
        self.n_folds = n_folds
        self.random_state = random_state

    def fit(self, X: Sequence[Paragraph | str], y: Sequence[str], groups: Sequence[str] | None = None) -> Self:
        """Learn from paragraphs `X` in document order and their labels `y`.

        Paragraphs of one document are recognised by `document_id`; plain strings are taken as one document. `groups` (an author,
        a domain) says which documents must not judge each other in the first stage's folds; default: each document its own.
        """
        unknown = sorted({str(label) for label in y} - {str(label) for label in LABELS})
        if unknown:
            raise ValueError(f"unknown labels {unknown}; known: {', '.join(LABELS)}")
        if len(X) != len(y):
            raise ValueError(f"{len(X)} paragraphs and {len(y)} labels")
        self.classes_ = np.array([str(label) for label in LABELS])
        examples = _examples(X, y, groups)
        background = self.background or _own_background(examples, self.random_state)
        more = augment(examples, background.clean, self.random_state) if self.augmented else []
        self.model_, taught = self._train(examples, more, background)
        n_folds = min(self.n_folds, len({example.group for example in examples}))
        if n_folds > 1:
            self.held_out_ = self._hold_out(n_folds, examples, taught)
            self.model_ = replace(self.model_, precision=promises(self.held_out_))
        return self

    def predict_proba(self, X: Sequence[Paragraph | str]) -> Floats:
        """Probabilities, shape ``(n_paragraphs, n_labels)``, columns in the order of `classes_`."""
        check_is_fitted(self)
        batch = linear.lay_out([example.texts for example in _examples(X, ["content"] * len(X), None)])
        return self.model_.judge(batch).probabilities

    def predict(self, X: Sequence[Paragraph | str]) -> Strings:
        """The likeliest label of each paragraph."""
        best: Strings = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return best

    def _train(self, examples: list[Example], more: list[Example], background: Background) -> tuple[NoiseModel, list[_Taught]]:
        """The model, and what each example taught the second stage: first the `examples` as they are, in their order."""
        setting = self.alpha, self.random_state
        stages = (
            linear.fit_labels(examples, *setting),
            linear.fit_kinds(background.pages, *setting),
            linear.fit_markup(background.pages, *setting),
        )
        whole = _tables([stage.whole for stage in stages])
        pages = _name_noise([*background.pages, *shorten(background.pages, self.random_state)], whole[0])
        unseen: dict[tuple[int | None, ...], tuple[LaneTables, LaneTables]] = {}
        taught = []
        for example in (*(examples * REPEATS), *more, *pages):
            if not example.texts:
                continue
            folds = tuple(stage.fold_of.get(example.group) for stage in stages)
            if folds not in unseen:
                unseen[folds] = _tables([stage.without(example.group) for stage in stages])
            taught.append(_teach(example, _describe(example, *unseen[folds], background)))
        return NoiseModel(*whole, background.topics, background.rarity, self._second_stage(taught)), taught

    def _hold_out(self, n_folds: int, examples: list[Example], taught: list[_Taught]) -> list[HeldOut]:
        """The examples as second stages see them that learnt nothing from their groups."""
        groups = sorted({example.group for example in examples})
        random.Random(self.random_state).shuffle(groups)
        fold_of = {group: place % n_folds for place, group in enumerate(groups)}
        held_out = []
        for fold in range(n_folds):
            network = self._second_stage([part for part in taught if fold_of.get(part.group) != fold and not part.is_page])
            held_out += [
                HeldOut(example, network.probabilities(network.activate(network.standardise(part.columns))), fold)
                for example, part in zip(examples, taught, strict=False)  # the examples as they are come first
                if fold_of[example.group] == fold
            ]
        return held_out

    def _second_stage(self, taught: Sequence[_Taught]) -> Network:
        columns, y = np.concatenate([part.columns for part in taught]), np.concatenate([part.codes for part in taught])
        is_page = np.repeat([part.is_page for part in taught], [len(part.codes) for part in taught])
        scaler = StandardScaler().fit(columns)
        mean, scale = scaler.mean_.astype(np.float32), np.maximum(scaler.scale_, LEAST_SPREAD).astype(np.float32)
        standard = np.clip((columns - mean) / scale, -Network.LIMIT, Network.LIMIT)
        jobs = [delayed(self._fit_net)(standard[~is_page], y[~is_page], number) for number in range(self.n_nets)]
        if is_page.any():
            jobs += [delayed(self._fit_net)(standard, y, number) for number in range(self.n_nets)]
        nets = Parallel(n_jobs=-1)(jobs)
        outputs = [_spread(net) for net in nets]
        return Network(
            mean,
            scale,
            np.concatenate([net.coefs_[0] for net in nets], axis=1).astype(np.float32),
            np.concatenate([net.intercepts_[0] for net in nets]).astype(np.float32),
            np.stack([weights for weights, _ in outputs]),
            np.stack([bias for _, bias in outputs]),
            *_fit_gate(standard, is_page, taught[0].of_document),
            (np.arange(len(nets)) >= self.n_nets).astype(np.float32),
        )

    def _fit_net(self, standard: Floats, y: NDArray[np.int64], number: int) -> MLPClassifier:
        batch_size = min(512, max(4, len(y) // 20))
        epochs = max(self.epochs, LEAST_UPDATES * batch_size // len(y))
        net = MLPClassifier(
            (self.hidden,),
            alpha=self.decay,
            max_iter=epochs,
            n_iter_no_change=epochs,
            learning_rate_init=1e-3,
            batch_size=batch_size,
            random_state=self.random_state + number,
        )
        with warnings.catch_warnings():
            # The number of epochs is chosen, not run into.
            warnings.simplefilter("ignore", ConvergenceWarning)
            return net.fit(standard, y)


def _fit_gate(standard: Floats, is_page: NDArray[np.bool_], of_document: list[int]) -> tuple[Floats, Floats]:
    """Weights and intercept of the gate, over the columns `of_document`."""
    weights, intercept = np.zeros(standard.shape[1], np.float32), np.zeros(1, np.float32)
    if is_page.any():
        gate = LogisticRegression(C=0.1, max_iter=300).fit(standard[:, of_document], is_page)
        weights[of_document], intercept = gate.coef_[0], gate.intercept_.astype(np.float32)
    return weights, intercept


def learn_background(
    blocks: Sequence[str], passages: Sequence[str], clean: Sequence[Example], pages: Sequence[Example] = (), seed: int = 0
) -> Background:
    """Learn from page corpora: single `blocks` of text, `passages` of text that stood together, `clean` documents, whole `pages`."""
    return Background(linear.learn_topics(passages, seed), linear.learn_rarity(blocks), tuple(clean), tuple(pages))


def _own_background(examples: list[Example], seed: int) -> Background:
    """Without page corpora: topics and rarity from the training documents themselves."""
    passages = [" ".join(example.texts) for example in examples]
    return learn_background([text for example in examples for text in example.texts], passages, (), (), seed)


def _examples(X: Sequence[Paragraph | str], y: Sequence[str], groups: Sequence[str] | None) -> list[Example]:
    """Neighbouring paragraphs of one document as one example."""
    rows: list[tuple[str, str, list[str], list[str]]] = []
    for place, (item, label) in enumerate(zip(X, y, strict=True)):
        document, text = (item.document_id, item.text) if isinstance(item, Paragraph) else ("", str(item))
        if not rows or rows[-1][0] != document:
            rows.append((document, str(groups[place]) if groups is not None else document, [], []))
        rows[-1][2].append(text)
        rows[-1][3].append(str(label))
    return [Example(tuple(texts), tuple(labels), group) for _, group, texts, labels in rows]


def _name_noise(pages: Sequence[Example], tables: LaneTables) -> list[Example]:
    """Pages where each `SOME_NOISE` has the likeliest kind of noise by its words."""
    noise = [code for code, label in enumerate(LABELS) if not label.is_kept]
    named = []
    for page in pages:
        scores = tables.scores(read_words(linear.lay_out([page.texts]).compact))[:, noise]
        likeliest = [str(LABELS[noise[best]]) for best in scores.argmax(axis=1)]
        labels = tuple(guess if label == SOME_NOISE else label for label, guess in zip(page.labels, likeliest, strict=True))
        named.append(replace(page, labels=labels))
    return named


def _tables(models: Sequence[linear.Linear]) -> tuple[LaneTables, LaneTables]:
    labels, kinds, markup = models
    return linear.word_tables(labels, kinds), linear.markup_tables(markup)


def _describe(example: Example, words_tables: LaneTables, markup: LaneTables, background: Background) -> Context:
    model = NoiseModel(words_tables, markup, background.topics, background.rarity, Network.none())
    return model.context(linear.lay_out([example.texts]), [example.markup])


def _teach(example: Example, context: Context) -> _Taught:
    """Only pages are taken in part."""
    is_page = example.taken is not None
    columns = context.columns[np.asarray(example.taken, bool)] if is_page else context.columns
    return _Taught(example.group, columns, _codes(example), context.of_document, is_page)


def _codes(example: Example) -> NDArray[np.int64]:
    """Labels of the paragraphs that an example teaches, as places in `LABELS`."""
    number = {str(label): code for code, label in enumerate(LABELS)}
    taken = example.taken or [True] * len(example.labels)
    return np.array([number[label] for label, is_taken in zip(example.labels, taken, strict=True) if is_taken], np.int64)


def _spread(net: MLPClassifier) -> tuple[Floats, Floats]:
    """A network's output layer over all labels; labels it never saw get no probability."""
    classes = net.classes_
    weights = np.zeros((net.coefs_[1].shape[0], len(LABELS)), np.float32)
    bias = np.full(len(LABELS), -30.0, np.float32)
    if len(classes) == 1:
        bias[classes[0]] = 0.0
    elif len(classes) == 2:
        weights[:, classes[1]], bias[classes] = net.coefs_[1][:, 0], (0.0, net.intercepts_[1][0])
    else:
        weights[:, classes], bias[classes] = net.coefs_[1], net.intercepts_[1]
    return weights, bias
