"""Machines whose reference is output x specific electricity: pumps, compressors, stranding, injection."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import default, equipment, intermediate, monitored, product, result, switch
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import by_output
from jcm_mrv.quantities.expression import Expression, choose, total

# What is counted, and in which unit.
OUTPUTS = {"volume": "m3", "gas volume": "Nm3", "length": "km", "mass": "t", "pieces": "pcs"}


def reference_by(counted: str, unit: str) -> Expression:
    """Electricity of the reference machines [MWh]: output x specific electricity, summed over types of product."""
    tail = counted.replace(" ", "_")
    output = monitored("output by type of product, rejects left out", unit=unit, per=product, symbol=f"P_{tail}")
    specific = default(
        "specific electricity consumption of the reference machine",
        unit=f"MWh/{unit}",
        per=product,
        limits=(1e-12, None),
        symbol=f"SEC_RE_{tail}",
    )
    return total(by_output(output, specific), over=product)


class SpecificElectricity(Methodology):
    """RE_p = SUM_k P_k,p x SEC_RE,k x EF; PE_p = SUM_i EC_PJ,i,p x EF. In this form ER falls as EC_PJ rises."""

    EC_PJ = monitored("electricity consumption of the project machine, standby included", unit="MWh", per=equipment)
    output = switch("how output is counted", tuple(OUTPUTS), set_by="card")
    EF = electricity_factor(per=None)
    EC_RE = intermediate(
        choose(output, {counted: reference_by(counted, unit) for counted, unit in OUTPUTS.items()}),
        "electricity consumption of the reference machines",
        unit="MWh",
    )
    RE = result(EC_RE * EF, "reference emissions")
    PE = result(total(EC_PJ, over=equipment) * EF, "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = SpecificElectricity
