"""``jcm-mrv methodologies new``."""

from __future__ import annotations

from pathlib import Path

import click

from jcm_mrv.cli.output import echo, plain
from jcm_mrv.words import say


@click.command("new")
@click.argument("name")
@click.option("--family", default="", help="Take over the equations of this family, such as chiller.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder to make; otherwise NAME in lower case with - for _, here.",
)
def command(name: str, family: str, output: Path | None) -> None:
    """Start a methodology: a package that installs, with equations, card, case, README and tests that pass.

    NAME is its number, such as XX_AM001. With --family card and case are taken over from a built-in number of that
    family, every statement marked unconfirmed; without, it is a small invented example. What exists is never
    overwritten.
    """
    from jcm_mrv.conformance.package import new_package

    # A folder that is called like the package would be taken for it by Python started here.
    folder = output or Path(name.lower().replace("_", "-"))
    new_package(name, family, folder)
    echo(say("Wrote {folder}. Now install and test it, then fill it from the document:\n", folder=plain(str(folder))))
    echo(
        say(
            "  pip install -e {folder}\n  jcm-mrv methodologies test {name}",
            folder=plain(str(folder)),
            name=plain(name),
        )
    )
