"""Expressions that families share; each is written here once.

Most families are activity x ratio x emission factor. With an efficiency the
ratio is project over reference, with a specific consumption reference over
project. Where output is counted it is output x specific consumption.
"""

from __future__ import annotations

from jcm_mrv.methodology.declare import (
    co2_as_co2e,
    constant,
    default,
    equipment,
    fuel,
    fuel_of_equipment,
    intermediate,
    switch,
)
from jcm_mrv.quantities.expression import Constant, Defined, Expression, Numeric, at, choose, minimum, number
from jcm_mrv.quantities.sets import Mapping, Set

GRID, INTERNAL_GRID, OFF_GRID = "grid", "internal grid with own generators", "off grid with diesel generator"

# An efficiency of 0 or of 140 % is an error; so is 0.9 where 90 % is meant.
EFFICIENCY = (5.0, 100.0)
# By the lower heating value a condensing boiler gives up to 109 %.
BOILER_EFFICIENCY = (5.0, 110.0)
# COP of chillers, air conditioners and heat pumps.
COP = (1.0, 30.0)


def at_reference_efficiency(activity: Numeric, project: Numeric, reference: Numeric) -> Expression:
    """What the reference would consume for the same service: activity x efficiency of project / of reference."""
    return number(activity) * project / reference


def at_reference_consumption(activity: Numeric, reference: Numeric, project: Numeric) -> Expression:
    """What the reference would consume: activity x specific consumption of reference / of project."""
    return number(activity) * reference / project


def by_output(output: Numeric, specific: Numeric) -> Expression:
    """Consumption (or emissions) from output x specific consumption (or specific emissions)."""
    return number(output) * specific


def input_for(useful: Numeric, efficiency: Numeric) -> Expression:
    """What goes in for a useful amount at an efficiency in per cent: useful x 100 % / efficiency."""
    hundred = constant("100", unit="%", label="one, in per cent", source="by definition", symbol="pct")
    return number(useful) * hundred / efficiency


def electricity_of(power: Numeric, hours: Numeric) -> Expression:
    """Electricity of a rated power over hours [MWh]: W x h x 1e-6."""
    scale = constant(
        "1e-6", unit="MWh/(W*h)", label="MWh of a watt for one hour", source="by definition", symbol="W_to_MW"
    )
    return number(power) * hours * scale


def displaced_electricity_factor() -> Defined:
    """Reference factor of generated electricity [tCO2e/MWh], by connection of each system.

    Grid; internal grid with own generators (the lower of both); off grid with
    a diesel generator.
    """
    connection = switch("connection of the system", (GRID, INTERNAL_GRID, OFF_GRID), per=equipment, symbol="connection")
    grid = default("reference CO2 emission factor of the grid", unit="tCO2/MWh", limits=(0.0, 2.0), symbol="EF_RE_grid")
    captive = default(
        "reference CO2 emission factor of a diesel generator", unit="tCO2/MWh", limits=(0.0, 2.0), symbol="EF_RE_cap"
    )
    factor = choose(connection, {GRID: grid, INTERNAL_GRID: minimum(grid, captive), OFF_GRID: captive})
    return intermediate(
        factor * co2_as_co2e(), "reference emission factor of the system", unit="tCO2e/MWh", per=equipment
    )


def grid_factor() -> Defined:
    """Emission factor of the grid [tCO2e/MWh] where nothing else can supply."""
    grid = default("CO2 emission factor of the grid", unit="tCO2/MWh", limits=(0.0, 2.0), symbol="EF_grid")
    return intermediate(grid * co2_as_co2e(), "emission factor of grid electricity", unit="tCO2e/MWh", symbol="EF")


class Fuels:
    """Net calorific value and CO2 factor of each fuel: one quantity per fuel, on both sides of the claim.

    With ``per=None`` there is one fuel for the whole project. A card takes
    both from the same side of the table of fuels.
    """

    def __init__(self, per: Set | None = fuel) -> None:
        self.per = per
        self.NCV = default("net calorific value of the fuel", unit="GJ/t", per=per, limits=(1e-9, 150.0), symbol="NCV")
        self.EF_CO2 = default(
            "CO2 emission factor of the fuel", unit="tCO2/GJ", per=per, limits=(0.0, 0.4), symbol="EF_CO2"
        )

    def energy(self, amount: Numeric, of: Mapping = fuel_of_equipment) -> Expression:
        """Energy of an amount of fuel [GJ]: t x GJ/t."""
        return number(amount) * self._of(self.NCV, of)

    def emissions(self, energy: Numeric, of: Mapping = fuel_of_equipment) -> Expression:
        """Emissions of burnt energy [tCO2e]: GJ x tCO2/GJ, CO2 counting as itself."""
        return number(energy) * self._of(self.EF_CO2, of) * co2_as_co2e()

    def burnt(self, amount: Numeric, of: Mapping = fuel_of_equipment) -> Expression:
        """Emissions of an amount of fuel [tCO2e]: amount x NCV x EF."""
        return self.emissions(self.energy(amount, of), of)

    def _of(self, quantity: Expression, of: Mapping) -> Expression:
        return quantity if self.per is None else at(quantity, of)


def nothing(reason: str) -> Constant:
    """Emissions that the methodology takes as zero [tCO2e]."""
    return constant("0", unit="tCO2e", label=f"project emissions, {reason}", source="official summary or family's form")
