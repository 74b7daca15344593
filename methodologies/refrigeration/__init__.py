"""Refrigerators with natural refrigerant: metered consumption, times the ratio of COP at rated temperatures."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import default, equipment, fixed, intermediate, monitored, result
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import at_reference_efficiency
from jcm_mrv.quantities.expression import total

# Deep-freezing units reach 1 to 2, cold stores 2 to 6.
REFRIGERATION_COP = (0.3, 15.0)


class Refrigerators(Methodology):
    """RE_p = SUM_i EC_PJ,i,p x COP_PJ,i / COP_RE,i x EF_i; PE_p = SUM_i EC_PJ,i,p x EF_i."""

    EC_PJ = monitored("power consumption of the project refrigerator", unit="MWh", per=equipment)
    COP_PJ = fixed("COP of the project refrigerator, rated", unit="1", per=equipment, limits=REFRIGERATION_COP)
    COP_RE = default("COP of the reference refrigerator, rated", unit="1", per=equipment, limits=REFRIGERATION_COP)
    EF = electricity_factor()
    RE_unit = intermediate(
        at_reference_efficiency(EC_PJ, COP_PJ, COP_RE) * EF, "reference emissions of one", unit="tCO2e", per=equipment
    )
    PE_unit = intermediate(EC_PJ * EF, "project emissions of one", unit="tCO2e", per=equipment)
    RE = result(total(RE_unit, over=equipment), "reference emissions")
    PE = result(total(PE_unit, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = Refrigerators
