"""The hour that a clock shows twice: which one a row means follows from the order of rows, or is not known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Flags, Instants, Ordinals
from jcm_mrv.time.zones import DAY, UtcTimes, to_utc, transitions


@dataclass(frozen=True)
class Settled:
    """Instants of local times, and what is not certain of them.

    ``unsure`` are times that the clock showed twice and no order of rows
    settles, ``skipped`` those that it did not show; ``settled`` counts the
    rows that their order settled.
    """

    instants: Instants
    unsure: Flags
    skipped: Flags
    settled: int = 0


def settle(local: Instants, zone: tzinfo, names: npt.NDArray[np.str_] | None) -> Settled:
    """Instants of local times in the order of the file. ``names``: rows of several meters follow each other."""
    times = to_utc(local, zone)
    skipped = times.missing | _named_twice(local, times)
    if not times.ambiguous.any():
        return Settled(times.instants, times.ambiguous, skipped)
    instants, unsure, count = times.instants.copy(), times.ambiguous.copy(), 0
    for rows in _of_each(names, len(local)):
        for run in _runs(local, rows, times.ambiguous):
            later = _second_pass(local[run])
            if later is None:
                continue
            instants[run[later]] += _shift(zone, int(times.instants[run[0]]))
            unsure[run] = False
            count += len(run)
    return Settled(instants, unsure, skipped, count)


def _named_twice(local: Instants, times: UtcTimes) -> Flags:
    """The moment of a jump has two names (02:00 and 03:00): where a log holds both, it does not follow that clock."""
    flags = np.zeros(local.shape, dtype=np.bool_)
    both = np.flatnonzero((np.diff(times.instants) == 0) & (np.diff(local) != 0))
    for n in both.tolist():
        flags[n if local[n] < local[n + 1] else n + 1] = True  # the earlier name is the one that was skipped
    return flags


def _of_each(names: npt.NDArray[np.str_] | None, count: int) -> Iterator[Ordinals]:
    """The rows of each meter, in the order of the file."""
    if names is None:
        yield np.arange(count, dtype=np.int64)
        return
    for name in np.unique(names).tolist():
        yield np.flatnonzero(names == name)


def _runs(local: Instants, rows: Ordinals, ambiguous: Flags) -> Iterator[Ordinals]:
    """Rows of doubled times that follow each other, in order of time."""
    if len(rows) > 1 and int(np.median(np.diff(local[rows]))) < 0:
        rows = rows[::-1]
    inside = np.flatnonzero(ambiguous[rows])
    if len(inside):
        for part in np.split(inside, np.flatnonzero(np.diff(inside) > 1) + 1):
            yield rows[part]


def _second_pass(local: Instants) -> Ordinals | None:
    """The rows after the clock was set back; None where it is not seen once, or not both hours are there."""
    back = np.flatnonzero(np.diff(local) <= 0)
    return np.arange(int(back[0]) + 1, len(local), dtype=np.int64) if len(back) == 1 else None


def _shift(zone: tzinfo, instant: int) -> int:
    """By how much the clock was set back around an instant."""
    return next(
        before - after for _, before, after in transitions(zone, instant - DAY, instant + DAY) if after < before
    )
