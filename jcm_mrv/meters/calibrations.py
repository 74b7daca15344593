"""Calibrations of meters against the monitoring period: when nothing proves that a meter was right.

The rules are those in general use under the CDM (Validation and verification
standard for project activities, late calibration): what was measured from the
scheduled to the actual date of a late test is corrected by the maximum
permissible error, or by the error found if that is larger. A test that fails
in time reaches back to the last one that was passed, a late one to the day on
which it fell due. A meter that failed and stays in use stays questionable until
a test that it passes (as left, also of the same day).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.coverage import without
from jcm_mrv.meters.instruments import Calibration, Instrument, instruments
from jcm_mrv.meters.meters import Meter
from jcm_mrv.origin import Origin
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import local_time
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData

MISSING = Code("calibrations.missing", Severity.MAJOR, "No calibration of a meter is recorded.")
LATE = Code("calibrations.late", Severity.MAJOR, "A meter was calibrated late.")
FAILED = Code("calibrations.failed", Severity.MAJOR, "A meter failed its calibration.")
ENDED = Code("calibrations.not_covering", Severity.MAJOR, "The validity of a calibration ends before the period does.")
REPLACED = Code("calibrations.replaced_untested", Severity.MAJOR, "A meter was replaced without being tested.")


@dataclass(frozen=True)
class OverdueSpan:
    """A span (instants) in which nothing proves a meter to be right within its ``error``.

    The error is a fraction, None where the sheet Meters states neither class
    nor permissible error; ``found`` the one that a test found, 0 where it says
    none; ``code`` is the finding that says so, ``reason`` its words, ``rule`` a few of them.
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
    found: float = 0.0
    of: str = ""
    """The meter that the span is one of, where ``meter_id`` is something made of its readings."""

    @property
    def unknown(self) -> bool:
        """True where the meter failed, and no certificate says by how much: it may be wrong by anything."""
        return self.code is FAILED and not self.found

    @property
    def own(self) -> OverdueSpan:
        """The span of the meter itself."""
        return replace(self, meter_id=self.of, of="") if self.of else self


def overdue_spans(
    meters: Mapping[str, Meter], data: MonitoringData, timeline: Timeline, *, from_installation: bool = False
) -> tuple[list[OverdueSpan], list[Finding]]:
    """The spans of overdue calibration of every meter of monitoring option C, and other findings.

    The spans of one physical meter do not overlap. ``from_installation``: the
    interval of calibration counts from the day of installation where the meter
    was calibrated before it.
    """
    measured = {r.meter_id for r in data.points if r.option not in ("A", "B")}
    names = [name for name in meters if name in measured - samples_of(data)]
    found, findings = instruments(meters, data, timeline, names, from_installation=from_installation)
    return [span for one in found for span in _spans(one, timeline)], findings


def samples_of(data: MonitoringData) -> set[str]:
    """The names on Meters under which samples stand: what a laboratory finds is shown by no instrument of the plant."""
    return set(data.readings.meter_id[data.readings.kind == "sample"].tolist())


def _spans(one: Instrument, timeline: Timeline) -> Iterator[OverdueSpan]:
    failed = list(_failures(one))
    yield from failed
    known = [(span.start, span.end) for span in failed] + one.valid()
    for start, end in without((one.start, one.end), known):
        yield _uncovered(one, start, end, timeline)


def _failures(one: Instrument) -> Iterator[OverdueSpan]:
    """What a failed test makes questionable; an earlier failure has a span of its own.

    A test in time reaches back to the one before it (or the installation); a late one to the day on which it fell
    due, before which the last good test holds.
    """
    for n, test in enumerate(one.tests):
        if test.passed:
            continue
        earlier = one.tests[n - 1] if n else None
        due = _due(one.tests[:n])
        late = due is not None and due < test.start
        start = max(one.start, one.start if earlier is None else due if due is not None and late else earlier.start)
        end = min(test.start, one.end)
        errors = [test.error] if earlier is None or earlier.passed else [test.error, earlier.error]
        found = max(errors) if all(errors) else 0.0
        if start < end:
            yield OverdueSpan(
                one.meter_id, start, end, _larger(one.error, found), "calibration failed",
                say('the meter failed its test of {day} ({found}), which ', day=test.day, found=_found(test))
                + (say('was late and reaches back to the day on which it fell due') if late
                   else say('reaches back to {reach}', reach=_reach(earlier))),
                test.where, FAILED, _ask(test, late), found,
            )  # fmt: skip


def _due(tests: Sequence[Calibration]) -> int | None:
    """Until when the tests hold that were passed since the last failure; None where there is none."""
    ends: list[int] = []
    for test in tests:
        ends = [*ends, test.end] if test.passed else []
    return max(ends, default=None)


def _found(test: Calibration) -> str:
    return (
        say("error found {error:.6g} %", error=test.error * 100) if test.error else say("the error found is not given")
    )


def _ask(test: Calibration, late: bool) -> str:
    """What is to be done after a failed test."""
    last = say(" Until it fell due the last good test holds: show that the error was not there before.") if late else ""
    return say("Have it repaired or replaced; say since when the error can have been there.{last}", last=last)


def _reach(earlier: Calibration | None) -> str:
    if earlier is None:
        return say("its installation, since no earlier test is recorded")
    return say("the test of {day}, ", day=earlier.day) + (
        say("the last that it passed") if earlier.passed else say("which it failed too")
    )


def _uncovered(one: Instrument, start: int, end: int, timeline: Timeline) -> OverdueSpan:
    """Why no passed test holds over a span, and what follows."""
    later = next((t for t in one.tests if t.start >= end), None)
    before = next((t for t in reversed(one.tests) if t.start <= start), None)
    since = f"{local_time(timeline.zone, start):%Y-%m-%d}"
    if before is not None and not before.passed:
        return OverdueSpan(
            one.meter_id, start, end, _larger(one.error, before.error), "calibration failed",
            say('the meter failed its test of {day}, and no later test says that it is right again', day=before.day),
            before.where, FAILED, say('Add the certificate of the repaired or new meter.'), before.error,
        )  # fmt: skip
    if later is not None:  # it was passed: a failure reaches back over the time before it
        return OverdueSpan(
            one.meter_id, start, end, _larger(one.error, later.error), "calibration late",
            say('no calibration is valid from {since} until the test of {day}', since=since, day=later.day),
            later.where, LATE, say(
                "Add a certificate that was valid in that time, if there is one. Otherwise it stays: say on the sheet "
                "Answers why the test was late, for the verifier who judges the correction."
            ), later.error,
        )  # fmt: skip
    if before is not None:
        return OverdueSpan(
            one.meter_id, start, end, _larger(one.error, before.error), say('validity of the calibration ended'),
            say('the last calibration is valid before {since} only, and no later test is recorded', since=since),
            before.where, ENDED, say('Add the later certificate, or have the meter tested now.'), before.error,
        )  # fmt: skip
    return _never_tested(one, start, end)


def _never_tested(one: Instrument, start: int, end: int) -> OverdueSpan:
    code, what = (
        (REPLACED, say("it was replaced without being tested")) if one.removed else (MISSING, say("none is recorded"))
    )
    name = say("meter {serial}", serial=one.serial) if one.serial else say("the meter")
    return OverdueSpan(
        one.meter_id, start, end, one.error, "never calibrated",
        say('no calibration proves {name}: {what}', name=name, what=what), one.where, code,
        say('Add the certificate (also that of the maker) to Calibrations, or have the meter tested.'),
    )  # fmt: skip


def _larger(error: float | None, found: float) -> float | None:
    """The permissible error, or the error found if it is larger; None where the permissible one is not known."""
    return None if error is None else max(error, found)
