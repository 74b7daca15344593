"""Tonnes of different kinds are never one number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.portfolio.tonnes import Credited, Indicative, Kind, Reported, Totals, Unverified, tonnes_of, totals


def test_one_kind_adds_up_and_two_do_not() -> None:
    assert Credited(3) + Credited(4) == Credited(7)
    with pytest.raises(TypeError, match="credited are not added to reported"):
        Credited(3) + Reported(4.0)  # type: ignore[operator]
    with pytest.raises(TypeError):
        sum([Credited(3), Indicative(4.0)])  # type: ignore[call-overload]


def test_totals_keep_kinds_apart_and_know_none_from_nothing() -> None:
    found = totals([Credited(3), Indicative(0.1), Credited(4), Indicative(0.2), Unverified(9.0)])
    # 0.1 + 0.2, correctly rounded, is 0.30000000000000004
    assert found == Totals(Credited(7), Indicative(0.30000000000000004), None, Unverified(9.0))


@given(st.lists(st.tuples(st.sampled_from(list(Kind)), st.integers(-1000, 1000))))
def test_totals_are_the_sums_of_each_kind(given: list[tuple[Kind, int]]) -> None:
    found = totals(tonnes_of(kind, amount) for kind, amount in given)
    for kind in Kind:
        amounts = [amount for other, amount in given if other is kind]
        total = getattr(found, kind)
        assert (total is None) if not amounts else total.tonnes == sum(amounts)


def test_half_a_tonne_is_not_credited() -> None:
    with pytest.raises(ValueError, match="whole"):
        tonnes_of(Kind.CREDITED, 1.5)
