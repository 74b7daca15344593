"""Every aggregate from readings to the parameters of a claim, over the end of a year, in memory; all by hand.

December 2024, January and February 2025 have 744, 744 and 672 hours. U-1 operates all the time, U-2 from 16 January
on, which are 384 hours of that month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jcm_mrv.claim.building import build_claim
from jcm_mrv.claim.claim import Claim, weight_of
from jcm_mrv.claim.combining import combinations
from jcm_mrv.findings import Finding
from jcm_mrv.meters.meters import read_meters
from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.binding import bind
from jcm_mrv.methodology.declare import constant, equipment, monitored, month, product_of, result, year_of_month
from jcm_mrv.quantities.expression import Defined, total
from jcm_mrv.series import combined, gather
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from jcm_mrv.workbook.records import MonitoringData
from support.claims import FILE, record, rows_of, solar
from support.forms import entry
from support.sheets import ZONE, readings


class Many(Methodology):
    """Invented: each aggregate once, most of them of each unit."""

    F = monitored("water", unit="t", per=equipment)

    P = monitored("highest power", unit="MW", per=equipment, aggregate="highest")
    Pm = monitored("highest power of each month", unit="MW", per=equipment, aggregate="highest", each=month)
    L = monitored("level at the end", unit="t", per=equipment, aggregate="last")
    T = monitored("lowest temperature", unit="K", per=equipment, aggregate="lowest")
    I = monitored("current", unit="A", per=equipment, aggregate="mean")  # noqa: E741
    I2h = product_of(I, I, "squared current", unit="A**2*h")
    Tm = monitored("temperature of each month", unit="K", per=equipment, aggregate="mean", each=month)
    FC = monitored("fuel", unit="t", per=equipment)
    NCV = monitored("calorific value", unit="GJ/t", per=equipment, aggregate="weighted", weight=FC)
    dT = monitored("temperature difference", unit="K", per=equipment, aggregate="mean")
    HW = product_of(F, dT, "heat", unit="t*K")
    n = monitored("deliveries", unit="1", aggregate="count")
    w = monitored("moisture", unit="1", aggregate="sample")
    Z = monitored("pieces", unit="pcs")
    S = monitored("oil", unit="t")
    per_t = constant("1", unit="tCO2e/t", label="of a tonne", source="invented")
    per_GJ = constant("1", unit="tCO2e/GJ", label="of a GJ", source="invented")
    per_MW = constant("1", unit="tCO2e/MW", label="of a MW", source="invented")
    per_K = constant("1", unit="tCO2e/K", label="of a K", source="invented")
    per_A = constant("1", unit="tCO2e/A", label="of an A", source="invented")
    per_A2 = constant("1", unit="tCO2e/(A**2*h)", label="of an A2h", source="invented")
    per_tK = constant("1", unit="tCO2e/(t*K)", label="of a tK", source="invented")
    each = constant("1", unit="tCO2e", label="of each", source="invented")
    per_pcs = constant("1", unit="tCO2e/pcs", label="of a piece", source="invented")
    by_month = total(total(Tm * per_K + Pm * per_MW, over=equipment), by=year_of_month)
    RE = result(total(FC * NCV * per_GJ + L * per_t + HW * per_tK, over=equipment) + by_month, "reference emissions")
    PE = result(
        total(P * per_MW + T * per_K + I * per_A + I2h * per_A2, over=equipment)
        + (n + w) * each
        + S * per_t
        + Z * per_pcs,
        "project emissions",
    )
    ER = result(RE - PE, "emission reductions")


ENDS = (datetime(2024, 12, 1), datetime(2025, 1, 1), datetime(2025, 2, 1), datetime(2025, 3, 1))
PERIOD = Timeline.of(date(2024, 12, 1), date(2025, 2, 28), ZONE)
MIDDLE = datetime(2025, 1, 16)
UNITS = {
    "FC": "t", "NCV": "GJ/t", "P": "MW", "Pm": "MW", "L": "t", "T": "K", "I": "A", "Tm": "K", "F": "t", "dT": "K",
}  # fmt: skip
ENERGY = ("FC", "F")
Row = dict[str, Any]
READ = {
    "FC": (10, 30, 60), "NCV": (20, 24, 22), "P": (4, 9, 6), "Pm": (4, 9, 6), "L": (5, 8, 7), "T": (300, 280, 310),
    "I": (10, 20, 30), "Tm": (290, 300, 280), "F": (100, 200, 300), "dT": (5, 7, 6),
}  # fmt: skip
OF_U2 = {name: tuple(2 * value for value in READ[name][1:]) for name in READ}
"""U-2 has twice of everything in January and February."""


def of_intervals(meter: str, values: Sequence[float], starts: Sequence[datetime], unit: str, kind: str) -> list[Row]:
    ends = ENDS[-len(values) :]
    return [
        {"meter_id": meter, "kind": kind, "start": start, "end": end, "value": float(value), "unit": unit}
        for start, end, value in zip(starts, ends, values, strict=True)
    ]


def all_rows() -> list[Row]:
    rows: list[Row] = []
    for name, unit in UNITS.items():
        kind = "energy" if name in ENERGY else "mean"
        rows += of_intervals(f"{name}-1", READ[name], ENDS[:3], unit, kind)
        rows += of_intervals(f"{name}-2", OF_U2[name], (MIDDLE, ENDS[2]), unit, kind)
    days = (datetime(2024, 12, 31, 23), datetime(2025, 1, 1), datetime(2025, 1, 1), datetime(2025, 2, 28, 23))
    rows += [{"meter_id": "n", "kind": "sample", "end": day, "value": 1.0, "unit": "1"} for day in days]
    for day, value in zip(days, (0.1, 0.2, 0.4, 0.6), strict=True):
        rows.append({"meter_id": "w", "kind": "sample", "end": day, "value": value, "unit": "1"})
    return rows + of_intervals("Z", (3, 4, 5), ENDS[:3], "pcs", "energy")


def all_points() -> list[Row]:
    own = [{"parameter": name, "applies_to": f"U-{n}", "meter_id": f"{name}-{n}", "sign": "+"}
           for n in (1, 2) for name in UNITS]  # fmt: skip
    return own + [{"parameter": name, "meter_id": name, "sign": "+"} for name in ("n", "w", "S", "Z")]


STOCKS = (
    {"meter_id": "S", "start": ENDS[0], "end": ENDS[1], "unit": "t", "opening": 5.0, "received": 10.0, "closing": 7.0},
    {"meter_id": "S", "start": ENDS[1], "end": ENDS[3], "unit": "t", "opening": 7.0, "received": 20.0, "closing": 3.0},
)


def made(
    rows: Sequence[Row] | None = None,
    points: Sequence[Row] | None = None,
    conversions: Sequence[Row] = (),
    stocks: Sequence[Row] = STOCKS,
    units: dict[str, str] | None = None,
    faulty: bool = False,
) -> tuple[Claim | None, list[Finding]]:
    """The claim from the sheets; ``units`` are those of meters beside the ones above."""
    names = {f"{name}-{n}": unit for name, unit in UNITS.items() for n in (1, 2)} | {
        "n": "1",
        "w": "1",
        "S": "t",
        "Z": "pcs",
    }
    meters = [
        {"meter_id": name, "unit": unit, **({"installed": MIDDLE} if name.endswith("-2") else {})}
        for name, unit in (names | (units or {})).items()
    ]
    data = MonitoringData(
        Path(FILE), FILE, "0" * 64, record("project", 2, {"methodologies": "T 1"}),
        readings(all_rows() if rows is None else rows), [], meters=rows_of("meters", meters),
        equipment=rows_of("equipment", [{"equipment_id": "U-1"}, {"equipment_id": "U-2", "operation_start": MIDDLE}]),
        points=rows_of("points", all_points() if points is None else points),
        conversions=rows_of("conversions", conversions), stocks=rows_of("stocks", stocks),
    )  # fmt: skip
    known, faults = read_meters(data.meters, PERIOD.zone)
    bounds = [bind(replace(entry(Many), card=replace(entry(Many).card, number="T")))]
    sources, found = combined(gather(data, known, PERIOD), combinations(bounds, data.points))
    claim, findings = build_claim(bounds, data, PERIOD, sources.series, faulty=faulty)
    return claim, [*faults, *found, *findings]


def values(claim: Claim | None) -> dict[str, Any]:
    """The parameters by unit (where there are any) and year or month, NaN where there is none."""
    assert claim is not None
    evaluation = claim.evaluate()
    found: dict[str, Any] = {}
    for one in claim.parameters:
        found[one.declared.symbol] = np.asarray(evaluation[one.defined]).tolist()
    return found


@pytest.fixture(scope="module")
def claim() -> Claim:
    built, findings = made()
    assert built is not None and findings == []
    return built


NONE = 0.0
BY_HAND: dict[str, Any] = {
    "FC": [[10, 90], [NONE, 180]],
    # (30 x 24 + 60 x 22) / 90; of U-2 (60 x 48 + 120 x 44) / 180
    "NCV": [[20, 2040 / 90], [NONE, 8160 / 180]],
    "P": [[4, 9], [NONE, 18]],
    "Pm": [[4, 9, 6], [NONE, 18, 12]],
    "L": [[5, 7], [NONE, 14]],
    "T": [[300, 280], [NONE, 560]],
    # over the hours in operation: 744 and 672, of U-2 384 and 672
    "I": [[10, (20 * 744 + 30 * 672) / 1416], [NONE, (40 * 384 + 60 * 672) / 1056]],
    "I2h": [[744 * 100, 744 * 400 + 672 * 900], [NONE, 384 * 1600 + 672 * 3600]],
    "Tm": [[290, 300, 280], [NONE, 600, 560]],
    "F": [[100, 500], [NONE, 1000]],
    "dT": [[5, (7 * 744 + 6 * 672) / 1416], [NONE, (14 * 384 + 12 * 672) / 1056]],
    "HW": [[500, 1400 + 1800], [NONE, 5600 + 7200]],
    "n": [1, 2],  # two at one moment with one value are one
    "w": [0.1, 1.2 / 3],
    "S": [5 + 10 - 7, 7 + 20 - 3],
    "Z": [3, 9],
}


def same(found: Any, expected: Any) -> bool:
    return bool(np.nan_to_num(np.array(found)) == pytest.approx(np.array(expected, dtype=float), rel=1e-12))


@pytest.mark.parametrize("symbol", [*BY_HAND])
def test_each_aggregate_by_hand(claim: Claim, symbol: str) -> None:
    assert same(values(claim)[symbol], BY_HAND[symbol])


def test_the_tonnes_follow_from_them(claim: Claim) -> None:
    """2024: 200 + 5 + 500 + 290 + 4 less 4 + 300 + 10 + 74,400 + 1 + 0.1 + 8 + 3."""
    assert float(claim.evaluate()[claim.ER][0]) == pytest.approx(999 - 74726.1, rel=1e-12)
    assert {p.parameter: p.combined for p in claim.points if p.combined} == {
        "NCV": "product", "P": "highest", "Pm": "highest", "L": "last", "T": "lowest", "I2h": "product",
        "HW": "product", "n": "count",
    }  # fmt: skip
    assert sorted(parameter.declared.symbol for parameter in claim.parameters) == sorted(BY_HAND)
    # 2024 with 2 t more in store at the end of it, which were not burnt: PE is so much lower
    (chain,) = [c for c in claim.chains if c.unit == "t" and any(p.parameter == "S" for p in c.points)]
    node, place = chain.graph.S_close, int(np.flatnonzero(claim.values[chain.graph.S_close] == 7.0)[0])
    assert claim.effect_of(node, place, 9.0) == pytest.approx(-2.0)
    assert claim.effect_of(chain.graph.S_in, place, 11.0) == pytest.approx(1.0)
    assert claim.effect_of(chain.graph.S_open, place, 4.0) == pytest.approx(-1.0)


def test_what_is_divided_by_hours_and_what_by_a_number(claim: Claim) -> None:
    chains = {(p.parameter, chain.graph.H.unit) for chain in claim.chains for p in chain.points}
    assert {("w", "pcs"), ("P", "pcs"), ("I", "h"), ("NCV", "h"), ("FC", "h")} <= chains


def test_the_weight_of_a_mean(claim: Claim) -> None:
    by_symbol = {one.declared.symbol: one for one in claim.parameters}
    assert weight_of(by_symbol["NCV"], claim.parameters) is by_symbol["FC"]
    assert weight_of(by_symbol["F"], claim.parameters) is None


def test_what_the_meters_of_single_readings_come_to_is_evaluated_with_the_claim(claim: Claim) -> None:
    """The report shows their amounts by year: 30 t and 60 t of fuel with 24 and 22 GJ/t are 2,040 GJ."""
    evaluation = claim.evaluate()
    amounts = [float(one) for chain in claim.chains for one in np.asarray(evaluation[chain.graph.E_year])]
    assert {2040.0, 500.0, 3200.0, 12800.0} <= set(amounts)
    # and so are the parameters whose readings are multiplied, for the trace
    behind = [root.symbol for root in claim.roots() if isinstance(root, Defined)][6:]
    assert behind[:3] == ["F", "I", "dT"] and set(behind[3:]) == {"E_year"}
    plain, _ = solar().build()
    assert [root.symbol for root in plain.roots() if isinstance(root, Defined)] == ["RE", "PE", "ER", "RE", "PE", "ER"]


@pytest.mark.parametrize(
    ("methodology", "unit", "month_ordinal", "hours"),
    [("T", "U-1", 0, 744), ("T", "U-2", 0, 0), ("T", "U-2", 1, 384), ("T", "U-2", 2, 672), ("T", "U-3", 1, 744)],
)
def test_hours_in_operation(claim: Claim, methodology: str, unit: str, month_ordinal: int, hours: int) -> None:
    assert claim.running(methodology, unit, month_ordinal, PERIOD) == hours * HOUR


# --- of several meters --------------------------------------------------------------------------


def point(parameter: str, meter: str, sign: str = "+", share: float | None = None) -> Row:
    return {"parameter": parameter, "applies_to": "U-1", "meter_id": meter, "sign": sign, "share": share}


def of(*kinds: tuple[str, str, Sequence[float]]) -> list[Row]:
    """Readings of the three months of some meters: name, unit and values."""
    return [row for name, unit, numbers in kinds for row in of_intervals(
        name, numbers, ENDS[:3], unit, "energy" if unit in ("t", "m3") else "mean")]  # fmt: skip


def test_a_product_of_sums_is_the_sum_of_the_products() -> None:
    """(100 + 0.5 x 40) t x (5 - 2) K, (200 + 20) x (7 - 1) and (300 + 20) x (6 - 3)."""
    rows = of(("F-1", "t", READ["F"]), ("F3", "t", (40, 40, 40)), ("dT-1", "K", READ["dT"]), ("dT3", "K", (2, 1, 3)))
    points = [point("F", "F-1"), point("F", "F3", share=0.5), point("dT", "dT-1"), point("dT", "dT3", "-")]
    claim, findings = made(rows, points, stocks=(), units={"F3": "t", "dT3": "K"})
    assert findings == []
    found = values(claim)
    assert found["HW"][0] == pytest.approx([120 * 3, 220 * 6 + 320 * 3])
    assert found["F"][0] == pytest.approx([120, 540]) and found["dT"][0][0] == pytest.approx(3)
    assert claim is not None and [p.formula for p in claim.points if p.parameter == "HW"] == [
        "HW: F-1 × dT-1 + 0.5 × HW: F3 × dT-1 - HW: F-1 × dT3 - 0.5 × HW: F3 × dT3"
    ]


def test_shares_of_both_factors_of_a_product_count() -> None:
    """Half of the water at 0.25 x 5 K and 0.75 x 2 K: 50 x (1.25 + 1.5) in December."""
    rows = of(("F-1", "t", READ["F"]), ("dT-1", "K", READ["dT"]), ("dT3", "K", (2, 1, 3)))
    points = [point("F", "F-1", share=0.5), point("dT", "dT-1", share=0.25), point("dT", "dT3", share=0.75)]
    claim, findings = made(rows, points, stocks=(), units={"dT3": "K"})
    assert findings == [] and values(claim)["HW"][0][0] == pytest.approx(137.5)


def test_fuel_in_litres_is_weighed_by_its_tonnes() -> None:
    """0.8 t/m3 to the end of the year, 0.9 from then on: 8, and 27 and 54 t; (27 x 24 + 54 x 22) / 81."""
    rows = of(("V", "m3", READ["FC"]), ("NCV-1", "GJ/t", READ["NCV"]))
    density = {"meter_id": "V", "property": "density", "unit": "t/m3", "document": "D", "conditions": "15 C"}
    conversions = [{**density, "value": 0.8, "end": ENDS[1]}, {**density, "value": 0.9, "start": ENDS[1]}]
    claim, findings = made(rows, [point("FC", "V"), point("NCV", "NCV-1")], conversions, (), {"V": "m3"})
    assert findings == []
    found = values(claim)
    assert found["FC"][0] == pytest.approx([8, 81])
    assert found["NCV"][0] == pytest.approx([20, (27 * 24 + 54 * 22) / 81])


def test_one_of_two_meters_may_be_converted() -> None:
    """8, 24 and 48 t of what is metered in m3, and 10, 30 and 60 t by weight."""
    rows = of(("V", "m3", READ["FC"]), ("FC-1", "t", READ["FC"]))
    density = {"meter_id": "V", "property": "density", "unit": "t/m3", "document": "D", "conditions": "15 C"}
    claim, findings = made(rows, [point("FC", "V"), point("FC", "FC-1")], [{**density, "value": 0.8}], (), {"V": "m3"})
    assert findings == [] and values(claim)["FC"][0] == pytest.approx([18, 162])


def test_what_is_combined_is_named_for_its_methodology_where_there_are_several() -> None:
    """A row without a meter, or of another methodology, makes none."""
    bounds = [bind(replace(entry(Many), card=replace(entry(Many).card, number=number))) for number in "TU"]
    rows = [point("P", "P-1"), point("L", ""), {**point("T", "T-1"), "methodology": "U"}]
    one = [c.meter_id for c in combinations(bounds[:1], rows_of("points", rows))]
    both = [c.meter_id for c in combinations(bounds, rows_of("points", rows))]
    assert one == ["P: highest of P-1"]
    assert both == ["T P: highest of P-1", "U P: highest of P-1", "U T: lowest of T-1"]


@pytest.mark.parametrize(
    ("points", "codes"),
    [
        ([point("P", "P-1")], []),
        ([point("P", "P-1", share=1.0)], []),
        ([point("P", "P-1", share=0.5)], ["combined.one_meter", "points.shares_of_a_mean"]),
        ([point("P", "P-1", "-")], ["combined.one_meter"]),
        ([point("P", "P-1"), point("P", "Pm-1")], ["combined.one_meter", "points.shares_of_a_mean"]),
        ([point("L", "L-1", share=0.5)], ["combined.one_meter", "points.shares_of_a_mean"]),
        # a product has no point of its own
        ([point("HW", "F-1")], ["points.unknown_parameter"]),
        # sums and products may be of several
        ([point("FC", "FC-1", share=0.5), point("NCV", "NCV-1")], []),
        ([point("F", "F-1", share=0.5), point("dT", "dT-1")], []),
    ],
)
def test_a_single_reading_is_that_of_one_meter(points: list[Row], codes: list[str]) -> None:
    found = made(points=points, stocks=())[1]
    assert [f.code for f in found] == codes
    if codes == ["points.unknown_parameter"]:
        assert "FC (T)" in found[0].action and "HW (T)" not in found[0].action


def test_meters_that_never_stood_together_make_no_product() -> None:
    """F-1 is read for U-1, and the temperature difference by a meter that came when F3 had gone."""
    rows = of(("dT-1", "K", READ["dT"]))
    rows += [{"meter_id": "F-2", "kind": "energy", "start": MIDDLE, "end": ENDS[2], "value": 1.0, "unit": "t"}]
    for faulty in (False, True):
        _, findings = made(rows, [point("F", "F-2"), point("dT", "X-2")], stocks=(), units={"X-2": "K"}, faulty=faulty)
        assert {f.code for f in findings} == {"combined.not_together"}
        # by what multiplies them, and by the claim unless that is told that it is said already
        assert [f.found for f in findings][1:] == ([] if faulty else ["no time at which both were installed"])
