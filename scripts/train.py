"""Train a noise model from labelled documents.

    python scripts/train.py                                    # the corpus in models/corpus, into models/default
    python scripts/train.py --data FILE.jsonl.gz ...           # with labelled pages as background
    python scripts/train.py --corpus my_dumps -o models/mine   # on one's own dumps

The same data and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from noisefilter.noise.augment import SOME_NOISE, Example
from noisefilter.noise.classifier import Background, NoiseClassifier, learn_background
from noisefilter.noise.labelled_data import read_blocks, read_dumps
from noisefilter.records import Paragraph

ROOT = Path(__file__).resolve().parent.parent
# Share of content blocks from which the rarity of words is counted; more changes nothing.
CONTENT_SHARE = 0.35
# Share of a page's blocks that the second stage learns from: menus are nine tenths of all blocks and few of the paragraphs of a dump.
# More pages help pages a little (noise F1 0.832 → 0.835 on domains left out) and harm dumps (0.918 → 0.911 on authors left out).
PAGE_CONTENT_SHARE = 0.1
PAGE_NOISE_SHARE = ((4, 0.015), (8, 0.08), (10**6, 0.3))  # up to so many words
# Kinds of noise that the page corpus guesses well (8 of 9 by eye, says its README).
GOOD_GUESSES = {"legal": "legal", "promo": "promo", "comment": "comment", "nav_ui": "navigation"}
# Types of page whose content are teasers of other pages.
LISTINGS = ("listing", "collection")
PASSAGE = 5000  # characters: topics are learnt from what stands together in so much text
N_CLEAN = 125


def main() -> None:
    """Train, save, and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, action="append", help="folder of NAME.txt with NAME.jsonl (default: models/corpus)")
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="labelled block files, *.jsonl.gz")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "models" / "default")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    began = time.monotonic()
    folders = options.corpus or [ROOT / "models" / "corpus"]
    dumps = [dump for folder in folders for dump in read_dumps(folder)]
    if not dumps:
        sys.exit(f"{folders[0]}: no labelled dumps (NAME.txt with NAME.jsonl).")
    background = read_background(options.data, options.seed) if options.data else None
    model = train(dumps, background, options.seed)
    model.model_.about.update(describe(folders, options.data, dumps, options.seed))
    model.model_.save(options.output)
    print(f"{len(dumps)} documents, {time.monotonic() - began:.0f} s → {options.output}", file=sys.stderr)


def train(dumps: list[tuple[str, Example]], background: Background | None, seed: int) -> NoiseClassifier:
    """Fit the classifier on dumps."""
    paragraphs = [Paragraph(name, i, 0, 0, text) for name, example in dumps for i, text in enumerate(example.texts)]
    labels = [label for _, example in dumps for label in example.labels]
    groups = [example.group for _, example in dumps for _ in example.labels]
    return NoiseClassifier(background=background, random_state=seed).fit(paragraphs, labels, groups)


def read_background(paths: list[Path], seed: int) -> Background:
    """Single blocks, passages of running text, clean documents and whole pages from labelled pages."""
    chance = random.Random(seed)
    blocks, passages, clean, pages = [], [], [], []
    for path in paths:
        for record in read_blocks(path):
            content = [block["text"] for block in record["blocks"] if block.get("label") == "content"]
            blocks.extend(text for text in content if chance.random() < CONTENT_SHARE)
            passages.extend(_passages(record))
            if record.get("page_type") in LISTINGS or "tag" not in str(record["blocks"][:1]):
                continue
            clean.append(_clean(record))
            pages.append(read_page(record, chance))
    chance.shuffle(clean)
    return learn_background(blocks, passages, [c for c in clean if len(c.texts) >= 6][:N_CLEAN], pages, seed)


def read_page(record: dict[str, Any], chance: random.Random) -> Example:
    """A page as it stands; noise has its kind where the guess of the corpus is good, and is `SOME_NOISE` elsewhere."""
    blocks = record["blocks"]
    labels = [_page_label(block) for block in blocks]
    taken = tuple(
        block.get("label") in ("content", "noise") and not block.get("dup") and chance.random() < _share(block) for block in blocks
    )
    return Example(tuple(block["text"][:3000] for block in blocks), tuple(labels), f"page {domain_of(record)}", taken)


def domain_of(record: dict[str, Any]) -> str:
    """Pages of one site stay in one fold."""
    return urlsplit(record.get("url") or "").hostname or str(record.get("doc_id"))


def _page_label(block: dict[str, str]) -> str:
    if block.get("label") != "noise":
        is_heading = block.get("tag") in ("h1", "h2", "h3", "h4", "h5") and len(block["text"].split()) < 18
        return "heading" if is_heading else "content"
    return GOOD_GUESSES.get(block.get("weak_class") or "", SOME_NOISE)


def _share(block: dict[str, str]) -> float:
    if block.get("label") == "content":
        return PAGE_CONTENT_SHARE
    n_words = len(block["text"].split())
    return next(share for words, share in PAGE_NOISE_SHARE if n_words < words)


def _passages(record: dict[str, list[dict[str, str]]]) -> list[str]:
    running = [block["text"] for block in record["blocks"] if block.get("label") != "noise" and len(block["text"]) > 40]
    passages, current = [], ""
    for text in running:
        current += text + " "
        if len(current) > PASSAGE:
            passages.append(current)
            current = ""
    return [*passages, current] if len(current) > 100 else passages


def _clean(record: dict[str, list[dict[str, str]]]) -> Example:
    """The main text of a page alone: headings by their tag, the rest content; short blocks are left out."""
    texts, labels = [], []
    for block in record["blocks"]:
        n_words = len(block["text"].split())
        if block.get("label") != "content" or block.get("dup"):
            continue
        is_heading = block.get("tag") in ("h1", "h2", "h3", "h4", "h5") and n_words < 18
        if is_heading or n_words >= 6:
            texts.append(block["text"][:3000])
            labels.append("heading" if is_heading else "content")
    return Example(tuple(texts[:70]), tuple(labels[:70]), f"page {record.get('doc_id', '')}")


def describe(folders: list[Path], data: list[Path], dumps: list[tuple[str, Example]], seed: int) -> dict[str, object]:
    """What the model was made of, for model.json."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.glob("*.*")):
            digest.update(path.name.encode() + path.read_bytes())
    return {
        "trained_on": {
            "documents": len(dumps),
            "paragraphs": sum(len(example.labels) for _, example in dumps),
            "corpus_sha256": digest.hexdigest(),
            "data": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in data},
        },
        "seed": seed,
    }


if __name__ == "__main__":
    main()
