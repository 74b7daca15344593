"""Readings that stand aside for another source, and what they state then; by hand."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.meters.batches import Batch
from jcm_mrv.meters.conversions import Conversion, Conversions
from jcm_mrv.meters.meters import ALWAYS_AFTER, ALWAYS_BEFORE, Installation, Meter
from jcm_mrv.meters.readings import ReadingSegments
from jcm_mrv.meters.secondary_sources import INVOICES, LOG, as_readings, as_seconds, cuts_of, invoices, set_aside
from jcm_mrv.meters.segments import SecondaryKind, SecondarySource, SegmentKind
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.units import parse_unit
from jcm_mrv.time.dividing import Runs
from jcm_mrv.time.timeline import Timeline
from support.claims import rows_of
from support.finding_codes import codes

TIMELINE = Timeline.of(date(2024, 12, 1), date(2025, 2, 28), "Asia/Ho_Chi_Minh")
DEC, JAN, FEB, MAR = (int(edge) for edge in TIMELINE.edges)
METERS = {"M": Meter("M", (Installation("S", "kWh", 40.0, 5, ALWAYS_BEFORE, ALWAYS_AFTER),))}


def batch(kind: SegmentKind, *rows: tuple[float, float, float, float, float, int, int]) -> Batch:
    """Of each row value, opening, closing, wrap and factor, from and to."""
    columns = [np.array(column, dtype=np.float64) for column in list(zip(*rows, strict=True))[:5]]
    start, end = (np.array([row[n] for row in rows], dtype=np.int64) for n in (5, 6))
    ones = np.ones(len(rows), dtype=np.int64)
    origins = [Origin(line=n) for n in range(len(rows))]
    return Batch("M", kind, "kWh", ones * 0, *columns[:4], ones * 1.0, columns[4], ones, ones, start, end, origins,
                 origins, ones * 1.0)  # fmt: skip


REGISTER = batch(
    SegmentKind.REGISTER,
    (0.0, 100.5, 130.5, 0.0, 40.0, 0, 10),
    (0.0, 100.5, 130.5, 0.0, 40.0, 0, 10),  # its other month
    (0.0, 99990.0, 10.0, 100000.0, 20.0, 10, 20),
)
ENERGY = batch(SegmentKind.ENERGY, (7.25, 0.0, 0.0, 0.0, 40.0, 0, 10), (-2.0, 0.0, 0.0, 0.0, 40.0, 10, 30))


def test_what_readings_state_beside_another_source_has_their_transformer_factor() -> None:
    """(130.5 - 100.5) x 40, once though over two months; (10 - 99,990 + 100,000) x 20; the last digit is a tenth."""
    found = list(as_seconds(REGISTER, np.arange(3), METERS["M"]))
    assert [(one.start, one.end, one.amount, one.resolution) for one in found] == [
        (0, 10, 1200.0, pytest.approx(4.0)),
        (10, 20, 400.0, pytest.approx(2.0)),
    ]
    assert {one.kind for one in found} == {SecondaryKind.REGISTER}
    assert [one.origin.line for one in found] == [0, 2]
    read = list(as_seconds(ENERGY, np.arange(2), METERS["M"]))
    assert [(one.amount, one.resolution, one.kind) for one in read] == [
        (290.0, 0.0, SecondaryKind.READING),
        (-80.0, 0.0, SecondaryKind.READING),
    ]


def runs(*spans: tuple[int, int]) -> Runs:
    return Runs.of(*(np.array([span[n] for span in spans], dtype=np.int64) for n in (0, 1)))


@pytest.mark.parametrize(
    ("covered", "aside"),
    [
        ([], []),
        ([(0, 1)], [0]),
        ([(9, 10)], [0]),
        ([(10, 11)], [1]),
        ([(10, 10)], []),
        ([(30, 40)], []),
        ([(-5, 0)], []),
        ([(-5, 0), (29, 40)], [1]),
        ([(2, 3), (4, 5)], [0]),
        ([(-9, -8), (2, 3), (35, 36)], [0]),
        ([(5, 15)], [0, 1]),
    ],
)
@pytest.mark.parametrize("name", [LOG, INVOICES])
def test_readings_of_a_time_that_another_source_covers_stand_aside(
    covered: list[tuple[int, int]], aside: list[int], name: str
) -> None:
    """One of 0 to 10 and one of 10 to 30."""
    read = ReadingSegments(batches=[ENERGY])
    read.runs["M", ENERGY.kind.label] = runs((0, 10), (10, 30))
    seconds, findings = set_aside(read, {"M": (name, runs(*covered))}, METERS)
    assert [one.origin.line for one in seconds] == aside
    assert codes(findings) == ["readings.second_source"] * bool(aside)
    kept = [n for n in (0, 1) if n not in aside]
    assert [n.line for one in read.batches for n in one.origins] == kept
    assert [float(v) for one in read.batches for v in one.value] == [float(ENERGY.value[n]) for n in kept]
    left = [(0, 10), (10, 30)]
    spans = [(a, b) for n, (a, b) in enumerate(left) if n in kept]
    assert read.runs["M", ENERGY.kind.label].spans == runs(*spans).spans
    if findings:
        assert findings[0].data == {"count": len(aside)} and findings[0].where.line == aside[0]
        assert ("the log counts" in findings[0].message) is (name == LOG)
        assert ("bridge its data gaps" in findings[0].message) is (name == LOG)


def test_a_register_that_stands_aside_for_a_time_keeps_the_readings_of_the_rest() -> None:
    read = ReadingSegments(batches=[REGISTER])
    set_aside(read, {"M": (LOG, runs((0, 10)))}, METERS)
    left = read.runs["M", REGISTER.kind.label]
    assert left.spans == [(10, 20)]


def test_a_log_is_cut_where_what_it_is_compared_with_is_read() -> None:
    second = SecondarySource("N", SecondaryKind.INVOICE, 3, 4, 1.0, "kWh", Origin())
    found = cuts_of(ReadingSegments(batches=[ENERGY]), [second], {"M": ["C"], "N": ["M"]})
    assert found == {"M": {0, 10, 30}, "C": {0, 10, 30}, "N": {3, 4, 0, 10, 30}}


# --- invoices -----------------------------------------------------------------------------------------


def bill(value: float | None = 100.0, **more: Any) -> dict[str, Any]:
    row = {"meter_id": "M", "value": value, "unit": "kWh", "invoice_no": "1"}
    return {**row, "start": datetime(2024, 12, 15), "end": datetime(2025, 1, 15), **more}


def test_a_meter_without_a_unit_has_that_of_its_bills() -> None:
    plain = {"M": Meter("M", (Installation("S", "", 1.0, None, ALWAYS_BEFORE, ALWAYS_AFTER),))}
    data: Any = SimpleNamespace(invoices=rows_of("invoices", [bill(unit="MWh")]))
    (one,), _ = invoices(data, plain, TIMELINE, Conversions())
    assert (one.amount, one.unit) == (100.0, "MWh")


def billed(*rows: dict[str, Any], conversions: Conversions | None = None) -> tuple[list[SecondarySource], list[str]]:
    data: Any = SimpleNamespace(invoices=rows_of("invoices", rows))
    found, findings = invoices(data, METERS, TIMELINE, conversions or Conversions())
    return found, codes(findings)


@pytest.mark.parametrize(
    "lacks",
    [{"start": None}, {"end": None}, {"end": datetime(2024, 12, 15)}, {"value": None}, {"unit": ""}, {"meter_id": "X"}],
)
def test_a_bill_that_lacks_something_is_left_to_the_reader(lacks: dict[str, Any]) -> None:
    assert billed(bill(**lacks)) == ([], [])
    assert [one.amount for one in billed(bill(), bill(**lacks))[0]] == [100.0]


def test_a_bill_over_the_end_of_the_year_counts_once_and_by_its_days() -> None:
    """15 December to 15 January are 31 days: 17 of them in 2024; the total counts, and not its tariffs again."""
    (one,), said = billed(bill(), bill(60.0, register="peak"), bill(40.0, register="off-peak"))
    assert said == [] and (one.amount, one.resolution) == (100.0, 0.0)
    (read,) = as_readings([one], TIMELINE)
    assert (read.value * read.share * read.factor).tolist() == pytest.approx([100 * 17 / 31, 100 * 14 / 31])
    assert read.month.tolist() == [0, 1] and (read.value, read.opening.sum(), read.wrap.sum()) == (
        pytest.approx([100.0, 100.0]), 0.0, 0.0,
    )  # fmt: skip
    assert (read.start.tolist(), read.end.tolist(), read.count.tolist()) == ([one.start] * 2, [one.end] * 2, [1, 1])
    outside = SecondarySource("M", SecondaryKind.INVOICE, MAR, MAR + 5, 1.0, "kWh", Origin())
    assert as_readings([outside], TIMELINE) == []


@pytest.mark.parametrize(
    ("tariffs", "said"),
    [((60.0, 40.0), []), ((60.0, 40.0001), []), ((60.0, 40.00011), ["invoices.registers"]), ((-60.0, -40.0), ["x"])],
)
def test_tariffs_agree_with_their_total_to_a_millionth(tariffs: tuple[float, float], said: list[str]) -> None:
    """Of 100 or of the sum of the tariffs, whichever is larger: 1e-6 of it is 0.0001."""
    one, found = billed(bill(), bill(tariffs[0], register="normal"), bill(tariffs[1], register="peak"))
    assert one[0].amount == 100.0 and len(found) == len(said)
    assert found == ["invoices.registers"] * len(said)
    data: Any = SimpleNamespace(invoices=rows_of("invoices", [bill(), bill(99.5, register="peak")]))
    (apart,) = invoices(data, METERS, TIMELINE, Conversions())[1]
    assert apart.where == data.invoices[0].origin("value") and apart.data == {"total": 100.0, "tariffs": 99.5}
    million = [bill(1e6), bill(1e6 - 1.0 - 0.25 * len(said), register="peak")]  # off by exactly a millionth, or more
    assert billed(*million)[1] == ["invoices.registers"] * len(said)


def density(value: float, start: int, end: int) -> Conversion:
    return Conversion("density", value, parse_unit("kg/kWh"), start, end, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "amount"),
    [
        ([density(2.0, ALWAYS_BEFORE, ALWAYS_AFTER)], 50.0),  # 100 kg at 2 kg a unit
        ([density(2.0, ALWAYS_BEFORE, JAN), density(4.0, JAN, ALWAYS_AFTER)], None),  # it changes within the bill
        ([density(2.0, JAN, ALWAYS_AFTER)], None),  # nothing holds for its first days
    ],
)
def test_a_bill_in_another_kind_of_unit(rows: list[Conversion], amount: float | None) -> None:
    found, said = billed(bill(unit="kg"), conversions=Conversions({"M": rows}))
    assert [one.amount for one in found] == ([] if amount is None else [pytest.approx(amount)])
    assert said == (["invoices.conversion"] if amount is None else [])
    assert billed(bill(unit="m"), conversions=Conversions({"M": rows})) == ([], [])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([bill(), bill(invoice_no="2")], ["invoices.overlap"]),
        ([bill(), bill()], []),
        ([bill(register="peak"), bill(register="normal", invoice_no="2")], []),
        ([bill(), bill(register="total", invoice_no="2")], ["invoices.overlap"]),
    ],
)
def test_two_invoices_of_one_time_are_added_and_said(rows: list[dict[str, Any]], said: list[str]) -> None:
    (one,), found = billed(*rows)
    assert (one.amount, found) == (200.0, said)
