"""The arrays of a model file, read as one reads what strangers send: within bounds, never unpickled, plain numbers only."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Bytes, packed and unpacked. The shipped weights are under 10 MB; a file far above is no model of ours.
LARGEST_FILE = 64 << 20
# Weights and packed tables.
TYPES = (np.dtype("<f4"), np.dtype("<u8"))


def read_arrays(data: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of an .npz; ValueError when it is damaged, too large, or holds anything but finite numbers of these types."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            if size > LARGEST_FILE:
                raise ValueError(f"unpacks to {size} bytes, more than {LARGEST_FILE}")
            arrays = {name.removesuffix(".npy"): _read_array(archive.read(name)) for name in archive.namelist()}
    # A file that was made to do harm can raise anything in the libraries: errors of zlib, of the parser of headers, of memory.
    except Exception as error:
        raise ValueError(str(error) or type(error).__name__) from error
    for name, array in arrays.items():
        if array.dtype not in TYPES or (array.dtype.kind == "f" and not np.isfinite(array).all()):
            raise ValueError(f"{name} is {array.dtype} with {array.size} values, expected finite float32 or uint64")
    return arrays


def _read_array(data: bytes) -> NDArray[Any]:
    array: NDArray[Any] = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    return array


def check_shapes(arrays: Mapping[str, NDArray[Any]], expected: Mapping[str, tuple[int, ...]]) -> None:
    """ValueError naming the first array whose shape is another, or that is not there.

    >>> check_shapes({"bias": np.zeros(2)}, {"bias": (3,)})
    Traceback (most recent call last):
    ValueError: bias has shape (2,), expected (3,)
    """
    for name, shape in expected.items():
        found = arrays[name].shape if name in arrays else None
        if found != shape:
            raise ValueError(f"{name} has shape {found}, expected {shape}")


__all__ = ["LARGEST_FILE", "TYPES", "check_shapes", "read_arrays"]
