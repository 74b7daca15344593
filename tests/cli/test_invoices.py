"""``jcm-mrv invoices``: what it shows, what it writes, and that what it writes is read back as it stands."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jcm_mrv.inputs import read_monitoring
from support.workbooks import solar_tables, solar_workbook

SAMPLES = Path(__file__).parents[1] / "data" / "einvoices"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLES, tmp_path / "invoices"))


def rows(path: Path, sheet: str = "Invoices") -> list[dict[str, Any]]:
    lines = list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


class TestWhatIsShown:
    def test_a_folder(self, jcm: Any, folder: Path) -> None:
        done = jcm("invoices", folder)
        assert done.status == 0
        assert "6 file(s), 6 row(s)" in done.out
        # the replacement counts, the original and the adjustment do not
        assert "20,020" in done.out
        assert "20,010" not in done.out
        assert "Findings: 1 major, 1 note" in done.out
        assert not list(folder.parent.glob("*.xlsx"))

    def test_every_reason_at_once_and_nothing_written(self, jcm: Any, folder: Path, tmp_path: Path) -> None:
        (folder / "a.xml").write_text("no XML", encoding="utf-8")
        (folder / "b.xml").write_text("<other/>", encoding="utf-8")
        output = tmp_path / "rows.xlsx"
        done = jcm("invoices", folder, "--output", output)
        assert done.status == 1
        assert "2 problems" in done.err
        assert not output.exists()

    def test_a_folder_without_invoices(self, jcm: Any, tmp_path: Path) -> None:
        done = jcm("invoices", tmp_path)
        assert done.status == 1
        assert "no .xml file" in done.err

    def test_wrong_usage(self, jcm: Any, folder: Path) -> None:
        assert jcm("invoices").status == 2
        assert jcm("invoices", "no-such.xml").status == 2
        assert jcm("invoices", folder, "--output", "rows.csv").status == 2

    def test_words_of_strangers_do_not_steer_the_terminal(self, jcm: Any, folder: Path) -> None:
        file = folder / "three_registers.xml"
        text = file.read_text(encoding="utf-8").replace("IL-0001", "IL&#x9b;31m&#x202e;1")
        file.write_text(text, encoding="utf-8")
        done = jcm("invoices", file)
        assert done.status == 0
        assert "\x9b" not in done.out
        assert "\u202e" not in done.out


class TestWhatIsWritten:
    def test_rows_under_the_headings_of_the_sheet(self, jcm: Any, folder: Path, tmp_path: Path) -> None:
        output = tmp_path / "rows.xlsx"
        assert jcm("invoices", folder / "three_registers.xml", "--output", output).status == 0
        found = rows(output)
        assert [(r["Register"], r["Value"], r["Unit"]) for r in found] == [
            ("normal", 20010, "kWh"),
            ("peak", 6000, "kWh"),
            ("off-peak", 8000, "kWh"),
        ]
        assert {(r["From"], r["To"]) for r in found} == {(datetime(2024, 6, 1), datetime(2024, 7, 1))}
        assert {r["File"] for r in found} == {"invoices/three_registers.xml"}

    def test_where_each_row_comes_from(self, jcm: Any, folder: Path, tmp_path: Path) -> None:
        output = tmp_path / "rows.xlsx"
        jcm("invoices", folder / "three_registers.xml", "--output", output)
        peak = rows(output, "Where from")[1]
        assert (peak["Row"], peak["Old index"], peak["New index"], peak["Multiplier"]) == (3, 400, 550, 40)
        assert peak["Element"] == "HDon/DLHDon/NDHDon/DSHHDVu/HHDVu[4]/SLuong"

    def test_the_rows_are_read_back_and_agree_with_the_files(self, jcm: Any, folder: Path, tmp_path: Path) -> None:
        output = tmp_path / "rows.xlsx"
        jcm("invoices", folder, "--output", output)
        columns = {"Invoice no.": "invoice_no", "Supplier": "supplier", "From": "start", "To": "end", "File": "file"}
        columns |= {"Value": "value", "Unit": "unit", "Register": "register", "Comment": "comment"}
        pasted = [{key: row[heading] for heading, key in columns.items()} for row in rows(output)]
        meter = {"unit": "kWh", "accuracy_class": 0.5}
        meters = [
            {"meter_id": "M-1", "serial_number": "IL-0001", "transformer_factor": 40.0, **meter},
            {"meter_id": "M-2", "serial_number": "IL-0002", "transformer_factor": 100.0, **meter},
        ]
        tables = {**solar_tables(), "meters": meters, "invoices": pasted}
        data = read_monitoring(solar_workbook(tmp_path / "monitoring.xlsx", tables=tables))
        assert [(r.meter_id, r.value) for r in data.invoices] == [
            *(("M-1", 20020.0), ("M-1", 6000.0), ("M-1", 8000.0)),
            *(("M-2", 3050.0), ("M-2", 3150.0), ("M-2", 2825.0)),
        ]
        # the file of the replaced invoice is named by no row
        assert [f.code for f in data.findings if f.code.startswith("invoices.")] == ["invoices.replaced"]

    def test_a_text_is_never_a_formula(self, jcm: Any, folder: Path, tmp_path: Path) -> None:
        file, output = folder / "three_registers.xml", tmp_path / "rows.xlsx"
        text = file.read_text(encoding="utf-8").replace("Illustrative Power Company", "=1+1")
        file.write_text(text.replace("IL-0001", "@SUM(A1)"), encoding="utf-8")
        jcm("invoices", file, "--output", output)
        cells = [c for sheet in openpyxl.load_workbook(output) for line in sheet.iter_rows() for c in line]
        assert "=1+1" in [c.value for c in cells]
        assert not [c for c in cells if c.data_type == "f"]

    def test_a_file_is_replaced_only_when_told(self, jcm: Any, folder: Path, tmp_path: Path) -> None:
        output = tmp_path / "rows.xlsx"
        output.write_bytes(b"somebody's work")
        assert jcm("invoices", folder, "--output", output).status == 1
        assert output.read_bytes() == b"somebody's work"
        assert jcm("invoices", folder, "--output", output, "--force").status == 0

    def test_same_invoices_same_bytes(self, jcm: Any, folder: Path, tmp_path: Path) -> None:
        first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
        files = sorted(folder.rglob("*.xml"))
        jcm("invoices", *files, "--output", first)
        jcm("invoices", *files, "--output", second)
        assert first.read_bytes() == second.read_bytes()
