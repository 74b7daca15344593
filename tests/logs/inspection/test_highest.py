"""What a file would mean as energy, power and register, beside a highest rate; every figure by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from jcm_mrv.logs.inspection.highest import Highest, HighestRateError, kinds_of, stated_rate, words
from jcm_mrv.logs.inspection.inspection import inspect_log
from support.command import run
from support.workbooks import solar_tables, solar_workbook


def log(folder: Path, heading: str, values: list[float]) -> Path:
    times = [datetime(2024, 2, 1) + timedelta(minutes=15 * n) for n in range(len(values))]
    lines = [f"{t:%Y-%m-%d %H:%M},{v}" for t, v in zip(times, values, strict=True)]
    (folder / "log.csv").write_text("\n".join([f"time,{heading}", *lines, ""]))
    return folder / "log.csv"


def test_quarters_of_an_hour_beside_a_plant_of_100_kw(tmp_path: Path) -> None:
    """Up to 90 in a quarter: as energy 360 kWh in an hour, 3.6 times 100 kW; as power 90 kW, nine tenths of it."""
    found = inspect_log(log(tmp_path, "Value [kWh]", [10.0, 90.0, 20.0, 40.0, 30.0] * 20))
    kinds = kinds_of(found.look.values[0], found.guesses[0], found.look.times[0])
    assert kinds is not None and (kinds.unit, kinds.energy, kinds.power) == ("kWh", 3800.0, 950.0)
    parts = kinds.parts_of(Highest(100.0, "kW"))
    assert parts is not None and parts[:2] == pytest.approx((3.6, 0.9))
    assert parts[2] == pytest.approx((30 - 10) / (99 / 4) / 100)  # the last less the first, over 24.75 hours
    (text,) = words(kinds, [Highest(100.0, "kW", "M-1")])
    assert "of M-1, 100 kW" in text and "as energy 3.6 times it: TOO MUCH, as power 90 % of it" in text


@pytest.mark.parametrize(("heading", "unit", "factor"), [("P [W]", "Wh", 1e-3), ("E [MWh]", "MWh", 1e3)])
def test_units_are_brought_together(heading: str, unit: str, factor: float, tmp_path: Path) -> None:
    found = inspect_log(log(tmp_path, heading, [10.0, 90.0, 20.0] * 20))
    kinds = kinds_of(found.look.values[0], found.guesses[0], found.look.times[0])
    assert kinds is not None and kinds.unit == unit
    parts = kinds.parts_of(Highest(100.0, "kW"))
    assert parts is not None and parts[1] == pytest.approx(90 * factor / 100)
    assert kinds.parts_of(Highest(5.0, "Nm3/h")) is None and list(words(kinds, [Highest(5.0, "Nm3/h")])) == []


@pytest.mark.parametrize("text", ["", "500", "kW", "-5 kW", "0 kW", "5 parrots", "1e999 kW", "500 kW; rm"])
def test_what_is_no_rate_says_what_to_write(text: str) -> None:
    with pytest.raises(HighestRateError, match="kW"):
        stated_rate(text)


def test_the_command_takes_a_rate_or_the_monitoring_workbook(tmp_path: Path) -> None:
    path = log(tmp_path, "Value [kWh]", [10.0, 90.0, 20.0] * 20)
    done = run("inspect", path, "--highest", "100 kW")
    assert done.status == 0 and "3.6 times it: TOO MUCH" in done.out
    tables = solar_tables()
    tables["meters"] = [{**tables["meters"][0], "highest_rate": 720.0, "highest_rate_unit": "kW"}]
    done = run("inspect", path, "--monitoring", solar_workbook(tmp_path / "monitoring.xlsx", tables=tables))
    assert "720 kW: as energy 50 % of it, as power 12.5 % of it" in " ".join(done.out.split())
    assert run("inspect", path, "--highest", "much").status == 2
