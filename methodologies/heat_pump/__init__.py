"""Heat pumps: heat and cold that boilers and chillers would supply, against their electricity and oil."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import (
    constant,
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
from jcm_mrv.methodology.shared import BOILER_EFFICIENCY, COP, Fuels, input_for
from jcm_mrv.quantities.expression import choose, total

SUPPLIED, RATIO = "heat and cold supplied", "electricity and efficiency ratio"
COUNTED, NONE = "counted", "none"


class HeatPumps(Methodology):
    """RE_p = SUM_i Q_heat / eta_RE x EF_fuel + Q_cool / COP_RE x EF_elec.

    PE_p = SUM_i (EC_HP + EC_aux) x EF_elec + oil x NCV x EF_fuel.

    In the ratio form heat and cold follow from the metered electricity and the
    heat pump's own efficiencies.
    """

    EC_HP = monitored("electricity consumption of the heat pump", unit="MWh", per=equipment)
    EC_aux = monitored("electricity consumption of its auxiliaries", unit="MWh", per=equipment)
    Q_heat = monitored("heat supplied and used", unit="GJ", per=equipment)
    Q_cool = monitored("cold supplied and used", unit="MWh", per=equipment)
    FC_oil = monitored("oil consumed beside the heat pump", unit="t", per=equipment)
    form = switch("what the reference emissions rest on", (SUPPLIED, RATIO), set_by="card")
    cooling = switch("cold of the heat pump", (COUNTED, NONE), set_by="card")
    oil = switch("oil burnt beside the heat pump", (COUNTED, NONE), set_by="card")
    COP_heat = fixed("heating efficiency of the heat pump", unit="1", per=equipment, limits=COP)
    COP_cool = fixed("cooling efficiency of the heat pump", unit="1", per=equipment, limits=COP)
    eta_RE = default("efficiency of the reference boiler", unit="%", per=equipment, limits=BOILER_EFFICIENCY)
    COP_RE = default("COP of the reference chiller", unit="1", per=equipment, limits=COP)
    GJ_MWh = constant("3.6", unit="GJ/MWh", label="energy of one MWh", source="by definition")
    fuels = Fuels()
    EF = electricity_factor()
    H = intermediate(
        choose(form, {SUPPLIED: Q_heat, RATIO: EC_HP * COP_heat * GJ_MWh}), "heat", unit="GJ", per=equipment
    )
    C = intermediate(choose(form, {SUPPLIED: Q_cool, RATIO: EC_HP * COP_cool}), "cold", unit="MWh", per=equipment)
    RE_heat = intermediate(
        fuels.emissions(input_for(H, eta_RE), reference_fuel_of_equipment),
        "reference emissions of the heat of one",
        unit="tCO2e",
        per=equipment,
    )
    RE_unit = intermediate(
        choose(cooling, {COUNTED: RE_heat + C / COP_RE * EF, NONE: RE_heat}),
        "reference emissions of one",
        unit="tCO2e",
        per=equipment,
    )
    PE_elec = intermediate((EC_HP + EC_aux) * EF, "emissions of the electricity of one", unit="tCO2e", per=equipment)
    PE_unit = intermediate(
        choose(oil, {COUNTED: PE_elec + fuels.burnt(FC_oil), NONE: PE_elec}),
        "project emissions of one",
        unit="tCO2e",
        per=equipment,
    )
    RE = result(total(RE_unit, over=equipment), "reference emissions")
    PE = result(total(PE_unit, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = HeatPumps
