"""The package of a report: whole, the same bytes anywhere, and laid out so that the workbook finds its logs."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.reporting.result_json import canonical_sha256, result_json
from jcm_mrv.verification.manifest import schema_text
from jcm_mrv.verification.packing import package
from support.command import run
from support.workbooks import solar_workbook

SOLAR = Path(__file__).parents[2] / "examples" / "rooftop_solar"
EVIDENCE = {"evidence": [{"document_id": "D-1", "title": "Certificate", "file": "docs/certificate.txt"}]}


def with_document(folder: Path) -> Path:
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "certificate.txt").write_bytes(b"calibrated")
    return solar_workbook(folder / "monitoring.xlsx", tables=EVIDENCE)


def packed(path: Path, *, with_evidence: bool = False) -> tuple[bytes, dict[str, Any]]:
    result = calculate_file(path)
    content = package(result, {"result.json": result_json(result)}, "jcm-mrv", "en", with_evidence=with_evidence)
    return content, json.loads(zipfile.ZipFile(io.BytesIO(content)).read("manifest.json"))


def test_every_file_is_there_with_its_size_and_checksum(tmp_path: Path) -> None:
    plant = Path(shutil.copytree(SOLAR, tmp_path / "plant", ignore=shutil.ignore_patterns("output")))
    content, manifest = packed(plant / "monitoring.xlsx")
    archive = zipfile.ZipFile(io.BytesIO(content))
    stated = {one["path"]: (one["size"], one["sha256"]) for one in manifest["files"]}
    held = {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}
    assert stated == {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in held.items()}
    assert held["inputs/data/pv_ac_power_15min.csv"] == (SOLAR / "data" / "pv_ac_power_15min.csv").read_bytes()
    assert set(held) == {"inputs/monitoring.xlsx", "inputs/data/pv_ac_power_15min.csv", "reports/result.json"}


def test_the_manifest_keeps_its_schema_and_names_what_made_it(tmp_path: Path) -> None:
    _, manifest = packed(with_document(tmp_path))
    Draft202012Validator.check_schema(json.loads(schema_text()))
    assert list(Draft202012Validator(json.loads(schema_text())).iter_errors(manifest)) == []
    card = Path(__file__).parents[2] / "methodologies" / "solar_pv" / "cards" / "VN_AM007_1.0.toml"
    assert manifest["methodologies"][0]["card_sha256"] == hashlib.sha256(card.read_bytes()).hexdigest()
    source = card.parents[1] / "__init__.py"
    assert manifest["methodologies"][0]["class_sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()


def test_the_same_bytes_in_another_folder_at_another_time(tmp_path: Path) -> None:
    first = with_document(tmp_path / "one")
    second = with_document(tmp_path / "two" / "deeper")
    second.write_bytes(first.read_bytes())
    assert packed(first)[0] == packed(second)[0]


@pytest.mark.parametrize("included", [False, True])
def test_documents_are_hashed_and_enclosed_when_asked(tmp_path: Path, *, included: bool) -> None:
    content, manifest = packed(with_document(tmp_path), with_evidence=included)
    digest = hashlib.sha256(b"calibrated").hexdigest()
    stated = {"document": "D-1", "file": "docs/certificate.txt", "sha256": digest, "included": included}
    assert manifest["documents"] == [stated]
    assert ("inputs/docs/certificate.txt" in zipfile.ZipFile(io.BytesIO(content)).namelist()) == included


def test_a_file_that_changed_since_is_refused(tmp_path: Path) -> None:
    path = with_document(tmp_path)
    result = calculate_file(path)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(InputRefusedError) as refused:
        package(result, {}, "jcm-mrv", "en")
    assert [f.code for f in refused.value.findings] == ["input.changed"]


def test_the_canonical_checksum_asks_for_the_content_not_the_layout() -> None:
    # RFC 8785: keys in order, no blanks, 1.0 as 1.
    expected = hashlib.sha256(b'{"a":1,"b":[null,"\xc3\xa9"]}').hexdigest()
    assert canonical_sha256({"b": [None, "é"], "a": 1.0}) == expected


def test_calculate_writes_it_and_prints_its_checksum_on_the_first_page(tmp_path: Path, good: Path) -> None:
    out = tmp_path / "out"
    assert run("calculate", good, "--output", out, "--formats", "json,html,package").status == 0
    data = json.loads((out / "result.json").read_bytes())
    manifest = json.loads(zipfile.ZipFile(out / "monitoring_package.zip").read("manifest.json"))
    assert manifest["result_sha256"] == canonical_sha256(data)
    assert canonical_sha256(data) in (out / "monitoring_report.html").read_text(encoding="utf-8").split("<main>")[0]
    assert {one["path"] for one in manifest["files"]} == {
        "inputs/monitoring.xlsx",
        "reports/result.json",
        "reports/monitoring_report.html",
    }
