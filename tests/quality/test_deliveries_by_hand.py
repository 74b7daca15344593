"""A ledger of a store against the invoices of deliveries by hand: what was used by either, and which of both counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.meters.segments import SecondaryKind, SecondarySource
from jcm_mrv.origin import Origin
from jcm_mrv.quality.crosscheck import Contradiction
from jcm_mrv.quality.deliveries import _Compared, _ledger, _Row, deliveries_against
from jcm_mrv.quality.settings import Settings
from jcm_mrv.time.zones import DAY
from support.claims import rows_of
from support.tree import TIMELINE

JAN, FEB, MAR, APR = (int(edge) for edge in TIMELINE.edges)
EIGHTH = Settings({"crosscheck.invoice_error": 0.125})


def compared(possible: Sequence[float], used: Sequence[float] = (30.0, 10.0)) -> _Compared:
    """Two rows that received 20 and 12, and used so much."""
    rows = [_Row(JAN, FEB, 20.0, Origin(cell="A1"), used[0]), _Row(FEB, MAR, 12.0, Origin(cell="A2"), used[1])]
    return _Compared(rows, possible[0], possible, 0.125)


@pytest.mark.parametrize(
    ("possible", "wrong"),
    [
        # an eighth of the larger: 4 of 32, or 4.625 of 37
        ([32.0], False), ([28.0], False), ([27.75], True), ([36.5], False), ([37.0], True), ([27.0, 28.0], False),
        ([27.0, 37.0], True), ([0.0], True), ([-64.0], True),
    ],
)  # fmt: skip
def test_ledger_and_invoices_differ_whatever_came_on_the_day_of_a_dip(possible: list[float], wrong: bool) -> None:
    assert compared(possible).wrong is wrong


@pytest.mark.parametrize(
    ("possible", "pick", "others"),
    [
        # 8 kWh too much by the ledger, of which three quarters were used in the first row
        ([24.0], min, [24.0, 8.0]), ([24.0], max, [24.0, 8.0]), ([40.0], min, [36.0, 12.0]),
        ([24.0, 20.0], min, [21.0, 7.0]), ([24.0, 20.0], max, [24.0, 8.0]),
        # where one of both agrees it is that one
        ([24.0, 28.0], min, [27.0, 9.0]), ([28.0, 24.0], max, [27.0, 9.0]), ([32.0, 0.0], min, [30.0, 10.0]),
    ],
)  # fmt: skip
def test_what_was_used_by_the_invoices(possible: list[float], pick: Any, others: list[float]) -> None:
    found = list(compared(possible).pairs(pick))
    assert [(p.start, p.end, p.counted, p.other) for p in found] == [
        (JAN, FEB, 30.0, others[0]), (FEB, MAR, 10.0, others[1])
    ]  # fmt: skip
    assert [(p.allowed, p.origin.cell) for p in found] == [(0.0, "A1"), (0.0, "A2")]


@pytest.mark.parametrize("used", [(0.0, 0.0), (1.0, -1.0), (1.0, -3.0)])
def test_where_nothing_was_used_the_difference_is_that_of_each_row_alike(used: tuple[float, float]) -> None:
    assert [p.counted - p.other for p in compared([24.0], used).pairs(min)] == [4.0, 4.0]


def test_a_small_use_is_one() -> None:
    """0.5 in all: 8 x 0.75 and 8 x 0.25."""
    assert [p.counted - p.other for p in compared([24.0], (0.375, 0.125)).pairs(min)] == [6.0, 2.0]


def stock(**changes: Any) -> dict[str, Any]:
    row = {"meter_id": "T", "start": datetime(2024, 2, 1), "end": datetime(2024, 3, 1), "unit": "L"}
    return {**row, "opening": 5000.0, "received": 20_000.0, "closing": 1000.0, **changes}


def test_the_rows_of_a_ledger_in_the_unit_of_the_invoices() -> None:
    """20 m3 came and 5 - 1 were taken from the store; what lacks a limit or what came is no row; in order of time."""
    first = stock(start=datetime(2024, 1, 1), end=datetime(2024, 2, 1), opening=None, closing=None, received=0.0)
    others = [stock(meter_id="U"), stock(start=None), stock(end=None), stock(received=None)]
    data: Any = SimpleNamespace(stocks=rows_of("stocks", [stock(), first, *others]))
    one, two = _ledger(data, "T", "m3", TIMELINE)
    assert (one.start, one.end, one.received, one.used) == (JAN, FEB, 0.0, 0.0)
    assert (two.start, two.end, two.received, two.used) == (FEB, MAR, 20.0, 24.0)
    half = SimpleNamespace(stocks=rows_of("stocks", [stock(opening=None), stock(closing=None)]))
    assert [row.used for row in _ledger(half, "T", "m3", TIMELINE)] == [19.0, 25.0]  # type: ignore[arg-type]


def bill(start: int, end: int, amount: float, meter: str = "T") -> SecondarySource:
    return SecondarySource(meter, SecondaryKind.INVOICE, start, end, amount, "m3", Origin())


def against(
    each: float | None,
    *bills: SecondarySource,
    monkeypatch: pytest.MonkeyPatch,
    more: Sequence[dict[str, Any]] = (),
    unknown: Sequence[float] = (),
) -> list[Contradiction]:
    """T received 20 m3 in February and used 24, U nothing; ER moves by so much with each m3 that was used.

    It has no value where so many m3 too much were used by the ledger as are ``unknown``.
    """

    class Effect:
        def of(self, meter: str, unit: str, amounts: Any) -> float | None:
            more = sum(amount for _, _, amount in amounts)
            return None if each is None or more in unknown else each * more

    monkeypatch.setattr("jcm_mrv.quality.deliveries.Effects", lambda claim, timeline: Effect())
    rows = rows_of("stocks", [stock(), stock(meter_id="U", received=0.0), *more])
    data: Any = SimpleNamespace(stocks=rows)
    series: Any = SimpleNamespace(delivered=bills)
    return list(deliveries_against(None, series, data, TIMELINE, EIGHTH))  # type: ignore[arg-type]


CAME, DAY_OF_DIP = bill(FEB + DAY, FEB + 2 * DAY, 10.0), bill(MAR, MAR + DAY, 4.0)


@pytest.mark.parametrize(
    ("each", "effect", "other", "words"),
    [
        # 10 or 14 m3 came, of 20: 10 or 6 less were used; that with the lower ER is taken
        (0.5, 5.0, 14.0, "the other source is used"), (0.0625, 0.625, 14.0, "the other source is used"),
        (-0.5, -3.0, 18.0, "the ledger counts"),
        (0.0, 0.0, 14.0, "the ledger counts"), (None, None, 14.0, "the ledger counts"),
    ],
)  # fmt: skip
def test_of_what_may_have_come_that_with_the_lower_er_is_taken(
    each: float | None, effect: float | None, other: float, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,) = against(each, CAME, DAY_OF_DIP, monkeypatch=monkeypatch)
    assert [(p.start, p.end, p.counted, p.other) for p in found.pairs] == [(FEB, MAR, 24.0, other)]
    finding = found.finding
    assert (finding.effect_tco2e, finding.data) == (effect, {"spans": 1, "difference": 10.0})
    assert finding.severity is (Severity.ERROR if effect is None else Severity.MAJOR)
    assert words in finding.message and finding.found == "2024-02-01 to 2024-03-01: received 20, invoices 10 m3"


def test_each_store_by_its_own_deliveries(monkeypatch: pytest.MonkeyPatch) -> None:
    """U received nothing and 1 m3 was billed; T agrees."""
    right, wrong = bill(FEB + DAY, FEB + 2 * DAY, 20.0), bill(FEB + DAY, FEB + 2 * DAY, 1.0, "U")
    assert [one.meter_id for one in against(0.5, right, wrong, monkeypatch=monkeypatch)] == ["U"]
    assert against(0.5, right, monkeypatch=monkeypatch) == []


@pytest.mark.parametrize("unknown", [6.0, 10.0])
def test_where_er_has_no_value_for_what_may_have_come_nothing_is_decided(
    unknown: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """10 or 6 m3 less were used; of one of both nobody can say what ER is."""
    (found,) = against(0.5, CAME, DAY_OF_DIP, monkeypatch=monkeypatch, unknown=[unknown])
    assert (found.finding.effect_tco2e, found.finding.severity) == (None, Severity.ERROR)
    assert [p.counted - p.other for p in found.pairs] == [unknown]


def test_a_delivery_up_to_the_end_of_a_row_is_of_it_and_one_month_that_agrees_hides_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """20 m3 of January came on its last day; 10 of the 20 of February were billed."""
    january = stock(start=datetime(2024, 1, 1), end=datetime(2024, 2, 1))
    bills = (bill(FEB - DAY, FEB, 20.0), CAME)
    (found,) = against(0.5, *bills, monkeypatch=monkeypatch, more=[january])
    assert [(p.start, p.counted - p.other) for p in found.pairs] == [(JAN, 0.0), (FEB, 10.0)]
    assert found.finding.data == {"spans": 1, "difference": 10.0}
