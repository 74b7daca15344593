"""``jcm-mrv methodologies test``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jcm_mrv.cli.output import echo, now_and_then, plain, progress, width
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.conformance.conformance import Outcome

STATUSES = {str(one): one for one in (say("pass"), say("fail"), say("skipped"), say("named"))}


@click.command("test")
@click.argument("number")
@click.argument("version", default="")
@click.option(
    "--mutate", is_flag=True, help="Put mistakes in, one at a time, and say how many are noticed and which not."
)
@click.option(
    "--formats", is_flag=True, help="Write each case in every format too, as it is and with a gap and other troubles."
)
def command(number: str, version: str, mutate: bool, formats: bool) -> None:
    """Check what every methodology must hold: units, card, cases, spreadsheet, README and more.

    NUMBER is VN_AM007, or VN_AM007@1.0 for one version; without VERSION every version is tested. One line per check:
    pass, fail, skipped or named (what no case shows), and why. LibreOffice is the second engine; without it that
    check is skipped.

    Exit status: 0 nothing failed; 1 a check failed.
    """
    from jcm_mrv.conformance.conformance import FAIL, examine
    from jcm_mrv.methodology.catalogue import catalogue, refusal

    found = catalogue().versions(f"{number} {version}".strip())
    failed = 0
    for entry in found:
        if not entry.card.computes:
            if len(found) == 1:
                raise click.ClickException(plain(refusal(entry)))
            echo(say("{card}  is catalogued only: not tested", card=entry.card.id))
            continue
        echo(f"{entry.card.id}  {plain(entry.card.title.text)}")
        progress(say("  (cases are calculated and, with LibreOffice, recalculated: some seconds each)"))
        for outcome in examine(entry, mutate=mutate, formats=formats, progress=now_and_then()):
            failed += outcome.status == FAIL
            echo(lines(outcome))
    echo(say("{failed} of the checks failed.", failed=failed) if failed else say("Everything holds."))
    if failed:
        raise click.exceptions.Exit(1)


def lines(outcome: Outcome) -> str:
    """``pass     units are consistent   8 equations``; further reasons stand below the first."""
    first, *others = (plain(reason) for reason in outcome.reasons)
    said = "  ".join(
        text + " " * (columns - width(text))
        for text, columns in ((plain(STATUSES[outcome.status]), 7), (plain(outcome.check), 41))
    )
    return "\n".join([f"  {said}  {first}", *(f"{'':54}{reason}" for reason in others)])
