"""Efficient equipment of several kinds in commercial buildings, summed over the pieces of equipment."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import (
    default,
    equipment,
    fixed,
    intermediate,
    monitored,
    reference_fuel_of_equipment,
    result,
    switch,
)
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import (
    Fuels,
    at_reference_efficiency,
    electricity_of,
    input_for,
)
from jcm_mrv.quantities.expression import choose, total

NONE, RATED = "none", "rated power and hours"
ELECTRIC, BURNING, LIGHTING, SWITCHED = "electric", "fuel", "lighting", "heat pump in place of a boiler"


class CommercialBuildings(Methodology):
    """RE_p = SUM_i RE_i by kind of equipment: electric EC x eta_PJ / eta_RE x EF; fuel FC x NCV x eta_PJ / eta_RE x EF;
    lighting rated W x number x hours x EF; fuel switch heat / eta_RE x EF. PE_p = what is consumed, times the factors,
    and the auxiliaries that are not metered at their rated power and hours.

    No kWh may stand in two lines: a meter's shares over the claim add up to one at most.
    """

    kind = switch("kind of equipment", (ELECTRIC, BURNING, LIGHTING, SWITCHED), per=equipment)
    EC_PJ = monitored("electricity consumption of the equipment", unit="MWh", per=equipment)
    FC_PJ = monitored("fuel consumption of the equipment", unit="t", per=equipment)
    HG_PJ = monitored("heat supplied by the heat pump", unit="GJ", per=equipment)
    H = monitored("operating hours of the lamps", unit="h", per=equipment)
    H_aux = monitored("operating hours of the auxiliaries that are not metered", unit="h", per=equipment)
    eta_PJ = fixed("efficiency (or COP) of the project equipment", unit="%", per=equipment, limits=(5.0, 3000.0))
    eta_RE = default("efficiency (or COP) of the reference", unit="%", per=equipment, limits=(5.0, 3000.0))
    auxiliaries = switch("auxiliaries that the meter of the equipment leaves out", (NONE, RATED), per=equipment)
    W_aux = fixed("rated power of these auxiliaries together", unit="W", per=equipment, limits=(0.1, 1e7))
    W_RE = default("rated power of one reference lamp", unit="W", per=equipment, limits=(0.1, 10000.0))
    N = fixed("number of lamps", unit="1", per=equipment, limits=(1.0, None))
    fuels = Fuels()
    EF = electricity_factor()
    E_lamps = intermediate(electricity_of(W_RE * N, H), "electricity of reference lamps", unit="MWh", per=equipment)
    PE_aux = intermediate(
        choose(auxiliaries, {NONE: 0, RATED: electricity_of(W_aux, H_aux) * EF}),
        "emissions of the auxiliaries",
        unit="tCO2e",
        per=equipment,
    )
    RE_unit = intermediate(
        choose(
            kind,
            {
                ELECTRIC: at_reference_efficiency(EC_PJ, eta_PJ, eta_RE) * EF,
                BURNING: fuels.emissions(
                    at_reference_efficiency(fuels.energy(FC_PJ), eta_PJ, eta_RE), reference_fuel_of_equipment
                ),
                LIGHTING: E_lamps * EF,
                SWITCHED: fuels.emissions(input_for(HG_PJ, eta_RE), reference_fuel_of_equipment),
            },
        ),
        "reference emissions of one",
        unit="tCO2e",
        per=equipment,
    )
    PE_unit = intermediate(
        choose(
            kind,
            {ELECTRIC: EC_PJ * EF, BURNING: fuels.burnt(FC_PJ), LIGHTING: EC_PJ * EF, SWITCHED: EC_PJ * EF},
        )
        + PE_aux,
        "project emissions of one",
        unit="tCO2e",
        per=equipment,
    )
    RE = result(total(RE_unit, over=equipment), "reference emissions")
    PE = result(total(PE_unit, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = CommercialBuildings
