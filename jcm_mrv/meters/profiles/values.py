"""Single values of a meter as they were read, for a rule that needs them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Instants, Numbers
from jcm_mrv.origin import Origin


@dataclass(frozen=True, eq=False)
class ReadValues:
    """Values in order of time, before unit and transformer factor; ``where`` gives the place of the n-th.

    ``time`` is the beginning of each value's interval in microseconds UTC, of
    a register the moment of its reading; ``value`` what the file or the sheet
    Readings holds, of a register what it showed.
    """

    time: Instants
    value: Numbers
    where: Callable[[int], Origin]

    def __len__(self) -> int:
        return len(self.value)


def joined(parts: Sequence[ReadValues]) -> ReadValues:
    """Values of several sources of one meter as one, in order of time."""
    if len(parts) == 1:
        return parts[0]
    none = np.empty(0, dtype=np.int64)
    time = np.concatenate([none, *(part.time for part in parts)])
    order = np.argsort(time, kind="stable")
    part_of = np.repeat(np.arange(len(parts)), [len(part) for part in parts])[order]
    place = np.concatenate([none, *(np.arange(len(part)) for part in parts)])[order]
    value: Numbers = np.concatenate([np.empty(0), *(part.value for part in parts)])[order]
    return ReadValues(time[order], value, lambda n: parts[int(part_of[n])].where(int(place[n])))
