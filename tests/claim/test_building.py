"""Sets of a claim from the sheet Equipment, points of several methodologies, and what they add up to; by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np
import pytest

from jcm_mrv.claim.building import build_claim
from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Finding
from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.catalogue import Entry
from jcm_mrv.methodology.declare import (
    constant,
    default,
    equipment,
    fuel,
    fuel_of_equipment,
    in_operation,
    monitored,
    month,
    product,
    reference_fuel_of_equipment,
    result,
    year_of_month,
)
from jcm_mrv.quantities.expression import at, total
from support.claims import Sketch, solar
from support.forms import entry


class Fuels(Methodology):
    """Invented: each unit burns a fuel in place of another, or of the same."""

    Q = monitored("heat", unit="GJ", per=equipment)
    EF = default("factor of the fuel", unit="tCO2e/GJ", per=fuel)
    RE = result(total(Q * at(EF, reference_fuel_of_equipment), over=equipment), "reference emissions")
    PE = result(total(Q * at(EF, fuel_of_equipment), over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


class Goods(Methodology):
    """Invented: what is made, by product, and electricity of which the generation is a part; with leakage."""

    M = monitored("output", unit="t", per=product)
    EC = monitored("electricity", unit="t")
    EG = monitored("generated", unit="t", same_as="EC")
    b = default("benchmark", unit="tCO2e/t", per=product)
    one = constant("1", unit="tCO2e/t", label="one", source="invented")
    tenth = constant("0.1", unit="tCO2e/t", label="a tenth", source="invented")
    RE = result(total(M * b, over=product), "reference emissions")
    PE = result(EC * one, "project emissions")
    LE = result(EG * tenth, "leakage")
    ER = result(RE - PE - LE, "emission reductions")


class Hours(Methodology):
    """Invented: 24 t a day of each unit, by year and by month."""

    H = in_operation("days", unit="d")
    Hm = in_operation("hours of the month", unit="h", each=month)
    EC = monitored("electricity", unit="t")
    per_d = constant("24", unit="tCO2e/d", label="a day", source="invented")
    per_h = constant("1", unit="tCO2e/h", label="an hour", source="invented")
    one = constant("1", unit="tCO2e/t", label="one", source="invented")
    RE = result(total(H * per_d, over=equipment) + EC * one, "reference emissions")
    PE = result(total(total(Hm * per_h, over=equipment), by=year_of_month), "project emissions")
    ER = result(RE - PE, "emission reductions")


class Each(Methodology):
    """Invented: ER is the electricity of each unit."""

    EC = monitored("electricity", unit="t", per=equipment)
    one = constant("1", unit="tCO2e/t", label="one", source="invented")
    none = constant("0", unit="tCO2e", label="nothing", source="invented")
    RE = result(total(EC * one, over=equipment), "reference emissions")
    PE = result(none, "project emissions")
    ER = result(RE - PE, "emission reductions")


def named(methodology: type[Methodology], number: str = "T") -> Entry:
    made = entry(methodology)
    return replace(made, card=replace(made.card, number=number))


def value(parameter: str, number: float, applies_to: str = "", unit: str = "tCO2e/t", **more: Any) -> dict[str, Any]:
    row = {"parameter": parameter, "value": number, "unit": unit, "applies_to": applies_to}
    return {**row, "document": "D", "page": "1", **more}


def point(parameter: str, meter: str, applies_to: str = "", **more: Any) -> dict[str, Any]:
    return {"parameter": parameter, "meter_id": meter, "applies_to": applies_to, "sign": "+", **more}


def built(sketch: Sketch) -> tuple[Claim, list[Finding]]:
    claim, findings = build_claim(sketch.bounds(), sketch.data(), sketch.timeline, sketch.series())
    assert claim is not None
    return claim, findings


def codes(sketch: Sketch) -> list[str]:
    return [f.code for f in built(sketch)[1]]


# --- groups of equipment ----------------------------------------------------------------------


def fuels(*rows: dict[str, Any], factors: Sequence[str] = ("coal", "gas", "oil")) -> Sketch:
    values = dict(zip(("coal", "gas", "oil"), (0.1, 0.05, 0.08), strict=True))
    return Sketch(
        "T 1",
        equipment=[{"equipment_id": name, **row} for name, row in zip("AB", rows, strict=False)],
        points=[point("Q", name, name) for name in "AB"[: len(rows)]],
        fixed=[value("EF", values[name], name, "tCO2e/GJ") for name in factors],
        monthly={name: [10.0] * 12 for name in "AB"},
        unit="GJ",
        entries=[named(Fuels)],
    )


def test_the_reference_fuel_is_that_of_the_project_where_none_is_stated() -> None:
    """A burns coal and B gas in place of oil: 120 GJ x (0.1 + 0.08) less 120 GJ x (0.1 + 0.05)."""
    claim, findings = built(fuels({"fuel": "coal"}, {"fuel": " gas ", "reference_fuel": "oil"}))
    assert findings == []
    evaluation = claim.evaluate()
    assert float(evaluation[claim.RE][0]) == pytest.approx(120 * 0.18)
    assert float(evaluation[claim.PE][0]) == pytest.approx(120 * 0.15)


def test_a_unit_without_a_fuel_is_named_where_it_is_to_be_entered() -> None:
    claim, findings = built(fuels({}, {"fuel": "gas", "reference_fuel": "oil"}))
    assert np.isnan(claim.reductions())  # no other fuel is taken for it
    assert {f.code for f in findings} == {"claim.no_group"}
    assert {(f.where.cell or "")[-1] for f in findings} == {"2"}
    _, findings = built(fuels({"reference_fuel": "coal"}, {"fuel": "gas"}, factors=("coal", "gas")))
    assert [f.code for f in findings] == ["claim.no_group"]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("coal", "coal", []),
        ("coal", "Coal", ["claim.two_spellings"]),
        ("gas oil", "gas-oil", ["claim.two_spellings"]),
        ("coal", "gas", []),
    ],
)
def test_a_fuel_is_written_in_one_way(first: str, second: str, said: list[str]) -> None:
    sketch = fuels({"fuel": first}, {"fuel": second}, factors=())
    sketch.fixed = [value("EF", 0.1, name, "tCO2e/GJ") for name in dict.fromkeys((first, second))]
    assert codes(sketch) == said


def test_a_factor_of_a_fuel_in_a_column_of_equipment_would_change_nothing() -> None:
    sketch = fuels({"fuel": "coal"}, {"fuel": "gas"}, factors=("coal", "gas"))
    sketch.equipment[0]["EF"] = (0.01, "tCO2e/GJ")
    assert codes(sketch) == ["fixed.unknown_parameter"]


def test_a_unit_without_a_monitoring_point_is_unknown() -> None:
    """Whatever the meters of the two others show."""
    sketch = fuels({"fuel": "coal"}, {"fuel": "gas"}, factors=("coal", "gas"))
    sketch.equipment.append({"equipment_id": "C", "fuel": "coal"})
    claim, findings = built(sketch)
    assert findings == [] and np.isnan(claim.reductions())


def goods(first: str, second: str, **more: Any) -> Sketch:
    sketch = Sketch(
        "T 1",
        equipment=[{"equipment_id": "A", "products": first}, {"equipment_id": "B", "products": second}],
        points=[point("M", "1", "steel"), point("M", "2", "iron ore"), point("EC", "3")],
        fixed=[value("b", 2.0, "steel"), value("b", 0.5, "iron ore")],
        monthly={name: [1.0] * 12 for name in "123"},
        unit="t",
        entries=[named(Goods)],
    )
    for name, given in more.items():
        setattr(sketch, name, given)
    return sketch


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("steel; iron ore", "", []),  # one row lists them for all
        ("", "iron ore;steel", []),
        ("steel", "iron ore; steel", []),
        ("steel; iron ore", "iron-ore", []),  # only of a fuel the signs say nothing
        ("steel; iron ore", "Iron  ore", ["claim.two_spellings"]),
        ("steel; iron ore; Iron ore", "Iron ore", ["claim.two_spellings"]),  # said once
    ],
)
def test_products_are_listed_on_any_row(first: str, second: str, said: list[str]) -> None:
    assert codes(goods(first, second)) == said


def test_without_any_product_the_first_row_is_named() -> None:
    _, findings = built(goods("", "", points=[point("EC", "3")], fixed=[]))
    assert [(f.code, (f.where.cell or "")[-1]) for f in findings] == [("claim.no_group", "2")]


# --- when equipment exists -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("project", "start", "end", "hours"),
    [
        (None, None, None, [1464, 744]),
        (datetime(2024, 12, 1), None, None, [744, 744]),
        (datetime(2024, 12, 1), datetime(2024, 11, 30), None, [768, 744]),  # its own date goes before the project's
        (None, None, datetime(2024, 12, 31), [1464, 0]),  # the last day counts
        (None, None, datetime(2025, 1, 1), [1464, 24]),
        (None, datetime(2025, 1, 1), None, [0, 744]),
    ],
)
def test_a_unit_exists_while_it_operates(
    project: datetime | None, start: datetime | None, end: datetime | None, hours: list[int]
) -> None:
    """November to January have 720, 744 and 744 hours: by year as many as by month, and the EC of the whole is 1 t."""
    unit = {"equipment_id": "A", "operation_start": start, "operation_end": end}
    sketch = Sketch(
        "T 1", start=date(2024, 11, 1), end=date(2025, 1, 31), equipment=[unit], points=[point("EC", "M")],
        monthly={"M": [1.0] * 3}, unit="t", entries=[named(Hours)],
    )  # fmt: skip
    data = sketch.data()
    data.project.cells["operation_start"] = replace(data.project["operation_start"], value=project)
    claim, findings = build_claim(sketch.bounds(), data, sketch.timeline, sketch.series())
    assert claim is not None
    assert [f.code for f in findings] == ([] if project or start else ["claim.no_start"])
    nodes = {node.symbol: node for bound in claim.bounds for node in bound.nodes}
    evaluation = claim.evaluate()
    assert (np.asarray(evaluation[nodes["H"]])[0] * 24).tolist() == pytest.approx(hours)
    assert np.asarray(evaluation[nodes["Hm"]])[0].sum() == sum(hours)
    assert evaluation[claim.ER].tolist() == pytest.approx([2.0, 1.0])
    exists = claim.space.domains[next(iter(claim.bounds[0].sets.values())), month]
    assert exists[0].tolist() == [hours[0] > 744, hours[0] > 0, hours[1] > 0]


# --- several methodologies ---------------------------------------------------------------------------


def test_leakage_and_what_is_the_same_quantity_twice() -> None:
    """24 t of steel and 6 t of ore less 12 t, and a tenth of the same 12 t, which one meter counts for both."""
    claim, findings = built(goods("steel; iron ore", ""))
    assert findings == [] and claim.LE is not None
    evaluation = claim.evaluate()
    assert float(evaluation[claim.LE][0]) == pytest.approx(1.2)
    assert all(node in evaluation for node in claim.bounds[0].nodes), "what a report shows is that of the claim"
    assert claim.reductions() == pytest.approx(24 + 6 - 12 - 1.2)
    assert [(p.parameter, p.terms[0].meter_id) for p in claim.points if p.parameter in ("EC", "EG")] == [
        ("EC", "3"),
        ("EG", "3"),
    ]
    own = goods("steel; iron ore", "")
    own.points.append(point("EG", "2b"))
    own.monthly["2b"] = [0.5] * 12
    assert built(own)[0].reductions() == pytest.approx(24 + 6 - 12 - 0.6)
    both = goods("steel; iron ore", "")
    both.points.append(point("EG", "3"))
    assert codes(both) == []
    both.points.append(point("M", "3", "steel"))
    assert codes(both) == ["points.counted_twice"] * 2  # as EC and as EG
    # of the same quantity the larger share counts: 0.7 and 0.3 are the whole meter, 0.7 and 0.4 are more
    for share, said in ((0.3, []), (0.4, ["points.counted_twice"])):
        both.points[2:] = [
            point("EC", "3", share=0.4),
            point("EG", "3", share=0.7),
            point("M", "3", "steel", share=share),
        ]
        assert codes(both)[:1] == said


def two(*points: dict[str, Any], number: str = "U") -> Sketch:
    """Goods and hours in one claim: both monitor EC."""
    sketch = goods("steel; iron ore", "")
    sketch.equipment = [{**row, "methodology": "T"} for row in sketch.equipment]
    sketch.equipment.append({"equipment_id": "C", "methodology": number, "operation_start": datetime(2020, 1, 1)})
    sketch.points = [*sketch.points[:2], *points]
    sketch.monthly["4"] = [2.0] * 12
    sketch.entries = [named(Goods), named(Hours, number)]
    return sketch


def test_results_of_several_methodologies_add_up() -> None:
    """RE 30 and 8,784 + 24, PE 12 and 8,784, and the leakage of the one that has any."""
    claim, findings = built(two(point("EC", "3", methodology="T 1"), point("EC", "4", methodology="u 1")))
    assert findings == [] and claim.LE is not None
    evaluation = claim.evaluate()
    found = [float(evaluation[node][0]) for node in (claim.RE, claim.PE, claim.LE, claim.ER)]
    assert found == pytest.approx([30 + 8784 + 24, 12 + 8784, 1.2, 30 - 12 - 1.2 + 24])
    assert [node.symbol for node in claim.results] == ["RE", "PE", "LE", "ER"]
    assert [bound.LE is None for bound in claim.bounds] == [False, True]
    plain, _ = solar().build()
    assert plain.LE is None and plain.RE is plain.bounds[0].RE


def test_a_point_that_two_methodologies_have_names_the_one_it_is_for() -> None:
    _, findings = built(two(point("EC", "3"), point("EC", "4", methodology="U 1")))
    assert [f.code for f in findings] == ["points.which_methodology"]
    assert findings[0].found == "EC" and "T 1.0 or U 1.0" in findings[0].action
    # what neither of them has is of the first
    assert codes(two(point("EC", "3", "X"), point("EC", "4", methodology="U 1"))) == ["points.applies_to"]


def test_a_point_is_of_the_methodology_that_has_what_it_applies_to() -> None:
    """EC of the whole claim is that of the one, and EC of unit C that of the other: 12 t in PE, 24 t in RE."""
    sketch = two(point("EC", "3"), point("EC", "4", "C"))
    sketch.entries = [named(Goods), named(Each, "U")]
    claim, findings = built(sketch)
    assert findings == []
    found = [float(claim.evaluate()[node][0]) for node in (claim.RE, claim.PE)]
    assert found == pytest.approx([30 + 24, 12])


@pytest.mark.parametrize(
    ("points", "code", "found"),
    [
        ([point("EC", "3", "A")], "points.applies_to", "A"),
        ([point("M", "3")], "points.applies_to", "empty"),
        ([point("M", "3", "slag")], "points.applies_to", "slag"),
        ([point("m", "3", "steel")], "points.unknown_parameter", "m"),
    ],
)
def test_what_a_point_applies_to(points: list[dict[str, Any]], code: str, found: str) -> None:
    _, findings = built(goods("steel; iron ore", "", points=points))
    assert [(f.code, f.found) for f in findings] == [(code, found)]


@pytest.mark.parametrize(("units", "ends"), [(20, "PV20."), (21, "PV20 …")])
def test_at_most_twenty_names_are_listed(units: int, ends: str) -> None:
    rows = [{"equipment_id": f"PV{n + 1}", "connection": ("grid", "choice")} for n in range(units)]
    _, findings = solar(equipment=rows, points=[{**solar().points[0], "applies_to": "roof"}]).build()
    assert findings[0].action.endswith(ends)
