"""What people and programs do to a workbook: every fault is refused with its place, and nothing is written."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from support.mutations import edit, edit_part, set_cells, sheet_part
from support.workbooks import solar_tables, solar_workbook

Make = Callable[[Path], object]
LOG = {
    "log_id": "LOG-1",
    "meter_id": "M-1",
    "file": "log.csv",
    "layout": "wide",
    "time_column": "time",
    "value_column": "kWh",
    "unit": "kWh",
    "kind": "energy",
    "time_zone": "Asia/Ho_Chi_Minh",
    "stamp": "start",
    "interval_minutes": 60.0,
    "transformer_factor_included": "yes",
}


@dataclass(frozen=True)
class Bad:
    """A fault: how it comes about, and what the message must hold besides the file."""

    name: str
    make: Make
    place: str  # sheet and cell as a person reads them; '' for a fault of the whole file
    code: str
    found: str
    to_do: str
    file: str = "monitoring.xlsx"


def cell(place: str, value: Any) -> Make:
    return lambda path: set_cells(path, {place: value})


def bad_cell(name: str, place: str, value: Any, code: str, to_do: str, found: str | None = None) -> Bad:
    return Bad(name, cell(place, value), place, code, str(value) if found is None else found, to_do)


def book(name: str, change: Callable[[Any], None], place: str, code: str, found: str, to_do: str) -> Bad:
    return Bad(name, lambda path: edit(path, change), place, code, found, to_do)


def whole(name: str, content: Callable[[bytes], bytes], code: str, found: str, to_do: str) -> Bad:
    """The file's bytes replaced."""
    return Bad(name, lambda path: path.write_bytes(content(path.read_bytes())), "", code, found, to_do)


def log(content: str, **changes: Any) -> Make:
    """Readings from a log instead of the sheet Readings."""

    def make(path: Path) -> None:
        solar_workbook(path, tables={"readings": [], "logs": [{**LOG, **changes}]})
        if content:
            (path.parent / "log.csv").write_text(content, encoding="utf-8")

    return make


def huge(path: Path) -> None:
    """500 MB of blanks in a sheet, packed into two megabytes."""
    part = sheet_part(path, "Readings")
    edit_part(path, part, lambda data: data + b" " * (500_000_000 - len(data)), level=1)


def sparse(path: Path) -> None:
    """One stray cell in the last corner: a reader that lays out the grid needs 17,000 million cells."""
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    edit_part(path, sheet_part(path, "Readings"), lambda data: data.replace(b"</sheetData>", stray))


def entities(path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    edit_part(path, "xl/workbook.xml", lambda data: data.replace(b"<workbook", bomb + b"<workbook", 1))


def external_entity(path: Path) -> None:
    steal = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    edit_part(path, "xl/sharedStrings.xml", lambda data: data.replace(b"<sst", steal + b"<sst", 1))


def without_cell_names(path: Path) -> None:
    edit_part(path, sheet_part(path, "Readings"), lambda data: data.replace(b'<c r="E2"', b"<c"))


def damaged(content: bytes) -> bytes:
    middle = content.index(b"xl/worksheets/sheet4.xml") + 200
    return content[:middle] + bytes(64) + content[middle + 64 :]


def twice_the_same_part(content: bytes) -> bytes:
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return file.getvalue()


def plain_zip(_content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../../evil.txt", b"text")
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
ENCRYPTED = OLE + "EncryptedPackage".encode("utf-16-le") + bytes(512)
NUMBER = "Write a number, without separators of thousands"


def duplicated_sheet(b: Any) -> None:
    b.copy_worksheet(b["Meters"]).title = " meters "


def merged(b: Any) -> None:
    b["Readings"].merge_cells("E2:E3")


def serial(b: Any) -> None:
    b["Readings"]["D3"].value = 45352
    b["Readings"]["D3"].number_format = "General"


def insert_duplicate_heading(b: Any) -> None:
    b["Readings"]["I1"].value = "value"


TABLE = [
    # sheets and headings
    book("missing sheet", lambda b: b.remove(b["Meters"]), "Meters", "input.sheet_missing", "no such", "template"),
    book("sheet twice", duplicated_sheet, " meters ", "input.sheet_duplicate", "", "Rename or delete"),
    Bad("missing heading", cell("Readings!E1", "Wert"), "Readings!A1", "input.heading_missing", "", "Write “Value”"),
    book(
        "duplicate heading", insert_duplicate_heading, "Readings!I1", "input.heading_duplicate", "value", "Keep one of"
    ),
    Bad("missing field", cell("Project!A8", "Zone"), "Project", "input.field_missing", "no such row", "Add a row with"),
    bad_cell("field twice", "Project!A3", "Project title", "input.field_duplicate", "Delete one of the two"),
    # numbers
    bad_cell("English thousands", "Readings!E3", "1,234.5", "input.text_for_number", NUMBER),
    bad_cell("continental thousands", "Readings!E3", "1.234,5", "input.text_for_number", NUMBER),
    bad_cell("dash", "Readings!E3", "-", "input.text_for_number", "delete the row"),
    bad_cell("no measurement", "Readings!E3", "欠測", "input.text_for_number", "delete the row"),
    bad_cell("full width", "Readings!E3", "１２３．４", "input.text_for_number", NUMBER),
    bad_cell("number with unit", "Meters!H2", "1.5 kWh", "input.text_for_number", NUMBER),
    bad_cell("boolean", "Readings!E3", True, "input.boolean", NUMBER, "TRUE"),
    bad_cell("date as number", "Readings!E3", date(2024, 5, 1), "input.date_for_number", "Format the cell as a number"),
    bad_cell("required cell empty", "Readings!E3", None, "input.required_empty", "Fill it in", "an empty cell"),
    bad_cell("half a digit", "Meters!K2", 6.5, "input.not_whole", "Write a whole number"),
    bad_cell("negative share", "Monitoring points!G2", -0.25, "points.share", "Enter"),
    bad_cell("share of 25", "Monitoring points!G2", 25, "points.share", "Enter"),
    # cells that a fast reader shows as empty
    bad_cell("error cell", "Readings!E3", "#DIV/0!", "input.error_cell", "Correct the formula"),
    bad_cell("error in the form", "Project!B6", "#N/A", "input.error_cell", "Correct the formula"),
    bad_cell(
        "formula never calculated", "Readings!E3", "=E2*2", "input.formula_not_calculated", "let it calculate", "a"
    ),
    book("merged cells", merged, "Readings!E2:E3", "input.merged_cells", "E2:E3", "Unmerge"),
    # dates
    bad_cell("date as text", "Project!B6", "03/04/2024", "input.date_as_text", "YYYY-MM-DD"),
    bad_cell("no such date", "Project!B6", "2024-02-30", "input.date_as_text", "YYYY-MM-DD"),
    book("date as serial number", serial, "Readings!D3", "input.number_for_date", "45352", "Format the cell as a date"),
    bad_cell("date out of range", "Readings!D3", datetime(2924, 3, 1), "input.date_out_of_range", "Correct the date"),
    bad_cell("time in a date", "Project!B6", datetime(2024, 1, 1, 12), "input.time_for_date", "only the date"),
    bad_cell("period reversed", "Project!B7", date(2023, 3, 31), "input.period_reversed", "Correct one", "2023-03-31"),
    bad_cell("times reversed", "Readings!D3", datetime(2024, 1, 1), "input.interval_reversed", "Correct", "2024-01-01"),
    bad_cell("overlap", "Readings!C3", datetime(2024, 1, 15), "readings.overlap", "Correct the t", "Readings!E2"),
    # names
    bad_cell("unknown meter in a point", "Monitoring points!E2", "M-9", "input.meter_unknown", "correct the name"),
    bad_cell("unknown meter in readings", "Readings!A3", "m-1", "input.meter_unknown", "Did you mean “M-1”?"),
    bad_cell("unknown equipment", "Monitoring points!D2", "PV-9", "input.equipment_unknown", "correct the name"),
    bad_cell("unknown methodology", "Project!B5", "VN_AM07 1.0", "project.methodology", "Correct number"),
    bad_cell("unlisted methodology", "Fixed values!A2", "KE_AM002 1.0", "input.methodology_unlisted", "Write one of"),
    bad_cell("unknown zone", "Project!B8", "Asia/Hanoi", "input.time_zone_unknown", "IANA"),
    bad_cell("unknown choice", "Monitoring points!F2", "plus", "input.choice_unknown", "Choose one of: +, -"),
    bad_cell("unknown kind", "Readings!B3", "Energie", "input.choice_unknown", "Choose one of: energy, register"),
    bad_cell("date for a name", "Meters!A2", date(2024, 1, 1), "input.date_for_text", "Format the cell as text"),
    bad_cell("name too long", "Readings!A3", "M" * 500, "input.text_too_long", "Shorten it", "500 characters"),
    Bad(
        "equipment twice",
        lambda p: set_cells(p, {"Equipment!A3": "pv-1"}),
        "Equipment!A3",
        "input.duplicate_id",
        "pv-1",
        "Delete one of",
    ),
    # units
    bad_cell("no unit", "Fixed values!E3", None, "input.unit_missing", "Write the unit", "an empty cell"),
    bad_cell("no unit of a reading", "Readings!F3", None, "input.required_empty", "Unit of the value", "an empty cell"),
    bad_cell("unit not known", "Readings!F3", "bananas", "input.unit_unknown", "kWh"),
    bad_cell("unit of another kind", "Readings!F3", "m3", "input.unit_dimension", "Correct the unit"),
    Bad("unit of a fixed value", cell("Fixed values!E3", "kg"), "Fixed values!D3", "fixed.unit", "kg", "tCO2/MWh"),
    # logs
    Bad("log not there", log(""), "Logs!C2", "logs.missing", "log.csv", ""),
    Bad("log above the folder", log("", file="../x.csv"), "Logs!C2", "logs.path", "../x.csv", ""),
    Bad("log at an absolute path", log("", file="/etc/passwd"), "Logs!C2", "logs.path", "/etc/passwd", ""),
    Bad("log on a drive", log("", file=r"C:\data\x.csv"), "Logs!C2", "logs.path", r"C:\data\x.csv", ""),
    Bad("log without zone", log("time,kWh\n2024-01-01 00:00,1\n", time_zone=None), "Logs!L2", "logs.zone",
        "2024-01-01 00:00", "State the time zone"),
    Bad("log in an unknown zone", log("time,kWh\n2024-01-01 00:00,1\n", time_zone="Hanoi"), "Logs!L2", "logs.zone",
        "Hanoi", ""),
    Bad("word in a log", log("time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,broken\n"), "line 3", "logs.value",
        "broken", "", "log.csv"),
    # the file itself
    whole("xls", lambda _: OLE, "input.not_xlsx", "Excel 97-2003 (.xls)", "save it as Excel workbook (.xlsx)"),
    whole("encrypted", lambda _: ENCRYPTED, "input.encrypted", "", "Save a copy without the password"),
    whole("text", lambda _: b"Meter;kWh\nM-1;12\n", "input.not_xlsx", "Meter;", "save it as Excel workbook (.xlsx)"),
    whole("empty", lambda _: b"", "input.damaged", "", "Copy it again"),
    whole("zip", plain_zip, "input.not_xlsx", "", "save it as Excel workbook (.xlsx)"),
    whole("cut off", lambda c: c[: len(c) // 2], "input.damaged", "", "Copy it again"),
    whole("damaged", damaged, "input.damaged", "", "Copy it again"),
    whole("part twice", twice_the_same_part, "input.damaged", "two parts of the same name", "Copy it again"),
    Bad("500 MB unpacked", huge, "", "input.too_large", "become more than", ".csv files"),
    Bad("stray cell", sparse, "Readings", "input.too_large", "1,048,576 rows", "Delete stray cells"),
    Bad("entities", entities, "", "input.unsafe_xml", "<!DOCTYPE", "save it under a new name"),
    Bad("external entity", external_entity, "", "input.unsafe_xml", "<!DOCTYPE", "save it under a new name"),
    Bad("cells without names", without_cell_names, "Readings", "input.unsafe_xml", "", "save it"),
]  # fmt: skip


def content_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() if p.is_file() else b"" for p in folder.rglob("*")}


def flat(text: str) -> list[str]:
    """The paragraphs, each on one line."""
    return [" ".join(p.split()) for p in text.split("\n\n")]


def problem(text: str, code: str, place: str) -> str:
    """The paragraph of a finding on one line, with its code and place; fails when it is not listed."""
    head = f"{place}: " if place else ": "
    found = [p for p in flat(text) if p.endswith(f"code: {code}") and head in p]
    assert found, f"{code} at {place!r} is not listed in:\n{text}"
    return found[0]


def test_the_good_workbook_is_calculated(jcm: Any, good: Path) -> None:
    """Otherwise the table proves nothing. 360 MWh x 0.5 t/MWh = 180 t."""
    done = jcm("calculate", good, "--formats", "json")
    assert (done.status, done.err) == (0, "")
    assert "180.000" in done.out


@pytest.mark.parametrize("bad", TABLE, ids=lambda bad: bad.name)
def test_refused_with_the_place_and_what_to_do(bad: Bad, jcm: Any, good: Path) -> None:
    bad.make(good)
    before = content_of(good.parent)
    done = jcm("calculate", good, "--formats", "json,xlsx")
    assert done.status == 1
    assert done.out == ""
    assert "Nothing was written" in done.err
    listed = problem(done.err, bad.code, bad.place)
    assert bad.file in listed
    assert bad.found in listed
    assert bad.to_do in listed
    assert "to do:" in listed
    assert content_of(good.parent) == before, "something was written"


@pytest.mark.parametrize("bad", TABLE[::7], ids=lambda bad: bad.name)
def test_check_says_the_same_as_calculate(bad: Bad, jcm: Any, good: Path) -> None:
    bad.make(good)
    before = content_of(good.parent)
    checked, calculated = jcm("check", good), jcm("calculate", good, "--formats", "json")
    assert checked.status == 1
    for code in {line for line in calculated.err.splitlines() if "code:" in line}:
        assert code in checked.out
    assert content_of(good.parent) == before


def test_the_table_has_what_it_promises() -> None:
    assert len(TABLE) >= 25
    assert len({bad.name for bad in TABLE}) == len(TABLE)


TEN = {
    "Project!B7": (date(2023, 3, 31), "input.period_reversed"),
    "Project!B8": ("Asia/Hanoi", "input.time_zone_unknown"),
    "Project!B5": ("VN_AM07 1.0", "project.methodology"),
    "Meters!H2": ("1,0", "input.text_for_number"),
    "Monitoring points!E2": ("M-9", "input.meter_unknown"),
    "Monitoring points!F2": ("plus", "input.choice_unknown"),
    "Fixed values!E3": (None, "input.unit_missing"),
    "Readings!E2": ("欠測", "input.text_for_number"),
    "Readings!E3": ("#DIV/0!", "input.error_cell"),
    "Readings!F4": ("m3", "input.unit_dimension"),
}


def test_ten_faults_at_once_are_all_listed(jcm: Any, good: Path) -> None:
    set_cells(good, {place: value for place, (value, _) in TEN.items()})
    done = jcm("calculate", good, "--formats", "json")
    assert done.status == 1
    for place, (_, code) in TEN.items():
        assert "to do:" in problem(done.err, code, place)
    assert done.err.startswith("Refused: 10 problems to mend.")


def test_in_a_process_of_its_own_without_a_traceback(good: Path) -> None:
    set_cells(good, {"Readings!E3": "欠測", "Monitoring points!E2": "M-9"})
    before = content_of(good.parent)
    done = subprocess.run(
        [sys.executable, "-m", "jcm_mrv", "calculate", str(good), "--formats", "json"],
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii"},  # a console that cannot show the characters
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stdout == b""
    assert b"Readings!E3" in done.stderr and b"Monitoring points!E2" in done.stderr
    assert b"Traceback" not in done.stderr
    assert content_of(good.parent) == before


def sheets(change: Callable[[Any], None]) -> Make:
    return lambda path: edit(path, change)


def hide(b: Any) -> None:
    b["Readings"].row_dimensions[3].hidden = True
    b["Readings"].column_dimensions["F"].hidden = True
    b["Meters"].sheet_state = "hidden"


def macros(path: Path) -> None:
    edit_part(path, "xl/vbaProject.bin", lambda _: b"Sub Auto_Open()")


def external_link(path: Path) -> None:
    edit_part(path, "xl/externalLinks/externalLink1.xml", lambda _: b"<externalLink/>")


NOTED = [
    Bad("macros", macros, "", "input.not_followed", "macros", "without macros"),
    Bad("link to another workbook", external_link, "", "input.not_followed", "links to 1 other", "Write the values"),
    Bad("hidden row", sheets(hide), "Readings", "input.hidden", "row 3", "Unhide it"),
    Bad("hidden column", sheets(hide), "Readings", "input.hidden", "column F", "Unhide it"),
    Bad("hidden sheet", sheets(hide), "Meters", "input.hidden", "a hidden sheet", "Unhide it"),
    Bad("own sheet", sheets(lambda b: b.create_sheet("Notes")), "Notes", "input.sheet_unknown", "", "Nothing"),
    bad_cell("own column", "Readings!I1", "Checked by", "input.heading_unknown", "Correct the heading"),
    bad_cell("own field", "Project!A30", "Weather", "input.field_unknown", "Correct the name"),
    bad_cell("unknown document", "Readings!H2", "D-77", "input.evidence_unknown", "Add it to the sheet Evidence"),
    bad_cell("long serial number", "Meters!B2", 12345678901234500, "input.long_number", "Format the cell as text"),
    Bad("no team", sheets(lambda b: b.remove(b["Team"])), "Team", "input.sheet_missing", "no such", "Nothing"),
]


@pytest.mark.parametrize("noted", NOTED, ids=lambda noted: noted.name)
def test_said_but_not_refused(noted: Bad, jcm: Any, good: Path) -> None:
    noted.make(good)
    done = jcm("check", good)
    assert done.status == 0
    paragraphs = [p for p in flat(done.out) if noted.code in p and noted.place in p]
    assert any(noted.found in p and noted.to_do in p for p in paragraphs), done.out
    assert "180.000" in jcm("calculate", good, "--formats", "json").out


def test_results_of_formulas_are_read_and_said(jcm: Any, good: Path) -> None:
    part = sheet_part(good, "Readings")
    edit_part(good, part, lambda d: d.replace(b"<v>120000</v>", b"<f>100000*1.2</f><v>120000</v>"))
    edit_part(good, "xl/workbook.xml", lambda d: d.replace(b' fullCalcOnLoad="1"', b""))  # as Excel saves it
    done = jcm("check", good)
    assert done.status == 0
    assert "Readings!E3" in problem(done.out, "input.formula", "Readings!E3")


def test_many_faults_of_one_kind_are_counted(jcm: Any, tmp_path: Path) -> None:
    rows = [{**row, "value": "-"} for row in solar_tables()["readings"] for _ in range(20)]
    path = solar_workbook(tmp_path / "monitoring.xlsx", tables={"readings": rows})
    done = jcm("calculate", path, "--formats", "json")
    assert done.status == 1
    assert "the same in 40 more cells of this column, E22 to E61" in " ".join(done.err.split())
