"""Leakage as a result: through cases, checks, JSON, Excel, page and terminal; nothing of it where there is none."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from jcm_mrv.cli.calculate import summary
from jcm_mrv.conformance import conformance
from jcm_mrv.conformance.cases import Case, calculate_case, package_cases
from jcm_mrv.conformance.conformance import examine
from jcm_mrv.conformance.methodology_checks import (
    expectation_problems,
    result_problems,
    typeset_problems,
)
from jcm_mrv.conformance.official_checks import recalculated_problems
from jcm_mrv.methodology.base import Methodology, MethodologyError
from jcm_mrv.methodology.catalogue import Entry, catalogue
from jcm_mrv.methodology.declare import equipment, monitored, result
from jcm_mrv.quantities.expression import total
from jcm_mrv.reporting.document.page import report_page
from jcm_mrv.reporting.document.templating import visible_text
from jcm_mrv.reporting.excel.report import workbook_report
from jcm_mrv.reporting.result_json import result_json, schema_text
from jcm_mrv.result import Result
from support.libreoffice import recalculate
from support.packages import installed

PACKAGE = Path(__file__).parents[1] / "data" / "packages" / "fuel_switch"
SCHEMA = Draft202012Validator(json.loads(schema_text()))


@pytest.fixture(scope="module")
def entry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entry]:
    folder = tmp_path_factory.mktemp("outside") / "fuel_switch"
    shutil.copytree(PACKAGE, folder / "fuel_switch")
    sys.modules.pop("fuel_switch", None)
    with installed(folder):
        yield catalogue().find("XX_AM950")


@pytest.fixture(scope="module")
def case(entry: Entry) -> Case:
    [one] = package_cases(entry)
    return one


@pytest.fixture(scope="module")
def calculated(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """By hand on the case: 94.6 - 8 - 4 = 82.6 t in 2024 and 189.2 - 16 - 8 = 165.2 t in 2025."""
    return calculate_case(case, tmp_path_factory.mktemp("case"))


def test_it_passes_every_check(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conformance, "typeset_problems", partial(typeset_problems, drawn=False))
    *outcomes, last = examine(entry)
    assert {o.check: (o.status, o.reasons) for o in outcomes if o.status != "pass"} == {}
    assert last.check == "only a second source can tell"


def test_the_result_and_its_json(calculated: Result) -> None:
    assert calculated.leakage == pytest.approx(12.0, rel=1e-12)
    assert calculated.credited == 82 + 165
    data = json.loads(result_json(calculated))
    SCHEMA.validate(data)
    assert data["emission_reductions"]["leakage"] == pytest.approx(12.0)
    assert [y["leakage"] for y in data["emission_reductions"]["by_year"]] == pytest.approx([4.0, 8.0])
    assert data["methodologies"][0]["leakage"] == pytest.approx(12.0)


def test_the_live_formulas_deduct_it(calculated: Result, tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    report.write_bytes(workbook_report(calculated, "en"))
    assert recalculated_problems("leakage", calculated, recalculate(report, tmp_path / "done")) == []
    wrong = replace(calculated, years=tuple(replace(y, leakage=(y.leakage or 0) + 1) for y in calculated.years))
    assert {
        "Leakage" in p.text for p in recalculated_problems("leakage", wrong, tmp_path / "done" / "report.xlsx")
    } == {True}


def test_page_and_terminal_show_it(calculated: Result) -> None:
    text = visible_text(report_page(calculated, "en").decode())
    assert "Reference emissions" in text and "Leakage" in text
    lines = summary(calculated).splitlines()
    assert any(line.split()[:5] == ["Year", "Reference", "Project", "Leakage", "Reductions"] for line in lines)
    assert any(line.startswith("2025") and line.split()[3].startswith("8.0") for line in lines)


def test_a_case_must_state_it_and_only_where_it_is(case: Case, calculated: Result) -> None:
    silent = replace(case, expected=tuple(replace(y, leakage=None) for y in case.expected))
    assert "[[expected]] has no leakage" in result_problems(silent, calculated)[0].text
    assert "RE and PE give 86.6" in expectation_problems(silent)[0].text
    without = replace(calculated, years=tuple(replace(y, leakage=None) for y in calculated.years))
    assert "leakage is expected, and there is no LE" in result_problems(case, without)[0].text


def test_a_claim_of_two_sums_the_leakage_of_the_one_that_has_it(case: Case, tmp_path: Path) -> None:
    """Beside it 10 MWh of sun at 0.333 tCO2/MWh = 3.33 t in 2024: 82.6 + 165.2 + 3.33 t, and LE stays 12 t."""
    result = _with_solar(case, tmp_path)
    assert result.leakage == pytest.approx(12.0) and result.reductions == pytest.approx(82.6 + 165.2 + 3.33)
    assert [m.leakage for m in result.methodologies] == [pytest.approx(12.0), None]
    data = json.loads(result_json(result))
    SCHEMA.validate(data)
    assert "leakage" not in data["methodologies"][1]
    report = tmp_path / "report.xlsx"
    report.write_bytes(workbook_report(result, "en"))
    assert recalculated_problems("two", result, recalculate(report, tmp_path / "done")) == []


def test_without_leakage_nothing_names_it(tmp_path: Path) -> None:
    solar = catalogue().find("VN_AM007")
    case = next(c for c in package_cases(solar) if c.card == solar.card.id)
    result = calculate_case(case, tmp_path)
    assert result.leakage is None and result.claim.LE is None
    assert "leakage" not in json.dumps(json.loads(result_json(result))["emission_reductions"])
    assert "Leakage" not in summary(result) + visible_text(report_page(result, "en").decode())


def test_leakage_that_stands_in_project_emissions_too_does_not_load() -> None:
    Q = monitored("amount", unit="tCO2e", per=equipment, symbol="Q")
    L = result(total(Q, over=equipment), "leakage", symbol="LE")
    with pytest.raises(MethodologyError, match="LE stands in PE and would count twice"):

        class Twice(Methodology):
            RE = result(total(Q, over=equipment) * 3, "reference emissions")
            LE = L
            PE = result(total(Q, over=equipment) + L, "project emissions")
            ER = result(RE - PE - LE, "emission reductions")


def _with_solar(case: Case, folder: Path) -> Result:
    from datetime import date, datetime

    from jcm_mrv.calculation import calculate_file
    from jcm_mrv.methodology.template import template_methods
    from jcm_mrv.workbook.template.writing import write_workbook

    meters, points, readings = [], [], []
    amounts = [(row["parameter"], row["unit"], "XX_AM950 1.0", "B-1", row["by_year"]) for row in case.monitored]
    amounts.append(("EG", "MWh", "VN_AM007 1.0", "PV-1", {"2024": 10.0, "2025": 0.0}))
    for parameter, unit, methodology, place, by_year in amounts:
        meter = f"M-{parameter}"
        meters.append({"meter_id": meter, "unit": unit, "transformer_factor": 1})
        points.append(
            {"methodology": methodology, "parameter": parameter, "applies_to": place, "meter_id": meter, "sign": "+"}
        )
        for year, value in by_year.items():
            span = {"start": datetime(int(year), 1, 1), "end": datetime(int(year) + 1, 1, 1)}
            readings.append({"meter_id": meter, "kind": "energy", **span, "value": value, "unit": unit})
    path = folder / "monitoring.xlsx"
    write_workbook(
        path,
        template_methods(["XX_AM950", "VN_AM007"]),
        {
            "title": "Two methodologies (illustrative)",
            "country": "Viet Nam",
            "period_start": date(2024, 1, 1),
            "period_end": date(2025, 12, 31),
            "time_zone": "Asia/Ho_Chi_Minh",
            "report_date": date(2025, 12, 31),
        },
        {
            "equipment": [
                {"equipment_id": "B-1", "methodology": "XX_AM950 1.0"},
                {"equipment_id": "PV-1", "methodology": "VN_AM007 1.0", "connection": "grid"},
            ],
            "meters": meters,
            "points": points,
            "readings": readings,
        },
    )
    return calculate_file(path)
