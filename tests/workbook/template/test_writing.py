"""The blank workbook: it reads back unchanged, asks for what is needed cell by cell, and is harmless."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jcm_mrv.findings import errors
from jcm_mrv.methodology.catalogue import catalogue
from jcm_mrv.methodology.template import template_methods, write_blank
from jcm_mrv.workbook.reading import read_workbook
from jcm_mrv.workbook.schema import GUIDE, LISTS, SHEETS, sheet
from jcm_mrv.workbook.schema_columns import Kind
from jcm_mrv.workbook.template.writing import TemplateMethod, write_template, write_workbook
from support.workbooks import PROJECT, solar_tables, solar_workbook

# A formula, or a link that leads out of the workbook (the Guide has links to its sheets).
ACTIVE = re.compile(rb"<f[ >]|<hyperlink[^>]* r:id=")
CARDS = [entry.card.id for entry in catalogue().entries if entry.card.computes]
NASTY = ["=1+1", "@SUM(A1)", "+1", "-1", '=HYPERLINK("http://x.example","y")', "=cmd|'/c calc'!A0", "\t=1", "{=1}",
         "<b>&amp;</b>", "x" * 300, "http://x.example/", "mailto:a@b.example", "Đà Nẵng 欠測", "A*", ">5"]  # fmt: skip


@pytest.fixture(scope="module", params=CARDS)
def blank(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blank") / "monitoring.xlsx"
    write_blank([request.param], path)
    return path


def test_a_blank_workbook_reads_back_unchanged(blank: Path) -> None:
    data = read_workbook(blank)
    assert {f.code for f in data.findings} == {"input.required_empty"}
    assert data.project.methodologies in CARDS
    assert len(data.readings) == 0
    for key in ("equipment", "meters", "calibrations", "points", "logs", "invoices", "estimates", "evidence", "team"):
        assert not data.tables[key]


def test_it_names_exactly_the_required_fields_that_are_blank(blank: Path) -> None:
    found = {f.where.cell: f for f in read_workbook(blank).findings}
    needed = {f"B{row}" for row, column in enumerate(sheet("project").columns, 2) if column.required}
    filled = {f"B{row}" for row, column in enumerate(sheet("project").columns, 2) if column.key == "methodologies"}
    assert set(found) == needed - filled
    assert all(f.where.sheet == "Project" and "Fill it in" in f.action for f in found.values())


def test_its_criteria_and_values_are_those_of_the_card(blank: Path) -> None:
    data = read_workbook(blank)
    (method,) = template_methods([data.project.methodologies])
    assert [(r.number, r.criterion) for r in data.eligibility] == list(method.criteria)
    assert [(r.parameter, r.unit) for r in data.fixed] == [(p.symbol, p.unit) for p in method.fixed]
    assert all(r["value"].value is None for r in data.fixed), "a blank value is the card's"


def test_every_sheet_and_heading_is_there_and_explained(blank: Path) -> None:
    book = openpyxl.load_workbook(blank)
    assert book.sheetnames == [GUIDE, *(s.title for s in SHEETS), LISTS]
    for schema in SHEETS:
        page = book[schema.title]
        cells = page["A"][1:] if schema.form else page[1]
        headings = {c.value: c for c in cells if c.value}
        for column in schema.columns:
            comment = headings[column.heading].comment
            assert comment is not None and column.comment in comment.text
            if column.unit:
                assert f"[{column.unit}]" in column.heading


def test_choices_are_drop_downs(blank: Path) -> None:
    book = openpyxl.load_workbook(blank)
    for schema in (s for s in SHEETS if not s.form):
        rules = {str(rule.sqref)[0]: rule for rule in book[schema.title].data_validations.dataValidation}
        letters = {c.value: c.column_letter for c in book[schema.title][1]}
        for column in (c for c in schema.columns if c.kind is Kind.CHOICE):
            rule = rules[letters[column.heading]]
            assert rule.type == "list"
            assert all(choice in rule.formula1 for choice in column.choices)


def test_it_holds_no_formula_and_no_link(blank: Path) -> None:
    with zipfile.ZipFile(blank) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if name.startswith("xl/worksheets/sheet"):
                assert not ACTIVE.search(data), name
            assert b'TargetMode="External"' not in data, name


def test_several_methodologies_share_one_workbook(tmp_path: Path) -> None:
    write_blank(["VN_AM007", "ID_AM004"], tmp_path / "monitoring.xlsx")
    data = read_workbook(tmp_path / "monitoring.xlsx")
    assert data.project.methodologies == "VN_AM007 1.0; ID_AM004 2.0"
    assert {r.methodology for r in data.fixed} == {"VN_AM007 1.0", "ID_AM004 2.0"}
    assert {f.code for f in data.findings} == {"input.required_empty"}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    data = read_workbook(solar_workbook(tmp_path / "monitoring.xlsx"))
    assert data.findings == []
    for key, value in PROJECT.items():
        if isinstance(value, date):
            assert data.project[key].when == datetime(value.year, value.month, value.day)
        else:
            assert data.project[key].text == value
    assert data.readings.value.tolist() == [100_000.0, 120_000.0, 140_000.0]
    assert data.readings.origin(1).cell == "E3"
    assert [r.meter_id for r in data.meters] == ["M-1"]


@pytest.mark.parametrize("text", NASTY, ids=[ascii(n)[:20] for n in NASTY])
def test_text_of_strangers_stays_text(text: str, tmp_path: Path) -> None:
    """No formula, no link: in Excel it stands there as it was written."""
    tables = solar_tables()
    row = {**tables["equipment"][0], "description": text, "manufacturer": text}
    path = solar_workbook(
        tmp_path / "monitoring.xlsx", project={"location": text}, tables={**tables, "equipment": [row]}
    )
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert not ACTIVE.search(archive.read(name)), name
    data = read_workbook(path)
    assert data.project.location == text.strip()
    assert data.equipment[0].description == text.strip()


def test_words_of_a_plug_in_stay_text(tmp_path: Path) -> None:
    method = TemplateMethod("=1+1", "@1", "=1+2", criteria=(("=1", "=HYPERLINK(1)", "approved"),), guidance=("=1+3",))
    write_template(tmp_path / "monitoring.xlsx", [method])
    with zipfile.ZipFile(tmp_path / "monitoring.xlsx") as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert not ACTIVE.search(archive.read(name)), name


# XML cannot hold most control characters; a spreadsheet could not have held them either.
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=60)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=TEXT,
    value=st.floats(-1e12, 1e12).filter(lambda v: v == 0 or abs(v) > 1e-99),
    moment=st.datetimes(datetime(1950, 1, 2), datetime(2150, 1, 1)),
)
def test_whatever_is_written_is_read_back(name: str, value: float, moment: datetime, tmp_path: Path) -> None:
    if not name.strip():
        return
    second = moment.replace(microsecond=0)
    row = {"invoice_no": name, "start": second, "end": second, "value": value, "unit": "kWh"}
    path = tmp_path / "monitoring.xlsx"
    write_workbook(path, [], {}, {"invoices": [row]})
    (invoice,) = read_workbook(path).invoices
    assert invoice.invoice_no == name.strip()
    assert invoice.value == pytest.approx(value, rel=1e-15, abs=0)
    assert invoice.start == second


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = solar_workbook(tmp_path / "a.xlsx"), solar_workbook(tmp_path / "b.xlsx")
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    ("project", "tables"),
    [({"titel": "x"}, {}), ({}, {"meter": []}), ({}, {"meters": [{"metre_id": "M-1"}]})],
)
def test_a_key_that_is_not_there_is_a_slip_of_the_programmer(
    project: dict[str, str], tables: dict[str, list[dict[str, str]]], tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="has no"):
        write_workbook(tmp_path / "monitoring.xlsx", [], project, tables)


def test_nobody_needs_to_be_named() -> None:
    assert not sheet("team").column("name").required


def test_errors_of_a_blank_workbook_forbid_to_calculate(blank: Path) -> None:
    assert errors(read_workbook(blank).findings)
