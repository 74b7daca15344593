"""``jcm-mrv check``: everything that is wrong or doubtful in a monitoring workbook."""

from __future__ import annotations

from pathlib import Path

import click

from jcm_mrv.cli.output import counted, findings_text, progress


@click.command("check")
@click.argument("monitoring", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def command(ctx: click.Context, monitoring: Path) -> None:
    """List what is wrong or doubtful in MONITORING; write nothing.

    The exit status is 1 when anything would keep "jcm-mrv calculate" from calculating.
    """
    from jcm_mrv.calculation import calculate_file
    from jcm_mrv.findings import InputRefusedError

    progress(f"Checking {monitoring} ...")
    try:
        findings, refused = tuple(calculate_file(monitoring).findings), False
    except InputRefusedError as error:
        findings, refused = error.findings, True
    if findings:
        click.echo(findings_text(findings) + "\n")
    click.echo(f"Findings: {counted(findings)}")
    if refused:
        click.echo("The workbook cannot be calculated before the errors are mended.")
        ctx.exit(1)
