"""The report page: what it shows, that nothing in the data can run or load, and that it stays small.

In a browser: test_report_browser.py.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import noisefilter as nf
from noisefilter.cli import main
from noisefilter.errors import CorpusError, MissingInputError
from noisefilter.noise.model import NoiseModel
from noisefilter.report.examples import label_examples
from noisefilter.report.page import LARGEST, render, write_report_of
from noisefilter.report.run_folder import Row, read_run
from noisefilter.report.sources import Quoted, ShownStatistic

ROOT = Path(__file__).resolve().parent.parent
HOSTILE = "</style><script>alert(1)</script>\"'><img src=x onerror=alert(2)> $x^{$ \x00\x1b[31m \u202eevil & co"


@pytest.fixture(scope="module")
def scores() -> list[Row]:
    return [score.to_row() for score in nf.score_sources(list(nf.read_corpus(ROOT / "examples" / "outlets.jsonl")))]


@pytest.fixture(scope="module")
def run(model: NoiseModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report") / "out"
    nf.filter([ROOT / "examples"], out, model)
    return out


class Page(HTMLParser):
    """The elements of a page with their attributes, and the text of style and script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"style": [], "script": []}
        self.open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.open = tag

    def handle_endtag(self, tag: str) -> None:
        self.open = ""

    def handle_data(self, data: str) -> None:
        if self.open in self.raw:
            self.raw[self.open].append(data)


def hostile(rows: list[Row]) -> list[Row]:
    """The scores with every string of the data replaced, offsets and numbers as they were."""

    def spoil(value: object, name: str = "") -> object:
        if isinstance(value, dict):
            return {key: spoil(inner, key) for key, inner in value.items()}
        if isinstance(value, list):
            return [spoil(inner, name) for inner in value]
        return f"{HOSTILE} {value}" if isinstance(value, str) and name not in ("status", "attribution") else value

    spoilt = spoil(rows)
    assert isinstance(spoilt, list)
    return spoilt


def assert_closed(text: str) -> None:
    """One style, one script, both named by the policy; nothing that loads, runs or is styled otherwise."""
    page = Page(text)
    names = [name for name, _ in page.elements]
    assert names.count("script") == names.count("style") == 1
    assert not {"img", "iframe", "object", "embed", "link", "form", "base", "foreignobject"} & set(names)
    policy = next(found["content"] for _, found in page.elements if found.get("http-equiv") == "Content-Security-Policy")
    for name in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256("".join(page.raw[name]).encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in (policy or "")
    for _, attributes in page.elements:
        assert "style" not in attributes and "src" not in attributes
        assert not any(key.startswith("on") for key in attributes)
        assert (attributes.get("href") or "#").startswith("#")


def test_the_page_is_closed_whatever_the_data_says(run: Path, scores: list[Row]) -> None:
    assert_closed(render(scores, read_run(run)))
    assert_closed(render(hostile(scores), None))


def test_a_hostile_corpus_is_shown_as_text(model: NoiseModel, tmp_path: Path) -> None:
    feed = tmp_path / "in.jsonl"
    feed.write_text(json.dumps({"id": HOSTILE, "source": HOSTILE, "text": f"Share on Facebook {HOSTILE}\nTweet this. {HOSTILE}"}) + "\n")
    nf.filter([feed], tmp_path / "out", model, keep=set())
    write_report_of([tmp_path / "out"], tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert_closed(text)
    assert "&lt;script&gt;alert(1)" in text


def test_the_run_is_told(run: Path) -> None:
    text = render([], read_run(run))
    record = json.loads((run / "run.json").read_text())
    for label, count in record["rejected"].items():
        assert re.search(rf'id="label-{label}".*?label-count">{count}<', text, re.S)
    assert "announces the article that begins" in text
    assert record["model"] in text and "nothing lost" in text


def test_examples_stand_in_their_surroundings_and_come_once(run: Path) -> None:
    for label in label_examples(read_run(run), 2):
        texts = [one.text for _, those in label.groups for one in those]
        assert 0 < len(texts) == len(set(texts)) <= label.count
        assert all(one.row["label"] == label.label for _, those in label.groups for one in those)
    teaser = next(one for one in label_examples(read_run(run), 2) if one.label == "teaser").groups[0][1][0]
    body = (ROOT / "examples" / "town_feed.txt").read_text()
    assert teaser.before in body and teaser.after.removesuffix(" …") in body and teaser.announces.removesuffix(" …") in body


def test_the_weakest_source_comes_first_with_its_sentences(scores: list[Row]) -> None:
    text = render(scores, None)
    assert re.search(r"Weakest of 6 sources with a score:\s*<a[^>]*>the-siren</a>", text)
    assert "The ferry had <mark>260 people</mark> on board" in text
    assert text.index('id="source-1"') < text.index('id="source-2"')


def test_witnesses_are_places_of_the_sources_named(scores: list[Row]) -> None:
    bodies = {document.id: document.body for document in nf.read_corpus(ROOT / "examples" / "outlets.jsonl")}
    places = 0
    for statistic in (one for row in scores for one in row["statistics"]):
        for witness in statistic["witnesses"]:
            body, offset = bodies[witness["document_id"]], witness["sentence_start"]
            assert witness["source"] in statistic["corroborated_by" if witness["agrees"] else "contradicted_by"]
            assert body[offset : offset + len(witness["sentence"])] == witness["sentence"]
            assert offset <= witness["start"] < witness["end"] <= offset + len(witness["sentence"])
            places += 1
        named = {*statistic["corroborated_by"], *statistic["contradicted_by"]}
        assert {witness["source"] for witness in statistic["witnesses"]} == named
    assert places > 20


def test_a_contradiction_inside_one_sentence_quotes_it_once_with_both_spans_marked(scores: list[Row]) -> None:
    page = render(scores, None)
    assert "destroyed <mark>23 houses</mark>: 14 in the lower street and <mark>12</mark> by the mill" in page
    assert "destroyed 23 houses: 14 in the lower street and <mark>12" not in page.split("Its figures")[0]


def test_the_strip_counts_every_label_and_leads_to_it(run: Path) -> None:
    page, record = render([], read_run(run)), read_run(run).record
    for label, count in record["rejected"].items():
        assert f'<a href="#label-{label}">{label}</a> {count}' in page and f'id="label-{label}"' in page


@pytest.mark.parametrize(
    ("attribution", "speaker", "shown"),
    [
        ("quote", "Ruth Amberly", "quoted: Ruth Amberly"),
        ("named", "the harbour board", "attributed"),
        ("vague", "Corrow", "vaguely attributed"),
        ("none", "", "nobody named"),
    ],
)
def test_who_gives_a_figure_is_a_name_or_a_kind(attribution: str, speaker: str, shown: str) -> None:
    row = {"attribution": attribution, "speaker": speaker}
    assert ShownStatistic(row, Quoted("", "41", ""), (), (), 0).giver == shown


def test_contradictions_have_both_sentences(scores: list[Row]) -> None:
    found = next(row for row in scores if row["source"] == "the-siren")["contradictions"]
    starts = [[one[name]["sentence"][one[name]["start"] - one[name]["sentence_start"] :][:3] for name in "ab"] for one in found]
    assert ["214", "260"] in starts
    assert all(one[name]["sentence"] for one in found for name in "ab")


def test_a_large_set_stays_under_two_megabytes(scores: list[Row]) -> None:
    many = [{**row, "source": f"{row['source']} {number}", "statistics": row["statistics"] * 20} for number in range(200) for row in scores]
    text = render(many, None)
    assert len(text.encode()) <= LARGEST
    assert "of 1,200" in text


def test_a_set_without_evidence_says_so(tmp_path: Path) -> None:
    nf.write_report(nf.score_sources([nf.Document("a", "Nine people came.", source="A")]), tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text()
    assert "not enough evidence" in text and "Weakest" not in text


def test_rows_of_an_earlier_version_are_still_shown(run: Path, scores: list[Row], tmp_path: Path) -> None:
    old = json.loads(json.dumps(scores))
    for row in old:
        for statistic in row["statistics"]:
            del statistic["witnesses"], statistic["sentence_start"]
        for one in row["contradictions"]:
            for name in "ab":
                del one[name]["sentence"], one[name]["sentence_start"]
    assert "<mark>260 people</mark>" in render(old, None)
    record = json.loads((run / "run.json").read_text())
    for name in ("survey", "precision_table", "needed"):
        del record[name]
    (tmp_path / "run.json").write_text(json.dumps(record))
    (tmp_path / "rejects.jsonl").write_bytes((run / "rejects.jsonl").read_bytes())
    assert "Home | News | Sport" in render([], read_run(tmp_path))


def test_the_same_input_gives_the_same_page(run: Path, scores: list[Row]) -> None:
    assert render(scores, read_run(run)) == render(scores, read_run(run))


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        ("{}\n", CorpusError, "scores.jsonl:1: not a score"),
        ("[1]\n", CorpusError, "not a score"),
        ("nonsense\n", CorpusError, "scores.jsonl:1: not JSON"),
        (None, MissingInputError, "no such file"),
    ],
)
def test_what_is_no_score_is_named(tmp_path: Path, content: str | None, error: type[Exception], message: str) -> None:
    path = tmp_path / "scores.jsonl"
    if content is not None:
        path.write_text(content)
    with pytest.raises(error, match=re.escape(message)):
        write_report_of([path], tmp_path / "report.html")
    assert not (tmp_path / "report.html").exists()


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError, match="no run here"):
        write_report_of([tmp_path], tmp_path / "report.html")


def test_command_line(run: Path, scores: list[Row], tmp_path: Path) -> None:
    from click.testing import CliRunner

    feed = "".join(json.dumps(row) + "\n" for row in scores)
    done = CliRunner().invoke(main, ["report", str(run), "-", "-o", str(tmp_path / "r.html")], input=feed)
    assert done.exit_code == 0
    text = (tmp_path / "r.html").read_text()
    assert "the-siren" in text and "label-teaser" in text


def test_notebooks_show_scores_and_runs_escaped(model: NoiseModel, tmp_path: Path) -> None:
    documents = [nf.Document(name, f"Nine people came to {HOSTILE}.", source=f"{HOSTILE} {name}") for name in "ab"]
    for score in nf.score_sources(documents):
        assert "<script>" not in score._repr_html_() and "<img" not in score._repr_html_()
    weak = nf.score_sources(list(nf.read_corpus(ROOT / "examples" / "outlets.jsonl")))[0]
    assert "the-siren" in weak._repr_html_() and f"{weak.reliability:.2f}" in weak._repr_html_()
    assert "navigation" in nf.filter([ROOT / "examples"], tmp_path / "out", model)._repr_html_()
