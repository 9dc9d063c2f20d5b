"""The views for a terminal: colours only there, within its width, and nothing of the data obeyed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FEED = "The council voted on Monday to close the bridge for a year. Work begins in May.\nShare on Facebook Tweet Email\n"
HOSTILE = "The council \x1b[2J voted \x1b]0;title\x07 on Monday \u202egpj to close the bridge.\n"


def run(*words: str, feed: str = FEED, **environment: str) -> str:
    variables = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    words = (sys.executable, "-m", "noisefilter.cli", *words)
    done = subprocess.run(words, input=feed.encode(), capture_output=True, env={**variables, **environment}, cwd=ROOT)
    assert done.returncode == 0
    return done.stdout.decode()


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_a_pipe_gets_plain_lines() -> None:
    assert re.fullmatch(r"   content [01]\.\d\d  The council voted.*", run("label", "-", "--format", "text").splitlines()[0])
    assert "\x1b[3" not in run("score", "examples/outlets.jsonl")


def test_no_color_is_obeyed() -> None:
    assert "\x1b[31m" in run("label", "-", "--format", "text", FORCE_COLOR="1")
    assert "\x1b[31m" not in run("label", "-", "--format", "text", FORCE_COLOR="1", NO_COLOR="1")


@pytest.mark.parametrize("width", [40, 80, 160])
@pytest.mark.parametrize("words", [("label", "examples/town_feed.txt", "--format", "text"), ("score", "examples/outlets.jsonl")])
def test_every_line_fits_the_width(words: tuple[str, ...], width: int) -> None:
    shown = plain(run(*words, FORCE_COLOR="1", COLUMNS=str(width)))
    assert max(map(len, shown.splitlines())) <= width
    assert "the-siren" in shown or "navigation" in shown


def test_what_a_terminal_would_obey_is_shown_and_not_done() -> None:
    shown = plain(run("label", "-", "--format", "text", feed=HOSTILE, FORCE_COLOR="1"))
    assert "\x1b" not in shown and "\x07" not in shown and "\u202e" not in shown
    assert "\ufffd[2J" in shown
