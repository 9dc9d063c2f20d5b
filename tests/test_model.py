"""The model file: what was saved comes back, what was tampered with is refused."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from noisefilter import ModelError, load_model
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
    import hashlib

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
