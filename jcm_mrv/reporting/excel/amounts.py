"""The formulas of what is counted of a meter's month: each refers to the readings and factors in their one cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from jcm_mrv.claim.measuring import Chain
from jcm_mrv.meters.meters import Installation
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.expression import Input
from jcm_mrv.reporting.excel.blocks import Block
from jcm_mrv.reporting.excel.graph import ClaimGraph
from jcm_mrv.reporting.excel.homes import Homes
from jcm_mrv.reporting.excel.readings import CLOSING, OPENING, RECEIVED, ReadingPlaces
from jcm_mrv.reporting.excel.reported import ChainBlocks
from jcm_mrv.reporting.excel.sheet import Replaced, number_in

_SAME_SHARE = 1e-10


def amount_formulas(
    graph: ClaimGraph,
    places: ReadingPlaces,
    homes: Homes,
    units: dict[tuple[str, float], str],
    edges: Sequence[str],
) -> Replaced:
    """The formulas of the inputs of every chain by blocks; what a row does not have is noted in ``graph.unneeded``."""
    formulas: Replaced = {}
    for one in graph.reported.chains:
        for n, block in enumerate(one.blocks):
            known = dict(_of_block(graph, one, block, places, homes, units))
            known |= _share(graph, one.chain, block, places, edges)
            for old, node in one.inputs.items():
                text = known.get(old)
                if text is not None:
                    formulas[node, (n,)] = text
                elif old in _amounts(one.chain):
                    graph.unneeded.add((node, (n,)))
    return formulas


def _amounts(chain: Chain) -> tuple[Input, ...]:
    g = chain.graph
    return g.V, g.V_open, g.V_close, g.V_wrap, g.S_open, g.S_in, g.S_close


def _of_block(
    graph: ClaimGraph,
    one: ChainBlocks,
    block: Block,
    places: ReadingPlaces,
    homes: Homes,
    units: dict[tuple[str, float], str],
) -> Iterator[tuple[Input, str]]:
    rows, parts, g = places.rows, places.rows.parts, one.chain.graph
    part, row = rows.part(block), int(rows.row[block.first])
    kind = SegmentKind(int(parts.kind[part]))
    if kind == SegmentKind.STOCK:
        for node, column in ((g.S_open, OPENING), (g.S_in, RECEIVED), (g.S_close, CLOSING)):
            yield node, number_in(places.cell(row, column))
    elif kind == SegmentKind.REGISTER:
        before, last = places.of_register(block)
        yield g.V_open, number_in(before)
        yield g.V_close, number_in(last)
        yield g.V_wrap, _wrap(graph, block, places, homes)
    else:
        yield g.V, places.amount(block)
    installation = _installation(graph, places, block)
    factor = float(one.chain.values[g.k_T][np.searchsorted(one.chain.rows, part)])
    if installation is not None and installation.factor == factor:
        cell = homes.beside(installation.where, "transformer_factor", factor)
        if cell:
            yield g.k_T, number_in(cell)
    unit = unit_key(one.chain, places, block)
    yield g.u, f"={units[unit]}"
    cells = _conversions(graph, one.chain, places, block, homes)
    if cells:
        yield g.k_C, "=" + "*".join(cells)


def _share(
    graph: ClaimGraph, chain: Chain, block: Block, places: ReadingPlaces, edges: Sequence[str]
) -> dict[Input, str]:
    """What of a reading that is cut lies in a month, by its moments and those of the month; empty for a whole one.

    Where clocks are put forward in it, hours by the clock are not those that passed: then the share stays a number.
    """
    parts, part = places.rows.parts, places.rows.part(block)
    month, share = int(parts.month[part]), float(parts.share[part])
    if block.first != block.last or share == 1.0 or month < 0:
        return {}
    start, end, first, last = graph.local(
        np.array([parts.start[part], parts.end[part], *graph.result.timeline.edges[month : month + 2]])
    )
    if end <= start or abs((min(end, last) - max(start, first)) / (end - start) - share) > _SAME_SHARE * share:
        return {}
    a, b = places.limits(block)
    low, high = edges[month], edges[month + 1]
    known = ",".join(f"ISNUMBER({cell})" for cell in (a, b, low, high))
    return {chain.graph.share: f"=IF(AND({known}),(MIN({b},{high})-MAX({a},{low}))/({b}-{a}),NA())"}


def unit_key(chain: Chain, places: ReadingPlaces, block: Block) -> tuple[str, float]:
    """A unit factor in words, and its value."""
    parts, part = places.rows.parts, places.rows.part(block)
    meter, unit = parts.meter_ids[parts.meter[part]], parts.units[parts.unit[part]]
    by = {row.property: row.record.unit for row in chain.conversions.rows.get(meter, ())}
    words = " × ".join([f"1 {unit}", *(f"1 {u}" for u in by.values() if u and u != "1")])
    return f"{words} → {chain.unit}", chain.conversions.scale(meter, unit, chain.unit)


def unit_factors(graph: ClaimGraph, places: ReadingPlaces) -> list[tuple[str, float]]:
    """Every unit factor of the claim once."""
    keys = (unit_key(one.chain, places, block) for one in graph.reported.chains for block in one.blocks)
    return list(dict.fromkeys([*keys, *(key for *_, key in _overrides(graph))]))


def share_formulas(graph: ClaimGraph, homes: Homes) -> Replaced:
    """The formulas of signed shares that are entered on Monitoring points; others are inputs."""
    formulas: Replaced = {}
    for one in graph.reported.chains:
        for n, (k, t) in enumerate(one.chain.terms):
            term = one.chain.points[k].terms[t]
            cell = homes.beside(term.origin, "share", abs(term.coefficient))
            if cell:
                sign = "-" if term.coefficient < 0 else ""
                formulas[one.chain.graph.c, (n,)] = f"=IF(ISNUMBER({cell}),{sign}{cell},NA())"
    return formulas


def error_formulas(graph: ClaimGraph) -> Replaced:
    """The formulas of relative changes: what was decided once, such as a meter's error, stands in its first row."""
    formulas: Replaced = {}
    for one in graph.reported.chains:
        table, first = one.chain.correction_graph, dict[tuple[object, ...], int]()
        for n, correction in enumerate(one.chain.corrections if table is not None else ()):
            assert table is not None
            meter, _ = one.chain.meter_months[correction.slice]
            home = first.setdefault((meter, correction.origin, correction.relative), n)
            if home != n and correction.relative:
                formulas[table.f, (n,)] = number_in(graph.layout.cell(table.f, (home,)))
    return formulas


def override_formulas(graph: ClaimGraph, homes: Homes, units: dict[tuple[str, float], str]) -> Replaced:
    """The formulas of what overrides add: their value on its sheet, in the unit of the parameter."""
    formulas: Replaced = {}
    for node, n, origin, value, key in _overrides(graph):
        cell = homes.of(origin, value)
        if cell and cell != graph.layout.cell(node, (n,)):  # in the parameter's own unit it is the input itself
            formulas[node, (n,)] = f"=IF(ISNUMBER({cell}),{cell}*{units[key]},NA())"
    return formulas


def _overrides(graph: ClaimGraph) -> Iterator[tuple[Input, int, Origin, float, tuple[str, float]]]:
    """Each correction that is an override: what it adds, its place, its cell, value and unit factor."""
    rows = {row.origin("value"): row for row in graph.result.data.overrides}
    for one in graph.reported.chains:
        table = one.chain.correction_graph
        for n, correction in enumerate(one.chain.corrections if table is not None else ()):
            row = rows.get(correction.origin)
            if table is not None and row is not None and row.value:
                key = f"1 {row.unit} → {one.chain.unit}", float(f"{correction.added / row.value:.15g}")
                yield table.d, n, correction.origin, row.value, key


def _installation(graph: ClaimGraph, places: ReadingPlaces, block: Block) -> Installation | None:
    """The row of Meters that holds where a block begins, or, for what was read before it, where it ends."""
    parts, part = places.rows.parts, places.rows.part(block)
    meter = graph.result.meters.get(parts.meter_ids[parts.meter[part]])
    if meter is None:
        return None
    last = int(places.rows.used[block.last])
    instants = np.array([parts.start[part], parts.end[last] - 1], dtype=np.int64)
    found = [n for n in meter.installation_at(instants).tolist() if n >= 0]
    return meter.installations[found[0]] if found else None


def _wrap(graph: ClaimGraph, block: Block, places: ReadingPlaces, homes: Homes) -> str:
    """A register's size times its rollovers; where its digits are not known it must not fall."""
    falls, installation = places.falls(block), _installation(graph, places, block)
    digits = ""
    if installation is not None and installation.digits is not None:
        digits = homes.beside(installation.where, "register_digits", float(installation.digits))
    before, last = places.of_register(block)
    size = f"({falls})*10^{digits}" if digits else f"IF({falls},NA(),)"
    return f"=IF(AND(ISNUMBER({before}),ISNUMBER({last})),{size},NA())"


def _conversions(graph: ClaimGraph, chain: Chain, places: ReadingPlaces, block: Block, homes: Homes) -> list[str]:
    """The cells of the conversions that hold when a block begins; none where one of them has no cell."""
    parts, part = places.rows.parts, places.rows.part(block)
    begins = max(int(parts.start[part]), int(graph.result.timeline.edges[parts.month[part]]))
    rows = chain.conversions.rows.get(parts.meter_ids[parts.meter[part]], ())
    cells = [homes.of(r.record.origin("value"), r.value) for r in rows if r.start <= begins < r.end]
    return cells if all(cells) else []
