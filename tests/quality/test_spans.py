"""What is known only by time: bridges and readings over the edges of the period, to the tonnes.

The plant of ``invoice_over_the_start`` and ``register_before_the_start`` makes 535,600 kWh from February to December
2023 by its register, 535,600 kWh by its readings of energy and 24,787 kWh from 15 January on; 0.333 t/MWh.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from jcm_mrv.findings import Severity
from jcm_mrv.reporting.result_json import result_json, schema_text
from jcm_mrv.result import Result
from support.plants import add, codes, finding, plant, set_value
from support.results import calculated
from support.workbooks import calibration, monthly, solar_tables

FACTOR = 0.333 / 1000
REST = 535_600.0
# The highest month is May: 53,900 kWh in 31 days.
MOST = 53_900 / 31


def both(*changes: Callable[[Any], None]) -> Callable[[Any], None]:
    return lambda book: [change(book) for change in changes] and None


# --- a bridge never brings in what flowed before or after the period -----------------------


def test_an_invoice_over_the_start(tmp_path: Path) -> None:
    """By days 45,000 x 14 / 31 = 20,322.6 kWh; at least 45,000 less 1.5 % less 17 days of the highest month."""
    result = plant("invoice_over_the_start", tmp_path)
    by_days = (REST + 24_787 + 45_000 * 14 / 31) * FACTOR
    least = (REST + 24_787 + 45_000 * (1 - 0.015) - 17 * MOST) * FACTOR
    assert result.reductions == pytest.approx(least, rel=1e-9) and result.reductions < by_days
    (bridge,) = result.treatments
    assert (bridge.kind, bridge.hours) == ("bridged", 14 * 24)


def test_an_invoice_over_the_end(tmp_path: Path) -> None:
    """The last reading ends on 15 December; the invoice runs to 15 January: 17 of its 31 days are inside."""
    change = both(
        set_value("Readings", 13, "To", datetime(2023, 12, 15)),
        set_value("Readings", 13, "Value", 20_000.0),
        set_value("Readings", 2, "From", datetime(2023, 1, 1)),
        set_value("Invoices", 2, "From", datetime(2023, 12, 15)),
        set_value("Invoices", 2, "To", datetime(2024, 1, 15)),
    )
    result = plant("invoice_over_the_start", tmp_path, change)
    read = REST - 43_800 + 20_000 + 24_787
    assert read * FACTOR <= result.reductions <= (read + 45_000 * 17 / 31) * FACTOR
    assert result.reductions == pytest.approx((read + 45_000 * (1 - 0.015) - 14 * MOST) * FACTOR, rel=1e-9)


def subtracted(readings: Any, **more: Any) -> Result:
    """Solar generation of 360 MWh less a load M-2, 0.5 t/MWh; ER falls with the load."""
    own = solar_tables()
    load = {**own["meters"][0], "meter_id": "M-2", "serial_number": "SN-2", **more.pop("meter", {})}
    minus = {**own["points"][0], "meter_id": "M-2", "sign": "-"}
    return calculated(
        tables={
            "meters": [*own["meters"], load],
            "calibrations": [{**own["calibrations"][0], "meter_id": m} for m in ("M-1", "M-2")],
            "points": [*own["points"], minus],
            "readings": [*own["readings"], *readings],
            **more,
        }
    )


def span(start: datetime, end: datetime, value: float) -> dict[str, Any]:
    return {"meter_id": "M-2", "kind": "energy", "start": start, "end": end, "value": value, "unit": "kWh"}


def test_where_er_falls_with_it_no_less_than_the_days_of_an_invoice() -> None:
    """The load takes 100 kWh a day; read from 15 January on, billed from 15 December to 15 January: 1,400 kWh."""
    after = [span(datetime(2024, 1, 15), datetime(2024, 2, 1), 1_700.0), *monthly("M-2", [2_900.0, 3_100.0], (2024, 2))]
    bill = {"invoice_no": "I-1", "meter_id": "M-2", "start": datetime(2023, 12, 15), "end": datetime(2024, 1, 15)}
    result = subtracted(after, invoices=[{**bill, "value": 3_100.0, "unit": "kWh"}])
    assert "gaps.bridged" in codes(result)
    assert result.reductions <= (360_000 - 1_400 - 7_700) * 0.5e-3 + 1e-9
    # No more than the meter's highest month, also 100 kWh a day, in 14 days.
    assert result.reductions == pytest.approx((360_000 - 1_400 - 7_700) * 0.5e-3, rel=1e-9)


def test_a_bill_above_the_rates_of_the_meter_gives_no_more_than_its_days() -> None:
    """220 MWh from 15 December to 15 January, 40 MWh in the rest of January: by days 220 x 14 / 31 = 99.355 MWh.

    The meter's highest month, 140 MWh in 31 days, takes 76.8 MWh off for December: 143 MWh would be left. Nothing
    states the highest rate, so that none of it may have flowed in January: 99.355 MWh x 0.5 t hang on it.
    """
    own = solar_tables()
    rest = {**own["readings"][0], "start": datetime(2024, 1, 15), "value": 40_000.0}
    bill = {"invoice_no": "I-1", "meter_id": "M-1", "start": datetime(2023, 12, 15), "end": datetime(2024, 1, 15)}
    tables = {
        "readings": [rest, *own["readings"][1:]],
        "invoices": [{**bill, "value": 220_000.0, "unit": "kWh"}],
    }
    result = calculated(tables=tables)
    assert result.reductions == pytest.approx((300 + 220 * 14 / 31) * 0.5)
    said = finding(result, "gaps.bridged")
    assert (said.severity, said.effect_tco2e) == (Severity.MAJOR, pytest.approx(220 * 14 / 31 * 0.5))
    # With 300 kW stated at most 17 days x 24 h x 300 kW = 122.4 MWh flowed in December: at least 95.4 MWh here.
    meter = {**own["meters"][0], "highest_rate": 300.0, "highest_rate_unit": "kW"}
    stated = calculated(tables={**tables, "meters": [meter]})
    error = 220 * 0.015
    assert stated.reductions == pytest.approx((300 + 220 - error - 122.4) * 0.5)
    # What it showed itself, 140 MWh in 31 days, makes 63.2 MWh of 14: the bill is unlike it all the same.
    said = finding(stated, "gaps.bridged")
    assert (said.severity, said.effect_tco2e) == (
        Severity.MAJOR,
        pytest.approx((220 - error - 122.4 - 140 * 14 / 31) * 0.5),
    )


def test_a_bridge_over_several_months_is_judged_as_a_whole() -> None:
    """80.4 MWh less 1.5 % billed from 15 December to 1 March; 17 days as in March, 140 MWh in 31, hold 76.8 MWh of it.

    2.42 MWh are left for January and February, 1.25 and 1.17: each less than 1 % of 140 MWh, both together more.
    """
    own = solar_tables()
    bill = {"invoice_no": "I-1", "meter_id": "M-1", "start": datetime(2023, 12, 15), "end": datetime(2024, 3, 1)}
    given = {"readings": [own["readings"][2]], "invoices": [{**bill, "value": 80_400.0, "unit": "kWh"}]}
    said = [f for f in calculated(tables=given).findings if f.code == "gaps.bridged"]
    left = 80.4 * 0.985 - 140 / 31 * 17
    assert [f.severity for f in said] == [Severity.MAJOR] * 2
    assert [f.effect_tco2e for f in said] == pytest.approx([left * days / 60 * 0.5 for days in (31, 29)])


@pytest.mark.parametrize(
    ("unit", "january", "february"),
    [
        ("kWh", 30 * 0.99 - 0.001, 60 * 0.99 - 0.001),  # a check meter in whole kWh, of class 0.5 as the meter is
        ("MWh", 30 * 0.99 - 1, 60 * 0.99 - 1),  # in whole MWh: each of two readings by up to 1, half of both in all
        ("", 30 * 0.985, 60 * 0.985),  # bills: 0.5 % of the meter and 1 % of theirs
    ],
)
def test_a_gap_over_a_month_s_end_is_bridged_month_by_month_where_both_parts_are_stated(
    unit: str, january: float, february: float
) -> None:
    """No reading from 21 January to 11 February: 30 MWh by 1 February and 60 after; by hours it were 47.1 and 42.9."""
    own, scale = solar_tables(), 1000.0 if unit == "kWh" else 1.0
    ends = [datetime(2024, 1, 21), datetime(2024, 2, 1), datetime(2024, 2, 11)]
    tables: dict[str, Any] = {
        "readings": [
            {**own["readings"][0], "end": ends[0], "value": 70_000.0},
            {**own["readings"][1], "start": ends[2], "value": 60_000.0},
            own["readings"][2],
        ]
    }
    if unit:
        check = {"meter_id": "C-1", "serial_number": "SN-C", "checks": "M-1", "unit": unit}
        tables["meters"] = [*own["meters"], {**own["meters"][0], **check}]
        tables["readings"] += [
            {"meter_id": "C-1", "kind": "register", "end": t, "value": v * scale, "unit": unit}
            for t, v in zip(ends, (5.0, 35.0, 95.0), strict=True)
        ]
    else:
        tables["invoices"] = [
            {"invoice_no": f"I-{v}", "meter_id": "M-1", "start": a, "end": b, "value": v, "unit": "MWh"}
            for a, b, v in zip(ends, ends[1:], (30.0, 60.0), strict=False)
        ]
    result = calculated(tables=tables)
    assert [(t.kind, t.month) for t in result.treatments] == [("bridged", "2024-01"), ("bridged", "2024-02")]
    assert [t.correction for t in result.treatments] == pytest.approx([january, february], rel=1e-9)
    assert result.reductions == pytest.approx((70 + january + february + 60 + 140) * 0.5, rel=1e-9)


def test_where_er_falls_a_source_counts_up_to_its_error_whatever_the_meter_showed_before() -> None:
    """10 MWh a month is the most that the load's meter counted; a bill of 15 MWh for 1 to 15 January, 1.5 %."""
    after = [
        span(datetime(2024, 1, 15), datetime(2024, 2, 1), 5_500.0),
        *monthly("M-2", [9_400.0, 10_000.0], (2024, 2)),
    ]
    bill = {"invoice_no": "I-1", "meter_id": "M-2", "start": datetime(2024, 1, 1), "end": datetime(2024, 1, 15)}
    result = subtracted(after, invoices=[{**bill, "value": 15_000.0, "unit": "kWh"}])
    assert result.reductions == pytest.approx((360 - 24.9 - 15 * 1.015) * 0.5)


def test_a_bill_above_the_stated_rate_of_a_load_takes_off_all_of_it_at_the_start() -> None:
    """15 MWh in 31 days, 14 of them inside: 6.77 MWh by time, where 5 kW allow 1.68 MWh. One of the two is wrong."""
    after = [span(datetime(2024, 1, 15), datetime(2024, 2, 1), 1_700.0), *monthly("M-2", [2_900.0, 3_100.0], (2024, 2))]
    bill = {"invoice_no": "I-1", "meter_id": "M-2", "start": datetime(2023, 12, 15), "end": datetime(2024, 1, 15)}
    rate = {"highest_rate": 5.0, "highest_rate_unit": "kW"}
    result = subtracted(after, meter=rate, invoices=[{**bill, "value": 15_000.0, "unit": "kWh"}])
    assert result.reductions <= (360 - 7.7 - 15 * 14 / 31) * 0.5


def test_a_register_of_whole_megawatt_hours_is_wrong_by_one_of_them() -> None:
    """5 to 16 MWh in February, where the load is subtracted: up to 12 MWh, though 10 MWh is its highest month."""
    around = monthly("M-2", [10.0, 0.0, 10.0])
    rows = [{**row, "unit": "MWh", "invoice_no": f"I-{n}"} for n, row in enumerate(around) if n != 1]
    ends = [(datetime(2024, 2, 1), 5.0), (datetime(2024, 3, 1), 16.0)]
    read = [{"meter_id": "M-2", "kind": "register", "end": t, "value": v, "unit": "MWh"} for t, v in ends]
    own = solar_tables()
    minus = {**own["points"][0], "meter_id": "M-2", "sign": "-", "option": "B"}
    bills = [{k: v for k, v in row.items() if k != "kind"} for row in rows]
    result = subtracted(read, meter={"unit": "MWh"}, invoices=bills, points=[*own["points"], minus])
    assert result.reductions == pytest.approx((360 - 10 - 12 - 10) * 0.5)


def test_a_reading_over_the_end_without_a_stated_rate_is_major_with_what_hangs_on_it() -> None:
    """420 MWh from 1 March to 1 May, by time 31/61 of it: 213.4 MWh x 0.5 t that nothing proves."""
    own = solar_tables()
    long = {**own["readings"][2], "end": datetime(2024, 5, 1), "value": 420_000.0}
    result = calculated(tables={"readings": [*own["readings"][:2], long]})
    said = finding(result, "readings.divided_at_edge")
    assert (said.severity, said.effect_tco2e) == (Severity.MAJOR, pytest.approx(420 * 31 / 61 * 0.5))
    assert (said.where.sheet, said.where.cell) == ("Readings", "E4"), "the reading that reaches over the end"
    # A rated capacity of 240 kW, times 1.5 at most: April holds no more than 259.2 MWh, so that March holds 160.8.
    unit = {**own["equipment"][0], "rated_capacity": 240.0}
    rated = calculated(tables={"readings": [*own["readings"][:2], long], "equipment": [unit]})
    assert rated.reductions == result.reductions
    left = 420 * 31 / 61 - (420 - 0.36 * 720)
    assert finding(rated, "readings.divided_at_edge").effect_tco2e == pytest.approx(left * 0.5)
    # 300 kW stated: April holds at most 720 h x 300 kW = 216 MWh, so that March holds at least 204 MWh.
    meter = {**own["meters"][0], "highest_rate": 300.0, "highest_rate_unit": "kW"}
    stated = calculated(tables={"readings": [*own["readings"][:2], long], "meters": [meter]})
    assert stated.reductions == pytest.approx((220 + 204) * 0.5)
    assert finding(stated, "readings.divided_at_edge").severity is Severity.MINOR


# --- readings over the edges of the period -------------------------------------------------


def test_a_register_read_long_before_the_start_is_said_with_its_bounds(tmp_path: Path) -> None:
    """1 March 2022 to 1 February 2023: 550,000 kWh in 337 days; the 306 before hold no more than the highest."""
    result = plant("register_before_the_start", tmp_path)
    said = finding(result, "readings.divided_at_edge")
    least = 550_000 - 306 * MOST
    assert said.severity is Severity.MAJOR
    assert said.data["days"] == 337 and said.data["share"] == pytest.approx(31 / 337)
    assert said.data["by_time"] == pytest.approx(550_000 * 31 / 337 / 1000)
    # The register shows whole kWh: 1 kWh at either end.
    assert said.data["lowest"] == pytest.approx((least - 2) / 1000) and said.data["highest"] == pytest.approx(53.9)
    assert result.reductions == pytest.approx((REST + least - 2) * FACTOR, rel=1e-9)
    # No highest rate is stated: nothing proves that any of it flowed in January.
    assert said.effect_tco2e == pytest.approx((least - 2) * FACTOR) and "highest rate of the meter" in said.action
    assert "0 (" in said.found and "550000 (" in said.found
    (treatment,) = result.treatments
    assert (treatment.kind, treatment.rule) == ("divided", "the least that may have flowed in this part of the reading")
    Draft202012Validator(json.loads(schema_text())).validate(json.loads(result_json(result)))


@pytest.mark.parametrize(
    ("billed", "used"), [(30_000.0, 30_000 * 0.985), (4_000.0, 3_940.0), (52_000.0, 550_000 * 31 / 337)]
)
def test_a_bill_of_just_the_part_inside_decides_it(billed: float, used: float, tmp_path: Path) -> None:
    """The bill of January within 0.5 % of the meter's error and 1 % of the supplier's; never more than by time."""
    bill = {
        "Invoice no.": "I-1", "Meter ID": "M-1", "From": datetime(2023, 1, 1), "To": datetime(2023, 2, 1),
        "Value": billed, "Unit": "kWh",
    }  # fmt: skip
    result = plant("register_before_the_start", tmp_path, add("Invoices", bill))
    assert result.reductions == pytest.approx((REST + used) * FACTOR, rel=1e-9)
    said = finding(result, "readings.divided_at_edge")
    assert said.severity is Severity.MAJOR  # 337 days: more than divided.minor_days
    assert "highest rate of the meter" not in said.action


def test_so_is_one_of_energy(tmp_path: Path) -> None:
    change = both(
        set_value("Readings", 3, "Kind", "energy"),
        set_value("Readings", 3, "From", datetime(2022, 3, 1)),
        set_value("Readings", 2, "Value", 550_000.0),
        set_value("Readings", 2, "To", datetime(2023, 2, 1)),
    )
    result = plant("register_before_the_start", tmp_path, change)
    # At its end the register is read too, which shows whole kWh.
    least = 550_000 - 306 * MOST - 1
    assert finding(result, "readings.divided_at_edge").data["lowest"] == pytest.approx(least / 1000)
    assert result.reductions == pytest.approx((REST + least) * FACTOR, rel=1e-9)


def test_a_register_read_long_after_the_end(tmp_path: Path) -> None:
    """1 December 2023 to 1 March 2024: 130,000 kWh in 91 days, of which the 60 after the end hold no more than 60 x."""
    change = both(
        set_value("Readings", 2, "To", datetime(2023, 1, 1)),
        set_value("Readings", 2, "Value", 500_000.0),
        set_value("Readings", 14, "To", datetime(2024, 3, 1)),
        set_value("Readings", 14, "Value", 1_041_800.0 + 130_000),
    )
    result = plant("register_before_the_start", tmp_path, change)
    said = finding(result, "readings.divided_at_edge")
    assert said.data["lowest"] == pytest.approx((130_000 - 60 * MOST - 2) / 1000)
    assert result.reductions == pytest.approx((1_041_800 - 500_000 + 130_000 - 60 * MOST - 2) * FACTOR, rel=1e-9)


def test_the_highest_rate_on_meters_decides_the_bounds(tmp_path: Path) -> None:
    """75 kW are 1,800 kWh a day: 550,000 less 306 x 1,800 is less than nothing, so nothing is certain."""
    change = both(set_value("Meters", 2, "Highest rate", 75.0), set_value("Meters", 2, "Highest rate unit", "kW"))
    result = plant("register_before_the_start", tmp_path, change)
    said = finding(result, "readings.divided_at_edge")
    assert said.data["lowest"] == 0 and said.data["highest"] == pytest.approx(31 * 1.8)
    assert result.reductions == pytest.approx(REST * FACTOR, rel=1e-9)


def test_where_er_falls_with_it_the_most_is_taken() -> None:
    """A load of 100 kWh a day, read on 2 December and on 1 February: 31 of 61 days inside, at most 100 kWh a day."""
    ends = [(datetime(2023, 12, 2), 0.0), (datetime(2024, 2, 1), 5_800.0), (datetime(2024, 3, 1), 8_700.0)]
    ends += [(datetime(2024, 4, 1), 11_800.0)]
    rows = [{"meter_id": "M-2", "kind": "register", "end": t, "value": v, "unit": "kWh"} for t, v in ends]
    result = subtracted(rows)
    said = finding(result, "readings.divided_at_edge")
    # By time 5,800 x 31 / 61 = 2,947.5 kWh; at most 31 x 100.
    assert said.data["highest"] == pytest.approx(3.1, rel=1e-3)
    assert result.reductions == pytest.approx((360_000 - 3_100 - 6_000) * 0.5e-3, rel=1e-5)


@pytest.mark.parametrize(
    ("before", "severity"),
    [
        (datetime(2022, 12, 31), None),
        (datetime(2022, 12, 30, 23), Severity.MINOR),
        (datetime(2022, 12, 14), Severity.MINOR),
        (datetime(2022, 12, 13, 23), Severity.MAJOR),
    ],
)
def test_how_long_a_reading_reaches_over_the_start(before: datetime, severity: Severity | None, tmp_path: Path) -> None:
    """Read on 3 January 2023, and up to 20 days before; a day before the start is no matter, 20 days are minor here."""
    change = both(
        set_value("Readings", 2, "To", before),
        set_value("Readings", 2, "Value", 500_000.0),
        add("Readings", {"Meter ID": "M-1", "Kind": "register", "To": datetime(2023, 1, 3), "Value": 503_000.0,
                         "Unit": "kWh"}),
        add("Settings", {"Setting": "divided.minor_days", "Value": 20.0, "Reason": "for this test"}),
    )  # fmt: skip
    found = [f for f in plant("register_before_the_start", tmp_path, change).findings if "at_edge" in f.code]
    assert [f.severity for f in found] == ([] if severity is None else [severity])


# --- the order of rows and sheets says nothing ----------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["invoice_over_the_start", "register_before_the_start", "yearly_check_meter_lower", "two_meters_one_removed"],
)
def test_the_order_of_rows_and_sheets_does_not_matter(name: str, tmp_path: Path) -> None:
    def turned(book: Any) -> None:
        for sheet in ("Meters", "Readings", "Invoices", "Calibrations"):
            rows = [[cell.value for cell in row] for row in book[sheet].iter_rows(min_row=2)]
            filled = [row for row in rows if any(value is not None for value in row)]
            for n, row in enumerate(reversed(filled), 2):
                for column, value in enumerate(row, 1):
                    book[sheet].cell(n, column).value = value
        book.move_sheet("Readings", 3 - len(book.sheetnames))

    one, other = plant(name, tmp_path), plant(name, tmp_path, turned)
    assert other.reductions == pytest.approx(one.reductions, rel=1e-12)
    assert sorted(f.code for f in other.findings) == sorted(f.code for f in one.findings)


@pytest.mark.parametrize(("shown", "er"), [(200_000.0, 200 * 91 / 110 * 0.5), (358_000.0, 180.0), (400_000.0, 180.0)])
def test_a_check_meter_over_more_than_the_period_may_be_too_low_already(shown: float, er: float) -> None:
    """20 December to 8 April, 110 days of which 91 are claimed: less than the 360 MWh of these can't be all of it.

    It counts, divided by time; 358 lie within the errors, and of 400 MWh nobody knows what was before and after.
    """
    own = solar_tables()
    span = {"start": datetime(2023, 12, 20), "end": datetime(2024, 4, 8)}
    row = {"meter_id": "M-1C", "kind": "energy", **span, "value": shown, "unit": "kWh"}
    result = calculated(
        tables={
            "meters": [*own["meters"], {**own["meters"][0], "meter_id": "M-1C", "serial_number": "C", "checks": "M-1"}],
            "calibrations": [calibration("M-1"), calibration("M-1C")],
            "readings": [*own["readings"], row],
        }
    )
    assert result.reductions == pytest.approx(er)
    assert ("crosscheck.check_meter" in {f.code for f in result.findings}) is (er < 180.0)
