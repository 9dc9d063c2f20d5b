"""What must hold for the readers that meet text first, whatever the bytes; `fuzz.py` looks for bytes for which it does not.

Inputs that once reached new code are kept in ``tests/fuzz``, one in a line of JSON; `tests/test_fuzz.py` plays them again everywhere.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path

from noisefilter.corpus.intake import Intake
from noisefilter.corpus.json_lines import read_json_lines
from noisefilter.noise.segment import segment
from noisefilter.records import Document
from noisefilter.reliability.quantities import read_quantities

# What is no blank to Python and is not seen either: blanks of no width, and marks of direction.
UNSEEN = dict.fromkeys([*range(0x200B, 0x2010), 0xFEFF])
KEPT = Path(__file__).resolve().parent.parent / "tests" / "fuzz"


def fuzz_segment(data: bytes) -> None:
    """Offsets are exact, paragraphs are in order, and nothing visible lies between them."""
    body = data.decode("utf-8", "surrogateescape")
    at = 0
    for paragraph in segment(Document("d", body)):
        assert at <= paragraph.start < paragraph.end
        assert body[paragraph.start : paragraph.end] == paragraph.text
        assert not body[at : paragraph.start].translate(UNSEEN).strip()
        at = paragraph.end
    assert not body[at:].translate(UNSEEN).strip()


def fuzz_quantities(data: bytes) -> None:
    """Every quantity stands where it says, and its bounds hold its value."""
    text = data.decode("utf-8", "replace")
    for quantity in read_quantities(text):
        assert text[quantity.start : quantity.end] == quantity.text
        assert quantity.low is None or quantity.high is None or quantity.low <= quantity.high


def fuzz_json_lines(data: bytes) -> None:
    """Every line that is not blank is a document or in quarantine."""
    bad: list[object] = []
    intake = Intake("x", bad.append)
    n_documents = sum(1 for _ in read_json_lines(io.BytesIO(data), intake))
    assert n_documents + len(bad) == intake.n_records == sum(1 for line in data.split(b"\n") if line.strip())


TARGETS: dict[str, Callable[[bytes], None]] = {
    "segment": fuzz_segment,
    "quantities": fuzz_quantities,
    "json_lines": fuzz_json_lines,
}


def read_kept(target: str) -> list[bytes]:
    """The kept inputs of a target."""
    path = KEPT / f"{target}.jsonl"
    return [base64.b64decode(json.loads(line)) for line in path.read_text().splitlines()] if path.exists() else []


def write_kept(target: str, inputs: list[bytes]) -> None:
    """Keep these inputs, short ones first."""
    KEPT.mkdir(exist_ok=True)
    lines = [json.dumps(base64.b64encode(data).decode()) + "\n" for data in sorted(set(inputs), key=lambda data: (len(data), data))]
    (KEPT / f"{target}.jsonl").write_text("".join(lines))
