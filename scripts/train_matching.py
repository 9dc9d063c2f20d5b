"""Fit the weights of matching to event clusters with gold facts, and say how they do on clusters left out.

    python scripts/train_matching.py FOLDER... [-o noisefilter/reliability/match_weights.py]

Each FOLDER holds a folder a cluster with its texts and a gold.json: for each text `statistics` with `span`, `value`, `claim`
("fact:variant"), `status`, `corroborated_by`, `contradicted_by`, and for the cluster `copies`. Four logistic regressions are
fitted one after another: do two claims speak of one thing by their wording alone, do two figures that allow one another, are two facts
rivals, is a claim contradicted.
"""

from __future__ import annotations

import argparse
import json
import math
import textwrap
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from noisefilter.records import Claim, Document
from noisefilter.reliability import match_weights, matching, pairs, rivals, verdicts
from noisefilter.reliability.claims import read_claims
from noisefilter.reliability.dependence import Copy
from noisefilter.reliability.neighbours import neighbours
from noisefilter.reliability.pairs import Pairs, candidate_pairs
from noisefilter.reliability.similarity import ClaimTable, read_table
from noisefilter.reliability.wording import stems

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
# Features, shape (n_examples, n_features), and labels.
Examples = tuple[Floats, list[bool]]
STATUSES = (verdicts.CORROBORATED, verdicts.UNCORROBORATED, verdicts.CONTRADICTED)
# Inverse strength of the ridge penalty, the smaller the fewer positive examples there are.
STRENGTH = {"TOPIC": 1.0, "AGREEMENT": 1.0, "CONFLICT": 0.3, "CONTRADICTION": 0.1}
HEAD = '''"""Weights of matching, written by scripts/train_matching.py from {n} event clusters written for this project.

Each is a logistic regression, the constant first, over the features named in pairs.py, rivals.py and verdicts.py.
"""

'''


EVERYDAY_HEAD = '''"""Stems of words that stand in reports on whatever event, written by scripts/train_matching.py from the clusters.

They tell nothing of two articles that share them. In a corpus of two events no counting could show that "people" is such a word.
"""

from noisefilter.reliability.vocabulary import words

'''
# Events. A word of so many of the clusters' 30 is an everyday one; with 5 a tenth more pairs of articles of one event are compared, and
# a third more of two events.
EVERYDAY_EVENTS = 4


@dataclass
class Cluster:
    """One event: what was read from its texts, and the gold statistic each claim stands for, if any."""

    name: str
    claims: list[Claim]
    gold: list[dict[str, Any] | None]
    voices: verdicts.Voices
    table: ClaimTable
    pairs: Pairs

    @property
    def annotated(self) -> Bools:
        """Which pairs are of two claims with a gold statistic."""
        has_gold = np.array([one is not None for one in self.gold], np.bool_)
        return has_gold[self.pairs.a] & has_gold[self.pairs.b]

    def judged(self, at: Ints, judge: Callable[[int, int], bool]) -> list[bool]:
        """What a judge of two claims says of these pairs."""
        return [judge(a, b) for a, b in zip(self.pairs.a[at].tolist(), self.pairs.b[at].tolist(), strict=True)]

    def facts(self) -> Ints:
        """The fact of each claim under the weights of the moment."""
        return matching.join(self.table, self.pairs)

    def spoken(self) -> Ints:
        """The voice of each claim; a cluster is one event."""
        return matching.voices_of(self.claims, self.voices.group_of, lambda page: "")

    def same(self, a: int, b: int) -> bool:
        """Whether two claims stand for one fact."""
        one, other = self.gold[a], self.gold[b]
        return bool(one and other and one["claim"].split(":")[0] == other["claim"].split(":")[0])

    def agreeing(self, a: int, b: int) -> bool:
        """Whether two claims say the same of one fact."""
        one, other = self.gold[a], self.gold[b]
        if one is None or other is None or not self.same(a, b):
            return False
        return bool(
            one["claim"] == other["claim"]
            or self.claims[b].source in one["corroborated_by"]
            or self.claims[a].source in other["corroborated_by"]
        )

    def clashing(self, a: int, b: int) -> bool:
        """Whether two claims contradict each other."""
        one = self.gold[a]
        return self.same(a, b) and one is not None and self.claims[b].source in one["contradicted_by"]


def read_cluster(folder: Path) -> Cluster:
    """A cluster with its claims."""
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    claims: list[Claim] = []
    found: list[dict[str, Any] | None] = []
    for name, source in gold["sources"].items():
        body = (folder / name).read_bytes().decode()
        for claim in read_claims(Document(name, body, source=name)):
            claims.append(claim)
            found.append(next((s for s in source["statistics"] if _stands_for(claim, s, body)), None))
    links = [Copy(a, b, 1.0, "near") for a, b in gold["copies"]]
    voices = verdicts.Voices.of_copies(links, {name: (name, name) for name in gold["sources"]})
    table = read_table(claims)
    return Cluster(folder.name, claims, found, voices, table, candidate_pairs(table, neighbours(claims)))


def everyday(clusters: Sequence[Cluster]) -> str:
    """The words that several clusters have around their claims, as Python."""
    counts = Counter(word for cluster in clusters for word in {word for claim in cluster.claims for word in stems(claim.sentence)})
    common = sorted(word for word, count in counts.items() if count >= EVERYDAY_EVENTS)
    lines = textwrap.wrap(" ".join(common), 132, break_long_words=False, break_on_hyphens=False)
    return 'EVERYDAY = frozenset(\n    words("""\n' + "".join(f"    {line}\n" for line in lines) + '    """)\n)\n'


def _stands_for(claim: Claim, statistic: dict[str, Any], body: str) -> bool:
    at = body.find(statistic["span"])
    if not (claim.start < at + len(statistic["span"]) and at < claim.end):
        return False
    values = statistic["value"] if isinstance(statistic["value"], list) else [statistic["value"]]
    return any(math.isclose(float(claim.quantity.value), value, rel_tol=1e-3) for value in (*values, sum(values) / len(values)))


def topic_examples(cluster: Cluster) -> Examples:
    """Pairs of annotated claims, whatever their figures: by the wording alone, do they speak of one thing?"""
    at = np.flatnonzero(cluster.annotated)
    return np.column_stack(pairs.wording(cluster.pairs))[at], cluster.judged(at, cluster.same)


def agreement_examples(cluster: Cluster) -> Examples:
    """Pairs of annotated claims whose figures allow one another."""
    pairs.fill_topics(cluster.pairs)
    at = np.flatnonzero(cluster.pairs.agrees & cluster.annotated)
    return np.column_stack(pairs.agreement_features(cluster.table, cluster.pairs, at)), cluster.judged(at, cluster.agreeing)


def conflict_examples(cluster: Cluster) -> Examples:
    """Pairs of facts whose figures exclude each other."""
    fact = cluster.facts()
    facts = matching.facts_of(fact)
    found = rivals.rival_features(cluster.table, cluster.pairs, fact, cluster.spoken())
    couples = zip(found.one.tolist(), found.other.tolist(), strict=True)
    labels = [any(cluster.clashing(a, b) for a in facts[one].claims for b in facts[other].claims) for one, other in couples]
    return np.column_stack(found.columns), labels


def contradiction_examples(cluster: Cluster) -> Examples:
    """Annotated claims that have a rival."""
    pairs.fill_topics(cluster.pairs)
    X, y = [], []
    standings = verdicts.standings(cluster.claims, cluster.table.measures, facts_of(cluster), cluster.voices)
    records = verdicts.records(cluster.claims, standings)
    for claim, standing, gold in zip(cluster.claims, standings, cluster.gold, strict=True):
        if gold and standing.rivals and not claim.disputed:
            X.append(verdicts.contradiction_features(claim, standing, records[claim.source]))
            y.append(gold["status"] == verdicts.CONTRADICTED)
    return np.array(X).reshape(len(X), -1), y


def facts_of(cluster: Cluster) -> list[matching.Fact]:
    """The facts of a cluster under the weights of the moment."""
    fact = cluster.facts()
    facts = matching.facts_of(fact)
    for (one, other), likely in rivals.rivals(cluster.table, cluster.pairs, fact, cluster.spoken()).items():
        facts[one].rivals[other] = facts[other].rivals[one] = likely
    return facts


STAGES: tuple[tuple[str, Callable[[Cluster], Examples]], ...] = (
    ("TOPIC", topic_examples),
    ("AGREEMENT", agreement_examples),
    ("CONFLICT", conflict_examples),
)
# Parts of the clusters of which each is read with weights of the others: what the last stage learns from must look as in new texts,
# where the stages before it are less sure than on the clusters they were fitted to.
PARTS = 4


def fit(clusters: Sequence[Cluster]) -> dict[str, tuple[float, ...]]:
    """The four sets of weights."""
    found = []
    for part in range(PARTS):
        fit_stages([cluster for number, cluster in enumerate(clusters) if number % PARTS != part])
        found += [contradiction_examples(cluster) for cluster in clusters[part::PARTS]]
    weights = fit_stages(clusters)
    weights["CONTRADICTION"] = stage("CONTRADICTION", found)
    return weights


def fit_stages(clusters: Sequence[Cluster]) -> dict[str, tuple[float, ...]]:
    """The weights of matching; each stage sees the facts that the weights of the stages before it make."""
    return {name: stage(name, [examples(cluster) for cluster in clusters]) for name, examples in STAGES}


def stage(name: str, found: Sequence[Examples]) -> tuple[float, ...]:
    """Fit one stage to the examples of the clusters, and let matching use its weights."""
    X: Floats = np.concatenate([rows for rows, _ in found if len(rows)])
    weights = regression(X, np.array([label for _, labels in found for label in labels]), STRENGTH[name])
    install({name: weights})
    return weights


def regression(X: Floats, y: NDArray[np.bool_], strength: float) -> tuple[float, ...]:
    """Weights of a logistic regression, the constant first: penalised on columns of one spread, given for the columns as they are."""
    spread = X.std(axis=0)
    spread[spread == 0] = 1.0
    model = LogisticRegression(C=strength, solver="newton-cholesky").fit(X[:, 1:] / spread[1:], y)
    return (float(model.intercept_[0]), *map(float, model.coef_[0] / spread[1:]))


def install(weights: dict[str, tuple[float, ...]]) -> None:
    """Let matching use these weights."""
    for name, values in weights.items():
        setattr(match_weights, name, values)


def confusion(cluster: Cluster) -> Counter[tuple[str, str]]:
    """Gold status against ours, over the annotated claims."""
    pairs.fill_topics(cluster.pairs)
    ours = verdicts.statistics(cluster.claims, cluster.table.measures, facts_of(cluster), cluster.voices)
    return Counter((gold["status"], mine.status) for gold, mine in zip(cluster.gold, ours, strict=True) if gold)


def f1_scores(counts: Counter[tuple[str, str]]) -> list[float]:
    """The F1 of each status."""
    scores = []
    for status in STATUSES:
        right = counts[status, status]
        said = sum(n for (_, mine), n in counts.items() if mine == status)
        true = sum(n for (gold, _), n in counts.items() if gold == status)
        scores.append(2 * right / max(1, said + true))
    return scores


def report(name: str, counts: Counter[tuple[str, str]]) -> None:
    """One line of figures."""
    scores = f1_scores(counts)
    print(f"{name}: " + ", ".join(f"{s} {v:.3f}" for s, v in zip(STATUSES, scores, strict=True)) + f", macro-F1 {sum(scores) / 3:.3f}")


def main() -> None:
    """Fit, print the figures of leaving out one cluster at a time, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--leave-out", action="store_true", help="first print the figures on each cluster left out of the fit")
    options = parser.parse_args()
    clusters = [read_cluster(gold.parent) for gold in sorted(path for folder in options.folder for path in folder.glob("*/gold.json"))]
    total: Counter[tuple[str, str]] = Counter()
    groups: dict[str, Counter[tuple[str, str]]] = {}
    for left_out in clusters if options.leave_out else ():
        fit([cluster for cluster in clusters if cluster is not left_out])
        counts = confusion(left_out)
        total += counts
        groups.setdefault(left_out.name[:2], Counter()).update(counts)
    for name, counts in groups.items():
        report(f"left out, {name}…", counts)
    if total:
        report("left out, all", total)
    weights = fit(clusters)
    if options.output:
        options.output.with_name("everyday.py").write_text(EVERYDAY_HEAD + everyday(clusters), encoding="utf-8")
        lines = [f"{name}: tuple[float, ...] = ({', '.join(f'{value:.3f}' for value in values)},)\n" for name, values in weights.items()]
        options.output.write_text(HEAD.format(n=len(clusters)) + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
