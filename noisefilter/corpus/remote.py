"""Addresses such as ``s3://bucket/crawl/`` by fsspec (extra ``remote``), imported here and nowhere else.

Only an address that the user gives is ever opened; nothing in the data is. Input and `write_corpus` may be remote; a run is written to a
local folder, since a journal needs a file that can be appended to and a rename that happens whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from noisefilter.errors import CorpusError


def is_remote(path: object) -> bool:
    """Whether this is an address rather than a path.

    >>> is_remote("s3://bucket/a.jsonl"), is_remote("crawl/a.jsonl")
    (True, False)
    """
    scheme, mark, _ = str(path).partition("://")
    return bool(mark) and scheme.isalnum() and len(scheme) > 1


def open_remote(address: str, mode: str = "rb") -> IO[bytes]:
    """Open a remote file; written ones appear when they are closed."""
    system, path = _system(address)
    return system.open(path, mode)


def remote_size(address: str) -> tuple[int, str]:
    """Size in bytes, and a mark that changes with the content where the store has one."""
    system, path = _system(address)
    info = system.info(path)
    return int(info.get("size") or 0), str(info.get("ETag") or info.get("etag") or info.get("mtime") or info.get("created") or "")


def remote_files(address: str) -> Iterator[tuple[str, str]]:
    """Each file below an address, with its name relative to it; of a single file its base name."""
    system, path = _system(address)
    scheme = address.partition("://")[0]
    if system.isfile(path):
        yield address, path.rpartition("/")[2]
        return
    root = path.rstrip("/")
    for found in sorted(system.find(root)):
        yield f"{scheme}://{found.lstrip('/') if scheme != 'file' else found}", found[len(root) :].lstrip("/")


def _system(address: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError as error:
        raise CorpusError(f"{address}: remote paths need fsspec. pip install 'noisefilter[remote]'") from error
    try:
        system, path = fsspec.core.url_to_fs(address)
    except (ValueError, ImportError) as error:
        raise CorpusError(f"{address}: cannot be opened ({error}).") from error
    return system, path
