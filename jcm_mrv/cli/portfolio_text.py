"""A portfolio's result for the terminal, and the option --store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from jcm_mrv.cli.output import plain, table
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.portfolio.outcome import MemberResult, PortfolioResult
    from jcm_mrv.portfolio.tonnes import Totals

Command = TypeVar("Command", bound=Callable[..., Any])
_HEADS = ("Member", "Outcome", "Period", "Credited", "Indicative", "Reported", "Unverified")
_ROWS, _REASONS = 200, 3


def store_option(command: Command) -> Command:
    """The option --store."""
    kind = click.Path(file_okay=False, path_type=Path)
    words = say("Folder of the store.  [default: NAME.store beside PORTFOLIO]")
    return click.option("--store", type=kind, metavar="DIR", help=words)(command)


def summary(result: PortfolioResult) -> str:
    """Each member with its tonnes in the column of their kind, and what failed."""
    shown = result.members[:_ROWS]
    rows = [(one.member.name, str(one.state), _period(one), *_tonnes(one.totals)) for one in shown]
    if len(result.members) > _ROWS:
        more = say("and {count} more: query the table members", count=len(result.members) - _ROWS)
        rows.append((more, *("",) * 6))
    if not result.counted_twice:
        rows.append((say("Total"), "", "", *_tonnes(result.totals())))
    lines = [
        plain(result.portfolio.title),
        "",
        say("Emission reductions [tCO2e]"),
        table(_HEADS, rows, right=(3, 4, 5, 6)),
    ]
    lines += ["", say("No total: something is counted twice.")] if result.counted_twice else []
    return "\n".join([*lines, *_faults(result)])


def _faults(result: PortfolioResult) -> Iterator[str]:
    from jcm_mrv.cli.findings_text import findings_text
    from jcm_mrv.findings import errors

    for one in result.faulty:
        found = errors(one.findings) or list(one.findings)
        yield plain(f"\n{one.member.name}: {one.state}{f' ({one.member.file})' if one.member.file else ''}")
        yield from (plain(f"  {finding}") for finding in found[:_REASONS])
        if len(found) > _REASONS:
            yield say("  {count} more: jcm-mrv check shows them", count=len(found) - _REASONS)
    if result.findings:
        yield "\n" + findings_text(result.findings)


def _period(one: MemberResult) -> str:
    return "" if one.period_start is None else f"{one.period_start} to {one.period_end}"


def _tonnes(found: Totals) -> tuple[str, str, str, str]:
    def number(one: Any) -> str:
        if one is None:
            return "-"
        return f"{one.tonnes:,d}" if isinstance(one.tonnes, int) else f"{one.tonnes:,.1f}"

    return number(found.credited), number(found.indicative), number(found.reported), number(found.unverified)
