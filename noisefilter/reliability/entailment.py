"""A second opinion on borderline conflicts, by a natural language inference model that the user gives.

Matching says of two figures that exclude each other how probably they speak of the same thing. Where it is not sure, a cross-encoder can
be asked whether the two sentences contradict each other; its answer moves the odds, and never by more than `FURTHEST`. Only such pairs
are asked, at most five a fact, so a slow model stays affordable. Nothing is asked unless a model is given (``score --nli FOLDER``).

The folder holds ``model.onnx``, ``tokenizer.json`` and ``config.json`` (for `id2label`), as exporters of ONNX models write them.
Limit: a model trained on general inference is often worse than none on figures; measure before you trust it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from noisefilter.errors import MissingInputError, ModelError


class Inference(NamedTuple):
    """What a model thinks of a sentence given another: three probabilities that add up to 1."""

    entail: float
    neutral: float
    contradict: float


Judge = Callable[[Sequence[tuple[str, str]]], list[Inference]]

# Probabilities between which a conflict is borderline: below, the figures are hardly of one thing, above, matching is sure enough.
BORDERLINE = (0.05, 0.5)
# Pairs that are asked of one fact, likeliest first (the design's figure).
MOST_A_FACT = 5
# A model's opinion is taken for at most this sure, so it moves the odds by 9 at most. Not tuned: there is no model of ours to tune with.
FURTHEST = 0.9
# Pairs of sentences in one run of the model, and tokens of a pair; models of this kind are trained with 512.
BATCH, LONGEST = 32, 512

_FILES = ("model.onnx", "tokenizer.json", "config.json")
_NAMES = {"entail": "entail", "neutral": "neutral", "contradict": "contradict", "contra": "contradict"}


def settle(likely: Mapping[tuple[int, int], float], sentences: Mapping[int, str], judge: Judge) -> dict[tuple[int, int], float]:
    """The probabilities of conflicts, those that are borderline moved by what the model says of the two sentences.

    >>> sure = lambda pairs: [Inference(0.05, 0.05, 0.9)] * len(pairs)
    >>> moved = settle({(0, 1): 0.2, (0, 2): 0.7}, {0: "12 died.", 1: "19 died.", 2: "40 died."}, sure)
    >>> {pair: round(probability, 2) for pair, probability in moved.items()}
    {(0, 1): 0.69, (0, 2): 0.7}
    """
    asked: Counter[int] = Counter()
    chosen: list[tuple[int, int]] = []
    for pair in sorted(likely, key=lambda pair: (-likely[pair], sorted(sentences[fact] for fact in pair))):
        if BORDERLINE[0] <= likely[pair] < BORDERLINE[1] and max(asked[fact] for fact in pair) < MOST_A_FACT:
            asked.update(pair)
            chosen.append(pair)
    # Asked both ways round, so that the order of the sources does not matter.
    there = judge([(sentences[one], sentences[other]) for one, other in chosen])
    back = judge([(sentences[other], sentences[one]) for one, other in chosen])
    opinions = {pair: (a.contradict + b.contradict) / 2 for pair, a, b in zip(chosen, there, back, strict=True)}
    return {pair: _moved(own, opinions[pair]) if pair in opinions else own for pair, own in likely.items()}


def _moved(own: float, opinion: float) -> float:
    opinion = min(FURTHEST, max(1 - FURTHEST, opinion))
    odds = own / (1 - own) * opinion / (1 - opinion)
    return odds / (1 + odds)


class CrossEncoder:
    """An inference model read from a folder on disk; called with pairs of sentences, it gives an `Inference` for each."""

    def __init__(self, folder: str | Path) -> None:
        folder = Path(folder)
        runtime, tokenizers = _libraries()
        _check_files(folder)
        self._columns = _columns(folder / "config.json")
        try:
            self._session = runtime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
            self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # Both libraries raise their own types, some of them plain Exception.
            reason = str(error).splitlines()[0]
            raise ModelError(f"{folder}: cannot be read as an ONNX model with its tokenizer ({reason}). Export the model again.") from error
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()
        self._inputs = [given.name for given in self._session.get_inputs()]
        unknown = sorted(set(self._inputs) - {"input_ids", "attention_mask", "token_type_ids"})
        if unknown:
            raise ModelError(f"{folder / 'model.onnx'}: unknown input {unknown[0]!r}; expected input_ids, attention_mask, token_type_ids.")

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> list[Inference]:
        """The model's opinion of each pair of premise and hypothesis."""
        found: list[Inference] = []
        for begin in range(0, len(pairs), BATCH):
            found += self._batch(pairs[begin : begin + BATCH])
        return found

    def _batch(self, pairs: Sequence[tuple[str, str]]) -> list[Inference]:
        encoded = self._tokenizer.encode_batch(list(pairs))
        arrays = {
            "input_ids": [one.ids for one in encoded],
            "attention_mask": [one.attention_mask for one in encoded],
            "token_type_ids": [one.type_ids for one in encoded],
        }
        logits = self._session.run(None, {name: np.array(arrays[name], np.int64) for name in self._inputs})[0]
        if logits.ndim != 2 or logits.shape[1] != len(self._columns):
            raise ModelError(f"the inference model gives an output of shape {logits.shape}; expected (pairs, 3). Is it a cross-encoder?")
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = (powers / powers.sum(axis=1, keepdims=True))[:, self._columns]
        return [Inference(*row) for row in shares.tolist()]


def _libraries() -> tuple[Any, Any]:
    try:
        import onnxruntime
        import tokenizers
    except ImportError as error:
        raise ModelError(f"an inference model needs {error.name}, which is not installed. Run: pip install 'noisefilter[nli]'") from error
    return onnxruntime, tokenizers


def _check_files(folder: Path) -> None:
    if not folder.exists():
        raise MissingInputError(f"{folder}: no such folder. Give one with {', '.join(_FILES)}.")
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        raise ModelError(f"{folder}: no {missing[0]}. An inference model is a folder with {', '.join(_FILES)}.")


def _columns(path: Path) -> list[int]:
    """Which column of the output is which, in the order of `Inference`."""
    try:
        labels = {int(number): str(name).lower() for number, name in json.loads(path.read_text(encoding="utf-8"))["id2label"].items()}
    except (ValueError, KeyError, AttributeError, TypeError):
        labels = {}
    known = {meaning: number for number, name in labels.items() for start, meaning in _NAMES.items() if name.startswith(start)}
    if sorted(known.values()) != [0, 1, 2]:
        raise ModelError(f"{path}: id2label must name columns 0, 1 and 2 as entailment, neutral and contradiction (found: {labels}).")
    return [known[name] for name in Inference._fields]


__all__ = ["CrossEncoder", "Inference", "Judge", "settle"]
