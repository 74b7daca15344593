"""Shares that leave a part of a meter uncounted, in claims whose ER follows from the shares by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Finding
from jcm_mrv.origin import Origin
from jcm_mrv.quality.records.remainders import remainder_findings


class OfShares:
    """A claim whose ER is 100 t less ``tonnes`` for each row's part of its meter; each row is a point of its own.

    A row is meter, coefficient, parameter, what it applies to, and the tonnes of all of the meter; A2 is the same
    quantity as A, and Q counts again what A counts.
    """

    raised_by = Claim.raised_by

    def __init__(self, *rows: tuple[str, float, str, str, float]) -> None:
        points = [
            SimpleNamespace(
                methodology="X", parameter=parameter, applies_to=element,
                terms=[SimpleNamespace(meter_id=meter, coefficient=share, origin=Origin(line=n + 2))],
            )
            for n, (meter, share, parameter, element, _) in enumerate(rows)
        ]  # fmt: skip
        self.tonnes = np.array([row[4] for row in rows])
        graph: Any = SimpleNamespace(c="c")
        self.chains = [SimpleNamespace(graph=graph, points=points, terms=[(n, 0) for n in range(len(rows))])]
        self.values: Any = {"c": np.array([row[1] for row in rows])}
        own: dict[str, Any] = {"A": {}, "A2": {"same_as": "A"}, "Q": {"counts_again": True}}
        self.parameters = [
            SimpleNamespace(
                bound=SimpleNamespace(namespace="X"),
                declared=SimpleNamespace(**{"symbol": symbol, "same_as": None, "counts_again": False, **more}),
            )
            for symbol, more in own.items()
        ]

    def reductions(self, changes: Any = None) -> float:
        return 100.0 - float(self.tonnes @ (changes or self.values)["c"])

    def said(self) -> list[Finding]:
        claim: Any = self
        return list(remainder_findings(claim))


def test_what_is_left_out_is_told_with_its_row() -> None:
    """A quarter of 8 t is counted, and three quarters are 6 t."""
    (finding,) = OfShares(("M", 0.25, "A", "U1", 8.0)).said()
    assert finding.message == "0.75 of meter M is counted nowhere, and ER is lower with all of it"
    assert finding.found == "shares add up to 0.25; with all of it ER is 6.000 tCO2e less"
    assert (finding.where.line, finding.data, finding.effect_tco2e) == (2, {"sum": 0.25}, 6.0)


@pytest.mark.parametrize("share", [-0.25, -0.0])
def test_what_is_not_subtracted_is_told_as_such(share: float) -> None:
    """Where ER rises with a meter, it falls with what is subtracted: a share of nothing has its sign too."""
    (finding,) = OfShares(("M", share, "A", "U1", -8.0)).said()
    assert finding.message == f"{1 + share:g} of meter M is subtracted nowhere, and ER is lower with all of it"
    assert finding.effect_tco2e == 8 * (1 + share)


@pytest.mark.parametrize(
    ("rows", "effects"),
    [
        ([("M", 0.5, "A", "U1", -8.0)], []),  # ER rises with it
        ([("M", 0.5, "A", "U1", 0.0)], []),
        ([("M", 1.0, "A", "U1", 8.0)], []),
        ([("M", 0.5, "A", "U1", 8.0), ("M", 0.5, "A", "U2", 2.0)], []),  # all of it in two units
        ([("M", 0.5, "A", "U1", 8.0), ("M", 0.25, "A", "U2", 16.0)], [4.0]),  # the rest where ER falls most
        ([("M", 0.5, "A", "U1", 8.0), ("L", 0.5, "A", "U2", 16.0)], [4.0, 8.0]),
        ([("M", 0.5, "A", "U1", 8.0), ("M", -0.5, "A", "U2", -16.0)], [4.0, 8.0]),  # each sign for itself
        # what a weighbridge counts for the reference it counts again, and in whole, for the project
        ([("M", 1.0, "A", "", -16.0), ("M", 1.0, "Q", "U1", 8.0)], []),
        ([("M", 1.0, "A", "", -16.0), ("M", 0.25, "Q", "U1", 8.0)], [6.0]),
        ([("M", 0.75, "A", "", 16.0), ("M", 0.25, "Q", "U1", 8.0)], [4.0, 6.0]),
        # one quantity in two parameters has the same part of the meter in both
        ([("M", 0.5, "A", "U1", 8.0), ("M", 0.5, "A2", "U1", 16.0)], [12.0]),
        ([("M", 0.25, "A", "U1", 8.0), ("M", 0.5, "A2", "U1", 16.0)], [0.75 * 8 + 0.5 * 16]),
        ([("M", 1.0, "A", "U1", 8.0), ("M", 1.0, "A2", "U1", 16.0)], []),
        ([("M", 1.0, "A", "U1", 8.0), ("M", 0.5, "A2", "U1", 16.0)], [8.0]),
        # the same of one unit, while the other's half is in both
        ([("M", 0.5, "A", "U1", 8.0), ("M", 0.5, "A2", "U1", 16.0), ("M", 0.5, "A", "U2", 2.0),
          ("M", 0.25, "A2", "U2", 4.0)], [1.0]),
    ],
)  # fmt: skip
def test_er_with_all_of_each_meter(rows: list[Any], effects: list[float]) -> None:
    assert [f.effect_tco2e for f in OfShares(*rows).said()] == effects


def test_less_in_one_parameter_than_in_another_is_told_at_the_share() -> None:
    (finding,) = OfShares(("M", 1.0, "A", "U1", 8.0), ("M", 0.5, "A2", "U1", 16.0), ("M", 0.0, "A", "U2", 0.0)).said()
    assert finding.message == (
        "meter M is counted with less of it in one parameter than in another of the same quantity, and ER is lower "
        "with all of it"
    )
    assert finding.where.line == 3 and finding.data == {"sum": 1.0}


def test_a_part_of_a_billionth_is_a_part() -> None:
    """Of 1e6 t: 0.001 t, which is more than the order of a sum makes of 100 t."""
    (finding,) = OfShares(("M", 1 - 1e-9, "A", "U1", 1e6)).said()
    assert finding.message.startswith("1e-09 of meter M is counted nowhere")
    assert OfShares(("M", 1 - 0.5e-9, "A", "U1", 1e6)).said() == []


@pytest.mark.parametrize(
    ("rows", "effects"),
    [
        # 0.75 of 8 t and 0.5 of 8 t back are 2 t off; all of it is 8 t off, the same as 4 t and none of it back
        ([("M", 0.75, "A", "U1", 8.0), ("M", -0.5, "A", "U2", 8.0)], [6.0]),
        # of another quantity 8 t too: all of the first, whatever is taken back, is 2 t more
        ([("M", 0.75, "A", "U1", 8.0), ("M", -0.5, "A", "U2", -2.0)], [2.0, 1.0]),
        # all of a meter in one place, and a part of it taken off in another: it is a part of the first
        ([("M", 1.0, "A", "U1", 8.0), ("M", -0.5, "A", "U2", 2.0)], []),
        ([("M", 1.0, "A", "U1", 8.0), ("M", 1.0, "A2", "U1", 8.0), ("M", -0.5, "A", "U2", 2.0)], []),
        ([("M", 2e-9, "A", "U1", 8.0), ("M", 1e-9, "A2", "U1", 8.0), ("M", 1 - 2e-9, "A", "U2", 8.0),
          ("M", -0.5, "A", "U3", 2.0)], []),
        ([("M", 0.75, "A", "U1", 8.0), ("M", -0.5, "Q", "U2", 2.0)], [2.0]),  # each counts in whole
    ],
)  # fmt: skip
def test_what_is_taken_back_elsewhere(rows: list[Any], effects: list[float]) -> None:
    assert [f.effect_tco2e for f in OfShares(*rows).said()] == effects


def test_what_is_taken_back_is_told() -> None:
    (plus,) = OfShares(("M", 0.75, "A", "U1", 8.0), ("M", -0.5, "A", "U2", 8.0)).said()
    assert (
        plus.found
        == "shares add up to 0.75, and 0.5 of it is subtracted in other rows; with all of it ER is 6.000 tCO2e less"
    )
    (minus,) = OfShares(("M", -0.75, "A", "U1", -8.0), ("M", 0.5, "A", "U2", -8.0)).said()
    assert minus.found.startswith("shares add up to 0.75, and 0.5 of it is added in other rows; with all")


def test_where_er_has_no_value_with_all_of_a_meter_the_other_place_decides() -> None:
    class Divided(OfShares):
        def reductions(self, changes: Any = None) -> float:
            return float("nan") if (changes or self.values)["c"][0] == 0.75 else super().reductions(changes)

    assert [f.effect_tco2e for f in Divided(("M", 0.5, "A", "U1", 8.0), ("M", 0.25, "A", "U2", 2.0)).said()] == [0.5]
