"""What several tests share: the shipped model, and the shared data where it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from noisefilter import load_model
from noisefilter.noise.model import NoiseModel

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


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
