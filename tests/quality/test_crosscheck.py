"""Comparisons with a check meter, at the edges of what counts as one: months of zero, differing factors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.findings import InputRefusedError, Severity
from jcm_mrv.meters.segments import SecondaryKind, SecondarySource
from jcm_mrv.origin import Origin
from jcm_mrv.quality.crosscheck import Pair, _CrossChecks, cross_checks
from jcm_mrv.quality.settings import DEFAULTS
from jcm_mrv.result import Result
from jcm_mrv.time.zones import DAY
from support.claims import Sketch, rows_of, solar
from support.plants import add, codes, finding, plant
from support.results import calculated
from support.workbooks import calibration, monthly, solar_tables

OWN = solar_tables()


def checked(amounts: Sequence[float]) -> Result:
    """The solar plant of 100, 120 and 140 MWh, 0.5 t/MWh, with what a check meter of the same class counted."""
    check = {**OWN["meters"][0], "meter_id": "C-1", "serial_number": "SN-C-1", "checks": "M-1"}
    return calculated(
        tables={
            "meters": [*OWN["meters"], check],
            "calibrations": [*OWN["calibrations"], calibration("C-1")],
            "readings": [*OWN["readings"], *monthly("C-1", amounts)],
        }
    )


def test_a_month_in_which_the_check_meter_counted_nothing_is_a_contradiction() -> None:
    """0 against 120 MWh in February: the check meter is used throughout, 240 MWh x 0.5 t/MWh."""
    result = checked([100_000.0, 0.0, 140_000.0])
    (said,) = [f for f in result.findings if f.code == "crosscheck.check_meter"]
    assert said.data["spans"] == 1 and "1 of 3 spans" in said.message
    assert result.reductions == pytest.approx(120.0)


def test_a_month_of_nothing_has_no_ratio_and_a_factor_of_the_others_is_no_slip_of_all() -> None:
    """A tenth in January and March, nothing in February: no one factor explains all of it, so nothing is refused."""
    result = checked([10_000.0, 0.0, 14_000.0])
    assert [f.code for f in result.findings if f.code.startswith("crosscheck.")] == ["crosscheck.check_meter"]
    assert result.reductions == pytest.approx(12.0)


def test_one_factor_of_all_months_is_refused() -> None:
    with pytest.raises(InputRefusedError) as caught:
        checked([10_000.0, 12_000.0, 14_000.0])
    assert "crosscheck.factor" in {f.code for f in caught.value.findings}


# --- near the tolerance -----------------------------------------------------------------------------

SIZE = 100_000.0  # kWh a month, at 0.333 t/MWh


def said(sketch: Sketch, *, own: float = 0.5, other: float = 0.2, **series: Any) -> list[str]:
    claim, _ = sketch.build()
    rows = [{"meter_id": "M1", "unit": "kWh", "accuracy_class": own}, {"meter_id": "C", "unit": "kWh"}]
    rows[1]["accuracy_class"] = other
    data = replace(sketch.data(), meters=rows_of("meters", rows))
    read = replace(sketch.series(), **series)
    wrong, findings = cross_checks(claim, read, data, sketch.timeline, DEFAULTS)
    return [f.code.removeprefix("crosscheck.") for f in (*(one.finding for one in wrong), *findings)]


@pytest.mark.parametrize(
    ("times", "own", "code"),
    [
        # 0.5 % and 0.2 % of the larger of both
        (1.00704, 0.5, "agrees"), (1.00706, 0.5, "check_meter"), (0.99301, 0.5, "agrees"),
        (0.99299, 0.5, "check_meter"),
        (1.0120, 1.0, "agrees"), (1.0122, 1.0, "check_meter"),
    ],
)  # fmt: skip
def test_a_check_meter_within_the_errors_of_both(times: float, own: float, code: str) -> None:
    sketch = solar(monthly={"M1": [SIZE] * 12, "C": [SIZE * times] * 12})
    assert said(sketch, own=own, checks={"M1": ("C",)}) == [code]


def second(sketch: Sketch, kind: SecondaryKind, kwh: float, digit: float = 0.0, unit: str = "kWh") -> Any:
    return tuple(
        SecondarySource("M1", kind, m.start, m.end, kwh, unit, Origin(), digit) for m in sketch.timeline.months
    )


@pytest.mark.parametrize(
    ("kind", "kwh", "digit", "code"),
    [
        # 0.1 % of the larger, and the last digit at both ends
        (SecondaryKind.REGISTER, 100_100.0, 0.0, "agrees"),
        (SecondaryKind.REGISTER, 100_101.0, 0.0, "register"),
        (SecondaryKind.REGISTER, 99_900.0, 0.0, "agrees"),
        (SecondaryKind.REGISTER, 99_899.0, 0.0, "register"),
        (SecondaryKind.REGISTER, 100_120.0, 10.0, "agrees"),
        (SecondaryKind.REGISTER, 100_121.0, 10.0, "register"),
        (SecondaryKind.READING, 100_101.0, 0.0, "register"),
        # 1 % of the supplier's meter and 0.5 %
        (SecondaryKind.INVOICE, 101_522.0, 0.0, "agrees"),
        (SecondaryKind.INVOICE, 101_524.0, 0.0, "invoice"),
        (SecondaryKind.INVOICE, 98_500.1, 0.0, "agrees"),
        (SecondaryKind.INVOICE, 98_499.9, 0.0, "invoice"),
    ],
)
def test_another_source_within_its_error(kind: SecondaryKind, kwh: float, digit: float, code: str) -> None:
    sketch = solar(monthly={"M1": [SIZE] * 12})
    assert said(sketch, seconds=second(sketch, kind, kwh, digit)) == [code]
    assert said(sketch, seconds=second(sketch, kind, kwh / 1000, digit / 1000, "MWh")) == [code]


@pytest.mark.parametrize(("first", "code"), [(-SIZE, "agrees"), (SIZE, "register")])
def test_a_register_that_ran_backwards_is_known_as_exactly_as_another(first: float, code: str) -> None:
    """In January 100 MWh flowed back; a register that shows them forward contradicts it by 200 MWh."""
    sketch = solar(monthly={"M1": [-SIZE] + [SIZE] * 11})
    seconds = second(sketch, SecondaryKind.REGISTER, SIZE)
    assert said(sketch, seconds=(replace(seconds[0], amount=first), *seconds[1:])) == [code]
    forward = solar(monthly={"M1": [SIZE] * 12})
    expected = "register" if first < 0 else "agrees"
    assert said(forward, seconds=(replace(seconds[0], amount=first), *seconds[1:])) == [expected]


@pytest.mark.parametrize(
    ("kwh", "codes"),
    [
        # from 15 January to 14 March: all of February, and nothing or all of January and March
        (200_000.0, []), (304_000.0, []), (304_800.0, ["invoice"]), (97_100.0, []), (96_900.0, ["invoice"]),
    ],
)  # fmt: skip
def test_what_a_bill_over_parts_of_months_leaves_open_is_no_difference(kwh: float, codes: list[str]) -> None:
    """By time 200 MWh; at most 300 MWh and 1.5 % of what is billed, at least 100 MWh and 1.5 % of 200 MWh."""
    sketch = solar(monthly={"M1": [SIZE] * 12})
    months = sketch.timeline.months
    start, end = months[0].start + 14 * DAY, months[2].start + 14 * DAY
    bill = SecondarySource("M1", SecondaryKind.INVOICE, start, end, kwh, "kWh", Origin())
    assert said(sketch, seconds=(bill,)) == codes


def test_what_two_sources_differ_beyond_what_is_allowed_and_open() -> None:
    assert Pair(0, 1, 110.0, 100.0, 3.0, Origin(), 2.0).excess == 5.0
    assert Pair(0, 1, 90.0, 100.0, 3.0, Origin(), 2.0).excess == 5.0
    assert Pair(0, 1, 100.0, 100.0, 3.0, Origin()).excess == -3.0


def test_a_check_meter_read_once_a_year_is_compared_once_a_year(tmp_path: Path) -> None:
    result = plant("yearly_check_meter_lower", tmp_path)
    assert "crosscheck.check_meter" not in codes(result)
    assert finding(result, "crosscheck.agrees").data["spans"] == 1
    assert result.reductions == pytest.approx(193.4064, rel=1e-6)


def checked_at(*points: tuple[datetime, float]) -> Result:
    """The solar plant of 100, 120 and 140 MWh with a check meter of class 0.5 that is read when it is read."""
    own = solar_tables()
    check = {**own["meters"][0], "meter_id": "C-1", "serial_number": "SN-C", "checks": "M-1"}
    rows = [{"meter_id": "C-1", "kind": "register", "end": t, "value": v, "unit": "kWh"} for t, v in points]
    tables = {"meters": [*own["meters"], check], "readings": [*own["readings"], *rows]}
    return calculated(tables=tables)


def test_a_check_meter_that_differs_over_its_own_span_is_used() -> None:
    """3 % less over the quarter, 1 % is allowed: 360 x 0.97 MWh."""
    result = checked_at((datetime(2024, 1, 1), 0.0), (datetime(2024, 4, 1), 349_200.0))
    assert finding(result, "crosscheck.check_meter").data["spans"] == 1
    assert result.reductions == pytest.approx(349.2 * 0.5, rel=1e-9)


@pytest.mark.parametrize(("each", "agrees"), [(24.0, True), (26.0, False)])
def test_the_last_digit_of_a_register_is_no_difference(each: float, agrees: bool) -> None:
    """Two registers in whole kWh of some 20 kWh a month: each difference is known to 2 kWh, and 1 % is 0.2 kWh."""
    own = solar_tables()
    check = {**own["meters"][0], "meter_id": "C-1", "serial_number": "SN-C", "checks": "M-1"}
    rows = [
        {"meter_id": name, "kind": "register", "end": datetime(2024, m + 1, 1), "value": month * m, "unit": "kWh"}
        for name, month in (("M-1", 20.0), ("C-1", each))
        for m in range(4)
    ]
    result = calculated(tables={"meters": [*own["meters"], check], "readings": rows})
    assert ("crosscheck.agrees" in codes(result)) is agrees
    assert ("crosscheck.check_meter" in codes(result)) is not agrees


def test_read_at_other_moments_only_what_no_course_explains_is_a_contradiction() -> None:
    """20 January to 20 March: of the meter's months at least February, at most all of them; 2/3 of it say nothing."""
    result = checked_at((datetime(2024, 1, 20), 0.0), (datetime(2024, 3, 20), 200_000.0))
    assert not {"crosscheck.check_meter", "crosscheck.agrees"} & codes(result)
    wrong = checked_at((datetime(2024, 1, 20), 0.0), (datetime(2024, 3, 20), 110_000.0))
    assert finding(wrong, "crosscheck.check_meter").severity is Severity.MAJOR


def test_where_a_contradiction_is_in_another_unit_than_the_methodology_the_lower_counts_too(tmp_path: Path) -> None:
    """Litres to tonnes: 12 x 11,000 L against 12 x 10,000 L of the check meter; ER rises with the fuel."""

    def change(book: Any) -> None:
        for sheet in ("Stocks", "Invoices"):
            book[sheet].delete_rows(2, 20)
        row = {"Meter ID": "TANK-2", "Unit": "L", "Transformer factor [1]": 1, "Check meter of": "TANK-1"}
        add("Meters", row)(book)
        for name, litres in (("TANK-1", 11_000.0), ("TANK-2", 10_000.0)):
            for m in range(1, 13):
                end = datetime(2023 + m // 12, m % 12 + 1, 1)
                row = {"Meter ID": name, "Kind": "energy", "From": datetime(2023, m, 1), "To": end, "Unit": "L"}
                add("Readings", {**row, "Value": litres})(book)

    result = plant("fuel_on_two_sheets", tmp_path, change)
    fuel = 120_000 * 0.84 / 1000
    assert "crosscheck.check_meter" in codes(result)
    assert result.reductions == pytest.approx(fuel * 41.4 * 0.0726 * (94 / 86 - 1) - 70.453 * 0.6766, rel=1e-9)


@pytest.mark.parametrize(
    ("pairs", "factor"),
    [
        ([(1000, 100), (2000, 200)], 10.0), ([(100, 1000)], 0.1), ([(1040, 100), (960, 100)], 10.0),
        ([(1000, 100), (100, 1000)], None), ([(1000, 100), (10_000, 100)], None), ([(1000, 100), (150, 100)], None),
        ([(1000, 100), (1000, 0)], None), ([(150, 100)], None), ([], None), ([(1060, 100)], None),
    ],
)  # fmt: skip
def test_one_factor_of_all_that_differ(pairs: list[tuple[float, float]], factor: float | None) -> None:
    """Within a twentieth of ten; where one pair has another factor, or none, it is no slip of all."""
    own: Any = SimpleNamespace(factors={"M": ()}, settings=DEFAULTS)
    wrong = [Pair(0, 1, float(counted), float(other), 0.0, Origin()) for counted, other in pairs]
    found = _CrossChecks._slip(own, "M", wrong)
    assert (found.factor if found else None) == factor
