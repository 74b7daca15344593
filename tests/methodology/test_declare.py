"""What must hold before a methodology loads; each fault names the term or the quantity."""

from __future__ import annotations

from typing import Any

import pytest

from jcm_mrv.methodology import Methodology, MethodologyError
from jcm_mrv.methodology.declare import (
    Precision,
    constant,
    default,
    equipment,
    fixed,
    grouped,
    intermediate,
    listed,
    monitored,
    month,
    period,
    result,
    switch,
)
from jcm_mrv.quantities.errors import EquationError, UnitError
from jcm_mrv.quantities.expression import choose, total
from jcm_mrv.quantities.sets import Set


def test_kwh_for_mwh_does_not_load_and_the_term_is_named() -> None:
    with pytest.raises(UnitError, match=r"RE: .*Σ_i \(EG_i,p × EF_i\)"):

        class Wrong(Methodology):
            EG = monitored("electricity", unit="kWh", per=equipment)
            EF = default("factor", unit="tCO2e/MWh", per=equipment)
            RE = result(total(EG * EF, over=equipment), "reference emissions")
            PE = result(constant("0", unit="tCO2e", label="none", source="-", symbol="zero"), "project emissions")
            ER = result(RE - PE, "emission reductions")


def test_a_missing_global_warming_potential_does_not_load() -> None:
    with pytest.raises(UnitError, match="RE"):

        class Wrong(Methodology):
            M = monitored("methane avoided", unit="tCH4")
            RE = result(M, "reference emissions")
            PE = result(constant("0", unit="tCO2e", label="none", source="-", symbol="zero"), "project emissions")
            ER = result(RE - PE, "emission reductions")


def test_a_factor_that_becomes_per_unit_unnoticed_does_not_load() -> None:
    EG = monitored("electricity", unit="MWh", symbol="EG")
    EF = default("factor", unit="tCO2e/MWh", per=equipment, symbol="EF")
    with pytest.raises(EquationError, match="RE: its equation varies over equipment"):
        result(EG * EF, "reference emissions", symbol="RE")


def test_a_quantity_that_no_equation_uses_does_not_load() -> None:
    with pytest.raises(MethodologyError, match="declares EC, which no equation uses"):

        class Wrong(Methodology):
            EC = monitored("electricity", unit="MWh")
            E = monitored("emissions", unit="tCO2e")
            RE = result(E, "reference emissions")
            PE = result(E, "project emissions")
            ER = result(RE - PE, "emission reductions")


def test_results_are_required_and_symbols_are_unique() -> None:
    with pytest.raises(MethodologyError, match="declares no PE, ER"):

        class NoResults(Methodology):
            E = monitored("emissions", unit="tCO2e")
            RE = result(E, "reference emissions")

    with pytest.raises(MethodologyError, match="stands for two quantities"):

        class Twice(Methodology):
            E = monitored("emissions", unit="tCO2e")
            other = intermediate(monitored("other", unit="tCO2e", symbol="E") * 1, "x", unit="tCO2e")
            RE = result(E + other, "reference emissions")
            PE = result(E, "project emissions")
            ER = result(RE - PE, "emission reductions")


def test_an_unknown_aggregate_and_choices_alike_but_for_case_are_refused() -> None:
    with pytest.raises(EquationError, match="aggregate"):
        monitored("electricity", unit="MWh", aggregate="median")
    with pytest.raises(EquationError, match="case"):
        switch("supply", ("Grid", "grid"))
    label = switch("supply", ("grid", "captive"), symbol="supply")
    with pytest.raises(EquationError, match="branches"):
        choose(label, {"grid": 1.0})


def test_a_set_of_its_own_is_from_one_column() -> None:
    first, of_equipment = grouped("kind of test", "k", "kind", column="site")
    assert grouped("kind of test", "k", "kind", column="site") == (first, of_equipment)
    with pytest.raises(EquationError, match="the set kind of test is there already, from the column site"):
        listed("kind of test", "k", "kind")
    with pytest.raises(EquationError, match="not in model"):
        grouped("other kind of test", "k", "kind", column="model")


def test_a_mean_has_amounts_in_its_unit_times_hours() -> None:
    assert monitored("temperature", unit="K", aggregate="mean", symbol="T").unit_of_amounts == "K*h"
    assert monitored("electricity", unit="kWh", symbol="E").unit_of_amounts == "kWh"
    with pytest.raises(EquationError, match="aggregate 'median' is not one of sum, mean"):
        monitored("temperature", unit="K", aggregate="median", symbol="T")


@pytest.mark.parametrize("precision", [(15, 95), (0.95, 0.15), (95, 0), (100, 10)])
def test_a_precision_is_in_per_cent_and_confidence_comes_first(precision: tuple[float, float]) -> None:
    with pytest.raises(EquationError, match=r"the confidence is from 50 to 99.9 %"):
        Precision(*precision)


def test_a_precision_goes_with_samples() -> None:
    with pytest.raises(EquationError, match='goes with aggregate="sample"'):
        monitored("steam", unit="GJ", precision=Precision(95, 15), symbol="HS")
    assert monitored("factor", unit="tCO2/GJ", aggregate="sample", symbol="EF").precision == Precision(90, 10)


@pytest.mark.parametrize("per", [(equipment, month), period])
def test_time_does_not_stand_in_per(per: Set | tuple[Set, ...]) -> None:
    """It would be an index twice: an intermediate takes it from its equation, and what is monitored has each=."""
    heads = monitored("heads", unit="pcs", per=equipment, each=month, aggregate="mean", symbol="H")
    with pytest.raises(EquationError, match=r"Q: .* in per=, .*intermediate\(\) takes it from its equation"):
        intermediate(heads * 2, "heat", unit="pcs", per=per, symbol="Q")
    with pytest.raises(EquationError, match=r"X: .* each= of what is monitored"):
        monitored("output", unit="t", per=per, symbol="X")
    assert intermediate(heads * 2, "heat", unit="pcs", per=equipment, symbol="Q").sets == (equipment, month)


HEADS = monitored("heads", unit="pcs", each=month, aggregate="mean", symbol="H")


@pytest.mark.parametrize(
    ("word", "given", "said"),
    [
        (intermediate, {"label": "heat", "unit": "pcs", "each": month}, "no option each=; its time slice"),
        (monitored, {"unit": "t", "agregate": "sum"}, r"x: monitored\(\): .*did you mean aggregate="),
        (monitored, {}, "unit is missing"),
        (monitored, {"unit": 5}, "unit=5 is no text"),
        (monitored, {"unit": "t", "per": "equipment"}, "'equipment' in per= is no set"),
        (fixed, {"unit": "t", "per": (equipment, "site")}, "'site' in per= is no set"),
        (monitored, {"unit": "t", "each": "month"}, "'month' in each= is no set"),
        (default, {"unit": "1", "limits": ("0", "1")}, r"limits=\('0', '1'\) are no"),
        (default, {"unit": "1", "limits": 5}, "limits=5 are no"),
    ],
)
def test_an_option_that_a_word_does_not_take_is_named(word: Any, given: dict[str, Any], said: str) -> None:
    with pytest.raises(EquationError, match=said):
        word(HEADS if word is intermediate else "x", **given)


def test_an_option_without_its_name_is_named() -> None:
    with pytest.raises(EquationError, match="'MWh' stands without a name; the options are label, unit, per"):
        monitored("electricity", "MWh")  # type: ignore[call-arg,arg-type]


def test_a_set_stands_in_per_once() -> None:
    with pytest.raises(EquationError, match=r"EF: .* names a set twice"):
        default("factor", unit="1", per=(equipment, equipment), symbol="EF")


def test_limits_are_numbers() -> None:
    """Nothing lies above NaN: every value would be refused."""
    with pytest.raises(EquationError, match="do not rise"):
        fixed("efficiency", unit="%", limits=(float("nan"), None), symbol="eta")


def test_limits_are_least_and_greatest() -> None:
    with pytest.raises(EquationError, match=r"NCV: limits=\(25.0, 5.0\) do not rise"):
        default("calorific value", unit="GJ/t", limits=(25.0, 5.0), symbol="NCV")


def test_a_class_is_decided_for_what_the_value_is_declared_for() -> None:
    size = fixed("size", unit="t/h", per=equipment, symbol="size")
    with pytest.raises(EquationError, match=r"eta: its class is decided by size, .* per=equipment too"):
        default("efficiency", unit="%", by=size, symbol="eta")


@pytest.mark.parametrize(("same_as", "said"), [("FFF", "is no monitored parameter"), ("FC", "is in t, it in MWh")])
def test_one_meter_for_two_parameters_needs_both_in_one_unit(same_as: str, said: str) -> None:
    with pytest.raises(MethodologyError, match=said):

        class Wrong(Methodology):
            FC = monitored("fuel", unit="t")
            EC = monitored("electricity", unit="MWh", same_as=same_as)
            EF = default("factor", unit="tCO2e/t")
            EF_EC = default("factor", unit="tCO2e/MWh")
            RE = result(FC * EF, "reference emissions")
            PE = result(EC * EF_EC, "project emissions")
            ER = result(RE - PE, "emission reductions")


def test_limits_of_a_monitored_parameter_rise_and_parts_are_shares() -> None:
    with pytest.raises(EquationError, match="do not rise"):
        monitored("x", unit="1", limits=(1.0, 0.0))
    with pytest.raises(EquationError, match="parts=True is for shares"):
        monitored("x", unit="t", parts=True)
