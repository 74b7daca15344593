"""Transformers with low no-load loss in a distribution grid: loss x hours since each was energised."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import constant, default, equipment, fixed, intermediate, monitored, result
from jcm_mrv.methodology.shared import grid_factor
from jcm_mrv.quantities.expression import total


class Transformers(Methodology):
    """RE_p = SUM_i NLL_RE,i x (1 - UNC_i) x H_i,p x (1 - Br) x 1e-6 x EF; PE_p the same with NLL_PJ and without UNC.

    The no-load loss is in W (not kW), H counts the hours since the unit was energised.
    """

    H = monitored("hours for which the project transformer was energised", unit="h", per=equipment)
    NLL_PJ = fixed("no-load loss of the project transformer", unit="W", per=equipment, limits=(5.0, 100000.0))
    capacity = fixed("rated capacity of the transformer", unit="kVA", per=equipment, limits=(1.0, 500000.0))
    NLL_RE = default(
        "no-load loss of the reference transformer", unit="W", per=equipment, by=capacity, limits=(5.0, 100000.0)
    )
    UNC = default("tolerance of the no-load loss, as a fraction", unit="1", per=equipment, limits=(0.0, 0.5))
    Br = default("outage rate of the grid, as a fraction", unit="1", limits=(0.0, 0.5))
    one = constant("1", unit="1", label="one", source="by definition")
    W_to_MW = constant("1e-6", unit="MWh/(W*h)", label="MWh of a watt for one hour", source="by definition")
    EF = grid_factor()
    E_RE = intermediate(
        NLL_RE * (one - UNC) * H * (one - Br) * W_to_MW, "no-load loss of the reference", unit="MWh", per=equipment
    )
    E_PJ = intermediate(NLL_PJ * H * (one - Br) * W_to_MW, "no-load loss of the project", unit="MWh", per=equipment)
    RE = result(total(E_RE, over=equipment) * EF, "reference emissions")
    PE = result(total(E_PJ, over=equipment) * EF, "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = Transformers
