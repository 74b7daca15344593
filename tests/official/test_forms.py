"""Official sheets as they are really built: bilingual, with names, several input sheets, cells without format.

All are invented, in the layout of VN_AM007; XlsxWriter builds what openpyxl would lose (pictures, boxes, comments).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from xlsxwriter import Workbook

from jcm_mrv.cli import program
from jcm_mrv.official import filling
from jcm_mrv.official.choices import choices_of
from jcm_mrv.official.reading import Form, spreadsheet_of
from jcm_mrv.official.xml_cells import with_values
from jcm_mrv.workbook.unpacking import PackageError

SOLAR = Path(__file__).parents[2] / "examples" / "rooftop_solar" / "monitoring.xlsx"
CHOICES = ["grid", "internal grid with own generators", "off grid with diesel generator"]
HEADS = ("Monitoring period (Kỳ giám sát)", "Monitoring point No.", "Parameters\n(Thông số)", "Description of data",
         "Monitored Values\n(Giá trị giám sát)", "Units / Đơn vị")  # fmt: skip


def official(path: Path, *, value: object = 7.0, more: bool = False) -> Path:
    """A protected sheet with a hidden list, a picture, a text box, a comment and merged titles in two languages."""
    book = Workbook(path)
    sheet, process = book.add_worksheet("MRS(input)"), book.add_worksheet("MRS(calc_process)")
    lists = book.add_worksheet("Lists")
    lists.hide()
    lists.write_column("A1", CHOICES)
    book.define_name("Connections", "=Lists!$A$1:$A$3")
    sheet.merge_range("A3:H3", "Bảng 1 / Table 1: Parameters monitored ex post")
    sheet.write_row("A4", HEADS)
    sheet.write_row("B5", ["(1)", "EG_i,p", "Electricity (see Table 2)"])
    sheet.write("E5", value) if value is not None else None
    sheet.write("F5", "kWh/p")
    sheet.merge_range("A9:H9", "Bảng 2 / Table 2: Project-specific parameters to be fixed ex ante")
    sheet.write_row("C10", ["Parameters (Thông số)", "Description of data", "Estimated Values (Giá trị)", "Units"])
    sheet.write_row("C11", ["connection_i", "Connection", CHOICES[2], "-"])
    sheet.data_validation("E11", {"validate": "list", "source": "=Connections"})
    sheet.insert_textbox("J8", "Only the yellow cells")
    sheet.write_comment("E5", "From the meter")
    sheet.protect("secret")
    process.write_row("A2", ["", "", "Fuel type", "Value", "Units", "Parameter"])
    process.write_row("B4", ["Emission reductions", "", "='MRS(input)'!E5/1000*D20", "tCO2/p", "ER_p"])
    process.write_row("B20", ["Emission factor of the grid (invented)", "", 0.333, "tCO2/MWh", "EF_RE,grid"])
    if more:
        separate = book.add_worksheet("MRS(input_separate)")
        separate.write_row("A3", ["Electricity of system 1", 7.0])
    book.close()
    return path


def read(path: Path):  # type: ignore[no-untyped-def]
    return spreadsheet_of(path.read_bytes(), path.name, Form.REPORT)


def test_headings_and_titles_in_two_languages(tmp_path: Path) -> None:
    found = read(official(tmp_path / "o.xlsx"))
    assert [(line.where, line.symbol, line.unit) for line in found.monitored] == [("MRS(input)!E5", "EG_i,p", "kWh/p")]
    assert [line.symbol for line in found.fixed] == ["connection_i"]  # what a description says of a table is no title


def test_a_drop_down_by_the_name_of_a_range(tmp_path: Path) -> None:
    found = read(official(tmp_path / "o.xlsx"))
    ((ranges, formula),) = found.drop_downs["MRS(input)"]
    assert ranges == "E11" and choices_of(formula, found, "MRS(input)") == tuple(CHOICES)
    assert choices_of("Nothing", found) is None


def test_a_value_from_another_input_sheet_is_entered_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """1,172.3717595 MWh of the example, at its three decimals, in kWh; the formula that takes it stays."""
    monkeypatch.setattr(filling, "soffice", lambda: None)
    path = official(tmp_path / "o.xlsx", value="='MRS(input_separate)'!$B$3", more=True)
    (line,) = read(path).monitored
    assert line.where == "MRS(input_separate)!B3"
    done = CliRunner().invoke(program, ["fill", str(path), str(SOLAR)])
    assert "MRS(input_separate)!B3" in done.output
    made = tmp_path / "o_2016.xlsx"
    book = load_workbook(made)
    assert book["MRS(input_separate)"]["B3"].value == pytest.approx(1_172_372, abs=0.5)
    assert book["MRS(input)"]["E5"].value == "='MRS(input_separate)'!$B$3"
    assert book["MRS(input)"]["A5"].value == "2/Jul/2016-12/Oct/2016"  # a cell that was not there at all
    kept(path, made)


@pytest.mark.parametrize("formula", ["='MRS(calc_process)'!D20", "=E6", "='MRS(input_separate)'!B3*2", "=Gone!B3"])
def test_what_is_no_input_of_another_sheet_stays_a_formula(tmp_path: Path, formula: str) -> None:
    (line,) = read(official(tmp_path / "o.xlsx", value=formula, more=True)).monitored
    assert line.is_formula and line.where == "MRS(input)!E5"


def kept(old: Path, new: Path) -> None:
    """Every part is there; of the sheets everything but the content of cells, and sheets without one byte for byte."""
    before, after = zipfile.ZipFile(old), zipfile.ZipFile(new)
    assert before.namelist() == after.namelist()
    changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
    assert changed <= {"xl/workbook.xml", *(f"xl/worksheets/sheet{n}.xml" for n in (1, 2, 4))}
    assert any("drawing" in name for name in set(before.namelist()) - changed)
    for name in changed - {"xl/workbook.xml"}:
        assert [frame(before.read(name))] == [frame(after.read(name))]


def frame(data: bytes) -> list[tuple[str, list[tuple[str, str]]]]:
    others = [one for one in ElementTree.fromstring(data).iter() if not re.search(r"\}(c|v|f|is|t)$", one.tag)]
    return [(one.tag, sorted((k, v) for k, v in one.attrib.items() if k != "spans")) for one in others]


@pytest.mark.parametrize("place", ["A5", "E5", "Z5", "C7", "AA40"])
def test_a_cell_that_the_sheet_leaves_out_is_made_in_its_place(tmp_path: Path, place: str) -> None:
    path = official(tmp_path / "o.xlsx", value=None)
    content = with_values(path.read_bytes(), path.name, {"MRS(input)": {place: 3.5}}, {})
    sheet = load_workbook(io.BytesIO(content))["MRS(input)"]
    assert sheet[place].value == 3.5 and sheet["C5"].value == "EG_i,p" and sheet["E11"].value == CHOICES[2]
    root = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml"))
    rows = [int(one.get("r", "0")) for one in root.iter() if one.tag.endswith("}row")]
    assert rows == sorted(rows)


def rewritten(path: Path, change: Callable[[bytes], bytes], part: str = "xl/worksheets/sheet1.xml") -> Path:
    """The file with one part changed."""
    with zipfile.ZipFile(path) as old:
        parts = [(one, old.read(one)) for one in old.infolist()]
    with zipfile.ZipFile(path, "w") as new:
        for one, data in parts:
            new.writestr(one, change(data) if one.filename == part else data)
    return path


@pytest.mark.parametrize("without", [rb'(<c) r="[A-Z]+\d+"', rb'(<c) r="[D-F]\d+"'])
def test_cells_that_do_not_say_their_place_follow_each_other(tmp_path: Path, without: bytes) -> None:
    """As some exporters write them: A5 to F5 stand there in a row."""
    path = official(tmp_path / "o.xlsx")
    full = load_workbook(path)["MRS(input)"]
    full["A5"].value = "-"
    full.parent.save(path)
    path = rewritten(path, lambda data: re.sub(without, rb"\1", data))
    content = with_values(path.read_bytes(), path.name, {"MRS(input)": {"E5": 3.5, "Z5": 1.0}}, {})
    sheet = load_workbook(io.BytesIO(content))["MRS(input)"]
    assert [sheet[c].value for c in ("A5", "C5", "E5", "F5", "Z5")] == ["-", "EG_i,p", 3.5, "kWh/p", 1.0]


def test_what_a_formula_of_an_array_showed_before_is_not_left_in_its_cells(tmp_path: Path) -> None:
    """H4:H6 are one formula; H5 and H6 hold 10 and 15 of an earlier period and no formula of their own."""
    with Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("MRS(input)")
        sheet.write_array_formula("H4:H6", "{=E5*{1;2;3}}", None, 5.0)
        sheet.write_column("H5", [10.0, 15.0, 20.0])
    content = (tmp_path / "a.xlsx").read_bytes()
    for computed, shown in (({}, [None, None, 20.0]), ({"H5": 2.0, "H6": 3.0}, [2.0, 3.0, 20.0])):
        made = with_values(content, "a.xlsx", {}, {"MRS(input)": computed})
        sheet = load_workbook(io.BytesIO(made), data_only=True)["MRS(input)"]
        assert [sheet[c].value for c in ("H5", "H6", "H7")] == shown


def test_strict_open_xml_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = official(tmp_path / "o.xlsx")
    known = (b"http://schemas.openxmlformats.org/spreadsheetml/2006/", b"http://purl.oclc.org/ooxml/spreadsheetml/")
    rewritten(path, lambda data: data.replace(*known), "xl/workbook.xml")
    with pytest.raises(PackageError, match=r"Strict Open XML.*as Excel workbook"):
        read(path)
