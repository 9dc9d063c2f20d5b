"""The verb `restore`: put classes of rejected paragraphs back where they stood.

The result is what `filter` would have written with `--keep` of these labels; with all labels it is the text as it was read.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from noisefilter.corpus.intake import Intake
from noisefilter.corpus.writing import open_documents, open_folder
from noisefilter.errors import OutputError
from noisefilter.run.conservation import put_together
from noisefilter.run.finished import UNLIMITED, Rejects, Rows, kept_files, open_finished, read_back


def restore(folder: str | Path, output: str | Path, labels: Collection[str]) -> tuple[int, int]:
    """Write the kept files of a run with the paragraphs of these labels put back; how many files, and how many paragraphs came back.

    The folder appears when all of it is written.

    Raises
    ------
    OutputError
        The output exists.
    ConservationError
        The run was changed, see `verify`.
    """
    folder, output = Path(folder), Path(output)
    if output.exists():
        raise OutputError(f"{output}: exists. Choose a new folder with -o.")
    journal = open_finished(folder)
    n_files = n_restored = 0
    with Rejects(folder) as rejects, open_folder(output) as restored:
        for file in kept_files(journal):
            n_files += 1
            intake = Intake(file.kept, limits=UNLIMITED)
            with open_documents(restored / file.kept, intake) as write:
                for _, document, rows in read_back(folder, file, rejects, intake):
                    n_restored += sum(row["label"] in labels for row in rows)
                    write(document.with_body(put_back(document.body, rows, labels)))
        rejects.check_all_used()
    return n_files, n_restored


def put_back(kept: str, rejected: Rows, labels: Collection[str]) -> str:
    """The kept text of a document with the rejected paragraphs of some labels put back.

    >>> rows = [{"start": 0, "text": "A", "gap": "\\n", "label": "spam"}, {"start": 4, "text": "C", "gap": "", "label": "promo"}]
    >>> put_back("B\\n", rows, {"promo"})
    'B\\nC'
    """
    # Where a paragraph stood is known in the text as it was read, so that is made first and the others are taken out of it again.
    whole = put_together(kept, rejected)
    parts, at = [], 0
    for row in rejected:
        if row["label"] not in labels:
            parts.append(whole[at : row["start"]])
            at = row["start"] + len(row["text"]) + len(row["gap"])
    return "".join([*parts, whole[at:]])
