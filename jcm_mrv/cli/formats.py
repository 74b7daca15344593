"""The option --formats: a list of words out of those that a command knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

Callback = Callable[[click.Context, click.Parameter, str], tuple[str, ...]]


def among(allowed: Sequence[str]) -> Callback:
    """A click callback that reads ``json, XLSX`` as a tuple in the order of ``allowed``, or refuses it."""

    def read(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
        wanted = [part.strip().lower() for part in value.split(",") if part.strip()]
        unknown = [part for part in wanted if part not in allowed]
        if unknown or not wanted:
            raise click.BadParameter(f"{', '.join(unknown) or 'nothing'} is not among {', '.join(allowed)}")
        return tuple(name for name in allowed if name in wanted)

    return read
