"""Fuel in litres, tonnes from stocks, pulses: what the sheets Conversions and Stocks make of readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding, InputRefusedError
from jcm_mrv.meters.conversions import Conversion, Conversions, read_conversions
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import parse_unit
from jcm_mrv.result import Result
from jcm_mrv.time.timeline import Timeline
from support.claims import Sketch, rows_of
from support.finding_codes import codes
from support.workbooks import solar_tables, solar_workbook

EDGES = [datetime(2024, m, 1) for m in (1, 2, 3, 4)]
TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 3, 31), "Asia/Ho_Chi_Minh")


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


def converted(name: str, value: float, unit: str, start: int = -100, end: int = 100) -> Conversion:
    return Conversion(name, value, parse_unit(unit), start, end, None)  # type: ignore[arg-type]


DENSITY = [converted("density", 0.8, "t/m3", -100, 10), converted("density", 0.85, "t/m3", 10, 50)]


BOTH = Conversions({"T": [*DENSITY, converted("net calorific value", 43.0, "GJ/t")]})


def test_conversions_hold_by_date() -> None:
    at = np.array([-101, -100, 9, 10, 49, 50, 99, 100])
    assert BOTH.factors("T", at) == pytest.approx([1, 0.8 * 43, 0.8 * 43, 0.85 * 43, 0.85 * 43, 43, 43, 1])
    assert BOTH.largest("T") == pytest.approx(0.85 * 43) and BOTH.largest("X") == 1.0
    assert BOTH.scale("T", "m3", "GJ") == 1.0 and BOTH.scale("T", "L", "MJ") == pytest.approx(1.0)
    assert BOTH.scale("T", "L", "GJ") == pytest.approx(0.001) and BOTH.scale("X", "kWh", "MWh") == pytest.approx(0.001)
    with pytest.raises(UnitError):
        BOTH.scale("T", "m3", "t")
    assert BOTH.cuts() == {"T": [-100, 10, 50, 100]} and "T" in BOTH and "X" not in BOTH


@pytest.mark.parametrize(
    ("amount", "start", "end", "factor"),
    [
        ("t", 0, 10, 1 / 0.8),
        ("t", 10, 50, 1 / 0.85),
        ("t", 9, 11, None),
        ("t", 10, 51, None),
        ("kg", 0, 10, 0.001 / 0.8),
        ("GJ", 0, 10, 1 / 0.8 / 43),
        ("L", 0, 10, 0.001),
    ],
)
def test_what_is_billed_by_weight_is_undone(amount: str, start: int, end: int, factor: float | None) -> None:
    found = BOTH.undone("T", amount, "m3", start, end)
    assert found == (None if factor is None else pytest.approx(factor))
    with pytest.raises(UnitError):
        BOTH.undone("T", "kg/h", "m3", 0, 10)


def said_of(*rows: dict[str, Any]) -> list[str]:
    whole = {
        "meter_id": "T",
        "unit": "t/m3",
        "document": "D",
        "conditions": "15 °C",
        "property": "density",
        "value": 0.8,
    }
    data: Any = SimpleNamespace(conversions=rows_of("conversions", [{**whole, **row} for row in rows]))
    return codes(read_conversions(data, TIMELINE)[1])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, []),
        ({"value": 0.1}, []),
        ({"value": 0.0999}, ["conversions.range"]),
        ({"value": 2.0}, []),
        ({"value": 2.001}, ["conversions.range"]),
        ({"value": 0.005}, []),
        ({"value": 0.00501}, ["conversions.range"]),
        ({"value": 0.0}, ["conversions.value", "conversions.range"]),
        ({"value": 800.0, "unit": "kg/m3"}, []),
        ({"document": ""}, ["conversions.no_document"]),
        ({"conditions": ""}, ["conversions.conditions"]),
        ({"property": "share of a blend", "unit": "1", "value": 1.0, "conditions": ""}, []),
        ({"property": "share of a blend", "unit": "1", "value": 1.01, "conditions": ""}, ["conversions.value"]),
        ({"property": "net of gross calorific value", "unit": "1", "value": 0.8}, []),
        ({"property": "net of gross calorific value", "unit": "1", "value": 0.79}, ["conversions.range"]),
        ({"property": "gross calorific value", "unit": "GJ/t", "value": 43.0}, ["conversions.gross"]),
        ({"property": "net calorific value", "unit": "GJ/t", "value": 43.0}, []),
    ],
)
def test_what_a_conversion_may_be(row: dict[str, Any], said: list[str]) -> None:
    assert said_of(row) == said


@pytest.mark.parametrize("lacks", [{"value": None}, {"unit": ""}, {"unit": "furlong?"}, {"property": ""}])
def test_a_row_that_lacks_something_is_left_to_the_reader(lacks: dict[str, Any]) -> None:
    assert said_of({**lacks, "document": ""}) == []


def test_a_gross_value_stands_with_its_ratio_and_a_share_is_at_most_all() -> None:
    gross = {"property": "gross calorific value", "unit": "GJ/t", "value": 43.0}
    assert said_of(gross, {"property": "net of gross calorific value", "unit": "1", "value": 0.9}) == []
    rows = [{"meter_id": "T", "property": "share of a blend", "unit": "1", "value": value} for value in (1.5, -0.5)]
    data: Any = SimpleNamespace(conversions=rows_of("conversions", rows))
    above, below = (one for one in read_conversions(data, TIMELINE)[1] if one.code == "conversions.value")
    assert above.message.endswith(", at most 1") and "95 % is 0.95" in above.action
    assert below.message.endswith("a positive number") and below.action == "Correct it."


def test_conversions_of_one_property_follow_each_other() -> None:
    first = {"end": datetime(2024, 2, 1)}
    assert said_of(first, {"start": datetime(2024, 2, 1)}) == []
    assert said_of(first, {"start": datetime(2024, 1, 31)}) == ["conversions.overlap"]
    assert said_of({}, {"property": "net calorific value", "unit": "GJ/t", "value": 43.0}) == []
