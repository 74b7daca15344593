"""The rows of what was measured, and of the settings: a typed attribute per column, and the keys of each sheet.

Written from the schema by ``scripts/write_rows.py``: change the schema, and run ``make rows``.
"""

from __future__ import annotations

from typing import Literal

from jcm_mrv.workbook.row import ChoiceColumn, NumberColumn, Record, TextColumn, TimeColumn, ValueColumn

LogKey = Literal[
    "log_id", "meter_id", "file", "sheet", "layout", "time_column", "value_column", "name_column", "name_value", "unit",
    "kind", "time_zone", "stamp", "interval_minutes", "transformer_factor_included", "date_format", "number_format",
    "encoding", "status_column", "measured_words", "missing_words", "file_unit", "comment", "evidence",
]  # fmt: skip


class LogRow(Record[LogKey]):
    """One row of the sheet Logs."""

    log_id = TextColumn()
    meter_id = TextColumn()
    file = TextColumn()
    sheet = TextColumn()
    layout = ChoiceColumn[Literal["", "wide", "long", "matrix"]]()
    time_column = TextColumn()
    value_column = TextColumn()
    name_column = TextColumn()
    name_value = TextColumn()
    unit = TextColumn()
    kind = ChoiceColumn[Literal["", "energy", "power", "register", "mean"]]()
    time_zone = TextColumn()
    stamp = ChoiceColumn[Literal["", "start", "end"]]()
    interval_minutes = NumberColumn()
    transformer_factor_included = ChoiceColumn[Literal["", "yes", "no"]]()
    date_format = TextColumn()
    number_format = TextColumn()
    encoding = TextColumn()
    status_column = TextColumn()
    measured_words = TextColumn()
    missing_words = TextColumn()
    file_unit = TextColumn()
    comment = TextColumn()
    evidence = TextColumn()


StockKey = Literal[
    "meter_id", "start", "end", "opening", "received", "closing", "unit", "evidence", "comment",
]  # fmt: skip


class StockRow(Record[StockKey]):
    """One row of the sheet Stocks."""

    meter_id = TextColumn()
    start = TimeColumn()
    end = TimeColumn()
    opening = NumberColumn()
    received = NumberColumn()
    closing = NumberColumn()
    unit = TextColumn()
    evidence = TextColumn()
    comment = TextColumn()


ConversionKey = Literal[
    "meter_id", "property", "value", "unit", "conditions", "start", "end", "document", "page", "evidence", "comment",
]  # fmt: skip


class ConversionRow(Record[ConversionKey]):
    """One row of the sheet Conversions."""

    meter_id = TextColumn()
    property = ChoiceColumn[Literal[
        "", "density", "net calorific value", "gross calorific value", "net of gross calorific value",
        "share of a blend", "normal conditions", "weight of a piece", "value of a pulse", "other",
    ]]()  # fmt: skip
    value = NumberColumn()
    unit = TextColumn()
    conditions = TextColumn()
    start = TimeColumn()
    end = TimeColumn()
    document = TextColumn()
    page = TextColumn()
    evidence = TextColumn()
    comment = TextColumn()


InvoiceKey = Literal[
    "invoice_no", "supplier", "meter_id", "start", "end", "value", "unit", "register", "file", "evidence", "comment",
]  # fmt: skip


class InvoiceRow(Record[InvoiceKey]):
    """One row of the sheet Invoices."""

    invoice_no = TextColumn()
    supplier = TextColumn()
    meter_id = TextColumn()
    start = TimeColumn()
    end = TimeColumn()
    value = NumberColumn()
    unit = TextColumn()
    register = ChoiceColumn[Literal["", "total", "normal", "peak", "off-peak"]]()
    file = TextColumn()
    evidence = TextColumn()
    comment = TextColumn()


OverrideKey = Literal[
    "meter_id", "start", "end", "value", "unit", "reason", "evidence", "decided_by", "decided_on", "comment",
]  # fmt: skip


class OverrideRow(Record[OverrideKey]):
    """One row of the sheet Overrides."""

    meter_id = TextColumn()
    start = TimeColumn()
    end = TimeColumn()
    value = NumberColumn()
    unit = TextColumn()
    reason = TextColumn()
    evidence = TextColumn()
    decided_by = TextColumn()
    decided_on = TimeColumn()
    comment = TextColumn()


SettingKey = Literal[
    "setting", "value", "reason", "evidence",
]  # fmt: skip


class SettingRow(Record[SettingKey]):
    """One row of the sheet Settings."""

    setting = TextColumn()
    value = ValueColumn()
    reason = TextColumn()
    evidence = TextColumn()
