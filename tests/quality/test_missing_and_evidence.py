"""What is needed and missing is named cell by cell; what is used and unproven is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jcm_mrv.conformance.cases import calculate_case, read_case
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.catalogue import Entry, catalogue
from jcm_mrv.methodology.declare import default, intermediate, monitored, result
from jcm_mrv.quality.evidence import confirmed, evidence_findings
from jcm_mrv.quality.missing import missing_values
from support.boiler import boiler, boiler_tables
from support.claims import Sketch, air_conditioners, solar

FILE = "monitoring.xlsx"
METHODOLOGIES = Path(__file__).parents[2] / "methodologies"


def missing(sketch: object) -> list[str]:
    claim, _ = sketch.build()  # type: ignore[attr-defined]
    return [f"{f.code} {f.message}" for f in missing_values(claim, claim.evaluate(), FILE)]


def test_a_complete_claim_misses_nothing() -> None:
    assert missing(solar()) == []
    assert missing(air_conditioners()) == []


def test_only_the_chosen_branch_is_required() -> None:
    sketch = air_conditioners()
    sketch.fixed = [r for r in sketch.fixed if r["parameter"] != "EF_grid"]
    assert [m for m in missing(sketch) if "EF_grid of shop" in m]
    assert not [m for m in missing(sketch) if "eta_cap" in m or "FC_cap" in m], "no generator, nothing to ask"
    sketch.fixed[0]["value"] = "captive"
    found = missing(sketch)
    assert [m for m in found if m.startswith("fixed.missing captive_method")]
    assert not [m for m in found if "EF_grid" in m]


def test_captive_electricity_by_fuel_asks_for_its_meters() -> None:
    sketch = air_conditioners()
    sketch.fixed = [
        {"parameter": "supply", "value": "captive", "unit": "choice", "document": "D"},
        {"parameter": "captive_method", "value": "fuel", "unit": "choice", "document": "D"},
    ]
    found = "\n".join(missing(sketch))
    assert "points.missing FC_cap of shop, 2024" in found
    assert "points.missing EG_cap of shop, 2024" in found
    assert "fixed.missing NCV_fuel" in found
    assert "eta_cap" not in found


def test_a_unit_without_a_point_is_named_and_not_zero() -> None:
    sketch = air_conditioners()
    del sketch.points[1]
    assert missing(sketch) == [
        "points.missing EC_PJ of AC2, 2024 (electricity consumption of the project air conditioner) "
        "is not measured by any meter"
    ]


def test_a_meter_that_is_not_installed_while_its_equipment_runs() -> None:
    from datetime import date

    import numpy as np

    from jcm_mrv.claim.building import build_claim
    from jcm_mrv.meters.segments import Coverage, SeriesResult

    sketch = solar(start=date(2024, 1, 1), end=date(2025, 12, 31), monthly={"M1": [1.0] * 12 + [None] * 12})
    series = sketch.series()
    expected = series.coverage.expected.copy()
    expected[0, 12:] = 0
    coverage = Coverage(series.coverage.meter_ids, series.coverage.covered, np.asarray(expected), ())
    changed = SeriesResult(series.parts, coverage, (), ())
    claim, _ = build_claim(sketch.bounds(), sketch.data(), sketch.timeline, changed)
    assert claim is not None
    found = missing_values(claim, claim.evaluate(), FILE)
    assert [f.code for f in found] == ["points.no_meter"]
    assert "PV1, 2025" in found[0].message


class Intensity(Methodology):
    """Specific consumption: no output, no intensity."""

    EC = monitored("electricity consumed", unit="MWh")
    Q = monitored("output", unit="MWh")
    EF = default("factor", unit="tCO2e/MWh")
    SEC = intermediate(EC / Q, "specific consumption", unit="1")
    RE = result(SEC * EC * EF, "reference emissions")
    PE = result(EC * EF, "project emissions")
    ER = result(RE - PE, "emission reductions")


def test_a_zero_in_a_denominator_is_named() -> None:
    card = replace(catalogue().find("VN_AM007").card, number="T", defaults={}, parameters={})
    sketch = Sketch(
        "T 1",
        points=[{"parameter": n, "meter_id": n, "sign": "+"} for n in ("EC", "Q")],
        fixed=[{"parameter": "EF", "value": 1.0, "unit": "tCO2e/MWh", "document": "D"}],
        monthly={"EC": [1.0] * 12, "Q": [0.0] * 12},
        entries=[Entry(card, Intensity, "test", "0")],
    )
    claim, _ = sketch.build()
    (finding,) = missing_values(claim, claim.evaluate(), FILE)
    assert finding.code == "claim.not_finite"
    assert finding.message.startswith("SEC of 2024")
    assert "it is divided by Q, which is 0" in finding.message and finding.found == "Q 0 MWh"


def test_a_generator_that_gave_nothing_for_no_fuel_is_named_with_its_amount(tmp_path: Path) -> None:
    text = (METHODOLOGIES / "lighting" / "cases" / "VN_AM008_1.0_by_fuel.toml").read_text(encoding="utf-8")
    still = text.replace("{ 2024 = 6.0 }", "{ 2024 = 0.0 }").replace("{ 2024 = 25.0 }", "{ 2024 = 0.0 }")
    with pytest.raises(InputRefusedError) as refused:
        calculate_case(read_case(still, "still"), tmp_path)
    (finding,) = refused.value.findings
    assert finding.code == "claim.not_finite" and finding.found == "EG_cap 0 MWh"
    assert finding.message.startswith("EF_cap of Set of boat 2, 2024")


def test_an_amount_that_three_decimals_would_show_as_nothing_divides_still(tmp_path: Path) -> None:
    """0.0004 t for 0.0003 MWh: 4/3 t/MWh, as with 4 t for 3 MWh; the report takes the decimals that show it."""
    text = (METHODOLOGIES / "lighting" / "cases" / "VN_AM008_1.0_by_fuel.toml").read_text(encoding="utf-8")
    small = text.replace("{ 2024 = 6.0 }", "{ 2024 = 0.0004 }").replace("{ 2024 = 25.0 }", "{ 2024 = 0.0003 }")
    result = calculate_case(read_case(small, "small"), tmp_path)
    assert result.reductions == pytest.approx((10 * 5 / 20 + 12 * 4 / 3) * 1.5 * 41.4 * 0.0726)
    assert result.decimals == 4


@pytest.mark.parametrize("document", ["", "VN_AM007 ver1.0"])
def test_an_unconfirmed_default_is_said_until_a_document_confirms_it(document: str) -> None:
    row = {"parameter": "EF_RE_grid", "value": 0.333, "unit": "tCO2/MWh", "document": document, "page": "5"}
    claim, _ = solar(fixed=[row]).build()
    codes = {f.code for f in evidence_findings(claim, claim.evaluate(), FILE)}
    assert ("defaults.unconfirmed" in codes) == (not document)
    claim, _ = solar().build()
    assert "defaults.unconfirmed" in {f.code for f in evidence_findings(claim, claim.evaluate(), FILE)}


@pytest.mark.parametrize(
    ("row", "fault", "open_"),
    [
        (None, None, True),
        ({"value": "confirmed", "unit": "1", "document": "ID_AM004 ver2.0", "page": "5"}, None, False),
        ({"value": "confirmed", "unit": "1"}, "fixed.no_document", True),
        ({"value": 4.0, "unit": "1", "document": "D", "page": "5"}, "fixed.choice", True),
    ],
)
def test_a_table_of_the_card_is_confirmed_in_the_row_of_its_parameter(
    row: dict[str, object] | None, fault: str | None, open_: bool
) -> None:
    """As the finding asks; another value than that of the class is none that a row can give."""
    own = [] if row is None else [{"parameter": "COP_RE", **row}]
    unit = {"capacity": (500.0, "USRt"), "COP_PJ": (6.2, "1"), "T_cooling": (37.0, "degC"), "T_chilled": (7.0, "degC")}
    chiller = {"equipment_id": "C-1", "electricity_source": "shop", "evidence": "D-1", **unit}
    points = [{"parameter": "EC_PJ", "applies_to": "C-1", "meter_id": "M1", "sign": "+"}]
    fixed = [*air_conditioners().fixed, *own]
    sketch = Sketch("ID_AM002 2.0", equipment=[chiller], points=points, fixed=fixed, monthly={"M1": [1000.0] * 12})
    claim, found = sketch.build()
    assert [f.code for f in found] == ([fault] if fault else [])
    left = [f for f in evidence_findings(claim, claim.evaluate(), FILE) if "COP_RE" in f.message]
    assert [f.code for f in left] == ["defaults.unconfirmed"] * len(left) and bool(left) == open_
    assert all("row of the parameter COP_RE " in f.action and "value confirmed" in f.action for f in left)


def test_a_default_that_is_not_used_raises_no_finding() -> None:
    claim, _ = solar().build()
    messages = " ".join(f.message for f in evidence_findings(claim, claim.evaluate(), FILE))
    assert "EF_RE_grid" in messages and "EF_RE_cap" not in messages


def test_a_replaced_default_states_its_effect() -> None:
    row = {"parameter": "EF_RE_grid", "value": 0.3, "unit": "tCO2/MWh", "document": "D", "page": "1"}
    claim, _ = solar(fixed=[row]).build()
    (finding,) = [f for f in evidence_findings(claim, claim.evaluate(), FILE) if f.code == "defaults.replaced"]
    assert finding.effect_tco2e == pytest.approx(1200 * (0.3 - 0.333), rel=1e-9)


def test_a_pattern_counts_only_after_its_equation_is_confirmed_with_a_document() -> None:
    sketch = air_conditioners(methodologies="VN_AM006 1.0")
    claim, _ = sketch.build()
    assert not confirmed(claim, claim.bounds[0])
    codes = {f.code for f in evidence_findings(claim, claim.evaluate(), FILE)}
    assert {"methodology.pattern", "methodology.choice_unconfirmed"} <= codes
    row = {"parameter": "equation", "value": "confirmed", "unit": "1", "document": "VN_AM006 ver1.0", "page": "3"}
    sketch.fixed.append(row)
    claim, findings = sketch.build()
    assert not findings
    assert confirmed(claim, claim.bounds[0])
    assert "methodology.pattern" not in {f.code for f in evidence_findings(claim, claim.evaluate(), FILE)}
    row["document"] = ""
    claim, _ = sketch.build()
    assert not confirmed(claim, claim.bounds[0]), "a confirmation without a document confirms nothing"


@pytest.mark.parametrize(
    ("value", "document", "open_still", "codes"),
    [
        ("confirmed", "VN_AM006 ver1.0", False, set()),
        ("Đã xác nhận", "VN_AM006 ver1.0", False, set()),  # as a template in Vietnamese offers it
        ("Lower of both", "VN_AM006 ver1.0", False, set()),
        ("confirmed", "", True, {"fixed.no_document"}),
        ("grid", "VN_AM006 ver1.0", True, {"fixed.choice"}),
    ],
)
def test_a_choice_of_the_card_is_confirmed_by_a_row_with_a_document(
    value: str, document: str, open_still: bool, codes: set[str]
) -> None:
    """VN_AM006 takes the lower of both factors of electricity; a project can confirm that, and not choose another."""
    row = {"parameter": "electricity_rule", "value": value, "unit": "1", "document": document, "page": "4"}
    sketch = air_conditioners(methodologies="VN_AM006 1.0")
    sketch.fixed.append(row)
    claim, found = sketch.build()
    assert {f.code for f in found} == codes
    left = [f for f in evidence_findings(claim, claim.evaluate(), FILE) if f.code == "methodology.choice_unconfirmed"]
    assert any("electricity_rule" in f.message for f in left) == open_still
    assert all("in the row of the parameter" in f.action for f in left)


@pytest.mark.parametrize("fuel", ["diesel", "Diesel Oil (DO 0.05S)", "gas diesel oill"])
def test_a_fuel_that_the_card_calls_otherwise_is_asked_about(fuel: str) -> None:
    """The table of fuels calls diesel gas_diesel_oil; without a value of its own nothing is taken by itself."""
    tables = boiler_tables()
    tables["equipment"] = [{**tables["equipment"][0], "fuel": fuel}]
    tables["fixed"] = [row for row in tables["fixed"] if row["parameter"] not in ("NCV", "EF_CO2")]
    with pytest.raises(InputRefusedError) as refused:
        boiler(tables=tables)
    found = [f for f in refused.value.findings if f.code == "fixed.missing"]
    assert found and all("Did you mean “gas_diesel_oil”?" in f.action for f in found)
