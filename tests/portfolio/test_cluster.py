"""A real scheduler and workers in processes of their own: one is killed in the middle, one has other software."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from jcm_mrv.portfolio import running
from jcm_mrv.portfolio.cluster import ClusterError, DaskCluster
from jcm_mrv.portfolio.outcome import State
from jcm_mrv.portfolio.reading import read_portfolio
from jcm_mrv.portfolio.store import Store
from jcm_mrv.portfolio.workers import Inline
from support.portfolios import bytes_of, member, portfolio_file

# A worker that never comes to the end of what it is given.
HANGS = """
import time
from jcm_mrv.portfolio import calculating

def never(path):
    open({mark!r}, "w").close()
    time.sleep(600)

calculating.calculate_file = never
"""
OTHER = 'import jcm_mrv\njcm_mrv.__version__ = "0.0.9"\n'
SECONDS = 90


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Dask, killed at the end."""
    command = [sys.executable, "-W", "ignore", "-m", *arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running_now:
        try:
            yield running_now
        finally:
            running_now.kill()


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """A scheduler with three workers by name; ``tmp_path/scheduler.json`` says where it is."""
    place = tmp_path / "scheduler.json"
    preloads = {"good": "", "hangs": HANGS.format(mark=str(tmp_path / "hanging")), "other": OTHER}
    with ExitStack() as stack:
        scheduler = ("distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(place))
        stack.enter_context(process(*scheduler))
        found = {}
        for name, text in preloads.items():
            (tmp_path / f"{name}.py").write_text(text)
            command = ("distributed.cli.dask_worker", "--scheduler-file", str(place), "--name", name, "--nthreads", "1")
            options = ("--no-nanny", "--no-dashboard", "--preload", str(tmp_path / f"{name}.py"))
            found[name] = stack.enter_context(process(*command, *options, "--local-directory", str(tmp_path / "dask")))
        yield found


def address_of(place: Path, count: int) -> str:
    """Where the scheduler is, once so many workers are there."""
    from distributed import Client

    wait_for(place.exists)
    with Client(scheduler_file=str(place), timeout=SECONDS, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=SECONDS)
        return str(client.scheduler.address)


def wait_for(there: object) -> None:
    """Until a function says so."""
    until = time.monotonic() + SECONDS
    while not there():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.filterwarnings("ignore")  # what Dask says of workers that go away
def test_a_worker_that_dies_loses_nothing_and_one_with_other_software_is_refused_by_name(
    roofs: Path, tmp_path: Path, workers: dict[str, subprocess.Popen[bytes]]
) -> None:
    shutil.copytree(roofs, tmp_path / "roofs")
    read = read_portfolio(portfolio_file(tmp_path / "roofs", member("a"), member("b"), member("c")))
    address = address_of(tmp_path / "scheduler.json", 3)
    told: list[str] = []

    def progress(text: str) -> None:
        if text.startswith("1 of"):  # the good worker is done with one; the other holds one and never will be
            wait_for((tmp_path / "hanging").exists)
            os.kill(workers["hangs"].pid, signal.SIGKILL)

    store = Store(tmp_path / "store")
    result, calculated = running.run(read, store, lambda: DaskCluster(address, told.append), progress)
    assert [one.state for one in result.members] == [State.CALCULATED] * 3
    assert calculated == 3
    assert len(told) == 1
    assert "Worker other (tcp://" in told[0] and "jcm-mrv 0.0.9" in told[0]
    running.run(read, Store(tmp_path / "local"), Inline)
    assert bytes_of(store) == bytes_of(Store(tmp_path / "local"))

    workers["good"].kill()
    workers["good"].wait()
    with pytest.raises(ClusterError, match="Start one: dask worker"):
        DaskCluster(address)


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jcm_mrv.portfolio.cluster.SECONDS", 0.3)
    with pytest.raises(ClusterError, match=r"tcp://127\.0\.0\.1:1"):
        DaskCluster("tcp://127.0.0.1:1")
