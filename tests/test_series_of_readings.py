"""What is made of the single readings of a meter in any unit, kind and order, before anything is added up; by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.meters.combined import Combination
from jcm_mrv.meters.meters import read_meters
from jcm_mrv.origin import Origin
from jcm_mrv.series import Sources, around_checks, combined, gather
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from support.claims import FILE, rows_of
from support.sheets import ZONE, at, log_row, sheets

PERIOD = Timeline.of(date(2024, 12, 1), date(2025, 1, 31), ZONE)
DEC, JAN, FEB = (int(edge) for edge in PERIOD.edges)
Row = dict[str, Any]


def gathered(
    meters: Sequence[Row],
    rows: Sequence[Row],
    logs: Sequence[Mapping[str, Any]] = (),
    folder: Path = Path(),
    timeline: Timeline = PERIOD,
    **tables: Sequence[Row],
) -> Sources:
    data = replace(sheets(meters, rows, logs), path=folder / FILE)
    data = replace(data, **{key: rows_of(key, found) for key, found in tables.items()})  # type: ignore[arg-type]
    return gather(data, read_meters(data.meters, timeline.zone)[0], timeline)


def energy(meter: str, start: str, end: str, value: float, unit: str = "kWh", kind: str = "energy") -> Row:
    return {"meter_id": meter, "kind": kind, "start": at(start), "end": at(end), "value": value, "unit": unit}


def moment(meter: str, day: str, value: float, kind: str, unit: str) -> Row:
    return {"meter_id": meter, "kind": kind, "end": at(day), "value": value, "unit": unit}


def wanted(how: str, *meters: str, units: tuple[str, ...], unit: str) -> Combination:
    return Combination(how, "P", meters, units, unit, Origin())


REGISTER = {
    "meter_id": "R", "unit": "m3", "transformer_factor": 10.0, "serial_number": "A", "register_digits": 3,
    "installed": at("2024-12-01"), "opening_reading": 900.0,
}  # fmt: skip
DENSITY = {"property": "density", "unit": "t/m3", "document": "D", "conditions": "15 C"}


def test_a_register_s_readings_are_its_advances_in_the_unit_of_the_amounts() -> None:
    """(990 - 900) x 10 m3 at 0.8 t/m3, and over the year's end (40 - 990 + 1,000) x 10 at 0.8, at which it begins."""
    rows = [moment("R", "2024-12-21", 990.0, "register", "m3"), moment("R", "2025-01-31", 40.0, "register", "m3")]
    factors = [{"meter_id": "R", **DENSITY, "value": 0.8, "end": at("2025-01-31")},
               {"meter_id": "R", **DENSITY, "value": 0.9, "start": at("2025-01-31")}]  # fmt: skip
    sources = gathered([REGISTER], rows, conversions=factors)
    found = sources.intervals("R", "t")
    assert found.amount.tolist() == pytest.approx([720.0, 400.0])
    assert found.end.tolist() == [PERIOD.instant(row["end"]) for row in rows] and found.start[0] == DEC
    assert [found.where(n).cell for n in (0, 1)] == ["E2", "E3"]
    plain = gathered([REGISTER], rows)
    assert plain.intervals("R", "L").amount.tolist() == pytest.approx([900_000.0, 500_000.0])


@pytest.mark.parametrize(("third", "entries"), [("2025-01-02", 2), ("2025-01-01", 1)])
def test_entries_have_no_length_and_intervals_have_one(third: str, entries: int) -> None:
    """Pieces that are counted at moments (entries) and over days: of the ones there is a number, of the others heat."""
    rows = [
        moment("n", "2025-01-01", 1.0, "sample", "1"),
        moment("n", third, 1.0, "sample", "1"),
        energy("n", "2024-12-31", "2025-01-03", 4.0, "pcs"),
        energy("T", "2024-12-31", "2025-01-03", 20.0, "K", "mean"),
    ]
    sources = gathered([{"meter_id": "n", "unit": "1"}, {"meter_id": "T", "unit": "K"}], rows)
    count = wanted("count", "n", units=("pcs",), unit="1")
    product = wanted("product", "n", "T", units=("pcs", "K*h"), unit="K")
    made, findings = combined(sources, [count, product, wanted("highest", "T", units=("K*h",), unit="K")])
    assert findings == []
    found = [one.intervals.amount.tolist() for one in made.series.combined]
    assert found == [[1.0] * entries, [80.0], [20.0, 20.0]]


def test_a_product_is_of_two_meters_that_are_there() -> None:
    """2 t at 3 K in a day; the second meter is multiplied with the first and stands where both do."""
    rows = [
        energy("F", "2024-12-31", "2025-01-02", 4.0, "t"),
        energy("T", "2024-12-31", "2025-01-02", 3.0, "K", "mean"),
    ]
    meters = [{"meter_id": "F", "unit": "t", "installed": at("2024-12-31")},
              {"meter_id": "T", "unit": "K", "removed": at("2025-01-10")}]  # fmt: skip
    sources = gathered(meters, rows)
    one = wanted("product", "F", "T", units=("t", "K*h"), unit="K")
    made, findings = combined(sources, [one, wanted("product", "F", "X", units=("t", "K*h"), unit="K")])
    assert findings == [] and len(made.series.combined) == 1
    (product,) = made.series.combined
    assert product.intervals.amount.tolist() == [12.0] and (product.first.tolist(), product.second.tolist()) == (
        [4.0],
        [3.0],
    )
    assert product.meter.place == (PERIOD.instant(at("2024-12-31")), PERIOD.instant(at("2025-01-10")))
    parts = made.series.parts
    own = parts.meter == parts.meter_ids.index(one.meter_id)
    assert parts.amounts()[own].tolist() == [6.0, 6.0] and parts.month[own].tolist() == [0, 1]
    (profile,) = [p for p in made.series.profiles if p.meter_id == one.meter_id]
    assert (profile.peaks[0].rate, profile.unit, profile.count) == (0.25, "t*K", 1)
    cut = made.cut({"F": [PERIOD.instant(at("2025-01-01 12:00"))]}).parts
    assert cut.amounts()[cut.meter == cut.meter_ids.index(one.meter_id)].tolist() == [6.0, 3.0, 3.0]
    # without a finding: what stands in the way is said where the unit is checked
    assert combined(sources, [wanted("product", "T", "F", units=("t", "K*h"), unit="K")])[0] is sources
    assert made.series.coverage.meter_ids == ("F", "T", one.meter_id)


def test_a_reading_that_is_no_number_of_its_own_is_asked_once() -> None:
    """The same interval in two months is one reading."""
    sources = gathered([{"meter_id": "F", "unit": "t"}], [energy("F", "2024-12-01", "2025-02-01", 62.0, "t")])
    found = sources.intervals("F", "kg")
    assert found.amount.tolist() == [62_000.0] and (found.start.tolist(), found.end.tolist()) == ([DEC], [FEB])


def test_bills_that_count_and_a_log_that_stands_aside(tmp_path: Path) -> None:
    """Two days with the year's end between them; of each meter the first is logged, 1 kWh an hour on the register."""
    hours = "".join(f"2024-12-31 {n:02d}:00,1\n" for n in range(24))
    (tmp_path / "log.csv").write_text("time,value\n" + hours, encoding="utf-8")
    own = [{"meter_id": name, "unit": "kWh", "transformer_factor": 7.0} for name in "MN"]
    logs = [log_row(log_id=name, meter_id=name, interval_minutes=60) for name in "MN"]
    bill = {"meter_id": "M", "start": at("2024-12-31"), "end": at("2025-01-02"), "value": 90.0, "unit": "kWh"}
    points = [{"meter_id": "M", "option": "B"}, {"meter_id": "N", "option": "C"}]
    days = Timeline.of(date(2024, 12, 31), date(2025, 1, 1), ZONE)
    sources = gathered(own, [], logs=logs, folder=tmp_path, timeline=days, invoices=[bill], points=points)
    parts = sources.series.parts
    by_meter = {name: parts.amounts()[parts.meter == n].tolist() for n, name in enumerate(parts.meter_ids)}
    # half of the bill in each day, and 24 x 7 kWh of the log of N; that of M states as much beside the bill
    assert by_meter == {"M": [45.0, 45.0], "N": [168.0]}
    assert [(one.meter_id, one.amount) for one in sources.series.seconds] == [("M", 168.0)]
    covered = sources.series.coverage.covered / HOUR
    assert covered.tolist() == [[24, 24], [24, 0]] and sources.aside == {"M"}
    noon = days.instant(at("2024-12-31 12:00"))
    cut = sources.cut({"M": [noon], "N": [noon]}).parts
    assert cut.amounts().tolist() == [45.0, 45.0, 84.0, 84.0]
    assert sources.cut({"X": [noon]}) is sources.series


def reading(meter: str, start: str, end: str) -> Row:
    return energy(meter, start, end, 50.0)


@pytest.mark.parametrize(
    ("checked", "check", "wide"),
    [
        # the check meter within the period, or exactly over it; and none at all
        ([("2024-11-20", "2025-01-20")], [("2024-12-05", "2025-01-05")], None),
        ([("2024-11-20", "2025-02-20")], [("2024-12-01", "2025-02-01")], None),
        ([("2024-11-20", "2025-02-20")], [], None),
        # it began before, or ended behind it: all of its time, and of the period
        ([("2024-12-01", "2025-02-01")], [("2024-11-20", "2025-01-05")], ("2024-11-20", "2025-02-01")),
        ([("2024-12-01", "2025-02-01")], [("2024-12-05", "2025-02-10")], ("2024-12-01", "2025-02-10")),
        ([("2024-12-01", "2025-02-01")], [("2024-11-20", "2024-12-25"), ("2024-12-25", "2025-02-10")],
         ("2024-11-20", "2025-02-10")),
        # of the meter that it checks two readings before the period overlap, so that nothing can be said
        ([("2024-11-01", "2024-11-25"), ("2024-11-10", "2024-12-01")], [("2024-10-20", "2025-01-05")], None),
    ],
)  # fmt: skip
def test_the_time_of_a_check_meter_that_reaches_beyond_the_period(
    checked: list[tuple[str, str]], check: list[tuple[str, str]], wide: tuple[str, str] | None
) -> None:
    meters = [{"meter_id": "M", "unit": "kWh"}, {"meter_id": "C", "unit": "kWh", "checks": "M"}]
    rows = [*(reading("M", *span) for span in checked), *(reading("C", *span) for span in check)]
    found = around_checks(gathered(meters, rows))
    edges = None if found is None else (int(found[1].edges[0]), int(found[1].edges[-1]))
    assert edges == (wide and tuple(PERIOD.instant(at(day)) for day in wide))
