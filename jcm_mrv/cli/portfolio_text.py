"""A portfolio's result for the terminal, and the option --store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from jcm_mrv.cli.output import plain, table
from jcm_mrv.portfolio.definition import Source
from jcm_mrv.portfolio.outcome import State
from jcm_mrv.words import joined, say

if TYPE_CHECKING:
    from jcm_mrv.portfolio.outcome import MemberResult, PortfolioResult
    from jcm_mrv.portfolio.tonnes import Totals

Command = TypeVar("Command", bound=Callable[..., Any])
_HEADS = (
    say("Member"),
    say("Outcome"),
    say("Period"),
    say("Credited"),
    say("Indicative"),
    say("Reported"),
    say("Unverified"),
)
_STATES = {
    State.CALCULATED: say("calculated"),
    State.UNVERIFIED: say("unverified"),
    State.REPORTED: say("reported"),
    State.NONE: say("none"),
    State.FAILED: say("failed"),
    State.WAITING: say("waiting"),
}
_ROWS, _REASONS = 200, 3


def store_option(command: Command) -> Command:
    """The option --store."""
    kind = click.Path(file_okay=False, path_type=Path)
    words = say("Folder of the store.  [default: NAME.store beside PORTFOLIO]")
    return click.option("--store", type=kind, metavar="DIR", help=words)(command)


def summary(result: PortfolioResult) -> str:
    """Each member with its tonnes in the column of their kind, and what failed."""
    shown = result.members[:_ROWS]
    rows: list[Sequence[str]] = [
        (one.member.name, _STATES[one.state], _period(one), *_tonnes(one.totals)) for one in shown
    ]
    if len(result.members) > _ROWS:
        more = say("and {count} more: query the table members", count=len(result.members) - _ROWS)
        rows.append((more, *("",) * 6))
    if not result.counted_twice:
        rows.append((say("Total"), "", "", *_tonnes(result.totals())))
    lines = [
        plain(result.portfolio.title),
        "",
        plain(say("Emission reductions [tCO2e]")),
        table(_HEADS, rows, right=(3, 4, 5, 6)),
    ]
    lines += ["", plain(say("No total: something is counted twice."))] if result.counted_twice else []
    return "\n".join([*lines, *_faults(result)])


def _faults(result: PortfolioResult) -> Iterator[str]:
    from jcm_mrv.cli.findings_text import findings_text
    from jcm_mrv.findings import errors

    for one in result.faulty:
        found = errors(one.findings) or list(one.findings)
        file = say(" ({file})", file=one.member.file) if one.member.file else ""
        yield "\n" + plain(joined("", [one.member.name, ": ", _STATES[one.state], file]))
        yield from (plain(f"  {finding}") for finding in found[:_REASONS])
        if len(found) > _REASONS:
            command = "verify" if one.member.source is Source.PACKAGE else "check"
            more = say("{count} more: jcm-mrv {command} shows them", count=len(found) - _REASONS, command=command)
            yield "  " + plain(more)
    if result.findings:
        yield "\n" + findings_text(result.findings)


def waiting_text(count: int, portfolio: Path) -> str:
    """How many members are to be calculated, and by what command."""
    return say(
        "{number_of_waiting} members are new or have changed: run jcm-mrv portfolio run {portfolio}",
        number_of_waiting=count,
        portfolio=portfolio,
    )


def _period(one: MemberResult) -> str:
    if one.period_start is None:
        return ""
    return say("{start} to {end}", start=one.period_start, end=one.period_end)


def _tonnes(found: Totals) -> tuple[str, str, str, str]:
    def number(one: Any) -> str:
        if one is None:
            return "-"
        return f"{one.tonnes:,d}" if isinstance(one.tonnes, int) else f"{one.tonnes:,.1f}"

    return number(found.credited), number(found.indicative), number(found.reported), number(found.unverified)
