"""The rooftop solar example: a second computation without the engine, and what happens when its data are spoilt."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import InputRefusedError

NAME = "rooftop_solar"
LOCAL = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh in 2016
FIRST, END = datetime(2016, 7, 2, tzinfo=LOCAL), datetime(2016, 10, 13, tzinfo=LOCAL)
LOG = Path("data/pv_ac_power_15min.csv")

Copy = Callable[[str], Path]
Change = Callable[..., None]


def rows(folder: Path) -> list[list[str]]:
    with (folder / LOG).open(newline="") as file:
        return [line for line in csv.reader(file) if line]


def write(folder: Path, lines: list[list[str]]) -> None:
    with (folder / LOG).open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


def by_hand(folder: Path) -> Fraction:
    """tCO2e: average W x 1/4 h, in the period by local time, x 2000/5 / 1,000,000 x 0.333."""
    watts = sum(
        (Fraction(value) for stamp, value in rows(folder)[1:] if FIRST <= datetime.fromisoformat(stamp) < END),
        Fraction(0),
    )
    return watts / 4 * Fraction(2000, 5) / 1_000_000 * Fraction("0.333")


def backwards(hours: int) -> float:
    """tCO2e of the most that the inverters took: 6.3533 W, the log's lowest value, x 400 x 0.333."""
    return 6.3533 / 1e6 * 400 * hours * 0.333


def codes(error: pytest.ExceptionInfo[InputRefusedError]) -> set[str]:
    return {f.code for f in error.value.findings}


def test_the_engine_reaches_the_tonnes_computed_by_hand(copy_of: Copy) -> None:
    folder = copy_of(NAME)
    expected = by_hand(folder)
    result = calculate_file(folder / "monitoring.xlsx")
    assert result.reductions == pytest.approx(float(expected), rel=1e-12)
    assert round(float(expected), 3) == 390.400  # as the README says
    assert [(y.year, y.credited) for y in result.years] == [(2016, math.floor(expected))] == [(2016, 390)]
    assert result.credited == 390 and not result.indicative


def test_months_are_those_of_local_time(copy_of: Copy) -> None:
    folder = copy_of(NAME)
    result = calculate_file(folder / "monitoring.xlsx")
    expected = dict.fromkeys(("2016-07", "2016-08", "2016-09", "2016-10"), 0.0)
    for stamp, value in rows(folder)[1:]:
        local = datetime.fromisoformat(stamp).astimezone(LOCAL)
        if FIRST <= local < END:
            expected[f"{local:%Y-%m}"] += float(value) / 4
    parts = result.series.parts
    labels = [result.timeline.months[m].label for m in parts.month]
    assert dict(zip(labels, parts.value.tolist(), strict=True)) == pytest.approx(expected, rel=1e-12)
    assert parts.units == ("Wh",) and set(parts.factor) == {400.0}


def test_the_report_says_what_is_doubtful_in_it(copy_of: Copy) -> None:
    found = {f.code: f for f in calculate_file(copy_of(NAME) / "monitoring.xlsx").findings}
    expected = {"defaults.unconfirmed", "methodology.before_adoption", "logs.outside_period", "logs.negative"}
    # One log with nothing beside it, and an estimate that may be that of the whole year.
    assert set(found) == {*expected, "result.unsupported"}
    assert str(found["result.unsupported"].severity) == "minor"
    assert "0.333" in found["defaults.unconfirmed"].message
    # 14 hours of local time before 2 July (10 h of 1 July, 40 rows) and 18 of 13 October (72 rows).
    assert found["logs.outside_period"].data["count"] == 112


def test_a_hole_by_day_lowers_the_claim_by_what_flowed_and_is_a_finding(copy_of: Copy) -> None:
    """A meter that also runs backwards may have done so in the hole; that is counted as well."""
    folder = copy_of(NAME)
    whole = by_hand(folder)
    kept = [line for line in rows(folder) if not "2016-08-10 06:00" <= line[0] < "2016-08-10 18:00"]
    write(folder, kept)
    result = calculate_file(folder / "monitoring.xlsx")
    assert result.reductions == pytest.approx(float(by_hand(folder)) - backwards(12), rel=1e-12)
    assert result.reductions < float(whole) - 1  # a sunny day is some tonnes
    (gap,) = [f for f in result.findings if f.code == "gaps.month"]
    assert gap.severity == "major" and gap.data["missing_hours"] == 12.0
    assert "ER rises with it" in gap.message


def test_an_empty_value_is_a_hole_too(copy_of: Copy) -> None:
    folder = copy_of(NAME)
    lines = rows(folder)
    write(folder, [[a, "" if a.startswith("2016-08-10 12:") else b] for a, b in lines])
    result = calculate_file(folder / "monitoring.xlsx")
    (gap,) = [f for f in result.findings if f.code == "gaps.month"]
    assert gap.data["missing_hours"] == 1.0
    kept = [line for line in rows(folder) if line[1]]
    write(folder, kept)
    assert result.reductions == pytest.approx(float(by_hand(folder)) - backwards(1), rel=1e-12)


def test_a_night_without_data_does_not_raise_the_claim(copy_of: Copy) -> None:
    """At night the log is negative: leaving a night out would raise the sum."""
    folder = copy_of(NAME)
    whole = by_hand(folder)
    write(folder, [line for line in rows(folder) if not "2016-08-10 21:00" <= line[0] < "2016-08-11 04:00"])
    assert by_hand(folder) > whole
    result = calculate_file(folder / "monitoring.xlsx")
    assert result.reductions == pytest.approx(float(by_hand(folder)) - backwards(7), rel=1e-12)
    assert result.reductions <= float(whole)


def test_power_taken_for_kilowatts_is_a_thousand_times_too_much_and_refused(copy_of: Copy, change: Change) -> None:
    folder = copy_of(NAME)
    change(folder / "monitoring.xlsx", "Logs", "Unit", "kW")
    with pytest.raises(InputRefusedError) as refused:
        calculate_file(folder / "monitoring.xlsx")
    (finding,) = [f for f in refused.value.findings if f.code == "readings.above_capacity"]
    assert "the factor 1000 of a wrong unit" in finding.message


@pytest.mark.parametrize(
    ("sheet", "heading", "value", "code"),
    [
        ("Logs", "Unit", "kWh", "logs.unit"),
        ("Logs", "Unit", "kg", "logs.unit"),
        ("Logs", "Meter ID", "M-9", "input.meter_unknown"),
        ("Monitoring points", "Meter ID", "M-9", "input.meter_unknown"),
        ("Monitoring points", "Applies to", "PV-9", "points.applies_to"),
        ("Logs", "Value column", "power", "logs.column"),
        ("Logs", "File", "data/none.csv", "logs.missing"),
        ("Equipment", "connection [choice]", "sea cable", "fixed.choice"),
        ("Equipment", "connection [choice]", None, "fixed.missing"),
    ],
)
def test_one_spoilt_cell_is_refused(
    sheet: str,
    heading: str,
    value: str | None,
    code: str,
    copy_of: Copy,
    change: Change,
) -> None:
    folder = copy_of(NAME)
    change(folder / "monitoring.xlsx", sheet, heading, value)
    with pytest.raises(InputRefusedError) as error:
        calculate_file(folder / "monitoring.xlsx")
    assert code in codes(error), codes(error)


def test_a_turned_sign_makes_the_year_negative_and_is_never_clipped(copy_of: Copy, change: Change) -> None:
    folder = copy_of(NAME)
    change(folder / "monitoring.xlsx", "Monitoring points", "Sign", "-")
    result = calculate_file(folder / "monitoring.xlsx")
    assert result.reductions == pytest.approx(-float(by_hand(folder)), rel=1e-12)
    assert result.credited == -391  # down, not towards zero
    assert "result.negative_year" in {f.code for f in result.findings}
