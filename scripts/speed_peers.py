"""What is timed: noisefilter's verbs and other tools, each a function of documents that does its work and throws the answer away.

Peers get what they are made for: lines, pages of HTML (one ``<p>`` a line) or texts. Making that input is not timed.
"""

from __future__ import annotations

import html
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from generated_text import CORPUS

from noisefilter import Document, load_model, read_claims, score_sources
from noisefilter.noise.label import label_batches
from noisefilter.noise.labelled_data import read_dumps
from noisefilter.run.filtering import filter_stream

Inputs = Sequence[Any]


@dataclass(frozen=True)
class Timed:
    """A tool: how documents become its input, what it does with them, bytes of a round, and which of our verbs are set beside it."""

    name: str
    prepare: Callable[[Document], Inputs]
    work: Callable[[Inputs], object]
    n_bytes: int
    compared_with: tuple[str, ...] = ()


def as_lines(page: Document) -> Inputs:
    """The lines of a document."""
    return page.body.split("\n")


def as_html(page: Document) -> Inputs:
    """A page, a paragraph a line."""
    return ["<html><body>" + "".join(f"<p>{html.escape(line)}</p>\n" for line in as_lines(page)) + "</body></html>"]


def as_text(page: Document) -> Inputs:
    """The text as it is."""
    return [page.body]


def as_document(page: Document) -> Inputs:
    """Our own record."""
    return [page]


def drain(things: Any) -> None:
    """Ask for all there is."""
    for _ in things:
        pass


def own_tools() -> list[Timed]:
    """noisefilter, with the shipped model."""
    model = load_model()
    return [
        Timed(LABEL, as_document, lambda pages: drain(label_batches(pages, model)), 1 << 20),
        Timed(FILTER, as_document, lambda pages: drain(filter_stream(pages, model)), 1 << 20),
        Timed(CLAIMS, as_document, lambda pages: [read_claims(page) for page in pages], 1 << 19),
        Timed(SCORE, as_document, score_sources, 1 << 17),
    ]


LABEL, FILTER, CLAIMS, SCORE = "label", "filter", "claims", "claims + score"


def peer_tools(fasttext_folder: Path | None) -> list[Timed]:
    """The others, with their defaults; fastText where there is something to train it with."""
    trained = [fasttext(fasttext_folder)] if fasttext_folder else []
    return [*trained, scikit_learn(), justext(), trafilatura(), gopher(), quantulum()]


def training_lines() -> tuple[list[str], list[str]]:
    """Paragraphs of the corpus and their labels."""
    texts, labels = [], []
    for _, example in read_dumps(CORPUS):
        for text, label in zip(example.texts, example.labels, strict=True):
            if label:
                texts.append(" ".join(text.split()))
                labels.append(str(label))
    return texts, labels


# Trains in a process of its own: packages that can train overwrite the module that language detection needs.
TRAIN = "import fasttext, sys; fasttext.train_supervised(sys.argv[1], dim=16, wordNgrams=2, thread=1, verbose=0).save_model(sys.argv[2])"


def fasttext(folder: Path) -> Timed:
    """A supervised fastText model of 16 dimensions with bigrams, trained with the package in a folder."""
    import fasttext

    with tempfile.TemporaryDirectory() as name:
        lines, model_file = Path(name) / "train.txt", Path(name) / "model.bin"
        rows = zip(*training_lines(), strict=True)
        lines.write_text("".join(f"__label__{label} {text}\n" for text, label in rows), encoding="utf-8")
        command = [sys.executable, "-c", TRAIN, str(lines), str(model_file)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(folder)})
        model = fasttext.load_model(str(model_file))

    def label(lines: Inputs) -> None:
        for line in lines:
            model.predict(line)

    return Timed(named("fastText", "fasttext-predict"), as_lines, label, 1 << 20, (LABEL,))


def scikit_learn() -> Timed:
    """Hashed words and bigrams, and a linear model."""
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import SGDClassifier
    from sklearn.pipeline import make_pipeline

    pipeline = make_pipeline(HashingVectorizer(ngram_range=(1, 2)), SGDClassifier(random_state=0))
    pipeline.fit(*training_lines())
    return Timed(named("HashingVectorizer + SGD", "scikit-learn"), as_lines, pipeline.predict, 1 << 20, (LABEL,))


def justext() -> Timed:
    """jusText with the English stoplist."""
    from justext import get_stoplist
    from justext import justext as classify

    words = get_stoplist("English")
    return Timed(named("jusText", "justext"), as_html, lambda pages: [classify(page, words) for page in pages], 1 << 18, (LABEL,))


def trafilatura() -> Timed:
    """Trafilatura with its defaults."""
    from trafilatura import extract

    return Timed(named("trafilatura", "trafilatura"), as_html, lambda pages: [extract(page) for page in pages], 1 << 18, (LABEL,))


def gopher() -> Timed:
    """The Gopher quality filter of datatrove."""
    from datatrove.data import Document as Record
    from datatrove.pipeline.filters import GopherQualityFilter

    keep = GopherQualityFilter()

    def record(page: Document) -> Inputs:
        return [Record(text=page.body, id=page.id)]

    return Timed(named("datatrove Gopher", "datatrove"), record, lambda pages: [keep.filter(page) for page in pages], 1 << 18, (LABEL,))


def quantulum() -> Timed:
    """quantulum3 without its classifier, whose pickles newer scikit-learn cannot load."""
    from quantulum3 import classifier, parser

    classifier.USE_CLF = False

    return Timed(named("quantulum3", "quantulum3"), as_text, lambda texts: [parser.parse(text) for text in texts], 1 << 14, (CLAIMS, SCORE))


def named(name: str, package: str) -> str:
    """The name with the version."""
    return f"{name} {version(package)}"
