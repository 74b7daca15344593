"""Which amount is taken: how ER moves, corners jointly, between them, and what each correction adds; by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from jcm_mrv.claim.claim import Claim
from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import constant, intermediate, monitored, result
from jcm_mrv.origin import NOWHERE
from jcm_mrv.quality.treatment.direction import _Choice, _halving, _Search, decide
from jcm_mrv.quality.treatment.proposal import Decision, End, Proposal
from jcm_mrv.quantities.expression import maximum
from jcm_mrv.result import Direction
from support.forms import Flips, sketch

RISES, FALLS, EITHER = Direction.RISES, Direction.FALLS, Direction.EITHER


class Least(Methodology):
    """ER = max(EC, 30) - 30: nothing up to 30 MWh, a tonne for each above."""

    EC = monitored("electricity consumed", unit="MWh")
    least = constant("30", unit="MWh", label="least", source="invented for the test")
    one = constant("1", unit="tCO2e/MWh", label="factor", source="invented for the test")
    RE = result(maximum(EC, least) * one, "reference emissions")
    PE = result(least * one, "project emissions")
    ER = result(RE - PE, "emission reductions")


class Most(Methodology):
    """ER = 30 - max(EC, 30): the other way round."""

    EC = monitored("electricity consumed", unit="MWh")
    least = constant("30", unit="MWh", label="least", source="invented for the test")
    one = constant("1", unit="tCO2e/MWh", label="factor", source="invented for the test")
    RE = result(least * one, "reference emissions")
    PE = result(maximum(EC, least) * one, "project emissions")
    ER = result(RE - PE, "emission reductions")


class Ratio(Methodology):
    """ER = EC x EC / Q, which is nothing without an output."""

    EC = monitored("electricity consumed", unit="MWh")
    Q = monitored("output", unit="MWh")
    one = constant("1", unit="tCO2e/MWh", label="factor", source="invented for the test")
    none = constant("0", unit="tCO2e/MWh", label="nothing", source="invented for the test")
    SEC = intermediate(EC / Q, "specific consumption", unit="1")
    RE = result(SEC * EC * one, "reference emissions")
    PE = result(EC * none, "project emissions")
    ER = result(RE - PE, "emission reductions")


def claim(methodology: type[Methodology], **monthly: float) -> Claim:
    """A meter with so many MWh in January and nothing in the rest of the year."""
    given: dict[str, list[float | None]] = {name: [mwh * 1000, *[0.0] * 11] for name, mwh in monthly.items()}
    made, faults = sketch(methodology, given).build()
    assert not faults
    return made


def decided(made: Claim, *ends: tuple[float | None, float | None], meter: str = "EC", most: int = 10) -> list[Decision]:
    """Corrections of a meter in January, February and so on."""
    (chain,) = made.chains
    places = {where: n for n, where in enumerate(chain.meter_months)}
    proposals = [
        Proposal(chain, places[meter, m], meter, m, (), 0.0, low, high, NOWHERE) for m, (low, high) in enumerate(ends)
    ]
    return decide(made, proposals, most)


def simple(found: Sequence[Decision]) -> list[tuple[Any, ...]]:
    return [(one.direction, one.end, one.amount, one.effect) for one in found]


@pytest.mark.parametrize(
    ("methodology", "known", "ends", "said"),
    [
        # 2 x max(EC, 30) - EC: a tonne less for each MWh up to 30, a tonne more above
        (Flips, 24.0, (0.0, 3.0), (FALLS, End.HIGHEST, 3.0, -3.0)),
        (Flips, 24.0, (-1.0, 5.0), (FALLS, End.HIGHEST, 5.0, -5.0)),
        (Flips, 32.0, (-1.0, 3.0), (RISES, End.LOWEST, -1.0, -1.0)),
        (Flips, 24.0, (None, 3.0), (FALLS, End.HIGHEST, 3.0, -3.0)),
        (Flips, 24.0, (0.0, None), (FALLS, End.HIGHEST, 0.0, 0.0)),
        (Flips, 32.0, (None, 3.0), (RISES, End.LOWEST, 0.0, 0.0)),
        # bounds are rounded outwards, so that it may fall where nothing follows from it
        (Least, 24.0, (0.0, 3.0), (EITHER, End.LOWEST, 0.0, 0.0)),
        (Least, 24.0, (0.0, 12.0), (EITHER, End.LOWEST, 0.0, 0.0)),
        (Most, 24.0, (0.0, 12.0), (EITHER, End.HIGHEST, 12.0, -6.0)),
        (Flips, 24.0, (8.0, 8.0), (RISES, End.LOWEST, 8.0, -4.0)),
    ],
)
def test_the_end_follows_from_how_er_moves(methodology: Any, known: float, ends: Any, said: Any) -> None:
    (found,) = simple(decided(claim(methodology, EC=known), ends))
    assert found == (*said[:2], pytest.approx(said[2]), pytest.approx(said[3]))


def test_where_it_falls_and_rises_the_lowest_er_lies_between() -> None:
    """24 MWh and up to 12: 30 t at 30 MWh, where the reduction is 6 t less than without it."""
    (found,) = decided(claim(Flips, EC=24.0), (0.0, 12.0))
    assert (found.direction, found.end) == (EITHER, End.BETWEEN)
    assert (found.amount, found.effect) == (pytest.approx(6.0, abs=1e-6), pytest.approx(-6.0, abs=1e-6))


def test_what_is_certain_has_no_direction_where_another_one_decides() -> None:
    """One MWh in January is proven; up to 12 in February may lie on either side of 30 MWh: 5 of them are taken."""
    proven, open_ = decided(claim(Flips, EC=24.0), (1.0, 1.0), (0.0, 12.0))
    assert (proven.direction, proven.amount, open_.direction) == (None, 1.0, EITHER)
    assert open_.amount == pytest.approx(5.0, abs=1e-6)
    assert (proven.effect, open_.effect) == (pytest.approx(-1.0, abs=1e-6), pytest.approx(-5.0, abs=1e-6))


def test_an_effect_without_a_value_is_unknown() -> None:
    """1 MWh of output in January is taken off, 4 are added in February: 4 x 4 / 4; without the second one 4 x 4 / 0."""
    first, second = decided(claim(Ratio, EC=4.0, Q=1.0), (-1.0, -1.0), (4.0, 4.0), meter="Q")
    assert first.effect == pytest.approx(4.0 - 16 / 5) and second.effect is None


# --- the search --------------------------------------------------------------------------------------------


def search(er: Callable[[Sequence[float]], float], count: int, most: int, low: float = 0.0, high: float = 1.0) -> Any:
    """What is chosen, all undecided, from the lower ends on."""
    ends = [(_Choice(low, End.LOWEST), _Choice(high, End.HIGHEST))] * count
    chosen = _Search(er, ends, most).lowest([one for one, _ in ends], list(range(count)))  # type: ignore[arg-type]
    return [(one.amount, one.end) for one in chosen]


@pytest.mark.parametrize(("most", "amounts"), [(2, [1.0, 1.0]), (1, [0.0, 0.0])])
def test_corners_are_searched_jointly_while_there_are_few(most: int, amounts: list[float]) -> None:
    """ER = -x y: neither alone lowers it."""
    assert [amount for amount, _ in search(lambda x: -x[0] * x[1], 2, most)] == amounts


def test_beyond_that_each_takes_its_own_worst_end() -> None:
    """ER = -x - y + z: and between the ends of the first one only."""

    def er(x: Sequence[float]) -> float:
        return -min(x[0], 0.5) - min(x[1], 0.5) + x[2] - x[1] / 8 + abs(x[0] - 0.5)

    (first, end), second, third = search(er, 3, 1)
    assert (first, end) == (pytest.approx(0.5, abs=1e-6), End.BETWEEN)
    assert second == (1.0, End.HIGHEST) and third == (0.0, End.LOWEST)


@pytest.mark.parametrize("k", [1, 5, 8, 15])
@pytest.mark.parametrize("off", [0.0, 0.375])
def test_a_valley_narrower_than_the_steps_is_found_where_a_step_falls_into_it(k: int, off: float) -> None:
    """Between 2 and 4 in sixteen steps of an eighth; the valley is half a step wide on either side."""
    lowest = 2 + (k + off) / 8
    ((amount, end),) = search(lambda x: min(0.0, abs(x[0] - lowest) * 16 - 1), 1, 1, 2.0, 4.0)
    assert (amount, end) == (pytest.approx(lowest, abs=1e-6), End.BETWEEN)


@pytest.mark.parametrize(("sign", "found"), [(1, (2.0, End.LOWEST)), (-1, (4.0, End.HIGHEST))])
def test_nothing_beyond_the_ends_is_taken(sign: int, found: Any) -> None:
    assert search(lambda x: sign * x[0], 1, 1, 2.0, 4.0) == [found]


def test_of_amounts_with_one_er_the_least() -> None:
    assert _halving(lambda amount: 0.0, 2.0, 4.0) == pytest.approx(2.0, abs=1e-6)
    assert search(lambda x: 0.0, 1, 1) == [(0.0, End.LOWEST)]
