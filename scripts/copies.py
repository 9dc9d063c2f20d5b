"""Fit the weights of noisefilter.reliability.dependence: python scripts/copies.py FOLDER, the folder with cNN_*/gold.json.

Prints the errors when one cluster at a time is left out, then the weights to be copied into the module. Each cluster is seen whole,
in twos (nothing tells what is common knowledge), in threes and fours, and with sentences shuffled or dropped.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from noisefilter.reliability.dependence import FEATURES, Copy, groups, measure_pairs

# How much a pair weighs in the fit, by the way its cluster was shown.
WAYS = {"whole": 1.0, "two": 0.5, "few": 0.4, "shuffled": 0.3, "dropped": 0.3}
# Inverse strength of the L2 penalty, on features divided by their standard deviation. From 0.3 to 5 whole clusters have no error.
C = 1.0
DRAWS = 3

Row = tuple[str, str, bool, np.ndarray]


def pairs(texts: Mapping[str, str], voice: Mapping[str, int]) -> Iterator[tuple[bool, np.ndarray]]:
    """Whether each suspected pair has one origin, and its features."""
    names = sorted(texts, key=lambda name: (texts[name], name))
    evidence = measure_pairs([texts[name] for name in names])
    for left, right, features in zip(evidence.left.tolist(), evidence.right.tolist(), evidence.X, strict=True):
        yield voice[names[left]] == voice[names[right]], features


def shown(texts: Mapping[str, str], chance: random.Random) -> Iterator[tuple[str, dict[str, str]]]:
    """The cluster in all ways."""
    names = sorted(texts)
    yield "whole", dict(texts)
    for pair in combinations(names, 2):
        yield "two", {name: texts[name] for name in pair}
    for size in (3, 4):
        for _ in range(DRAWS):
            yield "few", {name: texts[name] for name in chance.sample(names, size)}
    for way in ("shuffled", "dropped"):
        for _ in range(DRAWS):
            yield way, {name: _spoil(text, way, chance) for name, text in texts.items()}


def _spoil(text: str, way: str, chance: random.Random) -> str:
    sentences = [part for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part.strip()]
    if chance.random() < 0.5:
        return "\n".join(sentences)
    if way == "shuffled":
        chance.shuffle(sentences)
    else:
        sentences = [sentence for sentence in sentences if chance.random() < 0.5] or sentences
    return "\n".join(sentences)


def read(folder: Path) -> Iterator[Row]:
    """The pairs of all clusters."""
    chance = random.Random(0)
    for cluster in sorted(folder.glob("c[0-9]*")):
        gold = json.loads((cluster / "gold.json").read_text(encoding="utf-8"))
        texts = {name: (cluster / name).read_text(encoding="utf-8") for name in gold["sources"]}
        links = [Copy(a, b, 1.0, kind) for (a, b), kind in zip(gold["copies"], gold["copy_kinds"], strict=True)]
        voice = {name: number for number, group in enumerate(groups(texts, links)) for name in group}
        for way, some in shown(texts, chance):
            yield from ((cluster.name, way, same, features) for same, features in pairs(some, voice))


def main(folder: Path) -> None:
    """Fit, leave one out, print."""
    rows = list(read(folder))
    clusters, ways = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    y, X = np.array([row[2] for row in rows]), np.array([row[3] for row in rows])
    scale, weight = X.std(axis=0), np.array([WAYS[way] for way in ways])
    chance = np.empty(len(rows))
    for cluster in np.unique(clusters):
        out = clusters == cluster
        fitted = LogisticRegression(C=C, max_iter=3000).fit((X / scale)[~out], y[~out], sample_weight=weight[~out])
        chance[out] = fitted.predict_proba((X / scale)[out])[:, 1]
    for way in WAYS:
        here = ways == way
        lost, false = (here & y & (chance < 0.5)).sum(), (here & ~y & (chance >= 0.5)).sum()
        print(f"{way}: {lost} of {(here & y).sum()} copies lost, {false} of {(here & ~y).sum()} other suspected pairs taken for copies")
    fitted = LogisticRegression(C=C, max_iter=3000).fit(X / scale, y, sample_weight=weight)
    print(dict(zip(FEATURES, (fitted.coef_[0] / scale).round(1).tolist(), strict=True)), "constant", fitted.intercept_.round(1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
