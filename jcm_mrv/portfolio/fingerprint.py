"""What a member's result depends on, by content: its file, what that names, and the software."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from jcm_mrv.logs.files import MOST_FILES
from jcm_mrv.workbook.folder_files import (
    NoSuchFileError,
    OutsideFolderError,
    PatternError,
    file_inside,
    matching_files,
)
from jcm_mrv.workbook.records import MonitoringData

_PATTERN = frozenset("*?")


@dataclass(frozen=True)
class Contents:
    """The files that a member is made of: path from its folder to SHA-256 ("" for one that is not there), and bytes.

    ``newest`` is the latest time [ns] at which one of them was changed, ``sha256`` that of the workbook or package.
    """

    sha256: str
    files: tuple[tuple[str, str], ...]
    size: int
    newest: int

    def fingerprint(self, software: str) -> str:
        """SHA-256 over the files and the software that reads them."""
        text = json.dumps([software, self.files], ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()


def named_files(data: MonitoringData) -> tuple[str, ...]:
    """Every file, or pattern of files, that a monitoring workbook names: logs, invoices, documents."""
    tables = (data.logs, data.invoices, data.evidence)
    return tuple(sorted({row.file.strip() for table in tables for row in table if row.file.strip()}))


def contents_of(path: Path, named: Iterable[str]) -> Contents:
    """A workbook or package and what it names, as it lies on the disk now."""
    found = {path.name: path}
    missing: list[str] = []
    for name in named:
        paths = dict(_meant(path.parent, name))
        found |= paths
        missing += [] if paths else [name]
    hashed, size, newest = [], 0, 0
    for name, file in found.items():
        try:
            with file.open("rb") as stream:
                hashed.append((name, hashlib.file_digest(stream, "sha256").hexdigest()))
            stat = file.stat()
        except OSError:
            missing.append(name)
            continue
        size, newest = size + stat.st_size, max(newest, stat.st_mtime_ns)
    return Contents(
        dict(hashed).get(path.name, ""), tuple(sorted([*hashed, *((name, "") for name in missing)])), size, newest
    )


def size_of(path: Path, named: Iterable[str]) -> int:
    """The bytes of a member's files [B], without reading them."""
    files = [path, *(file for name in named for _, file in _meant(path.parent, name))]
    return sum(file.stat().st_size for file in files if file.is_file())


def _meant(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    """The files that a name or pattern means; none where there are none, or where it leads out of the folder."""
    names = [name]
    try:
        if _PATTERN & set(name):
            names = matching_files(folder, PurePosixPath(name.replace("\\", "/")).parts, MOST_FILES + 1)
        for one in names:
            path, relative = file_inside(folder, one)
            yield relative, path
    except (OutsideFolderError, NoSuchFileError, PatternError, ValueError, OSError):
        return
