"""Findings on meters that are one source: which pairs are compared, what is said of them, and what it adds to ER.

ER = Q - EC, both at 1 t/MWh: it rises with the meters Q1, Q2 ... and falls with EC1, EC2 ...
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.meters.segments import LogSource, SegmentKind
from jcm_mrv.quality.one_source.curves import Curves
from jcm_mrv.quality.one_source.rules import one_curve
from support.claims import Sketch, rows_of
from support.forms import OutputForm, entry
from support.values import profile_of

Array = np.ndarray
Given = Mapping[str, Sequence[float] | None]

RNG = np.random.default_rng(11)
FIRST, SECOND, THIRD = (np.round(RNG.uniform(1e5, 2e5, 12), 1) for _ in range(3))
NOISE = 1 + 0.001 * np.tile([1.0, -1.0], 6)
HOURS = {n: 24 * days for n, days in ((1, 31), (2, 60), (3, 91), (4, 121), (5, 152))}


class Drawn:
    """Meters by month [kWh], of some the hours; their names begin with the parameter that they measure."""

    def __init__(
        self, monthly: Given, hourly: Mapping[str, Array] | None = None, minus: Sequence[str] = (), **changes: Any
    ) -> None:
        known = {"EC0": [777.7 * 1.37**n for n in range(12)], **monthly}
        count = max(len(values) for name, values in known.items() if values is not None and name != "EC0")
        points = changes.pop("points", [(name.rstrip("0123456789"), name) for name in known])
        self.sketch = Sketch(
            "T 1",
            end=date.fromordinal(date(2024, count + 1, 1).toordinal() - 1) if count < 12 else date(2024, 12, 31),
            points=[
                {"parameter": parameter, "meter_id": name, "sign": "-" if name in minus else "+"}
                for parameter, name in points
            ],
            fixed=[{"parameter": "EF", "value": 1.0, "unit": "tCO2e/MWh", "document": "D"}],
            monthly={name: [None] * count if v is None else list(v)[:count] for name, v in known.items()},
            entries=[entry(OutputForm)],
        )
        self.claim, _ = self.sketch.build()
        self.timeline = self.sketch.timeline
        profiles = [
            replace(profile_of(power, self.timeline, 60), meter_id=name) for name, power in (hourly or {}).items()
        ]
        self.series = replace(self.sketch.series(), profiles=tuple(profiles), **changes)

    def found(self, logs: Sequence[Mapping[str, Any]] = ()) -> list[Finding]:
        data = replace(self.sketch.data(), logs=rows_of("logs", logs))
        return list(one_curve(self.claim, self.series, data, self.timeline))

    def parts(self, **changes: Any) -> Drawn:
        """With other columns of its readings."""
        self.series = replace(self.series, parts=replace(self.series.parts, **changes))
        return self

    def of(self, *names: str) -> Array:
        """Which readings are those of some meters."""
        return np.isin(np.array(self.series.parts.meter_ids)[self.series.parts.meter], names)


def meters(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """The code of each finding and the meters that it names, of :func:`one_curve`."""
    return [(f.code, " ".join(word.strip(":;") for word in f.message.split() if word.strip(":;")[-1].isdigit()
                              and word[0] in "QE")) for f in findings]  # fmt: skip


CURVE, COPY = "points.one_curve", "points.moved_copy"


# --- by month ----------------------------------------------------------------------------------


def test_a_multiple_by_month_says_what_the_second_meter_adds() -> None:
    (found,) = Drawn({"Q1": FIRST, "Q2": 1.25 * FIRST}).found()
    assert found.message == (
        "meter Q2 has 1.25 times the values of meter Q1 in 12 month(s): one thing is counted under two names"
    )
    assert found.found == "ratio 1.25 throughout" and found.data["ratio"] == pytest.approx(1.25)
    assert found.severity is Severity.MAJOR
    assert found.effect_tco2e == pytest.approx(1.25 * FIRST.sum() / 1000)
    assert found.where.cell == f"E{2 + 24}"  # after twelve readings of EC0 and twelve of Q1


@pytest.mark.parametrize(
    ("given", "minus", "severity", "effect"),
    [
        # a second name lowers ER where it is consumption, raises it where it is subtracted
        ({"Q1": SECOND, "EC1": FIRST, "EC2": FIRST}, (), Severity.MINOR, -1.0),
        ({"Q1": SECOND, "EC1": FIRST, "EC2": FIRST}, ("EC2",), Severity.MAJOR, 1.0),
        ({"Q1": FIRST, "Q2": FIRST}, (), Severity.MAJOR, 1.0),
        ({"Q1": FIRST, "Q2": FIRST}, ("Q2",), Severity.MINOR, -1.0),
    ],
)
def test_only_what_lowers_er_is_minor(given: Given, minus: Any, severity: Severity, effect: float) -> None:
    (found,) = Drawn(given, minus=minus).found()
    assert (found.severity, found.effect_tco2e) == (severity, pytest.approx(effect * FIRST.sum() / 1000))
    one, other = list(given)[-2:]
    assert f"meter {other} has the values of meter {one} in 12 month(s)" in found.message


def test_what_changes_nothing_or_is_not_known_counts_against_the_claim() -> None:
    """Q2 stands in Q and in EC: Q2 - Q2 = 0. Without a reading of November EC0 has no value, and ER none."""
    both = [("Q", "Q1"), ("Q", "Q2"), ("EC", "EC0"), ("EC", "Q2")]
    whole = np.round(FIRST, -3)
    (found,) = Drawn({"EC0": [2000.0] * 12, "Q1": whole, "Q2": whole}, points=both).found()
    assert (found.severity, found.effect_tco2e) == (Severity.MAJOR, 0.0)
    one = Drawn({"EC1": FIRST, "EC2": FIRST, "Q1": SECOND})
    one.claim = replace(one.claim, values={**one.claim.values, one.claim.chains[0].graph.E_corr: np.full(48, np.nan)})
    (found,) = one.found()
    assert (found.severity, found.effect_tco2e) == (Severity.MAJOR, None)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        # a tenth of a per cent off: one of two plants or loads, but not of two parameters that may stand in a row
        ({"Q1": FIRST, "Q2": 1.5 * FIRST * NOISE}, [(CURVE, "Q2 Q1")]),
        ({"Q1": FIRST, "EC1": 1.5 * FIRST * NOISE}, []),
        ({"Q1": FIRST, "EC1": 1.5 * FIRST}, [(CURVE, "Q1 EC1")]),
        # each with an earlier one
        ({"Q1": FIRST, "Q2": SECOND, "Q3": 2 * SECOND, "Q4": 3 * FIRST}, [(CURVE, "Q3 Q2"), (CURVE, "Q4 Q1")]),
        ({"Q1": FIRST, "Q2": 2 * FIRST, "Q3": 3 * FIRST}, [(CURVE, "Q2 Q1"), (CURVE, "Q3 Q1")]),
    ],
)
def test_which_meters_are_one(given: Given, said: list[tuple[str, str]]) -> None:
    assert meters(Drawn(given).found()) == said


def test_the_months_that_both_have_are_counted() -> None:
    one, other = FIRST.copy(), 2 * FIRST * NOISE
    one[3], other[[7, 9]] = 0.0, 0.0
    one[5], other[5] = 0.5, 1.0
    (found,) = Drawn({"Q1": one, "Q2": other}).found()
    assert "in 9 month(s)" in found.message


@pytest.mark.parametrize(("count", "said"), [(8, [(CURVE, "Q8 Q1")]), (9, [])])
def test_more_meters_make_chance_more_likely(count: int, said: list[tuple[str, str]]) -> None:
    """1234.5, 2670.6 and 3456.7 and three times them agree by chance once in 1 / (8.1e-3 x 3.745e-3) = 32,970 pairs.

    One in a thousand is 32.97 pairs: eight meters make 28, nine 36.
    """
    months = np.array([1234.5, 2670.6, 3456.7])
    others = {f"Q{n}": months * 1.5**n * [1.0, 1.3**n, 0.8**n] for n in range(2, count)}
    given = {"EC0": None, "Q1": months, **others, f"Q{count}": 3 * months}
    assert [one for one in meters(Drawn(given).found()) if one[0] == CURVE] == said


def test_a_check_meter_has_a_finding_of_its_own_and_the_others_are_compared_all_the_same() -> None:
    three = {"Q1": FIRST, "Q2": FIRST, "Q3": FIRST}
    assert meters(Drawn(three, checks={"Q1": ("Q2", "Q3")}).found()) == [(CURVE, "Q3 Q2")]
    assert meters(Drawn(three, checks={"Q1": ("Q3",)}).found()) == [(CURVE, "Q2 Q1"), (CURVE, "Q3 Q2")]
    assert meters(Drawn(three, checks={"Q3": ("Q1", "Q2")}).found()) == [(CURVE, "Q2 Q1")]


@pytest.mark.parametrize(
    ("units", "said"),
    [
        (("kWh", "MWh"), ["Q2 Q1"]),
        (("kWh", "m3"), []),
        (("m3", "m3"), ["Q2 Q1"]),
        # units run together, and shares are alike wherever they come from
        (("h", "h"), []),
        (("min", "h"), []),
        (("1", "1"), []),
    ],
)
def test_meters_of_one_kind_of_quantity_are_compared(units: tuple[str, str], said: list[str]) -> None:
    drawn = Drawn({"Q1": FIRST, "Q2": FIRST})
    drawn.parts(units=("kWh", *units), unit=drawn.of("Q1") * 1 + drawn.of("Q2") * 2)
    curves = Curves(drawn.claim, drawn.series, drawn.timeline)
    assert [f"{later} {earlier}" for later, earlier, _ in curves.pairs(["EC0", "Q1", "Q2"], ())] == said
    moved = Drawn({"Q1": FIRST, "Q2": np.append(THIRD[:1], FIRST[:11])})
    moved.parts(units=("kWh", *units), unit=moved.of("Q1") * 1 + moved.of("Q2") * 2)
    curves = Curves(moved.claim, moved.series, moved.timeline)
    same = said if units[0] == units[1] else []  # to the last digit of the unit
    assert [f"{later} {earlier}" for later, earlier, _ in curves.copies(["EC0", "Q1", "Q2"])] == same


# --- by hour -----------------------------------------------------------------------------------


def power(seed: int, months: int = 4) -> Array:
    """kW by hour, with two digits, of a load of its own."""
    return np.round(np.random.default_rng(seed).uniform(1000, 9000, HOURS[months]), 2)


@pytest.mark.parametrize(
    ("months", "words"), [(3, "2024-01, 2024-02, 2024-03"), (5, "2024-01, 2024-02, 2024-03 and 2 more")]
)
def test_a_multiple_by_the_hour_is_refused(months: int, words: str) -> None:
    one = power(1, months)
    given = {"Q1": FIRST[:months], "Q2": SECOND[:months]}
    (found,) = Drawn(given, {"Q1": one, "Q2": 1.25 * one}).found()
    assert found.message.startswith(f"meter Q2 has 1.25 times the values of meter Q1 in the hours of {words}: one")
    assert (found.code, found.severity) == (CURVE, Severity.ERROR)
    assert found.effect_tco2e == pytest.approx(SECOND[:months].sum() / 1000)


@pytest.mark.parametrize(
    ("other", "factor", "said"),
    [
        # 0.2 % apart is one of two plants, of two parameters only a copy is, and that is a question
        ("Q2", 1 + 0.0015 * np.tile([1, -1], HOURS[1] // 2), Severity.ERROR),
        ("EC1", 1 + 0.0015 * np.tile([1, -1], HOURS[1] // 2), None),
        ("EC1", 1.25, Severity.MAJOR),
    ],
)
def test_hours_of_two_parameters_are_a_question_where_they_are_a_copy(other: str, factor: Any, said: Any) -> None:
    one = power(1, 1)
    drawn = Drawn({"Q1": FIRST[:1], other: SECOND[:1]}, {"Q1": one, other: factor * one})
    assert [f.severity for f in drawn.found()] == ([] if said is None else [said])


def test_of_two_meters_by_the_hour_their_hours_say_whether_they_are_one() -> None:
    """Their months are alike within 0.01 %, their hours are not; of one that is read by month nothing else is known."""
    given = {"Q1": FIRST[:5], "Q2": 2 * FIRST[:5] * NOISE[:5] ** 0.1}
    hourly = {"Q1": power(1, 5), "Q2": power(2, 5)}
    assert Drawn(given, hourly).found() == []
    for name in given:
        assert meters(Drawn(given, {name: hourly[name]}).found()) == [(CURVE, "Q2 Q1")]
    daily = Drawn(given, hourly)
    profiles = [replace(one, interval=2 * one.interval) for one in daily.series.profiles]
    daily.series = replace(daily.series, profiles=tuple(profiles))
    assert meters(daily.found()) == [(CURVE, "Q2 Q1")], "by two hours is not by the hour"


def test_a_meter_that_is_two_others_is_named_once() -> None:
    one = power(1, 1)
    given = {"Q1": FIRST[:1], "Q2": SECOND[:1], "Q3": THIRD[:1]}
    found = Drawn(given, dict.fromkeys(given, one)).found()
    assert meters(found) == [(CURVE, "Q2 Q1"), (CURVE, "Q3 Q1")]


# --- moved, followed, or of a store -----------------------------------------------------------------


@pytest.mark.parametrize("other", ["Q2", "EC1"])
@pytest.mark.parametrize(("day", "moved"), [(40, 40), (0, 0), (59, 59)])
def test_days_in_common_are_a_question_of_one_parameter(day: int, moved: int, other: str) -> None:
    """Three days of January stand again some days later, 100 kW higher."""
    one, two = power(1, 3), power(2, 3)
    two[24 * day : 24 * (day + 3)] = one[: 3 * 24] + 100.0
    found = Drawn({"Q1": FIRST[:3], other: SECOND[:3]}, {"Q1": one, other: two}).found()
    assert [f.found for f in found if f.code == COPY] == (
        [f"3 days are the same hour by hour, {moved} days apart"] if other == "Q2" else []
    )
    for one_finding in found:
        assert one_finding.message == (
            f"meter Q2 has the values of meter Q1: {one_finding.found}; one thing may be counted under two names"
        )
        assert one_finding.severity is Severity.MAJOR
        assert one_finding.effect_tco2e == pytest.approx(SECOND[:3].sum() / 1000)


@pytest.mark.parametrize("other", ["Q2", "EC1"])
@pytest.mark.parametrize("day", [0, 31, 88])
def test_days_under_a_factor_are_found_from_the_first_to_the_last(day: int, other: str) -> None:
    one, two = power(1, 3), power(2, 3)
    span = slice(24 * day, 24 * (day + 3))
    two[span] = one[span] * np.repeat([0.9, 1.1, 1.05], 24)
    found = Drawn({"Q1": FIRST[:3], other: SECOND[:3]}, {"Q1": one, other: two}).found()
    said = "3 days are those of the other, each times a factor of its own"
    assert [f.found for f in found] == ([said] if other == "Q2" else [])


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (FIRST, np.append(SECOND[:2], FIRST[:10]), "10 months are the same, 2 month(s) apart"),
        (FIRST, np.append(FIRST[1:], SECOND[:1]), "11 months are the same, 1 month(s) apart"),
        ([100.0, 120.0, 140.0], [50.0, 60.0, 70.0], "every month is 0.5 times the other's, to the last digit"),
    ],
)
def test_months_of_a_copy_are_a_question_of_one_parameter(one: Any, other: Any, words: str) -> None:
    (found,) = Drawn({"Q1": one, "Q2": other}).found()
    assert (found.code, found.severity, found.found) == (COPY, Severity.MAJOR, words)
    assert found.effect_tco2e == pytest.approx(np.sum(other) / 1000) and found.where.cell == f"E{2 + 2 * len(one)}"
    assert Drawn({"Q1": one, "EC1": other}).found() == []
    assert Drawn({"Q1": one, "Q2": other}, checks={"Q2": ("Q1",)}).found() == []
    three = Drawn({"Q1": one, "Q2": SECOND[-len(one) :], "Q3": other}).found()
    assert meters(three) == [(COPY, "Q3 Q1")]


LOOSE = 1 + 0.009 * np.tile([1.0, -1.0], 6)  # within 2 %, and no ratio of one meter


@pytest.mark.parametrize(
    ("given", "minus", "said"),
    [
        ({"Q1": FIRST, "Q2": FIRST * LOOSE}, (), [(COPY, "Q2 Q1")]),
        ({"Q1": FIRST, "Q2": FIRST * LOOSE}, ("Q2",), []),
        ({"Q2": FIRST * LOOSE, "Q1": FIRST}, (), [(COPY, "Q1 Q2")]),
        ({"Q1": FIRST, "EC2": FIRST * LOOSE}, (), []),
        ({"Q1": FIRST, "Q3": FIRST * LOOSE}, (), []),  # no store
        ({"Q1": FIRST, "Q2": FIRST * LOOSE, "Q4": None}, (), [(COPY, "Q2 Q1")]),  # a meter without readings
    ],
)
def test_the_ledger_of_a_store_beside_the_meter_of_its_fuel(given: Given, minus: Any, said: Any) -> None:
    drawn = Drawn(given, minus=minus)
    stock = drawn.of("Q2", "EC2")
    found = drawn.parts(kind=np.where(stock, SegmentKind.STOCK, SegmentKind.ENERGY)).found()
    assert meters(found) == said
    assert [f.found for f in found] == ["the ledger of a store and a meter agree in every month within 2 %"] * len(said)


# --- one column of one file ---------------------------------------------------------------------


def column(log: str, meter: str, **changes: str) -> dict[str, str]:
    return {"log_id": log, "meter_id": meter, "file": f"{log}.csv", "value_column": "kWh", **changes}


def with_files(spans: Mapping[str, tuple[str, int, int]], *logs: dict[str, str], digest: str = "a" * 64) -> Any:
    """Meters Q1, Q2 and Q3; each log has the readings of a meter from one month to another, not with it."""
    drawn = Drawn({"EC0": None, "Q1": FIRST, "Q2": SECOND, "Q3": THIRD})
    source = np.full(len(drawn.series.parts), -1)
    for n, (meter, begin, end) in enumerate(spans.values()):
        months = drawn.series.parts.month
        source[drawn.of(meter) & (months >= begin) & (months < end)] = n
    sources = tuple(LogSource(log, f"{log}.csv", digest) for log in spans)
    return drawn.parts(sources=sources, source=source).found(logs)


Q1, Q2 = column("A", "Q1"), column("B", "Q2")


@pytest.mark.parametrize(
    ("spans", "logs", "said"),
    [
        ({"A": ("Q1", 0, 12), "B": ("Q2", 0, 12)}, [Q1, Q2], ["Q1 and meter Q2"]),
        # one after the other, in either order: a meter that was replaced; a month of both
        ({"A": ("Q1", 0, 5), "B": ("Q2", 5, 12)}, [Q1, Q2], []),
        ({"A": ("Q1", 5, 12), "B": ("Q2", 0, 5)}, [Q1, Q2], []),
        ({"A": ("Q1", 0, 6), "B": ("Q2", 5, 12)}, [Q1, Q2], ["Q1 and meter Q2"]),
        ({"A": ("Q1", 5, 12), "B": ("Q2", 0, 6)}, [Q1, Q2], ["Q1 and meter Q2"]),
        # two logs of one meter; a log of which nothing counts, or of no meter of the claim
        ({"A": ("Q1", 0, 12), "B": ("Q1", 0, 12)}, [Q1, column("B", "Q1")], []),
        ({"A": ("Q1", 0, 0), "B": ("Q2", 0, 12)}, [Q1, Q2], []),
        ({"A": ("Q1", 0, 12)}, [Q1, Q2], []),
        ({"A": ("Q1", 0, 12), "B": ("Q2", 0, 12)}, [Q1, column("B", "X")], []),
        # another column, by any of what names it
        *(
            ({"A": ("Q1", 0, 12), "B": ("Q2", 0, 12)}, [Q1, column("B", "Q2", **{name: "x"})], [])
            for name in ("sheet", "value_column", "name_column", "name_value")
        ),
        ({"A": ("Q1", 0, 12), "B": ("Q2", 0, 12)}, [Q1, column("B", "Q2", value_column=" kWh ")], ["Q1 and meter Q2"]),
        # the third against the second, beside a first that was replaced or has the later months in a log of its own
        ({"A": ("Q1", 0, 5), "B": ("Q2", 5, 12), "C": ("Q3", 5, 12)}, [Q1, Q2, column("C", "Q3")], ["Q2 and meter Q3"]),
        ({"A": ("Q1", 0, 5), "B": ("Q1", 5, 12), "C": ("Q2", 5, 12)}, [Q1, column("B", "Q1"), column("C", "Q2")],
         ["Q1 and meter Q2"]),
        ({"A": ("Q1", 0, 12), "B": ("Q2", 0, 12), "C": ("Q3", 0, 12)}, [Q1, Q2, column("C", "Q3")],
         ["Q1 and meter Q2", "Q1 and meter Q3"]),
    ],
)  # fmt: skip
def test_one_column_of_one_file_covers_one_meter_at_a_time(spans: Any, logs: Any, said: list[str]) -> None:
    found = with_files(spans, *logs)
    assert [f.message for f in found] == [f"the same column of the same log covers meter {words}" for words in said]
    for finding, log in zip(found, logs[-len(found) :], strict=False):
        assert (finding.code, finding.severity) == ("logs.same_column", Severity.ERROR)
        assert finding.found == f"{log['file']}, {log['value_column']}"
        assert finding.where.sheet == "Logs" and finding.data == {"sha256": "a" * 64}


def test_readings_that_are_of_no_file_share_none() -> None:
    """What is made of single readings has a name, and no digest where it is of no file."""
    assert with_files({"A": ("Q1", 0, 12), "B": ("Q2", 0, 12)}, Q1, Q2, digest="") == []


def test_what_one_column_shows_is_said_once() -> None:
    drawn = Drawn({"EC0": None, "Q1": FIRST, "Q2": FIRST, "Q3": FIRST})
    source = drawn.of("Q1") * 0 + drawn.of("Q2") * 1 + drawn.of("Q3") * -1
    sources = tuple(LogSource(log, f"{log}.csv", "a" * 64) for log in "AB")
    found = drawn.parts(sources=sources, source=source).found([Q1, Q2])
    assert meters(found) == [("logs.same_column", "Q1 Q2"), (CURVE, "Q3 Q1")]
