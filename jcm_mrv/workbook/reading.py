"""Reading a monitoring workbook: every value with its origin, every fault at once.

:func:`read_workbook` never raises for what is wrong with the file: all of it
is in ``findings``. The values come from python-calamine; what that reader
does not tell comes from a scan of the sheets' XML.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from jcm_mrv.collector import without_collector
from jcm_mrv.findings import Code, Finding, Severity, named
from jcm_mrv.guard import reading
from jcm_mrv.limits import MOST_FILE_BYTES, MOST_ROWS
from jcm_mrv.origin import Origin
from jcm_mrv.words import joined, say
from jcm_mrv.workbook.cells import FindingList, Raw, is_blank, shown
from jcm_mrv.workbook.examples import without_examples
from jcm_mrv.workbook.grid import Grid, has_headings
from jcm_mrv.workbook.marks import mark_findings, marks_of
from jcm_mrv.workbook.readings import read_readings
from jcm_mrv.workbook.records import MonitoringData, ReadingTable, no_readings
from jcm_mrv.workbook.scan import SheetScan, column_letters, column_number, scan_sheets, sheet_parts, sheet_titles
from jcm_mrv.workbook.schema import GUIDE, LISTS, SHEETS, fold
from jcm_mrv.workbook.schema_columns import Sheet
from jcm_mrv.workbook.second_headings import without_second_headings
from jcm_mrv.workbook.tables import empty_form, read_form, read_table
from jcm_mrv.workbook.unpacking import DAMAGED, MACROS, NOT_FOUND, TOO_LARGE, PackageError, unpack
from jcm_mrv.workbook.written import as_written

SHEET_MISSING = Code("input.sheet_missing", Severity.ERROR, "A sheet is missing")
SHEET_UNKNOWN = Code("input.sheet_unknown", Severity.NOTE, "A sheet is not read")
SHEET_DUPLICATE = Code("input.sheet_duplicate", Severity.ERROR, "Two sheets have the same name")
ERROR_CELL = Code("input.error_cell", Severity.ERROR, "A cell holds an error such as #DIV/0!")
NOT_CALCULATED = Code("input.formula_not_calculated", Severity.ERROR, "A formula was never calculated")
FORMULA = Code("input.formula", Severity.NOTE, "Cells hold formulas; their results are read")
MERGED = Code("input.merged_cells", Severity.ERROR, "Cells are merged")
NOT_FOLLOWED = Code("input.not_followed", Severity.NOTE, "Macros are not run and links to other workbooks not followed")
TOO_MANY = Code("input.too_many", Severity.ERROR, "There is more than can be calculated at once")
ROWS_ABOVE = Code("input.rows_above", Severity.MINOR, "Rows above the headings of a sheet are not read")
HIDDEN = Code("input.hidden", Severity.NOTE, "Something hidden is read as well")

_KNOWN = frozenset(fold(title) for title in (*(s.title for s in SHEETS), GUIDE, LISTS))
_HIGHEST_HEADINGS = 10  # rows in which the headings of a sheet are looked for


def read_workbook(path: Path) -> MonitoringData:
    """Read the monitoring workbook at ``path``; what needs several sheets or other files is not looked at here.

    Never raises for faults of the file or its data; they are findings, those of
    severity error forbid calculating with it.
    """
    findings = FindingList()
    try:
        content = _content(path)
    except PackageError as error:
        findings.add(error.finding)
        return _nothing(path, "", findings)
    except OSError as error:
        findings.add(_not_there(path, error))
        return _nothing(path, "", findings)
    digest = hashlib.sha256(content).hexdigest()
    try:
        with without_collector():
            return _read(path, digest, as_written(_grids(content, path.name, findings), findings), findings)
    except PackageError as error:
        findings.add(error.finding)
        return _nothing(path, digest, findings)


def _content(path: Path) -> bytes:
    """The bytes of a file, of one that is too large none. Raises PackageError and OSError."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size  # reading sets aside what is asked for, however small the file
        content = file.read(min(size, MOST_FILE_BYTES) + 1)
    if len(content) > MOST_FILE_BYTES:
        message = say(
            "the file is larger than {most_file_bytes} MB, which no monitoring workbook is",
            most_file_bytes=MOST_FILE_BYTES // 1000000,
        )
        action = say("Name the workbook itself; put long series of readings into .csv files (sheet Logs).")
        raise PackageError(TOO_LARGE(message, Origin(file=path.name), action=action))
    return content


def _refuse_rows(grid: Grid) -> None:
    """Raises PackageError for a sheet of more rows than are calculated with in seconds."""
    rows = grid.filled
    most = MOST_ROWS.get(grid.schema.key, 1_000)
    if len(rows) > most:
        message = say(
            "the sheet has more than {most:,} rows, the limit up to which it is calculated (limits.md)", most=most
        )
        action = say("Divide the claim among several workbooks.")
        if grid.schema.key == "readings":
            action = say("Put long series of readings into .csv files and name them on the sheet Logs.")
        where = grid.origin(int(rows[most]), -1)
        raise PackageError(
            TOO_MANY(message, where, found=say("{number_of_rows:,} rows", number_of_rows=len(rows)), action=action)
        )


def _not_there(path: Path, error: OSError) -> Finding:
    where = Origin(file=path.name)
    if path.is_dir():
        return NOT_FOUND(say("this is a folder, not a workbook"), where, action=say("Name the .xlsx file in it."))
    if path.exists():
        message = say("the file cannot be opened")
        action = say("Close it in other programs and check that you may read it.")
        return NOT_FOUND(message, where, found=error.strerror or "", action=action)
    return NOT_FOUND(say("there is no such file"), where, action=say("Check the name and the folder."))


def _nothing(path: Path, digest: str, findings: FindingList) -> MonitoringData:
    form = empty_form(SHEETS[0], path.name)
    return MonitoringData(path, path.name, digest, form, no_readings(path.name), findings.collected())


def _grids(content: bytes, file: str, findings: FindingList) -> dict[str, Grid]:
    """The sheets of the schema that the file has, by key."""
    parts = unpack(content, file)
    _report_foreign(parts, file, findings)
    titles = sheet_titles(parts, file)
    by_fold = _by_fold(titles, file, findings)
    wanted = [by_fold[fold(s.title)] for s in SHEETS if fold(s.title) in by_fold]
    missing = [s for s in SHEETS if s.required and fold(s.title) not in by_fold]
    wanted += [t for t in titles if t not in wanted and fold(t) not in (fold(GUIDE), fold(LISTS))] if missing else []
    scans = scan_sheets(parts, set(wanted), file)
    marks = marks_of(parts, {title: part for title, part in sheet_parts(parts, file).items() if title in wanted})
    parts.clear()
    rows = _rows(content, wanted, titles, file)
    _renamed_sheets(missing, by_fold, rows, file, findings)
    _unknown_sheets(titles, by_fold, file, findings)
    _missing_sheets(by_fold, file, findings)
    grids = {}
    for schema in SHEETS:
        title = by_fold.get(fold(schema.title))
        if title is not None:
            grids[schema.key] = _grid(file, schema, title, rows[title], scans[title], findings)
            _refuse_rows(grids[schema.key])
            for finding in mark_findings(grids[schema.key], marks[title]):
                findings.add(finding)
    return grids


def _report_foreign(parts: Iterable[str], file: str, findings: FindingList) -> None:
    links = [name for name in parts if name.startswith("xl/externalLinks/externalLink")]
    macros = [name for name in parts if name.endswith(MACROS)]
    found = ["macros"] * bool(macros) + [
        say("links to {number_of_links} other workbooks", number_of_links=len(links))
    ] * bool(links)
    if found:
        message = say("macros are not run and other workbooks not opened; the values stored in this file are read")
        action = say(
            "Write the values themselves where they come from another workbook, and save as .xlsx without macros."
        )
        findings.add(NOT_FOLLOWED(message, Origin(file=file), found=", ".join(found), action=action))


def _by_fold(titles: list[str], file: str, findings: FindingList) -> dict[str, str]:
    by_fold: dict[str, str] = {}
    for title in titles:
        if fold(title) in _KNOWN and fold(title) in by_fold:
            where = Origin(file=file, sheet=title)
            message = say(
                "the sheets “{by_fold}” and “{title}” have the same name", by_fold=by_fold[fold(title)], title=title
            )
            findings.add(SHEET_DUPLICATE(message, where, action=say("Rename or delete one of the two.")))
        by_fold.setdefault(fold(title), title)
    return by_fold


def _renamed_sheets(
    missing: list[Sheet], by_fold: dict[str, str], rows: dict[str, list[list[Raw]]], file: str, findings: FindingList
) -> None:
    """Sheets under another name, by their headings: refused, and read for the sake of all other findings."""
    for schema in missing:
        titles = [title for title, lines in rows.items() if fold(title) not in _KNOWN and has_headings(schema, lines)]
        if len(titles) != 1:
            continue
        by_fold[fold(schema.title)] = titles[0]
        message = say(
            "the sheet “{title}” has the headings of the sheet “{meant}”", title=titles[0], meant=schema.title
        )
        action = say("Rename the sheet “{title}” to “{meant}”.", title=titles[0], meant=schema.title)
        where = Origin(file=file, sheet=titles[0])
        findings.add(SHEET_MISSING(message, where, found=titles[0], action=action))


def _unknown_sheets(titles: list[str], by_fold: dict[str, str], file: str, findings: FindingList) -> None:
    read = {title for key, title in by_fold.items() if key in _KNOWN}
    for title in titles:
        if fold(title) not in _KNOWN and title not in read:
            message = say("the sheet is not one of the monitoring workbook, so it is not read")
            action = say("Nothing, if it is your own working sheet.")
            findings.add(SHEET_UNKNOWN(message, Origin(file=file, sheet=title), action=action))


def _missing_sheets(by_fold: dict[str, str], file: str, findings: FindingList) -> None:
    for schema in SHEETS:
        if fold(schema.title) in by_fold or schema.later:
            continue
        where = Origin(file=file, sheet=schema.title)
        severity = Severity.ERROR if schema.required else Severity.NOTE
        action = say("Take the sheet “{title}” from a new template (jcm-mrv template).", title=schema.title)
        if not schema.required:
            action = say("Nothing, if you have nothing to say there.")
        message = say("the sheet “{title}” is missing", title=schema.title)
        findings.add(SHEET_MISSING(message, where, found=say("no such sheet"), action=action, severity=severity))


def _rows(content: bytes, wanted: list[str], titles: list[str], file: str) -> dict[str, list[list[Raw]]]:
    import python_calamine as calamine

    def refused(found: str) -> PackageError:
        action = say("Open it in Excel or LibreOffice, let it be repaired, and save it.")
        return PackageError(DAMAGED(say("the workbook cannot be read"), Origin(file=file), found=found, action=action))

    with reading(refused), calamine.load_workbook(io.BytesIO(content)) as book:
        if list(book.sheet_names) != titles:
            found = ", ".join(book.sheet_names)
            raise PackageError(DAMAGED(say("the list of sheets is inconsistent"), Origin(file=file), found=found))
        return {t: book.get_sheet_by_name(t).to_python(skip_empty_area=False) for t in wanted}


def _grid(file: str, schema: Sheet, title: str, rows: list[list[Raw]], scan: SheetScan, findings: FindingList) -> Grid:
    bad = frozenset([ref for ref, _ in scan.error_cells] + list(scan.uncalculated))
    rows, above = _from_headings(Grid(file, schema, schema.title, rows, bad), findings)
    scan = replace(scan, merges=tuple(ref for ref in scan.merges if not above or _ends(ref) > above))
    grid = without_examples(Grid(file, schema, schema.title, rows, bad), findings)
    grid = without_second_headings(grid, findings)
    scan = replace(scan, hidden_columns=tuple(c for c in scan.hidden_columns if _holds(grid.rows, *c)))
    _report_scan(scan, file, title, len(rows[0]) if rows else 0, len(rows), findings)
    return grid


def _from_headings(grid: Grid, findings: FindingList) -> tuple[list[list[Raw]], int]:
    """The rows with the headings in the first, where a title stands above them, and how many rows were left out."""
    rows = grid.rows
    if grid.schema.form or not rows or has_headings(grid.schema, rows):
        return rows, 0
    above = next((n for n in range(1, min(_HIGHEST_HEADINGS, len(rows))) if has_headings(grid.schema, rows[n:])), 0)
    if above:
        first = next((shown(raw) for line in rows[:above] for raw in line if not is_blank(raw)), say("empty"))
        message = say("the headings stand in row {row}; what stands above them is not read", row=above + 1)
        action = say("Nothing, if only a title stands there; otherwise delete the rows above the headings.")
        findings.add(ROWS_ABOVE(message, grid.origin(0, 0), found=first, action=action))
        rows = [rows[above], *([] for _ in range(above)), *rows[above + 1 :]]
    return rows, above


def _ends(ref: str) -> int:
    """The last row of a merged range."""
    return int(ref.split(":")[-1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0)


def _holds(rows: list[list[Raw]], first: int, last: int) -> bool:
    """Whether something stands in these columns below the headings: the template folds empty ones away."""
    return any(not all(map(is_blank, row[first - 1 : last])) for row in rows[1:])


def _report_scan(scan: SheetScan, file: str, title: str, width: int, height: int, findings: FindingList) -> None:
    sheet = Origin(file=file, sheet=title)
    for ref, text in scan.error_cells:
        message = say("the cell holds an error of the spreadsheet, not a value")
        action = say("Correct the formula, or write the value itself.")
        findings.add(ERROR_CELL(message, _cell(sheet, ref), found=text, action=action))
    for ref in scan.uncalculated:
        message = say(
            "the formula was never calculated by a spreadsheet program, so the file holds no result that counts"
        )
        action = say("Open the file in Excel or LibreOffice, let it calculate, and save it.")
        findings.add(NOT_CALCULATED(message, _cell(sheet, ref), found=say("a formula"), action=action))
    for ref in scan.merges:
        if _touches(ref, width, height):
            message = say("merged cells: only the first holds a value, the others are empty to every reader")
            action = say("Unmerge the cells and write the value into each of them.")
            findings.add(MERGED(message, _cell(sheet, ref), found=ref, action=action))
    _report_notes(scan, sheet, findings)


def _report_notes(scan: SheetScan, sheet: Origin, findings: FindingList) -> None:
    if scan.formulas:
        count, first = len(scan.formulas), scan.formulas[0]
        message = say("{count} cells hold formulas; the results stored in the file are read", count=count)
        action = say("Be ready to show the verifier what the formulas refer to.")
        data = {"cells": count}
        findings.add(FORMULA(message, _cell(sheet, first), found=say("formulas"), action=action, data=data))
    action = say("Unhide it, so that the verifier sees all that is claimed.")
    if scan.hidden:
        findings.add(
            HIDDEN(say("the sheet is hidden; it is read as well"), sheet, found=say("a hidden sheet"), action=action)
        )
    if scan.hidden_rows:
        found = say("row {rows}", rows=_list(scan.hidden_rows))
        findings.add(HIDDEN(say("hidden or filtered rows are read as well"), sheet, found=found, action=action))
    if scan.hidden_columns:
        spans = ((column_letters(a), column_letters(b)) for a, b in scan.hidden_columns)
        found = joined(", ", (say("column {first} to {last}", first=first, last=last) for first, last in spans))
        findings.add(HIDDEN(say("hidden columns are read as well"), sheet, found=found, action=action))


def _list(numbers: Iterable[int]) -> str:
    return named([str(n) for n in numbers], most=10)


def _cell(sheet: Origin, ref: str) -> Origin:
    return Origin(file=sheet.file, sheet=sheet.sheet, cell=ref)


def _touches(ref: str, width: int, height: int) -> bool:
    """True when a merged range begins within the cells that are read."""
    first = ref.split(":")[0]
    letters = first.rstrip("0123456789")
    return column_number(letters) <= width and int(first[len(letters) :] or 0) <= height


def _read(path: Path, digest: str, grids: dict[str, Grid], findings: FindingList) -> MonitoringData:
    form = empty_form(SHEETS[0], path.name)
    tables: dict[str, Any] = {}  # the rows of each are of its class in ROWS
    readings: ReadingTable = no_readings(path.name)
    for schema in SHEETS:
        grid = grids.get(schema.key)
        if schema.form:
            form = read_form(grid, findings) if grid else form
        elif schema.key == "readings":
            readings = read_readings(grid, findings) if grid else readings
        else:
            tables[schema.key] = read_table(grid, findings) if grid else []
    return MonitoringData(path, path.name, digest, form, readings, findings.collected(), **tables)
