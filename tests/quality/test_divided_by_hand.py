"""A reading over the end of 2023, of a period from December 2022 to January 2024: what of it is of which year.

62 kWh from 1 December 2023 to 1 February 2024; ER of 2022 and 2023 is half a tonne per kWh, of 2024 a quarter.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.origin import Origin
from jcm_mrv.quality.divided import _Divided, _over, divided_at_year_end, ends_of
from jcm_mrv.quality.settings import Settings
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY, HOUR

TIMELINE = Timeline.of(date(2022, 12, 1), date(2024, 1, 31), "Asia/Ho_Chi_Minh")
EDGES = [int(edge) for edge in TIMELINE.edges]
DEC, END, FEB = EDGES[12:15]  # 1 December 2023, 1 January and 1 February 2024
MONTHS = 14
EACH = np.array([0.5] * 13 + [0.25])
YEAR = np.array([0] + [1] * 12 + [2])


def chain_of(*readings: tuple[int, int, int], kinds: Any = None, months: Any = range(MONTHS)) -> Any:
    """Parts of a chain: meter (M0, M1), start and end."""
    meter, start, end = (np.array(column, dtype=np.int64) for column in zip(*readings, strict=True))
    count = len(readings)
    parts = SimpleNamespace(
        meter_ids=("M0", "M1"), meter=meter, start=start, end=end,
        kind=np.full(count, SegmentKind.ENERGY) if kinds is None else np.array(kinds),
        opening=np.full(count, 1000.0), closing=np.full(count, 1062.0),
        origins=[Origin(sheet="Readings", cell=f"E{n}") for n in range(count)],
        opening_origins=[Origin(sheet="Readings", cell=f"D{n}") for n in range(count)],
    )  # fmt: skip
    graph = SimpleNamespace(E_corr="corr")
    return SimpleNamespace(
        parts=parts, rows=np.arange(count)[::-1], unit="kWh", graph=graph, meter_months=[("M0", m) for m in months]
    )


def divided(
    lowest: float, highest: float, each: Any = EACH, months: Any = range(MONTHS), n: int = 1, at: int = END
) -> _Divided | Any:
    chain = chain_of((0, DEC, FEB), kinds=[SegmentKind.REGISTER], months=months)

    def by_year(changes: Mapping[str, Any]) -> Any:
        values = np.zeros(MONTHS)
        values[list(months)] = changes["corr"]
        return np.bincount(YEAR, weights=values * each, minlength=3) + 100.0

    claim: Any = SimpleNamespace(ER="ER", reductions_by_year=by_year)
    corr = np.zeros(len(list(months)))
    return _Divided(claim, {"ER": by_year({"corr": corr}), "corr": corr}, chain, 0, (n, at), TIMELINE)  # type: ignore[arg-type]


def said(lowest: float, highest: float, **more: Any) -> Finding:
    def over(start: int, end: int) -> Any:
        assert start == DEC and end in (END, FEB)
        return SimpleNamespace(lowest=lowest, highest=highest, best=31.0 if end == END else 62.0)

    counted: Any = SimpleNamespace(curve=lambda meter, unit: SimpleNamespace(over=over))
    return divided(lowest, highest, **more).finding(counted)


def test_what_may_be_of_the_other_year_and_what_hangs_on_it() -> None:
    """At least 21 of the 31 kWh, at most 51: 20 x 0.5 t more or 10 x 0.5 t less of 2023; in all 10 x 0.25 t less."""
    found = said(21.0, 51.0)
    assert found.data == {
        "count": 1, "amount": 62.0, "share": 0.5, "by_time": 31.0, "lowest": 21.0, "highest": 51.0, "moved": 10.0
    }  # fmt: skip
    assert found.effect_tco2e == 2.5
    assert found.message == (
        "a reading of meter M0 reaches over 2024-01-01 00:00 and is divided between the years by time: 31 of 62 kWh "
        "before it, 50.0% of the time"
    )
    assert "1000 (Readings!D0) to 1062 (Readings!E0) from 2023-12-01" in found.found
    assert found.found.endswith("within 21 to 51 kWh, by which 10.000 tCO2e may be of the other year")
    assert found.where.cell == "E0"


@pytest.mark.parametrize(
    ("lowest", "highest", "each", "effect", "moved"),
    [
        (31.0, 51.0, EACH, 0.0, 10.0),
        (1.0, 31.0, EACH, 7.5, 15.0),
        (21.0, 51.0, -EACH, 5.0, 10.0),
        (21.0, 51.0, np.full(MONTHS, 0.5), 0.0, 10.0),
        (31.0, 31.0, EACH, 0.0, 0.0),
    ],
)
def test_the_lowest_of_all_years_together_decides(
    lowest: float, highest: float, each: Any, effect: float, moved: float
) -> None:
    found = said(lowest, highest, each=each)
    assert (found.effect_tco2e, found.data["moved"]) == (effect, moved)


@pytest.mark.parametrize(("lowest", "highest"), [(-math.inf, 51.0), (21.0, math.inf), (-math.inf, math.inf)])
def test_of_a_meter_that_counts_both_ways_nothing_is_known(lowest: float, highest: float) -> None:
    found = said(lowest, highest)
    assert found.effect_tco2e is None and set(found.data) == {"count", "amount", "share", "by_time"}
    assert found.found.endswith("is known to be within nothing, since it counts both ways")


@pytest.mark.parametrize("highest", [31.0, 51.0])
def test_where_er_has_no_value_nothing_hangs_on_it(highest: float) -> None:
    """One year of one of both."""
    each = np.where(np.arange(MONTHS) == 13, np.nan, EACH)
    found = said(21.0, highest, each=each)
    assert found.effect_tco2e is None and "moved" not in found.data
    assert found.data["highest"] == highest and found.found.endswith(f"within 21 to {highest:g} kWh")


@pytest.mark.parametrize(
    ("months", "moved"),
    [
        (range(MONTHS), [0.0, 2.0, -1.0]),
        (range(13), [0.0, 2.0, 0.0]),
        ([0, 13], [0.0, 0.0, -1.0]),
        ([3], [0.0, 0.0, 0.0]),
    ],
)
def test_what_flowed_before_the_end_of_the_year_did_not_flow_after_it(months: Any, moved: list[float]) -> None:
    """4 kWh more in December, of a meter that counts in some months: 2 t more; as many less in January: 1 t less."""
    by_year = divided(0.0, 0.0, months=months)._with("M0", 4.0)
    assert (by_year - 100.0).tolist() == moved
    assert (divided(0.0, 0.0, months=months)._with("M1", 4.0) - 100.0).tolist() == [0.0, 0.0, 0.0]


def test_of_the_first_year_s_end_the_first_year_alone_is_before_it() -> None:
    """4 kWh more in December 2022 at 0.5 t, and less in January 2023 at 0.25 t."""
    each = np.where(np.arange(MONTHS) == 1, 0.25, 0.5)
    effect, moved = divided(0.0, 0.0, each=each, n=0, at=EDGES[1])._effect("M0", 4.0, -4.0)
    assert (effect, moved) == (1.0, 2.0)
    assert divided(0.0, 0.0, each=each, n=0, at=EDGES[1])._effect("M0", 4.0, 0.0) == (0.0, 2.0)


@pytest.mark.parametrize(
    ("start", "end", "over"),
    [
        (END - 5 * HOUR, END + 5 * HOUR, True), (END - 5 * HOUR, END + 5 * HOUR - 1, False),
        (END - 9 * HOUR + 1, END + HOUR, False), (END - 1, END + DAY, True), (END, END + DAY, False),
        (END - DAY, END + 1, True), (END - DAY, END, False), (END - 2 * DAY, END - DAY, False),
        (END + DAY, END + 2 * DAY, False),
    ],
)  # fmt: skip
def test_a_reading_over_an_instant_that_is_longer_than_the_least(start: int, end: int, over: bool) -> None:
    """Longer than ten hours less a microsecond."""
    assert _over(chain_of((0, start, end)), END, 10 * HOUR - 1) == ([0] if over else [])
    assert _over(chain_of((0, start, end), kinds=[SegmentKind.LOG]), END, 10 * HOUR - 1) == []


def test_of_a_reading_with_several_parts_the_first_is_taken() -> None:
    """As the rows of the chain have them (the last part first), by meter and start."""
    chain = chain_of((0, DEC, FEB), (0, DEC, FEB), (1, DEC, FEB), (0, DEC - DAY, FEB))
    assert _over(chain, END, DAY) == [3, 2, 1]


def test_only_a_register_has_readings_at_both_ends() -> None:
    kinds = [SegmentKind.REGISTER, SegmentKind.ENERGY]
    parts = chain_of((0, DEC, FEB), (0, DEC, FEB), kinds=kinds).parts
    assert [ends_of(parts, n) for n in (0, 1)] == ["1000 (Readings!D0) to 1062 (Readings!E0)", "an amount"]


@pytest.mark.parametrize(
    ("less", "said"),
    [
        # below a billionth of a tonne it is the order of a sum
        ([1e-9, 0.0], (0.0, 1e-9)), ([2e-9, 0.0], (2e-9, 2e-9)), ([-1.0, 0.0], (0.0, 1.0)),
        ([0.0, math.nan], (None, None)), ([math.nan, 0.0], (None, None)), ([0.0, math.inf], (None, None)),
    ],
)  # fmt: skip
def test_how_much_less_er_may_be(less: list[float], said: tuple[float | None, float | None]) -> None:
    """By so much less at either bound, all of it in the first year."""

    class Given(_Divided):
        def _with(self, meter: str, change: float) -> Any:
            return np.array([-less[int(change)], 0.0])

    own = Given(SimpleNamespace(ER="ER"), {"ER": np.zeros(2)}, None, 0, (0, END), TIMELINE)  # type: ignore[arg-type]
    assert own._effect("M0", 0.0, 1.0) == said


@pytest.mark.parametrize(
    ("readings", "settings", "shares"),
    [
        ([(DEC, FEB)], {}, [0.5]), ([(EDGES[0], FEB)], {}, [31 / 427, 396 / 427]),
        ([(EDGES[0], EDGES[1])], {}, []), ([(END - DAY, END)], {}, []),
        # a day is not long, unless the project says so
        ([(END - DAY // 2, END + DAY // 2)], {}, []), ([(END - DAY // 2, END + DAY // 2 + 1)], {}, [0.5]),
        ([(END - DAY // 2, END + DAY // 2)], {"divided.longest_hours": 23.0}, [0.5]),
    ],
)  # fmt: skip
def test_each_end_of_a_year_but_the_last_divides_what_reaches_over_it(
    readings: list[tuple[int, int]], settings: dict[str, float], shares: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = SimpleNamespace(lowest=1.0, highest=1.0, best=1.0)
    curves = SimpleNamespace(curve=lambda meter, unit: SimpleNamespace(over=lambda start, end: known))
    monkeypatch.setattr("jcm_mrv.quality.divided.Counted", lambda *given: curves)
    chain = chain_of(*((0, start, end) for start, end in readings))
    claim: Any = SimpleNamespace(ER="ER", chains=[chain], reductions_by_year=lambda changes: np.zeros(3))
    evaluation: Any = {"ER": np.zeros(3), "corr": np.zeros(MONTHS)}
    data, series = SimpleNamespace(meters=()), SimpleNamespace(conversions=None)
    found = divided_at_year_end(claim, evaluation, series, data, TIMELINE, Settings(settings))  # type: ignore[arg-type]
    assert [f.data["share"] for f in found] == pytest.approx(shares)
