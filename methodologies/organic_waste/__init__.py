"""Organic waste kept from a disposal site: its methane avoided, and what digesting or composting it emits instead."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.decay import FRACTION, landfill_methane
from jcm_mrv.methodology.declare import (
    constant,
    default,
    equipment,
    fixed,
    intermediate,
    monitored,
    result,
    switch,
)
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import Fuels, by_output
from jcm_mrv.quantities.expression import choose, total

# Versions of CDM TOOL13 differ in the factor of N2O; a card names the one it takes.
DIGESTION, LOWER, HIGHER = "digestion", "composting, lower factor of N2O", "composting, higher factor of N2O"
NO, YES = "no", "yes"


class OrganicWaste(Methodology):
    """RE_p = methane of the disposal site avoided + (digestion) biogas x NCV x EF of the fuel it displaces.

    PE_p: digestion, electricity; composting, electricity with losses, fuel, methane and N2O of the heap, run-off and
    leakage, which is part of PE here so that ER_p = RE_p - PE_p. One electricity supply and one fuel.
    """

    landfill = landfill_methane()
    W = landfill.W
    BG = monitored("biogas supplied to equipment that generates heat", unit="Nm3", per=equipment)
    Q = monitored("waste that is composted, wet", unit="t", per=equipment, counts_again=True)
    EC_PJ = monitored("electricity consumption of the plant", unit="MWh", per=equipment)
    FC_PJ = monitored("fuel consumption of the plant", unit="t", per=equipment)
    Q_RO = monitored("run-off water of the plant", unit="m3", per=equipment)
    Q_LE = monitored("compost that is stored or disposed of without air", unit="t", per=equipment)
    treatment = switch("treatment of the waste", (DIGESTION, LOWER, HIGHER), set_by="card")
    run_off = switch("run-off water that is treated without air (co-composting)", (NO, YES))
    leakage = switch("compost stored or disposed of without air", (NO, YES))
    one = constant("1", unit="1", label="one", source="by definition")
    kg = constant("1e-3", unit="t/kg", label="tonnes per kilogram", source="by definition")
    RE_CH4 = landfill.RE_CH4
    GWP_CH4 = landfill.GWP_CH4
    GWP_N2O = default("global warming potential of N2O", unit="tCO2e/tN2O", limits=(250.0, 320.0))
    EF = electricity_factor(per=None)
    TDL = default("losses of transmission and distribution, as a fraction", unit="1", limits=FRACTION)
    fuels = Fuels(per=None)
    NCV_BG = default("net calorific value of the biogas", unit="GJ/Nm3", limits=(0.0, 0.036))
    EF_CH4 = default("methane of composting per wet waste", unit="tCH4/t", limits=(0.0, 0.05))
    EF_N2O_lower = default("N2O of composting per wet waste, lower value", unit="tN2O/t", limits=(0.0, 0.005))
    EF_N2O_higher = default("N2O of composting per wet waste, higher value", unit="tN2O/t", limits=(0.0, 0.005))
    COD = fixed("chemical oxygen demand of the run-off water", unit="kg/m3", limits=(0.0, 200.0))
    B_0 = default("methane per chemical oxygen demand", unit="tCH4/t", limits=(0.0, 0.35))
    MCF_ww = default("methane correction factor of the water's treatment", unit="1", limits=FRACTION)
    UF = default("model uncertainty of the run-off water", unit="1", limits=(1.0, 2.0))
    DOC_LE = fixed("degradable organic carbon of the compost", unit="tC/t", limits=FRACTION)

    RE_heat = intermediate(
        fuels.emissions(by_output(total(BG, over=equipment), NCV_BG)), "fuel displaced by biogas", unit="tCO2e"
    )
    E_elec = intermediate(total(EC_PJ, over=equipment) * EF, "electricity of the plant", unit="tCO2e")
    PE_EC = intermediate(E_elec * (one + TDL), "electricity of composting with losses", unit="tCO2e")
    PE_FC = intermediate(fuels.burnt(total(FC_PJ, over=equipment)), "fuel of composting", unit="tCO2e")
    PE_CH4 = intermediate(total(Q, over=equipment) * EF_CH4 * GWP_CH4, "methane of composting", unit="tCO2e")
    EF_N2O = choose(treatment, {DIGESTION: 0, LOWER: EF_N2O_lower, HIGHER: EF_N2O_higher})
    PE_N2O = intermediate(total(Q, over=equipment) * EF_N2O * GWP_N2O, "N2O of composting", unit="tCO2e")
    PE_RO = intermediate(
        choose(run_off, {NO: 0, YES: total(Q_RO, over=equipment) * COD * kg * B_0 * MCF_ww * UF * GWP_CH4}),
        "methane of run-off water",
        unit="tCO2e",
    )
    LE = intermediate(
        choose(leakage, {NO: 0, YES: total(Q_LE, over=equipment) * DOC_LE * landfill.CH4_max * GWP_CH4}),
        "leakage: methane of compost without air, all of it in the year",
        unit="tCO2e",
    )
    PE_COMP = PE_EC + PE_FC + PE_CH4 + PE_N2O + PE_RO + LE
    RE = result(choose(treatment, {DIGESTION: RE_CH4 + RE_heat, LOWER: RE_CH4, HIGHER: RE_CH4}), "reference emissions")
    PE = result(choose(treatment, {DIGESTION: E_elec, LOWER: PE_COMP, HIGHER: PE_COMP}), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = OrganicWaste
