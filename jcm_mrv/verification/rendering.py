"""Every report rendered anew from the recomputed result, and the one handed in held against it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import PurePosixPath

from jcm_mrv.errors import UnsafeFileError
from jcm_mrv.reporting.document.requirements import RequirementError
from jcm_mrv.reporting.document.translations import Translator, languages
from jcm_mrv.reporting.excel.log_rows import rows_note
from jcm_mrv.reporting.excel.stretches import Rows
from jcm_mrv.reporting.write import NAMES, rendered
from jcm_mrv.result import Result
from jcm_mrv.verification.books import read_book
from jcm_mrv.verification.checks import Check, Verdict
from jcm_mrv.verification.comparing import book_differences, html_differences, page_lines, pdf_differences
from jcm_mrv.verification.pdf_reading import Pdf, read_pdf
from jcm_mrv.verification.submission import Report, Submission
from jcm_mrv.words import say

_FORMATS = {name: key for key, name in NAMES.items()}
_NUMBER = re.compile(r"[-+−]?\d[\d., ]*\d|\d")


@dataclass
class Rendering:
    """Reports of the recomputed result, each rendered once; ``pdfs`` are the PDFs handed in, as read."""

    result: Result | None
    submission: Submission
    pdfs: Mapping[str, Pdf]
    _made: dict[tuple[str, str, str], bytes] = field(default_factory=dict)

    def of(self, report: Report) -> bytes | None:
        """The report as it follows from the inputs; None where there are none. Raises RequirementError."""
        if self.result is None:
            return None
        key = _FORMATS[report.name], self.language(report), self.rows(report)
        if key not in self._made:
            self._made[key] = rendered(key[0], self.result, *key[1:])
        return self._made[key]

    def language(self, report: Report) -> str:
        """The language of a report: as the manifest says, else as it says itself, else English."""
        if self.submission.manifest and PurePosixPath(report.label).parent.name == "reports":
            stated = str(self.submission.manifest["language"])
        elif report.label in self.pdfs:
            stated = self.pdfs[report.label].language
        elif report.name == NAMES["html"]:
            found = re.search(rb'<html lang="([a-z]{2})"', report.content)
            stated = found[1].decode() if found else ""
        else:
            sheets = set(read_book(report.content, report.label).sheets)
            stated = next((lang for lang in languages() if Translator(lang)("excel_sheet.findings") in sheets), "")
        return stated if stated in languages() else "en"

    def rows(self, report: Report) -> str:
        """How finely a workbook shows the values of logs: as the stated command says, else as its own sheet says."""
        if report.name != NAMES["xlsx"]:
            return Rows.MONTHLY
        if self.submission.manifest and PurePosixPath(report.label).parent.name == "reports":
            asked = dict(pairwise(str(self.submission.manifest["command"]).split()))
            stated = asked.get("--rows", "")
        else:
            t = Translator(self.language(report))
            sheet = read_book(report.content, report.label).sheets.get(t("excel_sheet.log_rows"))
            written = set() if sheet is None else {cell.value for cell in sheet.cells.values()}
            stated = next((one for one in Rows if one != Rows.MONTHLY and rows_note(t, one) in written), "")
        return stated if stated in tuple(Rows) else Rows.MONTHLY


def report_checks(report: Report, rendering: Rendering) -> Iterator[Check]:
    """What differs in a report, with its place; one row where every byte follows from the inputs."""
    try:
        found = rendering.of(report)
        if found is None:
            return
        if found == report.content:
            note = _count(report, rendering)
            yield Check(
                say("report"),
                report.label,
                Verdict.REPRODUCED,
                note=say("every byte follows from the inputs{note}", note=note),
            )
            return
        checks = list(_differences(report, found, rendering))
    except UnsafeFileError as error:
        yield Check(say("report"), report.label, Verdict.REFUSED, note=str(error))
        return
    except RequirementError as error:
        yield Check(say("report"), report.label, Verdict.NOT_CHECKED, note=str(error))
        return
    yield from checks or [_unseen(report, found, rendering)]


def _differences(report: Report, found: bytes, rendering: Rendering) -> Iterator[Check]:
    if report.name == NAMES["xlsx"]:
        yield from book_differences(read_book(report.content, report.label), read_book(found, report.label))
    elif report.name == NAMES["html"]:
        texts = report.content.decode("utf-8", "replace"), found.decode("utf-8")
        yield from html_differences(*texts, report.label)
    elif report.label in rendering.pdfs:
        yield from pdf_differences(rendering.pdfs[report.label], read_pdf(found, report.label), report.label)


def _unseen(report: Report, found: bytes, rendering: Rendering) -> Check:
    """A report that reads as it should and has other bytes all the same: those of a signature, or others."""
    pdf = rendering.pdfs.get(report.label)
    if pdf and pdf.signed.signatures and report.content.startswith(found) and pdf.signed.base <= len(found):
        note = say("every byte below the signature follows from the inputs{count}", count=_count(report, rendering))
        return Check(say("report"), report.label, Verdict.REPRODUCED, note=note)
    same = say("it reads the same, and was saved or changed after it was made")
    note = same if pdf or report.name != NAMES["pdf"] else say("it has other bytes, and cannot be read")
    return Check(say("report"), report.label, Verdict.DIFFERS, note=note)


def _count(report: Report, rendering: Rendering) -> str:
    """How many numbers it shows, as read from the file that was handed in."""
    if report.name == NAMES["pdf"] and report.label in rendering.pdfs:
        text = "\n".join(page.text for page in rendering.pdfs[report.label].pages)
    elif report.name == NAMES["html"]:
        text = "\n".join(line for _, line in page_lines(report.content.decode("utf-8")) if not line.startswith("<"))
    else:
        return ""
    return say(", {number_of_findall:,} printed numbers among them", number_of_findall=len(_NUMBER.findall(text)))
