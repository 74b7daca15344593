"""A later version of a report says what changed since the one before, which travels with it."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.errors import UnsafeFileError
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.inputs import read_monitoring
from jcm_mrv.quality.records.previous import previous_findings
from jcm_mrv.reporting.document.page import report_page
from jcm_mrv.reporting.document.pdf import paper_html, public_page
from jcm_mrv.reporting.document.templating import visible_text
from jcm_mrv.reporting.redaction import HIDDEN, RedactionError, redacted, secrets_of
from jcm_mrv.reporting.result_json import canonical_sha256, changes_of, result_data
from jcm_mrv.result import Result
from jcm_mrv.verification.verifying import verify
from jcm_mrv.versions.reading import read_version
from support.command import run
from support.workbooks import calibration, solar_tables, solar_workbook

EARLIER, NEW = {"reference_number": "VN123", "report_version": "1.0"}, {"reference_number": "VN123"}
TEAM = {"role": "Plant manager", "organisation": "Roof (illustrative)", "responsibility": "all"}
CORRECTED = {"calibrations": [calibration("M-1")], **solar_tables((1e5, 1.2e5, 1.3e5))}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of version 1 beside the workbook of version 2: March read anew, the certificate found, a new man."""
    place = tmp_path_factory.mktemp("plant")
    book = place / "monitoring.xlsx"
    team = [{**TEAM, "name": "Trần Văn Cũ"}]
    solar_workbook(book, project=EARLIER, tables={"calibrations": [], "team": team})
    assert run("calculate", book, "--formats", "json,package", "--output", place / "out").status == 0
    for name in ("monitoring_package.zip", "result.json"):
        (place / f"v1.{name}").write_bytes((place / "out" / name).read_bytes())
    later(place)
    return place


def later(place: Path, previous: str = "v1.monitoring_package.zip", version: str = "2.0", **project: Any) -> Path:
    given = {**NEW, "report_version": version, **({"previous_version": previous} if previous else {}), **project}
    team = [{**TEAM, "name": "Lê Thị Mới"}]
    return solar_workbook(place / "monitoring.xlsx", project=given, tables={**CORRECTED, "team": team})


@pytest.fixture(scope="module")
def second(folder: Path) -> Result:
    return calculate_file(later(folder))


def codes(result: Result) -> set[str]:
    return {finding.code for finding in result.findings}


def test_the_result_says_what_changed(second: Result, folder: Path) -> None:
    """By hand: 360 MWh at 0.5 t less 0.5 % for want of a calibration are 179.1 t, 179 whole; then 350 MWh, 175 t."""
    stated = json.loads((folder / "v1.result.json").read_text(encoding="utf-8"))
    own: Any = result_data(second)["previous_version"]
    assert (own["version"], own["path"]) == ("1.0", "v1.monitoring_package.zip")
    assert own["result_sha256"] == canonical_sha256(stated)
    assert own["sha256"] == sha256((folder / own["path"]).read_bytes()).hexdigest()
    found = {one["what"]: (one["kind"], one["before"], one["now"], one["difference"]) for one in own["changes"]}
    assert found["credited 2024"] == ("changed", "179", "175", "-4")
    assert found["Readings!E4, Value (M-1, energy, 2024-04-01)"] == ("changed", "140000", "130000", "-10000")
    assert found["Calibrations, row 2"][:2] == ("new", "")
    assert found["calibrations.missing"][0] == "gone"
    assert "v1.monitoring_package.zip" not in found  # that it is named is no changed file


def test_page_paper_and_workbook_say_it(second: Result) -> None:
    texts = [visible_text(paper_html(second, lang)) for lang in ("en", "vi", "ja")]
    texts.append(visible_text(report_page(second).decode()))
    assert all("140000" in text and "-4.100" in text.replace(",", ".") for text in texts)
    assert "whole tonnes 179, now 175" in texts[0]
    assert second.data.previous is not None
    digest = canonical_sha256(second.data.previous.result)
    assert all(digest in "".join(text.split()) for text in texts)


def test_a_stranger_recomputes_it_and_a_forged_earlier_result_is_found(folder: Path) -> None:
    later(folder)
    out = folder / "later"
    done = run("calculate", folder / "monitoring.xlsx", "--formats", "json,html,package", "--output", out)
    assert done.status == 0, done.err
    package = out / "monitoring_package.zip"
    assert verify(package, second_engine=False).reproduced
    forged = folder / "forged.zip"
    forged.write_bytes(changed(package.read_bytes(), "inputs/v1.monitoring_package.zip", forge_earlier))
    found = verify(forged, second_engine=False)
    assert not found.reproduced
    where = {check.where for check in found.checks if check.verdict == "differs"}
    assert "inputs/v1.monitoring_package.zip" in where


def forge_earlier(content: bytes) -> bytes:
    """Version 1 as if it had claimed 170 t, so that the correction looks like a gain; its own manifest put right."""

    def lower(text: bytes) -> bytes:
        return text.replace(b'"credited": 179', b'"credited": 170')

    made = changed(content, "reports/result.json", lower)
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(BytesIO(made)) as new:
        digests = [sha256(one.read("reports/result.json")).hexdigest().encode() for one in (old, new)]
    return changed(made, "manifest.json", lambda text: text.replace(*digests))


def changed(content: bytes, name: str, change: Any, *, more: bool = False) -> bytes:
    """A package with one file changed, or left out where there is no change; ``more``: with a file besides."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            if info.filename != name or change is not None:
                new.writestr(info, change(old.read(info)) if info.filename == name else old.read(info))
        if more:
            new.writestr("inputs/more.csv", b"1")
    return buffer.getvalue()


def test_the_public_version_hides_what_was_confidential_before(folder: Path) -> None:
    """Who was in charge before stands in the earlier workbook alone, and is told as a change."""
    result = calculate_file(later(folder, confidential="Team!Name"))
    assert any("Trần Văn Cũ" in one.before for one in changes_of(result))
    page, data = (str(part, "utf-8") if isinstance(part, bytes) else part for part in public_page(result, "en"))
    shown = redacted(result, secrets_of(result.data))
    assert all("Trần Văn Cũ" not in text and "Lê Thị Mới" not in text for text in (data, page))
    own = json.loads(data)["previous_version"]
    told = [one for one in own["changes"] if one["what"].startswith("Team!")]
    assert [(one["before"], one["now"]) for one in told] == [(HIDDEN, HIDDEN)]
    # Who guesses the name could write version 1 anew, and no checksum of it tells whether the guess is right.
    assert result.data.previous is not None and shown.data.previous is not None
    assert own["sha256"] == HIDDEN and own["result_sha256"] == canonical_sha256(shown.data.previous.result)
    assert canonical_sha256(result.data.previous.result) not in re.sub(r"<[^>]*>|\s", "", data + page)


def test_what_was_confidential_in_version_1_stays_so_where_version_2_marks_less(folder: Path) -> None:
    book = solar_workbook(
        folder / "marked.xlsx",
        project={**EARLIER, "confidential": "Team!Name"},
        tables={"calibrations": [], "team": [{**TEAM, "name": "Trần Văn Cũ"}]},
    )
    assert run("calculate", book, "--formats", "json,package", "--output", folder / "marked").status == 0
    (folder / "marked_v1.zip").write_bytes((folder / "marked" / "monitoring_package.zip").read_bytes())
    result = calculate_file(later(folder, "marked_v1.zip", confidential="Project!Location"))
    assert {"Trần Văn Cũ", "Lê Thị Mới"} <= set(secrets_of(result.data).texts)


def test_without_the_earlier_workbook_cells_are_unknown_and_nothing_is_made_public(folder: Path) -> None:
    result = calculate_file(later(folder, "v1.result.json", confidential="Team!Name"))
    parts = {one.part for one in changes_of(result)}
    assert "workbook" not in parts and {"tonnes", "findings", "project", "parameters"} <= parts
    assert "not compared" in visible_text(paper_html(result, "en"))
    with pytest.raises(RedactionError, match="from its workbook alone"):
        secrets_of(result.data)


@pytest.mark.parametrize(
    ("previous", "version", "code"),
    [
        ("", "2.0", "project.previous_unnamed"),
        ("", "1.0", ""),
        ("v1.result.json", "1.0", "project.previous_other"),
        ("v1.result.json", "2.0", ""),
    ],
)
def test_a_later_version_names_the_one_before(folder: Path, previous: str, version: str, code: str) -> None:
    found = {one for one in codes(calculate_file(later(folder, previous, version))) if "previous" in one}
    assert found == ({code} if code else set())


def test_another_project_is_no_version_before(folder: Path) -> None:
    result = calculate_file(later(folder, "v1.result.json", reference_number="VN124"))
    assert "project.previous_other" in codes(result)


@pytest.mark.parametrize(
    ("period", "left", "more"),
    [
        ({"period_end": date(2024, 2, 29)}, 31, 0),  # March was claimed before
        ({"period_start": date(2024, 2, 1), "period_end": date(2024, 4, 30)}, 31, 30),
        ({"period_start": date(2024, 4, 1), "period_end": date(2024, 4, 30)}, 91, 30),  # the quarter before
    ],
)
def test_days_that_are_left_out_or_new_are_a_question(folder: Path, period: Any, left: int, more: int) -> None:
    data = read_monitoring(later(folder, "v1.result.json", **period))
    (finding,) = previous_findings((), data)
    assert (finding.code, finding.severity) == ("project.previous_period", "major")
    assert finding.data == {"days_left_out": left, "days_added": more} and "Answers" in finding.action


def test_a_report_by_another_methodology_is_no_version_before(folder: Path) -> None:
    stated = json.loads((folder / "v1.result.json").read_text(encoding="utf-8"))
    stated["methodologies"][0]["version"] = "2.0"
    (folder / "other.json").write_text(json.dumps(stated), encoding="utf-8")
    result = calculate_file(later(folder, "other.json"))
    (finding,) = [one for one in result.findings if one.code == "project.previous_other"]
    assert finding.found == "VN_AM007 2.0" and "VN_AM007 1.0" in finding.message


@pytest.mark.parametrize("change", ["flip", "add", "leave out"])
def test_a_package_that_is_not_as_its_manifest_states_is_not_read(folder: Path, change: str) -> None:
    """Also in a file that nothing is compared with: one byte of the document that lies in the package."""
    (folder / "D-01.pdf").write_bytes(b"%PDF a certificate")
    evidence = [{"document_id": "D-01", "title": "Illustrative", "file": "D-01.pdf"}]
    book = solar_workbook(folder / "first.xlsx", project=EARLIER, tables={"evidence": evidence})
    assert (
        run("calculate", book, "--formats", "json,package", "--with-evidence", "--output", folder / "first").status == 0
    )
    content = (folder / "first" / "monitoring_package.zip").read_bytes()
    (folder / "whole.zip").write_bytes(content)
    made = {
        "flip": changed(content, "inputs/D-01.pdf", lambda text: text[:-1] + b"x"),
        "add": changed(content, "", None, more=True),
        "leave out": changed(content, "inputs/D-01.pdf", None),
    }
    (folder / "forged_first.zip").write_bytes(made[change])
    assert read_version(folder / "whole.zip")[1] is not None
    with pytest.raises(UnsafeFileError, match="not as the manifest of the package states"):
        read_version(folder / "forged_first.zip")


@pytest.mark.parametrize("name", ["nothing.zip", "../v1.zip", "broken.zip", "twice.json", "monitoring.xlsx"])
def test_what_cannot_be_read_is_refused_with_its_cell(folder: Path, name: str) -> None:
    (folder / "broken.zip").write_bytes(b"PK\x03\x04 no package")
    (folder / "twice.json").write_text('{"schema": 1, "schema": 2}', encoding="utf-8")
    with pytest.raises(InputRefusedError) as refused:
        calculate_file(later(folder, name))
    (finding,) = [one for one in refused.value.findings if one.code == "project.previous_unread"]
    assert finding.where.sheet == "Project" and finding.where.cell.startswith("B") and finding.found == name


def test_a_tampered_package_is_not_read(folder: Path) -> None:
    content = (folder / "v1.monitoring_package.zip").read_bytes()
    forged = changed(content, "reports/result.json", lambda text: text.replace(b'"credited": 179', b'"credited": 170'))
    (folder / "forged_v1.zip").write_bytes(forged)
    with pytest.raises(InputRefusedError, match="previous version"):
        calculate_file(later(folder, "forged_v1.zip"))


def test_the_version_before_is_never_written_over(folder: Path) -> None:
    later(folder, "out/monitoring_package.zip")
    before = (folder / "out" / "monitoring_package.zip").read_bytes()
    asked = ("calculate", folder / "monitoring.xlsx", "--formats", "json")
    refused = run(*asked, "--output", folder / "out")
    assert refused.status == 2 and "would be replaced" in " ".join(refused.err.split())
    assert run(*asked).status == 0 and (folder / "output" / "vn123_2024-01-01_2024-03-31_v2" / "result.json").is_file()
    assert (folder / "out" / "monitoring_package.zip").read_bytes() == before
