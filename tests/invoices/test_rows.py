"""Rows of the sheet Invoices that name an electronic invoice: filled from it, compared with it, traced to it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Severity
from jcm_mrv.inputs import read_monitoring
from jcm_mrv.workbook.records import MonitoringData
from support.workbooks import months, solar_tables, solar_workbook

SAMPLES = Path(__file__).parents[1] / "data" / "einvoices"
JUNE = {"start": datetime(2024, 6, 1), "end": datetime(2024, 7, 1)}


def workbook(folder: Path, *rows: Mapping[str, Any], serial: str = "IL-0001", factor: float = 40.0) -> Path:
    """A workbook of June 2024 with these invoices; all samples lie below it in ``invoices``."""
    shutil.copytree(SAMPLES, folder / "invoices")
    meter = {"meter_id": "M-1", "unit": "kWh", "transformer_factor": factor, "serial_number": serial}
    edges = months((2024, 6), 1)
    reading = {"meter_id": "M-1", "kind": "energy", "start": edges[0], "end": edges[1], "value": 34_010 / factor}
    tables = {
        **solar_tables(),
        "meters": [{**meter, "accuracy_class": 0.5}],
        "readings": [{**reading, "unit": "kWh"}],
        "invoices": rows,
    }
    project = {"period_start": datetime(2024, 6, 1), "period_end": datetime(2024, 6, 30)}
    return solar_workbook(folder / "monitoring.xlsx", project=project, tables=tables)


def read(folder: Path, *rows: Mapping[str, Any], **meter: Any) -> MonitoringData:
    return read_monitoring(workbook(folder, *rows, **meter))


def invoice_codes(data: MonitoringData) -> list[str]:
    return [f.code for f in data.findings if f.code.startswith(("invoices.", "input.required"))]


class TestFilled:
    def test_a_row_with_nothing_but_the_file(self, tmp_path: Path) -> None:
        data = read(tmp_path, {"file": "invoices/three_registers.xml"})
        rows = data.invoices
        assert [(r.register, r.value) for r in rows] == [
            ("normal", 20010.0),
            ("peak", 6000.0),
            ("off-peak", 8000.0),
        ]
        assert {(r.invoice_no, r.meter_id, r.unit) for r in rows} == {("1K24TIL 101", "M-1", "kWh")}
        assert {(r.start, r.end) for r in rows} == {(JUNE["start"], JUNE["end"])}
        assert invoice_codes(data) == []

    def test_each_value_says_where_it_comes_from(self, tmp_path: Path) -> None:
        row = read(tmp_path, {"file": "invoices/three_registers.xml"}).invoices[1]
        element = "HDon/DLHDon/NDHDon/DSHHDVu/HHDVu[4]/SLuong"
        assert str(row.origin("value")) == f"invoices/three_registers.xml, {element}"
        assert str(row.origin("file")).startswith("monitoring.xlsx, Invoices!")

    def test_what_the_person_wrote_stays(self, tmp_path: Path) -> None:
        rows = [{"file": "invoices/three_registers.xml", "register": "peak", "supplier": "My supplier", "comment": "x"}]
        [row] = read(tmp_path, *rows).invoices
        assert (row.supplier, row.value, row.comment) == ("My supplier", 6000.0, "x")

    def test_a_row_without_a_file_still_needs_its_cells(self, tmp_path: Path) -> None:
        assert invoice_codes(read(tmp_path, {"invoice_no": "7"})).count("input.required_empty") == 4

    def test_a_replaced_invoice_does_not_count(self, tmp_path: Path) -> None:
        data = read(tmp_path, *({"file": f"invoices/{name}.xml"} for name in ("three_registers", "replacement")))
        assert sum(r.value or 0 for r in data.invoices) == 34_020.0
        assert invoice_codes(data) == ["invoices.replaced"]

    def test_the_file_is_an_input_of_the_result(self, tmp_path: Path) -> None:
        result = calculate_file(workbook(tmp_path, {"file": "invoices/three_registers.xml"}))
        digest = hashlib.sha256((SAMPLES / "three_registers.xml").read_bytes()).hexdigest()
        assert ("invoices/three_registers.xml", digest) in result.inputs
        # 34,010 kWh of the meter against 20,010 + 6,000 + 8,000 of the invoice
        assert not [f for f in result.findings if f.code == "crosscheck.invoice"]


class TestCompared:
    @pytest.mark.parametrize(
        "row",
        [
            {"register": "peak", "value": 6000.0, "unit": "kWh"},
            {"value": 34.01, "unit": "MWh"},
            {"register": "total", "value": 34010.0, "unit": "kWh", "invoice_no": "101"},
        ],
        ids=["tariff", "other unit", "total and number alone"],
    )
    def test_a_row_that_agrees(self, tmp_path: Path, row: Mapping[str, Any]) -> None:
        data = read(tmp_path, {"file": "invoices/three_registers.xml", **row})
        assert invoice_codes(data) == []
        [found] = data.invoices
        assert found.value == row["value"]
        assert found.origin("value").sheet == "Invoices"
        assert found.end == JUNE["end"]

    @pytest.mark.parametrize(
        "row",
        [
            {"register": "peak", "value": 6001.0, "unit": "kWh"},
            {"value": 34010.0, "unit": "MWh"},
            {"value": 34010.0, "unit": "m3"},
            {"invoice_no": "102"},
            {"start": datetime(2024, 5, 1)},
        ],
        ids=["value", "unit", "no energy", "number", "day"],
    )
    def test_a_row_that_differs(self, tmp_path: Path, row: Mapping[str, Any]) -> None:
        data = read(tmp_path, {"file": "invoices/three_registers.xml", **row})
        [finding] = [f for f in data.findings if f.code == "invoices.differs"]
        assert finding.severity is Severity.ERROR
        assert finding.where.sheet == "Invoices"


class TestMeters:
    def test_a_number_that_is_not_on_the_sheet_meters(self, tmp_path: Path) -> None:
        data = read(tmp_path, {"file": "invoices/three_registers.xml"}, serial="SN-OTHER")
        assert data.invoices == []
        assert set(invoice_codes(data)) == {"invoices.other_meter"}

    def test_the_meter_of_the_row_bears_another_number(self, tmp_path: Path) -> None:
        data = read(tmp_path, {"file": "invoices/three_registers.xml", "meter_id": "M-1"}, serial="SN-OTHER")
        assert len(data.invoices) == 3
        assert "invoices.other_meter" in invoice_codes(data)

    def test_a_multiplier_that_is_not_the_factor_of_the_meter(self, tmp_path: Path) -> None:
        data = read(tmp_path, {"file": "invoices/three_registers.xml"}, factor=400.0)
        [finding] = [f for f in data.findings if f.code == "invoices.multiplier"]
        assert finding.data == {"invoice": 40.0, "meters": 400.0}


class TestOtherNames:
    """A supplier whose fields have names that are not known: the amounts are read, the rest is asked for."""

    def unknown(self, folder: Path, row: Mapping[str, Any]) -> MonitoringData:
        path = workbook(folder, {"file": "invoices/three_registers.xml", **row})
        file = folder / "invoices" / "three_registers.xml"
        file.write_text(file.read_text(encoding="utf-8").replace("<TTruong>", "<TTruong>x_"), encoding="utf-8")
        return read_monitoring(path)

    def test_meter_and_days_are_asked_for(self, tmp_path: Path) -> None:
        data = self.unknown(tmp_path, {})
        assert set(invoice_codes(data)) == {"invoices.other_meter"}
        assert data.invoices == []

    def test_days_are_asked_for(self, tmp_path: Path) -> None:
        data = self.unknown(tmp_path, {"meter_id": "M-1"})
        assert set(invoice_codes(data)) == {"invoices.incomplete"}

    def test_typed_beside_the_file_they_complete_it(self, tmp_path: Path) -> None:
        data = self.unknown(tmp_path, {"meter_id": "M-1", **JUNE})
        assert invoice_codes(data) == []
        # the names of the lines tell the tariffs
        assert {r.register: r.value for r in data.invoices} == {
            "normal": 20010.0,
            "peak": 6000.0,
            "off-peak": 8000.0,
        }


class TestTypedInvoices:
    def test_two_invoices_of_one_span_are_not_added_in_silence(self, tmp_path: Path) -> None:
        row = {"meter_id": "M-1", "value": 34_010.0, "unit": "kWh", **JUNE}
        result = calculate_file(workbook(tmp_path, {"invoice_no": "101", **row}, {"invoice_no": "117", **row}))
        [finding] = [f for f in result.findings if f.code == "invoices.overlap"]
        assert finding.found.startswith("invoice 117, and 101 in ")


class TestFiles:
    @pytest.mark.parametrize("file", ["none.xml", "../outside.xml", "/etc/outside.xml", "C:\\outside.xml"])
    def test_a_file_that_is_not_below_the_workbook(self, tmp_path: Path, file: str) -> None:
        (tmp_path / "outside.xml").write_bytes((SAMPLES / "three_registers.xml").read_bytes())
        folder = tmp_path / "project"
        folder.mkdir()
        assert invoice_codes(read(folder, {"file": file})) == ["invoices.file"]

    def test_a_file_without_a_unit(self, tmp_path: Path) -> None:
        path = workbook(tmp_path, {"file": "invoices/three_registers.xml"})
        file = tmp_path / "invoices" / "three_registers.xml"
        file.write_text(file.read_text(encoding="utf-8").replace("<DVTinh>kWh</DVTinh>", ""), encoding="utf-8")
        assert set(invoice_codes(read_monitoring(path))) == {"invoices.incomplete"}
