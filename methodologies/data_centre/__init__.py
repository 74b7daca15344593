"""Data centres: electricity of the IT equipment at the PUE of the reference, against all electricity."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import default, equipment, intermediate, monitored, result
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import by_output
from jcm_mrv.quantities.expression import total


class DataCentres(Methodology):
    """RE_p = SUM_i EC_IT x PUE_RE,i x EF_i; PE_p = SUM_i EC_total x EF_i. PUE is total over IT electricity."""

    EC_IT = monitored("electricity consumption of the IT equipment", unit="MWh", per=equipment)
    EC_total = monitored("electricity consumption of the whole data centre", unit="MWh", per=equipment)
    PUE_RE = default("power usage effectiveness of the reference", unit="1", per=equipment, limits=(1.0, 4.0))
    EF = electricity_factor()
    EC_RE = intermediate(by_output(EC_IT, PUE_RE), "electricity of the reference", unit="MWh", per=equipment)
    RE = result(total(EC_RE * EF, over=equipment), "reference emissions")
    PE = result(total(EC_total * EF, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = DataCentres
