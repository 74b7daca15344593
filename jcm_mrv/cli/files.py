"""Paths on the command line: what is to be read must be a file that has an end."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from jcm_mrv.words import say

Command = TypeVar("Command", bound=Callable[..., Any])


class InputFile(click.Path):
    """A regular file that is there: a pipe or a device may have no end."""

    def __init__(self, *, folders: bool = False) -> None:
        super().__init__(exists=True, dir_okay=folders, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, refused unless it is a regular file (or a folder where that is allowed)."""
        path = super().convert(value, param, ctx)
        mode = os.stat(path).st_mode  # noqa: PTH116 - links are followed, as by what reads it
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            self.fail(
                say("File {fsdecode!r} is a device or a pipe, not a file on a disk.", fsdecode=os.fsdecode(value)),
                param,
                ctx,
            )
        return path


def originals(command: Command) -> Command:
    """The option --evidence of commands on what was handed in."""
    kind = click.Path(exists=True, file_okay=False, path_type=Path)
    words = say("Folder with the originals: the monitoring workbook, its logs and documents beside it.")
    return click.option("--evidence", type=kind, metavar="DIR", help=words)(command)
