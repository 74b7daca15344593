"""A main meter against those below it and its bills, and what hangs below or beside a meter that counts; by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.meters.segments import SecondaryKind, SecondarySource
from jcm_mrv.meters.tree import Tree
from jcm_mrv.methodology.declare import equipment
from jcm_mrv.origin import Origin
from jcm_mrv.quality.branches import _Branches
from jcm_mrv.quality.settings import DEFAULTS
from jcm_mrv.quality.treatment.tree_excess import Excess
from jcm_mrv.time.zones import DAY
from support.claims import rows_of, solar
from support.tree import TIMELINE, Curves, Spans, Tonnes, branches, by_month, point, term

JAN, FEB, MAR, APR = (int(edge) for edge in TIMELINE.edges)
MIDDLES = tuple(edge + 14 * DAY for edge in (JAN, FEB, MAR))


def bill(start: int, end: int, amount: float, meter: str = "MAIN", kind: Any = SecondaryKind.INVOICE) -> Any:
    return SecondarySource(meter, kind, start, end, amount, "kWh", Origin())


BILLS = [bill(*span) for span in by_month(50.0, 50.0, 50.0)]
FIFTY, TWENTY, NO = by_month(50.0, 50.0, 50.0), by_month(20.0, 20.0, 20.0), ()


@pytest.mark.parametrize(
    ("main", "below", "bills", "said"),
    [
        (FIFTY, {}, (), {}),
        (FIFTY, {"L1": TWENTY}, (), {"remainder": 90.0}),
        (FIFTY, {"L1": TWENTY, "L2": TWENTY}, (), {"remainder": 30.0}),
        (FIFTY, {"L1": by_month(20.0, 51.0, 60.0)}, (), {"sum": 2}),
        (NO, {"L1": TWENTY}, (), {}),
        # its bills: with what is left only where the meter itself was not read
        (NO, {"L1": TWENTY}, BILLS, {"remainder": 90.0}),
        (FIFTY, {"L1": TWENTY}, BILLS, {"remainder": 90.0}),
        (FIFTY, {"L1": TWENTY}, [bill(*span) for span in by_month(10.0, 50.0, 50.0)], {"remainder": 90.0, "bills": 1}),
        (NO, {"L1": TWENTY}, [bill(*span) for span in by_month(10.0, 50.0, 50.0)], {"bills": 1}),
        # bills of another meter, and readings beside it, are no bills of it
        (NO, {"L1": TWENTY}, [bill(JAN, APR, 1.0, "X"), bill(JAN, APR, 1.0, kind=SecondaryKind.READING)], {}),
        # from the fifteenth: 45 of February are more than both bills; of each bill they may lie in the other
        (NO, {"L1": by_month(1.0, 45.0, 1.0)}, [bill(MIDDLES[0], MIDDLES[1], 20.0), bill(MIDDLES[1], MIDDLES[2], 20.0)],
         {"bills": 1}),
        (NO, {"L1": by_month(1.0, 45.0, 1.0)}, [bill(MIDDLES[0], MIDDLES[1], 25.0), bill(MIDDLES[1], MIDDLES[2], 20.0)],
         {"remainder": 45.0}),
        # read with the bills: 30 of 10 in the first, though 60 of 70 in both
        (NO, {"L1": [(MIDDLES[0], MIDDLES[1], 30.0), (MIDDLES[1], MIDDLES[2], 30.0)]},
         [bill(MIDDLES[0], MIDDLES[1], 10.0), bill(MIDDLES[1], MIDDLES[2], 60.0)], {"bills": 1}),
    ],
)  # fmt: skip
def test_a_main_meter_and_its_bills_against_what_hangs_below(
    main: Spans, below: Mapping[str, Spans], bills: Any, said: Mapping[str, float]
) -> None:
    """The rest in all, or the number of spans in which those below count more."""
    curves = Curves(**{**below, **({"MAIN": main} if main else {})})
    own = branches(counted=curves, series=SimpleNamespace(seconds=bills, billed=()))
    found = list(own._main("MAIN", ["L1", "L2"]))
    told = {f.code.removeprefix("tree."): f.data.get("remainder", f.data.get("spans")) for f in found}
    assert told == pytest.approx(said) and len(found) == len(said)
    billed = branches(counted=curves, series=SimpleNamespace(seconds=(), billed=bills))
    assert [f.message for f in billed._main("MAIN", ["L1", "L2"])] == [f.message for f in found]


@pytest.mark.parametrize(
    ("march", "words"),
    [
        (60.0, "; all that it states together: 150 against 140 kWh"),
        (70.0, "; all that it states together: 150 against 150 kWh"),
        (70.5, ""),
    ],
)
def test_where_a_main_meter_caught_up_all_of_it_is_said(march: float, words: str) -> None:
    """50 kWh each month; 40 below it in January and February."""
    (found,) = branches(counted=Curves(MAIN=FIFTY, L1=by_month(40.0, 40.0, march)))._main("MAIN", ["L1"])
    assert found.found == f"2024-03-01 to 2024-04-01: 50 against {march:g} kWh{words}"


@pytest.mark.parametrize(
    ("generators", "said"),
    [
        (set(), "sum"),  # 60 are more than 50
        ({"L2"}, "remainder"),  # 50 + 30 feed the 40 of L1
        ({"L1", "L2"}, ""),  # nothing below takes any
        ({"L2", "MAIN"}, "sum"),  # parts of one generation
        ({"MAIN"}, "sum"),
    ],
)
def test_what_generates_below_a_main_meter_feeds_the_rest(generators: set[str], said: str) -> None:
    curves = Curves(MAIN=FIFTY, L1=by_month(40.0, 40.0, 40.0), L2=by_month(30.0, 30.0, 30.0))
    found = list(branches(counted=curves, generators=generators)._main("MAIN", ["L1", "L2"]))
    assert [f.code for f in found] == ([f"tree.{said}"] if said else [])
    if said == "remainder":
        assert found[0].data == {"main": 240.0, "below": 120.0, "remainder": 120.0}


def test_only_what_a_generation_point_adds_generates() -> None:
    """G; not what is taken off it, has no share of it, or is for another parameter."""
    claim: Any = SimpleNamespace(
        points=[point("EG_PJ", term("G"), term("Z", 0.0), term("S", -1.0)), point("EC_PJ", term("C"))], chains=()
    )
    data: Any = SimpleNamespace(meters=rows_of("meters", [{"meter_id": "G", "unit": "kWh"}]))
    own = _Branches(claim, solar().series(), data, TIMELINE, DEFAULTS, Tree())
    assert own.generators == {"G"} and own.used == {"G", "Z", "S", "C"}


def test_each_main_meter_and_each_term_is_asked_once() -> None:
    """Check meters are none of those below; what is divided or combined hangs below nothing."""
    asked: list[Any] = []

    def ask(name: str) -> Any:
        return lambda one, other: iter(asked.append((name, getattr(one, "name", one), other)) or ())  # type: ignore[func-returns-value]

    plus, none, minus = term("L1"), term("L1", 0.0), term("L2", -1.0)
    points = [
        point("EG", plus, none, minus), point("T1", plus, minus, divided=True), point("T2", plus, minus, combined=True)
    ]  # fmt: skip
    own = branches(*points, checked={"L2": "L1"}, _main=ask("main"), _below=ask("below"), _beside=ask("beside"))
    assert list(own.found()) == []
    assert asked == [("main", "MAIN", ["L1"]), ("main", "L1", []), ("main", "L2", ["L3"]),
                     ("below", "EG", plus), ("beside", "EG", minus)]  # fmt: skip


# --- below a meter that counts ------------------------------------------------------------------------

LOADS = Curves(MAIN=FIFTY, L1=TWENTY, L2=by_month(1.0, 2.0, 4.0))


def below(*points: Any, **given: Any) -> list[tuple[str, Any]]:
    """What is said of the first term of the first point: code and effect, or the message of what counts twice."""
    own = branches(*points, **{"counted": LOADS, "effects": Tonnes(MAIN=0.5), **given})
    found = [getattr(one, "finding", one) for one in own._below(points[0], points[0].terms[0])]
    return [(f.code, f.effect_tco2e if f.code.endswith("load") else f.message) for f in found]


def test_a_load_of_others_is_said_where_no_point_says_what_it_is() -> None:
    """60 of L1 x 0.5 t; L2 below it is in them. Of L2 alone 7 x 0.5 t, where L1 has a point of its own."""
    own = point("EG", term("MAIN"))
    assert below(own) == [("tree.foreign_load", 30.0)]
    assert below(own, point("EC", term("L1"))) == [("tree.foreign_load", 3.5)]
    assert below(own, point("EC", term("L1")), point("ET", term("L2"), term("L3"))) == []
    assert below(point("EG", term("MAIN"), term("L1", -1.0))) == []


def test_a_load_that_was_gone_before_the_period_took_nothing() -> None:
    """L1 was removed in 2023; of L2 below it 7 kWh x 0.5 t are a load."""
    meters = [{"meter_id": "L1", "unit": "kWh", "removed": datetime(2023, 6, 1)}, {"meter_id": "L2", "unit": "kWh"}]
    data = SimpleNamespace(meters=rows_of("meters", meters))
    curves, tree = Curves(MAIN=FIFTY, L2=by_month(1.0, 2.0, 4.0)), Tree({"L1": "MAIN", "L2": "L1"})
    assert below(point("EG", term("MAIN")), counted=curves, data=data, tree=tree) == [("tree.foreign_load", 3.5)]


def test_what_counts_for_one_quantity_at_two_places_counts_twice() -> None:
    """L1 is added for PV-2 too; at another quantity, or where it is subtracted, it is no other place."""
    one, two = point("EG", term("MAIN")), point("EG", term("L1"))
    two.name = "EG of PV-2"
    (twice,) = [said for said in below(one, two) if said[0] == "tree.counted_twice"]
    assert twice[1] == "meter L1 hangs below MAIN: what it counts for EG of PV-2 counts for EG too"
    assert "tree.counted_twice" not in dict(below(one, point("EC", term("L1"))))
    assert "tree.counted_twice" not in dict(below(one, point("EG", term("L1", -1.0))))
    # added beside the meter above at the same point: a sum that is said elsewhere, and no load of others
    assert [code for code, _ in below(point("EG", term("MAIN"), term("L1")))] == ["tree.foreign_load"]


@pytest.mark.parametrize(("each", "left", "taken_off"), [(0.5, 0.5, True), (0.001, 1.0, True), (0.0, 1.0, False),
                                                        (-0.5, 1.0, False), (None, 1.0, False)])  # fmt: skip
def test_what_a_load_took_is_taken_off_where_er_rises_by_it(each: float | None, left: float, taken_off: bool) -> None:
    """1, 2 and 4 kWh of L2, or half of it."""
    one = point("EG", term("MAIN"))
    own = branches(one, counted=LOADS, effects=Tonnes(**({} if each is None else {"MAIN": each})))
    found = own._foreign(one, one.terms[0], "L2", left)
    finding = found.finding if taken_off else found
    assert isinstance(found, Excess) is taken_off
    if taken_off:
        assert found.amounts == {("MAIN", "kWh"): {0: 1.0 * left, 1: 2.0 * left, 2: 4.0 * left}}
    assert finding.effect_tco2e == (None if each is None else pytest.approx(7.0 * left * each))
    assert finding.severity is (Severity.MAJOR if taken_off or each is None else Severity.MINOR)
    assert finding.found == f"{7 * left:g} kWh in the period; EG = its meters"
    assert (finding.where.sheet, finding.data) == ("Meters", {"amount": 7.0 * left})


def test_a_load_that_was_never_read_takes_at_most_all() -> None:
    one = point("EG", term("MAIN"))
    finding = branches(one, counted=Curves(MAIN=FIFTY))._foreign(one, one.terms[0], "L2", 1.0)
    assert finding.found.startswith("it was never read; at most ")


@pytest.mark.parametrize(("sets", "same"), [(("i",), True), (("i", "p"), True), (("p",), False), ((), False)])
def test_a_quantity_of_another_methodology_is_the_same_for_each_piece_of_equipment(
    sets: tuple[str, ...], same: bool
) -> None:
    """A's is per piece of equipment; of B's it depends."""
    nodes = {"A": ("i",), "B": sets}
    bounds = [
        SimpleNamespace(namespace=name, sets={equipment: "i"}, monitored=[
            SimpleNamespace(symbol="other", sets=()), SimpleNamespace(symbol="EC", sets=of)])
        for name, of in nodes.items()
    ]  # fmt: skip
    own = branches(claim=SimpleNamespace(bounds=bounds))
    assert own._per_equipment(point("EC")) and own._per_equipment(point("EC", methodology="B")) is same
    assert own._same(point("EC"), point("EC", methodology="B")) is same


# --- subtracted beside --------------------------------------------------------------------------------


def beside(above: Mapping[str, str], each: float | None, checked: Mapping[str, str] | None = None, *added: str) -> Any:
    one = point("EC", *(term(name) for name in added or ("MAIN",)), term("L2", -1.0))
    effects = Tonnes(**({} if each is None else {"L2": each}))
    own = branches(one, counted=LOADS, effects=effects, tree=Tree(above), checked=checked or {})
    found = list(own._beside(one, one.terms[-1]))
    return found[0] if found else None


@pytest.mark.parametrize(("each", "said"), [(None, True), (0.001, True), (0.0, False), (-1.0, False)])
def test_what_is_subtracted_beside_is_a_question_where_er_rises_by_it(each: float | None, said: bool) -> None:
    """1 + 2 + 4 kWh of L2, which hangs below nothing that MAIN does."""
    found = beside({"L2": "", "MAIN": ""}, each)
    assert (found is not None) is said
    if found:
        assert found.data == {"amount": 7.0} and found.found == "7 kWh in the period; EC = its meters"
        assert found.effect_tco2e == (None if each is None else pytest.approx(7 * each))


@pytest.mark.parametrize(
    ("above", "added", "words"),
    [
        ({"L2": "", "MAIN": ""}, (), "hangs below none of those"),
        ({"MAIN": ""}, (), "does not say"),
        ({"L2": ""}, (), "does not say"),
        ({}, (), "does not say"),
        ({"L2": "", "MAIN": "", "X": ""}, ("MAIN", "X"), "hangs below none of those"),
        ({"L2": "", "MAIN": ""}, ("MAIN", "X"), "does not say"),
        ({"L2": "MAIN", "MAIN": ""}, (), None),
        ({"L2": "L1", "L1": "MAIN"}, (), None),
        ({"MAIN": "L2", "L2": ""}, (), None),  # what feeds back is metered above
        ({"L2": "X"}, ("MAIN", "X"), None),  # below one of them is enough
        ({"X": "L2"}, ("MAIN", "X"), None),
        ({}, ("MAIN", "L2"), None),
    ],
)
def test_what_is_subtracted_hangs_below_or_above_what_is_added(
    above: Mapping[str, str], added: tuple[str, ...], words: str | None
) -> None:
    found = beside(above, 1.0, None, *added)
    assert (found is None) if words is None else words in found.message


def test_a_check_meter_of_what_is_added_is_subtracted_from_it() -> None:
    assert beside({}, 1.0, {"L2": "MAIN"}) is None and beside({}, 1.0, {"L2": "X"}) is not None


def test_what_has_no_share_of_a_quantity_is_not_added_to_it() -> None:
    one = point("EC", term("MAIN", 0.0), term("L2", -1.0))
    assert list(branches(one, counted=LOADS, effects=Tonnes(L2=1.0), tree=Tree())._beside(one, one.terms[1])) == []
