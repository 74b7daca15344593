"""Running a portfolio: what changed is calculated, and all that is known goes into the tables of the store.

A member whose files and software are those of its record is not calculated again. A record is kept as soon as its
member is done, so that a run that is stopped loses only what was being calculated.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from pathlib import Path

from jcm_mrv.portfolio.calculating import FAILED, Task
from jcm_mrv.portfolio.definition import Member, Portfolio, Source
from jcm_mrv.portfolio.fingerprint import contents_of
from jcm_mrv.portfolio.gathering import result_of
from jcm_mrv.portfolio.outcome import PortfolioResult, State
from jcm_mrv.portfolio.parquet import Tables
from jcm_mrv.portfolio.records import Record
from jcm_mrv.portfolio.rows import finding_rows
from jcm_mrv.portfolio.software import software_digest
from jcm_mrv.portfolio.store import Store
from jcm_mrv.portfolio.workers import Crew, cores
from jcm_mrv.words import say

BASE_MEMORY, MEMORY_PER_BYTE = 300_000_000, 12
"""What a process takes for a member [B], and more per byte of its files; measured by benchmarks/portfolio_run.py."""
_MOST_FILES = 100_000  # of a folder that are looked at for its size
_LOOK = 5.0  # seconds between two looks whether anything goes on
_WEIGHT = 2_000_000  # bytes that a member counts besides its files when the time left is estimated

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Waiting:
    """A member that is to be calculated; ``size`` are the bytes of its files."""

    task: Task
    size: int

    @property
    def memory(self) -> int:
        """What its calculation takes [B]."""
        return BASE_MEMORY + MEMORY_PER_BYTE * self.size


@dataclass(frozen=True)
class Looked:
    """The members whose records still hold, and those that are to be calculated, in the order of the portfolio."""

    holding: frozenset[str]
    waiting: tuple[Waiting, ...]

    def record(self, store: Store) -> Callable[[str], Record | None]:
        """Reads the records that hold."""
        return lambda member: store.read(member) if member in self.holding else None


def look(portfolio: Portfolio, store: Store) -> Looked:
    """Which members have changed since they were calculated, by the content of their files."""
    software = software_digest()
    members = [one for one in portfolio.members if one.source in (Source.WORKBOOK, Source.PACKAGE)]

    def seen(member: Member) -> tuple[bool, str]:
        record = store.read(member.name)
        contents = contents_of(portfolio.path(member), record.named if record else ())
        return record is not None and record.fingerprint == contents.fingerprint(software), contents.sha256

    with ThreadPoolExecutor(cores()) as threads:  # checksums leave the other threads alone
        found = list(threads.map(seen, members))
    holding = frozenset(member.name for member, (holds, _) in zip(members, found, strict=True) if holds)
    changed = [(member, sha256) for member, (holds, sha256) in zip(members, found, strict=True) if not holds]
    size = _sizes(portfolio, members)
    waiting = tuple(
        Waiting(Task(member.name, member.source, str(path.absolute()), sha256, software), size(path))
        for member, sha256 in changed
        for path in (portfolio.path(member),)
    )
    return Looked(holding, waiting)


def _sizes(portfolio: Portfolio, members: Iterable[Member]) -> Callable[[Path], int]:
    """How many bytes a member has to read: its part of what lies in and below its folder.

    Which files a workbook names is not known before it is read; those who share a folder share its size.
    """
    sharing = Counter(folder for member in members for folder in portfolio.path(member).parents)

    @cache
    def of_folder(folder: Path) -> int:
        names = (Path(place) / name for place, _, files in os.walk(folder) for name in files)
        return sum(map(_size, islice(names, _MOST_FILES))) // sharing[folder]

    return lambda path: max(of_folder(path.parent), _size(path))


def _size(path: Path) -> int:
    """Bytes of a file; 0 where it went away meanwhile."""
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def run(
    portfolio: Portfolio,
    store: Store,
    crew: Callable[[], Crew],
    progress: Progress = lambda text: None,
) -> tuple[PortfolioResult, int]:
    """Calculate what has changed, and write the tables; the result, and how many members were calculated.

    ``crew`` is asked for who calculates when there is something to do. Raises StoreError, OSError.
    """
    with store.opened():
        progress("Looking for what has changed ...")
        looked = look(portfolio, store)
        holding = set(looked.holding)
        if looked.waiting:
            workers = crew()
            try:
                for record in _Run(workers, looked.waiting, progress).records():
                    store.write(record)
                    holding.add(record.member)
            finally:
                workers.close()
        progress("Writing the tables ...")
        tables = Tables()
        result = result_of(portfolio, replace(looked, holding=frozenset(holding)).record(store), tables.take)
        store.write_tables(tables.contents())
    return result, len(looked.waiting)


@dataclass
class _Run:
    """Members under way: as many as there are slots, and no more than the memory holds."""

    crew: Crew
    waiting: Sequence[Waiting]
    progress: Progress
    running: dict[Future[Record], Waiting] = field(default_factory=dict)
    done: int = 0

    def records(self) -> Iterator[Record]:
        """The record of each member, as they are done; the largest begin first, so that none is left for last."""
        left = sorted(self.waiting, key=lambda one: (-one.size, one.task.member))
        clock = _Clock(self.waiting)
        while left or self.running:
            self._start(left)
            for record, one in self._ended(self._finished(self.running)):
                self.done += 1
                self.progress(
                    say(
                        "{done} of {count} {left}: {member}, {state}",
                        done=self.done,
                        count=len(self.waiting),
                        left=clock.after(one),
                        member=record.member,
                        state=record.state,
                    )
                )
                yield record

    def _start(self, left: list[Waiting]) -> None:
        """Begin with the next members that there is room for; one at least, however large it is."""
        slots, memory = self.crew.slots, self.crew.memory
        for one in list(left):
            taken = sum(other.memory for other in self.running.values())
            if len(self.running) >= slots:
                return
            if self.running and taken + one.memory > memory:
                continue
            left.remove(one)
            self.running[self.crew.submit(one.task)] = one

    def _finished(self, futures: Iterable[Future[Record]]) -> set[Future[Record]]:
        """Those that are done, as soon as one is. Raises what the crew says where nothing goes on."""
        while True:
            if finished := wait(futures, _LOOK, FIRST_COMPLETED).done:
                return finished
            self.crew.check()

    def _ended(self, finished: Iterable[Future[Record]]) -> Iterator[tuple[Record, Waiting]]:
        died: list[Waiting] = []
        for future in finished:
            one = self.running.pop(future)
            if not (lost := self._lost(future)):
                yield future.result(), one
                continue
            died.append(one)
            if isinstance(lost, BrokenProcessPool):
                died += self.running.values()  # a process that dies takes the others of its pool with it
                self.running.clear()
                self.crew.renew()
                break
        yield from self._alone(died)

    def _alone(self, died: Sequence[Waiting]) -> Iterator[tuple[Record, Waiting]]:
        """Those that were under way when a process died, one by one: the one by which it dies again has failed."""
        for one in died:
            (future,) = self._finished([self.crew.submit(one.task)])
            if self._lost(future):
                self.crew.renew()
            yield (_killed(one.task) if self._lost(future) else future.result()), one

    def _lost(self, future: Future[Record]) -> BaseException | None:
        """Why a member has no record: its process is gone; None where it has one, or where something else is wrong."""
        error = CancelledError() if future.cancelled() else future.exception()
        return error if isinstance(error, (CancelledError, *self.crew.gone)) else None


def _killed(task: Task) -> Record:
    action = say("There may not be enough memory for it: close other programs, or run it on a larger machine.")
    finding = FAILED(say("the process that calculated it was ended from outside, twice"), action=action)
    return Record(task.member, "", (), State.FAILED, rows={"findings": finding_rows([finding])})


class _Clock:
    """How much time is left, by the bytes that are done."""

    def __init__(self, waiting: Iterable[Waiting]) -> None:
        self.start, self.done = time.monotonic(), 0
        self.whole = sum(one.size + _WEIGHT for one in waiting)

    def after(self, one: Waiting) -> str:
        """What is to be said after a member is done."""
        self.done += one.size + _WEIGHT
        left = (time.monotonic() - self.start) * (self.whole - self.done) / self.done
        return say("(about {time} left)", time=duration(left)) if self.done < self.whole else say("(the last)")


def duration(seconds: float) -> str:
    """Seconds as a person says them."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
