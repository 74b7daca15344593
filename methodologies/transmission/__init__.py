"""Transmission lines with less resistance: the measured loss, and what the reference conductor would lose."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import default, equipment, fixed, intermediate, monitored, result
from jcm_mrv.methodology.shared import at_reference_consumption, grid_factor
from jcm_mrv.quantities.expression import total


class TransmissionLines(Methodology):
    """RE_p = SUM_i R_RE,i / R_PJ,i x (sent - received) x EF; PE_p = SUM_i (sent - received) x EF.

    The loss is a small difference of two large readings: the errors of both meters can exceed it.
    """

    E_sent = monitored("electricity sent into the line", unit="MWh", per=equipment)
    E_received = monitored("electricity received at its other end", unit="MWh", per=equipment)
    R_PJ = fixed("DC resistance of the project conductor", unit="ohm/km", per=equipment, limits=(1e-4, 10.0))
    R_RE = default("DC resistance of the reference conductor", unit="ohm/km", per=equipment, limits=(1e-4, 10.0))
    EF = grid_factor()
    L_PJ = intermediate(E_sent - E_received, "loss of the project line", unit="MWh", per=equipment)
    L_RE = intermediate(
        at_reference_consumption(L_PJ, R_RE, R_PJ), "loss of the reference line", unit="MWh", per=equipment
    )
    RE = result(total(L_RE, over=equipment) * EF, "reference emissions")
    PE = result(total(L_PJ, over=equipment) * EF, "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = TransmissionLines
