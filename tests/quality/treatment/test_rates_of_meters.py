"""How fast the meters of a chain count: by month, by reading, by the hour and by the extremes of a log; by hand."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.quality.treatment.rates import Rates, _rates, rates_of
from jcm_mrv.time.zones import HOUR

READING, LOG = SegmentKind.ENERGY, SegmentKind.LOG

# meter, kind, start and end [h], share, amount [MWh], lowest and highest value of a log [kWh in an hour]
ROWS = [
    ("L", LOG, 0, 100, 1.0, 50.0, -2.0, 16.0),
    ("M", READING, 0, 2, 1.0, 8.0, np.nan, np.nan),
    ("N", READING, 0, 1, 1.0, 100.0, np.nan, np.nan),
    ("M", READING, 2, 10, 0.5, 2.0, np.nan, np.nan),
    ("M", READING, 10, 10.25, 1.0, 3.0, np.nan, np.nan),
    ("M", READING, 11, 11.125, 1.0, 99.0, np.nan, np.nan),  # less than a quarter of an hour
    ("L", LOG, 100, 200, 1.0, 50.0, np.nan, np.nan),
]


def rates(least_hours: float = 0.5, profiles: Mapping[str, Any] = {}, **changed: Any) -> dict[str, Rates | None]:
    """Each meter over two months of 64 hours; the chain has its rows in another order than the parts."""
    names = ("L", "M", "N", "Z")
    order = [1, 6, 5, 4, 3, 2, 0]  # of the chain's rows among the parts
    columns = [np.array(column) for column in zip(*[ROWS[n] for n in range(7)], strict=True)]
    parts = SimpleNamespace(
        meter_ids=names,
        meter=np.array([names.index(row[0]) for row in ROWS]),
        kind=np.array([row[1] for row in ROWS]),
        start=columns[2].astype(float) * HOUR,
        end=columns[3].astype(float) * HOUR,
        share=columns[4].astype(float),
        lowest=columns[6].astype(float),
        highest=columns[7].astype(float),
    )
    for key, value in changed.items():
        setattr(parts, key, value)
    by_row = np.arange(1.0, 8.0)[order]  # of the transformer 1 to 7
    chain: Any = SimpleNamespace(
        parts=parts,
        rows=np.array(order),
        graph=SimpleNamespace(k_T="k_T", k_C="k_C", u="u", E="E", E_raw="E_raw"),
        values={"k_T": by_row, "k_C": np.full(7, 4.0), "u": np.full(7, 0.5)},
        points=[
            SimpleNamespace(is_mean=False, terms=[SimpleNamespace(meter_id="M")]),
            SimpleNamespace(is_mean=True, terms=[SimpleNamespace(meter_id="N"), SimpleNamespace(meter_id="Z")]),
        ],
        meter_months=[("L", 0), ("L", 1), ("M", 0), ("M", 1), ("N", 0), ("Z", 0)],
        in_unit=lambda unit, meter: {"kWh": 1 / 1024}[unit],
    )
    covered = np.array([[64.0, 32.0], [64.0, 0.5], [64.0, 0.0], [16.0, 0.0]]) * HOUR
    coverage: Any = SimpleNamespace(meter_ids=names, covered=covered)
    evaluation: Any = {
        "E_raw": np.array([64.0, 96.0, 128.0, 99.0, 192.0, 48.0]),
        "E": np.array([row[5] for row in ROWS], dtype=float)[order],
    }
    return rates_of(chain, coverage, evaluation, profiles, least_hours)


def test_months_and_readings_of_a_meter() -> None:
    """128 MWh in 64 hours; readings of 8 in 2 h, 2 in half of 8 h and 3 in a quarter of an hour."""
    found = rates()["M"]
    assert found == Rates(2.0, (2.0, 2.0), (0.5, 12.0))


@pytest.mark.parametrize(("least_hours", "months"), [(0.5, (2.0, 2.0)), (0.25, (2.0, 198.0))])
def test_a_month_of_hardly_any_reading_tells_nothing(least_hours: float, months: Any) -> None:
    found = rates(least_hours)["M"]
    assert found is not None and found.months == months
    assert rates(64.0)["M"] is None


def test_of_a_log_the_extremes_of_its_values_count() -> None:
    """-2 and 16 kWh times 1 x 4 x 0.5, as transformer, correction and unit have it; 1 and 3 MWh an hour by month."""
    assert rates()["L"] == Rates(160 / 96, (1.0, 3.0), (-4.0, 32.0))


@pytest.mark.parametrize("lacking", [{"lowest": None}, {"highest": None}, {"lowest": None, "highest": None}])
def test_without_extremes_its_months_count(lacking: Any) -> None:
    assert rates(**lacking)["L"] == Rates(160 / 96, (1.0, 3.0), (1.0, 3.0))


def test_a_mean_is_one_and_a_meter_without_readings_has_its_month() -> None:
    assert rates()["N"] == Rates(3.0, (3.0, 3.0), (3.0, 100.0), is_mean=True)
    assert rates()["Z"] == Rates(3.0, (3.0, 3.0), (3.0, 3.0), is_mean=True)


def test_hours_of_a_log_that_has_them_daily() -> None:
    """In the chain's unit: 1,024 kWh are one here."""
    amount, share = np.full(48, 2048.0), np.full(48, 0.5)
    profile = SimpleNamespace(daily=True, amount=amount, covered=share, unit="kWh")
    found = rates(profiles={"L": profile})["L"]
    assert found is not None and found.hourly is not None
    assert found.hourly[0].tolist() == [2.0] * 48 and found.hourly[1].tolist() == [0.5] * 48
    assert found.readings == (0.0, 32.0), "it never ran back by the hour: a value of -2 is questionable itself"
    seldom = SimpleNamespace(daily=False, amount=amount, covered=share, unit="kWh")
    other = rates(profiles={"L": seldom, "N": profile})["L"]
    assert other is not None and other.hourly is None


def test_a_day_counts_as_measured_from_its_first_hour_on() -> None:
    """Three backward days are a fifth of fifteen, of each of which half was read."""
    amounts, shares = np.ones((15, 24)), np.ones((15, 24))
    amounts[:3, 5], shares[:, 12:] = -7.0, 0.0
    found = _rates(np.array([100.0]), np.array([100.0]), np.array([-7.0]), (amounts.ravel(), shares.ravel()), False)
    assert found.readings == (0.0, 1.0)


def test_the_lowest_reading_above_nothing_stays_it() -> None:
    hours = np.ones(24)
    found = _rates(np.array([100.0]), np.array([100.0]), np.array([0.5]), (hours, hours), False)
    assert found.readings == (0.5, 1.0)


@pytest.mark.parametrize(("share", "most"), [(1 - 1e-12, 9.0), (0.9995, 3.0)])
def test_an_hour_counts_only_if_it_was_measured_throughout(share: float, most: float) -> None:
    """But for the last digit of its share."""
    shares = np.array([1.0, 1.0, share, 1.0])
    found = Rates(2.0, (2.0, 3.0), (0.0, 9.0), (np.array([1.0, 1.0, 9.0, 1.0]), shares))
    assert found.of_length(1.0) == (1.0, pytest.approx(most))
