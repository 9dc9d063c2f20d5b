"""Measure a model on labelled dumps, or how training generalises to authors it did not see.

python scripts/evaluate.py DUMPS...                 # the shipped model on folders of NAME.txt with NAME.jsonl
python scripts/evaluate.py --authors --data F...    # leave one author range of models/corpus out, and train on the rest
python scripts/evaluate.py DUMPS... --floors tests/floors.json
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from train import ROOT, read_background, train

from noisefilter.evaluation import Quality, measure
from noisefilter.noise.labelled_data import read_dumps
from noisefilter.noise.model import NoiseModel, load_model


def main() -> None:
    """Print a table a data set; exit 1 when a figure is under its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dumps", nargs="*", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--authors", action="store_true", help="leave one author range out")
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="labelled block files for the background")
    parser.add_argument("--floors", type=Path, help="JSON: folder name → figure → least value")
    options = parser.parse_args()
    floors = json.loads(options.floors.read_text()) if options.floors else {}
    failed = []
    for folder in options.dumps:
        quality = measure(_predict(load_model(options.model), folder))
        print(f"{folder.name}\n{quality}")
        failed += quality.under(floors.get(folder.name, {}))
    if options.authors:
        leave_authors_out(options.data)
    if failed:
        sys.exit("under the floor: " + "; ".join(failed))


def leave_authors_out(data: list[Path]) -> None:
    """Train without each author range in turn and measure on it."""
    dumps = read_dumps(ROOT / "models" / "corpus")
    background = read_background(data, 0) if data else None
    pairs = []
    for author in sorted({example.group for _, example in dumps}, key=lambda name: int(name.split("-")[0])):
        model = train([dump for dump in dumps if dump[1].group != author], background, 0).model_
        held_out = _judge(model, [example.texts for _, example in dumps if example.group == author])
        gold = [example.labels for _, example in dumps if example.group == author]
        texts = [example.texts for _, example in dumps if example.group == author]
        rows = [(t, g, p) for ts, gs, ps in zip(texts, gold, held_out, strict=True) for t, g, p in zip(ts, gs, ps, strict=True)]
        print(f"{author}\n{measure(rows)}", flush=True)
        pairs += rows
    print(f"all authors held out\n{measure(pairs)}")


def _predict(model: NoiseModel, folder: Path) -> list[tuple[str, str, str]]:
    examples = [example for _, example in read_dumps(folder)]
    found = _judge(model, [example.texts for example in examples])
    return [
        (text, gold, got)
        for example, labels in zip(examples, found, strict=True)
        for text, gold, got in zip(example.texts, example.labels, labels, strict=True)
    ]


def _judge(model: NoiseModel, documents: list[tuple[str, ...]]) -> list[list[str]]:
    from noisefilter import Document, label

    bodies = ["\n".join(" ".join(text.split()) for text in texts) for texts in documents]
    labelled = label((Document(str(i), body) for i, body in enumerate(bodies)), model)
    return [[str(paragraph.label) for paragraph in document.paragraphs] for document in labelled]


__all__ = ["Quality"]

if __name__ == "__main__":
    main()
