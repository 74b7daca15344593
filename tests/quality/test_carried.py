"""What is known of a meter, carried to the products of its single readings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest

from jcm_mrv.findings import Bias, QuestionableSpan
from jcm_mrv.meters.calibrations import MISSING, OverdueSpan
from jcm_mrv.meters.combined import Combination, Combined, Intervals, multiplied
from jcm_mrv.meters.meters import ALWAYS_AFTER, ALWAYS_BEFORE, Installation, Meter
from jcm_mrv.origin import NOWHERE
from jcm_mrv.quality.carried import CONTRADICTED, overdue_too, questionable_too
from jcm_mrv.quality.crosscheck import REGISTER, Contradiction, Pair
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY, HOUR
from support.claims import Sketch, rows_of

TIMELINE = Timeline.of(date(2025, 1, 1), date(2025, 1, 31), "UTC")
FIRST = TIMELINE.months[0].start
DAYS = (datetime(2025, 1, 2), datetime(2025, 1, 3))


def intervals(*amounts: float) -> Intervals:
    start = FIRST + np.arange(len(amounts), dtype=np.int64) * HOUR
    return Intervals(start, start + HOUR, np.array(amounts), lambda n: NOWHERE)


def made() -> Combined:
    wanted = Combination("product", "HW", ("F", "T"), ("t", "K*h"), "K", NOWHERE)
    always = [Meter(m, (Installation("", "", 1.0, None, ALWAYS_BEFORE, ALWAYS_AFTER),)) for m in "FT"]
    found, faults = multiplied(wanted, (intervals(2, -1), intervals(10, 20)), (always[0], always[1]), TIMELINE)
    assert found is not None and not faults
    return found


def test_sums_and_limits_of_a_product_by_hand() -> None:
    one = made()
    assert one.batch(TIMELINE).value.tolist() == [2 * 10 - 1 * 20]
    assert one.batch(TIMELINE, [FIRST + HOUR]).value.tolist() == [20, -20]
    assert one.limits(FIRST, FIRST + 2 * HOUR) == (2, -1, 10, 20)
    assert one.wanted.unit_of_amounts == "t*K"


def test_an_overdue_calibration_is_that_of_the_product_too() -> None:
    span = OverdueSpan("T", FIRST, FIRST + HOUR, 0.01, "", "", NOWHERE, MISSING, "")
    assert [s.meter_id for s in overdue_too([span], [made()])] == ["T", "HW: F × T"]


def test_what_contradicts_a_factor_makes_the_product_questionable() -> None:
    """Only the spans in which they differ beyond what is allowed."""
    wrong = Pair(FIRST, FIRST + HOUR, 2.0, 1.0, 0.1, NOWHERE)
    right = Pair(FIRST + HOUR, FIRST + 2 * HOUR, 2.0, 2.0, 0.1, NOWHERE)
    other = Contradiction("F", "t", (wrong, right), REGISTER("they differ", NOWHERE, found="2 and 1"))
    [finding] = questionable_too([], [other], Sketch("DRAFT_HEAT 0.1").data(), TIMELINE, [made()])
    assert finding.code == CONTRADICTED.code == "combined.contradicted"
    assert finding.questionable == (QuestionableSpan("HW: F × T", FIRST, FIRST + HOUR, Bias.EITHER),)


def test_a_value_of_a_factor_that_is_questionable_makes_the_product_so_in_any_direction() -> None:
    """Of the meters F and T, not of X; where nothing is made, findings stay as they are."""
    spans = tuple(QuestionableSpan(name, FIRST, FIRST + n * HOUR, Bias.TOO_HIGH) for n, name in ((1, "F"), (2, "X")))
    value = REGISTER("they differ", NOWHERE, questionable=spans)
    data = Sketch("DRAFT_HEAT 0.1").data()
    [carried] = questionable_too([value], [], data, TIMELINE, [made()])
    assert carried.questionable == (*spans, QuestionableSpan("HW: F × T", FIRST, FIRST + HOUR, Bias.EITHER))
    override = rows_of("overrides", [{"meter_id": "F", "start": DAYS[0], "end": DAYS[1], "value": 5.0}])
    assert questionable_too([value], [], replace(data, overrides=override), TIMELINE, []) == [value]


@pytest.mark.parametrize(
    ("meter", "start", "end", "said"),
    [("F", 0, 1, 1), ("X", 0, 1, 0), ("F", None, 1, 0), ("F", 0, None, 0), ("F", 0, 0, 0), ("F", 1, 0, 0)],
)
def test_an_override_of_a_factor_leaves_the_product_unknown_for_its_time(
    meter: str, start: int | None, end: int | None, said: int
) -> None:
    """The second of January; a row without its limits, or whose end is not after its start, has a finding elsewhere."""
    given = {"meter_id": meter, "value": 5.0} | {
        key: DAYS[day] for key, day in (("start", start), ("end", end)) if day is not None
    }
    data = replace(Sketch("DRAFT_HEAT 0.1").data(), overrides=rows_of("overrides", [given]))
    found = questionable_too([], [], data, TIMELINE, [made()])
    span = QuestionableSpan("HW: F × T", FIRST + DAY, FIRST + 2 * DAY, Bias.EITHER)
    assert [f.questionable for f in found] == [(span,)] * said
    assert all((f.code, f.found, f.where.sheet) == ("combined.overridden", "5.0", "Overrides") for f in found)


def test_what_contradicts_another_meter_or_nothing_beyond_what_is_allowed_is_not_carried() -> None:
    """2 against 1 leaves 1, as much as is allowed."""
    data = Sketch("DRAFT_HEAT 0.1").data()
    for meter, allowed in (("X", 0.1), ("F", 1.0)):
        pair = Pair(FIRST, FIRST + HOUR, 2.0, 1.0, allowed, NOWHERE)
        other = Contradiction(meter, "t", (pair,), REGISTER("they differ", NOWHERE))
        assert questionable_too([], [other], data, TIMELINE, [made()]) == []
