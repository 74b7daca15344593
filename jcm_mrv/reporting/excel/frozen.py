"""What treatments were decided on: where a reading changes afterwards, the workbook says that they no longer fit.

A correction that is a part of what a month measured moves with it, and so does
a value that takes the place of a whole month. What was estimated from other
months or another source, or is a part of a month by its hours, was decided for
the readings as they were: only a new calculation can decide it again.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.utility import xl_col_to_name

from jcm_mrv.quantities.expression import Defined
from jcm_mrv.reporting.excel.graph import ClaimGraph
from jcm_mrv.reporting.excel.layout import quoted
from jcm_mrv.reporting.excel.reported import ChainBlocks
from jcm_mrv.reporting.excel.sheet import Sheet

_SAME = "1E-9"
_MOVES = ("override",)


def freeze(sheets: Mapping[str, Sheet], graph: ClaimGraph, one: ChainBlocks) -> str:
    """Write beside the slices of a chain what they measured when treatments were decided; the check above, if any.

    Empty where every treatment moves with the readings.
    """
    chain = one.chain
    treated = [t for t in graph.result.treatments if t.unit == chain.unit]
    if all(_moves(t.kind, c.share, c.added) for t, c in zip(treated, chain.corrections, strict=True)):
        return ""
    table = graph.layout.tables[(chain.graph.meter_month,)]
    raw = next(n for n in table.nodes if isinstance(n, Defined) and n.symbol == "E_raw")
    sheet, column = sheets[table.sheet], table.width
    sheet.heading(table.top + 1, [graph.t("excel_head.as_calculated")], [column])
    values = graph.evaluation[raw]
    for n, (ordinal,) in enumerate(table.rows):
        sheet.worksheet.write_number(table.first + n, column, float(values[ordinal]), sheet.styles.text)
    letter, now = xl_col_to_name(column), table.whole(raw)
    then = f"${letter}${table.first + 1}:${letter}${table.first + len(table.rows)}"
    moved = f"SUMPRODUCT(--(ABS({now}-{then})>{_SAME}*ABS({then})))=0"
    sheet.check((table.top, column), f"COUNT({then})={len(table.rows)}", moved)
    return f"{quoted(sheet.name)}!${letter}${table.top + 1}"


def _moves(kind: str, share: float, added: float) -> bool:
    """Whether a correction is right for other readings as well."""
    return share in (0.0, 1.0) if kind in _MOVES else share == 1.0 and added == 0.0
