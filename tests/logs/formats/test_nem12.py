"""NEM12 files; all are made for the purpose, all sums by a plain loop."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.findings import Finding, errors
from jcm_mrv.logs.formats.nem12 import kind_of
from jcm_mrv.logs.inspection.inspection import inspect_log
from jcm_mrv.logs.inspection.rows import log_rows
from jcm_mrv.meters.segments import SeriesResult
from support.sheets import log_row, parts_of

HEAD, END = "100,NEM12,202403010101,MDP1,RETL", "900"
ZONE = "UTC+10:00"
DAYS = 10


def values_of(day: int, per_day: int) -> list[float]:
    return [round((day * 7 + n * 3) % 11 / 4, 2) for n in range(per_day)]


def day_record(day: int, values: list[float], quality: str = "A") -> str:
    moment = datetime(2024, 2, 1) + timedelta(days=day)
    return ",".join([f"300,{moment:%Y%m%d}", *map(str, values), quality, "", "", "20240301000000", ""])


def register(suffix: str = "E1", minutes: int = 30, unit: str = "kWh", nmi: str = "6000000001") -> str:
    return f"200,{nmi},B1E1,001,{suffix},N1,METER1,{unit},{minutes},20240401"


def read(folder: Path, lines: list[str], **given: Any) -> SeriesResult:
    (folder / "log.csv").write_text("\r\n".join(lines) + "\r\n")
    row = log_row(**{
        "layout": "long", "time_column": "Time", "value_column": "Value", "name_column": "Register",
        "name_value": "6000000001 E1", "time_zone": "", "interval_minutes": 30, "transformer_factor_included": "yes",
        "status_column": "Quality", "measured_words": "A", **given,
    })  # fmt: skip
    return parts_of(folder, logs=[row], start=date(2024, 2, 1), end=date(2024, 2, DAYS), zone=ZONE)


def total(series: SeriesResult) -> float:
    return math.fsum(series.parts.amounts().tolist())


def found(series: SeriesResult, code: str) -> Finding:
    return next(f for f in (*series.findings, *series.questionable) if f.code == code)


@pytest.mark.parametrize("minutes", [5, 15, 30])
@pytest.mark.parametrize("stamp", ["start", "end"])
def test_a_register_of_each_length_of_interval(minutes: int, stamp: str, tmp_path: Path) -> None:
    """Each value carries both ends of its interval, so that either answer under Stamp reads it alike."""
    days = [values_of(d, 1440 // minutes) for d in range(DAYS)]
    lines = [HEAD, register(minutes=minutes), *(day_record(d, v) for d, v in enumerate(days)), END]
    series = read(tmp_path, lines, stamp=stamp, interval_minutes=minutes)
    assert errors(series.findings) == [] and series.coverage.data_gaps == ()
    assert total(series) == pytest.approx(math.fsum(v for day in days for v in day), rel=1e-12)


def test_each_register_is_a_row_of_logs(tmp_path: Path) -> None:
    taken, fed = [values_of(d, 48) for d in range(DAYS)], [[v + 5 for v in values_of(d, 48)] for d in range(DAYS)]
    lines = [HEAD, register(), *(day_record(d, v) for d, v in enumerate(taken)), "500,O,,20240301000000,1234.5",
             register("B1", unit="KWH"), *(day_record(d, v) for d, v in enumerate(fed)), END]  # fmt: skip
    assert total(read(tmp_path, lines)) == pytest.approx(math.fsum(map(math.fsum, taken)), rel=1e-12)
    series = read(tmp_path, lines, name_value="6000000001 B1")
    assert total(series) == pytest.approx(math.fsum(map(math.fsum, fed)), rel=1e-12)
    assert series.parts.origins[0].line == 15  # 100, 200, ten days, 500, 200
    assert "logs.empty" in {f.code for f in errors(read(tmp_path, lines, name_value="6000000001 E7").findings)}


def test_values_in_another_unit_than_stated_are_refused(tmp_path: Path) -> None:
    lines = [HEAD, register(unit="MWh"), *(day_record(d, values_of(d, 48)) for d in range(DAYS)), END]
    finding = found(read(tmp_path, lines), "logs.unit_stated")
    assert finding.severity == "error" and finding.data["factor"] == pytest.approx(1e-3)
    reactive = [line.replace("MWh", "kvarh") for line in lines]
    assert found(read(tmp_path, reactive), "logs.unit_stated").severity == "major"


def test_substituted_intervals_of_a_record_400_are_left_out_of_what_is_measured(tmp_path: Path) -> None:
    """Intervals 11 to 20 of the second day, in which 1 kWh each stands, were substituted: 5 hours are missing."""
    days = [[1.0] * 48 for _ in range(DAYS)]
    lines = [HEAD, register(), *(day_record(d, v, "V" if d == 1 else "A") for d, v in enumerate(days)), END]
    lines[4:4] = ["400,1,10,A,,", "400,11,20,S14,22,Reset", "400,21,48,A,,"]
    series = read(tmp_path, lines)
    status = found(series, "logs.status")
    assert status.severity == "major" and "'S' 10 time(s)" in status.found
    (span,) = status.questionable
    assert (span.end - span.start) / 3.6e9 == 5.0
    assert datetime(1970, 1, 1) + timedelta(microseconds=span.start) == datetime(2024, 2, 1, 19)  # 05:00 at UTC+10


def test_nulls_are_no_values(tmp_path: Path) -> None:
    lines = [HEAD, register(), *(day_record(d, [1.0] * 48, "N" if d == 3 else "A") for d in range(DAYS)), END]
    series = read(tmp_path, lines)
    assert total(series) == 48 * (DAYS - 1) and [h.hours for h in series.coverage.data_gaps] == [24.0]


def test_a_day_that_is_given_twice_counts_once_and_two_different_ones_are_refused(tmp_path: Path) -> None:
    days = [day_record(d, values_of(d, 48)) for d in range(DAYS)]
    right = math.fsum(v for d in range(DAYS) for v in values_of(d, 48))
    same = read(tmp_path, [HEAD, register(), *days, days[4], END])
    assert total(same) == pytest.approx(right, rel=1e-12) and found(same, "logs.duplicate").severity == "note"
    other = read(tmp_path, [HEAD, register(), *days, day_record(4, [9.0] * 48), END])
    assert found(other, "logs.conflict").severity == "error"


GOOD = [HEAD, register(), day_record(0, [1.0] * 48), END]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (GOOD[:-1], "900 is missing"),
        ([HEAD, day_record(0, [1.0] * 48), END], "line 2: a record 300 without"),
        ([HEAD, register(), day_record(0, [1.0] * 47), END], "line 3: after 48 values"),
        ([HEAD, register(minutes=7), day_record(0, [1.0] * 48), END], "line 2: intervals of 7 minutes"),
        ([HEAD, register(), day_record(0, [1.0] * 48).replace("20240201", "20240231"), END], "line 3: '20240231'"),
        ([HEAD, register(), day_record(0, [1.0] * 48, "V"), END], "line 3: records 400 do not say"),
        ([*GOOD[:3], "400,40,49,A,,", END], "line 4: the day has no intervals 40 to 49"),
        ([*GOOD[:3], "250,1,2,3", END], "line 4: '250' is no record"),
        ([*GOOD, "300,20240202"], "line 5: a record 300 after the end"),
        (["100,NEM13,202403010101,MDP1,RETL", "250,6000000001", END], "NEM13"),
    ],
)
def test_what_is_no_nem12_is_refused_with_its_line(lines: list[str], words: str, tmp_path: Path) -> None:
    finding = found(read(tmp_path, lines), "logs.unreadable")
    assert finding.severity == "error" and words in finding.message and finding.action


def test_a_text_where_a_value_belongs_is_named_with_its_line(tmp_path: Path) -> None:
    lines = [HEAD, register(), day_record(0, [1.0] * 48).replace("1.0", "1,5", 1).replace("1,5", "x", 1), END]
    finding = found(read(tmp_path, lines), "logs.value")
    assert (finding.where.line, finding.found) == (3, "x")


def test_inspect_fills_a_row_for_each_register(tmp_path: Path) -> None:
    days = [day_record(d, values_of(d, 48)) for d in range(DAYS)]
    (tmp_path / "log.csv").write_text("\n".join([HEAD, register(), *days, register("B1"), *days, END]))
    looked = inspect_log(tmp_path / "log.csv")
    rows = log_rows(looked, "log.csv").rows
    assert looked.look.problems == () and [r["name_value"] for r in rows] == ["6000000001 E1", "6000000001 B1"]
    for row in rows:
        given = {k: row[k] for k in ("layout", "unit", "kind", "stamp", "interval_minutes", "measured_words")}
        assert given == {"layout": "long", "unit": "kWh", "kind": "energy", "stamp": "start", "interval_minutes": 30,
                         "measured_words": "A"}  # fmt: skip


@pytest.mark.parametrize(
    ("head", "kind"), [(b"100,NEM12,2024", "NEM12"), (b'\xef\xbb\xbf"100","NEM12"', "NEM12"), (b"100,5,2024", "")]
)
def test_only_the_first_record_tells(head: bytes, kind: str) -> None:
    assert kind_of(head) == kind
