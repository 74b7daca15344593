"""Overrides: which rows are used, for what time and by how much; each side by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.quality.treatment.overrides import Override, _as_mapping, _finding, _overrides, override_cuts
from jcm_mrv.quantities.units import conversion
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY, HOUR
from support.claims import rows_of

TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 3, 31), "Asia/Ho_Chi_Minh")
JAN, FEB = (int(edge) for edge in TIMELINE.edges[:2])


def row(start: Any = datetime(2024, 1, 10), end: Any = datetime(2024, 1, 20), number: int = 0, **cells: Any) -> Any:
    given = {"meter_id": "M", "start": start, "end": end, "value": 5000.0, "unit": "kWh", "reason": "a leak", **cells}
    return rows_of("overrides", [given] * (number + 1))[number]


def chain(unit: str = "MWh", *, mean: bool = False) -> Any:
    """The months January and February of meter M; February of N stands before them."""
    return SimpleNamespace(
        unit=unit,
        meter_months=[("N", 1), ("M", 0), ("M", 1)],
        points=[SimpleNamespace(is_mean=False), SimpleNamespace(is_mean=mean)],
        in_unit=lambda have, meter, at: conversion(have, unit) * (1 if at < JAN + 19 * DAY or at >= FEB else 2),
    )


def made(*rows: Any, chains: Sequence[Any] = (), cuts: Sequence[int] = ()) -> list[Any]:
    """What becomes of rows; 4 of each chain's unit were measured in any span."""
    curve = SimpleNamespace(cuts=lambda at: at in cuts, over=lambda a, b: SimpleNamespace(best=4.0))
    context: Any = SimpleNamespace(
        timeline=TIMELINE,
        claim=SimpleNamespace(chains=chains or [chain()]),
        amounts=SimpleNamespace(curve=lambda meter, unit: curve),
    )
    used: Any = {}
    return [one for given in rows for one in _overrides(given, context, used)]


def said(*rows: Any, **given: Any) -> list[str]:
    """'used', or why not."""
    return ["used" if isinstance(one, Override) else str(one.message) for one in made(*rows, **given)]


def test_an_override_takes_the_place_of_what_was_measured() -> None:
    """5,000 kWh in place of 4 MWh: one MWh more."""
    (one,) = made(row())
    assert (one.slice, one.month, one.meter_id, one.where.cell) == (1, 0, "M", one.record.origin("value").cell)
    assert (one.measured, one.value, one.lowest, one.highest) == (4.0, 5.0, 1.0, 1.0)
    assert one.spans == ((JAN + 9 * DAY, JAN + 19 * DAY),) and one.hours == 240.0
    two = made(row(), chains=[chain(), chain("kWh")])
    assert [(o.value, o.highest) for o in two] == [(5.0, 1.0), (5000.0, 4996.0)]


OUTSIDE = "the span does not lie within one month of the monitoring period"
UNCOUNTED = "no monitoring point counts this meter then"
CUT = "the span begins or ends within a reading, of which a part would have to be guessed"


@pytest.mark.parametrize(
    ("start", "end", "what"),
    [
        (datetime(2024, 1, 1), datetime(2024, 2, 1), ["used"]),
        (datetime(2024, 2, 1), datetime(2024, 3, 1), ["used"]),
        (datetime(2024, 1, 1), datetime(2024, 2, 1, 1), [OUTSIDE]),
        (datetime(2024, 1, 31, 23), datetime(2024, 3, 1), [OUTSIDE]),
        (datetime(2023, 12, 31, 23), datetime(2024, 1, 5), [OUTSIDE]),
        (datetime(2024, 3, 1), datetime(2024, 3, 5), [UNCOUNTED]),
        (datetime(2024, 1, 5), datetime(2024, 1, 5), []),
        (datetime(2024, 1, 6), datetime(2024, 1, 5), []),
        (None, datetime(2024, 1, 5), []),
        (datetime(2024, 1, 5), None, []),
    ],
)
def test_a_span_within_a_month(start: Any, end: Any, what: list[str]) -> None:
    assert said(row(start, end)) == what


def test_a_row_without_value_or_unit_has_been_named_and_another_meter_is_not_counted() -> None:
    assert said(row(value=None)) == said(row(unit="")) == []
    assert said(row(value=0.0)) == ["used"]
    assert said(row(meter_id="N")) == said(row(meter_id="X")) == [UNCOUNTED]


FIRST, THEN = (datetime(2024, 1, 1), datetime(2024, 1, 15)), (datetime(2024, 1, 15), datetime(2024, 1, 31))


@pytest.mark.parametrize(
    ("one", "other", "overlaps"),
    [
        (FIRST, THEN, False), (THEN, FIRST, False), (FIRST, FIRST, True),
        ((FIRST[0], datetime(2024, 1, 15, 1)), THEN, True), (THEN, (FIRST[0], datetime(2024, 1, 15, 1)), True),
        (FIRST, (datetime(2024, 2, 1), datetime(2024, 2, 2)), False),
        ((datetime(2024, 1, 1), datetime(2024, 1, 31)), (datetime(2024, 1, 5), datetime(2024, 1, 6)), True),
    ],
)  # fmt: skip
def test_two_rows_of_one_time(one: Any, other: Any, overlaps: bool) -> None:
    second = "the span overlaps that of row 2" if overlaps else "used"
    assert said(row(*one), row(*other, number=1)) == ["used", second]
    elsewhere = UNCOUNTED if other[0].month == 1 else "used"
    assert said(row(*one), row(*other, number=1, meter_id="N")) == ["used", elsewhere]


@pytest.mark.parametrize("cut", [JAN + 9 * DAY, JAN + 19 * DAY])
def test_a_span_of_whole_readings(cut: int) -> None:
    """A reading may lie over the end of a month: that is divided anyway."""
    assert said(row(), cuts=[cut]) == [CUT] and said(row(), cuts=[cut + 1]) == ["used"]
    assert said(row(datetime(2024, 1, 1), datetime(2024, 2, 1)), cuts=[JAN, FEB]) == ["used"]


def test_rows_with_a_span_cut_the_readings_of_their_meter() -> None:
    rows = [row(), row(end=None), row(*THEN), row(meter_id="N", start=datetime(2024, 2, 1), end=datetime(2024, 2, 2))]
    data: Any = SimpleNamespace(overrides=rows)
    assert override_cuts(data, TIMELINE) == {
        "M": [JAN + 9 * DAY, JAN + 19 * DAY, JAN + 14 * DAY, JAN + 30 * DAY], "N": [FEB, FEB + DAY]
    }  # fmt: skip


def test_a_unit_that_fits_or_a_mean_over_the_hours() -> None:
    """A mean of 3 K over the ten days: 720 K*h, where 4 were measured; kelvins of what is no mean do not fit."""
    (one,) = made(row(unit="K", value=3.0), chains=[chain("K*h", mean=True)])
    assert (one.value, one.highest) == (720.0, 716.0)
    (whole,) = made(row(unit="K*h", value=720.0), chains=[chain("K*h", mean=True)])
    assert whole.value == 720.0
    (wrong,) = made(row(unit="K", value=3.0), chains=[chain("K*h")])
    assert wrong.found == "K" and wrong.message.startswith("the unit of the override does not fit: ")
    assert wrong.action == "Write the amount in a unit that can become K*h."


# --- what is said of it -----------------------------------------------------------------------------


def treatment(effect: float | None, unit: str = "MWh") -> Any:
    return SimpleNamespace(effect_tco2e=effect, unit=unit, month="2024-01")


@pytest.mark.parametrize(
    ("effects", "effect", "severity"),
    [
        ([0.5], 0.5, Severity.MAJOR), ([0.0], 0.0, Severity.MINOR), ([-0.5], -0.5, Severity.MINOR),
        ([0.5, -0.75], -0.25, Severity.MINOR), ([-0.5, 0.75], 0.25, Severity.MAJOR), ([None], None, Severity.MAJOR),
        ([-0.5, None], None, Severity.MAJOR),
    ],
)  # fmt: skip
def test_what_raises_er_or_is_not_known_needs_an_answer(effects: Any, effect: Any, severity: Severity) -> None:
    (one,) = made(row())
    found = _finding([(one, treatment(each)) for each in effects])
    assert (found.effect_tco2e, found.severity) == (effect, severity)
    assert found.data == {"measured": 4.0, "used": 5.0} and found.found == "measured 4 MWh, used 5 MWh"
    listed = _as_mapping([(one, treatment(each)) for each in effects])
    assert listed["effect_tco2e"] == ("" if effect is None else f"{effect:g}")
    assert listed["measured"] == "; ".join(["4 MWh"] * len(effects)) and listed["reason"] == "a leak"


def test_who_decided_and_what_proves_it() -> None:
    (bare,), (full,) = made(row()), made(row(evidence="D-1", decided_by="The manager"))
    first, second = _finding([(bare, treatment(0.0))]), _finding([(full, treatment(0.0))])
    assert first.message == "somebody replaced what meter M measured in 240.00 hours of 2024-01: a leak"
    assert first.action == "Keep the proof ready for the verifier: name it in the column Evidence."
    assert second.message.startswith("The manager replaced") and second.action.endswith("verifier: D-1")
    assert HOUR * 240 == 10 * DAY
