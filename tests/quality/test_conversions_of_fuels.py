"""Which values and conversions are those of a fuel, the range that is nearest, and what hangs on it; by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.methodology.declare import equipment, fuel
from jcm_mrv.origin import Origin
from jcm_mrv.quality.fuel_values import _conversions, _in, _values, fuel_value_findings
from jcm_mrv.time.timeline import Timeline

TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 3, 31), "Asia/Jakarta")
JAN, FEB, MAR, APR = (int(edge) for edge in TIMELINE.edges)


class Numbers(dict[str, Any]):
    """Values by symbol; ER is one number."""

    def scalar(self, node: str) -> float:
        return float(self[node])


def conversion(value: float, unit: str, start: int = JAN, end: int = APR, **more: Any) -> Any:
    place = Origin(sheet="Conversions", cell="D2")
    record = SimpleNamespace(meter_id="T", unit=unit, origin=lambda key: place)
    return SimpleNamespace(value=value, property="density", start=start, end=end, record=record, **more)


def asked(row: Any, fuels: Sequence[str] = ("diesel",), parameter: str = "FC_PJ") -> list[Finding]:
    """What is said of a row for a meter T of so many units with a fuel each; ER is a tonne per unit that is counted.

    T counts 10, 20 and 30 by month, X 40 in January, which serves another unit; a second chain has nothing of T.
    """
    units = {f"B{n}": name for n, name in enumerate(fuels)}
    months = ([("T", 0), ("T", 1), ("T", 2), ("X", 0)], [("X", 1)])
    chains = [
        SimpleNamespace(
            graph=SimpleNamespace(E_used=f"used{n}", E_corr=f"corr{n}"),
            meter_months=of,
            conversions=SimpleNamespace(rows={"T": [row]}),
        )
        for n, of in enumerate(months)
    ]
    amounts = Numbers(used0=np.array([10.0, 20.0, 30.0, 40.0]), used1=np.array([50.0]))
    before = {"corr0": np.zeros(4), "corr1": np.zeros(1)}

    def reductions(changes: Mapping[str, Any]) -> float:
        assert set(changes) <= {"corr0", "corr1"}
        return 150.0 + float(sum(changes.get(name, own).sum() for name, own in before.items()))

    claim: Any = SimpleNamespace(
        chains=chains,
        points=[
            SimpleNamespace(
                parameter=parameter, applies_to=name, terms=[SimpleNamespace(meter_id=m) for m in ("X", "T")]
            )
            for name in units
        ],
        total_ER="ER",
        reductions=reductions,
    )
    data: Any = SimpleNamespace(equipment=[SimpleNamespace(equipment_id=n, fuel=f) for n, f in units.items()])
    return list(_conversions(claim, Numbers(ER=150.0, **amounts, **before), [], data, TIMELINE))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fuels", "value", "unit", "range_"),
    [
        # diesel 0.81 to 0.90 t/m3 (middle 0.854), gasoline 0.715 to 0.78 (0.747): 2 % for the warmth of either
        (["diesel"], 0.84, "t/m3", None), (["diesel"], 840.0, "kg/m3", None), (["diesel"], 0.75, "t/m3", (0.81, 0.9)),
        (["diesel", "gasoline"], 0.75, "t/m3", None), (["diesel", "gasoline"], 0.795, "kg/L", None),
        (["diesel", "gasoline"], 1.2, "t/m3", (0.81, 0.9)), (["diesel", "gasoline"], 0.6, "t/m3", (0.715, 0.78)),
        # liquid gas 0.5 to 0.6 (0.548): 0.65 is nearer to the middle of gasoline, though nearer to the end of gas
        (["liquefied petroleum gases", "gasoline"], 0.65, "t/m3", (0.715, 0.78)),
        # by volume 0.81 x 41.4 = 33.534 to 0.9 x 43.3 = 38.97 GJ/m3, by mass 41.4 to 43.3 GJ/t
        (["diesel"], 36.0, "GJ/m3", None), (["diesel"], 43.0, "GJ/m3", (33.534, 38.97)),
        (["diesel"], 43.0, "GJ/t", None),
        (["diesel"], 36.0, "GJ/t", (41.4, 43.3)),
        # what is no amount of a fuel by mass or volume, and what no table knows
        (["diesel"], 5.0, "t/t", None), (["Fuel 7"], 5.0, "t/m3", None), (["diesel", "Fuel 7"], 5.0, "t/m3", None),
    ],
)  # fmt: skip
def test_the_range_of_a_fuel_that_is_nearest(fuels: list[str], value: float, unit: str, range_: Any) -> None:
    found = asked(conversion(value, unit), fuels)
    assert [(f.data["lowest"], f.data["highest"]) for f in found] == ([] if range_ is None else [pytest.approx(range_)])
    for one in found:
        near = range_[0] if value < range_[0] else range_[1]
        assert one.data["value"] == pytest.approx(value)
        # 60 of T times the ratio to the nearer limit: so much less is ER then
        assert one.effect_tco2e == pytest.approx(-60.0 * (near / value - 1))
        assert one.where.cell == "D2" and f"{value:g} {unit}" in one.found


def test_a_meter_of_no_fuel_has_no_range() -> None:
    assert asked(conversion(5.0, "t/m3"), parameter="EG_PJ") == []


@pytest.mark.parametrize(
    ("start", "end", "counted"), [(JAN, APR, 60.0), (FEB, MAR, 20.0), (JAN, FEB, 10.0), (APR, APR + 1, 0.0)]
)
def test_what_hangs_on_a_conversion_is_what_was_counted_while_it_held(start: int, end: int, counted: float) -> None:
    """1.8 t/m3 instead of at most 0.9: half of it is too much; where nothing was counted nothing hangs on it."""
    (found,) = asked(conversion(1.8, "t/m3", start, end))
    assert found.effect_tco2e == pytest.approx(counted / 2)
    assert str(found.severity) == ("major" if counted else "minor")


@pytest.mark.parametrize(("name", "words"), [("density", "density"), ("other", "conversion")])
def test_a_conversion_is_called_by_its_property(name: str, words: str) -> None:
    row = conversion(1.8, "t/m3")
    row.property = name
    (found,) = asked(row)
    assert found.message == f"the {words} of meter T, 1.8 t/m3, lies outside what gas diesel oil can have"


def test_a_conversion_in_the_unit_of_a_table() -> None:
    assert _in(conversion(840.0, "kg/m3"), "t/m3") == pytest.approx(0.84)
    assert _in(conversion(840.0, "kg/m3"), "GJ/t") is None


class Node:
    def __init__(self, unit: str, *sets: str) -> None:
        self.unit, self.sets, self.symbol = unit, sets, unit


def test_the_values_of_fuels_that_the_claim_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the fuels coal and diesel the second is needed; what stands for a piece of equipment has no fuel's name."""
    ncv, co2, one = Node("GJ/t", "f"), Node("tCO2/GJ", "i"), Node("t/kL")
    idle, power = Node("GJ/t", "f"), Node("MWh", "f")
    needed = {ncv: np.array([False, True]), co2: np.array([True]), one: np.array(True), power: np.array([True, True])}
    monkeypatch.setattr("jcm_mrv.quality.fuel_values.required", lambda roots, evaluation: needed)
    sets = {"f": fuel, "i": equipment}
    bound = SimpleNamespace(fixed=[ncv, idle, co2, one, power], document_set=lambda s: sets[s])
    labels = {"f": ["coal", "diesel"], "i": ["diesel"]}
    claim: Any = SimpleNamespace(
        roots=lambda: (), bounds=[bound], chains=[], points=[],
        space=SimpleNamespace(labels=lambda of, place: tuple(labels[s][n] for s, n in zip(of, place, strict=True))),
        values={ncv: np.array([24.0, 47.0]), co2: np.array([0.0741]), one: np.array(0.85)},
        origins={ncv: {(1,): Origin(sheet="Fixed values")}}, effect_of=lambda node, place, value: 1.0,
    )  # fmt: skip
    found = list(_values(claim, None))  # type: ignore[arg-type]
    assert [(v.column, v.label, v.place, v.number, v.origin.sheet) for v in found] == [
        ("ncv", "diesel", (1,), 47.0, "Fixed values"), ("co2", "", (0,), 0.0741, ""), ("density", "", (), 0.85, ""),
    ]  # fmt: skip
    # 47 GJ/t is asked about, which the project entered
    said = fuel_value_findings(claim, None, SimpleNamespace(equipment=[]), TIMELINE)  # type: ignore[arg-type]
    assert [f.message for f in said] == ["GJ/t of diesel = 47 GJ/t lies outside what gas diesel oil can have"]
    claim.origins = {ncv: {(1,): Origin()}}
    assert list(fuel_value_findings(claim, None, SimpleNamespace(equipment=[]), TIMELINE)) == []  # type: ignore[arg-type]
