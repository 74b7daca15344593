"""The grocery example: registers to tonnes by a second computation in exact fractions, and spoilt data."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.result import Direction, Result

NAME = "grocery_air_conditioning"
YEARS = {
    2024: (datetime(2024, 9, 1), datetime(2025, 1, 1)),
    2025: (datetime(2025, 1, 1), datetime(2025, 9, 1)),
}
EF_GRID = Fraction("0.8")
# 3.6 x 100 / 38 x 0.0726 = 0.68779: lower than the grid's, so it holds for shop 8.
EF_SHOP_8 = Fraction(36, 10) * 100 / 38 * Fraction("0.0726")
ONE_TURN = 1_000_000  # six digits

Copy = Callable[[str], Path]
Change = Callable[..., None]
RowsOf = Callable[..., list[dict[str, Any]]]


def exact(number: float) -> Fraction:
    """A decimal as a person wrote it."""
    return Fraction(repr(number))


def steps(meter: list[dict[str, Any]], readings: list[dict[str, Any]]) -> Iterator[tuple[datetime, datetime, Fraction]]:
    """(from, to, kWh) between successive readings of each physical meter, with its factor."""
    for installation in meter:
        begins = installation["Installed"]
        ends = installation["Removed"] or datetime.max
        points = [(r["To"], r["Value"]) for r in readings if begins <= r["To"] < ends]
        if installation["Opening reading"] is not None:
            points.append((begins, installation["Opening reading"]))
        if installation["Closing reading"] is not None:
            points.append((ends, installation["Closing reading"]))
        points.sort()
        for (start, a), (end, b) in pairwise(points):
            amount = exact(b) - exact(a)
            if amount < 0:
                amount += ONE_TURN
            yield start, end, amount * exact(installation["Transformer factor [1]"])


def overlap(start: datetime, end: datetime, first: datetime, last: datetime) -> Fraction:
    """The part of an interval that lies between two moments, by time."""
    inside = min(end, last) - max(start, first)
    return max(Fraction(0), Fraction(inside.total_seconds()) / Fraction((end - start).total_seconds()))


def consumption(path: Path, rows_of: RowsOf) -> dict[tuple[str, int], Fraction]:
    """kWh of each unit and year."""
    meters, readings = defaultdict(list), defaultdict(list)
    for row in rows_of(path, "Meters"):
        meters[row["Meter ID"]].append(row)
    for row in rows_of(path, "Readings"):
        readings[row["Meter ID"]].append(row)
    found: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for point in rows_of(path, "Monitoring points"):
        sign = -1 if point["Sign"] == "-" else 1
        name = point["Meter ID"]
        for start, end, amount in steps(meters[name], readings[name]):
            for year, (first, last) in YEARS.items():
                found[point["Applies to"], year] += sign * amount * overlap(start, end, first, last)
    return found


def by_hand(path: Path, rows_of: RowsOf) -> dict[int, tuple[Fraction, Fraction, Fraction]]:
    """Reference, project and reductions of each year, tCO2e."""
    energy = consumption(path, rows_of)
    years = {}
    for year in YEARS:
        reference = project = Fraction(0)
        for unit in rows_of(path, "Equipment"):
            mwh = energy[unit["Equipment ID"], year] / 1000
            factor = EF_SHOP_8 if unit["Electricity source"] == "Shop 8 supply" else EF_GRID
            reference += mwh * exact(unit["COP_PJ [1]"]) / exact(unit["COP_RE [1]"]) * factor
            project += mwh * factor
        years[year] = reference, project, reference - project
    return years


def assert_agrees(result: Result, expected: dict[int, tuple[Fraction, Fraction, Fraction]]) -> None:
    assert [y.year for y in result.years] == list(expected)
    for year in result.years:
        figures = (year.reference, year.project, year.reductions)
        assert figures == pytest.approx([float(x) for x in expected[year.year]], rel=1e-12)


def test_the_engine_reaches_the_tonnes_computed_by_hand(copy_of: Copy, rows_of: RowsOf) -> None:
    path = copy_of(NAME) / "monitoring.xlsx"
    expected = by_hand(path, rows_of)
    result = calculate_file(path)
    assert_agrees(result, expected)
    assert [y.credited for y in result.years] == [math.floor(er) for _, _, er in expected.values()] == [27, 64]
    # The years add up, each rounded down once: not the 92 of the whole period.
    assert result.credited == 91
    assert math.floor(sum(er for _, _, er in expected.values())) == 92


def test_the_readme_states_these_figures(copy_of: Copy, rows_of: RowsOf) -> None:
    folder = copy_of(NAME)
    text = (folder / "README.md").read_text()
    years = by_hand(folder / "monitoring.xlsx", rows_of)
    total = tuple(sum(column) for column in zip(*years.values(), strict=True))
    for figures in (*years.values(), total):
        for figure in figures:
            assert f"{float(figure):.3f}" in text


def test_forty_units_in_eight_shops_some_of_them_added(copy_of: Copy, rows_of: RowsOf) -> None:
    path = copy_of(NAME) / "monitoring.xlsx"
    rows = rows_of(path, "Equipment")
    assert len(rows) == 40
    assert len({r["Group"] for r in rows}) == 8
    added = [r["Equipment ID"] for r in rows if r["In operation from"] > datetime(2024, 9, 1)]
    assert added == ["AC-3-5", "AC-6-4", "AC-6-5", "AC-7-5", "AC-8-5"]
    result = calculate_file(path)
    (energy,) = result.claim.parameters
    units = energy.defined.sets[0]
    exists = result.claim.space.exists(energy.defined.sets)
    absent = [
        result.claim.space.elements[units][n] for n, years in enumerate(exists.tolist()) if years == [False, True]
    ]
    assert absent == ["AC-6-4", "AC-6-5", "AC-7-5", "AC-8-5"]  # no row in 2024, which is not a zero


def test_energy_of_single_units_by_year(copy_of: Copy, rows_of: RowsOf) -> None:
    """The swap, the rollover, main minus sub, a unit read by hand and one that was added."""
    path = copy_of(NAME) / "monitoring.xlsx"
    expected = consumption(path, rows_of)
    result = calculate_file(path)
    (energy,) = result.claim.parameters
    labels = result.claim.space.elements[energy.defined.sets[0]]
    for unit in ("AC-2-3", "AC-4-1", "AC-5-5", "AC-7-1", "AC-3-5", "AC-8-5"):
        for n, year in enumerate(YEARS):
            if (value := expected[unit, year]) > 0:
                got = result.value(energy.defined, (labels.index(unit), n))
                assert got == pytest.approx(float(value) / 1000, rel=1e-12), (unit, year)
    # In plain words: M-4-1 shows 999,953 on 1 December and 367 on 1 January. 1,000,000 - 999,953 + 367 = 414 kWh.
    readings = {r["To"]: r["Value"] for r in rows_of(path, "Readings") if r["Meter ID"] == "M-4-1"}
    assert (readings[datetime(2024, 12, 1)], readings[datetime(2025, 1, 1)]) == (999_953, 367)


def test_the_only_findings_are_those_that_the_readme_names(copy_of: Copy) -> None:
    result = calculate_file(copy_of(NAME) / "monitoring.xlsx")
    assert [f.code for f in result.findings] == [
        "methodology.choice_unconfirmed",
        "readings.rollover",
        *["readings.divided_at_year_end"] * 8,  # the eight meters of shops 7 and 8
    ]
    assert result.treatments == ()


# --- the same shops under a pattern card ---------------------------------------------


def test_a_pattern_card_gives_an_indicative_figure_and_says_what_to_confirm(copy_of: Copy) -> None:
    folder = copy_of(NAME)
    result = calculate_file(folder / "monitoring_VN_AM006.xlsx")
    other = calculate_file(folder / "monitoring.xlsx")
    assert result.indicative and result.credited is None
    assert [y.credited for y in result.years] == [None, None]
    assert result.reductions == pytest.approx(other.reductions, rel=1e-15)  # the same data, the same general form
    (finding,) = [f for f in result.findings if f.code == "methodology.pattern"]
    assert finding.severity == "major" and "Fixed values" in finding.action and "document" in finding.action


@pytest.mark.parametrize(
    ("row", "creditable"),
    [
        (("equation", "confirmed", "1", "VN_AM006 ver1.0 (read by the user)", "3"), True),
        (("equation", "confirmed", "1", None, "3"), False),
    ],
)
def test_it_is_credited_once_the_user_confirms_the_equation(
    row: tuple[str | None, ...], creditable: bool, copy_of: Copy, change: Change, rows_of: RowsOf
) -> None:
    path = copy_of(NAME) / "monitoring_VN_AM006.xlsx"
    last = rows_of(path, "Fixed values")[-1]["#"] + 1
    for heading, value in zip(("Parameter", "Value", "Unit", "Document", "Page"), row, strict=True):
        change(path, "Fixed values", heading, value, row=last)
    result = calculate_file(path)
    assert result.indicative is not creditable
    assert [y.credited for y in result.years] == ([27, 64] if creditable else [None, None])
    assert ("methodology.pattern" in {f.code for f in result.findings}) is not creditable


def test_a_half_hearted_confirmation_is_refused(copy_of: Copy, change: Change, rows_of: RowsOf) -> None:
    path = copy_of(NAME) / "monitoring_VN_AM006.xlsx"
    last = rows_of(path, "Fixed values")[-1]["#"] + 1
    for heading, value in (("Parameter", "equation"), ("Value", "yes"), ("Document", "VN_AM006 ver1.0")):
        change(path, "Fixed values", heading, value, row=last)
    with pytest.raises(InputRefusedError) as error:
        calculate_file(path)
    (finding,) = error.value.findings
    assert (finding.code, finding.found) == ("fixed.choice", "yes")


# --- spoilt data --------------------------------------------------------------------


def row_number(path: Path, rows_of: RowsOf, meter: str, end: datetime) -> int:
    (row,) = [r["#"] for r in rows_of(path, "Readings") if r["Meter ID"] == meter and r["To"] == end]
    return int(row)


def delete(path: Path, row: int) -> None:
    from openpyxl import load_workbook

    book = load_workbook(path)
    book["Readings"].delete_rows(row)
    book.save(path)


def test_a_deleted_register_reading_loses_nothing(copy_of: Copy, rows_of: RowsOf) -> None:
    path = copy_of(NAME) / "monitoring.xlsx"
    before = calculate_file(path)
    delete(path, row_number(path, rows_of, "M-1-1", datetime(2025, 5, 1)))
    after = calculate_file(path)
    assert_agrees(after, by_hand(path, rows_of))
    assert after.reductions == pytest.approx(before.reductions, rel=1e-12)
    assert after.treatments == ()


def test_a_deleted_last_reading_leaves_a_hole_that_does_not_raise_the_claim(copy_of: Copy, rows_of: RowsOf) -> None:
    path = copy_of(NAME) / "monitoring.xlsx"
    before = calculate_file(path)
    delete(path, row_number(path, rows_of, "M-1-1", datetime(2025, 9, 1)))
    after = calculate_file(path)
    assert_agrees(after, by_hand(path, rows_of))  # what was not read is left out: ER rises with it
    assert after.reductions < before.reductions
    (gap,) = [f for f in after.findings if f.code == "gaps.month"]
    assert gap.data["missing_hours"] == 31 * 24 and gap.severity == "major"


def test_a_deleted_reading_of_the_lamps_at_the_end_lowers_the_claim_too(copy_of: Copy, rows_of: RowsOf) -> None:
    """The lamps are subtracted: leaving them out would raise ER, so the meter's highest month is taken."""
    path = copy_of(NAME) / "monitoring.xlsx"
    before = calculate_file(path)
    delete(path, row_number(path, rows_of, "M-5-L", datetime(2025, 9, 1)))
    after = calculate_file(path)
    assert after.reductions < before.reductions
    (treatment,) = after.treatments
    assert treatment.meter_id == "M-5-L" and treatment.direction is Direction.FALLS
    # 210 kWh in each month; February has the fewest hours, and so the highest rate: 210 / 672 h x 744 h = 232.5 kWh.
    assert treatment.correction == pytest.approx(0.2325)
    (gap,) = [f for f in after.findings if f.code == "gaps.month"]
    # 0.2325 MWh less of AC-5-5: x (3.7 / 2.9 - 1) x 0.8.
    assert gap.effect_tco2e == pytest.approx(-0.2325 * (3.7 / 2.9 - 1) * 0.8)


def test_a_rollover_without_known_digits_is_refused(copy_of: Copy, change: Change, rows_of: RowsOf) -> None:
    path = copy_of(NAME) / "monitoring.xlsx"
    (row,) = [r["#"] for r in rows_of(path, "Meters") if r["Meter ID"] == "M-4-1"]
    change(path, "Meters", "Register digits", None, row=row)
    with pytest.raises(InputRefusedError) as error:
        calculate_file(path)
    assert {f.code for f in error.value.findings} == {"readings.decrease"}


def test_a_swap_that_is_not_recorded_is_refused(copy_of: Copy, change: Change, rows_of: RowsOf) -> None:
    path = copy_of(NAME) / "monitoring.xlsx"
    _old, new = [r["#"] for r in rows_of(path, "Meters") if r["Meter ID"] == "M-2-3"]
    for heading in ("Removed", "Closing reading"):
        change(path, "Meters", heading, None, row=_old)
    with pytest.raises(InputRefusedError) as error:
        calculate_file(path)
    assert "readings.meter_history" in {f.code for f in error.value.findings}
    assert new == _old + 1


def test_a_turned_sign_of_the_lamps_adds_them(copy_of: Copy, change: Change, rows_of: RowsOf) -> None:
    path = copy_of(NAME) / "monitoring.xlsx"
    (row,) = [r["#"] for r in rows_of(path, "Monitoring points") if r["Meter ID"] == "M-5-L"]
    change(path, "Monitoring points", "Sign", "+", row=row)
    assert_agrees(calculate_file(path), by_hand(path, rows_of))


@pytest.mark.parametrize(
    ("sheet", "heading", "value", "code"),
    [
        ("Readings", "Unit", "MWh", "readings.unit"),
        ("Readings", "Unit", "kg", "input.unit_dimension"),
        ("Readings", "Unit", None, "input.required_empty"),
        ("Readings", "Meter ID", "M-9-9", "input.meter_unknown"),
        ("Readings", "Value", "1.234,5", "input.text_for_number"),
        ("Readings", "Value", "-", "input.text_for_number"),
        ("Monitoring points", "Meter ID", "M-1-2", "points.counted_twice"),
        ("Equipment", "COP_PJ [1]", None, "fixed.missing"),
        ("Equipment", "COP_RE [1]", 0.32, "fixed.out_of_limits"),
        ("Equipment", "Electricity source", None, "claim.no_group"),
        ("Fixed values", "Value", "solar", "fixed.choice"),
    ],
)
def test_one_spoilt_cell_is_refused(
    sheet: str, heading: str, value: object, code: str, copy_of: Copy, change: Change
) -> None:
    path = copy_of(NAME) / "monitoring.xlsx"
    change(path, sheet, heading, value, row=3 if sheet == "Readings" else 2)
    with pytest.raises(InputRefusedError) as error:
        calculate_file(path)
    assert code in {f.code for f in error.value.findings}, {f.code for f in error.value.findings}
