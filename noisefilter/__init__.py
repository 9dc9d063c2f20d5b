"""Tell the noise from the article in scraped text.

>>> import noisefilter as nf
>>> page = nf.Document("d", "The council closed the bridge, because two of its piers are cracked.\\nShare on Facebook Tweet Email")
>>> [str(p.label) for p in next(nf.label([page], nf.load_model())).paragraphs]
['content', 'navigation']
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from noisefilter import plot
    from noisefilter.corpus import read_corpus, write_corpus
    from noisefilter.errors import CorpusError, ModelError, NoisefilterError
    from noisefilter.noise.clean import clean
    from noisefilter.noise.explain import explain
    from noisefilter.noise.label import label
    from noisefilter.noise.model import load_model
    from noisefilter.noise.segment import segment
    from noisefilter.records import (
        Claim,
        Document,
        Label,
        LabelledDocument,
        LabelledParagraph,
        Paragraph,
        Quantity,
        SourceScore,
        SourceTally,
    )
    from noisefilter.reliability.claims import read_claims
    from noisefilter.reliability.quantities import read_quantities
    from noisefilter.reliability.score import score_sources
    from noisefilter.reliability.shards import score_shards
    from noisefilter.reliability.spill import write_shard
    from noisefilter.reliability.truth import resolve_claims
    from noisefilter.report import write_report
    from noisefilter.run.filtering import filter  # noqa: A004

__version__ = "0.1.0"

# Public name → its module. Each is imported when first asked for, so that one wing does not wait for the other.
_HOMES = {
    "noisefilter.corpus": ("read_corpus", "write_corpus"),
    "noisefilter.errors": ("CorpusError", "ModelError", "NoisefilterError"),
    "noisefilter.run.filtering": ("filter",),
    "noisefilter.noise.clean": ("clean",),
    "noisefilter.noise.explain": ("explain",),
    "noisefilter.noise.label": ("label",),
    "noisefilter.noise.model": ("load_model",),
    "noisefilter.noise.segment": ("segment",),
    "noisefilter.report": ("write_report",),
    "noisefilter.records": (
        "Claim",
        "Document",
        "Label",
        "LabelledDocument",
        "LabelledParagraph",
        "Paragraph",
        "Quantity",
        "SourceScore",
        "SourceTally",
    ),
    "noisefilter.reliability.claims": ("read_claims",),
    "noisefilter.reliability.quantities": ("read_quantities",),
    "noisefilter.reliability.score": ("score_sources",),
    "noisefilter.reliability.shards": ("score_shards",),
    "noisefilter.reliability.spill": ("write_shard",),
    "noisefilter.reliability.truth": ("resolve_claims",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Claim",
    "CorpusError",
    "Document",
    "Label",
    "LabelledDocument",
    "LabelledParagraph",
    "ModelError",
    "NoisefilterError",
    "Paragraph",
    "Quantity",
    "SourceScore",
    "SourceTally",
    "clean",
    "explain",
    "filter",
    "label",
    "load_model",
    "plot",
    "read_claims",
    "read_corpus",
    "read_quantities",
    "resolve_claims",
    "score_shards",
    "score_sources",
    "segment",
    "write_corpus",
    "write_report",
    "write_shard",
]


def __getattr__(name: str) -> Any:
    if name == "plot":
        return import_module("noisefilter.plot")
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
