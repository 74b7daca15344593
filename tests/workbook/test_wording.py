"""A workbook in another language: headings, choices and examples in its own words stand for those of the schema."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from jcm_mrv.calculation import calculate_file
from jcm_mrv.languages import said_in
from jcm_mrv.methodology.catalogue import catalogue
from jcm_mrv.methodology.template import write_blank
from jcm_mrv.workbook.cells import FindingList, Raw
from jcm_mrv.workbook.examples import MARKS
from jcm_mrv.workbook.grid import Grid, match_headings
from jcm_mrv.workbook.reading import read_workbook
from jcm_mrv.workbook.schema import SHEETS, sheet
from jcm_mrv.workbook.second_headings import without_second_headings
from jcm_mrv.workbook.wording import choice_of, column_of, said_choice
from support.workbooks import solar_workbook

OTHERS = ("vi", "ja")
LONGEST_LIST = 255
"""Characters of a drop-down that Excel takes; a comma parts its words."""


def offered() -> set[tuple[str, ...]]:
    """The words of every drop-down: those of the schema, and those of what a methodology leaves to the project."""
    nodes = (node for e in catalogue().entries if e.declared is not None for node in e.methodology.nodes())
    own = {tuple(getattr(node, "choices", ())) for node in nodes if getattr(node, "set_by", "card") != "card"}
    return ({column.choices for one in SHEETS for column in one.columns} | own) - {()}


@pytest.mark.parametrize("lang", OTHERS)
def test_every_choice_is_offered_in_the_language_and_read_back(lang: str) -> None:
    for choices in offered():
        said = [said_choice(choice, lang) for choice in choices]
        assert [choice_of(choices, one) for one in said] == list(choices), said
        assert not any("," in one for one in said) and len(",".join(said)) <= LONGEST_LIST, said
    english = [one for choices in offered() for one in choices if any(c.isalpha() for c in one) and len(one) > 1]
    untouched = {one for one in english if said_choice(one, lang) == one}
    assert untouched <= {"DD/MM/YYYY", "MM/DD/YYYY"}


@pytest.mark.parametrize("lang", OTHERS)
def test_every_heading_is_read_in_the_language_alone(lang: str) -> None:
    for schema in SHEETS:
        for column in schema.columns:
            assert column_of(schema, said_in(column.heading, lang)) == column, column.heading


def test_a_word_of_another_column_or_of_nothing_is_no_choice() -> None:
    kinds = sheet("readings").column("kind").choices
    assert (choice_of(kinds, "Năng lượng"), choice_of(kinds, "công suất"), choice_of(kinds, "")) == (
        "energy",
        None,
        None,
    )


@pytest.mark.parametrize("lang", [*OTHERS, "en+vi"])
def test_a_blank_workbook_shows_its_examples_in_its_language_and_reads_them_as_nothing(
    lang: str, tmp_path: Path
) -> None:
    path = tmp_path / "monitoring.xlsx"
    write_blank(["VN_AM013"], path, lang)
    mark = MARKS[lang[:2]]
    meters = load_workbook(path)["Meters"]
    assert all(str(cell.value).startswith(mark) for cell in meters[2] if cell.value is not None)
    data = read_workbook(path)
    assert [data.equipment, data.meters, data.points, data.logs, data.invoices, data.eligibility] == [[]] * 6
    assert {f.code for f in data.findings} & {
        "input.example_left",
        "input.choice_unknown",
        "input.heading_missing",
    } == set()


def test_an_example_left_in_part_is_refused_in_every_language(tmp_path: Path) -> None:
    path = tmp_path / "monitoring.xlsx"
    write_blank(["VN_AM013"], path, "vi")
    book = load_workbook(path)
    book["Meters"]["A2"] = "M-7"
    book.save(path)
    (finding,) = [f for f in read_workbook(path).findings if f.code == "input.example_left"]
    assert finding.where.cell == "B2" and "ví dụ:" in finding.action


def _grid(key: str, *rows: list[Raw]) -> Grid:
    return Grid("m.xlsx", sheet(key), sheet(key).title, list(rows))


READINGS: list[Raw] = ["Meter ID", "Kind", "From", "To", "Value", "Unit"]


def test_headings_in_vietnamese_alone_are_those_of_the_sheet() -> None:
    heads: list[Raw] = [said_in(column.heading, "vi").upper() for column in sheet("readings").columns]
    findings = FindingList()
    assert match_headings(_grid("readings", heads), findings).at == {
        column.key: n for n, column in enumerate(sheet("readings").columns)
    }
    assert findings.all == []


def test_a_second_row_of_headings_in_another_language_is_left_out() -> None:
    heads: list[Raw] = ["メーターID", *(said_in(one.heading, "ja") for one in sheet("readings").columns[1:6])]
    heads[0] = said_in(sheet("readings").column("meter_id").heading, "ja")
    findings = FindingList()
    grid = without_second_headings(_grid("readings", READINGS, heads, ["M-1"]), findings)
    assert (grid.rows[1], grid.rows[2], findings.all) == ([], ["M-1"], [])


def test_a_second_row_of_headings_in_own_words_is_one_finding() -> None:
    own: list[Raw] = ["công tơ", "loại", "từ lúc", "đến lúc", "số đọc được", "đơn vị"]
    findings = FindingList()
    grid = without_second_headings(_grid("readings", READINGS, own, ["M-1"]), findings)
    (finding,) = findings.all
    assert (finding.code, finding.where.cell, grid.rows[1]) == ("input.second_headings", "A2", [])


@pytest.mark.parametrize(
    "row",
    [
        ["M-A", "energy", "unknown", "missing", "none", "kWh"],  # a choice stands there: a reading with faults
        ["M-1", "loại", "từ lúc", "đến lúc", "số", "đơn vị"],  # a figure
        ["meter", "kind", "n/a", "n/a", "n/a", "unit"],  # the same thrice: no headings
        ["meter", "", "", "", "", ""],
        ["meter", "kind", "from", "to", 5.0, "unit"],
    ],
)
def test_a_row_that_may_be_data_stays_where_it_is(row: list[Raw]) -> None:
    findings = FindingList()
    grid = _grid("readings", READINGS, row)
    assert without_second_headings(grid, findings) is grid
    assert findings.all == []


@pytest.mark.parametrize("lang", OTHERS)
def test_a_workbook_in_the_words_of_a_language_alone_gives_the_same_tonnes(lang: str, tmp_path: Path) -> None:
    path = solar_workbook(tmp_path / "monitoring.xlsx")
    english = calculate_file(path)
    book = load_workbook(path)
    for schema in SHEETS:
        columns = {str(column.heading): column for column in schema.columns}
        cells = book[schema.title].iter_cols(max_col=1) if schema.form else book[schema.title].iter_rows(max_row=1)
        for head in next(cells):
            column = columns.get(str(head.value))
            if column is None:
                continue
            head.value = said_in(column.heading, lang)
            beside = (
                [book[schema.title].cell(head.row, 2)] if schema.form else book[schema.title][head.column_letter][1:]
            )
            for cell in beside if column.choices else ():
                cell.value = cell.value and said_choice(next(c for c in column.choices if c == cell.value), lang)
    book.save(path)
    result = calculate_file(path)
    assert (result.credited, result.reductions) == (english.credited, english.reductions)
    assert [f.code for f in result.findings] == [f.code for f in english.findings]
