"""The shards of a run as tasks of a Ray cluster, in place of the processes of `run/workers.py`; the same journal, the same bytes.

Every machine must see the input and the output under the same paths. The recipe with its model is stored once a machine and unpacked once a
worker. A task whose worker or machine is lost is done again elsewhere: it writes each file whole, under a name that depends on its shard
alone, and the journal has a row for what was returned, so nothing is there twice. What keeps killing workers is done on this machine,
where the record to blame is found and set aside.

Limits: a machine that Ray takes for dead and that still writes would meddle with the retry; `noisefilter verify` tells. Progress goes on a
whole shard at a time.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import NodeDiedError, OutOfMemoryError, RayTaskError, WorkerCrashedError

from noisefilter.run.plan import Shard
from noisefilter.run.recipe import Recipe
from noisefilter.run.workers import Crew, Task

# Times that a shard is begun again after its worker died. More would only lose time where the data is to blame.
RETRIES = 2
# Seconds between two looks at what is finished, so that Ctrl-C is answered.
TICK = 1.0


class RayCrew:
    """A Ray cluster that works on shards; a context manager like `Crew`.

    It joins the cluster that runs here or that ``RAY_ADDRESS`` names, or starts one on this machine.

    >>> import noisefilter as nf
    >>> from noisefilter.run.options import Options
    >>> nf.filter(["pages/"], "out/", nf.load_model(), options=Options(crew=RayCrew))  # doctest: +SKIP
    """

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._is_ours = not ray.is_initialized()
        if self._is_ours:
            # Nothing about a corpus leaves the machines it is read on.
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
            ray.init(log_to_driver=False, logging_level=logging.ERROR)
        self._shipped = [ray.put(recipe)]
        self._work = ray.remote(max_retries=RETRIES)(_work)

    def __enter__(self) -> RayCrew:
        return self

    def __exit__(self, *error: object) -> None:
        if self._is_ours:
            ray.shutdown()

    def do(self, task: Task, shards: Iterable[Shard], on_bytes: Callable[[int], None]) -> Iterator[tuple[Shard, Any]]:
        """Each shard with its result, as they are finished; at most two a core are under way."""
        waiting, under_way = iter(shards), dict[Any, Shard]()
        most = 2 * max(1, int(ray.cluster_resources().get("CPU", 1)))
        try:
            while True:
                while len(under_way) < most and (shard := next(waiting, None)) is not None:
                    under_way[self._work.remote(task, shard, self._shipped, str(Path.cwd()))] = shard
                if not under_way:
                    return
                for done in ray.wait(list(under_way), timeout=TICK)[0]:
                    shard = under_way.pop(done)
                    result = self._result(done, task, shard)
                    on_bytes(shard.size)
                    yield shard, result
        finally:
            for left in under_way:
                ray.cancel(left, force=True)

    def _result(self, done: Any, task: Task, shard: Shard) -> Any:
        try:
            return ray.get(done)
        except RayTaskError as error:
            # What our own code raised, as if it had been raised here.
            raise (error.cause or error) from None
        except (WorkerCrashedError, NodeDiedError, OutOfMemoryError):
            with Crew(self._recipe, 1) as crew:
                ((_, result),) = crew.do(task, [shard], lambda n_bytes: None)
            return result


def _work(task: Task, shard: Shard, shipped: list[Any], folder: str) -> Any:
    # Paths may be relative to where the run was started.
    if os.path.isdir(folder):
        os.chdir(folder)
    return task(shard, _unpacked(shipped[0]), lambda n_bytes: None)


@lru_cache(maxsize=1)
def _unpacked(recipe: Any) -> Recipe:
    """The recipe, unpacked when a worker meets it first."""
    return ray.get(recipe)
