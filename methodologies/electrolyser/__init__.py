"""Electrolysers of chlor-alkali plants: metered consumption, times the ratio of guaranteed specific consumptions."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import default, equipment, fixed, intermediate, monitored, result
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import at_reference_consumption
from jcm_mrv.quantities.expression import total


class Electrolysers(Methodology):
    """RE_p = SUM_i EC_PJ,i,p x SEC_RE,i / SEC_PJ,i x EF_i; PE_p = SUM_i EC_PJ,i,p x EF_i.

    SEC are the values guaranteed at the beginning, never a later measurement.
    """

    EC_PJ = monitored("electricity consumption of the project electrolyser", unit="MWh", per=equipment)
    SEC_PJ = fixed(
        "guaranteed initial specific consumption of the project electrolyser",
        unit="kWh/t",
        per=equipment,
        limits=(1000.0, 5000.0),
    )
    SEC_RE = default(
        "guaranteed initial specific consumption of the reference electrolyser",
        unit="kWh/t",
        per=equipment,
        limits=(1000.0, 5000.0),
    )
    EF = electricity_factor()
    EC_RE = intermediate(
        at_reference_consumption(EC_PJ, SEC_RE, SEC_PJ), "electricity of the reference", unit="MWh", per=equipment
    )
    RE = result(total(EC_RE * EF, over=equipment), "reference emissions")
    PE = result(total(EC_PJ * EF, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = Electrolysers
