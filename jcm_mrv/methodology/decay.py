"""Methane of a disposal site by first-order decay: what organic waste kept from it would have emitted.

After CDM TOOL04 (read in secondary sources): a share 1 - e^(-k Δt) of what is
not decayed yet decays in each step of time Δt. The card names the step:
months counted from the start of the monitoring period, or calendar years.
The yearly step lets everything that is deposited in a year decay for the
whole of it, which overstates the first years (food waste in the wet tropics:
+74 % in the first), and needs a monitoring period of whole calendar years.

What was kept away before the monitoring period and is not decayed yet goes on
decaying; for an exponential its remaining mass says as much as its history.
The mass that remains at the end is the opening mass of the next period.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jcm_mrv.methodology.declare import (
    Default,
    Monitored,
    Precision,
    Switch,
    constant,
    default,
    deposit,
    fixed,
    intermediate,
    monitored,
    month,
    month_of_deposit,
    period,
    switch,
    waste,
    year_of_deposit,
    year_of_month,
)
from jcm_mrv.quantities.expression import Constant, Defined, Expression, at, choose, exp, number_of, total, where

CLIMATES = ("tropical wet", "tropical dry", "temperate wet", "temperate dry")
SITES = ("managed anaerobic", "managed semi-aerobic", "unmanaged deep", "unmanaged shallow")
BY_MONTH, BY_YEAR = "months", "calendar years"
WEIGHED, SAMPLED = "weighed by type", "sampled"
# CDM TOOL04 asks for a range of at most 20 % at 95 % confidence; where it was read is unknown.
SAMPLES_OF_WASTE = Precision(confidence=95.0, within=20.0)
NOTHING_BEFORE, REMAINING = "nothing", "remaining mass"

FRACTION = (0.0, 1.0)


@dataclass(frozen=True)
class LandfillMethane:
    """Waste kept from the site ``W`` [t, by type and month] and the methane avoided ``RE_CH4`` [tCO2e by year].

    ``CH4_max`` is the methane of all carbon that decomposes without air [tCH4/tC], ``GWP_CH4`` its warming potential.
    """

    W: Monitored
    RE_CH4: Defined
    CH4_max: Defined
    GWP_CH4: Default


def landfill_methane() -> LandfillMethane:
    """RE_CH4 = phi (1-f_y) (1-OX) F DOC_f MCF 16/12 GWP_CH4 x carbon that would have decayed in the year."""
    weighed = monitored(
        "organic waste kept from the disposal site, wet, by type", unit="t", per=waste, each=month, symbol="W"
    )
    whole_waste = monitored(
        "waste kept from the disposal site, wet, of all types", unit="t", each=month, symbol="W_all"
    )
    share = monitored(
        "share of a type in the waste, wet",
        unit="1",
        per=waste,
        aggregate="sample",
        precision=SAMPLES_OF_WASTE,
        limits=FRACTION,
        parts=True,
        symbol="p",
    )
    composition = switch("how the types of waste are known", (WEIGHED, SAMPLED), symbol="composition")
    kept = intermediate(
        choose(composition, {WEIGHED: weighed, SAMPLED: whole_waste * at(share, year_of_month)}),
        "organic waste kept from the disposal site, by type",
        unit="t",
        per=waste,
        symbol="W_j",
    )
    climate = switch("climate of the disposal site", CLIMATES, symbol="climate")
    decayed = _carbon_decayed(kept, climate)
    wet, dry = (
        default(f"model correction where disposal is avoided, {name} climate", unit="1", limits=FRACTION, symbol=symbol)
        for name, symbol in (("wet", "phi_wet"), ("dry", "phi_dry"))
    )
    phi = choose(climate, {name: wet if name.endswith("wet") else dry for name in CLIMATES})
    captured = default("share of methane captured at the site anyway", unit="1", limits=FRACTION, symbol="f_y")
    oxidised = default("share of methane oxidised in the cover", unit="1", limits=FRACTION, symbol="OX")
    in_gas = default("share of methane in landfill gas", unit="tC/tC", limits=FRACTION, symbol="F")
    decomposing = default("share of degradable carbon that decomposes", unit="tC/tC", limits=FRACTION, symbol="DOC_f")
    gwp = default("global warming potential of methane", unit="tCO2e/tCH4", limits=(20.0, 35.0), symbol="GWP_CH4")
    one = constant("1", unit="1", label="one", source="by definition", symbol="one")
    whole = intermediate(
        in_gas * decomposing * _methane_of_carbon(),
        "methane per degradable carbon where no air comes to it",
        unit="tCH4/tC",
        symbol="CH4_max",
    )
    factor = intermediate(
        phi * (one - captured) * (one - oxidised) * _site() * whole * gwp,
        "avoided emissions per carbon that decays",
        unit="tCO2e/tC",
        symbol="m_C",
    )
    avoided = intermediate(
        factor * total(decayed, over=waste), "methane of the disposal site avoided", unit="tCO2e", symbol="RE_CH4"
    )
    return LandfillMethane(weighed, avoided, whole, gwp)


def _methane_of_carbon() -> Constant:
    """Methane per carbon in it [tCH4/tC], by molar masses."""
    return constant("16/12", unit="tCH4/tC", label="methane per carbon in it", source="molar masses", symbol="CH4_C")


def _site() -> Expression:
    """Methane correction factor by kind of disposal site."""
    site = switch("kind of the disposal site", SITES, symbol="site")
    symbols = ("MCF_anaerobic", "MCF_semi", "MCF_deep", "MCF_shallow")
    factors = {
        name: default(f"methane correction factor, {name}", unit="1", limits=FRACTION, symbol=symbol)
        for name, symbol in zip(SITES, symbols, strict=True)
    }
    return choose(site, factors)


def _carbon_decayed(kept: Defined, climate: Switch) -> Defined:
    """Carbon that would have decayed at the site [tC], by type of waste and year."""
    rates = {
        name: default(f"decay rate, {name}", unit="1/yr", per=waste, limits=(0.0, 2.0), symbol=f"k_{_short(name)}")
        for name in CLIMATES
    }
    k = intermediate(choose(climate, rates), "decay rate", unit="1/yr", per=waste, symbol="k")
    carbon = default("degradable organic carbon of wet waste", unit="tC/t", per=waste, limits=FRACTION, symbol="DOC")
    before = _earlier_waste(k)
    step = switch("step of time of the decay", (BY_MONTH, BY_YEAR), set_by="card", symbol="step")
    deposited = intermediate(
        at(kept, month_of_deposit), "waste of a month of deposit", unit="t", per=(waste, deposit), symbol="W_dep"
    )
    by_month = total(_by_month(deposited, k, before), by=year_of_month)
    return intermediate(
        carbon * choose(step, {BY_MONTH: by_month, BY_YEAR: _by_year(deposited, k, before)}),
        "degradable carbon of what would have decayed",
        unit="tC",
        per=waste,
        symbol="C",
    )


def _earlier_waste(k: Defined) -> Callable[[Expression], Expression]:
    """What is left of the mass that remained at the start [t], by the years since then."""
    opening = switch("waste kept away before the monitoring period", (NOTHING_BEFORE, REMAINING), symbol="opening")
    remaining = fixed(
        "wet mass kept away earlier and not decayed at the start", unit="t", per=waste, limits=(0.0, None), symbol="W_0"
    )
    return lambda years: choose(opening, {NOTHING_BEFORE: 0, REMAINING: remaining * exp(-k * years)})


def _by_month(deposited: Defined, k: Defined, before: Callable[[Expression], Expression]) -> Defined:
    """Wet mass that decays in a month [t]: what is there less what remains at its end."""
    length = constant("1/12", unit="yr", label="one month", source="by definition", symbol="dt")
    first = constant("1", unit="1", label="number of the first month", source="by definition", symbol="m_1")
    now, then = number_of(month), number_of(deposit)
    left = _left("R", where(then <= now, deposited * exp(-k * (now - then) * length), 0))
    there = total(left, over=deposit) + before((now - first) * length)
    mass = intermediate(there, "not decayed, this month's waste included", unit="t", per=waste, symbol="S")
    rest = intermediate(
        mass * exp(-k * length), "not decayed at the end of the month", unit="t", per=waste, symbol="S_end"
    )
    return intermediate(mass - rest, "would have decayed in the month", unit="t", per=waste, symbol="D")


def _by_year(deposited: Defined, k: Defined, before: Callable[[Expression], Expression]) -> Defined:
    """Wet mass that decays in a calendar year [t]: what is there less what remains at its end."""
    length = constant("1", unit="yr", label="one year", source="by definition", symbol="dt_yr")
    start = fixed("calendar year at whose start the earlier waste remained", unit="yr", symbol="y_0")
    now = number_of(period, "yr")
    then = intermediate(at(now, year_of_deposit), "calendar year of the deposit", unit="yr", per=deposit, symbol="y")
    left = _left("R_yr", where(then <= now, deposited * exp(-k * (now - then)), 0))
    there = total(left, over=deposit) + before(now - start)
    mass = intermediate(there, "not decayed, this year's waste included", unit="t", per=waste, symbol="S_yr")
    rest = intermediate(
        mass * exp(-k * length), "not decayed at the end of the year", unit="t", per=waste, symbol="S_yr_end"
    )
    return intermediate(mass - rest, "would have decayed in the year", unit="t", per=waste, symbol="D_yr")


def _left(symbol: str, equation: Expression) -> Defined:
    """What is left of each deposit [t]; deposits run fastest, so that a spreadsheet adds up cells that touch."""
    return intermediate(equation, "what is left of a deposit", unit="t", per=(waste, deposit), symbol=symbol)


def _short(climate: str) -> str:
    return climate.replace(" ", "_")
