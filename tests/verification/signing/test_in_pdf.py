"""The signature inside the PDF: not a byte of the report changes below it, and what is added to it is found."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from jcm_mrv.reporting.document.pdf import Enclosure, printed
from jcm_mrv.reporting.write import written_here
from jcm_mrv.verification.checks import Check, Verdict
from jcm_mrv.verification.pdf_reading import read_pdf
from jcm_mrv.verification.signing.checking import NOBODY, PDF, WHO, Trust
from jcm_mrv.verification.signing.in_pdf import Signed, signed_data
from jcm_mrv.verification.signing.signer import Signer
from jcm_mrv.verification.verifying import verify
from support.certificates import KEY, NOW, OTHER_KEY, certificate, der, p12
from support.command import run
from support.workbooks import solar_workbook

OWN = certificate()


@pytest.fixture(scope="module")
def report() -> bytes:
    """A page with a file in it, written as reports are."""
    html = '<html lang="en"><meta name="generator" content="jcm-mrv 0.1.0"><body>180 t</body></html>'
    return printed(html, "en", Enclosure("result.json", b"{}", "result"), moment=NOW)


@pytest.fixture(scope="module")
def signed(report: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return signed_by(tmp_path_factory.mktemp("key"), report)


def signed_by(folder: Path, content: bytes, key: ec.EllipticCurvePrivateKey = KEY) -> bytes:
    one = OWN if key is KEY else certificate(key=key)
    return Signer.of(p12(folder, one, key), "secret", NOW).pdf(content)


def checks(content: bytes, trust: Trust = NOBODY, **named: dict[str, str]) -> list[Check]:
    return list(Signed(**signed_data(content)).checks(content, "r.pdf", trust, **named))


def verdicts(found: list[Check]) -> dict[str, Verdict]:
    return {check.what: check.verdict for check in found}


def added(content: bytes) -> Iterator[bytes]:
    """A signed PDF to which somebody adds: another drawing of its first page, another title, a note on a page."""
    for change in (_draw, _title, _note):
        writer = PdfWriter(BytesIO(content), incremental=True)
        change(writer)
        out = BytesIO()
        writer.write(out)
        yield out.getvalue()


def _draw(writer: PdfWriter) -> None:
    stream = DecodedStreamObject()
    stream.set_data(b"BT ET")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)


def _title(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/Lang")] = writer.root_object["/Type"]


def _note(writer: PdfWriter) -> None:
    from pypdf.annotations import FreeText

    writer.add_annotation(0, FreeText(text="980 t", rect=(50, 50, 200, 100)))


def test_the_report_stays_as_it_is_below_its_signature(report: bytes, signed: bytes) -> None:
    assert signed.startswith(report) and len(signed) > len(report)
    assert read_pdf(report, "r").pages == read_pdf(signed, "r").pages
    assert read_pdf(signed, "r").active == ()
    assert written_here("monitoring_report.pdf", signed) and not written_here(
        "monitoring_report.pdf", signed + b"%%EOF"
    )


def test_a_good_signature(signed: bytes) -> None:
    assert verdicts(checks(signed)) == {PDF: Verdict.REPRODUCED, WHO: Verdict.LEFT_OUT}
    found = checks(signed, Trust((der(OWN),)))
    assert verdicts(found) == {PDF: Verdict.REPRODUCED, WHO: Verdict.REPRODUCED}
    assert "signed on 2025-06-01 12:00 UTC" in found[1].note
    assert "Plant (illustrative), issued by itself" in found[1].stated


def test_what_is_added_after_it_was_signed(signed: bytes) -> None:
    for content in added(signed):
        assert "changed after it was signed" in checks(content)[0].note


def test_what_is_changed_before_it_was_signed(report: bytes, tmp_path: Path) -> None:
    """Somebody adds to the report and signs that with a key of his own."""
    for content in added(report):
        found = checks(signed_by(tmp_path, content))
        assert found[0].verdict is Verdict.DIFFERS and "before it was signed" in found[0].note


def test_one_byte_of_what_it_signs(signed: bytes) -> None:
    spoilt = signed.replace(b"%PDF-1.7", b"%PDF-1.6", 1)
    assert [(c.verdict, "changed afterwards" in c.note) for c in checks(spoilt)] == [(Verdict.DIFFERS, True)]


def test_a_signature_that_was_removed(report: bytes) -> None:
    named = {"subject": "Plant", "certificate_sha256": "0" * 64}
    assert verdicts(checks(report, signed_by=named)) == {PDF: Verdict.MISSING}
    assert verdicts(checks(report, Trust((der(OWN),)))) == {PDF: Verdict.MISSING}
    assert checks(report) == []


def test_another_key_than_that_of_who_is_trusted(report: bytes, tmp_path: Path) -> None:
    found = checks(signed_by(tmp_path, report, OTHER_KEY), Trust((der(OWN),)))
    assert verdicts(found) == {PDF: Verdict.REPRODUCED, WHO: Verdict.DIFFERS}


def test_a_signed_report_beside_its_inputs(tmp_path: Path) -> None:
    """As it was signed, and changed after that."""
    report = solar_workbook(tmp_path / "monitoring.xlsx")
    assert run("calculate", report, "--formats", "pdf", "--output", tmp_path).status == 0
    file = tmp_path / "monitoring_report.pdf"
    content = file.read_bytes()

    def found(given: bytes) -> dict[str, list[Verdict]]:
        file.write_bytes(given)
        rows = verify(file, tmp_path, second_engine=False, trust=Trust((der(OWN),))).checks
        return {what: [c.verdict for c in rows if c.what == what] for what in ("report", PDF, WHO, "drawing", "text")}

    signed = signed_by(tmp_path, content)
    good = found(signed)
    assert (good["report"], good[PDF], good[WHO]) == ([Verdict.REPRODUCED],) * 3
    changed = found(next(added(signed)))
    assert Verdict.DIFFERS in changed[PDF] and Verdict.DIFFERS in changed["text"] + changed["drawing"]
