"""The Excel report: a second engine reaches the same tonnes, and nothing on the way is typed in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.formula import Tokenizer
from openpyxl.utils import range_boundaries

from jcm_mrv.conformance.cases import calculate_case, cases_of
from jcm_mrv.methodology.catalogue import catalogue
from jcm_mrv.quantities.derivative import gradient
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.reporting.excel.report import workbook_report
from jcm_mrv.reporting.excel.sheet import all_of
from jcm_mrv.reporting.excel.styles import INPUT_FILL
from support import results
from support.excel_reports import CASES, by_year, by_year_anew, column, opened, readings, report
from support.libreoffice import recalculate_all


@pytest.fixture(scope="module")
def anew(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Workbook]:
    """Each report as LibreOffice computes it, which is started once: openpyxl drops every cached value on saving."""
    folder, paths = tmp_path_factory.mktemp("reports"), []
    for case in CASES:
        paths.append(folder / f"{case}.xlsx")
        opened(case, folder).save(paths[-1])
    found = recalculate_all(paths, folder / "anew", timeout=300)
    return {case: load_workbook(path, data_only=True) for case, path in zip(CASES, found, strict=True)}


@pytest.mark.parametrize("case", CASES)
def test_libreoffice_reaches_the_engines_numbers(case: str, anew: Mapping[str, Workbook]) -> None:
    result, found = CASES[case](), by_year(anew[case])
    assert [*found] == [*(str(y.year) for y in result.years), "Total"]
    for part, row in zip((*result.years, result), found.values(), strict=True):
        assert row["Reference emissions"] == pytest.approx(part.reference, rel=1e-9, abs=1e-9)
        assert row["Project emissions"] == pytest.approx(part.project, rel=1e-9, abs=1e-9)
        assert row["Emission reductions"] == pytest.approx(part.reductions, rel=1e-9, abs=1e-9)
        assert row.get("Credited (whole tonnes)") == part.credited
    assert [row["Check"] for row in found.values()] == ["OK"] * (len(result.years) + 1)


@pytest.mark.parametrize("case", CASES)
def test_cached_values_are_those_of_the_formulas(case: str, anew: Mapping[str, Workbook], tmp_path: Path) -> None:
    numbers = 0
    for sheet in opened(case, tmp_path, values=True):
        for row in sheet.iter_rows():
            for cell in row:
                other = anew[case][sheet.title][cell.coordinate].value
                if isinstance(cell.value, (int, float)):
                    numbers += 1
                    assert other == pytest.approx(cell.value, rel=1e-9, abs=1e-12), f"{sheet.title}!{cell.coordinate}"
                else:
                    assert (cell.value or "") == (other or ""), f"{sheet.title}!{cell.coordinate}"
    assert numbers > 60


def test_er_moves_by_the_derivative_times_the_change(tmp_path: Path) -> None:
    changes = (("solar", "V_r", 1, 1000.0), ("units", "V_close,r", -1, 40.0), ("two years", "V_r", 9, -250.0))
    books = [opened(case, tmp_path) for case, *_ in changes]
    for book, (*_, reading, change) in zip(books, changes, strict=True):
        readings(book)[reading].value += change  # the last row is the last segment's, however often others are cut
    for found, (case, symbol, reading, change) in zip(by_year_anew(books, tmp_path), changes, strict=True):
        result = CASES[case]()
        [chain] = result.claim.chains
        node = chain.graph.V if symbol == "V_r" else chain.graph.V_close
        slope = gradient(result.claim.total_ER, [node])[node]
        derivative = float(Evaluation([slope], result.claim.values, result.claim.space)[slope][reading])
        assert derivative != 0
        moved = float(str(found["Total"]["Emission reductions"])) - result.reductions
        # The last reading of a register opens nothing, so that it moves one amount; ER is linear in it.
        assert moved == pytest.approx(derivative * change, rel=1e-9), case


class Precedents:
    """What a formula rests on, to the leaves."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.seen: set[tuple[str, str]] = set()
        self.leaves: list[Cell] = []
        self.literals: list[tuple[str, str]] = []

    def follow(self, sheet: str, coordinate: str) -> None:
        stack = [(sheet, coordinate)]
        while stack:
            place = stack.pop()
            if place in self.seen:
                continue
            self.seen.add(place)
            cell = self.book[place[0]][place[1]]
            if isinstance(cell.value, str) and cell.value.startswith("="):
                stack += self._of(cell)
            else:
                self.leaves.append(cell)

    def _of(self, cell: Cell) -> Iterator[tuple[str, str]]:
        for token in Tokenizer(cell.value).items:
            if token.type == "OPERAND" and token.subtype == "NUMBER":
                self.literals.append((f"{cell.parent.title}!{cell.coordinate}", cell.value))
            if token.type == "OPERAND" and token.subtype == "RANGE":
                sheet, _, area = token.value.rpartition("!")
                left, top, right, bottom = range_boundaries(area.replace("$", ""))
                title = sheet.strip("'") or cell.parent.title
                for row in self.book[title].iter_rows(top, bottom, left, right):
                    yield from ((title, c.coordinate) for c in row)


@pytest.mark.parametrize("case", ["solar", "hole", "two years", "units"])
def test_no_constant_stands_on_the_path_to_the_tonnes(case: str, tmp_path: Path) -> None:
    """Each leaf below Table 3 of MRS(input) is a yellow input cell, a moment, or an ordinal that a total matches on."""
    result = CASES[case]()
    book = opened(case, tmp_path)
    precedents = Precedents(book)
    for year in result.years:
        sheet = book[f"MRS(input) {year.year}"]
        head, where = column(sheet, "(b)\nCO2 emission reductions")
        precedents.follow(sheet.title, sheet.cell(head + 1, where).coordinate)
    typed = [(where, text) for where, text in precedents.literals if "*10^" not in text]  # a register's digits
    assert typed == [], "a number is typed into a formula"
    other = [c for c in precedents.leaves if c.fill.fgColor.rgb != "FF" + INPUT_FILL.lstrip("#")]
    bare = [c for c in other if not (isinstance(c.value, datetime) or _is_ordinal(c) or _is_hidden_zero(c))]
    assert [f"{c.parent.title}!{c.coordinate}" for c in bare] == []
    read = {c.coordinate for c in precedents.leaves if c.parent.title == "Readings"}
    assert read >= {c.coordinate for c in readings(book)}, "the path ends before the readings"


def _is_hidden_zero(cell: Cell) -> bool:
    """What a row's kind of reading does not have."""
    return cell.value == 0 and cell.number_format == ";;;"


def _is_ordinal(cell: Cell) -> bool:
    """A grey number below the mark ``#``."""
    above = (cell.parent.cell(row, cell.column).value for row in range(cell.row - 1, 0, -1))
    return isinstance(cell.value, int) and next(v for v in above if isinstance(v, str)) == "#"


def test_official_headings_and_values_of_the_input_sheet(tmp_path: Path) -> None:
    """By hand: 360 MWh in the first quarter of 2024, 0.5 t/MWh: 180 t."""
    book = opened("solar", tmp_path, values=True)
    rows = [[c.value for c in row] for row in book["MRS(input) 2024"].iter_rows()]
    heads = next(row for row in rows if row[0] == "(a)\nMonitoring period")
    assert [str(h)[:3] for h in heads] == [f"({letter})" for letter in "abcdefghijk"]
    monitored = rows[rows.index(heads) + 1]
    assert monitored[:6] == [
        "1/Jan/2024-31/Mar/2024",
        "(1)",
        "EG_i,p",
        "electricity generated by the project solar PV system and consumed or sold: PV-1",
        360,
        "MWh/p",
    ]
    assert any(row[0] == "1/Jan/2024-31/Mar/2024" and row[4:6] == [180, "tCO2/p"] for row in rows)


def test_an_indicative_figure_has_no_report_sheet_and_no_credited_number(tmp_path: Path) -> None:
    book = opened("indicative", tmp_path, values=True)
    assert not [name for name in book.sheetnames if name.startswith("MRS(input)")]
    assert all("INDICATIVE" in str(sheet["A1"].value) for sheet in book)
    assert all("Credited (whole tonnes)" not in row for row in by_year(book).values())


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x.invalid")', "+1", "-1", "@SUM(A1)", "{=1}", "http://x"])
def test_text_of_strangers_stays_text(text: str, tmp_path: Path) -> None:
    readings = [{**row, "comment": text} for row in results.monthly("M-1", (1.0, 2.0, 3.0))]
    equipment = [{"equipment_id": "PV-1", "description": text, "serial_number": text}]
    result = results.calculated(project={"title": text}, tables={"readings": readings, "equipment": equipment})
    path = tmp_path / "report.xlsx"
    path.write_bytes(workbook_report(result))
    book = load_workbook(path)
    found = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value == text]
    assert len(found) >= 2
    assert {c.data_type for c in found if c.data_type != "f"} == {"s"} or all(c.quotePrefix for c in found)
    assert all(c.hyperlink is None for c in found)
    xml = _sheets_as_text(path)
    assert f"<f>{text.lstrip('=')}" not in xml and "HYPERLINK" not in re.sub(r"<t[^>]*>.*?</t>", "", xml)


def _sheets_as_text(path: Path) -> str:
    from zipfile import ZipFile

    with ZipFile(path) as archive:
        names = [n for n in archive.namelist() if n.startswith("xl/worksheets/")]
        return "".join(archive.read(n).decode() for n in names)


def test_every_finding_and_input_is_listed(tmp_path: Path) -> None:
    result = results.units()
    book = opened("units", tmp_path, values=True)
    codes = [row[1].value for row in book["Findings"].iter_rows()]
    assert [f.code for f in result.findings] == [c for c in codes if c and "." in str(c)]
    cells = [str(c.value) for row in book["Sources"].iter_rows() for c in row]
    assert all(sha256 in cells for _, sha256 in result.inputs)


def test_an_and_of_more_conditions_than_a_function_takes_is_nested() -> None:
    """600 conditions: two ANDs of 255 and one of 90, in a fourth."""
    conditions = [f"A{n}" for n in range(600)]
    text = all_of(conditions)
    groups = re.findall(r"AND\(((?:A\d+,?)+)\)", text)
    assert [len(group.split(",")) for group in groups] == [255, 255, 90]
    assert ",".join(groups) == ",".join(conditions) and text.count("AND(") == 4


def test_the_open_end_of_a_class_table_is_a_number_beyond_all(tmp_path: Path) -> None:
    """The last class of ID_AM002 2.0 begins at 825 USRt and has no end."""
    [case, *_] = cases_of(catalogue().find("ID_AM002 2.0"))
    path = tmp_path / "report.xlsx"
    path.write_bytes(workbook_report(calculate_case(case, tmp_path)))
    sheet = load_workbook(path)["Fixed values and defaults"]
    ends = [c for row in sheet.iter_rows() for c in row if "∞" in c.number_format]
    assert [c.value for c in ends] == [9.99e307]
    assert 825 in [sheet.cell(ends[0].row, c).value for c in range(1, ends[0].column)]


def test_the_monitoring_structure_names_who_is_responsible_for_what(tmp_path: Path) -> None:
    team = [{"role": "Data manager", "name": "A. Person", "organisation": "Plant", "responsibility": "Keeps the logs"}]
    (path := tmp_path / "report.xlsx").write_bytes(workbook_report(results.calculated(tables={"team": team}), "vi"))
    rows = [[cell.value for cell in row] for row in load_workbook(path)["MSS"].iter_rows()]
    assert rows[3:] == [["Responsible personnel", "Role"], ["A. Person, Plant", "Data manager: Keeps the logs"]]


def test_the_same_bytes_twice() -> None:
    assert workbook_report(results.units()) == report("units")


def test_a_treated_hole_is_a_live_row(tmp_path: Path) -> None:
    """February is missing; the correction's row reaches the month, and what is used, by formulas."""
    result = results.solar_with_hole()
    [treatment] = result.treatments
    book = opened("hole", tmp_path)
    sheet = book["Monthly slices"]
    head, added = column(sheet, "d_x")
    assert sheet.cell(head + 3, added).value == pytest.approx(treatment.correction)
    assert treatment.span in [cell.value for cell in sheet[head + 3]]
    sheet.cell(head + 3, added).value = 1.0  # 1 MWh more in February
    [anew] = by_year_anew([book], tmp_path)
    factor = result.reductions / sum(
        float(x) for x in result.evaluation[result.claim.parameters[0].defined].sum(axis=0)
    )
    assert anew["Total"]["Emission reductions"] == pytest.approx(result.reductions + factor, rel=1e-9)
