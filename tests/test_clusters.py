"""Event clusters that are in no fit: what is found in them does not fall below what it was."""

from __future__ import annotations

import json
import math
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from noisefilter.records import Document, SourceScore
from noisefilter.reliability.claims import read_claims
from noisefilter.reliability.score import score_sources

CLUSTERS = Path(__file__).parent / "clusters"
# Counts of claims, a little under what was reached when the floors were set: 0.96 of the figures, 0.73 macro-F1.
FOUND, MACRO_F1 = 0.93, 0.66
# Texts without a contradiction that are flagged all the same, as first measured.
KNOWN_ALARMS = {
    "c45_bankfraud": {"sourceC.txt"},
    "c53_metrofire": {"sourceD.txt"},
    "c56_harvest": {"sourceE.txt"},
    "c61_warswap": {"sourceE.txt"},
    "c64_legionella": {"sourceA.txt"},
    "c70_smuggling": {"sourceB.txt"},
    "c71_chipfab": {"sourceF.txt"},
    "c73_schoolmeals": {"sourceA.txt"},
}
# Share of the figures, a little under what was reached: 0.75.
ATTRIBUTED = 0.72
# Kendall's tau of the sources' order against the readers', a little under what was reached: 0.69 on c40 to c63, on which the numbers of the
# ranking were chosen, and 0.49 on c64 and later, on which nothing of it was.
TAU, TAU_UNSEEN, FIRST_UNSEEN = 0.62, 0.44, "c64"
STATUSES = ("corroborated", "uncorroborated", "contradicted")


def read(name: str) -> tuple[dict[str, str], dict[str, dict]]:
    gold = json.loads((CLUSTERS / name / "gold.json").read_text(encoding="utf-8"))["sources"]
    return {source: (CLUSTERS / name / source).read_text(encoding="utf-8") for source in gold}, gold


def scored(texts: dict[str, str]) -> dict[str, SourceScore]:
    return {score.source: score for score in score_sources([Document(name, text, source=name) for name, text in texts.items()])}


def judge(name: str) -> Counter[tuple[str, str]]:
    """Gold status against ours, "missing" where the figure is not found."""
    texts, gold = read(name)
    counts: Counter[tuple[str, str]] = Counter()
    for source, score in scored(texts).items():
        for statistic in gold[source]["statistics"]:
            start = texts[source].find(statistic["span"])
            end = start + len(statistic["span"])
            value = statistic["value"]
            values = [*value, sum(value) / len(value)] if isinstance(value, list) else [value]
            mine = [
                found.status
                for found in score.statistics
                if found.claim.start < end
                and start < found.claim.end
                and any(math.isclose(float(found.claim.quantity.value), v, rel_tol=1e-3) for v in values)
            ]
            counts[statistic["status"], mine[0] if mine else "missing"] += 1
    return counts


def test_figures_and_their_status() -> None:
    counts = judge("c42_election") + judge("c43_vaccine")
    assert sum(n for (_, mine), n in counts.items() if mine != "missing") >= FOUND * counts.total()
    scores = []
    for status in STATUSES:
        said = sum(n for (_, mine), n in counts.items() if mine == status)
        true = sum(n for (gold, _), n in counts.items() if gold == status)
        scores.append(2 * counts[status, status] / max(1, said + true))
    assert sum(scores) / len(scores) >= MACRO_F1


@pytest.mark.parametrize("name", sorted(path.name for path in CLUSTERS.iterdir() if path.is_dir()))
def test_a_text_without_a_contradiction_is_not_flagged(name: str) -> None:
    texts, gold = read(name)
    flagged = {source for source, score in scored(texts).items() if score.contradictions}
    marked = {source for source, text in gold.items() if text["internal_contradictions"]}
    assert flagged <= marked | KNOWN_ALARMS.get(name, set())


def test_attribution() -> None:
    right = total = 0
    for name in ("c44_quake", "c45_bankfraud", "c46_whales", "c47_heatwave"):
        texts, gold = read(name)
        for source, text in texts.items():
            claims = read_claims(Document(source, text, source=source))
            for statistic in gold[source]["statistics"]:
                start = text.find(statistic["span"])
                mine = [claim for claim in claims if claim.start < start + len(statistic["span"]) and start < claim.end]
                right += bool(mine) and mine[0].attribution == statistic["attribution"]
                total += 1
    assert right >= ATTRIBUTED * total


@pytest.mark.parametrize(("is_unseen", "least"), [(False, TAU), (True, TAU_UNSEEN)], ids=["chosen on", "unseen"])
def test_sources_are_ranked_nearly_as_readers_rank_them(is_unseen: bool, least: float) -> None:
    agreed = total = 0
    for folder in sorted(CLUSTERS.glob("c*")):
        if (folder.name >= FIRST_UNSEEN) != is_unseen:
            continue
        ranking = json.loads((folder / "gold.json").read_text(encoding="utf-8"))["ranking"]
        place = {name: number for number, tied in enumerate(ranking) for name in (tied if isinstance(tied, list) else [tied])}
        score = scored(read(folder.name)[0])
        for one, other in combinations(place, 2):
            mine, others = score[one].reliability, score[other].reliability
            if place[one] != place[other] and mine is not None and others is not None:
                agreed += (mine > others) - (mine < others) if place[one] < place[other] else (mine < others) - (mine > others)
                total += 1
    assert agreed >= least * total
