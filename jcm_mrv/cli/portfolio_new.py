"""``jcm-mrv portfolio new``: a portfolio to be filled in."""

from __future__ import annotations

from pathlib import Path

import click

from jcm_mrv.cli.output import echo
from jcm_mrv.words import say


@click.command("new")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def command(folder: Path) -> None:
    """Write FOLDER/portfolio.toml with an example of each kind of entry.

    Copy the workbooks and packages of the projects into FOLDER or below it, and list them. A portfolio that is there
    already is not touched.
    """
    from jcm_mrv.cli.net import note_written
    from jcm_mrv.cli.new_file import FileIsThereError
    from jcm_mrv.cli.output import tell
    from jcm_mrv.file_sets import write_together
    from jcm_mrv.portfolio.starting import NAME, start

    if (folder / NAME).exists():
        raise FileIsThereError(say("{folder} exists already. Choose another folder.", folder=folder / NAME))
    note_written(write_together(folder, {NAME: start(folder.resolve().name).encode()}, tell=tell))
    echo(
        say("{folder}\n\nNext: list the projects in it, then\n  jcm-mrv portfolio check {folder}", folder=folder / NAME)
    )
