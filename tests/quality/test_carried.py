"""What is known of a meter, carried to the products of its single readings."""

from __future__ import annotations

from datetime import date

import numpy as np

from jcm_mrv.findings import Bias, QuestionableSpan
from jcm_mrv.meters.calibrations import MISSING, OverdueSpan
from jcm_mrv.meters.combined import Combination, Combined, Intervals, multiplied
from jcm_mrv.meters.meters import ALWAYS_AFTER, ALWAYS_BEFORE, Installation, Meter
from jcm_mrv.origin import NOWHERE
from jcm_mrv.quality.carried import CONTRADICTED, overdue_too, questionable_too
from jcm_mrv.quality.crosscheck import REGISTER, Contradiction, Pair
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from tests.support.claims import Sketch

TIMELINE = Timeline.of(date(2025, 1, 1), date(2025, 1, 31), "UTC")
FIRST = TIMELINE.months[0].start


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
