"""Parameters with their values and origins: fixed ex ante, defaults, choices, constants, and all values by element."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jcm_mrv.claim.default_use import DefaultUse
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Default, Switch
from jcm_mrv.origin import Origin, column_and_row
from jcm_mrv.quantities.expression import Input, Label
from jcm_mrv.reporting.document.blocks import Block, Section, Tabular, Text
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.sections.records import records
from jcm_mrv.reporting.document.tables import Cell, Column, Table, symbol, table, unit
from jcm_mrv.reporting.document.traced import made_of, traced

_NAMED = 3
"""So many elements that share a default are named; of more the number stands."""


def parameters_section(context: Context) -> Section:
    """Every parameter that the claim needs."""
    t = context.t
    blocks: list[Block] = [Text(t("parameters.explained"), "note")]
    blocks.append(Tabular(t("parameters.fixed"), _fixed(context)))
    defaults = _defaults(context)
    if defaults.rows:
        blocks += [Tabular(t("parameters.defaults"), defaults), Text(t("parameters.evidence_explained"), "note")]
    if idle := _not_needed(context):
        blocks.append(Text(t("parameters.not_needed", symbols=", ".join(idle)), "note"))
    blocks.append(Tabular(t("parameters.constants"), _constants(context)))
    blocks += records(context)
    return Section("parameters", t("section.parameters"), tuple(blocks))


# --- fixed ex ante, and choices ---


def _fixed(context: Context) -> Table:
    t = context.t
    rows: list[list[Cell]] = []
    for bound in context.result.claim.bounds:
        nodes: list[Input | Switch] = [n for n in bound.fixed if not isinstance(n, Default)]
        nodes += [n for n in bound.switches if n.set_by != "card"]
        for node in nodes:
            rows += [context.cells(bound.namespace, row) for row in _groups(context, node)]
    columns = [Column(t("column.symbol"), width=10), Column(t("column.description"), width=25)]
    columns += [Column(t("column.value"), "number"), Column(t("column.unit")), Column(t("column.elements"), "number")]
    return table(context.heads([*columns, Column(t("column.origin"), width=30)]), rows)


def _groups(context: Context, node: Input | Switch) -> list[list[Cell]]:
    """One row per sheet, column and document that the values of a parameter come from."""
    groups: dict[Origin, list[tuple[tuple[int, ...], Origin]]] = {}
    for place in context.result.claim.space.tuples(node.sets):
        if context.needs(node, place):
            origin = context.result.origin(node, place)
            cell = column_and_row(origin.cell)
            key = Origin(
                origin.file, origin.sheet, cell[0] if cell else "", 0, origin.document, origin.page, origin.evidence
            )
            groups.setdefault(key, []).append((place, origin))
    return [_row(context, node, members) for members in groups.values()]


def _row(context: Context, node: Input | Switch, members: list[tuple[tuple[int, ...], Origin]]) -> list[Cell]:
    if isinstance(node, Label):
        words = dict.fromkeys(node.choices[int(context.result.value(node, place))] for place, _ in members)
        value, measure = ", ".join(words), unit("1")
    else:
        value = _range(context, node, [place for place, _ in members])
        measure = unit(node.unit)
    where = _cells(context, [origin for _, origin in members])
    return [symbol(node), node.label, value, measure, str(len(members)), where]


def _range(context: Context, node: Input, places: Sequence[tuple[int, ...]]) -> str:
    """The one value, or the lowest and the highest, down to those that it is made of."""
    values = [context.result.value(node, place) for place in places]
    low, high = context.n.given(min(values)), context.n.given(max(values))
    if len(places) == 1:
        return traced(low, node, places[0])
    parts = [traced(context.n.given(value), node, place) for value, place in zip(values, places, strict=True)]
    return made_of(low if low == high else f"{low} – {high}", node.symbol, parts, f"min {low}, max {high}")


def _cells(context: Context, origins: Sequence[Origin]) -> str:
    """The place of one value, or the stretch of cells of several."""
    first = origins[0]
    cells = [cell for o in origins if (cell := column_and_row(o.cell))]
    if len(cells) != len(origins) or len(cells) == 1:
        return context.place(first)
    letter, rows = cells[0][0], [row for _, row in cells]
    stretch = ", ".join(f"{letter}{a}" if a == b else f"{letter}{a}:{letter}{b}" for a, b in _stretches(rows))
    return context.place(
        Origin(first.file, first.sheet, stretch, 0, first.document, first.page, first.evidence)
    )  # fmt: skip


def _stretches(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbouring rows joined: 2, 3, 4, 9 are 2 to 4 and 9."""
    found: list[tuple[int, int]] = []
    for row in sorted(set(rows)):
        if found and row == found[-1][1] + 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found


# --- defaults ---


def _defaults(context: Context) -> Table:
    t = context.t
    groups: dict[tuple[object, ...], list[DefaultUse]] = {}
    for use in context.result.defaults:
        if isinstance(use.node, Default) and context.needs(use.node, use.ordinals):
            key = (use.methodology, use.node.symbol, use.card_value, use.project_value, use.document, use.page)
            groups.setdefault(key, []).append(use)
    rows = [context.cells(uses[0].methodology, _default(context, uses)) for uses in groups.values()]
    columns = [Column(t("column.symbol"), width=10), Column(t("column.elements"))]
    columns += [Column(t("column.card_value"), "number"), Column(t("column.confirmed_value"), "number")]
    columns += [Column(t("column.used"), "number"), Column(t("column.unit"))]
    columns += [Column(t("column.evidence_level")), Column(t("column.document"), width=35)]
    return table(context.heads(columns), rows)


def _default(context: Context, uses: list[DefaultUse]) -> list[Cell]:
    first, n = uses[0], context.n
    node = first.node
    parts = [traced(n.given(use.used), node, use.ordinals) for use in uses] if isinstance(node, Default) else []
    used = parts[0] if len(parts) == 1 else made_of(n.given(first.used), node.symbol, parts, n.given(first.used))
    numbers: list[Cell] = [n.given(first.card_value), n.given(first.project_value), used]
    level = context.t.known("evidence", first.evidence)
    return [symbol(first.node), _elements(context, uses), *numbers, unit(first.unit), level, _document(context, uses)]


def _elements(context: Context, uses: list[DefaultUse]) -> str:
    """What a value holds for: by name where these are few, by number where they are many."""
    places = [(use.node.sets, use.ordinals) for use in uses]
    names = ["; ".join(context.result.claim.space.labels(sets, ordinals)) for sets, ordinals in places]
    return ", ".join(names) if all(names) and len(names) <= _NAMED else str(len(uses))


def _document(context: Context, uses: list[DefaultUse]) -> str:
    first = uses[0]
    if first.project_value is None:
        return first.card_source
    document = first.document or context.t("word.no_document")
    page = f", {context.t('word.page', page=first.page)}" if first.page else ""
    return f"{document}{page} ({_cells(context, [use.origin for use in uses])})"


# --- constants, and what is not needed ---


def _constants(context: Context) -> Table:
    t = context.t
    rows: list[list[Cell]] = [
        [symbol(c), c.label, c.written, unit(c.unit), c.source]
        for bound in context.result.claim.bounds
        for c in bound.constants
        if c.symbol
    ]
    columns = [Column(t("column.symbol"), width=10), Column(t("column.description"), width=30)]
    columns += [Column(t("column.value"), "number"), Column(t("column.unit")), Column(t("column.source"), width=30)]
    # Methodologies share constants: what is the same stands once.
    return table(columns, list({tuple(row): row for row in rows}.values()))


def _not_needed(context: Context) -> list[str]:
    """Symbols of values that the chosen branches do not take."""
    space = context.result.claim.space

    def idle(bound: Bound) -> list[str]:
        nodes: list[Input | Switch] = [*bound.fixed, *(s for s in bound.switches if s.set_by != "card")]
        return [n.symbol for n in nodes if not any(context.needs(n, place) for place in space.tuples(n.sets))]

    return list(dict.fromkeys(name for bound in context.result.claim.bounds for name in idle(bound)))
