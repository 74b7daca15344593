"""The same seed draws the same items, and the design says how many chances each has."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.verification.sampling.drawing import Design, allocation, drawn, number_of, size_of
from jcm_mrv.verification.sampling.population import Item


def items(effects: list[float | None]) -> list[Item]:
    return [
        Item(f"I-{n}", "", f"G-{n % 3}", "", 1.0, "t", effect) for n, effect in enumerate(effects)
    ]  # stated 1, so that the derivative is the effect


def test_a_number_can_be_computed_by_anybody() -> None:
    """sha256sum of 'seed|I-1', its first 13 hexadecimal digits (52 bits), divided by 16^13."""
    digits = hashlib.sha256(b"seed|I-1").hexdigest()[:13]
    assert number_of("seed", "I-1") == int(digits, 16) / 16**13


def test_the_sample_of_a_seed_is_kept_by_later_versions() -> None:
    """The lowest five of thirty numbers, computed apart from the program: any change here breaks old worksheets."""
    numbers = {n: int(hashlib.sha256(f"kept|I-{n}".encode()).hexdigest()[:13], 16) for n in range(30)}
    lowest = sorted(sorted(numbers, key=numbers.__getitem__)[:5])
    sample = drawn(items([1.0] * 30), 5, Design.SIMPLE, "kept")
    assert [one.item.id for one in sample] == [f"I-{n}" for n in lowest]


def test_every_stratum_has_two_or_all_of_it() -> None:
    assert allocation([90, 9, 1], 10) == [9, 2, 1]
    sample = drawn(items([1.0] * 30), 6, Design.STRATIFIED, "s")
    assert sorted(one.item.stratum for one in sample) == ["G-0"] * 2 + ["G-1"] * 2 + ["G-2"] * 2


def test_by_risk_takes_what_is_large_or_unknown_in_any_case_and_never_what_is_nothing() -> None:
    sample = drawn(items([100.0, None, 0.0, 1.0, 1.0]), 0, Design.RISK, "s", interval=50.0)
    assert [(one.item.id, one.certain) for one in sample][:2] == [("I-0", True), ("I-1", True)]
    assert "I-2" not in {one.item.id for one in sample}


@given(st.lists(st.floats(0, 9.99), min_size=1, max_size=60), st.text(min_size=1, max_size=8))
def test_by_risk_has_one_hit_per_interval(effects: list[float], seed: str) -> None:
    """Of items below the interval as many are drawn as whole intervals lie in their sum, or one more."""
    found = drawn(items(list(effects)), 0, Design.RISK, seed, interval=10.0)
    whole = sum(effects) / 10.0
    assert int(whole - 1e-9) <= len(found) <= int(whole + 1e-9) + 1


def test_the_chance_is_in_proportion_to_what_hangs_on_an_item() -> None:
    """An item of 3 of 12 t at an interval of 4 t: 3 of 4 samples hold it; over 2,000 seeds within 4 standard errors."""
    population = items([3.0, 1.0, 2.0, 2.0, 2.0, 2.0])
    seeds = 2000
    hits = sum(any(d.item.id == "I-0" for d in drawn(population, 0, Design.RISK, str(n), 4.0)) for n in range(seeds))
    assert abs(hits / seeds - 0.75) < 4 * (0.75 * 0.25 / seeds) ** 0.5
    assert size_of(population[0]) == 3.0
