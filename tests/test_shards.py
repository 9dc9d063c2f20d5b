"""A corpus cut into shards is scored as if it were in memory, in whatever order."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_score import BAD, CORPUS

from noisefilter.errors import CorpusError
from noisefilter.records import Document, Label, LabelledDocument, LabelledParagraph, Paragraph
from noisefilter.reliability import dependence, meetings
from noisefilter.reliability import neighbours as neighbouring
from noisefilter.reliability.belief import truth
from noisefilter.reliability.claims import read_claims
from noisefilter.reliability.neighbours import article_of
from noisefilter.reliability.score import score_sources
from noisefilter.reliability.shards import score_shards
from noisefilter.reliability.spill import Spill, write_shard

TOWNS = ("Kolvada", "Marrow", "Tesk", "Ilmen", "Orsova")
THINGS = ("houses", "cows", "soldiers", "metres", "euros", "per cent of the pupils")
SAYERS = ("the {} council said", "experts say", "mayor Ansel told the {} Herald", "we hear")


def report(town: str, figures: Sequence[tuple[int, int, int]]) -> str:
    lines = [f"The dam at {town} burst on Monday 3 May near the mill of Old{town.lower()}, and the river {town[::-1].title()} rose."]
    for value, thing, sayer in figures:
        lines.append(f"It took {value} {THINGS[thing]} near {town} Bridge, {SAYERS[sayer].format(town)}.")
    return "\n".join(lines)


def labelled(page: Document, left_out: int) -> LabelledDocument:
    """The page with one line called noise and the rest in two articles."""
    verdicts, start = [], 0
    for index, line in enumerate(page.body.split("\n")):
        part = Paragraph(page.id, index, start, start + len(line), line, article=None if index < 2 else 1 + index % 2)
        verdicts.append(LabelledParagraph(part, Label.PROMO if index == left_out else Label.CONTENT, 0.9))
        start += len(line) + 1
    return LabelledDocument(page, tuple(verdicts))


FIGURES = st.tuples(st.sampled_from((3, 40, 41, 412, 1250, 28740)), st.integers(0, len(THINGS) - 1), st.integers(0, len(SAYERS) - 1))
PAGES = st.tuples(
    st.sampled_from("ABCD"), st.sampled_from(("1", "2", "3")), st.sampled_from(TOWNS), st.lists(FIGURES, max_size=6), st.integers(-3, 5)
)


def corpus_of(drawn: Sequence[tuple[str, str, str, list[tuple[int, int, int]], int]]) -> list[Document | LabelledDocument]:
    pages = ((Document(name, report(town, figures), source), left_out) for source, name, town, figures, left_out in drawn)
    return [labelled(page, left_out) if left_out >= 0 else page for page, left_out in pages]


def scored(documents: Sequence[Document | LabelledDocument], cuts: int, seed: int) -> list[object]:
    """The scores of a corpus that is shuffled and cut."""
    shuffled = random.Random(seed).sample(list(documents), len(documents))
    with tempfile.TemporaryDirectory() as folder:
        for number in range(cuts):
            write_shard(shuffled[number::cuts], Path(folder), f"part{number * 7 % 5}-{number}")
        return list(score_shards(folder))


@settings(deadline=None, max_examples=40)
@given(st.lists(PAGES, max_size=14).map(corpus_of), st.integers(1, 4), st.integers(0, 99))
def test_shards_score_as_memory_does(documents: list[Document | LabelledDocument], cuts: int, seed: int) -> None:
    assert scored(documents, cuts, seed) == score_sources(documents)


def test_shards_hold_what_moves_a_score() -> None:
    """The property above would be met by scores without content, too."""
    walk = (
        "Kolvada is a wreck. Reporters of the Courier walked along the Tane on Tuesday, where the gauge had stood at 5.37 metres and "
        "412 houses had been flooded when the Ember dam burst; a mill wheel lay in a field."
    )
    documents = [*CORPUS, replace(BAD, id="d", source="D"), Document("e", walk, "E")]
    expected = score_sources(documents)
    assert scored(documents, 2, 1) == expected
    assert {statistic.status for score in expected for statistic in score.statistics} == {"corroborated", "contradicted", "uncorroborated"}
    assert any(score.copies for score in expected) and any(score.contradictions for score in expected)
    assert any(score.reliability is not None for score in expected)


@settings(deadline=None)
@given(st.lists(PAGES, max_size=14).map(corpus_of))
def test_articles_meet_on_disk_as_in_memory(documents: list[Document | LabelledDocument]) -> None:
    pages = [page for page in documents if isinstance(page, Document)]
    claims = [claim for page in pages for claim in read_claims(page)]
    keys = sorted({article_of(claim) for claim in claims})
    words = {key: {word for claim in claims if article_of(claim) == key for word in neighbouring.stems(claim.sentence)} for key in keys}
    rows = [(hash(word) % 2**64, keys.index(key)) for key, found in words.items() for word in found]
    left, right, shared = meetings.meetings([np.array(rows, meetings.WORD)])
    expected = {
        (a, b): n
        for a in range(len(keys))
        for b in range(a + 1, len(keys))
        if (n := len(words[keys[a]] & words[keys[b]])) >= neighbouring.FEWEST_SHARED
    }
    assert {(a, b): n for a, b, n in zip(left.tolist(), right.tolist(), shared.tolist(), strict=True)} == expected


def test_an_event_is_capped() -> None:
    pairs = list(neighbouring.strongest([(n, n + 1) for n in range(10)], lambda article: article, most=3))
    assert pairs == [(0, 1), (1, 2), (3, 4), (4, 5), (6, 7), (7, 8), (9, 10)]


@given(st.lists(st.tuples(st.sets(st.sampled_from("ABCD"), min_size=1), st.floats(0.01, 0.99)), min_size=2, max_size=40), st.randoms())
def test_truth_knows_no_order(drawn: list[tuple[set[str], float]], chance: random.Random) -> None:
    """Bit by bit; each fact is a rival of the next but one, so that their order inside an event stays."""
    events = [drawn[at : at + 2] for at in range(0, len(drawn), 2)]
    found = []
    for _ in range(2):
        speakers = [names for event in events for names, _ in event]
        rivals: list[dict[int, float]] = []
        for event in events:
            first = len(rivals)
            rivals += [{first + 1 - at: event[0][1]} for at in range(2)] if len(event) == 2 else [{}]
        likely = iter(truth(speakers, rivals))
        found.append(sorted((sorted(names), share, next(likely)) for event in events for names, share in event))
        chance.shuffle(events)
    assert found[0] == found[1]


def test_texts_with_lone_surrogates_and_none_of_the_fields_survive() -> None:
    odd = "At \ud800 least 12 people died, Ansel \udc00 said. “We lost 40 cows,” he added."
    pages = [Document("\ud801", odd, published="2024-05-01"), Document("empty", ""), Document("a", odd, source="S", published=None)]
    assert scored(pages, 2, 0) == score_sources(pages)


def test_a_folder_without_shards_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no shards"):
        list(score_shards(tmp_path))


def test_a_broken_shard_is_refused_in_one_line(tmp_path: Path) -> None:
    write_shard([Document("a", report("Tesk", [(3, 0, 0)]))], tmp_path, "one")
    path = tmp_path / "one.claims.arrow"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(CorpusError) as refused:
        Spill(tmp_path)
    assert str(path) in str(refused.value) and "\n" not in str(refused.value)


def test_a_shard_that_fails_halfway_leaves_nothing_behind(tmp_path: Path) -> None:
    def documents() -> object:
        yield Document("a", report("Tesk", [(3, 0, 0)]))
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        write_shard(documents(), tmp_path, "one")  # type: ignore[arg-type]
    assert not list(tmp_path.glob("*.arrow"))


def test_scoring_in_memory_needs_no_arrow() -> None:
    code = "import sys, noisefilter as nf; nf.score_sources([nf.Document('a', 'Nine died.')]); print('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"


def test_the_command_spills_and_scores_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(report("Tesk", [(412, 0, 0)]), encoding="utf-8")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "noisefilter.cli", "score", "--unfiltered", "--format", "json", *words]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")

    page, spill = str(tmp_path / "page.txt"), ("--spill", str(tmp_path / "spill"))
    plain = run(page)
    assert plain.stdout and run(page, *spill).stdout == run(*spill).stdout == plain.stdout
    again = run(page, *spill)
    assert again.returncode == 73 and again.stderr.count("\n") == 1


def test_memory_does_not_hold_the_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependence, "BLOCK", 1 << 16)
    monkeypatch.setattr(dependence, "LARGEST_INDEX", 1 << 14)

    def peak(n: int) -> int:
        folder = tmp_path / str(n)
        filler = "The river runs through the old town, and people like to sit beside it in the evening when it is warm. " * 40
        pages = (Document(str(i), f"{report(TOWNS[i % 5], [(412, 0, 0)])}\n{filler}{i}", f"s{i % 7}") for i in range(n))
        write_shard(pages, folder, "one")
        tracemalloc.start()
        for _ in score_shards(folder):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(20)
    small, large = peak(100), peak(400)
    assert large - small < 300 * 4000 * 0.5
