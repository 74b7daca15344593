"""What is a tree of meters, how it is walked, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from jcm_mrv.findings import InputRefusedError, errors
from jcm_mrv.meters.tree import Tree, read_tree
from support.branches import MAIN, OWN, PLUS, meter, plant
from support.claims import rows_of
from support.finding_codes import codes


def refused(meters: Sequence[dict[str, Any]], **more: Any) -> set[str]:
    with pytest.raises(InputRefusedError) as caught:
        plant(meters, more.pop("amounts", {}), more.pop("points", ()), **more)
    return {f.code for f in errors(caught.value.findings)}


def test_a_meter_and_one_below_it_for_two_systems_count_twice() -> None:
    unit = {**OWN["equipment"][0], "equipment_id": "PV-2", "serial_number": "SN-PV-2"}
    second = {**PLUS, "applies_to": "PV-2", "meter_id": "M-2"}
    given = {"amounts": {"M-2": [10_000.0] * 3}, "equipment": [*OWN["equipment"], unit]}
    assert "tree.counted_twice" in refused([MAIN, meter("M-2", "M-1")], points=[second], **given)
    # Subtracted where the upper one is added, each kWh counts once: 180 t in all.
    minus = {**PLUS, "meter_id": "M-2", "sign": "-"}
    result = plant([MAIN, meter("M-2", "M-1")], given["amounts"], [second, minus], equipment=given["equipment"])
    assert result.reductions == pytest.approx(180.0)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([meter("M-1", "M-1")], "meters.below"),
        ([meter("M-1", "L-1"), meter("L-1", "M-1")], "meters.below"),
        ([meter("M-1", "G-1"), meter("G-1", unit="m3")], "meters.below"),
        ([meter("M-1", "L-9")], "input.meter_unknown"),
    ],
)
def test_what_makes_no_tree_is_refused(rows: list[dict[str, Any]], code: str) -> None:
    assert code in refused(rows)


def test_a_tree_is_walked_from_above_and_from_below() -> None:
    tree = Tree({"A": "", "B": "A", "C": "A", "D": "B"})
    assert list(tree.branch("A")) == ["B", "D", "C"]
    assert list(tree.path("D")) == ["B", "A"]
    assert tree.mains == ("A", "B") and tree.below("A") == ("B", "C")


def test_the_tree_of_meters() -> None:
    tree = Tree({"A": "", "B": "A", "C": "A", "D": "B"})
    assert (tree.below("A"), list(tree.branch("A")), list(tree.path("D"))) == (("B", "C"), ["B", "D", "C"], ["B", "A"])
    assert tree.mains == ("A", "B")
    rows = rows_of("meters", [{"meter_id": "A", "below": "grid"}, {"meter_id": "B", "below": "A"}])
    assert read_tree(rows)[0].above == {"A": "", "B": "A"} and read_tree(rows)[1] == []
    assert codes(read_tree(rows_of("meters", [{"meter_id": "A", "below": "A"}]))[1]) == ["meters.below"]
    # what is not stated, or stands on no row, is not the grid
    rows = rows_of("meters", [{"meter_id": "A", "below": "B"}, {"meter_id": "B"}, {"meter_id": "C", "below": "Z"}])
    assert read_tree(rows)[0].above == {"A": "B"} and read_tree(rows)[1] == []
    rows = rows_of("meters", [{"meter_id": "A", "below": "B"}, {"meter_id": "B", "below": "A"}])
    (circle,) = read_tree(rows)[1]
    assert circle.message == "meter B would hang below itself" and circle.where == rows[1].origin("below")
    rows = rows_of("meters", [{"meter_id": "A", "below": "grid"}, {"meter_id": "A", "below": "B"}, {"meter_id": "B"}])
    (twice,) = read_tree(rows)[1]
    assert twice.message == "meter A hangs below B here and below the grid in another row"
    for unit, said in (("MWh", []), ("", []), ("furlong?", []), ("m3", ["meters.below"])):
        rows = rows_of("meters", [{"meter_id": "A", "unit": "kWh"}, {"meter_id": "B", "below": "A", "unit": unit}])
        assert codes(read_tree(rows)[1]) == said and codes(read_tree(rows[::-1])[1]) == said
