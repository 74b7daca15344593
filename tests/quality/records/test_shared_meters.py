"""One meter under two names, and what tells two meters apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.methodology.declare import month
from jcm_mrv.quality.records.points import _in_unlike_points, _monthly, _same_amounts, _same_meter
from support.claims import air_conditioners, rows_of
from support.limits import parts
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


# --- by the claim: what the two names count -----------------------------------------------------------


def shared(
    second: Sequence[float] = (1000.0,) * 12,
    *,
    meters: Sequence[tuple[str, str]] = (("M1", "S-1"), ("M2", "S-1")),
    together: bool = False,
) -> list[Finding]:
    """Two air conditioners of 12 MWh a year on M1 and M2: 3.2 t each; ``together``: both meters on the first one."""
    sketch = air_conditioners(monthly={"M1": [1000.0] * 12, "M2": list(second)})
    if together:
        sketch.equipment = sketch.equipment[:1]
        sketch.points = [{**sketch.points[0], "meter_id": name} for name in ("M1", "M2")]
    rows = rows_of("meters", [{"meter_id": name, "serial_number": serial, "unit": "kWh"} for name, serial in meters])
    claim, _ = sketch.build()
    return list(_same_meter(claim, replace(sketch.data(), meters=rows)))


@pytest.mark.parametrize(
    ("second", "months"),
    [([1000.0] * 12, 12), ([0.0] * 6 + [1000.0] * 6, 6), ([1000.0 * (1 + 1e-10)] * 12, 12)],
)
def test_the_same_amounts_are_one_quantity_in_two_lines(second: list[float], months: int) -> None:
    (said,) = shared(second)
    assert said.severity is Severity.ERROR and said.action.startswith("Keep one of the two in the monitoring points")
    assert said.message == (
        f"M1 and M2 have the same serial number and the same amounts (in {months} month(s)): the metered quantity is "
        "counted in two lines"
    )
    # What is lost of ER without the one that counts more.
    assert said.effect_tco2e == pytest.approx(3.2)
    assert said.found == "S-1, also in monitoring.xlsx, Meters!B2" and said.where.cell == "B3"


@pytest.mark.parametrize(
    ("second", "effect"),
    [([1000.0] * 11 + [1001.0], 12.001 * 0.8 / 3), ([500.0] * 12, 3.2), ([0.0] * 12, 3.2), ([1000.1] * 12, 3.20032)],
)
def test_other_amounts_in_different_points_are_a_question_with_its_effect(second: list[float], effect: float) -> None:
    (said,) = shared(second)
    assert said.severity is Severity.MAJOR and said.action.startswith("Correct the serial number by the photograph")
    assert said.message.endswith("with other amounts, and stand in different monitoring points")
    assert said.effect_tco2e == pytest.approx(effect)


def test_other_amounts_in_one_point_are_registers_of_a_meter() -> None:
    (said,) = shared([500.0] * 12, together=True)
    assert said.severity is Severity.MINOR and said.action.startswith("If they are registers of one meter")
    assert said.message.endswith("have the same serial number with other amounts") and said.effect_tco2e is None
    (said,) = shared(together=True)
    assert said.severity is Severity.ERROR and said.effect_tco2e is None


def test_months_in_which_one_of_two_stands_still_are_not_compared() -> None:
    claim, _ = air_conditioners(monthly={"M1": [1000.0] * 12, "M2": [0.0] * 6 + [1000.0] * 6}).build()
    assert _same_amounts(claim, "M1", "M2") == _same_amounts(claim, "M2", "M1") == "in 6 month(s)"


def test_small_amounts_that_differ_are_others() -> None:
    sketch = air_conditioners(monthly={"M1": [1e-4] * 12, "M2": [2e-4] * 12})
    claim, _ = sketch.build()
    assert _same_amounts(claim, "M1", "M2") == "" and _same_amounts(claim, "M1", "M1") == "in 12 month(s)"
    assert _same_amounts(claim, "M1", "unknown") == ""


@pytest.mark.parametrize(
    ("meters", "said"),
    [
        ((("M1", "S-1"), ("M2", "S-2")), []),
        ((("M1", ""), ("M2", "")), []),
        ((("M1", "S-1"), ("X", "S-1")), []),  # a meter of no point
        ((("M1", "S-1"), ("M1", "S-1")), []),
        ((("M1", "S-1"), ("M2", "S-1"), ("M2", "S-1")), ["M1 and M2"]),  # once, though it has two rows
        ((("M2", "S-1"), ("M1", "S-1")), ["M2 and M1"]),
    ],
)
def test_which_names_are_compared(meters: Any, said: list[str]) -> None:
    assert [f.message.split(" have ")[0] for f in shared(meters=meters)] == said


def test_without_a_claim_nothing_is_known_of_amounts() -> None:
    data = air_conditioners().data()
    rows = rows_of("meters", [{"meter_id": name, "serial_number": "S-1"} for name in ("M1", "M2")])
    (said,) = _same_meter(None, replace(data, meters=rows))
    assert (said.severity, said.effect_tco2e) == (Severity.MINOR, None)
    assert said.message.endswith("with other amounts")


def point(unit: str, *meters: str) -> Any:
    return SimpleNamespace(unit=unit, terms=[SimpleNamespace(meter_id=name) for name in meters])


@pytest.mark.parametrize(
    ("points", "apart"),
    [
        ([point("MWh", "A"), point("MWh", "B")], True),
        ([point("MWh", "A", "C"), point("MWh", "C", "B")], True),
        ([point("MWh", "A", "B")], False),
        ([point("MWh", "A"), point("MWh", "B", "A")], False),
        ([point("GJ", "A"), point("t", "B")], False),  # a heat meter counts what flows too
        ([point("GJ", "A"), point("t", "A"), point("t", "B")], True),
        ([point("MWh", "A")], False),
        ([point("MWh", "B")], False),
    ],
)
def test_which_meters_stand_apart(points: list[Any], apart: bool) -> None:
    claim: Any = SimpleNamespace(points=points)
    assert _in_unlike_points(claim, "A", "B") is apart and _in_unlike_points(claim, "B", "A") is apart


def test_what_a_meter_was_read_to_have_counted_by_month() -> None:
    """3 by energy; a register from 995 over its end at 1,000 to 7, which is 12: a half of both in the second month."""
    found = parts((3.0, 0.0, 0.0, 0.0, 24), (0.0, 995.0, 7.0, 1000.0, 24), (8.0, 0.0, 0.0, 0.0, 24), meters=2)
    found = replace(
        found, month=np.array([0, 1, 1]), meter=np.array([0, 0, 1]), share=np.array([1.0, 0.5, 1.0])
    )  # fmt: skip
    claim: Any = SimpleNamespace(chains=[SimpleNamespace(parts=found)], space=SimpleNamespace(elements={month: "abc"}))
    assert [_monthly(claim, name).tolist() for name in ("M0", "M1", "X")] == [[3, 6, 0], [0, 8, 0], [0, 0, 0]]
    claim.chains = []
    assert _monthly(claim, "M0").tolist() == [0, 0, 0]
