"""``result.json``: the whole result as data, by the schema that the package publishes.

Numbers are written so that they read back as the same float; nothing is NaN
or infinite: what is unknown is null. The same result gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeAlias, cast

import rfc8785

from jcm_mrv.findings import Finding
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Default, Fixed
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.expression import Label, Named
from jcm_mrv.result import DefaultUse, MethodologyResult, Result, Treatment, YearResult
from jcm_mrv.versions import schemas
from jcm_mrv.versions.changes import changes
from jcm_mrv.workbook.change import Change
from jcm_mrv.workbook.records import PreviousVersion
from jcm_mrv.workbook.row import AnyRow
from jcm_mrv.workbook.rows import EquipmentRow

SCHEMA = "jcm-mrv-result/1"

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


def result_json(result: Result) -> bytes:
    """The result as UTF-8 JSON text with a final newline."""
    text = json.dumps(result_data(result), ensure_ascii=False, allow_nan=False, indent=2)
    return (text + "\n").encode("utf-8")


def canonical_sha256(data: object) -> str:
    """SHA-256 of data in the canonical form of JSON (RFC 8785), whatever its layout and the order of its keys.

    Raises ValueError for what has no such form.
    """
    return hashlib.sha256(rfc8785.dumps(cast(Json, data))).hexdigest()


def result_sha256(result: Result) -> str:
    """That of ``result.json``, as it is printed on the first page."""
    return canonical_sha256(result_data(result))


def schema_text() -> str:
    """The JSON Schema (draft 2020-12) that describes the result."""
    return schemas.schema_text(schemas.RESULT)


def result_data(result: Result) -> dict[str, Json]:
    """The result as plain data, in the order of the schema; what changed since another version only in a later one."""
    previous = result.data.previous
    return _data(result) | ({} if previous is None else {"previous_version": _previous(result, previous)})


@lru_cache(maxsize=1)
def changes_of(result: Result) -> tuple[Change, ...]:
    """What changed since the version before this one; nothing where none is named."""
    previous = result.data.previous
    if previous is None or previous.changes is not None:
        return () if previous is None else previous.changes or ()
    return changes(previous.result, cast(dict[str, Any], _data(result)), previous.cells)


def _previous(result: Result, previous: PreviousVersion) -> dict[str, Json]:
    return {
        "version": previous.version,
        "path": previous.file,
        "sha256": previous.sha256,
        "result_sha256": canonical_sha256(previous.result),
        "changes": [{**asdict(one), "kind": str(one.kind)} for one in changes_of(result)],
    }


def _data(result: Result) -> dict[str, Json]:
    return {
        "schema": SCHEMA,
        "software": dict(sorted(result.software.items())),
        "project": _fields(result.data.project),
        "methodologies": [_methodology(m) for m in result.methodologies],
        "monitoring_period": {"start": result.start.isoformat(), "end": result.end.isoformat()},
        "indicative": result.indicative,
        "emission_reductions": _reductions(result),
        "parameters": list(_parameters(result)),
        "equipment": [_equipment(row) for row in result.data.equipment],
        "meters": [_row(row, row.origin("meter_id")) for row in result.data.meters],
        "treatments": [_treatment(t) for t in result.treatments],
        "overrides": [dict(sorted(o.items())) for o in result.overrides],
        "settings": dict(sorted(result.settings.items())),
        "rounding": {"rule": result.rounding, "digits": result.rounding_digits, "decimals": result.decimals},
        "findings": [_finding(f) for f in result.findings],
        "inputs": [{"path": path, "sha256": sha256} for path, sha256 in result.inputs],
    }


def number(value: float | None) -> float | None:
    """A finite number as it is (but 0 without a sign), None for what is unknown."""
    return None if value is None or not math.isfinite(value) else float(value) + 0.0


def origin_data(origin: Origin) -> dict[str, Json] | None:
    """A place as an object that holds only what is known of it, None for nowhere."""
    parts: dict[str, Json] = {
        "file": origin.file,
        "sheet": origin.sheet,
        "cell": origin.cell,
        "line": origin.line,
        "document": origin.document,
        "page": origin.page,
        "evidence": origin.evidence,
    }
    return {key: value for key, value in parts.items() if value} or None


def _fields(record: AnyRow) -> dict[str, Json]:
    """The filled cells of a row or form, dates in ISO form."""
    return {key: _value(cell.value) for key, cell in record.cells.items() if cell.value not in (None, "")}


def _value(value: str | float | datetime | None) -> Json:
    if isinstance(value, datetime):
        midnight = value.time() == datetime.min.time()
        return value.date().isoformat() if midnight else value.isoformat()
    return number(value) if isinstance(value, float) else value


def _methodology(one: MethodologyResult) -> dict[str, Json]:
    card = one.bound.entry.card
    return {
        "number": card.number,
        "version": card.version,
        "title": card.title.text,
        "status": one.status,
        "confirmed": one.confirmed,
        "evidence": one.evidence,
        "reference": number(one.reference),
        "project": number(one.project),
        **_leakage(one.leakage),
        "reductions": number(one.reductions),
    }


def _reductions(result: Result) -> dict[str, Json]:
    return {
        "unit": "tCO2e",
        "reference": number(result.reference),
        "project": number(result.project),
        **_leakage(result.leakage),
        "reductions": number(result.reductions),
        "credited": result.credited,
        "by_year": [_year(y, result.indicative) for y in result.years],
    }


def _leakage(tonnes: float | None) -> dict[str, Json]:
    """Leakage where a methodology has it; otherwise no entry."""
    return {} if tonnes is None else {"leakage": number(tonnes)}


def _year(year: YearResult, indicative: bool) -> dict[str, Json]:
    return {
        "year": year.year,
        "start": year.start.isoformat(),
        "end": year.end.isoformat(),
        "reference": number(year.reference),
        "project": number(year.project),
        **_leakage(year.leakage),
        "reductions": number(year.reductions),
        "credited": None if indicative else year.credited,
        "estimate": number(year.estimate),
    }


# --- parameters ---


def _parameters(result: Result) -> Iterator[dict[str, Json]]:
    uses = {(id(use.node), use.ordinals): use for use in result.defaults}
    for bound in result.claim.bounds:
        yield from _monitored(result, bound)
        for node in bound.fixed:
            yield from _fixed(result, bound, node, uses)
        for switch in bound.switches:
            yield from _choices(result, bound, switch)
        for constant in bound.constants:
            yield _entry(bound, constant, {}, "constant", constant.value, constant.unit, None, "") | {
                "source": constant.source
            }


def _monitored(result: Result, bound: Bound) -> Iterator[dict[str, Json]]:
    """Monitored parameters by element and time slice, each with the meters that make it."""
    for parameter in (p for p in result.claim.parameters if p.bound is bound):
        node = parameter.declared
        for ordinals in result.claim.space.tuples(node.sets):
            labels = result.claim.space.labels(node.sets, ordinals)
            point = parameter.points.get(labels[:-1])
            value = number(result.value(parameter.defined, ordinals))
            if point is None:
                continue
            made_by = parameter.chain.points[point]
            yield _entry(
                bound, node, _index(node, labels), "monitored", value, node.unit, made_by.terms[0].origin, ""
            ) | {"option": made_by.option, "formula": made_by.formula, "meters": [t.meter_id for t in made_by.terms]}


def _fixed(
    result: Result, bound: Bound, node: Fixed, uses: Mapping[tuple[int, tuple[int, ...]], DefaultUse]
) -> Iterator[dict[str, Json]]:
    role = "default" if isinstance(node, Default) else "fixed"
    for ordinals in result.claim.space.tuples(node.sets):
        index = _index(node, result.claim.space.labels(node.sets, ordinals))
        value = number(result.value(node, ordinals))
        use = uses.get((id(node), ordinals))
        evidence = use.evidence if use else ""
        entry = _entry(bound, node, index, role, value, node.unit, result.origin(node, ordinals), evidence)
        yield entry | (_default(use) if use else {})


def _default(use: DefaultUse) -> dict[str, Json]:
    return {
        "card_value": number(use.card_value),
        "card_source": use.card_source,
        "card_evidence": use.card_evidence,
        "project_value": number(use.project_value),
        "document": use.document,
        "page": use.page,
    }


def _choices(result: Result, bound: Bound, node: Label) -> Iterator[dict[str, Json]]:
    for ordinals in result.claim.space.tuples(node.sets):
        chosen = int(result.evaluation[node][ordinals])
        index = _index(node, result.claim.space.labels(node.sets, ordinals))
        value = node.choices[chosen] if chosen >= 0 else None
        yield _entry(bound, node, index, "choice", value, "", result.origin(node, ordinals), "")


def _index(node: Named, labels: tuple[str, ...]) -> dict[str, Json]:
    return {s.name: label for s, label in zip(node.sets, labels, strict=True)}


def _entry(
    bound: Bound,
    node: Named,
    index: dict[str, Json],
    role: str,
    value: float | str | None,
    unit: str,
    origin: Origin | None,
    evidence: str,
) -> dict[str, Json]:
    return {
        "methodology": bound.namespace,
        "symbol": node.symbol,
        "label": node.label,
        "role": role,
        "index": index,
        "value": value,
        "unit": unit,
        "origin": origin_data(origin) if origin else None,
        "evidence": evidence,
    }


# --- the rest ---


def _equipment(row: EquipmentRow) -> dict[str, Json]:
    parameters: dict[str, Json] = {
        symbol: {"value": _value(cell.value), "unit": cell.unit}
        for symbol, cell in row.parameters.items()
        if cell.value is not None
    }
    return {**_row(row, row.origin("equipment_id")), "parameters": parameters}


def _row(row: AnyRow, named: Origin) -> dict[str, Json]:
    """The filled cells of a row, and where the cell that names it stands."""
    return {"fields": _fields(row), "origin": origin_data(named)}


def _treatment(treatment: Treatment) -> dict[str, Json]:
    return {
        "meter_id": treatment.meter_id,
        "month": treatment.month,
        "kind": treatment.kind,
        "span": treatment.span,
        "hours": number(treatment.hours),
        "raw": number(treatment.raw),
        "correction": number(treatment.correction),
        "used": number(treatment.used),
        "unit": treatment.unit,
        "rule": treatment.rule,
        "direction": treatment.direction_words,
        "effect_tco2e": number(treatment.effect_tco2e),
    }


def _finding(finding: Finding) -> dict[str, Json]:
    data: dict[str, Json] = {
        key: number(value) if isinstance(value, float) else value for key, value in sorted(finding.data.items())
    }
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "where": origin_data(finding.where),
        "found": finding.found,
        "action": finding.action,
        "data": data,
        "effect_tco2e": number(finding.effect_tco2e),
        **({"answer": finding.answer} if finding.answer else {}),
    }
