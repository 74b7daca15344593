"""Pumps, compressors and other motor-driven equipment: metered consumption, times the ratio of efficiencies."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import default, equipment, fixed, intermediate, monitored, result, switch
from jcm_mrv.methodology.electricity import electricity_factor
from jcm_mrv.methodology.shared import EFFICIENCY, at_reference_consumption, at_reference_efficiency
from jcm_mrv.quantities.expression import choose, total

# Compressed air at any usual pressure.
SPECIFIC_LIMITS = (0.01, 1.0)
EFFICIENCIES, SPECIFIC = "efficiencies", "specific consumptions"


class MotorDrivenEquipment(Methodology):
    """RE_p = SUM_i EC_PJ,i,p x eta_PJ,i / eta_RE,i x EF_i (or x SEC_RE,i / SEC_PJ,i); PE_p = SUM_i EC_PJ,i,p x EF_i.

    Both efficiencies are of the same thing: of the pump, or of pump and motor together.
    """

    EC_PJ = monitored("electricity consumption of the project equipment", unit="MWh", per=equipment)
    form = switch("what is compared", (EFFICIENCIES, SPECIFIC), set_by="card")
    eta_PJ = fixed("efficiency of the project equipment", unit="%", per=equipment, limits=EFFICIENCY)
    eta_RE = default("efficiency of the reference equipment", unit="%", per=equipment, limits=EFFICIENCY)
    SEC_PJ = fixed(
        "specific consumption of the project compressor", unit="kWh/Nm3", per=equipment, limits=SPECIFIC_LIMITS
    )
    SEC_RE = default(
        "specific consumption of the reference compressor", unit="kWh/Nm3", per=equipment, limits=SPECIFIC_LIMITS
    )
    EF = electricity_factor()
    EC_RE = intermediate(
        choose(
            form,
            {
                EFFICIENCIES: at_reference_efficiency(EC_PJ, eta_PJ, eta_RE),
                SPECIFIC: at_reference_consumption(EC_PJ, SEC_RE, SEC_PJ),
            },
        ),
        "electricity consumption of the reference equipment",
        unit="MWh",
        per=equipment,
    )
    RE = result(total(EC_RE * EF, over=equipment), "reference emissions")
    PE = result(total(EC_PJ * EF, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = MotorDrivenEquipment
