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
        (with_one(4, 10.0), {"factors": (10.0,)}, [(MAJOR, 4, LOW)]),
        (with_one(4, 10.0), {"factors": (0.1,)}, [(MAJOR, 4, LOW)]),
        (with_one(4, 0.1), {}, [(MAJOR, 4, LOW)]),
        (with_one(4, 1.0), {}, [(MINOR, 4, LOW)]),
        # nothing near: the largest and the smallest, from two and a half times on
        (with_one(4, 250.0), {}, [(MAJOR, 4, HIGH)]),
        (with_one(4, 249.0), {}, []),
        (with_one(4, 40.0), {}, [(MINOR, 4, LOW)]),
        (with_one(4, 40.1), {}, []),
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
        (with_one(0, 1000.0, (1, 155.0)), True), (with_one(0, 1000.0, (1, 165.0)), False),
        (with_one(11, 1000.0, (10, 155.0)), True), (with_one(11, 1000.0, (10, 165.0)), False),
        # where months change by twice from one to the next, a tenth may be chance and a hundredth is none
        ([100.0, 200.0] * 3 + [1500.0] + [200.0, 100.0] * 2, False),
        ([100.0, 200.0] * 3 + [15_000.0] + [200.0, 100.0] * 2, True),
        # of months in all sizes the neighbours decide, if they agree within 1.3
        ([10.0, 30.0, 90.0, 270.0, 270_000.0, 350.0, 90.0, 30.0, 10.0], True),
        ([10.0, 30.0, 90.0, 270.0, 270_000.0, 360.0, 90.0, 30.0, 10.0], False),
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
    found = list(other_years(monthly(rates, labels)))
    assert sorted(int(f.where.line or 0) for f in found) == sorted(said)
    assert all(f.severity is MINOR for f in found)
