"""The readings of the sheet at instants instead of local times, and which of them can be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Instants
from jcm_mrv.findings import LISTED, Finding
from jcm_mrv.meters.meters import Meter, clock_finding
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.origin import Origin
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.workbook.records import ReadingTable

INTERVALS = (SegmentKind.ENERGY, SegmentKind.MEAN)
"""The kinds of readings that have a beginning and an end."""


@dataclass(frozen=True)
class TimedReadings:
    """The readings with instants instead of local times."""

    table: ReadingTable
    timeline: Timeline
    start: Instants
    end: Instants

    def origin(self, n: int, key: str = "value") -> Origin:
        """Where a reading stands."""
        return self.table.origin(int(n), key)


def usable_readings(table: ReadingTable, meters: Mapping[str, Meter]) -> npt.NDArray[np.bool_]:
    """Which readings say all that is needed: a known meter, a time, a value and a unit."""
    energy, register = _of_interval(table), np.isin(table.kind, ("register", SegmentKind.SAMPLE.label))
    known = np.isin(table.meter_id, np.array(list(meters), dtype=np.str_)) if meters else np.zeros(len(table), bool)
    timed = ~np.isnat(table.end) & (register | (energy & (table.start < table.end)))
    usable: npt.NDArray[np.bool_] = known & timed & np.isfinite(table.value) & (table.unit != "")
    return usable


def _of_interval(table: ReadingTable) -> npt.NDArray[np.bool_]:
    """Which readings are of an interval, with a beginning and an end."""
    return np.isin(table.kind, [kind.label for kind in INTERVALS])


def with_instants(
    table: ReadingTable, timeline: Timeline, usable: npt.NDArray[np.bool_], findings: list[Finding]
) -> TimedReadings:
    """Local times as instants; what a clock change makes ambiguous is reported."""
    instants: dict[str, Instants] = {}
    for key, local, needed in (
        ("start", table.start, usable & _of_interval(table)),
        ("end", table.end, usable),
    ):
        times = timeline.to_utc(local[needed].astype("datetime64[us]").astype(np.int64))
        instants[key] = np.zeros(len(table), dtype=np.int64)
        instants[key][needed] = times.instants
        rows = np.flatnonzero(needed)
        for i in np.flatnonzero(times.ambiguous | times.missing)[:LISTED].tolist():
            n = int(rows[i])
            findings.append(clock_finding(local[n].item(), bool(times.missing[i]), table.origin(n, key)))
    # From the moment before the clock was put forward to the one after it no time passes.
    nothing = usable & _of_interval(table) & (instants["end"] <= instants["start"])
    for n in np.flatnonzero(nothing)[:LISTED].tolist():
        findings.append(clock_finding(table.start[n].item(), True, table.origin(n, "start")))
    usable &= ~nothing
    return TimedReadings(table, timeline, instants["start"], instants["end"])
