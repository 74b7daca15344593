"""Reading a workbook: origins, tolerance in what does not matter, and limits for files of strangers."""

from __future__ import annotations

import hashlib
import io
import random
import re
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Severity, errors
from jcm_mrv.workbook import scan as workbook_scan
from jcm_mrv.workbook import unpacking as workbook_package
from jcm_mrv.workbook.reading import read_workbook
from jcm_mrv.workbook.scan import column_letters, column_number
from jcm_mrv.workbook.unpacking import PackageError, unpack
from support.mutations import edit, edit_part, set_cells, sheet_part
from support.workbooks import monthly, solar_tables, solar_workbook


def codes(path: Path) -> list[str]:
    return [f.code for f in read_workbook(path).findings]


def without_addresses(data: bytes, *, rows_too: bool) -> bytes:
    """A sheet of which no cell, and perhaps no row, says where it stands; an empty one stands for each left out."""
    written: list[bytes] = []
    row = column = 0
    for part in re.split(rb"(<(?:row|c) r=\"[A-Z]*[0-9]+\")", data):
        place = re.fullmatch(rb"<(row|c) r=\"([A-Z]*)([0-9]+)\"", part)
        if place is None:
            written.append(part)
        elif place[1] == b"row":
            written += [b"<row/>" * (int(place[3]) - row - 1) if rows_too else b"", b"<row" if rows_too else part]
            row, column = int(place[3]), 0
        else:
            written += [b"<c/>" * (column_number(place[2].decode()) - column - 1), b"<c"]
            column = column_number(place[2].decode())
    assert b'<c r="' not in b"".join(written)
    return b"".join(written)


class TestWhatIsRead:
    def test_every_value_knows_its_cell(self, good: Path) -> None:
        data = read_workbook(good)
        assert str(data.project.origin("time_zone")) == "monitoring.xlsx, Project!B8"
        assert str(data.meters[0].origin("transformer_factor")) == "monitoring.xlsx, Meters!J2"
        assert str(data.readings.origin(2, "value")) == "monitoring.xlsx, Readings!E4"
        assert data.sha256 == hashlib.sha256(good.read_bytes()).hexdigest()

    @pytest.mark.parametrize("rows_too", [False, True])
    def test_cells_without_addresses_follow_each_other(self, rows_too: bool, good: Path) -> None:
        """The attribute r of a cell and of a row is optional: the next one lies beside or below the one before."""
        whole = read_workbook(good)
        for title in ("Readings", "Meters"):
            edit_part(good, sheet_part(good, title), lambda data: without_addresses(data, rows_too=rows_too))
        bare = read_workbook(good)
        assert list(bare.findings) == list(whole.findings) == []
        for name in ("value", "start", "end", "kind", "unit", "meter_id"):
            assert getattr(bare.readings, name).tolist() == getattr(whole.readings, name).tolist()
        assert str(bare.readings.origin(2, "value")) == "monitoring.xlsx, Readings!E4"
        assert [m.meter_id for m in bare.meters] == [m.meter_id for m in whole.meters]

    def test_readings_as_arrays(self, good: Path) -> None:
        readings = read_workbook(good).readings
        assert readings.start[1] == np.datetime64("2024-02-01T00:00:00")
        assert readings.end[1] == np.datetime64("2024-03-01T00:00:00")
        assert set(readings.unit.tolist()) == {"kWh"}

    def test_a_column_with_one_fault_is_read_like_a_clean_one(self, good: Path) -> None:
        """Clean columns are taken at once, others cell by cell: both ways lead to the same values."""
        clean = read_workbook(good).readings
        set_cells(good, {"Readings!E2": "-", "Readings!C2": "x", "Readings!B2": "x"})
        faulty = read_workbook(good).readings
        assert np.isnan(faulty.value[0]) and np.isnat(faulty.start[0]) and faulty.kind[0] == ""
        for name in ("value", "start", "end", "kind", "unit", "meter_id"):
            assert getattr(faulty, name)[1:].tolist() == getattr(clean, name)[1:].tolist()

    def test_order_of_sheets_and_columns_width_and_case_do_not_matter(self, good: Path) -> None:
        def rearrange(book: Any) -> None:
            book.move_sheet("Readings", -8)
            book["Meters"].title = "ＭＥＴＥＲＳ "
            for row in book["Readings"].iter_rows(max_col=8):
                values = [c.value for c in row]
                for cell, value in zip(row, [values[4], *values[:4], *values[5:]], strict=True):
                    cell.value = value
                    cell.number_format = "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "General"
            book["Readings"]["A1"].value = " value "

        before = read_workbook(good)
        edit(good, rearrange)
        after = read_workbook(good)
        assert errors(after.findings) == []
        assert after.readings.value.tolist() == before.readings.value.tolist()
        assert after.readings.start.tolist() == before.readings.start.tolist()
        assert after.readings.origin(1).cell == "A3", "the origin is where the value now stands"

    def test_blank_rows_between_rows_are_skipped_and_rows_keep_their_numbers(self, good: Path) -> None:
        edit(good, lambda b: b["Readings"].insert_rows(3, 2))
        data = read_workbook(good)
        assert data.readings.row.tolist() == [2, 5, 6]
        assert data.findings == []

    def test_a_formatted_but_empty_tail_is_not_read(self, good: Path) -> None:
        edit(good, lambda b: b["Readings"]["E5000"].__setattr__("number_format", "0.00"))
        assert len(read_workbook(good).readings) == 3

    def test_rows_of_times_round_to_the_second(self, tmp_path: Path) -> None:
        rows = [{**r, "end": datetime(2024, 1, 1, 10, 15)} for r in monthly("M-1", [1.0])]
        rows[0] = {**rows[0], "start": datetime(2024, 1, 1, 9, 50)}
        data = read_workbook(solar_workbook(tmp_path / "monitoring.xlsx", tables={"readings": rows}))
        assert data.readings.end[0] == np.datetime64("2024-01-01T10:15:00")

    def test_parameter_columns_of_equipment(self, good: Path) -> None:
        set_cells(
            good,
            {"Equipment!Z1": "COP_PJ [1]", "Equipment!Z2": 4.5, "Equipment!AA1": "x_y  [ kW ]", "Equipment!AA2": 2},
        )
        (row,) = read_workbook(good).equipment
        assert (row.parameters["COP_PJ"].value, row.parameters["COP_PJ"].unit) == (4.5, "1")
        assert (row.parameters["x_y"].value, row.parameters["x_y"].unit) == (2.0, "kW")
        assert row.parameters["COP_PJ"].origin.cell == "Z2"

    @pytest.mark.parametrize("number", [1, 26, 27, 702, 703, 16384])
    def test_letters_of_columns(self, number: int) -> None:
        assert column_number(column_letters(number)) == number


class TestNoWorkbook:
    def test_no_file(self, tmp_path: Path) -> None:
        data = read_workbook(tmp_path / "nothing.xlsx")
        assert [f.code for f in data.findings] == ["input.not_found"]
        assert data.sha256 == ""
        assert "no such file" in str(data.findings[0])

    def test_a_folder(self, tmp_path: Path) -> None:
        (finding,) = read_workbook(tmp_path).findings
        assert finding.code == "input.not_found" and "folder" in finding.message

    def test_a_file_that_may_not_be_read(self, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_: Path, *__: object) -> bytes:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
        (finding,) = read_workbook(good).findings
        assert finding.code == "input.not_found" and "Close it in other programs" in finding.action


def member(content: bytes, name: str) -> tuple[int, zipfile.ZipInfo]:
    info = zipfile.ZipFile(io.BytesIO(content)).getinfo(name)
    return content.rindex(b"PK\x01\x02", 0, content.rindex(name.encode())), info


class TestStrangers:
    """Limits hold whatever the file says of itself."""

    def test_the_size_in_the_directory_is_not_believed(self, good: Path) -> None:
        part = sheet_part(good, "Readings")
        edit_part(good, part, lambda data: data + b" " * 200_000_000)
        content = bytearray(good.read_bytes())
        at, _ = member(bytes(content), part)
        struct.pack_into("<L", content, at + 24, 1000)  # the unpacked size as the directory states it
        good.write_bytes(content)
        tracemalloc.start()
        (finding,) = read_workbook(good).findings
        assert finding.code == "input.too_large"
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 200_000_000

    def test_the_limit_is_for_all_parts_together(self, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with zipfile.ZipFile(good) as archive:
            total = sum(info.file_size for info in archive.infolist())
        monkeypatch.setattr(workbook_package, "MAX_UNPACKED", total)
        assert codes(good) == []
        monkeypatch.setattr(workbook_package, "MAX_UNPACKED", total - 1)
        assert codes(good) == ["input.too_large"]

    def test_a_long_text_that_is_repeated(self, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A shared text of 30,000 characters in each of many cells takes no room in the file."""
        monkeypatch.setattr(workbook_scan, "MAX_TEXT", 1_000_000)
        assert codes(good) == []
        rows = [{"role": "x" * 30_000} for _ in range(100)]
        path = solar_workbook(good.parent / "long.xlsx", tables={"team": rows})
        assert codes(path) == ["input.too_large"]

    def test_the_limit_of_text_is_for_all_sheets_together(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        long = "x" * 30_000
        rows = {
            "eligibility": [],
            "team": [{"role": long}] * 20,
            "evidence": [{"document_id": f"D-{n}", "title": long} for n in range(20)],
        }
        path = solar_workbook(tmp_path / "monitoring.xlsx", tables=rows)
        monkeypatch.setattr(workbook_scan, "MAX_TEXT", 1_300_000)
        assert codes(path) == []
        monkeypatch.setattr(workbook_scan, "MAX_TEXT", 1_000_000)
        assert codes(path) == ["input.too_large"]

    def test_the_limit_of_cells_is_for_all_sheets_together(self, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Two sheets of 1,000 x 30 cells; each alone would fit."""
        set_cells(good, {"Meters!AD1000": 1, "Team!AD1000": 1})
        monkeypatch.setattr(workbook_scan, "MAX_CELLS", 70_000)
        assert "input.too_large" not in codes(good)
        monkeypatch.setattr(workbook_scan, "MAX_CELLS", 50_000)
        assert codes(good) == ["input.too_large"]

    def test_a_list_of_sheets_without_end(self, good: Path) -> None:
        edit_part(good, "xl/workbook.xml", lambda data: data + b" " * 6_000_000)
        assert codes(good) == ["input.too_large"]

    def test_cells_that_never_end_do_not_take_forever(self, good: Path) -> None:
        """300,000 cells are opened and none is closed; a search from each to the end would take hours."""
        cells = b'<row r="9"><c r="A9" t="e"><f>' + b'<c r="A9" t="e">' * 300_000
        edit_part(
            good, sheet_part(good, "Readings"), lambda data: data.replace(b"</sheetData>", cells + b"</sheetData>")
        )
        assert errors(read_workbook(good).findings)

    def test_many_parts(self, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(workbook_package, "MAX_PARTS", 5)
        assert codes(good) == ["input.too_large"]

    def test_names_that_climb_out_of_the_folder_are_never_written(self, good: Path) -> None:
        with zipfile.ZipFile(good, "a") as archive:
            archive.writestr("../../evil.xml", b"<x/>")
            archive.writestr("/etc/evil.xml", b"<x/>")
        before = sorted(good.parent.rglob("*"))
        assert codes(good) == []
        assert sorted(good.parent.rglob("*")) == before

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
    def test_an_entity_cannot_hide_in_another_encoding(self, encoding: str, good: Path) -> None:
        bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst>&a;</sst>'
        edit_part(good, "xl/sharedStrings.xml", lambda _: bomb.encode(encoding))
        assert codes(good) == ["input.unsafe_xml"]

    @pytest.mark.parametrize(
        ("part", "change"),
        [
            ("xl/workbook.xml", lambda data: data.replace(b"</workbook>", b"")),
            ("xl/_rels/workbook.xml.rels", lambda data: data[:100]),
            ("xl/_rels/workbook.xml.rels", lambda data: data.replace(b"sheet5.xml", b"sheet99.xml")),
            ("xl/sharedStrings.xml", lambda data: data[: len(data) // 2]),
            ("xl/worksheets/sheet5.xml", lambda data: data[: len(data) // 2]),
        ],
        ids=["workbook", "links", "link to nothing", "texts", "sheet"],
    )
    def test_broken_xml_in_a_whole_zip(self, part: str, change: Callable[[bytes], bytes], good: Path) -> None:
        edit_part(good, part, change)
        found = read_workbook(good).findings
        assert errors(found), "half a workbook is not a workbook"
        assert "input.damaged" in [f.code for f in found]

    @pytest.mark.parametrize("seed", range(150))
    def test_a_file_with_random_damage_is_read_or_refused_but_never_crashes(self, seed: int, good: Path) -> None:
        chance = random.Random(seed)
        content = bytearray(good.read_bytes())
        for _ in range(chance.choice([1, 3, 30])):
            at = chance.randrange(len(content))
            kind = chance.randrange(3)
            if kind == 0:
                content[at] = chance.randrange(256)
            elif kind == 1:
                del content[at : at + chance.randrange(1, 200)]
            else:
                content[at:at] = bytes(chance.randrange(256) for _ in range(8))
        good.write_bytes(content)
        data = read_workbook(good)
        if not errors(data.findings):
            assert data.readings.value.tolist() == [100_000.0, 120_000.0, 140_000.0], "damage changed a value unseen"

    @pytest.mark.parametrize("seed", range(100))
    def test_nor_does_one_whose_parts_are_damaged_in_a_whole_zip(self, seed: int, good: Path) -> None:
        chance = random.Random(seed)
        with zipfile.ZipFile(good) as archive:
            name = chance.choice([n for n in archive.namelist() if n.endswith((".xml", ".rels"))])

        def damage(data: bytes) -> bytes:
            at = chance.randrange(len(data))
            return (
                data[:at]
                + chance.choice([b"", b"<", b">", b"&", b'"', b"\xff", b"</c>"])
                + data[at + chance.choice([0, 1, 40]) :]
            )

        edit_part(good, name, damage)
        read_workbook(good)

    def test_the_error_of_the_package_is_itself_after_pickling(self) -> None:
        with pytest.raises(PackageError) as caught:
            unpack(b"", "monitoring.xlsx")
        code, arguments = caught.value.__reduce__()
        assert str(code(*arguments)) == str(caught.value)  # type: ignore[operator,misc]


def test_a_year_of_readings_is_read_in_seconds(tmp_path: Path) -> None:
    """6 meters x 8,760 hours; the bound is ten times what it takes, for slow machines."""
    start = np.datetime64("2024-01-01T00:00:00")
    times = (start + np.arange(8761).astype("timedelta64[h]")).astype("datetime64[s]").tolist()
    rows = [
        {"meter_id": f"M-{m}", "kind": "energy", "start": a, "end": b, "value": 1.5, "unit": "kWh"}
        for m in range(6)
        for a, b in pairwise(times)
    ]
    meters = [{**solar_tables()["meters"][0], "meter_id": f"M-{m}"} for m in range(6)]
    path = solar_workbook(tmp_path / "monitoring.xlsx", tables={"readings": rows, "meters": meters, "points": []})
    data = read_workbook(path)
    assert len(data.readings) == 6 * 8760
    assert data.readings.value.sum() == 1.5 * 6 * 8760
    assert [f for f in data.findings if f.severity is not Severity.NOTE] == []


class TestWhatPeopleDoToSheets:
    def test_a_renamed_sheet_is_recognised_by_its_headings_and_nothing_follows_from_its_name(self, good: Path) -> None:
        before = read_workbook(good)
        edit(good, lambda book: setattr(book["Equipment"], "title", "Thiết bị"))
        after = read_workbook(good)
        (fault,) = errors(after.findings)
        assert fault.code == "input.sheet_missing"
        assert fault.action == "Rename the sheet “Thiết bị” to “Equipment”."
        assert "input.sheet_unknown" not in [f.code for f in after.findings]
        assert [row.equipment_id for row in after.equipment] == [row.equipment_id for row in before.equipment]

    def test_a_title_above_the_headings_is_left_out_with_a_word(self, good: Path) -> None:
        from openpyxl.comments import Comment

        before = read_workbook(good)

        def change(book: Any) -> None:
            book["Readings"].insert_rows(1, 2)
            book["Readings"]["A1"].value = "NHẬT KÝ CHỈ SỐ"
            book["Readings"].merge_cells("A1:H1")
            book["Readings"]["E3"].comment = Comment("what belongs below this heading", "template")

        after = read_workbook(edit(good, change))
        assert not errors(after.findings)
        (told,) = [f for f in after.findings if f.code == "input.rows_above"]
        assert "row 3" in told.message and "NHẬT KÝ CHỈ SỐ" in told.found
        assert np.array_equal(after.readings.value, before.readings.value)
        assert "input.cell_comments" not in [f.code for f in after.findings]
        assert after.readings.origin(0, "value").cell == "E4"  # the reading of E2, two rows lower
