"""Lamps of higher luminous efficiency or lower rated power for the same light."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import default, equipment, fixed, intermediate, monitored, result, switch
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import at_reference_consumption, at_reference_efficiency, electricity_of
from jcm_mrv.quantities.expression import choose, total

METERED, RATED = "metered", "rated power and hours"
LUMINOUS, POWER = "luminous efficiencies", "rated powers"


class Lighting(Methodology):
    """RE_p = SUM_i EC_PJ,i,p x eta_PJ,i / eta_RE,i x EF_i (or x W_RE,i / W_PJ,i); PE_p = SUM_i EC_PJ,i,p x EF_i.

    EC_PJ is metered, or rated power x number of lamps x hours.
    """

    EC_PJ = monitored("electricity consumption of the project lamps", unit="MWh", per=equipment)
    H = monitored("hours for which the project lamps were on", unit="h", per=equipment)
    consumption = switch("how the consumption is determined", (METERED, RATED), set_by="card")
    compared = switch("what is compared", (LUMINOUS, POWER), set_by="card")
    W_PJ = fixed("rated power of one project lamp", unit="W", per=equipment, limits=(0.1, 5000.0))
    W_RE = default("rated power of one reference lamp", unit="W", per=equipment, limits=(0.1, 10000.0))
    N = fixed("number of project lamps", unit="1", per=equipment, limits=(1.0, None))
    eta_PJ = fixed("luminous efficiency of the project lamps", unit="lm/W", per=equipment, limits=(5.0, 350.0))
    eta_RE = default("luminous efficiency of the reference lamps", unit="lm/W", per=equipment, limits=(5.0, 350.0))
    EF = electricity_factor()
    E_PJ = intermediate(
        choose(consumption, {METERED: EC_PJ, RATED: electricity_of(W_PJ * N, H)}),
        "electricity of the project lamps",
        unit="MWh",
        per=equipment,
    )
    E_RE = intermediate(
        choose(
            compared,
            {
                LUMINOUS: at_reference_efficiency(E_PJ, eta_PJ, eta_RE),
                POWER: at_reference_consumption(E_PJ, W_RE, W_PJ),
            },
        ),
        "electricity of the reference lamps",
        unit="MWh",
        per=equipment,
    )
    RE = result(total(E_RE * EF, over=equipment), "reference emissions")
    PE = result(total(E_PJ * EF, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = Lighting
