"""Offsets from UTC that a log's times carry, against the zone that the sheet Logs states."""

from __future__ import annotations

from datetime import tzinfo

import numpy as np

from jcm_mrv.arrays import Instants, Ordinals
from jcm_mrv.logs.findings import ZONE, Problems
from jcm_mrv.time.zones import HOUR, MINUTE, offset_at, transitions
from jcm_mrv.words import say


def check_offsets(stamp: Instants, line: Ordinals, offsets: Instants, zone: tzinfo | None, problems: Problems) -> None:
    """Report times whose own offset (microseconds) contradicts the stated zone."""
    if zone is None or not len(stamp):
        return
    stated = np.full(len(stamp), offset_at(zone, int(stamp.min())), dtype=np.int64)
    for instant, _, after in transitions(zone, int(stamp.min()), int(stamp.max()) + 1):
        stated[stamp >= instant] = after
    wrong = np.flatnonzero(stated != offsets)
    if len(wrong):
        i = int(wrong[0])
        problems.many(
            ZONE,
            say("the times of the log carry another offset than the stated time zone {zone}", zone=zone),
            say(
                "State the zone in which the log is written, or leave its cell empty where every time carries its "
                "offset"
            ),
            int(line[i]),
            say(
                "{offset_text} in the log, {offset_text_2} by the zone",
                offset_text=_offset_text(int(offsets[i])),
                offset_text_2=_offset_text(int(stated[i])),
            ),
            len(wrong),
        )


def _offset_text(offset: int) -> str:
    hours, rest = divmod(abs(offset), HOUR)
    return f"UTC{'-' if offset < 0 else '+'}{hours:02d}:{rest // MINUTE:02d}"
