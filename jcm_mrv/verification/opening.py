"""What a verifier names on the command line, opened and calculated: a monitoring workbook, or what was handed in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jcm_mrv.calculation import calculate_file
from jcm_mrv.errors import UnsafeFileError
from jcm_mrv.limits import MOST_FILE_BYTES
from jcm_mrv.reporting.result_json import result_data
from jcm_mrv.result import Result
from jcm_mrv.verification.packing import PACKAGE
from jcm_mrv.verification.submission import RESULT, is_monitoring_workbook, open_submission
from jcm_mrv.versions.changes import changes
from jcm_mrv.versions.reading import checked_result, read_version
from jcm_mrv.words import say
from jcm_mrv.workbook.change import Change
from jcm_mrv.workbook.changed_cells import changed_cells
from jcm_mrv.workbook.reading import read_workbook
from jcm_mrv.workbook.records import MonitoringData


@contextmanager
def opened(path: Path, evidence: Path | None = None) -> Iterator[Result]:
    """The result that follows from the inputs of a monitoring workbook, a package, or reports beside their inputs.

    What the report itself states is not used: ``jcm-mrv verify`` compares it. The files of a package lie in a temporary
    folder until the context ends.

    Raises UnsafeFileError where no inputs can be found, InputRefusedError where they cannot be calculated, and OSError.
    """
    if path.is_file() and path.suffix.lower() == ".xlsx" and _is_monitoring(path):
        yield calculate_file(path)
        return
    with tempfile.TemporaryDirectory(prefix="jcm-mrv-verify-") as folder:
        submission = open_submission(path, Path(folder))
        workbook = submission.workbook or _beside(path, evidence)
        yield calculate_file(workbook, submission.elsewhere)


def _is_monitoring(path: Path) -> bool:
    """Whether a workbook is one that jcm-mrv calculates; False where it cannot be read at all."""
    if path.stat().st_size > MOST_FILE_BYTES:
        return False
    try:
        return is_monitoring_workbook(path.read_bytes(), path.name)
    except UnsafeFileError:
        return False


def _beside(path: Path, evidence: Path | None) -> Path:
    """The only monitoring workbook of the folder that was given, else of the folder of the reports or those above."""
    place = path.resolve()
    folders = [evidence] if evidence else [*([place] if path.is_dir() else []), *place.parents[:2]]
    for folder in folders:
        found = [book for book in sorted(folder.glob("*.xlsx")) if book.is_file() and _is_monitoring(book)]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(book.name for book in found)
            raise UnsafeFileError(
                say(
                    "{folder} holds several monitoring workbooks ({names}): give the one that is meant",
                    folder=folder,
                    names=names,
                )
            )
    raise UnsafeFileError(
        say(
            "{path}: the monitoring workbook that it was made from is neither in it nor beside it. Give the package, "
            "the workbook, or the folder of the originals: --evidence DIR",
            path=path.name,
        )
    )


def changes_between(old: Path, new: Path) -> tuple[Change, ...]:
    """What changed from one version of a report to the next, cell by cell where both bring their workbook."""
    (before, book), (now, other) = version_of(old), version_of(new)
    return changes(before, now, changed_cells(book, other) if book and other else None)


def version_of(path: Path) -> tuple[Mapping[str, Any], MonitoringData | None]:
    """What a version of a report states, and the workbook that it was made from, where it brings one.

    Raises UnsafeFileError, also for a package that is not as its manifest says, InputRefusedError and OSError.
    """
    package = path / PACKAGE if path.is_dir() else path
    if package.is_file() and package.suffix.lower() == ".zip":
        return read_version(package)
    monitoring = path.is_file() and path.suffix.lower() == ".xlsx" and _is_monitoring(path)
    return stated(path), read_workbook(path) if monitoring else None


def stated(path: Path) -> Mapping[str, Any]:
    """What a version of a report states, as the data of ``result.json``: from the file itself, a folder, or a package.

    Of a monitoring workbook it is what follows from it. Raises UnsafeFileError, InputRefusedError and OSError.
    """
    if path.is_file() and path.suffix.lower() == ".json":
        return read_version(path)[0]
    if path.is_file() and path.suffix.lower() == ".xlsx" and _is_monitoring(path):
        return result_data(calculate_file(path))
    with tempfile.TemporaryDirectory(prefix="jcm-mrv-verify-") as folder:
        for report in open_submission(path, Path(folder)).reports:
            if report.name == RESULT:
                return checked_result(report.content, report.label)
    raise UnsafeFileError(
        say(
            "{path} holds no {result}: give the package, the folder of the reports or {result} itself",
            path=path.name,
            result=RESULT,
        )
    )
