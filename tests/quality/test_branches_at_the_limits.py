"""The tree of meters, each of its questions by itself: sides, signs and the limit of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.quality.balance import Balance
from jcm_mrv.quality.branches import SUM
from jcm_mrv.time.zones import DAY
from support.claims import rows_of
from support.tree import TIMELINE, Tonnes, branches, point, term

JAN, FEB, MAR, APR = (int(edge) for edge in TIMELINE.edges)


@pytest.mark.parametrize(("coefficient", "adds"), [(1.0, True), (0.001, True), (0.0, False), (-1.0, False)])
def test_a_point_adds_what_has_a_share_of_it(coefficient: float, adds: bool) -> None:
    one = point("EG", term("X", 1.0), term("L1", coefficient))
    assert branches()._adds(one, "L1") is adds
    assert branches()._adds(one, "other") is False
    elsewhere = point("EC", term("L1", coefficient))
    assert branches(one, elsewhere)._elsewhere(one, "L1") is (coefficient != 0)
    assert branches(one)._elsewhere(one, "L1") is False, "the point itself says nothing of it"
    assert branches(one, elsewhere)._elsewhere(elsewhere, "X") is True


@pytest.mark.parametrize(
    ("coefficient", "terms", "left"),
    [
        (1.0, [], 1.0), (1.0, [("L1", -1.0)], 0.0), (1.0, [("L1", -0.25)], 0.75), (0.5, [("L1", -0.25)], 0.5),
        (1.0, [("L1", -0.25), ("L2", -0.25)], 0.5), (1.0, [("X", -1.0)], 1.0), (1.0, [("L1", 1.0)], 1.0),
        (1.0, [("L1", -2.0)], -1.0),
    ],
)  # fmt: skip
def test_what_a_point_still_counts_of_a_load(coefficient: float, terms: Any, left: float) -> None:
    one = point("EG", term("MAIN", coefficient), *(term(*given) for given in terms))
    assert branches()._left(one, one.terms[0], {"L1", "L2"}) == left


def test_what_hangs_between_and_what_stands_for_another() -> None:
    own = branches(checked={"C1": "L1", "C2": "C1", "C3": "C4", "C4": "C3"})
    assert [list(own._between(name, "MAIN")) for name in ("L1", "L2", "L3")] == [[], ["L1"], ["L2", "L1"]]
    assert own._stands_for("C1", {"L1"}) == "L1" and own._stands_for("C2", {"L1", "C1"}) == "L1"
    assert own._stands_for("C1", {"L2"}) == "C1" and own._stands_for("L1", {"L1"}) == "L1"
    assert own._stands_for("C3", {"C3", "C4"}) in ("C3", "C4"), "a circle ends"


def test_two_points_are_for_one_quantity() -> None:
    """Of one methodology by the parameter; of two where both are measured for each piece of equipment."""
    own = branches(_per_equipment=lambda p: p.parameter.endswith("_i"))
    assert own._same(point("EG"), point("EG")) and not own._same(point("EG"), point("EC"))
    b = {"methodology": "B"}
    assert own._same(point("EG_i"), point("EC_i", **b))
    assert not own._same(point("EG_i"), point("EC", **b)) and not own._same(point("EG"), point("EC_i", **b))


@pytest.mark.parametrize(
    ("rows", "read", "gone"),
    [
        ([{"removed": datetime(2024, 1, 1)}], 0.0, True), ([{"removed": datetime(2024, 1, 2)}], 0.0, False),
        ([{"installed": datetime(2024, 4, 1)}], 0.0, True), ([{"installed": datetime(2024, 3, 31)}], 0.0, False),
        ([{}], 0.0, False), ([{"removed": datetime(2024, 1, 1)}], 5.0, False),
        ([{"removed": datetime(2024, 1, 1)}, {"installed": datetime(2024, 4, 1)}], 0.0, True),
        ([{"removed": datetime(2024, 1, 1)}, {"installed": datetime(2024, 2, 1)}], 0.0, False),
    ],
)  # fmt: skip
def test_a_meter_that_never_stood_in_the_period(rows: list[dict[str, Any]], read: float, gone: bool) -> None:
    meters = rows_of("meters", [{"meter_id": "L1", "unit": "kWh", **row} for row in rows])
    curve = SimpleNamespace(over=lambda start, end: SimpleNamespace(best=read if (start, end) == (JAN, APR) else 1e9))
    counted = SimpleNamespace(curve=lambda name, unit: curve)
    own = branches(data=SimpleNamespace(meters=meters), counted=counted)
    assert own._gone("L1") is gone


def row(start: int, end: int, main: float, below: float, allowed: float = 0.0, most: float | None = None) -> Balance:
    return Balance(start, end, main, below, below if most is None else most, below, allowed)


def test_the_share_that_is_too_much() -> None:
    """45 of 50 are a tenth too much; what is all of it where nothing is known to have flowed."""
    assert row(JAN, FEB, 45.0, 50.0).too_much == pytest.approx(0.1)
    assert row(JAN, FEB, -5.0, 0.0).too_much == 1.0


def test_amounts_of_spans_are_divided_among_months_by_time() -> None:
    """31 of 60 days lie in January, 29 in February: 60 are 31 and 29; 5 more of February."""
    own = branches()
    found = own._by_month([(JAN, MAR, 60.0), (FEB, FEB + DAY, 5.0)])
    assert found == {0: pytest.approx(31.0), 1: pytest.approx(34.0)}


def flows(**best: float) -> Any:
    """Curves along which so much flowed in any span."""
    curve = lambda name, unit: SimpleNamespace(over=lambda a, b: SimpleNamespace(best=best.get(name, 0.0)))  # noqa: E731
    return SimpleNamespace(curve=curve)


OVER = [row(JAN, FEB, 45.0, 50.0), row(FEB, MAR, 40.0, 50.0)]


def test_the_larger_effect_of_a_main_meter_too_low_or_those_below_too_high() -> None:
    """By the main meter 5 and 10 more; below it a tenth of 30 and a fifth of 30 less, and as much of 20 each."""
    both = flows(L1=30.0, L2=20.0)
    one = branches(point("EC", term("MAIN")), counted=both, effects=Tonnes(MAIN=-2.0))
    effect, amounts = one._effect("MAIN", ["L1", "L2"], "kWh", OVER)
    assert effect == pytest.approx(30.0)  # -5 - 10 at -2 t each
    assert amounts == {("MAIN", "kWh"): {0: pytest.approx(-5.0), 1: pytest.approx(-10.0)}}
    below = branches(point("EC", term("L1")), counted=both, effects=Tonnes(L1=1.0))
    effect, amounts = below._effect("MAIN", ["L1", "L2"], "kWh", OVER)
    assert effect == pytest.approx(3.0 + 6.0)
    assert amounts["L1", "kWh"] == {0: pytest.approx(3.0), 1: pytest.approx(6.0)}
    assert amounts["L2", "kWh"] == {0: pytest.approx(2.0), 1: pytest.approx(4.0)}
    points = point("EC", term("MAIN"), term("L2"))
    for main, sub, said in ((-2.0, 1.0, 30.0), (-0.1, 1.0, 6.0), (2.0, 1.0, 6.0)):
        own = branches(points, counted=both, effects=Tonnes(MAIN=main, L2=sub))
        assert own._effect("MAIN", ["L1", "L2"], "kWh", OVER)[0] == pytest.approx(said)
    unknown = branches(points, counted=both, effects=Tonnes(L2=1.0))
    assert unknown._effect("MAIN", ["L1", "L2"], "kWh", OVER)[0] == pytest.approx(6.0)
    assert branches(point("EC", term("X")), counted=both)._effect("MAIN", ["L1"], "kWh", OVER) == (None, {})
    assert branches(points, counted=both)._effect("MAIN", ["L1"], "kWh", OVER)[0] is None


@pytest.mark.parametrize(("each", "taken_off"), [(-2.0, True), (-0.03125, True), (0.0, False), (2.0, False)])
def test_what_raises_er_is_taken_off(each: float, taken_off: bool) -> None:
    own = branches(point("EC", term("MAIN")), counted=flows(), effects=Tonnes(MAIN=each))
    found = own._more(SUM, "MAIN", ["L1", "L2"], "kWh", OVER, "counts")
    finding = found.finding if taken_off else found
    assert hasattr(found, "amounts") is taken_off
    assert finding.severity is Severity.MAJOR and finding.effect_tco2e == pytest.approx(-15.0 * each)
    assert finding.data == {"spans": 2, "worst": 10.0}
    assert finding.message == "the meters below MAIN (L1, L2) count more than it counts, in 2 span(s)"
    assert finding.found == "2024-01-01 to 2024-02-01: 45 against 50 kWh; 2024-02-01 to 2024-03-01: 40 against 50 kWh"


@pytest.mark.parametrize(
    ("main", "most", "words"),
    [
        # what sums leave open is a billionth of the whole, of one at least
        ((60.0, 55.0), 50.0, "15 kWh is counted"), ((60.0, 55.0), 50.0 + 1e-7, "15 kWh is counted"),
        ((60.0, 55.0), 50.0 + 1.3e-7, "at most 15 kWh is"), ((60.0, 55.0), 51.0, "at most 15 kWh is"),
        ((0.25, 0.25), 50.0 + 0.8e-9, "-99.5 kWh is counted"), ((0.25, 0.25), 50.0 + 1.2e-9, "at most -99.5 kWh is"),
        ((-60.0, -55.0), 50.0 + 1e-7, "-215 kWh is counted"),
    ],
)  # fmt: skip
def test_the_rest_of_a_main_meter(main: tuple[float, float], most: float, words: str) -> None:
    """60 and 55 less 50 and 50; what is not certain of those below leaves at most that."""
    rows = [row(JAN, FEB, main[0], 50.0), row(FEB, MAR, main[1], 50.0, most=most)]
    found = branches()._rest("MAIN", ["L1"], "kWh", rows)
    assert f"of what MAIN counts, {words}" in found.message
    whole = sum(main)
    assert found.data == {"main": whole, "below": 100.0, "remainder": whole - 100.0}
    assert "at most 1 kWh" in branches()._rest("MAIN", ["L1"], "kWh", [row(JAN, FEB, 1.0, 0.0, most=1e-9)]).message


@pytest.mark.parametrize(("main", "over"), [(49.5, False), (49.25, True), (50.5, False)])
def test_those_below_count_more_by_more_than_the_errors_allow(main: float, over: bool) -> None:
    assert row(JAN, FEB, main, 50.0, allowed=0.5).over is over


def amount(best: Any, lowest: Any = None, highest: Any = None, exact: Any = True) -> Any:
    best = np.array(best, dtype=float)
    ends = [best if end is None else np.array(end, dtype=float) for end in (lowest, highest)]
    return SimpleNamespace(best=best, lowest=ends[0], highest=ends[1], exact=np.broadcast_to(exact, best.shape))


def rows_between(main: Any, *below: Any, fed: Any = ()) -> list[Balance]:
    """January and February of a main meter (0.5 %), of those below it (1 % each) and of what feeds in."""
    known = {f"S{n}": one for n, one in enumerate(below)} | {f"F{n}": one for n, one in enumerate(fed)}
    counted = SimpleNamespace(curve=lambda name, unit: SimpleNamespace(between=lambda a, b: known[name]))
    own = branches(counted=counted, errors=SimpleNamespace(of=lambda name: 0.01))
    curve = SimpleNamespace(between=lambda a, b: main)
    spans = [(JAN, FEB), (FEB, MAR)]
    names = [f"S{n}" for n in range(len(below))], [f"F{n}" for n in range(len(fed))]
    return list(own._rows(curve, spans, *names, "kWh", 0.005))


def test_the_spans_of_a_main_meter_and_of_those_below() -> None:
    """100 and 200 against 60 + 30 and at least 50 + 0, at most 70 + 40: errors of 0.5 % above and 1 % of the least."""
    first = amount([60.0, 60.0], [60.0, 50.0], [60.0, 70.0])
    second = amount([30.0, -5.0], [30.0, -10.0], [30.0, 40.0])
    one, two = rows_between(amount([100.0, -200.0]), first, second)
    assert (one.main, one.least, one.most, one.below) == (100.0, 90.0, 90.0, 90.0)
    assert one.allowed == pytest.approx(0.5 + 0.9)
    assert (two.main, two.least, two.most, two.below) == (-200.0, 50.0, 110.0, 60.0)
    assert two.allowed == pytest.approx(1.0 + 0.5), "of the amount, whichever way it flows"
    assert (one.start, one.end, two.start, two.end) == (JAN, FEB, FEB, MAR)


def test_only_spans_of_which_the_main_meter_and_what_feeds_in_are_known() -> None:
    """What feeds in below counts up to its highest: 100 + 25; without any bound nothing is said."""
    below = amount([60.0, 60.0])
    (one,) = rows_between(amount([100.0, 200.0], exact=[True, False]), below)
    assert (one.start, one.main) == (JAN, 100.0)
    (fed,) = rows_between(amount([100.0, 200.0]), below, fed=[amount([20.0, 20.0], highest=[25.0, np.inf])])
    assert (fed.start, fed.main, fed.allowed) == (JAN, 125.0, pytest.approx(0.625 + 0.6))
    assert replace(fed, below=0.0).too_much == 1.0
