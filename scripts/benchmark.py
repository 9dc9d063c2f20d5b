"""Measure noisefilter and write the pages of docs/benchmarks.

    pip install -e '.[bench]'
    pip install --no-deps --target FOLDER fasttext-wheel       # apart, for it would overwrite fasttext-predict
    python scripts/benchmark.py speed --fasttext FOLDER        # beside other tools, a few minutes
    python scripts/benchmark.py scaling --sizes 1 10 100 --workers 1 2
    python scripts/benchmark.py floor
    python scripts/benchmark.py quality --help                 # needs labelled pages of others; see the head of quality.py

Every verb writes its page, and beside it the plot; -o names another place.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

PAGES = Path(__file__).resolve().parent.parent / "docs" / "benchmarks"


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(required=True)
    quality = verbs.add_parser("quality", help="noise and content F1, content lost")
    quality.add_argument("--pages", type=Path, nargs="*", default=[], help="labelled block files")
    quality.add_argument("--folds", type=Path, nargs="*", default=[], help="models trained with --leave-domains")
    quality.add_argument("--dumps", type=Path, nargs="*", default=[], help="folders of dumps that were not trained on")
    quality.add_argument("--seeds", type=Path, help="folder of texts with labels.jsonl")
    quality.set_defaults(run=run_quality)
    speed = verbs.add_parser("speed", help="rates beside other tools, and their ratios")
    speed.add_argument("--rounds", type=int, default=5, help="how often every tool takes its turn")
    speed.add_argument("--fasttext", type=Path, metavar="FOLDER", help="a fastText that can train; without it fastText is left out")
    speed.set_defaults(run=run_speed)
    scaling = verbs.add_parser("scaling", help="time and memory by input and workers")
    scaling.add_argument("--sizes", type=int, nargs="+", default=[1, 10, 100], metavar="MB", help="of the input")
    scaling.add_argument("--workers", type=int, nargs="+", default=[1, 2], metavar="N")
    scaling.set_defaults(run=run_scaling)
    floor = verbs.add_parser("floor", help="what of `filter` is reading and writing")
    floor.add_argument("--size", type=int, default=10, metavar="MB", help="of the input")
    floor.add_argument("--rounds", type=int, default=5)
    floor.set_defaults(run=run_floor)
    for name, verb in verbs.choices.items():
        verb.add_argument("-o", "--output", type=Path, default=PAGES / f"{name}.md", help="the page to write")
    options = parser.parse_args()
    options.run(options)


def one_core() -> None:
    """Keep numerical libraries to one thread; must come before they are imported."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"


# Each imports its own: the quality page needs no peers of speed, and threads are limited before NumPy is loaded.
def run_quality(options: argparse.Namespace) -> None:
    """Noise and content F1."""
    from quality import write

    write(options)


def run_speed(options: argparse.Namespace) -> None:
    """Rates beside other tools."""
    one_core()
    from speed import measure, write

    write(measure(options.rounds, options.fasttext), options.output)


def run_scaling(options: argparse.Namespace) -> None:
    """Time and memory."""
    from scaling import measure, write_scaling

    write_scaling(measure(options.sizes, options.workers), options.output)


def run_floor(options: argparse.Namespace) -> None:
    """Filter beside reading and writing alone."""
    one_core()
    from scaling import measure_floor, write_floor

    write_floor(measure_floor(options.size, options.rounds), options.output)


if __name__ == "__main__":
    main()
