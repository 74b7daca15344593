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
from jcm_mrv.conformance.card_statements import (
    limits_missing,
    limits_of_parts,
    monitoring_doubts,
    only_second_source,
    precisions_weak,
    scopes_unknown,
    summary_contradictions,
)
from jcm_mrv.conformance.cases import Case, CaseError, calculate_case, package_cases
from jcm_mrv.conformance.cited_values import unlike_the_table
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
from jcm_mrv.words import say

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
    equations = f"{len(bind(entry).equations)} equations"
    yield _outcome("units are consistent", unit_problems(entry), equations)
    yield _outcome("every quantity is used", unused_problems(entry), f"{len(entry.methodology.declared())} declared")
    wrong = [f"{p.what}: {p.text}" for p in card_problems(entry)]
    doubtful = [*summary_contradictions(entry)[1], *scopes_unknown(entry), *monitoring_doubts(entry.card)]
    yield _judged("the card is complete", wrong, doubtful, f"{entry.card.status}; sources and evidence given")
    yield _outcome("equations are typeset", typeset_problems(entry), equations)
    yield _outcome("there is a README", readme_problems(entry), "it names the card")
    with tempfile.TemporaryDirectory(prefix="jcm-mrv-") as folder:
        yield from _with_cases(entry, Path(folder), mutate, formats, progress)
    yield Outcome("only a second source can tell", NAMED, tuple(only_second_source(entry)))


def _with_cases(
    entry: Entry, folder: Path, mutate: bool, formats: bool, progress: Callable[[str], None]
) -> Iterator[Outcome]:
    cases, problems = _cases(entry)
    for case in cases:
        problems += expectation_problems(case)
    yield _outcome("the arithmetic of its cases is right", problems, _counted(cases))
    calculated, problems = _calculated(_told(cases, lambda case: case.name, "calculating", progress), folder)
    for case, result, _ in calculated:
        problems += result_problems(case, result)
    reached = _outcome("the engine reaches its cases", problems, _counted(cases))
    yield reached if cases else Outcome(reached.check, SKIPPED, ("there is no case",))

    def of_each(check: str, look: Callable[[Calculated], Iterable[Problem]], *, unless: str, looked: str) -> Outcome:
        reason = unless or ("" if calculated else "no case could be calculated")
        if reason:
            return Outcome(check, SKIPPED, (reason,))
        told = _told(calculated, lambda one: one[0].name, check, progress)
        return _outcome(check, [p for one in told for p in look(one)], looked)

    yield of_each(
        "LibreOffice reaches the same tonnes",
        lambda one: spreadsheet_problems(*one),
        unless="" if soffice() else "LibreOffice (soffice) was not found",
        looked=_counted(cases),
    )
    single = ", ".join(n.symbol for n in bind(entry).monitored if n.aggregate in SINGLE)
    states = f"{single} is a single reading, which does not follow the activity" if single else ""
    yield of_each(
        "no activity gives no reductions",
        lambda one: no_activity_problems(entry, one[0], one[1]),
        unless=states,
        looked=_counted(cases),
    )
    moves = _moves(entry, cases)
    directions = of_each(
        "reductions move as the card says",
        lambda one: direction_problems(entry, one[0], one[1]),
        unless="" if moves or not cases else "the card gives no `reductions` for a parameter that a case monitors",
        looked=moves,
    )
    silent = _not_said(entry, cases)
    yield Outcome(directions.check, NAMED, (moves, *silent)) if directions.status == PASS and silent else directions
    yield of_each(
        "twice the equipment, twice the reductions",
        lambda one: doubling_problems(entry, one[0], one[2]),
        unless=states if entry.methodology.linear else "the family says that it is not linear",
        looked=_counted(cases),
    )
    benches = [(case, bench_of(entry, result)) for case, result, _ in calculated]
    told = _told(calculated, lambda one: one[0].name, "what an author leaves out", progress)
    of_author = [p for case, result, place in told for p in author_problems(entry, case, result, place)]
    for check, name in _OF_AUTHOR.items():
        of_part = states if check == "part of a year" else ""
        yield of_each(name, partial(_about, of_author, check), unless=of_part, looked=_counted(cases))
    yield of_each(
        "the rule for electricity is cautious",
        lambda one: electricity_problems(entry, one[0], one[1]),
        unless="",
        looked=_counted(cases),
    )
    yield of_each(
        "shared equations reach their cases",
        lambda one: [Problem("shared", one[0].name, text) for text in shared_problems(bench_of(entry, one[1]))],
        unless="",
        looked=f"{len(shared_cases())} by hand, of the quantities that the card has",
    )
    yield from _by_text_and_table(entry, benches, [result for _, result, _ in calculated])
    if formats:
        yield of_each(
            "every format is written, also in trouble",
            lambda one: format_problems(one[0], one[2] / "formats"),
            unless="",
            looked=f"{_counted(cases)} in {', '.join(FORMATS)}",
        )
    if mutate:
        yield mistakes_noticed(benches, progress)


def _told(of_each: Sequence[T], name: Callable[[T], str], check: str, progress: Callable[[str], None]) -> Iterator[T]:
    """Each in turn, with a word before it of what is being looked at."""
    for n, one in enumerate(of_each, start=1):
        progress(say("  {check}: {case} ({n} of {count})", check=check, case=name(one), n=n, count=len(of_each)))
        yield one


_OF_AUTHOR = {
    "signs": "RE, PE and LE have their signs in ER",
    "years": "years stand apart",
    "part of a year": "a part of a year gives its part",
}


def _about(problems: Sequence[Problem], check: str, one: Calculated) -> list[Problem]:
    return [p for p in problems if (p.check, p.what) == (check, one[0].name)]


def _by_text_and_table(
    entry: Entry, benches: Sequence[tuple[Case, Bench]], results: Sequence[Result]
) -> Iterator[Outcome]:
    """What the cases show of the card's text, its limits, and the branches and classes."""
    names = (
        "the card's equation is that of the class",
        "limits lie on the cautious side",
        "every branch and value is taken",
    )
    if not benches:
        yield from (Outcome(name, SKIPPED, ("no case could be calculated",)) for name in names)
        return
    only = [bench for _, bench in benches]
    card = entry.card
    compared = compare(card.statements, only)
    wrong = [f"{c.symbol}: {c.note}" for c in compared if c.outcome == DIFFERS]
    open_ = [*products_of_means(only[0].bound)]
    open_ += [f"{c.symbol}, {c.outcome}: {c.note}" for c in compared if c.outcome in (INDEXES, NOT_READ)]
    agree = ", ".join(f"{c.symbol}{f' ({c.note})' if c.note else ''}" for c in compared if c.outcome == AGREES)
    beside = ", beside its words" if card.formal else ""
    yield _judged(names[0], wrong, open_, f"{agree} computed from the text{beside}")
    wrong, doubtful = leanings(only)
    open_sides, too_wide = limits_of_parts(entry)
    wrong += [*unlike_the_table(entry), *open_sides]
    open_ = [*doubtful, *too_wide, *limits_missing(entry), *precisions_weak(entry)]
    yield _judged(names[1], wrong, open_, "no upper limit raises ER, no lower limit either")
    missing = [*not_taken(only), *precisions_kept(entry, results), *readings_within_a_year(entry)]
    yield _judged(names[2], [], [f"no case takes {text}" for text in missing], _counted([c for c, _ in benches]))


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
    by = ", ".join(f"{counts[who]} by the {who}" for who in counts if who not in (SURVIVED, NOT_TRIED))
    tried = len(mutants) - counts[NOT_TRIED]
    head = f"{tried} mistakes: {by or 'none noticed'}; {counts[SURVIVED]} survive; {counts[NOT_TRIED]} not tried"
    survivors = [f"survives: {m.text}" for m in mutants if m.noticed == SURVIVED]
    untried = [f"not tried: {m.text}" for m in mutants if m.noticed == NOT_TRIED]
    return Outcome("mistakes are noticed", NAMED if survivors or untried else PASS, (head, *survivors, *untried))


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
        problems.append(Problem("cases", entry.card.id, "no file in the folder cases is for this card"))
    return cases, problems


def _no_card(case: Case, entry: Entry) -> str:
    """A number alone is a frequent slip: a case belongs to number and version."""
    hint = f"; write number and version: {entry.card.id!r}" if case.card == entry.card.number else ""
    return f"there is no card {case.card!r}{hint}"


def _calculated(cases: Iterable[Case], folder: Path) -> tuple[list[Calculated], list[Problem]]:
    calculated: list[Calculated] = []
    problems = []
    for n, case in enumerate(cases):
        place = folder / str(n)
        place.mkdir()
        try:
            calculated.append((case, calculate_case(case, place), place))
        except InputRefusedError as error:
            problems += [Problem("case", case.name, f"is refused: {finding}") for finding in error.findings]
        except CaseError as error:
            problems += [Problem("case", case.name, text) for text in error.problems]
        except JcmMrvError as error:  # such as a set of its own that no sheet gives elements
            problems.append(Problem("case", case.name, f"cannot be calculated: {error}"))
    return calculated, problems


def _moves(entry: Entry, cases: Sequence[Case]) -> str:
    """``they rise with EC_PJ``: what the card says of ER for what the cases monitor; empty for nothing."""
    monitored = {row["parameter"] for case in cases for row in case.monitored}
    guides = entry.card.parameters.items()
    said = [f"they {g.reductions} with {symbol}" for symbol, g in guides if g.reductions and symbol in monitored]
    return ", ".join(said)


def _not_said(entry: Entry, cases: Sequence[Case]) -> list[str]:
    """Parameters that the cases monitor and of which the card does not say how ER moves with them."""
    monitored = dict.fromkeys(str(row["parameter"]) for case in cases for row in case.monitored)
    guides = entry.card.parameters
    silent = [symbol for symbol in monitored if symbol in guides and not guides[symbol].reductions]
    return [f"[parameters.{symbol}] has no `reductions`: how ER moves with it was not looked at" for symbol in silent]


def _counted(cases: Sequence[Case]) -> str:
    return "1 case" if len(cases) == 1 else f"{len(cases)} cases"


def _outcome(check: str, problems: Iterable[Problem], looked_at: str) -> Outcome:
    reasons = tuple(f"{p.what}: {p.text}" for p in problems)
    return Outcome(check, FAIL, reasons) if reasons else Outcome(check, PASS, (looked_at,))
