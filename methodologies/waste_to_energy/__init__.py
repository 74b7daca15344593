"""Waste to energy: methane of the disposal site avoided and electricity displaced, against what burning emits."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.decay import FRACTION, landfill_methane
from jcm_mrv.methodology.declare import (
    co2_as_co2e,
    constant,
    default,
    equipment,
    intermediate,
    monitored,
    result,
    waste,
    year_of_month,
)
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import Fuels
from jcm_mrv.quantities.expression import total


class WasteToEnergy(Methodology):
    """RE_p = methane of the disposal site avoided + SUM_i EG_i,p x EF_elec.

    PE_p = SUM_j W_j,p x (FC_j x OF x 44/12 + EF_N2O x GWP_N2O) + SUM_i EC_i,p x EF_elec + FC_i,p x NCV x EF_fuel.
    CO2 of the biogenic carbon counts zero. One electricity supply and one auxiliary fuel.
    """

    landfill = landfill_methane()
    W = landfill.W
    EG = monitored("electricity supplied by the project plant", unit="MWh", per=equipment)
    EC_PJ = monitored("electricity bought for the project plant", unit="MWh", per=equipment)
    FC_PJ = monitored("auxiliary fuel of the project plant", unit="t", per=equipment)
    FC_W = default("fossil carbon of wet waste", unit="tC/t", per=waste, limits=FRACTION)
    OF = default("share of carbon that burns", unit="1", limits=FRACTION)
    EF_N2O = default("N2O of burning per wet waste", unit="tN2O/t", limits=(0.0, 0.005))
    GWP_N2O = default("global warming potential of N2O", unit="tCO2e/tN2O", limits=(250.0, 320.0))
    C_to_CO2 = constant("44/12", unit="tCO2/tC", label="CO2 per carbon in it", source="molar masses")
    EF = electricity_factor(per=None)
    fuels = Fuels(per=None)
    W_year = intermediate(total(W, by=year_of_month), "waste of a type in the year", unit="t", per=waste)
    PE_CO2 = intermediate(
        total(W_year * FC_W, over=waste) * OF * C_to_CO2 * co2_as_co2e(), "fossil carbon of the waste", unit="tCO2e"
    )
    PE_N2O = intermediate(total(W_year, over=waste) * EF_N2O * GWP_N2O, "N2O of burning", unit="tCO2e")
    PE_plant = intermediate(
        total(EC_PJ, over=equipment) * EF + fuels.burnt(total(FC_PJ, over=equipment)),
        "electricity and auxiliary fuel of the plant",
        unit="tCO2e",
    )
    RE = result(landfill.RE_CH4 + total(EG, over=equipment) * EF, "reference emissions")
    PE = result(PE_CO2 + PE_N2O + PE_plant, "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = WasteToEnergy
