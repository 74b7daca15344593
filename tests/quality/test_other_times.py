"""Check meters that were read before and after the period, or in the course of its months.

The solar plant of 100, 120 and 140 MWh at 0.5 t/MWh: 180 t; the check meter C-1 has its class: 1 % is allowed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding, Severity
from jcm_mrv.result import Result
from support.boiler import boiler, boiler_tables
from support.results import calculated
from support.workbooks import calibration, monthly, solar_tables, solar_workbook

OWN = solar_tables()
CHECK = {**OWN["meters"][0], "meter_id": "C-1", "serial_number": "SN-C-1", "checks": "M-1"}
BEFORE, AFTER = datetime(2023, 12, 20), datetime(2024, 4, 11)


def energy(meter: str, start: datetime, end: datetime, value: float) -> dict[str, Any]:
    return {"meter_id": meter, "kind": "energy", "start": start, "end": end, "value": value, "unit": "kWh"}


OUTSIDE = [
    energy("M-1", BEFORE, datetime(2024, 1, 1), 30_000.0), energy("M-1", datetime(2024, 4, 1), AFTER, 50_000.0)
]  # fmt: skip


def register(*pairs: tuple[datetime, float]) -> list[dict[str, Any]]:
    return [{"meter_id": "C-1", "kind": "register", "end": end, "value": v, "unit": "kWh"} for end, v in pairs]


def checked(*rows: dict[str, Any]) -> Result:
    return calculated(tables={"meters": [*OWN["meters"], CHECK], "readings": [*OWN["readings"], *rows]})


def said(result: Result) -> list[Finding]:
    return [f for f in result.findings if f.code.startswith("crosscheck.")]


@pytest.mark.parametrize(
    ("times", "code", "left"),
    [
        # 30 + 360 + 50 MWh flowed from 20 December to 11 April; 0.9 % less is within 1 %, 3 % less is not: 3 % of the
        # period's 360 MWh. 3 % more would be a gain.
        (0.991, "crosscheck.agrees", 180.0), (0.97, "crosscheck.check_meter", 180.0 * 0.97),
        (1.03, "crosscheck.check_meter", 180.0), (1.0, "crosscheck.agrees", 180.0),
    ],
)  # fmt: skip
def test_readings_outside_the_period_make_a_check_meter_comparable(times: float, code: str, left: float) -> None:
    result = checked(*OUTSIDE, *register((BEFORE, 1_000.0), (AFTER, 1_000.0 + 440_000 * times)))
    assert [f.code for f in said(result)] == [code]
    assert result.reductions == pytest.approx(left)


def test_where_er_falls_with_the_meter_the_higher_check_meter_is_used() -> None:
    """2.99 MWh of auxiliaries, 0.2 MWh on either side of the period; the check meter 3 % higher: 0.8 t/MWh."""
    tables = boiler_tables()
    rows = [
        *(energy("E-1", a, b, 200.0) for a, b in ((BEFORE, datetime(2024, 1, 1)), (datetime(2024, 4, 1), AFTER))),
        *register((BEFORE, 0.0), (AFTER, 3_390.0 * 1.03)),
    ]
    check = {**tables["meters"][1], "meter_id": "C-1", "serial_number": "SN-C-1", "checks": "E-1"}
    plain = boiler().reductions
    result = boiler(tables={"meters": [*tables["meters"], check], "readings": [*tables["readings"], *rows]})
    assert [f.code for f in said(result)] == ["crosscheck.check_meter"]
    assert result.reductions == pytest.approx(plain - 2.99 * 0.03 * 0.8)


@pytest.mark.parametrize(
    ("times", "severity", "effect"),
    [
        # By time 360 x 113 / 91 = 447.033 MWh flowed in the 113 days; the check meter has 426.8, 4.5258 % less.
        (0.97, Severity.MAJOR, 180.0 * (1 - 426.8 / (360 * 113 / 91))),
        # 447.92 and 470 MWh: within 1 % of it, and more, which is no gain of the claim's.
        (1.018, Severity.MINOR, None), (1.0682, Severity.MINOR, None),
    ],
)  # fmt: skip
def test_a_check_meter_that_shows_little_is_a_question_and_says_what_to_enter(
    times: float, severity: Severity, effect: float | None
) -> None:
    pairs = (BEFORE, 0.0), (AFTER, 440_000 * times)
    result = checked(*register(*pairs))
    (found,) = said(result)
    assert (found.code, found.severity) == ("crosscheck.other_times", severity)
    assert found.effect_tco2e == (None if effect is None else pytest.approx(effect))
    assert result.reductions == pytest.approx(180.0), "time alone decides nothing"
    assert "2023-12-20 00:00 and on 2024-04-11 00:00" in found.action
    # Followed in either way, it is settled: readings of the meter then, or of the check meter at the period's limits.
    assert "crosscheck.other_times" not in {f.code for f in said(checked(*OUTSIDE, *register(*pairs)))}
    inside = (datetime(2024, 1, 1), 30_000.0), (datetime(2024, 4, 1), 30_000.0 + 360_000 * times)
    assert "crosscheck.other_times" not in {f.code for f in said(checked(*register(pairs[0], *inside, pairs[1])))}


def test_a_check_meter_of_the_course_of_the_months_leaves_open_what_two_halves_do() -> None:
    """From 15 January to 15 March: at least February's 120 MWh; by time 17/31 x 100 + 120 + 14/31 x 140 = 238.065."""
    days = [datetime(2024, month, 15) for month in (1, 2, 3)]
    (found,) = said(checked(*register(*zip(days, (0.0, 110_000.0, 230_000.0), strict=True))))
    assert (found.code, found.severity) == ("crosscheck.other_times", Severity.MAJOR)
    assert (found.data["lowest"], found.data["by_time"]) == pytest.approx((120_000.0, 238_064.516))
    assert found.effect_tco2e == pytest.approx(180.0 * (1 - 230 / 238.064516))


def test_a_check_meter_of_another_time_altogether_says_nothing() -> None:
    assert said(checked(*register((datetime(2023, 1, 1), 0.0), (datetime(2023, 6, 1), 5.0)))) == []


def test_a_log_that_reaches_beyond_the_period_is_compared_over_all_of_it(tmp_path: Path) -> None:
    """1 MWh an hour from 1 December to 30 April; the check meter 3 % lower from 20 December to 11 April, 113 days."""
    start, hours = datetime(2023, 12, 1), 152 * 24
    lines = (f"{start + timedelta(hours=n):%Y-%m-%d %H:%M},1000" for n in range(hours))
    (tmp_path / "m.csv").write_text("time,kWh\n" + "\n".join(lines) + "\n")
    log = {
        "log_id": "L-1", "meter_id": "M-1", "file": "m.csv", "time_column": "time", "value_column": "kWh",
        "unit": "kWh", "kind": "energy", "time_zone": "Asia/Ho_Chi_Minh", "stamp": "start", "layout": "wide",
        "transformer_factor_included": "yes",
    }  # fmt: skip
    meters = [{**OWN["meters"][0], "highest_rate": 1100.0, "highest_rate_unit": "kW"}, CHECK]
    tables = {
        "meters": meters, "calibrations": [calibration("M-1"), calibration("C-1")], "logs": [log],
        "readings": register((BEFORE, 0.0), (AFTER, 113 * 24_000 * 0.97)),
    }  # fmt: skip
    result = calculate_file(solar_workbook(tmp_path / "monitoring.xlsx", tables=tables))
    assert [f.code for f in said(result)] == ["crosscheck.check_meter"]
    assert result.reductions == pytest.approx(91 * 24 * 0.5 * 0.97)


def test_a_check_meter_read_with_its_meter_is_no_question() -> None:
    rows = monthly("C-1", [100_000.0, 120_000.0, 140_000.0])
    assert [f.code for f in said(checked(*rows))] == ["crosscheck.agrees"]
