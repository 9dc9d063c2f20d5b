"""Pages of HTML: `filter page.html` leaves cleaner text than trafilatura and loses less. pages/README.md tells what the pages are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
import trafilatura

from noisefilter import clean, filter, label, read_corpus  # noqa: A004
from noisefilter.noise.model import NoiseModel
from noisefilter.records import Label

ROOT = Path(__file__).resolve().parent.parent
PAGES = {path.stem: path for path in (ROOT / "examples" / "page.html", *sorted((ROOT / "tests" / "pages").glob("*.html")))}
# Words. Shorter blocks must be a line, or a cell of a table's line, of the text that holds them.
LONG_ENOUGH = 5


def gold_of(name: str) -> list[tuple[str, bool]]:
    rows = map(json.loads, (ROOT / "tests" / "pages" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
    return [(row["text"], Label(row["label"]).is_kept) for row in rows]


def measure(name: str, text: str) -> tuple[int, int]:
    """Characters of noise left in a text made from a page, and of content that it lost."""
    whole = " ".join(text.split())
    pieces = [" ".join(piece.strip("-•# ").split()) for piece in re.split(r"\n|\|", text)]
    left = lost = 0
    # Content first: where a menu repeats a heading, one line is the heading.
    for block, is_kept in sorted(gold_of(name), key=lambda row: not row[1]):
        if len(block.split()) >= LONG_ENOUGH:
            held = block in whole
        elif held := block in pieces:
            pieces.remove(block)
        left += len(block) * (held and not is_kept)
        lost += len(block) * (is_kept and not held)
    return left, lost


def filtered(path: Path, model: NoiseModel) -> str:
    (labelled,) = label(read_corpus(path), model)
    return clean(labelled).body


def together(measured: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*measured, strict=True)))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loses_no_more_than_with_trafilatura(name: str, model: NoiseModel) -> None:
    _, lost = measure(name, filtered(PAGES[name], model))
    _, their_lost = measure(name, trafilatura.extract(PAGES[name].read_text(encoding="utf-8")) or "")
    assert lost <= their_lost


def test_together_the_pages_are_cleaner_and_lose_less_than_with_trafilatura(model: NoiseModel) -> None:
    left, lost = together(measure(name, filtered(path, model)) for name, path in PAGES.items())
    theirs = (trafilatura.extract(path.read_text(encoding="utf-8")) or "" for path in PAGES.values())
    their_left, their_lost = together(measure(name, text) for name, text in zip(PAGES, theirs, strict=True))
    assert left < their_left
    assert lost < their_lost


def test_the_command_writes_what_was_measured(tmp_path: Path, model: NoiseModel) -> None:
    filter([PAGES["wordpress_news"]], tmp_path / "out", model)
    written = (tmp_path / "out" / "kept" / "wordpress_news.html.txt").read_text(encoding="utf-8")
    assert written == filtered(PAGES["wordpress_news"], model)


def test_the_measure_sees_noise_and_loss() -> None:
    gold = gold_of("page")
    everything = "\n".join(text for text, _ in gold)
    content = "\n".join(text for text, is_kept in gold if is_kept)
    assert measure("page", content) == (0, 0)
    assert measure("page", everything) == (sum(len(text) for text, is_kept in gold if not is_kept), 0)
    assert measure("page", "") == (0, sum(len(text) for text, is_kept in gold if is_kept))
