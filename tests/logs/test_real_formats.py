"""Logs as equipment and suppliers write them; all data are made for the purpose, all sums by a plain loop."""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from jcm_mrv.findings import errors
from jcm_mrv.meters.segments import SeriesResult
from support.hourly_logs import counter, found, lines_of, plant, read, stamps, total, weights
from support.sheets import log_row, parts_of

# --- a register entered as energy -------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        counter(plant()),  # a total of years
        [v if n != 100 else 0.0 for n, v in enumerate(counter(plant()))],  # that fell to 0 once
        [round(v % 13000, 2) for v in counter(plant())],  # that ran over its last digit
        [-v for v in counter(plant())],  # that counts what is fed out as negative
    ],
    ids=["grows", "one zero", "ran over", "downwards"],
)
def test_values_that_only_grow_are_no_energy_per_interval(values: list[float], tmp_path: Path) -> None:
    finding = found(read(tmp_path, lines_of(values)), "logs.kind")
    assert finding.severity == "error" and "register" in finding.action and finding.where.sheet == "Logs"


def test_a_counter_of_the_day_is_no_energy_per_interval(tmp_path: Path) -> None:
    values = plant()
    today = [round(math.fsum(values[n - n % 24 : n + 1]), 2) for n in range(len(values))]
    assert found(read(tmp_path, lines_of(today)), "logs.kind").severity == "major"


def test_days_that_happen_to_grow_are_asked_about_and_not_refused(tmp_path: Path) -> None:
    """29 days of 2001, 2002, …, 2029 kWh: 29 * 2015 = 58,435."""
    series = read(tmp_path, lines_of(list(range(2001, 2030)), timedelta(days=1), "%Y-%m-%d"), interval_minutes=1440)
    assert found(series, "logs.kind").severity == "major" and total(series) == 58_435


@pytest.mark.parametrize("values", [plant(), [5.0, 5.0, 7.0, 7.0, 3.0] * 40, [0.0] * 20 + [4.0] * 20 + [0.0] * 8],
                         ids=["solar", "steps", "on and off"])  # fmt: skip
def test_energy_is_no_register(values: list[float], tmp_path: Path) -> None:
    series = read(tmp_path, lines_of(values))
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)


# --- power entered as energy ------------------------------------------------------


@pytest.mark.parametrize("heading", ["P", "Active Power", "Leistung AC", "P_AC", "Công suất", "kW total"])
def test_a_heading_that_speaks_of_power_is_no_energy(heading: str, tmp_path: Path) -> None:
    series = read(tmp_path, lines_of(plant()), f"time,{heading}", value_column=heading)
    assert found(series, "logs.kind").severity == "major"


@pytest.mark.parametrize("heading", ["value", "Energy", "Power consumption", "P1 kWh", "Pump", "Điện năng", "電力量"])
def test_other_headings_say_nothing_of_power(heading: str, tmp_path: Path) -> None:
    assert weights(read(tmp_path, lines_of(plant()), f"time,{heading}", value_column=heading)) == set()


# --- decimal commas without quotes ------------------------------------------------


@pytest.mark.parametrize("heading", ["time,value", "time,value,"])
@pytest.mark.parametrize("form", ["{:.5f}", "{:.1f}"])
def test_decimal_commas_without_quotes_are_refused(heading: str, form: str, tmp_path: Path) -> None:
    lines = lines_of([form.format(v).replace(".", ",") for v in plant()])
    assert found_many(read(tmp_path, lines, heading), "logs.ragged") >= 1


def test_decimal_commas_in_some_rows_only_are_refused(tmp_path: Path) -> None:
    lines = lines_of([f"{v:g}".replace(".", ",") for v in plant()])
    assert found_many(read(tmp_path, lines), "logs.ragged") > 1


def found_many(series: SeriesResult, code: str) -> int:
    return sum(f.code == code and f.severity == "error" for f in series.findings)


# --- numbers and tables -----------------------------------------------------------


def lakhs(value: float) -> str:
    """1,23,456.78, as India and Bangladesh group digits; by hand."""
    whole, decimals = f"{value:.2f}".split(".")
    head, tail = whole[:-3], whole[-3:]
    groups = [head[max(0, n - 2) : n] for n in range(len(head), 0, -2)][::-1]
    return ",".join([*groups, tail]) + "." + decimals


@pytest.mark.parametrize(
    "write",
    [lakhs, lambda v: f"{v:,.5f}", lambda v: f"{v:.5f}".replace(".", ","), lambda v: f"{v:,.2f}".replace(",", "'")],
)
def test_digits_in_groups(write: Callable[[float], str], tmp_path: Path) -> None:
    shown = [round(v * 1000, 2) for v in counter(plant())]
    lines = lines_of([write(v) for v in shown], mark=";")
    series = read(tmp_path, lines, "time;value", kind="register", unit="kWh", interval_minutes=None)
    assert errors(series.findings) == [] and total(series) == pytest.approx(shown[-1] - shown[0], rel=1e-9)


@pytest.mark.parametrize(
    "word",
    ["unavailable", "unknown", "no data", "Bad", "n/a", "keine Daten", "không có", "欠測",
     "Không có dữ liệu", "データなし", "void", "Offline"],
)  # fmt: skip
def test_words_for_nothing_measured_are_a_gap(word: str, tmp_path: Path) -> None:
    values = plant()
    lines = lines_of([word if n % 24 == 9 else v for n, v in enumerate(values)])
    series = read(tmp_path, lines)
    right = math.fsum(v for n, v in enumerate(values) if n % 24 != 9)
    assert errors(series.findings) == [] and total(series) == pytest.approx(right, rel=1e-12)
    assert found(series, "logs.missing_marker").data["count"] == 10


def test_other_words_for_nothing_measured_are_listed_on_the_sheet(tmp_path: Path) -> None:
    values = plant()
    lines = lines_of(["Wartung" if n == 9 else "-9999" if n == 10 else v for n, v in enumerate(values)])
    assert "logs.value" in {f.code for f in errors(read(tmp_path, lines).findings)}
    series = read(tmp_path, lines, missing_words="Wartung; -9999")
    right = math.fsum(v for n, v in enumerate(values) if n not in (9, 10))
    assert errors(series.findings) == [] and total(series) == pytest.approx(right, rel=1e-12)


@pytest.mark.parametrize("bom", ["\ufeff", ""])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n"])
def test_daily_files_that_were_joined(bom: str, end: str, tmp_path: Path) -> None:
    values = plant()
    lines = lines_of(values)
    days = [end.join([bom + "time,value", *lines[d * 24 : d * 24 + 24]]) + end for d in range(10)]
    (tmp_path / "log.csv").write_bytes("".join(days).encode())
    row = log_row(interval_minutes=60, transformer_factor_included="yes")
    series = parts_of(tmp_path, logs=[row], start=date(2024, 2, 1), end=date(2024, 2, 29))
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)


@pytest.mark.parametrize("tail", [";0.5", ";0.5;1;2"])
def test_rows_may_end_before_columns_that_are_not_used(tail: str, tmp_path: Path) -> None:
    values = plant()
    lines = [f"{line}{tail if n % 24 in range(6, 18) else ''}" for n, line in enumerate(lines_of(values, mark=";"))]
    heading = "time;value" + ";x" * tail.count(";")
    series = read(tmp_path, lines, heading)
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)


def test_a_last_line_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    """12376.19 cut to 1237 would be another number."""
    (tmp_path / "log.csv").write_text(
        "time,value,x\n2024-02-01 00:00,5.25,1\n2024-02-01 01:00,12376.19,1\n2024-02-01 02:00,1237"
    )
    series = parts_of(tmp_path, logs=[log_row(interval_minutes=60)], start=date(2024, 2, 1), end=date(2024, 2, 29))
    assert "logs.ragged" in {f.code for f in errors(series.findings)}


def test_a_row_that_ends_before_the_value_is_refused(tmp_path: Path) -> None:
    lines = lines_of(plant())
    lines[7] = lines[7].partition(",")[0]
    assert "logs.ragged" in {f.code for f in errors(read(tmp_path, lines).findings)}


@pytest.mark.parametrize("gap", ["", ",", "\n"])
def test_a_total_without_a_label_is_checked_and_not_added(gap: str, tmp_path: Path) -> None:
    values = plant()
    lines = [*lines_of(values), *([gap] if gap != "" else []), f",{math.fsum(values):.2f}"]
    series = read(tmp_path, lines)
    assert found(series, "logs.footer_total").severity == "note"
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)


@pytest.mark.parametrize("row", ["240,", ",240", "240", "Count,240", "240 rows"])
def test_a_count_of_rows_at_the_end_is_not_added(row: str, tmp_path: Path) -> None:
    values = plant()
    series = read(tmp_path, [*lines_of(values), row])
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)
    assert found(series, "logs.footer").severity == "note"


def test_a_value_without_a_time_is_not_taken_for_a_total(tmp_path: Path) -> None:
    values = plant()
    assert found(read(tmp_path, [*lines_of(values), ",88.5"]), "logs.stamp").severity == "error"
    amid = lines_of(values)
    amid[50] = f",{values[50]}"
    assert found(read(tmp_path, amid), "logs.stamp").where.line == 52


HEADINGS = [
    [",Meter.Out,PF,Evt", ",Analog,Analog,Status", "DD.MM.YYYY hh:mm:ss,[kWh],,"],
    [
        "sep=,",
        "Export of a made plant",
        "",
        ",Meter.Out,PF,Evt",
        ",Analog,Analog,Status",
        "DD.MM.YYYY hh:mm:ss,[kWh],,[Hz]",
    ],
    ["time,Meter.Out,PF,Evt", ",[kWh],[1],[1]"],
    ["time,Meter.Out,PF,Evt", ",analog,analog,digital"],
]


@pytest.mark.parametrize("heads", HEADINGS)
def test_names_kinds_and_units_in_lines_of_their_own(heads: list[str], tmp_path: Path) -> None:
    values = plant()
    lines = [f"{line},0.98,ok" for line in lines_of(values, form="%d.%m.%Y %H:%M:%S")]
    *above, heading = heads
    series = read(tmp_path, lines, "\n".join([*above, heading]), value_column="Meter.Out", time_column="A")
    assert errors(series.findings) == [] and total(series) == pytest.approx(math.fsum(values), rel=1e-12)


def test_of_several_sheets_the_action_is_to_name_one(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "log.xlsx") as book:
        for name in ("Data", "Note"):
            book.add_worksheet(name).write_row(0, 0, ["time", "value"])
    series = parts_of(tmp_path, logs=[log_row(file="log.xlsx")], start=date(2024, 2, 1), end=date(2024, 2, 29))
    finding = found(series, "logs.unreadable")
    assert "column Sheet" in finding.action and finding.where.sheet == "Logs"


def test_the_cause_comes_before_its_consequence(tmp_path: Path) -> None:
    """With a unit in every cell no value is left: that is said after the cells themselves."""
    series = read(tmp_path, lines_of([f"{v} kWh" for v in plant()]))
    codes = [f.code for f in errors(series.findings)]
    assert codes[0] == "logs.value" and codes[-1] == "logs.empty"


def test_cells_without_addresses(tmp_path: Path) -> None:
    """A workbook as some exporters write it: no cell says where it stands."""
    values = plant()
    with xlsxwriter.Workbook(tmp_path / "full.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["time", "value"])
        for n, (moment, value) in enumerate(zip(stamps(len(values)), values, strict=True)):
            sheet.write_row(n + 1, 0, [f"{moment:%Y-%m-%d %H:%M}", value])
    with zipfile.ZipFile(tmp_path / "full.xlsx") as full, zipfile.ZipFile(tmp_path / "log.xlsx", "w") as bare:
        for name in full.namelist():
            data = full.read(name)
            if name.endswith("sheet1.xml"):
                data = re.sub(rb'(<c|<row) r="[A-Z]*[0-9]+"', rb"\1", data)
                assert b'<c r="' not in data
            bare.writestr(name, data)
    row = log_row(file="log.xlsx", interval_minutes=60)
    series = parts_of(tmp_path, logs=[row], start=date(2024, 2, 1), end=date(2024, 2, 29))
    assert errors(series.findings) == [] and total(series) == pytest.approx(math.fsum(values), rel=1e-12)


@pytest.mark.parametrize("broken", ["Wh\0", "", "?", "time"])
def test_one_broken_cell_does_not_hide_a_column_of_units_or_of_quality(broken: str, tmp_path: Path) -> None:
    lines = [f"{line},{broken if n == 30 else 'Wh'}" for n, line in enumerate(lines_of(plant()))]
    assert any(f.code == "logs.unit_stated" for f in read(tmp_path, lines, "time,value,unit").findings)
    marks = [broken if n == 30 else "INVALID" if n < 9 else "VALID" for n in range(240)]
    lines = [f"{line},{mark}" for line, mark in zip(lines_of(plant()), marks, strict=True)]
    assert found(read(tmp_path, lines, "time,value,x"), "logs.status").severity == "major"


def test_a_register_of_large_units_that_hardly_moves_is_asked_about(tmp_path: Path) -> None:
    """A register in whole MWh over ten days: 9345 at all hours but the last, of which 240 would be added up."""
    values = [9345 + (n >= 100) + (n >= 200) for n in range(240)]
    assert found(read(tmp_path, lines_of(values), unit="MWh"), "logs.kind").severity == "major"
    base = [5.0 + 2.0 * (n >= 100) for n in range(240)]  # a base load to which something is added
    assert weights(read(tmp_path, lines_of(base))) == set()


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Asia/Hanoi", "Asia/Ho_Chi_Minh"), ("Asia/Tokio", "Asia/Tokyo"), ("asia/bangok", "Asia/Bangkok")],
)
def test_a_time_zone_that_does_not_exist_is_guessed(written: str, meant: str, tmp_path: Path) -> None:
    finding = found(read(tmp_path, lines_of(plant()), time_zone=written), "logs.zone")
    assert f"did you mean {meant}?" in finding.message


def test_a_register_that_never_moves_may_be_energy(tmp_path: Path) -> None:
    """1 kWh each hour, stated as a register: nothing would be counted, which raises ER where it is consumption."""
    still = read(tmp_path, lines_of([1.0] * 240), kind="register", interval_minutes=None)
    assert found(still, "logs.kind").severity == "major" and total(still) == 0.0
    assert weights(read(tmp_path, lines_of([0.0] * 240), kind="register", interval_minutes=None)) == set()
