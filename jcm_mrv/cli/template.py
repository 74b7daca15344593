"""``jcm-mrv template``: a blank monitoring workbook to fill in."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from jcm_mrv.errors import JcmMrvError


class FileIsThereError(JcmMrvError, FileExistsError):
    """The file to be written exists already and may hold somebody's work."""


@click.command("template")
@click.argument("number")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def command(number: str, file: Path, force: bool) -> None:
    """Write a blank monitoring workbook for the methodology NUMBER to FILE (.xlsx).

    NUMBER is a methodology as "jcm-mrv methodologies list" shows it: VN_AM007, or VN_AM007@1.0 for one version.
    Several for one claim are separated by commas. A FILE that exists is never replaced without --force.
    """
    if file.suffix.lower() != ".xlsx":
        raise click.BadParameter(f"{file} does not end in .xlsx", param_hint="FILE")
    if file.exists() and not force:
        raise FileIsThereError(f"{file} exists already. Choose another name, or add --force to replace it.")
    from jcm_mrv.workbook_template import write_blank

    with tempfile.TemporaryDirectory(prefix=".jcm-mrv-", dir=file.parent) as folder:
        unfinished = Path(folder) / file.name
        write_blank([part.strip() for part in number.split(",")], unfinished)
        unfinished.replace(file)
    click.echo(f"Wrote {file}. Its sheet Guide says how to fill it in; then run: jcm-mrv check {file}")
