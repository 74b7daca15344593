"""result.json: the contract, its schema, and that unknown is null."""

from __future__ import annotations

import copy
import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from jcm_mrv.reporting.result_json import number, result_json, schema_text
from jcm_mrv.result import Result
from support import results

SCHEMA: dict[str, Any] = json.loads(schema_text())
VALIDATOR = Draft202012Validator(SCHEMA)
CASES = [results.solar, results.solar_with_hole, results.two_years, results.units, results.indicative]


def read(result: Result) -> Any:
    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON number")

    return json.loads(result_json(result).decode("utf-8"), parse_constant=refuse)


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("case", CASES, ids=lambda f: f.__name__)
def test_every_result_is_valid(case: Callable[[], Result]) -> None:
    assert [e.message for e in VALIDATOR.iter_errors(read(case()))] == []


def test_the_numbers_are_those_of_the_plant() -> None:
    data = read(results.solar())
    # (100 + 120 + 140) MWh x 0.5 tCO2e/MWh = 180 t
    er = data["emission_reductions"]
    assert (er["unit"], er["credited"]) == ("tCO2e", 180)
    assert math.isclose(er["reductions"], 180.0, rel_tol=1e-12)
    assert er["by_year"][0]["estimate"] == 170.0
    assert data["monitoring_period"] == {"start": "2024-01-01", "end": "2024-03-31"}
    assert data["inputs"][0]["path"] == "monitoring.xlsx"


def test_years_add_up_to_the_total() -> None:
    er = read(results.two_years())["emission_reductions"]
    assert [(y["year"], y["credited"], y["start"], y["end"]) for y in er["by_year"]] == [
        (2024, 3, "2024-10-01", "2024-12-31"),
        (2025, 7, "2025-01-01", "2025-07-31"),
    ]
    assert er["credited"] == 10
    assert er["by_year"][0]["estimate"] is None


def test_an_indicative_result_credits_nothing() -> None:
    data = read(results.indicative())
    assert data["indicative"] is True
    assert data["emission_reductions"]["credited"] is None
    assert all(y["credited"] is None for y in data["emission_reductions"]["by_year"])
    assert data["emission_reductions"]["reductions"] > 0
    assert data["methodologies"][0]["confirmed"] is False


def test_a_parameter_carries_where_it_came_from() -> None:
    parameters = {(p["symbol"], p["role"]): p for p in read(results.solar())["parameters"]}
    factor = parameters["EF_RE_grid", "default"]
    assert (factor["value"], factor["unit"], factor["project_value"]) == (0.5, "tCO2/MWh", 0.5)
    assert (factor["document"], factor["page"], factor["evidence"]) == ("D-01", "3", "project document")
    assert factor["origin"]["sheet"] == "Fixed values"
    measured = parameters["EG", "monitored"]
    assert measured["index"] == {"equipment": "PV-1", "period": "2024"}
    assert (measured["formula"], measured["meters"]) == ("M-1", ["M-1"])
    assert math.isclose(measured["value"], 360.0, rel_tol=1e-12)


def test_a_treatment_says_what_it_did() -> None:
    data = read(results.solar_with_hole())
    assert [(t["meter_id"], t["month"]) for t in data["treatments"]] == [("M-1", "2024-02")]
    assert data["treatments"][0]["hours"] == 29 * 24
    assert any(f["code"] == "gaps.month" and f["where"] for f in data["findings"])


def test_what_is_unknown_is_null() -> None:
    result = replace(results.solar(), years=[replace(results.solar().years[0], estimate=math.nan)])
    assert read(result)["emission_reductions"]["by_year"][0]["estimate"] is None
    assert [number(v) for v in (math.nan, math.inf, -math.inf, None)] == [None] * 4
    assert str(number(-0.0)) == "0.0"


def test_numbers_read_back_as_the_same_float() -> None:
    result = results.units()
    assert read(result)["emission_reductions"]["reductions"] == result.reductions


FAULTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "an unknown entry": lambda d: d.update(extra=1),
    "no inputs": lambda d: d["inputs"].clear(),
    "credited is not whole": lambda d: d["emission_reductions"].update(credited=179.5),
    "a short hash": lambda d: d["inputs"][0].update(sha256="abc"),
    "a severity that does not exist": lambda d: d.update(findings=[{**FINDING, "severity": "fatal"}]),
    "an unknown entry in a parameter": lambda d: d["parameters"][0].update(colour="red"),
    "a default without its card value": lambda d: default_of(d).pop("card_value"),
    "a monitored parameter without formula": lambda d: d["parameters"][0].pop("formula"),
    "an absolute path": lambda d: d["parameters"][0]["origin"].update(file="/home/somebody/monitoring.xlsx"),
    "a number as text": lambda d: d["emission_reductions"].update(reductions="180"),
}
FINDING = {
    "code": "gaps.month",
    "severity": "major",
    "message": "m",
    "where": None,
    "found": "",
    "action": "",
    "data": {},
    "effect_tco2e": None,
}


def default_of(data: dict[str, Any]) -> dict[str, Any]:
    return next(p for p in data["parameters"] if p["role"] == "default")


@pytest.mark.parametrize("fault", FAULTS)
def test_the_schema_refuses(fault: str) -> None:
    data = copy.deepcopy(read(results.solar()))
    assert VALIDATOR.is_valid(data)
    FAULTS[fault](data)
    assert not VALIDATOR.is_valid(data)


def test_every_kind_of_treatment_keeps_the_schema() -> None:
    """What a method calls its treatments is one of the words of the schema, whoever adds a method."""
    sources = (Path(__file__).parents[2] / "jcm_mrv" / "quality" / "treatment").glob("*.py")
    kinds = {kind for path in sources for kind in re.findall(r'^    kind = "([^"]+)"$', path.read_text("utf-8"), re.M)}
    assert "samples" in kinds
    assert kinds <= set(SCHEMA["$defs"]["treatment"]["properties"]["kind"]["enum"])
