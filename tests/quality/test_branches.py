"""The tree of meters: feeders, sub-meters, bills and foreign loads, to the tonnes.

The solar plant of 100, 120 and 140 MWh at 0.5 t/MWh: 180 t; meters below M-1, what each should say by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Severity
from support.branches import MAIN, OWN, PLUS, found, meter, plant, tables
from support.mutations import edit
from support.results import calculated
from support.workbooks import monthly, solar_workbook


def test_a_foreign_load_below_a_meter_that_counts_is_major_with_its_effect() -> None:
    """Two loads of 30 and 15 MWh in the quarter, 0.5 t/MWh: 15 and 7.5 t are not the claim's, and taken off it."""
    loads = {"L-1": [10_000.0] * 3, "L-2": [5_000.0] * 3}
    result = plant([MAIN, meter("L-1", "M-1"), meter("L-2", "M-1")], loads)
    one, two = found(result, "tree.foreign_load")
    assert (one.severity, two.severity) == (Severity.MAJOR, Severity.MAJOR)
    assert [one.effect_tco2e, two.effect_tco2e] == pytest.approx([-15.0, -7.5])
    assert result.reductions == pytest.approx(180.0 - 22.5)
    assert {(t.meter_id, t.kind) for t in result.treatments} == {("M-1", "tree")}
    assert [t.correction for t in result.treatments] == pytest.approx([-10.0] * 3 + [-5.0] * 3)
    assert (one.where.sheet, one.data["amount"]) == ("Meters", 30_000.0)


def test_a_load_below_a_foreign_load_is_said_once() -> None:
    loads = {"L-1": [10_000.0] * 3, "L-2": [5_000.0] * 3}
    result = plant([MAIN, meter("L-1", "M-1"), meter("L-2", "L-1")], loads)
    assert [f.effect_tco2e for f in found(result, "tree.foreign_load")] == pytest.approx([-15.0])


@pytest.mark.parametrize(("rate", "left"), [(None, 0.0), (20.0, 180.0 - 20 * 2184 * 0.0005)])
def test_a_load_that_was_never_read_may_be_all_that_its_rate_allows(rate: float | None, left: float) -> None:
    """20 kW in the 2,184 hours of the quarter are 43.68 MWh; without a rate it may be all that M-1 counts."""
    load = meter("L-1", "M-1", **({} if rate is None else {"highest_rate": rate, "highest_rate_unit": "kW"}))
    result = plant([MAIN, load], {})
    (said,) = found(result, "tree.foreign_load")
    assert said.severity is Severity.MAJOR and "never read" in said.found
    assert (result.reductions, said.effect_tco2e) == (pytest.approx(left, abs=1e-9), pytest.approx(left - 180.0))


def test_a_load_without_a_reading_in_a_month_took_the_rate_of_its_highest_month() -> None:
    """January 10 MWh in 744 hours, March 6 in 744; the 696 hours of February at most 10/744 x 696 = 9.354839 MWh."""
    given = tables([MAIN, meter("L-1", "M-1")], {})
    january, _, march = monthly("L-1", [10_000.0, 0.0, 6_000.0])
    result = calculated(tables={**given, "readings": [*given["readings"], january, march]})
    assert result.reductions == pytest.approx(180.0 - 0.5 * (10 + 10 / 744 * 696 + 6))


def test_what_a_person_proved_of_a_month_is_not_lowered_by_the_load_below() -> None:
    """February is proven to be 120 MWh without the load: 10 MWh x 0.5 of January and of March are taken off."""
    proof = {
        "meter_id": "M-1", "start": datetime(2024, 2, 1), "end": datetime(2024, 3, 1), "value": 120_000.0,
        "unit": "kWh", "reason": "without L-1", "evidence": "E-1",
    }  # fmt: skip
    result = plant([MAIN, meter("L-1", "M-1")], {"L-1": [10_000.0] * 3}, overrides=[proof])
    assert result.reductions == pytest.approx(170.0)


@pytest.mark.parametrize("deep", [False, True])
def test_a_load_that_is_subtracted_is_none(deep: bool) -> None:
    """30 MWh are subtracted: 165 t; what hangs below the subtracted one is in it."""
    minus = {**PLUS, "meter_id": "L-1", "sign": "-"}
    more = [meter("L-2", "L-1")] if deep else []
    result = plant([MAIN, meter("L-1", "M-1"), *more], {"L-1": [10_000.0] * 3}, [minus])
    assert result.reductions == pytest.approx(165.0) and not found(result, "tree.foreign_load")


WHOLE = [100_000.0, 120_000.0, 140_000.0]
MINUS = {**PLUS, "meter_id": "L-1", "sign": "-"}


@pytest.mark.parametrize(
    ("meters", "amounts", "points"),
    [
        ([meter("C-1", "M-1", checks="M-1"), meter("L-1", "C-1")], {"C-1": WHOLE}, []),
        ([meter("K-1"), meter("L-1", "M-1", checks="K-1")], {"K-1": [10_000.0] * 3}, []),
        ([meter("L-1", "M-1")], {}, [{**MINUS, "share": 0.0, "share_basis": "by area"}]),
    ],
    ids=["below a check meter", "checks what is not claimed", "subtracted with share 0"],
)
def test_a_foreign_load_does_not_hide(
    meters: list[dict[str, Any]], amounts: dict[str, Sequence[float]], points: list[dict[str, Any]]
) -> None:
    """30 MWh in the quarter, 0.5 t/MWh: 15 t are taken off."""
    result = plant([MAIN, *meters], {"L-1": [10_000.0] * 3, **amounts}, points)
    (said,) = found(result, "tree.foreign_load")
    assert result.reductions == pytest.approx(165.0)
    assert (said.severity, said.effect_tco2e) == (Severity.MAJOR, pytest.approx(-15.0))


def test_the_monitoring_point_of_another_system_does_not_hide_a_foreign_load() -> None:
    """10 MWh a month below M-1 are 15 t; M-2 has a point of its own and says nothing of them."""
    second = {**OWN["equipment"][0], "equipment_id": "PV-2", "serial_number": "SN-PV-2"}
    point = {**PLUS, "point_no": "2", "applies_to": "PV-2", "meter_id": "M-2"}
    amounts = {"L-1": [10_000.0] * 3, "M-2": [51_234.0, 63_456.0, 70_123.0]}
    given = tables([MAIN, meter("L-1", "M-1"), meter("M-2", "grid")], amounts, [point])
    result = calculated(tables={**given, "equipment": [*OWN["equipment"], second]})
    assert [f.effect_tco2e for f in found(result, "tree.foreign_load")] == pytest.approx([-15.0])


def test_a_load_that_is_subtracted_in_part_is_said_with_the_rest() -> None:
    """A tenth of 30 MWh is subtracted, 1.5 t; the other 27 MWh x 0.5 t are taken off."""
    result = plant(
        [MAIN, meter("L-1", "M-1")],
        {"L-1": [10_000.0] * 3},
        [{**MINUS, "share": 0.1, "share_basis": "by area"}],
    )
    (said,) = found(result, "tree.foreign_load")
    assert result.reductions == pytest.approx(165.0) and said.effect_tco2e == pytest.approx(-13.5)


def test_the_check_meter_of_a_subtracted_load_is_none() -> None:
    rows = [MAIN, meter("L-1", "M-1"), meter("C-1", "M-1", checks="L-1"), meter("L-2", "C-1")]
    load = [10_000.0] * 3
    result = plant(rows, {"L-1": load, "C-1": load, "L-2": [1_000.0] * 3}, [MINUS])
    assert result.reductions == pytest.approx(165.0) and not found(result, "tree.foreign_load")


def test_a_meter_that_was_removed_before_the_period_is_no_load() -> None:
    gone = meter("L-1", "M-1", removed=datetime(2023, 12, 1))
    assert not found(plant([MAIN, gone], {}), "tree.foreign_load")


@pytest.mark.parametrize("checks", ["", "M-1"])
def test_inverter_meters_below_the_main_are_parts_of_its_generation(checks: str) -> None:
    """50.5 + 50.5 of 100 MWh and so on: 1 % of losses. The main counts, 180 t, and their sum stands against it."""
    half = [50_500.0, 60_600.0, 70_700.0]
    rows = [MAIN, meter("I-1", "M-1", checks=checks), meter("I-2", "M-1", checks=checks)]
    result = plant(rows, {"I-1": half, "I-2": half})
    (said,) = found(result, "tree.parts")
    assert result.reductions == pytest.approx(180.0)
    assert said.severity is Severity.MINOR
    assert (said.data["main"], said.data["parts"]) == pytest.approx((360_000.0, 363_600.0))
    assert said.effect_tco2e == pytest.approx(180.0), "nothing would be left if both were loads of others"
    assert not [f for f in result.findings if f.severity is Severity.MAJOR and f.code.startswith(("tree.", "cross"))]


def test_parts_are_parts_where_a_month_of_one_is_missing() -> None:
    """I-1 has no reading of March: 222.2 against 220 MWh (1 % of losses) in January and February say enough."""
    rows = [MAIN, meter("I-1", "M-1", checks="M-1"), meter("I-2", "M-1", checks="M-1")]
    result = plant(rows, {"I-1": [50_500.0, 60_600.0], "I-2": [50_500.0, 60_600.0, 70_700.0]})
    (said,) = found(result, "tree.parts")
    assert result.reductions == pytest.approx(180.0) and said.data["parts"] == pytest.approx(222_200.0)


def test_meters_whose_sum_is_not_the_main_are_loads_or_contradict_it() -> None:
    """A tenth less than the main: 5 % of error and loss do not explain it. Stated, each contradicts the main."""
    less = [45_000.0, 54_000.0, 63_000.0]
    rows = [MAIN, meter("I-1", "M-1"), meter("I-2", "M-1")]
    result = plant(rows, {"I-1": less, "I-2": less})
    assert len(found(result, "tree.foreign_load")) == 2 and not found(result, "tree.parts")
    stated = plant([MAIN, *(meter(n, "M-1", checks="M-1") for n in ("I-1", "I-2"))], {"I-1": less, "I-2": less})
    assert len(found(stated, "crosscheck.check_meter")) == 2


def test_one_month_in_which_they_lack_too_much_makes_them_loads() -> None:
    """Parts of January and February to the kWh; in March 63 + 63 of 140 MWh, a tenth less."""
    rows = [MAIN, meter("I-1", "M-1"), meter("I-2", "M-1")]
    result = plant(rows, {name: [50_000.0, 60_000.0, 63_000.0] for name in ("I-1", "I-2")})
    assert len(found(result, "tree.foreign_load")) == 2 and not found(result, "tree.parts")


def test_two_check_meters_of_the_whole_are_compared_each() -> None:
    rows = [MAIN, *(meter(n, "M-1", checks="M-1") for n in ("C-1", "C-2"))]
    result = plant(rows, {"C-1": WHOLE, "C-2": WHOLE})
    assert len(found(result, "crosscheck.agrees")) == 2 and not found(result, "tree.parts")


def test_a_check_meter_is_no_load() -> None:
    check = meter("C-1", "M-1", checks="M-1")
    assert not found(plant([MAIN, check], {"C-1": [100_000.0, 120_000.0, 140_000.0]}), "tree.foreign_load")


def test_without_the_column_nothing_is_known_of_loads(tmp_path: Path) -> None:
    """An old workbook has no column Below and is read as it was."""
    path = solar_workbook(tmp_path / "monitoring.xlsx", tables=tables([meter("M-1"), meter("L-1")], {}))

    def old(book: Any) -> None:
        heads = [cell.value for cell in book["Meters"][1]]
        book["Meters"].delete_cols(heads.index("Below") + 1)

    result = calculate_file(edit(path, old))
    assert result.reductions == pytest.approx(180.0)
    assert not [f for f in result.findings if f.code.startswith(("tree.", "input."))]


# --- what counts twice, and what is no tree -------------------------------------------------


def test_a_meter_that_is_installed_after_the_period_is_no_load() -> None:
    later = meter("L-1", "M-1", installed=datetime(2024, 4, 1))
    assert not found(plant([MAIN, later], {}), "tree.foreign_load")


def test_grid_is_no_meter() -> None:
    """Below may say "Grid" in any letters; a meter named so would be a main meter."""
    result = plant([meter("M-1", "Grid"), meter("L-1", "M-1")], {"L-1": [10_000.0] * 3})
    assert result.reductions == pytest.approx(165.0) and not found(result, "meters.below")
