"""The base class of methodologies, and what must hold before one loads."""

from __future__ import annotations

from typing import ClassVar

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.methodology.declare import Default, Monitored, Result
from jcm_mrv.quantities.expression import Constant, Defined, Expression, Input, Label, Named
from jcm_mrv.quantities.graph import of_type, walk
from jcm_mrv.quantities.units import check_units


class MethodologyError(JcmMrvError, ValueError):
    """A methodology or card that is inconsistent; it does not load."""


class Methodology:
    """A methodology family: subclass it and declare quantities and equations.

    The subclass must end in ``RE``, ``PE`` and ``ER``; a result ``LE``, leakage
    that ER deducts, is optional. Raises MethodologyError
    when one is missing, when a declared quantity is used by no equation, when
    leakage counts in RE or PE as well, or
    when two quantities share a symbol; UnitError when a term is inconsistent.
    ``linear`` says that twice the equipment gives twice the reductions, which
    a test holds.
    """

    linear: ClassVar[bool] = True
    RE: ClassVar[Result]
    PE: ClassVar[Result]
    ER: ClassVar[Result]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        name = cls.__name__
        missing = [s for s in ("RE", "PE", "ER") if not isinstance(getattr(cls, s, None), Defined)]
        if missing:
            raise MethodologyError(f"{name} declares no {', '.join(missing)}")
        nodes = cls.nodes()
        _no_symbol_twice(name, nodes)
        _nothing_unused(name, cls.declared(), nodes)
        _same_as_known(name, nodes)
        _leakage_once(name, cls.result_of_leakage(), [cls.RE, cls.PE])
        check_units([cls.RE, cls.PE, cls.ER])

    @classmethod
    def result_of_leakage(cls) -> Result | None:
        """The result LE; None where the methodology has none, or counts it inside PE (an ``intermediate``)."""
        found = getattr(cls, "LE", None)
        return found if isinstance(found, Result) else None

    @classmethod
    def declared(cls) -> list[Named]:
        """The quantities that the class body declares, in its order."""
        own = [value for base in reversed(cls.__mro__) for value in vars(base).values()]
        return [value for value in own if isinstance(value, Named)]

    @classmethod
    def nodes(cls) -> list[Named]:
        """Every named node that the results rest on, ordered as the class body writes them."""
        reached = [n for n in walk([cls.RE, cls.PE, cls.ER]) if isinstance(n, Named)]
        for table in of_type([cls.RE, cls.PE, cls.ER], Default):
            if table.by is not None:
                reached.append(table.by)
        for parameter in of_type([cls.RE, cls.PE, cls.ER], Monitored):
            reached += parameter.rests_on
        declared = cls.declared()
        rank = {id(node): n for n, node in enumerate(declared)}
        unique = list({id(n): n for n in reached}.values())
        return sorted(unique, key=lambda n: rank.get(id(n), len(rank)))

    @classmethod
    def symbol(cls, symbol: str) -> Named:
        """The quantity with a symbol; raises MethodologyError when there is none."""
        for node in cls.nodes():
            if node.symbol == symbol:
                return node
        raise MethodologyError(f"{cls.__name__} has no quantity {symbol}")


def _no_symbol_twice(name: str, nodes: list[Named]) -> None:
    seen: dict[str, Named] = {}
    for node in nodes:
        other = seen.setdefault(node.symbol.casefold(), node)
        same_constant = isinstance(node, Constant) and isinstance(other, Constant) and node.written == other.written
        if other is not node and not same_constant:
            raise MethodologyError(f"{name}: the symbol {node.symbol} stands for two quantities")
        if not node.symbol:
            raise MethodologyError(f"{name}: the quantity {node.label!r} has no symbol")


def _nothing_unused(name: str, declared: list[Named], nodes: list[Named]) -> None:
    used = {id(n) for n in nodes}
    unused = [n.symbol for n in declared if id(n) not in used]
    if unused:
        raise MethodologyError(f"{name} declares {', '.join(unused)}, which no equation uses")


def _same_as_known(name: str, nodes: list[Named]) -> None:
    """One meter may measure two parameters only where both are there, in one unit."""
    monitored = {n.symbol: n for n in nodes if isinstance(n, Monitored)}
    for node in (n for n in monitored.values() if n.same_as):
        other = monitored.get(node.same_as)
        if other is None or other.unit != node.unit:
            found = "is no monitored parameter" if other is None else f"is in {other.unit}, it in {node.unit}"
            raise MethodologyError(f"{name}: {node.symbol} is declared same_as={node.same_as!r}, which {found}")


def _leakage_once(name: str, leakage: Result | None, others: list[Result]) -> None:
    inside = [r.symbol for r in others if leakage is not None and any(n is leakage for n in walk([r]))]
    if inside:
        raise MethodologyError(
            f"{name}: the result LE stands in {', '.join(inside)} and would count twice; deduct it in ER, "
            "or declare it with intermediate() where the document counts it inside PE"
        )


def leaves(root: Expression) -> list[Input | Label]:
    """The inputs and choices that an expression rests on."""
    return [n for n in walk([root]) if isinstance(n, (Input, Label))]
