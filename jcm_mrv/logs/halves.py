"""Times as a day, a space and a time of day: each different word once, however many rows hold it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Instants, Ordinals
from jcm_mrv.logs.from_arrow import array_of

if TYPE_CHECKING:
    import pyarrow as pa

_SPACE = ord(" ")


@dataclass(frozen=True)
class Halves:
    """The words of a column of times, and for each row which of them are its day and its time of day.

    The time of day is all after the first space.
    """

    words: list[str]
    days: Ordinals
    clocks: Ordinals

    def sums(self, days: Sequence[int], clocks: Sequence[int]) -> Instants:
        """For each row what stands for its day and its time of day, given for ``heads`` and ``tails``."""
        known = np.zeros(len(self.words), dtype=np.int64)
        known[list(self.heads)] = days
        found = known[self.days]
        known[list(self.tails)] = clocks
        return found + known[self.clocks]

    @cached_property
    def heads(self) -> dict[int, str]:
        """The words that are days, in the order of the file."""
        return {n: self.words[n] for n in _each_once(self.days)}

    @cached_property
    def tails(self) -> dict[int, str]:
        """The words that are times of day."""
        return {n: self.words[n][1:] for n in _each_once(self.clocks)}


def _each_once(rows: Ordinals) -> list[int]:
    return np.flatnonzero(np.bincount(rows)).tolist()


def halves_of(texts: pa.StringArray) -> Halves | Ordinals:
    """The halves of times, of which none is null; where texts hold no space, the rows of these."""
    import pyarrow as pa

    ends: npt.NDArray[np.int32] = np.frombuffer(texts.buffers()[1], dtype=np.int32)[
        texts.offset : texts.offset + len(texts) + 1
    ]
    data = texts.buffers()[2] or b""
    spaces: Ordinals = np.append(np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == _SPACE), ends[-1:])
    first = spaces[np.searchsorted(spaces, ends[:-1])]
    if (first >= ends[1:]).any():
        return np.flatnonzero(first >= ends[1:])
    cuts = np.append(np.column_stack((ends[:-1], first)).ravel(), ends[-1:]).astype(np.int32)
    both = pa.StringArray.from_buffers(2 * len(texts), pa.py_buffer(cuts), pa.py_buffer(data)).dictionary_encode()
    places = array_of(both.indices)
    return Halves(both.dictionary.to_pylist(), places[::2], places[1::2])
