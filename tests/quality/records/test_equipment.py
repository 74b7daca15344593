"""What is asked of the equipment: numbers, dates and what stands twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.languages import catalogue_of
from jcm_mrv.quality.records.equipment import equipment_findings
from jcm_mrv.words import in_language
from support.claims import record, rows_of, solar
from support.records import cell, changed, findings, only, unit
from support.workbooks import PROJECT

START, END, MOVED = "operation_start", "operation_end", date(2024, 5, 1)


def said(*units: dict[str, Any], **project: Any) -> list[Finding]:
    """Of units called A, B, ... that operate since 2023, for the year 2024 unless ``project`` says otherwise."""
    days = {"operation_start": date(2023, 1, 1), "period_start": date(2024, 1, 1), "period_end": date(2024, 12, 31)}
    rows = [{"equipment_id": "ABC"[n], "serial_number": f"SN-{n}", **one} for n, one in enumerate(units)]
    form = record("project", 2, {**days, **project})
    return list(equipment_findings(replace(solar().data(), equipment=rows_of("equipment", rows), project=form)))


def codes(found: list[Finding]) -> list[str]:
    return [f.code.removeprefix("equipment.") for f in found]


@pytest.mark.parametrize("serial", [None, " ", " - ", "N/A", "n.a.", "ｕｎｋｎｏｗｎ", "不明", "Không có"])
def test_no_serial_number(serial: str | None) -> None:
    (finding,) = said({"serial_number": serial})
    assert (finding.code, finding.message) == ("equipment.serial_missing", "A has no serial number")
    assert finding.severity == "minor" and finding.where.cell == cell("equipment", "serial_number", 2)
    assert finding.found == ((serial or "").strip() or "empty")


def test_the_same_serial_number_twice() -> None:
    (finding,) = said({"serial_number": "AB 123"}, {}, {"serial_number": "ａｂ123"})
    assert finding.message == (
        f"C has the serial number of A (monitoring.xlsx, Equipment!{cell('equipment', 'serial_number', 2)}): one unit "
        "may be counted as two"
    )
    assert (finding.code, finding.severity, finding.found) == ("equipment.serial_twice", "major", "ａｂ123")
    assert finding.where.cell == cell("equipment", "serial_number", 4)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"serial_number": "A1"}, {"serial_number": "A2"}),
        ({"serial_number": "7", "manufacturer": "X"}, {"serial_number": "7", "manufacturer": "Y"}),
        ({"serial_number": "7", "equipment_id": "X"}, {"serial_number": "7", "equipment_id": "X"}),  # two methodologies
        ({"serial_number": "7"}, {"serial_number": "7", "equipment_id": " "}),  # no row of a unit
    ],
)
def test_two_things(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert said(first, second) == said(second, first) == []


def test_numbers_that_are_none_are_not_the_same() -> None:
    assert codes(said({"serial_number": "unknown"}, {"serial_number": "unknown"})) == ["serial_missing"] * 2


@pytest.mark.parametrize(
    ("until", "since", "told"),
    [
        (MOVED, MOVED, False),  # it may run in the old place and in the new one on the day of the move
        (date(2024, 5, 2), MOVED, True),
        (None, MOVED, True),
        (MOVED, None, True),
    ],
)
def test_one_unit_that_was_moved(until: date | None, since: date | None, told: bool) -> None:
    first, second = {"serial_number": "7", END: until}, {"serial_number": "7", START: since}
    assert codes(said(first, second)) == codes(said(second, first)) == ["serial_twice"] * told


@pytest.mark.parametrize(
    ("days", "word", "key", "found"),
    [
        ({START: date(2025, 1, 1)}, "after", START, "2025-01-01 to …"),  # a slip in the year
        ({START: date(2024, 12, 31)}, "", "", ""),
        ({END: date(2023, 12, 31)}, "before", END, "2023-01-01 to 2023-12-31"),
        ({END: date(2024, 1, 1)}, "", "", ""),
        ({START: date(2022, 1, 1), END: date(2023, 12, 31)}, "before", END, "2022-01-01 to 2023-12-31"),
    ],
)
def test_operation_outside_the_period(days: dict[str, Any], word: str, key: str, found: str) -> None:
    assert [(f.code, f.message, f.where.cell, f.found) for f in said(days)] == (
        [
            (
                "equipment.operation_outside",
                f"A operates only {word} the monitoring period, so nothing is claimed for it",
                cell("equipment", key, 2),
                found,
            )
        ]
        if word
        else []
    )


def test_where_it_operates_is_said_in_the_readers_language() -> None:
    (finding,) = said({START: date(2025, 1, 1)})
    assert "after" not in in_language(finding.message, catalogue_of("vi"))


def test_no_first_day_of_operation() -> None:
    """That of the project stands for that of its units; without a period nothing lies outside it."""
    assert codes(said({}, operation_start=date(2025, 1, 1))) == ["operation_outside"]
    assert said({START: date(2024, 2, 1)}, operation_start=None) == []
    (finding,) = said({}, operation_start=None)
    assert finding.message == "A has no first day of operation, and neither has the project"
    assert (finding.code, finding.where.cell) == ("equipment.operation_missing", cell("equipment", START, 2))
    ended = {END: date(2023, 12, 31)}
    assert codes(said(ended, operation_start=None)) == ["operation_missing", "operation_outside"]
    assert said(ended, {START: date(2025, 1, 1)}, period_start=None, period_end=None) == []


@pytest.mark.parametrize(("answer", "told"), [("yes", True), ("no", False), (None, False)])
def test_own_renewables(answer: str | None, told: bool) -> None:
    found = said({"own_renewables": answer})
    assert [(f.code, str(f.severity), f.where.cell) for f in found] == [
        ("equipment.own_renewables", "major", cell("equipment", "own_renewables", 2))
    ] * told


def test_the_projects_start_of_operation_stands_for_that_of_its_units(tmp_path: Path) -> None:
    """From February on: the reading of January is outside the operation and named, not claimed in silence."""
    equipment = changed("equipment", operation_start=None)
    found = findings(tmp_path, {**PROJECT, "operation_start": date(2024, 2, 1)}, equipment=equipment)
    assert "readings.not_used" in {f.code for f in found}
    late = findings(tmp_path, {**PROJECT, "operation_start": date(2024, 4, 1)}, equipment=equipment)
    (finding,) = only(late, "equipment.operation_outside")
    assert "only after" in finding.message


def test_equipment_that_no_meter_measures(tmp_path: Path) -> None:
    found = findings(tmp_path, equipment=[unit(1), unit(2)])
    assert [f.code for f in found if "PV-2" in f.message] == ["points.missing"]
