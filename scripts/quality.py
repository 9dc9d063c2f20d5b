"""The quality of noisefilter beside other tools: the page that `benchmark.py quality` writes.

    pip install -e '.[bench]'
    for i in 0 1; do python scripts/train.py --leave-domains $i/5 --data PAGES... -o FOLD$i; done
    python scripts/benchmark.py quality --pages PAGES... --folds FOLD0 FOLD1 --dumps DUMPS_DEV --seeds SEEDS -o docs/benchmarks/quality.md

The shipped model was trained on the page sets, so each page is judged by a model of `--folds` that saw no page of its domain; pages of
domains that every model saw are left out, for every tool. Dumps and seeds were never trained on: the shipped model judges them.
"""

from __future__ import annotations

import argparse
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

from peers import PEERS, wrap
from rebuilt_pages import DomainFold, describe_page, domain_of, rebuild_page

from noisefilter import Document, label
from noisefilter.evaluation import Quality, measure
from noisefilter.noise.labelled_data import read_blocks, read_dumps
from noisefilter.noise.model import NoiseModel, load_model

TEXT, HTML = "noisefilter, text only", "noisefilter, with HTML"
TOOLS = (TEXT, HTML, *(peer.name for peer in PEERS))
# Smaller differences of F1 are called equal.
EQUAL = 0.001
LANGUAGES = ("en", "de", "fr", "es")
Row = tuple[str, str, str]


@dataclass(frozen=True)
class Case:
    """A document to judge: its paragraphs, their gold labels (None where nobody said), and the slices of the table it counts in."""

    slices: tuple[str, ...]
    texts: Sequence[str]
    gold: Sequence[str | None]
    page: str
    markup: tuple[str, ...] | None = None


@dataclass
class Slice:
    """A line of the table: verdicts of each tool."""

    n_documents: int = 0
    rows: dict[str, list[Row]] = field(default_factory=dict)


def write(options: argparse.Namespace) -> None:
    """Write the page."""
    table: dict[str, Slice] = {}
    folds = [load_model(folder) for folder in options.folds]
    for path in options.pages:
        for fold in folds:
            judge(page_cases(path, DomainFold.parse(fold.about["left_domains"])), fold, table)
    shipped = load_model()
    for folder in options.dumps:
        judge(dump_cases(folder), shipped, table)
    if options.seeds:
        judge(seed_cases(options.seeds), shipped, table)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(page_of(table, shipped, folds), encoding="utf-8")


def page_cases(path: Path, fold: DomainFold) -> Iterator[Case]:
    """Pages of the domains of a fold."""
    name = path.name.removesuffix(".jsonl.gz")
    for record in read_blocks(path):
        if not record["blocks"] or domain_of(record) not in fold:
            continue
        yield Case(
            (name, *_kinds(name, record)),
            [block["text"] for block in record["blocks"]],
            [{"content": "content", "noise": "navigation"}.get(block.get("label")) for block in record["blocks"]],
            rebuild_page(record),
            describe_page(record),
        )


def _kinds(name: str, record: dict[str, Any]) -> Iterator[str]:
    if record.get("page_type"):
        yield f"{name}, {record['page_type']}"
    if record.get("lang"):
        language = record["lang"][:2].lower()
        yield f"pages in {language if language in LANGUAGES else 'other languages'}"


def dump_cases(folder: Path) -> Iterator[Case]:
    """Labelled dumps, as plain text."""
    for _, example in read_dumps(folder):
        yield Case((folder.name,), example.texts, example.labels, wrap(example.texts))


def seed_cases(folder: Path) -> Iterator[Case]:
    """The texts of a folder with one labels.jsonl for all."""
    rows = [json.loads(line) for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    for name in sorted({row["file"] for row in rows}):
        gold = {row["line"]: row["label"] for row in rows if row["file"] == name}
        lines = [(number, line.strip()) for number, line in enumerate((folder / name).read_text(encoding="utf-8").split("\n"), 1)]
        texts = [line for _, line in lines if line]
        yield Case((folder.name,), texts, [gold.get(number) for number, line in lines if line], wrap(texts))


def judge(cases: Iterable[Case], model: NoiseModel, table: dict[str, Slice]) -> None:
    """Let every tool judge every document."""
    for case in cases:
        verdicts = {TEXT: labels_by(model, case.texts, None)}
        if case.markup:
            verdicts[HTML] = labels_by(model, case.texts, case.markup)
        for peer in PEERS:
            verdicts[peer.name] = ["content" if kept else "navigation" for kept in peer.keeps(case.texts, case.page)]
        for name in case.slices:
            found = table.setdefault(name, Slice())
            found.n_documents += 1
            for tool, got in verdicts.items():
                rows = zip(case.texts, case.gold, got, strict=True)
                found.rows.setdefault(tool, []).extend((text, gold, given) for text, gold, given in rows if gold)


def labels_by(model: NoiseModel, texts: Sequence[str], markup: tuple[str, ...] | None) -> list[str]:
    """noisefilter's label of each text, given as one line each; the segmenter may join lines that it takes for wrapped."""
    folded = [" ".join(text.split()) for text in texts]
    (labelled,) = label([Document("page", "\n".join(folded), markup=markup)], model)
    starts = [found.paragraph.start for found in labelled.paragraphs]
    places = accumulate((len(text) + 1 for text in folded[:-1]), initial=0)
    return [str(labelled.paragraphs[bisect_right(starts, place) - 1].label) for place in places]


def page_of(table: dict[str, Slice], shipped: NoiseModel, folds: Sequence[NoiseModel]) -> str:
    """The page in Markdown."""
    figures = {name: {tool: measure(rows) for tool, rows in found.rows.items()} for name, found in table.items()}
    names = sorted(table, key=lambda name: (name.startswith("pages in"), list(table).index(name)))
    lines = [
        HEAD.format(
            share=round(100 * sum(1 / DomainFold.parse(fold.about["left_domains"]).n for fold in folds)),
            versions=", ".join(map(str, PEERS[:4])),
            digest=shipped.digest[:12],
        ),
        "| | documents | paragraphs of 10+ words | " + " | ".join(TOOLS) + " |",
        "| --- |" + " ---: |" * (2 + len(TOOLS)),
        *(_line(name, table[name], figures[name]) for name in names),
        REAL_PAGES,
        BETTER,
        *(line for name in names for line in _better(name, figures[name])),
        NOTES,
    ]
    return "\n".join(lines)


def _line(name: str, found: Slice, figures: dict[str, Quality]) -> str:
    best_noise = max(quality.noise_f1_long for quality in figures.values())
    best_content = max(quality.content_f1 for quality in figures.values())
    cells = [_cell(figures.get(tool), best_noise, best_content) for tool in TOOLS]
    n_long = sum(len(text.split()) >= 10 for text, _, _ in found.rows[TEXT])
    return f"| {name} | {found.n_documents} | {n_long} | " + " | ".join(cells) + " |"


def _cell(quality: Quality | None, best_noise: float, best_content: float) -> str:
    if quality is None:
        return "–"
    noise, content = f"{quality.noise_f1_long:.3f}", f"{quality.content_f1:.3f}"
    noise = f"**{noise}**" if quality.noise_f1_long == best_noise else noise
    content = f"**{content}**" if quality.content_f1 == best_content else content
    return f"{noise} / {content} / {100 * quality.content_lost:.1f}"


def _better(name: str, figures: dict[str, Quality]) -> Iterator[str]:
    """A line of the second table for each figure in which another tool is ahead."""
    for word, figure in (("noise F1", "noise_f1_long"), ("content F1", "content_f1")):
        value = {tool: getattr(quality, figure) for tool, quality in figures.items()}
        own = value.get(HTML, value[TEXT])
        ahead = sorted((tool for tool in value if tool not in (TEXT, HTML)), key=lambda tool: -value[tool])
        whole = [f"{tool} {value[tool]:.3f}" for tool in ahead if value[tool] > own + EQUAL]
        text_only = [f"{tool} {value[tool]:.3f}" for tool in ahead if own + EQUAL >= value[tool] > value[TEXT] + EQUAL]
        if whole or text_only:
            yield f"| {name} | {word} | {', '.join(whole) or '–'} | {', '.join(text_only) or '–'} |"


HEAD = """# Quality beside other tools

Written by `scripts/benchmark.py quality`; its head says how to run it. {versions}; the line rules are in `scripts/peers.py`.
Shipped model `{digest}`.

Each cell: noise F1 on paragraphs of 10 and more words / content F1 by characters / content characters lost in per cent. The best F1 of a
line is bold. Headings count as content; whatever else is not content counts as noise.

**Pages** are judged by noisefilter models trained without the page's domain (leave-domain-out; {share} % of the domains of every set are
measured, by every tool). The sets keep labelled blocks, not the pages. Tools that need HTML get a page put together again from the
blocks' tags, class names, semantic ancestors and link shares (`scripts/rebuilt_pages.py`). **They do worse on it than on the real page**,
trafilatura most of all: see below the table. noisefilter with HTML has its opinion from the same rebuilt page.
**Plain text** (dumps, seeds) is judged by the shipped model, which never saw it; extractors get one `<p>` a paragraph, which is not what
they are made for.
"""
REAL_PAGES = """
On **real pages** of three other sets that nobody here trained on, trafilatura was measured at noise F1 / content F1 of 0.965 / 0.974 and
0.971 / 0.982 (two news sets) and 0.821 / 0.936 (seven page types); resiliparse at noise F1 0.891, 0.889 and 0.689, jusText at 0.805,
0.839 and 0.570. Lines above under these figures say more about the rebuilt page than about the tool.
"""
BETTER = """
## Where another tool is better

| | figure | better than noisefilter, also with HTML | better than noisefilter, text only |
| --- | --- | --- | --- |""".lstrip()
NOTES = """
## To read the table well

* *Content lost* alone says little: a tool that keeps everything loses nothing.
* On listing and collection pages the gold calls teasers of other pages content; noisefilter calls them noise on purpose. In forums the
  gold calls every post content, noisefilter calls remarks under an answer comments.
* Documents in a language that noisefilter does not know are kept whole, so its noise F1 there is near 0 (Japanese and Arabic pages of
  newspaper4k).
* The odds by which trafilatura's opinion moves noisefilter's verdict on HTML were chosen on one of the measured folds of domains
  and confirmed on another (`noisefilter/noise/decide.py`).
* trafilatura_eval labels only hard passages at the edges of the text, and is trafilatura's own test set.
* The C4 and Gopher rules are for single lines here; the rules of both papers that drop whole pages are left out. Gopher's stop words
  are English.
* The seeds were looked at while noisefilter was written, though not trained on.
"""
