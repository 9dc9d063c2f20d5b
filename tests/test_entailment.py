"""A borderline conflict may be settled by an inference model: a tiny real one, made here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from noisefilter.errors import MissingInputError, ModelError
from noisefilter.records import Document
from noisefilter.reliability import entailment
from noisefilter.reliability.entailment import BORDERLINE, FURTHEST, MOST_A_FACT, CrossEncoder, Inference, settle
from noisefilter.reliability.score import score_sources

VOCABULARY = {"[PAD]": 0, "[UNK]": 1, "died": 2, "survived": 3}
# What each word adds to the logits of contradiction, entailment and neutral; a pair's logits are their sums.
LOGITS = np.array([[0, 0, 0], [0, 0, 0], [0, 2, 0], [5, 0, 0]], np.float32)
LABELS = {"0": "CONTRADICTION", "1": "entailment", "2": "neutral"}


def write_model(folder: Path, labels: dict[str, str] = LABELS) -> Path:
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("ReduceSum", ["rows", "axes"], ["logits"], keepdims=0),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["pairs", "tokens"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["pairs", 3])],
        [numpy_helper.from_array(LOGITS, "table"), numpy_helper.from_array(np.array([1], np.int64), "axes")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    folder.mkdir(exist_ok=True)
    onnx.save(made, str(folder / "model.onnx"))
    tokenizer = Tokenizer(models.WordLevel(VOCABULARY, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "config.json").write_text(json.dumps({"id2label": labels}), encoding="utf-8")
    return folder


def test_a_model_from_disk_is_asked_pair_by_pair(tmp_path: Path) -> None:
    judge = CrossEncoder(write_model(tmp_path))
    one, other = judge([("Nine died.", "Nine died there that day."), ("Nine died.", "All survived.")])
    assert one.entail > 0.9 > one.contradict
    assert other.contradict > 0.9 > other.entail
    assert sum(one) == pytest.approx(1) and sum(other) == pytest.approx(1)
    assert len(judge([("a", "b")] * (entailment.BATCH + 1))) == entailment.BATCH + 1


def test_columns_follow_the_labels_of_the_model(tmp_path: Path) -> None:
    judge = CrossEncoder(write_model(tmp_path, {"0": "entailment", "1": "neutral", "2": "contradiction"}))
    assert judge([("survived", "survived")])[0].entail > 0.9


def test_only_borderline_pairs_are_asked_and_few_of_one_fact() -> None:
    asked: list[tuple[str, str]] = []

    def judge(pairs: Sequence[tuple[str, str]]) -> list[Inference]:
        asked.extend(pairs)
        return [Inference(0.1, 0.1, 0.8)] * len(pairs)

    likely = {(0, n): 0.1 + 0.01 * n for n in range(1, 9)} | {(9, 10): 0.9, (11, 12): 0.01}
    moved = settle(likely, {n: f"fact {n}" for n in range(13)}, judge)
    assert len(asked) == 2 * MOST_A_FACT
    assert {pair for pair in likely if moved[pair] != likely[pair]} == {(0, n) for n in range(4, 9)}


@given(st.floats(*BORDERLINE, exclude_max=True), st.floats(0, 1))
def test_an_opinion_moves_the_odds_and_never_decides_alone(own: float, opinion: float) -> None:
    moved = settle({(0, 1): own}, {0: "a", 1: "b"}, lambda pairs: [Inference(1 - opinion, 0.0, opinion)] * len(pairs))[0, 1]
    odds, before = moved / (1 - moved), own / (1 - own)
    most = FURTHEST / (1 - FURTHEST)
    assert before / most * 0.999 <= odds <= before * most * 1.001
    assert opinion == 0.5 or (odds - before) * (opinion - 0.5) >= 0


EVENT = "The dam at Ember burst on Monday near the mill of Kolvada, and the river Tane rose."
CORPUS = [
    Document(
        "a", f"{EVENT}\nIt flooded 412 houses in Kolvada, the Ember council said. The mill lost 37 cows, farmer Ansel said.", source="A"
    ),
    Document(
        "b", f"{EVENT}\nWater stood in 650 houses in Kolvada, the river office said. The mill lost 37 cows, farmer Ansel said.", source="B"
    ),
]


def test_an_opinion_reaches_the_score(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entailment, "BORDERLINE", (0.0, 1.0))
    rows = {}
    for opinion in (None, 0.0, 1.0):
        judge = None if opinion is None else lambda pairs, c=opinion: [Inference(1 - c, 0.0, c)] * len(pairs)
        rows[opinion] = [score.tally.opposed for score in score_sources(CORPUS, judge)]
    assert all(low < high for low, high in zip(rows[0.0], rows[1.0], strict=True))
    assert rows[None] != rows[1.0] or rows[None] != rows[0.0]


def refuse(folder: Path) -> str:
    with pytest.raises(ModelError) as refused:
        CrossEncoder(folder)
    return str(refused.value)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    (write_model(tmp_path) / name).unlink()
    assert f"no {name}" in refuse(tmp_path)


def test_a_missing_folder_is_missing_input(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError):
        CrossEncoder(tmp_path / "none")


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_damaged_file_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    (write_model(tmp_path) / name).write_bytes(b"\x00 damaged \n\n")
    message = refuse(tmp_path)
    assert "cannot be read" in message and "\n" not in message


@pytest.mark.parametrize("config", ["{", "[]", "{}", '{"id2label": {"0": "positive", "1": "negative"}}', '{"id2label": ["x"]}'])
def test_a_model_of_another_kind_is_refused(tmp_path: Path, config: str) -> None:
    (write_model(tmp_path) / "config.json").write_text(config, encoding="utf-8")
    assert "id2label" in refuse(tmp_path)


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert "pip install 'noisefilter[nli]'" in refuse(write_model(tmp_path))


def test_the_command_takes_a_folder(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(EVENT, encoding="utf-8")
    command = [sys.executable, "-m", "noisefilter.cli", "score", str(page), "--unfiltered", "--nli"]
    good = subprocess.run([*command, str(write_model(tmp_path / "model"))], capture_output=True, text=True)
    bad = subprocess.run([*command, str(tmp_path / "none")], capture_output=True, text=True)
    assert good.returncode == 0 and good.stdout
    assert bad.returncode == 66 and bad.stderr.count("\n") == 1
