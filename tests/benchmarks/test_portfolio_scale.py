"""The simulation of a large portfolio does what can be reckoned by hand."""

from __future__ import annotations

import pytest

from portfolio_scale import Rates, play

# Members all alike, of one second and a million bytes; everything else takes no time.
ALIKE = Rates(seconds=1.0, spread=0.0, inputs=1e6, share=1e12, look=0.0, hand=0.0, keep=0.0, gather=0.0)


def test_members_follow_each_other_on_every_slot() -> None:
    assert play(12, 2, 3, 0, ALIKE).calculate == pytest.approx(2.0, abs=1e-3)  # 12 members on 6 slots


def test_the_slowest_of_scheduler_client_and_files_sets_the_pace() -> None:
    for rates in (
        Rates(**{**vars(ALIKE), "hand": 0.5}),
        Rates(**{**vars(ALIKE), "keep": 0.5}),
        Rates(**{**vars(ALIKE), "share": 2e6}),  # half a second for a member's files
    ):
        # 100 members, one every half second: 50 s, and a second for the first or last of them.
        assert play(100, 10, 10, 0, rates).calculate == pytest.approx(50.5, abs=0.6)


def test_a_machine_that_goes_away_costs_what_it_was_calculating() -> None:
    whole, without = play(600, 3, 2, 0, ALIKE), play(600, 3, 2, 1, ALIKE)
    assert (whole.lost, without.lost) == (0, 2)  # one member on each of its two slots
    assert 100.0 < without.calculate < 151.0  # 600 members on 6 slots, at worst on 4 from the beginning
