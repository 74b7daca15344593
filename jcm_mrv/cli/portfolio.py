"""``jcm-mrv portfolio``: many projects together."""

from __future__ import annotations

import click

from jcm_mrv.cli.lazy import Commands


class Portfolio(Commands):
    """The commands about portfolios."""

    modules = ("new", "check", "run", "status", "report", "query")
    prefix = "portfolio_"


@click.group("portfolio", cls=Portfolio)
def command() -> None:
    """Many projects together: a park, a city's plan, a ministry's projects."""
