"""The sheets that hold what was measured: readings, logs, stocks, conversions, invoices, overrides; and settings."""

from __future__ import annotations

from jcm_mrv.workbook.schema_columns import (
    COMMENT,
    EVIDENCE,
    YES_NO,
    Column,
    Kind,
    choice,
    date,
    moment,
    number,
    text,
)

READING_KINDS = ("energy", "register", "mean", "sample")
LOG_KINDS = ("energy", "power", "register", "mean")
MEANS = ("power", "mean")
"""Kinds whose values are means over their interval: a mean times its hours is an amount."""

READINGS = (
    text("meter_id", "Meter ID", "From the Meters sheet.", required=True),
    choice(
        "kind",
        "Kind",
        READING_KINDS,
        "energy: the metered quantity from From to To. register: what the register showed at To. "
        "mean: the mean from From to To of what is no amount: temperature, calorific value, head count. "
        "sample: the result of one sample that was taken at To.",
        required=True,
    ),
    moment("start", "From", "Beginning of the interval. Blank for a register reading and a sample."),
    moment("end", "To", "End of the interval (it does not count), or the moment of the reading.", required=True),
    number("value", "Value", "The reading as it stands on the meter, before the transformer factor.", required=True),
    text("unit", "Unit", "Unit of the value, e.g. kWh.", required=True, width=10),
    COMMENT,
    EVIDENCE,
)

LOGS = (
    text("log_id", "Log ID", "A short name of this log, e.g. LOG-1.", required=True),
    text("meter_id", "Meter ID", "From the Meters sheet.", required=True),
    text(
        "file",
        "File",
        "Name of the .csv, .xlsx, .xls, .ods, .parquet or .xml (Green Button) file in or below the folder of this "
        "workbook, or a pattern: 2024/*.csv.",
        required=True,
    ),
    text("sheet", "Sheet", "Name of the sheet, for a log in a spreadsheet."),
    choice(
        "layout", "Layout", ("wide", "long", "matrix"), "wide: one column per meter. long: one row per meter and "
        "time. matrix: one row per day and one column per time of day; Value column: the first of these.",
        required=True,
    ),
    text(
        "time_column", "Time column", "Heading of the column with the times, or of two: Date + Time, or From + To.",
        required=True,
    ),
    text("value_column", "Value column", "Heading of the column with the values.", required=True),
    text("name_column", "Name column", "long only: heading of the column that names the meter."),
    text("name_value", "Name in that column", "long only: how this meter is called there."),
    text("unit", "Unit", "Unit of the values, e.g. kW.", required=True, width=10),
    choice(
        "kind", "Kind", LOG_KINDS,
        "energy: per interval. power: mean over the interval. register: a reading that only grows. "
        "mean: mean over the interval of what is no power: temperature, concentration.",
        required=True,
    ),
    text(
        "time_zone", "Time zone",
        "Zone of the times: Asia/Bangkok, UTC, or an offset such as UTC+07:00. Blank: each time carries its offset.",
    ),
    choice("stamp", "Stamp", ("start", "end"), "Whether the time is the start or the end of its interval.",
           required=True),
    number("interval_minutes", "Interval", "Length of one interval.", unit="min"),
    choice(
        "transformer_factor_included", "Factor included", YES_NO,
        "yes when the logged values already contain the transformer factor.", required=True,
    ),
    text("date_format", "Date format", "How times are written, e.g. DD/MM/YYYY hh:mm. Blank: as the column proves."),
    text("number_format", "Number format", "How the file writes 1234.5, e.g. 1.234,5. Blank: as its columns prove."),
    text("encoding", "Encoding", "Of a .csv file. Blank: UTF-8, or as the text proves it."),
    text("status_column", "Status column", "Heading of a column that says how good each value is, e.g. Quality.",
         later=True),
    text("measured_words", "Measured words", "Words of that column that mean measured, separated by ; e.g. VALID; OK.",
         later=True),
    text("missing_words", "Missing words", "Words among the values that mean nothing was measured, separated by ;",
         later=True),
    text("file_unit", "Wrong unit in file", "Only where the file states a wrong unit: that unit. Evidence is needed.",
         later=True),
    COMMENT,
    EVIDENCE,
)  # fmt: skip

REGISTERS = ("total", "normal", "peak", "off-peak")

INVOICES = (
    text("invoice_no", "Invoice no.", "Number on the invoice.", required=True),
    text("supplier", "Supplier", "Who issued it."),
    text("meter_id", "Meter ID", "The meter that it bills, from the Meters sheet."),
    moment("start", "From", "Beginning of the billed interval.", required=True),
    moment("end", "To", "End of the billed interval (it does not count).", required=True),
    number("value", "Value", "The billed amount of energy or fuel.", required=True),
    text("unit", "Unit", "Unit of the value, e.g. kWh.", required=True, width=10),
    choice("register", "Register", REGISTERS, "The tariff that the row bills. Blank: the whole amount."),
    text("file", "File", "Name of the electronic invoice (.xml), in or below the folder of this workbook.", width=24),
    EVIDENCE,
    COMMENT,
)

PROPERTIES = (
    *("density", "net calorific value", "gross calorific value", "net of gross calorific value"),
    *("share of a blend", "normal conditions", "weight of a piece", "value of a pulse", "other"),
)

CONVERSIONS = (
    text("meter_id", "Meter ID", "From the Meters sheet.", required=True),
    choice("property", "Property", PROPERTIES, "What the value is.", required=True, width=24),
    number("value", "Value", "Each reading is multiplied by it.", required=True),
    text("unit", "Unit", "Of the value, e.g. kg/L, GJ/t, kWh/pulse, Nm3/m3; 1 where there is none.", required=True),
    text("conditions", "Conditions", "Temperature, pressure, moisture, or basis to which the value belongs.", width=28),
    moment("start", "From", "From when it holds. Blank: from the beginning."),
    moment("end", "To", "Until when it holds (it does not count). Blank: to the end."),
    text("document", "Document", "Where the value stands: title or document ID.", width=36),
    text("page", "Page", "Page or table in that document.", width=10),
    EVIDENCE,
    COMMENT,
)

STOCKS = (
    text("meter_id", "Meter ID", "From the Meters sheet: the tank or store.", required=True),
    moment("start", "From", "Moment of the opening stock.", required=True),
    moment("end", "To", "Moment of the closing stock (it does not count).", required=True),
    number("opening", "Opening stock", "What was in store at the beginning.", required=True),
    number("received", "Received", "What was delivered, less what was sent back or used elsewhere.", required=True),
    number("closing", "Closing stock", "What was in store at the end.", required=True),
    text("unit", "Unit", "Unit of the three amounts, e.g. t or L.", required=True, width=10),
    EVIDENCE,
    COMMENT,
)

OVERRIDES = (
    text("meter_id", "Meter ID", "From the Meters sheet.", required=True),
    moment("start", "From", "Beginning of the span, within one month.", required=True),
    moment("end", "To", "End of the span (it does not count).", required=True),
    number(
        "value",
        "Value",
        "The true metered quantity, after the transformer factor; of a mean the true mean.",
        required=True,
    ),
    text("unit", "Unit", "Unit of the value, e.g. kWh.", required=True, width=10),
    text("reason", "Reason", "Why the readings of the span are not used.", required=True, width=44),
    Column(
        "evidence", "Evidence", Kind.TEXT, "Document ID from the Evidence sheet: what proves the value.", required=True
    ),
    text("decided_by", "Decided by", "Who decided it."),
    date("decided_on", "Decided on", "When it was decided."),
    COMMENT,
)

SETTINGS = (
    text("setting", "Setting", "Its name, as in the table of settings.", required=True, width=36),
    Column("value", "Value", Kind.VALUE, "The value that replaces the default.", True, width=16),
    text("reason", "Reason", "Why the default does not fit, with the document that says so.", required=True, width=44),
    EVIDENCE,
)
