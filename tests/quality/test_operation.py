"""Energy outside the operation of its equipment is named with its effect."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.origin import Origin
from jcm_mrv.quality.operation import _outside as outside_of
from jcm_mrv.quality.operation import outside_operation
from jcm_mrv.time.zones import DAY, HOUR
from support.tree import TIMELINE
from support.workbooks import Rows, monthly, solar_tables, solar_workbook


def found(path: Path, operation: dict[str, date], **tables: Rows) -> list[Finding]:
    equipment = [{**solar_tables()["equipment"][0], **operation}]
    workbook = solar_workbook(path / "m.xlsx", tables={"equipment": equipment, **tables})
    return [f for f in calculate_file(workbook).findings if f.code == "readings.outside_operation"]


def test_a_unit_that_runs_all_the_time_has_none(tmp_path: Path) -> None:
    assert found(tmp_path, {"operation_start": date(2024, 1, 1), "operation_end": date(2024, 3, 31)}) == []


def test_a_reading_over_the_start_of_operation_states_what_lies_before_it(tmp_path: Path) -> None:
    """By hand: 10 of January's 31 days lie before 11 January: 100 MWh x 10 / 31 x 0.5 tCO2/MWh."""
    [finding] = found(tmp_path, {"operation_start": date(2024, 1, 11)})
    assert finding.severity == "major"
    assert finding.data["hours"] == 240
    assert finding.data["amount"] == pytest.approx(100 * 10 / 31, rel=1e-12)
    assert finding.effect_tco2e == pytest.approx(100 * 10 / 31 * 0.5, rel=1e-9)
    assert finding.where.sheet == "Readings"


def test_a_reading_over_the_end_of_operation(tmp_path: Path) -> None:
    """By hand: 21 of March's 31 days lie after 10 March: 140 MWh x 21 / 31 x 0.5."""
    [finding] = found(tmp_path, {"operation_end": date(2024, 3, 10)})
    assert finding.effect_tco2e == pytest.approx(140 * 21 / 31 * 0.5, rel=1e-9)


def test_nothing_flowed_nothing_is_said(tmp_path: Path) -> None:
    readings = monthly("M-1", [0.0, 120_000.0, 140_000.0])
    assert found(tmp_path, {"operation_start": date(2024, 1, 11)}, readings=readings) == []


@pytest.mark.parametrize(
    ("span", "share", "hours"),
    [
        ((0, 10), 0.0, 0.0),
        ((4, 10), 0.4, 4.0),
        ((0, 7), 0.3, 3.0),
        ((4, 7), 0.7, 7.0),
        ((20, 30), 1.0, 10.0),
        ((-9, 0), 1.0, 10.0),
    ],
)
def test_the_part_of_a_reading_outside_of_operation(span: tuple[int, int], share: float, hours: float) -> None:
    """A reading of twelve, of which ten lie in the month; to the microsecond."""
    parts = SimpleNamespace(start=np.array([-2]), end=np.array([10]))
    chain: Any = SimpleNamespace(rows=np.array([0]), parts=parts)
    assert outside_of(chain, 0, span, (0, 12)) == (pytest.approx(share), pytest.approx(hours / HOUR))
    nothing: Any = SimpleNamespace(rows=np.array([0]), parts=SimpleNamespace(start=np.array([5]), end=np.array([5])))
    assert outside_of(nothing, 0, span, (0, 12))[0] == 0.0


# --- a meter M of two months, 31 and 29 days, with a reading in each and one over both ------------------

JAN, FEB, MAR = (int(edge) for edge in TIMELINE.edges[:3])


class Values(dict[str, Any]):
    def scalar(self, node: str) -> float:
        return float(self[node])


def outside(span: tuple[int, int] | None, each: float = 0.5, **changed: Any) -> list[Finding]:
    """31 and 29 kWh of the months, and 62 kWh (31 in either) from one reading over both; ER moves by each kWh."""
    start, end = np.array([JAN, JAN, FEB]), np.array([FEB, MAR, MAR])
    parts = SimpleNamespace(
        start=start, end=end, kind=np.array([SegmentKind.ENERGY, SegmentKind.LOG, SegmentKind.ENERGY])
    )
    graph = SimpleNamespace(month_of_reading="months", E="E", E_corr="corr", V="V")
    point = SimpleNamespace(
        methodology="A", applies_to="PV1", terms=[SimpleNamespace(meter_id="X"), SimpleNamespace(meter_id="M")]
    )
    chain = SimpleNamespace(
        meter_months=[("M", 0), ("M", 1)], graph=graph, points=[point], term_months=[(0, 1, 0), (0, 1, 1)],
        rows=np.array([0, 1, 1, 2]), parts=parts, unit="kWh",
        origins={"V": {(n,): Origin(cell=f"E{n}") for n in range(3)}},
    )  # fmt: skip
    values = Values(ER=100.0, E=np.array([31.0, 31.0, 31.0, 29.0]), corr=np.zeros(2)) | changed
    claim: Any = SimpleNamespace(
        chains=[chain], space=SimpleNamespace(positions={"months": np.array([0, 0, 1, 1])}), total_ER="ER",
        operation={} if span is None else {("A", "PV1"): span},
        reductions=lambda changes: 100.0 + each * float(changes["corr"] @ np.array([1.0, 2.0])),
    )  # fmt: skip
    return outside_operation(claim, Values(values), TIMELINE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("span", "amounts"),
    [
        (None, []), ((JAN, MAR), []), ((JAN - 1, MAR + 1), []),
        # ten days of January, of the reading of January and of that over both
        ((JAN + 10 * DAY, MAR), [10.0, 10.0]),
        # the last day of February, of 29
        ((JAN, MAR - DAY), [31.0 / 29, 1.0]),
        ((JAN + 31 * DAY, MAR), [31.0, 31.0]),
        ((JAN + DAY, MAR - DAY), [1.0, 1.0, 31.0 / 29, 1.0]),
    ],
)  # fmt: skip
def test_what_was_counted_outside_of_operation_by_month(span: Any, amounts: list[float]) -> None:
    found = outside(span)
    assert [f.data["amount"] for f in found] == pytest.approx(amounts)
    assert all(f.data["hours"] == round(f.data["hours"]) for f in found)


def test_a_reading_outside_of_operation_with_its_words_and_effect() -> None:
    """10 kWh of January at half a tonne, 1 kWh of February at a tonne; taken off, ER may rise."""
    one, two, three, four = outside((JAN + 10 * DAY, MAR - DAY))
    assert [f.effect_tco2e for f in (one, two, three, four)] == pytest.approx([5.0, 5.0, 31 / 29, 1.0])
    assert [f.where.cell for f in (one, two, three, four)] == ["E0", "E1", "E2", ""]
    assert one.message.startswith("a reading of meter M covers 240.00 hours of 2024-01 in which PV1 was not")
    assert two.message.startswith("a log of meter M covers 240.00 hours") and one.found == "by time 10 kWh of it"
    assert outside((JAN + 10 * DAY, MAR), each=-0.5)[0].effect_tco2e == pytest.approx(-5.0)
    assert len(outside((JAN + 10 * DAY, MAR), E=np.array([31.0, 0.0, 31.0, 29.0]))) == 1
