"""A path, a folder or a remote address → the files in it, in the order of their names; nothing is passed over unseen.

What has a known name but cannot be read (a link that leads nowhere, a pipe, a link to a folder) comes out with its `trouble`; files of
other kinds come out with kind "" so that they can be counted. Links to folders are not followed, so there are no loops.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from noisefilter.corpus.compression import BLOCK
from noisefilter.corpus.formats import kind_of
from noisefilter.corpus.remote import is_remote, open_remote, remote_files, remote_size
from noisefilter.errors import MissingInputError


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file: where, its name below the path that was given, what it is, and its size and time (to notice a change)."""

    home: str
    name: str
    kind: str
    size: int = 0
    changed: str = ""
    trouble: str = ""

    @property
    def path(self) -> str:
        """The address by which it is opened."""
        return f"{self.home.rstrip('/')}/{self.name}" if is_remote(self.home) else os.path.join(self.home, self.name)

    def open(self, on_bytes: Callable[[int], None] | None = None) -> IO[bytes]:
        """Its bytes as they are, packed or not; `on_bytes` is told how many were read."""
        raw = open_remote(self.path) if is_remote(self.home) else open(self.path, "rb", buffering=0)  # noqa: SIM115
        return io.BufferedReader(_Counted(raw, on_bytes), BLOCK)


class _Counted(io.RawIOBase):
    """A file that tells how many bytes are read of it."""

    def __init__(self, raw: Any, on_bytes: Callable[[int], None] | None) -> None:
        self._raw, self._on_bytes = raw, on_bytes

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, to: int, whence: int = 0) -> int:
        return int(self._raw.seek(to, whence))

    def readinto(self, target: Any) -> int:
        n_read = int(self._raw.readinto(target))
        if self._on_bytes is not None:
            self._on_bytes(n_read)
        return n_read

    def close(self) -> None:
        self._raw.close()
        super().close()


def corpus_files(path: str | os.PathLike[str]) -> Iterator[CorpusFile]:
    """The file itself (a text if its name says nothing), or every file of a folder and its subfolders by name."""
    path = str(path)
    if is_remote(path):
        yield from _remote(path)
    elif os.path.isdir(path):
        yield from _folder(path, "")
    elif os.path.lexists(path):
        home, name = os.path.split(path)
        yield _local(home, name, kind_of(name) or "text")
    else:
        raise MissingInputError(f"{path}: no such file or folder.")


def is_folder(path: str | os.PathLike[str]) -> bool:
    """Whether `corpus_files` looks for files below this path."""
    return not is_remote(path) and os.path.isdir(path)


def _folder(home: str, below: str) -> Iterator[CorpusFile]:
    try:
        names = sorted(os.listdir(os.path.join(home, below)))
    except OSError as error:
        yield CorpusFile(home, below, "folder", trouble=f"a folder that cannot be read ({error.strerror}).")
        return
    for name in names:
        inner = os.path.join(below, name)
        path = os.path.join(home, inner)
        if not os.path.isdir(path):
            yield _local(home, inner, kind_of(name) or "")
        elif os.path.islink(path):
            yield CorpusFile(home, inner, "folder", trouble="a link to a folder, which is not followed. Give it as a path of its own.")
        else:
            yield from _folder(home, inner)


def _local(home: str, name: str, kind: str) -> CorpusFile:
    try:
        found = os.stat(os.path.join(home, name))
    except OSError as error:
        return CorpusFile(home, name, kind, trouble=f"cannot be read ({error.strerror}).")
    if not stat.S_ISREG(found.st_mode):
        return CorpusFile(home, name, kind, trouble="not a regular file (a pipe, a socket or a device).")
    return CorpusFile(home, name, kind, found.st_size, str(found.st_mtime_ns))


def _remote(address: str) -> Iterator[CorpusFile]:
    found = False
    for file, name in remote_files(address):
        found = True
        single = file == address
        size, changed = remote_size(file)
        home = address.rpartition("/")[0] if single else address
        yield CorpusFile(home, name, kind_of(name) or ("text" if single else ""), size, changed)
    if not found:
        raise MissingInputError(f"{address}: no such file or folder.")
