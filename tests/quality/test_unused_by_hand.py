"""What of the readings counts for nothing, and where else a meter might hang; by hand.

ER is half a tonne per kWh that M counts, 100, 20 and 0 kWh from January to March, and falls with 1 t per MWh of S.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.meters.tree import Tree
from jcm_mrv.origin import Origin
from jcm_mrv.quality.unused import unused_readings
from jcm_mrv.quantities.errors import UnitError
from support.tree import TIMELINE, point, term


class Chain:
    """The months of M, or of S in another unit."""

    def __init__(self, name: str, raw: Sequence[float], unit: str, er: float) -> None:
        self.points, self.unit, self.er = [point("EG", term(name))], unit, er
        self.meter_months = [(name, m) for m in range(3)]
        self.term_months = [(0, 0, m) for m in range(3)]
        self.graph = SimpleNamespace(E_corr=f"corr {name}", E_raw=f"raw {name}")
        self.values = {f"corr {name}": np.zeros(3), f"raw {name}": np.array(raw)}

    def in_unit(self, unit: str, meter: str, at: int) -> float:
        assert at in TIMELINE.edges.tolist() and meter == self.meter_months[0][0]
        if unit == "m3":
            raise UnitError("of another kind")
        return {"kWh": 1.0, "MWh": 1000.0}[unit] / {"kWh": 1.0, "MWh": 1000.0}[self.unit]


def parts_of(*rows: tuple[int, int, float, int]) -> Any:
    """Meter (M, S, X, Y), month, amount and unit (kWh, MWh, m3)."""
    meter, month, amount, unit = (np.array(column) for column in zip(*rows, strict=True))
    return SimpleNamespace(
        meter_ids=("M", "S", "X", "Y"), units=("kWh", "MWh", "m3"), meter=meter, month=month, unit=unit,
        amounts=lambda: amount, origins=[Origin(cell=f"A{n}") for n in range(len(rows))],
    )  # fmt: skip


def said(
    parts: Any,
    above: Mapping[str, str] | None = None,
    checks: Mapping[str, Sequence[str]] | None = None,
    counted: Collection[int] = (0, 1, 2),
    base: float = 60.0,
) -> list[Finding]:
    chains = [Chain("M", (100.0, 20.0, -5.0), "kWh", 0.5), Chain("S", (0.5, 0.5, 0.5), "MWh", -1.0)]
    for chain in chains:
        chain.term_months = [one for one in chain.term_months if one[2] in counted]
    values = {name: value for chain in chains for name, value in chain.values.items()}

    def reductions(changes: Mapping[str, Any] | None = None) -> float:
        return base + float(
            sum(((changes or {}).get(c.graph.E_corr, c.values[c.graph.E_corr]) * c.er).sum() for c in chains)
        )

    claim: Any = SimpleNamespace(
        chains=chains, points=[c.points[0] for c in chains], reductions=reductions, evaluate=lambda: values
    )
    series: Any = SimpleNamespace(parts=parts, checks=checks or {})
    return unused_readings(claim, series, TIMELINE, Tree(above or {}))


@pytest.mark.parametrize(
    ("rows", "effect", "above"),
    [
        # below M 60 and 20 of 30 kWh in January and February, nothing in March, which counted less than nothing
        ([(2, 0, 60.0, 0), (2, 1, 30.0, 0), (2, 2, 9.0, 0)], 40.0, "M"),
        ([(2, 0, 20.0, 0), (2, 0, 20.0, 0)], 20.0, "M"),
        ([(2, 0, 0.03125, 1)], 0.5 * 31.25, "M"),
    ],
)
def test_a_meter_of_which_nothing_is_said_may_hang_below_what_counts(rows: Any, effect: float, above: str) -> None:
    (found,) = said(parts_of(*rows))
    assert (found.code, found.effect_tco2e, found.where.cell) == ("readings.not_placed", effect, "A0")
    assert f"if it hangs below {above}, ER is lower" in found.message
    assert found.found == f"{sum(row[2] for row in rows):g} {'MWh' if rows[0][3] else 'kWh'}"


@pytest.mark.parametrize(
    ("amount", "base", "code"),
    [
        # half a tonne per kWh: more than a hundredth of ER
        (1.25, 60.0, "not_placed"), (1.125, 60.0, "not_used"), (1.25, -60.0, "not_placed"), (1.125, -60.0, "not_used"),
        (0.5, 25.0, "not_used"), (1.0, 0.0, "not_placed"),
    ],
)  # fmt: skip
def test_a_little_of_it_is_no_question(amount: float, base: float, code: str) -> None:
    (found,) = said(parts_of((2, 0, amount, 0)), base=base)
    assert found.code == f"readings.{code}"


@pytest.mark.parametrize("base", [60.0, 0.0])
def test_a_meter_of_another_kind_hangs_below_nothing(base: float) -> None:
    (found,) = said(parts_of((2, 0, 60.0, 2)), base=base)
    assert (found.code, str(found.severity), found.found) == ("readings.not_used", "minor", "60 m3 in 2024-01")


@pytest.mark.parametrize(
    ("above", "checks", "codes"),
    [
        ({}, {}, ["not_placed"]), ({"X": ""}, {}, ["not_used"]), ({"X": "M"}, {}, ["not_used"]),
        ({"Y": "X"}, {}, []),  # a main meter stands against those below it
        ({}, {"M": ("X",)}, []),  # so does a check meter of what counts
        ({}, {"Y": ("X",)}, ["not_used"]), ({}, {"M": ("Y",)}, ["not_placed"]),
    ],
)  # fmt: skip
def test_what_is_said_of_a_meter_places_it(above: Any, checks: Any, codes: list[str]) -> None:
    found = said(parts_of((2, 0, 60.0, 0)), above, checks)
    assert [f.code for f in found] == [f"readings.{code}" for code in codes]


def test_readings_that_count_or_are_nothing_say_nothing() -> None:
    assert said(parts_of((0, 0, 60.0, 0), (1, 2, 1.0, 1), (2, 0, 0.0, 0))) == []
    assert said(parts_of((2, 0, 0.0, 0))) == []


def test_months_in_which_a_meter_counts_for_nothing_are_named_for_each_unit() -> None:
    """M and S count in February alone; of M 7 and 2 kWh, and half a MWh, are left out."""
    rows = [(0, 0, 7.0, 0), (0, 1, 5.0, 0), (0, 2, 2.0, 0), (0, 2, 0.5, 1)]
    one, two = said(parts_of(*rows), counted=[1])
    assert (one.data, one.found) == ({"amount": 9.0, "months": 2}, "9 kWh in 2024-01, 2024-03")
    assert (two.data, two.found) == ({"amount": 0.5, "months": 1}, "0.5 MWh in 2024-03")
    assert [str(f.severity) for f in (one, two)] == ["major", "major"] and (one.where.cell, two.where.cell) == (
        "A0",
        "A3",
    )
    assert all("when nothing that it measures is in operation" in f.message for f in (one, two))
    assert [f.code for f in said(parts_of(*rows), counted=[1], base=0.0)] == ["readings.not_used"] * 2
    # a main meter that a point counts is asked about all the same
    assert [f.data["amount"] for f in said(parts_of(*rows[:3]), {"Y": "M"}, counted=[1])] == [9.0]
