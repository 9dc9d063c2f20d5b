"""The datatrove block gives the text that `clean` gives."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import noisefilter as nf

pytest.importorskip("datatrove", reason="needs the extra datatrove: pip install 'noisefilter[datatrove]'")

from datatrove.data import Document as Record
from datatrove.pipeline.readers import JsonlReader

from noisefilter.adapters.datatrove import NoiseFilter
from noisefilter.noise.model import NoiseModel

CORPUS = Path(__file__).resolve().parent.parent / "models" / "corpus"


def records() -> list[Record]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob("*.txt"))[:4]]
    texts.insert(1, "Share on Facebook Tweet Email")
    return [Record(text, str(number), metadata={"url": f"https://site.example/{number}"}) for number, text in enumerate(texts)]


def test_the_block_gives_what_clean_gives(model: NoiseModel) -> None:
    block = pickle.loads(pickle.dumps(NoiseFilter()))
    found = list(block.run(iter(records())))
    expected = [nf.clean(page) for page in nf.label([nf.Document(one.id, one.text) for one in records()], model)]
    assert [(one.id, one.text) for one in found] == [(one.id, one.body) for one in expected if one.body.strip()]
    assert [one.id for one in found] == ["0", "2", "3", "4"] and block.stats["dropped"].total == 1
    assert all(one.metadata["noise_removed"] > 0 and one.metadata["url"].endswith(one.id) for one in found)


def test_settings_reach_the_model() -> None:
    phrase = {"spam": ["four-hour debate"]}
    plain, strict = (next(iter(NoiseFilter(**given).run(iter(records()[:1])))) for given in ({}, {"phrases": phrase}))  # type: ignore[arg-type]
    assert "four-hour debate" in plain.text and "four-hour debate" not in strict.text


def test_it_runs_in_a_pipeline(tmp_path: Path) -> None:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.writers import JsonlWriter

    nf.write_corpus([nf.Document(one.id, one.text) for one in records()], tmp_path / "in" / "a.jsonl")
    steps = [JsonlReader(str(tmp_path / "in")), NoiseFilter(), JsonlWriter(str(tmp_path / "out"), compression=None)]
    LocalPipelineExecutor(steps, logging_dir=str(tmp_path / "logs")).run()
    (written,) = (tmp_path / "out").glob("*.jsonl")
    assert len(written.read_text(encoding="utf-8").splitlines()) == 4
