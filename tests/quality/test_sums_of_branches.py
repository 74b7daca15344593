"""A main meter against the sum of all below it, by month, by bill and over the cycles in which it catches up.

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
from jcm_mrv.methodology.template import template_methods
from jcm_mrv.result import Result
from jcm_mrv.workbook.template.writing import write_workbook
from support.branches import OWN, PLUS, found, meter, plant, tables
from support.results import calculated
from support.workbooks import PROJECT, monthly


def loads(first: float, second: float) -> dict[str, Sequence[float]]:
    """A site that takes 50 MWh a month through MAIN, and two loads below it."""
    return {"MAIN": [50_000.0] * 3, "L-1": [first] * 3, "L-2": [second] * 3}


SITE = [meter("M-1"), meter("MAIN", "grid"), meter("L-1", "MAIN"), meter("L-2", "MAIN")]


def test_what_no_sub_meter_counts_has_a_name() -> None:
    (said,) = found(plant(SITE, loads(20_000.0, 25_000.0)), "tree.remainder")
    assert said.severity is Severity.NOTE
    assert (said.data["main"], said.data["below"], said.data["remainder"]) == (150_000.0, 135_000.0, 15_000.0)


@pytest.mark.parametrize(("second", "wrong"), [(30_400.0, False), (30_600.0, True)])
def test_sub_meters_that_count_more_than_their_main_meter(second: float, wrong: bool) -> None:
    """0.5 % of 50 and of 50.4 MWh are 0.502 MWh; 0.4 more is within it, 0.6 is not."""
    said = found(plant(SITE, loads(20_000.0, second)), "tree.sum")
    assert [f.data["spans"] for f in said] == ([3] if wrong else [])
    assert all(f.severity is Severity.MAJOR for f in said)


def test_bills_of_the_main_meter_a_third_of_the_sum_of_its_sub_meters() -> None:
    """MAIN has no reading; its bills say 15 MWh a month, the meters below it count 45: ER falls with none of them."""
    (said,) = found(billed(15_000.0, SITE), "tree.bills")
    assert said.severity is Severity.MAJOR and said.data["spans"] == 3


def billed(amount: float, meters: list[dict[str, Any]]) -> Result:
    """MAIN without a reading, its bills of so many kWh a month; 45 MWh are counted in the loads."""
    bills = [{k: v for k, v in row.items() if k != "kind"} for row in monthly("MAIN", [amount] * 3)]
    amounts = {"L-1": [20_000.0] * 3, "L-2": [25_000.0] * 3}
    return plant(meters, amounts, invoices=[{**row, "invoice_no": f"I-{n}"} for n, row in enumerate(bills)])


def test_what_is_billed_of_a_main_meter_without_readings_and_no_sub_meter_counts_has_a_name() -> None:
    """Bills of 50 MWh a month, 45 below it: 5 MWh a month are counted by none."""
    result = billed(50_000.0, SITE)
    (said,) = found(result, "tree.remainder")
    assert (said.data["main"], said.data["below"], said.data["remainder"]) == (150_000.0, 135_000.0, 15_000.0)
    assert not found(result, "invoices.compared_with_nothing")


CYCLES = {
    # when the main meter is known, and what it counts on from each to the next if it is 20 MWh a month
    "start and end": ([(1, 1), (4, 1)], [60_000.0]),
    "the fifteenth": ([(1, 15), (2, 15), (3, 15)], [20_000.0, 20_000.0]),
    "a month and the rest": ([(1, 1), (2, 1), (4, 1)], [20_000.0, 40_000.0]),
}


@pytest.mark.parametrize("billed_only", [False, True])
@pytest.mark.parametrize("cycle", CYCLES)
@pytest.mark.parametrize(("second", "wrong"), [(0.0, False), (45_000.0, True)])
def test_a_main_meter_that_is_not_known_by_month_is_compared_over_all_that_it_states(
    cycle: str, billed_only: bool, second: float, wrong: bool
) -> None:
    """Below MAIN 20 or 65 MWh a month. From 15 January to 15 March February alone is sure: 65 are more than 40."""
    days, amounts = CYCLES[cycle]
    at = [datetime(2024, month, day) for month, day in days]
    rows: list[dict[str, Any]] = [
        {"meter_id": "MAIN", "start": a, "end": b, "value": value, "unit": "kWh"}
        for a, b, value in zip(at[:-1], at[1:], amounts, strict=True)
    ]
    named = [{**row, "invoice_no": f"I-{n}"} for n, row in enumerate(rows)]
    below = {"L-1": [20_000.0] * 3, "L-2": [second] * 3}
    more = {"invoices": named} if billed_only else {}
    filled = {**tables(SITE, below), **more}
    if not billed_only:
        filled["readings"] = [*filled["readings"], *({**row, "kind": "energy"} for row in rows)]
    said = found(calculated(tables=filled), "tree.bills" if billed_only else "tree.sum")
    assert [f.severity for f in said] == ([Severity.MAJOR] if wrong else [])


def test_bills_of_a_meter_without_readings_and_without_sub_meters_are_a_question() -> None:
    code = "invoices.compared_with_nothing"
    (said,) = found(billed(50_000.0, [meter(name) for name in ("M-1", "MAIN", "L-1", "L-2")]), code)
    assert said.severity is Severity.MAJOR and said.where.sheet == "Invoices" and "Below" in said.action
    assert not found(billed(50_000.0, SITE), code)


def test_the_effect_of_sub_meters_that_are_too_high() -> None:
    """20 and 30 MWh a month are subtracted, MAIN says 45 of them, 90 %: 15 MWh less in the quarter, 7.5 t more."""
    minus = [{**PLUS, "meter_id": name, "sign": "-"} for name in ("L-1", "L-2")]
    result = plant(SITE, {**loads(20_000.0, 30_000.0), "MAIN": [45_000.0] * 3}, minus)
    (said,) = found(result, "tree.sum")
    assert result.reductions == pytest.approx(180.0 - 75.0) and said.effect_tco2e == pytest.approx(-7.5)


def test_a_main_meter_that_runs_backwards_is_said_with_the_effect_of_what_is_below_it() -> None:
    """MAIN gives back 5 MWh a month, which nothing below it makes; L-1 is subtracted and shows nothing."""
    minus = {**PLUS, "meter_id": "L-1", "sign": "-"}
    result = plant(
        [meter("M-1"), meter("MAIN", "grid"), meter("L-1", "MAIN")], {"MAIN": [-5_000.0] * 3, "L-1": [0.0] * 3}, [minus]
    )
    (said,) = found(result, "tree.sum")
    assert (said.severity, said.effect_tco2e) == (Severity.MAJOR, 0.0)


def test_a_sub_meter_of_which_nothing_is_certain_contradicts_no_main_meter() -> None:
    """L-1 counts both ways, up to 100 MW, and February is missing: 69.6 GWh either way say nothing of 50 MWh."""
    both = meter("L-1", "MAIN", highest_rate=100_000.0, highest_rate_unit="kW")
    minus = {**PLUS, "meter_id": "L-1", "sign": "-"}
    given = tables([meter("M-1"), meter("MAIN", "grid"), both], {"MAIN": [50_000.0] * 3}, [minus])
    january, _, march = monthly("L-1", [-10.0, 0.0, 20.0])
    result = calculated(tables={**given, "readings": [*given["readings"], january, march]})
    assert found(result, "tree.sum") == []


def test_the_effect_of_a_main_meter_that_is_too_low() -> None:
    """MAIN is subtracted, 67.5 t, and is 5 of 50 MWh a month too low: 7.5 t more are taken off."""
    minus = [{**PLUS, "meter_id": "MAIN", "sign": "-"}]
    result = plant(SITE, {**loads(20_000.0, 30_000.0), "MAIN": [45_000.0] * 3}, minus)
    (said,) = found(result, "tree.sum")
    assert (result.reductions, said.effect_tco2e) == (pytest.approx(180.0 - 75.0), pytest.approx(-7.5))


def chiller(path: Path, billed: float = 0.0, **more: Any) -> Result:
    """A chiller behind M-1, 30 MWh a month, and another load L-1 of 20, both below MAIN; ER = EC x (4/3 - 1) x 0.6."""
    sheets = {
        "equipment": [{"equipment_id": "AC-1", "electricity_source": "Grid", "COP_PJ": 4.0, "COP_RE": 3.0,
                       "evidence": "D-01", "serial_number": "SN-AC-1"}],
        "meters": [meter("M-1", "MAIN"), meter("L-1", "MAIN"), meter("MAIN", "grid")],
        "calibrations": [{**OWN["calibrations"][0], "meter_id": name} for name in ("M-1", "L-1", "MAIN")],
        "points": [{**PLUS, "parameter": "EC_PJ", "applies_to": "AC-1"}],
        "fixed": [
            {"parameter": "supply", "value": "grid", "unit": "choice", "document": "D-01"},
            {"parameter": "EF_grid", "value": 0.6, "unit": "tCO2/MWh", "document": "D-01"},
        ],
        "readings": [*monthly("M-1", [30_000.0] * 3), *monthly("L-1", [20_000.0] * 3)],
        "invoices": [{"invoice_no": "I-1", "meter_id": "MAIN", "start": datetime(2024, 2, 1),
                      "end": datetime(2024, 3, 1), "value": billed, "unit": "kWh"}],
        "evidence": OWN["evidence"],
        **more,
    }  # fmt: skip
    write_workbook(path, template_methods(["ID_AM004 2.0"]), {**PROJECT, "methodologies": "ID_AM004 2.0"}, sheets)
    return calculate_file(path)


def test_sub_meters_that_count_more_than_was_billed_are_taken_in_proportion(tmp_path: Path) -> None:
    """50 MWh below MAIN, billed 40: both are a fifth too high, M-1 by 6 MWh x 0.2 t."""
    whole = 90 * (4 / 3 - 1) * 0.6
    for billed, less in ((40_000.0, 1.2), (50_000.0, 0.0), (49_700.0, 0.0)):
        result = chiller(tmp_path / "monitoring.xlsx", billed)
        said = found(result, "tree.bills")
        assert [f.effect_tco2e for f in said] == ([pytest.approx(-less)] if less else [])
        assert result.reductions == pytest.approx(whole - less)


def cycles(*amounts: float) -> list[dict[str, Any]]:
    """What MAIN is known for: from 15 January to 15 February, on to 15 March, and to the end of March."""
    days = [at(1), at(2), at(3), datetime(2024, 4, 1)]
    return [
        {"meter_id": "MAIN", "start": a, "end": b, "value": value, "unit": "kWh"}
        for a, b, value in zip(days[:-1], days[1:], amounts, strict=True)
    ]


@pytest.mark.parametrize("billed", [False, True])
@pytest.mark.parametrize(
    ("amounts", "less"),
    [
        # 50 MWh a month below MAIN: to 15 March at least February's 50, and MAIN says 40 until a fortnight later it
        # catches up. 40 of the 100 that lie there by time: M-1 is lower by 0.6 x 60 MWh x 0.2 t.
        ((20_000.0, 20_000.0, 75_000.0), 0.6 * 60 * 0.2),
        # From 15 February (15 of 29 days) on at least March's 50, and MAIN says 45: three fifths of them are M-1's.
        ((80_000.0, 10_000.0, 35_000.0), (30 * 15 / 29 + 30 - 0.6 * 45) * 0.2),
        # As much as flowed: 50, 50 and 25.
        ((50_000.0, 50_000.0, 25_000.0), 0.0),
    ],
)
def test_a_main_meter_that_catches_up_later_is_said_for_the_months_before(
    amounts: tuple[float, ...], less: float, billed: bool, tmp_path: Path
) -> None:
    rows = cycles(*amounts)
    more = {"invoices": [{**row, "invoice_no": f"I-{n}"} for n, row in enumerate(rows)]}
    if not billed:
        below = [*monthly("M-1", [30_000.0] * 3), *monthly("L-1", [20_000.0] * 3)]
        more = {"invoices": [], "readings": [*below, *({**row, "kind": "energy"} for row in rows)]}
    result = chiller(tmp_path / "monitoring.xlsx", **more)
    said = found(result, "tree.bills" if billed else "tree.sum")
    assert [(f.severity, f.effect_tco2e) for f in said] == ([(Severity.MAJOR, pytest.approx(-less))] if less else [])
    assert result.reductions == pytest.approx(18.0 - less)
    # All that MAIN states is 115 or 125 MWh, and 100 flowed in February and March: it shows nothing of the months.
    assert [f"together: {sum(amounts) / 1000:.0f}000 against 100000 kWh" in f.found for f in said] == [True] * len(said)


def test_where_er_falls_with_a_sub_meter_a_main_meter_that_catches_up_is_said_and_raises_nothing() -> None:
    """L-1 is subtracted, 20 MWh a month x 0.5 t: taken lower by MAIN it would be a gain. 10 and 5 MWh of February's 20.

    10 + 5 of the 40 by time from 15 January on: 0.625 x 40 MWh x 0.5 t more.
    """
    minus = {**PLUS, "meter_id": "L-1", "sign": "-"}
    rows = [{**row, "invoice_no": f"I-{n}"} for n, row in enumerate(cycles(10_000.0, 5_000.0, 60_000.0))]
    site = [meter("M-1"), meter("MAIN", "grid"), meter("L-1", "MAIN")]
    result = plant(site, {"L-1": [20_000.0] * 3}, [minus], invoices=rows)
    (said,) = found(result, "tree.bills")
    assert result.reductions == pytest.approx(180.0 - 30.0)
    assert (said.severity, said.effect_tco2e) == (Severity.MAJOR, pytest.approx(-0.625 * 40 * 0.5))


def test_a_generator_below_a_main_meter_feeds_what_hangs_beside_it() -> None:
    """MAIN imports 5 MWh a month; M-1 generates 100, 120 and 140 below it; a load of 90 takes both."""
    rows = [meter("M-1", "MAIN"), meter("MAIN", "grid"), meter("L-1", "MAIN")]
    for load, wrong in ((90_000.0, 0), (110_000.0, 1), (200_000.0, 3)):
        said = found(plant(rows, {"MAIN": [5_000.0] * 3, "L-1": [load] * 3}), "tree.sum")
        assert [f.data["spans"] for f in said] == ([wrong] if wrong else [])


def test_bills_that_do_not_begin_with_the_months_leave_room() -> None:
    """From mid-January to mid-March at least February flowed: 25 MWh; a bill may say 26 MWh, and cannot say 20."""
    rows = [meter("M-1"), meter("MAIN", "grid"), meter("L-1", "MAIN")]
    for billed, wrong in ((26_000.0, False), (20_000.0, True)):
        bill = {"invoice_no": "I-1", "meter_id": "MAIN", "start": at(1), "end": at(3), "value": billed, "unit": "kWh"}
        said = found(plant(rows, {"L-1": [25_000.0] * 3}, invoices=[bill]), "tree.bills")
        assert bool(said) is wrong


def at(month: int) -> Any:
    return datetime(2024, month, 15)
