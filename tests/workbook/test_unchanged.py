"""A file that changes while it is read is refused, whichever it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from jcm_mrv import calculation
from support.command import run
from support.workbooks import solar_workbook

LOG = {
    "log_id": "LOG-1", "meter_id": "M-1", "file": "log.csv", "layout": "wide", "time_column": "time",
    "value_column": "kWh", "unit": "kWh", "kind": "energy", "time_zone": "Asia/Ho_Chi_Minh", "stamp": "start",
    "interval_minutes": 60.0, "transformer_factor_included": "yes",
}  # fmt: skip


@pytest.mark.parametrize("name", ["monitoring.xlsx", "log.csv"])
@pytest.mark.parametrize("how", ["longer", "gone"])
def test_a_file_that_changes_while_it_is_read(
    name: str, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = solar_workbook(tmp_path / "monitoring.xlsx", tables={"logs": [LOG], "readings": []})
    lines = [f"2024-{m:02}-{d:02} {h:02}:00,1" for m in (1, 2, 3) for d in range(1, 29) for h in range(24)]
    (tmp_path / "log.csv").write_text("\n".join(["time,kWh", *lines]) + "\n", encoding="utf-8")
    assert run("calculate", path, "--formats", "json", "--output", tmp_path / "sound").status == 0
    real = calculation.gather

    def meanwhile(*arguments: object) -> object:
        found = real(*arguments)  # type: ignore[arg-type]
        changed = tmp_path / name
        if how == "gone":
            changed.unlink()
        else:
            changed.write_bytes(changed.read_bytes() + b"\n")
        return found

    monkeypatch.setattr(calculation, "gather", meanwhile)
    done = run("calculate", path, "--formats", "json", "--output", tmp_path / "out")
    assert done.status == 1 and "input.changed" in done.err and name in done.err
    assert not (tmp_path / "out").exists()
