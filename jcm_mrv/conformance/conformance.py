"""What ``jcm-mrv methodologies test`` runs: every check of a methodology, one outcome each."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from jcm_mrv.conformance.author_checks import leanings, not_taken, products_of_means
from jcm_mrv.conformance.bench import Bench, bench_of
from jcm_mrv.conformance.card_limits import limits_missing, limits_of_parts, precisions_weak
from jcm_mrv.conformance.card_statements import (
    monitoring_doubts,
    only_second_source,
    scopes_unknown,
    summary_contradictions,
)
from jcm_mrv.conformance.cases import Case, CaseError, calculate_case, package_cases
from jcm_mrv.conformance.cited_values import unlike_the_report, unlike_the_table
from jcm_mrv.conformance.equation_text import AGREES, DIFFERS, INDEXES, NOT_READ, compare
from jcm_mrv.conformance.format_checks import FORMATS, format_problems
from jcm_mrv.conformance.methodology_checks import (
    Problem,
    author_problems,
    card_problems,
    direction_problems,
    doubling_problems,
    electricity_problems,
    expectation_problems,
    no_activity_problems,
    precisions_kept,
    readings_within_a_year,
    readme_problems,
    result_problems,
    typeset_problems,
    unit_problems,
    unused_problems,
)
from jcm_mrv.conformance.official_checks import spreadsheet_problems
from jcm_mrv.conformance.shared_cases import shared_cases, shared_problems
from jcm_mrv.errors import JcmMrvError
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.libreoffice import soffice
from jcm_mrv.methodology.binding import bind
from jcm_mrv.methodology.catalogue import Entry, catalogue
from jcm_mrv.methodology.declare import SINGLE
from jcm_mrv.result import Result
from jcm_mrv.words import as_words, joined, say, say_plural

T = TypeVar("T")
PASS, FAIL, SKIPPED, NAMED = "pass", "fail", "skipped", "named"
Calculated = tuple[Case, Result, Path]


@dataclass(frozen=True)
class Outcome:
    """One check: ``pass``, ``fail``, ``skipped`` or ``named``; ``reasons`` say what was looked at, or what is wrong.

    ``named`` is nothing wrong: it lists what no case shows, or a person has to judge.
    """

    check: str
    status: str
    reasons: tuple[str, ...]


def examine(
    entry: Entry,
    *,
    mutate: bool = False,
    formats: bool = False,
    progress: Callable[[str], None] = lambda text: None,
) -> Iterator[Outcome]:
    """Every check of a card and its family, in turn, as each is done.

    ``mutate`` puts mistakes into the methodology at last and says who notices them; ``formats`` writes each case in
    every format, as it is and in trouble. ``progress`` is told at each case what is being looked at, for a person who
    waits.

    A methodology that is wrong fails checks and raises nothing. Raises
    CataloguedError for a card that is catalogued only.
    """
    equations = say_plural("1 equation", "{count} equations", len(bind(entry).equations))
    yield _outcome(say("units are consistent"), unit_problems(entry), equations)
    yield _outcome(
        say("every quantity is used"),
        unused_problems(entry),
        say("{count} declared", count=len(entry.methodology.declared())),
    )
    wrong: list[str] = [joined(": ", (p.what, p.text)) for p in card_problems(entry)]
    doubtful = [*summary_contradictions(entry)[1], *scopes_unknown(entry), *monitoring_doubts(entry.card)]
    yield _judged(
        say("the card is complete"),
        wrong,
        doubtful,
        say("{status}; sources and evidence given", status=as_words(entry.card.status)),
    )
    yield _outcome(say("equations are typeset"), typeset_problems(entry), equations)
    yield _outcome(say("there is a README"), readme_problems(entry), say("it names the card"))
    with tempfile.TemporaryDirectory(prefix="jcm-mrv-") as folder:
        yield from _with_cases(entry, Path(folder), mutate, formats, progress)
    yield Outcome(say("only a second source can tell"), NAMED, tuple(only_second_source(entry)))


def _with_cases(
    entry: Entry, folder: Path, mutate: bool, formats: bool, progress: Callable[[str], None]
) -> Iterator[Outcome]:
    cases, problems = _cases(entry)
    for case in cases:
        problems += expectation_problems(case)
    yield _outcome(say("the arithmetic of its cases is right"), problems, _counted(cases))
    calculated, problems = _calculated(_told(cases, lambda case: case.name, say("calculating"), progress), folder)
    for case, result, _ in calculated:
        problems += result_problems(case, result)
    reached = _outcome(say("the engine reaches its cases"), problems, _counted(cases))
    yield reached if cases else Outcome(reached.check, SKIPPED, (say("there is no case"),))

    def of_each(check: str, look: Callable[[Calculated], Iterable[Problem]], *, unless: str, looked: str) -> Outcome:
        reason = unless or ("" if calculated else say("no case could be calculated"))
        if reason:
            return Outcome(check, SKIPPED, (reason,))
        told = _told(calculated, lambda one: one[0].name, check, progress)
        return _outcome(check, [p for one in told for p in look(one)], looked)

    yield of_each(
        say("LibreOffice reaches the same tonnes"),
        lambda one: spreadsheet_problems(*one),
        unless="" if soffice() else say("LibreOffice (soffice) was not found"),
        looked=_counted(cases),
    )
    single = ", ".join(n.symbol for n in bind(entry).monitored if n.aggregate in SINGLE)
    states = say("{single} is a single reading, which does not follow the activity", single=single) if single else ""
    yield of_each(
        say("no activity gives no reductions"),
        lambda one: no_activity_problems(entry, one[0], one[1]),
        unless=states,
        looked=_counted(cases),
    )
    moves = _moves(entry, cases)
    directions = of_each(
        say("reductions move as the card says"),
        lambda one: direction_problems(entry, one[0], one[1]),
        unless="" if moves or not cases else say("the card gives no `reductions` for a parameter that a case monitors"),
        looked=moves,
    )
    silent = _not_said(entry, cases)
    yield Outcome(directions.check, NAMED, (moves, *silent)) if directions.status == PASS and silent else directions
    yield of_each(
        say("twice the equipment, twice the reductions"),
        lambda one: doubling_problems(entry, one[0], one[2]),
        unless=states if entry.methodology.linear else say("the family says that it is not linear"),
        looked=_counted(cases),
    )
    benches = [(case, bench_of(entry, result)) for case, result, _ in calculated]
    told = _told(calculated, lambda one: one[0].name, say("what an author leaves out"), progress)
    of_author = [p for case, result, place in told for p in author_problems(entry, case, result, place)]
    for check, name in _OF_AUTHOR.items():
        of_part = states if check == "part of a year" else ""
        yield of_each(name, partial(_about, of_author, check), unless=of_part, looked=_counted(cases))
    yield of_each(
        say("the rule for electricity is cautious"),
        lambda one: electricity_problems(entry, one[0], one[1]),
        unless="",
        looked=_counted(cases),
    )
    yield of_each(
        say("shared equations reach their cases"),
        lambda one: [Problem("shared", one[0].name, text) for text in shared_problems(bench_of(entry, one[1]))],
        unless="",
        looked=say("{count} by hand, of the quantities that the card has", count=len(shared_cases())),
    )
    yield from _by_text_and_table(entry, benches, [result for _, result, _ in calculated])
    if formats:
        yield of_each(
            say("every format is written, also in trouble"),
            lambda one: format_problems(one[0], one[2] / "formats"),
            unless="",
            looked=say("{cases} in {formats}", cases=_counted(cases), formats=", ".join(FORMATS)),
        )
    if mutate:
        yield mistakes_noticed(benches, progress)


def _told(of_each: Sequence[T], name: Callable[[T], str], check: str, progress: Callable[[str], None]) -> Iterator[T]:
    """Each in turn, with a word before it of what is being looked at."""
    for n, one in enumerate(of_each, start=1):
        progress(say("  {check}: {case} ({n} of {count})", check=check, case=name(one), n=n, count=len(of_each)))
        yield one


_OF_AUTHOR = {
    "signs": say("RE, PE and LE have their signs in ER"),
    "years": say("years stand apart"),
    "part of a year": say("a part of a year gives its part"),
}


def _about(problems: Sequence[Problem], check: str, one: Calculated) -> list[Problem]:
    return [p for p in problems if (p.check, p.what) == (check, one[0].name)]


def _by_text_and_table(
    entry: Entry, benches: Sequence[tuple[Case, Bench]], results: Sequence[Result]
) -> Iterator[Outcome]:
    """What the cases show of the card's text, its limits, and the branches and classes."""
    names = (
        say("the card's equation is that of the class"),
        say("limits lie on the cautious side"),
        say("every branch and value is taken"),
    )
    if not benches:
        yield from (Outcome(name, SKIPPED, (say("no case could be calculated"),)) for name in names)
        return
    only = [bench for _, bench in benches]
    card = entry.card
    compared = compare(card.statements, only)
    wrong: list[str] = [joined(": ", (c.symbol, c.note)) for c in compared if c.outcome == DIFFERS]
    left = [c for c in compared if c.outcome in (INDEXES, NOT_READ)]
    open_: list[str] = [*products_of_means(only[0].bound)]
    open_ += [joined("", (c.symbol, ", ", c.outcome, ": ", c.note)) for c in left]
    agreeing = [c for c in compared if c.outcome == AGREES]
    agree = joined(", ", (joined("", (c.symbol, " (", c.note, ")")) if c.note else c.symbol for c in agreeing))
    looked_at = say("{agree} computed from the text", agree=agree)
    yield _judged(names[0], wrong, open_, looked_at + (say(", beside its words") if card.formal else ""))
    wrong, doubtful = leanings(only)
    open_sides, too_wide = limits_of_parts(entry)
    wrong += [*unlike_the_table(entry), *unlike_the_report(entry), *open_sides]
    open_ = [*doubtful, *too_wide, *limits_missing(entry), *precisions_weak(entry)]
    yield _judged(names[1], wrong, open_, say("no upper limit raises ER, no lower limit either"))
    missing = [*not_taken(only), *precisions_kept(entry, results), *readings_within_a_year(entry)]
    yield _judged(
        names[2], [], [say("no case takes {text}", text=text) for text in missing], _counted([c for c, _ in benches])
    )


def _judged(check: str, wrong: Sequence[str], named: Sequence[str], looked_at: str) -> Outcome:
    if wrong or named:
        return Outcome(check, FAIL if wrong else NAMED, (*wrong, *named))
    return Outcome(check, PASS, (looked_at,))


def mistakes_noticed(
    benches: Sequence[tuple[Case, Bench]], progress: Callable[[str], None] = lambda text: None
) -> Outcome:
    """How many mistakes are noticed, by what, and which are not."""
    from jcm_mrv.conformance.mutation import NOT_TRIED, SURVIVED, run

    mutants = []
    for mutant in run(benches):
        mutants.append(mutant)
        progress(say("  mistakes tried: {count}", count=len(mutants)))
    counts = Counter(m.noticed for m in mutants)
    noticed = (who for who in counts if who not in (SURVIVED, NOT_TRIED))
    by = joined(", ", (say("{count} by the {who}", count=counts[who], who=as_words(who)) for who in noticed))
    tried = len(mutants) - counts[NOT_TRIED]
    head = say(
        "{tried} mistakes: {noticed}; {survive} survive; {untried} not tried",
        tried=tried,
        noticed=by or say("none noticed"),
        survive=counts[SURVIVED],
        untried=counts[NOT_TRIED],
    )
    survivors = [say("survives: {text}", text=m.text) for m in mutants if m.noticed == SURVIVED]
    untried = [say("not tried: {text}", text=m.text) for m in mutants if m.noticed == NOT_TRIED]
    return Outcome(say("mistakes are noticed"), NAMED if survivors or untried else PASS, (head, *survivors, *untried))


def _cases(entry: Entry) -> tuple[list[Case], list[Problem]]:
    """The cases of the card; a file that cannot be read, or whose card nobody has, is a problem."""
    try:
        found = list(package_cases(entry))
    except CaseError as error:
        return [], [Problem("cases", error.name, text) for text in error.problems]
    known = {e.card.id for e in catalogue().entries} | {entry.card.id}
    problems = [Problem("cases", c.name, _no_card(c, entry)) for c in found if c.card not in known]
    cases = [case for case in found if case.card == entry.card.id]
    if not cases:
        problems.append(Problem("cases", entry.card.id, say("no file in the folder cases is for this card")))
    return cases, problems


def _no_card(case: Case, entry: Entry) -> str:
    """A number alone is a frequent slip: a case belongs to number and version."""
    hint = say("; write number and version: {card!r}", card=entry.card.id) if case.card == entry.card.number else ""
    return say("there is no card {card!r}{hint}", card=case.card, hint=hint)


def _calculated(cases: Iterable[Case], folder: Path) -> tuple[list[Calculated], list[Problem]]:
    calculated: list[Calculated] = []
    problems = []
    for n, case in enumerate(cases):
        place = folder / str(n)
        place.mkdir()
        try:
            calculated.append((case, calculate_case(case, place), place))
        except InputRefusedError as error:
            problems += [
                Problem("case", case.name, say("is refused: {finding}", finding=finding)) for finding in error.findings
            ]
        except CaseError as error:
            problems += [Problem("case", case.name, text) for text in error.problems]
        except JcmMrvError as error:  # such as a set of its own that no sheet gives elements
            problems.append(Problem("case", case.name, say("cannot be calculated: {error}", error=error)))
    return calculated, problems


def _moves(entry: Entry, cases: Sequence[Case]) -> str:
    """``they rise with EC_PJ``: what the card says of ER for what the cases monitor; empty for nothing."""
    monitored = {row["parameter"] for case in cases for row in case.monitored}
    guides = entry.card.parameters.items()
    said = [
        say("they rise with {symbol}", symbol=symbol)
        if g.reductions == "rise"
        else say("they fall with {symbol}", symbol=symbol)
        for symbol, g in guides
        if g.reductions and symbol in monitored
    ]
    return joined(", ", said)


def _not_said(entry: Entry, cases: Sequence[Case]) -> list[str]:
    """Parameters that the cases monitor and of which the card does not say how ER moves with them."""
    monitored = dict.fromkeys(str(row["parameter"]) for case in cases for row in case.monitored)
    guides = entry.card.parameters
    silent = [symbol for symbol in monitored if symbol in guides and not guides[symbol].reductions]
    return [
        say("[parameters.{symbol}] has no `reductions`: how ER moves with it was not looked at", symbol=symbol)
        for symbol in silent
    ]


def _counted(cases: Sequence[Case]) -> str:
    return say_plural("1 case", "{count} cases", len(cases))


def _outcome(check: str, problems: Iterable[Problem], looked_at: str) -> Outcome:
    reasons = tuple(joined(": ", (p.what, p.text)) for p in problems)
    return Outcome(check, FAIL, reasons) if reasons else Outcome(check, PASS, (looked_at,))
