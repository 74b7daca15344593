"""Meters over time: which physical meter and which transformer factor holds when.

Several rows of the sheet Meters with one meter id are what stood at that
place one after the other: a new meter, or new transformers on the same one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from itertools import pairwise

import numpy as np

from jcm_mrv.arrays import Instants
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.serials import serial_number
from jcm_mrv.origin import NOWHERE, Origin
from jcm_mrv.time.zones import micros, to_utc
from jcm_mrv.words import say
from jcm_mrv.workbook.rows import MeterKey, MeterRow

METER_HISTORY = Code("readings.meter_history", Severity.ERROR, "The rows of a meter contradict each other")
METER_VALUE = Code("readings.meter_value", Severity.ERROR, "A number of a meter's row cannot be right")
CLOCK_CHANGE = Code("readings.clock_change", Severity.ERROR, "A local time that the clock showed twice or skipped")

ALWAYS_BEFORE = -(2**62)
ALWAYS_AFTER = 2**62


@dataclass(frozen=True)
class Installation:
    """One row of Meters: from ``start`` to ``end`` (instants) a serial number counts with a factor.

    ``opening`` and ``closing`` are register readings at those instants, None
    where none is recorded. ``digits`` is the register's count of whole
    digits, None where unknown.
    """

    serial: str
    unit: str
    factor: float
    digits: int | None
    start: int
    end: int
    opening: float | None = None
    closing: float | None = None
    where: Origin = NOWHERE
    where_opening: Origin = NOWHERE
    where_closing: Origin = NOWHERE

    @property
    def size(self) -> float | None:
        """What the register counts before it starts again at 0, in its own unit."""
        return None if self.digits is None else float(10**self.digits)

    def same_meter(self, other: Installation) -> bool:
        """True when both rows speak of one physical meter (its register goes on)."""
        serial = serial_number(self.serial)
        return bool(serial) and serial == serial_number(other.serial)


@dataclass(frozen=True)
class Meter:
    """A place that is metered, with its installations in order of time."""

    meter_id: str
    installations: tuple[Installation, ...]

    @property
    def unit(self) -> str:
        """The unit of its register, empty where the sheet leaves it to the readings."""
        return next((i.unit for i in self.installations if i.unit), "")

    def away(self) -> list[tuple[int, int]]:
        """The times between two installations in which no meter stands at the place."""
        return [(one.end, later.start) for one, later in pairwise(self.installations) if one.end < later.start]

    @property
    def place(self) -> tuple[int, int]:
        """From when to when the place is metered: from the first installation to the last removal."""
        return self.installations[0].start, max(one.end for one in self.installations)

    def limits(self) -> list[int]:
        """Every instant at which an installation starts or ends."""
        ends = {i.start for i in self.installations} | {i.end for i in self.installations}
        return sorted(ends - {ALWAYS_BEFORE, ALWAYS_AFTER})

    def installation_at(self, start: Instants) -> Instants:
        """For each instant the ordinal of the installation that holds from it on, -1 where there is none."""
        starts = np.array([i.start for i in self.installations], dtype=np.int64)
        ends = np.array([i.end for i in self.installations], dtype=np.int64)
        at = np.searchsorted(starts, start, side="right") - 1
        return np.where((at >= 0) & (start < ends[np.maximum(at, 0)]), at, -1)


@dataclass
class _Builder:
    """Collects installations and what is wrong with them."""

    zone: tzinfo
    meters: dict[str, list[Installation]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def instant(self, row: MeterRow, key: MeterKey, otherwise: int) -> int:
        moment = row[key].when
        if moment is None:
            return otherwise
        times = to_utc(np.array([micros(moment)], dtype=np.int64), self.zone)
        if not times.certain:
            self.findings.append(clock_finding(moment, bool(times.missing[0]), row.origin(key)))
        return int(times.instants[0])

    def factor(self, row: MeterRow) -> float:
        factor = row.transformer_factor
        if factor is None:
            return 1.0
        if not math.isfinite(factor) or factor <= 0:
            what = say("the transformer factor is not a positive number")
            action = say("Write the ratio of the current and voltage transformers, 1 where there is none")
            self.findings.append(
                METER_VALUE(
                    what, row.origin("transformer_factor"), found=say("{factor:g}", factor=factor), action=action
                )
            )
        return factor

    def digits(self, row: MeterRow) -> int | None:
        digits = row.register_digits
        if digits is None:
            return None
        if digits != int(digits) or not 1 <= digits <= 15:
            what = say("the number of register digits is not a whole number from 1 to 15")
            action = say("Count the register's digits before the decimal point")
            self.findings.append(
                METER_VALUE(what, row.origin("register_digits"), found=say("{digits:g}", digits=digits), action=action)
            )
            return None
        return int(digits)

    def add(self, row: MeterRow) -> None:
        self.meters.setdefault(row.meter_id, []).append(
            Installation(
                serial=row.serial_number,
                unit=row.unit,
                factor=self.factor(row),
                digits=self.digits(row),
                start=self.instant(row, "installed", ALWAYS_BEFORE),
                end=self.instant(row, "removed", ALWAYS_AFTER),
                opening=row.opening_reading,
                closing=row.closing_reading,
                where=row.origin("meter_id"),
                where_opening=row.origin("opening_reading"),
                where_closing=row.origin("closing_reading"),
            )
        )

    def check(self, meter: Meter) -> None:
        # A removal before the installation is reported with the other reversed intervals of the workbook.
        for one, following in pairwise(meter.installations):
            if one.end > following.start:
                self.findings.append(self._overlap(meter, one, following))

    def _overlap(self, meter: Meter, one: Installation, following: Installation) -> Finding:
        open_end = one.end == ALWAYS_AFTER or following.start == ALWAYS_BEFORE
        return METER_HISTORY(
            say("two rows of meter {meter_id} hold at the same time", meter_id=meter.meter_id),
            following.where,
            found=say("this row and {where}", where=one.where)
            + (say("; a date of installation or removal is missing") if open_end else ""),
            action=say("Give each row the date and time of installation and removal, so that one follows the other"),
        )


def clock_finding(moment: datetime, skipped: bool, where: Origin) -> Finding:
    """The finding for a local time that does not name one instant."""
    what = (
        say("the clock skipped this time (it was put forward)") if skipped else say("the clock showed this time twice")
    )
    return CLOCK_CHANGE(
        what, where, found=f"{moment}", action=say("Give a time before or after the change, or readings of whole days")
    )


def read_meters(rows: Iterable[MeterRow], zone: tzinfo) -> tuple[dict[str, Meter], list[Finding]]:
    """The meters by id in the order of the sheet, and what is wrong with their rows."""
    builder = _Builder(zone)
    for row in rows:
        builder.add(row)
    meters = {name: Meter(name, _in_order(found)) for name, found in builder.meters.items()}
    for meter in meters.values():
        builder.check(meter)
    return meters, builder.findings


def _in_order(found: list[Installation]) -> tuple[Installation, ...]:
    """By time; where one meter only gets new transformers, its reading at that moment counts for both rows."""
    rows = sorted(found, key=lambda i: (i.start, i.end))
    for k, (one, following) in enumerate(pairwise(rows)):
        if one.same_meter(following) and one.end == following.start:
            if one.closing is None:
                rows[k] = replace(one, closing=following.opening, where_closing=following.where_opening)
            if following.opening is None:
                rows[k + 1] = replace(following, opening=one.closing, where_opening=one.where_closing)
    return tuple(rows)
