"""A methodology in words, as data and as CSV; :mod:`jcm_mrv.cli.describe_text` lays it out for a terminal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypedDict

from jcm_mrv.methodology.binding import Bound, bind
from jcm_mrv.methodology.card import EVIDENCE, UNCONFIRMED, Card, CardDefault
from jcm_mrv.methodology.catalogue import Entry, catalogue, refusal
from jcm_mrv.methodology.declare import Default, Fixed, Monitored, Switch
from jcm_mrv.quantities.expression import Constant, Defined, Named
from jcm_mrv.quantities.text import equation_text, symbol_text
from jcm_mrv.words import joined, say

LEVELS: Mapping[str, str] = {
    str(one): one for one in (say("approved"), say("summary"), say("secondary"), say("unconfirmed"))
}
"""Evidence levels as a person reads them."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
ENTERED = say("entered by the project")
PARAMETER_COLUMNS = ("symbol", "kind", "unit", "per", "label", "value", "evidence", "source")


class Description(TypedDict):
    """What ``show`` shows; every value is text.

    ``confirmed`` lists by evidence level what rests on it, ``entered`` the
    values that the project enters with its own document.
    """

    number: str
    version: str
    other_versions: list[str]
    title: str
    country: str
    scope: str
    family: str
    status: str
    adopted: str
    projects: list[str]
    package: str
    summary: str
    not_calculated: str
    evidence: dict[str, str]
    confirmed: dict[str, list[str]]
    entered: list[str]
    monitored: list[str]
    document_equation: str
    formal_equation: str
    equations: list[str]
    parameters: list[dict[str, str]]
    choices: list[dict[str, str]]
    criteria: list[dict[str, str]]
    notes: list[str]


def describe(entry: Entry) -> Description:
    """The card, and the equations of its methodology as they are computed: with the card's choices made."""
    card, bound = entry.card, bind(entry) if entry.card.computes else None
    parameters = [_parameter(card, node, symbol) for node, symbol in _parameters(bound)] if bound else _defaults(card)
    return Description(
        number=card.number,
        version=card.version,
        other_versions=[f"{e.card.id} ({e.card.status})" for e in _others(entry)],
        title=card.title.text,
        country=card.country,
        scope=card.scope,
        family=card.family,
        status=card.status,
        adopted=card.adopted,
        projects=list(card.projects),
        package=f"{entry.package} {entry.package_version}",
        summary=card.summary,
        not_calculated="" if card.computes else refusal(entry),
        evidence={"title": _evidence(card.title), "equation": _evidence(card.equation)},
        confirmed=_by_evidence(card, bound, parameters),
        entered=[p["symbol"] for p in parameters if p["value"] == ENTERED],
        monitored=list(_monitored(card, bound)),
        document_equation=card.equation.text,
        formal_equation=card.formal,
        equations=[f"{equation_text(node)}    [{node.unit}]" for node in bound.equations] if bound else [],
        parameters=parameters,
        choices=[{"symbol": s, "text": c.text, "evidence": _evidence(c)} for s, c in card.choices.items()],
        criteria=[{"number": c.number, "text": c.text, "evidence": c.evidence} for c in card.criteria],
        notes=list(card.notes),
    )


def _others(entry: Entry) -> Iterator[Entry]:
    """The other versions of the number, the oldest first."""
    return (e for e in catalogue().entries if e.card.number == entry.card.number and e.card.id != entry.card.id)


def _monitored(card: Card, bound: Bound | None) -> Iterator[str]:
    for node in bound.monitored if bound else ():
        of = " × ".join(symbol_text(n) for n in node.factors)
        yield say(
            "{symbol_text} [{node_unit}]: {node}", symbol_text=symbol_text(node), node_unit=node.unit, node=node.label
        ) + (say(" (of {of}; it has no meter)", of=of) if of else "")
    if card.monitored:
        yield joined("", (card.monitored.text, " (", _evidence(card.monitored), ")"))


def _by_evidence(card: Card, bound: Bound | None, parameters: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """What rests on each evidence level, in the order of the page."""
    stated = [
        (say("title"), card.title.evidence),
        *([(say("version"), card.version)] if card.version == UNCONFIRMED else []),
        (say("scope"), card.scope_evidence or card.title.evidence),
        (say("equation"), card.equation.evidence),
        *([(say("what is monitored"), card.monitored.evidence)] if card.monitored else []),
        *((say("choice {s}", s=s), c.evidence) for s, c in card.choices.items()),
        *(
            (say("default {p}", p=p["symbol"]), p["evidence"])
            for p in parameters
            if p["evidence"] and p["value"] != ENTERED
        ),
        *((say("criterion {c_number}", c_number=c.number), c.evidence) for c in card.criteria),
        *((say("how {s} is monitored", s=s), g.evidence) for s, g in card.parameters.items()),
    ]
    return {level: [what for what, evidence in stated if evidence == level] for level in EVIDENCE}


def _defaults(card: Card) -> list[dict[str, str]]:
    """The defaults of a card that is catalogued only: there are no equations that they go into."""
    return [
        dict(zip(PARAMETER_COLUMNS, (s, say("default"), d.unit, "", d.note, *_given(d)), strict=True))
        for s, d in card.defaults.items()
    ]


def _evidence(stated: object) -> str:
    evidence = getattr(stated, "evidence", "")
    return joined(": ", (LEVELS.get(evidence, evidence), getattr(stated, "source", "")))


def _parameters(bound: Bound) -> list[tuple[Named, str]]:
    """What goes into the equations, with its symbol on the card; of a table by class only its values."""
    tables = {id(table.values): symbol for symbol, table in bound.tables.items()}
    edges = {id(edge) for table in bound.tables.values() for edge in (table.lower, table.upper)}
    inputs = [n for n in bound.nodes if not isinstance(n, Defined) and id(n) not in edges]
    # A constant is written wherever an equation needs it (100 %); it is one thing and shown once.
    once = {(n.symbol, n.written) if isinstance(n, Constant) else id(n): n for n in reversed(inputs)}
    return [(node, tables.get(id(node), node.symbol)) for node in reversed(once.values())]


def _parameter(card: Card, node: Named, symbol: str) -> dict[str, str]:
    default = card.defaults.get(symbol)
    value, evidence, source = _value(card, node, default)
    per = " and ".join(s.name for s in node.sets)
    cells = (symbol_text(node), _kind(node), getattr(node, "unit", ""), per, node.label, value, evidence, source)
    return dict(zip(PARAMETER_COLUMNS, cells, strict=True))


def _kind(node: Named) -> str:
    kinds = (
        (Constant, say("constant")),
        (Monitored, say("monitored")),
        (Default, say("default")),
        (Fixed, say("fixed")),
    )
    if isinstance(node, Switch):
        return say("project's choice") if node.set_by == "project" else say("card's choice")
    return next((name for kind, name in kinds if isinstance(node, kind)), say("input"))


def _value(card: Card, node: Named, default: CardDefault | None) -> tuple[str, str, str]:
    """Value, evidence level and source, as far as the card or the equation gives one."""
    if isinstance(node, Constant):
        return node.written, "", node.source
    if isinstance(node, Switch):  # the card's choices are made and no longer in the equations
        return " | ".join(node.choices), "", ""
    return ("", "", "") if default is None else _given(default)


def _given(default: CardDefault) -> tuple[str, str, str]:
    if default.classes:
        return "; ".join(f"{c.label}: {c.value:g}" for c in default.classes), default.evidence, default.source
    if default.by_name:
        return (
            say("by name, {number_of_by_name} of them", number_of_by_name=len(default.by_name)),
            default.evidence,
            default.source,
        )
    value = ENTERED if default.value is None else f"{default.value:g}"
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
        writer.writerow("'" + row[c] if row[c].startswith(FORMULA) else row[c] for c in columns)
    return text.getvalue()
