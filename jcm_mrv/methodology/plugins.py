"""Plug-ins from outside packages: finding them, and running their code so that it takes nothing down."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from importlib.metadata import Distribution, EntryPoint, PackageNotFoundError, distribution, distributions
from typing import Any

from jcm_mrv.guard import said
from jcm_mrv.words import say

LARGEST_CARD = 1_000_000
"""Bytes of one card; the largest has some 30,000."""

DEEPEST_CARD = 12
"""Tables and lists within each other on a card; the deepest has five."""


class PluginError(Exception):
    """What a plug-in raised, of whatever kind; the text names it."""


@contextmanager
def contained() -> Iterator[None]:
    """Turn whatever is raised within into PluginError, and let nothing that is printed within reach standard output."""
    with _quiet():
        try:
            yield
        except BaseException as error:
            raise PluginError(described(error)) from error


def described(error: BaseException) -> str:
    """An error with its kind, on one line; a stranger's error may fail even in saying what it is."""
    kind = type(error).__name__
    try:
        return f"{kind}: {said(error)}"
    except BaseException:  # noqa: BLE001 - see above
        return say("{kind}, which does not say what is wrong", kind=kind)


@contextmanager
def _quiet() -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(redirect_stdout(io.StringIO()))
        stack.enter_context(redirect_stderr(io.StringIO()))
        with suppress(OSError):  # no file behind one of them
            if sys.__stdout__ is not None:
                sys.__stdout__.flush()
            stack.callback(_put_back, os.dup(1))
            os.dup2(2, 1)  # what goes around Python's own output
        yield


def _put_back(kept: int) -> None:
    os.dup2(kept, 1)
    os.close(kept)


def entry_points_of(group: str) -> tuple[list[EntryPoint], list[tuple[str, str]]]:
    """The entry points of a group in all packages, and the packages whose list cannot be read, with the reason."""
    found: list[EntryPoint] = []
    failed: list[tuple[str, str]] = []
    seen: set[str] = set()
    for package in distributions():
        try:
            points, reason = list(package.entry_points.select(group=group)), ""
        except Exception as error:  # noqa: BLE001 - a file from a stranger; it is named
            points, reason = [], say("its entry points cannot be read: {described}", described=described(error))
        if not points and not reason:
            continue  # the metadata of every package take longer to read than everything else here
        name = name_of(package)
        if name in seen or not _first(package, name):  # the first on the path counts, as for imports
            continue
        seen.add(name)
        found += points
        failed += [(name, reason)] if reason else []
    return found, failed


def _first(package: Distribution, name: str) -> bool:
    """Whether a package is the one that its name finds; one that has no usable name is."""
    with suppress(PackageNotFoundError, ValueError):
        return distribution(name).locate_file("") == package.locate_file("")
    return True


def name_of(package: Distribution) -> str:
    """The name in the metadata of a package; ? where it has none."""
    try:
        return str(package.name or "?")
    except Exception:  # noqa: BLE001 - metadata from a stranger
        return "?"


def version_of(package: Distribution) -> str:
    """The version in the metadata of a package; ? where it has none."""
    try:
        return str(package.version or "?")
    except Exception:  # noqa: BLE001 - metadata from a stranger
        return "?"


def depth_of(data: Any) -> int:
    """How deep tables and lists stand within each other."""
    depth, level = 0, [data]
    while level:
        level = [inner for one in level if isinstance(one, (dict, list)) for inner in _inside(one)]
        depth += 1
    return depth - 1


def _inside(one: dict[str, Any] | list[Any]) -> list[Any]:
    return list(one.values()) if isinstance(one, dict) else one
