"""The words a methodology is written in.

A methodology is a class whose attributes are quantities and equations, named
by the symbols of its document::

    class SolarPV(Methodology):
        EG = monitored("electricity generated", unit="MWh", per=equipment)
        ...
        RE = result(total(EG * EF_RE, over=equipment), "reference emissions", unit="tCO2e")

Time is not written: what is monitored varies over the calendar-year slices of
the monitoring period (or over its months with ``each=month``), a result
always varies over the year slices.
"""

from __future__ import annotations

from collections.abc import Sequence

from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.expression import Constant, Defined, Input, Label, Numeric, number
from jcm_mrv.quantities.sets import Mapping, Set

equipment = Set("equipment", "i", "piece of project equipment")
period = Set("period", "p", "calendar-year slice of the monitoring period")
month = Set("month", "m", "month of the monitoring period")
year_of_month = Mapping("year of the month", (month,), period)

electricity_source = Set("electricity source", "s", "electricity supply of one or more pieces of equipment")
source_of_equipment = Mapping("electricity source of the equipment", (equipment,), electricity_source)

# Sets whose elements are the distinct entries of a column of the Equipment sheet.
GROUPS: dict[Set, tuple[str, Mapping]] = {electricity_source: ("electricity_source", source_of_equipment)}

Per = Set | Sequence[Set] | None
Limits = tuple[float | None, float | None]

AGGREGATES = ("sum",)


class Monitored(Input):
    """A parameter monitored ex post; its readings are aggregated over each time slice."""

    def __init__(self, symbol: str, label: str, unit: str, sets: Sequence[Set], aggregate: str) -> None:
        super().__init__(symbol, label, unit, sets)
        self.aggregate = aggregate


class Fixed(Input):
    """A project-specific parameter fixed ex ante. Values outside ``limits`` (inclusive) are refused."""

    def __init__(self, symbol: str, label: str, unit: str, sets: Sequence[Set], limits: Limits) -> None:
        super().__init__(symbol, label, unit, sets)
        self.limits = limits


class Default(Fixed):
    """A value that the methodology gives, on its card; the project may confirm or replace it.

    ``by`` names the fixed parameter that decides the class where the card
    holds a table instead of one value.
    """

    def __init__(
        self, symbol: str, label: str, unit: str, sets: Sequence[Set], limits: Limits, by: Fixed | None
    ) -> None:
        super().__init__(symbol, label, unit, sets, limits)
        self.by = by


class Switch(Label):
    """A choice: by the project (``set_by="project"``), or by the card where the text leaves it open."""

    def __init__(self, symbol: str, label: str, choices: Sequence[str], sets: Sequence[Set], set_by: str) -> None:
        super().__init__(symbol, label, choices, sets)
        self.set_by = set_by


class Result(Defined):
    """An emission quantity of the methodology by year slice (RE, PE, ER and their like)."""


def monitored(
    label: str, *, unit: str, per: Per = None, aggregate: str = "sum", each: Set = period, symbol: str = ""
) -> Monitored:
    """A parameter monitored ex post, per set element and time slice.

    Raises EquationError for an aggregate that is not known.
    """
    if aggregate not in AGGREGATES:
        raise EquationError(f"{symbol or label}: aggregate {aggregate!r} is not one of {', '.join(AGGREGATES)}")
    return Monitored(symbol, label, unit, (*_sets(per), each), aggregate)


def fixed(label: str, *, unit: str, per: Per = None, limits: Limits = (None, None), symbol: str = "") -> Fixed:
    """A project-specific parameter fixed ex ante."""
    return Fixed(symbol, label, unit, _sets(per), limits)


def default(
    label: str,
    *,
    unit: str,
    per: Per = None,
    by: Fixed | None = None,
    limits: Limits = (None, None),
    symbol: str = "",
) -> Default:
    """A value that the methodology gives on its card, or, where the card has none, the project with its document."""
    return Default(symbol, label, unit, _sets(per), limits, by)


def switch(label: str, choices: Sequence[str], *, per: Per = None, set_by: str = "project", symbol: str = "") -> Switch:
    """A labelled choice; only the inputs of the chosen branch are required."""
    return Switch(symbol, label, choices, _sets(per), set_by)


def constant(written: str, *, unit: str, label: str, source: str, symbol: str = "") -> Constant:
    """A named constant that keeps its written form (``44/12``)."""
    return Constant(symbol, written, unit, label, source)


def intermediate(equation: Numeric, label: str, *, unit: str, per: Per = None, symbol: str = "") -> Defined:
    """A quantity defined on the way; time follows from what it is built from."""
    expression = number(equation)
    time = tuple(s for s in (month, period) if s in expression.sets)
    return Defined(symbol, label, unit, expression, (*_sets(per), *time))


def result(equation: Numeric, label: str, *, unit: str = "tCO2e", symbol: str = "") -> Result:
    """A result by year slice."""
    return Result(symbol, label, unit, equation, (period,))


def co2_as_co2e() -> Constant:
    """The global warming potential of CO2, which every CO2 factor passes on its way to tCO2e."""
    return constant(
        "1",
        unit="tCO2e/tCO2",
        label="global warming potential of CO2",
        source="1 by definition (IPCC assessment reports)",
        symbol="GWP_CO2",
    )


def _sets(per: Per) -> tuple[Set, ...]:
    if per is None:
        return ()
    return (per,) if isinstance(per, Set) else tuple(per)
