"""A corrected claim is another claim: what was given stays as it was."""

from __future__ import annotations

import pytest

from jcm_mrv.claim.building import build_claim
from jcm_mrv.claim.correcting import corrected
from jcm_mrv.claim.corrections import Correction
from jcm_mrv.origin import NOWHERE
from support.claims import air_conditioners, solar


def test_a_correction_changes_the_new_claim_alone() -> None:
    """1,200 MWh x 0.333 = 399.6 t; 10 MWh less in March are 3.33 t less."""
    claim, _ = solar().build()
    other = corrected(claim, [Correction("MWh", 2, 0.0, 0.0, -10.0, "M1 2024-03", NOWHERE)])
    assert other.evaluate().scalar(other.total_ER) == pytest.approx(399.6 - 3.33, rel=1e-12)
    assert claim.evaluate().scalar(claim.total_ER) == pytest.approx(399.6, rel=1e-12)
    assert (claim.chains[0].corrections, len(other.chains[0].corrections)) == ((), 1)
    assert {p.bound for p in other.parameters} == set(other.bounds), "a parameter names the binding of its own claim"
    assert {p.chain for p in other.parameters} == set(other.chains)
    assert all(node in other.evaluate() for node in other.bounds[0].nodes)


def test_a_claim_with_other_values_is_evaluated_beside_it() -> None:
    """Half of what the meter counts is half of the 399.6 t."""
    claim, _ = solar().build()
    share = claim.chains[0].graph.c
    other = claim.evaluate({share: claim.values[share] * 0.5})
    assert other.scalar(claim.total_ER) == pytest.approx(199.8, rel=1e-12)
    assert claim.evaluate().scalar(claim.total_ER) == pytest.approx(399.6, rel=1e-12)


def test_without_corrections_it_is_the_same_claim() -> None:
    claim, _ = air_conditioners().build()
    assert corrected(claim, []) is claim


def test_two_claims_are_built_of_one_binding() -> None:
    """Nothing of the first is left in the binding: its monitored parameters are inputs still."""
    sketch = solar()
    bounds, series = sketch.bounds(), sketch.series()
    monitored = [tuple(b.monitored) for b in bounds]
    first, _ = build_claim(bounds, sketch.data(), sketch.timeline, series)
    second, _ = build_claim(bounds, sketch.data(), sketch.timeline, series)
    assert first is not None and second is not None
    assert [tuple(b.monitored) for b in bounds] == monitored != [()]
    assert [b.monitored for b in first.bounds] == [[]]
    assert first.evaluate().scalar(first.total_ER) == second.evaluate().scalar(second.total_ER)


def test_er_with_other_corrections() -> None:
    """Without the 10 MWh that were taken off, the ER is whole again."""
    claim, _ = solar().build()
    other = corrected(claim, [Correction("MWh", 2, 0.0, 0.0, -10.0, "M1 2024-03", NOWHERE)])
    nothing = claim.values[claim.chains[0].graph.E_corr]
    for one in (claim, other):
        assert one.reductions({one.chains[0].graph.E_corr: nothing}) == pytest.approx(399.6, rel=1e-12)
