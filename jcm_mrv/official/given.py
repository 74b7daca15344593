"""What a result has for the tables of an official report sheet: the values of a calendar year by quantity."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from jcm_mrv.claim.crediting import at_decimals
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Fixed, Switch, month, period
from jcm_mrv.official.terms import Amount
from jcm_mrv.quantities.expression import Named
from jcm_mrv.quantities.sets import Set
from jcm_mrv.result import Result, YearResult


@dataclass(frozen=True)
class Given:
    """The values of a quantity in a year with their unit, in the order of the equipment, and what each is of."""

    node: Named
    monitored: bool
    values: tuple[tuple[Amount, str], ...]
    elements: tuple[str, ...]


def given_of(result: Result, bound: Bound, ordinal: int) -> Iterator[Given]:
    """The monitored values of a year at the decimals of the report, and what is fixed ex ante."""
    for parameter in result.claim.parameters:
        if parameter.bound is bound:
            positions = result.claim.space.positions[parameter.mapping]
            values, unit = result.evaluation[parameter.defined], parameter.declared.unit
            there = [at for at in _in_year(result, parameter.defined.sets, ordinal) if positions[at] >= 0]
            amounts = tuple((float(np.round(values[at], result.decimals)), unit) for at in there)
            yield Given(parameter.declared, True, amounts, _elements(result, parameter.defined.sets, there))
    for node in [*bound.fixed, *bound.switches]:
        if node in result.evaluation:
            there = list(_in_year(result, node.sets, ordinal))
            found = [(at, amount) for at in there if (amount := _fixed(result, node, at)) is not None]
            elements = _elements(result, node.sets, [at for at, _ in found])
            yield Given(node, False, tuple(amount for _, amount in found), elements)


def _in_year(result: Result, sets: tuple[Set, ...], ordinal: int) -> Iterator[tuple[int, ...]]:
    """The elements that exist in a year; of what varies by month those of its months."""
    years = result.timeline.year_of_month
    for at in result.claim.space.tuples(sets):
        last = ordinal if not sets or sets[-1] not in (period, month) else at[-1]
        if (int(years[last]) if month in sets[-1:] else last) == ordinal:
            yield at


def _elements(result: Result, sets: tuple[Set, ...], there: list[tuple[int, ...]]) -> tuple[str, ...]:
    """What each value is of: the element, and the month; empty for what there is one of."""
    kept = [n for n, one in enumerate(sets) if one != period]
    labels = [result.claim.space.labels(sets, at) for at in there]
    return tuple(", ".join(label[n] for n in kept) for label in labels)


def _fixed(result: Result, node: Named, at: tuple[int, ...]) -> tuple[Amount, str] | None:
    value = result.value(node, at)
    if isinstance(node, Switch):
        return (node.choices[int(value)], "") if value >= 0 else None
    assert isinstance(node, Fixed)
    return None if math.isnan(value) else (value, node.unit)


def results_of(result: Result, bound: Bound, ordinal: int) -> YearResult:
    """The tonnes of one methodology in a year, from the monitored values at the decimals of the report.

    Whole tonnes are those of the claim, so they are None where it has several methodologies.
    """
    er, re_, pe, *le = (
        float(values[ordinal])
        for values in at_decimals(
            result.claim,
            result.evaluation,
            result.decimals,
            [bound.ER, bound.RE, bound.PE, *([] if bound.LE is None else [bound.LE])],
        )
    )
    year = result.years[ordinal]
    credited = year.credited if len(result.claim.bounds) == 1 else None
    leakage = le[0] if le else None
    return replace(year, reference=re_, project=pe, leakage=leakage, reductions=er, credited=credited)
