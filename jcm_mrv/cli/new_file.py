"""A workbook that a command writes: never over somebody's work, and whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from jcm_mrv.errors import JcmMrvError


class FileIsThereError(JcmMrvError, FileExistsError):
    """The file to be written exists already and may hold somebody's work."""


def check_new(file: Path, name: str, *, force: bool) -> None:
    """Refuse a file that cannot be written, before any work is done. ``name`` is the parameter that gave it.

    Raises click.BadParameter for an end of the name other than .xlsx and
    FileIsThereError for a file that exists, unless ``force``.
    """
    if file.suffix.lower() != ".xlsx":
        raise click.BadParameter(f"{file} does not end in .xlsx", param_hint=name)
    if file.exists() and not force:
        raise FileIsThereError(f"{file} exists already. Choose another name, or add --force to replace it.")


def write_new(file: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` make the file elsewhere, then put it in its place."""
    with tempfile.TemporaryDirectory(prefix=".jcm-mrv-", dir=file.parent) as folder:
        unfinished = Path(folder) / file.name
        write(unfinished)
        unfinished.replace(file)
