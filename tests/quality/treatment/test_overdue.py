"""QuestionableSpan calibrations in a whole calculation: what they cost, and what is said where they cost nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding, Severity
from jcm_mrv.result import Result
from support.boiler import FUEL_TONNES_PER_M3, boiler, boiler_tables
from support.workbooks import solar_tables, solar_workbook

Rows = Sequence[Mapping[str, Any]]


def calculated(folder: Path, calibrations: Rows, meters: Rows | None = None) -> Result:
    tables: dict[str, Rows] = {"calibrations": calibrations}
    return calculate_file(
        solar_workbook(folder / "m.xlsx", tables={**tables, **({"meters": meters} if meters else {})})
    )


def meter(**changes: Any) -> dict[str, Any]:
    return {**solar_tables()["meters"][0], **changes}


def certificate(day: date, until: date | None = None, **changes: Any) -> dict[str, Any]:
    return {"meter_id": "M-1", "date": day, "valid_until": until, "result": "passed", **changes}


LATE_FROM = certificate(date(2023, 2, 1), date(2024, 1, 31))
LATE_TO = certificate(date(2024, 3, 1), date(2025, 2, 28))


def of(result: Result, code: str) -> Finding:
    (finding,) = [f for f in result.findings if f.code == code]
    return finding


@pytest.mark.parametrize(
    ("code", "calibrations", "lost"),
    [
        # 100, 120 and 140 MWh in January, February and March, 0.5 tCO2/MWh; class 0.5 %: all of it is 0.9 t.
        ("calibrations.missing", [], 0.9),
        # Valid to the end of January, tested on 1 March: February's 120 MWh x 0.5 % x 0.5 t/MWh.
        (
            "calibrations.late",
            [certificate(date(2023, 2, 1), date(2024, 1, 31)), certificate(date(2024, 3, 1), date(2025, 2, 28))],
            0.3,
        ),
        # The same with an error found of 0.8 %, which is larger than the class.
        (
            "calibrations.late",
            [
                certificate(date(2023, 2, 1), date(2024, 1, 31)),
                certificate(date(2024, 3, 1), date(2025, 2, 28), error_found=-0.8),
            ],
            0.48,
        ),
        # Valid to the end of February, and nothing after it: March's 140 MWh x 0.5 % x 0.5 t/MWh.
        ("calibrations.not_covering", [certificate(date(2023, 3, 1), date(2024, 2, 29))], 0.35),
        # Failed by 2 % on 1 February, passed on the same day after repair: January's 100 MWh x 2 % x 0.5 t/MWh.
        (
            "calibrations.failed",
            [
                certificate(date(2023, 2, 1), date(2024, 12, 31)),
                certificate(date(2024, 2, 1), None, result="failed", error_found=2.0),
                certificate(date(2024, 2, 1), date(2025, 1, 31)),
            ],
            1.0,
        ),
    ],
)
def test_what_is_not_proven_is_corrected_downwards(code: str, calibrations: Rows, lost: float, tmp_path: Path) -> None:
    result = calculated(tmp_path, calibrations)
    assert result.years[0].reductions == pytest.approx(180.0 - lost)
    assert of(result, code).effect_tco2e == pytest.approx(-lost)


LATE_AND_FAILED = [
    certificate(date(2023, 2, 1), date(2024, 1, 31)),
    certificate(date(2024, 3, 1), None, result="failed", error_found=2.0),
]
AS_LEFT = certificate(date(2024, 3, 1), date(2025, 2, 28))


@pytest.mark.parametrize(
    ("calibrations", "lost"),
    [
        # Due on 1 February, failed by 2 % on 1 March and adjusted: February's 120 MWh x 2 % x 0.5 t/MWh. January holds.
        ([*LATE_AND_FAILED, AS_LEFT], 1.2),
        # The same without an adjustment: March's 140 MWh x 2 % x 0.5 t/MWh besides.
        (LATE_AND_FAILED, 1.2 + 1.4),
        # Failed in time: it reaches back to the last good test, January's 100 and February's 120 MWh.
        ([certificate(date(2023, 2, 1), date(2024, 12, 31)), *LATE_AND_FAILED[1:], AS_LEFT], 2.2),
        # An earlier failure, passed after repair and due on 1 February: the second failure reaches back to that day.
        (
            [
                certificate(date(2023, 1, 1), None, result="failed", error_found=5.0),
                certificate(date(2023, 1, 1), date(2024, 1, 31)),
                *LATE_AND_FAILED[1:],
                AS_LEFT,
            ],
            1.2,
        ),
        # Never tested before: all until the test.
        ([*LATE_AND_FAILED[1:], AS_LEFT], 2.2),
        # The error found is smaller than what is permitted: 0.5 % of February.
        ([LATE_AND_FAILED[0], certificate(date(2024, 3, 1), None, result="failed", error_found=0.2), AS_LEFT], 0.3),
    ],
)
def test_a_failed_test_that_is_late_reaches_back_to_its_due_day(calibrations: Rows, lost: float, tmp_path: Path):
    result = calculated(tmp_path, calibrations)
    assert result.years[0].reductions == pytest.approx(180.0 - lost)


def test_until_it_fell_due_the_last_good_test_is_a_question(tmp_path: Path) -> None:
    finding = of(calculated(tmp_path, [*LATE_AND_FAILED, AS_LEFT]), "calibrations.failed")
    assert "late and reaches back to the day on which it fell due" in finding.message
    assert "the last good test holds" in finding.action


FAILED = certificate(date(2024, 3, 1), None, result="failed")


@pytest.mark.parametrize(
    ("calibrations", "lost"),
    [
        # Due on 1 February, failed on 1 March, nobody says by how much: February's 120 MWh x 0.5 t/MWh.
        ([LATE_FROM, FAILED, AS_LEFT], 60.0),
        # An error of 0 % on a certificate that says "failed" is none.
        ([LATE_FROM, {**FAILED, "error_found": 0.0}, AS_LEFT], 60.0),
        # Not tested again: March's 140 MWh as well.
        ([LATE_FROM, FAILED], 130.0),
        # Failed again on 16 March, by 2 %: between two failures it may be wrong as at the first, 15 days of March;
        # the other 16 by 2 %.
        (
            [LATE_FROM, FAILED, certificate(date(2024, 3, 16), None, result="failed", error_found=2.0)],
            60.0 + 70.0 * 15 / 31 + 70.0 * 16 / 31 * 0.02,
        ),
    ],
)
def test_a_failure_without_the_error_found_may_be_of_any_size(calibrations: Rows, lost: float, tmp_path: Path) -> None:
    result = calculated(tmp_path, calibrations)
    assert result.years[0].reductions == pytest.approx(180.0 - lost)
    failed = [f for f in result.findings if f.code == "calibrations.failed"]
    assert {f.severity for f in failed} == {Severity.MAJOR}
    assert sum(f.effect_tco2e or 0.0 for f in failed) == pytest.approx(-lost)


def test_the_error_found_of_a_failure_is_asked_for_and_answers_it(tmp_path: Path) -> None:
    """February's 120 MWh x 2 % x 0.5 t/MWh, once it is entered."""
    failed = of(calculated(tmp_path, [LATE_FROM, FAILED, AS_LEFT]), "calibrations.failed")
    assert failed.action.startswith("Enter the error found from the certificate on Calibrations")
    assert "nothing of what it measured is relied on" in failed.message
    answered = calculated(tmp_path, [LATE_FROM, {**FAILED, "error_found": -2.0}, AS_LEFT])
    assert answered.years[0].reductions == pytest.approx(180.0 - 1.2)


@pytest.mark.parametrize(
    ("stated", "used"),
    [
        # 1000, 1020 and 970 kWh: February's mean rate is the highest, 1020 kWh / 696 h x 744 h in January.
        ({}, 1.02 / 696 * 744),
        # At most 3 kW by the sheet Meters: what a meter showed that failed is no bound.
        ({"highest_rate": 3.0, "highest_rate_unit": "kW"}, 0.003 * 744),
    ],
)
def test_where_er_falls_a_failure_of_unknown_size_counts_with_the_highest_rate(
    stated: dict[str, float], used: float
) -> None:
    """January's auxiliaries: they count for 0.8 t/MWh."""
    tables = boiler_tables()
    meters = [tables["meters"][0], {**tables["meters"][1], **stated}]
    tests = [
        {**row, "meter_id": "E-1"}
        for row in (
            certificate(date(2023, 2, 1), date(2023, 12, 31)),
            certificate(date(2024, 2, 1), None, result="failed"),
            certificate(date(2024, 2, 1), date(2025, 1, 31)),
        )
    ]
    result = boiler(tables={"calibrations": [*tables["calibrations"][:1], *tests], "meters": meters})
    assert of(result, "calibrations.failed").effect_tco2e == pytest.approx(-(used - 1.0) * 0.8)


def test_where_er_falls_with_the_meter_it_is_corrected_upwards_by_the_same_share() -> None:
    """1000, 1020 and 970 kWh of auxiliaries, never tested, class 0.5 %: 2.99 MWh x 0.5 % x 0.8 t/MWh."""
    tables = boiler_tables()
    result = boiler(tables={"calibrations": tables["calibrations"][:1]})
    assert of(result, "calibrations.missing").effect_tco2e == pytest.approx(-2.99 * 0.005 * 0.8)


@pytest.mark.parametrize(
    ("calibrations", "code", "lost"),
    [
        # February's 120 MWh x 2 % x 0.5 t/MWh: the setting crosscheck.unknown_error for a class that nobody states. An
        # error found of 0.8 % is less than 2 %, one of 3 % is more.
        ([LATE_FROM, {**LATE_TO, "error_found": 0.8}], "calibrations.late", 1.2),
        ([LATE_FROM, {**LATE_TO, "error_found": -3.0}], "calibrations.late", 1.8),
        # Failed by 5 % on 1 March, repaired on the same day: 220 MWh x 5 % x 0.5 t/MWh.
        (
            [
                certificate(date(2023, 2, 1), date(2024, 12, 31)),
                {**LATE_TO, "result": "failed", "error_found": 5.0, "valid_until": None},
                LATE_TO,
            ],
            "calibrations.failed",
            5.5,
        ),
    ],
)
def test_an_error_that_nobody_states_is_no_reason_to_correct_nothing(
    calibrations: Rows, code: str, lost: float, tmp_path: Path
) -> None:
    result = calculated(tmp_path, calibrations, [meter(accuracy_class=None)])
    finding = of(result, code)
    assert finding.effect_tco2e == pytest.approx(-lost) and result.years[0].reductions == pytest.approx(180.0 - lost)
    assert "neither its accuracy class nor its permissible error" in finding.message
    assert finding.action.startswith("Enter one of them on Meters")


def test_where_er_falls_with_a_meter_of_unknown_error_it_is_corrected_upwards() -> None:
    """1.02 MWh of auxiliaries in February x 2 % x 0.8 t/MWh."""
    tables = boiler_tables()
    meters = [tables["meters"][0], {**tables["meters"][1], "accuracy_class": None}]
    tests = [{**row, "meter_id": "E-1"} for row in (LATE_FROM, LATE_TO)]
    result = boiler(tables={"calibrations": [*tables["calibrations"][:1], *tests], "meters": meters})
    assert of(result, "calibrations.late").effect_tco2e == pytest.approx(-1.02 * 0.02 * 0.8)


def test_where_neither_a_test_nor_an_error_is_stated_the_question_has_its_effect(tmp_path: Path) -> None:
    """360 MWh x 2 % x 0.5 t/MWh, and 2.99 MWh x 2 % x 0.8 t/MWh where ER falls: what may be too much."""
    finding = of(calculated(tmp_path, [], [meter(accuracy_class=None)]), "calibrations.missing")
    assert (finding.severity, finding.effect_tco2e) == (Severity.MAJOR, pytest.approx(3.6))
    tables = boiler_tables()
    meters = [tables["meters"][0], {**tables["meters"][1], "accuracy_class": None}]
    result = boiler(tables={"calibrations": tables["calibrations"][:1], "meters": meters})
    assert of(result, "calibrations.missing").effect_tco2e == pytest.approx(2.99 * 0.02 * 0.8)
    assert result.reductions == pytest.approx(33.5 * FUEL_TONNES_PER_M3 - 2.99 * 0.8), "nothing is corrected"


def test_a_meter_that_was_replaced_untested_costs_its_own_span_only(tmp_path: Path) -> None:
    """A stood until 1 February: 100 MWh x 0.5 % x 0.5 t/MWh. B has its certificate."""
    february = datetime(2024, 2, 1)
    meters = [meter(removed=february), meter(serial_number="B", installed=february)]
    result = calculated(tmp_path, [certificate(date(2024, 1, 20), date(2025, 1, 19), serial_number="B")], meters)
    assert of(result, "calibrations.replaced_untested").effect_tco2e == pytest.approx(-0.25)
    assert result.years[0].reductions == pytest.approx(179.75)


def test_a_certificate_of_an_unknown_serial_number_proves_nothing(tmp_path: Path) -> None:
    result = calculated(tmp_path, [certificate(date(2023, 12, 1), date(2024, 12, 1), serial_number="Z-9")])
    assert of(result, "calibrations.serial_unknown").where.cell == "B2"
    assert of(result, "calibrations.missing").effect_tco2e == pytest.approx(-0.9)


def test_passed_with_more_than_the_permitted_error(tmp_path: Path) -> None:
    result = calculated(tmp_path, [certificate(date(2023, 12, 1), date(2024, 12, 1), error_found=0.8)])
    assert of(result, "calibrations.beyond_error").found == "0.8 %, permitted 0.5 %"


def test_a_validity_that_nobody_stated(tmp_path: Path) -> None:
    result = calculated(tmp_path, [certificate(date(2023, 12, 1))])
    assert of(result, "calibrations.no_validity").where.cell == "D2"
