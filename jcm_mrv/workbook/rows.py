"""The rows of the monitoring workbook: a typed attribute per column, and the keys of each sheet.

Written from the schema by ``scripts/write_rows.py``: change the schema, and run ``make rows``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from jcm_mrv.workbook.row import AnyRow, ChoiceColumn, NumberColumn, Record, TextColumn, TimeColumn, ValueColumn
from jcm_mrv.workbook.rows_data import ConversionRow, InvoiceRow, LogRow, OverrideRow, SettingRow, StockRow

ProjectKey = Literal[
    "title", "reference_number", "country", "methodologies", "period_start", "period_end", "time_zone", "date_format",
    "decimal_mark", "location", "latitude", "longitude", "participants", "focal_point", "third_party_entity",
    "operation_start", "pdd", "report_date", "report_version", "previous_version", "prepared_by", "crediting_start",
    "crediting_end", "crediting_renewal", "authorisation", "vintage", "first_transfer", "corresponding_adjustment",
    "confidential",
]  # fmt: skip


class ProjectForm(Record[ProjectKey]):
    """The form Project."""

    title = TextColumn()
    reference_number = TextColumn()
    country = TextColumn()
    methodologies = TextColumn()
    period_start = TimeColumn()
    period_end = TimeColumn()
    time_zone = TextColumn()
    date_format = ChoiceColumn[Literal["", "DD/MM/YYYY", "MM/DD/YYYY"]]()
    decimal_mark = ChoiceColumn[Literal["", "comma", "point"]]()
    location = TextColumn()
    latitude = NumberColumn()
    longitude = NumberColumn()
    participants = TextColumn()
    focal_point = TextColumn()
    third_party_entity = TextColumn()
    operation_start = TimeColumn()
    pdd = TextColumn()
    report_date = TimeColumn()
    report_version = TextColumn()
    previous_version = TextColumn()
    prepared_by = TextColumn()
    crediting_start = TimeColumn()
    crediting_end = TimeColumn()
    crediting_renewal = TextColumn()
    authorisation = TextColumn()
    vintage = TextColumn()
    first_transfer = TextColumn()
    corresponding_adjustment = TextColumn()
    confidential = TextColumn()


EligibilityKey = Literal[
    "number", "methodology", "criterion", "met", "evidence", "comment",
]  # fmt: skip


class EligibilityRow(Record[EligibilityKey]):
    """One row of the sheet Eligibility."""

    number = TextColumn()
    methodology = TextColumn()
    criterion = TextColumn()
    met = ChoiceColumn[Literal["", "yes", "no"]]()
    evidence = TextColumn()
    comment = TextColumn()


EquipmentKey = Literal[
    "equipment_id", "methodology", "group", "description", "manufacturer", "model", "serial_number", "rated_capacity",
    "rated_capacity_unit", "site", "electricity_source", "fuel", "reference_fuel", "products", "own_renewables",
    "operation_start", "operation_end", "evidence", "comment",
]  # fmt: skip


class EquipmentRow(Record[EquipmentKey]):
    """One row of the sheet Equipment."""

    equipment_id = TextColumn()
    methodology = TextColumn()
    group = TextColumn()
    description = TextColumn()
    manufacturer = TextColumn()
    model = TextColumn()
    serial_number = TextColumn()
    rated_capacity = NumberColumn()
    rated_capacity_unit = TextColumn()
    site = TextColumn()
    electricity_source = TextColumn()
    fuel = TextColumn()
    reference_fuel = TextColumn()
    products = TextColumn()
    own_renewables = ChoiceColumn[Literal["", "yes", "no"]]()
    operation_start = TimeColumn()
    operation_end = TimeColumn()
    evidence = TextColumn()
    comment = TextColumn()


MeterKey = Literal[
    "meter_id", "serial_number", "description", "manufacturer", "model", "accuracy_class", "required_class",
    "permissible_error", "unit", "transformer_factor", "register_digits", "highest_rate", "highest_rate_unit", "checks",
    "calibration_interval", "responsible", "installed", "opening_reading", "removed", "closing_reading", "evidence",
    "comment", "below", "missing_data",
]  # fmt: skip


class MeterRow(Record[MeterKey]):
    """One row of the sheet Meters."""

    meter_id = TextColumn()
    serial_number = TextColumn()
    description = TextColumn()
    manufacturer = TextColumn()
    model = TextColumn()
    accuracy_class = NumberColumn()
    required_class = NumberColumn()
    permissible_error = NumberColumn()
    unit = TextColumn()
    transformer_factor = NumberColumn()
    register_digits = NumberColumn()
    highest_rate = NumberColumn()
    highest_rate_unit = TextColumn()
    checks = TextColumn()
    calibration_interval = NumberColumn()
    responsible = TextColumn()
    installed = TimeColumn()
    opening_reading = NumberColumn()
    removed = TimeColumn()
    closing_reading = NumberColumn()
    evidence = TextColumn()
    comment = TextColumn()
    below = TextColumn()
    missing_data = ChoiceColumn[Literal[
        "", "highest month", "lowest month", "same month a year before", "highest rate", "rated capacity", "zero",
        "excluded span",
    ]]()  # fmt: skip


CalibrationKey = Literal[
    "meter_id", "serial_number", "date", "valid_until", "result", "error_found", "certificate", "laboratory",
    "evidence", "comment",
]  # fmt: skip


class CalibrationRow(Record[CalibrationKey]):
    """One row of the sheet Calibrations."""

    meter_id = TextColumn()
    serial_number = TextColumn()
    date = TimeColumn()
    valid_until = TimeColumn()
    result = ChoiceColumn[Literal["", "passed", "failed"]]()
    error_found = NumberColumn()
    certificate = TextColumn()
    laboratory = TextColumn()
    evidence = TextColumn()
    comment = TextColumn()


PointKey = Literal[
    "point_no", "methodology", "parameter", "applies_to", "meter_id", "sign", "share", "share_basis", "other_loads",
    "rejects", "option", "frequency", "responsible", "evidence", "comment", "sampling",
]  # fmt: skip


class PointRow(Record[PointKey]):
    """One row of the sheet Monitoring points."""

    point_no = TextColumn()
    methodology = TextColumn()
    parameter = TextColumn()
    applies_to = TextColumn()
    meter_id = TextColumn()
    sign = ChoiceColumn[Literal["", "+", "-"]]()
    share = NumberColumn()
    share_basis = TextColumn()
    other_loads = ChoiceColumn[Literal["", "yes", "no"]]()
    rejects = ChoiceColumn[Literal["", "left out", "none", "counted"]]()
    option = ChoiceColumn[Literal["", "A", "B", "C"]]()
    frequency = TextColumn()
    responsible = TextColumn()
    evidence = TextColumn()
    comment = TextColumn()
    sampling = TextColumn()


FixedKey = Literal[
    "methodology", "parameter", "applies_to", "value", "unit", "document", "page", "evidence", "comment",
]  # fmt: skip


class FixedRow(Record[FixedKey]):
    """One row of the sheet Fixed values."""

    methodology = TextColumn()
    parameter = TextColumn()
    applies_to = TextColumn()
    value = ValueColumn()
    unit = TextColumn()
    document = TextColumn()
    page = TextColumn()
    evidence = TextColumn()
    comment = TextColumn()


EstimateKey = Literal[
    "year", "reductions", "reference", "project", "source", "leakage",
]  # fmt: skip


class EstimateRow(Record[EstimateKey]):
    """One row of the sheet Estimates."""

    year = NumberColumn()
    reductions = NumberColumn()
    reference = NumberColumn()
    project = NumberColumn()
    source = TextColumn()
    leakage = NumberColumn()


EvidenceKey = Literal[
    "document_id", "title", "file", "sha256", "proves", "date",
]  # fmt: skip


class EvidenceRow(Record[EvidenceKey]):
    """One row of the sheet Evidence."""

    document_id = TextColumn()
    title = TextColumn()
    file = TextColumn()
    sha256 = TextColumn()
    proves = TextColumn()
    date = TimeColumn()


TeamKey = Literal[
    "role", "name", "organisation", "responsibility",
]  # fmt: skip


class TeamRow(Record[TeamKey]):
    """One row of the sheet Team."""

    role = TextColumn()
    name = TextColumn()
    organisation = TextColumn()
    responsibility = TextColumn()


AnswerKey = Literal[
    "finding", "place", "answer", "evidence",
]  # fmt: skip


class AnswerRow(Record[AnswerKey]):
    """One row of the sheet Answers."""

    finding = TextColumn()
    place = TextColumn()
    answer = TextColumn()
    evidence = TextColumn()


@dataclass(frozen=True, eq=False, kw_only=True)
class Tables:
    """The rows of every table sheet except Readings; none where the sheet is empty or missing."""

    eligibility: Sequence[EligibilityRow] = ()
    equipment: Sequence[EquipmentRow] = ()
    meters: Sequence[MeterRow] = ()
    calibrations: Sequence[CalibrationRow] = ()
    points: Sequence[PointRow] = ()
    fixed: Sequence[FixedRow] = ()
    logs: Sequence[LogRow] = ()
    stocks: Sequence[StockRow] = ()
    conversions: Sequence[ConversionRow] = ()
    invoices: Sequence[InvoiceRow] = ()
    overrides: Sequence[OverrideRow] = ()
    settings: Sequence[SettingRow] = ()
    estimates: Sequence[EstimateRow] = ()
    evidence: Sequence[EvidenceRow] = ()
    team: Sequence[TeamRow] = ()
    answers: Sequence[AnswerRow] = ()

    @property
    def tables(self) -> Mapping[str, Sequence[AnyRow]]:
        """The rows by the key of their sheet, for what is asked of all sheets alike."""
        return {
            "eligibility": self.eligibility,
            "equipment": self.equipment,
            "meters": self.meters,
            "calibrations": self.calibrations,
            "points": self.points,
            "fixed": self.fixed,
            "logs": self.logs,
            "stocks": self.stocks,
            "conversions": self.conversions,
            "invoices": self.invoices,
            "overrides": self.overrides,
            "settings": self.settings,
            "estimates": self.estimates,
            "evidence": self.evidence,
            "team": self.team,
            "answers": self.answers,
        }


ROWS: Mapping[str, type[Record[Any]]] = MappingProxyType(
    {
        "project": ProjectForm,
        "eligibility": EligibilityRow,
        "equipment": EquipmentRow,
        "meters": MeterRow,
        "calibrations": CalibrationRow,
        "points": PointRow,
        "fixed": FixedRow,
        "logs": LogRow,
        "stocks": StockRow,
        "conversions": ConversionRow,
        "invoices": InvoiceRow,
        "overrides": OverrideRow,
        "settings": SettingRow,
        "estimates": EstimateRow,
        "evidence": EvidenceRow,
        "team": TeamRow,
        "answers": AnswerRow,
    }
)
"""The class of a row by the key of its sheet."""
