"""A methodology with leakage, invented for the tests: heat from biomass in place of coal.

It is loaded as an installed plug-in is (:func:`support.packages.installed`).
"""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import co2_as_co2e, default, equipment, monitored, result
from jcm_mrv.quantities.expression import total


class FuelSwitch(Methodology):
    """RE_p = SUM_i HG_i,p x EF_RE; PE_p = SUM_i FC_i,p x EF_PJ; LE_p = SUM_i FC_i,p x EF_LE (invented)."""

    HG = monitored("heat generated", unit="GJ", per=equipment)
    FC = monitored("biomass consumed", unit="t", per=equipment)
    EF_RE = default("CO2 emission factor of heat from coal", unit="tCO2/GJ", limits=(0.0, 0.4))
    EF_PJ = default("emissions of preparing the biomass", unit="tCO2/t", limits=(0.0, 5.0))
    EF_LE = default("emissions where the biomass was used before", unit="tCO2/t", limits=(0.0, 5.0))
    GWP_CO2 = co2_as_co2e()
    RE = result(total(HG, over=equipment) * EF_RE * GWP_CO2, "reference emissions")
    PE = result(total(FC, over=equipment) * EF_PJ * GWP_CO2, "project emissions")
    LE = result(total(FC, over=equipment) * EF_LE * GWP_CO2, "leakage")
    ER = result(RE - PE - LE, "emission reductions")


METHODOLOGY = FuelSwitch
