"""``manifest.json``: every file of a package with its checksum, and what the reports were made with."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from jcm_mrv.methodology.catalogue import Entry
from jcm_mrv.reporting.result_json import result_sha256
from jcm_mrv.result import Result
from jcm_mrv.versions import archive, schemas

NAME = archive.NAME
SCHEMA = "jcm-mrv-manifest/1"
INPUTS, REPORTS = archive.INPUTS, archive.REPORTS


@dataclass(frozen=True)
class Enclosed:
    """A file of a package: its path there, what it is for, and its checksum."""

    path: str
    role: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Document:
    """A file that the sheet Evidence names: ``file`` as it stands there, ``sha256`` '' where it was not there."""

    document: str
    file: str
    sha256: str
    included: bool

    @property
    def path(self) -> str:
        """Its path from the folder of the workbook, with forward slashes."""
        return PurePosixPath(self.file.replace("\\", "/")).as_posix()


def manifest_data(
    result: Result,
    command: str,
    lang: str,
    enclosed: Iterable[Enclosed],
    documents: Iterable[Document],
    signed_by: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The manifest as plain data, in the order of its schema; ``signed_by`` who signs it and the PDF."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "software": dict(sorted(result.software.items())),
        "methodologies": [methodology_data(bound.entry) for bound in result.claim.bounds],
        "command": command,
        "language": lang,
        "settings": dict(sorted(result.settings.items())),
        "result_sha256": result_sha256(result),
        "workbook": INPUTS + result.data.file,
        "files": [asdict(one) for one in enclosed],
        "documents": [asdict(one) for one in documents],
    }
    return data if signed_by is None else {**data, "signed_by": dict(signed_by)}


def command_text(workbook: str, formats: Sequence[str], lang: str, rows: str, *, with_evidence: bool) -> str:
    """The command that writes these reports, from the folder of the workbook."""
    text = f"jcm-mrv calculate {workbook} --formats {','.join(formats)} --lang {lang}"
    text += "" if rows == "monthly" else f" --rows {rows}"
    return text + (" --with-evidence" if with_evidence else "")


def manifest_json(data: dict[str, Any]) -> bytes:
    """The manifest as UTF-8 JSON text with a final newline."""
    return (json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode("utf-8")


def methodology_data(entry: Entry) -> dict[str, str]:
    """A card and the class with its equations, each with the checksum of its source."""
    declared = entry.methodology
    return {
        "number": entry.card.number,
        "version": entry.card.version,
        "package": f"{entry.package} {entry.package_version}",
        "card": entry.file,
        "card_sha256": entry.sha256,
        "class": f"{declared.__module__}.{declared.__qualname__}",
        "class_sha256": source_sha256(declared),
    }


def source_sha256(declared: type) -> str:
    """SHA-256 of the source of a class's module; that of nothing where there is no source."""
    source = inspect.getsourcefile(declared)
    return hashlib.sha256(Path(source).read_bytes() if source else b"").hexdigest()


def schema_text() -> str:
    """The JSON Schema (draft 2020-12) of the manifest."""
    return schemas.schema_text(schemas.MANIFEST)


def sources_of(result: Result, documents: Sequence[Document]) -> list[tuple[str, str, str]]:
    """The files that a result was made from: role, path from the folder of the workbook, SHA-256."""
    workbook, *others = result.inputs
    found = [("workbook", *workbook), *(("input", *other) for other in dict.fromkeys(others))]
    known = {path for _, path, _ in found}
    for one in documents:
        if one.included and one.path not in known:
            known.add(one.path)
            found.append(("document", one.path, one.sha256))
    return found
