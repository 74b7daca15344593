"""``jcm-mrv inspect``: what is understood of a logger's file, and the rows that set it up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jcm_mrv.cli.files import InputFile
from jcm_mrv.cli.new_file import check_new, write_new
from jcm_mrv.cli.output import echo, plain, progress
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.logs.inspection.highest import Highest


@click.command("inspect")
@click.argument("log", type=InputFile())
@click.option("--sheet", default="", help="The sheet of a log in a spreadsheet; not needed where it has one.")
@click.option("--encoding", default="", help="The encoding of a text, such as cp932; found if it is not given.")
@click.option(
    "--write",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also write the rows into this workbook (.xlsx), ready to be copied to the sheet Logs.",
)
@click.option("--force", is_flag=True, help="Replace the --write FILE if it exists.")
@click.option(
    "--highest", default="", metavar="RATE", help="The most that can flow through the meter, such as '500 kW'."
)
@click.option(
    "--monitoring", type=InputFile(), metavar="WORKBOOK", help="Compare with the highest rates on its sheet Meters."
)
@click.pass_context
def command(
    ctx: click.Context,
    log: Path,
    sheet: str,
    encoding: str,
    write: Path | None,
    force: bool,
    highest: str,
    monitoring: Path | None,
) -> None:
    """Show what is understood of a LOG (.csv, NEM12, .xlsx, .xls, .ods, .parquet or .xml of Green Button).

    Encoding, headings, units, how times and numbers are written and what proves it, the extremes of each column, what
    is questionable, and which cells of the sheet Logs you have to decide. With --write the rows are filled in as far as
    the file is certain; the questions stand on a second sheet. What the file would add up to as energy, as power and as
    a register stands beside the highest rate of the meter, where that is given. The exit status is 1 when the file
    cannot be read.
    """
    from jcm_mrv.cli.inspect_text import inspection_text
    from jcm_mrv.logs.inspection.inspection import inspect_log
    from jcm_mrv.logs.inspection.rows import log_rows, write_log_rows

    if write is not None:
        check_new(write, "--write", force=force)
    progress(say("Reading {log} ...", log=log))
    found = inspect_log(log, sheet, encoding)
    rows = log_rows(found, _shown(log, write), encoding)
    echo(inspection_text(found, rows, _rates(highest, monitoring)))
    if not found.readable:
        ctx.exit(1)
    if write is None:
        echo(say("\nNext: jcm-mrv inspect {log} --write rows.xlsx", log=plain(str(log))))
    else:
        write_new(write, lambda path: write_log_rows(path, rows))
        echo(
            say("\nWrote {write}. Answer its questions, then copy its rows to the sheet Logs.", write=plain(str(write)))
        )


def _rates(highest: str, monitoring: Path | None) -> tuple[Highest, ...]:
    """The highest rates that are given."""
    from jcm_mrv.logs.inspection.highest import HighestRateError, rates_of, stated_rate

    try:
        stated = (stated_rate(highest),) if highest else ()
    except HighestRateError as error:
        raise click.BadParameter(str(error), param_hint="--highest") from error
    rates = rates_of(monitoring) if monitoring else ()
    if monitoring and not rates:
        echo(
            say(
                "{monitoring} states no highest rate on its sheet Meters, or cannot be read.",
                monitoring=plain(monitoring.name),
            ),
            err=True,
        )
    return (*stated, *rates)


def _shown(log: Path, write: Path | None) -> str:
    """The path as the sheet Logs is to hold it: from the folder of the rows, or the name alone."""
    whole, folder = log.resolve(), (write.parent if write else log.parent).resolve()
    return whole.relative_to(folder).as_posix() if whole.is_relative_to(folder) else log.name
