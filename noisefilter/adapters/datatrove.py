"""A block for a datatrove pipeline that takes noise out of its documents; `templates` are not looked for, each document stands alone.

``[JsonlReader("crawl/"), NoiseFilter(), JsonlWriter("clean/")]``
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Unpack

from datatrove.data import Document as Record
from datatrove.pipeline.base import PipelineStep

from noisefilter.noise.label import Settings
from noisefilter.noise.model import load_model
from noisefilter.records import KEPT, Document
from noisefilter.run.filtering import filter_stream


class NoiseFilter(PipelineStep):
    """Takes noise out of the text of each document; ``metadata["noise_removed"]`` says how many paragraphs went.

    A document of which nothing is left is dropped and counted. `model` is a folder (None: the shipped model); the settings are those of
    `label`.

    >>> from datatrove.data import Document as Record
    >>> page = Record("Share on Facebook Tweet Email\\nThe council voted on Monday to close the bridge for a year.", "d")
    >>> [(one.text, one.metadata["noise_removed"]) for one in NoiseFilter().run([page])]
    [('The council voted on Monday to close the bridge for a year.', 1)]
    """

    name = "noisefilter"
    type = "🔻 - FILTER"

    def __init__(self, model: str | Path | None = None, keep: Collection[str] = KEPT, **settings: Unpack[Settings]) -> None:
        super().__init__()
        self.model, self.keep, self.settings = model, keep, settings

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Record]:
        """The documents without their noise, in order."""
        documents = (Document(record.id, record.text, extra={"record": record}) for record in data)
        # Loaded here, so that what is sent to a worker is a path and not the weights.
        for cleaned, labelled in filter_stream(documents, load_model(self.model), self.keep, **self.settings):
            record = labelled.document.extra["record"]
            n_removed = sum(label not in self.keep for label in labelled.columns.labels)
            self.stat_update("paragraphs", value=len(labelled.paragraphs))
            self.stat_update("noise_removed", value=n_removed)
            if not cleaned.body.strip():
                self.stat_update("dropped")
                continue
            self.stat_update("forwarded")
            record.text = cleaned.body
            record.metadata["noise_removed"] = n_removed
            yield record
