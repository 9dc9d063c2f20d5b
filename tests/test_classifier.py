"""NoiseClassifier is an ordinary scikit-learn estimator, and the same seed gives the same model."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_predict

from noisefilter import Paragraph
from noisefilter.noise.classifier import NoiseClassifier

LINES = {
    "content": (
        "The ferry left at nine and came back at noon with the mail.",
        "Nobody had expected the frost to hold until the end of April.",
    ),
    "navigation": ("Share this page", "Home | News | Sport | Weather"),
    "legal": ("© 2021 All rights reserved", "By using this site you accept our cookies."),
}
X = [Paragraph(f"d{n}", i, 0, 0, f"{text}") for n in range(12) for i, text in enumerate(t for lines in LINES.values() for t in lines)]
Y = [label for _ in range(12) for label, lines in LINES.items() for _ in lines]
GROUPS = [p.document_id for p in X]


def small() -> NoiseClassifier:
    return NoiseClassifier(n_nets=1, hidden=16, decay=0.01, augmented=False)


def test_it_learns_and_predicts() -> None:
    fitted = small().fit(X, Y)
    probabilities = fitted.predict_proba(X)
    assert probabilities.shape == (len(X), len(fitted.classes_))
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert (fitted.predict(X) == np.array(Y)).mean() > 0.9


def test_it_works_with_scikit_learn() -> None:
    folds = GroupKFold(3)
    predicted = cross_val_predict(clone(small()), X, Y, groups=GROUPS, cv=folds)
    assert (predicted == np.array(Y)).mean() > 0.8
    search = GridSearchCV(small(), {"hidden": [4, 8]}, cv=folds).fit(X, Y, groups=GROUPS)
    assert search.best_params_["hidden"] in (4, 8)


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert small().fit(X, Y).model_.digest == small().fit(X, Y).model_.digest


def test_a_few_examples_or_one_label_are_enough_to_run() -> None:
    assert set(small().fit(["One line.", "Two lines."], ["content", "content"]).predict(["Three."])) == {"content"}


def test_unknown_labels_are_refused() -> None:
    with pytest.raises(ValueError, match="advert"):
        small().fit(["One."], ["advert"])


def test_contradictions_and_order_are_no_trouble() -> None:
    """The same line under two labels: it is learnt as one or the other, and shuffled documents give a model that says the same."""
    lines, labels = [*X, *(Paragraph(f"c{n}", 0, 0, 0, "Share this page") for n in range(8))], [*Y, *["navigation", "content"] * 4]
    fitted = small().fit(lines, labels)
    assert fitted.predict(["Share this page"])[0] in ("navigation", "content")
    documents: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        documents.setdefault(line.document_id, []).append(number)
    names = sorted(documents)
    np.random.default_rng(0).shuffle(names)
    order = [number for name in names for number in documents[name]]
    shuffled = small().fit([lines[number] for number in order], [labels[number] for number in order])
    assert (shuffled.predict(X) == fitted.predict(X)).mean() > 0.9
