"""Finer rows of a log: each month is the sum over its own rows, by whatever program adds them up."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from jcm_mrv.calculation import calculate_file
from jcm_mrv.reporting.excel.report import workbook_report
from jcm_mrv.result import Result
from support.command import run
from support.excel_reports import by_year, by_year_anew
from support.libreoffice import recalculate, recalculate_all
from support.workbooks import solar_workbook

HOURS = [datetime(2024, 1, 1) + timedelta(hours=n) for n in range(91 * 24)]


def value(moment: datetime) -> float:
    """A made-up hour: whole tenths that are another every hour of the week."""
    return (moment.hour * 7 + moment.day * 3 + moment.month) % 41 / 10 + 20


def written(folder: Path, kind: str = "energy", step: int = 60, **changes: Any) -> Path:
    """The small solar project with a log of values per interval from January to March."""
    if kind == "register":
        counted, lines = 0.0, []
        for moment in [*HOURS, datetime(2024, 4, 1)]:
            lines.append(f"{moment:%Y-%m-%d %H:%M},{counted:.1f}")
            counted += value(moment)
    else:
        moments = [h + timedelta(minutes=m) for h in HOURS for m in range(0, 60, step)]
        lines = [f"{moment:%Y-%m-%d %H:%M},{value(moment)}" for moment in moments]
    (folder / "main.csv").write_text("Time,kWh\n" + "\n".join(lines) + "\n")
    row = {
        "log_id": "L-1", "meter_id": "M-1", "file": "main.csv", "layout": "wide", "time_column": "Time",
        "value_column": "kWh", "unit": "kWh", "kind": kind, "time_zone": "+07:00", "stamp": "start",
        "interval_minutes": float(step), "transformer_factor_included": "yes", **changes,
    }  # fmt: skip
    return solar_workbook(folder / "monitoring.xlsx", tables={"readings": [], "logs": [row]})


def months() -> Mapping[str, float]:
    """The sums of the hours by month, from the list above."""
    found: dict[str, list[float]] = defaultdict(list)
    for moment in HOURS:
        found[f"{moment:%Y-%m}"].append(value(moment))
    return {month: math.fsum(values) for month, values in found.items()}


def rows_of(path: Path, name: str = "Log values") -> list[list[Any]]:
    rows = [[cell.value for cell in row] for row in load_workbook(path, data_only=True)[name].iter_rows()]
    start = next(n for n, row in enumerate(rows) if row[0] == "Meter")
    return rows[start + 1 :]


def monthly_cells(book: Workbook) -> list[Any]:
    return [row[3].value for row in book["Readings"].iter_rows() if row[0].value == "M-1"]


def reported(result: Result, path: Path, rows: str) -> Path:
    path.write_bytes(workbook_report(result, "en", rows))
    return path


def test_a_month_is_the_sum_over_its_rows(tmp_path: Path) -> None:
    result = calculate_file(written(tmp_path))
    counts = {"daily": 91, "hourly": 91 * 24, "all": 91 * 24}
    paths = [reported(result, tmp_path / f"{rows}.xlsx", rows) for rows in counts]
    for path, anew, count in zip(paths, recalculate_all(paths, tmp_path / "anew"), counts.values(), strict=True):
        found = rows_of(path)
        assert len(found) == count, path.stem
        by_month: dict[str, list[float]] = defaultdict(list)
        for row in found:
            by_month[f"{row[1]:%Y-%m}"].append(row[2])
        assert {m: math.fsum(v) for m, v in by_month.items()} == pytest.approx(months(), rel=1e-12)
        formulas = monthly_cells(load_workbook(path))
        assert all(str(formula).startswith("=IF(COUNT('Log values'!") for formula in formulas), path.stem
        book = load_workbook(anew, data_only=True)
        assert monthly_cells(book) == pytest.approx(list(months().values()), rel=1e-12)
        assert by_year(book)["Total"]["Emission reductions"] == pytest.approx(result.reductions, rel=1e-9)
        assert by_year(book)["Total"]["Check"] == "OK"


def test_a_value_that_is_changed_or_emptied_reaches_the_tonnes(tmp_path: Path) -> None:
    """480 kWh more at 0.5 t/MWh are 0.24 t; an empty cell is unknown, not zero."""
    result = calculate_file(written(tmp_path))
    path = reported(result, tmp_path / "report.xlsx", "daily")
    books = [load_workbook(path), load_workbook(path)]
    cells = [next(c for c in book["Log values"]["C"] if isinstance(c.value, float)) for book in books]
    cells[0].value, cells[1].value = cells[0].value + 480.0, None
    more, emptied = (found["Total"] for found in by_year_anew(books, tmp_path))
    assert more["Emission reductions"] == pytest.approx(result.reductions + 0.24, rel=1e-9)
    assert (emptied["Emission reductions"], emptied["Check"]) == ("#N/A", "CHECK")


def test_means_are_shown_as_read_and_count_for_their_hours(tmp_path: Path) -> None:
    """A power of 20 kW and more every quarter of an hour: the month is the sum times 0.25 h."""
    result = calculate_file(written(tmp_path, "power", 15, unit="kW"))
    path = reported(result, tmp_path / "report.xlsx", "all")
    first = rows_of(path)[0]
    assert (first[2], first[3], first[5]) == (value(HOURS[0]), 0.25, "power, kW")
    anew = load_workbook(recalculate(path, tmp_path / "anew"), data_only=True)
    assert monthly_cells(anew) == pytest.approx(list(months().values()), rel=1e-12)
    daily = rows_of(reported(result, tmp_path / "daily.xlsx", "daily"))
    assert daily[0][2] == pytest.approx(math.fsum(map(value, HOURS[:24])), rel=1e-12) and daily[0][4] == 96


def test_a_register_is_shown_by_what_it_advanced(tmp_path: Path) -> None:
    path = reported(calculate_file(written(tmp_path, "register")), tmp_path / "report.xlsx", "daily")
    assert [row[2] for row in rows_of(path)[:1]] == pytest.approx([math.fsum(map(value, HOURS[:24]))], rel=1e-9)
    assert monthly_cells(load_workbook(path, data_only=True)) == pytest.approx(list(months().values()), rel=1e-9)


def test_rows_beyond_those_of_a_sheet_go_on_to_a_second_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Here a sheet has 60 rows: a month of days fits, two do not; of hours none does, and that is said."""
    result = calculate_file(written(tmp_path))
    monkeypatch.setattr("jcm_mrv.reporting.excel.report.MOST_ROWS", 60)
    path = reported(result, tmp_path / "report.xlsx", "daily")
    assert [n for n in load_workbook(path).sheetnames if n.startswith("Log v")] == [
        "Log values", "Log values 2", "Log values 3",
    ]  # fmt: skip
    assert len(rows_of(path, "Log values 3")) == 31
    [anew] = by_year_anew([load_workbook(path)], tmp_path)
    assert anew["Total"]["Check"] == "OK"
    hourly = load_workbook(reported(result, tmp_path / "hourly.xlsx", "hourly"))["Log values"]
    assert str(hourly["A4"].value).endswith("more than the rows of a sheet: 3")


def test_the_same_bytes_twice_and_monthly_by_default(tmp_path: Path) -> None:
    result = calculate_file(written(tmp_path))
    assert workbook_report(result, "vi", "hourly") == workbook_report(result, "vi", "hourly")
    assert workbook_report(result) == workbook_report(result, "en", "monthly")
    assert workbook_report(result) != workbook_report(result, "en", "daily")


def test_a_package_with_finer_rows_verifies(tmp_path: Path) -> None:
    monitoring = written(tmp_path)
    asked = ("--formats", "json,xlsx,package", "--rows", "daily", "--lang", "ja")
    assert run("calculate", monitoring, "--output", tmp_path / "out", *asked).status == 0
    assert run("verify", tmp_path / "out" / "monitoring_package.ja.zip").status == 0
    (alone := tmp_path / "alone").mkdir()
    (alone / "monitoring_report.ja.xlsx").write_bytes((tmp_path / "out" / "monitoring_report.ja.xlsx").read_bytes())
    done = run("verify", alone / "monitoring_report.ja.xlsx", "--evidence", tmp_path)
    assert done.status == 0, done
