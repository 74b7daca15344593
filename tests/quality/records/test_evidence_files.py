"""Documents of the sheet Evidence: their files are there and unchanged, and each is named somewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.quality.records import evidence
from jcm_mrv.quality.records.evidence import evidence_file_findings
from support.claims import record, rows_of, solar
from support.records import cell

CONTENT = b"a certificate"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
NAMED = {"points": [{"meter_id": "M", "evidence": "D-1"}]}


def said(
    folder: Path,
    *documents: dict[str, str],
    elsewhere: dict[str, str] | None = None,
    tables: dict[str, Sequence[dict[str, Any]]] = NAMED,
    pdd: str = "",
) -> list[Finding]:
    """Of documents beside the workbook of a folder; ``elsewhere`` as a package states them."""
    (folder / "paper.pdf").write_bytes(CONTENT)
    rows = [{"document_id": "D-1", "title": "A test", **one} for one in documents or ({},)]
    every = {key: rows_of(key, given) for key, given in {**tables, "evidence": rows}.items()}
    data = replace(
        solar(points=[], fixed=[]).data(),
        path=folder / "monitoring.xlsx",
        elsewhere=elsewhere or {},
        project=record("project", 2, {"pdd": pdd}),
        **every,
    )
    return list(evidence_file_findings(data))


@pytest.mark.parametrize("row", [{}, {"file": " "}, {"sha256": "0" * 64}, {"file": "paper.pdf"}])
def test_what_states_no_file_or_no_checksum_is_compared_with_nothing(row: dict[str, str], tmp_path: Path) -> None:
    assert said(tmp_path, row) == []


@pytest.mark.parametrize("text", [SHA256, f" {SHA256.upper()} "])
def test_a_file_as_it_was_entered(text: str, tmp_path: Path) -> None:
    assert said(tmp_path, {"file": " paper.pdf ", "sha256": text}) == []


def test_a_file_that_has_changed(tmp_path: Path) -> None:
    (finding,) = said(tmp_path, {"file": "paper.pdf", "sha256": "0" * 64})
    assert finding.message == "the file of document D-1 is not the one that was entered: its checksum differs"
    assert finding.found == f"paper.pdf has {SHA256}" and finding.where.cell == cell("evidence", "sha256", 2)


@pytest.mark.parametrize("text", ["0" * 63, "0" * 65, "g" * 64, "see the letter"])
def test_a_checksum_that_is_none(text: str, tmp_path: Path) -> None:
    (finding,) = said(tmp_path, {"file": "paper.pdf", "sha256": text})
    assert finding.message == ("what stands as SHA-256 of document D-1 is none: it has 64 digits, 0 to 9 and a to f")
    assert finding.found == text and SHA256 in finding.action and finding.where.cell == cell("evidence", "sha256", 2)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("other.pdf", "is not in the folder of the workbook"),
        ("papers", "is not in the folder of the workbook"),  # a folder
        ("../paper.pdf", "lies outside the folder of the workbook"),
        ("/etc/passwd", "lies outside the folder of the workbook"),
        ("C:\\x.pdf", "lies outside the folder of the workbook"),
        ("link.pdf", "lies outside the folder of the workbook"),
        ("paper.pdf", "cannot be read"),
    ],
)
def test_a_file_that_is_not_there(name: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: Any, **__: Any) -> str:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "secret.pdf").write_bytes(b"not for everybody")
    folder = tmp_path / "project"
    (folder / "papers").mkdir(parents=True)
    (folder / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    monkeypatch.setattr(evidence, "_sha256", locked)
    (finding,) = said(folder, {"file": name, "sha256": SHA256})
    assert (finding.message, finding.found) == (f"the file of document D-1 {reason}", name)
    assert finding.where.cell == cell("evidence", "file", 2)


@pytest.mark.parametrize(
    ("elsewhere", "stated", "code"),
    [
        ({"kept.pdf": SHA256}, SHA256, None),
        ({"kept.pdf": SHA256}, "", None),
        ({"kept.pdf": SHA256}, "0" * 64, "evidence.sha256"),
        ({"kept.pdf": ""}, SHA256, "evidence.file_missing"),  # it was not there when the package was made
        ({"other.pdf": SHA256}, SHA256, "evidence.file_missing"),
    ],
)
def test_a_document_that_a_package_leaves_where_it_was(
    elsewhere: dict[str, str], stated: str, code: str | None, tmp_path: Path
) -> None:
    found = said(tmp_path, {"file": "kept.pdf", "sha256": stated}, elsewhere=elsewhere)
    assert [f.code for f in found] == ([code] if code else [])


@pytest.mark.parametrize(
    ("tables", "named"),
    [
        ({}, False),
        ({"points": [{"evidence": "D-1"}]}, True),
        ({"points": [{"evidence": "D-2; D-1"}]}, True),
        ({"points": [{"evidence": "D-11"}]}, False),
        ({"points": [{"comment": "as in D-1, page 3"}]}, True),
        ({"points": [{"share_basis": "D-1"}]}, True),
        ({"points": [{"comment": "as in D-12 and XD-1"}]}, False),
        ({"calibrations": [{"certificate": "no. 7 (D-1)"}]}, True),
        ({"fixed": [{"document": "D-1"}]}, True),
        ({"logs": [{"file": "paper.pdf"}]}, True),  # by its file
        ({"invoices": [{"file": "bill.pdf"}]}, False),
    ],
)
def test_a_document_that_is_named_nowhere_else(tables: Any, named: bool, tmp_path: Path) -> None:
    found = said(tmp_path, {"file": "paper.pdf"}, tables=tables)
    assert [(f.message, f.found, f.where.cell) for f in found] == [
        ("document D-1 is named on no other sheet", "A test", cell("evidence", "document_id", 2))
    ] * (not named)


def test_a_document_that_only_the_project_names_and_one_without_an_id(tmp_path: Path) -> None:
    assert said(tmp_path, tables={}, pdd="PDD of D-1") == []
    assert [f.code for f in said(tmp_path, tables={})] == ["evidence.unused"]
    assert said(tmp_path, {"document_id": " ", "file": "paper.pdf"}, tables={}) == []
