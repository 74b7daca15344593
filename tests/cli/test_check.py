"""``jcm-mrv check``: what is wrong, put together by what to do, on a terminal and as lists."""

from __future__ import annotations

import copy
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from jcm_mrv.cli.findings_text import wrapped
from jcm_mrv.findings import Finding, InputRefusedError, Severity, refuse_on_error
from jcm_mrv.origin import Origin
from jcm_mrv.reporting.check.check import Check
from jcm_mrv.reporting.check.groups import grouped
from jcm_mrv.reporting.check.writing import SCHEMA, schema_text, write_check
from support.mutations import set_cells
from support.workbooks import months, solar_tables, solar_workbook


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return solar_workbook(tmp_path / "monitoring.xlsx")


def finding(n: int, **changes: Any) -> Finding:
    given: dict[str, Any] = {
        "code": "readings.gap_of_the_test",
        "severity": Severity.MAJOR,
        "message": f"meter M-1 has no reading in 2024-{n:02d}",
        "where": Origin(file="m.xlsx", sheet="Readings", cell=f"E{n}"),
        "action": "Enter the reading.",
    }
    return Finding(**{**given, **changes})


class TestGroups:
    def test_twelve_months_of_one_meter_are_one_group_with_its_places(self) -> None:
        [group] = grouped(finding(n, effect_tco2e=-0.5) for n in range(1, 13))
        assert len(group.findings) == 12
        assert group.effect == pytest.approx(-6.0)
        [item] = group.items
        assert item.first.message == "meter M-1 has no reading in 2024-01"
        assert item.others == ", ".join(f"E{n} (2024-{n:02d}, -0.500 t)" for n in range(2, 13))

    def test_hundreds_of_one_kind_share_a_line_that_still_names_each_cell(self) -> None:
        cells = [*range(2, 200), *range(300, 402)]
        [group] = grouped(finding(n, message=f"text in row {n}") for n in cells)
        [item] = group.items
        assert item.others == "299 more, in all m.xlsx, Readings!E2 to E199, E300 to E401"

    def test_another_thing_to_do_is_another_group(self) -> None:
        found = [finding(1), finding(2, action="Ask the supplier."), finding(3)]
        assert [len(g.findings) for g in grouped(found)] == [2, 1]

    def test_what_differs_in_the_name_of_a_thing_only_is_the_same_to_do(self) -> None:
        found = [finding(n, action=f"Add a row: parameter EG, applies to PV-{n}.") for n in (1, 2)]
        [group] = grouped(found)
        assert group.actions == [f"Add a row: parameter EG, applies to PV-{n}." for n in (1, 2)]

    def test_the_gravest_first_then_what_moves_most(self) -> None:
        found = [
            finding(1, code="a.a", severity=Severity.NOTE, effect_tco2e=-99.0),
            finding(2, code="a.b"),
            finding(3, code="a.c", effect_tco2e=-1.0),
            finding(4, code="a.d", effect_tco2e=7.0),
            finding(5, code="a.e", severity=Severity.ERROR),
        ]
        assert [g.code for g in grouped(found)] == ["a.e", "a.d", "a.c", "a.b", "a.a"]
        assert [g.number for g in grouped(found)] == [1, 2, 3, 4, 5]

    def test_lines_of_a_log(self) -> None:
        found = [finding(n, message="no number", where=Origin(file="log.csv", line=n)) for n in (4, 5, 6, 9)]
        [item] = grouped(found)[0].items
        assert item.others == "lines 5 to 6, 9"

    def test_peoples_own_number_signs_do_no_harm(self) -> None:
        found = [finding(n, message=text) for n, text in enumerate(("unit # stands", "unit 7 stands", "unit 8 stands"))]
        assert grouped(found)[0].items[0].others == "E1 to E2"

    def test_quoted_names_are_names_and_apostrophes_are_not(self) -> None:
        found = [finding(n, message=f"the site's column '{name} W' (a meter's)") for n, name in enumerate("abc", 1)]
        assert grouped(found)[0].items[0].others == "E2 (b W), E3 (c W)"
        apart = [finding(n, message=f"the site's {word} meter's") for n, word in enumerate(("old", "new", "own"))]
        assert len(grouped(apart)[0].items) == 3

    @pytest.mark.parametrize("word", ["x" * 32_000, "'" * 32_000, "“" * 32_000, "'a" * 16_000])
    def test_texts_of_strangers_are_read_in_one_go(self, word: str) -> None:
        """A pattern that looks back again and again would not come to an end here."""
        [group] = grouped(finding(n, message=word, action=word) for n in range(5))
        assert len(group.items) == 1

    def test_two_are_told_in_full(self) -> None:
        [group] = grouped([finding(1), finding(2)])
        assert [i.others for i in group.items] == ["", ""]

    def test_what_stands_there_is_told_of_each(self) -> None:
        found = [finding(n, message="no number", found=text) for n, text in enumerate(("1,5", "-", "n/a"), start=2)]
        assert grouped(found)[0].items[0].others == "E3 (-), E4 (n/a)"

    def test_what_stands_there_at_length_is_not_cut_off(self) -> None:
        found = [
            finding(n, found=f"{n} and more than a line of what the row has, which says nothing " * 2)
            for n in (2, 3, 4)
        ]
        assert grouped(found)[0].items[0].others == "E3 (2024-03), E4 (2024-04)"

    def test_a_name_ends_at_a_japanese_comma(self) -> None:
        """There are no spaces: what follows the number is another word."""
        found = [finding(n, message=f"計器 M-{n} は 0.{n}、時間の 98%") for n in (2, 3, 4)]
        assert grouped(found)[0].items[0].others == "E3 (M-3, 0.3), E4 (M-4, 0.4)"


def test_what_was_noticed_besides_an_error_is_kept() -> None:
    found = [finding(1), finding(2, severity=Severity.ERROR), finding(1)]
    with pytest.raises(InputRefusedError) as caught:
        refuse_on_error(found)
    assert (list(caught.value.findings), list(caught.value.others)) == ([found[1]], [found[0]])
    copied = copy.copy(caught.value)
    assert (copied.findings, copied.others) == (caught.value.findings, caught.value.others)


class TestTerminal:
    def test_severities_with_what_they_mean_and_what_to_do_next(self, jcm: Any, good: Path) -> None:
        done = jcm("check", good)
        assert done.status == 0
        assert "180.000 tCO2e\n" in done.out and re.search(r"claimed, \d+ questions? open: 180\n", done.out)
        # The factor of the grid on the card is 0.333; the workbook has 0.5.
        assert done.out.index("MAJOR: a verifier") < done.out.index("MINOR: worth putting in order")
        assert (
            done.out.rstrip()
            .splitlines()[-2]
            .startswith("Next: mend what is major, or answer it on the sheet Answers, then run:")
        )

    def test_an_error_blocks_and_the_rest_is_told_as_well(self, jcm: Any, good: Path) -> None:
        set_cells(good, {"Readings!E3": "-", "Monitoring points!I2": "yes"})
        done = jcm("check", good)
        assert done.status == 1
        assert done.out.index("ERRORS:") < done.out.index("MAJOR:") < done.out.index("MINOR:")
        assert "points.other_loads" in done.out
        assert "cannot be calculated before the errors are mended" in done.out

    def test_fifty_findings_stay_within_eighty_columns(self, jcm: Any, tmp_path: Path) -> None:
        """Seven plants, short of most things, with Japanese names."""
        path = many(tmp_path)
        done = jcm("check", path)
        assert done.status == 0
        counts = done.out.split("Findings: ")[1].splitlines()[0]
        count = sum(int(part.split()[0]) for part in counts.split(", "))
        assert count >= 50
        lines = [line for line in done.out.splitlines() if "jcm-mrv c" not in line and "https://" not in line]
        assert max(map(len, lines)) <= 80
        # Each kind is told once: 7 shares without basis are one paragraph.
        assert done.out.count("points.share_basis") == 1
        assert "A share of a meter's reading is not explained (7 places)" in done.out
        assert len(lines) < 2.2 * count

    def test_japanese_fills_its_lines_without_spaces(self) -> None:
        """Five characters of two columns each behind two columns; a full stop stays with its sentence."""
        assert list(wrapped("> ", "承認された方法論の要件。(x)", 12)) == ["> 承認された", "  方法論の要", "  件。(x)"]
        assert list(wrapped("- ", "one two three", 10)) == ["- one two", "  three"]

    def test_other_peoples_words_do_not_steer_the_terminal(self, jcm: Any, good: Path) -> None:
        set_cells(good, {"Evidence!C2": "a _x001B_[2J.pdf", "Monitoring points!J2": None})
        done = jcm("check", good)
        assert "\x1b" not in done.out


def many(folder: Path) -> Path:
    """Seven units that share one meter each, without most of what a verifier asks for."""
    point, meter = solar_tables()["points"][0], solar_tables()["meters"][0]
    names = [f"太陽光-{n}" for n in range(1, 8)]
    bare = {"option": None, "frequency": None, "responsible": None, "share": 0.5, "other_loads": "yes"}
    edges = months((2024, 1), 3)
    return solar_workbook(
        folder / "monitoring.xlsx",
        tables={
            "equipment": [{"equipment_id": n, "own_renewables": "yes"} for n in names],
            "meters": [{**meter, "meter_id": f"M-{n}", "serial_number": f"SN-{n}"} for n in names],
            "calibrations": [],
            "points": [{**point, "applies_to": n, "meter_id": f"M-{n}", **bare} for n in names],
            "eligibility": [{"number": str(n), "criterion": "Illustrative", "met": "yes"} for n in range(1, 9)],
            "evidence": [{"document_id": f"D-{n}", "title": "x", "file": f"D-{n}.pdf"} for n in range(1, 9)],
            "team": [],
            "readings": [
                {"meter_id": f"M-{n}", "kind": "energy", "start": a, "end": b, "value": 1e5, "unit": "kWh"}
                for n in names
                for a, b in pairwise(edges)
            ],
        },
    )


class TestLists:
    def test_both_or_what_is_asked_for(self, jcm: Any, good: Path) -> None:
        done = jcm("check", good, "--output", good.parent / "checks")
        assert done.status == 0
        assert sorted(p.name for p in (good.parent / "checks").iterdir()) == ["check.json", "check.xlsx"]
        jcm("check", good, "--output", good.parent / "one", "--formats", "JSON")
        assert [p.name for p in (good.parent / "one").iterdir()] == ["check.json"]

    def test_formats_alone_say_nothing_about_where(self, jcm: Any, good: Path) -> None:
        done = jcm("check", good, "--formats", "json")
        assert done.status == 2 and "--output" in done.err
        assert jcm("check", good, "--output", good.parent, "--formats", "pdf").status == 2

    def test_json_follows_its_schema_also_for_a_refused_workbook(self, jcm: Any, tmp_path: Path) -> None:
        schema = json.loads(schema_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        path = many(tmp_path)
        for status, calculable in ((0, True), (1, False)):
            assert jcm("check", path, "--output", tmp_path / "c").status == status
            data = json.loads((tmp_path / "c" / "check.json").read_bytes())
            jsonschema.validate(data, schema)
            assert (data["schema"], data["calculable"]) == (SCHEMA, calculable)
            assert sum(data["counts"].values()) == len(data["findings"]) >= 50
            assert [f["number"] for f in data["findings"]] == list(range(1, len(data["findings"]) + 1))
            set_cells(path, {"Readings!E3": "-"})

    def test_a_damaged_file_is_listed_too(self, jcm: Any, tmp_path: Path) -> None:
        (tmp_path / "m.xlsx").write_bytes(b"PK nothing")
        assert jcm("check", tmp_path / "m.xlsx", "--output", tmp_path / "c").status == 1
        data = json.loads((tmp_path / "c" / "check.json").read_bytes())
        assert data["counts"]["error"] == 1 and data["project"] is None

    def test_the_same_workbook_gives_the_same_bytes(self, jcm: Any, good: Path) -> None:
        for name in ("a", "b"):
            jcm("check", good, "--output", good.parent / name)
        for name in ("check.json", "check.xlsx"):
            assert (good.parent / "a" / name).read_bytes() == (good.parent / "b" / name).read_bytes()

    def test_one_row_per_finding_with_room_for_an_answer(self, jcm: Any, tmp_path: Path) -> None:
        path = many(tmp_path)
        jcm("check", path, "--output", tmp_path / "c")
        book = openpyxl.load_workbook(tmp_path / "c" / "check.xlsx")
        sheet = book["Findings"]
        heads = [c.value for c in sheet[1]]
        assert heads[-1] == "Answer" and {"Code", "Severity", "Sheet", "Place", "Found", "To do"} <= set(heads)
        data = json.loads((tmp_path / "c" / "check.json").read_bytes())
        rows = [dict(zip(heads, (c.value for c in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
        assert [r["Code"] for r in rows] == [f["code"] for f in data["findings"]]
        effects = [f["effect_tco2e"] for f in data["findings"]]
        assert [r["Effect on ER [tCO2e]"] for r in rows] == pytest.approx(effects)
        assert {r["Answer"] for r in rows} == {None}
        assert sheet.auto_filter.ref == f"A1:L{len(rows) + 1}"
        # The code leads to what it means.
        codes = book["Codes"]
        for row in sheet.iter_rows(min_row=2):
            link = row[heads.index("Code")].hyperlink
            target = codes[link.location.split("!")[1]]
            assert target.value == row[heads.index("Code")].value

    def test_nothing_becomes_a_formula(self, tmp_path: Path) -> None:
        evil = '=HYPERLINK("http://x","y")'
        where = Origin(file="=1+1.csv", sheet="@x", cell="+A1")
        found = finding(1, message=evil, found="=1+1", action="-1+1", where=where, code="=cmd|x")
        write_check(Check("=m.xlsx", "0" * 64, {"jcm-mrv": "0"}, [found], None), tmp_path, ["xlsx"])
        for sheet in openpyxl.load_workbook(tmp_path / "check.xlsx").worksheets:
            assert [c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f"] == []

    def test_all_or_nothing(self, jcm: Any, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from jcm_mrv.reporting.check import writing

        def fails(check: Check) -> bytes:
            raise OSError("the disk is full")

        monkeypatch.setattr(writing, "check_json", fails)
        done = jcm("check", good, "--output", good.parent / "c")
        assert done.status == 1 and "the disk is full" in done.err
        assert not (good.parent / "c").exists()


class TestAnswers:
    def answer(self, folder: Path, text: str) -> Path:
        """Write an answer to the finding about the missing estimate, as a person does in Excel."""
        path = folder / "check.xlsx"
        book = openpyxl.load_workbook(path)
        sheet = book["Findings"]
        heads = [c.value for c in sheet[1]]
        [row] = [r for r in sheet.iter_rows(min_row=2) if r[heads.index("Code")].value == "estimates.missing"]
        row[heads.index("Answer")].value = text
        book.save(path)
        return path

    def test_the_next_check_keeps_them(self, jcm: Any, good: Path) -> None:
        folder = good.parent / "c"
        jcm("check", good, "--output", folder)
        self.answer(folder, "Asked the PDD's author")
        assert jcm("check", good, "--output", folder).status == 0
        answers = [c.value for c in openpyxl.load_workbook(folder / "check.xlsx")["Findings"]["L"]]
        assert "Asked the PDD's author" in answers
        data = json.loads((folder / "check.json").read_bytes())
        assert {f["code"]: f["answer"] for f in data["findings"]}["estimates.missing"] == "Asked the PDD's author"
        assert not (folder / "check.earlier.xlsx").exists()

    def test_an_answer_whose_finding_is_gone_stays_in_the_earlier_list(self, jcm: Any, good: Path) -> None:
        folder = good.parent / "c"
        jcm("check", good, "--output", folder)
        before = self.answer(folder, "Will follow").read_bytes()
        solar_workbook(good, tables={"estimates": [{"year": 2024, "reductions": 180.0}]})
        jcm("check", good, "--output", folder)
        assert (folder / "check.earlier.xlsx").read_bytes() == before
        assert "Will follow" not in (folder / "check.json").read_text(encoding="utf-8")

    @pytest.mark.parametrize("content", [b"", b"PK nothing", b"text"])
    def test_what_cannot_be_read_is_not_lost(self, content: bytes, jcm: Any, good: Path) -> None:
        folder = good.parent / "c"
        folder.mkdir()
        (folder / "check.xlsx").write_bytes(content)
        assert jcm("check", good, "--output", folder).status == 0
        assert (folder / "check.earlier.xlsx").read_bytes() == content

    def test_another_workbook_of_that_name(self, jcm: Any, good: Path) -> None:
        folder = good.parent / "c"
        folder.mkdir()
        book = openpyxl.Workbook()
        book.save(folder / "check.xlsx")
        assert jcm("check", good, "--output", folder).status == 0
        assert (folder / "check.earlier.xlsx").exists()
