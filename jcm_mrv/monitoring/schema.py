"""The one table that says what the monitoring workbook holds.

Template, reader and the page ``docs/monitoring_workbook.md`` all follow from
:data:`SHEETS`; nothing about a sheet or column is said anywhere else.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from jcm_mrv.monitoring.schema_text import ABOUT


class Kind(StrEnum):
    """What a column may hold."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    VALUE = "value"  # a number, or the text of a choice


@dataclass(frozen=True)
class Column:
    """One column of a table, or one field of a form.

    ``key`` is its name in code, ``heading`` what stands in the workbook (the
    unit in brackets), ``comment`` the explanation a person reads there.
    """

    key: str
    heading: str
    kind: Kind
    comment: str
    required: bool = False
    choices: tuple[str, ...] = ()
    unit: str = ""
    width: int = 16


@dataclass(frozen=True)
class Sheet:
    """One sheet. A form has one field per row, a table one record per row."""

    key: str
    title: str
    about: str
    columns: tuple[Column, ...]
    required: bool = False
    form: bool = False
    parameters: bool = False  # further headings ``SYMBOL [unit]`` are allowed

    def column(self, key: str) -> Column:
        """The column of that key. Raises KeyError."""
        return _find(self.columns, key)


def _find(columns: tuple[Column, ...], key: str) -> Column:
    for column in columns:
        if column.key == key:
            return column
    raise KeyError(key)


def _text(key: str, heading: str, comment: str, *, required: bool = False, width: int = 18) -> Column:
    return Column(key, heading, Kind.TEXT, comment, required, width=width)


def _number(key: str, heading: str, comment: str, *, required: bool = False, unit: str = "", width: int = 15) -> Column:
    return Column(key, f"{heading} [{unit}]" if unit else heading, Kind.NUMBER, comment, required, (), unit, width)


def _date(key: str, heading: str, comment: str, *, required: bool = False) -> Column:
    return Column(key, heading, Kind.DATE, comment, required, width=14)


def _moment(key: str, heading: str, comment: str, *, required: bool = False) -> Column:
    return Column(key, heading, Kind.DATETIME, comment, required, width=18)


def _choice(
    key: str, heading: str, choices: tuple[str, ...], comment: str, *, required: bool = False, width: int = 14
) -> Column:
    return Column(key, heading, Kind.CHOICE, comment, required, choices, width=width)


YES_NO = ("yes", "no")
_EVIDENCE = _text("evidence", "Evidence", "Document ID from the Evidence sheet. Several are separated by ;")
_COMMENT = _text("comment", "Comment", "Anything a verifier should know about this row.", width=32)

_PROJECT = (
    _text("title", "Project title", "The title as registered.", required=True),
    _text("reference_number", "Reference number", "The JCM reference number of the project, e.g. VN001."),
    _text("country", "Partner country", "The country in which the project is carried out.", required=True),
    _text(
        "methodologies",
        "Methodologies",
        "Number and version of each methodology, e.g. VN_AM007 1.0. Several are separated by ;",
        required=True,
    ),
    _date("period_start", "Monitoring period: first day", "The first day that is claimed.", required=True),
    _date("period_end", "Monitoring period: last day", "The last day that is claimed (it counts).", required=True),
    _text(
        "time_zone",
        "Time zone",
        "The zone of all times in this workbook, by its IANA name, e.g. Asia/Ho_Chi_Minh.",
        required=True,
    ),
    _text("location", "Location", "Address of the project."),
    _text("participants", "Project participants", "All project participants of both sides, separated by ;"),
    _text("focal_point", "Focal point", "The participant that speaks for the project."),
    _text("third_party_entity", "Third-party entity", "The entity that verifies the report, if it is chosen."),
    _date("operation_start", "Start of operation", "The day on which the project began to operate."),
    _text("pdd", "Project design document", "Document ID, version and date of the registered PDD."),
    _date("report_date", "Report date", "The date that is printed on the monitoring report.", required=True),
    _text("report_version", "Report version", "Version of the monitoring report, e.g. 1.0."),
    _text("prepared_by", "Prepared by", "Who fills in this workbook."),
)

_ELIGIBILITY = (
    _text("number", "Criterion no.", "Number of the criterion in the methodology.", required=True, width=13),
    _text("methodology", "Methodology", "Number and version. Blank: the only methodology."),
    _text("criterion", "Criterion", "The criterion as the methodology words it.", width=60),
    _choice("met", "Met", YES_NO, "yes when the project meets the criterion, otherwise no."),
    _EVIDENCE,
    _COMMENT,
)

_EQUIPMENT = (
    _text("equipment_id", "Equipment ID", "A short name that is used on the other sheets, e.g. AC-01.", required=True),
    _text("methodology", "Methodology", "Number and version. Blank: the only methodology."),
    _text("group", "Group", "A name for units that are monitored together, e.g. Shop 3."),
    _text("description", "Description", "What it is.", width=32),
    _text("manufacturer", "Manufacturer", "As on the name plate."),
    _text("model", "Model", "As on the name plate."),
    _text("serial_number", "Serial number", "As on the name plate of the unit that was really installed."),
    _number("rated_capacity", "Rated capacity", "The number on the name plate; its unit in the next column."),
    _text("rated_capacity_unit", "Rated capacity unit", "Unit of the rated capacity, e.g. kW or USRt.", width=12),
    _text("site", "Site", "Building or place."),
    _text(
        "electricity_source",
        "Electricity source",
        "A short name of where its electricity comes from; the same name for all units on one source.",
    ),
    _date("operation_start", "In operation from", "First day of operation. Blank: the project's start of operation."),
    _date("operation_end", "In operation until", "Last day of operation. Blank: still in operation."),
    _EVIDENCE,
    _COMMENT,
)

_METERS = (
    _text("meter_id", "Meter ID", "The place of metering; it stays the same when the meter is changed.", required=True),
    _text("serial_number", "Serial number", "Serial number of the physical meter."),
    _text("description", "Description", "What it measures.", width=32),
    _text("manufacturer", "Manufacturer", "As on the name plate."),
    _text("model", "Model", "As on the name plate."),
    _number("accuracy_class", "Accuracy class", "As on the name plate, e.g. 0.5 (not 0.005).", unit="%"),
    _text("unit", "Unit", "Unit that the meter's register shows, e.g. kWh.", required=True, width=10),
    _number(
        "transformer_factor",
        "Transformer factor",
        "Ratio of current transformer times ratio of voltage transformer. Write 1 where there is none.",
        required=True,
        unit="1",
    ),
    Column(
        "register_digits", "Register digits", Kind.INTEGER, "Digits before the decimal point, for the rollover.", False
    ),
    _moment("installed", "Installed", "When this meter, or this transformer factor, came into use."),
    _number("opening_reading", "Opening reading", "What the register showed when it was installed."),
    _moment("removed", "Removed", "When it was taken out of use. Blank: still in use."),
    _number("closing_reading", "Closing reading", "What the register showed when it was removed."),
    _EVIDENCE,
    _COMMENT,
)

_CALIBRATIONS = (
    _text("meter_id", "Meter ID", "From the Meters sheet.", required=True),
    _text("serial_number", "Serial number", "Of the meter that was calibrated."),
    _date("date", "Calibrated on", "Date of the calibration or test.", required=True),
    _date("valid_until", "Valid until", "Last day of validity, as on the certificate or by the country's rule."),
    _choice("result", "Result", ("passed", "failed"), "passed when within the permitted error.", required=True),
    _number("error_found", "Error found", "Largest error found, with its sign, e.g. -0.3.", unit="%"),
    _text("certificate", "Certificate", "Number of the certificate."),
    _text("laboratory", "Laboratory", "Who calibrated, with the accreditation."),
    _EVIDENCE,
    _COMMENT,
)

_POINTS = (
    _text("point_no", "Point no.", "Number of the monitoring point in the PDD, e.g. 1.", width=10),
    _text("methodology", "Methodology", "Number and version. Blank: the only methodology."),
    _text("parameter", "Parameter", "Symbol of the monitored parameter, e.g. EG.", required=True, width=14),
    _text("applies_to", "Applies to", "Equipment ID, or a group, site or electricity source. Blank: the whole claim."),
    _text("meter_id", "Meter ID", "From the Meters sheet.", required=True),
    _choice("sign", "Sign", ("+", "-"), "+ adds this meter's reading, - subtracts it.", required=True, width=8),
    _number("share", "Share", "Part of the meter's reading, 0 to 1. Blank: 1.", unit="1", width=10),
    _text("share_basis", "Basis of the share", "Why this share is right; needed when it is below 1.", width=28),
    _choice("option", "Option", ("A", "B", "C"), "Monitoring option as in the PDD.", width=10),
    _text("frequency", "Frequency", "How often it is measured, e.g. continuously."),
    _text("responsible", "Responsible", "Who reads it."),
    _COMMENT,
)

_FIXED = (
    _text("methodology", "Methodology", "Number and version. Blank: the only methodology."),
    _text("parameter", "Parameter", "Symbol of the parameter, e.g. EF_grid.", required=True, width=16),
    _text("applies_to", "Applies to", "Equipment ID, or a group, site or electricity source. Blank: the whole claim."),
    Column(
        "value", "Value", Kind.VALUE, "The number, or the word chosen. Blank: the value on the card is used.", width=16
    ),
    _text("unit", "Unit", "Unit of the value, e.g. tCO2/MWh. Needed with a number; 1 where there is none.", width=14),
    _text("document", "Document", "Where the value stands: title or document ID.", width=36),
    _text("page", "Page", "Page or table in that document.", width=10),
    _EVIDENCE,
    _COMMENT,
)

READING_KINDS = ("energy", "register")
LOG_KINDS = ("energy", "power", "register")

_READINGS = (
    _text("meter_id", "Meter ID", "From the Meters sheet.", required=True),
    _choice(
        "kind",
        "Kind",
        READING_KINDS,
        "energy: what flowed from From to To. register: what the register showed at To.",
        required=True,
    ),
    _moment("start", "From", "Beginning of the interval. Blank for a register reading."),
    _moment("end", "To", "End of the interval (it does not count), or the moment of the reading.", required=True),
    _number("value", "Value", "The reading as it stands on the meter, before the transformer factor.", required=True),
    _text("unit", "Unit", "Unit of the value, e.g. kWh.", required=True, width=10),
    _COMMENT,
    _EVIDENCE,
)

_LOGS = (
    _text("log_id", "Log ID", "A short name of this log, e.g. LOG-1.", required=True),
    _text("meter_id", "Meter ID", "From the Meters sheet.", required=True),
    _text("file", "File", "Name of the .csv or .xlsx file, in or below the folder of this workbook.", required=True),
    _text("sheet", "Sheet", "Name of the sheet, for an .xlsx log."),
    _choice(
        "layout", "Layout", ("wide", "long"), "wide: one column per meter. long: one row per meter and time.",
        required=True,
    ),
    _text("time_column", "Time column", "Heading of the column with the times.", required=True),
    _text("value_column", "Value column", "Heading of the column with the values.", required=True),
    _text("name_column", "Name column", "long only: heading of the column that names the meter."),
    _text("name_value", "Name in that column", "long only: how this meter is called there."),
    _text("unit", "Unit", "Unit of the values, e.g. kW.", required=True, width=10),
    _choice(
        "kind", "Kind", LOG_KINDS,
        "energy: per interval. power: mean over the interval. register: a reading that only grows.",
        required=True,
    ),
    _text("time_zone", "Time zone", "Zone of the times: Asia/Bangkok, UTC, or an offset such as UTC+07:00.",
          required=True),
    _choice("stamp", "Stamp", ("start", "end"), "Whether the time opens or closes its interval.", required=True),
    _number("interval_minutes", "Interval", "Length of one interval.", unit="min"),
    _choice(
        "transformer_factor_included", "Factor included", YES_NO,
        "yes when the logged values already contain the transformer factor.", required=True,
    ),
    _text("date_format", "Date format", "How the times are written, e.g. DD/MM/YYYY hh:mm. Blank: YYYY-MM-DD hh:mm."),
    _text("encoding", "Encoding", "Of a .csv file. Blank: UTF-8."),
    _COMMENT,
    _EVIDENCE,
)  # fmt: skip

_INVOICES = (
    _text("invoice_no", "Invoice no.", "Number on the invoice.", required=True),
    _text("supplier", "Supplier", "Who issued it."),
    _text("meter_id", "Meter ID", "The meter that it bills, from the Meters sheet."),
    _moment("start", "From", "Beginning of the billed interval.", required=True),
    _moment("end", "To", "End of the billed interval (it does not count).", required=True),
    _number("value", "Value", "The billed amount of energy or fuel.", required=True),
    _text("unit", "Unit", "Unit of the value, e.g. kWh.", required=True, width=10),
    _EVIDENCE,
    _COMMENT,
)

_ESTIMATES = (
    Column("year", "Year", Kind.INTEGER, "Calendar year.", True, width=10),
    _number("reductions", "Emission reductions", "Ex ante estimate in the PDD.", required=True, unit="tCO2e", width=28),
    _number("reference", "Reference emissions", "Ex ante estimate in the PDD.", unit="tCO2e", width=28),
    _number("project", "Project emissions", "Ex ante estimate in the PDD.", unit="tCO2e", width=28),
    _text("source", "Source", "Where the estimate stands, e.g. PDD version and page.", width=32),
)

_EVIDENCE_SHEET = (
    _text("document_id", "Document ID", "A short name that is used on the other sheets, e.g. D-01.", required=True),
    _text("title", "Title", "Title of the document.", required=True, width=40),
    _text("file", "File", "Name of the file, in or below the folder of this workbook.", width=28),
    _text("sha256", "SHA-256", "Checksum of the file, if it is known.", width=28),
    _text("proves", "What it proves", "In a few words.", width=36),
    _date("date", "Date", "Date of the document."),
)

_TEAM = (
    _text("role", "Role", "Role in the monitoring, e.g. plant manager.", required=True, width=28),
    _text("name", "Name", "Name of the person.", width=24),
    _text("organisation", "Organisation", "Where the person works.", width=28),
    _text("responsibility", "Responsibility", "What the person does for the monitoring.", width=44),
)

GUIDE = "Guide"


def _sheet(
    key: str,
    title: str,
    columns: tuple[Column, ...],
    *,
    required: bool = False,
    form: bool = False,
    parameters: bool = False,
) -> Sheet:
    return Sheet(key, title, ABOUT[key], columns, required, form, parameters)


SHEETS: tuple[Sheet, ...] = (
    _sheet("project", "Project", _PROJECT, required=True, form=True),
    _sheet("eligibility", "Eligibility", _ELIGIBILITY),
    _sheet("equipment", "Equipment", _EQUIPMENT, required=True, parameters=True),
    _sheet("meters", "Meters", _METERS, required=True),
    _sheet("calibrations", "Calibrations", _CALIBRATIONS),
    _sheet("points", "Monitoring points", _POINTS, required=True),
    _sheet("fixed", "Fixed values", _FIXED, required=True),
    _sheet("readings", "Readings", _READINGS, required=True),
    _sheet("logs", "Logs", _LOGS),
    _sheet("invoices", "Invoices", _INVOICES),
    _sheet("estimates", "Estimates", _ESTIMATES),
    _sheet("evidence", "Evidence", _EVIDENCE_SHEET),
    _sheet("team", "Team", _TEAM),
)
"""Every sheet that is read, in the order of the workbook (``Guide`` comes before them and is not read)."""

FORM_HEADINGS = ("Field", "Value", "Note")


def sheet(key: str) -> Sheet:
    """The sheet of that key. Raises KeyError."""
    for one in SHEETS:
        if one.key == key:
            return one
    raise KeyError(key)


def fold(text: str) -> str:
    """A heading, title or choice as it is compared: width, case and white space do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


_PARAMETER = re.compile(r"([A-Za-z][A-Za-z0-9_,.]*)\s*\[\s*([^\]]*?)\s*\]")
CHOICE_UNIT = "choice"


def parameter_heading(heading: str) -> tuple[str, str] | None:
    """``COP_PJ [1]`` as ("COP_PJ", "1"); None where the heading is not of that form."""
    match = _PARAMETER.fullmatch(" ".join(unicodedata.normalize("NFKC", heading).split()))
    return (match[1], match[2]) if match else None
