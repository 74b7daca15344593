"""The sheets beside the claim graph: guide, defaults, what was found, evidence and sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jcm_mrv.claim.measuring import Point
from jcm_mrv.findings import SEVERITIES, Finding
from jcm_mrv.languages import said_in
from jcm_mrv.quantities.expression import Constant, Named
from jcm_mrv.reporting.excel.beside import CYCLES, TREE, branches, cycles
from jcm_mrv.reporting.excel.branch_amounts import BRANCH_AMOUNTS, branch_amounts
from jcm_mrv.reporting.excel.columns import Column, Columns, T
from jcm_mrv.reporting.excel.defaults import DEFAULTS
from jcm_mrv.reporting.excel.graph import ClaimGraph
from jcm_mrv.reporting.excel.layout import quoted
from jcm_mrv.reporting.excel.listed import moments_unchanged
from jcm_mrv.reporting.excel.page_setup import room_of
from jcm_mrv.reporting.excel.sheet import Block, Sheet
from jcm_mrv.reporting.result_json import changes_of

VERSIONS: Columns[tuple[str, str]] = Columns(
    "guide",
    "one row per program that took part",
    (
        Column(key="item", width=110, about="the program, a library, or a methodology", cell=lambda row: row[0]),
        Column(key="version", width=20, about="its version", cell=lambda row: row[1]),
    ),
)
POINTS: Columns[Point] = Columns(
    "points",
    "one row per monitoring point",
    (
        Column(key="number", width=26, about="number of the point in the PDD", cell=lambda point: point.number),
        Column(key="methodology", width=13, about="number and version", cell=lambda point: point.methodology),
        Column(
            key="parameter", width=11, about="symbol of the monitored parameter", cell=lambda point: point.parameter
        ),
        Column(
            key="applies_to",
            width=12,
            about="equipment, group or site; blank for the whole claim",
            cell=lambda point: point.applies_to,
        ),
        Column(
            key="formula", width=22, about="how meters make it, with signs and shares", cell=lambda point: point.formula
        ),
        Column(key="unit", width=10, about="unit of the parameter", cell=lambda point: point.parameter_unit),
        Column(key="option", width=10, about="monitoring option A, B or C", cell=lambda point: point.option),
        Column(key="frequency", width=18, about="how often it is measured", cell=lambda point: point.frequency),
        Column(key="responsible", width=18, about="who reads it", cell=lambda point: point.responsible),
        Column(key="comment", width=24, about="the proponent's comment", cell=lambda point: point.comment),
    ),
)
FINDINGS: Columns[Finding] = Columns(
    "findings",
    "one row per finding, by severity",
    (
        Column(
            key="severity",
            width=9,
            about="error, major, minor or note",
            cell=lambda finding: SEVERITIES[finding.severity],
        ),
        Column(
            key="code", width=31, about="its code; each has a page in docs/findings", cell=lambda finding: finding.code
        ),
        Column(key="message", width=36, about="what was found", cell=lambda finding: finding.message),
        Column(key="where", width=20, about="file, sheet and cell", cell=lambda finding: str(finding.where)),
        Column(key="found", width=26, about="what stands there", cell=lambda finding: finding.found),
        Column(key="action", width=32, about="what to do", cell=lambda finding: finding.action),
        Column(
            key="effect",
            width=12,
            about="effect on ER in tCO2e, where it is known",
            cell=lambda finding: finding.effect_tco2e,
        ),
        Column(
            key="answer", width=20, about="the project's answer, an input cell", cell=lambda finding: finding.answer
        ),
    ),
)
CHANGES: Columns[tuple[str, ...]] = Columns(
    "changes",
    "one row per change since the version before, only in a later version",
    (
        Column(key="change_part", width=22, about="the part of the report", cell=lambda row: row[0]),
        Column(key="change_kind", width=12, about="new, gone, answered or changed", cell=lambda row: row[1]),
        Column(key="change_what", width=40, about="the cell, value or finding", cell=lambda row: row[2]),
        Column(key="change_before", width=40, about="as the version before has it", cell=lambda row: row[3]),
        Column(key="change_now", width=40, about="as it is now", cell=lambda row: row[4]),
        Column(key="change_difference", width=14, about="of numbers, now less before", cell=lambda row: row[5]),
    ),
)
FILES: Columns[tuple[str, str]] = Columns(
    "sources",
    "one row per file that was read",
    (
        Column(key="file", width=34, about="its path from the folder of the workbook", cell=lambda row: row[0]),
        Column(key="sha256", width=72, about="its checksum", cell=lambda row: row[1]),
    ),
)
SOURCES: Columns[tuple[str, str, str, str]] = Columns(
    "sources",
    "one row per title, equation and constant of a methodology",
    (
        Column(key="methodology", width=34, about="number and version", cell=lambda row: row[0]),
        Column(key="description", width=72, about="the title, the equation, or the constant", cell=lambda row: row[1]),
        Column(key="used_evidence", width=24, about="how well it is known", cell=lambda row: row[2]),
        Column(key="source", width=60, about="where it was read", cell=lambda row: row[3]),
    ),
)
LISTS: tuple[Columns[Any], ...] = (VERSIONS, DEFAULTS, POINTS, FINDINGS, CHANGES, FILES, SOURCES)
"""Every list of these sheets: their widths, and their part of the documentation, follow from it."""


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
    _table(sheet, graph, VERSIONS, sorted(result.software.items()))


def write_settings(sheet: Sheet, graph: ClaimGraph) -> tuple[str, str]:
    """The numbers of the rounding rule; the addresses of its digits and of the decimals shown."""
    result, t = graph.result, graph.t
    sheet.text(sheet.row, 0, t("excel_table.settings"), sheet.styles.section)
    rows = (
        (result.rounding, t("excel_text.settings_digits"), result.rounding_digits),
        ("", t("excel_text.settings_decimals"), graph.decimals),
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


def write_points(sheet: Sheet, graph: ClaimGraph) -> None:
    """The monitoring points with their formulas."""
    _table(sheet, graph, POINTS, graph.result.claim.points)


def write_findings(sheet: Sheet, graph: ClaimGraph) -> None:
    """All findings, by severity."""
    findings = graph.result.findings
    top, effect = sheet.row, [column.key for column in FINDINGS.all].index("effect")
    sheet.table(FINDINGS.heads(graph.t), [FINDINGS.cells(one) for one in findings])
    sheet.one_table(top, len(FINDINGS.all), len(findings), names=1)
    for row, finding in enumerate(findings, start=top + 1):
        sheet.text(row, len(FINDINGS.all) - 1, finding.answer, sheet.styles.input_text)
        if finding.effect_tco2e is not None:
            sheet.worksheet.write_number(row, effect, finding.effect_tco2e, sheet.styles.decimals(3))
    if not findings:
        sheet.text(sheet.row - 1, 2, graph.t("excel_text.none"))


def write_changes(sheet: Sheet, graph: ClaimGraph) -> None:
    """What changed since the version before."""
    t, top = graph.t, sheet.row
    rows = [
        CHANGES.cells((
            t(f"changes.part_{one.part}"), t.known("change", str(one.kind)),
            *(said_in(text, t.lang) for text in (one.what, one.before, one.now, one.difference)),
        ))
        for one in changes_of(graph.result)
    ]  # fmt: skip
    sheet.table(CHANGES.heads(t), rows)
    sheet.one_table(top, len(CHANGES.all), len(rows))


def write_beside(sheet: Sheet, graph: ClaimGraph, key: str) -> None:
    """Below the meters or the invoices as entered: the tree of meters, billing cycles against the period."""
    if key == "meters" and (tree := list(branches(graph.result))):
        _below(sheet, graph, "tree", TREE, tree)
    if key == "invoices" and (found := cycles(graph.result)):
        _below(sheet, graph, "cycles", CYCLES, found)


def _below(sheet: Sheet, graph: ClaimGraph, title: str, columns: Columns[T], rows: Sequence[T]) -> None:
    sheet.text(sheet.row, 0, graph.t(f"excel_table.{title}"), sheet.styles.section)
    sheet.row += 1
    _table(sheet, graph, columns, rows, above=1)


STRUCTURE = "MSS"
"""The official sheet's name, in every language, like its two headings."""


def write_structure(sheet: Sheet, graph: ClaimGraph) -> None:
    """The monitoring structure as the official sheet has it: who is responsible, and for what, from the sheet Team."""
    sheet.title(sheet.name, graph.t("excel_text.sheet_mss"))
    rows = [
        (", ".join(filter(None, (row.name, row.organisation))), ": ".join(filter(None, (row.role, row.responsibility))))
        for row in graph.result.data.team
    ]
    top = sheet.row
    sheet.table(("Responsible personnel", "Role"), rows)
    sheet.one_table(top, 2, len(rows))


def write_branch_amounts(sheet: Sheet, graph: ClaimGraph) -> None:
    """Below the tree of meters: main meters against what hangs below them, once every amount has its place."""
    if rows := branch_amounts(graph, sheet.row + 2):
        _below(sheet, graph, "branch_amounts", BRANCH_AMOUNTS, rows)


def write_sources(sheet: Sheet, graph: ClaimGraph) -> None:
    """Files with their checksums, and where titles, equations and constants of the methodologies were read."""
    result = graph.result
    _table(sheet, graph, FILES, result.inputs)
    rows: list[tuple[str, str, str, str]] = []
    for one in result.methodologies:
        card = one.bound.entry.card
        for stated in (card.title, card.equation):
            rows.append((card.id, stated.text, graph.t.known("evidence", stated.evidence), stated.source))
        rows += [(card.id, f"{c.symbol} = {c.written} {c.unit}", "", c.source) for c in one.bound.constants]
    _table(sheet, graph, SOURCES, list(dict.fromkeys(rows)))


def _table(sheet: Sheet, graph: ClaimGraph, columns: Columns[T], rows: Sequence[T], above: int = 0) -> None:
    room = room_of(sheet, len(sheet.widths))
    sheet.table(columns.heads(graph.t), [columns.cells(row) for row in rows], room=room, above=above)


def write_units(sheet: Sheet, graph: ClaimGraph, factors: Sequence[tuple[str, float]]) -> dict[tuple[str, float], str]:
    """What one unit of a reading is in the unit of a parameter, each in one cell; the cells by words and value."""
    cells: dict[tuple[str, float], str] = {}
    if not factors:
        return cells
    sheet.section(sheet.row, graph.t("excel_table.units"), 2)
    top = sheet.row
    for n, (words, value) in enumerate(factors, start=top + 1):
        sheet.text(n, 0, words)
        sheet.fit(n, [words])
        sheet.worksheet.write_number(n, 2, value, sheet.styles.input)
        cells[words, value] = f"{quoted(sheet.name)}!$C${n + 1}"
    sheet.row += len(factors) + 2
    numbers = f"$C${top + 2}:$C${top + 1 + len(factors)}"
    sheet.check((top, 2), f"COUNT({numbers})=ROWS({numbers})")
    graph.checks.append(f"{quoted(sheet.name)}!$C${top + 1}")
    return cells


def write_months(sheet: Sheet, graph: ClaimGraph) -> list[str]:
    """The beginnings of the months and the end of the last, in local time; their cells, to which shares refer."""
    timeline = graph.result.timeline
    sheet.section(sheet.row, graph.t("excel_table.months"), 2)
    top, moments = sheet.row, graph.local(timeline.edges)
    whole_days = not any(days % 1 for days in moments)  # the column is too narrow for a time
    style = sheet.styles.day if whole_days else sheet.styles.moment
    for n, days in enumerate(moments, start=top + 1):
        sheet.text(n, 0, timeline.months[n - top - 1].label if n - top <= len(timeline.months) else "")
        sheet.worksheet.write_number(n, 2, days, style)
    sheet.blocks.append(Block(top, top + len(moments)))
    sheet.row += len(moments) + 2
    cells = f"$C${top + 2}:$C${top + 1 + len(moments)}"
    sheet.check((top, 2), *moments_unchanged(cells, [(top + 2 + n, days) for n, days in enumerate(moments)]))
    graph.checks.append(f"{quoted(sheet.name)}!$C${top + 1}")
    return [f"{quoted(sheet.name)}!$C${top + 2 + n}" for n in range(len(moments))]


def sources_of(graph: ClaimGraph) -> dict[Named, str]:
    """Where each quantity without index comes from, in words."""
    return {
        node: node.source if isinstance(node, Constant) else str(graph.result.origin(node))
        for node in graph.layout.given.nodes
    }
