"""A methodology in words: as data, as CSV, and as text for a terminal."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from jcm_mrv.cli.output import plain, width
from jcm_mrv.methodology.binding import Bound, bind
from jcm_mrv.methodology.card import Card, CardDefault
from jcm_mrv.methodology.catalogue import Entry
from jcm_mrv.methodology.declare import Default, Fixed, Monitored, Switch
from jcm_mrv.quantities.expression import Constant, Defined, Named
from jcm_mrv.quantities.text import equation_text, symbol_text

WIDTH = 118
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
    """The card, and the equations of its methodology as they are computed: with the card's choices made."""
    card, bound = entry.card, bind(entry)
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
        equations=[f"{equation_text(node)}    [{node.unit}]" for node in bound.equations],
        parameters=[_parameter(card, node, symbol) for node, symbol in _parameters(bound)],
        choices=[{"symbol": s, "text": c.text, "evidence": _evidence(c)} for s, c in card.choices.items()],
        criteria=[{"number": c.number, "text": c.text, "evidence": c.evidence} for c in card.criteria],
        notes=list(card.notes),
    )


def _evidence(stated: object) -> str:
    return f"{getattr(stated, 'evidence', '')}: {getattr(stated, 'source', '')}"


def _parameters(bound: Bound) -> list[tuple[Named, str]]:
    """What goes into the equations, with its symbol on the card; of a table by class only its values."""
    tables = {id(table.values): symbol for symbol, table in bound.tables.items()}
    edges = {id(edge) for table in bound.tables.values() for edge in (table.lower, table.upper)}
    inputs = [n for n in bound.nodes if not isinstance(n, Defined) and id(n) not in edges]
    return [(node, tables.get(id(node), node.symbol)) for node in inputs]


def _parameter(card: Card, node: Named, symbol: str) -> dict[str, str]:
    default = card.defaults.get(symbol)
    value, evidence, source = _value(card, node, default)
    per = " and ".join(s.name for s in node.sets)
    cells = (symbol_text(node), _kind(node), getattr(node, "unit", ""), per, node.label, value, evidence, source)
    return dict(zip(PARAMETER_COLUMNS, cells, strict=True))


def _kind(node: Named) -> str:
    kinds = ((Constant, "constant"), (Monitored, "monitored"), (Default, "default"), (Fixed, "fixed"))
    if isinstance(node, Switch):
        return f"{node.set_by}'s choice"
    return next((name for kind, name in kinds if isinstance(node, kind)), "input")


def _value(card: Card, node: Named, default: CardDefault | None) -> tuple[str, str, str]:
    """Value, evidence level and source, as far as the card or the equation gives one."""
    if isinstance(node, Constant):
        return node.written, "", node.source
    if isinstance(node, Switch):  # the card's choices are made and no longer in the equations
        return " | ".join(node.choices), "", ""
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
    parts = [
        "\n".join(textwrap.fill(plain(line), WIDTH, subsequent_indent="  ") for line in head),
        _paragraph(it["summary"]),
        _section("Equation of the document", [it["document_equation"], f"({it['evidence']['equation']})"]),
        "\n".join(["Equations", "", *(_laid_out(plain(equation)) for equation in it["equations"])]),
        "Parameters\n\n" + _parameter_list(it["parameters"]),
        _section(
            "Choices that the text leaves", [f"{c['symbol']}: {c['text']} ({c['evidence']})" for c in it["choices"]]
        ),
        _section("Eligibility criteria", [f"{c['number']}. {c['text']} ({c['evidence']})" for c in it["criteria"]]),
        _section("Notes", it["notes"]),
    ]
    return "\n\n".join(part for part in parts if part)


def _laid_out(equation: str) -> str:
    """An equation; the cases of a choice stand below each other where the line would be long."""
    if len(equation) <= WIDTH - 2:
        return f"  {equation}"
    written: list[str] = []
    opened: list[bool] = []  # for each bracket that is open: does it hold the cases of a choice?
    for n, character in enumerate(equation):
        if character == "(":
            opened.append(equation[:n].endswith("choose"))
        elif character == ")" and opened:
            opened.pop()
        after_case = n >= 2 and equation[n - 2 : n] in ("; ", "| ")
        if after_case and opened and opened[-1]:
            written.append("\n" + " " * (2 + 4 * sum(opened)))
        written.append(character)
    return "\n".join(_folded(line) for line in ("  " + "".join(written)).split("\n"))


def _folded(line: str) -> str:
    """A line of an equation that is still too long, continued below itself."""
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.fill(
        line.strip(),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _parameter_list(parameters: Sequence[Mapping[str, str]]) -> str:
    """Symbol, unit, kind and what it is; below it the value with evidence level and source."""
    heads = ("symbol", "unit", "kind")
    widths = [max(width(plain(p[key])) for p in parameters) for key in heads] if parameters else []
    lines: list[str] = []
    for parameter in parameters:
        cells = [plain(parameter[key]) for key in heads]
        start = "  " + "  ".join(c + " " * (w - width(c)) for c, w in zip(cells, widths, strict=True)) + "  "
        blank = " " * len(start)
        lines.append(textwrap.fill(plain(parameter["label"]), WIDTH, initial_indent=start, subsequent_indent=blank))
        if value := _value_text(parameter):
            lines.append(textwrap.fill(value, WIDTH, initial_indent=blank, subsequent_indent=f"{blank}  "))
    return "\n".join(lines)


def _value_text(parameter: Mapping[str, str]) -> str:
    told = ": ".join(part for part in (parameter["evidence"], parameter["source"]) if part)
    counted = parameter["value"][:1].isdigit() or parameter["value"].startswith("-")
    value = f"= {parameter['value']}" if counted else parameter["value"]
    return plain(" ".join(part for part in (value, f"({told})" if told else "") if part))


def _paragraph(text: str) -> str:
    return textwrap.fill(plain(text), 100)


def _section(title: str, lines: Sequence[str]) -> str:
    wrapped = [textwrap.fill(plain(line), WIDTH, initial_indent="  ", subsequent_indent="    ") for line in lines]
    return "\n".join([title, "", *wrapped]) if lines else ""
