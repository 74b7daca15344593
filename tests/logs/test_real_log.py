"""The log of a real roof, summed a second time with the csv module."""

from __future__ import annotations

import csv
import math
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from jcm_mrv.findings import errors
from support.sheets import log_row, monthly, parts_of

REAL = Path(__file__).parents[2] / "examples" / "rooftop_solar" / "data"


def test_the_real_log_of_a_roof_summed_with_the_csv_module() -> None:
    """Average W every 15 minutes, stamps in UTC-7; months of Viet Nam (UTC+7), 14 hours ahead."""
    expected: dict[str, Fraction] = {}
    with (REAL / "pv_ac_power_15min.csv").open(newline="") as file:
        for line in csv.DictReader(file):
            local = datetime.fromisoformat(line["measured_on"]) + timedelta(hours=14)
            assert local.utcoffset() == timedelta(hours=-7)
            expected[f"{local:%Y-%m}"] = expected.get(f"{local:%Y-%m}", Fraction(0)) + Fraction(line["ac_power"]) / 4
    row = log_row(
        file="pv_ac_power_15min.csv", time_column="measured_on", value_column="ac_power", unit="W", kind="power",
        time_zone="UTC-07:00",
    )  # fmt: skip
    series = parts_of(REAL, logs=[row], start=date(2016, 7, 1), end=date(2016, 10, 31))
    assert errors(series.findings) == []
    got = monthly(series, ["2016-07", "2016-08", "2016-09", "2016-10"])
    assert got == pytest.approx({month: float(amount) for month, amount in expected.items()}, rel=1e-12)
    assert round(math.fsum(got.values()) / 1e6, 1) == 2.9  # MWh, as the issue says
    assert series.parts.units == ("Wh",)
