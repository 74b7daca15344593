"""What is said of files as equipment writes them; all are made for the purpose."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from jcm_mrv.cli.inspect_text import inspection_text
from jcm_mrv.logs.inspection.inspection import Inspection, inspect_log
from jcm_mrv.logs.inspection.rows import log_rows

HOURS = [datetime(2024, 2, 1) + timedelta(hours=n) for n in range(240)]


def of(folder: Path, lines: list[str]) -> Inspection:
    (folder / "log.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    return inspect_log(folder / "log.csv")


def kinds(found: Inspection) -> dict[str, str]:
    return {v.heading: g.kind for v, g in zip(found.look.values, found.guesses, strict=True)}


def asked(found: Inspection) -> dict[str, list[str]]:
    questions: dict[str, list[str]] = {}
    for question in log_rows(found, "log.csv").questions:
        questions.setdefault(question.column, []).append(question.text)
    return questions


def test_a_column_of_true_and_false_is_text(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "log.xlsx", {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["time", "kWh", "Is Missing"])
        for n, moment in enumerate(HOURS):
            sheet.write(n + 1, 0, moment)
            sheet.write(n + 1, 1, n % 24)
            sheet.write_boolean(n + 1, 2, False)
    found = inspect_log(tmp_path / "log.xlsx")
    assert found.look.problems == () and kinds(found) == {"kWh": "energy"}
    assert [(heading, words) for _, heading, words in found.look.names] == [("Is Missing", ("False",))]
    assert "Is Missing" in asked(found)["status_column"][0]


def test_the_letter_of_a_column_is_no_unit(tmp_path: Path) -> None:
    lines = [f"2024-02-{d:02d}," + ",".join(str(round(d * h % 7 / 10, 1)) for h in range(24)) for d in range(1, 29)]
    assert set(kinds(of(tmp_path, lines)).values()) == {"unknown"}


@pytest.mark.parametrize("word", ["NaN", "no data", "Error 17"])
@pytest.mark.parametrize("heading", ["E [Wh]", "Energy kWh", "P [kW]"])
def test_one_word_makes_no_column_of_texts_and_a_register_is_no_energy(word: str, heading: str, tmp_path: Path) -> None:
    lines = [f"{t:%Y-%m-%d %H:%M},{word if n == 90 else 41_919_016 + 137 * n}" for n, t in enumerate(HOURS)]
    found = of(tmp_path, [f"time,{heading}", *lines])
    assert kinds(found) == {heading: "unknown" if "kW]" in heading else "register"}
    assert "as a register 32,743" in inspection_text(found, log_rows(found, "log.csv")).replace("\n      ", " ")


def test_a_dip_in_hundreds_makes_no_energy_of_a_register(tmp_path: Path) -> None:
    lines = [f"{t:%Y-%m-%d %H:%M},{0 if n == 90 else 5000 + 3 * n}" for n, t in enumerate(HOURS)]
    assert kinds(of(tmp_path, ["time,E [kWh]", *lines])) == {"E [kWh]": "register"}


def test_names_of_three_heading_lines_are_kept(tmp_path: Path) -> None:
    heads = ["sep=,", "", ",DEV,DEV", ",Meter.Out,Hz", ",Analog,Analog", "DD.MM.YYYY hh:mm:ss,[Wh],[Hz]"]
    found = of(tmp_path, [*heads, *(f"{t:%d.%m.%Y %H:%M:%S},{1000 + n},50.0" for n, t in enumerate(HOURS))])
    assert found.look.headings[1:] == ("Meter.Out", "Hz") and found.look.units[1] == "Wh"


def test_a_day_in_each_row_is_asked_for_as_a_matrix(tmp_path: Path) -> None:
    heading = "date," + ",".join(f"{h:02d}:00" for h in range(24))
    lines = [f"2024-02-{d:02d}," + ",".join(str(d + h) for h in range(24)) for d in range(1, 29)]
    assert "write matrix, and 00:00 as Value column" in asked(of(tmp_path, [heading, *lines]))["layout"][0]


def test_units_in_a_column_are_told(tmp_path: Path) -> None:
    found = of(tmp_path, ["time,value,unit", *(f"{t:%Y-%m-%d %H:%M},{t.hour},Wh" for t in HOURS)])
    assert any("states units: Wh" in text for text in asked(found)["unit"])


def test_the_words_above_a_table_do_not_travel(tmp_path: Path) -> None:
    found = of(tmp_path, ["Customer: somebody", "", "time,kWh", *(f"{t:%Y-%m-%d %H:%M},{t.hour}" for t in HOURS)])
    (note,) = [f for f in found.look.problems if f.code == "logs.preamble"]
    assert "somebody" not in str(note) and note.data["count"] == 1


def test_of_several_sheets_the_name_is_asked_for(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "log.xlsx") as book:
        for name in ("Data", "Note"):
            book.add_worksheet(name).write(0, 0, "time")
    (problem,) = inspect_log(tmp_path / "log.xlsx").look.problems
    assert "sheet" in problem.action.casefold() and "Data, Note" in problem.message
