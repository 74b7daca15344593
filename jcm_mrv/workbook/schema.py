"""The one table that says what the monitoring workbook holds.

Template, reader and the page ``docs/monitoring_workbook.md`` all follow from
:data:`SHEETS`; nothing about a sheet or column is said anywhere else.
"""

from __future__ import annotations

import re
import unicodedata

from jcm_mrv.words import say
from jcm_mrv.workbook import schema_data as data
from jcm_mrv.workbook.schema_columns import (
    COMMENT,
    EVIDENCE,
    YES_NO,
    Column,
    Kind,
    Sheet,
    choice,
    date,
    moment,
    number,
    text,
)
from jcm_mrv.workbook.schema_text import ABOUT

_PROJECT = (
    text("title", "Project title", "The title as registered.", required=True),
    text("reference_number", "Reference number", "The JCM reference number of the project, e.g. VN001."),
    text("country", "Partner country", "The country in which the project is carried out.", required=True),
    text(
        "methodologies",
        "Methodologies",
        "Number and version of each methodology, e.g. VN_AM007 1.0. Several are separated by ;",
        required=True,
    ),
    date("period_start", "Monitoring period: first day", "The first day that is claimed.", required=True),
    date("period_end", "Monitoring period: last day", "The last day that is claimed (it counts).", required=True),
    text(
        "time_zone",
        "Time zone",
        "The zone of all times in this workbook, by its IANA name, e.g. Asia/Ho_Chi_Minh.",
        required=True,
    ),
    choice(
        "date_format",
        "Date format",
        ("DD/MM/YYYY", "MM/DD/YYYY"),
        "Only where dates in this workbook are texts such as 31/12/2025: the order of day and month in all of them.",
        later=True,
    ),
    choice(
        "decimal_mark",
        "Decimal mark",
        ("comma", "point"),
        "Only where numbers in this workbook are texts: comma where all of them are written 1.234,5, point where they "
        "are written 1,234.5.",
        later=True,
    ),
    text("location", "Location", "Address of the project."),
    number("latitude", "Latitude", "Of the site, north is positive, e.g. 20.86.", unit="°"),
    number("longitude", "Longitude", "Of the site, east is positive, e.g. 106.68.", unit="°"),
    text("participants", "Project participants", "All project participants of both sides, separated by ;"),
    text("focal_point", "Focal point", "The project participant that represents the others."),
    text("third_party_entity", "Third-party entity", "The entity that verifies the report, if it is chosen."),
    date("operation_start", "Start of operation", "The day on which the project began to operate."),
    text("pdd", "Project design document", "Document ID, version and date of the registered PDD."),
    date("report_date", "Report date", "The date that is printed on the monitoring report.", required=True),
    text("report_version", "Report version", "Version of the monitoring report, e.g. 1.0."),
    text(
        "previous_version",
        "Previous version",
        "For a later version: the package (monitoring_package.zip) or result.json of the version before it, as handed "
        "in, in or below the folder of this workbook. The report then says what changed.",
        later=True,
    ),
    text("prepared_by", "Prepared by", "Who fills in this workbook."),
    date("crediting_start", "Crediting period: first day", "Of the period as registered or renewed.", later=True),
    date("crediting_end", "Crediting period: last day", "Of the period as registered or renewed.", later=True),
    text("crediting_renewal", "Renewal of crediting period", "Decision and date, where it was renewed.", later=True),
    text("authorisation", "Article 6.2: authorisation", "Document and date, by whom and for which use.", later=True),
    text("vintage", "Article 6.2: vintage", "The year or years in which the reductions occurred.", later=True),
    text("first_transfer", "Article 6.2: first transfer", "How it is defined, and when if it was made.", later=True),
    text(
        "corresponding_adjustment",
        "Article 6.2: corresponding adjustment",
        "Its status: not yet applied, applied (report and date), or not required.",
        later=True,
    ),
    text(
        "confidential",
        "Confidential",
        "What the public version of the report (calculate --redact) blacks out, separated by ; a column of text as "
        "Sheet!Heading, e.g. Team!Name, a field as Project!Location, or words as they stand in this workbook.",
        later=True,
    ),
)

_ELIGIBILITY = (
    text("number", "Criterion no.", "Number of the criterion in the methodology.", required=True, width=13),
    text("methodology", "Methodology", "Number and version. Blank: the only methodology."),
    text("criterion", "Criterion", "The criterion as the methodology words it.", width=60),
    choice("met", "Met", YES_NO, "yes when the project meets the criterion, otherwise no."),
    EVIDENCE,
    COMMENT,
)

_EQUIPMENT = (
    text("equipment_id", "Equipment ID", "A short name that is used on the other sheets, e.g. AC-01.", required=True),
    text("methodology", "Methodology", "Number and version. Blank: the only methodology."),
    text("group", "Group", "A name for units that are monitored together, e.g. Shop 3."),
    text("description", "Description", "What it is.", width=32),
    text("manufacturer", "Manufacturer", "As on the name plate."),
    text("model", "Model", "As on the name plate."),
    text("serial_number", "Serial number", "As on the name plate of the unit that was really installed."),
    number("rated_capacity", "Rated capacity", "The number on the name plate; its unit in the next column."),
    text("rated_capacity_unit", "Rated capacity unit", "Unit of the rated capacity, e.g. kW or USRt.", width=12),
    text("site", "Site", "Building or place."),
    text(
        "electricity_source",
        "Electricity source",
        "A short name of where its electricity comes from; the same name for all units on one source.",
    ),
    text(
        "fuel",
        "Fuel",
        "What it burns, by the same name on every row, e.g. natural gas. Needed where the methodology counts fuel; "
        "write none for equipment that burns nothing.",
    ),
    text(
        "reference_fuel",
        "Reference fuel",
        "What the reference equipment would burn. Blank: the same as Fuel.",
    ),
    text(
        "products",
        "Products",
        "What it makes, where the methodology counts output by type of product; several separated by semicolons.",
    ),
    choice(
        "own_renewables",
        "Own renewable supply",
        YES_NO,
        "yes when a renewable plant of the site's own also feeds it (the factor of the grid is then too high).",
    ),
    date("operation_start", "In operation from", "First day of operation. Blank: the project's start of operation."),
    date("operation_end", "In operation until", "Last day of operation. Blank: still in operation."),
    EVIDENCE,
    COMMENT,
)

MISSING_DATA = (
    "highest month",
    "lowest month",
    "same month a year before",
    "highest rate",
    "rated capacity",
    "zero",
    "excluded span",
)

_METERS = (
    text("meter_id", "Meter ID", "The metering point; it stays the same when the meter is changed.", required=True),
    text("serial_number", "Serial number", "Serial number of the physical meter."),
    text("description", "Description", "What it measures.", width=32),
    text("manufacturer", "Manufacturer", "As on the name plate."),
    text("model", "Model", "As on the name plate."),
    number("accuracy_class", "Accuracy class", "As on the name plate, e.g. 0.5 (not 0.005).", unit="%"),
    number("required_class", "Accuracy class required", "As the PDD or the methodology requires, e.g. 0.5.", unit="%"),
    number(
        "permissible_error",
        "Maximum permissible error",
        "As on the certificate or by the country's rule, e.g. 0.5. Blank: the accuracy class.",
        unit="%",
    ),
    text("unit", "Unit", "Unit that the meter's register shows, e.g. kWh.", required=True, width=10),
    number(
        "transformer_factor",
        "Transformer factor",
        "Ratio of current transformer times ratio of voltage transformer. Write 1 where there is none.",
        required=True,
        unit="1",
    ),
    Column(
        "register_digits", "Register digits", Kind.INTEGER, "Digits before the decimal point, for the rollover.", False
    ),
    number(
        "highest_rate",
        "Highest rate",
        "Please state it: the most that can flow, by name plates or contract. It shows a wrong unit or kind at once.",
    ),
    text("highest_rate_unit", "Highest rate unit", "Unit of the highest rate, e.g. kW or Nm3/h.", width=12),
    text("checks", "Check meter of", "For a check meter: the ID of the meter that it checks."),
    number(
        "calibration_interval", "Calibration interval", "How often it has to be calibrated or tested.", unit="month"
    ),
    text("responsible", "Responsible", "Who looks after it."),
    moment("installed", "Installed", "When this meter, or this transformer factor, came into use."),
    number("opening_reading", "Opening reading", "What the register showed when it was installed."),
    moment("removed", "Removed", "When it was taken out of use. Blank: still in use."),
    number("closing_reading", "Closing reading", "What the register showed when it was removed."),
    EVIDENCE,
    COMMENT,
    text(
        "below",
        "Below",
        "The meter that it hangs below, by its ID, or grid. Blank: not said.",
        later=True,
    ),
    choice(
        "missing_data",
        "Missing data",
        MISSING_DATA,
        "What the PDD prescribes for times without a reading, of this meter's own data. Blank: whatever gives the "
        "lowest reductions.",
        later=True,
    ),
)

_CALIBRATIONS = (
    text("meter_id", "Meter ID", "From the Meters sheet.", required=True),
    text("serial_number", "Serial number", "Of the meter that was calibrated."),
    date("date", "Calibrated on", "Date of the calibration or test.", required=True),
    date("valid_until", "Valid until", "Last day of validity, as on the certificate or by the country's rule."),
    choice("result", "Result", ("passed", "failed"), "passed when within the permitted error.", required=True),
    number("error_found", "Error found", "Largest error found, with its sign, e.g. -0.3.", unit="%"),
    text("certificate", "Certificate", "Number of the certificate."),
    text("laboratory", "Laboratory", "Who calibrated, with the accreditation."),
    EVIDENCE,
    COMMENT,
)

REJECTS = ("left out", "none", "counted")

_POINTS = (
    text("point_no", "Point no.", "Number of the monitoring point in the PDD, e.g. 1.", width=10),
    text("methodology", "Methodology", "Number and version. Blank: the only methodology."),
    text("parameter", "Parameter", "Symbol of the monitored parameter, e.g. EG.", required=True, width=14),
    text("applies_to", "Applies to", "Equipment ID, or a group, site or electricity source. Blank: the whole claim."),
    text("meter_id", "Meter ID", "From the Meters sheet.", required=True),
    choice("sign", "Sign", ("+", "-"), "+ adds this meter's reading, - subtracts it.", required=True, width=8),
    number("share", "Share", "Part of the meter's reading, 0 to 1. Blank: 1.", unit="1", width=10),
    text("share_basis", "Basis of the share", "Why this share is right; needed when it is below 1.", width=28),
    choice(
        "other_loads",
        "Other loads",
        YES_NO,
        "yes when the meter also counts something that does not belong to the project and no row subtracts it.",
    ),
    choice(
        "rejects",
        "Rejects",
        REJECTS,
        "For production: whether what was rejected, reworked or fired again is counted.",
    ),
    choice("option", "Option", ("A", "B", "C"), "Monitoring option as in the PDD.", width=10),
    text("frequency", "Frequency", "How often it is measured, e.g. continuously."),
    text("responsible", "Responsible", "Who reads it."),
    text(
        "evidence",
        "Evidence",
        "Document IDs from the Evidence sheet that show the share (samples, sub-meters), separated by semicolons.",
        later=True,
    ),
    COMMENT,
    text("sampling", "Sampling", "Of samples: population, how they were drawn, size and seed.", width=36, later=True),
)

_FIXED = (
    text("methodology", "Methodology", "Number and version. Blank: the only methodology."),
    text("parameter", "Parameter", "Symbol of the parameter, e.g. EF_grid.", required=True, width=16),
    text(
        "applies_to",
        "Applies to",
        "Equipment ID, group, site, electricity source, or a calendar year (2025) or "
        "month (2025-01). Blank: the whole claim.",
    ),
    Column(
        "value", "Value", Kind.VALUE, "The number, or the word chosen. Blank: the value on the card is used.", width=16
    ),
    text("unit", "Unit", "Unit of the value, e.g. tCO2/MWh. Needed with a number; 1 where there is none.", width=14),
    text("document", "Document", "Where the value stands: title or document ID.", width=36),
    text("page", "Page", "Page or table in that document.", width=10),
    EVIDENCE,
    COMMENT,
)

_ESTIMATES = (
    Column("year", "Year", Kind.INTEGER, "Calendar year.", True, width=10),
    number("reductions", "Emission reductions", "Ex ante estimate in the PDD.", required=True, unit="tCO2e", width=28),
    number("reference", "Reference emissions", "Ex ante estimate in the PDD.", unit="tCO2e", width=28),
    number("project", "Project emissions", "Ex ante estimate in the PDD.", unit="tCO2e", width=28),
    text("source", "Source", "Where the estimate stands, e.g. PDD version and page.", width=32),
    number("leakage", "Leakage", "Ex ante estimate, where ER deducts it.", unit="tCO2e", width=28, later=True),
)

_EVIDENCE_SHEET = (
    text("document_id", "Document ID", "A short name that is used on the other sheets, e.g. D-01.", required=True),
    text("title", "Title", "Title of the document.", required=True, width=40),
    text("file", "File", "Name of the file, in or below the folder of this workbook.", width=28),
    text("sha256", "SHA-256", "Checksum of the file, if it is known.", width=28),
    text("proves", "What it proves", "In a few words.", width=36),
    date("date", "Date", "Date of the document."),
)

_TEAM = (
    text("role", "Role", "Role in the monitoring, e.g. plant manager.", required=True, width=28),
    text("name", "Name", "Name of the person.", width=24),
    text("organisation", "Organisation", "Where the person works.", width=28),
    text("responsibility", "Responsibility", "What the person does for the monitoring.", width=44),
)

_ANSWERS = (
    text("finding", "Finding", "Code of the finding, as check and the report name it.", required=True, width=30),
    text("place", "Place", "Its sheet and cell, e.g. Fixed values!D3. Blank: every finding of that code.", width=24),
    text("answer", "Answer", "What the verifier should know. The report prints it below the finding.", required=True,
         width=70),
    EVIDENCE,
)  # fmt: skip

GUIDE = "Guide"
LISTS = "Lists"
"""The hidden sheet from which drop-downs take their words; it is not read."""
GRID = "grid"
"""What stands in the column Below of a meter that is fed from the grid."""


def _sheet(
    key: str,
    title: str,
    columns: tuple[Column, ...],
    *,
    required: bool = False,
    form: bool = False,
    parameters: bool = False,
    later: bool = False,
) -> Sheet:
    return Sheet(key, title, ABOUT[key], columns, required, form, parameters, later)


SHEETS: tuple[Sheet, ...] = (
    _sheet("project", "Project", _PROJECT, required=True, form=True),
    _sheet("eligibility", "Eligibility", _ELIGIBILITY),
    _sheet("equipment", "Equipment", _EQUIPMENT, required=True, parameters=True),
    _sheet("meters", "Meters", _METERS, required=True),
    _sheet("calibrations", "Calibrations", _CALIBRATIONS),
    _sheet("points", "Monitoring points", _POINTS, required=True),
    _sheet("fixed", "Fixed values", _FIXED, required=True),
    _sheet("readings", "Readings", data.READINGS, required=True),
    _sheet("logs", "Logs", data.LOGS),
    _sheet("stocks", "Stocks", data.STOCKS),
    _sheet("conversions", "Conversions", data.CONVERSIONS),
    _sheet("invoices", "Invoices", data.INVOICES),
    _sheet("overrides", "Overrides", data.OVERRIDES),
    _sheet("settings", "Settings", data.SETTINGS),
    _sheet("estimates", "Estimates", _ESTIMATES),
    _sheet("evidence", "Evidence", _EVIDENCE_SHEET),
    _sheet("team", "Team", _TEAM),
    _sheet("answers", "Answers", _ANSWERS, later=True),
)
"""Every sheet that is read, in the order of the workbook (``Guide`` comes before them and is not read)."""

FORM_HEADINGS = (say("Field"), say("Value"), say("Note"))


def sheet(key: str) -> Sheet:
    """The sheet of that key. Raises KeyError."""
    for one in SHEETS:
        if one.key == key:
            return one
    raise KeyError(key)


def fold(text: str) -> str:
    """A heading, title or choice as it is compared: width, case and white space do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


_PARAMETER = re.compile(r"([A-Za-z][A-Za-z0-9_,.]*)\s*\[([^\]]*)\]")
CHOICE_UNIT = "choice"


def parameter_heading(heading: str) -> tuple[str, str] | None:
    """``COP_PJ [1]`` as ("COP_PJ", "1"); None where the heading is not of that form."""
    match = _PARAMETER.fullmatch(" ".join(unicodedata.normalize("NFKC", heading).split()))
    return (match[1], match[2].strip()) if match else None


def names_einvoice(file: str) -> bool:
    """True where a cell of the column File names an electronic invoice."""
    return file.strip().lower().endswith(".xml")
