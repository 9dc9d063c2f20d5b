"""The report in a real browser: nothing runs that should not, nothing is fetched, axe finds no fault, sorting and folding work.

A browser is looked for in NOISEFILTER_BROWSER and then on the path (`apt-get install chromium`); playwright and axe come with
`pip install '.[browser]'`. With NOISEFILTER_SCREENSHOTS=FOLDER the pages are also left there as pictures, for whoever changes the page.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from test_report import HOSTILE, hostile

import noisefilter as nf
from noisefilter.noise.model import NoiseModel
from noisefilter.report.page import render
from noisefilter.report.run_folder import read_run

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WIDTHS = (1280, 390)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = os.environ.get("NOISEFILTER_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not path:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} on the path, and NOISEFILTER_BROWSER is not set")
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install '.[browser]'")
    with playwright.sync_playwright() as running:
        found = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def pages(model: NoiseModel, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report of the examples, and that of a hostile corpus."""
    folder = tmp_path_factory.mktemp("pages")
    nf.filter([ROOT / "examples"], folder / "examples", model)
    scores = [score.to_row() for score in nf.score_sources(list(nf.read_corpus(ROOT / "examples" / "outlets.jsonl")))]
    (folder / "hostile.jsonl").write_text(json.dumps({"id": HOSTILE, "source": HOSTILE, "text": f"Tweet this {HOSTILE}"}) + "\n")
    nf.filter([folder / "hostile.jsonl"], folder / "hostile", model, keep=set())
    (folder / "examples.html").write_text(render(scores, read_run(folder / "examples")), encoding="utf-8")
    (folder / "hostile.html").write_text(render(hostile(scores), read_run(folder / "hostile")), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in ("examples", "hostile")}


def opened(browser: Any, path: Path, width: int = 1280, **options: Any) -> Any:
    page = browser.new_context(viewport={"width": width, "height": 900}, **options).new_page()
    page.messages, page.requests = [], []
    page.on("console", lambda message: page.messages.append(message.text))
    page.on("pageerror", lambda error: page.messages.append(str(error)))
    page.on("dialog", lambda dialog: page.messages.append(f"dialog {dialog.message}"))
    page.on("request", lambda request: page.requests.append(request.url))
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("name", ["examples", "hostile"])
def test_nothing_foreign_runs_and_nothing_is_fetched(browser: Any, pages: dict[str, Path], name: str) -> None:
    page = opened(browser, pages[name])
    assert page.messages == []
    assert page.requests == [pages[name].as_uri()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(browser: Any, pages: dict[str, Path], width: int, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe: pip install '.[browser]'")
    page = opened(browser, pages["examples"], width, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = axe.Axe().run(page)
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found.response["violations"]] == []


@pytest.mark.parametrize("name", ["examples", "hostile"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_never_scrolls_sideways(browser: Any, pages: dict[str, Path], width: int, name: str) -> None:
    page = opened(browser, pages[name], width)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_sorting(browser: Any, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["examples"])
    head = page.locator("table.sortable th", has_text="claims")

    def claims() -> list[str]:
        column = page.evaluate("[...document.querySelectorAll('table.sortable thead th')].findIndex((one) => one.textContent === 'claims')")
        cells: list[str] = page.locator(f"table.sortable tbody tr > :nth-child({column + 1})").all_inner_texts()
        return cells

    head.locator("button").click()
    shown = claims()
    numbers = [int(text) for text in shown if text != "–"]
    assert numbers == sorted(numbers) and len(set(numbers)) > 1
    assert shown[len(numbers) :] == ["–"] * (len(shown) - len(numbers))
    assert head.get_attribute("aria-sort") == "ascending"
    head.locator("button").press("Enter")
    assert [int(text) for text in claims() if text != "–"] == sorted(numbers, reverse=True)


def test_folding_and_links_into_folds(browser: Any, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["examples"])
    teaser = page.locator("#label-teaser")
    assert not teaser.locator("blockquote").first.is_visible()
    teaser.locator("summary").click()
    assert teaser.locator("blockquote").first.is_visible()
    weak = page.locator("#source-1")
    assert weak.get_attribute("open") is None
    page.locator(".weakest a").click()
    page.wait_for_function("document.querySelector('#source-1').open")


def test_everything_can_be_read_without_script(browser: Any, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["examples"], java_script_enabled=False)
    page.locator("#source-1 summary").click()
    assert page.locator("#source-1 .statistic").first.is_visible()
    assert page.locator("table.sortable button").count() == 0


def test_dark_and_print(browser: Any, pages: dict[str, Path]) -> None:
    def luminance(page: Any) -> float:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return float(sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")))

    dark = opened(browser, pages["examples"], color_scheme="dark")
    assert luminance(dark) < 150 < 600 < luminance(opened(browser, pages["examples"], color_scheme="light"))
    dark.emulate_media(media="print")
    assert luminance(dark) == 765
    assert dark.locator("#label-teaser blockquote").first.is_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_pictures_for_whoever_changes_the_page(browser: Any, pages: dict[str, Path], tmp_path: Path, width: int) -> None:
    folder = Path(os.environ.get("NOISEFILTER_SCREENSHOTS") or tmp_path)
    picture = folder / f"report-{width}.png"
    opened(browser, pages["examples"], width).screenshot(path=picture, full_page=True)
    # Few colours: a third of the bytes, and no difference to the eye.
    Image.open(picture).convert("RGB").quantize(64).save(picture, optimize=True)
    assert Image.open(picture).width == width
