"""Which physical meter a certificate is of, how long it holds, and what follows where none does; dates by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from jcm_mrv.meters.calibrations import LATE, OverdueSpan, overdue_spans, samples_of
from jcm_mrv.meters.instruments import Calibration, Instrument, _months_later, error_of, instruments
from jcm_mrv.meters.meters import Installation, Meter, _in_order, read_meters
from jcm_mrv.origin import NOWHERE
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import local_time
from support.claims import Sketch, rows_of
from support.sheets import readings

TIMELINE = Timeline.of(date(2024, 7, 1), date(2025, 6, 30), "Asia/Ho_Chi_Minh")
METER = {"meter_id": "M", "serial_number": "A", "unit": "kWh", "accuracy_class": 0.5, "calibration_interval": 12.0}
Row = dict[str, Any]


def certificate_of(day: date | None, result: str = "passed", **more: Any) -> Row:
    return {"meter_id": "M", "date": day, "result": result, **more}


def data_of(meters: list[Row], tests: list[Row]) -> Any:
    points = [{"parameter": "EG", "meter_id": "M", "sign": "+", "option": "C"}]
    return replace(
        Sketch("VN_AM007 1.0").data(), meters=rows_of("meters", meters), calibrations=rows_of("calibrations", tests),
        points=rows_of("points", points),
    )  # fmt: skip


def found(tests: list[Row], *meters: Row, **rules: bool) -> tuple[list[Instrument], list[Any]]:
    data = data_of(list(meters or (METER,)), tests)
    return instruments(read_meters(data.meters, TIMELINE.zone)[0], data, TIMELINE, ["M", "X"], **rules)


def spans(tests: list[Row], *meters: Row, **rules: bool) -> list[OverdueSpan]:
    data = data_of(list(meters or (METER,)), tests)
    return overdue_spans(read_meters(data.meters, TIMELINE.zone)[0], data, TIMELINE, **rules)[0]


def day(instant: int) -> str:
    return f"{local_time(TIMELINE.zone, instant):%Y-%m-%d}"


def said(one: OverdueSpan) -> tuple[str, str, str, float | None, float]:
    return one.code.code.split(".")[1], day(one.start), day(one.end), one.error, one.found


# --- how long a test holds ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 1, 31), 1, date(2024, 3, 1)),  # there is no 31 February
        (date(2023, 1, 29), 1, date(2023, 3, 1)),
        (date(2024, 1, 29), 1, date(2024, 2, 29)),
        (date(2024, 10, 31), 1, date(2024, 12, 1)),
        (date(2024, 12, 31), 12, date(2025, 12, 31)),
        (date(2024, 12, 1), 1, date(2025, 1, 1)),
        (date(2024, 11, 30), 13, date(2025, 12, 30)),
        (date(2024, 8, 31), 6, date(2025, 3, 1)),
        (date(2023, 12, 15), 1, date(2024, 1, 15)),
        (date(2023, 12, 15), 12, date(2024, 12, 15)),
        (date(2023, 11, 15), 1, date(2023, 12, 15)),
        (date(2023, 1, 31), 1, date(2023, 3, 1)),
        (date(2023, 12, 31), 2, date(2024, 3, 1)),
        (date(2023, 10, 31), 25, date(2025, 12, 1)),
    ],
)
def test_the_same_day_some_months_later(start: date, months: int, end: date) -> None:
    assert _months_later(start, months) == end


@pytest.mark.parametrize(
    ("certificate", "interval", "end", "codes"),
    [
        (date(2025, 1, 31), 12.0, "2025-02-01", []),  # the certificate ends before the interval does
        (date(2025, 2, 28), 12.0, "2025-03-01", []),
        (date(2025, 3, 1), 12.0, "2025-03-02", []),  # up to the same day of the month
        (date(2025, 3, 2), 12.0, "2025-03-01", ["calibrations.beyond_interval"]),
        (None, 12.0, "2025-03-01", []),
        (None, 0.0, None, ["calibrations.no_validity"]),
        (None, None, None, ["calibrations.no_validity"]),
        (date(2030, 1, 1), None, "2030-01-02", []),
        (None, 1.0, "2024-04-01", []),
        (None, 6.4, "2024-09-01", []),
        (None, 6.6, "2024-10-01", []),
    ],
)
def test_a_certificate_holds_to_its_day_or_to_the_end_of_the_interval(
    certificate: date | None, interval: float | None, end: str | None, codes: list[str]
) -> None:
    """Tested on 1 March 2024."""
    meter = {**METER, "calibration_interval": interval}
    (one,), findings = found([certificate_of(date(2024, 3, 1), valid_until=certificate)], meter)
    assert [f.code for f in findings] == codes
    assert (day(one.tests[0].end) if end else one.tests[0].end > 2**61) == (end or True)
    if codes == ["calibrations.no_validity"]:
        assert ("interval of 0 months" in findings[0].found) is (interval == 0.0)
    if codes == ["calibrations.beyond_interval"]:
        assert "12 months" in findings[0].message and "2025-03-01" in findings[0].found


@pytest.mark.parametrize(
    ("installed", "tested", "rule", "end"),
    [
        (datetime(2024, 9, 1), date(2024, 3, 1), True, "2025-09-01"),
        (datetime(2024, 9, 1), date(2024, 3, 1), False, "2025-03-01"),
        (datetime(2024, 9, 1), date(2024, 10, 1), True, "2025-10-01"),
        (None, date(2024, 3, 1), True, "2025-03-01"),
    ],
)
def test_the_interval_may_count_from_the_installation(
    installed: datetime | None, tested: date, rule: bool, end: str
) -> None:
    (one,), _ = found([certificate_of(tested)], {**METER, "installed": installed}, from_installation=rule)
    assert day(one.tests[0].end) == end


# --- errors --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("permissible", "accuracy", "error"),
    [
        (None, 0.5, 0.005), (1.0, 0.5, 0.01), (0.2, None, 0.002), (None, None, None), (0.0, 0.5, None),
        (-1.0, 0.5, None), (0.05, None, 0.0005), (0.049, None, 0.049), (0.005, None, 0.005),
    ],
)  # fmt: skip
def test_the_error_of_a_row(permissible: float | None, accuracy: float | None, error: float | None) -> None:
    row = {"meter_id": "M", "permissible_error": permissible, "accuracy_class": accuracy}
    assert error_of(rows_of("meters", [row])[0]) == pytest.approx(error)


@pytest.mark.parametrize(
    ("result", "error", "codes", "text"),
    [
        ("passed", 0.5, [], ""), ("passed", -0.5, [], ""), ("passed", None, [], ""),
        ("passed", 0.51, ["calibrations.beyond_error"], "0.51 %, permitted 0.5 %"),
        ("passed", -0.51, ["calibrations.beyond_error"], "0.51 %, permitted 0.5 %"),
        ("passed", 0.5004, ["calibrations.beyond_error"], "0.5004 %, permitted 0.5 %"),
        ("failed", 2.0, [], ""),
    ],
)  # fmt: skip
def test_the_error_that_a_test_found(result: str, error: float | None, codes: list[str], text: str) -> None:
    (one,), findings = found([certificate_of(date(2024, 3, 1), result, error_found=error)])
    assert [f.code for f in findings] == codes and [f.found for f in findings] == [text] * len(codes)
    assert one.tests[0].error == pytest.approx(abs(error or 0.0) / 100) and one.error == 0.005
    assert one.tests[0].passed is (result == "passed")


def test_the_largest_error_of_its_rows_is_that_of_the_physical_meter() -> None:
    rows = [
        {**METER, "removed": datetime(2024, 9, 1)},
        {**METER, "installed": datetime(2024, 9, 1), "accuracy_class": 1.0},
    ]
    (one,), _ = found([], *rows)
    assert one.error == 0.01 and not one.removed
    other = {**METER, "serial_number": "B", "installed": datetime(2024, 9, 1), "accuracy_class": 2.0}
    first, second = found([], rows[0], other)[0]
    assert (first.error, second.error, first.removed, second.removed) == (0.005, 0.02, True, False)
    assert (first.serial, second.serial, day(first.end), day(second.start)) == ("A", "B", "2024-09-01", "2024-09-01")
    assert found([], {**METER, "removed": datetime(2024, 7, 1)})[0] == []
    (last,), _ = found([], {**METER, "removed": datetime(2025, 7, 1)})  # with the end of the period
    assert not last.removed


# --- of which meter a certificate is -----------------------------------------------------------------


A, B = {**METER, "removed": datetime(2024, 9, 1)}, {**METER, "serial_number": "B", "installed": datetime(2024, 9, 1)}


@pytest.mark.parametrize(
    ("serial", "tested", "of", "codes"),
    [
        ("A", date(2024, 10, 1), "A", []),
        ("b ", date(2024, 3, 1), "B", []),
        ("C", date(2024, 3, 1), "", ["calibrations.serial_unknown"]),
        ("", date(2024, 8, 31), "A", ["calibrations.serial_unknown"]),
        ("", date(2024, 9, 1), "B", ["calibrations.serial_unknown"]),
        ("n/a", date(2026, 1, 1), "B", ["calibrations.serial_unknown"]),
        ("", None, "", ["calibrations.serial_unknown"]),
    ],
)
def test_a_certificate_is_of_the_meter_with_its_number_or_of_its_day(
    serial: str, tested: date | None, of: str, codes: list[str]
) -> None:
    meters, findings = found([certificate_of(tested, serial_number=serial)], A, B)
    assert "".join(one.serial for one in meters if one.tests) == of
    assert [f.code for f in findings] == codes
    if serial in ("", "n/a"):
        assert findings[0].found == (serial or "empty") and f"taken to be of {of or 'A'}" in findings[0].message


def test_a_number_that_stands_elsewhere_is_named_with_its_place() -> None:
    elsewhere = {**METER, "meter_id": "N", "serial_number": "C"}
    before = {**elsewhere, "serial_number": "E"}
    _, (finding,) = found([certificate_of(date(2024, 3, 1), serial_number="C")], METER, before, elsewhere)
    assert "it is that of meter N" in finding.message
    _, (finding,) = found([certificate_of(date(2024, 3, 1), serial_number="D")], METER, elsewhere)
    assert "it is that of" not in finding.message


def test_a_certificate_without_a_number_of_a_day_after_the_last_removal_is_of_the_last_meter() -> None:
    gone = {**B, "removed": datetime(2025, 3, 1)}
    meters, _ = found([certificate_of(date(2025, 4, 1))], A, gone)
    assert [len(one.tests) for one in meters] == [0, 1]


@pytest.mark.parametrize(("second", "said_so"), [("B", True), ("", False), ("n/a", False)])
def test_without_numbers_nothing_can_be_mistaken(second: str, said_so: bool) -> None:
    _, findings = found([certificate_of(date(2024, 3, 1))], A, {**B, "serial_number": second})
    assert bool(findings) is said_so


# --- what no test covers --------------------------------------------------------------------------------


def test_a_failed_test_reaches_back_and_forward_with_the_error_found() -> None:
    """Passed on 1 May 2024 (to 1 May 2025), failed on 1 October by 2 %, failed again on 1 November by 1 %."""
    tests = [
        certificate_of(date(2024, 5, 1)), certificate_of(date(2024, 10, 1), "failed", error_found=-2.0),
        certificate_of(date(2024, 11, 1), "failed", error_found=1.0), certificate_of(date(2024, 12, 1)),
    ]  # fmt: skip
    assert [said(one) for one in spans(tests)] == [
        ("failed", "2024-07-01", "2024-10-01", 0.02, 0.02),
        ("failed", "2024-10-01", "2024-11-01", 0.02, 0.02),
        ("failed", "2024-11-01", "2024-12-01", 0.01, 0.01),
    ]
    first, second, third = spans(tests)
    assert "error found 2 %" in first.reason and "reaches back to the test of 2024-05-01, the last" in first.reason
    assert "which it failed too" in second.reason and "no later test" in third.reason
    unknown = spans([certificate_of(date(2024, 10, 1), "failed")])[0]
    assert "the error found is not given" in unknown.reason and "its installation" in unknown.reason
    assert unknown.unknown and not first.unknown and not replace(unknown, code=LATE).unknown
    assert first.own is first and replace(first, meter_id="M × N", of="M").own == first
    # failed twice on one day: the time before it is questionable once
    again = [certificate_of(date(2024, 8, 1), "failed", error_found=1.0)] * 2
    assert [said(one)[1:3] for one in spans(again)] == [("2024-07-01", "2024-08-01"), ("2024-08-01", "2025-07-01")]
    # two tests hold, the earlier one for longer: failed within that time it is not late
    valid = [
        certificate_of(date(2023, 9, 1), valid_until=datetime(2024, 12, 31)),
        certificate_of(date(2024, 6, 1), valid_until=datetime(2024, 8, 1)),
        certificate_of(date(2024, 11, 1), "failed", error_found=1.0),
    ]
    (failed, _) = spans(valid, {**METER, "calibration_interval": None})
    assert said(failed)[1] == "2024-07-01" and "was late" not in failed.reason
    # failed by an error that no one wrote down, and again by 1 %: the first may have been the larger one
    twice = spans(
        [certificate_of(date(2024, 8, 1), "failed"), certificate_of(date(2024, 9, 1), "failed", error_found=1.0)]
    )
    assert [(said(one)[1], one.unknown) for one in twice] == [
        ("2024-07-01", True), ("2024-08-01", True), ("2024-09-01", False),
    ]  # fmt: skip


def test_a_late_failed_test_reaches_back_to_the_day_on_which_it_fell_due() -> None:
    """Due on 1 September 2024, tested on 1 November: it failed by 0.1 %, less than the 0.5 % that it may err."""
    tests = [certificate_of(date(2023, 9, 1)), certificate_of(date(2024, 11, 1), "failed", error_found=0.1)]
    late, after = spans([*tests, certificate_of(date(2024, 11, 1))]), spans(tests)
    assert [said(one) for one in late] == [("failed", "2024-09-01", "2024-11-01", 0.005, 0.001)]
    assert "was late" in late[0].reason and "Until it fell due" in late[0].action
    assert [said(one) for one in after][1:] == [("failed", "2024-11-01", "2025-07-01", 0.005, 0.001)]
    due = spans([certificate_of(date(2023, 9, 1)), certificate_of(date(2024, 9, 1), "failed", error_found=1.0)])
    assert said(due[0])[:3] == ("failed", "2024-07-01", "2024-09-01")
    assert "was late" not in due[0].reason


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ([], [("missing", "2024-07-01", "2025-07-01", 0.005, 0.0)]),
        ([certificate_of(date(2024, 6, 30))], [("not_covering", "2025-06-30", "2025-07-01", 0.005, 0.0)]),
        ([certificate_of(date(2024, 7, 1))], []),
        ([certificate_of(date(2024, 8, 1))], [("late", "2024-07-01", "2024-08-01", 0.005, 0.0)]),
        ([certificate_of(date(2024, 8, 1), error_found=0.8)], [("late", "2024-07-01", "2024-08-01", 0.008, 0.008)]),
    ],
)
def test_what_no_test_covers(tests: list[Row], expected: list[Any]) -> None:
    assert [said(one) for one in spans(tests)] == expected


def test_of_a_meter_whose_error_is_unknown_none_is_invented() -> None:
    plain = {**METER, "accuracy_class": None}
    assert [said(one)[3:] for one in spans([certificate_of(date(2024, 8, 1), error_found=0.8)], plain)] == [
        (None, 0.008)
    ]
    gone = {**METER, "removed": datetime(2024, 9, 1), "serial_number": ""}
    (one,) = spans([], gone)
    assert said(one)[0] == "replaced_untested" and "the meter:" in one.reason
    assert "meter A:" in spans([])[0].reason and "none is recorded" in spans([])[0].reason


def test_a_sample_is_of_a_laboratory_and_no_instrument_of_the_plant() -> None:
    data = data_of([METER], [])
    rows = [
        {"meter_id": "M", "kind": kind, "end": datetime(2024, 8, 1), "value": 1.0} for kind in ("register", "sample")
    ]
    for table, names in ((rows[:1], set()), (rows, {"M"})):
        assert samples_of(replace(data, readings=readings(table))) == names
    sampled = replace(data, readings=readings(rows))
    assert overdue_spans(read_meters(data.meters, TIMELINE.zone)[0], sampled, TIMELINE)[0] == []


def test_a_test_holds_until_it_ends_or_a_later_one_fails() -> None:
    def one_test(start: int, end: int, passed: bool = True) -> Calibration:
        return Calibration(date(2024, 1, 1), start, end, passed, 0.0, NOWHERE)

    one = Instrument(
        "M", "A", 0, 100, False, None, NOWHERE, [one_test(0, 50), one_test(20, 20, False), one_test(30, 90)]
    )
    assert one.valid() == [(0, 20), (30, 90)]
    one.tests = [one_test(0, 10), one_test(20, 20, False)]
    assert one.valid() == [(0, 10)]


# --- rows of one meter ----------------------------------------------------------------------------


def row(start: int, end: int, serial: str = "A", **more: Any) -> Installation:
    return Installation(serial, "kWh", 1.0, None, start, end, **more)


def test_new_transformers_take_over_the_reading_of_that_moment() -> None:
    """Three rows of one meter: what one of them states at a change holds for its neighbour, and nothing else does."""
    rows = [row(0, 10, opening=1.0), row(10, 20, opening=2.0), row(20, 30, closing=4.0)]
    found = _in_order([rows[2], replace(rows[1], closing=3.0), rows[0]])
    assert [(one.opening, one.closing) for one in found] == [(1.0, 2.0), (2.0, 3.0), (3.0, 4.0)]
    apart = _in_order([row(0, 9, closing=5.0), row(10, 20)])
    assert [(one.opening, one.closing) for one in apart] == [(None, 5.0), (None, None)]
    other = _in_order([row(0, 10, closing=5.0), row(10, 20, "B")])
    assert [one.opening for one in other] == [None, None]
    assert Meter("M", (row(0, 10), replace(row(20, 30), unit=""))).unit == "kWh"
