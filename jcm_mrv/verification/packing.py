"""``monitoring_package.zip``: inputs, reports and a manifest in one file that proves itself.

The same inputs give the same bytes: times, order and rights are fixed. Paths below ``inputs/`` are those from the
folder of the monitoring workbook, so that the paths on its sheets lead to the files.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from jcm_mrv.findings import refuse_on_error
from jcm_mrv.origin import Origin
from jcm_mrv.quality.records.earlier import earlier_files
from jcm_mrv.result import Result
from jcm_mrv.verification.manifest import (
    INPUTS,
    NAME,
    REPORTS,
    Document,
    Enclosed,
    manifest_data,
    manifest_json,
    sources_of,
)
from jcm_mrv.verification.signing.signer import NAME as SIGNATURE
from jcm_mrv.verification.signing.signer import Signer
from jcm_mrv.words import say
from jcm_mrv.workbook.folder_files import NoSuchFileError, OutsideFolderError, file_inside
from jcm_mrv.workbook.unchanged import CHANGED

PACKAGE = "monitoring_package.zip"
_TIME = (1980, 1, 1, 0, 0, 0)
_BLOCK = 1 << 20
_PACKED = (".xlsx", ".pdf", ".zip", ".parquet", ".png", ".jpg", ".jpeg", ".gz")


def package(
    result: Result,
    reports: Mapping[str, bytes],
    command: str,
    lang: str,
    *,
    with_evidence: bool = False,
    signer: Signer | None = None,
) -> bytes:
    """A package of a result: what it was calculated from, and ``reports`` by file name.

    ``with_evidence`` encloses the documents of the sheet Evidence as well; their checksums are stated in any case.
    ``signer`` makes a detached signature of the manifest, which names it and lies beside it.

    Raises InputRefusedError where a file changed since it was read, and OSError.
    """
    folder = result.data.path.parent
    documents = list(_documents(result, folder, included=with_evidence))
    sources = [
        Enclosed(INPUTS + path, role, (folder / path).stat().st_size, sha256)
        for role, path, sha256 in [*sources_of(result, documents), *_earlier(result, folder)]
    ]
    made = [Enclosed(REPORTS + name, "report", len(data), _sha256(data)) for name, data in reports.items()]
    about = None if signer is None else signer.about
    manifest = manifest_json(manifest_data(result, command, lang, [*sources, *made], documents, about))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(_entry(NAME, len(manifest)), manifest)
        for one in sources:
            _enclose(archive, one, folder / one.path.removeprefix(INPUTS))
        for one in made:
            archive.writestr(_entry(one.path, one.size), reports[one.path.removeprefix(REPORTS)])
        if signer is not None:
            signature = signer.manifest(manifest)
            archive.writestr(_entry(SIGNATURE, len(signature)), signature)
    return buffer.getvalue()


def _documents(result: Result, folder: Path, *, included: bool) -> Iterator[Document]:
    """The files that the sheet Evidence names, once each."""
    inputs = dict(result.inputs)
    for row in {row.file.strip(): row for row in reversed(result.data.evidence) if row.file.strip()}.values():
        name = row.file.strip()
        known = Document(row.document_id, name, result.data.elsewhere.get(name, ""), included=False)
        try:
            path, _ = file_inside(folder, name)
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except (OutsideFolderError, NoSuchFileError, OSError):
            yield known
            continue
        yield replace(known, sha256=sha256, included=included or known.path in inputs)


def _earlier(result: Result, folder: Path) -> Iterator[tuple[str, str, str]]:
    """Results of earlier periods that findings speak of."""
    for path in earlier_files(result.data):
        yield "earlier result", path.relative_to(folder).as_posix(), _sha256(path.read_bytes())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _entry(path: str, size: int) -> zipfile.ZipInfo:
    """An entry whose header says the same on every machine; the size decides whether it needs the long form."""
    info = zipfile.ZipInfo(path, _TIME)
    info.create_system = 3
    info.external_attr = 0o100644 << 16
    info.compress_type = zipfile.ZIP_STORED if path.lower().endswith(_PACKED) else zipfile.ZIP_DEFLATED
    info.file_size = size
    return info


def _enclose(archive: zipfile.ZipFile, one: Enclosed, path: Path) -> None:
    """Put a file into the archive, block by block; refuse one that is no longer as it was read."""
    digest = hashlib.sha256()
    with path.open("rb") as file, archive.open(_entry(one.path, one.size), "w") as target:
        while block := file.read(_BLOCK):
            digest.update(block)
            target.write(block)
    if digest.hexdigest() != one.sha256:
        message = say("the file changed after it was read, so the package would not hold what was calculated")
        action = say("Save and close it in other programs, wait until it is written, and calculate again.")
        refuse_on_error([CHANGED(message, Origin(file=path.name), found=say("another SHA-256"), action=action)])
