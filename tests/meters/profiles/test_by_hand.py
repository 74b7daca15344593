"""Profiles of registers and of several sources, and what a log's rows leave; by hand."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pytest

from jcm_mrv.meters.advances import Advances, Points
from jcm_mrv.meters.batches import Batch, join
from jcm_mrv.meters.meters import ALWAYS_AFTER, ALWAYS_BEFORE, Installation, Meter
from jcm_mrv.meters.profiles.builder import KEPT_PEAKS, KEPT_RUNS, ProfileBuilder, cut_hours
from jcm_mrv.meters.profiles.profile import Peak, Profile, Run, by_meter
from jcm_mrv.meters.profiles.spans import energy_profile, register_profile, showed, unit_factor, unit_of_amounts
from jcm_mrv.meters.profiles.values import ReadValues
from jcm_mrv.meters.profiles.values import joined as joined_values
from jcm_mrv.meters.segments import LogSource, SegmentKind
from jcm_mrv.origin import Origin
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY, HOUR

TIMELINE = Timeline.of(date(2024, 12, 31), date(2025, 1, 2), "Asia/Ho_Chi_Minh")
FIRST, YEAR, END = (int(edge) for edge in TIMELINE.edges)


def line(n: int) -> Origin:
    return Origin(line=n)


def installation(factor: float = 1.0, start: int = ALWAYS_BEFORE, end: int = ALWAYS_AFTER, unit: str = "kWh") -> Any:
    return Installation("S", unit, factor, None, start, end)


def register(meter: Meter, *rows: tuple[int, int, float, float, int]) -> Advances:
    """From and to in hours after the beginning, opening and closing, and the installation."""
    start, end = (np.array([FIRST + row[n] * HOUR for row in rows], dtype=np.int64) for n in (0, 1))
    opening, closing = (np.array([row[n] for row in rows], dtype=np.float64) for n in (2, 3))
    ref = np.arange(len(rows), dtype=np.int64)
    which = np.array([row[4] for row in rows], dtype=np.int64)
    times = np.concatenate((start[:1], end))
    points = Points(meter, times, np.concatenate((opening[:1], closing)), line)
    return Advances(points, start, end, opening, closing, np.zeros(len(rows)), which, ref, ref + 1)


TWO = Meter("M", (installation(2.0, end=YEAR), installation(3.0, YEAR)))


@pytest.mark.parametrize(("included", "rates"), [(False, [5.0, 10.0, 30.0]), (True, [2.5, 5.0, 10.0])])
def test_a_register_s_rates_have_the_factor_of_their_installation(included: bool, rates: list[float]) -> None:
    """5 in 2 hours and 5 in 1 hour with the factor 2, then 10 in 1 hour with the factor 3; in any order of rows."""
    rows = [(0, 2, 0.0, 5.0, 0), (2, 3, 5.0, 10.0, 0), (24, 25, 10.0, 20.0, 1)]
    for order in ((0, 1, 2), (2, 0, 1)):
        made = register(TWO, *(rows[n] for n in order))
        (found,) = register_profile(made, np.arange(3), "kWh", "register", TIMELINE.edges, included=included)
        assert sorted(peak.rate for peak in found.peaks) == pytest.approx(rates)
        assert found.amount[[0, 1, 2, 24]].tolist() == pytest.approx([rates[0], rates[0], rates[1], rates[2]])
        assert found.peaks[0].where.line == order.index(2) + 1 and found.count == 3
    some = register_profile(register(TWO, *rows), np.array([0, 2]), "MWh", "register", TIMELINE.edges)[0]
    assert [peak.rate for peak in some.peaks] == pytest.approx([30_000.0, 5_000.0])
    assert register_profile(register(TWO, *rows), np.arange(3), "m3", "register", TIMELINE.edges) == []
    assert some.readings.value.tolist() == [0.0, 5.0, 10.0, 20.0]
    kept = ReadValues(np.zeros(1, dtype=np.int64), np.ones(1), line)
    other = register_profile(register(TWO, *rows), np.arange(3), "kWh", "log", TIMELINE.edges, read=lambda: kept)[0]
    assert other.readings is kept


def test_what_a_register_showed_in_the_period() -> None:
    at = np.array([FIRST - 1, FIRST, END, END + 1, YEAR], dtype=np.int64)
    found = showed(Points(TWO, at, np.arange(5.0), line), TIMELINE.edges)
    assert (found.time.tolist(), found.value.tolist()) == ([FIRST, YEAR, END], [1.0, 4.0, 2.0])
    assert [found.where(n).line for n in range(3)] == [1, 4, 2] and len(found) == 3


@pytest.mark.parametrize(
    ("meter", "unit", "amounts", "factor"),
    [
        ("kWh", "MWh", "kWh", 1000.0), ("", "MWh", "MWh", 1.0), ("K", "K*h", "K*h", 1.0), ("K", "K", "K", 1.0),
        ("kWh", "m3", "kWh", None), ("kWh", "nonsense", "kWh", None),
    ],
)  # fmt: skip
def test_the_unit_of_a_meter_s_amounts(meter: str, unit: str, amounts: str, factor: float | None) -> None:
    one = Meter("M", (installation(unit=meter),))
    assert unit_of_amounts(unit, one) == amounts and unit_factor(unit, one) == factor


@pytest.mark.parametrize("unit", ["kWh", ""])
def test_readings_before_the_period_are_none_of_its_values(unit: str) -> None:
    """Each with its unit and factor: 2 MWh x 3 in an hour, 500 kWh x 2 in half an hour; kWh where Meters says none."""
    start = np.array([FIRST - 2 * HOUR, FIRST, YEAR, END], dtype=np.int64)
    end = start + np.array([2 * HOUR, HOUR, HOUR // 2, HOUR])
    one = Meter("M", (installation(unit=unit),))
    (found,) = energy_profile(
        one, (start, end), np.array([9.0, 2.0, 500.0, 9.0]), (["kWh", "MWh"], np.array([0, 1, 0, 0])),
        np.array([1.0, 3.0, 2.0, 1.0]), line, TIMELINE.edges,
    )  # fmt: skip
    assert [(p.rate, p.value, p.where.line) for p in found.peaks] == [(6000.0, 2.0, 1), (2000.0, 500.0, 2)]
    values = found.readings
    assert (values.value.tolist(), [values.where(n).line for n in (0, 1)]) == ([2.0, 500.0], [1, 2])
    assert found.amount[[0, 24]].tolist() == [6000.0, 1000.0] and found.covered[[0, 24]].tolist() == [1.0, 0.5]
    assert found.rates[0, 0] == 6000.0 and found.rates[1, 0] == 2000.0 and np.isnan(found.rates[0, 1])
    assert found.unit == "kWh" and found.mean_day.tolist() == [4000.0] + [0.0] * 23  # the third day has none


def hourly(*rows: tuple[float, float, float]) -> Profile:
    """Readings in kWh from and to an hour after the beginning."""
    start, end = (FIRST + np.array([round(row[n] * HOUR) for row in rows]) for n in (0, 1))
    made = energy_profile(
        Meter("M", (installation(),)), (start, end), np.array([row[2] for row in rows]),
        (["kWh"], np.zeros(len(rows), dtype=np.int64)), np.ones(len(rows)), line, TIMELINE.edges,
    )  # fmt: skip
    return made[0]


def test_the_hours_of_readings_up_to_the_last_of_the_period() -> None:
    """4 kWh over two and a half hours across midnight, and 3 kWh in the last hour and the one after it."""
    found = hourly((22.5, 25.0, 5.0), (71.0, 73.0, 3.0))
    assert found.amount[[22, 23, 24, 25, 70, 71]].tolist() == [1.0, 2.0, 2.0, 0.0, 0.0, 1.5]
    assert found.covered[[22, 23, 24, 25, 70, 71]].tolist() == [0.5, 1.0, 1.0, 0.0, 0.0, 1.0]
    assert found.readings.value.tolist() == [5.0, 3.0] and found.readings.where(1).line == 1
    assert ((found.readings.time - FIRST) / HOUR).tolist() == [22.5, 71.0]
    assert found.mean_day[[0, 22, 23]].tolist() == [2.0, 2.0, 1.75]  # at 23 also 1.5 in the last hour
    twice = hourly((1.0, 2.0, 5.0), (1.0, 2.0, 4.0))  # which is an error elsewhere
    assert twice.covered[1] == 1.0 and twice.amount[1] == 9.0 and hourly((0.0, 71.0, 5.0)).amount.sum() == 0.0
    assert hourly((0.0, 1.0, 3.0), (1.0, 2.0, -0.5), (2.0, 3.0, -1.0)).negative == -1.5


def test_readings_of_one_amount_in_a_row() -> None:
    """Of three hours at least; a single reading is none, unless it is of nothing."""
    rows = [
        (0, 2, 1.0),
        (2, 4, 1.0),
        (4, 8, 2.0),
        (8, 12, 0.0),
        (13, 15, 0.0),
        (15, 16, 0.0),
        (16, 19, 3.0),
        (20, 23, 3.0),
    ]
    found = hourly(*rows)
    assert [(r.value, (r.start - FIRST) // HOUR, r.hours, r.count, r.where.line) for r in found.runs] == [
        (1.0, 0, 4, 2, 0)
    ]
    assert [((r.start - FIRST) // HOUR, r.hours, r.count) for r in found.zeros] == [(8, 4, 1), (13, 3, 2)]
    many = hourly(*((n / 2, n / 2 + 0.5, float(n // 6 % 2)) for n in range(141)))  # three hours of 1 and of 0 in turn
    assert len(many.runs) == 11 and len(many.zeros) == 12


# --- several sources of one meter ---------------------------------------------------------------------


def profile(hours: float = 1.0, **more: Any) -> Profile:
    values = {
        "meter_id": "M", "kind": "log", "unit": "kWh", "first": FIRST, "interval": HOUR, "amount": np.ones(24),
        "covered": np.full(24, hours), "day_highest": np.array([1.0]), "day_where": [None], "runs": (), "zeros": (),
        "peaks": (), "lowest": None, "negative": 0.0, "count": 1, "sources": (),
    }  # fmt: skip
    return Profile(**{**values, **more})


def peak(rate: float, start: int) -> Peak:
    return Peak(rate, rate, start, start + 1, line(start))


def run(start: int, end: int) -> Run:
    return Run(1.0, start, end, 2, line(start))


def test_profiles_of_one_meter_together() -> None:
    one = profile(0.5, runs=(run(0, 5),), zeros=(run(7, 8),), peaks=(peak(3.0, 9), peak(1.0, 0)), lowest=peak(1.0, 0),
                  negative=-2.0, count=3, day_where=[line(4)])  # fmt: skip
    other = profile(0.75, runs=(run(10, 30), run(40, 45)), peaks=(peak(3.0, 8), peak(2.0, 1)), lowest=peak(1.0, 5),
                    negative=-0.5, count=4, kind="energy", interval=DAY, day_where=[line(5)],
                    day_highest=np.array([0.5]))  # fmt: skip
    (found,) = by_meter([one, other])
    assert found.amount.tolist() == [2.0] * 24 and found.covered.tolist() == [1.25] * 24  # by days nothing is held to 1
    assert (found.kind, found.interval, found.count, found.negative) == ("energy", DAY, 7, -2.5)
    assert [(r.start, r.end) for r in found.runs] == [(10, 30), (0, 5), (40, 45)] and len(found.zeros) == 1
    assert [(p.rate, p.start) for p in found.peaks] == [(3.0, 8), (3.0, 9), (2.0, 1), (1.0, 0)]
    assert found.lowest == peak(1.0, 0) and found.day_highest.tolist() == [1.0]
    assert found.day_where == [line(4)] and not found.hourly and found.daily
    hourly = by_meter([one, profile(0.75, count=2)])[0]
    assert hourly.covered.tolist() == [1.0] * 24 and hourly.kind == "log"
    apart = by_meter([one, profile(meter_id="N"), one])
    assert [p.meter_id for p in apart] == ["M", "N"] and apart[0].count == 6
    assert by_meter([profile(), profile()])[0].lowest is None
    many = by_meter([profile(runs=tuple(run(n, n + 2) for n in range(KEPT_RUNS))), profile(runs=(run(0, 9),))])[0]
    assert len(many.runs) == KEPT_RUNS and many.runs[0] == run(0, 9)


@pytest.mark.parametrize(("covered", "known"), [(0.9, True), (0.899, False), (1.0, True)])
def test_nine_tenths_of_a_day_are_a_day(covered: float, known: bool) -> None:
    one = profile(covered)
    assert bool(np.isfinite(one.day_amount[0])) is known and (not known or one.day_amount[0] == 24.0)
    nothing = profile(0.0, amount=np.zeros(24))
    assert nothing.rates.shape == (1, 24) and np.isnan(nothing.rates).all()


def test_values_of_several_sources_in_order_of_time() -> None:
    one = ReadValues(np.array([5, 1]), np.array([50.0, 10.0]), line)
    other = ReadValues(np.array([3, 5]), np.array([30.0, 51.0]), lambda n: line(n + 10))
    found = joined_values([one, other])
    assert (found.time.tolist(), found.value.tolist()) == ([1, 3, 5, 5], [10.0, 30.0, 50.0, 51.0])
    assert [found.where(n).line for n in range(4)] == [1, 10, 0, 11] and joined_values([one]) is one


# --- rows of a log -----------------------------------------------------------------------------------


def built(values: list[float], minutes: int = 60, first: int = FIRST, pieces: int = 1) -> ProfileBuilder:
    """Rows from ``first`` on, in some pieces."""
    step = minutes * HOUR // 60
    made = ProfileBuilder(FIRST, END, step)
    start = first + step * np.arange(len(values), dtype=np.int64)
    for own in np.array_split(np.arange(len(values)), pieces):
        made.feed(start[own], own + 2, np.array(values)[own], cut_hours(start[own], step, FIRST))
    made.finish()
    return made


@pytest.mark.parametrize("pieces", [1, 2, 3, 7])
def test_a_log_in_pieces_is_one_log(pieces: int) -> None:
    """Two values an hour for 40 hours, the first hour before the period counts with its first one."""
    values = [float(n % 11) - 2 for n in range(80)]
    found = built(values, 30, FIRST - HOUR, pieces)
    assert found.sums[:3].tolist() == [sum(values[:4]), sum(values[4:6]), sum(values[6:8])]
    assert found.counts[:3].tolist() == [4, 2, 2] and found.counts.sum() == 80 and found.sums.sum() == sum(values)
    assert found.day_highest.tolist() == [8.0, 8.0, -math.inf] and found.day_line.tolist() == [2, 2 + 50, 0]
    assert found.lowest is not None and (found.lowest.value, found.lowest.line) == (-2.0, 2)
    assert [p.value for p in found.peaks] == sorted(values, reverse=True)[:KEPT_PEAKS]
    assert [p.line for p in found.peaks][:3] == [12, 23, 34]


@pytest.mark.parametrize("pieces", [1, 2, 5])
@pytest.mark.parametrize(
    ("values", "runs", "zeros"),
    [
        ([1.0] * 5 + [2.0] * 6 + [3.0] * 7, [(3.0, 7, 11), (2.0, 6, 5)], []),
        ([0.0] * 6 + [1.0] + [0.0] * 9, [], [(0.0, 9, 7), (0.0, 6, 0)]),
        ([4.0] * 20, [(4.0, 20, 0)], []),
        ([1.0, 2.0] * 5, [], []),
    ],
)
def test_runs_of_one_value(values: list[float], runs: list[Any], zeros: list[Any], pieces: int) -> None:
    """Six values are a run where they last three hours."""
    found = built(values, pieces=pieces)
    for kept, expected in ((found.runs, runs), (found.zeros, zeros)):
        assert [(r.value, r.count, (r.start - FIRST) // HOUR) for r in kept] == expected
        assert all(r.line == (r.start - FIRST) // HOUR + 2 for r in kept)
    quarter = built(values, 15, pieces=pieces)  # 12 values of a quarter of an hour
    assert [r.count for r in quarter.runs] == [r[1] for r in runs if r[1] >= 12]


def test_what_comes_later_in_a_log_takes_the_place_of_lesser_peaks() -> None:
    """Of 1 to 16 and then 1.5 all but the 1 are kept; the lowest may come last."""
    values = [float(n + 1) for n in range(KEPT_PEAKS)]
    found = built([*values, 1.5, 0.5], pieces=KEPT_PEAKS + 2)
    assert [p.value for p in found.peaks] == [*values[:0:-1], 1.5]
    assert found.lowest is not None and (found.lowest.value, found.lowest.line) == (0.5, KEPT_PEAKS + 3)


def test_a_gap_ends_a_run() -> None:
    made = ProfileBuilder(FIRST, END, HOUR)
    start = FIRST + HOUR * np.array([*range(6), *range(7, 12)], dtype=np.int64)
    made.feed(start, np.arange(11), np.ones(11), cut_hours(start, HOUR, FIRST))
    later = FIRST + HOUR * np.array([13, 14], dtype=np.int64)
    made.feed(later, np.array([11, 12]), np.ones(2), cut_hours(later, HOUR, FIRST))
    made.finish()
    assert [(r.count, r.line) for r in made.runs] == [(6, 0)]
    cuts = cut_hours(start, HOUR, FIRST)
    assert np.flatnonzero(cuts.gaps).tolist() == [5] and cuts.day_at.tolist() == [0]
    assert cut_hours(later, HOUR, FIRST).gaps.tolist() == [False]


# --- parts joined ------------------------------------------------------------------------------------------


def test_batches_are_joined_in_order_of_meter_time_and_month() -> None:
    def batch(meter: str, unit: str, source: LogSource | None, *rows: tuple[int, int, int, float]) -> Batch:
        month, start, end = (np.array([row[n] for row in rows], dtype=np.int64) for n in (0, 1, 2))
        value, ones = np.array([row[3] for row in rows]), np.ones(len(rows), dtype=np.int64)
        origins = [line(int(row[3])) for row in rows]
        return Batch(meter, SegmentKind.LOG, unit, month, value, value + 1, value + 2, value + 3, ones * 0.5,
                     ones * 2.0, ones * 3, ones * 4, start, end, origins, origins[::-1], ones * 1.0, source,
                     1.5, 2.5)  # fmt: skip

    one, two = LogSource("L1", "a", ""), LogSource("L2", "b", "")
    found = join(
        [batch("N", "kWh", two, (0, 0, 9, 1.0)), batch("M", "MWh", None, (1, 5, 9, 2.0), (0, 5, 9, 3.0)),
         batch("M", "kWh", one, (0, 5, 7, 4.0), (0, 1, 2, 5.0))],
        ("M", "N"),
    )  # fmt: skip
    assert found.value.tolist() == [5.0, 4.0, 3.0, 2.0, 1.0] and found.meter.tolist() == [0, 0, 0, 0, 1]
    assert [found.units[n] for n in found.unit.tolist()] == ["kWh", "kWh", "MWh", "MWh", "kWh"]
    assert found.sources == (two, one) and found.source.tolist() == [1, 1, -1, -1, 0]
    assert [o.line for o in found.origins] == [5, 4, 3, 2, 1]
    assert [o.line for o in found.opening_origins] == [4, 5, 2, 3, 1]
    assert (found.opening - found.value).tolist() == [1.0] * 5 and (found.wrap - found.value).tolist() == [3.0] * 5
    assert (found.count[0], found.expected[0], found.share[0], found.factor[0]) == (3, 4, 0.5, 2.0)
    assert found.lowest is not None and found.hours is not None and found.hours.tolist() == [1.0] * 5


def test_an_amount_over_a_span_is_in_each_month_by_its_share() -> None:
    """From half a day before the period to two days of it: 0.5 day outside, 1 in December, 1 in January; of 2.5."""
    span = FIRST - DAY // 2, YEAR + DAY
    found = Batch.over("M", SegmentKind.STOCK, "t", span, TIMELINE.edges, line(1), line(2), value=5.0, closing=2.0)
    assert (found.month.tolist(), found.share.tolist()) == ([0, 1], [0.4, 0.4])
    assert found.start.tolist() == [span[0]] * 2 and found.end.tolist() == [span[1]] * 2
    assert (found.value.tolist(), found.closing.tolist(), found.opening.tolist()) == ([5.0] * 2, [2.0] * 2, [0.0] * 2)
    assert [o.line for o in (*found.origins, *found.opening_origins)] == [1, 1, 2, 2]
    plain = Batch.over("M", SegmentKind.ENERGY, "t", (FIRST, YEAR), TIMELINE.edges, line(1), value=5.0)
    assert [o.line for o in plain.opening_origins] == [1] and plain.factor.tolist() == plain.share.tolist() == [1.0]
