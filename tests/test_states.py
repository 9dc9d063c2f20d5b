"""A run as a state machine: files are added, filtered, cut off, resumed, verified, restored in any order, and nothing is ever lost."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from test_run import CutOff

import noisefilter as nf
from noisefilter.records import KEPT
from noisefilter.run.conservation import put_together
from noisefilter.run.options import Options
from noisefilter.run.progress import Progress
from noisefilter.run.restore import put_back, restore
from noisefilter.run.status import status
from noisefilter.run.verify import verify

LABELS = sorted(map(str, nf.Label))
PIECES = [
    "The mill is open.",
    "Share on Facebook",
    "By A. Writer",
    "© 2021",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    " ",
    "\u2028",
    "\ufeff",
    "é",
    "漢 ",
    "🦅",
]
BODIES = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
KEEP = st.sets(st.sampled_from(LABELS))
MODEL = nf.load_model()


class Runs(RuleBasedStateMachine):
    """`texts` are the files of the corpus, `keep` what the run under way keeps; None where there is none."""

    @initialize(body=BODIES)
    def begin(self, body: str) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.corpus, self.output = self.folder / "in", self.folder / "out"
        self.corpus.mkdir()
        self.texts: dict[str, list[str]] = {}
        self.keep: set[str] | None = None
        self.add_texts([body])

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @precondition(lambda self: self.keep is None and len(self.texts) < 6)
    @rule(bodies=st.lists(BODIES, min_size=1, max_size=4))
    def add_texts(self, bodies: list[str]) -> None:
        """A file of JSON Lines, or of one text a .txt."""
        number = len(self.texts)
        if len(bodies) == 1:
            name = f"{number}.txt"
            (self.corpus / name).write_text(bodies[0], encoding="utf-8", newline="")
        else:
            name = f"{number}.jsonl"
            (self.corpus / name).write_text("".join(json.dumps({"text": body}) + "\n" for body in bodies))
        self.texts[name] = bodies

    @precondition(lambda self: self.keep is None)
    @rule(keep=KEEP, shards=st.integers(0, 3), templates=st.booleans())
    def filter(self, keep: set[str], shards: int, templates: bool) -> None:
        self.keep, self.templates = keep, templates
        self._run("refuse", CutOff(shards))

    @precondition(lambda self: self.keep is not None)
    @rule(shards=st.integers(0, 5))
    def resume(self, shards: int) -> None:
        self._run("resume", CutOff(shards))

    @precondition(lambda self: self.keep is not None)
    @rule(keep=KEEP)
    def overwrite(self, keep: set[str]) -> None:
        self.keep = keep
        self._run("overwrite", CutOff(99))

    def _run(self, existing: Any, progress: Progress) -> None:
        options = Options(existing=existing, shard_bytes=60, progress=progress)
        try:
            nf.filter([self.corpus], self.output, MODEL, keep=self.keep or set(), templates=self.templates, options=options)
        except KeyboardInterrupt:
            assert status(self.output).state == "cut off"

    def is_finished(self) -> bool:
        return self.keep is not None and (self.output / "run.json").exists()

    @precondition(is_finished)
    @rule(labels=KEEP)
    def restore_some(self, labels: set[str]) -> None:
        """Putting labels back is what keeping them would have been, and all of them the text as it was read."""
        assert verify(self.output).documents == sum(map(len, self.texts.values()))
        for chosen in (labels, set(LABELS)):
            back = self.folder / "back"
            restore(self.output, back, chosen)
            for name, bodies in self.texts.items():
                found = [document.body for document in nf.read_corpus(back / name)]
                assert chosen != set(LABELS) or found == bodies
            shutil.rmtree(back)

    @rule(body=BODIES, keep=KEEP, back=KEEP)
    def one_document(self, body: str, keep: set[str], back: set[str]) -> None:
        """The same without a run: segment, label, clean, put back."""
        (labelled,) = nf.label([nf.Document("d", body)], MODEL)
        assert [(p.start, p.end) for p in nf.segment(labelled.document)] == [
            (v.paragraph.start, v.paragraph.end) for v in labelled.paragraphs
        ]
        rejected = list(nf.run.conservation.rejected_rows(labelled, keep))  # type: ignore[attr-defined]
        kept = nf.clean(labelled, keep).body
        assert put_together(kept, rejected) == body
        assert put_back(kept, rejected, back) == nf.clean(labelled, keep | back).body
        assert nf.clean(labelled, KEPT | set(LABELS)).body == body

    @invariant()
    def no_file_is_half(self) -> None:
        """Whatever happened: a finished run verifies, and the input is as it was."""
        if not hasattr(self, "texts"):
            return
        if self.is_finished():
            verify(self.output)
        assert {path.name for path in self.corpus.iterdir()} == set(self.texts)


TestRuns = Runs.TestCase
TestRuns.settings = settings(max_examples=12, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck))
