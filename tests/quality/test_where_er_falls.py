"""Comparisons and bridges of a meter with which ER falls: the auxiliaries of a boiler, near tolerances and over edges.

ER = fuel - electricity x 0.8 t/MWh; 1,000, 1,020 and 970 kWh in January, February and March.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.methodology.template import template_methods
from jcm_mrv.result import Result
from jcm_mrv.workbook.template.writing import write_workbook
from support.boiler import EF_GRID, FUEL_TONNES_PER_M3, boiler, boiler_tables
from support.workbooks import PROJECT, Rows, calibration, monthly

FUEL = 33.5 * FUEL_TONNES_PER_M3
USED = (1000.0, 1020.0, 970.0)
TABLES = boiler_tables()


def with_check_meter(times: float) -> Result:
    """A check meter of class 0.5 like the meter: they may differ by 1 % of the larger amount."""
    check = {**TABLES["meters"][1], "meter_id": "C-1", "serial_number": "SN-C-1", "checks": "E-1"}
    return boiler(
        tables={
            "meters": [*TABLES["meters"], check],
            "calibrations": [*TABLES["calibrations"], calibration("C-1")],
            "readings": [*TABLES["readings"], *monthly("C-1", [times * one for one in USED])],
        }
    )


def crosschecks(result: Result) -> list[str]:
    return [f.code for f in result.findings if f.code.startswith("crosscheck.")]


@pytest.mark.parametrize("times", [1.01005, 1.0099, 0.9901])
def test_a_check_meter_just_within_its_error_changes_nothing(times: float) -> None:
    result = with_check_meter(times)
    assert crosschecks(result) == ["crosscheck.agrees"]
    assert result.reductions == pytest.approx(FUEL - 2.99 * EF_GRID)


def test_how_far_two_that_agree_are_apart_is_said() -> None:
    """2.99 MWh against 2.96309: 0.009 / 0.991 = 0.908 %."""
    (finding,) = [f for f in with_check_meter(0.991).findings if f.code == "crosscheck.agrees"]
    assert "0.908 % apart" in finding.found


@pytest.mark.parametrize(("times", "used"), [(1.0105, 1.0105), (0.9895, 1.0)])
def test_just_beyond_it_the_higher_consumption_is_used(times: float, used: float) -> None:
    result = with_check_meter(times)
    assert crosschecks(result) == ["crosscheck.check_meter"]
    assert result.reductions == pytest.approx(FUEL - used * 2.99 * EF_GRID)


@pytest.mark.parametrize(("times", "code", "used"), [(1.0149, "agrees", 1.0), (1.0155, "invoice", 1.0155)])
def test_bills_may_differ_by_the_errors_of_both(times: float, code: str, used: float) -> None:
    """0.5 % of the meter and 1 % of the supplier's."""
    bills = [
        {"meter_id": "E-1", "start": r["start"], "end": r["end"], "value": times * r["value"], "unit": "kWh",
         "invoice_no": str(n)}
        for n, r in enumerate(monthly("E-1", USED))
    ]  # fmt: skip
    result = boiler(tables={"invoices": bills})
    assert crosschecks(result) == [f"crosscheck.{code}"]
    assert result.reductions == pytest.approx(FUEL - used * 2.99 * EF_GRID)


def power(*rows: tuple[datetime, datetime, float]) -> list[dict[str, Any]]:
    return [{"meter_id": "E-1", "kind": "energy", "start": a, "end": b, "value": v, "unit": "kWh"} for a, b, v in rows]


def test_a_bill_that_bridges_the_end_of_a_month_counts_once() -> None:
    """500 kWh to 15 January, a bill of 1,000 kWh from then to 15 February, 490 kWh to March, 970 kWh in March.

    The bill may be 1.5 % higher; not a kilowatt-hour of it counts in both months.
    """
    middle = datetime(2024, 1, 15), datetime(2024, 2, 15)
    rows = power(
        (datetime(2024, 1, 1), middle[0], 500.0),
        (middle[1], datetime(2024, 3, 1), 490.0),
        (datetime(2024, 3, 1), datetime(2024, 4, 1), 970.0),
    )
    bill = {"meter_id": "E-1", "start": middle[0], "end": middle[1], "value": 1000.0, "unit": "kWh", "invoice_no": "1"}
    fuel = [row for row in TABLES["readings"] if row["meter_id"] == "T-1"]
    result = boiler(tables={"readings": [*fuel, *rows], "invoices": [bill]})
    assert result.reductions == pytest.approx(FUEL - (1.960 + 1.015) * EF_GRID)
    bridged = [t for t in result.treatments if t.kind == "bridged"]
    assert sum(t.correction for t in bridged) == pytest.approx(1.015)
    assert [t.correction / 1.015 for t in bridged] == pytest.approx([17 / 31, 14 / 31])


def test_a_check_meter_that_bridges_the_end_of_a_year_counts_once() -> None:
    """December and January; from 20 December to 10 January only the check meter was read: 700 kWh, 1 % more at most."""
    start, end = datetime(2023, 12, 20), datetime(2024, 1, 10)
    rows = power((datetime(2023, 12, 1), start, 640.0), (end, datetime(2024, 2, 1), 720.0))
    check = {**TABLES["meters"][1], "meter_id": "C-1", "serial_number": "SN-C-1", "checks": "E-1"}
    seen = [(datetime(2023, 12, 1), start, 640.0), (start, end, 700.0), (end, datetime(2024, 2, 1), 720.0)]
    edges = [datetime(2023, 12, 1), datetime(2024, 1, 1), datetime(2024, 2, 1)]
    fuel = [
        {"meter_id": "T-1", "kind": "energy", "start": a, "end": b, "value": 10.0, "unit": "m3"}
        for a, b in pairwise(edges)
    ]
    result = boiler(
        tables={
            "meters": [*TABLES["meters"], check],
            "calibrations": [*TABLES["calibrations"], calibration("C-1")],
            "readings": [*fuel, *rows, *({**row, "meter_id": "C-1"} for row in power(*seen))],
        },
        project={"period_start": date(2023, 12, 1), "period_end": date(2024, 1, 31)},
    )
    assert result.reductions == pytest.approx(20 * FUEL_TONNES_PER_M3 - (1.360 + 0.707) * EF_GRID)
    december, january = (year.project for year in result.years)
    # 12 and 9 of the 21 days.
    burnt = 10 * 0.84 * 43 * 0.0726
    assert december == pytest.approx(burnt + (0.640 + 0.707 * 12 / 21) * EF_GRID)
    assert january == pytest.approx(burnt + (0.720 + 0.707 * 9 / 21) * EF_GRID)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_rows_and_sheets_does_not_matter(seed: int, tmp_path: Path) -> None:
    """A gap that a bill bridges, a check meter and a late calibration: the same tonnes and the same questions."""
    import openpyxl

    check = {**TABLES["meters"][1], "meter_id": "C-1", "serial_number": "SN-C-1", "checks": "E-1"}
    readings = [row for row in TABLES["readings"] if row["value"] != 11.0]
    bills = [
        {"meter_id": "T-1", "start": datetime(2024, 2, 1), "end": datetime(2024, 3, 1), "value": 11.0, "unit": "m3"}
    ]
    tables: dict[str, Rows] = {
        **TABLES,
        "meters": [*TABLES["meters"], check],
        "calibrations": [calibration("T-1"), {**calibration("E-1"), "valid_until": date(2024, 2, 29)}],
        "readings": [*readings, *monthly("C-1", [1.02 * one for one in USED])],
        "invoices": [{**bill, "invoice_no": "1"} for bill in bills],
    }
    random = Random(seed)
    shuffled = {name: random.sample(list(rows), len(rows)) for name, rows in tables.items()}
    named = {"country": "Indonesia", "methodologies": "ID_AM015 1.0", "time_zone": "Asia/Jakarta"}
    paths = tmp_path / "monitoring.xlsx", tmp_path / "other" / "monitoring.xlsx"
    paths[1].parent.mkdir()
    for path, given in zip(paths, (tables, shuffled), strict=True):
        write_workbook(path, template_methods(["ID_AM015 1.0"]), {**PROJECT, **named}, given)
    book = openpyxl.load_workbook(paths[1])
    book._sheets = random.sample(book._sheets, len(book._sheets))  # type: ignore[attr-defined]
    book.save(paths[1])
    one, other = (calculate_file(path) for path in paths)
    assert other.reductions == pytest.approx(one.reductions, rel=1e-12)
    # January's and March's fuel, February's by the bill less 1.5 %; electricity by the check meter.
    assert one.reductions < (22.5 + 11 * 0.985) * FUEL_TONNES_PER_M3 - 1.02 * 2.99 * EF_GRID + 1e-9
    assert sorted((f.code, str(f.severity)) for f in other.findings) == sorted(
        (f.code, str(f.severity)) for f in one.findings
    )


@pytest.mark.parametrize(
    ("day", "last", "told"), [(90, 23.0, True), (0, 23.0, True), (90, 25.0, False), (45, 23.0, False)]
)
def test_a_register_that_ends_lower_than_any_day_is_not_relied_on(day: int, last: float, told: bool) -> None:
    """30 kWh in each of 91 days; 23 are below 30 / 1.25 = 24 at the end or the beginning, and 30 are taken instead."""
    amounts = [last if n == day else 30.0 for n in range(91)]
    shown = [sum(amounts[:n]) for n in range(92)]
    rows = [
        {
            "meter_id": "E-1",
            "kind": "register",
            "end": datetime(2024, 1, 1) + timedelta(days=n),
            "value": v,
            "unit": "kWh",
        }
        for n, v in enumerate(shown)
    ]
    result = boiler(tables={"readings": [*[r for r in TABLES["readings"] if r["meter_id"] != "E-1"], *rows]})
    assert [f.severity for f in result.findings if f.code == "readings.low_end"] == (["major"] if told else [])
    used = sum(amounts) + (7.0 if told else 0.0)
    assert result.reductions == pytest.approx(FUEL - used * 1e-3 * EF_GRID)
