"""Files as equipment writes them: preamble, units, footers, marks of numbers, dates, encodings; sums by hand."""

from __future__ import annotations

import csv
import math
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from jcm_mrv.findings import Finding, Severity, errors
from jcm_mrv.meters.segments import SeriesResult
from support.sheets import codes, inner_gaps, log_row, parts_of


def of(folder: Path, text: str | bytes, *, name: str = "log.csv", **given: Any) -> SeriesResult:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return parts_of(folder, logs=[log_row(file=name, **given)])


def total(series: SeriesResult) -> float:
    return math.fsum(series.parts.amounts().tolist())


def finding(series: SeriesResult, code: str) -> Finding:
    (found,) = [f for f in series.findings if f.code == code]
    assert found.message
    return found


# --- where the table lies ----------------------------------------------------------

PREAMBLE = "Logger;ABC-7\nSerial;12345\nExport date;2024-05-01 10:00\n\n"


def test_lines_above_the_headings_and_a_row_of_units(tmp_path: Path) -> None:
    text = PREAMBLE + "Time;Energy;Power\n;[kWh];(kW)\n2024-02-01 00:00;1,5;9\n2024-02-01 00:15;2,25;9\n"
    series = of(tmp_path, text, time_column="Time", value_column="Energy")
    assert total(series) == 3.75 and errors(series.findings) == []
    note = finding(series, "logs.preamble")
    assert note.where.line == 1 and note.data["count"] == 3
    assert series.parts.origins[0].line == 7


@pytest.mark.parametrize(
    ("unit", "kind", "severity", "shown"),
    [("kW", "power", Severity.ERROR, "a factor of 1000"), ("kWh", "energy", Severity.MAJOR, "something else")],
)
def test_the_file_states_another_unit(unit: str, kind: str, severity: Severity, shown: str, tmp_path: Path) -> None:
    for text in ("time,value\n,[W]\n2024-02-01 00:00,1\n", "time,value [W]\n2024-02-01 00:00,1\n"):
        column = "B"
        found = finding(of(tmp_path, text, unit=unit, kind=kind, value_column=column), "logs.unit_stated")
        assert found.severity is severity and shown in found.message
    same = of(tmp_path, "time,value\n,[W]\n2024-02-01 00:00,4\n", unit="W", kind="power")
    assert codes(same) == [] and total(same) == 1.0


def test_headings_in_two_rows(tmp_path: Path) -> None:
    text = (
        ",Inverter 1,,Inverter 2,\nTime,Power,Energy,Power,Energy\n2024-02-01 00:00,9,1,9,2\n2024-02-01 00:15,9,4,9,8\n"
    )
    series = of(tmp_path, text, time_column="Time", value_column="Inverter 2 / Energy")
    assert codes(series) == [] and total(series) == 10.0
    assert (
        "Inverter 1 / Energy" in finding(of(tmp_path, text, time_column="Time", value_column="x"), "logs.column").found
    )


def test_merged_headings_in_a_workbook(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "log.xlsx", {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Plant A")
        sheet.merge_range(2, 1, 2, 2, "Meter 1")
        sheet.merge_range(2, 3, 2, 4, "Meter 2")
        sheet.write_row(3, 0, ["Time", "P", "E", "P", "E"])
        sheet.write_row(4, 1, ["kW", "kWh", "kW", "kWh"])
        for n in range(3):
            sheet.write(5 + n, 0, datetime(2024, 2, 1) + timedelta(minutes=15 * n))
            sheet.write_row(5 + n, 1, [9, 2**n, 9, 10 * 2**n])
        sheet.write_row(8, 0, ["合計", "", 7, "", 70])
    series = parts_of(tmp_path, logs=[log_row(file="log.xlsx", time_column="Time", value_column="Meter 2 / E")])
    assert errors(series.findings) == [] and total(series) == 70.0
    assert finding(series, "logs.footer_total").severity is Severity.NOTE
    assert (finding(series, "logs.preamble").where.line, finding(series, "logs.preamble").found) == (1, "")


def test_a_table_without_headings_is_named_by_letters_and_loses_no_row(tmp_path: Path) -> None:
    text = "2024-02-01 00:00,1\n2024-02-01 00:15,2\n"
    assert total(of(tmp_path, text, time_column="A", value_column="B")) == 3.0
    assert total(of(tmp_path, "," + "value\n" + text, time_column="A", value_column="value")) == 3.0


def test_a_first_row_that_cannot_be_read_is_not_taken_for_the_headings(tmp_path: Path) -> None:
    series = of(tmp_path, "time,value\nnever,1\n2024-02-01 00:15,2\n")
    (fault,) = errors(series.findings)
    assert (fault.code, fault.where.line) == ("logs.stamp", 2)


@pytest.mark.parametrize("word", ["Total", "SUM:", "Tổng cộng", "Tổng", "合計", "Grand total"])
def test_a_total_is_checked_and_never_added(word: str, tmp_path: Path) -> None:
    rows = "time,value\n2024-02-01 00:00,1.5\n2024-02-01 00:15,2.5\n"
    right = of(tmp_path, f"{rows}{word},4.0\nAverage,2.0\n*** end of report ***\n")
    assert total(right) == 4.0 and errors(right.findings) == []
    assert finding(right, "logs.footer_total").severity is Severity.NOTE
    assert [f.where.line for f in right.findings if f.code == "logs.footer"] == [5, 6]
    wrong = of(tmp_path, f"{rows}{word},5.0\n")
    found = finding(wrong, "logs.footer_total")
    assert found.severity is Severity.MAJOR and found.data == {"stated": 5.0, "sum": 4.0} and total(wrong) == 4.0


@pytest.mark.parametrize("label", ["Subtotal 2024-02-01", "2024-02-01 Total", "Summe 01.02.2024"])
def test_sums_of_days_among_the_data_are_to_be_deleted(label: str, tmp_path: Path) -> None:
    rows = ["2024-02-01 00:00,1.5", "2024-02-01 00:15,2.5", f"{label},4.0", "2024-02-02 00:00,8.0"]
    (fault,) = errors(of(tmp_path, "\n".join(["time,value", *rows, ""])).findings)
    assert (fault.code, fault.where.line) == ("logs.stamp", 4) and "Delete rows of sums" in fault.action
    without = of(tmp_path, "\n".join(["time,value", *rows[:2], rows[3], f"{label},4.0", ""]))
    assert total(without) == 12.0 and errors(without.findings) == []
    assert finding(without, "logs.footer").where.line == 5


def test_other_headings_among_the_data_are_told_as_such(tmp_path: Path) -> None:
    text = "time,value\n2024-02-01 00:00,1.5\nTime,Value [MWh]\n2024-02-01 00:15,2.5\n"
    (fault,) = errors(of(tmp_path, text).findings)
    assert (fault.code, fault.where.line, fault.found) == ("logs.stamp", 3, "Time Value [MWh]")
    assert "a file of its own" in fault.action


def test_a_total_among_the_data_is_an_error(tmp_path: Path) -> None:
    series = of(tmp_path, "time,value\n2024-02-01 00:00,1\nTotal,1\n2024-02-02 00:00,1\n", interval_minutes=1440)
    (fault,) = errors(series.findings)
    assert (fault.code, fault.where.line) == ("logs.stamp", 3) and total(series) == 2.0


# --- numbers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "value"),
    [
        (["1.234,5", "2"], 1236.5),
        (["1,234.5", "2"], 1236.5),
        (["1 234,5", "2"], 1236.5),
        (["1\u00a0234,5", "2"], 1236.5),
        (["1\u2009234.5", "2"], 1236.5),
        (["1'234.5", "2"], 1236.5),
        (["1’234,5", "2"], 1236.5),
        (["１２３．４", "０"], 123.4),
        (["−5,25", "6"], 0.75),
        (["1.234", "0,5"], 1234.5),
        (["1.234", "0.5"], 1.734),
        (["1.234.567", "1"], 1234568.0),
        (["1,5E+02", "1"], 151.0),
    ],
)
def test_the_marks_of_numbers_are_proven_by_the_column(texts: list[str], value: float, tmp_path: Path) -> None:
    lines = [f'2024-02-01 0{n}:00,"{text}"' for n, text in enumerate(texts)]
    series = of(tmp_path, "\n".join(["time,value", *lines, ""]), interval_minutes=60)
    assert errors(series.findings) == [] and total(series) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["1.234", "2.345"], ["1.234 or as 1234", "line 2"]),
        (["1,234", "567"], ["1234 or as 1.234"]),
        (["1.5", "1,5"], ["'1.5' (line 2)", "'1,5' (line 3)"]),
        (["1,5", "12.5"], ["written in two ways"]),
    ],
)
def test_what_no_number_of_the_column_shows_is_refused(texts: list[str], shown: list[str], tmp_path: Path) -> None:
    lines = [f'2024-02-01 0{n}:00,"{text}"' for n, text in enumerate(texts)]
    series = of(tmp_path, "\n".join(["time,value", *lines, ""]), interval_minutes=60)
    found = finding(series, "logs.number_format")
    assert found.severity is Severity.ERROR and all(text in found.message for text in shown)
    assert total(series) == 0.0


# --- encodings -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "headings"),
    [("cp932", "日時,電力量"), ("utf-16-le", "time,value"), ("utf-16-be", "time,value"),
     ("cp1258", "Thời gian,Công suất"), ("cp1252", "time,T [°C]")],
)  # fmt: skip
def test_an_encoding_that_the_text_proves(encoding: str, headings: str, tmp_path: Path) -> None:
    import unicodedata

    if encoding == "cp1258":  # tones are letters of their own there
        marks = dict.fromkeys("\u0300\u0301\u0303\u0309\u0323")
        split = []
        for letter in headings:
            parts = unicodedata.normalize("NFD", letter)
            tone = "".join(p for p in parts if p in marks)
            split.append(unicodedata.normalize("NFC", "".join(p for p in parts if p not in marks)) + tone)
        headings = "".join(split)
    text = f"{headings}\n2024-02-01 00:00,1\n2024-02-01 00:15,2\n".encode(encoding)
    series = of(tmp_path, text, time_column="A", value_column="B")
    assert errors(series.findings) == [] and total(series) == 3.0
    assert finding(series, "logs.encoding_found").found == encoding


# --- the real log ------------------------------------------------------------------------

REAL = Path(__file__).parents[1] / "data"


def test_the_real_wide_log_of_an_inverter_summed_with_the_csv_module() -> None:
    """US dates without a zone, the first column without a name, W beside kW: 2 to 6 January 2022."""
    name = "pv_inverter_export_wide.csv"
    kilowatts, watts = Fraction(0), Fraction(0)
    with (REAL / name).open(newline="") as file:
        for row in csv.DictReader(file):
            stamp = datetime.strptime(row[""], "%m/%d/%Y %H:%M")
            assert stamp.month == 1
            kilowatts += Fraction(row["ac_power_kw_1137"]) / 4
            watts += Fraction(row["inv2_ac_power_w__1047"]) / 4
    given = {"file": name, "time_column": "A", "kind": "power", "time_zone": "UTC-07:00"}
    rows = [
        log_row(value_column="ac_power_kw_1137", unit="kW", **given),
        log_row(log_id="L-2", meter_id="M-2", value_column="inv2_ac_power_w__1047", unit="W", **given),
    ]
    meters = [{"meter_id": "M-1", "unit": "kWh"}, {"meter_id": "M-2", "unit": "kWh"}]
    series = parts_of(REAL, meters=meters, logs=rows, start=date(2022, 1, 1), end=date(2022, 1, 31))
    assert errors(series.findings) == []
    found = dict(zip(series.parts.meter.tolist(), series.parts.amounts().tolist(), strict=True))
    assert found[0] == pytest.approx(float(kilowatts), rel=1e-13)
    assert found[1] == pytest.approx(float(watts), rel=1e-13)
    assert "2022-01-06 23:45:00" in finding(series, "logs.recognised").message


# --- dates -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "stamps",
    [
        ["2024年2月1日 0:00", "2024年2月1日 0:15"],
        ["R6.2.1 0:00", "R6.2.1 0:15"],
        ["1-Feb-24 12:00 AM", "1-Feb-24 12:15 AM"],
        ["2024/2/1 午前0:00", "2024/2/1 午前0:15"],
        ["2024-01-31 24:00", "2024-02-01 00:15"],
        ["202402010000", "202402010015"],
        ["45323", "45323.0104166667"],
    ],
)
def test_dates_of_which_only_one_reading_exists(stamps: list[str], tmp_path: Path) -> None:
    text = "time,value\n" + "".join(f"{s},{n}\n" for n, s in enumerate(stamps, start=1))
    series = of(tmp_path, text)
    assert errors(series.findings) == [] and total(series) == 3.0
    assert series.parts.month.tolist() == [1] and len(series.coverage.data_gaps) == 2


def test_am_and_pm_in_vietnamese(tmp_path: Path) -> None:
    text = "time,value\n13/02/2024 11:45 SA,1\n13/02/2024 12:00 CH,2\n13/02/2024 12:15 CH,4\n"
    series = of(tmp_path, text)
    assert errors(series.findings) == [] and total(series) == 7.0
    assert inner_gaps(series) == []


def test_day_and_month_from_the_whole_column(tmp_path: Path) -> None:
    def of_days(*days: str) -> SeriesResult:
        return of(tmp_path, "time,value\n" + "".join(f"{d},1\n" for d in days), interval_minutes=1440)

    assert of_days("01/02/2024", "13/02/2024").parts.month.tolist() == [1]  # February
    assert of_days("01/02/2024", "01/13/2024").parts.month.tolist() == [0]  # January
    found = finding(of_days("01/02/2024", "02/02/2024", "03/02/2024", "04/02/2024", "05/02/2024"), "logs.date_format")
    assert "1 February 2024" in found.message and "2 January 2024" in found.message  # or the 2nd of each month
    contrary = finding(of_days("13/02/2024", "02/13/2024"), "logs.date_format")
    assert "line 2" in contrary.message and "line 3" in contrary.message


def test_days_and_times_of_day_in_two_columns(tmp_path: Path) -> None:
    text = "Date,Time,value\n13/02/2024,23:45,1\n13/02/2024,24:00,2\n14/02/2024,0:15,4\n"
    series = of(tmp_path, text, time_column="Date + Time")
    assert errors(series.findings) == [] and total(series) == 7.0 and len(series.coverage.data_gaps) == 2
    assert finding(of(tmp_path, text, time_column="Date + Clock"), "logs.column").where.sheet == "Logs"
    with xlsxwriter.Workbook(tmp_path / "log.xlsx") as book:
        sheet = book.add_worksheet()
        day, clock = (book.add_format({"num_format": form}) for form in ("dd/mm/yyyy", "hh:mm"))
        sheet.write_row(0, 0, ["Date", "Time", "value"])
        for n in range(4):
            sheet.write_datetime(n + 1, 0, datetime(2024, 2, 13), day)
            sheet.write_number(n + 1, 1, n / 96, clock)
            sheet.write_number(n + 1, 2, 2.0**n)
    series = parts_of(tmp_path, logs=[log_row(file="log.xlsx", time_column="Date + Time")])
    assert errors(series.findings) == [] and total(series) == 15.0


def test_dates_that_a_spreadsheet_may_have_exchanged(tmp_path: Path) -> None:
    """12/02 became a date (perhaps 2 December), 13/02 stayed a text."""
    with xlsxwriter.Workbook(tmp_path / "log.xlsx", {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["time", "value"])
        sheet.write(1, 0, datetime(2024, 12, 2))
        sheet.write(2, 0, "13/02/2024")
        sheet.write_column(1, 1, [1, 2])
    series = parts_of(tmp_path, logs=[log_row(file="log.xlsx", interval_minutes=1440)])
    assert "exchanged" in finding(series, "logs.date_format").message


# --- several files -------------------------------------------------------------------------


def test_a_pattern_names_several_files(tmp_path: Path) -> None:
    (tmp_path / "2024").mkdir()
    for name, month, value in (("a", 1, 1), ("b", 2, 2), ("c", 3, 4)):
        (tmp_path / "2024" / f"pv_{name}.csv").write_text(f"time,value\n2024-0{month}-01 00:00,{value}\n")
    (tmp_path / "2024" / "pv_old.csv").write_text("time,value\n2023-01-01 00:00,100\n")
    series = parts_of(tmp_path, logs=[log_row(file="2024/pv_?.csv")])
    assert errors(series.findings) == [] and total(series) == 7.0
    assert [i.path for i in series.inputs] == [f"2024/pv_{n}.csv" for n in "abc"]
    every = parts_of(tmp_path, logs=[log_row(file="**/*.csv")])
    assert errors(every.findings) == [] and total(every) == 7.0
    assert finding(every, "logs.empty").severity is Severity.NOTE
    assert finding(parts_of(tmp_path, logs=[log_row(file="2025/*.csv")]), "logs.missing").found == "2025/*.csv"
    assert finding(parts_of(tmp_path, logs=[log_row(file="../*.csv")]), "logs.path")
    old = parts_of(tmp_path, logs=[log_row(file="2024/pv_ol*.csv")])
    assert [f.code for f in errors(old.findings)] == ["logs.empty"]


def test_counts_of_pulses_pass_with_their_unit(tmp_path: Path) -> None:
    text = "time,value [pulse]\n2024-02-01 00:00,12\n2024-02-01 00:15,3\n"
    series = of(tmp_path, text, value_column="B", unit="pulse")
    assert codes(series) == [] and total(series) == 15.0 and series.parts.units == ("pulse",)


def test_long_nonsense_does_not_hold_up_the_reader(tmp_path: Path) -> None:
    for cell in ("(" * 50_000, "Y" + " " * 50_000 + "x", "1" * 50_000 + "x", "1," * 30_000, "[" + "k" * 50_000 + "]"):
        text = f'time,"{cell}"\n,"{cell}"\n2024-02-01 00:00,"{cell}"\n2024-02-01 00:15,1\n'
        assert errors(of(tmp_path, text, value_column="B").findings)


def test_a_stated_number_format_decides(tmp_path: Path) -> None:
    from jcm_mrv.numerals import format_of

    assert [str(format_of(t)) for t in ("1,234.5", "1.234,5", "1 234,5", "1234.5", "1234,5")] == [
        "1,234.5", "1.234,5", "1.234,5", "1234.5", "1234,5"]  # fmt: skip
    assert format_of("1.5") is None and format_of("12,34.5") is None and format_of("x") is None


def test_a_weekday_is_no_half_of_the_day(tmp_path: Path) -> None:
    """Sa 12:15 is a Saturday's quarter past twelve, not a quarter past midnight."""
    series = of(tmp_path, "time,value\n13.02.2024 Sa 12:15,1\n13.02.2024 Sa 12:30,2\n")
    assert [f.code for f in errors(series.findings)] == ["logs.date_format"]


def test_headings_between_joined_exports(tmp_path: Path) -> None:
    day = "time,value\n2024-02-0{0} 00:00,{0}\n2024-02-0{0} 12:00,{0}\n"
    series = of(tmp_path, day.format(1) + day.format(2) + day.format(3), interval_minutes=720)
    assert codes(series) == ["logs.preamble"] and total(series) == 12.0
    assert (finding(series, "logs.preamble").where.line, finding(series, "logs.preamble").data["count"]) == (4, 2)
