"""The field Previous version: what it names has to be an earlier version of this report, of the same days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.quality.records.previous import _days_without, previous_findings
from jcm_mrv.workbook.records import PreviousVersion
from support.claims import record, solar
from support.records import cell

FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
OWN = {"title": "Roof", "reference_number": "VN1", "report_version": "2.0", "previous_version": "v1.zip"}
STATED = {"title": "Roof", "reference_number": "VN1", "report_version": "1.0"}


def found(
    project: Mapping[str, Any] | None = None,
    stated: Mapping[str, Any] | None = STATED,
    days: tuple[str, str] = ("2024-01-01", "2024-12-31"),
    version: str = "1.0",
    known: bool = True,
) -> list[Finding]:
    """What is said of version 2 of a report for 2024, by fields of Project and what the version before states.

    ``known`` is whether the methodologies of this report are.
    """
    sketch = solar()
    form = record("project", 2, {**OWN, "period_start": FIRST, "period_end": LAST, **(project or {})})
    before = {
        "project": stated,
        "methodologies": [{"number": "VN_AM007", "version": version}],
        "monitoring_period": {"start": days[0], "end": days[1]},
    }
    previous = None if stated is None else PreviousVersion("v1.zip", "0" * 64, before)
    data = replace(sketch.data(), project=form, previous=previous)
    return list(previous_findings(sketch.bounds() if known else (), data))


def test_the_version_before_of_the_same_report_is_no_question() -> None:
    assert found() == []
    assert found({"reference_number": " vn1 "}) == []
    assert found({"title": "Another title"}) == []  # the reference number says which project it is
    untitled = {"title": "Roof", "report_version": "1.0"}
    assert found({"title": "ROOF", "reference_number": "VN1"}, untitled) == []  # it had no number yet


@pytest.mark.parametrize(
    ("version", "named", "said"),
    [("2.0", "", True), ("2.0", " ", True), ("2.0", "v1.zip", False), ("1.1", "", True), ("1.0", "", False),
     ("1", "", False), ("0.9", "", False), ("", "", False)],
)  # fmt: skip
def test_a_later_version_says_what_changed(version: str, named: str, said: bool) -> None:
    """A file that is named and cannot be read is another finding's."""
    findings = found({"report_version": version, "previous_version": named}, None)
    assert [f.code for f in findings] == ["project.previous_unnamed"] * said
    for finding in findings:
        assert finding.message == f"version {version} of the report does not say what changed"
        assert (finding.found, finding.where.cell) == (version, cell("project", "report_version", 2))


@pytest.mark.parametrize(
    ("project", "stated", "other"),
    [
        ({"reference_number": "VN2"}, STATED, "VN1"),
        ({"reference_number": ""}, STATED, "VN1"),
        ({"title": "Hall"}, {"title": "Roof", "report_version": "1.0"}, "Roof"),
    ],
)
def test_a_report_of_another_project_is_none(project: dict[str, str], stated: dict[str, str], other: str) -> None:
    (finding,) = found(project, stated)
    assert (finding.code, finding.message) == (
        "project.previous_other",
        f"v1.zip is of another project: {other}",
    )
    assert finding.where.cell == cell("project", "previous_version", 2) and finding.found == "v1.zip"


@pytest.mark.parametrize(
    ("own", "before", "rises"),
    [("2.0", "1.9", True), ("2.0", "2", False), ("2.0", "2.1", False), ("", "1.0", False), ("2.0", "", True)],
)
def test_the_number_of_the_version_has_to_rise(own: str, before: str, rises: bool) -> None:
    findings = found({"report_version": own}, {**STATED, "report_version": before})
    assert [f.code for f in findings] == ([] if rises else ["project.previous_other"])
    for finding in findings:
        assert finding.found == before and finding.where.cell == cell("project", "previous_version", 2)
        assert finding.message == (
            f"v1.zip is version {before}, and this report version {own or '-'}: the number has to rise"
        )


def test_a_report_by_another_version_of_the_methodology_is_none() -> None:
    (finding,) = found(version="2.0")
    assert (finding.code, finding.found) == ("project.previous_other", "VN_AM007 2.0")
    assert finding.message == "v1.zip is calculated by VN_AM007 2.0, and this report by VN_AM007 1.0"
    assert found(version="2.0", known=False) == []  # that this report names none is said elsewhere


@pytest.mark.parametrize(
    ("days", "left", "more", "key"),
    [
        (("2024-01-01", "2024-12-30"), 0, 1, "period_end"),
        (("2024-01-02", "2024-12-31"), 0, 1, "period_start"),
        (("2023-12-31", "2025-01-01"), 2, 0, "period_start"),
        (("2023-12-31", "2024-01-01"), 1, 365, "period_start"),  # one day of it is claimed again
        (("2023-12-30", "2023-12-31"), 2, 366, "period_start"),
    ],
)
def test_other_days_are_counted_on_either_side(days: tuple[str, str], left: int, more: int, key: str) -> None:
    """2024 has 366 days."""
    (finding,) = found(days=days)
    assert (finding.code, finding.where.cell) == ("project.previous_period", cell("project", key, 2))
    assert finding.data == {"days_left_out": left, "days_added": more}
    assert finding.message == (
        f"v1.zip claims {days[0]} to {days[1]}, and this version 2024-01-01 to 2024-12-31: {left} day(s) are left "
        f"out, and {more} are new"
    )
    assert found({"period_start": None}, days=days) == found({"period_end": None}, days=days) == []


@pytest.mark.parametrize(
    ("other", "days"),
    [((5, 8), 4), ((6, 8), 5), ((9, 9), 5), ((4, 4), 4), ((0, 9), 0), ((0, 0), 5), ((1, 3), 2)],
)
def test_days_of_one_span_that_are_not_in_another(other: tuple[int, int], days: int) -> None:
    """Five days, the 11th to the 15th; the other by days from the 10th on, so that (5, 8) begins on the last."""
    one = date(2024, 5, 11), date(2024, 5, 15)
    first, last = (date(2024, 5, 10 + n) for n in other)
    assert _days_without(one, (first, last)) == days
