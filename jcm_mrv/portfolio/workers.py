"""Processes that calculate members: on this machine, as many as it has cores, or this process alone.

Nothing heavy is imported here: the limits on threads of a worker have to stand before its libraries are loaded.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from jcm_mrv.portfolio.calculating import Task
    from jcm_mrv.portfolio.records import Record

_SHARE = 0.8  # of the free memory that is taken at most
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS", "NUMEXPR_NUM_THREADS")


class Crew(Protocol):
    """Who calculates: ``slots`` members at a time."""

    @property
    def slots(self) -> int:
        """How many members are calculated at a time."""

    @property
    def memory(self) -> int:
        """How much memory they may take together [B]."""

    @property
    def gone(self) -> tuple[type[BaseException], ...]:
        """What is raised in the place of a record by a process that is gone."""

    def submit(self, task: Task) -> Future[Record]:
        """Begin with a member."""

    def check(self) -> None:
        """Raise where nothing goes on any more; a member whose process is gone is cancelled."""

    def renew(self) -> None:
        """Begin anew after a process died."""

    def close(self) -> None:
        """End the processes."""


class Inline:
    """This process, one member after the other."""

    slots = 1
    memory = 0  # one after the other, however large
    gone: tuple[type[BaseException], ...] = ()

    def submit(self, task: Task) -> Future[Record]:
        """Calculate it at once."""
        from jcm_mrv.portfolio.calculating import calculate_member

        future: Future[Record] = Future()
        future.set_result(calculate_member(task))
        return future

    def check(self) -> None:
        """Nothing: this process is alive."""

    def renew(self) -> None:
        """Nothing: this process is alive."""

    def close(self) -> None:
        """Nothing to end."""


class LocalProcesses:
    """Processes of this machine."""

    gone = (BrokenProcessPool,)

    def __init__(self, slots: int) -> None:
        self.slots, self.memory = slots, int(_SHARE * free_memory())
        self._pool = self._new()

    def _new(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
        return ProcessPoolExecutor(self.slots, context, initializer=begin_worker)

    def submit(self, task: Task) -> Future[Record]:
        """Hand a member to a process that is free."""
        from jcm_mrv.portfolio.calculating import calculate_member

        return self._pool.submit(calculate_member, task)

    def check(self) -> None:
        """Nothing: a process that dies is told by its pool."""

    def renew(self) -> None:
        """New processes in the place of those that died."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._new()

    def close(self) -> None:
        """End the processes, also those that are calculating."""
        alive = list((self._pool._processes or {}).values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in alive:
            process.terminate()
        for process in alive:
            process.join()


def begin_worker() -> None:
    """Make a new process a worker: one thread per library, no word on Ctrl-C, an end when its parent is gone."""
    for name in _ONE_THREAD:
        os.environ[name] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    import pyarrow as pa

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def free_memory() -> int:
    """Memory that can be taken now [B]; 4 GB where the system does not say."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:  # noqa: PTH123 - no file of a person
            kilobytes = next(line for line in file if line.startswith("MemAvailable:")).split()[1]
        return int(kilobytes) * 1024
    except (OSError, StopIteration, ValueError, IndexError):
        return 4_000_000_000
