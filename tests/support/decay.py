"""First-order decay (year, deposit year, waste type) as a graph; facts on organic waste, yearly form."""

from __future__ import annotations

from jcm_mrv.quantities.expression import Constant, Defined, Input, exp, number_of, total, where
from jcm_mrv.quantities.sets import Set

YEAR = Set("year", "y", "year")
DEPOSIT = Set("deposit year", "x", "year of deposit")
WASTE = Set("waste type", "j", "waste type")

W = Input("W", "waste kept from the site", "t", (WASTE, DEPOSIT))
K = Input("k", "decay rate", "1/yr", (WASTE,))
DOC = Input("DOC", "degradable organic carbon", "tC/t", (WASTE,))
GWP = Input("GWP_CH4", "global warming potential", "tCO2e/tCH4")
ONE_YEAR = Constant("dt", "1", "yr", "one year")
CH4_OF_C = Constant("CH4_C", "16/12", "tCH4/tC", "methane of carbon")
FACTOR = Constant("phi", "0.19125", "1", "0.85 x (1 - 0.1) x 0.5 x 0.5")
AGE = number_of(YEAR, "yr") - number_of(DEPOSIT, "yr")
DECAYED = Defined(
    "D",
    "carbon that decays in a year",
    "tC",
    where(number_of(DEPOSIT, "yr") <= number_of(YEAR, "yr"), W * DOC * exp(-K * AGE) * (1 - exp(-K * ONE_YEAR)), 0),
    (WASTE, DEPOSIT, YEAR),
)
RE = Defined(
    "RE_CH4",
    "landfill methane avoided",
    "tCO2e",
    GWP * CH4_OF_C * FACTOR * total(total(DECAYED, over=DEPOSIT), over=WASTE),
    (YEAR,),
)
