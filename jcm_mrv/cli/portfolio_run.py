"""``jcm-mrv portfolio run``: calculate what has changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jcm_mrv.cli.files import InputFile
from jcm_mrv.cli.output import echo, plain, progress, tell
from jcm_mrv.cli.portfolio_text import store_option, summary
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.portfolio.workers import Crew


@click.command("run")
@click.argument("portfolio", type=InputFile())
@store_option
@click.option("--processes", type=click.IntRange(1, 1024), help="How many at a time.  [default: as many as cores]")
@click.option("--dask", metavar="ADDRESS", help="The scheduler of a Dask cluster that calculates: tcp://host:8786.")
@click.pass_context
def command(ctx: click.Context, portfolio: Path, store: Path | None, processes: int | None, dask: str | None) -> None:
    """Calculate the members of PORTFOLIO that have changed, and write the tables of the store.

    A member that fails stops no other. A run that is stopped at any moment goes on where it was when it is run again.
    With --dask the members are calculated by the workers of a cluster that you trust; the folder of PORTFOLIO has to be
    there for each of them under the same path.

    Exit status 0: every member has its figures and nothing is counted twice; 1: the list says what is to be mended.
    """
    from jcm_mrv.cli.net import note_written
    from jcm_mrv.portfolio.reading import read_portfolio
    from jcm_mrv.portfolio.running import run
    from jcm_mrv.portfolio.store import Store
    from jcm_mrv.portfolio.workers import Inline, LocalProcesses, cores

    if dask is not None and processes is not None:
        raise click.UsageError(say("--dask calculates on a cluster, --processes on this machine: give one of them."))

    def crew() -> Crew:
        if dask is not None:
            from jcm_mrv.portfolio.cluster import DaskCluster

            return DaskCluster(dask, tell)
        slots = processes or cores()
        return Inline() if slots == 1 else LocalProcesses(slots)

    read = read_portfolio(portfolio)
    place = Store(store or portfolio.with_suffix(".store"))
    result, calculated = run(read, place, crew, progress)
    note_written([place.folder])
    echo(summary(result))
    done = say("Calculated: {calculated} of {members} members.", calculated=calculated, members=len(result.members))
    echo("\n" + plain(done + say(" Store: {folder}", folder=place.folder)))
    echo(plain(say("Next: jcm-mrv portfolio report {portfolio}", portfolio=portfolio)))
    if result.faults:
        ctx.exit(1)
