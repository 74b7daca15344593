"""Cells that loosen what protects the claim: a verifier sees each among the major questions, with its effect on ER.

The roof of the tests: 100, 120 and 140 MWh at 0.5 t/MWh are 180 t; a second source that is 10 % lower gives 162 t.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from jcm_mrv.findings import Finding, InputRefusedError, Severity
from jcm_mrv.result import Result
from support.boiler import EF_GRID, FUEL_TONNES_PER_M3, boiler, boiler_tables
from support.results import calculated
from support.workbooks import Rows, calibration, monthly, months, solar_tables

READ = (100_000.0, 120_000.0, 140_000.0)
LOWER = tuple(0.9 * value for value in READ)
REASON = {"reason": "national rule (illustrative)", "evidence": "D-01"}


def meter(**changes: Any) -> dict[str, Any]:
    return {**solar_tables()["meters"][0], **changes}


def check_meter(**changes: Any) -> dict[str, Any]:
    return meter(meter_id="M-1C", serial_number="SN-M-1C", checks="M-1", **changes)


def invoices(values: tuple[float, ...] = LOWER, name: str = "M-1") -> list[dict[str, Any]]:
    edges = months((2024, 1), len(values))
    return [
        {"invoice_no": f"I-{n}", "meter_id": name, "start": a, "end": b, "value": value, "unit": "kWh"}
        for n, (a, b, value) in enumerate(zip(edges, edges[1:], values, strict=False))
    ]


def checked(**changes: Any) -> dict[str, Rows]:
    """The roof with a check meter that reads 10 % less."""
    return {
        "meters": [meter(), check_meter(**changes)],
        "readings": [*monthly("M-1", READ), *monthly("M-1C", LOWER)],
        "calibrations": [calibration("M-1"), calibration("M-1C")],
    }


def setting(name: str, value: float, **row: str) -> dict[str, Rows]:
    return {"settings": [{"setting": name, "value": value, **(row or REASON)}]}


def conversion(value: float, kind: str = "other", unit: str = "1", name: str = "M-1") -> dict[str, Any]:
    return {"meter_id": name, "property": kind, "value": value, "unit": unit, "document": "x", "conditions": "x"}


def of(result: Result, code: str) -> Finding:
    (found,) = [f for f in result.findings if f.code == code]
    return found


def test_without_a_lever_the_lower_source_is_used():
    assert calculated(tables={"invoices": invoices()}).reductions == pytest.approx(162)
    assert calculated(tables=checked()).reductions == pytest.approx(162)


LEVERS: Mapping[str, tuple[str, dict[str, Rows], float]] = {
    # what is loosened: the finding, the tables, the effect in tonnes
    "error of 20 % on a meter of class 0.5": (
        "meters.permissible_error",
        {"meters": [meter(permissible_error=20.0)], "invoices": invoices()},
        180 - 162,
    ),
    "error of 20 % on its check meter": ("meters.permissible_error", checked(permissible_error=20.0), 180 - 162),
    "class of 20 % on the meter": (
        "meters.coarse_class",
        {"meters": [meter(accuracy_class=20.0)], "invoices": invoices()},
        180 - 162,
    ),
    "class of 20 % on its check meter": ("meters.coarse_class", checked(accuracy_class=20.0), 180 - 162),
    "only an error of 20 %": (
        "meters.coarse_class",
        {"meters": [meter(accuracy_class=None, permissible_error=20.0)], "invoices": invoices()},
        180 - 162,
    ),
    "error of the invoices": (
        "settings.changed",
        {**setting("crosscheck.invoice_error", 0.2), "invoices": invoices()},
        180 - 162,
    ),
    "a factor called other": ("conversions.factor", {"conversions": [conversion(1.15)]}, 0.15 * 180),
    "a factor in per cent": ("conversions.factor", {"conversions": [conversion(115.0, unit="%")]}, 0.15 * 180),
    "a factor of another name": (
        "conversions.factor",
        {"conversions": [conversion(1.15, "value of a pulse", "kWh/kWh")]},
        0.15 * 180,
    ),
}


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_is_a_major_question_with_its_effect(lever: str):
    code, tables, effect = LEVERS[lever]
    result = calculated(tables=tables)
    assert result.reductions == pytest.approx(180 if code != "conversions.factor" else 207)
    finding = of(result, code)
    assert finding.severity is Severity.MAJOR
    assert finding.effect_tco2e == pytest.approx(effect)
    assert "with the standard value" in finding.message


def test_where_er_falls_with_the_meter_a_factor_below_one_is_the_lever():
    # 1000, 1020 and 970 kWh of auxiliaries at 0.8 t/MWh; a tenth of them less.
    rows = [*boiler_tables()["conversions"], conversion(0.9, "share of a blend", name="E-1")]
    finding = of(boiler(tables={"conversions": rows}), "conversions.factor")
    assert (finding.severity, finding.effect_tco2e) == (Severity.MAJOR, pytest.approx(0.1 * 2.99 * EF_GRID))


def test_a_factor_that_lowers_the_claim_is_no_question():
    result = calculated(tables={"conversions": [conversion(0.9)]})
    assert result.reductions == pytest.approx(162)
    assert [f for f in result.findings if f.code == "conversions.factor" and f.severity is Severity.MAJOR] == []


def test_what_a_conversion_is_needed_for_is_no_lever():
    assert [f for f in boiler().findings if f.code == "conversions.factor"] == []


def test_an_error_below_the_class_is_a_lever_where_a_late_test_is_corrected_by_it():
    """Never tested: corrected by the error, 180 x 0.5 % = 0.9 t; with 0.1 % entered only 0.18 t."""
    result = calculated(tables={"meters": [meter(permissible_error=0.1)], "calibrations": []})
    assert result.reductions == pytest.approx(180 * 0.999)
    assert of(result, "meters.permissible_error").effect_tco2e == pytest.approx(180 * 0.004)


def test_a_larger_error_that_decides_nothing_is_not_asked_about():
    """In service it may be twice the class; invoices that agree say that nothing hangs on it."""
    result = calculated(tables={"meters": [meter(permissible_error=1.0)], "invoices": invoices(READ)})
    assert "meters.permissible_error" not in {f.code for f in result.findings}


def test_a_setting_that_changes_nothing_stays_a_note_and_needs_evidence():
    name = "gaps.minor_share"
    assert of(calculated(tables=setting(name, 0.02)), "settings.changed").severity is Severity.NOTE
    bare = calculated(tables=setting(name, 0.02, reason="because"))
    assert of(bare, "settings.changed").severity is Severity.MINOR


def test_a_setting_that_makes_a_refused_claim_pass_is_worth_the_whole_claim():
    """The roof of 1000 kW cannot give 2400 MWh in January (x 1.2 x 744 h = 893 MWh, refused from twice on)."""
    readings = {"readings": monthly("M-1", (2_400_000.0, 120_000.0, 140_000.0))}
    with pytest.raises(InputRefusedError):
        calculated(tables=readings)
    result = calculated(tables={**readings, **setting("capacity.refused_times", 9.0)})
    finding = of(result, "settings.changed")
    assert (finding.severity, finding.effect_tco2e) == (Severity.MAJOR, pytest.approx(result.reductions))
    assert "refused (readings.above_capacity)" in finding.message


def test_two_levers_that_only_work_together_are_both_named():
    """5 % on either side leaves 10 % a contradiction; 5 % on both does not."""
    tables = {
        **setting("crosscheck.invoice_error", 0.06),
        "meters": [meter(permissible_error=6.0)],
        "invoices": invoices(),
    }
    result = calculated(tables=tables)
    assert result.reductions == pytest.approx(180)
    for code in ("settings.changed", "meters.permissible_error"):
        assert (of(result, code).severity, of(result, code).effect_tco2e) == (Severity.MAJOR, pytest.approx(18))


# --- estimates ---------------------------------------------------------------------------


@pytest.mark.parametrize("value", [0.0, -1.0, -250.0])
def test_an_estimate_of_nothing_is_a_question(value: float):
    finding = of(calculated(tables={"estimates": [{"year": 2024.0, "reductions": value}]}), "estimates.value")
    assert (finding.severity, finding.where.sheet) == (Severity.MAJOR, "Estimates")


def test_an_estimate_is_held_against_its_own_sides():
    """170 less 20 are 150: 180 t are 1.2 times that and no more; 400 as the difference hides nothing."""
    row = {"year": 2024.0, "reductions": 400.0, "reference": 120.0, "project": 10.0}
    result = calculated(tables={"estimates": [row]})
    assert of(result, "estimates.sides").severity is Severity.MINOR
    assert of(result, "result.above_estimate").data["ratio"] == pytest.approx(180 / 110)


def test_the_leakage_of_an_estimate_is_one_of_its_sides():
    """200 - 20 - 10 = 170 t. Without the leakage the estimate would lie 10 t below the difference of its sides."""
    row = {"year": 2024.0, "reductions": 170.0, "reference": 200.0, "project": 20.0}
    assert "estimates.sides" in {f.code for f in calculated(tables={"estimates": [row]}).findings}
    result = calculated(tables={"estimates": [{**row, "leakage": 10.0}]})
    assert "estimates.sides" not in {f.code for f in result.findings}


def test_the_sides_of_an_estimate_may_be_rounded():
    row = {"year": 2024.0, "reductions": 170.0, "reference": 190.4, "project": 20.9}
    assert "estimates.sides" not in {f.code for f in calculated(tables={"estimates": [row]}).findings}


def test_a_year_that_is_left_out_among_others_is_a_question():
    other = of(calculated(tables={"estimates": [{"year": 2023.0, "reductions": 170.0}]}), "estimates.missing")
    assert other.severity is Severity.MAJOR
    assert of(calculated(), "estimates.missing").severity is Severity.MINOR


def test_the_limit_of_the_comparison_is_a_setting():
    estimates = {"estimates": [{"year": 2024.0, "reductions": 100.0}]}
    assert of(calculated(tables=estimates), "result.above_estimate").severity is Severity.MAJOR
    changed = calculated(tables={**estimates, **setting("plausible.most_of_estimate", 2.0)})
    assert of(changed, "settings.changed").severity is Severity.MAJOR
    assert "result.above_estimate" in of(changed, "settings.changed").message


# --- check meters, overrides, defaults -------------------------------------------------------


def two_plants(point: dict[str, Any]) -> dict[str, Rows]:
    tables = solar_tables()
    second = {**tables["equipment"][0], "equipment_id": "PV-2", "serial_number": "SN-PV-2"}
    return {
        **checked(),
        "equipment": [*tables["equipment"], second],
        "points": [*tables["points"], {**tables["points"][0], "point_no": "2", "applies_to": "PV-2", **point}],
    }


def test_a_check_meter_is_not_a_second_plant():
    with pytest.raises(InputRefusedError) as caught:
        calculated(tables=two_plants({"meter_id": "M-1C"}))
    assert "points.check_meter" in {f.code for f in caught.value.findings}


def test_a_check_meter_is_not_subtracted_either():
    """On the side of consumption it would take away what is used."""
    tables = boiler_tables()
    check = {**tables["meters"][1], "meter_id": "E-1C", "serial_number": "SN-E-1C", "checks": "E-1"}
    minus = {**tables["points"][1], "meter_id": "E-1C", "sign": "-"}
    with pytest.raises(InputRefusedError) as caught:
        boiler(
            tables={
                "meters": [*tables["meters"], check],
                "points": [*tables["points"], minus],
                "readings": [*tables["readings"], *monthly("E-1C", [500.0, 510.0, 490.0])],
                "calibrations": [*tables["calibrations"], calibration("E-1C")],
            }
        )
    assert "points.check_meter" in {f.code for f in caught.value.findings}


def test_a_check_meter_that_counts_for_its_meter_is_a_question():
    points = [{**solar_tables()["points"][0], "meter_id": "M-1C"}]
    assert of(calculated(tables={**checked(), "points": points}), "points.check_meter").severity is Severity.MAJOR


def override(name: str, value: float) -> dict[str, Rows]:
    a, b, *_ = months((2024, 1), 2)
    row = {"meter_id": name, "start": a, "end": b, "value": value, "unit": "kWh", "reason": "x", "evidence": "D-01"}
    return {"overrides": [row]}


def test_less_than_nothing_is_no_consumption():
    with pytest.raises(InputRefusedError) as caught:
        boiler(tables=override("E-1", -5600.0))
    assert "overrides.negative" in {f.code for f in caught.value.findings}


def test_a_solar_plant_may_draw_its_standby():
    assert "overrides.negative" not in {f.code for f in calculated(tables=override("M-1", -12.0)).findings}


def test_an_override_above_the_highest_rate_is_a_question():
    """30 kW x 744 h = 22,320 kWh."""
    tables = boiler_tables()
    meters = [tables["meters"][0], {**tables["meters"][1], "highest_rate": 30.0, "highest_rate_unit": "kW"}]
    over = boiler(tables={"meters": meters, **override("E-1", 22_400.0)})
    assert of(over, "overrides.above_rate").severity is Severity.MAJOR
    below = boiler(tables={"meters": meters, **override("E-1", 22_300.0)})
    assert "overrides.above_rate" not in {f.code for f in below.findings}


def test_an_override_that_ends_before_it_begins_is_not_above_the_rate_as_well():
    """Its time is refused; less than no hours would make any amount too much."""
    tables = boiler_tables()
    meters = [tables["meters"][0], {**tables["meters"][1], "highest_rate": 30.0, "highest_rate_unit": "kW"}]
    (row,) = override("E-1", 100.0)["overrides"]
    with pytest.raises(InputRefusedError) as caught:
        boiler(tables={"meters": meters, "overrides": [{**row, "start": row["end"], "end": row["start"]}]})
    assert "overrides.above_rate" not in {f.code for f in (*caught.value.findings, *caught.value.others)}


@pytest.mark.parametrize(("factor", "severity"), [(0.5, Severity.MAJOR), (0.3, Severity.MINOR)])
def test_a_card_value_that_is_replaced_upward_is_a_question(factor: float, severity: Severity):
    """The card has 0.333 t/MWh for the grid; 360 MWh."""
    rows = [{**row, "value": factor} if row["parameter"] == "EF_RE_grid" else row for row in solar_tables()["fixed"]]
    finding = of(calculated(tables={"fixed": rows}), "defaults.replaced")
    assert (finding.severity, finding.effect_tco2e) == (severity, pytest.approx(360 * (factor - 0.333)))


def test_so_is_a_calorific_value():
    """The IPCC's lower limits of diesel oil are 41.4 GJ/t and 0.0726 t/GJ; the boiler's reductions rise with both."""
    tables = boiler_tables()
    equipment = [{**tables["equipment"][0], "fuel": "gas/diesel oil"}]
    for value, severity in ((45.0, Severity.MAJOR), (40.0, Severity.MINOR)):
        rows = [
            {**row, "applies_to": "gas/diesel oil", "value": value if row["parameter"] == "NCV" else row["value"]}
            if row.get("applies_to")
            else row
            for row in tables["fixed"]
        ]
        assert of(boiler(tables={"equipment": equipment, "fixed": rows}), "defaults.replaced").severity is severity


def test_a_methodology_of_another_country_is_a_question():
    assert of(calculated(project={"country": "Indonesia"}), "methodology.other_country").severity is Severity.MAJOR
    for name in ("Viet Nam", "Vietnam", "VN", "Việt Nam", "Socialist Republic of Viet Nam"):
        assert "methodology.other_country" not in {f.code for f in calculated(project={"country": name}).findings}


@pytest.mark.parametrize(("value", "asked"), [(85.0, False), (20.0, False), (8.5, True)])
def test_an_efficiency_of_no_equipment_is_a_question(value: float, asked: bool):
    equipment = [{**boiler_tables()["equipment"][0], "eta_RE": value}]
    findings = boiler(tables={"equipment": equipment}).findings
    assert ("fixed.unlikely" in {f.code for f in findings}) is asked


@pytest.mark.parametrize(("factor", "asked"), [(1.0, False), (4.0, False), (10.0, True), (1000.0, True)])
def test_a_delivery_many_times_the_others_is_a_question(factor: float, asked: bool):
    """10, 11 and 12.5 m3 out of a store, one of them with another decimal point."""
    tables = boiler_tables()
    edges = months((2024, 1), 3)
    used = (10.0, 11.0 * factor, 12.5)
    stocks = [
        {"meter_id": "T-1", "start": a, "end": b, "opening": 5.0, "received": v, "closing": 5.0, "unit": "m3"}
        for a, b, v in zip(edges, edges[1:], used, strict=False)
    ]
    power = [row for row in tables["readings"] if row["meter_id"] == "E-1"]
    result = boiler(tables={"stocks": stocks, "readings": power})
    found = [f for f in result.findings if f.code == "readings.month_unlike"]
    assert bool(found) is asked
    if asked:
        assert found[0].effect_tco2e == pytest.approx((11 * factor - 12.5 / 744 * 696) * FUEL_TONNES_PER_M3)


@pytest.mark.parametrize(
    ("kind", "unit"),
    [
        ("normal conditions", "1"),
        ("value of a pulse", "m3/m3"),
        ("weight of a piece", "t/t"),
        ("net of gross calorific value", "1"),
        ("share of a blend", "1"),
    ],
)
def test_a_factor_without_change_of_unit_is_judged_whatever_it_is_called(kind: str, unit: str):
    """33.5 m3 of diesel times 1.15, or times 0.9 by a ratio that cannot be above 1."""
    factor = 0.9 if kind in ("share of a blend", "net of gross calorific value") else 1.15
    rows = [*boiler_tables()["conversions"], conversion(factor, kind, unit, name="T-1")]
    finding = of(boiler(tables={"conversions": rows}), "conversions.factor")
    assert finding.effect_tco2e == pytest.approx((factor - 1) * 33.5 * FUEL_TONNES_PER_M3)
    assert finding.severity is Severity.MAJOR or factor < 1


@pytest.mark.parametrize("shown", [{"evidence": "D-01"}, {"document": "D-01"}])
def test_the_share_of_a_blend_of_fuel_that_a_document_shows_is_what_it_is(shown: dict[str, str]):
    row = {**conversion(0.9, "share of a blend", name="T-1"), **shown}
    result = boiler(tables={"conversions": [*boiler_tables()["conversions"], row]})
    assert [f for f in result.findings if f.code == "conversions.factor"] == []


def test_a_factor_of_transformers_below_one_where_er_falls_is_asked_about():
    """1,000, 1,020 and 970 kWh of auxiliaries count as a tenth: 0.9 x 2.99 MWh are not deducted."""
    tables = boiler_tables()
    meters = [{**row, "transformer_factor": 0.1} if row["meter_id"] == "E-1" else row for row in tables["meters"]]
    finding = of(boiler(tables={"meters": meters}), "meters.ratio_below_one")
    assert finding.severity is Severity.MAJOR
    assert finding.effect_tco2e == pytest.approx(0.9 * 2.99 * EF_GRID)
    assert [f for f in boiler().findings if f.code == "meters.ratio_below_one"] == []
