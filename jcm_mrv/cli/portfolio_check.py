"""``jcm-mrv portfolio check``: is anything wrong with the list?"""

from __future__ import annotations

from pathlib import Path

import click

from jcm_mrv.cli.files import InputFile
from jcm_mrv.cli.output import echo, plain
from jcm_mrv.portfolio.definition import Source
from jcm_mrv.words import joined, say, say_plural

_SOURCES = {
    Source.WORKBOOK: say("workbook"),
    Source.PACKAGE: say("package"),
    Source.FIGURES: say("plain figures"),
    Source.NONE: say("a reason why there are none"),
}


@click.command("check")
@click.argument("portfolio", type=InputFile())
def command(portfolio: Path) -> None:
    """Name everything that is wrong with PORTFOLIO (portfolio.toml), each with its line. Nothing is calculated.

    Whether the members themselves are in order is said by "portfolio run", or by "jcm-mrv check" for one workbook.
    """
    from collections import Counter

    from jcm_mrv.findings import InputRefusedError
    from jcm_mrv.portfolio.reading import portfolio_of

    found = portfolio_of(portfolio)
    read = found.portfolio
    if found.findings or read is None:
        raise InputRefusedError(found.findings)
    counts = Counter(member.source for member in read.members)
    each = (say("{count} by {source}", count=n, source=_SOURCES[one]) for one, n in sorted(counts.items()))
    done = say(
        "{portfolio}: {members} ({parts}), {flows}. Nothing is wrong with it.",
        portfolio=portfolio,
        members=say_plural("one member", "{count} members", len(read.members)),
        parts=joined(", ", each),
        flows=say_plural("one flow", "{count} flows", len(read.flows)),
    )
    echo(plain(done))
