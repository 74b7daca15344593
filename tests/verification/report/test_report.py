"""The draft of the verification report: facts filled in, blanks left blank, and never a conclusion."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from jcm_mrv.verification.checks import Check, Verdict, Verification
from jcm_mrv.verification.register.entries import ITEMS
from jcm_mrv.verification.report.drafting import Sources, drafted
from jcm_mrv.verification.report.rendering import document, report_pdf, report_xlsx
from jcm_mrv.verification.report.writeup import Words, Writeup
from support.command import run
from support.workbooks import PROJECT, solar_workbook

CHECKS = (
    Check("credited 2024", "result.json", Verdict.DIFFERS, "61", "60"),
    Check("reductions 2024", "result.json", Verdict.REPRODUCED, "60.1", "60.1"),
)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Writeup:
    """A roof without a certificate: a request about its calibration; one statement was not reproduced."""
    path = solar_workbook(tmp_path_factory.mktemp("roof") / "monitoring.xlsx", tables={"calibrations": []})
    return drafted(path, None, Verification("p.zip", "package", CHECKS), Sources())


@cache
def texts(facts: Writeup, lang: str = "en") -> dict[str, list[list[str]]]:
    """The sheets of the workbook, as text."""
    book = load_workbook(io.BytesIO(report_xlsx(facts, lang)))
    return {s.title: [[str(c.value or "") for c in row] for row in s.iter_rows()] for s in book.worksheets}


def test_the_conclusion_is_four_forms_and_none_is_chosen(facts: Writeup) -> None:
    rows = [row[:2] for row in texts(facts)["2 Conclusion"][2:] if row[1]]
    assert [name.split(":")[0] for name, _ in rows] == [
        "Unqualified", "Qualified", "Adverse", "Disclaimer of conclusion", "Reasons"
    ]  # fmt: skip
    assert {value for _, value in rows} == {"[verifier]"}


def test_facts_are_filled_in_and_judgement_is_blank(facts: Writeup) -> None:
    sheets = texts(facts)
    general = {row[0]: row[1] for row in sheets["1 General information"] if row[1]}
    assert general["Project title"] == PROJECT["title"]
    assert general["Contracted by"] == general["Date of this report"] == "[verifier]"
    overview = {row[0]: row[1:3] for row in sheets["3 Overview of the results"] if row[0] in ITEMS}
    assert list(overview) == list(ITEMS)
    assert overview["Calibration and correction of measured values"] == ["1 / 0 / 0", "[verifier]"]
    everything = "\n".join(cell for rows in sheets.values() for row in rows for cell in row)
    assert "Stated: 61; recomputed: 60." in everything
    assert "JCGM 100" in everything


def test_reductions_by_year_with_room_for_the_verified_figure(facts: Writeup) -> None:
    rows = list(texts(facts).values())[6]
    year = next(row for row in rows if row[0] == "2024")
    assert year[2] == f"{facts.result.reductions:,.3f}"
    assert year[4] == "[verifier]"


def test_no_sentence_of_the_draft_claims_a_result(facts: Writeup) -> None:
    """Words of a conclusion stand nowhere but among the four forms to choose from."""
    for section in document(facts, "en").sections:
        if section.id != "conclusion":
            said = str(section).lower()
            assert not any(
                w in said for w in ("reasonable assurance", "free of material", "unqualified", "we conclude")
            )


@pytest.mark.parametrize("lang", ["en", "vi", "ja"])
def test_every_language_and_the_same_bytes_again(facts: Writeup, lang: str) -> None:
    book = report_xlsx(facts, lang)
    assert book == report_xlsx(facts, lang)
    sheets = texts(facts, lang)
    assert len(sheets) == 8
    blank = Words(facts, lang).blank
    assert sum(cell == blank for rows in sheets.values() for row in rows for cell in row) > 20


def test_the_pdf_is_a_draft_on_every_page_with_the_register_inside(facts: Writeup) -> None:
    content = report_pdf(facts)
    assert content == report_pdf(facts)
    pdf = PdfReader(io.BytesIO(content))
    assert all("DRAFT" in page.extract_text() for page in pdf.pages)
    (data,) = pdf.attachments["register.json"]
    assert len(json.loads(data)["requests"]) == len(facts.register.requests) > 0


def test_text_of_the_report_stays_text(tmp_path: Path) -> None:
    hostile = {"evidence": [{"document_id": "=1+1", "title": "<script>alert(1)</script>", "proves": "@SUM(A1)"}]}
    facts = drafted(solar_workbook(tmp_path / "m.xlsx", tables=hostile), None, None, Sources())
    cells = [c for s in load_workbook(io.BytesIO(report_xlsx(facts))).worksheets for row in s.iter_rows() for c in row]
    assert "=1+1" in [c.value for c in cells]
    assert all(c.data_type != "f" and not c.hyperlink for c in cells)
    assert "<script>" in "".join(page.extract_text() for page in PdfReader(io.BytesIO(report_pdf(facts))).pages)


def test_the_command_drafts_from_package_register_and_sample(tmp_path: Path) -> None:
    report = solar_workbook(tmp_path / "monitoring.xlsx", tables={"calibrations": []})
    out = tmp_path / "out"
    assert run("calculate", report, "--formats", "json,package", "--output", out).status == 0
    package = out / "monitoring_package.zip"
    assert run("register", package).status == 0
    assert run("sample", package, "--seed", "a").status == 0
    book = load_workbook(out / "sample_months.xlsx")
    place = next(c.column for c in book["Sample"][1] if c.value == "Result")
    for row in (2, 3, 4):
        book["Sample"].cell(row, place, "right")
    book.save(out / "sample_months.xlsx")
    done = run(
        "verify", package, "--report", tmp_path / "draft", "--register", out / "register.xlsx",
        "--sample", out / "sample_months.xlsx", "--against", report,
    )  # fmt: skip
    assert done.status == 0, done.err + done.out
    assert "0 changes since" in done.out
    assert sorted(p.name for p in (tmp_path / "draft").iterdir()) == [
        "verification_report.pdf",
        "verification_report.xlsx",
    ]
    sheet = load_workbook(tmp_path / "draft" / "verification_report.xlsx").worksheets[4]
    everything = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert "3 / 3" in everything
    assert "Every statement was reproduced." in everything
    assert run("verify", package, "--register", out / "register.xlsx").status == 2
