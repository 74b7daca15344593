"""DRAFT: heat delivered as hot water that a boiler burning fuel would have given."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import (
    co2_as_co2e,
    constant,
    equipment,
    fixed,
    intermediate,
    monitored,
    product_of,
    result,
)
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.quantities.expression import total


class HeatDelivered(Methodology):
    """RE_p = SUM_i HW_i,p x cp / eta_RE,i x EF_RE,i x GWP_CO2; PE_p = EC_PJ,p x EF.

    HW is the water times its temperature difference, multiplied at each reading: the product of the sum and the mean
    of a month is another number wherever the two move together.
    """

    m_w = monitored("hot water delivered", unit="t", per=equipment)
    dT = monitored(
        "temperature of the water delivered less that of the water returned", unit="K", per=equipment, aggregate="mean"
    )
    HW = product_of(m_w, dT, "hot water times its temperature difference, at each reading", unit="t*K")
    EC_PJ = monitored("electricity consumption of pumps and heat recovery", unit="MWh")
    eta_RE = fixed(
        "efficiency of the boiler that would have given the heat", unit="1", per=equipment, limits=(0.5, 1.1)
    )
    EF_RE = fixed("CO2 emission factor of its fuel", unit="tCO2/GJ", per=equipment, limits=(0.0, 0.15))
    cp = constant(
        "0.0041868",
        unit="GJ/(t*K)",
        label="specific heat of water",
        source="4.1868 kJ/(kg K): definition of the calorie (IT)",
    )
    GWP_CO2 = co2_as_co2e()
    EF = electricity_factor(per=None)

    Q = intermediate(HW * cp, "heat delivered", unit="GJ", per=equipment)
    RE = result(total(Q / eta_RE * EF_RE, over=equipment) * GWP_CO2, "emissions of the boilers that are replaced")
    PE = result(EC_PJ * EF, "emissions of the electricity")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = HeatDelivered
