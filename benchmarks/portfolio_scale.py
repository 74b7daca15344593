"""A simulation of a portfolio's run at scale: what limits it, what is written where, what a lost machine costs.

    python benchmarks/portfolio_scale.py [--members 100000] [--machines 50] [--slots 16] [--lost 1]

Nothing is calculated. The loop of ``portfolio run`` is played with events: the client looks at the files of all
members, hands them to a scheduler, and keeps each record; machines calculate, and read their inputs from one shared
store of files; machines go away, with what they were calculating. The rates were measured on one small machine, in
seconds of a processor, or are marked as assumed.
"""

from __future__ import annotations

import argparse
import heapq
import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Rates:
    """What is measured, or assumed where it says so."""

    seconds: float = 0.6  # of a processor, for a member of 10 meters x 35,040 values
    spread: float = 0.5  # of their logarithm: most members are alike, some are several times as long (assumed)
    inputs: float = 2.7e6  # bytes that a member's files have
    record: float = 52e3  # bytes of its record
    tables: float = 16e3  # bytes that it adds to the tables
    share: float = 1.25e9  # bytes a second that the shared files give to all machines together (assumed: 10 Gbit/s)
    look: float = 3.0e-3  # seconds of the client to look at a member's files, one thread
    look_threads: int = 8
    hand: float = 1e-3  # seconds of the scheduler for each member, Dask's own figure for a small task
    keep: float = 1e-3  # seconds of the client to keep a record
    gather: float = 3.3e-3  # seconds of the client to make a member's rows of the tables


@dataclass(frozen=True)
class Played:
    """How a run went [s]; ``lost`` are members that were calculated in vain for a part."""

    look: float
    calculate: float
    gather: float
    lost: int
    busy: float
    client: float
    scheduler: float
    files: float

    @property
    def whole(self) -> float:
        """From beginning to end."""
        return self.look + self.calculate + self.gather


def play(members: int, machines: int, slots: int, lost: int, rates: Rates, seed: int = 1) -> Played:
    """Play a run; ``lost`` machines go away at random moments and do not come back."""
    draw = random.Random(seed)
    lengths = sorted((draw.lognormvariate(0.0, rates.spread) * rates.seconds for _ in range(members)), reverse=True)
    work = sum(lengths) / (machines * slots)
    deaths = sorted((draw.uniform(0.0, work), machine) for machine in draw.sample(range(machines), lost))
    free = [(0.0, machine, slot) for machine in range(machines) for slot in range(slots)]
    heapq.heapify(free)
    gone: dict[int, float] = {}
    waiting = lengths[::-1]  # the longest at the end, to be taken first
    scheduler = files = client = end = busy = 0.0
    again = 0
    while waiting:
        now, machine, slot = heapq.heappop(free)
        while deaths and deaths[0][0] <= now:
            when, which = deaths.pop(0)
            gone[which] = when
        if machine in gone:
            continue
        scheduler = max(scheduler, now) + rates.hand  # one after the other, for all machines
        length = waiting.pop()
        begun = max(now, scheduler)
        files = max(files, begun) + rates.inputs / rates.share  # whoever reads takes its part of the one store of files
        done = files + length
        dies = next((when for when, which in deaths if which == machine), None)
        if dies is not None and begun < dies < done:
            waiting.append(length)
            busy += dies - begun
            again += 1
            heapq.heappush(free, (dies, machine, slot))
            continue
        client = max(client, done) + rates.keep
        end, busy = max(end, client), busy + length
        heapq.heappush(free, (done, machine, slot))
    return Played(
        look=members * max(rates.look / rates.look_threads, rates.inputs / rates.share),
        calculate=end,
        gather=members * rates.gather,
        lost=again,
        busy=busy / (end * machines * slots),
        client=members * rates.keep / end,
        scheduler=members * rates.hand / end,
        files=members * rates.inputs / rates.share / end,
    )


def main() -> None:
    """Print what limits a run, and what machines that go away cost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--machines", type=int, default=50)
    parser.add_argument("--slots", type=int, default=16, help="members at a time on one machine")
    parser.add_argument("--lost", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=Rates.seconds)
    options = parser.parse_args()
    rates = Rates(seconds=options.seconds)
    count = options.members
    print(f"{count:,} members: inputs {count * rates.inputs / 1e9:,.0f} GB on the shared files,")
    print(f"records {count * rates.record / 1e9:,.1f} GB, tables {count * rates.tables / 1e9:,.1f} GB at the client")
    heads = (
        "machines",
        "lost",
        "look",
        "calculate",
        "tables",
        "whole",
        "machines busy",
        "scheduler",
        "client",
        "files",
        "again",
    )
    print(" ".join(f"{head:>13}" for head in heads))
    for machines, lost in ((1, 0), (options.machines // 4, 0), (options.machines, 0), (options.machines, options.lost),
                           (options.machines, 10 * options.lost), (4 * options.machines, 0)):  # fmt: skip
        one = play(count, max(1, machines), options.slots, min(lost, machines - 1), rates)
        times = (f"{t:,.0f} s" for t in (one.look, one.calculate, one.gather, one.whole))
        shares = (f"{s:.0%}" for s in (one.busy, one.scheduler, one.client, one.files))
        print(" ".join(f"{text:>13}" for text in (machines, lost, *times, *shares, one.lost)))


if __name__ == "__main__":
    main()
