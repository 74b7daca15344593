"""Optimised operation of boilers or a refinery: output x specific emissions of the past, against monitored fuel."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import equipment, fixed, intermediate, monitored, result
from jcm_mrv.methodology.shared import Fuels, by_output
from jcm_mrv.quantities.expression import total


class OperationOptimisation(Methodology):
    """RE_p = SUM_i P_i,p x SE_RE,i; PE_p = SUM_i FC_i,p x NCV x EF. P is steam, feed or product."""

    P = monitored("output (steam, feed or product) after the project", unit="t", per=equipment)
    FC_PJ = monitored("fuel consumption after the project", unit="t", per=equipment)
    SE_RE = fixed("specific emissions of historical operation", unit="tCO2e/t", per=equipment, limits=(1e-6, 5.0))
    fuels = Fuels()
    RE_unit = intermediate(by_output(P, SE_RE), "reference emissions of one", unit="tCO2e", per=equipment)
    PE_unit = intermediate(fuels.burnt(FC_PJ), "project emissions of one", unit="tCO2e", per=equipment)
    RE = result(total(RE_unit, over=equipment), "reference emissions")
    PE = result(total(PE_unit, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = OperationOptimisation
