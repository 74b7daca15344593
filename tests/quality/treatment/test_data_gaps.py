"""Data gaps: which hours of a month are missing, what may have flowed in them, and what is said; by hand.

A unit whose meter A counts 1 kWh an hour, beside an output Q; March 2024 has 744 hours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Severity
from jcm_mrv.meters.segments import DataGap as Hole
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.context import AssessmentContext, ChainContext
from jcm_mrv.quality.treatment.data_gaps import DataGap, _Finder, gap_finding, spans_text
from jcm_mrv.quality.treatment.prescribed import Prescribed
from jcm_mrv.quality.treatment.proposal import Decision, End
from jcm_mrv.quality.treatment.rates import Rates
from jcm_mrv.result import Direction
from jcm_mrv.time.zones import DAY, HOUR
from quality.treatment.test_operation import WHOLE, drawn
from support.claims import Sketch, rows_of

YEAR = drawn({"A": [*WHOLE]}, {"A": {}})
TIMELINE = YEAR.timeline
FEB, MAR, APR, MAY = (month.start for month in TIMELINE.months[1:5])
RATES = Rates(2.0, (0.0, 3.0), (0.0, 8.0))
"""Kilowatts of megawatts' chain: 2 on average, 3 in the highest month, 8 at most."""


@cache
def built() -> Claim:
    return YEAR.build()[0]


def found(
    *holes: tuple[int, int],
    sketch: Sketch = YEAR,
    rates: Rates | None = RATES,
    stood: Mapping[tuple[str, int], int] = {},
    spoken: Sequence[tuple[int, int]] = (),
    away: Sequence[tuple[int, int]] = (),
    rule: str = "",
    silent: int = 0,
    **settings: float,
) -> list[DataGap]:
    """The gaps of meter A with such holes, ``spoken`` of which are taken care of.

    ``stood`` is for how long it stood in a month, ``silent`` for how much of March no hole is known.
    """
    claim = built() if sketch is YEAR else sketch.build()[0]
    series = sketch.series()
    coverage = series.coverage
    row = coverage.meter_ids.index("A")
    read, expected = np.array(coverage.covered), np.array(coverage.expected)
    for (meter, m), time in stood.items():
        n = coverage.meter_ids.index(meter)
        read[n, m] = expected[n, m] = time
    for a, b in holes:
        for m, month in enumerate(sketch.timeline.months):
            read[row, m] -= max(min(b, month.end) - max(a, month.start), 0)
    read[row, 2] -= silent
    gaps = tuple(Hole("A", a, b) for a, b in holes)
    coverage = replace(coverage, covered=read, expected=expected, data_gaps=gaps, away={"A": away})
    meters = rows_of("meters", [{"meter_id": "A", "unit": "kWh", "missing_data": rule}])
    data = replace(sketch.data(), meters=meters)
    own = Settings({key.replace("_", ".", 1): value for key, value in settings.items()})
    context = AssessmentContext.of(claim, replace(series, coverage=coverage), sketch.timeline, data, own)
    within = ChainContext(context, claim.chains[0])
    within.__dict__["rates"] = {"A": rates, "Q": RATES, "B": RATES}
    return list(_Finder(within, {"A": list(spoken)}).gaps())


# --- which hours are missing ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("holes", "missing", "highest"),
    [
        # by the highest reading below a day, from a day on by the highest month
        ([(MAR + DAY, MAR + DAY + 6 * HOUR)], {2: 6.0}, [48.0]),
        ([(MAR + DAY, MAR + 2 * DAY)], {2: 24.0}, [72.0]),
        ([(MAR + DAY, MAR + DAY + 6 * HOUR), (MAR + 3 * DAY, MAR + 4 * DAY)], {2: 30.0}, [120.0]),
        # over the end of a month it is as long as it is
        ([(MAR - 6 * HOUR, MAR + 24 * HOUR)], {1: 6.0, 2: 24.0}, [18.0, 72.0]),
        ([(MAR - 6 * HOUR, MAR + 12 * HOUR)], {1: 6.0, 2: 12.0}, [48.0, 96.0]),
        ([(MAR, APR)], {2: 744.0}, [2232.0]),
    ],
)
def test_hours_and_bounds_of_gaps(holes: Any, missing: Mapping[int, float], highest: list[float]) -> None:
    gaps = found(*holes)
    assert {one.month: one.missing for one in gaps} == missing
    for one, high in zip(gaps, highest, strict=True):
        assert (one.lowest, one.highest, one.measured) == (0.0, high, 0.0)
        assert (one.mean, one.share) == (2 * one.missing, one.missing * HOUR / TIMELINE.months[one.month].duration)
        assert (one.slice, one.meter_id, one.where.sheet) == (12 + one.month, "A", "Readings"), "those of Q come first"
        assert one.spans == tuple(
            (max(a, m.start), min(b, m.end)) for m in [TIMELINE.months[one.month]] for a, b in holes
        )


@pytest.mark.parametrize(("minutes", "gaps"), [(30, 0), (31, 1)])
def test_what_is_as_long_as_the_shortest_gap_is_none(minutes: int, gaps: int) -> None:
    hole = (MAR, MAR + minutes * HOUR // 60)
    assert len(found(hole, gaps_shortest_hole_hours=0.5)) == gaps
    assert len(found(hole, gaps_shortest_hole_hours=0.5, spoken=[(MAR, MAR + HOUR)])) == 0


def test_what_is_spoken_for_is_no_gap() -> None:
    (one,) = found((MAR, MAR + 2 * DAY), spoken=[(MAR, MAR + DAY + 12 * HOUR)])
    assert (one.missing, one.spans) == (12.0, ((MAR + DAY + 12 * HOUR, MAR + 2 * DAY),))


def test_of_a_meter_that_was_never_read_nothing_bounds_it() -> None:
    (one,) = found((MAR, APR), rates=None)
    assert (one.lowest, one.highest, one.mean, one.is_mean) == (None, None, None, False)
    (mean,) = found((MAR, APR), rates=replace(RATES, is_mean=True))
    assert mean.is_mean and (mean.lowest, mean.highest) == (0.0, 8.0 * 744)


def test_whether_a_meter_that_was_never_read_is_of_a_mean() -> None:
    def point(is_mean: bool, *meters: str) -> Any:
        return SimpleNamespace(is_mean=is_mean, terms=[SimpleNamespace(meter_id=m) for m in meters])

    one: Any = SimpleNamespace(chain=SimpleNamespace(points=[point(False, "A"), point(True, "T", "U"), point(True)]))
    assert [_Finder._of_means(one, name) for name in ("A", "T", "U", "X")] == [False, True, True, False]


@pytest.mark.parametrize(
    ("rule", "bounds", "words"),
    [
        ("zero", (0.0, 0.0), "zero, as the PDD prescribes"),
        ("highest month", (3 * 744.0, 3 * 744.0), "highest month, as the PDD prescribes: its rate times the missing"),
        ("rated capacity", (0.0, 2232.0), "left out; rated capacity of the PDD is not known"),
    ],
)
def test_what_the_pdd_prescribes(rule: str, bounds: Any, words: str) -> None:
    (one,) = found((MAR, APR), rule=rule)
    assert (one.lowest, one.highest) == bounds
    assert one.rule(Decision(0.0, End.LOWEST, Direction.RISES, 0.0), Settings({})).startswith(words)


# --- where no meter stood ----------------------------------------------------------------------------------


def test_hours_without_a_meter_are_missing_too() -> None:
    """It stood for 700 hours of March, of which 30 were not read: 74 hours, those without a meter by the month."""
    (one,) = found((MAR, MAR + 30 * HOUR), stood={("A", 2): 700 * HOUR})
    assert (one.missing, one.without_meter) == (74.0, 44.0)
    assert one.highest == 3.0 * 30 + 3.0 * 44
    assert one.hours == 74.0
    assert found((MAR, MAR + 6 * HOUR), stood={("A", 2): 700 * HOUR}, gaps_shortest_hole_hours=44.0) == []


@pytest.mark.parametrize(("minutes", "highest"), [(30, 48.0), (60, 51.0)])
def test_hours_of_which_no_span_is_known(minutes: int, highest: float) -> None:
    """Beside a gap of six hours, 8 MWh an hour at most; up to the shortest gap they are no gap of their own."""
    (one,) = found((MAR, MAR + 6 * HOUR), silent=minutes * HOUR // 60, gaps_shortest_hole_hours=0.5)
    assert (one.missing, one.highest) == (6 + minutes / 60, highest)


def test_between_two_meters_none_stood() -> None:
    """Ten hours of a gap of thirty, of which nothing says more than that it is one."""
    (one,) = found((MAR, MAR + 30 * HOUR), away=[(MAR + 5 * HOUR, MAR + 15 * HOUR), (MAY, MAY + HOUR)])
    assert (one.missing, one.without_meter) == (30.0, 10.0)
    (both,) = found((MAR, MAR + 30 * HOUR), away=[(MAR, MAR + HOUR)], stood={("A", 2): 700 * HOUR})
    assert both.without_meter == 45.0


SHARED = drawn(
    {"A": [*WHOLE]},
    {"A": {"operation_end": datetime(2024, 3, 10)}, "B": {"operation_start": datetime(2024, 3, 21)}},
    shared=True,
)


@pytest.mark.parametrize(
    ("hole", "missing"),
    [
        ((MAR + 5 * DAY, MAR + 6 * DAY), {2: 24.0}),
        ((MAR + 25 * DAY, MAR + 26 * DAY), {2: 24.0}),
        ((MAR - DAY, MAR + DAY), {1: 24.0, 2: 24.0}),
        ((APR - DAY, APR + DAY), {2: 24.0, 3: 24.0}),
    ],
)
def test_a_meter_of_two_units_one_after_the_other(hole: Any, missing: Any) -> None:
    assert {one.month: one.missing for one in found(hole, sketch=SHARED)} == missing


@pytest.mark.parametrize("names", [("A", "B"), ("B", "A")])
def test_the_longer_of_two_units_is_what_is_needed(names: tuple[str, str]) -> None:
    """One runs from 11 March on, one from 21 March on; nothing of March was read: 504 hours."""
    rows = {"A": {"operation_start": datetime(2024, 3, 11)}, "B": {"operation_start": datetime(2024, 3, 21)}}
    sketch = drawn({"A": [None, None, None, *WHOLE[3:]]}, {name: rows[name] for name in names}, shared=True)
    assert {one.month: one.missing for one in found(sketch=sketch)} == {2: 504.0}
    # all in one hole, from the year's begin on
    (one,) = found((FEB, MAR + 15 * DAY), sketch=drawn({"A": [None, *WHOLE[1:]]}, rows, shared=True))
    assert (one.month, one.missing, one.spans) == (2, 120.0, ((MAR + 10 * DAY, MAR + 15 * DAY),))


@pytest.mark.parametrize("names", [("A", "B"), ("B", "A")])
def test_the_longer_of_two_units_is_without_a_meter(names: tuple[str, str]) -> None:
    """One runs all year, one from 11 March on: it stood for 400 of 744 and of 504 hours."""
    rows: dict[str, dict[str, Any]] = {"A": {}, "B": {"operation_start": datetime(2024, 3, 11)}}
    sketch = drawn({"A": [*WHOLE]}, {name: rows[name] for name in names}, shared=True)
    (one,) = found(sketch=sketch, stood={("A", 2): 400 * HOUR})
    assert (one.missing, one.without_meter) == (344.0, 344.0)


def leeway(operation: Any, month: int) -> float:
    one: Any = SimpleNamespace(timeline=TIMELINE, shortest=0.5, claim=SimpleNamespace(operation=operation))
    return _Finder._leeway(one, SimpleNamespace(methodology="T", applies_to="U"), month)  # type: ignore[arg-type]


JAN, END = TIMELINE.months[0].start, TIMELINE.months[-1].end


@pytest.mark.parametrize(
    ("operation", "days"),
    [
        ((JAN, END), {}),
        ((MAR + DAY, END), {2: 1}),
        ((JAN, MAR + DAY), {2: 1}),
        ((MAR + DAY, MAR + 2 * DAY), {2: 2}),
        ((MAR, APR), {1: 1, 2: 2, 3: 1}),  # on the border of two months it may be either
    ],
)
def test_a_day_more_where_operation_begins_or_ends(operation: Any, days: Any) -> None:
    for m in range(12):
        assert leeway({("T", "U"): operation, ("T", "V"): (MAY, END)}, m) == 0.5 + 24 * days.get(m, 0)
    assert leeway({}, 0) == leeway({}, 11) == 0.5


# --- what is said -------------------------------------------------------------------------------------------


def gap(**given: Any) -> DataGap:
    values: dict[str, Any] = {
        "chain": None, "slice": 2, "meter_id": "A", "month": 2, "spans": ((MAR, MAR + HOUR),), "measured": 0.0,
        "lowest": 0.0, "highest": 8.0, "where": Origin(sheet="Readings"), "missing": 1.0, "share": 1 / 744,
        "mean": 2.0, "without_meter": 0.0, **given,
    }  # fmt: skip
    return DataGap(**values)


FOLLOWED, UNKNOWN = Prescribed(8.0, "by the rule"), Prescribed(None, "the rule is not known")


@pytest.mark.parametrize(
    ("given", "amount", "end", "words"),
    [
        ({}, 0.0, End.LOWEST, "left out"),
        ({}, 0.0, End.HIGHEST, "left out"),
        ({}, 0.5, End.HIGHEST, "highest rate of the meter (of a single reading; for gaps from 24 hours on"),
        ({}, -0.5, End.LOWEST, "the most that the meter ran backwards, times the missing hours"),
        ({}, 0.5, End.BETWEEN, "the amount with the lowest ER"),
        ({"is_mean": True}, 0.0, End.HIGHEST, "the highest value that the meter showed, in the missing hours"),
        ({"is_mean": True}, 0.5, End.LOWEST, "the lowest value that the meter showed, in the missing hours"),
        ({"is_mean": True}, 0.5, End.BETWEEN, "the value with the lowest ER that the meter showed, in the missing"),
        ({"prescribed": FOLLOWED}, 8.0, End.HIGHEST, "by the rule"),
        ({"prescribed": UNKNOWN}, 0.0, End.LOWEST, "left out; the rule is not known"),
    ],
)
def test_the_rule_in_words(given: Any, amount: float, end: End, words: str) -> None:
    said = gap(**given).rule(Decision(amount, end, Direction.RISES, 0.0), Settings({}))
    assert said.startswith(words) and ("rule" in said) == ("prescribed" in given)


def test_untreated_a_mean_is_like_the_rest_and_an_amount_nothing() -> None:
    assert gap().untreated == 0.0 and gap(is_mean=True).untreated == 2.0
    assert gap(is_mean=True, mean=None).untreated == 0.0


@pytest.mark.parametrize(
    ("highest", "is_mean", "direction", "refused"),
    [
        (8.0, False, Direction.FALLS, False), (8.0, True, Direction.FALLS, False),
        (None, False, Direction.RISES, False), (None, False, Direction.FALLS, True),
        (None, False, None, True), (None, True, Direction.RISES, True),
    ],
)  # fmt: skip
def test_what_cannot_be_left_out_is_refused(highest: Any, is_mean: bool, direction: Any, refused: bool) -> None:
    assert gap(highest=highest, is_mean=is_mean).refused(Decision(0.0, End.LOWEST, direction, 0.0)) is refused


def said(one: DataGap, effect: float | None = 0.0) -> Any:
    treatment: Any = SimpleNamespace(
        month="2024-03", unit="MWh", raw=1.25, correction=0.5, effect_tco2e=effect, direction_words="D", rule="R"
    )
    context: Any = SimpleNamespace(timeline=TIMELINE, settings=Settings({}))
    return gap_finding(one, treatment, context)


def test_a_gap_is_said_with_its_times() -> None:
    found = said(gap(missing=1 / 3, share=1 / 3, spans=((MAR, MAR + HOUR // 3),)))
    assert found.message == "meter A has no reading for 0.33 hours of 2024-03; D: R"
    assert found.found == "nothing for 2024-03-01 00:00 to 2024-03-01 00:20; 1.25 MWh in the rest of the month"
    assert found.data == {
        "missing_hours": 0.3333, "share_of_month": 0.333333, "correction": 0.5, "at_mean_rate": 2.0,
    }  # fmt: skip
    assert said(gap(mean=None)).data["at_mean_rate"] == "unknown"
    assert said(gap(spans=())).found == "1.25 MWh in the rest of the month"


@pytest.mark.parametrize(
    ("share", "effect", "severity"),
    [
        (0.0099, 0.0, Severity.MINOR), (0.01, 0.0, Severity.MAJOR), (0.0099, -0.5, Severity.MAJOR),
        (0.0099, None, Severity.MAJOR),
    ],
)  # fmt: skip
def test_small_and_without_effect_it_is_minor(share: float, effect: float | None, severity: Severity) -> None:
    found = said(gap(share=share), effect)
    assert (found.severity, found.effect_tco2e) == (severity, effect)


LOG = Origin(file="a.csv")


@pytest.mark.parametrize(
    ("given", "clock"),
    [
        ({"where": LOG}, True), ({"where": LOG, "missing": 2.0}, True), ({"where": LOG, "missing": 2.01}, False),
        ({}, False), ({"where": LOG, "spans": ((MAR, MAR + HOUR),) * 2}, False), ({"where": LOG, "spans": ()}, False),
    ],
)  # fmt: skip
def test_up_to_two_hours_of_a_log_may_be_its_clock(given: Any, clock: bool) -> None:
    assert ("If the logger's clock was set forward" in said(gap(**given)).action) is clock


def test_where_no_meter_stood_the_dates_are_asked_for() -> None:
    dates = "Correct the dates Installed and Removed"
    assert dates not in said(gap()).action
    assert dates in (one := said(gap(without_meter=1.5))).action
    assert "00:00 to 2024-03-01 01:00; 1.50 hours without a meter; 1.25 MWh" in one.found


def test_five_spans_are_named_and_the_rest_counted() -> None:
    spans = tuple((MAR + n * DAY, MAR + n * DAY + HOUR) for n in range(7))
    text = spans_text(gap(spans=spans), TIMELINE)
    assert text.count(" to ") == 5 and "2024-03-05" in text and "2" in text.rpartition("; ")[2]
    assert spans_text(gap(spans=spans[:5]), TIMELINE).count(" to ") == 5
