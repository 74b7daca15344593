"""What is asked of the equipment: numbers, dates and what stands twice."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from support.records import cell, changed, findings, only, unit
from support.workbooks import PROJECT, months, solar_tables


def two_units(folder: Path, first: dict[str, Any], second: dict[str, Any], **project: Any) -> list[Finding]:
    """Two systems, each with its own meter and 100 MWh a month."""
    point, meter = solar_tables()["points"][0], solar_tables()["meters"][0]
    edges = months((2024, 1), 3)
    return findings(
        folder,
        project,
        equipment=[unit(1, **first), unit(2, **second)],
        meters=[{**meter, "meter_id": f"M-{n}", "serial_number": f"KWH-{n}"} for n in (1, 2)],
        points=[{**point, "applies_to": f"PV-{n}", "meter_id": f"M-{n}"} for n in (1, 2)],
        readings=[
            {"meter_id": f"M-{n}", "kind": "energy", "start": a, "end": b, "value": 1e5, "unit": "kWh"}
            for n in (1, 2)
            for a, b in pairwise(edges)
        ],
    )


class TestEquipment:
    @pytest.mark.parametrize("serial", [None, " ", "-", "N/A", "n.a.", "ｕｎｋｎｏｗｎ", "不明", "Không có"])
    def test_no_serial_number(self, serial: str | None, tmp_path: Path) -> None:
        [finding] = only(
            findings(tmp_path, equipment=changed("equipment", serial_number=serial)), "equipment.serial_missing"
        )
        assert finding.severity == "minor" and finding.where.cell == cell("equipment", "serial_number", 2)

    def test_the_same_serial_number_twice(self, tmp_path: Path) -> None:
        found = two_units(tmp_path, {"serial_number": "AB 123"}, {"serial_number": "ａｂ123"})
        [finding] = only(found, "equipment.serial_twice")
        assert (
            finding.severity == "major"
            and finding.where.cell == cell("equipment", "serial_number", 3)
            and "PV-1" in finding.message
        )

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ({"serial_number": "A1"}, {"serial_number": "A2"}),
            ({"serial_number": "unknown"}, {"serial_number": "unknown"}),
            ({"serial_number": "7", "manufacturer": "X"}, {"serial_number": "7", "manufacturer": "Y"}),
            (  # one system that was moved to another roof
                {"serial_number": "7", "operation_end": date(2024, 1, 31)},
                {"serial_number": "7", "operation_start": date(2024, 2, 1)},
            ),
        ],
    )
    def test_two_things(self, first: dict[str, Any], second: dict[str, Any], tmp_path: Path) -> None:
        assert only(two_units(tmp_path, first, second), "equipment.serial_twice") == []

    @pytest.mark.parametrize(("until", "told"), [(date(2024, 1, 31), 0), (date(2024, 2, 1), 1)])
    def test_one_unit_that_was_moved(self, until: date, told: int, tmp_path: Path) -> None:
        """It may run in the old place and in the new one on the day of the move, and not on two days."""
        first, second = {"operation_end": until}, {"operation_start": date(2024, 1, 31)}
        found = two_units(tmp_path, {"serial_number": "7", **first}, {"serial_number": "7", **second})
        assert len(only(found, "equipment.serial_twice")) == told

    @pytest.mark.parametrize(
        ("days", "word", "column"),
        [
            ({"operation_start": date(2025, 1, 1)}, "after", "operation_start"),  # a slip in the year
            ({"operation_end": date(2023, 12, 31)}, "before", "operation_end"),
            ({"operation_start": date(2024, 3, 31)}, "", ""),
            ({"operation_end": date(2024, 1, 1)}, "", ""),
        ],
    )
    def test_operation_outside_the_period(self, days: dict[str, Any], word: str, column: str, tmp_path: Path) -> None:
        found = only(two_units(tmp_path, {}, days), "equipment.operation_outside")
        assert [(f"only {word} the" in f.message, f.where.cell) for f in found] == (
            [(True, cell("equipment", column, 3))] if word else []
        )

    def test_no_first_day_of_operation(self, tmp_path: Path) -> None:
        equipment = changed("equipment", operation_start=None)
        assert only(findings(tmp_path, equipment=equipment), "equipment.operation_missing") == []  # the project has one
        found = findings(tmp_path, {**PROJECT, "operation_start": None}, equipment=equipment)
        assert len(only(found, "equipment.operation_missing")) == 1

    def test_the_projects_start_of_operation_stands_for_that_of_its_units(self, tmp_path: Path) -> None:
        """From February on: the reading of January is outside the operation and named, not claimed in silence."""
        equipment = changed("equipment", operation_start=None)
        found = findings(tmp_path, {**PROJECT, "operation_start": date(2024, 2, 1)}, equipment=equipment)
        assert "readings.not_used" in {f.code for f in found}
        late = findings(tmp_path, {**PROJECT, "operation_start": date(2024, 4, 1)}, equipment=equipment)
        [finding] = only(late, "equipment.operation_outside")
        assert "only after" in finding.message

    def test_own_renewables(self, tmp_path: Path) -> None:
        for answer, count in (("yes", 1), ("no", 0), (None, 0)):
            found = findings(tmp_path, equipment=changed("equipment", own_renewables=answer))
            assert [str(f.severity) for f in only(found, "equipment.own_renewables")] == ["major"] * count

    def test_equipment_that_no_meter_measures(self, tmp_path: Path) -> None:
        found = findings(tmp_path, equipment=[unit(1), unit(2)])
        assert [f.code for f in found if "PV-2" in f.message] == ["points.missing"]
