"""DRAFT: manure of livestock digested in place of an open store; the methane that is burnt limits what counts."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import (
    constant,
    default,
    equipment,
    fixed,
    grouped,
    in_operation,
    intermediate,
    monitored,
    result,
)
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.quantities.expression import at, minimum, total

category, category_of_herd = grouped("animal category", "k", "category of animals, in the column Group of Equipment")


class LivestockDigester(Methodology):
    """CH4_p = SUM_i N_i,p x t_i,p / 24 x VS_k x B_0,k x D_CH4 (IPCC 2006 Vol. 4 Ch. 10 eq. 10.23, by the day).

    RE_p = min(CH4_p x MCF_RE, CH4 burnt) x GWP_CH4; PE_p = CH4_p x leak x GWP_CH4 + EC_PJ x EF. N is a mean over time.
    """

    N = monitored("heads whose manure goes into the digester", unit="pcs", per=equipment, aggregate="mean")
    t = in_operation("hours for which the herd's manure was digested")
    BG = monitored("biogas burnt, at normal conditions", unit="Nm3")
    w_CH4 = monitored("methane in the biogas, by volume", unit="1", aggregate="mean", limits=(0.0, 1.0))
    EC_PJ = monitored("electricity consumption of the digester", unit="MWh")
    VS = default("volatile solids in the manure of a head", unit="t/(pcs*d)", per=category, limits=(1e-6, 0.02))
    B_0 = default("methane that the manure can give", unit="m3/t", per=category, limits=(0.0, 600.0))
    MCF_RE = fixed("methane conversion factor of the store that is replaced", unit="1", limits=(0.0, 0.8))
    DE = default("share of the methane that is destroyed where it burns", unit="1", limits=(0.0, 1.0))
    leak = default("share of the methane that leaves the digester unburnt", unit="1", limits=(0.0, 1.0))
    GWP_CH4 = default("global warming potential of CH4", unit="tCO2e/tCH4", limits=(20.0, 40.0))
    EF = electricity_factor(per=None)
    day = constant("24", unit="h/d", label="hours of a day", source="by definition")
    D_CH4 = constant("0.00067", unit="tCH4/m3", label="density of methane", source="IPCC 2006 Vol. 4 Ch. 10, eq. 10.23")
    D_n = constant(
        "0.000716", unit="tCH4/Nm3", label="density of methane at 0 deg C", source="16.04 g / 22.4 L, cut off"
    )

    VS_herd = intermediate(N * t / day * at(VS, category_of_herd), "volatile solids of a herd", unit="t", per=equipment)
    CH4 = intermediate(
        total(VS_herd * at(B_0, category_of_herd), over=equipment) * D_CH4,
        "methane that the manure can give",
        unit="tCH4",
    )
    CH4_burnt = intermediate(BG * w_CH4 * D_n * DE, "methane that was burnt", unit="tCH4")
    RE = result(minimum(CH4 * MCF_RE, CH4_burnt) * GWP_CH4, "methane of the store that is replaced")
    PE = result(CH4 * leak * GWP_CH4 + EC_PJ * EF, "methane that leaks, and electricity")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = LivestockDigester
