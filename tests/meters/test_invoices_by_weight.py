"""Invoices by weight beside a meter by volume: compared, and bridging, by the density that the project states."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jcm_mrv.findings import Finding, InputRefusedError, Severity
from jcm_mrv.meters.conversions import Conversion, Conversions
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import parse_unit
from support.boiler import FUEL_TONNES_PER_M3, boiler, boiler_tables
from support.workbooks import Rows, months

TABLES = boiler_tables()
# 10, 11 and 12.5 m3 of 0.84 t/m3.
TONNES = (8.4, 9.24, 10.5)


def bills(values: tuple[float, ...], unit: str = "t") -> Rows:
    edges = months((2024, 1), len(values))
    return [
        {"meter_id": "T-1", "start": a, "end": b, "value": v, "unit": unit, "invoice_no": str(n)}
        for n, (a, b, v) in enumerate(zip(edges, edges[1:], values, strict=False))
    ]


def refused(**tables: Rows) -> list[Finding]:
    with pytest.raises(InputRefusedError) as error:
        boiler(tables=tables)
    return [f for f in error.value.findings if f.severity is Severity.ERROR]


def test_tonnes_of_the_metered_litres_agree() -> None:
    result = boiler(tables={"invoices": bills(TONNES)})
    [said] = [f for f in result.findings if f.code.startswith("crosscheck.")]
    assert said.code == "crosscheck.agrees"
    assert said.data["other"] == pytest.approx(33.5)
    assert result.reductions == pytest.approx(33.5 * FUEL_TONNES_PER_M3 - 2.99 * 0.8)


def test_a_tenth_fewer_tonnes_are_used_where_er_is_lower_with_them() -> None:
    """0.9 x 33.5 m3, as with 9, 9.9 and 11.25 m3 of invoices."""
    result = boiler(tables={"invoices": bills((7.56, 8.316, 9.45))})
    [said] = [f for f in result.findings if f.code == "crosscheck.invoice"]
    assert said.severity is Severity.MAJOR
    assert result.reductions == pytest.approx(0.9 * 33.5 * FUEL_TONNES_PER_M3 - 2.99 * 0.8)


def test_kilograms_and_a_density_per_litre_are_no_other_thing() -> None:
    density: list[dict[str, Any]] = [{**TABLES["conversions"][0], "value": 0.84, "unit": "kg/L"}]
    result = boiler(tables={"invoices": bills((8400.0, 9240.0, 10500.0), "kg"), "conversions": density})
    assert [f.code for f in result.findings if f.code.startswith("crosscheck.")] == ["crosscheck.agrees"]


def test_a_density_that_is_too_high_shows_against_the_supplier_s_weight() -> None:
    """0.9 t/m3 for 0.84: 8.4 t would be 9.33 m3 of the 10 that were metered."""
    result = boiler(tables={"invoices": bills(TONNES), "conversions": [{**TABLES["conversions"][0], "value": 0.9}]})
    assert [f.code for f in result.findings if f.code.startswith("crosscheck.")] == ["crosscheck.invoice"]
    assert result.reductions == pytest.approx(33.5 * FUEL_TONNES_PER_M3 - 2.99 * 0.8), "8.4 t are 8.4 t"


def test_a_bill_by_weight_bridges_a_month_without_reading() -> None:
    readings = [r for r in TABLES["readings"] if r["meter_id"] != "T-1" or r["value"] != 11.0]
    result = boiler(tables={"readings": readings, "invoices": bills(TONNES)})
    # 11 m3 less the errors of meter (0.5 %) and bill (1 %).
    assert result.reductions == pytest.approx((22.5 + 11 * 0.985) * FUEL_TONNES_PER_M3 - 2.99 * 0.8)


def test_each_bill_is_converted_by_the_density_of_its_time() -> None:
    own, february = TABLES["conversions"][0], datetime(2024, 2, 1)
    rows = [{**own, "value": 0.82, "end": february}, {**own, "value": 0.86, "start": february}]
    result = boiler(tables={"invoices": bills((8.2, 9.46, 10.75)), "conversions": rows})
    [said] = [f for f in result.findings if f.code.startswith("crosscheck.")]
    assert (said.code, said.data["other"]) == ("crosscheck.agrees", pytest.approx(33.5))


def test_a_bill_over_a_change_of_the_density_is_refused() -> None:
    own, middle = TABLES["conversions"][0], datetime(2024, 2, 15)
    rows = [{**own, "value": 0.82, "end": middle}, {**own, "value": 0.86, "start": middle}]
    found = refused(invoices=bills(TONNES), conversions=rows)
    assert "invoices.conversion" in {f.code for f in found}


def test_what_no_conversion_leads_to_is_refused_with_what_to_do() -> None:
    [found, *_] = refused(invoices=bills((361.0, 397.0, 451.0), "GJ"))
    assert found.code == "input.unit_dimension" and "Conversions" in found.action


def test_bills_that_count_are_in_the_meter_s_own_unit() -> None:
    points = [{**TABLES["points"][0], "option": "B"}, TABLES["points"][1]]
    readings = [r for r in TABLES["readings"] if r["meter_id"] != "T-1"]
    [found, *_] = refused(invoices=bills(TONNES), points=points, readings=readings)
    assert found.code == "input.unit_dimension" and "option B" in found.action
    # What it says to do works: the meter in t, without a density.
    meters = [{**TABLES["meters"][0], "unit": "t"}, TABLES["meters"][1]]
    tables = {"invoices": bills(TONNES), "points": points, "readings": readings, "meters": meters, "conversions": []}
    assert boiler(tables=tables).reductions == pytest.approx(33.5 * FUEL_TONNES_PER_M3 - 2.99 * 0.8)


def test_deliveries_by_weight_check_a_ledger_by_volume() -> None:
    """8.4 t for the 10 m3 of January agree, 7.4 t (8.81 m3) do not, and count, since ER is lower with them."""
    edges = months((2024, 1), 3)
    stocks = [
        {"meter_id": "T-1", "start": a, "end": b, "opening": 5.0, "received": r, "closing": 5.0, "unit": "m3"}
        for a, b, r in zip(edges, edges[1:], (10.0, 11.0, 12.5), strict=False)
    ]
    readings = [r for r in TABLES["readings"] if r["meter_id"] != "T-1"]
    points = [{**TABLES["points"][0], "option": "B"}, TABLES["points"][1]]
    for first, effect in ((8.4, None), (7.4, (7.4 / 0.84 - 10) * FUEL_TONNES_PER_M3)):
        tables = {"stocks": stocks, "readings": readings, "points": points, "invoices": bills((first, *TONNES[1:]))}
        found = [f.effect_tco2e for f in boiler(tables=tables).findings if f.code == "stocks.deliveries"]
        assert found == ([] if effect is None else [pytest.approx(effect)])


def conversion(name: str, value: float, unit: str) -> Conversion:
    return Conversion(name, value, parse_unit(unit), 0, 100, None)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(density=st.floats(0.5, 1.1), ncv=st.floats(10.0, 60.0))
def test_what_is_undone_becomes_the_same_again(density: float, ncv: float) -> None:
    known = Conversions({"M": [conversion("density", density, "t/m3"), conversion("net calorific value", ncv, "GJ/t")]})
    for unit, factor in (("t", density), ("kg", density * 1000), ("GJ", density * ncv), ("L", 1000.0), ("m3", 1.0)):
        back = known.undone("M", unit, "m3", 10, 90)
        assert back is not None and back * factor == pytest.approx(1.0)
    assert known.undone("M", "t", "m3", 10, 101) is None
    with pytest.raises(UnitError):
        known.undone("M", "kWh/h", "m3", 10, 90)
