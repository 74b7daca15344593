"""What the command line says when something goes wrong that no person can mend, and what had been written by then."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import click

from jcm_mrv.words import say

UNFORESEEN = 3
"""The exit status of an error that nobody foresaw."""

_WRITTEN, _ARGUMENTS = "jcm_mrv.written", "jcm_mrv.arguments"
_OUTPUTS = ("--output", "--write", "--confirm")
_MOST_LINES = 400  # of a traceback


def note_arguments(context: click.Context, arguments: Iterable[str]) -> None:
    """Remember what was asked for, to say what was being done."""
    context.meta[_ARGUMENTS] = list(arguments)


def note_written(paths: Iterable[Path]) -> None:
    """Remember what was written, so that no later message says that nothing was."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.find_root().meta.setdefault(_WRITTEN, []).extend(map(str, paths))


def written(context: click.Context) -> list[str]:
    """What was written so far."""
    found: list[str] = context.find_root().meta.get(_WRITTEN, [])
    return found


def unforeseen(context: click.Context, error: BaseException) -> str:
    """One paragraph about an error that nobody foresaw; its details are written into a file."""
    arguments: list[str] = context.meta.get(_ARGUMENTS, [])
    doing = " ".join(["jcm-mrv", *map(_plain, arguments)])
    kind = (
        say("there was not enough memory") if isinstance(error, MemoryError) else say("jcm-mrv met an error of its own")
    )
    place = _details(error, doing, arguments)
    where = (
        say("The details are in {plain}.", plain=_plain(str(place)))
        if place
        else say("The details could not be written to any file.")
    )
    return say(
        "Error: {kind} while it ran: {doing}. {changed} {where} It is not your mistake: please send that file to those "
        "who maintain jcm-mrv, with the input if you may.",
        kind=kind,
        doing=doing,
        changed=changed(context),
        where=where,
    )


def changed(context: click.Context) -> str:
    """Whether anything was changed, and what."""
    paths = ", ".join(map(_plain, written(context)))
    return say("These files had been written, whole: {paths}.", paths=paths) if paths else say("Nothing was changed.")


def _plain(text: str) -> str:
    from jcm_mrv.cli.output import plain

    return plain(text)


def _folders(arguments: Sequence[str]) -> Iterator[Path]:
    """Where the details may go: beside the output, else beside the input, here, or among temporary files."""
    for name, value in pairwise((*arguments, "")):
        path = Path(name.partition("=")[2] if name.startswith(_OUTPUTS) and "=" in name else value)
        if name.startswith(_OUTPUTS) and path.name:
            yield path.parent
    for argument in arguments:
        if not argument.startswith("-") and os.path.lexists(argument):
            yield Path(argument).parent
    yield from (Path(), Path(tempfile.gettempdir()))


def _details(error: BaseException, doing: str, arguments: Sequence[str]) -> Path | None:
    """Write the traceback into a file of its own; None where no place takes it."""
    from jcm_mrv import __version__

    lines = traceback.format_exception(error)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES // 2], "  ...\n", *lines[-_MOST_LINES // 2 :]]
    system = say(
        "jcm-mrv {version}, Python {python_version}, {platform}",
        version=__version__,
        python_version=platform.python_version(),
        platform=platform.platform(),
    )
    text = f"{system}\n{doing}\n\n{''.join(lines)}"
    for folder in _folders(arguments):
        for number in range(1, 100):
            path = folder / f"jcm-mrv-error{f'-{number}' if number > 1 else ''}.txt"
            try:
                with path.open("x", encoding="utf-8", errors="backslashreplace") as file:
                    file.write(text)
            except FileExistsError:
                continue
            except (OSError, ValueError):
                break
            return path
    return None


def give_up_output() -> None:
    """Let what still waits for a standard output that takes nothing go nowhere, instead of failing again at the end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
