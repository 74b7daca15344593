"""What was metered and does not count is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding
from support.workbooks import monthly, solar_tables, solar_workbook


def found(path: Path, **tables: object) -> list[Finding]:
    result = calculate_file(solar_workbook(path / "m.xlsx", tables=tables))  # type: ignore[arg-type]
    return [f for f in result.findings if f.code == "readings.not_used"]


def test_a_meter_in_no_point_is_a_minor_finding_with_its_amount(tmp_path: Path) -> None:
    meters = [*solar_tables()["meters"], {"meter_id": "M-2", "unit": "kWh", "transformer_factor": 10.0}]
    readings = [*solar_tables()["readings"], *monthly("M-2", [5.0, 0.0, 7.0])]
    (finding,) = found(tmp_path, meters=meters, readings=readings)
    assert finding.severity == "minor" and "no monitoring point" in finding.message
    assert finding.data["amount"] == pytest.approx(120.0)  # (5 + 7) x 10
    assert finding.found == "120 kWh in 2024-01, 2024-03"
    assert finding.where.sheet == "Readings"


def test_readings_before_operation_are_a_major_finding(tmp_path: Path) -> None:
    equipment = [{**solar_tables()["equipment"][0], "operation_start": date(2024, 3, 1)}]
    (finding,) = found(tmp_path, equipment=equipment)
    assert finding.severity == "major" and "2024-01, 2024-02" in finding.message
    assert finding.data["amount"] == pytest.approx(220_000.0)


def test_everything_used_or_zero_says_nothing(tmp_path: Path) -> None:
    assert found(tmp_path) == []
    equipment = [{**solar_tables()["equipment"][0], "operation_start": date(2024, 3, 1)}]
    assert found(tmp_path, equipment=equipment, readings=monthly("M-1", [0.0, 0.0, 5.0])) == []


def test_a_main_meter_stands_against_those_below_it_and_is_not_unused(tmp_path: Path) -> None:
    (own,) = solar_tables()["meters"]
    meters = [{**own, "below": "MAIN"}, {**own, "meter_id": "MAIN", "serial_number": "SN-0", "below": "grid"}]
    readings = [*solar_tables()["readings"], *monthly("MAIN", [150_000.0, 160_000.0, 170_000.0])]
    assert found(tmp_path, meters=meters, readings=readings) == []


@pytest.mark.parametrize(
    ("placed", "code"),
    [
        ({}, "readings.not_placed"),
        ({"below": "grid"}, "readings.not_used"),
        ({"checks": "M-1"}, "crosscheck.check_meter"),
    ],
)
def test_a_meter_of_which_nothing_is_said_is_a_question_with_its_tonnes(
    placed: dict[str, str], code: str, tmp_path: Path
) -> None:
    """180 t at 0.5 t/MWh; 10, 20 and 150 MWh below M-1 with its 100, 120 and 140: 10 + 20 + 140 = 170 MWh, 85 t."""
    (own,) = solar_tables()["meters"]
    meters = [own, {"meter_id": "M-2", "serial_number": "SN-2", "unit": "kWh", "transformer_factor": 1.0, **placed}]
    readings = [*solar_tables()["readings"], *monthly("M-2", [10_000.0, 20_000.0, 150_000.0])]
    result = calculate_file(solar_workbook(tmp_path / "m.xlsx", tables={"meters": meters, "readings": readings}))
    (finding,) = [f for f in result.findings if f.code in ("readings.not_placed", "readings.not_used", code)]
    assert finding.code == code
    if code == "readings.not_placed":
        assert (finding.severity, finding.effect_tco2e) == ("major", pytest.approx(85.0)) and "M-1" in finding.message
