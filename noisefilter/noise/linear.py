"""The first stage: what each paragraph's words say alone. Training of the linear scores, topic vectors and word rarities.

Linear models (logistic loss, averaged SGD) over the hashed views of `hashing.py`. Two of them share the lanes of one table:

* *labels*, the eleven labels, learnt from labelled dumps;
* *kinds*, the coarser `KINDS` of blocks of web pages, learnt from page corpora. They are a witness of their own: put among the dumps'
  rows, blocks of pages drown the rarer labels.

Features seen in only one or two groups are left out: they are names and subjects, not signs of noise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import SGDClassifier

from noisefilter.noise.augment import SOME_NOISE, Example
from noisefilter.noise.hashing import LANES, LARGEST_WEIGHT, Words, pack_lanes, read_words, rows_of
from noisefilter.noise.model import VIEW_SIZES, WORD_BITS, LaneTables
from noisefilter.noise.segment import Batch
from noisefilter.records import LABELS

Floats = NDArray[np.float32]
Strings = NDArray[np.str_]

VIEWS = tuple(VIEW_SIZES)
MARKUP_VIEWS = ("word", "pair")
# Groups. A feature of fewer is a name or a subject; 3 of 14 groups keeps 11,000 features of 60,000, and on groups held out
# the noise F1 is the same from 2 to 5 (0.911-0.912) while less content is lost with more.
FEATURE_GROUPS = 3
# Paragraphs. `alpha` is meant for so many; with fewer the penalty grows, so that small corpora do not run to huge weights.
USUAL_SIZE = 10_000
N_TOPICS = 16
# Folds of the first stage, whole authors and domains each.
N_FOLDS = 8
# Share of weights that keep their full size when packed into six bits; the few larger ones are clipped.
UNCLIPPED = 0.9995


Linear = tuple[NDArray[np.float64], NDArray[np.float64]]
# Label of a page's block → its place in `context.KINDS`; `SOME_NOISE` is what the page corpus only knows to be noise.
KIND_OF = {"content": 0, "heading": 0, "navigation": 1, "promo": 2, "legal": 2, "comment": 3, SOME_NOISE: 4}


@dataclass(frozen=True)
class FirstStage:
    """Linear models over words: one of all groups, and one a fold that did not see the fold's groups (stacking, Wolpert 1992)."""

    whole: Linear
    folds: tuple[Linear, ...]
    fold_of: Mapping[str, int]

    def without(self, group: str) -> Linear:
        """The model that knows nothing of a group."""
        fold = self.fold_of.get(group)
        return self.whole if fold is None else self.folds[fold]


def fit_labels(examples: Sequence[Example], alpha: float, seed: int) -> FirstStage:
    """Linear scores of the eleven labels."""
    return _fit_stage(examples, {str(label): code for code, label in enumerate(LABELS)}, VIEWS, (alpha, seed))


def fit_kinds(pages: Sequence[Example], alpha: float, seed: int) -> FirstStage:
    """Linear scores of the kinds of blocks of web pages; without pages they are all 0."""
    return _fit_stage([page for page in pages if page.markup is None], KIND_OF, VIEWS, (alpha, seed))


def fit_markup(pages: Sequence[Example], alpha: float, seed: int) -> FirstStage:
    """Linear scores of the kinds of blocks by the words that describe their place in the page; without markup all 0."""
    described = [replace(page, texts=page.markup) for page in pages if page.markup is not None]
    return _fit_stage(described, KIND_OF, MARKUP_VIEWS, (alpha, seed))


def markup_tables(kinds: Linear) -> LaneTables:
    """A linear model over descriptions as tables."""
    return pack_tables(*kinds, MARKUP_VIEWS)


def word_tables(labels: Linear, kinds: Linear) -> LaneTables:
    """Both linear models in the lanes of one table, labels first."""
    return pack_tables(np.concatenate((labels[0], kinds[0])), np.concatenate((labels[1], kinds[1])), VIEWS)


def _fit_stage(examples: Sequence[Example], code_of: Mapping[str, int], views: Sequence[str], setting: tuple[float, int]) -> FirstStage:
    n_outputs = max(code_of.values()) + 1
    if not examples:
        return FirstStage((np.zeros((n_outputs, sum(VIEW_SIZES[view] for view in views))), np.zeros(n_outputs)), (), {})
    X = _features(read_words(lay_out([example.texts for example in examples]).compact), views)
    y = np.array([code_of[label] for example in examples for label in example.labels])
    groups = np.array([example.group for example in examples for _ in example.labels])
    taken = np.concatenate([np.ones(len(e.texts), bool) if e.taken is None else np.asarray(e.taken, bool) for e in examples])
    X, y, groups = X[taken], y[taken], groups[taken]
    X = X @ sparse.diags(_widespread(X, groups).astype(np.float32))
    # Authors of dumps and domains of pages go round the folds in the order of their names.
    fold_of = {str(group): number % N_FOLDS for number, group in enumerate(np.unique(groups))}
    numbers = np.array([fold_of[group] for group in groups])
    folds = tuple(_fit_linear(X[numbers != n], y[numbers != n], n_outputs, setting) for n in range(min(N_FOLDS, len(fold_of))))
    return FirstStage(_fit_linear(X, y, n_outputs, setting), folds, fold_of)


def _fit_linear(X: sparse.csr_matrix, y: NDArray[np.int64], n_outputs: int, setting: tuple[float, int]) -> Linear:
    alpha, seed = setting
    present = np.unique(y)
    weights = np.zeros((n_outputs, X.shape[1]))
    intercept = np.full(n_outputs, -10.0)
    if len(present) > 1:
        linear = SGDClassifier(
            loss="log_loss", alpha=alpha * max(1.0, USUAL_SIZE / len(y)), max_iter=15, tol=None, average=True, random_state=seed
        ).fit(X, y)
        two = len(present) == 2
        weights[present] = np.vstack((-linear.coef_, linear.coef_)) if two else linear.coef_
        intercept[present] = np.concatenate((-linear.intercept_, linear.intercept_)) if two else linear.intercept_
    return weights, intercept


def learn_rarity(blocks: Sequence[str]) -> Floats:
    """Inverse document frequency of each word row over blocks: log((n + 1) / (n with the word + 1))."""
    X = _view_matrix(read_words(lay_out([tuple(blocks)]).compact), "word")
    frequency = np.bincount(X.indices, minlength=X.shape[1])
    return np.log((X.shape[0] + 1) / (frequency + 1)).astype(np.float32)


def learn_topics(passages: Sequence[str], seed: int = 0) -> LaneTables:
    """Topic vectors of words by latent semantic analysis (Deerwester et al. 1990): a truncated SVD of passages × words."""
    words = read_words(lay_out([tuple(passages)]).compact)
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


def lay_out(documents: Sequence[Sequence[str]]) -> Batch:
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


def _features(words: Words, views: Sequence[str]) -> sparse.csr_matrix:
    """Views of all words as one sparse matrix, rows scaled like `LaneTables.scores`."""
    X = sparse.hstack([_view_matrix(words, view) for view in views]).tocsr()
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
