"""Answers on the sheet Answers stand beside their findings, and move nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.cli.afterwards import next_step
from jcm_mrv.origin import Origin
from jcm_mrv.quality.answers import answered
from jcm_mrv.quality.crosscheck import REGISTER
from jcm_mrv.reporting.document.pdf import paper_html
from jcm_mrv.reporting.document.templating import visible_text
from jcm_mrv.reporting.result_json import result_json
from jcm_mrv.result import Result
from jcm_mrv.versions.changes import changes
from jcm_mrv.workbook.change import Kind
from support.claims import rows_of
from support.workbooks import solar_workbook

MADE = {"finding": "calibrations.missing", "answer": "Ordered for May.", "evidence": "D-01"}
CODES = ("calibrations.missing", "defaults.replaced")


def calculated(folder: Path, *answers: dict[str, Any]) -> Result:
    path = solar_workbook(folder / "monitoring.xlsx", tables={"calibrations": [], "answers": list(answers)})
    return calculate_file(path)


@pytest.mark.parametrize("place", [{}, {"place": "Meters!A2"}, {"place": "meters!a2"}])
def test_an_answer_stands_beside_its_finding_and_moves_nothing(tmp_path: Path, place: dict[str, str]) -> None:
    without, result = calculated(tmp_path), calculated(tmp_path, MADE | place)
    found = {finding.code: finding for finding in result.findings}
    assert found["calibrations.missing"].answer == "Ordered for May. (D-01)"
    assert "answers.no_finding" not in found and not found["defaults.replaced"].answer
    assert (result.reductions, result.credited, result.questions) == (
        without.reductions, without.credited, without.questions
    )  # fmt: skip
    assert "Ordered for May. (D-01)" in visible_text(paper_html(result, "en"))
    before, now = (json.loads(result_json(one)) for one in (without, result))
    told = [one for one in changes(before, now) if one.part == "findings"]
    assert [(one.kind, one.what) for one in told] == [(Kind.ANSWERED, "calibrations.missing")]


@pytest.mark.parametrize("row", [MADE | {"place": "Meters!A9"}, MADE | {"finding": "calibrations.lost"}])
def test_an_answer_to_nothing_is_told_with_its_cell(tmp_path: Path, row: dict[str, str]) -> None:
    (found,) = [one for one in calculated(tmp_path, row).findings if one.code == "answers.no_finding"]
    assert (found.where.sheet, found.where.cell) == ("Answers", "A2") and row["finding"] in found.found


FINDING = REGISTER("a log differs", Origin(file="m.xlsx", sheet="Meters", cell="A2"))


@pytest.mark.parametrize(
    ("rows", "answer", "unused"),
    [
        ([{}], "Yes.", []), ([{"finding": "Crosscheck.Register"}], "Yes.", []), ([{"finding": "gaps.month"}], "", [2]),
        ([{"place": "Meters!A2"}], "Yes.", []), ([{"place": " "}], "Yes.", []), ([{"place": "Meters!A3"}], "", [2]),
        ([{"place": str(FINDING.where)}], "Yes.", []), ([{"place": "Meters!A2", "finding": "gaps.month"}], "", [2]),
        ([{"evidence": "D-01"}], "Yes. (D-01)", []), ([{"answer": " No. ", "evidence": " "}], "No.", []),
        ([{}, {"answer": "No.", "evidence": "D-2"}, {"place": "A9"}], "Yes.; No. (D-2)", [4]),
    ],
)  # fmt: skip
def test_an_answer_is_to_a_finding_of_its_code_and_place(
    rows: list[dict[str, str]], answer: str, unused: list[int]
) -> None:
    """Of two findings the second is of another code."""
    base = {"finding": "crosscheck.register", "answer": "Yes."}
    data: Any = SimpleNamespace(answers=rows_of("answers", [base | row for row in rows]))
    other = replace(FINDING, code="other.code")
    first, second, *left = answered([FINDING, other], data)
    assert (first, second) == (replace(FINDING, answer=answer), other)
    assert [one.where.cell for one in left] == [f"A{row}" for row in unused]


def test_the_next_step_counts_what_has_no_answer(tmp_path: Path) -> None:
    steps = [next_step(calculated(tmp_path, *rows), tmp_path / "monitoring.xlsx", [Path("p.zip")]) for rows in (
        (), (MADE,), tuple(MADE | {"finding": code} for code in CODES))]  # fmt: skip
    assert ["the 2 major" in steps[0], "the one major" in steps[1], "every question has an answer" in steps[2]] == [
        True, True, True
    ]  # fmt: skip
