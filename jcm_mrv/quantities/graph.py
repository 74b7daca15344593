"""Walking an equation graph, and rebuilding it with parts replaced."""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, TypeVar, cast, overload

from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.expression import Defined, Named, Node
from jcm_mrv.quantities.sets import Mapping, Set

N = TypeVar("N", bound=Node)
T = TypeVar("T", bound=Hashable)

_operands: Callable[[Any], Iterable[Any]] = attrgetter("operands")


@overload
def walk(roots: Iterable[Node]) -> Iterator[Node]: ...


@overload
def walk(roots: Iterable[T], parts: Callable[[T], Iterable[T]]) -> Iterator[T]: ...


def walk(roots: Iterable[T], parts: Callable[[T], Iterable[T]] = _operands) -> Iterator[T]:
    """Everything once, the parts of a thing before the thing itself, in order (no recursion: graphs get deep).

    The things are nodes, and a node's parts are its operands; with ``parts``
    they are whatever it gives parts of: an equation's nodes down to the
    quantities that it names, or its nodes each at one element.

    Raises EquationError where a quantity is built from itself.
    """
    seen: set[T] = set()
    done: set[T] = set()
    stack: list[tuple[T, bool]] = [(root, False) for root in reversed(list(roots))]
    while stack:
        thing, ready = stack.pop()
        if ready:
            done.add(thing)
            yield thing
        elif thing not in seen:
            seen.add(thing)
            stack.append((thing, True))
            for part in reversed(tuple(parts(thing))):
                if part not in seen:
                    stack.append((part, False))
                elif part not in done:  # seen and not done: the thing is on the way up from this part
                    raise EquationError(_circle(part, [one for one, ready in stack if ready]))


def _circle(again: object, path: Sequence[object]) -> str:
    """What is built from what, from the node that comes again back to it."""
    start = next(n for n, node in enumerate(path) if node is again)
    names = [node.symbol for node in path[start:] if isinstance(node, Named)]
    return (
        f"the equations form a circle: {' from '.join([*names, *names[:1]])}" if names else "an equation holds itself"
    )


def of_type(roots: Iterable[Node], kind: type[N]) -> list[N]:
    """All nodes of a class, in the order of :func:`walk`."""
    return [node for node in walk(roots) if isinstance(node, kind)]


def unopened(node: Node) -> tuple[Node, ...]:
    """The operands of a node, none of a quantity: the parts with which :func:`walk` stays in one equation."""
    return () if isinstance(node, Named) else node.operands


def own_nodes(defined: Defined) -> list[Node]:
    """The nodes of one equation down to the quantities that it names, which are not opened."""
    root: Node = defined.equation
    return list(walk([root], unopened))


def owners(roots: Iterable[Node]) -> dict[Node, str]:
    """For each node the symbol of the defined quantity in whose equation it stands (the innermost, first in order)."""
    owner: dict[Node, str] = {}
    for node in walk(roots):
        if isinstance(node, Defined):
            for part in (*own_nodes(node), node):
                owner.setdefault(part, node.symbol or node.label)
    return owner


class Rebuild:
    """Copies a graph with nodes, sets and mappings replaced.

    ``replace`` is asked for every node of the old graph and returns what
    stands in its place, or None to copy it. Nodes shared in the old graph are
    shared in the new one; calling the object again keeps the same copies.
    """

    def __init__(
        self,
        replace: Callable[[Node], Node | None] = lambda node: None,
        sets: Callable[[Set], Set] = lambda the_set: the_set,
        mappings: Callable[[Mapping], Mapping] = lambda mapping: mapping,
    ) -> None:
        self._replace, self._set, self._mapping = replace, sets, mappings
        self._new: dict[int, Node] = {}
        self._kept: list[Node] = []

    def __call__(self, root: N) -> N:
        """The copy of one graph."""
        for node in walk([root]):
            if id(node) not in self._new:
                self._kept.append(node)  # keeps the id from being used again
                substitute = self._replace(node)
                self._new[id(node)] = self._copy(node) if substitute is None else substitute
        return cast(N, self._new[id(root)])

    def copied(self, node: Node) -> Node:
        """What stands in place of an operand; ``replace`` may ask while it looks at a node built from it."""
        return self._new[id(node)]

    def _copy(self, node: Node) -> Node:
        new = copy.copy(node)
        new.operands = tuple(self._new[id(o)] for o in node.operands)
        new.sets = tuple(self._set(s) for s in node.sets)
        for name, value in vars(node).items():
            if name not in ("operands", "sets"):
                setattr(new, name, self._attribute(value))
        return new

    def _attribute(self, value: object) -> object:
        """An attribute of a copied node: nodes, sets and mappings inside it are replaced."""
        if isinstance(value, Node):
            return self._new.get(id(value), value)
        if isinstance(value, Set):
            return self._set(value)
        if isinstance(value, Mapping):
            return self._mapping(value)
        if isinstance(value, tuple):
            return tuple(self._attribute(part) for part in value)
        return value


def substitute(root: N, replacements: dict[Node, Node]) -> N:
    """The graph with some nodes replaced by others over the same sets."""
    return Rebuild(replacements.get)(root)
