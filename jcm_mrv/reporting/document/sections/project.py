"""The project: who, where, with what equipment, and whether it is eligible."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from jcm_mrv.reporting.document.blocks import Block, Facts, Section, Tabular, Text
from jcm_mrv.reporting.document.context import Context, spread
from jcm_mrv.reporting.document.tables import Cell, Column, Table, table
from jcm_mrv.workbook.row import Record
from jcm_mrv.workbook.rows import EligibilityRow, EquipmentRow, ProjectKey, TeamKey

_FIELDS: tuple[ProjectKey, ...] = (
    "location", "participants", "focal_point", "third_party_entity", "operation_start", "pdd", "time_zone",
    "crediting_start", "crediting_end", "crediting_renewal", "authorisation", "vintage", "first_transfer",
    "corresponding_adjustment",
)  # fmt: skip


def project_section(context: Context) -> Section:
    """Participants, responsibilities, equipment, eligibility."""
    t = context.t
    blocks: list[Block] = [Facts(_facts(context))]
    if context.result.data.team:
        blocks.append(Tabular(t("project.team"), _team(context)))
    blocks.append(Tabular(t("project.equipment"), _equipment(context)))
    criteria = _eligibility(context)
    if criteria.rows:
        blocks.append(Tabular(t("project.eligibility"), criteria))
    else:
        blocks.append(Text(t("project.no_criteria"), "note"))
    return Section("project", t("section.project"), tuple(blocks))


def _facts(context: Context) -> tuple[tuple[Cell, Cell], ...]:
    rows: list[tuple[Cell, Cell]] = [(context.t("field.title"), context.text("title"))]
    project = context.result.data.project
    for key in _FIELDS:
        value = project[key].value
        text = context.n.day(value.date()) if isinstance(value, datetime) else _words(context, key)
        if text:
            rows.append((context.t(f"field.{key}"), text))
    return tuple(rows)


def _words(context: Context, key: ProjectKey) -> str:
    """A field as it was written; only participants are a list."""
    return spread(context.text(key)) if key == "participants" else context.text(key)


def _team(context: Context) -> Table:
    keys: tuple[TeamKey, ...] = ("role", "name", "organisation", "responsibility")
    rows = [[row[key].text for key in keys] for row in context.result.data.team]
    return table([Column(context.t(f"column.{key}")) for key in keys], rows)


def _equipment(context: Context) -> Table:
    t = context.t
    units = context.result.data.equipment
    rows = [context.cells(_number(row), _unit(context, row)) for row in units]
    columns = [Column(t("column.equipment_id"), "code"), Column(t("column.description"), width=30)]
    columns += [Column(t("column.serial_number")), Column(t("column.capacity"), "number")]
    columns += [Column(t("column.site")), Column(t("column.operation"), "day"), Column(t("column.evidence"))]
    return context.shortened(table(context.heads(columns), rows), t("excel_sheet.equipment"))


def _unit(context: Context, row: EquipmentRow) -> list[Cell]:
    model = " ".join(dict.fromkeys(filter(None, (row.manufacturer, row.model))))
    description = "; ".join(filter(None, (row.description, model)))
    site = " / ".join(dict.fromkeys(filter(None, (row.site, row.group))))
    capacity = row.rated_capacity
    size = "" if capacity is None else f"{context.n.given(capacity)} {row.rated_capacity_unit}"
    cells: list[Cell] = [row.equipment_id, description, row.serial_number, size, site]
    return [*cells, _operation(context, row), spread(row.evidence)]


def _operation(context: Context, row: EquipmentRow) -> str:
    days = [row.operation_start, row.operation_end]
    start, end = (context.n.short_day(day.date()) if day else "" for day in days)
    return f"{start} – {end}" if end else start


def _eligibility(context: Context) -> Table:
    """The criteria of the cards with the project's answers, and answers to criteria that no card lists."""
    t = context.t
    answers = {(_number(row), row.number): row for row in context.result.data.eligibility}
    rows: list[list[Cell]] = []
    for bound in context.result.claim.bounds:
        card = bound.entry.card
        for criterion in card.criteria:
            row = answers.pop((card.number, criterion.number), None) or answers.pop(("", criterion.number), None)
            rows.append([card.number, criterion.number, criterion.text, *_answer(context, row)])
    rows += [[m, number, row.criterion, *_answer(context, row)] for (m, number), row in answers.items()]
    columns = [
        Column(t("column.methodology"), "code"),
        Column(t("column.number")),
        Column(t("column.criterion"), width=50),
    ]
    return table([*columns, Column(t("column.met")), Column(t("column.evidence"))], rows)


def _number(row: Record[Literal["methodology"]]) -> str:
    words = row["methodology"].text.split()
    return words[0] if words else ""


def _answer(context: Context, row: EligibilityRow | None) -> list[Cell]:
    if row is None or not row.met:
        return [context.t("word.not_stated"), ""]
    evidence = "; ".join(filter(None, (spread(row.evidence), row.comment)))
    return [context.t.known("word", row.met), evidence]
