"""Training: labelled paragraphs → `NoiseModel`. scikit-learn is imported here and nowhere else.

`NoiseClassifier` is an ordinary estimator over paragraphs. Two stages are learnt:

1. **Alone.** A linear model (logistic loss, averaged SGD) over the hashed views of `hashing.py` scores each paragraph by its words.
   Features seen in only one or two groups are left out: they are names and subjects, not signs of noise.
2. **In context.** Small neural networks over the columns of `context.py`, among them the first stage's scores. For training these
   scores come from models that did not see the paragraph's group (stacking, Wolpert 1992).

What page corpora teach besides (topic vectors by truncated SVD, rarity of words, clean documents) comes in as `Background`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import SGDClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

from noisefilter.noise.augment import Example, augment
from noisefilter.noise.context import describe_context
from noisefilter.noise.hashing import LANES, LARGEST_WEIGHT, Words, pack_lanes, read_words, rows_of
from noisefilter.noise.model import VIEW_SIZES, WORD_BITS, LaneTables, Network, NoiseModel
from noisefilter.noise.segment import Batch
from noisefilter.records import LABELS, Paragraph

Floats = NDArray[np.float32]
Strings = NDArray[np.str_]

VIEWS = tuple(VIEW_SIZES)
# Groups. A feature of fewer is a name or a subject; 3 of 14 groups keeps 11,000 features of 60,000, and on groups held out
# the noise F1 is the same from 2 to 5 (0.911-0.912) while less content is lost with more.
FEATURE_GROUPS = 3
# Paragraphs. `alpha` is meant for so many; with fewer the penalty grows, so that small corpora do not run to huge weights.
USUAL_SIZE = 10_000
N_TOPICS = 24
# Standard deviation. Columns that hardly vary in training (the share of a label that no document has) must not shout later.
LEAST_SPREAD = 1e-3
# Steps of the optimiser. A few documents make few steps an epoch; with fewer in all the networks stay near where they began.
LEAST_UPDATES = 3000
# Times a document as it is counts beside its variants: 3 with half the clean pages gives 0.919 noise F1 on groups held out, 1 gives 0.912.
REPEATS = 2
# Share of weights that keep their full size when packed into six bits; the few larger ones are clipped.
UNCLIPPED = 0.9995


@dataclass(frozen=True)
class Background:
    """What is learnt from page corpora: topic vectors, rarity of words, and clean documents to train on."""

    topics: LaneTables
    rarity: Floats
    clean: tuple[Example, ...] = ()


class NoiseClassifier(ClassifierMixin, BaseEstimator):
    """Tell what each paragraph of a document is.

    Parameters
    ----------
    alpha
        Regularisation of the first stage, for 10,000 paragraphs; it is raised where there are fewer.
    hidden, n_nets, epochs
        Size, number and training length of the second stage's networks; on small data there are more epochs (`LEAST_UPDATES`).
    decay
        L2 penalty of the networks.
    background
        What page corpora teach besides (`learn_background`); None trains on the given paragraphs alone.
    augmented
        Whether to train on stripped and mixed variants too (`augment`).
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
        hidden: int = 32,
        n_nets: int = 4,
        epochs: int = 20,
        decay: float = 0.3,
        background: Background | None = None,
        augmented: bool = True,
        random_state: int = 0,
    ) -> None:
        self.alpha = alpha
        self.hidden = hidden
        self.n_nets = n_nets
        self.epochs = epochs
        self.decay = decay
        self.background = background
        self.augmented = augmented
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
        self.model_ = self._train(examples, more, background)
        return self

    def predict_proba(self, X: Sequence[Paragraph | str]) -> Floats:
        """Probabilities, shape ``(n_paragraphs, n_labels)``, columns in the order of `classes_`."""
        check_is_fitted(self)
        batch = _batch([example.texts for example in _examples(X, ["content"] * len(X), None)])
        return self.model_.judge(batch).probabilities

    def predict(self, X: Sequence[Paragraph | str]) -> Strings:
        """The likeliest label of each paragraph."""
        best: Strings = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return best

    def _train(self, examples: list[Example], more: list[Example], background: Background) -> NoiseModel:
        batch = _batch([example.texts for example in examples])
        words = read_words(batch.compact)
        X, y, groups = _features(words), _codes(examples), _groups(examples)
        X = X @ sparse.diags(_widespread(X, groups).astype(np.float32))
        folds = {str(group): self._first_stage(X[groups != group], y[groups != group]) for group in np.unique(groups)}
        whole = self._first_stage(X, y)
        columns, codes = [], []
        for example in (*(examples * REPEATS), *more):
            if not example.texts:
                continue
            part = _batch([example.texts])
            found = read_words(part.compact)
            scores = folds.get(example.group, whole).scores(found)
            columns.append(describe_context(part, found, scores, background.topics.sums(found), background.rarity).columns)
            codes.append(_codes([example]))
        network = self._second_stage(np.concatenate(columns), np.concatenate(codes))
        return NoiseModel(whole, background.topics, background.rarity, network)

    def _first_stage(self, X: sparse.csr_matrix, y: NDArray[np.int64]) -> LaneTables:
        present = np.unique(y)
        weights = np.zeros((len(LABELS), X.shape[1]))
        intercept = np.full(len(LABELS), -10.0)
        if len(present) > 1:
            linear = SGDClassifier(
                loss="log_loss",
                alpha=self.alpha * max(1.0, USUAL_SIZE / len(y)),
                max_iter=15,
                tol=None,
                average=True,
                random_state=self.random_state,
            ).fit(X, y)
            two = len(present) == 2
            weights[present] = np.vstack((-linear.coef_, linear.coef_)) if two else linear.coef_
            intercept[present] = np.concatenate((-linear.intercept_, linear.intercept_)) if two else linear.intercept_
        return pack_tables(weights, intercept, VIEWS)

    def _second_stage(self, columns: Floats, y: NDArray[np.int64]) -> Network:
        scaler = StandardScaler().fit(columns)
        mean, scale = scaler.mean_.astype(np.float32), np.maximum(scaler.scale_, LEAST_SPREAD).astype(np.float32)
        standard = np.clip((columns - mean) / scale, -Network.LIMIT, Network.LIMIT)
        batch_size = min(128, max(4, len(y) // 20))
        epochs = max(self.epochs, LEAST_UPDATES * batch_size // len(y))
        nets = [
            MLPClassifier(
                (self.hidden,),
                alpha=self.decay,
                max_iter=epochs,
                n_iter_no_change=epochs,
                learning_rate_init=1e-3,
                batch_size=batch_size,
                random_state=self.random_state + number,
            )
            for number in range(self.n_nets)
        ]
        with warnings.catch_warnings():
            # The number of epochs is chosen, not run into.
            warnings.simplefilter("ignore", ConvergenceWarning)
            for net in nets:
                net.fit(standard, y)
        outputs = [_spread(net) for net in nets]
        return Network(
            mean,
            scale,
            np.concatenate([net.coefs_[0] for net in nets], axis=1).astype(np.float32),
            np.concatenate([net.intercepts_[0] for net in nets]).astype(np.float32),
            np.stack([weights for weights, _ in outputs]),
            np.stack([bias for _, bias in outputs]),
        )


def learn_background(blocks: Sequence[str], passages: Sequence[str], clean: Sequence[Example], seed: int = 0) -> Background:
    """Learn from page corpora: single `blocks` of text, `passages` of text that stood together, `clean` documents."""
    return Background(learn_topics(passages, seed), learn_rarity(blocks), tuple(clean))


def learn_rarity(blocks: Sequence[str]) -> Floats:
    """Inverse document frequency of each word row over blocks: log((n + 1) / (n with the word + 1))."""
    X = _view_matrix(read_words(_batch([tuple(blocks)]).compact), "word")
    frequency = np.bincount(X.indices, minlength=X.shape[1])
    return np.log((X.shape[0] + 1) / (frequency + 1)).astype(np.float32)


def learn_topics(passages: Sequence[str], seed: int = 0) -> LaneTables:
    """Topic vectors of words by latent semantic analysis (Deerwester et al. 1990): a truncated SVD of passages × words."""
    words = read_words(_batch([tuple(passages)]).compact)
    X = _view_matrix(words, "word")
    X.data = np.log1p(X.data)
    frequency = np.bincount(X.indices, minlength=X.shape[1])
    # A word of one passage has no company to be known by.
    rarity = np.where(frequency > 1, np.log((X.shape[0] + 1) / (frequency + 1)), 0.0)
    X = X @ sparse.diags(rarity)
    length = np.sqrt(np.asarray(X.multiply(X).sum(axis=1)).ravel())
    X = sparse.diags(1 / np.maximum(length, 1e-9)) @ X
    n_topics = min(N_TOPICS, min(X.shape) - 2)
    if n_topics < 1:
        return pack_tables(np.zeros((1, X.shape[1])), np.zeros(1), ("word",))
    # The first component is how ordinary a passage is, not what it is about.
    svd = TruncatedSVD(n_topics + 1, random_state=seed).fit(X)
    vectors = svd.components_[1:] * rarity / np.sqrt(np.maximum(svd.singular_values_[1:], 1e-9))[:, None]
    return pack_tables(vectors, np.zeros(n_topics), ("word",))


def pack_tables(weights: NDArray[Any], intercept: NDArray[Any], views: Sequence[str]) -> LaneTables:
    """Weights ``(n_outputs, n_features)`` over the views one after another → packed tables."""
    scale = np.ones(len(weights))
    for output, row in enumerate(np.abs(weights)):
        used = row[row > 0]
        scale[output] = np.quantile(used, UNCLIPPED) / LARGEST_WEIGHT if len(used) else 1.0
    tables, start = {}, 0
    for view in views:
        part = weights[:, start : start + VIEW_SIZES[view]]
        groups = range(0, len(weights), LANES)
        tables[view] = np.stack([pack_lanes(part[g : g + LANES].T, scale[g : g + LANES]) for g in groups])
        start += VIEW_SIZES[view]
    return LaneTables(tables, scale.astype(np.float32), np.asarray(intercept, np.float32))


def _own_background(examples: list[Example], seed: int) -> Background:
    """Without page corpora: topics and rarity from the training documents themselves."""
    passages = [" ".join(example.texts) for example in examples]
    return learn_background([text for example in examples for text in example.texts], passages, (), seed)


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


def _batch(documents: Sequence[Sequence[str]]) -> Batch:
    """Ready-made paragraphs as a batch: one a line, whatever line ends or blanks they hold."""
    bodies = ["".join(" ".join(text.split()) + "\n" if text.split() else ".\n" for text in texts) for texts in documents]
    buffer = "".join(bodies).encode("utf-8", "replace")
    blank = np.isin(np.frombuffer(buffer, np.uint8), (0x20, 0x0A))
    ends = np.flatnonzero(np.frombuffer(buffer, np.uint8) == 0x0A)
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    sizes = [len(texts) for texts in documents]
    first = np.concatenate(([0], np.cumsum(sizes)))
    document_starts = np.append(starts, len(buffer))[first]
    return Batch(buffer, document_starts, starts, ends, np.repeat(np.arange(len(sizes)), sizes), blank)


def _features(words: Words) -> sparse.csr_matrix:
    """All views of all words as one sparse matrix, rows scaled like `LaneTables.scores`."""
    X = sparse.hstack([_view_matrix(words, view) for view in VIEWS]).tocsr()
    scale = 1 / np.sqrt(np.maximum(words.counts, 1))
    return (sparse.diags(scale.astype(np.float32)) @ X).tocsr()


def _view_matrix(words: Words, view: str) -> sparse.csr_matrix:
    n = len(words.counts)
    columns = {
        "word": lambda: rows_of(words.hashes, WORD_BITS),
        "stem": lambda: rows_of(words.stems, WORD_BITS),
        "pair": lambda: rows_of(words.pairs, WORD_BITS),
        "gap": lambda: words.gaps,
        "opening": lambda: rows_of(words.openings, WORD_BITS),
    }[view]()
    rows = np.arange(n) if view == "opening" else np.repeat(np.arange(n), words.counts)
    X = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(n, VIEW_SIZES[view]))
    X.sum_duplicates()
    return X


def _widespread(X: sparse.csr_matrix, groups: Strings) -> NDArray[np.bool_]:
    """Features that several groups have, where there are several groups."""
    names = np.unique(groups)
    seen = sum((np.bincount(X[groups == name].indices, minlength=X.shape[1]) > 0).astype(np.int64) for name in names)
    return np.asarray(seen) >= min(FEATURE_GROUPS, len(names) // 2)


def _codes(examples: Sequence[Example]) -> NDArray[np.int64]:
    number = {str(label): code for code, label in enumerate(LABELS)}
    return np.array([number[label] for example in examples for label in example.labels])


def _groups(examples: Sequence[Example]) -> Strings:
    return np.array([example.group for example in examples for _ in example.labels])


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
