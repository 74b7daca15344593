"""The register of requests: raised, filled in by both sides, carried on, never losing a word."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import InputRefusedError, Severity
from jcm_mrv.verification.checks import Check, Verdict, Verification
from jcm_mrv.verification.register.carrying import AGAIN, GONE, STILL, carried
from jcm_mrv.verification.register.entries import ITEMS, Kind, Register, Request, State
from jcm_mrv.verification.register.files import HEADS, read_register, register_xlsx
from jcm_mrv.verification.register.raising import from_earlier_period, from_findings, from_verification, key_of
from support.command import run
from support.workbooks import solar_tables, solar_workbook


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A roof whose meter has no certificate: a finding that a verifier asks about."""
    return solar_workbook(tmp_path / "monitoring.xlsx", tables={"calibrations": []})


def fill(path: Path, rows: dict[int, dict[str, Any]]) -> None:
    book = load_workbook(path)
    sheet = book["Register"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row, cells in rows.items():
        for head, value in cells.items():
            sheet.cell(row, columns[head], value)
    book.save(path)


def rows_of(path: Path) -> list[dict[str, Any]]:
    sheet = load_workbook(path)["Register"]
    heads = [cell.value for cell in sheet[1]]
    return [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)]


def refused(path: Path) -> list[tuple[str, str]]:
    with pytest.raises(InputRefusedError) as error:
        read_register(path)
    return [(f.code, f.where.cell) for f in error.value.findings]


def test_requests_follow_from_findings(report: Path) -> None:
    """Each major and minor finding once; a CAR where a major one moves the reductions, else a CL; notes ask nothing."""
    result = calculate_file(report)
    asked = [f for f in result.findings if f.severity in (Severity.MAJOR, Severity.MINOR)]
    raised = list(from_findings(result))
    assert len(raised) == len(asked) > 0
    for finding, request in zip(asked, raised, strict=True):
        moves = finding.severity is Severity.MAJOR and bool(finding.effect_tco2e)
        assert request.kind is (Kind.CAR if moves else Kind.CL)
        assert finding.action in request.question
    assert "Calibration and correction of measured values" in {r.requirement for r in raised}


def test_requests_follow_from_a_verification() -> None:
    checks = (
        Check("credited 2024", "result.json", Verdict.DIFFERS, "61", "60"),
        Check("formulas", "report", Verdict.NOT_CHECKED),
        Check("credited 2025", "result.json", Verdict.REPRODUCED, "1", "1"),
    )
    raised = list(from_verification(Verification("p.zip", "package", checks)))
    assert [(r.kind, r.place) for r in raised] == [(Kind.CAR, "result.json"), (Kind.CL, "report")]
    assert "Stated: 61; recomputed: 60." in raised[0].question


def test_one_changed_reading_is_not_scores_of_requests() -> None:
    """Each tonnage for itself; of a file three places are named and the others counted; paths stay as written."""
    book = "reports/monitoring_report.xlsx"
    checks = (
        Check("credited 2024 [tCO2e]", "reports/result.json: credited", Verdict.DIFFERS, "61", "60"),
        Check("credited total [tCO2e]", "reports/result.json: credited", Verdict.DIFFERS, "61", "60"),
        *(Check(f"MRS!D{n}", f"{book}, MRS!D{n}", Verdict.DIFFERS, "2", "1") for n in range(50)),
        Check("inputs/m.xlsx", "inputs/m.xlsx", Verdict.DIFFERS, "ab", "cd", note="another file"),
    )
    raised = list(from_verification(Verification("p.zip", "package", checks)))
    assert [r.place for r in raised] == ["reports/result.json: credited"] * 2 + [book, "inputs/m.xlsx"]
    assert "And 47 more places" in raised[2].question
    assert f"({book}, MRS!D2)" in raised[2].question
    assert raised[3].question == "inputs/m.xlsx: differs. Stated: ab; recomputed: cd. Another file."
    assert len({r.key for r in raised}) == 4


def test_both_sides_fill_one_file_and_a_corrected_report_carries_it_on(report: Path) -> None:
    place = report.parent / "register.xlsx"
    assert run("register", report).status == 0
    first = rows_of(place)
    number = next(n for n, row in enumerate(first) if "calibration" in row["Raised by"])
    closing = {"Answer": "=the certificate\nis enclosed", "Evidence": "D-9", "State": "closed"}
    closing |= {"Closed by": "A verifier", "Closed on": date(2025, 3, 31), "Verifier's remark": "seen"}
    fill(place, {number + 2: closing})
    fill(place, {len(first) + 2: {"Kind": "FAR", "Question": "Add a check meter.", "Raised by": "A verifier"}})
    book = load_workbook(place)
    cell = next(c for c in book["Register"][number + 2] if c.value == closing["Answer"])
    cell.data_type = "s"
    book.save(place)
    solar_workbook(report)  # corrected: the certificate is there now
    done = run("register", report)
    assert done.status == 0, done.err
    rows = rows_of(place)
    assert len(rows) == len(first) + 1
    kept = rows[number]
    assert {head: kept[head] for head in closing if head != "Closed on"} == {
        head: value for head, value in closing.items() if head != "Closed on"
    }
    assert (kept["Closed on"], kept["Since the last version"], kept["Round"]) == ("2025-03-31", GONE, 1)
    by_hand = rows[-1]
    assert (by_hand["No."], by_hand["Round"], by_hand["State"]) == ("FAR-1", 2, "open")
    assert "Round 2" in done.out
    assert (report.parent / "register.earlier.xlsx").is_file()
    data = json.loads((report.parent / "register.json").read_text(encoding="utf-8"))
    assert [one["number"] for one in data["requests"]] == [row["No."] for row in rows]
    assert run("register", report).status == 0
    assert rows_of(place) == rows  # the same version again is no further round


def test_faults_are_told_all_at_once_with_their_cells_and_nothing_is_written(report: Path) -> None:
    place = report.parent / "register.xlsx"
    assert run("register", report).status == 0
    count = len(rows_of(place))
    letters = {cell.value: cell.column_letter for cell in load_workbook(place)["Register"][1]}
    fill(place, {2: {"State": "closed"}, 3: {"State": "maybe", "Kind": "NCR"}})
    fill(place, {count + 2: {"No.": "CL-1", "Kind": "CL", "State": "answered", "Question": "?"}})
    expected = [
        ("register.closing", f"{letters['Closed by']}2"),
        ("register.closing", f"{letters['Closed on']}2"),
        ("filled.value", f"{letters['Kind']}3"),
        ("filled.value", f"{letters['State']}3"),
        ("register.closing", f"{letters['Answer']}{count + 2}"),
        ("register.twice", f"{letters['No.']}{count + 2}"),
    ]
    assert sorted(refused(place)) == sorted(expected)
    before = place.read_bytes()
    done = run("register", report)
    assert done.status == 1
    assert "register.xlsx" in done.err
    assert place.read_bytes() == before


def entry(number: str = "CAR-1", key: str = "k", **more: Any) -> Request:
    given = {"kind": Kind.CAR, "round": 1, "requirement": "", "place": "", "question": "Why?", "raised_by": "finding x"}
    return Request(number=number, key=key, **{**given, **more})


def test_what_becomes_of_a_request() -> None:
    """Still there with its effect; gone; closed and still found: said, and never reopened or closed by the program."""
    before = Register(
        1, "a", "", "", (entry(effect="-1.000"), entry("CAR-2", "l"), entry("CL-1", "m", state=State.CLOSED))
    )
    after = carried(before, [entry("", "k", effect="-2.000"), entry("", "m")], "b", "", "")
    told = {one.number: (one.since, one.state) for one in after.requests}
    assert told["CAR-1"] == (f"{STILL}, effect now -2.000 t (was -1.000 t)", State.OPEN)
    assert told["CAR-2"] == (GONE, State.OPEN)
    assert told["CL-1"] == (AGAIN, State.CLOSED)


def test_what_was_not_looked_at_this_time_is_not_called_gone() -> None:
    before = Register(
        1, "a", "", "", (entry(raised_by="sample of months, seed s"), entry("CAR-2", "l", raised_by="verify"))
    )
    after = carried(before, [], "b", "", "")
    assert [one.since for one in after.requests] == ["", ""]


def test_a_number_is_never_given_twice() -> None:
    before = Register(1, "a", "", "", (entry("CAR-7"),))
    after = carried(before, [entry("", "n"), entry("", "o")], "b", "", "")
    assert [one.number for one in after.requests] == ["CAR-7", "CAR-8", "CAR-9"]


def test_a_far_comes_back_in_the_next_period_and_an_open_car_is_asked_about() -> None:
    earlier = Register(
        2, "a", "", "2023", (entry("FAR-1", "", kind=Kind.FAR, period="2023"), entry("CAR-1"),
                             entry("FAR-2", "x", kind=Kind.FAR, state=State.CLOSED))
    )  # fmt: skip
    raised = list(from_earlier_period(earlier))
    assert [(r.kind, r.raised_by) for r in raised] == [(Kind.FAR, "finding x"), (Kind.CL, "register of 2023")]
    after = carried(Register(), raised, "b", "", "2024")
    far, question = after.requests
    assert (far.number, far.period, far.round) == ("FAR-1", "2023", 1)
    assert "CAR-1 of the period 2023 was never closed" in question.question
    again = carried(after, [], "c", "", "2024")
    assert again.requests[0].since.startswith("comes back")


def test_a_far_comes_back_by_itself_where_the_earlier_report_lies_in_the_folder(tmp_path: Path) -> None:
    first = {"period_start": date(2023, 1, 1), "period_end": date(2023, 3, 31), "report_date": date(2023, 5, 1)}
    old = tmp_path / "2023"
    old.mkdir()
    from support.workbooks import monthly

    readings = {"readings": monthly("M-1", [90_000.0, 95_000.0, 99_000.0], start=(2023, 1))}
    earlier = solar_workbook(old / "monitoring.xlsx", project=first, tables=readings)
    assert run("calculate", earlier, "--formats", "json", "--output", old).status == 0
    assert run("register", earlier).status == 0
    fill(old / "register.xlsx", {40: {"Kind": "FAR", "Question": "Seal the meter.", "Raised by": "A verifier"}})
    assert run("register", earlier).status == 0
    report = solar_workbook(tmp_path / "monitoring.xlsx")
    assert run("register", report).status == 0
    fars = [row for row in rows_of(tmp_path / "register.xlsx") if row["Kind"] == "FAR"]
    assert [(row["Question"], row["Period"]) for row in fars] == [("Seal the meter.", "2023-01-01 to 2023-03-31")]


def test_a_sample_and_a_changed_version_reach_the_register(report: Path) -> None:
    """Without a certificate each month counts with class 0.5 less: 120 x 0.995 = 119.4, 150 x 0.995 = 149.25 MWh."""
    old = report.with_name("old.xlsx")
    old.write_bytes(report.read_bytes())
    solar_workbook(report, tables={"calibrations": [], "readings": solar_tables((1e5, 1.2e5, 1.5e5))["readings"]})
    assert run("sample", report, "--seed", "a").status == 0
    sheet = report.parent / "sample_months.xlsx"
    book = load_workbook(sheet)
    columns = {cell.value: cell.column for cell in book["Sample"][1]}
    for row, word in ((2, "right"), (3, "wrong"), (4, "not seen")):
        book["Sample"].cell(row, columns["Result"], word)
    book["Sample"].cell(3, columns["Found"], 110.0)
    book.save(sheet)
    done = run("register", report, "--sample", sheet, "--against", old)
    assert done.status == 0, done.err
    raised = [row for row in rows_of(report.parent / "register.xlsx") if row["Raised by"].startswith("sample")]
    assert [(row["Kind"], row["Question"]) for row in raised] == [
        ("CAR", "M-1 2024-02 is stated as 119.4 MWh; found 110 MWh."),
        ("CL", "M-1 2024-03 is stated as 149.25 MWh; it was not seen."),
    ]
    changed = list(load_workbook(report.parent / "register.xlsx")["Changes"].iter_rows(values_only=True))
    assert ("tonnes", "changed", "credited 2024") in [row[:3] for row in changed]


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40).map(str.strip)


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=5))
def test_every_word_that_a_person_wrote_is_read_back(texts: list[tuple[str, str, str]]) -> None:
    import tempfile

    from jcm_mrv.reporting.excel.sheet import clean

    requests = tuple(
        entry(f"CAR-{n}", f"k{n}", answer=clean(a).strip(), evidence=clean(b).strip(), question=clean(c).strip() or "?")
        for n, (a, b, c) in enumerate(texts, start=1)
    )
    register = Register(3, "sha", "Project", "2024", requests)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        path.write_bytes(register_xlsx(register))
        assert read_register(path) == register


@pytest.mark.parametrize("lang", ["vi", "ja"])
def test_a_register_in_another_language_is_read_back_as_it_was_and_carried_on(lang: str, tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    far = entry("FAR-1", "", kind=Kind.FAR, period="2023", requirement=ITEMS[0], state=State.ANSWERED, answer="x")
    path.write_bytes(register_xlsx(Register(2, "a", "P", "2023", (far,)), None, lang))
    before = read_register(path)
    assert before == Register(2, "a", "P", "2023", (far,))
    path.write_bytes(register_xlsx(carried(Register(), from_earlier_period(before), "b", "P", "2024"), None, lang))
    came_back = read_register(path)
    assert not came_back.requests[0].since.startswith("comes back")
    again = carried(came_back, [], "c", "P", "2024")
    assert again.requests[0].since == came_back.requests[0].since, "still told as one that came back"


def test_the_same_register_gives_the_same_bytes_and_every_column_is_read_back() -> None:
    register = Register(1, "a", "P", "2024", (entry(),))
    assert register_xlsx(register) == register_xlsx(register)
    assert set(HEADS) == set(Request.__dataclass_fields__)
    assert replace(register) == register
    assert key_of("a", "b") != key_of("ab", "")
