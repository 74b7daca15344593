"""Times that the PDD excludes: which can be followed, what is left out then, and what is said of it.

Of two meters ER = Q - EC at 1 t/MWh, each with 1,000 kWh a month.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.meters.segments import SecondaryKind, SecondarySource
from jcm_mrv.origin import Origin
from jcm_mrv.quality.crosscheck import cross_checks
from jcm_mrv.quality.settings import DEFAULTS
from jcm_mrv.quality.treatment.excluded import RULE, ExcludedSpans
from jcm_mrv.quality.treatment.proposal import Decision, End, Outcome
from support.claims import rows_of
from support.mirrored import WHERE, drawn, series_of, treated
from support.plants import plant


def rule(*meters: str) -> list[dict[str, Any]]:
    return [{"meter_id": meter, "unit": "kWh", "missing_data": RULE} for meter in meters]


# --- which spans can be followed ------------------------------------------------------------------


def spans(
    points: Sequence[tuple[str, str]],
    gaps: Mapping[str, Any],
    cuts: Mapping[str, Any] = {},
    ruled: Sequence[str] = ("A",),
    replaced: Sequence[tuple[str, Any]] = (),
) -> dict[str, Any]:
    """Of points (what is served, and its meters) in one chain; ``cuts`` are instants inside of a reading of a meter."""
    made = [
        SimpleNamespace(methodology="T", applies_to=unit, terms=[SimpleNamespace(meter_id=m) for m in name.split("-")])
        for unit, name in points
    ]
    months = [(m, 0) for _, name in points for m in name.split("-")]
    chain = SimpleNamespace(points=made, unit="MWh", meter_months=months)
    other = SimpleNamespace(points=[], unit="t", meter_months=[("Z", 0)])

    def curve(meter: str, unit: str) -> Any:
        assert unit == "MWh", "of a chain that counts the meter"
        return SimpleNamespace(cuts=lambda instant: instant in cuts.get(meter, ()))

    rows = [SimpleNamespace(meter_id=name, missing_data=RULE) for name in ruled]
    context: Any = SimpleNamespace(
        data=SimpleNamespace(meters=[*rows, SimpleNamespace(meter_id="B", missing_data="zero")], equipment=[]),
        gaps=gaps,
        claim=SimpleNamespace(chains=[chain, other]),
        amounts=SimpleNamespace(curve=curve),
    )
    return dict(ExcludedSpans(context, replaced).spans)


ONE_UNIT = [("U", "A"), ("U", "B")]


@pytest.mark.parametrize(
    ("points", "cuts", "followed"),
    [
        (ONE_UNIT, {}, [(2, 4), (6, 9)]),
        (ONE_UNIT, {"B": [3, 5]}, [(2, 4), (6, 9)]),
        # another meter of the unit was not read at the beginning, or the end, of one of them
        (ONE_UNIT, {"B": [2]}, [(6, 9)]),
        (ONE_UNIT, {"B": [9]}, [(2, 4)]),
        # what lies inside of the meter's own log is its own gap
        (ONE_UNIT, {"A": [2, 4, 6, 9]}, [(2, 4), (6, 9)]),
        # a meter of another unit does not matter, but one that serves both does
        ([*ONE_UNIT, ("V", "C")], {"C": [2, 6]}, [(2, 4), (6, 9)]),
        ([*ONE_UNIT, ("V", "B")], {}, []),
        # all that the meter itself serves is left out together
        ([("U", "A"), ("V", "A"), ("V", "B")], {}, [(2, 4), (6, 9)]),
        ([("U", "A"), ("V", "A"), ("V", "B")], {"B": [4]}, [(6, 9)]),
        # a meter that is subtracted belongs to the unit as well
        ([("U", "B"), ("U", "C-A")], {"C": [4]}, [(6, 9)]),
        ([("U", "B"), ("U", "C-A"), ("V", "C")], {}, []),
        ([("V", "B")], {}, []),
    ],
)
def test_a_gap_at_whose_limits_the_others_were_read(points: Any, cuts: Any, followed: Any) -> None:
    assert spans(points, {"A": [(2, 4), (6, 9)], "B": [(0, 9)]}, cuts) == {"A": followed}


def test_a_meter_without_gaps_and_the_order_of_the_sheet() -> None:
    """The first on Meters is the cause, however often the program is run."""
    names = [f"M{n}" for n in range(8)]
    found = spans([("U", name) for name in names], {"M5": [(2, 4)]}, ruled=names)
    assert list(found) == names and [name for name, own in found.items() if own] == ["M5"]


# --- what is left out, and what is said ---------------------------------------------------------------


@pytest.mark.parametrize(("gap", "other", "effect"), [("EC", "Q", -1.0), ("Q", "EC", 1.0)])
def test_both_sides_are_left_out_and_said(gap: str, other: str, effect: float) -> None:
    """March of one meter was not read: the 1,000 kWh of the other one do not count either."""
    treatments, (said,) = treated(drawn(gap, {2: None}), meters=rule(gap))
    assert {(t.meter_id, t.month, t.kind, t.correction, t.used) for t in treatments} == {
        (other, "2024-03", "excluded", -1.0, 0.0),
        (gap, "2024-03", "excluded", 0.0, 0.0),
    }
    assert {t.rule for t in treatments} == {f"left out with the data gap of {gap}, as the PDD prescribes"}
    assert said.code == "gaps.excluded" and said.effect_tco2e == pytest.approx(effect)
    assert said.message.startswith(f"meter {gap} has no reading from 2024-03-01 00:00 to 2024-04-01 00:00; what the")
    assert (said.found, said.data, said.where.sheet) == (f"{other} 1 MWh", {"hours": 744.0}, "Readings")


def test_a_time_of_two_months_is_one_finding() -> None:
    """March and April: 2 MWh in two months, 1,464 hours."""
    found = drawn("EC", {2: None, 3: None})
    series = series_of(found)
    first, second = series.coverage.data_gaps
    one = replace(first, end=second.end)
    whole = replace(series, coverage=replace(series.coverage, data_gaps=(one,)))
    _, (said,) = treated(found, whole, meters=rule("EC"))
    assert (said.found, said.data["hours"], said.effect_tco2e) == ("Q 1 MWh; Q 1 MWh", 1464.0, pytest.approx(-2.0))


def test_what_two_meters_lack_is_left_out_once() -> None:
    found = drawn("EC", {2: None, 3: None})
    found.monthly["Q"] = [1000.0, 1000.0, None, *[1000.0] * 9]
    treatments, findings = treated(found, meters=rule("Q", "EC"))
    march, april = findings
    assert march.message.startswith("meter Q has no reading from 2024-03-01")
    assert (march.found, march.effect_tco2e) == ("nothing else was measured then", 0.0)
    assert april.message.startswith("meter EC has no reading from 2024-04-01") and april.found == "Q 1 MWh"
    assert sorted((t.meter_id, t.month) for t in treatments) == [
        (meter, month) for meter in ("EC", "Q") for month in ("2024-03", "2024-04")
    ]


@pytest.mark.parametrize(
    ("meter", "replaced", "followed"),
    [
        ("B", (4, 6), [(2, 4), (6, 9)]),
        ("B", (3, 4), [(6, 9)]),
        ("B", (0, 7), []),
        ("A", (2, 4), [(6, 9)]),
        ("C", (0, 9), [(2, 4), (6, 9)]),  # of another unit
    ],
)
def test_what_is_replaced_would_stay_on_one_side(meter: str, replaced: Any, followed: Any) -> None:
    """By an override or by another source."""
    points = [*ONE_UNIT, ("V", "C")]
    assert spans(points, {"A": [(2, 4), (6, 9)]}, replaced=[(meter, replaced)]) == {"A": followed}


@pytest.mark.parametrize(("meter", "kwh", "used"), [("Q", 900.0, (0.9, 31 / 29)), ("EC", 1100.0, (1.0, 1.1))])
def test_an_override_stays_and_nothing_is_left_out_on_the_other_side(
    meter: str, kwh: float, used: tuple[float, float]
) -> None:
    """March of EC was not read. Where the output of March is proven, EC is as high as in February: 1 / 29 x 31 MWh."""
    march = {"start": datetime(2024, 3, 1), "end": datetime(2024, 4, 1), "value": kwh, "unit": "kWh"}
    proven = [{"meter_id": meter, "reason": "proven", **march}]
    treatments, findings = treated(drawn("EC", {2: None}), meters=rule("EC"), overrides=proven)
    assert not [f for f in findings if f.code == "gaps.excluded"]
    found = {t.meter_id: t.used for t in treatments}
    assert {"Q": 1.0, **found} == {"Q": pytest.approx(used[0]), "EC": pytest.approx(used[1])}


@pytest.mark.parametrize(("kwh", "left_out"), [(800.0, False), (1100.0, True)])
def test_so_does_another_source_with_the_lower_er(kwh: float, left_out: bool) -> None:
    """Q by bills: 800 kWh a month are used instead of the meter's 1,000 kWh, 1,100 kWh are not."""
    found = drawn("EC", {2: None})
    bills = tuple(
        SecondarySource("Q", SecondaryKind.INVOICE, m.start, m.end, kwh, "kWh", WHERE) for m in found.timeline.months
    )
    series = series_of(found, seconds=bills)
    claim, _ = found.build()
    meters = [*rule("EC"), {"meter_id": "Q", "unit": "kWh"}]
    data = replace(found.data(), meters=rows_of("meters", meters))
    contradictions, _ = cross_checks(claim, series, data, found.timeline, DEFAULTS)
    treatments, findings = treated(found, series, meters=meters, contradictions=contradictions)
    assert ("gaps.excluded" in {f.code for f in findings}) is left_out
    march = {t.meter_id: t.used for t in treatments if t.month == "2024-03"}
    assert march == ({"Q": 0.0, "EC": 0.0} if left_out else {"Q": pytest.approx(0.8), "EC": pytest.approx(31 / 29)})


def test_two_gaps_that_share_time_are_left_out_as_one() -> None:
    """EC is not known from 3 to 7, Q from 5 to 9: of both nothing counts from 3 to 9, and no time twice."""
    months, points = [("EC", 0), ("Q", 0)], [("U", "EC"), ("U", "Q")]
    made = [SimpleNamespace(methodology="T", applies_to=u, terms=[SimpleNamespace(meter_id=m)]) for u, m in points]
    chain = SimpleNamespace(points=made, unit="MWh", meter_months=months)
    within: Any = SimpleNamespace(
        chain=chain,
        place={("EC", 0): 0, ("Q", 0): 1},
        data_origin=lambda meter: Origin(file=meter),
        measured=lambda meter, spans: [(0, tuple(spans), 1.0)] if spans else [],
    )
    context: Any = SimpleNamespace(
        data=SimpleNamespace(
            meters=[SimpleNamespace(meter_id=m, missing_data=RULE) for m in ("EC", "Q")], equipment=[]
        ),
        gaps={"EC": [(3, 7)], "Q": [(5, 9)]},
        claim=SimpleNamespace(chains=[chain]),
        amounts=SimpleNamespace(curve=lambda meter, unit: SimpleNamespace(cuts=lambda instant: False)),
    )
    found, _ = ExcludedSpans(context, ()).proposals(within, ())
    assert [(one.meter_id, one.spans) for one in found] == [
        ("EC", ((3, 7),)), ("Q", ((3, 7),)), ("EC", ((7, 9),)), ("Q", ((7, 9),)),
    ]  # fmt: skip
    assert {(one.measured, one.lowest, one.highest, one.value) for one in found} == {(1.0, -1.0, -1.0, 0.0)}
    done: Any = SimpleNamespace(meter_id="Q", unit="MWh", effect_tco2e=-1.0)
    context.timeline = SimpleNamespace(zone=UTC)
    outcomes = [Outcome(one, Decision(-1.0, End.LOWEST, None, -1.0), done) for one in found]
    said = ExcludedSpans(context, ()).findings(outcomes)
    assert [f.where.file for f in said] == ["EC", "Q"], "where the gap is"


@pytest.mark.parametrize("meter", ["M-a", "M-q"])
def test_equipment_and_its_product_are_left_out_together(meter: str, tmp_path: Path) -> None:
    """Wire, a product of W-1: 150 km x 0.3 MWh/km less 20 MWh of M-a in each of eleven months, at 0.8041 t/MWh."""

    def change(book: Any) -> None:
        sheet, meters = book["Readings"], book["Meters"]
        for row in range(sheet.max_row, 1, -1):
            name, start = sheet.cell(row, 1).value, sheet.cell(row, 3).value
            if name == "M-b" or (name, start) == (meter, datetime(2023, 2, 1)):
                sheet.delete_rows(row)
        for name in ("Meters", "Calibrations", "Monitoring points"):
            column = [cell.value for cell in book[name][1]].index("Meter ID") + 1
            for row in range(book[name].max_row, 1, -1):
                if book[name].cell(row, column).value == "M-b":
                    book[name].delete_rows(row)
        meters.cell(1, meters.max_column + 1).value = "Missing data"
        for row in range(2, 4):
            meters.cell(row, meters.max_column).value = RULE

    assert plant("two_meters_one_removed", tmp_path, change).reductions == pytest.approx(11 * 25 * 0.8041)
