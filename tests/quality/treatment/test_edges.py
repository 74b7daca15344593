"""A reading over the start or end of the period: which are, what may have flowed inside, and what is said of it.

Of January to March 2024. In most tests a reading of 93 MWh over 93 days, of which 31 are January; the meter showed at
most 1.25 MWh a day elsewhere: at least 93 - 62 x 1.25 = 15.5 MWh flowed in January, and at most 31 x 1.25 = 38.75.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.meters.sources.curve import Curve
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.context import ChainContext
from jcm_mrv.quality.treatment.edges import AtEdge, DividedAtEdges
from jcm_mrv.quality.treatment.proposal import Decision, End, Outcome
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY, HOUR, Span

TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 3, 31), "Asia/Ho_Chi_Minh")
JAN, FEB, MAR, APR = (int(edge) for edge in TIMELINE.edges)
BEFORE, AFTER = JAN - 62 * DAY, APR + 62 * DAY
Rows = Sequence[tuple[int, int, float]]
USUAL: Rows = [(BEFORE, FEB, 93.0), (FEB, MAR, 1.25 * 29), (MAR, APR, 31.0)]


@dataclass(frozen=True)
class Within(ChainContext):
    """A chain of which the capacity [MWh/d] is given."""

    most: float

    def capacity(self, meter_id: str) -> float:
        return self.most / DAY


class Claim:
    """ER is 100 t and a tonne more for each MWh."""

    def __init__(self) -> None:
        self.values = {"E": np.zeros(3)}

    def reductions(self, changes: Any = None) -> float:
        return 100.0 + (0.0 if changes is None else float(changes["E"].sum()))


def curve(rows: Rows, **given: Any) -> Curve:
    start, end, amount = (np.array([row[n] for row in rows]) for n in range(3))
    return Curve.of_spans(start, end, amount, **given)


def other(amount: float, error: float = 0.0, span: Span = (JAN, FEB), rest: float = 0.0) -> Any:
    """A source that states a span, and 10 days on either side of it."""
    rows = [(span[0] - 10 * DAY, span[0], rest), (*span, amount), (span[1], span[1] + 10 * DAY, rest)]
    return SimpleNamespace(curve=curve(rows), error=error)


def context(rows: Rows, others: Sequence[Any] = (), **given: Any) -> Any:
    made = curve(rows, **given)
    return SimpleNamespace(
        timeline=TIMELINE,
        settings=Settings({}),
        claim=Claim(),
        amounts=SimpleNamespace(curve=lambda meter, unit: made),
        sources=SimpleNamespace(of=lambda meter, unit: others),
    )


def parts(rows: Rows) -> Any:
    """A meter X with the same limits, parts of M that share one limit with the first of its readings, and M's own."""
    first = rows[0]
    every = [first, (first[0], first[1] + 1, 0.0), (first[0] - 1, first[1], 0.0), *rows]
    meters = [0, 1, 1] + [1] * len(rows)
    count = len(every)
    return SimpleNamespace(
        meter_ids=("X", "M"),
        meter=np.array(meters),
        start=np.array([row[0] for row in every]),
        end=np.array([row[1] for row in every]),
        kind=np.array([SegmentKind.REGISTER] * count),
        opening=np.arange(count) * 10.0,
        closing=np.arange(count) * 10.0 + 5,
        opening_origins=[Origin(sheet="Readings", cell=f"D{n}") for n in range(count)],
        origins=[Origin(sheet="Readings", cell=f"E{n}") for n in range(count)],
        sources=(),
        source=np.full(count, -1),
    )


def proposed(
    rows: Rows = USUAL, others: Sequence[Any] = (), capacity: float = math.inf, before: Sequence[Any] = (), **given: Any
) -> list[AtEdge]:
    chain: Any = SimpleNamespace(unit="MWh", meter_months=[("M", n) for n in range(3)], parts=parts(rows))
    chain.graph = SimpleNamespace(E_corr="E")
    made = context(rows, others, **given)
    found, findings = DividedAtEdges(made).proposals(Within(made, chain, capacity), before)
    assert findings == []
    return [one for one in found if isinstance(one, AtEdge)]


def bounds(one: AtEdge) -> tuple[float, float]:
    """The least and the most in this part."""
    assert one.lowest is not None and one.highest is not None
    return one.measured + one.lowest, one.measured + one.highest


# --- which readings are divided ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "months"),
    [
        (USUAL, [0]),
        ([(JAN, FEB, 1.0), (FEB, MAR, 1.0), (MAR, APR, 1.0)], []),
        # a day on either side is nothing, one microsecond more is
        ([(JAN - DAY, FEB, 1.0)], []),
        ([(JAN - DAY - 1, FEB, 1.0)], [0]),
        ([(BEFORE, JAN + DAY, 1.0)], []),
        ([(BEFORE, JAN + DAY + 1, 1.0)], [0]),
        ([(MAR, APR + DAY, 1.0)], []),
        ([(MAR, APR + DAY + 1, 1.0)], [2]),
        ([(APR - DAY, AFTER, 1.0)], []),
        ([(APR - DAY - 1, AFTER, 1.0)], [2]),
        ([(BEFORE, FEB, 1.0), (FEB, AFTER, 1.0)], [0, 1, 2]),
        ([(BEFORE, AFTER, 1.0)], [0, 1, 2]),
    ],
)
def test_readings_over_an_edge_by_more_than_a_day(rows: Rows, months: list[int]) -> None:
    assert [one.month for one in proposed(rows)] == months


def test_what_states_nothing_is_a_gap() -> None:
    whole = (FEB - BEFORE, 0, 0)
    for missing, count in ((whole, 0), ((FEB - BEFORE - 1, 0, 0), 1), ((5 * DAY, 0, 0), 1)):
        assert len(proposed(missing=np.array(missing))) == count


def aside(start: int, end: int, sets_aside: bool = True, meter: str = "M") -> Any:
    return SimpleNamespace(sets_aside=sets_aside, meter_id=meter, spans=((start, end),))


@pytest.mark.parametrize(
    ("before", "count"),
    [
        ([aside(JAN + DAY, JAN + 2 * DAY)], 0),
        ([aside(FEB - 1, MAR)], 0),
        ([aside(FEB, MAR)], 1),
        ([aside(BEFORE, JAN)], 1),
        ([aside(BEFORE, JAN + 1)], 0),
        ([aside(FEB, MAR), aside(JAN, FEB)], 0),
        ([aside(JAN, FEB, sets_aside=False)], 1),
        ([aside(JAN, FEB, meter="X")], 1),
    ],
)
def test_what_is_set_aside_is_not_divided(before: Any, count: int) -> None:
    assert len(proposed(before=before)) == count


# --- what may have flowed inside -----------------------------------------------------------------------------


def test_the_part_inside_with_its_bounds_and_place() -> None:
    (one,) = proposed()
    assert (one.measured, *bounds(one)) == pytest.approx((31.0, 15.5, 38.75))
    assert one.open == pytest.approx((0.0, 93.0)), "all of it, or nothing"
    assert (one.slice, one.meter_id, one.spans, one.reading) == (0, "M", ((JAN, FEB),), (BEFORE, FEB))
    assert (one.part, one.where.cell) == (3, "E3")


@pytest.mark.parametrize(
    ("capacity", "open_"),
    [
        # 62 days outside, 31 inside
        (1.375, (93 - 1.375 * 62, 1.375 * 31)),
        (1.125, (15.5, 38.75)),  # the rates that the meter showed are no narrower
        (4.0, (0.0, 93.0)),
    ],
)
def test_a_capacity_bounds_what_is_open(capacity: float, open_: tuple[float, float]) -> None:
    (one,) = proposed(capacity=capacity)
    assert one.open == pytest.approx(open_)
    assert bounds(one) == pytest.approx((15.5, 38.75))


def test_a_stated_rate_leaves_nothing_open() -> None:
    (one,) = proposed(rate=1.375 / DAY)
    assert bounds(one) == pytest.approx((93 - 1.375 * 62, 1.375 * 31)) and one.open is None


@pytest.mark.parametrize(
    ("rows", "shares"),
    [
        ([(BEFORE, MAR, 122.0), (MAR, APR, 1.25 * 31)], [31 / 60, 29 / 60]),
        ([(JAN, FEB, 1.25 * 31), (FEB, AFTER, 122.0)], [29 / 60, 31 / 60]),
    ],
)
def test_a_part_over_the_end_of_a_month_is_divided_by_time(rows: Rows, shares: list[float]) -> None:
    """122 MWh in 122 days, 60 of them inside: 60 MWh, at least 122 - 62 x 1.25 = 44.5, at most 75."""
    found = proposed(rows)
    assert [one.measured for one in found] == pytest.approx([60 * share for share in shares])
    for one, share in zip(found, shares, strict=True):
        assert bounds(one) == pytest.approx((44.5 * share, 75 * share))
    for one, share in zip(proposed(rows, capacity=1.5), shares, strict=True):
        assert one.open == pytest.approx(((122 - 93) * share, 90 * share))


@pytest.mark.parametrize(
    ("others", "low", "high", "open_"),
    [
        # just January, within its error
        ([other(30.0, 0.0625)], 28.125, 31.875, False),
        # rates that the meter showed elsewhere prove nothing against it, a stated one does
        ([other(80.0)], 80.0, 80.0, False),
        ([other(80.0, 0.125)], 70.0, 90.0, False),
        # of two that state it the second narrows the first, but contradicts nothing
        ([other(30.0, 0.0625), other(30.0)], 30.0, 30.0, False),
        ([other(30.0, 0.0625), other(40.0)], 28.125, 31.875, False),
        # more than the whole reading holds
        ([other(94.0)], 15.5, 38.75, True),
        # not just January: 32 MWh in 41 days, of which the ten before may have held all or nothing
        ([other(32.0, 0.25, (JAN - 10 * DAY, FEB))], 15.5, 38.75, True),
        ([other(24.0, 0.25, (JAN - 10 * DAY, FEB))], 15.5, 30.0, True),
        ([other(20.0, 0.25, (JAN + DAY, FEB), rest=40.0)], 15.5, 38.75, True),
        ([other(24.0, 0.25, (JAN + DAY, FEB))], 18.0, 30.0, True),
        ([other(30.0, 0.0625), other(24.0, 0.25, (JAN - 10 * DAY, FEB))], 28.125, 30.0, False),
    ],
)
def test_another_source_narrows_the_bounds(others: Any, low: float, high: float, open_: bool) -> None:
    """The part by time, 31, stays possible."""
    (one,) = proposed(others=others)
    assert bounds(one) == pytest.approx((min(low, 31.0), max(high, 31.0)))
    assert one.open == (pytest.approx((0.0, 93.0)) if open_ else None)


def test_against_a_stated_rate_another_source_cannot_be_true() -> None:
    (one,) = proposed(others=[other(39.0)], rate=1.25 / DAY)
    assert bounds(one) == pytest.approx((15.5, 38.75))
    (one,) = proposed(others=[other(38.0)], rate=1.25 / DAY)
    assert bounds(one) == pytest.approx((31.0, 38.0))


@pytest.mark.parametrize(("amount", "lowest", "highest"), [(60.0, 0.0, 29.0), (16.0, -15.0, 0.0)])
def test_the_part_by_time_is_always_possible(amount: float, lowest: float, highest: float) -> None:
    (one,) = proposed(others=[other(amount)])
    assert (one.lowest, one.highest) == pytest.approx((lowest, highest))


# --- what is said --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "end", "words"),
    [
        (0.0, End.LOWEST, "divided by time"),
        (-1.0, End.LOWEST, "the least that may have flowed in this part of the reading"),
        (1.0, End.HIGHEST, "the most that may have flowed in this part of the reading"),
        (0.5, End.BETWEEN, "the amount with the lowest ER that may have flowed in this part of the reading"),
    ],
)
def test_the_rule_in_words(amount: float, end: End, words: str) -> None:
    (one,) = proposed()
    assert one.rule(Decision(amount, end, None, 0.0), Settings({})) == words


def said(rows: Rows = USUAL, corrections: Sequence[float] = (-15.5,), **given: Any) -> Any:
    """The finding of what was corrected, a tonne less for each MWh."""
    found = proposed(rows, **given)
    outcomes = [
        Outcome(
            one,
            Decision(change, End.LOWEST, None, change),
            SimpleNamespace(unit="MWh", correction=change, effect_tco2e=change),  # type: ignore[arg-type]
        )
        for one, change in zip(found, corrections, strict=True)
    ]
    (finding,) = DividedAtEdges(context(rows)).findings(outcomes)
    return finding


def test_a_reading_is_said_with_its_ends_and_bounds() -> None:
    found = said()
    assert found.message == (
        "a reading of meter M reaches over the start or end of the monitoring period; what of it lies inside is known "
        "only by time: 15.5 MWh are used, the amount with the lowest ER"
    )
    assert found.found == (
        "30 (Readings!D3) to 35 (Readings!E3) from 2023-10-31 00:00 to 2024-02-01 00:00, 33.3% of the time inside: 31 "
        "MWh by time, at least 15.5, at most 38.75 MWh"
    )
    assert found.data == pytest.approx({"days": 93, "share": 1 / 3, "by_time": 31, "lowest": 15.5, "highest": 38.75})
    # nothing of it may have flowed inside, of 100 t: 15.5 t less than is used
    assert (found.severity, found.effect_tco2e) == (Severity.MAJOR, pytest.approx(15.5))
    assert found.action.startswith("Give a reading at the start") and "Enter the highest rate" in found.action


def test_both_months_of_a_reading_are_one_finding() -> None:
    rows = [(BEFORE, MAR, 122.0), (MAR, APR, 31.0)]
    found = said(rows, (-1.0, -2.0), rate=1.25 / DAY)
    assert found.data == pytest.approx({"days": 122, "share": 60 / 122, "by_time": 60, "lowest": 44.5, "highest": 75})
    assert found.effect_tco2e == -3.0 and ": 57 MWh are used" in found.message
    assert found.action.endswith("which narrows the bounds.")


@pytest.mark.parametrize(
    ("days", "rate", "severity"),
    [(34, 2.0, Severity.MINOR), (35, 2.0, Severity.MAJOR), (34, math.inf, Severity.MAJOR)],
)
def test_up_to_65_days_with_a_stated_rate_it_is_minor(days: int, rate: float, severity: Severity) -> None:
    """31 days of January and 34 before it are 65."""
    found = said([(JAN - days * DAY, FEB, 65.0), (FEB, MAR, 29.0)], (-1.0,), rate=rate / DAY)
    assert found.severity is severity and found.data["days"] == 31 + days


def test_a_log_has_no_ends() -> None:
    """A sum of a log is none of the parts."""
    (one,) = proposed()
    assert one.hours == 31 * 24 == (FEB - JAN) / HOUR
    chain: Any = SimpleNamespace(unit="MWh", meter_months=[("M", 0)], parts=parts([(JAN, FEB, 1.0)]))
    chain.rows = np.zeros(0, dtype=np.int64)
    made = context(USUAL)
    made.data = SimpleNamespace(file="m.xlsx")
    (found,), _ = DividedAtEdges(made).proposals(Within(made, chain, math.inf), ())
    assert isinstance(found, AtEdge) and found.part is None and str(found.where) == "m.xlsx, Readings"
