"""Binding a methodology to a card and to a claim.

The class is written once for a family; a card makes the choices its text
leaves open and brings tables of defaults. Binding copies the graph with those
choices made, tables put in, and its sets in a namespace of their own, so that
the equipment of two methodologies in one claim stays apart.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from typing import cast

from jcm_mrv.methodology.catalogue import Entry
from jcm_mrv.methodology.declare import TIMES, Default, Fixed, Monitored, Switch
from jcm_mrv.quantities.expression import Choose, Constant, Defined, Input, Interpolated, Lookup, Named, Node
from jcm_mrv.quantities.graph import Rebuild, walk
from jcm_mrv.quantities.sets import Mapping, Set


@dataclass(frozen=True)
class ClassTable:
    """A table of defaults by class: edges and values are inputs over ``classes``; points are both edges of a class."""

    classes: Set
    lower: Input
    upper: Input
    values: Default


@dataclass(frozen=True, eq=False)
class Bound:
    """A methodology bound to a card: ``nodes`` are its named nodes in document order; ``LE`` may be None."""

    entry: Entry
    namespace: str
    RE: Defined
    PE: Defined
    ER: Defined
    nodes: tuple[Named, ...] = ()
    tables: MappingOf[str, ClassTable] = field(default_factory=dict)
    sets: MappingOf[Set, Set] = field(default_factory=dict)
    mappings: MappingOf[Mapping, Mapping] = field(default_factory=dict)
    LE: Defined | None = None

    @property
    def results(self) -> tuple[Defined, ...]:
        """RE, PE, LE where there is leakage, and ER."""
        return (self.RE, self.PE, self.ER) if self.LE is None else (self.RE, self.PE, self.LE, self.ER)

    @property
    def monitored(self) -> list[Monitored]:
        """The parameters monitored ex post."""
        return [n for n in self.nodes if isinstance(n, Monitored)]

    @property
    def fixed(self) -> list[Fixed]:
        """Project-specific parameters and defaults."""
        return [n for n in self.nodes if isinstance(n, Fixed)]

    @property
    def switches(self) -> list[Switch]:
        """The choices that the project makes."""
        return [n for n in self.nodes if isinstance(n, Switch)]

    @property
    def constants(self) -> list[Constant]:
        """The named constants."""
        return [n for n in self.nodes if isinstance(n, Constant)]

    @property
    def equations(self) -> list[Defined]:
        """The defined quantities, in document order."""
        return [n for n in self.nodes if isinstance(n, Defined)]

    @property
    def symbols(self) -> set[str]:
        """The symbols of everything but constants, and of the tables."""
        return {n.symbol for n in self.nodes if not isinstance(n, Constant)} | set(self.tables)

    def document_set(self, the_set: Set) -> Set:
        """The set as the methodology declares it, of a set in this binding."""
        return next((old for old, new in self.sets.items() if new == the_set), the_set)


def bind(entry: Entry, namespace: str = "") -> Bound:
    """Bind a catalogue entry: choices made, tables put in, sets named for the claim."""
    binder = _Binder(entry, namespace or entry.card.number)
    return binder.bound()


class _Binder:
    """Rebuilds the graph of one methodology for one card."""

    def __init__(self, entry: Entry, namespace: str) -> None:
        self.entry, self.namespace = entry, namespace
        self.sets: dict[Set, Set] = {}
        self.mappings: dict[Mapping, Mapping] = {}
        self.tables: dict[str, ClassTable] = {}
        self.rebuild = Rebuild(self._replace, self._set, self._mapping)

    def bound(self) -> Bound:
        source = self.entry.methodology
        re, pe, er = (self.rebuild(root) for root in (source.RE, source.PE, source.ER))
        leakage = source.result_of_leakage()
        le = None if leakage is None else self.rebuild(leakage)
        reached = {id(n): n for n in walk([re, pe, er]) if isinstance(n, Named)}
        ordered = [self.rebuild(n) for n in source.nodes()]
        behind = [self.rebuild(f) for n in source.nodes() if isinstance(n, Monitored) for f in n.rests_on]
        reached |= {id(n): n for n in behind}
        nodes = [reached.pop(id(n)) for n in ordered if id(n) in reached]
        nodes += reached.values()
        return Bound(self.entry, self.namespace, re, pe, er, tuple(nodes), self.tables, self.sets, self.mappings, le)

    def _set(self, the_set: Set) -> Set:
        if the_set in TIMES:
            return the_set
        return self.sets.setdefault(the_set, Set(the_set.name, the_set.index, the_set.label, self.namespace))

    def _mapping(self, mapping: Mapping) -> Mapping:
        if mapping.target in TIMES:
            return mapping
        source = tuple(self._set(s) for s in mapping.source)
        named = Mapping(f"{self.namespace}.{mapping.name}", source, self._set(mapping.target))
        return self.mappings.setdefault(mapping, named)

    def _replace(self, node: Node) -> Node | None:
        if isinstance(node, Choose) and isinstance(node.label, Switch) and node.label.set_by == "card":
            chosen = self.entry.card.choices[node.label.symbol].text
            return self.rebuild.copied(dict(node.branches)[chosen])
        if isinstance(node, Default):
            card = self.entry.card.defaults.get(node.symbol)
            if card is not None and card.classes:
                return self._table(node)
        return None

    def _table(self, node: Default) -> Node:
        """A default by class in place of a default by unit: the class in which the deciding parameter lies."""
        by = cast(Fixed, node.by)
        classes = Set(f"{node.symbol} class", "c", f"class of {by.label}", self.namespace)
        lower = Input(f"{node.symbol}_from", f"lower edge of the class of {by.label}", by.unit, (classes,))
        upper = Input(f"{node.symbol}_to", f"upper edge of the class of {by.label}", by.unit, (classes,))
        if self.entry.card.defaults[node.symbol].interpolated:
            lower = upper = Input(f"{node.symbol}_at", f"point of the table of {by.label}", by.unit, (classes,))
        values = Default(f"{node.symbol}_class", node.label, node.unit, (classes,), node.limits, None)
        self.tables[node.symbol] = ClassTable(classes, lower, upper, values)
        key = self.rebuild(by)
        equation = Interpolated(key, lower, values) if upper is lower else Lookup(key, lower, upper, values)
        return Defined(node.symbol, node.label, node.unit, equation, tuple(self._set(s) for s in node.sets))
