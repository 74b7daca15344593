"""Values of fixed parameters, defaults and choices, each with its origin.

They come from the parameter columns of ``Equipment`` and the rows of ``Fixed
values``. For a default the card's value holds until the project confirms or
replaces it, with document and page. What is missing stays NaN (unknown) here;
whether it is needed is decided by the graph.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.confirming import EQUATION, NO_DOCUMENT, WRONG_CHOICE, Given, confirmation_fault
from jcm_mrv.claim.default_use import DefaultUse
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meant import did_you_mean
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import TIMES, Default, Fixed, Switch, equipment
from jcm_mrv.methodology.limits import limits_text, within
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.expression import Named
from jcm_mrv.quantities.sets import Space
from jcm_mrv.quantities.units import parse_unit
from jcm_mrv.words import as_words, joined, say, sentences
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.references import is_time
from jcm_mrv.workbook.row import Record
from jcm_mrv.workbook.rows import FixedRow
from jcm_mrv.workbook.wording import choice_of

UNKNOWN_PARAMETER = Code(
    "fixed.unknown_parameter", Severity.ERROR, "A fixed value names a parameter that the methodology does not have."
)
TWICE = Code("fixed.given_twice", Severity.ERROR, "A fixed value is given twice, with different values.")
WRONG_UNIT = Code("fixed.unit", Severity.ERROR, "A fixed value is in another unit than the methodology's.")
OUT_OF_LIMITS = Code("fixed.out_of_limits", Severity.ERROR, "A fixed value is outside what the methodology allows.")
NOT_BY_TIME = Code("fixed.not_by_time", Severity.ERROR, "A year or month is given for a value that holds for all.")

PROJECT_DOCUMENT = "project document"


@dataclass
class BoundValues:
    """Values, origins and uses of defaults of one bound methodology, and what is wrong with them."""

    values: dict[Named, Numbers] = field(default_factory=dict)
    origins: dict[Named, dict[tuple[int, ...], Origin]] = field(default_factory=dict)
    defaults: list[DefaultUse] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    confirmed: dict[str, Given] = field(default_factory=dict)
    """What the project confirms by a document: the equation, choices of the card by symbol."""

    @property
    def equation_confirmed(self) -> Given | None:
        """The project's confirmation of the equation."""
        return self.confirmed.get(EQUATION)


def belongs(row: Record[Literal["methodology"]], bound: Bound) -> bool:
    """True when a row is for this methodology: named so, or not named at all."""
    name = row["methodology"].text.strip()
    return not name or name.split()[0].casefold() == bound.entry.card.number.casefold()


def bound_values(bound: Bound, data: MonitoringData, space: Space, claim: Sequence[Bound]) -> BoundValues:
    """Find the value of every fixed parameter, default and choice of a bound methodology.

    ``claim`` are all methodologies of the claim: a row that names none of
    them is for each one that has the parameter, and wrong where none has.
    """
    return _Values(bound, data, space, claim).found()


def _known(bound: Bound) -> set[str]:
    """What a row of Fixed values may name: what is read or confirmed there; no class of a table, nothing monitored."""
    return {n.symbol for n in _given_by_project(bound)} | {EQUATION, *bound.entry.card.choices, *bound.tables}


def _given_by_project(bound: Bound) -> list[Fixed | Switch]:
    tables = [table.values for table in bound.tables.values()]
    return [*(n for n in bound.fixed if n not in tables), *bound.switches]


class _Values:
    def __init__(self, bound: Bound, data: MonitoringData, space: Space, claim: Sequence[Bound]) -> None:
        self.bound, self.data, self.space, self.claim = bound, data, space, claim
        self.out = BoundValues()
        self.equipment = {r.equipment_id: r for r in data.equipment if belongs(r, bound)}
        self.rows = self._fixed_rows()

    def found(self) -> BoundValues:
        for symbol, table in self.bound.tables.items():
            card = self.bound.entry.card.defaults[symbol]
            self.out.values[table.lower] = np.array([c.lower for c in card.classes])
            self.out.values[table.upper] = np.array([math.inf if c.upper is None else c.upper for c in card.classes])
        for node in self.bound.fixed:
            self._number(node)
        for switch in self.bound.switches:
            self._choice(switch)
        self._equipment_columns()
        return self.out

    # --- rows of the sheets ---

    def _fixed_rows(self) -> dict[tuple[str, str], list[Given]]:
        rows: dict[tuple[str, str], list[Given]] = {}
        known = _known(self.bound)
        for row in self.data.fixed:
            value = row.value
            if not belongs(row, self.bound) or value is None:
                continue
            symbol, applies_to = row.parameter.strip(), row.applies_to.strip()
            given = Given(value, row.unit, row.document, row.page, row.origin("value"))
            if is_time(applies_to.split(" / ")[-1]) and self.bound is self.claim[0] and not self._of_time(symbol):
                text = say("{symbol} has one value for all years", symbol=symbol)
                action = say("Leave Applies to empty, with the value that the methodology asks for.")
                self.out.findings.append(NOT_BY_TIME(text, row.origin("applies_to"), found=applies_to, action=action))
            if symbol == EQUATION or symbol in self.bound.entry.card.choices or symbol in self.bound.tables:
                self._confirmation(row, given)
            elif symbol in known:
                rows.setdefault((symbol, applies_to), []).append(given)
            elif row.methodology.strip() or self._known_to_none(symbol):
                self.out.findings.append(
                    UNKNOWN_PARAMETER(
                        say("{card} has no fixed parameter {symbol!r}", card=self.bound.entry.card.id, symbol=symbol),
                        row.origin("parameter"),
                        found=symbol,
                        action=sentences(
                            did_you_mean(symbol, sorted(known)),
                            say("Use one of: {known}.", known=", ".join(sorted(known))),
                        ),
                    )
                )
        return rows

    def _of_time(self, symbol: str) -> bool:
        """True where a methodology of the claim has the parameter by year or month, or does not know it at all."""
        sets = [n.sets for bound in self.claim for n in bound.fixed if n.symbol == symbol]
        return not sets or any(own and own[-1] in TIMES for own in sets)

    def _known_to_none(self, symbol: str) -> bool:
        """True for a symbol that no methodology of the claim has; only the first of them says so."""
        return self.bound is self.claim[0] and not any(symbol in _known(other) for other in self.claim)

    def _confirmation(self, row: FixedRow, given: Given) -> None:
        """The project's confirmation of the equation, or of a choice or a table of the card."""
        symbol, card = row.parameter.strip(), self.bound.entry.card
        if not row.methodology.strip() and self._asks_another(symbol):
            return
        fault = confirmation_fault(symbol, card, given)
        if fault is not None:
            self.out.findings.append(fault)
        elif row.methodology.strip() or len(self.claim) == 1:  # by name where the claim has several methodologies
            self.out.confirmed[symbol] = given

    def _asks_another(self, symbol: str) -> bool:
        """True where another methodology of the claim leaves this choice to the project: the row is for that one."""
        return any(switch.symbol == symbol for bound in self.claim for switch in bound.switches)

    def _equipment_columns(self) -> None:
        known = {n.symbol for n in _given_by_project(self.bound) if self._per_equipment(n)}
        columns = {s: c for r in self.equipment.values() for s, c in r.parameters.items() if c.value is not None}
        for symbol, cell in columns.items():
            if symbol not in known | self._not_needed():
                self.out.findings.append(
                    UNKNOWN_PARAMETER(
                        say(
                            "{card} has no parameter {symbol!r} per piece of equipment",
                            card=self.bound.entry.card.id,
                            symbol=symbol,
                        ),
                        cell.origin,
                        found=symbol,
                        action=sentences(
                            did_you_mean(symbol, known), say("Correct the heading, or remove the column.")
                        ),
                    )
                )

    def _not_needed(self) -> set[str]:
        """Symbols of the family that this card does not need (a deciding parameter of a table it lacks)."""
        return {n.symbol for n in self.bound.entry.methodology.nodes()} - {n.symbol for n in self.bound.nodes}

    def _per_equipment(self, node: Named) -> bool:
        return bool(node.sets) and self.bound.document_set(node.sets[0]) == equipment

    def _candidates(self, symbol: str, label: str, per_equipment: bool) -> list[Given]:
        if per_equipment:
            row = self.equipment[label]
            cell = row.parameters.get(symbol)
            special = list(self.rows.get((symbol, label), ()))
            if cell is not None and cell.value is not None:
                special.append(Given(cell.value, cell.unit, row.evidence, "", cell.origin))
            return special or self.rows.get((symbol, ""), [])
        return self.rows.get((symbol, label), []) or self.rows.get((symbol, ""), [])

    def _one(self, symbol: str, label: str, per_equipment: bool) -> Given | None:
        """The value for one element; several that differ are an error."""
        candidates = self._candidates(symbol, label, per_equipment)
        for other in candidates[1:]:
            if other.value != candidates[0].value:
                self.out.findings.append(
                    TWICE(
                        say(
                            "{symbol} of {label} is given twice, here and in {origin}",
                            symbol=symbol,
                            label=label or say("the project"),
                            origin=candidates[0].origin,
                        ),
                        other.origin,
                        found=say("{other_value} and {value}", other_value=other.value, value=candidates[0].value),
                        action=say("Keep one of them."),
                    )
                )
        return candidates[0] if candidates else None

    # --- numbers ---

    def _number(self, node: Fixed) -> None:
        shape = self.space.shape(node.sets)
        values = np.full(shape, np.nan)
        origins: dict[tuple[int, ...], Origin] = {}
        for ordinals in np.ndindex(*shape):
            given = self._given(node, ordinals)
            number = self._checked(node, given, ordinals) if given else None
            if isinstance(node, Default):
                number = self._default(node, ordinals, number, given)
            if number is not None:
                values[ordinals] = number
            if given is not None:
                origins[ordinals] = given.origin
            elif isinstance(node, Default):
                origins[ordinals] = self.out.defaults[-1].origin
        self.out.values[node], self.out.origins[node] = values, origins

    def _given(self, node: Named, ordinals: tuple[int, ...]) -> Given | None:
        symbol, labels = node.symbol, self.space.labels(node.sets, ordinals)
        if len(labels) > 1:
            for name in (" / ".join(labels), *(labels[-1:] if node.sets[-1] in TIMES else ())):
                if (symbol, name) in self.rows:
                    return self._one(symbol, name, False)
        return self._one(symbol, labels[0] if labels else "", self._per_equipment(node))

    def _checked(self, node: Fixed, given: Given, ordinals: tuple[int, ...]) -> float | None:
        if isinstance(given.value, str):
            self.out.findings.append(
                WRONG_UNIT(
                    say("{symbol} needs a number", symbol=node.symbol),
                    given.origin,
                    found=given.value,
                    action=say("Enter a number in {node_unit}.", node_unit=node.unit),
                )
            )
            return None
        if not self._unit_fits(node, given):
            return None
        self._within_limits(node, given.value, given.origin, say("Check the value and its unit."))
        own = self._of_card(node, ordinals)
        replaces = own is not None and own != given.value
        if not given.document:
            self.out.findings.append(
                NO_DOCUMENT(
                    say("{symbol} names no document", symbol=node.symbol)
                    + (say(", and replaces the value of the card") if replaces else ""),
                    given.origin,
                    found=say("{given_value:.15g}", given_value=given.value),
                    action=_name_document(given.origin)
                    + (say(", or leave the value empty: that of the card is used then.") if own is not None else "."),
                    severity=Severity.ERROR if replaces else None if own is None else Severity.NOTE,
                )
            )
        return given.value

    def _of_card(self, node: Fixed, ordinals: tuple[int, ...]) -> float | None:
        """The value that the card gives for a parameter, None where there is none."""
        card = self.bound.entry.card.defaults.get(node.symbol) if isinstance(node, Default) else None
        return None if card is None else card.of(*self.space.labels(node.sets, ordinals))

    def _within_limits(self, node: Fixed, value: float, origin: Origin, action: str) -> None:
        """A value is held against the limits of its quantity, whoever gives it."""
        if not within(value, node.limits):
            self.out.findings.append(
                OUT_OF_LIMITS(
                    say(
                        "{symbol} ({node}) must be {limits_text} {node_unit}",
                        symbol=node.symbol,
                        node=node.label,
                        limits_text=limits_text(node.limits),
                        node_unit=node.unit,
                    ),
                    origin,
                    found=say("{value:.15g}", value=value),
                    action=action,
                )
            )

    def _unit_fits(self, node: Fixed, given: Given) -> bool:
        try:
            fits = parse_unit(given.unit).matches(parse_unit(node.unit))
            problem = say(
                "{symbol} is in {given_unit}, the methodology needs {node_unit}",
                symbol=node.symbol,
                given_unit=given.unit,
                node_unit=node.unit,
            )
        except UnitError as error:
            fits, problem = False, say("{symbol}: {error}", symbol=node.symbol, error=error)
        if not fits:
            self.out.findings.append(
                WRONG_UNIT(
                    problem,
                    given.origin,
                    found=given.unit or say("no unit"),
                    action=say("Give the value in {node_unit}; nothing is converted by itself.", node_unit=node.unit),
                )
            )
        return fits

    def _default(self, node: Default, ordinals: tuple[int, ...], number: float | None, given: Given | None) -> float:
        tables = {table.values: symbol for symbol, table in self.bound.tables.items()}
        card = self.bound.entry.card.defaults.get(tables.get(node, node.symbol))
        given = self.out.confirmed.get(tables.get(node, ""), given)
        labels = self.space.labels(node.sets, ordinals)
        label = " / ".join(labels)
        card_value = None if card is None else card.classes[ordinals[0]].value if card.classes else card.of(*labels)
        source = card.source if card else say("entered by the project")
        on_card = Origin(document=say("card {card}: {source}", card=self.bound.entry.card.id, source=source))
        if card_value is not None and number is None:
            self._within_limits(
                node, card_value, on_card, say("Correct the card, or enter the value with its document.")
            )
        confirmed = node in tables and given is not None  # by a document that says what the table of the card says
        evidence = PROJECT_DOCUMENT if confirmed else card.evidence if card else "unconfirmed"
        if number is not None:
            # What names no document and is the card's own value is as sure as that, and no more.
            proven = given is not None and given.document
            evidence = PROJECT_DOCUMENT if proven else evidence if number == card_value else "unconfirmed"
        used = card_value if number is None else number
        use = DefaultUse(
            methodology=self.bound.namespace,
            node=node,
            ordinals=ordinals,
            label=label,
            unit=node.unit,
            card_value=card_value,
            card_name="" if card is None else label if card.classes else card.name_of(*labels),
            card_source=source,
            card_evidence=card.evidence if card else "unconfirmed",
            project_value=number,
            document=given.document if given else "",
            page=given.page if given else "",
            used=math.nan if used is None else used,
            evidence=evidence,
            origin=given.origin if given else on_card,
        )
        self.out.defaults.append(use)
        return use.used

    # --- choices ---

    def _choice(self, node: Switch) -> None:
        shape = self.space.shape(node.sets)
        values = np.full(shape, -1.0)
        origins: dict[tuple[int, ...], Origin] = {}
        for ordinals in np.ndindex(*shape):
            given = self._given(node, ordinals)
            if given is None:
                continue
            chosen = choice_of(node.choices, str(given.value))
            if chosen is None:
                self.out.findings.append(
                    WRONG_CHOICE(
                        say("{symbol} ({node}) is not one of the choices", symbol=node.symbol, node=node.label),
                        given.origin,
                        found=str(given.value),
                        action=say(
                            "For {symbol} use one of: {choices}.",
                            symbol=node.symbol,
                            choices=joined("; ", map(as_words, node.choices)),
                        ),
                    )
                )
            else:
                values[ordinals] = node.choices.index(chosen)
                origins[ordinals] = given.origin
        self.out.values[node], self.out.origins[node] = values, origins


def _name_document(where: Origin) -> str:
    """Where the document of a value belongs: a column of Equipment has none of its own."""
    if where.sheet == "Equipment":
        return say("Name the document that proves the value in the column Evidence of the row")
    return say("Enter the document (and page) that proves the value")
