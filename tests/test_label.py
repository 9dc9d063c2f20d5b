"""Labels, cleaning and filtering: verdicts that do not depend on layout or company, and nothing lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import noisefilter as nf
from noisefilter.noise.model import NoiseModel
from noisefilter.run.conservation import check_conservation

CORPUS = Path(__file__).resolve().parent.parent / "models" / "corpus"
SAMPLE = [CORPUS / name for name in ("20_vesland_wire.txt", "64_corebench_forum_thread.txt", "83_keel_and_corner.txt")]


def verdicts(body: str, model: NoiseModel) -> list[tuple[str, str, float]]:
    (labelled,) = nf.label([nf.Document("d", body)], model)
    return [(" ".join(p.text.split()), str(p.label), p.probability) for p in labelled.paragraphs]


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "  \n"),
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n\n\n",
        lambda text: text.replace(" ", "\u00a0"),
    ],
    ids=["crlf", "trailing blanks", "no last newline", "newlines at the end", "no-break spaces"],
)
def test_layout_changes_no_verdict(path: Path, change, model: NoiseModel) -> None:  # type: ignore[no-untyped-def]
    text = path.read_text(encoding="utf-8")
    if "wrap" in path.stem or "forum" in path.stem:
        text = text.replace("\u00a0", " ")
    assert verdicts(change(text), model) == verdicts(text, model)


def test_company_in_a_batch_changes_no_verdict(model: NoiseModel) -> None:
    documents = [nf.Document(path.stem, path.read_text(encoding="utf-8")) for path in sorted(CORPUS.glob("*.txt"))[:12]]
    together = {d.document.id: [p.label for p in d.paragraphs] for d in nf.label(documents, model)}
    for document in documents:
        (alone,) = nf.label([document], model)
        assert [p.label for p in alone.paragraphs] == together[document.id]


@given(st.text(st.sampled_from(list("aB. ,\n\r•é🦅[…]|@")), max_size=300))
@settings(max_examples=150, deadline=None)
def test_whatever_comes_in_is_kept_or_rejected(body: str) -> None:
    (labelled,) = nf.label([nf.Document("d", body)])
    check_conservation(labelled, nf.clean(labelled))


def test_a_document_without_noise_comes_back_unchanged(model: NoiseModel) -> None:
    body = "  The council voted on Monday to close the bridge for a year.\r\n\r\nWork begins in May, the mayor said.\n\n"
    (labelled,) = nf.label([nf.Document("d", body)], model)
    assert nf.clean(labelled, keep=set(nf.Label)).body == body


def test_a_threshold_changes_the_outcome(model: NoiseModel) -> None:
    body = (CORPUS / "20_vesland_wire.txt").read_text(encoding="utf-8")
    (strict,) = nf.label([nf.Document("d", body)], model, thresholds={"teaser": 1.0})
    assert not any(p.label == nf.Label.TEASER for p in strict.paragraphs)
    with pytest.raises(ValueError, match="unknown label"):
        list(nf.label([nf.Document("d", body)], model, thresholds={"advert": 0.5}))


def test_rows_frame_and_html(model: NoiseModel) -> None:
    (labelled,) = nf.label([nf.Document("<d>", "Share on Facebook <script>alert(1)</script>\n", source="s")], model)
    fields = "document_id, source, index, start, end, text, label, probability, noise, reasons, article, teaser_of"
    assert ", ".join(labelled.rows()[0]) == fields
    assert list(labelled.to_frame()["index"]) == [0]
    assert "<script>" not in labelled._repr_html_()


def test_filter_writes_kept_rejects_and_run(model: NoiseModel, tmp_path: Path) -> None:
    source = tmp_path / "in"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "a.txt").write_bytes(SAMPLE[0].read_bytes())
    (source / "b.jsonl").write_text('{"id": 1, "text": "A line of text that says something.", "lang": "en"}\nbroken\n', encoding="utf-8")
    summary = nf.filter([source], tmp_path / "out", model)
    run = json.loads((tmp_path / "out" / "run.json").read_text())
    rejects = [json.loads(line) for line in (tmp_path / "out" / "rejects.jsonl").read_text(encoding="utf-8").splitlines()]
    assert summary.quarantined == 1 and "b.jsonl" in (tmp_path / "out" / "quarantine.jsonl").read_text()
    assert run["paragraphs"] == run["kept"] + len(rejects)
    text = SAMPLE[0].read_bytes().decode()
    assert all(text[row["start"] : row["end"]] == row["text"] for row in rejects if row["file"].endswith("a.txt"))
    assert json.loads((tmp_path / "out" / "kept" / "b.jsonl").read_text())["lang"] == "en"
    with pytest.raises(nf.NoisefilterError, match="already holds a run"):
        nf.filter([source], tmp_path / "out", model)
    with pytest.raises(nf.NoisefilterError, match="inside it"):
        nf.filter([source], source / "out", model)


def test_a_document_in_an_unknown_language_is_kept_whole() -> None:
    polish = "Rada miasta zdecydowała w poniedziałek o zamknięciu mostu na rok.\nCzytaj także: Udostępnij na Facebooku"
    english = "The council voted on Monday to close the bridge for a year.\nShare on Facebook Tweet Email"
    found = list(nf.label([nf.Document("pl", polish), nf.Document("en", english)]))
    assert [document.unknown_language for document in found] == ["pl", None]
    assert all(verdict.label.is_kept and "does not know" in verdict.reasons[0] for verdict in found[0].paragraphs)
    assert not all(verdict.label.is_kept for verdict in found[1].paragraphs)


def test_columns_and_records_tell_the_same(model: NoiseModel) -> None:
    (labelled,) = nf.label([nf.Document("d", SAMPLE[0].read_text(encoding="utf-8"), "s")], model)
    by_hand = nf.LabelledDocument(labelled.document, tuple(labelled.paragraphs))
    assert labelled == by_hand
    assert hash(labelled.paragraphs) == hash(by_hand.paragraphs)
    assert labelled.rows() == by_hand.rows() == [paragraph.to_row("s") for paragraph in labelled.paragraphs]
    assert labelled.columns.rows([2]) == labelled.rows()[2:3]
    assert nf.clean(labelled) == nf.clean(by_hand)
