"""The other way round: what a meter, a cell or a file moves, in tonnes.

Twice: from the derivative of the claim's ER, and by evaluating the graph again with the changed numbers. Treatments
stay as they are; that they may change with the data is what ``jcm-mrv calculate`` on changed data shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Flags, Numbers
from jcm_mrv.claim.groups import reductions_without
from jcm_mrv.errors import JcmMrvError
from jcm_mrv.methodology.declare import Fixed
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.derivative import gradient
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Input, Named
from jcm_mrv.quantities.graph import walk
from jcm_mrv.result import Result
from jcm_mrv.trace.places import places
from jcm_mrv.words import say

STEP = 0.01
"""The relative change that is tried."""
_NAMED = 8


class NothingMovesError(JcmMrvError, LookupError):
    """Nothing of the claim comes from there; the text says from where its numbers come."""


@dataclass(frozen=True)
class Moved:
    """What a change of 1 % moves [tCO2e]: over the whole period, and by calendar year.

    ``uses`` says where it enters the claim. ``without`` is the change of ER when a meter is in no monitoring point,
    None for what is no meter.
    """

    what: str
    uses: tuple[str, ...]
    by_derivative: float
    by_evaluation: float
    by_year: tuple[tuple[str, float], ...]
    without: float | None = None


def moved_by(result: Result, what: str) -> Moved:
    """What a meter (``M-03``), a cell (``Readings!E84``), a file or a fixed value by its symbol moves.

    Raises NothingMovesError.
    """
    meters = {meter.casefold(): meter for meter in result.meters}
    if what.strip().casefold() in meters:
        return _meter(result, meters[what.strip().casefold()])
    masks = _from_place(result, what.strip()) or _from_symbol(result, what.strip())
    if not masks:
        raise NothingMovesError(_nothing(result, what))
    uses = tuple(_use(node, np.asarray(result.claim.values[node])[mask]) for node, mask in masks.items())
    return _moved(result, what, masks, uses, None)


def _use(node: Input, values: Numbers) -> str:
    """Where a number enters the claim, and what it is there."""
    few = ", ".join(f"{value:,.10g}" for value in values[:3].tolist())
    return say("{symbol}: {node}: {few}", symbol=node.symbol, node=node.label, few=few) + (
        say(" and {number_of_values:,} more", number_of_values=len(values) - 3) if len(values) > 3 else ""
    )


def _meter(result: Result, meter: str) -> Moved:
    """A meter, by the factor that stands before each of its readings."""
    masks: dict[Input, Flags] = {}
    uses: list[str] = []
    for chain in result.claim.chains:
        ids = chain.parts.meter[chain.rows]
        own = np.array([chain.parts.meter_ids[n] == meter for n in ids.tolist()], dtype=np.bool_)
        if own.any():
            masks[chain.graph.k_T] = own
        for point in chain.points:
            uses += [f"{point.name} = {point.formula}" for term in point.terms if term.meter_id == meter]
    if not masks:
        raise NothingMovesError(
            say("{meter} is a meter of this project, but no reading of it counts in the claim", meter=meter)
        )
    without = reductions_without(result.claim, meter) - result.reductions
    return _moved(result, meter, masks, tuple(dict.fromkeys(uses)), without)


def _from_place(result: Result, what: str) -> dict[Input, Flags]:
    """The inputs that were read from a cell or file, as marks on their values."""
    found: dict[Input, Flags] = {}
    place, factors = places(result), {chain.graph.k_T for chain in result.claim.chains}
    for node, values in _inputs(result):
        mask = np.zeros(np.shape(values), dtype=np.bool_)
        known = np.ndindex(mask.shape) if node in factors else result.claim.origins.get(node, {})
        for ordinals in known:
            if _is_of(place(node, ordinals), what):
                mask[ordinals] = True
        mask &= values != 0  # of nothing, 1 % is nothing
        if mask.any():
            found[node] = mask
    return found


def _from_symbol(result: Result, symbol: str) -> dict[Input, Flags]:
    """The fixed values of a symbol, with all their elements, wherever they come from: a card's defaults among them."""
    named = ((n, v) for n, v in _inputs(result) if isinstance(n, Fixed) and n.symbol.casefold() == symbol.casefold())
    return {node: mask for node, values in named if (mask := values != 0).any()}


def _inputs(result: Result) -> Iterator[tuple[Input, Numbers]]:
    """The inputs that the results rest on, with their values."""
    for node in walk(result.claim.roots()):
        if isinstance(node, Input) and (values := result.claim.values.get(node)) is not None:
            yield node, np.asarray(values)


def _is_of(origin: Origin, what: str) -> bool:
    place = f"{origin.sheet}!{origin.cell}"
    return what.casefold() in (place.casefold(), f"{origin.file}, {place}".casefold(), origin.file.casefold())


def _moved(
    result: Result, what: str, masks: Mapping[Input, Flags], uses: tuple[str, ...], without: float | None
) -> Moved:
    claim = result.claim
    changed: dict[Named, Numbers] = {}
    for node, mask in masks.items():
        values = np.array(claim.values[node], dtype=np.float64)
        changed[node] = np.where(mask, values * (1 + STEP), values)
    other = claim.evaluate(changed)
    years = [year.label for year in result.timeline.years]
    apart = [float(other[claim.ER][n] - result.evaluation[claim.ER][n]) for n in range(len(years))]
    return Moved(
        what=what,
        uses=uses,
        by_derivative=_by_derivative(result, masks),
        by_evaluation=other.scalar(claim.total_ER) - result.evaluation.scalar(claim.total_ER),
        by_year=tuple(zip(years, apart, strict=True)),
        without=without,
    )


def _by_derivative(result: Result, masks: Mapping[Input, Flags]) -> float:
    """The sum of slope times change over all values that are moved."""
    claim = result.claim
    slopes = gradient(claim.total_ER, list(masks))
    evaluation = Evaluation(list(slopes.values()), claim.values, claim.space)
    total = 0.0
    for node, mask in masks.items():
        change = np.where(mask, np.asarray(claim.values[node]) * STEP, 0.0)
        slope = np.broadcast_to(evaluation[slopes[node]], np.shape(change))
        total += float(np.sum(slope[mask] * change[mask]))
    return total


def _nothing(result: Result, what: str) -> str:
    known = {f"{o.sheet}!{o.cell}" for m in result.claim.origins.values() for o in m.values() if o.cell}
    sheet, row = _sheet_and_row(what)
    near: Sequence[str] = sorted(known, key=lambda one: (*_farther(one, sheet, row), one))
    meters = ", ".join(list(result.meters)[:_NAMED])
    return say(
        "no number of the claim comes from {what}. Meters: {meters}; cells such as {places}; the path of a log; or the "
        "symbol of a fixed value, such as {symbols}",
        what=what,
        meters=meters,
        places=", ".join(near[:_NAMED]),
        symbols=", ".join(sorted({node.symbol for node, _ in _inputs(result) if isinstance(node, Fixed)})[:_NAMED]),
    )


def _sheet_and_row(place: str) -> tuple[str, str]:
    sheet, _, cell = place.rpartition("!")
    return sheet.rpartition(",")[2].strip().casefold(), re.sub(r"\D", "", cell)


def _farther(place: str, sheet: str, row: str) -> tuple[bool, bool]:
    """For sorting: a cell of the named sheet comes before others, of the named row before those."""
    own = _sheet_and_row(place)
    return own[0] != sheet, own != (sheet, row)
