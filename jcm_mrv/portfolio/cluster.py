"""The workers of an existing Dask cluster as those who calculate; everything else stays as with local processes.

The folder of the portfolio has to be there for every worker under the same path. A cluster runs what is sent to it and
is believed what it sends back: use only one that you trust.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.portfolio.calculating import Task, calculate_member
from jcm_mrv.portfolio.software import software_digest, software_name
from jcm_mrv.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jcm_mrv.portfolio.records import Record

SECONDS = 30
"""How long the scheduler may take to answer."""


class ClusterError(JcmMrvError, RuntimeError):
    """The Dask cluster cannot be used; the text says what to do."""


def software_here() -> tuple[str, str]:
    """The digest and the name of a worker's software."""
    return software_digest(), software_name()


class DaskCluster:
    """The workers of the scheduler at ``address`` that have the same software; the others get nothing to do."""

    def __init__(self, address: str, tell: Callable[[str], None] = lambda text: None) -> None:
        self._tell, self._address = tell, address
        self._known: dict[str, bool] = {}
        self._waiting: dict[Future[Record], list[str]] = {}
        self._client = _client(address)
        from distributed.client import FutureCancelledError
        from distributed.scheduler import KilledWorker

        self.gone: tuple[type[BaseException], ...] = (KilledWorker, FutureCancelledError)
        self._executor = self._client.get_executor(pure=False, retries=0, allow_other_workers=False)
        try:
            self.check()
        except ClusterError:
            self.close()
            raise

    @property
    def slots(self) -> int:
        """Two members for each thread of a worker, so that none waits for the next."""
        threads: Mapping[str, int] = self._client.nthreads()
        return max(1, 2 * sum(threads[worker] for worker in self._workers()))

    @property
    def memory(self) -> int:
        """What all workers together may hold [B]: the members that wait are held by none."""
        there: Mapping[str, Mapping[str, int]] = self._client.scheduler_info(n_workers=-1)["workers"]
        return 2 * sum(there[worker]["memory_limit"] for worker in self._workers() if worker in there)

    def submit(self, task: Task) -> Future[Record]:
        """Hand a member to a worker; where one dies by it the scheduler hands it to another, three times."""
        workers = self._workers()
        found: Future[Record] = self._executor.submit(calculate_member, task, workers=workers)
        self._waiting[found] = workers
        return found

    def check(self) -> None:
        """Take back what waits for workers that are all gone. Raises ClusterError where no worker is left."""
        workers = self._workers()
        if not workers:
            raise ClusterError(
                say(
                    "No worker at {address} has {software}, and nothing goes on without one. Start one: dask worker "
                    "{address}. What is calculated already is kept.",
                    address=self._address, software=software_name(),
                )
            )  # fmt: skip
        for future, chosen in list(self._waiting.items()):
            if future.done() or not set(chosen) & set(workers):
                del self._waiting[future]
                future.cancel()

    def renew(self) -> None:
        """Nothing: the scheduler hands what a dead worker had to another."""

    def close(self) -> None:
        """Leave the cluster as it was."""
        self._client.close()

    def _workers(self) -> list[str]:
        """The workers with this software. One that was not known yet is asked, and a stranger is named once."""
        there = list(self._client.nthreads())
        if new := [worker for worker in there if worker not in self._known]:
            for worker, found in self._client.run(software_here, workers=new, on_error="return").items():
                self._know(worker, found)
        return [worker for worker in there if self._known.get(worker)]

    def _know(self, worker: str, found: Any) -> None:
        same = isinstance(found, tuple) and found[0] == software_digest()
        self._known[worker] = same
        if not same:
            has = found[1] if isinstance(found, tuple) else say("no jcm-mrv that answers ({why})", why=str(found)[:200])
            self._tell(
                say(
                    "Worker {worker} gets nothing to do: it has {has}, not {software}.",
                    worker=self._name(worker), has=has, software=software_name(),
                )
            )  # fmt: skip

    def _name(self, worker: str) -> str:
        info = self._client.scheduler_info(n_workers=-1)["workers"].get(worker, {})
        return f"{info.get('name', worker)} ({worker})"


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(say("--dask needs the Dask library: pip install distributed")) from error
    try:
        client: Any = Client
        return client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:  # a TimeoutError is an OSError
        raise ClusterError(
            say("no Dask scheduler answers at {address}: {why}", address=address, why=str(error)[:200])
        ) from error
