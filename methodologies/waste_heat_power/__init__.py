"""Power from waste heat: net electricity that displaces grid or captive electricity."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import constant, equipment, fixed, intermediate, monitored, result, switch
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import nothing
from jcm_mrv.quantities.expression import choose, total

RATED, METERED = "rated capacity", "metered"


class WasteHeatPower(Methodology):
    """RE_p = SUM_i (EG - auxiliaries) x EF_i; no fossil fuel is burnt for it, so project emissions are not considered.

    Auxiliaries by rated capacity run 24 h on every day of the monitoring period, not only on operating days.
    """

    EG = monitored("electricity supplied by the project system", unit="MWh", per=equipment)
    D = monitored("days of the monitoring period", unit="d", per=equipment)
    EC_aux = monitored("electricity consumption of the auxiliaries", unit="MWh", per=equipment)
    auxiliaries = switch("how the auxiliaries' consumption is determined", (RATED, METERED), set_by="card")
    P_aux = fixed("total rated capacity of the auxiliaries", unit="MW", per=equipment, limits=(0.0, 100.0))
    day = constant("24", unit="h/d", label="hours of a day", source="by definition")
    hour = constant("1", unit="MWh/(MW*h)", label="MWh of a MW for one hour", source="by definition")
    E_aux = intermediate(
        choose(auxiliaries, {RATED: P_aux * day * D * hour, METERED: EC_aux}),
        "electricity of the auxiliaries",
        unit="MWh",
        per=equipment,
    )
    EF = electricity_factor()
    PE_zero = nothing("not considered")
    RE = result(total((EG - E_aux) * EF, over=equipment), "reference emissions")
    PE = result(PE_zero, "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = WasteHeatPower
