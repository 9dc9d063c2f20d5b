"""The harness of `make faults` at small counts: processes killed, disks full, bits flipped, input mutated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FAULTS = Path(__file__).resolve().parent.parent / "scripts" / "faults.py"
COUNTS = {"kills": 2, "disk": 1, "sizes": 1, "workers": 1, "model": 20, "pages": 30, "texts": 400, "json": 400, "monsters": 2}


@pytest.mark.parametrize("fault", COUNTS)
def test_the_promise_holds(fault: str) -> None:
    words = ["--only", fault, "--count", str(COUNTS[fault]), "--megabytes", "0.5"]
    done = subprocess.run([sys.executable, str(FAULTS), *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("| ")
