"""Last, highest and lowest readings: what another one may have been, each side and limit by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.methodology.declare import month, period
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.proposal import End
from jcm_mrv.quality.treatment.single_readings import SingleReading, SingleReadings, _finding, nothing_read
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY, HOUR

TIMELINE = Timeline.of(date(2024, 1, 1), date(2025, 12, 31), "Asia/Ho_Chi_Minh")
JAN, FEB, MAR = (int(edge) for edge in TIMELINE.edges[:3])
Spans = Sequence[tuple[int, int]]


def treatment(operation: Any = None, values: Sequence[Any] = (), overdue: Sequence[Any] = (), **settings: float) -> Any:
    claim = SimpleNamespace(operation=operation or {})
    own = Settings({key.replace("_", ".", 1): value for key, value in settings.items()})
    context: Any = SimpleNamespace(timeline=TIMELINE, claim=claim, settings=own)
    return SingleReadings(context, values, overdue)


def combined(how: str, gaps: Spans = (), seen: Any = None, **more: Any) -> Any:
    wanted = SimpleNamespace(how=how, monthly=True, meters=("M",))
    return SimpleNamespace(meter_id="X", gaps=gaps, seen=seen, wanted=wanted, **more)


def seen(*rows: tuple[int, int, float]) -> Any:
    start, end, amount = (np.array(column) for column in zip(*rows, strict=True))
    return SimpleNamespace(start=start, end=end, amount=amount.astype(float))


# 3, 5 and 8 in the slice from 0 to 100, 12 and 1 elsewhere.
SEEN = seen((0, 30, 3), (30, 60, 5), (60, 90, 8), (200, 230, 12), (230, 260, 1))


@pytest.mark.parametrize(
    ("how", "value", "gaps", "doubtful", "said"),
    [
        # the last one: any value that was seen, where the end of the slice was not read
        ("last", 8, [(90, 100)], [], (-7, 4)), ("last", 8, [(10, 20)], [], (0, 0)), ("last", 8, [(90, 99)], [], (0, 0)),
        ("last", 8, [(90, 120)], [], (-7, 4)), ("last", 12, [(90, 100)], [], (-11, 0)),
        ("last", 1, [(99, 100)], [], (0, 11)),
        ("last", 8, [], [(95, 100)], (-7, 4)), ("last", 8, [], [(60, 100)], (-7, 4)),
        ("last", 8, [], [(200, 230)], (0, 0)),
        # the highest one: not below what is certain of the slice, up to the highest ever seen
        ("highest", 8, [(10, 20)], [], (0, 4)), ("highest", 8, [(90, 100)], [], (0, 4)),
        ("highest", 8, [(150, 160)], [], (0, 0)),
        ("highest", 8, [], [(70, 80)], (-3, 4)), ("highest", 8, [], [(0, 100)], (-7, 4)),
        ("highest", 8, [(10, 20)], [(200, 230)], (0, 0)),
        # the lowest one, the other way round
        ("lowest", 3, [(40, 50)], [], (-2, 0)), ("lowest", 3, [], [(10, 20)], (-2, 2)),
        ("lowest", 3, [], [(0, 100)], (-2, 9)),
        ("lowest", 3, [(40, 50)], [(230, 260)], (0, 0)),
        # no value is below the least that was seen, or below what is certain of the slice
        ("last", 0.5, [(90, 100)], [], (0, 11.5)), ("highest", 7, [(10, 20)], [], (0, 5)),
        ("lowest", 3, [], [(0, 30)], (-2, 2)), ("highest", 13, [(10, 20)], [], (-5, 0)),
        ("lowest", 4, [(10, 20)], [], (-3, 0)), ("lowest", 0.5, [(10, 20)], [], (0, 2.5)),
        # nothing is sound: everything that was seen
        ("highest", 8, [], [(0, 300)], (0, 4)), ("lowest", 3, [], [(0, 300)], (-2, 0)),
    ],
)  # fmt: skip
def test_what_another_reading_may_have_been(how: str, value: float, gaps: Any, doubtful: Any, said: Any) -> None:
    low, high, spans = treatment()._limits(combined(how, gaps, SEEN), float(value), (0, 100), doubtful)
    assert (low, high) == said
    assert all(0 <= a < b <= 100 for a, b in spans) and (bool(spans) or said == (0, 0))


@pytest.mark.parametrize(("how", "value", "low", "high"), [("highest", 8, -5, 22), ("lowest", 8, -7, 0)])
def test_what_touches_the_slice_is_none_of_it(how: str, value: float, low: float, high: float) -> None:
    """3 and 8 in it, 20 until it begins and 30 from its end on; the 8 is not relied on."""
    around = seen((-10, 0, 20), (0, 30, 3), (30, 60, value), (100, 110, 30), (110, 120, 1))
    assert treatment()._limits(combined(how, (), around), float(value), (0, 100), [(30, 60)])[:2] == (low, high)


def test_a_slice_of_which_nothing_was_seen_has_no_other_value() -> None:
    assert treatment()._limits(combined("last", [(90, 100)]), 8.0, (0, 100), []) == (0.0, 0.0, ())


def overdue(
    error: float | None, found: float = 0.0, meter: str = "M", start: int = 0, end: int = 100, unknown: bool = False
) -> Any:
    return SimpleNamespace(meter_id=meter, start=start, end=end, error=error, found=found, unknown=unknown)


@pytest.mark.parametrize(
    ("spans", "error"),
    [
        ([], 0.0), ([overdue(0.05)], 0.05), ([overdue(0.05), overdue(0.03)], 0.05), ([overdue(0.05, meter="N")], 0.0),
        ([overdue(0.05, start=100, end=200)], 0.0), ([overdue(0.05, start=99, end=200)], 0.05),
        ([overdue(0.05, start=-50, end=0)], 0.0), ([overdue(0.05, start=-50, end=1)], 0.05),
        # a meter of unknown error: 2 %, or what a test found; nothing where none was found
        ([overdue(None, 0.01)], 0.02), ([overdue(None, 0.03)], 0.03), ([overdue(None)], 0.0),
        ([overdue(0.0, 0.05)], 0.0),
    ],
)  # fmt: skip
def test_the_error_of_a_calibration_that_is_overdue(spans: Any, error: float) -> None:
    assert treatment(overdue=spans)._error(combined("last"), (0, 100)) == error


def test_the_unknown_error_is_a_setting() -> None:
    assert (
        treatment(overdue=[overdue(None, 0.01)], crosscheck_unknown_error=0.04)._error(combined("last"), (0, 100))
        == 0.04
    )


def taken(*rows: tuple[int, float]) -> Any:
    start, amount = (np.array(column) for column in zip(*rows, strict=True))
    return SimpleNamespace(start=start, amount=amount.astype(float), where=lambda n: Origin(line=n))


POINT: Any = SimpleNamespace(methodology="A", applies_to="U", combined="highest", name="P of U")
WITHIN: Any = SimpleNamespace(
    chain=SimpleNamespace(points=[POINT]), place={("X", n): 10 + n for n in range(12)},
)  # fmt: skip
GAP = [(FEB + DAY, FEB + 2 * DAY)]


def of_slice(one: Any, piece: Any = None, **given: Any) -> Any:
    return treatment(**given)._of_slice(WITHIN, 0, one, piece or TIMELINE.months[1])


def highest(gaps: Spans = (), value: float = 8.0) -> Any:
    """8 was taken for February, on its first instant, and 3 for January; 12 was seen in March."""
    around = seen((JAN, JAN + HOUR, 3), (FEB, FEB + HOUR, value), (MAR, MAR + HOUR, 12))
    return combined("highest", gaps, around, intervals=taken((JAN, 3), (FEB, value), (MAR, 12)))


def test_the_reading_of_a_slice_with_what_leaves_it_open() -> None:
    found = of_slice(highest(GAP))
    assert (found.slice, found.month, found.meter_id) == (11, 1, "X")
    assert (found.measured, found.value, found.lowest, found.highest) == (8.0, 8.0, 0.0, 4.0)
    assert (found.spans, found.open, found.where.line) == (tuple(GAP), tuple(GAP), 1)
    assert of_slice(highest()) is None
    assert of_slice(highest(GAP), TIMELINE.months[3]) is None, "nothing was taken for April"
    late = highest(GAP)
    late.meter_id = "Y"
    assert of_slice(late) is None, "the chain knows no such month of it"


def test_only_while_it_operates_and_by_findings_on_the_meter_itself() -> None:
    before = {("A", "U"): (FEB + 3 * DAY, MAR)}
    during = {("A", "U"): (FEB + DAY + HOUR, MAR + DAY)}
    other = {("A", "V"): (FEB + 3 * DAY, MAR)}
    assert of_slice(highest(GAP), operation=before) is None
    assert of_slice(highest(GAP), operation=during).spans == ((FEB + DAY + HOUR, FEB + 2 * DAY),)
    assert of_slice(highest(GAP), operation=other).spans == tuple(GAP)
    over = highest([(MAR - HOUR, MAR + HOUR)])
    assert of_slice(over).spans == of_slice(over, operation=during).spans == ((MAR - HOUR, MAR),)
    march = highest([(FEB, MAR)])
    march.intervals = taken((MAR, 12))
    assert of_slice(march) is None, "what was taken on the first instant of March is March's"
    for meter, said in (("X", True), ("Z", False)):
        span = SimpleNamespace(meter_id=meter, start=FEB, end=FEB + HOUR)
        found = of_slice(highest(), values=[SimpleNamespace(questionable=[span])])
        assert (found is not None) is said
    assert (found := of_slice(highest(GAP), values=[SimpleNamespace(questionable=[])])) and found.lowest == 0.0


@pytest.mark.parametrize("value", [8.0, -8.0])
def test_a_calibration_moves_both_ends_by_the_size_of_the_reading(value: float) -> None:
    late = overdue(0.05, start=FEB, end=FEB + DAY)
    found = of_slice(highest(value=value), overdue=[late])
    assert (found.lowest, found.highest, found.spans) == (pytest.approx(-0.4), pytest.approx(0.4), ())
    both = of_slice(highest(GAP), overdue=[late])
    assert (both.lowest, both.highest) == (pytest.approx(-0.4), pytest.approx(4.4))


def test_what_a_meter_read_that_failed_by_an_unknown_error_is_no_reading() -> None:
    """The 8 may have been anything from 3 to 12; of another meter it is as it was."""
    failed = {"start": FEB, "end": FEB + HOUR, "unknown": True}
    found = of_slice(highest(), overdue=[overdue(None, **failed)])
    assert (found.lowest, found.highest, found.spans) == (-5.0, 4.0, ((FEB, FEB + HOUR),))
    assert of_slice(highest(), overdue=[overdue(None, meter="N", **failed)]) is None


def test_each_point_of_a_single_reading_is_looked_at() -> None:
    """One whose slices are sound, a sum, and one of which February is open."""
    points = [
        SimpleNamespace(**{**vars(POINT), "combined": how, "terms": [SimpleNamespace(meter_id=name)]})
        for how, name in (("highest", "Z"), ("", "S"), ("highest", "X"))
    ]
    sound, open_ = highest(), highest(GAP)
    sound.meter_id = "Z"
    made = treatment()
    made.context.series = SimpleNamespace(combined=[sound, open_])
    within: Any = SimpleNamespace(chain=SimpleNamespace(points=points), place={**WITHIN.place, ("Z", 1): 0})
    found, faults = made.proposals(within, ())
    assert [(one.meter_id, one.month, one.point) for one in found] == [("X", 1, points[2])] and faults == []


def test_slices_are_months_or_years() -> None:
    one = highest(GAP)
    assert treatment()._slices(one) == TIMELINE.months
    one.wanted.monthly = False
    assert treatment()._slices(one) == TIMELINE.years
    assert of_slice(one, TIMELINE.years[0]).value == 3.0, "the first that was taken in the year"


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (End.LOWEST, "the least that the highest reading may have been"),
        (End.HIGHEST, "the greatest that the highest reading may have been"),
        (None, "the highest reading with the lowest ER"),
    ],
)
def test_what_was_done_and_why_is_said(end: Any, words: str) -> None:
    found = of_slice(highest(GAP))
    decision: Any = SimpleNamespace(end=end)
    assert isinstance(found, SingleReading) and found.rule(decision, Settings({})) == words
    done: Any = SimpleNamespace(correction=-3.0, effect_tco2e=-1.5, rule=words, direction_words="ER rises with it")
    said = _finding(found, done)
    assert said.message == (
        "the highest reading of P of U may be another than 8: 24 hours of it were not read or are questionable; ER "
        f"rises with it: {words}"
    )
    assert said.found == "8 read; 5 used" and said.data == {"read": 8.0, "used": 5.0, "hours": 24.0}
    assert (said.effect_tco2e, said.where.line) == (-1.5, 1)
    late = of_slice(highest(), overdue=[overdue(0.05, start=FEB, end=FEB + DAY)])
    assert "8: no calibration proves it;" in _finding(late, done).message


# --- slices without any reading ---------------------------------------------------------------------


def nothing(how: str, *, yearly: bool = False, counted: bool = True, **chain: Any) -> list[tuple[str, str]]:
    term = SimpleNamespace(meter_id="M", origin=Origin(cell="A2"))
    points = [
        SimpleNamespace(combined=how, name="P", terms=[term]),
        SimpleNamespace(combined="", name="Q", terms=[term]),
    ]
    graph = SimpleNamespace(H_year="Y", H="H", E="E")
    hours = np.array([5.0, 0.0, 0.0])
    known = {"Y": hours} if yearly else {"H": hours, "E": hours}
    elements = {period: ["2024", "2025", "2026"], month: ["2024-11", "2024-12", "2025-01"]}
    whole: Any = SimpleNamespace(graph=graph, points=points, **chain)
    claim: Any = SimpleNamespace(chains=[whole], space=SimpleNamespace(elements=elements))
    return [(f.message, f.action) for f in nothing_read(claim, known if counted else {})]  # type: ignore[arg-type]


MEAN = "Enter readings of that time: kind mean, with start and end."
SAMPLE = "Enter readings of that time: kind sample, with the time of each."


def test_a_slice_in_which_nothing_was_read_is_named() -> None:
    words = "the last reading of P in {} is not known: nothing was read then"
    places = [(0, 0), (0, 1), (1, 2)]
    assert nothing("last", yearly=True, point_years=places) == [(words.format("2025"), MEAN)]
    assert nothing("last", point_months=places) == [(words.format("2024-12"), MEAN)]
    assert nothing("", point_months=places) == []
    assert nothing("last", counted=False, point_months=places) == [], "no equation asks for it"
    assert nothing("count", counted=False, point_months=places) == []


@pytest.mark.parametrize(("months", "named"), [([0, 2], []), ([0], ["2025"]), ([2], ["2024"]), ([], ["2024", "2025"])])
def test_a_year_of_which_no_sample_was_counted_is_named(months: list[int], named: list[str]) -> None:
    """Of November, December and January; the rows of another meter count nothing."""
    parts = SimpleNamespace(
        month=np.array([*months, 0, 1, 2]), meter=np.array([0] * len(months) + [1] * 3), meter_ids=("M", "N")
    )
    found = nothing(
        "count", parts=parts, rows=np.arange(len(months) + 3), point_months=[(0, 0), (0, 1), (0, 2), (1, 0)]
    )
    words = "how many there are of P in {} is not known: nothing was read then"
    assert found == [(words.format(label), SAMPLE) for label in named]
