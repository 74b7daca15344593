"""Files that a workbook names: only regular files in or below the workbook's own folder are opened."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath, PureWindowsPath

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.words import say


class OutsideFolderError(JcmMrvError, ValueError):
    """A path that leads out of the workbook's folder."""


class NoSuchFileError(JcmMrvError, FileNotFoundError):
    """A path at which no regular file lies."""


class PatternError(JcmMrvError, ValueError):
    """A pattern of file names that cannot be followed."""


MOST_ENTRIES = 200_000
"""Files and folders that are looked at for one pattern."""


def matching_files(folder: Path, pattern: Sequence[str], most: int) -> list[str]:
    """The files below ``folder`` that a pattern matches, part by part, as sorted paths; not more than ``most``.

    ``*`` and ``?`` stand for letters of a name, a part ``**`` for any number of folders. Links to folders are not
    followed. Each folder is looked at once for each part of the pattern. Raises PatternError.
    """
    parts = [part for n, part in enumerate(pattern) if part != "**" or pattern[n - 1 : n] != ("**",)]
    if any("**" in part and part != "**" for part in parts):
        raise PatternError(say("** stands for folders and is written between strokes, such as **/*.csv"))
    found: set[str] = set()
    waiting, known, left = [("", 0)], {("", 0)}, MOST_ENTRIES
    while waiting and len(found) < most:
        below, at = waiting.pop()
        for name, is_folder, is_file in _entries(folder / below):
            left -= 1
            path = f"{below}/{name}" if below else name
            for step in _steps(name, parts, at):
                if step == len(parts) and is_file:
                    found.add(path)
                elif step < len(parts) and is_folder and (path, step) not in known:
                    known.add((path, step))
                    waiting.append((path, step))
        if left < 0:
            raise PatternError(
                say(
                    "more than {most_entries:,} files and folders would have to be looked at", most_entries=MOST_ENTRIES
                )
            )
    return sorted(found)


def _steps(name: str, parts: Sequence[str], at: int) -> Iterator[int]:
    """How far along the pattern one gets by an entry of that name."""
    if parts[at] == "**":
        yield at  # the folders below are looked through for the same
        at += 1
    if at < len(parts) and fnmatch(name, parts[at]):
        yield at + 1


def _entries(folder: Path) -> list[tuple[str, bool, bool]]:
    try:
        with os.scandir(folder) as entries:
            return [(entry.name, entry.is_dir(follow_symlinks=False), entry.is_file()) for entry in entries]
    except OSError:  # a folder that may not be looked into holds no log
        return []


def file_inside(folder: Path, name: str) -> tuple[Path, str]:
    """The file that ``name`` means, and its path relative to the folder with forward slashes.

    Raises OutsideFolderError for an absolute path, a drive, ``..`` or a link
    that leads out of the folder, NoSuchFileError where no regular file lies.
    """
    relative = PurePosixPath(name.strip().replace("\\", "/"))
    windows = PureWindowsPath(name.strip())
    if relative.is_absolute() or windows.drive or windows.root or ".." in relative.parts or "\0" in name:
        raise OutsideFolderError(say("{name!r} leads out of the folder of the workbook", name=name))
    path = folder / relative
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
        regular = path.is_file()
    except (OSError, RuntimeError) as error:  # a loop of links, a name too long
        raise NoSuchFileError(say("{name!r} cannot be opened", name=name)) from error
    if not inside:
        raise OutsideFolderError(say("{name!r} is a link that leads out of the folder of the workbook", name=name))
    if not regular:
        raise NoSuchFileError(say("{name!r} is not there", name=name))
    return path, relative.as_posix()
