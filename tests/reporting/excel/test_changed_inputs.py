"""A number that is changed in the Excel report moves ER as a fresh calculation with that number does.

One input of every kind at a time: changed in the one cell that holds it, and in the monitoring workbook. After
LibreOffice has recalculated the report, both have the same ER to 1e-9, or the report's check says CHECK.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell

from jcm_mrv.findings import InputRefusedError
from jcm_mrv.reporting.excel.report import workbook_report
from support import results
from support.libreoffice import recalculated_sheets
from support.workbooks import monthly, solar_tables

Tables = dict[str, list[dict[str, Any]]]
SWAP = datetime(2024, 2, 10, 12)


def tables(**others: list[dict[str, Any]]) -> Tables:
    own: Tables = {key: [dict(row) for row in rows] for key, rows in solar_tables().items()}
    return own | others


def register(moments: list[datetime], values: list[float]) -> list[dict[str, Any]]:
    return [
        {"meter_id": "M-1", "kind": "register", "end": moment, "value": value, "unit": "kWh"}
        for moment, value in zip(moments, values, strict=True)
    ]


def registers() -> Tables:
    """A register of five digits behind transformers of 20, read four times, which runs over; then another meter."""
    days = [datetime(2024, 1, 1), datetime(2024, 1, 20), datetime(2024, 2, 5), datetime(2024, 4, 1)]
    first = {**solar_tables()["meters"][0], "transformer_factor": 20.0, "register_digits": 5.0}
    old = {**first, "removed": SWAP, "closing_reading": 2011.0}
    new = {**first, "serial_number": "SN-M-2", "installed": SWAP, "opening_reading": 7.0}
    new["transformer_factor"] = 30.0
    calibrations = [{**solar_tables()["calibrations"][0], "serial_number": s} for s in ("SN-M-1", "SN-M-2")]
    readings = register(days, [97_013.0, 98_017.0, 1_511.0, 3_019.0])
    return tables(meters=[old, new], readings=readings, calibrations=calibrations)


def shared() -> Tables:
    """Three months of a meter of which three quarters belong to the system, with a value for February in its place."""
    point = {**solar_tables()["points"][0], "share": 0.75, "share_basis": "floor area (illustrative)"}
    override = {
        "meter_id": "M-1", "start": datetime(2024, 2, 1), "end": datetime(2024, 3, 1), "value": 111_000.0,
        "unit": "kWh", "reason": "display broken", "evidence": "D-01", "decided_by": "Plant manager",
    }  # fmt: skip
    return tables(points=[point], overrides=[override])


def shared_in_mwh() -> Tables:
    """The same, with the value in the unit of the parameter."""
    own = shared()
    own["overrides"][0].update(value=111.0, unit="MWh")
    return own


def pulses() -> Tables:
    """The same energy counted in pulses of 2.5 kWh."""
    meter = {**solar_tables()["meters"][0], "unit": "pulse"}
    conversion = {
        "meter_id": "M-1",
        "property": "value of a pulse",
        "value": 2.5,
        "unit": "kWh/pulse",
        "document": "D-01",
    }
    readings = [dict(row) for row in monthly("M-1", (40_001.0, 48_003.0, 56_007.0), unit="pulse")]
    return tables(meters=[meter], conversions=[conversion], readings=readings)


def hole() -> Tables:
    """Nothing for February: what is taken for it follows from the other months."""
    return tables(readings=[dict(row) for row in solar_tables()["readings"] if row["start"].month != 2])


def late() -> Tables:
    """Calibrated late, with an error found below the permissible one: February and March are corrected."""
    tests = [
        {"meter_id": "M-1", "date": date(2020, 1, 1), "valid_until": date(2024, 1, 31), "result": "passed"},
        {
            "meter_id": "M-1",
            "date": date(2024, 4, 20),
            "valid_until": date(2028, 1, 1),
            "result": "passed",
            "error_found": 0.4,
        },
    ]
    return tables(calibrations=tests)


def invoiced() -> Tables:
    """Option B: three bills of about a month, cut at the ends of months."""
    days = [datetime(2024, 1, 1), datetime(2024, 1, 30), datetime(2024, 2, 28), datetime(2024, 4, 1)]
    bills = [
        {"invoice_no": f"B-{n}", "meter_id": "M-1", "start": a, "end": b, "value": v, "unit": "kWh", "evidence": "D-01"}
        for n, (a, b, v) in enumerate(zip(days, days[1:], (91_003.0, 92_009.0, 93_011.0), strict=False))
    ]
    point = {**solar_tables()["points"][0], "option": "B"}
    return tables(points=[point], invoices=bills, readings=[])


@dataclass(frozen=True)
class Change:
    """A number of the monitoring workbook and what it becomes; it stands ``on`` a sheet of the report."""

    case: Callable[[], Tables]
    table: str
    row: int
    column: str
    new: float | datetime | date
    on: str
    judged: bool = False
    """True where only a new calculation can follow: the report has to say so."""

    def __str__(self) -> str:
        return f"{self.case.__name__}: {self.table} {self.row} {self.column}"


CHANGES = (
    Change(registers, "readings", 0, "value", 97_003.0, "Readings"),
    Change(registers, "readings", 1, "value", 98_117.0, "Readings"),
    Change(registers, "readings", 2, "value", 1_611.0, "Readings"),
    Change(registers, "readings", 3, "value", 3_119.0, "Readings"),
    Change(registers, "meters", 0, "closing_reading", 2_021.0, "Readings"),
    Change(registers, "meters", 1, "opening_reading", 17.0, "Readings"),
    Change(registers, "meters", 0, "transformer_factor", 25.0, "Meters"),
    Change(shared, "readings", 0, "value", 101_000.0, "Readings"),
    Change(shared, "points", 0, "share", 0.7, "Monitoring points"),
    Change(shared, "fixed", 1, "value", 0.55, "Fixed values and defaults"),
    Change(shared, "overrides", 0, "value", 112_000.0, "Overrides"),
    Change(shared_in_mwh, "overrides", 0, "value", 112.0, "Overrides"),
    Change(pulses, "conversions", 0, "value", 2.6, "Conversions"),
    Change(pulses, "readings", 1, "value", 48_103.0, "Readings"),
    Change(hole, "readings", 1, "value", 141_000.0, "Readings", judged=True),
    Change(late, "readings", 2, "value", 141_000.0, "Readings"),
    Change(late, "calibrations", 1, "error_found", 0.7, "Calibrations", judged=True),
    Change(late, "meters", 0, "accuracy_class", 0.6, "Meters", judged=True),
    # of moments and dates the calculation decides what counts where, and what holds when
    Change(registers, "readings", 1, "end", datetime(2024, 1, 22), "Readings", judged=True),
    Change(shared, "readings", 2, "end", datetime(2024, 3, 31), "Readings", judged=True),
    Change(late, "calibrations", 0, "valid_until", date(2024, 2, 15), "Calibrations", judged=True),
    Change(shared, "overrides", 0, "end", datetime(2024, 2, 28), "Overrides", judged=True),
    Change(invoiced, "invoices", 1, "end", datetime(2024, 2, 27), "Invoices", judged=True),
    Change(invoiced, "invoices", 0, "value", 91_103.0, "Readings"),
    Change(invoiced, "invoices", 1, "value", 92_109.0, "Readings"),
)


def total(rows: list[list[float | str]]) -> tuple[float | str, float | str]:
    """ER and the check."""
    heads = next(row for row in rows if row[0] == "Year")
    found = dict(zip(heads, next(row for row in rows if row[0] == "Total"), strict=True))
    return found["Emission reductions"], found["Check"]


def one_cell(book: Workbook, sheet: str, value: object) -> Cell:
    """The only cell of a sheet that holds a number, or the first that holds a moment; other uses of it are formulas."""
    if type(value) is date:
        value = datetime(value.year, value.month, value.day)
    kinds = (datetime,) if isinstance(value, datetime) else (int, float)
    cell, *more = (c for row in book[sheet].iter_rows() for c in row if type(c.value) in kinds and c.value == value)
    assert not more or isinstance(value, datetime)  # one invoice ends where the next begins
    return cell


def anew(changed: Tables) -> float:
    """ER of a fresh calculation; NaN where it refuses the workbook, which a report can only ask for."""
    try:
        return results.calculated(tables=changed).reductions
    except InputRefusedError:
        return math.nan


def written(change: Change, book: Workbook, path: Path) -> Path:
    """A report in which a number is another."""
    cell = one_cell(book, change.on, change.case()[change.table][change.row][change.column])
    kept, cell.value = cell.value, change.new
    book.save(path)
    cell.value = kept
    return path


def fresh(change: Change) -> float:
    """ER of the monitoring workbook in which the number is another."""
    changed = deepcopy(change.case())
    changed[change.table][change.row][change.column] = change.new
    return anew(changed)


@pytest.mark.timeout(900)
def test_a_changed_number_moves_er_as_a_fresh_calculation_or_the_check_says_so(tmp_path: Path) -> None:
    """Before anything is changed each report agrees with its calculation, and its check is OK."""
    made = {case: results.calculated(tables=case()) for case in dict.fromkeys(c.case for c in CHANGES)}
    reports = {case: workbook_report(result) for case, result in made.items()}
    paths = [tmp_path / f"{case.__name__}.xlsx" for case in made]
    for path, content in zip(paths, reports.values(), strict=True):
        path.write_bytes(content)
    books = {case: load_workbook(BytesIO(content)) for case, content in reports.items()}
    paths += [written(c, books[c.case], tmp_path / f"{n}.xlsx") for n, c in enumerate(CHANGES)]
    found = [total(rows) for rows in recalculated_sheets(paths, "MRS(calc_process)", tmp_path / "anew", timeout=600)]
    for result, own in zip(made.values(), found[: len(made)], strict=True):
        assert own == (pytest.approx(result.reductions, rel=1e-9), "OK")
    wrong = []
    for change, (reductions, check) in zip(CHANGES, found[len(made) :], strict=True):
        expected = fresh(change)
        same = reductions == pytest.approx(expected, rel=1e-9)
        if check != ("CHECK" if change.judged else "OK") or not (same or change.judged):
            wrong.append(f"{change}: {reductions} {check}, anew {expected}")
    assert "\n".join(wrong) == ""


def test_shares_of_a_reading_that_is_cut_follow_from_its_moments_and_add_up() -> None:
    """20 January to 5 February: 12 of 16 days lie in January, and 4 in February."""
    content = workbook_report(results.calculated(tables=registers()))
    formulas, values = (load_workbook(BytesIO(content), data_only=only)["Readings by month"] for only in (False, True))
    column = next(c.column for row in values.iter_rows() for c in row if c.value == "share_b")
    cells = [c for (c,) in formulas.iter_rows(min_col=column, max_col=column) if "MIN(" in str(c.value)]
    shares = [values[c.coordinate].value for c in cells]
    assert shares[:2] == pytest.approx([12 / 16, 4 / 16])
    assert sum(shares) == pytest.approx(round(sum(shares)))


def test_the_error_of_a_treatment_stands_in_one_cell() -> None:
    """February and March are corrected by the same 0.5 %."""
    content = workbook_report(results.calculated(tables=late()))
    sheet = load_workbook(BytesIO(content))["Monthly slices"]
    head = next(c for row in sheet.iter_rows() for c in row if c.value == "f_x")
    first, second = (sheet.cell(head.row + n, head.column) for n in (3, 4))
    assert first.value == -0.005
    assert second.value == f"=IF(ISNUMBER(${first.column_letter}${first.row}),${first.column_letter}${first.row},NA())"
