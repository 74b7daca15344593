"""``jcm-mrv invoices``: electronic invoices as rows of the sheet Invoices."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jcm_mrv.cli.files import InputFile
from jcm_mrv.cli.new_file import check_new, write_new
from jcm_mrv.cli.output import counted, echo, plain, table
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.invoices.sheet import InvoiceRows

_HEADS = ("meter number", "from", "to", "register", "billed", "unit", "invoice", "file")


@click.command("invoices")
@click.argument("files", nargs=-1, required=True, type=InputFile(folders=True))
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also write the rows into this workbook (.xlsx), ready to be copied to the sheet Invoices.",
)
@click.option("--force", is_flag=True, help="Replace the --output FILE if it exists.")
def command(files: tuple[Path, ...], output: Path | None, force: bool) -> None:
    """Show what electronic invoices of electricity (XML) bill.

    FILES are invoices of Viet Nam, or folders in which every .xml file is one. The readings on each invoice are
    checked against its amounts, and the invoices against each other. Your monitoring workbook is not touched: copy
    the rows of FILE to its sheet Invoices, or write there only the name of the .xml file in a row of its own.
    """
    from jcm_mrv.cli.findings_text import findings_text
    from jcm_mrv.invoices.sheet import invoice_files, read_invoice_rows, write_invoice_rows

    if output is not None:
        check_new(output, "--output", force=force)
    found = read_invoice_rows(invoice_files(files), output.parent if output else Path())
    echo(table(_HEADS, _cells(found), right=[4]))
    echo(
        say("\n{files} file(s), {number_of_amounts} row(s)\n", files=found.files, number_of_amounts=len(found.amounts))
    )
    if found.findings:
        echo(findings_text(found.findings, headings=True) + "\n")
    echo(say("Findings: {counted}", counted=counted(found.findings)))
    if output is None:
        echo(say("Next: the same with --output invoices.xlsx, or write the file names on the sheet Invoices."))
    else:
        write_new(output, lambda path: write_invoice_rows(path, found))
        echo(
            say(
                "Wrote {output}. Copy its rows to the sheet Invoices; keep the .xml files in or below the folder of "
                "the monitoring workbook.",
                output=plain(str(output)),
            )
        )


def _cells(found: InvoiceRows) -> list[tuple[str, ...]]:
    return [
        (
            *(a.serial, f"{a.start:%Y-%m-%d %H:%M}" if a.start else "?", f"{a.end:%Y-%m-%d %H:%M}" if a.end else "?"),
            *(a.register, f"{a.value:,.15g}", a.unit or "?", a.invoice, a.where.file),
        )
        for a in found.amounts
    ]
