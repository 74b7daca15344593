"""The benchmark of quiet rises: workbooks survive being written as plain values, and each change does what it says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import quiet_rises as benchmark
from support.workbooks import solar_workbook


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    folder = tmp_path / "plant"
    folder.mkdir()
    return solar_workbook(folder / benchmark.NAME)


def test_plain_values_give_the_same_tonnes(workbook: Path, tmp_path: Path):
    reductions, _ = benchmark.calculated(tmp_path, benchmark.read(workbook))
    assert reductions == pytest.approx(180.0)


def test_every_cell_is_changed_in_every_way_that_fits_it(workbook: Path):
    found = list(benchmark.changes(workbook, benchmark.read(workbook)))
    first = Counter(c.kind for c in found if (c.sheet, c.row, c.heading) == ("Readings", 1, "Value"))
    assert first == Counter([*benchmark.FACTORS, "blank", "swap"])
    assert {c.value for c in found if (c.sheet, c.kind, c.heading) == ("Readings", "unit", "Unit")} == {
        "MWh",
        "Wh",
        "MJ",
    }
    assert {c.kind for c in found if c.sheet == "Readings" and c.heading == ""} == {"row deleted", "row doubled"}
    assert not {c.sheet for c in found} & set(benchmark.SKIPPED)


def test_a_rise_is_told_quiet_or_refused(workbook: Path):
    """A tenth more of January alone cannot be known (5 t); a thousand times is above the capacity of the roof."""
    every = list(benchmark.changes(workbook, benchmark.read(workbook)))
    wanted = [c for c in every if (c.sheet, c.row, c.heading) == ("Readings", 1, "Value")]
    verdicts = {v.change.kind: v for v in benchmark.judge(workbook, wanted)}
    assert (verdicts["x 1.1"].outcome, verdicts["x 1.1"].rise) == ("quiet", pytest.approx(5.0))
    assert verdicts["x 1000"].outcome == "refused"
    assert verdicts["/ 10"].outcome == "no rise"
    assert "quiet rises: " in list(benchmark.lines(list(verdicts.values())))[-1]


def test_a_row_is_taken_out_and_doubled(workbook: Path):
    book = benchmark.read(workbook)
    change = benchmark.Change(workbook, "Readings", "row deleted", "", 2, 0)
    assert len(benchmark.changed(book, change)["Readings"]) == len(book["Readings"]) - 1
    doubled = benchmark.changed(book, replace(change, kind="row doubled"))["Readings"]
    assert doubled[2] == doubled[3]
