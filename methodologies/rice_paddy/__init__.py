"""Water management in rice paddies: methane by area, days and scaling factors, N2O of nitrogen, fuel of pumps."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import constant, default, equipment, fixed, intermediate, monitored, result, switch
from jcm_mrv.methodology.shared import Fuels
from jcm_mrv.quantities.expression import Expression, choose, total

DRY, WET = "dry", "wet"
# Scaling factors of IPCC 2019 lie between 0.05 and 3.
SCALING = (0.01, 5.0)


def methane_factor() -> Expression:
    """Emission factor of continuously flooded fields [kgCH4/(ha*d)], by season."""
    dry, wet = (
        default(f"methane of a field in the {season} season", unit="kgCH4/(ha*d)", limits=(0.0, 20.0), symbol=symbol)
        for season, symbol in ((DRY, "EF_CH4_dry"), (WET, "EF_CH4_wet"))
    )
    return choose(switch("season", (DRY, WET), per=equipment, symbol="season"), {DRY: dry, WET: wet})


class RicePaddies(Methodology):
    """CH4: SUM_i EF_CH4 x area x days x SF_w x SF_p x SF_o x GWP; N2O: N x EF_N2O x 44/28 x GWP; pumps: FC x NCV x EF.

    Both sides have the same terms. **ER_p = (RE_p - PE_p) x (1 - Ud)**, the deduction for uncertainty. A row of
    equipment is one stratum of fields in one season; its days are of that season alone.
    """

    days = monitored("days of the cultivation period", unit="d", per=equipment)
    N_RE = monitored("nitrogen applied as in the reference", unit="t", per=equipment)
    N_PJ = monitored("nitrogen applied in the project", unit="t", per=equipment)
    FC_PJ = monitored("fuel of the project's pumps", unit="t", per=equipment)
    FC_RE = fixed("fuel of the reference's pumps per day", unit="t/d", per=equipment, limits=(0.0, None))
    area = fixed("area of the stratum", unit="ha", per=equipment, limits=(0.0, None))
    SF_w_RE = default("scaling factor of the reference's water regime", unit="1", per=equipment, limits=SCALING)
    SF_w_PJ = default("scaling factor of the project's water regime", unit="1", per=equipment, limits=SCALING)
    SF_p = default("scaling factor of the pre-season water regime", unit="1", per=equipment, limits=SCALING)
    SF_o = default("scaling factor of organic amendment", unit="1", per=equipment, limits=(0.01, 10.0))
    EF_N_RE = default("N2O-N of nitrogen, continuously flooded", unit="t/t", limits=(0.0, 0.05))
    EF_N_PJ = default("N2O-N of nitrogen, drained", unit="t/t", limits=(0.0, 0.05))
    N_to_N2O = constant("44/28", unit="tN2O/t", label="N2O per nitrogen in it", source="molar masses")
    kg = constant("1e-3", unit="tCH4/kgCH4", label="tonnes per kilogram", source="by definition")
    GWP_CH4 = default("global warming potential of methane", unit="tCO2e/tCH4", limits=(20.0, 35.0))
    GWP_N2O = default("global warming potential of N2O", unit="tCO2e/tN2O", limits=(250.0, 320.0))
    Ud = default("deduction for uncertainty, as a fraction", unit="1", limits=(0.0, 1.0))
    one = constant("1", unit="1", label="one", source="by definition")
    fuels = Fuels()
    M_0 = intermediate(
        methane_factor() * area * days * SF_p * SF_o * kg,
        "methane of the fields if continuously flooded",
        unit="tCH4",
        per=equipment,
    )
    RE_unit = intermediate(
        M_0 * SF_w_RE * GWP_CH4 + N_RE * EF_N_RE * N_to_N2O * GWP_N2O + fuels.burnt(FC_RE * days),
        "reference emissions of a stratum",
        unit="tCO2e",
        per=equipment,
    )
    PE_unit = intermediate(
        M_0 * SF_w_PJ * GWP_CH4 + N_PJ * EF_N_PJ * N_to_N2O * GWP_N2O + fuels.burnt(FC_PJ),
        "project emissions of a stratum",
        unit="tCO2e",
        per=equipment,
    )
    RE = result(total(RE_unit, over=equipment), "reference emissions")
    PE = result(total(PE_unit, over=equipment), "project emissions")
    ER = result((RE - PE) * (one - Ud), "emission reductions")


METHODOLOGY = RicePaddies
