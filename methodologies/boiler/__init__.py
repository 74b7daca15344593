"""Boilers: fuel (or heat) at the efficiency of the reference boiler, against fuel and auxiliary electricity."""

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
from jcm_mrv.methodology.shared import BOILER_EFFICIENCY, Fuels, at_reference_efficiency, input_for
from jcm_mrv.quantities.expression import choose, total

BY_FUEL, BY_HEAT = "fuel and efficiency ratio", "heat supplied"


class Boilers(Methodology):
    """RE_p = SUM_i FC x NCV x eta_PJ / eta_RE x EF_RE, or SUM_i HG / eta_RE x EF_RE.

    PE_p = SUM_i FC x NCV x EF + EC x EF_elec.

    The reference fuel may be another one; where it is the same, it is the same quantity on both sides.
    """

    FC_PJ = monitored("fuel consumption of the project boiler", unit="t", per=equipment)
    HG_PJ = monitored("heat supplied by the project boiler", unit="GJ", per=equipment)
    EC_aux = monitored("electricity consumption of the project boiler's auxiliaries", unit="MWh", per=equipment)
    form = switch("what the reference emissions rest on", (BY_FUEL, BY_HEAT), set_by="card")
    eta_PJ = fixed("efficiency of the project boiler", unit="%", per=equipment, limits=BOILER_EFFICIENCY)
    eta_RE = default("efficiency of the reference boiler", unit="%", per=equipment, limits=BOILER_EFFICIENCY)
    fuels = Fuels()
    EF = electricity_factor()
    Q_RE = intermediate(
        choose(
            form,
            {
                BY_FUEL: at_reference_efficiency(fuels.energy(FC_PJ), eta_PJ, eta_RE),
                BY_HEAT: input_for(HG_PJ, eta_RE),
            },
        ),
        "fuel energy of the reference boiler",
        unit="GJ",
        per=equipment,
    )
    RE_unit = intermediate(
        fuels.emissions(Q_RE, reference_fuel_of_equipment), "reference emissions of one", unit="tCO2e", per=equipment
    )
    PE_unit = intermediate(fuels.burnt(FC_PJ) + EC_aux * EF, "project emissions of one", unit="tCO2e", per=equipment)
    RE = result(total(RE_unit, over=equipment), "reference emissions")
    PE = result(total(PE_unit, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = Boilers
