"""Data gaps of units that begin or end to operate within a month, where ER falls with what they consume."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from jcm_mrv.claim.building import build_claim
from jcm_mrv.findings import Finding, Severity
from jcm_mrv.meters.segments import DataGap
from jcm_mrv.quality.treatment.treating import treat
from jcm_mrv.result import Treatment
from jcm_mrv.time.zones import DAY, HOUR
from support.claims import Sketch
from support.forms import OfUnits, entry

MONTHS = [744, 696, 744, 720, 744, 720, 744, 744, 720, 744, 720, 744]
WHOLE = [float(hours) for hours in MONTHS]  # 1 kWh an hour


def drawn(values: dict[str, list[float | None]], units: dict[str, dict[str, Any]], shared: bool = False) -> Sketch:
    """Units A and B with their meters, or both on A's; the output has a meter of its own."""
    points = [{"parameter": "Q", "meter_id": "Q", "sign": "+"}]
    for name in units:
        share = {"share": 0.5, "share_basis": "test"} if shared else {}
        meter = "A" if shared else name
        points.append({"parameter": "EC", "applies_to": name, "meter_id": meter, "sign": "+", **share})
    return Sketch(
        "T 1",
        equipment=[{"equipment_id": name, **row} for name, row in units.items()],
        points=points,
        fixed=[{"parameter": "EF", "value": 1.0, "unit": "tCO2e/MWh", "document": "D"}],
        monthly={"Q": WHOLE, **values},
        entries=[entry(OfUnits)],
    )


def treated(
    found: Sketch, gaps: list[DataGap] | None = None, expected: dict[tuple[str, int], float] | None = None
) -> tuple[list[Treatment], list[Finding]]:
    """With some data gaps, and other hours in which a meter stood in a month (all of which it was read)."""
    series = found.series()
    coverage = series.coverage
    hours, read = np.array(coverage.expected), np.array(coverage.covered)
    for (meter, month), stood in (expected or {}).items():
        row = coverage.meter_ids.index(meter)
        hours[row, month] = read[row, month] = round(stood * HOUR)
    coverage = replace(coverage, expected=hours, covered=read, data_gaps=tuple(gaps or ()))
    series = replace(series, coverage=coverage)
    claim, faults = build_claim(found.bounds(), found.data(), found.timeline, series)
    assert claim is not None and not faults
    done, findings = treat(claim, series, found.timeline, found.data())
    return list(done.treatments), findings


def none(*months: int) -> list[float | None]:
    return [None if n in months else hours for n, hours in enumerate(WHOLE)]


def gap(found: Sketch, meter: str, month: int, first: float = 0.0, last: float | None = None) -> DataGap:
    """From and to so many days after the first of a month."""
    piece = found.timeline.months[month]
    return DataGap(
        meter, piece.start + round(first * DAY), piece.end if last is None else piece.start + round(last * DAY)
    )


FROM_11_MARCH = {"operation_start": datetime(2024, 3, 11)}


@pytest.mark.parametrize("stated", [False, True])
def test_a_unit_that_begins_within_a_month_lacks_the_rest_of_it(stated: bool) -> None:
    """From 11 March on: 21 days. The meter runs at 1 kWh an hour at most."""
    found = drawn({"A": none(0, 1, 2)}, {"A": FROM_11_MARCH})
    gaps = [gap(found, "A", 2)] if stated else []
    (treatment,), (said,) = treated(found, gaps)
    assert (treatment.month, said.data["missing_hours"]) == ("2024-03", 504)
    assert treatment.correction == pytest.approx(0.504) and treatment.effect_tco2e == pytest.approx(-0.504)
    assert said.data["share_of_month"] == pytest.approx(504 / 744, abs=1e-6) and said.severity is Severity.MAJOR
    assert said.data["at_mean_rate"] == pytest.approx(0.504)


def test_a_unit_that_ends_within_a_month_lacks_what_was_before() -> None:
    found = drawn({"A": none(9, 10, 11)}, {"A": {"operation_end": datetime(2024, 10, 20)}})
    (treatment,), (said,) = treated(found)
    days = said.data["missing_hours"] / 24
    assert days in (19, 20) and treatment.correction == pytest.approx(said.data["missing_hours"] / 1000)
    (other,), _ = treated(drawn({"A": none(9, 10, 11)}, {"A": {"operation_end": datetime(2024, 10, 25)}}))
    assert other.correction - treatment.correction == pytest.approx(5 * 0.024)


def test_a_meter_of_two_units_runs_while_one_of_them_does() -> None:
    """One from 11 March, one from 21 March on: 21 days, not 11."""
    units = {"A": FROM_11_MARCH, "B": {"operation_start": datetime(2024, 3, 21)}}
    found = drawn({"A": none(0, 1, 2)}, units, shared=True)
    (treatment,), (said,) = treated(found)
    assert (treatment.month, said.data["missing_hours"]) == ("2024-03", 504)


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [(10.0, 31.0, 504), (0.0, 20.0, 240), (20.0, None, 264), (5.0, 15.0, 120), (0.0, 10.0, 0), (12.0, 12.5, 12)],
)
def test_only_what_of_a_gap_lies_in_operation_counts(first: float, last: float | None, hours: int) -> None:
    """Read outside of it: what is not covered of the 504 hours from 11 March on."""
    found = drawn({"A": [None, None, 500.0, *WHOLE[3:]]}, {"A": FROM_11_MARCH})
    claim, _ = found.build()
    series = found.series()
    one = gap(found, "A", 2, first, last)
    read = np.array(series.coverage.covered)
    read[series.coverage.meter_ids.index("A"), 2] -= one.end - one.start
    coverage = replace(series.coverage, covered=read, data_gaps=(one,))
    done, findings = treat(claim, replace(series, coverage=coverage), found.timeline, found.data())
    assert [f.data["missing_hours"] for f in findings if f.code == "gaps.month"] == ([hours] if hours else [])
    assert [t.hours for t in done.treatments if t.kind == "gap"] == ([hours] if hours else [])


@pytest.mark.parametrize(
    ("stood", "missing"), [(744.0, None), (743.99, None), (743.98, 0.02), (700.0, 44.0), (0.0, 744.0)]
)
def test_hours_in_which_no_meter_stood_while_its_unit_ran(stood: float, missing: float | None) -> None:
    """A minute is no gap. All that stood was read."""
    found = drawn({"A": [*WHOLE[:11], stood or None]}, {"A": {}})
    treatments, findings = treated(found, expected={("A", 11): stood})
    assert [f.data["missing_hours"] for f in findings] == (
        [] if missing is None else [pytest.approx(missing, abs=1e-3)]
    )
    assert [t.correction for t in treatments] == ([] if missing is None else [pytest.approx(missing / 1000, abs=1e-6)])


@pytest.mark.parametrize(("stood", "missing"), [(504.0, None), (480.0, None), (479.9, 24.1), (400.0, 104.0)])
def test_the_day_on_which_a_unit_begins_may_be_without_a_meter(stood: float, missing: float | None) -> None:
    """504 hours from 11 March on, of which a day and a minute may be lacking."""
    found = drawn({"A": [None, None, stood, *WHOLE[3:]]}, {"A": FROM_11_MARCH})
    _, findings = treated(found, expected={("A", 0): 0.0, ("A", 1): 0.0, ("A", 2): stood})
    assert [f.data["missing_hours"] for f in findings] == (
        [] if missing is None else [pytest.approx(missing, abs=1e-3)]
    )


@pytest.mark.parametrize(
    ("first", "then", "treated_as"),
    [
        # of 744 hours of July: the second stood for 12 days, the first for none or for five
        (0.0, 12.0, [("B", 19 * 24)]),
        (5.0, 12.0, [("A", 14 * 24)]),
        (5.0, 0.0, [("A", 26 * 24)]),
        (19.0, 12.0, []),
    ],
)
def test_between_one_meter_and_the_next_none_stood(first: float, then: float, treated_as: Any) -> None:
    """A to June and B from July on are the unit's, under two names; 1 kWh an hour. All that stood was read."""
    ends = [[*WHOLE[:6], 24 * first or None, *[None] * 5], [*[None] * 6, 24 * then or None, *WHOLE[7:]]]
    found = drawn(dict(zip("AB", ends, strict=True)), {"A": {}})
    found.points.append({"parameter": "EC", "applies_to": "A", "meter_id": "B", "sign": "+"})
    expected = {("A", m): 0.0 for m in range(7, 12)} | {("B", m): 0.0 for m in range(6)}
    treatments, findings = treated(found, expected={**expected, ("A", 6): 24 * first, ("B", 6): 24 * then})
    assert [(t.meter_id, t.month, t.hours) for t in treatments] == [(m, "2024-07", h) for m, h in treated_as]
    assert [t.correction for t in treatments] == pytest.approx([hours / 1000 for _, hours in treated_as])
    assert [f.effect_tco2e for f in findings] == pytest.approx([-hours / 1000 for _, hours in treated_as])
