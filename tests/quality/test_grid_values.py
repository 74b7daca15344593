"""Entered emission factors of grids against published ones."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.quality.grid_values import _Entered, grid_value_findings
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.workbook.row import Cell
from support.boiler import boiler, boiler_tables
from support.claims import air_conditioners

# The boiler's auxiliaries use 2.99 MWh: a lower factor means lower project emissions.
MWH = 2.99
CODES = ("fixed.grid_factor", "fixed.grid_year", "fixed.grid_unshown")


def told(value: float, country: str = "Viet Nam") -> list[Finding]:
    rows = [{**r, "value": value} if r["parameter"] == "EF_grid" else r for r in boiler_tables()["fixed"]]
    result = boiler(tables={"fixed": rows}, project={"country": country})
    return [f for f in result.findings if f.code in CODES]


def test_the_published_factor_of_the_last_year_asks_nothing() -> None:
    assert told(0.6592) == []  # 2023, letter 1726/BDKH-PTCBT


def test_a_factor_that_nobody_published_is_major_where_er_rises() -> None:
    [finding] = told(0.6)
    assert (finding.code, finding.severity) == ("fixed.grid_factor", Severity.MAJOR)
    assert finding.effect_tco2e == pytest.approx(MWH * (0.6592 - 0.6))
    [other] = told(0.7)
    assert (other.code, other.severity) == ("fixed.grid_factor", Severity.MINOR)
    assert other.effect_tco2e == pytest.approx(MWH * (0.6592 - 0.7))


def test_a_factor_differs_from_the_published_one_in_its_fourth_decimal() -> None:
    assert told(0.65924) == []
    assert [f.code for f in told(0.6591)] == ["fixed.grid_factor"]


def test_the_factor_of_another_year_is_minor_where_er_rises_and_nothing_elsewhere() -> None:
    # Electricity only costs here, so 0.8041 of 2020 lowers ER; nothing published is below that of 2023.
    assert told(0.8041) == []


@pytest.mark.parametrize(
    ("value", "limit", "severity"),
    [(0.1, 0.319, Severity.MAJOR), (0.318, 0.319, Severity.MAJOR), (1.3, 1.21, Severity.MINOR)],
)
def test_without_a_table_only_what_plants_are_can_be_said(value: float, limit: float, severity: Severity) -> None:
    [finding] = told(value, "Indonesia")
    assert (finding.code, finding.severity) == ("fixed.grid_factor", severity)
    assert finding.effect_tco2e == pytest.approx(MWH * (limit - value))


@pytest.mark.parametrize("value", [0.7645, 0.8, 1.21])
def test_without_a_table_a_factor_that_costs_er_is_left_alone(value: float) -> None:
    assert told(value, "Indonesia") == []


def test_where_er_rises_with_electricity_the_year_of_a_higher_factor_is_asked_about() -> None:
    """Air conditioners in ratio form: ER is electricity x (COP_PJ / COP_RE - 1) x factor."""
    sketch = air_conditioners()
    sketch.fixed = [{**r, "value": 0.9185} if r["parameter"] == "EF_grid" else r for r in sketch.fixed]
    claim, _ = sketch.build()
    data, evaluation = sketch.data(), claim.evaluate()
    country = replace(data.project, cells={**data.project.cells, "country": Cell("Viet Nam", Origin())})
    [finding] = grid_value_findings(claim, evaluation, replace(data, project=country), sketch.timeline)
    assert (finding.code, finding.severity) == ("fixed.grid_year", Severity.MINOR)
    assert "2016" in finding.message
    # ER is proportional to the factor: of the whole ER the part (0.9185 - 0.6592) / 0.9185 hangs on the year.
    whole = evaluation.scalar(claim.total_ER)
    assert finding.effect_tco2e == pytest.approx(whole * (0.9185 - 0.6592) / 0.9185)


@pytest.mark.parametrize(
    ("value", "times", "severity"),
    [
        (0.32, 0.5, Severity.MINOR),
        (0.32, 1, Severity.MAJOR),
        (0.76, 0.5, None),
        (0.9, 1, None),
        (0.7, 1, None),
    ],
)
def test_a_factor_that_no_table_shows_weighs_as_much_as_hangs_on_it(
    value: float, times: float, severity: Severity | None
) -> None:
    """Of 0.319 and 1.21 the middle is 0.7645; 2.99 MWh x 0.4445 are 14 % of 9.38 t, half of them 6.7 %."""
    base = boiler_tables()
    rows = [{**r, "value": value} if r["parameter"] == "EF_grid" else r for r in base["fixed"]]
    power = [{**r, "value": r["value"] * times} if r["meter_id"] == "E-1" else r for r in base["readings"]]
    result = boiler(tables={"fixed": rows, "readings": power}, project={"country": "Indonesia"})
    said = [f for f in result.findings if f.code in CODES]
    assert [f.severity for f in said] == ([severity] if severity else [])
    for finding in said:
        assert finding.effect_tco2e == pytest.approx(MWH * times * (0.7645 - value))


# --- each rule by itself ------------------------------------------------------------------------------

KNOWN = {2022: 0.8, 2024: 0.7, 2026: 0.6}


def entered(value: float, each: float = 10.0, whole: float = 100.0) -> _Entered:
    """A factor as entered; ER rises by so many tonnes per unit of it, of 100 t in all."""
    own = object.__new__(_Entered)
    own.value, own.place, own.origin = value, (0,), Origin(sheet="Fixed values")
    own.node = SimpleNamespace(symbol="EF_grid", unit="tCO2/MWh")  # type: ignore[assignment]
    own.claim = SimpleNamespace(total_ER="ER", effect_of=lambda n, p, other: each * (value - other))  # type: ignore[assignment]
    own.evaluation = SimpleNamespace(scalar=lambda node: whole)  # type: ignore[assignment]
    return own


def asked(value: float, year: int = 2024, known: Any = KNOWN, **more: float) -> list[Finding]:
    timeline = Timeline.of(date(year, 1, 1), date(year + 1, 12, 31), "Asia/Ho_Chi_Minh")
    table: Any = {at: SimpleNamespace(year=at, value=factor, source=f"letter {at}") for at, factor in known.items()}
    return list(entered(value, **more).findings(table, timeline))


@pytest.mark.parametrize(
    ("value", "year", "code", "effect"),
    [
        # the factor of the period's first year, or of the last year before it, or else the first of all
        (0.7, 2024, "", 0.0), (0.7, 2025, "", 0.0), (0.8, 2023, "", 0.0), (0.8, 2021, "", 0.0), (0.6, 2027, "", 0.0),
        # of another year: a question where ER is higher by it
        (0.8, 2024, "fixed.grid_year", 1.0), (0.6, 2024, "", 0.0), (0.7, 2026, "fixed.grid_year", 1.0),
        # of none: to the last digit that is published
        (0.70005, 2024, "", 0.0), (0.70006, 2024, "fixed.grid_factor", 6e-4), (0.75, 2024, "fixed.grid_factor", 0.5),
        (0.65, 2024, "fixed.grid_factor", -0.5), (0.75, 2021, "fixed.grid_factor", -0.5),
    ],
)  # fmt: skip
def test_a_published_factor_by_its_year(value: float, year: int, code: str, effect: float) -> None:
    found = asked(value, year)
    assert [f.code for f in found] == ([code] if code else [])
    for one in found:
        assert one.effect_tco2e == pytest.approx(effect)
        assert (one.severity is Severity.MINOR) == (code == "fixed.grid_year" or effect < 0)


def test_of_two_years_with_one_factor_the_later_is_named() -> None:
    (found,) = asked(0.8, 2026, {2022: 0.8, 2023: 0.8, 2026: 0.6})
    assert found.message == "EF_grid = 0.8 tCO2/MWh was published for 2023; with that of 2026 ER is lower"
    assert found.found == "0.8 for 2023, 0.6 for 2026 (letter 2026)" and found.data == {"value": 0.8, "year": 2023}
    assert asked(0.8, 2024, {2022: 0.8, 2024: 0.8}) == []


@pytest.mark.parametrize(
    ("value", "each", "said"),
    [
        # the middle of 0.319 to 1.21 is 0.7645; from 5 % of ER on it is asked, from 10 % on it is major
        (0.7644, 100.0, None), (0.8144, 100.0, None), (0.8146, 100.0, ("fixed.grid_unshown", Severity.MINOR)),
        (0.8644, 100.0, ("fixed.grid_unshown", Severity.MINOR)),
        (0.8646, 100.0, ("fixed.grid_unshown", Severity.MAJOR)),
        (0.7, -100.0, ("fixed.grid_unshown", Severity.MINOR)), (1.21, 1.0, None),
        # outside of what fossil plants emit
        (1.2101, 100.0, ("fixed.grid_factor", Severity.MAJOR)), (1.2101, -100.0, ("fixed.grid_factor", Severity.MINOR)),
        (0.3189, 100.0, ("fixed.grid_factor", Severity.MINOR)), (0.3189, -100.0, ("fixed.grid_factor", Severity.MAJOR)),
    ],
)  # fmt: skip
def test_a_factor_that_no_table_shows(value: float, each: float, said: Any) -> None:
    found = asked(value, known={}, each=each)
    assert [(f.code, f.severity) for f in found] == ([said] if said else [])
    if said and said[0] == "fixed.grid_factor":
        assert found[0].effect_tco2e == pytest.approx(each * (value - (1.21 if value > 1 else 0.319)))
    if said and said[0] == "fixed.grid_unshown":
        assert found[0].data["share"] == pytest.approx(each * (value - 0.7645) / 100)
    nothing = asked(0.9, known={}, whole=0.0)
    assert [f.data["share"] for f in nothing] == [1.0]


@pytest.mark.parametrize(
    ("effect", "severity"),
    [(5.0, None), (5.5, Severity.MINOR), (10.0, Severity.MINOR), (10.5, Severity.MAJOR), (math.nan, None)],
)
def test_a_twentieth_and_a_tenth_of_the_reductions(effect: float, severity: Severity | None) -> None:
    """Of 100 t 5 t are no question yet, and 10 t are a minor one."""
    own = entered(0.9)
    own.claim.effect_of = lambda node, place, other: effect  # type: ignore[method-assign, assignment]
    assert [f.severity for f in own._unshown()] == ([severity] if severity else [])


def test_what_moves_er_by_nothing_is_a_small_matter() -> None:
    (found,) = asked(0.75, each=0.0)
    assert (found.code, found.severity, found.effect_tco2e) == ("fixed.grid_factor", Severity.MINOR, 0.0)
    assert asked(0.8, 2024, each=0.0) == []


class Node:
    def __init__(self, symbol: str) -> None:
        self.symbol, self.unit = symbol, "tCO2/MWh"


@pytest.mark.parametrize("country", ["Viet Nam", " Viet Nam "])
def test_only_entered_factors_that_the_claim_needs_are_asked_about(
    country: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of two sources; not what the card states, another factor, or one that nothing needs."""
    grid, of_card, other, idle = Node("EF_grid"), Node("EF_RE_grid"), Node("EF_cap"), Node("EF_RE_grid")
    needed = {grid: np.array([False, True]), of_card: np.array([True]), other: np.array([True])}
    monkeypatch.setattr("jcm_mrv.quality.grid_values.required", lambda roots, evaluation: needed)
    place = Origin(sheet="Fixed values", cell="B7")
    claim: Any = SimpleNamespace(
        roots=lambda: (), bounds=[SimpleNamespace(fixed=[grid, of_card, other, idle])], effect_of=lambda *given: 2.5,
        values={grid: np.array([0.1, 0.2]), of_card: np.array([0.2]), other: np.array([0.2]), idle: np.array([0.2])},
        origins={grid: {(0,): place, (1,): place}, other: {(0,): place}, idle: {(0,): place}},
    )  # fmt: skip
    data: Any = SimpleNamespace(project=SimpleNamespace(country=country))
    timeline = Timeline.of(date(2024, 1, 1), date(2024, 12, 31), "Asia/Ho_Chi_Minh")
    (found,) = grid_value_findings(claim, None, data, timeline)  # type: ignore[arg-type]
    assert (found.data, found.where.cell, found.effect_tco2e) == ({"value": 0.2}, "B7", 2.5)
    claim.origins[of_card] = {(0,): Origin()}
    assert len(list(grid_value_findings(claim, None, data, timeline))) == 1  # type: ignore[arg-type]
