"""``jcm-mrv methodologies compare``: a card against an invented spreadsheet in the official layout."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from jcm_mrv.cli import program
from jcm_mrv.conformance import official_compare as spreadsheet_compare
from jcm_mrv.conformance.cases import calculate_case, cases_of
from jcm_mrv.conformance.official_compare import Comparison, compare
from jcm_mrv.conformance.official_defaults import compare_defaults
from jcm_mrv.conformance.official_evidence import NothingAgreesError, evidence_rows, write_evidence
from jcm_mrv.conformance.official_inputs import feed
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.libreoffice import soffice
from jcm_mrv.methodology.binding import bind
from jcm_mrv.methodology.catalogue import catalogue
from jcm_mrv.official.reading import Line, Spreadsheet, read_spreadsheet
from jcm_mrv.official.recalculating import tonnes_compared
from jcm_mrv.official.terms import UnknownSymbolError, renamed
from jcm_mrv.result import YearResult
from jcm_mrv.workbook.unpacking import PackageError
from support.official_spreadsheet import DEFAULTS, official_spreadsheet

ENTRY = catalogue().find("VN_AM007")
CASE = next(c for c in cases_of(ENTRY) if c.name == "VN_AM007_three_connections.toml")
DAY = date(2026, 11, 24)
needs_libreoffice = pytest.mark.skipif(not soffice(), reason="LibreOffice (soffice) was not found")


@pytest.fixture
def one_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet_compare, "cases_of", lambda entry: iter([CASE]))


@pytest.fixture
def no_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing to recalculate."""
    monkeypatch.setattr(spreadsheet_compare, "cases_of", lambda entry: iter([]))


def outcomes(comparison: Comparison, kind: str) -> dict[str, str]:
    return {c.parameter: c.outcome for c in comparison.compared if c.kind == kind}


def listed(number: str, *lines: Line) -> list[tuple[str, str, str]]:
    """Parameter, fuel and outcome of a list of default values against the card of this number."""
    empty = Spreadsheet("x.xlsx", "", (), (), (), lines, {}, {})
    return [(c.parameter, c.applies_to, c.outcome) for c in compare_defaults(bind(catalogue().find(number)), empty, {})]


def line(symbol: str, value: float | str, unit: str, fuel: str = "") -> Line:
    return Line("MPS(calc_process)", "D20", symbol, "", value, unit, fuel)


@needs_libreoffice
@pytest.mark.usefixtures("one_case")
class TestRecalculated:
    def test_what_agrees_is_written_as_evidence(self, tmp_path: Path) -> None:
        path = official_spreadsheet(tmp_path / "official.xlsx")
        before, output = path.read_bytes(), tmp_path / "confirmed.xlsx"
        given = ["methodologies", "compare", "VN_AM007", str(path), "--confirm", str(output), "--date", "2026-11-24"]
        done = CliRunner().invoke(program, given)
        assert done.exit_code == 0 and "Everything agrees." in done.output
        # 1000 x 0.333 + 500 x min(0.333, 0.533) + 200 x 0.533 = 333 + 166.5 + 106.6; the cells are in kWh and kg
        assert "606.1 tCO2/p" in done.output and "1 kgCO2/MWh = 0.001 tCO2/MWh" in done.output
        assert "1000000 kWh/p" in done.output
        assert path.read_bytes() == before
        sheet = load_workbook(output)["Fixed values"]
        heads = [cell.value for cell in sheet[1]]
        rows = [dict(zip(heads, (c.value for c in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
        found = [(r["Parameter"], r["Value"], r["Unit"]) for r in rows if r["Parameter"]]
        assert found == [
            ("equation", "confirmed", None),
            ("EF_RE_grid", 0.333, "tCO2/MWh"),
            ("EF_RE_cap", 0.533, "tCO2/MWh"),
        ]
        digest = hashlib.sha256(before).hexdigest()
        assert rows[0]["Document"] == f"official.xlsx, SHA-256 {digest}, compared on 2026-11-24"
        assert rows[1]["Page"] == "MPS(calc_process)!D20"
        kept = output.read_bytes()
        again = CliRunner().invoke(program, given)
        assert again.exit_code == 1 and "--force" in again.output and output.read_bytes() == kept

    def test_a_wrong_default_is_found_in_the_list_and_in_the_tonnes(self, tmp_path: Path) -> None:
        wrong = [[*DEFAULTS[0][:2], 0.335, *DEFAULTS[0][3:]], DEFAULTS[1]]
        comparison = compare(ENTRY, read_spreadsheet(official_spreadsheet(tmp_path / "o.xlsx", defaults=wrong)))
        assert outcomes(comparison, "default") == {"EF_RE_grid": "differs", "EF_RE_cap": "agrees"}
        assert outcomes(comparison, "result") == {"RE_p": "differs", "PE_p": "agrees", "ER_p": "differs"}
        # 0.002 more on 1500 MWh
        assert "+3 t off" in next(c.note for c in comparison.compared if c.parameter == "RE_p")
        assert [r["parameter"] for r in evidence_rows(comparison, DAY)] == ["EF_RE_cap"]

    def test_another_equation_is_found_though_every_default_agrees(self, tmp_path: Path) -> None:
        # the spreadsheet subtracts a tenth for consumption of its own
        path = official_spreadsheet(tmp_path / "o.xlsx", cells={"D15": "=0.1*D7"})
        comparison = compare(ENTRY, read_spreadsheet(path))
        assert set(outcomes(comparison, "default").values()) == {"agrees"}
        assert outcomes(comparison, "result") == {"RE_p": "agrees", "PE_p": "differs", "ER_p": "differs"}
        assert not comparison.agrees
        assert "equation" not in [r["parameter"] for r in evidence_rows(comparison, DAY)]


def test_a_difference_that_a_study_misprints() -> None:
    """A study prints 2,747 - 350 = 2,379; it is 2,397: a spreadsheet with its figures is 18 t off in ER."""
    printed = (line("RE_p", 2747.0, "tCO2/p"), line("PE_p", 350.0, "tCO2/p"), line("ER_p", 2379.0, "tCO2/p"))
    process = tuple(replace(one, cell=f"D{n}") for n, one in enumerate(printed, 4))
    read = Spreadsheet("study.xlsx", "", (), (), process, (), {}, {})
    cells = {"MPS(calc_process)": {one.cell: one.value for one in process}}
    year = YearResult(2024, date(2024, 1, 1), date(2024, 12, 31), 2747.0, 350.0, 2747.0 - 350.0, 2397, None)
    found = list(tonnes_compared(read, cells, year, "study"))
    assert [(c.parameter, c.note) for c in found if "off" in c.note] == [("ER_p", "the spreadsheet is -18 t off")]


class TestDefaults:
    def test_scale_and_kind_of_the_unit_count_not_the_number_alone(self) -> None:
        # 533 kg are 0.533 t; 0.333 of another scale or kind is something else
        lines = [line("EF_RE,cap", 533.0, "kgCO2/MWh"), line("EF_RE_grid", 0.333, "tCO2/GJ")]
        assert listed("VN_AM007", *lines) == [("EF_RE_grid", "", "differs"), ("EF_RE_cap", "", "agrees")]
        assert listed("VN_AM007", lines[0], line("EF_RE_grid", 0.333, "GJ/t"))[0] == ("EF_RE_grid", "", "differs")

    def test_a_symbol_written_differently_is_told(self) -> None:
        lines = line("EF_elec", 0.333, "tCO2/MWh"), line("EF_RE,cap", 0.533, "tCO2/MWh")
        read = Spreadsheet("x.xlsx", "", (), (), (), lines, {}, {})
        told = renamed(read, {"EF_RE_grid": "EF_elec"}, ["EF_RE_grid"])
        assert [c.outcome for c in compare_defaults(bind(ENTRY), told, {})] == ["agrees", "agrees"]
        for wrong in ({"EF": "EF_elec"}, {"EF_RE_grid": "EF_none"}):
            with pytest.raises(UnknownSymbolError):
                renamed(read, wrong, ["EF_RE_grid"])

    def test_a_rate_is_no_amount(self) -> None:
        lines = line("EF_RE,cap", 0.533, "tCO2/MWh/p"), line("EF_RE_grid", 0.333, "tCO2/MWh")
        assert listed("VN_AM007", *lines) == [("EF_RE_grid", "", "agrees"), ("EF_RE_cap", "", "differs")]

    def test_a_default_given_twice_is_no_evidence_unless_both_agree(self) -> None:
        first = line("EF_RE,grid", 0.333, "tCO2/MWh")
        second, other = replace(first, cell="D21"), line("EF_RE,cap", 0.533, "tCO2/MWh")
        for value, evidence in ((0.333, ["EF_RE_grid", "EF_RE_cap"]), (0.9, ["EF_RE_cap"])):
            read = Spreadsheet("x.xlsx", "", (), (), (), (first, replace(second, value=value), other), {}, {})
            comparison = Comparison(ENTRY, read, tuple(compare_defaults(bind(ENTRY), read, {})))
            assert [r["parameter"] for r in evidence_rows(comparison, DAY)] == evidence

    def test_fuels_by_their_name(self) -> None:
        coal, other = line("NCV", 21.6, "GJ/t", "Anthracite"), line("NCV", 40.0, "GJ/t", "Moonshine")
        found = [c for c in listed("ID_AM006@2.0", coal, other, line("NCV", 24.0, "MJ/kg", "Anthracite")) if c[1]]
        assert found == [
            ("NCV", "Anthracite", "agrees"),
            ("NCV", "Moonshine", "not found"),
            ("NCV", "Anthracite", "differs"),
        ]

    def test_classes_in_order(self) -> None:
        values = [4.92, 5.33, 5.59, 5.58, 6.06]  # the fourth is 5.85 on the card
        rows = [replace(line("COP_RE,i", value, "-"), cell=f"D{n}") for n, value in enumerate(values)]
        found = [c[2] for c in listed("ID_AM002@2.0", *rows) if c[0] == "COP_RE"]
        assert found == ["agrees", "agrees", "agrees", "differs", "agrees"]
        assert [c[2] for c in listed("ID_AM002@2.0", *rows[:2]) if c[0] == "COP_RE"] == ["differs"]

    def test_missing_on_either_side_is_not_found(self) -> None:
        found = listed("VN_AM007", line("EF_RE,grid", 0.333, "tCO2/MWh"), line("EF_elec", 0.5, "tCO2/MWh"))
        assert found == [("EF_RE_grid", "", "agrees"), ("EF_RE_cap", "", "not found"), ("EF_elec", "", "not found")]

    def test_text_is_no_number(self) -> None:
        found = listed("VN_AM007", line("EF_RE,grid", "0.333", "tCO2/MWh"), line("EF_RE,cap", 0.533, "tCO2/MWh"))
        assert found == [("EF_RE_grid", "", "differs"), ("EF_RE_cap", "", "agrees")]


class TestInputs:
    def fed(self, tmp_path: Path, change: Callable[[Spreadsheet], Spreadsheet]) -> tuple[dict[str, str], object]:
        read = change(read_spreadsheet(official_spreadsheet(tmp_path / "o.xlsx")))
        compared, written = feed(bind(ENTRY), CASE, 2024, read, "case, 2024")
        return {c.parameter: c.outcome for c in compared}, written

    def test_each_value_goes_into_its_cell_in_its_unit(self, tmp_path: Path) -> None:
        found, written = self.fed(tmp_path, lambda s: s)
        assert set(found.values()) == {"fed"}
        assert isinstance(written, dict)
        assert [written["MPS(input)", c] for c in ("D5", "D6", "D7")] == [1_000_000, 500_000, 200_000]
        assert written["MPS(input)", "C13"] == "off grid with diesel generator"

    def test_too_few_cells_and_no_cell(self, tmp_path: Path) -> None:
        found, written = self.fed(tmp_path, lambda s: replace(s, monitored=s.monitored[:2]))
        assert found["EG"] == "not found" and written is None
        found, written = self.fed(tmp_path, lambda s: replace(s, fixed=()))
        assert found["connection"] == "not found" and written is not None

    def test_what_one_unit_lacks_leaves_the_others_in_their_cells(self, tmp_path: Path) -> None:
        read = read_spreadsheet(official_spreadsheet(tmp_path / "o.xlsx"))
        first, second, third = CASE.monitored
        later = replace(CASE, monitored=(first, {**second, "by_year": {"2025": 1.0}}, third))
        for case in (later, replace(CASE, monitored=(third, first))):
            written = feed(bind(ENTRY), case, 2024, read, "case, 2024")[1]
            assert written is not None and [written["MPS(input)", c] for c in ("D5", "D6", "D7")] == [
                1_000_000,
                "",
                200_000,
            ]

    def test_a_formula_is_not_overwritten(self, tmp_path: Path) -> None:
        sums = lambda s: replace(s, monitored=tuple(replace(x, value="=1+1") for x in s.monitored))  # noqa: E731
        found, written = self.fed(tmp_path, sums)
        assert found["EG"] == "not found" and written is None

    def test_an_input_that_is_not_the_cards_is_said(self, tmp_path: Path) -> None:
        more = lambda s: replace(s, monitored=(*s.monitored, replace(s.monitored[0], symbol="EC_AUX", cell="D8")))  # noqa: E731
        assert self.fed(tmp_path, more)[0]["EC_AUX"] == "not found"


@pytest.mark.usefixtures("one_case")
class TestResults:
    """What a recalculation gave, without one: 606.1 t as in the case."""

    def of(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cells: dict[str, float | str], **process: float | str
    ) -> dict[str, tuple[str, str]]:
        read = read_spreadsheet(official_spreadsheet(tmp_path / "o.xlsx", cells=process))
        found = {"D7": 606.1, "D15": 0.0, "D4": 606.1, **cells}
        monkeypatch.setattr(spreadsheet_compare, "recalculated", lambda *_: {"MPS(calc_process)": found})
        return {c.parameter: (c.outcome, c.note) for c in compare(ENTRY, read).compared if c.kind == "result"}

    def test_whole_tonnes_rounded_down_agree_for_er_alone(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        found = self.of(monkeypatch, tmp_path, {"D4": 606.0, "D7": 606.0})
        assert found["ER_p"] == ("agrees", "the spreadsheet rounds down to whole tonnes")
        assert found["RE_p"][0] == "differs"
        assert self.of(monkeypatch, tmp_path, {"D4": 607.0})["ER_p"][0] == "differs"

    def test_an_error_another_unit_and_a_value_without_formula_differ(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        assert self.of(monkeypatch, tmp_path, {"D7": "#DIV/0!"})["RE_p"][0] == "differs"
        assert self.of(monkeypatch, tmp_path, {}, E7="MWh/p")["RE_p"][0] == "differs"
        assert self.of(monkeypatch, tmp_path, {}, E7="kgCO2/p")["RE_p"][0] == "differs"
        assert self.of(monkeypatch, tmp_path, {"D7": 606_100.0}, E7="kgCO2/p")["RE_p"][0] == "agrees"
        assert self.of(monkeypatch, tmp_path, {}, D7=606.1)["RE_p"] == ("differs", "the cell holds no formula")


class TestRefused:
    def test_another_layout(self, tmp_path: Path) -> None:
        path = official_spreadsheet(tmp_path / "o.xlsx")
        book = load_workbook(path)
        book["MPS(input)"].title = "Inputs"
        book.save(path)
        with pytest.raises(InputRefusedError) as refused:
            read_spreadsheet(path)
        assert [f.code for f in refused.value.findings] == ["spreadsheet.layout"]

    def test_tables_without_their_headings(self, tmp_path: Path) -> None:
        path = official_spreadsheet(tmp_path / "o.xlsx", cells={"D2": "Amount"})
        book = load_workbook(path)
        book["MPS(input)"]["B4"] = "What"
        book.save(path)
        with pytest.raises(InputRefusedError) as refused:
            read_spreadsheet(path)
        assert [f.where.sheet for f in refused.value.findings] == ["MPS(input)", "MPS(calc_process)"]

    @pytest.mark.parametrize(
        "formula",
        [
            '=WEBSERVICE("x")',
            "=[1]Sheet!A1",
            "=cmd|'/c calc'!A1",
            '=INDIRECT("A"&1)',
            "='file:///etc/hosts'#$A.A1",
        ],
    )
    def test_formulas_that_reach_outside(self, formula: str, tmp_path: Path) -> None:
        path = official_spreadsheet(tmp_path / "o.xlsx", cells={"D15": formula})
        with pytest.raises(InputRefusedError) as refused:
            read_spreadsheet(path)
        (finding,) = refused.value.findings
        assert finding.code == "spreadsheet.unsafe_formula" and finding.where.cell == "D15"

    def test_a_far_cell_is_not_laid_out(self, tmp_path: Path) -> None:
        path = official_spreadsheet(tmp_path / "o.xlsx", cells={"ZZ1000000": 1.0})
        with pytest.raises(PackageError):
            read_spreadsheet(path)

    def test_no_workbook(self, tmp_path: Path) -> None:
        path = tmp_path / "o.xlsx"
        path.write_text("text")
        with pytest.raises(PackageError):
            read_spreadsheet(path)
        with pytest.raises(PackageError):
            read_spreadsheet(tmp_path / "not_there.xlsx")

    def test_confirm_needs_a_date(self, tmp_path: Path) -> None:
        path = str(official_spreadsheet(tmp_path / "o.xlsx"))
        done = CliRunner().invoke(program, ["methodologies", "compare", "VN_AM007", path, "--confirm", "c.xlsx"])
        assert done.exit_code == 2 and "--date" in done.output


@pytest.mark.usefixtures("no_case")
def test_without_a_case_nothing_is_confirmed(tmp_path: Path) -> None:
    comparison = compare(ENTRY, read_spreadsheet(official_spreadsheet(tmp_path / "o.xlsx")))
    assert not comparison.agrees
    assert [r["parameter"] for r in evidence_rows(comparison, DAY)] == ["EF_RE_grid", "EF_RE_cap"]
    one, two = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    write_evidence(one, comparison, DAY)
    write_evidence(two, comparison, DAY)
    assert one.read_bytes() == two.read_bytes()
    used = calculate_case(replace(CASE, fixed=tuple(evidence_rows(comparison, DAY))), tmp_path).defaults
    assert {(u.node.symbol, u.evidence) for u in used} == {
        ("EF_RE_grid", "project document"),
        ("EF_RE_cap", "project document"),
    }
    with pytest.raises(NothingAgreesError):
        evidence_rows(replace(comparison, compared=()), DAY)
