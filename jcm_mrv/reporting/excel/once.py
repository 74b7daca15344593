"""Every reading stands in one cell: where it is used again, a formula refers to it.

A register's closing reading opens what follows, and a reading that is cut at
a month's end is in a row for each month. Typed twice, a corrected reading
would move the tonnes by an amount that never flowed.
"""

from __future__ import annotations

from collections.abc import Iterator

from jcm_mrv.claim.measuring import Chain
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.expression import Input
from jcm_mrv.reporting.excel.graph import ClaimGraph
from jcm_mrv.reporting.excel.sheet import Replaced


def repeated(graph: ClaimGraph) -> Replaced:
    """The formulas of cells that hold a reading which stands in a cell already; call when tables are placed."""
    first: dict[tuple[str, Origin, float], str] = {}
    formulas: Replaced = {}
    for chain in graph.result.claim.chains:
        table = graph.layout.tables[chain.graph.E.sets]
        for role, node, row, origin in _read(chain):
            if node not in table.columns or not origin.cell:
                continue
            value = float(chain.values[node][row])
            own = graph.layout.cell(node, (row,))
            if (cell := first.setdefault((role, origin, value), own)) != own:
                formulas[node, (row,)] = f"={cell}"
    return formulas


def _read(chain: Chain) -> Iterator[tuple[str, Input, int, Origin]]:
    """Each value that was read off an instrument, in the order of the rows, with its role; sums of logs are not.

    What closes a register opens it: one role. The numbers of a row of stocks
    have an origin together, and roles of their own.
    """
    graph, parts = chain.graph, chain.parts
    for row, part in enumerate(chain.rows.tolist()):
        if parts.source[part] >= 0:
            continue
        read, earlier = parts.origins[part], parts.opening_origins[part]
        if parts.kind[part] == SegmentKind.STOCK:
            yield from ((n.symbol, n, row, read) for n in (graph.S_open, graph.S_in, graph.S_close))
        elif parts.kind[part] == SegmentKind.REGISTER:
            yield from (("register", graph.V_open, row, earlier), ("register", graph.V_close, row, read))
        else:
            yield "amount", graph.V, row, read
