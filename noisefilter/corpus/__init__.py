"""Bytes ↔ documents."""

from noisefilter.corpus.intake import Limits, Quarantined
from noisefilter.corpus.reading import read_corpus, read_stream
from noisefilter.corpus.writing import write_corpus

__all__ = ["Limits", "Quarantined", "read_corpus", "read_stream", "write_corpus"]
