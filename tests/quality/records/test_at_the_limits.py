"""Rules on records: each limit just below it, at it and just above it."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.origin import Origin
from jcm_mrv.quality.records.earlier import _Claimed, _compare
from jcm_mrv.quality.records.equipment import equipment_findings
from jcm_mrv.quality.records.impossible import _beyond
from jcm_mrv.quality.records.overrides import _above
from jcm_mrv.quality.records.plates import plate_findings
from jcm_mrv.quality.records.points import _gone_before, _other_loads, _share_basis, _together, _unused_meters
from support.claims import rows_of
from support.limits import codes

MINOR, MAJOR = Severity.MINOR, Severity.MAJOR


# --- equipment and meters --------------------------------------------------------------------


def unit(name: str, serial: str = "S-1", start: Any = None, end: Any = None, **more: Any) -> dict[str, Any]:
    return {"equipment_id": name, "serial_number": serial, "operation_start": start, "operation_end": end, **more}


PERIOD: Any = SimpleNamespace(
    operation_start=datetime(2023, 1, 1), period_start=datetime(2024, 1, 1), period_end=datetime(2024, 12, 31)
)


def of_equipment(*rows: dict[str, Any], project: Any = PERIOD) -> list[str]:
    data: Any = SimpleNamespace(equipment=rows_of("equipment", rows), project=project)
    return codes(equipment_findings(data))


@pytest.mark.parametrize(
    ("ends", "starts", "said"),
    [
        (datetime(2024, 5, 1), datetime(2024, 5, 1), []),
        (datetime(2024, 5, 2), datetime(2024, 5, 1), ["serial_twice"]),
        (None, datetime(2024, 5, 1), ["serial_twice"]),
        (datetime(2024, 5, 1), None, ["serial_twice"]),
    ],
)
def test_one_machine_moves_and_is_not_in_two_places(ends: Any, starts: Any, said: list[str]) -> None:
    first, second = unit("A", end=ends), unit("B", start=starts)
    assert of_equipment(first, second) == said and of_equipment(second, first) == said
    assert of_equipment(first, {**second, "equipment_id": "A"}) == []
    assert of_equipment(first, {**second, "serial_number": "S-2"}) == []


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (datetime(2024, 12, 31), None, []),
        (datetime(2025, 1, 1), None, ["operation_outside"]),
        (None, datetime(2024, 1, 1), []),
        (None, datetime(2023, 12, 31), ["operation_outside"]),
        (None, None, []),
    ],
)
def test_operation_outside_the_period(start: Any, end: Any, said: list[str]) -> None:
    assert of_equipment(unit("A", start=start, end=end)) == said
    unknown: Any = SimpleNamespace(operation_start=None, period_start=None, period_end=None)
    assert of_equipment(unit("A", end=end), project=unknown) == ["operation_missing"]
    assert of_equipment(unit("A", "", own_renewables="yes")) == ["serial_missing", "own_renewables"]


@pytest.mark.parametrize(
    ("equipment", "meter", "count"),
    [
        ({"rated_capacity": 0.0}, {}, 1),
        ({"rated_capacity": 0.001}, {}, 0),
        ({}, {"highest_rate": 0.0}, 1),
        ({}, {"highest_rate": 0.001}, 0),
        ({}, {"permissible_error": 0.0}, 0),
        ({}, {"permissible_error": -0.001}, 1),
        ({}, {"accuracy_class": 0.0}, 0),
        ({}, {"accuracy_class": -0.001}, 1),
    ],
)
def test_numbers_of_a_name_plate(equipment: dict[str, Any], meter: dict[str, Any], count: int) -> None:
    data: Any = SimpleNamespace(equipment=rows_of("equipment", [equipment]), meters=rows_of("meters", [meter]))
    assert len(list(plate_findings(data))) == count


@pytest.mark.parametrize(("removed", "before"), [(1, True), (2, False)])
def test_a_meter_that_went_before_another_came(removed: int, before: bool) -> None:
    one, other = rows_of("meters", [{"removed": datetime(2024, 5, removed)}, {"installed": datetime(2024, 5, 1)}])
    assert _gone_before(one, other) is before and _together(one, other) is not before
    assert _together(other, one) is not before
    assert not _gone_before(other, one)


@pytest.mark.parametrize(
    ("share", "basis", "count"),
    [(0.5, "", 1), (0.5, "by area", 0), (1.0, "", 0), (0.0, "", 0), (None, "", 0), (0.001, "", 1)],
)
def test_a_share_has_to_be_explained(share: float | None, basis: str, count: int) -> None:
    (row,) = rows_of("points", [{"share": share, "share_basis": basis, "meter_id": "M", "other_loads": "no"}])
    assert len(list(_share_basis(row))) == count and list(_other_loads(row, [row])) == []


@pytest.mark.parametrize(("sign", "severity"), [("-", MINOR), ("+", MAJOR)])
def test_other_loads_are_subtracted_or_a_question(sign: str, severity: Severity) -> None:
    rows = rows_of("points", [{"meter_id": "M", "sign": "+", "other_loads": "yes"}, {"meter_id": "L", "sign": sign}])
    assert [f.severity for f in _other_loads(rows[0], rows)] == [severity]


# --- earlier reports ------------------------------------------------------------------------------


def claimed(start: date, end: date, reference: str = "R-1", version: str = "", **serials: str) -> _Claimed:
    return _Claimed("T", reference, "w.xlsx", start, end, serials, version)


OWN = claimed(date(2024, 1, 1), date(2024, 12, 31), version="2", abcd="ABCD")


@pytest.mark.parametrize(
    ("earlier", "said", "days"),
    [
        (claimed(date(2023, 1, 1), date(2023, 12, 31)), [], 0),
        (claimed(date(2023, 1, 1), date(2024, 1, 1)), ["overlaps_earlier"], 1),
        (claimed(date(2024, 12, 31), date(2025, 12, 31)), ["overlaps_earlier"], 1),
        (claimed(date(2025, 1, 1), date(2025, 12, 31)), [], 0),
        (claimed(date(2024, 12, 1), date(2025, 12, 31), "R-2", abcd="x"), ["overlaps_earlier"], 31),
        (claimed(date(2024, 12, 1), date(2025, 12, 31), "R-2", efgh="x"), [], 0),
        (claimed(date(2024, 12, 1), date(2025, 12, 31), ""), [], 0),
        # a new version of the same report
        (claimed(date(2024, 1, 1), date(2024, 12, 31), version="1"), ["new_version"], 0),
        (claimed(date(2024, 1, 1), date(2024, 12, 31), version="2"), ["overlaps_earlier"], 366),
        (claimed(date(2024, 1, 1), date(2024, 12, 31), version="3"), ["overlaps_earlier"], 366),
        (claimed(date(2024, 1, 1), date(2024, 12, 31)), ["overlaps_earlier"], 366),
        (claimed(date(2024, 1, 1), date(2024, 12, 30), version="1"), ["overlaps_earlier"], 365),
    ],
)
def test_days_that_were_claimed_before(earlier: _Claimed, said: list[str], days: int) -> None:
    origin = lambda key: Origin(cell=key)  # noqa: E731
    data: Any = SimpleNamespace(project=SimpleNamespace(origin=origin))
    found = list(_compare(OWN, earlier, "earlier.json", data))
    assert codes(found) == said
    assert [f.data["days"] for f in found if f.code.endswith("earlier")] == ([days] if days else [])


# --- values that cannot be -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "limits", "beyond"),
    [
        (1.0, (0.0, 1.0), 0.0),
        (1.1, (0.0, 1.0), 0.1),
        (-0.1, (0.0, 1.0), 0.1),
        (220.0, (None, 200.0), 0.1),
        (90.0, (100.0, 200.0), 0.05),
        (-5.0, (0.0, None), 5.0),
        (5.0, (None, None), 0.0),
    ],
)
def test_how_far_a_value_lies_beyond_its_limits(value: float, limits: Any, beyond: float) -> None:
    assert _beyond(value, limits) == pytest.approx(beyond)


@pytest.mark.parametrize(
    ("value", "rates", "count"),
    [
        (240.0, ((10.0, "kW"),), 0),
        (240.1, ((10.0, "kW"),), 1),
        (-240.1, ((10.0, "kW"),), 1),
        (240.1, ((10.0, "kW"), (0.02, "MW")), 0),
        (1e9, ((10.0, "m3/h"),), 0),
        (1e9, (), 0),
    ],
)
def test_an_override_of_a_day_above_the_highest_rate(value: float, rates: Any, count: int) -> None:
    (row,) = rows_of(
        "overrides", [{"start": datetime(2024, 1, 1), "end": datetime(2024, 1, 2), "unit": "kWh", "value": value}]
    )
    found = list(_above(row, value, rates))
    assert len(found) == count and all(f.data["most"] == 240.0 for f in found)


# --- meters that were changed, and meters that nothing names --------------------------------------------------


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"meter_id": "X"}, ["X"]),
        ({"meter_id": "X", "description": "of the gate"}, ["of the gate"]),
        ({"meter_id": "X", "checks": "M"}, []),
        ({"meter_id": "M"}, []),
        ({"meter_id": "R"}, []),
        ({"meter_id": "L"}, []),
        ({"meter_id": ""}, []),
    ],
)
def test_a_meter_that_nothing_names(row: dict[str, Any], said: list[str]) -> None:
    tables = {key: rows_of(key, [{"meter_id": name}]) for key, name in (("points", "M"), ("logs", "L"))}
    data: Any = SimpleNamespace(
        meters=rows_of("meters", [row, row]),
        readings=SimpleNamespace(meter_id=np.array(["R"])),
        invoices=[],
        stocks=[],
        **tables,
    )
    assert [f.found for f in _unused_meters(data)] == said
