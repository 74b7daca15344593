"""A meter that is subtracted beside what it is taken from: the boiler's auxiliaries of 2.99 MWh, less 1.5 MWh of L.

What is taken off them lowers project emissions: 1.5 MWh x 0.8 tCO2/MWh = 1.2 t more.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from jcm_mrv.findings import Finding, Severity
from support.boiler import boiler, boiler_tables
from support.workbooks import calibration, monthly


def findings(below: Mapping[str, str], sign: str = "-") -> list[Finding]:
    """The findings with the column Below of the meters E-1, L and MAIN."""
    base = boiler_tables()
    power = base["meters"][1]
    meters = [
        base["meters"][0],
        *(
            {**power, "meter_id": m, "serial_number": f"SN-{m}", "below": below.get(m, "")}
            for m in ("E-1", "L", "MAIN")
        ),
    ]
    tables = {
        "meters": meters,
        "calibrations": [*base["calibrations"], calibration("L"), calibration("MAIN")],
        "points": [*base["points"], {**base["points"][1], "meter_id": "L", "sign": sign}],
        "readings": [*base["readings"], *monthly("L", [500.0] * 3), *monthly("MAIN", [9000.0] * 3)],
    }
    return [f for f in boiler(tables=tables).findings if f.code == "tree.subtracted_beside"]


@pytest.mark.parametrize("below", [{"E-1": "grid", "L": "grid"}, {"E-1": "MAIN", "L": "MAIN", "MAIN": "grid"}])
def test_what_hangs_beside_was_never_in_it(below: Mapping[str, str]) -> None:
    [finding] = findings(below)
    assert finding.severity is Severity.MAJOR
    assert finding.effect_tco2e == pytest.approx(1.5 * 0.8)


@pytest.mark.parametrize(
    "below",
    [
        {"E-1": "grid", "L": "E-1"},
        {"E-1": "grid", "MAIN": "E-1", "L": "MAIN"},
        {"E-1": "L", "L": "grid"},  # an export above an import
        {"L": "E-1"},
    ],
)
def test_what_hangs_below_or_above_is_not_asked(below: Mapping[str, str]) -> None:
    assert findings(below) == []


@pytest.mark.parametrize("below", [{}, {"E-1": "grid"}, {"L": "grid"}])
def test_where_nobody_says_that_it_hangs_below_it_is_the_same_question(below: Mapping[str, str]) -> None:
    [finding] = findings(below)
    assert (finding.severity, finding.effect_tco2e) == (Severity.MAJOR, pytest.approx(1.5 * 0.8))
    assert "does not say" in finding.message


def test_what_is_added_is_no_matter_of_it() -> None:
    assert findings({"E-1": "grid", "L": "grid"}, sign="+") == []
