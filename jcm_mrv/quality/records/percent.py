"""Percentages typed as fractions, and fractions typed as percentages.

Only dimensionless values can be out of scale by a hundred. A value is questionable where it is a
hundred times what the card or most elements say, or where its name says
that it is a part of a whole and its size does not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median_low

import numpy as np

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.values import BoundValues
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Fixed
from jcm_mrv.methodology.limits import within
from jcm_mrv.words import say

AS_PERCENTAGE = Code("fixed.as_percentage", Severity.MAJOR, "A value looks like a percentage typed as a fraction.")

UNLIKELY = Code("fixed.unlikely", Severity.MAJOR, "An efficiency is smaller than that of any equipment.")

# Below 15 % nothing that is replaced works; what is too large is left to the limits of the methodology.
_LEAST_LIKELY = 0.15

# Both turn a number of per cent into a part of one.
HUNDRED = 100.0
# A ratio is near a hundred when it is at most this factor away from it: efficiencies differ by less.
_NEAR = 2.0
# An efficiency below 2 % is none; a fraction above 1.5 is no part of a whole.
_LEAST_EFFICIENCY, _MOST_FRACTION = 0.02, 1.5
# Beyond it a number is no percentage either (boilers that condense reach 110 % of the net calorific value).
_MOST_PERCENT = 120.0
_EFFICIENCY = re.compile(r"\b(efficien|availab|oxidation)", re.IGNORECASE)
# An energy efficiency ratio, or a seasonal performance factor, is no part of a whole.
_OTHER = re.compile(r"\b(ratio|factor|coefficient|performance|index|multipl)", re.IGNORECASE)
_PART = re.compile(r"\b(efficien|availab|oxidation|fraction|share|portion|proportion|percentage)", re.IGNORECASE)


@dataclass(frozen=True)
class _Value:
    """A value that the project gives, what others say of it, and where in the graph it stands."""

    node: Fixed
    place: tuple[int, ...]
    number: float
    label: str
    card: float | None
    others: float | None

    @property
    def percent(self) -> bool:
        return self.node.unit == "%"

    @property
    def efficiency(self) -> bool:
        return bool(_EFFICIENCY.search(self.node.label)) and not _OTHER.search(self.node.label)

    @property
    def part(self) -> bool:
        """True where the name says that the value is a part of a whole."""
        return bool(_PART.search(self.node.label)) and not _OTHER.search(self.node.label)


def percentage_findings(claim: Claim) -> Iterator[Finding]:
    """A finding for each fixed value whose size says that it was typed a hundred times too large or too small."""
    for bound, found in zip(claim.bounds, claim.bound_values, strict=True):
        for node in bound.fixed:
            if node.unit in ("1", "%"):
                for value in _values(claim, bound, found, node):
                    yield from _check(claim, bound, value)


def _values(claim: Claim, bound: Bound, found: BoundValues, node: Fixed) -> Iterator[_Value]:
    numbers, origins = found.values[node], found.origins[node]
    given = {place: float(numbers[place]) for place, origin in origins.items() if origin.file and numbers[place] > 0}
    cards = {use.ordinals: use.card_value for use in found.defaults if use.node is node}
    # Of two elements that differ nobody knows which is right; of three the middle one is no scaling error.
    middle = median_low(given.values()) if len(given) > 2 else None
    for place, number in given.items():
        labels = claim.space.labels(node.sets, place)
        yield _Value(node, place, number, labels[0] if labels else "", cards.get(place), middle)


def _check(claim: Claim, bound: Bound, value: _Value) -> Iterator[Finding]:
    if not within(value.number, value.node.limits):
        return  # that is an error already
    meant_otherwise = _times_hundred(value) or _by_its_name(value)
    if meant_otherwise is None:
        if _no_efficiency(value):
            yield _unlikely(bound, claim, value)
        return
    meant, reason = meant_otherwise
    unit = "%" if value.percent else ""
    change = _change(claim, value, meant)
    yield AS_PERCENTAGE(
        say(
            "{card}: {symbol}{whose} ({label}) {reason}{change}",
            card=bound.entry.card.id,
            symbol=value.node.symbol,
            whose=say(" of {value}", value=value.label) if value.label else "",
            label=value.node.label,
            reason=reason,
            change=change,
        ),
        claim.origins[value.node][value.place],
        found=say("{value_number:.15g}{unit}", value_number=value.number, unit=f" {unit}" if unit else ""),
        action=say("The value is needed in per cent: write {meant:.6g} if that is what the document says.", meant=meant)
        if value.percent
        else say(
            "The value is needed as a part of 1 (85 % is 0.85): write {meant:.6g} if that is what the document says.",
            meant=meant,
        ),
        data={"value": value.number, "read_otherwise": meant},
        severity=None if value.card or value.efficiency or not value.percent else Severity.MINOR,
    )


def _no_efficiency(value: _Value) -> bool:
    share = value.number / HUNDRED if value.percent else value.number
    return value.efficiency and share < _LEAST_LIKELY


def _unlikely(bound: Bound, claim: Claim, value: _Value) -> Finding:
    return UNLIKELY(
        say(
            "{card}: {symbol}{value} ({node}) is that of no equipment",
            card=bound.entry.card.id,
            symbol=value.node.symbol,
            value=say(" of {value}", value=value.label) if value.label else "",
            node=value.node.label,
        ),
        claim.origins[value.node][value.place],
        found=say("{value_number:.15g} {node_unit}", value_number=value.number, node_unit=value.node.unit),
        action=say("Check the value and its unit; a decimal point may be wrong."),
        data={"value": value.number},
    )


def _times_hundred(value: _Value) -> tuple[float, str] | None:
    """What was meant, where the card or most elements say a hundred times more or less."""
    for reference, whose, may_be_small in (
        (value.card, say("the value on the card"), False),
        (value.others, say("most elements"), value.part and not value.efficiency),
    ):
        if reference is None or reference <= 0:
            continue
        ratio = value.number / reference
        if _near(ratio, HUNDRED):
            return value.number / HUNDRED, say(
                "is about 100 times {whose} ({reference:.6g})", whose=whose, reference=reference
            )
        if _near(ratio, 1 / HUNDRED) and not may_be_small:
            return value.number * HUNDRED, say(
                "is about a hundredth of {whose} ({reference:.6g})", whose=whose, reference=reference
            )
    return None


def _near(ratio: float, target: float) -> bool:
    return abs(math.log(ratio / target)) <= math.log(_NEAR)


def _by_its_name(value: _Value) -> tuple[float, str] | None:
    """What was meant, where the name says a part of a whole and the size does not."""
    if not value.part:
        return None
    if value.percent:
        return (
            (value.number * HUNDRED, say("is at most 1 %: a fraction may stand there")) if value.number <= 1 else None
        )
    if _MOST_FRACTION < value.number <= _MOST_PERCENT:
        return value.number / HUNDRED, say("is above 1: a percentage may stand there")
    if value.efficiency and value.number < _LEAST_EFFICIENCY:
        return value.number * HUNDRED, say("is very small for such a value: it may have been divided by 100 twice")
    return None


def _change(claim: Claim, value: _Value, meant: float) -> str:
    """How ER would move if the other reading were right, in words; nothing where it cannot be computed yet."""
    change = 0.0 - claim.effect_of(value.node, value.place, meant)
    words = say("; with {meant:.6g} the claim would change by {then:+,.3f} tCO2e", meant=meant, then=change)
    return words if np.isfinite(change) else ""
