"""Logs as equipment and suppliers write them; all data are made for the purpose, all sums by a plain loop."""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from jcm_mrv.findings import Finding, Severity, errors
from jcm_mrv.meters.segments import SeriesResult
from support.sheets import log_row, parts_of

START = datetime(2024, 2, 1)
HOUR = timedelta(hours=1)
Values = Sequence[float]


def plant(days: int = 10, per_hour: int = 1) -> list[float]:
    """kWh per interval of a plant that generates from 06:00 to 18:00, every day another amount."""
    found = []
    for n in range(days * 24 * per_hour):
        hour, day = n / per_hour % 24, n // (24 * per_hour)
        sun = max(0.0, math.sin((hour - 6) / 12 * math.pi)) if 6 <= hour < 18 else 0.0
        found.append(round((120 + 37 * (day * 5 % 7)) * sun * (1 + 0.1 * math.sin(1.7 * n)) / per_hour, 2))
    return found


def counter(values: Values, first: float = 12345.6) -> list[float]:
    """What a register shows before each value flows, and after the last."""
    shown = [first]
    for value in values:
        shown.append(round(shown[-1] + value, 2))
    return shown


def stamps(count: int, step: timedelta = HOUR, first: datetime = START) -> list[datetime]:
    return [first + n * step for n in range(count)]


def lines_of(
    values: Sequence[object], step: timedelta = HOUR, form: str = "%Y-%m-%d %H:%M", mark: str = ","
) -> list[str]:
    return [f"{t:{form}}{mark}{v}" for t, v in zip(stamps(len(values), step), values, strict=True)]


def read(folder: Path, lines: Sequence[str], heading: str = "time,value", **given: Any) -> SeriesResult:
    """One log of one meter in kWh, hour by hour unless ``given`` says else."""
    (folder / "log.csv").write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
    row = log_row(**{"interval_minutes": 60, "transformer_factor_included": "yes", **given})
    return parts_of(folder, logs=[row], start=date(2024, 2, 1), end=date(2024, 2, 29))


def total(series: SeriesResult) -> float:
    return math.fsum(series.parts.amounts().tolist())


def found(series: SeriesResult, code: str) -> Finding:
    (finding,) = [f for f in (*series.findings, *series.questionable) if f.code == code]
    assert finding.action and finding.message
    return finding


def weights(series: SeriesResult) -> set[Severity]:
    return {f.severity for f in (*series.findings, *series.questionable)} & {Severity.ERROR, Severity.MAJOR}


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


# --- units beside the values ------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "write"),
    [
        ("time,value,unit", lambda t, v: f"{t},{v},Wh"),
        ("time,unit,value", lambda t, v: f"{t},Wh,{v}"),
        ("time,value,Đơn vị,note", lambda t, v: f"{t},{v},Wh,pump A"),
        ("time,value,x", lambda t, v: f"{t},{v},[Wh]"),
    ],
)
def test_a_unit_in_a_column_of_its_own_is_compared(
    heading: str, write: Callable[[str, str], str], tmp_path: Path
) -> None:
    cells = [line.split(",") for line in lines_of([round(1000 * v) for v in plant()])]
    finding = found(read(tmp_path, [write(t, v) for t, v in cells], heading), "logs.unit_stated")
    assert finding.severity == "error" and finding.data["factor"] == pytest.approx(1000)


def test_the_same_unit_in_a_column_of_its_own_is_right(tmp_path: Path) -> None:
    values = plant()
    series = read(tmp_path, [f"{line},kWh" for line in lines_of(values)], "time,value,unit")
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)


def test_a_unit_that_changes_from_row_to_row_is_refused(tmp_path: Path) -> None:
    lines = [f"{line},{'kWh' if n < 150 else 'MWh'}" for n, line in enumerate(lines_of(plant()))]
    finding = found(read(tmp_path, lines, "time,value,unit"), "logs.unit_stated")
    assert finding.severity == "error" and finding.where.line == 152


@pytest.mark.parametrize("blank", [5, 120, 239])
def test_a_unit_that_is_stated_late_only_is_compared(blank: int, tmp_path: Path) -> None:
    """The column is empty at first; 1,000 kWh are not one."""
    lines = [f"{line},{'' if n < blank else 'MWh'}" for n, line in enumerate(lines_of(plant()))]
    finding = found(read(tmp_path, lines, "time,value,unit"), "logs.unit_stated")
    assert finding.severity == "error" and finding.data["factor"] == pytest.approx(0.001)


def test_a_column_of_units_that_stays_empty_says_nothing(tmp_path: Path) -> None:
    values = plant()
    series = read(tmp_path, [f"{line}," for line in lines_of(values)], "time,value,unit")
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)


def test_a_heading_that_is_wrong_is_overruled_with_evidence_and_stays_visible(tmp_path: Path) -> None:
    """The heading says kWh, the values are MWh: 3 values of 0.5 are 1,500 kWh."""
    lines = lines_of([0.5, 0.5, 0.5])
    given = {"value_column": "E [kWh]", "unit": "MWh"}
    assert found(read(tmp_path, lines, "time,E [kWh]", **given), "logs.unit_stated").severity == "error"
    bare = read(tmp_path, lines, "time,E [kWh]", **given, file_unit="kWh")
    assert found(bare, "logs.unit_wrong").severity == "error"
    proven = read(tmp_path, lines, "time,E [kWh]", **given, file_unit="kWh", evidence="D-1")
    assert found(proven, "logs.unit_wrong").severity == "major" and total(proven) == 1.5
    assert proven.parts.units == ("MWh",)
    assert found(read(tmp_path, lines, file_unit="kWh", evidence="D-1"), "logs.row").severity == "error"


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


# --- how good a value is ----------------------------------------------------------

BAD = [
    ("status", "VALID", "INVALID"), ("Quality", "Good", "Bad"), ("valid", "1", "0"), ("Estimated", "No", "Yes"),
    ("is_missing", "False", "True"), ("E/R", "R", "E"), ("Flag", "", "Estimated (substitute)"),
    ("状態", "正常", "異常"),
    ("Reading type", "Actual", "Estimate"), ("Trạng thái", "Hợp lệ", "Lỗi"), ("IsValid", "true", "false"),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "good", "bad"), BAD)
def test_values_that_the_file_itself_calls_not_measured_are_questionable(
    heading: str, good: str, bad: str, tmp_path: Path
) -> None:
    lines = [f"{line},{bad if 72 <= n < 144 else good}" for n, line in enumerate(lines_of(plant()))]
    finding = found(read(tmp_path, lines, f"time,value,{heading}"), "logs.status")
    assert finding.severity == "major" and finding.data["count"] == 72
    (span,) = finding.questionable  # from the fourth day to the sixth, in Viet Nam
    assert (span.end - span.start) / 3.6e9 == 72
    assert timedelta(microseconds=span.start) == datetime(2024, 2, 3, 17) - datetime(1970, 1, 1)


def test_a_stated_status_column_leaves_out_what_is_not_measured(tmp_path: Path) -> None:
    values = plant()
    marks = ["Q7" if 72 <= n < 144 else "Q1" for n in range(len(values))]
    lines = [f"{line},{mark}" for line, mark in zip(lines_of(values), marks, strict=True)]
    given = {"heading": "time,value,code", "status_column": "code"}
    series = read(tmp_path, lines, **given, measured_words="Q1; Q2")
    right = math.fsum(v for v, mark in zip(values, marks, strict=True) if mark == "Q1")
    assert total(series) == pytest.approx(right, rel=1e-12) and found(series, "logs.status").severity == "minor"
    assert 72.0 in [h.hours for h in series.coverage.data_gaps]
    asked = read(tmp_path, lines, **given)
    assert found(asked, "logs.status").severity == "error" and "'Q7'" in found(asked, "logs.status").found


def test_estimated_values_of_a_stated_column_are_treated_and_not_deleted(tmp_path: Path) -> None:
    values = plant()
    lines = [f"{line},{'estimated' if n < 24 else 'A'}" for n, line in enumerate(lines_of(values))]
    series = read(tmp_path, lines, "time,value,type", status_column="type", measured_words="A")
    assert total(series) == pytest.approx(math.fsum(values), rel=1e-12)
    assert found(series, "logs.status").severity == "major" and len(found(series, "logs.status").questionable) == 1


def test_a_reading_of_a_register_that_is_not_valid_is_left_out(tmp_path: Path) -> None:
    values = plant()
    shown = counter(values)
    lines = [f"{line},{'OK' if n != 100 else 'error'}" for n, line in enumerate(lines_of(shown))]
    lines[100] = lines[100].replace(f"{shown[100]}", "99999")
    series = read(tmp_path, lines, "time,value,status", kind="register", interval_minutes=None)
    assert errors(series.findings) == [] and found(series, "logs.status").severity == "major"
    assert total(series) == pytest.approx(shown[-1] - shown[0], rel=1e-12)


@pytest.mark.parametrize("words", ["Running", "Grid-tied", "MPPT", "A1"])
def test_the_state_of_equipment_is_no_quality_of_values(words: str, tmp_path: Path) -> None:
    lines = [f"{line},{words if n % 3 else 'Standby'}" for n, line in enumerate(lines_of(plant()))]
    assert weights(read(tmp_path, lines, "time,value,Inverter state")) == set()


# --- a day in each row ------------------------------------------------------------


def matrix(values: Values, per_day: int, mark: str = ",") -> list[str]:
    days = len(values) // per_day
    return [
        mark.join([f"{START + timedelta(days=d):%Y-%m-%d}", *(f"{v}" for v in values[d * per_day : (d + 1) * per_day])])
        for d in range(days)
    ]


@pytest.mark.parametrize(
    ("name", "stamp", "per_day"),
    [
        (lambda n: f"{n:02d}:00", "start", 24), (lambda n: f"{n + 1}:00", "end", 24), (lambda n: f"{n + 1}", "end", 24),
        (lambda n: f"{(n + 1) % 24}:00", "end", 24), (lambda n: f"H{n + 1:02d}", "start", 24),
        (lambda n: f"{n // 4:02d}:{n % 4 * 15:02d}", "start", 96), (lambda n: f"{n}", "start", 24),
        (lambda n: f"{n:02d}:00-{n + 1:02d}:00", "start", 24), (lambda n: f"Hour {n}", "end", 24),
        (lambda n: f"{n // 2:02d}{n % 2 * 30:02d}", "start", 48), (lambda n: f"Q{n + 1}", "end", 96),
    ],
)  # fmt: skip
@pytest.mark.parametrize("layout", ["wide", "matrix"])
def test_a_matrix_is_read_as_whole_days(
    name: Callable[[int], str], stamp: str, per_day: int, layout: str, tmp_path: Path
) -> None:
    values = plant(per_hour=per_day // 24)
    names = [name(n) for n in range(per_day)]
    series = read(tmp_path, matrix(values, per_day), ",".join(["date", *names]), time_column="date", layout=layout,
                  value_column=names[0], stamp=stamp, interval_minutes=1440 // per_day)  # fmt: skip
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)
    assert sum(series.parts.count.tolist()) == len(values)
    assert {h.start % 86_400_000_000 for h in series.coverage.data_gaps} == {17 * 3_600_000_000}  # midnight in Viet Nam
    assert [f.code for f in series.findings if f.code == "logs.matrix"] == ["logs.matrix"] * (layout == "wide")


def test_a_matrix_with_other_columns_and_a_row_of_totals(tmp_path: Path) -> None:
    values = plant()
    names = [f"{n:02d}:00" for n in range(24)]
    rows = [f"M7,{line},{math.fsum(values[d * 24 : d * 24 + 24]):.2f}" for d, line in enumerate(matrix(values, 24))]
    rows.append("Total," + "," * 25 + f"{math.fsum(values):.2f}")
    heading = ",".join(["meter", "date", *names, "day total"])
    series = read(tmp_path, rows, heading, time_column="date", layout="matrix", value_column="00:00")
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)
    named = read(tmp_path, rows, heading, time_column="date", layout="matrix", value_column="00:00",
                 name_column="meter", name_value="M7")  # fmt: skip
    assert total(named) == total(series)


def test_a_layout_of_matrix_needs_columns_of_times(tmp_path: Path) -> None:
    series = read(tmp_path, lines_of(plant()), layout="matrix")
    assert found(series, "logs.column").severity == "error"


def test_numbered_columns_may_be_as_many_meters(tmp_path: Path) -> None:
    """Days in rows and 24 numbered columns: with an interval of a day each is a meter, without one it is asked."""
    values = plant()
    heading = ",".join(["date", *(str(n) for n in range(1, 25))])
    given = {"time_column": "date", "value_column": "13"}
    meter = read(tmp_path, matrix(values, 24), heading, **given, interval_minutes=1440)
    assert total(meter) == pytest.approx(math.fsum(values[12::24]), rel=1e-12)
    asked = read(tmp_path, matrix(values, 24), heading, **given, interval_minutes=None)
    assert found(asked, "logs.matrix").severity == "error"
    named = ",".join(["date", *(f"INV{n}" for n in range(1, 25))])
    inverter = read(
        tmp_path, matrix(values, 24), named, time_column="date", value_column="INV13", interval_minutes=1440
    )
    assert total(inverter) == total(meter)


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


@pytest.mark.parametrize(
    ("heading", "factor"),
    [
        ("Active energy Wh (A)", 1000),
        ("E_total Wh (L1)", 1000),
        ("Energy [Wh]", 1000),
        ("Wh", 1000),
        ("MWh import", 1e-3),
    ],
)
def test_the_unit_of_a_heading(heading: str, factor: float, tmp_path: Path) -> None:
    lines = lines_of([round(v * factor, 6) for v in plant()])
    unit = "MWh" if factor < 1 else "Wh"
    series = read(tmp_path, lines, f"time,{heading}", value_column=heading, unit=unit)
    assert weights(series) == set()
    wrong = found(read(tmp_path, lines, f"time,{heading}", value_column=heading), "logs.unit_stated")
    assert wrong.severity == "error" and wrong.data["factor"] == pytest.approx(factor)


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
    ("written", "meant"), [("kwh", "kWh"), ("KWH", "kWh"), ("lít", "L"), ("kWp", "kW"), ("USRT", "USRt")]
)
def test_a_unit_that_is_misspelt_is_guessed(written: str, meant: str, tmp_path: Path) -> None:
    finding = found(read(tmp_path, lines_of(plant()), unit=written), "logs.unit")
    assert finding.action in (f"Did you mean {meant}?", "Correct the unit or the kind")


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
