"""Calibrations of meters against the monitoring period: when nothing proves that a meter was right.

The rules are those in general use under the CDM (Validation and verification
standard for project activities, late calibration): what was measured from the
scheduled to the actual date of a late test is corrected by the maximum
permissible error, or by the error found if that is larger. A test that fails
reaches back to the last one that was passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.monitoring.coverage import without
from jcm_mrv.monitoring.meters import ALWAYS_AFTER, ALWAYS_BEFORE, Installation, Meter
from jcm_mrv.monitoring.records import MonitoringData, Record
from jcm_mrv.monitoring.timeline import Timeline
from jcm_mrv.monitoring.zones import local_time
from jcm_mrv.origin import Origin

MISSING = Code("calibrations.missing", Severity.MAJOR, "No calibration of a meter is recorded.")
LATE = Code("calibrations.late", Severity.MAJOR, "A meter was calibrated late.")
FAILED = Code("calibrations.failed", Severity.MAJOR, "A meter failed its calibration.")
ENDED = Code("calibrations.not_covering", Severity.MAJOR, "The validity of a calibration ends before the period does.")
REPLACED = Code("calibrations.replaced_untested", Severity.MAJOR, "A meter was replaced without being tested.")
BEYOND = Code("calibrations.beyond_error", Severity.MAJOR, "A passed calibration has more than the permitted error.")
SERIAL = Code("calibrations.serial_unknown", Severity.MAJOR, "A certificate is of a meter that was never installed.")
NO_VALIDITY = Code("calibrations.no_validity", Severity.MINOR, "It is not said how long a calibration is valid.")

# A class below this many per cent is none that meters are made in: 0.5 % was written as 0.005.
LEAST_CLASS = 0.05


@dataclass(frozen=True)
class Uncertain:
    """A span (instants) in which nothing proves a meter to be right within its ``error``.

    The error is a fraction, None where the sheet Meters states neither class
    nor permissible error; ``code`` is the finding that says so, ``reason`` its
    words, ``rule`` a few of them.
    """

    meter_id: str
    start: int
    end: int
    error: float | None
    rule: str
    reason: str
    where: Origin
    code: Code
    action: str


@dataclass(frozen=True)
class _Test:
    """One row of the sheet Calibrations: valid from ``start`` until ``end`` (instants) where it is passed."""

    day: date
    start: int
    end: int
    passed: bool
    error: float
    where: Origin


@dataclass
class _Instrument:
    """A physical meter while it was installed within the period, with its tests in order."""

    meter_id: str
    serial: str
    start: int
    end: int
    removed: bool
    error: float | None
    where: Origin
    tests: list[_Test] = field(default_factory=list)


def uncertain_spans(
    meters: Mapping[str, Meter], data: MonitoringData, timeline: Timeline, *, from_installation: bool = False
) -> tuple[list[Uncertain], list[Finding]]:
    """The doubtful spans of every meter that the project measures with (monitoring option C), and other findings.

    ``from_installation``: the interval of calibration counts from the day of
    installation where the meter was calibrated before it.
    """
    reader = _Reader(meters, data, timeline, from_installation)
    spans = [span for instrument in reader.instruments() for span in _spans(instrument, timeline)]
    return spans, reader.findings


def error_of(row: Record) -> float | None:
    """The error of a meter's row as a fraction: permissible error, else class; None where neither is given.

    A percentage below any class was written as a fraction: the larger reading
    of it is taken.
    """
    percent = row.number("permissible_error")
    percent = row.number("accuracy_class") if percent is None else percent
    if percent is None or percent <= 0:
        return None
    return percent if percent < LEAST_CLASS else percent / 100


class _Reader:
    def __init__(
        self, meters: Mapping[str, Meter], data: MonitoringData, timeline: Timeline, from_installation: bool
    ) -> None:
        self.meters, self.data, self.timeline = meters, data, timeline
        self.from_installation = from_installation
        self.findings: list[Finding] = []
        self._rows: dict[str, list[Record]] = {}
        for row in data.tables["meters"]:
            self._rows.setdefault(row.text("meter_id"), []).append(row)

    def instruments(self) -> Iterator[_Instrument]:
        """The physical meters, with their tests."""
        measured = {r.text("meter_id") for r in self.data.tables["points"] if r.text("option") not in ("A", "B")}
        tests: dict[str, list[Record]] = {}
        for row in self.data.tables["calibrations"]:
            tests.setdefault(row.text("meter_id"), []).append(row)
        for name, meter in self.meters.items():
            if name in measured:
                yield from self._of_meter(meter, tests.get(name, []))

    def _of_meter(self, meter: Meter, tests: Sequence[Record]) -> Iterator[_Instrument]:
        groups = _by_serial(meter.installations)
        first, last = self.timeline.months[0].start, self.timeline.months[-1].end
        own: list[list[Record]] = [[] for _ in groups]
        for row in tests:
            which = self._group_of(row, groups)
            if which is None:
                self.findings.append(_serial_unknown(row, meter.meter_id))
            else:
                own[which].append(row)
        for group, rows in zip(groups, own, strict=True):
            start, end = max(group[0].start, first), min(group[-1].end, last)
            if start < end:
                instrument = _Instrument(
                    meter.meter_id, group[0].serial, start, end, group[-1].end < last, self._error(meter, group[0]),
                    group[0].where,
                )  # fmt: skip
                instrument.tests = sorted(self._tests(rows, group, instrument), key=lambda t: (t.day, t.passed))
                yield instrument

    def _group_of(self, row: Record, groups: Sequence[Sequence[Installation]]) -> int | None:
        """Which physical meter a certificate is of: by its serial number, else by its date."""
        serial, day = row.text("serial_number").strip(), row.when("date")
        if serial:
            return next((n for n, group in enumerate(groups) if group[0].serial == serial), None)
        if day is None or len(groups) == 1:
            return 0
        instant = self.timeline.midnight(day.date())
        return next((n for n, group in enumerate(groups) if instant < group[-1].end), len(groups) - 1)

    def _error(self, meter: Meter, one: Installation) -> float | None:
        rows = self._rows[meter.meter_id]
        row = next((r for r in rows if r.origin("meter_id") == one.where), rows[0])
        return error_of(row)

    def _tests(self, rows: Iterable[Record], group: Sequence[Installation], instrument: _Instrument) -> Iterator[_Test]:
        months = next(
            (m for r in self._rows[instrument.meter_id] if (m := r.number("calibration_interval")) is not None), None
        )
        for row in rows:
            day = row.when("date")
            if day is None:
                continue  # the reader of the workbook has named the cell
            passed = row.text("result") != "failed"
            error = abs(row.number("error_found") or 0.0) / 100
            limit = instrument.error
            if passed and limit is not None and error > limit * (1 + 1e-9):
                self.findings.append(_beyond(row, instrument.meter_id, error, limit))
            start = self.timeline.midnight(day.date())
            end = self._valid_until(row, day.date(), months, group[0])
            yield _Test(day.date(), start, end, passed, error, row.origin("date"))

    def _valid_until(self, row: Record, day: date, months: float | None, one: Installation) -> int:
        last = row.when("valid_until")
        if last is not None:
            return self.timeline.midnight(last.date() + timedelta(days=1))
        if months is not None:
            if self.from_installation and one.start > ALWAYS_BEFORE:
                day = max(day, local_time(self.timeline.zone, one.start).date())
            return self.timeline.midnight(_months_later(day, round(months)))
        self.findings.append(
            NO_VALIDITY(
                f"it is not said how long the calibration of meter {row.text('meter_id')} is valid; "
                "it is taken to hold until the next one",
                row.origin("valid_until"),
                found="empty",
                action="Enter the last day of validity, or the interval of calibration on Meters.",
            )
        )
        return ALWAYS_AFTER


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
        return date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)


# --- the doubtful spans of one instrument -----------------------------------------------


def _spans(one: _Instrument, timeline: Timeline) -> Iterator[Uncertain]:
    failed = list(_failures(one))
    yield from failed
    valid = [(span.start, span.end) for span in failed] + list(_valid(one))
    for start, end in without((one.start, one.end), valid):
        yield _uncovered(one, start, end, timeline)


def _valid(one: _Instrument) -> Iterator[tuple[int, int]]:
    """When a test that was passed holds: until its validity ends, or the next one fails."""
    for n, test in enumerate(one.tests):
        if test.passed:
            failures = [later.start for later in one.tests[n + 1 :] if not later.passed]
            yield test.start, min([test.end, *failures])


def _failures(one: _Instrument) -> Iterator[Uncertain]:
    """From the last test that was passed (or the installation) to one that failed."""
    for earlier, test in pairwise([None, *one.tests]):
        if test is None or test.passed:
            continue
        passed = [t.start for t in one.tests if t.passed and t.start < test.start]
        start = max([one.start, *passed]) if earlier is not None else one.start
        start, end = max(start, one.start), min(test.start, one.end)
        if start < end:
            yield Uncertain(
                one.meter_id, start, end, _larger(one.error, test.error), "calibration failed",
                f"the meter failed its test of {test.day} (error found {test.error * 100:.6g} %), which reaches back "
                "to the last test that it passed",
                test.where, FAILED, "Have it repaired or replaced; say since when the error can have been there.",
            )  # fmt: skip


def _uncovered(one: _Instrument, start: int, end: int, timeline: Timeline) -> Uncertain:
    """Why no passed test holds over a span, and what follows."""
    later = next((t for t in one.tests if t.start >= end), None)
    earlier = [t for t in one.tests if t.start <= start]
    since = f"{local_time(timeline.zone, start):%Y-%m-%d}"
    if later is not None and later.passed and not (earlier and not earlier[-1].passed):
        error = _larger(one.error, later.error)
        reason = f"no calibration is valid from {since} until the test of {later.day}"
        return Uncertain(
            one.meter_id, start, end, error, "calibration late", reason, later.where, LATE,
            "Keep both certificates ready, and have the meter tested in time.",
        )  # fmt: skip
    if earlier and not earlier[-1].passed:
        return Uncertain(
            one.meter_id, start, end, _larger(one.error, earlier[-1].error), "calibration failed",
            f"the meter failed its test of {earlier[-1].day}, and no later test says that it is right again",
            earlier[-1].where, FAILED, "Add the certificate of the repaired or new meter.",
        )  # fmt: skip
    if earlier:
        reason = f"the last calibration is valid before {since} only, and no later test is recorded"
        return Uncertain(
            one.meter_id, start, end, _larger(one.error, 0.0), "validity of the calibration ended", reason,
            earlier[-1].where, ENDED, "Add the later certificate, or have the meter tested now.",
        )  # fmt: skip
    code, what = (REPLACED, "it was replaced without being tested") if one.removed else (MISSING, "none is recorded")
    name = f"meter {one.serial}" if one.serial else "the meter"
    return Uncertain(
        one.meter_id, start, end, _larger(one.error, 0.0), "never calibrated",
        f"no calibration proves {name}: {what}", one.where, code,
        "Add the certificate (also that of the maker) to Calibrations, or have the meter tested.",
    )  # fmt: skip


def _larger(error: float | None, found: float) -> float | None:
    """The permissible error, or the error found if it is larger; None where neither is known."""
    if error is None:
        return found or None
    return max(error, found)


# --- findings --------------------------------------------------------------------------


def _serial_unknown(row: Record, meter: str) -> Finding:
    return SERIAL(
        f"the certificate is of a serial number that no row of meter {meter} on the sheet Meters has",
        row.origin("serial_number"),
        found=row.text("serial_number"),
        action="Correct the serial number here or on Meters, or add the meter's row.",
    )


def _beyond(row: Record, meter: str, error: float, limit: float) -> Finding:
    return BEYOND(
        f"meter {meter} is said to have passed, but the error found is larger than it may be",
        row.origin("error_found"),
        found=f"{error * 100:.6g} %, permitted {limit * 100:.6g} %",
        action="Correct the error, the result, or the permissible error on Meters. 0.2 % is written as 0.2.",
    )
