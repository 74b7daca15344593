"""Checks that catch an author: what has to hold whatever the document says, on the bench of each case.

Each function gives back what is wrong, or (:func:`not_taken`,
:func:`leanings`) what no case shows and a person has to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.conformance.bench import SAME, Bench, twice_the_years, with_means_kept, with_node, years_depend
from jcm_mrv.conformance.card_values import card_values, not_taken_values
from jcm_mrv.conformance.cases import Case
from jcm_mrv.conformance.shared_cases import taken_by_shared
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Default, Monitored
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Choose, Input, Label, Named
from jcm_mrv.quantities.graph import of_type, own_nodes
from jcm_mrv.quantities.nodes import Compare, Extreme, Minimum, Multiply
from jcm_mrv.quantities.sets import align
from jcm_mrv.quantities.text import term_text
from jcm_mrv.result import Result
from jcm_mrv.words import joined, say

SIGNS = {"RE": 1, "PE": -1, "LE": -1}
_PART = 0.25
_NUDGE = 1e-4
_LISTED = 12
_SIDES = {"lower": say("lower"), "upper": say("upper")}


def year_problems(bench: Bench) -> Iterator[str]:
    """The same years once more change nothing in the first, and are the same, where years do not depend on others."""
    before, after = bench.results(), twice_the_years(bench).results()
    alone = not years_depend(bench)
    for symbol, tonnes in before.items():
        first, again = np.split(after[symbol], 2)
        if not _same(first, tonnes) or (alone and not _same(again, tonnes)):
            yield (
                say(
                    "with the same years once more after them {symbol} is {amount} t, not {tonnes} t each time: a year "
                    "takes what belongs to another (total by=year_of_month)",
                    symbol=symbol,
                    amount=_listed(after[symbol]),
                    tonnes=_listed(tonnes),
                )
            )


def part_problems(bench: Bench) -> Iterator[str]:
    """A quarter of a year's amounts gives a quarter of each result: nothing is counted by the year that has parts."""
    whole, part = bench.results(), bench.scaled(_PART).results()
    for symbol, tonnes in whole.items():
        if not _same(part[symbol], tonnes * _PART):
            yield (
                say(
                    "a quarter of the year's amounts gives {symbol} of {amount} t, a quarter of the year's would be "
                    "{due} t: a period of part of a year would not count its part",
                    symbol=symbol,
                    amount=_listed(part[symbol]),
                    due=_listed(tonnes * _PART),
                )
            )


def zero_problems(bench: Bench) -> Iterator[str]:
    """Without activity each result is zero; means that amounts only weigh keep their value."""
    kept, roots = with_means_kept(bench)
    for symbol, tonnes in kept.scaled(0.0).results(roots).items():
        if not _same(tonnes, tonnes * 0):
            yield say("gives {symbol} of {tonnes} t", symbol=symbol, tonnes=_listed(tonnes))


def doubling_problems(one: Result, two: Result) -> Iterator[str]:
    """Twice the equipment gives twice each result, not ER alone: what is wrong on both sides cancels there."""
    for a, b in zip(one.claim.results, two.claim.results, strict=True):
        if not _same(two.evaluation[b], 2 * one.evaluation[a]):
            yield (
                say(
                    "twice the equipment gives {symbol} of {amount} t, twice would be {due} t",
                    symbol=a.symbol,
                    amount=_listed(two.evaluation[b]),
                    due=_listed(2 * one.evaluation[a]),
                )
            )


def sign_problems(bench: Bench) -> Iterator[str]:
    """ER rises with RE, falls with PE and LE, and rests on each of them."""
    evaluation = Evaluation(bench.bound.results, bench.values, bench.space)
    for node in bench.bound.results[:-1]:
        put = Input(node.symbol, node.label, node.unit, node.sets)
        er = with_node(bench.bound.ER, node, put)
        more = Evaluation([er], {**bench.values, put: evaluation[node] + 1.0}, bench.space)[er]
        change = float((more - evaluation[bench.bound.ER]).sum())
        if change * SIGNS[node.symbol] <= 0:
            yield say(
                "ER moves by {change:.6g} t as {symbol} rises by 1 t a year; it must {way}",
                change=change,
                symbol=node.symbol,
                way=_way(SIGNS[node.symbol]),
            )


def not_taken(benches: Sequence[Bench]) -> Iterator[str]:
    """Branches of switches, values of the card and sides of conditions that no case takes, of the card or shared."""
    if not benches:
        return
    shared, numbers = taken_by_shared(benches[0])
    for label in of_type([benches[0].bound.ER], Label):
        chosen = {c for bench in benches for c in _taken(bench, label)} | shared.get(label.symbol, set())
        missing = [choice for choice in label.choices if choice not in chosen]
        if missing and any(n.label is label for n in of_type([benches[0].bound.ER], Choose)):
            yield f"{label.symbol}: {', '.join(missing)}"
    yield from _values_not_taken(benches)
    for n, condition in enumerate(of_type([benches[0].bound.ER], Compare)):
        sides = {s for bench in benches for s in _sides(bench, of_type([bench.bound.ER], Compare)[n])}
        if len(sides) < 2 and not numbers >= {s.symbol for s in of_type([condition], Named)}:
            yield say(
                "the condition on {listed}: only one side",
                listed=", ".join(s.symbol for s in of_type([condition], Named)),
            )
    yield from _sides_of_extremes(benches, numbers)


def _values_not_taken(benches: Sequence[Bench]) -> Iterator[str]:
    """Values of the card, and of the sets that it takes over; of long tables those are named that cases do take."""
    card = benches[0].bound.entry.card
    for taken_over, of in ((False, say("of the card")), (True, say("of a set that many cards share"))):
        untaken = set(not_taken_values(benches, taken_over=taken_over))
        for symbol, values in groupby(card_values(card, taken_over=taken_over), lambda value: value.symbol):
            names = {v.name or "all others": v in untaken for v in values}
            missing, taken = ([name for name, is_missing in names.items() if is_missing == m] for m in (True, False))
            if missing == ["all others"]:
                yield say("the value of {symbol} {of}", symbol=symbol, of=of)
            elif len(missing) > max(len(taken), _LISTED):
                yield say(
                    "{symbol} of {missing} of {names} names {of}: {taken} alone",
                    symbol=symbol,
                    missing=len(missing),
                    names=len(names),
                    of=of,
                    taken=", ".join(taken) or say("none"),
                )
            elif missing:
                yield say("{symbol} of {names}, {of}", symbol=symbol, names=", ".join(missing), of=of)


def _sides_of_extremes(benches: Sequence[Bench], shared: Set[str]) -> Iterator[str]:
    """Arguments of min and max that are the least, or the greatest, in no case: nobody saw whether they are right."""
    for n, extreme in enumerate(of_type([benches[0].bound.ER], Extreme)):
        if {s.symbol for s in of_type([extreme], Named)} <= shared:
            continue
        taken = {k for bench in benches for k in _reached(bench, of_type([bench.bound.ER], Extreme)[n])}
        word = say("least") if isinstance(extreme, Minimum) else say("greatest")
        missing = [term_text(a) for k, a in enumerate(extreme.args) if k not in taken]
        if taken and missing:
            yield say(
                "{listed} as the {word} of {terms}",
                listed=", ".join(missing),
                word=word,
                terms=term_text(extreme),
            )


def _reached(bench: Bench, extreme: Extreme) -> Iterator[int]:
    """Which arguments a minimum or maximum comes to."""
    evaluation = Evaluation([extreme], bench.values, bench.space)
    exists = bench.space.exists(extreme.sets)
    value = evaluation[extreme][exists]
    for n, argument in enumerate(extreme.args):
        one = np.broadcast_to(align(evaluation[argument], argument.sets, extreme.sets), exists.shape)[exists]
        if (one == value).any():
            yield n


def products_of_means(bound: Bound) -> Iterator[str]:
    """A sum of the year times a mean of the year, of the same things: not the sum of the products at each reading."""
    for defined in bound.equations:
        products = (n for n in own_nodes(defined) if isinstance(n, Multiply))
        found = dict.fromkeys(pair for node in products if (pair := _sum_and_mean(node)))
        for amount, of_time in found:
            yield say(
                "{symbol} multiplies the sum {amount} and the mean {mean} of the year; where the document multiplies "
                "at each reading, that is product_of()",
                symbol=defined.symbol,
                amount=amount,
                mean=of_time,
            )


def _sum_and_mean(node: Multiply) -> tuple[str, str] | None:
    """The symbols of two monitored factors that stand next to each other, a sum and a mean over the same sets."""
    left = node.left.operands[-1] if isinstance(node.left, Multiply) else node.left
    by_kind = {n.aggregate: n for n in (left, node.right) if isinstance(n, Monitored) and not n.factors}
    amount, of_time = by_kind.get("sum"), by_kind.get("mean")
    if amount is None or of_time is None or amount.sets != of_time.sets:
        return None
    return amount.symbol, of_time.symbol


def _same(a: Numbers, b: Numbers) -> bool:
    return bool(np.allclose(a, b, rtol=SAME, atol=SAME))


def _listed(values: Numbers) -> str:
    return ", ".join(f"{value:.6g}" for value in values)


def _way(sign: int) -> str:
    return say("rise") if sign > 0 else say("fall")


def _taken(bench: Bench, label: Label) -> Iterator[str]:
    node = next((n for n in bench.bound.nodes if n.symbol == label.symbol), label)
    ordinals = bench.values[node][bench.space.exists(node.sets)]
    yield from (label.choices[int(n)] for n in np.unique(ordinals) if n >= 0)


def _sides(bench: Bench, condition: Compare) -> Iterator[bool]:
    value = Evaluation([condition], bench.values, bench.space)[condition]
    yield from (bool(v) for v in np.unique(value[bench.space.exists(condition.sets)]) if v == v)


# --- the cautious side ---------------------------------------------------------------


def leanings(benches: Sequence[Bench]) -> tuple[list[str], list[str]]:
    """How ER moves with each default of the card that is a limit: on the wrong side, and on neither side for sure.

    An upper limit of what ER rises with raises the claim. A lower limit of what
    ER falls with does as well, unless the document takes lower limits on both
    sides of the claim, which a person has to know.
    """
    wrong, doubtful = list[str](), list[str]()
    defaults = benches[0].bound.entry.card.defaults if benches else {}
    for symbol, default in defaults.items():
        side = re.search(r"\b(lower|upper)\b", f"{default.source} {default.note}")
        moves = {m for bench in benches for m in _moves(bench, symbol)}
        if side and moves:
            raising = 1 if side.group() == "upper" else -1
            way = joined(say(" and "), sorted(_moved(m) for m in moves))
            words = say(
                "{symbol}: ER {way} with it, the card has the {side} limit",
                symbol=symbol,
                way=way,
                side=_SIDES[side.group()],
            )
            if moves == {1} and raising == 1:
                wrong.append(words)
            elif raising in moves:
                doubtful.append(words)
    return wrong, doubtful


def _moves(bench: Bench, symbol: str) -> Iterator[int]:
    """1 or -1 for each element with which ER rises or falls."""
    for node in (n for n in bench.bound.nodes if isinstance(n, Default) and n.symbol == symbol):
        before = bench.results()["ER"].sum()
        for place in np.ndindex(bench.values[node].shape):
            value = bench.values[node].copy()
            value[place] *= 1 + _NUDGE
            change = replace(bench, values={**bench.values, node: value}).results()["ER"].sum() - before
            if abs(change) > abs(before) * 1e-12:
                yield 1 if change > 0 else -1


def _moved(sign: int) -> str:
    return say("rises") if sign > 0 else say("falls")


# --- a part of a year through the workbook ----------------------------------------------


def part_of_a_year(case: Case, means: frozenset[str] = frozenset()) -> tuple[Case, float]:
    """The case until the end of June of its last year, with that share of the year's amounts, and the share.

    Only for a case that begins with a year and ends with one; ``means`` are parameters that have no share of a year.
    """
    year = case.last_day.year
    end = date(year, 6, 30)
    share = (end - date(year, 1, 1) + timedelta(1)) / (date(year + 1, 1, 1) - date(year, 1, 1))
    parts = {str(year): share}
    monitored = tuple(
        {**row, "by_year": {y: v * parts.get(y, 1.0) for y, v in row["by_year"].items()}}
        if row["parameter"] not in means
        else row
        for row in case.monitored
    )
    return replace(case, last_day=end, monitored=monitored), share


def part_year_problems(whole: Result, part: Result, share: float) -> Iterator[str]:
    """What a part of the last year comes to, through the workbook; the years before it are as they were."""
    for a, b in zip(whole.claim.results, part.claim.results, strict=True):
        due = whole.evaluation[a].copy()
        due[-1] *= share
        if not _same(part.evaluation[b], due):
            yield (
                say(
                    "until 30 June of the last year {symbol} is {amount} t, by its share of days {due} t",
                    symbol=a.symbol,
                    amount=_listed(part.evaluation[b]),
                    due=_listed(due),
                )
            )


__all__ = [
    "doubling_problems",
    "leanings",
    "not_taken",
    "part_of_a_year",
    "part_problems",
    "part_year_problems",
    "products_of_means",
    "sign_problems",
    "year_problems",
    "zero_problems",
]
