"""Monitored parameters that come out negative, or larger than what they are a part of; each rule by itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.quality.plausible import more_than_the_same, negative_parameters, not_finite

LABELS = {"i": ("PV1", "PV2"), "y": ("2024", "2025"), "m": ("1", "2"), "p": ("PV1", "PV2")}


class Node:
    def __init__(self, *sets: str) -> None:
        self.sets, self.symbol, self.label, self.unit = sets, "EG_y", "of the year", "MWh"


class Space:
    def __init__(self, exists: Any = True) -> None:
        self.there = exists

    def exists(self, sets: Any) -> Any:
        return self.there

    def labels(self, sets: Any, place: Any) -> tuple[str, ...]:
        return tuple(LABELS[s][n] for s, n in zip(sets, place, strict=True))


def parameter(symbol: str = "EG", *sets: str, same_as: str = "", namespace: str = "A", points: Any = ()) -> Any:
    chain = SimpleNamespace(points=points, graph=SimpleNamespace(E_term="terms"), term_months=())
    declared = SimpleNamespace(symbol=symbol, same_as=same_as, follows_sun=False, label=f"label of {symbol}")
    return SimpleNamespace(
        declared=declared, defined=Node(*(sets or ("i", "y"))), bound=SimpleNamespace(namespace=namespace),
        chain=chain, points={("PV1",): 0, ("PV2",): 1},
    )  # fmt: skip


def point(symbol: str, cell: str) -> Any:
    return SimpleNamespace(parameter=symbol, formula=f"+{cell}", terms=[SimpleNamespace(origin=Origin(cell=cell))])


POINTS = [point("EG", "A1"), point("EG", "A2")]


def negative(values: Any, exists: Any = True, sun: bool = False) -> list[Finding]:
    """PV1's meters counted 60 and -40 MWh in all, those of PV2 8."""
    one = parameter(points=POINTS)
    one.declared.follows_sun = sun
    one.chain.term_months = ((0, 0, 0), (0, 1, 0), (1, 0, 0))
    claim: Any = SimpleNamespace(parameters=[one], space=Space(exists))
    evaluation: Any = {one.defined: np.array(values), "terms": np.array([60.0, -40.0, 8.0])}
    return negative_parameters(claim, evaluation)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([[0.0, 0.5], [1e-9, 7.0]], {}),
        # a fiftieth of 100 MWh may be the meters' errors; of 8 it is 0.16
        ([[-2.0, 5.0], [0.0, 0.0]], {"A1": (-2.0, Severity.MAJOR)}),
        ([[-2.5, 5.0], [0.0, 0.0]], {"A1": (-2.5, Severity.ERROR)}),
        ([[1.0, 1.0], [0.0, -0.125]], {"A2": (-0.125, Severity.MAJOR)}),
        ([[1.0, -1.0], [0.0, -2.0]], {"A1": (-1.0, Severity.MAJOR), "A2": (-2.0, Severity.ERROR)}),
    ],
)
def test_a_parameter_that_is_negative_by_more_than_errors_is_wrong(values: Any, said: Any) -> None:
    found = negative(values)
    assert {f.where.cell: (f.data["value"], f.severity) for f in found} == said
    assert all(f.found == f"{f.data['value']:g} MWh, from +{f.where.cell}" for f in found)
    assert {f.severity for f in negative(values, sun=True)} == ({Severity.MAJOR} if said else set())


def test_what_does_not_exist_is_not_negative() -> None:
    values = [[1.0, -9.0], [2.0, 3.0]]
    assert negative(values, np.array([[True, False], [True, True]])) == []
    (found,) = negative(values, np.array([[True, True], [False, False]]))
    assert found.message == "EG_y of PV1, 2025 (of the year) is negative"


def test_a_quantity_of_no_element_has_the_point_of_its_parameter() -> None:
    one = parameter("EG", "y", points=POINTS)
    one.points, one.chain.term_months = {(): 1}, ((0, 0, 0), (1, 0, 0))
    claim: Any = SimpleNamespace(parameters=[one], space=Space())
    evaluation: Any = {one.defined: np.array([1.0, -2.0]), "terms": np.array([900.0, 8.0])}
    (found,) = negative_parameters(claim, evaluation)
    assert (found.where.cell, found.severity) == ("A2", Severity.ERROR)


def larger(used: Any, generated: Any, part: Any = None, whole: Any = None) -> list[Finding]:
    """Of what is used, as a part of what is generated; ER is half a tonne per MWh that is used."""
    part = part or parameter("EI", same_as="EG", points=[point("EG", "A1"), point("EI", "A2")])
    whole = whole or parameter("EG")
    values = {part.defined: np.array(used), whole.defined: np.array(generated)}

    def reductions(changes: Any = None) -> float:
        return float(0.5 * ({**values, **(changes or {})})[part.defined].sum())

    claim: Any = SimpleNamespace(parameters=[part, whole], space=Space(), reductions=reductions)
    return list(more_than_the_same(claim, values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("used", "generated", "said"),
    [
        # within 4 % of all years together, for the errors of two meters
        ([[40.0, 64.0], [1.0, 1.0]], [[50.0, 50.0], [2.0, 2.0]], {}),
        ([[40.0, 65.0], [1.0, 1.0]], [[50.0, 50.0], [2.0, 2.0]], {"PV1": (105.0, 100.0, 0.5 * 15)}),
        ([[1.0, 1.0], [8.0, 0.0]], [[50.0, 50.0], [2.0, 2.0]], {"PV2": (8.0, 4.0, 0.5 * 6)}),
        ([[50.0, 50.0], [0.0, 0.0]], [[50.0, 50.0], [2.0, 2.0]], {}),
    ],
)
def test_no_more_is_used_than_is_generated(used: Any, generated: Any, said: Any) -> None:
    found = larger(used, generated)
    told = {f.message.split()[2]: (f.data["part"], f.data["whole"], f.effect_tco2e) for f in found}
    assert told == said
    for one in found:
        assert one.where.cell == "A2", "the point of what is used"
        assert one.found == f"{one.data['part']:g} against {one.data['whole']:g} MWh"


def test_by_month_all_months_count_together() -> None:
    """60 + 60 and 0 + 0 of 30 in each of four months."""
    three = [parameter(name, "i", "y", "m", same_as=other) for name, other in (("EI", "EG"), ("EG", ""))]
    three[0].chain.points = [point("EG", "A1")]
    (found,) = larger([[[60.0, 60.0], [0.0, 5.0]]], [[[30.0, 30.0], [30.0, 30.0]]], *three)
    assert (found.data, found.where.cell) == ({"part": 125.0, "whole": 120.0}, "A1")
    assert larger([[[60.0, 60.0], [0.0, 4.0]]], [[[30.0, 30.0], [30.0, 30.0]]], *three) == []


def test_only_what_is_the_same_is_compared() -> None:
    """Not with a quantity of another methodology, or by other elements; nor where nothing is stated to be the same."""
    used, generated = [[9.0, 9.0], [0.0, 0.0]], [[1.0, 1.0], [1.0, 1.0]]
    part = parameter("EI", same_as="EG", points=[point("EI", "A1")])
    assert len(larger(used, generated, part)) == 1
    assert larger(used, generated, part, parameter("EG", namespace="B")) == []
    assert larger(used, generated, part, parameter("EG", "p", "y")) == []
    assert larger(used, generated, parameter("EI", points=part.chain.points)) == []


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([1.0, 2.0], None), ([], None), ([1.0, np.inf], "1, inf"), ([np.nan], "nan"),
        ([1.0, 2.0, 3.0, 4.0, 5.0, np.nan], "1, 2, 3, 4, 5"),
    ],
)  # fmt: skip
def test_emissions_that_come_to_no_number_are_said_with_the_first_five(values: list[float], found: str | None) -> None:
    said = list(not_finite({"reference emissions": np.array(values)}, Origin(cell="A1")))
    assert [one.found for one in said] == ([] if found is None else [found])
