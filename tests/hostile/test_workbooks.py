"""Workbooks made to break a reader: each is refused with its place, in bounded time, and nothing is written.

All of them are made for the purpose, by small changes to a sound workbook.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.command import run
from support.mutations import edit_part, set_cells, sheet_part
from support.workbooks import solar_workbook

Make = Callable[[Path], object]
DIGITS = b"9" * 5_000


@dataclass(frozen=True)
class Bad:
    """A fault: how it comes about, the code it is refused with, and a word that the message must hold."""

    name: str
    make: Make
    code: str
    found: str = ""
    place: str = "monitoring.xlsx"


def sheet(title: str, old: bytes, new: bytes) -> Make:
    def make(path: Path) -> None:
        def change(data: bytes) -> bytes:
            assert old in data
            return data.replace(old, new, 1)

        edit_part(path, sheet_part(path, title), change)

    return make


def part(name: str, change: Callable[[bytes], bytes]) -> Make:
    return lambda path: edit_part(path, name, change)


def cell(place: str, value: Any) -> Make:
    return lambda path: set_cells(path, {place: value})


def in_encoding(name: str) -> Callable[[bytes], bytes]:
    declared = b'<?xml version="1.0" encoding="' + name.encode() + b'"?>'
    return lambda data: declared + data.partition(b"?>")[2]


UNITS = ["9**9**9", "kW**9999999", "kWh**-99", "m**9*m**9", "kW**(9**9)", "2**kWh", "kWh" + "*kWh" * 40, "(" * 150,
         "TWh**9/mWh**9", "1e999*kWh", "__import__('os').getcwd()"]  # fmt: skip
SIZES = [1e308, -1e308, 5e-324, 1.1e15]

PLACES = [("Readings!F2", "{}"), ("Fixed values!E3", "{}"), ("Meters!I2", "{}"), ("Equipment!Z1", "X [{}]")]
NUMBERS = ["Readings!E2", "Meters!J2", "Fixed values!D3", "Equipment!H2"]
OUTSIDE = b'<c x=\' r="A2"\' r="ZZZ1048577"'  # a reader that looks for r="..." finds the wrong one
FOREIGN = '<é:c r="ZZZ1048577"/><c r="A2"'.encode()
MERGE = b'</sheetData><mergeCells><mergeCell ref="%s"/></mergeCells>'


def units() -> list[Bad]:
    """Each unit in each place where one stands."""
    return [
        Bad(f"{place} in {unit[:12]}", cell(place, text.format(unit)), "input.unit_unknown", "", place)
        for unit in UNITS
        for place, text in PLACES
    ]


def sizes() -> list[Bad]:
    """Each size in each place where a number stands."""
    return [
        Bad(f"{place} of {size}", cell(place, size), "input.number_size", f"{size:.15g}", place)
        for size in SIZES
        for place in NUMBERS
    ]


CASES = [
    *units(),
    *sizes(),
    Bad("unit of 32,000 characters", cell("Readings!F2", "kW*" * 10_600), "input.text_too_long", "31800"),
    Bad("cell far outside", sheet("Readings", b'r="A2"', b'r="ZZZ1048577"'), "input.unsafe_xml", "1048577"),
    Bad("cell far outside in the last row", sheet("Readings", b'r="A2"', b'r="ZZZ1048576"'), "input.too_large"),
    Bad("cell far outside, hidden", sheet("Readings", b'<c r="A2"', OUTSIDE), "input.unsafe_xml"),
    Bad("cell of a foreign prefix", sheet("Readings", b'<c r="A2"', FOREIGN), "input.unsafe_xml"),
    Bad("cell of a row of 5,000 digits", sheet("Readings", b'r="A2"', b'r="A' + DIGITS + b'"'), "input.unsafe_xml"),
    Bad("row of 5,000 digits", sheet("Readings", b'<row r="2"', b'<row r="' + DIGITS + b'"'), "input.unsafe_xml"),
    Bad("row 0", sheet("Readings", b'<row r="2"', b'<row r="0"'), "input.unsafe_xml"),
    Bad(
        "hidden row of 5,000 digits",
        sheet("Readings", b"</sheetData>", b'<row hidden="1" r="' + DIGITS + b'"/></sheetData>'),
        "input.unsafe_xml",
    ),
    Bad(
        "merged range of 5,000 digits",
        sheet("Readings", b"</sheetData>", MERGE % (b"A" + DIGITS + b":B2")),
        "input.unsafe_xml",
    ),
    Bad(
        "merged range without rows",
        sheet("Readings", b"</sheetData>", MERGE % b":::"),
        "input.unsafe_xml",
    ),
    Bad(
        "hidden columns of 5,000 digits",
        sheet("Readings", b"<sheetData>", b'<cols><col min="' + DIGITS + b'" max="2" hidden="1"/></cols><sheetData>'),
        "input.unsafe_xml",
    ),
    *(
        Bad(f"{name} in {encoding}", part(name, in_encoding(encoding)), "input.damaged", "")
        for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
        for encoding in ("utf-7", "utf-32", "rot13", "klingon", "idna")
    ),
    Bad("nothing but digits in a list", part("xl/workbook.xml", lambda data: data[:200] + DIGITS), "input.damaged"),
]  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("bad", CASES, ids=lambda bad: bad.name)
def test_refused_with_its_place(bad: Bad, tmp_path: Path) -> None:
    path = solar_workbook(tmp_path / "monitoring.xlsx")
    bad.make(path)
    before = path.read_bytes()
    done = run("calculate", path, "--formats", "json", "--output", tmp_path / "out")
    assert done.status == 1
    assert bad.code in done.err and bad.found in done.err and bad.place in done.err, done.err
    assert "to do:" in done.err
    assert [p.name for p in tmp_path.iterdir()] == ["monitoring.xlsx"] and path.read_bytes() == before


@pytest.mark.timeout(60)
def test_a_tag_of_one_hundred_thousand_attributes_is_read_in_passing(tmp_path: Path) -> None:
    """A search that begins anew at each attribute would take hours."""
    path = solar_workbook(tmp_path / "monitoring.xlsx")
    long = b"<si><t>" + b"a" * 400_000 + b"</t></si></sst>"
    edit_part(
        path, sheet_part(path, "Team"), lambda data: data.replace(b'<c r="A2"', b'<c r="A2"' + b' t="s"' * 100_000, 1)
    )
    edit_part(path, "xl/sharedStrings.xml", lambda data: data.replace(b"</sst>", long))
    assert run("check", path).status in (0, 1)
