"""A methodology in words: as data, as CSV, and as text for a terminal."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from jcm_mrv.cli.output import plain, table
from jcm_mrv.methodology.card import Card, CardDefault
from jcm_mrv.methodology.catalogue import Entry
from jcm_mrv.methodology.declare import Default, Fixed, Monitored, Switch
from jcm_mrv.quantities.expression import Constant, Defined, Named
from jcm_mrv.quantities.text import equation_text, symbol_text

PARAMETER_COLUMNS = ("symbol", "kind", "unit", "per", "label", "value", "evidence", "source")


class Description(TypedDict):
    """What ``show`` shows; every value is text."""

    number: str
    version: str
    title: str
    country: str
    scope: str
    status: str
    adopted: str
    package: str
    summary: str
    evidence: dict[str, str]
    document_equation: str
    equations: list[str]
    parameters: list[dict[str, str]]
    choices: list[dict[str, str]]
    criteria: list[dict[str, str]]
    notes: list[str]


def describe(entry: Entry) -> Description:
    """The card and the equations of its methodology."""
    card, nodes = entry.card, entry.methodology.nodes()
    return Description(
        number=card.number,
        version=card.version,
        title=card.title.text,
        country=card.country,
        scope=card.scope,
        status=card.status,
        adopted=card.adopted,
        package=f"{entry.package} {entry.package_version}",
        summary=card.summary,
        evidence={"title": _evidence(card.title), "equation": _evidence(card.equation)},
        document_equation=card.equation.text,
        equations=[f"{equation_text(node)}    [{node.unit}]" for node in nodes if isinstance(node, Defined)],
        parameters=[_parameter(card, node) for node in nodes if not isinstance(node, Defined)],
        choices=[{"symbol": s, "text": c.text, "evidence": _evidence(c)} for s, c in card.choices.items()],
        criteria=[{"number": c.number, "text": c.text, "evidence": c.evidence} for c in card.criteria],
        notes=list(card.notes),
    )


def _evidence(stated: object) -> str:
    return f"{getattr(stated, 'evidence', '')}: {getattr(stated, 'source', '')}"


def _parameter(card: Card, node: Named) -> dict[str, str]:
    default = card.defaults.get(node.symbol)
    value, evidence, source = _value(card, node, default)
    per = " and ".join(s.name for s in node.sets)
    cells = (symbol_text(node), _kind(node), getattr(node, "unit", ""), per, node.label, value, evidence, source)
    return dict(zip(PARAMETER_COLUMNS, cells, strict=True))


def _kind(node: Named) -> str:
    kinds = ((Constant, "constant"), (Monitored, "monitored"), (Default, "default"), (Fixed, "fixed"))
    if isinstance(node, Switch):
        return f"choice by the {node.set_by}"
    return next((name for kind, name in kinds if isinstance(node, kind)), "input")


def _value(card: Card, node: Named, default: CardDefault | None) -> tuple[str, str, str]:
    """Value, evidence level and source, as far as the card or the equation gives one."""
    if isinstance(node, Constant):
        return node.written, "", node.source
    if isinstance(node, Switch):
        made = card.choices.get(node.symbol) if node.set_by == "card" else None
        return (made.text, made.evidence, made.source) if made else (" | ".join(node.choices), "", "")
    if default is None:
        return "", "", ""
    if default.classes:
        return "; ".join(f"{c.label}: {c.value:g}" for c in default.classes), default.evidence, default.source
    value = "entered by the project" if default.value is None else f"{default.value:g}"
    return value, default.evidence, default.source


def as_json(data: object) -> str:
    """JSON in plain ASCII, which every console and pipe can carry."""
    return json.dumps(data, indent=2)


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """CSV with a heading; a cell never begins a formula when a spreadsheet opens it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow("'" + row[c] if row[c].startswith(("=", "+", "-", "@")) else row[c] for c in columns)
    return text.getvalue()


def as_text(it: Description) -> str:
    """The description for a terminal."""
    head = [
        f"{it['number']} {it['version']}  {it['title']}",
        f"{it['country']}; {it['scope']}; status: {it['status']}; from {it['package']}",
        *([f"Adopted {it['adopted']}"] if it["adopted"] else []),
    ]
    parameters = [
        [p["symbol"], p["kind"], p["unit"], p["label"], _shown(p["value"], p["evidence"])] for p in it["parameters"]
    ]
    parts = [
        "\n".join(map(plain, head)),
        _paragraph(it["summary"]),
        _section("Equation of the document", [it["document_equation"], f"({it['evidence']['equation']})"]),
        _section("Equations", it["equations"]),
        "Parameters\n\n" + table(("Symbol", "Kind", "Unit", "What it is", "Value"), parameters),
        _section("Sources of values", [f"{p['symbol']}: {p['source']}" for p in it["parameters"] if p["source"]]),
        _section(
            "Choices that the text leaves", [f"{c['symbol']}: {c['text']} ({c['evidence']})" for c in it["choices"]]
        ),
        _section("Eligibility criteria", [f"{c['number']}. {c['text']} ({c['evidence']})" for c in it["criteria"]]),
        _section("Notes", it["notes"]),
    ]
    return "\n\n".join(part for part in parts if part)


def _shown(value: str, evidence: str) -> str:
    return f"{value} ({evidence})" if evidence else value


def _paragraph(text: str) -> str:
    return textwrap.fill(plain(text), 100)


def _section(title: str, lines: Sequence[str]) -> str:
    wrapped = [textwrap.fill(plain(line), 118, initial_indent="  ", subsequent_indent="    ") for line in lines]
    return "\n".join([title, "", *wrapped]) if lines else ""
