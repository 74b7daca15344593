"""Air conditioners with inverters: metered consumption, times the ratio of project to reference efficiency."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import default, equipment, fixed, intermediate, monitored, result
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import COP, at_reference_efficiency
from jcm_mrv.quantities.expression import total


class InverterAirConditioners(Methodology):
    """RE_p = SUM_i EC_PJ,i,p x (COP_PJ,i / COP_RE,i) x EF_i; PE_p = SUM_i EC_PJ,i,p x EF_i.

    In this ratio form ER rises with the metered project consumption. The
    efficiency is a COP or a seasonal factor (CSPF), the same kind for both.
    """

    EC_PJ = monitored("electricity consumption of the project air conditioner", unit="MWh", per=equipment)
    cooling_capacity = fixed("cooling capacity of the air conditioner", unit="kW", per=equipment, limits=(1e-9, None))
    COP_PJ = fixed("coefficient of performance of the project air conditioner", unit="1", per=equipment, limits=COP)
    COP_RE = default(
        "coefficient of performance of the reference air conditioner",
        unit="1",
        per=equipment,
        by=cooling_capacity,
        limits=COP,
    )
    EF = electricity_factor()
    RE_AC = intermediate(
        at_reference_efficiency(EC_PJ, COP_PJ, COP_RE) * EF,
        "reference emissions of one air conditioner",
        unit="tCO2e",
        per=equipment,
    )
    PE_AC = intermediate(EC_PJ * EF, "project emissions of one air conditioner", unit="tCO2e", per=equipment)
    RE = result(total(RE_AC, over=equipment), "reference emissions")
    PE = result(total(PE_AC, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = InverterAirConditioners
