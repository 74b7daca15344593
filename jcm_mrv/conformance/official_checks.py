"""The tonnes of the report workbook, recalculated by LibreOffice, against those of the engine."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from jcm_mrv.conformance.cases import Case
from jcm_mrv.conformance.methodology_checks import Problem
from jcm_mrv.libreoffice import LibreOfficeError, recalculate
from jcm_mrv.result import Result
from jcm_mrv.words import say

PROCESS = "MRS(calc_process)"
_CHECK = "spreadsheet"
_SAME = 1e-9


def spreadsheet_problems(case: Case, result: Result, folder: Path) -> list[Problem]:
    """The live formulas of the workbook reach the engine's RE, PE, LE and ER, year by year and in total.

    ``folder`` takes the files. LibreOffice must be installed; that it did not
    write the workbook is a problem too.
    """
    from jcm_mrv.reporting.excel.report import workbook_report

    report = folder / "report.xlsx"
    report.write_bytes(workbook_report(result, "en"))
    try:
        return recalculated_problems(case.name, result, recalculate(report, folder / "recalculated"))
    except LibreOfficeError as error:
        return [Problem(_CHECK, case.name, str(error))]


def recalculated_problems(name: str, result: Result, path: Path) -> list[Problem]:
    """What the recalculated workbook of a result, called ``name``, says otherwise than the engine."""
    from openpyxl import load_workbook

    book = load_workbook(path, data_only=True)
    return sheet_problems(name, result, book[PROCESS].iter_rows(values_only=True))


def sheet_problems(name: str, result: Result, sheet: Iterable[Sequence[object]]) -> list[Problem]:
    """The same of the rows of its calculation sheet."""
    rows, what = _results(sheet), name
    problems = []
    for year in [*result.years, None]:
        name, tonnes = ("Total", result) if year is None else (str(year.year), year)
        row = rows.get(name, {})
        for head, value in (
            ("Reference emissions", tonnes.reference),
            ("Project emissions", tonnes.project),
            ("Leakage", tonnes.leakage),
            ("Emission reductions", tonnes.reductions),
        ):
            if value is None:
                continue  # a claim without leakage has no such column
            found = row.get(head)
            if not isinstance(found, (int, float)) or not math.isclose(found, value, rel_tol=_SAME, abs_tol=_SAME):
                text = say(
                    "{name}: {head} recalculated is {found!r}, the engine has {value!r}",
                    name=name,
                    head=head,
                    found=found,
                    value=value,
                )
                problems.append(Problem(_CHECK, what, text))
        if row.get("Check") != "OK":
            problems.append(
                Problem(_CHECK, what, say("{name}: its check cell says {said!r}", name=name, said=row.get("Check")))
            )
    return problems


def _results(sheet: Iterable[Sequence[object]]) -> Mapping[str, Mapping[str, object]]:
    """The table of results on the calculation sheet: its rows by year, and ``Total``."""
    rows = list(sheet)
    start = next(n for n, row in enumerate(rows) if row[0] == "Year")
    end = next(n for n, row in enumerate(rows) if row[0] == "Total")
    heads = [str(head) for head in rows[start]]
    return {str(row[0]): dict(zip(heads, row, strict=True)) for row in rows[start + 1 : end + 1]}
