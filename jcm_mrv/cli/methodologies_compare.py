"""``jcm-mrv methodologies compare``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jcm_mrv.cli.files import InputFile
from jcm_mrv.cli.new_file import check_new, write_new
from jcm_mrv.cli.output import echo, plain, progress, table
from jcm_mrv.cli.symbols import symbols_option
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.conformance.official_compare import Comparison
    from jcm_mrv.official.terms import Compared

_HEADS = (
    *(say("outcome"), say("kind"), say("parameter"), say("card or engine"), say("spreadsheet"), say("cell")),
    say("note"),
)


@click.command("compare")
@click.argument("card")
@click.argument("spreadsheet", type=InputFile())
@symbols_option("SPREADSHEET")
@click.option(
    "--confirm",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also write what agrees into this workbook (.xlsx), as rows for the sheet Fixed values. Needs --date.",
)
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day of the comparison, which stands in the evidence.",
)
@click.option("--force", is_flag=True, help="Replace the --confirm FILE if it exists.")
def command(
    card: str, spreadsheet: Path, symbols: Mapping[str, str], confirm: Path | None, day: datetime | None, force: bool
) -> None:
    """Compare a card with the official spreadsheet of its methodology.

    CARD is VN_AM007, or VN_AM007@1.0 where there are several versions. SPREADSHEET has the sheets MPS(input) and
    MPS(calc_process). The card's default values are compared with the list of default values; then the inputs of the
    card's cases are written into a copy, LibreOffice recalculates it, and reference emissions, project emissions and
    emission reductions are compared with the engine's. Your spreadsheet is not touched.

    Exit status: 0 everything agrees; 1 something differs or was not found.
    """
    from jcm_mrv.conformance.official_compare import compare
    from jcm_mrv.conformance.official_evidence import evidence_rows, write_evidence
    from jcm_mrv.methodology.catalogue import catalogue
    from jcm_mrv.official.reading import read_spreadsheet

    if (confirm is None) != (day is None):
        raise click.UsageError(say("--confirm FILE and --date YYYY-MM-DD belong together."))
    if confirm is not None:
        check_new(confirm, "--confirm", force=force)
    entry = catalogue().find(card)
    read = read_spreadsheet(spreadsheet)
    progress(say("  (cases are calculated, and recalculated by LibreOffice: some seconds each)"))
    comparison = compare(entry, read, symbols)
    echo(report(comparison))
    if confirm is not None and day is not None:
        rows = evidence_rows(comparison, day.date())
        write_new(confirm, lambda path: write_evidence(path, comparison, day.date()))
        echo(
            say(
                "Wrote {confirm} ({number_of_rows} row(s)). Copy its rows to the sheet Fixed values.",
                confirm=plain(str(confirm)),
                number_of_rows=len(rows),
            )
        )
    if not comparison.agrees:
        raise click.exceptions.Exit(1)


def report(comparison: Comparison) -> str:
    """The whole comparison: defaults, then each case with what was fed and its results side by side."""
    card, read = comparison.entry.card, comparison.spreadsheet
    parts = [plain(f"{card.id}  {card.title.text}"), f"{plain(read.file)}  SHA-256 {read.sha256}"]
    for case in dict.fromkeys(c.case for c in comparison.compared):
        parts.append("\n" + plain(say("Case {case}", case=case) if case else say("Default values")))
        parts.append(table(_HEADS, [_cells(c) for c in comparison.compared if c.case == case]))
    off = len(comparison.open)
    verdict: str = say("Everything agrees.")
    if off:
        verdict = say(
            "{off} of {number_of_compared} differ or were not found.",
            off=off,
            number_of_compared=len(comparison.compared),
        )
    if not comparison.fed:
        verdict = say("{verdict} No case could be fed to the spreadsheet.", verdict=verdict)
    parts.append("\n" + plain(verdict))
    return "\n".join(parts)


def _cells(c: Compared) -> tuple[str, ...]:
    name = f"{c.parameter} {c.applies_to}".strip()
    return (c.outcome, c.kind, name, c.ours, c.theirs, c.where, c.note)
