"""The README and the pages run, their commands exist, and every verb has its page."""

from __future__ import annotations

import doctest
import importlib
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow
import pytest

import noisefilter
from noisefilter.cli import main

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = ["noisefilter", *(module.name for module in pkgutil.walk_packages(noisefilter.__path__, "noisefilter."))]
# Modules that need an extra.
NEEDS = {"noisefilter.adapters.ray": "ray", "noisefilter.adapters.datatrove": "datatrove"}


def blocks(page: Path, language: str) -> str:
    """All blocks of a page in one language, one after the other."""
    return "\n".join(re.findall(rf"^ *```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.S | re.M))


def commands(page: Path) -> list[str]:
    """What a reader would type after a `$`, without what follows a `#`."""
    return [line.strip()[2:].split("  #")[0] for line in blocks(page, "console").split("\n") if line.strip().startswith("$ ")]


# Pages whose commands a newcomer types one after the other in a checkout.
FOLLOWED = [page for page in PAGES if page.name in ("README.md", "quickstart.md") or page.parent.name == "howto"]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the examples, to write into."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    return tmp_path


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.filterwarnings("ignore")
def test_docstring_examples_run(name: str) -> None:
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.stem)
@pytest.mark.usefixtures("checkout")
def test_python_of_the_pages_runs(page: Path) -> None:
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S):
        for library in re.findall(r"^(?:import|from) (datatrove|ray|pyspark)\b", block, re.M):
            pytest.importorskip(library, reason=f"{page.name} shows {library}, which is not installed")
        exec(compile(block, page.name, "exec"), {})


@pytest.mark.parametrize("page", FOLLOWED, ids=lambda page: page.stem)
def test_commands_of_the_pages_run(page: Path, checkout: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    # A browser that leaves a file behind, for `--open`.
    environment = os.environ | {"PATH": path, "BROWSER": f"{sys.executable} -c \"open('opened','w')\" %s"}
    for command in commands(page):
        if "noisefilter " not in command or "page.txt" in command:
            continue
        done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=checkout, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert ("--open" in command) <= (checkout / "opened").exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_name_verbs_and_options_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for verb, rest in re.findall(r"noisefilter (\w+)([^\n`|>;#]*)", "\n".join(commands(page))):
        assert verb in main.commands, verb  # type: ignore[attr-defined]
        known = {option for parameter in main.commands[verb].params for option in (*parameter.opts, *parameter.secondary_opts)}  # type: ignore[attr-defined]
        assert set(re.findall(r"(?<!\w)--[a-z][a-z-]*", rest)) <= known | {"--help"}, f"{page.name}: {verb}{rest}"
    assert "/work/" not in text


def test_the_labels_of_the_readme_are_what_label_prints() -> None:
    command = [sys.executable, "-m", "noisefilter.cli", "label", str(ROOT / "examples" / "town_feed.txt"), "--format", "text"]
    run = subprocess.run(command, capture_output=True)
    printed = run.stdout.decode().splitlines()
    shown = re.search(r"--format text\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    assert shown
    for line, real in zip(shown[1].splitlines(), printed, strict=False):
        label, probability, text = line.split(maxsplit=2)
        assert real.split(maxsplit=2)[0] == label
        assert real.split(maxsplit=2)[2].startswith(text.removesuffix(" …"))
        # Every training moves them a little; more than this and the README wants to be written again.
        assert abs(float(real.split()[1]) - float(probability)) < 0.15


def test_help_fits_one_screen_and_names_a_first_command() -> None:
    screen = os.environ | {"COLUMNS": "80"}
    shown = subprocess.run([sys.executable, "-m", "noisefilter.cli", "--help"], capture_output=True, text=True, env=screen).stdout
    assert len(shown.splitlines()) <= 24 and max(map(len, shown.splitlines())) <= 80
    assert re.search(r"Try first: +noisefilter filter examples/ -o out/\n +noisefilter report out/ --open", shown)
    assert "..." not in shown.split("Commands:")[1]


@pytest.mark.parametrize("verb", main.commands)  # type: ignore[attr-defined]
def test_the_help_of_every_verb_has_an_example_of_it(verb: str) -> None:
    assert re.search(rf"Example:\s+(?:cat page\.txt \| )?noisefilter {verb} ", main.commands[verb].help)  # type: ignore[attr-defined]


def test_every_verb_has_its_line_in_the_docs() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert [verb for verb in main.commands if f"`{verb}`" not in page] == []  # type: ignore[attr-defined]


def test_every_public_name_is_on_the_page_of_the_api() -> None:
    page = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    assert [name for name in noisefilter.__all__ if f" noisefilter.{name}\n" not in page] == []


def test_the_function_for_spark_runs() -> None:
    page = (ROOT / "docs" / "howto" / "run_on_a_cluster.md").read_text(encoding="utf-8")
    (block,) = (block for block in re.findall(r"```py\n(.*?)```", page, re.S) if "def without_noise" in block)
    names: dict[str, Any] = {}
    exec(compile(block, "run_on_a_cluster.md", "exec"), names)
    text = "The council voted on Monday to close the bridge for a year."
    batch = pyarrow.RecordBatch.from_pydict(
        {"id": ["a", "b"], "source": ["s", None], "text": [f"{text}\nShare on Facebook Tweet Email", None]}
    )
    (cleaned,) = names["without_noise"]([batch])
    assert cleaned.schema.names == ["id", "source", "text", "clean"] and cleaned.column("clean").to_pylist() == [f"{text}\n", ""]


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} → {target}"


# Commands of the README with the lines that it shows below them.
SHOWN = re.findall(r"^\$ noisefilter ([^\n]*)\n((?:(?!\$)[^\n]+\n)+)", blocks(ROOT / "README.md", "console"), re.M)


@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=[command for command, _ in SHOWN])
def test_the_readme_shows_what_its_commands_print(command: str, shown: str, checkout: Path) -> None:
    words = [sys.executable, "-m", "noisefilter.cli", *command.split()]
    printed = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=True).stdout.splitlines()
    cut = [line.removesuffix("…").rstrip() for line in shown.splitlines()]
    assert cut == [line[: len(start)] for line, start in zip(printed, cut, strict=False)]
