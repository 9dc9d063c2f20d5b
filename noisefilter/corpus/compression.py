"""Packed bytes ↔ bytes: .gz (isal where it is installed, three times as fast as zlib) and .zst.

Reading notices what the libraries pass over in silence: a .zst that ends in the middle of a frame, and a file that unpacks to hundreds of
times its size. Whatever is wrong with the packing is a `DamagedError`, so that no caller knows the libraries' own errors.
"""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any

from noisefilter.errors import CorpusError

# Bytes read at once.
BLOCK = 1 << 18
# Bytes unpacked at once. A byte of .gz stands for up to 1,032, four bytes of .zst for 128 KB: no bomb takes more than some 130 MB.
GZIP_BLOCK, ZSTD_BLOCK = 1 << 16, 1 << 12
# Bytes that any packed file may unpack to, whatever its size.
FREE = 64 << 20


class DamagedError(CorpusError):
    """Packed input that cannot be unpacked any further; what came before it was good."""


def unpacked(raw: IO[bytes], packing: str, most_expansion: int | None = None) -> io.BufferedReader:
    """The bytes of an open file that is packed as ``.gz``, ``.zst`` or not (``""``)."""
    if not packing:
        return raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(raw, BLOCK)  # type: ignore[arg-type]
    return io.BufferedReader(_Unpacked(raw, packing, most_expansion), BLOCK)


def packed(raw: IO[bytes], packing: str) -> Any:
    """A stream that packs what is written to it into `raw`, as ``.gz``, ``.zst`` or not; the same text gives the same bytes."""
    if packing == ".gz":
        # No time and no name in the header.
        return _gzip_writer(raw)
    if packing == ".zst":
        import zstandard

        return zstandard.ZstdCompressor(level=3).stream_writer(raw, closefd=False)
    return open(os.dup(raw.fileno()), "wb")


def _isal(name: str, *words: Any) -> Any:
    try:
        from isal import igzip
    except ImportError:
        return None
    return getattr(igzip, name)(*words)


def _gzip_writer(raw: IO[bytes]) -> Any:
    try:
        from isal import igzip
    except ImportError:
        return gzip.GzipFile("", "wb", 6, raw, 0)
    return igzip.IGzipFile("", "wb", 2, raw, 0)


class _Unpacked(io.RawIOBase):
    """Unpacked bytes, with every fault of the packing as a `DamagedError`, and a bound on how many there may be."""

    def __init__(self, raw: IO[bytes], packing: str, most_expansion: int | None) -> None:
        self._pieces, self._rest = _pieces(raw, packing), memoryview(b"")
        self._raw, self._packing, self._most = raw, packing, most_expansion
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        if not self._rest:
            self._rest = memoryview(self._next_piece())
        size = min(len(target), len(self._rest))
        target[:size], self._rest = self._rest[:size], self._rest[size:]
        return size

    def _next_piece(self) -> bytes:
        try:
            piece = next(self._pieces, b"")
        except ValueError as error:
            raise DamagedError(f"damaged or cut off {self._packing} ({error})") from error
        self._given += len(piece)
        if self._most and self._given > FREE and self._given > self._most * max(1, self._raw.tell()):
            raise DamagedError(f"unpacks to more than {self._most} times its size; --max-expansion allows more")
        return piece

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


def _pieces(raw: IO[bytes], packing: str) -> Iterator[bytes]:
    """What the members of a packed file hold, one after another; ValueError where one is damaged or does not end."""
    open_member, faults, size = _gzip() if packing == ".gz" else _zstd()
    member = None
    while block := raw.read(size):
        while block:
            member = member or open_member()
            try:
                piece = member.decompress(block)
            except faults as error:
                raise ValueError(str(error)) from error
            if piece:
                yield piece
            # Zero bytes may fill up the last member's block on a tape.
            block = member.unused_data.lstrip(b"\0") if member.eof else b""
            member = None if member.eof else member
    if member is not None:
        raise ValueError("the file ends too early")


def _gzip() -> tuple[Callable[[], Any], Any, int]:
    """How a member is unpacked, what that raises, and how many bytes to give it at once."""
    try:
        from isal import isal_zlib
    except ImportError:
        return lambda: zlib.decompressobj(31), zlib.error, GZIP_BLOCK
    return lambda: isal_zlib.decompressobj(31), (zlib.error, isal_zlib.error), GZIP_BLOCK


def _zstd() -> tuple[Callable[[], Any], Any, int]:
    import zstandard

    return lambda: zstandard.ZstdDecompressor().decompressobj(), zstandard.ZstdError, ZSTD_BLOCK
