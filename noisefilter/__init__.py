"""Tell the noise from the article in scraped text.

>>> import noisefilter as nf
>>> page = nf.Document("d", "The council voted on Monday to close the bridge for a year.\\nShare on Facebook Tweet Email")
>>> [str(p.label) for p in next(nf.label([page], nf.load_model())).paragraphs]
['content', 'navigation']
"""

from noisefilter.corpus import read_corpus, write_corpus
from noisefilter.errors import CorpusError, ModelError, NoisefilterError
from noisefilter.filtering import filter  # noqa: A004
from noisefilter.noise.clean import clean
from noisefilter.noise.explain import explain
from noisefilter.noise.label import label
from noisefilter.noise.model import load_model
from noisefilter.noise.segment import segment
from noisefilter.records import Document, Label, LabelledDocument, LabelledParagraph, Paragraph

__version__ = "0.1.0"

__all__ = [
    "CorpusError",
    "Document",
    "Label",
    "LabelledDocument",
    "LabelledParagraph",
    "ModelError",
    "NoisefilterError",
    "Paragraph",
    "clean",
    "explain",
    "filter",
    "label",
    "load_model",
    "read_corpus",
    "segment",
    "write_corpus",
]
