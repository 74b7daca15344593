"""Units: an equation that does not fit in dimension or scale does not load, and the message names the term."""

from __future__ import annotations

import copy
from importlib.resources import files

import pytest

from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.expression import (
    Constant,
    Defined,
    Expression,
    Input,
    Label,
    at,
    choose,
    exp,
    lookup,
    maximum,
    minimum,
    number_of,
    total,
    where,
)
from jcm_mrv.quantities.units import by_pint, check_units, conversion, parse_unit, same_dimension
from support.expressions import CLASS, GROUP, GROUP_OF_UNIT, UNIT, YEAR
from support.scripts import load_script

KWH = Input("EC_kWh", "electricity", "kWh")
MWH = Input("EC", "electricity", "MWh", (UNIT,))
FACTOR = Input("EF", "emission factor", "tCO2e/MWh")
CO2 = Input("M_CO2", "carbon dioxide", "tCO2")
CH4 = Input("M_CH4", "methane", "tCH4")
CO2E = Input("M", "emissions", "tCO2e")
TIME = Input("t", "time", "h")
SUPPLY = Label("supply", "supply", ("grid", "own"))
KW_FROM, KW_TO = Input("from", "lower edge", "kW", (CLASS,)), Input("to", "upper edge", "kW", (CLASS,))
COP = Input("COP", "efficiency", "1", (CLASS,))
PER_GROUP = Input("G", "of a group", "MWh", (GROUP,))


def check(unit: str, equation: Expression) -> None:
    check_units([Defined("PE", "project emissions", unit, equation, equation.sets)])


@pytest.mark.parametrize(
    ("unit", "equation", "term"),
    [
        ("tCO2e", KWH * FACTOR, "EC_kWh × EF"),  # scale: a thousand times too much
        ("tCO2e", CO2 + CH4, "M_CO2 + M_CH4"),  # no global warming potential
        ("tCO2e", CH4 + 0, "M_CH4 + 0"),
        ("tCO2e", CO2E - CO2, "M - M_CO2"),
        ("kgCO2e", FACTOR * MWH, "EF × EC_i"),
        ("1", exp(TIME), "exp(t)"),
        ("h", minimum(TIME, KWH), "min(t; EC_kWh)"),
        ("h", maximum(TIME, 1), "max(t; 1)"),  # a bare 1 has no unit
        ("h", where(KWH < TIME, TIME, 0), "EC_kWh < t"),
        ("h", where(TIME > 0, TIME, KWH), "where(t > 0; t; EC_kWh)"),
        ("h", choose(SUPPLY, {"grid": TIME, "own": KWH}), "choose(supply | grid: t; own: EC_kWh)"),
        ("1", lookup(KWH, KW_FROM, KW_TO, COP), "COP[class of EC_kWh]"),
        ("h", TIME**2, "t^2"),
        ("kWh", total(MWH, over=UNIT), "Σ_i (EC_i)"),
        ("kWh", total(MWH, by=GROUP_OF_UNIT), "Σ_i→g (EC_i)"),
        ("kWh", at(PER_GROUP, GROUP_OF_UNIT), "G_g"),
        ("1", number_of(YEAR, "yr") - 2000, "p - 2000"),
        ("tCO2", Constant("", "44/12", "tCO2/tC", "carbon to CO2") * CO2, "44/12 × M_CO2"),
    ],
)
def test_a_term_that_does_not_fit_is_named(unit: str, equation: Expression, term: str) -> None:
    with pytest.raises(UnitError) as caught:
        check(unit, equation)
    assert caught.value.term == term
    assert str(caught.value).startswith(f"PE: in {term}, ")
    assert caught.value.found and caught.value.expected


@pytest.mark.parametrize(
    ("unit", "equation"),
    [
        ("tCO2e", MWH * FACTOR),
        ("tCO2e", CH4 * Input("GWP_CH4", "potential", "tCO2e/tCH4") + 0),
        ("MWh", KWH * Constant("", "1/1000", "MWh/kWh", "kWh to MWh")),
        ("MWh", 0 - total(MWH, by=GROUP_OF_UNIT)),
        ("h**0.5", TIME**0.5),
        ("GJ", MWH * Constant("", "3.6", "GJ/MWh", "MWh to GJ")),
        ("1", exp(-TIME * Input("k", "rate", "1/h"))),
        ("1", where(TIME > 0, Input("OX", "oxidation", "%") * Constant("", "1/100", "1/%", "of a hundred"), 0)),
    ],
)
def test_what_fits_loads(unit: str, equation: Expression) -> None:
    check(unit, equation)


def test_the_slip_of_a_thousand_is_seen_at_once() -> None:
    with pytest.raises(UnitError, match=r"gives 0\.001 tCO2e where tCO2e is declared"):
        check("tCO2e", KWH * FACTOR)


def test_the_quantity_whose_equation_is_wrong_is_named_not_its_user() -> None:
    inner = Defined("EF_own", "own factor", "tCO2e/MWh", CO2E / KWH)
    outer = Defined("PE", "project emissions", "tCO2e", inner * Input("E", "electricity", "MWh"))
    with pytest.raises(UnitError, match=r"^EF_own: in M / EC_kWh,"):
        check_units([outer])


def test_a_quantity_with_a_unit_that_is_not_one_is_named() -> None:
    with pytest.raises(UnitError, match=r"'MWhh' is not a unit known here"):
        check("1", Input("E", "electricity", "MWhh") / 2)


def test_percent_is_not_one() -> None:
    with pytest.raises(UnitError, match=r"0\.01"):
        check("1", Input("OX", "oxidation", "%") * Input("F", "share", "1"))


@pytest.mark.parametrize(
    ("have", "want", "factor"),
    [
        ("kWh", "MWh", 0.001),
        ("GJ", "MWh", 1 / 3.6),
        ("gCO2/kWh", "tCO2/MWh", 0.001),
        ("kgCO2/kWh", "tCO2/MWh", 1.0),
        ("L", "m3", 0.001),
        ("USRt", "kW", 3.5168528420667),
        ("%", "1", 0.01),
    ],
)
def test_conversions(have: str, want: str, factor: float) -> None:
    assert conversion(have, want) == pytest.approx(factor, rel=1e-14)


@pytest.mark.parametrize(
    ("have", "want"), [("tCO2", "tCO2e"), ("tCH4", "t"), ("Nm3", "m3"), ("kW", "kWh"), ("yr", "h")]
)
def test_unlike_kinds_do_not_convert(have: str, want: str) -> None:
    assert not same_dimension(have, want)
    with pytest.raises(UnitError, match=f"{have} cannot become {want}"):
        conversion(have, want)


def test_scale_is_compared_not_the_way_a_unit_is_written() -> None:
    assert parse_unit("tCO2/MWh").matches(parse_unit("kgCO2/kWh"))
    assert not parse_unit("tCO2/MWh").matches(parse_unit("gCO2/kWh"))


def test_the_error_can_be_copied_and_passed_between_processes() -> None:
    with pytest.raises(UnitError) as caught:
        check("tCO2e", KWH * FACTOR)
    again = copy.copy(caught.value)
    assert (str(again), again.term, again.found, again.expected) == (
        str(caught.value),
        caught.value.term,
        caught.value.found,
        caught.value.expected,
    )


def test_the_units_that_are_kept_beside_their_definitions_are_those_that_pint_reads() -> None:
    """``make rows`` writes the file anew after units.txt has changed."""
    kept = (files("jcm_mrv.quantities") / "units.json").read_text(encoding="utf-8")
    assert kept == load_script("write_units").text()
    assert parse_unit("MWh") == by_pint("MWh")


def test_full_width_letters_are_letters() -> None:
    assert parse_unit("ｋＷｈ") == parse_unit("kWh")
    assert parse_unit("ｔＣＯ２／ＭＷｈ") == parse_unit("tCO2/MWh")
