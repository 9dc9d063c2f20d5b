"""Coverage-guided fuzzing with atheris of the readers that meet text first (`fuzz_targets.py`).

    pip install atheris
    python scripts/fuzz.py segment --seconds 60
    python scripts/fuzz.py segment --seconds 600 --keep

It begins with the kept inputs of ``tests/fuzz``; `--keep` puts the smallest set that reaches as much code in their place. The exit code
is 1 when an input broke a promise (its bytes are shown and lie in the current folder), and 0 with a word where there is no atheris.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

# Bytes of an input: longer ones reach no other code and take time.
LONGEST = 400
# atheris has wheels for Linux and builds elsewhere only with a Clang of its own.
NO_ATHERIS = "fuzz: atheris is not installed (there are wheels for Linux only: pip install atheris). Nothing was fuzzed; the kept inputs of\
 tests/fuzz are played again by tests/test_fuzz.py all the same."


def main() -> None:
    """Fuzz a target for some seconds, and keep what was found if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=["segment", "quantities", "json_lines"])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--runs", type=int, default=-1, help="inputs tried at most; with a seed, the same ones each time (-1: no end)")
    parser.add_argument("--seed", type=int, default=0, help="of the inputs; 0 draws one")
    parser.add_argument("--keep", action="store_true", help="put what reaches the same code in the place of the kept inputs")
    chosen = parser.parse_args()
    try:
        import atheris  # noqa: F401
    except ImportError:
        print(NO_ATHERIS, file=sys.stderr)
        return
    from fuzz_targets import read_kept, write_kept

    with tempfile.TemporaryDirectory() as folder:
        found, smallest = Path(folder) / "found", Path(folder) / "smallest"
        found.mkdir()
        smallest.mkdir()
        for number, data in enumerate(read_kept(chosen.target)):
            (found / str(number)).write_bytes(data)
        limits = f"-max_total_time={chosen.seconds}", f"-runs={chosen.runs}", f"-seed={chosen.seed}"
        code = _fuzz(chosen.target, *limits, "-print_final_stats=1", str(found))
        if chosen.keep and not code:
            code = _fuzz(chosen.target, "-merge=1", str(smallest), str(found))
            write_kept(chosen.target, [path.read_bytes() for path in smallest.iterdir()])
    sys.exit(bool(code))


def _fuzz(target: str, *words: str) -> int:
    """libFuzzer ends its process, so it gets one of its own; to merge it starts itself again, by one word of the shell."""
    common = [f"-max_len={LONGEST}", "-timeout=10", "-rss_limit_mb=2048", "-verbosity=0"]
    with tempfile.NamedTemporaryFile("w", suffix=".sh") as itself:
        itself.write(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(__file__)} --inside {target} {itself.name} "$@"\n')
        itself.flush()
        return subprocess.run(["sh", itself.name, *common, *words], check=False).returncode


def inside(target: str) -> None:
    """The process that fuzzes: the package is instrumented while it is imported."""
    import atheris

    with atheris.instrument_imports(include=["noisefilter"]):
        from fuzz_targets import TARGETS
    atheris.Setup([f"sh {sys.argv[3]}", *sys.argv[4:]], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    inside(sys.argv[2]) if sys.argv[1:2] == ["--inside"] else main()
