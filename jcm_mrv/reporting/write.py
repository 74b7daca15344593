"""Writing the reports into a folder: all of them, or none.

Every report is rendered in memory before the first byte is written. What an
earlier calculation left is replaced and said; should one file refuse (open in
Excel, disk full), everything is put back as it was.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from jcm_mrv.file_sets import Say, write_together
from jcm_mrv.languages import BESIDE, LANGUAGES
from jcm_mrv.reporting.document.own_templates import OwnTemplates, own_templates
from jcm_mrv.result import Result
from jcm_mrv.words import SOURCE

__all__ = ["NAMES", "file_name", "plain_name", "rendered", "write_reports", "write_together", "written_here"]

NAMES: Mapping[str, str] = {
    "json": "result.json",
    "xlsx": "monitoring_report.xlsx",
    "pdf": "monitoring_report.pdf",
    "html": "monitoring_report.html",
    "package": "monitoring_package.zip",
}
"""Format to file name, in the order in which they are written."""
PACKAGE, PUBLIC = "package", "public"
OWN: Mapping[str, str] = {"pdf": "own_pdf", "html": "own_html"}
"""Formats that templates of one's own can draw, and what they draw."""
ALL: Mapping[str, str] = {
    **NAMES,
    PUBLIC: "monitoring_report_public.pdf",
    "own_pdf": "monitoring_report.own.pdf",
    "own_html": "monitoring_report.own.html",
}
"""With the version for the public and what templates of one's own draw: no reports to be verified, in no package."""
_SIGNED = ("pdf", PUBLIC, "own_pdf")
_SPOKEN = tuple(name for name in ALL if name != "json")


def file_name(form: str, lang: str) -> str:
    """The name of a report in a language: ``monitoring_report.vi.pdf``, so that none replaces that of another one."""
    stem, _, end = ALL[form].rpartition(".")
    return ALL[form] if lang == SOURCE or form not in _SPOKEN else f"{stem}.{lang}.{end}"


def plain_name(name: str) -> str:
    """The name that a report has in English."""
    return next((ALL[form] for form in ALL for lang in (*LANGUAGES, *BESIDE) if name == file_name(form, lang)), name)


def write_reports(
    result: Result,
    folder: Path,
    formats: Iterable[str],
    lang: str = "en",
    progress: Callable[[str], None] = lambda name: None,
    tell: Say = lambda text: None,
    package: Callable[[Mapping[str, bytes]], bytes] | None = None,
    rows: str = "monthly",
    sign: Callable[[bytes], bytes] = bytes,
    own: OwnTemplates | None = None,
) -> list[Path]:
    """Write the reports of a result into ``folder`` and return their paths.

    ``formats`` are keys of :data:`ALL`; ``result.json`` is written in any case,
    for by it the next calculation knows whose reports the others of the folder
    are, whatever their language. ``progress`` is told each file's
    name before it is rendered. A report of another format that an earlier
    calculation left there and that does not belong to this result is renamed
    to ``….earlier.…``, so that no two reports in a folder disagree; so is a
    file of a report's name that was not written here. ``tell`` is told each of
    it, and what is replaced. ``rows`` says how finely the workbook shows the values of logs, ``sign`` signs a PDF.
    With ``own`` templates PDF and page are drawn with them, under names of their own; where there is a package, which
    is verified by drawing its reports again, also as ever.

    Raises ValueError for an unknown format, OSError where the folder cannot
    be written to, InTheWayError where something that is no file has the name
    of a report, RequirementError where a PDF cannot be made on this machine.
    """
    wanted = {"json", *formats}
    if unknown := wanted - set(ALL):
        raise ValueError(f"no report format {', '.join(sorted(unknown))}")
    if own is not None:
        kept = set() if PACKAGE in wanted else set(OWN)
        wanted = (wanted - kept) | {OWN[form] for form in wanted & set(OWN)}
    contents: dict[str, bytes] = {}
    for name in (n for n in ALL if n in wanted and n != PACKAGE):
        progress(file_name(name, lang))
        with own_templates(own if name in OWN.values() else None):
            content = rendered(name.removeprefix("own_"), result, lang, rows)
        contents[file_name(name, lang)] = sign(content) if name in _SIGNED else content
    data = contents[NAMES["json"]]
    if PACKAGE in wanted:
        if package is None:
            raise ValueError("a package is made by the room that verifies it")
        progress(file_name(PACKAGE, lang))
        verified = {name: content for name, content in contents.items() if plain_name(name) in NAMES.values()}
        contents[file_name(PACKAGE, lang)] = package(verified)
    every = dict.fromkeys(file_name(form, other) for form in ALL for other in (*LANGUAGES, *BESIDE))
    stale = () if _holds(folder / NAMES["json"], data) else tuple(name for name in every if name not in contents)
    return write_together(folder, contents, stale, own=written_here, tell=tell)


def written_here(name: str, content: bytes) -> bool:
    """Whether a report is as jcm-mrv wrote it; False for one that a person saved anew, and for any other file."""
    if name.endswith(".json"):
        return content.startswith(b'{\n  "schema": "jcm-mrv-')
    if name.endswith(".xlsx"):
        return _never_saved(content)
    if name.endswith(".zip"):
        return _own_package(content)
    if name.endswith(".pdf"):
        ends = 2 if b"/T (JcmMrv)" in content[-200_000:] else 1  # a signature of --sign stands below the report
        return content.count(b"%%EOF") == ends and any(b"(jcm-mrv " in part for part in _unpacked(content))
    return b'<meta name="generator" content="jcm-mrv ' in content


def _unpacked(content: bytes) -> Iterator[bytes]:
    """The last objects of a PDF, among which the name of its maker is; what is added later stands below them."""
    for part in content[-200_000:].split(b"stream\n"):
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(part, 1_000_000)


def _own_package(content: bytes) -> bool:
    """Whether a package is as it was written: the manifest on top, and every time the fixed one."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        return False
    fixed = all(entry.date_time == (1980, 1, 1, 0, 0, 0) for entry in entries)
    return fixed and bool(entries) and entries[0].filename == "manifest.json"


def _never_saved(content: bytes) -> bool:
    """Whether a workbook's time of saving is the fixed one with which it was written."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            core = archive.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError, EOFError, OSError):
        return False
    return b">2020-01-01T00:00:00Z</dcterms:modified>" in core


def rendered(name: str, result: Result, lang: str, rows: str = "monthly") -> bytes:
    """A report of a result in memory; ``name`` is its format, ``rows`` how finely a workbook shows values of logs."""
    if name == "json":
        from jcm_mrv.reporting.result_json import result_json

        return result_json(result)
    if name == "xlsx":
        from jcm_mrv.reporting.excel.report import workbook_report

        return workbook_report(result, lang, rows)
    if name == "public":
        from jcm_mrv.reporting.document.pdf import public_pdf

        return public_pdf(result, lang)
    if name == "pdf":
        from jcm_mrv.reporting.document.pdf import report_pdf

        return report_pdf(result, lang)
    from jcm_mrv.reporting.document.page import report_page

    return report_page(result, lang)


def _holds(path: Path, data: bytes) -> bool:
    """True when the folder's result.json is that of this result, so that its other reports agree with it."""
    return path.is_file() and path.read_bytes() == data
