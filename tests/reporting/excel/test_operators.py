"""Operators over years, of rounding and of logarithms in the Excel report: LibreOffice reaches the same tonnes."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jcm_mrv.calculation import calculate_file
from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.card import CardDefault, DefaultClass
from jcm_mrv.methodology.catalogue import Catalogue, Entry, catalogue
from jcm_mrv.methodology.declare import (
    co2_as_co2e,
    constant,
    default,
    equipment,
    fixed,
    intermediate,
    monitored,
    period,
    result,
)
from jcm_mrv.quantities.expression import lag, ln, rounded, running, total
from jcm_mrv.reporting.excel.report import workbook_report
from jcm_mrv.result import Result
from support.libreoffice import recalculate
from support.workbooks import monthly, solar_tables, solar_workbook


class Years(Methodology):
    """RE counts what was generated until now in whole MWh, weighed by a logarithm; PE what was generated a year ago."""

    EG = monitored("electricity generated", unit="MWh", per=equipment)
    EF_RE_grid = default("factor of the grid", unit="tCO2/MWh")
    GWP = co2_as_co2e()
    one = constant("1", unit="MWh", label="one", source="invented for the test")
    until_now = intermediate(rounded(running(EG, period), 0, "down"), "until now", unit="MWh", per=equipment)
    year_before = intermediate(lag(EG, period, before=0), "a year before", unit="MWh", per=equipment)
    size = fixed("rated power", unit="kW", per=equipment)
    share = default("share by rated power", unit="1", per=equipment, by=size)
    weight = intermediate(rounded(1 + ln(total(EG, over=equipment) / one), 3), "weight", unit="1")
    RE = result(total(until_now * share, over=equipment) * EF_RE_grid * GWP * weight, "reference emissions")
    PE = result(total(year_before, over=equipment) * EF_RE_grid * GWP, "project emissions")
    ER = result(RE - PE, "emission reductions")


@pytest.fixture
def two_years(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Two systems; the second one begins in 2025. By year 6 + 0 and 14 + 10.5 MWh at 0.5 t/MWh."""
    found = catalogue().find("VN_AM007 1.0")
    points = (DefaultClass(2.0, 2.0, 0.5, "2 kW"), DefaultClass(4.0, 4.0, 0.9, "4 kW"))
    share = CardDefault("share", "1", "invented for the test", "unconfirmed", None, points, interpolated=True)
    kept = {"EF_RE_grid": found.card.defaults["EF_RE_grid"], "share": share}
    card = replace(found.card, defaults=kept, choices={}, parameters={})
    entry = Entry(card, Years, "test", "0")
    monkeypatch.setattr("jcm_mrv.methodology.named.find", Catalogue((entry,), ()).find)
    tables = solar_tables()
    second = {**tables["equipment"][0], "equipment_id": "PV-2", "serial_number": "SN-2"}
    second["operation_start"] = date(2025, 1, 1)
    changed = {
        "equipment": [*tables["equipment"], second],
        "meters": [*tables["meters"], {**tables["meters"][0], "meter_id": "M-2", "serial_number": "SN-M-2"}],
        "calibrations": [*tables["calibrations"], {**tables["calibrations"][0], "meter_id": "M-2"}],
        "points": [*tables["points"], {**tables["points"][0], "applies_to": "PV-2", "meter_id": "M-2"}],
        "fixed": [
            *(row for row in tables["fixed"] if row["parameter"] == "EF_RE_grid"),
            {"parameter": "size", "applies_to": "PV-1", "value": 3.0, "unit": "kW", "document": "D-01"},
            {"parameter": "size", "applies_to": "PV-2", "value": 4.0, "unit": "kW", "document": "D-01"},
        ],
        "readings": [
            *monthly("M-1", [2000.0] * 10, (2024, 10)),
            *monthly("M-2", [1500.0] * 7, (2025, 1)),
        ],
    }
    time = {"period_start": date(2024, 10, 1), "period_end": date(2025, 7, 31)}
    return calculate_file(solar_workbook(tmp_path / "m.xlsx", project=time, tables=changed))


def test_by_hand(two_years: Result) -> None:
    """2024: 6 x 0.7 x 0.5 x (1 + ln 6). 2025: (20 x 0.7 + floor 10.5 x 0.9) x 0.5 x (1 + ln 24.5), and 6 MWh before.

    The first system of 3 kW lies half way from 0.5 to 0.9, which is 0.7; the second one of 4 kW is at the last point.
    """
    first, second = two_years.years
    assert round(1 + math.log(6), 3) == 2.792 and round(1 + math.log(24.5), 3) == 4.199
    assert (first.reference, first.project) == (pytest.approx(2.1 * 2.792), 0.0)
    assert (second.reference, second.project) == (pytest.approx(11.5 * 4.199), pytest.approx(3.0))


def test_the_second_engine_computes_the_same(two_years: Result, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(workbook_report(two_years, "en"))
    book = load_workbook(path)
    book.save(tmp_path / "bare.xlsx")  # without cached values
    anew = load_workbook(recalculate(tmp_path / "bare.xlsx", tmp_path / "anew"), data_only=True)
    rows = list(anew["MRS(calc_process)"].iter_rows(values_only=True))
    start = next(n for n, row in enumerate(rows) if row[0] == "Year")
    for n, year in enumerate(two_years.years, start=start + 1):
        found = dict(zip(rows[start], rows[n], strict=True))
        assert str(found["Year"]) == str(year.year)
        assert found["Reference emissions"] == pytest.approx(year.reference, rel=1e-12)
        assert found["Project emissions"] == pytest.approx(year.project, rel=1e-12)
