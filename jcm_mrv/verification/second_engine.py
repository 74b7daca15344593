"""LibreOffice computes every formula of a workbook report anew; a workbook that reaches outside is not opened by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jcm_mrv.errors import UnsafeFileError
from jcm_mrv.libreoffice import LibreOfficeError, recalculate, soffice
from jcm_mrv.verification.books import Book, reaching_out, read_book
from jcm_mrv.verification.checks import Check, Verdict
from jcm_mrv.verification.comparing import recalculated_differences
from jcm_mrv.verification.submission import Report
from jcm_mrv.words import say

WHAT = say("formulas, recalculated")
SECONDS = 900


def engine_checks(report: Report, temporary: Path | None) -> Iterator[Check]:
    """One row where every formula gives its cached value; else the cells that do not.

    LibreOffice works in ``temporary``, and not at all where that is None.
    """
    try:
        book = read_book(report.content, report.label)
        outside = list(reaching_out(book))
    except UnsafeFileError as error:
        yield Check(WHAT, report.label, Verdict.REFUSED, note=str(error))
        return
    if outside:
        yield from (Check(WHAT, f"{report.label}, {place}", Verdict.REFUSED, note=why) for place, why in outside)
    elif temporary is None or soffice() is None:
        why = say("was not asked") if temporary is None else say("is not installed here")
        note = say("LibreOffice {why}: no second engine computed the formulas", why=why)
        yield Check(WHAT, report.label, Verdict.LEFT_OUT, note=note)
    else:
        yield from _recalculated(report, book, temporary)


def _recalculated(report: Report, book: Book, temporary: Path) -> Iterator[Check]:
    source, out = temporary / "to_recalculate.xlsx", temporary / "recalculated"
    source.write_bytes(report.content)
    try:
        anew = read_book(recalculate(source, out, SECONDS).read_bytes(), report.label)
        checks, largest = recalculated_differences(book, anew)
    except (LibreOfficeError, UnsafeFileError) as error:
        yield Check(WHAT, report.label, Verdict.NOT_CHECKED, note=str(error))
        return
    yield from checks
    if not checks:
        count = f"{book.formulas:,}"
        yield Check(
            WHAT,
            report.label,
            Verdict.REPRODUCED,
            count,
            count,
            say("{largest:.1g} at most", largest=largest),
            say("by LibreOffice"),
        )
