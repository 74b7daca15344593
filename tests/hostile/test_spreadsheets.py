"""Spreadsheets and answers from other people, made to break a reader. All are made for the purpose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.official.reading import read_spreadsheet
from jcm_mrv.official.terms import number_in, unit_factor
from support.command import run
from support.mutations import edit_part
from support.official_spreadsheet import DEFAULTS, official_spreadsheet
from support.workbooks import solar_workbook

pytestmark = pytest.mark.timeout(60)


@pytest.mark.parametrize("unit", ["9**9**9", "kW**9999999", "tCO2/MWh" * 4_000, "(" * 3_000, "kWh/p/p/p**9**9"])
def test_units_of_an_official_spreadsheet_are_only_read(unit: str, tmp_path: Path) -> None:
    first, *others = DEFAULTS
    rows: Any = [[*first[:3], unit, *first[4:]], *others]
    read = read_spreadsheet(official_spreadsheet(tmp_path / "o.xlsx", defaults=rows))
    assert [unit_factor(line.unit, "tCO2/MWh") for line in read.defaults] == [None, 0.001]


@pytest.mark.parametrize("value", [1e308, 5e-324, 1e16])
def test_numbers_of_an_official_spreadsheet_beyond_all_sizes(value: float, tmp_path: Path) -> None:
    first, *others = DEFAULTS
    rows: Any = [[*first[:2], value, *first[3:]], *others]
    read = read_spreadsheet(official_spreadsheet(tmp_path / "o.xlsx", defaults=rows))
    assert number_in(read.defaults[0], read.cells) is None


@pytest.mark.parametrize("old", [b"<sheetData>", b"</row>", b'r="A1"', b'<?xml version="1.0"'])
@pytest.mark.parametrize(
    "new", [b"", b"<x>", b'r="A' + b"9" * 5_000 + b'"', b'<?xml version="1.0" encoding="utf-7"?><x a="']
)
def test_an_official_spreadsheet_with_odd_parts(old: bytes, new: bytes, tmp_path: Path) -> None:
    path = official_spreadsheet(tmp_path / "o.xlsx")
    edit_part(path, "xl/worksheets/sheet1.xml", lambda data: data.replace(old, new, 1))
    try:
        read_spreadsheet(path)
    except JcmMrvError as error:
        assert "o.xlsx" in str(error)


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml", "xl/sharedStrings.xml"]
)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_answers_that_come_back_damaged_are_kept(part: str, share: float, tmp_path: Path) -> None:
    path = solar_workbook(tmp_path / "monitoring.xlsx", project={"pdd": None})
    assert run("check", path, "--output", tmp_path / "c").status == 0
    edit_part(tmp_path / "c" / "check.xlsx", part, lambda data: data[: int(len(data) * share)])
    damaged = (tmp_path / "c" / "check.xlsx").read_bytes()
    done = run("check", path, "--output", tmp_path / "c")
    assert done.status == 0
    kept = tmp_path / "c" / "check.earlier.xlsx"
    assert not kept.exists() or (kept.read_bytes() == damaged and "check.earlier.xlsx" in done.err)
