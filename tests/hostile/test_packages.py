"""Packages and reports that were built to do harm: refused with a reason, nothing written outside, bounded."""

from __future__ import annotations

import io
import json
import stat
import struct
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ByteStringObject, DecodedStreamObject, DictionaryObject, NameObject

from jcm_mrv.calculation import calculate_file
from jcm_mrv.errors import UnsafeFileError
from jcm_mrv.reporting.write import rendered
from jcm_mrv.verification import pdf_reading
from jcm_mrv.verification.checks import Verdict
from jcm_mrv.verification.packing import package
from jcm_mrv.verification.verifying import verify
from jcm_mrv.versions import archive
from jcm_mrv.versions.strict_json import read_json
from support.workbooks import solar_workbook

Change = Callable[[zipfile.ZipFile], None]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    result = calculate_file(solar_workbook(tmp_path_factory.mktemp("plant") / "monitoring.xlsx"))
    reports = {"result.json": rendered("json", result, "en"), "monitoring_report.xlsx": rendered("xlsx", result, "en")}
    command = "jcm-mrv calculate monitoring.xlsx --formats json,xlsx,package --lang en"
    return package(result, reports, command, "en")


def refused(content: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Why a package is refused; nothing may have been written but below the temporary folder, and that is gone."""
    (folder / "given").mkdir()
    (folder / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "temporary"))
    path = folder / "given" / "monitoring_package.zip"
    path.write_bytes(content)
    verification = verify(path, second_engine=False)
    left = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
    assert left == ["given/monitoring_package.zip"]
    assert list((folder / "temporary").iterdir()) == []
    assert verification.checks[0].verdict is Verdict.REFUSED and not verification.reproduced
    return verification.checks[0].note


def with_entry(sound: bytes, name: str, data: bytes = b"x", mode: int = stat.S_IFREG | 0o644) -> bytes:
    buffer = io.BytesIO(sound)
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as book:
        warnings.simplefilter("ignore")  # of a name that is there already
        info = zipfile.ZipInfo(name)
        info.external_attr, info.create_system, info.compress_type = mode << 16, 3, zipfile.ZIP_DEFLATED
        book.writestr(info, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../evil.txt", "leads out of the package"),
        ("inputs/../../evil.txt", "leads out of the package"),
        ("/etc/evil.txt", "leads out of the package"),
        ("inputs//evil.txt", "leads out of the package"),
        ("inputs\\..\\evil.txt", "characters that lead elsewhere"),
        ("inputs/\x1b[2Jevil.txt", "characters that lead elsewhere"),
        ("inputs/" + "a" * 500, "none on some machines"),
        ("evil.txt", "holds manifest.json, manifest.json.p7s, inputs/ and reports/ only"),
        ("reports/more.zip", "no archive or folder belongs among the reports"),
        ("reports/deep/result.json", "no archive or folder belongs among the reports"),
        ("reports/RESULT.json", "two files have the name"),
        ("manifest.json", "two files have the name"),
    ],
)
def test_paths(name: str, why: str, sound: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert why in refused(with_entry(sound, name), tmp_path, monkeypatch)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices(kind: int, sound: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = with_entry(sound, "inputs/link", b"/etc/passwd", kind | 0o777)
    assert "a link or a device" in refused(content, tmp_path, monkeypatch)


def test_a_bomb(sound: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = with_entry(sound, "inputs/bomb.csv", b"0" * 60_000_000)
    assert "become more than" in refused(content, tmp_path, monkeypatch)


def test_more_than_the_limits(sound: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 10_000)
    assert "become more than" in refused(sound, tmp_path, monkeypatch)


def test_too_many_files(sound: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 3)
    assert "more than 3" in refused(sound, tmp_path, monkeypatch)


@pytest.mark.parametrize("cut", [10, 1000, -10])
def test_cut_off(cut: int, sound: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "cannot be unpacked" in refused(sound[:cut], tmp_path, monkeypatch)


def test_a_size_that_lies(sound: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory promises 1 byte where 300 kB come out."""
    content = bytearray(with_entry(sound, "inputs/lie.csv", bytes(range(256)) * 1200))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 1)
    assert "cannot be unpacked" in refused(bytes(content), tmp_path, monkeypatch)


def test_no_package_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as other:
        other.writestr("inputs/monitoring.xlsx", b"")
    assert "no manifest.json" in refused(buffer.getvalue(), tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a": 1, "a": 2}', "twice"),
        ('{"a": NaN}', "no number of JSON"),
        ('{"a": -Infinity}', "no number of JSON"),
        ('{"a": 1e308}', "none of a result"),
        ('{"a": 1e999}', "none of a result"),
        ('{"a": 1' + "0" * 5000 + "}", "none of a result"),
        ("[" * 100_000 + "]" * 100_000, "deep within each other"),
        ("[" * 200 + "]" * 200, "deep within each other"),
        ('{"a": "\\ud800"', "cannot be read as JSON"),
        ("\xff", "cannot be read as JSON"),
        ('{"a": "\\ud800"}', "none of Unicode"),
    ],
)
def test_json(text: str, why: str) -> None:
    with pytest.raises(UnsafeFileError, match=why):
        read_json(text.encode("latin-1"), "result.json")


def test_a_manifest_that_keeps_no_schema(sound: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "required property" in refused(_with_manifest(sound, {"schema": "other"}), tmp_path, monkeypatch)


def test_a_manifest_of_another_version_says_which_to_use(
    sound: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        later = {**json.loads(archive.read("manifest.json")), "schema": "other/2"}
    said = refused(_with_manifest(sound, later), tmp_path, monkeypatch)
    assert "of the schema other/2, and this version reads jcm-mrv-manifest/1: use the version that wrote it" in said


def _with_manifest(sound: bytes, data: object) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, json.dumps(data) if name == "manifest.json" else old.read(name))
    return buffer.getvalue()


@pytest.mark.parametrize("path", ["inputs/../../../etc/passwd", "/etc/passwd", "reports/nothing.json"])
def test_a_manifest_that_names_what_is_not_there(path: str, sound: bytes, tmp_path: Path) -> None:
    manifest = json.loads(zipfile.ZipFile(io.BytesIO(sound)).read("manifest.json"))
    manifest["files"][0]["path"] = path
    (tmp_path / "p.zip").write_bytes(_with_manifest(sound, manifest))
    verification = verify(tmp_path / "p.zip", second_engine=False)
    assert not verification.reproduced
    assert all("root:" not in f"{c.stated}{c.recomputed}{c.note}" for c in verification.checks)


@pytest.mark.parametrize(
    "formula", ["WEBSERVICE(&quot;http://a&quot;)", "[1]Sheet1!A1", "cmd|'/c calc'!A0", "HYPERLINK(A1)"]
)
def test_formulas_that_reach_outside_are_not_run(formula: str, sound: bytes, tmp_path: Path) -> None:
    report = zipfile.ZipFile(io.BytesIO(sound)).read("reports/monitoring_report.xlsx")
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(report)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = data.replace(
                    b"<sheetData>", b'<sheetData><row r="900"><c r="A900"><f>%s</f></c></row>' % formula.encode()
                )
            new.writestr(name, data)
    (tmp_path / "monitoring_report.xlsx").write_bytes(buffer.getvalue())
    checks = [c for c in verify(tmp_path / "monitoring_report.xlsx").checks if c.what == "formulas, recalculated"]
    assert [c.verdict for c in checks] == [Verdict.REFUSED]
    assert "A900" in checks[0].where


def _pdf(change: Callable[[PdfWriter], None]) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    change(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _bomb(writer: PdfWriter) -> None:
    """A page whose words take 200 kB packed and 200 MB unpacked."""
    stream = DecodedStreamObject()
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    stream._data = zlib.compress(b"0 " * 100_000_000, 9)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)


def _nested(writer: PdfWriter) -> None:
    for n in range(50):
        writer.add_attachment(f"inner{n}.pdf", b"%PDF-1.7 ")


def _deep(writer: PdfWriter) -> None:
    inner: DictionaryObject = DictionaryObject({NameObject("/A"): ByteStringObject(b"x")})
    for _ in range(400):
        inner = DictionaryObject({NameObject("/Kids"): inner})
    writer._root_object[NameObject("/Names")] = DictionaryObject({NameObject("/EmbeddedFiles"): inner})


@pytest.mark.parametrize("change", [_bomb, _nested, _deep], ids=lambda f: f.__name__)
def test_pdfs(change: Callable[[PdfWriter], None], tmp_path: Path) -> None:
    """Read in a process with little memory and time; whatever comes of it is a verdict, never an error of ours."""
    (tmp_path / "report.pdf").write_bytes(_pdf(change))
    verification = verify(tmp_path / "report.pdf", second_engine=False)
    assert not verification.reproduced


@pytest.mark.parametrize("content", [b"%PDF-", b"%PDF-1.7\n" + b"0" * 1000, b"%PDF-1.7\ntrailer<</Root 1 0 R>>"])
def test_damaged_pdfs(content: bytes) -> None:
    with pytest.raises(UnsafeFileError, match=r"report\.pdf"):
        pdf_reading.read_pdf(content, "report.pdf")


def test_a_sound_pdf_is_read() -> None:
    content = _pdf(lambda writer: writer.add_attachment("result.json", b"{}"))
    assert len(PdfReader(io.BytesIO(content)).pages) == 1
    assert pdf_reading.read_pdf(content, "report.pdf").attachments == (("result.json", b"{}"),)
