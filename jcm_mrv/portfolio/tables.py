"""The tables of the store: their columns, with unit and meaning. Each is one Parquet file.

Tonnes of the four kinds stand in columns of their own, so that no sum over a column mixes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from jcm_mrv.portfolio.tonnes import Kind


class Type(StrEnum):
    """What a column holds; any value may be missing but that of the first column, the member."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole number"
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    type: Type
    meaning: str
    unit: str = ""


_T, _N, _W, _D = Type.TEXT, Type.NUMBER, Type.WHOLE, Type.DATE
_MEMBER = Column("member", _T, "Name of the member")
_TONNES = tuple(
    Column(f"{kind}_tco2e", _W if kind is Kind.CREDITED else _N, f"Emission reductions that are {kind}", "tCO2e")
    for kind in Kind
)
TONNES_COLUMNS: Mapping[Kind, str] = {kind: f"{kind}_tco2e" for kind in Kind}
"""The column of each kind of tonnes."""

TABLES: Mapping[str, tuple[Column, ...]] = {
    "members": (
        _MEMBER,
        Column("title", _T, "Its heading in reports"),
        Column("group_name", _T, "The group that it belongs to"),
        Column("group_path", _T, "That group and those around it, the outermost first, joined by /"),
        Column("tenant", _T, "The firm that it belongs to"),
        Column("field", _T, "The field of the plan"),
        Column("pilot", _T, "Its number in the plan"),
        Column("partner", _T, "Who works with it"),
        Column("place", _T, "Where it is"),
        Column("latitude", _N, "Degrees north", "deg"),
        Column("longitude", _N, "Degrees east", "deg"),
        Column("start", _D, "When it began"),
        Column("end", _D, "When it ended"),
        Column("status", _T, "planned, operating, ended, never measured"),
        Column("source", _T, "workbook, package, figures, none"),
        Column("file", _T, "Its workbook or package"),
        Column("outcome", _T, "calculated, unverified, reported, none, failed, waiting"),
        Column("kind", _T, "Which kind of tonnes it has; missing where it has none"),
        Column("methodologies", _T, "Numbers and versions, joined by ;"),
        Column("period_start", _D, "First day of the monitoring period"),
        Column("period_end", _D, "Last day of the monitoring period"),
        *_TONNES,
        Column("result_sha256", _T, "SHA-256 of its result in canonical form, as on page 1 of its report"),
        Column("software", _T, "jcm-mrv and methodology packages with their versions"),
        Column("note", _T, "Why there are no figures, and the note of the portfolio"),
    ),
    "years": (
        _MEMBER,
        Column("year", _W, "Calendar year"),
        Column("start", _D, "First day of the year that belongs to the monitoring period"),
        Column("end", _D, "Last day"),
        Column("kind", _T, "Which kind of tonnes these are"),
        Column("reference_tco2e", _N, "Reference emissions", "tCO2e"),
        Column("project_tco2e", _N, "Project emissions", "tCO2e"),
        Column("leakage_tco2e", _N, "Leakage", "tCO2e"),
        Column("unrounded_tco2e", _N, "Emission reductions before rounding, of calculated members", "tCO2e"),
        *_TONNES,
        Column("estimate_tco2e", _N, "Ex-ante estimate", "tCO2e"),
        Column("source", _T, "Of reported tonnes: where they were read"),
        Column("evidence", _T, "Of reported tonnes: how far that is confirmed"),
    ),
    "figures": (
        _MEMBER,
        Column("year", _W, "Calendar year"),
        Column("what", _T, "What the figure is about"),
        Column("amount", _N, "How much, in `unit`"),
        Column("unit", _T, "Unit of the amount"),
        Column("source", _T, "Where it was read"),
        Column("evidence", _T, "How far that is confirmed"),
    ),
    "parameters": (
        _MEMBER,
        Column("methodology", _T, "Namespace of the methodology in the claim"),
        Column("symbol", _T, "Symbol of the parameter"),
        Column("label", _T, "Its description"),
        Column("role", _T, "monitored, fixed, default, choice, constant"),
        Column("index", _T, "Its elements, such as equipment=PV-1, month=2024-01"),
        Column("value", _N, "Its value, in `unit`; missing for a choice"),
        Column("text", _T, "The chosen word of a choice"),
        Column("unit", _T, "Unit of the value"),
        Column("origin", _T, "Where it stands"),
        Column("evidence", _T, "Evidence level of a default"),
        Column("option", _T, "Monitoring option A, B or C"),
        Column("meters", _T, "Meters that make a monitored value, joined by ;"),
    ),
    "meters": (
        _MEMBER,
        Column("meter_id", _T, "Meter ID in the member's workbook"),
        Column("serial_number", _T, "Serial number as written"),
        Column("manufacturer", _T, "Manufacturer"),
        Column("model", _T, "Model"),
        Column("unit", _T, "Unit of its readings"),
        Column("below", _T, "The meter above it"),
        Column("origin", _T, "Where it stands"),
    ),
    "findings": (
        _MEMBER,
        Column("code", _T, "Code of the finding"),
        Column("severity", _T, "error, major, minor, note"),
        Column("message", _T, "What was found"),
        Column("origin", _T, "Where"),
        Column("found", _T, "What stands there"),
        Column("action", _T, "What to do"),
        Column("effect_tco2e", _N, "Change of ER by its treatment", "tCO2e"),
    ),
    "treatments": (
        _MEMBER,
        Column("meter_id", _T, "The meter"),
        Column("month", _T, "The month"),
        Column("kind", _T, "override, other source, bridged, gap, divided, doubtful, samples, calibration"),
        Column("span", _T, "What of the month is treated"),
        Column("hours", _N, "Its length", "h"),
        Column("raw", _N, "The whole month before, in `unit`"),
        Column("correction", _N, "The correction, in `unit`"),
        Column("used", _N, "The whole month after it, in `unit`"),
        Column("unit", _T, "Unit of the amounts"),
        Column("rule", _T, "The rule"),
        Column("direction", _T, "How ER moves with the amount"),
        Column("effect_tco2e", _N, "Change of ER by it", "tCO2e"),
    ),
    "inputs": (
        _MEMBER,
        Column("path", _T, "A file that was read, from the folder of the workbook"),
        Column("sha256", _T, "Its SHA-256"),
    ),
    "identities": (
        _MEMBER,
        Column("what", _T, "meter, equipment, land, invoice, log, workbook, project"),
        Column("identity", _T, "What identifies it: a serial number, a number, a SHA-256"),
        Column("make", _T, "Manufacturer and model, where a serial number needs them"),
        Column("label", _T, "How the member calls it"),
        Column("sign", _T, "Of a meter: + counted, - deducted, ; where both, missing where in no parameter"),
        Column("parameters", _T, "Of a meter: the parameters that it makes"),
        Column("use", _T, "Of a meter: generated, used"),
        Column("start", _D, "First day for which it is used"),
        Column("end", _D, "Last day"),
        Column("origin", _T, "Where it stands"),
    ),
}
"""Columns by table."""
