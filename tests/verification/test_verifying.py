"""What was stated is reproduced from the inputs, or the place that is not is named."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jcm_mrv.verification.checks import Verdict, Verification
from jcm_mrv.verification.verifying import verify
from support.command import run
from support.libreoffice import soffice
from support.results import EXAMPLES
from support.workbooks import monthly, solar_workbook


def failing(verification: Verification) -> list[tuple[Verdict, str]]:
    return [
        (c.verdict, f"{c.what} {c.where} {c.note}")
        for c in verification.checks
        if c.verdict not in ("reproduced", "left out")
    ]


def without_engine(path: Path, evidence: Path | None = None) -> Verification:
    return verify(path, evidence, second_engine=False)


@pytest.mark.parametrize("name", ["monitoring_package.zip", "monitoring_report.xlsx", ""])
def test_what_nobody_touched_is_reproduced(name: str, plant: Path) -> None:
    verification = without_engine(plant / "out" / name, plant)
    assert failing(verification) == []
    tonnes = [(c.what, c.stated, c.recomputed) for c in verification.checks if "credited 2024" in c.what]
    # (100 + 120 + 140) MWh x 0.5 tCO2e/MWh = 180 t
    assert tonnes and set(tonnes) == {("credited 2024 [tCO2e]", "180", "180")}


def test_a_report_without_its_inputs_is_not_reproduced(plant: Path, tmp_path: Path) -> None:
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    alone = tmp_path / "a" / "b" / "c" / "result.json"
    alone.write_bytes((plant / "out" / "result.json").read_bytes())
    verification = without_engine(alone.parent)
    assert [v for v, _ in failing(verification)] == [Verdict.MISSING]
    assert "--evidence DIR" in failing(verification)[0][1]
    assert without_engine(alone.parent, plant).reproduced


def test_another_reading_among_the_originals_is_found(plant: Path, tmp_path: Path) -> None:
    book = load_workbook(plant / "monitoring.xlsx")
    heads = [cell.value for cell in book["Readings"][1]]
    book["Readings"].cell(2, heads.index("Value") + 1).value = 90_000
    book.save(tmp_path / "monitoring.xlsx")
    verification = without_engine(plant / "out" / "monitoring_package.zip", tmp_path)
    assert [(v, "original monitoring.xlsx" in text) for v, text in failing(verification)] == [(Verdict.DIFFERS, True)]


def test_a_changed_result_is_named_by_its_path(handed_in: Path, plant: Path) -> None:
    data = json.loads((handed_in / "result.json").read_bytes())
    data["emission_reductions"]["credited"] = 181
    (handed_in / "result.json").write_text(json.dumps(data, indent=2), encoding="utf-8")
    checks = [c for c in without_engine(handed_in).checks if c.where == "result.json: emission_reductions.credited"]
    assert [(c.stated, c.recomputed, c.difference, c.verdict) for c in checks] == [("181", "180", "+1", "differs")]


@pytest.mark.skipif(soffice() is None, reason="LibreOffice is not installed")
def test_the_command_prints_one_table_and_its_exit_status(plant: Path, handed_in: Path) -> None:
    done = run("verify", plant / "out")
    assert done.status == 0 and "Everything that was stated is reproduced" in done.out
    assert "formulas, recalculated" in done.out
    (handed_in / "monitoring_report.html").write_bytes(
        (handed_in / "monitoring_report.html").read_bytes().replace(b"180.000", b"980.000", 1)
    )
    spoilt = run("verify", handed_in, "--format", "json")
    assert spoilt.status == 1
    wrong = [c for c in json.loads(spoilt.out)["checks"] if c["verdict"] == "differs"]
    assert wrong and all("monitoring_report.html, section" in c["where"] for c in wrong)
    assert any("980.000" in c["stated"] and "180.000" in c["recomputed"] for c in wrong)


def test_usage(plant: Path, tmp_path: Path) -> None:
    assert run("verify", tmp_path / "nothing").status == 2
    assert run("verify", plant / "out", "--format", "xlsx").status == 2
    assert run("verify", plant / "out", "--output", tmp_path / "v.xlsx").status == 2
    refused = run("verify", plant / "monitoring.xlsx")
    assert refused.status == 1 and "is a monitoring workbook, not a report" in refused.out


def test_a_package_made_elsewhere_verifies(tmp_path: Path) -> None:
    """Another process, time zone, locale and folder; every log and the PDF inside."""
    out = tmp_path / "out"
    environment = {**os.environ, "TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONHASHSEED": "5"}
    command = [sys.executable, "-m", "jcm_mrv", "calculate", str(EXAMPLES / "rooftop_solar" / "monitoring.xlsx")]
    command += ["--formats", "json,pdf,package", "--lang", "ja", "--output", str(out)]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    verification = without_engine(out / "monitoring_package.ja.zip")
    assert failing(verification) == []
    assert any("printed numbers" in c.note for c in verification.checks)


def test_another_version_is_named_and_told_apart(handed_in: Path, plant: Path) -> None:
    """A setting that another version may have is blamed on it; what stands in the workbook is not."""
    data = json.loads((handed_in / "result.json").read_bytes())
    data["software"]["jcm-mrv"] = "0.0.9"
    data["settings"]["gone_setting"] = 1.0
    data["meters"][0]["fields"]["serial_number"] = "SN-X"
    (handed_in / "result.json").write_text(json.dumps(data), encoding="utf-8")
    for name in ("monitoring_package.zip", "monitoring_report.html", "monitoring_report.xlsx"):
        (handed_in / name).unlink()
    verdicts = {c.what: c.verdict for c in without_engine(handed_in, plant).checks}
    assert verdicts["jcm-mrv 0.0.9"] == verdicts["settings.gone_setting"] == "other version"
    assert verdicts["meters[0].fields.serial_number"] == "differs"


def test_the_list_is_a_workbook_of_texts(handed_in: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(handed_in / "monitoring_package.zip") as archive:
        assert archive.namelist()[0] == "manifest.json"
    (handed_in / "result.json").write_text("=cmd()", encoding="utf-8")
    assert run("verify", handed_in, "--format", "xlsx", "--output", tmp_path / "v.xlsx").status == 1
    cells = [c for row in load_workbook(tmp_path / "v.xlsx").active.iter_rows() for c in row if c.value]
    assert cells and all(cell.data_type == "s" for cell in cells)


def test_a_package_whose_inputs_are_refused_does_not_miss_what_was_never_in_it(tmp_path: Path) -> None:
    """The documents of Evidence stay with the proponent; the workbook was changed so that it cannot be calculated."""
    plant = tmp_path / "plant"
    plant.mkdir()
    book = solar_workbook(plant / "monitoring.xlsx", tables={"evidence": evidence(plant)})
    assert run("calculate", book, "--formats", "package", "--output", plant / "out").status == 0
    with zipfile.ZipFile(plant / "out" / "monitoring_package.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    spoilt = load_workbook(io.BytesIO(files["inputs/monitoring.xlsx"]))
    heads = [cell.value for cell in spoilt["Readings"][1]]
    spoilt["Readings"].cell(2, heads.index("Value") + 1).value = "many"
    spoilt.save(tmp_path / "spoilt.xlsx")
    files["inputs/monitoring.xlsx"] = (tmp_path / "spoilt.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "package.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    found = failing(without_engine(tmp_path / "package.zip"))
    assert any("cannot be calculated" in text for _, text in found)
    assert not any("docs/" in text for _, text in found)
    assert any("inputs/monitoring.xlsx" in text for _, text in found) and not any("original" in t for _, t in found)


def test_changes_since_another_version_stand_in_every_format(plant: Path, tmp_path: Path) -> None:
    """One month of 20 MWh more: 190 t instead of 180 t."""
    solar_workbook(tmp_path / "monitoring.xlsx", tables={"readings": monthly("M-1", (1e5, 1.2e5, 1.6e5))})
    asked = ("verify", plant / "out", "--against", tmp_path / "monitoring.xlsx", "--format")
    found = json.loads(run(*asked, "json").out)["changes"]
    tonnes = {one["what"]: (one["before"], one["now"]) for one in found if one["part"] == "tonnes"}
    assert tonnes["credited 2024"] == ("190", "180")
    run(*asked, "xlsx", "--output", tmp_path / "v.xlsx")
    rows = list(load_workbook(tmp_path / "v.xlsx")["Changes"].iter_rows(min_row=3, values_only=True))
    assert rows[0][:3] == ("Part", "Change", "What") and len(rows) == len(found) + 1
    assert rows[1][:3] == tuple(found[0][key] for key in ("part", "kind", "what"))


def evidence(folder: Path) -> list[dict[str, object]]:
    """Documents: one with its checksum, one without, one that is not there, one whose checksum is wrong."""
    (folder / "docs").mkdir()
    for name in ("a.pdf", "b.pdf", "d.pdf"):
        (folder / "docs" / name).write_bytes(name.encode())
    digest = hashlib.sha256(b"a.pdf").hexdigest()
    rows = [("a.pdf", digest), ("b.pdf", ""), ("c.pdf", ""), ("d.pdf", "0" * 64)]
    return [
        {"document_id": f"D-0{n}", "title": "T", "file": f"docs/{f}", "sha256": d} for n, (f, d) in enumerate(rows, 1)
    ]


@pytest.mark.parametrize("with_evidence", [False, True])
def test_documents_that_stay_with_the_proponent_raise_no_alarm(tmp_path: Path, *, with_evidence: bool) -> None:
    """Nor does an earlier report in the folder of which a finding speaks; name and language are other ones as well."""
    plant = tmp_path / "a plant"
    plant.mkdir()
    project = {"reference_number": "VN999", "period_start": date(2024, 1, 1), "period_end": date(2024, 2, 29)}
    solar_workbook(plant / "earlier.xlsx", project=project)
    assert run("calculate", plant / "earlier.xlsx", "--formats", "json", "--output", plant / "2023").status == 0
    (plant / "earlier.xlsx").unlink()
    project = {"reference_number": "VN999"}
    book = solar_workbook(plant / "my plant 2024.xlsx", project=project, tables={"evidence": evidence(plant)})
    asked = ["--formats", "html,package,xlsx", "--lang", "vi", "--output", tmp_path / "out"]
    assert run("calculate", book, *asked, *(["--with-evidence"] if with_evidence else [])).status == 0
    verification = without_engine(tmp_path / "out" / "monitoring_package.vi.zip")
    assert failing(verification) == []
    with zipfile.ZipFile(tmp_path / "out" / "monitoring_package.vi.zip") as archive:
        codes = [finding["code"] for finding in json.loads(archive.read("reports/result.json"))["findings"]]
    assert {"evidence.file_missing", "evidence.sha256", "project.overlaps_earlier"} <= set(codes)
    checks = without_engine(tmp_path / "out" / "monitoring_package.vi.zip", plant).checks
    given = [c for c in checks if "docs/" in c.what]
    assert {(c.what, c.verdict) for c in given if c.where.startswith("original")} == {
        ("docs/a.pdf", "reproduced"),
        ("docs/b.pdf", "reproduced"),
        ("docs/c.pdf", "missing"),
        ("docs/d.pdf", "reproduced"),
    }
