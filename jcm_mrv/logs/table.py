"""Where the table lies in a file: lines before the headings, headings in one row or two, a row of units, footers.

Works on rows of cells, whatever file they come from. A row above the first
row of data that holds only words is the headings; nothing that looks like
data is ever passed over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from jcm_mrv.logs.cells import CellValue, cell_text, folded, is_blank, is_time, is_value
from jcm_mrv.numerals import is_number
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import parse_unit

Row = Sequence[CellValue]

SAMPLE = 300
"""Rows at the beginning of a file in which its headings are looked for."""

TOTALS = frozenset(
    {"total", "totals", "grand total", "sum", "subtotal", "tổng cộng", "tổng", "tổng số", "cộng", "合計", "総合計",
     "総計", "計", "小計", "jumlah", "รวม", "total general", "summe", "gesamt", "gesamtsumme", "zwischensumme",
     "somme", "sous-total", "suma", "soma", "totale", "totaal"}
)  # fmt: skip
"""Words of a row with sums, as :func:`label_of` leaves them."""

OTHERS = frozenset(
    {"average", "avg", "mean", "平均", "平均値", "trung bình", "min", "minimum", "最小", "最小値", "max", "maximum",
     "最大", "最大値", "lớn nhất", "nhỏ nhất", "count", "件数", "rata-rata"}
)  # fmt: skip

_BRACKETS = re.compile(r"[\[(]([^\[\]()]{1,60})[\])]\s*$")
_LONGEST_IN_BRACKETS = 20  # characters
_IN_BRACKETS = re.compile(r"\[[^\[\]]{1,12}\]")
_PHASE = re.compile(r"[A-CR-TN]|L[1-3]", re.I)
_OF_CURRENT = re.compile(r"current|amp|strom|courant|corriente|dòng|電流|temp|\bI", re.I)
_ENERGY_UNITS = {unit.casefold(): unit for unit in ("Wh", "kWh", "MWh", "GWh", "kW", "MW")}
_WORDS = re.compile(r"(?<![^\W_])[a-z]+(?![^\W_])")
_COUNTED = re.compile(
    r"\(?\d+\)?\s*(?:rows?|records?|lines?|entries|items?|件|行|dòng|bản ghi|zeilen|lignes|filas).{0,20}", re.I
)
_LETTERS = re.compile(r"[^\W\d_]+")
_LONGEST_UNIT = 40  # characters
_UNIT_LINE = re.compile(
    r"(?:units?|uom|einheit|unité|unidad|unidade|satuan|đơn vị(?: tính)?|đvt|単位|单位|หน่วย)"
    r"\s*[:=：]?\s*[\[(]?([^\s\[\]()]{1,12})[\])]?",
    re.I,
)
_MULTIPLE = re.compile(
    r"(?<![^\W\d_])[x×*]\s*(10+)(?!\d)|(?<![\d.])(10+)\s*[x×*]\s*(?=[kM]?Wh\b)|(千|10\^3|10³)(?=\s*[x×*]?\s*[kM]?Wh)",
    re.I,
)
_SPELLINGS = {"kwh": "kWh", "kw": "kW"}
_OF_TIMES = re.compile(
    r"[\[(]?(?:[YMDHST年月日時分秒:/.\-\s]+|\s*(?:date.{0,12}|time.{0,12}|local.{0,12}|UTC.{0,9})\s*)[\])]?", re.I
)


@dataclass(frozen=True)
class Table:
    """The head of a table.

    ``skip`` rows lie before the first row of data. ``headings`` name each
    column ("" where there is none); ``full`` are the headings with that of
    the row above ("Inverter 1 / Power"). ``units`` holds the unit of a
    column where the file states one. ``preamble`` are the rows before the
    headings as (row number from 1, text). ``typed``: its cells have types of
    their own.
    """

    skip: int
    headings: tuple[str, ...]
    full: tuple[str, ...]
    units: tuple[str, ...]
    preamble: tuple[tuple[int, str], ...] = ()
    typed: bool = False


def find_table(rows: Sequence[Row], merged: Sequence[tuple[int, int, int]] = ()) -> Table:
    """The table in a file's first rows. ``merged`` are merged cells as (row, first and last column from 0)."""
    time = time_column(rows)
    first = next((n for n, row in enumerate(rows) if _is_data(row, time)), None)
    header = _header(rows, first, time)
    if header is None:
        width = max((len(row) for row in rows), default=0)
        return Table(first or 0, ("",) * width, ("",) * width, ("",) * width, _preamble(rows[: first or 0]))
    units_row = None
    if _is_units(rows[header], time) and header > 0 and _is_words(rows[header - 1]):
        units_row, header = header, header - 1
    last = header if units_row is None else units_row
    header = _names_row(rows, header)
    upper = header - 1 if header > 0 and _is_upper(rows, header, merged) else None
    width = max(len(row) for row in rows[header : last + 1])
    lower = [folded(cell_text(c)) for c in [*rows[header], *([None] * width)][:width]]
    above = [""] * width if upper is None else _spread(rows[upper], lower, upper, merged)
    full = tuple(" / ".join(p for p in pair if p) for pair in zip(above, lower, strict=True))
    alone = Counter(lower)
    headings = tuple(f if alone[low] > 1 or not low else low for f, low in zip(full, lower, strict=True))
    units = tuple(_unit_at(rows, units_row, n, heading) for n, heading in enumerate(headings))
    return Table(last + 1, headings, full, units, _preamble(rows[: header if upper is None else upper]))


def time_column(rows: Sequence[Row]) -> int | None:
    """The column with the most times beside values (the first of several), None where none holds any."""
    stamped = sorted({n for row in rows for n, cell in enumerate(row) if is_time(cell)})
    counts = {n: sum(_is_data(row, n) for row in rows) for n in stamped}
    best = min(counts, key=lambda n: (-counts[n], n), default=None)
    return best if best is not None and counts[best] else None


def _filled(row: Row) -> list[CellValue]:
    return [cell for cell in row if not is_blank(cell)]


def _is_data(row: Row, time: int | None) -> bool:
    others = [cell for n, cell in enumerate(row) if n != time and not is_blank(cell)]
    if time is not None:
        stamped = time < len(row) and is_time(row[time])
        return stamped and (not others or any(is_value(cell) or is_time(cell) for cell in others))
    return len(others) > 1 and 2 * sum(is_value(cell) for cell in others) >= len(others)


def _is_words(row: Row) -> bool:
    """True for a row that holds texts and no number, time or marker."""
    cells = _filled(row)
    return bool(cells) and not any(is_time(cell) or is_value(cell) for cell in cells)


def _header(rows: Sequence[Row], first: int | None, time: int | None) -> int | None:
    """The row of the headings: the last of words only above the data; None for a table without headings."""
    above = [n for n in range(len(rows) if first is None else first) if _filled(rows[n])]
    if first is None:
        return above[0] if above else None
    wide = [n for n in above if len(_filled(rows[n])) * 3 >= len(_filled(rows[first]))]
    words = [n for n in wide if _is_words(rows[n]) or _is_units(rows[n], time)]
    if words:
        return words[-1]
    named = [n for n in above if not any(is_time(cell) for cell in rows[n]) and len(rows[n]) >= len(rows[first])]
    return named[0] if named else None


def _names_row(rows: Sequence[Row], header: int) -> int:
    """The row with a name for every column, where kinds that repeat (Analog, Status) stand between it and the data."""
    lower = [folded(cell_text(cell)) for cell in _filled(rows[header])]
    if len(lower) == len(set(lower)):
        return header
    for n in (header - 1, header - 2):
        if n < 0 or not _is_words(rows[n]):
            break
        names = [folded(cell_text(cell)) for cell in _filled(rows[n])]
        if len(names) >= len(lower) and len(names) == len(set(names)):
            return n
    return header


def _is_units(row: Row, time: int | None) -> bool:
    """True for a row in which every cell is a unit (or says how the times are written)."""
    known = 0
    for n, cell in enumerate(row):
        text = cell_text(cell).strip()
        if not text or text == "-":
            continue
        if unit_of(text) or _IN_BRACKETS.fullmatch(text):
            known += 1
        elif (
            n not in (0, time)
            or len(text) > _LONGEST_UNIT
            or not _OF_TIMES.fullmatch(text)
            or text.casefold() in {"date", "time"}
        ):
            return False
    return known > 0


def unit_of(text: str) -> str:
    """The unit that a cell of a row of units means (``[kW]``, ``(kWh)``, ``KWH``); "" where it is none."""
    if len(text) > _LONGEST_UNIT:
        return ""
    bare = folded(text).strip("[]()【】 ")
    bare = _SPELLINGS.get(bare.casefold(), bare)
    try:
        parse_unit(bare)
    except UnitError:
        return ""
    return "" if bare.isdecimal() else bare


def _unit_at(rows: Sequence[Row], units_row: int | None, column: int, heading: str) -> str:
    """The unit of a column by the row of units, else by the end of its heading."""
    if units_row is not None and column < len(rows[units_row]):
        return unit_of(cell_text(rows[units_row][column]))
    return unit_of_heading(heading)


def unit_of_heading(heading: str) -> str:
    """The unit in brackets at the end of a heading: ``Power [kW]``; "" where there is none.

    A letter in brackets is a phase (``Energy Wh (A)``) unless the heading speaks of current.
    """
    match = _BRACKETS.search(heading)
    inside = match[1].strip() if match else ""
    if _PHASE.fullmatch(inside) and not _OF_CURRENT.search(heading):
        return unit_in_words(heading)
    return unit_of(inside) if 0 < len(inside) <= _LONGEST_IN_BRACKETS else ""


def unit_in_words(heading: str) -> str:
    """The unit that stands in a heading as a word of its own (``kWh import``); "" where there is none, or several."""
    words = {_ENERGY_UNITS[word] for word in _WORDS.findall(heading.casefold()) if word in _ENERGY_UNITS}
    return words.pop() if len(words) == 1 else ""


def unit_of_preamble(table: Table) -> str:
    """The unit that a line above the headings states for all values (``Unit: Wh``); "" where none does, or several."""
    found = {unit_of(match[1]) for _, text in table.preamble if (match := _UNIT_LINE.fullmatch(text.strip()))} - {""}
    return found.pop() if len(found) == 1 else ""


def multiple_of(heading: str) -> int:
    """What a heading says its values are to be multiplied by (``kWh x 10``, ``千kWh``); 1 where it says nothing."""
    match = _MULTIPLE.search(heading)
    if match is None:
        return 1
    number = next((group for group in match.groups() if group), "")
    return 1000 if not number.isdecimal() else int(number)


def _is_upper(rows: Sequence[Row], header: int, merged: Sequence[tuple[int, int, int]]) -> bool:
    """True where the row above the headings belongs to them: merged cells, or the same width with several words."""
    row = rows[header - 1]
    if not _is_words(row):
        return False
    if any(at == header - 1 for at, _, _ in merged):
        return True
    return len(_filled(row)) > 1 and len(row) == len(rows[header])


def _spread(row: Row, lower: Sequence[str], at: int, merged: Sequence[tuple[int, int, int]]) -> list[str]:
    """The upper headings: each stands for the empty cells to its right too, within its merged cells if there are."""
    reach = {first: last for n, first, last in merged if n == at}
    out: list[str] = []
    current, until = "", -1
    for n, low in enumerate(lower):
        own = folded(cell_text(row[n])) if n < len(row) else ""
        if own:
            current, until = own, reach.get(n, n if reach else len(lower))
        out.append(current if own or (low and n <= until) else "")
    return out


def _preamble(rows: Sequence[Row]) -> tuple[tuple[int, str], ...]:
    texts = ((n, " ".join(cell_text(c).strip() for c in _filled(row))) for n, row in enumerate(rows, start=1))
    return tuple((n, text[:80]) for n, text in texts if text)


def label_of(cells: Row) -> str:
    """The first words of a row as they are compared with TOTALS and OTHERS."""
    for cell in cells:
        text = cell_text(cell)
        if text.strip() and not is_value(cell):
            return folded(text).casefold().strip(" :.*=")
    return ""


BARE = "bare"
"""The kind of a row of numbers without time and label: the sums or the number of the rows above it, or a fault."""


def is_bare(cells: Row) -> bool:
    """True for a row of numbers alone."""
    filled = _filled(cells)
    numbers = all(isinstance(c, int | float) or (isinstance(c, str) and is_number(c)) for c in filled)
    return bool(filled) and numbers


def names_sums(cell: CellValue) -> bool:
    """True for a text with one of the words for sums in it, where a time belongs: ``Subtotal 2024-01-01``."""
    return isinstance(cell, str) and any(word in TOTALS for word in _LETTERS.findall(folded(cell).casefold()))


def footer_kind(cells: Row) -> str:
    """``total``, ``other`` (an average, a remark of one cell) or "" for a row that is no footer."""
    label = label_of(cells)
    if label in TOTALS:
        return "total"
    filled = _filled(cells)
    if len(filled) == 1 and isinstance(filled[0], str) and _COUNTED.fullmatch(filled[0].strip()):
        return "other"
    alone = len(filled) == 1 and isinstance(filled[0], str) and not filled[0].strip()[:1].isdigit() and bool(label)
    return "other" if label in OTHERS or alone else ""
