"""What repeats over a source goes, but for its first copy; what only looks so is left alone; no order matters."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

import noisefilter as nf
from noisefilter.noise import templates
from noisefilter.noise.labelled_data import read_dumps
from noisefilter.noise.model import NoiseModel
from noisefilter.noise.templates import find_templates

CORPUS = Path(__file__).resolve().parent.parent / "models" / "corpus"
CREDIT = "The paper was founded in 1911 by the harbour pilots, who still own a third of it and read every page."


def articles(number: int) -> list[list[str]]:
    """The first content paragraphs of some dumps that the model trained on, so that none of it is in doubt."""
    found = []
    for _, example in read_dumps(CORPUS):
        long = [" ".join(t.split()) for t, label in zip(example.texts, example.labels, strict=True) if label == "content" and len(t) > 150]
        if len(long) >= 4 and " the " in long[0]:
            found.append(long[:4])
        if len(found) == number:
            break
    return found


def source(number: int = 6, repeated: str = CREDIT, copies: int | None = None) -> list[nf.Document]:
    """Documents of one source; the first `copies` of them hold the repeated paragraph."""
    copies = number if copies is None else copies
    bodies = [[*texts[:2], *([repeated] if n < copies else []), *texts[2:]] for n, texts in enumerate(articles(number))]
    return [nf.Document(f"{n:02}", "\n".join(texts), "harbour.example") for n, texts in enumerate(bodies)]


def repeats(documents: list[nf.Document], model: NoiseModel) -> dict[str, list[str]]:
    """For each document the texts that are rejected for standing in others."""
    labelled = nf.label(documents, model, templates=find_templates(documents))
    return {
        one.document.id: [p.text for p in one.paragraphs if any("documents of this source" in reason for reason in p.reasons)]
        for one in labelled
    }


def test_a_repeated_credit_goes_and_its_first_copy_stays(model: NoiseModel) -> None:
    documents = source()
    assert all(p.label.is_kept for one in nf.label(documents, model) for p in one.paragraphs if p.text == CREDIT), (
        "the model finds it alone"
    )
    found = repeats(documents, model)
    assert found.pop("00") == []
    assert set(map(tuple, found.values())) == {(CREDIT,)}
    labelled = list(nf.label(documents, model, templates=find_templates(documents)))[3]
    (verdict,) = [p for p in labelled.paragraphs if p.text == CREDIT]
    assert not verdict.label.is_kept and verdict.reasons == ("stands in 6 documents of this source",)


@pytest.mark.parametrize("seed", range(5))
def test_no_order_of_documents_changes_a_verdict(seed: int, model: NoiseModel) -> None:
    documents = [*source(), *(nf.Document(f"twin {d.id}", d.body, d.source) for d in source(3))]
    mixed = random.Random(seed).sample(documents, len(documents))
    assert repeats(mixed, model) == repeats(documents, model)


@pytest.mark.parametrize(
    "documents",
    [
        pytest.param(source(2), id="few documents"),
        pytest.param(source(8, copies=2), id="one fact in two documents"),
        pytest.param(source(12, copies=4), id="a small part of the source"),
        pytest.param(source(6, repeated="What we know so far"), id="a short heading"),
        pytest.param([nf.Document(d.id, d.body, d.id + ".example") for d in source()], id="many sources"),
        pytest.param([nf.Document(str(n), d.body, "s") for n, d in enumerate(source(1) * 6)], id="one article six times"),
        pytest.param([nf.Document(str(n), source(1)[0].body + f"\nUpdate {n}.", "s") for n in range(6)], id="six versions of an article"),
    ],
)
def test_what_is_left_alone(documents: list[nf.Document], model: NoiseModel) -> None:
    assert not any(repeats(documents, model).values())


def test_a_paragraph_twice_in_the_first_document_stays_once(model: NoiseModel) -> None:
    first, *rest = source()
    twice = nf.Document(first.id, f"{first.body}\n{CREDIT}", first.source)
    assert repeats([twice, *rest], model)["00"] == [CREDIT]


def test_blanks_do_not_hide_a_repeat(model: NoiseModel) -> None:
    documents = [
        nf.Document(d.id, d.body.replace("paper was", "paper   was" if n % 2 else "paper\u00a0was"), d.source)
        for n, d in enumerate(source())
    ]
    assert find_templates(documents).counts.tolist() == [6]


def test_files_without_a_source_belong_to_their_folder(model: NoiseModel) -> None:
    documents = [nf.Document(f"harbour/{d.id}.txt", d.body, f"harbour/{d.id}.txt") for d in source()]
    assert sum(map(len, repeats(documents, model).values())) == 5


def test_documents_in_an_unknown_language_stay_whole(model: NoiseModel) -> None:
    polish = "Rada miasta zdecydowała w poniedziałek o zamknięciu mostu na rok, a burmistrz ogłosił przetarg numer"
    documents = [nf.Document(str(n), f"{CREDIT}\n" + "\n".join(f"{polish} {n}{k}." for k in range(8)), "s") for n in range(5)]
    assert find_templates(documents).counts.tolist() == [5]
    assert not any(repeats(documents, model).values())


def test_beyond_the_cap_half_of_the_documents_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = source(24)
    whole = find_templates(documents)
    monkeypatch.setattr(templates, "MOST_PARAGRAPHS", 70)
    part, other = find_templates(documents), find_templates(documents[::-1])
    assert part.documents < whole.documents == part.documents_read == 24
    assert part.keys.tolist() == other.keys.tolist() == whole.keys.tolist()
    assert np.array_equal(part.counts, other.counts) and np.array_equal(part.first, other.first)


def rejected(folder: Path) -> set[tuple[str, int, str]]:
    rows = map(json.loads, (folder / "rejects.jsonl").read_text(encoding="utf-8").splitlines())
    return {(row["document_id"], row["start"], row["label"]) for row in rows}


def test_filter_is_the_same_whatever_the_order_of_files(model: NoiseModel, tmp_path: Path) -> None:
    documents = source()
    for folder, order in (("one", documents), ("two", documents[::-1])):
        (tmp_path / folder).mkdir()
        for n, document in enumerate(order):
            nf.write_corpus([document], tmp_path / folder / f"{n}.jsonl")
    one, two = (nf.filter([tmp_path / name], tmp_path / f"{name}_out", model) for name in ("one", "two"))
    assert rejected(tmp_path / "one_out") == rejected(tmp_path / "two_out")
    assert one.repeated == two.repeated == 5
    run = json.loads((tmp_path / "one_out" / "run.json").read_text())
    assert (run["repeated"], run["templates"], run["templates_counted_in"]) == (5, 1, 6)


def test_pages_of_html_repeat_too(model: NoiseModel, tmp_path: Path) -> None:
    for document in source():
        (tmp_path / f"{document.id}.html").write_text("".join(f"<p>{line}</p>" for line in document.body.split("\n")), encoding="utf-8")
    described, bare = (find_templates(nf.read_corpus(tmp_path)), nf.filter([tmp_path], f"{tmp_path}_out", model))
    assert described.counts.tolist() == [6] and bare.templates == 1


def test_filter_can_do_without(model: NoiseModel, tmp_path: Path) -> None:
    nf.write_corpus(source(), tmp_path / "a.jsonl")
    summary = nf.filter([tmp_path / "a.jsonl"], tmp_path / "out", model, templates=False)
    assert summary.repeated == summary.templates == 0


def test_what_repeats_is_outside_the_promise(model: NoiseModel, tmp_path: Path) -> None:
    nf.write_corpus(source(), tmp_path / "a.jsonl")
    alone, both = (
        nf.filter([tmp_path / "a.jsonl"], tmp_path / f"out {templates}", model, templates=templates, precision=0.99, abstain=0.5)
        for templates in (False, True)
    )
    assert both.repeated == 5 and both.kept + both.repeated == alone.kept
    assert both.good_lost == alone.good_lost and str(both).endswith("good paragraphs, and what repeats besides")


def test_unknown_settings_are_refused(model: NoiseModel) -> None:
    with pytest.raises(TypeError, match="treshold"):
        list(nf.label(source(1), model, treshold={"spam": 0.5}))  # type: ignore[call-arg]


def test_the_count_is_the_same_from_disk_in_any_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Names of files need not be Unicode.
    names = [f"paper{number}.example" for number in range(200)]
    documents = [
        nf.Document(f"{name}-{n}\udcff", f"{CREDIT} It is {name} that says so.\nStory {n} of {name} is told nowhere else.", name)
        for name in names
        for n in range(4)
    ]
    held = find_templates(documents)
    monkeypatch.setattr(templates, "SPOOLED", 1)
    spilled = templates.join_counts(templates.count_paragraphs(documents[::-1]), tmp_path)
    assert held.counts.tolist() == [4] * 200
    assert held.documents == spilled.documents == held.documents_read == spilled.documents_read == 800
    for name in ("keys", "counts", "first"):
        assert getattr(held, name).tolist() == getattr(spilled, name).tolist()
    assert not list(tmp_path.iterdir())
