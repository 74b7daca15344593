"""A claim whose size nothing shows weighs more the larger it is."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.unsupported import _near, _share, unsupported_findings
from support.boiler import boiler
from support.limits import year
from support.results import calculated
from support.workbooks import Rows, calibration, monthly, solar_tables

# Three months of 1,000 kW at 0.5 t/MWh: 360 MWh are 180 t, 480 MWh are 240 t. 91 of 365 days are 0.2493 of a year.
SMALL, LARGE = (100_000.0, 120_000.0, 140_000.0), (133_000.0, 160_000.0, 187_000.0)


def told(values: tuple[float, ...] = LARGE, **tables: Rows) -> list[Finding]:
    result = calculated(tables={"readings": monthly("M-1", values), **tables})
    return [f for f in result.findings if f.code == "result.unsupported"]


def estimate(reductions: float) -> Rows:
    return [{"year": 2024.0, "reductions": reductions, "source": "PDD"}]


def test_without_an_estimate_the_size_of_the_claim_decides() -> None:
    [small], [large] = told(SMALL), told(LARGE)
    assert (small.severity, small.effect_tco2e) == (Severity.MINOR, pytest.approx(180.0))
    assert (large.severity, large.effect_tco2e) == (Severity.MAJOR, pytest.approx(240.0))


@pytest.mark.parametrize(
    ("reductions", "severity"),
    [
        (1e9, Severity.MAJOR),
        (0.0, Severity.MAJOR),
        (-100.0, Severity.MAJOR),
        (2000.0, Severity.MAJOR),  # 498.6 t for the 91 days, 2.08 times the 240 t
        (1900.0, None),  # 473.7 t, 1.97 times
        (490.0, None),  # 122.2 t, of which 240 t are 1.96 times
        (470.0, Severity.MINOR),  # 117.2 t, 2.05 times, but 240 t are half of 470 t
        (240.0, Severity.MINOR),  # may be the estimate of the three months
    ],
)
def test_an_estimate_far_from_the_result_shows_nothing(reductions: float, severity: Severity | None) -> None:
    assert [f.severity for f in told(estimates=estimate(reductions))] == ([severity] if severity else [])


def test_a_small_claim_near_the_estimate_of_the_whole_year_is_left_alone() -> None:
    """180 t of an estimate of 180 t, which may be that of the three months."""
    assert told(SMALL, estimates=estimate(180.0)) == []


def test_a_check_meter_or_invoices_show_the_size() -> None:
    meter = solar_tables()["meters"][0]
    check = {**meter, "meter_id": "C-1", "serial_number": "SN-C-1", "checks": "M-1"}
    readings = [*monthly("M-1", LARGE), *monthly("C-1", LARGE)]
    calibrations = [calibration("M-1"), calibration("C-1")]
    assert told(meters=[meter, check], readings=readings, calibrations=calibrations) == []
    bills: list[dict[str, Any]] = [
        {
            "meter_id": "M-1",
            "start": r["start"],
            "end": r["end"],
            "value": r["value"],
            "unit": "kWh",
            "invoice_no": str(n),
        }
        for n, r in enumerate(monthly("M-1", LARGE))
    ]
    assert told(invoices=bills) == []


def test_only_what_the_meters_add_counts() -> None:
    """Fuel raises ER, the auxiliaries lower it: without both meters nothing is left, so the effect is the whole ER."""
    result = boiler()
    [finding] = [f for f in result.findings if f.code == "result.unsupported"]
    assert finding.severity is Severity.MINOR
    assert finding.effect_tco2e == pytest.approx(result.reductions)


def test_a_project_may_not_lift_the_limit_in_silence() -> None:
    settings = [{"setting": "unsupported.minor", "value": 500.0, "reason": "PDD", "evidence": "D-01"}]
    result = calculated(tables={"readings": monthly("M-1", LARGE), "settings": settings})
    [changed] = [f for f in result.findings if f.code == "settings.changed"]
    assert changed.severity is Severity.MAJOR and "result.unsupported" in changed.message


@pytest.mark.parametrize(
    ("reductions", "estimate", "share", "near"),
    [
        (100.0, 100.0, 1.0, True), (200.0, 100.0, 1.0, True), (200.1, 100.0, 1.0, False), (50.0, 100.0, 1.0, True),
        (49.9, 100.0, 1.0, False), (50.0, 200.0, 0.5, True), (49.9, 200.0, 0.5, False), (1.0, 0.0, 1.0, False),
        (1.0, None, 1.0, False), (0.001, None, 1.0, False), (1.0, -1.0, 1.0, False),
    ],
)  # fmt: skip
def test_near_an_estimate_is_within_twice(reductions: float, estimate: float | None, share: float, near: bool) -> None:
    assert _near(year(reductions, estimate), share) is near


@pytest.mark.parametrize(("days", "share"), [(366, 1.0), (365, 1.0), (73, 0.2), (1, 1 / 365)])
def test_the_share_of_a_year(days: int, share: float) -> None:
    assert _share(year(1.0, days=days)) == pytest.approx(share)


# --- each rule by itself, to the tonne ---------------------------------------------------------------


def years_of(*given: tuple[float, float | None]) -> list[Any]:
    """Whole years from 2024 on: reductions and estimate."""
    return [
        SimpleNamespace(year=2024 + n, reductions=r, estimate=e, start=date(2024 + n, 1, 1), end=date(2024 + n, 12, 31))
        for n, (r, e) in enumerate(given)
    ]


class _Claim:
    """ER by year is what each meter adds to it, times its share."""

    ER = "ER"

    def __init__(self, **added: tuple[float, ...]) -> None:
        self.points = [SimpleNamespace(terms=[SimpleNamespace(meter_id=name)]) for name in added]
        self.values: dict[str, Any] = {f"c{n}": np.ones(1) for n in range(len(added))}
        self.added = {f"c{n}": np.array(by_year) for n, by_year in enumerate(added.values())}
        self.chains = [
            SimpleNamespace(terms=[(0, 0)], points=[point], graph=SimpleNamespace(c=f"c{n}"))
            for n, point in enumerate(self.points)
        ]

    def evaluate(self, changes: Any = None) -> dict[str, Any]:
        shares = self.values | (changes or {})
        return {"ER": sum(by_year * shares[c][0] for c, by_year in self.added.items())}


def said_of(claim: Any, years: list[Any], settings: dict[str, float] | None = None, **beside: Any) -> list[Finding]:
    """What the rule says of a claim with those years; ``beside`` as in a series: what stands beside the meters."""
    given: dict[str, Any] = {"seconds": (), "billed": (), "delivered": (), "checks": {}, **beside}
    series: Any = SimpleNamespace(**given)
    data: Any = SimpleNamespace(project=SimpleNamespace(origin=lambda key: Origin(sheet="Project")))
    return list(unsupported_findings(claim, claim.evaluate(), series, years, data, Settings(settings or {})))


ONE_YEAR, TWO_YEARS = _Claim(M1=(399.6,)), _Claim(M1=(399.6, 199.8))


@pytest.mark.parametrize(
    ("years", "effect", "count", "found"),
    [
        # 1,200 MWh x 0.333 = 399.6 t and half of it
        ([(399.6, None), (199.8, None)], 599.4, 2,
         "2024: 399.600 tCO2e, no estimate; 2025: 199.800 tCO2e, no estimate"),
        ([(399.6, 400.0), (199.8, None)], 199.8, 1, "2025: 199.800 tCO2e, no estimate"),
        ([(399.6, None), (199.8, 399.6)], 399.6, 1, "2024: 399.600 tCO2e, no estimate"),
        ([(399.6, 100.0), (199.8, 399.61)], 599.4, 2,
         "2024: 399.600 tCO2e, estimate 100; 2025: 199.800 tCO2e, estimate 399.61"),
        ([(399.6, None), (0.0, None)], 399.6, 1, "2024: 399.600 tCO2e, no estimate"),
        ([(399.6, None), (-1.0, None)], 399.6, 1, "2024: 399.600 tCO2e, no estimate"),
        ([(399.6, None), (0.0, 400.0)], 399.6, 1, "2024: 399.600 tCO2e, no estimate"),
    ],
)  # fmt: skip
def test_the_years_without_a_useful_estimate(years: Any, effect: float, count: int, found: str) -> None:
    (said,) = said_of(TWO_YEARS, years_of(*years))
    assert said.effect_tco2e == pytest.approx(effect)
    assert (said.data, said.found) == ({"meters": 1, "years": count}, found)
    assert f"{effect:,.3f} tCO2e rest on what M1 counted" in said.message
    assert said.where.sheet == "Project"


def test_years_that_are_supported_or_claim_nothing_say_nothing() -> None:
    assert said_of(TWO_YEARS, years_of((399.6, 400.0), (199.8, 200.0))) == []
    assert said_of(TWO_YEARS, years_of((0.0, None), (-5.0, None))) == []


@pytest.mark.parametrize(("limit", "severity"), [(399.5, Severity.MAJOR), (399.7, Severity.MINOR)])
def test_a_year_is_large_above_the_limit(limit: float, severity: Severity) -> None:
    """2024 has 399.6 t, 2025 half of it: each year for itself is held against the limit, not their sum."""
    years = years_of((399.6, None), (199.8, None))
    (said,) = said_of(TWO_YEARS, years, {"unsupported.minor": limit})
    assert (said.severity, said.effect_tco2e) == (severity, pytest.approx(599.4))


def test_the_estimate_of_the_part_of_a_year_that_the_period_has() -> None:
    """399.6 t in September to December, 122 of 365 days: an estimate of 399.6 t may be of the year or of that part."""
    part = years_of((399.6, 399.6))
    part[0].start = date(2024, 9, 1)
    for limit, said in ((399.7, []), (399.5, [Severity.MINOR])):
        assert [f.severity for f in said_of(ONE_YEAR, part, {"unsupported.minor": limit})] == said
    part[0].estimate = 1000.0  # 334.2 t of it are near, the 1,000 t themselves are not
    assert said_of(ONE_YEAR, part, {"unsupported.minor": 1.0}) == []


ONE, TWO_UNITS = SimpleNamespace(meter_id="M1"), _Claim(M1=(3.2,), M2=(3.2,))


@pytest.mark.parametrize(
    ("beside", "left", "meters"),
    [
        ({}, 6.4, 2),
        ({"seconds": [ONE]}, 3.2, 1),
        ({"billed": [ONE]}, 3.2, 1),
        ({"delivered": [ONE]}, 3.2, 1),
        ({"checks": {"M1": ("C1",)}}, 3.2, 1),
        ({"checks": {"M9": ("C1",)}, "billed": [SimpleNamespace(meter_id="M8")]}, 6.4, 2),
    ],
)
def test_only_meters_with_nothing_beside_them_count(beside: Any, left: float, meters: int) -> None:
    """6.4 t of two units on a meter each; 3.2 t rest on each of them."""
    (said,) = said_of(TWO_UNITS, years_of((6.4, None)), **beside)
    assert (said.effect_tco2e, said.data["meters"]) == (pytest.approx(left), meters)
    both = [ONE, SimpleNamespace(meter_id="M2")]
    assert said_of(TWO_UNITS, years_of((6.4, None)), seconds=both) == []


def test_of_exactly_the_limit_a_year_is_small_and_half_a_tonne_counts() -> None:
    (said,) = said_of(ONE_YEAR, years_of((399.6, None)))
    assert said.effect_tco2e is not None
    (again,) = said_of(ONE_YEAR, years_of((399.6, None)), {"unsupported.minor": said.effect_tco2e})
    assert (said.severity, again.severity) == (Severity.MAJOR, Severity.MINOR)
    (least,) = said_of(_Claim(M1=(0.4995,)), years_of((0.4995, None)))
    assert least.effect_tco2e == pytest.approx(0.4995)


@pytest.mark.parametrize("left", [np.nan, np.inf, 0.0])
def test_what_cannot_be_computed_without_the_meters_is_all_of_it(left: float) -> None:
    claim = _Claim(M1=(6.5,), M2=(0.0,))
    claim.evaluate = lambda changes=None: {"ER": np.array([left if changes else 6.5])}  # type: ignore[method-assign]
    assert [f.effect_tco2e for f in said_of(claim, years_of((6.5, None)))] == [6.5]
    claim.evaluate = lambda changes=None: {"ER": np.array([7.0 if changes else 6.5])}  # type: ignore[method-assign]
    assert said_of(claim, years_of((6.5, None))) == [], "without them ER were higher"
