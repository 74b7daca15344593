"""Looms that consume less electricity and compressed air for the same cloth."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import default, equipment, fixed, intermediate, monitored, result
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import at_reference_consumption
from jcm_mrv.quantities.expression import total


class Looms(Methodology):
    """RE_p = SUM_i (EC_loom + EC_air) x SEC_RE,i / SEC_PJ,i x EF_i; PE_p = SUM_i (EC_loom + EC_air) x EF_i."""

    EC_loom = monitored("electricity consumption of the project looms", unit="MWh", per=equipment)
    EC_air = monitored("electricity for the compressed air of the project looms", unit="MWh", per=equipment)
    SEC_PJ = fixed("specific consumption of the project loom", unit="kWh/m", per=equipment, limits=(1e-6, 100.0))
    SEC_RE = default("specific consumption of the reference loom", unit="kWh/m", per=equipment, limits=(1e-6, 100.0))
    EF = electricity_factor()
    EC_PJ = intermediate(EC_loom + EC_air, "electricity of the project looms", unit="MWh", per=equipment)
    EC_RE = intermediate(
        at_reference_consumption(EC_PJ, SEC_RE, SEC_PJ), "electricity of the reference", unit="MWh", per=equipment
    )
    RE = result(total(EC_RE * EF, over=equipment), "reference emissions")
    PE = result(total(EC_PJ * EF, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = Looms
