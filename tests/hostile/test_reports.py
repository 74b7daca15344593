"""Workbook reports that were built to do harm, handed in alone: a verdict comes of each, never an error of ours."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.reporting.write import rendered
from jcm_mrv.verification.verifying import verify
from support.workbooks import solar_workbook

Parts = dict[str, bytes]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    result = calculate_file(solar_workbook(tmp_path_factory.mktemp("plant") / "monitoring.xlsx"))
    with zipfile.ZipFile(io.BytesIO(rendered("xlsx", result, "en"))) as book:
        return {name: book.read(name) for name in book.namelist()}


def _deep(parts: Parts) -> None:
    parts["xl/worksheets/sheet1.xml"] = b"<a>" * 100_000 + b"</a>" * 100_000


def _entities(parts: Parts) -> None:
    parts["xl/worksheets/sheet1.xml"] = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


def _no_such_text(parts: Parts) -> None:
    name = "xl/worksheets/sheet2.xml"
    parts[name] = parts[name].replace(b't="s"><v>', b't="s"><v>9999999')


def _no_number(parts: Parts) -> None:
    name = "xl/worksheets/sheet2.xml"
    parts[name] = parts[name].replace(b"<sheetData>", b'<sheetData><row r="900"><c r="A900"><v>1e999</v></c></row>')


def _no_sheet(parts: Parts) -> None:
    del parts["xl/worksheets/sheet2.xml"]


def _no_relations(parts: Parts) -> None:
    parts["xl/_rels/workbook.xml.rels"] = b"<Relationships/>"


def _climbing(parts: Parts) -> None:
    name = "xl/_rels/workbook.xml.rels"
    parts[name] = parts[name].replace(b"worksheets/sheet1.xml", b"../../../etc/passwd")


@pytest.mark.parametrize(
    "change",
    [_deep, _entities, _no_such_text, _no_number, _no_sheet, _no_relations, _climbing],
    ids=lambda f: f.__name__,
)
def test_a_verdict_comes_of_it(change: Callable[[Parts], None], report: Parts, tmp_path: Path) -> None:
    parts = dict(report)
    change(parts)
    path = tmp_path / "monitoring_report.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    verification = verify(path, tmp_path, second_engine=False)
    assert not verification.reproduced
    assert all("root:" not in f"{c.stated}{c.recomputed}{c.note}" for c in verification.checks)
