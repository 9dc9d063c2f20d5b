"""A corpus, start to finish: shards, journal, resume, workers, conservation."""
