"""The options --output and --formats: a folder, and a list of words out of those that a command knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from jcm_mrv.words import say

Callback = Callable[[click.Context, click.Parameter, str], tuple[str, ...]]
Command = TypeVar("Command", bound=Callable[..., Any])


def among(allowed: Sequence[str]) -> Callback:
    """A click callback that reads ``json, XLSX`` as a tuple in the order of ``allowed``, or refuses it."""

    def read(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
        wanted = [part.strip().lower() for part in value.split(",") if part.strip()]
        unknown = [part for part in wanted if part not in allowed]
        if unknown or not wanted:
            raise click.BadParameter(
                say(
                    "{unknown} is not among {allowed}",
                    unknown=", ".join(unknown) or "nothing",
                    allowed=", ".join(allowed),
                )
            )
        return tuple(name for name in allowed if name in wanted)

    return read


def into_folder(words: str) -> Callable[[Command], Command]:
    """The option --output: a folder that need not be there."""
    kind = click.Path(file_okay=False, path_type=Path)
    return click.option("--output", type=kind, metavar="DIR", help=words)


def formats_of(allowed: Sequence[str], default: Sequence[str], what: str) -> Callable[[Command], Command]:
    """The option --formats: some of ``allowed``; ``what`` is what is written, such as reports."""
    return click.option(
        "--formats",
        default=",".join(default),
        show_default=True,
        callback=among(allowed),
        metavar="LIST",
        help=f"Which {what} to write, separated by commas: {', '.join(allowed)}.",
    )
