"""The table of docs/guarantees.md: every row names a test, and every test that is named is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
SECTION = PAGE[PAGE.index("## Every row and its test") : PAGE.index("## What is not guaranteed")]
ROWS = [line for line in SECTION.splitlines() if line.startswith("| ") and not line.endswith("| test |")]
NAMED = sorted(set(re.findall(r"`(test_\w+\.py)::([Tt]est\w+)`", SECTION)))


def test_every_row_names_a_test() -> None:
    assert len(ROWS) > 50
    assert [row for row in ROWS if "::" not in row and "CI" not in row] == []


@pytest.mark.parametrize("file", sorted({file for file, _ in NAMED}))
def test_every_test_that_is_named_is_there(file: str) -> None:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    there = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    there |= {
        target.id for node in ast.walk(tree) if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Name)
    }
    assert {name for named, name in NAMED if named == file} <= there
