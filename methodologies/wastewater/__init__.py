"""DRAFT: wastewater and its sludge treated where it was left without air; IPCC 2006 Vol. 5 Ch. 6, equation 6.1."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import (
    constant,
    default,
    fixed,
    intermediate,
    monitored,
    month,
    period,
    result,
    year_of_month,
)
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.quantities.expression import maximum, total

FRACTION = (0.0, 1.0)


class Wastewater(Methodology):
    """RE_p = TOW_p x (1 - S_RE) x B_0 x MCF_RE x GWP_CH4; TOW_p = SUM_m Q_m x BOD_m, the mean BOD weighed by the water.

    PE_p = (TOW_p - S_p) x B_0 x MCF_PJ x GWP_CH4 + sludge x DOC x DOC_f x F x MCF_SL x 16/12 x GWP_CH4 + EC_PJ x EF.
    """

    Q = monitored("wastewater that is treated", unit="m3", each=month)
    BOD = monitored("biochemical oxygen demand of the wastewater", unit="kg/m3", each=month, aggregate="mean")
    S = monitored("biochemical oxygen demand taken out with sludge", unit="t")
    SL = monitored("sludge, dry", unit="t")
    EC_PJ = monitored("electricity consumption of the plant", unit="MWh")
    S_RE = fixed("share of the demand that would have been taken out with sludge", unit="1", limits=FRACTION)
    B_0 = default("methane that the demand can give", unit="tCH4/t", limits=(0.0, 0.6))
    MCF_RE = fixed("methane correction factor of the reference system", unit="1", limits=(0.0, 0.8))
    MCF_PJ = fixed("methane correction factor of the project's treatment", unit="1", limits=FRACTION)
    MCF_SL = fixed("methane correction factor of the project's sludge", unit="1", limits=FRACTION)
    DOC = default("degradable organic carbon of dry sludge", unit="tC/t", limits=FRACTION)
    DOC_f = default("share of it that degrades", unit="1", limits=FRACTION)
    F = default("share of methane in the gas, by carbon", unit="1", limits=FRACTION)
    GWP_CH4 = default("global warming potential of CH4", unit="tCO2e/tCH4", limits=(20.0, 40.0))
    EF = electricity_factor(per=None, grid_each=period)
    kg = constant("1e-3", unit="t/kg", label="tonnes per kilogram", source="by definition")
    CH4_C = constant("16/12", unit="tCH4/tC", label="methane of carbon", source="ratio of molar masses")

    TOW = intermediate(total(Q * BOD, by=year_of_month) * kg, "demand in the wastewater", unit="t")
    PE_WW = intermediate(maximum(TOW - S, 0) * B_0 * MCF_PJ * GWP_CH4, "methane of the treatment", unit="tCO2e")
    PE_SL = intermediate(SL * DOC * DOC_f * F * MCF_SL * CH4_C * GWP_CH4, "methane of the sludge", unit="tCO2e")
    RE = result((TOW - TOW * S_RE) * B_0 * MCF_RE * GWP_CH4, "methane of the reference system")
    PE = result(PE_WW + PE_SL + EC_PJ * EF, "methane of treatment and sludge, and electricity")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = Wastewater
