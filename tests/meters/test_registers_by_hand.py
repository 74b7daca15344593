"""Each rule of a register's advances with a handful of readings: limits of rows, changes of meter, rollovers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import LISTED, Finding
from jcm_mrv.meters.advances import Advances, Points
from jcm_mrv.meters.meters import ALWAYS_AFTER, ALWAYS_BEFORE, Installation, Meter
from jcm_mrv.meters.registers import difference
from jcm_mrv.meters.standing import standing
from jcm_mrv.origin import Origin

Reading = tuple[int, float]


def row(
    start: int = ALWAYS_BEFORE, end: int = ALWAYS_AFTER, opening: float | None = None, closing: float | None = None,
    serial: str = "A", factor: float = 1.0, digits: int | None = None,
) -> Installation:  # fmt: skip
    return Installation(serial, "kWh", factor, digits, start, end, opening, closing)


def read(rows: list[Installation], *readings: Reading) -> tuple[Advances, list[Finding]]:
    """The readings stand in E0, E1, ..., the opening and closing readings of the rows in K0, L0, K1, ..."""
    placed = [
        replace(one, where=Origin(cell=f"A{n}"), where_opening=Origin(cell=f"K{n}"), where_closing=Origin(cell=f"L{n}"))
        for n, one in enumerate(rows)
    ]
    time, value = (
        np.array([reading[k] for reading in readings], dtype=kind) for k, kind in ((0, np.int64), (1, float))
    )
    return difference(Points(Meter("M", tuple(placed)), time, value, lambda n: Origin(cell=f"E{n}")))


def lines(advances: Advances) -> list[tuple[int, int, float, int, str]]:
    """From, to, amount, row and places of each advance that takes time."""
    places = [
        f"{advances.origin(a).cell} {advances.origin(b).cell}"
        for a, b in zip(advances.opening_ref.tolist(), advances.closing_ref.tolist(), strict=True)
    ]
    columns = (advances.start, advances.end, advances.amount, advances.installation)
    found = zip(*(column.tolist() for column in columns), places, strict=True)
    return [line for line in found if line[0] < line[1]]


TWO = [row(0, 10, 1.0, 5.0), row(10, 20, 2.0, 9.0, "B")]
AWAY = [row(0, 10), row(12, 20)]
AGAIN = [(0, 10, 4.0, 0, "K0 E0"), (10, 20, 7.0, 1, "K1 L1")]


@pytest.mark.parametrize(
    ("rows", "readings", "expected"),
    [
        ([row()], [(3, 9.5), (0, 5.0), (2, 9.0)], [(0, 2, 4.0, 0, "E1 E2"), (2, 3, 0.5, 0, "E2 E0")]),
        # what a row states counts as a reading, if it says when
        ([row(0, 10, 1.0, 7.0)], [], [(0, 10, 6.0, 0, "K0 L0")]),
        ([row(end=10, closing=7.0)], [], []),
        ([row(end=10, closing=7.0)], [(4, 3.0)], [(4, 10, 4.0, 0, "E0 L0")]),
        ([row(0, opening=1.0, closing=7.0)], [(4, 3.0)], [(0, 4, 2.0, 0, "K0 E0")]),
        ([row(end=10, opening=1.0, closing=7.0)], [(4, 3.0)], [(4, 10, 4.0, 0, "E0 L0")]),
        ([row(opening=1.0, closing=7.0)], [(4, 3.0), (5, 4.0)], [(4, 5, 1.0, 0, "E0 E1")]),
        ([row(0, 10, 1.0, 7.0)], [(10, 7.0), (0, 1.0)], [(0, 10, 6.0, 0, "E1 E0")]),
        # a value as at a limit at another time is another reading
        ([row(0, 10, 1.0, 7.0)], [(1, 1.0), (9, 7.0)],
         [(0, 1, 0.0, 0, "K0 E0"), (1, 9, 6.0, 0, "E0 E1"), (9, 10, 0.0, 0, "E1 L0")]),
        # two meters one after the other
        (TWO, [(4, 3.0), (12, 4.0)],
         [(0, 4, 2.0, 0, "K0 E0"), (4, 10, 2.0, 0, "E0 L0"), (10, 12, 2.0, 1, "K1 E1"), (12, 20, 5.0, 1, "E1 L1")]),
        (TWO, [(10, 5.0)], AGAIN),
        (TWO, [(10, 2.0)], [(0, 10, 4.0, 0, "K0 L0"), (10, 20, 7.0, 1, "E0 L1")]),
        (TWO, [(10, 5.0), (10, 2.0)], [AGAIN[0], (10, 20, 7.0, 1, "E1 L1")]),
        ([TWO[0], replace(TWO[1], opening=5.0)], [(10, 5.0)], [AGAIN[0], (10, 20, 4.0, 1, "K1 L1")]),
        ([*TWO, row(20, 30, 3.0, 4.0, "C")], [], [(0, 10, 4.0, 0, "K0 L0"), AGAIN[1], (20, 30, 1.0, 2, "K2 L2")]),
        # one meter that was away from 10 to 12: what it went on by lies between the readings around that time
        (AWAY, [(6, 0.5), (8, 1.0), (14, 4.0), (16, 9.0)],
         [(6, 8, 0.5, 0, "E0 E1"), (8, 14, 3.0, 0, "E1 E2"), (14, 16, 5.0, 1, "E2 E3")]),
        (AWAY, [(10, 2.0), (14, 4.0)], [(10, 14, 2.0, 0, "E0 E1")]),
        (AWAY, [(8, 1.0), (12, 4.0)], [(8, 12, 3.0, 0, "E0 E1")]),
        # read when it was taken away and when it came back: what it showed in between was not counted here
        (AWAY, [(8, 1.0), (10, 2.0), (12, 2.5), (14, 4.0)], [(8, 10, 1.0, 0, "E0 E1"), (12, 14, 1.5, 1, "E2 E3")]),
        ([row(0, 10), row(10, 20, factor=2.0)], [(4, 1.0), (10, 2.0), (14, 5.0)],
         [(4, 10, 1.0, 0, "E0 E1"), (10, 14, 3.0, 1, "E1 E2")]),
        ([*AWAY, row(20, 30)], [(8, 1.0), (24, 4.0)], [(8, 24, 3.0, 0, "E0 E1")]),
        ([AWAY[0], row(12, 20, serial="B")], [(8, 1.0), (14, 4.0)], []),
        ([AWAY[0], row(12, 20, factor=2.0)], [(10, 1.0), (12, 1.0), (14, 4.0)], [(12, 14, 3.0, 1, "E1 E2")]),
    ],
)  # fmt: skip
def test_advances(rows: list[Installation], readings: list[Reading], expected: list[Any]) -> None:
    advances, findings = read(rows, *readings)
    assert lines(advances) == expected
    assert findings == []


SIZE = [row(digits=3)]


@pytest.mark.parametrize(
    ("readings", "amount", "code"),
    [
        # nothing to compare with: up to half of the register of 1,000
        ([(0, 900.0), (1, 400.0)], 500.0, "readings.rollover"),
        ([(0, 900.0), (1, 401.0)], -499.0, "readings.decrease"),
        ([(0, 900.0), (1, 900.0), (2, 100.0)], 200.0, "readings.rollover"),
        ([(0, 900.0), (1, 901.0), (2, 0.0)], -901.0, "readings.decrease"),
        # up to ten times the fastest of the others: 10 in 1, so 100 in 1 and 200 in 2
        ([(0, 900.0), (1, 901.0), (2, 911.0), (3, 11.0)], 100.0, "readings.rollover"),
        ([(0, 900.0), (1, 901.0), (2, 911.0), (3, 12.0)], -899.0, "readings.decrease"),
        ([(0, 890.0), (2, 910.0), (4, 110.0)], 200.0, "readings.rollover"),
        ([(0, 890.0), (2, 910.0), (4, 111.0)], -799.0, "readings.decrease"),
    ],
)
def test_a_register_that_starts_again(readings: list[Reading], amount: float, code: str) -> None:
    advances, (finding,) = read(SIZE, *readings)
    n = len(readings) - 1
    assert (lines(advances)[-1][2], finding.code, finding.where.cell) == (amount, code, f"E{n}")
    assert finding.found == f"{readings[n][1]:g} here, {readings[n - 1][1]:g} in E{n - 1}"
    rolled = code == "readings.rollover"
    assert finding.data == ({"wrap": 1000.0, "advance": amount} if rolled else {})
    assert [found.code for found in read([row()], *readings)[1]] == [
        "readings.decrease"
    ]  # of how many digits is unknown


def codes(rows: list[Installation], *readings: Reading) -> list[str]:
    return [f"{finding.code} {finding.where.cell}".removeprefix("readings.") for finding in read(rows, *readings)[1]]


@pytest.mark.parametrize(
    ("rows", "readings", "expected"),
    [
        (SIZE, [(0, 999.0), (1, 999.5)], []),
        (SIZE, [(0, 1000.0), (1, 0.0)], ["rollover E1", "digits E0"]),
        (SIZE, [(0, 1001.0), (1, 0.0)], ["decrease E1", "digits E0"]),
        (SIZE, [(0, -1000.0), (1, 0.0)], ["digits E0"]),
        # at the limits of a row its own reading holds, and nothing is said twice of one moment
        ([row(0, 10, 1.0, 5.0)], [(0, 2.0), (10, 6.0)], ["conflict E0", "conflict L0"]),
        ([row(0, 10, 1.0, 5.0)], [(4, 3.0), (10, 6.0)], ["conflict L0"]),
        ([row(0, 10, 5.0, digits=3)], [(0, 15.0), (1, 16.0), (2, 6.0)], ["conflict E0", "decrease E2"]),
        ([row()], [(0, 1.0), (5, 2.0), (5, 3.0)], ["conflict E2"]),
        ([row()], [(0, 1.0), (5, 2.0), (5, 2.0)], ["duplicate E2"]),
        ([row()], [(0, 1.0)], ["single E0"]),
        ([row()], [], []),
        ([row(0, opening=0.5)], [(1, 1.0)], []),
        (TWO, [(10, 4.0)], ["which_meter E0"]),
        ([replace(TWO[0], closing=None), replace(TWO[1], opening=None)], [(10, 4.0)], ["which_meter E0", "single E0"]),
        ([row(0, 10), row(5, 20, serial="B"), row(8, 30, serial="C")], [(10, 4.0)], ["which_meter E0", "single E0"]),
        ([row(0, 10)], [(0, 1.0), (10, 2.0), (11, 3.0)], ["not_installed E2"]),
        (AWAY, [(0, 1.0), (10, 2.0), (11, 2.0), (12, 2.0)], ["not_installed E2"]),
        ([AWAY[0], row(12, 20, factor=2.0)], [(8, 1.0), (14, 4.0)], ["factor_change A1"]),
        ([AWAY[0], row(12, 20, factor=2.0)], [(10, 1.0), (14, 4.0)], ["factor_change A1"]),
        ([AWAY[0], row(12, 20, serial="B", factor=2.0)], [(8, 1.0), (14, 4.0)], []),
    ],
)
def test_what_is_wrong_with_readings(rows: list[Installation], readings: list[Reading], expected: list[str]) -> None:
    assert sorted(codes(rows, *readings)) == sorted(expected)


def test_findings_say_what_was_read_where() -> None:
    (conflict,) = read([row(0, 10, 1.0, 5.0)], (10, 6.0))[1]
    assert conflict.found == "5 here, 6 in E0" and "opening or closing reading" in conflict.action
    change = [row(0, 10), row(12, 20, factor=2.5)]
    (factor,) = read(change, (6, 0.5), (8, 1.0), (14, 4.0), (16, 9.0))[1]
    assert factor.found == "readings in E1 and E2" and "from 1 to 2.5" in factor.message
    digits = read(SIZE, (0, 1000.0), (1, 2000.5))[1]
    assert [(one.found, one.data) for one in digits] == [
        ("1000, the register ends below 1000", {"count": 2}), ("2000.5, the register ends below 1000", {"count": 2}),
    ]  # fmt: skip
    (twice,) = read([row()], (0, 1.0), (5, 2.0), (5, 2.0), (5, 2.0))[1]
    assert twice.found == "the same moment and value as E1" and twice.data == {"count": 2}
    (single,) = read([row()], (0, 1.25))[1]
    assert single.found == "1.25"


@pytest.mark.parametrize(("falls", "more"), [(LISTED, []), (LISTED + 2, [2])])
def test_the_first_places_are_listed_and_the_rest_counted(falls: int, more: list[int]) -> None:
    findings = read([row()], *((n, float(1 - n % 2)) for n in range(2 * falls)))[1]
    assert [finding.where.cell for finding in findings[:LISTED]] == [f"E{2 * n + 1}" for n in range(LISTED)]
    assert [(one.message, one.data) for one in findings[LISTED:]] == [
        (f"the register of meter M goes backwards: the same at {rest} more place(s)", {"count": LISTED + rest})
        for rest in more
    ]


@pytest.mark.parametrize(
    ("rows", "readings", "stood"),
    [
        # away from 10 to 12: from 8 to 14 half of the time before and half after; 2 of 3 and 1 of 3
        (AWAY, [(6, 0.5), (8, 1.0), (14, 4.0), (16, 9.0)],
         [(0, 6, 8, 1.0), (1, 8, 10, 0.5), (1, 12, 14, 0.5), (2, 14, 16, 1.0)]),
        (AWAY, [(8, 1.0), (13, 4.0)], [(0, 8, 10, 2 / 3), (0, 12, 13, 1 / 3)]),
        (AWAY, [(10, 2.0), (14, 4.0)], [(0, 12, 14, 1.0)]),
        (AWAY, [(4, 1.0), (8, 1.0)], [(0, 4, 8, 1.0)]),
        (AWAY, [(4, 1.0)], []),
        ([row()], [(4, 1.0), (8, 1.0)], [(0, 4, 8, 1.0)]),
        ([row(4, 20, opening=0.5)], [(4, 1.0), (8, 1.0)], [(1, 4, 8, 1.0)]),  # the first one takes no time
    ],
)  # fmt: skip
def test_nothing_is_counted_while_the_meter_is_away(
    rows: list[Installation], readings: list[Reading], stood: list[tuple[int, int, int, float]]
) -> None:
    found = standing(read(rows, *readings)[0])
    columns = (found.row, found.start, found.end, found.share)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == stood
    assert found.rows.tolist() == sorted({one[0] for one in stood})
