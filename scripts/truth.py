"""Measure truth discovery where the truth is known: python scripts/truth.py FOLDER, the folder with the td_*.jsonl.gz files.

The truth is used for measuring only. td_birthplaces names places without what they lie in, so the paths that belong to a name are
read from the true places of the *other* nine tenths of persons.
"""

from __future__ import annotations

import sys
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


def exact_birthplaces(rows: pd.DataFrame, seed: int, with_paths: bool) -> float:
    """Share of persons whose most specific true place is found."""
    truth = rows.groupby("object")["truth"].first()
    values = rows["value"]
    if with_paths:
        values = _paths(rows, truth)
    found = resolve_claims(rows[["object", "source"]].assign(value=values), seed=seed).values.set_index("object")["value"]
    narrowest = found.map(lambda value: value[0] if isinstance(value, tuple) else value)
    return float(np.mean([narrowest[name] == path[0] for name, path in truth.items()]))


def _paths(rows: pd.DataFrame, truth: pd.Series) -> pd.Series:
    """Each value as a path, the most frequent one among the truths of other persons; without one, the name alone."""
    fold = pd.Series(np.arange(len(truth)) % FOLDS, index=truth.index)
    paths = pd.Series(None, index=rows.index, dtype=object)
    for number in range(FOLDS):
        known = pd.Series([path[cut:] for path in truth[fold != number].map(tuple) for cut in range(len(path))], dtype=object)
        likeliest = known.groupby([path[0] for path in known]).agg(lambda group: group.value_counts().index[0])
        here = rows["object"].map(fold) == number
        paths[here] = rows.loc[here, "value"].map(lambda name, table=likeliest.to_dict(): table.get(name, (name,)))
    return paths


def main(folder: Path) -> None:
    """Print the figures of both files."""
    population = pd.read_json(folder / "td_population.jsonl.gz", lines=True)
    errors = [population_error(population, seed) for seed in SEEDS]
    print(f"td_population: off by more than 1 % {np.mean(errors):.4f} ({min(errors):.4f}-{max(errors):.4f}) of known objects")
    places = pd.read_json(folder / "td_birthplaces.jsonl.gz", lines=True)
    for with_paths in (False, True):
        exact = [exact_birthplaces(places, seed, with_paths) for seed in SEEDS]
        print(f"td_birthplaces{' with paths' if with_paths else ''}: exact {np.mean(exact):.4f} ({min(exact):.4f}-{max(exact):.4f})")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
