"""Files that a workbook names: only regular files in or below the workbook's own folder are opened."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from jcm_mrv.errors import JcmMrvError


class OutsideFolderError(JcmMrvError, ValueError):
    """A path that leads out of the workbook's folder."""


class NoSuchFileError(JcmMrvError, FileNotFoundError):
    """A path at which no regular file lies."""


def file_inside(folder: Path, name: str) -> tuple[Path, str]:
    """The file that ``name`` means, and its path relative to the folder with forward slashes.

    Raises OutsideFolderError for an absolute path, a drive, ``..`` or a link
    that leads out of the folder, NoSuchFileError where no regular file lies.
    """
    relative = PurePosixPath(name.strip().replace("\\", "/"))
    windows = PureWindowsPath(name.strip())
    if relative.is_absolute() or windows.drive or windows.root or ".." in relative.parts or "\0" in name:
        raise OutsideFolderError(f"{name!r} leads out of the folder of the workbook")
    path = folder / relative
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
        regular = path.is_file()
    except (OSError, RuntimeError) as error:  # a loop of links, a name too long
        raise NoSuchFileError(f"{name!r} cannot be opened") from error
    if not inside:
        raise OutsideFolderError(f"{name!r} is a link that leads out of the folder of the workbook")
    if not regular:
        raise NoSuchFileError(f"{name!r} is not there")
    return path, relative.as_posix()
