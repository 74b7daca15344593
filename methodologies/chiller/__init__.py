"""Chillers: metered consumption, times the ratio of project to reference coefficient of performance."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import constant, default, equipment, fixed, intermediate, monitored, result, switch
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import COP, at_reference_efficiency
from jcm_mrv.quantities.expression import choose, total

AS_GIVEN, CORRECTED = "as specified", "temperatures of the specification"


class Chillers(Methodology):
    """RE_p = SUM_i EC_PJ,i,p x COP_PJ,tc,i / COP_RE,i x EF_i; PE_p = SUM_i EC_PJ,i,p x EF_i.

    COP_PJ,tc corrects the project COP to 37 and 7 deg C where the card says so.
    """

    EC_PJ = monitored("power consumption of the project chiller", unit="MWh", per=equipment)
    capacity = fixed("cooling capacity of the project chiller", unit="USRt", per=equipment, limits=(1.0, 20000.0))
    COP_PJ = fixed("COP of the project chiller under its specification", unit="1", per=equipment, limits=COP)
    temperature_correction = switch("correction of the project COP", (AS_GIVEN, CORRECTED), set_by="card")
    T_cooling = fixed("cooling water outlet of the specification", unit="degC", per=equipment, limits=(15.0, 60.0))
    T_chilled = fixed("chilled water outlet of the specification", unit="degC", per=equipment, limits=(-60.0, 25.0))
    T_std_cooling = constant("37", unit="degC", label="standard cooling water outlet", source="family's form")
    T_std_chilled = constant("7", unit="degC", label="standard chilled water outlet", source="family's form")
    TD_cooling = constant("1.5", unit="degC", label="temperature difference, condenser", source="family's form")
    TD_chilled = constant("1.5", unit="degC", label="temperature difference, evaporator", source="family's form")
    COP_PJ_tc = intermediate(
        choose(
            temperature_correction,
            {
                AS_GIVEN: COP_PJ,
                CORRECTED: COP_PJ
                * (T_cooling - T_chilled + TD_chilled + TD_cooling)
                / (T_std_cooling - T_std_chilled + TD_chilled + TD_cooling),
            },
        ),
        "COP of the project chiller for the comparison",
        unit="1",
        per=equipment,
    )
    COP_RE = default("COP of the reference chiller", unit="1", per=equipment, by=capacity, limits=COP)
    EF = electricity_factor()
    RE_unit = intermediate(
        at_reference_efficiency(EC_PJ, COP_PJ_tc, COP_RE) * EF,
        "reference emissions of one",
        unit="tCO2e",
        per=equipment,
    )
    PE_unit = intermediate(EC_PJ * EF, "project emissions of one", unit="tCO2e", per=equipment)
    RE = result(total(RE_unit, over=equipment), "reference emissions")
    PE = result(total(PE_unit, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = Chillers
