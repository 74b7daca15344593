"""Writing the reports into a folder: all of them, or none.

Every report is rendered in memory before the first byte is written. What an
earlier calculation left is replaced; should one file refuse (open in Excel,
disk full), everything is put back as it was.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from shutil import rmtree

from jcm_mrv.result import Result

NAMES: Mapping[str, str] = {
    "json": "result.json",
    "xlsx": "monitoring_report.xlsx",
    "pdf": "monitoring_report.pdf",
    "html": "monitoring_report.html",
}
"""Format to file name, in the order in which they are written."""


def write_reports(
    result: Result,
    folder: Path,
    formats: Iterable[str],
    lang: str = "en",
    progress: Callable[[str], None] = lambda name: None,
) -> list[Path]:
    """Write the reports of a result into ``folder`` and return their paths.

    ``formats`` are keys of :data:`NAMES`; ``progress`` is told each file's
    name before it is rendered. A report of another format that an earlier
    calculation left there and that does not belong to this result is renamed
    to ``….earlier.…``, so that no two reports in a folder disagree.

    Raises ValueError for an unknown format, OSError where the folder cannot
    be written to, RequirementError where a PDF cannot be made on this machine.
    """
    wanted = set(formats)
    if unknown := wanted - set(NAMES):
        raise ValueError(f"no report format {', '.join(sorted(unknown))}")
    contents: dict[str, bytes] = {}
    for name in (n for n in NAMES if n in wanted):
        progress(NAMES[name])
        contents[NAMES[name]] = _render(name, result, lang)
    data = contents.get(NAMES["json"]) or _render("json", result, lang)
    stale = () if _holds(folder / NAMES["json"], data) else tuple(NAMES[n] for n in NAMES if n not in wanted)
    return write_together(folder, contents, stale)


def _render(name: str, result: Result, lang: str) -> bytes:
    if name == "json":
        from jcm_mrv.reporting.result_json import result_json

        return result_json(result)
    if name == "xlsx":
        from jcm_mrv.reporting.excel.report import workbook_report

        return workbook_report(result, lang)
    if name == "pdf":
        from jcm_mrv.reporting.document.pdf import report_pdf

        return report_pdf(result, lang)
    from jcm_mrv.reporting.document.page import report_page

    return report_page(result, lang)


def _holds(path: Path, data: bytes) -> bool:
    """True when the folder's result.json is that of this result, so that its other reports agree with it."""
    return path.is_file() and path.read_bytes() == data


def write_together(folder: Path, contents: Mapping[str, bytes], set_aside: Iterable[str] = ()) -> list[Path]:
    """Write files into a folder so that all of them appear, or none and nothing is lost.

    Files named in ``set_aside`` are renamed. Raises OSError; the folder is
    then as it was before.
    """
    with _made(folder), _workspace(folder) as work, ExitStack() as undo:
        for name, content in contents.items():
            (work / name).write_bytes(content)
        for name in set_aside:
            if (folder / name).exists():
                earlier = (folder / name).with_suffix(f".earlier{Path(name).suffix}")
                _keep(earlier, work, undo)
                _move(folder / name, earlier, undo)
        for name in contents:
            _keep(folder / name, work, undo)
            _move(work / name, folder / name, undo)
        undo.pop_all()
    return [folder / name for name in contents]


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make the folder and its parents; on failure those that were not there go again."""
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    with ExitStack() as undo:
        for path in reversed(missing):
            path.mkdir()
            undo.callback(_remove_empty, path)
        yield
        undo.pop_all()


def _remove_empty(path: Path) -> None:
    with suppress(OSError):
        path.rmdir()


@contextmanager
def _workspace(folder: Path) -> Iterator[Path]:
    """A hidden folder on the same disk, so that what is in it can be moved in one step."""
    work = Path(tempfile.mkdtemp(prefix=".jcm-mrv-", dir=folder))
    try:
        yield work
    finally:
        rmtree(work, ignore_errors=True)


def _keep(path: Path, work: Path, undo: ExitStack) -> None:
    """Take a file that is in the way aside until everything has succeeded."""
    if path.exists():
        _move(path, work / f"{path.name}.before", undo)


def _move(source: Path, target: Path, undo: ExitStack) -> None:
    os.replace(source, target)  # noqa: PTH105 - Path.replace hides which of the two names refused
    undo.callback(os.replace, target, source)
