"""What several tests share: the shipped model, the shared data where it is, and that there is no network."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from noisefilter import load_model
from noisefilter.noise.model import NoiseModel

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

# Here and in every process that is started from here.
NO_NETWORK = Path(__file__).resolve().parent / "no_network"
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(NO_NETWORK), os.environ.get("PYTHONPATH"))))
REFUSED = Path(tempfile.mkdtemp()) / "refused"
REFUSED.touch()
os.environ["NO_NETWORK_LOG"] = str(REFUSED)
sys.path.insert(0, str(NO_NETWORK.parent))
import no_network.sitecustomize  # noqa: E402, F401


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The suite fails when anything asked for a network, even where nobody noticed."""
    refused = REFUSED.read_text(encoding="utf-8")
    shutil.rmtree(REFUSED.parent)
    if refused:
        print(f"\nThe network was asked for:\n{refused}", file=sys.stderr)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def model() -> NoiseModel:
    return load_model(ROOT / "models" / "default")


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.exists():
        reason = f"the shared data is not at {SHARED}"
        if os.environ.get("CI") and not os.environ.get("NOISEFILTER_NO_SHARED"):
            pytest.fail(f"{reason}; set NOISEFILTER_NO_SHARED=1 where it cannot be")
        pytest.skip(reason)
    return SHARED
