"""Main meters against the meters below them, month by month, with what remains between them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from xlsxwriter.utility import xl_rowcol_to_cell

from jcm_mrv.claim.measuring import Chain
from jcm_mrv.meters.tree import tree_of
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.expression import Defined
from jcm_mrv.reporting.excel.columns import Column, Columns
from jcm_mrv.reporting.excel.graph import ClaimGraph
from jcm_mrv.reporting.excel.sheet import Cell


@dataclass(frozen=True)
class BranchAmount:
    """A meter's month: a formula where its amount has a cell, a number where it is only compared, None: not known."""

    meter: str
    month: str
    amount: Cell | float | None
    unit: str

    @property
    def value(self) -> float:
        """The amount, NaN where it is not known."""
        shown = self.amount.value if isinstance(self.amount, Cell) else self.amount
        return shown if isinstance(shown, float) else math.nan


BRANCH_AMOUNTS: Columns[BranchAmount] = Columns(
    "meters",
    "below the tree, for each main meter and month: its amount, those of the meters directly below it, the remainder",
    (
        Column(key="meter", width=16, about="meter ID, or the remainder", cell=lambda row: row.meter),
        Column(key="month", width=16, about="month slice of the monitoring period", cell=lambda row: row.month),
        Column(
            key="amount",
            width=16,
            about="what it counted, a formula; a number where the meter is only compared; blank where not known",
            cell=lambda row: row.amount,
        ),
        Column(key="unit", width=16, about="unit of the amount", cell=lambda row: row.unit),
    ),
)
_AMOUNT = 2


def branch_amounts(graph: ClaimGraph, first: int) -> list[BranchAmount]:
    """The rows of the table, the first of which stands in the row ``first`` of its sheet, counted from 0."""
    tree, found = tree_of(graph.result.data.meters), list[BranchAmount]()
    for main in tree.mains:
        below = tree.below(main)
        chain = next((c for c in graph.result.claim.chains if {m for m, _ in c.meter_months} & {main, *below}), None)
        if chain is None:
            continue
        for month, piece in enumerate(graph.result.timeline.months):
            own = _amount(graph, chain, main, month)
            under = [_amount(graph, chain, name, month, "    ") for name in below]
            top = first + len(found)
            found += [own, *under]
            found.append(BranchAmount(graph.t("excel_text.remainder"), piece.label, _rest(own, under, top), chain.unit))
    return found


def _rest(own: BranchAmount, under: Sequence[BranchAmount], top: int) -> Cell | None:
    """The main meter less the meters below it; None where one of them is not known."""
    value = own.value - math.fsum(one.value for one in under)
    if not math.isfinite(value):
        return None
    main, first = xl_rowcol_to_cell(top, _AMOUNT), xl_rowcol_to_cell(top + 1, _AMOUNT)
    last = xl_rowcol_to_cell(top + len(under), _AMOUNT)
    complete = f"COUNT({main}:{last})={1 + len(under)}"
    return Cell(f"=IF({complete},{main}-SUM({first}:{last}),NA())", value)


def _amount(graph: ClaimGraph, chain: Chain, meter: str, month: int, indent: str = "") -> BranchAmount:
    label = graph.result.timeline.months[month].label
    shown: Cell | float | None = None
    if (meter, month) in chain.meter_months:
        ordinals = (chain.meter_months.index((meter, month)),)
        table = graph.layout.tables[(chain.graph.meter_month,)]
        raw = next(n for n in table.nodes if isinstance(n, Defined) and n.symbol == "E_raw")
        shown = Cell(f"={graph.layout.cell(raw, ordinals)}", float(graph.evaluation[raw][ordinals]))
    else:
        known = list(_read(chain, meter, month))
        shown = math.fsum(known) if known and all(map(math.isfinite, known)) else None
    return BranchAmount(indent + meter, label, shown, chain.unit)


def _read(chain: Chain, meter: str, month: int) -> Iterator[float]:
    """What was read of a meter that is not counted, in the unit of those that are; NaN where it cannot be said."""
    parts = chain.parts
    if meter not in parts.meter_ids:
        return
    own = np.flatnonzero((parts.meter == parts.meter_ids.index(meter)) & (parts.month == month))
    amounts = parts.amounts()
    for n in own.tolist():
        try:
            yield float(amounts[n]) * chain.in_unit(parts.units[int(parts.unit[n])], meter, int(parts.start[n]))
        except UnitError:
            yield math.nan
