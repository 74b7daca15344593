"""A result as rows of the store's tables, from the data of ``result.json``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.findings import Finding
from jcm_mrv.origin import Origin
from jcm_mrv.portfolio.outcome import Row, Value
from jcm_mrv.portfolio.tonnes import Kind
from jcm_mrv.words import say


class NoTonnesError(JcmMrvError, ValueError):
    """A result that does not say how many tonnes a year has."""


def rows_of(data: Mapping[str, Any], kind: Kind) -> dict[str, list[Row]]:
    """The rows of years, parameters, meters, findings, treatments and inputs. ``data`` keeps its schema."""
    years = data["emission_reductions"]["by_year"]
    return {
        "years": [_year(year, kind) for year in years],
        "parameters": [_parameter(one) for one in data["parameters"]],
        "meters": [_meter(one) for one in data["meters"]],
        "findings": [_finding(one) for one in data["findings"]],
        "treatments": [dict(one) for one in data["treatments"]],
        "inputs": [dict(one) for one in data["inputs"]],
    }


def finding_rows(findings: Iterable[Finding]) -> list[Row]:
    """Findings as rows."""
    return [
        {
            "code": f.code,
            "severity": str(f.severity),
            "message": f.message,
            "origin": str(f.where),
            "found": f.found,
            "action": f.action,
            "effect_tco2e": f.effect_tco2e,
        }
        for f in findings
    ]


def _year(year: Mapping[str, Any], kind: Kind) -> Row:
    """A year; unverified tonnes are those stated: credited ones where there are any, else the reductions."""
    whole = year["credited"]
    tonnes = whole if kind is Kind.CREDITED else year["reductions"]
    if kind is Kind.UNVERIFIED and whole is not None:
        tonnes = float(whole)
    if tonnes is None:
        raise NoTonnesError(say("no reductions are stated for {year}", year=year["year"]))
    return {
        "year": year["year"],
        "start": year["start"],
        "end": year["end"],
        "kind": str(kind),
        "reference_tco2e": year["reference"],
        "project_tco2e": year["project"],
        "leakage_tco2e": year.get("leakage"),
        "unrounded_tco2e": None if kind is Kind.UNVERIFIED else year["reductions"],
        f"{kind}_tco2e": tonnes,
        "estimate_tco2e": year["estimate"],
    }


def _parameter(one: Mapping[str, Any]) -> Row:
    value = one["value"]
    number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    return {
        **{key: one[key] for key in ("methodology", "symbol", "label", "role", "unit", "evidence")},
        "index": ", ".join(f"{name}={label}" for name, label in one["index"].items()),
        "value": number,
        "text": value if isinstance(value, str) else None,
        "origin": _place(one["origin"]),
        "option": one.get("option"),
        "meters": "; ".join(one.get("meters", ())),
    }


def _meter(one: Mapping[str, Any]) -> Row:
    fields = one["fields"]
    keys = ("meter_id", "serial_number", "manufacturer", "model", "unit", "below")
    return {**{key: _text(fields.get(key)) for key in keys}, "origin": _place(one["origin"])}


def _finding(one: Mapping[str, Any]) -> Row:
    keys = ("code", "severity", "message", "found", "action", "effect_tco2e")
    return {**{key: one[key] for key in keys}, "origin": _place(one["where"])}


def _text(value: Any) -> Value:
    return None if value is None else str(value)


def _place(origin: Mapping[str, Any] | None) -> str:
    """As :class:`jcm_mrv.origin.Origin` writes itself."""
    return str(Origin(**origin)) if origin else ""


def of_member(rows: Iterable[Row], member: str) -> list[Row]:
    """Rows with the member that they belong to."""
    return [{**row, "member": member} for row in rows]
