"""``jcm-mrv inspect``: what a person reads of a log, and the workbook with its rows."""

from __future__ import annotations

import csv
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.workbook.schema import sheet
from support.workbooks import solar_tables, solar_workbook

REAL = Path(__file__).parents[1] / "data" / "pv_inverter_export_wide.csv"


class TestWhatIsShown:
    def test_the_real_wide_log(self, jcm: Any) -> None:
        done = jcm("inspect", REAL)
        assert done.status == 0
        for told in (
            "encoding utf-8, columns separated by comma",
            "read as MM/DD/YYYY: in this order alone the times are evenly spaced",
            "from 2022-01-02 00:00:00 to 2022-01-06 23:45:00, 480 times",
            "all are 15 min apart",
            "no time zone: you have to state it",
            "87153.49",
            "line 481: 1/6/2022 23:45",
            "left out: ambient_temp__1053",
            "3 row(s)",
        ):
            assert told in done.out

    def test_preamble_footer_and_texts(self, jcm: Any, tmp_path: Path) -> None:
        path = tmp_path / "log.csv"
        rows = "".join(f"{d:02d}.02.2024 00:00;1.234,5;A\n" for d in range(1, 29))
        path.write_bytes(("Site A\n日時;電力量 [kWh];設備\n" + rows + "合計;34.566;\n").encode("cp932"))
        done = jcm("inspect", path)
        assert done.status == 0
        assert "above the headings, line 1: Site A" in done.out
        assert "below the data, line 31: 合計" in done.out
        assert "'13.02.2024 00:00' (line 15) is a date in this order alone" in " ".join(done.out.split())
        assert "1.234,5" in done.out

    def test_a_workbook(self, jcm: Any, tmp_path: Path) -> None:
        path = tmp_path / "log.xlsx"
        book = openpyxl.Workbook()
        book.active.title = "Empty"
        data = book.create_sheet("Data")
        data.append(["time", "E [kWh]"])
        for hour in range(12):
            data.append([datetime(2024, 2, 1, hour), 1.5])
        book.save(path)
        done = jcm("inspect", path, "--sheet", "Data")
        assert done.status == 0
        assert "sheet Data" in done.out
        assert "12 times" in done.out
        assert jcm("inspect", path, "--sheet", "None").status == 1

    def test_what_cannot_be_read(self, jcm: Any, tmp_path: Path) -> None:
        path, output = tmp_path / "log.csv", tmp_path / "rows.xlsx"
        path.write_bytes(b"")
        done = jcm("inspect", path, "--write", output)
        assert done.status == 1
        assert "logs.unreadable" in done.out
        assert not output.exists()

    def test_words_of_strangers_do_not_steer_the_terminal(self, jcm: Any, tmp_path: Path) -> None:
        path = tmp_path / "log.csv"
        lines = "".join(f"2024-02-01 {h:02d}:00,{h},\x1b]0;x\x07\n" for h in range(12))
        path.write_text(f"\x1b[2Jpreamble\ntime,E\x1b[31m [kWh],no\u202ete\n{lines}", encoding="utf-8")
        done = jcm("inspect", path)
        assert done.status == 0
        assert not {"\x1b", "\x07", "\u202e"} & set(done.out)

    @pytest.mark.parametrize("arguments", [(), ("none.csv",), (str(REAL), "--write", "rows.csv")])
    def test_wrong_usage(self, jcm: Any, arguments: tuple[str, ...]) -> None:
        assert jcm("inspect", *arguments).status == 2


class TestWhatIsWritten:
    def test_rows_under_the_headings_of_the_sheet(self, jcm: Any, tmp_path: Path) -> None:
        output = tmp_path / "rows.xlsx"
        assert jcm("inspect", REAL, "--write", output).status == 0
        book = openpyxl.load_workbook(output)
        heads, *rows = book["Logs"].iter_rows(values_only=True)
        assert list(heads) == [column.heading for column in sheet("logs").columns]
        first = dict(zip(heads, rows[0], strict=True))
        assert (first["Time column"], first["Value column"]) == ("A", "ac_power_kw_1137")
        undecided = ("Meter ID", "Unit", "Kind", "Time zone", "Stamp", "Factor included")
        assert {key: first[key] for key in undecided} == dict.fromkeys(undecided)
        questions = list(book["Questions"].iter_rows(min_row=2, values_only=True))
        assert ("all", "Time zone") in {row[:2] for row in questions}
        assert (2, "Unit") in {row[:2] for row in questions}

    def test_with_the_questions_answered_the_row_is_read(self, jcm: Any, tmp_path: Path) -> None:
        shutil.copy(REAL, tmp_path / "pv.csv")
        jcm("inspect", tmp_path / "pv.csv", "--write", tmp_path / "rows.xlsx")
        heads, first, *_ = openpyxl.load_workbook(tmp_path / "rows.xlsx")["Logs"].iter_rows(values_only=True)
        keys = {column.heading: column.key for column in sheet("logs").columns}
        row = {keys[head]: value for head, value in zip(heads, first, strict=True)}
        answers = {"meter_id": "M-1", "unit": "kW", "kind": "power", "time_zone": "America/Denver", "stamp": "start"}
        days = {"period_start": date(2022, 1, 2), "period_end": date(2022, 1, 6), "operation_start": date(2021, 1, 1)}
        equipment = {**solar_tables()["equipment"][0], "operation_start": date(2021, 1, 1)}
        path = solar_workbook(
            tmp_path / "monitoring.xlsx",
            project={**days, "time_zone": "America/Denver", "report_date": date(2022, 2, 1)},
            tables={
                "equipment": [equipment],
                "readings": [],
                "logs": [{**row, **answers, "transformer_factor_included": "yes"}],
            },
        )
        result = calculate_file(path)
        with REAL.open(encoding="utf-8") as file:
            power = [float(line["ac_power_kw_1137"]) for line in csv.DictReader(file)]
        # kW over quarters of an hour, and 0.5 t/MWh
        assert result.reductions == pytest.approx(sum(power) * 0.25 / 1000 * 0.5, rel=1e-9)

    def test_a_text_is_never_a_formula(self, jcm: Any, tmp_path: Path) -> None:
        path, output = tmp_path / "log.csv", tmp_path / "rows.xlsx"
        lines = "".join(f"2024-02-01 {h:02d}:00,{n},{h}\n" for h in range(12) for n in ("=1+1", "@SUM(A1)"))
        path.write_text(f"time,name,=HYPERLINK(0) [kWh]\n{lines}", encoding="utf-8")
        assert jcm("inspect", path, "--write", output).status == 0
        cells = [c for sheet in openpyxl.load_workbook(output) for line in sheet.iter_rows() for c in line]
        assert {"=1+1", "@SUM(A1)", "=HYPERLINK(0) [kWh]"} <= {c.value for c in cells}
        assert not [c for c in cells if c.data_type == "f"]

    def test_a_file_is_replaced_only_when_told(self, jcm: Any, tmp_path: Path) -> None:
        output = tmp_path / "rows.xlsx"
        output.write_bytes(b"somebody's work")
        assert jcm("inspect", REAL, "--write", output).status == 1
        assert output.read_bytes() == b"somebody's work"
        assert jcm("inspect", REAL, "--write", output, "--force").status == 0

    def test_same_log_same_bytes(self, jcm: Any, tmp_path: Path) -> None:
        for name in ("1.xlsx", "2.xlsx"):
            jcm("inspect", REAL, "--write", tmp_path / name)
        assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()
