"""Logs of further makers and countries; all data are made for the purpose, all sums by a plain loop."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from jcm_mrv.time.timestamp_words import take_apart
from jcm_mrv.time.timestamps import TimestampError, pattern_of
from jcm_mrv.time.zones import micros
from support.command import run
from support.hourly_logs import HOUR, found, lines_of, matrix, plant, read, stamps, total, weights
from support.log_files import green_button, nem12
from support.log_times import epoch
from support.sheets import log_row
from support.workbooks import solar_workbook

UTC10 = {"time_zone": "Etc/GMT-10", "period_start": datetime(2024, 2, 1), "period_end": datetime(2024, 2, 29)}


# --- times that are stated --------------------------------------------------------


@pytest.mark.parametrize(
    ("write", "stated"),
    [
        ("%H:%M %d/%m/%Y", "hh:mm DD/MM/YYYY"), ("%d tháng %m năm %Y %H:%M", "DD tháng MM năm YYYY hh:mm"),
        ("%d/%m/%Y %Hh%M", "DD/MM/YYYY hhhmm"), ("%a %d/%m/%Y %H:%M", "ddd DD/MM/YYYY hh:mm"),
        ("%d-%b-%Y %H.%M", "DD-MMM-YYYY hh.mm"), ("%B %d %Y %H%M", "MMMM DD YYYY hhmm"), ("%Y%m%d%H%M", "YYYYMMDDhhmm"),
    ],
)  # fmt: skip
def test_a_time_as_it_is_stated(write: str, stated: str, tmp_path: Path) -> None:
    values = plant()
    series = read(tmp_path, lines_of(values, form=write), date_format=stated)
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)


@pytest.mark.parametrize(
    "stated", ["DD/MM/YYYY hh:mm-hh:mm", "%d/%m/%Y %Q", "DD/MM/YYYY DD hh:mm", "%d%d %m %Y", "DD/MM/YYYY %"]
)
def test_a_stated_format_that_cannot_be_is_refused(stated: str, tmp_path: Path) -> None:
    with pytest.raises(TimestampError):
        pattern_of(stated)
    series = read(tmp_path, lines_of(plant(), form="%d/%m/%Y %H:%M"), date_format=stated)
    assert found(series, "logs.date_format").where.sheet == "Logs"


@pytest.mark.parametrize(
    "write",
    [
        lambda t: f"{t:%H:%M %d/%m/%Y}", lambda t: f'"{t:%d/%m/%Y, %H:%M}"',
        lambda t: f"{t:%d/%m/%Y-%H:%M}", lambda t: f"{t:%d/%m/%Y %Hh%M}", lambda t: f"{t:%a %d/%m/%Y %H:%M}",
        lambda t: f"{t:%A} {t:%d.%m.%Y %H:%M}", lambda t: f"T{t.isoweekday() % 6 + 2} {t:%d/%m/%Y %H:%M}",
        lambda t: f"{t:%d/%m/%Y %I:%M:%S} {'a. m.' if t.hour < 12 else 'p. m.'}",
        lambda t: f"{t:%Y-%m-%d %H:%M:%S}.0000000", lambda t: str(epoch(t) * 1_000_000),
        lambda t: f"{t:%d/%m}/67 {t:%H:%M}", lambda t: f"{t:%d/%m/%Y %H:%M}-{t + HOUR:%H:%M}",
        *(
            lambda t, name=name: f"{t:%d} {name} {t:%Y %H:%M}"
            for name in ("Februar", "febrero", "février", "fév.", "fevereiro", "Februari", "feb.", "ก.พ.", "กุมภาพันธ์")
        ),
        lambda t: f"{t.day}. Februar {t:%Y %H:%M}", lambda t: f"{t:%d} ก.พ. {t.year + 543} {t:%H:%M}",
    ],
)  # fmt: skip
def test_a_time_as_other_countries_write_it(write: Callable[[datetime], str], tmp_path: Path) -> None:
    values = plant()
    lines = [f"{write(t)},{v}" for t, v in zip(stamps(240), values, strict=True)]
    series = read(tmp_path, lines)
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)


@pytest.mark.parametrize(
    ("names", "month"),
    [("Januar enero janvier gennaio janeiro Januari ม.ค.", 1), ("März marzo mars Maret มี.ค.", 3), ("abril avril", 4),
     ("Mai mayo maggio", 5), ("Juni juin giugno", 6), ("agosto août Agustus", 8), ("Oktober ottobre ต.ค.", 10),
     ("Dezember diciembre décembre Desember", 12)],
)  # fmt: skip
def test_names_of_months(names: str, month: int) -> None:
    for name in names.split():
        words = take_apart(f"15 {name} 2024")
        assert words is not None and words.ways == (("KNOWN", micros(datetime(2024, month, 15))),)


@pytest.mark.parametrize("text", ["15 Inverter 2024", "pump 12 2024", "15 ma 2024", "Thu", "10 kWh 24"])
def test_other_words_are_no_months(text: str) -> None:
    assert take_apart(text) is None


# --- a time zone that the file carries --------------------------------------------


@pytest.mark.parametrize("kind", ["NEM12", "Green Button", "ISO 8601"])
def test_the_time_zone_stays_empty_where_each_time_carries_its_offset(kind: str, tmp_path: Path) -> None:
    """29 days of hours of 1.5 kWh: 29 * 24 * 1.5 = 1044 kWh, times 0.5 tCO2/MWh = 0.522 t."""
    values, first = ["1.5"] * 29 * 24, datetime(2024, 2, 1)
    name, columns = "log.csv", {"time_column": "time", "value_column": "value"}
    text = "time,value\n" + "\n".join(f"{t:%Y-%m-%dT%H:%M:%S}+10:00,1.5" for t in stamps(len(values), first=first))
    if kind != "ISO 8601":
        columns = {"time_column": "Time", "value_column": "Value"}
        text = nem12(values, first, 60, "kWh")
    if kind == "Green Button":
        name, text = "log.xml", green_button(["1500"] * len(values), first, 10)
    (tmp_path / name).write_text(text)
    row = log_row(file=name, interval_minutes=60, time_zone=None, unit="Wh" if name == "log.xml" else "kWh",
                  transformer_factor_included="yes", **columns)  # fmt: skip
    book = solar_workbook(tmp_path / "monitoring.xlsx", project=UTC10, tables={"readings": [], "logs": [row]})
    told = run("calculate", book, "--formats", "json", "--output", tmp_path / "out")
    assert told.status == 0, told.out + told.err
    results = (tmp_path / "out").rglob("result.json")
    assert '"reductions": 0.522' in next(results).read_text()


def test_a_time_zone_that_is_empty_and_nowhere_carried_is_refused(tmp_path: Path) -> None:
    finding = found(read(tmp_path, lines_of(plant()), time_zone=None), "logs.zone")
    assert finding.severity == "error" and "State the time zone" in finding.action


# --- decimals, matrices and units that hide ---------------------------------------


@pytest.mark.parametrize(
    ("heading", "tail", "severity"),
    [("time,value,status,", ",OK", "error"), ("time,value,,", "", "error"), ("time,value,remark", "", "major")],
)
def test_decimals_under_the_heading_of_another_column(heading: str, tail: str, severity: str, tmp_path: Path) -> None:
    """Each row has a cell more than it seems: 29,14 is 29 and 14."""
    lines = [f"{t:%Y-%m-%d %H:%M},{v:.2f}".replace(".", ",") + tail for t, v in zip(stamps(240), plant(), strict=True)]
    assert found(read(tmp_path, lines, heading), "logs.ragged").severity == severity


@pytest.mark.parametrize("code", ["01", "07", "1"])
def test_codes_beside_whole_values_are_no_decimals(code: str, tmp_path: Path) -> None:
    values = [round(v) for v in plant()]
    series = read(tmp_path, [f"{line},{code}" for line in lines_of(values)], "time,value,tariff")
    assert weights(series) == set() and total(series) == math.fsum(values)


@pytest.mark.parametrize("name", [lambda n: f"H{n + 1}", lambda n: str(n), lambda n: f"Hour {n + 1}"])
def test_an_hour_of_each_day_never_passes_for_the_day_in_silence(name: Callable[[int], str], tmp_path: Path) -> None:
    heading = ",".join(["date", *(name(n) for n in range(24))])
    series = read(tmp_path, matrix(plant(), 24), heading, time_column="date", value_column=name(10),
                  interval_minutes=1440)  # fmt: skip
    assert found(series, "logs.matrix").severity == "major"


@pytest.mark.parametrize(("name", "refused"), [("Energy [Wh]", True), ("meter A Wh", True), ("meter A [kWh]", False)])
def test_the_unit_in_the_name_of_a_long_log_is_compared(name: str, refused: bool, tmp_path: Path) -> None:
    values = plant()
    lines = [f"{t:%Y-%m-%d %H:%M},{name},{v}" for t, v in zip(stamps(240), values, strict=True)]
    series = read(tmp_path, lines, "time,name,value", layout="long", name_column="name", name_value=name)
    if refused:
        assert found(series, "logs.unit_stated").severity == "error"
    else:
        assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)


@pytest.mark.parametrize("line", ["Unit: Wh", "Đơn vị: Wh", "単位：Wh", "Einheit [Wh]"])
def test_the_unit_above_the_headings_is_compared(line: str, tmp_path: Path) -> None:
    series = read(tmp_path, ["", "time,value", *lines_of(plant())], line)
    assert found(series, "logs.unit_stated").severity == "error"
    right = read(tmp_path, ["", "time,value", *lines_of(plant())], line.replace("Wh", "kWh"))
    assert weights(right) == set()


@pytest.mark.parametrize("heading", ["kWh x 10", "kWh (x1000)", "kWh × 100", "千kWh", "10^3 kWh", "1000 x kWh"])
def test_a_heading_that_multiplies_is_asked_about(heading: str, tmp_path: Path) -> None:
    series = read(tmp_path, lines_of(plant()), f"time,{heading}", value_column=heading)
    finding = found(series, "logs.unit_stated")
    assert finding.severity == "major" and "multiplied" in finding.message


@pytest.mark.parametrize("heading", ["max 100 kWh", "Inverter 10 kWh", "INV 1000 (kWh)", "kWh"])
def test_other_numbers_in_a_heading_do_not_multiply(heading: str, tmp_path: Path) -> None:
    assert weights(read(tmp_path, lines_of(plant()), f"time,{heading}", value_column=heading)) == set()


@pytest.mark.parametrize(
    ("heading", "good", "doubtful", "weight"),
    [
        ("EST", "", "E", "major"), ("Quality", "", "Estimated", "major"), ("Validity", "TRUE", "FALSE", "major"),
        ("QC", "P", "F", "major"), ("Qualità", "reale", "stimato", "major"),
        ("Kwaliteit", "gemeten", "geschat", "major"),
        ("Quality", "0", "1", "minor"), ("Flag", "", "*", "minor"), ("Quality", "0", "0", None),
        ("Status", "Run", "Idle", None),
    ],
)  # fmt: skip
def test_a_quality_that_first_shows_late_in_the_file(
    heading: str, good: str, doubtful: str, weight: str | None, tmp_path: Path
) -> None:
    """The first 201 rows are of one word, beyond those by which columns are recognised."""
    lines = [f"{line},{good if n < 201 else doubtful}" for n, line in enumerate(lines_of(plant()))]
    series = read(tmp_path, lines, f"time,value,{heading}")
    told = [f.severity for f in (*series.findings, *series.questionable) if f.code == "logs.status"]
    assert told == ([weight] if weight else [])


def test_true_and_substituted_values_are_no_watts(tmp_path: Path) -> None:
    """W and E of German network operators."""
    lines = [f"{line},{'E' if n == 100 else 'W'}" for n, line in enumerate(lines_of(plant()))]
    assert found(read(tmp_path, lines, "time,value,Status"), "logs.status").severity == "major"


@pytest.mark.parametrize(
    "name",
    [lambda n: f"{n}-{n + 1}", lambda n: f"HH{n + 1:02d}", lambda n: f"kWh {n:02d}:00", lambda n: f"{n:02d}:00 [kWh]"],
)
def test_further_names_of_the_columns_of_a_matrix(name: Callable[[int], str], tmp_path: Path) -> None:
    values = plant()
    heading = ",".join(["date", *(name(n) for n in range(24))])
    series = read(tmp_path, matrix(values, 24), heading, time_column="date", value_column=name(0), layout="matrix")
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)
