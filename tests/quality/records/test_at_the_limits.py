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
from jcm_mrv.quality.records.impossible import _beyond
from jcm_mrv.quality.records.points import _gone_before, _together, _unused_meters
from support.claims import rows_of
from support.limits import codes

MINOR, MAJOR = Severity.MINOR, Severity.MAJOR


# --- meters --------------------------------------------------------------------


@pytest.mark.parametrize(("removed", "before"), [(1, True), (2, False)])
def test_a_meter_that_went_before_another_came(removed: int, before: bool) -> None:
    one, other = rows_of("meters", [{"removed": datetime(2024, 5, removed)}, {"installed": datetime(2024, 5, 1)}])
    assert _gone_before(one, other) is before and _together(one, other) is not before
    assert _together(other, one) is not before
    assert not _gone_before(other, one)


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
        (claimed(date(2024, 1, 1), date(2024, 12, 31), version="2.0"), ["overlaps_earlier"], 366),
        (claimed(date(2024, 1, 1), date(2024, 12, 31), version="draft"), ["overlaps_earlier"], 366),
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
