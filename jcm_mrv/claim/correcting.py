"""A claim with corrections of what its meters measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim, Parameter
from jcm_mrv.claim.corrections import Correction, CorrectionGraph
from jcm_mrv.claim.measuring import Chain, Origins
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.expression import Defined, Named
from jcm_mrv.quantities.graph import Rebuild
from jcm_mrv.quantities.sets import Space


def corrected(claim: Claim, rows: Sequence[Correction]) -> Claim:
    """The claim with corrections in place of the inputs E_corr that they belong to.

    Chains without a correction keep their input, which is zero. The claim that
    is given stays as it is; it must hold no correction yet.
    """
    tables = [_table(chain, [row for row in rows if row.unit == chain.unit]) for chain in claim.chains]
    kept: dict[int, Named] = {}
    for table in tables:
        # What was measured is not above a correction: it stays the same node, in chains without one as well.
        graph = table.chain.graph
        measured: tuple[Named, ...] = (graph.E_raw, graph.H, graph.H_year)
        kept |= {id(node): node for node in measured}
        if table.graph is not None:
            kept[id(table.chain.graph.E_corr)] = table.graph.E_corr
    if not rows:
        return claim
    space, values, origins = claim.space.copy(), dict(claim.values), dict(claim.origins)
    for table in tables:
        table.bind(space, values, origins)
    return _rebuilt(
        replace(claim, space=space, values=values, origins=origins),
        tables,
        Rebuild(lambda node: kept.get(id(node), None if node.operands else node)),
    )


@dataclass(frozen=True, eq=False)
class _Table:
    """A chain with its rows of corrections, and their equations where there are any."""

    chain: Chain
    rows: tuple[Correction, ...]
    graph: CorrectionGraph | None

    def bind(self, space: Space, values: dict[Named, Numbers], origins: Origins) -> None:
        """Put elements, values and origins of the rows into what a new claim is made of."""
        graph, rows = self.graph, self.rows
        if graph is None:
            return
        space.add(graph.correction, [f"{row.label} #{n + 1}" for n, row in enumerate(rows)])
        space.map(graph.month_of, [row.slice for row in rows])
        values[graph.s] = np.array([row.share for row in rows], dtype=np.float64)
        values[graph.f] = np.array([row.relative for row in rows], dtype=np.float64)
        values[graph.d] = np.array([row.added for row in rows], dtype=np.float64)
        places: dict[tuple[int, ...], Origin] = {(n,): row.origin for n, row in enumerate(rows)}
        origins |= dict.fromkeys((graph.s, graph.f, graph.d), places)


def _table(chain: Chain, rows: Sequence[Correction]) -> _Table:
    return _Table(chain, tuple(rows), CorrectionGraph(chain.graph) if rows else None)


def _rebuilt(claim: Claim, tables: Sequence[_Table], rebuild: Rebuild) -> Claim:
    """Every node above a correction anew, wherever the claim keeps it; leaves stay the same nodes."""
    chains = {
        id(t.chain): replace(
            t.chain, graph=t.chain.graph.rebuilt(rebuild), corrections=t.rows, correction_graph=t.graph
        )
        for t in tables
    }
    bounds = {id(bound): _bound(bound, rebuild) for bound in claim.bounds}

    def parameter(one: Parameter) -> Parameter:
        return replace(one, bound=bounds[id(one.bound)], chain=chains[id(one.chain)], defined=rebuild(one.defined))

    return replace(
        claim,
        bounds=tuple(bounds[id(bound)] for bound in claim.bounds),
        chains=tuple(chains[id(chain)] for chain in claim.chains),
        parameters=tuple(parameter(one) for one in claim.parameters),
        RE=rebuild(claim.RE),
        PE=rebuild(claim.PE),
        LE=None if claim.LE is None else rebuild(claim.LE),
        ER=rebuild(claim.ER),
        total_ER=rebuild(claim.total_ER),
    )


def _bound(bound: Bound, rebuild: Rebuild) -> Bound:
    nodes = [rebuild(n) if isinstance(n, Defined) else n for n in bound.nodes]
    re, pe, er = rebuild(bound.RE), rebuild(bound.PE), rebuild(bound.ER)
    le = None if bound.LE is None else rebuild(bound.LE)
    return replace(bound, RE=re, PE=pe, LE=le, ER=er, nodes=tuple(nodes))
