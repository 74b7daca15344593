"""The methodology that a monitoring point is for, where several of a claim monitor a parameter of that name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.claim.points import _PointReader

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
