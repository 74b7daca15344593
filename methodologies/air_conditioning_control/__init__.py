"""Control systems for air conditioning: consumption with the control on, and the saving rate from tests on and off."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import constant, equipment, fixed, intermediate, monitored, result
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.quantities.expression import total


class AirConditioningControl(Methodology):
    """RE_p = SUM_i EC_PJ,i,p / (1 - SR_i) x EF_i; PE_p = SUM_i EC_PJ,i,p x EF_i.

    Hours with the control off are left out on both sides.
    """

    EC_PJ = monitored("consumption of the air conditioning while the control is on", unit="MWh", per=equipment)
    SR = fixed("saving rate from tests on and off, as a fraction", unit="1", per=equipment, limits=(0.0, 0.6))
    one = constant("1", unit="1", label="one", source="by definition")
    EF = electricity_factor()
    EC_RE = intermediate(EC_PJ / (one - SR), "consumption without the control", unit="MWh", per=equipment)
    RE = result(total(EC_RE * EF, over=equipment), "reference emissions")
    PE = result(total(EC_PJ * EF, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = AirConditioningControl
