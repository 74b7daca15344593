"""``jcm-mrv verify``: recompute a report without the machine of those who made it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from jcm_mrv.cli.files import InputFile
from jcm_mrv.cli.output import echo, plain, progress, spoken, table
from jcm_mrv.cli.verify_more import More, changes_since, changes_text, do_more, more
from jcm_mrv.words import joined, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jcm_mrv.verification.checks import Verification
    from jcm_mrv.workbook.change import Change

LONGEST = 40  # characters of a value in the table


@click.command("verify")
@click.argument("report", type=InputFile(folders=True))
@click.option(
    "--evidence",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder with the originals: the monitoring workbook, its logs and documents beside it.",
)
@click.option("--format", "form", type=click.Choice(["text", "json", "xlsx"]), default="text", show_default=True)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Where xlsx is written."
)
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@click.option(
    "--trust", type=InputFile(), multiple=True, metavar="FILE", help="A certificate of the signer (PEM or DER)."
)
@click.option(
    "--crl", type=InputFile(), multiple=True, metavar="FILE", help="A list of revoked certificates (PEM or DER)."
)
@more
@click.pass_context
def command(
    ctx: click.Context,
    report: Path,
    evidence: Path | None,
    form: str,
    output: Path | None,
    trust: tuple[Path, ...],
    crl: tuple[Path, ...],
    more: More,
    *,
    force: bool,
) -> None:
    """Recompute REPORT and compare everything that it states with what follows from its inputs.

    REPORT is monitoring_package.zip, a folder of reports, monitoring_report.xlsx or monitoring_report.pdf. A package
    brings its inputs along; for the others name the folder in which they lie: --evidence DIR.

    One table says what was stated, what follows, the difference and the verdict. Exit status 0: everything is
    reproduced; 1: something differs, is missing or was refused.
    """
    if (form == "xlsx") != (output is not None):
        raise click.UsageError(say("--format xlsx needs --output FILE.xlsx, and nothing else does."))
    if output is not None:
        from jcm_mrv.cli.new_file import check_new

        check_new(output, "--output", force=force)
    from jcm_mrv.verification.signing.checking import NOBODY, Trust
    from jcm_mrv.verification.verifying import verify

    relied = Trust.of(trust, crl) if trust or crl else NOBODY
    verification = verify(report, evidence, progress, trust=relied)
    changes = changes_since(more.against, report)
    _say(verification, form, output, changes)
    if changes is not None and more.against is not None and form == "text":
        echo("\n" + changes_text(changes, more.against))
    do_more(more, report, evidence, verification, text=form == "text")
    if not verification.reproduced:
        ctx.exit(1)


def _say(verification: Verification, form: str, output: Path | None, changes: Sequence[Change] | None = None) -> None:
    from jcm_mrv.verification.writing import sentence, verification_json, verification_xlsx

    if form == "json":
        echo(verification_json(verification, changes))
        return
    if output is not None:
        from jcm_mrv.cli.new_file import write_new

        content = verification_xlsx(verification, changes, spoken())

        def write(file: BinaryIO) -> None:
            file.write(content)

        write_new(output, write)
        echo(joined(": ", (str(output), sentence(verification))))
        return
    echo(text(verification))


def text(verification: Verification) -> str:
    """The verification for a terminal."""
    from jcm_mrv.verification.writing import HEADS, cells, folded, sentence

    stated = ", ".join(f"{name} {version}" for name, version in verification.stated.items()) or say("unknown software")
    here = ", ".join(f"{name} {version}" for name, version in verification.installed.items())
    rows = [cells(check, LONGEST) for check in folded(verification.checks)]
    return joined(
        "\n",
        [
            plain(
                say(
                    "{subject} ({kind}), made by {stated}; verified by {here}",
                    subject=verification.subject,
                    kind=verification.kind or say("refused"),
                    stated=stated,
                    here=here,
                )
            ),
            "",
            table(HEADS, rows, right=(5,)),
            "",
            sentence(verification),
        ],
    )
