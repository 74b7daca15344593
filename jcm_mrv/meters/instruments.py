"""Physical meters and their tests, as the sheets Meters and Calibrations have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from jcm_mrv.findings import Code, Finding, Severity, once
from jcm_mrv.meters.meters import ALWAYS_AFTER, ALWAYS_BEFORE, Installation, Meter
from jcm_mrv.meters.serials import serial_number
from jcm_mrv.origin import Origin
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import local_time
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows import CalibrationRow, MeterRow

BEYOND = Code("calibrations.beyond_error", Severity.MAJOR, "A passed calibration has more than the permitted error.")
SERIAL = Code("calibrations.serial_unknown", Severity.MAJOR, "It is not known of which meter a certificate is.")
BEYOND_INTERVAL = Code(
    "calibrations.beyond_interval", Severity.MINOR, "A calibration is said to be valid beyond the meter's interval."
)
NO_VALIDITY = Code("calibrations.no_validity", Severity.MAJOR, "It is not said how long a calibration is valid.")

# A class below this many per cent is none that meters are made in: 0.5 % was written as 0.005.
LEAST_CLASS = 0.05
# Longer intervals (in months) are the same as this one: no period reaches so far.
_LONGEST_INTERVAL = 1200


@dataclass(frozen=True)
class Calibration:
    """One row of the sheet Calibrations: valid from ``start`` until ``end`` (instants) where it is passed.

    ``error`` is the error found, a fraction without its sign.
    """

    day: date
    start: int
    end: int
    passed: bool
    error: float
    where: Origin


@dataclass
class Instrument:
    """A physical meter while it was installed within the period (``start`` to ``end``), with its tests in order.

    ``error`` is the fraction by which it may be wrong, None where that is
    unknown; ``removed`` says that it left before the period's end.
    """

    meter_id: str
    serial: str
    start: int
    end: int
    removed: bool
    error: float | None
    where: Origin
    tests: list[Calibration] = field(default_factory=list)

    def valid(self) -> list[tuple[int, int]]:
        """When a test that was passed holds: until its validity ends, or the next one fails."""
        spans = []
        for n, test in enumerate(self.tests):
            if test.passed:
                failures = [later.start for later in self.tests[n + 1 :] if not later.passed]
                spans.append((test.start, min([test.end, *failures])))
        return spans


def instruments(
    meters: Mapping[str, Meter],
    data: MonitoringData,
    timeline: Timeline,
    names: Iterable[str],
    *,
    from_installation: bool = False,
) -> tuple[list[Instrument], list[Finding]]:
    """The physical meters that stood under these names in the period, and what is wrong with their tests.

    ``from_installation``: the interval of calibration counts from the day of
    installation where the meter was calibrated before it.
    """
    reader = _Reader(data, timeline, from_installation)
    found = [one for name in dict.fromkeys(names) if name in meters for one in reader.of(meters[name])]
    return found, once(reader.findings)


def error_of(row: MeterRow) -> float | None:
    """The error of a meter's row as a fraction: permissible error, else class; None where neither is given.

    A percentage below any class was written as a fraction: the larger reading
    of it is taken.
    """
    percent = row.permissible_error
    percent = row.accuracy_class if percent is None else percent
    if percent is None or percent <= 0:
        return None
    return percent if percent < LEAST_CLASS else percent / 100


class _Reader:
    def __init__(self, data: MonitoringData, timeline: Timeline, from_installation: bool) -> None:
        self.timeline, self.from_installation = timeline, from_installation
        self.findings: list[Finding] = []
        self._rows: dict[str, list[MeterRow]] = {}
        for row in data.meters:
            self._rows.setdefault(row.meter_id, []).append(row)
        self._certificates: dict[str, list[CalibrationRow]] = {}
        for test in data.calibrations:
            self._certificates.setdefault(test.meter_id, []).append(test)

    def of(self, meter: Meter) -> Iterator[Instrument]:
        """What stood under one name, one after the other."""
        groups = _by_serial(meter.installations)
        own: list[list[CalibrationRow]] = [[] for _ in groups]
        for row in self._certificates.get(meter.meter_id, ()):
            for which in self._groups_of(row, groups):
                own[which].append(row)
        first, last = self.timeline.months[0].start, self.timeline.months[-1].end
        for group, rows in zip(groups, own, strict=True):
            start, end = max(group[0].start, first), min(group[-1].end, last)
            if start < end:
                one = Instrument(
                    meter.meter_id, group[0].serial, start, end, group[-1].end < last, self._error(meter, group),
                    group[0].where,
                )  # fmt: skip
                one.tests = sorted(self._tests(rows, group, one), key=lambda t: (t.day, t.passed))
                yield one

    def _groups_of(self, row: CalibrationRow, groups: Sequence[Sequence[Installation]]) -> list[int]:
        """Which physical meter a certificate is of, by its serial number: it may have come back to its place."""
        serial = serial_number(row.serial_number)
        if serial:
            found = [n for n, group in enumerate(groups) if serial_number(group[0].serial) == serial]
            if not found:
                self.findings.append(_serial_unknown(row, self._elsewhere(serial)))
            return found
        if len(groups) == 1:
            return [0]
        return [self._by_date(row, groups)]

    def _elsewhere(self, serial: str) -> str:
        """The meter ID under which a serial number stands on the sheet Meters; '' where it does not."""
        places = (
            name for name, rows in self._rows.items() if any(serial_number(r.serial_number) == serial for r in rows)
        )
        return next(places, "")

    def _by_date(self, row: CalibrationRow, groups: Sequence[Sequence[Installation]]) -> int:
        """The meter that stood there on the day of a certificate without a serial number."""
        day = row.date
        instant = ALWAYS_BEFORE if day is None else self.timeline.midnight(day.date())
        which = next((n for n, group in enumerate(groups) if instant < group[-1].end), len(groups) - 1)
        if len({serial_number(group[0].serial) for group in groups} - {""}) > 1:
            self.findings.append(_no_serial(row, groups[which][0].serial))
        return which

    def _error(self, meter: Meter, group: Sequence[Installation]) -> float | None:
        """The largest that a row of the physical meter states."""
        places = {one.where for one in group}
        rows = [row for row in self._rows[meter.meter_id] if row.origin("meter_id") in places]
        return max((error for row in rows if (error := error_of(row)) is not None), default=None)

    def _tests(
        self, rows: Iterable[CalibrationRow], group: Sequence[Installation], one: Instrument
    ) -> Iterator[Calibration]:
        months = next((m for r in self._rows[one.meter_id] if (m := r.calibration_interval) is not None), None)
        for row in rows:
            day = row.date
            if day is None:
                continue  # the reader of the workbook has named the cell
            passed = row.result != "failed"
            error = abs(row.error_found or 0.0) / 100
            if passed and one.error is not None and error > one.error * (1 + 1e-9):
                self.findings.append(_beyond(row, error, one.error))
            start = self.timeline.midnight(day.date())
            end = self._valid_until(row, day.date(), months, group[0]) if passed else start
            yield Calibration(day.date(), start, end, passed, error, row.origin("date"))

    def _valid_until(self, row: CalibrationRow, day: date, months: float | None, one: Installation) -> int:
        """The day that the certificate states, or on which the interval of calibration ends; of both the earlier."""
        ends: list[date] = []
        if row.valid_until is not None:
            ends.append(row.valid_until.date() + timedelta(days=1))
        if months is not None and months > 0:
            if self.from_installation and one.start > ALWAYS_BEFORE:
                day = max(day, local_time(self.timeline.zone, one.start).date())
            ends.append(_months_later(day, round(min(months, _LONGEST_INTERVAL))))
        if not ends:
            self.findings.append(_no_validity(row, months))
            return ALWAYS_AFTER
        if ends[0] - ends[-1] <= timedelta(days=1):  # a certificate may hold up to the same day of the month
            return self.timeline.midnight(ends[0])
        assert months is not None  # it is that of the two that ends first
        self.findings.append(_beyond_interval(row, months, min(ends)))
        return self.timeline.midnight(min(ends))


def _by_serial(installations: Sequence[Installation]) -> list[list[Installation]]:
    """Successive rows of one physical meter together."""
    groups: list[list[Installation]] = []
    for one in installations:
        if groups and groups[-1][0].same_meter(one):
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _months_later(day: date, months: int) -> date:
    """The same day some months later, or the first of the month after where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:
        return date(year, month + 2, 1)  # December has every day


def _serial_unknown(row: CalibrationRow, elsewhere: str) -> Finding:
    where = say("; it is that of meter {elsewhere}", elsewhere=elsewhere) if elsewhere else ""
    return SERIAL(
        say(
            "the certificate is of a serial number that no row of meter {meter_id} on the sheet Meters has{where}",
            meter_id=row.meter_id,
            where=where,
        ),
        row.origin("serial_number"),
        found=row.serial_number,
        action=say(
            "Correct the serial number here or on Meters, or add the meter's row. A meter that was moved has a row for "
            "each place, and its certificate too."
        ),
    )


def _no_serial(row: CalibrationRow, taken: str) -> Finding:
    return SERIAL(
        say(
            "the certificate has no serial number, and several meters stood at {meter_id}: by its date it is taken to "
            "be of {taken}",
            meter_id=row.meter_id,
            taken=taken or say("the one without a number"),
        ),
        row.origin("serial_number"),
        found=row.serial_number or say("empty"),
        action=say("Enter the serial number of the meter that was calibrated."),
    )


def _beyond(row: CalibrationRow, error: float, limit: float) -> Finding:
    return BEYOND(
        say(
            "meter {meter_id} is said to have passed, but the error found is larger than it may be",
            meter_id=row.meter_id,
        ),
        row.origin("error_found"),
        found=say("{error:.6g} %, permitted {limit:.6g} %", error=error * 100, limit=limit * 100),
        action=say("Correct the error, the result, or the permissible error on Meters. 0.2 % is written as 0.2."),
    )


def _beyond_interval(row: CalibrationRow, months: float, due: date) -> Finding:
    return BEYOND_INTERVAL(
        say(
            "the calibration of meter {meter_id} is said to be valid for longer than its interval of {months:g} "
            "months; it is taken to hold until that ends",
            meter_id=row.meter_id,
            months=months,
        ),
        row.origin("valid_until"),
        found=say("{valid}, the interval ends on {due}", valid=row["valid_until"].text[:10], due=due),
        action=say(
            "Nothing, if the meter was tested again by then: add that certificate. Else correct the last day of "
            "validity, or the interval on Meters, as the monitoring plan has it."
        ),
    )


def _no_validity(row: CalibrationRow, months: float | None) -> Finding:
    return NO_VALIDITY(
        say(
            "it is not said how long the calibration of meter {meter_id} is valid; it is taken to hold until the next "
            "one",
            meter_id=row.meter_id,
        ),
        row.origin("valid_until"),
        found=say("empty")
        if months is None
        else say("empty, and an interval of {months:g} months on Meters", months=months),
        action=say("Enter the last day of validity, or the interval of calibration on Meters."),
    )
