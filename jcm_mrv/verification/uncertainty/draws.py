"""ER for many cases at once, on the claim's own graph; a case changes meters and fixed values by shares of themselves.

Every quantity that such a change reaches varies over one more set, the cases; the rest of the graph is as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from jcm_mrv.arrays import Numbers, Ordinals
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Expression, Input, Named, Node
from jcm_mrv.quantities.graph import Rebuild, walk
from jcm_mrv.quantities.sets import Set
from jcm_mrv.verification.sensitivity import Sensitivity

CASE = Set("case", "d", "case of an uncertainty")
_ROOM = 4_000_000
"""Numbers of the largest quantity that are held at once."""


class Cases:
    """ER of cases: ``names`` are meters and symbols of fixed values, in the order of the columns of shares."""

    def __init__(self, sensitivity: Sensitivity, meters: Sequence[str], symbols: Sequence[str]) -> None:
        self._s, self._columns = sensitivity, len(meters) + len(symbols)
        self._inputs = list(self._of_meters(meters)) + list(self._of_symbols(symbols, len(meters)))
        places: dict[int, Node] = {id(old): new for old, new, _ in self._inputs}
        root = Rebuild(lambda node: places.get(id(node), None if node.operands else node))(sensitivity.root)
        self._root = _over_cases(root)
        space = sensitivity.claim.space
        sizes = (math.prod(space.shape([s for s in node.sets if s != CASE])) for node in walk([self._root]))
        self._batch = max(16, _ROOM // max(1, *sizes))

    def _of_meters(self, meters: Sequence[str]) -> Iterator[tuple[Input, Input, Ordinals]]:
        """What the meters gave, by chain: for each month the column of its meter, -1 for a meter without one."""
        column = {name: n for n, name in enumerate(meters)}
        for chain, node in zip(self._s.claim.chains, self._s.used, strict=True):
            columns = np.array([column.get(meter, -1) for meter, _ in chain.meter_months], dtype=np.int64)
            yield node, _with_cases(node), columns

    def _of_symbols(self, symbols: Sequence[str], first: int) -> Iterator[tuple[Input, Input, Ordinals]]:
        """Fixed values: all elements of a symbol, in every methodology, move together."""
        for n, symbol in enumerate(symbols, start=first):
            for node in {one.node for one in self._s.fixed if one.symbol == symbol}:
                yield node, _with_cases(node), np.full(self._s.claim.space.shape(node.sets), n, dtype=np.int64)

    def reductions(self, shares: Numbers) -> Numbers:
        """ER [tCO2e] by case; ``shares`` has a row per case and a column per meter and symbol."""
        if shares.shape[1] != self._columns:
            raise ValueError(f"{shares.shape[1]} columns of shares for {self._columns} inputs")
        parts = [self._of(shares[n : n + self._batch]) for n in range(0, len(shares), self._batch)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _of(self, shares: Numbers) -> Numbers:
        space = self._s.claim.space.copy()
        space.add(CASE, [str(n) for n in range(len(shares))])
        # One column more, always 0, for what has none.
        wide = np.concatenate([shares, np.zeros((len(shares), 1))], axis=1)
        values: dict[Named, Numbers] = dict(self._s.values)
        for old, new, columns in self._inputs:
            base = np.broadcast_to(np.asarray(values[old], dtype=np.float64), space.shape(old.sets))
            values[new] = base[np.newaxis] * (1 + wide[:, columns])
        found = Evaluation([self._root], values, space)[self._root]
        return np.array(np.broadcast_to(found, (len(shares),)))


def _with_cases(node: Input) -> Input:
    return Input(node.symbol, node.label, node.unit, (CASE, *node.sets))


def _over_cases(root: Expression) -> Expression:
    """The graph, freshly copied, with the set of cases put first wherever an operand has it."""
    for node in walk([root]):
        if CASE not in node.sets and any(CASE in operand.sets for operand in node.operands):
            node.sets = (CASE, *node.sets)
    return root
