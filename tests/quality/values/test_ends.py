"""The first and the last amount of a register, just below each limit, at it and just above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Bias
from jcm_mrv.meters.profiles.values import ReadValues
from jcm_mrv.origin import Origin
from jcm_mrv.quality.values.ends import low_end
from jcm_mrv.quality.values.subject import Subject
from jcm_mrv.time.zones import DAY, HOUR
from support.limits import START, made

FALLS, RISES = -0.001, 0.001


def register(rates: Sequence[float], step: int = 1, changed: dict[str, Any] | None = None, **stated: Any) -> Subject:
    """A register that is read every so many days, with these rates [kWh/h] between its readings."""
    highest = np.full(len(rates) * step, -np.inf)
    highest[::step] = rates
    times = START + np.arange(len(rates) + 1, dtype=np.int64) * step * DAY
    read = ReadValues(times, np.zeros(len(times)), lambda n: Origin(line=n))
    own = {"kind": "register", "interval": step * DAY, "day_highest": highest, "sources": (lambda: read,)}
    return made(np.ones(24 * len(highest)), {**own, **(changed or {})}, **{"each": FALLS, **stated})


def told(rates: Sequence[float], step: int = 1, **stated: Any) -> list[int]:
    """The readings that are named, by their ordinal."""
    return [f.where.line for f in low_end(register(rates, step, **stated))]


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        # 30 / 1.25 = 24, of 28 days
        ([30.0] * 27 + [23.9], [28]), ([30.0] * 27 + [24.0], []), ([23.9] + [30.0] * 27, [0]),
        ([30.0] * 26 + [23.9], []), ([30.0] * 13 + [23.9] + [30.0] * 14, []),
        # next to nothing is another rule's: a hundredth of the usual, 0.3 / 1.25 = 0.24
        ([30.0] * 27 + [0.25], [28]), ([30.0] * 27 + [0.23], []),
        ([125.0] * 27 + [1.0], []), ([125.0] * 27 + [1.01], [28]),  # 1.25 x 1 is a hundredth of 125
        # below the lowest of all others, whatever they vary by
        ([30.0, 90.0] * 14 + [23.9], [29]), ([29.0] + [30.0] * 26 + [23.9], []),
        ([23.0] + [30.0] * 26 + [23.9], []),
    ],
)  # fmt: skip
def test_a_day_at_an_end(rates: list[float], said: list[int]) -> None:
    assert told(rates) == said


@pytest.mark.parametrize(
    ("others", "last", "said"),
    [
        ([30.0] * 6, 23.9, True), ([30.0] * 5, 23.9, False), ([30.0] * 6, 24.0, False),
        # they are steady: the usual below 1.25 times the lowest, the highest below 1.25 times the usual
        ([24.1] + [30.0] * 5, 19.0, True), ([24.0] + [30.0] * 5, 19.0, False),
        ([37.4] + [30.0] * 5, 23.9, True), ([37.5] + [30.0] * 5, 23.9, False),
    ],
)  # fmt: skip
def test_a_month_at_an_end(others: list[float], last: float, said: bool) -> None:
    assert told([*others, last], 30) == ([len(others) + 1] if said else [])
    assert told([last, *others], 30) == ([0] if said else [])


def test_only_a_register_that_is_read_daily_or_less_often() -> None:
    rates = [30.0] * 27 + [23.9]
    for changed in ({"kind": "log"}, {"kind": "energy"}, {"interval": HOUR}):
        assert list(low_end(register(rates, changed=changed))) == []


@pytest.mark.parametrize(
    ("each", "effect"), [(FALLS, 0.001 * 6.1 * 24), (RISES, None), (0.0, None), (None, "not known")]
)
def test_where_it_is_a_gain_or_nobody_knows(each: float | None, effect: Any) -> None:
    """23.9 in place of 30 kWh/h for 24 hours are 146.4 kWh too few."""
    found = list(low_end(register([30.0] * 27 + [23.9], each=each)))
    assert len(found) == (effect is not None)
    if effect is not None:
        assert found[0].effect_tco2e == (None if effect == "not known" else pytest.approx(effect))


def test_what_is_said_of_the_last_day() -> None:
    """The fortieth day is 9 February, which weighs twice; 23.9 x 24 = 573.6 kWh, 720 kWh at least."""
    (found,) = low_end(register([31.0, 30.0] * 19 + [31.0, 23.9]))
    assert (
        found.message
        == "meter M1 counts less from 2024-02-09 to 2024-02-10 than ever else, and no reading beyond confirms it"
    )
    assert found.found == "573.6 kWh; at least 720 kWh by the rates between all other readings"
    assert found.data == {"ratio": pytest.approx(23.9 / 30)}
    assert found.effect_tco2e == pytest.approx(0.002 * (31.0 - 23.9) * 24)  # of 20 and 19 the middle is 31
    ((meter, start, end, bias),) = [(q.meter_id, q.start, q.end, q.bias) for q in found.questionable]
    assert (meter, start, end, bias) == ("M1", START + 39 * DAY, START + 40 * DAY, Bias.TOO_LOW)
    (first,) = low_end(register([23.9] + [30.0] * 40))
    assert first.where.line == 0 and first.questionable[0].end == START + DAY
    assert first.effect_tco2e == pytest.approx(0.001 * 6.1 * 24)
