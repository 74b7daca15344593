"""What a checked sample says of all items: arithmetic by hand beside each figure."""

from __future__ import annotations

import math

import pytest

from jcm_mrv.verification.sampling.drawing import Design, Drawn
from jcm_mrv.verification.sampling.evaluation import Against, Answer, Outcome, evaluated, exact_interval
from jcm_mrv.verification.sampling.plan import Plan, Wish
from jcm_mrv.verification.sampling.population import Item
from jcm_mrv.verification.sampling.sizes import Size

RIGHT = Answer(Outcome.RIGHT)


def made(effects: list[float], sample: list[int], design: Design, *, interval: float = 0.0, strata: str = "") -> Plan:
    """Items with 10 units each; the effect is the tonnes that hang on all ten."""
    items = [
        Item(f"I-{n}", "", strata[n] if strata else "", "", 10.0, "MWh", effect / 10)
        for n, effect in enumerate(effects)
    ]
    drawn = tuple(Drawn(items[n], certain=bool(interval) and abs(effects[n]) >= interval) for n in sample)
    return Plan(Wish(design=design, seed="s"), tuple(items), Size(0, "", ""), 5.0, interval, drawn)


def answers(plan: Plan, found: dict[str, float | None]) -> dict[str, Answer]:
    """Right, but for those of ``found``: another value, or not seen (None)."""
    made = dict.fromkeys((one.item.id for one in plan.sample), RIGHT)
    for name, value in found.items():
        made[name] = Answer(Outcome.NOT_SEEN) if value is None else Answer(Outcome.WRONG, value)
    return made


def test_a_simple_sample() -> None:
    """100 items of 1 t, 5 seen, one found 8 of 10: misstated 0.2 t. Mean 0.04, times 100 = 4 t. s^2 = (0.2 - 0.04)^2
    + 4 x 0.04^2 over 4 = 0.008; variance 100^2 x 0.008 / 5 x (1 - 0.05) = 15.2; t(4, 97.5 %) = 2.7764; half 10.825."""
    plan = made([1.0] * 100, [0, 1, 2, 3, 4], Design.SIMPLE)
    found = evaluated(plan, answers(plan, {"I-2": 8.0}))
    assert found.rate == 0.2
    assert found.misstatement == pytest.approx(4.0)
    assert found.interval == pytest.approx((4 - 10.8246, 4 + 10.8246), abs=1e-3)
    assert found.against is Against.ACROSS


def test_strata_are_projected_by_themselves() -> None:
    """A: 4 items, 2 seen, mean (0 + 1) / 2 -> 2 t; B: 6 items, 2 seen, right -> 0. Rate (4 x 1/2 + 0) / 10 = 0.2.
    Variance 4^2 x 0.5 / 2 x (1 - 1/2) = 2; freedom of one stratum of two = 1, t = 12.7062; half 12.7062 x 1.41421."""
    plan = made([1.0] * 10, [0, 1, 4, 5], Design.STRATIFIED, strata="AAAABBBBBB")
    found = evaluated(plan, answers(plan, {"I-1": 0.0}))
    assert (found.rate, found.misstatement) == (pytest.approx(0.2), pytest.approx(2.0))
    assert found.interval[1] - found.misstatement == pytest.approx(12.7062 * math.sqrt(2), abs=1e-3)


def test_no_error_found_is_no_certainty() -> None:
    """10 of 100 right: Clopper-Pearson 1 - 0.025^(1/10) = 0.30850; 31 further items of 1 t may be wrong."""
    plan = made([1.0] * 100, list(range(10)), Design.SIMPLE)
    found = evaluated(plan, answers(plan, {}))
    assert found.rate_interval == (0.0, pytest.approx(1 - 0.025**0.1))
    assert found.interval == pytest.approx((-31.0, 31.0))


def test_what_was_not_seen_is_wrong_with_all_that_hangs_on_it_against_the_claim() -> None:
    """Also where ER falls with the item (effect -2): it may have been higher, so 2 t too much are claimed."""
    plan = made([-2.0, 1.0], [0, 1], Design.SIMPLE)
    found = evaluated(plan, answers(plan, {"I-0": None}))
    assert found.misstatement == pytest.approx(2.0)
    assert found.interval == pytest.approx((2.0, 2.0))  # every item was looked at


def test_by_risk_with_the_published_factors() -> None:
    """Interval 10 t. Certain: 30 t, found 9 of 10: 3 t. By chance two items of 5 t: one found 8 of 10 (share 0.2), one
    right. Projected 3 + 10 x 0.2 = 5. Upper: 3 + 10 x (2.9957 + (4.7439 - 2.9957) x 0.2) = 36.454; lower 3 - 29.957."""
    plan = made([30.0, 5.0, 5.0, 5.0], [0, 1, 2], Design.RISK, interval=10.0)
    found = evaluated(plan, answers(plan, {"I-0": 9.0, "I-1": 8.0}))
    assert found.misstatement == pytest.approx(5.0)
    assert found.interval == pytest.approx((3 - 29.957, 36.454), abs=2e-3)


def test_the_three_ways_to_stand_against_materiality() -> None:
    """Every item checked, material 5 t: misstated 1 t, 10 t, and understated 10 t."""
    for effect, expected in ((1.0, Against.WITHIN), (10.0, Against.BEYOND), (-10.0, Against.BEYOND)):
        plan = made([effect], [0], Design.SIMPLE)
        assert evaluated(plan, answers(plan, {"I-0": 0.0})).against is expected


def test_an_unknown_effect_is_never_taken_as_nothing() -> None:
    item = Item("I-0", "", "", "", 100.0, "%", None)
    plan = Plan(Wish(seed="s"), (item,), Size(0, "", ""), 5.0, 0.0, (Drawn(item),))
    found = evaluated(plan, {"I-0": Answer(Outcome.NOT_SEEN)})
    assert math.isnan(found.misstatement)
    assert found.against is Against.ACROSS


def test_the_exact_interval_of_a_published_example() -> None:
    """Clopper and Pearson's interval of 10 of 100 at 95 %: 4.90 % to 17.62 % (standard tables)."""
    assert exact_interval(10, 100, 0.95) == pytest.approx((0.0490, 0.1762), abs=5e-5)
    assert exact_interval(0, 20, 0.95)[0] == 0.0
    assert exact_interval(20, 20, 0.95)[1] == 1.0
