"""A check meter in a monitoring point: what it counts is what the meter counts that it checks."""

from __future__ import annotations

from dataclasses import replace

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.quality.records.check_meters import check_meter_findings
from support.claims import air_conditioners, rows_of
from support.records import cell


def said(checks: dict[str, str | None], *points: tuple[str, str]) -> list[Finding]:
    """By meter which other it checks, and the meters of the monitoring points with their signs."""
    meters = rows_of("meters", [{"meter_id": name, "checks": other} for name, other in checks.items()])
    rows = rows_of("points", [{"meter_id": name, "sign": sign} for name, sign in points])
    return list(check_meter_findings(replace(air_conditioners().data(), meters=meters, points=rows)))


def test_beside_the_meter_that_it_checks_it_blocks() -> None:
    (finding,) = said({"M": None, "C": " M "}, ("M", "+"), ("C", "-"))
    assert finding.severity is Severity.ERROR and finding.where.cell == cell("points", "meter_id", 3)
    assert finding.message == (
        "meter C is the check meter of M, and both are in monitoring points: the metered quantity would count twice"
    )
    assert finding.found == "C with sign -" and finding.action.startswith("Take C out of the monitoring points; or")


def test_in_place_of_the_meter_that_it_checks_it_is_a_question() -> None:
    (finding,) = said({"M": None, "C": "M"}, ("L", "+"), ("C", "+"))
    assert finding.severity is Severity.MAJOR and finding.message == "meter C is the check meter of M and counts for it"
    assert finding.action.startswith("Let M count, as in the PDD")


def test_each_is_told_once_and_others_not() -> None:
    assert [f.where.cell for f in said({"C": "M", "D": "M"}, ("C", "+"), ("C", "+"), ("D", "+"))] == [
        cell("points", "meter_id", 2),
        cell("points", "meter_id", 4),
    ]
    assert said({"M": None, "C": "M", "X": " "}, ("M", "+"), ("X", "+")) == []
