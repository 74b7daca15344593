"""One cell: a value of the kind that belongs there, or a finding that says what stands there; never a guess."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.findings import LISTED, Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.workbook.cells import FindingList, Raw, is_blank, read_cell, shown
from jcm_mrv.workbook.schema_columns import Column, Kind

WHERE = Origin(file="monitoring.xlsx", sheet="Readings", cell="E3")
CHOICES = ("+", "-", "grid and captive")


def column(kind: Kind) -> Column:
    return Column("key", "Heading", kind, "", choices=CHOICES if kind is Kind.CHOICE else ())


def code(raw: Raw, kind: Kind) -> str:
    value, finding = read_cell(raw, column(kind), WHERE)
    assert finding is not None, f"{raw!r} was read as {value!r}"
    assert finding.where == WHERE and finding.action and finding.found
    assert value is None or finding.severity is not Severity.ERROR
    return finding.code


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("blank", ["", "  ", "\u3000", "\n\t"])
def test_blank_is_neither_a_value_nor_a_fault(kind: Kind, blank: str) -> None:
    assert is_blank(blank)
    assert read_cell(blank, column(kind), WHERE) == (None, None)


@pytest.mark.parametrize("raw", [0, 0.0, -1.5, 1e15, 1e-99, 45352])
def test_numbers(raw: float) -> None:
    assert read_cell(raw, column(Kind.NUMBER), WHERE) == (float(raw), None)


@pytest.mark.parametrize(
    "raw",
    [
        "1,234.5",
        "1.234,5",
        "-",
        "欠測",
        "１２３．４",
        " 12 ",
        "1.5 kWh",
        "1e5",
        "0",
        "−3",
        "n/a",
        "NaN",
        "1 234",
        "0x10",
        "½",
    ],
)
def test_text_is_never_a_number(raw: str) -> None:
    assert code(raw, Kind.NUMBER) == "input.text_for_number"
    assert code(raw, Kind.INTEGER) == "input.text_for_number"


@given(st.text().filter(lambda text: text.strip()))
def test_no_text_whatever_is_read_as_a_number(raw: str) -> None:
    value, finding = read_cell(raw, column(Kind.NUMBER), WHERE)
    assert value is None
    assert finding is not None and finding.found == raw


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_is_read_as_it_is_or_refused_for_its_size(raw: float) -> None:
    if raw == 0 or 1e-100 <= abs(raw) <= 1e15:
        assert read_cell(raw, column(Kind.NUMBER), WHERE) == (raw, None)
    else:
        assert code(raw, Kind.NUMBER) == "input.number_size"


@pytest.mark.parametrize("raw", [math.inf, -math.inf, math.nan])
def test_what_is_not_finite_is_no_number(raw: float) -> None:
    for kind in (Kind.NUMBER, Kind.INTEGER, Kind.VALUE, Kind.TEXT):
        assert code(raw, kind) == "input.not_whole"


def test_whole_numbers() -> None:
    assert read_cell(6.0, column(Kind.INTEGER), WHERE) == (6.0, None)
    assert code(6.5, Kind.INTEGER) == "input.not_whole"


@pytest.mark.parametrize("kind", [k for k in Kind if k is not Kind.CHOICE])
def test_true_is_not_one(kind: Kind) -> None:
    assert code(True, kind) == "input.boolean"


@pytest.mark.parametrize("raw", [date(2024, 3, 1), datetime(2024, 3, 1, 12), time(1, 30), timedelta(hours=1)])
def test_a_date_is_no_number_and_no_name(raw: Raw) -> None:
    assert code(raw, Kind.NUMBER) == "input.date_for_number"
    assert code(raw, Kind.TEXT) == "input.date_for_text"


def test_names_that_are_numbers() -> None:
    assert read_cell(12.0, column(Kind.TEXT), WHERE) == ("12", None)
    assert read_cell(0.5, column(Kind.TEXT), WHERE) == ("0.5", None)
    assert read_cell(" M-1 ", column(Kind.TEXT), WHERE) == ("M-1", None)
    value, finding = read_cell(12345678901234500.0, column(Kind.TEXT), WHERE)
    assert value == "12345678901234500", "the digits that are there are kept"
    assert finding is not None and finding.code == "input.long_number"


MARCH = datetime(2024, 3, 1)


@pytest.mark.parametrize(
    "raw",
    [
        MARCH,
        date(2024, 3, 1),
        "2024-03-01",
        "2024-03-01 00:00",
        "2024-03-01T00:00:00",
        "2024/3/1",
        "2024年3月1日",
        "２０２４-０３-０１",
    ],
)
def test_dates(raw: Raw) -> None:
    assert read_cell(raw, column(Kind.DATE), WHERE) == (MARCH, None)


@pytest.mark.parametrize("off", [-400_000, 400_000])
def test_a_fraction_of_a_day_is_rounded_to_its_second(off: int) -> None:
    moment = datetime(2024, 3, 1, 10, 15)
    assert read_cell(moment + timedelta(microseconds=off), column(Kind.DATETIME), WHERE) == (moment, None)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("03/04/2024", "2024-04-03 or 2024-03-04"),
        ("31/12/2024", "2024-12-31"),
        ("2024-02-30", "no such date"),
        ("2024-03-01 24:00", "00:00 of the next day"),
        ("2024-03-01 10:00+07:00", "its own zone"),
        ("March 2024", "not a date that is understood"),
    ],
)
def test_dates_that_can_be_misread(raw: str, says: str) -> None:
    assert code(raw, Kind.DATETIME) == "input.date_as_text"
    finding = read_cell(raw, column(Kind.DATETIME), WHERE)[1]
    assert finding is not None and says in finding.message


def test_other_faults_of_dates() -> None:
    assert code(45352.0, Kind.DATE) == "input.number_for_date"
    assert "2024-03-01" in str(read_cell(45352.0, column(Kind.DATE), WHERE)[1])  # days since 1899-12-30
    assert code(time(10, 15), Kind.DATETIME) == "input.time_for_date"
    assert code(datetime(2024, 3, 1, 10), Kind.DATE) == "input.time_for_date"
    for year in (1949, 2151):
        assert code(datetime(year, 1, 1), Kind.DATE) == "input.date_out_of_range"
    for year in (1950, 2150):
        assert read_cell(datetime(year, 1, 1), column(Kind.DATE), WHERE)[1] is None


@given(st.text().filter(lambda text: text.strip()))
def test_any_text_in_a_date_is_read_by_iso_or_refused(raw: str) -> None:
    value, finding = read_cell(raw, column(Kind.DATETIME), WHERE)
    assert (value is None) is (finding is not None)


@pytest.mark.parametrize(
    ("raw", "choice"),
    [("+", "+"), ("＋", "+"), ("-", "-"), ("−", "-"), ("–", "-"), (" Grid  AND captive ", "grid and captive")],
)
def test_choices(raw: str, choice: str) -> None:
    assert read_cell(raw, column(Kind.CHOICE), WHERE) == (choice, None)


@pytest.mark.parametrize("raw", ["plus", "grid", 1.0, True, date(2024, 1, 1)])
def test_no_choice(raw: Raw) -> None:
    assert code(raw, Kind.CHOICE) == "input.choice_unknown"


def test_a_number_or_a_word() -> None:
    assert read_cell("grid", column(Kind.VALUE), WHERE) == ("grid", None)
    assert read_cell(0.5, column(Kind.VALUE), WHERE) == (0.5, None)
    for raw in ("0,5", "1.5 t", "-", "欠測", ".5", "−1"):
        assert code(raw, Kind.VALUE) == "input.text_for_number"


def test_how_a_cell_is_shown() -> None:
    assert [shown(raw) for raw in (True, False, 1.0, 0.1, "a\n")] == ["TRUE", "FALSE", "1", "0.1", r"'a\n'"]


def test_of_many_alike_the_first_are_listed_and_all_are_counted() -> None:
    findings = FindingList()
    for row in range(2, 1002):
        where = Origin(file="f", sheet="Readings", cell=f"E{row}")
        findings.add(Finding("input.text_for_number", Severity.ERROR, "no number", where))
    findings.add(None)
    listed = findings.collected()
    assert len(listed) == LISTED + 1
    assert "980 more cells of this column, E22 to E1001" in listed[-1].message
    assert listed[-1].severity is Severity.ERROR
