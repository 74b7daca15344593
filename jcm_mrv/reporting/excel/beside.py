"""What stands below meters and invoices as entered: the tree of meters, billing cycles against the period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from jcm_mrv.meters.tree import Tree, tree_of
from jcm_mrv.reporting.excel.columns import Column, Columns
from jcm_mrv.result import Result

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Branch:
    """A meter in the tree: how deep it hangs, below which, and what the meters directly below it are."""

    meter: str
    depth: int
    above: str
    below: tuple[str, ...]


@dataclass(frozen=True)
class Cycle:
    """A billing cycle: its days, those of them in the monitoring period, and those since the meter's cycle before."""

    meter: str
    number: str
    start: datetime
    end: datetime
    inside: float
    since: float | None

    @property
    def days(self) -> float:
        """Length in days."""
        return (self.end - self.start) / _DAY


TREE: Columns[Branch] = Columns(
    "meters",
    "below the meters as entered, one row per meter of which it is said what it hangs below, main meters first",
    (
        Column(
            key="meter",
            width=16,
            about="meter ID, set in by depth",
            cell=lambda row: "    " * row.depth + row.meter,
        ),
        Column(key="above", width=16, about="the meter that it hangs below, or grid", cell=lambda row: row.above),
        Column(key="sub_meters", width=16, about="the meters directly below it", cell=lambda row: ", ".join(row.below)),
    ),
)
CYCLES: Columns[Cycle] = Columns(
    "invoices",
    "below the invoices as entered, one row per billing cycle of a meter, in order of time",
    (
        Column(key="meter", width=12, about="meter ID", cell=lambda row: row.meter),
        Column(key="document", width=24, about="number of the invoice", cell=lambda row: row.number),
        Column(key="from", width=18, about="beginning", cell=lambda row: f"{row.start:%Y-%m-%d %H:%M}"),
        Column(key="to", width=18, about="end; it does not count", cell=lambda row: f"{row.end:%Y-%m-%d %H:%M}"),
        Column(key="days", width=10, about="its length in days", cell=lambda row: row.days),
        Column(key="days_inside", width=10, about="days of it in the monitoring period", cell=lambda row: row.inside),
        Column(
            key="days_since",
            width=10,
            about="days since the end of the cycle before: 0 where they follow each other, less where they overlap",
            cell=lambda row: row.since,
        ),
    ),
)


def branches(result: Result) -> Iterator[Branch]:
    """The tree of meters from the top."""
    tree = tree_of(result.data.meters)
    for name, above in tree.above.items():
        if not above or above not in tree.above:
            yield from _branch(tree, name, 0)


def _branch(tree: Tree, name: str, depth: int) -> Iterator[Branch]:
    yield Branch(name, depth, tree.above.get(name, "") or "grid", tree.below(name))
    for below in tree.below(name):
        yield from _branch(tree, below, depth + 1)


def cycles(result: Result) -> list[Cycle]:
    """The billing cycles by meter in order of time; several tariffs of one cycle are one row."""
    first = datetime.combine(result.start, datetime.min.time())
    last = datetime.combine(result.end, datetime.min.time()) + _DAY
    spans = {
        (row.meter_id, row.start, row.end): row.invoice_no
        for row in result.data.invoices
        if row.start is not None and row.end is not None and row.start < row.end
    }
    found: list[Cycle] = []
    for (meter, start, end), number in sorted(spans.items(), key=lambda one: one[0]):
        before = found[-1] if found and found[-1].meter == meter else None
        inside = max(min(end, last) - max(start, first), timedelta()) / _DAY
        found.append(Cycle(meter, number, start, end, inside, None if before is None else (start - before.end) / _DAY))
    return found
