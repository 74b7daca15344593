"""What every treatment asks of a meter: its capacity, its unit, its rates, and where its data stand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.context import AssessmentContext, ChainContext
from jcm_mrv.quality.treatment.meter_errors import MeterErrors
from jcm_mrv.quality.treatment.rates import Rates
from jcm_mrv.quality.values.subject import Limit
from jcm_mrv.time.zones import HOUR
from support.claims import rows_of

Terms = Sequence[tuple[str, float]]
METERS = rows_of("meters", [{"meter_id": "X", "unit": "t"}, {"meter_id": "M", "unit": "kWh"}])


def context(points: Sequence[Terms] = (), rated: float | None = 64.0) -> AssessmentContext:
    """Points with their terms (meter and coefficient); all equipment of a meter's points is rated together."""
    made = [
        SimpleNamespace(name=n, terms=[SimpleNamespace(meter_id=m, coefficient=c) for m, c in terms])
        for n, terms in enumerate(points)
    ]
    data = SimpleNamespace(meters=METERS, file="m.xlsx")
    blank: Any = None
    found = AssessmentContext(
        SimpleNamespace(points=made), blank, blank, blank, data, Settings({}), blank, blank  # type: ignore[arg-type]
    )  # fmt: skip

    def of(unit: str, served: Any) -> Limit | None:
        assert unit == "kWh"
        return None if rated is None else Limit(rated * len(served), "", Origin())

    found.__dict__["_capacities"] = SimpleNamespace(of=of)
    return found


def chain(**given: Any) -> Any:
    return SimpleNamespace(unit="MWh", in_unit=lambda have, meter: 1 / 1024, **given)


M: Terms = [("M", 1.0)]


@pytest.mark.parametrize(
    ("points", "capacity"),
    [
        # one and a half times of what is rated (electricity); here a kWh is 1/1024 MWh
        ([M], 96.0),
        ([[("X", 1.0)], M], 96.0),
        ([[("M", 0.5)], [("M", 0.5)]], 192.0),
        ([[("M", 0.5)], [("M", 0.5 - 1e-12)]], 192.0),
        # only a share of it counts, or something is taken off, or it is taken off itself
        ([[("M", 0.5)]], math.inf),
        ([[("M", 1.0), ("S", -1.0)]], math.inf),
        ([M, [("X", 1.0), ("M", -1.0)]], math.inf),
        ([], math.inf),
    ],
)
def test_the_capacity_of_what_a_meter_serves_alone(points: Any, capacity: float) -> None:
    found = ChainContext(context(points), chain()).capacity("M")
    assert found == pytest.approx(capacity / 1024 / HOUR, rel=1e-15)


def test_without_a_rated_capacity_there_is_none() -> None:
    assert ChainContext(context([M], None), chain()).capacity("M") == math.inf


def test_the_equipment_of_all_points_in_which_a_meter_is_named() -> None:
    found = context([M, [("X", 1.0)], [("X", 1.0), ("M", -1.0)]])
    assert (limit := found.rated("M")) is not None and limit.rate == 128.0
    assert [found.unit(name) for name in ("M", "X", "Y")] == ["kWh", "t", ""]


def test_of_a_meter_that_was_never_read_nothing_bounds_a_gap() -> None:
    within = ChainContext(context(), chain())
    within.__dict__["rates"] = {"M": Rates(1.0, (0.0, 2.0), (0.0, 4.0)), "N": None}
    assert within.bounds("M", [(0, HOUR), (0, 24 * HOUR)]) == (0.0, 4.0 + 48.0)
    assert within.bounds("N", [(0, HOUR)]) is None and within.bounds("X", [(0, HOUR)]) is None


@pytest.mark.parametrize(("meter", "file"), [("M", "b.csv"), ("N", "a.csv"), ("R", ""), ("X", "")])
def test_data_stand_in_the_first_log_or_on_readings(meter: str, file: str) -> None:
    """Rows of the chain: one by hand of M and R, then logs; of M another one follows."""
    parts = SimpleNamespace(
        meter_ids=("N", "M", "R"),
        meter=np.array([0, 1, 2, 1, 0, 1, 1]),
        source=np.array([2, -1, -1, 1, 0, 2, 0]),
        sources=[SimpleNamespace(file=name) for name in ("a.csv", "b.csv", "c.csv")],
    )
    rows = np.array([1, 2, 3, 4, 5, 6])
    found = ChainContext(context(), chain(parts=parts, rows=rows)).data_origin(meter)
    assert found == (Origin(file=file) if file else Origin(file="m.xlsx", sheet="Readings"))


def test_of_two_rows_of_a_meter_the_larger_error_counts() -> None:
    rows = [
        {"meter_id": "M", "accuracy_class": accuracy, "unit": "kWh"} for accuracy in (0.5, 1.0, 0.2)
    ]  # fmt: skip
    found = MeterErrors(rows_of("meters", [*rows, {"meter_id": "N", "unit": "kWh"}]), Settings({}))
    assert (found.of("M"), found.of("N"), found.of("X")) == (0.01, 0.02, 0.02)
    exact = MeterErrors(rows_of("meters", [{"meter_id": "M", "accuracy_class": 0.05, "unit": "kWh"}]), Settings({}))
    assert exact.of("M") == 0.0005
