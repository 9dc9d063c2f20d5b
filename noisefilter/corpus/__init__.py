"""Bytes ↔ documents."""

from noisefilter.corpus.reading import Quarantined, read_corpus, read_stream
from noisefilter.corpus.writing import write_corpus

__all__ = ["Quarantined", "read_corpus", "read_stream", "write_corpus"]
