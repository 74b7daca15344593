"""Burners, furnaces and kilns: fuel at the reference efficiency or consumption, against fuel and electricity."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import (
    default,
    equipment,
    fixed,
    intermediate,
    monitored,
    reference_fuel_of_equipment,
    result,
    switch,
)
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import EFFICIENCY, Fuels, at_reference_efficiency, by_output
from jcm_mrv.quantities.expression import choose, total

RATIO, OUTPUT = "efficiency ratio", "output"


class BurnersFurnacesKilns(Methodology):
    """RE_p = SUM_i FC x NCV x eta_PJ / eta_RE x EF, or SUM_i M x SFC_RE x NCV x EF.

    PE_p = SUM_i FC x NCV x EF + EC x EF_elec.

    M is the mass of good output: pieces fired again count once, rejects not at all. Both heating values are lower ones.
    """

    FC_PJ = monitored("fuel consumption of the project furnace, idle hours included", unit="t", per=equipment)
    EC_PJ = monitored("electricity consumption of the project furnace", unit="MWh", per=equipment)
    M = monitored("mass of good output", unit="t", per=equipment)
    form = switch("what the reference emissions rest on", (RATIO, OUTPUT), set_by="card")
    eta_PJ = fixed("efficiency of the project burner or furnace", unit="%", per=equipment, limits=EFFICIENCY)
    eta_RE = default("efficiency of the reference burner or furnace", unit="%", per=equipment, limits=EFFICIENCY)
    SFC_RE = default("fuel of the reference per mass of good output", unit="t/t", per=equipment, limits=(1e-6, 10.0))
    fuels = Fuels()
    EF = electricity_factor()
    Q_RE = intermediate(
        choose(
            form,
            {
                RATIO: at_reference_efficiency(fuels.energy(FC_PJ), eta_PJ, eta_RE),
                OUTPUT: fuels.energy(by_output(M, SFC_RE), reference_fuel_of_equipment),
            },
        ),
        "fuel energy of the reference",
        unit="GJ",
        per=equipment,
    )
    RE_unit = intermediate(
        fuels.emissions(Q_RE, reference_fuel_of_equipment), "reference emissions of one", unit="tCO2e", per=equipment
    )
    PE_unit = intermediate(fuels.burnt(FC_PJ) + EC_PJ * EF, "project emissions of one", unit="tCO2e", per=equipment)
    RE = result(total(RE_unit, over=equipment), "reference emissions")
    PE = result(total(PE_unit, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = BurnersFurnacesKilns
