"""What a person can mend in one round is said in one round, of each cell once, with a remedy that works."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding, InputRefusedError, Severity
from jcm_mrv.reporting.check.groups import grouped
from jcm_mrv.words import say
from support.boiler import boiler, boiler_tables
from support.workbooks import solar_workbook


def refused(path: Path, **tables: Any) -> list[Finding]:
    with pytest.raises(InputRefusedError) as caught:
        calculate_file(solar_workbook(path / "m.xlsx", tables=tables))
    return [*caught.value.findings, *caught.value.others]


def test_a_fault_in_the_row_of_one_value_does_not_hide_that_another_is_missing() -> None:
    """EF_grid is no number; NCV stands there without a value: both are named, NCV with its cell, EF_grid once."""
    changed = {"EF_grid": {"value": "-"}, "NCV": {"value": None}}
    fixed = [{**row, **changed.get(str(row["parameter"]), {})} for row in boiler_tables()["fixed"]]
    with pytest.raises(InputRefusedError) as caught:
        boiler(tables={"fixed": fixed})
    told = {(f.code, f.where.cell) for f in caught.value.findings}
    rows = {str(row["parameter"]): n for n, row in enumerate(fixed, start=2)}
    assert told == {("input.text_for_number", f"D{rows['EF_grid']}"), ("fixed.missing", f"D{rows['NCV']}")}


def test_a_cell_that_could_not_be_read_is_not_asked_for_besides(tmp_path: Path) -> None:
    rows = [{"number": "1", "criterion": "Illustrative", "met": "perhaps", "evidence": "D-01"}]
    found = [f for f in refused(tmp_path, eligibility=rows) if f.where.sheet == "Eligibility"]
    assert [f.code for f in found] == ["input.choice_unknown"]


def test_an_invoice_of_one_day_says_how_one_day_is_written(tmp_path: Path) -> None:
    day = datetime(2024, 2, 3)
    bill = {"invoice_no": "1", "meter_id": "M-1", "start": day, "end": day, "value": 5.0, "unit": "kWh"}
    (finding,) = [f for f in refused(tmp_path, invoices=[bill]) if f.severity is Severity.ERROR]
    assert finding.code == "input.interval_reversed" and "the day after it under To" in finding.action


def test_what_differs_in_a_symbol_only_is_one_piece_of_work_in_any_language() -> None:
    def one(symbol: str, way: str = "as it stands") -> Finding:
        action = say("Write {symbol} {way}.", symbol=symbol, way=way)
        return Finding("a.code", Severity.MAJOR, f"{symbol} is open", action=action)

    found = [one("TDL"), one("OX"), one("F", "in another way")]
    assert [[f.message[:3] for f in group.findings] for group in grouped(found)] == [["TDL", "OX "], ["F i"]]
    assert [len(group.findings) for group in grouped(found, "vi")] == [2, 1]
