"""Names, units and periods that do not fit the rest of the workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.inputs import read_monitoring
from jcm_mrv.workbook.references import names
from support.workbooks import monthly, solar_tables, solar_workbook

Rows = Sequence[Mapping[str, Any]]
Tables = Mapping[str, Rows]
JAN, FEB = datetime(2024, 1, 1), datetime(2024, 2, 1)
INVOICE = {
    "invoice_no": "1",
    "supplier": "Grid",
    "meter_id": "M-1",
    "start": JAN,
    "end": FEB,
    "value": 1.0,
    "unit": "kWh",
}
CALIBRATION = {"meter_id": "M-1", "date": date(2024, 1, 1), "result": "passed"}
DOCUMENT = {"document_id": "D-1", "title": "a"}
SAMPLE = {"document_id": "D-01", "title": "c"}  # the document that the sample workbook rests on
METER = {"meter_id": "M-1", "unit": "kWh", "transformer_factor": 1.0}
LOG = {
    "log_id": "L", "meter_id": "M-1", "file": "l.csv", "layout": "wide", "time_column": "t", "value_column": "v",
    "unit": "kW", "kind": "power", "time_zone": "UTC", "stamp": "start", "transformer_factor_included": "yes",
}  # fmt: skip


def findings(
    folder: Path, project: Mapping[str, Any] | None = None, **tables: Sequence[Mapping[str, Any]]
) -> list[Finding]:
    return read_monitoring(solar_workbook(folder / "monitoring.xlsx", project=project, tables=tables)).findings


def places(found: list[Finding]) -> list[tuple[str, str, str]]:
    return sorted((f.code, f.where.sheet, f.where.cell) for f in found)


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({"invoices": [{**INVOICE, "meter_id": "M-9"}]}, ("input.meter_unknown", "Invoices", "C2")),
        ({"calibrations": [{**CALIBRATION, "meter_id": "M-9"}]}, ("input.meter_unknown", "Calibrations", "A2")),
        ({"logs": [{**LOG, "meter_id": "M-9"}]}, ("input.meter_unknown", "Logs", "B2")),
        ({"readings": monthly("M-9", [1.0, 2.0])}, ("input.meter_unknown", "Readings", "A2")),
        ({"invoices": [INVOICE, {**INVOICE, "value": 2.0}]}, ("input.duplicate_id", "Invoices", "A3")),
        ({"meters": [METER, METER]}, ("input.duplicate_id", "Meters", "A3")),
        ({"estimates": [{"year": 2024, "reductions": 1.0}] * 2}, ("input.duplicate_id", "Estimates", "A3")),
        (
            {"evidence": [DOCUMENT, {"document_id": "ｄ-1", "title": "b"}, SAMPLE]},
            ("input.duplicate_id", "Evidence", "A3"),
        ),
        ({"invoices": [{**INVOICE, "end": JAN}]}, ("input.interval_reversed", "Invoices", "E2")),
        ({"meters": [{**METER, "installed": FEB, "removed": JAN}]}, ("input.interval_reversed", "Meters", "S2")),
        ({"calibrations": [{**CALIBRATION, "valid_until": date(2023, 1, 1)}]},
         ("input.interval_reversed", "Calibrations", "D2")),
        ({"invoices": [{**INVOICE, "unit": "m3"}]}, ("input.unit_dimension", "Invoices", "G2")),
        ({"logs": [{**LOG, "unit": "kWh"}]}, ("input.unit_dimension", "Logs", "J2")),
        ({"logs": [{**LOG, "kind": "energy"}]}, ("input.unit_dimension", "Logs", "J2")),
        ({"meters": [{**METER, "serial_number": "a"}, {**METER, "serial_number": "b", "unit": "m3"}]},
         ("input.unit_dimension", "Meters", "I3")),
        ({"calibrations": [{**CALIBRATION, "evidence": "D-1; D-2"}], "evidence": [DOCUMENT, SAMPLE]},
         ("input.evidence_unknown", "Calibrations", "I2")),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_each_is_found_at_its_cell(tables: Tables, expected: tuple[str, str, str], tmp_path: Path) -> None:
    assert places(findings(tmp_path, **tables)) == [expected]


@pytest.mark.parametrize(
    "tables",
    [
        {"invoices": [INVOICE, {**INVOICE, "invoice_no": "2"}, {**INVOICE, "supplier": "Other"}]},
        {"invoices": [{**INVOICE, "unit": "MWh"}]},  # another scale, the same kind
        {"logs": [LOG]},  # kW over time is energy
        {
            "meters": [
                {**METER, "serial_number": "a", "removed": FEB},
                {**METER, "serial_number": "b", "installed": FEB},
            ]
        },
        {"meters": [METER, {**METER, "meter_id": "M-2"}]},
        {"calibrations": [{**CALIBRATION, "valid_until": date(2024, 1, 1)}]},
    ],
    ids=["invoices", "scale", "power", "swap", "two meters", "one day"],
)
def test_what_is_right_is_not_found(tables: Tables, tmp_path: Path) -> None:
    assert findings(tmp_path, **tables) == []


def test_the_meter_of_many_readings_is_named_once(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, readings=monthly("M-9", [1.0, 2.0, 3.0]))
    assert "3 readings" in finding.message


def test_a_name_that_differs_only_in_case_or_width_is_suggested(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, readings=monthly("ｍ-1", [1.0]))
    assert "Did you mean “M-1”?" in finding.action


@pytest.mark.parametrize("target", ["PV-1", "Roof A", "Site 1", "Grid X"])
def test_equipment_is_found_by_id_group_site_or_source(target: str, tmp_path: Path) -> None:
    equipment = {**solar_tables()["equipment"][0], "group": "Roof A", "site": "Site 1", "electricity_source": "Grid X"}
    point = {**solar_tables()["points"][0], "applies_to": target}
    assert findings(tmp_path, equipment=[equipment], points=[point]) == []
    (finding,) = findings(tmp_path, equipment=[equipment], points=[{**point, "applies_to": target + "x"}])
    assert (finding.code, finding.where.cell) == ("input.equipment_unknown", "D2")


def test_a_list_of_equipment_in_place_of_one_name_is_answered_with_a_group(tmp_path: Path) -> None:
    first = solar_tables()["equipment"][0]
    point = {**solar_tables()["points"][0], "applies_to": "PV-1; PV-2"}
    equipment = [first, {**first, "equipment_id": "PV-2", "serial_number": "SN-PV-2"}]
    (finding,) = findings(tmp_path, equipment=equipment, points=[point])
    assert finding.code == "input.equipment_unknown" and "column Group" in finding.action
    (finding,) = findings(tmp_path, equipment=equipment, points=[{**point, "applies_to": "PV-1; PV-9"}])
    assert "column Group" not in finding.action


@pytest.mark.parametrize("written", ["KWH", "kwh", "kW.h"])
def test_a_unit_written_otherwise_is_answered_with_the_known_one(written: str, tmp_path: Path) -> None:
    found = findings(tmp_path, readings=monthly("M-1", [1.0, 2.0], unit=written))
    assert {f.code for f in found} == {"input.unit_unknown"}
    assert all("Did you mean “kWh”?" in f.action for f in found)


def test_one_day_is_a_period(tmp_path: Path) -> None:
    assert findings(tmp_path, {"period_end": date(2024, 1, 1)}) == []


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "UTC", "UTC+07:00", "Africa/Nairobi"])
def test_zones(zone: str, tmp_path: Path) -> None:
    assert findings(tmp_path, {"time_zone": zone}) == []


@pytest.mark.parametrize("zone", ["ICT", "Hanoi", "UTC+15", "localtime", "../../etc/passwd", "/etc/localtime"])
def test_no_zones(zone: str, tmp_path: Path) -> None:
    assert [f.code for f in findings(tmp_path, {"time_zone": zone})] == ["input.time_zone_unknown"]


def test_a_methodology_of_a_row_is_one_of_the_project(tmp_path: Path) -> None:
    point = solar_tables()["points"][0]
    assert findings(tmp_path, points=[{**point, "methodology": "vn_am007  1.0"}]) == []
    (finding,) = findings(tmp_path, points=[{**point, "methodology": "VN_AM007 2.0"}])
    assert (finding.code, finding.where.cell) == ("input.methodology_unlisted", "B2")
    assert "VN_AM007 1.0" in finding.action


def test_a_heading_of_equipment_without_unit(tmp_path: Path) -> None:
    equipment = {**solar_tables()["equipment"][0], "COP_PJ []": 4.0, "EER [bananas]": 3.0}
    found = {f.code: f for f in findings(tmp_path, equipment=[equipment])}
    assert "COP_PJ [kW]" in found["input.unit_missing"].action
    assert found["input.unit_unknown"].found == "bananas"
    assert {f.where.cell.rstrip("0123456789") + "1" for f in found.values()} == {f.where.cell for f in found.values()}


def test_lists_of_names() -> None:
    assert names(" D-1; D-2；D-3 ;; ") == ["D-1", "D-2", "D-3"]
