"""Coverage-guided fuzzing with atheris of the readers that meet text first.

    pip install atheris
    python scripts/fuzz.py segment tests/fuzz/segment -max_total_time=60

Words after the target are libFuzzer's: a folder keeps the inputs that reached new code, so that the next run begins where this one ended.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import atheris

with atheris.instrument_imports(include=["noisefilter"]):
    from noisefilter.corpus.intake import Intake
    from noisefilter.corpus.json_lines import read_json_lines
    from noisefilter.noise.segment import segment
    from noisefilter.records import Document
    from noisefilter.reliability.quantities import read_quantities


def fuzz_segment(data: bytes) -> None:
    """Offsets are exact, paragraphs are in order, and nothing visible lies between them."""
    body = data.decode("utf-8", "surrogateescape")
    at = 0
    for paragraph in segment(Document("d", body)):
        assert at <= paragraph.start < paragraph.end
        assert body[paragraph.start : paragraph.end] == paragraph.text
        assert not body[at : paragraph.start].replace("\u200b", "").replace("\ufeff", "").strip()
        at = paragraph.end


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


def main() -> None:
    """Fuzz the target that is named first."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"usage: fuzz.py {'|'.join(TARGETS)} [FOLDER] [-max_total_time=60]")
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
