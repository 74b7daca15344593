"""What a blank workbook offers besides headings: drop-downs, an example row, and columns folded away.

An example row is grey, and each of its cells begins with ``e.g.`` or what says the same in the language of the
workbook: the reader leaves such a row out, and refuses one in which only some cells do, so that nobody's tonnes rest
on an example.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jcm_mrv.time.zones import PARTNER_ZONES
from jcm_mrv.words import say
from jcm_mrv.workbook.schema import LISTS
from jcm_mrv.workbook.schema_columns import Column, Sheet
from jcm_mrv.workbook.template.method import TemplateMethod
from jcm_mrv.workbook.template.styles import Styles

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_LISTED = 2000  # rows of another sheet that a drop-down offers

UNITS = (
    *("kWh", "MWh", "GJ", "MJ", "kW", "MW", "L", "kL", "m3", "Nm3", "kg", "t", "kg/L", "kg/m3", "GJ/t", "MJ/kg"),
    *("MJ/L", "MJ/m3", "USRt", "%", "1", "h", "tCO2/MWh", "tCO2/GJ", "degC"),
)

_OFFERED: Mapping[tuple[str, str], str] = {
    ("project", "country"): "country",
    ("project", "time_zone"): "time_zone",
    ("logs", "time_zone"): "time_zone",
    ("equipment", "fuel"): "fuel",
    ("equipment", "reference_fuel"): "fuel",
    ("points", "parameter"): "monitored",
    ("fixed", "parameter"): "fixed",
}
_REFERS = {"meter_id": "Meters", "applies_to": "Equipment"}
_MAY_REFER = {"below": "Meters", "checks": "Meters", "evidence": "Evidence"}
"""Columns that name a row of another sheet, by the first column of that sheet; the latter may hold other words too."""

_FOLDED: Mapping[str, tuple[str, ...]] = {
    "equipment": ("electricity_source", "fuel", "reference_fuel", "products", "own_renewables"),
    "meters": ("required_class", "permissible_error", "checks", "responsible", "missing_data"),
    "points": ("rejects", "sampling", "evidence"),
    "fixed": (),
    "logs": (
        *("sheet", "name_column", "name_value", "date_format", "number_format", "encoding"),
        *("status_column", "measured_words", "missing_words", "file_unit"),
    ),
    "eligibility": (),
}
"""Columns that most projects leave empty; those that a methodology asks for are shown."""

_EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "equipment": {
        "equipment_id": "EQ-1", "description": say("what it is"), "manufacturer": say("as on the name plate"),
        "model": say("as on the name plate"),
        "serial_number": "SN-12345", "rated_capacity": "37", "rated_capacity_unit": "kW",
        "operation_start": "2024-01-01",
    },
    "meters": {
        "meter_id": "M-1", "serial_number": "SN-67890", "description": say("electricity of {name}", name="EQ-1"),
        "accuracy_class": "0.5", "unit": "kWh", "transformer_factor": "40", "register_digits": "6",
        "highest_rate": "45", "highest_rate_unit": "kW", "below": "grid",
    },
    "calibrations": {
        "meter_id": "M-1", "date": "2023-12-01", "valid_until": "2025-11-30", "result": "passed", "error_found": "0.2",
        "certificate": say("its number"), "laboratory": say("its name"), "evidence": "DOC-1",
    },
    "points": {"point_no": "1", "applies_to": "EQ-1", "meter_id": "M-1", "sign": "+", "share": "1"},
    "readings": {
        "meter_id": "M-1", "kind": "register", "end": "2024-01-01 00:00", "value": "1234.5", "unit": "kWh",
    },
    "logs": {
        "log_id": "LOG-1", "meter_id": "M-1", "file": "logger.csv", "layout": "wide", "time_column": "Time",
        "value_column": "kW", "unit": "kW", "kind": "power", "stamp": "start", "interval_minutes": "15",
        "transformer_factor_included": "yes",
    },
    "invoices": {
        "invoice_no": "INV-1", "supplier": say("its name"), "meter_id": "M-1", "start": "2024-01-01 00:00",
        "end": "2024-02-01 00:00", "value": "12345", "unit": "kWh", "evidence": "DOC-2",
    },
    "evidence": {
        "document_id": "DOC-1", "title": say("Calibration certificate of {name}", name="M-1"),
        "file": "certificate.pdf",
    },
    "eligibility": {
        "number": "1", "met": "yes", "evidence": "DOC-1",
        "criterion": say("each criterion of the approved methodology, word for word, in a row of its own"),
    },
}  # fmt: skip


def _first_column(title: str) -> str:
    return f"={title}!$A$2:$A${_LISTED}"


@dataclass(frozen=True)
class Offers:
    """The lists that drop-downs offer, by name, and the columns of Equipment that the methodologies ask for.

    A workbook that is written filled in has no lists, and no column of it is folded away.
    """

    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    methods: Sequence[TemplateMethod] = ()

    @classmethod
    def of(cls, methods: Sequence[TemplateMethod], lists: Mapping[str, Sequence[str]]) -> Offers:
        """Those of some methodologies."""
        monitored = dict.fromkeys(p.symbol for m in methods for p in m.monitored)
        fixed = dict.fromkeys(p.symbol for m in methods for p in (*m.fixed, *m.equipment))
        given = {
            "unit": UNITS,
            "time_zone": PARTNER_ZONES,
            **lists,
            "monitored": tuple(monitored),
            "fixed": tuple(dict.fromkeys((*fixed, "equation"))),
        }
        asked = frozenset(key for m in methods for key in m.columns)
        return cls({name: values for name, values in given.items() if values}, asked, methods)

    def rule(self, schema: Sheet, column: Column) -> dict[str, object] | None:
        """The drop-down of a column in which other words are allowed as well; None where it has none."""
        title = _REFERS.get(column.key)
        if title and title != schema.title:
            message = say("This name is not on the sheet {title}. Keep it?", title=title)
            rule = {"validate": "list", "source": _first_column(title), "error_type": "warning"}
            return {**rule, "error_title": title, "error_message": message}
        source = self._source(schema, column) if self.lists else None
        return None if source is None else {"validate": "list", "source": source, "show_error": False}

    def _source(self, schema: Sheet, column: Column) -> str | None:
        name = "unit" if column.key in ("unit", "highest_rate_unit") else _OFFERED.get((schema.key, column.key), "")
        if name in self.lists:
            letter = chr(ord("A") + list(self.lists).index(name))
            return f"={LISTS}!${letter}$2:${letter}${len(self.lists[name]) + 1}"
        title = _MAY_REFER.get(column.key)
        return _first_column(title) if title else None

    def folded(self, schema: Sheet) -> set[str]:
        """The keys of the columns that are folded away; ``methodology`` too where the claim has one."""
        if not self.lists or schema.key not in _FOLDED:
            return set()
        one = ("methodology",) if len(self.methods) == 1 else ()
        return {*_FOLDED[schema.key], *one} - self.asked

    def example(self, schema: Sheet) -> Mapping[str, str]:
        """The example row of a sheet by the keys of its columns, empty where it has none."""
        row = dict(_EXAMPLES.get(schema.key, {}))
        if row and schema.key == "points":
            row["parameter"] = next(iter(self.lists.get("monitored", ("EG",))))
        return row


def write_lists(sheet: Worksheet, offers: Offers, styles: Styles) -> None:
    """The sheet from which the drop-downs take their words; it is hidden."""
    for column, (name, values) in enumerate(offers.lists.items()):
        sheet.write_string(0, column, name, styles.get(bold=True))
        for row, value in enumerate(values, 1):
            sheet.write_string(row, column, value, styles.get())
    sheet.hide()
