"""What a person is shown of a log before it is set up."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from jcm_mrv.logs.inspection.look import look_at

REAL = Path(__file__).parents[2] / "data" / "pv_inverter_export_wide.csv"


def test_the_real_wide_log() -> None:
    look = look_at(REAL)
    (time,) = look.times
    assert (time.heading, time.written, time.minutes, time.regular, time.count) == ("A", "MM/DD/YYYY", 15.0, True, 480)
    assert (time.first, time.last) == (datetime(2022, 1, 2), datetime(2022, 1, 6, 23, 45))
    power = look.values[0]
    assert (power.heading, power.count, power.highest, power.grows) == ("ac_power_kw_1137", 480, 207.5002, False)
    assert (look.encoding, look.delimiter, len(look.values), look.problems) == ("utf-8", ",", 12, ())


def test_a_logger_with_everything(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    rows = "01.02.2024;00:00;1.234,5;A\n13.02.2024;00:15;-;B\n13.02.2024;00:30;1.300;B\n"
    path.write_bytes(("Site A\n日付;時刻;電力量 [kWh];設備\n" + rows + "合計;;2.534,5;\n").encode("cp932"))
    look = look_at(path)
    assert (look.encoding, look.delimiter, look.preamble) == ("cp932", ";", ((1, "Site A"),))
    (time,) = look.times
    assert (time.heading, time.written, time.count) == ("日付 + 時刻", "DD/MM/YYYY", 3)
    (value,) = look.values
    assert (value.unit, value.written, value.count, value.missing) == ("kWh", "1.234,5", 2, 1)
    assert (value.first, value.last, value.grows) == (1234.5, 1300.0, True)
    assert [(n, texts) for n, _, texts in look.names] == [(3, ("A", "B"))]
    assert look.footers == ((6, "合計 2.534,5"),)
    assert {f.code for f in look.problems} == {"logs.encoding_found", "logs.preamble", "logs.missing_marker",
                                               "logs.footer_total"}  # fmt: skip


def test_what_is_not_certain_is_said(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("time,a,b\n01/02/2024 00:00,1.234,5\n01/02/2024 00:15,1.234,6\n")
    look = look_at(path)
    assert "1 February 2024" in look.times[0].doubt and "2 January 2024" in look.times[0].doubt
    path.write_text("time,a,b\n2024-02-01 00:00,1.234,5\n2024-02-01 00:15,1.234,6\n")
    look = look_at(path)
    assert [bool(v.doubt) for v in look.values] == [True, False]
    assert [f.code for f in look.problems] == ["logs.number_format"]


def test_what_cannot_be_opened_is_a_problem_and_no_exception(tmp_path: Path) -> None:
    assert [f.code for f in look_at(tmp_path / "none.csv").problems] == ["logs.unreadable"]
    for name in ("a.csv", "a.xlsx", "a.parquet"):
        (tmp_path / name).write_bytes(b"PK\x03\x04 no workbook")
        assert [f.code for f in look_at(tmp_path / name).problems] == ["logs.unreadable"]
    (tmp_path / "a.csv").write_bytes("heure,énergie\n".encode("cp1252"))
    assert [f.code for f in look_at(tmp_path / "a.csv").problems] == ["logs.encoding"]
