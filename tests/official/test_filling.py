"""``jcm-mrv fill``: an invented report sheet of VN_AM007 filled with the example of rooftop solar.

The example generated 1,172.3717595 MWh in 2016 (see its README); the sheet counts in kWh, and its own formulas give
1,172.372 MWh x 0.333 tCO2/MWh = 390.4 t, of which 390 whole tonnes.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from jcm_mrv.cli import program
from jcm_mrv.libreoffice import soffice
from jcm_mrv.official import filling
from jcm_mrv.official.xml_cells import with_values
from support.official_spreadsheet import official_report

SOLAR = Path(__file__).parents[2] / "examples" / "rooftop_solar" / "monitoring.xlsx"
needs_libreoffice = pytest.mark.skipif(not soffice(), reason="LibreOffice (soffice) was not found")


def fill(official: Path, *more: str) -> Result:
    return CliRunner().invoke(program, ["fill", str(official), str(SOLAR), *more])


@pytest.fixture
def unrecalculated(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a computer without LibreOffice."""
    monkeypatch.setattr(filling, "soffice", lambda: None)


@needs_libreoffice
def test_the_values_are_entered_and_the_file_computes_the_same_tonnes(tmp_path: Path) -> None:
    official = official_report(tmp_path / "official.xlsx")
    before = official.read_bytes()
    done = fill(official)
    assert done.exit_code == 0, done.output
    assert "Every value was placed, and the tonnes agree." in done.output
    assert official.read_bytes() == before
    made = tmp_path / "official_2016.xlsx"
    typed, shown = load_workbook(made), load_workbook(made, data_only=True)
    sheet = typed["MRS(input)"]
    assert sheet["E5"].value == pytest.approx(1_172_371.7595, abs=0.5)  # MWh in kWh, at three decimals of a MWh
    assert sheet["A5"].value == "2/Jul/2016-12/Oct/2016"
    assert sheet["E11"].value == "grid"
    assert typed["MRS(calc_process)"]["D4"].value == "=ROUNDDOWN(D7-D15,0)"
    assert shown["MRS(calc_process)"]["D4"].value == 390
    assert shown["MRS(input)"]["A16"].value == 390
    again = fill(official)
    assert again.exit_code == 1 and "--force" in again.output


@pytest.mark.usefixtures("unrecalculated")
def test_nothing_but_the_input_cells_changes(tmp_path: Path) -> None:
    """Every other part is the same byte for byte; every other element of the sheets is the same."""
    official = official_report(tmp_path / "official.xlsx")
    fill(official, "--output", str(tmp_path / "out"))
    old, new = zipfile.ZipFile(official), zipfile.ZipFile(tmp_path / "out" / "official_2016.xlsx")
    assert old.namelist() == new.namelist()
    changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert changed <= {"xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"}
    assert any("chart" in name for name in set(old.namelist()) - changed)
    first = "xl/worksheets/sheet1.xml"
    assert _without(old.read(first), "A5", "E5", "E11", "A16") == _without(new.read(first), "A5", "E5", "E11", "A16")
    style = {cell.get("r"): cell.get("s") for cell in ElementTree.fromstring(new.read(first)).iter() if cell.get("s")}
    assert style["E5"] != "0"


def _without(data: bytes, *places: str) -> bytes:
    """A sheet in its canonical form without the content of some cells."""
    root = ElementTree.fromstring(data)
    for cell in root.iter():
        if cell.get("r") in places:
            cell.attrib.pop("t", None)
            for child in list(cell):
                cell.remove(child)
    return ElementTree.canonicalize(ElementTree.tostring(root)).encode()


@pytest.mark.usefixtures("unrecalculated")
def test_without_libreoffice_no_old_result_is_shown(tmp_path: Path) -> None:
    """The file shows 999 t of an earlier period; a reader that does not recalculate may not take them for these."""
    official = official_report(tmp_path / "official.xlsx")
    process = "MRS(calc_process)"
    official.write_bytes(with_values(official.read_bytes(), official.name, {}, {process: {"D4": 999.0}}))
    assert load_workbook(official, data_only=True)[process]["D4"].value == 999
    done = fill(official)
    assert done.exit_code == 1 and "LibreOffice is not installed" in done.output
    assert load_workbook(tmp_path / "official_2016.xlsx", data_only=True)[process]["D4"].value is None


@needs_libreoffice
def test_a_sheet_that_computes_otherwise_is_told(tmp_path: Path) -> None:
    """Its list of defaults is the same, but a formula of Table 2 chooses the generator: 0.533 instead of 0.333."""
    official = official_report(tmp_path / "official.xlsx", cells={"E11": '="off grid with "&"diesel generator"'})
    done = fill(official)
    assert done.exit_code == 1
    rows = [line for line in done.output.splitlines() if "differs" in line]
    # 1,172.372 MWh x 0.2 tCO2/MWh = 234.5 t more
    assert any("connection" in row for row in rows) and any("+234" in row for row in rows)
    assert any(row.split()[1] == "credited" and "624 tCO2e" in row for row in rows)


@pytest.mark.usefixtures("unrecalculated")
@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"C5": "EC_i,p", "D5": "something else"}, "the spreadsheet has no cell for it"),
        ({"E5": "=1+1"}, "MRS(input)!E5 holds a formula and is not overwritten"),
        ({"F5": "t/p"}, "which is not the same kind of unit as MWh"),
        ({"C11": "x", "D11": "y"}, "the spreadsheet has no cell for it"),
    ],
)
def test_what_cannot_be_placed_is_listed(tmp_path: Path, cells: dict[str, Any], said: str) -> None:
    done = fill(official_report(tmp_path / "official.xlsx", cells=cells))
    assert done.exit_code == 1 and said in " ".join(done.output.split())


@pytest.mark.usefixtures("unrecalculated")
def test_a_description_stands_in_for_a_symbol_and_cells_left_over_are_emptied(tmp_path: Path) -> None:
    """A second system of an earlier period may not stay in the sum."""
    label = "electricity generated by the project solar PV system and consumed or sold"
    official = official_report(
        tmp_path / "official.xlsx", lines=2, cells={"C5": "E1", "C6": "E1", "D5": label, "D6": label}
    )
    fill(official)
    sheet = load_workbook(tmp_path / "official_2016.xlsx")["MRS(input)"]
    assert sheet["E5"].value == pytest.approx(1_172_371.76, abs=0.5) and sheet["E6"].value is None


@pytest.mark.usefixtures("unrecalculated")
def test_a_choice_that_the_drop_down_does_not_offer_is_left_to_the_person(tmp_path: Path) -> None:
    official = official_report(tmp_path / "official.xlsx")
    book = load_workbook(official)
    book["MRS(input)"].data_validations.dataValidation[0].formula1 = '"Grid,Off grid"'
    book.save(official)
    done = fill(official)
    assert "offers Grid, Off grid, not 'grid': choose it there" in " ".join(done.output.split())
    assert load_workbook(tmp_path / "official_2016.xlsx")["MRS(input)"]["E11"].value == "off grid with diesel generator"


def test_a_plan_sheet_is_refused(tmp_path: Path) -> None:
    from support.official_spreadsheet import official_spreadsheet

    done = fill(official_spreadsheet(tmp_path / "official.xlsx"))
    assert done.exit_code == 1 and "has no sheet MRS(input)" in done.output
    assert list(tmp_path.iterdir()) == [tmp_path / "official.xlsx"]


def test_a_year_that_the_claim_does_not_have(tmp_path: Path) -> None:
    done = fill(official_report(tmp_path / "official.xlsx"), "--year", "2019")
    assert done.exit_code == 2 and "which has 2016" in done.output
