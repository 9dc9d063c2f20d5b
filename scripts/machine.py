"""The machine a benchmark ran on, in general words."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

# Instruction sets that move the figures, the newest first.
VECTORS = ("avx512f", "avx2", "asimd")


def describe() -> str:
    """Cores, family, system, Python, NumPy, and how busy the machine was with other things.

    >>> "core" in describe() and "Python" in describe()
    True
    """
    busy = f"; load average at the start {os.getloadavg()[0]:.1f}, so other programs shared it" if os.getloadavg()[0] > 1 else ""
    vectors = f" with {found}" if (found := _vectors()) else ""
    return (
        f"{os.cpu_count()} cores, {platform.machine()}{vectors}, {platform.system()}, "
        f"Python {platform.python_version()}, NumPy {version('numpy')}{busy}"
    )


def _vectors() -> str:
    try:
        flags = set(Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    except OSError:
        return ""
    return next((name.upper() for name in VECTORS if name in flags), "")
