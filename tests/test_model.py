"""The model file: what was saved comes back, what was tampered with is refused."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from noisefilter import ModelError, load_model
from noisefilter.noise.arrays import LARGEST_FILE
from noisefilter.noise.model import NoiseModel, with_digest
from noisefilter.noise.segment import Batch

TEXT = "Council closes the bridge\nThe council voted on Monday to close the bridge for a year.\nShare on Facebook Tweet Email\n"


def test_saved_and_loaded_judges_alike(model: NoiseModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = load_model(tmp_path)
    batch = Batch.from_texts([TEXT])
    assert again.digest == model.digest
    assert np.array_equal(again.judge(batch).probabilities, model.judge(batch).probabilities)


def test_bit_flips_are_refused(model: NoiseModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    weights = (tmp_path / "weights.npz").read_bytes()
    for place in np.random.default_rng(0).integers(0, len(weights), 20):
        broken = bytearray(weights)
        broken[place] ^= 1 << (int(place) % 8)
        (tmp_path / "weights.npz").write_bytes(broken)
        with pytest.raises(ModelError, match="SHA-256"):
            load_model(tmp_path)


def test_a_truncated_file_is_refused(model: NoiseModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    weights = (tmp_path / "weights.npz").read_bytes()
    (tmp_path / "weights.npz").write_bytes(weights[: len(weights) // 2])
    with pytest.raises(ModelError, match="damaged"):
        load_model(tmp_path)


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (Path.touch, (Path("exploded"),))  # type: ignore[return-value]


def test_a_pickle_is_refused_even_with_its_digest(model: NoiseModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    model.save(tmp_path)
    data = pickle.dumps(Bomb())
    (tmp_path / "weights.npz").write_bytes(data)
    about = json.loads((tmp_path / "model.json").read_text())
    about["sha256"] = hashlib.sha256(data).hexdigest()
    (tmp_path / "model.json").write_bytes(with_digest(about))
    with pytest.raises(ModelError, match="not the arrays"):
        load_model(tmp_path)
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize(("field", "value", "message"), [("format", 99, "format 99"), ("labels", ["content"], "labels")])
def test_another_format_is_refused(model: NoiseModel, tmp_path: Path, field: str, value: object, message: str) -> None:
    model.save(tmp_path)
    about = json.loads((tmp_path / "model.json").read_text())
    about[field] = value
    (tmp_path / "model.json").write_bytes(with_digest(about))
    with pytest.raises(ModelError, match=message):
        load_model(tmp_path)


def test_labelling_imports_numpy_and_nothing_heavier() -> None:
    code = (
        "import sys, noisefilter as nf; list(nf.label([nf.Document('d', 'One line.')]));"
        "print([m for m in ('sklearn', 'scipy', 'pandas', 'matplotlib', 'trafilatura', 'lxml', 'pyarrow') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found.strip() == "[]"


def test_an_edited_model_json_is_refused(model: NoiseModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    text = (tmp_path / "model.json").read_text(encoding="utf-8")
    (tmp_path / "model.json").write_text(text.replace('"seed": 0', '"seed": 1'), encoding="utf-8")
    with pytest.raises(ModelError, match="damaged or edited"):
        load_model(tmp_path)


def resigned(folder: Path, weights: bytes | None = None, **about: object) -> None:
    """Exchange a model's parts as somebody who means harm would: with the digests that belong to them."""
    told = {**json.loads((folder / "model.json").read_text()), **about}
    if weights is not None:
        (folder / "weights.npz").write_bytes(weights)
        told["sha256"] = hashlib.sha256(weights).hexdigest()
        told.pop("precision", None)
    (folder / "model.json").write_bytes(with_digest(told))


def archive_of(**entries: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(f"{name}.npy", data)
    return stream.getvalue()


def header(shape: tuple[int, ...], kind: str = "<f4") -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": kind, "fortran_order": False, "shape": shape})
    return stream.getvalue()


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (archive_of(rarity=header((1 << 28,)) + bytes(65 << 20)), "unpacks to"),
        (archive_of(rarity=header((1 << 45,))), "allocate"),
        (archive_of(rarity=header((-5,))), "negative"),
        (archive_of(rarity=header((3,), "|O") + pickle.dumps([Bomb()])), "Object arrays"),
        (archive_of(rarity=b"no array"), "magic"),
        (archive_of(rarity=header((2,)) + np.array([1, np.nan], "<f4").tobytes()), "finite"),
        (archive_of(rarity=header((1,), "<c8") + bytes(8)), "complex64"),
        (archive_of(other=header((1,)) + bytes(4)), "words.word"),
        (b"PK\3\4 no archive", "not a zip"),
    ],
    ids=["bomb", "too large a claim", "negative", "objects", "no array", "not finite", "complex", "another", "no archive"],
)
def test_arrays_that_mean_harm_are_refused(weights: bytes, message: str, model: NoiseModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    resigned(tmp_path, weights)
    with pytest.raises(ModelError, match=message):
        load_model(tmp_path)


def test_an_array_of_another_shape_is_refused(model: NoiseModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    with np.load(tmp_path / "weights.npz") as archive:
        arrays = {name: archive[name] for name in archive.files}
    for name, array in arrays.items():
        changed = [array[..., :-1], array.reshape(-1)[:1].reshape(()), array.astype(np.uint64 if array.dtype.kind == "f" else np.float32)]
        for number, other in enumerate(changed):
            stream = io.BytesIO()
            np.savez(stream, **{**arrays, name: other})
            resigned(tmp_path, stream.getvalue())
            with pytest.raises(ModelError, match="not the arrays"):
                load_model(tmp_path)
                pytest.fail(f"{name} was taken after change {number}")


@pytest.mark.parametrize(
    "text", ["", "[" * 200_000, "null", "[]", '{"format": 2}', '{"format": 2, "about_sha256": null}', '{"format": "2"}', "\udcff"]
)
def test_any_other_model_json_is_refused(text: str, model: NoiseModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    (tmp_path / "model.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ModelError):
        load_model(tmp_path)


@pytest.mark.parametrize("precision", [None, [], {"threshold": 1}, {"n_groups": float("inf")}, {"rows": "x"}])
def test_a_table_that_means_harm_is_refused(precision: object, model: NoiseModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    table = json.loads((tmp_path / "model.json").read_text())["precision"]
    resigned(tmp_path, precision={**table, **precision} if isinstance(precision, dict) and "rows" not in precision else precision)
    with pytest.raises(ModelError, match="precision table"):
        load_model(tmp_path)


def test_files_that_are_none_are_refused(model: NoiseModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    (tmp_path / "weights.npz").unlink()
    os.mkfifo(tmp_path / "weights.npz")
    with pytest.raises(ModelError, match="no file of at most"):
        load_model(tmp_path)
    (tmp_path / "weights.npz").unlink()
    with (tmp_path / "weights.npz").open("wb") as stream:
        stream.truncate(LARGEST_FILE + 1)
    with pytest.raises(ModelError, match="no file of at most"):
        load_model(tmp_path)
