"""What each kind of correction says, its row in the graph, and what several of them do together."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.claim.corrections import Correction
from jcm_mrv.findings import Bias, QuestionableSpan
from jcm_mrv.meters.calibrations import FAILED, LATE, OverdueSpan
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.overdue import Overdue, _found
from jcm_mrv.quality.treatment.proposal import Decision, End, Proposal, Replaced, total_effect
from jcm_mrv.quality.treatment.questionable import QuestionableData, QuestionableValues, _proposal, _with_effect
from jcm_mrv.quality.treatment.tree_excess import Excess, TakenOff, _taken_off
from jcm_mrv.quality.treatment.tree_excess import _with_effect as of_tree
from jcm_mrv.quality.values.spikes import SPIKE
from jcm_mrv.time.zones import HOUR

WHERE = Origin(sheet="Meters", cell="A2")
FINDING = SPIKE("a spike", WHERE)
CHAIN: Any = SimpleNamespace(unit="MWh")


def given(measured: float = 2.0, lowest: float | None = -1.0, highest: float | None = 3.0) -> tuple[Any, ...]:
    return CHAIN, 7, "M", 2, ((0, HOUR), (2 * HOUR, 4 * HOUR)), measured, lowest, highest, WHERE


def span(code: Any = LATE, found: float = 0.0) -> OverdueSpan:
    return OverdueSpan("M", 0, HOUR, 0.005, "overdue", "late", WHERE, code, "Test it.", found)


def overdue(measured: float = 2.0, cause: OverdueSpan | None = None) -> Overdue:
    return Overdue(*given(measured), cause or span(), 0.005)


@pytest.mark.parametrize(
    ("one", "raw", "row"),
    [
        # share of what the month measured, its relative change, and what is added
        (Proposal(*given()), 8.0, (0.0, 0.0, 0.5)),
        (Replaced(*given(), 3.0), 8.0, (0.25, -1.0, 3.0)),
        (Replaced(*given(), 3.0), 0.0, (0.0, -1.0, 3.0)),
        (overdue(), 8.0, (0.25, 0.25, 0.0)),
        (overdue(), 0.0, (0.0, 0.0, 0.5)),
        (overdue(0.0), 8.0, (0.0, 0.0, 0.5)),
        (QuestionableData(*given(), FINDING), 8.0, (0.25, -1.0, 2.5)),
        (QuestionableData(*given(), FINDING), 0.0, (0.0, 0.0, 0.5)),
        (QuestionableData(*given(0.0), FINDING), 8.0, (0.0, 0.0, 0.5)),
    ],
)
def test_rows_of_the_graph_add_up_to_the_correction(one: Proposal, raw: float, row: tuple[float, float, float]) -> None:
    """A correction of 0.5 MWh of what was measured, 2 MWh of a month's 8."""
    assert one.correction(0.5, raw, "M 2024-03") == Correction("MWh", 7, *row, "M 2024-03", WHERE)
    share, relative, added = row
    assert share * raw * relative + added == (0.5 if not isinstance(one, Replaced) else 3.0 - (2.0 if raw else 0.0))


def test_hours_ends_and_what_is_without_it() -> None:
    one = Proposal(*given())
    assert (one.hours, one.ends, one.untreated) == (3.0, (-1.0, 3.0), 0.0)
    assert Proposal(*given(lowest=None, highest=None)).ends == (0.0, 0.0)
    assert Proposal(*given(lowest=0.0, highest=0.0)).ends == (0.0, 0.0)


@pytest.mark.parametrize(
    ("effects", "total"),
    [([], 0.0), ([0.5], 0.5), ([0.5, -0.75, 0.0], -0.25), ([0.5, None], None), ([None], None)],
)
def test_effects_add_up_while_each_is_known(effects: Any, total: Any) -> None:
    assert total_effect(iter(effects)) == total


def decision(amount: float, end: End = End.BETWEEN) -> Decision:
    return Decision(amount, end, None, 0.0)


@pytest.mark.parametrize(
    ("one", "amount", "end", "words"),
    [
        (overdue(), -0.01, End.LOWEST, "overdue: corrected down by 0.5 %"),
        (overdue(), 0.01, End.HIGHEST, "overdue: corrected up by 0.5 %"),
        (overdue(), 0.0, End.BETWEEN, "overdue: corrected not by 0.5 %"),
        (overdue(cause=span(FAILED)), -2.0, End.LOWEST, "overdue: not relied on, since no error found is stated"),
        (overdue(cause=span(FAILED, 0.02)), -0.01, End.LOWEST, "overdue: corrected down by 0.5 %"),
        (
            QuestionableData(*given(), FINDING), 0.0, End.LOWEST,
            "readings.spike: what was measured is kept, it has the lowest ER",
        ),
        (
            QuestionableData(*given(), FINDING), -1.0, End.LOWEST,
            "readings.spike: not relied on; the least that may have flowed instead",
        ),
        (
            QuestionableData(*given(), FINDING), 0.5, End.HIGHEST,
            "readings.spike: not relied on; the most that may have flowed instead",
        ),
        (
            QuestionableData(*given(), FINDING), 0.5, End.BETWEEN,
            "readings.spike: not relied on; the amount with the lowest ER",
        ),
        (TakenOff(*given(), FINDING), 0.0, End.HIGHEST, "readings.spike: kept, it has the lowest ER"),
        (TakenOff(*given(), FINDING), -0.5, End.LOWEST, "readings.spike: what the tree of meters leaves"),
    ],
)  # fmt: skip
def test_what_was_done_in_words(one: Proposal, amount: float, end: End, words: str) -> None:
    assert one.rule(decision(amount, end), Settings({})) == words


@pytest.mark.parametrize(
    ("bias", "allowed", "ends"),
    [
        # 2 MWh were measured; the meter's own rates allow from 0.5 to 6
        (Bias.EITHER, (0.5, 6.0), (-1.5, 4.0)),
        (Bias.TOO_LOW, (0.5, 6.0), (0.0, 4.0)),
        (Bias.TOO_HIGH, (0.5, 6.0), (-1.5, 0.0)),
        # what was measured is possible itself
        (Bias.EITHER, (3.0, 6.0), (0.0, 4.0)),
        (Bias.EITHER, (0.5, 1.0), (-1.5, 0.0)),
        (Bias.EITHER, None, (0.0, 0.0)),
    ],
)
def test_what_may_have_flowed_instead(bias: Bias, allowed: Any, ends: tuple[float, float]) -> None:
    within: Any = SimpleNamespace(chain=CHAIN, place={("M", 2): 7}, bounds=lambda meter, spans: allowed)
    one = _proposal(within, "M", 2, ((0, HOUR),), 2.0, bias, FINDING)
    assert (one.ends, one.measured, one.slice, one.month, one.where) == (ends, 2.0, 7, 2, WHERE)


def test_what_is_made_of_single_readings_has_a_treatment_of_its_own() -> None:
    """A sum of products is treated as a meter is, a highest reading is not."""
    spans = [QuestionableSpan(name, 0, HOUR, Bias.EITHER) for name in ("highest", "product", "meter")]
    combined = [SimpleNamespace(meter_id="highest", adds_up=False), SimpleNamespace(meter_id="product", adds_up=True)]
    within: Any = SimpleNamespace(
        context=SimpleNamespace(series=SimpleNamespace(combined=combined), gaps={}),
        chain=CHAIN,
        place={(name, 2): 7 for name in ("highest", "product", "meter")},
        measured=lambda meter, spans: [(2, tuple(spans), 2.0)],
        bounds=lambda meter, spans: (0.0, 8.0),
    )
    found, _ = QuestionableValues([SPIKE("a spike", WHERE, questionable=spans)]).proposals(within, ())
    assert [(one.meter_id, one.ends) for one in found] == [("product", (-2.0, 6.0)), ("meter", (-2.0, 6.0))]


KEPT, NOT_RELIED = "kept, since anything else would raise ER", "not relied on until it is proven (Overrides)"


@pytest.mark.parametrize(
    ("effects", "done", "total"),
    [
        ([], None, None), ([0.0, 0.0], KEPT, 0.0), ([-0.5, -0.25], NOT_RELIED, -0.75), ([-0.5, None], NOT_RELIED, None),
    ],
)  # fmt: skip
def test_a_finding_on_values_comes_back_with_its_effect(effects: Any, done: Any, total: Any) -> None:
    found = _with_effect(FINDING, effects)
    assert found.message == ("a spike" if done is None else f"a spike; what it measured is {done}")
    assert found.effect_tco2e == total


@pytest.mark.parametrize(("effects", "total"), [([], 0), ([0.0], 0), ([-0.5, -0.25], -0.75), ([-0.5, None], None)])
def test_so_does_one_on_the_tree_of_meters(effects: Any, total: Any) -> None:
    found = of_tree(FINDING, effects)
    taken_off = found.message == "a spike; ER is taken without it until that is mended or disproven (Overrides)"
    assert taken_off is (total != 0) and found.effect_tco2e == (total or None)


def test_what_the_tree_leaves_is_taken_off_by_month() -> None:
    """In the unit of the chain (a kWh is 1/1024 here), the chain's months alone, and of nothing nothing."""
    months = [SimpleNamespace(start=n, end=n + 1) for n in range(6)]
    within: Any = SimpleNamespace(
        chain=SimpleNamespace(unit="MWh", in_unit=lambda unit, meter, at: 1 / 1024),
        place={("M", 0): 5, ("M", 3): 8, ("M", 5): 9},
        context=SimpleNamespace(timeline=SimpleNamespace(months=months)),
    )
    excess = Excess({("M", "kWh"): {0: 2048.0, 3: -1024.0, 4: 9.0, 5: 0.0}, ("N", "kWh"): {0: 9.0}}, FINDING)
    found = list(_taken_off(within, excess))
    assert [(one.slice, one.month, one.lowest, one.highest) for one in found] == [(5, 0, -2.0, 0.0), (8, 3, 0.0, 1.0)]
    assert [(one.meter_id, one.measured, one.spans) for one in found] == [("M", 0.0, ((0, 1),)), ("M", 0.0, ((3, 4),))]


def test_what_was_corrected_of_a_product_is_said_under_its_name() -> None:
    done: Any = [(2.0, SimpleNamespace(correction=-0.25)), (1.0, SimpleNamespace(correction=-0.5))]
    words = "3 MWh measured, -0.75 MWh corrected"
    assert _found("M", "MWh", done, span()) == words
    assert _found("HW: F × T", "MWh", done, span()) == f"HW: F × T: {words}"
