"""Limits and precision that let through what cannot be: an open side, more than the whole, a mean that is not known."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jcm_mrv.conformance.card_statements import factor_between
from jcm_mrv.methodology.binding import bind
from jcm_mrv.methodology.catalogue import Entry
from jcm_mrv.methodology.declare import Fixed, Monitored
from jcm_mrv.methodology.limits import limits_text
from jcm_mrv.words import say

_PART = re.compile(r"\b(share|fraction|proportion|percentage)\b", re.IGNORECASE)
_EFFICIENCY = re.compile(r"\befficiency\b", re.IGNORECASE)


def limits_of_parts(entry: Entry) -> tuple[list[str], list[str]]:
    """Shares and efficiencies with a side of their limits open, and those that may be more than the whole."""
    wrong, doubtful = list[str](), list[str]()
    for node in (n for n in bind(entry).nodes if isinstance(n, Fixed | Monitored)):
        whole = factor_between("1", node.unit) if node.unit in ("1", "%") else 0.0
        part, efficiency = _PART.search(node.label), node.unit == "%" and _EFFICIENCY.search(node.label)
        if not whole or not (part or efficiency) or (isinstance(node, Monitored) and node.parts):
            continue
        most, kind = (whole, say("a share")) if part else (1.1 * whole, say("an efficiency"))
        if None in node.limits:
            side = limits_text(node.limits) or say("none")
            wrong.append(
                say(
                    "{symbol} is {kind}, and of its limits ({side}) one is open: it has (0, {most:g})",
                    symbol=node.symbol,
                    kind=kind,
                    side=side,
                    most=most,
                )
            )
        elif max(limit for limit in node.limits if limit is not None) > most:
            doubtful.append(
                say(
                    "{symbol} is {kind}, and its limits let more than {most:g} pass",
                    symbol=node.symbol,
                    kind=kind,
                    most=most,
                )
            )
    return wrong, doubtful


def limits_missing(entry: Entry) -> Iterator[str]:
    """Fixed values and defaults without limits, or with one side open of what has no size of its own."""
    for node in (n for n in bind(entry).nodes if isinstance(n, Fixed)):
        if node.limits == (None, None):
            yield say("{symbol} has no limits: a value in another unit would be taken", symbol=node.symbol)
        elif None in node.limits and "/" in node.unit:
            side = say("greatest") if node.limits[1] is None else say("least")
            yield say(
                "{symbol} has no {side} limit: a value in another unit would be taken", symbol=node.symbol, side=side
            )


def precisions_weak(entry: Entry) -> Iterator[str]:
    """Samples of which less is asked than of any that are known: 90/10, and 95/20 for the composition of waste."""
    for node in (n for n in bind(entry).monitored if n.precision):
        if node.precision and (node.precision.confidence < 90 or node.precision.within > 20):
            yield say(
                "{symbol} asks for a precision of {asked}: less than 90/10, and 95/20 for compositions",
                symbol=node.symbol,
                asked=str(node.precision),
            )


__all__ = ["limits_missing", "limits_of_parts", "precisions_weak"]
