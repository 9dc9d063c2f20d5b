"""The README runs, its commands exist, and every verb has its page."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any

import pyarrow
import pytest

import noisefilter
from noisefilter.cli import main

ROOT = Path(__file__).resolve().parent.parent


MODULES = ["noisefilter", *(module.name for module in pkgutil.walk_packages(noisefilter.__path__, "noisefilter."))]
# Modules that need an extra.
NEEDS = {"noisefilter.adapters.ray": "ray", "noisefilter.adapters.datatrove": "datatrove"}


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.filterwarnings("ignore")
def test_docstring_examples_run(name: str) -> None:
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_python_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})


def test_every_verb_has_its_line_in_the_docs() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert all(f"`{verb}`" in page for verb in main.commands)  # type: ignore[attr-defined]


def test_the_function_for_spark_runs() -> None:
    page = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
    (block,) = (block for block in re.findall(r"```py\n(.*?)```", page, re.S) if "def without_noise" in block)
    names: dict[str, Any] = {}
    exec(compile(block, "cluster.md", "exec"), names)
    text = "The council voted on Monday to close the bridge for a year."
    batch = pyarrow.RecordBatch.from_pydict(
        {"id": ["a", "b"], "source": ["s", None], "text": [f"{text}\nShare on Facebook Tweet Email", None]}
    )
    (cleaned,) = names["without_noise"]([batch])
    assert cleaned.schema.names == ["id", "source", "text", "clean"] and cleaned.column("clean").to_pylist() == [text, ""]


def test_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} → {target}"
