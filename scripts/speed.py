"""How fast noisefilter is beside other tools, in one run, one core, by CPU time.

The tools take turns for several rounds, so that a change of the machine meets all of them; each line's ratio is taken inside a round.
"""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmark_page import Bars, machine_line, write_page
from generated_text import corpus_pages, first_bytes, size_of
from speed_peers import LABEL, SCORE, Timed, own_tools, peer_tools

from noisefilter import Document

# What is asked for: the ratio of our rate and theirs, by the beginning of the peer's name.
ASKED = {"fastText": 10, "HashingVectorizer": 15, "datatrove": 100, "quantulum3": 200}


@dataclass
class Rates:
    """Rates of a tool, MB/s, a round each."""

    tool: Timed
    of_round: list[float] = field(default_factory=list)


def measure(n_rounds: int, fasttext_folder: Path | None) -> dict[str, Rates]:
    """Every tool, round after round; the first one, in which caches fill, is not counted."""
    pages = corpus_pages()
    rates = {tool.name: Rates(tool) for tool in (*own_tools(), *peer_tools(fasttext_folder))}
    for number in range(n_rounds + 1):
        for rate in rates.values():
            found = _rate(rate.tool, pages)
            if number:
                rate.of_round.append(found)
            print(f"round {number}: {rate.tool.name}: {found:.2f} MB/s", flush=True)
    return rates


def _rate(tool: Timed, pages: list[Document]) -> float:
    chosen = first_bytes(pages, tool.n_bytes)
    inputs = [one for page in chosen for one in tool.prepare(page)]
    gc.collect()
    began = time.process_time()
    tool.work(inputs)
    return sum(map(size_of, chosen)) / 1e6 / (time.process_time() - began)


def ratios(ours: Rates, theirs: Rates) -> tuple[float, float, float]:
    """Least, middle and greatest of our rate over theirs.

    >>> tool = Timed("x", list, list, 1)
    >>> ratios(Rates(tool, [10, 20, 30]), Rates(tool, [10, 10, 10]))
    (1.0, 2.0, 3.0)
    """
    found = [a / b for a, b in zip(ours.of_round, theirs.of_round, strict=True)]
    return min(found), median(found), max(found)


def write(rates: dict[str, Rates], output: Path) -> None:
    """The page and its plot."""
    lines = ["| | MB/s: min | median | max |", "| --- | ---: | ---: | ---: |"]
    lines += [f"| {name} | " + " | ".join(f"{value:.3g}" for value in span(rate.of_round)) + " |" for name, rate in rates.items()]
    lines += ["", "| ratio | min | median | max | asked |", "| --- | ---: | ---: | ---: | --- |"]
    lines += [_ratio_line(rates[name], theirs) for theirs in rates.values() for name in theirs.tool.compared_with]
    bars = Bars([(name, *span(rate.of_round)) for name, rate in rates.items()], "MB of text a CPU second, one core", log=True)
    write_page(output, HEAD.format(machine=machine_line(), label=LABEL, score=SCORE), lines, bars, NOTES)


def _ratio_line(ours: Rates, theirs: Rates) -> str:
    found = ratios(ours, theirs)
    asked = next((times for name, times in ASKED.items() if theirs.tool.name.startswith(name)), None)
    verdict = "–" if asked is None else f"{asked}: {'met' if found[1] >= asked else 'not met'}"
    return f"| {ours.tool.name} ÷ {theirs.tool.name} | " + " | ".join(f"{value:.3g}" for value in found) + f" | {verdict} |"


def span(values: list[float]) -> tuple[float, float, float]:
    """Least, middle, greatest."""
    return min(values), median(values), max(values)


HEAD = """# Speed beside other tools

Written by `scripts/benchmark.py speed`. {machine}.

The text is made from `models/corpus`, cut into pages of about 4 kB; nothing is repeated. Tools take turns in one process, kept to one
thread; rates are MB of UTF-8 text a second of CPU time, ratios are taken inside a round. `{label}` and `filter` work on text in memory
with the shipped model, whole and with language detection; `{score}` compares all pages of its part with each other.
"""
NOTES = """
* jusText and trafilatura get a page of HTML, `<p>` a line, without links or attributes, which is less than they meet in the wild.
* fastText (16 dimensions, bigrams) and the scikit-learn pipeline are trained on `models/corpus` itself; they label single lines.
* datatrove's Gopher filter gives one verdict a page, quantulum3 runs without its classifier and compares nothing. Slow tools get the first
  part of the text (16 kB to 256 kB), fast ones 0.5 to 1 MB; `claims + score` 128 kB.
* `score` compares the claims of each article with those of the articles it meets, so its rate falls as long as more articles meet, and then
  stays. Of its time, reading claims apart, about two fifths each go into pairs of claims and into contradictions inside documents.
* "Not met" means that the figure that was aimed at has not been reached. Of the CPU time of `label` a third goes into what
  stands around a paragraph (`noise/context.py`), a quarter into the networks and their reasons, a sixth into words, a tenth into cutting
  the text into paragraphs and as much into rows of JSON.
* fastText is asked a line a call.
* Compare ratios, not rates, with other runs.
"""
