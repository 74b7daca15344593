"""Months that are unlike the others: each limit just below it, at it and just above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Bias, Finding, Severity
from jcm_mrv.quality.values.odd_months import other_years, typed_wrong
from support.limits import monthly, with_one

MINOR, MAJOR = Severity.MINOR, Severity.MAJOR
RISES, FALLS = 0.001, -0.001


def said_of(found: Sequence[Finding]) -> list[tuple[Severity, int, Bias, bool]]:
    return [
        (
            f.severity,
            int(f.where.line or 0),
            next(q.bias for q in f.questionable),
            "near" in f.message or "factor" in f.message,
        )
        for f in found
    ]


HIGH, LOW = Bias.TOO_HIGH, Bias.TOO_LOW


def growing(at: int, factor: float) -> list[float]:
    """Three years of which each month has 1.1 times the rate of the last, but for one."""
    return [100 * 1.1**n * (factor if n == at else 1.0) for n in range(36)]


@pytest.mark.parametrize(
    ("rates", "stated", "said"),
    [
        (with_one(4, 1000.0), {}, [(MAJOR, 4, HIGH)]),
        (with_one(4, 1149.0), {}, [(MAJOR, 4, HIGH)]),
        (with_one(2, 1000.0, count=4), {}, [(MAJOR, 2, HIGH)]),
        (with_one(2, 1000.0, count=3), {}, []),
        # a fall: a question, unless ER gains by it or it is a factor of the meter itself
        (with_one(4, 10.0), {}, [(MINOR, 4, LOW)]),
        (with_one(4, 10.0), {"each": RISES}, [(MINOR, 4, LOW)]),
        (with_one(4, 10.0), {"each": FALLS}, [(MAJOR, 4, LOW)]),
        (with_one(4, 10.0), {"each": -1e-6}, [(MAJOR, 4, LOW)]),  # 63,000 kWh too few in the fifth month are 0.3 t
        (with_one(4, 10.0), {"each": 0.0}, [(MINOR, 4, LOW)]),
        (with_one(4, 10.0), {"factors": (10.0,)}, [(MAJOR, 4, LOW)]),
        (with_one(4, 10.0), {"factors": (0.1,)}, [(MAJOR, 4, LOW)]),
        (with_one(4, 0.1), {}, [(MAJOR, 4, LOW)]),
        (with_one(4, 1.0), {}, [(MINOR, 4, LOW)]),
        # nothing near: the largest and the smallest, from two and a half times on
        (with_one(4, 250.0), {}, [(MAJOR, 4, HIGH)]),
        (with_one(4, 249.0), {}, []),
        (with_one(4, 40.0), {}, [(MINOR, 4, LOW)]),
        (with_one(4, 40.1), {}, []),
        (with_one(4, 250.0, (7, 110.0)), {}, []), (with_one(4, 40.0, (7, 90.0)), {}, []),
        # where months differ much anyway that is a question only
        ([10.0, 30.0, 90.0, 270.0, 90.0, 30.0, 10.0, 30.0, 270.0, 700.0], {}, [(MINOR, 9, HIGH)]),
        # a month of nothing is another rule's
        (with_one(4, 1000.0, (7, 0.0)), {}, [(MAJOR, 4, HIGH)]),
        # normal is what lies within 2.2 times; if six of ten do, the others are held against these
        (with_one(4, 100 * 2.2), {"factors": (2.2,)}, [(MAJOR, 4, HIGH)]),
        (with_one(4, 100 / 2.2), {"factors": (2.2,)}, [(MAJOR, 4, LOW)]),
        (with_one(4, 219.0), {"factors": (2.2,)}, []),
        ([300.0] * 3 + [100.0] * 6 + [1000.0], {}, [(MAJOR, 9, HIGH)]),
        ([300.0] * 3 + [20.0] + [100.0] * 5 + [1000.0], {}, [(MINOR, 9, HIGH), (MINOR, 3, LOW)]),
        # of months that grow by a tenth each the neighbours decide; the last has only one
        (growing(30, 1.6), {"factors": (1.6,)}, [(MAJOR, 30, HIGH)]),
        (growing(30, 1 / 1.6), {"factors": (1.6,)}, [(MAJOR, 30, LOW)]),
        (growing(35, 2.0), {"factors": (2.0,)}, []),
        (with_one(4, 250.0, (7, 40.0)), {}, [(MAJOR, 4, HIGH), (MINOR, 7, LOW)]),
        # its neighbours have to show it too
        (with_one(4, 1000.0, (3, 300.0)), {}, [(MAJOR, 4, HIGH)]),
        (with_one(0, 1000.0, (1, 150.0)), {}, [(MAJOR, 0, HIGH)]),
        (with_one(4, 1000.0, (5, 1000.0)), {}, [(MAJOR, 4, HIGH), (MAJOR, 5, HIGH)]),
        # no more than four
        (with_one(0, 1000.0, (2, 1000.0), (4, 1000.0), (6, 1000.0), (8, 1000.0), count=24), {}, 4),
    ],
)  # fmt: skip
def test_a_month_that_is_unlike_the_others(rates: list[float], stated: dict[str, Any], said: Any) -> None:
    labels = [f"{2024 + n // 12}-{n % 12 + 1:02d}" for n in range(36)]
    found = list(typed_wrong(monthly(rates, labels, **stated)))
    if isinstance(said, int):
        assert len(found) == said
    else:
        assert [one[:3] for one in said_of(found)] == said
        for finding in found:
            ((start, end),) = [(q.start, q.end) for q in finding.questionable]
            piece = monthly(rates, labels).timeline.months[int(finding.where.line or 0)]
            assert (start, end) == (piece.start, piece.end)


@pytest.mark.parametrize(
    ("rates", "named"),
    [
        (with_one(4, 1149.0), True), (with_one(4, 1151.0), False),
        (with_one(4, 1000.0, (3, 240.0)), True), (with_one(4, 1000.0, (3, 260.0)), False),
        (with_one(1, 1000.0, (0, 240.0)), True), (with_one(1, 1000.0, (0, 260.0)), False),
        (with_one(0, 1000.0, (1, 800.0)), True), (with_one(0, 1000.0, (1, 700.0)), False),
        # 15 %, and up to 30 % of what months change by: from 1,500 to 2,175 is 1.45 times
        ([100.0, 150.0] * 2 + [2160.0, 150.0] + [100.0, 150.0] * 3, True),
        ([100.0, 150.0] * 2 + [2190.0, 150.0] + [100.0, 150.0] * 3, False),
        (with_one(0, 1000.0, (1, 155.0)), True), (with_one(0, 1000.0, (1, 165.0)), False),
        (with_one(11, 1000.0, (10, 155.0)), True), (with_one(11, 1000.0, (10, 165.0)), False),
        # where months change by twice from one to the next, a tenth may be chance and a hundredth is none
        ([100.0, 200.0] * 3 + [1500.0] + [200.0, 100.0] * 2, False),
        ([100.0, 200.0] * 3 + [15_000.0] + [200.0, 100.0] * 2, True),
        # of months in all sizes the neighbours decide, if they agree within 1.3
        ([10.0, 30.0, 90.0, 270.0, 270_000.0, 350.0, 90.0, 30.0, 10.0], True),
        ([10.0, 30.0, 90.0, 270.0, 270_000.0, 360.0, 90.0, 30.0, 10.0], False),
        ([300.0, 270_000.0, 350.0, 90.0, 30.0, 10.0, 30.0, 90.0, 270.0], True),
        ([270.0, 90.0, 30.0, 10.0, 30.0, 90.0, 350.0, 270_000.0, 300.0], True),
        ([270_000.0, 270.0, 90.0, 30.0, 10.0, 30.0, 90.0, 270.0], False),
    ],
)  # fmt: skip
def test_a_month_is_said_to_be_near_a_factor(rates: list[float], named: bool) -> None:
    found = list(typed_wrong(monthly(rates)))
    worst = int(np.argmax(rates))
    assert any("near the factor" in f.message for f in found if f.where.line == worst) == named


@pytest.mark.parametrize(("hours", "count"), [(24.0, 1), (23.9, 0)])
def test_a_month_counts_from_a_day_on(hours: float, count: int) -> None:
    assert len(list(typed_wrong(monthly(with_one(4, 1000.0), hours=hours)))) == count
    labels = ["2024-01", "2025-01"]
    assert len(list(other_years(monthly([100.0, 300.0], labels, hours)))) == count


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        ([100.0, 300.0], [1]),
        ([100.0, 299.0], []),
        ([300.0, 100.0], [1]),  # of two the later is looked at
        ([299.0, 100.0], []),
        ([100.0, 100.0, 300.0], [2]),
        ([300.0, 100.0, 100.0], [0]),
        ([100.0, 0.0], []),
        ([0.0, 100.0], []),
        ([0.0, 100.0, 300.0], [2, 1]),
    ],
)
def test_the_same_month_of_other_years(rates: list[float], said: list[int]) -> None:
    labels = [f"{2024 + n}-05" for n in range(len(rates))]
    for scale in (1.0, 2.0**-10):
        found = list(other_years(monthly([scale * rate for rate in rates], labels)))
        assert sorted(int(f.where.line or 0) for f in found) == sorted(said)
        assert all(f.severity is MINOR for f in found)


def test_what_is_said_of_a_month_beside_other_years() -> None:
    (ten,) = other_years(monthly([100.0, 1000.0], ["2024-05", "2025-05"]))
    assert ten.message == (
        "meter M1: 2025-05 is 10 times the same month of other years; near the factor 10 of a wrong unit or decimal "
        "point"
    )
    assert ten.found == "700,000 kWh in 700.0 hours"
    (five,) = other_years(monthly([100.0, 500.0], ["2024-05", "2025-05"]))
    assert five.message == "meter M1: 2025-05 is 5 times the same month of other years"
