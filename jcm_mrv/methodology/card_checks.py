"""Does a card fit the class that its package declares: symbols, units, limits, choices."""

from __future__ import annotations

from collections.abc import Iterable

from jcm_mrv.methodology.base import Methodology
from jcm_mrv.methodology.card import Card, CardError
from jcm_mrv.methodology.declare import Default, Switch
from jcm_mrv.methodology.limits import limits_text, within
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import parse_unit
from jcm_mrv.words import say


def check_card(card: Card, methodology: type[Methodology] | None) -> None:
    """Check a card against its methodology. Raises CardError that lists every mismatch.

    Of a card that is catalogued only, only the units are checked: they must be known.
    """
    if not card.computes:
        problems = list(_unknown_units(card))
    elif methodology is None:
        problems = [say("status is {status!r}, but its package declares no METHODOLOGY", status=card.status)]
    else:
        problems = _mismatches(card, methodology)
    if problems:
        raise CardError(card.id, problems)


def _mismatches(card: Card, methodology: type[Methodology]) -> list[str]:
    problems: list[str] = []
    nodes = {n.symbol: n for n in methodology.nodes()}
    for symbol, default in card.defaults.items():
        node = nodes.get(symbol)
        if not isinstance(node, Default):
            problems.append(say("default {symbol} is unknown to {name}", symbol=symbol, name=methodology.__name__))
            continue
        problems += _unit_problems(say("default {symbol}", symbol=symbol), default.unit, node.unit)
        problems += [
            say(
                "default {symbol} is {value:.15g} {node_unit}, but must be {limits_text} {node_unit}",
                symbol=symbol,
                value=value,
                node_unit=node.unit,
                limits_text=limits_text(node.limits),
            )
            for value in default.numbers
            if not within(value, node.limits)
        ]
        if default.classes and node.by is None:
            problems.append(
                say("default {symbol} has a class table, but the methodology does not say by what", symbol=symbol)
            )
        elif default.classes and node.by is not None:
            problems += _unit_problems(
                say("class_unit of default {symbol}", symbol=symbol), default.class_unit, node.by.unit
            )
    switches = {n.symbol: n for n in nodes.values() if isinstance(n, Switch) and n.set_by == "card"}
    for symbol, node in switches.items():
        if symbol not in card.choices:
            problems.append(
                say("the choice {symbol} is not made ({choices})", symbol=symbol, choices=", ".join(node.choices))
            )
        elif card.choices[symbol].text not in node.choices:
            problems.append(
                say(
                    "the choice {symbol} is {text!r}, not one of {choices}",
                    symbol=symbol,
                    text=card.choices[symbol].text,
                    choices=node.choices,
                )
            )
    problems += [
        say("choice {s} is unknown to {name}", s=s, name=methodology.__name__)
        for s in card.choices
        if s not in switches
    ]
    problems += [
        say("parameter {s} is unknown to {name}", s=s, name=methodology.__name__)
        for s in card.parameters
        if s not in nodes
    ]
    return problems


def _unknown_units(card: Card) -> Iterable[str]:
    for symbol, default in card.defaults.items():
        try:
            parse_unit(default.unit)
        except UnitError as error:
            yield say("default {symbol}: {error}", symbol=symbol, error=error)


def _unit_problems(what: str, found: str, expected: str) -> list[str]:
    try:
        if parse_unit(found).matches(parse_unit(expected)):
            return []
    except UnitError as error:
        return [f"{what}: {error}"]
    return [say("{what} is in {found}, the methodology needs {expected}", what=what, found=found, expected=expected)]
