"""What a column looks like, and the rows of the sheet Logs: certain things filled in, the others asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from jcm_mrv.languages import catalogue_of
from jcm_mrv.logs.inspection.inspection import inspect_log
from jcm_mrv.logs.inspection.kind import guess
from jcm_mrv.logs.inspection.look import ValueColumn
from jcm_mrv.logs.inspection.rows import LogRows, log_rows
from jcm_mrv.words import in_language

REAL = Path(__file__).parents[2] / "data" / "pv_inverter_export_wide.csv"


def column(heading: str, unit: str = "", *, grows: bool = False, count: int = 100) -> ValueColumn:
    return ValueColumn(1, heading, unit, "1234.5", count, 0, 0.0, 10.0, 0.0, 10.0, grows)


def log(path: Path, head: str, lines: list[str], encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join([head, *lines, ""]).encode(encoding))
    return path


def every_15_minutes(values: list[str], day: str = "2024-02-01") -> list[str]:
    return [f"{day} {n // 4:02d}:{n % 4 * 15:02d},{value}" for n, value in enumerate(values)]


def asked(found: LogRows) -> set[tuple[int, str]]:
    return {(q.row, q.column) for q in found.questions}


class TestGuesses:
    @pytest.mark.parametrize(
        ("heading", "unit", "grows", "kind", "suggested"),
        [
            ("P", "kW", False, "power", ""),
            ("E", "kWh", False, "energy", ""),
            ("E", "kWh", True, "register", ""),
            ("ac_power_kw_1137", "", False, "power", "kW"),
            ("Energy kWh", "", True, "register", "kWh"),
            ("電力量", "", False, "energy", ""),
            ("Điện năng", "", True, "register", ""),
            ("Công suất", "", False, "power", ""),
            ("Gas", "m3", True, "register", ""),
            ("Diesel", "L", False, "amount", ""),
            ("module_temp__1056", "", False, "other", ""),
            ("Voltage L1", "", False, "other", ""),
            ("X", "degC", False, "other", ""),
            ("Kanal 3", "", False, "unknown", ""),
            ("Kanal 3", "", True, "unknown", ""),
        ],
    )
    def test_by_unit_heading_and_run(self, heading: str, unit: str, grows: bool, kind: str, suggested: str) -> None:
        found = guess(column(heading, unit, grows=grows))
        assert (found.kind, found.unit) == (kind, suggested)

    def test_a_heading_alone_never_puts_aside_what_may_be_a_register(self) -> None:
        assert guess(column("Current index", grows=True)).candidate
        assert not guess(column("Current L1")).candidate

    def test_few_values_prove_nothing(self) -> None:
        assert guess(column("E", "kWh", grows=True, count=3)).kind == "unknown"

    def test_nothing_is_said_of_the_run_of_several_meters_in_one_column(self) -> None:
        assert guess(column("E", "kWh"), mixed=True).kind == "unknown"
        assert guess(column("P", "kW"), mixed=True).kind == "power"


class TestRows:
    def test_the_real_wide_log(self) -> None:
        found = log_rows(inspect_log(REAL), "logs/pv.csv")
        assert [r["value_column"] for r in found.rows] == [
            "ac_power_kw_1137",
            "inv2_ac_power_w__1047",
            "inv2_dc_power__1135",
        ]
        first = found.rows[0]
        assert {k: first[k] for k in ("log_id", "file", "layout", "time_column", "interval_minutes")} == {
            "log_id": "pv-1",
            "file": "logs/pv.csv",
            "layout": "wide",
            "time_column": "A",
            "interval_minutes": 15.0,
        }
        # W and kW stand in the headings only: a person decides
        assert first["unit"] is None
        assert first["kind"] is None
        assert {(0, "meter_id"), (0, "time_zone"), (0, "stamp"), (0, "transformer_factor_included")} <= asked(found)
        assert {(2, "unit"), (2, "kind"), (4, "unit")} <= asked(found)
        texts = [q.text for q in found.questions]
        said = [in_language(q.text, catalogue_of("vi")) for q in found.questions if q.column == "kind"]
        assert said and not any("register, or nothing" in text or "says what it is" in text for text in said)
        assert any("whole days if times open the interval" in text for text in texts)
        assert any("suggests kW." in text for text in texts)

    def test_what_the_file_states_is_not_asked(self, tmp_path: Path) -> None:
        path = log(tmp_path / "a.csv", "time,P [kW]", every_15_minutes(["1", "2", "1"] * 5))
        found = log_rows(inspect_log(path), "a.csv")
        assert (found.rows[0]["unit"], found.rows[0]["kind"]) == ("kW", "power")
        assert not [q for q in found.questions if q.row]

    def test_times_that_close_their_interval(self, tmp_path: Path) -> None:
        lines = [f"2024-02-01 {h:02d}:00,1" for h in range(1, 24)] + ["2024-02-02 00:00,1"]
        found = log_rows(inspect_log(log(tmp_path / "a.csv", "time,E [kWh]", lines)), "a.csv")
        assert any("if times close the interval" in q.text for q in found.questions if q.column == "stamp")
        assert "stamp" not in found.rows[0]

    def test_a_date_that_can_be_read_in_two_ways_is_asked(self, tmp_path: Path) -> None:
        path = log(tmp_path / "a.csv", "time,E [kWh]", ["01/02/2024 00:00,1", "01/02/2024 00:15,2"])
        inspection = inspect_log(path)
        found = log_rows(inspection, "a.csv")
        assert (0, "date_format") in asked(found)
        assert found.rows[0]["interval_minutes"] is None
        assert found.rows[0]["layout"] is None
        assert inspection.guesses[0].kind == "unknown"  # how the values run in time is not known

    def test_what_proves_the_order_of_day_and_month(self, tmp_path: Path) -> None:
        path = log(tmp_path / "a.csv", "time,E", ["01/02/2024 00:00,1", "13/02/2024 00:15,2", "14/02/2024 00:15,2"])
        [time] = inspect_log(path).look.times
        assert (time.written, time.proof) == (
            "DD/MM/YYYY",
            "'13/02/2024 00:15' (line 3) is a date in this order alone",
        )
        assert inspect_log(REAL).look.times[0].proof == "in this order alone the times are evenly spaced"

    def test_one_row_for_each_name_of_a_long_log(self, tmp_path: Path) -> None:
        lines = [f"2024-02-01 {h:02d}:00,{m},{h}" for h in range(12) for m in ("Main", "Sub")]
        found = log_rows(inspect_log(log(tmp_path / "a.csv", "time,meter,E [kWh]", lines)), "a.csv")
        assert [(r["layout"], r["name_column"], r["name_value"]) for r in found.rows] == [
            ("long", "meter", "Main"),
            ("long", "meter", "Sub"),
        ]
        assert (0, "layout") in asked(found)

    def test_several_columns_of_names_are_asked(self, tmp_path: Path) -> None:
        lines = [f"2024-02-01 {h:02d}:00,{m},hall,{h}" for h in range(12) for m in ("Main", "Sub")]
        found = log_rows(inspect_log(log(tmp_path / "a.csv", "time,meter,area,E [kWh]", lines)), "a.csv")
        assert [(r["layout"], r["name_column"]) for r in found.rows] == [(None, None)]
        assert (0, "layout") in asked(found)

    @pytest.mark.parametrize(("heading", "words"), [("state", "ok"), ("unit", "kWh")])
    def test_a_column_of_units_or_of_quality_names_no_meters(self, heading: str, words: str, tmp_path: Path) -> None:
        lines = [f"2024-02-01 {h:02d}:00,{m},{words},{h}" for h in range(12) for m in ("Main", "Sub")]
        found = log_rows(inspect_log(log(tmp_path / "a.csv", f"time,meter,{heading},E [kWh]", lines)), "a.csv")
        assert [(r["layout"], r["name_value"]) for r in found.rows] == [("long", "Main"), ("long", "Sub")]

    def test_the_encoding_that_was_found_is_filled_in(self, tmp_path: Path) -> None:
        lines = every_15_minutes(["1", "2"], "2024-02-01")
        found = log_rows(inspect_log(log(tmp_path / "a.csv", "日時,電力量 [kWh]", lines, "cp932")), "a.csv")
        assert found.rows[0]["encoding"] == "cp932"

    def test_times_with_an_offset(self, tmp_path: Path) -> None:
        lines = [f"2024-02-01T{h:02d}:00+07:00,{h}" for h in range(12)]
        found = log_rows(inspect_log(log(tmp_path / "a.csv", "time,E [kWh]", lines)), "a.csv")
        [question] = [q.text for q in found.questions if q.column == "time_zone"]
        assert "carries its offset" in question


class TestFirstAndLastRows:
    def test_as_they_stand_in_the_file(self) -> None:
        found = inspect_log(REAL)
        assert [row.line for row in (*found.first, *found.last)] == [2, 3, 480, 481]
        assert found.first[0].cells[:3] == ("1/2/2022 0:00", "0", "-9.039494")
        assert found.last[1].cells[0] == "1/6/2022 23:45"

    def test_no_row_twice(self, tmp_path: Path) -> None:
        found = inspect_log(log(tmp_path / "a.csv", "time,E", every_15_minutes(["1", "2", "3"])))
        assert [row.line for row in (*found.first, *found.last)] == [2, 3, 4]

    def test_what_cannot_be_read(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_bytes(b"")
        found = inspect_log(path)
        assert not found.readable
        assert found.first == found.last == ()
        assert log_rows(found, "a.csv").rows == ()
