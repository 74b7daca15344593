"""Factors from data files, against figures printed in their sources."""

from __future__ import annotations

import pytest

from jcm_mrv.methodology.card import CardError
from jcm_mrv.methodology.card_file import read_card
from jcm_mrv.methodology.factors import (
    WASTE_COLUMNS,
    FactorError,
    fuel_factor,
    fuel_factors,
    fuel_key,
    global_warming_potential,
    grid_factors,
    waste_factors,
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
        ("natural gas liquids", "ncv", "default", 44.2),
        ("other prim solid biomass", "ncv", "default", 11.6),
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


# IPCC 2006 Vol. 2 Ch. 1 Table 1.3, carbon content [kg/GJ]: lower limit, default, upper limit. Table 1.4, which cards
# take, has what each gives as CO2, of three figures: a second table, in which a slip of the first shows.
CARBON: dict[str, tuple[float, float, float]] = {
    "oil": (19.4, 20.0, 20.6),
    "orimulsion": (18.9, 21.0, 23.3),
    "natural_gas_liquids": (15.9, 17.5, 19.2),
    "motor_gasoline": (18.4, 18.9, 19.9),
    "aviation_gasoline": (18.4, 19.1, 19.9),
    "jet_kerosene": (19.0, 19.5, 20.3),
    "other_kerosene": (19.3, 19.6, 20.1),
    "shale_oil": (18.5, 20.0, 21.6),
    "gas_diesel_oil": (19.8, 20.2, 20.4),
    "residual_fuel_oil": (20.6, 21.1, 21.5),
    "liquefied_petroleum_gases": (16.8, 17.2, 17.9),
    "ethane": (15.4, 16.8, 18.7),
    "naphtha": (18.9, 20.0, 20.8),
    "bitumen": (19.9, 22.0, 24.5),
    "lubricants": (19.6, 20.0, 20.5),
    "petroleum_coke": (22.6, 26.6, 31.3),
    "refinery_feedstocks": (18.8, 20.0, 20.9),
    "refinery_gas": (13.3, 15.7, 19.0),
    "paraffin_waxes": (19.7, 20.0, 20.3),
    "white_spirit_sbp": (19.7, 20.0, 20.3),
    "other_petro_products": (19.7, 20.0, 20.3),
    "anthracite": (25.8, 26.8, 27.5),
    "coking_coal": (23.8, 25.8, 27.6),
    "other_bituminous_coal": (24.4, 25.8, 27.2),
    "sub_bituminous_coal": (25.3, 26.2, 27.3),
    "lignite": (24.8, 27.6, 31.3),
    "oil_shale_tar_sands": (24.6, 29.1, 34.0),
    "brown_coal_briquettes": (23.8, 26.6, 29.6),
    "patent_fuel": (23.8, 26.6, 29.6),
    "coke_oven_lignite_coke": (26.1, 29.2, 32.4),
    "gas_coke": (26.1, 29.2, 32.4),
    "coal_tar": (18.6, 22.0, 26.0),
    "gas_works_gas": (10.3, 12.1, 15.0),
    "coke_oven_gas": (10.3, 12.1, 15.0),
    "blast_furnace_gas": (59.7, 70.8, 84.0),
    "oxygen_steel_furnace_gas": (39.5, 49.6, 55.0),
    "natural_gas": (14.8, 15.3, 15.9),
    "msw": (20.0, 25.0, 33.0),
    "isw": (30.0, 39.0, 50.0),
    "peat": (28.4, 28.9, 29.5),
    "msw_wood": (25.9, 30.5, 36.0),
    "black_liquor": (22.0, 26.0, 30.0),
    "other_prim_solid_biomass": (23.1, 27.3, 32.0),
    "charcoal": (25.9, 30.5, 36.0),
    "biogasoline": (16.3, 19.3, 23.0),
    "biodiesels": (16.3, 19.3, 23.0),
    "other_liquid_biofuels": (18.3, 21.7, 26.0),
    "landfill_gas": (12.6, 14.9, 18.0),
    "sludge_gas": (12.6, 14.9, 18.0),
    "other_biogas": (12.6, 14.9, 18.0),
    "msw_biomass": (23.1, 27.3, 32.0),
    "coke": (26.1, 29.2, 32.4),
}


def test_the_carbon_of_every_fuel_gives_its_co2_factor() -> None:
    assert set(CARBON) == set(fuel_factors("co2", "default"))
    for fuel, contents in CARBON.items():
        for side, carbon in zip(("lower", "default", "upper"), contents, strict=True):
            assert fuel_factor(fuel, "co2", side) == float(f"{carbon * 44 / 12 / 1000:.3g}"), (fuel, side)


# IPCC 2006 Vol. 5 Tables 2.4 (wet waste) and 3.3 as the package bonsai_ipcc 0.5.3 has them: DOC [tC/t]; k [1/yr] of
# temperate dry, temperate wet, tropical dry, tropical wet.
WASTE = {
    "food": (0.15, 0.06, 0.185, 0.085, 0.4),
    "garden": (0.2, 0.05, 0.1, 0.065, 0.17),
    "paper": (0.4, 0.04, 0.06, 0.045, 0.07),
    "textiles": (0.24, 0.04, 0.06, 0.045, 0.07),
    "wood": (0.43, 0.02, 0.03, 0.025, 0.035),
}


def test_every_type_of_waste_is_as_a_second_source_has_it() -> None:
    for n, column in enumerate(WASTE_COLUMNS):
        found = dict(waste_factors(column))
        inert = found.pop("inert")
        assert found == {kind: values[n] for kind, values in WASTE.items()}, column
        assert column != "doc" or inert == 0.0


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
