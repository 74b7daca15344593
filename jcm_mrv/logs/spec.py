"""A row of the sheet Logs, understood: which column of which file speaks for which meter, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from jcm_mrv.findings import Finding
from jcm_mrv.logs.cells import folded
from jcm_mrv.logs.findings import INTERVAL, ROW, UNIT, ZONE
from jcm_mrv.meters.meters import Meter
from jcm_mrv.numerals import NumberFormat, format_of
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import over_hours, same_dimension
from jcm_mrv.time.zones import MINUTE, TimeZoneError, parse_zone
from jcm_mrv.words import say
from jcm_mrv.workbook.rows_data import LogKey, LogRow
from jcm_mrv.workbook.schema_data import MEANS

_MEANT = {
    **{u.casefold(): u for u in ("Wh", "kWh", "MWh", "GWh", "W", "kW", "MW", "GJ", "MJ", "Nm3", "kg", "t", "L", "m3")},
    "kwp": "kW",
    "kw/h": "kWh",
    "mwp": "MW",
    "lít": "L",
    "lit": "L",
    "liter": "L",
    "litre": "L",
    "usrt": "USRt",
    "m³": "m3",
    "tấn": "t",
    "ton": "t",
    "tonne": "t",
    "kw.h": "kWh",
    "kw-h": "kWh",
    "rt": "USRt",
    "số": "kWh",
}
"""What people write where a unit belongs, as it is spelt here."""

_REQUIRED: tuple[LogKey, ...] = (
    "log_id", "meter_id", "file", "layout", "time_column", "value_column", "unit", "kind", "stamp",
    "transformer_factor_included",
)  # fmt: skip

_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods")

MOST_MINUTES = 366 * 24 * 60
"""Of an interval."""


@dataclass(frozen=True)
class LogSpec:
    """One log of one meter.

    ``unit`` is that of the monthly sums (Wh for a power in W). ``zone`` is
    None where the sheet leaves it to the offsets in the file. ``interval`` is
    in microseconds, None where it is to be taken from the times. At the
    instants ``cuts`` the sums are cut besides the months' limits, so that what
    was logged up to there is known.
    """

    log_id: str
    meter: Meter
    file: str
    sheet: str
    kind: str
    unit: str
    time_column: str
    value_column: str
    name_column: str
    name_value: str
    zone: tzinfo | None
    zone_text: str
    opens: bool
    interval: int | None
    included: bool
    date_format: str
    encoding: str
    record: LogRow
    cuts: tuple[int, ...] = ()
    number_format: NumberFormat | None = None
    status_column: str = ""
    measured_words: tuple[str, ...] = ()
    missing_words: tuple[str, ...] = ()
    file_unit: str = ""
    layout: str = "wide"
    proven: tuple[tuple[int, int], ...] = ()

    @property
    def is_workbook(self) -> bool:
        """True for a log in a spreadsheet, whose cells have types of their own."""
        return self.file.lower().endswith(_SPREADSHEETS)

    @property
    def has_types(self) -> bool:
        """True for a file whose cells are numbers, dates or texts by themselves."""
        return self.file.lower().endswith((*_SPREADSHEETS, ".parquet", ".pq"))

    def origin(self, key: LogKey) -> Origin:
        """The cell of the sheet Logs that states something."""
        return self.record.origin(key)

    @property
    def same_rows(self) -> tuple[str, ...]:
        """Logs that agree in this are read in one pass over the file."""
        return (self.file, self.sheet, self.time_column, self.name_column, self.zone_text, self.date_format,
                self.encoding, str(self.number_format or ""), self.status_column, self.layout, str(self.opens),
                *self.missing_words)  # fmt: skip


def read_spec(row: LogRow, meters: Mapping[str, Meter]) -> tuple[LogSpec | None, list[Finding]]:
    """A row as a spec, or None and the reasons.

    Blank required cells and unknown meters were reported when the workbook
    was read; such a row gives None without a further finding.
    """
    findings: list[Finding] = []
    meter = meters.get(row.meter_id)
    long = row.layout == "long"
    complete = all(row[key].text for key in _REQUIRED)
    zone, zone_findings = _zone(row)
    findings += zone_findings
    interval, interval_findings = _interval(row)
    findings += interval_findings
    if long and not (row.name_column and row.name_value):
        findings.append(
            ROW(
                say("a long log needs the column that names the meter, and this meter's name in it"),
                row.origin("name_column" if not row.name_column else "name_value"),
                found=say("empty"),
                action=say("Fill in the name column and the name in that column"),
            )
        )
    findings += _unit(row)
    number, number_findings = _number_format(row)
    findings += number_findings
    if meter is None or not complete or findings:
        return None, findings
    named = long or (row.layout == "matrix" and bool(row.name_column and row.name_value))
    return LogSpec(
        log_id=row.log_id,
        meter=meter,
        file=row.file.strip(),
        sheet=row.sheet,
        kind=row.kind,
        unit=over_hours(row.unit) if row.kind in MEANS else row.unit,
        time_column=row.time_column,
        value_column=row.value_column,
        name_column=row.name_column if named else "",
        name_value=row.name_value if named else "",
        zone=zone,
        zone_text=row.time_zone.strip(),
        opens=row.stamp == "start",
        interval=interval,
        included=row.transformer_factor_included == "yes",
        date_format=row.date_format,
        encoding=row.encoding,
        record=row,
        number_format=number,
        status_column=row.status_column.strip(),
        measured_words=_words(row.measured_words),
        missing_words=_words(row.missing_words),
        file_unit=row.file_unit.strip(),
        layout=row.layout,
    ), findings


def _words(text: str) -> tuple[str, ...]:
    """Words separated by semicolons, as they are compared."""
    return tuple(folded(w).casefold() for w in text.split(";") if w.strip())


def _zone(row: LogRow) -> tuple[tzinfo | None, list[Finding]]:
    text = row.time_zone
    if not text.strip():
        return None, []
    try:
        return parse_zone(text), []
    except TimeZoneError as error:
        where = row.origin("time_zone")
        return None, [ZONE(str(error), where, found=text, action=say("Name the zone in which the log is written"))]


def _interval(row: LogRow) -> tuple[int | None, list[Finding]]:
    minutes = row.interval_minutes
    if minutes is None or row.kind == "register":
        return None, []
    micros = round(minutes * MINUTE) if minutes <= MOST_MINUTES else 0
    if micros > 0 and abs(micros - minutes * MINUTE) < 1e-3:
        return micros, []
    return None, [
        INTERVAL(
            say(
                "the interval is not a positive number of minutes up to {most_minutes:,} (a year)",
                most_minutes=MOST_MINUTES,
            ),
            row.origin("interval_minutes"),
            found=say("{minutes:g}", minutes=minutes),
            action=say("Write the length of the log's interval in minutes, such as 15"),
        )
    ]


def _number_format(row: LogRow) -> tuple[NumberFormat | None, list[Finding]]:
    """The stated way of writing numbers, as an example: 1,234.5 or 1.234,5."""
    text = row.number_format
    if not text.strip():
        return None, []
    number = format_of(text)
    if number is not None:
        return number, []
    action = say("Write how the log writes one thousand two hundred thirty-four and a half, such as 1.234,5")
    return None, [ROW(say("the number format is no example"), row.origin("number_format"), found=text, action=action)]


def _unit(row: LogRow) -> list[Finding]:
    unit, power = row.unit, row.kind == "power"
    if not unit:
        return []
    try:
        wrong = not same_dimension(over_hours(unit), "Wh") if power else same_dimension(unit, "W")
        wrong = wrong and row.kind != "mean"
    except UnitError as error:
        meant = _MEANT.get(unit.strip().casefold().replace(" ", ""), "")
        action = say("Did you mean {meant}?", meant=meant) if meant else say("Write a unit such as kWh, MWh, kW or Nm3")
        return [UNIT(str(error), row.origin("unit"), found=unit, action=action)]
    if not wrong:
        return []
    message = (
        say("a log of power needs a unit of power") if power else say("a unit of power, but the kind is not power")
    )
    return [UNIT(message, row.origin("unit"), found=unit, action=say("Correct the unit or the kind"))]
