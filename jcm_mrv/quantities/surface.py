"""Surfaces: what is done with a graph, each as one table from a node's class to the function for it.

Numbers, bounds, derivative, units, formulas and texts are surfaces. A new kind
of node needs one function in each table; :meth:`Surface.lacking` names the
kinds that a surface does not know. How a graph is walked is not a surface's
business: :mod:`jcm_mrv.quantities.graph` does that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.expression import Node

P = ParamSpec("P")
R = TypeVar("R")

SURFACES: dict[str, Surface[..., Any]] = {}
"""Every surface that has to know every kind of node, by name."""


class Surface(Generic[P, R]):
    """A table from node class to function: ``surface(node, ...)`` calls the function of the node's class.

    A class without a function of its own takes that of its nearest base.
    What the table lacks is looked for in the tables ``like`` which it is.
    ``of`` says which nodes it is for; a table that is only a ``part`` of
    others need not be complete.
    """

    def __init__(
        self, name: str, of: type[Node] = Node, like: Sequence[Surface[..., R]] = (), part: bool = False
    ) -> None:
        self.name, self.of, self._like = name, of, tuple(like)
        self._own: dict[type[Node], Callable[..., R]] = {}
        self._found: dict[type[Node], Callable[..., R]] = {}
        if not part:
            SURFACES[name] = self

    def rule(self, *kinds: type[Node]) -> Callable[[Callable[Concatenate[Any, P], R]], Callable[..., R]]:
        """Enters a function for some classes of nodes."""

        def enter(function: Callable[Concatenate[Any, P], R]) -> Callable[..., R]:
            self._own.update(dict.fromkeys(kinds, function))
            return function

        return enter

    def __call__(self, node: Node, *args: P.args, **kwargs: P.kwargs) -> R:
        """What the function of the node's class gives. Raises EquationError where there is none."""
        kind = type(node)
        if kind not in self._found:
            self._found[kind] = self._function(kind)
        return self._found[kind](node, *args, **kwargs)

    def _function(self, kind: type[Node]) -> Callable[..., R]:
        """The function for a class. Raises EquationError where there is none."""
        for base in kind.__mro__:
            for table in self._tables():
                if base in table._own:
                    return table._own[base]
        raise EquationError(f"the surface {self.name!r} knows no {kind.__name__}")

    def _tables(self) -> Iterable[Surface[..., R]]:
        yield self
        for other in self._like:
            yield from other._tables()

    def lacking(self, kinds: Iterable[type[Node]]) -> list[str]:
        """The names of those classes, of the nodes that it is for, which the surface does not know."""
        known = {kind for table in self._tables() for kind in table._own}
        return [kind.__name__ for kind in kinds if issubclass(kind, self.of) and known.isdisjoint(kind.__mro__)]
