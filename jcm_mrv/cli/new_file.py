"""A workbook that a command writes: never over somebody's work, and whole or not at all."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import click

from jcm_mrv.cli.net import note_written
from jcm_mrv.cli.output import tell
from jcm_mrv.errors import JcmMrvError
from jcm_mrv.file_sets import write_together
from jcm_mrv.words import say


class FileIsThereError(JcmMrvError, FileExistsError):
    """The file to be written exists already and may hold somebody's work."""


def check_new(file: Path, name: str, *, force: bool) -> None:
    """Refuse a file that cannot be written, before any work is done. ``name`` is the parameter that gave it.

    Raises click.BadParameter for an end of the name other than .xlsx and
    FileIsThereError for a file that exists, unless ``force``.
    """
    if file.suffix.lower() != ".xlsx":
        raise click.BadParameter(say("{file} does not end in .xlsx", file=file), param_hint=name)
    if file.exists() and not force:
        raise FileIsThereError(
            say("{file} exists already. Choose another name, or add --force to replace it.", file=file)
        )


def write_new(file: Path, write: Callable[[BinaryIO], None]) -> None:
    """Let ``write`` make the file in memory, then write it as a set of one."""
    if not file.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(file.parent))
    content = io.BytesIO()
    write(content)
    write_together(file.parent, {file.name: content.getvalue()}, tell=tell)
    note_written([file])
