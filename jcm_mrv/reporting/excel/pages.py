"""The sheets beside the claim graph: guide, defaults, what was found, evidence and sources."""

from __future__ import annotations

from collections.abc import Sequence

from jcm_mrv.quantities.expression import Constant, Named
from jcm_mrv.reporting.excel.graph import ClaimGraph
from jcm_mrv.reporting.excel.sheet import Cell, Replaced, Sheet
from jcm_mrv.result import DefaultUse
from jcm_mrv.workbook.row import AnyRow
from jcm_mrv.workbook.schema import sheet as schema_of

USED_COLUMN = "K"
_ROW = tuple[str | float | Cell | None, ...]


def heads(graph: ClaimGraph, *keys: str) -> list[str]:
    """Column headings by their keys."""
    return [graph.t(f"excel_head.{key}") for key in keys]


def write_guide(sheet: Sheet, graph: ClaimGraph) -> None:
    """What the workbook is and how a number is followed and recomputed."""
    result, t = graph.result, graph.t
    project = result.data.project
    sheet.title(t("excel_text.guide_title", title=project.title))
    rule = {"rule": result.rounding, "digits": result.rounding_digits}
    period = {"start": result.start, "end": result.end}
    lines = [
        t("excel_text.guide_period", **period),
        t("excel_text.guide_follow"),
        t("excel_text.guide_recompute"),
        t("excel_text.guide_colours"),
        t("excel_text.guide_checks"),
    ]
    lines += [] if result.indicative else [t("excel_text.guide_rounding", **rule)]
    for line in lines:
        sheet.text(sheet.row, 0, line)
        sheet.fit(sheet.row, [line])
        sheet.row += 1
    sheet.row += 1
    versions: list[_ROW] = [(name, version) for name, version in sorted(result.software.items())]
    sheet.table(heads(graph, "item", "version"), versions)


def write_defaults(sheet: Sheet, graph: ClaimGraph) -> Replaced:
    """The list of defaults, and for each the formula by which the graph takes the value that is used."""
    sheet.text(sheet.row, 0, graph.t("excel_table.defaults"), sheet.styles.section)
    top = sheet.row + 1
    names = heads(
        graph, "methodology", "symbol", "element", "unit", "card_value", "card_source", "card_evidence",
        "confirmed_value", "document", "page", "used", "used_evidence",
    )  # fmt: skip
    for column, name in enumerate(names):
        sheet.text(top, column, name, sheet.styles.head)
    sheet.fit(top, names)
    replaced: Replaced = {}
    for n, use in enumerate(graph.result.defaults, start=top + 1):
        _default(sheet, n, use)
        used = f"'{sheet.name}'!${USED_COLUMN}${n + 1}"
        replaced[use.node, use.ordinals] = f"=IF(ISNUMBER({used}),{used},NA())"
    sheet.row = top + len(graph.result.defaults) + 2
    return replaced


def _default(sheet: Sheet, row: int, use: DefaultUse) -> None:
    for column, text in enumerate((use.methodology, use.node.symbol, use.label, use.unit)):
        sheet.text(row, column, text)
    sheet.fit(row, ["", "", use.label, "", "", use.card_source, "", "", use.document])
    styles = sheet.styles
    for column, value in ((4, use.card_value), (7, use.project_value)):
        if value is None:
            sheet.worksheet.write_blank(row, column, None, styles.input)
        else:
            sheet.worksheet.write_number(row, column, value, styles.input)
    sheet.text(row, 5, use.card_source)
    sheet.text(row, 6, use.card_evidence)
    sheet.text(row, 8, use.document)
    sheet.text(row, 9, use.page)
    # Only an empty cell leaves the card's value in force: text would otherwise be passed over in silence.
    own, card = f"H{row + 1}", f"E{row + 1}"
    formula = f"=IF(ISNUMBER({own}),{own},IF(AND(ISBLANK({own}),ISNUMBER({card})),{card},NA()))"
    sheet.formula(row, 10, Cell(formula, use.used), styles.formula)
    sheet.text(row, 11, use.evidence)


def write_settings(sheet: Sheet, graph: ClaimGraph) -> tuple[str, str]:
    """The numbers of the rounding rule; the addresses of its digits and of the decimals shown."""
    result, t = graph.result, graph.t
    sheet.text(sheet.row, 0, t("excel_table.settings"), sheet.styles.section)
    rows = (
        (result.rounding, t("excel_text.settings_digits"), result.rounding_digits),
        ("", t("excel_text.settings_decimals"), result.decimals),
    )
    addresses = []
    for n, (name, text, value) in enumerate(rows, start=sheet.row + 1):
        sheet.text(n, 0, name)
        sheet.text(n, 1, text)
        sheet.fit(n, [name, text])
        sheet.worksheet.write_number(n, 2, value, sheet.styles.input)
        addresses.append(f"'{sheet.name}'!$C${n + 1}")
    sheet.row += len(rows) + 2
    return addresses[0], addresses[1]


def write_equipment(sheet: Sheet, graph: ClaimGraph) -> None:
    """The equipment as built, as the proponent listed it."""
    _listed(sheet, "equipment", graph.result.data.equipment)


def write_points(sheet: Sheet, graph: ClaimGraph) -> None:
    """The monitoring points with their formulas."""
    names = heads(
        graph, "number", "methodology", "parameter", "applies_to", "formula", "unit", "option", "frequency",
        "responsible", "comment",
    )  # fmt: skip
    rows: list[_ROW] = [
        (p.number, p.methodology, p.parameter, p.applies_to, p.formula, p.unit, p.option, p.frequency, p.responsible,
         p.comment)
        for p in graph.result.claim.points
    ]  # fmt: skip
    sheet.table(names, rows)


def write_findings(sheet: Sheet, graph: ClaimGraph) -> None:
    """All findings, by severity."""
    names = heads(graph, "severity", "code", "message", "where", "found", "action", "effect")
    rows: list[_ROW] = [
        (str(f.severity), f.code, f.message, str(f.where), f.found, f.action, f.effect_tco2e)
        for f in graph.result.findings
    ]
    sheet.table(names, rows or [("", "", graph.t("excel_text.none"))])


def write_evidence(sheet: Sheet, graph: ClaimGraph) -> None:
    """The proponent's documents, and the eligibility criteria that rest on them."""
    for key in ("evidence", "eligibility"):
        rows = graph.result.data.tables[key]
        _listed(sheet, key, rows)


def write_sources(sheet: Sheet, graph: ClaimGraph) -> None:
    """Files with their checksums, and where titles, equations and constants of the methodologies were read."""
    result = graph.result
    sheet.table(heads(graph, "file", "sha256"), [(path, sha) for path, sha in result.inputs])
    rows: list[_ROW] = []
    for one in result.methodologies:
        card = one.bound.entry.card
        rows.append((card.id, card.title.text, card.title.evidence, card.title.source))
        rows.append((card.id, card.equation.text, card.equation.evidence, card.equation.source))
        rows += [(card.id, f"{c.symbol} = {c.written} {c.unit}", "", c.source) for c in one.bound.constants]
    sheet.table(heads(graph, "methodology", "description", "used_evidence", "source"), rows)


def sources_of(graph: ClaimGraph) -> dict[Named, str]:
    """Where each quantity without index comes from, in words."""
    return {
        node: node.source if isinstance(node, Constant) else str(graph.result.origin(node))
        for node in graph.layout.given.nodes
    }


def _listed(sheet: Sheet, key: str, rows: Sequence[AnyRow]) -> None:
    """A sheet of the monitoring workbook as it was filled in, without its empty columns."""
    columns = [c for c in schema_of(key).columns if any(row.cells[c.key].text for row in rows)]
    if columns:
        sheet.table([c.heading for c in columns], [_texts(row, [c.key for c in columns]) for row in rows])


def _texts(row: AnyRow, keys: list[str]) -> _ROW:
    cells = [row.cells[key] for key in keys]
    return tuple(c.number if isinstance(c.value, float) else c.text.removesuffix("T00:00:00") for c in cells)
