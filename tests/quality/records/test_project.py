"""What stands on Project, Estimates and Team, and what the cards say of the country and the day of adoption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.quality.records.project import (
    adoption_findings,
    country_findings,
    crediting_findings,
    project_findings,
)
from support.claims import record, rows_of, solar
from support.records import cell

PRINTED: dict[str, Any] = {
    "location": "a roof",
    "participants": "a plant",
    "focal_point": "its owner",
    "operation_start": date(2023, 1, 1),
    "pdd": "PDD 1",
    "prepared_by": "a person",
}
CHIEF = {"name": "A", "role": "manager"}


def of_project(
    estimates: Sequence[int] = (2023, 2024), team: Sequence[dict[str, str]] = (CHIEF,), **fields: Any
) -> list[Finding]:
    """Of a period from December 2023 to November 2024."""
    sketch = solar(start=date(2023, 12, 1), end=date(2024, 11, 30))
    data = replace(
        sketch.data(),
        project=record("project", 2, {**PRINTED, **fields}),
        estimates=[record("estimates", n, {"year": str(year)}) for n, year in enumerate(estimates)],
        team=rows_of("team", team),
    )
    return list(project_findings(data, sketch.timeline))


def test_a_complete_project_is_no_question() -> None:
    assert of_project() == []


@pytest.mark.parametrize(
    ("estimates", "missing", "found", "severity"),
    [
        ((2024,), ["2023"], "only 2024", Severity.MAJOR),
        ((2025, 2023), ["2024"], "only 2023, 2025", Severity.MAJOR),
        ((), ["2023", "2024"], "no row", Severity.MINOR),
    ],
)
def test_each_year_has_an_estimate(estimates: Any, missing: list[str], found: str, severity: Severity) -> None:
    said = of_project(estimates)
    assert [f.message for f in said] == [
        f"there is no ex ante estimate of {year}: a result that is far from it could not be noticed" for year in missing
    ]
    assert {(f.severity, f.found, f.where.sheet) for f in said} == {(severity, found, "Estimates")}


@pytest.mark.parametrize(
    ("team", "named"),
    [
        ((), False),
        (({"name": " ", "role": ""},), False),
        (({"name": "A"},), True),
        (({"role": "manager"},), True),
        (({"name": ""}, {"role": "manager"}), True),
    ],
)
def test_somebody_is_responsible(team: Any, named: bool) -> None:
    assert [f.message for f in of_project(team=team)] == ([] if named else ["the sheet Team names nobody"])


def test_blank_fields_are_told_at_the_first() -> None:
    (finding,) = of_project(focal_point=None, pdd="")
    assert finding.message == "left blank: Focal point, Project design document"
    assert finding.where.cell == cell("project", "focal_point", 2)


@pytest.mark.parametrize(
    ("adopted", "before"),
    [("2024-05-01", False), ("2024-05-02", True), ("2024-04-30", False), ("", False)],
)
def test_a_period_that_begins_before_the_methodology_was_adopted(adopted: str, before: bool) -> None:
    sketch = solar(start=date(2024, 5, 1))
    (bound,) = sketch.bounds()
    card = replace(bound.entry.card, adopted=adopted)
    bound = replace(bound, entry=replace(bound.entry, card=card))
    said = list(adoption_findings([bound], sketch.data(), sketch.timeline))
    assert [(f.message, f.found, f.where.cell) for f in said] == [
        (
            "the monitoring period begins before VN_AM007 1.0 was adopted (2024-05-02)",
            "2024-05-01",
            cell("project", "period_start", 2),
        )
    ] * before


@pytest.mark.parametrize(("country", "other"), [("Viet Nam", False), (" ", False), ("Laos", True)])
def test_a_methodology_of_another_country(country: str, other: bool) -> None:
    sketch = solar()
    data = replace(sketch.data(), project=record("project", 2, {"country": country}))
    assert [(f.message, f.found) for f in country_findings(sketch.bounds(), data)] == [
        (
            "VN_AM007 1.0 is approved for Viet Nam, and the project is carried out in Laos",
            "Laos; VN_AM007 1.0: Viet Nam",
        )
    ] * other


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (date(2024, 1, 1), date(2024, 12, 31), []),
        (date(2024, 1, 2), date(2024, 12, 31), ["crediting_start"]),
        (date(2024, 1, 2), date(2024, 12, 30), ["crediting_start", "crediting_end"]),
        (date(2024, 7, 1), date(2024, 7, 1), ["crediting_start", "crediting_end"]),
        (None, date(2024, 12, 30), ["crediting_end"]),
        (date(2024, 1, 2), None, ["crediting_start"]),
        (None, None, []),
    ],
)
def test_days_outside_the_crediting_period(start: date | None, end: date | None, said: list[str]) -> None:
    """The claim is of 2024, its last day included."""
    sketch = solar()
    days = {"crediting_start": start, "crediting_end": end}
    data = replace(sketch.data(), project=record("project", 2, days))
    found = list(crediting_findings(data, sketch.timeline))
    assert [f.where.cell for f in found] == [cell("project", key, 2) for key in said]
    assert [f.data["day"] for f in found] == [
        str({"crediting_start": start, "crediting_end": end}[key]) for key in said
    ]
    words = {"crediting_start": "begins before", "crediting_end": "ends after"}
    assert [f.message for f in found] == [
        f"the monitoring period {words[key]} the crediting period: what was reduced there earns no credit"
        for key in said
    ]
    assert {f.found for f in found} <= {
        f"monitoring period 2024-01-01 to 2024-12-31, crediting period {start or '?'} to {end or '?'}"
    }


def test_a_crediting_period_that_ends_before_it_begins_is_told_alone() -> None:
    sketch = solar()
    days = {"crediting_start": date(2024, 7, 1), "crediting_end": date(2024, 6, 30)}
    data = replace(sketch.data(), project=record("project", 2, days))
    (finding,) = crediting_findings(data, sketch.timeline)
    assert (finding.code, finding.found) == ("project.crediting_period", "2024-07-01 to 2024-06-30")
    assert finding.where.cell == cell("project", "crediting_end", 2)
