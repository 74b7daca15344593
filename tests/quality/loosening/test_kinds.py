"""Which cells of a workbook loosen a rule, and the workbook without each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from jcm_mrv.quality.loosening.judging import Loosening
from jcm_mrv.quality.loosening.kinds import loosenings
from jcm_mrv.workbook.records import MonitoringData
from support.claims import rows_of, solar
from support.records import cell

PROVEN = {"comment": "national rule", "evidence": "D-1"}
METERS = "meters"


def book(**tables: list[dict[str, Any]]) -> MonitoringData:
    return replace(solar().data(), **{key: rows_of(key, rows) for key, rows in tables.items()})


def of_meters(*rows: Mapping[str, Any]) -> list[Loosening]:
    """Meters of electricity called M2, M3, ... by the row in which they stand."""
    numbered = [{"meter_id": f"M{n}", "unit": "kWh", **row} for n, row in enumerate(rows, 2)]
    return loosenings(book(meters=numbered))


# --- errors of meters ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "code", "key", "found"),
    [
        ({}, "", "", ""),
        ({"accuracy_class": 0.5}, "", "", ""),
        ({"accuracy_class": 0.5, "permissible_error": 0.5}, "", "", ""),
        ({"accuracy_class": 0.5, "permissible_error": 1.0}, "permissible_error", "permissible_error", "1 %"),
        ({"accuracy_class": 0.5, "permissible_error": 0.25}, "permissible_error", "permissible_error", "0.25 %"),
        ({"accuracy_class": 0.5, "permissible_error": 0.0}, "permissible_error", "permissible_error", "0 %"),
        ({"accuracy_class": 0.5, "permissible_error": 20.0}, "permissible_error", "permissible_error", "20 %"),
        # electricity is metered in classes up to 2, everything else up to 5
        ({"accuracy_class": 2.0}, "", "", ""),
        ({"accuracy_class": 2.0, "permissible_error": 2.5}, "permissible_error", "permissible_error", "2.5 %"),
        ({"accuracy_class": 2.5}, "coarse_class", "accuracy_class", "2.5 %"),
        ({"accuracy_class": 2.5, "permissible_error": 3.0}, "coarse_class", "accuracy_class", "3 %"),
        ({"accuracy_class": 3.0, "permissible_error": 1.0}, "coarse_class", "accuracy_class", "3 %"),
        ({"accuracy_class": 5.0, "unit": "m3"}, "", "", ""),
        ({"accuracy_class": 5.5, "unit": "m3"}, "coarse_class", "accuracy_class", "5.5 %"),
        ({"accuracy_class": 2.5, "unit": " MWh "}, "coarse_class", "accuracy_class", "2.5 %"),
        # a class below 0.05 is none
        ({"accuracy_class": 0.05, "permissible_error": 1.0}, "permissible_error", "permissible_error", "1 %"),
        ({"accuracy_class": 0.04, "permissible_error": 1.0}, "", "", ""),
        ({"accuracy_class": 0.04, "permissible_error": 2.5}, "coarse_class", "permissible_error", "2.5 %"),
        ({"permissible_error": 2.0}, "", "", ""),
        ({"permissible_error": 2.5}, "coarse_class", "permissible_error", "2.5 %"),
    ],
)
def test_errors_of_a_meter(row: dict[str, Any], code: str, key: str, found: str) -> None:
    told = [(one.finding.code, one.finding.where.cell, one.finding.found) for one in of_meters(row)]
    assert told == ([(f"meters.{code}", cell(METERS, key, 2), found)] if code else [])


def test_without_another_error_the_class_counts() -> None:
    row = {"accuracy_class": 0.5, "permissible_error": 20.0}
    alike, other = {**row, "comment": "x"}, {**row, "permissible_error": 10.0}
    first, second = of_meters(row, other, alike)
    assert first.finding.message == "the permissible error of meters M2, M4 is 20 %, the accuracy class 0.5 %"
    assert first.finding.data == {"permissible": 20.0, "class": 0.5}
    assert second.finding.message == "the permissible error of meter M3 is 10 %, the accuracy class 0.5 %"
    data = first.undo(book(meters=[row, other, alike]))
    assert [(one.permissible_error, one.accuracy_class) for one in data.meters] == [(None, 0.5), (10, 0.5), (None, 0.5)]


def test_without_a_class_that_no_meter_has_the_coarsest_counts() -> None:
    row = {"accuracy_class": 20.0, "permissible_error": 30.0}
    (one,) = of_meters(row)
    assert one.finding.message == "meter M2 may be wrong by 30 %, more than meters of such a quantity are (2 %)"
    assert one.finding.data == {"error": 30.0, "coarsest": 2.0}
    (meter,) = one.undo(book(meters=[row])).meters
    assert (meter.permissible_error, meter.accuracy_class) == (None, 2.0)


@pytest.mark.parametrize("row", [{"accuracy_class": 0.5, "permissible_error": 1.0}, {"accuracy_class": 20.0}])
def test_alike_meters_are_proven_where_each_has_reason_and_evidence(row: dict[str, Any]) -> None:
    for first, second, proven in (
        (PROVEN, PROVEN, True),
        (PROVEN, {}, False),
        ({}, PROVEN, False),
        (PROVEN, {"comment": "x"}, False),
        (PROVEN, {"evidence": "x", "comment": " "}, False),
    ):
        (one,) = of_meters({**row, **first}, {**row, **second})
        assert one.proven is proven


@pytest.mark.parametrize(("count", "end"), [(6, "M6, M7"), (7, "M6, M7 and 1 more"), (9, "M6, M7 and 3 more")])
def test_six_meters_are_named(count: int, end: str) -> None:
    (one,) = of_meters(*[{"missing_data": "x"}] * count)
    assert one.finding.message == f"missing data of meters M2, M3, M4, M5, {end} are filled by a rule of the PDD: x"


def test_a_rule_for_missing_data_is_told_once_for_its_meters() -> None:
    rows = [{"missing_data": "a"}, {"missing_data": "b", **PROVEN}, {"missing_data": "a", **PROVEN}, {}]
    a, b = of_meters(*rows)
    assert (a.finding.found, a.finding.where.cell, a.proven) == ("a", cell(METERS, "missing_data", 2), False)
    assert a.finding.message == "missing data of meters M2, M4 are filled by a rule of the PDD: a"
    assert (b.finding.found, b.proven) == ("b", True)
    assert [row.missing_data for row in a.undo(book(meters=rows)).meters] == ["", "b", "", ""]


@pytest.mark.parametrize(("factor", "told"), [(None, 0), (1.0, 0), (1.5, 0), (0.5, 1)])
def test_transformers_make_no_reading_smaller(factor: float | None, told: int) -> None:
    rows = [{"transformer_factor": factor, "comment": "x"}, {"transformer_factor": 40.0}]
    found = of_meters(*rows)
    assert len(found) == told
    for one in found:
        assert one.finding.message == "the factor of M2 is 0.5, so that less counts than the meter shows"
        assert one.finding.where.cell == cell(METERS, "transformer_factor", 2) and not one.proven
        assert [row.transformer_factor for row in one.undo(book(meters=rows)).meters] == [1.0, 40.0]


# --- settings --------------------------------------------------------------------------------------


def test_a_setting_that_differs_from_the_standard() -> None:
    rows = [
        {"setting": "gaps.minor_share", "value": 0.02, "reason": "x", "evidence": "D-1"},
        {"setting": "no.such_setting", "value": 1.0},
        {"setting": "crosscheck.invoice_error", "value": 0.2, "reason": "x"},
    ]
    first, second = loosenings(book(settings=rows))
    assert [one.finding.where.cell for one in (first, second)] == [cell("settings", "value", n) for n in (2, 4)]
    assert (first.proven, second.proven) == (True, False)
    assert [row.setting for row in first.undo(book(settings=rows)).settings] == [row["setting"] for row in rows[1:]]


# --- conversions -------------------------------------------------------------------------------------


def converted(of: str = "kWh", **row: Any) -> list[Loosening]:
    """Of the second of two conversions, the first of which is needed to come to tonnes."""
    needed = {"meter_id": "M", "property": "density", "value": 0.84, "unit": "t/m3"}
    factor = {"meter_id": "M", "property": "other", "value": 1.25, "unit": "1", **row}
    evidence = [{"document_id": "D-1"}, {"document_id": " "}]
    return loosenings(book(conversions=[needed, factor], meters=[{"meter_id": "M", "unit": of}], evidence=evidence))


@pytest.mark.parametrize(
    ("row", "factor"),
    [
        ({}, 1.25),
        ({"value": 125.0, "unit": "%"}, 1.25),
        ({"value": 0.5}, 0.5),
        ({"value": 1.25, "unit": "kWh/kWh"}, 1.25),
        ({"value": 1.25, "unit": "kWh/MWh"}, 0.00125),
        ({"value": 1.0}, None),
        ({"value": 100.0, "unit": "%"}, None),
        ({"value": 0.0}, None),
        ({"value": None}, None),
        ({"unit": "GJ/t"}, None),
        ({"unit": "no unit"}, None),
    ],
)
def test_a_factor_that_no_unit_asks_for(row: dict[str, Any], factor: float | None) -> None:
    assert [one.finding.data for one in converted(**row)] == (
        [] if factor is None else [{"factor": pytest.approx(factor)}]
    )


def test_a_factor_is_told_with_its_document() -> None:
    (one,) = converted(value=125.0, unit="%", comment="x", evidence="D-1")
    assert one.finding.message == (
        "the readings of meter M are multiplied by 1.25 (other), which their unit does not need"
    )
    assert one.finding.found == "125 %, no document" and one.proven
    assert one.finding.where.cell == cell("conversions", "value", 3)
    (one,) = converted(document="a letter")
    assert one.finding.found == "1.25 1, a letter" and not one.proven
    rows = [{"property": name, "value": 1.25, "unit": "1"} for name in ("a", "b")]
    left = [one.undo(book(conversions=rows)).conversions for one in loosenings(book(conversions=rows))]
    assert [[row.property for row in rest] for rest in left] == [["b"], ["a"]]


@pytest.mark.parametrize(
    ("unit", "row", "told"),
    [
        ("m3", {}, 1),
        ("m3", {"evidence": "D-7"}, 0),
        ("m3", {"document": " D-1 "}, 0),
        ("m3", {"document": "D-2"}, 1),  # of which Evidence knows nothing
        ("m3", {"document": " "}, 1),
        ("t", {"evidence": "D-1"}, 0),
        ("kWh", {"evidence": "D-1"}, 1),  # energy is not blended
        ("no unit", {"evidence": "D-1"}, 1),
        ("m3", {"evidence": "D-1", "property": "other"}, 1),
    ],
)
def test_a_share_of_a_blend_is_needed_where_it_is_of_fuel_and_shown(unit: str, row: dict[str, str], told: int) -> None:
    assert len(converted(unit, **{"property": "share of a blend", "value": 0.5, **row})) == told


@pytest.mark.parametrize(("meter", "told"), [("M", 0), ("L", 1)])
def test_the_net_of_a_gross_value_is_needed_where_that_meter_has_one(meter: str, told: int) -> None:
    rows = [
        {"meter_id": meter, "property": "gross calorific value", "value": 45.0, "unit": "GJ/t"},
        {"meter_id": "M", "property": "net of gross calorific value", "value": 0.9, "unit": "1"},
    ]
    assert len(loosenings(book(conversions=rows))) == told
