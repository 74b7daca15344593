"""The version of a report before this one, from its package or ``result.json``: a stranger's file like any other."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jcm_mrv.errors import UnsafeFileError
from jcm_mrv.findings import Code, Finding, Severity, errors, named
from jcm_mrv.limits import MOST_FILE_BYTES
from jcm_mrv.versions.archive import NAME, REPORTS, SIGNATURE, package_checksums, unpack_package
from jcm_mrv.versions.schemas import MANIFEST, RESULT, schema_faults
from jcm_mrv.versions.strict_json import MOST_BYTES, read_json
from jcm_mrv.words import say
from jcm_mrv.workbook.changed_cells import changed_cells
from jcm_mrv.workbook.folder_files import NoSuchFileError, OutsideFolderError, file_inside
from jcm_mrv.workbook.reading import read_workbook
from jcm_mrv.workbook.records import MonitoringData, PreviousVersion

UNREAD = Code("project.previous_unread", Severity.ERROR, "The previous version of the report cannot be read")
_RESULT = f"{REPORTS}result.json"


def read_previous(data: MonitoringData) -> tuple[PreviousVersion | None, list[Finding]]:
    """The version that the field Previous version names, held against this workbook. Never raises for what it is."""
    name = data.project.previous_version.strip()
    if not name:
        return None, []
    try:
        path, relative = file_inside(data.path.parent, name)
        result, workbook = read_version(path)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (OutsideFolderError, NoSuchFileError, UnsafeFileError, OSError) as error:
        message = say("the previous version cannot be read: {error}", error=error)
        action = say(
            "Copy monitoring_package.zip of the previous version, as it was handed in, into the folder of the workbook "
            "and write its name in this field; or leave the field empty, which a finding then says."
        )
        return None, [UNREAD(message, data.project.origin("previous_version"), found=name, action=action)]
    cells = None if workbook is None else changed_cells(workbook, data)
    return PreviousVersion(relative, digest, result, workbook, cells), []


def read_version(path: Path) -> tuple[Mapping[str, Any], MonitoringData | None]:
    """What a package or a ``result.json`` states, and the monitoring workbook in the package where it can be read.

    Raises UnsafeFileError for anything else and for what is damaged, larger than the limits, or not as its manifest
    and its schema say; OSError.
    """
    if path.suffix.lower() == ".json":
        return checked_result(_content(path), path.name), None
    with tempfile.TemporaryDirectory(prefix="jcm-mrv-version-") as folder:
        return _package(path, Path(folder))


def checked_result(content: bytes, name: str) -> Mapping[str, Any]:
    """The data of a ``result.json``. Raises UnsafeFileError for what is none."""
    return _checked(content, name, RESULT)


def _checked(content: bytes, name: str, schema: str) -> Mapping[str, Any]:
    data: Mapping[str, Any] = read_json(content, name)
    for where, fault in schema_faults(data, schema):
        raise UnsafeFileError(f"{name}: {where}: {fault}")
    return data


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _package(path: Path, folder: Path) -> tuple[Mapping[str, Any], MonitoringData | None]:
    if path.stat().st_size > MOST_FILE_BYTES:
        raise UnsafeFileError(say("{path}: it is larger than {most:,} bytes", path=path.name, most=MOST_FILE_BYTES))
    first = unpack_package(path, folder / "reports", {NAME, _RESULT})
    if missing := {NAME, _RESULT} - set(first):
        raise UnsafeFileError(say("{path}: there is no {name} in it", path=path.name, name=sorted(missing)[0]))
    manifest = _checked(_content(first[NAME]), NAME, MANIFEST)
    _as_stated(path, manifest)
    result = checked_result(_content(first[_RESULT]), _RESULT)
    name = str(manifest["workbook"])
    book = unpack_package(path, folder / "workbook", {name}).get(name)
    if book is None:
        raise UnsafeFileError(say("{path}: there is no {name} in it", path=path.name, name=name))
    data = read_workbook(book)
    return result, None if errors(data.findings) else data


def _as_stated(path: Path, manifest: Mapping[str, Any]) -> None:
    """Raise UnsafeFileError where a package holds other files than its manifest states, or another content of one."""
    stated = {one["path"]: (one["size"], one["sha256"]) for one in manifest["files"]}
    found = {name: what for name, what in package_checksums(path).items() if name not in (NAME, SIGNATURE)}
    other = sorted(name for name in {*stated, *found} if stated.get(name) != found.get(name))
    if other:
        raise UnsafeFileError(
            say("{path}: {names}: not as the manifest of the package states", path=path.name, names=named(other))
        )
