"""Claims over several methodologies, from the workbook to the reports.

A shop (illustrative): one feeder supplies air conditioners and lamps, a
sub-meter measures the lamps. Air conditioning is the feeder minus the lamps
(ID_AM004), the lamps are a methodology of their own (ID_AM005).
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from openpyxl import load_workbook

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.methodology.binding import Bound, bind
from jcm_mrv.methodology.catalogue import Entry
from jcm_mrv.methodology.template import template_methods
from jcm_mrv.reporting.document.pdf import paper_html
from jcm_mrv.reporting.excel.report import workbook_report
from jcm_mrv.reporting.result_json import result_json
from jcm_mrv.result import Result
from jcm_mrv.workbook.template.writing import write_workbook
from support.libreoffice import recalculate
from support.workbooks import calibration, monthly

COOLING, LIGHT = "ID_AM004 2.0", "ID_AM005 2.0"
FEEDER, LAMPS = "M-FEEDER", "M-LAMPS"
UNIT = "FLOOR-1"
"""Air conditioners and lamps of one floor have the same equipment ID, each in its own methodology."""

PROJECT: Mapping[str, Any] = {
    "title": "Shop with air conditioners and lamps (illustrative)",
    "country": "Indonesia",
    "period_start": date(2024, 11, 1),
    "period_end": date(2025, 1, 31),
    "time_zone": "Asia/Jakarta",
    "report_date": date(2025, 3, 1),
    "operation_start": date(2023, 1, 1),
    "location": "Example street 1 (illustrative)",
    "participants": "Example shop; Example partner (illustrative)",
    "focal_point": "Example partner (illustrative)",
    "pdd": "None (illustrative)",
    "prepared_by": "Shop manager",
}

Tables = dict[str, list[dict[str, Any]]]


def fixed(parameter: str, value: float | str, unit: str, methodology: str = "") -> dict[str, Any]:
    row = {"parameter": parameter, "value": value, "unit": unit, "document": "D-01", "page": "1"}
    return {**row, "methodology": methodology}


def point(methodology: str, meter: str, sign: str = "+", applies_to: str = UNIT) -> dict[str, Any]:
    row = {"methodology": methodology, "parameter": "EC_PJ", "applies_to": applies_to, "meter_id": meter}
    return {**row, "sign": sign, "option": "C", "frequency": "continuously", "responsible": "Shop manager"}


def tables() -> Tables:
    def unit(methodology: str, **parameters: float) -> dict[str, Any]:
        row = {"equipment_id": UNIT, "methodology": methodology, "electricity_source": "Shop", "evidence": "D-01"}
        return {**row, "serial_number": f"SN-{methodology[:8]}", **parameters}

    return {
        "equipment": [unit(COOLING, COP_PJ=4.2, COP_RE=3.0), unit(LIGHT, eta_PJ=120.0, eta_RE=80.0)],
        "meters": [
            {"meter_id": m, "unit": "kWh", "transformer_factor": 1.0, "serial_number": f"SN-{m}", "accuracy_class": 0.5}
            for m in (FEEDER, LAMPS)
        ],
        "calibrations": [calibration(m) for m in (FEEDER, LAMPS)],
        "points": [point(COOLING, FEEDER), point(COOLING, LAMPS, "-"), point(LIGHT, LAMPS)],
        "fixed": [
            fixed("supply", "grid", "choice"),
            fixed("EF_grid", 0.8, "tCO2/MWh"),
            fixed("equation", "confirmed", "1", LIGHT),
        ],
        "readings": [
            *map(dict, monthly(FEEDER, [10_000.0, 12_000.0, 11_000.0], (2024, 11))),
            *map(dict, monthly(LAMPS, [2_000.0, 2_500.0, 1_500.0], (2024, 11))),
        ],
        "eligibility": [{"number": "1", "criterion": "Illustrative", "met": "yes", "evidence": "D-01"}],
        "evidence": [{"document_id": "D-01", "title": "Illustrative"}],
        "team": [{"role": "Shop manager", "responsibility": "Reads the meters"}],
    }


def calculated(filled: Tables, project: Mapping[str, Any] | None = None) -> Result:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "monitoring.xlsx"
        write_workbook(path, template_methods([COOLING, LIGHT]), {**PROJECT, **(project or {})}, filled)
        return calculate_file(path)


@cache
def shop() -> Result:
    return calculated(tables())


def refused(filled: Tables) -> list[tuple[str, str]]:
    """Code and cell's content of every error."""
    with pytest.raises(InputRefusedError) as caught:
        calculated(filled)
    return [(f.code, f.found) for f in caught.value.findings if f.severity.value == "error"]


# --- tonnes by hand ----------------------------------------------------------------------


def test_tonnes_of_a_feeder_minus_the_lamps_and_of_the_lamps() -> None:
    """Air conditioning 22 - 4.5 = 17.5 and 11 - 1.5 = 9.5 MWh; lamps 4.5 and 1.5 MWh; 0.8 tCO2/MWh for both."""
    result = shop()
    cooling, light = result.methodologies
    assert (cooling.bound.namespace, light.bound.namespace) == ("ID_AM004", "ID_AM005")
    # ER = EC x (ratio - 1) x EF: COP 4.2 / 3.0 = 1.4, lm/W 120 / 80 = 1.5
    assert cooling.reductions == pytest.approx((17.5 + 9.5) * 0.4 * 0.8, rel=1e-12)
    assert light.reductions == pytest.approx((4.5 + 1.5) * 0.5 * 0.8, rel=1e-12)
    assert [y.reductions for y in result.years] == pytest.approx(
        [17.5 * 0.4 * 0.8 + 4.5 * 0.5 * 0.8, 9.5 * 0.4 * 0.8 + 1.5 * 0.5 * 0.8], rel=1e-12
    )
    assert [y.reference for y in result.years] == pytest.approx(
        [17.5 * 1.4 * 0.8 + 4.5 * 1.5 * 0.8, 9.5 * 1.4 * 0.8 + 1.5 * 1.5 * 0.8], rel=1e-12
    )


def test_the_claim_is_rounded_once_per_year() -> None:
    """2024: 5.6 + 1.8 = 7.4, so 7 (and not 5 + 1); 2025: 3.04 + 0.6 = 3.64, so 3 (and not 11 of the total 11.04)."""
    result = shop()
    assert [y.credited for y in result.years] == [7, 3]
    assert result.credited == 10
    assert result.reductions == pytest.approx(11.04, rel=1e-12)


def test_no_kwh_is_counted_twice() -> None:
    """What both methodologies consume together is what went through the feeder: 33 MWh."""
    result = shop()
    assert result.project == pytest.approx(33.0 * 0.8, rel=1e-12)
    # A kWh that the lamps' meter moves leaves one methodology and enters the other.
    changed = tables()
    changed["readings"][3]["value"] = 3_000.0
    moved = calculated(changed)
    assert moved.project == pytest.approx(33.0 * 0.8, rel=1e-12)
    # 1 MWh less at ratio 1.4, 1 MWh more at 1.5
    assert moved.reductions - result.reductions == pytest.approx(1.0 * (0.5 - 0.4) * 0.8, rel=1e-9)


@pytest.mark.parametrize("sign", ["+", "-"])
def test_a_meter_that_counts_twice_in_one_direction_is_refused(sign: str) -> None:
    """Once added and once subtracted is right; twice in one direction is not, though the sum stays within one."""
    filled = tables()
    second = {**filled["equipment"][1], "equipment_id": "FLOOR-2", "serial_number": "SN-2"}
    filled["equipment"].append(second)
    filled["points"].append(point(LIGHT, FEEDER, applies_to="FLOOR-2"))
    filled["points"][-1]["share"] = 0.0
    filled["points"].append(point(LIGHT, LAMPS, sign, applies_to="FLOOR-2"))
    assert ("points.counted_twice", "2" if sign == "+" else "-2") in refused(filled)


def test_two_shares_of_one_meter_in_two_methodologies_add_up_to_one() -> None:
    """Without a sub-meter: a quarter of the feeder to the lamps, the rest to the air conditioners."""
    filled = tables()
    filled["points"] = [{**point(COOLING, FEEDER), "share": 0.75}, {**point(LIGHT, FEEDER), "share": 0.25}]
    for key in ("meters", "calibrations", "readings"):
        filled[key] = [row for row in filled[key] if row["meter_id"] == FEEDER]
    result = calculated(filled)
    assert [m.project for m in result.methodologies] == pytest.approx([33 * 0.75 * 0.8, 33 * 0.25 * 0.8], rel=1e-12)
    filled["points"][1]["share"] = 0.26
    assert ("points.counted_twice", "1.01") in refused(filled)


# --- what is shared, what is of one methodology ------------------------------------------


def test_a_factor_given_without_a_methodology_is_that_of_both() -> None:
    filled = tables()
    filled["fixed"][1]["value"] = 0.4
    halved = calculated(filled)
    assert [m.reductions for m in halved.methodologies] == pytest.approx(
        [m.reductions / 2 for m in shop().methodologies], rel=1e-12
    )


def test_a_factor_given_for_one_methodology_is_not_that_of_the_other() -> None:
    """Lamps at 0.5 tCO2/MWh, air conditioners at 0.8: each factor is used by its own methodology only."""
    filled = tables()
    filled["fixed"][1]["methodology"] = COOLING
    filled["fixed"].append(fixed("EF_grid", 0.5, "tCO2/MWh", LIGHT))
    cooling, light = calculated(filled).methodologies
    assert cooling.reductions == pytest.approx(27.0 * 0.4 * 0.8, rel=1e-12)
    assert light.reductions == pytest.approx(6.0 * 0.5 * 0.5, rel=1e-12)


def test_a_factor_that_only_one_methodology_has_is_missing_in_the_other() -> None:
    filled = tables()
    filled["fixed"][1]["methodology"] = COOLING
    assert [code for code, _ in refused(filled)] == ["fixed.missing"]


def test_a_factor_for_all_and_another_for_one_methodology_is_a_question() -> None:
    filled = tables()
    filled["fixed"].append(fixed("EF_grid", 0.5, "tCO2/MWh", LIGHT))
    assert [code for code, _ in refused(filled)] == ["fixed.given_twice"]


def test_equipment_of_one_name_stays_apart() -> None:
    result = shop()
    named = [p.declared.symbol for p in result.claim.parameters if (UNIT,) in p.points]
    assert named == ["EC_PJ", "EC_PJ"]
    assert [p.formula for p in result.claim.points] == [f"{FEEDER} - {LAMPS}", LAMPS]


@pytest.mark.parametrize("methodology", [COOLING, ""])
def test_one_name_twice_in_one_methodology_is_refused(methodology: str) -> None:
    """A row without a methodology is for all of them."""
    filled = tables()
    filled["equipment"].append({**filled["equipment"][0], "methodology": methodology})
    assert ("input.duplicate_id", UNIT) in refused(filled)


def test_a_point_that_could_be_of_either_methodology_is_a_question() -> None:
    """Both monitor EC_PJ of a FLOOR-1: the first methodology is not taken in silence."""
    filled = tables()
    filled["points"][2]["methodology"] = ""
    assert ("points.which_methodology", "EC_PJ of FLOOR-1") in refused(filled)


def test_a_point_without_a_methodology_finds_its_equipment() -> None:
    """The name of the equipment says which methodology is meant."""
    filled = tables()
    filled["equipment"][1]["equipment_id"] = filled["points"][2]["applies_to"] = "LAMPS-1"
    filled["points"] = [{**row, "methodology": ""} for row in filled["points"]]
    assert calculated(filled).reductions == pytest.approx(11.04, rel=1e-12)


def test_methodologies_that_round_differently_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_other_digits(entry: Entry) -> Bound:
        if entry.card.number == "ID_AM005":
            entry = dataclasses.replace(entry, card=dataclasses.replace(entry.card, rounding_digits=3))
        return bind(entry)

    monkeypatch.setattr("jcm_mrv.methodology.named.bind", with_other_digits)
    assert [code for code, _ in refused(tables())] == ["project.rounding"]


def test_one_generator_supplies_the_equipment_of_both() -> None:
    """Half of its fuel and of its electricity in each: the factor is the same, 10 x 40 x 0.07 / 40 = 0.7 tCO2/MWh."""
    filled = tables()
    filled["fixed"] = [
        fixed("supply", "captive", "choice"),
        fixed("captive_method", "fuel", "choice"),
        fixed("NCV_fuel", 40.0, "GJ/t"),
        fixed("EF_fuel", 0.07, "tCO2/GJ"),
        fixed("equation", "confirmed", "1", LIGHT),
    ]
    for meter, parameter, unit, amount in (("M-FUEL", "FC_cap", "t", 10.0), ("M-GEN", "EG_cap", "kWh", 40_000.0)):
        filled["meters"].append({"meter_id": meter, "unit": unit, "transformer_factor": 1.0, "serial_number": meter})
        filled["calibrations"].append(calibration(meter))
        filled["readings"] += [*map(dict, monthly(meter, [amount] * 3, (2024, 11), unit))]
        for methodology in (COOLING, LIGHT):
            row = point(methodology, meter, applies_to="Shop")
            filled["points"].append({**row, "parameter": parameter, "share": 0.5})
    cooling, light = calculated(filled).methodologies
    assert cooling.reductions == pytest.approx(27.0 * 0.4 * 0.7, rel=1e-12)
    assert light.reductions == pytest.approx(6.0 * 0.5 * 0.7, rel=1e-12)


# --- reports -----------------------------------------------------------------------------


def test_result_json_names_both_methodologies_and_the_claims_years() -> None:
    said = json.loads(result_json(shop()))
    assert [(m["number"], m["version"]) for m in said["methodologies"]] == [("ID_AM004", "2.0"), ("ID_AM005", "2.0")]
    assert [m["reductions"] for m in said["methodologies"]] == pytest.approx([8.64, 2.4], rel=1e-9)
    assert [y["credited"] for y in said["emission_reductions"]["by_year"]] == [7, 3]
    assert said["emission_reductions"]["credited"] == 10


def test_libreoffice_reaches_the_same_tonnes(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(workbook_report(shop(), "en"))
    book = load_workbook(path)
    book.save(tmp_path / "bare.xlsx")  # without cached values
    anew = load_workbook(recalculate(tmp_path / "bare.xlsx", tmp_path / "anew"), data_only=True)
    rows = [[c.value for c in row] for row in anew["MRS(calc_process)"].iter_rows()]
    start = next(n for n, row in enumerate(rows) if row[0] == "Year")
    years = {str(r[0]): dict(zip(map(str, rows[start]), r, strict=True)) for r in rows[start + 1 : start + 4]}
    # One question is open, so that they are claimed and not yet to be credited.
    assert [years[y]["Claimed (whole tonnes)"] for y in ("2024", "2025", "Total")] == [7, 3, 10]
    assert years["Total"]["Emission reductions"] == pytest.approx(11.04, rel=1e-12)
    assert {row["Check"] for row in years.values()} == {"OK"}


def test_the_workbook_says_of_each_result_whose_it_is(tmp_path: Path) -> None:
    """Three RE, PE and ER stand side by side, and two EC_PJ of a FLOOR-1 on the input sheet."""
    path = tmp_path / "report.xlsx"
    path.write_bytes(workbook_report(shop(), "en"))
    book = load_workbook(path, data_only=True)
    process = {str(c.value) for row in book["MRS(calc_process)"].iter_rows() for c in row}
    assert {f"{n}: emission reductions" for n in ("ID_AM004", "ID_AM005")} < process
    assert "emission reductions of the claim" in process
    monitored = [str(row[3].value) for row in book["MRS(input) 2024"].iter_rows(min_row=6, max_row=7)]
    assert [text.split(": ")[0::2] for text in monitored] == [["ID_AM004", UNIT], ["ID_AM005", UNIT]]


@cache
def rows_on_paper() -> list[str]:
    """The rows of all tables of the PDF, as text."""
    rows = re.findall(r"<tr.*?</tr>", paper_html(shop(), "en"), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


@pytest.mark.parametrize(("number", "formula"), [("ID_AM004", f"{FEEDER} - {LAMPS}"), ("ID_AM005", LAMPS)])
def test_the_report_says_of_each_row_which_methodology_it_is_of(number: str, formula: str) -> None:
    own = [row for row in rows_on_paper() if row.startswith(number)]
    assert any(f"SN-{number}" in row and UNIT in row for row in own), "equipment"
    assert any(formula in row and UNIT in row for row in own), "monitoring point"
    assert any(row.startswith(f"{number} EF") and "0.8" in row for row in own), "default"


def test_constants_that_methodologies_share_stand_once() -> None:
    assert len([row for row in rows_on_paper() if "energy of one MWh 3.6" in row]) == 1
