"""Sources: evidence, files with checksums, software and settings, and how to recompute the result."""

from __future__ import annotations

from jcm_mrv.reporting.document.blocks import Block, Section, Steps, Tabular, Text
from jcm_mrv.reporting.document.context import Context, spread
from jcm_mrv.reporting.document.tables import Cell, Column, Table, table
from jcm_mrv.reporting.redaction import HIDDEN
from jcm_mrv.words import say


def sources_section(context: Context) -> Section:
    """What the report rests on, and how a stranger checks it."""
    t = context.t
    blocks: list[Block] = []
    if context.result.data.evidence:
        blocks.append(Tabular(t("sources.evidence"), _evidence(context)))
    blocks.append(Tabular(t("sources.inputs"), _inputs(context)))
    blocks.append(Text(t("sources.inputs_explained"), "note"))
    if marked := context.text("confidential"):
        public = marked == HIDDEN
        blocks.append(Text(t("sources.public" if public else "sources.confidential", marked=spread(marked))))
    blocks.append(Tabular(t("sources.software"), _software(context)))
    return Section("sources", t("section.sources"), tuple(blocks))


def recompute_section(context: Context) -> Section:
    """How to check the figure without trusting this report."""
    t, result = context.t, context.result
    version = result.software.get("jcm-mrv", "")
    command = say("jcm-mrv calculate {file}", file=result.data.file)
    steps: tuple[Cell, ...] = (
        t("recompute.files"),
        t("recompute.run", version=version, command=command),
        t("recompute.compare"),
        t("recompute.workbook"),
        t("recompute.hand"),
    )
    return Section("recompute", t("section.recompute"), (Text(t("recompute.explained")), Steps(steps)))


def _evidence(context: Context) -> Table:
    t = context.t
    rows: list[list[Cell]] = []
    for row in context.result.data.evidence:
        day = row.date
        cells: list[Cell] = [row.document_id, row.title, row.proves]
        rows.append([*cells, context.n.short_day(day.date() if day else None), row.file, row.sha256])
    columns = [Column(t("column.document_id"), "code", 10), Column(t("column.title"), width=20)]
    columns += [Column(t("column.proves"), width=15), Column(t("column.date"), "day")]
    columns += [Column(t("column.file"), "code", 25), Column("SHA-256", "hash", 20)]
    made = table(columns, rows).filled()
    return made.limited(t("word.limited", shown="{shown}", count="{count}", sheet=t("excel_sheet.evidence")))


def _inputs(context: Context) -> Table:
    rows: list[list[Cell]] = [[path, sha256] for path, sha256 in context.result.inputs]
    return table([Column(context.t("column.file"), "code", 35), Column("SHA-256", "hash")], rows)


def _software(context: Context) -> Table:
    t, result = context.t, context.result
    rows: list[list[Cell]] = [[name, version] for name, version in sorted(result.software.items())]
    rows += [[f"{row.setting} *", _setting(context, row.value)] for row in result.data.settings]
    rows.append([t("sources.rounding"), f"{result.rounding} ({result.rounding_digits})"])
    note = t("sources.settings", count=len(result.settings))
    return table([Column(t("column.name"), "code", 50), Column(t("column.value"))], rows, note=note)


def _setting(context: Context, value: str | float | None) -> str:
    return value if isinstance(value, str) else context.n.given(value)
