"""Factors from data files, against figures printed in their sources."""

from __future__ import annotations

import pytest

from jcm_mrv.methodology.card import CardError
from jcm_mrv.methodology.card_file import read_card
from jcm_mrv.methodology.factors import (
    FactorError,
    fuel_factor,
    fuel_factors,
    fuel_key,
    global_warming_potential,
    grid_factors,
)
from jcm_mrv.methodology.template import template_methods


@pytest.mark.parametrize(
    ("fuel", "column", "side", "value"),
    [
        # IPCC 2006 Vol. 2 Ch. 1 Table 1.4 as printed, kg/TJ: diesel 74,100 (72,600 to 74,800)
        ("Gas/Diesel oil", "co2", "default", 0.0741),
        ("gas_diesel_oil", "co2", "lower", 0.0726),
        ("gas/diesel oil", "co2", "upper", 0.0748),
        ("natural gas", "co2", "lower", 0.0543),
        # Table 1.2, TJ/Gg
        ("natural gas", "ncv", "lower", 46.5),
        ("natural gas", "ncv", "default", 48.0),
        ("Liquefied Petroleum Gases", "ncv", "upper", 52.2),
    ],
)
def test_fuels_as_printed(fuel: str, column: str, side: str, value: float) -> None:
    assert fuel_factor(fuel, column, side) == value


def test_every_fuel_lies_between_its_limits() -> None:
    for column in ("ncv", "co2"):
        lower, default, upper = (fuel_factors(column, side) for side in ("lower", "default", "upper"))
        assert len(default) > 45
        for fuel, value in default.items():
            assert 0 < lower[fuel] <= value <= upper[fuel], (column, fuel)
            assert fuel_key(fuel) == fuel


def test_what_the_table_does_not_hold_is_refused() -> None:
    for fuel, column, side in (
        ("unobtainium", "ncv", "lower"),
        ("natural gas", "hhv", "lower"),
        ("peat", "ncv", "best"),
    ):
        with pytest.raises(FactorError):
            fuel_factor(fuel, column, side)
    # Municipal solid waste has no single calorific value.
    with pytest.raises(FactorError, match="msw"):
        fuel_factor("msw", "ncv", "lower")


def test_grid_factors_of_viet_nam_by_year() -> None:
    factors = grid_factors("Viet Nam")
    assert (factors[2015].value, factors[2023].value) == (0.8154, 0.6592)
    assert factors[2022].letter == "327/BDKH-PTCBT"
    assert sorted(factors) == list(range(2014, 2024))
    assert {f.evidence for f in factors.values()} == {"secondary"}
    assert not grid_factors("Nowhere")


def test_global_warming_potentials_name_their_report() -> None:
    assert [global_warming_potential(gas, "AR5") for gas in ("CH4", "N2O")] == [28, 265]
    assert global_warming_potential("N2O", "AR6") == 273
    for gas, report in (("CH4", "AR7"), ("CH5", "AR5")):
        with pytest.raises(FactorError):
            global_warming_potential(gas, report)


CARD = """
number = "XX_AM001"
version = "1.0"
family = "boiler"
country = "Nowhere"
scope = "3"
status = "pattern"
[title]
text = "Title"
evidence = "summary"
source = "somewhere"
[equation]
text = "RE = FC x NCV x EF"
evidence = "unconfirmed"
source = "somewhere"
[defaults.NCV]
unit = "GJ/t"
source = "IPCC 2006"
evidence = "unconfirmed"
"""


def test_a_card_takes_values_from_a_table() -> None:
    by_name = read_card(CARD + 'from = { table = "fuels", column = "ncv", side = "lower" }', "XX").defaults["NCV"]
    assert by_name.value is None
    assert by_name.of("Natural gas") == 46.5 and by_name.of("coal from the hill") is None
    one = read_card(CARD + 'from = { table = "fuels", fuel = "natural gas", column = "ncv", side = "upper" }', "XX")
    assert one.defaults["NCV"].of("") == 50.4


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('from = { table = "fuels", column = "ncv", side = "best" }', "not ncv best"),
        ('from = { table = "fuels", fuel = "tea", column = "ncv", side = "lower" }', "no 'tea'"),
        ('from = { table = "gwp", gas = "CH4", report = "AR9" }', "AR9"),
        ('from = { table = "prices" }', "'prices'"),
        ('from = "fuels"', "not from fuels, waste or gwp"),
        ('value = 1.0\nfrom = { table = "fuels", column = "ncv", side = "lower" }', "a value of its own"),
    ],
)
def test_a_card_with_a_wrong_table_is_refused(entry: str, message: str) -> None:
    with pytest.raises(CardError, match=message):
        read_card(CARD + entry, "XX.toml")


def test_the_blank_workbook_tells_the_grid_factors_of_its_country() -> None:
    [viet_nam, thailand] = template_methods(["VN_AM015", "TH_AM005 3.0"])
    assert any("2022: 0.6766" in line for line in viet_nam.guidance)
    assert not any("EF_grid of" in line for line in thailand.guidance)


def test_a_card_takes_over_sets_of_defaults_and_may_replace_one_of_them() -> None:
    text = CARD.replace('status = "pattern"', 'status = "pattern"\nincludes = ["electricity 1", "fuels lower 1"]')
    defaults = read_card(text + "value = 43.0", "XX").defaults
    assert defaults["EF_cap_diesel"].value == 0.8 and defaults["EF_CO2"].of("natural gas") == 0.0543
    assert defaults["NCV"].value == 43.0 and defaults["NCV"].of("natural gas") == 43.0
    with pytest.raises(CardError, match="includes 'electricity 9', not one of electricity 1"):
        read_card(text.replace("electricity 1", "electricity 9"), "XX.toml")
