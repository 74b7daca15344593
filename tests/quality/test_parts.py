"""Meters below a generation meter that count together what it counts: on both sides of what errors and losses allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.quality.parts import Parts, parts_of
from jcm_mrv.quality.settings import Settings
from support.claims import rows_of
from support.tree import TIMELINE, Curves, Spans, by_month, point, term

SIXTEENTH = Settings({"tree.most_losses": 0.0625, "crosscheck.unknown_error": 0.0})
EG = point("EG", term("G"))


def parts(
    below: Mapping[str, Sequence[float]],
    whole: Sequence[float] = (64.0, 64.0, 64.0),
    *,
    points: Sequence[Any] = (EG,),
    checks: Mapping[str, Sequence[str]] | None = None,
    errors: Mapping[str, float] | None = None,
    others: Mapping[str, str] | None = None,
    curves: Mapping[str, Spans] | None = None,
) -> dict[str, Parts]:
    """The parts of G, of which the meters ``below`` count so much by month; errors in per cent, where there are any."""
    above = {"G": "grid", **dict.fromkeys(below, "G"), **(others or {})}
    rows = rows_of("meters", [
        {"meter_id": name, "unit": "kWh", "below": of, "permissible_error": (errors or {}).get(name)}
        for name, of in above.items()
    ])  # fmt: skip
    counted: Any = Curves(**({"G": by_month(*whole)} | {n: by_month(*v) for n, v in below.items()} | (curves or {})))  # type: ignore[arg-type]
    claim: Any = SimpleNamespace(points=points)
    return parts_of(claim, SimpleNamespace(meters=rows), checks or {}, counted, TIMELINE, SIXTEENTH)  # type: ignore[arg-type]


def both(*of_each: float) -> dict[str, Sequence[float]]:
    return {"I1": of_each, "I2": of_each}


@pytest.mark.parametrize(
    ("below", "errors", "said"),
    [
        # without errors no less than 64 by month, and a sixteenth more, 4 kWh, for losses between
        (both(32.0, 32.0, 32.0), {}, True), (both(32.0, 31.75, 32.0), {}, False), (both(32.0, 34.0, 32.0), {}, True),
        (both(32.0, 34.25, 32.0), {}, False), (both(34.25, 34.25, 34.25), {}, False),
        # 1/64 of what the main meter counts is 1 kWh, on either side
        (both(32.0, 31.5, 32.0), {"G": 100 / 64}, True), (both(32.0, 31.25, 32.0), {"G": 100 / 64}, False),
        (both(32.0, 34.5, 32.0), {"G": 100 / 64}, True), (both(32.0, 34.75, 32.0), {"G": 100 / 64}, False),
        # an eighth of 28 kWh of one of both is 3.5 kWh, where 4 or 3 are lacking
        ({"I1": [28.0] * 3, "I2": [32.5] * 3}, {"I1": 12.5}, True),
        ({"I1": [28.0] * 3, "I2": [32.25] * 3}, {"I1": 12.5}, False),
    ],
)  # fmt: skip
def test_together_they_count_what_the_main_meter_does(below: Any, errors: Any, said: bool) -> None:
    found = parts(below, errors=errors)
    assert list(found) == (["G"] if said else [])
    for one in found.values():
        together = sum(map(sum, below.values()))
        assert (one.meters, one.stated, one.whole, one.together) == (("I1", "I2"), False, 192.0, together)


def test_one_meter_alone_or_nearly_the_whole_is_no_part() -> None:
    """Nine tenths of 192 kWh are 172.8."""
    assert parts({"I1": [64.0] * 3}) == {}
    assert list(parts({"I1": [57.5] * 3, "I2": [6.5] * 3})) == ["G"]
    assert list(parts({"I1": [18.0] * 3, "I2": [2.0] * 3}, (20.0, 20.0, 20.0))) == ["G"], "of 60 kWh just 54"
    assert parts({"I1": [57.75] * 3, "I2": [6.25] * 3}) == parts({"I1": [6.25] * 3, "I2": [57.75] * 3}) == {}


def test_only_months_in_which_all_are_known_are_compared() -> None:
    """March of I2 is missing: 128 kWh of January and February. Where nothing was generated nothing is shown."""
    (one,) = parts({"I1": [32.0] * 3, "I2": [32.0] * 2}).values()
    assert (one.whole, one.together) == (128.0, 128.0)
    late = by_month(32.0, 32.0, 32.0)[1:]
    (one,) = parts({"I1": [32.0] * 3, "I2": []}, (60.0, 64.0, 64.0), curves={"I2": late}).values()
    assert (one.whole, one.together) == (128.0, 128.0), "without January"
    assert parts({"I1": [32.0] * 3, "I2": []}) == {}
    assert parts(both(0.0, 0.0, 0.0), (0.0, 0.0, 0.0)) == {}
    assert list(parts(both(0.125, 0.125, 0.0), (0.25, 0.25, 0.0))) == ["G"]


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([point("EG", term("G"))], True),
        ([point("EG_PJ", term("X"), term("G", 0.5))], True),
        ([point("EG", term("G", -1.0))], False),
        ([point("EG", term("G", 0.0))], False),
        ([point("EC", term("G"))], False),
        ([point("EG", term("G"), term("I2", -1.0))], False),  # what a point counts is no part
    ],
)
def test_parts_are_of_generation(points: Sequence[Any], said: bool) -> None:
    assert list(parts(both(32.0, 32.0, 32.0), points=points, others={"X": "grid"})) == (["G"] if said else [])


def test_check_meters_of_it_are_stated_and_those_of_others_are_no_parts() -> None:
    halves = both(32.0, 32.0, 32.0)
    (one,) = parts(halves, checks={"G": ("I1", "I2")}).values()
    assert one.stated and one.meters == ("I1", "I2")
    assert parts(halves, checks={"G": ("I1",)}) == parts(halves, checks={"X": ("I1",)}) == {}
    # of four that would do by twos those that are stated are taken
    four = {**halves, "J1": [32.0] * 3, "J2": [32.0] * 3}
    (one,) = parts(four, checks={"G": ("J1", "J2")}).values()
    assert one.stated and one.meters == ("J1", "J2")


@pytest.mark.parametrize("stated", [True, False])
def test_what_would_be_left_if_they_were_loads_is_said(stated: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jcm_mrv.quality.parts.reductions_without", lambda claim, meter: {"G": 30.0}[meter])
    (row,) = rows_of("meters", [{"meter_id": "G", "unit": "kWh"}])
    claim: Any = SimpleNamespace(reductions=lambda: 180.0)
    found = Parts(row, ("I1", "I2"), stated, 192.0, 193.5).finding(claim)
    assert (found.effect_tco2e, found.data) == (150.0, {"main": 192.0, "parts": 193.5})
    assert ("enter G in their column" in found.action) is not stated
    assert found.found == "193.5 against 192 kWh in the months in which all are known" and "I1, I2" in found.message
