"""Readings of a converted meter over a change of its conversion, or where there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from jcm_mrv.meters.conversions import Conversion, Conversions
from jcm_mrv.meters.converted import across_changes
from jcm_mrv.quantities.units import parse_unit
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY
from support.claims import Sketch

TIMELINE = Timeline.of(date(2024, 12, 1), date(2025, 1, 31), "Asia/Ho_Chi_Minh")
DEC, JAN, FEB = (int(edge) for edge in TIMELINE.edges)
BEFORE, AFTER = -(2**62), 2**62
PARTS = (
    Sketch("T 1", start=date(2024, 12, 1), end=date(2025, 1, 31), monthly={"M": [1.0, 2.0], "N": [3.0, 4.0]})
    .series()
    .parts
)


def holds(start: int, end: int, name: str = "density") -> Conversion:
    return Conversion(name, 0.8, parse_unit("kg/L"), start, end, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "bad"),
    [
        ([holds(BEFORE, AFTER)], []),
        ([holds(DEC, JAN), holds(JAN, FEB)], []),
        ([holds(DEC, JAN), holds(JAN, FEB), holds(BEFORE, AFTER, "calorific value")], []),
        ([holds(JAN, AFTER)], [0]),
        ([holds(BEFORE, JAN)], [1]),
        ([holds(BEFORE, JAN + DAY), holds(JAN + DAY, AFTER)], [1]),
        ([holds(DEC + 1, AFTER)], [0]),
        ([holds(BEFORE, FEB - 1)], [1]),
        ([holds(AFTER - 1, AFTER)], [0, 1]),
        ([holds(BEFORE, AFTER, "calorific value"), holds(BEFORE, JAN), holds(FEB, AFTER)], [1]),
    ],
)
def test_each_reading_has_one_conversion_of_each_kind(rows: list[Conversion], bad: list[int]) -> None:
    """Of December and January; of a reading over both each part has its own."""
    found = list(across_changes(PARTS, Conversions({"M": rows}), TIMELINE))
    assert [(one.data["count"], one.where) for one in found] == ([(len(bad), PARTS.origins[bad[0]])] if bad else [])
    if bad:
        assert "change of its density" in found[0].message
        first, last = (("2024-12-01", "2025-01-01"), ("2025-01-01", "2025-02-01"))[bad[0]]
        assert found[0].found == f"from {first} 00:00 to {last} 00:00"
    both = replace(PARTS, start=np.array([DEC] * 4), end=np.array([FEB] * 4))
    assert len(list(across_changes(both, Conversions({"M": rows}), TIMELINE))) == len(found)


def test_a_meter_without_conversions_needs_none() -> None:
    assert list(across_changes(PARTS, Conversions(), TIMELINE)) == []
    (found,) = across_changes(PARTS, Conversions({"N": [holds(BEFORE, JAN)]}), TIMELINE)
    assert "meter N" in found.message and found.where == PARTS.origins[3]
