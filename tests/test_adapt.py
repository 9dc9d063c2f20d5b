"""Adapting to one's own labels: it helps where the labels say something new, and otherwise the weights stay as they are."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import noisefilter as nf
from noisefilter.evaluation import compare
from noisefilter.noise.adapt import _cross_entropy, adapt
from noisefilter.noise.augment import Example
from noisefilter.noise.decide import decide
from noisefilter.noise.labelled_data import read_dumps, read_rows
from noisefilter.noise.linear import lay_out
from noisefilter.noise.model import NoiseModel
from noisefilter.records import LABELS

ROOT = Path(__file__).resolve().parent.parent
CORPUS = dict(read_dumps(ROOT / "models" / "corpus"))
FORUMS = ("64_corebench_forum_thread", "154_answerbarn_sqlish", "156_perch_nightshift", "402_oilcan_annie_sewing")
FORUM = [CORPUS[name] for name in FORUMS]


def test_a_site_with_rules_of_its_own_is_learnt(model: NoiseModel) -> None:
    """A user to whom comments are what he came for: labelled on half of each document, found on the other half."""
    own = [replace(example, labels=tuple("content" if label == "comment" else label for label in example.labels)) for example in FORUM]
    halves = [tuple(index % 2 == 0 for index in range(len(example.texts))) for example in own]
    found = adapt(model, [replace(example, taken=half) for example, half in zip(own, halves, strict=True)])
    unseen = ~np.concatenate([np.array(half) for half in halves])
    gold = np.array([label for example in own for label in example.labels])
    batch = lay_out([example.texts for example in own])
    names = np.array([str(label) for label in nf.Label])
    right = [(names[m.judge(batch).probabilities.argmax(axis=1)] == gold)[unseen].sum() for m in (model, found.model)]
    assert found.penalty is not None and str(found).endswith("Adapted.")
    assert right[1] > right[0] + 5
    with pytest.raises(nf.ModelError, match="no precision"):
        found.model.promise(0.9)


def test_labels_that_the_model_would_give_itself_change_nothing(model: NoiseModel) -> None:
    """Nothing is wrong, so nothing can be gained on what was held out."""
    verdicts = decide(model.judge(lay_out([FORUM[0].texts])))
    found = adapt(model, [replace(FORUM[0], labels=tuple(str(LABELS[code]) for code in verdicts))])
    assert found.wrong[0] == 0 and found.penalty is None and found.model.digest == model.digest
    assert str(found).endswith("weights kept.")


def test_few_labels_change_nothing(model: NoiseModel) -> None:
    taken = tuple(index < 10 for index in range(len(FORUM[0].texts)))
    found = adapt(model, [replace(FORUM[0], taken=taken)])
    assert found.model.digest == model.digest and "too few" in str(found)


def test_anchors_hold_the_verdicts_elsewhere(model: NoiseModel) -> None:
    own = [replace(example, labels=tuple("content" if label == "comment" else label for label in example.labels)) for example in FORUM]
    others = [example for name, example in CORPUS.items() if name.startswith(("20_", "83_", "100_"))]
    batch = lay_out([example.texts for example in others])
    before = model.judge(batch).probabilities
    moved = [np.abs(adapt(model, own, anchors).model.judge(batch).probabilities - before).mean() for anchors in ((), others)]
    assert moved[1] < moved[0]


def test_the_slope_is_that_of_the_loss() -> None:
    chance = np.random.default_rng(0)
    units, outputs, targets = chance.normal(size=(2, 5, 4)), chance.normal(size=(2, 4, 3)), chance.dirichlet([1, 1, 1], 5)
    shares = chance.dirichlet([1, 1], 5)
    _, slope = _cross_entropy(units, shares, outputs, targets)
    step = np.zeros_like(outputs)
    step[1, 2, 0] = 1e-6
    above, below = (_cross_entropy(units, shares, outputs + sign * step, targets)[0] for sign in (1, -1))
    difference = (above - below) / 2e-6
    assert difference == pytest.approx(slope[1, 2, 0], rel=1e-5)


def write(path: Path, example: Example, labelled: int) -> Path:
    rows = [
        {"document_id": "a", "index": index, "text": text, "label": label if index < labelled else None, "probability": 0.5}
        for index, (text, label) in enumerate(zip(example.texts, example.labels, strict=True))
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in reversed(rows)), encoding="utf-8")
    return path


def test_rows_come_back_in_order_with_their_context(tmp_path: Path) -> None:
    (example,) = read_rows(write(tmp_path / "mine.jsonl", FORUM[0], 12))
    assert example.texts == FORUM[0].texts
    assert example.taken is not None and sum(example.taken) == 12 and example.labels[:12] == FORUM[0].labels[:12]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ('{"document_id": "a", "index": 0, "text": "One."}\n{"text": "Two."}', ":2: no row of a paragraph"),
        ('{"document_id": "a", "index": 0, "text": "One.", "label": "advert"}', "unknown label 'advert'"),
        (
            '{"document_id": "a", "index": 0, "text": "One.", "label": "spam"}\n{"document_id": "a", "index": 0, "text": "One."}',
            ":2: paragraph 0 of a stands here twice",
        ),
    ],
)
def test_bad_rows_are_named(rows: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text(rows, encoding="utf-8")
    with pytest.raises(nf.CorpusError, match=message):
        read_rows(tmp_path / "mine.jsonl")


def test_what_the_model_left_uncertain_is_context(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text('{"document_id": "a", "index": 0, "text": "One.", "label": "uncertain"}', encoding="utf-8")
    assert read_rows(tmp_path / "mine.jsonl")[0].taken == (False,)


def run(script: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(ROOT / "scripts" / script), *words], capture_output=True, text=True, encoding="utf-8")


def test_the_scripts_adapt_and_compare(tmp_path: Path) -> None:
    mine = write(tmp_path / "mine.jsonl", FORUM[1], 30)
    done = run("train.py", "--base", "default", "--data", str(mine), "-o", str(tmp_path / "model"))
    assert done.returncode == 0 and "30 labelled paragraphs" in done.stderr
    about = nf.load_model(tmp_path / "model").about["adapted"]
    assert about["paragraphs"] == 30 and about["base"] == nf.load_model(ROOT / "models" / "default").digest
    for suffix in (".txt", ".jsonl"):
        name = f"64_corebench_forum_thread{suffix}"
        (tmp_path / name).write_bytes((ROOT / "models" / "corpus" / name).read_bytes())
    shown = run("evaluate.py", str(tmp_path), "--compare", "default", str(ROOT / "models" / "default")).stdout
    assert "0 fixed, 0 broken" in shown
    assert run("train.py", "--base", "default", "--data", str(mine)).returncode == 1


def test_comparison_tells_fixed_from_broken() -> None:
    rows = [
        ("By Ann", "byline", "caption", "byline"),
        ("Share", "navigation", "content", "navigation"),
        ("It rained.", "content", "content", "spam"),
        ("Hm.", "comment", "content", "spam"),
    ]
    found = compare(rows)
    assert [row[0] for row in found.fixed] == ["Share", "By Ann"] and found.crossed == (1, 1) and found.still_wrong == 1
    assert "content: content → spam  It rained." in str(found)
