"""Paths → shards: the pieces of work of a run, the same for the same input however many workers there are.

Small files go together, a large file of JSON Lines is cut at line ends; any other file is one piece, since its parts cannot be found
without reading what is before them. A shard is what is done again when a run is cut off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from noisefilter.corpus.files import CorpusFile, corpus_files, is_folder
from noisefilter.corpus.formats import kept_name, packing_of
from noisefilter.corpus.json_lines import read_cuts
from noisefilter.corpus.remote import is_remote
from noisefilter.errors import OutputError

# Bytes of a shard: about a second of work, which is what is lost when a run is cut off.
SHARD_BYTES = 32 << 20
# Files of a shard; pages of HTML take 5 to 30 ms each.
SHARD_FILES = 500


@dataclass(frozen=True, slots=True)
class Piece:
    """A file, or the bytes of it from `part[0]` to `part[1]` that begin with line `first_line`."""

    file: CorpusFile
    part: tuple[int, int] | None = None
    first_line: int = 1

    @property
    def size(self) -> int:
        """Bytes as they lie on disk."""
        return self.part[1] - self.part[0] if self.part else self.file.size


@dataclass(frozen=True, slots=True)
class Shard:
    """Pieces that are read together; its outputs appear whole or not at all."""

    number: int
    pieces: tuple[Piece, ...]

    @property
    def size(self) -> int:
        """Bytes as they lie on disk."""
        return sum(piece.size for piece in self.pieces)

    def marks(self) -> list[list[object]]:
        """What tells that the input is still the same: name, size and time of each file."""
        return [[piece.file.name, piece.file.size, piece.file.changed, *(piece.part or ())] for piece in self.pieces]


@dataclass
class Plan:
    """The shards of a run; `passed_over` counts files that are no text by their name."""

    shards: list[Shard] = field(default_factory=list)
    n_files: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)

    @property
    def size(self) -> int:
        """Bytes of all input."""
        return sum(shard.size for shard in self.shards)


def make_plan(paths: Sequence[str | Path], output: Path, shard_bytes: int = SHARD_BYTES) -> Plan:
    """Cut the files below the paths into shards; refuses an output that is an input, and two files that would be one."""
    plan, taken = Plan(), dict[str, str]()
    pieces: list[Piece] = []
    for path in paths:
        _check_apart(path, output)
        for file in corpus_files(path):
            if not file.kind:
                plan.passed_over[PurePath(file.name).suffix] += 1
                continue
            plan.n_files += 1
            _check_name(file, taken, output)
            for piece in _cut(file, shard_bytes):
                if pieces and (sum(one.size for one in pieces) + piece.size > shard_bytes or len(pieces) == SHARD_FILES):
                    plan.shards.append(Shard(len(plan.shards), tuple(pieces)))
                    pieces = []
                pieces.append(piece)
    if pieces:
        plan.shards.append(Shard(len(plan.shards), tuple(pieces)))
    return plan


def _cut(file: CorpusFile, shard_bytes: int) -> Iterator[Piece]:
    can_cut = file.kind == "jsonl" and not packing_of(file.name) and not is_remote(file.home) and not file.trouble
    if not can_cut or file.size <= shard_bytes:
        yield Piece(file)
        return
    for part, first_line in read_cuts(file, shard_bytes):
        yield Piece(file, part, first_line)


def _check_apart(path: str | Path, output: Path) -> None:
    if is_remote(path):
        return
    home, out = Path(path).resolve(), output.resolve()
    if out == home or (is_folder(path) and out.is_relative_to(home)) or home.is_relative_to(out):
        raise OutputError(f"{output}: the output is the input {path} or inside it. Choose a folder beside it.")


def _check_name(file: CorpusFile, taken: dict[str, str], output: Path) -> None:
    kept = str(kept_name(file.name))
    if kept in taken:
        raise OutputError(f"{taken[kept]} and {file.path} would both be {output}/kept/{kept}. Filter them apart.")
    taken[kept] = file.path
