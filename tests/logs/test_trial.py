"""Files read by what their beginning shows: the same values and findings as after a look at whole columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import pytest

from jcm_mrv.logs import csv_file, reading
from support.sheets import log_row, parts_of

ROWS = 600
FIRST = datetime(2024, 1, 1)


def european(value: float, group: str = ".") -> str:
    return f"{value:,.2f}".translate({44: group, 46: ","})


def plain(value: float) -> str:
    return f"{value:.2f}"


def lines(cell: Callable[[int], str], form: str = "%d.%m.%Y %H:%M") -> list[str]:
    return [f"{FIRST + timedelta(minutes=15 * n):{form}};{cell(n)}" for n in range(ROWS)]


def value(n: int) -> float:
    """Mostly hundreds, thousands in every fourth row."""
    return n % 97 + 0.25 + (1200 if n % 4 == 0 else 0)


def with_row(rows: Sequence[str], place: int, row: str) -> list[str]:
    return [*rows[:place], row, *rows[place:]]


def small(n: int) -> float:
    return n % 97 + 0.25


CASES = {
    "grouped from the first row on": lines(lambda n: european(value(n))),
    "grouped later only": lines(lambda n: european(small(n) if n < 300 else value(n))),
    "whole numbers at first": lines(lambda n: "0" if n < 300 else european(value(n))),
    "a plain decimal point and another order of day": lines(lambda n: plain(value(n)), "%d/%m/%Y %H:%M"),
    "not grouped": lines(lambda n: european(20_000 + value(n), "")),
    "long numbers, and then grouped ones": lines(lambda n: european(20_000 + value(n), "" if n < 300 else ".")),
    "grouped numbers, and then long ones": lines(lambda n: european(20_000 + value(n), "." if n < 300 else "")),
    "another decimal mark in the middle": lines(lambda n: (european if n < 300 else plain)(small(n))),
    "words where nothing was measured": lines(lambda n: "n/a" if n % 50 == 7 else european(value(n))),
    "spaces between thousands": lines(lambda n: european(value(n), " ")),
    "spaces between thousands of whole numbers": lines(lambda n: f"{n * 10:,}".replace(",", " ")),
    "a total below": [*lines(lambda n: european(value(n))),
                      f"Total;{european(math.fsum(value(n) for n in range(ROWS)))}"],
    "a broken cell": with_row(lines(lambda n: european(value(n))), 400, "05.01.2024 04:01;1.2.3"),
    "a broken time": with_row(lines(lambda n: european(value(n))), 400, "05.13.2024 04:01;1,5"),
    "American times from the middle on": [*lines(lambda n: european(value(n)), "%d/%m/%Y %H:%M")[:300],
                                          *lines(lambda n: european(value(n)), "%m/%d/%Y %H:%M")[300:]],
    "rows from the last to the first": lines(lambda n: european(value(n)))[::-1],
    "ISO times": lines(lambda n: european(value(n)), "%Y-%m-%d %H:%M"),
    "ends of days as 24:00": [*lines(lambda n: european(value(n)))[:95], "01.01.2024 24:00;1,5"],
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_same_as_after_a_look_at_whole_columns(name, tmp_path, monkeypatch):
    (tmp_path / "log.csv").write_text("time;value\n" + "\n".join(CASES[name]) + "\n")
    monkeypatch.setattr(csv_file, "CHUNK", 2048)  # about a hundred rows
    monkeypatch.setattr(csv_file, "SMALL", 256)
    found = read(tmp_path)
    monkeypatch.setattr(reading, "_by_trial", lambda *_: None)
    assert found == read(tmp_path)


def read(folder):
    series = parts_of(folder, logs=[log_row()], start=date(2024, 1, 1), end=date(2024, 1, 31))
    findings = [(f.code, f.severity, f.message, f.found, str(f.where)) for f in series.findings]
    return series.parts.amounts().tolist(), findings


def test_numbers_with_and_without_marks_of_thousands_are_both_named(tmp_path):
    (tmp_path / "log.csv").write_text("time;value\n" + "\n".join(CASES["grouped numbers, and then long ones"]) + "\n")
    (message,) = [message for code, _, message, *_ in read(tmp_path)[1] if code == "logs.number_format"]
    assert "'20.300,25'" not in message and "'21.200,25' (line 2)" in message and "' (line 302)" in message


@pytest.mark.parametrize("name", ["grouped from the first row on", "grouped later only", "whole numbers at first",
                                  "spaces between thousands"])  # fmt: skip
def test_the_sum_of_the_rows(name, tmp_path, monkeypatch):
    (tmp_path / "log.csv").write_text("time;value\n" + "\n".join(CASES[name]) + "\n")
    monkeypatch.setattr(csv_file, "CHUNK", 2048)
    cells = [row.partition(";")[2] for row in CASES[name]]
    expected = math.fsum(float(cell.replace(".", "").replace(" ", "").replace(",", ".")) for cell in cells)
    assert read(tmp_path)[0] == [pytest.approx(expected, rel=1e-12)]


def test_the_file_is_read_once(tmp_path, monkeypatch):
    """Not once for a look at the columns and once more for the values."""
    (tmp_path / "log.csv").write_text("time;value\n" + "\n".join(CASES["a total below"]) + "\n")
    monkeypatch.setattr(reading, "survey", None)
    amounts, findings = read(tmp_path)
    assert amounts
    assert not [found for found in findings if found[1] == "error"]
