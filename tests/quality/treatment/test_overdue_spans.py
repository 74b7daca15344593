"""What a meter measured while nothing proved it: by its error, or of any size, each bound by hand; and what is said.

Of two meters ER = Q - EC at 1 t/MWh, each with 1,000 kWh a month; March has 744 hours.
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.findings import Code, Finding
from jcm_mrv.meters.calibrations import FAILED, LATE, MISSING, REPLACED, OverdueSpan
from jcm_mrv.quality.treatment.overdue import _anything
from jcm_mrv.quality.treatment.rates import Rates
from jcm_mrv.result import Treatment
from jcm_mrv.time.zones import DAY
from support.mirrored import WHERE, both, check, drawn, side, treated

FORWARD, MEAN = Rates(0.0, (0.0, 1.0), (0.0, 1.0)), Rates(0.0, (0.0, 1.0), (0.0, 1.0), is_mean=True)


@pytest.mark.parametrize(
    ("rates", "allowed", "rate", "capacity", "ends"),
    [
        # 8 were measured in 16 microseconds, give or take 1; by its own rates from 2 to 12
        (FORWARD, (2.0, 12.0), math.inf, math.inf, (-6.0, 4.0)),
        (FORWARD, (7.5, 8.5), math.inf, math.inf, (-1.0, 1.0)),
        (None, None, math.inf, math.inf, (-1.0, 1.0)),
        # a stated rate, or a capacity, whichever is less, is what may have flowed at most
        (FORWARD, (2.0, 12.0), 1.0, math.inf, (-6.0, 8.0)),
        (FORWARD, (2.0, 12.0), 2.0, 1.0, (-6.0, 8.0)),
        (FORWARD, (2.0, 12.0), 1.0, 2.0, (-6.0, 8.0)),
        (FORWARD, (2.0, 12.0), 0.5, math.inf, (-6.0, 4.0)),
        (None, None, 1.0, math.inf, (-1.0, 8.0)),
        # of a temperature a rate says nothing
        (MEAN, (2.0, 12.0), 1.0, math.inf, (-6.0, 4.0)),
    ],
)
def test_what_a_meter_that_failed_may_have_measured(
    rates: Any, allowed: Any, rate: float, capacity: float, ends: tuple[float, float]
) -> None:
    curve = SimpleNamespace(rate=rate)
    within: Any = SimpleNamespace(
        bounds=lambda meter, spans: allowed,
        rates={"M": rates},
        context=SimpleNamespace(amounts=SimpleNamespace(curve=lambda meter, unit: curve)),
        chain=SimpleNamespace(unit="MWh"),
        capacity=lambda meter: capacity,
    )
    assert _anything(within, "M", [(0, 4), (8, 20)], 8.0, -1.0, 1.0) == ends


def late(
    meter: str, error: float | None, found: float = 0.0, code: Code = LATE, march: float | None = 1000.0, of: str = ""
) -> tuple[list[Treatment], list[Finding]]:
    """Of 17 March to the end of April."""
    plan = drawn(meter, {2: march})
    months = plan.timeline.months
    start, end = months[2].end - 15 * DAY, months[3].end
    span = OverdueSpan(meter, start, end, error, "overdue", "it is late", WHERE, code, "Test it.", found)
    return treated(plan, overdue_spans=[span])


@both
def test_a_failure_without_an_error_found_is_not_relied_on(meter: str) -> None:
    """Q counts as nothing then; EC as its highest month, February: 1,000 kWh in 29 days."""
    treatments, (said,) = late(meter, 0.005, code=FAILED)
    measured, highest = [15 / 31, 1.0], [15 / 29, 30 / 29]
    expected = [side(meter, -m, h - m) for m, h in zip(measured, highest, strict=True)]
    check(treatments, meter, expected)
    assert {t.rule for t in treatments} == {"overdue: not relied on, since no error found is stated"}
    assert "; nothing of what it measured is relied on, since no certificate says by how much" in said.message
    assert said.action.startswith("Enter the error found from the certificate") and said.action.endswith("Test it.")
    assert said.effect_tco2e == pytest.approx(sum(expected) * side(meter, 1, -1))


@both
def test_with_the_error_found_it_is_moved_by_that(meter: str) -> None:
    treatments, (said,) = late(meter, 0.03, 0.03, FAILED)
    check(treatments, meter, [side(meter, -0.03, 0.03) * 15 / 31, side(meter, -0.03, 0.03)])
    assert "; what it measured is corrected by 3 %, " in said.message
    assert said.found == "1.48387 MWh measured, " + side_text(meter) + " MWh corrected"
    assert said.action == "Test it."


def side_text(meter: str) -> str:
    return "-0.0445161" if meter == "Q" else "+0.0445161"


@pytest.mark.parametrize(("march", "error"), [(0.0, 0.005), (1000.0, 0.0)])
def test_nothing_measured_or_no_error_is_no_correction(march: float, error: float) -> None:
    treatments, (said,) = late("Q", error, march=march)
    assert [t.month for t in treatments] == (["2024-04"] if error else [])
    assert ("nothing measured then counts" in said.found) is (not error)


@both
def test_a_meter_that_ran_back_is_off_by_the_size_of_it(meter: str) -> None:
    """-1,000 kWh in March: half of a per cent of them is as much either way."""
    treatments, _ = late(meter, 0.005, march=-1000.0)
    check(treatments, meter, [side(meter, -0.005, 0.005) * 15 / 31, side(meter, -0.005, 0.005)])


@pytest.mark.parametrize(("error", "asked"), [(0.005, False), (None, True)])
def test_of_a_meter_without_a_stated_error_one_is_asked_for(error: float | None, asked: bool) -> None:
    _, (said,) = late("Q", error)
    assert ("neither its accuracy class nor its permissible error is known" in said.message) is asked
    assert said.action == ("Enter one of them on Meters. Test it." if asked else "Test it.")
    assert said.message.startswith("meter Q, 2024-03-17 00:00 to 2024-05-01 00:00: it is late")


@pytest.mark.parametrize("code", [MISSING, REPLACED])
@pytest.mark.parametrize(("march", "share"), [(1000.0, 15 / 31), (-1000.0, -15 / 31)])
def test_where_neither_is_known_what_two_per_cent_would_take_is_said(code: Code, march: float, share: float) -> None:
    """Each month by the size of what it measured."""
    treatments, (said,) = late("Q", None, code=code, march=march)
    assert treatments == [] and said.effect_tco2e == pytest.approx(0.02 * (abs(share) + 1.0))
    assert said.message.endswith("so that nothing is corrected")
    assert said.found == "with an error of 2 % ER would be lower by the effect"
