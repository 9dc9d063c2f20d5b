"""Measure what repeats over a source: pages of a domain as the documents of a source.

python scripts/repeats.py wcxb_dev.jsonl.gz                      # trains on the domains of one page (minutes), measures on the others
python scripts/repeats.py wcxb_dev.jsonl.gz --model models/...   # with a model that has not seen the domains of several pages
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from train import ROOT, domain_of, read_background, train

from noisefilter import Document, label, load_model
from noisefilter.noise.label import REPEATED
from noisefilter.noise.labelled_data import read_blocks, read_dumps
from noisefilter.noise.model import NoiseModel
from noisefilter.noise.segment import Batch
from noisefilter.noise.templates import LEAST_DOCUMENTS, find_templates, hash_paragraphs
from noisefilter.records import Label


def main() -> None:
    """Print what the rule takes out of what the model keeps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", type=Path, help="default: trained here, without the domains that are measured")
    options = parser.parse_args()
    records = list(read_blocks(options.data))
    pages = Counter(map(domain_of, records))
    several = [record for record in records if pages[domain_of(record)] > 1]
    single = [record for record in records if pages[domain_of(record)] == 1]
    measure_repeats(several, load_model(options.model) if options.model else train_on(single))


def train_on(records: list[dict[str, Any]]) -> NoiseModel:
    """A model as the shipped one, with these pages only."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pages.jsonl.gz"
        with gzip.open(path, "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps(record) + "\n" for record in records)
        return train(read_dumps(ROOT / "models" / "corpus"), read_background([path], 0), 0).model_


def measure_repeats(records: list[dict[str, Any]], model: NoiseModel) -> None:
    """Precision of the rule, how many of the repeated noise paragraphs it finds, and what it costs."""
    pages = [Document(r["doc_id"], "\n".join(block["text"] for block in r["blocks"]), domain_of(r)) for r in records]
    domains = Counter(page.source for page in pages)
    paragraphs: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    found = find_templates(pages)
    for record, labelled, alone in zip(records, label(pages, model, templates=found), label(pages, model), strict=True):
        if domains[labelled.document.source] < LEAST_DOCUMENTS or len(record["blocks"]) != len(labelled.paragraphs):
            continue
        keys, _ = hash_paragraphs([labelled.document], Batch.from_texts([labelled.document.body]))
        repeats = np.isin(keys, found.keys) & (labelled.unknown_language is None)
        for block, verdict, before, does_repeat in zip(record["blocks"], labelled.paragraphs, alone.paragraphs, repeats, strict=True):
            taken = any(reason.startswith(REPEATED) for reason in verdict.reasons)
            repeated = bool(does_repeat) and before.label == Label.CONTENT
            for name, counts in (("taken", taken), ("repeated", repeated), ("all", True)):
                paragraphs[f"{name} {block['label']}"] += counts
                characters[f"{name} {block['label']}"] += counts * len(block["text"])
    print(f"{len(pages)} pages, {len(domains)} domains, {sum(n >= LEAST_DOCUMENTS for n in domains.values())} of them large enough")
    for unit, sums in (("paragraphs", paragraphs), ("characters", characters)):
        right, wrong = sums["taken noise"], sums["taken content"]
        print(f"{unit}: {right} noise and {wrong} content taken out, precision {right / max(1, right + wrong):.3f}; ", end="")
        print(f"{wrong / max(1, sums['all content']):.5f} of the content; {sums['repeated noise']} noise that repeats and the model keeps")


if __name__ == "__main__":
    main()
