"""Measure a model on labelled dumps, or how training generalises to authors it did not see.

python scripts/evaluate.py DUMPS...                        # the shipped model on folders of NAME.txt with NAME.jsonl
python scripts/evaluate.py DUMPS... --floors tests/floors.json
python scripts/evaluate.py DUMPS... --compare MODEL_A MODEL_B   # what changes, both ways, with examples ("default": the shipped one)
python scripts/evaluate.py DUMPS... --precision 0.95 0.99   # precision asked and got
python scripts/evaluate.py --leave-out 20-31 40-53 --data F...   # train without an author range, measure on it
python scripts/evaluate.py DUMPS... --curve 3 6 12 24 --data F...  # train on so many authors, measure on the dumps
python scripts/evaluate.py truth FOLDER   # truth discovery on the folder's td_*.jsonl.gz, see truth.py
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path

import truth
from train import ROOT, read_background, train

from noisefilter import Document, NoisefilterError, label
from noisefilter.evaluation import Quality, calibration_error, compare, measure
from noisefilter.noise.augment import Example
from noisefilter.noise.labelled_data import read_dumps
from noisefilter.noise.model import NoiseModel, load_model
from noisefilter.records import Label

Verdict = tuple[str, str, str, float]


def main() -> None:
    """Print a table a data set; exit 1 when a figure is under its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dumps", nargs="*", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--compare", nargs=2, metavar=("MODEL_A", "MODEL_B"), help="what the second model fixes and breaks")
    parser.add_argument("--precision", nargs="*", type=float, default=[], metavar="P", help="shares of the good text that must stay")
    parser.add_argument("--leave-out", nargs="*", default=[], metavar="RANGE", help="author ranges of models/corpus, each left out in turn")
    parser.add_argument("--curve", nargs="*", type=int, default=[], metavar="N", help="numbers of authors to train on")
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="labelled block files for the background")
    parser.add_argument("--floors", type=Path, help="JSON: folder name → figure → least value")
    options = parser.parse_args()
    if options.dumps[:1] == [Path("truth")]:
        for folder in options.dumps[1:] or parser.error("truth needs the folder with the td_*.jsonl.gz files"):
            truth.main(folder)
        return
    floors = json.loads(options.floors.read_text()) if options.floors else {}
    failed = []
    if options.curve:
        draw_curve(options.curve, options.dumps, options.data)
        return
    if options.compare:
        compare_models(options.compare, options.dumps)
        return
    for folder in options.dumps:
        quality, error = assess(judge(load_model(options.model), [example for _, example in read_dumps(folder)]))
        print(f"{folder.name}\n{quality}\n    calibration error {error:.3f}")
        failed += quality.under(floors.get(folder.name, {}))
        if options.precision:
            print_precision(load_model(options.model), [example for _, example in read_dumps(folder)], options.precision)
    if options.leave_out:
        leave_authors_out(options.leave_out, options.data)
    if failed:
        sys.exit("under the floor: " + "; ".join(failed))


def compare_models(names: list[str], folders: list[Path]) -> None:
    """Figures of two models on each folder, and what the second fixes and breaks."""
    models = [load_model(None if name == "default" else name) for name in names]
    for folder in folders:
        examples = [example for _, example in read_dumps(folder)]
        first, second = (judge(model, examples) for model in models)
        print_header(folder.name)
        print_row(names[0], first)
        print_row(names[1], second)
        print(compare((text, gold, one, two) for (text, gold, one, _), (_, _, two, _) in zip(first, second, strict=True)))


def leave_authors_out(ranges: list[str], data: list[Path]) -> None:
    """Train without each author range in turn and measure on it: a row of a Markdown table each."""
    dumps = read_dumps(ROOT / "models" / "corpus")
    background = read_background(data, 0) if data else None
    verdicts: list[Verdict] = []
    print_header("author range left out")
    for author in ranges:
        model = train([dump for dump in dumps if dump[1].group != author], background, 0).model_
        found = judge(model, [example for _, example in dumps if example.group == author])
        print_row(author, found)
        verdicts += found
    print_row("together", verdicts)


def draw_curve(numbers: list[int], folders: list[Path], data: list[Path]) -> None:
    """Train on growing numbers of authors, drawn with a fixed seed, and measure on the folders."""
    dumps = read_dumps(ROOT / "models" / "corpus")
    background = read_background(data, 0) if data else None
    authors = sorted({example.group for _, example in dumps})
    random.Random(0).shuffle(authors)
    unseen = [example for folder in folders for _, example in read_dumps(folder)]
    print_header("authors (documents) trained on")
    for number in numbers:
        chosen = [dump for dump in dumps if dump[1].group in authors[:number]]
        print_row(f"{number} ({len(chosen)})", judge(train(chosen, background, 0).model_, unseen))


def print_header(first: str) -> None:
    """Head of the Markdown table of `print_row`."""
    print(f"| {first} | paragraphs | noise F1, 10+ words | content lost | macro-F1 | calibration error |")
    print("|" + " --- |" * 6)


def print_row(name: str, verdicts: list[Verdict]) -> None:
    """One row of a Markdown table."""
    quality, error = assess(verdicts)
    figures = f"{quality.noise_f1_long:.3f} | {100 * quality.content_lost:.2f} % | {quality.macro_f1:.3f} | {error:.3f}"
    print(f"| {name} | {quality.n_paragraphs} | {figures} |", flush=True)


def print_precision(model: NoiseModel, examples: list[Example], asked: list[float]) -> None:
    """A Markdown table of the precision asked and got, by characters."""
    print("| asked | threshold | good text kept | noise in what is taken out | noise found |\n" + "|" + " --- |" * 5)
    for precision in asked:
        rows = [(len(text), Label(gold).is_kept, Label(got).is_kept) for text, gold, got, _ in judge(model, examples, precision)]
        lost = sum(size for size, is_good, stays in rows if is_good and not stays)
        found = sum(size for size, is_good, stays in rows if not is_good and not stays)
        good = sum(size for size, is_good, _ in rows if is_good)
        noise = sum(size for size, is_good, _ in rows if not is_good)
        kept, right = 1 - lost / max(1, good), found / max(1, found + lost)
        print(f"| {precision:g} | {model.promise(precision).threshold:.3f} | {kept:.4f} | {right:.4f} | {found / max(1, noise):.3f} |")


def judge(model: NoiseModel, examples: list[Example], precision: float | None = None) -> list[Verdict]:
    """Text, gold label, given label and its probability of every paragraph."""
    bodies = ["\n".join(" ".join(text.split()) for text in example.texts) for example in examples]
    labelled = label((Document(str(i), body) for i, body in enumerate(bodies)), model, precision=precision)
    return [
        (text, gold, str(found.label), found.probability)
        for example, document in zip(examples, labelled, strict=True)
        for text, gold, found in zip(example.texts, example.labels, document.paragraphs, strict=True)
    ]


def assess(verdicts: list[Verdict]) -> tuple[Quality, float]:
    """Quality, and how far the probabilities are off."""
    quality = measure((text, gold, got) for text, gold, got, _ in verdicts)
    return quality, calibration_error((probability, gold == got) for _, gold, got, probability in verdicts)


if __name__ == "__main__":
    try:
        main()
    except NoisefilterError as error:
        sys.exit(f"evaluate.py: {error}")
