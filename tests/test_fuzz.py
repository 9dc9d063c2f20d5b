"""The inputs that fuzzing kept, played again; needs no atheris."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
sys.path.insert(0, str(SCRIPTS))
from fuzz_targets import TARGETS, read_kept  # noqa: E402


@pytest.mark.parametrize("target", TARGETS)
def test_kept_inputs_break_no_promise(target: str) -> None:
    kept = read_kept(target)
    assert len(kept) > 10
    for data in kept:
        TARGETS[target](data)


def test_without_atheris_the_word_is_clear(tmp_path: Path) -> None:
    (tmp_path / "atheris.py").write_text("raise ImportError")
    program = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(SCRIPTS)!r}]; sys.argv[1:] = ['segment']; import fuzz; fuzz.main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "atheris is not installed" in done.stderr
