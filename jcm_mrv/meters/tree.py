"""The tree of meters: which place of metering hangs below which, from the column Below of the sheet Meters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import same_dimension
from jcm_mrv.words import say
from jcm_mrv.workbook.rows import MeterRow
from jcm_mrv.workbook.schema import GRID, fold

BELOW = Code("meters.below", Severity.ERROR, "The column Below makes no tree of the meters.")


@dataclass(frozen=True)
class Tree:
    """For each meter of which it is stated the one that it hangs below; '' for the grid."""

    above: Mapping[str, str] = field(default_factory=dict)

    def below(self, meter: str) -> tuple[str, ...]:
        """The meters that hang directly below a meter, in the order of the sheet."""
        return tuple(name for name, other in self.above.items() if other == meter)

    def branch(self, meter: str) -> Iterator[str]:
        """Every meter below a meter, each after the one that it hangs below."""
        for name in self.below(meter):
            yield name
            yield from self.branch(name)

    def path(self, meter: str) -> Iterator[str]:
        """The meters above a meter, the nearest first."""
        while meter := self.above.get(meter, ""):
            yield meter

    @property
    def mains(self) -> tuple[str, ...]:
        """The meters that have others below them, in the order of the sheet."""
        return tuple(dict.fromkeys(name for name in self.above.values() if name))


def read_tree(rows: Sequence[MeterRow]) -> tuple[Tree, list[Finding]]:
    """The tree, without what would make a circle of it, and what is wrong with it."""
    known = {row.meter_id: row for row in rows}
    above: dict[str, str] = {}
    findings: list[Finding] = []
    for row in rows:
        stated = row.below.strip()
        name = "" if fold(stated) == GRID else stated
        if not stated or (name and name not in known):
            continue  # what stands on no row of the sheet has been named by the reader of the workbook
        problem = _problem(row, name, above, known)
        if problem:
            action = say('Name the meter that this one hangs below, of the same kind of quantity, or "grid".')
            findings.append(BELOW(problem, row.origin("below"), found=stated, action=action))
        else:
            above[row.meter_id] = name
    return Tree(above), findings


def _problem(row: MeterRow, name: str, above: Mapping[str, str], known: Mapping[str, MeterRow]) -> str:
    own = row.meter_id
    if above.get(own, name) != name:
        return say(
            "meter {own} hangs below {name} here and below {above} in another row",
            own=own,
            name=name or "the grid",
            above=above[own] or "the grid",
        )
    if name and (name == own or own in Tree(above).path(name)):
        return say("meter {own} would hang below itself", own=own)
    if name and not same_kind(row.unit, known[name].unit):
        return say(
            "meter {own} counts in {row_unit}, the meter that it hangs below in {unit}",
            own=own,
            row_unit=row.unit,
            unit=known[name].unit,
        )
    return ""


def same_kind(unit: str, other: str) -> bool:
    """True where two units are of one kind of quantity, or one is none: the reader of the workbook has named that."""
    try:
        return same_dimension(unit, other)
    except UnitError:
        return True


def tree_of(rows: Iterable[MeterRow]) -> Tree:
    """The tree of rows whose faults have been named."""
    return read_tree(list(rows))[0]
