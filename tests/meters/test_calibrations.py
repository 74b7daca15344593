"""When nothing proves that a meter was right: late, failed, missing, ended, replaced; spans counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.meters.calibrations import OverdueSpan, overdue_spans
from jcm_mrv.meters.instruments import Calibration, Instrument, error_of
from jcm_mrv.meters.meters import read_meters
from jcm_mrv.origin import Origin
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR, local_time
from support.claims import Sketch, record, rows_of

TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 12, 31), "Asia/Ho_Chi_Minh")
METER = {"meter_id": "M-1", "serial_number": "A", "unit": "kWh", "transformer_factor": 1.0, "accuracy_class": 0.5}


def passed(day: date, until: date | None = None, **changes: Any) -> dict[str, Any]:
    return {"meter_id": "M-1", "date": day, "valid_until": until, "result": "passed", **changes}


def failed(day: date, error: float) -> dict[str, Any]:
    return {"meter_id": "M-1", "date": day, "result": "failed", "error_found": error}


def spans_of(
    tests: list[dict[str, Any]], meters: list[dict[str, Any]] | None = None, option: str = "C", **rules: bool
) -> tuple[list[OverdueSpan], list[str]]:
    data = Sketch("VN_AM007 1.0").data()
    points = rows_of("points", [{"parameter": "EG", "meter_id": "M-1", "sign": "+", "option": option}])
    data = replace(data, meters=rows_of("meters", meters or [METER]), calibrations=rows_of("calibrations", tests))
    data = replace(data, points=points)
    found, _ = read_meters(data.meters, TIMELINE.zone)
    spans, findings = overdue_spans(found, data, TIMELINE, **rules)
    return spans, [f.code for f in findings]


def said(one: OverdueSpan) -> tuple[str, str, str, float | None]:
    start, end = (f"{local_time(TIMELINE.zone, t):%Y-%m-%d}" for t in (one.start, one.end))
    return one.code.code, start, end, one.error


def test_a_calibration_that_covers_the_period_leaves_no_doubt() -> None:
    assert spans_of([passed(date(2023, 6, 1), date(2024, 12, 31))]) == ([], [])


def test_a_late_test_is_corrected_from_the_scheduled_to_the_actual_date() -> None:
    """Valid to 31 March; tested on 15 May: 1 April to 15 May, by 0.5 %; error found 0.8 % is larger."""
    tests = [passed(date(2023, 4, 1), date(2024, 3, 31)), passed(date(2024, 5, 15), date(2025, 5, 14))]
    (one,), codes = spans_of(tests)
    assert said(one) == ("calibrations.late", "2024-04-01", "2024-05-15", 0.005) and not codes
    tests[1] = passed(date(2024, 5, 15), date(2025, 5, 14), error_found=-0.8)
    (one,), codes = spans_of(tests)
    assert one.error == pytest.approx(0.008) and codes == ["calibrations.beyond_error"]


def test_a_validity_that_ends_and_no_later_test() -> None:
    (one,), _ = spans_of([passed(date(2023, 10, 1), date(2024, 9, 30))])
    assert said(one) == ("calibrations.not_covering", "2024-10-01", "2025-01-01", 0.005)


def test_a_failed_test_reaches_back_to_the_last_good_one_and_forward_to_the_next() -> None:
    """Passed on 1 Feb, failed on 1 July by 2 %, passed again on 1 August."""
    tests = [
        passed(date(2024, 2, 1), date(2025, 1, 31)),
        failed(date(2024, 7, 1), 2.0),
        passed(date(2024, 8, 1), date(2025, 7, 31)),
    ]
    spans, _ = spans_of([passed(date(2023, 2, 1), date(2024, 1, 31)), *tests])
    assert [said(one) for one in spans] == [
        ("calibrations.failed", "2024-02-01", "2024-07-01", 0.02),
        ("calibrations.failed", "2024-07-01", "2024-08-01", 0.02),
    ]


def test_a_failed_test_without_a_later_one_holds_to_the_end() -> None:
    spans, _ = spans_of([passed(date(2023, 6, 1), date(2024, 5, 31)), failed(date(2024, 4, 1), -3.8)])
    assert [said(one)[:3] for one in spans] == [
        ("calibrations.failed", "2024-01-01", "2024-04-01"),
        ("calibrations.failed", "2024-04-01", "2025-01-01"),
    ]
    assert [one.error for one in spans] == pytest.approx([0.038, 0.038])


def test_two_failures_one_after_the_other_are_two_spans_that_do_not_overlap() -> None:
    """Passed before the period, failed on 1 April by 2 %, again on 1 July by 1 %: 2 % holds on until July."""
    tests = [
        passed(date(2023, 6, 1), date(2025, 5, 31)),
        failed(date(2024, 4, 1), 2.0),
        failed(date(2024, 7, 1), 1.0),
        passed(date(2024, 7, 1), date(2025, 6, 30)),
    ]
    spans, _ = spans_of(tests)
    assert [said(one) for one in spans] == [
        ("calibrations.failed", "2024-01-01", "2024-04-01", 0.02),
        ("calibrations.failed", "2024-04-01", "2024-07-01", 0.02),
    ]


def test_a_validity_that_ended_keeps_the_error_of_the_last_test_if_it_is_larger() -> None:
    (one,), codes = spans_of([passed(date(2023, 10, 1), date(2024, 9, 30), error_found=0.9)])
    assert one.error == pytest.approx(0.009) and codes == ["calibrations.beyond_error"]


def test_a_meter_that_came_back_to_its_place_has_its_certificate_still() -> None:
    """A until June, B until September, then A again."""
    june, september = datetime(2024, 6, 1), datetime(2024, 9, 1)
    meters = [
        {**METER, "removed": june},
        {**METER, "serial_number": "B", "installed": june, "removed": september},
        {**METER, "installed": september},
    ]
    tests = [
        passed(date(2023, 6, 1), date(2024, 12, 31), serial_number="A"),
        passed(date(2024, 5, 1), date(2025, 4, 30), serial_number="B"),
    ]
    assert spans_of(tests, meters) == ([], [])


@pytest.mark.parametrize("written", ["sn 123", "SN123", "ＳＮ１２３"])
def test_a_serial_number_is_the_same_in_other_letters(written: str) -> None:
    tests = [passed(date(2023, 6, 1), date(2024, 12, 31), serial_number=written)]
    assert spans_of(tests, [{**METER, "serial_number": "SN 123"}]) == ([], [])


def test_a_certificate_without_serial_number_where_several_meters_stood() -> None:
    """Of 1 March 2024: A stood there until June. Whether the maker tested B on that day nobody can tell."""
    june = datetime(2024, 6, 1)
    meters = [{**METER, "removed": june}, {**METER, "serial_number": "B", "installed": june}]
    spans, codes = spans_of([passed(date(2024, 3, 1), date(2025, 2, 28))], meters)
    assert [said(one)[:3] for one in spans] == [
        ("calibrations.late", "2024-01-01", "2024-03-01"),
        ("calibrations.missing", "2024-06-01", "2025-01-01"),
    ]
    assert codes == ["calibrations.serial_unknown"]


def test_a_class_on_any_row_of_the_physical_meter_counts() -> None:
    june = datetime(2024, 6, 1)
    meters = [{**METER, "accuracy_class": None, "removed": june}, {**METER, "installed": june}]
    (one,), _ = spans_of([], meters)
    assert said(one) == ("calibrations.missing", "2024-01-01", "2025-01-01", 0.005)


@pytest.mark.parametrize(
    ("months", "codes"), [(1e9, []), (0.0, ["calibrations.no_validity"]), (-12.0, ["calibrations.no_validity"])]
)
def test_an_interval_that_cannot_be_is_no_crash(months: float, codes: list[str]) -> None:
    assert spans_of([passed(date(2023, 10, 1))], [{**METER, "calibration_interval": months}]) == ([], codes)


def test_a_month_without_that_day_ends_with_the_first_of_the_next() -> None:
    """Tested on 31 August 2023, every 6 months: there is no 31 February, so it is valid to the end of the month."""
    (one,), _ = spans_of([passed(date(2023, 8, 31))], [{**METER, "calibration_interval": 6.0}])
    assert said(one)[1:3] == ("2024-03-01", "2025-01-01")


def test_the_31st_of_november_is_the_1st_of_december_of_the_same_year() -> None:
    """Tested on 31 May 2023, every 18 months: valid through November 2024."""
    (one,), _ = spans_of([passed(date(2023, 5, 31))], [{**METER, "calibration_interval": 18.0}])
    assert said(one)[1:3] == ("2024-12-01", "2025-01-01")


@given(st.lists(st.tuples(st.integers(-400, 500), st.integers(0, 500), st.booleans(), st.floats(0, 5)), max_size=6))
def test_spans_never_overlap_and_lie_outside_what_is_proven(
    tests: list[tuple[int, int, bool, float]],
) -> None:
    """Every day of the period is either proven by a passed test or in exactly one doubtful span."""
    first = date(2024, 1, 1)
    rows = [
        passed(first + timedelta(start), first + timedelta(start + length), error_found=error)
        if good
        else failed(first + timedelta(start), error)
        for start, length, good, error in tests
    ]
    spans, _ = spans_of(rows)
    covered = sorted((one.start, one.end) for one in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(covered))
    assert all(one.error is not None and one.error >= 0.005 for one in spans)
    for day in range(0, 366, 7):
        noon = TIMELINE.midnight(first + timedelta(day)) + 12 * HOUR
        doubtful = any(a <= noon < b for a, b in covered)
        proven = any(good and start <= day <= start + length for start, length, good, _ in tests)
        assert proven or doubtful


def test_never_calibrated_is_doubtful_all_along() -> None:
    (one,), _ = spans_of([])
    assert said(one) == ("calibrations.missing", "2024-01-01", "2025-01-01", 0.005)


def test_without_a_class_the_error_is_unknown() -> None:
    (one,), _ = spans_of([], [{**METER, "accuracy_class": None}])
    assert one.error is None


def test_the_permissible_error_goes_before_the_class() -> None:
    (one,), _ = spans_of([], [{**METER, "permissible_error": 1.0}])
    assert one.error == pytest.approx(0.01)


def test_a_meter_that_was_replaced_without_a_test() -> None:
    meters = [
        {**METER, "removed": datetime(2024, 6, 1)},
        {**METER, "serial_number": "B", "installed": datetime(2024, 6, 1)},
    ]
    tests = [passed(date(2024, 5, 20), date(2025, 5, 19), serial_number="B")]
    (one,), _ = spans_of(tests, meters)
    assert said(one) == ("calibrations.replaced_untested", "2024-01-01", "2024-06-01", 0.005)


def test_new_transformers_on_the_same_meter_change_no_calibration() -> None:
    meters = [
        {**METER, "removed": datetime(2024, 6, 1)},
        {**METER, "transformer_factor": 40.0, "installed": datetime(2024, 6, 1)},
    ]
    assert spans_of([passed(date(2023, 6, 1), date(2024, 12, 31))], meters) == ([], [])


def test_an_interval_counts_from_the_certificate_or_from_the_installation() -> None:
    """Tested 1 Oct 2023, installed 1 Dec 2023, every 12 months: to 1 Oct, or to 1 Dec."""
    meters = [{**METER, "installed": datetime(2023, 12, 1), "calibration_interval": 12.0}]
    (one,), _ = spans_of([passed(date(2023, 10, 1))], meters)
    assert said(one)[1:3] == ("2024-10-01", "2025-01-01")
    (one,), _ = spans_of([passed(date(2023, 10, 1))], meters, from_installation=True)
    assert said(one)[1:3] == ("2024-12-01", "2025-01-01")


def test_a_validity_that_nobody_stated_is_asked_for() -> None:
    assert spans_of([passed(date(2023, 10, 1))]) == ([], ["calibrations.no_validity"])


def test_a_certificate_of_another_meter_proves_nothing() -> None:
    (one,), codes = spans_of([passed(date(2023, 1, 1), date(2025, 1, 1), serial_number="Z")])
    assert one.code.code == "calibrations.missing" and codes == ["calibrations.serial_unknown"]


def test_a_certificate_under_the_wrong_meter_names_the_right_one() -> None:
    meters = [METER, {**METER, "meter_id": "M-2", "serial_number": "Z 1"}]
    data = Sketch("VN_AM007 1.0").data()
    tests = rows_of("calibrations", [passed(date(2023, 1, 1), date(2025, 1, 1), serial_number="z1")])
    points = rows_of("points", [{"parameter": "EG", "meter_id": "M-1", "sign": "+", "option": "C"}])
    data = replace(data, meters=rows_of("meters", meters), calibrations=tests, points=points)
    found, _ = read_meters(data.meters, TIMELINE.zone)
    _, (finding,) = overdue_spans(found, data, TIMELINE)
    assert finding.code == "calibrations.serial_unknown" and "it is that of meter M-2" in finding.message


@pytest.mark.parametrize("option", ["A", "B"])
def test_what_others_measure_needs_no_calibration_by_the_project(option: str) -> None:
    assert spans_of([], option=option) == ([], [])


@pytest.mark.parametrize(("written", "error"), [(0.5, 0.005), (0.005, 0.005), (2.0, 0.02), (0.02, 0.02), (None, None)])
def test_a_class_is_in_per_cent_and_a_fraction_is_not_taken_for_a_hundredth_of_it(
    written: float | None, error: float | None
) -> None:
    found = error_of(record("meters", 2, {**METER, "accuracy_class": written}))
    assert found == (None if error is None else pytest.approx(error))


@pytest.mark.parametrize(
    ("tested", "begins"),
    [
        # Valid to the end of 30 June: a failed test of 1 July is in time, and reaches back to the test before it.
        (date(2024, 7, 1), "2024-02-01"),
        (date(2024, 7, 2), "2024-07-01"),
    ],
)
def test_a_failed_test_on_the_day_on_which_it_falls_due_is_in_time(tested: date, begins: str) -> None:
    spans, _ = spans_of([passed(date(2024, 2, 1), date(2024, 6, 30)), failed(tested, 2.0)])
    (span,) = [one for one in spans if one.code.code == "calibrations.failed" and one.end <= TIMELINE.midnight(tested)]
    assert said(span)[1] == begins


@pytest.mark.parametrize(
    ("until", "overdue"),
    [(date(2024, 5, 31), "2024-06-01"), (date(2024, 6, 1), "2024-06-02"), (date(2025, 5, 31), "2024-06-01")],
)
def test_a_certificate_holds_no_longer_than_the_interval_of_the_meter(until: date, overdue: str) -> None:
    """Tested on 1 June 2023, every 12 months: up to the same day of the next year, whatever the certificate says."""
    (one,), codes = spans_of([passed(date(2023, 6, 1), until)], [{**METER, "calibration_interval": 12.0}])
    assert said(one) == ("calibrations.not_covering", overdue, "2025-01-01", 0.005)
    assert codes == (["calibrations.beyond_interval"] if until.year == 2025 else [])


def certificate(day: int, end: int, passed: bool = True) -> Calibration:
    return Calibration(date(2024, 1, 1), day, end, passed, 0.0, Origin())


@pytest.mark.parametrize(
    ("tests", "valid"),
    [
        ([certificate(0, 10)], [(0, 10)]),
        ([certificate(0, 10), certificate(5, 20)], [(0, 10), (5, 20)]),
        ([certificate(0, 10), certificate(5, 5, False)], [(0, 5)]),
        ([certificate(0, 10), certificate(12, 12, False)], [(0, 10)]),
        ([certificate(0, 10), certificate(5, 5, False), certificate(3, 3, False)], [(0, 3)]),
        ([certificate(5, 5, False), certificate(6, 20)], [(6, 20)]),
    ],
)
def test_a_test_holds_until_it_ends_or_a_later_one_fails(
    tests: list[Calibration], valid: list[tuple[int, int]]
) -> None:
    assert Instrument("M", "S", 0, 100, False, 0.005, Origin(), tests).valid() == valid


@pytest.mark.parametrize(
    ("permissible", "own", "error"),
    [
        (2.0, 0.5, 0.02), (None, 0.5, 0.005), (None, 0.05, 0.0005), (None, 0.049, 0.049), (0.0, 0.5, None),
        (None, None, None), (-1.0, None, None),
    ],
)  # fmt: skip
def test_the_error_of_a_meter(permissible: float | None, own: float | None, error: float | None) -> None:
    (row,) = rows_of("meters", [{"permissible_error": permissible, "accuracy_class": own}])
    assert error_of(row) == (None if error is None else pytest.approx(error))
