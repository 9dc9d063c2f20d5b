"""Nothing needs a network: the whole suite runs with sockets refused (`no_network`), and every verb where there is no network at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = str(ROOT / "examples")
ASKS = [
    "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
    "import socket; socket.getaddrinfo('noisefilter.example', 80)",
    "import urllib.request; urllib.request.urlopen('http://noisefilter.example/')",
    "import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', 'import socket; socket.gethostbyname(\"x.example\")']))",
]


@pytest.mark.parametrize("program", ASKS)
def test_whoever_asks_for_the_network_is_refused_and_written_down(program: str, tmp_path: Path) -> None:
    environment = os.environ | {"NO_NETWORK_LOG": str(tmp_path / "log")}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "without a network" in done.stderr and (tmp_path / "log").read_text()


def test_this_machine_may_be_asked() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()[:2]):
        pass


# A process with a network of its own, in which there is nothing: what a library does below Python is stopped too.
ALONE = ["unshare", "--map-root-user", "--net"]


def is_alone_allowed() -> bool:
    return shutil.which("unshare") is not None and subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not is_alone_allowed(), reason="this system lets nobody have a network of his own (Linux, unshare)")
def test_every_verb_works_where_there_is_no_network(tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    verbs = [
        ["filter", EXAMPLES, "-o", out, "--workers", "2"],
        *([verb, out] for verb in ("verify", "status", "restore")),
        ["label", EXAMPLES],
        ["explain", f"{EXAMPLES}/town_feed.txt:1"],
        ["claims", f"{EXAMPLES}/outlets.jsonl"],
        ["score", f"{EXAMPLES}/outlets.jsonl", "--format", "json"],
        ["report", out, "-o", str(tmp_path / "report.html")],
        ["review", out, "-o", str(tmp_path / "todo.csv")],
        ["diff", out, out],
        ["drift", out, "--against", out],
    ]
    for words in verbs:
        done = subprocess.run([*ALONE, sys.executable, "-m", "noisefilter.cli", *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{words}: {done.stderr}"
