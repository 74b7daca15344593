"""What a line of the spreadsheet and a quantity of the card have in common: names, units, and how they compare."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.limits import number_fault
from jcm_mrv.official.reading import Line, Spreadsheet, Value
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.expression import Named
from jcm_mrv.quantities.text import symbol_text
from jcm_mrv.quantities.units import conversion
from jcm_mrv.words import say

AGREES, DIFFERS, NOT_FOUND, FED, ENTERED = say("agrees"), say("differs"), say("not found"), say("fed"), say("entered")
DEFAULT, INPUT_CELL, RESULT = say("default"), say("input"), say("result")
Amount = str | float
Cells = Mapping[str, Mapping[str, Value]]


@dataclass(frozen=True)
class Compared:
    """One parameter: what the card or engine has, what the spreadsheet has in ``where``, and how they compare.

    ``kind`` is default, input or result; the outcome of an input that the
    spreadsheet took is ``fed``, in a person's copy ``entered``. ``case`` is ``file, year`` of the
    case for the last two. ``value``, ``unit`` and ``applies_to`` are those of
    the card for a default.
    """

    kind: str
    parameter: str
    outcome: str
    ours: str = ""
    theirs: str = ""
    where: str = ""
    note: str = ""
    case: str = ""
    value: float | None = None
    unit: str = ""
    applies_to: str = ""


def squashed(symbol: str) -> str:
    """``EF_RE,grid`` and ``EF_RE_grid`` in one form."""
    return re.sub(r"[\W_]+", "", symbol).casefold()


def _names(node: Named) -> set[str]:
    """How a spreadsheet may write a symbol: with and without its indexes, with and without p."""
    whole, alone = squashed(symbol_text(node)), squashed(node.symbol)
    return {whole, alone, f"{alone}p", f"{whole}p", *([whole.removesuffix("p")] if whole.endswith("p") else [])}


class UnknownSymbolError(JcmMrvError, LookupError):
    """A symbol said to be the same as another is not there."""


def renamed(spreadsheet: Spreadsheet, symbols: Mapping[str, str], known: Iterable[str]) -> Spreadsheet:
    """The spreadsheet with its symbols as the card writes them; ``symbols`` gives the spreadsheet's by the card's.

    ``known`` are the card's symbols. Raises UnknownSymbolError for a symbol
    that the card or the spreadsheet does not have.
    """
    tables = (spreadsheet.monitored, spreadsheet.fixed, spreadsheet.process, spreadsheet.defaults)
    there = {squashed(line.symbol) for lines in tables for line in lines}
    if missing := sorted(set(symbols) - set(known)):
        raise UnknownSymbolError(
            say(
                "the card has no symbol {missing}; it has {listed}", missing=missing[0], listed=", ".join(sorted(known))
            )
        )
    if missing := sorted(theirs for theirs in symbols.values() if squashed(theirs) not in there):
        raise UnknownSymbolError(say("{file} has no parameter {missing}", file=spreadsheet.file, missing=missing[0]))
    ours = {squashed(theirs): symbol for symbol, theirs in symbols.items()}
    monitored, fixed, process, defaults = (
        tuple(replace(line, symbol=ours.get(squashed(line.symbol), line.symbol)) for line in lines) for lines in tables
    )
    return replace(spreadsheet, monitored=monitored, fixed=fixed, process=process, defaults=defaults)


def lines_of(node: Named, lines: Sequence[Line], others: Sequence[Named]) -> list[Line]:
    """The lines that mean a node; one that could as well mean another, and is not that one's plain name, counts too."""
    exact = {squashed(n.symbol) for n in others if n is not node} - {squashed(node.symbol)}
    return [x for x in lines if (name := squashed(x.symbol)) in _names(node) and name not in exact]


def bare_unit(text: str) -> str:
    """A unit of the spreadsheet as the engine writes it: ``-`` is 1."""
    bare = text.strip()
    return "1" if bare in ("-", "") else bare.replace("₂", "2")


def of_period(text: str) -> str:
    """The unit of an amount of the period without saying so: ``MWh/p`` is MWh."""
    return re.sub(r"/\s*(p|y|yr|year)$", "", bare_unit(text))


def unit_factor(have: str, want: str) -> float | None:
    """The factor between two units, None where they are not of one kind."""
    try:
        return conversion(bare_unit(have), bare_unit(want))
    except UnitError:
        return None


def number_in(line: Line, cells: Cells) -> float | None:
    """The number of a line; that of a formula from the recalculated ``cells``. None where there is none."""
    value = cells.get(line.sheet, {}).get(line.cell) if line.is_formula else line.value
    return value if isinstance(value, float) and not number_fault(value) else None


def shown(value: Amount, unit: str = "") -> str:
    """A value with its unit, for people."""
    return (f"{value:.10g}" if isinstance(value, float) else str(value)) + (f" {unit}" if unit else "")
