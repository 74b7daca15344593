"""Absorption chillers: cold that an electric chiller would supply, against their electricity and fuel."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import default, equipment, fixed, intermediate, monitored, result
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import COP, Fuels
from jcm_mrv.quantities.expression import total


class AbsorptionChillers(Methodology):
    """RE_p = SUM_i Q_cool / COP_RE,i x EF_i; PE_p = SUM_i EC_PJ x EF_i + FC x NCV x EF_fuel.

    Pumps and cooling tower are the same on both sides and left out.
    """

    Q_cool = monitored("cooling energy of the project chiller", unit="MWh", per=equipment)
    EC_PJ = monitored("electricity of solution, refrigerant and hot-water pumps", unit="MWh", per=equipment)
    FC_PJ = monitored("fuel consumption of the project chiller", unit="t", per=equipment)
    capacity = fixed("cooling capacity of the project chiller", unit="USRt", per=equipment, limits=(1.0, 20000.0))
    COP_RE = default("COP of the reference electric chiller", unit="1", per=equipment, by=capacity, limits=COP)
    fuels = Fuels()
    EF = electricity_factor()
    RE_unit = intermediate(Q_cool / COP_RE * EF, "reference emissions of one", unit="tCO2e", per=equipment)
    PE_unit = intermediate(EC_PJ * EF + fuels.burnt(FC_PJ), "project emissions of one", unit="tCO2e", per=equipment)
    RE = result(total(RE_unit, over=equipment), "reference emissions")
    PE = result(total(PE_unit, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = AbsorptionChillers
