"""The worksheet on disk: drawn again from its seed, filled in by a person, read back strictly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.verification.sampling.drawing import Design
from jcm_mrv.verification.sampling.evaluation import Outcome, evaluated
from jcm_mrv.verification.sampling.plan import PlanError, Wish, plan
from jcm_mrv.verification.sampling.population import KINDS, population
from jcm_mrv.verification.sampling.worksheet import read_worksheet, worksheet
from jcm_mrv.verification.sensitivity import Sensitivity
from support import results
from support.boiler import FUEL_TONNES_PER_M3, boiler
from support.command import run
from support.workbooks import solar_tables, solar_workbook

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    report = solar_workbook(tmp_path / "monitoring.xlsx")
    done = run("sample", report, "--seed", "kept")
    assert done.status == 0, done.err
    return tmp_path / "sample_months.xlsx"


def fill(path: Path, rows: dict[int, dict[str, Any]], method: dict[str, Any] | None = None) -> None:
    book = load_workbook(path)
    heads = {cell.value: cell.column for cell in book["Sample"][1]}
    for row in range(2, book["Sample"].max_row + 1):
        book["Sample"].cell(row, heads["Result"], "right")
    for row, cells in rows.items():
        for head, value in cells.items():
            book["Sample"].cell(row, heads[head], value)
    for cells in book["Method"].iter_rows(min_row=1):
        if method and cells[0].value in method:
            cells[1].value = method[cells[0].value]
    book.save(path)


def refused(path: Path, report: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(InputRefusedError) as error:
        read_worksheet(path, calculate_file(report))
    return [(f.code, f.where.sheet, f.where.cell) for f in error.value.findings]


def test_what_hangs_on_items_of_the_boiler() -> None:
    """ER = FC x 0.84 x 43 x 0.0726 x (95/85 - 1) - EC x 0.8: fuel 33.5 m3 raises ER, 2.99 MWh lower it by 0.8 each."""
    result = boiler()
    meters = {item.id: item for item in population(result, "meters")}
    assert meters["T-1"].effect == pytest.approx(33.5 * FUEL_TONNES_PER_M3)
    assert meters["E-1"].effect == pytest.approx(-2.99 * 0.8)
    months = {item.id: item.effect for item in population(result, "months")}
    assert months["T-1 2024-02"] == pytest.approx(11 * FUEL_TONNES_PER_M3)
    (unit,) = population(result, "equipment")
    assert unit.effect == pytest.approx(33.5 * FUEL_TONNES_PER_M3 - 2.99 * 0.8)


def test_a_month_names_the_readings_to_look_at() -> None:
    """Not the row of the meter: a checker opens the source of the amount."""
    months = {item.id: item.where for item in population(results.solar(), "months")}
    assert list(months.values()) == [f"monitoring.xlsx, Readings!E{n}" for n in (2, 3, 4)]


def test_fixed_values_of_the_boiler() -> None:
    """d ER / d eta_RE = -FC NCV EF eta_PJ / eta_RE^2."""
    found = {one.symbol: one for one in Sensitivity(boiler()).fixed}
    assert found["eta_RE"].slope == pytest.approx(-33.5 * 0.84 * 43 * 0.0726 * 95 / 85**2)
    assert found["EF_grid"].slope == pytest.approx(-2.99)


def test_filled_in_and_evaluated(sheet: Path) -> None:
    """Three months of 100, 120, 140 MWh at 0.333 t/MWh are all drawn; February was 100: 6.66 t too much of 119.88 t."""
    fill(sheet, {3: {"Result": "wrong", "Found": 100.0, "Note": "read off the display", "Checked by": "A verifier"}})
    report = sheet.parent / "monitoring.xlsx"
    drawn, answers = read_worksheet(sheet, calculate_file(report))
    assert [one.item.stated for one in drawn.sample] == pytest.approx([100.0, 120.0, 140.0])
    assert answers["M-1 2024-02"].outcome is Outcome.WRONG
    factor = drawn.items[0].per_unit
    assert factor is not None
    assert evaluated(drawn, answers).misstatement == pytest.approx(20 * factor)
    done = run("sample", report, "--evaluate", sheet)
    assert done.status == 0
    assert "1 wrong" in done.out
    assert "judgement" in done.out


def test_what_was_read_stands_beside_what_is_used(tmp_path: Path) -> None:
    """Without a certificate 120 MWh count with class 0.5 less, which is 0.6: a verifier will see 120 on the meter."""
    result = calculate_file(solar_workbook(tmp_path / "monitoring.xlsx", tables={"calibrations": []}))
    item = population(result, "months")[1]
    assert item.stated == pytest.approx(119.4)
    assert item.what == "M-1 in 2024-02: 120 MWh read, -0.6 corrected"


def test_every_fault_of_a_filled_in_sheet_at_once_with_its_cell(sheet: Path) -> None:
    fill(sheet, {2: {"Result": "perhaps"}, 3: {"Result": "wrong"}, 4: {"Found": "=1+1"}})
    report = sheet.parent / "monitoring.xlsx"
    book = load_workbook(sheet)
    result, found = (
        next(c.column_letter for c in book["Sample"][1] if c.value == head) for head in ("Result", "Found")
    )
    assert refused(sheet, report) == [("filled.value", "Sample", f"{found}4")]
    fill(sheet, {2: {"Result": "perhaps"}, 3: {"Result": "wrong"}, 4: {"Found": 1.0, "Result": "right"}})
    assert refused(sheet, report) == [("filled.value", "Sample", f"{letter}{n}") for letter, n in
                                      ((result, 2), (found, 3), (found, 4))]  # fmt: skip


def test_a_sheet_of_another_report_or_with_other_items_is_refused(sheet: Path) -> None:
    report = sheet.parent / "monitoring.xlsx"
    fill(sheet, {3: {"Item": "M-1 2023-12"}})
    assert [code for code, _, _ in refused(sheet, report)] == ["sample.other", "sample.other"]
    fill(sheet, {3: {"Item": "M-1 2024-02", "Stated": 12.0}})
    assert [code for code, _, _ in refused(sheet, report)] == ["sample.other"]
    other = solar_workbook(sheet.parent / "other.xlsx", tables=solar_tables((1.0, 2.0, 3.0)))
    assert [code for code, _, _ in refused(sheet, other)] == ["sample.other"]


def test_a_sheet_that_lost_a_heading_or_is_no_workbook(sheet: Path) -> None:
    report = sheet.parent / "monitoring.xlsx"
    book = load_workbook(sheet)
    next(c for c in book["Sample"][1] if c.value == "Result").value = "Outcome"
    book.save(sheet)
    assert refused(sheet, report) == [("filled.heading", "Sample", "A1")]
    sheet.write_bytes(b"no workbook")
    assert [code for code, _, _ in refused(sheet, report)] == ["filled.unreadable"]


def test_a_worksheet_is_never_written_over(sheet: Path) -> None:
    before = sheet.read_bytes()
    done = run("sample", sheet.parent / "monitoring.xlsx")
    assert done.status == 1
    assert "exists already" in done.err
    assert sheet.read_bytes() == before


def test_text_of_the_report_stays_text(tmp_path: Path) -> None:
    tables = solar_tables()
    report = solar_workbook(
        tmp_path / "monitoring.xlsx",
        tables={"evidence": [{"document_id": '=HYPERLINK("http://x")', "title": "=1+1", "proves": "<b>"}]},
    )
    result = calculate_file(report)
    assert tables
    path = tmp_path / "s.xlsx"
    path.write_bytes(worksheet(result, plan(result, Wish("documents", seed="s"))))
    cells = [cell for row in load_workbook(path)["Sample"].iter_rows() for cell in row]
    assert '=HYPERLINK("http://x")' in [cell.value for cell in cells]
    assert all(cell.data_type != "f" and not cell.hyperlink for cell in cells)


def test_a_worksheet_in_vietnamese_is_filled_in_with_its_own_words(tmp_path: Path) -> None:
    result, path = results.solar(), tmp_path / "s.xlsx"
    drawn = plan(result, Wish("months", seed="kept"))
    path.write_bytes(worksheet(result, drawn, "vi"))
    book = load_workbook(path)
    heads = {str(cell.value).split("\n")[-1]: cell for cell in book["Sample"][1]}
    assert heads["Checked by"].value == "Người kiểm tra\nChecked by"
    for row in range(2, book["Sample"].max_row + 1):
        book["Sample"].cell(row, heads["Result"].column, "Đúng")
    book.save(path)
    again, answers = read_worksheet(path, result)
    assert again.sample == drawn.sample
    assert {answer.outcome for answer in answers.values()} == {Outcome.RIGHT}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_items() -> None:
    result = calculate_file(EXAMPLES / "grocery_air_conditioning" / "monitoring.xlsx")
    wish = Wish("months", Design.RISK, seed="a")
    assert worksheet(result, plan(result, wish)) == worksheet(result, plan(result, wish))
    first, second = (plan(result, Wish("months", Design.RISK, seed=seed)) for seed in "ab")
    assert first.sample != second.sample
    assert plan(result, Wish("months")).wish.seed  # a new seed is stated


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_items_of_an_example(kind: str) -> None:
    result = calculate_file(EXAMPLES / "hai_phong_compost" / "monitoring.xlsx")
    items = population(result, kind)
    assert items
    assert len({item.id for item in items}) == len(items)
    if kind in ("months", "invoices"):
        assert all(item.effect is not None for item in items)


def test_nothing_to_draw_from_is_said(tmp_path: Path) -> None:
    result = calculate_file(solar_workbook(tmp_path / "monitoring.xlsx"))
    with pytest.raises(PlanError, match="no invoices"):
        plan(result, Wish("invoices"))
    done = run("sample", tmp_path / "monitoring.xlsx", "--of", "invoices")
    assert done.status == 1
    assert not (tmp_path / "sample_invoices.xlsx").exists()


def test_two_designs_at_once_are_wrong_usage(tmp_path: Path) -> None:
    report = solar_workbook(tmp_path / "monitoring.xlsx")
    assert run("sample", report, "--risk", "--stratified").status == 2


def test_a_sample_of_a_package_and_of_reports_beside_their_inputs(tmp_path: Path) -> None:
    """The same sample whether the workbook, the package or the folder of the reports is named."""
    report = solar_workbook(tmp_path / "monitoring.xlsx")
    assert run("calculate", report, "--formats", "json,package", "--output", tmp_path / "out").status == 0
    (tmp_path / "alone").mkdir()
    package = tmp_path / "alone" / "package.zip"
    package.write_bytes((tmp_path / "out" / "monitoring_package.zip").read_bytes())
    found = set()
    for n, named in enumerate((report, package, tmp_path / "out")):
        done = run("sample", named, "--seed", "a", "--format", "json", "--output", tmp_path / f"s{n}.xlsx")
        assert done.status == 0, done.err
        found.add(done.out)
    assert len(found) == 1
    lonely = tmp_path / "alone" / "result.json"
    lonely.write_bytes((tmp_path / "out" / "result.json").read_bytes())
    assert run("sample", lonely, "--seed", "a").status == 1


def test_nothing_is_overlooked_however_far_down_it_stands(sheet: Path) -> None:
    """A row below the limit is refused, also where thousands of empty rows stand before it."""
    report = sheet.parent / "monitoring.xlsx"
    fill(sheet, {})
    book = load_workbook(sheet)
    book["Sample"].cell(30_000, 2, "M-1 2024-09")
    book.save(sheet)
    assert refused(sheet, report) == [("filled.unreadable", "Sample", "A30000")]


def test_a_sheet_that_says_it_is_as_wide_as_it_can_be_is_read_at_once(sheet: Path) -> None:
    """The size that a file states of itself is a promise: one cell at the far corner must not cost minutes."""
    fill(sheet, {})
    book = load_workbook(sheet)
    book["Method"].cell(1_048_576, 16_384, "x")
    book.save(sheet)
    drawn, answers = read_worksheet(sheet, calculate_file(sheet.parent / "monitoring.xlsx"))
    assert len(answers) == len(drawn.sample) == 3
