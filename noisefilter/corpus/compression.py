"""Packed bytes ↔ bytes: .gz (isal where it is installed, three times as fast as zlib) and .zst.

Reading notices what the libraries pass over in silence: a .zst that ends in the middle of a frame, and a file that unpacks to hundreds of
times its size. Whatever is wrong with the packing is a `DamagedError`, so that no caller knows the libraries' own errors.
"""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Iterator
from typing import IO, Any

from noisefilter.errors import CorpusError

# Bytes read at once.
BLOCK = 1 << 18
# Bytes of .zst unpacked at once: four bytes may stand for 128 KB, so this bounds the memory of a bomb to about 100 MB.
ZSTD_BLOCK = 1 << 12
# Bytes that any packed file may unpack to, whatever its size.
FREE = 64 << 20


class DamagedError(CorpusError):
    """Packed input that cannot be unpacked any further; what came before it was good."""


def unpacked(raw: IO[bytes], packing: str, most_expansion: int | None = None) -> io.BufferedReader:
    """The bytes of an open file that is packed as ``.gz``, ``.zst`` or not (``""``)."""
    if not packing:
        return raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(raw, BLOCK)  # type: ignore[arg-type]
    inner = _gzip_reader(raw) if packing == ".gz" else _ZstdReader(raw)
    return io.BufferedReader(_Guarded(inner, raw, packing, most_expansion), BLOCK)


def packed(raw: IO[bytes], packing: str) -> Any:
    """A stream that packs what is written to it into `raw`, as ``.gz``, ``.zst`` or not; the same text gives the same bytes."""
    if packing == ".gz":
        # No time and no name in the header.
        return _isal("IGzipFile", "", "wb", 2, raw, 0) or gzip.GzipFile("", "wb", 6, raw, 0)
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


def _gzip_reader(raw: IO[bytes]) -> Any:
    return _isal("IGzipFile", None, "rb", 2, raw) or gzip.GzipFile(fileobj=raw, mode="rb")


class _Guarded(io.RawIOBase):
    """Unpacked bytes, with every fault of the packing as a `DamagedError`, and a bound on how many there may be."""

    def __init__(self, inner: Any, raw: IO[bytes], packing: str, most_expansion: int | None) -> None:
        self._inner, self._raw, self._packing, self._most = inner, raw, packing, most_expansion
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        try:
            data = self._inner.read(len(target))
        except (EOFError, zlib.error, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise DamagedError(f"damaged or cut off {self._packing} ({error})") from error
        self._given += len(data)
        if self._most and self._given > FREE and self._given > self._most * max(1, self._raw.tell()):
            raise DamagedError(f"unpacks to more than {self._most} times its size; --max-expansion allows more")
        target[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _ZstdReader:
    """Frames of .zst one after another; a frame that does not end is told."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._pieces, self._rest = _zstd_pieces(raw), b""

    def read(self, size: int) -> bytes:
        if not self._rest:
            self._rest = next(self._pieces, b"")
        data, self._rest = self._rest[:size], self._rest[size:]
        return data


def _zstd_pieces(raw: IO[bytes]) -> Iterator[bytes]:
    import zstandard

    frame = None
    while block := raw.read(ZSTD_BLOCK):
        while block:
            frame = frame or zstandard.ZstdDecompressor().decompressobj()
            try:
                piece = frame.decompress(block)
            except zstandard.ZstdError as error:
                raise EOFError(str(error)) from error
            if piece:
                yield piece
            block = frame.unused_data if frame.eof else b""
            frame = None if frame.eof else frame
    if frame is not None:
        raise EOFError("the file ends within a frame")
