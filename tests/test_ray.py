"""A run on Ray gives the bytes of a run without it, also when a worker dies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_run import CORPUS, Deadly, corpus, deadly_corpus, run, same

from noisefilter.cli import main
from noisefilter.errors import CorpusError
from noisefilter.noise.model import NoiseModel
from noisefilter.run.plan import make_plan
from noisefilter.run.shard import filter_shard
from noisefilter.run.verify import verify

ray = pytest.importorskip("ray", reason="needs the extra ray: pip install 'noisefilter[ray]'")

__all__ = ["corpus"]


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """Two nodes of one core on this machine."""
    from ray.cluster_utils import Cluster

    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    nodes.add_node(num_cpus=1)
    here = {"PYTHONPATH": str(Path(__file__).parent)}
    ray.init(address=nodes.address, log_to_driver=False, runtime_env={"env_vars": here})
    yield
    ray.shutdown()
    nodes.shutdown()


@pytest.mark.usefixtures("cluster")
def test_ray_gives_the_same_bytes(corpus: Path, tmp_path: Path, model: NoiseModel) -> None:
    from noisefilter.adapters.ray import RayCrew

    run(corpus, tmp_path / "here", model)
    run(corpus, tmp_path / "ray", model, crew=RayCrew)
    assert same(tmp_path / "here", tmp_path / "ray")
    assert verify(tmp_path / "ray").quarantined == 1


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize(("words", "quarantined"), [("KILL ONCE", 0), ("KILL", 1)])
def test_a_worker_that_dies_is_replaced(words: str, quarantined: int, tmp_path: Path, model: NoiseModel) -> None:
    from noisefilter.adapters.ray import RayCrew

    source, output = deadly_corpus(tmp_path / "in", words), tmp_path / "out"
    (output / ".parts").mkdir(parents=True)
    plan = make_plan([source], output, 300)
    with RayCrew(Deadly(output, model)) as crew:
        rows = [row["counts"] for _, row in crew.do(filter_shard, plan.shards, lambda n: None)]
    assert len(rows) == len(plan.shards)
    assert (sum(row["documents"] for row in rows), sum(row["quarantined"] for row in rows)) == (18 - quarantined, quarantined)


@pytest.mark.usefixtures("cluster")
def test_an_error_comes_back_as_it_was_raised(tmp_path: Path, model: NoiseModel) -> None:
    from noisefilter.adapters.ray import RayCrew

    source, output = deadly_corpus(tmp_path / "in", "x"), tmp_path / "out"
    plan = make_plan([source], output)
    with RayCrew(Deadly(output, model)) as crew, pytest.raises(CorpusError, match="broken on purpose"):
        list(crew.do(raise_error, plan.shards, lambda n: None))


def raise_error(*given: object) -> None:
    raise CorpusError("broken on purpose")


@pytest.mark.usefixtures("cluster")
def test_the_command_takes_ray(tmp_path: Path) -> None:
    for engine in ("local", "ray"):
        with pytest.raises(SystemExit) as end:
            main(["filter", str(CORPUS / "100_marrow_crane.txt"), "-o", str(tmp_path / engine), "--engine", engine])
        assert end.value.code == 0
    assert same(tmp_path / "local", tmp_path / "ray")
