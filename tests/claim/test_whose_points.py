"""The methodology that a monitoring point is for, where several of a claim monitor a parameter of that name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.claim.measuring import Point, Term
from jcm_mrv.claim.points import _PointReader
from jcm_mrv.origin import Origin

MONTHS, UNITS, SITES = "months", "units", "sites"


def bound(number: str, *sets: str) -> Any:
    card = SimpleNamespace(number=number, id=number)
    node = SimpleNamespace(symbol="EC", sets=sets, factors=())
    return SimpleNamespace(namespace=number, monitored=[node], entry=SimpleNamespace(card=card))


class Row(SimpleNamespace):
    def __getitem__(self, key: str) -> Any:
        return SimpleNamespace(text=getattr(self, key))


def possible(label: str, methodology: str = "") -> list[str]:
    """One methodology with EC of the whole project, one by unit, one by site."""
    bounds = [bound("VN_AM001", MONTHS), bound("VN_AM002", UNITS, MONTHS), bound("VN_AM003", SITES, MONTHS)]
    space: Any = SimpleNamespace(elements={UNITS: ("U-1", "U-2"), SITES: ("S-1", "U-2"), MONTHS: ("2024-01",)})
    row: Any = Row(parameter=" EC ", applies_to=f" {label} ", methodology=methodology)
    return [one.namespace for one in _PointReader(bounds, space, 1)._possible(row)]


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("", ["VN_AM001"]),
        ("U-1", ["VN_AM002"]),
        ("S-1", ["VN_AM003"]),
        ("U-2", ["VN_AM002", "VN_AM003"]),
        ("2024-01", ["VN_AM001"]),  # of none: the first of them says what it applies to
    ],
)
def test_a_row_is_for_the_methodology_that_has_what_it_applies_to(label: str, found: list[str]) -> None:
    assert possible(label) == found


def test_a_row_that_names_its_methodology_is_for_no_other() -> None:
    assert possible("U-2", "vn_am003 1.0") == ["VN_AM003"]
    assert possible("", "VN_AM002") == ["VN_AM002"]


# --- one meter in several parameters ---------------------------------------------------------------------


def reader() -> _PointReader:
    """EC, the same quantity again as EC_mix, and EC_other."""
    declared = [
        SimpleNamespace(symbol=symbol, same_as=same, counts_again=False, sets=(UNITS,))
        for symbol, same in (("EC", ""), ("EC_mix", "EC"), ("EC_other", ""))
    ]
    of: Any = SimpleNamespace(namespace="T", monitored=declared)
    return _PointReader([of], SimpleNamespace(elements={}), 1)  # type: ignore[arg-type]


def used(parameter: str, share: float, label: str = "U-1") -> Point:
    term = Term("M", share, Origin(sheet="Monitoring points", cell="E2"))
    return Point("1", "T", parameter, label, (term,), (0,), "MWh")


@pytest.mark.parametrize(
    ("points", "whole"),
    [
        ([used("EC", 1.0), used("EC_mix", 1.0)], None),  # one quantity, entered for both
        ([used("EC", 0.75), used("EC_mix", 0.5), used("EC_other", 0.25)], None),  # the larger of the two, and 0.25
        ([used("EC", 0.5), used("EC_mix", 0.75), used("EC_other", 0.5)], "1.25"),
        ([used("EC", 0.75), used("EC_mix", 0.5, "U-2")], "1.25"),  # of another unit it is another amount
        ([used("EC", -0.75), used("EC_other", -0.5), used("EC", 1.0, "U-2")], "-1.25"),
    ],
)
def test_what_is_used_of_a_meter_over_the_whole_claim(points: list[Point], whole: str | None) -> None:
    made = reader()
    made._no_meter_twice(points)
    assert [one.found for one in made.findings] == ([] if whole is None else [whole])


def test_a_parameter_of_the_same_quantity_takes_the_point_of_the_other_unless_it_has_its_own() -> None:
    own, other = used("EC", 0.5), used("EC", 0.25, "U-2")
    given = used("EC_mix", 0.125)
    found = [(p.parameter, p.applies_to, p.terms[0].coefficient) for p in reader()._same([own, other, given])]
    assert found == [("EC_mix", "U-2", 0.25)]
