"""Two sources of a meter by hand: the spans, what is allowed and open, and what is said; 0.5 t per kWh of M."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.meters.segments import SecondaryKind, SecondarySource
from jcm_mrv.meters.sources.curve import Curve
from jcm_mrv.origin import Origin
from jcm_mrv.quality.crosscheck import Contradiction, Pair, _CrossChecks
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.sources import SecondarySources, Source
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.time.zones import DAY
from support.claims import rows_of, solar
from support.tree import TIMELINE, Curves, Spans, by_month

JAN, FEB, MAR, APR = (int(edge) for edge in TIMELINE.edges)
REGISTER, READING, INVOICE = SecondaryKind.REGISTER, SecondaryKind.READING, SecondaryKind.INVOICE
WHERE = Origin(sheet="Readings", cell="A1")
SHARED = Settings({"crosscheck.shared_instrument": 0.125})


class Tonnes:
    """ER moves by so much with a kWh of a month, by the instant from which its conversions hold."""

    def __init__(self, each: float | None) -> None:
        self.each, self.asked = each, list[Any]()

    def of(self, meter: str, unit: str, amounts: Any) -> float | None:
        self.asked = list(amounts)
        return None if self.each is None else self.each * sum(amount for _, _, amount in self.asked)


def checks(each: float | None = 0.5, **curves: Spans) -> Any:
    own = object.__new__(_CrossChecks)
    counted = Curves(**curves)
    own.__dict__.update(
        timeline=TIMELINE, settings=SHARED, counted=counted, around=(counted, TIMELINE), effects=Tonnes(each),
        factors={"M": [1.0]}, units={"M": "kWh"}, parts={}, data=SimpleNamespace(),
    )  # fmt: skip
    return own


def source(
    kind: SecondaryKind | None, spans: Spans = (), error: float = 0.0, tolerance: float = 0.0, **more: Any
) -> Any:
    start, end, amount = zip(*spans, strict=True) if spans else ((), (), ())
    limits = np.array(start, dtype=np.int64), np.array(end, dtype=np.int64)
    amounts = np.array(amount, dtype=float)
    both_ways = bool((amounts < 0).any())
    return Source(
        kind, Curve.of_spans(*limits, amounts, tolerance=tolerance, both_ways=both_ways), error, WHERE, **more
    )


def pairs(own: Any, other: Source) -> list[tuple[int, int, float, float, float, float]]:
    return [(p.start, p.end, p.counted, p.other, p.allowed, p.open) for p in own._pairs("M", "kWh", other)]


M = by_month(64.0, 32.0, 0.0)


@pytest.mark.parametrize(
    ("kind", "others", "allowed"),
    [
        # an eighth of the larger for what one instrument shows twice, beside the error of the source itself
        (REGISTER, by_month(60.0, 40.0, 0.0), [12.0, 7.5, 0.0]), (READING, by_month(60.0, 40.0, 0.0), [12.0, 7.5, 0.0]),
        (INVOICE, by_month(60.0, 40.0, 0.0), [4.0, 2.5, 0.0]), (INVOICE, by_month(-80.0, 0.0, 0.0), [5.0, 2.0, 0.0]),
    ],
)  # fmt: skip
def test_what_two_sources_may_differ_by(kind: SecondaryKind, others: Spans, allowed: list[float]) -> None:
    """A sixteenth of the larger amount, whichever way it flows; a month of nothing is compared as well."""
    found = pairs(checks(M=M), source(kind, others, 1 / 16))
    assert [(one[0], one[2], one[3]) for one in found] == [(JAN, 64.0, others[0][2]), (FEB, 32.0, others[1][2]),
                                                           (MAR, 0.0, 0.0)]  # fmt: skip
    assert [one[4:] for one in found] == [(amount, 0.0) for amount in allowed]


def test_months_in_which_a_meter_and_its_check_meter_counted_nothing_say_nothing() -> None:
    found = pairs(checks(M=M, C=by_month(60.0, 0.0, 0.0)), source(None, error=0.25, check="C"))
    assert found == [(JAN, FEB, 64.0, 60.0, 16.0, 0.0), (FEB, MAR, 32.0, 0.0, 8.0, 0.0)]
    assert len(pairs(checks(M=M, C=by_month(60.0, 0.0, 5.0)), source(None, check="C"))) == 3


def test_the_last_digit_of_either_end_is_allowed_too() -> None:
    """2 kWh at both ends of a register: each difference may be 4 kWh more; without a share for the error."""
    found = pairs(checks(M=M), source(INVOICE, by_month(60.0, 30.0, 1.0), tolerance=2.0))
    assert [one[4] for one in found] == [4.0, 4.0, 4.0]


def test_each_span_stands_at_the_origin_of_what_states_it() -> None:
    """That of January is known, of the others the source's own place is given."""
    own = Origin(sheet="Invoices", cell="A7")
    other = source(INVOICE, by_month(60.0, 30.0, 1.0), origins={JAN: own})
    assert [p.origin for p in checks(M=M)._pairs("M", "kWh", other)] == [own, WHERE, WHERE]


MIDDLES = JAN + 14 * DAY, MAR + 14 * DAY


@pytest.mark.parametrize(
    ("others", "said"),
    [
        # from mid-January to mid-March: 32 of February surely, at most all 128 of them
        (80.0, (88.0, 80.0, 0.0, None)), (20.0, (88.0, 20.0, 0.0, 56.0)), (140.0, (88.0, 140.0, 0.0, 40.0)),
    ],
)  # fmt: skip
def test_a_bill_that_cuts_the_months_leaves_open_what_they_do(others: float, said: Any) -> None:
    """By time 17 of 31 days of January's 62 kWh are 34, and 14 of 31 of March's 31 are 14: with 40 between, 88."""
    months = by_month(62.0, 40.0, 31.0)
    (found,) = pairs(checks(M=months), source(INVOICE, [(*MIDDLES, others)]))
    assert found[2:4] == (pytest.approx(88.0), others)
    # lowest 40 is 48 below what is taken, highest 133 is 45 above
    assert found[5] == pytest.approx(45.0 if others > 88 else 48.0)


def test_what_is_stated_in_part_is_compared_only_where_it_is_too_much_already() -> None:
    """February alone is known of M, 40 kWh: a bill of the quarter may be 50 or 40, and cannot be 39 or less."""
    only = [(FEB, MAR, 40.0)]
    assert pairs(checks(M=only), source(INVOICE, [(JAN, APR, 50.0)])) == []
    assert pairs(checks(M=only), source(INVOICE, [(JAN, APR, 40.0)])) == []
    assert [one[2:] for one in pairs(checks(M=only), source(INVOICE, [(JAN, APR, 39.0)]))] == [(40.0, 39.0, 0.0, 0.0)]


def test_of_two_the_one_with_fewer_spans_is_asked() -> None:
    """M states the quarter, the register from mid-January in three steps: 30 kWh of M against up to 36 within it."""
    steps = [
        (JAN + 14 * DAY, FEB + 14 * DAY, 10.0),
        (FEB + 14 * DAY, MAR + 14 * DAY, 12.0),
        (MAR + 14 * DAY, APR, 14.0),
    ]
    (found,) = pairs(checks(M=[(JAN, APR, 30.0)]), source(READING, steps))
    assert found[:4] == (JAN, APR, 30.0, 36.0) and found[4] == pytest.approx(36.0 / 8)
    # known to both in the same spans there is nothing left open
    assert len(pairs(checks(M=M), source(READING, M))) == 3


@pytest.mark.parametrize(
    ("span", "inside"),
    [
        ((JAN - DAY, JAN), False), ((JAN - DAY, JAN + 1), True), ((FEB, MAR), True), ((APR - 1, APR + DAY), True),
        ((APR, APR + DAY), False),
    ],
)  # fmt: skip
def test_a_bill_outside_of_the_period_is_not_compared_within_bounds(span: tuple[int, int], inside: bool) -> None:
    """M is known from two days before the period to two days after it."""
    around = [(JAN - 2 * DAY, APR + 2 * DAY, 95.0)]
    assert len(pairs(checks(M=around), source(INVOICE, [(*span, 500.0)]))) == inside


HALF = MAR + 14 * DAY


@pytest.mark.parametrize(
    ("kind", "others", "spans"),
    [
        # what is left beside whole months is compared within bounds, but not that of a check meter
        (INVOICE, [(JAN, FEB, 60.0), (FEB, MAR, 30.0), (MAR, HALF, 9.0)], [(JAN, FEB), (FEB, MAR), (MAR, HALF)]),
        (None, [(JAN, FEB, 60.0), (FEB, MAR, 30.0), (MAR, HALF, 9.0)], [(JAN, FEB), (FEB, MAR)]),
        (None, [(JAN + DAY, HALF, 90.0)], [(JAN + DAY, HALF)]),
    ],
)  # fmt: skip
def test_what_is_left_beside_whole_spans(kind: Any, others: Spans, spans: list[tuple[int, int]]) -> None:
    own = checks(M=by_month(64.0, 32.0, 31.0), C=others)
    assert [one[:2] for one in pairs(own, source(kind, others, check="" if kind else "C"))] == spans


def test_of_as_many_instants_as_spans_the_meter_s_own_span_is_asked() -> None:
    """30 of M in the quarter, of which 20 and 16 were billed in the two months in its middle."""
    steps = [(JAN + 14 * DAY, FEB + 14 * DAY, 20.0), (FEB + 14 * DAY, MAR + 14 * DAY, 16.0)]
    assert [one[:4] for one in pairs(checks(M=[(JAN, APR, 30.0)]), source(INVOICE, steps))] == [(JAN, APR, 30.0, 36.0)]


def test_where_both_are_the_same_as_much_is_open_as_less_may_be() -> None:
    months = by_month(62.0, 40.0, 31.0)
    best = Curves(M=months).curve("M", "kWh").over(*MIDDLES).best
    (found,) = pairs(checks(M=months), source(INVOICE, [(*MIDDLES, best)]))
    assert found[2] == found[3] == best and found[5] == pytest.approx(48.0)


def test_a_check_meter_of_another_kind_is_compared_with_nothing() -> None:
    own = checks(M=M)

    def refuse(meter: str, unit: str, other: Any) -> Any:
        raise UnitError("of another kind")

    own._curves = refuse
    assert pairs(own, source(None, check="C")) == []


# --- what is said ---------------------------------------------------------------------------------------


def pair(counted: float, other: float, allowed: float = 0.0, open_: float = 0.0, span: Any = (JAN, FEB)) -> Pair:
    return Pair(*span, counted, other, allowed, Origin(cell=f"A{counted:g}"), open_)


def compared(own: Any, *given: Pair, kind: SecondaryKind | None = INVOICE) -> list[Any]:
    return list(own._compared("M", "kWh", source(kind, check="" if kind else "C"), given))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([pair(66.0, 64.0, 2.0)], "agrees"), ([pair(66.5, 64.0, 2.0)], "invoice"), ([pair(61.5, 64.0, 2.0)], "invoice"),
        ([pair(66.5, 64.0, 2.0, 0.5)], ""), ([pair(67.0, 64.0, 2.0, 0.5)], "invoice"),
        ([pair(66.0, 64.0, 2.0), pair(66.5, 64.0, 2.0, 0.5)], "agrees"), ([], ""),
        ([pair(640.0, 64.0)], "factor"), ([pair(640.0, 64.0), pair(66.5, 64.0)], "invoice"),
    ],
)  # fmt: skip
def test_two_sources_agree_differ_or_differ_by_a_slip(given: Sequence[Pair], said: str) -> None:
    found = compared(checks(), *given)
    assert [getattr(one, "finding", one).code for one in found] == ([f"crosscheck.{said}"] if said else [])
    assert [isinstance(one, Contradiction) for one in found] == [said == "invoice"] * len(found)
    if said == "invoice":
        assert found[0].pairs == tuple(given) and (found[0].meter_id, found[0].unit) == ("M", "kWh")


@pytest.mark.parametrize(
    ("kind", "code"), [(None, "check_meter"), (INVOICE, "invoice"), (REGISTER, "register"), (READING, "register")]
)
def test_the_code_says_which_sources_differ(kind: SecondaryKind | None, code: str) -> None:
    (found,) = compared(checks(), pair(66.5, 64.0), kind=kind)
    assert found.finding.code == f"crosscheck.{code}"


@pytest.mark.parametrize(
    ("each", "severity", "used"),
    [
        (0.5, Severity.MAJOR, "the other source is used"), (0.125, Severity.MAJOR, "the other source is used"),
        (0.0, Severity.MAJOR, "what the meter counted is used"),
        (-0.5, Severity.MAJOR, "what the meter counted is used"),
        (None, Severity.ERROR, "what the meter counted is used"),
    ],
)  # fmt: skip
def test_a_difference_in_words_with_its_effect(each: float | None, severity: Severity, used: str) -> None:
    """2.5 more, 8 less and a month that agrees: 5.5 less in all; the worst beyond what is allowed is the first."""
    given = [pair(66.5, 64.0, 0.25), pair(24.0, 32.0, 6.0, span=(FEB, MAR)), pair(8.5, 8.0, 1.0, span=(MAR, APR))]
    own = checks(None if each is None else -each)
    finding = compared(own, *given)[0].finding
    assert finding.effect_tco2e == (None if each is None else 5.0 * each)
    assert (finding.severity, finding.data, finding.where.cell) == (severity, {"spans": 2, "worst": 2.5}, "A66.5")
    assert finding.message == (
        "meter M and the invoices differ by more than their errors allow in 2 of 3 spans; "
        + finding.message.split("; ")[1]
    )
    assert finding.message.split("; ")[1].startswith(used)
    assert finding.found == (
        "2024-01-01 to 2024-02-01: 66.5 against 64 kWh, +3.91 %; 2024-02-01 to 2024-03-01: 24 against 32 kWh, -25 %"
    )


def test_the_effect_of_a_span_over_months_is_divided_by_time() -> None:
    """91 kWh more in the quarter: 31, 29 and 31 of its days; each by the conversions of its own piece."""
    own = checks()
    (found,) = compared(own, pair(100.0, 9.0, span=(JAN, APR)))
    assert found.finding.effect_tco2e == pytest.approx(45.5)
    assert [(m, at) for m, at, _ in own.effects.asked] == [(0, JAN), (1, FEB), (2, MAR)]
    assert [amount for _, _, amount in own.effects.asked] == pytest.approx([31.0, 29.0, 31.0])


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ([pair(66.0, 64.0, 2.0), pair(32.0, 36.0, 4.0)], "98 and 100 kWh, 2 % apart"),
        ([pair(-66.0, -64.0, 2.0)], "-66 and -64 kWh, 3.12 % apart"), ([pair(0.0, 0.0)], "0 and 0 kWh, 0 % apart"),
        ([pair(0.5, 0.0, 0.5)], "0.5 and 0 kWh, 0 % apart"),
    ],
)  # fmt: skip
def test_two_sources_that_agree_in_words(given: list[Pair], found: str) -> None:
    (said,) = compared(checks(), *given)
    assert said.found == found and said.data["spans"] == len(given) and said.where == given[0].origin
    assert (said.data["counted"], said.data["other"]) == (sum(p.counted for p in given), sum(p.other for p in given))


def test_a_slip_in_words_and_a_month_of_nothing_without_a_ratio() -> None:
    (said,) = compared(checks(), pair(640.0, 64.0), pair(330.0, 33.0))
    assert said.data == {"ratio": 10.0, "spans": 2} and said.found == "640 against 64 kWh"
    (nothing,) = compared(checks(), pair(66.5, 0.0))
    assert nothing.finding.found == "2024-01-01 to 2024-02-01: 66.5 against 0 kWh"


def test_check_meters_come_last_parts_not_at_all_and_each_kind_is_said_once() -> None:
    """Of check meters C and P, two layers of bills and a register; P is a part, whose sum stands against the meter."""
    given = [source(None, check="C"), source(None, check="P"), source(REGISTER), source(INVOICE), source(INVOICE)]
    own, asked = checks(M=M), list[Any]()
    own.sources = SimpleNamespace(of=lambda meter, unit: iter(given))
    own.parts = {"M": SimpleNamespace(meters=("P", "Q"))}
    own._pairs = lambda meter, unit, one: iter([id(one)])
    own._compared = lambda meter, unit, one, found: iter([asked.append((one.kind, one.check, len(found)))])  # type: ignore[func-returns-value]
    assert len(list(own.compared())) == 3
    assert asked == [(REGISTER, "", 1), (INVOICE, "", 2), (None, "C", 1)]
    own.parts, asked[:] = {"X": SimpleNamespace(meters=("P",))}, []
    assert len(list(own.compared())) == 4 and asked[-1] == (None, "P", 1)


@pytest.mark.parametrize(("found", "count"), [(None, 0), ("asked", 1)])
@pytest.mark.parametrize("kind", [None, INVOICE])
def test_a_check_meter_that_is_read_at_other_times_is_asked_about(
    kind: Any, found: Any, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where all is open nothing agrees; bills are asked about elsewhere."""
    monkeypatch.setattr("jcm_mrv.quality.crosscheck.other_times", lambda *given: found)
    assert len(compared(checks(M=M, C=M), pair(66.0, 64.0, 1.0, 2.0), kind=kind)) == (0 if kind else count)


def test_a_meter_without_a_transformer_factor_has_the_factor_one() -> None:
    rows = rows_of(
        "meters", [{"meter_id": "M", "unit": "kWh"}, {"meter_id": "M", "unit": "MWh", "transformer_factor": 40.0}]
    )
    claim: Any = SimpleNamespace(points=(), chains=())
    data: Any = SimpleNamespace(meters=rows, file="m.xlsx")
    own = _CrossChecks(claim, solar().series(), data, TIMELINE, SHARED)
    assert own.factors == {"M": [1.0, 40.0]} and own.units == {"M": "kWh"}


def test_each_source_has_its_error() -> None:
    """A quarter of M, an eighth of C, a sixteenth of the supplier's meter; a register has none beside its own."""
    own = object.__new__(SecondarySources)
    layer = (SecondarySource("M", REGISTER, JAN, FEB, 5.0, "kWh", WHERE),)
    series = SimpleNamespace(
        checks={"M": ("C",)}, secondary={("M", kind): layer for kind in (REGISTER, READING, INVOICE)}
    )
    own.__dict__.update(
        errors=SimpleNamespace(of={"M": 0.25, "C": 0.125}.__getitem__), counted=Curves(C=M), _series=series,
        _invoice_error=0.0625, _where=Origin(sheet="Meters"),
    )  # fmt: skip
    found = [(one.kind, one.check, one.error, one.where.sheet) for one in own.of("M", "kWh")]
    assert found == [(REGISTER, "", 0.0, "Readings"), (READING, "", 0.0, "Readings"), (None, "C", 0.375, "Meters"),
                     (INVOICE, "", 0.3125, "Readings")]  # fmt: skip


# --- a check meter over more than the period ------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "counted", "said"),
    [
        ((JAN, APR), 96.0, (JAN, APR, 96.0, 48.0, 8.0)),
        # from before the period and beyond it: 96 of 192 kWh were counted within it, half of all of it
        ((JAN - DAY, APR), 192.0, (JAN, APR, 96.0, 24.0, 4.0)), ((JAN, APR + DAY), 192.0, (JAN, APR, 96.0, 24.0, 4.0)),
        ((MAR - DAY, APR + 1), 192.0, None), ((APR, APR + DAY), 192.0, None), ((JAN - DAY, JAN), 192.0, None),
        ((JAN - DAY, APR), 0.0, None),
    ],
)  # fmt: skip
def test_of_a_pair_over_the_period_s_ends_the_share_within_it_counts(span: Any, counted: float, said: Any) -> None:
    own = checks(M=M)
    found = [
        (p.start, p.end, p.counted, p.other, p.allowed)
        for p in own._inside("M", "kWh", pair(counted, 48.0, 8.0, span=span))
    ]
    if said is None and span[0] == MAR - DAY:
        day = 32.0 / 29  # the last of February, and nothing of March
        assert found == [(MAR - DAY, APR, pytest.approx(day), pytest.approx(day / 4), pytest.approx(day / 24))]
    else:
        assert found == ([said] if said else [])
