"""Values of a quantity for the input cells of an official spreadsheet, in the spreadsheet's own units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jcm_mrv.methodology.declare import Switch
from jcm_mrv.official.reading import Line, Place
from jcm_mrv.official.terms import Amount, of_period, unit_factor
from jcm_mrv.quantities.expression import Named
from jcm_mrv.words import say


@dataclass(frozen=True)
class Entry:
    """What goes into which cell (an empty text empties it), or the reason why nothing does."""

    values: Mapping[Place, Amount] = field(default_factory=dict)
    reason: str = ""


def entered(node: Named, given: Sequence[tuple[Amount, str]], lines: Sequence[Line]) -> Entry:
    """The values of a quantity (with their units) in the cells of its lines, in order; cells left over are emptied."""
    if reason := _misfit(given, lines):
        return Entry(reason=reason)
    values: dict[Place, Amount] = {line.place: "" for line in lines[len(given) :]}
    for (value, unit), line in zip(given, lines, strict=False):
        if isinstance(node, Switch) or isinstance(value, str):
            values[line.place] = value
            continue
        factor = factor_into(unit, line)
        if factor is None:
            return Entry(reason=_other_kind(line, unit))
        values[line.place] = float(f"{value * factor:.15g}")
    return Entry(values)


def factor_into(unit: str, line: Line) -> float | None:
    """From a unit into that of a line, which may say that it is of the period (``MWh/p``); None for another kind."""
    factor = unit_factor(unit, line.unit)
    return unit_factor(unit, of_period(line.unit)) if factor is None else factor


def _other_kind(line: Line, unit: str) -> str:
    return say(
        "{where} is in {line_unit}, which is not the same kind of unit as {unit}",
        where=line.where,
        line_unit=line.unit or say("no unit"),
        unit=unit,
    )


def _misfit(given: Sequence[tuple[Amount, str]], lines: Sequence[Line]) -> str:
    """Why the values cannot go into these cells; empty where they can."""
    if not lines:
        return say("the spreadsheet has no cell for it")
    if len(lines) < len(given):
        return say("there are {given} values, and {cells} cells in the spreadsheet", given=len(given), cells=len(lines))
    formulas = [line.where for line in lines if line.is_formula]
    return say("{where} holds a formula and is not overwritten", where=formulas[0]) if formulas else ""
