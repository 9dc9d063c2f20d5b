"""Shards → results, in this process or in several, each started anew (spawn) so that no state is inherited.

At most two shards a worker are under way, so memory is bounded. A worker that dies is noticed at once: its shard and those under way
with it are done again, each alone. A shard that kills its worker twice is read record by record until the culprit is found, and that
record is quarantined. A worker that gives no sign of life ends itself, and is then a worker that died.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from noisefilter.errors import ResourceError
from noisefilter.run.plan import Shard
from noisefilter.run.recipe import Recipe
from noisefilter.run.shard import Unwanted, find_culprit, part_path

# What is done with a shard: `filter_shard` or `count_shard`.
Task = Callable[..., Any]
# Seconds between two looks at how far the workers are.
TICK = 0.2
# Records of one shard that may kill a worker. More mean that the machine is at fault, not the data.
MOST_CULPRITS = 20
# Seconds that a worker may be at work between two records, above what a page of HTML may take. The largest record takes some ten, on a
# machine that is shared by many a minute; more only makes a run that hangs wait longer.
PATIENCE = 600.0


def do_here(task: Task, shards: Iterable[Shard], recipe: Recipe, on_bytes: Callable[[int], None]) -> Iterator[tuple[Shard, Any]]:
    """Each shard with its result, one after another in this process."""
    for shard in shards:
        yield shard, task(shard, recipe, on_bytes)


class Crew:
    """Processes that work on shards; a context manager, which ends them whatever happened."""

    def __init__(self, recipe: Recipe, n_workers: int, patience: float = PATIENCE) -> None:
        self._recipe, self._n_workers, self._patience = recipe, n_workers, patience + recipe.page_seconds
        self._context = multiprocessing.get_context("spawn")
        with _undisturbed():
            self._meter = self._context.Value("q", 0)
        # What a process is started with goes through a pipe that is never given up: a process that is killed before it has read more than
        # the pipe holds (64 KB) leaves its parent waiting for ever. So the recipe, with all the model's weights, is read from a file.
        self._folder = TemporaryDirectory(prefix="noisefilter-")
        self._handed_over = Path(self._folder.name) / "recipe"
        self._handed_over.write_bytes(pickle.dumps(recipe))
        self._pool = self._start(n_workers)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *error: object) -> None:
        _end(self._pool)
        self._folder.cleanup()

    def do(self, task: Task, shards: Iterable[Shard], on_bytes: Callable[[int], None]) -> Iterator[tuple[Shard, Any]]:
        """Each shard with its result, as they are finished."""
        waiting, under_way = iter(shards), dict[Future[Any], Shard]()
        told = self._meter.value
        while True:
            while len(under_way) < 2 * self._n_workers and (shard := next(waiting, None)) is not None:
                under_way[self._submit(task, shard)] = shard
            if not under_way:
                return
            done, _ = wait(under_way, TICK, FIRST_COMPLETED)
            on_bytes(self._meter.value - told)
            told = self._meter.value
            fallen = []
            for future in done:
                shard = under_way.pop(future)
                if isinstance(future.exception(), BrokenProcessPool):
                    fallen.append(shard)
                else:
                    yield shard, future.result()
            if fallen:
                fallen += under_way.values()
                under_way.clear()
                yield from self._do_again(task, fallen)

    def _do_again(self, task: Task, shards: list[Shard]) -> Iterator[tuple[Shard, Any]]:
        """Each shard alone, so that it is known which one ends its worker."""
        _end(self._pool)
        for shard in sorted(shards, key=lambda one: one.number):
            yield shard, self._do_alone(task, shard)
        self._pool = self._start(self._n_workers)

    def _do_alone(self, task: Task, shard: Shard) -> Any:
        unwanted = set[tuple[int, int]]()
        while len(unwanted) < MOST_CULPRITS:
            try:
                return self._try(task, shard, unwanted)
            except BrokenProcessPool:
                culprit = self._find_culprit(shard, unwanted)
            if culprit is None:
                break
            unwanted.add(culprit)
        names = ", ".join(piece.file.name for piece in shard.pieces[:3])
        raise ResourceError(f"{names}: worker processes keep dying here, perhaps for want of memory. Free some or use fewer --workers.")

    def _find_culprit(self, shard: Shard, unwanted: Unwanted) -> tuple[int, int] | None:
        """The record at which a worker dies again, None when none does."""
        try:
            self._try(find_culprit, shard, unwanted)
        except BrokenProcessPool:
            place, line = part_path(self._recipe.output, shard.number, "place").read_text().split()
            return int(place), int(line)
        return None

    def _try(self, task: Task, shard: Shard, unwanted: Unwanted) -> Any:
        pool = self._pool = self._start(1)
        try:
            with _undisturbed():
                future = pool.submit(_work, task, shard, unwanted)
            return future.result()
        finally:
            _end(pool)

    def _submit(self, task: Task, shard: Shard) -> Future[Any]:
        try:
            with _undisturbed():
                return self._pool.submit(_work, task, shard, ())
        except BrokenProcessPool as error:
            # A worker died since the last look; the shards under way are told the same by their futures.
            fallen: Future[Any] = Future()
            fallen.set_exception(error)
            return fallen

    def _start(self, n_workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(n_workers, self._context, _open, (self._handed_over, self._meter, self._patience))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold Ctrl-C and its like back while processes are started, so that none is started and not known; a signal is answered after that.

    The processes do not look for modules in the current folder, which may be the crawl itself, besides where this one does.
    """
    safe = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        with _signals_held():
            yield
    finally:
        if safe is None:
            del os.environ["PYTHONSAFEPATH"]


@contextmanager
def _signals_held() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    before = {number: signal.signal(number, lambda number, frame: held.append(number)) for number in (signal.SIGINT, signal.SIGTERM)}
    # The processes inherit what is blocked: a Ctrl-C on the terminal reaches them too.
    can_block = hasattr(signal, "pthread_sigmask")
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if can_block else set()
    try:
        yield
    finally:
        if can_block:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in before.items():
            signal.signal(number, handler)
        if held:
            signal.raise_signal(held[0])


def _end(pool: ProcessPoolExecutor) -> None:
    """End the processes now, whatever they are at: nothing half done is ever seen."""
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.kill()
    pool.shutdown(wait=True, cancel_futures=True)


# In a worker: what `_open` was given, when it last gave a sign of life, and where nobody reads what is said at its end.
_recipe: Recipe
_meter: Any
_patience: float
_last_sign = 0.0
_nowhere: Any


def _open(handed_over: Path, meter: Any, patience: float) -> None:
    """Begin a worker: Ctrl-C is the parent's to answer, and without a parent there is nothing to do."""
    global _recipe, _meter, _patience, _nowhere
    _recipe, _meter, _patience = pickle.loads(handed_over.read_bytes()), meter, patience
    _nowhere = open(os.devnull, "w")  # noqa: SIM115 - open as long as the process
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(task: Task, shard: Shard, unwanted: Unwanted) -> Any:
    global _last_sign
    _last_sign = 0.0
    _give_sign()
    try:
        return task(shard, _recipe, _count_bytes, unwanted)
    finally:
        faulthandler.cancel_dump_traceback_later()


def _count_bytes(n_bytes: int) -> None:
    if n_bytes:
        with _meter.get_lock():
            _meter.value += n_bytes
    _give_sign()


def _give_sign() -> None:
    """Put the end off: faulthandler ends the process after so many seconds, even in a loop of C that never lets go of the interpreter."""
    global _last_sign
    now = time.monotonic()
    # Not at each record: it starts a thread.
    if now - _last_sign > _patience / 10:
        _last_sign = now
        faulthandler.dump_traceback_later(_patience, exit=True, file=_nowhere)
