"""Production processes: output x specific electricity and fuel of the reference, against what is metered."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import default, equipment, intermediate, monitored, product, result, switch
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import Fuels, by_output
from jcm_mrv.quantities.expression import Expression, choose, total

# What is counted, and in which unit.
OUTPUTS = {"energy": "MWh", "charge": "kA*h", "mass": "t", "pieces": "pcs"}


def reference(counted: str, unit: str) -> tuple[Expression, Expression]:
    """Electricity [MWh] and fuel [t] of the reference process, summed over types of product."""
    output = monitored("good output by type of product", unit=unit, per=product, symbol=f"P_{counted}")
    electricity = default(
        "specific electricity of the reference process",
        unit=f"MWh/({unit})",
        per=product,
        limits=(0.0, None),
        symbol=f"SEC_RE_{counted}",
    )
    fuel = default(
        "specific fuel consumption of the reference process",
        unit=f"t/({unit})",
        per=product,
        limits=(0.0, None),
        symbol=f"SFC_RE_{counted}",
    )
    return total(by_output(output, electricity), over=product), total(by_output(output, fuel), over=product)


TERMS = {counted: reference(counted, unit) for counted, unit in OUTPUTS.items()}


class ProductionProcess(Methodology):
    """RE_p = SUM_k P_k x (SEC_RE,k x EF_elec + SFC_RE,k x NCV x EF_CO2).

    PE_p = SUM_i EC_i x EF_elec + FC_i x NCV x EF_CO2.

    One electricity supply and one fuel; SEC or SFC of 0 where the reference uses none.
    """

    EC_PJ = monitored("electricity consumption of the project process", unit="MWh", per=equipment)
    FC_PJ = monitored("fuel consumption of the project process", unit="t", per=equipment)
    output = switch("how output is counted", tuple(OUTPUTS), set_by="card")
    fuels = Fuels(per=None)
    EF = electricity_factor(per=None)
    EC_RE = intermediate(
        choose(output, {counted: terms[0] for counted, terms in TERMS.items()}),
        "electricity of the reference process",
        unit="MWh",
    )
    FC_RE = intermediate(
        choose(output, {counted: terms[1] for counted, terms in TERMS.items()}),
        "fuel of the reference process",
        unit="t",
    )
    RE = result(EC_RE * EF + fuels.burnt(FC_RE), "reference emissions")
    PE = result(total(EC_PJ, over=equipment) * EF + fuels.burnt(total(FC_PJ, over=equipment)), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = ProductionProcess
