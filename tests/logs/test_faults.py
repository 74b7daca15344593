"""Everything that may be wrong with a log: a finding with file, line, what was found and what to do; never NaN."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import CODES, Finding, errors
from jcm_mrv.logs import csv_file as log_csv
from jcm_mrv.meters.segments import SeriesResult
from support.sheets import codes, log_row, parts_of

GOOD = ["2024-02-01 00:00,1", "2024-02-01 00:15,2", "2024-02-01 00:30,4"]


def of_text(folder: Path, lines: list[str] | bytes, *, heading: str = "time,value", **given: Any) -> SeriesResult:
    content = lines if isinstance(lines, bytes) else "\n".join([heading, *lines]).encode() + b"\n"
    (folder / "log.csv").write_bytes(content)
    return parts_of(folder, logs=[log_row(**given)])


def total(series: SeriesResult) -> float:
    return math.fsum(series.parts.amounts().tolist())


def only(series: SeriesResult) -> Finding:
    (finding,) = errors(series.findings)
    assert finding.action and finding.where.file
    return finding


@pytest.mark.parametrize(
    "text",
    ["#DIV/0!", "#N/A", "inf", "-Infinity", "1e999", "1.5 kWh", "0x10", "1_000", "TRUE", "--5", "'5", '"12,34.5"'],
)  # fmt: skip
def test_text_where_a_number_belongs(text: str, tmp_path: Path) -> None:
    finding = only(of_text(tmp_path, [GOOD[0], f"2024-02-01 00:15,{text}", GOOD[2]]))
    assert (finding.code, finding.where.file, finding.where.line) == ("logs.value", "log.csv", 3)
    assert finding.found == text.strip('"')


@pytest.mark.parametrize("text", ["-", "--", "—", "欠測", "N/A", "NaN", "nan", "NA", "null", "***"])
def test_a_marker_of_missing_data_is_a_hole_with_a_note(text: str, tmp_path: Path) -> None:
    lines = [GOOD[0], f"2024-02-01 00:15,{text}", GOOD[2], f"2024-02-01 00:45,{text}"]
    series = of_text(tmp_path, lines)
    (finding,) = series.findings
    assert (finding.code, finding.severity, finding.where.line) == ("logs.missing_marker", "note", 3)
    assert finding.data["count"] == 2 and finding.found == text and total(series) == 5.0


@pytest.mark.parametrize("text", ["", " ", '""'])
def test_an_empty_cell_is_a_hole(text: str, tmp_path: Path) -> None:
    series = of_text(tmp_path, [GOOD[0], f"2024-02-01 00:15,{text}", GOOD[2]])
    assert codes(series) == [] and total(series) == 5.0
    assert 0.25 in [h.hours for h in series.coverage.data_gaps]


@pytest.mark.parametrize(
    ("text", "value"), [("+5", 5.0), (" 5 ", 5.0), ('"5"', 5.0), ("5.", 5.0), (".5", 0.5), ("5e-1", 0.5)]
)
def test_plain_numbers_in_other_clothes(text: str, value: float, tmp_path: Path) -> None:
    series = of_text(tmp_path, [GOOD[0], f"2024-02-01 00:15,{text}", GOOD[2]])
    assert codes(series) == [] and total(series) == 5.0 + value


def test_a_decimal_comma_between_commas_is_a_ragged_line_not_its_first_half(tmp_path: Path) -> None:
    finding = only(of_text(tmp_path, [GOOD[0], "2024-02-01 00:15,1,5", GOOD[2]]))
    assert (finding.code, finding.where.line, finding.found) == ("logs.ragged", 3, "2024-02-01 00:15,1,5")


@pytest.mark.parametrize("line", ["2024-02-01 00:15", "2024-02-01 00:1"])
def test_a_line_that_is_cut_off(line: str, tmp_path: Path) -> None:
    assert only(of_text(tmp_path, [*GOOD[:1], line])).code == "logs.ragged"


def test_separators_and_blank_lines_at_the_end_do_not_matter(tmp_path: Path) -> None:
    for heading in ("time,value", "time,value,"):
        for lines in ([f"{g}," for g in GOOD], GOOD, [*GOOD, "", "  "], [*GOOD, ",,"], [GOOD[0], "", *GOOD[1:]]):
            series = of_text(tmp_path, lines, heading=heading)
            assert codes(series) == [] and total(series) == 7.0


@pytest.mark.parametrize(
    "text",
    ["", "noon", "2024-02-30 00:00", "2024-02-01 25:00", "01/02/2024 00:15", "0024-02-01 00:15", "9999-12-31 00:15",
     "2024-02-01 00:15+07:00", "45323.01"],
)  # fmt: skip
def test_a_time_that_cannot_be_read(text: str, tmp_path: Path) -> None:
    finding = only(of_text(tmp_path, [GOOD[0], f"{text},2", GOOD[2]]))
    assert (finding.code, finding.where.line) == ("logs.stamp", 3)


def test_times_that_can_be_read_in_two_ways(tmp_path: Path) -> None:
    lines = ["01/02/2024 00:00,1", "01/02/2024 00:15,2"]
    finding = only(of_text(tmp_path, lines))
    assert finding.code == "logs.date_format" and "DD/MM/YYYY hh:mm" in finding.message
    assert total(of_text(tmp_path, lines, date_format="DD/MM/YYYY hh:mm")) == 3.0


def test_stamps_without_any_zone(tmp_path: Path) -> None:
    assert only(of_text(tmp_path, GOOD, time_zone="")).code == "logs.zone"


def test_a_zone_that_is_none_and_offsets_that_contradict_it(tmp_path: Path) -> None:
    assert only(of_text(tmp_path, GOOD, time_zone="Hanoi time")).code == "logs.zone"
    finding, more = errors(of_text(tmp_path, [g.replace(",", "+09:00,") for g in GOOD]).findings)
    assert finding.code == "logs.zone" and finding.found == "UTC+09:00 in the log, UTC+07:00 by the zone"
    assert finding.where.line == 2 and "2 more" in more.message


@pytest.mark.parametrize(
    ("name", "code"),
    [("../log.csv", "logs.path"), ("/etc/passwd", "logs.path"), ("C:\\log.csv", "logs.path"),
     ("none.csv", "logs.missing"), ("old.xls", "logs.unreadable"), ("macro.xlsm", "logs.unreadable")],
)  # fmt: skip
def test_a_file_that_is_not_to_be_had(name: str, code: str, tmp_path: Path) -> None:
    for other in ("old.xls", "macro.xlsm"):
        (tmp_path / other).write_text("time,value\n")
    finding = only(parts_of(tmp_path, logs=[log_row(file=name)]))
    assert (finding.code, finding.where.sheet, finding.where.cell[-1]) == (code, "Logs", "2")
    assert finding.found == name


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n  \n", b"PK\x03\x04 a workbook", b"\xd0\xcf\x11\xe0 an old workbook",
     b"time,value\r2024-02-01 00:00,1\r\n",
     b"t\0i\0m\0e\0", b"x" * 300_000 + b"\n1", b'time,value\n2024-02-01 00:00,"1\n2024-02-01 00:15,2\n',
     b'time,value,note\n2024-02-01 00:00,1,"a\n2024-02-01 00:15,2,\n2024-02-01 00:30,2,b"\n'],
)  # fmt: skip
def test_what_is_no_table(content: bytes, tmp_path: Path) -> None:
    assert only(of_text(tmp_path, content)).code in ("logs.unreadable", "logs.column")


def test_a_quote_that_swallows_rows_is_not_passed_over(tmp_path: Path) -> None:
    """Without this the rows between the two quotes would be part of a remark, and missing."""
    lines = [f"2024-02-01 {h:02d}:00,1,{note}" for h, note in ((0, ""), (1, '"broken'), (2, ""), (3, 'off"'), (4, ""))]
    finding = only(of_text(tmp_path, lines, heading="time,value,note", interval_minutes=60))
    assert finding.code == "logs.unreadable" and "quotation mark" in finding.message
    remark = [f"2024-02-01 {h:02d}:00,1,{note}" for h, note in ((0, ""), (1, '"two\nlines"'), (2, '"a, b"'))]
    series = of_text(tmp_path, remark, heading="time,value,note", interval_minutes=60)
    assert codes(series) == [] and total(series) == 3.0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp932", "utf-32"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, ends: str, tmp_path: Path) -> None:
    content = ends.join(["時刻,電力量", *GOOD, ""]).encode(encoding)
    stated = encoding if encoding in ("utf-16-le", "cp932") else ""
    series = of_text(tmp_path, content, time_column="時刻", value_column="電力量", encoding=stated)
    assert codes(series) == [] and total(series) == 7.0
    assert series.parts.origins[0].line == 2


def test_bytes_in_another_encoding(tmp_path: Path) -> None:
    content = "\n".join(["heure,énergie", *GOOD]).encode("cp1252")
    finding = only(of_text(tmp_path, content, time_column="A", value_column="B"))
    assert finding.code == "logs.encoding" and "cp932" in finding.message and "cp1258" in finding.message
    assert total(of_text(tmp_path, content, time_column="heure", value_column="énergie", encoding="cp1252")) == 7.0
    assert only(of_text(tmp_path, GOOD, encoding="klingon")).code == "logs.encoding"
    assert only(of_text(tmp_path, GOOD, encoding="rot13")).code == "logs.encoding"


def test_columns_by_heading_letter_or_number(tmp_path: Path) -> None:
    for column in ("value", "B", "2", " value ", "ｖａｌｕｅ"):
        assert total(of_text(tmp_path, GOOD, value_column=column)) == 7.0
    for column in ("power", "C", "0", "time"):
        finding = only(of_text(tmp_path, GOOD, value_column=column))
        assert finding.code == "logs.column" and finding.where.sheet == "Logs"
    assert only(of_text(tmp_path, [f"{g},1" for g in GOOD], heading="time,value,value")).code == "logs.column"
    assert only(of_text(tmp_path, GOOD, time_column="when")).code == "logs.column"


def test_a_long_log_needs_its_names(tmp_path: Path) -> None:
    assert only(of_text(tmp_path, GOOD, layout="long")).code == "logs.row"
    lines = [g.replace(",", ",A,") for g in GOOD]
    long = {"layout": "long", "name_column": "name", "heading": "time,name,value"}
    assert total(of_text(tmp_path, lines, name_value="A", **long)) == 7.0
    finding = only(of_text(tmp_path, lines, name_value="B", **long))
    assert finding.code == "logs.empty" and finding.where.sheet == "Logs"


def test_a_log_without_a_row_or_without_a_value_in_the_period(tmp_path: Path) -> None:
    assert only(of_text(tmp_path, [])).code == "logs.empty"
    assert only(of_text(tmp_path, ["2023-02-01 00:00,1"])).code == "logs.empty"


@pytest.mark.parametrize(
    ("unit", "kind"), [("kWh", "power"), ("kW", "energy"), ("kW", "register"), ("kVA", "power"), ("boxes", "energy")]
)
def test_units_that_do_not_fit_the_kind(unit: str, kind: str, tmp_path: Path) -> None:
    assert only(of_text(tmp_path, GOOD, unit=unit, kind=kind)).code == "logs.unit"


@pytest.mark.parametrize("minutes", [0, -15, 1e-9])
def test_an_interval_that_is_none(minutes: float, tmp_path: Path) -> None:
    assert only(of_text(tmp_path, GOOD, interval_minutes=minutes)).code == "logs.interval"


def test_many_faults_are_listed_up_to_a_limit_and_counted(tmp_path: Path) -> None:
    lines = [f"2024-02-{1 + n // 96:02d} {n // 4 % 24:02d}:{n % 4 * 15:02d},?" for n in range(1000)]
    found = [f for f in of_text(tmp_path, lines).findings if f.code == "logs.value"]
    assert [f.where.line for f in found[:20]] == list(range(2, 22))
    assert len(found) == 21 and "980 more" in found[-1].message and found[-1].data["count"] == 1000


def test_all_faults_of_several_logs_are_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(
        "\n".join(["time,value", "2024-02-01 00:00,?", "never,1", "2024-02-01 00:30,1,2"])
    )
    rows = [
        log_row(),
        log_row(log_id="2", file="none.csv"),
        log_row(log_id="3", file="../x.csv"),
        log_row(log_id="4", unit="?"),
    ]
    found = {f.code for f in errors(parts_of(tmp_path, logs=rows).findings)}
    assert found >= {"logs.value", "logs.stamp", "logs.ragged", "logs.missing", "logs.path", "logs.unit"}


def test_parts_never_hold_what_is_not_finite(tmp_path: Path) -> None:
    for value in ("NaN", "inf", "", "-", "#DIV/0!"):
        series = of_text(tmp_path, [GOOD[0], f"2024-02-01 00:15,{value}"])
        assert np.isfinite(series.parts.amounts()).all()


def test_a_line_without_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_csv, "CHUNK", 1000)
    monkeypatch.setattr(log_csv, "LONGEST", 4000)
    content = b'time,value\n2024-02-01 00:00,"' + b"1" * 100_000
    assert only(of_text(tmp_path, content)).code == "logs.unreadable"


def test_every_code_of_logs_and_readings_has_its_page_and_is_named_in_these_tests() -> None:
    here = Path(__file__).parent
    text = "\n".join(p.read_text() for p in sorted(here.parent.rglob("test_*.py")))
    named = set(re.findall(r'"((?:logs|readings)\.[a-z_]+)"', text))
    declared = {c for c in CODES if c.startswith("logs.")}
    assert declared <= named
    for code in declared:
        page = here.parents[1] / "docs" / "findings" / f"{code}.md"
        assert page.read_text().splitlines()[0] == f"# {code}"


def test_a_quote_that_is_never_closed_does_not_swallow_the_rest_of_a_register(tmp_path: Path) -> None:
    """The remark's last rows have no separator in them, so that nothing else would show the loss."""
    text = b'time,value,note\n2024-01-01 00:00,1,\n2024-02-01 00:00,2,"never closed\nthe end\n'
    finding = only(of_text(tmp_path, text, kind="register", interval_minutes=None))
    assert finding.code == "logs.unreadable" and "line" in finding.message
