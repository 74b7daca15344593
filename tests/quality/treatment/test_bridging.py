"""What another source says of a gap: each bound by hand, in microseconds and one unit, and what is said of it."""

from __future__ import annotations

import math
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.meters.sources.curve import Curve
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.bridging import (
    Bridge,
    Bridging,
    _beyond,
    _bounds,
    _by_month,
    _elsewhere,
    _Left,
    _measured,
    _of_meter,
    _Source,
    _sources,
)
from jcm_mrv.quality.treatment.bridging import _Bounds as Bounds
from jcm_mrv.quality.treatment.rates import Rates
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY, HOUR, Span

BILL, METERS = Origin(sheet="Invoices", cell="D2"), Origin(sheet="Meters")
FORWARD = Rates(0.0, (0.0, HOUR / 8), (0.0, HOUR))
"""At most an eighth in a microsecond."""
BACKWARD = Rates(0.0, (-HOUR / 16, HOUR / 8), (-1.0, HOUR))


def chain(
    rates: Rates | None = FORWARD,
    allowed: tuple[float, float] | None = None,
    stated: float = math.inf,
    capacity: float = math.inf,
) -> Any:
    curve = SimpleNamespace(rate=stated)
    return SimpleNamespace(
        context=SimpleNamespace(amounts=SimpleNamespace(curve=lambda meter, unit: curve)),
        chain=SimpleNamespace(unit="MWh"),
        rates={"M": rates},
        bounds=lambda meter, spans: allowed,
        capacity=lambda meter: capacity,
    )


def source(error: float, amount: float = 0.0, start: int = 0, end: int = 8) -> _Source:
    return _Source("the bill", start, end, amount, error, BILL)


# --- a gap of 8 microseconds that the source covers with nothing besides --------------------------------


@pytest.mark.parametrize(
    ("left", "error", "rates", "allowed", "stated", "bounds"),
    [
        (8.0, 1.0, FORWARD, (0.0, 5.0), math.inf, (7.0, 9.0)),
        (2.0, 4.0, None, None, math.inf, (0.0, 6.0)),
        # an error as large as what is left: no more than the meter's own rates allow, nor less than what is left
        (4.0, 4.0, FORWARD, (0.0, 5.0), math.inf, (0.0, 5.0)),
        (4.0, 4.0, FORWARD, (0.0, 3.0), math.inf, (0.0, 4.0)),
        (4.0, 4.0, FORWARD, (0.0, 9.0), math.inf, (0.0, 8.0)),
        (4.0, 4.0, FORWARD, None, math.inf, (0.0, 8.0)),
        # less than the meter counted: nothing flowed, if the error reaches as far, or the meter ran back
        (-1.0, 1.0, FORWARD, None, math.inf, (0.0, 0.0)),
        (-1.0, 0.75, FORWARD, None, math.inf, None),
        (-1.0, 0.75, None, None, math.inf, None),
        (0.25, 0.25, FORWARD, None, math.inf, (0.0, 0.5)),
        (-2.0, 1.0, BACKWARD, None, math.inf, (-3.0, -1.0)),
        # at most half in a microsecond, 4 in all: more than that is no credit, and no less than all is taken off
        (8.0, 1.0, FORWARD, None, 0.5, (4.0, 9.0)),
        (4.0, 1.0, FORWARD, None, 0.5, (3.0, 4.0)),
        (3.0, 2.0, FORWARD, None, 0.5, (1.0, 4.0)),
    ],
)
def test_bounds_of_a_gap_that_a_source_states(
    left: float, error: float, rates: Any, allowed: Any, stated: float, bounds: Any
) -> None:
    found = _bounds(chain(rates, allowed, stated), "M", source(error), _Left(left, [(0, 8)], 8, 0))
    assert (found and (found.low, found.high, found.open)) == (bounds and (*bounds, None))


# --- and with 24 microseconds besides of which nothing is known ---------------------------------------------


@pytest.mark.parametrize(
    ("left", "error", "rates", "stated", "bounds"),
    [
        # by time a quarter; 24 microseconds hold 6 at most
        (8.0, 1.0, FORWARD, 0.25, (1.0, 9.0)),
        (8.0, 1.0, FORWARD, 0.125, (2.0, 9.0)),
        # the 24 may also have run back by 1.5
        (8.0, 1.0, BACKWARD, 0.25, (1.0, 10.5)),
        (-8.0, 1.0, FORWARD, 0.25, (-15.0, -2.0)),
    ],
)
def test_a_stated_rate_bounds_what_flowed_beyond(
    left: float, error: float, rates: Any, stated: float, bounds: Any
) -> None:
    found = _beyond(chain(rates, (0.0, 1.0), stated), "M", source(error), _Left(left, [(0, 8)], 8, 24))
    assert (found.low, found.high, found.open) == (*bounds, None)


@pytest.mark.parametrize(
    ("left", "error", "rates", "allowed", "capacity", "bounds", "open_"),
    [
        # by the meter's own rates 3 of it at most beyond: 8 - 4 - 3; by the gap's own rates 6 at most in it
        (8.0, 4.0, FORWARD, (0.0, 6.0), math.inf, (1.0, 6.0), (0.0, 12.0)),
        (8.0, 1.0, FORWARD, (0.0, 6.0), math.inf, (2.0, 6.0), (0.0, 9.0)),
        # never better than by time, and no narrower than what the source can say
        (8.0, 4.0, FORWARD, (0.0, 1.0), math.inf, (1.0, 2.0), (0.0, 12.0)),
        (8.0, 4.0, FORWARD, (0.0, 20.0), math.inf, (1.0, 12.0), (0.0, 12.0)),
        (8.0, 4.0, FORWARD, None, math.inf, (1.0, 12.0), (0.0, 12.0)),
        (8.0, 4.0, None, None, math.inf, (0.0, 12.0), (0.0, 12.0)),
        # a capacity: 3 beyond, 1 inside; 1.5 beyond; 24 and 8; 6 and 2
        (8.0, 4.0, FORWARD, (0.0, 6.0), 0.125, (1.0, 6.0), (1.0, 6.0)),
        (8.0, 4.0, FORWARD, (0.0, 6.0), 0.0625, (1.0, 6.0), (1.0, 6.0)),
        (8.0, 4.0, FORWARD, (0.0, 6.0), 1.0, (1.0, 6.0), (0.0, 8.0)),
        (8.0, 1.0, FORWARD, (0.0, 1.0), 0.25, (2.0, 2.0), (1.0, 2.0)),
        # of a meter that runs back as well: 4 in the gap, 1.5 beyond
        (8.0, 8.0, BACKWARD, (-4.0, 6.0), math.inf, (-3.0, 6.0), (-4.0, 17.5)),
        (8.0, 12.0, BACKWARD, (-4.0, 6.0), math.inf, (-4.0, 6.0), (-4.0, 21.5)),
    ],
)
def test_without_a_stated_rate_what_is_likely_and_what_is_open(
    left: float, error: float, rates: Any, allowed: Any, capacity: float, bounds: Any, open_: Any
) -> None:
    given = chain(rates, allowed, capacity=capacity)
    found = _beyond(given, "M", source(error), _Left(left, [(0, 8)], 8, 24))
    assert (found.low, found.high, found.open) == (*bounds, open_)
    # what is above the capacity by time is no credit either
    by_time, limit = left / 4, capacity * 8
    low = min(max(bounds[0], 0.0) if rates is not BACKWARD else bounds[0], limit)
    expected = Bounds(low, bounds[1], open_, contradicted=by_time > limit)
    assert _bounds(given, "M", source(error), _Left(left, [(0, 8)], 8, 24)) == expected


def test_what_is_above_the_stated_rate_by_time_is_no_credit() -> None:
    """32 in 32 microseconds at a quarter each: 2 in the gap, of which the source says 8 by time and 33 at most."""
    found = _bounds(chain(stated=0.25), "M", source(1.0), _Left(32.0, [(0, 8)], 8, 24))
    assert found == Bounds(2.0, 33.0, contradicted=True)
    exact = _bounds(chain(stated=0.25), "M", source(1.0), _Left(8.0, [(0, 8)], 8, 24))
    assert exact == Bounds(1.0, 2.0), "just as much as the rate allows contradicts nothing"


def test_an_upper_bound_is_never_below_the_lower_one() -> None:
    """-8 in all: by time -2; the rest ran back by 1.5 at most, so that -6.5 is the most by the source."""
    found = _bounds(chain(BACKWARD, (-1.0, 3.0)), "M", source(0.0), _Left(-8.0, [(0, 8)], 8, 24))
    assert found is not None and (found.low, found.high) == (-2.0, -2.0)


@pytest.mark.parametrize(
    ("rates", "bounds"),
    [
        (None, (0.0, math.inf)),
        (Rates(0.0, (-1.0, 4.0), (0.0, 0.0)), (-2.0, 8.0)),
        (Rates(0.0, (1.0, 4.0), (0.0, 0.0)), (0.0, 8.0)),
        (Rates(0.0, (-4.0, -1.0), (0.0, 0.0)), (-8.0, 0.0)),
        # by the hour: 1 and 9 in two hours in a row
        (Rates(0.0, (2.0, 2.0), (0.0, 0.0), (np.array([1.0, 9.0, 0.0, 4.0]), np.ones(4))), (0.0, 10.0)),
    ],
)
def test_what_flowed_in_two_hours_of_which_nothing_is_known(rates: Any, bounds: Any) -> None:
    assert _elsewhere(chain(rates), "M", 2 * HOUR) == bounds


# --- which sources speak, and what they say --------------------------------------------------------------


READ = Curve.of_spans(
    np.array([0, 10, 20, 40]),
    np.array([10, 20, 30, 50]),
    np.array([4.0, -8.0, 16.0, 2.0]),
    tolerance=0.5,
    both_ways=True,
)


def sources(*gaps: Span, month_end: int = 100) -> list[tuple[int, int, float, float, str]]:
    """Of a curve that is read to a half at each end, with an error of a quarter; from 10 on it stands in D2."""
    other = SimpleNamespace(curve=READ, error=0.25, name="the bill", where=METERS, origins={10: BILL})
    pieces = [[(a, min(b, month_end)) for a, b in gaps if a < month_end], [(max(a, month_end), b) for a, b in gaps]]
    given: Any = SimpleNamespace(
        context=SimpleNamespace(sources=SimpleNamespace(of=lambda meter, unit: [other])),
        chain=SimpleNamespace(unit="MWh"),
        by_month=lambda meter, spans: [(n, [p for p in own if p[0] < p[1]]) for n, own in enumerate(pieces)],
    )
    return [(s.start, s.end, s.amount, s.error, s.origin.sheet) for s in _sources(given, "M", list(gaps))]


FIRST = (0, 10, 4.0, 1.0 + 0.5, "Meters")
SECOND = (10, 20, -8.0, 2.0 + 0.5, "Invoices")
THIRD = (20, 30, 16.0, 4.0 + 0.5, "Meters")


@pytest.mark.parametrize(
    ("gaps", "month_end", "said"),
    [
        ([(10, 20)], 100, [SECOND]),
        ([(12, 18)], 100, [SECOND]),
        ([(10, 18)], 100, [SECOND]),
        ([(12, 20)], 100, [SECOND]),
        ([(8, 12)], 100, [FIRST, SECOND]),
        ([(12, 14), (16, 18)], 100, [SECOND]),
        ([(30, 40)], 100, []),
        # what it states of a month alone goes first, then the spans around what is left
        ([(12, 30)], 20, [THIRD, SECOND]),
        ([(10, 30)], 100, [(10, 30, 8.0, 2.0 + 0.5, "Invoices")]),
    ],
)
def test_a_source_states_a_gap_alone_or_a_span_around_it(gaps: Any, month_end: int, said: Any) -> None:
    assert sources(*gaps, month_end=month_end) == said


def counted(divided: bool, best: float, missing: int) -> Any:
    amount = SimpleNamespace(divided=divided, best=best, missing=missing)
    return SimpleNamespace(between=lambda meter, start, end, unit: amount)


@pytest.mark.parametrize(
    ("gaps", "divided", "known"),
    [
        ([(0, 8)], True, (0.0, 8)),  # nothing but the gap: what lies around it is divided, not the gap
        ([(-2, 20)], True, (0.0, 8)),
        ([(0, 7)], False, (5.0, 3)),
        ([(0, 7)], True, None),
        ([], False, (5.0, 3)),
    ],
)
def test_what_the_meter_counted_in_the_span(gaps: Any, divided: bool, known: Any) -> None:
    given: Any = SimpleNamespace(
        context=SimpleNamespace(gaps={"M": gaps}, amounts=counted(divided, 5.0, 3)), chain=SimpleNamespace(unit="MWh")
    )
    assert _measured(given, "M", source(0.0)) == known


def test_a_source_bridges_what_lies_in_its_span_by_months_and_leaves_the_rest() -> None:
    """10 in 32; the meter counted 2 of it and says nothing of 36, of which 12 lie in the gaps."""
    curve = Curve.of_spans(np.array([0]), np.array([32]), np.array([10.0]))
    other = SimpleNamespace(curve=curve, error=0.0, name="b", where=BILL, origins={})
    given = chain(FORWARD, (0.0, 4.0))
    given.context.sources = SimpleNamespace(of=lambda meter, unit: [other, other])
    given.context.gaps = {"M": [(4, 8), (24, 40)]}
    given.context.amounts.between = counted(False, 2.0, 36).between
    given.by_month = lambda meter, spans: [
        (m, tuple(p for p in spans if p[0] // 16 == m)) for m in (0, 1) if any(p[0] // 16 == m for p in spans)
    ]
    given.place, given.data_origin = {("M", 0): 5, ("M", 1): 6}, lambda meter: METERS
    bridges, conflicts = _of_meter(given, "M", [(4, 8), (24, 40)])
    assert conflicts == [] and [(b.spans, b.slice, b.month) for b in bridges] == [
        (((4, 8),), 5, 0),
        (((24, 32),), 6, 1),
    ]
    # 8 in 12 + 24: by time 8 / 3; at most an eighth beyond, so that 5 and less are in the gaps, and 4 by its own rates
    assert [(b.lowest, b.highest) for b in bridges] == [
        (pytest.approx(8 / 9), pytest.approx(4 / 3)),
        (pytest.approx(16 / 9), pytest.approx(8 / 3)),
    ]
    assert [b.open for b in bridges] == [(0.0, pytest.approx(8 / 3)), (0.0, pytest.approx(16 / 3))]
    assert {(b.measured, b.where, b.source_where) for b in bridges} == {(0.0, METERS, BILL)}


def test_without_anything_open_nothing_is() -> None:
    given = chain()
    given.by_month = lambda meter, spans: [(0, ((0, 2),)), (1, ((4, 10),))]
    given.place, given.data_origin = {("M", 0): 5, ("M", 1): 6}, lambda meter: METERS
    found = list(_by_month(given, "M", source(0.0), _Left(8.0, [], 8, 0), Bounds(4.0, 16.0)))
    assert [(b.lowest, b.highest, b.open) for b in found] == [(1.0, 4.0, None), (3.0, 12.0, None)]
    found = list(_by_month(given, "M", source(0.0), _Left(8.0, [], 8, 0), Bounds(4.0, 16.0, (2.0, 32.0))))
    assert [b.open for b in found] == [(0.5, 8.0), (1.5, 24.0)]


# --- what is said -----------------------------------------------------------------------------------------


TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 12, 31), "Asia/Ho_Chi_Minh")
MARCH = TIMELINE.months[2].start


class Claim:
    """ER is 100 t, and a tonne more for each unit more."""

    def __init__(self, reductions: float) -> None:
        self.values, self.base = {"E": np.zeros(12)}, reductions

    def reductions(self, changes: Any = None) -> float:
        return self.base + (0.0 if changes is None else float(changes["E"].sum()))


def said(open_: Any, bounds: tuple[float, float] = (0.0, 2.5), reductions: float = 100.0) -> Any:
    """Of 5 March and half of 20 March, and 20 minutes: 1.5 MWh, of which ER has 1.25 t."""
    context: Any = SimpleNamespace(timeline=TIMELINE, settings=Settings({}), claim=Claim(reductions))
    own: Any = SimpleNamespace(unit="MWh", graph=SimpleNamespace(E_corr="E"))
    spans = ((MARCH + 4 * DAY, MARCH + 5 * DAY), (MARCH + 19 * DAY, MARCH + 19 * DAY + 12 * HOUR + HOUR // 3))
    bridge = Bridge(own, 2, "M", 2, spans, 0.0, *bounds, METERS, "the bill", BILL, open_)
    done: Any = SimpleNamespace(unit="MWh", month="2024-03", correction=1.5, effect_tco2e=1.25)
    return Bridging(context)._finding(bridge, done, [(bridge, done, open_)])


def test_a_bridge_is_said_with_its_times_and_source() -> None:
    found = said(None)
    assert found.message == "meter M has no reading for 36.33 hours of 2024-03; bridged by the bill: 1.5 MWh"
    assert found.found == f"nothing from 2024-03-05 00:00 to 2024-03-20 12:20; the bill in {BILL}"
    assert found.action == "Keep the source ready for the verifier, and say why the readings are missing."
    assert found.data == {"hours": 36.3333, "lowest": 0.0, "highest": 2.5}
    assert (found.severity, found.effect_tco2e, found.where) == (Severity.MINOR, 1.25, METERS)
    assert said(None, (-1.0, 0.0)).data == {"hours": 36.3333, "lowest": -1.0, "highest": 0.0}


@pytest.mark.parametrize(
    ("open_", "effect"),
    [
        ((0.0, 2.5), 1.5),  # all of it may have flowed elsewhere: 1.5 t of 100 t
        ((0.25, 9.0), 1.25),
        ((0.5, 9.0), None),  # one tonne is a hundredth of ER, and no more
        ((1.5, 9.0), None),
    ],
)
def test_what_hangs_on_what_is_open_is_asked(open_: Any, effect: Any) -> None:
    found = said(open_)
    assert (found.severity, found.effect_tco2e) == ((Severity.MAJOR, effect) if effect else (Severity.MINOR, 1.25))
    assert ("Enter the highest rate of the meter" in found.action) == bool(effect)
    assert found.action.startswith("Keep the source ready")


def test_of_a_claim_of_nothing_nothing_hangs_on_what_would_raise_it() -> None:
    """ER of 0 t: any loss is much, but more of it is no loss."""
    assert said((1.5, 9.0), reductions=0.0).severity is Severity.MINOR
    assert said((1.25, 9.0), reductions=0.0).effect_tco2e == 0.25
    assert said((1.25, 9.0), reductions=math.inf).effect_tco2e is None, "of ER without a value nothing is known"
