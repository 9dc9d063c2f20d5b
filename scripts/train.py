"""Train a noise model from labelled documents.

    python scripts/train.py                                    # the corpus in models/corpus, into models/default
    python scripts/train.py --data FILE.jsonl.gz ...           # with labelled pages as background
    python scripts/train.py --corpus my_dumps -o models/mine   # on one's own dumps
    python scripts/train.py --base default --data mine.jsonl -o models/mine   # the shipped weights, adapted to one's own labels
    python scripts/train.py ... --measure DUMPS                # figures on dumps kept apart go into the model card
    python scripts/train.py ... --leave-domains 0/5            # without the pages of every fifth domain, for scripts/benchmark.py

The same data and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from precision_check import report_calibration, report_promises
from rebuilt_pages import DomainFold, describe_page, domain_of

from noisefilter.errors import CorpusError, NoisefilterError
from noisefilter.noise.adapt import adapt
from noisefilter.noise.augment import SOME_NOISE, Example
from noisefilter.noise.classifier import Background, NoiseClassifier, learn_background
from noisefilter.noise.held_out import HeldOut
from noisefilter.noise.labelled_data import read_blocks, read_dumps, read_rows
from noisefilter.noise.model import NoiseModel, default_folder, load_model
from noisefilter.records import Paragraph

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "models" / "default"
# Share of content blocks from which the rarity of words is counted; more changes nothing.
CONTENT_SHARE = 0.35
# Share of a page's blocks that the second stage learns from: menus are nine tenths of all blocks. A third of these shares lowers noise F1
# on domains left out from 0.736 to 0.715.
PAGE_CONTENT_SHARE = 0.3
PAGE_NOISE_SHARE = ((4, 0.05), (8, 0.25), (10**6, 1.0))  # up to so many words
# Kinds of noise that the page corpus guesses well (8 of 9 by eye, says its README).
GOOD_GUESSES = {"legal": "legal", "promo": "promo", "comment": "comment", "nav_ui": "navigation"}
CREDITS = {
    "wcxb_dev.jsonl.gz": "WCXB development split, Foley 2026, CC-BY-4.0.",
    "mozilla_readability.jsonl.gz": "Test pages of mozilla/readability, Apache-2.0.",
    "trafilatura_eval.jsonl.gz": "Evaluation pages of adbar/trafilatura, Apache-2.0.",
    "newspaper4k.jsonl.gz": "Test pages of AndyTheFactory/newspaper4k, MIT.",
}
KNOWN_FAILURES = (
    "* Social posts quoted whole, with no handle or date, pass as content.",
    "* Headlines listed as sources under an article pass as content.",
    "* Captions and image descriptions in whole sentences, without a credit, pass as content.",
    "* In forums, answers and remarks under them are mixed up; short answers are lost.",
    "* In pages of HTML given as plain text, menus of one or two words are kept more often than in dumps.",
)
# Types of page whose content are teasers of other pages.
LISTINGS = ("listing", "collection")
PASSAGE = 5000  # characters: topics are learnt from what stands together in so much text
# Documents. With 125 short clean news articles lost paragraphs as foreign now and then.
N_CLEAN = 350
# Every so manieth training document is an anchor when a model is adapted, about forty; see docs/retrain.md.
ANCHOR_STEP = 7


def main() -> None:
    """Train, save, and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, action="append", help="folder of NAME.txt with NAME.jsonl (default: models/corpus)")
    parser.add_argument("--base", help="adapt this model (default, or a model folder) to --data; see docs/retrain.md")
    parser.add_argument(
        "--data",
        type=Path,
        nargs="*",
        default=[],
        help="labelled block files; with --base, rows as `noisefilter label` writes them, or dumps",
    )
    parser.add_argument("-o", "--output", type=Path, default=SHIPPED)
    parser.add_argument("--measure", type=Path, help="folder of dumps that are not trained on, for the model card")
    parser.add_argument("--folds", type=int, default=5, help="parts of the authors held out in turn, for `precision` (0: none)")
    parser.add_argument("--leave-domains", type=DomainFold.parse, metavar="I/N", help="leave out domains whose hash leaves I, divided by N")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    began = time.monotonic()
    if options.base:
        adapt_base(options.base, options.data, options.output)
        return
    folders = options.corpus or [ROOT / "models" / "corpus"]
    dumps = [dump for folder in folders for dump in read_dumps(folder)]
    if not dumps:
        sys.exit(f"{folders[0]}: no labelled dumps (NAME.txt with NAME.jsonl).")
    background = read_background(options.data, options.seed, options.leave_domains) if options.data else None
    model = train(dumps, background, options.seed, options.folds)
    model.model_ = replace(model.model_, about={**model.model_.about, **describe(folders, options.data, dumps, options.seed)})
    if options.leave_domains:
        model.model_.about["left_domains"] = str(options.leave_domains)
    model.model_.save(options.output)
    held_out = getattr(model, "held_out_", [])
    write_card(model.model_, options.output, dumps, [*_promised(held_out), *_measured(model.model_, options.measure)])
    print(f"{len(dumps)} documents, {time.monotonic() - began:.0f} s → {options.output}", file=sys.stderr)


def adapt_base(base: str, data: list[Path], output: Path) -> None:
    """Adapt a trained model to one's own labels, save it, and say what the inner check found."""
    # The shipped model lies in the checkout, and beside the installed package.
    if not data or output.resolve() in (SHIPPED.resolve(), default_folder().resolve()):
        sys.exit("--base needs --data with your labels and -o with a folder of its own, e.g. --data mine.jsonl -o models/mine.")
    model = load_model(None if base == "default" else base)
    examples = [example for path in data for example in read_own(path)]
    found = adapt(model, examples, [example for _, example in read_dumps(ROOT / "models" / "corpus")][::ANCHOR_STEP])
    made = {
        "base": model.digest,
        "penalty": found.penalty,
        "documents": len(examples),
        "paragraphs": found.n_paragraphs,
        "found": str(found),
        "data": {path.name: digest_of(path) for path in data},
    }
    replace(found.model, about={**model.about, "adapted": made}).save(output)
    card = ["# Model card", "", f"The model `{model.digest}`, adapted to labels of its user (docs/retrain.md).", "", str(found), ""]
    (output / "card.md").write_text("\n".join(card), encoding="utf-8")
    print(f"{found} → {output}", file=sys.stderr)


def read_own(path: Path) -> list[Example]:
    """One's own labels: a folder of dumps, or a file of rows."""
    examples = [example for _, example in read_dumps(path)] if path.is_dir() else read_rows(path)
    if not examples:
        raise CorpusError(f"{path}: no labelled documents. Expected rows as `noisefilter label` writes them, or NAME.txt with NAME.jsonl.")
    return examples


def digest_of(*paths: Path) -> str:
    """SHA-256 of files, and of the names and contents of folders' files."""
    digest = hashlib.sha256()
    for path in paths:
        if path.is_file():
            digest.update(path.read_bytes())
        for part in sorted(path.glob("*.*")) if path.is_dir() else ():
            digest.update(part.name.encode() + part.read_bytes())
    return digest.hexdigest()


def train(dumps: list[tuple[str, Example]], background: Background | None, seed: int, n_folds: int = 0) -> NoiseClassifier:
    """Fit the classifier on dumps; with `n_folds` it also learns how sure it may be."""
    paragraphs = [Paragraph(name, i, 0, 0, text) for name, example in dumps for i, text in enumerate(example.texts)]
    labels = [label for _, example in dumps for label in example.labels]
    groups = [example.group for _, example in dumps for _ in example.labels]
    return NoiseClassifier(background=background, n_folds=n_folds, random_state=seed).fit(paragraphs, labels, groups)


def read_background(paths: list[Path], seed: int, left_out: DomainFold | None = None) -> Background:
    """Single blocks, passages of running text, clean documents and whole pages from labelled pages of domains not left out."""
    chance = random.Random(seed)
    blocks, passages, clean, pages = [], [], [], []
    for path in paths:
        for record in read_blocks(path):
            if left_out and domain_of(record) in left_out:
                continue
            content = [block["text"] for block in record["blocks"] if block.get("label") == "content"]
            blocks.extend(text for text in content if chance.random() < CONTENT_SHARE)
            passages.extend(_passages(record))
            if record.get("page_type") in LISTINGS or "tag" not in str(record["blocks"][:1]):
                continue
            clean.append(_clean(record))
            pages += [read_page(record, chance, ()), read_page(record, chance, describe_page(record))]
    chance.shuffle(clean)
    return learn_background(blocks, passages, [c for c in clean if len(c.texts) >= 6][:N_CLEAN], pages, seed)


def read_page(record: dict[str, Any], chance: random.Random, markup: tuple[str, ...]) -> Example:
    """A page as it stands; noise has its kind where the guess of the corpus is good, and is `SOME_NOISE` elsewhere."""
    blocks = record["blocks"]
    texts = tuple(block["text"][:3000] for block in blocks)
    labels = tuple(_page_label(block) for block in blocks)
    known = [block.get("label") in ("content", "noise") and not block.get("dup") for block in blocks]
    # Where a block stood says so much that fewer examples are enough.
    scale = 0.5 if markup else 1.0
    taken = tuple(is_known and chance.random() < scale * _share(block) for is_known, block in zip(known, blocks, strict=True))
    return Example(texts, labels, f"page {domain_of(record)}", taken, markup or None)


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
    return {
        "trained_on": {
            "documents": len(dumps),
            "paragraphs": sum(len(example.labels) for _, example in dumps),
            "corpus_sha256": digest_of(*folders),
            "data": {path.name: digest_of(path) for path in data},
        },
        "seed": seed,
    }


def write_card(model: NoiseModel, folder: Path, dumps: list[tuple[str, Example]], measured: list[str]) -> None:
    """What the model is, what it was made of and how good it is, as `card.md` beside the weights."""
    made_of = model.about["trained_on"]
    counts = Counter(label for _, example in dumps for label in example.labels)
    lines = [
        "# Model card",
        "",
        "Labels paragraphs of scraped text with eleven kinds (docs/labels.md). Two stages, arrays only; docs/algorithm.md tells how.",
        f"Weights SHA-256 `{model.digest}`, MIT licence. Rebuilt byte for byte by `scripts/train.py` with the same data and seed.",
        "",
        "## Made of",
        "",
        f"* {made_of['documents']} documents with {made_of['paragraphs']} paragraphs written for this project,",
        f"  SHA-256 `{made_of['corpus_sha256']}`:",
        "  " + ", ".join(f"{label} {count}" for label, count in counts.most_common()) + ".",
        *(f"* {name}, SHA-256 `{digest}`. {CREDITS.get(name, '')}" for name, digest in made_of["data"].items()),
        "",
        "The page corpora give whole pages, topic vectors and word frequencies; none of their text is in the weights or the package.",
        "",
        "## Measured",
        "",
        *measured,
        "",
        "## Known failures",
        "",
        *KNOWN_FAILURES,
        "",
        "Languages: English; French, German and Spanish usable; documents in others are kept whole with a warning.",
        "",
    ]
    (folder / "card.md").write_text("\n".join(lines), encoding="utf-8")


def _promised(held_out: Sequence[HeldOut]) -> list[str]:
    if not held_out:
        return ["No promises of precision: trained without --folds."]
    return [
        f"On {len({part.example.group for part in held_out})} authors, each judged by second stages and promises that did not see it: "
        f"expected calibration error {report_calibration(held_out):.3f}. Precision asked (see docs/quality.md) and got, by characters:",
        "",
        *report_promises(held_out),
        "",
    ]


def _measured(model: NoiseModel, folder: Path | None) -> list[str]:
    if folder is None:
        return ["Not measured on other dumps: pass --measure with dumps that were not trained on."]
    from evaluate import assess, judge

    verdicts = judge(model, [example for _, example in read_dumps(folder)])
    quality, error = assess(verdicts)
    rows = [f"| {label} | {f:.3f} | {p:.3f} | {r:.3f} |" for label, (f, p, r) in quality.by_label.items()]
    return [
        f"On `{folder.name}` ({quality.n_paragraphs} paragraphs, never trained on): noise F1 {quality.noise_f1_long:.3f} on paragraphs of "
        f"10 and more words, {quality.noise_f1:.3f} on all; content characters lost {100 * quality.content_lost:.2f} %; "
        f"macro-F1 {quality.macro_f1:.3f}; expected calibration error {error:.3f}.",
        "",
        "| label | F1 | precision | recall |",
        "| --- | --- | --- | --- |",
        *rows,
    ]


if __name__ == "__main__":
    try:
        main()
    except NoisefilterError as error:
        sys.exit(f"train.py: {error}")
