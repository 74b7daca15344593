"""``jcm-mrv portfolio status``: what is calculated, what failed, what waits."""

from __future__ import annotations

from pathlib import Path

import click

from jcm_mrv.cli.files import InputFile
from jcm_mrv.cli.output import echo, plain
from jcm_mrv.cli.portfolio_text import store_option, summary, waiting_text


@click.command("status")
@click.argument("portfolio", type=InputFile())
@store_option
def command(portfolio: Path, store: Path | None) -> None:
    """Say of each member of PORTFOLIO whether its figures are there and current. Nothing is calculated or written."""
    from jcm_mrv.portfolio.gathering import result_of
    from jcm_mrv.portfolio.reading import read_portfolio
    from jcm_mrv.portfolio.running import look
    from jcm_mrv.portfolio.store import Store

    read = read_portfolio(portfolio)
    place = Store(store or portfolio.with_suffix(".store"))
    place.check()
    looked = look(read, place)
    echo(summary(result_of(read, looked.record(place))))
    if looked.waiting:
        echo("\n" + plain(waiting_text(len(looked.waiting), portfolio)))
