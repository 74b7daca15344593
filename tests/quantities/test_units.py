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
    Number,
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
from jcm_mrv.quantities.units import (
    HIGHEST_POWER,
    LONGEST_UNIT,
    ONE,
    Unit,
    by_pint,
    check_units,
    conversion,
    over_hours,
    over_pieces,
    parse_unit,
    same_dimension,
    unit_text,
)
from jcm_mrv.quantities.units import times as product_of
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
        ("h", TIME + TIME - TIME),
        ("kW", KWH / TIME),
        ("tCO2e", Number(0) * TIME + Number(0) / TIME + TIME * 0 + CO2E),  # a bare 0 fits any unit
        ("tCO2e", Number(0) ** 2 + CO2E),
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


def test_a_function_of_a_number_is_named_as_it_is_written() -> None:
    with pytest.raises(UnitError, match="exp needs a number without unit, not "):
        check("1", exp(KWH))


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


@pytest.mark.parametrize(
    ("have", "want", "factor"),
    [
        ("MWh", "kWh", 1000.0), ("kWh", "MJ", 3.6), ("t/kL", "t/m3", 1.0), ("kJ/(kg K)", "J/(kg*K)", 1000.0),
        ("m**2", "m2", 1.0), ("m^2", "m2", 1.0), ("m³", "L", 1000.0), ("kg per h", "g/s", 1 / 3.6), ("%", "1", 0.01),
        ("1/h", "h**-1", 1.0), ("m**0.5", "m^0.5", 1.0), ("kg·m", "kg m", 1.0), ("h**+2", "h*h", 1.0),
        ("kW h", "kWh", 1.0),
        ("t/(MWh)", "kg/kWh", 1.0), ("kg/h/h", "kg/h**2", 1.0), ("kg/(h*h)", "kg/h**2", 1.0),
        ("kg/(m2 h)*h", "kg/m2", 1.0), ("(t/(MWh))/h", "t/(MWh h)", 1.0),
        ("m**3/h", "m3/s", 1 / 3600), ("kg/m**2/h", "kg/m^2/s", 1 / 3600),
    ],
)  # fmt: skip
def test_units_are_read_as_written(have: str, want: str, factor: float) -> None:
    assert conversion(have, want) == pytest.approx(factor) and same_dimension(have, want)
    assert conversion(want, have) == pytest.approx(1 / factor)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "kWh/",
        "(kWh",
        "kWh)",
        "2",
        "kWh**",
        "m**2**2",
        "m^10",
        "km3",
        "kilom2",
        "kWh $",
        "nothing",
        "m**x",
        "*kg",
    ],
)
def test_what_is_no_unit(text: str) -> None:
    with pytest.raises(UnitError):
        parse_unit(text)


def test_a_prefix_to_a_square_or_the_square_of_a_length() -> None:
    for name, power, length in (("km3", "3", "km"), ("kilom2", "2", "kilom")):
        with pytest.raises(UnitError, match=rf"{name} can mean a prefix to m{power} or {length}\^{power}"):
            parse_unit(name)


def test_units_have_limits() -> None:
    long = "kg" + " " * 0 + "*1" * ((LONGEST_UNIT - 2) // 2)
    assert len(long) == LONGEST_UNIT and parse_unit(long).matches(parse_unit("kg"))
    with pytest.raises(UnitError):
        parse_unit(long + "*")
    assert parse_unit(f"m**{HIGHEST_POWER}").dimensions[0][1] == 9
    with pytest.raises(UnitError):
        parse_unit(f"m**{HIGHEST_POWER}*m")
    with pytest.raises(UnitError):
        conversion("kWh", "m3")
    assert not same_dimension("kWh", "m3")
    with pytest.raises(UnitError):
        parse_unit("m**10*kg")
    # Gt is 10 to the power of 15 of g: from the fourth power on it, and what is divided by it, is out of all proportion
    assert [parse_unit(text).scale for text in ("Gt**3", "1/Gt**3")] == pytest.approx([1e45, 1e-45])
    for text in ("Gt**4", "1/Gt**4", "Gt**9"):
        with pytest.raises(UnitError, match="a power in it is higher"):
            parse_unit(text)


def test_units_multiply_and_match_in_dimension_and_scale() -> None:
    metre, hour = parse_unit("m"), parse_unit("h")
    assert (metre * hour / hour).matches(metre) and (metre / metre).matches(ONE)
    assert (metre**2 / metre).matches(metre) and not metre.matches(parse_unit("km")) and not metre.matches(hour)
    assert Unit(1.0).matches(Unit(1.0 + 5e-10)) and not Unit(1.0).matches(Unit(1.0 + 5e-9))
    assert (metre**0).dimensions == ()
    assert (unit_text(ONE), unit_text(Unit(1000.0)), unit_text(metre)) == ("1", "1000", "meter")
    assert unit_text(parse_unit("km**2")) == "1e+06 meter^2"


def test_units_of_amounts() -> None:
    assert [over_hours(u) for u in ("kW", "W", "MW", "GW", "m3/h", "K")] == ["kWh", "Wh", "MWh", "GWh", "m3/h*h", "K*h"]
    assert (over_pieces(" K "), product_of("m3", "kJ/kg"), product_of(" m3 ", "K ")) == ("K*pcs", "m3*(kJ/kg)", "m3*K")
