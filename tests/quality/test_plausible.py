"""A slip of a unit, a factor or a sign shows in the size of the result."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding, InputRefusedError
from jcm_mrv.origin import Origin
from jcm_mrv.quality.plausible import against_estimates, negative_years
from jcm_mrv.quality.settings import DEFAULTS
from support.boiler import boiler, boiler_tables
from support.claims import rows_of
from support.limits import codes, year
from support.workbooks import Rows, monthly, solar_tables, solar_workbook


def found(path: Path, prefix: str, **tables: Rows) -> list[Finding]:
    result = calculate_file(solar_workbook(path / "m.xlsx", tables=tables))
    return [f for f in result.findings if f.code.startswith(prefix) and f.code != "result.unsupported"]


def estimated(reductions: float) -> Rows:
    return [{"year": 2024.0, "reductions": reductions}]


@pytest.mark.parametrize(
    ("estimate", "code", "severity"),
    [
        (149.0, "result.above_estimate", "major"),  # 180 t are 1.208 times 149 t
        (151.0, "", ""),  # 1.192 times
        (359.0, "", ""),  # 0.501 times
        (361.0, "result.below_estimate", "minor"),  # 0.499 times
    ],
)
def test_far_from_the_estimate(tmp_path: Path, estimate: float, code: str, severity: str) -> None:
    """By hand: 360 MWh x 0.5 t/MWh = 180 t."""
    findings = found(tmp_path, "result.", estimates=estimated(estimate))
    assert [(f.code, str(f.severity)) for f in findings] == ([(code, severity)] if code else [])


def test_a_project_may_set_how_far_it_may_be(tmp_path: Path) -> None:
    """180 t are 1.208 times 149 t: named by default, not where 1.3 times is allowed; 0.499 times where 0.4 is."""
    for name, value, estimate in (("most", 1.3, 149.0), ("least", 0.4, 361.0)):
        settings = [{"setting": f"plausible.{name}_of_estimate", "value": value, "reason": "new line, PDD 1.1"}]
        assert found(tmp_path, "result.", estimates=estimated(estimate), settings=settings) == []


@pytest.mark.parametrize(("factor", "named"), [(1000.0, "1,000"), (3.6, "3.6"), (2.0, "")])
def test_a_factor_of_a_wrong_unit_is_named(tmp_path: Path, factor: float, named: str) -> None:
    [finding] = found(tmp_path, "result.", estimates=estimated(180.0 / factor))
    assert (f"near the factor {named} of a wrong unit" in finding.message) == bool(named)
    assert finding.data["ratio"] == pytest.approx(factor)


def test_without_an_estimate_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    assert found(tmp_path, "result.") == []


def test_a_wrong_sign_makes_a_parameter_negative(tmp_path: Path) -> None:
    points: list[dict[str, Any]] = [{**solar_tables()["points"][0], "sign": "-"}]
    [finding] = found(tmp_path, "points.", points=points)
    assert finding.code == "points.negative"
    assert finding.data["value"] == pytest.approx(-360.0)
    assert finding.where.sheet == "Monitoring points"


def test_single_negative_readings_are_no_negative_parameter(tmp_path: Path) -> None:
    assert found(tmp_path, "points.", readings=monthly("M-1", [-1.0, 120_000.0, 140_000.0])) == []


def test_a_load_with_the_wrong_sign_is_refused() -> None:
    """Auxiliaries of 2,990 kWh with Sign -: -2.99 MWh would add 2 x 2.99 x 0.8 = 4.8 t."""
    points = [{**row, "sign": "-"} if row["meter_id"] == "E-1" else row for row in boiler_tables()["points"]]
    with pytest.raises(InputRefusedError) as refused:
        boiler(tables={"points": points})
    [finding] = [f for f in refused.value.findings if f.code == "points.negative"]
    assert finding.data["value"] == pytest.approx(-2.99)
    assert (finding.where.sheet, "E-1" in finding.found) == ("Monitoring points", True)


@pytest.mark.parametrize(
    ("reductions", "row", "said"),
    [
        (120.0, {"reductions": 100.0}, []),
        (120.1, {"reductions": 100.0}, ["above_estimate"]),
        (50.0, {"reductions": 100.0}, []),
        (49.9, {"reductions": 100.0}, ["below_estimate"]),
        (0.0, {"reductions": 100.0}, ["below_estimate"]),
        (-1.0, {"reductions": 100.0}, []),
        (50.0, {"reductions": 0.0}, ["value"]),
        (50.0, {"reductions": -5.0}, ["value"]),
        # by its sides: 300 - 190 - 10; tonnes of a PDD are whole
        (120.0, {"reductions": 101.5, "reference": 300.0, "project": 190.0, "leakage": 10.0}, []),
        (120.1, {"reductions": 101.5, "reference": 300.0, "project": 190.0, "leakage": 10.0}, ["above_estimate"]),
        (100.0, {"reductions": 101.6, "reference": 300.0, "project": 190.0, "leakage": 10.0}, ["sides"]),
        (100.0, {"reductions": 98.4, "reference": 300.0, "project": 200.0}, ["sides"]),
        (100.0, {"reductions": 101.5, "reference": 300.0, "project": 200.0}, []),
        (100.0, {"reductions": 98.5, "reference": 300.0, "project": 200.0}, []),
        # where nothing is left by its sides they are no estimate
        (100.0, {"reductions": 100.0, "reference": 200.0, "project": 200.0}, []),
        (100.0, {"reductions": 100.0, "reference": 200.0, "project": 195.0, "leakage": 10.0}, []),
    ],
)
def test_a_year_against_its_estimate(reductions: float, row: dict[str, Any], said: list[str]) -> None:
    rows = rows_of("estimates", [{"year": "2024", **row}])
    data: Any = SimpleNamespace(estimates=rows)
    assert codes(against_estimates([year(reductions, row["reductions"])], data, DEFAULTS)) == said


def test_a_year_without_its_estimate_is_compared_with_nothing() -> None:
    """The row of another year, or one that states the sides alone: that it is missing has a finding of its own."""
    for stated, row, estimate in (
        ("2025", {"reductions": 1.0}, 1.0),
        ("2024", {"reference": 9.0, "project": 8.0}, None),
    ):
        data: Any = SimpleNamespace(estimates=rows_of("estimates", [{"year": stated, **row}]))
        assert against_estimates([year(100.0, estimate)], data, DEFAULTS) == []


@pytest.mark.parametrize(("leakage", "words"), [(None, "project emissions;"), (10.0, "project emissions and leakage;")])
def test_the_sides_of_an_estimate_are_named(leakage: float | None, words: str) -> None:
    row = {"year": "2024", "reductions": 95.0, "reference": 300.0, "project": 200.0, "leakage": leakage}
    data: Any = SimpleNamespace(estimates=rows_of("estimates", [row]))
    (found,) = against_estimates([year(80.0, 95.0)], data, DEFAULTS)
    assert words in found.message
    sides = 100.0 - (leakage or 0.0)
    assert found.data["sides"] == sides and f"by its sides {sides:g} tCO2e" in found.found


@pytest.mark.parametrize(
    ("ratio", "named"),
    [(3.6 * 1.28, "3.6"), (3.6 * 1.29, ""), (1000 * 1.28, "1,000"), (1 / 128.0, "100"), (1 / 129.0, "")],
)
def test_the_factor_of_a_wrong_unit_is_named_within_a_quarter(ratio: float, named: str) -> None:
    data: Any = SimpleNamespace(estimates=rows_of("estimates", [{"year": "2024", "reductions": 100.0}]))
    (found,) = against_estimates([year(100 * ratio, 100.0)], data, DEFAULTS)
    assert ("near the factor" in found.message) == bool(named) and f"factor {named}" in found.message + "factor "


def test_a_negative_year_is_said() -> None:
    data: Any = SimpleNamespace(project=SimpleNamespace(origin=lambda key: Origin(cell=key)))
    found = negative_years([year(0.0), year(-0.001), year(5.0)], data)
    assert [f.data["reductions"] for f in found] == [-0.001]
