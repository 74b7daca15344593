"""Means of samples by point and year: which are imprecise, by how much, and what is said; by hand.

Of 10 and 14: mean 12, s = sqrt(8), t of one degree of freedom at 95 % is 12.7062: half of the interval is
12.7062 x sqrt(8) / sqrt(2) = 25.4124.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.methodology.declare import period
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.proposal import Decision, End
from jcm_mrv.quality.treatment.sampling import (
    Imprecise,
    SampledMeans,
    Samples,
    _faults,
    _finding,
    _too_few,
    no_samples,
    without_copies,
)

HALF = 12.7062047 * 2
WHERE = Origin(sheet="Monitoring points", cell="C2")


def point(meter: str = "S", within: float = 20.0, sampling: str = "a plan", **given: Any) -> Any:
    terms = [SimpleNamespace(meter_id=meter, coefficient=1.0, origin=WHERE)]
    asked = SimpleNamespace(confidence=95.0, within=within) if within else None
    values = {"name": "p of food", "terms": terms, "precision": asked, "sampling": sampling, "formula": meter}
    return SimpleNamespace(**{**values, **given})


# meter, month and value of each row of the chain, of which parts lie in another order
ROWS = [("T", 0, 99.0), ("S", 5, 10.0), ("S", 1, 14.0), ("T", 1, 98.0), ("S", 13, 7.0)]


def proposed(points: Sequence[Any], rows: Sequence[tuple[str, int, float]] = ROWS) -> tuple[list[Imprecise], list[str]]:
    """Of two years from January on; what is imprecise, and what is said besides."""
    names, count = ("T", "S"), len(rows)
    order = np.arange(count)[::-1]
    parts = SimpleNamespace(
        meter_ids=names,
        meter=np.array([names.index(row[0]) for row in rows])[order],
        month=np.array([row[1] for row in rows])[order],
        start=np.arange(count)[order],
        origins=[Origin(line=n) for n in order.tolist()],
    )
    chain: Any = SimpleNamespace(
        points=points,
        parts=parts,
        rows=order,
        graph=SimpleNamespace(E="E"),
        point_months=[(k, m) for k in range(len(points)) for m in (0, 1, 5, 13)],
    )
    timeline = SimpleNamespace(
        year_of_month=[0] * 12 + [1] * 12, years=[SimpleNamespace(label="2024"), SimpleNamespace(label="2025")]
    )
    context: Any = SimpleNamespace(timeline=timeline, evaluation={"E": np.array([row[2] for row in rows])})
    within: Any = SimpleNamespace(chain=chain, place={(m, n): 100 + n for m in names for n in range(24)})
    found, faults = SampledMeans(context).proposals(within, ())
    return [one for one in found if isinstance(one, Imprecise)], [f.message for f in faults]


def test_the_sum_of_a_year_lies_within_the_interval_of_its_mean() -> None:
    (one,), faults = proposed([point("T", 0.0), point()])
    assert one.samples == Samples(2, 12.0, pytest.approx(HALF), 2)  # type: ignore[arg-type]
    assert one.ends == (pytest.approx(-2 * HALF), pytest.approx(2 * HALF))
    assert (one.measured, one.slice, one.month, one.meter_id, one.spans) == (24.0, 105, 5, "S", ())
    assert one.where.line == 1, "the first of them"
    assert faults == [
        "the mean of p of food in 2025 rests on 1 sample(s); of less than two no confidence interval is known"
    ]


def test_just_as_precise_as_asked_is_precise() -> None:
    rows = [("S", 1, 10.0), ("S", 5, 14.0), ("S", 13, 3.0), ("S", 13, 3.0)]
    share = Samples.of(np.array([10.0, 14.0]), 95.0).share
    assert proposed([point(within=share)], rows) == ([], [])
    assert len(proposed([point(within=share * (1 - 1e-12))], rows)[0]) == 1


def test_copies_count_for_the_sum_and_not_for_the_interval() -> None:
    """10 and 14, each twice: 48 in all, of which the mean is known no better."""
    rows = [("S", 0, 10.0), ("S", 1, 14.0), ("S", 5, 10.0), ("S", 5, 14.0)]
    (one,), _ = proposed([point()], rows)
    assert one.samples == Samples(4, 12.0, pytest.approx(HALF), 2)  # type: ignore[arg-type]
    assert (one.measured, one.slice, one.ends) == (48.0, 100, (pytest.approx(-4 * HALF), pytest.approx(4 * HALF)))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (point(), []),
        (point(sampling=""), ["it is not said how the samples of p of food were drawn"]),
        (point(terms=[SimpleNamespace(coefficient=0.5, origin=WHERE)]), ["the samples of p of food make one mean"]),
        (point(terms=[SimpleNamespace(coefficient=-1.0, origin=WHERE)]), ["the samples of p of food make one mean"]),
        (point(terms=point().terms * 2), ["the samples of p of food make one mean"]),
    ],
)
def test_what_stands_in_the_way_of_a_mean(given: Any, said: list[str]) -> None:
    found = list(_faults(given))
    assert [f.message.split(":")[0] for f in found] == said
    assert all(f.where == WHERE for f in found)


def test_years_without_any_sample() -> None:
    """Of a sampled mean, where it is asked for."""
    chain = SimpleNamespace(
        points=[point("T", 0.0), point()], point_years=[(0, 0), (1, 0), (1, 1)], graph=SimpleNamespace(H_year="H")
    )
    claim: Any = SimpleNamespace(chains=[chain], space=SimpleNamespace(elements={period: ["2024", "2025"]}))

    def found(evaluation: Any) -> list[Finding]:
        return list(no_samples(claim, evaluation))

    (none,) = found({"H": np.array([0.0, 3.0, 0.0])})
    assert none == _too_few(chain.points[1], 0, "2025") and none.where == WHERE
    assert none.found == "0 of kind sample for meter S in 2025"
    assert found({}) == []


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (End.LOWEST, "the lower end of the 95 % confidence interval of 4 samples"),
        (End.HIGHEST, "the upper end of the 95 % confidence interval of 4 samples"),
        (End.BETWEEN, "the value with the lowest ER of the 95 % confidence interval of 4 samples"),
    ],
)
def test_what_was_done_in_words(end: End, words: str) -> None:
    chain: Any = SimpleNamespace(unit="t")
    one = Imprecise(chain, 0, "S", 1, (), 48.0, -2.0, 2.0, WHERE, point(), Samples(4, 12.0, 3.0, 2))
    assert one.rule(Decision(-2.0, end, None, 0.0), Settings({})) == words


@pytest.mark.parametrize(("drawn", "copies"), [(2, " (2 without copies)"), (4, "")])
def test_a_mean_that_was_moved_is_said(drawn: int, copies: str) -> None:
    """A mean of 12 of four samples, moved by -8 in all: 10."""
    chain: Any = SimpleNamespace(unit="t")
    one = Imprecise(chain, 0, "S", 1, (), 48.0, -8.0, 8.0, WHERE, point(), Samples(4, 12.0, 3.0, drawn))
    done: Any = SimpleNamespace(
        correction=-8.0, effect_tco2e=-1.5, month="2024-02", rule="the rule", direction_words="ER rises with it"
    )
    found = _finding(one, done)
    assert found.message == (
        f"the mean of 4 samples{copies} of p of food in the year of 2024-02 is known to 25 % at 95 % confidence, and "
        "20 % are asked for; ER rises with it: the rule"
    )
    assert found.found == "mean 12, give or take 3; used 10" and found.effect_tco2e == -1.5
    assert found.data == {
        "count": 4, "mean": 12.0, "half_interval": 3.0, "used": 10.0, "confidence": 95.0, "within": 20.0,
    }  # fmt: skip


# --- what samples say ----------------------------------------------------------------------------------------


def test_half_of_the_confidence_interval() -> None:
    """2, 4 and 9: mean 5, s = sqrt(13); t of 2 degrees of freedom at 95 % is 4.302653, at 90 % 2.919986."""
    for confidence, t in ((95.0, 4.302653), (90.0, 2.919986)):
        found = Samples.of(np.array([2.0, 4.0, 9.0]), confidence)
        assert found.half == pytest.approx(t * math.sqrt(13 / 3), rel=1e-6)
        assert (found.count, found.mean, found.drawn) == (3, 5.0, 3)
        assert found.share == pytest.approx(100 * found.half / 5)
    assert Samples(2, -5.0, 1.0, 2).share == 20.0
    assert Samples(2, 0.0, 1.0, 2).share == math.inf and Samples(2, 0.0, 0.0, 2).share == 0.0


@pytest.mark.parametrize(
    ("values", "taken", "drawn"),
    [
        ([1.0, 2.0, 3.0], [1, 2, 3], [1.0, 2.0, 3.0]),
        ([1.0, 1.0, 3.0], [1, 1, 3], [1.0, 3.0]),  # twice at one instant
        ([1.0, 1.0, 3.0], [1, 2, 3], [1.0, 1.0, 3.0]),
        ([1.0, 2.0, 1.0, 2.0], [1, 2, 3, 4], [1.0, 2.0]),  # each stands twice
        ([1.0, 2.0, 1.0, 2.0, 3.0], [1, 2, 3, 4, 5], [1.0, 2.0, 1.0, 2.0, 3.0]),
        ([1.0, 1.0], [1, 2], [1.0, 1.0]),  # samples that do not differ at all
    ],
)
def test_copies_of_samples_add_nothing(values: list[float], taken: list[int], drawn: list[float]) -> None:
    found = without_copies(np.array(values), np.array(taken, dtype=np.int64))
    assert found.tolist() == drawn
