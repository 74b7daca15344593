"""The solar plant of 100, 120 and 140 MWh at 0.5 t/MWh with meters below M-1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jcm_mrv.findings import Finding
from jcm_mrv.result import Result
from support.results import calculated
from support.workbooks import monthly, solar_tables

OWN = solar_tables()
PLUS = OWN["points"][0]


def meter(name: str, below: str = "", **more: Any) -> dict[str, Any]:
    return {**OWN["meters"][0], "meter_id": name, "serial_number": f"SN-{name}", "below": below, **more}


def tables(
    meters: Sequence[dict[str, Any]], amounts: dict[str, Sequence[float]], points: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    rows = [row for name, values in amounts.items() for row in monthly(name, values)]
    names = [*dict.fromkeys(one["meter_id"] for one in meters)]
    return {
        "meters": meters,
        "calibrations": [{**OWN["calibrations"][0], "meter_id": name} for name in ("M-1", *names)],
        "points": [*OWN["points"], *points],
        "readings": [*OWN["readings"], *rows],
    }


def plant(*args: Any, **more: Any) -> Result:
    return calculated(tables={**tables(*args), **more})


MAIN = meter("M-1", "grid")


def found(result: Result, code: str) -> list[Finding]:
    """The findings of one code."""
    return [f for f in result.findings if f.code == code]
