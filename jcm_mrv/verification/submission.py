"""What was handed in: a package, an output folder, a workbook report or a PDF, opened with care and hashed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from jcm_mrv.errors import UnsafeFileError
from jcm_mrv.languages import LANGUAGES
from jcm_mrv.limits import MOST_FILE_BYTES
from jcm_mrv.reporting.write import NAMES, file_name, plain_name
from jcm_mrv.verification import manifest as manifests
from jcm_mrv.verification.books import read_book
from jcm_mrv.verification.checks import Check, Verdict
from jcm_mrv.verification.packing import PACKAGE
from jcm_mrv.verification.signing.checking import MANIFEST as SIGNED
from jcm_mrv.verification.signing.checking import NOBODY, Signature, Trust, signature_checks
from jcm_mrv.verification.signing.signer import NAME as SIGNATURE
from jcm_mrv.versions.archive import unpack_package
from jcm_mrv.versions.schemas import MANIFEST, schema_faults
from jcm_mrv.versions.schemas import RESULT as RESULT_SCHEMA
from jcm_mrv.versions.strict_json import read_json
from jcm_mrv.versions.values import shown
from jcm_mrv.words import say
from jcm_mrv.workbook.folder_files import NoSuchFileError, OutsideFolderError, file_inside
from jcm_mrv.workbook.scan import sheet_titles

RESULT = NAMES["json"]
_SHA256 = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True)
class Report:
    """A report that was handed in: ``label`` is how it is called here, ``name`` what it is among the reports."""

    label: str
    name: str
    content: bytes


@dataclass(frozen=True)
class Submission:
    """What was handed in.

    ``workbook`` is the monitoring workbook beside its logs, None where nobody gave it; ``results`` are the copies of
    ``result.json`` by where they were found.
    """

    kind: str
    reports: tuple[Report, ...]
    results: Mapping[str, Any] = field(default_factory=dict)
    manifest: Mapping[str, Any] | None = None
    workbook: Path | None = None
    checks: tuple[Check, ...] = ()

    @property
    def stated(self) -> Any:
        """The result that was stated; None where no report holds it as data."""
        return next(iter(self.results.values()), None)

    @property
    def elsewhere(self) -> dict[str, str]:
        """Documents of Evidence that are not in the package, with their stated checksums."""
        documents = self.manifest["documents"] if self.manifest else ()
        return {one["file"]: one["sha256"] for one in documents if not one["included"]}


def open_submission(path: Path, temporary: Path, trust: Trust = NOBODY) -> Submission:
    """Open what was handed in; packages are unpacked below ``temporary``.

    ``trust`` is what the verifier relies on where it is signed.

    Raises UnsafeFileError for what is neither a package, a folder of reports, a workbook report nor a PDF.
    """
    if path.is_dir():
        return _folder(path, temporary, trust)
    with path.open("rb") as file:
        begin = file.read(1024)
    if b"%PDF-" in begin:
        return Submission("PDF", (_report(path, NAMES["pdf"]),))
    if not begin.startswith(b"PK"):
        raise UnsafeFileError(
            say("{path} is neither a package, a workbook report nor a PDF of jcm-mrv", path=path.name)
        )
    if path.suffix.lower() == ".xlsx":
        return _workbook(path)
    return _package(path, temporary, trust=trust)


def _workbook(path: Path) -> Submission:
    report = _report(path, NAMES["xlsx"])
    if is_monitoring_workbook(report.content, path.name):
        raise UnsafeFileError(
            say(
                "{path} is a monitoring workbook, not a report: give the package, the folder of the reports, "
                "monitoring_report.xlsx or the PDF",
                path=path.name,
            )
        )
    return Submission("workbook report", (report,))


def is_monitoring_workbook(content: bytes, name: str) -> bool:
    """Whether a workbook is the one that people fill in, not a report. Raises UnsafeFileError for what is no .xlsx."""
    titles = sheet_titles(dict(read_book(content, name).parts), name)
    return {"Meters", "Monitoring points", "Project"} <= set(titles)


def _report(path: Path, name: str, label: str = "") -> Report:
    size = path.stat().st_size
    if size > MOST_FILE_BYTES:
        raise UnsafeFileError(
            say(
                "{path}: it has {size:,} bytes, more than {most_file_bytes:,}",
                path=path.name,
                size=size,
                most_file_bytes=MOST_FILE_BYTES,
            )
        )
    return Report(label or path.name, name, path.read_bytes())


def _folder(path: Path, temporary: Path, trust: Trust) -> Submission:
    """The reports of a folder, and those of the package in it."""
    names = dict.fromkeys(file_name(form, lang) for form in NAMES for lang in LANGUAGES)
    loose = [
        _report(path / name, plain_name(name))
        for name in names
        if plain_name(name) != PACKAGE and _is_file(path / name)
    ]
    packages = [name for name in names if plain_name(name) == PACKAGE and _is_file(path / name)]
    inside = Submission("folder", ())
    if packages:
        inside = _package(path / packages[0], temporary, f"{packages[0]}/", trust)
    if not (loose or inside.reports):
        raise UnsafeFileError(
            say("{path}: there is no report in this folder ({values})", path=path, values=", ".join(NAMES.values()))
        )
    return replace(inside, kind="folder", reports=(*loose, *inside.reports))


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


# --- packages ------------------------------------------------------------------------


def _package(path: Path, temporary: Path, label: str = "", trust: Trust = NOBODY) -> Submission:
    folder = temporary / "package"
    files = unpack_package(path, folder)
    manifest = read_json(files[manifests.NAME].read_bytes(), manifests.NAME)
    if faults := list(schema_checks(manifest, MANIFEST, label + manifests.NAME)):
        return Submission("package", (), checks=tuple(faults))
    checks = [*_hashes(manifest, files, label), *_listed_once(manifest)]
    checks += _signed(files, label, trust, manifest.get("signed_by"))
    reports = [
        _report(files[one["path"]], plain_name(PurePosixPath(one["path"]).name), label + one["path"])
        for one in manifest["files"]
        if one["role"] == "report" and one["path"] in files
    ]
    known = [one for one in reports if one.name in NAMES.values()]
    checks += [
        Check(one.name, one.label, Verdict.REFUSED, note=say("no report of jcm-mrv has this name"))
        for one in reports
        if one not in known
    ]
    workbook = files.get(manifest["workbook"])
    return Submission("package", tuple(known), {}, manifest, workbook, tuple(checks))


def _signed(
    files: Mapping[str, Path], label: str, trust: Trust, signed_by: Mapping[str, str] | None
) -> Iterator[Check]:
    """The signature of the manifest where there is one; where a signer is expected, that there is none."""
    where = label + SIGNATURE
    if SIGNATURE in files:
        found = Signature(SIGNED, where, files[SIGNATURE].read_bytes())
        yield from signature_checks(files[manifests.NAME].read_bytes(), found, trust, signed_by)
    elif signed_by:
        note = say("the manifest says that it is signed, and it is not")
        yield Check(SIGNED, where, Verdict.MISSING, signed_by["subject"], note=note)
    elif trust.certificates:
        yield Check(SIGNED, where, Verdict.MISSING, note=say("the package is not signed"))


def _hashes(manifest: Mapping[str, Any], files: Mapping[str, Path], label: str) -> Iterator[Check]:
    """Each file against the manifest, what is missing, and what nobody spoke of."""
    stated = {one["path"]: one for one in manifest["files"]}
    for path, one in stated.items():
        if path not in files:
            yield Check(
                path, label + manifests.NAME, Verdict.MISSING, one["sha256"], note=say("it is not in the package")
            )
            continue
        found, size = file_sha256(files[path]), files[path].stat().st_size
        same = (found, size) == (one["sha256"], one["size"])
        verdict = Verdict.REPRODUCED if same else Verdict.DIFFERS
        note = "" if same else say("the file is not the one of the manifest")
        yield Check(path, label + path, verdict, one["sha256"], found, note=note)
    for path in files:
        if path not in stated and path not in (manifests.NAME, SIGNATURE):
            yield Check(
                path,
                label + path,
                Verdict.DIFFERS,
                "",
                file_sha256(files[path]),
                note=say("the manifest has no such file"),
            )


def _listed_once(manifest: Mapping[str, Any]) -> Iterator[Check]:
    paths = [one["path"] for one in manifest["files"]]
    for path in sorted({path for path in paths if paths.count(path) > 1}) if len(paths) < 10_000 else ():
        yield Check(path, manifests.NAME, Verdict.DIFFERS, note=say("the manifest lists the file twice"))


def file_sha256(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def schema_checks(data: Any, schema: str, where: str) -> Iterator[Check]:
    """Where data does not keep its schema; nothing where it does."""
    for path, fault in schema_faults(data, schema):
        yield Check(path, f"{where}: {path}", Verdict.REFUSED, note=fault)


def result_checks(data: Any, where: str) -> Iterator[Check]:
    """Where a result does not keep its schema."""
    yield from schema_checks(data, RESULT_SCHEMA, where)


# --- the originals ---------------------------------------------------------------------


def with_originals(submission: Submission, folders: Iterable[Path]) -> Submission:
    """The submission with the monitoring workbook of the first folder that holds it, where it brought none itself.

    It is the file that the result names, or that has a checksum which a report states.
    """
    if submission.workbook is not None:
        return submission
    for folder in folders:
        if (found := _original(submission, folder)) is not None:
            return replace(submission, workbook=found)
    return submission


def _original(submission: Submission, folder: Path) -> Path | None:
    stated = submission.stated
    name = stated["inputs"][0]["path"] if stated else ""
    if name and _is_file(folder / PurePosixPath(name).name):
        return folder / PurePosixPath(name).name
    hashes = _stated_hashes(submission)
    books = sorted(p for p in folder.glob("*.xlsx") if _is_file(p))
    return next((book for book in books if file_sha256(book) in hashes), None)


def _stated_hashes(submission: Submission) -> set[str]:
    """Every SHA-256 that stands in a workbook report or a page."""
    found: set[str] = set()
    for report in submission.reports:
        if report.name == NAMES["xlsx"]:
            cells = (c for s in read_book(report.content, report.label).sheets.values() for c in s.cells.values())
            found |= {c.value for c in cells if isinstance(c.value, str) and _SHA256.fullmatch(c.value)}
        else:
            found |= set(_SHA256.findall(report.content.decode("utf-8", "replace")))
    return found


def original_checks(submission: Submission, evidence: Path, *, enclosed: bool = False) -> Iterator[Check]:
    """The originals in a folder against the checksums that were stated for them.

    ``enclosed`` says that the folder is that of the package: documents which stay with the proponent are not in it.
    """
    stated = submission.stated
    files = [(one["path"], one["sha256"]) for one in stated["inputs"]] if stated else []
    listed = (submission.manifest or {}).get("documents", ())
    documents = [(one["file"], one["sha256"]) for one in listed if one["included"] or not enclosed]
    inside = manifests.INPUTS if submission.manifest else ""
    for name, sha256 in dict.fromkeys((*files, *documents)):
        where = inside + name if enclosed else say("original {name}", name=name)
        try:
            found = file_sha256(file_inside(evidence, name)[0])
        except (NoSuchFileError, OutsideFolderError, OSError) as error:
            yield Check(name, where, Verdict.MISSING, sha256, note=shown(str(error)))
            continue
        verdict = Verdict.REPRODUCED if found == sha256 else Verdict.DIFFERS
        note = "" if found == sha256 else _another_file(name, stated, enclosed=enclosed)
        note = note if sha256 else say("it was not there when the report was made")
        yield Check(name, where, verdict, sha256, found, note=note)


def _another_file(name: str, stated: Mapping[str, Any] | None, *, enclosed: bool) -> str:
    """What is said of a file that is another one; of a monitoring workbook also how to see what differs in it."""
    if enclosed:
        return say("this is not the file that the report was made from")
    if stated and name == stated["inputs"][0]["path"]:
        return say(
            "the original is not the file that the report was made from; --against with the original lists what differs"
        )
    return say("the original is not the file that the report was made from")
