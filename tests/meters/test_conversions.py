"""Fuel in litres, tonnes from stocks, pulses: what the sheets Conversions and Stocks make of readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding, InputRefusedError
from jcm_mrv.meters.conversions import read_conversions
from jcm_mrv.result import Result
from support.claims import Sketch, rows_of
from support.workbooks import solar_tables, solar_workbook

EDGES = [datetime(2024, m, 1) for m in (1, 2, 3, 4)]


def plant(folder: Path, **tables: Sequence[Mapping[str, Any]]) -> Result:
    """The solar plant stands in for any claim: 0.5 t for each MWh that the meter gives."""
    return calculate_file(solar_workbook(folder / "monitoring.xlsx", tables=tables))


def refused(folder: Path, **tables: Sequence[Mapping[str, Any]]) -> list[Finding]:
    with pytest.raises(InputRefusedError) as error:
        plant(folder, **tables)
    return list(error.value.findings)


def meter(unit: str) -> list[dict[str, Any]]:
    return [{**solar_tables()["meters"][0], "unit": unit}]


def readings(values: Sequence[float], unit: str) -> list[dict[str, Any]]:
    return [
        {"meter_id": "M-1", "kind": "energy", "start": a, "end": b, "value": v, "unit": unit}
        for a, b, v in zip(EDGES, EDGES[1:], values, strict=False)
    ]


def conversion(**changes: Any) -> dict[str, Any]:
    row = {"meter_id": "M-1", "property": "density", "value": 0.84, "unit": "kg/L", "conditions": "15 °C"}
    return {**row, "document": "D-01", **changes}


HEAT = conversion(property="net calorific value", value=43.0, unit="GJ/t", conditions="net, as received")


def test_litres_become_energy_by_density_and_calorific_value(tmp_path: Path) -> None:
    """3,000 L x 0.84 kg/L = 2.52 t; x 43 GJ/t = 108.36 GJ = 30.1 MWh; x 0.5 t/MWh = 15.05 t."""
    result = plant(tmp_path, meters=meter("L"), readings=readings([1000] * 3, "L"), conversions=[conversion(), HEAT])
    assert result.reductions == pytest.approx(15.05, rel=1e-12)
    graph = result.claim.chains[0].graph
    assert result.claim.chains[0].values[graph.k_C] == pytest.approx(0.84 * 43.0)


def test_a_density_that_changes_holds_from_its_date_on(tmp_path: Path) -> None:
    """January at 0.84, then 0.80: 1000 x (0.84 + 2 x 0.80) kg x 43 MJ/kg = 104.92 GJ = 29.1444... MWh."""
    rows = [conversion(end=EDGES[1]), conversion(value=0.80, start=EDGES[1]), HEAT]
    result = plant(tmp_path, meters=meter("L"), readings=readings([1000] * 3, "L"), conversions=rows)
    assert result.reductions == pytest.approx(104.92 / 3.6 * 0.5, rel=1e-12)


def test_pulses_count_by_their_value(tmp_path: Path) -> None:
    """Three times 5,000 pulses of 0.1 kWh: 1,500 kWh, 0.75 t."""
    pulse = conversion(property="value of a pulse", value=0.1, unit="kWh/pulse", conditions=None)
    result = plant(tmp_path, meters=meter("pulse"), readings=readings([5000] * 3, "pulse"), conversions=[pulse])
    assert result.reductions == pytest.approx(0.75, rel=1e-12)


def stock(n: int, opening: float, received: float, closing: float) -> dict[str, Any]:
    row = {"meter_id": "M-1", "start": EDGES[n], "end": EDGES[n + 1], "unit": "t"}
    return {**row, "opening": opening, "received": received, "closing": closing}


STOCKS = [stock(0, 10, 5, 9), stock(1, 9, 0, 4), stock(2, 4, 6, 7)]


def test_what_left_a_store_is_what_was_there_and_came_and_is_not_left(tmp_path: Path) -> None:
    """6 + 5 + 3 = 14 t x 43 GJ/t = 602 GJ = 167.2222 MWh."""
    result = plant(tmp_path, meters=meter("t"), readings=[], stocks=STOCKS, conversions=[HEAT])
    assert result.reductions == pytest.approx(602 / 3.6 * 0.5, rel=1e-12)
    assert result.treatments == () and not [f for f in result.findings if f.code.startswith("stocks.")]


def test_a_stock_that_begins_elsewhere_is_asked_about(tmp_path: Path) -> None:
    rows = [STOCKS[0], stock(1, 8, 0, 4), STOCKS[2]]
    result = plant(tmp_path, meters=meter("t"), readings=[], stocks=rows, conversions=[HEAT])
    (finding,) = [f for f in result.findings if f.code == "stocks.break"]
    assert finding.data["difference"] == -1


@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ("stocks.negative_use", [stock(0, 1, 1, 3), *STOCKS[1:]]),
        ("stocks.overlap", [{**STOCKS[0], "end": datetime(2024, 2, 15)}, *STOCKS[1:]]),
    ],
)
def test_stocks_that_cannot_be(code: str, rows: list[dict[str, Any]], tmp_path: Path) -> None:
    found = refused(tmp_path, meters=meter("t"), readings=[], stocks=rows, conversions=[HEAT])
    assert code in {f.code for f in found}


@pytest.mark.parametrize(
    ("code", "rows", "says"),
    [
        ("conversions.value", [conversion(value=-1), HEAT], "positive"),
        (
            "conversions.value",
            [conversion(), HEAT, conversion(property="share of a blend", value=95, unit="1")],
            "0.95",
        ),
        ("conversions.overlap", [conversion(), conversion(value=0.8), HEAT], "two values"),
        ("conversions.change", [conversion(end=datetime(2024, 1, 15)), HEAT], "3 reading(s)"),
        ("points.unit", [conversion()], "with its conversions cannot become MWh"),
    ],
)
def test_conversions_that_cannot_be_used(code: str, rows: list[dict[str, Any]], says: str, tmp_path: Path) -> None:
    found = refused(tmp_path, meters=meter("L"), readings=readings([1000] * 3, "L"), conversions=rows)
    (finding,) = [f for f in found if f.code == code]
    assert says in f"{finding.message} {finding.found} {finding.action}"


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("conversions.no_document", conversion(document=None)),
        ("conversions.conditions", conversion(conditions=None)),
    ],
)
def test_conversions_that_are_doubtful(code: str, row: dict[str, Any], tmp_path: Path) -> None:
    result = plant(tmp_path, meters=meter("L"), readings=readings([1000] * 3, "L"), conversions=[row, HEAT])
    assert code in {f.code for f in result.findings}


def test_a_gross_calorific_value_is_not_taken_for_a_net_one_in_silence(tmp_path: Path) -> None:
    gross = {**HEAT, "property": "gross calorific value", "value": 45.0}
    result = plant(tmp_path, meters=meter("t"), readings=[], stocks=STOCKS, conversions=[gross])
    (finding,) = [f for f in result.findings if f.code == "conversions.gross"]
    assert "about 10 % lower for gas" in finding.message
    net = conversion(property="net of gross calorific value", value=0.95, unit="1")
    (tmp_path / "2").mkdir()
    result = plant(tmp_path / "2", meters=meter("t"), readings=[], stocks=STOCKS, conversions=[gross, net])
    assert "conversions.gross" not in {f.code for f in result.findings}
    assert result.reductions == pytest.approx(14 * 45 * 0.95 / 3.6 * 0.5, rel=1e-12)


@pytest.mark.parametrize(
    ("kind", "value", "unit", "sound"),
    [
        ("density", 0.84, "t/m3", True),
        ("density", 840.0, "kg/m3", True),
        ("density", 0.72, "kg/Nm3", True),
        ("density", 8.4, "t/m3", False),  # a decimal point
        ("density", 0.084, "t/m3", False),
        ("density", 840.0, "t/m3", False),  # kg written as t
        ("net calorific value", 43.0, "GJ/t", True),
        ("net calorific value", 430.0, "GJ/t", False),
        ("net calorific value", 36.0, "MJ/Nm3", True),
        ("net calorific value", 36.0, "GJ/Nm3", False),
        ("net of gross calorific value", 0.9, "1", True),
        ("net of gross calorific value", 0.09, "1", False),
        ("other", 430.0, "GJ/t", True),
    ],
)
def test_a_property_that_no_fuel_has_is_a_question(kind: str, value: float, unit: str, sound: bool):
    row = {"meter_id": "M1", "property": kind, "value": value, "unit": unit, "document": "D", "conditions": "dry"}
    data = replace(Sketch("VN_AM007 1.0").data(), conversions=rows_of("conversions", [row]))
    _, findings = read_conversions(data, Sketch("VN_AM007 1.0").timeline)
    assert ("conversions.range" not in {f.code for f in findings}) is sound
