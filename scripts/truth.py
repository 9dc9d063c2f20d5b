"""Measure truth discovery where the truth is known: python scripts/truth.py FOLDER, the folder with the td_*.jsonl.gz files.

The truth is used for measuring only. td_birthplaces names places without what they lie in. As no gazetteer is at hand, what a place
lies in is read from the true places: of the *other* nine tenths of persons, or of all, which a full gazetteer would know as well.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pandas as pd

from noisefilter.reliability.truth import resolve_claims

FOLDS = 10
SEEDS = range(5)


def population_error(rows: pd.DataFrame, seed: int) -> float:
    """Share of objects with known truth whose value is off by more than one in a hundred."""
    found = resolve_claims(rows[["object", "source", "value"]], seed=seed).values.set_index("object")["value"]
    truth = rows.dropna(subset=["truth"]).groupby("object")["truth"].first()
    return float(((found[truth.index] - truth).abs() > 0.01 * truth).mean())


def exact_birthplaces(rows: pd.DataFrame, values: pd.Series, seed: int) -> float:
    """Share of persons whose most specific true place is found."""
    truth = rows.groupby("object")["truth"].first()
    found = resolve_claims(rows[["object", "source"]].assign(value=values), seed=seed).values.set_index("object")["value"]
    narrowest = found.map(lambda value: value[0] if isinstance(value, tuple) else value)
    return float(np.mean([narrowest[name] == path[0] for name, path in truth.items()]))


def paths(rows: pd.DataFrame, folds: int) -> pd.Series:
    """Each value as a path: of those the truths of other folds give for the name, the one that fits the other values stated best.

    Of equally fitting paths the more frequent is taken; a name without one stays alone.
    """
    truth = rows.groupby("object")["truth"].first()
    fold = dict(zip(truth.index, np.arange(len(truth)) % folds, strict=True))
    stated = rows.groupby("object")["value"].agg(set)
    values = pd.Series(None, index=rows.index, dtype=object)
    for number in range(folds):
        known: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
        for person, path in truth.items():
            for cut in range(len(path) if folds == 1 or fold[person] != number else 0):
                known[path[cut]][tuple(path[cut:])] += 1
        for row in rows[rows["object"].map(fold) == number].itertuples():
            fitting = [(len(stated[row.object] & set(path)), n, path) for path, n in known[row.value].items()]
            values[row.Index] = max(fitting)[2] if fitting else (row.value,)
    return values


def main(folder: Path) -> None:
    """Print the figures of both files."""
    population = pd.read_json(folder / "td_population.jsonl.gz", lines=True)
    errors = [population_error(population, seed) for seed in SEEDS]
    print(f"td_population: off by more than 1 % {np.mean(errors):.4f} ({min(errors):.4f}-{max(errors):.4f}) of known objects")
    places = pd.read_json(folder / "td_birthplaces.jsonl.gz", lines=True)
    for name, values in (
        ("names alone", places["value"]),
        ("paths known from other persons", paths(places, FOLDS)),
        ("all paths known", paths(places, 1)),
    ):
        exact = [exact_birthplaces(places, values, seed) for seed in SEEDS]
        print(f"td_birthplaces, {name}: exact {np.mean(exact):.4f} ({min(exact):.4f}-{max(exact):.4f})")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
