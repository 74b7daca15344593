"""Binding a card: choices are made, tables put in, namespaces kept apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jcm_mrv.methodology.binding import bind
from jcm_mrv.methodology.card import CardDefault, DefaultClass, Sourced
from jcm_mrv.methodology.catalogue import Entry, catalogue
from jcm_mrv.methodology.declare import Switch
from jcm_mrv.quality.missing import missing_values
from jcm_mrv.quantities.units import check_units
from support.claims import air_conditioners


def with_table() -> Entry:
    """ID_AM004 with an invented table of reference COP by cooling capacity: below 5 kW 3.0, up to 10 kW 2.5."""
    entry = catalogue().find("ID_AM004")
    classes = (DefaultClass(0.0, 5.0, 3.0, "below 5"), DefaultClass(5.0, 10.0, 2.5, "5 to 10"))
    default = CardDefault("COP_RE", "1", "invented for the test", "unconfirmed", None, classes)
    return replace(entry, card=replace(entry.card, defaults={**entry.card.defaults, "COP_RE": default}))


def test_the_rule_that_the_card_names_leaves_no_choice_to_the_user() -> None:
    bound = bind(catalogue().find("ID_AM004"))
    assert not [n for n in bound.nodes if isinstance(n, Switch) and n.set_by == "card"]
    assert "EI_grid" not in {n.symbol for n in bound.nodes}, "the weighted rule's meters are not asked for"
    check_units([bound.ER])


def test_the_weighted_rule_asks_for_both_meters() -> None:
    entry = catalogue().find("ID_AM004")
    choice = Sourced("weighted", "unconfirmed", "invented for the test")
    weighted = replace(entry, card=replace(entry.card, choices={"electricity_rule": choice}))
    assert {"EI_grid", "EI_cap"} <= {n.symbol for n in bind(weighted).nodes}


def test_a_table_on_the_card_gives_the_default_by_class() -> None:
    sketch = air_conditioners(entries=[with_table()])
    for row, capacity in zip(sketch.equipment, (3.5, 5.0), strict=True):
        row.pop("COP_RE")
        row["cooling_capacity"] = (capacity, "kW")
    claim, findings = sketch.build()
    assert not findings
    # 12 MWh x 0.8 x (4/3 - 1) = 3.2 and, 5.0 kW being in the upper class, 12 x 0.8 x (4/2.5 - 1) = 5.76
    assert claim.evaluate()[claim.ER] == pytest.approx([3.2 + 5.76], rel=1e-12)


@pytest.mark.parametrize("capacity", [10.0, 12.0, -1.0])
def test_outside_the_table_there_is_no_default(capacity: float) -> None:
    sketch = air_conditioners(entries=[with_table()])
    for row in sketch.equipment:
        row.pop("COP_RE")
        row["cooling_capacity"] = (capacity, "kW")
    claim, _ = sketch.build()
    found = missing_values(claim, claim.evaluate(), "monitoring.xlsx")
    assert {f.code for f in found} == {"fixed.outside_classes"}
    assert len(found) == 2


def test_two_bindings_keep_their_equipment_apart() -> None:
    entry = catalogue().find("ID_AM004")
    one, two = bind(entry, "A"), bind(entry, "B")
    assert not set(one.sets.values()) & set(two.sets.values())


def test_a_value_of_the_card_outside_the_limits_is_refused_until_the_project_gives_its_own() -> None:
    """A reference COP of 320 (3.2 in per cent) on the card; where the project enters 3.2 the card's is not used."""
    entry = catalogue().find("ID_AM004")
    wrong = CardDefault("COP_RE", "1", "invented for the test", "unconfirmed", 320.0)
    entry = replace(entry, card=replace(entry.card, defaults={**entry.card.defaults, "COP_RE": wrong}))
    sketch = air_conditioners(entries=[entry])
    own = sketch.equipment[0].pop("COP_RE")
    _, findings = sketch.build()
    [finding] = [f for f in findings if f.code == "fixed.out_of_limits"]
    assert (finding.found, finding.severity.value) == ("320", "error")
    assert "ID_AM004" in str(finding.where)
    sketch.equipment[0]["COP_RE"] = own
    assert "fixed.out_of_limits" not in {f.code for f in sketch.build()[1]}


def with_points() -> Entry:
    """ID_AM004 with an invented reference COP: 3.0 at 2 kW, 2.8 at 4 kW, 2.5 at 10 kW, and lines between them."""
    entry = catalogue().find("ID_AM004")
    points = tuple(DefaultClass(at, at, cop, f"{at:g} kW") for at, cop in ((2.0, 3.0), (4.0, 2.8), (10.0, 2.5)))
    made = CardDefault("COP_RE", "1", "invented for the test", "unconfirmed", None, points, interpolated=True)
    return replace(entry, card=replace(entry.card, defaults={**entry.card.defaults, "COP_RE": made}))


def test_points_on_the_card_give_the_default_on_the_line_between_them() -> None:
    """3 kW lies half way from 3.0 to 2.8: 2.9; 8 kW two thirds of the way from 2.8 to 2.5: 2.6."""
    sketch = air_conditioners(entries=[with_points()])
    for row, capacity in zip(sketch.equipment, (3.0, 8.0), strict=True):
        row.pop("COP_RE")
        row["cooling_capacity"] = (capacity, "kW")
    claim, findings = sketch.build()
    assert not findings
    expected = 12 * 0.8 * (4 / 2.9 - 1) + 12 * 0.8 * (4 / 2.6 - 1)
    assert claim.evaluate()[claim.ER] == pytest.approx([expected], rel=1e-12)


@pytest.mark.parametrize("capacity", [1.9, 10.1])
def test_outside_the_points_there_is_no_default(capacity: float) -> None:
    sketch = air_conditioners(entries=[with_points()])
    for row in sketch.equipment:
        row.pop("COP_RE")
        row["cooling_capacity"] = (capacity, "kW")
    claim, _ = sketch.build()
    found = missing_values(claim, claim.evaluate(), "monitoring.xlsx")
    assert [f.code for f in found] == ["fixed.outside_classes"] * 2
    assert "(2 to 10 kW)" in found[0].message
