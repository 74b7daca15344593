"""What a monitored parameter cannot be, as it was read: an oxidation of 120 %, or parts of a whole above it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.quality.records.impossible import impossible_parameters

SETS = ("thing", "product", "month")
MISSING = float("nan")
ALL = (None, None)


class _Node(SimpleNamespace):
    __hash__ = object.__hash__


def said(values: list[list[float]], limits: Any = ALL, parts: bool = False, exists: Any = True) -> list[Finding]:
    """A parameter of things A, B, ... and their product x by month; its monitoring points stand in lines 0, 1, ..."""
    grid = np.array(values)
    names = "ABC"[: len(values)]
    node = _Node(sets=SETS, unit="1", symbol="p", label="a part")
    points = [SimpleNamespace(terms=[SimpleNamespace(origin=Origin(line=n))]) for n in range(len(names))]
    parameter = SimpleNamespace(
        defined=node,
        declared=SimpleNamespace(limits=limits, parts=parts),
        chain=SimpleNamespace(points=points),
        points={(name, "x"): n for n, name in enumerate(names)},
    )
    space = SimpleNamespace(
        exists=lambda sets: np.broadcast_to(exists, grid.shape),
        labels=lambda sets, place: (names[place[0]], "x", f"2024-{place[1] + 1:02}"),
    )
    claim: Any = SimpleNamespace(parameters=[parameter], space=space, evaluate=lambda: {node: grid})
    return list(impossible_parameters(claim))


def test_a_value_beyond_its_limits_is_told_with_its_point_and_month() -> None:
    (finding,) = said([[0.5, 0.5], [0.5, 1.25]], (0.0, 1.0))
    assert finding.message == "p of B, x, 2024-02 (a part) has a value that cannot be"
    assert finding.found == "1.25 1; it can be at least 0 and at most 1 1"
    assert finding.where.line == 1 and finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("value", "limits", "severity"),
    [
        (1.0, (0.0, 1.0), None),
        (1 + 1e-10, (0.0, 1.0), None),
        (1.03, (0.0, 1.0), Severity.MAJOR),  # so far the errors of instruments lead
        (2.0625, (1.0, 2.0), Severity.MAJOR),  # as a share of the larger limit
        (64 * 1.0625, (None, 64.0), Severity.ERROR),
        (1.06, (0.0, 1.0), Severity.ERROR),
        (-0.03, (0.0, 1.0), Severity.MAJOR),
        (-0.03, (0.0, None), Severity.MAJOR),
        (-0.06, (0.0, None), Severity.ERROR),
        (1e9, ALL, None),
        (MISSING, (0.0, 1.0), None),  # a data gap, which is told elsewhere
    ],
)
def test_how_far_beyond_its_limits_a_value_blocks(value: float, limits: Any, severity: Severity | None) -> None:
    assert [f.severity for f in said([[value]], limits)] == ([severity] if severity else [])


def test_the_bounds_of_what_instruments_make_are_still_within() -> None:
    """Of limits up to 1: a billionth and a twentieth beyond, as near as numbers lie to both."""
    assert said([[-1e-9]], (0.0, 1.0)) == []
    assert [f.severity for f in said([[-0.05]], (0.0, 1.0))] == [Severity.MAJOR]


@pytest.mark.parametrize(
    ("column", "severity"),
    [
        ((0.5, 0.25, 0.25), None),
        ((0.5, 0.5, MISSING), None),  # what is missing is a gap, and no part
        ((0.5, 0.5, 1e-9), None),
        ((0.5, 0.5, 2e-9), Severity.MAJOR),
        ((0.5, 0.5, 0.03), Severity.MAJOR),
        ((0.5, 0.5, 0.06), Severity.ERROR),
        ((1.05, 0.0, 0.0), Severity.MAJOR),
        ((0.5, MISSING, 0.625), Severity.ERROR),
    ],
)
def test_parts_of_one_whole_are_at_most_one(column: tuple[float, ...], severity: Severity | None) -> None:
    assert [f.severity for f in said([[one] for one in column], parts=True)] == ([severity] if severity else [])


def test_of_a_whole_without_parts_nothing_is_said() -> None:
    none: Any = np.zeros((0, 2))  # every row of its table is blank
    assert said(none, parts=True) == []


def test_parts_above_the_whole_are_told_at_the_largest() -> None:
    (finding,) = said([[0.5, 0.25], [0.25, MISSING], [0.25, 0.875]], parts=True)
    assert finding.message == "p of C, x, 2024-02 (a part) has a value that cannot be" and finding.where.line == 2
    assert finding.found == "together 1.125, and parts of one whole are at most 1"


def test_what_does_not_exist_has_no_value_to_be_wrong() -> None:
    assert said([[5.0, 0.5]], (0.0, 1.0), exists=[[False, True]]) == []
    assert said([[5.0], [0.5]], parts=True, exists=[[False], [True]]) == []
