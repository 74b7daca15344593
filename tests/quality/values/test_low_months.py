"""A month of the boiler's auxiliaries that is next to nothing: 1000, 1020 and 970 kWh at 0.8 t/MWh.

February has 29 days, January and March 31: by their rates it would have 29/31 of 970 to 1000 kWh.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Bias, Finding, Severity
from jcm_mrv.meters.segments import Parts, SegmentKind
from jcm_mrv.quality.values.low_months import _idle, _low, _rates, low_months
from support.boiler import boiler
from support.claims import Sketch
from support.forms import OutputForm, sketch
from support.results import calculated
from support.workbooks import monthly


def said(auxiliaries: list[float], fuel: tuple[float, ...] = (10.0, 11.0, 12.5), **february: Any) -> list[Finding]:
    rows = monthly("E-1", auxiliaries)
    rows[1] = {**rows[1], **february}
    result = boiler(tables={"readings": [*monthly("T-1", fuel, unit="m3"), *rows]})
    return [f for f in result.findings if f.code == "readings.low_month"]


@pytest.mark.parametrize("kwh", [0.0, -100.0, 1.02])
def test_a_month_of_next_to_nothing_is_a_question_with_its_bounds(kwh: float):
    (finding,) = said([1000.0, kwh, 970.0])
    assert finding.severity is Severity.MAJOR
    assert finding.effect_tco2e == pytest.approx(-(1000 * 29 / 31 - kwh) / 1000 * 0.8)
    assert f"{(970 * 29 / 31 - kwh) / 1000 * 0.8:,.3f} to" in finding.message
    assert finding.data["ratio"] == pytest.approx((kwh / 696) / (985 / 744))  # of 1000 and 970 kWh the middle is 985


def test_a_unit_that_is_a_thousand_times_too_small():
    (finding,) = said([1000.0, 1020.0, 970.0], unit="Wh")
    assert finding.effect_tco2e == pytest.approx(-(1000 * 29 / 31 - 1.02) / 1000 * 0.8)


def test_it_counts_with_the_rate_of_the_highest_month():
    """As if February had been 29/31 of 1000 kWh = 935.48: 0.748 t less than with 0 kWh."""
    results = [boiler(tables={"readings": [*monthly("T-1", (10.0, 11.0, 12.5), unit="m3"),
                                           *monthly("E-1", [1000.0, kwh, 970.0])]})
               for kwh in (0.0, 1000 * 29 / 31)]  # fmt: skip
    assert results[0].reductions == pytest.approx(results[1].reductions)


def test_a_plant_that_stood_still_needs_no_auxiliaries():
    assert said([1000.0, 0.0, 970.0], fuel=(10.0, 0.0, 12.5)) == []


def test_a_low_month_that_is_no_slip():
    assert said([1000.0, 120.0, 970.0]) == []


def test_where_er_rises_with_the_meter_it_is_its_own_loss():
    result = calculated(tables={"readings": monthly("M-1", [100_000.0, 0.0, 140_000.0])})
    assert [f for f in result.findings if f.code == "readings.low_month"] == []


# --- each rule by itself ------------------------------------------------------------------------------

NAN = math.nan


@pytest.mark.parametrize(
    ("rates", "low"),
    [
        ([100, 100, 1.0], [2]), ([100, 100, 1.01], []), ([100, -5, 100], [1]), ([0, 100], []), ([0, 100, NAN], []),
        ([0, 0, 0], []), ([100, 1.0, NAN, 200], [1]),
        # one, or a quarter of the months
        ([100] * 5 + [0, 0], []), ([100] * 6 + [0, 0], [6, 7]), ([100] * 5 + [0, 0, NAN], []),
        ([0, 0, 100], []), ([-1, -1, -100], []),
    ],
)  # fmt: skip
def test_the_few_months_of_next_to_nothing(rates: list[float], low: list[int]) -> None:
    assert np.flatnonzero(_low(np.array(rates, dtype=float))).tolist() == low


def point(applies_to: str, methodology: str = "A") -> Any:
    return SimpleNamespace(applies_to=applies_to, methodology=methodology, terms=[None])


@pytest.mark.parametrize(
    ("other", "low", "idle"),
    [
        (point("B-1"), True, True), (point("B-1"), False, False), (point(""), True, True), (point("B-2"), True, False),
        (point("B-1", "C"), True, False),
    ],
)  # fmt: skip
def test_what_stood_still_beside_it(other: Any, low: bool, idle: bool) -> None:
    points: Any = {"E": [point("B-1")], "F": [other]}
    flags = {"E": np.array([False, True]), "F": np.array([False, low])}
    assert _idle("E", 1, points, flags) is idle
    # all that stands beside it, and only what its months are known of
    points["G"], flags["G"] = [point("B-1")], np.array([True, False])
    assert _idle("E", 1, points, flags) is False
    del flags["G"]
    assert _idle("E", 1, points, flags) is idle
    points["F"].append(point("B-9"))  # it serves something else besides
    assert _idle("E", 1, points, flags) is idle


def test_the_rates_of_a_meter_by_month() -> None:
    """1,000 kWh in 744 hours of January, 2 MWh in the 696 of February, nothing known of March."""
    series = drawn({"EC": [1000.0, 2.0, None], "Q": [1.0] * 3}).series()
    parts = series.parts
    mixed = replace(series, parts=replace(parts, units=("kWh", "MWh"), unit=np.where(parts.value == 2.0, 1, 0)))
    found = _rates(mixed, "EC")
    assert found is not None and found[:2] == pytest.approx([1000 / 744, 2000 / 696]) and np.isnan(found[2])
    assert _rates(series, "unknown") is None
    unread = replace(series, parts=replace(parts, meter_ids=(*parts.meter_ids, "X")))
    assert _rates(replace(unread, coverage=replace(series.coverage, meter_ids=("X", "Q"))), "X") is None
    elsewhere = replace(series.coverage, meter_ids=("Z", "Q"))
    assert _rates(replace(series, coverage=elsewhere), "EC") is None
    kinds = np.where(parts.month == 1, SegmentKind.SAMPLE, parts.kind)
    assert _rates(replace(series, parts=replace(parts, kind=kinds)), "EC") is None


def drawn(monthly: dict[str, list[float | None]]) -> Sketch:
    found = sketch(OutputForm, monthly)
    count = len(monthly["EC"])
    found.end = date(2024, count, 31 if count in (3, 12) else 30)
    return found


def low_of(found: Sketch, changed: Callable[[Parts], Parts] = lambda parts: parts) -> list[Finding]:
    claim, _ = found.build()
    series = found.series()
    return list(low_months(claim, replace(series, parts=changed(series.parts)), found.timeline))


def first_in_megawatt_hours(parts: Parts) -> Parts:
    first = (parts.month == 0) & (parts.meter == parts.meter_ids.index("EC"))
    value, unit = np.where(first, parts.value / 1000, parts.value), np.where(first, 0, 1)
    return replace(parts, units=("MWh", "kWh"), value=value, unit=unit)


def test_the_bounds_by_the_lowest_and_the_highest_rate_of_the_others() -> None:
    """ER = Q - EC: 1,000 kWh a month, in February at the highest rate; 744 hours of December at both rates."""
    full = [1000.0] * 12
    (found,) = low_of(drawn({"Q": full, "EC": [*full[:11], 0.0]}))
    most = 1000 / 696 * 744
    assert found.effect_tco2e == pytest.approx(most / 1000)
    assert found.message == (
        "meter EC counts next to nothing in 2024-12, while what it serves ran; with the rate of the other months ER is "
        f"lower by 1.000 to {most / 1000:.3f} tCO2e"
    )
    assert found.found == f"0 kWh; 1000 to {most:.6g} kWh by the other months"
    assert found.data == {"ratio": 0.0} and found.where.cell == "E25"
    ((start, end, bias),) = [(q.start, q.end, q.bias) for q in found.questionable]
    assert (end - start, bias) == (31 * 86_400_000_000, Bias.TOO_LOW)
    (found,) = low_of(drawn({"Q": full, "EC": [*full[:11], 0.0]}), first_in_megawatt_hours)
    assert found.found == f"0 MWh; 1 to {most / 1000:.6g} MWh by the other months"
    # where ER rises with the meter, and where both stood still, nothing is gained
    assert low_of(drawn({"Q": [*full[:11], 0.0], "EC": full})) == []
    assert low_of(drawn({"Q": [*full[:11], 0.0], "EC": [*full[:11], 0.0]})) == []


@pytest.mark.parametrize(("least", "most"), [(None, 2.0), (1.0, None), (None, None), (0.0, None)])
def test_where_a_bound_is_not_known_it_is_a_question_without_effect(
    least: float | None, most: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 744 hours of December 744 kWh would have been used at least, 1,000 / 696 x 744 kWh at most."""
    at_least = {11: pytest.approx(-1000.0)}
    told = lambda meter, unit, amounts: least if amounts == at_least else most  # noqa: E731
    monkeypatch.setattr("jcm_mrv.quality.values.low_months.Effects", lambda *_: told)
    full = [1000.0] * 12
    (found,) = low_of(drawn({"Q": full, "EC": [*full[:11], 0.0]}))
    assert found.effect_tco2e is None
    assert found.message.endswith("ER is lower by an amount that is not known tCO2e")


def test_a_meter_beside_another_in_one_point_may_have_stood_still() -> None:
    full = [1000.0] * 12
    found = drawn({"Q": full, "EC": [*full[:11], 0.0]})
    found.monthly["EC2"] = full
    found.points = [*found.points, {"parameter": "EC", "meter_id": "EC2", "sign": "+"}]
    assert low_of(found) == []
    claim, _ = found.build()
    point_of_both = next(one for one in claim.points if one.parameter == "EC")
    alone = replace(point_of_both, terms=point_of_both.terms[:1])
    assert list(low_months(replace(claim, points=(*claim.points, alone)), found.series(), found.timeline)) == []
