"""Vehicles that save fuel: distance at the fuel efficiency from before the project, against the fuel used."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import (
    default,
    equipment,
    fixed,
    fuel,
    fuel_of_equipment,
    intermediate,
    monitored,
    result,
)
from jcm_mrv.methodology.shared import Fuels
from jcm_mrv.quantities.expression import at, total


class Transport(Methodology):
    """RE_p = SUM_i D_i,p / eta_RE,i x rho x NCV x EF_CO2; PE_p = SUM_i FC_i,p x rho x NCV x EF_CO2.

    eta_RE is in km per kL, per vehicle or route, from before the project. 2.5 km/L are 2,500 km/kL; so are
    40 L/100 km.
    """

    D = monitored("distance driven after the project", unit="km", per=equipment)
    FC_PJ = monitored("fuel used (not bought) after the project", unit="kL", per=equipment)
    eta_RE = fixed("fuel efficiency before the project", unit="km/kL", per=equipment, limits=(500.0, 40000.0))
    rho = default("density of the fuel", unit="t/kL", per=fuel, limits=(0.4, 1.1))
    fuels = Fuels()
    M_RE = intermediate(
        D / eta_RE * at(rho, fuel_of_equipment), "fuel of the reference vehicle", unit="t", per=equipment
    )
    M_PJ = intermediate(FC_PJ * at(rho, fuel_of_equipment), "fuel of the project vehicle", unit="t", per=equipment)
    RE = result(total(fuels.burnt(M_RE), over=equipment), "reference emissions")
    PE = result(total(fuels.burnt(M_PJ), over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = Transport
