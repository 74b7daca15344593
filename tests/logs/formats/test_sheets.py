"""Logs in .xls and .ods: the same values, dates and error cells as in .xlsx, and bombs refused."""

from __future__ import annotations

import math
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.findings import Finding, errors
from jcm_mrv.logs.inspection.inspection import inspect_log
from jcm_mrv.meters.segments import SeriesResult
from support.log_files import number_cell, ods, row_of, text_cell
from support.sheets import log_row, parts_of

MADE = Path(__file__).parents[2] / "data" / "logs"
RIGHT = math.fsum(n * 7 % 24 * 1.25 for n in range(240))  # 10 * 1.25 * 276 = 3450


def read(folder: Path, name: str, **given: Any) -> SeriesResult:
    if not (folder / name).exists():
        shutil.copy(MADE / name, folder / name)
    row = log_row(**{"file": name, "value_column": "E [kWh]", "sheet": "Data", "interval_minutes": 60,
                     "transformer_factor_included": "yes", **given})  # fmt: skip
    return parts_of(folder, logs=[row], start=date(2024, 2, 1), end=date(2024, 2, 10))


def total(series: SeriesResult) -> float:
    return math.fsum(series.parts.amounts().tolist())


def found(series: SeriesResult, code: str) -> Finding:
    return next(f for f in series.findings if f.code == code)


@pytest.mark.parametrize("name", ["hours.xls", "hours.ods"])
def test_dates_and_numbers(name: str, tmp_path: Path) -> None:
    series = read(tmp_path, name)
    assert [f.code for f in series.findings] == [] and series.coverage.data_gaps == ()
    assert total(series) == RIGHT == 3450.0
    origin = series.parts.origins[0]
    assert (origin.file, origin.sheet, origin.line) == (name, "Data", 2)


@pytest.mark.parametrize("name", ["hours.xls", "hours.ods"])
def test_an_error_cell_is_none_that_is_empty(name: str, tmp_path: Path) -> None:
    series = read(tmp_path, name, value_column="check")
    finding = found(series, "logs.value")
    assert finding.severity == "error" and (finding.found, finding.where.line) == ("#DIV/0!", 102)


@pytest.mark.parametrize("name", ["hours.xls", "hours.ods"])
def test_of_several_sheets_one_has_to_be_named(name: str, tmp_path: Path) -> None:
    finding = found(read(tmp_path, name, sheet=""), "logs.unreadable")
    assert "Data, Note" in finding.message and "column Sheet" in finding.action
    shutil.copy(MADE / name, tmp_path / name)
    assert inspect_log(tmp_path / name, "Data").look.headings == ("time", "E [kWh]", "check", "state")


@pytest.mark.parametrize("name", ["hours.xls", "hours.ods"])
def test_damaged_files_are_refused(name: str, tmp_path: Path) -> None:
    whole = (MADE / name).read_bytes()
    for content in (whole[: len(whole) // 2], b"", b"time,value\n", whole[:600] + b"\0" * 4000 + whole[4600:]):
        (tmp_path / name).write_bytes(content)
        series = read(tmp_path, name)
        assert {f.code for f in errors(series.findings)} <= {
            "logs.unreadable",
            "logs.column",
            "logs.value",
            "logs.empty",
        }
        assert errors(series.findings) or total(series) == RIGHT


# --- made by hand -------------------------------------------------------------------


def put(folder: Path, rows: list[str], **given: str) -> None:
    (folder / "hand.ods").write_bytes(ods(rows, **given))


HEAD = row_of(text_cell("time"), text_cell("E [kWh]"))


def hours(count: int, value: float = 2.0) -> list[str]:
    moments = [datetime(2024, 2, 1) + timedelta(hours=n) for n in range(count)]
    return [row_of(text_cell(f"{m:%Y-%m-%d %H:%M}"), number_cell(value)) for m in moments]


def test_rows_and_cells_that_stand_for_several(tmp_path: Path) -> None:
    """Empty rows and cells are repeated to the end of the sheet in every .ods."""
    empty = row_of(
        '<table:table-cell table:number-columns-repeated="16384"/>', attributes='table:number-rows-repeated="1048000"'
    )
    put(tmp_path, [HEAD, *hours(240), empty])
    series = read(tmp_path, "hand.ods")
    assert errors(series.findings) == [] and total(series) == 480.0


FAR = 'table:number-rows-repeated="1048000"'
WIDE = 'table:number-columns-repeated="16384"'


@pytest.mark.parametrize(
    "rows",
    [
        [HEAD, *hours(3), row_of(number_cell(1, WIDE), attributes=FAR)],
        [HEAD, *hours(3), row_of(number_cell(1, WIDE.replace("16384", "99999999999")))],
        [
            HEAD,
            *hours(3),
            *[row_of("<table:table-cell/>", attributes=FAR)] * 2,
            row_of(number_cell(1), number_cell(2), number_cell(3)),
        ],
        [HEAD, row_of(text_cell("x" * 30_000_000))],
    ],
    ids=["rows", "columns", "far below", "packed tight"],
)
def test_bombs_are_refused(rows: list[str], tmp_path: Path) -> None:
    put(tmp_path, rows)
    assert found(read(tmp_path, "hand.ods"), "logs.unreadable").severity == "error"


def test_entities_and_passwords(tmp_path: Path) -> None:
    put(tmp_path, [HEAD], before='<!DOCTYPE a [<!ENTITY b "c">]>')
    assert "document type" in found(read(tmp_path, "hand.ods"), "logs.unreadable").message
    put(tmp_path, [HEAD], manifest="<manifest><file-entry><encryption-data/></file-entry></manifest>")
    assert "password" in found(read(tmp_path, "hand.ods"), "logs.unreadable").message


@pytest.mark.parametrize("error", ["#N/A", "Err:502", "#REF!"])
def test_errors_of_other_programs(error: str, tmp_path: Path) -> None:
    """Older programs write the error as the text of a number 0."""
    rows = hours(240)
    cell = f'<table:table-cell office:value-type="float" office:value="0"><text:p>{error}</text:p></table:table-cell>'
    rows[7] = row_of(text_cell("2024-02-01 07:00"), cell)
    put(tmp_path, [HEAD, *rows])
    finding = found(read(tmp_path, "hand.ods"), "logs.value")
    assert (finding.found, finding.where.line) == (error, 9)


@pytest.mark.parametrize("name", ["log.xlsb", "log.zip", "log.pdf", "log.csv.gz", "log.json"])
def test_what_is_not_read_names_the_way(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04")
    finding = found(read(tmp_path, name), "logs.unreadable")
    assert finding.severity == "error" and finding.where.sheet == "Logs" and len(finding.action) > 20


@pytest.mark.parametrize(
    ("name", "content", "way"),
    [
        (
            "export.xls",
            b"<html><body><table><tr><td>time</td><td>kWh</td></tr></table></body></html>",
            "save it as .xlsx",
        ),
        ("export.xls", b"\xef\xbb\xbf\r\n<!DOCTYPE html><table></table>", "save it as .xlsx"),
        ("export.csv", b"<table><tr><td>2024-01-01 00:00</td></tr></table>", "save it as .xlsx"),
        ("export.csv", b'[{"time": "2024-01-01 00:00", "kWh": 1.5}]', "From JSON"),
        ("export.txt", b'{"data": []}', "From JSON"),
        ("export.csv", b"\x1f\x8b\x08\x00\x00", "Unpack"),
    ],
)
def test_what_is_not_read_is_known_by_its_content_too(name: str, content: bytes, way: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    finding = found(read(tmp_path, name, sheet=""), "logs.unreadable")
    assert finding.severity == "error" and finding.found == name and way in finding.action
    assert way in inspect_log(tmp_path / name).look.problems[0].message


def test_a_heading_in_brackets_is_no_json(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("[time],[E]\n2024-02-01 00:00,1.5\n")
    assert "logs.unreadable" not in {f.code for f in read(tmp_path, "log.csv", sheet="").findings}
