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
from dataclasses import dataclass

from jcm_mrv.methodology.limits import Limits, rising
from jcm_mrv.methodology.options import declaring
from jcm_mrv.methodology.precision import Precision as Precision
from jcm_mrv.quantities.errors import EquationError, UnitError
from jcm_mrv.quantities.expression import Constant, Defined, Input, Label, Numeric, number
from jcm_mrv.quantities.sets import Mapping, Set
from jcm_mrv.quantities.units import over_hours, over_pieces, same_dimension, times
from jcm_mrv.workbook.rows import EquipmentKey

equipment = Set("equipment", "i", "piece of project equipment")
period = Set("period", "p", "calendar-year slice of the monitoring period")
month = Set("month", "m", "month of the monitoring period")
year_of_month = Mapping("year of the month", (month,), period)

electricity_source = Set("electricity source", "s", "electricity supply of one or more pieces of equipment")
source_of_equipment = Mapping("electricity source of the equipment", (equipment,), electricity_source)

fuel = Set("fuel", "f", "fuel that project or reference equipment burns")
fuel_of_equipment = Mapping("fuel of the equipment", (equipment,), fuel)
reference_fuel_of_equipment = Mapping("fuel of the reference equipment", (equipment,), fuel)

product = Set("product", "k", "type of product")
waste = Set("waste type", "j", "type of waste")

# What is deposited in a month decays in that month and all later ones: deposits have months of their own.
deposit = Set("deposit month", "x", "month of the monitoring period in which waste was deposited")
month_of_deposit = Mapping("month of the deposit", (deposit,), month)
year_of_deposit = Mapping("year of the deposit", (deposit,), period)

# Sets of time that every methodology of a claim shares.
TIMES = (period, month, deposit)


@dataclass(frozen=True)
class GroupColumn:
    """A column of the sheet Equipment whose entries are elements of a set.

    ``mapping`` takes a piece of equipment to its entry; None where an entry
    may list several, separated by semicolons. ``otherwise`` is the column that
    holds where this one is blank.
    """

    key: EquipmentKey
    mapping: Mapping | None = None
    otherwise: EquipmentKey | None = None


# Sets whose elements are the distinct entries of columns of the Equipment sheet.
GROUPS: dict[Set, tuple[GroupColumn, ...]] = {
    electricity_source: (GroupColumn("electricity_source", source_of_equipment),),
    fuel: (
        GroupColumn("fuel", fuel_of_equipment),
        GroupColumn("reference_fuel", reference_fuel_of_equipment, otherwise="fuel"),
    ),
    product: (GroupColumn("products"),),
    waste: (GroupColumn("products"),),
}

COLUMNS: tuple[EquipmentKey, ...] = ("group", "site", "products", "fuel", "electricity_source")
"""The columns of Equipment that a methodology may take the elements of a set of its own from."""


def listed(name: str, index: str, label: str) -> Set:
    """A set of the methodology's own (routes, day types): what the column Products of Equipment lists on all rows.

    Raises EquationError where another methodology has a set of that name from elsewhere.
    """
    return _own(Set(name, index, label), GroupColumn("products"))


def grouped(name: str, index: str, label: str, column: EquipmentKey = "group") -> tuple[Set, Mapping]:
    """A set of the methodology's own (categories), and the mapping that says to which of it each piece belongs.

    Both are what a column of Equipment has on the row of the piece. Raises EquationError for a column that names
    nothing, and where another methodology has a set of that name from elsewhere.
    """
    if column not in COLUMNS:
        raise EquationError(f"set {name}: its elements may stand in {', '.join(COLUMNS)}, not in {column}")
    the_set = Set(name, index, label)
    mapping = Mapping(f"{name} of the equipment", (equipment,), the_set)
    return _own(the_set, GroupColumn(column, mapping)), mapping


def _own(the_set: Set, column: GroupColumn) -> Set:
    """Known by its name: two families may share it where both take it from the same column."""
    for other, columns in GROUPS.items():
        if other.name == the_set.name and (other, columns) != (the_set, (column,)):
            raise EquationError(f"the set {the_set.name} is there already, from the column {columns[0].key}")
    GROUPS[the_set] = (column,)
    return the_set


Per = Set | Sequence[Set] | None

SINGLE, COUNT = ("last", "highest", "lowest"), "count"
AGGREGATES = ("sum", "mean", "sample", "weighted", *SINGLE, COUNT)
"""sum: amounts that add up. mean: over time, of what is no amount (temperature, calorific value, head count).
sample: the mean of samples, each as good as another; where they say too little, the end with the lower ER.
weighted: the mean over what flowed of another parameter, at the interval of the readings.
last, highest, lowest: one single reading of the slice. count: how many entries (of kind sample) there are."""


class Monitored(Input):
    """A parameter monitored ex post; its readings are aggregated over each time slice.

    ``follows_sun``: it is generated by sunlight, so that the checks of readings look at the sun. ``same_as`` is the
    symbol of a parameter that may be the same quantity, which one meter then measures for both. A value outside
    ``limits`` (inclusive) is none that can be; ``parts``: over its first set the values are parts of one whole.
    ``weight`` is the parameter that its mean is weighted by, and ``factors`` are the two of which it is the product.
    ``counts_again``: it counts for project emissions what another parameter counts for the reference.
    """

    def __init__(
        self,
        symbol: str,
        label: str,
        unit: str,
        sets: Sequence[Set],
        aggregate: str,
        follows_sun: bool = False,
        same_as: str = "",
        precision: Precision | None = None,
        limits: Limits = (None, None),
        parts: bool = False,
        weight: Monitored | None = None,
        factors: tuple[Monitored, ...] = (),
        counts_again: bool = False,
    ) -> None:
        super().__init__(symbol, label, unit, sets)
        self.weight, self.factors, self.counts_again = weight, factors, counts_again
        self.aggregate, self.follows_sun, self.same_as = aggregate, follows_sun, same_as
        self.precision, self.limits, self.parts = precision, rising(limits, symbol or label), parts

    @property
    def unit_of_amounts(self) -> str:
        """The unit in which its meters' readings add up: its own, of a mean times hours, of samples times pieces."""
        if self.aggregate in ("mean", "weighted", *SINGLE):
            return over_hours(self.unit)
        return over_pieces(self.unit) if self.aggregate in ("sample", COUNT) else self.unit

    @property
    def rests_on(self) -> tuple[Monitored, ...]:
        """The parameters without whose readings it is none: its factors, or its weight."""
        return self.factors if self.weight is None else (self.weight,)

    @property
    def combined(self) -> bool:
        """True where it is made of single readings, and not of what its meters come to."""
        return bool(self.rests_on) or self.aggregate in (*SINGLE, COUNT)


class Duration(Input):
    """Time for which equipment was in operation in each slice, from the dates on Equipment; it is never typed in."""


class Fixed(Input):
    """A project-specific parameter fixed ex ante.

    Values outside ``limits`` (inclusive) are refused, whoever gives them: the project, or the card.
    """

    def __init__(self, symbol: str, label: str, unit: str, sets: Sequence[Set], limits: Limits) -> None:
        super().__init__(symbol, label, unit, sets)
        self.limits = rising(limits, symbol or label)


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


@declaring
def monitored(
    label: str,
    *,
    unit: str,
    per: Per = None,
    aggregate: str = "sum",
    each: Set = period,
    follows_sun: bool = False,
    same_as: str = "",
    precision: Precision | None = None,
    limits: Limits = (None, None),
    parts: bool = False,
    weight: Monitored | None = None,
    counts_again: bool = False,
    symbol: str = "",
) -> Monitored:
    """A parameter monitored ex post, per set element and time slice.

    ``aggregate`` is what its readings come to in each slice: their ``sum``, or for what is no amount the ``mean`` over
    the time in which what it belongs to is in operation (see :data:`AGGREGATES`). ``weight``: the monitored sum, over
    the same sets, that a mean is weighted by at the interval of the readings.
    ``same_as``: the symbol of another one of which the methodology needs the amount twice, for what is credited once
    (generation in a factor, and as a weight of that factor); one meter may then measure both. ``precision``: what a
    mean of samples has to reach, 90/10 where nothing is said. ``limits``: what its value can be, in its unit, as
    (least, greatest). ``parts``: over its first set it is the parts of one whole (the types of a mixture), which are
    together at most 1. ``counts_again``: what it counts for project emissions (waste that is composted) is counted by
    another parameter for the reference (waste that is not dumped), so that one meter may measure both.

    Raises EquationError for an aggregate that is not known, a precision of what is no mean of samples, limits that do
    not rise, and parts that are no share of anything.
    """
    if aggregate not in AGGREGATES:
        raise EquationError(f"{symbol or label}: aggregate {aggregate!r} is not one of {', '.join(AGGREGATES)}")
    if precision is not None and not (isinstance(precision, Precision) and aggregate == "sample"):
        raise EquationError(
            f"{symbol or label}: precision={precision!r} with aggregate={aggregate!r}; a precision such as "
            'Precision(confidence=95, within=15) goes with aggregate="sample"'
        )
    if precision is None and aggregate == "sample":
        precision = Precision()
    if (weight is not None) != (aggregate == "weighted"):
        raise EquationError(f'{symbol or label}: weight= and aggregate="weighted" go together')
    if aggregate == COUNT and unit != "1":
        raise EquationError(f"{symbol or label}: a count has the unit 1, not {unit}")
    if parts and (unit != "1" or per is None):
        raise EquationError(f"{symbol or label}: parts=True is for shares, with the unit 1 and a set in per=")
    sets = _with_time(symbol or label, per, each)
    if weight is not None and (weight.sets != sets or weight.aggregate != "sum" or weight.factors):
        raise EquationError(
            f"{symbol or label}: its weight {weight.symbol or weight.label} is a monitored sum over the same sets"
        )
    return Monitored(
        symbol, label, unit, sets, aggregate, follows_sun, same_as, precision, limits, parts, weight,
        counts_again=counts_again,
    )  # fmt: skip


@declaring
def product_of(
    first: Monitored, second: Monitored, label: str, *, unit: str, limits: Limits = (None, None), symbol: str = ""
) -> Monitored:
    """The product of two monitored parameters at each reading, summed over the slice.

    Of an amount and a mean (water that flowed times its temperature difference), or of two means, times the hours of
    each interval (a squared current, in A**2*h). It has no monitoring point of its own: those of its factors make it.
    Neither a product of the sums nor of the means is the same thing.

    Raises EquationError for factors over unlike sets, for a second one that is no mean, and for a unit that is not
    that of the product.
    """
    name = symbol or label
    if first.aggregate not in ("sum", "mean") or second.aggregate != "mean" or first.factors:
        raise EquationError(
            f"{name}: a product at the interval of the readings is of a monitored sum or mean, and a monitored mean; "
            "two amounts of an interval would give a number that depends on how long it is"
        )
    if first.sets != second.sets:
        raise EquationError(f"{name}: the factors of a product vary over the same sets")
    made = times(first.unit_of_amounts, second.unit)
    if not same_dimension(unit, made):
        raise UnitError(f"{name}: the product is in {made}, which is not {unit}", found=made, expected=unit)
    return Monitored(symbol, label, unit, first.sets, "sum", limits=limits, factors=(first, second))


@declaring
def in_operation(label: str, *, unit: str = "h", each: Set = period, symbol: str = "") -> Duration:
    """How long each piece of equipment was in operation, from its dates on the sheet Equipment."""
    return Duration(symbol, label, unit, (equipment, each))


@declaring
def fixed(
    label: str,
    *,
    unit: str,
    per: Per = None,
    limits: Limits = (None, None),
    each: Set | None = None,
    symbol: str = "",
) -> Fixed:
    """A project-specific parameter fixed ex ante; with ``each`` it has a value of each calendar year or month."""
    return Fixed(symbol, label, unit, _with_time(symbol or label, per, each), limits)


@declaring
def default(
    label: str,
    *,
    unit: str,
    per: Per = None,
    by: Fixed | None = None,
    limits: Limits = (None, None),
    each: Set | None = None,
    symbol: str = "",
) -> Default:
    """A value that the methodology gives on its card, or, where the card has none, the project with its document.

    With ``each`` it has a value of each calendar year, or of each month, such as a factor that is published anew.

    Raises EquationError where ``by`` decides the class of more elements than the value is declared for.
    """
    if by is not None and (missing := [s.name for s in by.sets if s not in _sets(symbol or label, per)]):
        raise EquationError(
            f"{symbol or label}: its class is decided by {by.symbol or by.label}, which varies over "
            f"{', '.join(missing)}; declare it with per={', '.join(missing)} too"
        )
    return Default(symbol, label, unit, _with_time(symbol or label, per, each), limits, by)


@declaring
def switch(label: str, choices: Sequence[str], *, per: Per = None, set_by: str = "project", symbol: str = "") -> Switch:
    """A labelled choice; only the inputs of the chosen branch are required."""
    return Switch(symbol, label, choices, _sets(symbol or label, per), set_by)


@declaring
def constant(written: str, *, unit: str, label: str, source: str, symbol: str = "") -> Constant:
    """A named constant that keeps its written form (``44/12``)."""
    return Constant(symbol, written, unit, label, source)


@declaring
def intermediate(equation: Numeric, label: str, *, unit: str, per: Per = None, symbol: str = "") -> Defined:
    """A quantity defined on the way; time follows from what it is built from."""
    expression = number(equation)
    time = tuple(s for s in (month, period) if s in expression.sets)
    return Defined(symbol, label, unit, expression, (*_sets(symbol or label, per), *time))


@declaring
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


def _with_time(name: str, per: Per, each: Set | None) -> tuple[Set, ...]:
    sets = _sets(name, per)
    return sets if each is None else (*sets, each)


def _sets(name: str, per: Per) -> tuple[Set, ...]:
    """What a quantity varies over besides time. Raises EquationError for time, and for a set that is there twice."""
    sets = () if per is None else (per,) if isinstance(per, Set) else tuple(per)
    if time := [str(s) for s in sets if s in (period, month)]:
        raise EquationError(
            f"{name}: {' and '.join(time)} in per=, which is of what is not time; the time slice is each= of what is "
            "monitored, fixed or a default, and intermediate() takes it from its equation"
        )
    if len(set(sets)) < len(sets):
        raise EquationError(f"{name}: per={', '.join(map(str, sets))} names a set twice")
    return sets
