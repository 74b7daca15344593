"""The typed rows: they are those of the schema, and mypy refuses what the schema does not have."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

from jcm_mrv.workbook.rows import ROWS
from jcm_mrv.workbook.schema import SHEETS
from support.claims import record
from support.scripts import load_script

ROOT = Path(__file__).parents[2]


def test_the_rows_are_those_of_the_schema():
    """A column that is added to the schema and not to the rows: run ``make rows``."""
    written = load_script("write_rows").texts()
    assert set(written) == {"rows.py", "rows_data.py"}
    for name, text in written.items():
        current = (ROOT / "jcm_mrv" / "workbook" / name).read_text(encoding="utf-8")
        assert current == text, f"{name} is not what the schema says: run make rows"
    assert "scripts/write_rows.py jcm_mrv/workbook" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_every_column_is_an_attribute_with_its_type():
    for schema in SHEETS:
        if schema.key != "readings":
            row = record(schema.key, 2, {})
            assert isinstance(row, ROWS[schema.key])
            for column in schema.columns:
                assert getattr(row, column.key) in ("", None), f"{schema.key}.{column.key}"


def test_a_row_keeps_value_and_origin():
    given = {"meter_id": "M-1", "transformer_factor": 40, "installed": datetime(2024, 1, 2)}
    meter = record("meters", 7, given)
    assert (meter.meter_id, meter.transformer_factor, meter.installed) == ("M-1", 40.0, datetime(2024, 1, 2))
    assert (meter.model, meter.accuracy_class, meter.removed) == ("", None, None)
    assert meter.origin("transformer_factor").cell == "J7"
    assert meter["transformer_factor"].text == "40"
    assert record("fixed", 2, {"value": "grid"}).value == "grid"
    assert record("fixed", 2, {"value": 0.8}).value == 0.8


REFUSED = {
    "an attribute": "data.meters[0].meter_idd",
    "a key": 'data.meters[0].origin("meter_idd")',
    "a key of another sheet": 'data.logs[0].origin("transformer_factor")',
    "a table": "data.metres",
    "a type": "data.meters[0].transformer_factor.upper()",
    "a word that is no choice": 'data.logs[0].kind == "registr"',
    "a column of any row": 'data.tables["logs"][0].origin("unit")',
}


def test_mypy_sees_what_is_not_in_the_schema(tmp_path):
    lines = ["from jcm_mrv.workbook.records import MonitoringData", "", "def use(data: MonitoringData) -> None:"]
    lines += [f"    print({text})" for text in REFUSED.values()]
    lines += ['    print(data.meters[0].meter_id, data.meters[0].origin("unit"), data.logs[0].kind == "register")']
    (tmp_path / "use.py").write_text("\n".join(lines), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--follow-imports=silent", tmp_path / "use.py"],
        capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    told = {int(line.split(":")[1]) for line in run.stdout.splitlines() if ": error:" in line}
    assert told == set(range(4, 4 + len(REFUSED))), run.stdout
