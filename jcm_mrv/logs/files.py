"""The files that the sheet Logs names: in or below the folder, one by its name or several by a pattern."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from jcm_mrv.findings import Finding
from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.csv_file import CsvLog, LogFormatError
from jcm_mrv.logs.formats.green_button import read_green_button
from jcm_mrv.logs.formats.nem12 import kind_of, read_nem12
from jcm_mrv.logs.formats.sheets import read_ods, read_xls
from jcm_mrv.logs.parquet_file import ParquetLog
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.survey import LogFile
from jcm_mrv.logs.xlsx_file import XlsxLog
from jcm_mrv.words import say
from jcm_mrv.workbook.folder_files import (
    NoSuchFileError,
    OutsideFolderError,
    PatternError,
    file_inside,
    matching_files,
)

_NOT_READ: dict[str, str] = {
    ".xlsb": say("Save it as Excel workbook (.xlsx) or CSV and name that file"),
    ".zip": say("Unpack it and name the files, several of them by a pattern such as 2024/*.csv"),
    ".pdf": say("Ask for the values as CSV or .xlsx; a PDF is kept as evidence"),
    ".gz": say("Unpack it (7-Zip, gunzip) and name the file that was in it"),
    ".json": say("Open it in Excel (Data, Get data, From JSON), save the table as .xlsx and name that file"),
    ".html": say("Open it in Excel or LibreOffice, save it as .xlsx and name that file"),
}
"""Ends of names of what is no log as it is, with what to do."""

_BY_CONTENT = {
    ".gz": re.compile(rb"\x1f\x8b"),
    ".html": re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}<(?!\?xml)", re.I),
    ".json": re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}[\[{]\s{0,200}[\"{\[]"),
}
"""What a file begins with that is one of these whatever its name says; portals name web pages .xls."""

_PATTERN = re.compile(r"[*?]")

_OTHERS: dict[str, Callable[[Path, str], LogFile]] = {
    ".xls": read_xls,
    ".ods": read_ods,
    ".xml": lambda path, _: read_green_button(path),
}

MOST_FILES = 2_000
"""Files that one pattern may match."""


@dataclass(frozen=True)
class LogPath:
    """A file and its path relative to the folder, with forward slashes."""

    path: Path
    file: str


def files_of(spec: LogSpec, folder: Path) -> tuple[list[LogPath], list[Finding]]:
    """The files that a row of the sheet Logs means, sorted by name, or why they cannot be used."""
    try:
        names = _matches(folder, spec.file) if is_pattern(spec) else [spec.file]
    except PatternError as error:
        action = say("Write a pattern such as 2024/*.csv, or **/*.csv for the folders below as well")
        return [], [codes.NOT_FOUND(str(error), spec.origin("file"), found=spec.file[:60], action=action)]
    if not names or len(names) > MOST_FILES:
        message = say("no file in the folder matches {file!r}", file=spec.file)
        if names:
            message = say("more than {most_files} files match {file!r}", most_files=MOST_FILES, file=spec.file)
        action = say("Put the files beside the workbook, or correct the pattern, such as 2024/*.csv")
        return [], [codes.NOT_FOUND(message, spec.origin("file"), found=spec.file, action=action)]
    files: list[LogPath] = []
    findings: list[Finding] = []
    for name in names:
        found = _one(spec, folder, name)
        if isinstance(found, Finding):
            findings.append(found)
        else:
            files.append(found)
    return files, findings


def is_pattern(spec: LogSpec) -> bool:
    """True where the cell names several files: 2024/*.csv."""
    return bool(_PATTERN.search(spec.file))


def _matches(folder: Path, pattern: str) -> list[str]:
    """The matching files by their path, sorted; a pattern that leads out of the folder stands for itself."""
    relative = PurePosixPath(pattern.replace("\\", "/"))
    if relative.is_absolute() or PureWindowsPath(pattern).drive or ".." in relative.parts or "\0" in pattern:
        return [pattern]
    return matching_files(folder, relative.parts, MOST_FILES + 1)


def _one(spec: LogSpec, folder: Path, name: str) -> LogPath | Finding:
    where = spec.origin("file")
    try:
        path, file = file_inside(folder, name)
    except OutsideFolderError as error:
        return codes.PATH(
            str(error), where, found=name, action=say("Copy the file beside the workbook and write its name")
        )
    except NoSuchFileError as error:
        put = say("Put the file beside the workbook, or correct its name")
        return codes.NOT_FOUND(say("the log {error}", error=error), where, found=name, action=put)
    kind = _not_read(path)
    if kind:
        message = say("a log in the format {suffix} cannot be read", suffix=kind)
        return codes.UNREADABLE(message, where, found=name, action=_NOT_READ[kind])
    return LogPath(path, file)


def _not_read(path: Path) -> str:
    """Which of the formats that are not read a file is in, by its name and by what it begins with; "" for none."""
    suffix = path.suffix.lower()
    if suffix in _NOT_READ or suffix == ".xml":
        return suffix if suffix in _NOT_READ else ""
    with suppress(OSError), path.open("rb") as file:  # what cannot be opened is reported when it is to be read
        head = file.read(512)
        return next((kind for kind, begins in _BY_CONTENT.items() if begins.match(head)), "")
    return ""


def open_log(path: Path, sheet: str = "", encoding: str = "") -> LogFile:
    """A log by the end of its name: a spreadsheet, .parquet, .xml (Green Button), everything else as text.

    Text that begins as NEM12 does is read as such.

    Raises LogEncodingError, LogFormatError and OSError where it cannot be read.
    """
    kind = _not_read(path)
    if kind:
        way = _NOT_READ[kind]
        raise LogFormatError(say("a log in the format {suffix} cannot be read; {way}", suffix=kind, way=way))
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".xlsm"):
        return XlsxLog(path, sheet)
    if suffix in (".parquet", ".pq"):
        return ParquetLog(path)
    if suffix in _OTHERS:
        return _OTHERS[suffix](path, sheet)
    with path.open("rb") as file:
        head = file.read(64)
    return read_nem12(path) if kind_of(head) else CsvLog(path, encoding)
