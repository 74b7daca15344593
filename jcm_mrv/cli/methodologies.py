"""``jcm-mrv methodologies``: what can be calculated."""

from __future__ import annotations

import click

from jcm_mrv.cli.lazy import Commands


class Methodologies(Commands):
    """The commands about methodologies."""

    modules = ("list", "show", "new", "test", "compare")
    prefix = "methodologies_"


@click.group("methodologies", cls=Methodologies)
def command() -> None:
    """What can be calculated: list, show, start, test and compare methodologies."""
