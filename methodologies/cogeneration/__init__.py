"""Gas engine cogeneration: electricity and heat that are used, against the gas."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import (
    default,
    equipment,
    intermediate,
    monitored,
    reference_fuel_of_equipment,
    result,
)
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import BOILER_EFFICIENCY, Fuels, input_for
from jcm_mrv.quantities.expression import total


class Cogeneration(Methodology):
    """RE_p = SUM_i EG_used x EF_elec + H_used / eta_boiler x EF_fuel; PE_p = SUM_i FC_gas x NCV x EF_gas."""

    EG_used = monitored("electricity of the project system that is used", unit="MWh", per=equipment)
    H_used = monitored("heat of the project system that is used", unit="GJ", per=equipment)
    FC_gas = monitored("gas consumption of the project system", unit="t", per=equipment)
    eta_boiler = default("efficiency of the reference boiler", unit="%", per=equipment, limits=BOILER_EFFICIENCY)
    fuels = Fuels()
    EF = electricity_factor()
    RE_unit = intermediate(
        EG_used * EF + fuels.emissions(input_for(H_used, eta_boiler), reference_fuel_of_equipment),
        "reference emissions of one",
        unit="tCO2e",
        per=equipment,
    )
    PE_unit = intermediate(fuels.burnt(FC_gas), "project emissions of one", unit="tCO2e", per=equipment)
    RE = result(total(RE_unit, over=equipment), "reference emissions")
    PE = result(total(PE_unit, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = Cogeneration
