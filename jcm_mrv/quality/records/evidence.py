"""The sheet Evidence: the files that it names are there and unchanged, and each document proves something."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.words import say
from jcm_mrv.workbook.folder_files import NoSuchFileError, OutsideFolderError, file_inside
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.references import names
from jcm_mrv.workbook.rows import EvidenceRow

FILE_MISSING = Code("evidence.file_missing", Severity.MAJOR, "A file that the sheet Evidence names is not there.")
CHECKSUM = Code("evidence.sha256", Severity.MAJOR, "A file is not the one whose checksum the sheet Evidence holds.")
UNUSED = Code("evidence.unused", Severity.NOTE, "A document of the sheet Evidence is named nowhere else.")

_SHA256 = re.compile(r"[0-9a-f]{64}")
# Texts that may name a document among other words.
_MENTIONS = {
    "fixed": ("document",),
    "conversions": ("document",),
    "estimates": ("source",),
    "calibrations": ("certificate",),
    "points": ("share_basis", "comment"),
    "settings": ("reason",),
    "invoices": ("file",),
    "logs": ("file",),
}


def evidence_file_findings(data: MonitoringData) -> Iterator[Finding]:
    """Documents that are not there, have changed, or prove nothing."""
    rows = data.evidence
    for row in rows:
        if row.file.strip():
            yield from _file(row, data.path.parent, data.elsewhere)
    yield from _unused(rows, data)


def _file(row: EvidenceRow, folder: Path, elsewhere: Mapping[str, str]) -> Iterator[Finding]:
    document, name = row.document_id, row.file.strip()
    try:
        stated = row.sha256.strip().casefold()
        real = elsewhere.get(name) or _sha256(file_inside(folder, name)[0], wanted=bool(stated))
    except (OutsideFolderError, NoSuchFileError, OSError) as error:
        yield _missing(row, document, name, error)
        return
    if stated and stated != real:
        yield _changed(row, document, name, stated, real)


def _missing(row: EvidenceRow, document: str, name: str, error: Exception) -> Finding:
    outside = isinstance(error, OutsideFolderError)
    cannot = say("lies outside the folder of the workbook") if outside else say("is not in the folder of the workbook")
    if not isinstance(error, OutsideFolderError | NoSuchFileError):
        cannot = say("cannot be read")
    return FILE_MISSING(
        say("the file of document {document} {cannot}", document=document, cannot=cannot),
        row.origin("file"),
        found=name,
        action=say(
            "Copy the files into the folder of the workbook (or below it) and write their names from there. Where a "
            "document exists on paper only, leave File empty."
        ),
    )


def _changed(row: EvidenceRow, document: str, name: str, stated: str, real: str) -> Finding:
    if not _SHA256.fullmatch(stated):
        return CHECKSUM(
            say(
                "what stands as SHA-256 of document {document} is none: it has 64 digits, 0 to 9 and a to f",
                document=document,
            ),
            row.origin("sha256"),
            found=stated,
            action=say(
                "The file {name} has {real}. Enter that if it is the right file, or leave the cell empty.",
                name=name,
                real=real,
            ),
        )
    return CHECKSUM(
        say("the file of document {document} is not the one that was entered: its checksum differs", document=document),
        row.origin("sha256"),
        found=say("{name} has {real}", name=name, real=real),
        action=say(
            "Put the file back as it was, or, if the new one is right, enter its checksum and say what changed."
        ),
    )


def _sha256(path: Path, *, wanted: bool) -> str:
    """SHA-256 of a file, '' where nothing is to be compared with it. Raises OSError."""
    if not wanted:
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unused(rows: Sequence[EvidenceRow], data: MonitoringData) -> Iterator[Finding]:
    named, texts = _named(data), "\n".join(_mentions(data))
    for row in rows:
        document, file = row.document_id.strip(), row.file.strip()
        word = rf"(?<!\w){re.escape(document)}(?!\w)"
        if document and document not in named and not re.search(word, texts) and (not file or file not in texts):
            yield UNUSED(
                say("document {document} is named on no other sheet", document=document),
                row.origin("document_id"),
                found=row.title,
                action=say("Name the documents in the column Evidence of the rows that they prove, or remove them."),
            )


def _named(data: MonitoringData) -> set[str]:
    """The documents in every column Evidence."""
    cells = [r.cells["evidence"].text for rows in data.tables.values() for r in rows if "evidence" in r.cells]
    return {name for cell in {*cells, *data.readings.evidence} for name in names(cell)}


def _mentions(data: MonitoringData) -> Iterator[str]:
    yield data.project.pdd
    for key, columns in _MENTIONS.items():
        for row in data.tables[key]:
            yield from (row.cells[column].text for column in columns)
