"""What changed since the version before: tonnes by year, cells of the workbook, files, values and findings."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from jcm_mrv.reporting.document.blocks import Block, Section, Tabular, Text
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.tables import Cell, Column, Table, table
from jcm_mrv.reporting.result_json import canonical_sha256, changes_of
from jcm_mrv.workbook.change import Change

TONNES = "tonnes"
_HEADS = ("ER_before", "ER_now", "ER_difference", "whole_before", "whole_now", "whole_difference")


def changes_section(context: Context) -> Section | None:
    """The section; None for a report that names no version before it."""
    t, previous = context.t, context.result.data.previous
    if previous is None:
        return None
    version, digest = context.text("report_version") or "-", canonical_sha256(previous.result)
    words = {"version": version, "earlier": previous.version or "-", "file": previous.file, "digest": digest}
    blocks: list[Block] = [Text(t("changes.explained", **words)), Tabular(t("changes.by_year"), _by_year(context))]
    if previous.workbook is None:
        blocks.append(Text(t("changes.without_workbook"), "note"))
    for part, own in groupby(changes_of(context.stated or context.result), lambda one: one.part):
        if part != TONNES:
            blocks.append(Tabular(t(f"changes.part_{part}"), _listed(context, list(own))))
    return Section("changes", t("section.changes"), tuple(blocks))


def _by_year(context: Context) -> Table:
    """What was stated by year, beside what is; a year that only one of the two has shows a dash for the other."""
    t, n, result, previous = context.t, context.n, context.result, context.result.data.previous
    assert previous is not None
    stated = previous.result["emission_reductions"]
    before: dict[str, Any] = {str(year["year"]): year for year in stated["by_year"]}
    now: dict[str, Any] = {str(y.year): {"reductions": y.reductions, "credited": y.credited} for y in result.years}
    total = t("word.total")
    before[total], now[total] = stated, {"reductions": result.reductions, "credited": result.credited}

    def row(name: str) -> list[Cell]:
        cells: list[Cell] = [name]
        for key, shown in (("reductions", n.tonnes), ("credited", n.whole)):
            old, new = (side.get(name, {}).get(key) for side in (before, now))
            less = None if old is None or new is None else new - old
            cells += [shown(old), shown(new), n.fixed(less, 3 if key == "reductions" else 0)]
        return cells

    names = [*sorted({*before, *now} - {total}), total]
    heads = [t(f"changes.{key}") for key in _HEADS]
    rows = [row(name) for name in names]
    return table([Column(t("column.year")), *(Column(head, "number") for head in heads)], rows[:-1], rows[-1],
                 note=t("result.unit_note"))  # fmt: skip


def _listed(context: Context, found: list[Change]) -> Table:
    t = context.t
    text = "hash" if found[0].part == "inputs" else "text"
    columns = [Column(t("changes.change"), width=10), Column(t("changes.what"), width=20)]
    columns += [Column(t("changes.before"), text, 35), Column(t("changes.now"), text, 35)]
    rows: list[list[Cell]] = [
        [t.known("change", str(one.kind)), *(context.said(text) for text in (one.what, one.before, one.now))]
        for one in found
    ]
    if any(one.difference for one in found):
        columns.append(Column(t("column.difference"), "number"))
        rows = [[*row, context.said(one.difference)] for row, one in zip(rows, found, strict=True)]
    return context.shortened(table(columns, rows), t("excel_sheet.changes"))
