"""One meter under two names, and what tells two meters apart."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from support.records import findings, only, unit
from support.workbooks import months, solar_tables


class TestOneMeterUnderTwoNames:
    def run(self, folder: Path, second: float, **cells: Any) -> list[Finding]:
        point, meter = solar_tables()["points"][0], solar_tables()["meters"][0]
        edges = months((2024, 1), 3)
        found = findings(
            folder,
            equipment=[unit(1), unit(2)],
            meters=[
                {**meter, "serial_number": "KWH-77"},
                {**meter, "meter_id": "M-2", "serial_number": "kwh-77", **cells},
            ],
            points=[{**point, "applies_to": f"PV-{n}", "meter_id": f"M-{n}"} for n in (1, 2)],
            readings=[
                {"meter_id": m, "kind": "energy", "start": a, "end": b, "value": v, "unit": "kWh"}
                for m, v in (("M-1", 1e5), ("M-2", second))
                for a, b in pairwise(edges)
            ],
        )
        return only(found, "points.same_meter_two_lines")

    def test_the_same_amounts_are_counted_twice(self, tmp_path: Path) -> None:
        [finding] = self.run(tmp_path, 1e5)
        assert finding.severity == "error" and "in 3 month(s)" in finding.message

    def test_other_amounts_in_two_systems_are_a_question_with_its_effect(self, tmp_path: Path) -> None:
        """Without M-1 the 3 x 100 MWh at 0.5 t/MWh (150 t) are missing, without M-2 3 x 20 MWh: the more of both."""
        [finding] = self.run(tmp_path, 2e4)
        assert (finding.severity, finding.effect_tco2e) == ("major", pytest.approx(150.0))

    def test_registers_of_one_monitoring_point_are_only_named(self, tmp_path: Path) -> None:
        point, meter = solar_tables()["points"][0], solar_tables()["meters"][0]
        edges = months((2024, 1), 3)
        found = findings(
            tmp_path,
            meters=[{**meter, "meter_id": m, "serial_number": "KWH-77"} for m in ("M-1", "M-2")],
            points=[{**point, "meter_id": m} for m in ("M-1", "M-2")],
            readings=[
                {"meter_id": m, "kind": "energy", "start": a, "end": b, "value": v, "unit": "kWh"}
                for m, v in (("M-1", 1e5), ("M-2", 2e4))
                for a, b in pairwise(edges)
            ],
        )
        [finding] = only(found, "points.same_meter_two_lines")
        assert finding.severity == "minor" and "registers of one meter" in finding.action

    def test_other_makes(self, tmp_path: Path) -> None:
        assert len(self.run(tmp_path, 1e5, manufacturer="X")) == 1  # the other row says nothing

    def test_each_name_is_told_once(self, tmp_path: Path) -> None:
        """Four names of one meter are three too many, not six pairs."""
        meter, point = solar_tables()["meters"][0], solar_tables()["points"][0]
        names = [f"M-{n}" for n in range(1, 5)]
        found = findings(
            tmp_path,
            meters=[{**meter, "meter_id": m, "serial_number": "KWH-77"} for m in names],
            points=[{**point, "meter_id": m, "share": 0.25} for m in names],
        )
        assert [f.message.split(" have ")[0] for f in only(found, "points.same_meter_two_lines")] == [
            f"M-1 and {m}" for m in names[1:]
        ]

    def test_another_serial_number(self, tmp_path: Path) -> None:
        assert self.run(tmp_path, 1e5, serial_number="KWH-78") == []


@pytest.mark.parametrize(("installed", "told"), [(datetime(2024, 2, 1), 0), (datetime(2024, 1, 31, 23), 1)])
def test_moments_of_meters_are_compared(installed: datetime, told: int, tmp_path: Path) -> None:
    """A meter that was moved in February has the same number under two names, one after the other; not an hour both."""
    swap = datetime(2024, 2, 1)
    point, meter = solar_tables()["points"][0], solar_tables()["meters"][0]
    edges = months((2024, 1), 3)
    found = findings(
        tmp_path,
        meters=[
            {**meter, "serial_number": "KWH-77", "removed": swap},
            {**meter, "meter_id": "M-2", "serial_number": "KWH-77", "installed": installed},
        ],
        points=[point, {**point, "meter_id": "M-2"}],
        readings=[
            {"meter_id": m, "kind": "energy", "start": a, "end": b, "value": 1e5, "unit": "kWh"}
            for m, a, b in (("M-1", *edges[:2]), ("M-2", *edges[1:3]), ("M-2", *edges[2:4]))
        ],
    )
    assert len(only(found, "points.same_meter_two_lines")) == told
