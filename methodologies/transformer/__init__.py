"""Transformers with low no-load loss in a distribution grid: loss x hours since each was energised."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import (
    constant,
    default,
    equipment,
    fixed,
    in_operation,
    intermediate,
    monitored,
    result,
    switch,
)
from jcm_mrv.methodology.shared import electricity_of, grid_factor
from jcm_mrv.quantities.expression import choose, total

COUNTED, DATED = "monitored", "from the dates of operation"


class Transformers(Methodology):
    """RE_p = SUM_i NLL_RE,i x (1 - UNC_i) x H_i,p x (1 - Br) x 1e-6 x EF; PE_p the same with NLL_PJ and without UNC.

    The no-load loss is in W (not kW), H counts the hours since the unit was energised.
    """

    H_counted = monitored("hours for which the project transformer was energised", unit="h", per=equipment)
    H_dated = in_operation("hours since the project transformer was energised")
    hours = switch("where the hours are from", (COUNTED, DATED), set_by="card")
    NLL_PJ = fixed("no-load loss of the project transformer", unit="W", per=equipment, limits=(5.0, 100000.0))
    capacity = fixed("rated capacity of the transformer", unit="kVA", per=equipment, limits=(1.0, 500000.0))
    NLL_RE = default(
        "no-load loss of the reference transformer", unit="W", per=equipment, by=capacity, limits=(5.0, 100000.0)
    )
    UNC = default("tolerance of the no-load loss, as a fraction", unit="1", per=equipment, limits=(0.0, 0.5))
    Br = default("outage rate of the grid, as a fraction", unit="1", limits=(0.0, 0.5))
    one = constant("1", unit="1", label="one", source="by definition")
    H = intermediate(choose(hours, {COUNTED: H_counted, DATED: H_dated}), "hours energised", unit="h", per=equipment)
    EF = grid_factor()
    E_RE = intermediate(
        electricity_of(NLL_RE * (one - UNC), H) * (one - Br), "no-load loss of the reference", unit="MWh", per=equipment
    )
    E_PJ = intermediate(
        electricity_of(NLL_PJ, H) * (one - Br), "no-load loss of the project", unit="MWh", per=equipment
    )
    RE = result(total(E_RE, over=equipment) * EF, "reference emissions")
    PE = result(total(E_PJ, over=equipment) * EF, "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = Transformers
