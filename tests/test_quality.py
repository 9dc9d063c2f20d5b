"""Quality does not fall unnoticed: held-out figures have floors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_held_out_dumps_stay_above_their_floors(shared: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            str(ROOT / "scripts" / "evaluate.py"),
            str(shared / "data" / "noise" / "dumps_dev"),
            "--model",
            str(ROOT / "models" / "default"),
            "--floors",
            str(ROOT / "tests" / "floors.json"),
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_seed_feed_loses_no_content(shared: Path) -> None:
    """Every teaser and spam line of seed 004 is found, and no content is lost."""
    import noisefilter as nf

    name = "004_c17df665f48eee7d.txt"
    gold = [json.loads(line) for line in (shared / "seeds" / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    labels = [row["label"] for row in gold if row["file"] == name]
    (labelled,) = nf.label(nf.read_corpus(shared / "seeds" / name), nf.load_model(ROOT / "models" / "default"))
    found = [str(paragraph.label) for paragraph in labelled.paragraphs]
    foreign = [(want, got) for want, got in zip(labels, found, strict=True) if want in ("teaser", "spam")]
    assert all(want == got for want, got in foreign)
    assert not [got for want, got in zip(labels, found, strict=True) if want == "content" and not nf.Label(got).is_kept]
