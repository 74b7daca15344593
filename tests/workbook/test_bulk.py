"""Cells all at once against cells one by one: both come to the same, or the first way says that it cannot tell."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jcm_mrv.origin import Origin
from jcm_mrv.workbook import bulk
from jcm_mrv.workbook.bulk import cells_at_once, places_of
from jcm_mrv.workbook.scan import cells_by_tag
from jcm_mrv.workbook.unpacking import PackageError

COLUMNS = st.sampled_from(["A", "B", "Z", "AA", "AZ", "XFD", "ABCD", "a", ""])
ROWS = st.sampled_from(["1", "2", "52561", "0001", "1048576", "1048577", "9999999", "12345678", "0", ""])
CELLS = [
    '<c r="{place}"><v>1.5</v></c>',
    '<c r="{place}" s="15" t="s"><v>12</v></c>',
    '<c r="{place}" t="s"><v>7</v></c>',
    '<c r="{place}" s="3"/>',
    '<c r="{place}" t="str"><f>A1&amp;"t=s"</f><v>text</v></c>',
    '<c r="{place}" t="inlineStr"><is><t>one</t></is></c>',
]
ODD = [
    "<c r='{place}'/>",
    '<c s="1" r="{place}" t="s"><v>3</v></c>',
    '<c r="{place}" t="s" s="1"><v>3</v></c>',
    "<c r=\"{place}\" t='s'><v>3</v></c>",
    '<c r="{place}" t="s"> <v>3</v></c>',
    '<c r="{place}" t="s"><v></v></c>',
    '<c r="{place}" t="s"><v>99999999999</v></c>',
    '<x:c r="{place}"/>',
    '<c\n r="{place}"/>',
    "<c/>",
    '<col min="1"/>',
    "<c>",
]
TAGS = st.builds(
    lambda cell, column, row: cell.replace("{place}", column + row), st.sampled_from([*CELLS, *ODD]), COLUMNS, ROWS
)
OPENINGS = st.builds(
    lambda opening, row: opening.replace("{row}", row),
    st.sampled_from(['<row r="{row}">', '<row r="{row}" spans="1:8">', "<row>", "<row spans='1' r=\"{row}\"/>"]),
    ROWS,
)


def agree(data: bytes) -> bool:
    """True where the cells were read at once, and then as they are one by one."""
    at_once = cells_at_once(data)
    if at_once is None:
        return False
    try:
        one_by_one = cells_by_tag(data, Origin())
    except PackageError:  # a row that is none of a sheet: the caller looks at the height
        assert not at_once.count or at_once.height > 1_048_576
        return True
    assert at_once.count == one_by_one.count
    if at_once.count:
        assert (at_once.width, at_once.height) == (one_by_one.width, one_by_one.height)
    assert sorted(at_once.texts.tolist()) == sorted(one_by_one.texts.tolist())
    return True


@given(st.lists(st.one_of(TAGS, OPENINGS, st.just("</row>"), st.text(alphabet='<c r="A1>', max_size=9)), max_size=8))
@example(["<c"])
@example(['<c r="A1'])
@example(['<c r="A1" t="s"><v>1'])
def test_both_agree_on_whatever_is_there(tags: list[str]) -> None:
    agree("".join(tags).encode())


@given(
    st.lists(st.tuples(st.sampled_from(CELLS), st.sampled_from(["A", "H", "AB", "XFD"]), st.integers(1, 1_048_576))),
    st.sampled_from([64, 100, 1 << 19]),
)
def test_what_spreadsheet_programs_write_is_read_at_once(cells: list[tuple[str, str, int]], block: int) -> None:
    """Also where a tag lies across the end of a block."""
    tags = [f'<row r="{row}">{cell.replace("{place}", f"{column}{row}")}</row>' for cell, column, row in cells]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "_BLOCK", block)
        assert agree(f'<worksheet xmlns:r="urn:x"><sheetData>{"".join(tags)}</sheetData></worksheet>'.encode())


@given(st.text(alphabet='t="se', max_size=40), st.sampled_from([8, 1 << 19]), st.integers(0, 3))
@example('t="s"', 8, 3)
def test_the_places_of_a_text_are_those_that_python_finds(text: str, block: int, rarest: int) -> None:
    data, wanted = text.encode(), b't="s"'
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "_BLOCK", block)
        found = places_of(data, wanted, rarest)
    assert found == [n for n in range(len(data)) if data[n:].startswith(wanted)]


def test_by_hand() -> None:
    """Columns A to AB are 28; the texts 12 and 7 are referred to."""
    data = (
        b'<cols><col min="1" max="8"/></cols><sheetData><row r="2"><c r="A2" s="1" t="s"><v>12</v></c>'
        b'<c r="AB2" t="s"><v>7</v></c></row><row r="40"/></sheetData>'
    )
    cells = cells_at_once(data)
    assert cells is not None
    assert (cells.count, cells.width, cells.height, cells.texts.tolist()) == (2, 28, 40, [12, 7])
