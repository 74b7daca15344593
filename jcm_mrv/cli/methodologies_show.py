"""``jcm-mrv methodologies show``."""

from __future__ import annotations

import click

from jcm_mrv.cli.output import echo


@click.command("show")
@click.argument("number")
@click.argument("version", default="")
@click.option("--format", "form", type=click.Choice(("text", "csv", "json")), default="text", show_default=True)
def command(number: str, version: str, form: str) -> None:
    """Show one methodology: its scope, equations, parameters, defaults with source, and how far it is confirmed.

    NUMBER is VN_AM007, or VN_AM007@1.0 for one version. Without VERSION the newest is shown and the others are named.
    As csv: its parameters only.
    """
    from jcm_mrv.cli.describe import PARAMETER_COLUMNS, as_csv, as_json, describe
    from jcm_mrv.cli.describe_text import as_text
    from jcm_mrv.methodology.catalogue import catalogue

    description = describe(catalogue().versions(f"{number} {version}".strip())[-1])
    if form == "json":
        echo(as_json(description))
    elif form == "csv":
        echo(as_csv(PARAMETER_COLUMNS, description["parameters"]), nl=False)
    else:
        echo(as_text(description))
