"""One run an output at a time: a lock that the system takes back when its holder dies, so that there are no stale ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from noisefilter.errors import DISK_FULL, OF_THE_MACHINE, OutputError


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for one run; OutputError where another run has it."""
    path = folder / ".lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        if error.errno in OF_THE_MACHINE | DISK_FULL:
            raise
        raise OutputError(f"{folder}: cannot be written to ({error.strerror}). Choose another output folder.") from error
    try:
        if not _take(handle):
            raise OutputError(
                f"{folder}: another run (process {os.read(handle, 20).decode() or '?'}) is writing here. Wait for it or end it."
            )
        os.truncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
        path.unlink(missing_ok=True)
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:
        return _take_on_windows(handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _take_on_windows(handle: int) -> bool:
    import msvcrt

    try:
        # A byte far behind the process number, which others may read.
        os.lseek(handle, 1 << 20, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    os.lseek(handle, 0, os.SEEK_SET)
    return True
