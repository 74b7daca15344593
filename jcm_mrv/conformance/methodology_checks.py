"""What every methodology must hold, as functions that give back what is wrong.

``jcm-mrv methodologies test`` (:mod:`jcm_mrv.conformance.conformance`) and the
test suite call the same ones. None raises for a methodology that is wrong; an
empty list means that it holds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.conformance.arithmetic import arithmetic
from jcm_mrv.conformance.author_checks import (
    doubling_problems as twice_problems,
)
from jcm_mrv.conformance.author_checks import (
    part_of_a_year,
    part_problems,
    part_year_problems,
    sign_problems,
    year_problems,
    zero_problems,
)
from jcm_mrv.conformance.bench import bench_of, years_depend
from jcm_mrv.conformance.card_statements import statement_problems
from jcm_mrv.conformance.cases import Case, calculate_case, home, means_of, twice
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.meters.combined import Combined
from jcm_mrv.methodology.binding import Bound, bind
from jcm_mrv.methodology.catalogue import Entry
from jcm_mrv.methodology.declare import COUNT, Default, Duration, Monitored, electricity_source
from jcm_mrv.methodology.electricity import CAPTIVE_METHODS, SUPPLIES, supply_of
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Choose, Named, Node
from jcm_mrv.quantities.graph import of_type
from jcm_mrv.quantities.typeset import equation_mathml, svg
from jcm_mrv.quantities.units import check_units
from jcm_mrv.result import Result
from jcm_mrv.words import as_words, say

_SAME = 1e-9
_NUDGE = 0.01
_IMPRECISE = "samples.precision"  # the code of the finding
_FAR_APART = (0.2, 0.8)  # tCO2/MWh


@dataclass(frozen=True)
class Problem:
    """Something that does not hold: which check, of what, and what was found."""

    check: str
    what: str
    text: str


def case_problems(entry: Entry, case: Case, folder: Path) -> list[Problem]:
    """Of one case: its expectation, the engine's result, no activity, and how ER moves."""
    problems = expectation_problems(case)
    try:
        result = calculate_case(case, folder)
    except InputRefusedError as error:
        return [*problems, Problem("case", case.name, say("is refused: {error}", error=error))]
    return [
        *problems,
        *result_problems(case, result),
        *no_activity_problems(entry, case, result),
        *direction_problems(entry, case, result),
        *author_problems(entry, case, result, folder),
        *electricity_problems(entry, case, result),
    ]


# --- without a case ----------------------------------------------------------------


def unit_problems(entry: Entry) -> list[Problem]:
    """Units are consistent, with the choices of the card made."""
    bound = bind(entry)
    try:
        check_units(list(bound.results))
    except UnitError as error:
        return [Problem("units", entry.card.id, str(error))]
    return []


def unused_problems(entry: Entry) -> list[Problem]:
    """Every quantity that the class declares is used; every default and guide of the card is, with its choices made."""
    declared = entry.methodology
    used = {id(n) for n in declared.nodes()}
    problems = [
        say("{symbol} is declared and used by no equation", symbol=n.symbol)
        for n in declared.declared()
        if id(n) not in used
    ]
    reached = {n.symbol for n in bind(entry).nodes}
    for kind, symbols in ((say("default"), entry.card.defaults), (say("parameter"), entry.card.parameters)):
        problems += [
            say("the card's {kind} {symbol} is in no equation, its choices made", kind=kind, symbol=s)
            for s in symbols
            if s not in reached
        ]
    return [Problem("used", entry.card.id, text) for text in problems]


def card_problems(entry: Entry) -> list[Problem]:
    """The card says of each default where it comes from, and of each monitored parameter how it is monitored.

    What only a choice of the project brings in (a generator of its own) need
    not be on the card. Sources and evidence levels of what is there are
    demanded when the card is read.
    """
    card, problems = entry.card, list[str]()
    for node in _whatever_is_chosen(bind(entry)):
        if isinstance(node, Default) and node.symbol.removesuffix("_class") not in card.defaults:
            problems.append(say("there is no [defaults.{symbol}] with unit, source and evidence", symbol=node.symbol))
        for symbol in _metered(node):
            guide = card.parameters.get(symbol)
            if guide is None:
                problems.append(say("there is no [parameters.{symbol}] that says how it is monitored", symbol=symbol))
            elif not (guide.method and guide.frequency):
                problems.append(say("[parameters.{symbol}] needs method and frequency", symbol=symbol))
    if card.status == "computable" and card.equation.evidence == "unconfirmed":
        problems.append(say("the status is computable, but the equation is unconfirmed: it is a pattern"))
    problems += statement_problems(entry)
    return [Problem("card", card.id, text) for text in problems]


def _metered(node: Node) -> tuple[str, ...]:
    """The parameters that meters measure for a monitored one: its factors, where it is made of them."""
    return tuple(n.symbol for n in node.factors or (node,)) if isinstance(node, Monitored) else ()


def precisions_kept(entry: Entry, results: Sequence[Result]) -> list[str]:
    """Means of samples whose precision no case misses: nobody saw that the end of the interval is taken."""
    missed = [f.message for r in results for f in r.findings if f.code == _IMPRECISE]
    sampled = [n.symbol for n in bind(entry).monitored if n.aggregate == "sample"]
    kept = [s for s in sampled if not any(re.search(rf"\b{re.escape(s)}\b", message) for message in missed)]
    return [say("the end of the interval of {symbol}: its samples keep the precision", symbol=s) for s in kept]


def readings_within_a_year(entry: Entry) -> list[str]:
    """What is made of single readings: with one reading a year it is what the sum or the mean of the year is."""
    made = [n.symbol for n in bind(entry).monitored if n.combined and n.aggregate != COUNT]
    return [
        say("several readings a year of {symbol}: one tells no product, weight or last reading from others", symbol=s)
        for s in made
    ]


def _whatever_is_chosen(bound: Bound) -> Iterator[Node]:
    """The nodes that ER rests on whatever the project chooses."""
    stack: list[Node] = [bound.ER]
    seen: dict[Node, None] = {}
    while stack:
        node = stack.pop()
        if node not in seen:
            seen[node] = None
            stack.extend([] if isinstance(node, Choose) else node.operands)
    return iter(seen)


def typeset_problems(entry: Entry, drawn: bool = True) -> list[Problem]:
    """Every equation can be set, and ``drawn`` (which takes a while)."""
    problems = []
    for node in bind(entry).equations:
        mathml = equation_mathml(node)
        if node.symbol.split("_")[0] not in re.sub(r"<[^<>]+>", "", mathml) or (drawn and "<svg" not in svg(mathml)):
            problems.append(Problem("typeset", entry.card.id, say("{symbol} cannot be set", symbol=node.symbol)))
    return problems


def readme_problems(entry: Entry) -> list[Problem]:
    """The family has a README that names the card."""
    readme = home(entry) / "README.md"
    if not readme.is_file():
        return [Problem("readme", entry.card.family, say("there is no README.md"))]
    if not re.search(re.escape(entry.card.id) + r"\b", readme.read_text(encoding="utf-8")):
        return [Problem("readme", entry.card.id, say("README.md does not name the card"))]
    return []


# --- with a case -------------------------------------------------------------------


def expectation_problems(case: Case) -> list[Problem]:
    """ER = (RE - PE - LE) x deduction, and the whole tonnes follow from it, in exact arithmetic."""
    problems = []
    for year in case.expected:
        reductions = arithmetic(year.reductions)
        emissions = arithmetic(year.project) + arithmetic(year.leakage or "0")
        difference = (arithmetic(year.reference) - emissions) * arithmetic(year.deduction)
        if difference != reductions:
            sides = say("RE and PE") if year.leakage is None else say("RE, PE and LE")
            text = say(
                "{year}: reductions are {reductions:.15g}, {sides} give {difference:.15g}",
                year=year.year,
                reductions=float(reductions),
                sides=sides,
                difference=float(difference),
            )
            problems.append(Problem("expectation", case.name, text))
        if year.credited is not None and math.floor(reductions) != year.credited:
            text = say("{year}: credited is not ER rounded down", year=year.year)
            problems.append(Problem("expectation", case.name, text))
    return problems


def result_problems(case: Case, result: Result) -> list[Problem]:
    """The engine reaches the expectation, year by year, and credits what it says."""
    wanted = {year.year: year for year in case.expected}
    if [y.year for y in result.years] != list(wanted):
        years = [y.year for y in result.years]
        return [Problem("case", case.name, say("the calculated years are {years}", years=years))]
    problems = []
    for year in result.years:
        expected = wanted[year.year]
        if year.leakage is not None and expected.leakage is None:
            text = say("{year}: [[expected]] has no leakage; LE is a result", year=year.year)
            problems.append(Problem("case", case.name, text))
        for name in ("reference", "project", "leakage", "reductions"):
            text, found = getattr(expected, name), getattr(year, name)
            if text is None:
                continue
            due = float(arithmetic(text))
            if found is None:
                text = say("{year}: leakage is expected, and there is no LE", year=year.year)
                problems.append(Problem("case", case.name, text))
            elif not math.isclose(found, due, rel_tol=_SAME, abs_tol=_SAME):
                text = say(
                    "{year}: {name} is {found!r}, expected {due!r}",
                    year=year.year,
                    name=as_words(name),
                    found=found,
                    due=due,
                )
                problems.append(Problem("case", case.name, text))
        if year.credited != expected.credited:
            words = [
                say("nothing") if tonnes is None else f"{tonnes} t" for tonnes in (year.credited, expected.credited)
            ]
            text = say("{year}: {found} is credited, expected {due}", year=year.year, found=words[0], due=words[1])
            problems.append(Problem("case", case.name, text))
    return problems


def no_activity_problems(entry: Entry, case: Case, result: Result) -> list[Problem]:
    """Without activity, nothing in operation, every result is zero. Means that amounts only weigh keep their value."""
    return [Problem("no activity", case.name, text) for text in zero_problems(bench_of(entry, result))]


def author_problems(entry: Entry, case: Case, result: Result, folder: Path) -> list[Problem]:
    """Signs of the results, the same years once more, and a part of a year, on the equations and in a workbook."""
    bench = bench_of(entry, result)
    named: list[tuple[str, Iterable[str]]] = [
        ("signs", sign_problems(bench)),
        ("years", year_problems(bench)),
        ("part of a year", part_problems(bench)),
    ]
    if not years_depend(bench) and not of_type(bench.bound.results, Duration):
        named.append(("part of a year", _part_of_a_year(entry, case, result, folder)))
    return [Problem(check, case.name, text) for check, texts in named for text in texts]


def _part_of_a_year(entry: Entry, case: Case, result: Result, folder: Path) -> Iterator[str]:
    place = folder / "part"
    place.mkdir()
    part, share = part_of_a_year(case, means_of(entry))
    try:
        yield from part_year_problems(result, calculate_case(part, place), share)
    except InputRefusedError as error:
        yield say("until 30 June of the last year it is refused: {error}", error=error)


def direction_problems(entry: Entry, case: Case, result: Result) -> Iterator[Problem]:
    """ER moves with each monitored parameter as the card says."""
    before = float(result.evaluation[result.claim.ER].sum())
    monitored = {row["parameter"] for row in case.monitored}
    for symbol, guide in entry.card.parameters.items():
        if guide.reductions and symbol in monitored:
            change = _nudge(entry, case, result, symbol) - before
            if (change > 0) != (guide.reductions == "rise") or change == 0:
                text = say(
                    "ER moves by {change:.6g} t as {symbol} rises; the card says that it must {way}",
                    change=change,
                    symbol=symbol,
                    way=say("rise") if guide.reductions == "rise" else say("fall"),
                )
                yield Problem("direction", case.name, text)


def electricity_problems(entry: Entry, case: Case, result: Result) -> Iterator[Problem]:
    """Where grid and captive electricity may be consumed, the card's rule gives no more ER than either factor would.

    Looked at with the amounts of the case and two factors that are far apart, whichever of them is the grid's.
    """
    nodes = {n.symbol: n for b in result.claim.bounds for n in b.nodes if isinstance(n, Named)}
    needed = ("supply", "captive_method", "EF_grid", "EF_cap_diesel")
    if not any(supply_of(b) for b in result.claim.bounds) or not all(symbol in nodes for symbol in needed):
        return

    def reductions(supply: str, grid: float, captive: float) -> float:
        codes = (SUPPLIES.index(supply), CAPTIVE_METHODS.index("default diesel"), grid, captive)
        values = result.claim.values
        changes = {nodes[s]: np.full_like(values[nodes[s]], code) for s, code in zip(needed, codes, strict=True)}
        return float(result.claim.evaluate(changes)[result.claim.ER].sum())

    for grid, captive in (_FAR_APART, _FAR_APART[::-1]):
        stated = reductions("grid and captive", grid, captive)
        least = min(reductions(name, grid, captive) for name in ("grid", "captive"))
        if stated > least + _SAME:
            rule = entry.card.choices["electricity_rule"].text
            text = say(
                '"{rule}" of {grid} (grid) and {captive} (captive) gives {stated:.6g} t, one of them {least:.6g} t',
                rule=rule,
                grid=grid,
                captive=captive,
                stated=stated,
                least=least,
            )
            yield Problem("electricity rule", case.name, text)


def doubling_problems(entry: Entry, case: Case, folder: Path) -> list[Problem]:
    """Twice the equipment gives twice each result, where the family is linear."""
    if not entry.methodology.linear:
        return []
    other = folder / "twice"
    other.mkdir()
    try:
        one = calculate_case(case, folder)
        two = calculate_case(twice(case, _of_supplies(bind(entry)) | means_of(entry, of_pieces=False)), other)
    except InputRefusedError as error:
        return [Problem("doubling", case.name, say("is refused: {error}", error=error))]
    return [Problem("doubling", case.name, text) for text in twice_problems(one, two)]


def _of_supplies(bound: Bound) -> frozenset[str]:
    """Parameters that are monitored for an electricity supply, or for the whole project's."""
    supply = bound.sets.get(electricity_source)
    single = {"FC_cap", "EG_cap", "EI_grid", "EI_cap"}
    return frozenset(n.symbol for n in bound.monitored if supply in n.sets or n.symbol in single)


def _nudge(entry: Entry, case: Case, result: Result, symbol: str) -> float:
    """ER [t] with each reading of a parameter a little higher (of a zero, a little above it), or a count one more."""
    if any(n.symbol == symbol and n.aggregate == COUNT for n in bind(entry).monitored):
        more = bench_of(entry, result).changed(lambda node, value: value + 1.0 if node.symbol == symbol else value)
        return float(more.results()["ER"].sum())

    def higher(parameter: str, value: Numbers) -> Numbers:
        return value + np.maximum(np.abs(value), 1.0) * _NUDGE if parameter == symbol else value

    return float(_changed(case, result, higher)[result.claim.ER].sum())


def _changed(case: Case, result: Result, change: Callable[[str, Numbers], Numbers]) -> Evaluation:
    """The claim evaluated again with its readings changed; ``change`` gets a parameter's symbol and its readings."""
    of_meter = {f"M-{n}": row["parameter"] for n, row in enumerate(case.monitored, 1)}
    changes: dict[Named, Numbers] = {}
    for chain in result.claim.chains:
        values = chain.values[chain.graph.V].copy()
        meters = [chain.parts.meter_ids[m] for m in chain.parts.meter[chain.rows]]
        for symbol in sorted(set(of_meter.values())):
            rows = np.array([of_meter.get(meter) == symbol for meter in meters], dtype=np.bool_)
            values[rows] = change(symbol, values[rows])
        for one in (one for one in result.series.combined if one.meter_id in meters):
            rows = np.array([meter == one.meter_id for meter in meters], dtype=np.bool_)
            values[rows] = _otherwise(one, [of_meter[meter] for meter in one.wanted.meters], change, result)
        changes[chain.graph.V] = values
    for node in (n for b in result.claim.bounds for n in b.nodes if isinstance(n, Duration)):
        changes[node] = change(node.symbol, result.claim.values[node])
    return result.claim.evaluate(changes)


def _otherwise(
    one: Combined, symbols: Sequence[str], change: Callable[[str, Numbers], Numbers], result: Result
) -> Numbers:
    """The sums of what is made of single readings, with these changed."""
    amount = change(symbols[0], one.first)
    if len(symbols) > 1:
        amount = amount * change(symbols[1], one.second)
    elif one.wanted.how == COUNT:
        amount = one.first
    return replace(one, intervals=replace(one.intervals, amount=amount)).batch(result.timeline).value
