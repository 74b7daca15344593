"""Rules on records and bills: each limit just below it, at it and just above it."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.meters.meters import Installation, Meter
from jcm_mrv.meters.segments import Coverage, SecondaryKind, SecondarySource
from jcm_mrv.origin import Origin
from jcm_mrv.quality.foreign_loads import load_by_month
from jcm_mrv.quality.fuel_values import _between
from jcm_mrv.quality.invoices import invoice_findings
from jcm_mrv.quality.operation import _outside as outside_of
from jcm_mrv.quality.plausible import against_estimates, negative_years
from jcm_mrv.quality.records.earlier import _Claimed, _compare
from jcm_mrv.quality.records.equipment import equipment_findings
from jcm_mrv.quality.records.impossible import _beyond
from jcm_mrv.quality.records.overrides import _above
from jcm_mrv.quality.records.plates import plate_findings
from jcm_mrv.quality.records.points import _gone_before, _other_loads, _share_basis, _together, _unused_meters
from jcm_mrv.quality.register import _replacements, register_findings
from jcm_mrv.quality.settings import DEFAULTS
from jcm_mrv.quality.tariffs import tariff_findings
from jcm_mrv.quality.unsupported import _near, _share
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY, HOUR
from support.boiler import boiler, boiler_tables
from support.claims import rows_of
from support.workbooks import months

TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 3, 31), "Asia/Ho_Chi_Minh")
JAN, FEB, MAR, APR = (int(edge) for edge in TIMELINE.edges)
MINOR, MAJOR, ERROR = Severity.MINOR, Severity.MAJOR, Severity.ERROR


def codes(findings: Any) -> list[str]:
    return [f.code.split(".")[1] for f in findings]


# --- equipment and meters --------------------------------------------------------------------


def unit(name: str, serial: str = "S-1", start: Any = None, end: Any = None, **more: Any) -> dict[str, Any]:
    return {"equipment_id": name, "serial_number": serial, "operation_start": start, "operation_end": end, **more}


PERIOD: Any = SimpleNamespace(
    operation_start=datetime(2023, 1, 1), period_start=datetime(2024, 1, 1), period_end=datetime(2024, 12, 31)
)


def of_equipment(*rows: dict[str, Any], project: Any = PERIOD) -> list[str]:
    data: Any = SimpleNamespace(equipment=rows_of("equipment", rows), project=project)
    return codes(equipment_findings(data))


@pytest.mark.parametrize(
    ("ends", "starts", "said"),
    [
        (datetime(2024, 5, 1), datetime(2024, 5, 1), []),
        (datetime(2024, 5, 2), datetime(2024, 5, 1), ["serial_twice"]),
        (None, datetime(2024, 5, 1), ["serial_twice"]),
        (datetime(2024, 5, 1), None, ["serial_twice"]),
    ],
)
def test_one_machine_moves_and_is_not_in_two_places(ends: Any, starts: Any, said: list[str]) -> None:
    first, second = unit("A", end=ends), unit("B", start=starts)
    assert of_equipment(first, second) == said and of_equipment(second, first) == said
    assert of_equipment(first, {**second, "equipment_id": "A"}) == []
    assert of_equipment(first, {**second, "serial_number": "S-2"}) == []


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (datetime(2024, 12, 31), None, []),
        (datetime(2025, 1, 1), None, ["operation_outside"]),
        (None, datetime(2024, 1, 1), []),
        (None, datetime(2023, 12, 31), ["operation_outside"]),
        (None, None, []),
    ],
)
def test_operation_outside_the_period(start: Any, end: Any, said: list[str]) -> None:
    assert of_equipment(unit("A", start=start, end=end)) == said
    unknown: Any = SimpleNamespace(operation_start=None, period_start=None, period_end=None)
    assert of_equipment(unit("A", end=end), project=unknown) == ["operation_missing"]
    assert of_equipment(unit("A", "", own_renewables="yes")) == ["serial_missing", "own_renewables"]


@pytest.mark.parametrize(
    ("equipment", "meter", "count"),
    [
        ({"rated_capacity": 0.0}, {}, 1),
        ({"rated_capacity": 0.001}, {}, 0),
        ({}, {"highest_rate": 0.0}, 1),
        ({}, {"highest_rate": 0.001}, 0),
        ({}, {"permissible_error": 0.0}, 0),
        ({}, {"permissible_error": -0.001}, 1),
        ({}, {"accuracy_class": 0.0}, 0),
        ({}, {"accuracy_class": -0.001}, 1),
    ],
)
def test_numbers_of_a_name_plate(equipment: dict[str, Any], meter: dict[str, Any], count: int) -> None:
    data: Any = SimpleNamespace(equipment=rows_of("equipment", [equipment]), meters=rows_of("meters", [meter]))
    assert len(list(plate_findings(data))) == count


@pytest.mark.parametrize(("removed", "before"), [(1, True), (2, False)])
def test_a_meter_that_went_before_another_came(removed: int, before: bool) -> None:
    one, other = rows_of("meters", [{"removed": datetime(2024, 5, removed)}, {"installed": datetime(2024, 5, 1)}])
    assert _gone_before(one, other) is before and _together(one, other) is not before
    assert _together(other, one) is not before
    assert not _gone_before(other, one)


@pytest.mark.parametrize(
    ("share", "basis", "count"),
    [(0.5, "", 1), (0.5, "by area", 0), (1.0, "", 0), (0.0, "", 0), (None, "", 0), (0.001, "", 1)],
)
def test_a_share_has_to_be_explained(share: float | None, basis: str, count: int) -> None:
    (row,) = rows_of("points", [{"share": share, "share_basis": basis, "meter_id": "M", "other_loads": "no"}])
    assert len(list(_share_basis(row))) == count and list(_other_loads(row, [row])) == []


@pytest.mark.parametrize(("sign", "severity"), [("-", MINOR), ("+", MAJOR)])
def test_other_loads_are_subtracted_or_a_question(sign: str, severity: Severity) -> None:
    rows = rows_of("points", [{"meter_id": "M", "sign": "+", "other_loads": "yes"}, {"meter_id": "L", "sign": sign}])
    assert [f.severity for f in _other_loads(rows[0], rows)] == [severity]


NOBODY = np.array([], dtype=np.str_)


def of_register(*meters: dict[str, Any], option: str = "C") -> list[str]:
    given = [{"serial_number": "S", "accuracy_class": 0.5, "unit": "kWh", "meter_id": "M", **row} for row in meters]
    points = [{"meter_id": row["meter_id"], "option": option} for row in given]
    readings = SimpleNamespace(meter_id=NOBODY, kind=NOBODY)
    data: Any = SimpleNamespace(
        meters=rows_of("meters", given), points=rows_of("points", points), logs=[], readings=readings
    )
    return codes(register_findings(data, {}))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, []),
        ({"accuracy_class": 0.05}, []),
        ({"accuracy_class": 0.049}, ["class_as_fraction"]),
        ({"accuracy_class": 0.0}, []),
        ({"permissible_error": 0.02}, ["class_as_fraction"]),
        ({"required_class": 0.5}, []),
        ({"required_class": 0.4}, ["class_required"]),
        ({"accuracy_class": None}, ["no_error_limit"]),
        ({"accuracy_class": None, "permissible_error": 2.0, "required_class": 1.0}, ["class_required"]),
        ({"accuracy_class": None, "permissible_error": 2.0}, []),
        ({"serial_number": ""}, ["serial_missing"]),
        ({"checks": "M"}, ["check_unit"]),
    ],
)
def test_the_register_of_meters(row: dict[str, Any], said: list[str]) -> None:
    assert of_register(row) == said
    if said not in (["class_as_fraction"], ["check_unit"]):
        assert of_register(row, option="A") == []


@pytest.mark.parametrize(("unit_", "said"), [("MWh", []), ("m3", ["check_unit"]), ("", [])])
def test_a_check_meter_counts_the_same_kind(unit_: str, said: list[str]) -> None:
    assert of_register({}, {"meter_id": "C", "checks": "M", "unit": unit_, "serial_number": "T"}) == said


# --- earlier reports ------------------------------------------------------------------------------


def claimed(start: date, end: date, reference: str = "R-1", version: str = "", **serials: str) -> _Claimed:
    return _Claimed("T", reference, "w.xlsx", start, end, serials, version)


OWN = claimed(date(2024, 1, 1), date(2024, 12, 31), version="2", abcd="ABCD")


@pytest.mark.parametrize(
    ("earlier", "said", "days"),
    [
        (claimed(date(2023, 1, 1), date(2023, 12, 31)), [], 0),
        (claimed(date(2023, 1, 1), date(2024, 1, 1)), ["overlaps_earlier"], 1),
        (claimed(date(2024, 12, 31), date(2025, 12, 31)), ["overlaps_earlier"], 1),
        (claimed(date(2025, 1, 1), date(2025, 12, 31)), [], 0),
        (claimed(date(2024, 12, 1), date(2025, 12, 31), "R-2", abcd="x"), ["overlaps_earlier"], 31),
        (claimed(date(2024, 12, 1), date(2025, 12, 31), "R-2", efgh="x"), [], 0),
        (claimed(date(2024, 12, 1), date(2025, 12, 31), ""), [], 0),
        # a new version of the same report
        (claimed(date(2024, 1, 1), date(2024, 12, 31), version="1"), ["new_version"], 0),
        (claimed(date(2024, 1, 1), date(2024, 12, 31), version="2"), ["overlaps_earlier"], 366),
        (claimed(date(2024, 1, 1), date(2024, 12, 31), version="3"), ["overlaps_earlier"], 366),
        (claimed(date(2024, 1, 1), date(2024, 12, 31)), ["overlaps_earlier"], 366),
        (claimed(date(2024, 1, 1), date(2024, 12, 30), version="1"), ["overlaps_earlier"], 365),
    ],
)
def test_days_that_were_claimed_before(earlier: _Claimed, said: list[str], days: int) -> None:
    origin = lambda key: Origin(cell=key)  # noqa: E731
    data: Any = SimpleNamespace(project=SimpleNamespace(origin=origin))
    found = list(_compare(OWN, earlier, "earlier.json", data))
    assert codes(found) == said
    assert [f.data["days"] for f in found if f.code.endswith("earlier")] == ([days] if days else [])


# --- values that cannot be -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "limits", "beyond"),
    [
        (1.0, (0.0, 1.0), 0.0),
        (1.1, (0.0, 1.0), 0.1),
        (-0.1, (0.0, 1.0), 0.1),
        (220.0, (None, 200.0), 0.1),
        (90.0, (100.0, 200.0), 0.05),
        (-5.0, (0.0, None), 5.0),
        (5.0, (None, None), 0.0),
    ],
)
def test_how_far_a_value_lies_beyond_its_limits(value: float, limits: Any, beyond: float) -> None:
    assert _beyond(value, limits) == pytest.approx(beyond)


@pytest.mark.parametrize(
    ("value", "rates", "count"),
    [
        (240.0, ((10.0, "kW"),), 0),
        (240.1, ((10.0, "kW"),), 1),
        (-240.1, ((10.0, "kW"),), 1),
        (240.1, ((10.0, "kW"), (0.02, "MW")), 0),
        (1e9, ((10.0, "m3/h"),), 0),
        (1e9, (), 0),
    ],
)
def test_an_override_of_a_day_above_the_highest_rate(value: float, rates: Any, count: int) -> None:
    (row,) = rows_of(
        "overrides", [{"start": datetime(2024, 1, 1), "end": datetime(2024, 1, 2), "unit": "kWh", "value": value}]
    )
    found = list(_above(row, value, rates))
    assert len(found) == count and all(f.data["most"] == 240.0 for f in found)


@pytest.mark.parametrize(("number", "inside"), [(9.8, True), (9.79, False), (20.4, True), (20.41, False), (15.0, True)])
def test_a_value_of_a_fuel_between_limits_and_what_is_loose(number: float, inside: bool) -> None:
    assert _between(number, (10.0, 20.0), 0.02) is inside


# --- the size of the result ---------------------------------------------------------------------------------


def year(reductions: float, estimate: float | None = None, days: int = 366) -> Any:
    start = date(2024, 1, 1)
    return SimpleNamespace(
        year=2024,
        reductions=reductions,
        estimate=estimate,
        start=start,
        end=date.fromordinal(start.toordinal() + days - 1),
    )


@pytest.mark.parametrize(
    ("reductions", "row", "said"),
    [
        (120.0, {"reductions": 100.0}, []),
        (120.1, {"reductions": 100.0}, ["above_estimate"]),
        (50.0, {"reductions": 100.0}, []),
        (49.9, {"reductions": 100.0}, ["below_estimate"]),
        (0.0, {"reductions": 100.0}, ["below_estimate"]),
        (-1.0, {"reductions": 100.0}, []),
        (50.0, {"reductions": 0.0}, ["value"]),
        (50.0, {"reductions": -5.0}, ["value"]),
        # by its sides: 300 - 190 - 10; tonnes of a PDD are whole
        (120.0, {"reductions": 101.5, "reference": 300.0, "project": 190.0, "leakage": 10.0}, []),
        (120.1, {"reductions": 101.5, "reference": 300.0, "project": 190.0, "leakage": 10.0}, ["above_estimate"]),
        (100.0, {"reductions": 101.6, "reference": 300.0, "project": 190.0, "leakage": 10.0}, ["sides"]),
        (100.0, {"reductions": 98.4, "reference": 300.0, "project": 200.0}, ["sides"]),
        (100.0, {"reductions": 100.0, "reference": 200.0, "project": 200.0}, []),
    ],
)
def test_a_year_against_its_estimate(reductions: float, row: dict[str, Any], said: list[str]) -> None:
    rows = rows_of("estimates", [{"year": "2024", **row}])
    data: Any = SimpleNamespace(estimates=rows)
    assert codes(against_estimates([year(reductions, row["reductions"])], data, DEFAULTS)) == said


@pytest.mark.parametrize(
    ("ratio", "named"),
    [(3.6 * 1.28, "3.6"), (3.6 * 1.29, ""), (1000 * 1.28, "1,000"), (1 / 128.0, "100"), (1 / 129.0, "")],
)
def test_the_factor_of_a_wrong_unit_is_named_within_a_quarter(ratio: float, named: str) -> None:
    data: Any = SimpleNamespace(estimates=rows_of("estimates", [{"year": "2024", "reductions": 100.0}]))
    (found,) = against_estimates([year(100 * ratio, 100.0)], data, DEFAULTS)
    assert ("near the factor" in found.message) == bool(named) and f"factor {named}" in found.message + "factor "


def test_a_negative_year_is_said() -> None:
    data: Any = SimpleNamespace(project=SimpleNamespace(origin=lambda key: Origin(cell=key)))
    found = negative_years([year(0.0), year(-0.001), year(5.0)], data)
    assert [f.data["reductions"] for f in found] == [-0.001]


@pytest.mark.parametrize(
    ("reductions", "estimate", "share", "near"),
    [
        (100.0, 100.0, 1.0, True), (200.0, 100.0, 1.0, True), (200.1, 100.0, 1.0, False), (50.0, 100.0, 1.0, True),
        (49.9, 100.0, 1.0, False), (50.0, 200.0, 0.5, True), (49.9, 200.0, 0.5, False), (1.0, 0.0, 1.0, False),
        (1.0, None, 1.0, False),
    ],
)  # fmt: skip
def test_near_an_estimate_is_within_twice(reductions: float, estimate: float | None, share: float, near: bool) -> None:
    assert _near(year(reductions, estimate), share) is near


@pytest.mark.parametrize(("days", "share"), [(366, 1.0), (365, 1.0), (73, 0.2), (1, 1 / 365)])
def test_the_share_of_a_year(days: int, share: float) -> None:
    assert _share(year(1.0, days=days)) == pytest.approx(share)


# --- bills and deliveries ------------------------------------------------------------------------------------------


def bill(start: int, end: int, amount: float = 100.0) -> SecondarySource:
    return SecondarySource("M", SecondaryKind.INVOICE, start, end, amount, "kWh", Origin(line=start % 997))


@pytest.mark.parametrize(
    ("bills", "said", "days"),
    [
        ([bill(JAN, FEB), bill(FEB, MAR), bill(MAR, APR)], [], 0),
        ([bill(JAN, FEB), bill(FEB + DAY, MAR), bill(MAR, APR)], ["missing"], 1),
        ([bill(JAN, FEB), bill(FEB + DAY - 1, MAR), bill(MAR, APR)], [], 0),
        ([bill(JAN, FEB - 1), bill(FEB - DAY, MAR), bill(MAR, APR)], ["overlap"], 0),
        ([bill(JAN - 1, FEB), bill(FEB, APR)], ["cycle"], 0),
        ([bill(JAN, FEB), bill(FEB, APR + 1)], ["cycle"], 0),
        ([bill(JAN - DAY, JAN), bill(JAN, APR), bill(APR, APR + DAY)], [], 0),
        ([bill(JAN + 2 * DAY, APR - 3 * DAY)], ["missing"], 5),
    ],
)
def test_bills_over_the_period(bills: list[SecondarySource], said: list[str], days: float) -> None:
    for series in (SimpleNamespace(seconds=bills, billed=()), SimpleNamespace(seconds=(), billed=bills[::-1])):
        found = list(invoice_findings(series, TIMELINE))  # type: ignore[arg-type]
        assert codes(found) == said
        assert [f.data["days"] for f in found if f.code.endswith("missing")] == ([pytest.approx(days)] if days else [])


EDGE = months((2024, 1), 3)


def deliveries_of(*bills: dict[str, Any], closing: tuple[float, float, float] = (5.0, 5.0, 5.0)) -> list[Finding]:
    """A ledger that received 10, 11 and 12.5 m3; the fuel of the boiler."""
    levels = zip(EDGE, EDGE[1:], (10.0, 11.0, 12.5), closing, strict=False)
    stocks = [
        {"meter_id": "T-1", "start": a, "end": b, "opening": 5.0, "received": r, "closing": c, "unit": "m3"}
        for a, b, r, c in levels
    ]
    base = boiler_tables()
    readings = [row for row in base["readings"] if row["meter_id"] == "E-1"]
    rows = [{"meter_id": "T-1", "unit": "m3", "invoice_no": str(n), **row} for n, row in enumerate(bills)]
    result = boiler(tables={"stocks": stocks, "invoices": rows, "readings": readings})
    return [f for f in result.findings if f.code == "stocks.deliveries"]


def delivered(month: int, value: float, day: int = 10) -> dict[str, Any]:
    return {"start": datetime(2024, month, day), "end": datetime(2024, month, day + 1), "value": value}


@pytest.mark.parametrize(
    ("values", "spans"),
    [
        ((10.0, 11.0, 12.5), 0),
        ((10.1, 11.0, 12.5), 0),
        ((10.2, 11.0, 12.5), 1),
        ((9.9, 11.0, 12.0), 1),
        ((10.0, 5.0, 20.0), 2),
    ],
)
def test_deliveries_and_the_ledger_may_differ_by_a_hundredth(values: tuple[float, ...], spans: int) -> None:
    found = deliveries_of(*(delivered(n + 1, value) for n, value in enumerate(values)))
    assert [f.data["spans"] for f in found] == ([spans] if spans else [])
    if spans:
        assert found[0].data["difference"] == pytest.approx(
            sum(r - v for r, v in zip((10.0, 11.0, 12.5), values, strict=True) if abs(r - v) > 0.01 * max(r, v))
        )


def test_a_delivery_that_may_lie_on_either_side_of_a_dip_is_compared_with_both() -> None:
    """4 m3 between 25 January and 5 February: 6 + 4 + 11 of 10 + 11 m3."""
    over = {"start": datetime(2024, 1, 25), "end": datetime(2024, 2, 5), "value": 4.0}
    assert deliveries_of(delivered(1, 6.0), over, delivered(2, 11.0), delivered(3, 12.5)) == []
    (found,) = deliveries_of(delivered(1, 6.0), {**over, "value": 5.0}, delivered(2, 11.0), delivered(3, 12.5))
    assert found.data["difference"] == pytest.approx(-1.0)


# --- loads, tariffs and operation --------------------------------------------------------------------------------


class _Curves:
    """Monthly amounts of a load and of the feeder above it."""

    def __init__(self, load: list[float], feeder: list[float], rate: float) -> None:
        self.amounts, self.rate = {"L": load, "F": feeder}, rate

    def curve(self, meter: str, unit: str) -> Any:
        best = np.array(self.amounts[meter])
        return SimpleNamespace(
            rate=self.rate, at=np.arange(2), between=lambda start, end: SimpleNamespace(best=best, highest=best)
        )


@pytest.mark.parametrize(
    ("covered", "rate", "feeder", "said"),
    [
        # 31 days at 100, 29 and 31 days of 58 kWh: the fastest of them fills what is silent
        ([31, 29, 31], np.inf, 999.0, [62.0, 58.0, 93.0]),
        ([31, 29, 21], np.inf, 999.0, [62.0, 58.0, 93.0 + 10 * 93 / 21]),
        ([31, 29, 21], 1.0 / DAY, 999.0, [62.0, 58.0, 103.0]),
        # no more than the feeder counts, nor less than the load itself
        ([31, 29, 21], np.inf, 95.0, [62.0, 58.0, 95.0]),
        ([31, 29, 21], np.inf, 90.0, [62.0, 58.0, 93.0]),
    ],
)
def test_a_load_that_was_not_read_all_the_time(
    covered: list[int], rate: float, feeder: float, said: list[float]
) -> None:
    expected = np.array([[31, 29, 31]], dtype=np.int64) * DAY
    coverage = Coverage(("L",), np.array([covered], dtype=np.int64) * DAY, expected, ())
    curves: Any = _Curves([62.0, 58.0, 93.0], [feeder] * 3, rate)
    found = load_by_month(coverage, curves, TIMELINE, "L", "F", "kWh")
    assert found == {n: pytest.approx(amount) for n, amount in enumerate(said)}


@pytest.mark.parametrize(
    ("span", "share", "hours"),
    [
        ((0, 10), 0.0, 0.0),
        ((4, 10), 0.4, 4.0),
        ((0, 7), 0.3, 3.0),
        ((4, 7), 0.7, 7.0),
        ((20, 30), 1.0, 10.0),
        ((-9, 0), 1.0, 10.0),
    ],
)
def test_the_part_of_a_reading_outside_of_operation(span: tuple[int, int], share: float, hours: float) -> None:
    """A reading of twelve, of which ten lie in the month; to the microsecond."""
    parts = SimpleNamespace(start=np.array([-2]), end=np.array([10]))
    chain: Any = SimpleNamespace(rows=np.array([0]), parts=parts)
    assert outside_of(chain, 0, span, (0, 12)) == (pytest.approx(share), pytest.approx(hours / HOUR))
    nothing: Any = SimpleNamespace(rows=np.array([0]), parts=SimpleNamespace(start=np.array([5]), end=np.array([5])))
    assert outside_of(nothing, 0, span, (0, 12))[0] == 0.0


class _Effect:
    """ER falls by 0.8 t for each MWh."""

    def __call__(self, meter: str, unit: str, amounts: Any) -> float:
        return sum(-0.8 * amount / 1000 for amount in amounts.values())


@pytest.mark.parametrize(
    ("bills", "missing", "said"),
    [
        (3, True, ["tariff_missing"]),
        (3, False, []),
        (2, True, []),
    ],
)
def test_a_tariff_that_the_others_have(bills: int, missing: bool, said: list[str], monkeypatch: Any) -> None:
    """Peak 400 kWh and off-peak 600 kWh in each; of the last the off-peak is missing: at most 612 kWh of it."""
    rows = []
    for n in range(bills):
        for register, kwh in (("peak", 400.0), ("off-peak", 600.0 + 6 * n)):
            if not (missing and register == "off-peak" and n == bills - 1):
                unit, value = ("MWh", kwh / 1000) if n == 1 else ("kWh", kwh)  # the second is billed in MWh
                row = {"meter_id": "M", "start": EDGE[n], "end": EDGE[n + 1], "value": value, "unit": unit}
                rows.append({**row, "register": register, "invoice_no": str(n)})
    monkeypatch.setattr("jcm_mrv.quality.tariffs.Effects", lambda claim, timeline: _Effect())
    data: Any = SimpleNamespace(invoices=rows_of("invoices", rows))
    series: Any = SimpleNamespace(billed=[SimpleNamespace(meter_id="M")])
    found = list(tariff_findings(None, series, data, TIMELINE))  # type: ignore[arg-type]
    assert codes(found) == said
    for one in found:
        assert one.data["most"] == 606.0 and one.effect_tco2e == pytest.approx(0.8 * 0.606)
        assert one.severity is MAJOR


# --- meters that were changed, and meters that nothing names --------------------------------------------------


def stood(serial: str, start: int, end: int, opening: float | None, closing: float | None) -> Installation:
    return Installation(
        serial, "kWh", 1.0, None, start, end, opening, closing, Origin(), Origin(cell="opening"), Origin(cell="closing")
    )


@pytest.mark.parametrize(
    ("closing", "opening", "serial", "cell", "words"),
    [
        (5.0, 1.0, "B", None, 0),
        (None, 1.0, "B", "closing", 1),
        (5.0, None, "B", "opening", 1),
        (None, None, "B", "closing", 2),
        (None, None, "A", None, 0),  # the same meter with new transformers
    ],
)
def test_a_meter_was_changed_with_its_readings(
    closing: float | None, opening: float | None, serial: str, cell: str | None, words: int
) -> None:
    meter = Meter("M", (stood("A", 0, 10, 0.0, closing), stood(serial, 10, 20, opening, None)))
    found = list(_replacements(meter))
    assert [f.where.cell for f in found] == ([] if cell is None else [cell])
    for one in found:
        assert ("closing" in one.found or "closing" in one.message) == (closing is None)
        assert ("opening" in one.found or "opening" in one.message) == (opening is None)
    assert words == (0 if not found else (closing is None) + (opening is None))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"meter_id": "X"}, ["X"]),
        ({"meter_id": "X", "description": "of the gate"}, ["of the gate"]),
        ({"meter_id": "X", "checks": "M"}, []),
        ({"meter_id": "M"}, []),
        ({"meter_id": "R"}, []),
        ({"meter_id": "L"}, []),
        ({"meter_id": ""}, []),
    ],
)
def test_a_meter_that_nothing_names(row: dict[str, Any], said: list[str]) -> None:
    tables = {key: rows_of(key, [{"meter_id": name}]) for key, name in (("points", "M"), ("logs", "L"))}
    data: Any = SimpleNamespace(
        meters=rows_of("meters", [row, row]),
        readings=SimpleNamespace(meter_id=np.array(["R"])),
        invoices=[],
        stocks=[],
        **tables,
    )
    assert [f.found for f in _unused_meters(data)] == said
