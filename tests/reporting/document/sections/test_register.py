"""The meter register in the report of a whole calculation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jcm_mrv.calculation import calculate_file
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.sections.register import (
    calibrations_table,
    line_figures,
    meters_table,
    timeline_figures,
)
from jcm_mrv.reporting.pictures.svg import GREEN, LIGHT
from support.workbooks import solar_tables, solar_workbook


def context(folder: Path, lang: str = "en", **tables: Sequence[Mapping[str, Any]]) -> Context:
    return Context.of(calculate_file(solar_workbook(folder / "monitoring.xlsx", tables=tables)), lang)


def meter(**changes: Any) -> dict[str, Any]:
    return {**solar_tables()["meters"][0], **changes}


def test_the_table_of_meters_has_a_column_for_what_is_filled_in(tmp_path: Path) -> None:
    rows = [meter(permissible_error=0.6, required_class=0.5, responsible="Plant manager")]
    table = meters_table(context(tmp_path, meters=rows))
    heads = [column.head for column in table.columns]
    assert heads == [
        "Meter", "Serial number", "Class [%]", "Required class [%]", "Permissible error [%]", "Unit",
        "Transformer factor", "Responsible",
    ]  # fmt: skip
    assert table.rows == (("M-1", "SN-M-1", "0.5", "0.5", "0.6", "kWh", "1", "Plant manager"),)
    assert len(meters_table(context(tmp_path)).columns) == 5


def test_the_table_of_calibrations(tmp_path: Path) -> None:
    rows = [{"meter_id": "M-1", "date": date(2023, 5, 2), "valid_until": date(2025, 5, 1), "result": "passed",
             "error_found": -0.1, "certificate": "C-77"}]  # fmt: skip
    (row,) = calibrations_table(context(tmp_path, calibrations=rows)).rows
    assert row == ("M-1", "", "2023-05-02", "2025-05-01", "passed", "-0.1", "C-77", "")


def test_a_validity_that_follows_from_the_interval_is_drawn(tmp_path: Path) -> None:
    """Tested on 15 February 2023, every 12 months: valid until the middle of the period, doubtful after it."""
    meters = [meter(calibration_interval=12)]
    tests = [{"meter_id": "M-1", "date": date(2023, 2, 15), "result": "passed"}]
    (figure,) = timeline_figures(context(tmp_path, meters=meters, calibrations=tests))
    # The period has 91 days, the 15th of February is its 46th: 45 / 91 of 520 units from 112 on.
    middle = 112 + 520 * 45 / 91
    (left, width) = map(float, re.findall(rf'x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="3" fill="{GREEN}"',
                                          figure.drawing)[-1])  # fmt: skip
    assert (left, round(left + width, 2)) == (112, round(middle, 2))
    (left, width) = map(float, re.findall(rf'x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="10" fill="{LIGHT}"',
                                          figure.drawing)[-1])  # fmt: skip
    assert (round(left, 2), round(left + width, 2)) == (round(middle, 2), 632)


def test_a_meter_that_was_changed_stands_in_both_drawings_with_both_numbers(tmp_path: Path) -> None:
    change = datetime(2024, 2, 1)
    rows = [meter(removed=change), meter(serial_number="B-2", installed=change)]
    given = context(tmp_path, "ja", meters=rows)
    for figure in (*line_figures(given), *timeline_figures(given)):
        assert "SN-M-1" in figure.drawing and "B-2" in figure.drawing


def test_check_meters_are_drawn_dashed_and_in_the_timeline(tmp_path: Path) -> None:
    rows = [meter(), meter(meter_id="C-1", serial_number="C", checks="M-1")]
    given = context(tmp_path, meters=rows)
    (lines,), (times,) = line_figures(given), timeline_figures(given)
    assert "checks M-1" in lines.drawing and "stroke-dasharray" in lines.drawing and ">C-1<" in times.drawing
